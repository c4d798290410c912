"""Population, land and built-up area on one equal-area grid of cells of 1 km.

Rasters that lie on the grid are read as they are. Others are brought onto it once, cell by cell, by
the area that cells share: people stay as many as they were, whatever the CRS and the cell size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import GridError, InputError, translate
from dbar_qgis_plugin.kernels.area_remap import shares
from dbar_qgis_plugin.kernels.cell_runs import sums_by
from dbar_qgis_plugin.pipelines.inputs import middle_cell_area
from dbar_qgis_plugin.pipelines.scratch import scratch_raster
from dbar_qgis_plugin.pipelines.zonal_sums import footprints_on
from dbar_qgis_plugin.raster_io.blocks import run_tasks
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import Polygons, polygons_from_wkb
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.source import RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOLLWEIDE: Final = "ESRI:54009"
CELL_M: Final = 1000.0

COUNT, DENSITY = "count", "density"
POPULATION_KINDS: Final = (COUNT, DENSITY)
SHARE_KINDS: Final = ("share", "percent", "square_metres")
LAND_KINDS: Final = (*SHARE_KINDS, "water_share", "water_percent")

_EQUAL = 0.01  # areas of cells may differ so much from 1 km2: Mollweide is computed on a sphere
_SLACK = 1e-4  # shares are often stored in float32 after resampling
_UNITS = 1 << 34  # of a person, or of a share
_DECIMALS = 6  # of a share that is made of parts
_TILE = 256
_LATTICE = 17
_SOURCE_CELLS, _SMALLEST_SIDE, _LARGEST_SIDE = 250_000, 32, 512
_HALF_WORLD_CELLS = 15_000.0
_STRAIGHT_M = 1000.0  # the Earth's curvature lifts the middle of such a line by 2 cm


@dataclass(frozen=True)
class Layer:
    """A quantity on the grid of a run: persons per cell, or shares of it. A value, which pickles.

    source : one band
    row, col : where the grid's first cell lies in the source
    factor : makes the quantity of the source's values
    is_water : the source holds shares of water, and the layer shares of land
    cover : polygons instead of a source
    kind : what the source holds, for messages
    """

    source: RasterSource | None
    row: int = 0
    col: int = 0
    factor: float = 1.0
    is_water: bool = False
    cover: Cover | None = None
    kind: str = COUNT

    @property
    def tile(self) -> tuple[int, int]:
        """Height and width of the pieces to read it in."""
        return self.source.tile if self.source is not None else (_TILE, _TILE)

    def read(self, window: Window) -> tuple[Float64, Bools]:
        """Values, 0 where there are none, and where there are, both [height, width]."""
        if self.source is None or self.cover is not None:
            values = np.zeros(window[2:]) if self.cover is None else self.cover.paint(window)
            valid = np.ones(values.shape, dtype=bool)
        else:
            here = window._replace(row=window.row + self.row, col=window.col + self.col)
            block = self.source.read(here)
            values, valid = block.values[0].astype(np.float64), block.valid[0]
            check_values(self.source.name, self.kind, values)
            if self.factor != 1.0:
                values *= self.factor
        if self.is_water:
            values = np.where(valid, 1.0 - values, 0.0)
        return values, valid


def check_values(name: str, kind: str, values: Float64) -> None:
    """Refuse what cannot be of a kind.

    Raises
    ------
    InputError
        With the name of the raster, a value, and what to do.
    """
    low, high = float(values.min()), float(values.max())
    if low < 0.0:
        raise InputError(
            translate(
                "Dbar",
                "{name} holds the negative value {value}. Where it stands for no data, say so in "
                "the file (Translate > Assign a specified NoData value), then run again.",
            ),
            name=name,
            value=f"{low:g}",
        )
    if kind in ("share", "water_share") and high > 1.0 + _SLACK:
        raise InputError(
            translate(
                "Dbar",
                "{name} holds {value}, which is no share: shares are 0 to 1. Say that it holds "
                "percent or square metres, or, where the value stands for no data, say so in the "
                "file.",
            ),
            name=name,
            value=f"{high:g}",
        )
    if kind in ("percent", "water_percent") and high > 100.0 * (1.0 + _SLACK):
        raise InputError(
            translate(
                "Dbar",
                "{name} holds {value}, which is no percentage: these are 0 to 100. Say that it "
                "holds square metres, or, where the value stands for no data, say so in the file.",
            ),
            name=name,
            value=f"{high:g}",
        )


@dataclass(frozen=True, eq=False)
class Cover:
    """Which share of each cell polygons cover, painted window by window; a value, which pickles.

    row, start, stop : int32 [runs] of whole cells, in the order of rows
    cell_row, cell_col, weight : cells covered in part, in the order of rows
    """

    row: NDArray[np.int32]
    start: NDArray[np.int32]
    stop: NDArray[np.int32]
    cell_row: NDArray[np.int32]
    cell_col: NDArray[np.int32]
    weight: Float64

    @classmethod
    def of(cls, polygons: Polygons, grid: Grid, progress: Progress) -> Cover:
        """Lay polygons over a grid."""
        prints = footprints_on(polygons, grid, "exact", progress)
        runs = np.argsort(prints.row, kind="stable")
        cells = np.argsort(prints.cell_row, kind="stable")
        return cls(
            prints.row[runs],
            prints.start[runs],
            prints.stop[runs],
            prints.cell_row[cells],
            prints.cell_col[cells],
            prints.cell_weight[cells],
        )

    def paint(self, window: Window) -> Float64:
        """Covered shares of a window's cells; where polygons overlap, at most the whole cell."""
        units = np.zeros(window.height * (window.width + 1), dtype=np.int64)
        stride = window.width + 1
        rows = window.row, window.row + window.height
        here = slice(*np.searchsorted(self.row, rows).tolist())
        first = np.clip(self.start[here] - window.col, 0, window.width)
        last = np.clip(self.stop[here] - window.col, 0, window.width)
        line = (self.row[here].astype(np.int64) - window.row) * stride
        # A run begins in its first cell, and ends before the one after its last.
        units += _UNITS * (
            np.bincount(line + first, minlength=units.size)
            - np.bincount(line + last, minlength=units.size)
        )
        units = np.cumsum(units.reshape(window.height, stride), axis=1)[:, :-1].reshape(-1)
        here = slice(*np.searchsorted(self.cell_row, rows).tolist())
        col = self.cell_col[here].astype(np.int64) - window.col
        inside = (col >= 0) & (col < window.width)
        place = (self.cell_row[here].astype(np.int64) - window.row) * window.width + col
        weight = np.rint(self.weight[here][inside] * _UNITS).astype(np.int64)
        units += sums_by(place[inside], weight, units.size)
        covered = np.minimum(units / _UNITS, 1.0).reshape(window.height, window.width)
        return np.asarray(np.round(covered, _DECIMALS))


# -- the grid


def equal_area_grid(source: RasterSource, crs: str = "") -> Grid:
    """Grid of 1 km on which a raster's people are counted.

    Parameters
    ----------
    source : RasterSource
        Population.
    crs : str
        CRS wanted; "" = the raster's own if its cells are 1 km2, else World Mollweide.

    Returns
    -------
    Grid
        The raster's own if that is such a grid; else one whose corners are whole kilometres, as
        those of the GHSL are.

    Raises
    ------
    GridError
        If the CRS is none with equal areas.
    """
    driver = get_driver()
    own = source.grid
    if is_equal_area(own) and (not crs or driver.same_crs(own.crs, crs)):
        return own
    target = driver.wkt(crs or MOLLWEIDE)
    found = _around(own, target)
    if found is None:
        raise GridError(
            translate(
                "Dbar",
                "{name} lies outside the area where the CRS {crs} can be used. Choose another CRS.",
            ),
            name=source.name,
            crs=_crs_name(target),
        )
    if not is_equal_area(found):
        raise GridError(
            translate(
                "Dbar",
                "{crs} is no equal-area CRS in metres: its cells of 1 km are not 1 km² "
                "everywhere. Choose an equal-area one, such as World Mollweide ({standard}).",
            ),
            crs=_crs_name(target),
            standard=MOLLWEIDE,
        )
    return found


def is_equal_area(grid: Grid) -> bool:
    """Whether cells are squares of 1 km, and 1 km2 on the ground all over the grid, to 1 %."""
    a, _, _, _, e, _ = grid.transform
    if not grid.is_north_up or get_driver().is_geographic(grid.crs):
        return False
    if not np.allclose((a, -e), CELL_M, rtol=1e-6):
        return False
    rows = np.unique(np.linspace(0, grid.height - 1, _LATTICE).astype(int))
    cols = np.unique(np.linspace(0, grid.width - 1, _LATTICE).astype(int))
    areas = [
        float(grid.cell_areas(Window(int(row), int(col), 1, 1)).flat[0])
        for row in rows
        for col in cols
    ]
    return bool(np.all(np.abs(np.array(areas) / CELL_M**2 - 1.0) < _EQUAL))


def _crs_name(crs: str) -> str:
    return crs.split('"')[1] if '"' in crs else crs[:60]


def _around(own: Grid, crs: str) -> Grid | None:
    """Grid of whole kilometres around another grid; None where that has no place in the CRS."""
    steps = np.linspace(0.0, 1.0, 201)
    right, down = (part.ravel() for part in np.meshgrid(steps, steps))
    x, y = own.to_coordinates(right * own.width, down * own.height)
    x, y = get_driver().transform_points(own.crs, crs, x, y)
    known = np.isfinite(x + y)
    if not known.any():
        return None
    # Sides are curved between the points: a cell more takes in what they leave out.
    west, east = np.floor(x[known].min() / CELL_M) - 1, np.ceil(x[known].max() / CELL_M) + 1
    south, north = np.floor(y[known].min() / CELL_M) - 1, np.ceil(y[known].max() / CELL_M) + 1
    transform = CELL_M, 0.0, west * CELL_M, 0.0, -CELL_M, north * CELL_M
    return Grid(crs, transform, int(east - west), int(north - south))


def cropped(grid: Grid, window: Window) -> Grid:
    """Part of a grid."""
    a, b, c, d, e, f = grid.transform
    col, row = window.col, window.row
    corner = a * col + b * row + c, d * col + e * row + f
    return Grid(grid.crs, (a, b, corner[0], d, e, corner[1]), window.width, window.height)


def common_window(grid: Grid, sources: Sequence[RasterSource]) -> Window:
    """Part of a grid that all rasters cover.

    Raises
    ------
    GridError
        If a raster does not reach the others; the message names it.
    """
    top, left, bottom, right = 0, 0, grid.height, grid.width
    for source in sources:
        window = _covered(source.grid, grid)
        if window is not None:
            top, left = max(top, window.row), max(left, window.col)
            bottom = min(bottom, window.row + window.height)
            right = min(right, window.col + window.width)
        if window is None or bottom <= top or right <= left:
            raise GridError(
                translate(
                    "Dbar",
                    "{name} does not overlap the population. Check the CRS of both, and that they "
                    "show the same region.",
                ),
                name=source.name,
            )
    return Window(top, left, bottom - top, right - left)


def _covered(own: Grid, grid: Grid) -> Window | None:
    """Window of a grid, not clipped to it, that another grid covers."""
    at = offset(own, grid)
    if at is not None:
        return Window(-at[0], -at[1], own.height, own.width)
    around = _around(own, grid.crs)
    if around is None:
        return None
    col, row = grid.to_cells(np.array([around.transform[2]]), np.array([around.transform[5]]))
    return Window(int(np.floor(row[0])), int(np.floor(col[0])), around.height + 1, around.width + 1)


def offset(own: Grid, grid: Grid) -> tuple[int, int] | None:
    """Row and column of a raster in which a grid's first cell lies; None if cells differ."""
    if not np.allclose(
        np.array(own.transform)[[0, 1, 3, 4]], np.array(grid.transform)[[0, 1, 3, 4]], rtol=1e-9
    ) or not get_driver().same_crs(own.crs, grid.crs):
        return None
    x, y = grid.to_coordinates(np.zeros(1), np.zeros(1))
    col, row = own.to_cells(x, y)
    whole = np.round(row[0]), np.round(col[0])
    if max(abs(row[0] - whole[0]), abs(col[0] - whole[1])) > 1e-3:
        return None
    return int(whole[0]), int(whole[1])


# -- layers


class LayerInput(NamedTuple):
    """A raster, and what it holds: one of `POPULATION_KINDS` or `LAND_KINDS`."""

    source: RasterSource
    kind: str


@contextmanager
def layers_on(
    grid: Grid,
    inputs: Mapping[str, LayerInput],
    output: str,
    workers: Workers,
    progress: Progress,
) -> Iterator[tuple[dict[str, Layer], list[Message]]]:
    """Bring rasters onto a grid, and keep what was made for it while the block lasts.

    Parameters
    ----------
    grid : Grid
        Of cells of 1 km.
    inputs : mapping of str to LayerInput
        Rasters by name.
    output : str
        Rasters that are brought onto the grid are kept beside it meanwhile.
    workers, progress : optional
        As for `run_tasks`.

    Yields
    ------
    tuple
        Layers by name, and what the log is told of them.
    """
    notes: list[Message] = []
    with ExitStack() as stack:
        layers: dict[str, Layer] = {}
        for number, (name, given) in enumerate(inputs.items()):
            part = progress.part(number / len(inputs), (number + 1) / len(inputs))
            at = offset(given.source.grid, grid)
            is_water = given.kind.startswith("water")
            if at is not None:
                factor = _factor(given.kind, grid)
                layers[name] = Layer(given.source, *at, factor, is_water, kind=given.kind)
                continue
            scratch = stack.enter_context(scratch_raster(output, name, grid, "float64", np.nan))
            windows = _remap_windows(grid, given.source.grid)
            tasks = (_RemapTask(given.source, given.kind, grid, window) for window in windows)
            with workers.executor() as executor:
                made = run_tasks(_remap, tasks, len(windows), executor, workers, part)
                for window, values in zip(windows, made, strict=True):
                    scratch.write(values, window)
            source = replace(scratch.finished(), name=given.source.name)
            layers[name] = Layer(source, is_water=is_water)
            notes.append(_remap_note(given))
        yield layers, notes


def _factor(kind: str, grid: Grid) -> float:
    if kind == DENSITY:
        return grid.nominal_cell_area * 1e-6
    if kind == "square_metres":
        return 1.0 / grid.nominal_cell_area
    return 0.01 if kind.endswith("percent") else 1.0


def _remap_note(given: LayerInput) -> Message:
    if given.kind in POPULATION_KINDS:
        text = translate(
            "Dbar",
            "{name} is brought onto the grid of 1 km by the area that cells share; its people stay "
            "as many.",
        )
    else:
        text = translate(
            "Dbar", "{name} is brought onto the grid of 1 km by the area that cells share."
        )
    return message(text, name=given.source.name)


def _remap_windows(grid: Grid, own: Grid) -> list[Window]:
    """Windows of a grid that hold about as many cells of the source, whatever the settings are.

    Shares of cells are rounded by what else is computed with them, in the last bit.
    """
    per_cell = middle_cell_area(grid) / middle_cell_area(own)
    side = int(np.clip(np.sqrt(_SOURCE_CELLS / per_cell), _SMALLEST_SIDE, _LARGEST_SIDE))
    return [
        Window(row, col, min(side, grid.height - row), min(side, grid.width - col))
        for row in range(0, grid.height, side)
        for col in range(0, grid.width, side)
    ]


class _RemapTask(NamedTuple):
    source: RasterSource
    kind: str
    grid: Grid
    window: Window


def _remap(task: _RemapTask) -> Float64:
    """Quantity of a window of the grid, NaN without data."""
    window, is_count = task.window, task.kind in POPULATION_KINDS
    units = np.zeros(window.height * window.width, dtype=np.int64)
    known = np.zeros(window.height * window.width, dtype=bool)
    for place, turn in _source_windows(task.source.grid, task.grid, window):
        block = task.source.read(place)
        values, valid = block.values[0].astype(np.float64), block.valid[0]
        check_values(task.source.name, task.kind, values)
        values *= _per_cell(task.kind, task.source.grid, place)
        _add(task, place, turn, values, units, is_count)
        known |= _known(task, place, turn, valid)
    found = units / _UNITS
    if not is_count:
        found = np.round(found, _DECIMALS)
    found[~known & (units == 0)] = np.nan
    return np.asarray(found.reshape(window.height, window.width))


def _per_cell(kind: str, grid: Grid, window: Window) -> Float64 | float:
    """Factor that makes persons, or a share, of a cell's value."""
    if kind == DENSITY:
        return grid.cell_areas(window) * 1e-6
    if kind == "square_metres":
        return 1.0 / grid.cell_areas(window)
    return 0.01 if kind.endswith("percent") else 1.0


def _add(
    task: _RemapTask,
    place: Window,
    turn: float,
    values: Float64,
    units: Int64,
    is_count: bool,
) -> None:
    """Add what the cells of a window of the source have in the window of the grid."""
    rows, cols = np.nonzero(values)
    if turn or task.source.grid.is_geographic:
        x, _ = task.source.grid.to_coordinates(
            np.asarray(cols + place.col + 0.5), np.asarray(rows + place.row + 0.5)
        )
        # A raster of the whole Earth may have a column twice: each cell counts in one turn.
        here = (x + turn >= -180.0) & (x + turn < 180.0)
        rows, cols = rows[here], cols[here]
    if rows.size == 0:
        return
    x, y = _corners(task, place, turn, rows, cols)
    amount = values[rows, cols]
    for part in shares(x, y, task.window.height, task.window.width, _HALF_WORLD_CELLS):
        given = amount[part.source] * (part.part if is_count else part.cover)
        units += sums_by(part.target, np.rint(given * _UNITS).astype(np.int64), units.size)


def _corners(
    task: _RemapTask, place: Window, turn: float, rows: Int64, cols: Int64
) -> tuple[Float64, Float64]:
    """Corners of cells of the source in cells of the window of the grid, [4, cells]."""
    own, step = task.source.grid, _step(task.source.grid)
    row, row_at, down = _lattice(place.row, place.height, own.height, step)
    col, col_at, right = _lattice(place.col, place.width, own.width, step)
    x, y = own.to_coordinates(*np.meshgrid(col.astype(np.float64), row.astype(np.float64)))
    around = np.array([0, 1, place.width + 2, place.width + 1])
    corner = rows * (place.width + 1) + cols + around[:, np.newaxis]
    found = []
    for values, begin in zip(
        _to_grid(own, task.grid, x, y, turn), (task.window.col, task.window.row), strict=True
    ):
        across = values[:, col_at] * (1.0 - right) + values[:, col_at + 1] * right
        between = across[row_at] * (1.0 - down[:, np.newaxis])
        between += across[row_at + 1] * down[:, np.newaxis]
        found.append(between.reshape(-1)[corner] - begin)
    return found[0], found[1]


def _step(own: Grid) -> int:
    """Cells of a raster in a row whose corners lie on a line on the grid, to some centimetres."""
    return max(1, int(_STRAIGHT_M / np.sqrt(middle_cell_area(own))))


def _lattice(first: int, count: int, size: int, step: int) -> tuple[Int64, Int64, Float64]:
    """Lines of a lattice around cells; for each corner of a cell the line before it, and how far.

    The lattice is one of the whole raster, so that a corner is the same in every window.
    """
    corner = np.arange(first, first + count + 1)
    node = np.minimum(corner // step, -(-size // step) - 1)
    nodes = np.minimum(np.arange(node[0], node[-1] + 2) * step, size)
    at = node - node[0]
    return nodes, at, (corner - nodes[at]) / (nodes[at + 1] - nodes[at])


def _to_grid(own: Grid, grid: Grid, x: Float64, y: Float64, turn: float) -> tuple[Float64, Float64]:
    """Columns and rows in the grid of places in the source's CRS."""
    driver = get_driver()
    if own.is_geographic:
        x, y = np.clip(x + turn, -180.0, 180.0), np.clip(y, -90.0, 90.0)
    if not driver.same_crs(own.crs, grid.crs):
        x, y = driver.transform_points(own.crs, grid.crs, x, y)
    return grid.to_cells(x, y)


def _known(task: _RemapTask, place: Window, turn: float, valid: Bools) -> Bools:
    """Cells of the window of the grid whose middle lies in a cell of the source with data."""
    window, own = task.window, task.source.grid
    row, col = np.divmod(np.arange(window.height * window.width), window.width)
    x, y = task.grid.to_coordinates(col + window.col + 0.5, row + window.row + 0.5)
    driver = get_driver()
    if not driver.same_crs(own.crs, task.grid.crs):
        x, y = driver.transform_points(task.grid.crs, own.crs, x, y)
    col, row = own.to_cells(x - turn, y)
    with np.errstate(invalid="ignore"):
        row, col = np.floor(row) - place.row, np.floor(col) - place.col
        inside = (row >= 0) & (row < place.height) & (col >= 0) & (col < place.width)
    found = np.zeros(row.size, dtype=bool)
    found[inside] = valid[row[inside].astype(np.int64), col[inside].astype(np.int64)]
    return found


def _source_windows(own: Grid, grid: Grid, window: Window) -> list[tuple[Window, float]]:
    """Windows of a raster around a window of a grid, and the turn that puts each on -180 to 180."""
    steps = np.linspace(0.0, 1.0, _LATTICE)
    right, down = (part.ravel() for part in np.meshgrid(steps, steps))
    x, y = grid.to_coordinates(window.col + right * window.width, window.row + down * window.height)
    driver = get_driver()
    if not driver.same_crs(own.crs, grid.crs):
        x, y = driver.transform_points(grid.crs, own.crs, x, y)
    found = []
    known = np.isfinite(x + y)
    if not known.any():
        return []
    for turn in (-360.0, 0.0, 360.0) if own.is_geographic else (0.0,):
        col, row = own.to_cells(x[known] - turn, y[known])
        above, beside = (2.0 + float(np.ptp(each)) / _LATTICE for each in (row, col))
        if not known.all():
            # At the rim of the projection the places between the points may lie anywhere.
            above, beside = above + float(np.ptp(row)), float(own.width)
        top, bottom = int(max(row.min() - above, 0)), int(min(row.max() + above, own.height))
        left, end = int(max(col.min() - beside, 0)), int(min(col.max() + beside, own.width))
        if bottom > top and end > left:
            found.append((Window(top, left, bottom - top, end - left), turn))
    return found


def land_of_polygons(
    wkb: Sequence[bytes | None], crs: str, is_water: bool, grid: Grid, progress: Progress
) -> Layer:
    """Shares of land from polygons of land or water.

    Raises
    ------
    InputError
        If the layer has no polygons.
    """
    if not any(wkb):
        raise InputError(
            translate("Dbar", "The layer of land or water has no polygons. Choose another layer.")
        )
    cover = Cover.of(polygons_from_wkb(list(wkb), crs), grid, progress)
    return Layer(None, is_water=is_water, cover=cover)
