"""`dbar:nightlightstatistics`: numbers by hand, QGIS's own sums, refusals, looks, time."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsCategorizedSymbolRenderer,
    QgsGraduatedSymbolRenderer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate

ALGORITHM = "nightlightstatistics"
N = -9999.0


def rows_of(output) -> list[dict]:
    layer = output if isinstance(output, QgsVectorLayer) else QgsVectorLayer(output, "", "ogr")
    names = [field.name() for field in layer.fields()]
    return [dict(zip(names, feature.attributes(), strict=True)) for feature in layer.getFeatures()]


@pytest.fixture
def zones(polygon_layer):
    return polygon_layer(((0, 0, 2, 2), "A"), ((2, 0, 2, 2), "B"))


@pytest.fixture
def series(write_raster) -> list[str]:
    """Two months; in the second A is brighter and B has lost its data."""
    return [
        write_raster("light_2014_01.tif", [[1, 1, 0, 4], [1, 1, 8, 0]], nodata=N),
        write_raster("light_2014_02.tif", [[2, 2, N, N], [2, 6, N, N]], nodata=N),
    ]


@pytest.fixture
def years(write_raster) -> str:
    """Nine years in the bands of one raster: A brightens, B does not."""
    bands = [[[1 + year, 1 + year, 5, 5]] * 2 for year in range(9)]
    names = tuple(f"light {2000 + year}" for year in range(9))
    return write_raster("years.tif", bands, descriptions=names)


def test_numbers_by_hand(run, zones, series, write_raster, feedback):
    people = write_raster("people.tif", [[10, 0, 1, 1], [10, 20, 1, 1]])
    found = run(
        ALGORITHM,
        ZONES=zones,
        ZONE_FIELD="name",
        LIGHT=series,
        UNIT="nw_cm2_sr",
        POPULATION=people,
        LIT_THRESHOLD=2.0,
        SATURATION=8.0,
        OUTPUT="memory:",
        OUTPUT_SERIES="memory:",
    )
    assert (found["N_ZONES"], found["N_DATES"], found["N_RISING"]) == (2, 2, 0)
    rows = rows_of(found["OUTPUT_SERIES"])
    assert [(row["zone"], row["date"], row["date_end"]) for row in rows] == [
        ("A", QDate(2014, 1, 1), QDate(2014, 2, 1)),
        ("A", QDate(2014, 2, 1), QDate(2014, 3, 1)),
        ("B", QDate(2014, 1, 1), QDate(2014, 2, 1)),
        ("B", QDate(2014, 2, 1), QDate(2014, 3, 1)),
    ]
    first, second, third, fourth = rows
    assert (first["tnl"], first["n_lit"], first["flags"]) == (4, 0, "NO_LIGHT")
    assert (second["tnl"], second["antl"], second["max"], second["n_lit"]) == (12, 3, 6, 4)
    assert second["gini"] == pytest.approx(0.25)
    # People with light per person 2/10, 2/10 and 6/20; one cell has nobody.
    assert second["nldi"] == pytest.approx(1 - (0.5 * 0.4 + 0.5 * 1.4), abs=1e-3)
    assert second["people"] == pytest.approx(40)
    assert third["tnl"] == 12 and third["n_saturated"] == 1
    assert third["power_w_sr"] == pytest.approx(12e-9 * 1e8, rel=2e-3)
    assert fourth["flags"] == "NO_DATA" and fourth["n_nodata"] == 4
    assert not isinstance(fourth["tnl"], float)
    one, two = rows_of(found["OUTPUT"])
    assert (one["name"], one["zone"], one["tnl"], one["trend"]) == ("A", "A", 12, "FEW_DATES")
    assert two["flags"] == "NO_DATA"
    assert any("Night light" in line and "2014-01 ←" in line for line in feedback.infos)
    assert any("No trend: 2 dates" in line for line in feedback.warnings)


def test_sums_as_qgis_has_them(run, write_raster, polygon_layer):
    from qgis import processing

    rng = np.random.default_rng(3)
    values = rng.gamma(0.5, 20, (40, 50))
    values[rng.random(values.shape) < 0.1] = N
    light = write_raster("light_2015.tif", values, nodata=N)
    circles = [
        (f"CurvePolygon (CircularString ({x} {y}, {x + 2 * r} {y}, {x} {y}))", f"z{x}")
        for x, y, r in ((500_310.0, 3_998_070.0, 777.0), (501_500.0, 3_998_800.0, 1234.0))
    ]
    zones = polygon_layer(*circles, kind="CurvePolygon")
    theirs = processing.run(
        "native:zonalstatisticsfb",
        {
            "INPUT": zones,
            "INPUT_RASTER": light,
            "STATISTICS": [0, 1, 2, 4, 6],
            "OUTPUT": "memory:",
        },
    )["OUTPUT"]
    ours = run(ALGORITHM, ZONES=zones, LIGHT=[light], OUTPUT="memory:")["OUTPUT"]
    for mine, other in zip(rows_of(ours), rows_of(theirs), strict=True):
        assert mine["n_valid"] == other["_count"] > 100
        assert mine["tnl"] == pytest.approx(other["_sum"], rel=1e-9)
        assert mine["antl"] == pytest.approx(other["_mean"], rel=1e-9)
        assert mine["sd"] == pytest.approx(other["_stdev"], rel=1e-9)
        assert mine["max"] == other["_max"]


def test_bands_are_dates(run, zones, years):
    found = run(ALGORITHM, ZONES=zones, LIGHT=[years], OUTPUT="memory:", OUTPUT_SERIES="memory:")
    assert (found["N_DATES"], found["N_RISING"], found["N_FALLING"]) == (9, 1, 0)
    one, two = rows_of(found["OUTPUT"])
    assert (one["trend"], two["trend"]) == ("rising", "none")
    assert one["trend_slope"] == pytest.approx(1, rel=1e-6)
    assert one["trend_pct"] == pytest.approx(20, rel=1e-6)
    assert two["trend_p"] == 1
    rows = rows_of(found["OUTPUT_SERIES"])
    assert rows[8]["date"] == QDate(2008, 1, 1) and rows[8]["antl"] == 9


def test_the_date_of_the_file_comes_before_its_name(run, zones, series, tmp_path):
    dated = str(tmp_path / "scene_1999.tif")
    gdal.Translate(dated, series[0], metadataOptions=["DBAR_DATE=2022-03-04T13:30:00Z"])
    found = run(ALGORITHM, ZONES=zones, LIGHT=[dated], OUTPUT="memory:")
    assert rows_of(found["OUTPUT"])[0]["date"] == QDate(2022, 3, 4)


@pytest.mark.skipif(gdal.GetDriverByName("netCDF") is None, reason="GDAL reads no netCDF")
def test_netcdf_is_taken_as_a_raster(run, zones, series, tmp_path):
    path = tmp_path / "light.nc"
    gdal.Translate(str(path), series[0], format="netCDF")
    found = run(
        ALGORITHM, ZONES=zones, LIGHT=f'NETCDF:"{path}":Band1', DATES="2014", OUTPUT="memory:"
    )
    assert rows_of(found["OUTPUT"])[0]["tnl"] == 4


def test_a_band_of_each_raster(run, zones, write_raster):
    paths = [
        write_raster(f"scene_{year}.tif", [[[9] * 4] * 2, [[year] * 4] * 2])
        for year in (2021, 2022)
    ]
    found = run(ALGORITHM, ZONES=zones, LIGHT=paths, BAND=2, OUTPUT="memory:")
    assert rows_of(found["OUTPUT"])[0]["antl"] == 2022


def test_cells_without_observations(run, zones, series, write_raster):
    counts = [
        write_raster("n_2014_01.tif", [[0, 1, 1, 1], [1, 1, 1, 1]]),
        write_raster("n_2014_02.tif", [[1, 1, 1, 1], [1, 0, 1, 1]]),
    ]
    # The order of the layers is that of their dates, whatever the order they are given in.
    found = run(
        ALGORITHM,
        ZONES=zones,
        LIGHT=series,
        COUNTS=counts[::-1],
        OUTPUT="memory:",
        OUTPUT_SERIES="memory:",
    )
    rows = rows_of(found["OUTPUT_SERIES"])
    assert [(row["tnl"], row["n_nodata"]) for row in rows[:2]] == [(3, 1), (6, 1)]


def test_looks_time_and_report(run, zones, years, tmp_path):
    found = run(
        ALGORITHM,
        ZONES=zones,
        LIGHT=[years],
        OUTPUT=str(tmp_path / "zones.gpkg"),
        OUTPUT_SERIES=str(tmp_path / "series.gpkg"),
        OUTPUT_REPORT=str(tmp_path / "report.html"),
    )
    layer = QgsVectorLayer(found["OUTPUT"], "zones", "ogr")
    assert layer.wkbType() == Qgis.WkbType.MultiPolygon
    renderer = layer.renderer()
    assert isinstance(renderer, QgsCategorizedSymbolRenderer)
    assert [(c.value(), c.label()) for c in renderer.categories()] == [
        ("rising", "Light rises"),
        ("none", "No trend"),
        ("falling", "Light falls"),
        ("FEW_DATES", "Too few dates"),
    ]
    index = layer.fields().lookupField("tnl")
    assert layer.attributeAlias(index) == "Total night light (TNL)"
    assert "nightlightstatistics" in " ".join(layer.metadata().history())
    played = QgsVectorLayer(found["OUTPUT_SERIES"], "series", "ogr")
    # A layer made from a file forgets its temporal range; its style knows it (QGIS 3.40).
    played.loadDefaultStyle()
    temporal = played.temporalProperties()
    assert temporal.isActive()
    assert temporal.mode() == Qgis.VectorTemporalMode.FeatureDateTimeStartAndEndFromFields
    assert (temporal.startField(), temporal.endField()) == ("date", "date_end")
    assert played.featureCount() == 18 and played.isSpatial()
    assert isinstance(played.renderer(), QgsGraduatedSymbolRenderer)
    assert len(played.renderer().ranges()) >= 2
    html = Path(found["OUTPUT_REPORT"]).read_text(encoding="utf-8")
    for text in ("Night light by zone and date", "Mann-Kendall", "Lorenz", "2000 – 2008 (9)"):
        assert text in html
    assert not list(tmp_path.glob("*.part"))


def test_without_a_trend_zones_are_coloured_by_light(run, zones, series, tmp_path):
    found = run(ALGORITHM, ZONES=zones, LIGHT=series, OUTPUT=str(tmp_path / "zones.gpkg"))
    layer = QgsVectorLayer(found["OUTPUT"], "", "ogr")
    renderer = layer.renderer()
    assert isinstance(renderer, QgsGraduatedSymbolRenderer)
    assert renderer.classAttribute() == "antl"
    assert [each.label() for each in renderer.ranges()][-1] == "2.4 - 3"


def test_small_units_keep_their_digits(run, zones, write_raster, tmp_path):
    path = write_raster("scene_2022.tif", [[1e-5, 1e-5, 3e-5, 3e-5]] * 2)
    found = run(ALGORITHM, ZONES=zones, LIGHT=[path], OUTPUT=str(tmp_path / "zones.gpkg"))
    layer = QgsVectorLayer(found["OUTPUT"], "", "ogr")
    assert [each.label() for each in layer.renderer().ranges()][-1] == "0.000026 - 0.00003"


def test_tables_for_spreadsheets(run, zones, series, tmp_path):
    found = run(
        ALGORITHM,
        ZONES=zones,
        LIGHT=series,
        OUTPUT=str(tmp_path / "zones.xlsx"),
        OUTPUT_SERIES=str(tmp_path / "series.csv"),
    )
    lines = Path(found["OUTPUT_SERIES"]).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("zone,date,date_end,raster,unit,tnl,power_w_sr,antl")
    assert len(lines) == 5 and lines[1].startswith("A,2014/01/01,2014/02/01,light_2014_01")
    assert [row["zone"] for row in rows_of(found["OUTPUT"])] == ["A", "B"]
    assert not list(tmp_path.glob("*.qm*"))


def test_a_shapefile_has_short_names(run, zones, years, tmp_path, feedback):
    found = run(ALGORITHM, ZONES=zones, LIGHT=[years], OUTPUT=str(tmp_path / "zones.shp"))
    row = rows_of(found["OUTPUT"])[0]
    assert {"antl", "TR_SLOPE", "TR_P", "CNLI_REF", "name"} <= set(row)
    assert row["date"] == QDate(2008, 1, 1)
    assert any("fields with another name" in line for line in feedback.infos)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"LIGHT": ["undated"]}, "No date in the name “undated”.*“Dates, such as"),
        ({"LIGHT": ["one", "one"]}, "are both of 2014-01"),
        ({"DATES": "2014"}, "2 were chosen, but Dates, such as .* names 1 dates"),
        ({"DATES": "2014,soon"}, "“soon” is not a date"),
        ({"LIGHT": ["no_crs"]}, "no coordinate reference system"),
        ({"COUNTS": ["one"]}, "are not of the same dates"),
        ({"REFERENCE": "typed"}, "“Full light .typed.” is not given"),
        ({"ZONES": "far"}, "No zone has a cell with data"),
        ({"POPULATION": "elsewhere"}, "does not overlap the reference raster"),
        ({"LIGHT": ["/nowhere/light_2014.tif"]}, "cannot be opened as a raster"),
        ({"BAND": 3}, "has 1 bands; band 3"),
    ],
)
def test_refusals(run, zones, series, write_raster, polygon_layer, tmp_path, change, words):
    made = {
        "undated": lambda: write_raster("undated.tif", [[1, 2]]),
        "one": lambda: series[0],
        "no_crs": lambda: write_raster("plain_2014.tif", [[1, 2]], crs=None),
        "far": lambda: polygon_layer(((900, 900, 2, 2), "far")),
        "elsewhere": lambda: write_raster("people.tif", [[1, 0]], origin=(900_000.0, 1_000_000.0)),
    }

    def value_of(value):
        if isinstance(value, list):
            return [value_of(each) for each in value]
        return made[value]() if value in made else value

    values = {"ZONES": zones, "LIGHT": series, "OUTPUT": str(tmp_path / "zones.gpkg")}
    values |= {name: value_of(value) for name, value in change.items()}
    with pytest.raises(QgsProcessingException, match=words):
        run(ALGORITHM, **values)
    assert not (tmp_path / "zones.gpkg").exists()


def test_cancel_leaves_nothing(provider, zones, series, tmp_path):
    feedback = QgsProcessingFeedback()
    feedback.cancel()
    algorithm = provider.algorithm(ALGORITHM).create()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    parameters = {
        "ZONES": zones,
        "LIGHT": series,
        "OUTPUT": str(tmp_path / "out" / "zones.gpkg"),
        "OUTPUT_REPORT": str(tmp_path / "out" / "report.html"),
    }
    (tmp_path / "out").mkdir()
    _, finished = algorithm.run(parameters, context, feedback)
    assert not finished
    assert list((tmp_path / "out").iterdir()) == []


def test_as_a_step_of_a_model(provider, zones, series, tmp_path):
    model = QgsProcessingModelAlgorithm("light", "tests")
    child = QgsProcessingModelChildAlgorithm(f"dbar:{ALGORITHM}")
    child.setChildId("light")
    static = QgsProcessingModelChildParameterSource.fromStaticValue
    child.addParameterSources("ZONES", [static(zones.id())])
    child.addParameterSources("LIGHT", [static(path) for path in series])
    child.addParameterSources("LIT_THRESHOLD", [static(2.0)])
    output = QgsProcessingModelOutput("zones")
    output.setChildId("light")
    output.setChildOutputName("OUTPUT")
    child.setModelOutputs({"zones": output})
    model.addChildAlgorithm(child)
    QgsProject.instance().addMapLayer(zones, False)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    target = str(tmp_path / "zones.gpkg")
    results, succeeded = model.run({"light:zones": target}, context, QgsProcessingFeedback())
    assert succeeded, results
    assert next(row["tnl"] for row in rows_of(target)) == 12


def test_dates_in_json_of_the_report_are_dates(run, zones, years, tmp_path):
    found = run(
        ALGORITHM,
        ZONES=zones,
        LIGHT=[years],
        OUTPUT="memory:",
        OUTPUT_REPORT=str(tmp_path / "report.html"),
    )
    html = Path(found["OUTPUT_REPORT"]).read_text(encoding="utf-8")
    specs = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    first = json.loads(specs[0])
    assert [date.fromisoformat(text).year for text in first["data"][0]["x"]] == [*range(2000, 2009)]
    # The brighter of the two on the last date comes first.
    assert first["data"][0]["y"] == [*range(1, 10)]
    assert first["layout"]["yaxis"]["title"]["text"].startswith("ANTL")
