"""`dbar:litarea`: each rule, zones with a known area, indices, refusals, a model."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsGraduatedSymbolRenderer,
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterRasterLayer,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.core import QgsProcessingModelChildParameterSource as Source

from dbar_qgis_plugin.algorithms.night_light import lit_area

LIGHT = np.array([[0.0, 0.2, 3.0, 4.0], [-0.1, 0.3, 5.0, -9.0], [0.1, 0.2, 0.4, 6.0]])


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture
def light(write_raster):
    return write_raster("light.tif", LIGHT, nodata=-9)


def rows_of(layer):
    layer = layer if isinstance(layer, QgsVectorLayer) else QgsVectorLayer(layer, "t", "ogr")
    names = layer.fields().names()
    return [dict(zip(names, feature.attributes(), strict=True)) for feature in layer.getFeatures()]


def test_a_fixed_threshold_by_hand(run, light, feedback, out):
    path = str(out / "lit.tif")
    results = run(
        "litarea",
        INPUT=light,
        METHOD="fixed",
        THRESHOLD=0.3,
        OUTPUT=path,
        OUTPUT_TABLE="TEMPORARY_OUTPUT",
    )
    dataset = gdal.Open(path)
    assert dataset.ReadAsArray().tolist() == [[0, 0, 1, 1], [0, 1, 1, 255], [0, 0, 1, 1]]
    band = dataset.GetRasterBand(1)
    assert (band.GetDescription(), band.GetNoDataValue()) == ("lit", 255)
    assert dataset.GetMetadata()["DBAR_FORMULA"] == "litarea/fixed"
    assert dataset.GetMetadata()["DBAR_THRESHOLD"] == "0.3"
    (row,) = rows_of(results["OUTPUT_TABLE"])
    assert (row["zone"], row["lit_cells"], row["cells"], row["nodata_cells"]) == (
        "Whole area",
        6,
        11,
        1,
    )
    # Six cells of a hundredth of a km2, but for the map's scale at the central meridian.
    assert results["LIT_KM2"] == pytest.approx(0.06 / 0.9996**2, rel=1e-5)
    assert results["FOUND_THRESHOLD"] == 0.3
    assert row["lit_pct"] == pytest.approx(100 * 6 / 11, rel=1e-6)
    assert any(text.startswith("Whole area: lit from 0.3 on, 0.060") for text in feedback.infos)


def test_otsu_divides_two_heaps(run, light, out):
    path = str(out / "lit.tif")
    results = run("litarea", INPUT=light, OUTPUT=path)
    assert 0.4 < results["FOUND_THRESHOLD"] < 3.0
    assert (gdal.Open(path).ReadAsArray() == 1).sum() == 4
    layer = QgsRasterLayer(path, "lit")
    layer.loadDefaultStyle()
    assert isinstance(layer.renderer(), QgsPalettedRasterRenderer)
    assert [item.label for item in layer.renderer().classes()] == ["Dark", "Lit"]


def test_known_areas_of_zones(run, light, polygon_layer, feedback, out):
    zones = polygon_layer(
        ((0, 0, 2, 3), "west", 0.021),
        ((2, 0, 2, 3), "east", 0.03),
        ((9, 9, 1, 1), "away", 1.0),
        (None, "none", 1.0),
        fields="field=name:string(80)&field=known:double",
    )
    path, table = str(out / "lit.tif"), str(out / "zones.gpkg")
    results = run(
        "litarea",
        INPUT=light,
        METHOD="local_optimum",
        ZONES=zones,
        AREA_FIELD="known",
        OUTPUT=path,
        OUTPUT_TABLE="TEMPORARY_OUTPUT",
        OUTPUT_ZONES=table,
    )
    # West: 0.3 lights one cell, 0.2 three of them; east: 4 lights three.
    assert gdal.Open(path).ReadAsArray().tolist() == [
        [0, 1, 0, 1],
        [0, 1, 1, 255],
        [0, 1, 0, 1],
    ]
    rows = rows_of(results["OUTPUT_TABLE"])
    assert [row["zone"] for row in rows] == ["west", "east", "away", "none", "All zones"]
    assert [row["threshold"] for row in rows[:2]] == pytest.approx([0.2, 4.0])
    assert [row["lit_cells"] for row in rows] == [3, 3, 0, 0, 6]
    assert rows[0]["difference_km2"] == pytest.approx(0.009, abs=1e-4)
    assert [row["flags"] for row in rows] == ["", "", "OUTSIDE", "NO_GEOMETRY", ""]
    assert results["FOUND_THRESHOLD"] is None
    assert any("Zones outside the raster (1): away" in text for text in feedback.warnings)
    layer = QgsVectorLayer(table, "zones", "ogr")
    assert layer.featureCount() == 4
    layer.loadDefaultStyle()
    assert isinstance(layer.renderer(), QgsGraduatedSymbolRenderer)
    assert layer.renderer().classAttribute() == "lit_pct"
    assert layer.attributeAlias(layer.fields().lookupField("lit_km2")) == "Lit area (km²)"


def test_indices(run, light, write_raster, feedback, out):
    ndvi = write_raster("ndvi.tif", np.full((3, 4), 0.5))
    evi = write_raster("evi.tif", np.full((3, 4), 0.25))
    path = str(out / "indices.tif")
    run(
        "litarea",
        INPUT=light,
        NDVI=ndvi,
        EVI=evi,
        REFERENCE_PERCENTILE=100.0,
        OUTPUT=str(out / "lit.tif"),
        OUTPUT_INDICES=path,
    )
    dataset = gdal.Open(path)
    names = [dataset.GetRasterBand(number).GetDescription() for number in (1, 2, 3)]
    assert names == ["VANUI", "HSI", "EANTLI"]
    # The brightest cell is 6, so 3 is half of it.
    found = dataset.ReadAsArray()[:, 0, 2]
    assert found == pytest.approx([0.25, 1.0 / 1.25, 3.0 * 1.25 / 0.75], rel=1e-6)
    assert dataset.ReadAsArray()[:, 1, 3].tolist() == [-9999.0] * 3
    assert any("the percentile asked for: 6." in text for text in feedback.infos)


def test_a_shapefile_has_short_names(run, light, polygon_layer, tmp_path, feedback):
    zones = polygon_layer(((0, 0, 4, 3), "all"))
    target = str(tmp_path / "zones.shp")
    run("litarea", INPUT=light, ZONES=zones, OUTPUT="TEMPORARY_OUTPUT", OUTPUT_ZONES=target)
    assert {"LIGHT_PCT", "NODATA_N"} <= set(QgsVectorLayer(target, "t", "ogr").fields().names())
    assert any("lit_light_pct → LIGHT_PCT" in text for text in feedback.infos)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"METHOD": "local_optimum"}, "needs zones with their known area"),
        ({"OUTPUT_INDICES": "indices.tif"}, "need a raster of NDVI or EVI"),
        ({"ZONE_FIELD": "name"}, "is given without"),
        ({"INPUT": "dark"}, "dark has no cell above 0: nothing is lit"),
        ({"INPUT": "empty", "METHOD": "fixed"}, "empty holds no data inside the zones"),
        ({"NDVI": "gone.tif"}, "NDVI"),
    ],
)
def test_refusals(run, light, write_raster, out, changed, message):
    made = {
        "dark": write_raster("dark.tif", np.zeros((2, 2))),
        "empty": write_raster("empty.tif", np.full((2, 2), -9.0), nodata=-9),
        "indices.tif": str(out / "indices.tif"),
    }
    parameters = {"INPUT": light, "OUTPUT": str(out / "lit.tif")}
    parameters |= {key: made.get(value, value) for key, value in changed.items()}
    with pytest.raises(QgsProcessingException, match=message):
        run("litarea", **parameters)
    assert not list(out.iterdir())


def test_patches_need_scipy(run, light, out, monkeypatch):
    find_spec = lit_area.find_spec
    monkeypatch.setattr(
        lit_area, "find_spec", lambda name: None if name == "scipy" else find_spec(name)
    )
    with pytest.raises(QgsProcessingException, match="scipy, which is not installed"):
        run("litarea", INPUT=light, MINIMUM_PATCH=2, OUTPUT=str(out / "lit.tif"))
    assert not list(out.iterdir())


def test_cancel_leaves_nothing(run, light, feedback, out):
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run("litarea", INPUT=light, OUTPUT=str(out / "lit.tif"))
    assert not list(out.iterdir())


def test_as_a_step_of_a_model(provider, light, feedback, out):
    model = QgsProcessingModelAlgorithm("Lit", "lit", "dbar")
    model.addModelParameter(
        QgsProcessingParameterRasterLayer("light", "Light"), QgsProcessingModelParameter("light")
    )
    child = QgsProcessingModelChildAlgorithm("dbar:litarea")
    child.setChildId("lit")
    child.addParameterSources("INPUT", [Source.fromModelParameter("light")])
    output = QgsProcessingModelOutput("Result")
    output.setChildId("lit")
    output.setChildOutputName("OUTPUT")
    child.setModelOutputs({"Result": output})
    model.addChildAlgorithm(child)
    model.initAlgorithm()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    target = str(out / "model.tif")
    results, done = model.run({"light": light, "lit:Result": target}, context, feedback)
    assert done, feedback.errors
    assert (gdal.Open(results["lit:Result"]).ReadAsArray() == 1).sum() == 4
