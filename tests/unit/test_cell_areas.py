"""Cell areas against geodesic areas (GeographicLib, through pyproj) and closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from dbar_qgis_plugin.errors import GridError
from dbar_qgis_plugin.kernels.ellipsoid_area import authalic_radius, latitude_band_areas
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid

WGS84 = (6378137.0, 1 / 298.257223563)
SINUSOIDAL = "+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs"
MOLLWEIDE = "+proj=moll +lon_0=0 +datum=WGS84 +units=m +no_defs"
ALBERS_ASIA = "+proj=aea +lat_1=27 +lat_2=45 +lat_0=35 +lon_0=105 +datum=WGS84 +units=m +no_defs"


def grid(crs, transform, width, height):
    return Grid(get_driver().wkt(crs), transform, width, height)


def turned(angle, size, x, y):
    cosine, sine = np.cos(angle) * size, np.sin(angle) * size
    return (cosine, sine, x, sine, -cosine, y)


CASES = {
    "geographic, mid latitudes": ("EPSG:4326", (0.01, 0, 10, 0, -0.01, 50), 300, 400),
    "geographic, to the pole": ("EPSG:4326", (0.25, 0, -180, 0, -0.25, 90), 1440, 720),
    "geographic, cells not square": ("EPSG:4326", (0.003, 0, 108, 0, -0.0025, 5), 500, 900),
    "geographic, south up": ("EPSG:4326", (0.1, 0, 0, 0, 0.1, -40), 50, 100),
    "geographic, across the antimeridian": ("EPSG:4326", (0.1, 0, 175, 0, -0.1, 70), 100, 100),
    "geographic, 0 to 360": ("EPSG:4326", (1, 0, 0, 0, -1, 90), 360, 180),
    "geographic, turned": ("EPSG:4326", turned(0.4, 0.02, 20, 55), 200, 300),
    "UTM": ("EPSG:32618", (100, 0, 400_000, 0, -100, 1_200_000), 1000, 900),
    "UTM, high latitude": ("EPSG:32633", (30, 0, 300_000, 0, -30, 8_900_000), 900, 1100),
    "UTM, turned": ("EPSG:32650", turned(-0.7, 50, 450_000, 4_400_000), 700, 500),
    "MODIS sinusoidal": (SINUSOIDAL, (463.3127, 0, 5.56e6, 0, -463.3127, 5.56e6), 2400, 2400),
    "Mollweide": (MOLLWEIDE, (100, 0, -6_698_500, 0, -100, 4_707_300), 1407, 869),
    "Mollweide, the world": (MOLLWEIDE, (20_000, 0, -1.8e7, 0, -20_000, 9e6), 1800, 900),
    "Web Mercator": ("EPSG:3857", (1000, 0, 8.4e6, 0, -1000, 9.4e6), 1500, 7000),
    "Web Mercator, antimeridian": ("EPSG:3857", (500, 0, 1.99e7, 0, -500, 5e6), 1000, 1000),
    "Albers": (ALBERS_ASIA, (2500, 0, -2.6e6, 0, -2500, 2.2e6), 2000, 1600),
    "polar stereographic": ("EPSG:3413", (5000, 0, -3e6, 0, -5000, 3e6), 1200, 1200),
    "US survey feet": ("EPSG:2263", (300, 0, 900_000, 0, -300, 300_000), 800, 700),
}


def geodesic_areas(pyproj, cells, rows, cols, parts=16):
    """Areas of cells as geodesic polygons with many vertices a side, on the CRS's own ellipsoid."""
    crs = pyproj.CRS.from_wkt(cells.crs)
    geod = crs.get_geod()
    plain = pyproj.CRS.from_dict({"proj": "longlat", "a": geod.a, "b": geod.b, "no_defs": True})
    move = pyproj.Transformer.from_crs(crs, plain, always_xy=True)
    step = np.linspace(0.0, 1.0, parts, endpoint=False)
    zero, one = np.zeros(parts), np.ones(parts)
    right = np.concatenate((step, one, 1.0 - step, zero))
    down = np.concatenate((zero, step, one, 1.0 - step))
    areas = []
    for row, col in zip(rows, cols, strict=True):
        x, y = cells.to_coordinates(col + right, row + down)
        area, _ = geod.polygon_area_perimeter(*move.transform(x, y))
        areas.append(abs(area))
    return np.array(areas)


@pytest.mark.parametrize("case", CASES)
def test_cell_areas_are_geodesic(case):
    pyproj = pytest.importorskip("pyproj")
    crs, transform, width, height = CASES[case]
    cells = grid(crs, transform, width, height)
    rng = np.random.default_rng(4)
    rows, cols = rng.integers(0, height, 60), rng.integers(0, width, 60)
    if case == "Mollweide, the world":  # cells beyond the ellipse hold nothing
        x, y = cells.to_coordinates(cols + 0.5, rows + 0.5)
        inside = (x / 1.78e7) ** 2 + (y / 8.9e6) ** 2 < 1.0
        rows, cols = rows[inside], cols[inside]
    expected = geodesic_areas(pyproj, cells, rows, cols)
    areas = np.broadcast_to(cells.cell_areas(), (height, width))[rows, cols]
    # Sides of geographic cells are parallels, which many geodesic vertices approach.
    assert np.abs(areas / expected - 1.0).max() < 1e-3
    if "world" not in case and "pole" not in case:
        assert np.abs(areas / expected - 1.0).max() < 1e-4


def test_the_whole_ellipsoid():
    # Surface of WGS 84: 510 065 621 724 089 m2 (NIMA TR8350.2, table 3.3, radius of equal area).
    edges = np.linspace(90, -90, 181)
    total = latitude_band_areas(edges, 1.0, *WGS84).sum() * 360
    assert total == pytest.approx(510_065_621_724_088.6, rel=1e-12)
    assert authalic_radius(*WGS84) == pytest.approx(6_371_007.1810, abs=1e-4)


def test_a_sphere():
    areas = latitude_band_areas([0.0, 90.0], 360.0, 2.0, 0.0)
    assert areas[0] == pytest.approx(2 * np.pi * 4.0)


def test_areas_do_not_depend_on_the_window():
    for crs, transform in (
        ("EPSG:4326", (0.01, 0, 10, 0, -0.01, 50)),
        ("EPSG:3857", (1000, 0, 8.4e6, 0, -1000, 9.4e6)),
    ):
        cells = grid(crs, transform, 300, 400)
        whole = np.broadcast_to(cells.cell_areas(), (400, 300))
        part = cells.cell_areas(Window(133, 57, 90, 110))
        assert np.array_equal(np.broadcast_to(part, (90, 110)), whole[133:223, 57:167])


def test_a_crs_without_an_ellipsoid():
    local = 'LOCAL_CS["site",UNIT["metre",1]]'
    with pytest.raises(GridError, match="not tied to the Earth"):
        Grid(local, (1.0, 0.0, 0.0, 0.0, -1.0, 0.0), 10, 10).cell_areas()


def test_grads():
    # NTF (Paris): longitude and latitude in grads.
    paris = grid("EPSG:4807", (0.1, 0, 0, 0, -0.1, 54), 10, 10)
    degrees = grid("EPSG:4275", (0.09, 0, 0, 0, -0.09, 48.6), 10, 10)
    assert np.allclose(paris.cell_areas(), degrees.cell_areas(), rtol=1e-12)
