"""Grids of cells, and the true areas of their cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import GridError, translate
from dbar_qgis_plugin.kernels.ellipsoid_area import (
    authalic_radius,
    authalic_vectors,
    cell_areas_from_midpoints,
    latitude_band_areas,
    surface_points,
)
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import UNREFERENCED, RasterInfo, Transform, Window

Float64 = NDArray[np.float64]

_ELLIPSOID = re.compile(
    r'(?:ELLIPSOID|SPHEROID)\["[^"]*",\s*([-+.\deE]+)\s*,\s*([-+.\deE]+)'
    r'(?:\s*,\s*LENGTHUNIT\["[^"]*",\s*([-+.\deE]+))?'
)
_LATTICE_NODES = 256
_LATTICE_SPACING_M = 64_000.0


@dataclass(frozen=True)
class Grid:
    """A grid of cells: a value, which compares and pickles.

    Parameters
    ----------
    crs : str
        WKT.
    transform : tuple of 6 float
        x = a col + b row + c and y = d col + e row + f, in units of the CRS.
    width, height : int
        Size in cells.
    """

    crs: str
    transform: Transform
    width: int
    height: int

    @property
    def window(self) -> Window:
        """The whole grid."""
        return Window(0, 0, self.height, self.width)

    @property
    def is_north_up(self) -> bool:
        """Whether rows run along x and columns along y."""
        return self.transform[1] == 0.0 and self.transform[3] == 0.0

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are plain longitude and latitude."""
        return _is_plain_geographic(self.crs)

    def to_cells(self, x: Float64, y: Float64) -> tuple[Float64, Float64]:
        """Columns and rows, as fractions, of places given in the grid's CRS."""
        a, b, c, d, e, f = self.transform
        determinant = a * e - b * d
        dx, dy = x - c, y - f
        return (e * dx - b * dy) / determinant, (a * dy - d * dx) / determinant

    def to_coordinates(self, col: Float64, row: Float64) -> tuple[Float64, Float64]:
        """Places, in the grid's CRS, of columns and rows given as fractions."""
        a, b, c, d, e, f = self.transform
        return a * col + b * row + c, d * col + e * row + f

    def same_cells(self, other: Grid) -> bool:
        """Whether both grids have the same cells, up to a millionth of a cell."""
        if (self.width, self.height) != (other.width, other.height):
            return False
        if not get_driver().same_crs(self.crs, other.crs):
            return False
        corners = np.array([0.0, self.width, 0.0]), np.array([0.0, 0.0, self.height])
        col, row = other.to_cells(*self.to_coordinates(*corners))
        return bool(np.allclose((col, row), corners, rtol=0.0, atol=1e-6 * max(self.window)))

    def cell_areas(self, window: Window | None = None) -> Float64:
        """True areas of cells, in square metres, on the ellipsoid of the grid's CRS.

        Geographic grids: closed form (exact). Other grids: the area of the cell's parallelogram on
        the authalic sphere at the nodes of a lattice no wider than 64 km (or 1/256 of the grid),
        interpolated bilinearly; right to 0.1 % and, on national grids, to 1e-5. The result does not
        depend on the window.

        Parameters
        ----------
        window : Window, optional
            Cells wanted; the whole grid if absent.

        Returns
        -------
        ndarray of float64, shape (height, 1) or (height, width)
            Broadcasts against the window's cells.

        Raises
        ------
        GridError
            If the CRS tells no ellipsoid (an engineering CRS).
        """
        row, col, height, width = window if window is not None else self.window
        if self.is_geographic and self.is_north_up:
            degrees = _degrees_per_unit(self.crs)
            edges = np.arange(row, row + height + 1) * self.transform[4] + self.transform[5]
            semi_major, flattening = ellipsoid(self.crs)
            cells = latitude_band_areas(
                edges * degrees, self.transform[0] * degrees, semi_major, flattening
            )
            return cells[:, np.newaxis]
        nodes, row_step, col_step = _area_lattice(self)
        return _interpolate(nodes, row_step, col_step, row, col, height, width)

    def cell_metrics(self, row: Float64, col: Float64) -> Float64:
        """Lengths on the ground of steps from cell to cell, float64 [3, places].

        Parameters
        ----------
        row, col : ndarray of float64 [places]
            Places as fractions of rows and columns.

        Returns
        -------
        ndarray of float64
            In m2: the squared step along a row, the product of both steps, the squared step along a
            column; so the way over r rows and c columns has the square E c**2 + 2 F c r + G r**2.
            NaN where the CRS has no places.
        """
        semi_major, flattening = ellipsoid(self.crs)
        side_col = col[:, np.newaxis] + np.array([-0.5, 0.5, 0.0, 0.0])
        side_row = row[:, np.newaxis] + np.array([0.0, 0.0, -0.5, 0.5])
        x, y = self.to_coordinates(side_col, side_row)
        longitude, latitude = get_driver().transform_points(
            self.crs, _longitude_latitude_crs(self.crs), x, y
        )
        points = surface_points(longitude, latitude, semi_major, flattening)
        west, east, above, below = np.moveaxis(points, 1, 0)
        across, down = east - west, below - above
        products = [(across * across), (across * down), (down * down)]
        return np.stack([product.sum(axis=-1) for product in products])

    @property
    def nominal_cell_area(self) -> float:
        """Area of a cell in the CRS's own plane, in its units squared (m2 for metric CRSs)."""
        a, b, _, d, e, _ = self.transform
        return abs(a * e - b * d)


def overlap(first: Grid, second: Grid) -> bool:
    """Whether two grids share some ground, judged by points along the rims of both."""
    return _reaches(first, second) or _reaches(second, first)


def _reaches(one: Grid, other: Grid) -> bool:
    """Whether a point of one grid's rim or middle lies within the other grid."""
    steps = np.linspace(0.0, 1.0, 21)
    down, right = (part.ravel() for part in np.meshgrid(steps, steps, indexing="ij"))
    x, y = one.to_coordinates(right * one.width, down * one.height)
    x, y = get_driver().transform_points(one.crs, other.crs, x, y)
    # Longitudes may count from 0 to 360 in one grid and from -180 in the other.
    for turn in (-360.0, 0.0, 360.0) if other.is_geographic else (0.0,):
        col, row = other.to_cells(x + turn, y)
        if ((col > 0) & (col < other.width) & (row > 0) & (row < other.height)).any():
            return True
    return False


def grid_of(info: RasterInfo, name: str) -> Grid:
    """Grid of a raster.

    Raises
    ------
    GridError
        If the raster has no CRS or is not georeferenced; `name` is what the message calls it.
    """
    if not info.crs:
        raise GridError(
            translate(
                "Dbar",
                "{name} has no coordinate reference system. Set it (Raster > Projections > "
                "Assign projection), then run again.",
            ),
            name=name,
        )
    a, b, _, d, e, _ = info.transform
    if info.transform == UNREFERENCED or a * e - b * d == 0.0:
        raise GridError(
            translate(
                "Dbar",
                "{name} is not georeferenced: it has no cell size and position. Georeference it, "
                "then run again.",
            ),
            name=name,
        )
    grid = Grid(info.crs, info.transform, info.width, info.height)
    if _is_misplaced(grid):
        raise GridError(
            translate(
                "Dbar",
                "{name} does not lie where its CRS ({crs}) has places: degrees are taken for "
                "metres there, or metres for degrees. Assign the right CRS, then run again.",
            ),
            name=name,
            crs=info.crs.split('"')[1] if '"' in info.crs else info.crs[:60],
        )
    return grid


def _is_misplaced(grid: Grid) -> bool:
    """Whether coordinates in degrees are taken for metres, or the other way round."""
    x, y = grid.to_coordinates(
        np.array([0.0, 1.0, 0.0, 1.0]) * grid.width, np.array([0.0, 0.0, 1.0, 1.0]) * grid.height
    )
    if grid.is_geographic:
        # Grids whose nodes are the poles reach half a cell beyond.
        cell = float(np.hypot(*grid.transform[3:5]))
        return bool(np.abs(y).max() * _degrees_per_unit(grid.crs) > 90.0 + cell)
    # No raster of the Earth spans less than 360 m of a projection around its origin.
    return bool(np.abs(x).max() <= 360.0 and np.abs(y).max() <= 90.0)


@lru_cache(maxsize=64)
def ellipsoid(crs: str) -> tuple[float, float]:
    """Semi-major axis in metres and flattening of a CRS given as WKT."""
    found = _ELLIPSOID.search(crs)
    if found is None:
        raise GridError(
            translate(
                "Dbar",
                "The CRS {crs} is not tied to the Earth, so areas cannot be measured. "
                "Assign the raster's real CRS.",
            ),
            crs=crs[:60],
        )
    semi_major, inverse_flattening = float(found[1]), float(found[2])
    unit = float(found[3]) if found[3] else 1.0
    return semi_major * unit, 1.0 / inverse_flattening if inverse_flattening else 0.0


def _longitude_latitude_crs(crs: str) -> str:
    """Plain longitude and latitude, in degrees, on the ellipsoid of a CRS.

    Made from the ellipsoid alone: so nothing is shifted between datums, and the areas are those on
    the ellipsoid that the CRS is defined on.
    """
    semi_major, flattening = ellipsoid(crs)
    semi_minor = semi_major * (1.0 - flattening)
    return get_driver().wkt(f"+proj=longlat +a={semi_major!r} +b={semi_minor!r} +no_defs")


@lru_cache(maxsize=64)
def _is_plain_geographic(crs: str) -> bool:
    return "DERIVINGCONVERSION" not in crs and get_driver().is_geographic(crs)


@lru_cache(maxsize=64)
def _degrees_per_unit(crs: str) -> float:
    _, latitude = get_driver().transform_points(
        crs, _longitude_latitude_crs(crs), np.zeros(1), np.ones(1)
    )
    return float(latitude[0])


@lru_cache(maxsize=16)
def _area_lattice(grid: Grid) -> tuple[Float64, float, float]:
    """Cell areas at lattice nodes, and the nodes' spacing in rows and columns."""
    a, b, _, d, e, _ = grid.transform
    semi_major, flattening = ellipsoid(grid.crs)
    metres = np.radians(semi_major) if grid.is_geographic else 1.0

    def steps(cells: int, cell_size: float) -> int:
        wanted = int(np.ceil(cells * cell_size * metres / _LATTICE_SPACING_M))
        return int(np.clip(wanted, 1, _LATTICE_NODES))

    rows, cols = steps(grid.height, np.hypot(b, e)), steps(grid.width, np.hypot(a, d))
    row_step, col_step = grid.height / rows, grid.width / cols
    row, col = np.meshgrid(
        np.arange(rows + 1) * row_step, np.arange(cols + 1) * col_step, indexing="ij"
    )
    # The middles of the four sides of a cell centred on each node: west, east, north, south.
    side_col = col[..., np.newaxis] + np.array([-0.5, 0.5, 0.0, 0.0])
    side_row = row[..., np.newaxis] + np.array([0.0, 0.0, -0.5, 0.5])
    x, y = grid.to_coordinates(side_col, side_row)
    longitude, latitude = get_driver().transform_points(
        grid.crs, _longitude_latitude_crs(grid.crs), x, y
    )
    vectors = authalic_vectors(longitude, latitude, flattening)
    west, east, north, south = np.moveaxis(vectors, -2, 0)
    areas = cell_areas_from_midpoints(
        west, east, south, north, authalic_radius(semi_major, flattening)
    )
    if np.isnan(areas).all():
        raise GridError(
            translate(
                "Dbar",
                "The raster lies outside the area where its CRS can be used. Check that the right "
                "CRS is assigned ({crs}).",
            ),
            crs=grid.crs[:60],
        )
    return _fill_gaps(areas), row_step, col_step


def _fill_gaps(areas: Float64) -> Float64:
    """Give nodes off the projection's domain the value of the nearest node in their row.

    Cells there hold no data, but cells at the rim of the domain are interpolated from them.
    """
    filled = areas.copy()
    index = np.arange(areas.shape[1])
    for row in np.flatnonzero(np.isnan(areas).any(axis=1)):
        known = np.flatnonzero(np.isfinite(areas[row]))
        if known.size:
            nearest = known[np.abs(index[:, np.newaxis] - known).argmin(axis=1)]
            filled[row] = areas[row, nearest]
    empty = np.isnan(filled).all(axis=1)
    known = np.flatnonzero(~empty)
    for row in np.flatnonzero(empty):
        filled[row] = filled[known[np.abs(known - row).argmin()]]
    return filled


def _interpolate(
    nodes: Float64, row_step: float, col_step: float, row: int, col: int, height: int, width: int
) -> Float64:
    """Bilinear interpolation of lattice nodes at the centres of a window's cells."""

    def positions(
        first: int, count: int, step: float, last: int
    ) -> tuple[NDArray[np.int64], Float64]:
        place = (np.arange(first, first + count, dtype=np.float64) + 0.5) / step
        node = np.clip(place.astype(np.int64), 0, last - 1)
        return node, np.asarray(place - node, dtype=np.float64)

    node_row, down = positions(row, height, row_step, nodes.shape[0] - 1)
    node_col, right = positions(col, width, col_step, nodes.shape[1] - 1)
    upper = nodes[node_row] + (nodes[node_row + 1] - nodes[node_row]) * down[:, np.newaxis]
    areas = np.empty((height, width))
    borders = np.flatnonzero(np.diff(node_col)) + 1
    for begin, end in pairwise([0, *borders.tolist(), width]):
        node = node_col[begin]
        left = upper[:, [node]]
        here = areas[:, begin:end]
        np.multiply(upper[:, [node + 1]] - left, right[begin:end], out=here)
        here += left
    return areas
