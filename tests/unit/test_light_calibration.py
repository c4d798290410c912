"""Coefficients and calibration below QGIS: by blocks, damaged metadata, data of the presets."""

from __future__ import annotations

import json

import numpy as np
import pytest
import rasterio
from raster_fixtures import write_raster
from sdgsat_fixtures import write_scene

from dbar_qgis_plugin.errors import InputError
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light.light_bands import colour_bands, light_date, scene_tags
from dbar_qgis_plugin.pipelines.night_light.light_calibration import (
    NANOWATTS,
    CalibrationOutputs,
    CalibrationTask,
    calibrate,
)
from dbar_qgis_plugin.pipelines.night_light.light_cleaning import LightCleaningTask, clean_light
from dbar_qgis_plugin.pipelines.night_light.light_coefficients import TypedBand, band_facts, presets
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers


def read(path):
    with rasterio.open(path) as dataset:
        return dataset.read()


def test_any_blocks_give_the_same(tmp_path, monkeypatch):
    scene = write_scene(tmp_path / "in", sensor="TIS", size=(420, 350))
    results = []
    for threads, cells in ((1, 1 << 20), (3, 4000)):
        monkeypatch.setattr("dbar_qgis_plugin.raster_io.blocks._CELLS_PER_BLOCK", cells)
        monkeypatch.setattr("dbar_qgis_plugin.raster_io.source._CELLS_PER_TILE", cells)
        paths = [str(tmp_path / f"{name}{threads}.tif") for name in ("light", "mask", "heat")]
        result = calibrate(
            CalibrationTask(RasterInput(str(scene.rgb[""]))),
            CalibrationOutputs(*paths),
            workers=Workers(threads=threads),
        )
        results.append(([read(path) for path in paths], result))
    for one, other in zip(results[0][0], results[1][0], strict=True):
        np.testing.assert_array_equal(one, other)
    assert results[0][1] == results[1][1]


def test_mean_of_halves_before_or_after_calibration(tmp_path):
    # The overlap of both halves: linear, so equal but for whole numbers.
    values = np.array([[1, 7, 4000]], dtype=np.uint16)
    for name, numbers in (("a", values), ("b", values + 2), ("mean", values + 1)):
        write_raster(tmp_path / f"{name}.tif", numbers, nodata=0)
        calibrate(
            CalibrationTask(
                RasterInput(str(tmp_path / f"{name}.tif")),
                source="typed",
                typed=(TypedBand("1", 3.1e-4, -0.2),),
            ),
            CalibrationOutputs(str(tmp_path / f"{name}_light.tif")),
        )
    lights = {name: read(tmp_path / f"{name}_light.tif") for name in ("a", "b", "mean")}
    np.testing.assert_allclose((lights["a"] + lights["b"]) / 2, lights["mean"], rtol=1e-6)


def test_light_above_a_subtracted_background(tmp_path):
    # Dark cells hold 0 then, and are data; the bias was taken off together with the background.
    scene = write_scene(tmp_path / "in", background=7)
    clean, radiance = str(tmp_path / "clean.tif"), str(tmp_path / "radiance.tif")
    clean_light(
        LightCleaningTask(
            RasterInput(str(scene.rgb["A"])), rule="none", fewest_cells=0, background="subtract"
        ),
        clean,
    )
    result = calibrate(
        CalibrationTask(RasterInput(clean), xml=str(scene.calib), sensor="GIU"),
        CalibrationOutputs(radiance),
    )
    numbers = read(scene.rgb["A"]).astype(float)
    for stored, found, gain in zip(numbers, read(radiance), (2.0e-5, 5.0e-6, 8.0e-6), strict=True):
        expected = np.where(stored > 0, (stored - 7) * gain, -9999.0)
        np.testing.assert_array_equal(found, expected.astype(np.float32))
    assert json.loads(result.record)["coefficients"]["blue"] == [8.0e-6, 0.0, 0.0]


def test_damaged_metadata(tmp_path):
    path = tmp_path / "x.tif"
    write_raster(path, np.ones((3, 2, 2), dtype=np.uint16))
    for text in ("{", "{}", '{"blocks": [{"rows": null, "bands": {"red": [1]}}], "centres": []}'):
        with rasterio.open(path, "r+") as dataset:
            dataset.update_tags(DBAR_COEFFICIENTS=text)
        with pytest.raises(InputError, match="coefficients in its metadata"):
            calibrate(
                CalibrationTask(RasterInput(str(path)), sensor="GIU"),
                CalibrationOutputs(str(tmp_path / "out.tif")),
            )
    assert not (tmp_path / "out.tif").exists()


def test_typed_by_the_number_in_the_raster(tmp_path):
    path = tmp_path / "x.tif"
    write_raster(path, np.stack([np.full((1, 1), band, dtype=np.uint16) for band in (1, 2, 3)]))
    task = CalibrationTask(
        RasterInput(str(path)),
        source="typed",
        typed=(TypedBand("3", 2.0, 0.0, 100.0), TypedBand("2", 1.0, 0.0, 10.0)),
        unit=NANOWATTS,
    )
    result = calibrate(task, CalibrationOutputs(str(tmp_path / "out.tif")))
    assert result.bands == ("2", "3")
    assert read(tmp_path / "out.tif").ravel().tolist() == [2000.0, 60_000.0]
    twice = (TypedBand("3", 2.0, 0.0), TypedBand("3", 1.0, 0.0))
    with pytest.raises(InputError, match="or is typed twice"):
        calibrate(
            CalibrationTask(RasterInput(str(path)), source="typed", typed=twice),
            CalibrationOutputs(str(tmp_path / "out.tif")),
        )


def test_presets_say_where_they_are_from():
    assert len(presets()) == 6
    for preset in presets().values():
        assert preset.source.endswith(".")
        assert preset.warning.endswith(".")
        assert preset.sensor in ("GIU", "TIS")
    # The public biases are small multiples of the gains, which shows the likely slip of one.
    ratio = {
        name: {band: pair.bias / pair.gain for band, pair in preset.coefficients.items()}
        for name, preset in presets().items()
    }
    assert ratio["gli_rgb_ntl_gpt"]["blue"] == pytest.approx(1.0)
    for name in ("gli_rgb_ntl_gpt_corrected", "gli_rgb_swapped"):
        assert ratio[name] == pytest.approx({"red": 1.01, "green": 1.2, "blue": 1.01}, rel=1e-4)
    assert ratio["gli_pan_early"] == pytest.approx({"PL": 0.19, "PH": 0.21})
    assert set(band_facts()["widths_nm"]) == {"red", "green", "blue", "PL", "PH", "HDR"}


def test_how_far_the_presets_move_the_cuts():
    # Numbers at which red / green = 9 and blue / green = 0.57, without biases; cited in the help.
    cuts = {}
    for name in ("gli_rgb_ntl_gpt", "gli_rgb_swapped", "gli_rgb_later"):
        gains = {band: pair.gain for band, pair in presets()[name].coefficients.items()}
        cuts[name] = 9 * gains["green"] / gains["red"], 0.57 * gains["green"] / gains["blue"]
    assert cuts["gli_rgb_ntl_gpt"] == pytest.approx((3.37, 0.291), rel=2e-3)
    assert cuts["gli_rgb_swapped"] == pytest.approx((4.64, 0.213), rel=3e-3)
    assert cuts["gli_rgb_later"] == pytest.approx((3.66, 0.340), rel=2e-3)


def test_bands_and_date_by_name(tmp_path):
    path = tmp_path / "light_20220304.tif"
    layers = np.stack([np.full((1, 1), band) for band in range(4)]).astype(np.uint16)
    write_raster(path, layers, descriptions=("x", "Blue", "green", "RED"))
    source = colour_bands(RasterInput(str(path)))
    assert source.bands == (4, 3, 2)
    assert light_date(source).isoformat() == "2022-03-04"
    write_raster(path, layers)
    assert colour_bands(RasterInput(str(path))).bands == (1, 2, 3)
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(DBAR_DATE="2023-01-02T03:04:05Z", DBAR_SCENE="S", OTHER="x")
    source = open_source(str(path))
    assert light_date(source).isoformat() == "2023-01-02"
    assert scene_tags(source) == {"DBAR_DATE": "2023-01-02T03:04:05Z", "DBAR_SCENE": "S"}
    write_raster(tmp_path / "plain.tif", layers[:2])
    assert light_date(open_source(str(tmp_path / "plain.tif"))) is None
    with pytest.raises(InputError, match="has 2 bands; a colour raster has three"):
        colour_bands(RasterInput(str(tmp_path / "plain.tif"), name="Plain"))


def test_the_record_is_json(tmp_path):
    scene = write_scene(tmp_path / "in", sensor="MII", size=(40, 40))
    result = calibrate(
        CalibrationTask(RasterInput(str(scene.rgb["A"]))),
        CalibrationOutputs(str(tmp_path / "out.tif")),
    )
    record = json.loads(result.record)
    assert record["coefficients"]["B7"] == [0.07, 0.007, 0.0]
    with rasterio.open(tmp_path / "out.tif") as dataset:
        assert json.loads(dataset.tags()["DBAR_CALIBRATION"]) == record
