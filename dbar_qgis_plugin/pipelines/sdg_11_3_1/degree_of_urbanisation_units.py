"""Degree of Urbanisation, stage 2: classes of units from the people in each class of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.area_tally import areas_in_units, tally_km2
from dbar_qgis_plugin.kernels.cell_runs import sums_by
from dbar_qgis_plugin.kernels.degree_of_urbanisation import (
    LEVEL_1,
    LEVEL_2,
    NODATA,
    PEOPLE_UNITS,
    people_units,
)
from dbar_qgis_plugin.kernels.polygon_footprint import Footprints
from dbar_qgis_plugin.kernels.urban_units import (
    NO_CLASS,
    UNIT_RULES,
    unit_level_1,
    unit_level_2,
)
from dbar_qgis_plugin.pipelines.class_rasters import area_exponent
from dbar_qgis_plugin.pipelines.equal_area_grid import (
    COUNT,
    Layer,
    LayerInput,
    common_window,
    cropped,
    layers_on,
)
from dbar_qgis_plugin.pipelines.inputs import RasterInput, open_input
from dbar_qgis_plugin.pipelines.zonal_sums import footprints_on
from dbar_qgis_plugin.raster_io.blocks import block_windows, run_tasks
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import Polygons, polygons_from_wkb
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.source import RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]

COVERAGES: Final = ("exact", "centre")
NO_PEOPLE, TOO_SMALL, OUTSIDE, PARTLY_OUTSIDE = (
    "NO_PEOPLE",
    "TOO_SMALL",
    "OUTSIDE",
    "PARTLY_OUTSIDE",
)
NO_GEOMETRY = "NO_GEOMETRY"

_BYTES_PER_CELL = 80
_PARTLY = 0.999  # of a unit's cells, with classes


@dataclass(frozen=True)
class UrbanUnitsTask:
    """All that a run needs, as plain values.

    unit_wkb : valid 2D polygons; None or empty = a unit without geometry
    unit_crs : WKT
    classes : raster of the classes of cells, level 1 or 2
    population, population_kind : persons per cell, or per km2 ("count", "density")
    rules : edition of the rules of level 2, "2024" or "2021"
    coverage : "exact" or "centre": which cells are of a unit
    scratch : a file beside which rasters are kept while the run lasts; needed where the population
        is not on the grid of the classes
    """

    unit_wkb: Sequence[bytes | None]
    unit_crs: str
    classes: RasterInput
    population: RasterInput
    population_kind: str = COUNT
    rules: str = "2024"
    coverage: str = "exact"
    scratch: str = ""


@dataclass(frozen=True)
class UrbanUnitsResult:
    """What a run gives.

    columns : of the table, one row a unit
    level : 2 if the classes of cells were those of level 2
    notes, warnings : lines for the user
    """

    columns: dict[str, list[Any]]
    level: int
    notes: list[Message]
    warnings: list[Message]


def compute_urban_units(
    task: UrbanUnitsTask, *, progress: Progress | None = None, workers: Workers | None = None
) -> UrbanUnitsResult:
    """Give units the classes of level 1, and of level 2 where the cells have them.

    Parameters
    ----------
    task : UrbanUnitsTask
        What to compute.
    progress, workers : optional
        As for `map_blocks`.

    Raises
    ------
    InputError, GridError
        If an input cannot be used; the message names it and says what to do.
    Cancelled
        If the user stops the run.
    """
    progress, workers = progress or Progress(), workers or Workers()
    for value, known in ((task.rules, UNIT_RULES), (task.coverage, COVERAGES)):
        if value not in known:
            raise InputError(
                translate("Dbar", "“{value}” is not one of {known}."),
                value=value,
                known=", ".join(known),
            )
    classes = open_input(task.classes)
    given = LayerInput(open_input(task.population), task.population_kind)
    grid = cropped(classes.grid, common_window(classes.grid, [given.source]))
    inputs = {"people": given}
    with layers_on(grid, inputs, task.scratch, workers, progress.part(0.0, 0.4)) as (layers, notes):
        units = polygons_from_wkb(list(task.unit_wkb), task.unit_crs)
        prints, small = _footprints(units, grid, task.coverage, progress)
        exponent = area_exponent(grid)
        sums = _sums(
            classes, grid, layers["people"], prints, units.count, exponent, workers, progress
        )
    level = _level(sums, classes)
    flags = _flags(task.unit_wkb, sums, small, prints.total)
    columns = _columns(sums, level, exponent, task.rules, flags)
    return UrbanUnitsResult(columns, level, notes, _warnings(classes, flags))


def _footprints(
    units: Polygons, grid: Grid, coverage: str, progress: Progress
) -> tuple[Footprints, NDArray[np.bool_]]:
    """Cells of units; those that hold no cell's middle have every cell that they touch."""
    prints = footprints_on(units, grid, coverage, progress)
    if coverage == "exact":
        return prints, np.zeros(units.count, dtype=bool)
    empty = prints.total == 0.0
    if not empty.any():
        return prints, empty
    touched = footprints_on(units, grid, "all_touched", progress)
    runs, cells = empty[touched.zone], empty[touched.cell_zone]
    return Footprints(
        np.concatenate((prints.zone, touched.zone[runs])),
        np.concatenate((prints.row, touched.row[runs])),
        np.concatenate((prints.start, touched.start[runs])),
        np.concatenate((prints.stop, touched.stop[runs])),
        touched.cell_zone[cells],
        touched.cell_row[cells],
        touched.cell_col[cells],
        touched.cell_weight[cells],
        np.where(empty, touched.total, prints.total),
    ), empty & (touched.total > 0.0)


class _Covered(NamedTuple):
    """Cells of a window in units: their places, units, and covered shares."""

    place: Int64
    zone: Int64
    weight: Float64


class _Task(NamedTuple):
    classes: RasterSource
    row: int
    col: int
    people: Layer
    grid: Grid
    window: Window
    exponent: int
    covered: _Covered


def _sums(
    classes: RasterSource,
    grid: Grid,
    people: Layer,
    prints: Footprints,
    zones: int,
    exponent: int,
    workers: Workers,
    progress: Progress,
) -> Int64:
    """People and areas in units by unit and class, int64 [3, units, 256]: the last are cells."""
    at = _begin(classes.grid, grid)
    windows = block_windows(grid.height, grid.width, (64, grid.width), _BYTES_PER_CELL, workers)
    total = np.zeros((3, zones, 256), dtype=np.int64)
    prints = _by_row(prints)
    tasks = (
        _Task(classes, *at, people, grid, window, exponent, _covered(prints, window))
        for window in windows
    )
    part = progress.part(0.4, 1.0)
    with workers.executor() as executor:
        for zone, sums in run_tasks(_sum_block, tasks, len(windows), executor, workers, part):
            total[:, zone] += sums
    return total


def _begin(own: Grid, grid: Grid) -> tuple[int, int]:
    """Row and column of a grid in which a part of it begins."""
    col, row = own.to_cells(np.array([grid.transform[2]]), np.array([grid.transform[5]]))
    return round(float(row[0])), round(float(col[0]))


def _by_row(prints: Footprints) -> Footprints:
    """Footprints in the order of rows."""
    runs = np.argsort(prints.row, kind="stable")
    cells = np.argsort(prints.cell_row, kind="stable")
    return Footprints(
        prints.zone[runs],
        prints.row[runs],
        prints.start[runs],
        prints.stop[runs],
        prints.cell_zone[cells],
        prints.cell_row[cells],
        prints.cell_col[cells],
        prints.cell_weight[cells],
        prints.total,
    )


def _covered(prints: Footprints, window: Window) -> _Covered:
    """Cells of a window of whole rows in units."""
    rows = window.row, window.row + window.height
    here = slice(*np.searchsorted(prints.row, rows).tolist())
    length = (prints.stop[here] - prints.start[here]).astype(np.int64)
    first = (prints.row[here].astype(np.int64) - window.row) * window.width + prints.start[here]
    inner = np.repeat(first - (np.cumsum(length) - length), length)
    inner += np.arange(inner.size)
    zone = np.repeat(prints.zone[here], length)
    here = slice(*np.searchsorted(prints.cell_row, rows).tolist())
    outer = (prints.cell_row[here].astype(np.int64) - window.row) * window.width
    outer += prints.cell_col[here]
    return _Covered(
        np.concatenate((inner, outer)),
        np.concatenate((zone, prints.cell_zone[here])).astype(np.int64),
        np.concatenate((np.ones(inner.size), prints.cell_weight[here])),
    )


def _sum_block(task: _Task) -> tuple[Int64, Int64]:
    """Units of a window, and their sums."""
    window = task.window
    people, _ = task.people.read(window)
    here = window._replace(row=window.row + task.row, col=window.col + task.col)
    block = task.classes.read(here)
    values, valid = block.values[0], block.valid[0]
    known = valid & np.isin(values, (*LEVEL_1, *LEVEL_2))
    place, zone, weight = task.covered
    code = np.where(known, values, NODATA).astype(np.int64).reshape(-1)[place]
    area = areas_in_units(task.grid.cell_areas(window), task.exponent)
    area = np.broadcast_to(area, people.shape).reshape(-1)[place]
    zones, number = np.unique(zone, return_inverse=True)
    key = number.reshape(-1) * 256 + code
    lived = people_units(people.reshape(-1)[place] * weight)
    amounts = lived, np.rint(area * weight), np.rint(weight * PEOPLE_UNITS)
    sums = [sums_by(key, amount.astype(np.int64), zones.size * 256) for amount in amounts]
    return zones, np.stack(sums).reshape(3, zones.size, 256)


def _level(sums: Int64, classes: RasterSource) -> int:
    """Level of the classes that occur.

    Raises
    ------
    InputError
        If there are none, or those of both levels.
    """
    cells = sums[2].sum(axis=0)
    first, second = (int(cells[list(values)].sum()) for values in (LEVEL_1, LEVEL_2))
    if bool(first) == bool(second):
        raise InputError(
            translate(
                "Dbar",
                "{name} holds no classes of one level of the Degree of Urbanisation (0 to 3, or 10 "
                "to 30) where the units lie. Check the CRS of both, and choose the result of "
                "“Degree of Urbanisation”.",
            ),
            name=classes.name,
        )
    return 2 if second else 1


def _flags(
    wkb: Sequence[bytes | None],
    sums: Int64,
    small: NDArray[np.bool_],
    total: Float64,
) -> list[str]:
    found: list[list[str]] = [[] for _ in wkb]
    cells = sums[2, :, :NODATA].sum(axis=1) / PEOPLE_UNITS
    people = sums[0, :, :NODATA].sum(axis=1)
    for unit, flags in enumerate(found):
        if not wkb[unit]:
            flags.append(NO_GEOMETRY)
        elif cells[unit] == 0.0:
            flags.append(OUTSIDE)
        else:
            if cells[unit] < _PARTLY * total[unit]:
                flags.append(PARTLY_OUTSIDE)
            if people[unit] == 0:
                flags.append(NO_PEOPLE)
            if small[unit]:
                flags.append(TOO_SMALL)
    return [";".join(flags) for flags in found]


def _columns(
    sums: Int64, level: int, exponent: int, rules: str, flags: list[str]
) -> dict[str, list[Any]]:
    """Classes, people, areas, and the shares that the classes are made of."""
    values = LEVEL_2 if level == 2 else LEVEL_1
    lived, covered = (part[:, list(values)].astype(np.float64) for part in sums[:2])
    people, area = lived.sum(axis=1), covered.sum(axis=1)
    # Units without people go by their land; those of water alone are rural.
    land = covered.copy()
    land[:, -1] = np.where(land[:, :-1].any(axis=1), 0.0, land[:, -1])
    counted = np.where(people[:, np.newaxis] > 0.0, lived, land)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = counted / counted.sum(axis=1)[:, np.newaxis]
    by_class = {value: shares[:, place] for place, value in enumerate(values)}
    # What little lives on water, or a unit of nothing else, is as rural as can be.
    lowest, water = values[-2:]
    by_class[lowest] = by_class[lowest] + by_class.pop(water)
    if level == 2:
        grouped = {
            3: by_class[30],
            2: by_class[23] + by_class[22] + by_class[21],
            1: by_class[13] + by_class[12] + by_class[11],
        }
        found_2 = unit_level_2(by_class, rules).tolist()
    else:
        grouped, found_2 = by_class, []
    columns: dict[str, list[Any]] = {
        "level_1": _classes(unit_level_1(grouped[3], grouped[1]).tolist())
    }
    if level == 2:
        columns["level_2"] = _classes(found_2)
    columns["population"] = [
        None if flag in (OUTSIDE, NO_GEOMETRY) else each / PEOPLE_UNITS
        for each, flag in zip(people.tolist(), flags, strict=True)
    ]
    columns["area_km2"] = tally_km2(area, exponent).tolist()
    for value in (3, 2, 1):
        columns[f"share_{value}"] = _defined(grouped[value])
    if level == 2:
        for value in LEVEL_2[:-1]:
            columns[f"share_{value}"] = _defined(by_class[value])
    columns["flags"] = flags
    return columns


def _classes(found: list[int]) -> list[int | None]:
    return [None if value == NO_CLASS else value for value in found]


def _defined(shares: Float64) -> list[float | None]:
    return [share if np.isfinite(share) else None for share in shares.tolist()]


def _warnings(classes: RasterSource, flags: Sequence[str]) -> list[Message]:
    lines = []
    for code, text in (
        (NO_GEOMETRY, translate("Dbar", "Units without a geometry: {count}")),
        (OUTSIDE, translate("Dbar", "Units outside the classes of {name}: {count}")),
        (PARTLY_OUTSIDE, translate("Dbar", "Units partly outside the classes of {name}: {count}")),
        (NO_PEOPLE, translate("Dbar", "Units without people, classified by their land: {count}")),
        (
            TOO_SMALL,
            translate(
                "Dbar", "Units that hold no cell's centre, with all cells they touch: {count}"
            ),
        ),
    ):
        count = sum(code in flag.split(";") for flag in flags)
        if count:
            lines.append(message(text, name=classes.name, count=count))
    return lines
