"""Annual vegetation index and productivity trajectory on real rasters: figures of their README."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import rasterio
from raster_fixtures import write_raster
from scipy import stats

from dbar_qgis_plugin.kernels.trend import (
    RESTREND,
    TrendRule,
    restrend_residuals,
    trajectory,
)
from dbar_qgis_plugin.pipelines.dates import dates_from_names
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_15_3_1.productivity_trajectory import (
    ProductivityTrajectoryTask,
    compute_productivity_trajectory,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.vegetation_index import (
    VegetationIndexTask,
    compute_vegetation_index,
)
from dbar_qgis_plugin.pipelines.years import years_from_names

ROOT = Path(__file__).resolve().parents[2]
NDVI = Path(os.environ.get("DBAR_DATA", ROOT.parent / "shared" / "data")) / "ndvi"

pytestmark = pytest.mark.skipif(not NDVI.is_dir(), reason=f"no real data in {NDVI} (set DBAR_DATA)")


def bands(path):
    """Bands of a file as rasters, and their names."""
    with rasterio.open(path) as raster:
        names = raster.descriptions
    return [RasterInput(str(path), band=band) for band in range(1, len(names) + 1)], names


def read(path):
    with rasterio.open(path) as raster:
        return raster.read()


def test_alaska(tmp_path):
    folder = NDVI / "alaska_gimms_annual"
    path = folder / "ndvi_annual_sum_x1000_1982_2013.tif"
    rasters, names = bands(path)
    years = years_from_names([[name] for name in names], "YEARS")
    assert years == tuple(range(1982, 2014))
    task = ProductivityTrajectoryTask(rasters, years, scale=1000.0)
    result = compute_productivity_trajectory(task, str(tmp_path / "out.tif"))
    slope, p, significance, state = read(tmp_path / "out.tif")
    published = read(folder / "published_AR_coef.tif")[0]
    known = (slope != -32768) & np.isfinite(published)
    assert known.sum() == 31_486
    relative = slope[known] / (read(path)[:, known].mean(axis=0) / 1000.0)
    assert np.corrcoef(relative, published[known])[0, 1] == pytest.approx(0.986, abs=5e-4)
    # The README's ratio is that of the published coefficient to the slope.
    flat = relative == 0.0
    assert np.median(published[known][~flat] / relative[~flat]) == pytest.approx(0.964, abs=5e-3)
    assert sum(result.cells) == known.sum()
    assert result.cells[2] > result.cells[0] > 0  # Alaska greens more than it browns

    series = read(path)[:, known][:, ::500].astype(float)
    for cell, column in enumerate(series.T):
        line = stats.linregress(years, column / 1000.0)
        assert slope[known][::500][cell] == pytest.approx(line.slope, rel=1e-5, abs=1e-9)
        assert state[known][::500][cell] == (
            np.sign(line.slope) if p[known][::500][cell] <= 0.05 else 0
        )
        assert abs(significance[known][::500][cell]) == sum(
            p[known][::500][cell] <= level for level in (0.1, 0.05, 0.01)
        )


def test_the_netherlands_miss_months(tmp_path):
    path = NDVI / "netherlands_rts_mod13a3" / "ndvi_monthly_x10000_2000_02_2009_12.tif"
    rasters, names = bands(path)
    dates = dates_from_names([[name] for name in names], "DATES")
    assert (dates[0], dates[-1], len(dates)) == (date(2000, 2, 15), date(2009, 12, 15), 113)
    result = compute_vegetation_index(
        VegetationIndexTask(rasters, dates), str(tmp_path / "annual.tif")
    )
    have = {(day.year, day.month) for day in dates}
    expected = {
        year: tuple(month for month in range(1, 13) if (year, month) not in have)
        for year in range(2000, 2010)
    }
    assert {row.year: row.missing_months for row in result.years} == expected
    # January 2000 lies before the series; six more are missing within it.
    assert sum(map(len, expected.values())) == 7
    assert len(result.warnings) == sum(bool(months) for months in expected.values())
    stored = read(path).astype(float)
    stored[stored == -32768] = np.nan
    of_2005 = [number for number, day in enumerate(dates) if day.year == 2005]
    with np.errstate(all="ignore"):
        mean = np.nanmean(stored[of_2005], axis=0)
    annual = read(tmp_path / "annual.tif")[5]
    assert ((annual == np.rint(mean)) | (np.isnan(mean) & (annual == -32768))).all()


def test_tura_misses_years(tmp_path):
    path = NDVI / "tura_ethiopia_landsat" / "ndvi_landsat_annual_median_x10000_1984_2013.tif"
    rasters, names = bands(path)
    years = years_from_names([[name] for name in names], "YEARS")
    assert len(years) == 21
    task = ProductivityTrajectoryTask(rasters, years, minimum_years=21)
    result = compute_productivity_trajectory(task, str(tmp_path / "out.tif"))
    assert any("1988, 1989, 1990, 1991, 1992, 1993" in str(note) for note in result.notes)
    slope, p, _, state = read(tmp_path / "out.tif")
    values = read(path)
    assert (values != -32768).all()  # nine years have no layer; those that have one are whole
    assert (slope != -32768).all()
    assert sum(result.cells) == slope.size
    times = np.array(years, dtype=float)
    for row, col in np.ndindex(148, 143):
        if (row * 143 + col) % 400:
            continue
        series = values[:, row, col] / 10_000.0
        line = stats.linregress(times, series)
        assert slope[row, col] == pytest.approx(line.slope, rel=1e-5, abs=1e-9)
        if (np.diff(np.sort(series)) > 0).all():  # without ties: scipy, corrected for continuity
            s = round(stats.kendalltau(times, series).statistic * 21 * 20 / 2)
            deviation = np.sqrt(21 * 20 * 47 / 18.0)
            expected = 2.0 * stats.norm.sf(max(abs(s) - 1, 0) / deviation)
            assert p[row, col] == pytest.approx(expected, rel=1e-5)
        assert state[row, col] == (np.sign(line.slope) if p[row, col] <= 0.05 else 0)


def test_restrend_on_the_australian_points(tmp_path):
    folder = NDVI / "australia_tssrestrend_points"
    places = sorted(path.stem.removesuffix("VI") for path in folder.glob("*VI.csv"))
    assert len(places) == 8
    # Monthly NDVI from 1982, rain from 1980; both to 2013.
    index = np.array([np.loadtxt(folder / f"{place}VI.csv") for place in places])
    rain = np.array([np.loadtxt(folder / f"{place}RF.csv") for place in places])[:, 24:]
    assert index.shape == rain.shape == (8, 32 * 12)
    index = index.reshape(8, 32, 12).mean(axis=2).T
    rain = rain.reshape(8, 32, 12).sum(axis=2).T
    years = range(1982, 2014)
    valid = np.ones(index.shape, dtype=bool)
    residuals, _ = restrend_residuals(index, rain, valid)
    found = trajectory(index, valid, years, TrendRule(), method=RESTREND, climate=rain)
    for place in range(8):
        fit = stats.linregress(rain[:, place], index[:, place])
        expected = index[:, place] - fit.intercept - fit.slope * rain[:, place]
        assert residuals[:, place] == pytest.approx(expected, abs=1e-12)
        line = stats.linregress(years, expected)
        assert found.slope[place] == pytest.approx(line.slope, rel=1e-9)
        s = stats.kendalltau(years, expected).statistic * 32 * 31 / 2
        deviation = np.sqrt(32 * 31 * 69 / 18.0)
        p = 2.0 * stats.norm.sf((abs(s) - 1.0) / deviation)
        assert found.statistic[place] == pytest.approx(p, rel=1e-6)
        assert found.trajectory[place] == (np.sign(line.slope) if p <= 0.05 else 0)
    # The same as rasters of eight cells, a band a year.
    paths = [
        write_raster(tmp_path / f"{name}.tif", values[:, np.newaxis])
        for name, values in (("ndvi", index), ("rain", rain))
    ]
    ndvi, climate = ([RasterInput(path, band=band) for band in range(1, 33)] for path in paths)
    task = ProductivityTrajectoryTask(ndvi, tuple(years), climate, method=RESTREND, scale=1.0)
    result = compute_productivity_trajectory(task, str(tmp_path / "restrend.tif"))
    slope, p, _, state = read(tmp_path / "restrend.tif")[:, 0]
    assert slope == pytest.approx(found.slope, rel=1e-6)
    assert p == pytest.approx(found.statistic, rel=1e-6)
    assert state.tolist() == found.trajectory.tolist()
    assert sum(result.cells) == 8
