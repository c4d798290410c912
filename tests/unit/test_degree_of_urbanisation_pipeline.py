"""Degree of Urbanisation from rasters: blocks, threads, drivers, inputs of all kinds, refusals."""

from __future__ import annotations

import struct
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVER_NAMES, box, polygon_wkb, write_raster

from dbar_qgis_plugin.errors import Cancelled, GridError, InputError
from dbar_qgis_plugin.kernels.degree_of_urbanisation import Rules
from dbar_qgis_plugin.pipelines.inputs import RasterInput, open_input
from dbar_qgis_plugin.pipelines.sdg_11_3_1 import degree_of_urbanisation as pipeline
from dbar_qgis_plugin.pipelines.sdg_11_3_1.degree_of_urbanisation import (
    DegreeOfUrbanisationTask,
    NamedPoints,
    compute_degree_of_urbanisation,
)
from dbar_qgis_plugin.raster_io import blocks, drivers
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.workers import Workers

MOLLWEIDE = "ESRI:54009"
WEST, NORTH = 187_000.0, 6_035_000.0


def settled(shape=(120, 150), seed=5):
    """People around places of all sizes."""
    rng = np.random.default_rng(seed)
    people = rng.gamma(0.5, 30.0, shape)
    row, col = np.indices(shape)
    for total, scale in ((600_000, 5.0), (400_000, 4.0), (30_000, 1.5), (9_000, 1.0), (3_500, 0.7)):
        for _ in range(3):
            away = np.hypot(row - rng.integers(0, shape[0]), col - rng.integers(0, shape[1]))
            shape_ = np.exp(-away / scale)
            people += total * shape_ / shape_.sum()
    return people


@pytest.fixture
def write(tmp_path):
    def make(name, values, *, origin=(WEST, NORTH), **options):
        options = {"crs": MOLLWEIDE, "cell": (1000.0, -1000.0), **options}
        return RasterInput(
            write_raster(tmp_path / name, np.asarray(values), origin=origin, **options)
        )

    return make


@pytest.fixture
def compute(tmp_path):
    """Run, and return the result with the classes."""

    def run(task, **options):
        path = tmp_path / "classes.tif"
        result = compute_degree_of_urbanisation(task, str(path), **options)
        with rasterio.open(path) as raster:
            assert raster.nodata == 255
            assert raster.dtypes == ("uint8",)
            return result, raster.read(1)

    return run


@pytest.fixture
def region(write):
    people = settled()
    land = np.ones(people.shape)
    land[:, :20] = 0.0
    people[:, :20] = 0.0
    land[40:50, 60:70] = 0.3
    built = np.minimum(people / 12_000.0, 1.0) * land
    return DegreeOfUrbanisationTask(
        write("people.tif", people),
        land=write("land.tif", land),
        builtup=write("built.tif", built),
        threshold=0.2,
    )


def shapes_of(wkb):
    """Polygons of a multipolygon, as lists of rings."""
    kind, count = struct.unpack_from("<II", wkb, 1)
    assert kind == 6
    position, polygons = 9, []
    for _ in range(count):
        rings, position, found = struct.unpack_from("<I", wkb, position + 5)[0], position + 9, []
        for _ in range(rings):
            points = struct.unpack_from("<I", wkb, position)[0]
            values = np.frombuffer(wkb, "<f8", 2 * points, position + 4).reshape(-1, 2)
            found.append(values)
            position += 4 + 16 * points
        polygons.append(found)
    return polygons


def area_of(wkb):
    total = 0.0
    for rings in shapes_of(wkb):
        for number, ring in enumerate(rings):
            x, y = ring[:, 0] - WEST, ring[:, 1] - NORTH
            area = abs(0.5 * (x[:-1] @ y[1:] - x[1:] @ y[:-1]))
            total += -area if number else area
    return total * 1e-6


@pytest.mark.parametrize("level", [1, 2])
def test_blocks_threads_and_drivers_change_nothing(level, region, compute, monkeypatch):
    task = replace(region, rules=Rules(level))
    first, classes = compute(task, workers=Workers(1))
    assert len(np.unique(classes)) == (4 if level == 1 else 8)
    for cells, threads in ((1, 2), (3000, 3)):
        monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", cells)
        other, again = compute(task, workers=Workers(threads, memory_mb=16))
        assert np.array_equal(again, classes)
        assert other == first
    for name in DRIVER_NAMES:
        monkeypatch.setattr(drivers, "default_driver_name", lambda name=name: name)
        drivers.get_driver.cache_clear()
        try:
            other, again = compute(task)
        finally:
            monkeypatch.undo()
            drivers.get_driver.cache_clear()
        assert np.array_equal(again, classes)
        assert other.classes == first.classes


def test_tiled_rasters_are_the_same(region, write, compute):
    first, classes = compute(region)
    with rasterio.open(region.population.path) as raster:
        people = raster.read(1)
    tiled = write("tiled.tif", people, tiled=True, blockxsize=16, blockysize=32)
    second, again = compute(replace(region, population=tiled), workers=Workers(2, memory_mb=1))
    assert np.array_equal(again, classes)
    assert second.centres.columns == first.centres.columns


def test_level_1_may_be_level_2_in_fewer_classes(region, compute):
    _, level_2 = compute(region)
    _, nested = compute(replace(region, rules=Rules(1, nested=True)))
    table = {30: 3, 23: 2, 22: 2, 21: 2, 13: 1, 12: 1, 11: 1, 10: 0}
    assert np.array_equal(nested, np.vectorize(table.get)(level_2))


def test_the_table_adds_up(region, compute):
    result, classes = compute(region)
    table = result.classes
    assert table["class"] == [30, 23, 22, 21, 13, 12, 11, 10, None]
    assert table["cells"] == [
        *((classes == value).sum() for value in table["class"][:-1]),
        classes.size,
    ]
    with rasterio.open(region.population.path) as raster:
        people = raster.read(1)
    for place, value in enumerate(table["class"][:-1]):
        assert table["population"][place] == pytest.approx(people[classes == value].sum(), abs=1e-3)
    assert sum(table["population_pct"][:-1]) == pytest.approx(100.0)
    # Mollweide is computed on a sphere: a cell is not quite 1 km2 of the ellipsoid.
    assert table["area_km2"][-1] == pytest.approx(classes.size, rel=2e-3)


def test_centres_and_clusters(region, compute):
    result, classes = compute(region)
    centres, clusters = result.centres, result.clusters
    assert centres.columns["id"] == list(range(1, result.centre_count + 1))
    assert centres.columns["population"] == sorted(centres.columns["population"], reverse=True)
    assert sum(centres.columns["cells"]) == (classes == 30).sum()
    assert min(centres.columns["population"]) >= 50_000
    for places in (centres, clusters):
        assert [area_of(wkb) for wkb in places.wkb] == pytest.approx(places.columns["cells"])
        columns = places.columns
        assert columns["density_km2"] == pytest.approx(
            np.array(columns["population"]) / columns["area_km2"]
        )
        assert all(0.0 <= share <= 1.0 for share in columns["builtup_share"])
    kinds = np.array(clusters.columns["class"])
    assert (kinds == 2).sum() == result.cluster_count
    cells = np.array(clusters.columns["cells"])
    assert cells[kinds == 23].sum() == (classes == 23).sum()
    assert cells[kinds == 22].sum() == (classes == 22).sum()
    none, _ = compute(replace(region, outlined=(False, False)))
    assert none.centres.wkb == none.clusters.wkb == []
    assert none.centre_count == result.centre_count


def test_names_come_from_points(write, compute):
    people = np.zeros((5, 12))
    people[1, 1:4] = (20_000.0, 60_000.0, 10_000.0)
    people[3, 8] = 70_000.0
    task = DegreeOfUrbanisationTask(write("people.tif", people))

    def at(row, col):
        return WEST + 1000.0 * col + 300.0, NORTH - 1000.0 * row - 300.0

    places = {"edge": at(1, 1), "middle": at(1, 2), "other": at(1, 3), "off": at(-4, 3)}
    x, y = zip(*places.values(), strict=True)
    crs = get_driver().wkt(MOLLWEIDE)

    def names(weights):
        points = NamedPoints(x, y, list(places), weights, crs)
        found = compute(replace(task, points=points))[0].centres.columns
        return dict(zip(found["population"], found["name"], strict=True))

    assert names([np.nan] * 4) == {90_000.0: "middle", 70_000.0: ""}
    assert names([5.0, np.nan, 9.0, 99.0]) == {90_000.0: "other", 70_000.0: ""}
    lon, lat = get_driver().transform_points(
        crs, get_driver().wkt("EPSG:4326"), np.array(x), np.array(y)
    )
    points = NamedPoints(lon, lat, list(places), [1, 2, 3, 4], get_driver().wkt("EPSG:4326"))
    assert compute(replace(task, points=points))[0].centres.columns["name"] == ["other", ""]


def test_the_threshold_that_r2023a_finds(region, write, compute):
    result, _ = compute(replace(region, threshold="auto"))
    assert result.threshold == round(result.threshold, 2)
    assert 0.1 < result.threshold < 0.9
    assert any("threshold found" in str(note) for note in result.notes)
    empty = write("few.tif", np.ones((4, 4)))
    nothing = replace(region, population=empty, threshold="auto", rules=Rules(1))
    result, _ = compute(nothing)
    assert result.threshold is None
    assert any("built-up option is off" in str(line) for line in result.warnings)
    assert compute(replace(region, threshold=None))[0].threshold is None


def test_the_metadata_say_how_it_was_made(region, compute, tmp_path):
    compute(region, tags={"DBAR_FORMULA": "x"}, colours={30: (255, 0, 0, 255)})
    with rasterio.open(tmp_path / "classes.tif") as raster:
        assert raster.tags()["DBAR_FORMULA"] == "x"
        assert raster.tags()["DBAR_BUILTUP_THRESHOLD"] == "0.2"
        assert raster.descriptions == ("degree_of_urbanisation",)
        assert raster.colormap(1)[30] == (255, 0, 0, 255)


# -- land


def test_land_from_polygons_is_that_of_a_raster(write, compute):
    people = settled()
    land = np.ones(people.shape)
    land[:, :20] = 0.0
    land[:, 20] = 0.5
    task = DegreeOfUrbanisationTask(write("people.tif", people))
    crs = get_driver().wkt(MOLLWEIDE)
    dry = polygon_wkb(box(WEST + 20_500.0, NORTH - 120_000.0, WEST + 150_000.0, NORTH))
    wet = polygon_wkb(box(WEST, NORTH - 120_000.0, WEST + 20_500.0, NORTH))
    runs = [
        compute(each)[1]
        for each in (
            replace(task, land=write("land.tif", land)),
            replace(task, land_wkb=[dry], land_crs=crs),
            replace(task, land_wkb=[wet], land_crs=crs, land_is_water=True),
            replace(task, land=write("water.tif", 1.0 - land), land_kind="water_share"),
        )
    ]
    for other in runs[1:]:
        assert np.array_equal(other, runs[0])
    with pytest.raises(InputError, match="given twice"):
        compute(replace(task, land=write("l.tif", land), land_wkb=[dry], land_crs=crs))


def test_land_without_data_is_all_land(write, compute):
    people, land = np.array([[400.0, 400.0]]), np.array([[0.2, -1.0]])
    task = DegreeOfUrbanisationTask(
        write("people.tif", people), land=write("land.tif", land, nodata=-1.0)
    )
    # 2,000 per km2 of land, and 400: too few people for more than low density.
    assert compute(task)[1].tolist() == [[13, 13]]
    people = write("none.tif", np.array([[0.0, -9.0, -9.0]]), nodata=-9.0)
    land = write("half.tif", np.array([[0.2, 0.2, -1.0]]), nodata=-1.0)
    classes = compute(DegreeOfUrbanisationTask(people, land=land))[1]
    assert classes.tolist() == [[10, 10, 255]]


# -- other grids


def test_a_grid_in_degrees(write, compute):
    """As many people per km2 of true area; the centre is as large as on the ground."""
    arc = 1.0 / 120.0
    shape = 60, 60
    source = write(
        "degrees.tif", np.ones(shape), crs="EPSG:4326", origin=(74.0, 43.0), cell=(arc, -arc)
    )
    areas = open_input(source).grid.cell_areas() * np.ones((1, 60)) * 1e-6
    inside = np.zeros(shape, dtype=bool)
    inside[20:40, 20:40] = True
    people = np.where(inside, 1600.0 * areas, 10.0 * areas)
    counts = write("counts.tif", people, crs="EPSG:4326", origin=(74.0, 43.0), cell=(arc, -arc))
    result, classes = compute(DegreeOfUrbanisationTask(counts))
    # The same numbers taken for densities would hold no centre: 1,600 x 0.63 are 1,000.
    assert result.centre_count == 1
    assert result.centres.columns["area_km2"][0] == pytest.approx(areas[inside].sum(), rel=0.2)
    assert result.classes["population"][-1] == pytest.approx(people.sum(), rel=1e-6)
    assert any("people stay" in str(note) for note in result.notes)
    assert (classes == 255).any()
    for crs in ("EPSG:6933", "+proj=laea +lat_0=43 +lon_0=74 +datum=WGS84"):
        other, _ = compute(DegreeOfUrbanisationTask(counts, crs=crs))
        assert other.centre_count == 1
        assert other.classes["population"][-1] == pytest.approx(people.sum(), rel=1e-6)
    with pytest.raises(GridError, match="no equal-area CRS"):
        compute(DegreeOfUrbanisationTask(counts, crs="EPSG:3857"))


def test_areas_that_differ_are_cropped_and_said(write, compute):
    people = settled()
    land = write("land.tif", np.ones((100, 90)), origin=(WEST + 10_000.0, NORTH - 5_000.0))
    whole = DegreeOfUrbanisationTask(write("people.tif", people))
    result, classes = compute(replace(whole, land=land))
    assert classes.shape == (100, 90)
    assert any("90 × 100 km" in str(note) for note in result.notes)
    part = write("part.tif", people[5:105, 10:100], origin=(WEST + 10_000.0, NORTH - 5_000.0))
    assert np.array_equal(compute(DegreeOfUrbanisationTask(part))[1], classes)
    away = write("away.tif", np.ones((5, 5)), origin=(WEST + 9e5, NORTH))
    with pytest.raises(GridError, match=r"away\.tif does not overlap"):
        compute(replace(whole, land=away))


def test_land_of_another_grid(write, compute):
    people = settled((40, 50))
    task = DegreeOfUrbanisationTask(write("people.tif", people))
    fine = np.ones((400, 500), dtype=np.uint8)
    fine[:, :105] = 0
    coarse = fine.reshape(40, 10, 50, 10).mean(axis=(1, 3))
    one = compute(replace(task, land=write("fine.tif", fine, cell=(100.0, -100.0))))[1]
    other = compute(replace(task, land=write("coarse.tif", coarse)))[1]
    assert np.array_equal(one, other)


# -- the least there can be


def test_one_pixel(write, compute):
    result, classes = compute(DegreeOfUrbanisationTask(write("one.tif", [[60_000.0]])))
    assert classes.tolist() == [[30]]
    assert result.centres.columns["cells"] == [1]


def test_nothing_but_nodata(write, compute):
    empty = write("empty.tif", np.full((4, 5), -1.0), nodata=-1.0)
    result, classes = compute(DegreeOfUrbanisationTask(empty))
    assert (classes == 255).all()
    assert result.centres.wkb == []
    assert any("No cell is part" in str(line) for line in result.warnings)


def test_no_cell_above_a_threshold(write, compute):
    result, classes = compute(DegreeOfUrbanisationTask(write("few.tif", np.full((4, 5), 9.0))))
    assert (classes == 11).all()
    assert result.classes["cells"][-3] == 20
    assert any("No cell is part" in str(line) for line in result.warnings)


# -- refusals


@pytest.mark.parametrize(
    ("field", "values", "words"),
    [
        ("population", [[5.0, -200.0]], "negative value -200"),
        ("land", [[1.0, 100.0]], "no share"),
        ("builtup", [[0.5, 1e5]], "no share"),
    ],
)
def test_values_that_cannot_be(field, values, words, write, compute, tmp_path):
    task = DegreeOfUrbanisationTask(write("good.tif", [[1.0, 1.0]]))
    with pytest.raises(InputError, match=words) as error:
        compute(replace(task, **{field: write("bad.tif", values)}))
    assert "bad.tif" in str(error.value)
    assert not (tmp_path / "classes.tif").exists()


def test_densities_taken_for_counts(write, compute):
    density = settled((40, 50)) * 1.5
    fine = np.repeat(np.repeat(density, 10, 0), 10, 1)
    source = write("people.tif", fine, cell=(100.0, -100.0))
    with pytest.raises(InputError, match="Choose “density”"):
        compute(DegreeOfUrbanisationTask(source))
    result, _ = compute(DegreeOfUrbanisationTask(source, "density"))
    true = density.sum() * 1e-6 * open_input(source).grid.cell_areas().mean() * 100
    assert result.classes["population"][-1] == pytest.approx(true, rel=1e-4)


def test_counts_taken_for_densities(write, compute):
    people = settled((40, 50))
    fine = np.repeat(np.repeat(people, 10, 0), 10, 1) / 100.0
    source = write("people.tif", fine, cell=(100.0, -100.0))
    with pytest.raises(InputError, match="Choose “count”"):
        compute(DegreeOfUrbanisationTask(source, "density"))
    coarse = people.reshape(4, 10, 5, 10).sum(axis=(1, 3)) * 30
    source = write("coarse.tif", coarse, cell=(10_000.0, -10_000.0))
    with pytest.raises(InputError, match="Choose “count”"):
        compute(DegreeOfUrbanisationTask(source, "density"))


def test_more_people_than_there_are(write, compute):
    with pytest.raises(InputError, match="more than anywhere"):
        compute(DegreeOfUrbanisationTask(write("crowd.tif", np.full((9, 9), 1e6))))


def test_rules_that_do_not_exist(region, compute):
    for rules in (Rules(3), Rules(2, "R2030A"), Rules(2, semi_dense="1999")):
        with pytest.raises(InputError, match="is not one of"):
            compute(replace(region, rules=rules))


@pytest.mark.parametrize("share", [0.0, 0.5, 0.8])
def test_cancelled_half_way_leaves_no_file(share, write, tmp_path):
    arc = 1.0 / 120.0
    people = write("p.tif", settled(), crs="EPSG:4326", origin=(70.0, 43.0), cell=(arc, -arc))
    reached = [0.0]
    before = set(tmp_path.iterdir())
    progress = Progress(
        set_progress=lambda done: reached.__setitem__(0, done),
        is_cancelled=lambda: reached[0] >= share,
    )
    with pytest.raises(Cancelled):
        compute_degree_of_urbanisation(
            DegreeOfUrbanisationTask(people), str(tmp_path / "out.tif"), progress=progress
        )
    assert set(tmp_path.iterdir()) == before


def test_an_error_leaves_no_file(write, tmp_path, monkeypatch):
    people = write("p.tif", settled())
    before = set(tmp_path.iterdir())
    monkeypatch.setattr(pipeline, "cell_codes", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        compute_degree_of_urbanisation(DegreeOfUrbanisationTask(people), str(tmp_path / "out.tif"))
    assert set(tmp_path.iterdir()) == before
