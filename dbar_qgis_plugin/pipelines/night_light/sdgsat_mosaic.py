"""Half swaths of an SDGSAT-1 scene, made one raster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import GridError, InputError, translate
from dbar_qgis_plugin.pipelines.night_light import light_bands
from dbar_qgis_plugin.pipelines.night_light.sdgsat_product import COLOUR, PAN, SceneRaster
from dbar_qgis_plugin.raster_io.blocks import block_windows, run_tasks
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import RasterSource, open_source
from dbar_qgis_plugin.raster_io.workers import Workers

FIRST, MEAN = MOSAIC_RULES = ("first", "mean")
NODATA: Final = 0
SATURATED: Final = 4045  # the largest of 12 bits, less 50

_LONGITUDE_LATITUDE = "EPSG:4326"
_LEVELS = 1 << 16
_FAR_APART = 8  # halves of one scene never span this many times their own cells
_BYTES_PER_CELL = 40  # what a block holds beside the bands: masks, counts


class BandSummary(NamedTuple):
    """Numbers of a band.

    cells, saturated : how many have data, and how many of these are saturated
    background, largest : most frequent and largest value
    stretch : from which to which value to show it: the 2nd and 98th percentile of what is brighter
        than the most frequent value (dark ground), else of all
    """

    name: str
    cells: int
    background: int
    largest: int
    saturated: int
    stretch: tuple[int, int]


class HalfFootprint(NamedTuple):
    """Outline of the cells with data of a half: ring of points (x, y) in the raster's CRS."""

    half: str
    ring: NDArray[np.float64]


@dataclass(frozen=True)
class Mosaic:
    """A raster made of half swaths."""

    bands: tuple[BandSummary, ...]
    footprints: tuple[HalfFootprint, ...]
    crs: str
    notes: tuple[Message, ...]


class _Placed(NamedTuple):
    """A half, and where its first cell lies on the mosaic's grid."""

    source: RasterSource
    row: int
    col: int


class _MosaicTask(NamedTuple):
    halves: tuple[_Placed, ...]
    window: Window
    rule: str


class _MosaicBlock(NamedTuple):
    """Values; counts of each value by band; first and last column with data by half and row."""

    values: NDArray[Any]
    counts: NDArray[np.int64]
    extents: NDArray[np.int64]


def mosaic_halves(
    rasters: Sequence[SceneRaster],
    output: str | Path,
    *,
    rule: str = FIRST,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> Mosaic:
    """Write the half swaths of one kind as one raster, block by block.

    The result has the cells of the first half. The other's are taken as they are, at the nearest
    place: where they lie off by a part of a cell, it moves by at most half a cell.

    Parameters
    ----------
    rasters : sequence of SceneRaster
        Of one kind and scene.
    output : str or Path
        Raster to write, of the type of the first half; 0 is nodata. Bands are named.
    rule : {"first", "mean"}
        Where both halves have data: the value of the first (a cell's bands stay together), or the
        mean, rounded to whole numbers. As both have one set of coefficients, it makes no difference
        whether this comes before or after calibration, but for that rounding.
    tags : mapping, optional
        Metadata of the output.

    Raises
    ------
    InputError
        The rasters are not as a product's are.
    OutputError
        The output cannot be written.
    Cancelled
        If the user stops the run.
    """
    progress, workers = progress or Progress(), workers or Workers()
    sources = [open_source(str(raster.path), name=raster.path.name) for raster in rasters]
    names = _band_names(rasters[0], sources)
    dtype = sources[0].info.dtypes[0]
    grid, placed, notes = _common_grid(sources)
    counts = np.zeros((len(names), _LEVELS), dtype=np.int64)
    extents = np.empty((len(placed), 2, grid.height), dtype=np.int64)
    extents[:, 0], extents[:, 1] = grid.width, -1
    tile = sources[0].tile
    per_cell = sum(3 * len(names) for _ in placed) + 2 * len(names) + _BYTES_PER_CELL
    windows = block_windows(grid.height, grid.width, tile, per_cell, workers)
    tasks = (_MosaicTask(placed, window, rule) for window in windows)
    with RasterSink(output, grid, names, dtype, NODATA, tags=tags, threads=workers.count) as sink:
        with workers.executor() as executor:
            blocks = run_tasks(_mosaic_block, tasks, len(windows), executor, workers, progress)
            for window, block in zip(windows, blocks, strict=True):
                sink.write(block.values, window)
                counts += block.counts
                rows = slice(window.row, window.row + window.height)
                np.minimum(extents[:, 0, rows], block.extents[:, 0], out=extents[:, 0, rows])
                np.maximum(extents[:, 1, rows], block.extents[:, 1], out=extents[:, 1, rows])
        footprints = tuple(
            HalfFootprint(raster.half, np.column_stack(grid.to_coordinates(*ring.T)))
            for raster, (first, last) in zip(rasters, extents, strict=True)
            if (ring := _outline(first, last)) is not None
        )
        if footprints:
            sink.add_tags({light_bands.FOOTPRINT: footprint_text(footprints, grid.crs)})
    counts[:, NODATA] = 0
    bands = tuple(summarise_band(name, own) for name, own in zip(names, counts, strict=True))
    return Mosaic(bands, footprints, grid.crs, tuple(notes))


def _band_names(raster: SceneRaster, sources: Sequence[RasterSource]) -> list[str]:
    """Return the bands' names; refuses rasters that are not as a product's are."""
    for source in sources:
        odd = [dtype for dtype in source.info.dtypes if dtype not in ("uint8", "uint16")]
        if odd:
            raise InputError(
                translate(
                    "Dbar",
                    "{name} holds numbers of the type {dtype}; a product holds whole numbers "
                    "(uint16). If it is calibrated already, open it as it is.",
                ),
                name=source.name,
                dtype=odd[0],
            )
        if source.info.band_count != sources[0].info.band_count:
            raise InputError(
                translate(
                    "Dbar",
                    "{first} has {count} bands, {second} has {other}. Take both from the product "
                    "again.",
                ),
                first=sources[0].name,
                count=sources[0].info.band_count,
                second=source.name,
                other=source.info.band_count,
            )
    return band_names(raster.kind, sources[0])


def band_names(kind: str, source: RasterSource) -> list[str]:
    """Return what the bands of a product's raster are called here, in their order.

    Parameters
    ----------
    kind : {"RGB", "LH", ""}
        Bands of "RGB" have no names in the product; those of "LH" do, which are taken if they are
        known; others are B1, B2 and so on.
    """
    count = source.info.band_count
    known = {COLOUR: light_bands.COLOURS, PAN: light_bands.PANCHROMATIC}.get(kind, ())
    own = [text.upper() for text in source.info.descriptions]
    if kind == PAN and sorted(own) == sorted(known):
        return own
    return list(known) if len(known) == count else [f"B{band}" for band in range(1, count + 1)]


def _common_grid(
    sources: Sequence[RasterSource],
) -> tuple[Grid, tuple[_Placed, ...], list[Message]]:
    """Return a grid of the first raster's cells over all, and where each lies on it."""
    first = sources[0].grid
    placed, notes = [_Placed(sources[0], 0, 0)], []
    for source in sources[1:]:
        if not _same_lattice(first, source.grid):
            source = _on_lattice(source, first)
            notes.append(
                message(
                    translate(
                        "Dbar", "{name} has another CRS or cell size than {first}: resampled."
                    ),
                    name=source.name,
                    first=sources[0].name,
                )
            )
        col, row = first.to_cells(np.array([source.grid.transform[2]]), _y(source.grid))
        at = _Placed(source, round(float(row[0])), round(float(col[0])))
        off = max(abs(float(row[0]) - at.row), abs(float(col[0]) - at.col))
        if off > 1e-3:
            notes.append(
                message(
                    translate(
                        "Dbar",
                        "{name}: its cells lie {part} of a cell off those of {first}; moved to "
                        "the nearest, values unchanged.",
                    ),
                    name=source.name,
                    part=f"{off:.2f}",
                    first=sources[0].name,
                )
            )
        placed.append(at)
    top, left = min(at.row for at in placed), min(at.col for at in placed)
    bottom = max(at.row + at.source.grid.height for at in placed)
    right = max(at.col + at.source.grid.width for at in placed)
    cells = sum(source.grid.width * source.grid.height for source in sources)
    if (bottom - top) * (right - left) > _FAR_APART * cells:
        raise GridError(
            translate(
                "Dbar",
                "{first} and {second} lie far apart, so they are not halves of one scene. Check "
                "their CRS and where they come from.",
            ),
            first=sources[0].name,
            second=sources[1].name,
        )
    a, b, _, d, e, _ = first.transform
    x, y = first.to_coordinates(np.array([float(left)]), np.array([float(top)]))
    grid = Grid(first.crs, (a, b, float(x[0]), d, e, float(y[0])), right - left, bottom - top)
    moved = tuple(_Placed(at.source, at.row - top, at.col - left) for at in placed)
    return grid, moved, notes


def _y(grid: Grid) -> NDArray[np.float64]:
    return np.array([grid.transform[5]])


def _same_lattice(first: Grid, second: Grid) -> bool:
    """Whether cells of both have one size and direction, up to a hundredth of a cell over all."""
    differences = np.subtract(first.transform, second.transform)[[0, 1, 3, 4]]
    drift = np.abs(differences).max() * max(second.width, second.height)
    cell = max(abs(first.transform[0]), abs(first.transform[3]))
    return bool(drift < 0.01 * cell) and get_driver().same_crs(first.crs, second.crs)


def _on_lattice(source: RasterSource, first: Grid) -> RasterSource:
    """Return a raster read on the cells of another grid, as far as it reaches."""
    steps = np.linspace(0.0, 1.0, 21)
    down, right = (part.ravel() for part in np.meshgrid(steps, steps, indexing="ij"))
    own = source.grid
    x, y = own.to_coordinates(right * own.width, down * own.height)
    col, row = first.to_cells(*get_driver().transform_points(own.crs, first.crs, x, y))
    left, top = int(np.floor(np.nanmin(col))), int(np.floor(np.nanmin(row)))
    a, b, _, d, e, _ = first.transform
    x0, y0 = first.to_coordinates(np.array([float(left)]), np.array([float(top)]))
    grid = Grid(
        first.crs,
        (a, b, float(x0[0]), d, e, float(y0[0])),
        int(np.ceil(np.nanmax(col))) - left,
        int(np.ceil(np.nanmax(row))) - top,
    )
    return source.on_grid(grid, "nearest")


def _mosaic_block(task: _MosaicTask) -> _MosaicBlock:
    window = task.window
    bands = task.halves[0].source.info.band_count
    dtype = np.dtype(task.halves[0].source.info.dtypes[0])
    values = np.zeros((bands, window.height, window.width), dtype=dtype)
    taken = np.zeros((window.height, window.width), dtype=bool)
    extents = np.empty((len(task.halves), 2, window.height), dtype=np.int64)
    extents[:, 0], extents[:, 1] = np.iinfo(np.int64).max, -1
    for place, half in enumerate(task.halves):
        inner = _overlap(window, half)
        if inner is None:
            continue
        own, at = inner
        block = half.source.read(own)
        data = np.where(block.valid, block.values, NODATA).astype(dtype)
        there = (data != NODATA).any(axis=0)
        _extend(extents[place], there, at, window)
        old = values[(slice(None), *at)]
        if task.rule == MEAN:
            both = (old != NODATA) & (data != NODATA)
            mean = (old.astype(np.uint32) + data + 1) // 2
            np.copyto(old, np.where(both, mean, np.maximum(old, data)).astype(dtype))
        else:
            np.copyto(old, data, where=there & ~taken[at])
        taken[at] |= there
    counts = np.stack([np.bincount(band.ravel(), minlength=_LEVELS) for band in values])
    return _MosaicBlock(values, counts, extents)


def _overlap(window: Window, half: _Placed) -> tuple[Window, tuple[slice, slice]] | None:
    """Return the half's cells in a window of the mosaic, and where in the window they lie."""
    grid = half.source.grid
    top, left = max(window.row, half.row), max(window.col, half.col)
    bottom = min(window.row + window.height, half.row + grid.height)
    right = min(window.col + window.width, half.col + grid.width)
    if bottom <= top or right <= left:
        return None
    own = Window(top - half.row, left - half.col, bottom - top, right - left)
    rows = slice(top - window.row, bottom - window.row)
    return own, (rows, slice(left - window.col, right - window.col))


def _extend(
    extents: NDArray[np.int64],
    there: NDArray[np.bool_],
    at: tuple[slice, slice],
    window: Window,
) -> None:
    """Keep the first and last column with data of each row, counted on the mosaic."""
    has = there.any(axis=1)
    first = window.col + at[1].start + there.argmax(axis=1)
    last = window.col + at[1].stop - 1 - there[:, ::-1].argmax(axis=1)
    extents[0, at[0]] = np.where(has, first, extents[0, at[0]])
    extents[1, at[0]] = np.where(has, last, extents[1, at[0]])


def summarise_band(
    name: str, counts: NDArray[np.int64], saturated: float = SATURATED
) -> BandSummary:
    """Tell what counts[value] of the cells with data say of a band."""
    total = int(counts.sum())
    if total == 0:
        return BandSummary(name, 0, 0, 0, 0, (0, 1))
    background = int(counts.argmax())
    largest = int(np.flatnonzero(counts)[-1])
    lit = counts.copy()
    lit[: background + 1] = 0
    shown = lit if lit.any() else counts
    shares = np.cumsum(shown) / shown.sum()
    low, high = (int(np.searchsorted(shares, share)) for share in (0.02, 0.98))
    bright = int(counts[max(0, int(np.ceil(saturated))) :].sum())
    return BandSummary(name, total, background, largest, bright, (low, max(high, low + 1)))


# -- outlines


def _outline(first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """Return the convex outline of rows of cells, points (column, row), closed; None if empty.

    Parameters
    ----------
    first, last : int64, shape (rows,)
        First and last column with data; where a row has none, `last` is below `first`.
    """
    rows = np.flatnonzero(last >= first)
    if rows.size == 0:
        return None
    corners = np.concatenate(
        [
            np.column_stack((cols, rows + down))
            for cols in (first[rows], last[rows] + 1)
            for down in (0, 1)
        ]
    )
    ring = _smoothed(_convex_hull(corners))
    return np.array([*ring, ring[0]], dtype=np.float64)


def _convex_hull(points: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return the corners of the convex hull, by Andrew's monotone chain."""
    ordered = [(int(x), int(y)) for x, y in np.unique(points, axis=0)]
    hull: list[tuple[int, int]] = []
    for chain in (ordered, ordered[::-1]):
        start = len(hull)
        for point in chain:
            while len(hull) - start >= 2 and _turn(hull[-2], hull[-1], point) <= 0:
                hull.pop()
            hull.append(point)
        hull.pop()
    return hull


def _turn(one: tuple[int, int], two: tuple[int, int], three: tuple[int, int]) -> int:
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])


def _smoothed(ring: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out corners that stand out by less than a cell: the steps of a slanting edge."""
    ring = list(ring)
    while len(ring) > 4:
        around = zip((ring[-1], *ring[:-1]), ring, (*ring[1:], ring[0]), strict=True)
        heights = [
            abs(_turn(before, point, after))
            / max(1.0, np.hypot(after[0] - before[0], after[1] - before[1]))
            for before, point, after in around
        ]
        least = int(np.argmin(heights))
        if heights[least] >= 1.0:
            break
        del ring[least]
    return ring


def footprint_text(footprints: Sequence[HalfFootprint], crs: str) -> str:
    """Write outlines as WKT in longitude and latitude; longitudes run on across 180 degrees."""
    polygons = []
    for footprint in footprints:
        longitude, latitude = get_driver().transform_points(
            crs, get_driver().wkt(_LONGITUDE_LATITUDE), *footprint.ring.T
        )
        longitude = np.where(longitude - longitude[0] > 180.0, longitude - 360.0, longitude)
        longitude = np.where(longitude - longitude[0] < -180.0, longitude + 360.0, longitude)
        points = zip(longitude.tolist(), latitude.tolist(), strict=True)
        polygons.append("((" + ", ".join(f"{x:.6f} {y:.6f}" for x, y in points) + "))")
    return f"MULTIPOLYGON ({', '.join(polygons)})"
