"""SDG 15.3.1: land productivity dynamics (LPD) in five classes, and their three.

From trend, state and performance; or from NDVI after FAO and WOCAT; or taken from a raster made
elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.area_tally import tally_km2
from dbar_qgis_plugin.kernels.degradation import LEGENDS, joint_codes, table_places
from dbar_qgis_plugin.kernels.productivity import (
    FAO_WOCAT_BIOMASS,
    FAO_WOCAT_FEWEST_YEARS,
    FAO_WOCAT_MOST_YEARS,
    fao_wocat_lpd,
    land_productivity,
    three_classes,
)
from dbar_qgis_plugin.pipelines.class_rasters import (
    CLASSES,
    LPD,
    NONE_UNKNOWN,
    ClassRaster,
    CodeSums,
    Unknown,
    area_exponent,
    area_units,
    block_places,
    check_unknown,
    code_sums,
    empty_sums,
    no_result_warnings,
    resampling_messages,
)
from dbar_qgis_plugin.pipelines.inputs import RasterInput, open_indicator, resampling_notes
from dbar_qgis_plugin.pipelines.ndvi_series import NdviSeries, open_ndvi
from dbar_qgis_plugin.pipelines.periods import YearSpan, check_enough, years_needed
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.progress import Message, Progress
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block, RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

BANDS: Final = ("lpd", "productivity")
NODATA: Final = -32768
# NDVI up to which the biomass is low, and medium; the three pairs in use.
BIOMASS_PRESETS: Final = FAO_WOCAT_BIOMASS
COMPONENTS: Final = ("trajectory", "state", "performance")
# LPD 1 to 5, then which components are missing (as bits: 1 trajectory, 2 state, 4 performance), or
# for the other ways, that there is no data.
OUTCOMES: Final = (
    "1",
    "2",
    "3",
    "4",
    "5",
    "trajectory",
    "state",
    "trajectory;state",
    "performance",
    "trajectory;performance",
    "state;performance",
    "trajectory;state;performance",
    "no_data",
)
_FIRST_MISSING = 4  # plus the bits
_NO_DATA = len(OUTCOMES) - 1

Int16 = NDArray[np.int16]


@dataclass(frozen=True)
class FaoWocatTask:
    """LPD from annual NDVI alone; see `kernels.productivity.fao_wocat_lpd`.

    Parameters
    ----------
    ndvi : tuple of RasterInput
        One a year; the grid of the first used is that of the result.
    years : tuple of float
        Their years, increasing.
    span : YearSpan
        The years to use.
    biomass : (float, float)
        NDVI up to which the biomass is low, and medium.
    interval : int
        Number of first and of last years.
    mann_kendall_only : bool
        Leave MTID out.
    minimum_share : float
        Share of the years that must have data, at least eight.
    scale : float, optional
        Divides the values to give NDVI.
    name : str
        Name of the parameter that holds the rasters, for messages.
    """

    ndvi: tuple[RasterInput, ...]
    years: tuple[float, ...]
    span: YearSpan
    biomass: tuple[float, float] = (0.4, 0.7)
    interval: int = 3
    mann_kendall_only: bool = False
    minimum_share: float = 0.67
    scale: float | None = None
    name: str = "NDVI"


@dataclass(frozen=True)
class LandProductivityResult:
    """Cells and areas by `OUTCOMES`, int64 and float64, and what to tell the user."""

    cells: NDArray[np.int64]
    km2: NDArray[np.float64]
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]


class _Table(NamedTuple):
    """By joint code: the two bands, and the outcome."""

    bands: Int16
    outcome: NDArray[np.uint8]


class _ClassParameters(NamedTuple):
    rasters: tuple[ClassRaster, ...]
    exponent: int


class _FaoParameters(NamedTuple):
    series: NdviSeries
    task: FaoWocatTask
    needed: int
    exponent: int


class _Tally(NamedTuple):
    sums: CodeSums
    unknown: tuple[Unknown, ...]


def compute_land_productivity(
    trajectory: RasterInput,
    state: RasterInput,
    performance: RasterInput,
    output: str | Path,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LandProductivityResult:
    """Combine trend, state and performance; without any one of them there is no LPD.

    Parameters
    ----------
    trajectory, state, performance : RasterInput
        -1, 0, 1; the bands of these names are taken where there are such. The grid of the first is
        that of the result.
    output : str or Path
        Raster to write: bands "lpd" (1 .. 5) and "productivity" (-1, 0, 1), Int16, nodata -32768.
    tags : mapping, optional
        Metadata of the raster.
    progress : Progress, optional
        Where to report to.
    workers : Workers, optional
        Threads or cluster, and the memory budget.

    Raises
    ------
    InputError
        If a raster cannot be read, or holds no class at all.
    GridError
        If a raster does not overlap the first one.
    Cancelled
        If the user stops the run.
    """
    opened = [
        ClassRaster(open_indicator(raster, name), CLASSES)
        for raster, name in zip((trajectory, state, performance), COMPONENTS, strict=True)
    ]
    grid = opened[0].source.grid
    rasters = (opened[0], *(raster.on_grid(grid) for raster in opened[1:]))
    return _from_classes(rasters, output, tags, progress, workers)


def import_land_productivity(
    lpd: RasterInput,
    output: str | Path,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LandProductivityResult:
    """Take LPD 1 .. 5 from a raster made elsewhere, in which 0 and 15 mean no data.

    Parameters, result and errors as in `compute_land_productivity`.
    """
    raster = ClassRaster(open_indicator(lpd, BANDS[0]), LPD)
    return _from_classes((raster,), output, tags, progress, workers)


def check_fao_wocat(task: FaoWocatTask) -> int:
    """Fewest years with data; refuse a series that has fewer, or that is too long.

    Raises
    ------
    InputError
        If there are too few rasters, or too many years.
    """
    if task.span.length > FAO_WOCAT_MOST_YEARS:
        raise InputError(
            translate(
                "Dbar",
                "The years {span} are {count}: more than the {most} for which this method has "
                "critical values. Choose fewer years.",
            ),
            span=str(task.span),
            count=task.span.length,
            most=FAO_WOCAT_MOST_YEARS,
        )
    needed = years_needed(task.span, task.minimum_share, FAO_WOCAT_FEWEST_YEARS)
    check_enough(task.span, task.years, needed, task.name)
    return needed


def compute_fao_wocat(
    task: FaoWocatTask,
    output: str | Path,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LandProductivityResult:
    """Compute LPD from annual NDVI after FAO and WOCAT.

    Parameters, result and errors as in `compute_land_productivity`.
    """
    needed = check_fao_wocat(task)
    series = open_ndvi(task.ndvi, task.years, (task.span,), (needed,), task.scale, task.name)
    exponent = area_exponent(series.grid)
    sums, _ = _run(
        _fao_block,
        series.stack.sources,
        series.grid,
        _FaoParameters(series, task, needed, exponent),
        series.bytes_per_cell + 24,
        output,
        tags,
        progress,
        workers,
    )
    warnings = (*series.warnings, *no_result_warnings(sums.cells[: _FIRST_MISSING + 1].sum()))
    return LandProductivityResult(
        sums.cells, tally_km2(sums.units, exponent), series.notes, warnings
    )


def _from_classes(
    rasters: tuple[ClassRaster, ...],
    output: str | Path,
    tags: Mapping[str, str] | None,
    progress: Progress | None,
    workers: Workers | None,
) -> LandProductivityResult:
    sources = [raster.source for raster in rasters]
    grid = sources[0].grid
    exponent = area_exponent(grid)
    sums, warnings = _run(
        _class_block,
        sources,
        grid,
        _ClassParameters(rasters, exponent),
        16,
        output,
        tags,
        progress,
        workers,
        rasters,
    )
    notes = tuple(resampling_messages(resampling_notes(sources)))
    warnings += no_result_warnings(sums.cells[: _FIRST_MISSING + 1].sum())
    return LandProductivityResult(sums.cells, tally_km2(sums.units, exponent), notes, warnings)


def _run(
    function: Callable[..., list[Any]],
    sources: Sequence[RasterSource],
    grid: Grid,
    parameters: Any,
    bytes_per_cell: float,
    output: str | Path,
    tags: Mapping[str, str] | None,
    progress: Progress | None,
    workers: Workers | None,
    rasters: tuple[ClassRaster, ...] = (),
) -> tuple[CodeSums, tuple[Message, ...]]:
    """Write the two bands; sums by outcome, and warnings of values that are no class."""
    workers = workers or Workers()
    sums = empty_sums(len(OUTCOMES))
    unknown = [NONE_UNKNOWN] * len(rasters)

    def add(part: _Tally) -> None:
        nonlocal sums
        sums = sums.plus(part.sums)
        unknown[:] = [one.plus(other) for one, other in zip(unknown, part.unknown, strict=True)]

    with RasterSink(output, grid, BANDS, "int16", NODATA, tags=tags, threads=workers.count) as sink:
        map_blocks(
            function,
            sources,
            (sink,),
            parameters,
            tally=add,
            workers=workers,
            progress=progress,
            bytes_per_cell=bytes_per_cell,
        )
        checked = [check_unknown(*pair) for pair in zip(rasters, unknown, strict=True)]
    return sums, tuple(warning for warning in checked if warning is not None)


@lru_cache(maxsize=4)
def _table(kinds: tuple[str, ...]) -> _Table:
    """Results by joint code: three components, or an LPD."""
    legends = [LEGENDS[kind] for kind in kinds]
    places = table_places([legend.place_count for legend in legends])
    known = [legend.meanings()[1][place] for legend, place in zip(legends, places, strict=True)]
    every = np.logical_and.reduce(known)
    bands = np.full((2, every.size), NODATA, dtype=np.int16)
    if kinds == (LPD,):
        lpd = places[0][every].astype(np.int16)
        outcome = np.full(every.size, _NO_DATA, dtype=np.uint8)
    else:
        # Place 1 is -1.
        lpd = land_productivity(*(place[every] - 2 for place in places))
        missing = sum(~part * np.uint8(1 << bit) for bit, part in enumerate(known))
        outcome = np.asarray(_FIRST_MISSING + missing, dtype=np.uint8)
    bands[0, every], bands[1, every] = lpd, three_classes(lpd)
    outcome[every] = lpd - 1
    return _Table(bands, outcome)


def _class_block(
    blocks: list[Block], context: BlockContext, parameters: _ClassParameters
) -> list[Any]:
    rasters = parameters.rasters
    found = [block_places(raster, block) for raster, block in zip(rasters, blocks, strict=True)]
    counts = [raster.legend.place_count for raster in rasters]
    codes = joint_codes([places for places, _ in found], counts)
    table = _table(tuple(raster.kind for raster in rasters))
    units = area_units(context.grid, context.window, parameters.exponent)
    sums = code_sums(table.outcome[codes], units, len(OUTCOMES))
    tally = _Tally(sums, tuple(unknown for _, unknown in found))
    return [np.stack([band[codes] for band in table.bands]), tally]


def _fao_block(blocks: list[Block], context: BlockContext, parameters: _FaoParameters) -> list[Any]:
    series, task = parameters.series, parameters.task
    values, valid = series.cells(blocks)
    lpd, known = fao_wocat_lpd(
        values,
        valid,
        series.years,
        scale=series.scale,
        biomass=task.biomass,
        interval=task.interval,
        needed=parameters.needed,
        mann_kendall_only=task.mann_kendall_only,
    )
    bands = np.stack((lpd, three_classes(lpd)))
    bands[:, ~known] = NODATA
    outcome = np.where(known, lpd - 1, _NO_DATA)
    shape = context.window.height, context.window.width
    units = area_units(context.grid, context.window, parameters.exponent)
    sums = code_sums(outcome.reshape(shape), units, len(OUTCOMES))
    return [bands.reshape(2, *shape), _Tally(sums, ())]
