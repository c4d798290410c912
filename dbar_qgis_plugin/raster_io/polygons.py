"""Polygons from WKB to rings in a grid's cells."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.cell_outlines import Outlines
from dbar_qgis_plugin.kernels.polygon_footprint import Rings
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.grid import Grid

_POLYGON, _MULTIPOLYGON = 3, 6


@dataclass(frozen=True)
class Polygons:
    """Rings of many polygons in coordinates of a CRS.

    x, y : float64 [vertices], every ring closed
    start : int64 [rings + 1]
    zone : int64 [rings], increasing
    hole : bool [rings]
    count : number of polygons, also those without rings
    crs : WKT
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    start: NDArray[np.int64]
    zone: NDArray[np.int64]
    hole: NDArray[np.bool_]
    count: int
    crs: str

    def to_crs(self, crs: str) -> Polygons:
        """Return the polygons in another CRS; those that it cannot hold lose their rings.

        Vertices are transformed, as QGIS does it; sides stay straight lines between them.
        """
        driver = get_driver()
        if self.x.size == 0 or driver.same_crs(self.crs, crs):
            return Polygons(self.x, self.y, self.start, self.zone, self.hole, self.count, crs)
        x, y = driver.transform_points(self.crs, crs, self.x, self.y)
        failed = np.logical_or.reduceat(~np.isfinite(x + y), self.start[:-1])
        # Part of a polygon would give a number that looks right: all of it goes.
        whole = ~np.isin(self.zone, self.zone[failed])
        return Polygons(x, y, self.start, self.zone, self.hole, self.count, crs)._keep(whole)

    def _keep(self, kept: NDArray[np.bool_]) -> Polygons:
        if kept.all():
            return self
        sizes = np.diff(self.start)
        vertices = np.repeat(kept, sizes)
        start = np.concatenate(([0], np.cumsum(sizes[kept]))).astype(np.int64)
        return Polygons(
            self.x[vertices],
            self.y[vertices],
            start,
            self.zone[kept],
            self.hole[kept],
            self.count,
            self.crs,
        )

    def rings_on(self, grid: Grid) -> tuple[Rings, int]:
        """Rings in cells of a grid, in its CRS, and how many copies of each there are.

        A geographic grid may run from 0 to 360 degrees, or across the antimeridian; polygons are
        then also placed a whole turn further east or west, where they meet the grid.
        """
        here = self.to_crs(grid.crs)
        if here.x.size == 0:
            return Rings(here.x, here.y, here.start, here.zone, here.hole), 1
        shifts = _whole_turns(here.x, grid) if grid.is_geographic else [0.0]
        parts = []
        for shift in shifts:
            col, row = grid.to_cells(here.x + shift, here.y)
            parts.append((col, row))
        if len(parts) == 1:
            return Rings(*parts[0], here.start, here.zone, here.hole), 1
        return _join(parts, here), len(parts)


def _whole_turns(x: NDArray[np.float64], grid: Grid) -> list[float]:
    turn = 360.0
    corner_x, _ = grid.to_coordinates(
        np.array([0.0, grid.width, 0.0, grid.width]), np.array([0.0, 0.0, grid.height, grid.height])
    )
    first = np.ceil((corner_x.min() - x.max()) / turn)
    last = np.floor((corner_x.max() - x.min()) / turn)
    shifts = [turn * k for k in np.arange(first, last + 1)]
    return sorted(shifts, key=abs) or [0.0]


def _join(
    parts: list[tuple[NDArray[np.float64], NDArray[np.float64]]], polygons: Polygons
) -> Rings:
    """Rings of several copies of the polygons, sorted by zone again."""
    copies = len(parts)
    zone = np.tile(polygons.zone, copies)
    sizes = np.tile(np.diff(polygons.start), copies)
    begin = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    order = np.argsort(zone, kind="stable")
    vertices = np.repeat(begin[order], sizes[order]) + (
        np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes[order]) - sizes[order], sizes[order])
    )
    col = np.concatenate([part[0] for part in parts])[vertices]
    row = np.concatenate([part[1] for part in parts])[vertices]
    start = np.concatenate(([0], np.cumsum(sizes[order]))).astype(np.int64)
    return Rings(col, row, start, zone[order], np.tile(polygons.hole, copies)[order])


def polygons_from_wkb(geometries: Sequence[bytes | None], crs: str) -> Polygons:
    """Read 2D polygons and multipolygons; None and empty geometries give a polygon without rings.

    Parameters
    ----------
    geometries : sequence of bytes or None
        Well-known binary (OGC 06-103r4, section 8), either byte order.
    crs : str
        WKT of the coordinates' CRS.

    Raises
    ------
    InputError
        If a geometry is not a 2D polygon or multipolygon.
    """
    coordinates: list[NDArray[np.float64]] = []
    zones: list[int] = []
    holes: list[bool] = []
    for zone, geometry in enumerate(geometries):
        if not geometry:
            continue
        for ring, is_hole in _rings(bytes(geometry), zone):
            coordinates.append(ring)
            zones.append(zone)
            holes.append(is_hole)
    start = np.concatenate(([0], np.cumsum([len(ring) for ring in coordinates]))).astype(np.int64)
    points = np.concatenate(coordinates) if coordinates else np.empty((0, 2))
    return Polygons(
        np.ascontiguousarray(points[:, 0], dtype=np.float64),
        np.ascontiguousarray(points[:, 1], dtype=np.float64),
        start,
        np.array(zones, dtype=np.int64),
        np.array(holes, dtype=bool),
        len(geometries),
        crs,
    )


def _rings(geometry: bytes, zone: int) -> list[tuple[NDArray[np.float64], bool]]:
    rings: list[tuple[NDArray[np.float64], bool]] = []
    position = 0
    polygons = 1
    try:
        while polygons:
            order = "<" if geometry[position] else ">"
            kind, count = struct.unpack_from(order + "II", geometry, position + 1)
            position += 9
            if kind == _MULTIPOLYGON:
                polygons += count - 1
                continue
            if kind != _POLYGON:
                raise InputError(
                    translate("Dbar", "Feature {number} is not a polygon (WKB type {kind})."),
                    number=zone + 1,
                    kind=kind,
                )
            polygons -= 1
            for ring in range(count):
                (points,) = struct.unpack_from(order + "I", geometry, position)
                position += 4
                values = np.frombuffer(geometry, order + "f8", 2 * points, position)
                position += 16 * points
                vertices = values.reshape(-1, 2)
                if points >= 3 and np.isfinite(vertices).all():
                    if (vertices[0] != vertices[-1]).any():
                        vertices = np.vstack((vertices, vertices[:1]))
                    rings.append((vertices, ring > 0))
    except (struct.error, ValueError, IndexError) as error:
        raise InputError(
            translate("Dbar", "The geometry of feature {number} is damaged: {reason}"),
            number=zone + 1,
            reason=str(error),
        ) from error
    return rings


def wkb_of_outlines(found: Outlines, count: int, grid: Grid) -> list[bytes]:
    """Write the outlines of things made of cells as multipolygons in the grid's CRS.

    Parameters
    ----------
    found : Outlines
        Corners of cells.
    count : int
        Number of things.
    grid : Grid
        Whose cells they are.
    """
    x, y = grid.to_coordinates(found.col.astype(np.float64), found.row.astype(np.float64))
    points = np.column_stack((x, y)).astype("<f8")
    rings: list[list[bytes]] = [[] for _ in found.thing]
    borders = found.start.tolist()
    for polygon, (begin, end) in zip(found.polygon.tolist(), pairwise(borders), strict=True):
        rings[polygon].append(struct.pack("<I", end - begin) + points[begin:end].tobytes())
    polygons: list[list[bytes]] = [[] for _ in range(count)]
    for thing, parts in zip(found.thing.tolist(), rings, strict=True):
        polygons[thing].append(struct.pack("<BII", 1, _POLYGON, len(parts)) + b"".join(parts))
    return [
        struct.pack("<BII", 1, _MULTIPOLYGON, len(parts)) + b"".join(parts) for parts in polygons
    ]
