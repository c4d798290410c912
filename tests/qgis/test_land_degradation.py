"""dbar:landdegradation from layers to a styled raster and its counts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterRasterLayer,
    QgsProject,
    QgsRasterLayer,
)

from dbar_qgis_plugin.algorithms.sdg_15_3_1 import land_degradation

ND = -32768


def band(path: str, number: int = 1) -> np.ndarray:
    dataset = gdal.Open(path)
    return dataset.GetRasterBand(number).ReadAsArray()


@pytest.fixture
def inputs(write_raster, tmp_path):
    """Six cells: complete twice, one missing three times, soil carbon missing beside degraded."""
    (tmp_path / "out").mkdir()
    return {
        "PRODUCTIVITY": write_raster(
            "lpd_2000_2015.tif", [[5, 1, 5], [ND, 3, 4]], nodata=ND, descriptions=("lpd",)
        ),
        "LAND_COVER": write_raster("cover.tif", [[0, 1, -1], [0, ND, 0]], nodata=ND),
        "SOC": write_raster("soc.tif", [[0, 0, ND], [0, ND, 0]], nodata=ND),
        "OUTPUT": str(tmp_path / "out" / "sdg.tif"),
        "OUTPUT_COUNTS": "TEMPORARY_OUTPUT",
    }


def test_figures_worked_out_by_hand(run, inputs, feedback):
    results = run("landdegradation", **inputs)
    assert band(results["OUTPUT"]).tolist() == [[1, -1, -1], [ND, ND, 0]]
    rows = [feature.attributeMap() for feature in results["OUTPUT_COUNTS"].getFeatures()]
    assert [(row["class"], row["missing"], row["cells"]) for row in rows] == [
        ("degraded", "", 1),
        ("degraded", "soc", 1),
        ("stable", "", 1),
        ("improved", "", 1),
        ("no_data", "productivity", 1),
        ("no_data", "land_cover;soc", 1),
    ]
    assert sum(row["percent"] for row in rows) == pytest.approx(100)
    assert results["DEGRADED_KM2"] == pytest.approx(0.02, rel=2e-3)  # cells of 100 m
    assert results["NODATA_KM2"] == pytest.approx(0.02, rel=2e-3)
    assert results["PROPORTION"] == pytest.approx(50, rel=1e-6)
    assert "50.00 % of the land with a result is degraded." in feedback.infos
    assert any(
        text.startswith("No result without productivity: 1 cells") for text in feedback.infos
    )


def test_policy_and_water(run, inputs, write_raster):
    results = run("landdegradation", **inputs | {"NODATA_POLICY": "any_nodata"})
    assert band(results["OUTPUT"]).tolist() == [[1, -1, ND], [ND, ND, 0]]
    water = write_raster("classes.tif", [[7, 1, 7], [3, 3, 4]])
    results = run("landdegradation", **inputs | {"WATER": water, "WATER_CLASSES": "7"})
    assert band(results["OUTPUT"]).tolist() == [[ND, -1, ND], [ND, ND, 0]]
    rows = [feature.attributeMap() for feature in results["OUTPUT_COUNTS"].getFeatures()]
    assert (rows[-1]["missing"], rows[-1]["cells"]) == ("water", 2)


def test_the_raster_says_what_it_is(run, inputs):
    path = run("landdegradation", **inputs)["OUTPUT"]
    dataset = gdal.Open(path)
    assert dataset.GetRasterBand(1).GetDescription() == "sdg"
    assert dataset.GetRasterBand(1).GetNoDataValue() == ND
    assert dataset.GetRasterBand(1).DataType == gdal.GDT_Int16
    tags = dataset.GetMetadata()
    assert tags["DBAR_ALGORITHM"] == "dbar:landdegradation"
    assert tags["DBAR_FORMULA"] == "landdegradation/degraded_wins"
    assert "lpd_2000_2015.tif" in json.loads(tags["DBAR_PARAMETERS"])["PRODUCTIVITY"]


def test_it_opens_in_the_colours_of_the_unccd(run, inputs):
    path = run("landdegradation", **inputs)["OUTPUT"]
    assert Path(path).with_suffix(".qml").is_file()
    layer = QgsRasterLayer(path, "opened later")
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    assert [(int(c.value), c.color.name(), c.label) for c in renderer.classes()] == [
        (-1, "#9b2779", "Degraded"),
        (0, "#ffffe0", "Stable"),
        (1, "#006500", "Improved"),
    ]
    # QGIS does not take the time from a sidecar style by itself.
    layer.loadDefaultStyle()
    assert layer.temporalProperties().isActive()
    span = layer.temporalProperties().fixedTemporalRange()
    assert (span.begin().date().year(), span.end().date().year()) == (2000, 2015)


def test_the_years_of_the_inputs_are_handed_on(run, inputs, tmp_path):
    first = run("landdegradation", **inputs)["OUTPUT"]
    path = str(tmp_path / "nameless.tif")
    again = run("landdegradation", **inputs | {"PRODUCTIVITY": first, "OUTPUT": path})["OUTPUT"]
    layer = QgsRasterLayer(again, "again")
    layer.loadDefaultStyle()
    span = layer.temporalProperties().fixedTemporalRange()
    assert (span.begin().date().year(), span.end().date().year()) == (2000, 2015)


def test_loaded_into_a_project(provider, inputs, feedback, qgis_new_project):
    from processing import runAndLoadResults

    runAndLoadResults("dbar:landdegradation", inputs, feedback=feedback)
    layers = QgsProject.instance().mapLayers().values()
    (raster,) = (layer for layer in layers if isinstance(layer, QgsRasterLayer))
    assert isinstance(raster.renderer(), QgsPalettedRasterRenderer)
    assert raster.temporalProperties().isActive()


def test_as_a_step_of_a_model(provider, inputs):
    model = QgsProcessingModelAlgorithm("chain", "tests")
    child = QgsProcessingModelChildAlgorithm("dbar:landdegradation")
    child.setChildId("combine")
    for name in ("PRODUCTIVITY", "LAND_COVER", "SOC"):
        model.addModelParameter(
            QgsProcessingParameterRasterLayer(name), QgsProcessingModelParameter(name)
        )
        child.addParameterSources(
            name, [QgsProcessingModelChildParameterSource.fromModelParameter(name)]
        )
    output = QgsProcessingModelOutput("sdg", "sdg")
    output.setChildId("combine")
    output.setChildOutputName("OUTPUT")
    child.setModelOutputs({"sdg": output})
    model.addChildAlgorithm(child)
    model.updateDestinationParameters()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    given = {name: inputs[name] for name in ("PRODUCTIVITY", "LAND_COVER", "SOC")}
    results, fits = model.run(
        given | {"sdg": inputs["OUTPUT"]}, context, QgsProcessingFeedback(False)
    )
    assert fits
    assert band(results["sdg"]).tolist() == [[1, -1, -1], [ND, ND, 0]]


# -- what is refused


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"WATER_CLASSES": "7"}, "is filled in, but “Inland water, which is no land” is empty"),
        ({"WATER_CLASSES": "water"}, "“water” is not a class number"),
        ({"NODATA_POLICY": "best"}, "Incorrect parameter value for NODATA_POLICY"),
        ({"SOC": "soc_that_is_not_there.tif"}, "soc_that_is_not_there.tif"),
        ({"WATER": "water_that_is_not_there.tif"}, "water_that_is_not_there.tif"),
        ({"PRODUCTIVITY_VALUES": "status"}, "Incorrect parameter value"),
    ],
)
def test_refusals_before_the_run(run, inputs, monkeypatch, changed, words):
    def fail(*_args, **_options):
        raise AssertionError("computed all the same")

    monkeypatch.setattr(land_degradation, "compute_land_degradation", fail)
    with pytest.raises(QgsProcessingException) as caught:
        run("landdegradation", **inputs | changed)
    assert words in str(caught.value)
    assert not list(Path(inputs["OUTPUT"]).parent.iterdir())


def test_values_that_tell_nothing(run, inputs, write_raster):
    changed = inputs | {"PRODUCTIVITY": write_raster("zero_one.tif", [[0, 1, 0], [1, 0, 0]])}
    with pytest.raises(QgsProcessingException) as caught:
        run("landdegradation", **changed)
    assert "zero_one: its values (0, 1) do not tell" in str(caught.value)
    assert "“Land productivity holds”" in str(caught.value)
    assert not list(Path(inputs["OUTPUT"]).parent.iterdir())
    results = run("landdegradation", **changed | {"PRODUCTIVITY_VALUES": "classes"})
    assert band(results["OUTPUT"])[0].tolist() == [0, 1, -1]


def test_no_overlap(run, inputs, write_raster):
    far = write_raster("far.tif", np.zeros((2, 3)), origin=(200_000, 1_000_000))
    with pytest.raises(QgsProcessingException, match="far does not overlap the reference raster"):
        run("landdegradation", **inputs | {"LAND_COVER": far})


def test_cancel_leaves_nothing(run, inputs, feedback):
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run("landdegradation", **inputs)
    assert not list(Path(inputs["OUTPUT"]).parent.iterdir())


def test_a_table_that_cannot_be_written_takes_the_raster_with_it(run, inputs, tmp_path):
    with pytest.raises(QgsProcessingException):
        run("landdegradation", **inputs | {"OUTPUT_COUNTS": str(tmp_path / "no" / "f" / "c.gpkg")})
    assert not Path(inputs["OUTPUT"]).exists()
