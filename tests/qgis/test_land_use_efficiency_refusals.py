"""What dbar:landuseefficiency refuses, and that the message names the input and says what to do."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from dbar_qgis_plugin.algorithms import base
from dbar_qgis_plugin.algorithms.sdg_11_3_1 import land_use_efficiency
from dbar_qgis_plugin.pipelines.sdg_11_3_1.land_use_efficiency import compute_land_use_efficiency

FIELDS = "field=name:string(20)&field=pop_1990:integer&field=pop_2000:double&field=note:string(9)"


@pytest.fixture
def inputs(write_raster, polygon_layer, tmp_path):
    """Parameters that are right, to be spoilt one at a time."""
    builtup = [
        write_raster(f"built_{y}.tif", np.full((9, 9), v)) for y, v in ((1990, 0), (2000, 1))
    ]
    people = [write_raster(f"pop_{y}.tif", np.full((9, 9), v)) for y, v in ((1990, 4), (2000, 5))]
    return {
        "CITIES": polygon_layer(((0, 0, 5, 5), "Aldermere", 100, 125.5, "x"), fields=FIELDS),
        "BUILTUP": builtup,
        "BUILTUP_KIND": "binary",
        "POPULATION": people,
        "OUTPUT": str(tmp_path / "out" / "cities.gpkg"),
        "OUTPUT_INTERVALS": str(tmp_path / "out" / "intervals.gpkg"),
        "OUTPUT_GROUPS": str(tmp_path / "out" / "groups.csv"),
        "OUTPUT_REPORT": str(tmp_path / "out" / "report.html"),
    }


@pytest.fixture
def refused(run, inputs, provider, monkeypatch, tmp_path):
    """Check that a run is refused before anything is computed, and return the message."""
    (tmp_path / "out").mkdir()

    def fail(*_args, **_options):
        raise AssertionError("computed all the same")

    monkeypatch.setattr(land_use_efficiency, "compute_land_use_efficiency", fail)

    def refuse(**changed) -> str:
        parameters = {k: v for k, v in (inputs | changed).items() if v is not None}
        algorithm = provider.algorithm("landuseefficiency").create()
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        fits, checked = algorithm.checkParameterValues(parameters, context)
        with pytest.raises(QgsProcessingException) as caught:
            run(**parameters)
        message = str(caught.value)
        assert checked in message or fits
        assert not list((tmp_path / "out").iterdir())
        return message

    return refuse


CASES = {
    "too few years": ({"YEARS": "1990"}, "2 were chosen, but Years", "names 1 years (1990)"),
    "too many years": ({"YEARS": "1990,2000,2010"}, "There must be one for each year"),
    "years that do not increase": ({"YEARS": "2000,1990"}, "the years must increase"),
    "a year twice": ({"YEARS": "2000,2000"}, "2000 comes after 2000"),
    "no year at all": ({"YEARS": "now, then"}, "“now” is not a year", "1990,2000,2015"),
    "population years": ({"POPULATION_YEARS": "1990"}, "Years of the population"),
    "no population": ({"POPULATION": None}, "No population is given", "fill in “Population"),
    "population twice": (
        {"POPULATION_FIELDS": ["pop_1990", "pop_2000"]},
        "Both “Population rasters",
        "leave one of them empty",
    ),
    "text as population": (
        {"POPULATION": None, "POPULATION_FIELDS": ["pop_1990", "note"], "YEARS": "1990,2000"},
        "“note” is not a numeric field of “Cities”",
    ),
    "a field that is not there": (
        {"POPULATION": None, "POPULATION_FIELDS": ["pop_1990", "pop_2010"]},
        "“Cities” has no field “pop_2010”",
    ),
    "one population field": (
        {"POPULATION": None, "POPULATION_FIELDS": ["pop_1990"]},
        "for 2 epochs (1990, 2000), population for 1 (1990)",
    ),
    "no built-up raster": ({"BUILTUP": []}, "Built-up rasters"),
    "a file that is not there": ({"BUILTUP": ["built_1990.tif", "x"]}, "“built_1990.tif” cannot"),
    "classes without numbers": ({"BUILTUP_KIND": "classes"}, "say which classes are built-up"),
    "classes in words": (
        {"BUILTUP_KIND": "classes", "BUILTUP_CLASSES": "50,urban"},
        "“urban” is not a class number",
    ),
    "first year from two rasters": (
        {"BUILTUP_KIND": "first_year", "YEARS": "1990,2000"},
        "one raster for all epochs, but 2 were chosen",
    ),
    "a kind that is not known": ({"BUILTUP_KIND": "squares"}, "Incorrect parameter value"),
    "a rate below zero": ({"NEAR_ZERO_PGR": -1}, "Incorrect parameter value"),
}


@pytest.mark.parametrize("case", CASES)
def test_parameters_that_do_not_fit(refused, case):
    changed, *parts = CASES[case]
    message = refused(**changed)
    for part in parts:
        assert part in message


def test_first_year_without_years(refused, inputs):
    message = refused(BUILTUP_KIND="first_year", BUILTUP=inputs["BUILTUP"][:1], YEARS="")
    assert "type at least two years" in message


def test_a_single_epoch(refused, inputs):
    message = refused(BUILTUP=inputs["BUILTUP"][:1])
    assert "at least two epochs" in message


def test_names_without_years(refused, write_raster):
    message = refused(BUILTUP=[write_raster(f"{n}.tif", np.ones((9, 9))) for n in ("old", "new")])
    assert "No year in the name “old”" in message
    assert "Years, such as 1990,2000,2015" in message


def test_names_with_other_years_for_people(refused, write_raster):
    people = [write_raster(f"pop_{year}.tif", np.ones((9, 9))) for year in (1991, 2001)]
    message = refused(POPULATION=people)
    assert "The names say 1990, 2000 for built-up area and 1991, 2001 for population" in message


def test_a_service_is_no_raster(refused, inputs):
    tiles = QgsRasterLayer(
        "type=xyz&url=http://127.0.0.1:9/%7Bz%7D/%7Bx%7D/%7By%7D.png", "Tiles 1990", "wms"
    )
    message = refused(BUILTUP=[tiles, inputs["BUILTUP"][1]])
    assert "“Tiles 1990” comes from a service" in message
    assert "Save it as a GeoTIFF" in message


def test_a_crs_that_only_qgis_knows(refused, inputs, write_raster):
    bare = QgsRasterLayer(write_raster("bare_1990.tif", np.ones((9, 9)), crs=None), "bare 1990")
    bare.setCrs(inputs["CITIES"].crs())
    message = refused(BUILTUP=[bare, inputs["BUILTUP"][1]])
    assert "The CRS of “bare 1990” was set in QGIS only" in message


def test_cities_without_a_crs(refused, polygon_layer):
    message = refused(CITIES=polygon_layer(((0, 0, 5, 5), "A"), crs=""))
    assert "“Cities” has no CRS" in message
    assert "Set the layer's CRS" in message


def test_cities_without_features(refused, polygon_layer):
    assert "“Cities” has no feature" in refused(CITIES=polygon_layer())


def test_without_plotly_the_report_is_refused_at_once(refused, monkeypatch):
    monkeypatch.setattr(base, "find_spec", lambda name: None)
    message = refused()
    assert "needs the Python library plotly" in message
    assert "leave the report out" in message


# -- refused by the computation itself, before anything is written


@pytest.mark.parametrize(
    ("spoil", "parts"),
    [
        ({"BUILTUP_KIND": "fraction"}, ("holds the value 100", "choose “percent”")),
        ({"BUILTUP_KIND": "binary"}, ("built_2000", "holds 0 and 1 only")),
    ],
)
def test_values_that_do_not_fit(run, inputs, write_raster, tmp_path, spoil, parts):
    (tmp_path / "out").mkdir()
    inputs["BUILTUP"][1] = write_raster("built_2000.tif", np.full((9, 9), 100.0))
    with pytest.raises(QgsProcessingException) as caught:
        run(**inputs | spoil)
    for part in parts:
        assert part in str(caught.value)
    assert not list((tmp_path / "out").iterdir())


def test_a_raster_without_a_crs(run, inputs, write_raster):
    inputs["POPULATION"][0] = write_raster("pop_1990.tif", np.ones((9, 9)), crs=None)
    with pytest.raises(QgsProcessingException, match="pop_1990 has no coordinate"):
        run(**inputs)


def test_cities_elsewhere(run, inputs, polygon_layer):
    cities = polygon_layer(((4000, 4000, 5, 5), "Elsewhere", 1, 1, ""), fields=FIELDS)
    with pytest.raises(QgsProcessingException, match=r"No city overlaps the raster built_1990"):
        run(**inputs | {"CITIES": cities})


def test_points_are_no_cities(run, inputs):
    points = QgsVectorLayer("Point?crs=EPSG:32643&field=name:string", "Points", "memory")
    feature = QgsFeature(points.fields())
    feature.setGeometry(QgsGeometry.fromWkt("Point (500100 3999900)"))
    points.dataProvider().addFeatures([feature])
    with pytest.raises(QgsProcessingException, match="No feature of the city layer has a polygon"):
        run(**inputs | {"CITIES": points})


# -- cancel and failure leave nothing behind


def test_cancelled_while_computing(run, inputs, feedback, monkeypatch, tmp_path):
    (tmp_path / "out").mkdir()

    def compute(task, *, progress, workers):
        feedback.cancel()
        return compute_land_use_efficiency(task, progress=progress, workers=workers)

    monkeypatch.setattr(land_use_efficiency, "compute_land_use_efficiency", compute)
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(**inputs)
    assert not list((tmp_path / "out").iterdir())


def test_cancelled_while_writing(run, inputs, feedback, monkeypatch, tmp_path):
    (tmp_path / "out").mkdir()
    tables = land_use_efficiency.with_periods

    def cancel_first(columns):
        # The cities are written, the intervals are next.
        assert (tmp_path / "out" / "cities.gpkg").exists()
        feedback.cancel()
        return tables(columns)

    monkeypatch.setattr(land_use_efficiency, "with_periods", cancel_first)
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(**inputs)
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("format_", ["shp", "gpkg", "csv", "xlsx", "geojson"])
def test_failed_after_writing(run, inputs, monkeypatch, tmp_path, format_):
    (tmp_path / "out").mkdir()
    groups = land_use_efficiency._Writer.groups

    def fail_at_last(writer, columns):
        groups(writer, columns)
        assert list((tmp_path / "out").iterdir())
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(land_use_efficiency._Writer, "groups", fail_at_last)
    names = ("OUTPUT", "OUTPUT_INTERVALS", "OUTPUT_GROUPS")
    targets = {name: str(tmp_path / "out" / f"{name}.{format_}") for name in names}
    with pytest.raises(Exception, match="the disk is gone"):
        run(**inputs | targets)
    assert not list((tmp_path / "out").iterdir())


def test_only_the_own_table_of_a_file_is_removed(run, inputs, monkeypatch, tmp_path):
    (tmp_path / "out").mkdir()
    shared = tmp_path / "out" / "shared.gpkg"
    first = f"ogr:dbname='{shared}' table=\"first\" (geom)"
    quiet = {"OUTPUT_INTERVALS": None, "OUTPUT_GROUPS": None, "OUTPUT_REPORT": None}
    run(**inputs | quiet | {"OUTPUT": first})
    monkeypatch.setattr(
        land_use_efficiency._Writer, "groups", lambda self, columns: columns["no such column"]
    )
    with pytest.raises(Exception, match="no such column"):
        run(**inputs | quiet | {"OUTPUT": first.replace("first", "second")})
    layer = QgsVectorLayer(str(shared), "", "ogr")
    assert [name.split("!!::!!")[1] for name in layer.dataProvider().subLayers()] == ["first"]


def test_a_folder_that_is_not_there(run, inputs, tmp_path):
    with pytest.raises(QgsProcessingException):
        run(**inputs)
    assert not (tmp_path / "out").exists()
