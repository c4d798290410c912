"""dbar:ldnbalance from layers to zones and tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import (
    NULL,
    QgsCategorizedSymbolRenderer,
    QgsProcessingException,
    QgsRasterLayer,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QMetaType

from dbar_qgis_plugin.algorithms.sdg_15_3_1 import ldn_balance
from dbar_qgis_plugin.algorithms.tables import _field

ND = -32768
CELL_KM2 = 0.01
BASELINE = [[-1, 0, 1, 0, -1], [0, 1, -1, ND, -1]]
PERIOD_1 = [[1, 0, 1, -1, 1], [1, -1, 0, 0, 1]]
PERIOD_2 = [[1, 1, 1, -1, 1], [1, 0, -1, ND, 1]]
RECODE = (
    "field=recode_deg_to:integer&field=recode_stable_to:integer&field=recode_imp_to:string(8)"
    "&field=periods:integer"
)


def rows(layer) -> list[dict]:
    return [feature.attributeMap() for feature in layer.getFeatures()]


@pytest.fixture
def inputs(write_raster, polygon_layer, tmp_path):
    (tmp_path / "out").mkdir()
    return {
        "BASELINE": write_raster("sdg_2015.tif", BASELINE, nodata=ND),
        "REPORTING": [
            write_raster("sdg_2019.tif", PERIOD_1, nodata=ND),
            write_raster("sdg_2023.tif", PERIOD_2, nodata=ND),
        ],
        "ZONES": polygon_layer(((0, 0, 2, 2), "West"), ((2, 0, 2, 2), "East")),
        "OUTPUT": "TEMPORARY_OUTPUT",
        "OUTPUT_PERIODS": "TEMPORARY_OUTPUT",
    }


def test_figures_worked_out_by_hand(run, inputs, feedback):
    results = run("ldnbalance", **inputs)
    west, east = rows(results["OUTPUT"])
    assert west["name"] == west["zone"] == "West"
    assert west["net_restored_km2_2023"] == pytest.approx(3 * CELL_KM2, rel=2e-3)
    assert west["net_restored_pct_2023"] == pytest.approx(75, rel=1e-5)
    assert east["net_restored_km2_2023"] == pytest.approx(-CELL_KM2, rel=2e-3)
    assert (west["rank_2023"], east["rank_2023"]) == (1, 2)
    assert (west["achieved_2023"], east["achieved_2023"]) == (1, 0)
    assert (west["balance_class"], east["balance_class"]) == (1, -1)
    assert west["land_km2_baseline"] == pytest.approx(4 * CELL_KM2, rel=2e-3)
    periods = rows(results["OUTPUT_PERIODS"])
    assert [(row["zone"], row["period"]) for row in periods] == [
        (zone, period) for zone in ("West", "East", "") for period in ("baseline", "2019", "2023")
    ]
    assert periods[2]["share_pct"] == pytest.approx(150, rel=1e-5)
    assert periods[0]["change_km2"] == NULL
    assert (results["N_ZONES"], results["N_ACHIEVED"]) == (2, 1)
    assert results["NET_RESTORED_KM2"] == pytest.approx(2 * CELL_KM2, rel=2e-3)
    assert any("gains make up for losses in 1 of 2 zones" in text for text in feedback.infos)


def test_without_zones_the_whole_raster_is_one(run, inputs):
    results = run("ldnbalance", **{k: v for k, v in inputs.items() if k != "ZONES"})
    (whole,) = rows(results["OUTPUT"])
    assert whole["zone"] == "sdg_2015"
    assert whole["net_restored_km2_2023"] == pytest.approx(4 * CELL_KM2, rel=2e-3)
    (shape,) = (feature.geometry() for feature in results["OUTPUT"].getFeatures())
    assert shape.area() == pytest.approx(10 * 100 * 100)
    assert results["OUTPUT"].crs().authid() == "EPSG:32643"


def test_the_result_of_degradation_status_serves_as_periods(run, inputs, tmp_path):
    status = run(
        "degradationstatus",
        BASELINE=inputs["BASELINE"],
        REPORTING=inputs["REPORTING"],
        OUTPUT=str(tmp_path / "status.tif"),
    )["OUTPUT"]
    expected = rows(run("ldnbalance", **inputs)["OUTPUT_PERIODS"])
    found = rows(run("ldnbalance", **inputs | {"REPORTING": [status]})["OUTPUT_PERIODS"])
    for one, other in zip(expected, found, strict=True):
        assert one["period"] == other["period"]
        assert one["balance_km2"] == other["balance_km2"]
        assert one["status_6_km2"] == other["status_6_km2"]


def test_land_types(run, inputs, write_raster):
    cover = write_raster("cover.tif", [[1, 1, 3, 3, 1], [1, 3, 3, 3, 3]])
    results = run(
        "ldnbalance", **inputs | {"LAND_TYPES": [cover], "OUTPUT_LAND_TYPES": "TEMPORARY_OUTPUT"}
    )
    found = {
        (row["zone"], row["period"], row["land_type"]): row
        for row in rows(results["OUTPUT_LAND_TYPES"])
    }
    assert len(found) == 2 * (2 + 2 + 1)
    assert found["", "2019", "1"]["gains_km2"] == pytest.approx(2 * CELL_KM2, rel=2e-3)
    assert found["West", "2019", "3"]["achieved"] == 0
    assert found["", "2019", "3"]["losses_km2"] == pytest.approx(2 * CELL_KM2, rel=2e-3)


def test_inland_water_is_no_land(run, inputs, write_raster, feedback):
    cover = write_raster("cover.tif", [[7, 1, 3, 3, 1], [1, 3, 3, 7, 3]])
    results = run("ldnbalance", **inputs, LAND_COVER_INITIAL=cover)
    west, east = rows(results["OUTPUT"])
    # (0, 1, 1), (0, 1, 1), (1, -1, 0) in the west; (1, 1, 1), (0, -1, -1), (-1, 0, -1) in the east
    assert west["land_km2_2023"] == pytest.approx(3 * CELL_KM2, rel=2e-3)
    assert west["net_restored_pct_2023"] == pytest.approx(100 * 2 / 3, rel=1e-5)
    assert east["net_restored_pct_2023"] == pytest.approx(100 * (1 - 2) / 3, rel=1e-5)
    periods = {(row["zone"], row["period"]): row for row in rows(results["OUTPUT_PERIODS"])}
    assert periods["", "2023"]["water_km2"] == pytest.approx(2 * CELL_KM2, rel=2e-3)
    assert not any("inland water cannot be told" in text for text in feedback.warnings)
    mask = write_raster("mask.tif", [[1, 0, 0, 0, 0], [0, 0, 0, 1, 0]])
    by_mask = run("ldnbalance", **inputs, WATER=mask, LAND_COVER_INITIAL=cover, WATER_CLASS=1)
    assert rows(by_mask["OUTPUT_PERIODS"]) == rows(results["OUTPUT_PERIODS"])
    other = run("ldnbalance", **inputs, WATER=mask, DENOMINATOR="trends_earth")
    assert rows(other["OUTPUT"])[0]["net_restored_pct_2023"] == pytest.approx(75, rel=1e-5)
    run("ldnbalance", **inputs)
    assert any("inland water cannot be told from land" in text for text in feedback.warnings)


def test_the_balance_of_land_types_as_a_raster(run, inputs, write_raster, tmp_path):
    cover = write_raster("cover.tif", [[1, 1, 3, 3, 1], [1, 3, 3, 3, 3]])
    path = tmp_path / "out" / "balance.tif"
    results = run("ldnbalance", **inputs | {"LAND_TYPES": [cover], "OUTPUT_RASTER": str(path)})
    assert results["OUTPUT_RASTER"] == str(path)
    layer = QgsRasterLayer(str(path), "opened later")
    layer.loadDefaultStyle()
    provider = layer.dataProvider()
    assert provider.bandDescription(2) == "balance_2023"
    assert provider.sourceNoDataValue(1) == ND
    block = provider.block(1, layer.extent(), 5, 2)
    found = [[block.value(row, col) for col in range(4)] for row in range(2)]
    # West, type 1: (-1, 1), (0, 0), (0, 1); type 3: (1, -1). East, type 3: (1, 1), (0, -1),
    # (-1, 0), and a cell without a baseline, which is land all the same.
    assert found == [[6667, 6667, 0, 0], [6667, -10000, 0, 0]]
    renderer = layer.renderer()
    assert isinstance(renderer, QgsSingleBandPseudoColorRenderer)
    assert (renderer.inputBand(), renderer.classificationMin()) == (2, -10000)
    years = layer.temporalProperties().fixedTemporalRange()
    assert (years.begin().date().year(), years.end().date().year()) == (2019, 2023)


def test_zones_without_a_name_are_counted(run, inputs, polygon_layer, feedback):
    zones = polygon_layer(((0, 0, 2, 2), ""), ((2, 0, 2, 2), "East"))
    results = run("ldnbalance", **inputs | {"ZONES": zones})
    assert [row["zone"] for row in rows(results["OUTPUT"])] == ["feature 1", "East"]
    assert any("Zones with an empty name in “name” (1)" in text for text in feedback.warnings)


def test_counts_beyond_32_bits_are_kept():
    assert _field("cells", [5, None]).type() == QMetaType.Type.Int
    assert _field("cells", [5, 3_000_000_000]).type() == QMetaType.Type.LongLong


def test_no_land_types_no_table(run, inputs, feedback):
    results = run("ldnbalance", **inputs | {"OUTPUT_LAND_TYPES": "TEMPORARY_OUTPUT"})
    assert "OUTPUT_LAND_TYPES" not in results
    assert any(text.startswith("Nothing by land type is written") for text in feedback.warnings)


def test_error_polygons(run, inputs, polygon_layer, feedback):
    errors = polygon_layer(
        ((0, 0, 1, 2), None, None, "0", 4),
        ((2, 0, 2, 1), 1, -32768, "none", 3),
        fields=RECODE,
    )
    results = run("ldnbalance", **inputs | {"ERRORS": errors})
    found = {(row["zone"], row["period"]): row for row in rows(results["OUTPUT_PERIODS"])}
    assert found["West", "2023"]["restored_km2"] == pytest.approx(CELL_KM2, rel=2e-3)
    assert found["East", "baseline"]["nodata_km2"] == pytest.approx(2 * CELL_KM2, rel=2e-3)
    assert "Recoded in the error polygons, 2023: 2 cells" in feedback.infos


def test_files_are_styled_and_described(run, inputs, tmp_path):
    path = tmp_path / "out" / "ldn.gpkg"
    run("ldnbalance", **inputs | {"OUTPUT": str(path)})
    layer = QgsVectorLayer(str(path), "opened later", "ogr")
    renderer = layer.renderer()
    assert isinstance(renderer, QgsCategorizedSymbolRenderer)
    assert renderer.classAttribute() == "balance_class"
    assert [c.label() for c in renderer.categories()] == [
        "Losses exceed gains",
        "Gains equal losses",
        "Gains exceed losses",
        "No data",
    ]
    index = layer.fields().lookupField("net_restored_km2_2019")
    assert layer.attributeAlias(index) == "Net restored (km²), 2019"
    assert layer.metadata().identifier() == "dbar:ldnbalance"


def test_a_shapefile_gets_short_names(run, inputs, tmp_path, feedback):
    path = tmp_path / "out" / "ldn.shp"
    run("ldnbalance", **inputs | {"OUTPUT": str(path)})
    layer = QgsVectorLayer(str(path), "opened later", "ogr")
    assert layer.featureCount() == 2
    assert layer.renderer().classAttribute() == "BAL_CLASS"
    names = layer.fields().names()
    assert {"REST_2019", "REST_2023", "LAND_BASE", "CHGPP_2023"} <= set(names)
    assert layer.attributeAlias(names.index("NETP_2019")) == "Net restored (% of land), 2019"
    assert any("fields with another name" in text for text in feedback.infos)


CASES = {
    "two names": ({"PERIODS": "2019"}, "names 1 periods (2019), but there are 2 rasters"),
    "the same name": ({"PERIODS": "2019,2019"}, "“2019” cannot be the name of a period"),
    "zones that are not there": ({"ZONES": "gone.gpkg"}, "Could not load source layer for ZONES"),
    "errors that are not there": ({"ERRORS": "gone.shp"}, "Could not load source layer for ERRORS"),
    "no raster": ({"REPORTING": []}, "Indicator or status of each period"),
}


@pytest.mark.parametrize("case", CASES)
def test_refusals_before_the_run(run, inputs, monkeypatch, case):
    def fail(*_args, **_options):
        raise AssertionError("computed all the same")

    monkeypatch.setattr(ldn_balance, "compute_ldn_balance", fail)
    changed, words = CASES[case]
    with pytest.raises(QgsProcessingException) as caught:
        run("ldnbalance", **inputs | changed)
    assert words in str(caught.value)


def test_error_polygons_that_say_nothing(run, inputs, polygon_layer):
    with pytest.raises(QgsProcessingException) as caught:
        run("ldnbalance", **inputs | {"ERRORS": polygon_layer(((0, 0, 1, 1), "x"))})
    assert "“Cities” have none of the fields recode_deg_to, recode_stable_to" in str(caught.value)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((-1, None, None, 1), "recode_deg_to is -1, but must be one of -32768, 0, 1"),
        ((None, 5, None, 1), "recode_stable_to is 5, but must be one of -32768, -1, 1"),
        ((None, None, "worse", 1), "recode_imp_to holds “worse”, no whole number"),
    ],
)
def test_recodes_that_do_not_exist(run, inputs, polygon_layer, values, words):
    errors = polygon_layer(((0, 0, 1, 1), *values), fields=RECODE)
    with pytest.raises(QgsProcessingException) as caught:
        run("ldnbalance", **inputs | {"ERRORS": errors})
    assert words in str(caught.value)


def test_cancel_leaves_nothing(run, inputs, feedback, tmp_path):
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run("ldnbalance", **inputs | {"OUTPUT": str(tmp_path / "out" / "ldn.gpkg")})
    assert not list(Path(tmp_path / "out").iterdir())
