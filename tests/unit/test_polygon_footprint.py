"""Footprints against hand-counted cells, brute force and exactextract."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from raster_fixtures import box, multipolygon_wkb, polygon_wkb, star

from dbar_qgis_plugin.kernels.polygon_footprint import Rings, footprints, overlapping_zones
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import polygons_from_wkb

HEIGHT, WIDTH = 40, 50
# Rows grow downwards, as in a north-up raster: row = HEIGHT - y.
GRID = Grid("", (1.0, 0.0, 0.0, 0.0, -1.0, float(HEIGHT)), WIDTH, HEIGHT)


def prints_of(geometries, rule, grid=GRID):
    polygons = polygons_from_wkb(geometries, "")
    col, row = grid.to_cells(polygons.x, polygons.y)
    rings = Rings(col, row, polygons.start, polygons.zone, polygons.hole)
    return footprints(rings, polygons.count, grid.height, grid.width, rule=rule)


def weights(prints, zone, shape=(HEIGHT, WIDTH)):
    found = np.zeros(shape)
    for z, row, start, stop in zip(prints.zone, prints.row, prints.start, prints.stop, strict=True):
        if z == zone:
            found[row, start:stop] += 1.0
    of = prints.cell_zone == zone
    np.add.at(found, (prints.cell_row[of], prints.cell_col[of]), prints.cell_weight[of])
    return found


def inside(ring, x, y):
    """Even-odd test of points, the textbook way."""
    ring = np.asarray(ring)
    found = np.zeros(np.shape(x), dtype=bool)
    for (x0, y0), (x1, y1) in pairwise(ring):
        crosses = (y0 > y) != (y1 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            found ^= crosses & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return found


def centres():
    x, row = np.meshgrid(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5)
    return x, HEIGHT - row


def test_rectangle_by_hand():
    found = prints_of([polygon_wkb(box(2.25, 10.0, 5.5, 11.5))], "exact")
    expected = np.zeros((HEIGHT, WIDTH))
    expected[29, 2:6] = [0.75, 1.0, 1.0, 0.5]
    expected[28, 2:6] = np.array([0.75, 1.0, 1.0, 0.5]) * 0.5
    assert np.allclose(weights(found, 0), expected, atol=1e-14)
    assert found.total[0] == pytest.approx(3.25 * 1.5, rel=1e-14)


def test_triangle_by_hand():
    found = prints_of([polygon_wkb([(0, 40), (2, 40), (0, 38), (0, 40)])], "exact")
    expected = np.zeros((HEIGHT, WIDTH))
    expected[0, :2] = [1.0, 0.5]
    expected[1, 0] = 0.5
    assert np.allclose(weights(found, 0), expected, atol=1e-14)


def test_all_touched_takes_every_cell_with_some_cover_and_none_beside():
    geometry = polygon_wkb(box(2.0, 10.0, 5.0, 11.01))
    found = weights(prints_of([geometry], "all_touched"), 0)
    expected = np.zeros((HEIGHT, WIDTH))
    expected[28:30, 2:5] = 1.0
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("seed", range(5))
def test_centre_rule_equals_point_in_polygon(seed):
    rng = np.random.default_rng(seed)
    ring = star(*rng.uniform(10, 30, 2), rng.uniform(2, 14), phase=rng.uniform(0, 6))
    found = weights(prints_of([polygon_wkb(ring)], "centre"), 0)
    assert np.array_equal(found > 0, inside(ring, *centres()))


def test_holes_and_parts():
    outline, hole = star(20, 20, 15), star(21, 19, 4)
    island = box(20.3, 18.2, 21.9, 19.6)
    geometry = multipolygon_wkb(polygon_wkb(outline, hole), polygon_wkb(island))
    for direction in (1, -1):  # which way a ring runs says nothing
        turned = multipolygon_wkb(
            polygon_wkb(outline[::direction], hole), polygon_wkb(island[::-direction])
        )
        expected = inside(outline, *centres()) & ~inside(hole, *centres())
        expected |= inside(island, *centres())
        assert np.array_equal(weights(prints_of([turned], "centre"), 0) > 0, expected)
        assert np.allclose(
            weights(prints_of([turned], "exact"), 0),
            weights(prints_of([geometry], "exact"), 0),
            atol=1e-12,
        )


def test_a_centre_on_the_outline_is_outside():
    # Every side of this box runs through centres; as with QGIS's `contains`, they do not count.
    found = weights(prints_of([polygon_wkb(box(2.5, 10.5, 6.5, 14.5))], "centre"), 0)
    expected = np.zeros((HEIGHT, WIDTH))
    expected[HEIGHT - 14 : HEIGHT - 11, 3:6] = 1.0
    assert np.array_equal(found, expected)


def test_a_hole_whose_sides_run_through_centres():
    geometry = polygon_wkb(box(1, 1, 20, 20), box(5.5, 5.5, 8.5, 8.5))
    found = weights(prints_of([geometry], "centre"), 0)
    assert found.sum() == 19 * 19 - 4 * 4


def test_cells_off_the_grid_count_in_the_total_only():
    found = prints_of([polygon_wkb(box(-10.0, -10.0, 10.0, 10.0))], "centre")
    assert found.total[0] == 400.0
    assert weights(found, 0).sum() == 100.0


def test_empty_and_missing_geometries_have_no_cells():
    found = prints_of([None, b"", polygon_wkb(box(0, 0, 2, 2)), polygon_wkb()], "exact")
    assert found.total.tolist() == [0.0, 0.0, 4.0, 0.0]


def test_a_polygon_smaller_than_a_cell():
    geometry = polygon_wkb(box(3.1, 5.1, 3.3, 5.2))
    assert prints_of([geometry], "centre").total[0] == 0.0
    assert prints_of([geometry], "exact").total[0] == pytest.approx(0.02, rel=1e-12)
    assert prints_of([geometry], "all_touched").total[0] == 1.0


def test_unknown_rule():
    with pytest.raises(ValueError, match="coverage rule"):
        prints_of([polygon_wkb(box(0, 0, 1, 1))], "some")


def test_chunks_change_nothing(monkeypatch):
    rng = np.random.default_rng(3)
    geometries = [
        polygon_wkb(star(*rng.uniform(0, 40, 2), rng.uniform(0.1, 12))) for _ in range(60)
    ]
    for rule in ("centre", "exact", "all_touched"):
        whole = prints_of(geometries, rule)
        monkeypatch.setattr("dbar_qgis_plugin.kernels.polygon_footprint._PIECES_AT_ONCE", 100)
        parts = prints_of(geometries, rule)
        monkeypatch.undo()
        for one, other in zip(whole, parts, strict=True):
            assert np.array_equal(one, other) or np.allclose(one, other, rtol=0, atol=1e-12)


@given(
    st.lists(
        st.tuples(st.floats(-5, 55), st.floats(-5, 45), st.floats(0.05, 25), st.floats(0, 6)),
        min_size=1,
        max_size=4,
    )
)
def test_total_is_the_area_and_parts_add_up(cities):
    rings = [star(x, y, radius, phase=phase) for x, y, radius, phase in cities]
    rings += [box(x - radius, y - radius / 3, x + radius, y) for x, y, radius, _ in cities]
    found = prints_of([polygon_wkb(ring) for ring in rings], "exact")
    for zone, ring in enumerate(rings):
        x, y = np.asarray(ring)[:-1].T
        area = 0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
        assert found.total[zone] == pytest.approx(area, rel=1e-9, abs=1e-9)
        cover = weights(found, zone)
        assert cover.max(initial=0.0) <= 1.0 + 1e-9
    assert np.all(found.start < found.stop)


def test_exact_rule_against_exactextract():
    exactextract = pytest.importorskip("exactextract")
    raster = exactextract.raster.NumPyRasterSource(
        np.ones((HEIGHT, WIDTH)), xmin=0, ymin=0, xmax=WIDTH, ymax=HEIGHT
    )
    rng = np.random.default_rng(11)
    rings = [
        star(*rng.uniform(0, 45, 2), rng.uniform(0.2, 15), phase=rng.uniform(0, 6))
        for _ in range(40)
    ]
    rings += [np.array(box(x, y, x + 7.3, y + 2.2)) for x, y in rng.uniform(0, 40, (20, 2))]
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [ring.tolist()]},
        }
        for ring in rings
    ]
    cells = exactextract.exact_extract(raster, features, ["cell_id", "coverage"])
    found = prints_of([polygon_wkb(ring) for ring in rings], "exact")
    for zone, feature in enumerate(cells):
        expected = np.zeros(HEIGHT * WIDTH)
        expected[np.asarray(feature["properties"]["cell_id"], dtype=int)] = feature["properties"][
            "coverage"
        ]
        # exactextract keeps coverage in float32.
        assert np.allclose(weights(found, zone).ravel(), expected, atol=3e-7)


def test_overlapping_zones():
    geometries = [
        polygon_wkb(box(0, 0, 10, 10)),
        polygon_wkb(box(10, 0, 20, 10)),  # touches the first
        polygon_wkb(box(30, 30, 40, 39)),
        polygon_wkb(box(32, 32, 34, 34)),  # inside the third
        polygon_wkb(box(33, 33, 36, 36)),  # overlaps both
        None,
    ]
    found = overlapping_zones(prints_of(geometries, "exact"), len(geometries))
    assert found.tolist() == [False, False, True, True, True, False]
