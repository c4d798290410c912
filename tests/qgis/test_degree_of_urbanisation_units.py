"""`dbar:degreeofurbanisationunits`: classes of units, tables, styles, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import QgsCategorizedSymbolRenderer, QgsProcessingException, QgsVectorLayer

CLASSES = [[30, 30, 23, 21, 13, 11]] * 2
PEOPLE = [[2000.0, 2000.0, 1600.0, 400.0, 320.0, 5.0]] * 2


@pytest.fixture
def rasters(write_raster):
    options = {"cell": 1000.0, "crs": "EPSG:32643"}
    return {
        "CLASSES": write_raster("classes.tif", CLASSES, nodata=255, **options),
        "POPULATION": write_raster("people.tif", PEOPLE, **options),
    }


@pytest.fixture
def units(polygon_layer):
    # The fixture's rectangles are in cells of 100 m.
    return polygon_layer(
        ((0, 0, 20, 20), "City"),
        ((20, 0, 20, 20), "Town"),
        ((40, 0, 20, 20), "Village"),
        ((900, 0, 20, 20), "Away"),
    )


def rows_of(layer):
    layer = layer if isinstance(layer, QgsVectorLayer) else QgsVectorLayer(layer, "t", "ogr")
    names = layer.fields().names()
    return [dict(zip(names, feature.attributes(), strict=True)) for feature in layer.getFeatures()]


def test_units_have_classes_and_shares(run, rasters, units, feedback, tmp_path):
    path = str(tmp_path / "units.gpkg")
    results = run(
        "degreeofurbanisationunits",
        UNITS=units,
        UNIT_FIELD="name",
        OUTPUT=path,
        OUTPUT_TABLE="TEMPORARY_OUTPUT",
        **rasters,
    )
    rows = rows_of(path)
    assert [row["name"] for row in rows] == ["City", "Town", "Village", "Away"]
    assert [row["level_1"] for row in rows[:3]] == [3, 2, 1]
    assert [row["level_2"] for row in rows[:3]] == [30, 23, 13]
    assert [row["label"] for row in rows[:3]] == ["City", "Dense town", "Village"]
    assert rows[1]["share_23"] == pytest.approx(0.8)
    assert rows[1]["population"] == 4000.0
    assert rows[3]["level_1"] is None or str(rows[3]["level_1"]) == "NULL"
    assert rows[3]["flags"] == "OUTSIDE"
    assert results["N_CITIES"] == 1
    table = {(row["level"], row["class"]): row for row in rows_of(results["OUTPUT_TABLE"])}
    assert len(table) == 10
    assert table[1, 3]["population"] == 8000.0
    assert table[2, 13]["units"] == 1
    shares = [row["population_pct"] for (level, _), row in table.items() if level == 2]
    assert sum(shares) == pytest.approx(100.0)
    assert any("Cities: 1; towns and semi-dense areas: 1" in text for text in feedback.infos)
    assert any("Units outside" in text for text in feedback.warnings)
    layer = QgsVectorLayer(path, "units", "ogr")
    layer.loadDefaultStyle()
    assert isinstance(layer.renderer(), QgsCategorizedSymbolRenderer)
    assert layer.renderer().classAttribute() == "level_2"
    assert layer.attributeAlias(layer.fields().lookupField("share_30")) == (
        "Share in Urban centre (0–1)"
    )


def test_level_1_has_three_classes(run, rasters, units, write_raster, tmp_path):
    level_1 = np.array([[3, 3, 2, 2, 1, 1]] * 2)
    path = str(tmp_path / "units.shp")
    rasters["CLASSES"] = write_raster("one.tif", level_1, cell=1000.0)
    run("degreeofurbanisationunits", UNITS=units, OUTPUT=path, **rasters)
    rows = rows_of(path)
    assert [row["level_1"] for row in rows[:3]] == [3, 2, 1]
    assert "level_2" not in rows[0]


def test_classes_of_something_else_are_refused(run, rasters, units):
    with pytest.raises(QgsProcessingException, match="no classes of one level"):
        run(
            "degreeofurbanisationunits",
            UNITS=units,
            OUTPUT="TEMPORARY_OUTPUT",
            **{**rasters, "CLASSES": rasters["POPULATION"]},
        )


def test_rules_and_coverage_are_those_that_exist(run, rasters, units):
    for name in ("UNIT_RULES", "COVERAGE"):
        with pytest.raises(QgsProcessingException):
            run(
                "degreeofurbanisationunits",
                UNITS=units,
                OUTPUT="TEMPORARY_OUTPUT",
                **{**rasters, name: "other"},
            )


def test_cancelled_it_leaves_no_file(run, rasters, units, feedback, tmp_path):
    feedback.cancel()
    path = tmp_path / "units.gpkg"
    with pytest.raises(QgsProcessingException):
        run("degreeofurbanisationunits", UNITS=units, OUTPUT=str(path), **rasters)
    assert not path.exists()
