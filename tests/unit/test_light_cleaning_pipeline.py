"""Cleaning of whole rasters: planted noise and stripes, the panchromatic guide, bad input."""

from __future__ import annotations

import json

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVERS, write_raster
from scipy import ndimage
from sdgsat_fixtures import write_scene

from dbar_qgis_plugin.errors import Cancelled, GridError, InputError
from dbar_qgis_plugin.kernels.light_cleaning import Change
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light import light_cleaning, light_guide, light_stripes
from dbar_qgis_plugin.pipelines.night_light.light_cleaning import (
    LightCleaningTask,
    check_light_cleaning,
    clean_light,
)
from dbar_qgis_plugin.pipelines.night_light.light_guide import Guide, bright_cells
from dbar_qgis_plugin.pipelines.night_light.light_levels import worked
from dbar_qgis_plugin.raster_io import blocks
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers

D, L, STRIPE, DEFECT, STRAY, DIM, NO_PAN, ONE, SMALL = range(9)


def raster(path, values, dtype="uint16", **options) -> RasterInput:
    return RasterInput(write_raster(path, np.asarray(values, dtype), **options), name=path.stem)


def cleaned(tmp_path, task, **options):
    """Result, cleaned bands, changes."""
    out, change = tmp_path / "clean.tif", tmp_path / "change.tif"
    result = clean_light(task, str(out), str(change), **options)
    with rasterio.open(out) as first, rasterio.open(change) as second:
        assert second.nodata == 255
        assert second.descriptions == ("change",)
        return result, first.read(), second.read(1)


def plain(light, **options) -> LightCleaningTask:
    """A task that does nothing but what is asked for."""
    return LightCleaningTask(light, **{"rule": "none", "fewest_cells": 0, **options})


# -- each step by hand


def test_light_in_one_band_is_noise(tmp_path):
    values = np.ones((3, 4, 5))
    values[0, 0, 0] = 50  # one band
    values[:2, 1, 1] = 60  # two
    values[:, 2, 2] = 4095  # three, saturated
    values[:, 3, 4] = 0  # no data
    task = plain(raster(tmp_path / "a.tif", values, nodata=0), rule="two_bands")
    result, found, change = cleaned(tmp_path, task)
    expected = values.copy()
    expected[0, 0, 0] = 1
    assert found.tolist() == expected.tolist()
    assert (change[0, 0], change[1, 1], change[2, 2], change[3, 4]) == (ONE, L, L, 255)
    assert result.cells.tolist() == [16, 2, 0, 0, 0, 0, 0, 1, 0]
    assert result.without_data == 1
    assert result.kept_share == pytest.approx(2 / 3)
    assert [level.background for level in result.levels] == [1, 1, 1]


def test_small_groups_go_in_each_band_apart(tmp_path):
    values = np.full((3, 6, 7), 7)
    values[:, 1, 1:5] = 20  # four in a row
    values[0, 4, 4:6] = 30  # two, in two bands
    values[1, 4, 4:6] = 30
    values[2, 2, 1] = 40  # beneath the row: in blue a fifth
    task = LightCleaningTask(raster(tmp_path / "a.tif", values), fewest_cells=4, rule="none")
    _, found, change = cleaned(tmp_path, task)
    expected = values.copy()
    expected[:2, 4, 4:6] = 7
    assert found.tolist() == expected.tolist()
    assert change[4, 4:6].tolist() == [SMALL, SMALL]
    assert change[1, 1:5].tolist() == [L] * 4
    assert change[2, 1] == L


def test_the_automatic_rule(tmp_path):
    one = raster(tmp_path / "one.tif", [[1, 1, 1, 9]])
    three = raster(tmp_path / "three.tif", [[[1, 1, 9]], [[1, 1, 1]], [[1, 1, 1]]])
    assert cleaned(tmp_path, LightCleaningTask(one, fewest_cells=0))[0].rule == "none"
    assert cleaned(tmp_path, LightCleaningTask(three, fewest_cells=0))[0].rule == "two_bands"
    guided = LightCleaningTask(three, three, fewest_cells=0)
    assert cleaned(tmp_path, guided)[0].rule == "panchromatic"


@pytest.mark.parametrize("fill", ["median", "percentile75"])
@pytest.mark.parametrize("nodata", [None, 0])
def test_two_stripes_are_restored_exactly(tmp_path, fill, nodata):
    values = np.full((3, 128, 128), 7)
    values[:, [45, 90], 8:-8] = 0
    light = raster(tmp_path / "a.tif", values, nodata=nodata)
    task = LightCleaningTask(light, stripes=True, stripe_fill=fill)
    result, found, change = cleaned(tmp_path, task)
    assert (found == 7).all()
    assert (change[[45, 90], 8:-8] == STRIPE).all()
    assert result.cells.tolist() == [128 * 128 - 224, 0, 224, 0, 0, 0, 0, 0, 0]
    # Found in each band.
    assert result.stripes == 6


def test_stripes_through_light_and_out_of_the_image(tmp_path):
    rng = np.random.default_rng(5)
    values = np.ones((3, 160, 300), dtype=np.uint16)
    rows, cols = np.mgrid[:160, :300]
    lamps = 200 * np.exp(-((rows - 80) ** 2 + (cols - 150) ** 2) / 200.0)
    values += np.rint(lamps).astype(np.uint16)
    whole = values.copy()
    inside = np.abs(cols - 150 - 0.2 * (rows - 80)) < 120  # askew, as a swath
    values[:, ~inside] = 0
    odd = inside[80] & (rng.random(300) < 0.9)
    values[:, 80, odd] = 0
    light = raster(tmp_path / "a.tif", values, nodata=0)
    task = LightCleaningTask(light, stripes=True, rule="none", fewest_cells=0)
    _, found, change = cleaned(tmp_path, task)
    assert (found[:, ~inside] == 0).all()
    assert (change[~inside] == 255).all()
    in_stripe = change == STRIPE
    assert set(np.nonzero(in_stripe)[0]) == {80}
    # Filled by neighbours: near the lamp's middle to a tenth of its light.
    error = np.abs(found.astype(int) - whole)[:, inside]
    assert error.max() <= 15


def test_below_the_background_is_dark_in_all_bands(tmp_path):
    values = np.full((3, 5, 5), 7)
    values[:, 2, 2] = (40, 50, 3)
    light = raster(tmp_path / "a.tif", values)
    _, found, change = cleaned(tmp_path, plain(light, stripes=True))
    assert (found == 7).all()
    assert change[2, 2] == DEFECT
    # Without the step such a cell is as it was.
    _, found, _ = cleaned(tmp_path, plain(light))
    assert found[:, 2, 2].tolist() == [40, 50, 3]


def test_dark_cut_by_hand(tmp_path):
    # Mode 2, median 3: a 3 stays, nothing lies between.
    values = np.array([[2, 2, 2, 3, 4, 5, 6]])
    light = raster(tmp_path / "a.tif", values)
    _, found, change = cleaned(tmp_path, plain(light, dark_cut=True))
    assert found[0].tolist() == values.tolist()
    # Mode 2, median 4.
    values = np.array([[2, 2, 3, 4, 5, 6, 7]])
    light = raster(tmp_path / "b.tif", values)
    _, found, change = cleaned(tmp_path, plain(light, dark_cut=True))
    assert found[0].tolist() == [[2, 2, 2, 4, 5, 6, 7]]
    assert change.tolist() == [[D, D, DIM, L, L, L, L]]


def test_a_margin_above_the_background(tmp_path):
    values = np.array([[1] * 20 + [2, 3, 9]])
    light = raster(tmp_path / "a.tif", values)
    # Spread of rounding 0.2887: 4 spreads are 1.15, so 2 is dark and 3 is light.
    _, found, change = cleaned(tmp_path, plain(light, margin=4.0, background="mask"))
    assert change[0, -3:].tolist() == [D, L, L]
    assert found[0, 0, -3:].tolist() == [65535, 3, 9]
    assert (found[0, 0, :-3] == 65535).all()


@pytest.mark.parametrize(
    ("background", "nodata", "expected"),
    [
        ("keep", 0, [7, 7, 0, 20]),
        ("subtract", 0, [0, 0, 65535, 13]),
        ("mask", 0, [0, 0, 0, 20]),
        ("subtract", 9, [0, 0, 9, 13]),
    ],
)
def test_what_becomes_of_dark_cells(tmp_path, background, nodata, expected):
    values = np.array([[7, 6, nodata, 20, 7, 7]])
    light = raster(tmp_path / "a.tif", values, nodata=nodata)
    _, found, change = cleaned(tmp_path, plain(light, background=background))
    if background == "keep":
        expected = [7, 6, 0, 20]
    assert found[0, 0, :4].tolist() == expected
    assert change[0, :4].tolist() == [D, D, 255, L]


def test_a_value_that_would_be_read_as_no_data(tmp_path):
    light = raster(tmp_path / "a.tif", [[0, 0, 0, 255]], "uint8")
    _, found, change = cleaned(tmp_path, plain(light))
    assert found[0].tolist() == [[0, 0, 0, 254]]
    assert change.tolist() == [[D, D, D, L]]


def test_stray_light_is_subtracted(tmp_path):
    # Cells of 100 m, squares of 10; the haze is 4 in the right half.
    values = np.ones((3, 20, 40))
    values[:, :, 20:] = 5
    values[:, 10, 5] = values[:, 10, 35] = 105
    light = raster(tmp_path / "a.tif", values, nodata=0)
    _, found, change = cleaned(tmp_path, plain(light, stray_km=1.0))
    assert (found[:, 10, 5] == 105).all()
    assert (found[:, 10, 35] == 101).all()
    assert (found[:, :, 25:].reshape(3, -1) > 1).sum() == 3
    assert change[0, 39] == STRAY
    assert (change[10, 35], change[0, 0]) == (L, D)


# -- the panchromatic guide


def use_driver(monkeypatch, driver):
    for module in (light_cleaning, light_guide):
        open_with = module.open_source
        monkeypatch.setattr(
            module,
            "open_source",
            lambda *a, open_with=open_with, **k: open_with(*a, **k, driver=driver),
        )


def finer(path, values, *, shift=(0, 0), cell=25.0, **options) -> RasterInput:
    """A raster on cells a quarter as wide, whose corner lies off by cells of its own."""
    origin = (600_000.0 + shift[1] * cell, 1_200_000.0 - shift[0] * cell)
    return raster(path, values, origin=origin, cell=(cell, -cell), **options)


def panchromatic(shape=(10, 12), background=2):
    return np.full((2, 4 * shape[0], 4 * shape[1]), background)


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("shift", [(0, 0), (0.5, 0.25), (-1, -2)])
def test_light_near_panchromatic_light_is_kept(tmp_path, monkeypatch, driver, shift):
    use_driver(monkeypatch, driver)
    values = np.ones((3, 10, 12))
    values[0] = np.where(np.add.outer(np.arange(10), np.arange(12)) % 2, 9, 1)
    values[0, 9] = 1  # so that most are dark
    pan = panchromatic()
    row, col = 18, 21  # of 100 m cells: row 4, column 5
    pan[1, row, col] = 30
    light = raster(tmp_path / "rgb.tif", values, nodata=0)
    guide = finer(tmp_path / "pan.tif", pan, shift=shift, nodata=0)
    _, found, change = cleaned(tmp_path, plain(light, panchromatic=guide, rule="panchromatic"))
    # Cells that the bright one overlaps, and one around them.
    down, right = (row + shift[0]) / 4, (col + shift[1]) / 4
    rows = slice(int(np.floor(down)) - 1, int(np.ceil(down + 0.25)) + 1)
    cols = slice(int(np.floor(right)) - 1, int(np.ceil(right + 0.25)) + 1)
    near = np.zeros((10, 12), dtype=bool)
    near[rows, cols] = True
    assert ((found[0] > 1) == ((values[0] > 1) & near)).all()
    lost = (values[0] > 1) & ~near
    # Where the guide does not reach, two bands are asked for, and only one is lit.
    assert np.isin(change[lost], (NO_PAN, ONE)).all()
    assert (change[2:8, 2:10][lost[2:8, 2:10]] == NO_PAN).all()


def test_beyond_the_guide_two_bands_decide(tmp_path):
    values = np.ones((3, 10, 12))
    values[:, 2, 10] = 50
    values[0, 7, 10] = 50
    light = raster(tmp_path / "rgb.tif", values, nodata=0)
    half = finer(tmp_path / "pan.tif", panchromatic((10, 6)), nodata=0)
    _, found, change = cleaned(tmp_path, plain(light, panchromatic=half, rule="panchromatic"))
    assert (change[2, 10], change[7, 10]) == (L, ONE)
    assert (found[:, 7, 10] == 1).all()


def test_the_guide_of_another_scene(tmp_path):
    values = np.ones((3, 40, 40))
    values[:, 5:20, 5:20] = 90
    pan = panchromatic((40, 40))
    pan[:, 100:150, 100:150] = 90
    light = raster(tmp_path / "rgb.tif", values, nodata=0)
    task = LightCleaningTask(light, finer(tmp_path / "pan.tif", pan, nodata=0))
    result, _, _ = cleaned(tmp_path, task)
    assert "Of 225 cells lit in two bands only 0 % are near panchromatic light" in str(
        result.warnings[0]
    )
    far = raster(tmp_path / "far.tif", pan, origin=(100_000.0, 500_000.0))
    with pytest.raises(GridError, match=r"far does not overlap rgb\. Choose the panchromatic"):
        check_light_cleaning(LightCleaningTask(light, far))


# -- planted noise: shares removed and kept


def test_the_guide_of_another_scene_by_name(tmp_path, scene):
    other = scene.pan["A"].name.replace("20220304", "20220401")
    guide = raster(tmp_path / other, panchromatic())
    task = LightCleaningTask(RasterInput(str(scene.rgb["A"]), name="rgb"), guide)
    with pytest.raises(
        InputError, match=r"is of the scene KX10_GIU_20220401_.*, rgb of KX10_GIU_2"
    ):
        check_light_cleaning(task)
    # The name goes on in the metadata of what is made of a scene.
    light = raster(tmp_path / "light.tif", np.ones((3, 10, 12)), nodata=0)
    with rasterio.open(light.path, "r+") as dataset:
        dataset.update_tags(DBAR_SCENE="KX10_GIU_20220304_E121.82_N31.56_202200100146_L4A")
    with pytest.raises(InputError, match="is of the scene KX10_GIU_20220401_"):
        check_light_cleaning(LightCleaningTask(light, guide))


@pytest.mark.parametrize("shift", [(0, 0), (1, 2), (2.5, -1.25), (-9.2, 30.3)])
@pytest.mark.parametrize("cell", [25.0, 30.0, 100.0])
def test_bright_cells_are_those_of_the_largest_value(tmp_path, shift, cell):
    rng = np.random.default_rng(9)
    light = open_source(raster(tmp_path / "rgb.tif", np.ones((20, 30)), nodata=0).path)
    pan = rng.integers(0, 60, (2, 70, 90))
    guide = finer(tmp_path / "pan.tif", pan, shift=shift, cell=cell, nodata=0)
    source = open_source(guide.path)
    found = bright_cells(Guide(worked(source), (55.0, 57.0)), light.grid, (3, 4), (14, 20))
    # Resampled by GDAL to the largest value of the cells that overlap.
    largest = source.on_grid(light.grid, "max").read(Window(3, 4, 14, 20))
    expected = (largest.values > np.array([55, 57])[:, None, None]) & largest.valid
    bright, known = found
    assert (bright[known] == expected.any(axis=0)[known]).all()
    assert not bright[~known].any()
    # GDAL goes on beyond the edge of the raster by part of a cell.
    assert (largest.valid.any(axis=0) | ~known).all()
    assert (~known & largest.valid.any(axis=0)).sum() <= 14


@pytest.mark.parametrize(
    "options", [{"cell": 125.0}, {"crs": "EPSG:32619", "origin": (-60_000.0, 1_205_000.0)}]
)
def test_a_guide_that_does_not_fit(tmp_path, options):
    light = raster(tmp_path / "rgb.tif", np.ones((3, 10, 12)), nodata=0)
    if "cell" in options:
        guide = finer(tmp_path / "pan.tif", panchromatic((10, 12)), **options)
    else:
        guide = raster(tmp_path / "pan.tif", panchromatic((20, 30)), **options)
    with pytest.raises(GridError, match="pan cannot guide rgb: both must be in one CRS"):
        check_light_cleaning(LightCleaningTask(light, guide))


@pytest.mark.parametrize("slope", [0.0, 0.05, -0.11])
def test_a_stripe_of_half_a_mosaic_is_found_up_to_the_seam(tmp_path, monkeypatch, slope):
    # Three panels; of the middle one 533 .. 1065 the stripes cross a third and a fifth.
    rng = np.random.default_rng(8)
    values = 7 + rng.poisson(0.02, (3, 300, 1600))
    cols = np.arange(1600)
    stripes = np.zeros((300, 1600), dtype=bool)
    for first, half in ((100, cols < 700), (130, cols >= 960)):
        rows = first + np.rint(slope * (cols - 800)).astype(int)
        stripes[rows[half], cols[half]] = True
    values[:, stripes] = 0
    task = plain(raster(tmp_path / "a.tif", values), stripes=True)
    _, found, change = cleaned(tmp_path, task)
    assert np.count_nonzero(stripes & (change != STRIPE)) <= 3
    # Nothing else is, but noise that touches it.
    near = ndimage.binary_dilation(stripes, np.ones((5, 5)))
    assert not ((change == STRIPE) & ~near).any()
    monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", 9000)
    monkeypatch.setattr(light_stripes, "_ROWS_AT_ONCE", 70)
    _, again, changed = cleaned(tmp_path, task, workers=Workers(threads=3, memory_mb=8))
    assert (again == found).all()
    assert (changed == change).all()


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """A scene of 300 x 220 cells with a stray value in 1 % of them, and its truth."""
    return write_scene(
        tmp_path_factory.mktemp("scene"),
        size=(300, 220),
        halves=("A",),
        salt_pepper=0.01,
        lights=20,
    )


def shares(scene, found):
    """Share of planted noise that is gone, and of light kept, of cells and of their sum."""
    with rasterio.open(scene.rgb["A"]) as dataset:
        noisy = dataset.read().astype(int)
    truth = scene.truth.astype(int)
    noise = (noisy != truth) & (noisy > 0)
    alone = noise & (truth == 1).all(axis=0)  # not on a lamp
    light = truth > 1
    removed = (found[alone] == 1).mean()
    kept = (found[light] > 1).mean()
    power = (np.minimum(found, truth)[light] - 1).sum() / (truth[light] - 1).sum()
    return removed, kept, power


def test_shares_of_the_two_band_rule(tmp_path, scene):
    task = LightCleaningTask(RasterInput(str(scene.rgb["A"])))
    _, found, _ = cleaned(tmp_path, task)
    removed, kept, power = shares(scene, found)
    assert removed > 0.995
    assert kept > 0.96
    assert power > 0.999


def test_shares_of_the_panchromatic_guide(tmp_path, scene):
    task = LightCleaningTask(RasterInput(str(scene.rgb["A"])), RasterInput(str(scene.pan["A"])))
    _, found, _ = cleaned(tmp_path, task)
    removed, kept, power = shares(scene, found)
    assert removed > 0.985
    assert kept > 0.999
    assert power > 0.9999


# -- blocks, threads, drivers


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("dtype", ["uint16", "float32"])
def test_blocks_threads_and_driver_change_nothing(tmp_path, monkeypatch, driver, dtype):
    rng = np.random.default_rng(6)
    values = rng.poisson(0.05, (3, 150, 140)) + 2
    rows, cols = np.mgrid[:150, :140]
    values += np.maximum(cols - 80, 0) // 12  # haze in the east
    for row, col in rng.integers(10, 130, (25, 2)):
        values[:, row - 3 : row + 3, col - 4 : col + 2] += rng.integers(5, 60)
    values[:, (rows + cols) < 40] = 0
    middle = 70 + np.rint(0.08 * cols[0]).astype(int)
    values[:, middle, cols[0]] = 0
    options = {"tiled": True, "blockxsize": 16, "blockysize": 32, "nodata": 0}
    scale = 1.0 if dtype == "uint16" else 0.013
    light = raster(tmp_path / "a.tif", values * scale, dtype, **options)
    pan = np.repeat(np.repeat(values[:2], 4, axis=1), 4, axis=2)
    guide = finer(tmp_path / "pan.tif", pan, shift=(0.5, 1.5), tiled=True, nodata=0)
    task = LightCleaningTask(
        light, guide, stripes=True, stray_km=1.5, dark_cut=True, margin=0.5, fewest_cells=6
    )
    expected, first, change = cleaned(tmp_path, task, workers=Workers(threads=1))
    assert set(np.unique(change)) >= {D, L, STRIPE, STRAY, NO_PAN, 255}
    assert expected.stripes >= 1
    monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", 900)
    use_driver(monkeypatch, driver)
    result, again, changed = cleaned(tmp_path, task, workers=Workers(threads=3, memory_mb=8))
    assert (again == first).all()
    assert (changed == change).all()
    assert (result.cells == expected.cells).all()
    assert result.levels == expected.levels


@pytest.mark.parametrize("seed", range(8))
def test_any_steps_in_any_blocks(tmp_path, monkeypatch, seed):
    rng = np.random.default_rng(seed)
    height, width = rng.integers(1, 120, 2)
    values = rng.poisson(0.1, (rng.integers(1, 5), height, width)) + rng.choice([1, 7])
    for _ in range(10):
        row, col = rng.integers(0, height), rng.integers(0, width)
        values[:, row : row + 5, col : col + rng.integers(1, 8)] += rng.integers(1, 90)
    values[:, height // 2, width // 8 :] = 0
    dtype = rng.choice(["uint8", "int16", "int32", "float64"])
    light = raster(tmp_path / "a.tif", values, dtype, nodata=rng.choice([None, 0]))
    pan = rng.poisson(0.05, (3, 4 * height + 9, 4 * width + 9)) + 1
    guide = finer(tmp_path / "p.tif", pan, shift=rng.uniform(-5, 5, 2), nodata=0)
    task = LightCleaningTask(
        light,
        guide if rng.random() < 0.6 else None,
        background=str(rng.choice(light_cleaning.BACKGROUNDS)),
        margin=float(rng.choice([0.0, 1.5])),
        reach=int(rng.integers(0, 4)),
        fewest_cells=int(rng.integers(0, 20)),
        dark_cut=bool(rng.random() < 0.5),
        stray_km=rng.choice([None, 0.6, 1.5]),
        stripes=bool(rng.random() < 0.7),
        stripe_half_width=int(rng.integers(0, 4)),
    )
    expected, first, change = cleaned(tmp_path, task, workers=Workers(threads=1))
    assert expected.cells.sum() + expected.without_data == height * width
    for cells, threads in ((200, 3), (1500, 2)):
        monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", cells)
        result, again, changed = cleaned(
            tmp_path, task, workers=Workers(threads=threads, memory_mb=8)
        )
        assert (again == first).all()
        assert (changed == change).all()
        assert (result.cells == expected.cells).all()


# -- input that is not as it should be


def test_one_band_all_background(tmp_path):
    values = np.ones((3, 12, 12))
    values[:2, 3:7, 3:7] = 40
    result, found, _ = cleaned(
        tmp_path, LightCleaningTask(raster(tmp_path / "a.tif", values, nodata=0))
    )
    assert (found == values).all()
    assert result.cells[L] == 16


def test_no_light_at_all(tmp_path):
    light = raster(tmp_path / "a.tif", np.ones((3, 9, 9)), nodata=0)
    result, found, change = cleaned(tmp_path, LightCleaningTask(light))
    assert (found == 1).all()
    assert (change == D).all()
    assert [str(text) for text in result.warnings] == ["No light is left."]
    assert np.isnan(result.kept_share)


def test_a_bright_cut_out_is_told(tmp_path):
    values = np.array([[5, 6, 7, 8, 90, 90, 90]])
    light = raster(tmp_path / "a.tif", values)
    result, _, _ = cleaned(tmp_path, plain(light))
    assert "57.1 % of the cells are darker than the most frequent value" in str(result.warnings[0])


def test_a_single_row(tmp_path):
    values = np.ones((3, 1, 60))
    values[:, 0, 10:25] = 30
    values[1, 0, 40] = 30
    light = raster(tmp_path / "a.tif", values, nodata=0)
    task = LightCleaningTask(light, stripes=True, stray_km=0.5, dark_cut=True)
    _, found, change = cleaned(tmp_path, task)
    assert change[0, 40] == ONE
    assert (found[:, 0, 40] == 1).all()


def test_floats_keep_small_negatives_and_gaps(tmp_path):
    values = np.full((20, 20), 0.25)
    values[0, 0], values[0, 1] = -0.1, np.nan
    values[5:10, 5:10] = 3.5
    light = raster(tmp_path / "a.tif", values, "float32")
    _, found, change = cleaned(tmp_path, LightCleaningTask(light))
    assert found[0, 0, 0] == np.float32(-0.1)
    assert found[0, 0, 1] == -9999
    assert (found[0, 5:10, 5:10] == 3.5).all()
    assert change[0, 1] == 255


def test_names_units_type_and_metadata_go_on(tmp_path):
    values = np.ones((3, 5, 5), dtype=np.uint16)
    path = write_raster(tmp_path / "a.tif", values, nodata=0, descriptions=("red", "green", "blue"))
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(DBAR_DATE="2022-03-04T13:30:05Z", OTHER="x")
        dataset.units = ("DN", "DN", "DN")
    out = tmp_path / "clean.tif"
    clean_light(LightCleaningTask(RasterInput(path)), str(out), tags={"DBAR_FORMULA": "f"})
    with rasterio.open(out) as dataset:
        tags = dataset.tags()
        assert dataset.descriptions == ("red", "green", "blue")
        assert dataset.units == ("DN", "DN", "DN")
        assert (dataset.dtypes[0], dataset.nodata) == ("uint16", 0)
    assert tags["DBAR_DATE"] == "2022-03-04T13:30:05Z"
    assert tags["DBAR_FORMULA"] == "f"
    assert json.loads(tags["DBAR_BACKGROUND"]) == [1, 1, 1]
    assert "OTHER" not in tags
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"rule": "panchromatic"}, "by the panchromatic raster, but none is given"),
        ({"rule": "two_bands"}, "by two bands, but one has only one"),
    ],
)
def test_rules_that_cannot_be(tmp_path, options, text):
    light = raster(tmp_path / "one.tif", [[1, 2]])
    with pytest.raises(InputError, match=text):
        check_light_cleaning(LightCleaningTask(light, **options))


def test_a_band_without_data(tmp_path):
    values = np.ones((3, 5, 5))
    values[2] = 0
    light = raster(tmp_path / "a.tif", values, nodata=0)
    with pytest.raises(InputError, match="a: there is no cell with data in all bands"):
        clean_light(LightCleaningTask(light), str(tmp_path / "out.tif"))
    values[2, 0, :2] = 1
    result, found, _ = cleaned(
        tmp_path, LightCleaningTask(raster(tmp_path / "b.tif", values, nodata=0))
    )
    assert "some bands only, written as no data: 23" in str(result.warnings[0])
    assert (found[0] != 0).sum() == 2


def test_cancel_leaves_nothing(tmp_path):
    light = raster(tmp_path / "a.tif", np.ones((3, 9, 9)), nodata=0)
    for calls in (0, 1, 2):
        left = iter([False] * calls)
        progress = Progress(is_cancelled=lambda left=left: next(left, True))
        with pytest.raises(Cancelled):
            clean_light(
                LightCleaningTask(light),
                str(tmp_path / "out.tif"),
                str(tmp_path / "change.tif"),
                progress=progress,
            )
        assert [path.name for path in tmp_path.iterdir()] == ["a.tif"]


def test_every_change_has_its_count(tmp_path):
    assert [change.value for change in Change] == [*range(9), 255]
