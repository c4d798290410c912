"""SDG 15.3.1: productivity state, the recent years against the years before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.area_tally import tally_km2
from dbar_qgis_plugin.kernels.productivity import (
    FEWEST_BASELINE_YEARS,
    TRENDS_EARTH_DEAD_BAND,
    productivity_state,
)
from dbar_qgis_plugin.kernels.trend import CONVENTIONS, TRENDS_EARTH
from dbar_qgis_plugin.pipelines.class_rasters import (
    CodeSums,
    area_exponent,
    area_units,
    code_sums,
    empty_sums,
    no_result_warnings,
)
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.ndvi_series import NdviSeries, open_ndvi
from dbar_qgis_plugin.pipelines.periods import YearSpan, check_enough, years_needed
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.progress import Message, Progress
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block
from dbar_qgis_plugin.raster_io.workers import Workers

BANDS: Final = ("state", "class_change")
NODATA: Final = -32768
STATE_CONVENTIONS: Final = CONVENTIONS
# Degraded, stable, improved, then why there is no result.
OUTCOMES: Final = ("degraded", "stable", "improved", "baseline", "recent", "both")


@dataclass(frozen=True)
class ProductivityStateTask:
    """What to compute.

    Parameters
    ----------
    ndvi : tuple of RasterInput
        Annual vegetation index, one a year; the grid of the first used is that of the result.
    years : tuple of float
        Their years, increasing.
    baseline, recent : YearSpan
        The years that are compared.
    convention : {"prais4", "trends_earth", "gpg_v2"}
        See `kernels.productivity.productivity_state`.
    classes, shift : int
        Number of classes, and how many make a change.
    dead_band : float, optional
        Change of NDVI up to which nothing has changed; if absent, 0.01 in "trends_earth", else 0.
    minimum_share : float
        Share of each window's years that must have data.
    scale : float, optional
        Divides the values to give NDVI; see `pipelines.ndvi_series.open_ndvi`.
    name : str
        Name of the parameter that holds the rasters, for messages.
    """

    ndvi: tuple[RasterInput, ...]
    years: tuple[float, ...]
    baseline: YearSpan
    recent: YearSpan
    convention: str = "prais4"
    classes: int = 10
    shift: int = 2
    dead_band: float | None = None
    minimum_share: float = 0.67
    scale: float | None = None
    name: str = "NDVI"


@dataclass(frozen=True)
class ProductivityStateResult:
    """Cells and areas by `OUTCOMES`, int64 and float64 [6], and what to tell the user."""

    cells: NDArray[np.int64]
    km2: NDArray[np.float64]
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]


class _Parameters(NamedTuple):
    series: NdviSeries
    convention: str
    classes: int
    shift: int
    dead_band: float
    needed: tuple[int, int]
    exponent: int


def check_productivity_state(task: ProductivityStateTask) -> tuple[int, int]:
    """Fewest years with data of baseline and recent years; refuse a series that has fewer.

    Raises
    ------
    InputError
        If a window has too few rasters.
    """
    needed = (
        years_needed(task.baseline, task.minimum_share, FEWEST_BASELINE_YEARS),
        years_needed(task.recent, task.minimum_share),
    )
    for span, least in zip((task.baseline, task.recent), needed, strict=True):
        check_enough(span, task.years, least, task.name)
    return needed


def compute_productivity_state(
    task: ProductivityStateTask,
    output: str | Path,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> ProductivityStateResult:
    """Compute the state of each cell.

    Parameters
    ----------
    task : ProductivityStateTask
        What to compute.
    output : str or Path
        Raster to write: bands "state" (-1, 0, 1) and "class_change", Int16, nodata -32768.
    tags : mapping, optional
        Metadata of the raster.
    progress : Progress, optional
        Where to report to.
    workers : Workers, optional
        Threads or cluster, and the memory budget.

    Raises
    ------
    InputError
        If a window has too few rasters, or a raster cannot be read.
    GridError
        If a raster does not overlap the first one.
    Cancelled
        If the user stops the run.
    """
    workers = workers or Workers()
    needed = check_productivity_state(task)
    spans = (task.baseline, task.recent)
    series = open_ndvi(task.ndvi, task.years, spans, needed, task.scale, task.name)
    dead_band = task.dead_band
    if dead_band is None:
        dead_band = TRENDS_EARTH_DEAD_BAND if task.convention == TRENDS_EARTH else 0.0
    exponent = area_exponent(series.grid)
    sums = empty_sums(len(OUTCOMES))

    def add(part: CodeSums) -> None:
        nonlocal sums
        sums = sums.plus(part)

    with RasterSink(
        output, series.grid, BANDS, "int16", NODATA, tags=tags, threads=workers.count
    ) as sink:
        map_blocks(
            _state_block,
            series.stack.sources,
            (sink,),
            _Parameters(
                series,
                task.convention,
                task.classes,
                task.shift,
                dead_band * series.scale,
                needed,
                exponent,
            ),
            tally=add,
            workers=workers,
            progress=progress,
            bytes_per_cell=series.bytes_per_cell + 24,
        )
    return ProductivityStateResult(
        sums.cells,
        tally_km2(sums.units, exponent),
        series.notes,
        (*series.warnings, *no_result_warnings(sums.cells[:3].sum())),
    )


def _state_block(blocks: list[Block], context: BlockContext, parameters: _Parameters) -> list[Any]:
    values, valid = parameters.series.cells(blocks)
    baseline, recent = parameters.series.windows
    found = productivity_state(
        (values[baseline], valid[baseline]),
        (values[recent], valid[recent]),
        convention=parameters.convention,
        baseline_needed=parameters.needed[0],
        recent_needed=parameters.needed[1],
        classes=parameters.classes,
        shift=parameters.shift,
        dead_band=parameters.dead_band,
    )
    missing = found.baseline_missing | found.recent_missing
    cause = 2 + found.baseline_missing + 2 * found.recent_missing.astype(np.int16)
    outcome = np.where(missing, cause, found.state + 1)
    shape = context.window.height, context.window.width
    bands = np.stack((found.state, found.change))
    bands[:, missing] = NODATA
    units = area_units(context.grid, context.window, parameters.exponent)
    return [bands.reshape(2, *shape), code_sums(outcome.reshape(shape), units, len(OUTCOMES))]
