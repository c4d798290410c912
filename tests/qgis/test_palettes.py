"""The palette of the settings wherever classes are shown; foreign LPD wherever it is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsRasterLayer, QgsSettings

from dbar_qgis_plugin.algorithms.sdg_15_3_1 import classes
from dbar_qgis_plugin.algorithms.settings import PALETTE, SETTINGS_PATH

UNCCD = ("#9b2779", "#ffffe0", "#006500")
RED_GREEN = ("#d7191c", "#ffffbf", "#1a9641")


@pytest.fixture
def choose():
    """Choose a palette, and put the user's own back at the end."""
    settings, key = QgsSettings(), SETTINGS_PATH + PALETTE
    before = settings.value(key)
    yield lambda name: settings.setValue(key, name)
    if before is None:
        settings.remove(key)
    else:
        settings.setValue(key, before)


@pytest.mark.parametrize(
    ("name", "colours"),
    [("unccd", UNCCD), ("red_green", RED_GREEN), ("one that was taken out", UNCCD)],
)
def test_classes_in_the_palette_chosen(choose, name, colours):
    choose(name)
    assert tuple(item.colour for item in classes.degradation_classes()) == colours
    lpd = [item.colour for item in classes.productivity_classes()]
    assert (lpd[0], lpd[3], lpd[4]) == colours
    status = [item.colour for item in classes.status_classes()]
    assert (status[0], status[3], status[6]) == colours
    trend = [item.colour for item in classes.significance_classes()]
    assert (trend[0], trend[3], trend[6]) == colours
    for shades in (lpd, status, trend):
        assert len(set(shades)) == len(shades)


def shown(path):
    layer = QgsRasterLayer(str(path), "made")
    layer.loadNamedStyle(str(Path(path).with_suffix(".qml")))
    return tuple(item.color.name() for item in layer.renderer().classes())


def test_outputs_in_red_and_green(run, choose, write_raster, tmp_path):
    choose("red_green")
    out = str(tmp_path / "out.tif")
    years = tuple(map(str, range(2000, 2016)))
    values = np.random.default_rng(1).uniform(0.2, 0.8, (16, 3, 4))
    ndvi = write_raster("ndvi.tif", values, descriptions=years)
    for algorithm in ("productivitytrajectory", "productivitystate", "productivityperformance"):
        run(algorithm, NDVI=[ndvi], OUTPUT=out)
        expected = RED_GREEN[:2] if algorithm == "productivityperformance" else RED_GREEN
        assert shown(out) == expected, algorithm
    run("landproductivity", METHOD="fao_wocat", NDVI=[ndvi], OUTPUT=out)
    assert shown(out)[0::4] == RED_GREEN[0::2]
    maps = [
        write_raster(f"lc_{year}.tif", np.full((3, 4), code))
        for year, code in ((2000, 50.0), (2015, 10.0))
    ]
    run("landcoverchange", LAND_COVER=maps, OUTPUT=out)
    assert shown(out) == RED_GREEN
    stock = write_raster("stock.tif", np.full((3, 4), 80.0))
    run("soilorganiccarbon", LAND_COVER=maps, STOCK=stock, FACTOR=0.58, OUTPUT=out)
    assert shown(out) == RED_GREEN


@pytest.fixture
def jrc(write_raster):
    """LPD as the JRC gives it: 0 and 15 are no data, and nothing in the file says so."""
    return write_raster("jrc_lpd.tif", [[0, 1, 2, 3], [4, 5, 15, 4]])


def read(path):
    return gdal.Open(str(path)).ReadAsArray()


def test_imported_lpd_is_taken_everywhere(run, jrc, write_raster, tmp_path):
    out, none = str(tmp_path / "out.tif"), -32768
    classes = [[none, -1, -1, 0], [0, 1, none, 0]]
    run("landproductivity", METHOD="imported", IMPORTED=jrc, OUTPUT=out)
    assert read(out)[1].tolist() == classes
    stable = write_raster("stable.tif", np.zeros((2, 4)))
    run("landdegradation", PRODUCTIVITY=jrc, LAND_COVER=stable, SOC=stable, OUTPUT=out)
    made = read(out)
    assert (made if made.ndim == 2 else made[0]).tolist() == classes
    periods = {"BASELINE": jrc, "REPORTING": [jrc], "PERIODS": "2019"}
    run("degradationstatus", **periods, VALUES="lpd", OUTPUT=out)
    assert read(out)[0].tolist() == [[none, 1, 1, 4], [4, 7, none, 4]]
    found = run(
        "landdegradationsummary",
        RASTER=stable,
        PRODUCTIVITY=jrc,
        PRODUCTIVITY_VALUES="lpd",
        OUTPUT="memory:",
        OUTPUT_CROSSTABS="memory:",
    )
    rows = [
        row for row in found["OUTPUT_CROSSTABS"].getFeatures() if row["table"] == "productivity"
    ]
    hectares = {row["row_class"]: round(100.0 * row["km2"]) for row in rows}
    assert hectares == {none: 2, 1: 1, 2: 1, 3: 1, 4: 2, 5: 1}
    values = {"BASELINE_VALUES": "lpd", "PERIOD_VALUES": "lpd"}
    found = run("ldnbalance", **periods, **values, OUTPUT="memory:")
    # One cell of a hectare improved, two degraded.
    assert found["NET_RESTORED_KM2"] == pytest.approx(-0.01, rel=1e-2)
