"""The bundled models of SDG 11.3.1: from rasters to the indicator, without a layer of cities."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import rasterio
from qgis import processing
from qgis.core import (
    QgsApplication,
    QgsProcessingException,
    QgsProcessingModelAlgorithm,
    QgsVectorLayer,
)

from dbar_qgis_plugin.pipelines.sample_data import YEARS, write_sample_data

ENDINGS = {"EXTENT": "tif", "GROWTH": "tif", "CLASSES": "tif", "CITIES": "gpkg", "REPORT": "html"}
OUTPUTS = {
    "sdg1131extent": ("EXTENT", "EXTENT_AREAS", "GROWTH", "GROWTH_TYPES"),
    "sdg1131degurba": ("CLASSES", "CLASS_TABLE"),
}
COMMON = ("CITIES", "INTERVALS", "TOTALS", "REPORT")

each_model = pytest.mark.parametrize("name", OUTPUTS)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return write_sample_data(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def inputs(sample):
    builtup, population = (list(map(str, paths)) for paths in (sample.builtup, sample.population))
    return {
        "BUILTUP": builtup,
        "BUILTUP_KIND": "fraction",
        "POPULATION": population,
        "POPULATION_LAST": population[-1],
        "NAMES": processing.run(
            "native:centroids", {"INPUT": str(sample.cities), "OUTPUT": "memory:"}
        )["OUTPUT"],
        "NAME_FIELD": "name",
    }


@pytest.fixture(scope="module")
def runs(provider, inputs, tmp_path_factory):
    """Run both models once."""
    found = {}
    for name, own in OUTPUTS.items():
        folder = tmp_path_factory.mktemp(name)
        targets = {
            output: str(folder / f"{output.lower()}.{ENDINGS.get(output, 'csv')}")
            for output in (*own, *COMMON)
        }
        known = QgsApplication.processingRegistry().algorithmById(f"dbar:{name}")
        wanted = {d.name().upper(): d.name() for d in known.parameterDefinitions()}
        given = {
            wanted[key]: value for key, value in {**inputs, **targets}.items() if key in wanted
        }
        processing.run(f"dbar:{name}", given)
        assert all(Path(target).is_file() for target in targets.values())
        found[name] = targets
    return found


def table(path):
    with Path(path).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@each_model
def test_it_is_a_model_with_words(provider, name):
    model = QgsApplication.processingRegistry().algorithmById(f"dbar:{name}")
    assert isinstance(model, QgsProcessingModelAlgorithm)
    assert model.displayName().startswith("Land use efficiency without city polygons")
    assert model.groupId() == "sdg1131"
    assert "LCRPGR" in model.tags()
    for definition in model.parameterDefinitions():
        assert definition.description() != definition.name()
        assert definition.help()


@each_model
def test_cities_have_the_indicator(runs, name):
    cities = QgsVectorLayer(runs[name]["CITIES"], "cities", "ogr")
    rows = {feature["name"]: feature.attributeMap() for feature in cities.getFeatures()}
    last = YEARS[-1]
    assert all(row[f"built_km2_{last}"] > 0 and row[f"pop_{last}"] > 0 for row in rows.values())
    # Found without its outline, city A has nearly the land and the people that its outline has.
    city = rows["Sample city A (figures of Bishkek 2017-2020)"]
    assert city[f"pop_{last}"] == pytest.approx(1_394_755, rel=0.12)
    assert city[f"built_km2_{last}"] == pytest.approx(152.7, rel=0.2)
    assert 0.0 < city["LCRPGR_1990_2020"] < 1.0
    assert cities.labelsEnabled()


@each_model
def test_tables_and_report(runs, name):
    totals = table(runs[name]["TOTALS"])
    assert len(totals) == len(YEARS)
    assert "plotly" in Path(runs[name]["REPORT"]).read_text(encoding="utf-8")
    intervals = table(runs[name]["INTERVALS"])
    assert len(intervals) % len(YEARS) == 0


def test_classes_of_all_epochs(runs):
    with rasterio.open(runs["sdg1131extent"]["EXTENT"]) as raster:
        assert raster.descriptions == tuple(f"urban_extent_{year}" for year in YEARS)
    with rasterio.open(runs["sdg1131extent"]["GROWTH"]) as raster:
        assert raster.count == len(YEARS) - 1
    with rasterio.open(runs["sdg1131degurba"]["CLASSES"]) as raster:
        assert raster.res == (1000.0, 1000.0)


@each_model
def test_what_a_step_refuses(provider, inputs, feedback, name):
    known = QgsApplication.processingRegistry().algorithmById(f"dbar:{name}")
    wanted = {definition.name() for definition in known.parameterDefinitions()}
    given = {key: value for key, value in inputs.items() if key in wanted}
    with pytest.raises(QgsProcessingException):
        processing.run(f"dbar:{name}", {**given, "YEARS": "2000,1990"}, feedback=feedback)
    assert any("increas" in text or "one for each year" in text for text in feedback.errors)
