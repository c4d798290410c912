"""Our sums and areas beside QGIS's own: zonal statistics and ellipsoidal measurement."""

from __future__ import annotations

import numpy as np
import pytest
from qgis import processing
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsDistanceArea,
    QgsFeature,
    QgsGeometry,
    QgsProcessing,
    QgsProject,
    QgsVectorLayer,
)
from raster_fixtures import star, write_raster

from dbar_qgis_plugin.pipelines.zonal_sums import ZonalRaster, zonal_sums
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import polygons_from_wkb
from dbar_qgis_plugin.raster_io.source import open_source

WEST, NORTH = 600_000.0, 1_200_000.0


def city_layer(count=60, crs="EPSG:32618", seed=5):
    """Outlines with a hole in every third and two parts in every fourth."""
    rng = np.random.default_rng(seed)
    layer = QgsVectorLayer(f"MultiPolygon?crs={crs}&field=id:integer", "cities", "memory")
    features = []
    for number in range(count):
        x, y = WEST + rng.uniform(0, 20_000), NORTH - rng.uniform(0, 18_000)
        radius, phase = rng.uniform(300, 5000), rng.uniform(0, 6)
        rings = [star(x, y, radius, phase=phase)]
        if number % 3 == 0:
            rings.append(star(x, y, radius / 3, phase=phase))
        text = ",".join(
            "(" + ",".join(f"{px!r} {py!r}" for px, py in ring.tolist()) + ")" for ring in rings
        )
        parts = [f"({text})"]
        if number % 4 == 0:
            other = star(x + 3 * radius, y, radius / 2)
            parts.append("((" + ",".join(f"{a!r} {b!r}" for a, b in other.tolist()) + "))")
        feature = QgsFeature(layer.fields())
        feature.setAttributes([number])
        feature.setGeometry(QgsGeometry.fromWkt(f"MULTIPOLYGON({','.join(parts)})"))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


def values_of(kind):
    rng = np.random.default_rng(8)
    if kind == "uint16":
        values = rng.integers(0, 10_000, (190, 210)).astype("uint16")
        values[rng.random(values.shape) < 0.1] = 65535
        return values, 65535
    if kind == "quarters":
        values = (rng.integers(0, 4000, (190, 210)) / 4.0).astype("float32")
        values[rng.random(values.shape) < 0.1] = -200
        return values, -200
    return rng.random((190, 210)) * 1e4, None


@pytest.mark.parametrize("kind", ["uint16", "quarters", "float64"])
@pytest.mark.parametrize("city_crs", ["EPSG:32618", "EPSG:4326"])
def test_centre_rule_equals_zonal_statistics(tmp_path, qgis_processing, kind, city_crs):
    values, nodata = values_of(kind)
    path = write_raster(tmp_path / "a.tif", values, nodata=nodata)
    layer = city_layer()
    if city_crs != "EPSG:32618":
        layer = processing.run(
            "native:reprojectlayer",
            {"INPUT": layer, "TARGET_CRS": city_crs, "OUTPUT": QgsProcessing.TEMPORARY_OUTPUT},
        )["OUTPUT"]
    found = processing.run(
        "native:zonalstatisticsfb",
        {
            "INPUT": layer,
            "INPUT_RASTER": path,
            "COLUMN_PREFIX": "q_",
            "STATISTICS": [0, 1],
            "OUTPUT": QgsProcessing.TEMPORARY_OUTPUT,
        },
    )["OUTPUT"]
    rows = list(found.getFeatures())
    expected_count = np.array([row["q_count"] or 0.0 for row in rows])
    expected = np.array([row["q_sum"] if row["q_sum"] else 0.0 for row in rows])

    zones = polygons_from_wkb(
        [bytes(row.geometry().asWkb()) for row in layer.getFeatures()],
        layer.crs().toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2019),
    )
    ours = zonal_sums(zones, [ZonalRaster(open_source(path))])
    sums = np.nan_to_num(ours.sums[0][:, 0])
    # QGIS weighs cells by their covered share where a polygon holds one centre or none.
    whole = expected_count > 1.5
    assert whole.sum() > 50
    counts = np.rint(ours.coverage * ours.weight)[:, 0]
    assert np.array_equal(counts[whole], expected_count[whole])
    if kind == "float64":
        # Terms are added in another order, so the last bit may round the other way.
        assert np.allclose(sums[whole], expected[whole], rtol=1e-14, atol=0)
    else:
        assert np.array_equal(sums[whole], expected[whole])


@pytest.mark.parametrize(
    ("definition", "transform"),
    [
        ("EPSG:4326", (0.01, 0, -74, 0, -0.01, 11)),
        ("EPSG:32618", (100, 0, 600_000, 0, -100, 1_200_000)),
        ("EPSG:3857", (500, 0, 8.4e6, 0, -500, 7e6)),
        ("ESRI:54009", (1000, 0, -6.7e6, 0, -1000, 4.7e6)),
        ("EPSG:3035", (1000, 0, 4e6, 0, -1000, 3e6)),
    ],
)
def test_cell_areas_equal_ellipsoidal_measurement(definition, transform):
    crs = QgsCoordinateReferenceSystem(definition)
    grid = Grid(crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2019), transform, 300, 200)
    areas = np.broadcast_to(grid.cell_areas(), (200, 300))
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, QgsProject.instance().transformContext())
    measure.setEllipsoid(crs.ellipsoidAcronym())
    for row, col in ((0, 0), (199, 299), (100, 20)):
        # A block of 10 x 10 cells: QGIS's area of one small cell is itself inexact.
        row, col = min(row, 190), min(col, 290)
        corners = np.array([[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]) + (col, row)
        x, y = grid.to_coordinates(corners[:, 0].astype(float), corners[:, 1].astype(float))
        text = ",".join(f"{px!r} {py!r}" for px, py in zip(x.tolist(), y.tolist(), strict=True))
        expected = measure.measureArea(QgsGeometry.fromWkt(f"POLYGON(({text}))"))
        ours = areas[row : row + 10, col : col + 10].sum()
        assert ours == pytest.approx(expected, rel=1e-3)


def test_both_drivers_know_the_wkt_that_qgis_gives():
    for definition in ("EPSG:4326", "EPSG:32618", "ESRI:54009", "EPSG:2154"):
        crs = QgsCoordinateReferenceSystem(definition)
        text = crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2019)
        for driver in ("rasterio", "gdal"):
            assert get_driver(driver).same_crs(text, get_driver(driver).wkt(definition))
