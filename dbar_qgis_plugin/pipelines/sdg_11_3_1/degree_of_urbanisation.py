"""Degree of Urbanisation, stage 1: from population, land and built-up area to classes of cells.

A pass over the rasters turns each cell into a byte, and gathers the runs of dense cells with the
people in them. Clusters are made of the runs of the whole grid, so they know no block, and people
are counted in whole units, so that no order of summing changes a threshold. A second pass measures
what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.area_tally import areas_in_units, tally_km2
from dbar_qgis_plugin.kernels.cell_outlines import outlines
from dbar_qgis_plugin.kernels.cell_runs import (
    RIM,
    Runs,
    joined,
    runs_of,
    stride_of,
    sums_by,
    window_runs,
)
from dbar_qgis_plugin.kernels.degree_of_urbanisation import (
    CENTRE,
    DENSE,
    HIGH,
    LEVEL_1,
    LEVEL_2,
    MIDDLE,
    NODATA,
    PEOPLE_UNITS,
    SEMI_DENSE,
    SEMI_DENSE_RULES,
    SMOOTHINGS,
    URBAN,
    Found,
    Group,
    Rules,
    cell_codes,
    classify,
    density,
    found_threshold,
    has_density,
    is_dense,
    people_units,
    rim_codes,
    share_units,
)
from dbar_qgis_plugin.pipelines.class_rasters import area_exponent
from dbar_qgis_plugin.pipelines.equal_area_grid import (
    COUNT,
    DENSITY,
    Layer,
    LayerInput,
    common_window,
    cropped,
    equal_area_grid,
    land_of_polygons,
    layers_on,
)
from dbar_qgis_plugin.pipelines.figures import figure_text
from dbar_qgis_plugin.pipelines.inputs import RasterInput, middle_cell_area, open_input
from dbar_qgis_plugin.pipelines.sdg_11_3_1.named_points import NamedPoints, PointCells
from dbar_qgis_plugin.raster_io.blocks import block_windows, run_tasks
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import wkb_of_outlines
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
UInt8 = NDArray[np.uint8]

AUTO: Final = "auto"
URBAN_CLUSTER: Final = 2  # as at level 1

_WORLD_PEOPLE = 8.3e9
_CROWDED_KM2 = 2e5  # people live in cells of up to some 1e5; more is another quantity
_URBAN_KM2, _CITY_KM2 = 300.0, 1500.0
_FINE_KM2 = 0.1
_BYTES_PER_CELL = 120
_BAND = 256


@dataclass(frozen=True)
class DegreeOfUrbanisationTask:
    """All that a run needs, as plain values.

    population, population_kind : persons per cell, or per km2 ("count", "density")
    land, land_kind : what share of a cell is land (`equal_area_grid.LAND_KINDS`)
    land_wkb, land_crs, land_is_water : polygons of land, or of water, instead of `land`
    builtup, builtup_kind : what share of a cell is built up (`equal_area_grid.SHARE_KINDS`)
    threshold : built-up share of the land from which on a cell counts as dense, "auto" to find it
        as R2023A does, None for no built-up option
    rules : choices
    crs : equal-area CRS; "" = the population's own grid if it is one of 1 km, else Mollweide
    points : names of the places that are found
    outlined : whether centres, and clusters, are wanted as polygons
    """

    population: RasterInput
    population_kind: str = COUNT
    land: RasterInput | None = None
    land_kind: str = "share"
    land_wkb: Sequence[bytes | None] | None = None
    land_crs: str = ""
    land_is_water: bool = False
    builtup: RasterInput | None = None
    builtup_kind: str = "share"
    threshold: float | str | None = None
    rules: Rules = field(default_factory=Rules)
    crs: str = ""
    points: NamedPoints | None = None
    outlined: tuple[bool, bool] = (True, True)


class Places(NamedTuple):
    """Things that were found, the most populous first: columns of a table, and polygons as WKB."""

    columns: dict[str, list[Any]]
    wkb: list[bytes]


@dataclass(frozen=True)
class DegreeOfUrbanisationResult:
    """What a run gives.

    classes : columns of the table of classes; the last row is all of them together
    centre_count, cluster_count : numbers of urban centres and urban clusters
    centres, clusters : urban centres; urban, dense and semi-dense clusters; empty if not wanted
    threshold : built-up share that was used, None without
    crs : WKT of the grid
    notes, warnings : lines for the user
    """

    classes: dict[str, list[Any]]
    centre_count: int
    cluster_count: int
    centres: Places
    clusters: Places
    threshold: float | None
    crs: str
    notes: list[Message]
    warnings: list[Message]


def compute_degree_of_urbanisation(
    task: DegreeOfUrbanisationTask,
    path: str,
    *,
    tags: Mapping[str, str] | None = None,
    colours: Mapping[int, tuple[int, int, int, int]] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> DegreeOfUrbanisationResult:
    """Classify the cells of an equal-area grid of 1 km, and measure what is found.

    Parameters
    ----------
    task : DegreeOfUrbanisationTask
        What to compute.
    path : str
        Where the classes go: UInt8, 30 to 10 or 3 to 0, 255 without data.
    tags : mapping, optional
        Metadata of the raster.
    colours : mapping, optional
        Its colour table.
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
    _check(task)
    with _opened(task, path, workers, progress.part(0.0, 0.3)) as run:
        threshold = run.threshold(progress.part(0.3, 0.4))
        codes, runs = run.codes(threshold, progress.part(0.4, 0.6))
        found = classify(codes, runs[HIGH], runs.get(MIDDLE), runs[URBAN], task.rules)
        progress.check()
        result = run.result(codes, found, threshold, progress.part(0.6, 0.9))
        run.write(codes, path, threshold, dict(tags or {}), colours, progress)
        return result


def _check(task: DegreeOfUrbanisationTask) -> None:
    rules = task.rules
    for value, known in (
        (rules.smoothing, SMOOTHINGS),
        (rules.semi_dense, SEMI_DENSE_RULES),
        (str(rules.level), ("1", "2")),
    ):
        if value not in known:
            raise InputError(
                translate("Dbar", "“{value}” is not one of {known}."),
                value=value,
                known=", ".join(known),
            )
    if task.land is not None and task.land_wkb is not None:
        raise InputError(
            translate(
                "Dbar",
                "Land is given twice, as a raster and as polygons. Leave one of them out.",
            )
        )


@contextmanager
def _opened(
    task: DegreeOfUrbanisationTask, path: str, workers: Workers, progress: Progress
) -> Iterator[_Run]:
    """Open the inputs on their common grid."""
    inputs = {
        name: LayerInput(open_input(raster), kind)
        for name, raster, kind in (
            ("people", task.population, task.population_kind),
            ("land", task.land, task.land_kind),
            ("built", task.builtup, task.builtup_kind),
        )
        if raster is not None
    }
    people = inputs["people"]
    crs = get_driver().wkt(task.crs) if task.crs else ""
    whole = equal_area_grid(people.source, crs)
    others = [item.source for name, item in inputs.items() if name != "people"]
    window = common_window(whole, others)
    grid = cropped(whole, window)
    with layers_on(grid, inputs, path, workers, progress) as (layers, notes):
        if window != whole.window:
            notes.append(
                message(
                    translate(
                        "Dbar",
                        "The rasters cover different areas. The result has the area that they "
                        "share, {width} × {height} km, of the {all_width} × {all_height} km of the "
                        "population.",
                    ),
                    width=grid.width,
                    height=grid.height,
                    all_width=whole.width,
                    all_height=whole.height,
                )
            )
        if task.land_wkb is not None:
            layers["land"] = land_of_polygons(
                task.land_wkb, task.land_crs, task.land_is_water, grid, progress
            )
        yield _Run(task, grid, _Layers(**layers), people, notes, workers)


class _Layers(NamedTuple):
    people: Layer
    land: Layer | None = None
    built: Layer | None = None

    @property
    def tile(self) -> tuple[int, int]:
        return self.people.tile

    def read(self, window: Window) -> _Cells:
        """Read what is given; land that is not known is all of the cell."""
        people, known = self.people.read(window)
        land = built = None
        if self.land is not None:
            land, has_land = self.land.read(window)
            land[~has_land] = 1.0
            known = known | has_land
        if self.built is not None:
            built, _ = self.built.read(window)
        return _Cells(people, known, land, built)


class _Cells(NamedTuple):
    people: Float64
    known: NDArray[np.bool_]
    land: Float64 | None
    built: Float64 | None


# -- passes; each task is a window of the grid


class _CodeTask(NamedTuple):
    layers: _Layers
    window: Window
    stride: int
    threshold: float | None
    densities: tuple[int, ...]


class _Coded(NamedTuple):
    codes: UInt8
    runs: list[Runs]
    crowding: _Crowding


class _Crowding(NamedTuple):
    """What tells counts from densities: people, people times density, the densest cell."""

    people: float = 0.0
    weighted: float = 0.0
    densest: float = 0.0

    def plus(self, other: _Crowding) -> _Crowding:
        """Return both together."""
        return _Crowding(
            self.people + other.people,
            self.weighted + other.weighted,
            max(self.densest, other.densest),
        )


def _code_block(task: _CodeTask) -> _Coded:
    cells = task.layers.read(task.window)
    codes = cell_codes(cells.people, cells.known, cells.land, cells.built, task.threshold)
    units = people_units(cells.people)
    row, col = task.window[:2]
    runs = [
        runs_of(
            is_dense(codes) if least == HIGH else has_density(codes, least),
            [units],
            row,
            col,
            task.stride,
        )
        for least in task.densities
    ]
    people = cells.people
    weighted = float(np.vdot(people, people))
    return _Coded(codes, runs, _Crowding(float(people.sum()), weighted, float(people.max())))


class _ShareTask(NamedTuple):
    layers: _Layers
    window: Window
    stride: int


def _share_block(task: _ShareTask) -> Runs:
    """Runs of dense cells with people and built-up shares, to find the threshold."""
    cells = task.layers.read(task.window)
    dense = density(cells.people, cells.land) >= _CITY_KM2
    built = np.zeros_like(cells.people) if cells.built is None else cells.built
    amounts = [people_units(cells.people), share_units(built)]
    return runs_of(dense, amounts, *task.window[:2], task.stride)


class _Part(NamedTuple):
    """Runs of some things in a window: where they begin and end there, and whose they are."""

    begin: Int64
    end: Int64
    number: Int64


class _MeasureTask(NamedTuple):
    layers: _Layers
    grid: Grid
    window: Window
    exponent: int
    classes: UInt8
    parts: tuple[_Part, ...]
    points: Int64


class _Measured(NamedTuple):
    """Amounts are people, area and built-up area, in units.

    by_class : int64 [256, 4], the first column counts cells
    by_part : int64 [runs, 3] of each part
    at_points : people in the cells of points
    """

    by_class: Int64
    by_part: list[Int64]
    at_points: Float64


def _measure_block(task: _MeasureTask) -> _Measured:
    cells = task.layers.read(task.window)
    areas = areas_in_units(task.grid.cell_areas(task.window), task.exponent)
    areas = np.broadcast_to(areas, cells.people.shape)
    amounts = [people_units(cells.people), areas.astype(np.int64)]
    if cells.built is None:
        amounts.append(np.zeros_like(amounts[0]))
    else:
        amounts.append(np.rint(areas * cells.built).astype(np.int64))
    by_class = np.column_stack(
        [np.bincount(task.classes.reshape(-1), minlength=256)]
        + [sums_by(task.classes, amount, 256) for amount in amounts]
    )
    flat = [np.append(amount.reshape(-1), 0) for amount in amounts]
    by_part = []
    for part in task.parts:
        borders = np.column_stack((part.begin, part.end)).reshape(-1)
        sums = np.zeros((part.begin.size, len(flat)), dtype=np.int64)
        if borders.size:
            for number, amount in enumerate(flat):
                sums[:, number] = np.add.reduceat(amount, borders)[0::2]
        by_part.append(sums)
    return _Measured(by_class, by_part, cells.people.reshape(-1)[task.points])


@dataclass
class _Run:
    """One run: its inputs on one grid, and what the log is to say."""

    task: DegreeOfUrbanisationTask
    grid: Grid
    layers: _Layers
    people: LayerInput
    notes: list[Message]
    workers: Workers
    warnings: list[Message] = field(default_factory=list)

    @property
    def stride(self) -> int:
        """Steps between rows of places."""
        return stride_of(self.grid.width)

    @property
    def windows(self) -> list[Window]:
        """Windows of all passes."""
        return block_windows(
            self.grid.height, self.grid.width, self.layers.tile, _BYTES_PER_CELL, self.workers
        )

    def each(
        self,
        function: Callable[[Any], Any],
        make: Callable[[Window], Any],
        progress: Progress,
    ) -> Iterator[tuple[Window, Any]]:
        """Run a function over the windows, in their order."""
        windows = self.windows
        with self.workers.executor() as executor:
            tasks = (make(window) for window in windows)
            results = run_tasks(function, tasks, len(windows), executor, self.workers, progress)
            yield from zip(windows, results, strict=True)

    # -- the threshold

    def threshold(self, progress: Progress) -> float | None:
        """Return the built-up share to use; look for it if asked to."""
        wanted = self.task.threshold
        if self.layers.built is None or wanted is None:
            return None
        if wanted != AUTO:
            return float(wanted)

        def make(window: Window) -> _ShareTask:
            return _ShareTask(self.layers, window, self.stride)

        parts = [runs for _, runs in self.each(_share_block, make, progress)]
        found = found_threshold(joined(parts), self.stride)
        if found is None:
            self.warnings.append(
                message(
                    translate(
                        "Dbar",
                        "No cluster of dense cells has 5,000 people, so no built-up threshold can "
                        "be found; the built-up option is off.",
                    )
                )
            )
        else:
            self.notes.append(
                message(
                    translate(
                        "Dbar",
                        "Built-up threshold found in these rasters: {percent} %. It is meant to be "
                        "found in the whole world; in 2020 that is 20 %.",
                    ),
                    percent=f"{100.0 * found:g}",
                )
            )
        return found

    # -- the classes

    def codes(self, threshold: float | None, progress: Progress) -> tuple[UInt8, dict[int, Runs]]:
        """Return the codes of the grid with its rim, and runs by density."""
        densities = (HIGH, URBAN) if self.task.rules.semi_dense == "2021" else (HIGH, MIDDLE, URBAN)
        codes = rim_codes(self.grid.height + 2 * RIM, self.grid.width + 2 * RIM)
        parts: list[list[Runs]] = []
        crowding = _Crowding()

        def make(window: Window) -> _CodeTask:
            return _CodeTask(self.layers, window, self.stride, threshold, densities)

        for window, coded in self.each(_code_block, make, progress):
            _inner(codes, window)[...] = coded.codes
            parts.append(coded.runs)
            crowding = crowding.plus(coded.crowding)
        self._check_crowding(crowding)
        runs = {
            least: joined([of_window[place] for of_window in parts])
            for place, least in enumerate(densities)
        }
        return codes, runs

    def _check_crowding(self, found: _Crowding) -> None:
        """Refuse counts that must be densities, and the other way round."""
        name, kind = self.people.source.name, self.task.population_kind
        area_km2 = middle_cell_area(self.people.source.grid) * 1e-6
        lived = found.weighted / found.people if found.people else 0.0
        # What the same values would be under the other kind.
        other = area_km2 if kind == COUNT else 1.0 / area_km2
        if lived > _CROWDED_KM2 or found.people > _WORLD_PEOPLE:
            raise InputError(
                _too_crowded(kind, other),
                name=name,
                people=figure_text(found.people),
                density=figure_text(lived),
            )
        if (
            kind == DENSITY
            and area_km2 < _FINE_KM2
            and found.densest < _URBAN_KM2
            and found.densest * other >= _CITY_KM2
            and lived * other <= _CROWDED_KM2
        ):
            raise InputError(
                translate(
                    "Dbar",
                    "{name}: as persons per km² no place of 1 km² has more than {density}; its "
                    "values look like persons per cell. Choose “count” for what the cells hold.",
                ),
                name=name,
                density=figure_text(found.densest),
            )

    def write(
        self,
        codes: UInt8,
        path: str,
        threshold: float | None,
        tags: dict[str, str],
        colours: Mapping[int, tuple[int, int, int, int]] | None,
        progress: Progress,
    ) -> None:
        """Write the classes."""
        if threshold is not None:
            tags["DBAR_BUILTUP_THRESHOLD"] = f"{threshold:g}"
        with RasterSink(
            path,
            self.grid,
            ["degree_of_urbanisation"],
            "uint8",
            NODATA,
            colours=colours,
            tags=tags,
            threads=self.workers.count,
        ) as sink:
            for row in range(0, self.grid.height, _BAND):
                progress.check()
                height = min(_BAND, self.grid.height - row)
                window = Window(row, 0, height, self.grid.width)
                sink.write(np.ascontiguousarray(_inner(codes, window)), window)

    # -- what was found

    def result(
        self, classes: UInt8, found: Found, threshold: float | None, progress: Progress
    ) -> DegreeOfUrbanisationResult:
        """Measure the classes, and the places that were found."""
        wanted = self._wanted(found)
        exponent = area_exponent(self.grid)
        points = PointCells.of(self.task.points, self.grid)
        by_class = np.zeros((256, 4), dtype=np.int64)
        sums = [np.zeros((group.things, 3), dtype=np.int64) for _, group in wanted]
        at_points = np.zeros(points.row.size)

        def make(window: Window) -> _MeasureTask:
            return _MeasureTask(
                self.layers,
                self.grid,
                window,
                exponent,
                np.ascontiguousarray(_inner(classes, window)),
                tuple(_part(group, window, self.stride) for _, group in wanted),
                points.in_window(window)[1],
            )

        for window, measured in self.each(_measure_block, make, progress):
            by_class += measured.by_class
            at_points[points.in_window(window)[0]] = measured.at_points
            for (_, group), total, amounts in zip(wanted, sums, measured.by_part, strict=True):
                number = _part(group, window, self.stride).number
                for place, amount in enumerate(amounts.T):
                    total[:, place] += sums_by(number, amount, group.things)
        places = [
            self._places(
                value, group, total, exponent, points.names_of(group, at_points, self.stride)
            )
            for (value, group), total in zip(wanted, sums, strict=True)
        ]
        centres = int(self.task.outlined[0])
        self._say(found)
        return DegreeOfUrbanisationResult(
            _class_table(by_class, self.task.rules.level, exponent, self.layers.built is not None),
            found.centres.things,
            found.urban.things,
            _sorted(places[:centres]),
            _sorted(places[centres:]),
            threshold,
            self.grid.crs,
            self.notes,
            self.warnings,
        )

    def _wanted(self, found: Found) -> list[tuple[int, Group]]:
        """Class and runs of what is wanted as polygons; centres come first."""
        centre = CENTRE if self.task.rules.level == 2 else CENTRE // 10
        centres, clusters = self.task.outlined
        groups = [(centre, found.centres)] if centres else []
        if clusters:
            groups.append((URBAN_CLUSTER, found.urban))
            if self.task.rules.level == 2:
                groups += [(DENSE, found.dense), (SEMI_DENSE, found.semi_dense)]
        return [(value, _in_order(group)) for value, group in groups]

    def _places(
        self, value: int, group: Group, sums: Int64, exponent: int, names: Sequence[str]
    ) -> list[tuple[Any, ...]]:
        """Rows of things of one class, with their polygons."""
        size = self.stride * (self.grid.height + 2 * RIM)
        lines = outlines(group.begin, group.end, group.number, self.stride, size)
        people = sums[:, 0] / PEOPLE_UNITS
        area, built = (tally_km2(sums[:, place], exponent) for place in (1, 2))
        shares = [None] * group.things if self.layers.built is None else (built / area).tolist()
        cells = np.bincount(group.number, group.end - group.begin, group.things).astype(np.int64)
        return list(
            zip(
                [value] * group.things,
                names,
                people.tolist(),
                area.tolist(),
                (people / area).tolist(),
                shares,
                cells.tolist(),
                wkb_of_outlines(lines, group.things, self.grid),
                strict=True,
            )
        )

    def _say(self, found: Found) -> None:
        if not any(group.things for group in found):
            self.warnings.append(
                message(
                    translate(
                        "Dbar",
                        "No cell is part of a centre or a cluster: no place reaches 300 people per "
                        "km² with 5,000 people. Check that the population is of this region, and "
                        "in persons per cell or per km² as you said.",
                    )
                )
            )


def _too_crowded(kind: str, other: float) -> str:
    """Text for people that are too many: another kind, where that makes them fewer."""
    if other < 1.0 and kind == COUNT:
        return translate(
            "Dbar",
            "{name}: as persons per cell this is {people} people, who live at {density} per km². "
            "Its values look like persons per km². Choose “density” for what the cells hold.",
        )
    if other < 1.0:
        return translate(
            "Dbar",
            "{name}: as persons per km² this is {people} people, who live at {density} per km². "
            "Its values look like persons per cell. Choose “count” for what the cells hold.",
        )
    return translate(
        "Dbar",
        "{name}: this is {people} people, who live at {density} per km², more than anywhere on "
        "Earth. Check that it is a raster of population, and what its cells hold.",
    )


def _inner(codes: UInt8, window: Window) -> UInt8:
    """Cells of a window in a raster with a rim."""
    row, col = window.row + RIM, window.col + RIM
    return codes[row : row + window.height, col : col + window.width]


def _in_order(group: Group) -> Group:
    order = np.argsort(group.begin, kind="stable")
    return Group(group.begin[order], group.end[order], group.number[order], group.things)


def _part(group: Group, window: Window, stride: int) -> _Part:
    which, begin, end = window_runs(group.begin, group.end, *window, stride)
    return _Part(begin, end, group.number[which])


_COLUMNS: Final = (
    "class",
    "name",
    "population",
    "area_km2",
    "density_km2",
    "builtup_share",
    "cells",
)


def _sorted(places: Sequence[Sequence[tuple[Any, ...]]]) -> Places:
    """Things of several classes, the most populous first."""
    rows = sorted((row for part in places for row in part), key=lambda row: -row[2])
    columns: dict[str, list[Any]] = {"id": list(range(1, len(rows) + 1))}
    columns |= {key: [row[place] for row in rows] for place, key in enumerate(_COLUMNS)}
    return Places(columns, [row[-1] for row in rows])


def _class_table(
    by_class: Int64, level: int, exponent: int, has_builtup: bool
) -> dict[str, list[Any]]:
    """Cells, areas and people by class, and of all classes together."""
    values = LEVEL_1 if level == 1 else LEVEL_2
    rows = by_class[list(values)]
    rows = np.vstack((rows, rows.sum(axis=0)))
    people = rows[:, 1] / PEOPLE_UNITS
    area, built = (tally_km2(rows[:, place], exponent) for place in (2, 3))
    return {
        "class": [*values, None],
        "cells": [int(cells) for cells in rows[:, 0]],
        "area_km2": area.tolist(),
        "area_pct": _percent(area),
        "population": people.tolist(),
        "population_pct": _percent(people),
        "builtup_km2": built.tolist() if has_builtup else [None] * len(area),
    }


def _percent(values: Float64) -> list[float | None]:
    """Shares of the last value, which is the sum of all."""
    return [float(100.0 * value / values[-1]) if values[-1] else None for value in values]
