"""dbar:landcoverchange from layers to layers: bands, tables, legends, styles, refusals."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterMultipleLayers,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDateTime, Qt

from dbar_qgis_plugin.algorithms import base
from dbar_qgis_plugin.algorithms.sdg_15_3_1 import land_cover_change

NODATA = -32768
# ESA CCI: tree 50, grass 130, crop 10, wetland 180, artificial 190, water 210.
BEFORE = [[50, 50, 130, 10], [210, 180, 0, 190]]
AFTER = [[50, 10, 10, 130], [10, 10, 50, 0]]
MEANING = [[0, -1, 1, -1], [0, -1, NODATA, NODATA]]


@pytest.fixture
def inputs(write_raster, tmp_path):
    (tmp_path / "out").mkdir()
    return {
        "LAND_COVER": [write_raster("lc_2000.tif", BEFORE), write_raster("lc_2015.tif", AFTER)],
        "OUTPUT": str(tmp_path / "out" / "change.tif"),
    }


def read(path):
    dataset = gdal.Open(str(path))
    return dataset.ReadAsArray(), dataset


def rows(layer) -> list[dict]:
    if isinstance(layer, str):
        layer = QgsVectorLayer(layer, "table", "ogr")
    return [feature.attributeMap() for feature in layer.getFeatures()]


def test_figures_worked_out_by_hand(run, inputs, feedback):
    tables = {"OUTPUT_TRANSITIONS": "TEMPORARY_OUTPUT", "OUTPUT_AREAS": "TEMPORARY_OUTPUT"}
    results = run("landcoverchange", **inputs, **tables)
    bands, dataset = read(results["OUTPUT"])
    assert bands[0].tolist() == MEANING
    assert bands[1].tolist() == [[11, 13, 23, 32], [73, 43, NODATA, NODATA]]
    names = [dataset.GetRasterBand(band).GetDescription() for band in range(1, 5)]
    assert names == ["land_cover", "transition", "initial", "final"]
    assert dataset.GetRasterBand(1).GetNoDataValue() == NODATA
    assert dataset.GetRasterBand(1).DataType == gdal.GDT_Int16
    tags = dataset.GetMetadata()
    assert tags["DBAR_FORMULA"] == "landcoverchange/esa_cci"
    assert tags["DBAR_MULTIPLIER"] == "10"
    assert json.loads(tags["DBAR_CLASSES"])["7"] == "Water bodies"
    assert json.loads(tags["DBAR_PARAMETERS"])["LEGEND"] == "esa_cci"

    changes = rows(results["OUTPUT_TRANSITIONS"])
    assert [(row["transition"], row["meaning"]) for row in changes] == [
        (11, 0),
        (13, -1),
        (23, 1),
        (32, -1),
        (43, -1),
        (73, 0),
    ]
    assert changes[1]["from_name"] == "Tree-covered areas"
    assert [row["km2"] for row in changes] == pytest.approx([0.01] * 6, rel=2e-3)
    areas = rows(results["OUTPUT_AREAS"])
    assert len(areas) == 14
    assert [row["year"] for row in areas] == [2000] * 7 + [2015] * 7
    assert areas[0]["km2"] == pytest.approx(0.02, rel=2e-3)
    assert results["DEGRADED_KM2"] == pytest.approx(0.03, rel=2e-3)
    assert results["IMPROVED_KM2"] == pytest.approx(0.01, rel=2e-3)
    assert "Land cover rasters, one per date: 2000 ← lc_2000" in feedback.infos
    assert any(re.match(r"2000 to 2015: 0\.0300\d km² degraded", text) for text in feedback.infos)


def test_a_stack_of_bands(run, inputs, write_raster):
    stack = write_raster("stack.tif", [BEFORE, AFTER, BEFORE])
    changed = {"LAND_COVER": [stack], "YEARS": "2000,2001,2002", "YEAR_FINAL": 2001}
    results = run("landcoverchange", **inputs | changed, OUTPUT_AREAS="TEMPORARY_OUTPUT")
    assert read(results["OUTPUT"])[0][0].tolist() == MEANING
    assert len(rows(results["OUTPUT_AREAS"])) == 21


def test_a_legend_of_the_users_own(run, inputs, write_raster):
    maps = [write_raster("a_2000.tif", [[4, 4, 9]]), write_raster("a_2001.tif", [[5, 9, 4]])]
    own = {
        "LAND_COVER": maps,
        "LEGEND": "custom",
        "CODES": [4, 100, 5, 110, 9, 300],
        "CLASSES": [300, "Field", 3, 100, "Dense forest", 1, 110, "Thin forest", 1],
    }
    results = run("landcoverchange", **inputs | own, OUTPUT_TRANSITIONS="TEMPORARY_OUTPUT")
    bands, _ = read(results["OUTPUT"])
    assert bands[:2].tolist() == [[[0, -1, 1]], [[12, 13, 31]]]
    assert rows(results["OUTPUT_TRANSITIONS"])[0]["to_name"] == "Thin forest"
    own["EXCEPTIONS"] = ["100", "110", "-1"]
    assert read(run("landcoverchange", **inputs | own)["OUTPUT"])[0][0].tolist() == [[-1, -1, 1]]


def test_single_codes_of_a_bundled_legend_can_be_changed(run, inputs):
    results = run("landcoverchange", **inputs | {"CODES": [130, 1, 180, 0]})
    assert read(results["OUTPUT"])[0][0].tolist() == [[0, -1, -1, 1], [0, NODATA, NODATA, NODATA]]


def test_the_meaning_can_be_edited(run, inputs):
    table = [0] * 49
    table[2] = 1  # from trees to crops
    results = run("landcoverchange", **inputs | {"MEANING": table})
    assert read(results["OUTPUT"])[0][0].tolist() == [[0, 1, 0, 0], [0, 0, NODATA, NODATA]]


def test_unknown_codes_are_listed(run, inputs, write_raster, feedback):
    many = np.full((20, 20), 50)
    many[0, 0] = 17
    inputs["LAND_COVER"][0] = write_raster("lc_2000.tif", many)
    inputs["LAND_COVER"][1] = write_raster("lc_2015.tif", np.full((20, 20), 50))
    results = run("landcoverchange", **inputs, OUTPUT_AREAS="TEMPORARY_OUTPUT")
    assert any("Land cover of 2000: codes that the legend lacks" in t for t in feedback.warnings)
    unknown = [row for row in rows(results["OUTPUT_AREAS"]) if row["note"]]
    assert [(row["name"], row["note"]) for row in unknown] == [("17", "unknown code")]


def test_how_much_may_be_unknown(run, inputs, write_raster):
    inputs["LAND_COVER"][0] = write_raster("lc_2000.tif", [[50, 17], [50, 50]])
    inputs["LAND_COVER"][1] = write_raster("lc_2015.tif", [[10, 10], [50, 50]])
    with pytest.raises(QgsProcessingException, match=r"codes on 25 % of its area .* 17 "):
        run("landcoverchange", **inputs)
    bands, _ = read(run("landcoverchange", **inputs, MAX_UNKNOWN=0.3)["OUTPUT"])
    assert bands[0].tolist() == [[-1, NODATA], [0, 0]]


def test_the_report(run, inputs, tmp_path):
    path = tmp_path / "report.html"
    results = run("landcoverchange", **inputs, OUTPUT_REPORT=str(path))
    assert results["OUTPUT_REPORT"] == str(path)
    page = path.read_text(encoding="utf-8")
    assert "Meaning of changes: \N{MINUS SIGN} degraded" in page
    # The parameter's value, 49 numbers.
    assert "0, -1, -1" not in page[page.index("<main") : page.index("</main>")]
    for text in ("2000–2015", "Cropland", "lc_2000, lc_2015", "sankey", "esa_cci"):
        assert text in page


def test_without_plotly_the_report_is_refused_at_once(run, inputs, monkeypatch, tmp_path):
    monkeypatch.setattr(base, "find_spec", lambda name: None)
    with pytest.raises(QgsProcessingException, match="needs the Python library plotly"):
        run("landcoverchange", **inputs, OUTPUT_REPORT=str(tmp_path / "report.html"))


# -- style, time, models


def check_style(layer: QgsRasterLayer) -> None:
    check_classes(layer)
    temporal = layer.temporalProperties()
    assert temporal.isActive()
    period = temporal.fixedTemporalRange()
    assert period.begin().date().year() == 2000
    assert period.end() == QDateTime.fromString("2015-12-31T23:59:59", Qt.DateFormat.ISODate)


def check_classes(layer: QgsRasterLayer) -> None:
    classes = {item.value: item for item in layer.renderer().classes()}
    assert set(classes) == {-1, 0, 1}
    assert classes[-1].label == "Degraded"
    assert classes[-1].color.name() == "#9b2779"


def test_style(provider, inputs, feedback, qgis_new_project, tmp_path):
    from processing import runAndLoadResults

    tables = {"OUTPUT_TRANSITIONS": "TEMPORARY_OUTPUT", "OUTPUT_AREAS": str(tmp_path / "a.gpkg")}
    runAndLoadResults("dbar:landcoverchange", inputs | tables, feedback=feedback)
    layers = QgsProject.instance().mapLayers().values()
    (raster,) = (layer for layer in layers if isinstance(layer, QgsRasterLayer))
    check_style(raster)
    again = QgsRasterLayer(inputs["OUTPUT"], "again")
    check_classes(again)
    again.loadNamedStyle(str(tmp_path / "out" / "change.qml"))
    check_style(again)
    aliases = {
        layer.attributeAlias(layer.fields().lookupField("km2"))
        for layer in layers
        if isinstance(layer, QgsVectorLayer)
    }
    assert aliases == {"Area (km²)"}


def test_as_a_step_of_a_model(provider, inputs, feedback):
    model = QgsProcessingModelAlgorithm("change", "test")
    model.addModelParameter(
        QgsProcessingParameterMultipleLayers("maps", "", Qgis.ProcessingSourceType.Raster),
        QgsProcessingModelParameter("maps"),
    )
    child = QgsProcessingModelChildAlgorithm("dbar:landcoverchange")
    child.setChildId("change")
    child.addParameterSources(
        "LAND_COVER", [QgsProcessingModelChildParameterSource.fromModelParameter("maps")]
    )
    output = QgsProcessingModelOutput("Result", "Result")
    output.setChildId("change")
    output.setChildOutputName("OUTPUT")
    child.setModelOutputs({"Result": output})
    model.addChildAlgorithm(child)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    parameters = {"maps": inputs["LAND_COVER"], "change:Result": inputs["OUTPUT"]}
    _, done = model.run(parameters, context, feedback)
    assert done, feedback.errors
    assert read(inputs["OUTPUT"])[0][0].tolist() == MEANING
    # The steps of a model are not asked whether their values fit.
    context = QgsProcessingContext()
    _, done = model.run(parameters | {"maps": inputs["LAND_COVER"][:1]}, context, feedback)
    assert not done
    assert any("at least two dates" in text for text in feedback.errors)


# -- refused


CASES = {
    "a single map": ({"LAND_COVER": ["lc_2000.tif"]}, "at least two dates"),
    "too many years": ({"YEARS": "2000,2010,2015"}, "There must be one for each year"),
    "a year without a map": ({"YEAR_INITIAL": 2005}, "There is no land cover map of 2005"),
    "years the wrong way round": ({"YEAR_FINAL": 2000}, "must come before the last"),
    "another legend": ({"LEGEND": "worldcover"}, "are not in the legend “worldcover”: 2"),
    "no legend": ({"LEGEND": "custom"}, "fill in the codes of the raster and their classes"),
    "half a row": ({"CODES": [40, 2, 50]}, "3 cells are filled in, which does not make rows of 2"),
    "a code in words": ({"CODES": ["forest", 2]}, "“forest” is not a number"),
    "half a class": ({"CODES": [40, 2.5]}, "“2.5” is not a whole number"),
    "a class that is not there": ({"CODES": [40, 9]}, "code 40 stands for class 9"),
    "classes without custom": ({"CLASSES": [1, "A", 1]}, "Choose custom there, or leave the table"),
    "a meaning of 2": ({"MEANING": [2] * 49}, "a meaning is -1 (degraded), 0 (stable) or 1"),
    "a short table": ({"MEANING": [0] * 42}, "must have a row for each of the UNCCD's seven"),
    "an unknown exception": ({"EXCEPTIONS": [1, 9, 0]}, "there is no class 9 in the legend"),
}


@pytest.mark.parametrize("case", CASES)
def test_refused(run, inputs, tmp_path, case):
    changed, message = CASES[case]
    changed = dict(changed)
    if "LAND_COVER" in changed:
        changed["LAND_COVER"] = inputs["LAND_COVER"][:1]
    with pytest.raises(QgsProcessingException) as caught:
        run("landcoverchange", **inputs | changed)
    assert message in str(caught.value)
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("place", "reason"),
    [("change.xyz", "rasters are written as"), ("none/change.tif", "The folder .* does not exist")],
)
def test_places_where_no_raster_can_go(run, inputs, tmp_path, place, reason):
    inputs["OUTPUT"] = str(tmp_path / "out" / place)
    with pytest.raises(QgsProcessingException, match=reason) as caught:
        run("landcoverchange", **inputs)
    assert "unfinished" not in str(caught.value)


def test_maps_that_do_not_overlap(run, inputs, write_raster):
    inputs["LAND_COVER"][1] = write_raster("lc_2015.tif", AFTER, origin=(200_000.0, 1_000_000.0))
    with pytest.raises(QgsProcessingException, match="lc_2015 does not overlap the reference"):
        run("landcoverchange", **inputs)


def test_a_map_without_a_crs(run, inputs, write_raster):
    inputs["LAND_COVER"][1] = write_raster("lc_2015.tif", AFTER, crs=None)
    with pytest.raises(QgsProcessingException, match="lc_2015 has no coordinate"):
        run("landcoverchange", **inputs)


def test_cancel_leaves_nothing(run, inputs, feedback, monkeypatch, tmp_path):
    compute = land_cover_change.compute_land_cover_change

    def cancel_first(*arguments, **options):
        feedback.cancel()
        return compute(*arguments, **options)

    monkeypatch.setattr(land_cover_change, "compute_land_cover_change", cancel_first)
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run("landcoverchange", **inputs)
    assert not list((tmp_path / "out").iterdir())


def test_a_table_that_fails_takes_the_raster_with_it(run, inputs, monkeypatch, tmp_path):
    def fail(task, result):
        assert list((tmp_path / "out").iterdir())
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(land_cover_change, "area_table", fail)
    tables = {"OUTPUT_TRANSITIONS": str(tmp_path / "out" / "t.gpkg"), "OUTPUT_AREAS": "memory:"}
    with pytest.raises(Exception, match="the disk is gone"):
        run("landcoverchange", **inputs | tables)
    assert not list((tmp_path / "out").iterdir())
