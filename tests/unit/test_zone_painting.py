"""Zones painted block by block, against the centres of cells."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from raster_fixtures import UTM_18N, box, polygon_wkb, star

from dbar_qgis_plugin.pipelines.zone_painting import zone_painter
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import polygons_from_wkb


@pytest.fixture
def grid():
    crs = get_driver().wkt(UTM_18N)
    return Grid(crs, (100.0, 0.0, 600_000.0, 0.0, -100.0, 1_200_000.0), 60, 40)


def at(col, row, cols, rows):
    west, north = 600_000.0 + 100.0 * col, 1_200_000.0 - 100.0 * row
    return box(west, north - 100.0 * rows, west + 100.0 * cols, north)


def painter_of(grid, *rings):
    shapes = [None if ring is None else polygon_wkb(ring) for ring in rings]
    return zone_painter(polygons_from_wkb(shapes, grid.crs), grid)


def test_cells_of_rectangles(grid):
    painter = painter_of(grid, at(1, 2, 3, 4), None, at(10, 2, 100, 1))
    zones = painter.paint(grid.window)
    expected = np.full((40, 60), -1)
    expected[2:6, 1:4] = 0
    expected[2:3, 10:] = 2
    assert zones.dtype == np.int32
    assert (zones == expected).all()
    assert list(painter.cells) == [12, 0, 100]
    assert not painter.overlaps.any()


def test_the_first_of_overlapping_polygons_has_the_cell(grid):
    painter = painter_of(grid, at(0, 0, 10, 10), at(5, 5, 10, 10), at(0, 0, 60, 8))
    zones = painter.paint(grid.window)
    expected = np.full((40, 60), -1)
    expected[:8] = 2
    expected[5:15, 5:15] = 1
    expected[:10, :10] = 0
    assert (zones == expected).all()
    assert painter.overlaps.all()


def test_off_the_grid_is_told_from_too_small(grid):
    tiny, far = at(5.1, 5.1, 0.2, 0.2), at(-5, 3, 4, 1)
    painter = painter_of(grid, tiny, far, at(60, 0, 0.2, 0.2), None, at(-5, 3, 6, 1))
    assert list(painter.cells) == [0, 4, 0, 0, 6]
    assert list(painter.meets_grid) == [True, False, False, False, True]


def test_windows_are_parts_of_the_whole(grid):
    rings = [
        star(602_500, 1_198_200, 1_500, phase=0.3),
        star(604_000, 1_197_500, 1_400, phase=1.0),
        star(605_900, 1_196_100, 900, phase=2.0),
    ]
    painter = pickle.loads(pickle.dumps(painter_of(grid, *rings)))
    whole = painter.paint(grid.window)
    assert set(np.unique(whole)) == {-1, 0, 1, 2}
    for height, width in ((1, 60), (40, 1), (7, 11), (16, 16)):
        for row in range(0, 40, height):
            for col in range(0, 60, width):
                window = Window(row, col, min(height, 40 - row), min(width, 60 - col))
                part = whole[row : row + window.height, col : col + window.width]
                assert (painter.paint(window) == part).all()


def test_other_crs_and_no_polygon(grid):
    ring = [(-74.07, 10.84), (-74.05, 10.84), (-74.05, 10.82), (-74.07, 10.82), (-74.07, 10.84)]
    wgs84 = get_driver().wkt("EPSG:4326")
    painter = zone_painter(polygons_from_wkb([polygon_wkb(ring)], wgs84), grid)
    count = int((painter.paint(grid.window) == 0).sum())
    # 0.02 degrees by 0.02 degrees at 10.83 degrees north, in hectares.
    assert count == painter.cells[0]
    assert count == pytest.approx(22.12 * 21.87, rel=0.05)
    # The other side of the world, which this projection cannot hold.
    ring = [(x + 180, -y) for x, y in ring]
    other = zone_painter(polygons_from_wkb([polygon_wkb(ring)], wgs84), grid)
    assert not other.meets_grid.any()
    nothing = zone_painter(polygons_from_wkb([None], wgs84), grid)
    assert (nothing.paint(grid.window) == -1).all()
