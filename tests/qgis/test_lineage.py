"""What a result says of its inputs, however they were chosen."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from dbar_qgis_plugin.algorithms.rasters import ITEM_ADDRESS, lineage_of
from dbar_qgis_plugin.catalog.local.provenance import input_paths, item_of_raster

ADDRESS = "https://catalog.example/collections/c/items/a"


def added(path: str, name: str = "Land 2000", **properties: str) -> QgsRasterLayer:
    layer = QgsRasterLayer(path, name)
    assert layer.isValid()
    for key, value in properties.items():
        layer.setCustomProperty(key, value)
    QgsProject.instance().addMapLayer(layer)
    return layer


@pytest.mark.parametrize("chosen", ["id", "layer", "source", "name"])
def test_inputs_are_files_and_items_however_they_were_chosen(
    run, write_raster, tmp_path, qgis_new_project, chosen
):
    first = added(write_raster("land_2000.tif", np.ones((4, 4))))
    first.setCustomProperty(ITEM_ADDRESS, ADDRESS)
    second = added(write_raster("land_2015.tif", np.full((4, 4), 2.0)), "Land 2015")
    values = {
        "id": [first.id(), second.id()],
        "layer": [first, second],
        "source": [first.source(), second.source()],
        "name": [first.name(), second.name()],
    }[chosen]
    output = str(tmp_path / "change.tif")
    run("landcoverchange", LAND_COVER=values, LEGEND="unccd", OUTPUT=output)
    tags = gdal.Open(output).GetMetadata()
    parameters = json.loads(tags["DBAR_PARAMETERS"])
    assert parameters["LAND_COVER"] == f"{first.source()}, {second.source()}"
    assert input_paths(Path(output)) == [Path(first.source()), Path(second.source())]
    links = item_of_raster(Path(output), "x")["links"]
    assert [link["href"] for link in links if link["rel"] == "derived_from"] == [ADDRESS]


def test_no_secret_is_written_down(provider, qgis_new_project):
    algorithm = provider.algorithm("landuseefficiency").create()
    cities = QgsVectorLayer("Polygon?crs=EPSG:4326", "Cities", "memory")
    QgsProject.instance().addMapLayer(cities)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    found = lineage_of(
        algorithm,
        {
            "CITIES": QgsProcessingFeatureSourceDefinition(cities.id(), True),
            "BUILTUP": [
                "/vsicurl/https://me:s3cr3t@x.example/a.tif",
                "/vsicurl/https://x.example/b.tif?sig=s3cr3t",
            ],
            "POPULATION": None,
        },
        context,
    )
    assert found.sources["CITIES"] == "Cities"
    assert "s3cr3t" not in str(found)
    assert "b.tif" in found.sources["BUILTUP"]
    assert "POPULATION" not in found.sources


def test_roles_name_parameters_that_exist(provider):
    from dbar_qgis_plugin.catalog.roles import ROLES

    for algorithm in provider.algorithms():
        known = {definition.name(): definition for definition in algorithm.parameterDefinitions()}
        for definition in known.values():
            tags = definition.metadata()
            assert set(str(tags.get("dbar_role", "")).split()) <= set(ROLES), definition.name()
            assert tags.get("dbar_dates") is None or tags["dbar_dates"] in known
        declared = {*getattr(algorithm, "ROLES", {}), *getattr(algorithm, "DATED_BY", {})}
        assert declared <= set(known), algorithm.id()
    tagged = [
        algorithm.name()
        for algorithm in provider.algorithms()
        if any(d.metadata().get("dbar_role") for d in algorithm.parameterDefinitions())
    ]
    assert {"landuseefficiency", "sdg1531", "nightlightchange"} <= set(tagged)
