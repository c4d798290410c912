"""Footprints: hand-made places, and PROJ's own bounds as a second opinion."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio.warp
from rasterio.crs import CRS

from dbar_qgis_plugin.catalog.model import geometry_box
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.footprint import footprint
from dbar_qgis_plugin.raster_io.grid import Grid


def grid(crs, west, north, cell, width=100, height=100):
    return Grid(get_driver().wkt(crs), (cell, 0.0, west, 0.0, -cell, north), width, height)


def area(ring):
    x, y = np.array(ring).T
    return float(x[:-1] @ y[1:] - y[:-1] @ x[1:]) / 2.0


def rings(geometry):
    polygons = geometry["coordinates"]
    return [polygons[0]] if geometry["type"] == "Polygon" else [part[0] for part in polygons]


def test_a_box_of_degrees_has_four_corners():
    geometry, box = footprint(grid("EPSG:4326", 10.0, 50.0, 0.1))
    assert box == (10.0, 40.0, 20.0, 50.0)
    assert geometry["type"] == "Polygon"
    (ring,) = rings(geometry)
    assert {tuple(point) for point in ring} == {(10, 50), (10, 40), (20, 40), (20, 50)}
    assert ring[0] == ring[-1]
    assert area(ring) == pytest.approx(100.0)  # counterclockwise


@pytest.mark.parametrize(
    ("crs", "west", "north", "cell"),
    [
        ("EPSG:32618", 600_000, 1_200_000, 1000),
        ("EPSG:3857", 1e7, 6e6, 2000),
        ("EPSG:3035", 4e6, 3e6, 5000),
    ],
)
def test_projected_rasters_have_the_bounds_that_proj_gives(crs, west, north, cell):
    raster = grid(crs, west, north, cell)
    geometry, box = footprint(raster)
    bounds = rasterio.warp.transform_bounds(
        CRS.from_user_input(crs), "EPSG:4326", west, north - 100 * cell, west + 100 * cell, north
    )
    assert box == pytest.approx(bounds, abs=0.01)
    assert geometry_box(geometry) == box
    corners = rasterio.warp.transform(
        CRS.from_user_input(crs), "EPSG:4326", [west, west + 100 * cell], [north, north]
    )
    for corner in zip(*corners, strict=True):
        assert np.abs(np.array(rings(geometry)[0]) - corner).max(axis=1).min() < 1e-6


@pytest.mark.parametrize("west", [178.0, -182.0])
def test_over_180_degrees_in_two_parts(west):
    geometry, box = footprint(grid("EPSG:4326", west, 10.0, 0.04))
    assert box == (178.0, 6.0, -178.0, 10.0)
    assert geometry["type"] == "MultiPolygon"
    assert sorted(tuple(np.ptp(ring, axis=0)) for ring in rings(geometry)) == [(2, 4), (2, 4)]
    assert all(area(ring) == pytest.approx(8.0) for ring in rings(geometry))
    assert geometry_box(geometry) == box


def test_a_utm_raster_over_180_degrees():
    geometry, (west, south, east, north) = footprint(grid("EPSG:32660", 700_000, -1e6, 2000))
    assert 177 < west < 180
    assert -180 < east < -178
    assert south < north < 0
    assert geometry["type"] == "MultiPolygon"
    assert geometry_box(geometry) == (west, south, east, north)
    assert all(-180 <= x <= 180 for ring in rings(geometry) for x, _ in ring)


@pytest.mark.parametrize("west", [-180.0, 0.0, -180.5])
def test_the_whole_world(west):
    geometry, box = footprint(grid("EPSG:4326", west, 90.5, 1.0, 360, 181))
    assert box == (-180.0, -90.0, 180.0, 90.0)
    assert geometry["type"] == "Polygon"
    assert area(rings(geometry)[0]) == pytest.approx(360.0 * 180.0)


@pytest.mark.parametrize(("crs", "sign"), [("EPSG:3413", 1), ("EPSG:3031", -1)])
def test_around_a_pole(crs, sign):
    geometry, (west, south, east, north) = footprint(grid(crs, -2e6, 2e6, 40_000))
    (ring,) = rings(geometry)
    assert area(ring) > 0.0
    # At the middles of the sides, 2000 km away, it is nearer to the pole than at the corners.
    assert min(abs(y) for _, y in ring) < 66 < sorted(abs(y) for _, y in ring)[-4] < 73
    assert (west, east) == (-180.0, 180.0)
    assert (north if sign > 0 else south) == 90.0 * sign
    # 2000 km * sqrt 2 from the pole at the corners, the farthest.
    assert (south if sign > 0 else north) == pytest.approx(sign * 64.0, abs=1.5)


def test_parts_outside_the_projection():
    # The upper left MODIS tile that holds land: its upper corners lie beyond the globe.
    sinusoidal = "+proj=sinu +R=6371007.181 +units=m +no_defs"
    _, box = footprint(grid(sinusoidal, -20015109.354, 10007554.677, 11119.505 * 2))
    assert box[1:] == pytest.approx((70.0, box[2], 90.0), abs=0.5)
    assert box[0] >= -180.0
    nowhere = grid("+proj=ortho +lat_0=0 +lon_0=0 +datum=WGS84", 7e6, 9e6, 1000)
    assert footprint(nowhere) is None
