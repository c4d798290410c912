"""Result tables of land degradation neutrality: by zone, by zone and period, by land type."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.degradation import Tracking, counterbalance, tracking
from dbar_qgis_plugin.pipelines.class_rasters import DENOMINATORS
from dbar_qgis_plugin.pipelines.sdg_15_3_1.degradation_status import status_areas
from dbar_qgis_plugin.pipelines.sdg_15_3_1.ldn_balance import (
    BASELINE,
    LdnBalanceResult,
    LdnBalanceTask,
)

Int64 = NDArray[np.int64]
Columns = dict[str, list[Any]]

ALL_ZONES = ""
_DEGRADED, _NONE = 0, 3  # places among degraded, stable, improved, no data

PERIOD_COLUMNS = (
    "zone",
    "period",
    "land_km2",
    "water_km2",
    "total_km2",
    "nodata_km2",
    "restored_km2",
    "degraded_km2",
    "stable_km2",
    "net_restored_km2",
    "restored_pct",
    "degraded_pct",
    "net_restored_pct",
    "change_km2",
    "change_pct",
    "change_points",
    "rank",
    "share_pct",
    *(f"status_{number}_km2" for number in range(1, 8)),
    "gains_km2",
    "losses_km2",
    "neutral_km2",
    "balance_km2",
    "balance_pct",
    "achieved",
    "degraded_change_km2",
    "degraded_change_points",
)
# What of a period's row the zones show, as columns that end in the period's name.
_WIDE = (
    "land_km2",
    "restored_km2",
    "degraded_km2",
    "net_restored_km2",
    "net_restored_pct",
    "change_pct",
    "change_points",
    "rank",
    "share_pct",
    "balance_km2",
    "balance_pct",
    "achieved",
)
_WIDE_BASELINE = _WIDE[:5]
_BY_STATUS = PERIOD_COLUMNS.index("status_1_km2")


def period_table(task: LdnBalanceTask, result: LdnBalanceResult) -> Columns:
    """Columns of the table by zone and period; with several zones, the last are all together.

    A zone's rows stand together, the baseline first. Shares are of `land_km2`, which holds land
    without data and no inland water, or of `total_km2` (`LdnBalanceTask.denominator`).
    """
    names = list(task.zone_names)
    units, water = result.units, result.water_units
    if len(names) > 1:
        names.append(ALL_ZONES)
        units = np.concatenate([units, units.sum(axis=0, keepdims=True)])
        water = np.append(water, water.sum())
    extents = _extents(task, units[:, 0].sum(axis=(1, 2)), water, result.unit_km2)
    periods = [
        _period_rows(units, extents, names, number, label, result.unit_km2)
        for number, label in enumerate((BASELINE, *task.labels), start=-1)
    ]
    rows = [rows[zone] for zone in range(len(names)) for rows in periods]
    return {column: [row[place] for row in rows] for place, column in enumerate(PERIOD_COLUMNS)}


def _extents(
    task: LdnBalanceTask, counted: Int64, water: Int64, unit: float
) -> list[tuple[float, float, float]]:
    """Land, inland water and both of each zone, in km2."""
    land = counted if task.denominator == DENOMINATORS[0] else counted - water
    return [
        (one * unit, other * unit, (one + other) * unit)
        for one, other in zip(land.tolist(), water.tolist(), strict=True)
    ]


def _period_rows(
    units: Int64,
    extents: Sequence[tuple[float, float, float]],
    names: Sequence[str],
    period: int,
    label: str,
    unit: float,
) -> list[tuple[Any, ...]]:
    """Rows of one period for all zones; the period -1 is the baseline itself."""
    before = units[:, 0].sum(axis=2)
    now = before if period < 0 else units[:, period].sum(axis=1)
    several = len(names) > 1
    # The last row is all zones together, which is compared with no other.
    parts = [slice(0, len(names) - several), *([slice(-1, None)] if several else [])]
    tracks = [
        tracking(now[part, :_NONE], before[part, :_NONE], now[part].sum(axis=1), unit)
        for part in parts
    ]
    track = Tracking(*(np.concatenate(columns) for columns in zip(*tracks, strict=True)))
    rows = []
    for number, name in enumerate(names):
        degraded, stable, improved, none = (now[number] * unit).tolist()
        is_ranked = track.rank[number] and not (several and number == len(names) - 1)
        changes = (
            float(track.change[number]),
            _number(track.change_percent[number]),
            _number(track.change_points[number]),
        )
        rows.append(
            (
                name,
                label,
                *extents[number],
                none,
                improved,
                degraded,
                stable,
                float(track.net[number]),
                _number(track.restored_percent[number]),
                _number(track.degraded_percent[number]),
                _number(track.net_percent[number]),
                *(changes if period >= 0 else (None,) * 3),
                int(track.rank[number]) if is_ranked else None,
                _number(track.share[number]),
                *(
                    _status_values(units[number, period], unit)
                    if period >= 0
                    else (None,) * (len(PERIOD_COLUMNS) - _BY_STATUS)
                ),
            )
        )
    return rows


def _status_values(crossed: Int64, unit: float) -> list[Any]:
    """Areas by status, their balance, and the change of degraded land, of one zone and period."""
    areas = status_areas(crossed)
    whole = int(crossed.sum())
    balance = counterbalance(areas, whole, unit)
    is_known = bool(areas.any())
    # On land with a class in both: what was degraded, and what the status calls degraded now.
    change = int(areas[:3].sum() - crossed[_DEGRADED, :_NONE].sum())
    return [
        *(areas * unit).tolist(),
        float(balance.gains),
        float(balance.losses),
        float(balance.neutral),
        float(balance.balance),
        _number(balance.percent),
        int(balance.achieved) if is_known else None,
        change * unit,
        100.0 * change / whole if is_known else None,
    ]


def zone_table(task: LdnBalanceTask, long: Columns) -> Columns:
    """Columns of the wide table, from those of `period_table`: a row for each zone.

    `balance_class` is that of the last period: -1 losses exceed gains, 0 they are equal, 1 gains
    exceed losses; None without data.
    """
    count, per_zone = len(task.zone_names), 1 + len(task.labels)
    columns: Columns = {"zone": list(task.zone_names)}
    for place, (label, wanted) in enumerate(
        [(BASELINE, _WIDE_BASELINE), *((label, _WIDE) for label in task.labels)]
    ):
        for column in wanted:
            values = long[column][place::per_zone][:count]
            columns[f"{column}_{column_ending(label)}"] = values
    balance = long["balance_km2"][per_zone - 1 :: per_zone][:count]
    known = long["achieved"][per_zone - 1 :: per_zone][:count]
    columns["balance_class"] = [
        None if achieved is None else int(np.sign(value))
        for value, achieved in zip(balance, known, strict=True)
    ]
    return columns


def column_ending(label: str) -> str:
    """Write a period's name so that it can end a field's name: letters, digits, underscores."""
    return re.sub(r"\W+", "_", label).strip("_")


def land_type_table(task: LdnBalanceTask, result: LdnBalanceResult) -> Columns:
    """Columns of the table by land type, period and zone; with several zones, all come first.

    A land type is written as its values apart by "/", in the order of the rasters. `land_km2` is
    all of its land, also where there is no status (`nodata_km2`).
    """
    totals: dict[tuple[str, tuple[int, ...]], Int64] = {}
    several = len(task.zone_names) > 1
    for (zone, values), units in zip(result.types, result.type_units, strict=True):
        # Zones of one name are one reporting unit here as they are to the reader of the table.
        keys = [(task.zone_names[zone], values)] + ([(ALL_ZONES, values)] if several else [])
        for key in keys:
            totals[key] = totals[key] + units if key in totals else units
    order = {name: place for place, name in enumerate(dict.fromkeys([ALL_ZONES, *task.zone_names]))}
    columns: Columns = {
        name: []
        for name in (
            "zone",
            "period",
            "land_type",
            "land_km2",
            "nodata_km2",
            "gains_km2",
            "losses_km2",
            "neutral_km2",
            "balance_km2",
            "balance_pct",
            "achieved",
        )
    }
    for name, values in sorted(totals, key=lambda key: (order[key[0]], key[1])):
        for label, crossed in zip(task.labels, totals[name, values], strict=True):
            areas = status_areas(crossed)
            whole, known = int(crossed.sum()), int(areas.sum())
            if whole == 0:  # it lies in inland water, which is no land
                continue
            balance = counterbalance(areas, whole, result.unit_km2)
            row = (
                name,
                label,
                "/".join(map(str, values)),
                whole * result.unit_km2,
                (whole - known) * result.unit_km2,
                float(balance.gains),
                float(balance.losses),
                float(balance.neutral),
                float(balance.balance),
                _number(balance.percent),
                int(balance.achieved) if known else None,
            )
            for column, value in zip(columns, row, strict=True):
                columns[column].append(value)
    return columns


def _number(value: Any) -> float | None:
    return float(value) if math.isfinite(value) else None
