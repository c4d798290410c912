"""Land degradation neutrality: restored against degraded land, by zone, period and land type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.area_tally import tally_km2
from dbar_qgis_plugin.kernels.degradation import (
    RECODE_DEGRADED,
    RECODE_IMPROVED,
    RECODE_STABLE,
    UInt8,
    class_indices,
    looked_up,
    recode_code,
    recode_table,
)
from dbar_qgis_plugin.pipelines.class_rasters import (
    AUTO,
    CLASSES,
    LPD,
    NONE_UNKNOWN,
    STATUS,
    ClassRaster,
    CodeSums,
    Unknown,
    area_exponent,
    area_units,
    block_places,
    check_unknown,
    code_sums,
    open_classes,
    reading_messages,
)
from dbar_qgis_plugin.pipelines.inputs import (
    CATEGORICAL,
    RasterInput,
    on_reference,
    open_indicator,
)
from dbar_qgis_plugin.pipelines.zone_painting import OUTSIDE, ZonePainter, zone_painter
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.polygons import polygons_from_wkb
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.source import Block
from dbar_qgis_plugin.raster_io.workers import Workers

BASELINE: Final = "baseline"  # how tables call it
_PAIRS = 16  # of four classes (degraded, stable, improved, none) in baseline and period
_MOST_TYPES = 100_000
_SMALL_RANGE = 1 << 20
_LISTED = 10

Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class ErrorRecode:
    """Polygons in which experts found the indicator wrong, and what holds there instead.

    Parameters
    ----------
    wkb : sequence of bytes or None
        Valid 2D (multi)polygons.
    crs : str
        Their CRS, as WKT.
    codes : sequence of int
        What becomes of the three classes (`kernels.degradation.recode_code`).
    periods : sequence of int
        Where it holds, as bits: 1 baseline, 2 first period, 4 second period, and so on.
    """

    wkb: Sequence[bytes | None]
    crs: str
    codes: Sequence[int]
    periods: Sequence[int]


@dataclass(frozen=True)
class LdnBalanceTask:
    """What to balance.

    Parameters
    ----------
    baseline : RasterInput
        Indicator of the baseline; its grid is that of the run.
    periods : sequence of RasterInput
        Indicator, or status against the baseline, of each period.
    labels : sequence of str
        Names of the periods, such as "2019".
    zone_wkb : sequence of bytes or None
        Countries or other units, valid 2D (multi)polygons; a cell belongs to the first one that its
        centre lies in.
    zone_crs : str
        Their CRS, as WKT.
    zone_names : sequence of str
        Their names.
    baseline_values : {"auto", "classes", "lpd"}
        What the baseline raster holds.
    period_values : {"auto", "classes", "lpd", "status"}
        What the rasters of the periods hold.
    baseline_values_label, period_values_label : str
        Names of the parameters that say so, for messages.
    land_types : sequence of RasterInput
        Classes whose combinations are the land types.
    errors : ErrorRecode, optional
        Applied to the classes before anything is counted.
    """

    baseline: RasterInput
    periods: Sequence[RasterInput]
    labels: Sequence[str]
    zone_wkb: Sequence[bytes | None]
    zone_crs: str
    zone_names: Sequence[str]
    baseline_values: str = AUTO
    period_values: str = AUTO
    baseline_values_label: str = "BASELINE_VALUES"
    period_values_label: str = "PERIOD_VALUES"
    land_types: Sequence[RasterInput] = ()
    errors: ErrorRecode | None = None


@dataclass(frozen=True)
class LdnBalanceResult:
    """Areas by class in the baseline and in each period.

    units : int64 [zones, periods, 4, 4]
        Third axis: baseline; fourth: period; degraded, stable, improved, no data. Whole numbers of
        units, whose differences are exact.
    cells : int64 [zones]
        Cells in each zone, with and without data.
    types : list of (zone, land type)
        A land type is one value per raster of land types; in order.
    type_units : int64 [types, periods, 4, 4]
    unit_km2 : float
        What a unit is in km2.
    notes, warnings : list of Message
    """

    units: Int64
    cells: Int64
    types: list[tuple[int, tuple[int, ...]]]
    type_units: Int64
    unit_km2: float
    notes: list[Message]
    warnings: list[Message]


class _Parameters(NamedTuple):
    rasters: tuple[ClassRaster, ...]
    indices: tuple[UInt8, ...]  # class by place, of each raster
    zones: ZonePainter
    errors: ZonePainter | None
    recodes: UInt8  # [rasters, error polygons + 1, 4]; the first polygon stands for none
    type_names: tuple[str, ...]
    exponent: int


class _Tally(NamedTuple):
    """What a block adds: int64 sums [periods, zones here, 16], and by land types here."""

    zones: Int64
    sums: CodeSums
    types: list[tuple[int, ...]]  # the zone, then a value per raster of land types
    type_sums: CodeSums | None
    recoded: Int64  # cells changed by errors, per raster
    unknown: tuple[Unknown, ...]


def _ranks(values: NDArray[Any]) -> tuple[Int64, NDArray[np.intp]]:
    """Different values, in order, and the place of each cell's value among them."""
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    if high - low >= _SMALL_RANGE:
        found, place = np.unique(values, return_inverse=True)
        return found.astype(np.int64), place.reshape(values.shape)
    offset = values.astype(np.int64) - low
    present = np.zeros(high - low + 1, dtype=bool)
    present[offset] = True
    return np.flatnonzero(present) + low, (np.cumsum(present) - 1)[offset]


def _class_numbers(block: Block, name: str) -> Int64:
    """Values of a raster of land types as whole numbers."""
    values = block.values[0]
    if values.dtype.kind == "f" and (values != np.rint(values)).any():
        raise InputError(
            translate(
                "Dbar",
                "{name} holds fractions, so its values are no classes of land. Choose a raster of "
                "classes.",
            ),
            name=name,
        )
    numbers: Int64 = values.astype(np.int64)
    return numbers


def _grouped(
    group: NDArray[np.intp], count: int, pairs: Sequence[UInt8], units: Float64
) -> CodeSums:
    """Sums [periods, groups, 16]; cells of group `count` belong to none."""
    base = group * _PAIRS
    parts = [code_sums(base + pair, units, (count + 1) * _PAIRS) for pair in pairs]
    shape = len(pairs), count + 1, _PAIRS
    return CodeSums(
        np.stack([part.cells for part in parts]).reshape(shape)[:, :count],
        np.stack([part.units for part in parts]).reshape(shape)[:, :count],
    )


def _by_type(
    zone: NDArray[np.int32], layers: Sequence[Block], names: Sequence[str]
) -> tuple[list[tuple[int, ...]], NDArray[np.intp]]:
    """Land types within zones, and the place of each cell's; cells without one come after all."""
    inside = zone != OUTSIDE
    for layer in layers:
        inside &= layer.valid[0]
    columns = [zone[inside].astype(np.int64)]
    columns += [
        _class_numbers(layer, name)[inside] for layer, name in zip(layers, names, strict=True)
    ]
    keys: list[tuple[int, ...]] = [()]
    place = np.zeros(columns[0].shape, dtype=np.intp)
    for column in columns:
        values, rank = _ranks(column)
        joint, place = _ranks(place * values.size + rank)
        keys = [
            (*keys[code // values.size], int(values[code % values.size])) for code in joint.tolist()
        ]
    group = np.full(zone.shape, len(keys), dtype=np.intp)
    group[inside] = place
    return keys, group


def _balance_block(
    blocks: list[Block], context: BlockContext, parameters: _Parameters
) -> list[Any]:
    found = [
        block_places(raster, block)
        for raster, block in zip(parameters.rasters, blocks, strict=False)
    ]
    classes: list[UInt8] = [
        looked_up(places, indices)
        for (places, _), indices in zip(found, parameters.indices, strict=True)
    ]
    recoded = np.zeros(len(classes), dtype=np.int64)
    if parameters.errors is not None:
        polygon = parameters.errors.paint(context.window) + 1
        if polygon.any():
            for number, table in enumerate(parameters.recodes):
                changed = table[polygon, classes[number]]
                recoded[number] = np.count_nonzero(changed != classes[number])
                classes[number] = changed
    units = area_units(context.grid, context.window, parameters.exponent)
    pairs = [np.asarray(classes[0] * 4 + later, dtype=np.uint8) for later in classes[1:]]
    zone = parameters.zones.paint(context.window)
    present, rank = _ranks(zone)
    here = present[present != OUTSIDE]
    # OUTSIDE, if there is any, is the first of the ranks; as a group it comes last.
    group = np.where(zone == OUTSIDE, here.size, rank - (present.size - here.size))
    types: list[tuple[int, ...]] = []
    type_sums = None
    if parameters.type_names:
        types, type_group = _by_type(zone, blocks[len(found) :], parameters.type_names)
        type_sums = _grouped(type_group, len(types), pairs, units)
    sums = _grouped(group, here.size, pairs, units)
    return [_Tally(here, sums, types, type_sums, recoded, tuple(u for _, u in found))]


class _Totals:
    """Sums of all blocks."""

    def __init__(self, zones: int, periods: int, rasters: int) -> None:
        self.cells = np.zeros(zones, dtype=np.int64)
        self.units = np.zeros((zones, periods, _PAIRS), dtype=np.int64)
        self.types: dict[tuple[int, ...], Int64] = {}
        self.recoded = np.zeros(rasters, dtype=np.int64)
        self.unknown = [NONE_UNKNOWN] * rasters

    def add(self, part: _Tally) -> None:
        self.cells[part.zones] += part.sums.cells[0].sum(axis=-1)
        self.units[part.zones] += part.sums.units.swapaxes(0, 1)
        self.recoded += part.recoded
        self.unknown = [a.plus(b) for a, b in zip(self.unknown, part.unknown, strict=True)]
        if part.type_sums is None:
            return
        for number, key in enumerate(part.types):
            units = part.type_sums.units[:, number]
            self.types[key] = self.types[key] + units if key in self.types else units
        if len(self.types) > _MOST_TYPES:
            raise InputError(
                translate(
                    "Dbar",
                    "The land types have more than {count} combinations of values. Choose rasters "
                    "with few classes.",
                ),
                count=_MOST_TYPES,
            )


def recode_of(targets: Sequence[int | None], fields: Sequence[str], name: str) -> int:
    """Code of a recode, from what degraded, stable and improved land become (None: as it is).

    Raises
    ------
    InputError
        If a class cannot become that; `fields` and `name` are what the message calls them.
    """
    every = RECODE_DEGRADED, RECODE_STABLE, RECODE_IMPROVED
    for target, options, field in zip(targets, every, fields, strict=True):
        if target not in options:
            raise InputError(
                translate(
                    "Dbar",
                    "Error polygon {name}: {field} is {value}, but must be one of {options}, or "
                    "empty where the class stays.",
                ),
                name=name,
                field=field,
                value=target,
                options=", ".join(str(option) for option in options if option is not None),
            )
    return recode_code(*targets)


def compute_ldn_balance(
    task: LdnBalanceTask,
    *,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LdnBalanceResult:
    """Measure restored and degraded land of zones, in a baseline and in periods after it.

    Parameters
    ----------
    task : LdnBalanceTask
        What to balance.
    progress : Progress, optional
        Where to report to.
    workers : Workers, optional
        Threads or cluster, and the memory budget.

    Raises
    ------
    InputError
        If a raster cannot be read or holds no class at all, or there are too many land types.
    GridError
        If a raster does not overlap the baseline.
    Cancelled
        If the user stops the run.
    """
    workers, progress = workers or Workers(), progress or Progress()
    baseline = open_classes(
        task.baseline, task.baseline_values, (CLASSES, LPD), task.baseline_values_label, progress
    )
    grid = baseline.source.grid
    kinds = (CLASSES, LPD, STATUS)
    rasters = (
        baseline,
        *(
            open_classes(
                raster, task.period_values, kinds, task.period_values_label, progress
            ).on_grid(grid)
            for raster in task.periods
        ),
    )
    types = [
        on_reference(open_indicator(raster, "initial"), grid, CATEGORICAL)
        for raster in task.land_types
    ]
    sources = [*(raster.source for raster in rasters), *types]
    zones = zone_painter(polygons_from_wkb(task.zone_wkb, task.zone_crs), grid)
    errors = None
    if task.errors is not None:
        errors = zone_painter(polygons_from_wkb(task.errors.wkb, task.errors.crs), grid)
    parameters = _Parameters(
        rasters,
        tuple(class_indices(raster.legend) for raster in rasters),
        zones,
        errors,
        _recodes(task.errors, len(rasters)),
        tuple(source.name for source in types),
        area_exponent(grid),
    )
    totals = _Totals(len(task.zone_wkb), len(task.periods), len(rasters))
    map_blocks(
        _balance_block,
        sources,
        (),
        parameters,
        tally=totals.add,
        workers=workers,
        progress=progress,
        bytes_per_cell=5 * len(rasters) + 24 * (1 + len(types)) + 40,
    )
    if not totals.cells.any():
        raise InputError(
            translate(
                "Dbar",
                "None of the {count} zones holds the centre of a cell of {name}. Check that both "
                "show the same region, and the CRS of each.",
            ),
            count=len(task.zone_wkb),
            name=baseline.source.name,
        )
    checked = [check_unknown(*pair) for pair in zip(rasters, totals.unknown, strict=True)]
    keys = sorted(totals.types)
    shape = len(task.periods), 4, 4
    type_units = np.array([totals.types[key] for key in keys], dtype=np.int64)
    return LdnBalanceResult(
        totals.units.reshape(-1, *shape),
        totals.cells,
        [(key[0], key[1:]) for key in keys],
        type_units.reshape(-1, *shape),
        float(tally_km2(1, parameters.exponent)),
        reading_messages(rasters, sources) + _recode_messages(task, totals.recoded),
        [warning for warning in checked if warning is not None]
        + _zone_messages(task, zones, errors, totals.cells),
    )


def _recodes(errors: ErrorRecode | None, rasters: int) -> UInt8:
    """Class after the recode, by raster, polygon (the first stands for none) and class before."""
    codes = np.array([0, *errors.codes] if errors is not None else [0], dtype=np.int64)
    periods = np.array([0, *errors.periods] if errors is not None else [0], dtype=np.int64)
    table = recode_table()
    return np.stack(
        [
            (table[np.where(periods >> number & 1, codes, 0)] + 1).astype(np.uint8)
            for number in range(rasters)
        ]
    )


def _recode_messages(task: LdnBalanceTask, recoded: Int64) -> list[Message]:
    if task.errors is None:
        return []
    # The baseline has no label of its own.
    template = translate("Dbar", "Recoded in the error polygons, {period}: {cells} cells")
    return [
        message(template, period=period, cells=int(cells))
        for period, cells in zip((BASELINE, *task.labels), recoded, strict=True)
    ]


def _zone_messages(
    task: LdnBalanceTask, zones: ZonePainter, errors: ZonePainter | None, cells: Int64
) -> list[Message]:
    """Warn of zones that share cells or have none."""
    lines = []
    empty = [name for name, count in zip(task.zone_names, cells, strict=True) if count == 0]
    shared = [name for name, twice in zip(task.zone_names, zones.overlaps, strict=True) if twice]
    for template, names in (
        (
            translate("Dbar", "Zones without a cell of the baseline raster ({count}): {names}"),
            empty,
        ),
        (
            translate(
                "Dbar",
                "Zones that overlap another ({count}); a cell counts for the first only: {names}",
            ),
            shared,
        ),
    ):
        if names:
            listed = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
            lines.append(message(template, count=len(names), names=listed))
    if errors is not None and errors.overlaps.any():
        template = translate(
            "Dbar", "{count} error polygons overlap; where they do, the first one holds."
        )
        lines.append(message(template, count=int(errors.overlaps.sum())))
    return lines
