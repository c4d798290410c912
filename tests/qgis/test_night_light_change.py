"""dbar:nightlightchange from layers to styled rasters, a table and zones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    NULL,
    QgsGraduatedSymbolRenderer,
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)

ND = -9999
# Lit from 10 on, changed by more than 30 %: dark, lost, dimmed, stable; brightened, new, no data.
BEFORE = [[2, 100, 100, 50], [20, 2, ND, 30]]
AFTER = [[1, 5, 60, 55], [40, 12, 9, ND]]
CLASSES = [[0, 1, 2, 3], [4, 5, 255, 255]]


def bands(path: str) -> dict[str, list]:
    dataset = gdal.Open(path)
    found = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
    return {band.GetDescription(): band.ReadAsArray().tolist() for band in found}


def rows(layer) -> list[dict]:
    layer = layer if isinstance(layer, QgsVectorLayer) else QgsVectorLayer(layer, "t", "ogr")
    return [feature.attributeMap() for feature in layer.getFeatures()]


@pytest.fixture
def out(tmp_path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture
def inputs(write_raster, out):
    return {
        "BEFORE": write_raster("light_20230206.tif", BEFORE, nodata=ND),
        "AFTER": write_raster("light_20230209.tif", AFTER, nodata=ND),
        "NORMALISE": "none",
        "LIT_FROM": 10,
        "OUTPUT": str(out / "light.tif"),
        "OUTPUT_CLASSES": str(out / "classes.tif"),
        "OUTPUT_TABLE": "TEMPORARY_OUTPUT",
    }


@pytest.fixture
def towns(write_raster, inputs):
    """Light before, and after with another gain and offset and some cells truly changed."""
    rng = np.random.default_rng(1)
    before = rng.lognormal(3.0, 0.5, (30, 30))
    after = (before - 2.0) / 1.25
    changed = rng.random(before.shape) < 0.2
    after[changed] *= 0.2
    files = {
        "BEFORE": write_raster("town_2022.tif", before),
        "AFTER": write_raster("town_2023.tif", after),
    }
    limits = {"NORMALISE": "pif", "LIT_FROM": 1, "LIT_FROM_AFTER": 0.1}
    return inputs | files | limits, before, after, changed


def test_figures_worked_out_by_hand(run, inputs, write_raster, feedback):
    people = write_raster("people.tif", [[10, 0.25, 3, 6], [0.5, ND, 7, 8]], nodata=ND)
    results = run("nightlightchange", **inputs, POPULATION=people)
    light = bands(results["OUTPUT"])
    assert list(light) == ["before", "after_normalised", "difference", "ratio"]
    assert light["difference"] == [[-1, -95, -40, 5], [20, 10, ND, ND]]
    np.testing.assert_allclose(light["ratio"], [[ND, -0.95, -0.4, 0.1], [1, ND, ND, ND]], rtol=1e-6)
    assert bands(results["OUTPUT_CLASSES"]) == {"change": CLASSES}
    (row,) = rows(results["OUTPUT_TABLE"])
    assert (row["zone"], row["cells"], row["nodata_cells"], row["flags"]) == (
        "Whole area",
        6,
        2,
        "",
    )
    assert row["lost_km2"] == pytest.approx(0.01, rel=2e-3)
    assert (row["light_before"], row["light_after"]) == (272, 172)
    assert row["outage_people"] == pytest.approx(3.25, abs=1e-9)
    assert row["outage_pct"] == pytest.approx(100 * 3.25 / 19.75)
    assert results["OUTAGE_PCT"] == row["outage_pct"]
    assert results["CHANGE_PCT"] == pytest.approx(-100 * 100 / 272)
    assert (results["FOUND_THRESHOLD"], results["SLOPE"], results["OFFSET"]) == (10, 1, 0)
    assert results["STABLE_CELLS"] is results["R2"] is results["RESIDUAL_SCALE"] is None
    log = "\n".join(feedback.infos)
    assert "compared as it is, without normalisation" in log
    assert "Lost: 0.0100" in log
    assert "Light of lit cells: -36.76 %" in log
    assert "People whose light fell: 16.46 %" in log
    assert feedback.warnings == []


def test_the_line_of_stable_cells_is_found_and_told(run, towns, feedback):
    inputs, before, _, changed = towns
    results = run("nightlightchange", **inputs)
    assert results["SLOPE"] == pytest.approx(1.25, rel=1e-3)
    assert results["OFFSET"] == pytest.approx(2.0, rel=1e-2)
    assert results["STABLE_CELLS"] == np.count_nonzero(~changed)
    assert results["R2"] == pytest.approx(1.0, abs=1e-6)
    assert results["RESIDUAL_SCALE"] < 1e-3
    assert results["OUTAGE_PCT"] is None
    classes = bands(results["OUTPUT_CLASSES"])
    np.testing.assert_array_equal(classes["pseudo_invariant"], ~changed)
    assert np.isin(np.array(classes["change"])[changed], [1, 2]).all()
    np.testing.assert_allclose(
        np.array(bands(results["OUTPUT"])["after_normalised"])[~changed],
        before[~changed],
        rtol=1e-3,
    )
    assert any("town_2023: normalised = 2" in text and "× light" in text for text in feedback.infos)


def test_provenance(run, towns):
    inputs, *_ = towns
    results = run("nightlightchange", **inputs)
    for name in ("OUTPUT", "OUTPUT_CLASSES"):
        tags = gdal.Open(results[name]).GetMetadata()
        assert tags["DBAR_FORMULA"] == "nightlightchange/pif"
        assert json.loads(tags["DBAR_PARAMETERS"])["LIT_FROM"] == "1"
        told = json.loads(tags["DBAR_NORMALISATION"])
        assert told["slopes"] == [results["SLOPE"]]
        assert (told["offset"], told["r2"]) == (results["OFFSET"], results["R2"])
        assert (told["stable_cells"], told["residual_scale"]) == (
            results["STABLE_CELLS"],
            results["RESIDUAL_SCALE"],
        )
        assert (tags["DBAR_THRESHOLD"], tags["DBAR_CHANGE"]) == ("1", "0.3")


def test_zones(run, inputs, polygon_layer, out, feedback):
    layer = polygon_layer(((0, 0, 2, 2), "West"), ((2, 0, 2, 2), "East"), ((9, 9, 1, 1), "Away"))
    path = str(out / "zones.gpkg")
    results = run("nightlightchange", **inputs, ZONES=layer, ZONE_FIELD="name", OUTPUT_ZONES=path)
    table = rows(results["OUTPUT_TABLE"])
    assert [row["zone"] for row in table] == ["West", "East", "Away", "All zones"]
    assert [row["new_cells"] for row in table] == [1, 0, 0, 1]
    assert table[0]["change_pct"] == pytest.approx(100 * (57 - 122) / 122)
    assert (table[2]["change_pct"], table[2]["flags"]) == (NULL, "OUTSIDE")
    zones = rows(path)
    assert [row["name"] for row in zones] == ["West", "East", "Away"]
    assert zones[1]["dimmed_cells"] == 1
    styled = QgsVectorLayer(path, "zones", "ogr")
    assert isinstance(styled.renderer(), QgsGraduatedSymbolRenderer)
    assert styled.renderer().classAttribute() == "change_pct"
    assert styled.renderer().ranges()[0].label() == "< -50 %"
    assert any("Zones outside the raster (1): Away" in text for text in feedback.warnings)


def test_a_baseline_of_bands_and_of_rasters(run, inputs, write_raster):
    usual = np.stack([np.full((2, 4), value) for value in (40.0, 50.0, 60.0)])
    stack = write_raster("usual.tif", usual)
    results = run("nightlightchange", **inputs, BASELINE=[stack])
    z = np.array(bands(results["OUTPUT"])["z"])
    expected = (np.array(AFTER) - 50) / (usual[:, 0, 0].std() + 1e-5)
    known = np.array(CLASSES) != 255
    np.testing.assert_allclose(z[known], expected[known], rtol=1e-6)
    unusual = bands(results["OUTPUT_CLASSES"])["unusual"]
    assert unusual == [[1, 1, 0, 0], [0, 1, 255, 255]]
    assert rows(results["OUTPUT_TABLE"])[0]["unusually_dark_cells"] == 3
    single = [write_raster(f"usual_{place}.tif", layer) for place, layer in enumerate(usual)]
    results = run("nightlightchange", **inputs, BASELINE=single, UNUSUAL=0.1)
    np.testing.assert_array_equal(bands(results["OUTPUT"])["z"], z)
    assert bands(results["OUTPUT_CLASSES"])["unusual"] == [[1, 1, 2, 2], [1, 1, 255, 255]]


def test_bands_are_chosen_and_weighted(run, towns, write_raster, feedback):
    inputs, before, _, _ = towns
    other = np.random.default_rng(2).lognormal(3.0, 0.5, before.shape)
    noise = np.random.default_rng(3).random(before.shape)
    mixed = write_raster("mixed.tif", [noise, 3.0 + 0.5 * before + 0.25 * other])
    parts = write_raster("parts.tif", [other, noise, before], descriptions=("a", "", "c"))
    changed = {"BEFORE": mixed, "BEFORE_BAND": 2, "AFTER": parts, "AFTER_BANDS": [3, 1]}
    results = run("nightlightchange", **inputs | changed)
    assert results["SLOPE"] is None
    assert results["OFFSET"] == pytest.approx(3.0, rel=1e-3)
    told = json.loads(gdal.Open(results["OUTPUT"]).GetMetadata()["DBAR_NORMALISATION"])
    np.testing.assert_allclose(told["slopes"], [0.5, 0.25], rtol=1e-3)
    assert any("0.5 × c + 0.25 × a" in text for text in feedback.infos)


def test_it_opens_styled(run, inputs, out):
    results = run("nightlightchange", **inputs)
    assert {path.name for path in out.iterdir()} >= {"light.qml", "classes.qml"}
    classes = QgsRasterLayer(results["OUTPUT_CLASSES"], "classes")
    renderer = classes.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    assert [entry.label for entry in renderer.classes()] == [
        "Dark on both dates", "Lost", "Dimmed", "Stable", "Brightened", "New",
    ]  # fmt: skip
    assert len({entry.color.name() for entry in renderer.classes()}) == 6
    light = QgsRasterLayer(results["OUTPUT"], "light")
    renderer = light.renderer()
    assert isinstance(renderer, QgsSingleBandPseudoColorRenderer)
    legend = renderer.shader().rasterShaderFunction().legendSettings()
    assert (legend.minimumLabel(), legend.maximumLabel()) == ("-100 %", "+100 %")
    assert renderer.inputBand() == 4
    assert (renderer.classificationMin(), renderer.classificationMax()) == (-1, 1)
    steps = renderer.shader().rasterShaderFunction().colorRampItemList()
    assert [step.label for step in steps] == ["-100 %", "-50 %", "+0 %", "+50 %", "+100 %"]
    for layer in (light, classes):
        layer.loadDefaultStyle()
        span = layer.temporalProperties().fixedTemporalRange()
        assert span.begin().date().toString("yyyy-MM-dd") == "2023-02-06"
        assert span.end().date().toString("yyyy-MM-dd") == "2023-02-09"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"LIT_FROM": 0}, "Cells cannot be lit from 0 on"),
        ({"AFTER_BANDS": [1, 1]}, "Several bands are weighted"),
        ({"ZONE_FIELD": "name"}, "is given without “Zones (polygons; none: the whole area)”"),
        ({"NORMALISE": "pif"}, "normalising takes at least 20"),
        ({"NORMALISE": "pif", "LIT_FROM": 1000}, "(from 1000 on: 0 cells)"),
        ({"BASELINE": "one"}, "z-scores take at least 3 scenes; there are 1"),
        ({"BASELINE": "missing"}, "cannot be opened as a raster"),
        ({"AFTER": "missing.tif"}, "AFTER"),
        ({"AFTER": "away"}, "does not overlap the reference raster"),
        ({"POPULATION": "away"}, "does not overlap the reference raster"),
        ({"AFTER": "dark", "NORMALISE": "pif"}, "nothing is lit"),
        ({"BEFORE": "text"}, "BEFORE"),
    ],
)
def test_refusals(run, inputs, write_raster, out, tmp_path, changed, words):
    (tmp_path / "text.tif").write_text("no raster")
    made = {
        "one": [inputs["BEFORE"]],
        "missing": [inputs["BEFORE"], str(tmp_path / "gone.tif"), inputs["AFTER"]],
        "away": write_raster("away.tif", AFTER, origin=(900_000.0, 4_000_000.0)),
        "dark": write_raster("dark.tif", [[0, 0, 0, 0], [0, -1, 0, 0]]),
        "text": str(tmp_path / "text.tif"),
    }
    changed = {
        name: made.get(value, value) if isinstance(value, str) else value
        for name, value in changed.items()
    }
    with pytest.raises(QgsProcessingException) as caught:
        run("nightlightchange", **inputs | changed)
    assert words in str(caught.value)
    assert list(out.iterdir()) == []


def test_an_input_is_not_overwritten(run, inputs):
    with pytest.raises(QgsProcessingException, match="is also read"):
        run("nightlightchange", **inputs | {"OUTPUT": inputs["BEFORE"]})
    assert gdal.Open(inputs["BEFORE"]).RasterCount == 1


def test_cancel_leaves_nothing(provider, inputs, out):
    class Stopped(QgsProcessingFeedback):
        def isCanceled(self) -> bool:
            return True

    algorithm = provider.algorithm("nightlightchange")
    _, done = algorithm.run(inputs, QgsProcessingContext(), Stopped())
    assert not done
    assert list(out.iterdir()) == []
