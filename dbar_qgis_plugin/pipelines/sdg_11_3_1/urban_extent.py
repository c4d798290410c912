"""UN-Habitat's urban extent: from built-up rasters of several dates to classes and outlines.

A pass over each date tells built-up cells apart by their walking circle and finds the fringe; it
reads as far around a block as the circle reaches. Enclosed patches and the parts of the extent are
made of runs of the whole grid, so they know no block. A last pass writes the classes and measures
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.area_tally import areas_in_units, tally_km2
from dbar_qgis_plugin.kernels.cell_outlines import outlines
from dbar_qgis_plugin.kernels.cell_runs import (
    RIM,
    Runs,
    clusters,
    joined,
    runs_of,
    stride_of,
    sums_by,
    window_runs,
)
from dbar_qgis_plugin.kernels.degree_of_urbanisation import Group
from dbar_qgis_plugin.kernels.neighbourhoods import MOST_CELLS, Reach, RunningSums, reach
from dbar_qgis_plugin.kernels.urban_extent import (
    CLASSES,
    ENCLOSES,
    FRINGE_M,
    IN_EXTENT,
    IS_BUILT,
    IS_RURAL_OPEN,
    NODATA,
    SUBURBAN,
    WALKING_M,
    built_classes,
    captured,
    open_classes,
    with_captured,
)
from dbar_qgis_plugin.pipelines.class_rasters import area_exponent, is_water
from dbar_qgis_plugin.pipelines.inputs import (
    CATEGORICAL,
    CONTINUOUS,
    COUNT,
    RasterInput,
    middle_cell_area,
    open_input,
)
from dbar_qgis_plugin.pipelines.scratch import scratch_raster
from dbar_qgis_plugin.pipelines.sdg_11_3_1.builtup import BUILTUP_KINDS, builtup_raster
from dbar_qgis_plugin.pipelines.sdg_11_3_1.facets import Facets
from dbar_qgis_plugin.pipelines.sdg_11_3_1.named_points import NamedPoints, PointCells
from dbar_qgis_plugin.pipelines.sdg_11_3_1.placed_bands import (
    PlacedBand,
    common_grid,
    finest,
    placed,
    placing_notes,
)
from dbar_qgis_plugin.pipelines.years import year_number, year_text
from dbar_qgis_plugin.pipelines.zonal_sums import ZonalRaster, cell_quantities
from dbar_qgis_plugin.pipelines.zone_painting import ZonePainter, zone_painter
from dbar_qgis_plugin.raster_io.blocks import block_windows, run_tasks
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import Polygons, polygons_from_wkb, wkb_of_outlines
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

Bools = NDArray[np.bool_]
Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
UInt8 = NDArray[np.uint8]

BAND: Final = "urban_extent"  # followed by the year

_M2_PER_HA, _M2_PER_KM2 = 1e4, 1e6
# Read around a study area: so wide, the surroundings of its rim do not change its classes, but for
# open patches that are longer than that.
_MARGIN_M = 3000.0
_SHARE_UNITS = 1 << 20
_BYTES_PER_CELL = 150
_MEASURES: Final = {"fraction": CONTINUOUS, "percent": CONTINUOUS, "square_metres": COUNT}
_CIRCLE_CELLS = 9  # a circle of fewer says little


@dataclass(frozen=True)
class UrbanExtentTask:
    """All that a run needs, as plain values.

    builtup : one raster per date, or one first-built-year raster
    builtup_kind : one of `builtup.BUILTUP_KINDS`
    years : strictly increasing
    builtup_classes : values that count as built up, with "classes"
    builtup_from : share of a cell from which on it counts as a built-up cell
    water, water_classes : raster of water, and its values that are (empty: all but 0)
    water_wkb, water_crs : polygons of water, instead
    area_wkb, area_crs : the study area; None = all
    captured_ha : open patches up to this size may be captured
    fringe_m : how far the fringe reaches
    urban_percent, suburban_percent : built-up shares of the walking circle above which a built-up
        cell is urban, or suburban
    least_km2 : smaller parts of the extent get no outline
    points : names for the parts of the extent
    outlined : whether outlines are wanted
    """

    builtup: Sequence[RasterInput]
    builtup_kind: str
    years: Sequence[float]
    builtup_classes: Sequence[int] = ()
    builtup_from: float = 0.5
    water: RasterInput | None = None
    water_classes: Sequence[int] = ()
    water_wkb: Sequence[bytes | None] | None = None
    water_crs: str = ""
    area_wkb: Sequence[bytes | None] | None = None
    area_crs: str = ""
    captured_ha: float = 200.0
    fringe_m: float = FRINGE_M
    urban_percent: float = 50.0
    suburban_percent: float = 25.0
    least_km2: float = 0.0
    points: NamedPoints | None = None
    outlined: bool = True


@dataclass(frozen=True)
class UrbanExtentResult:
    """What a run gives.

    classes : columns of the table of classes by date
    extents : columns of the outlines, by date and falling area
    wkb : the outlines
    extent_km2 : area of the urban extent at each date, parts without an outline included
    crs : WKT of the grid
    notes, warnings : lines for the user
    """

    classes: dict[str, list[Any]]
    extents: dict[str, list[Any]]
    wkb: list[bytes]
    extent_km2: list[float]
    crs: str
    notes: list[Message]
    warnings: list[Message]


def compute_urban_extent(
    task: UrbanExtentTask,
    path: str,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> UrbanExtentResult:
    """Classify cells of one or several dates, and outline the urban extent.

    Parameters
    ----------
    task : UrbanExtentTask
        What to compute.
    path : str
        Where the classes go: UInt8, 1 to 9, 255 without data, a band per date.
    tags : mapping, optional
        Metadata of the raster.
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
    run = _Run.of(task, workers)
    with ExitStack() as stack:
        zones, holes = [], []
        for number, year in enumerate(task.years):
            part = progress.part(
                0.7 * number / len(task.years), 0.7 * (number + 1) / len(task.years)
            )
            scratch = stack.enter_context(
                scratch_raster(path, f"zones{number}", run.grid, "uint8", NODATA)
            )
            rest, opened = run.zones(number, scratch.write, part)
            progress.check()
            limit = int(task.captured_ha * _M2_PER_HA * 2.0**-run.exponent)
            holes.append(captured(rest, opened, limit, run.grid.height, run.grid.width))
            zones.append(scratch.finished())
            del rest, opened
            run.say_empty(year, number)
        names = [f"{BAND}_{year_text(year)}" for year in task.years]
        sink = RasterSink(path, run.grid, names, "uint8", NODATA, tags=tags, threads=workers.count)
        with sink:
            measured, extents = run.classes(zones, holes, sink, progress.part(0.7, 0.95))
            return run.result(measured, extents, progress)


def _check(task: UrbanExtentTask) -> None:
    if task.builtup_kind not in BUILTUP_KINDS:
        raise InputError(
            translate("Dbar", "“{value}” is not one of {known}."),
            value=task.builtup_kind,
            known=", ".join(BUILTUP_KINDS),
        )
    if any(later <= earlier for earlier, later in pairwise(task.years)):
        raise InputError(
            translate("Dbar", "The years {years} do not increase. Give them in order."),
            years=", ".join(map(year_text, task.years)),
        )
    wanted = 1 if task.builtup_kind == "first_year" else len(task.years)
    if not task.years or len(task.builtup) != wanted:
        raise InputError(
            translate(
                "Dbar",
                "{rasters} built-up rasters were given for {years} years; {wanted} are needed. "
                "Give one raster per year, or a single raster with the year first built.",
            ),
            rasters=len(task.builtup),
            years=len(task.years),
            wanted=wanted,
        )
    if task.builtup_kind == "classes" and not task.builtup_classes:
        raise InputError(
            translate("Dbar", "Say which class values count as built up, for example 50,190.")
        )
    if task.water is not None and task.water_wkb is not None:
        raise InputError(
            translate(
                "Dbar",
                "Water is given twice, as a raster and as polygons. Leave one of them out.",
            )
        )
    if not task.suburban_percent <= task.urban_percent:
        raise InputError(
            translate(
                "Dbar",
                "The share for urban cells ({urban} %) is below that for suburban cells "
                "({suburban} %). Type a larger one.",
            ),
            urban=f"{task.urban_percent:g}",
            suburban=f"{task.suburban_percent:g}",
        )


# -- reading


class _Inputs(NamedTuple):
    """What blocks are made of; a value, which pickles.

    builtup : per raster, where it lies and what is built up in it
    dates : per date, number of its raster and of the raster's output
    """

    grid: Grid
    builtup: tuple[tuple[PlacedBand, ZonalRaster], ...]
    dates: tuple[tuple[int, int], ...]
    water: PlacedBand | None
    water_classes: tuple[int, ...]
    water_painter: ZonePainter | None
    area_painter: ZonePainter | None
    exponent: int

    def water_in(self, window: Window) -> Bools:
        """Cells of a window that are water."""
        if self.water is not None:
            return is_water(self.water.read(window), self.water_classes)
        if self.water_painter is not None:
            return np.asarray(self.water_painter.paint(window) >= 0)
        return np.zeros(window[2:], dtype=bool)

    def read(self, date: int, window: Window) -> _Cells:
        """Read a window of a date."""
        number, output = self.dates[date]
        band, raster = self.builtup[number]
        block = band.read(window)
        quantity = cell_quantities(raster, block)[output]
        areas = np.broadcast_to(self.grid.cell_areas(window), quantity.shape)
        share = quantity * (raster.factor * _M2_PER_KM2)
        if not raster.area:
            share /= areas
        np.minimum(share, 1.0, out=share)
        water = self.water_in(window)
        # Nothing is built on water, whether or not the built-up raster knows.
        known = block.valid[0] | water | raster.nodata_is_zero
        units = areas_in_units(areas, self.exponent)
        built = np.rint(units * share).astype(np.int64)
        return _Cells(share, built, units.astype(np.int64), known, water)


class _Cells(NamedTuple):
    """Cells of a window: built-up share, built-up area and area in units, data, water."""

    share: Float64
    built: Int64
    area: Int64
    known: Bools
    water: Bools


def _grown(window: Window, around: Reach, grid: Grid) -> Window:
    """Window with the cells around it that are reached."""
    top, left = max(window.row - around.rows, 0), max(window.col - around.cols, 0)
    bottom = min(window.row + window.height + around.rows, grid.height)
    right = min(window.col + window.width + around.cols, grid.width)
    return Window(top, left, bottom - top, right - left)


def _inside(inner: Window, outer: Window) -> tuple[slice, slice]:
    row, col = inner.row - outer.row, inner.col - outer.col
    return slice(row, row + inner.height), slice(col, col + inner.width)


def _moved(part: slice, by: int) -> slice:
    return slice(part.start + by, part.stop + by)


# -- passes; each task is a window of the grid


class _ZoneTask(NamedTuple):
    inputs: _Inputs
    date: int
    window: Window
    task: UrbanExtentTask


class _Zones(NamedTuple):
    """Classes before patches are captured, and runs of what may lie in holes.

    counts : cells with data, built-up ones, and urban or suburban ones
    """

    classes: UInt8
    rest: Runs
    opened: Runs
    counts: Int64


def _zone_block(given: _ZoneTask) -> _Zones:
    inputs, grid, window = given.inputs, given.inputs.grid, given.window
    facets = Facets.of(grid, window)
    fringe = reach(facets.metrics, given.task.fringe_m, from_outline=True, most=MOST_CELLS)
    middle = _grown(window, fringe, grid)
    wider = Facets.of(grid, middle)
    circle = reach(wider.metrics, WALKING_M, most=MOST_CELLS)
    outer = _grown(middle, circle, grid)
    cells = inputs.read(given.date, outer)

    # Built-up cells, also those just around the window, whose fringe may lie in it.
    built = np.zeros(middle[2:], dtype=np.uint8)
    is_built = ((cells.share >= given.task.builtup_from) & (cells.share > 0.0))[
        _inside(middle, outer)
    ]
    if is_built.any():
        # Cells of a circle differ in area by less than its shares mean anything: each counts as
        # one, so that a share of exactly one half is one in any CRS.
        share = np.rint(cells.share * _SHARE_UNITS).astype(np.int64)
        built_sums = RunningSums(share * cells.known, circle)
        whole_sums = RunningSums(cells.known * np.int64(_SHARE_UNITS), circle)
        for rows, cols, shape in wider.pieces(middle, is_built, circle):
            at = _moved(rows, middle.row - outer.row), _moved(cols, middle.col - outer.col), shape
            found = built_classes(
                built_sums.over(*at),
                whole_sums.over(*at),
                given.task.urban_percent,
                given.task.suburban_percent,
            )
            built[rows, cols] = np.where(is_built[rows, cols], found, 0)
    inner = _inside(window, middle)
    classes = built[inner]
    known, water = (part[_inside(window, outer)] for part in (cells.known, cells.water))
    is_open = known & (classes == 0)
    classes = np.where(
        is_open, _opened(given, facets, fringe, built, middle, is_open, water), classes
    )
    classes[~known & (classes == 0)] = NODATA
    area = cells.area[_inside(window, outer)]
    place = window.row, window.col, stride_of(grid.width)
    counts = [known.sum(), IS_BUILT[classes].sum(), ((classes > 0) & (classes <= SUBURBAN)).sum()]
    return _Zones(
        classes,
        runs_of(~ENCLOSES[classes], [], *place),
        runs_of(IS_RURAL_OPEN[classes], [area], *place),
        np.array(counts, dtype=np.int64),
    )


def _opened(
    given: _ZoneTask,
    facets: Facets,
    fringe: Reach,
    built: UInt8,
    middle: Window,
    is_open: Bools,
    water: Bools,
) -> UInt8:
    """Classes of open cells; others get one too, which is not used."""
    window = given.window
    is_near = np.zeros(is_open.shape, dtype=bool)
    dense = ((built > 0) & (built <= SUBURBAN)).astype(np.int64)
    if dense.any():
        sums = RunningSums(dense, fringe)
        for rows, cols, shape in facets.pieces(window, is_open, fringe):
            at = _moved(rows, window.row - middle.row), _moved(cols, window.col - middle.col)
            is_near[rows, cols] = sums.over(*at, shape) > 0
    return open_classes(is_near, water)


class _ClassTask(NamedTuple):
    inputs: _Inputs
    window: Window
    zones: tuple[RasterSource, ...]
    captured: tuple[tuple[Int64, Int64], ...]


class _Classified(NamedTuple):
    """Classes [dates, height, width], sums by date and class, and runs of the extent by date.

    by_class : int64 [dates, 256, 3], cells, area and built-up area in units
    """

    classes: UInt8
    by_class: Int64
    extents: list[Runs]


def _class_block(given: _ClassTask) -> _Classified:
    inputs, window = given.inputs, given.window
    outside = None
    if inputs.area_painter is not None:
        outside = inputs.area_painter.paint(window) < 0
    layers, sums, extents = [], [], []
    for date, (zones, runs) in enumerate(zip(given.zones, given.captured, strict=True)):
        block = zones.read(window)
        classes = np.where(block.valid[0], block.values[0], NODATA).astype(np.uint8)
        classes = with_captured(classes, *runs)
        if outside is not None:
            classes[outside] = NODATA
        cells = inputs.read(date, window)
        amounts = [cells.area, cells.built]
        flat = classes.reshape(-1)
        sums.append(
            np.column_stack(
                [np.bincount(flat, minlength=256)]
                + [sums_by(flat, amount, 256) for amount in amounts]
            )
        )
        stride = stride_of(inputs.grid.width)
        extents.append(runs_of(IN_EXTENT[classes], amounts, window.row, window.col, stride))
        layers.append(classes)
    return _Classified(np.stack(layers), np.stack(sums), extents)


@dataclass
class _Run:
    """One run: its inputs on one grid, and what the log is to say."""

    task: UrbanExtentTask
    inputs: _Inputs
    tile: tuple[int, int]
    workers: Workers
    notes: list[Message] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)
    counts: dict[int, Int64] = field(default_factory=dict)

    @classmethod
    def of(cls, task: UrbanExtentTask, workers: Workers) -> _Run:
        """Open the inputs on their common grid."""
        builtup = [open_input(raster) for raster in task.builtup]
        water = None if task.water is None else open_input(task.water)
        area = water_area = None
        if task.area_wkb is not None:
            area = polygons_from_wkb(task.area_wkb, task.area_crs)
        if task.water_wkb is not None:
            water_area = polygons_from_wkb(task.water_wkb, task.water_crs)
        whole = finest(builtup)
        grid, notes = common_grid(whole, builtup, area, _margin(whole, area))
        measure = _MEASURES.get(task.builtup_kind, CATEGORICAL)
        bands = [placed(source, grid, measure) for source in builtup]
        water_band = None if water is None else placed(water, grid, CATEGORICAL)
        rasters = [
            builtup_raster(band.source, task.builtup_kind, task.builtup_classes, task.years)
            for band in bands
        ]
        by_year = task.builtup_kind == "first_year"
        dates = [(0, place) if by_year else (place, 0) for place in range(len(task.years))]
        inputs = _Inputs(
            grid,
            tuple(zip(bands, rasters, strict=True)),
            tuple(dates),
            water_band,
            tuple(task.water_classes),
            None if water_area is None else zone_painter(water_area, grid),
            None if area is None else zone_painter(area, grid),
            area_exponent(grid),
        )
        every = bands if water_band is None else [*bands, water_band]
        run = cls(task, inputs, bands[0].source.tile, workers, notes + placing_notes(every))
        run._warn_of_cells()
        return run

    @property
    def grid(self) -> Grid:
        """The grid of the result."""
        return self.inputs.grid

    @property
    def exponent(self) -> int:
        """Exponent of the unit of areas."""
        return self.inputs.exponent

    def _warn_of_cells(self) -> None:
        """Say so where cells are too large for the distances."""
        metrics = self.grid.cell_metrics(
            np.array([self.grid.height / 2.0]), np.array([self.grid.width / 2.0])
        )
        side = f"{np.sqrt(middle_cell_area(self.grid)):.0f}"
        circle = reach(metrics, WALKING_M, most=MOST_CELLS)
        if int((circle.last - circle.first + 1).sum()) < _CIRCLE_CELLS:
            self.warnings.append(
                message(
                    translate(
                        "Dbar",
                        "The cells ({side} m) are so large that the walking circle of 1 km² holds "
                        "only a few of them. Use a finer raster.",
                    ),
                    side=side,
                )
            )
        fringe = reach(metrics, self.task.fringe_m, from_outline=True, most=MOST_CELLS)
        if fringe.rows == 0 and fringe.cols == 0 and self.task.fringe_m > 0.0:
            self.warnings.append(
                message(
                    translate(
                        "Dbar",
                        "The cells ({side} m) are so large that the fringe of {fringe} m reaches "
                        "none of them. Use a finer raster.",
                    ),
                    side=side,
                    fringe=f"{self.task.fringe_m:g}",
                )
            )

    def _each(
        self,
        function: Callable[[Any], Any],
        make: Callable[[Window], Any],
        progress: Progress,
    ) -> Iterator[tuple[Window, Any]]:
        """Run a function over the windows, in their order."""
        cell_bytes = _BYTES_PER_CELL + 2.0 * len(self.task.years)
        windows = block_windows(
            self.grid.height, self.grid.width, self.tile, cell_bytes, self.workers
        )
        with self.workers.executor() as executor:
            tasks = (make(window) for window in windows)
            results = run_tasks(function, tasks, len(windows), executor, self.workers, progress)
            yield from zip(windows, results, strict=True)

    def zones(
        self, date: int, write: Callable[[UInt8, Window], None], progress: Progress
    ) -> tuple[Runs, Runs]:
        """Write the classes of a date before patches are captured; return what may be in holes."""

        def make(window: Window) -> _ZoneTask:
            return _ZoneTask(self.inputs, date, window, self.task)

        rest, opened = [], []
        counts = np.zeros(3, dtype=np.int64)
        for window, found in self._each(_zone_block, make, progress):
            write(found.classes, window)
            rest.append(found.rest)
            opened.append(found.opened)
            counts += found.counts
        self.counts[date] = counts
        return joined(rest), joined(opened)

    def say_empty(self, year: float, date: int) -> None:
        """Say so where a date has no urban extent."""
        known, built, dense = self.counts[date].tolist()
        if dense:
            return
        if not known:
            text = translate("Dbar", "{year}: no cell has data, so there is no urban extent.")
        elif not built:
            text = translate(
                "Dbar",
                "{year}: no cell is built up, so there is no urban extent. Check what the cells "
                "of the built-up raster hold.",
            )
        else:
            text = translate(
                "Dbar",
                "{year}: no built-up cell has enough built up around it to be urban or suburban, "
                "so there is no urban extent.",
            )
        self.warnings.append(message(text, year=year_text(year)))

    def classes(
        self,
        zones: Sequence[RasterSource],
        holes: Sequence[Runs],
        sink: RasterSink,
        progress: Progress,
    ) -> tuple[Int64, list[Runs]]:
        """Write the classes; return sums by date and class, and runs of the extent by date."""
        stride = stride_of(self.grid.width)

        def make(window: Window) -> _ClassTask:
            parts = [window_runs(runs.begin, runs.end, *window, stride)[1:] for runs in holes]
            return _ClassTask(self.inputs, window, tuple(zones), tuple(parts))

        by_class = np.zeros((len(zones), 256, 3), dtype=np.int64)
        extents: list[list[Runs]] = [[] for _ in zones]
        for window, found in self._each(_class_block, make, progress):
            sink.write(found.classes, window)
            by_class += found.by_class
            for runs, part in zip(extents, found.extents, strict=True):
                runs.append(part)
        return by_class, [joined(parts) for parts in extents]

    # -- what was found

    def result(
        self, by_class: Int64, extents: Sequence[Runs], progress: Progress
    ) -> UrbanExtentResult:
        """Make tables and outlines."""
        points = PointCells.of(self.task.points, self.grid)
        columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
        wkb: list[bytes] = []
        if self.task.outlined:
            for year, runs in zip(self.task.years, extents, strict=True):
                progress.check()
                self._add_outlines(year, runs, points, columns, wkb)
        table, extent_km2 = self._class_table(by_class)
        return UrbanExtentResult(
            table, columns, wkb, extent_km2, self.grid.crs, self.notes, self.warnings
        )

    def _add_outlines(
        self,
        year: float,
        runs: Runs,
        points: PointCells,
        columns: dict[str, list[Any]],
        wkb: list[bytes],
    ) -> None:
        stride = stride_of(self.grid.width)
        count, label = clusters(runs.begin, runs.end, stride, diagonal=True)
        sums = np.zeros((count, 2), dtype=np.int64)
        np.add.at(sums, label, runs.amount)
        cells = np.bincount(label, runs.end - runs.begin, count).astype(np.int64)
        kept = np.flatnonzero(tally_km2(sums[:, 0], self.exponent) >= self.task.least_km2)
        kept = kept[np.argsort(-sums[kept, 0], kind="stable")]
        number = np.full(count, -1, dtype=np.int64)
        number[kept] = np.arange(kept.size)
        chosen = number[label] >= 0
        group = Group(runs.begin[chosen], runs.end[chosen], number[label][chosen], int(kept.size))
        size = stride * (self.grid.height + 2 * RIM)
        lines = outlines(group.begin, group.end, group.number, stride, size)
        wkb += wkb_of_outlines(lines, group.things, self.grid)
        area, built = (tally_km2(sums[kept, place], self.exponent) for place in (0, 1))
        names = points.names_of(group, np.zeros(points.row.size), stride)
        for name, values in (
            ("id", list(range(1, kept.size + 1))),
            ("name", names),
            ("year", [year_number(year)] * kept.size),
            ("area_km2", area.tolist()),
            ("builtup_km2", built.tolist()),
            ("builtup_share", (built / area).tolist()),
            ("cells", cells[kept].tolist()),
        ):
            columns[name] += values

    def _class_table(self, by_class: Int64) -> tuple[dict[str, list[Any]], list[float]]:
        """Areas by date and class, and the area of the extent by date."""
        columns: dict[str, list[Any]] = {
            name: [] for name in ("year", "class", "cells", "area_km2", "area_pct", "builtup_km2")
        }
        extent = []
        for year, sums in zip(self.task.years, by_class, strict=True):
            rows = sums[list(CLASSES)]
            area = tally_km2(rows[:, 1], self.exponent)
            total = float(tally_km2(rows[:, 1].sum(), self.exponent))
            columns["year"] += [year_number(year)] * len(CLASSES)
            columns["class"] += list(CLASSES)
            columns["cells"] += rows[:, 0].tolist()
            columns["area_km2"] += area.tolist()
            columns["area_pct"] += [100.0 * part / total if total else None for part in area]
            columns["builtup_km2"] += tally_km2(rows[:, 2], self.exponent).tolist()
            extent.append(float(tally_km2(sums[IN_EXTENT, 1].sum(), self.exponent)))
        return columns, extent


_COLUMNS: Final = ("id", "name", "year", "area_km2", "builtup_km2", "builtup_share", "cells")


def _margin(grid: Grid, area: Polygons | None) -> int:
    """Cells to read around a study area."""
    if area is None:
        return 0
    rings, _ = area.rings_on(grid)
    if rings.x.size == 0:
        return 0
    places = np.clip(rings.y, 0, grid.height), np.clip(rings.x, 0, grid.width)
    across, _, down = grid.cell_metrics(*(np.array([p.min(), p.max()]) for p in places))
    return int(np.ceil(_MARGIN_M / np.sqrt(np.nanmin((across, down)))))
