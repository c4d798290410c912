"""Trajectory of land productivity (SDG 15.3.1): the trend of an annual vegetation index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.trend import (
    LONGEST_TRENDS_EARTH,
    NDVI,
    PRAIS4,
    TRENDS_EARTH,
    TrendRule,
    trajectory,
)
from dbar_qgis_plugin.pipelines.class_rasters import no_result_warnings, resampling_messages
from dbar_qgis_plugin.pipelines.inputs import (
    CONTINUOUS,
    RasterInput,
    Stack,
    open_stack,
    resampling_notes,
)
from dbar_qgis_plugin.pipelines.ndvi_series import ndvi_scale, scale_warnings
from dbar_qgis_plugin.pipelines.sdg_15_3_1.vegetation_index import NODATA
from dbar_qgis_plugin.pipelines.years import year_text
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block, RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

BANDS: Final = ("slope", "statistic", "significance", "trajectory")

# In units of the index per year; Trends.Earth writes it as 10 of NDVI x 10000.
TRENDS_EARTH_SLOPE: Final = 0.001
# With fewer years even a series that always rises hardly passes the test.
USUAL_MINIMUM_YEARS: Final = 8

_OUTPUT_BYTES = 4 * len(BANDS) + 24


@dataclass(frozen=True)
class ProductivityTrajectoryTask:
    """What to compute.

    index, years : annual vegetation index, and the year of each, increasing
    climate : for "restrend" and "ue": rain or evapotranspiration of the same years
    method : "ndvi", "restrend" or "ue"
    convention : "prais4", "trends_earth" or "gpg_v2"
    alpha : two-sided p value up to which a trend counts (`prais4` only)
    slope_threshold : a slope up to this is no trend, in units of the index per year (with "ue": per
        metre of water); None = the convention's own: 0.001 for `trends_earth`, else none
    minimum_years : a cell with fewer years with data has no result
    theil_sen : median of the pairs' slopes instead of the least-squares slope
    scale : the rasters are this many times the index; None = 10000 for whole numbers, else 1
    """

    index: Sequence[RasterInput]
    years: Sequence[float]
    climate: Sequence[RasterInput] = ()
    method: str = NDVI
    convention: str = PRAIS4
    alpha: float = 0.05
    slope_threshold: float | None = None
    minimum_years: int = USUAL_MINIMUM_YEARS
    theil_sen: bool = False
    scale: float | None = None

    @property
    def formula(self) -> str:
        """Identifier of the method, for the output's metadata."""
        return f"productivitytrajectory/{self.convention}/{self.method}"


@dataclass(frozen=True)
class ProductivityTrajectoryResult:
    """What the run found beside the raster.

    cells : number of cells by class: degraded, stable, improved
    cells_too_short : cells with some years with data, but fewer than the minimum (or without a
        relation with the climate)
    cells_empty : cells without data in any year
    scale : what the rasters were divided by
    """

    cells: tuple[int, int, int]
    cells_too_short: int
    cells_empty: int
    scale: float
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]


class _Plan(NamedTuple):
    years: tuple[float, ...]
    rule: TrendRule
    method: str
    scale: float
    series: Stack
    climate: Stack | None


def check_trajectory(task: ProductivityTrajectoryTask) -> None:
    """Refuse a series that the test cannot judge; quick, nothing is read.

    Raises
    ------
    InputError
        Too few or too many years, or climate that does not match them.
    """
    count = len(task.years)
    if count < task.minimum_years:
        raise InputError(
            translate(
                "Dbar",
                "The series has {count} years ({years}), but the trend needs at least {needed}. "
                "Add years, or lower the minimum number of years; with fewer than 8 the "
                "Mann-Kendall test finds hardly any trend.",
            ),
            count=count,
            years=", ".join(map(year_text, task.years)),
            needed=task.minimum_years,
        )
    if task.convention == TRENDS_EARTH and count > LONGEST_TRENDS_EARTH:
        raise InputError(
            translate(
                "Dbar",
                "The convention trends_earth has critical values for at most {longest} years, the "
                "series has {count}. Choose another convention, or fewer years.",
            ),
            longest=LONGEST_TRENDS_EARTH,
            count=count,
        )
    if task.method != NDVI and len(task.climate) != count:
        raise InputError(
            translate(
                "Dbar",
                "The method {method} needs climate data of each year: {count} years of the "
                "vegetation index, {climate} of the climate. Give one for each.",
            ),
            method=task.method,
            count=count,
            climate=len(task.climate),
        )


def compute_productivity_trajectory(
    task: ProductivityTrajectoryTask,
    output: str,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> ProductivityTrajectoryResult:
    """Write slope, test statistic, significance and class of the trend.

    Parameters
    ----------
    task : ProductivityTrajectoryTask
        What to compute.
    output : str
        Raster to write, on the grid of the first index raster: Float32, nodata -32768, bands
        "slope" (index per year), "statistic" (p, S or z, as the convention compares),
        "significance" (-3 .. 3) and "trajectory" (-1, 0, 1).
    tags : mapping of str to str, optional
        Metadata of the output.
    progress : Progress, optional
        Where to report to.
    workers : Workers, optional
        Threads or cluster, and the memory budget.

    Raises
    ------
    InputError
        If the series cannot be judged, or rasters cannot be read or do not overlap.
    OutputError
        If the output cannot be written.
    Cancelled
        If the user stops the run.
    """
    progress = progress or Progress()
    check_trajectory(task)
    index = open_stack(task.index)
    grid = index.sources[0].grid
    scale = ndvi_scale(index.sources, task.scale, index.sources[0].name)
    index = index.on_reference(grid, CONTINUOUS)
    sources, climate = index.sources, None
    if task.method != NDVI:
        climate = open_stack(task.climate).on_reference(grid, CONTINUOUS)
        sources += climate.sources
    threshold = task.slope_threshold
    if threshold is None:
        threshold = TRENDS_EARTH_SLOPE if task.convention == TRENDS_EARTH else 0.0
    rule = TrendRule(
        task.convention, task.alpha, threshold, task.minimum_years, theil_sen=task.theil_sen
    )
    plan = _Plan(tuple(task.years), rule, task.method, scale, index, climate)
    notes = _notes(task, rule, scale, sources)
    for note in notes:
        progress.say(note)
    unlike_ndvi = scale_warnings(index.sources[0], scale)
    cells = np.zeros(5, dtype=np.int64)

    def add(counts: NDArray[np.int64]) -> None:
        cells[:] += counts

    facts = {"DBAR_INDEX_SCALE": f"{scale:g}", "DBAR_STATISTIC": _STATISTIC[task.convention]}
    with RasterSink(
        output,
        grid,
        BANDS,
        "float32",
        NODATA,
        tags={**(tags or {}), **facts},
        threads=(workers or Workers()).count,
    ) as sink:
        map_blocks(
            _trend_block,
            sources,
            [sink],
            plan,
            tally=add,
            workers=workers,
            progress=progress,
            bytes_per_cell=_OUTPUT_BYTES
            + 3 * len(task.years),  # layers of several files, put together
        )
    degraded, stable, improved, short, empty = map(int, cells)
    warnings = (
        *unlike_ndvi,
        *_warnings(task, short),
        *no_result_warnings(degraded + stable + improved),
    )
    return ProductivityTrajectoryResult(
        (degraded, stable, improved), short, empty, scale, notes, warnings
    )


_STATISTIC: Final = {"prais4": "p", "trends_earth": "S", "gpg_v2": "z"}


def _trend_block(
    blocks: list[Block], context: BlockContext, plan: _Plan
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    height, width = context.window.height, context.window.width
    cells = height * width
    own = len(plan.series.sources)
    values, valid = plan.series.layers(blocks[:own])
    climate = None
    if plan.climate is not None:
        climate, there = plan.climate.layers(blocks[own:])
        valid = valid & there
        climate = climate.reshape(-1, cells)
    found = trajectory(
        values.reshape(-1, cells),
        valid.reshape(-1, cells),
        plan.years,
        plan.rule,
        method=plan.method,
        climate=climate,
        scale=plan.scale,
    )
    out = np.empty((len(BANDS), cells), dtype=np.float32)
    out[0], out[1], out[2], out[3] = (
        found.slope,
        found.statistic,
        found.significance,
        found.trajectory,
    )
    out[:, ~found.known] = NODATA
    counts = np.bincount(found.trajectory[found.known] + 1, minlength=3)
    unknown = cells - int(counts.sum())
    some = int(np.count_nonzero(valid.any(axis=0).reshape(-1) & ~found.known))
    return out.reshape(len(BANDS), height, width), np.append(counts, (some, unknown - some))


def _notes(
    task: ProductivityTrajectoryTask,
    rule: TrendRule,
    scale: float,
    sources: Sequence[RasterSource],
) -> tuple[Message, ...]:
    template = translate(
        "Dbar",
        "Convention {convention}, {count} years from {first} to {last}; index = value / {scale}",
    )
    if rule.slope_threshold:
        template = translate(
            "Dbar",
            "Convention {convention}, {count} years from {first} to {last}; index = value / "
            "{scale}; a slope up to {threshold} per year is no trend",
        )
    notes = [
        message(
            template,
            convention=task.convention,
            count=len(task.years),
            first=year_text(task.years[0]),
            last=year_text(task.years[-1]),
            scale=f"{scale:g}",
            threshold=f"{rule.slope_threshold:g}",
        )
    ]
    absent = [
        year
        for year in range(int(task.years[0]), int(task.years[-1]))
        if year not in {int(each) for each in task.years}
    ]
    if absent:
        notes.append(
            message(
                translate(
                    "Dbar", "Years without a raster: {years}; the others keep their distance"
                ),
                years=", ".join(map(str, absent)),
            )
        )
    notes += resampling_messages(resampling_notes(sources))
    return tuple(notes)


def _warnings(task: ProductivityTrajectoryTask, cells_too_short: int) -> tuple[Message, ...]:
    warnings = []
    if len(task.years) < USUAL_MINIMUM_YEARS:
        warnings.append(
            message(
                translate(
                    "Dbar",
                    "Only {count} years: with fewer than 8 the Mann-Kendall test finds hardly any "
                    "trend, so “stable” means little.",
                ),
                count=len(task.years),
            )
        )
    if cells_too_short:
        warnings.append(
            message(
                translate(
                    "Dbar",
                    "{count} cells have data in fewer than {needed} years (or a climate that does "
                    "not vary), and so no result.",
                ),
                count=cells_too_short,
                needed=task.minimum_years,
            )
        )
    return tuple(warnings)
