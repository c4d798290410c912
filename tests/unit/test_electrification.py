"""Electrification: contrast against scipy, people against a count by hand, whatever the blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from raster_fixtures import DRIVERS, box, polygon_wkb, star, write_raster

from dbar_qgis_plugin.errors import Cancelled, GridError, InputError
from dbar_qgis_plugin.kernels.electrification import (
    local_contrast,
    midpoint_threshold,
    surroundings_weights,
)
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light.electrification import (
    METHODS,
    ElectrificationTask,
    compute_electrification,
)
from dbar_qgis_plugin.pipelines.night_light.light_zones import Zones
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers

RANDOM = np.random.default_rng(2)
LEFT, TOP = 600_000.0, 1_200_000.0


def raster(path, values, name="", **options):
    """Write a raster and return it as an input."""
    return RasterInput(write_raster(path, np.asarray(values), **options), name=name or path.stem)


def read(path):
    source = open_source(path)
    block = source.read(source.grid.window)
    return np.where(block.valid, block.values, np.nan)[0]


def test_weights_as_published():
    weights = surroundings_weights()
    assert weights.shape == (41, 41)
    assert weights.sum() == pytest.approx(1.0)
    assert weights[20, 20] == 0.0
    # One cell away 1 / 1.5**3, at (3, 4) five away 1 / 3.5**3.
    assert weights[20, 21] / weights[23, 24] == pytest.approx((3.5 / 1.5) ** 3)


@pytest.mark.parametrize("shape", [(1, 1), (7, 300), (90, 33), (61, 1)])
def test_contrast_against_scipy(shape):
    signal = pytest.importorskip("scipy.signal")
    light = RANDOM.lognormal(0.0, 2.0, shape)
    expected = light - signal.convolve2d(light, surroundings_weights(), mode="same")
    assert local_contrast(np.pad(light, 20)) == pytest.approx(expected, rel=1e-11, abs=1e-11)


def test_contrast_of_one_light():
    light = np.zeros((61, 61))
    light[30, 30] = 1.0
    found = local_contrast(light)
    assert found[10, 10] == 1.0
    assert found[10, 11] == -surroundings_weights()[20, 21]


def test_midpoint():
    assert midpoint_threshold([0.1, 0.3], [0.7, 2.0]) == (0.5, False)
    assert midpoint_threshold([0.1, 0.9], [0.7, 2.0]) == (0.8, True)
    assert midpoint_threshold([0.7], [0.7]) == (pytest.approx(0.7), True)


# Light cells of 200 m, people of 100 m: each light cell holds four.
LIGHT = np.array([[0.2, 1.0], [5.0, -0.1]], dtype=np.float32)
PEOPLE = np.array(
    [[1.0, 2.0, 3.5, 0.0], [0.0, 0.0, 0.0, 0.5], [10.0, 0.0, 4.0, 0.0], [0.25, 0.0, 0.0, -9.0]]
)


def inputs(folder, light=LIGHT, people=PEOPLE, **options):
    return (
        raster(folder / "light.tif", light, cell=(200.0, -200.0), **options),
        raster(folder / "people.tif", people, nodata=-9.0),
    )


def test_people_by_hand(tmp_path):
    light, people = inputs(tmp_path)
    out = str(tmp_path / "m.tif")
    task = ElectrificationTask(light, people, thresholds=(0.1, 1.0, 6.0))
    result = compute_electrification(task, out)
    assert read(out).tolist() == [[0, 1], [1, 0]]
    columns = result.columns
    # 3 in the first cell of light, 4 in the second, 10.25 in the third, 4 in the last.
    assert columns["people"] == [21.25]
    assert columns["people_lit"] == [14.25]
    assert columns["people_dark"] == [7.0]
    assert result.share == pytest.approx(100 * 14.25 / 21.25)
    curve = result.curve
    assert curve["threshold"] == [0.1, 0.5, 1.0, 6.0]
    assert curve["people_lit"] == [17.25, 14.25, 14.25, 0.0]
    assert curve["chosen"] == [0, 1, 0, 0]
    assert curve["electrified_pct"][1] == result.share
    # From the threshold on, not above it.
    exact = compute_electrification(ElectrificationTask(light, people, threshold=1.0), out)
    assert exact.columns["people_lit"] == [14.25]


def test_people_coarser_than_light(tmp_path):
    # One cell of people, 16 of light, seven of them lit.
    lit = np.zeros((4, 4), dtype=np.float32)
    lit[0] = lit[3, :3] = 1.0
    light = raster(tmp_path / "l.tif", lit, cell=(25.0, -25.0))
    people = raster(tmp_path / "p.tif", np.array([[1000.0]]))
    result = compute_electrification(ElectrificationTask(light, people), str(tmp_path / "m.tif"))
    assert result.people == 1000.0
    assert result.share == 100 * 7 / 16


def test_people_are_exact_in_another_crs(tmp_path):
    # Longitude and latitude over a part of UTM 18N.
    counts = np.round(RANDOM.gamma(0.3, 40.0, (60, 60)), 3)
    people = raster(tmp_path / "p.tif", counts)
    light = raster(
        tmp_path / "l.tif",
        RANDOM.lognormal(0.0, 1.0, (40, 40)).astype(np.float32),
        crs="EPSG:4326",
        cell=(0.004, -0.004),
        origin=(-74.15, 10.92),
    )
    result = compute_electrification(ElectrificationTask(light, people), str(tmp_path / "m.tif"))
    assert result.columns["people_no_light_data"] == [0.0]
    assert result.people == pytest.approx(counts.sum(), rel=1e-12)
    assert result.curve["people_lit"] == sorted(result.curve["people_lit"], reverse=True)


def test_density(tmp_path):
    light = raster(tmp_path / "l.tif", np.ones((2, 2), dtype=np.float32), cell=(200.0, -200.0))
    people = raster(tmp_path / "p.tif", np.full((2, 2), 50.0), cell=(200.0, -200.0))
    task = ElectrificationTask(light, people, population_kind="density")
    result = compute_electrification(task, str(tmp_path / "m.tif"))
    # 4 x 0.04 km2 x 50; the map's scale there is 0.99973.
    assert result.people == pytest.approx(8.0, rel=1e-3)


def test_light_without_data(tmp_path):
    light, people = inputs(tmp_path, np.array([[-5.0, 1.0], [5.0, 0.1]], np.float32), nodata=-5.0)
    out = str(tmp_path / "m.tif")
    result = compute_electrification(ElectrificationTask(light, people), out)
    assert np.isnan(read(out)[0, 0])
    assert result.columns["people_no_light_data"] == [3.0]
    assert result.share == pytest.approx(100 * 14.25 / 18.25)
    assert "14.1 % of the people live where the light raster has no data" in str(
        result.warnings[-1]
    )
    task = ElectrificationTask(light, people, light_nodata="dark", thresholds=(-9.0, 0.0))
    result = compute_electrification(task, out)
    assert read(out).tolist() == [[0, 1], [1, 0]]
    assert result.share == pytest.approx(100 * 14.25 / 21.25)
    # Blanked cells reach no threshold, not even one below 0.
    assert result.curve["people_lit"] == [18.25, 18.25, 14.25]


def test_people_beside_the_light_are_not_dark(tmp_path):
    light = raster(tmp_path / "l.tif", LIGHT, cell=(200.0, -200.0), origin=(LEFT + 200.0, TOP))
    people = raster(tmp_path / "p.tif", PEOPLE, nodata=-9.0)
    task = ElectrificationTask(light, people, light_nodata="dark")
    result = compute_electrification(task, str(tmp_path / "m.tif"))
    assert result.columns["people_no_light_data"] == [13.25]


def test_negative_people(tmp_path):
    light, people = inputs(tmp_path, people=np.where(PEOPLE == 4.0, -4.0, PEOPLE))
    result = compute_electrification(ElectrificationTask(light, people), str(tmp_path / "m.tif"))
    assert result.people == 17.25
    assert "people: 1 cells hold fewer than 0 persons" in str(result.warnings[0])


def test_zones(tmp_path):
    light, people = inputs(tmp_path)
    wkb = [
        polygon_wkb(box(LEFT, TOP - 200, LEFT + 400, TOP)),
        polygon_wkb(box(LEFT, TOP - 400, LEFT + 400, TOP - 200)),
        polygon_wkb(box(0, 0, 1000, 1000)),
    ]
    zones = Zones(["north", "south", "away"], wkb, open_source(people.path).grid.crs, "all")
    task = ElectrificationTask(light, people, thresholds=(2.0,), zones=zones)
    result = compute_electrification(task, str(tmp_path / "m.tif"))
    assert result.columns["zone"] == ["north", "south", "away", "all"]
    assert result.columns["people"] == [7.0, 14.25, 0.0, 21.25]
    assert result.columns["people_lit"] == [4.0, 10.25, 0.0, 14.25]
    assert result.columns["electrified_pct"][2] is None
    assert result.columns["flags"] == ["", "", "OUTSIDE", ""]
    assert result.curve["people_lit"] == [4.0, 0.0, 10.25, 10.25, 0.0, 0.0, 14.25, 10.25]


def midpoint(folder, samples, lit, **options):
    light, people = inputs(folder, **options)
    return ElectrificationTask(
        light,
        people,
        "midpoint",
        samples=np.array(samples, dtype=float).reshape(-1, 2),
        sample_crs=open_source(light.path).grid.crs,
        sample_lit=np.array(lit, dtype=bool),
    )


PLACES = [(LEFT + 100, TOP - 100), (LEFT + 300, TOP - 100), (LEFT + 100, TOP - 300)]


def test_midpoint_of_places(tmp_path):
    out = str(tmp_path / "m.tif")
    places = [*PLACES, (LEFT - 1, TOP)]
    result = compute_electrification(midpoint(tmp_path, places, [0, 1, 1, 1]), out)
    # 0.2 without electricity; 1 and 5 with it.
    assert result.threshold == pytest.approx(0.6)
    assert result.columns["people_lit"] == [14.25]
    assert [str(line) for line in result.warnings] == [
        "Known places without data in light: 1; left out."
    ]
    result = compute_electrification(midpoint(tmp_path, PLACES, [1, 1, 0]), out)
    assert result.threshold == pytest.approx(2.6)
    assert "Known places overlap: the brightest without electricity has 5" in str(
        result.warnings[0]
    )


def test_midpoint_needs_both_kinds(tmp_path):
    with pytest.raises(InputError, match="there are 3 and 0"):
        compute_electrification(midpoint(tmp_path, PLACES, [1, 1, 1]), str(tmp_path / "m.tif"))
    assert not (tmp_path / "m.tif").exists()


@pytest.mark.parametrize("driver", DRIVERS)
def test_contrast_rule_across_blocks(tmp_path, driver, monkeypatch):
    signal = pytest.importorskip("scipy.signal")
    monkeypatch.setattr("dbar_qgis_plugin.raster_io.source.driver_name_of", lambda _path: driver)
    values = RANDOM.lognormal(-2.0, 1.5, (150, 170))
    values[40:60, 50:90] = np.nan
    light = raster(
        tmp_path / "l.tif", values, tiled=True, blockxsize=64, blockysize=64, nodata=-1.0
    )
    people = raster(tmp_path / "p.tif", np.ones((150, 170)))
    out = str(tmp_path / "m.tif")
    task = ElectrificationTask(light, people, "contrast", light_nodata="dark")
    result = compute_electrification(task, out, workers=Workers(2, 1))
    filled = np.nan_to_num(values)
    expected = filled - signal.convolve2d(filled, surroundings_weights(), mode="same") >= 0.1
    assert np.array_equal(read(out) == 1, expected)
    assert result.people == pytest.approx(values.size)
    assert result.curve["chosen"].count(1) == 0


def test_the_curve_in_round_numbers(tmp_path):
    values = np.arange(1, 101, dtype=np.float32).reshape(10, 10)
    values[0, 0] = -3.0
    light = raster(tmp_path / "l.tif", values)
    people = raster(tmp_path / "p.tif", np.ones((10, 10)))
    task = ElectrificationTask(light, people, threshold=33.0)
    result = compute_electrification(task, str(tmp_path / "m.tif"))
    assert result.curve["threshold"] == [2, 3, 5, 7, 10, 15, 20, 30, 33, 50, 70, 100]
    assert result.curve["people_lit"] == [99, 98, 96, 94, 91, 86, 81, 71, 68, 51, 31, 1]


@pytest.mark.parametrize("method", METHODS)
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(memory=st.sampled_from([1, 3]), threads=st.sampled_from([1, 3]))
def test_blocks_and_threads_change_no_digit(tmp_path, method, memory, threads):
    random = np.random.default_rng(4)
    tiles = {"tiled": True, "blockxsize": 64, "blockysize": 64}
    light = raster(
        tmp_path / "l.tif", random.lognormal(-1, 1.5, (140, 130)), cell=(200.0, -200.0), **tiles
    )
    people = raster(
        tmp_path / "p.tif", random.gamma(0.2, 30.0, (90, 100)), cell=(260.0, -260.0), **tiles
    )
    wkb = [polygon_wkb(star(LEFT + 8000, TOP - 9000, 7000)), polygon_wkb(star(LEFT, TOP, 9000))]
    crs = open_source(light.path).grid.crs
    task = ElectrificationTask(
        light,
        people,
        method,
        samples=np.array([(LEFT + 100, TOP - 100), (LEFT + 300, TOP - 100)]),
        sample_crs=crs,
        sample_lit=np.array([True, False]),
        zones=Zones(["a", "b"], wkb, crs, "all"),
    )
    out = str(tmp_path / "m.tif")
    whole = compute_electrification(task, out)
    first = read(out)
    parts = compute_electrification(task, out, workers=Workers(threads, memory))
    assert parts.columns == whole.columns
    assert parts.curve == whole.curve
    assert np.array_equal(read(out), first, equal_nan=True)


def test_refusals(tmp_path):
    light, people = inputs(tmp_path)
    out = str(tmp_path / "m.tif")
    away = raster(tmp_path / "away.tif", PEOPLE, origin=(0.0, 0.0))
    with pytest.raises(GridError, match="away does not overlap light"):
        compute_electrification(ElectrificationTask(light, away), out)
    nobody = raster(tmp_path / "nobody.tif", np.zeros((4, 4)))
    with pytest.raises(InputError, match="nobody has no people inside the zones"):
        compute_electrification(ElectrificationTask(light, nobody), out)
    for key in ("method", "population_kind", "light_nodata"):
        with pytest.raises(InputError, match="“x” is not one of"):
            compute_electrification(ElectrificationTask(light, people, **{key: "x"}), out)


def test_dark_everywhere_and_one_cell(tmp_path):
    light, people = inputs(tmp_path, np.zeros((2, 2), dtype=np.float32))
    result = compute_electrification(ElectrificationTask(light, people), str(tmp_path / "m.tif"))
    assert result.share == 0.0
    assert result.curve["threshold"] == [0.5]
    one = raster(tmp_path / "one.tif", np.array([[63]], dtype=np.uint8), cell=(400.0, -400.0))
    result = compute_electrification(
        ElectrificationTask(one, people, "contrast"), str(tmp_path / "m.tif")
    )
    assert result.share == 100.0


def test_cancel_leaves_nothing(tmp_path):
    light, people = inputs(tmp_path)
    with pytest.raises(Cancelled):
        compute_electrification(
            ElectrificationTask(light, people),
            str(tmp_path / "m.tif"),
            progress=Progress(is_cancelled=lambda: True),
        )
    assert not list(tmp_path.glob("m.tif*"))
