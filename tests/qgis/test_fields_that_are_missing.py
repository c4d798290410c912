"""A field that its layer does not have is named, whichever algorithm it is given to."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import QgsProcessingContext, QgsVectorLayer

from dbar_qgis_plugin.algorithms.night_light.night_light_downscale import (
    NightLightDownscaleAlgorithm,
)


@pytest.fixture
def zones():
    address = "Polygon?crs=EPSG:4326&field=name:string&field=total:double"
    return QgsVectorLayer(address, "zones", "memory")


@pytest.fixture
def refusal(zones, write_raster, tmp_path):
    """Return a function that says why parameters are refused."""
    light = str(write_raster("light.tif", np.ones((2, 2))))

    def ask(**parameters):
        algorithm = NightLightDownscaleAlgorithm()
        algorithm.initAlgorithm()
        given = {
            "ZONES": zones,
            "TOTAL_FIELD": "total",
            "LIGHT": light,
            "OUTPUT": str(tmp_path / "out.tif"),
            **parameters,
        }
        return algorithm.checkParameterValues(given, QgsProcessingContext())[1]

    return ask


def test_a_missing_field_is_named(refusal):
    reason = refusal(TOTAL_FIELD="people")
    assert "“zones” has no field “people”, but name, total." in reason


def test_fields_of_the_layer_are_taken(refusal):
    assert refusal() == ""
    assert refusal(TOTAL_FIELD="TOTAL", ZONE_FIELD="name") == ""


def test_an_optional_field_may_be_empty(refusal):
    assert refusal(ZONE_FIELD=None) == ""
    assert refusal(ZONE_FIELD="") == ""


def test_text_is_no_number(refusal):
    assert "“name” is not a numeric field of “zones”." in refusal(TOTAL_FIELD="name")
