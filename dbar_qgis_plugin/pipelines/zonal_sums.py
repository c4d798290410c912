"""Sums of rasters over many polygons: each raster on its own grid, each block decoded once.

The polygons' footprints are made once for each grid, as runs of cells, and cut at the borders of
the rasters' tiles. A block's values are then summed run by run, and run sums tile by tile, always
in the same order: neither the size of the blocks nor the number of threads changes a bit of the
result.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError
from dbar_qgis_plugin.kernels.gathering import gathered, repeated
from dbar_qgis_plugin.kernels.polygon_footprint import Footprints, footprints, overlapping_zones
from dbar_qgis_plugin.raster_io.blocks import block_windows, run_tasks
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import Polygons
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import Block, RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

QUANTITIES = ("value", "positive", "classes", "first_year")
AREAS = ("", "geodesic", "nominal")

_CELLS_AT_ONCE = 1 << 19
_CELLS_KEPT = 1 << 22  # of a block, at 16 bytes


class ZoneCells(NamedTuple):
    """Cells of a block that lie in zones, part by part; under several zones several times.

    A part is the cells of one zone in one tile. All its cells are here.

    place : int64 [cells], where a cell stands in the block, row by row
    area : float64 [cells], true areas in m2
    zones : int32 [zones of these cells], increasing
    borders : int64 [parts + 1], where a part begins, and the number of cells
    part_zone : int32 [parts], numbers of zones
    part_place : int32 [parts], places of zones in `zones`
    part_area : float64 [parts], sums of areas
    """

    place: Int64
    area: Float64
    zones: Int32
    borders: Int64
    part_zone: Int32
    part_place: Int32
    part_area: Float64

    @property
    def part_first(self) -> Int64:
        """int64 [parts], where a part begins."""
        return self.borders[:-1]

    @property
    def part_cells(self) -> Int64:
        """int64 [parts], its cells."""
        return self.borders[1:] - self.borders[:-1]

    @property
    def zone(self) -> Int32:
        """int32 [cells], places in `zones`."""
        return repeated(self.part_place, self.part_cells)


class Measured(NamedTuple):
    """What a raster makes of cells in zones.

    sums : as many float64 [parts] as the raster's `output_count`, and the numbers of cells with
        data
    made : what `zonal_sums` hands to its caller
    """

    sums: Sequence[Float64]
    made: Any


class FlatBand(NamedTuple):
    """A band's block as a row of cells; `valid` is None where all of them are."""

    values: NDArray[Any]
    valid: NDArray[np.bool_] | None

    @classmethod
    def of(cls, block: Block) -> FlatBand:
        """Band of a block that has no other."""
        values, valid = block.values[0], block.valid[0]
        return cls(values.reshape(-1), None if valid.all() else valid.reshape(-1))

    def at(self, place: Int64) -> FlatBand:
        """Cells at some places of the row."""
        valid = None if self.valid is None else gathered(self.valid, place)
        return FlatBand(gathered(self.values, place), valid)


@dataclass(frozen=True)
class ZonalRaster:
    """What is summed of one band.

    Parameters
    ----------
    source : RasterSource
        One band, on its own grid.
    quantity : {"value", "positive", "classes", "first_year"}
        The value itself; 1 where it is above 0; 1 where it is one of `arguments`; or, for each year
        in `arguments`, 1 where 0 < value <= year.
    arguments : tuple of float
        Classes or years.
    factor : float
        Multiplies the sum (0.01 for percent, 1e-6 for areas in km2).
    area : {"", "geodesic", "nominal"}
        Multiply by each cell's area in m2: its true one, or that in the plane of the CRS.
    nodata_is_zero : bool
        Cells without data count as cells with the value 0, as where a first-built-year raster has
        nothing built.
    smallest, largest : float
        Values outside are refused.
    refusal : str
        Message template for that, with {name} and {value}.
    """

    source: RasterSource
    quantity: str = "value"
    arguments: tuple[float, ...] = ()
    factor: float = 1.0
    area: str = ""
    nodata_is_zero: bool = False
    smallest: float = -np.inf
    largest: float = np.inf
    refusal: str = ""

    @property
    def output_count(self) -> int:
        """Number of sums that it gives for a zone."""
        return len(self.arguments) if self.quantity == "first_year" else 1

    @property
    def sources(self) -> tuple[RasterSource, ...]:
        """Bands that are read for it, all on one grid."""
        return (self.source,)

    @property
    def bytes_per_cell(self) -> int:
        """Memory for a block: its values, their quantity and areas in float64, their validity."""
        return 8 * 4 + 2


@dataclass(frozen=True)
class CellRaster(ZonalRaster, ABC):
    """A raster that measures the cells in zones itself, under the centre rule."""

    @property
    def bytes_per_zone(self) -> int:
        """Memory that a `CellTally` takes for a zone until it is closed."""
        return 0

    @abstractmethod
    def measure(self, bands: Sequence[FlatBand], cells: ZoneCells) -> Measured:
        """Measure some cells in zones of the sources' blocks."""


class CellTally(Protocol):
    """Takes what rasters make of cells, in the order of the blocks.

    What it adds up must not depend on the blocks: whole numbers.
    """

    def add(self, number: int, made: Any) -> None:
        """Add what raster `number` has made of some cells."""

    def close(self, number: int, zones: Int32) -> None:
        """Learn that no more cells of these zones come from raster `number`."""


@dataclass(frozen=True)
class ZonalSums:
    """Sums over zones.

    sums : list of float64 [zones, outputs], one a raster; NaN where no valid cell lies in the zone
    coverage : float64 [zones, rasters], share of the footprint's weight with valid cells
    weight : float64 [zones, rasters], weight of the whole footprint in cells
    inside : float64 [zones, rasters], weight of the part of the footprint that lies on the raster
    overlaps : bool [zones], the zone shares whole cells with another
    """

    sums: list[Float64]
    coverage: Float64
    weight: Float64
    inside: Float64
    overlaps: NDArray[np.bool_]


class _Pieces(NamedTuple):
    """Runs (or, with `stop` of start + 1, single cells) sorted by tile, zone, row and column.

    A pair is the part of a zone in a tile; `pair_first` is where a pair's pieces begin.
    """

    row: Int32
    start: NDArray[np.int32]
    stop: NDArray[np.int32]
    weight: Float64 | None
    pair_first: Int64
    pair_zone: NDArray[np.int32]
    tile_pair: Int64  # [tiles + 1], where a tile's pairs begin


class _TaskPieces(NamedTuple):
    """A block's part of `_Pieces`, in the order of the block's cells.

    rank : where each piece stands in the order of pairs
    pair_first, pair_zone : per pair, its first piece in that order, and its zone
    """

    begin: Int64
    end: Int64
    row: NDArray[np.int32]
    rank: Int64
    weight: Float64 | None
    pair_first: Int64
    pair_zone: Int32


class _Task(NamedTuple):
    window: Window
    rasters: tuple[ZonalRaster, ...]
    grid: Grid
    runs: _TaskPieces
    cells: _TaskPieces


def _cut_at_tiles(
    prints: Footprints, grid: Grid, tile: tuple[int, int], zone_count: int
) -> tuple[_Pieces, _Pieces]:
    """Footprints as pieces that lie in one tile each."""
    across = -(-grid.width // tile[1])
    tile_count = across * -(-grid.height // tile[0])

    def pieces(
        zone: Int32, row: Int32, start: Int32, stop: Int32, weight: Float64 | None
    ) -> _Pieces:
        tile_of = (row // tile[0]).astype(np.int64) * across + start // tile[1]
        key = tile_of * zone_count + zone
        order = np.argsort(key, kind="stable")
        key = key[order]
        first = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
        if key.size == 0:
            first = np.empty(0, dtype=np.int64)
        pair_tile = key[first] // zone_count
        return _Pieces(
            row[order],
            start[order],
            stop[order],
            weight[order] if weight is not None else None,
            np.append(first, key.size),
            (key[first] % zone_count).astype(np.int32),
            np.searchsorted(pair_tile, np.arange(tile_count + 1)),
        )

    first_tile = prints.start // tile[1]
    parts = (prints.stop - 1) // tile[1] - first_tile + 1
    if (parts > 1).any():
        run = np.repeat(np.arange(parts.size), parts)
        step = np.arange(run.size) - np.repeat(np.cumsum(parts) - parts, parts)
        border = (first_tile[run] + step) * tile[1]
        start = np.maximum(prints.start[run], border).astype(np.int32)
        stop = np.minimum(prints.stop[run], border + tile[1]).astype(np.int32)
        zone, row = prints.zone[run], prints.row[run]
    else:
        zone, row, start, stop = prints.zone, prints.row, prints.start, prints.stop
    return pieces(zone, row, start, stop, None), pieces(
        prints.cell_zone,
        prints.cell_row,
        prints.cell_col,
        prints.cell_col + 1,
        prints.cell_weight,
    )


def _block_pairs(pieces: _Pieces, window: Window, tile: tuple[int, int], across: int) -> Int64:
    """Numbers of the pairs in a window, which is a union of tiles."""
    rows = range(window.row // tile[0], -(-(window.row + window.height) // tile[0]))
    left, right = window.col // tile[1], -(-(window.col + window.width) // tile[1])
    return np.concatenate(
        [
            np.arange(pieces.tile_pair[row * across + left], pieces.tile_pair[row * across + right])
            for row in rows
        ]
    )


def _block_pieces(pieces: _Pieces, pairs: Int64, window: Window) -> _TaskPieces:
    sizes = pieces.pair_first[pairs + 1] - pieces.pair_first[pairs]
    pair_first = np.cumsum(sizes) - sizes
    piece = np.repeat(pieces.pair_first[pairs] - pair_first, sizes) + np.arange(sizes.sum())
    row = pieces.row[piece] - window.row
    begin = row.astype(np.int64) * window.width + pieces.start[piece] - window.col
    end = begin + (pieces.stop[piece] - pieces.start[piece])
    rank = np.argsort(begin, kind="stable")
    weight = pieces.weight[piece][rank] if pieces.weight is not None else None
    zone = pieces.pair_zone[pairs]
    return _TaskPieces(begin[rank], end[rank], row[rank], rank, weight, pair_first, zone)


def _piece_sums(flat: Float64, pieces: _TaskPieces) -> Float64:
    """Sum of a block's cells over each piece, without areas.

    `flat` ends with one cell more than the block, because an end is an index for `reduceat`.
    """
    if pieces.weight is not None:
        return flat[pieces.begin] * pieces.weight
    borders = np.empty(2 * pieces.begin.size, dtype=np.int64)
    borders[0::2], borders[1::2] = pieces.begin, pieces.end
    return np.add.reduceat(flat, borders)[0::2]


def _pair_sums(piece_sums: Float64, pieces: _TaskPieces) -> Float64:
    ordered = np.empty_like(piece_sums)
    ordered[pieces.rank] = piece_sums
    return np.add.reduceat(ordered, pieces.pair_first)


def _zone_cells(runs: _TaskPieces, window: Window, grid: Grid) -> Iterator[ZoneCells]:
    """Cells in zones, so many at once that what is made of them stays in the cache."""
    # From the order of the block's cells to that of zones.
    back = np.empty_like(runs.rank)
    back[runs.rank] = np.arange(back.size)
    begin, row = runs.begin[back], runs.row[back]
    length = runs.end[back] - begin
    part_run = np.append(runs.pair_first, back.size)
    reached = np.concatenate(([0], np.cumsum(length)))[part_run]
    top, bottom = int(row.min()), int(row.max()) + 1
    area = grid.cell_areas(Window(window.row + top, window.col, bottom - top, window.width))
    above = top * window.width
    for parts in _at_once(reached):
        here = slice(part_run[parts.start], part_run[parts.stop])
        lengths = length[here]
        place = _counted(begin[here], np.cumsum(lengths) - lengths, lengths)
        if area.shape[1] == 1:
            areas = repeated(area[row[here] - top, 0], lengths)
        else:
            areas = gathered(area.reshape(-1), place - above if above else place)
        borders = reached[parts.start : parts.stop + 1] - reached[parts.start]
        zones, number = np.unique(runs.pair_zone[parts], return_inverse=True)
        yield ZoneCells(
            place,
            areas,
            zones,
            borders,
            runs.pair_zone[parts],
            number.reshape(-1).astype(np.int32),
            np.add.reduceat(areas, borders[:-1]),
        )


def _at_once(reached: Int64) -> Iterator[slice]:
    """Parts of so many cells together, but one part at least.

    `reached` says how many cells come before each part, and in all.
    """
    new = np.diff(reached[:-1] // _CELLS_AT_ONCE, prepend=-1) != 0
    borders = [*np.flatnonzero(new).tolist(), new.size]
    return (slice(begin, end) for begin, end in pairwise(borders))


def _counted(begin: Int64, first: Int64, length: Int64) -> Int64:
    """Whole numbers in a row: from each of `begin`, which stand at `first`, so many as `length`."""
    steps = np.ones(int(length.sum()), dtype=np.int64)
    steps[first] = begin
    steps[first[1:]] -= begin[:-1] + length[:-1] - 1
    return np.cumsum(steps, out=steps)


def _padded(cells: NDArray[Any]) -> Float64:
    """Cells in a row, in float64, and one more that is 0 (see `_piece_sums`)."""
    flat = np.empty(cells.size + 1)
    flat[:-1] = cells.reshape(-1)
    flat[-1] = 0.0
    return flat


def _quantities(raster: ZonalRaster, values: NDArray[Any]) -> Iterator[Float64]:
    """Per output, what is to be summed."""
    if raster.quantity == "value":
        yield _padded(values)
    elif raster.quantity == "positive":
        yield _padded(values > 0)
    elif raster.quantity == "classes":
        yield _padded(np.isin(values, raster.arguments))
    else:
        built = values > 0
        for year in raster.arguments:
            yield _padded(built & (values <= year))


def cell_quantities(raster: ZonalRaster, block: Block) -> list[Float64]:
    """Per output of a raster, what is to be summed of each cell; 0 where there are no data.

    Raises
    ------
    InputError
        If the block holds a value that the raster refuses.
    """
    values, valid = block.values[0], block.valid[0]
    _check_range(raster, values)
    found = []
    for quantity in _quantities(raster, values):
        cells = quantity[:-1].reshape(values.shape)
        cells[~valid] = 0.0  # 0 may be a class
        found.append(cells)
    return found


def _check_range(raster: ZonalRaster, values: NDArray[Any]) -> None:
    # Cells without data hold 0, which every kind of raster allows.
    for extreme in (values.min(), values.max()):
        if not raster.smallest <= extreme <= raster.largest:
            raise InputError(raster.refusal, name=raster.source.name, value=f"{extreme:g}")


def _read(rasters: Sequence[ZonalRaster], window: Window) -> Iterator[list[Block]]:
    """Blocks of each raster's sources; what is wanted several times of a file is read once."""
    files = [[_file_of(source) for source in raster.sources] for raster in rasters]
    uses = Counter(file for of_raster in files for file in of_raster)
    bands: dict[RasterSource, set[int]] = {}
    for raster, of_raster in zip(rasters, files, strict=True):
        for source, file in zip(raster.sources, of_raster, strict=True):
            bands.setdefault(file, set()).add(source.bands[0])
    kept: dict[RasterSource, tuple[list[int], Block]] = {}
    for raster, of_raster in zip(rasters, files, strict=True):
        blocks = []
        for source, file in zip(raster.sources, of_raster, strict=True):
            if uses[file] == 1:
                blocks.append(source.read(window))
                continue
            if file not in kept:
                several = sorted(bands[file])
                kept[file] = several, replace(source, bands=tuple(several)).read(window)
            several, block = kept[file]
            here = slice(several.index(source.bands[0]), several.index(source.bands[0]) + 1)
            blocks.append(Block(block.values[here], block.valid[here]))
        yield blocks


def _bytes_per_cell(rasters: Sequence[ZonalRaster]) -> int:
    """Memory for a block: that of one raster with its bands, and of what is kept for others."""
    uses = Counter(_file_of(source) for raster in rasters for source in raster.sources)
    kept = {s for r in rasters for s in r.sources if uses[_file_of(s)] > 1}
    one = max(
        raster.bytes_per_cell
        + (_bytes_of(raster.sources) + 16 if isinstance(raster, CellRaster) else 0)
        for raster in rasters
    )
    return one + _bytes_of(kept)


def _file_of(source: RasterSource) -> RasterSource:
    return replace(source, bands=(), name="")


def _bytes_of(sources: Iterable[RasterSource]) -> int:
    return sum(source.value_dtype.itemsize + 1 for source in sources)


def _sum_block(task: _Task) -> list[tuple[list[list[Float64]], Sequence[Any]]]:
    """Per raster, for runs and for cells: pair sums of each output, then of valid weight; a tally.

    The valid weight is left out (an empty array) where all of the block is valid.
    """
    layers = [layer for layer in (task.runs, task.cells) if layer.begin.size]
    areas: dict[str, Float64] = {}
    results: list[tuple[list[list[Float64]], Sequence[Any]]] = []
    cells = _Cells(task)
    for raster, blocks in zip(task.rasters, _read(task.rasters, task.window), strict=True):
        if isinstance(raster, CellRaster):
            bands = [FlatBand.of(block) for block in blocks]
            measured = [raster.measure(bands, some) for some in cells]
            sums = np.concatenate([part.sums for part in measured], axis=1)
            results.append(([list(sums)], [part.made for part in measured]))
            continue
        if raster.area == "geodesic" and "geodesic" not in areas:
            areas["geodesic"] = task.grid.cell_areas(task.window)
        results.append((_quantity_sums(raster, blocks[0], layers, areas.get(raster.area)), ()))
    return results


class _Cells:
    """Cells of a block in zones, for one raster after the other.

    They are laid out once, unless zones lie over each other so often that they would not fit.
    """

    def __init__(self, task: _Task) -> None:
        self._task = task
        self._kept: list[ZoneCells] | None = None

    def __iter__(self) -> Iterator[ZoneCells]:
        runs, window, grid = self._task.runs, self._task.window, self._task.grid
        if self._kept is None and (runs.end - runs.begin).sum() <= _CELLS_KEPT:
            self._kept = list(_zone_cells(runs, window, grid))
        return iter(self._kept) if self._kept is not None else _zone_cells(runs, window, grid)


def _quantity_sums(
    raster: ZonalRaster, block: Block, layers: Sequence[_TaskPieces], area: Float64 | None
) -> list[list[Float64]]:
    values, valid = block.values[0], block.valid[0]
    _check_range(raster, values)
    per_row = area is not None and area.shape[1] == 1
    all_valid = raster.nodata_is_zero or bool(valid.all())
    outputs: list[list[Float64]] = [[] for _ in layers]
    for quantity in _quantities(raster, values):
        if raster.quantity == "classes" and not all_valid:
            quantity[:-1][~valid.reshape(-1)] = 0.0  # 0 may be a class
        if area is not None and not per_row:
            quantity[:-1] *= area.reshape(-1)
        for layer, output in zip(layers, outputs, strict=True):
            sums = _piece_sums(quantity, layer)
            if area is not None and per_row:
                sums *= area[layer.row, 0]
            output.append(_pair_sums(sums, layer))
    if not all_valid:
        share = _padded(valid)
        for layer, output in zip(layers, outputs, strict=True):
            output.append(_pair_sums(_piece_sums(share, layer), layer))
    return outputs


def zonal_sums(
    polygons: Polygons,
    rasters: Sequence[ZonalRaster],
    *,
    rule: str = "centre",
    workers: Workers | None = None,
    progress: Progress | None = None,
    tally: CellTally | None = None,
) -> ZonalSums:
    """Sum rasters over polygons.

    Parameters
    ----------
    polygons : Polygons
        Zones, in any CRS; they may overlap.
    rasters : sequence of ZonalRaster
        Each is summed on its own grid, so nothing is resampled.
    rule : {"centre", "exact", "all_touched"}
        Which cells count, and how much (`kernels.polygon_footprint.footprints`).
    workers : Workers, optional
        Threads or cluster, and the memory budget.
    progress : Progress, optional
        Where to report to.
    tally : CellTally, optional
        Takes what rasters that measure cells make beside sums.

    Returns
    -------
    ZonalSums

    Raises
    ------
    InputError
        If a value lies outside what a raster may hold, or a raster cannot be read.
    Cancelled
        If the user stops the run.
    """
    if rule != "centre" and any(isinstance(raster, CellRaster) for raster in rasters):
        raise ValueError("a raster that measures cells knows whole cells only")
    workers = workers or Workers()
    progress = progress or Progress()
    zone_count = polygons.count
    sums = [np.full((zone_count, raster.output_count), np.nan) for raster in rasters]
    coverage = np.zeros((zone_count, len(rasters)))
    weight = np.zeros((zone_count, len(rasters)))
    inside = np.zeros((zone_count, len(rasters)))
    overlaps = np.zeros(zone_count, dtype=bool)
    groups: dict[tuple[Grid, tuple[int, int]], list[int]] = {}
    for number, raster in enumerate(rasters):
        groups.setdefault((raster.source.grid, raster.source.tile), []).append(number)
    work = sum(raster.source.grid.height * raster.source.grid.width for raster in rasters)
    done = 0
    prints_of: dict[Grid, Footprints] = {}
    for (grid, tile), members in groups.items():
        progress.check()
        if grid not in prints_of:
            prints_of = {grid: footprints_on(polygons, grid, rule, progress)}
        prints = prints_of[grid]
        overlaps |= overlapping_zones(prints, zone_count)
        layers = _cut_at_tiles(prints, grid, tile, zone_count)
        here = np.bincount(prints.zone, prints.stop - prints.start, zone_count).astype(np.float64)
        here += np.bincount(prints.cell_zone, prints.cell_weight, zone_count)
        for batch in _batches(members, rasters, layers, workers):
            after = done + grid.height * grid.width * len(batch)
            part = _group_sums(
                layers,
                {number: rasters[number] for number in batch},
                zone_count,
                tile,
                workers,
                progress.part(done / work, after / work),
                tally,
            )
            done = after
            for number, (totals, valid_weight) in zip(batch, part, strict=True):
                factor = rasters[number].factor
                if rasters[number].area == "nominal":
                    factor *= grid.nominal_cell_area
                known = valid_weight > 0.0
                sums[number][known] = totals[known] * factor
                coverage[:, number] = np.divide(
                    valid_weight, prints.total, out=np.zeros(zone_count), where=prints.total > 0.0
                )
                weight[:, number] = prints.total
                inside[:, number] = here
    return ZonalSums(sums, np.minimum(coverage, 1.0), weight, inside, overlaps)


def _batches(
    members: Sequence[int],
    rasters: Sequence[ZonalRaster],
    layers: Sequence[_Pieces],
    workers: Workers,
) -> list[Sequence[int]]:
    """Rasters to go over at once, so that what is kept of their zones fits the memory."""
    chosen = [rasters[number] for number in members]
    per_zone = max((r.bytes_per_zone for r in chosen if isinstance(r, CellRaster)), default=0)
    across = -(-chosen[0].source.grid.width // chosen[0].source.tile[1])
    kept = per_zone * _open_at_once(layers, across)
    size = max(1, workers.memory_mb * 1_000_000 // max(kept, 1))
    return [members[first : first + size] for first in range(0, len(members), size)]


def _open_at_once(layers: Sequence[_Pieces], across: int) -> int:
    """Most zones that have cells in a row of tiles, or both above and below it."""
    zones = np.concatenate([pieces.pair_zone for pieces in layers])
    if zones.size == 0:
        return 0
    rows = np.concatenate(
        [
            np.repeat(np.arange(pieces.tile_pair.size - 1), np.diff(pieces.tile_pair)) // across
            for pieces in layers
        ]
    )
    order = np.lexsort((rows, zones))
    zones, rows = zones[order], rows[order]
    borders = np.flatnonzero(np.diff(zones, prepend=-1, append=zones[-1] + 1))
    first, last = rows[borders[:-1]], rows[borders[1:] - 1]
    size = int(last.max()) + 2
    changes = np.bincount(first, minlength=size) - np.bincount(last + 1, minlength=size)
    return int(np.cumsum(changes).max())


def footprints_on(
    polygons: Polygons, grid: Grid, rule: str, progress: Progress | None = None
) -> Footprints:
    """Footprints of polygons on a grid, whatever their CRS."""
    rings, copies = polygons.rings_on(grid)
    check = progress.check if progress is not None else None
    prints = footprints(rings, polygons.count, grid.height, grid.width, rule=rule, check=check)
    return prints._replace(total=prints.total / copies)


def _group_sums(
    layers: Sequence[_Pieces],
    rasters: Mapping[int, ZonalRaster],
    zone_count: int,
    tile: tuple[int, int],
    workers: Workers,
    progress: Progress,
    tally: CellTally | None,
) -> list[tuple[Float64, Float64]]:
    """Per raster: sums [zones, outputs] and valid weight [zones], for rasters tiled alike."""
    numbers, members = list(rasters), list(rasters.values())
    grid = members[0].source.grid
    across = -(-grid.width // tile[1])
    full_weight = [_full_weight(pieces) for pieces in layers]
    stores = [
        [np.zeros((raster.output_count, pieces.pair_zone.size)) for pieces in layers]
        for raster in members
    ]
    weights = [[full.copy() for full in full_weight] for _ in members]

    windows = block_windows(grid.height, grid.width, tile, _bytes_per_cell(members), workers)
    blocks = []
    for window in windows:
        pairs = [_block_pairs(pieces, window, tile, across) for pieces in layers]
        if any(part.size for part in pairs):
            blocks.append((window, pairs))
    ended = _ended(layers, [pairs for _, pairs in blocks], zone_count)
    tasks = (
        _Task(
            window,
            tuple(members),
            grid,
            _block_pieces(layers[0], pairs[0], window),
            _block_pieces(layers[1], pairs[1], window),
        )
        for window, pairs in blocks
    )
    with workers.executor() as executor:
        results = run_tasks(_sum_block, tasks, len(blocks), executor, workers, progress)
        for (_, pairs), zones, block_results in zip(blocks, ended, results, strict=True):
            used = [number for number, part in enumerate(pairs) if part.size]
            for place, (outputs, made) in enumerate(block_results):
                raster, store, weight = members[place], stores[place], weights[place]
                if tally is not None:
                    for each in made:
                        tally.add(numbers[place], each)
                    tally.close(numbers[place], zones)
                for layer, output in zip(used, outputs, strict=True):
                    here = pairs[layer]
                    for number in range(raster.output_count):
                        store[layer][number, here] = output[number]
                    if len(output) > raster.output_count:
                        weight[layer][here] = output[-1]

    def per_zone(layer_values: Sequence[Float64]) -> Float64:
        total = np.zeros(zone_count)
        for pieces, values in zip(layers, layer_values, strict=True):
            total += np.bincount(pieces.pair_zone, values, minlength=zone_count)
        return total

    return [
        (
            np.column_stack(
                [
                    per_zone([layer[number] for layer in store])
                    for number in range(raster.output_count)
                ]
            ),
            per_zone(weight),
        )
        for raster, store, weight in zip(members, stores, weights, strict=True)
    ]


def _ended(
    layers: Sequence[_Pieces], blocks: Sequence[Sequence[Int64]], zone_count: int
) -> list[Int32]:
    """Zones of which a block holds the last cells, block by block."""
    last = np.full(zone_count, -1)
    for number, pairs in enumerate(blocks):
        for pieces, part in zip(layers, pairs, strict=True):
            last[pieces.pair_zone[part]] = number
    order = np.argsort(last, kind="stable").astype(np.int32)
    borders = np.searchsorted(last[order], np.arange(len(blocks) + 1))
    return [order[begin:end] for begin, end in pairwise(borders.tolist())]


def _full_weight(pieces: _Pieces) -> Float64:
    """Weight of each pair if all its cells are valid."""
    if pieces.pair_zone.size == 0:
        return np.empty(0)
    weight = pieces.weight if pieces.weight is not None else pieces.stop - pieces.start
    return np.add.reduceat(weight.astype(np.float64), pieces.pair_first[:-1])
