"""The generated sample region: calibrated to published figures, plausible, careful with files."""

from __future__ import annotations

import json

import numpy as np
import pytest

from dbar_qgis_plugin.errors import Cancelled, OutputError
from dbar_qgis_plugin.kernels.land_use_efficiency import Flag, interval_indicators
from dbar_qgis_plugin.pipelines.sample_data import write_sample_data
from dbar_qgis_plugin.pipelines.years import years_from_names
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import open_source


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return write_sample_data(tmp_path_factory.mktemp("region") / "sample")


@pytest.fixture(scope="module")
def stacks(sample):
    """Built-up fractions and populations [years, rows, columns], NaN where there is no data."""

    def read(path):
        source = open_source(str(path))
        block = source.read(source.grid.window)
        return np.where(block.valid, block.values, np.nan)[0]

    grid = open_source(str(sample.builtup[0])).grid
    return (
        np.array([read(path) for path in sample.builtup]),
        np.array([read(path) for path in sample.population]),
        grid,
    )


@pytest.fixture(scope="module")
def features(sample):
    return json.loads(sample.cities.read_text(encoding="utf-8"))["features"]


@pytest.fixture(scope="module")
def masks(features, stacks):
    """Cells whose centre lies in each outline, by counting crossings (not the plugin's code)."""
    grid, degrees = stacks[2], get_driver().wkt("EPSG:4326")
    col, row = np.meshgrid(np.arange(grid.width) + 0.5, np.arange(grid.height) + 0.5)
    x, y = grid.to_coordinates(col, row)
    found = {}
    for feature in features:
        ring = np.array(feature["geometry"]["coordinates"][0])
        vx, vy = get_driver().transform_points(degrees, grid.crs, ring[:, 0], ring[:, 1])
        inside = np.zeros(x.shape, dtype=bool)
        near = (x > vx.min()) & (x < vx.max()) & (y > vy.min()) & (y < vy.max())
        px, py = x[near], y[near]
        crossings = np.zeros(px.shape, dtype=int)
        for x0, y0, x1, y1 in zip(vx[:-1], vy[:-1], vx[1:], vy[1:], strict=True):
            spans = (y0 > py) != (y1 > py)
            with np.errstate(all="ignore"):
                crossings += spans & (px < x0 + (py - y0) * (x1 - x0) / (y1 - y0))
        inside[near] = crossings % 2 == 1
        found[feature["properties"]["name"]] = inside
    return found


@pytest.fixture(scope="module")
def figures(stacks, masks):
    """Built-up km2 and persons of each city at each epoch."""
    builtup, population, grid = stacks
    areas = np.broadcast_to(grid.cell_areas(), builtup.shape[1:])
    return {
        name: (
            np.nansum((builtup * areas)[:, mask], axis=1) / 1e6,
            np.nansum(population[:, mask], axis=1),
        )
        for name, mask in masks.items()
    }


def named(mapping, beginning):
    return next(value for name, value in mapping.items() if name.startswith(beginning))


def indicators(figures, beginning, years, sample, formula="2021"):
    epochs = [sample.years.index(year) for year in years]
    land, people = (values[epochs] for values in named(figures, beginning))
    t = np.diff(years)
    return interval_indicators(land[:-1], land[1:], people[:-1], people[1:], t, t, formula=formula)


def test_files_name_their_years(sample):
    assert sample.years == (1990, 2015, 2017, 2018, 2019, 2020)
    for paths in (sample.builtup, sample.population):
        assert years_from_names([[path.stem] for path in paths], "YEARS") == sample.years
        assert all(path.parent == sample.folder and path.is_file() for path in paths)


def test_city_a_has_the_figures_of_bishkek(figures, sample):
    city = indicators(figures, "Sample city A", [2017, 2020], sample)
    assert city.lcr[0] == pytest.approx(0.01004644326945862, rel=1e-10)
    assert city.pgr[0] == pytest.approx(0.05441957947035309, rel=1e-10)
    assert city.lcrpgr[0] == pytest.approx(0.18461082145869503, rel=1e-10)
    assert city.bupc_end_m2[0] == pytest.approx(109.48589537230554, rel=1e-10)


def test_city_b_has_the_figures_of_milano(figures, sample):
    city = indicators(figures, "Sample city B", [2018, 2019, 2020], sample)
    np.testing.assert_allclose(city.lcr, [0.004888227302119424, 0.002424470216278844], rtol=1e-10)
    np.testing.assert_allclose(city.pgr, [0.007324220475533657, -0.022771213164354837], rtol=1e-10)
    np.testing.assert_allclose(city.lcrpgr, [0.6674058104133271, -0.10647084100350061], rtol=1e-10)


def test_city_c_has_the_figures_of_las_palmas(figures, sample):
    city = indicators(figures, "Sample city C", [1990, 2015], sample, formula="2018")
    assert city.lcrpgr[0] == pytest.approx(0.07144483279679516, rel=1e-10)
    assert city.bupc_start_m2[0] == pytest.approx(76.6300875916, rel=2e-12)


@pytest.mark.parametrize(
    ("city", "flag"),
    [
        ("Estrova", Flag.NO_CHANGE),
        ("Fenmark", Flag.LAND_UNCHANGED),
        ("Ivessa", Flag.PGR_NEAR_ZERO),
        ("Dorvale", Flag.LAND_LOSS),
        ("Jorunfeld", Flag.LAND_LOSS),
        ("Kestrova", Flag.V1_ZERO | Flag.POP_ZERO),
    ],
)
def test_towns_show_the_edge_cases(figures, sample, city, flag):
    assert Flag(indicators(figures, city, [1990, 2020], sample).flags[0].item()) == flag


def test_courses_differ(figures, sample):
    ratios = {
        city: indicators(figures, city, [1990, 2020], sample).lcrpgr[0]
        for city in ("Aldermere", "Brinholm", "Calvessa", "Dorvale")
    }
    assert ratios["Aldermere"] > 2
    assert 0 < ratios["Brinholm"] < 1
    assert ratios["Calvessa"] < -1
    assert 0 < ratios["Dorvale"] < 1


def test_the_farm_holds_no_cell_centre(masks, stacks):
    assert not masks["Mosgarth farm"].any()
    assert (stacks[0] > 0).any()


def test_values_are_sensible(stacks):
    builtup, population, _ = stacks
    assert np.nanmin(builtup) == 0
    assert np.nanmax(builtup) <= 1
    assert np.nanmin(population) == 0
    assert np.nanmax(population) < 2000
    no_data = np.isnan(builtup)
    assert (no_data == no_data[0]).all()
    assert (no_data == np.isnan(population)).all()
    assert 0.01 < no_data[0].mean() < 0.05


def test_no_data_only_in_the_town_on_the_lake(stacks, masks):
    no_data = np.isnan(stacks[0][0])
    for name, mask in masks.items():
        if name == "Hollenport":
            assert 0.05 < no_data[mask].mean() < 0.3
        else:
            assert not no_data[mask].any()


def test_outlines_lie_apart_and_inside_the_rasters(masks, features):
    assert sum(mask.astype(int) for mask in masks.values()).max() == 1
    for feature in features:
        ring = feature["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1]
        x, y = np.array(ring).T
        assert (x[:-1] * y[1:] - x[1:] * y[:-1]).sum() > 0  # anticlockwise, as RFC 7946 asks
        assert set(feature["properties"]) == {"name", "region"}
    for mask in masks.values():
        assert not (mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())


def test_cities_are_dense_inside_and_grow_outward(stacks, masks):
    builtup, population, _ = stacks
    mask = named(masks, "Sample city A")
    row, col = np.nonzero(mask)
    away = np.hypot(row - row.mean(), col - col.mean())
    for stack in (builtup[-1][mask], population[-1][mask]):
        rings = [stack[(away >= low) & (away < low + 30)].mean() for low in (0, 30, 60, 90)]
        assert rings == sorted(rings, reverse=True)
        assert rings[0] > 1.5 * rings[2] > 2 * rings[3]
    assert (np.diff(builtup[:, mask], axis=0) > -1e-9).all()
    newly = builtup[-1][mask] - builtup[0][mask]
    assert np.average(away, weights=newly) > np.average(away, weights=builtup[0][mask])


def test_twice_the_same(sample, stacks, tmp_path):
    again = write_sample_data(tmp_path)
    assert again.cities.read_bytes() == sample.cities.read_bytes()
    source = open_source(str(again.population[-1]))
    values = source.read(source.grid.window).values[0]
    assert np.array_equal(values, np.nan_to_num(stacks[1][-1]))


def test_files_of_the_user_stay(tmp_path):
    mine = tmp_path / "population_2018.tif"
    mine.write_text("mine")
    with pytest.raises(OutputError, match=r"already holds population_2018\.tif"):
        write_sample_data(tmp_path)
    assert mine.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [mine]


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        write_sample_data(tmp_path / "file" / "folder")


def test_cancel_leaves_nothing(tmp_path):
    shares = []
    progress = Progress(shares.append, lambda: len(shares) == 3)
    with pytest.raises(Cancelled):
        write_sample_data(tmp_path, progress=progress)
    assert 0 < shares[0] < shares[-1] < 1
    assert list(tmp_path.iterdir()) == []
