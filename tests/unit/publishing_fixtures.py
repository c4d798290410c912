"""Rasters as the plugin's algorithms write them, ready to be shared in tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pystac
import pystac.validation
import rasterio
from pystac.stac_object import STACObjectType
from raster_fixtures import write_raster

from dbar_qgis_plugin.catalog.publishing.metadata import Metadata

TERMS = "SDGSAT-1 data of CBAS. Its terms hold: no redistribution without permission."


def result(path: Path, *, algorithm: str = "dbar:landdegradation", **tags: str) -> Path:
    """Write a small result of an algorithm."""
    path.parent.mkdir(parents=True, exist_ok=True)
    values = np.random.default_rng(2).integers(-1, 2, (40, 50)).astype("int16")
    write_raster(path, values, nodata=-32768, descriptions=("degradation",))
    parameters = {"BASELINE": "2000-2015", "LAND_COVER": f"{path.parent}/secret name/lc.tif"}
    told = {
        "DBAR_ALGORITHM": algorithm,
        "DBAR_VERSION": "9.9.9",
        "DBAR_FORMULA": "landdegradation/one_out",
        "DBAR_PARAMETERS": json.dumps(parameters),
        "TIFFTAG_DATETIME": "2026:01:02 03:04:05",
    }
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(**{**(told if algorithm else {}), **tags})
        dataset.set_band_unit(1, "class")
    return path


def said(**values: Any) -> Metadata:
    """Values of the form that are enough."""
    usual: dict[str, Any] = {
        "title": "Land degradation & <neutrality> 土地",
        "description": "Made for a test",
        "indicator": "15.3.1",
        "begin": "2000-01-01",
        "end": "2015-12-31",
        "licence": "CC-BY-4.0",
        "organisation": "Institute",
        "contact": "A. Person",
        "email": "person@institute.example",
        "keywords": ("SDG 15.3.1", "land"),
        "doi": "10.1234/abc",
        "citation": "Person, A. (2026)",
    }
    return Metadata(**{**usual, **values})


def validate(document: dict) -> None:
    """Hold a document against STAC's own schemas, which pystac brings along."""
    kinds = {
        "Feature": STACObjectType.ITEM,
        "Collection": STACObjectType.COLLECTION,
        "Catalog": STACObjectType.CATALOG,
    }
    plain = json.loads(json.dumps(document))
    pystac.validation.validate_dict(plain, kinds[plain["type"]], "1.1.0", extensions=[])
