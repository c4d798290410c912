"""`dbar:landdegradationsummary`: numbers by hand, refusals, cancel, looks, provenance."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsExpression,
    QgsExpressionContext,
    QgsFeature,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProject,
    QgsRuleBasedRenderer,
    QgsVectorLayer,
)

N = -32768
ALGORITHM = "landdegradationsummary"


@pytest.fixture
def sdg(write_raster) -> str:
    # 0.01 km2 a cell: two rows of six; zone A the three columns at the left.
    return write_raster("sdg.tif", [[-1, -1, 0, 1, 0, N], [0, N, 1, 0, N, -1]], nodata=N)


@pytest.fixture
def cover(write_raster) -> str:
    return write_raster("cover.tif", [[1, 3, 3, 1, 1, 1], [7, 7, 3, 1, 3, 7]], nodata=0)


@pytest.fixture
def zones(polygon_layer):
    return polygon_layer(((0, 0, 3, 2), "A"), ((3, 0, 3, 2), "B"))


def rows_of(output) -> list[dict]:
    layer = output if isinstance(output, QgsVectorLayer) else QgsVectorLayer(output, "", "ogr")
    names = [field.name() for field in layer.fields()]
    return [dict(zip(names, feature.attributes(), strict=True)) for feature in layer.getFeatures()]


def test_numbers_by_hand(run, sdg, cover, zones, write_raster, feedback):
    people = write_raster("people.tif", [[0.4, 0.4, 1, 2, 3, 4], [5, 6, 7, 8, 9, 0]])
    found = run(
        ALGORITHM,
        RASTER=sdg,
        LAND_COVER_INITIAL=cover,
        POPULATION=people,
        ZONES=zones,
        ZONE_FIELD="name",
        OUTPUT="memory:",
        OUTPUT_TABLE="memory:",
        OUTPUT_CROSSTABS="memory:",
    )
    first, second = rows_of(found["OUTPUT"])
    assert (first["name"], first["zone"]) == ("A", "A")
    assert first["degraded_pct"] == pytest.approx(50, rel=1e-5)
    assert first["degraded_pct_te"] == pytest.approx(100 / 3, rel=1e-5)
    assert first["degraded_km2"] == pytest.approx(0.02, rel=2e-3)
    assert first["water_km2"] == pytest.approx(0.02, rel=2e-3)
    assert first["pop_degraded"] == pytest.approx(0.8)
    assert second["degraded_pct"] == 0
    table = rows_of(found["OUTPUT_TABLE"])
    assert [row["zone"] for row in table] == ["A", "B", "All zones"]
    assert table[-1]["degraded_pct"] == pytest.approx(200 / 9, rel=1e-5)
    assert found["DEGRADED_PCT"] == pytest.approx(200 / 9, rel=1e-5)
    assert found["N_ZONES"] == 2
    cross = rows_of(found["OUTPUT_CROSSTABS"])
    cells = [r for r in cross if (r["zone"], r["table"]) == ("A", "land_cover_initial")]
    assert {(r["row_name"], r["column_name"]) for r in cells} == {
        ("Tree-covered areas", "Land"),
        ("Cropland", "Land"),
        ("Water bodies", "Inland water"),
    }
    assert any("Degraded: 22.22 %" in line for line in feedback.infos)


def test_the_denominator_of_trends_earth(run, sdg, cover, zones):
    found = run(
        ALGORITHM,
        RASTER=sdg,
        LAND_COVER_INITIAL=cover,
        ZONES=zones,
        DENOMINATOR="trends_earth",
        OUTPUT="memory:",
    )
    assert found["DEGRADED_PCT"] == pytest.approx(25, rel=1e-5)


def test_without_zones_the_rim_of_the_raster(run, sdg):
    found = run(ALGORITHM, RASTER=sdg, OUTPUT="memory:")
    (row,) = rows_of(found["OUTPUT"])
    assert row["zone"] == "Whole area"
    (feature,) = found["OUTPUT"].getFeatures()
    assert feature.geometry().area() == pytest.approx(12 * 100 * 100)
    # Nine cells have data; the others lie outside.
    assert row["total_km2"] == pytest.approx(0.09, rel=2e-3)


def test_zones_without_a_name_are_counted(run, sdg, polygon_layer, feedback):
    layer = polygon_layer(((0, 0, 3, 2), "A"), ((3, 0, 3, 2), ""), ((80, 0, 1, 1), None))
    found = run(ALGORITHM, RASTER=sdg, ZONES=layer, ZONE_FIELD="name", OUTPUT="memory:")
    names = [row["zone"] for row in rows_of(found["OUTPUT"])]
    assert names[0] == "A"
    assert all(re.fullmatch(r"feature \d+", name) for name in names[1:])
    assert any("empty name in “name” (2)" in line for line in feedback.warnings)
    assert any("Zones outside the raster (1)" in line for line in feedback.warnings)


def test_files_styles_and_report(run, sdg, cover, zones, tmp_path):
    found = run(
        ALGORITHM,
        RASTER=sdg,
        LAND_COVER_INITIAL=cover,
        ZONES=zones,
        PERIOD_LABEL="2000–2015",
        OUTPUT=str(tmp_path / "zones.gpkg"),
        OUTPUT_TABLE=str(tmp_path / "table.csv"),
        OUTPUT_CROSSTABS=str(tmp_path / "cross.csv"),
        OUTPUT_REPORT=str(tmp_path / "report.html"),
    )
    layer = QgsVectorLayer(found["OUTPUT"], "zones", "ogr")
    assert layer.wkbType() == Qgis.WkbType.MultiPolygon
    renderer = layer.renderer()
    assert isinstance(renderer, QgsRuleBasedRenderer)
    labels = [rule.label() for rule in renderer.rootRule().children()]
    assert labels == ["0 – 5 %", "5 – 10 %", "10 – 20 %", "20 – 40 %", "40 – 100 %", "No data"]
    assert renderer.rootRule().children()[4].symbol().color().name() == "#9b2779"
    assert layer.labelsEnabled()
    label = QgsExpression(layer.labeling().settings().fieldName)
    feature = QgsFeature(layer.fields())
    feature["zone"], feature["degraded_pct"] = "North", 17.0
    scope = QgsExpressionContext()
    scope.setFeature(feature)
    assert re.fullmatch(r"North\n17[.,]0 %", label.evaluate(scope))
    index = layer.fields().lookupField("degraded_km2")
    assert layer.attributeAlias(index) == "Degraded land (km²)"
    assert "landdegradationsummary" in " ".join(layer.metadata().history())
    assert (tmp_path / "table.csv").read_text(encoding="utf-8").startswith("zone,level,")
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    for text in ("SDG indicator 15.3.1", "2000–2015", "22.2", "#9b2779", "What is missing"):
        assert text in html
    assert not list(tmp_path.glob("*.part"))


def test_tables_for_spreadsheets(run, sdg, cover, zones, tmp_path):
    tables = {
        name: str(tmp_path / f"{name.lower()}.{ending}")
        for name, ending in (("OUTPUT_TABLE", "xlsx"), ("OUTPUT_CROSSTABS", "csv"))
    }
    run(ALGORITHM, RASTER=sdg, LAND_COVER_INITIAL=cover, ZONES=zones, OUTPUT="memory:", **tables)
    rows = rows_of(tables["OUTPUT_TABLE"])
    assert [(row["zone"], row["level"]) for row in rows] == [
        ("A", "zone"), ("B", "zone"), ("All zones", "total"),
    ]  # fmt: skip
    parts = ("degraded_km2", "stable_km2", "improved_km2", "nodata_km2")
    for row in rows:
        assert sum(row[part] for part in parts) == pytest.approx(row["land_km2"])
    crosstabs = rows_of(tables["OUTPUT_CROSSTABS"])
    total = [r for r in crosstabs if (r["level"], r["table"]) == ("total", "sdg")]
    area = sum(float(row["km2"]) for row in total)
    assert area == pytest.approx(rows[-1]["total_km2"])
    # No files of ours lie beside them.
    assert {path.name for path in tmp_path.iterdir()} >= {"output_table.xlsx"}
    assert not list(tmp_path.glob("*.qm*"))


def test_a_shapefile_has_short_names(run, sdg, zones, tmp_path, feedback):
    found = run(ALGORITHM, RASTER=sdg, ZONES=zones, OUTPUT=str(tmp_path / "zones.shp"))
    row = rows_of(found["OUTPUT"])[0]
    assert {"DEGR_PCT", "DEGR_KM2", "PCT_TE", "name"} <= set(row)
    assert any("fields with another name" in line for line in feedback.infos)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ZONE_FIELD": "name", "ZONES": None}, "is given without"),
        ({"RASTER": "empty"}, "none of the values"),
        ({"RASTER": "no_crs"}, "no coordinate reference system"),
        ({"ZONES": "far"}, "No zone overlaps the raster"),
        ({"SOC": "elsewhere"}, "does not overlap the reference raster"),
    ],
)
def test_refusals(run, sdg, zones, write_raster, polygon_layer, change, words):
    made = {
        "empty": lambda: write_raster("empty.tif", [[N, N]], nodata=N),
        "no_crs": lambda: write_raster("plain.tif", [[-1, 0]], crs=None),
        "far": lambda: polygon_layer(((900, 900, 2, 2), "far")),
        "elsewhere": lambda: write_raster("soc.tif", [[-1, 0]], origin=(900_000.0, 1_000_000.0)),
    }
    values = {"RASTER": sdg, "ZONES": zones, "OUTPUT": "memory:"}
    for name, value in change.items():
        values[name] = made[value]() if value in made else value
    with pytest.raises(QgsProcessingException, match=words):
        run(ALGORITHM, **values)


def test_a_band_of_the_users_choice(run, write_raster):
    raster = write_raster("periods.tif", [[[-1, -1]], [[0, -1]]], nodata=N)
    assert run(ALGORITHM, RASTER=raster, OUTPUT="memory:")["DEGRADED_PCT"] == 100
    found = run(ALGORITHM, RASTER=raster, BAND=2, OUTPUT="memory:")
    assert found["DEGRADED_PCT"] == pytest.approx(50, rel=1e-5)


def test_cancel_leaves_nothing(provider, sdg, zones, tmp_path):
    class Stopped(QgsProcessingFeedback):
        def isCanceled(self) -> bool:
            return True

    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    algorithm = provider.algorithm(ALGORITHM).create()
    values = {
        "RASTER": sdg,
        "ZONES": zones,
        "OUTPUT": str(tmp_path / "out" / "zones.gpkg"),
        "OUTPUT_REPORT": str(tmp_path / "out" / "report.html"),
    }
    (tmp_path / "out").mkdir()
    _, succeeded = algorithm.run(values, context, Stopped())
    assert not succeeded
    assert list((tmp_path / "out").iterdir()) == []


def test_as_a_step_of_a_model(provider, sdg, zones, tmp_path):
    model = QgsProcessingModelAlgorithm("model", "group")
    child = QgsProcessingModelChildAlgorithm(f"dbar:{ALGORITHM}")
    child.setChildId("summary")
    static = QgsProcessingModelChildParameterSource.fromStaticValue
    child.addParameterSources("RASTER", [static(sdg)])
    child.addParameterSources("ZONES", [static(zones.id())])
    output = QgsProcessingModelOutput("zones")
    output.setChildId("summary")
    output.setChildOutputName("OUTPUT")
    child.setModelOutputs({"zones": output})
    model.addChildAlgorithm(child)
    QgsProject.instance().addMapLayer(zones, False)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    target = str(tmp_path / "zones.gpkg")
    results, succeeded = model.run({"summary:zones": target}, context, QgsProcessingFeedback())
    assert succeeded, results
    assert len(rows_of(target)) == 2


def test_bands_of_our_own_rasters(run, sdg, zones, tmp_path, write_raster):
    change = write_raster(
        "change.tif",
        [
            [[0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]],
            [[11, 33, 33, 11, 11, 11], [77, 77, 33, 11, 33, 77]],
            [[1, 3, 3, 1, 1, 1], [7, 7, 3, 1, 3, 7]],
            [[1, 3, 3, 1, 1, 3], [7, 7, 3, 1, 3, 7]],
        ],
        descriptions=("land_cover", "transition", "initial", "final"),
    )
    carbon = write_raster(
        "carbon.tif",
        [[[0] * 6] * 2, [[0] * 6] * 2, [[500] * 6] * 2, [[480] * 6] * 2],
        descriptions=("soc", "change_x100", "initial_x10", "final_x10"),
    )
    found = run(
        ALGORITHM,
        RASTER=sdg,
        LAND_COVER=change,
        SOC=carbon,
        ZONES=zones,
        OUTPUT="memory:",
        OUTPUT_CROSSTABS="memory:",
    )
    cross = rows_of(found["OUTPUT_CROSSTABS"])
    total = [row for row in cross if row["level"] == "total"]
    start = sum(r["soc_initial_t"] for r in total if r["table"] == "land_cover_initial")
    assert start == pytest.approx(12 * 50, rel=2e-3)  # 12 ha of 50 t/ha
    end = sum(r["soc_final_t"] for r in total if r["table"] == "land_cover_final")
    assert end == pytest.approx(12 * 48, rel=2e-3)
    assert any(
        (r["table"], r["row_class"], r["column_class"]) == ("land_cover_transition", 1, 3)
        for r in total
    )
    assert gdal.Open(change).RasterCount == 4
    assert Path(change).is_file()
