"""dbar:degradationstatus from layers to a styled raster and its areas."""

from __future__ import annotations

from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsPalettedRasterRenderer, QgsProcessingException, QgsRasterLayer

from dbar_qgis_plugin.algorithms.sdg_15_3_1 import degradation_status

ND = -32768
BASELINE = [[-1, -1, -1, 0, 0], [0, 1, 1, 1, ND]]
REPORTING = [[-1, 0, 1, -1, 0], [1, -1, 0, 1, 0]]


def bands(path: str) -> dict[str, list]:
    dataset = gdal.Open(path)
    found = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
    return {band.GetDescription(): band.ReadAsArray().tolist() for band in found}


@pytest.fixture
def inputs(write_raster, tmp_path):
    (tmp_path / "out").mkdir()
    return {
        "BASELINE": write_raster("sdg_2000_2015.tif", BASELINE, nodata=ND),
        "REPORTING": [write_raster("sdg_2019.tif", REPORTING, nodata=ND)],
        "OUTPUT": str(tmp_path / "out" / "status.tif"),
        "OUTPUT_AREAS": "TEMPORARY_OUTPUT",
    }


def test_figures_worked_out_by_hand(run, inputs, feedback):
    results = run("degradationstatus", **inputs)
    assert bands(results["OUTPUT"]) == {
        "status": [[1, 3, 6, 2, 4], [6, 2, 5, 7, ND]],
        "status_3class": [[-1, -1, 1, -1, 0], [1, -1, 1, 1, ND]],
    }
    rows = [feature.attributeMap() for feature in results["OUTPUT_AREAS"].getFeatures()]
    assert len(rows) == 10
    assert {row["period"] for row in rows} == {"2019"}
    found = {(row["baseline"], row["reporting"]): row["status"] for row in rows}
    assert found["degraded", "stable"] == 3
    assert found["stable", "degraded"] == 2
    assert results["DEGRADED_KM2"] == pytest.approx(0.04, rel=2e-3)
    assert results["STABLE_KM2"] == pytest.approx(0.01, rel=2e-3)
    assert results["IMPROVED_KM2"] == pytest.approx(0.04, rel=2e-3)
    assert any(text.startswith("2019, Baseline degradation: 0.01") for text in feedback.infos)


def test_several_periods(run, inputs, write_raster):
    second = write_raster("sdg_2023.tif", BASELINE, nodata=ND)
    changed = inputs | {"REPORTING": [*inputs["REPORTING"], second]}
    found = bands(run("degradationstatus", **changed)["OUTPUT"])
    assert list(found) == ["status_2019", "status_3class_2019", "status_2023", "status_3class_2023"]
    assert found["status_2023"][1] == [4, 7, 7, 7, ND]
    typed = run("degradationstatus", **changed | {"PERIODS": "first；second"})["OUTPUT"]
    assert list(bands(typed))[::2] == ["status_first", "status_second"]


def test_the_sub_indicators_come_the_same_way(run, inputs, write_raster):
    lpd = write_raster("b.tif", [[1, 2, 3, 4, 5]], nodata=ND)
    later = write_raster("r.tif", [[5, 5, 5, 1, 1]], nodata=ND, descriptions=("lpd",))
    changed = inputs | {"BASELINE": lpd, "REPORTING": [later], "PERIODS": "p1"}
    assert bands(run("degradationstatus", **changed)["OUTPUT"])["status"] == [[6, 6, 6, 2, 2]]


def test_it_opens_styled(run, inputs):
    path = run("degradationstatus", **inputs)["OUTPUT"]
    layer = QgsRasterLayer(path, "opened later")
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    assert [(int(c.value), c.label) for c in renderer.classes()] == [
        (1, "Persistent degradation"),
        (2, "Recent degradation"),
        (3, "Baseline degradation"),
        (4, "Stability"),
        (5, "Baseline improvement"),
        (6, "Recent improvement"),
        (7, "Persistent improvement"),
    ]
    layer.loadDefaultStyle()
    span = layer.temporalProperties().fixedTemporalRange()
    assert (span.begin().date().year(), span.end().date().year()) == (2000, 2019)
    dataset = gdal.Open(path)
    assert dataset.GetMetadata()["DBAR_FORMULA"] == "degradationstatus/prais4"
    assert dataset.GetRasterBand(2).GetNoDataValue() == ND


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"PERIODS": "2019,2023"}, "names 2 periods (2019, 2023), but there are 1 rasters"),
        ({"PERIODS": "baseline"}, "“baseline” cannot be the name of a period"),
        ({"PERIODS": "?!"}, "“?!” cannot be the name of a period"),
        ({"REPORTING": []}, "Reporting periods, one raster each"),
        ({"REPORTING": ["gone.tif"]}, "“gone.tif” cannot be opened as a raster"),
    ],
)
def test_refusals(run, inputs, monkeypatch, changed, words):
    def fail(*_args, **_options):
        raise AssertionError("computed all the same")

    monkeypatch.setattr(degradation_status, "compute_degradation_status", fail)
    with pytest.raises(QgsProcessingException) as caught:
        run("degradationstatus", **inputs | changed)
    assert words in str(caught.value)
    assert not list(Path(inputs["OUTPUT"]).parent.iterdir())


def test_cancel_leaves_nothing(run, inputs, feedback):
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run("degradationstatus", **inputs)
    assert not list(Path(inputs["OUTPUT"]).parent.iterdir())
