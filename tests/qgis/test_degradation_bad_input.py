"""Inputs that do not fit, in all algorithms from class rasters on: an error that says so, or a row.

Whatever is refused leaves no file behind and the inputs as they were.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorFileWriter,
)

from dbar_qgis_plugin.raster_io import blocks

ND = -32768
VALUES = np.array([[-1, 0, 1, 0], [1, -1, 0, 1], [0, 0, ND, 1]])

# The raster that gives the grid, and another one, of each algorithm.
RASTERS = {
    "landdegradation": ("PRODUCTIVITY", "SOC"),
    "degradationstatus": ("BASELINE", "REPORTING"),
    "landdegradationsummary": ("RASTER", "SOC"),
    "ldnbalance": ("BASELINE", "REPORTING"),
}
ALGORITHMS = list(RASTERS)
WITH_ZONES = ("landdegradationsummary", "ldnbalance")
ENDING = {"landdegradation": "tif", "degradationstatus": "tif"}


@pytest.fixture
def values(write_raster, tmp_path):
    """Parameters of an algorithm over a small region."""
    (tmp_path / "out").mkdir()

    def make(algorithm: str) -> dict:
        main, other = (write_raster(f"{name}.tif", VALUES, nodata=ND) for name in ("main", "other"))
        output = {"OUTPUT": str(tmp_path / "out" / f"result.{ENDING.get(algorithm, 'gpkg')}")}
        if algorithm == "landdegradation":
            return {"PRODUCTIVITY": main, "LAND_COVER": other, "SOC": other, **output}
        if algorithm == "landdegradationsummary":
            return {"RASTER": main, "SOC": other, **output}
        return {"BASELINE": main, "REPORTING": [other], "PERIODS": "2019", **output}

    return make


def replaced(values: dict, name: str, raster: str) -> dict:
    return values | {name: [raster] if isinstance(values[name], list) else raster}


def first(values: dict, algorithm: str) -> str:
    return values[RASTERS[algorithm][0]]


def refused(run, algorithm: str, values: dict, words: str) -> None:
    with pytest.raises(QgsProcessingException, match=words):
        run(algorithm, **values)
    folder = Path(values["OUTPUT"]).parent
    assert folder.name != "out" or not list(folder.iterdir())


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_no_crs(run, values, write_raster, algorithm, which):
    name = RASTERS[algorithm][which]
    plain = write_raster("plain.tif", VALUES, nodata=ND, crs=None)
    refused(run, algorithm, replaced(values(algorithm), name, plain), "no coordinate reference")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_wrong_crs(run, values, write_raster, algorithm):
    """Coordinates in metres called degrees lie on no earth."""
    wrong = write_raster("wrong.tif", VALUES, nodata=ND, crs="EPSG:4326")
    for name in RASTERS[algorithm]:
        refused(run, algorithm, replaced(values(algorithm), name, wrong), "wrong|overlap")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_no_overlap(run, values, write_raster, algorithm):
    far = write_raster("far.tif", VALUES, nodata=ND, origin=(700_000.0, 1_000_000.0))
    name = RASTERS[algorithm][1]
    refused(run, algorithm, replaced(values(algorithm), name, far), "far does not overlap")


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_file_that_is_cut_off(run, values, tmp_path, algorithm, which):
    whole = tmp_path / "whole.tif"
    values_of = values(algorithm)
    source = gdal.GetDriverByName("GTiff").Create(str(whole), 200, 200, 1, gdal.GDT_Int16)
    source.SetProjection(gdal.Open(first(values_of, algorithm)).GetProjection())
    source.SetGeoTransform((500_000.0, 2.0, 0.0, 4_000_000.0, 0.0, -1.5))
    source.GetRasterBand(1).WriteArray(np.random.default_rng(1).integers(-1, 2, (200, 200)))
    source.FlushCache()
    del source
    cut = tmp_path / "cut.tif"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    name = RASTERS[algorithm][which]
    refused(run, algorithm, replaced(values_of, name, str(cut)), "cut")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_no_data_at_all(run, values, write_raster, polygon_layer, algorithm):
    """Rasters without a single class give rasters without data; tables are refused."""
    empty = write_raster("empty.tif", np.full((3, 4), ND), nodata=ND)
    changed = values(algorithm)
    for name in (*RASTERS[algorithm], "LAND_COVER"):
        if name in changed:
            changed = replaced(changed, name, empty)
    if algorithm in WITH_ZONES:
        for zones in (None, polygon_layer(((0, 0, 4, 3), "all"))):
            refused(run, algorithm, changed | {"ZONES": zones}, "empty holds none of the values")
    else:
        results = run(algorithm, **changed)
        assert (gdal.Open(results["OUTPUT"]).ReadAsArray() == ND).all()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_one_cell(run, values, write_raster, algorithm):
    changed = values(algorithm)
    one = write_raster("one.tif", [[-1]], nodata=ND)
    for name in (*RASTERS[algorithm], "LAND_COVER"):
        if name in changed:
            changed = replaced(changed, name, one)
    results = run(algorithm, **changed)
    if algorithm == "landdegradation":
        assert gdal.Open(results["OUTPUT"]).ReadAsArray().tolist() == [[-1]]
    elif algorithm == "degradationstatus":
        assert gdal.Open(results["OUTPUT"]).ReadAsArray().ravel().tolist() == [1, -1]
    elif algorithm == "landdegradationsummary":
        assert results["DEGRADED_PCT"] == pytest.approx(100)
    else:
        assert results["NET_RESTORED_KM2"] == pytest.approx(-0.01, rel=2e-3)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_an_output_onto_an_input(run, values, algorithm):
    changed = values(algorithm)
    main = first(changed, algorithm)
    before = Path(main).read_bytes()
    name = "OUTPUT" if algorithm in ENDING else "OUTPUT_RASTER"
    if algorithm == "landdegradationsummary":
        name = "OUTPUT_REPORT"
    refused(run, algorithm, changed | {name: main}, "is also read")
    assert Path(main).read_bytes() == before


@pytest.mark.parametrize("algorithm", WITH_ZONES)
def test_an_output_onto_the_zones(run, values, polygon_layer, tmp_path, algorithm):
    path = tmp_path / "zones.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    layer = polygon_layer(((0, 0, 4, 3), "all"))
    QgsVectorFileWriter.writeAsVectorFormatV3(
        layer, str(path), QgsProject.instance().transformContext(), options
    )
    before = path.read_bytes()
    changed = values(algorithm) | {"ZONES": str(path)}
    refused(run, algorithm, changed | {"OUTPUT": str(path)}, "is also read")
    assert path.read_bytes() == before


@pytest.mark.parametrize("algorithm", WITH_ZONES)
def test_zones_of_all_kinds(run, values, polygon_layer, feedback, algorithm):
    """An empty, an invalid, a far, a double zone: each keeps its row, and the log names it."""
    corner = [(500_000.0 + 100 * x, 4_000_000.0 - 100 * y) for x, y in ((0, 0), (2, 2), (2, 0))]
    bow = ", ".join(f"{x} {y}" for x, y in (*corner, (500_000.0, 3_999_800.0), corner[0]))
    zones = polygon_layer(
        ((0, 0, 2, 3), "left"),
        ((0, 0, 2, 3), "left again"),
        (None, "nowhere"),
        (f"Polygon (({bow}))", "bow tie"),
        ((900, 900, 2, 2), "far"),
        ((2, 0, 2, 3), ""),
        ("Polygon ((500310 3999990, 500320 3999990, 500320 3999980, 500310 3999990))", "splinter"),
    )
    table = "OUTPUT_TABLE" if algorithm == "landdegradationsummary" else "OUTPUT_PERIODS"
    results = run(algorithm, **values(algorithm) | {"ZONES": zones, table: "TEMPORARY_OUTPUT"})
    assert results["N_ZONES"] == 7
    rows = [feature.attributeMap() for feature in results[table].getFeatures()]
    land = {row["zone"]: row["land_km2"] for row in rows}
    assert land["left"] == pytest.approx(0.06, rel=2e-3)
    assert land["feature 6"] == pytest.approx(0.06, rel=2e-3)
    for name in ("left again", "nowhere", "far", "splinter"):
        assert not land[name]
    said = "\n".join(feedback.warnings)
    for words in ("Invalid geometries, repaired", "bow tie", "Zones with an empty name", "overlap"):
        assert words in said
    for name in ("nowhere", "far", "splinter", "left again"):
        assert name in said


@pytest.mark.parametrize("algorithm", WITH_ZONES)
def test_zones_in_another_crs(run, values, polygon_layer, write_raster, algorithm):
    """Zones in degrees over rasters in metres, and the same zones in metres, measure the same."""
    zones = polygon_layer(((0, 0, 2, 3), "left"), ((2, 0, 2, 3), "right"))
    there = QgsCoordinateTransform(
        zones.crs(), QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance()
    )
    shapes = []
    for feature in zones.getFeatures():
        shape = feature.geometry()
        shape.transform(there)
        shapes.append((shape.asWkt(12), feature["name"]))
    other = polygon_layer(*shapes, crs="EPSG:4326")
    key = "DEGRADED_KM2" if algorithm == "landdegradationsummary" else "NET_RESTORED_KM2"
    expected = run(algorithm, **values(algorithm) | {"ZONES": zones, "OUTPUT": "memory:"})
    found = run(algorithm, **values(algorithm) | {"ZONES": other, "OUTPUT": "memory:"})
    assert found[key] == expected[key] != 0


class StopsAtHalf(QgsProcessingFeedback):
    """The user's hand on the button when half is done."""

    def setProgress(self, progress: float) -> None:
        if progress >= 50:
            self.cancel()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_cancel_at_half(provider, values, write_raster, monkeypatch, algorithm):
    monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", 4)
    changed = values(algorithm)
    if algorithm == "ldnbalance":
        types = write_raster("types.tif", np.ones((3, 4)))
        balance = Path(changed["OUTPUT"]).with_name("balance.tif")
        changed |= {"LAND_TYPES": [types], "OUTPUT_RASTER": str(balance)}
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    feedback = StopsAtHalf()
    _, succeeded = provider.algorithm(algorithm).create().run(changed, context, feedback)
    assert feedback.isCanceled()
    assert not succeeded
    assert not list(Path(changed["OUTPUT"]).parent.iterdir())


OPTIONAL = {
    "landdegradation": ("WATER",),
    "landdegradationsummary": (
        "PRODUCTIVITY",
        "LAND_COVER",
        "LAND_COVER_INITIAL",
        "LAND_COVER_FINAL",
        "SOC",
        "SOC_STOCK_INITIAL",
        "SOC_STOCK_FINAL",
        "POPULATION",
        "WATER",
        "ZONES",
    ),
    "ldnbalance": ("LAND_COVER_INITIAL", "WATER", "ZONES", "ERRORS"),
}


@pytest.mark.parametrize("algorithm", OPTIONAL)
def test_a_file_that_is_not_there(run, values, algorithm):
    """What may be left out, but was given, is not silently left out."""
    for name in (RASTERS[algorithm][0], *OPTIONAL[algorithm]):
        refused(run, algorithm, values(algorithm) | {name: "gone.tif"}, "gone.tif|" + name)
    if algorithm == "ldnbalance":
        for name in ("REPORTING", "LAND_TYPES"):
            refused(run, algorithm, values(algorithm) | {name: ["gone.tif"]}, "gone.tif")
