"""Outlines of rasters in longitude and latitude, as GeoJSON wants them (RFC 7946)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.grid import Grid

Points = NDArray[np.float64]  # [points, 2]: longitude, latitude

_STEPS = 16  # pieces of each side: a side may be curved, or go over 180 degrees
_LATTICE = 64
_WHOLE_TURN = 359.9
_DECIMALS = 7  # about a centimetre
_WIDE_GAP = 30.0


def footprint(grid: Grid) -> tuple[dict[str, Any], tuple[float, float, float, float]] | None:
    """Return the outline of a raster, and its box.

    Parameters
    ----------
    grid : Grid
        Of the raster.

    Returns
    -------
    tuple or None
        GeoJSON geometry in degrees on WGS 84, counterclockwise; a MultiPolygon where the raster
        goes over 180 degrees. Then box: west, south, east, north, with west > east over 180
        degrees. Where parts of the raster lie outside its projection, the geometry is a box around
        the rest. None if no part can be placed.
    """
    sides = np.linspace(0.0, 1.0, _STEPS, endpoint=False)
    zeros = np.zeros_like(sides)
    ring = _placed(
        grid,
        np.concatenate((sides, zeros + 1.0, 1.0 - sides, zeros)),
        np.concatenate((zeros, sides, zeros + 1.0, 1.0 - sides)),
    )
    if not np.isfinite(ring).all():
        return _box_of_inner(grid)
    closed = np.vstack((ring, ring[:1]))
    closed[:, 0] = np.unwrap(closed[:, 0], period=360.0)
    turn = closed[-1, 0] - closed[0, 0]
    if abs(turn) > 180.0:  # around a pole
        return _around_pole(ring)
    if np.ptp(closed[:, 0]) >= _WHOLE_TURN:
        return _world_box(float(closed[:, 1].min()), float(closed[:, 1].max()))
    return _geometry(closed[:-1])


def _around_pole(ring: Points) -> tuple[dict[str, Any], tuple[float, float, float, float]] | None:
    """Lay a ring around a pole out from 180 degrees west to 180 degrees east."""
    pole = 90.0 if ring[:, 1].mean() > 0.0 else -90.0
    longitude = (ring[:, 0] + 180.0) % 360.0 - 180.0
    seam = float(np.interp(180.0, longitude, ring[:, 1], period=360.0))
    ordered = np.column_stack((longitude, ring[:, 1]))[np.argsort(longitude)]
    ends = [(180.0, seam), (180.0, pole), (-180.0, pole), (-180.0, seam)]
    return _geometry(np.vstack((ordered, ends)))


def _placed(grid: Grid, across: Points, down: Points) -> Points:
    """Longitude and latitude of points given as shares of the raster's width and height."""
    x, y = grid.to_coordinates(across * grid.width, down * grid.height)
    driver = get_driver()
    longitude, latitude = driver.transform_points(grid.crs, driver.wkt("EPSG:4326"), x, y)
    return np.column_stack((longitude, np.clip(latitude, -90.0, 90.0)))


def _box_of_inner(
    grid: Grid,
) -> tuple[dict[str, Any], tuple[float, float, float, float]] | None:
    shares = np.linspace(0.0, 1.0, _LATTICE + 1)
    across, down = (axis.ravel() for axis in np.meshgrid(shares, shares))
    points = _placed(grid, across, down)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return None
    south, north = float(points[:, 1].min()), float(points[:, 1].max())
    turned = np.sort(points[:, 0])
    gaps = np.diff(turned, append=turned[0] + 360.0)
    widest = int(gaps.argmax())
    if gaps[widest] < _WIDE_GAP:
        return _world_box(south, north)
    west, east = turned[(widest + 1) % len(turned)], turned[widest]
    east += 360.0 if east < west else 0.0
    return _geometry(np.array([(west, south), (east, south), (east, north), (west, north)]))


def _world_box(
    south: float, north: float
) -> tuple[dict[str, Any], tuple[float, float, float, float]]:
    ring = [(-180.0, south), (180.0, south), (180.0, north), (-180.0, north), (-180.0, south)]
    rounded = [[x, round(y, _DECIMALS)] for x, y in ring]
    box = (-180.0, rounded[0][1], 180.0, rounded[2][1])
    return {"type": "Polygon", "coordinates": [rounded]}, box


def _geometry(
    ring: Points,
) -> tuple[dict[str, Any], tuple[float, float, float, float]] | None:
    """Cut a ring, whose longitudes may go beyond 180 degrees, into parts that do not."""
    middle = (ring[:, 0].min() + ring[:, 0].max()) / 2.0
    ring = ring - (360.0 * np.floor((middle + 180.0) / 360.0), 0.0)
    parts = []
    for turn in (-360.0, 0.0, 360.0):
        part = _cut(_cut(ring - (turn, 0.0), -180.0, 1.0), 180.0, -1.0)
        kept = _tidied(part)
        if kept is not None:
            parts.append(kept)
    if not parts:
        return None
    spans = [(float(part[:, 0].min()), float(part[:, 0].max())) for part in parts]
    west = spans[0][0] if len(spans) == 1 else min(span[0] for span in spans if span[1] == 180.0)
    east = spans[0][1] if len(spans) == 1 else max(span[1] for span in spans if span[0] == -180.0)
    latitudes = np.concatenate([part[:, 1] for part in parts])
    box = (west, float(latitudes.min()), east, float(latitudes.max()))
    rings = [[part.tolist()] for part in parts]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings[0]}, box
    return {"type": "MultiPolygon", "coordinates": rings}, box


def _cut(ring: Points, meridian: float, side: float) -> Points:
    """Keep what lies east (`side` 1) or west (-1) of a meridian."""
    kept: list[Points] = []
    for point, after in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        inside, next_inside = (side * (end[0] - meridian) >= 0.0 for end in (point, after))
        if inside:
            kept.append(point)
        if inside != next_inside:
            share = (meridian - point[0]) / (after[0] - point[0])
            kept.append(np.array((meridian, point[1] + share * (after[1] - point[1]))))
    return np.array(kept).reshape(-1, 2)


def _tidied(ring: Points) -> Points | None:
    """Round a ring, drop points on straight lines, close it counterclockwise; None if empty."""
    ring = np.round(ring, _DECIMALS)
    ring = ring[np.any(ring != np.roll(ring, 1, axis=0), axis=1)]
    if len(ring) < 3:
        return None
    before, after = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
    turns = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    lengths = np.hypot(*before.T) * np.hypot(*after.T)
    ring = ring[np.abs(turns) > 1e-6 * lengths]
    if len(ring) < 3:
        return None
    x, y = ring.T
    area = float(x @ np.roll(y, -1) - y @ np.roll(x, -1))
    ring = ring if area > 0.0 else ring[::-1]
    return np.vstack((ring, ring[:1]))
