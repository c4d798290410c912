"""Change of night light on real rasters: months of Mumbai, VIIRS against DMSP on São Tomé."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import rasterio
from raster_fixtures import write_raster
from rasterio.warp import Resampling, reproject

from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light.light_change import (
    LightChangeTask,
    LightScene,
    compute_light_change,
)

ROOT = Path(__file__).resolve().parents[2]
NIGHT = Path(os.environ.get("DBAR_DATA", ROOT.parent / "shared" / "data")) / "night_light"
SAO_TOME = NIGHT / "rnightlights_saotome"

pytestmark = pytest.mark.skipif(
    not NIGHT.is_dir(), reason=f"no real data in {NIGHT} (set DBAR_DATA)"
)

AFTER = 60  # a month, and the twelve before it
USUAL = range(AFTER - 12, AFTER)


@pytest.fixture
def change(tmp_path):
    def run(before, after, **options):
        paths = [str(tmp_path / name) for name in ("light.tif", "classes.tif")]
        result = compute_light_change(LightChangeTask(before, after, **options), *paths)
        with rasterio.open(paths[0]) as light, rasterio.open(paths[1]) as classes:
            return result, light.read(), classes.read()

    return run


@pytest.fixture(scope="module")
def mumbai(tmp_path_factory):
    """The monthly cube as GeoTIFF, as netCDF does not say its CRS."""
    try:
        with rasterio.open(f"netcdf:{NIGHT}/mumbai/mumbai_radiance.nc:unnamed") as dataset:
            values, transform, nodata = dataset.read(), dataset.transform, dataset.nodata
    except rasterio.errors.RasterioIOError:
        pytest.skip("this GDAL reads no netCDF")
    path = write_raster(
        tmp_path_factory.mktemp("mumbai") / "radiance.tif",
        values,
        crs="EPSG:4326",
        origin=(transform.c, transform.f),
        cell=(transform.a, transform.e),
        nodata=nodata,
    )
    return RasterInput(path, name="Mumbai"), values.astype(np.float64)


def months(cube, places):
    return tuple(LightScene(cube, (place + 1,)) for place in places)


def test_z_scores_of_a_month_against_numpy(change, mumbai):
    cube, values = mumbai
    before = RasterInput(cube.path, band=USUAL[0] + 1)
    (after,), baseline = months(cube, [AFTER]), months(cube, USUAL)
    result, light, classes = change(
        before, after, baseline=baseline, normalise="none", lit_from=1.0
    )
    usual = values[USUAL]
    expected = (values[AFTER] - usual.mean(axis=0)) / (usual.std(axis=0) + 1e-6)
    np.testing.assert_allclose(light[4], expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(classes[1], np.select([expected < -3, expected > 3], [1, 2], 0))
    assert result.columns["unusually_dark_cells"][-1] == np.count_nonzero(expected < -3)
    # With the normalisation the gains of the months no longer make the baseline vary.
    _, normalised, _ = change(before, after, baseline=baseline, lit_from=1.0, lit_from_after=1.0)
    assert np.median(np.abs(normalised[4])) < 3.0
    assert np.corrcoef(normalised[4].ravel(), expected.ravel())[0, 1] > 0.3


def test_two_months_of_mumbai(change, mumbai):
    stats = pytest.importorskip("scipy.stats")
    cube, values = mumbai
    result, light, classes = change(
        RasterInput(cube.path, band=AFTER + 1),
        LightScene(cube, (AFTER + 2,)),
        lit_from=1.0,
        lit_from_after=1.0,
    )
    y, x = values[AFTER], values[AFTER + 1]
    lit = (y >= 1.0) & (x >= 1.0)
    assert result.line.candidates == np.count_nonzero(lit)
    # Through the origin the middle of all ratios tells the gain.
    assert result.line.slopes[0] == pytest.approx(np.median(y[lit] / x[lit]), rel=0.05)
    assert result.line.r2 > 0.99
    stable = classes[1] == 1
    assert result.line.slopes[0] == pytest.approx(
        stats.theilslopes(y[stable], x[stable]).slope, rel=0.02
    )
    assert np.count_nonzero(stable) == result.line.cells
    np.testing.assert_allclose(light[2], light[1] - light[0], atol=1e-4)


def test_dmsp_before_and_viirs_after_on_another_grid(change):
    stats = pytest.importorskip("scipy.stats")
    dmsp = SAO_TOME / "NL_STP_OLS.Y_1992_STABLE_LIGHTS_GADM-2.8-SHPZIP.tif"
    viirs = SAO_TOME / "NL_STP_VIIRS.M_201401_VCMCFG_GADM-2.8-SHPZIP.tif"
    result, light, classes = change(
        RasterInput(str(dmsp), name="DMSP"),
        LightScene(RasterInput(str(viirs), name="VIIRS")),
        lit_from=3.0,
        lit_from_after=0.2,
    )
    with rasterio.open(dmsp) as target, rasterio.open(viirs) as source:
        before = target.read(1, masked=True).filled(np.nan).astype(np.float64)
        after = np.full(before.shape, np.nan)
        reproject(
            source.read(1, masked=True).filled(np.nan).astype(np.float64),
            after,
            src_transform=source.transform,
            src_crs=source.crs,
            dst_transform=target.transform,
            dst_crs=target.crs,
            src_nodata=np.nan,
            dst_nodata=np.nan,
            resampling=Resampling.average,
        )
    lit = (before >= 3.0) & (after >= 0.2)
    assert result.line.candidates == np.count_nonzero(lit)
    # More than half of them lie along one line, though 22 years and a sensor lie between.
    stable = classes[1] == 1
    assert result.line.cells == np.count_nonzero(stable) > np.count_nonzero(lit) / 2
    among = stats.theilslopes(before[stable], after[stable], 0.99)
    assert among.low_slope < result.line.slopes[0] < among.high_slope
    assert result.line.slopes[0] == pytest.approx(among.slope, rel=0.1)
    assert result.line.r2 > 0.9
    expected = result.line.offset + result.line.slopes[0] * after
    known = light[1] != -9999
    np.testing.assert_array_equal(known, np.isfinite(before) & np.isfinite(after))
    np.testing.assert_allclose(light[1][known], expected[known], rtol=1e-5)
    # DMSP's dark is 0, below the offset; what is dark in VIIRS is not new for that.
    assert result.line.offset > 3.0
    new = classes[0] == 5
    assert new.any()
    assert (after[new] >= 0.2).all()
    assert (classes[0][known & (before < 3.0) & (after < 0.2)] == 0).all()
    assert any("VIIRS is resampled" in str(line) for line in result.notes)


def test_a_weak_relation_is_told(change):
    dmsp = SAO_TOME / "NL_STP_OLS.Y_1992_STABLE_LIGHTS_GADM-2.8-SHPZIP.tif"
    viirs = SAO_TOME / "NL_STP_VIIRS.M_201401_VCMCFG_GADM-2.8-SHPZIP.tif"
    # DMSP's coarse glow does not tell the light of the finer cells.
    result, *_ = change(RasterInput(str(viirs)), LightScene(RasterInput(str(dmsp), name="DMSP")))
    assert result.line.r2 < 0.5
    assert any("DMSP: the line is weak" in str(line) for line in result.warnings)
