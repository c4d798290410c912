"""SDG 15.3.1: productivity performance, each cell against the best of its land unit.

Two passes over the blocks. The first keeps each cell's mean NDVI and unit, and counts for each unit
how often each mean occurs, in steps of 0.0001; the second compares each cell with the percentile of
its unit. A count does not
depend on the order in which cells come: neither the size of the blocks nor that of the raster
changes a unit's percentile. Its error, at most half a step (0.00005 NDVI), is that of the means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.area_tally import tally_km2
from dbar_qgis_plugin.kernels.order_statistics import chunks
from dbar_qgis_plugin.kernels.productivity import mean_of_valid, performance, quantiles_of_counts
from dbar_qgis_plugin.kernels.trend import CONVENTIONS
from dbar_qgis_plugin.kernels.unit_keys import pair_counts, unit_keys
from dbar_qgis_plugin.pipelines.class_rasters import (
    CodeSums,
    area_exponent,
    area_units,
    code_sums,
    empty_sums,
    no_result_warnings,
    resampling_messages,
)
from dbar_qgis_plugin.pipelines.inputs import (
    CATEGORICAL,
    RasterInput,
    on_reference,
    open_input,
    resampling_notes,
)
from dbar_qgis_plugin.pipelines.ndvi_series import NdviSeries, open_ndvi
from dbar_qgis_plugin.pipelines.periods import YearSpan, check_enough, years_needed
from dbar_qgis_plugin.pipelines.scratch import scratch_raster
from dbar_qgis_plugin.pipelines.zone_painting import ZonePainter, zone_painter
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import polygons_from_wkb
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block, RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]
Key = tuple[int, ...]

BANDS: Final = ("performance", "ratio_x10000")
NODATA: Final = -32768
PERFORMANCE_CONVENTIONS: Final = CONVENTIONS
STEPS_PER_NDVI: Final = 10_000
# Degraded, not degraded, then why there is no result.
OUTCOMES: Final = ("degraded", "stable", "no_unit", "no_ndvi", "no_reference")
_NO_UNIT, _NO_NDVI, _NO_REFERENCE = 2, 3, 4

_OUTSIDE = -1
_LARGEST_CODE = 2.0**53  # what a float holds exactly
_STEP_BITS = 32
_ENTRIES_AT_ONCE = 1 << 19  # counts that wait to be merged


@dataclass(frozen=True)
class UnitPolygons:
    """Polygons that are land units, or a part of their definition.

    wkb : polygons and multipolygons; None = no geometry
    crs : WKT
    values : one a polygon; polygons with the same value are one unit
    name : what messages call them
    """

    wkb: Sequence[bytes | None]
    crs: str
    values: Sequence[str]
    name: str = ""


@dataclass(frozen=True)
class ProductivityPerformanceTask:
    """What to compute.

    Parameters
    ----------
    ndvi : tuple of RasterInput
        Annual vegetation index, one a year; the grid of the first used is that of the result.
    years : tuple of float
        Their years, increasing.
    span : YearSpan
        The years of the mean.
    units : tuple of RasterInput
        Class rasters; a unit is a combination of their values.
    polygons : UnitPolygons, optional
        Polygons that take part in the combination; where they overlap the first one counts.
    convention : {"prais4", "trends_earth", "gpg_v2"}
        See `kernels.productivity.performance`.
    percentile : float
        Of the mean NDVI of a unit's cells.
    threshold : float
        Share of it below which a cell is degraded.
    minimum_share : float
        Share of the years that must have data.
    fewest_cells : int
        Units with fewer cells are reported.
    scale : float, optional
        Divides the values to give NDVI; see `pipelines.ndvi_series.open_ndvi`.
    name : str
        Name of the parameter that holds the rasters, for messages.
    """

    ndvi: tuple[RasterInput, ...]
    years: tuple[float, ...]
    span: YearSpan
    units: tuple[RasterInput, ...] = ()
    polygons: UnitPolygons | None = None
    convention: str = "prais4"
    percentile: float = 90.0
    threshold: float = 0.5
    minimum_share: float = 0.67
    fewest_cells: int = 30
    scale: float | None = None
    name: str = "NDVI"


@dataclass(frozen=True)
class ProductivityPerformanceResult:
    """Cells and areas by outcome, and the land units.

    cells, km2 : int64, float64 [5], by `OUTCOMES`
    layers : names of what makes a unit
    units : the values of each unit, as texts, in a fixed order
    unit_cells, unit_valid, unit_degraded : int64 [units]
        All cells; those with a mean; degraded ones.
    unit_reference : float64 [units], the percentile in NDVI; NaN for a unit without data
    """

    cells: Int64
    km2: Float64
    layers: tuple[str, ...]
    units: tuple[tuple[str, ...], ...]
    unit_cells: Int64
    unit_valid: Int64
    unit_degraded: Int64
    unit_reference: Float64
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]


class _Polygons(NamedTuple):
    """A painter of polygons, and the number of each polygon's value."""

    painter: ZonePainter
    number: Int64


class _Parameters(NamedTuple):
    series: NdviSeries
    units: tuple[str, ...]  # names of the class rasters
    polygons: _Polygons | None
    needed: int


class _Comparison(NamedTuple):
    reference: Float64
    convention: str
    threshold: float
    exponent: int


class _BlockCounts(NamedTuple):
    """What a block adds to the units: keys [units, layers], their cells, and counts of means.

    mean : float64 [height, width], NaN where there is none
    place : int32 [height, width], row of `keys`, -1 outside all units
    """

    window: Window
    mean: Float64
    place: NDArray[np.int32]
    keys: Int64
    cells: Int64
    unit: Int64
    step: Int64
    frequency: Int64


def check_productivity_performance(task: ProductivityPerformanceTask) -> int:
    """Fewest years with data; refuse a series that has fewer.

    Raises
    ------
    InputError
        If there are too few rasters.
    """
    needed = years_needed(task.span, task.minimum_share)
    check_enough(task.span, task.years, needed, task.name)
    return needed


def compute_productivity_performance(
    task: ProductivityPerformanceTask,
    output: str | Path,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> ProductivityPerformanceResult:
    """Compute the performance of each cell.

    Cells whose mean is 0, which is how some products fill gaps, have no mean.

    Parameters
    ----------
    task : ProductivityPerformanceTask
        What to compute.
    output : str or Path
        Raster to write: bands "performance" (-1, 0) and "ratio_x10000", Int16, nodata -32768.
    tags : mapping, optional
        Metadata of the raster.
    progress : Progress, optional
        Where to report to.
    workers : Workers, optional
        Threads or cluster, and the memory budget.

    Raises
    ------
    InputError
        If there are too few rasters, or one cannot be read.
    GridError
        If a raster does not overlap the first one.
    Cancelled
        If the user stops the run.
    """
    workers, progress = workers or Workers(), progress or Progress()
    needed = check_productivity_performance(task)
    series = open_ndvi(task.ndvi, task.years, (task.span,), (needed,), task.scale, task.name)
    layers = [on_reference(open_input(raster), series.grid, CATEGORICAL) for raster in task.units]
    texts = sorted(set(task.polygons.values)) if task.polygons else []
    parameters = _Parameters(
        series,
        tuple(layer.name for layer in layers),
        _painted(task.polygons, series.grid, texts),
        needed,
    )
    sources: list[RasterSource] = [*series.stack.sources, *layers]
    bytes_per_cell = series.bytes_per_cell + 8 * (4 + len(layers))
    exponent = area_exponent(series.grid)
    counts = _UnitCounts()
    # What can fail on its place is tried before the first pass.
    with (
        RasterSink(
            output, series.grid, BANDS, "int16", NODATA, tags=tags, threads=workers.count
        ) as sink,
        scratch_raster(output, "mean", series.grid, "float64", np.nan) as means,
        scratch_raster(output, "unit", series.grid, "int32", _OUTSIDE) as places,
    ):

        def keep(part: _BlockCounts) -> None:
            numbers = counts.add(part)
            means.write(part.mean, part.window)
            # The last number is taken for the place -1.
            places.write(
                np.append(numbers, _OUTSIDE).astype(np.int32).take(part.place), part.window
            )

        map_blocks(
            _count_block,
            sources,
            (),
            parameters,
            tally=keep,
            workers=workers,
            progress=progress.part(0.0, 0.8),
            bytes_per_cell=bytes_per_cell,
        )
        reference, valid = counts.references(task.percentile)
        sums = empty_sums(len(OUTCOMES))
        degraded = np.zeros(len(counts.numbers), dtype=np.int64)

        def add(part: tuple[CodeSums, Int64]) -> None:
            nonlocal sums
            sums = sums.plus(part[0])
            degraded[:] += part[1]

        map_blocks(
            _compare_block,
            (means.finished(), places.finished()),
            (sink,),
            _Comparison(reference, task.convention, task.threshold, exponent),
            tally=add,
            workers=workers,
            progress=progress.part(0.8, 1.0),
            bytes_per_cell=32,
        )
    keys = sorted(counts.numbers)
    order = np.array([counts.numbers[key] for key in keys], dtype=np.int64)
    names = [source.name for source in layers]
    if task.polygons:
        names.append(task.polygons.name)
    result = ProductivityPerformanceResult(
        sums.cells,
        tally_km2(sums.units, exponent),
        tuple(names),
        tuple(_texts(key, len(layers), texts) for key in keys),
        np.array(counts.cells, dtype=np.int64)[order],
        valid[order],
        degraded[order],
        reference[order],
        (*series.notes, *resampling_messages(resampling_notes(layers))),
        (*series.warnings, *no_result_warnings(sums.cells[:2].sum())),
    )
    return _with_warnings(result, task, parameters.polygons)


def _painted(polygons: UnitPolygons | None, grid: Grid, texts: Sequence[str]) -> _Polygons | None:
    if polygons is None:
        return None
    number_of = {text: number for number, text in enumerate(texts)}
    numbers = np.array([number_of[text] for text in polygons.values], dtype=np.int64)
    return _Polygons(zone_painter(polygons_from_wkb(polygons.wkb, polygons.crs), grid), numbers)


def _texts(key: Key, rasters: int, texts: Sequence[str]) -> tuple[str, ...]:
    return (*map(str, key[:rasters]), *(texts[number] for number in key[rasters:]))


def _count_block(
    blocks: list[Block], context: BlockContext, parameters: _Parameters
) -> list[_BlockCounts]:
    series = parameters.series
    values, valid = series.cells(blocks)
    cells = values.shape[1]
    mean = np.empty(cells)
    for here in chunks(cells):
        part, years = mean_of_valid(values[:, here], valid[:, here])
        part[(years < parameters.needed) | (part == 0.0)] = np.nan
        np.divide(part, series.scale, out=mean[here])
    layers: list[NDArray[np.integer[Any]]] = []
    inside = np.ones(cells, dtype=bool)
    for block in blocks[len(series.stack.sources) :]:
        layers.append(_codes(block, parameters.units[len(layers)]))
        inside &= block.valid.reshape(-1)
    if parameters.polygons is not None:
        painted = parameters.polygons.painter.paint(context.window).reshape(-1)
        layers.append(parameters.polygons.number[painted])
        inside &= painted >= 0
    within = _where(inside)
    keys, unit = unit_keys([layer[within] for layer in layers], int(np.count_nonzero(inside)))
    place = np.full(cells, _OUTSIDE, dtype=np.int32)
    place[within] = unit
    used = _where(inside & np.isfinite(mean))
    # Anything near NDVI fits by far; what does not is an outlier whatever its size.
    most = 2.0 ** (_STEP_BITS - 2)
    step = mean[used] * STEPS_PER_NDVI
    np.clip(np.rint(step, out=step), -most, most, out=step)
    shape = context.window.height, context.window.width
    return [
        _BlockCounts(
            context.window,
            mean.reshape(shape),
            place.reshape(shape),
            keys,
            np.bincount(unit, minlength=len(keys)).astype(np.int64),
            *pair_counts(place[used], step.astype(np.int64)),
        )
    ]


def _codes(block: Block, name: str) -> NDArray[np.integer[Any]]:
    """Whole numbers of a class raster, [cells]; raise `InputError` if it holds others."""
    codes = block.values.reshape(-1)
    if codes.dtype.kind in "iu":
        return codes
    odd = codes[(codes != np.rint(codes)) | (np.abs(codes) > _LARGEST_CODE)]
    if odd.size:
        raise InputError(
            translate(
                "Dbar",
                "{name} holds {value}, which is no class: land units are made of whole numbers. "
                "Choose a raster of classes, or sort these values into classes before.",
            ),
            name=name,
            value=f"{odd[0]:g}",
        )
    return codes.astype(np.int64)


def _where(chosen: NDArray[np.bool_]) -> slice | NDArray[np.intp]:
    """Index of the cells chosen; all of them are taken without a copy."""
    return slice(None) if chosen.all() else np.flatnonzero(chosen)


def _entry(unit: Int64, step: Int64) -> Int64:
    """One number for a unit and a step, in whose order units come first."""
    return (unit << _STEP_BITS) + step + (1 << (_STEP_BITS - 1))


def _unit_and_step(entry: Int64) -> tuple[Int64, Int64]:
    step = (entry & ((1 << _STEP_BITS) - 1)) - (1 << (_STEP_BITS - 1))
    return entry >> _STEP_BITS, step


class _UnitCounts:
    """Adds up what the blocks count. Units are numbered as they come."""

    def __init__(self) -> None:
        self.numbers: dict[Key, int] = {}
        self.cells: list[int] = []
        # Sorted, each once; what is not among them waits to be merged.
        self._known = np.empty(0, dtype=np.int64)
        self._known_counts = np.empty(0, dtype=np.int64)
        self._new: list[tuple[Int64, Int64]] = []
        self._waiting = 0

    def add(self, part: _BlockCounts) -> Int64:
        """Add a block's counts, and return the numbers of its units."""
        numbers = np.empty(len(part.keys), dtype=np.int64)
        for row, (key, count) in enumerate(zip(part.keys.tolist(), part.cells, strict=True)):
            number = self.numbers.setdefault(tuple(key), len(self.cells))
            if number == len(self.cells):
                self.cells.append(0)
            self.cells[number] += int(count)
            numbers[row] = number
        self._add(_entry(numbers[part.unit], part.step), part.frequency)
        return numbers

    def _add(self, entries: Int64, counts: Int64) -> None:
        # Soon most entries are known, and their counts grow where they stand.
        if self._known.size:
            place = np.searchsorted(self._known, entries)
            known = self._known.take(place, mode="clip") == entries
            self._known_counts[place[known]] += counts[known]
            entries, counts = entries[~known], counts[~known]
        self._new.append((entries, counts))
        self._waiting += entries.size
        if self._waiting > _ENTRIES_AT_ONCE:
            self._merge()

    def _merge(self) -> None:
        parts = [(self._known, self._known_counts), *self._new]
        self._new, self._waiting = [], 0
        entries = np.concatenate([part[0] for part in parts])
        counts = np.concatenate([part[1] for part in parts])
        del parts
        order = np.argsort(entries, kind="stable")
        entries, counts = entries[order], counts[order]
        del order
        if entries.size:
            first = np.flatnonzero(np.concatenate(([True], entries[1:] != entries[:-1])))
            entries, counts = entries[first], np.add.reduceat(counts, first)
        self._known, self._known_counts = entries, counts

    def references(self, percentile: float) -> tuple[Float64, Int64]:
        """Percentile of each unit in NDVI (NaN without data), and its cells with a mean."""
        self._merge()
        unit, step = _unit_and_step(self._known)
        found, quantile, cells = quantiles_of_counts(unit, step, self._known_counts, percentile)
        reference = np.full(len(self.cells), np.nan)
        valid = np.zeros(len(self.cells), dtype=np.int64)
        reference[found] = quantile / STEPS_PER_NDVI
        valid[found] = cells
        return reference, valid


def _compare_block(
    blocks: list[Block], context: BlockContext, parameters: _Comparison
) -> list[Any]:
    (means, has_mean), (numbers, inside) = (
        (block.values[0].reshape(-1), block.valid[0].reshape(-1)) for block in blocks
    )
    outcome = np.where(has_mean, _NO_REFERENCE, _NO_NDVI).astype(np.int8)
    outcome[~inside] = _NO_UNIT
    bands = np.full((2, means.size), NODATA, dtype=np.int16)
    degraded = np.zeros(len(parameters.reference), dtype=np.int64)
    for part in chunks(means.size):
        here = _where(inside[part] & has_mean[part])
        mean, number = means[part][here], numbers[part][here]
        reference = parameters.reference.take(number)
        above = reference > 0.0
        if not above.all():
            here = np.arange(inside[part].size)[here][above]
            mean, number, reference = mean[above], number[above], reference[above]
        found, ratio = performance(
            mean, reference, threshold=parameters.threshold, convention=parameters.convention
        )
        outcome[part][here] = found + 1
        bands[0, part][here], bands[1, part][here] = found, ratio
        degraded += np.bincount(number[found < 0], minlength=degraded.size)
    shape = context.window.height, context.window.width
    units = area_units(context.grid, context.window, parameters.exponent)
    sums = code_sums(outcome.reshape(shape), units, len(OUTCOMES))
    return [bands.reshape(2, *shape), (sums, degraded)]


def _with_warnings(
    result: ProductivityPerformanceResult,
    task: ProductivityPerformanceTask,
    polygons: _Polygons | None,
) -> ProductivityPerformanceResult:
    """Add what the user should know of the units."""
    warnings = []
    small = (result.unit_valid > 0) & (result.unit_valid < task.fewest_cells)
    empty = result.unit_valid == 0
    if small.any():
        warnings.append(
            message(
                translate(
                    "Dbar",
                    "{count} of {all} land units have fewer than {fewest} cells with data "
                    "({cells} cells together): their percentile says little. Such as {names}.",
                ),
                count=int(small.sum()),
                all=len(result.units),
                fewest=task.fewest_cells,
                cells=int(result.unit_valid[small].sum()),
                names=_listed(result, small),
            )
        )
    if empty.any():
        warnings.append(
            message(
                translate(
                    "Dbar",
                    "{count} of {all} land units have no cell with data ({cells} cells together). "
                    "Such as {names}.",
                ),
                count=int(empty.sum()),
                all=len(result.units),
                cells=int(result.unit_cells[empty].sum()),
                names=_listed(result, empty),
            )
        )
    if not task.units and task.polygons is None:
        warnings.append(
            message(
                translate(
                    "Dbar",
                    "No land units are given: all cells are compared with each other, which suits "
                    "only land of one kind.",
                )
            )
        )
    if polygons is not None and polygons.painter.overlaps.any():
        warnings.append(
            message(
                translate(
                    "Dbar",
                    "{count} polygons of {name} overlap others: a cell belongs to the first.",
                ),
                count=int(polygons.painter.overlaps.sum()),
                name=task.polygons.name if task.polygons else "",
            )
        )
    return ProductivityPerformanceResult(
        **{**vars(result), "warnings": (*result.warnings, *warnings)}
    )


def _listed(result: ProductivityPerformanceResult, which: NDArray[np.bool_]) -> str:
    names = ["/".join(result.units[place]) for place in np.flatnonzero(which)[:5]]
    return ", ".join(names)


def unit_table(result: ProductivityPerformanceResult) -> dict[str, list[Any]]:
    """Columns of the table of land units: a row a unit."""
    columns: dict[str, list[Any]] = {}
    for number, layer in enumerate(result.layers, start=1):
        columns[f"layer_{number}"] = [layer] * len(result.units)
        columns[f"value_{number}"] = [unit[number - 1] for unit in result.units]
    columns["cells"] = result.unit_cells.tolist()
    columns["cells_with_data"] = result.unit_valid.tolist()
    columns["reference_ndvi"] = [
        None if np.isnan(value) else round(value, 6) for value in result.unit_reference.tolist()
    ]
    columns["cells_degraded"] = result.unit_degraded.tolist()
    columns["percent_degraded"] = [
        round(100.0 * part / whole, 4) if whole else None
        for part, whole in zip(
            result.unit_degraded.tolist(), result.unit_valid.tolist(), strict=True
        )
    ]
    return columns
