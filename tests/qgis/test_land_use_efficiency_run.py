"""dbar:landuseefficiency from layers to layers: figures worked out by hand, years, geometries."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsRasterRange,
    QgsWkbTypes,
)

from dbar_qgis_plugin.algorithms.inputs import measurable
from dbar_qgis_plugin.algorithms.settings import workers_of_settings

YEARS = (1990, 2000, 2015)


def rows(layer) -> list[dict]:
    return [feature.attributeMap() for feature in layer.getFeatures()]


def built(cells: int, shape=(20, 20)) -> np.ndarray:
    """Return a binary raster whose first `cells` cells of the 10 x 10 in the corner are built."""
    corner = np.zeros(100)
    corner[:cells] = 1
    array = np.zeros(shape)
    array[:10, :10] = corner.reshape(10, 10)
    return array


@pytest.fixture
def town(write_raster, polygon_layer):
    """Parameters of a run: one city of 1 km2 whose built-up land and people grow."""
    builtup = [
        write_raster(f"built_{y}.tif", built(n)) for y, n in zip(YEARS, (20, 30, 36), strict=True)
    ]
    population = [
        write_raster(f"pop_{y}.tif", np.full((20, 20), n))
        for y, n in zip(YEARS, (10, 12, 15), strict=True)
    ]
    return {
        "CITIES": polygon_layer(((0, 0, 10, 10), "Aldermere")),
        "BUILTUP": builtup,
        "POPULATION": population,
        "CELL_AREA": "nominal",
        "OUTPUT": "TEMPORARY_OUTPUT",
        "OUTPUT_INTERVALS": "TEMPORARY_OUTPUT",
        "OUTPUT_GROUPS": "TEMPORARY_OUTPUT",
    }


def test_figures_worked_out_by_hand(run, town):
    results = run(**town)
    (city,) = rows(results["OUTPUT"])
    assert city["name"] == "Aldermere"
    assert [city[f"built_km2_{year}"] for year in YEARS] == pytest.approx([0.2, 0.3, 0.36])
    assert [city[f"pop_{year}"] for year in YEARS] == [1000, 1200, 1500]
    assert city["BUP_area_per_Capita_2015"] == pytest.approx(240)
    assert city["LCR_1990_2000"] == pytest.approx(0.05)
    assert city["PGR_2000_2015"] == pytest.approx(log(1500 / 1200) / 15)
    assert city["LCRPGR_1990_2000"] == pytest.approx(0.05 / (log(1.2) / 10))
    assert city["LCRPGR_1990_2015"] == pytest.approx(0.8 / log(1.5))
    assert city["lcrpgr_last"] == pytest.approx(0.2 / log(1.25))
    assert (city["class_last"], city["flags"], city["coverage_pct"]) == (3, "", 100)

    intervals = rows(results["OUTPUT_INTERVALS"])
    assert [(row["year_start"], row["year_end"], row["span"]) for row in intervals] == [
        (1990, 2000, "interval"),
        (2000, 2015, "interval"),
        (1990, 2015, "full"),
    ]
    assert intervals[0]["period_start"].toString("yyyy-MM-dd") == "1990-01-01"
    assert intervals[0]["period_end"] == intervals[1]["period_start"]
    assert [row["regime"] for row in intervals] == ["R16", "R2", "R16"]

    groups = rows(results["OUTPUT_GROUPS"])
    assert len(groups) == 3
    assert groups[1]["ratio_of_totals"] == pytest.approx(0.2 / log(1.25))
    assert (results["N_CITIES"], results["N_UNDEFINED"]) == (1, 0)
    assert results["RATIO_LAST"] == pytest.approx(0.2 / log(1.25))


def test_the_published_example_with_census_figures(run, write_raster, polygon_layer):
    """UN ESCAP's guide: Bishkek 2017-2020."""
    fields = "field=name:string(20)&field=p2017:integer&field=p2020:double"
    square_metres = [np.full((4, 4), v * 1e6 / 16) for v in (148.2382, 152.7060)]
    results = run(
        CITIES=polygon_layer(((0, 0, 4, 4), "Bishkek", 1_184_665, 1_394_755), fields=fields),
        BUILTUP=[write_raster(f"b{k}.tif", values) for k, values in enumerate(square_metres)],
        BUILTUP_KIND="square_metres",
        POPULATION_FIELDS=["p2017", "p2020"],
        YEARS="2017,2020",
        OUTPUT="TEMPORARY_OUTPUT",
    )
    (city,) = rows(results["OUTPUT"])
    assert city["LCR_2017_2020"] == pytest.approx(0.01004644326945862, rel=1e-9)
    assert city["PGR_2017_2020"] == pytest.approx(0.05441957947035309, rel=1e-12)
    assert city["LCRPGR_2017_2020"] == pytest.approx(0.18461082145869503, rel=1e-9)
    assert city["BUP_area_per_Capita_2020"] == pytest.approx(109.48589537230554, rel=1e-12)
    assert results["RATIO_LAST"] == city["lcrpgr_last"]
    again = run(
        CITIES=polygon_layer(((0, 0, 4, 4), "Bishkek", 1_184_665, 1_394_755), fields=fields),
        BUILTUP=[write_raster(f"b{k}.tif", values) for k, values in enumerate(square_metres)],
        BUILTUP_KIND="square_metres",
        POPULATION_FIELDS="p2017;p2020",
        YEARS="2017,2020",
        FORMULA="2018",
        OUTPUT="TEMPORARY_OUTPUT",
    )
    assert again["RATIO_LAST"] == pytest.approx(0.18188346327294927, rel=1e-9)


# -- years


def test_layers_are_put_in_order_of_the_years_in_their_names(run, town, feedback):
    expected = run(**town)["RATIO_LAST"]
    shuffled = run(**town | {"BUILTUP": town["BUILTUP"][::-1], "YEARS": ""})
    assert shuffled["RATIO_LAST"] == expected
    assert "Built-up rasters, one per epoch: 1990 ← built_1990" in feedback.infos
    assert "Population rasters, one per epoch: 2015 ← pop_2015" in feedback.infos


def test_years_are_read_from_layer_names_before_file_names(run, town, write_raster):
    layers = [
        QgsRasterLayer(path, f"GHS_BUILT_S_E{year}_R2023A")
        for path, year in zip(town["BUILTUP"], (1980, 1990, 2000), strict=True)
    ]
    population = [
        QgsRasterLayer(path, f"people {year}")
        for path, year in zip(town["POPULATION"], (1980, 1990, 2000), strict=True)
    ]
    (city,) = rows(run(**town | {"BUILTUP": layers, "POPULATION": population})["OUTPUT"])
    assert city["LCR_1980_1990"] == pytest.approx(0.05)


def test_typed_years_pair_with_the_order_given_and_a_mix_up_is_warned_of(run, town, feedback):
    run(**town | {"BUILTUP": town["BUILTUP"][::-1], "YEARS": "1990,2000,2015"})
    assert any(
        "“built_2015” is taken for 1990, as typed, though its name says 2015" in text
        for text in feedback.warnings
    )


def test_bands_as_epochs(run, town, write_raster, feedback):
    expected = run(**town)["RATIO_LAST"]
    stack = write_raster(
        "built.tif", [built(20), built(30), built(36)], descriptions=("1990", "2000", "2015")
    )
    assert run(**town | {"BUILTUP": [stack]})["RATIO_LAST"] == expected
    people = write_raster("people.tif", [np.full((20, 20), n) for n in (10, 12, 15)])
    many = run(**town | {"BUILTUP": [stack], "POPULATION": people, "YEARS": "1990,2000,2015"})
    assert many["RATIO_LAST"] == expected
    assert "Population rasters, one per epoch: 2000 ← people, Band 2" in feedback.infos


def test_of_several_rasters_the_first_band_is_used(run, town, write_raster, feedback):
    town["BUILTUP"][0] = write_raster("built_1990.tif", [built(20), built(99)])
    (city,) = rows(run(**town)["OUTPUT"])
    assert city["built_km2_1990"] == pytest.approx(0.2)
    assert any("“built_1990” has 2 bands; the first is used" in t for t in feedback.warnings)


def test_people_of_other_years(run, town, feedback):
    (city,) = rows(run(**town | {"POPULATION_YEARS": "1991,2001,2011"})["OUTPUT"])
    assert city["PGR_2000_2015"] == pytest.approx(log(1500 / 1200) / 10)
    assert any("are of different years" in text for text in feedback.warnings)


def test_fractional_years(run, town, feedback):
    changed = {"YEARS": "1990.5,2000.5,2015.25", "POPULATION_YEARS": ""}
    results = run(**town | changed)
    intervals = rows(results["OUTPUT_INTERVALS"])
    assert intervals[0]["year_start"] == 1990.5
    assert intervals[0]["period_start"].toString("yyyy-MM") == "1990-07"
    assert intervals[0]["pgr"] == pytest.approx(log(1.2) / 10)


# -- what the cells hold


def test_other_kinds_of_builtup(run, town, write_raster, feedback):
    expected = pytest.approx(run(**town)["RATIO_LAST"], rel=1e-12)
    counts = dict(zip(YEARS, (20, 30, 36), strict=True))
    percent = [write_raster(f"percent_{y}.tif", 100 * built(n)) for y, n in counts.items()]
    assert run(**town | {"BUILTUP": percent, "BUILTUP_KIND": "percent"})["RATIO_LAST"] == expected
    classes = [write_raster(f"cover_{y}.tif", 10 + 40 * built(n)) for y, n in counts.items()]
    options = {"BUILTUP": classes, "BUILTUP_KIND": "classes", "BUILTUP_CLASSES": "50; 190"}
    assert run(**town | options)["RATIO_LAST"] == expected
    first = np.where(built(20), 1985, np.where(built(30), 1995, np.where(built(36), 2010, 0)))
    once = write_raster("first.tif", first)
    options = {"BUILTUP": [once], "BUILTUP_KIND": "first_year", "YEARS": "1990,2000,2015"}
    assert run(**town | options)["RATIO_LAST"] == expected


def test_density(run, town, write_raster):
    density = [
        write_raster(f"density_{y}.tif", np.full((20, 20), n * 100))
        for y, n in zip(YEARS, (10, 12, 15), strict=True)
    ]
    (city,) = rows(run(**town | {"POPULATION": density, "POPULATION_KIND": "density"})["OUTPUT"])
    assert city["pop_1990"] == pytest.approx(1000, rel=2e-3)


def test_undefined_figures_are_null(run, town, write_raster):
    still = [write_raster(f"pop_{year}.tif", np.full((20, 20), 9.0)) for year in YEARS]
    results = run(**town | {"POPULATION": still})
    (city,) = rows(results["OUTPUT"])
    assert city["lcrpgr_last"] == NULL
    assert city["class_last"] == 0
    assert "PGR_ZERO" in city["flags"]
    assert (results["N_UNDEFINED"], results["RATIO_LAST"]) == (1, None)
    assert rows(results["OUTPUT_GROUPS"])[0]["median"] == NULL


# -- cities


def test_groups_and_names(run, town, polygon_layer):
    cities = polygon_layer(
        ((0, 0, 5, 10), "first", 7, "North"),
        ((5, 0, 5, 10), None, 8, "South"),
        ((0, 0, 5, 10), "third", 9, None),
        fields="field=name:string(20)&field=code:integer&field=region:string(20)",
    )
    results = run(**town | {"CITIES": cities, "GROUP_FIELD": "region"})
    groups = [row["group"] for row in rows(results["OUTPUT_GROUPS"])]
    assert sorted(set(groups)) == ["", "(no group)", "North", "South"]
    assert groups[-1] == ""
    names = [row["city"] for row in rows(results["OUTPUT_INTERVALS"])]
    assert names[::3] == ["first", "feature 2", "third"]
    results = run(**town | {"CITIES": cities, "CITY_FIELD": "code", "GROUP_FIELD": "code"})
    assert [row["city"] for row in rows(results["OUTPUT_INTERVALS"])][::3] == ["7", "8", "9"]


def test_only_selected_cities(run, town, polygon_layer):
    cities = polygon_layer(((0, 0, 5, 10), "a"), ((5, 0, 5, 10), "b"))
    QgsProject.instance().addMapLayer(cities)
    cities.selectByIds([2])
    selected = QgsProcessingFeatureSourceDefinition(cities.id(), True)
    results = run(**town | {"CITIES": selected})
    assert [row["name"] for row in rows(results["OUTPUT"])] == ["b"]
    QgsProject.instance().removeMapLayer(cities)


def test_own_fields_that_clash_are_renamed(run, town, feedback):
    first = run(**town)
    second = run(**town | {"CITIES": first["OUTPUT"]})
    names = second["OUTPUT"].fields().names()
    assert len({name.casefold() for name in names}) == len(names)
    assert "LCR_1990_2000_2" in names
    assert rows(second["OUTPUT"])[0]["LCR_1990_2000"] == pytest.approx(0.05)
    assert any("LCR_1990_2000 → LCR_1990_2000_2" in text for text in feedback.infos)


SQUARE = "500000 4000000, 501000 4000000, 501000 3999000, 500000 3999000, 500000 4000000"
HEIGHTS = ", ".join(f"{corner} 12 3" for corner in SQUARE.split(", "))
BESIDE = "501000 4000000, 501200 4000000, 501200 3999900, 501000 3999900, 501000 4000000"
HOLE = "500200 3999800, 500400 3999800, 500400 3999600, 500200 3999600, 500200 3999800"
BOW_TIE = "500000 3999000, 501000 4000000, 501000 3999000, 500000 4000000, 500000 3999000"
ARCS = "500000 3999500, 500500 4000000, 501000 3999500, 500500 3999000, 500000 3999500"


@pytest.mark.parametrize(
    ("kind", "shape", "cells"),
    [
        ("Polygon", f"Polygon (({SQUARE}))", 100),
        ("PolygonZM", f"PolygonZM (({HEIGHTS}))", 100),
        ("MultiPolygon", f"MultiPolygon ((({SQUARE})), (({BESIDE})))", 102),
        ("Polygon", f"Polygon (({SQUARE}), ({HOLE}))", 96),
    ],
)
def test_shapes(run, town, polygon_layer, kind, shape, cells):
    cities = polygon_layer((shape, "A"), kind=kind)
    results = run(**town | {"CITIES": cities})
    assert rows(results["OUTPUT"])[0]["pop_1990"] == 10 * cells
    (feature,) = results["OUTPUT"].getFeatures()
    assert feature.geometry().isGeosValid()
    assert QgsWkbTypes.displayString(feature.geometry().wkbType()) == "MultiPolygon"


@pytest.mark.parametrize(
    ("wkt", "area", "repaired"),
    [
        (f"GeometryCollection (Polygon (({SQUARE})), Point (0 0))", 1e6, False),
        (f"Polygon (({SQUARE}), ({SQUARE}))", 0, True),
        ("Polygon ((0 0, 1 0, 2 0, 0 0))", 0, True),
        ("Polygon EMPTY", 0, False),
        ("LineString (0 0, 1 1)", 0, False),
        # Two shells of one part overlap: their union counts, the overlap once.
        ("MultiPolygon (((0 0, 2 0, 2 1, 0 1, 0 0)), ((1 0, 3 0, 3 1, 1 1, 1 0)))", 3, True),
    ],
)
def test_what_can_be_measured(wkt, area, repaired):
    geometry, was_invalid = measurable(QgsGeometry.fromWkt(wkt))
    assert geometry.area() == pytest.approx(area) if area else geometry.isEmpty()
    assert was_invalid is repaired


def test_curves(run, town, polygon_layer):
    cities = polygon_layer((f"CurvePolygon (CircularString ({ARCS}))", "A"), kind="CurvePolygon")
    results = run(**town | {"CITIES": cities, "COVERAGE": "exact"})
    assert rows(results["OUTPUT"])[0]["pop_1990"] == pytest.approx(np.pi * 25 * 10, rel=1e-4)


def test_invalid_and_empty_geometries(run, town, polygon_layer, feedback):
    cities = polygon_layer(
        (f"Polygon (({BOW_TIE}))", "bow tie"), (None, "nowhere"), ((0, 0, 10, 10), "square")
    )
    results = run(**town | {"CITIES": cities, "COVERAGE": "exact"})
    bow_tie, nowhere, square = rows(results["OUTPUT"])
    assert bow_tie["pop_1990"] == pytest.approx(500)
    assert square["pop_1990"] == 1000
    assert nowhere["pop_1990"] == NULL
    assert nowhere["lcrpgr_last"] == NULL
    assert nowhere["flags"]
    assert any("repaired before measuring (1): bow tie" in text for text in feedback.warnings)
    assert any("without results (1): nowhere" in text for text in feedback.warnings)
    assert results["N_CITIES"] == 3
    shapes = [feature.geometry() for feature in results["OUTPUT"].getFeatures()]
    assert [shape.isEmpty() for shape in shapes] == [False, True, False]
    assert shapes[0].isGeosValid()


# -- coordinate reference systems and GDAL's ways to name a raster


def test_a_crs_without_a_code(run, town, polygon_layer, write_raster):
    mollweide = "+proj=moll +lon_0=75 +datum=WGS84 +units=m +no_defs"
    crs = QgsCoordinateReferenceSystem.fromProj(mollweide)
    assert not crs.authid()
    here = {"crs": mollweide, "origin": (0.0, 4_000_000.0)}
    builtup = [
        write_raster(f"moll_{y}.tif", built(n), **here)
        for y, n in zip(YEARS, (20, 30, 36), strict=True)
    ]
    people = [
        write_raster(f"people_{y}.tif", np.full((20, 20), n), **here)
        for y, n in zip(YEARS, (10, 12, 15), strict=True)
    ]
    square = "Polygon ((0 4000000, 1000 4000000, 1000 3999000, 0 3999000, 0 4000000))"
    cities = polygon_layer((square, "A"))
    cities.setCrs(crs)
    results = run(**town | {"CITIES": cities, "BUILTUP": builtup, "POPULATION": people})
    (city,) = rows(results["OUTPUT"])
    assert city["pop_1990"] == 1000
    assert city["built_km2_1990"] == pytest.approx(0.2)
    assert results["OUTPUT"].crs() == crs


def test_subdatasets_and_open_options(run, town):
    expected = run(**town)["RATIO_LAST"]
    layers = [
        QgsRasterLayer(f"GTIFF_DIR:1:{path}|option:NUM_THREADS=2", f"b {year}")
        for path, year in zip(town["BUILTUP"], YEARS, strict=True)
    ]
    assert all(layer.isValid() for layer in layers)
    assert run(**town | {"BUILTUP": layers})["RATIO_LAST"] == expected


def test_no_data_that_only_qgis_knows_is_warned_of(run, town, feedback):
    layer = QgsRasterLayer(town["BUILTUP"][0], "b 1990")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(0, 0)])
    town["BUILTUP"][0] = layer
    results = run(**town)
    assert rows(results["OUTPUT"])[0]["coverage_pct"] == 100
    assert any("no-data values set for “b 1990” in QGIS" in text for text in feedback.warnings)


def test_workers_follow_the_settings(provider):
    standard = workers_of_settings()
    options = ProcessingConfig.getSettings()[provider.name()]
    assert [option.name for option in options] == [
        "DBAR_THREADS",
        "DBAR_MEMORY_MB",
        "DBAR_DASK_SCHEDULER",
        "DBAR_PALETTE",
    ]
    values = (3, 100, "tcp://127.0.0.1:8786", "red_green")
    for option, value in zip(options, values, strict=True):
        ProcessingConfig.setSettingValue(option.name, value)
    try:
        workers = workers_of_settings()
    finally:
        for option in options:
            ProcessingConfig.setSettingValue(option.name, option.default)
    assert (workers.threads, workers.memory_mb) == (3, 100)
    assert workers.scheduler == "tcp://127.0.0.1:8786"
    assert workers_of_settings() == standard
    assert standard.scheduler == ""
