"""Land degradation neutrality: restored against degraded land, by zone, period and land type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.area_tally import tally, tally_km2
from dbar_qgis_plugin.kernels.degradation import (
    NO_CLASS,
    RECODE_DEGRADED,
    RECODE_IMPROVED,
    RECODE_STABLE,
    UInt8,
    class_indices,
    counterbalance,
    looked_up,
    recode_code,
    recode_table,
)
from dbar_qgis_plugin.pipelines.class_rasters import (
    AUTO,
    CLASSES,
    DENOMINATORS,
    LPD,
    STATUS,
    ClassRaster,
    CodeSums,
    Unknown,
    UnknownValues,
    area_exponent,
    area_units,
    block_places,
    code_sums,
    is_water,
    no_class_template,
    no_water_message,
    open_classes,
    outside_message,
    reading_messages,
)
from dbar_qgis_plugin.pipelines.inputs import (
    CATEGORICAL,
    RasterInput,
    on_reference,
    open_indicator,
    open_input,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.degradation_status import status_areas
from dbar_qgis_plugin.pipelines.zone_painting import OUTSIDE, ZonePainter, zone_painter
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import polygons_from_wkb
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block, RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

BASELINE: Final = "baseline"  # how tables call it
BALANCE_BAND: Final = "balance"
_PAIRS = 16  # of four classes (degraded, stable, improved, none) in baseline and period
_CODES = 2 * _PAIRS  # the pairs on land, then on inland water
_NODATA: Final = -32768
_MOST_TYPES = 100_000
_SMALL_RANGE = 1 << 20
_LISTED = 10
_NONE = NO_CLASS + 1  # place of no data among the classes

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
    zone_wkb : sequence of bytes or None, or None
        Countries or other units, valid 2D (multi)polygons; a cell belongs to the first one that its
        centre lies in. None instead of the sequence: the cells where any raster has a class are one
        zone.
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
    land_cover_initial : RasterInput, optional
        Land cover at the start, whose cells of `water_class` are inland water.
    water : RasterInput, optional
        Inland water instead: all cells but 0.
    water_class : int
    denominator : {"land", "trends_earth"}
        What areas are a share of: all land without inland water, whose cells are left out; or all
        of the zone, inland water inside.
    """

    baseline: RasterInput
    periods: Sequence[RasterInput]
    labels: Sequence[str]
    zone_wkb: Sequence[bytes | None] | None
    zone_crs: str
    zone_names: Sequence[str]
    baseline_values: str = AUTO
    period_values: str = AUTO
    baseline_values_label: str = "BASELINE_VALUES"
    period_values_label: str = "PERIOD_VALUES"
    land_types: Sequence[RasterInput] = ()
    errors: ErrorRecode | None = None
    land_cover_initial: RasterInput | None = None
    water: RasterInput | None = None
    water_class: int = 7
    denominator: str = DENOMINATORS[0]

    @property
    def zone_count(self) -> int:
        """Number of zones."""
        return len(self.zone_names)


@dataclass(frozen=True)
class LdnBalanceResult:
    """Areas by class in the baseline and in each period.

    units : int64 [zones, periods, 4, 4]
        Third axis: baseline; fourth: period; degraded, stable, improved, no data. Whole numbers of
        units, whose differences are exact. Without the cells of inland water where it is no land
        (`LdnBalanceTask.denominator`).
    water_units : int64 [zones]
        Inland water.
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
    water_units: Int64
    cells: Int64
    types: list[tuple[int, tuple[int, ...]]]
    type_units: Int64
    unit_km2: float
    notes: list[Message]
    warnings: list[Message]


class _Parameters(NamedTuple):
    rasters: tuple[ClassRaster, ...]
    indices: tuple[UInt8, ...]  # class by place, of each raster
    zones: ZonePainter | None
    errors: ZonePainter | None
    recodes: UInt8  # [rasters, error polygons + 1, 4]; the first polygon stands for none
    type_names: tuple[str, ...]
    water_classes: tuple[int, ...] | None  # None: no raster tells
    exponent: int


class _Tally(NamedTuple):
    """What a block adds: int64 sums [periods, zones here, 32], and by land types here."""

    zones: Int64
    sums: CodeSums
    types: list[tuple[int, ...]]  # the zone, then a value per raster of land types
    type_sums: CodeSums | None
    recoded: Int64  # cells changed by errors, per raster
    outside: int  # units of cells in no zone
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
    """Sums [periods, groups, 32]; cells of group `count` belong to none."""
    base = group * _CODES
    parts = [code_sums(base + pair, units, (count + 1) * _CODES) for pair in pairs]
    shape = len(pairs), count + 1, _CODES
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
    layers = blocks[len(found) : len(found) + len(parameters.type_names)]
    water = np.zeros(classes[0].shape, dtype=bool)
    if parameters.water_classes is not None:
        water = is_water(blocks[-1], parameters.water_classes)
    if parameters.zones is not None:
        zone = parameters.zones.paint(context.window)
    else:
        known = water | np.any([part != _NONE for part in classes], axis=0)
        if parameters.water_classes:  # a land cover, which says where there is land
            known |= blocks[-1].valid[0] & (blocks[-1].values[0] != 0)
        zone = np.where(known, np.int32(0), np.int32(OUTSIDE))
    recoded = np.zeros(len(classes), dtype=np.int64)
    if parameters.errors is not None:
        polygon = parameters.errors.paint(context.window) + 1
        if polygon.any():
            for number, table in enumerate(parameters.recodes):
                changed = table[polygon, classes[number]]
                recoded[number] = np.count_nonzero(changed != classes[number])
                classes[number] = changed
    units = area_units(context.grid, context.window, parameters.exponent)
    first = classes[0] * np.uint8(4) + water * np.uint8(_PAIRS)
    pairs = [np.asarray(first + later, dtype=np.uint8) for later in classes[1:]]
    present, rank = _ranks(zone)
    here = present[present != OUTSIDE]
    # OUTSIDE, if there is any, is the first of the ranks; as a group it comes last.
    group = np.where(zone == OUTSIDE, here.size, rank - (present.size - here.size))
    types: list[tuple[int, ...]] = []
    type_sums = None
    if parameters.type_names:
        types, type_group = _by_type(zone, layers, parameters.type_names)
        type_sums = _grouped(type_group, len(types), pairs, units)
    sums = _grouped(group, here.size, pairs, units)
    outside = int(tally(np.asarray(zone == OUTSIDE, dtype=np.uint8), units, 2)[1])
    unknown = tuple(part for _, part in found)
    return [_Tally(here, sums, types, type_sums, recoded, outside, unknown)]


class _Totals:
    """Sums of all blocks."""

    def __init__(self, zones: int, periods: int, rasters: Sequence[ClassRaster]) -> None:
        self.cells = np.zeros(zones, dtype=np.int64)
        self.units = np.zeros((zones, periods, _CODES), dtype=np.int64)
        self.types: dict[tuple[int, ...], Int64] = {}
        self.recoded = np.zeros(len(rasters), dtype=np.int64)
        self.outside = 0
        self.unknown = UnknownValues(rasters)

    def add(self, part: _Tally) -> None:
        self.cells[part.zones] += part.sums.cells[0].sum(axis=-1)
        self.units[part.zones] += part.sums.units.swapaxes(0, 1)
        self.recoded += part.recoded
        self.outside += part.outside
        self.unknown.add(part.unknown)
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
    balance_raster: str | Path | None = None,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LdnBalanceResult:
    """Measure restored and degraded land of zones, in a baseline and in periods after it.

    Parameters
    ----------
    task : LdnBalanceTask
        What to balance.
    balance_raster : str or Path, optional
        Raster to write: in each cell the balance of its land type in its zone, in 0.01 % of the
        land of that type, a band for each period; Int16, nodata -32768. Needs land types.
    tags : mapping, optional
        Metadata of the raster.
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
    water = _water(task, grid)
    sources = [*(raster.source for raster in rasters), *types, *water]
    zones = errors = None
    if task.zone_wkb is not None:
        zones = zone_painter(polygons_from_wkb(task.zone_wkb, task.zone_crs), grid)
    if task.errors is not None:
        errors = zone_painter(polygons_from_wkb(task.errors.wkb, task.errors.crs), grid)
    parameters = _Parameters(
        rasters,
        tuple(class_indices(raster.legend) for raster in rasters),
        zones,
        errors,
        _recodes(task.errors, len(rasters)),
        tuple(source.name for source in types),
        (() if task.water is not None else (task.water_class,)) if water else None,
        area_exponent(grid),
    )
    totals = _Totals(task.zone_count, len(task.periods), rasters)
    map_blocks(
        _balance_block,
        sources,
        (),
        parameters,
        tally=totals.add,
        workers=workers,
        progress=progress.part(0.0, 1.0 if balance_raster is None else 0.7),
        bytes_per_cell=5 * len(rasters) + 24 * (1 + len(types)) + 50,
    )
    if task.zone_wkb is not None and not totals.cells.any():
        raise InputError(
            translate(
                "Dbar",
                "None of the {count} zones holds the centre of a cell of {name}. Check that both "
                "show the same region, and the CRS of each.",
            ),
            count=task.zone_count,
            name=baseline.source.name,
        )
    warnings = totals.unknown.warnings()
    if totals.unknown.is_empty:
        raise InputError(no_class_template(), name=baseline.source.name)
    keys = sorted(totals.types)
    shape = -1, len(task.periods), 2, 4, 4
    units = totals.units.reshape(shape)
    type_units = np.array([totals.types[key] for key in keys], dtype=np.int64).reshape(shape)
    unit_km2 = float(tally_km2(1, parameters.exponent))
    result = LdnBalanceResult(
        _counted(units, task.denominator),
        units[:, 0, 1].sum(axis=(-1, -2)),
        totals.cells,
        [(key[0], key[1:]) for key in keys],
        _counted(type_units, task.denominator),
        unit_km2,
        reading_messages(rasters, sources) + _recode_messages(task, totals.recoded),
        warnings
        + ([] if water or task.denominator != DENOMINATORS[0] else [no_water_message()])
        + _zone_messages(task, zones, errors, totals, unit_km2),
    )
    if balance_raster is not None:
        is_land = task.denominator == DENOMINATORS[0]
        _write_balance(
            balance_raster,
            [*types, *(water if is_land else ())],
            _BalanceParameters(
                zones,
                parameters.type_names,
                parameters.water_classes if is_land else None,
                _percents(result),
                len(task.periods),
            ),
            task.labels,
            tags,
            progress.part(0.7, 1.0),
            workers,
        )
    return result


def _water(task: LdnBalanceTask, grid: Grid) -> list[RasterSource]:
    """Raster that tells inland water from land, if there is one."""
    if task.water is not None:
        return [on_reference(open_input(task.water), grid, CATEGORICAL)]
    if task.land_cover_initial is not None:
        return [on_reference(open_indicator(task.land_cover_initial, "initial"), grid, CATEGORICAL)]
    return []


def _counted(units: Int64, denominator: str) -> Int64:
    """Sums [.., 4, 4] of what counts as land, from those [.., 2, 4, 4] on land and on water."""
    if denominator == DENOMINATORS[0]:
        return units[:, :, 0]
    both: Int64 = units.sum(axis=2)
    return both


# -- the balance in each cell


class _BalanceParameters(NamedTuple):
    zones: ZonePainter | None
    type_names: tuple[str, ...]
    water_classes: tuple[int, ...] | None
    percents: dict[tuple[int, ...], NDArray[np.int16]]  # of zone and land type, by period
    periods: int


def _percents(result: LdnBalanceResult) -> dict[tuple[int, ...], NDArray[np.int16]]:
    """Balance of each land type in 0.01 % of its land, by zone and type."""
    percent = counterbalance(
        status_areas(result.type_units), result.type_units.sum(axis=(-1, -2))
    ).percent
    scaled = np.where(np.isnan(percent), _NODATA, np.rint(100.0 * percent)).astype(np.int16)
    return {(zone, *values): row for (zone, values), row in zip(result.types, scaled, strict=True)}


def _percent_block(
    blocks: list[Block], context: BlockContext, parameters: _BalanceParameters
) -> list[Any]:
    shape = context.window.height, context.window.width
    zone = (
        np.zeros(shape, dtype=np.int32)
        if parameters.zones is None
        else parameters.zones.paint(context.window)
    )
    if parameters.water_classes is not None:
        zone[is_water(blocks[-1], parameters.water_classes)] = OUTSIDE
    names = parameters.type_names
    types, group = _by_type(zone, blocks[: len(names)], names)
    nothing = np.full(parameters.periods, _NODATA, dtype=np.int16)
    table = np.stack([*(parameters.percents.get(key, nothing) for key in types), nothing], axis=1)
    return [table[:, group]]


def _write_balance(
    path: str | Path,
    sources: Sequence[RasterSource],
    parameters: _BalanceParameters,
    labels: Sequence[str],
    tags: Mapping[str, str] | None,
    progress: Progress,
    workers: Workers,
) -> None:
    bands = balance_bands(labels)
    with RasterSink(
        path,
        sources[0].grid,
        bands,
        "int16",
        _NODATA,
        units=("0.01 %",) * len(bands),
        tags=tags,
        threads=workers.count,
    ) as sink:
        map_blocks(
            _percent_block,
            sources,
            (sink,),
            parameters,
            workers=workers,
            progress=progress,
            bytes_per_cell=24 * (1 + len(parameters.type_names)) + 4 * len(bands),
        )


def balance_bands(labels: Sequence[str]) -> tuple[str, ...]:
    """Names of the bands of the raster of balances: with the period's where there are several."""
    if len(labels) == 1:
        return (BALANCE_BAND,)
    return tuple(f"{BALANCE_BAND}_{label}" for label in labels)


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
    task: LdnBalanceTask,
    zones: ZonePainter | None,
    errors: ZonePainter | None,
    totals: _Totals,
    unit_km2: float,
) -> list[Message]:
    """Warn of zones that share cells or have none, and of what is in no zone without zones."""
    lines = _zone_lines(task, zones, totals.cells) if zones is not None else []
    if zones is None and totals.outside:
        lines.append(outside_message(totals.outside * unit_km2))
    if errors is not None and errors.overlaps.any():
        template = translate(
            "Dbar", "{count} error polygons overlap; where they do, the first one holds."
        )
        lines.append(message(template, count=int(errors.overlaps.sum())))
    return lines


def _zone_lines(task: LdnBalanceTask, zones: ZonePainter, cells: Int64) -> list[Message]:
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
    return lines
