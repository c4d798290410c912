"""Classes of units from rasters of classes and people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from raster_fixtures import box, polygon_wkb, write_raster

from dbar_qgis_plugin.errors import GridError, InputError
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_11_3_1.degree_of_urbanisation_units import (
    UrbanUnitsTask,
    compute_urban_units,
)
from dbar_qgis_plugin.raster_io import blocks
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.workers import Workers

MOLLWEIDE = "ESRI:54009"
WEST, NORTH = 187_000.0, 6_035_000.0

CLASSES = np.array(
    [
        [30, 30, 23, 23, 22, 21, 13, 12],
        [30, 30, 23, 23, 22, 21, 13, 11],
        [10, 10, 11, 11, 12, 12, 13, 255],
    ],
    dtype=np.uint8,
)
PEOPLE = np.array(
    [
        [2000.0, 2000.0, 1600.0, 1600.0, 1000.0, 400.0, 320.0, 60.0],
        [2000.0, 2000.0, 1600.0, 1600.0, 1000.0, 400.0, 320.0, 10.0],
        [0.0, 0.0, 0.0, 0.0, 60.0, 60.0, 320.0, 5.0],
    ]
)


def at(col, row, cols, rows):
    left, top = WEST + 1000.0 * col, NORTH - 1000.0 * row
    return polygon_wkb(box(left, top - 1000.0 * rows, left + 1000.0 * cols, top))


@pytest.fixture
def write(tmp_path):
    def make(name, values, **options):
        options = {"crs": MOLLWEIDE, "cell": (1000.0, -1000.0), "origin": (WEST, NORTH), **options}
        return RasterInput(write_raster(tmp_path / name, np.asarray(values), **options))

    return make


@pytest.fixture
def make(write, tmp_path):
    classes, people = write("classes.tif", CLASSES, nodata=255), write("people.tif", PEOPLE)

    def task(*shapes, **options):
        made = UrbanUnitsTask(
            shapes,
            get_driver().wkt(MOLLWEIDE),
            classes,
            people,
            scratch=str(tmp_path / "scratch.tif"),
        )
        return replace(made, **options)

    return task


def test_classes_and_shares(make):
    result = compute_urban_units(
        make(at(0, 0, 4, 2), at(2, 0, 4, 2), at(6, 0, 2, 2), at(4, 0, 4, 1))
    )
    assert result.level == 2
    columns = result.columns
    assert columns["level_1"] == [3, 2, 1, 2]
    assert columns["level_2"] == [30, 23, 13, 22]
    assert columns["population"] == [14400.0, 9200.0, 710.0, 1780.0]
    assert columns["share_30"][0] == 8000 / 14400
    assert columns["share_23"][:2] == [6400 / 14400, 6400 / 9200]
    assert columns["share_1"][2] == 1.0
    assert columns["share_13"][2] == 640 / 710
    assert columns["flags"] == [""] * 4
    assert result.warnings == []


def test_the_rules_of_2021(make):
    task = make(at(4, 0, 4, 1), at(5, 0, 2, 2))
    assert compute_urban_units(task).columns["level_2"] == [22, 21]
    assert compute_urban_units(replace(task, rules="2021")).columns["level_2"] == [22, 21]
    task = make(at(3, 1, 3, 2))  # 1,600 in a dense cluster, 1,000 in a semi-dense one, 400 around
    assert compute_urban_units(task).columns["level_2"] == [23]


def test_level_1_raster(make, write):
    table = {30: 3, 23: 2, 22: 2, 21: 2, 13: 1, 12: 1, 11: 1, 10: 0, 255: 255}
    level_1 = write("one.tif", np.vectorize(table.get)(CLASSES).astype(np.uint8), nodata=255)
    shapes = at(0, 0, 4, 2), at(2, 0, 4, 2), at(6, 0, 2, 2)
    result = compute_urban_units(make(*shapes, classes=level_1))
    assert result.level == 1
    assert result.columns["level_1"] == [3, 2, 1]
    assert "level_2" not in result.columns
    both = compute_urban_units(make(*shapes)).columns
    for name in ("share_3", "share_2", "share_1", "population"):
        assert both[name] == result.columns[name]


def test_units_without_people_go_by_their_land(make, write):
    nobody = write("nobody.tif", np.zeros(CLASSES.shape))
    shapes = at(0, 1, 2, 2), at(0, 2, 2, 1), at(2, 1, 2, 2)
    result = compute_urban_units(make(*shapes, population=nobody))
    # Water is no land; a unit of nothing else is as rural as can be.
    assert result.columns["level_1"] == [3, 1, 2]
    assert result.columns["level_2"] == [30, 11, 23]
    assert result.columns["flags"] == ["NO_PEOPLE"] * 3
    assert "3" in str(result.warnings[0])


def test_units_smaller_than_a_cell(make):
    tiny = at(0.1, 0.1, 0.2, 0.2)
    exact = compute_urban_units(make(tiny))
    assert exact.columns["population"] == pytest.approx([2000.0 * 0.04])
    assert exact.columns["level_2"] == [30]
    centre = compute_urban_units(make(tiny, at(0, 0, 1, 1), coverage="centre"))
    assert centre.columns["level_2"] == [30, 30]
    assert centre.columns["population"] == [2000.0, 2000.0]
    assert centre.columns["flags"] == ["TOO_SMALL", ""]


def test_cells_on_the_border_are_shared(make):
    half = compute_urban_units(make(at(1.5, 0, 1, 1))).columns
    assert half["population"] == pytest.approx([1800.0])
    assert half["share_30"] == pytest.approx([1000 / 1800])
    whole = compute_urban_units(make(at(1.4, 0, 1, 1), coverage="centre")).columns
    assert whole["population"] == [2000.0]


def test_units_off_the_raster_and_without_geometry(make):
    result = compute_urban_units(make(at(30, 0, 2, 2), None, at(7, 1, 3, 2), at(0, 0, 1, 1)))
    columns = result.columns
    assert columns["flags"] == ["OUTSIDE", "NO_GEOMETRY", "PARTLY_OUTSIDE", ""]
    assert columns["level_1"] == [None, None, 1, 3]
    assert columns["population"] == [None, None, 10.0, 2000.0]
    assert len(result.warnings) == 3


def test_units_in_another_crs(make):
    ring = np.array(box(WEST, NORTH - 2000.0, WEST + 4000.0, NORTH))
    crs, degrees = get_driver().wkt(MOLLWEIDE), get_driver().wkt("EPSG:4326")
    lon, lat = get_driver().transform_points(crs, degrees, ring[:, 0], ring[:, 1])
    shape = polygon_wkb(np.column_stack((lon, lat)))
    result = compute_urban_units(make(shape, unit_crs=degrees))
    assert result.columns["population"] == pytest.approx([14400.0], rel=1e-3)


def test_people_on_another_grid(make, write):
    fine = write("fine.tif", np.repeat(np.repeat(PEOPLE, 10, 0), 10, 1) / 100, cell=(100.0, -100.0))
    shapes = at(0, 0, 4, 2), at(1.5, 0, 1, 1)
    one, other = (
        compute_urban_units(task).columns
        for task in (make(*shapes), make(*shapes, population=fine))
    )
    assert other["population"] == pytest.approx(one["population"])
    assert other["level_2"] == one["level_2"]


def test_people_of_a_part_of_the_classes(make, write):
    part = write("part.tif", PEOPLE[1:, 2:], origin=(WEST + 2000.0, NORTH - 1000.0))
    result = compute_urban_units(make(at(2, 1, 2, 2), at(0, 0, 4, 2), population=part))
    assert result.columns["population"] == [3200.0, 3200.0]
    assert result.columns["flags"] == ["", "PARTLY_OUTSIDE"]


def test_blocks_and_threads_change_nothing(make, monkeypatch):
    rng = np.random.default_rng(1)
    shapes = [at(*rng.uniform(0, 4, 2), *rng.uniform(0.1, 3, 2)) for _ in range(20)]
    first = compute_urban_units(make(*shapes), workers=Workers(1)).columns
    monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", 1)
    assert compute_urban_units(make(*shapes), workers=Workers(3)).columns == first


def test_what_is_refused(make, write):
    with pytest.raises(InputError, match="no classes of one level"):
        compute_urban_units(make(at(0, 0, 2, 2), classes=write("x.tif", CLASSES + 60)))
    with pytest.raises(InputError, match="negative"):
        compute_urban_units(make(at(0, 0, 2, 2), population=write("n.tif", PEOPLE - 1.0)))
    with pytest.raises(GridError, match="does not overlap"):
        far = write("far.tif", PEOPLE, origin=(WEST + 1e6, NORTH))
        compute_urban_units(make(at(0, 0, 2, 2), population=far))
    for options in ({"rules": "1999"}, {"coverage": "most"}):
        with pytest.raises(InputError, match="is not one of"):
            compute_urban_units(make(at(0, 0, 2, 2), **options))
