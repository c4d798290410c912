"""Pan-sharpening: planted detail comes back, and nothing else is added."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVER_NAMES, write_raster

from dbar_qgis_plugin.errors import InputError
from dbar_qgis_plugin.kernels.pansharpening import fit_intensity, lit_threshold, sharpen
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light.pansharpening import (
    PansharpeningTask,
    compute_pansharpening,
)
from dbar_qgis_plugin.raster_io.workers import Workers


def test_the_fit_finds_planted_weights_and_gains():
    rng = np.random.default_rng(1)
    colours = rng.gamma(2.0, 5.0, (3, 5000))
    pan = 0.5 * colours[0] + 0.3 * colours[1] + 0.1 * colours[2] + 2.0
    fit = fit_intensity(colours, pan)
    np.testing.assert_allclose(fit.weights, [0.5, 0.3, 0.1], rtol=1e-9)
    assert fit.offset == pytest.approx(2.0)
    assert fit.correlation == pytest.approx(1.0)
    expected = [np.cov(colour, pan)[0, 1] / np.var(pan, ddof=1) for colour in colours]
    np.testing.assert_allclose(fit.gains, expected, rtol=1e-9)
    # The weighted gains add up to one: the sharpened colours give the panchromatic band again.
    assert fit.weights @ fit.gains == pytest.approx(1.0)


def test_sharpened_colours_give_the_panchromatic_band_again():
    rng = np.random.default_rng(2)
    colours = rng.gamma(2.0, 5.0, (3, 400)) + 50.0
    pan = 0.5 * colours[0] + 0.3 * colours[1] + 0.1 * colours[2] + rng.normal(0.0, 1.0, 400)
    fit = fit_intensity(colours, pan)
    sharpened = sharpen(colours, pan, fit)
    np.testing.assert_allclose(fit.weights @ sharpened + fit.offset, pan, rtol=1e-12)


def test_too_little_light_gives_no_fit():
    assert fit_intensity(np.ones((3, 39)), np.ones(39)) is None
    assert fit_intensity(np.ones((3, 100)), np.ones(100)) is None
    assert fit_intensity(np.ones((3, 100)), np.arange(100.0)) is None


def test_lit_threshold_by_hand():
    # Median 3, absolute deviations 2, 1, 0, 1, 97: their median is 1.
    assert lit_threshold([1, 2, 3, 4, 100]) == pytest.approx(3 + 3 * 1.4826)


@pytest.fixture
def scene(tmp_path):
    """Colours of 40 m and a panchromatic band of 10 m of one sharp scene."""
    rng = np.random.default_rng(3)
    fine = np.zeros((3, 320, 400))
    for row, col, size in zip(
        rng.integers(0, 310, 250), rng.integers(0, 390, 250), rng.integers(2, 9, 250), strict=True
    ):
        fine[:, row : row + size, col : col + size] = rng.uniform(20, 200, 3)[:, None, None]
    fine += 1.0
    pan = np.tensordot([0.5, 0.3, 0.2], fine, axes=1)
    coarse = fine.reshape(3, 80, 4, 100, 4).mean(axis=(2, 4))
    rgb = write_raster(
        tmp_path / "rgb.tif",
        coarse.astype(np.float32),
        cell=(40.0, -40.0),
        nodata=-1,
        descriptions=("red", "green", "blue"),
    )
    hdr = write_raster(
        tmp_path / "pan.tif",
        pan.astype(np.float32),
        cell=(10.0, -10.0),
        nodata=-1,
        tiled=True,
        blockxsize=128,
        blockysize=128,
    )
    return PansharpeningTask(RasterInput(rgb), RasterInput(hdr)), fine, coarse


def test_it_comes_nearer_to_the_sharp_scene(scene, tmp_path):
    task, fine, coarse = scene
    out = tmp_path / "out.tif"
    result = compute_pansharpening(task, out)
    np.testing.assert_allclose(result.fit.weights, [0.5, 0.3, 0.2], atol=2e-3)
    with rasterio.open(out) as dataset:
        assert dataset.descriptions == ("red", "green", "blue")
        assert dataset.shape == (320, 400)
        found = dataset.read()
    repeated = coarse.repeat(4, axis=1).repeat(4, axis=2)
    error = np.sqrt(np.mean((found - fine) ** 2, axis=(1, 2)))
    before = np.sqrt(np.mean((repeated - fine) ** 2, axis=(1, 2)))
    assert (error < 0.75 * before).all()
    assert found.min() >= 0.0


def test_blocks_threads_and_driver_change_nothing(scene, tmp_path, monkeypatch):
    found = []
    for driver in DRIVER_NAMES:
        monkeypatch.setattr(
            "dbar_qgis_plugin.raster_io.source.driver_name_of", lambda _path, name=driver: name
        )
        for workers in (Workers(threads=1), Workers(threads=3, memory_mb=1)):
            out = tmp_path / "out.tif"
            compute_pansharpening(scene[0], out, workers=workers)
            with rasterio.open(out) as dataset:
                found.append(dataset.read())
    for other in found[1:]:
        np.testing.assert_array_equal(found[0], other)


def test_refusals(scene, tmp_path):
    task, _, _ = scene
    out = tmp_path / "out.tif"
    dark = write_raster(tmp_path / "dark.tif", np.ones((320, 400), np.float32), cell=(10.0, -10.0))
    single = write_raster(tmp_path / "single.tif", np.ones((4, 4), np.float32))
    for changed, words in (
        (PansharpeningTask(task.colours, task.colours), "are not smaller than those of"),
        (PansharpeningTask(task.colours, RasterInput(dark)), "Only 0 cells of"),
        (PansharpeningTask(RasterInput(single), task.panchromatic), "has 1 bands"),
    ):
        with pytest.raises(InputError) as caught:
            compute_pansharpening(changed, out)
        assert words in str(caught.value)
        assert not out.exists()


def test_rasters_of_different_scenes_are_told(scene, tmp_path):
    task, _, _ = scene
    noise = np.random.default_rng(9).gamma(0.5, 9.0, (320, 400)).astype(np.float32)
    other = RasterInput(write_raster(tmp_path / "other.tif", noise, cell=(10.0, -10.0)))
    result = compute_pansharpening(PansharpeningTask(task.colours, other), tmp_path / "out.tif")
    assert "may be of different scenes" in str(result.warnings[0])
