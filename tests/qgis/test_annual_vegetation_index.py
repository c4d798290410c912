"""`dbar:annualvegetationindex`: good runs with numbers worked by hand, refusals, cancel, style."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsProcessingException,
    QgsRasterLayer,
)

MONTHS = tuple(f"{year}_{month:02d}" for year in (2001, 2002) for month in (1, 4, 7, 10))
# Per composite: three cells; the second lacks two composites, the third is empty in 2001.
VALUES = np.array(
    [
        [0.2, 0.2, -1.0],
        [0.4, -1.0, -1.0],
        [0.7, 0.8, -1.0],
        [0.3, -1.0, -1.0],
        [0.1, 0.5, 0.5],
        [0.5, 0.5, 0.5],
        [0.8, 0.5, 0.6],
        [0.2, 0.5, -1.0],
    ]
)[:, np.newaxis]


@pytest.fixture
def composites(write_raster):
    return write_raster("composites.tif", VALUES, nodata=-1.0, descriptions=MONTHS)


def read(path):
    dataset = gdal.Open(str(path))
    names = [
        dataset.GetRasterBand(number).GetDescription()
        for number in range(1, dataset.RasterCount + 1)
    ]
    return dataset, names, dataset.ReadAsArray()


def test_mean(run, feedback, composites, tmp_path):
    target = str(tmp_path / "annual.tif")
    result = run(
        "annualvegetationindex",
        COMPOSITES=[composites],
        OUTPUT=target,
        OUTPUT_YEARS="memory:",
    )
    dataset, names, values = read(target)
    assert names == ["2001", "2002"]
    assert dataset.GetRasterBand(1).DataType == gdal.GDT_Int16
    assert dataset.GetRasterBand(1).GetNoDataValue() == -32768
    assert values[:, 0].tolist() == [[4000, 5000, -32768], [4000, 5000, 5333]]
    assert result["N_YEARS"] == 2
    tags = dataset.GetMetadata()
    assert tags["DBAR_FORMULA"] == "annualvegetationindex/mean"
    assert tags["DBAR_INDEX_SCALE"] == "10000"
    table = result["OUTPUT_YEARS"]
    rows = [feature.attributes() for feature in table.getFeatures()]
    assert [field.name() for field in table.fields()] == [
        "year",
        "composites",
        "missing_months_count",
        "missing_months",
        "cells_without_value",
    ]
    missing = "2, 3, 5, 6, 8, 9, 11, 12"
    assert rows == [[2001, 4, 8, missing, 1], [2002, 4, 8, missing, 0]]
    assert f"2001: no composite in months {missing}" in feedback.warnings


def test_maximum_as_float_with_a_minimum_number(run, composites, tmp_path):
    target = str(tmp_path / "annual.tif")
    run(
        "annualvegetationindex",
        COMPOSITES=[composites],
        STATISTIC="maximum",
        DATA_TYPE="float32",
        MIN_COMPOSITES=3,
        OUTPUT=target,
    )
    dataset, _, values = read(target)
    assert dataset.GetRasterBand(1).DataType == gdal.GDT_Float32
    assert values[0, 0] == pytest.approx([0.7, -32768, -32768])
    assert values[1, 0] == pytest.approx([0.8, 0.5, 0.6])


def test_integral_over_fixed_months(run, composites, tmp_path):
    target = str(tmp_path / "annual.tif")
    run(
        "annualvegetationindex",
        COMPOSITES=[composites],
        STATISTIC="integral",
        SEASON_MONTHS="4-9",
        DATA_TYPE="float32",
        OUTPUT=target,
    )
    _, _, values = read(target)
    # 15 April is day 14 of the season's 183, and 45.5 more lie before the middle to 15 July.
    april, july = 59.5 / 365, 123.5 / 365
    assert values[0, 0, 0] == pytest.approx(0.4 * april + 0.7 * july)
    assert values[0, 0, 1] == pytest.approx(0.8 * (april + july))
    assert values[1, 0, 2] == pytest.approx(0.5 * april + 0.6 * july)


def test_integral_above_a_threshold_bridges_gaps(run, composites, tmp_path):
    target = str(tmp_path / "annual.tif")
    run(
        "annualvegetationindex",
        COMPOSITES=[composites],
        STATISTIC="integral",
        SEASON="threshold",
        SEASON_THRESHOLD=0.35,
        DATA_TYPE="float32",
        OUTPUT=target,
    )
    _, _, values = read(target)
    # Days 14, 104, 195, 287 of 365: borders at 59, 149.5 and 241.
    april, july, october = 90.5 / 365, 91.5 / 365, 124.0 / 365
    assert values[0, 0, 0] == pytest.approx(0.4 * april + 0.7 * july)
    # The second cell: April lies 90 of 181 days from 0.2 to 0.8, October holds July's value.
    bridged = 0.2 + 0.6 * 90 / 181
    assert values[0, 0, 1] == pytest.approx(bridged * april + 0.8 * (july + october))


def test_quality(run, composites, write_raster, tmp_path):
    codes = np.zeros((8, 1, 3))
    codes[0] = 2  # January 2001 is cloudy
    codes[1] = 1
    # In another order than the composites: they are paired by date.
    quality = write_raster("quality.tif", codes[::-1], descriptions=MONTHS[::-1])
    target = str(tmp_path / "annual.tif")
    run("annualvegetationindex", COMPOSITES=[composites], QUALITY=[quality], OUTPUT=target)
    _, _, values = read(target)
    assert values[0, 0].tolist() == [4667, 8000, -32768]
    shared = write_raster("mask.tif", np.array([[0.0, 5.0, 1.0]]))
    run("annualvegetationindex", COMPOSITES=[composites], QUALITY=[shared], OUTPUT=target)
    _, _, values = read(target)
    assert values[:, 0].tolist() == [[4000, -32768, -32768], [4000, -32768, 5333]]


def test_files_with_dates_in_their_names_and_a_season_over_new_year(run, write_raster, tmp_path):
    files = [
        write_raster(f"MOD13Q1.A{day}.h09v05.006.2015140083526.tif", [[value]])
        for day, value in (
            ("2000001", 0.1),
            ("2000321", 0.5),
            ("2001017", 0.7),
            ("2001193", 0.2),
            ("2001337", 0.6),
        )
    ]
    target = str(tmp_path / "annual.tif")
    result = run(
        "annualvegetationindex",
        COMPOSITES=files,
        STATISTIC="integral",
        SEASON_MONTHS="11-3",
        OUTPUT=target,
        OUTPUT_YEARS="memory:",
    )
    _, names, values = read(target)
    # November 2000 to March 2001 is the season of 2001: 151 days.
    assert names == ["2000", "2001", "2002"]
    middle = (320 - 305 + (366 - 305) + 16) / 2  # days from 1 November
    expected = (0.5 * middle + 0.7 * (151 - middle)) / 365
    assert values[1, 0, 0] == round(expected * 10_000)
    rows = [feature.attributes() for feature in result["OUTPUT_YEARS"].getFeatures()]
    assert rows[1][:4] == [2001, 2, 3, "12, 2, 3"]


def test_dates_from_a_table(run, write_raster, tmp_path):
    files = [
        write_raster(f"scene_{name}.tif", [[value]]) for name, value in (("a", 0.2), ("b", 0.4))
    ]
    table = tmp_path / "dates.csv"
    target = str(tmp_path / "annual.tif")
    table.write_text("file;date\nscene_b;2004-07-01\nscene_a.tif;2003-07-01\n", encoding="utf-8")
    run("annualvegetationindex", COMPOSITES=files, DATES=str(table), OUTPUT=target)
    assert read(target)[1] == ["2003", "2004"]
    assert read(target)[2].ravel().tolist() == [2000, 4000]
    table.write_text("2003-07-01\n2005-07-01\n", encoding="utf-8")
    run("annualvegetationindex", COMPOSITES=files, DATES=str(table), OUTPUT=target)
    assert read(target)[1] == ["2003", "2005"]


def test_whole_numbers_are_scaled(run, write_raster, feedback, tmp_path):
    source = write_raster("ndvi.tif", np.array([[[4001]], [[5002]]]), descriptions=MONTHS[:2])
    stored = str(tmp_path / "int16.tif")
    gdal.Translate(stored, gdal.Open(source), outputType=gdal.GDT_Int16)
    target = str(tmp_path / "annual.tif")
    run("annualvegetationindex", COMPOSITES=[stored], DATA_TYPE="float32", OUTPUT=target)
    assert read(target)[2].ravel() == pytest.approx([0.45015])
    assert any("index = value / 10000" in text for text in feedback.infos)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"COMPOSITES": []}, "Composites"),
        ({"SEASON_MONTHS": "13-2"}, "is not a season"),
        ({"SEASON_MONTHS": "2-3", "STATISTIC": "integral"}, "No composite lies in the season"),
        ({"NDVI_SCALE": 0.0001}, "cannot be, if the scale is 0.0001"),
        ({"DATES": "/nowhere.csv"}, "cannot be read as a text table"),
    ],
)
def test_refusals(run, composites, tmp_path, changes, reason):
    target = tmp_path / "out.tif"
    with pytest.raises(QgsProcessingException, match=reason):
        run(
            "annualvegetationindex",
            **{"COMPOSITES": [composites], "OUTPUT": str(target), **changes},
        )
    assert not list(tmp_path.glob("out.*"))


def test_refused_names_and_quality(run, composites, write_raster, tmp_path):
    target = str(tmp_path / "out.tif")
    annual = write_raster("ndvi_2001.tif", [[0.5]])
    with pytest.raises(QgsProcessingException, match="No date in the name “ndvi_2001”"):
        run("annualvegetationindex", COMPOSITES=[annual], OUTPUT=target)
    quality = write_raster("q.tif", np.zeros((3, 1, 3)), descriptions=MONTHS[:3])
    with pytest.raises(QgsProcessingException, match="3 for 8 composites"):
        run("annualvegetationindex", COMPOSITES=[composites], QUALITY=[quality], OUTPUT=target)
    shared = write_raster("mask.tif", np.array([[0.0, 5.0, 1.0]]))
    with pytest.raises(QgsProcessingException, match="write whole numbers"):
        run(
            "annualvegetationindex",
            COMPOSITES=[composites],
            QUALITY=[shared],
            QUALITY_VALUES="good",
            OUTPUT=target,
        )
    assert not list(tmp_path.glob("out.*"))


def test_cancel_leaves_nothing(run, feedback, composites, tmp_path):
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run("annualvegetationindex", COMPOSITES=[composites], OUTPUT=str(tmp_path / "out.tif"))
    assert not list(tmp_path.glob("out.*"))


def test_a_table_that_cannot_be_written_takes_the_raster_away(run, composites, tmp_path):
    with pytest.raises(QgsProcessingException):
        run(
            "annualvegetationindex",
            COMPOSITES=[composites],
            OUTPUT=str(tmp_path / "out.tif"),
            OUTPUT_YEARS=str(tmp_path / "missing" / "folder" / "years.gpkg"),
        )
    assert not list(tmp_path.glob("out.*"))


def test_style(run, composites, tmp_path):
    target = tmp_path / "annual.tif"
    run("annualvegetationindex", COMPOSITES=[composites], OUTPUT=str(target))
    layer = QgsRasterLayer(str(target), "annual")
    assert layer.bandCount() == 2
    layer.loadNamedStyle(str(target.with_suffix(".qml")))
    assert layer.renderer().type() == "singlebandpseudocolor"
    assert layer.renderer().inputBand() == 2
    temporal = layer.temporalProperties()
    assert temporal.isActive()
    assert temporal.mode() == Qgis.RasterTemporalMode.FixedRangePerBand
    assert temporal.fixedRangePerBand()[1].begin().date().year() == 2001
