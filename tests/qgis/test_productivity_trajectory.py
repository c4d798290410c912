"""`dbar:productivitytrajectory`: good runs with numbers worked by hand, refusals, cancel, style."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterMultipleLayers,
    QgsProject,
    QgsRasterLayer,
)
from qgis.core import QgsProcessingModelChildParameterSource as Source

YEARS = tuple(range(2000, 2010))
RISING = 3000 + 100 * np.arange(10)
FALLING = RISING[::-1]
LEVEL = np.full(10, 4000)
# One pair of years falls: S = 45 - 2 = 43, p = 2 x (1 + 9) / 10!.
NEARLY = np.array([3000, 3100, 3200, 3300, 3500, 3400, 3600, 3700, 3800, 3900])


@pytest.fixture
def ndvi(write_raster):
    """Ten bands of 2 x 3 cells: rising, falling, level; nearly rising, short, empty."""
    short = np.where(np.arange(10) < 3, -32768, RISING)
    empty = np.full(10, -32768)
    cells = np.array([RISING, FALLING, LEVEL, NEARLY, short, empty])
    return write_raster(
        "ndvi.tif",
        cells.T.reshape(10, 2, 3) / 10_000.0 * (cells.T.reshape(10, 2, 3) != -32768)
        + np.where(cells.T.reshape(10, 2, 3) == -32768, -9.0, 0.0),
        nodata=-9.0,
        descriptions=tuple(map(str, YEARS)),
    )


def bands(path):
    dataset = gdal.Open(str(path))
    return dataset, {
        dataset.GetRasterBand(number).GetDescription(): dataset.GetRasterBand(number).ReadAsArray()
        for number in range(1, dataset.RasterCount + 1)
    }


def test_prais4(run, feedback, ndvi, tmp_path):
    target = tmp_path / "trajectory.tif"
    result = run("productivitytrajectory", NDVI=[ndvi], OUTPUT=str(target))
    dataset, found = bands(result["OUTPUT"])
    assert list(found) == ["slope", "statistic", "significance", "trajectory"]
    assert dataset.GetRasterBand(1).GetNoDataValue() == -32768
    assert dataset.GetRasterBand(1).DataType == gdal.GDT_Float32
    assert found["trajectory"].tolist() == [[1, -1, 0], [1, -32768, -32768]]
    assert found["significance"].tolist() == [[3, -3, 0], [3, -32768, -32768]]
    assert found["slope"][0] == pytest.approx([0.01, -0.01, 0.0], abs=1e-8)
    exact = 2 / math.factorial(10)
    assert found["statistic"][0] == pytest.approx([exact, exact, 1.0], rel=1e-6)
    assert found["statistic"][1, 0] == pytest.approx(10 * exact, rel=1e-6)
    assert (result["N_DEGRADED"], result["N_STABLE"], result["N_IMPROVED"]) == (1, 1, 2)
    assert any("1 cells have data in fewer than 8 years" in text for text in feedback.warnings)
    assert any(text.endswith("index = value / 1") for text in feedback.infos)
    tags = dataset.GetMetadata()
    assert tags["DBAR_ALGORITHM"] == "dbar:productivitytrajectory"
    assert tags["DBAR_FORMULA"] == "productivitytrajectory/prais4/ndvi"
    assert tags["DBAR_STATISTIC"] == "p"
    assert json.loads(tags["DBAR_PARAMETERS"])["CONVENTION"] == "prais4"


def test_the_other_conventions(run, ndvi, tmp_path):
    target = str(tmp_path / "te.tif")
    run("productivitytrajectory", NDVI=[ndvi], CONVENTION="trends_earth", OUTPUT=target)
    _, found = bands(target)
    assert found["statistic"][0].tolist() == [45, -45, 0]
    assert found["significance"][0].tolist() == [3, -3, 0]
    target = str(tmp_path / "gpg.tif")
    run("productivitytrajectory", NDVI=[ndvi], CONVENTION="gpg_v2", OUTPUT=target)
    _, found = bands(target)
    z = 44 / math.sqrt(10 * 9 * 25 / 18)
    assert found["statistic"][0] == pytest.approx([z, -z, 0.0], rel=1e-6)
    assert found["significance"][0].tolist() == [2, -2, 0]
    assert found["trajectory"][0].tolist() == [1, -1, 0]


def test_the_level_of_significance(run, ndvi, tmp_path):
    target = str(tmp_path / "out.tif")
    run("productivitytrajectory", NDVI=[ndvi], ALPHA=1e-6, OUTPUT=target)
    _, found = bands(target)
    # Ten years that always rise have p = 2 / 10! = 5.5e-7; with one step back it is ten times that.
    assert (found["trajectory"][0, 0], found["trajectory"][1, 0]) == (1, 0)


def test_an_outlier_does_not_turn_the_slope_of_theil_and_sen(run, write_raster, tmp_path):
    index = 0.3 + 0.01 * np.arange(10)
    index[9] = 0.9
    path = write_raster("n.tif", index.reshape(10, 1, 1), descriptions=tuple(map(str, YEARS)))
    for theil_sen, expected in ((True, 0.01), (False, np.polyfit(YEARS, index, 1)[0])):
        target = str(tmp_path / "out.tif")
        run("productivitytrajectory", NDVI=[path], THEIL_SEN=theil_sen, OUTPUT=target)
        assert bands(target)[1]["slope"][0, 0] == pytest.approx(expected, rel=1e-6)


def test_whole_numbers_are_ndvi_times_10000(run, ndvi, tmp_path, feedback):
    stored = str(tmp_path / "int16.tif")
    gdal.Translate(
        stored,
        gdal.Open(ndvi),
        outputType=gdal.GDT_Int16,
        scaleParams=[[0, 1, 0, 10000]],
        noData=-32768,
    )
    target = str(tmp_path / "out.tif")
    run(
        "productivitytrajectory",
        NDVI=[stored],
        YEARS=",".join(map(str, YEARS)),
        SLOPE_THRESHOLD=0.0101,
        OUTPUT=target,
    )
    _, found = bands(target)
    assert found["slope"][0] == pytest.approx([0.01, -0.01, 0.0], abs=1e-8)
    assert found["trajectory"][0].tolist() == [0, 0, 0]
    assert any("index = value / 10000;" in text for text in feedback.infos)


def test_the_period_and_missing_years(run, ndvi, feedback, tmp_path):
    target = str(tmp_path / "out.tif")
    run(
        "productivitytrajectory",
        NDVI=[ndvi],
        PERIOD="baseline",
        FIRST_YEAR=2001,
        LAST_YEAR=2010,
        MIN_YEARS=9,
        OUTPUT=target,
    )
    _, found = bands(target)
    assert found["slope"][0, 0] == pytest.approx(0.01)
    assert any("2010" in text and "without a raster" in text for text in feedback.warnings)
    layer = QgsRasterLayer(target, "out")
    layer.loadNamedStyle(str(Path(target).with_suffix(".qml")))
    period = layer.temporalProperties().fixedTemporalRange()
    assert (period.begin().date().year(), period.end().date().year()) == (2001, 2009)


def test_restrend_and_use_efficiency(run, write_raster, tmp_path):
    rain = np.array([300, 500, 420, 610, 380, 550, 470, 520, 330, 600.0])
    index = 0.1 + 0.0005 * rain + 0.002 * np.arange(10)
    names = tuple(map(str, YEARS))
    values = write_raster("v.tif", np.tile(index[:, None, None], (1, 4, 4)), descriptions=names)
    # Half the cell size: the climate is averaged onto the index's grid.
    water = write_raster(
        "rain.tif", np.tile(rain[:, None, None], (1, 8, 8)), cell=50.0, descriptions=names
    )
    for method in ("restrend", "ue"):
        target = str(tmp_path / f"{method}.tif")
        run("productivitytrajectory", NDVI=[values], CLIMATE=[water], METHOD=method, OUTPUT=target)
        series = index / (rain / 1000.0)
        if method == "restrend":
            gain, base = np.polyfit(rain, index, 1)
            series = index - gain * rain - base
        _, found = bands(target)
        expected = np.polyfit(np.arange(10), series, 1)[0]
        assert found["slope"] == pytest.approx(np.full((4, 4), expected), rel=1e-5)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"NDVI": []}, "NDVI|vegetation index"),
        ({"LAST_YEAR": 2006}, "The series has 7 years .*at least 8"),
        ({"FIRST_YEAR": 2008, "LAST_YEAR": 2004}, "the last comes before the first"),
        ({"METHOD": "restrend"}, "choose at least one raster"),
        ({"YEARS": "2000,2001"}, "10 were chosen"),
        ({"NDVI": ["/nowhere/ndvi.tif"]}, "cannot be opened as a raster"),
    ],
)
def test_refusals(run, ndvi, tmp_path, changes, reason):
    target = tmp_path / "out.tif"
    parameters = {"NDVI": [ndvi], "OUTPUT": str(target), **changes}
    with pytest.raises(QgsProcessingException, match=reason):
        run("productivitytrajectory", **parameters)
    assert not list(tmp_path.glob("out.tif*"))


def test_climate_that_lacks_years(run, ndvi, write_raster, tmp_path):
    rain = write_raster("rain.tif", np.ones((9, 2, 3)), descriptions=tuple(map(str, YEARS[:-1])))
    with pytest.raises(QgsProcessingException, match="no raster for the years 2009"):
        run(
            "productivitytrajectory",
            NDVI=[ndvi],
            CLIMATE=[rain],
            METHOD="ue",
            OUTPUT=str(tmp_path / "out.tif"),
        )


def test_climate_elsewhere(run, ndvi, write_raster, tmp_path):
    rain = write_raster(
        "rain.tif",
        np.ones((10, 2, 3)),
        descriptions=tuple(map(str, YEARS)),
        origin=(100_000.0, 1_000_000.0),
    )
    with pytest.raises(QgsProcessingException, match="does not overlap"):
        run(
            "productivitytrajectory",
            NDVI=[ndvi],
            CLIMATE=[rain],
            METHOD="restrend",
            OUTPUT=str(tmp_path / "out.tif"),
        )
    assert not list(tmp_path.glob("out.tif*"))


def test_a_short_series_may_be_asked_for(run, ndvi, feedback, tmp_path):
    target = str(tmp_path / "out.tif")
    run("productivitytrajectory", NDVI=[ndvi], LAST_YEAR=2004, MIN_YEARS=5, OUTPUT=target)
    _, found = bands(target)
    # Even five years that always rise reach only p = 2 / 5! = 0.017.
    assert found["statistic"][0, 0] == pytest.approx(2 / 120)
    assert any("Only 5 years" in text for text in feedback.warnings)


def test_cancel_leaves_nothing(run, feedback, ndvi, tmp_path):
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run("productivitytrajectory", NDVI=[ndvi], OUTPUT=str(tmp_path / "out.tif"))
    assert not list(tmp_path.glob("out.*"))


def test_style(run, ndvi, tmp_path):
    target = tmp_path / "out.tif"
    run("productivitytrajectory", NDVI=[ndvi], OUTPUT=str(target))
    assert target.with_suffix(".qml").is_file()
    layer = QgsRasterLayer(str(target), "out")
    layer.loadNamedStyle(str(target.with_suffix(".qml")))
    renderer = layer.renderer()
    assert renderer.type() == "paletted"
    assert renderer.inputBand() == 4
    classes = {int(item.value): (item.label, item.color.name()) for item in renderer.classes()}
    assert classes == {
        -1: ("Degraded", "#9b2779"),
        0: ("Stable", "#ffffe0"),
        1: ("Improved", "#006500"),
    }
    temporal = layer.temporalProperties()
    assert temporal.isActive()
    assert temporal.mode() == Qgis.RasterTemporalMode.FixedTemporalRange
    period = temporal.fixedTemporalRange()
    assert (period.begin().date().year(), period.end().date().year()) == (2000, 2009)


def test_as_a_step_of_a_model(provider, write_raster, tmp_path, feedback):
    # Two composites a year: one always rises, the other always falls twice as fast.
    names, values = [], []
    for number, year in enumerate(YEARS):
        names += [f"{year}-03-01", f"{year}-08-01"]
        values += [[[0.3 + 0.01 * number]], [[0.8 - 0.02 * number]]]
    composites = write_raster("composites.tif", values, descriptions=tuple(names))
    model = QgsProcessingModelAlgorithm("Trend", "trend", "dbar")
    model.addModelParameter(
        QgsProcessingParameterMultipleLayers(
            "composites", "Composites", Qgis.ProcessingSourceType.Raster
        ),
        QgsProcessingModelParameter("composites"),
    )
    annual = QgsProcessingModelChildAlgorithm("dbar:annualvegetationindex")
    annual.setChildId("annual")
    annual.addParameterSources("COMPOSITES", [Source.fromModelParameter("composites")])
    model.addChildAlgorithm(annual)
    child = QgsProcessingModelChildAlgorithm("dbar:productivitytrajectory")
    child.setChildId("trend")
    child.addParameterSources("NDVI", [Source.fromChildOutput("annual", "OUTPUT")])
    output = QgsProcessingModelOutput("Result")
    output.setChildId("trend")
    output.setChildOutputName("OUTPUT")
    child.setModelOutputs({"Result": output})
    model.addChildAlgorithm(child)
    model.initAlgorithm()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    target = str(tmp_path / "model.tif")
    results, done = model.run(
        {"composites": [composites], "trend:Result": target}, context, feedback
    )
    assert done, feedback.errors
    _, found = bands(results["trend:Result"])
    assert found["slope"][0, 0] == pytest.approx(-0.005)
    assert found["trajectory"][0, 0] == -1
