"""Drought hazard and exposure: class of the lowest SPI of blocks of years, area and people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.area_tally import tally_km2
from dbar_qgis_plugin.kernels.drought import (
    CONVENTIONS,
    drought_class,
    lowest_index,
    plausible,
)
from dbar_qgis_plugin.kernels.joint_tally import JointSums, codes_of, joint_tally, merged
from dbar_qgis_plugin.kernels.whole_units import from_whole_units, in_whole_units
from dbar_qgis_plugin.pipelines.class_rasters import (
    area_exponent,
    area_units,
    resampling_messages,
)
from dbar_qgis_plugin.pipelines.inputs import (
    CONTINUOUS,
    COUNT,
    RasterInput,
    Stack,
    on_reference,
    open_input,
    open_stack,
    resampling_notes,
    stored_scale,
)
from dbar_qgis_plugin.pipelines.periods import (
    ALL_YEARS,
    YearSpan,
    check_enough,
    layers_in,
    missing_years,
    trend_span,
)
from dbar_qgis_plugin.pipelines.zone_painting import ZonePainter, zone_painter
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import polygons_from_wkb
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block
from dbar_qgis_plugin.raster_io.workers import Workers

Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]

DROUGHT_CONVENTIONS: Final = CONVENTIONS
NODATA: Final = -32768
INTEGER_SCALE: Final = 1000.0  # the usual storage of SPI in whole numbers
USUAL_BLOCK: Final = 4
# By class; the last stands for no data.
CLASS_NAMES: Final = ("none", "mild", "moderate", "severe", "extreme", "no_data")
NO_CLASS: Final = len(CLASS_NAMES) - 1

_LISTED = 10


@dataclass(frozen=True)
class DroughtHazardTask:
    """What to compute.

    Parameters
    ----------
    spi : sequence of RasterInput
        Standardised precipitation index, one layer a year; the grid of the first used is that of
        the result.
    years : sequence of float
        Their years, increasing.
    block_years : int
        Years of a block; the last block may be shorter.
    first, last : int, optional
        First and last year; if absent, those of the layers.
    scale : float, optional
        Divides the values to give the index; if absent, 1000 for whole numbers that the file does
        not scale, else 1.
    convention : {"prais4", "trends_earth"}
        See `kernels.drought.drought_class`.
    population : RasterInput, optional
        Persons per cell.
    zone_wkb : sequence of bytes or None, optional
        Valid 2D (multi)polygons; absent: the whole raster is one zone. A cell belongs to the first
        zone that its centre lies in.
    zone_crs : str
        Their CRS, as WKT.
    zone_names : sequence of str
        Their names.
    name : str
        Name of the parameter that holds the rasters, for messages.
    """

    spi: Sequence[RasterInput]
    years: Sequence[float]
    block_years: int = USUAL_BLOCK
    first: int | None = None
    last: int | None = None
    scale: float | None = None
    convention: str = CONVENTIONS[0]
    population: RasterInput | None = None
    zone_wkb: Sequence[bytes | None] | None = None
    zone_crs: str = ""
    zone_names: Sequence[str] = ("",)
    name: str = "SPI"


class YearBlock(NamedTuple):
    """Years whose lowest index counts, the places of their layers, and how many have a layer."""

    span: YearSpan
    layers: tuple[int, ...]
    year_count: int


@dataclass(frozen=True)
class DroughtHazardResult:
    """What a run gives.

    blocks : the blocks of years
    km2 : float64 [zones + 1, blocks, 6], by `CLASS_NAMES`; the last zone is all of them together
    persons : the same of people; None without a raster of population
    notes, warnings : lines for the user
    """

    blocks: tuple[YearBlock, ...]
    km2: Float64
    persons: Float64 | None
    notes: list[Message]
    warnings: list[Message]


class _Parameters(NamedTuple):
    stack: Stack
    windows: tuple[slice, ...]
    scale: float
    convention: str
    painter: ZonePainter | None
    sizes: tuple[int, int, int]
    exponent: int


class _Tally(NamedTuple):
    """What a block of cells adds.

    sums : area, and people in two parts, by block of years, zone and class
    strange, known : values that are no index, and values that are
    gaps : int64 [blocks of years], cells with a result that lack some of the years
    """

    sums: JointSums
    strange: int
    known: int
    gaps: Int64


@dataclass
class _Totals:
    """Sums of all blocks."""

    parts: list[JointSums]
    gaps: Int64
    strange: int = 0
    known: int = 0

    def add(self, part: _Tally) -> None:
        self.parts = [merged([*self.parts, part.sums])]
        self.gaps += part.gaps
        self.strange += part.strange
        self.known += part.known


def year_blocks(task: DroughtHazardTask) -> tuple[YearBlock, ...]:
    """Blocks of years that have at least one layer, in order of time.

    Raises
    ------
    InputError
        If no layer is of the years asked for, or the last year comes before the first.
    """
    span = _span(task)
    check_enough(span, task.years, 1, task.name)
    blocks = []
    for first in range(span.first, span.last + 1, task.block_years):
        block = YearSpan(first, min(first + task.block_years - 1, span.last))
        layers = layers_in(block, task.years)
        if layers:
            year_count = block.length - len(missing_years(block, task.years))
            blocks.append(YearBlock(block, layers, year_count))
    return tuple(blocks)


def _span(task: DroughtHazardTask) -> YearSpan:
    return trend_span(ALL_YEARS, task.years, task.first, task.last)


def band_names(blocks: Sequence[YearBlock]) -> tuple[str, ...]:
    """Names of the result's bands: the class of each block of years, then the lowest index."""
    return tuple(
        f"{stem}_{block.span.first}_{block.span.last}"
        for stem in ("drought", "lowest_spi")
        for block in blocks
    )


def compute_drought_hazard(
    task: DroughtHazardTask,
    output: str | Path,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> DroughtHazardResult:
    """Classify the lowest index of each block of years, and sum area and people by class.

    Parameters
    ----------
    task : DroughtHazardTask
        What to compute.
    output : str or Path
        Raster to write, Int16, nodata -32768: for each block of years the class 0 to 4, then for
        each the lowest index in thousandths (`band_names`).
    tags : mapping, optional
        Metadata of the raster.
    progress : Progress, optional
        Where to report to.
    workers : Workers, optional
        Threads or cluster, and the memory budget.

    Raises
    ------
    InputError
        If no raster is of the years asked for, one cannot be read, or what they hold is no SPI; if
        no zone lies on the rasters.
    GridError
        If a raster does not overlap the first one.
    Cancelled
        If the user stops the run.
    """
    workers = workers or Workers()
    blocks = year_blocks(task)
    stack = open_stack([task.spi[place] for block in blocks for place in block.layers])
    grid = stack.sources[0].grid
    stack = stack.on_reference(grid, CONTINUOUS)
    scale = stored_scale(stack.sources, task.scale, INTEGER_SCALE, task.name)
    sources = list(stack.sources)
    if task.population is not None:
        sources.append(on_reference(open_input(task.population), grid, COUNT))
    ends = np.cumsum([len(block.layers) for block in blocks]).tolist()
    zones = 1 if task.zone_wkb is None else len(task.zone_wkb)
    # Zone 0 is outside all zones.
    sizes = len(blocks), zones + 1, len(CLASS_NAMES)
    parameters = _Parameters(
        stack,
        tuple(slice(*pair) for pair in pairwise([0, *ends])),
        scale,
        task.convention,
        _painter(task, grid),
        sizes,
        area_exponent(grid),
    )
    totals = _Totals([], np.zeros(len(blocks), dtype=np.int64))
    with RasterSink(
        output,
        grid,
        band_names(blocks),
        "int16",
        NODATA,
        units=("",) * len(blocks) + ("0.001",) * len(blocks),
        tags=tags,
        threads=workers.count,
    ) as sink:
        map_blocks(
            _drought_block,
            sources,
            (sink,),
            parameters,
            tally=totals.add,
            workers=workers,
            progress=progress,
            # The layers in order, validity twice, then bands, and arrays of one block of years.
            bytes_per_cell=ends[-1] * (max(s.value_dtype.itemsize for s in sources) + 2)
            + 4 * len(blocks)
            + 80,
        )
        _check_values(task, scale, totals)
    sums = _by_zone(totals, sizes)
    persons = None if task.population is None else from_whole_units(sums[1], sums[2])
    notes = [
        *resampling_messages(resampling_notes(sources)),
        message(translate("Dbar", "SPI is taken as value / {scale}."), scale=f"{scale:g}"),
        *_block_notes(task, blocks),
    ]
    return DroughtHazardResult(
        blocks,
        tally_km2(sums[0], parameters.exponent),
        persons,
        notes,
        _warnings(task, blocks, parameters, totals, sums[0]),
    )


def _painter(task: DroughtHazardTask, grid: Grid) -> ZonePainter | None:
    if task.zone_wkb is None:
        return None
    painter = zone_painter(polygons_from_wkb(task.zone_wkb, task.zone_crs), grid)
    if painter.zone.size == 0:
        raise InputError(
            translate(
                "Dbar",
                "No zone overlaps the raster {name}. Check the CRS of the zone layer and of the "
                "raster, and that both show the same region.",
            ),
            name=task.spi[0].name or task.spi[0].path,
        )
    return painter


def _drought_block(
    blocks: list[Block], context: BlockContext, parameters: _Parameters
) -> list[Any]:
    files = len(parameters.stack.sources)
    values, valid = parameters.stack.layers(blocks[:files])
    good = plausible(values, parameters.scale)
    good &= valid
    shape = context.window.height, context.window.width
    zone: NDArray[Any] = np.ones(shape, dtype=np.uint8)
    if parameters.painter is not None:
        zone = parameters.painter.paint(context.window) + 1
    weights = [
        area_units(context.grid, context.window, parameters.exponent),
        *_persons(blocks[files] if len(blocks) > files else None),
    ]
    bands = np.full((2, len(parameters.windows), *shape), NODATA, dtype=np.int16)
    sums, gaps = [], []
    for number, window in enumerate(parameters.windows):
        spi, years = lowest_index(values[window], good[window], parameters.scale)
        known = years > 0
        found = drought_class(spi, parameters.convention)
        found[~known] = NO_CLASS
        np.copyto(bands[0, number], found, where=known)
        np.copyto(bands[1, number], np.rint(spi * INTEGER_SCALE), where=known, casting="unsafe")
        gaps.append(np.count_nonzero(known & (years < window.stop - window.start)))
        part = joint_tally((zone, found), parameters.sizes[1:], weights)
        sums.append(part._replace(keys=part.keys + number * math.prod(parameters.sizes[1:])))
    known_values = int(np.count_nonzero(good))
    strange = int(np.count_nonzero(valid)) - known_values
    tally = _Tally(merged(sums), strange, known_values, np.array(gaps, dtype=np.int64))
    return [bands.reshape(-1, *shape), tally]


def _persons(block: Block | None) -> tuple[Float64, Float64]:
    """People of cells, in whole numbers that add up to the same in any order."""
    if block is None:
        return in_whole_units(np.zeros((1, 1)))
    # Below zero stands what products write where they know nothing.
    return in_whole_units(np.where(block.valid[0] & (block.values[0] > 0), block.values[0], 0))


def _check_values(task: DroughtHazardTask, scale: float, totals: _Totals) -> None:
    """Refuse rasters that hold something else than SPI, or nothing."""
    if totals.strange > totals.known:
        raise InputError(
            translate(
                "Dbar",
                "{name}: of {count} values, {strange} lie beyond ±9 when divided by {scale}, which "
                "no SPI does. Check that these are the right rasters, and their scale.",
            ),
            name=task.name,
            count=totals.strange + totals.known,
            strange=totals.strange,
            scale=f"{scale:g}",
        )
    if totals.known == 0:
        raise InputError(
            translate("Dbar", "{name}: no cell has data. Check the rasters' no-data value."),
            name=task.name,
        )


def _by_zone(totals: _Totals, sizes: tuple[int, int, int]) -> Int64:
    """Sums [weights, zones + 1, blocks of years, classes]; the last zone is all zones."""
    (sums,) = totals.parts
    block, zone, class_ = codes_of(sums.keys, sizes)
    found = np.zeros((len(sums.sums), sizes[1], sizes[0], sizes[2]), dtype=np.int64)
    found[:, zone, block, class_] = sums.sums
    inside = found[:, 1:]
    return np.concatenate([inside, inside.sum(axis=1, keepdims=True)], axis=1)


def _block_notes(task: DroughtHazardTask, blocks: Sequence[YearBlock]) -> list[Message]:
    notes = []
    missing = missing_years(_span(task), task.years)
    if missing:
        notes.append(
            message(
                translate("Dbar", "{name}: no raster of {years}; computed without."),
                name=task.name,
                years=", ".join(map(str, missing)),
            )
        )
    last = blocks[-1].span
    if last.length < task.block_years:
        notes.append(
            message(
                translate("Dbar", "The last block, {span}, has {count} years instead of {usual}."),
                span=str(last),
                count=last.length,
                usual=task.block_years,
            )
        )
    return notes


def _warnings(
    task: DroughtHazardTask,
    blocks: Sequence[YearBlock],
    parameters: _Parameters,
    totals: _Totals,
    area: Int64,
) -> list[Message]:
    lines = []
    if totals.strange:
        lines.append(
            message(
                translate(
                    "Dbar",
                    "{name}: {count} values lie beyond ±9, which no SPI does; they count as no "
                    "data.",
                ),
                name=task.name,
                count=totals.strange,
            )
        )
    lines += [
        message(
            translate(
                "Dbar",
                "{span}: {count} cells have no data in some of the years; their lowest SPI is that "
                "of the others.",
            ),
            span=str(block.span),
            count=int(gaps),
        )
        for block, gaps in zip(blocks, totals.gaps, strict=True)
        if gaps
    ]
    if parameters.painter is None:
        return lines
    empty = area[:-1, 0].sum(axis=-1) == 0
    for template, marked in (
        (translate("Dbar", "Zones without a cell of the rasters ({count}): {names}"), empty),
        (
            translate(
                "Dbar",
                "Zones that overlap another ({count}); a cell counts for the first only: {names}",
            ),
            parameters.painter.overlaps,
        ),
    ):
        names = [name for name, mark in zip(task.zone_names, marked, strict=True) if mark]
        if names:
            listed = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
            lines.append(message(template, count=len(names), names=listed))
    return lines
