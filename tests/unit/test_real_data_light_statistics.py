"""Night light statistics on real rasters: Belgium, Mumbai, São Tomé, Equatorial Guinea."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import rasterio
from raster_fixtures import box, polygon_wkb, write_raster

from dbar_qgis_plugin.pipelines.dates import Period, parse_periods, periods_in_name
from dbar_qgis_plugin.pipelines.inputs import RasterInput, open_input
from dbar_qgis_plugin.pipelines.night_light.light_statistics import (
    NANOWATTS,
    LightStatisticsTask,
    compute_light_statistics,
)
from dbar_qgis_plugin.pipelines.night_light.zone_light import LIGHT, NODATA, PER_PERSON

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("DBAR_DATA", ROOT.parent / "shared" / "data"))
NIGHT, BELGIUM = DATA / "night_light", DATA / "degurba" / "belgium"

pytestmark = pytest.mark.skipif(
    not (NIGHT.is_dir() and BELGIUM.is_dir()), reason=f"no real data in {DATA} (set DBAR_DATA)"
)


def whole(path):
    """Outline of all of a raster, and its CRS."""
    grid = open_input(RasterInput(str(path))).grid
    (west, east), (north, south) = grid.to_coordinates(
        np.array([0.0, grid.width]), np.array([0.0, grid.height])
    )
    return polygon_wkb(box(west, south, east, north)), grid.crs


@pytest.mark.parametrize(("key", "nldi"), [(PER_PERSON, 0.497), (LIGHT, -0.033)])
def test_belgium(key, nldi):
    path = BELGIUM / "processed-viirs-light-belgium.tif"
    zone, crs = whole(path)
    found = compute_light_statistics(
        LightStatisticsTask(
            [zone],
            crs,
            ["Belgium"],
            [RasterInput(str(path))],
            [Period.of_year(2015)],
            population=RasterInput(str(BELGIUM / "POP.tif")),
            key=key,
        )
    )
    one = {name: of_zones[0, 0] for name, of_zones in found.values.items()}
    assert round(one["gini"], 3) == 0.679
    assert round(one["theil"], 3) == 0.834
    assert round(one["nldi"], 3) == nldi
    with rasterio.open(path) as dataset:
        values = dataset.read(1).astype(float)
    known = values[np.isfinite(values)]
    assert one["tnl"] == pytest.approx(known.sum(), rel=1e-9)
    assert one["sd"] == pytest.approx(known.std(), rel=1e-9)
    assert (one["n_valid"], one["n_nodata"]) == (known.size, values.size - known.size)
    # By the definition: mean difference of all pairs, from the sorted values.
    known.sort()
    weight = 2 * np.arange(known.size) - known.size + 1
    pairs = 2 * (weight * known).sum() / known.size**2
    assert one["gini"] == pytest.approx(pairs / (2 * known.mean()), abs=2e-6)
    lit = known[known > 0]
    assert one["cnli_reference"] == pytest.approx(np.percentile(lit, 99.9), rel=0.008)
    ratio = lit / lit.mean()
    assert one["theil"] == pytest.approx((ratio * np.log(ratio)).mean(), abs=5e-6)


@pytest.fixture(scope="module")
def mumbai(tmp_path_factory):
    """The monthly cube as GeoTIFF, as netCDF does not say its CRS: radiance and counts."""
    folder = tmp_path_factory.mktemp("mumbai")
    cubes = []
    for name in ("radiance", "clouds"):
        try:
            with rasterio.open(f"netcdf:{NIGHT}/mumbai/mumbai_{name}.nc:unnamed") as dataset:
                values, transform, nodata = dataset.read(), dataset.transform, dataset.nodata
        except rasterio.errors.RasterioIOError:
            pytest.skip("this GDAL reads no netCDF")
        path = write_raster(
            folder / f"{name}.tif",
            values,
            crs="EPSG:4326",
            origin=(transform.c, transform.f),
            cell=(transform.a, transform.e),
            nodata=nodata,
        )
        cubes.append((path, values))
    return cubes


def test_mumbai_cleaned_by_counts(mumbai):
    (light, values), (clouds, counts) = mumbai
    zone, crs = whole(light)
    bands = range(1, len(values) + 1)
    found = compute_light_statistics(
        LightStatisticsTask(
            [zone],
            crs,
            ["Mumbai"],
            [RasterInput(light, band=band) for band in bands],
            parse_periods("2012-04..2023-02", ""),
            counts=[RasterInput(clouds, band=band) for band in bands],
            unit=NANOWATTS,
            negative=NODATA,
            limit=0.4,
        )
    )
    assert len(values) == 131
    valid = (counts > 0) & (values >= 0) & (values < 1e30)
    assert found.values["n_valid"][0].tolist() == valid.sum(axis=(1, 2)).tolist()
    assert 0 < (~valid).sum() < valid.size / 10
    mean = np.array(
        [layer[good].mean(dtype=float) for layer, good in zip(values, valid, strict=True)]
    )
    assert found.values["antl"][0] == pytest.approx(mean, rel=1e-9)
    lit = [
        ((layer >= np.float32(0.4)) & good).sum() for layer, good in zip(values, valid, strict=True)
    ]
    assert found.values["n_lit"][0].tolist() == lit
    # Light of Mumbai rises, by the test of scipy as well.
    stats = pytest.importorskip("scipy.stats")
    kept = found.covered[0]
    years = np.array([period.year for period in parse_periods("2012-04..2023-02", "")])
    assert found.trend.dates[0] == kept.sum() > 100
    assert found.trend.slope[0] == pytest.approx(
        stats.theilslopes(mean[kept], years[kept]).slope, rel=1e-6
    )
    tau = stats.kendalltau(years[kept], mean[kept])
    assert found.trend.p[0] == pytest.approx(tau.pvalue, rel=0.05)
    assert found.trend.direction[0] == 1
    assert found.values["power_w_sr"][0, 0] > 0


def test_dmsp_beside_viirs_and_small_negatives():
    paths = sorted((NIGHT / "rnightlights_saotome").glob("*.tif"))
    periods = [periods_in_name(path.name)[0] for path in paths]
    assert [str(period) for period in periods] == ["1992", "2014-01"]
    _, crs = whole(paths[0])
    zone = polygon_wkb(box(6.0, -1.0, 8.0, 2.0))

    def found(**options):
        return compute_light_statistics(
            LightStatisticsTask(
                [zone],
                crs,
                ["São Tomé"],
                [RasterInput(str(path)) for path in paths],
                periods,
                **options,
            )
        )

    kept, dropped = found(), found(negative=NODATA)
    lines = [str(warning) for warning in kept.warnings]
    assert any("different sensors (DMSP, VIIRS)" in line for line in lines)
    assert any("cells of different sizes" in line for line in lines)
    for date, path in enumerate(paths):
        with rasterio.open(path) as dataset:
            known = dataset.read(1, masked=True).compressed().astype(float)
        assert kept.values["tnl"][0, date] == pytest.approx(known.sum(), rel=1e-9)
        assert kept.values["n_valid"][0, date] == known.size
        assert dropped.values["n_valid"][0, date] == (known >= 0).sum()
        # Negative light is no light.
        assert kept.values["n_lit"][0, date] == (known > 0).sum()
        assert kept.values["max"][0, date] == known.max()
    assert kept.values["n_valid"][0, 1] - dropped.values["n_valid"][0, 1] == 985


def test_people_of_a_finer_raster_are_summed_into_the_cells_of_light():
    folder = NIGHT / "equatorial_guinea"
    people = folder / "hrsl_pop_30m_malabo.tif"
    zone, crs = whole(folder / "viirs_15arcsec.tif")
    found = compute_light_statistics(
        LightStatisticsTask(
            [zone],
            crs,
            ["Malabo"],
            [RasterInput(str(folder / "viirs_15arcsec.tif"))],
            [Period.of_year(2015)],
            population=RasterInput(str(people)),
        )
    )
    with rasterio.open(people) as dataset:
        total = np.nansum(dataset.read(1))
    # One person in 140 lives where the light has no data, by the sea.
    assert 0.99 * total < found.values["people"][0, 0] < total
    assert 0 < found.values["nldi"][0, 0] < 1
