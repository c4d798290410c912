"""`dbar:cleannightlight`: hand-worked scenes, counts, refusals, cancel, style."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer

from dbar_qgis_plugin.algorithms.night_light import clean_night_light

COLOURS = ("red", "green", "blue")


def scene():
    """Background 7; a lamp of 9 cells in three bands, one of 4, a stray value in red."""
    values = np.full((3, 16, 20), 7.0)
    values[:, 3:6, 3:6] = np.array([60, 50, 40])[:, np.newaxis, np.newaxis]
    values[:, 10:12, 10:12] = 80
    values[0, 8, 16] = 33
    values[:, 15, 19] = 0
    return values


@pytest.fixture
def light(write_raster):
    return write_raster("scene_20220304.tif", scene(), nodata=0, descriptions=COLOURS)


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def read(path):
    dataset = gdal.Open(str(path))
    return dataset, dataset.ReadAsArray()


def test_by_hand(run, light, feedback, out):
    path, change = str(out / "clean.tif"), str(out / "change.tif")
    results = run("cleannightlight", INPUT=light, OUTPUT=path, OUTPUT_CHANGE=change)
    assert results == {
        "OUTPUT": path,
        "OUTPUT_CHANGE": change,
        "N_DARK": 16 * 20 - 15,
        "N_LIGHT": 9,
        "N_STRIPE": 0,
        "N_DEFECT": 0,
        "N_STRAY": 0,
        "N_DIM": 0,
        "N_NO_PANCHROMATIC": 0,
        "N_ONE_BAND": 1,
        "N_SMALL": 4,
        "KEPT_PERCENT": pytest.approx(100 * 9 / 14),
    }
    expected = scene()
    expected[:, 10:12, 10:12] = 7
    expected[0, 8, 16] = 7
    dataset, found = read(path)
    assert found.tolist() == expected.tolist()
    bands = [dataset.GetRasterBand(number) for number in (1, 2, 3)]
    assert tuple(band.GetDescription() for band in bands) == COLOURS
    assert {band.GetNoDataValue() for band in bands} == {0}
    tags = dataset.GetMetadata()
    assert tags["DBAR_FORMULA"] == "cleannightlight"
    assert json.loads(tags["DBAR_BACKGROUND"]) == [7, 7, 7]
    dataset, changes = read(change)
    assert dataset.GetRasterBand(1).DataType == gdal.GDT_Byte
    assert dataset.GetRasterBand(1).GetNoDataValue() == 255
    assert (changes[8, 16], changes[10, 10], changes[4, 4], changes[15, 19]) == (7, 8, 1, 255)
    assert "Band red: background 7, median 7" in feedback.infos
    assert "Light is what is lit in two bands." in feedback.infos
    assert "Part of a small group: 4 cells" in feedback.infos
    assert not feedback.warnings


def test_with_a_panchromatic_raster(run, light, write_raster, feedback, out):
    pan = np.full((3, 64, 80), 2.0)
    pan[1, 44, 44] = 90  # in the small lamp
    guide = write_raster("pan.tif", pan, nodata=0, cell=25.0, descriptions=("PL", "PH", "HDR"))
    path, change = str(out / "clean.tif"), str(out / "change.tif")
    results = run(
        "cleannightlight",
        INPUT=light,
        PANCHROMATIC=guide,
        MIN_CELLS=0,
        BACKGROUND="mask",
        OUTPUT=path,
        OUTPUT_CHANGE=change,
    )
    # The bright cell lies in row 11, column 11; cells around it may be lit.
    assert (results["N_LIGHT"], results["N_NO_PANCHROMATIC"]) == (4, 10)
    _, found = read(path)
    assert (found[:, 10:12, 10:12] == 80).all()
    assert (found > 0).sum() == 12
    assert "Light is what is lit near panchromatic light." in feedback.infos


def test_stripes_and_stray_light(run, write_raster, out):
    values = np.full((3, 40, 80), 1.0)
    values[:, :, 40:] = 4
    values[:, 20, 8:-8] = 0
    light = write_raster("light.tif", values, nodata=0)
    path = str(out / "clean.tif")
    results = run(
        "cleannightlight", INPUT=light, STRIPES=True, STRAY_LIGHT_KM=1.0, MIN_CELLS=0, OUTPUT=path
    )
    # What is filled in the haze is then stray light there, except near its edge.
    assert 32 <= results["N_STRIPE"] < 40
    assert results["N_STRAY"] >= 35 * 40
    _, found = read(path)
    assert (found[:, :, :30] == 1).all()
    assert (found[:, :, 50:] == 1).all()


def test_one_band_of_fractions(run, write_raster, out):
    values = np.full((10, 10), 0.5)
    values[0, 0] = -0.25
    values[3:6, 3:6] = 9.75
    values[9, 9] = 20
    light = write_raster("viirs.tif", values)
    path = str(out / "clean.tif")
    results = run("cleannightlight", INPUT=light, OUTPUT=path)
    assert (results["N_LIGHT"], results["N_SMALL"]) == (9, 1)
    dataset, found = read(path)
    assert dataset.GetRasterBand(1).DataType == gdal.GDT_Float32
    assert dataset.GetRasterBand(1).GetNoDataValue() == -9999
    assert (found[0, 0], found[9, 9], found[4, 4]) == (-0.25, 0.5, 9.75)


def test_style(run, light, out):
    path, change = str(out / "clean.tif"), str(out / "change.tif")
    run("cleannightlight", INPUT=light, OUTPUT=path, OUTPUT_CHANGE=change)
    layer = QgsRasterLayer(path, "clean")
    layer.loadNamedStyle(str(out / "clean.qml"))
    assert layer.renderer().type() == "multibandcolor"
    times = layer.temporalProperties().fixedTemporalRange()
    assert times.begin().date().toString("yyyy-MM-dd") == "2022-03-04"
    layer = QgsRasterLayer(change, "change")
    layer.loadNamedStyle(str(out / "change.qml"))
    assert layer.renderer().type() == "paletted"
    times = layer.temporalProperties().fixedTemporalRange()
    assert times.begin().date().toString("yyyy-MM-dd") == "2022-03-04"
    labels = {int(item.value): item.label for item in layer.renderer().classes()}
    assert len(labels) == 9
    assert labels[1] == "Light, kept"
    assert labels[7] == "Lit in one band only"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"LIGHT_RULE": "panchromatic"}, "by the panchromatic raster, but none is given"),
        ({"INPUT": "nowhere.tif"}, "nowhere.tif not found"),
        ({"STRAY_LIGHT_KM": 0}, "STRAY_LIGHT_KM"),
    ],
)
def test_refusals(run, light, out, changed, message):
    parameters = {"INPUT": light, "OUTPUT": str(out / "clean.tif")} | changed
    with pytest.raises(QgsProcessingException, match=message):
        run("cleannightlight", **parameters)
    assert not list(out.iterdir())


def test_a_login_page_is_called_no_raster(run, out, tmp_path):
    page = tmp_path / "light.tif"
    page.write_text("<html><body>Log in</body></html>")
    with pytest.raises(QgsProcessingException, match=r"light\.tif” cannot be opened as a raster"):
        run("cleannightlight", INPUT=str(page), OUTPUT=str(out / "clean.tif"))
    assert not list(out.iterdir())


def test_two_bands_need_two(run, write_raster, out):
    light = write_raster("one.tif", [[1, 2]])
    with pytest.raises(QgsProcessingException, match="by two bands, but one has only one"):
        run("cleannightlight", INPUT=light, LIGHT_RULE="two_bands", OUTPUT=str(out / "c.tif"))


def test_a_panchromatic_raster_elsewhere(run, light, write_raster, out):
    far = write_raster("far.tif", np.ones((2, 4, 4)), origin=(100_000.0, 1_000_000.0))
    with pytest.raises(QgsProcessingException, match="far does not overlap scene_20220304"):
        run("cleannightlight", INPUT=light, PANCHROMATIC=far, OUTPUT=str(out / "c.tif"))


def test_without_scipy(run, light, out, monkeypatch):
    monkeypatch.setattr(clean_night_light, "find_spec", lambda name: None)
    with pytest.raises(QgsProcessingException, match="Python library scipy, which is not install"):
        run("cleannightlight", INPUT=light, OUTPUT=str(out / "clean.tif"))
    results = run("cleannightlight", INPUT=light, MIN_CELLS=0, OUTPUT=str(out / "clean.tif"))
    assert results["N_LIGHT"] == 13


def test_cancel_leaves_nothing(run, light, feedback, out):
    feedback.cancel()
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(
            "cleannightlight",
            INPUT=light,
            OUTPUT=str(out / "clean.tif"),
            OUTPUT_CHANGE=str(out / "change.tif"),
        )
    assert not list(out.iterdir())
