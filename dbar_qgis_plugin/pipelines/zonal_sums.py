"""Sums of rasters over many polygons: each raster on its own grid, each block decoded once.

The polygons' footprints are made once for each grid, as runs of cells, and cut at the borders of
the rasters' tiles. A block's values are then summed run by run, and run sums tile by tile, always
in the same order: neither the size of the blocks nor the number of threads changes a bit of the
result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError
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


class ZoneCells(NamedTuple):
    """The cells of a block that lie in zones, zone by zone; under several zones several times.

    place : int64 [cells], where a cell stands in the block, row by row
    area : float64 [cells], true areas in m2
    zone : int32 [cells], places in `zones`
    zones : int32 [zones of the block], increasing
    part_first : int64 [parts], where a part begins: the cells of one zone in one tile
    part_zone : int32 [parts], numbers of zones
    """

    place: Int64
    area: Float64
    zone: Int32
    zones: Int32
    part_first: Int64
    part_zone: Int32


class Measured(NamedTuple):
    """What a raster makes of the cells in zones.

    valid : float64 [parts], numbers of cells with data
    sums : as many float64 [parts] as the raster's `output_count`
    made : what `zonal_sums` hands to its caller
    """

    valid: Float64
    sums: Sequence[Float64]
    made: Any


@dataclass(frozen=True)
class ZonalRaster:
    """What is summed of one band; a subclass may measure something else, and of several bands.

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
    def by_cells(self) -> bool:
        """Whether `measure` is asked, under the centre rule, instead of summing a quantity."""
        return False

    @property
    def sources(self) -> tuple[RasterSource, ...]:
        """Bands that are read for it, all on one grid."""
        return (self.source,)

    @property
    def bytes_per_cell(self) -> int:
        """Memory for a block: its values, their quantity and areas in float64, their validity."""
        return 8 * 4 + 2

    def measure(self, blocks: Sequence[Block], cells: ZoneCells) -> Measured:
        """Measure the cells in zones of the sources' blocks, where `by_cells` says so."""
        raise NotImplementedError


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


def _zone_cells(runs: _TaskPieces, window: Window, grid: Grid) -> ZoneCells:
    # From the order of the block's cells to that of zones.
    back = np.empty_like(runs.rank)
    back[runs.rank] = np.arange(back.size)
    begin, row = runs.begin[back], runs.row[back]
    length = runs.end[back] - begin
    first = np.cumsum(length) - length
    place = np.repeat(begin - first, length)
    place += np.arange(place.size)
    area = grid.cell_areas(window)
    per_row = area.shape[1] == 1
    areas = np.repeat(area[row, 0], length) if per_row else area.reshape(-1).take(place)
    part_first = first[runs.pair_first]
    sizes = np.diff(part_first, append=place.size)
    zones, number = np.unique(runs.pair_zone, return_inverse=True)
    zone = np.repeat(number.reshape(-1).astype(np.int32), sizes)
    return ZoneCells(place, areas, zone, zones, part_first, runs.pair_zone)


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


def _check_range(raster: ZonalRaster, values: NDArray[Any]) -> None:
    # Cells without data hold 0, which every kind of raster allows.
    for extreme in (values.min(), values.max()):
        if not raster.smallest <= extreme <= raster.largest:
            raise InputError(raster.refusal, name=raster.source.name, value=f"{extreme:g}")


def _read(rasters: Sequence[ZonalRaster], window: Window) -> Iterator[list[Block]]:
    """Blocks of each raster's sources; what is wanted several times of a file is read once."""
    files = [[replace(source, bands=(), name="") for source in r.sources] for r in rasters]
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
    """Memory for a block: that of one raster, and of what `_read` keeps for others."""
    sources = [source for raster in rasters for source in raster.sources]
    uses = Counter(replace(source, bands=(), name="") for source in sources)
    shared = {source for source in sources if uses[replace(source, bands=(), name="")] > 1}
    return max(raster.bytes_per_cell for raster in rasters) + sum(
        source.value_dtype.itemsize + 1 for source in shared
    )


def _sum_block(task: _Task) -> list[tuple[list[list[Float64]], Any]]:
    """Per raster, for runs and for cells: pair sums of each output, then of valid weight; a tally.

    The valid weight is left out (an empty array) where all of the block is valid.
    """
    layers = [layer for layer in (task.runs, task.cells) if layer.begin.size]
    areas: dict[str, Float64] = {}
    zone_cells: ZoneCells | None = None
    results: list[tuple[list[list[Float64]], Any]] = []
    for raster, blocks in zip(task.rasters, _read(task.rasters, task.window), strict=True):
        if raster.by_cells:
            zone_cells = zone_cells or _zone_cells(task.runs, task.window, task.grid)
            measured = raster.measure(blocks, zone_cells)
            results.append(([[*measured.sums, measured.valid]], measured.made))
            continue
        if raster.area == "geodesic" and "geodesic" not in areas:
            areas["geodesic"] = task.grid.cell_areas(task.window)
        results.append((_quantity_sums(raster, blocks[0], layers, areas.get(raster.area)), None))
    return results


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
    tally: Callable[[int, Any], None] | None = None,
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
    tally : callable, optional
        Takes a raster's number and what its `measure` has made of a block's cells, in the order of
        the blocks. What it adds up must not depend on the blocks: whole numbers.

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
    if rule != "centre" and any(raster.by_cells for raster in rasters):
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
    work = np.cumsum([0.0] + [grid.height * grid.width * len(m) for (grid, _), m in groups.items()])
    prints_of: dict[Grid, Footprints] = {}
    for step, ((grid, tile), members) in enumerate(groups.items()):
        progress.check()
        if grid not in prints_of:
            prints_of = {grid: footprints_on(polygons, grid, rule, progress)}
        prints = prints_of[grid]
        overlaps |= overlapping_zones(prints, zone_count)
        part = _group_sums(
            prints,
            [rasters[number] for number in members],
            zone_count,
            tile,
            workers,
            progress.part(work[step] / work[-1], work[step + 1] / work[-1]),
            None if tally is None else partial(_for_member, tally, members),
        )
        here = np.bincount(prints.zone, prints.stop - prints.start, zone_count).astype(np.float64)
        here += np.bincount(prints.cell_zone, prints.cell_weight, zone_count)
        for number, (totals, valid_weight) in zip(members, part, strict=True):
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


def _for_member(
    tally: Callable[[int, Any], None], members: Sequence[int], position: int, made: Any
) -> None:
    tally(members[position], made)


def footprints_on(
    polygons: Polygons, grid: Grid, rule: str, progress: Progress | None = None
) -> Footprints:
    """Footprints of polygons on a grid, whatever their CRS."""
    rings, copies = polygons.rings_on(grid)
    check = progress.check if progress is not None else None
    prints = footprints(rings, polygons.count, grid.height, grid.width, rule=rule, check=check)
    return prints._replace(total=prints.total / copies)


def _group_sums(
    prints: Footprints,
    rasters: Sequence[ZonalRaster],
    zone_count: int,
    tile: tuple[int, int],
    workers: Workers,
    progress: Progress,
    tally: Callable[[int, Any], None] | None,
) -> list[tuple[Float64, Float64]]:
    """Per raster: sums [zones, outputs] and valid weight [zones], for rasters tiled alike."""
    grid = rasters[0].source.grid
    across = -(-grid.width // tile[1])
    layers = _cut_at_tiles(prints, grid, tile, zone_count)
    full_weight = [_full_weight(pieces) for pieces in layers]
    stores = [
        [np.zeros((raster.output_count, pieces.pair_zone.size)) for pieces in layers]
        for raster in rasters
    ]
    weights = [[full.copy() for full in full_weight] for _ in rasters]

    windows = block_windows(grid.height, grid.width, tile, _bytes_per_cell(rasters), workers)
    blocks = []
    for window in windows:
        pairs = [_block_pairs(pieces, window, tile, across) for pieces in layers]
        if any(part.size for part in pairs):
            blocks.append((window, pairs))
    tasks = (
        _Task(
            window,
            tuple(rasters),
            grid,
            _block_pieces(layers[0], pairs[0], window),
            _block_pieces(layers[1], pairs[1], window),
        )
        for window, pairs in blocks
    )
    with workers.executor() as executor:
        results = run_tasks(_sum_block, tasks, len(blocks), executor, workers, progress)
        for (_, pairs), block_results in zip(blocks, results, strict=True):
            used = [number for number, part in enumerate(pairs) if part.size]
            for place, (outputs, made) in enumerate(block_results):
                raster, store, weight = rasters[place], stores[place], weights[place]
                if tally is not None and made is not None:
                    tally(place, made)
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
        for raster, store, weight in zip(rasters, stores, weights, strict=True)
    ]


def _full_weight(pieces: _Pieces) -> Float64:
    """Weight of each pair if all its cells are valid."""
    if pieces.pair_zone.size == 0:
        return np.empty(0)
    weight = pieces.weight if pieces.weight is not None else pieces.stop - pieces.start
    return np.add.reduceat(weight.astype(np.float64), pieces.pair_first[:-1])
