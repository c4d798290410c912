"""The unit of a raster of light: as it was calibrated, else as its band says."""

from __future__ import annotations

import json

import numpy as np
import pytest
from raster_fixtures import write_raster

from dbar_qgis_plugin.pipelines.inputs import RasterInput, open_input
from dbar_qgis_plugin.pipelines.night_light.light_bands import light_unit

rasterio = pytest.importorskip("rasterio")


@pytest.mark.parametrize(
    ("calibrated", "band", "unit"),
    [
        ("nW cm-2 sr-1", "", "nW cm-2 sr-1"),
        ("nW cm-2 sr-1", "W m-2 sr-1 um-1", "nW cm-2 sr-1"),
        ("", "nanoWatts/cm2/sr", "nanoWatts/cm2/sr"),
        ("", "", ""),
    ],
)
def test_the_calibration_says_more_than_the_band(tmp_path, calibrated, band, unit):
    path = write_raster(tmp_path / "light.tif", np.ones((2, 2), np.float32))
    with rasterio.open(path, "r+") as dataset:
        if calibrated:
            dataset.update_tags(DBAR_CALIBRATION=json.dumps({"unit": calibrated}))
        if band:
            dataset.set_band_unit(1, band)
    assert light_unit(open_input(RasterInput(path))) == unit
