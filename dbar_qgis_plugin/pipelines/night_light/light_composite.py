"""Composites of night lights: one raster of many dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.order_statistics import chunks, quantiles
from dbar_qgis_plugin.pipelines.class_rasters import resampling_messages
from dbar_qgis_plugin.pipelines.inputs import (
    CONTINUOUS,
    RasterInput,
    on_reference,
    resampling_notes,
)
from dbar_qgis_plugin.pipelines.night_light.light_bands import (
    COLOURS,
    DATE,
    PANCHROMATIC,
    SCENE,
    light_date,
    light_unit,
)
from dbar_qgis_plugin.pipelines.night_light.light_fill import map_light_blocks
from dbar_qgis_plugin.raster_io.blocks import BlockContext
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block, RasterSource, open_source
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]
Bools = NDArray[np.bool_]

MEDIAN, MEAN, PERCENTILE = STATISTICS = ("median", "mean", "percentile")
NODATA: Final = -9999.0
COUNT_BAND: Final = "valid_count"
_SCENE_BANDS = (COLOURS, ("r", "g", "b"), tuple(map(str.casefold, PANCHROMATIC)))
_PARTS = 1000  # percentiles are taken to a tenth of a percent


@dataclass(frozen=True)
class LightCompositeTask:
    """What to compose.

    rasters : several rasters, one a date, whose bands are composed one by one; or a single one,
        whose bands are the dates
    statistic : one of `STATISTICS`
    percentile : for that statistic, 0 to 100
    least_valid : fewest dates with data that give a value
    name : of the parameter that holds the rasters, for messages
    """

    rasters: tuple[RasterInput, ...]
    statistic: str = MEDIAN
    percentile: float = 95.0
    least_valid: int = 1
    name: str = "RASTERS"


@dataclass(frozen=True)
class LightCompositeResult:
    """What a composite holds.

    bands : names of the bands; the last one counts dates
    dates : number of dates
    unit : of the first raster, as its file says it
    begin, end : days of the first and the last of them, where all are known
    cells : by number of dates with data, 0 to all
    """

    bands: tuple[str, ...]
    dates: int
    unit: str
    begin: date | None
    end: date | None
    cells: NDArray[np.int64]
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]


class _Parameters(NamedTuple):
    statistic: str
    part: tuple[int, int]
    least_valid: int
    bands: int


def compute_light_composite(
    task: LightCompositeTask,
    output: str | Path,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LightCompositeResult:
    """Write a statistic over the dates of each cell, and how many dates it rests on.

    A date counts at a cell where all its bands have data. Rasters on another grid than the first
    are resampled onto it.

    Parameters
    ----------
    task : LightCompositeTask
        What to compose.
    output : str or Path
        Raster to write: the bands in the inputs' unit and "valid_count", Float32, nodata -9999.
    tags : mapping, optional
        Metadata of the raster.
    progress : Progress, optional
        Where to report to.
    workers : Workers, optional
        Threads or cluster, and the memory budget.

    Raises
    ------
    InputError
        If there are fewer than two dates, or rasters with different numbers of bands; if the bands
        of a single raster are those of one scene.
    GridError
        If a raster does not overlap the first one.
    Cancelled
        If the user stops the run.
    """
    workers, progress = workers or Workers(), progress or Progress()
    first, *others = (
        open_source(raster.path, raster.open_options, name=raster.name or raster.path)
        for raster in task.rasters
    )
    through_bands = not others
    dates = len(first.bands) if through_bands else len(task.rasters)
    _check(task, first, others, dates)
    sources = [first, *(on_reference(source, first.grid, CONTINUOUS) for source in others)]
    bands = 1 if through_bands else len(first.bands)
    names = _names(task, first, bands)
    cells = np.zeros(dates + 1, dtype=np.int64)

    def add(counted: NDArray[np.int64]) -> None:
        cells[:] += counted

    parameters = _Parameters(
        task.statistic,
        (1, 2) if task.statistic == MEDIAN else (round(task.percentile * _PARTS / 100), _PARTS),
        task.least_valid,
        bands,
    )
    days = sorted(day for day in map(light_date, sources) if day is not None)
    known = len(days) == len(sources) and not through_bands
    period = {"DBAR_DATE_BEFORE": days[0].isoformat(), DATE: days[-1].isoformat()} if known else {}
    with RasterSink(
        output,
        first.grid,
        names,
        "float32",
        NODATA,
        units=[*first.info.units[:bands], ""],
        tags={**period, **dict(tags or {})},
        threads=workers.count,
    ) as sink:
        filled = map_light_blocks(
            _compose_block,
            sources,
            (sink,),
            parameters,
            tally=add,
            lights=len(sources),
            workers=workers,
            progress=progress,
            # The dates once more, in order, and the results.
            bytes_per_cell=9.0 * dates * bands + 12.0 * (bands + 1),
        )
    return LightCompositeResult(
        names,
        dates,
        first.info.units[0],
        days[0] if known else None,
        days[-1] if known else None,
        cells,
        tuple(resampling_messages(resampling_notes(sources))),
        (*filled, *_colour_warnings(sources), *_warnings(sources)),
    )


def _check(
    task: LightCompositeTask, first: RasterSource, others: Sequence[RasterSource], dates: int
) -> None:
    if dates < 2:
        raise InputError(
            translate(
                "Dbar",
                "{parameter}: a composite takes at least two dates, as several rasters or as "
                "bands of one; {name} has one band.",
            ),
            parameter=task.name,
            name=first.name,
        )
    scene = dict(first.info.tags).get(SCENE)
    if not others and scene:
        raise InputError(
            translate(
                "Dbar",
                "{parameter}: the bands of {name} are those of one scene, {scene}, not dates. "
                "Choose the rasters of several dates.",
            ),
            parameter=task.name,
            name=first.name,
            scene=scene,
        )
    for source in others:
        if len(source.bands) != len(first.bands):
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: {name} has {count} bands, but {first} has {expected}. Choose "
                    "rasters of one kind.",
                ),
                parameter=task.name,
                name=source.name,
                count=len(source.bands),
                first=first.name,
                expected=len(first.bands),
            )
    if task.least_valid > dates:
        raise InputError(
            translate(
                "Dbar",
                "{parameter}: {needed} dates with data are asked for, but there are only {dates}. "
                "Lower that number.",
            ),
            parameter=task.name,
            needed=task.least_valid,
            dates=dates,
        )


def _names(task: LightCompositeTask, first: RasterSource, bands: int) -> tuple[str, ...]:
    statistic = f"p{task.percentile:g}" if task.statistic == PERCENTILE else task.statistic
    if bands == 1:
        return statistic, COUNT_BAND
    # Colours keep their names, so that what comes next finds them.
    return (
        *(name or f"{statistic}_{band}" for band, name in enumerate(first.info.descriptions, 1)),
        COUNT_BAND,
    )


def _compose_block(
    blocks: list[Block], _context: BlockContext, parameters: _Parameters
) -> list[Any]:
    height, width = blocks[0].values.shape[1:]
    bands = parameters.bands
    if len(blocks) == 1:  # [band, date, cell]
        layers = [blocks[0].values.reshape(-1, height * width)]
        valid = blocks[0].valid.reshape(-1, height * width)
    else:
        layers = [
            np.stack([block.values[band].reshape(-1) for block in blocks]) for band in range(bands)
        ]
        valid = np.stack([block.valid.all(axis=0).reshape(-1) for block in blocks])
    counted = valid.sum(axis=0)
    result = np.empty((bands + 1, height * width), dtype=np.float32)
    for row, values in enumerate(layers):
        result[row] = _statistic(values, valid, counted, parameters)
    result[:bands, counted < max(parameters.least_valid, 1)] = NODATA
    result[bands] = counted
    tallied = np.bincount(counted, minlength=valid.shape[0] + 1)
    return [result.reshape(-1, height, width), tallied]


def _statistic(
    values: NDArray[Any], valid: Bools, counted: NDArray[Any], parameters: _Parameters
) -> Float64:
    if parameters.statistic != MEAN:
        found: Float64 = quantiles(values, valid, (parameters.part,))[0]
        return found
    result = np.empty(values.shape[1])
    for here in chunks(values.shape[1]):
        total = values[:, here].sum(axis=0, dtype=np.float64, where=valid[:, here])
        np.divide(total, np.maximum(counted[here], 1), out=result[here])
    return result


def _colour_warnings(sources: Sequence[RasterSource]) -> list[Message]:
    """Warn where bands that were taken for dates have the names of a scene's bands."""
    first, *others = sources
    names = {text.casefold() for text in first.info.descriptions}
    if others or not any(names.issuperset(bands) for bands in _SCENE_BANDS):
        return []
    return [
        message(
            translate(
                "Dbar",
                "{name}: its bands were taken for dates, but are named as those of one scene "
                "({bands}). If they are, choose the rasters of several dates.",
            ),
            name=first.name,
            bands=", ".join(filter(None, first.info.descriptions)),
        )
    ]


def _warnings(sources: Sequence[RasterSource]) -> list[Message]:
    found: dict[str, str] = {}
    for source in sources:
        found.setdefault(light_unit(source), source.name)
    if len(found) < 2:
        return []
    listed = ", ".join(f"{name}: {unit or '?'}" for unit, name in found.items())
    return [
        message(
            translate(
                "Dbar",
                "The rasters hold different quantities ({listed}), so the composite mixes them. "
                "Calibrate all of them in the same way first.",
            ),
            listed=listed,
        )
    ]
