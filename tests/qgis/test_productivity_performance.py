"""`dbar:productivityperformance`: hand-worked units, polygons, table, refusals, cancel, style."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsProcessingException,
    QgsRasterLayer,
    QgsVectorLayer,
)

from dbar_qgis_plugin.algorithms.sdg_15_3_1 import productivity_performance

MEANS = np.array([[0.1, 0.4, 0.8, 0.8, 0.8], [0.2, 0.2499, 0.25, 0.5, 0.5]])


@pytest.fixture
def series(write_raster):
    """Three years with the means above: the 90th percentile of the first row is 0.8.

    In whole numbers, as products store them, so that a mean may lie at the very threshold.
    """
    values = np.rint(np.array([MEANS - 0.01, MEANS, MEANS + 0.01]) * 10_000)
    return write_raster("ndvi.tif", values, nodata=-9, descriptions=("2001", "2002", "2003"))


@pytest.fixture
def cover(write_raster):
    return write_raster("cover.tif", [[10] * 5, [20] * 5], nodata=0)


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def read(path):
    dataset = gdal.Open(str(path))
    return dataset, dataset.ReadAsArray()


def test_performance_by_hand(run, series, cover, feedback, out):
    path, table = str(out / "performance.tif"), str(out / "units.csv")
    results = run(
        "productivityperformance",
        NDVI=[series],
        NDVI_SCALE=10_000,
        UNITS=[cover],
        OUTPUT=path,
        OUTPUT_UNITS=table,
    )
    assert results == {
        "OUTPUT": path,
        "OUTPUT_UNITS": table,
        "N_DEGRADED": 3,
        "N_STABLE": 7,
        "N_UNITS": 2,
    }
    dataset, (found, ratio) = read(path)
    assert found.tolist() == [[-1, 0, 0, 0, 0], [-1, -1, 0, 0, 0]]
    assert ratio.tolist() == [[1250, 5000, 10000, 10000, 10000], [4000, 4998, 5000, 10000, 10000]]
    bands = [dataset.GetRasterBand(number) for number in (1, 2)]
    assert [band.GetDescription() for band in bands] == ["performance", "ratio_x10000"]
    assert {band.GetNoDataValue() for band in bands} == {-32768}
    assert {band.DataType for band in bands} == {gdal.GDT_Int16}
    assert dataset.GetMetadata()["DBAR_FORMULA"] == "productivityperformance/prais4"
    rows = [feature.attributeMap() for feature in QgsVectorLayer(table, "", "ogr").getFeatures()]
    assert [row["layer_1"] for row in rows] == ["cover", "cover"]
    assert [(row["value_1"], float(row["reference_ndvi"])) for row in rows] == [
        ("10", 0.8),
        ("20", 0.5),
    ]
    assert [int(row["cells_degraded"]) for row in rows] == [1, 2]
    assert any("2 of 2 land units have fewer than 30 cells" in text for text in feedback.warnings)
    assert any(text.startswith("Degraded: 3 cells, 0.0300") for text in feedback.infos)
    assert "Land units: 2" in feedback.infos


def test_the_threshold_itself(run, series, cover, out):
    path = str(out / "performance.tif")
    results = run(
        "productivityperformance",
        NDVI=[series],
        NDVI_SCALE=10_000,
        UNITS=[cover],
        CONVENTION="trends_earth",
        OUTPUT=path,
    )
    assert results["N_DEGRADED"] == 5
    assert not list(out.glob("units*"))
    results = run(
        "productivityperformance",
        NDVI=[series],
        NDVI_SCALE=10_000,
        UNITS=[cover],
        PERCENTILE=0,
        THRESHOLD=1.01,
        OUTPUT=path,
    )
    assert results["N_DEGRADED"] == 2


def test_polygons_with_and_without_a_field(run, series, polygon_layer, feedback, out):
    zones = polygon_layer(
        ((0, 0, 5, 1), "hill"),
        ((0, 1, 2, 1), None),
        ((2, 1, 1, 1), ""),
        (None, "lake"),
        ((2, 0, 2, 2), "plain"),
    )
    path = str(out / "performance.tif")
    results = run(
        "productivityperformance",
        NDVI=[series],
        NDVI_SCALE=10_000,
        UNIT_POLYGONS=zones,
        UNIT_FIELD="name",
        MIN_CELLS=1,
        OUTPUT=path,
    )
    # Hill has its row, the two without a name three cells, plain the one that is left of it.
    assert results["N_UNITS"] == 3
    _, (found, _) = read(path)
    assert found.tolist() == [[-1, 0, 0, 0, 0], [0, 0, 0, 0, -32768]]
    assert any("2 polygons have no value in “name”" in text for text in feedback.warnings)
    assert any("polygons of Cities overlap others" in text for text in feedback.warnings)
    assert any("Without a geometry" in text for text in feedback.warnings)
    assert any("No data: in no land unit: 1 cells" in text for text in feedback.infos)
    results = run(
        "productivityperformance",
        NDVI=[series],
        NDVI_SCALE=10_000,
        UNIT_POLYGONS=zones,
        OUTPUT=path,
    )
    assert results["N_UNITS"] == 4


def test_units_on_another_grid(run, series, write_raster, feedback, out):
    fine = write_raster("fine.tif", np.repeat([[1] * 10, [2] * 10], 2, axis=0), cell=50.0)
    results = run(
        "productivityperformance",
        NDVI=[series],
        NDVI_SCALE=10_000,
        UNITS=[fine],
        OUTPUT=str(out / "p.tif"),
    )
    assert results["N_UNITS"] == 2
    assert results["N_DEGRADED"] == 3
    assert "fine is resampled to the reference grid (mode)." in feedback.infos


def test_no_units_and_style(run, series, feedback, out):
    path = str(out / "performance.tif")
    run("productivityperformance", NDVI=[series], NDVI_SCALE=10_000, OUTPUT=path)
    assert any("No land units are given" in text for text in feedback.warnings)
    assert (out / "performance.qml").is_file()
    layer = QgsRasterLayer(path, "performance")
    layer.loadNamedStyle(str(out / "performance.qml"))
    renderer = layer.renderer()
    assert (renderer.type(), renderer.inputBand()) == ("paletted", 1)
    assert [(int(c.value), c.label) for c in renderer.classes()] == [
        (-1, "Degraded"),
        (0, "Stable"),
    ]
    times = layer.temporalProperties().fixedTemporalRange()
    assert (times.begin().date().year(), times.end().date().year()) == (2001, 2003)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"PERIOD": "baseline"}, "3 of the years 2000–2015 have a raster, but at least 11"),
        ({"FIRST_YEAR": 2005}, "2005 to 2003: the last comes before the first"),
        ({"UNITS": ["nowhere.tif"]}, "“nowhere.tif” cannot be opened as a raster"),
        ({"NDVI": []}, "Annual vegetation index"),
    ],
)
def test_refusals(run, series, cover, out, changed, message):
    parameters = {
        "NDVI": [series],
        "NDVI_SCALE": 10_000,
        "UNITS": [cover],
        "OUTPUT": str(out / "p.tif"),
    } | changed
    with pytest.raises(QgsProcessingException, match=message):
        run("productivityperformance", **parameters)
    assert not list(out.iterdir())


def test_units_elsewhere_are_refused(run, series, write_raster, out):
    far = write_raster("far.tif", np.ones((4, 4)), origin=(100_000.0, 1_000_000.0))
    with pytest.raises(QgsProcessingException, match="far does not overlap the reference raster"):
        run(
            "productivityperformance",
            NDVI=[series],
            NDVI_SCALE=10_000,
            UNITS=[far],
            OUTPUT=str(out / "p.tif"),
        )
    assert not list(out.iterdir())


def test_cancel_leaves_nothing(run, series, cover, feedback, out, monkeypatch):
    parameters = {
        "NDVI": [series],
        "NDVI_SCALE": 10_000,
        "UNITS": [cover],
        "OUTPUT": str(out / "p.tif"),
        "OUTPUT_UNITS": str(out / "u.csv"),
    }
    table = productivity_performance.unit_table

    def cancel(result):
        assert (out / "p.unfinished.tif").exists()
        feedback.cancel()
        return table(result)

    with monkeypatch.context() as patch:
        patch.setattr(productivity_performance, "unit_table", cancel)
        with pytest.raises(QgsProcessingException, match="Cancelled"):
            run("productivityperformance", **parameters)
        assert not list(out.iterdir())
        # What an earlier run has made stays until all of this one is there.
        (out / "p.tif").write_text("earlier")
        with pytest.raises(QgsProcessingException):
            run("productivityperformance", **parameters)
    assert [path.name for path in out.iterdir()] == ["p.tif"]
    assert (out / "p.tif").read_text() == "earlier"
    (out / "p.tif").unlink()
    with pytest.raises(QgsProcessingException):
        run("productivityperformance", **parameters)
    assert not list(out.iterdir())
