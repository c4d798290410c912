"""Status of land at the end of reporting periods against the baseline, in 7 and in 3 classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.area_tally import tally_km2
from dbar_qgis_plugin.kernels.degradation import (
    NO_CLASS,
    StatusTable,
    joint_codes,
    looked_up,
    status,
    status_3class,
    status_table,
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
    open_classes,
    reading_messages,
)
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.progress import Message, Progress
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block
from dbar_qgis_plugin.raster_io.workers import Workers

NODATA: Final = -32768
CLASS_NAMES: Final = ("degraded", "stable", "improved", "no_data")
_CODES = 256

Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class DegradationStatusTask:
    """What to compare.

    Parameters
    ----------
    baseline : RasterInput
        The indicator or one of its sub-indicators in the baseline; its grid is the result's.
    reporting : sequence of RasterInput
        The same in each reporting period.
    labels : sequence of str
        Names of the periods, such as "2019".
    values : {"auto", "classes", "lpd"}
        Whether the rasters hold -1, 0, 1 or the five classes of land productivity dynamics.
    values_label : str
        Name of the parameter that says so, for messages.
    """

    baseline: RasterInput
    reporting: Sequence[RasterInput]
    labels: Sequence[str]
    values: str = AUTO
    values_label: str = "VALUES"


@dataclass(frozen=True)
class DegradationStatusResult:
    """Cells and areas by class in the baseline and in each period.

    cells, km2 : int64 and float64 [periods, 4, 4]
        Second axis: baseline; third: period; degraded, stable, improved, no data.
    """

    labels: tuple[str, ...]
    cells: Int64
    km2: Float64
    notes: list[Message]
    warnings: list[Message]


class _Parameters(NamedTuple):
    rasters: tuple[ClassRaster, ...]
    tables: tuple[StatusTable, ...]
    exponent: int


class _Tally(NamedTuple):
    sums: list[CodeSums]
    unknown: tuple[Unknown, ...]


def band_names(labels: Sequence[str]) -> tuple[str, ...]:
    """Names of the result's bands: two for each period, with its label where there are several."""
    stems = "status", "status_3class"
    if len(labels) == 1:
        return stems
    return tuple(f"{stem}_{label}" for label in labels for stem in stems)


def _results(table: StatusTable) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Status and its three classes by code, with nodata."""
    known = table.status > 0
    return (
        np.where(known, table.status, NODATA).astype(np.int16),
        np.where(known, status_3class(table.status), NODATA).astype(np.int16),
    )


def _status_block(blocks: list[Block], context: BlockContext, parameters: _Parameters) -> list[Any]:
    found = [
        block_places(raster, block)
        for raster, block in zip(parameters.rasters, blocks, strict=True)
    ]
    baseline = found[0][0]
    units = area_units(context.grid, context.window, parameters.exponent)
    layers, sums = [], []
    for (places, _), table in zip(found[1:], parameters.tables, strict=True):
        codes = joint_codes((baseline, places), table.place_counts)
        layers += [looked_up(codes, values) for values in _results(table)]
        sums.append(code_sums(codes, units, _CODES))
    return [np.stack(layers), _Tally(sums, tuple(unknown for _, unknown in found))]


def compute_degradation_status(
    task: DegradationStatusTask,
    output: str | Path,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> DegradationStatusResult:
    """Compare reporting periods with the baseline, each with the baseline only.

    Parameters
    ----------
    task : DegradationStatusTask
        What to compare.
    output : str or Path
        Raster to write, Int16, nodata -32768: for each period the status 1 to 7 and its three
        classes -1, 0, 1 (`band_names`).
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
        If a raster does not overlap the baseline.
    Cancelled
        If the user stops the run.
    """
    workers, progress = workers or Workers(), progress or Progress()
    baseline, *reporting = (
        open_classes(raster, task.values, (CLASSES, LPD), task.values_label, progress)
        for raster in (task.baseline, *task.reporting)
    )
    grid = baseline.source.grid
    rasters = (baseline, *(raster.on_grid(grid) for raster in reporting))
    tables = tuple(status_table(baseline.legend, raster.legend) for raster in rasters[1:])
    exponent = area_exponent(grid)
    sums = [empty_sums(_CODES) for _ in tables]
    unknown = UnknownValues(rasters)

    def add(part: _Tally) -> None:
        sums[:] = [one.plus(other) for one, other in zip(sums, part.sums, strict=True)]
        unknown.add(part.unknown)

    sources = [raster.source for raster in rasters]
    with RasterSink(
        output,
        grid,
        band_names(task.labels),
        "int16",
        NODATA,
        tags=tags,
        threads=workers.count,
    ) as sink:
        map_blocks(
            _status_block,
            sources,
            (sink,),
            _Parameters(rasters, tables, exponent),
            tally=add,
            workers=workers,
            progress=progress,
            bytes_per_cell=5 * len(rasters) + 24,
        )
        warnings = unknown.warnings()  # or an error, before the raster gets its name
    return DegradationStatusResult(
        tuple(task.labels),
        np.stack([_crossed(s.cells, t) for s, t in zip(sums, tables, strict=True)]),
        tally_km2(
            np.stack([_crossed(s.units, t) for s, t in zip(sums, tables, strict=True)]), exponent
        ),
        reading_messages(rasters, sources),
        warnings,
    )


def _crossed(values: Int64, table: StatusTable) -> Int64:
    """Sums by code as [baseline, period], each degraded, stable, improved, no data."""
    found = np.zeros((NO_CLASS + 2, NO_CLASS + 2), dtype=np.int64)
    np.add.at(found, (table.baseline + 1, table.reporting + 1), values)
    return found


def status_areas(crossed: NDArray[Any]) -> NDArray[Any]:
    """Areas of status 1 to 7 [..., 7] from areas by class in baseline and period [..., 4, 4]."""
    areas: NDArray[Any] = np.zeros((*crossed.shape[:-2], 7), dtype=crossed.dtype)
    for before in (-1, 0, 1):
        for after in (-1, 0, 1):
            areas[..., int(status(before, after)) - 1] += crossed[..., before + 1, after + 1]
    return areas


def area_table(result: DegradationStatusResult) -> dict[str, list[Any]]:
    """Columns of the table: a row for each period and pair of classes that occurs."""
    names = (
        "period",
        "baseline",
        "reporting",
        "status",
        "status_3class",
        "cells",
        "km2",
        "percent",
    )
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for number, label in enumerate(result.labels):
        total = float(result.km2[number].sum())
        for before in range(4):
            for after in range(4):
                cells = int(result.cells[number, before, after])
                if cells == 0:
                    continue
                known = before < 3 and after < 3
                found = int(status(before - 1, after - 1)) if known else None
                area = float(result.km2[number, before, after])
                row = (
                    label,
                    CLASS_NAMES[before],
                    CLASS_NAMES[after],
                    found,
                    int(status_3class(found)) if found is not None else None,
                    cells,
                    area,
                    100.0 * area / total if total > 0.0 else None,
                )
                for name, value in zip(names, row, strict=True):
                    columns[name].append(value)
    return columns
