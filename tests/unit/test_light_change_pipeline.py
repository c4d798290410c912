"""Change of night light from rasters to rasters and tables."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVER_NAMES, box, polygon_wkb, write_raster

from dbar_qgis_plugin.errors import Cancelled, GridError, InputError
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light import light_normalisation
from dbar_qgis_plugin.pipelines.night_light.light_change import (
    LightChangeTask,
    LightScene,
    compute_light_change,
)
from dbar_qgis_plugin.pipelines.night_light.light_zones import Zones
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.workers import Workers

ND = -9999.0
WEST, NORTH, CELL = 600_000.0, 1_200_000.0, 100.0
# Cells of figures worked out by hand, lit from 10 on and changed by more than 30 %; the last two
# are without data on one date.
BEFORE = [[2.0, 100.0, 100.0, 50.0], [20.0, 2.0, ND, 30.0]]
AFTER = [[1.0, 5.0, 60.0, 55.0], [40.0, 12.0, 9.0, ND]]
HAND = {"normalise": "none", "lit_from": 10.0}


@pytest.fixture
def raster(tmp_path):
    def write(name, values, **options):
        options.setdefault("nodata", ND)
        values = np.asarray(values, dtype=options.pop("dtype", np.float32))
        return RasterInput(write_raster(tmp_path / f"{name}.tif", values, **options), name=name)

    return write


@pytest.fixture
def change(tmp_path):
    def run(before, after, **options):
        keywords = {key: options.pop(key) for key in ("workers", "progress") if key in options}
        scene = after if isinstance(after, LightScene) else LightScene(after)
        paths = [str(tmp_path / name) for name in ("light.tif", "classes.tif")]
        result = compute_light_change(LightChangeTask(before, scene, **options), *paths, **keywords)
        light, classes = map(rasterio.open, paths)
        return result, light.read(), classes.read(), light, classes

    return run


def row(result, place=-1):
    return {name: values[place] for name, values in result.columns.items()}


def towns(seed=1, size=80, changed=0.2, noise=0.01):
    """Light before, and after with another gain and offset and a fifth of the lit cells changed."""
    rng = np.random.default_rng(seed)
    before = np.where(rng.random((size, size)) < 0.4, rng.lognormal(3.0, 0.7, (size, size)), 0.5)
    after = (before - 2.0) / 1.4 + rng.normal(0.0, noise, before.shape)
    where = (rng.random(before.shape) < changed) & (before > 5.0)
    after[where] *= rng.choice([0.3, 3.0], np.count_nonzero(where))
    return before, after, where


# -- figures


def test_figures_worked_out_by_hand(raster, change):
    result, light, classes, dataset, class_dataset = change(
        raster("before", BEFORE), raster("after", AFTER), **HAND
    )
    assert dataset.descriptions == ("before", "after_normalised", "difference", "ratio")
    assert (dataset.dtypes[0], dataset.nodata) == ("float32", ND)
    assert class_dataset.descriptions == ("change",)
    assert (class_dataset.dtypes[0], class_dataset.nodata) == ("uint8", 255)
    # dark, lost, dimmed, stable; brightened, new, without data twice
    np.testing.assert_array_equal(classes[0], [[0, 1, 2, 3], [4, 5, 255, 255]])
    np.testing.assert_array_equal(light[0], [[2, 100, 100, 50], [20, 2, ND, ND]])
    np.testing.assert_array_equal(light[1], [[1, 5, 60, 55], [40, 12, ND, ND]])
    np.testing.assert_array_equal(light[2], [[-1, -95, -40, 5], [20, 10, ND, ND]])
    np.testing.assert_allclose(light[3], [[ND, -0.95, -0.4, 0.1], [1, ND, ND, ND]], rtol=1e-6)
    found = row(result)
    assert (found["cells"], found["nodata_cells"], found["flags"]) == (6, 2, "")
    for name in ("dark", "lost", "dimmed", "stable", "brightened", "new"):
        assert found[f"{name}_cells"] == 1
        assert found[f"{name}_km2"] == pytest.approx(0.01, rel=2e-3)
    # Of the cells lit at either date: 100 + 100 + 50 + 20 + 2, and 5 + 60 + 55 + 40 + 12.
    assert (found["light_before"], found["light_after"]) == (272.0, 172.0)
    assert found["change_pct"] == pytest.approx(100 * -100 / 272)
    assert "people" not in found


def test_the_share_of_change_is_a_parameter(raster, change):
    _, _, classes, *_ = change(raster("before", BEFORE), raster("after", AFTER), **HAND, change=0.5)
    np.testing.assert_array_equal(classes[0], [[0, 1, 3, 3], [4, 5, 255, 255]])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_typed_threshold_is_reached_by_the_same_number(raster, change, dtype):
    files = (
        raster("before", [[0.7, 0.1]], dtype=dtype),
        raster("after", [[0.1, 0.7]], dtype=dtype),
    )
    _, light, classes, *_ = change(*files, normalise="none", lit_from=0.7)
    np.testing.assert_array_equal(classes[0], [[1, 5]])
    np.testing.assert_allclose(light[3], [[-6 / 7, ND]], rtol=1e-6)


def test_people_without_light(raster, change):
    people = raster("people", [[10.0, 0.25, 3.0, 6.0], [0.5, ND, 7.0, 8.0]])
    result, *_ = change(raster("before", BEFORE), raster("after", AFTER), **HAND, population=people)
    found = row(result)
    assert found["people"] == pytest.approx(19.75, abs=1e-9)
    assert found["people_no_light_data"] == pytest.approx(15.0, abs=1e-9)
    assert found["outage_people"] == pytest.approx(3.25, abs=1e-9)
    assert found["outage_pct"] == pytest.approx(100 * 3.25 / 19.75, rel=1e-9)


def test_finer_people_are_summed_and_negative_ones_left_out(raster, change):
    fine = np.full((4, 8), 0.125)
    fine[2:, :2] = -1.0  # in the brightened cell
    people = raster("people", fine, cell=(CELL / 2, -CELL / 2))
    result, *_ = change(raster("before", BEFORE), raster("after", AFTER), **HAND, population=people)
    found = row(result)
    assert found["people"] == pytest.approx(5 * 0.5)
    assert found["outage_pct"] == pytest.approx(40.0)
    assert [str(line) for line in result.warnings] == [
        "people: 1 cells hold fewer than 0 persons; left out."
    ]


def test_zones(raster, change):
    crs = get_driver().wkt("EPSG:32618")

    def cells(col, wide):
        left = WEST + CELL * col
        return polygon_wkb(box(left, NORTH - 2 * CELL, left + wide * CELL, NORTH))

    zones = Zones(
        ("West", "East", "Away", "No shape"),
        (cells(0, 2), cells(2, 2), cells(90, 2), None),
        crs,
        "All",
    )
    result, *_ = change(raster("before", BEFORE), raster("after", AFTER), **HAND, zones=zones)
    columns = result.columns
    assert columns["zone"] == ["West", "East", "Away", "No shape", "All"]
    assert columns["flags"] == ["", "", "OUTSIDE", "NO_GEOMETRY", ""]
    assert columns["lost_cells"] == [1, 0, 0, 0, 1]
    assert columns["dimmed_cells"] == [0, 1, 0, 0, 1]
    assert columns["light_before"] == [122.0, 150.0, 0.0, 0.0, 272.0]
    assert columns["change_pct"][0] == pytest.approx(100 * (57 - 122) / 122)
    assert columns["change_pct"][2:4] == [None, None]
    assert [str(line) for line in result.warnings] == [
        "Zones without a geometry (1): No shape",
        "Zones outside the raster (1): Away",
    ]


def test_a_zone_without_light(raster, change):
    before, after = np.full((4, 8), 1.0), np.full((4, 8), 2.0)
    before[:, :4] = after[:, :4] = 50.0
    west, dark = (
        polygon_wkb(box(WEST + left, NORTH - 400, WEST + left + 400, NORTH)) for left in (0, 400)
    )
    zones = Zones(("Lit", "Dark"), (west, dark), get_driver().wkt("EPSG:32618"), "All")
    result, *_ = change(raster("before", before), raster("after", after), **HAND, zones=zones)
    assert result.columns["dark_cells"] == [0, 16, 16]
    assert result.columns["change_pct"] == [0.0, None, 0.0]
    assert result.columns["flags"] == ["", "", ""]


# -- normalisation


def test_a_planted_gain_and_offset_are_found(raster, change):
    before, after, where = towns()
    result, light, classes, dataset, class_dataset = change(
        raster("before", before), raster("after", after), lit_from=5.0, lit_from_after=2.0
    )
    assert result.line.slopes == pytest.approx([1.4], rel=0.01)
    assert result.line.offset == pytest.approx(2.0, rel=0.01)
    assert class_dataset.descriptions == ("change", "pseudo_invariant")
    lit = before >= result.lit_from
    np.testing.assert_allclose(light[1][~where], before[~where], rtol=0.01, atol=0.1)
    stable = classes[1] == 1
    assert not stable[~lit].any()
    assert stable[where].mean() < 0.01
    assert stable[lit & ~where].mean() > 0.85
    assert set(np.unique(classes[0][lit & where])) <= {1, 2, 4}
    assert (classes[0][lit & ~where] == 3).all()
    told = json.loads(dataset.tags()["DBAR_NORMALISATION"])
    assert told["method"] == "pif"
    assert told["slopes"] == pytest.approx(result.line.slopes.tolist())
    assert told["stable_cells"] == result.line.cells == np.count_nonzero(stable)
    assert float(dataset.tags()["DBAR_THRESHOLD"]) == pytest.approx(result.lit_from)
    note = next(str(line) for line in result.notes if "normalised =" in str(line))
    assert note.startswith("after: normalised = ")
    assert f"{result.line.cells} stable of {result.line.candidates} cells" in note
    assert result.warnings == ()


def test_thresholds_are_found_where_none_is_typed(raster, change):
    before, after, _ = towns()
    result, _, classes, *_ = change(raster("before", before), raster("after", after))
    assert 1.0 < result.lit_from < np.median(before[before > 1.0])
    assert result.line.slopes == pytest.approx([1.4], rel=0.01)
    assert result.line.offset == pytest.approx(2.0, rel=0.01)
    np.testing.assert_array_equal((classes[0] == 0) & (before > result.lit_from), False)


def test_what_is_dark_after_is_not_lit_for_the_offset(raster, change):
    before, after, _ = towns(changed=0.0)
    before[before < 5.0], after[after < 3.0] = 0.0, 0.0
    result, light, classes, *_ = change(
        raster("before", before), raster("after", after), lit_from=1.5, lit_from_after=2.0
    )
    dark = before == 0.0
    # The line lifts the dark above the threshold, but the line is that of lit cells.
    assert (light[1][dark] > result.lit_from).all()
    assert (classes[0][dark] == 0).all()


def test_saturated_cells_do_not_bend_the_line(raster, change):
    before, after, _ = towns(changed=0.0)
    before[:20] = 400.0  # a bright core, cut off at what the sensor can hold before
    after[:20] = np.random.default_rng(2).uniform(250.0, 500.0, after[:20].shape)
    files = raster("before", before), raster("after", after)
    bent, *_ = change(*files, lit_from=5.0, lit_from_after=3.0)
    clean, _, classes, *_ = change(*files, lit_from=5.0, lit_from_after=3.0, saturated=400.0)
    assert clean.line.slopes == pytest.approx([1.4], rel=0.01)
    assert not classes[1, :20].any()
    assert clean.line.candidates < bent.line.candidates
    after_only, *_ = change(*files, lit_from=5.0, lit_from_after=3.0, saturated_after=250.0)
    assert after_only.line.candidates == clean.line.candidates


def test_three_bands_of_another_sensor_on_another_grid(raster, change):
    rng = np.random.default_rng(7)
    fine = rng.lognormal(2.5, 0.6, (3, 120, 120))
    coarse = fine.reshape(3, 60, 2, 60, 2).mean(axis=(2, 4))
    before = 1.0 + np.tensordot([0.3, 0.5, 0.1], coarse, axes=1)
    before[:10] *= 0.2
    names = ("red", "green", "blue")
    after = raster("after", fine, cell=(CELL / 2, -CELL / 2), descriptions=names)
    result, light, *_ = change(
        raster("before", before), LightScene(after, (1, 2, 3)), lit_from=0.1, lit_from_after=0.1
    )
    np.testing.assert_allclose(result.line.slopes, [0.3, 0.5, 0.1], rtol=0.01)
    np.testing.assert_allclose(light[1][10:], before[10:], rtol=0.01)
    said = "\n".join(map(str, result.notes))
    assert "after is resampled to the reference grid (average)." in said
    assert "× red + " in said


def test_the_same_raster_twice(raster, change):
    before = raster("before", towns()[0])
    result, light, classes, *_ = change(before, before)
    assert result.line.slopes == pytest.approx([1.0], rel=1e-7)
    assert result.line.offset == pytest.approx(0.0, abs=1e-5)
    lit = light[0] >= result.lit_from
    np.testing.assert_array_equal(classes[0], np.where(lit, 3, 0))
    np.testing.assert_array_equal(classes[1], lit)
    np.testing.assert_allclose(light[2], 0.0, atol=1e-4)
    assert [str(line) for line in result.warnings] == [
        "before is both before and after: nothing can have changed."
    ]


def test_nan_edges_and_small_negatives(raster, change):
    before, after, _ = towns()
    before[:5], after[:, -5:] = np.nan, np.nan
    before[10], after[11] = -0.15, -0.2
    result, light, classes, *_ = change(
        raster("before", before, nodata=None), raster("after", after, nodata=None)
    )
    known = np.isfinite(before) & np.isfinite(after)
    assert row(result)["cells"] == np.count_nonzero(known)
    np.testing.assert_array_equal(light[0] == ND, ~known)
    np.testing.assert_array_equal(classes[0] == 255, ~known)
    np.testing.assert_array_equal(classes[1] == 255, ~known)
    assert light[0, 10, :-5] == pytest.approx(-0.15)


# -- the baseline


def test_z_scores_against_numpy(raster, change):
    rng = np.random.default_rng(8)
    before = rng.lognormal(3.0, 0.5, (40, 40))
    gains = [1.0, 0.5, 2.0, 1.25]
    usual = [before * rng.normal(1.0, 0.05, before.shape) / gain for gain in gains]
    usual[0][3, 3] = usual[1][3, 3] = np.nan
    after = before * 1.0
    after[0, :20], after[1, :20] = 0.1 * before[0, :20], 4.0 * before[1, :20]
    baseline = tuple(
        LightScene(raster(f"usual_{place}", values, nodata=None))
        for place, values in enumerate(usual)
    )
    files = raster("before", before), raster("after", after)
    options = {"baseline": baseline, "lit_from": 0.1, "lit_from_after": 0.01}
    result, light, classes, dataset, class_dataset = change(*files, **options)
    assert dataset.descriptions[-1] == "z"
    assert class_dataset.descriptions == ("change", "pseudo_invariant", "unusual")
    scaled = np.stack([values * gain for values, gain in zip(usual, gains, strict=True)])
    expected = (after - scaled.mean(axis=0)) / (scaled.std(axis=0) + 1e-6)
    known = np.isfinite(expected)
    # The lines are found, so near the planted ones; the exact case has no normalisation.
    assert np.median(np.abs(light[4][known] - expected[known])) < 0.1
    assert np.corrcoef(light[4][known], expected[known])[0, 1] > 0.95
    assert light[4, 3, 3] == ND
    assert classes[2, 3, 3] == 255
    assert (classes[2, 0, :20] == 1).all()
    assert (classes[2, 1, :20] == 2).all()
    assert row(result)["unusually_dark_cells"] == np.count_nonzero(classes[2] == 1)
    assert row(result)["unusually_bright_km2"] == pytest.approx(
        0.01 * np.count_nonzero(classes[2] == 2), rel=2e-3
    )
    wide, *_, _ = change(*files, **options, unusual=1e6)
    assert row(wide)["unusually_dark_cells"] == 0


def test_z_scores_without_normalisation_equal_numpy(raster, change):
    rng = np.random.default_rng(9)
    usual = rng.normal(20.0, 3.0, (5, 6, 7)).astype(np.float32)
    before, after = (rng.normal(20.0, 3.0, (6, 7)).astype(np.float32) for _ in range(2))
    stack = raster("usual", usual)
    baseline = tuple(LightScene(stack, (band,)) for band in range(1, 6))
    _, light, *_ = change(
        raster("before", before), raster("after", after), baseline=baseline, **HAND
    )
    scenes = usual.astype(np.float64)
    # The epsilon is a millionth of the lit threshold, 10.
    expected = (after - scenes.mean(axis=0)) / (scenes.std(axis=0) + 1e-5)
    np.testing.assert_allclose(light[4], expected, rtol=1e-5)


# -- what does not matter


def test_blocks_threads_and_driver_do_not_matter(raster, change, monkeypatch):
    before, after, _ = towns(size=96)
    options = {"tiled": True, "blockxsize": 32, "blockysize": 32}
    files = raster("before", before, **options), raster("after", after, **options)
    people = raster("people", np.random.default_rng(3).random((96, 96)))
    monkeypatch.setattr(light_normalisation, "_SAMPLE", 4000)
    found = []
    monkeypatch.setattr("dbar_qgis_plugin.raster_io.source._CELLS_PER_TILE", 1)
    runs = ("rasterio", 1, 1 << 20), ("rasterio", 3, 1), (DRIVER_NAMES[-1], 2, 3000)
    for name, threads, cells in runs:
        monkeypatch.setattr("dbar_qgis_plugin.raster_io.blocks._CELLS_PER_BLOCK", cells)
        for module in ("source", "sink"):
            monkeypatch.setattr(
                f"dbar_qgis_plugin.raster_io.{module}.get_driver",
                lambda chosen="", name=name: get_driver(chosen or name),
            )
        monkeypatch.setattr(
            "dbar_qgis_plugin.raster_io.source.driver_name_of", lambda _path, name=name: name
        )
        workers = Workers(threads=threads)
        found.append(change(*files, population=people, workers=workers)[:3])
    for result, light, classes in found[1:]:
        assert result.columns == found[0][0].columns
        assert result.line.offset == found[0][0].line.offset
        assert result.line.candidates < np.count_nonzero(before > 5.0)  # a sample
        np.testing.assert_array_equal(light, found[0][1])
        np.testing.assert_array_equal(classes, found[0][2])


# -- refusals


def refusal(change, *files, kind=InputError, **options):
    with pytest.raises(kind) as caught:
        change(*files, **options)
    return str(caught.value)


def test_nothing_lit(raster, change):
    lit, dark = raster("lit", towns()[0]), raster("dark", np.zeros((80, 80)))
    assert refusal(change, lit, dark) == (
        "dark has no cell above 0 where both rasters have data: nothing is lit. "
        "Choose another raster."
    )
    assert refusal(change, dark, lit).startswith("dark has no cell above 0")


def test_too_few_cells_lit_in_both(raster, change):
    values = np.full((20, 20), 1.0)
    first, second = values.copy(), values.copy()
    first[0], second[:, 0] = np.arange(20) + 50.0, np.arange(20) + 50.0
    said = refusal(
        change, raster("first", first), raster("second", second), lit_from=10.0, lit_from_after=10.0
    )
    assert said == (
        "Only 1 cells are lit, and not saturated, in both first (from 10 on: 20 cells) and second "
        "(from 10 on: 20 cells); normalising takes at least 20. Lower the thresholds, check that "
        "both show the same region, or do not normalise."
    )


def test_no_line(raster, change):
    flat = np.full((20, 20), 40.0)
    varied = np.linspace(20.0, 90.0, 400).reshape(20, 20)
    options = {"lit_from": 1.0, "lit_from_after": 1.0}
    said = refusal(change, raster("varied", varied), raster("flat", flat), **options)
    assert said.startswith("The 400 cells lit in both varied and flat determine no line")
    said = refusal(change, raster("varied", varied), raster("other", 110.0 - varied), **options)
    assert said.startswith("varied is darker where other is brighter (slope -1)")


def test_no_overlap_and_nothing_in_common(raster, change):
    light = towns()[0]
    before, away = raster("before", light), raster("away", light, origin=(700_000.0, NORTH))
    said = refusal(change, before, away, kind=GridError)
    assert said.startswith("away does not overlap the reference raster.")
    said = refusal(change, before, before, kind=GridError, population=away)
    assert said.startswith("away does not overlap the reference raster.")
    halves = np.full((2, 80, 80), np.nan)
    halves[0, :, :40], halves[1, :, 40:] = light[:, :40], light[:, 40:]
    said = refusal(change, raster("west", halves[0]), raster("east", halves[1]))
    assert said.startswith("east and west have no cell in which both have data, or none in the")
    files = raster("west", halves[0]), raster("east", halves[1])
    assert refusal(change, *files, **HAND) == said


def test_a_baseline_takes_three_scenes(raster, change):
    before = raster("before", towns()[0])
    said = refusal(change, before, before, baseline=(LightScene(before),) * 2)
    assert said == (
        "BASELINE: z-scores take at least 3 scenes; there are 2. Add scenes, or leave it empty."
    )


@pytest.mark.parametrize(
    ("options", "start"),
    [
        ({"normalise": "rank"}, "“rank” is not one of pif, none."),
        ({"lit_from": 0.0}, "Cells cannot be lit from 0 on"),
        ({"lit_from_after": -1.0}, "Cells cannot be lit from -1 on"),
    ],
)
def test_options_that_do_not_fit(raster, change, options, start):
    before = raster("before", BEFORE)
    assert refusal(change, before, before, **options).startswith(start)


def test_several_bands_need_the_normalisation(raster, change):
    bands = raster("bands", [BEFORE, AFTER])
    said = refusal(change, bands, LightScene(bands, (1, 2)), **HAND)
    assert said.startswith("Several bands are weighted to give the light before")
    said = refusal(change, bands, LightScene(bands, (1, 3)))
    assert said == "bands has 2 bands; band 1, 3 was asked for."


def test_a_refused_or_cancelled_run_leaves_nothing(raster, change, tmp_path):
    files = raster("before", BEFORE), raster("after", AFTER)
    refusal(change, *files)
    steps = iter([False])  # the rasters are begun, and then the user stops
    with pytest.raises(Cancelled):
        change(*files, **HAND, progress=Progress(is_cancelled=lambda: next(steps, True)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["after.tif", "before.tif"]


# -- warnings


def unit_raster(raster, name, values, unit):
    made = raster(name, values)
    with rasterio.open(made.path, "r+") as dataset:
        dataset.update_tags(DBAR_CALIBRATION=json.dumps({"unit": unit}))
    return made


def test_mixed_units(raster, change):
    before, after, _ = towns()
    first = unit_raster(raster, "first", before, "nW cm-2 sr-1")
    second = unit_raster(raster, "second", after, "W m-2 sr-1 um-1")
    result, *_ = change(first, second, normalise="none")
    assert [str(line) for line in result.warnings] == [
        "first and second hold different quantities (nW cm-2 sr-1 and W m-2 sr-1 um-1), which "
        "cannot be compared as they are. Normalise them, or calibrate both alike."
    ]
    # The line makes one of the other; the result is of the unit before.
    result, *_, light, _ = change(first, second)
    assert result.warnings == ()
    assert json.loads(light.tags()["DBAR_CALIBRATION"])["unit"] == "nW cm-2 sr-1"


def test_a_weak_line_and_exchanged_dates_are_told(raster, change):
    rng = np.random.default_rng(10)
    common = rng.lognormal(3.0, 0.3, (50, 50))
    early, late = (common * rng.lognormal(0.0, 0.6, common.shape) for _ in range(2))
    files = raster("light_20210301", late), raster("light_20200301", early)
    result, *_, light, _ = change(*files, lit_from=1.0, lit_from_after=1.0)
    said = [str(line) for line in result.warnings]
    assert any("light_20200301: the line is weak" in line for line in said)
    assert (
        "light_20210301 (2021-03-01) is later than light_20200301 (2020-03-01): losses and gains "
        "are exchanged. Check which is which." in said
    )
    assert light.tags()["DBAR_DATE"] == "2020-03-01"
    assert light.tags()["DBAR_DATE_BEFORE"] == "2021-03-01"


def test_light_lost_nearly_everywhere_may_be_clouds(raster, change):
    before = np.full((4, 4), 50.0)
    after = np.where(np.arange(16).reshape(4, 4) < 9, 0.0, 50.0)
    result, *_ = change(raster("before", before), raster("after", after), **HAND)
    assert [str(line) for line in result.warnings] == [
        "56 % of the cells lit before have lost their light. If after holds 0 where nothing was "
        "seen, as under clouds, give these cells no data first."
    ]
    after[2, 0] = 50.0
    result, *_ = change(raster("before", before), raster("after", after), **HAND)
    assert result.warnings == ()


def test_a_task_is_a_value():
    scene = LightScene(RasterInput("after.tif"))
    task = LightChangeTask(RasterInput("before.tif"), scene)
    assert replace(task) == task
