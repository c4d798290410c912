"""Kinds of urban growth between dates, from classes of the urban extent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from dbar_qgis_plugin.kernels.neighbourhoods import MOST_CELLS, neighbours, reach
from dbar_qgis_plugin.kernels.urban_extent import CLASSES, IN_EXTENT, IS_BUILT, NODATA
from dbar_qgis_plugin.kernels.urban_growth import (
    LEI_TYPES,
    NEW_TYPES,
    TYPES,
    attached,
    expansion_index,
    growth_types,
    is_gained,
    is_new,
    lei_types,
    surroundings,
)
from dbar_qgis_plugin.pipelines.class_rasters import area_exponent
from dbar_qgis_plugin.pipelines.figures import figure_text
from dbar_qgis_plugin.pipelines.inputs import CATEGORICAL, RasterInput, open_input
from dbar_qgis_plugin.pipelines.sdg_11_3_1.facets import shapes_at
from dbar_qgis_plugin.pipelines.sdg_11_3_1.placed_bands import (
    PlacedBand,
    common_grid,
    finest,
    placed,
    placing_notes,
)
from dbar_qgis_plugin.pipelines.years import year_number, year_text
from dbar_qgis_plugin.raster_io.blocks import block_windows, run_tasks
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import wkb_of_outlines
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.workers import Workers

Int64 = NDArray[np.int64]
UInt8 = NDArray[np.uint8]

BAND: Final = "urban_growth"  # followed by the years
BY_EXTENT, BY_LEI = "extent", "lei"
ALL: Final = "all"

_M2_PER_HA = 1e4
_BYTES_PER_CELL = 120


@dataclass(frozen=True)
class UrbanGrowthTask:
    """All that a run needs, as plain values.

    extents : classes of the urban extent, one raster or band per date
    years : strictly increasing
    buffer_m : how far around a patch the index looks, from its outline to the centres of cells;
        None = the cells that touch the patch
    least_ha : smaller patches get no outline
    outlined : whether outlines are wanted
    """

    extents: Sequence[RasterInput]
    years: Sequence[float]
    buffer_m: float | None = None
    least_ha: float = 0.0
    outlined: bool = True


@dataclass(frozen=True)
class UrbanGrowthResult:
    """What a run gives.

    types : columns of the table of types by interval
    patches : columns of the outlines of new patches, by interval and falling area
    wkb : the outlines
    crs : WKT of the grid
    notes, warnings : lines for the user
    """

    types: dict[str, list[Any]]
    patches: dict[str, list[Any]]
    wkb: list[bytes]
    crs: str
    notes: list[Message]
    warnings: list[Message]


def compute_urban_growth(
    task: UrbanGrowthTask,
    path: str,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> UrbanGrowthResult:
    """Tell kinds of growth apart, and measure new patches.

    Parameters
    ----------
    task : UrbanGrowthTask
        What to compute.
    path : str
        Where the types go: UInt8, 0 to 5, 255 without data, a band per interval.
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
    sources = [open_input(raster) for raster in task.extents]
    grid, notes = common_grid(finest(sources), sources)
    bands = [placed(source, grid, CATEGORICAL) for source in sources]
    run = _Run(task, grid, tuple(bands), workers, notes + placing_notes(bands))
    changes = [run.change(*parts) for parts in run.runs(progress.part(0.0, 0.4))]
    progress.check()
    names = [f"{BAND}_{year_text(start)}_{year_text(end)}" for start, end in pairwise(task.years)]
    with RasterSink(path, grid, names, "uint8", NODATA, tags=tags, threads=workers.count) as sink:
        measured = run.measured(changes, sink, progress.part(0.4, 0.9))
        return run.result(changes, measured, progress)


def _check(task: UrbanGrowthTask) -> None:
    if len(task.years) < 2 or len(task.extents) != len(task.years):
        raise InputError(
            translate(
                "Dbar",
                "Growth needs the urban extent of at least two dates, a year to each; {rasters} "
                "rasters and {years} years were given.",
            ),
            rasters=len(task.extents),
            years=len(task.years),
        )
    if any(later <= earlier for earlier, later in pairwise(task.years)):
        raise InputError(
            translate("Dbar", "The years {years} do not increase. Give them in order."),
            years=", ".join(map(year_text, task.years)),
        )


def _read(band: PlacedBand, window: Window) -> UInt8:
    """Classes of a window; values that are none are refused."""
    block = band.read(window)
    values, valid = block.values[0], block.valid[0]
    known = valid & (values != NODATA)
    strange = known & ~np.isin(values, CLASSES)
    if strange.any():
        raise InputError(
            translate(
                "Dbar",
                "{name} holds the value {value}, which is no class of the urban extent (1 to 9). "
                "Choose the rasters that “Urban extent” has made.",
            ),
            name=band.source.name,
            value=f"{values[strange][0]:g}",
        )
    return np.where(known, values, NODATA).astype(np.uint8)


# -- passes; each task is a window of the grid


class _RunsTask(NamedTuple):
    bands: tuple[PlacedBand, ...]
    grid: Grid
    window: Window
    exponent: int


class _IntervalRuns(NamedTuple):
    """Runs of newly built cells with their area, of the earlier extent, and of what it gained.

    lost : area in units of cells that are no longer built up
    """

    new: Runs
    earlier: Runs
    gained: Runs
    lost: int


def _runs_block(given: _RunsTask) -> list[_IntervalRuns]:
    window = given.window
    layers = [_read(band, window) for band in given.bands]
    units = areas_in_units(given.grid.cell_areas(window), given.exponent)
    areas = np.broadcast_to(units, layers[0].shape).astype(np.int64)
    place = window.row, window.col, stride_of(given.grid.width)
    found = []
    for before, after in pairwise(layers):
        lost = IS_BUILT[before] & ~IS_BUILT[after] & (after != NODATA)
        found.append(
            _IntervalRuns(
                runs_of(is_new(before, after), [areas], *place),
                runs_of(IN_EXTENT[before], [], *place),
                runs_of(is_gained(before, after), [], *place),
                int(areas[lost].sum()),
            )
        )
    return found


class _Part(NamedTuple):
    """Runs in a window: where they begin and end there."""

    begin: Int64
    end: Int64


class _GrowthTask(NamedTuple):
    bands: tuple[PlacedBand, ...]
    grid: Grid
    window: Window
    exponent: int
    attached: tuple[_Part, ...]
    around: tuple[_Part, ...]
    patches: tuple[_Part, ...]


class _Growth(NamedTuple):
    """Types [intervals, height, width], and per interval sums in units.

    by_type : int64 [256, 2], cells and areas
    around : int64 [runs, 2], area that was built up before, and area with data
    patches : int64 [runs, types], area of each of `NEW_TYPES`
    """

    types: UInt8
    by_type: list[Int64]
    around: list[Int64]
    patches: list[Int64]


def _growth_block(given: _GrowthTask) -> _Growth:
    window = given.window
    layers = [_read(band, window) for band in given.bands]
    units = areas_in_units(given.grid.cell_areas(window), given.exponent)
    areas = np.broadcast_to(units, layers[0].shape).astype(np.int64)
    result = _Growth(np.empty((len(layers) - 1, *window[2:]), dtype=np.uint8), [], [], [])
    for number, (before, after) in enumerate(pairwise(layers)):
        types = growth_types(before, after, _painted(given.attached[number], before.shape))
        result.types[number] = types
        result.by_type.append(
            np.column_stack((np.bincount(types.ravel(), minlength=256), sums_by(types, areas, 256)))
        )
        known = types != NODATA
        result.around.append(
            _run_sums(given.around[number], [areas * (IS_BUILT[before] & known), areas * known])
        )
        result.patches.append(
            _run_sums(given.patches[number], [areas * (types == kind) for kind in NEW_TYPES])
        )
    return result


def _painted(part: _Part, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Cells of a window that lie in runs, which do not overlap."""
    step = np.zeros(shape[0] * shape[1] + 1, dtype=np.int8)
    step[part.begin] += 1
    step[part.end] -= 1
    return np.cumsum(step[:-1], dtype=np.int8).astype(bool).reshape(shape)


def _run_sums(part: _Part, amounts: Sequence[Int64]) -> Int64:
    """Sums over runs, which may overlap, int64 [runs, amounts]."""
    sums = np.zeros((part.begin.size, len(amounts)), dtype=np.int64)
    for place, amount in enumerate(amounts):
        running = np.concatenate(([0], np.cumsum(amount)))
        sums[:, place] = running[part.end] - running[part.begin]
    return sums


class _Change(NamedTuple):
    """What an interval is made of.

    attached : runs of what has come to the earlier extent
    patches, patch, patch_count : runs of newly built cells, the patch of each, and how many
    around, around_patch : runs of patches and what lies around them, in the order of places
    lost : area in units
    """

    attached: Runs
    patches: Runs
    patch: NDArray[np.int32]
    patch_count: int
    around: tuple[Int64, Int64]
    around_patch: Int64
    lost: int


class _Measured(NamedTuple):
    """Sums of an interval: by type [256, 2], around patches [patches, 2], in patches by type."""

    by_type: Int64
    around: Int64
    patches: Int64


@dataclass
class _Run:
    """One run: its inputs on one grid, and what the log is to say."""

    task: UrbanGrowthTask
    grid: Grid
    bands: tuple[PlacedBand, ...]
    workers: Workers
    notes: list[Message]
    warnings: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.exponent = area_exponent(self.grid)
        self.stride = stride_of(self.grid.width)

    def _each(
        self,
        function: Callable[[Any], Any],
        make: Callable[[Window], Any],
        progress: Progress,
    ) -> Iterator[tuple[Window, Any]]:
        """Run a function over the windows, in their order."""
        grid, tile = self.grid, self.bands[0].source.tile
        cell_bytes = _BYTES_PER_CELL + 2.0 * len(self.bands)
        windows = block_windows(grid.height, grid.width, tile, cell_bytes, self.workers)
        with self.workers.executor() as executor:
            tasks = (make(window) for window in windows)
            results = run_tasks(function, tasks, len(windows), executor, self.workers, progress)
            yield from zip(windows, results, strict=True)

    def runs(self, progress: Progress) -> list[_IntervalRuns]:
        """Find the runs of each interval."""

        def make(window: Window) -> _RunsTask:
            return _RunsTask(self.bands, self.grid, window, self.exponent)

        parts = [found for _, found in self._each(_runs_block, make, progress)]
        return [
            _IntervalRuns(
                joined([part.new for part in of_interval]),
                joined([part.earlier for part in of_interval]),
                joined([part.gained for part in of_interval]),
                sum(part.lost for part in of_interval),
            )
            for of_interval in zip(*parts, strict=True)
        ]

    def change(self, new: Runs, earlier: Runs, gained: Runs, lost: int) -> _Change:
        """Make patches and parts of the runs of an interval."""
        count, patch = clusters(new.begin, new.end, self.stride, diagonal=True)
        row, col = np.divmod(new.begin, self.stride)
        if self.task.buffer_m is None:
            around, shape = neighbours(1), np.zeros(patch.size, dtype=np.int64)
        else:
            metrics, shape = shapes_at(self.grid, row - RIM, col - RIM)
            around = reach(metrics, self.task.buffer_m, from_outline=True, most=MOST_CELLS)
        parts = list(
            surroundings(
                new.begin, new.end, patch, around, shape, self.grid.height, self.grid.width
            )
        )
        none = np.empty(0, dtype=np.int64)
        begin, end, owner = (
            np.concatenate(column) for column in zip((none, none, none), *parts, strict=True)
        )
        order = np.argsort(begin, kind="stable")
        return _Change(
            attached(gained, earlier, self.stride),
            new,
            patch,
            count,
            (begin[order], end[order]),
            owner[order],
            lost,
        )

    def measured(
        self, changes: Sequence[_Change], sink: RasterSink, progress: Progress
    ) -> list[_Measured]:
        """Write the types; return sums by interval."""

        def part(begin: Int64, end: Int64, window: Window) -> _Part:
            return _Part(*window_runs(begin, end, *window, self.stride)[1:])

        def make(window: Window) -> _GrowthTask:
            return _GrowthTask(
                self.bands,
                self.grid,
                window,
                self.exponent,
                tuple(part(each.attached.begin, each.attached.end, window) for each in changes),
                tuple(part(*each.around, window) for each in changes),
                tuple(part(each.patches.begin, each.patches.end, window) for each in changes),
            )

        sums = [
            _Measured(
                np.zeros((256, 2), dtype=np.int64),
                np.zeros((each.patch_count, 2), dtype=np.int64),
                np.zeros((each.patch_count, len(NEW_TYPES)), dtype=np.int64),
            )
            for each in changes
        ]
        for window, found in self._each(_growth_block, make, progress):
            sink.write(found.types, window)
            for number, (change, total) in enumerate(zip(changes, sums, strict=True)):
                total.by_type[...] += found.by_type[number]
                here, _, _ = window_runs(*change.around, *window, self.stride)
                np.add.at(total.around, change.around_patch[here], found.around[number])
                runs = change.patches
                here, _, _ = window_runs(runs.begin, runs.end, *window, self.stride)
                np.add.at(total.patches, change.patch[here], found.patches[number])
        return sums

    def result(
        self, changes: Sequence[_Change], sums: Sequence[_Measured], progress: Progress
    ) -> UrbanGrowthResult:
        """Make tables and outlines."""
        types: dict[str, list[Any]] = {name: [] for name in _TYPE_COLUMNS}
        patches: dict[str, list[Any]] = {name: [] for name in _PATCH_COLUMNS}
        wkb: list[bytes] = []
        intervals = pairwise(year_number(year) for year in self.task.years)
        for years, change, found in zip(intervals, changes, sums, strict=True):
            progress.check()
            area = found.patches.sum(axis=1)
            occupied = found.around[:, 0]
            vacant = found.around[:, 1] - area - occupied
            index = expansion_index(occupied.astype(np.float64), vacant.astype(np.float64))
            kinds = lei_types(index)
            self._add_types(years, found.by_type, types)
            self._add_index(years, index, kinds, area, types)
            if self.task.outlined:
                self._add_patches(years, change, found, index, kinds, patches, wkb)
            self._say(years, change, found)
        return UrbanGrowthResult(types, patches, wkb, self.grid.crs, self.notes, self.warnings)

    def _add_types(
        self, years: tuple[float, float], by_type: Int64, columns: dict[str, list[Any]]
    ) -> None:
        rows = by_type[list(TYPES)]
        area = tally_km2(rows[:, 1], self.exponent)
        whole = float(tally_km2(rows[:, 1].sum(), self.exponent))
        for kind, cells, km2 in zip(
            TYPES.values(), rows[:, 0].tolist(), area.tolist(), strict=True
        ):
            percent = 100.0 * km2 / whole if whole else None
            _append(columns, (*years, BY_EXTENT, kind, cells, km2, percent, None, None, None))

    def _add_index(
        self,
        years: tuple[float, float],
        index: NDArray[np.float64],
        kinds: Sequence[str | None],
        area: Int64,
        columns: dict[str, list[Any]],
    ) -> None:
        """Add a row per type of patch, and one of all patches with an index."""
        of_kind = np.array(kinds, dtype=object)
        km2 = tally_km2(area, self.exponent)
        known = ~np.isnan(index)
        whole = float(tally_km2(area[known].sum(), self.exponent))
        for kind in (*LEI_TYPES, ALL):
            here = known & (of_kind == kind) if kind != ALL else known
            part = float(tally_km2(area[here].sum(), self.exponent))
            mean = float(index[here].mean()) if here.any() else None
            weighted = float((index[here] * km2[here]).sum() / part) if part else None
            percent = 100.0 * part / whole if whole else None
            _append(
                columns,
                (*years, BY_LEI, kind, None, part, percent, int(here.sum()), mean, weighted),
            )

    def _add_patches(
        self,
        years: tuple[float, float],
        change: _Change,
        found: _Measured,
        index: NDArray[np.float64],
        kinds: Sequence[str | None],
        columns: dict[str, list[Any]],
        wkb: list[bytes],
    ) -> None:
        area = found.patches.sum(axis=1)
        limit = self.task.least_ha * _M2_PER_HA * 2.0**-self.exponent
        kept = np.flatnonzero(area >= limit)
        kept = kept[np.argsort(-area[kept], kind="stable")]
        number = np.full(change.patch_count, -1, dtype=np.int64)
        number[kept] = np.arange(kept.size)
        number = number[change.patch]
        chosen = number >= 0
        runs = change.patches.chosen(chosen)
        size = self.stride * (self.grid.height + 2 * RIM)
        lines = outlines(runs.begin, runs.end, number[chosen], self.stride, size)
        wkb += wkb_of_outlines(lines, int(kept.size), self.grid)
        km2 = tally_km2(found.patches[kept], self.exponent)
        whole = tally_km2(area[kept], self.exponent)
        for place, patch in enumerate(kept.tolist()):
            _append(
                columns,
                (
                    place + 1,
                    *years,
                    float(whole[place]),
                    None if np.isnan(index[patch]) else float(index[patch]),
                    kinds[patch],
                    *km2[place].tolist(),
                ),
            )

    def _say(self, years: tuple[float, float], change: _Change, found: _Measured) -> None:
        names = {"start": year_text(years[0]), "end": year_text(years[1])}
        if not found.by_type[list(TYPES), 0].any():
            self.warnings.append(
                message(
                    translate("Dbar", "{start} to {end}: there is no growth."),
                    **names,
                )
            )
        if change.lost:
            self.warnings.append(
                message(
                    translate(
                        "Dbar",
                        "{start} to {end}: {area} km² of built-up cells are open land afterwards. "
                        "They are no type of growth; check whether the rasters are consistent.",
                    ),
                    area=figure_text(float(tally_km2(change.lost, self.exponent))),
                    **names,
                )
            )


_TYPE_COLUMNS: Final = (
    "year_start",
    "year_end",
    "scheme",
    "type",
    "cells",
    "area_km2",
    "area_pct",
    "patches",
    "mean_lei",
    "weighted_lei",
)
_PATCH_COLUMNS: Final = (
    "id",
    "year_start",
    "year_end",
    "area_km2",
    "lei",
    "lei_type",
    "infill_km2",
    "extension_km2",
    "leapfrog_km2",
    "rural_km2",
)


def _append(columns: dict[str, list[Any]], row: Sequence[Any]) -> None:
    for values, value in zip(columns.values(), row, strict=True):
        values.append(value)
