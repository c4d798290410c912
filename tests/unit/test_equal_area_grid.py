"""Rasters brought onto the equal-area grid: people stay as many, densities are true."""

from __future__ import annotations

import numpy as np
import pytest
from raster_fixtures import box, polygon_wkb, write_raster

from dbar_qgis_plugin.errors import GridError, InputError
from dbar_qgis_plugin.pipelines import equal_area_grid as equal_area_grid_module
from dbar_qgis_plugin.pipelines.equal_area_grid import (
    COUNT,
    DENSITY,
    LayerInput,
    common_window,
    cropped,
    equal_area_grid,
    land_of_polygons,
    layers_on,
    offset,
)
from dbar_qgis_plugin.pipelines.inputs import RasterInput, open_input
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import polygons_from_wkb
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.workers import Workers

MOLLWEIDE = "ESRI:54009"
ARC = 1.0 / 120.0  # 30 arc seconds


@pytest.fixture
def raster(tmp_path):
    def make(values, name="people.tif", **options):
        return open_input(RasterInput(write_raster(tmp_path / name, values, **options)))

    return make


def kilometres(values, raster, name="people.tif", origin=(187_000.0, 6_035_000.0), **options):
    options = {"crs": MOLLWEIDE, "cell": (1000.0, -1000.0), **options}
    return raster(values, name, origin=origin, **options)


def on_grid(grid, source, kind, tmp_path, workers=None):
    inputs = {"layer": LayerInput(source, kind)}
    with layers_on(grid, inputs, str(tmp_path / "out.tif"), workers or Workers(), Progress()) as (
        layers,
        notes,
    ):
        return *layers["layer"].read(grid.window), notes


def test_a_grid_of_1_km_is_used_as_it_is(raster, tmp_path):
    people = np.arange(12.0).reshape(3, 4)
    source = kilometres(people, raster)
    grid = equal_area_grid(source)
    assert grid == source.grid
    values, known, notes = on_grid(grid, source, COUNT, tmp_path)
    assert (values == people).all()
    assert known.all()
    assert notes == []


@pytest.mark.parametrize("crs", ["EPSG:3035", "EPSG:32631", "EPSG:6933"])
def test_other_grids_of_1_km2(crs, raster):
    origins = {"EPSG:3035": (4e6, 3.1e6), "EPSG:32631": (5e5, 5.6e6), "EPSG:6933": (3e5, 5.7e6)}
    source = kilometres(np.ones((3, 4)), raster, crs=crs, origin=origins[crs])
    assert equal_area_grid(source) == source.grid


@pytest.mark.parametrize(
    ("crs", "origin", "cell"),
    [
        ("EPSG:3857", (5e5, 6.6e6), (1000.0, -1000.0)),
        ("EPSG:4326", (4.0, 51.0), (ARC, -ARC)),
        (MOLLWEIDE, (187_000.0, 6_035_000.0), (100.0, -100.0)),
    ],
)
def test_other_grids_become_whole_kilometres_of_mollweide(crs, origin, cell, raster):
    source = raster(np.ones((30, 40)), crs=crs, origin=origin, cell=cell)
    grid = equal_area_grid(source)
    assert get_driver().same_crs(grid.crs, get_driver().wkt(MOLLWEIDE))
    assert grid.transform[0] == -grid.transform[4] == 1000.0
    assert grid.transform[2] % 1000.0 == grid.transform[5] % 1000.0 == 0.0


def test_a_crs_that_is_not_equal_area_is_refused(raster):
    source = raster(np.ones((30, 40)), crs="EPSG:4326", origin=(4.0, 51.0), cell=(ARC, -ARC))
    for crs in ("EPSG:3857", "EPSG:4326"):
        with pytest.raises(GridError, match="no equal-area CRS"):
            equal_area_grid(source, get_driver().wkt(crs))
    assert equal_area_grid(source, get_driver().wkt("EPSG:3035")).width > 20


def away_from_the_rim(known):
    inner = known.copy()
    for axis, step in ((0, 2), (0, -2), (1, 2), (1, -2)):
        inner &= np.roll(known, step, axis)
    assert inner.any()
    return inner


# -- people


@pytest.mark.parametrize("crs", ["", "EPSG:6933"])
@pytest.mark.parametrize(
    ("name", "origin", "cell", "shape"),
    [
        ("EPSG:4326", (70.0, 43.0), (ARC, -ARC), (90, 120)),
        ("EPSG:4326", (-179.9, 60.0), (0.25, -0.25), (20, 30)),
        ("EPSG:32643", (500_000.0, 4_700_000.0), (250.0, -250.0), (120, 130)),
        ("EPSG:3857", (7.8e6, 5.3e6), (3000.0, -3000.0), (25, 20)),
    ],
)
def test_people_stay_as_many(name, origin, cell, shape, crs, raster, tmp_path):
    people = np.random.default_rng(2).gamma(0.3, 500.0, shape)
    source = raster(people, crs=name, origin=origin, cell=cell)
    grid = equal_area_grid(source, get_driver().wkt(crs) if crs else "")
    values, known, _ = on_grid(grid, source, COUNT, tmp_path)
    assert values.sum() == pytest.approx(people.sum(), rel=1e-9)
    assert not values[~known].any()


def test_the_whole_earth_in_degrees(raster, tmp_path):
    people = np.random.default_rng(4).gamma(0.3, 500.0, (18, 36))
    people[:, [0, -1]] += 1e4  # at 180 degrees
    source = raster(people, crs="EPSG:4326", origin=(-180.0, 90.0), cell=(10.0, -10.0))
    # Coarse, so that the test is quick: the grid of 1 km is the same but for its cells.
    crs = get_driver().wkt(MOLLWEIDE)
    grid = Grid(crs, (100_000.0, 0.0, -18_100_000.0, 0.0, -100_000.0, 9_100_000.0), 362, 182)
    values, *_ = on_grid(grid, source, COUNT, tmp_path)
    assert values.sum() == pytest.approx(people.sum(), rel=1e-9)


def test_longitudes_from_0_to_360_are_the_same_people(raster, tmp_path):
    people = np.random.default_rng(5).gamma(0.3, 500.0, (4, 40))
    west = raster(people, "w.tif", crs="EPSG:4326", origin=(-2.0, 0.2), cell=(0.1, -0.1))
    turned = raster(people, "e.tif", crs="EPSG:4326", origin=(358.0, 0.2), cell=(0.1, -0.1))
    grid = equal_area_grid(west)
    one, other = (on_grid(grid, source, COUNT, tmp_path)[0] for source in (west, turned))
    assert np.allclose(one, other, rtol=1e-9, atol=1e-6)


def test_counts_in_degrees_give_the_true_density(raster, tmp_path):
    """Cells of 30 arc seconds are 0.63 to 0.69 km2 at 39 to 43 degrees north."""
    shape = 480, 20
    source = raster(np.ones(shape), crs="EPSG:4326", origin=(70.0, 43.0), cell=(ARC, -ARC))
    areas = source.grid.cell_areas() * 1e-6
    assert (areas.min(), areas.max()) == pytest.approx((0.63, 0.669), abs=0.003)
    counts = np.broadcast_to(1500.0 * areas, shape)
    source = raster(counts, "counts.tif", crs="EPSG:4326", origin=(70.0, 43.0), cell=(ARC, -ARC))
    grid = equal_area_grid(source)
    values, known, _ = on_grid(grid, source, COUNT, tmp_path)
    # Away from the rim every cell has 1,500 people per km2 of true area.
    inner = away_from_the_rim(known)
    density = values / (grid.cell_areas() * 1e-6)
    assert density[inner] == pytest.approx(1500.0, rel=1e-6)
    # So does a raster of densities.
    same = raster(
        np.full(shape, 1500.0), "d.tif", crs="EPSG:4326", origin=(70.0, 43.0), cell=(ARC, -ARC)
    )
    of_density, *_ = on_grid(grid, same, DENSITY, tmp_path)
    assert of_density == pytest.approx(values, rel=1e-9, abs=1e-6)


def test_a_finer_grid_is_added_up(raster, tmp_path):
    fine = np.random.default_rng(6).integers(0, 50, (40, 30)).astype(np.float64)
    source = kilometres(fine, raster, cell=(100.0, -100.0))
    crs = get_driver().wkt(MOLLWEIDE)
    grid = Grid(crs, (1000.0, 0.0, 187_000.0, 0.0, -1000.0, 6_035_000.0), 3, 4)
    values, *_ = on_grid(grid, source, COUNT, tmp_path)
    assert (values == fine.reshape(4, 10, 3, 10).sum(axis=(1, 3))).all()
    shares, *_ = on_grid(grid, source, "percent", tmp_path)
    assert shares == pytest.approx(fine.reshape(4, 10, 3, 10).mean(axis=(1, 3)) / 100.0, abs=1e-6)


def test_blocks_and_threads_change_nothing(raster, tmp_path, monkeypatch):
    monkeypatch.setattr(equal_area_grid_module, "_LARGEST_SIDE", 40)
    people = np.random.default_rng(7).gamma(0.3, 500.0, (90, 120))
    source = raster(people, crs="EPSG:4326", origin=(70.0, 43.0), cell=(ARC, -ARC))
    grid = equal_area_grid(source)
    runs = [
        on_grid(grid, source, COUNT, tmp_path, workers)[0]
        for workers in (Workers(1), Workers(3, memory_mb=16))
    ]
    assert np.array_equal(*runs)


# -- land


def test_land_that_fills_cells_is_all_of_them(raster, tmp_path):
    source = raster(np.ones((80, 90)), crs="EPSG:4326", origin=(70.0, 43.0), cell=(ARC, -ARC))
    grid = equal_area_grid(source)
    values, known, _ = on_grid(grid, source, "share", tmp_path)
    assert np.unique(values[away_from_the_rim(known)]).tolist() == [1.0]
    areas = source.grid.cell_areas() * np.ones((1, 90))
    metres = raster(areas, "m.tif", crs="EPSG:4326", origin=(70.0, 43.0), cell=(ARC, -ARC))
    again, *_ = on_grid(grid, metres, "square_metres", tmp_path)
    assert again == pytest.approx(values, abs=1e-6)
    water, *_ = on_grid(grid, source, "water_share", tmp_path)
    assert water[known] == pytest.approx(1.0 - values[known])


@pytest.mark.parametrize(
    ("kind", "value", "share"),
    [
        ("share", 0.4, 0.4),
        ("percent", 40.0, 0.4),
        ("square_metres", 4e5, 0.4),
        ("water_share", 0.4, 0.6),
        ("water_percent", 40.0, 0.6),
    ],
)
def test_kinds_of_shares(kind, value, share, raster, tmp_path):
    source = kilometres(np.array([[value, -1.0]]), raster, nodata=-1.0)
    values, known, _ = on_grid(source.grid, source, kind, tmp_path)
    assert values[0] == pytest.approx([share, 0.0])
    assert known.tolist() == [[True, False]]


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (COUNT, -1.0, "negative"),
        ("share", 1.1, "percent or square metres"),
        ("water_share", 2.0, "percent"),
        ("percent", 101.0, "square metres"),
    ],
)
@pytest.mark.parametrize("crs", [MOLLWEIDE, "EPSG:32631"])
def test_values_that_cannot_be(kind, value, words, crs, raster, tmp_path):
    source = kilometres(np.array([[0.5, value]]), raster, crs=crs, origin=(500_000.0, 5_600_000.0))
    grid = equal_area_grid(source, get_driver().wkt(MOLLWEIDE))
    with pytest.raises(InputError, match=words) as error:
        on_grid(grid, source, kind, tmp_path)
    assert "people.tif" in str(error.value)


def test_polygons_of_land_and_of_water(raster):
    grid = kilometres(np.ones((3, 4)), raster).grid
    west, north = 187_000.0, 6_035_000.0
    shapes = [
        polygon_wkb(box(west + 500.0, north - 2500.0, west + 3000.0, north - 1000.0)),
        polygon_wkb(box(west + 2000.0, north - 3000.0, west + 3000.0, north)),
        None,
    ]
    land = land_of_polygons(shapes, grid.crs, False, grid, Progress())
    expected = [[0.0, 0.0, 1.0, 0.0], [0.5, 1.0, 1.0, 0.0], [0.25, 0.5, 1.0, 0.0]]
    values, known = land.read(grid.window)
    assert values.tolist() == expected
    assert known.all()
    part, _ = land.read(Window(1, 1, 2, 2))
    assert part.tolist() == [[1.0, 1.0], [0.5, 1.0]]
    water = land_of_polygons(shapes, grid.crs, True, grid, Progress())
    assert (water.read(grid.window)[0] == 1.0 - values).all()
    with pytest.raises(InputError, match="no polygons"):
        land_of_polygons([None, b""], grid.crs, False, grid, Progress())


def test_polygons_in_another_crs(raster):
    grid = kilometres(np.ones((3, 4)), raster).grid
    everywhere = polygons_from_wkb([polygon_wkb(box(1.0, 50.0, 4.0, 53.0))], "EPSG:4326")
    shape = polygon_wkb(box(1.0, 50.0, 4.0, 53.0))
    land = land_of_polygons([shape], get_driver().wkt("EPSG:4326"), False, grid, Progress())
    assert everywhere.count == 1
    assert (land.read(grid.window)[0] == 1.0).all()


# -- areas that differ


def test_the_common_area(raster):
    people = kilometres(np.ones((10, 12)), raster)
    land = kilometres(np.ones((6, 20)), raster, "land.tif", (190_000.0, 6_037_000.0))
    window = common_window(people.grid, [land])
    assert window == Window(0, 3, 4, 9)
    grid = cropped(people.grid, window)
    assert grid.transform[2] == 190_000.0
    assert offset(land.grid, grid) == (2, 0)
    assert offset(people.grid, grid) == (0, 3)
    away = kilometres(np.ones((6, 20)), raster, "away.tif", (990_000.0, 6_037_000.0))
    with pytest.raises(GridError, match=r"away\.tif does not overlap"):
        common_window(people.grid, [away])
