"""dbar:soilorganiccarbon from layers to layers: bands, stocks, zones, styles, refusals."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    NULL,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from dbar_qgis_plugin.algorithms.sdg_15_3_1 import soil_organic_carbon

NODATA = -32768


@pytest.fixture
def inputs(write_raster, tmp_path):
    """Forest to crop, crop to forest, water to forest, and forest that stays."""
    (tmp_path / "out").mkdir()
    return {
        "LAND_COVER": [
            write_raster("lc_2000.tif", [[1, 3, 7, 1]]),
            write_raster("lc_2015.tif", [[3, 1, 1, 1]]),
        ],
        "LEGEND": "unccd",
        "STOCK": write_raster("stock.tif", [[100, 100, 100, 50]]),
        "FACTOR": 0.58,
        "OUTPUT": str(tmp_path / "out" / "soc.tif"),
    }


def read(path):
    dataset = gdal.Open(str(path))
    return dataset.ReadAsArray(), dataset


def rows(layer) -> list[dict]:
    return [feature.attributeMap() for feature in layer.getFeatures()]


def test_figures_worked_out_by_hand(run, inputs, feedback):
    results = run("soilorganiccarbon", **inputs, OUTPUT_STOCKS="TEMPORARY_OUTPUT")
    bands, dataset = read(results["OUTPUT"])
    gain = (1 / 0.58 - 1) * 8 / 20
    assert bands[0].tolist() == [[-1, 1, NODATA, 0]]
    assert bands[1].tolist() == [[-1680, round(1e4 * gain), NODATA, 0]]
    assert bands[2].tolist() == [[1000, 1000, NODATA, 500]]
    assert bands[3].tolist() == [[832, round(1000 * (1 + gain)), NODATA, 500]]
    names = [dataset.GetRasterBand(band).GetDescription() for band in range(1, 5)]
    assert names == ["soc", "change_x100", "initial_x10", "final_x10"]
    assert dataset.GetRasterBand(1).GetNoDataValue() == NODATA
    assert dataset.GetRasterBand(3).GetUnitType() == "0.1 t/ha"
    tags = dataset.GetMetadata()
    assert tags["DBAR_FORMULA"] == "soilorganiccarbon/prais4"
    assert json.loads(tags["DBAR_PARAMETERS"])["HORIZON"] == "20"

    stocks = {(row["name"], row["year"]): row for row in rows(results["OUTPUT_STOCKS"])}
    assert len(stocks) == 14
    tree = stocks["Tree-covered areas", 2000]
    assert tree["mean_t_ha"] == pytest.approx(75.0, rel=1e-4)
    assert tree["tonnes"] == pytest.approx(150.0, rel=2e-3)
    assert stocks["Cropland", 2015]["mean_t_ha"] == pytest.approx(83.2, rel=1e-6)
    assert results["DEGRADED_KM2"] == pytest.approx(0.01, rel=2e-3)
    assert results["IMPROVED_KM2"] == pytest.approx(results["DEGRADED_KM2"], rel=1e-6)
    assert any(re.search(r"0\.0100\d km² water at the first date", text) for text in feedback.infos)


def test_the_convention_of_the_peer(run, inputs):
    bands, dataset = read(
        run("soilorganiccarbon", **inputs | {"CONVENTION": "trends_earth"})["OUTPUT"]
    )
    assert bands[:, 0, 0].tolist() == [-1, -1700, 1000, 830]
    assert dataset.GetMetadata()["DBAR_FORMULA"] == "soilorganiccarbon/trends_earth"


def test_climate_zones(run, inputs, write_raster, feedback):
    zones = write_raster("zones.tif", [[10, 0, 10, 0]])
    changed = {"CLIMATE_ZONES": zones, "FACTOR": None}
    bands, _ = read(run("soilorganiccarbon", **inputs | changed)["OUTPUT"])
    # Crop to forest in zone 0 would be +32,667 % with a factor of 0; it has no result.
    assert bands[0].tolist() == [[-1, NODATA, NODATA, 0]]
    assert bands[1, 0, 0] == round(-100 * 0.52 * 8 / 20 * 100)
    assert any("have no result: their change of land cover needs" in t for t in feedback.warnings)
    changed["FACTOR"] = 0.8
    bands, _ = read(run("soilorganiccarbon", **inputs | changed)["OUTPUT"])
    assert bands[1, 0].tolist() == [-2080, 1000, NODATA, 0]
    changed = {"CLIMATE_ZONES": zones, "FACTOR": None, "ZONE_FACTORS": [10, 0.5, 0, 0.25]}
    bands, _ = read(run("soilorganiccarbon", **inputs | changed)["OUTPUT"])
    assert bands[3, 0].tolist() == [800, 2200, NODATA, 500]


def test_an_annual_stack_and_two_dates(run, inputs, write_raster):
    years = range(2000, 2016)
    maps = np.ones((16, 1, 4))
    maps[1:, 0, 0] = 3
    maps[11:, 0, 1] = 5
    stack = write_raster("stack.tif", maps, descriptions=tuple(f"y{year}" for year in years))
    changed = {"LAND_COVER": [stack], "YEARS": ",".join(map(str, years))}
    bands, _ = read(run("soilorganiccarbon", **inputs | changed)["OUTPUT"])
    assert bands[3, 0, :2].tolist() == [1000 - 21 * 15, 1000 - 45 * 5]
    changed["METHOD"] = "two_dates"
    bands, _ = read(run("soilorganiccarbon", **inputs | changed)["OUTPUT"])
    assert bands[3, 0, :2].tolist() == [832, 640]


def test_settings(run, inputs):
    factors = ["1"] * 49
    factors[2], factors[14] = "0.5", "1/f"
    changed = {"LAND_USE_FACTORS": factors, "HORIZON": 8, "THRESHOLD": 60}
    bands, _ = read(run("soilorganiccarbon", **inputs | changed)["OUTPUT"])
    assert bands[0].tolist() == [[0, 1, NODATA, 0]]
    assert bands[3].tolist() == [[500, round(1000 / 0.58), NODATA, 500]]


def test_what_models_give_for_nothing(run, inputs):
    empty = {"YEAR_INITIAL": NULL, "YEAR_FINAL": "", "CLIMATE_ZONES": NULL, "CODES": NULL}
    bands, _ = read(run("soilorganiccarbon", **inputs | empty)["OUTPUT"])
    assert bands[0].tolist() == [[-1, 1, NODATA, 0]]


def test_stock_on_another_grid(run, inputs, write_raster, feedback):
    inputs["STOCK"] = write_raster("stock.tif", [[100] * 4] * 4, cell=200.0)
    bands, _ = read(run("soilorganiccarbon", **inputs)["OUTPUT"])
    assert bands[2].tolist() == [[1000, 1000, NODATA, 1000]]
    text = "stock is resampled to the reference grid (bilinear)."
    assert text in feedback.infos


def test_style(provider, inputs, feedback, qgis_new_project, tmp_path):
    from processing import runAndLoadResults

    parameters = inputs | {"OUTPUT_STOCKS": "TEMPORARY_OUTPUT"}
    runAndLoadResults("dbar:soilorganiccarbon", parameters, feedback=feedback)
    layers = QgsProject.instance().mapLayers().values()
    (raster,) = (layer for layer in layers if isinstance(layer, QgsRasterLayer))
    again = QgsRasterLayer(inputs["OUTPUT"], "again")
    assert again.renderer().type() == "paletted"
    again.loadNamedStyle(str(tmp_path / "out" / "soc.qml"))
    for layer in (raster, again):
        assert [item.value for item in layer.renderer().classes()] == [-1, 0, 1]
        assert layer.renderer().classes()[2].label == "Improved"
        period = layer.temporalProperties().fixedTemporalRange()
        assert (period.begin().date().year(), period.end().date().year()) == (2000, 2015)
    (table,) = (layer for layer in layers if isinstance(layer, QgsVectorLayer))
    assert table.attributeAlias(table.fields().lookupField("mean_t_ha")) == "Mean stock (t/ha)"


CASES = {
    "no factor": ({"FACTOR": None}, "Give either IPCC climate zones (0–12) or Factor f for all"),
    "a factor of 0": ({"FACTOR": 0}, "Incorrect parameter value"),
    "a year without a map": ({"YEAR_FINAL": 2010}, "There is no land cover map of 2010"),
    "part of a year": ({"YEARS": "2000.5,2015"}, "2000.5 is not a whole year"),
    "another legend": ({"LEGEND": "esa_cci"}, "are not in the legend “esa_cci”"),
    "no stock": ({"STOCK": None}, "Could not load source layer for STOCK"),
    "a zone in words": ({"ZONE_FACTORS": ["dry", 1]}, "“dry” is not a number"),
    "a factor below 0": ({"ZONE_FACTORS": [1, -1]}, "a factor cannot be below 0, as -1 is"),
    "a land use factor of 0": ({"LAND_USE_FACTORS": ["0"] * 49}, "“0” is not a factor"),
    "a short table": ({"LAND_USE_FACTORS": ["1"] * 7}, "a row for each of the UNCCD's seven"),
}


@pytest.mark.parametrize("case", CASES)
def test_refused(run, inputs, tmp_path, case):
    changed, message = CASES[case]
    with pytest.raises(QgsProcessingException) as caught:
        run("soilorganiccarbon", **inputs | changed)
    assert message in str(caught.value)
    assert not list((tmp_path / "out").iterdir())


def test_cancel_leaves_nothing(run, inputs, feedback, monkeypatch, tmp_path):
    compute = soil_organic_carbon.compute_soil_organic_carbon

    def cancel_first(*arguments, **options):
        feedback.cancel()
        return compute(*arguments, **options)

    monkeypatch.setattr(soil_organic_carbon, "compute_soil_organic_carbon", cancel_first)
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run("soilorganiccarbon", **inputs)
    assert not list((tmp_path / "out").iterdir())
