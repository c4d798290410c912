"""`dbar:electrification`: shares by hand for each rule, curve, zones, report, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsPalettedRasterRenderer,
    QgsPointXY,
    QgsProcessingException,
    QgsRasterLayer,
    QgsVectorLayer,
)

LEFT, TOP = 500_000.0, 4_000_000.0
# Cells of light of 200 m, of people of 100 m.
LIGHT = np.array([[0.2, 1.0], [5.0, -0.1]])
PEOPLE = np.array(
    [[1.0, 2.0, 3.5, 0.0], [0.0, 0.0, 0.0, 0.5], [10.0, 0.0, 4.0, 0.0], [0.25, 0.0, 0.0, -9.0]]
)


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture
def inputs(write_raster):
    return {
        "INPUT": write_raster("light.tif", LIGHT, cell=200.0),
        "POPULATION": write_raster("people.tif", PEOPLE, nodata=-9),
    }


@pytest.fixture
def places():
    def make(*rows, fields="field=lit:integer"):
        layer = QgsVectorLayer(f"Point?crs=EPSG:32643&{fields}", "Places", "memory")
        features = []
        for x, y, value in rows:
            feature = QgsFeature(layer.fields())
            feature.setAttributes([value])
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(LEFT + x, TOP - y)))
            features.append(feature)
        assert layer.dataProvider().addFeatures(features)[0]
        return layer

    return make


def rows_of(layer):
    layer = layer if isinstance(layer, QgsVectorLayer) else QgsVectorLayer(layer, "t", "ogr")
    names = layer.fields().names()
    return [dict(zip(names, feature.attributes(), strict=True)) for feature in layer.getFeatures()]


def test_a_fixed_threshold_by_hand(run, inputs, feedback, out):
    path = str(out / "m.tif")
    results = run(
        "electrification",
        **inputs,
        THRESHOLDS="0.1; 1",
        OUTPUT=path,
        OUTPUT_TABLE="TEMPORARY_OUTPUT",
        OUTPUT_CURVE="TEMPORARY_OUTPUT",
    )
    assert results["PEOPLE"] == 21.25
    assert results["ELECTRIFIED_PCT"] == pytest.approx(100 * 14.25 / 21.25)
    assert results["FOUND_THRESHOLD"] == 0.5
    dataset = gdal.Open(path)
    assert dataset.ReadAsArray().tolist() == [[0, 1], [1, 0]]
    band = dataset.GetRasterBand(1)
    assert (band.GetDescription(), band.GetNoDataValue()) == ("electrified", 255)
    assert dataset.GetMetadata()["DBAR_FORMULA"] == "electrification/fixed"
    (row,) = rows_of(results["OUTPUT_TABLE"])
    assert (row["people_lit"], row["people_dark"]) == (14.25, 7.0)
    curve = rows_of(results["OUTPUT_CURVE"])
    assert [row["threshold"] for row in curve] == [0.1, 0.5, 1.0]
    assert [row["people_lit"] for row in curve] == [17.25, 14.25, 14.25]
    assert [row["chosen"] for row in curve] == [0, 1, 0]
    assert any("67.06 % of 21 people live in electrified" in text for text in feedback.infos)
    layer = QgsRasterLayer(path, "m")
    layer.loadDefaultStyle()
    assert isinstance(layer.renderer(), QgsPalettedRasterRenderer)
    assert layer.renderer().classes()[1].label == "Electrified"


def test_midpoint_of_known_places(run, inputs, places, feedback, out):
    samples = places((100, 100, 0), (300, 100, 1), (100, 300, 1), (300, 300, None))
    results = run(
        "electrification",
        **inputs,
        METHOD="midpoint",
        SAMPLES=samples,
        SAMPLE_FIELD="lit",
        OUTPUT=str(out / "m.tif"),
    )
    assert results["FOUND_THRESHOLD"] == pytest.approx(0.6)
    samples = places((100, 100, "yes"), (300, 100, "no"), fields="field=lit:string")
    results = run(
        "electrification",
        **inputs,
        METHOD="midpoint",
        SAMPLES=samples,
        SAMPLE_FIELD="lit",
        OUTPUT=str(out / "m.tif"),
    )
    assert results["FOUND_THRESHOLD"] == pytest.approx(0.6)
    assert any("Known places overlap" in text for text in feedback.warnings)


def test_contrast_and_density(run, write_raster, out):
    light = np.zeros((9, 9))
    light[4, 4] = 1.0
    path = str(out / "m.tif")
    results = run(
        "electrification",
        INPUT=write_raster("light.tif", light),
        POPULATION=write_raster("people.tif", np.full((9, 9), 100.0)),
        POPULATION_KIND="density",
        METHOD="contrast",
        OUTPUT=path,
    )
    assert gdal.Open(path).ReadAsArray().sum() == 1
    # 0.81 km2 on the map, whose scale there is 0.9996.
    assert results["PEOPLE"] == pytest.approx(81.0 / 0.9996**2, rel=1e-5)
    assert results["ELECTRIFIED_PCT"] == pytest.approx(100 / 81, rel=1e-6)
    assert results["FOUND_THRESHOLD"] == pytest.approx(0.1)


def test_zones_and_report(run, inputs, polygon_layer, out):
    zones = polygon_layer(((0, 0, 4, 2), "north <b>"), ((0, 2, 4, 2), "south"))
    page, target = out / "report.html", str(out / "zones.gpkg")
    results = run(
        "electrification",
        **inputs,
        ZONES=zones,
        OUTPUT=str(out / "m.tif"),
        OUTPUT_TABLE="TEMPORARY_OUTPUT",
        OUTPUT_ZONES=target,
        OUTPUT_REPORT=str(page),
    )
    rows = rows_of(results["OUTPUT_TABLE"])
    assert [row["zone"] for row in rows] == ["north <b>", "south", "All zones"]
    assert [row["people_lit"] for row in rows] == [4.0, 10.25, 14.25]
    polygons = rows_of(target)
    assert [row["electrified_pct"] for row in polygons] == pytest.approx(
        [100 * 4 / 7, 100 * 10.25 / 14.25]
    )
    layer = QgsVectorLayer(target, "zones", "ogr")
    layer.loadDefaultStyle()
    assert layer.renderer().classAttribute() == "electrified_pct"
    html = page.read_text(encoding="utf-8")
    assert "67.1" in html
    assert "north &lt;b&gt;" in html
    assert "<b>" not in html.partition("</style>")[2].partition("<script")[0]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"METHOD": "midpoint"}, "The method “midpoint” needs"),
        ({"METHOD": "midpoint", "SAMPLES": "one"}, "there are 1 and 0"),
        ({"METHOD": "midpoint", "SAMPLES": "odd"}, "“7” of feature 1 is neither 1"),
        ({"THRESHOLDS": "0.3, a"}, "“0.3, a” is not a list of numbers"),
        ({"POPULATION": "away"}, "away does not overlap light"),
        ({"POPULATION": "nobody"}, "nobody has no people inside the zones"),
        ({"ZONE_FIELD": "name"}, "is given without"),
    ],
)
def test_refusals(run, inputs, places, write_raster, out, changed, message):
    made = {
        "one": places((300, 100, 1)),
        "odd": places((300, 100, 7)),
        "away": write_raster("away.tif", PEOPLE, origin=(0.0, 0.0)),
        "nobody": write_raster("nobody.tif", np.zeros((4, 4))),
    }
    parameters = {**inputs, "OUTPUT": str(out / "m.tif")}
    parameters |= {key: made.get(value, value) for key, value in changed.items()}
    if "SAMPLES" in changed:
        parameters["SAMPLE_FIELD"] = "lit"
    with pytest.raises(QgsProcessingException, match=message):
        run("electrification", **parameters)
    assert not list(out.iterdir())


def test_cancel_leaves_nothing(run, inputs, feedback, out):
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run("electrification", **inputs, OUTPUT=str(out / "m.tif"))
    assert not list(out.iterdir())
