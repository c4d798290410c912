"""Change of night light by zone, as columns of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.area_tally import tally_km2
from dbar_qgis_plugin.kernels.light_change import (
    CLASSES,
    DARK,
    DIMMED,
    LOST,
    UNUSUALLY_BRIGHT,
    UNUSUALLY_DARK,
)
from dbar_qgis_plugin.kernels.whole_units import from_whole_units

Float64 = NDArray[np.float64]

_KNOWN = slice(0, len(CLASSES))
_LIT = slice(DARK + 1, len(CLASSES))


class ChangeSums(NamedTuple):
    """What is summed by zone, class of change (the last: no data) and unusualness.

    rows : names of the zones
    sums : int64 [weights, rows, classes, unusual]; weights are cells, areas, and both whole units
        of the light before, of the light after, and of people
    area_exponent : of `kernels.area_tally`
    flags : per row
    """

    rows: Sequence[str]
    sums: NDArray[np.int64]
    area_exponent: int
    flags: Sequence[str]


def change_columns(
    found: ChangeSums, *, has_population: bool, has_baseline: bool
) -> dict[str, list[Any]]:
    """Return the columns of the table, a row per zone.

    The light is that of the cells lit at either date: the sum over dark cells would follow the
    offset of the normalisation. People count where both dates have data.
    """
    by_class = found.sums.sum(axis=3)
    cells, km2 = by_class[0], tally_km2(by_class[1], found.area_exponent)
    columns: dict[str, list[Any]] = {
        "zone": list(found.rows),
        "cells": cells[:, _KNOWN].sum(axis=1).tolist(),
        "nodata_cells": cells[:, len(CLASSES)].tolist(),
    }
    for place, name in enumerate(CLASSES):
        columns[f"{name}_cells"] = cells[:, place].tolist()
        columns[f"{name}_km2"] = km2[:, place].tolist()
    lit = by_class[:, :, _LIT].sum(axis=2)
    before, after = from_whole_units(lit[2], lit[3]), from_whole_units(lit[4], lit[5])
    columns["light_before"] = before.tolist()
    columns["light_after"] = after.tolist()
    columns["change_pct"] = _percents(after - before, before)
    if has_baseline:
        by_state = found.sums[:, :, _KNOWN].sum(axis=2)
        for name, state in (
            ("unusually_dark", UNUSUALLY_DARK),
            ("unusually_bright", UNUSUALLY_BRIGHT),
        ):
            columns[f"{name}_cells"] = by_state[0, :, state].tolist()
            columns[f"{name}_km2"] = tally_km2(by_state[1, :, state], found.area_exponent).tolist()
    if has_population:
        people = from_whole_units(by_class[6], by_class[7])
        known = people[:, _KNOWN].sum(axis=1)
        # These two are the classes whose light fell by more than the share asked for.
        without = people[:, LOST] + people[:, DIMMED]
        columns["people"] = known.tolist()
        columns["people_no_light_data"] = people[:, len(CLASSES)].tolist()
        columns["outage_people"] = without.tolist()
        columns["outage_pct"] = _percents(without, known)
    columns["flags"] = list(found.flags)
    return columns


def _percents(part: Float64, whole: Float64) -> list[float | None]:
    return [
        100.0 * float(p) / float(w) if w > 0.0 else None for p, w in zip(part, whole, strict=True)
    ]
