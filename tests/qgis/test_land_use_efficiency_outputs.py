"""The outputs of dbar:landuseefficiency: formats, styles, time, metadata, models, languages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from qgis.core import (
    NULL,
    Qgis,
    QgsApplication,
    QgsDateTimeRange,
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterMultipleLayers,
    QgsProject,
    QgsVectorLayer,
    QgsVectorLayerTemporalContext,
)
from qgis.PyQt.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTime, QTranslator

from dbar_qgis_plugin.about import PLUGIN_FOLDER
from dbar_qgis_plugin.algorithms.base import forget_definitions
from dbar_qgis_plugin.algorithms.outputs import unique_names
from dbar_qgis_plugin.algorithms.sdg_11_3_1.columns import column_label, short_name

YEARS = (1990, 2000, 2015)
GROWING, STILL = "Aldermere", "Estrova, where nothing moves"


@pytest.fixture
def inputs(write_raster, polygon_layer):
    """One city that grows, and one in which nothing changes."""

    def both(growing: float, still: float) -> np.ndarray:
        array = np.full((20, 20), float(still))
        array[:10] = growing
        return array

    return {
        "CITIES": polygon_layer(((0, 0, 10, 10), GROWING), ((0, 10, 10, 10), STILL)),
        "BUILTUP": [
            write_raster(f"built_{year}.tif", both(value, 0.2))
            for year, value in zip(YEARS, (0.2, 0.3, 0.36), strict=True)
        ],
        "BUILTUP_KIND": "fraction",
        "POPULATION": [
            write_raster(f"pop_{year}.tif", both(value, 10))
            for year, value in zip(YEARS, (10, 12, 15), strict=True)
        ],
    }


def rows(path) -> list[dict]:
    layer = QgsVectorLayer(str(path), "result", "ogr")
    assert layer.isValid()
    return [feature.attributeMap() for feature in layer.getFeatures()]


# -- formats


@pytest.mark.parametrize("format_", ["gpkg", "geojson", "csv", "xlsx", "ods"])
def test_formats_with_long_names(run, inputs, tmp_path, format_):
    paths = {
        name: str(tmp_path / f"{name.lower()}.{format_}")
        for name in ("OUTPUT", "OUTPUT_INTERVALS", "OUTPUT_GROUPS")
    }
    results = run(**inputs, **paths)
    assert {name: results[name] for name in paths} == paths
    cities, intervals, groups = (rows(path) for path in paths.values())
    assert (len(cities), len(intervals), len(groups)) == (2, 6, 3)
    assert float(cities[0]["BUP_area_per_Capita_2015"]) == pytest.approx(240, rel=1e-2)
    assert cities[1]["lcrpgr_last"] in (NULL, "", None)
    assert intervals[0]["regime"] == "R16"
    assert int(intervals[2]["year_end"]) == 2015
    assert float(groups[0]["ratio_of_totals"]) > 1
    start = intervals[1]["period_start"]
    assert start == QDate(2000, 1, 1) if isinstance(start, QDate) else start == "2000/01/01"
    if format_ in ("csv", "xlsx", "ods"):
        assert not QgsVectorLayer(paths["OUTPUT_INTERVALS"], "", "ogr").isSpatial()


def test_shapefiles_get_short_names_that_tell(run, inputs, tmp_path, feedback):
    path = tmp_path / "cities.shp"
    run(
        **inputs,
        OUTPUT=str(path),
        OUTPUT_INTERVALS=str(tmp_path / "intervals.shp"),
        OUTPUT_GROUPS=str(tmp_path / "groups.shp"),
    )
    city = rows(path)[0]
    assert city["LCR_9000"] == pytest.approx(0.05)
    assert city["BUILT_1990"] == pytest.approx(0.2, rel=1e-2)
    assert city["class_last"] == 3
    assert {"BUPC_2015", "RATIO_9015", "flags_0015", "REGIM_0015", "CHANG_9015"} <= set(city)
    intervals = rows(tmp_path / "intervals.shp")
    assert intervals[0]["PERIOD_BEG"] == QDate(1990, 1, 1)
    assert intervals[0]["CLASS"] == 5
    assert rows(tmp_path / "groups.dbf")[0]["RATIO_TOT"] > 1
    assert any("BUP_area_per_Capita_1990 → BUPC_1990" in text for text in feedback.infos)
    assert not any("Field" in text for text in feedback.warnings)


def test_names_stay_apart():
    assert unique_names(["a", "A", "a", "b"]) == ["a", "A_2", "a_3", "b"]
    long = ["population_x", "population_y", "Population_z"]
    assert unique_names(long, 10) == ["population", "populati_2", "Populati_3"]
    assert len({name.casefold() for name in unique_names(["abcdefghijk"] * 120, 10)}) == 120


def test_every_column_has_a_short_name_and_a_label(run, inputs):
    results = run(
        **inputs,
        OUTPUT="TEMPORARY_OUTPUT",
        OUTPUT_INTERVALS="TEMPORARY_OUTPUT",
        OUTPUT_GROUPS="TEMPORARY_OUTPUT",
    )
    for name in ("OUTPUT", "OUTPUT_INTERVALS", "OUTPUT_GROUPS"):
        columns = [field.name() for field in results[name].fields() if field.name() != "name"]
        short = [short_name(column) for column in columns]
        assert max(map(len, short)) <= 10
        assert len({one.casefold() for one in short}) == len(short)
        for column in columns:
            assert column_label(column, "2021") != column
    assert column_label("LCR_1990_2000", "2021") == "LCR 1990–2000 (per year, formula 2021)"
    assert column_label("built_km2_1990", "2021") == "Built-up area 1990 (km²)"


def test_the_report(run, inputs, tmp_path):
    path = tmp_path / "report.html"
    results = run(**inputs, GROUP_FIELD="name", OUTPUT="memory:", OUTPUT_REPORT=str(path))
    assert results["OUTPUT_REPORT"] == str(path)
    html = path.read_text(encoding="utf-8")
    assert html.rstrip().endswith("</html>")
    for text in (GROWING, "Cities (polygons)", "built_1990", "fraction", "2021"):
        assert text in html
    assert sorted(tmp_path.glob("report*")) == [path]


def test_nothing_but_numbers_when_no_layer_is_asked_for(run, inputs, tmp_path):
    before = set(tmp_path.iterdir())
    results = run(**inputs, OUTPUT="memory:")
    assert {"N_CITIES", "N_UNDEFINED", "RATIO_LAST", "OUTPUT"} == set(results)
    # QGIS keeps the statistics of rasters beside them.
    assert {p for p in set(tmp_path.iterdir()) - before if ".aux" not in p.name} == set()


# -- styles


@pytest.fixture
def loaded(provider, inputs, feedback, qgis_new_project):
    """Run as the dialog does, and return the layers that were loaded, by output."""
    from processing import runAndLoadResults

    def run_and_load(**changed) -> dict[str, QgsVectorLayer]:
        outputs = ("OUTPUT", "OUTPUT_INTERVALS", "OUTPUT_GROUPS")
        parameters = inputs | dict.fromkeys(outputs, "TEMPORARY_OUTPUT") | changed
        results = runAndLoadResults("dbar:landuseefficiency", parameters, feedback=feedback)
        layers = QgsProject.instance().mapLayers().values()
        return {
            name: next(
                layer
                for layer in layers
                if layer.id() == results[name] or layer.source().startswith(str(results[name]))
            )
            for name in outputs
        }

    return run_and_load


def check_cities(layer: QgsVectorLayer, name_field: str) -> None:
    renderer = layer.renderer()
    assert renderer.type() == "categorizedSymbol"
    labels = {category.value(): category.label() for category in renderer.categories()}
    assert set(labels) == {0, 1, 2, 3, 4, 5}
    assert labels[3].startswith("0 to 1")
    colours = {category.symbol().color().name() for category in renderer.categories()}
    assert len(colours) == 6
    assert layer.labelsEnabled()
    assert layer.labeling().settings().fieldName == name_field
    assert layer.labeling().settings().scaleVisibility


def test_cities_are_coloured_by_the_class_of_the_last_interval(loaded):
    layer = loaded()["OUTPUT"]
    check_cities(layer, "name")
    assert layer.renderer().classAttribute() == "class_last"
    index = layer.fields().lookupField("LCR_1990_2000")
    assert layer.attributeAlias(index).startswith("LCR 1990–2000 (per year")


def test_the_temporal_controller_plays_the_intervals(loaded):
    layer = loaded()["OUTPUT_INTERVALS"]
    check_cities(layer, "city")
    temporal = layer.temporalProperties()
    assert temporal.isActive()
    assert temporal.mode() == Qgis.VectorTemporalMode.FeatureDateTimeStartAndEndFromFields
    assert (temporal.startField(), temporal.endField()) == ("period_start", "period_end")

    def shown(first: tuple, last: tuple) -> set[tuple]:
        """Return city and years of what is drawn in a span of time."""
        context = QgsVectorLayerTemporalContext()
        context.setLayer(layer)
        times = [QDateTime(QDate(*day), QTime(0, 0)) for day in (first, last)]
        where = temporal.createFilterString(context, QgsDateTimeRange(*times, True, False))
        drawn = set()
        for feature in layer.getFeatures(where):
            if feature["span"] == "interval":
                drawn.add((feature["city"], feature["year_start"], feature["year_end"]))
        return drawn

    assert shown((1992, 1, 1), (1993, 1, 1)) == {(GROWING, 1990, 2000), (STILL, 1990, 2000)}
    assert {years[1:] for years in shown((1999, 1, 1), (2000, 1, 1))} == {(1990, 2000)}
    assert {years[1:] for years in shown((2000, 1, 1), (2001, 1, 1))} == {(2000, 2015)}
    assert shown((2015, 1, 1), (2016, 1, 1)) == set()


def test_the_map_shows_the_cities_and_waits_with_the_intervals(loaded):
    layers = loaded()
    root = QgsProject.instance().layerTreeRoot()
    assert root.findLayer(layers["OUTPUT"].id()).isVisible()
    assert not root.findLayer(layers["OUTPUT_INTERVALS"].id()).isVisible()
    names = ["OUTPUT_GROUPS", "OUTPUT_INTERVALS", "OUTPUT"]
    assert [node.layer() for node in root.findLayers()] == [layers[name] for name in names]


def test_rows_of_the_full_span_are_not_drawn(loaded):
    from qgis.core import QgsExpressionContextUtils, QgsRenderContext

    layer = loaded()["OUTPUT_INTERVALS"]
    renderer = layer.renderer().clone()
    context = QgsRenderContext()
    context.expressionContext().appendScopes(
        QgsExpressionContextUtils.globalProjectLayerScopes(layer)
    )
    renderer.startRender(context, layer.fields())
    drawn = []
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        if renderer.willRenderFeature(feature, context):
            drawn.append(feature["span"])
    renderer.stopRender(context)
    assert drawn == ["interval"] * 4


def test_metadata_tells_where_a_layer_comes_from(loaded):
    metadata = loaded()["OUTPUT"].metadata()
    assert metadata.identifier() == "dbar:landuseefficiency"
    assert "DBAR SDG Tools" in metadata.history()[0]
    assert metadata.history()[1].startswith("processing.run(")
    assert "Formula" in metadata.abstract()
    assert metadata.rights()


@pytest.mark.parametrize("format_", ["gpkg", "shp"])
def test_files_carry_their_style(run, inputs, tmp_path, format_):
    """qgis_process loads no layer, yet whoever opens the file later sees it styled."""
    names = {"OUTPUT": "cities", "OUTPUT_INTERVALS": "intervals"}
    run(**inputs, **{key: str(tmp_path / f"{name}.{format_}") for key, name in names.items()})
    cities = QgsVectorLayer(str(tmp_path / f"cities.{format_}"), "cities", "ogr")
    check_cities(cities, "name")
    cities.loadDefaultMetadata()
    assert "DBAR SDG Tools" in cities.metadata().history()[0]
    alias = cities.attributeAlias(cities.fields().lookupField("coverage_pct"))
    assert format_ == "shp" or alias == "Area with data (%)"
    intervals = QgsVectorLayer(str(tmp_path / f"intervals.{format_}"), "intervals", "ogr")
    check_cities(intervals, "city")
    # A layer made from a file forgets its temporal range; its style knows it (QGIS 3.40).
    intervals.loadDefaultStyle()
    assert intervals.temporalProperties().isActive()
    assert intervals.fields().lookupField(intervals.temporalProperties().startField()) >= 0


def test_file_outputs_are_styled_when_loaded(loaded, tmp_path):
    layers = loaded(
        OUTPUT=str(tmp_path / "cities.gpkg"), OUTPUT_INTERVALS=str(tmp_path / "intervals.csv")
    )
    check_cities(layers["OUTPUT"], "name")
    assert not layers["OUTPUT_INTERVALS"].isSpatial()


# -- models


def test_as_a_step_of_a_model(provider, inputs, feedback):
    model = QgsProcessingModelAlgorithm("SDG", "sdg", "dbar")
    polygons = [Qgis.ProcessingSourceType.VectorPolygon]
    raster = Qgis.ProcessingSourceType.Raster
    for definition in (
        QgsProcessingParameterFeatureSource("cities", "Cities", polygons),
        QgsProcessingParameterMultipleLayers("builtup", "Built-up", raster),
        QgsProcessingParameterMultipleLayers("population", "Population", raster),
    ):
        model.addModelParameter(definition, QgsProcessingModelParameter(definition.name()))
    source = QgsProcessingModelChildParameterSource
    buffer = QgsProcessingModelChildAlgorithm("native:buffer")
    buffer.setChildId("buffer")
    buffer.addParameterSources("INPUT", [source.fromModelParameter("cities")])
    buffer.addParameterSources("DISTANCE", [source.fromStaticValue(0)])
    model.addChildAlgorithm(buffer)
    child = QgsProcessingModelChildAlgorithm("dbar:landuseefficiency")
    child.setChildId("sdg")
    child.addParameterSources("CITIES", [source.fromChildOutput("buffer", "OUTPUT")])
    child.addParameterSources("BUILTUP", [source.fromModelParameter("builtup")])
    child.addParameterSources("BUILTUP_KIND", [source.fromStaticValue("fraction")])
    child.addParameterSources("POPULATION", [source.fromModelParameter("population")])
    output = QgsProcessingModelOutput("Result")
    output.setChildId("sdg")
    output.setChildOutputName("OUTPUT")
    child.setModelOutputs({"Result": output})
    model.addChildAlgorithm(child)
    model.initAlgorithm()

    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    parameters = {
        "cities": inputs["CITIES"],
        "builtup": inputs["BUILTUP"],
        "population": inputs["POPULATION"],
        "sdg:Result": "memory:",
    }
    results, done = model.run(parameters, context, feedback)
    assert done, feedback.errors
    layer = context.getMapLayer(results["sdg:Result"])
    assert [feature["name"] for feature in layer.getFeatures()] == [GROWING, STILL]
    assert results["CHILD_RESULTS"]["sdg"]["N_UNDEFINED"] == 1

    # The steps of a model are not asked whether their values fit, so a bad one must still be told.
    # A context of its own, since QGIS keeps in it what the steps have given.
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    results, done = model.run(parameters | {"builtup": inputs["BUILTUP"][:2]}, context, feedback)
    assert not done
    assert any("for 2 epochs" in text for text in feedback.errors)


def test_in_a_batch(provider):
    flags = provider.algorithm("landuseefficiency").flags()
    assert flags & Qgis.ProcessingAlgorithmFlag.SupportsBatch


# -- languages


@pytest.fixture
def chinese():
    compiled = PLUGIN_FOLDER / "i18n" / "dbar_zh_CN.qm"
    if not compiled.is_file():
        pytest.skip("the translation is not compiled: run `make i18n`")
    before = QgsApplication.locale()
    translator = QTranslator()
    assert translator.load(str(compiled))
    QCoreApplication.installTranslator(translator)
    QgsApplication.setLocale(QLocale("zh_CN"))
    forget_definitions()
    yield
    forget_definitions()
    QgsApplication.setLocale(QLocale(before))
    QCoreApplication.removeTranslator(translator)


def test_in_chinese(chinese, provider, loaded, feedback, polygon_layer):
    algorithm = provider.algorithm("landuseefficiency").create()
    assert algorithm.displayName() == "土地利用效率（SDG 11.3.1）"
    assert algorithm.name() == "landuseefficiency"
    assert algorithm.shortDescription().startswith("土地消耗率")
    assert "城市多边形" in algorithm.parameterDefinition("CITIES").help()
    assert "参数" in Path(algorithm.helpUrl().removeprefix("file://")).read_text(encoding="utf-8")
    layer = loaded()["OUTPUT"]
    assert "土地" in layer.renderer().categories()[0].label()
    assert layer.fields().lookupField("LCR_1990_2000") >= 0
    algorithm.initAlgorithm()
    fits, message = algorithm.checkParameterValues(
        {"CITIES": polygon_layer(), "BUILTUP": ["missing.tif"]}, QgsProcessingContext()
    )
    assert not fits
    assert "missing.tif" in message
    assert "无法" in message
