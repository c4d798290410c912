"""Urban extent of real towns, date by date, against a computation on the whole array."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest
import rasterio
from test_urban_extent import expected

from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_11_3_1.urban_extent import UrbanExtentTask, compute_urban_extent

ROOT = Path(__file__).resolve().parents[2]
URBAN = Path(os.environ.get("DBAR_DATA", ROOT.parent / "shared" / "data")) / "urban"

pytestmark = pytest.mark.skipif(
    not URBAN.is_dir(), reason=f"no real data in {URBAN} (set DBAR_DATA)"
)


@pytest.mark.parametrize(("town", "dates"), [("rionegro", 19), ("valledupar", 28)])
def test_landsat_footprints_of_colombian_towns(town, dates, tmp_path):
    paths = sorted((URBAN / f"colombia_{town}").glob("footprint_landsat_*.tif"))
    years = [int(re.search(r"\d{4}", path.stem)[0]) for path in paths]
    assert len(years) == dates
    target = tmp_path / "extent.tif"
    task = UrbanExtentTask([RasterInput(str(path)) for path in paths], "binary", years)
    result = compute_urban_extent(task, str(target))
    with rasterio.open(target) as raster:
        found = raster.read()
    for path, classes in zip(paths, found, strict=True):
        with rasterio.open(path) as raster:
            built = raster.read(1)
        assert (classes != expected(np.where(built == 1, 1, 0), 100.0)).sum() == 0
    assert result.extent_km2[-1] > result.extent_km2[0]
