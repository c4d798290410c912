"""dbar:droughthazard from layers to a styled raster and its tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    NULL,
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsRasterLayer,
    QgsVectorLayer,
)

from dbar_qgis_plugin.algorithms.sdg_15_3_1 import drought_hazard

ND = -32768
YEARS = tuple(range(2000, 2006))
DESCRIPTIONS = tuple(f"spi_{year}" for year in YEARS)
# Four cells in six years; of the first cell only the fourth year is dry.
SPI = [
    [[0.5, -0.2, 1.1, ND]],
    [[0.4, -0.6, 1.2, ND]],
    [[0.3, -1.1, 1.3, ND]],
    [[-2.5, 0.1, 0.2, ND]],
    [[0.1, 0.2, 0.3, ND]],
    [[0.4, -1.6, 0.3, -0.7]],
]


def bands(path: str) -> dict[str, list]:
    dataset = gdal.Open(path)
    found = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
    return {band.GetDescription(): band.ReadAsArray().tolist() for band in found}


def rows(layer) -> list[dict]:
    return [feature.attributeMap() for feature in layer.getFeatures()]


@pytest.fixture
def inputs(write_raster, tmp_path):
    (tmp_path / "out").mkdir()
    return {
        "SPI": [write_raster("spi.tif", SPI, nodata=ND, descriptions=DESCRIPTIONS)],
        "OUTPUT": str(tmp_path / "out" / "drought.tif"),
        "OUTPUT_AREAS": "TEMPORARY_OUTPUT",
        "OUTPUT_EXPOSURE": "TEMPORARY_OUTPUT",
    }


def test_figures_worked_out_by_hand(run, inputs, write_raster, feedback):
    people = write_raster("people.tif", [[0.4, 0.4, 2.0, 5.5]])
    results = run("droughthazard", **inputs, POPULATION=people)
    assert bands(results["OUTPUT"]) == {
        "drought_2000_2003": [[4, 2, 0, ND]],
        "drought_2004_2005": [[0, 3, 0, 1]],
        "lowest_spi_2000_2003": [[-2500, -1100, 200, ND]],
        "lowest_spi_2004_2005": [[100, -1600, 300, -700]],
    }
    areas = rows(results["OUTPUT_AREAS"])
    assert [(row["first_year"], row["last_year"]) for row in areas[::6]] == [
        (2000, 2003),
        (2004, 2005),
    ]
    assert [row["class_name"] for row in areas[:6]] == [
        "none", "mild", "moderate", "severe", "extreme", "no_data",
    ]  # fmt: skip
    assert {row["zone"] for row in areas} == {"Whole area"}
    assert areas[4]["km2"] == pytest.approx(0.01, rel=2e-3)
    assert areas[4]["km2_pct"] == pytest.approx(100 / 3, rel=1e-5)
    assert areas[4]["persons"] == pytest.approx(0.4, abs=1e-9)
    assert (areas[5]["drought"], areas[5]["persons"], areas[5]["km2_pct"]) == (ND, 5.5, NULL)
    first, last = rows(results["OUTPUT_EXPOSURE"])
    assert (first["n_years"], last["n_years"]) == (4, 2)
    assert first["exposed"] == pytest.approx(0.8, abs=1e-9)
    assert first["exposed_pct"] == pytest.approx(100 * 0.8 / 2.8, rel=1e-8)
    assert last["drought_pct"] == pytest.approx(50, rel=1e-5)
    assert results["N_BLOCKS"] == 2
    assert results["DROUGHT_KM2"] == pytest.approx(0.02, rel=2e-3)
    assert results["DROUGHT_PCT"] == pytest.approx(50, rel=1e-5)
    assert results["EXPOSED"] == pytest.approx(5.9, abs=1e-9)
    log = "\n".join(feedback.infos)
    assert "SPI is taken as value / 1." in log
    assert "The last block, 2004–2005, has 2 years instead of 4." in log
    assert "2004–2005: 5.9 persons exposed" in log
    assert "2005 ← spi, Band 6: spi_2005" in log
    assert any("2004–2005: 1 cells have no data in some" in text for text in feedback.warnings)


def test_without_people(run, inputs, feedback):
    results = run("droughthazard", **inputs)
    assert rows(results["OUTPUT_EXPOSURE"])[0]["exposed"] == NULL
    assert results["EXPOSED"] is None
    assert not any("persons" in text for text in feedback.infos)


def test_zones(run, inputs, polygon_layer, feedback):
    zones = polygon_layer(((0, 0, 2, 1), "West"), ((2, 0, 2, 1), ""), ((9, 9, 1, 1), "Away"))
    results = run("droughthazard", **inputs, ZONES=zones, ZONE_FIELD="name")
    found = {(row["zone"], row["first_year"]): row for row in rows(results["OUTPUT_EXPOSURE"])}
    assert [zone for zone, year in found if year == 2000] == [
        "West", "feature 2", "Away", "All zones",
    ]  # fmt: skip
    assert found["West", 2000]["drought_pct"] == pytest.approx(100)
    assert found["feature 2", 2000]["nodata_km2"] == pytest.approx(0.01, rel=2e-3)
    assert found["All zones", 2004]["drought_pct"] == pytest.approx(50, rel=1e-5)
    assert found["Away", 2004]["drought_pct"] == NULL
    said = "\n".join(feedback.warnings)
    assert "Zones with an empty name in “name” (1), told by their numbers: feature 2" in said
    assert "Zones without a cell of the rasters (1): Away" in said


def test_years_blocks_and_convention(run, inputs, write_raster):
    # Whole numbers in thousandths would be integers; these are floats, so the scale is typed.
    layers = [
        write_raster(f"spi_{year}.tif", [[value, -1000]])
        for year, value in ((2010, -2000), (2001, 0))
    ]
    changed = inputs | {"SPI": layers, "SPI_SCALE": 1000, "BLOCK_YEARS": 1}
    assert bands(run("droughthazard", **changed)["OUTPUT"]) == {
        "drought_2001_2001": [[1, 2]],
        "drought_2010_2010": [[4, 2]],
        "lowest_spi_2001_2001": [[0, -1000]],
        "lowest_spi_2010_2010": [[-2000, -1000]],
    }
    peer = bands(run("droughthazard", **changed, CONVENTION="trends_earth")["OUTPUT"])
    assert peer["drought_2001_2001"] == [[0, 1]]
    assert peer["drought_2010_2010"] == [[3, 1]]
    typed = changed | {"YEARS": "2000;2003", "BLOCK_YEARS": 4, "FIRST_YEAR": 1998}
    assert list(bands(run("droughthazard", **typed)["OUTPUT"]))[:2] == [
        "drought_1998_2001",
        "drought_2002_2003",
    ]


def test_it_opens_styled(run, inputs, tmp_path):
    path = run("droughthazard", **inputs)["OUTPUT"]
    assert (tmp_path / "out" / "drought.qml").is_file()
    layer = QgsRasterLayer(path, "opened later")
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    assert renderer.inputBand() == 2
    assert [(int(c.value), c.label) for c in renderer.classes()] == [
        (0, "No drought"),
        (1, "Mild drought"),
        (2, "Moderate drought"),
        (3, "Severe drought"),
        (4, "Extreme drought"),
    ]
    layer.loadDefaultStyle()
    span = layer.temporalProperties().fixedTemporalRange()
    assert (span.begin().date().year(), span.end().date().year()) == (2000, 2005)
    dataset = gdal.Open(path)
    tags = dataset.GetMetadata()
    assert tags["DBAR_ALGORITHM"] == "dbar:droughthazard"
    assert tags["DBAR_FORMULA"] == "droughthazard/prais4"
    assert json.loads(tags["DBAR_PARAMETERS"])["BLOCK_YEARS"] == "4"
    every = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
    assert {band.GetNoDataValue() for band in every} == {ND}
    assert {band.DataType for band in every} == {gdal.GDT_Int16}
    assert [band.GetUnitType() for band in every] == ["", "", "0.001", "0.001"]


def test_tables_in_files(run, inputs, tmp_path, feedback):
    changed = inputs | {
        "OUTPUT_AREAS": str(tmp_path / "out" / "areas.gpkg"),
        "OUTPUT_EXPOSURE": str(tmp_path / "out" / "exposure.shp"),
    }
    results = run("droughthazard", **changed)
    layer = QgsVectorLayer(results["OUTPUT_AREAS"], "areas", "ogr")
    assert layer.featureCount() == 12
    # Without geometry, a shapefile is its table.
    layer = QgsVectorLayer(str(tmp_path / "out" / "exposure.dbf"), "exposure", "ogr")
    assert layer.fields().names() == [
        "zone", "level", "first_year", "last_year", "n_years", "DRGHT_KM2", "known_km2",
        "DRGHT_PCT", "nodata_km2", "exposed", "KNOWN_PERS", "EXPOS_PCT", "NODAT_PERS",
    ]  # fmt: skip
    assert any("fields with another name" in text for text in feedback.infos)


def test_as_a_step_of_a_model(provider, inputs):
    static = QgsProcessingModelChildParameterSource.fromStaticValue
    model = QgsProcessingModelAlgorithm("drought", "tests")
    child = QgsProcessingModelChildAlgorithm("dbar:droughthazard")
    child.setChildId("hazard")
    child.addParameterSources("SPI", [static(inputs["SPI"])])
    output = QgsProcessingModelOutput("map")
    output.setChildId("hazard")
    output.setChildOutputName("OUTPUT")
    child.setModelOutputs({"map": output})
    model.addChildAlgorithm(child)
    context = QgsProcessingContext()
    results, succeeded = model.run(
        {"hazard:map": inputs["OUTPUT"]}, context, QgsProcessingFeedback()
    )
    assert succeeded
    assert bands(results["hazard:map"])["drought_2000_2003"] == [[4, 2, 0, ND]]
    assert results["CHILD_RESULTS"]["hazard"]["N_BLOCKS"] == 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"SPI": []}, "Annual SPI"),
        ({"SPI": ["gone.tif"]}, "“gone.tif” cannot be opened as a raster"),
        ({"YEARS": "2000,2001"}, "6 were chosen, but Years"),
        ({"YEARS": "a,b"}, "“a” is not a year"),
        ({"FIRST_YEAR": 2010, "LAST_YEAR": 2012}, "0 of the years 2010–2012 have a raster"),
        ({"FIRST_YEAR": 2005, "LAST_YEAR": 2001}, "2005 to 2001: the last comes before the first"),
        ({"BLOCK_YEARS": 0}, "BLOCK_YEARS"),
        ({"ZONE_FIELD": "name"}, "Field with the zone's name” is given without"),
    ],
)
def test_refusals(run, inputs, monkeypatch, changed, words):
    def fail(*_args, **_options):
        raise AssertionError("computed all the same")

    monkeypatch.setattr(drought_hazard, "compute_drought_hazard", fail)
    with pytest.raises(QgsProcessingException) as caught:
        run("droughthazard", **inputs | changed)
    assert words in str(caught.value)
    assert not list(Path(inputs["OUTPUT"]).parent.iterdir())


def test_refusals_of_what_the_files_hold(run, inputs, write_raster, polygon_layer):
    unnamed = write_raster("first.tif", [[0.1]])
    no_crs = write_raster("spi_2000.tif", [[0.1]], crs=None)
    far = write_raster("spi_2001.tif", [[0.1]], origin=(700_000.0, 3_000_000.0))
    near = write_raster("spi_2002.tif", [[0.1]])
    thousandths = write_raster("spi_2003.tif", [[-1700.0]])
    for changed, words in (
        ({"SPI": [unnamed]}, "No year in the name “first"),
        ({"SPI": [no_crs]}, "spi_2000 has no coordinate reference system"),
        ({"SPI": [near, far]}, "spi_2002 does not overlap the reference raster"),
        ({"SPI": [thousandths]}, "of 1 values, 1 lie beyond ±9 when divided by 1, which no SPI"),
        ({"POPULATION": far}, "spi_2001 does not overlap the reference raster"),
        ({"ZONES": polygon_layer(((90, 90, 1, 1), "Away"))}, "No zone overlaps the raster spi"),
    ):
        with pytest.raises(QgsProcessingException) as caught:
            run("droughthazard", **inputs | changed)
        assert words in str(caught.value)
        assert not list(Path(inputs["OUTPUT"]).parent.iterdir())


def test_cancel_leaves_nothing(run, inputs, feedback):
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run("droughthazard", **inputs)
    assert not list(Path(inputs["OUTPUT"]).parent.iterdir())
