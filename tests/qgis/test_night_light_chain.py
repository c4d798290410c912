"""Night-light algorithms one after the other in a model, and each of them cancelled half way."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterFile,
    QgsProcessingParameterVectorLayer,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.core import QgsProcessingModelChildParameterSource as Source
from sdgsat_fixtures import CELL, CRS_CODE, ORIGIN, write_scene

UNIT = "nW cm-2 sr-1"
NODATA = -9999.0


def project_context():
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return context


# -- a model


def step(model, name, algorithm, results=(), **inputs):
    """Add a step; an input is a source, another step's output, or a value."""
    child = QgsProcessingModelChildAlgorithm(f"dbar:{algorithm}")
    child.setChildId(name)
    for key, value in inputs.items():
        if isinstance(value, tuple):
            value = Source.fromChildOutput(*value)
        elif not isinstance(value, Source):
            value = Source.fromStaticValue(value)
        child.addParameterSources(key, [value])
    outputs = {}
    for key in results:
        outputs[key] = QgsProcessingModelOutput(key)
        outputs[key].setChildId(name)
        outputs[key].setChildOutputName(key)
    child.setModelOutputs(outputs)
    model.addChildAlgorithm(child)


def chain():
    model = QgsProcessingModelAlgorithm("Chain", "chain", "dbar")
    for parameter in (
        QgsProcessingParameterFile("product", "Product"),
        QgsProcessingParameterVectorLayer("zones", "Zones"),
    ):
        model.addModelParameter(parameter, QgsProcessingModelParameter(parameter.name()))
    product, zones = (Source.fromModelParameter(name) for name in ("product", "zones"))
    step(model, "load", "loadsdgsatscene", INPUT=product)
    step(model, "light", "calibratenightlight", INPUT=("load", "OUTPUT_RGB"), UNIT=UNIT)
    step(model, "clean", "cleannightlight", ["OUTPUT"], INPUT=("light", "OUTPUT"))
    step(model, "types", "nightlightcolour", ["OUTPUT"], INPUT=("clean", "OUTPUT"))
    light = {"LIGHT": ("clean", "OUTPUT"), "BAND": 2}
    step(model, "sums", "nightlightstatistics", ["OUTPUT"], ZONES=zones, **light)
    model.initAlgorithm()
    return model


def box_around(scene):
    """Make a zone that holds the whole scene."""
    _, height, width = scene.truth.shape
    (left, top), cell = ORIGIN, CELL["GIU"]
    zones = QgsVectorLayer(f"Polygon?crs={CRS_CODE}", "Zones", "memory")
    box = QgsFeature(zones.fields())
    bounds = QgsRectangle(left, top - cell * height, left + cell * width, top)
    box.setGeometry(QgsGeometry.fromRect(bounds))
    zones.dataProvider().addFeatures([box])
    return zones


def test_from_a_product_to_zones_in_a_model(provider, run, feedback, tmp_path):
    scene = write_scene(tmp_path / "in", size=(140, 110), salt_pepper=0.02, lights=30)
    zones = box_around(scene)
    targets = {
        "clean:OUTPUT": str(tmp_path / "clean.tif"),
        "types:OUTPUT": str(tmp_path / "types.tif"),
        "sums:OUTPUT": str(tmp_path / "zones.gpkg"),
    }
    inputs = {"product": str(scene.folder), "zones": zones, **targets}
    _, done = chain().run(inputs, project_context(), feedback)
    assert done, feedback.errors

    green = gdal.Open(targets["clean:OUTPUT"]).ReadAsArray()[1].astype(float)
    light = green[green != NODATA]
    (zone,) = QgsVectorLayer(targets["sums:OUTPUT"], "zones", "ogr").getFeatures()
    assert (zone["n_valid"], zone["unit"]) == (light.size, UNIT)
    assert zone["tnl"] == pytest.approx(light.sum(), rel=1e-9)
    assert zone["date"].toString("yyyy-MM-dd") == "2022-03-04"
    types = gdal.Open(targets["types:OUTPUT"])
    assert types.GetMetadata()["DBAR_SCENE"] == scene.folder.name
    # As in runs one by one.
    found = types.ReadAsArray()
    assert {0, 1, 2} <= set(found.ravel().tolist())
    loaded = run("loadsdgsatscene", INPUT=str(scene.folder), OUTPUT_RGB=str(tmp_path / "rgb.tif"))
    light = str(tmp_path / "light.tif")
    run("calibratenightlight", INPUT=loaded["OUTPUT_RGB"], UNIT=UNIT, OUTPUT=light)
    clean = str(tmp_path / "clean_again.tif")
    run("cleannightlight", INPUT=light, OUTPUT=clean)
    again = run("nightlightcolour", INPUT=clean, OUTPUT=str(tmp_path / "types_again.tif"))
    assert (gdal.Open(again["OUTPUT"]).ReadAsArray() == found).all()


# -- cancel


@pytest.fixture
def inputs(write_raster, polygon_layer):
    """Return inputs of each algorithm, of some blocks each."""
    random = np.random.default_rng(5)
    light = random.gamma(0.3, 5.0, (120, 120))
    before = write_raster("light_2019.tif", light, nodata=-9)
    after = write_raster("light_2020.tif", 1.2 * light + 0.1, nodata=-9)
    names = ("red", "green", "blue")
    colours = np.stack((2.0 * light, light, 0.5 * light))
    blocks = colours.reshape(3, 30, 4, 30, 4)
    fine = write_raster("colours.tif", colours, nodata=-9, descriptions=names)
    coarse = write_raster("coarse.tif", blocks.mean(axis=(2, 4)), cell=400, descriptions=names)
    people = write_raster("people.tif", random.poisson(3.0, light.shape))
    fields = "field=name:string(20)&field=total:double"
    zones = polygon_layer(((0, 0, 60, 120), "a", 5.0), ((60, 0, 60, 120), "b", 6.0), fields=fields)
    typed = ["red", "2", "0", "", "green", "1", "0", "", "blue", "1", "0", ""]
    return {
        "calibratenightlight": {
            "INPUT": fine,
            "COEFFICIENTS_FROM": "typed",
            "COEFFICIENTS": typed,
            "OUTPUT_SATURATION": "b.tif",
        },
        "cleannightlight": {"INPUT": fine, "STRIPES": True, "OUTPUT_CHANGE": "b.tif"},
        "registernightlight": {"INPUT": fine, "PATCH": 64, "OUTPUT_SHIFTS": "b.gpkg"},
        "nightlightcolour": {"INPUT": fine, "ZONES": zones, "OUTPUT_INDICES": "b.tif"},
        "litarea": {"INPUT": before, "METHOD": "perimeter", "ZONES": zones},
        "nightlightstatistics": {
            "LIGHT": [before, after],
            "ZONES": zones,
            "POPULATION": people,
            "OUTPUT": "a.gpkg",
            "OUTPUT_REPORT": "b.html",
        },
        "nightlightchange": {
            "BEFORE": before,
            "AFTER": after,
            "POPULATION": people,
            "OUTPUT_CLASSES": "b.tif",
        },
        "electrification": {"INPUT": before, "POPULATION": people, "OUTPUT_CURVE": "b.csv"},
        "nightlightcomposite": {"RASTERS": [before, after]},
        "nightlightpansharpen": {"COLOURS": coarse, "PANCHROMATIC": before, "LIT_ABOVE": 1.0},
        "nightlightdownscale": {
            "LIGHT": before,
            "ZONES": zones,
            "TOTAL_FIELD": "total",
            "OUTPUT_ZONES": "b.gpkg",
        },
    }


@pytest.mark.parametrize(
    "algorithm",
    [
        "calibratenightlight",
        "cleannightlight",
        "registernightlight",
        "nightlightcolour",
        "litarea",
        "nightlightstatistics",
        "nightlightchange",
        "electrification",
        "nightlightcomposite",
        "nightlightpansharpen",
        "nightlightdownscale",
    ],
)
def test_cancelled_half_way_it_leaves_nothing(provider, inputs, algorithm, tmp_path, monkeypatch):
    monkeypatch.setattr("dbar_qgis_plugin.raster_io.blocks._CELLS_PER_BLOCK", 1000)
    monkeypatch.setattr("dbar_qgis_plugin.raster_io.source._CELLS_PER_TILE", 1000)
    out = tmp_path / "out"
    out.mkdir()
    parameters = {
        key: str(out / value) if key.startswith("OUTPUT") else value
        for key, value in ({"OUTPUT": "a.tif"} | inputs[algorithm]).items()
    }
    feedback = QgsProcessingFeedback(False)
    reached = []

    def stop(percent):
        reached.append(percent)
        if percent >= 50.0:
            feedback.cancel()

    feedback.progressChanged.connect(stop)
    _, done = provider.algorithm(algorithm).create().run(parameters, project_context(), feedback)
    assert not done
    assert feedback.isCanceled()
    assert max(reached) < 100.0
    assert not list(out.iterdir())
