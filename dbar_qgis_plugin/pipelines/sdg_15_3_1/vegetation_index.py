"""Annual vegetation index from composites: any number a year to one band a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.vegetation_series import (
    INTEGRAL,
    MEAN,
    annual_value,
    composite_weights,
)
from dbar_qgis_plugin.pipelines.class_rasters import resampling_messages
from dbar_qgis_plugin.pipelines.dates import Season, missing_months
from dbar_qgis_plugin.pipelines.inputs import (
    CATEGORICAL,
    CONTINUOUS,
    RasterInput,
    Stack,
    open_stack,
    resampling_notes,
)
from dbar_qgis_plugin.pipelines.ndvi_series import INTEGER_SCALE, ndvi_scale
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block
from dbar_qgis_plugin.raster_io.workers import Workers

NODATA: Final = -32768
INT16, FLOAT32 = "int16", "float32"

_LARGEST = 32_767
_KERNEL_BYTES = 16  # a cell's part of what the kernel holds beside its inputs


@dataclass(frozen=True)
class VegetationIndexTask:
    """What to compute.

    composites, dates : rasters of a vegetation index, and the date of each
    quality, accepted : one quality raster a composite, in the same order, or one for all; and the
        values with which a cell may be used
    statistic : "mean", "maximum" or "integral" over the growing season
    season : months of the growing season (`integral` only)
    threshold : index below which it is no growing season (`integral` only); None = fixed months
    minimum_composites : a cell with fewer valid ones has no value that year
    scale : the composites are this many times the index; None = 10000 for whole numbers, else 1
    data_type : "int16" (index x 10000) or "float32"
    """

    composites: Sequence[RasterInput]
    dates: Sequence[date]
    quality: Sequence[RasterInput] = ()
    accepted: tuple[int, ...] = ()
    statistic: str = MEAN
    season: Season = field(default_factory=Season)
    threshold: float | None = None
    minimum_composites: int = 1
    scale: float | None = None
    data_type: str = INT16


class YearSummary(NamedTuple):
    """What a year's value stands on.

    composites : int, number of composites
    missing_months : months of the season, or of the year, without any composite
    cells_without : int, cells without enough valid composites
    """

    year: int
    composites: int
    missing_months: tuple[int, ...]
    cells_without: int


@dataclass(frozen=True)
class VegetationIndexResult:
    """Years computed, the scale that was taken, and what to tell the user."""

    years: tuple[YearSummary, ...]
    scale: float
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]


class _Year(NamedTuple):
    year: int
    composites: Stack
    quality: Stack | None
    days: tuple[float, ...]
    weights: tuple[float, ...]


class _Plan(NamedTuple):
    years: tuple[_Year, ...]
    statistic: str
    threshold: float
    minimum: int
    accepted: tuple[int, ...]
    factor: float
    data_type: str
    name: str


def compute_vegetation_index(
    task: VegetationIndexTask,
    output: str,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> VegetationIndexResult:
    """Write one band a year.

    Parameters
    ----------
    task : VegetationIndexTask
        What to compute.
    output : str
        Raster to write, on the grid of the first composite; bands are named by their year.
    tags : mapping of str to str, optional
        Metadata of the output.
    progress : Progress, optional
        Where to report to.
    workers : Workers, optional
        Threads or cluster, and the memory budget.

    Raises
    ------
    InputError
        If rasters cannot be read, do not overlap, or hold values that do not fit their scale.
    OutputError
        If the output cannot be written.
    Cancelled
        If the user stops the run.
    """
    progress = progress or Progress()
    order = sorted(range(len(task.composites)), key=task.dates.__getitem__)
    whole = open_stack([task.composites[place] for place in order])
    scale = ndvi_scale(whole.sources, task.scale, whole.sources[0].name)
    grid = whole.sources[0].grid
    season = task.season if task.statistic == INTEGRAL else Season()
    years = _years(task, order, season, grid)
    notes = _notes(task, years, scale)
    for note in notes:
        progress.say(note)
    plan = _Plan(
        years,
        task.statistic,
        -np.inf if task.threshold is None else task.threshold * scale,
        task.minimum_composites,
        task.accepted,
        (INTEGER_SCALE if task.data_type == INT16 else 1.0) / scale,
        task.data_type,
        whole.sources[0].name,
    )
    without = np.zeros(len(years), dtype=np.int64)

    def add(counts: NDArray[np.int64]) -> None:
        without[:] += counts

    # A block reads its years one after the other, so that memory holds the composites of one.
    largest = max(
        sum(_bytes(stack) for stack in (year.composites, year.quality) if stack is not None)
        for year in years
    )
    first = years[0].composites.sources[0]
    with RasterSink(
        output,
        grid,
        [str(year.year) for year in years],
        task.data_type,
        NODATA,
        tags={**(tags or {}), "DBAR_INDEX_SCALE": f"{plan.factor * scale:g}"},
        threads=(workers or Workers()).count,
    ) as sink:
        map_blocks(
            _index_block,
            [first.one_band(first.bands[0])],
            [sink],
            plan,
            tally=add,
            workers=workers,
            progress=progress,
            bytes_per_cell=largest + 4 * len(years) + _KERNEL_BYTES,
        )
    summaries = tuple(
        YearSummary(
            year.year,
            len(year.days),
            missing_months(task.dates, season, year.year),
            int(count),
        )
        for year, count in zip(years, without, strict=True)
    )
    return VegetationIndexResult(
        summaries, scale, notes, _warnings(summaries, grid.width * grid.height)
    )


def _bytes(stack: Stack) -> int:
    """Memory that a stack takes per cell; layers of several files are put together in a copy."""
    layers = sum((source.value_dtype.itemsize + 2) * len(source.bands) for source in stack.sources)
    return layers if len(stack.sources) == 1 else 2 * layers


def _years(
    task: VegetationIndexTask, order: Sequence[int], season: Season, grid: Grid
) -> tuple[_Year, ...]:
    """Composites by the year that they belong to, in order of time."""
    members: dict[int, list[int]] = {}
    for place in order:
        year = season.year_of(task.dates[place])
        if year is not None:
            members.setdefault(year, []).append(place)
    if not members:
        raise InputError(
            translate("Dbar", "No composite lies in the season, months {first} to {last}."),
            first=season.first,
            last=season.last,
        )
    years = []
    for year, places in sorted(members.items()):
        begin, end = season.bounds(year)
        days = tuple(float(task.dates[place].toordinal()) for place in places)
        composites = open_stack([task.composites[place] for place in places])
        quality = None
        if task.quality:
            shared = len(task.quality) == 1
            rasters = [task.quality[0 if shared else place] for place in places]
            quality = open_stack(rasters[:1] if shared else rasters)
            quality = quality.on_reference(grid, CATEGORICAL)
        length = date(year + 1, 1, 1).toordinal() - date(year, 1, 1).toordinal()
        weights = composite_weights(days, begin.toordinal(), end.toordinal(), length)
        years.append(_Year(year, composites.on_reference(grid, CONTINUOUS), quality, days, weights))
    return tuple(years)


def _index_block(
    _: list[Block], context: BlockContext, plan: _Plan
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    window = context.window
    values = np.full((len(plan.years), window.height, window.width), NODATA, dtype=plan.data_type)
    without = np.zeros(len(plan.years), dtype=np.int64)
    for number, year in enumerate(plan.years):
        composites = year.composites.layers(
            [source.read(window) for source in year.composites.sources]
        )
        valid = composites.valid
        if year.quality is not None:
            quality = year.quality.layers([source.read(window) for source in year.quality.sources])
            valid = valid & quality.valid & np.isin(quality.values, plan.accepted)
        cells = window.height * window.width
        found, known = annual_value(
            composites.values.reshape(-1, cells),
            valid.reshape(-1, cells),
            plan.statistic,
            days=year.days,
            weights=year.weights,
            threshold=plan.threshold,
            minimum=plan.minimum,
        )
        found *= plan.factor
        if plan.data_type == INT16:
            found = np.rint(found)
            _check_fits(found, plan, year.year)
        values[number].reshape(-1)[known] = found[known]
        without[number] = cells - np.count_nonzero(known)
    return values, without


def _check_fits(found: NDArray[np.float64], plan: _Plan, year: int) -> None:
    extreme = found[np.argmax(np.abs(found))]
    if abs(extreme) > _LARGEST:
        raise InputError(
            translate(
                "Dbar",
                "{name}: an index of {value} in {year} cannot be, if the scale is {scale}. "
                "Correct the scale, or choose Float32 for another index.",
            ),
            name=plan.name,
            value=f"{extreme / INTEGER_SCALE:g}",
            year=year,
            scale=f"{INTEGER_SCALE / plan.factor:g}",
        )


def _notes(task: VegetationIndexTask, years: Sequence[_Year], scale: float) -> tuple[Message, ...]:
    notes = [
        message(
            translate("Dbar", "{count} composites from {first} to {last}; index = value / {scale}"),
            count=len(task.composites),
            first=min(task.dates).isoformat(),
            last=max(task.dates).isoformat(),
            scale=f"{scale:g}",
        )
    ]
    stacks = [stack for year in years for stack in (year.composites, year.quality) if stack]
    resampled = resampling_notes([source for stack in stacks for source in stack.sources])
    notes += resampling_messages(list(dict.fromkeys(resampled)))  # each raster once
    return tuple(notes)


def _warnings(years: Sequence[YearSummary], cells: int) -> tuple[Message, ...]:
    warnings = [
        message(
            translate("Dbar", "{year}: no composite in months {months}"),
            year=year.year,
            months=", ".join(map(str, year.missing_months)),
        )
        for year in years
        if year.missing_months
    ]
    empty = [year.year for year in years if year.cells_without == cells]
    if empty:
        warnings.append(
            message(
                translate("Dbar", "Years in which no cell has enough valid composites: {years}"),
                years=", ".join(map(str, empty)),
            )
        )
    have = {year.year for year in years}
    absent = [year for year in range(min(have), max(have)) if year not in have]
    if absent:
        warnings.append(
            message(
                translate("Dbar", "Years without any composite, so without a band: {years}"),
                years=", ".join(map(str, absent)),
            )
        )
    return tuple(warnings)


def year_table(result: VegetationIndexResult) -> dict[str, list[Any]]:
    """Columns of the table of years."""
    return {
        "year": [row.year for row in result.years],
        "composites": [row.composites for row in result.years],
        "missing_months_count": [len(row.missing_months) for row in result.years],
        "missing_months": [", ".join(map(str, row.missing_months)) for row in result.years],
        "cells_without_value": [row.cells_without for row in result.years],
    }
