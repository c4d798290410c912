"""SDG 15.3.1: land productivity, land cover and soil organic carbon combined, one out, all out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import translate
from dbar_qgis_plugin.kernels.area_tally import tally_km2
from dbar_qgis_plugin.kernels.degradation import (
    DEGRADED_WINS,
    MISSING_LAND_COVER,
    MISSING_PRODUCTIVITY,
    MISSING_SOC,
    WATER,
    Combination,
    combination,
    combined_codes,
    looked_up,
)
from dbar_qgis_plugin.pipelines.class_rasters import (
    AUTO,
    CLASSES,
    LPD,
    ClassRaster,
    CodeSums,
    Unknown,
    UnknownValues,
    area_exponent,
    area_units,
    block_places,
    code_sums,
    empty_sums,
    is_water,
    open_classes,
    reading_messages,
)
from dbar_qgis_plugin.pipelines.figures import figure_text
from dbar_qgis_plugin.pipelines.inputs import (
    CATEGORICAL,
    RasterInput,
    on_reference,
    open_indicator,
)
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block
from dbar_qgis_plugin.raster_io.workers import Workers

BAND: Final = "sdg"
NODATA: Final = -32768
RESULTS: Final = (-1, 0, 1, NODATA)  # rows of the counts
RESULT_NAMES: Final = ("degraded", "stable", "improved", "no_data")
_CODES = 256
_MASKS = 16

Int64 = NDArray[np.int64]


@dataclass(frozen=True)
class LandDegradationTask:
    """What to combine.

    Parameters
    ----------
    productivity, land_cover, soc : RasterInput
        Sub-indicators; the grid of `productivity` is that of the result.
    productivity_values : {"auto", "classes", "lpd"}
        Whether `productivity` holds -1, 0, 1 or the five classes of land productivity dynamics.
    policy : {"degraded_wins", "any_nodata"}
        What holds where a sub-indicator is missing (`kernels.degradation.one_out_all_out`).
    water : RasterInput, optional
        Inland water, which is no land and has no result.
    water_classes : tuple of int
        Values of `water` that are water; empty = all but 0.
    values_label : str
        Name of the parameter that says what `productivity` holds, for messages.
    """

    productivity: RasterInput
    land_cover: RasterInput
    soc: RasterInput
    productivity_values: str = AUTO
    policy: str = DEGRADED_WINS
    water: RasterInput | None = None
    water_classes: tuple[int, ...] = ()
    values_label: str = "PRODUCTIVITY_VALUES"


@dataclass(frozen=True)
class LandDegradationResult:
    """Cells and areas by result and by what is missing.

    cells, km2 : int64 and float64 [4, 16]
        Rows: degraded, stable, improved, no data; columns: missing inputs as bits
        (1 productivity, 2 land cover, 4 soil organic carbon; 8 inland water).
    productivity_values : {"classes", "lpd"}
        What the productivity raster was taken to hold.
    notes, warnings : list of Message
    """

    cells: Int64
    km2: NDArray[np.float64]
    productivity_values: str
    notes: list[Message]
    warnings: list[Message]


class _Parameters(NamedTuple):
    rasters: tuple[ClassRaster, ...]
    table: Combination
    result: NDArray[np.int16]
    water_classes: tuple[int, ...]
    exponent: int


class _Tally(NamedTuple):
    sums: CodeSums
    unknown: tuple[Unknown, ...]


def _combine_block(
    blocks: list[Block], context: BlockContext, parameters: _Parameters
) -> list[Any]:
    found = [
        block_places(raster, block)
        for raster, block in zip(parameters.rasters, blocks, strict=False)
    ]
    water = None
    if len(blocks) > len(parameters.rasters):
        water = is_water(blocks[-1], parameters.water_classes)
    codes = combined_codes([places for places, _ in found], parameters.table, water)
    units = area_units(context.grid, context.window, parameters.exponent)
    sums = code_sums(codes, units, _CODES)
    tally = _Tally(sums, tuple(unknown for _, unknown in found))
    return [looked_up(codes, parameters.result)[np.newaxis], tally]


def compute_land_degradation(
    task: LandDegradationTask,
    output: str | Path,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LandDegradationResult:
    """Combine the sub-indicators of SDG 15.3.1 to the indicator.

    Parameters
    ----------
    task : LandDegradationTask
        What to combine.
    output : str or Path
        Raster to write: band "sdg", Int16, -1 degraded, 0 stable, 1 improved, nodata -32768.
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
        If a raster does not overlap the productivity raster.
    Cancelled
        If the user stops the run.
    """
    workers, progress = workers or Workers(), progress or Progress()
    productivity = open_classes(
        task.productivity,
        task.productivity_values,
        (CLASSES, LPD),
        task.values_label,
        progress,
        "productivity",
    )
    grid = productivity.source.grid
    rasters = (
        productivity,
        *(
            open_classes(raster, CLASSES, (CLASSES,), "", progress, band).on_grid(grid)
            for raster, band in ((task.land_cover, "land_cover"), (task.soc, "soc"))
        ),
    )
    sources = [raster.source for raster in rasters]
    if task.water is not None:
        # A result of `dbar:landcoverchange` holds more than the land cover itself.
        sources.append(on_reference(open_indicator(task.water, "initial"), grid, CATEGORICAL))
    table = combination([raster.legend for raster in rasters], task.policy)
    exponent = area_exponent(grid)
    parameters = _Parameters(
        rasters,
        table,
        np.where(table.known, table.result, NODATA).astype(np.int16),
        task.water_classes,
        exponent,
    )
    sums = empty_sums(_CODES)
    unknown = UnknownValues(rasters)

    def add(part: _Tally) -> None:
        nonlocal sums
        sums = sums.plus(part.sums)
        unknown.add(part.unknown)

    with RasterSink(
        output, grid, (BAND,), "int16", NODATA, tags=tags, threads=workers.count
    ) as sink:
        map_blocks(
            _combine_block,
            sources,
            (sink,),
            parameters,
            tally=add,
            workers=workers,
            progress=progress,
            bytes_per_cell=4 * 3 + 2 + 24,
        )
        warnings = unknown.warnings()  # or an error, before the raster gets its name
    cells, units = (_by_cause(part, table) for part in sums)
    return LandDegradationResult(
        cells,
        tally_km2(units, exponent),
        productivity.kind,
        reading_messages(rasters, sources),
        warnings,
    )


def _by_cause(values: Int64, table: Combination) -> Int64:
    """Sums by code as [results, missing inputs]."""
    row = np.where(table.known, table.result.astype(np.int64) + 1, RESULTS.index(NODATA))
    found = np.zeros((len(RESULTS), _MASKS), dtype=np.int64)
    np.add.at(found, (row, table.missing), values)
    return found


def missing_names(mask: int) -> str:
    """Names of what is missing: "" for nothing, "water" for inland water, else "soc;land_cover"."""
    names = (
        (MISSING_PRODUCTIVITY, "productivity"),
        (MISSING_LAND_COVER, "land_cover"),
        (MISSING_SOC, "soc"),
        (WATER, "water"),
    )
    return ";".join(name for bit, name in names if mask & bit)


def count_table(result: LandDegradationResult) -> dict[str, list[Any]]:
    """Columns of the table of counts: a row for each class and what is missing, where it occurs.

    The classes degraded, stable and improved with nothing missing are always there.
    """
    columns: dict[str, list[Any]] = {
        name: [] for name in ("value", "class", "missing", "cells", "km2", "percent")
    }
    total = float(result.km2.sum())
    for row, value in enumerate(RESULTS):
        for mask in range(_MASKS):
            cells = int(result.cells[row, mask])
            if cells == 0 and (value == NODATA or mask):
                continue
            area = float(result.km2[row, mask])
            columns["value"].append(None if value == NODATA else value)
            columns["class"].append(RESULT_NAMES[row])
            columns["missing"].append(missing_names(mask))
            columns["cells"].append(cells)
            columns["km2"].append(area)
            columns["percent"].append(100.0 * area / total if total > 0.0 else None)
    return columns


def proportion_degraded(result: LandDegradationResult) -> float | None:
    """Degraded land in percent of land with a result; None where there is none."""
    classes = result.km2[:3].sum(axis=1)
    land = float(classes.sum())
    return 100.0 * float(classes[0]) / land if land > 0.0 else None


def count_messages(result: LandDegradationResult) -> list[Message]:
    """Say how many cells and how much land each class has, and why there is no result."""
    templates = (
        translate("Dbar", "Degraded: {cells} cells, {km2} km²"),
        translate("Dbar", "Stable: {cells} cells, {km2} km²"),
        translate("Dbar", "Improved: {cells} cells, {km2} km²"),
    )
    lines = []
    for row, template in enumerate(templates):
        line = message(
            template,
            cells=f"{result.cells[row].sum():,}",
            km2=figure_text(float(result.km2[row].sum())),
        )
        lines.append(line)
    for mask in range(_MASKS):
        cells, area = int(result.cells[3, mask]), float(result.km2[3, mask])
        if cells:
            template = (
                translate("Dbar", "Inland water, not land: {cells} cells, {km2} km²")
                if mask == WATER
                else translate("Dbar", "No result without {missing}: {cells} cells, {km2} km²")
            )
            values = {"missing": missing_names(mask)} if mask != WATER else {}
            lines.append(message(template, cells=f"{cells:,}", km2=figure_text(area), **values))
    partly = int(result.cells[0, 1:].sum())
    if partly:
        lines.append(
            message(
                translate(
                    "Dbar",
                    "Degraded although a sub-indicator is missing: {cells} cells, {km2} km²",
                ),
                cells=f"{partly:,}",
                km2=figure_text(float(result.km2[0, 1:].sum())),
            )
        )
    return lines
