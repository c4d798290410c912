"""`dbar:productivitystate`: good runs with numbers worked by hand, refusals, cancel, style."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import Qgis, QgsProcessingException, QgsRasterLayer

YEARS = tuple(range(2000, 2016))


@pytest.fixture
def series(write_raster):
    """NDVI of 13 years from 0.400 to 0.412, then three of their own, in 2 x 3 cells.

    The deciles of the padded baseline lie at 0.4004, 0.4018, 0.4032, 0.4046, 0.4060, ..; its mean,
    0.406, is in the fifth class.
    """
    values = np.empty((16, 2, 3))
    values[:13] = (0.4 + 0.001 * np.arange(13))[:, np.newaxis, np.newaxis]
    values[13:] = [[0.39, 0.4061, 0.43], [0.4031, 0.405, 0.407]]
    values[14:, 1, 1] = -9
    values[2:9, 1, 2] = -9
    return write_raster(
        "ndvi.tif", values, nodata=-9, descriptions=tuple(f"ndvi_{year}" for year in YEARS)
    )


def read(path):
    dataset = gdal.Open(str(path))
    return dataset, dataset.ReadAsArray()


def styled(path):
    layer = QgsRasterLayer(path, "state")
    layer.loadNamedStyle(path.replace(".tif", ".qml"))
    return layer


def test_state_by_hand(run, series, feedback, tmp_path):
    path = str(tmp_path / "state.tif")
    results = run("productivitystate", NDVI=[series], OUTPUT=path)
    assert results == {"OUTPUT": path, "N_DEGRADED": 2, "N_STABLE": 1, "N_IMPROVED": 1}
    dataset, (state, change) = read(path)
    assert state.tolist() == [[-1, 0, 1], [-1, -32768, -32768]]
    assert change.tolist() == [[-4, 1, 5], [-2, -32768, -32768]]
    bands = [dataset.GetRasterBand(number) for number in (1, 2)]
    assert [band.GetDescription() for band in bands] == ["state", "class_change"]
    assert {band.GetNoDataValue() for band in bands} == {-32768}
    assert {band.DataType for band in bands} == {gdal.GDT_Int16}
    tags = dataset.GetMetadata()
    assert tags["DBAR_FORMULA"] == "productivitystate/prais4"
    assert tags["DBAR_ALGORITHM"] == "dbar:productivitystate"
    assert json.loads(tags["DBAR_PARAMETERS"])["CLASSES"] == "10"
    assert "Degraded: 2 cells, 0.0200" in "\n".join(feedback.infos)
    assert any(text.startswith("No data: too few recent years: 1 cells") for text in feedback.infos)
    assert any(
        text.startswith("No data: too few baseline years: 1 cells") for text in feedback.infos
    )
    assert any("2015 ← ndvi, Band 16: ndvi_2015" in text for text in feedback.infos)


def test_conventions_and_options(run, series, tmp_path):
    def states(**options):
        path = str(tmp_path / "state.tif")
        run("productivitystate", NDVI=[series], OUTPUT=path, **options)
        dataset, (state, _) = read(path)
        return dataset.GetMetadata()["DBAR_FORMULA"], state.ravel()[:4].tolist()

    # Sample standard deviation of the baseline: 0.00389. 0.39 is 4.1 of it off, 0.4031 only 0.7.
    assert states(CONVENTION="gpg_v2") == ("productivitystate/gpg_v2", [-1, 0, 1, 0])
    # Changes of up to 0.01 are none: only 0.39 and 0.43 are further off.
    assert states(CONVENTION="trends_earth") == ("productivitystate/trends_earth", [-1, 0, 1, 0])
    assert states(DEAD_BAND=0.02)[1] == [0, 0, 1, 0]
    assert states(SHIFT=1)[1] == [-1, 1, 1, -1]
    assert states(SHIFT=5)[1] == [0, 0, 1, 0]
    assert states(CLASSES=2, SHIFT=1)[1] == [0, 1, 1, 0]
    assert states(BASELINE_END=2011, RECENT_START=2012, RECENT_END=2012)[1] == [1, 1, 1, 1]


def test_reporting_periods(run, series, feedback, tmp_path):
    path = str(tmp_path / "state.tif")
    run("productivitystate", NDVI=[series], PERIOD="baseline", OUTPUT=path)
    layer = styled(path)
    times = layer.temporalProperties().fixedTemporalRange()
    assert (times.begin().date().year(), times.end().date().year()) == (2000, 2015)
    with pytest.raises(QgsProcessingException, match=r"0 of the years 2017–2019 have a raster"):
        run("productivitystate", NDVI=[series], PERIOD="period_1", OUTPUT=path)


def test_style(run, series, tmp_path):
    path = str(tmp_path / "state.tif")
    run("productivitystate", NDVI=[series], OUTPUT=path)
    assert (tmp_path / "state.qml").is_file()
    layer = styled(path)
    renderer = layer.renderer()
    assert renderer.type() == "paletted"
    assert renderer.inputBand() == 1
    assert [(int(c.value), c.label, c.color.name()) for c in renderer.classes()] == [
        (-1, "Degraded", "#9b2779"),
        (0, "Stable", "#ffffe0"),
        (1, "Improved", "#006500"),
    ]
    assert layer.temporalProperties().isActive()
    assert layer.temporalProperties().mode() == Qgis.RasterTemporalMode.FixedTemporalRange


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"RECENT_START": 2010}, "The recent years 2010–2015 must come after the baseline"),
        ({"BASELINE_START": 2014}, "2014 to 2012: the last comes before the first"),
        ({"BASELINE_START": 2011}, "2 of the years 2011–2012 have a raster, but at least 3"),
        ({"YEARS": "2000,2001"}, "16 were chosen, but Years"),
        ({"NDVI": []}, "Annual vegetation index"),
        ({"NDVI": ["nowhere.tif"]}, "“nowhere.tif” cannot be opened as a raster"),
    ],
)
def test_refusals(run, series, tmp_path, changed, message):
    parameters = {"NDVI": [series], "OUTPUT": str(tmp_path / "out.tif")} | changed
    if "YEARS" not in changed:
        parameters["PERIOD"] = "baseline"
    with pytest.raises(QgsProcessingException, match=message):
        run("productivitystate", **parameters)
    assert not list(tmp_path.glob("out*"))


def test_cancel_leaves_nothing(run, series, feedback, tmp_path):
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run("productivitystate", NDVI=[series], OUTPUT=str(tmp_path / "out.tif"))
    assert not list(tmp_path.glob("out*"))
