"""`dbar:nightlightcolour`: types and shares by hand, styles, warnings, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsPalettedRasterRenderer,
    QgsProcessingException,
    QgsRasterLayer,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)

NAMES = ("red", "green", "blue")
# Types: white, red; other, dark; undefined, no data.
VALUES = [
    [[1.0, 19.0], [2.0, 0.0], [1.0, 1.0]],
    [[1.0, 1.0], [2.0, 0.0], [0.0, 1.0]],
    [[1.0, 0.0], [1.0, 0.0], [1.0, -9999.0]],
]


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture
def scene(write_raster):
    path = write_raster("scene.tif", VALUES, nodata=-9999, descriptions=NAMES)
    dataset = gdal.Open(path, gdal.GA_Update)
    dataset.SetMetadataItem("DBAR_DATE", "2022-03-04T13:21:00+00:00")
    dataset.FlushCache()
    return path


def rows_of(layer):
    layer = layer if isinstance(layer, QgsVectorLayer) else QgsVectorLayer(layer, "t", "ogr")
    names = layer.fields().names()
    return [dict(zip(names, feature.attributes(), strict=True)) for feature in layer.getFeatures()]


def test_types_and_shares_by_hand(run, scene, feedback, out):
    types, indices = str(out / "types.tif"), str(out / "indices.tif")
    results = run(
        "nightlightcolour",
        INPUT=scene,
        UNIT="other",
        OUTPUT=types,
        OUTPUT_INDICES=indices,
        OUTPUT_TABLE="TEMPORARY_OUTPUT",
    )
    assert (results["N_LIT"], results["LED_SHARE"], results["BLUE_SHARE"]) == (
        4,
        pytest.approx(10.0),
        pytest.approx(10.0),
    )
    dataset = gdal.Open(types)
    assert dataset.ReadAsArray().tolist() == [[1, 2], [3, 0], [4, 255]]
    band = dataset.GetRasterBand(1)
    assert (band.GetDescription(), band.GetNoDataValue()) == ("spectral_type", 255)
    tags = dataset.GetMetadata()
    assert tags["DBAR_FORMULA"] == "nightlightcolour/jia_2024"
    assert tags["DBAR_DATE"].startswith("2022-03-04")
    rows = {row["type"]: row for row in rows_of(results["OUTPUT_TABLE"])}
    assert list(rows) == ["dark", "white_led", "red_led", "other", "undefined", "lit"]
    assert rows["white_led"]["type_name"] == "White LED type"
    assert rows["lit"]["light"] == pytest.approx(30.0)
    assert rows["red_led"]["light_pct"] == pytest.approx(200 / 3)
    assert rows["lit"]["zone"] == "Whole area"
    assert any("10.00 % of their light, blue 10.00 %" in text for text in feedback.infos)
    assert any("other gains of the bands move them" in text for text in feedback.infos)
    bands = gdal.Open(indices)
    names = [bands.GetRasterBand(number).GetDescription() for number in range(1, 8)]
    assert names == ["RRLI", "RBLI", "NDIGR", "NDIBG", "SONDI", "brightness", "radiance"]
    assert bands.GetRasterBand(1).ReadAsArray()[2].tolist() == [-9999, -9999]


def test_styles(run, scene, out):
    types, indices = str(out / "types.tif"), str(out / "indices.tif")
    run("nightlightcolour", INPUT=scene, UNIT="other", OUTPUT=types, OUTPUT_INDICES=indices)
    layer = QgsRasterLayer(types, "types")
    layer.loadDefaultStyle()
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    assert [item.label for item in renderer.classes()] == [
        "Dark",
        "White LED type",
        "Red type",
        "Other light",
        "Lit, type undefined",
    ]
    span = layer.temporalProperties().fixedTemporalRange()
    assert span.begin().toString("yyyy-MM-dd") == "2022-03-04"
    layer = QgsRasterLayer(indices, "indices")
    layer.loadDefaultStyle()
    assert isinstance(layer.renderer(), QgsSingleBandPseudoColorRenderer)
    assert layer.renderer().inputBand() == 6
    legend = layer.renderer().shader().rasterShaderFunction().legendSettings()
    assert float(legend.minimumLabel()) < float(legend.maximumLabel())


def test_three_rasters_zones_and_cuts(run, write_raster, polygon_layer, out):
    colours = {
        name.upper(): write_raster(f"{name}.tif", band, nodata=-9999)
        for name, band in zip(NAMES, VALUES, strict=True)
    }
    zones = polygon_layer(((0, 0, 2, 1), "north"), ((0, 1, 2, 2), "south"))
    table = str(out / "t.csv")
    results = run(
        "nightlightcolour",
        **colours,
        UNIT="other",
        BLUE_CUT=2.0,
        ZONES=zones,
        OUTPUT=str(out / "types.tif"),
        OUTPUT_TABLE=table,
    )
    assert results["LED_SHARE"] == 0.0
    rows = rows_of(table)
    lit = {row["zone"]: row for row in rows if row["type"] == "lit"}
    assert list(lit) == ["north", "south", "All zones"]
    assert [float(row["light"]) for row in lit.values()] == pytest.approx([23.0, 7.0, 30.0])


def test_digital_numbers_are_warned_of(run, tmp_path, write_raster, feedback, out):
    path = write_raster("float.tif", np.ones((3, 2, 2)), descriptions=NAMES)
    whole = str(tmp_path / "dn.tif")
    gdal.Translate(whole, path, outputType=gdal.GDT_UInt16)
    run("nightlightcolour", INPUT=whole, OUTPUT=str(out / "types.tif"))
    assert any("holds digital numbers, not calibrated" in text for text in feedback.warnings)


def test_nothing_is_lit(run, write_raster, feedback, out):
    path = write_raster("dark.tif", np.zeros((3, 2, 2)), descriptions=NAMES)
    results = run("nightlightcolour", INPUT=path, OUTPUT=str(out / "types.tif"))
    assert results["N_LIT"] == 0
    assert results["LED_SHARE"] is None
    assert "No cell is lit." in feedback.warnings


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"INPUT": None}, "Choose one raster in colour, or one raster for each"),
        ({"RED": "scene"}, "not both"),
        ({"WIDTHS": "294, 106"}, "type three numbers above 0"),
        ({"WIDTHS": "294, 106, x"}, "type three numbers above 0"),
        ({"ZONE_FIELD": "name"}, "is given without"),
    ],
)
def test_refusals(run, scene, out, changed, message):
    changed = {key: scene if value == "scene" else value for key, value in changed.items()}
    parameters = {"INPUT": scene, "OUTPUT": str(out / "types.tif")} | changed
    parameters = {key: value for key, value in parameters.items() if value is not None}
    with pytest.raises(QgsProcessingException, match=message):
        run("nightlightcolour", **parameters)
    assert not list(out.iterdir())


def test_cancel_leaves_nothing(run, scene, feedback, out):
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run("nightlightcolour", INPUT=scene, OUTPUT=str(out / "types.tif"))
    assert not list(out.iterdir())
