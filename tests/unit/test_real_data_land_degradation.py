"""SDG 15.3.1 by zone on a real land cover of 30 million cells: areas that agree everywhere."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from raster_fixtures import box, polygon_wkb

from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_change import (
    LandCoverChangeTask,
    LandCoverSeries,
    compute_land_cover_change,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_legends import preset_legend, standard_meaning
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation_summary import (
    LandDegradationSummaryTask,
    compute_land_degradation_summary,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation_summary_tables import (
    ClassNames,
    crosstab_table,
    zone_table,
)
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.source import open_source

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("DBAR_DATA", ROOT.parent / "shared" / "data"))
KALIMANTAN = DATA / "landcover" / "kalimantan_esa_cci"

pytestmark = pytest.mark.skipif(
    not KALIMANTAN.is_dir(), reason=f"no real data in {KALIMANTAN} (set DBAR_DATA)"
)

CLASSES = ("Tree", "Grass", "Crop", "Wetland", "Artificial", "Other", "Water")


def test_kalimantan(tmp_path):
    rasters = [
        RasterInput(str(KALIMANTAN / f"esa_cci_lc_300m_{year}.tif"), name=str(year))
        for year in (2000, 2015)
    ]
    series = LandCoverSeries(rasters, [2000, 2015], preset_legend("esa_cci", CLASSES))
    meaning = np.array(standard_meaning(), np.int8)
    path = tmp_path / "change.tif"
    change = compute_land_cover_change(LandCoverChangeTask(series, meaning), path, tags={})

    source = open_source(str(path))
    width, height = source.grid.width, source.grid.height
    x, y = source.grid.to_coordinates(np.array([0.0, width / 2, width]), np.array([0.0, 0, height]))
    (west, middle, east), (north, _, south) = x, y
    raster = RasterInput(str(path), name="change")
    task = LandDegradationSummaryTask(
        raster=raster,
        land_cover=raster,
        zone_wkb=[
            polygon_wkb(box(west, south, middle, north)),
            polygon_wkb(box(middle, south, east, north)),
        ],
        zone_crs=get_driver().wkt("EPSG:4326"),
        zone_names=["west", "east"],
    )
    result = compute_land_degradation_summary(task)
    table = zone_table(task, result, "all")

    # The two halves add up, and to what the cells' areas and the other algorithm say.
    for name in ("degraded_km2", "stable_km2", "improved_km2", "water_km2", "total_km2"):
        assert_allclose(sum(table[name][:2]), table[name][2], rtol=1e-12)
    whole = source.grid.cell_areas().sum() * source.grid.width * 1e-6
    assert_allclose(table["total_km2"][2], whole, rtol=1e-9)
    degraded, _, improved = change.meaning_km2
    assert_allclose(table["degraded_km2"][2], degraded, rtol=1e-9)
    assert_allclose(table["improved_km2"][2], improved, rtol=1e-9)

    names = ClassNames({}, "", "{number}", {})
    cross = crosstab_table(task, result, names, "all")
    found = np.zeros((7, 7))
    for level, kind, row, column, km2 in zip(
        cross["level"],
        cross["table"],
        cross["row_class"],
        cross["column_class"],
        cross["km2"],
        strict=True,
    ):
        if (level, kind) == ("total", "land_cover_transition"):
            found[row - 1, column - 1] = km2
    assert_allclose(found, change.transitions_km2, rtol=1e-9)
    # Published: 19 788 km2 of tree cover to cropland and 18 167 to grassland (mosaics of both
    # are drawn apart there), on a sphere.
    assert_allclose(found[0, 1] + found[0, 2], 19_788 + 18_167, rtol=0.01)
