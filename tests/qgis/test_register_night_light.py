"""`dbar:registernightlight`: planted shifts, shifts by patch, refusals, cancel, style."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer, QgsVectorLayer

COLOURS = ("red", "green", "blue")
RED, BLUE = (0.6, -1.3), (-0.8, 0.45)


def lamps(shift=(0.0, 0.0), seed=1, size=(150, 140)):
    rng = np.random.default_rng(seed)
    rows, cols = np.mgrid[: size[0], : size[1]]
    light = np.ones(size)
    for _ in range(40):
        row, col = rng.uniform(0, size[0]), rng.uniform(0, size[1])
        away = (rows - row - shift[0]) ** 2 + (cols - col - shift[1]) ** 2
        light += rng.uniform(20, 900) * np.exp(-0.5 * away / rng.uniform(0.8, 2.0) ** 2)
    return np.rint(light)


@pytest.fixture
def light(write_raster):
    values = np.stack([lamps(RED), lamps(), lamps(BLUE)])
    return write_raster("scene_20220304.tif", values, nodata=0, descriptions=COLOURS)


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def read(path):
    dataset = gdal.Open(str(path))
    return dataset, dataset.ReadAsArray()


def test_bands(run, light, feedback, out):
    path, table = str(out / "registered.tif"), str(out / "shifts.gpkg")
    results = run("registernightlight", INPUT=light, PATCH=64, OUTPUT=path, OUTPUT_SHIFTS=table)
    assert results["LONGEST_SHIFT"] == pytest.approx(1.3, abs=0.3)
    assert results["LOWEST_QUALITY"] > 5
    dataset, found = read(path)
    bands = [dataset.GetRasterBand(number) for number in (1, 2, 3)]
    assert tuple(band.GetDescription() for band in bands) == COLOURS
    assert {band.GetNoDataValue() for band in bands} == {0}
    green = lamps()
    assert (found[1] == green).all()
    for band, shift in ((0, RED), (2, BLUE)):
        before = np.abs(lamps(shift) - green)[5:-5, 5:-5].sum()
        assert np.abs(found[band] - green)[5:-5, 5:-5].sum() < 0.35 * before
    tags = dataset.GetMetadata()
    assert tags["DBAR_FORMULA"] == "registernightlight/bilinear"
    red, blue = json.loads(tags["DBAR_SHIFTS"])
    assert (red["band"], red["against"]) == ("red", "green")
    assert (red["dy_cells"], red["dx_cells"]) == pytest.approx(RED, abs=0.1)
    assert (blue["dy_cells"], blue["dx_cells"]) == pytest.approx(BLUE, abs=0.1)
    assert any(text.startswith("red against green: -1.") for text in feedback.infos)

    layer = QgsVectorLayer(table, "shifts", "ogr")
    rows = list(layer.getFeatures())
    assert results["N_USED"] + results["N_REFUSED"] == len(rows) - 2
    assert sum(row["used"] for row in rows) - 2 == results["N_USED"]
    whole = rows[0]
    assert (whole["band"], whole["part"]) == ("red", "whole")
    assert (whole["dy_m"], whole["dx_m"]) == pytest.approx((60, -130), abs=12)
    assert whole.geometry().area() == pytest.approx(150 * 140 * 1e4)
    patch = rows[1]
    assert patch["part"] == "patch"
    assert patch.geometry().area() == pytest.approx(64 * 64 * 1e4)
    assert layer.crs().authid() == "EPSG:32643"


def test_a_date(run, write_raster, out):
    early = write_raster("early.tif", lamps())
    later = write_raster("later_2023-01-01.tif", lamps((2.3, -3.6)), nodata=0)
    path = str(out / "registered.tif")
    results = run(
        "registernightlight",
        INPUT=later,
        REFERENCE=early,
        LOCAL_SHIFTS=False,
        RESAMPLING="cubic",
        OUTPUT=path,
    )
    assert results["LONGEST_SHIFT"] == pytest.approx(3.6, abs=0.1)
    dataset, found = read(path)
    assert dataset.GetMetadata()["DBAR_FORMULA"] == "registernightlight/cubic"
    inner = (slice(6, -6), slice(6, -6))
    assert (
        np.abs(found - lamps())[inner].sum()
        < 0.15 * np.abs(lamps((2.3, -3.6)) - lamps())[inner].sum()
    )


def test_style(run, light, out):
    path, table = str(out / "registered.tif"), str(out / "shifts.gpkg")
    run("registernightlight", INPUT=light, PATCH=64, OUTPUT=path, OUTPUT_SHIFTS=table)
    layer = QgsRasterLayer(path, "registered")
    layer.loadNamedStyle(str(out / "registered.qml"))
    assert layer.renderer().type() == "multibandcolor"
    times = layer.temporalProperties().fixedTemporalRange()
    assert times.begin().date().toString("yyyy-MM-dd") == "2022-03-04"
    shifts = QgsVectorLayer(table, "shifts", "ogr")
    shifts.loadDefaultStyle()
    renderer = shifts.renderer()
    assert renderer.type() == "categorizedSymbol"
    labels = {category.value(): category.label() for category in renderer.categories()}
    assert (labels["whole"], labels[""]) == ("The whole raster", "Used")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"REGISTER_BANDS": False}, "there is nothing to register it onto"),
        ({"INPUT": "nowhere.tif"}, "nowhere.tif not found"),
        ({"MAX_SHIFT": 0.5}, "red lies 1.3 cells off green, but at most 0.5 are allowed"),
    ],
)
def test_refusals(run, light, out, changed, message):
    parameters = {"INPUT": light, "OUTPUT": str(out / "registered.tif")} | changed
    with pytest.raises(QgsProcessingException, match=message):
        run("registernightlight", **parameters)
    assert not list(out.iterdir())


def test_a_band_without_light(run, write_raster, out):
    values = np.stack([lamps(), lamps(), np.ones_like(lamps())])
    light = write_raster("light.tif", values, descriptions=COLOURS)
    with pytest.raises(QgsProcessingException, match="blue matches green nowhere soundly"):
        run("registernightlight", INPUT=light, OUTPUT=str(out / "registered.tif"))
    assert not list(out.iterdir())


def test_a_reference_elsewhere(run, light, write_raster, out):
    far = write_raster("far.tif", lamps(), origin=(100_000.0, 1_000_000.0))
    with pytest.raises(QgsProcessingException, match="far does not overlap the reference raster"):
        run("registernightlight", INPUT=light, REFERENCE=far, OUTPUT=str(out / "r.tif"))


def test_cancel_leaves_nothing(run, light, feedback, out):
    feedback.cancel()
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(
            "registernightlight",
            INPUT=light,
            OUTPUT=str(out / "registered.tif"),
            OUTPUT_SHIFTS=str(out / "shifts.gpkg"),
        )
    assert not list(out.iterdir())
