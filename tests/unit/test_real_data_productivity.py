"""State and performance on real NDVI: Alaska, 32 years of annual sums, land classes as units."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import rasterio

from dbar_qgis_plugin.errors import InputError
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.periods import YearSpan, state_spans
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_productivity import FaoWocatTask, compute_fao_wocat
from dbar_qgis_plugin.pipelines.sdg_15_3_1.productivity_performance import (
    ProductivityPerformanceTask,
    compute_productivity_performance,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.productivity_state import (
    ProductivityStateTask,
    compute_productivity_state,
)

ROOT = Path(__file__).resolve().parents[2]
NDVI = Path(os.environ.get("DBAR_DATA", ROOT.parent / "shared" / "data")) / "ndvi"
ALASKA = NDVI / "alaska_gimms_annual"
SERIES, CLASSES = ALASKA / "ndvi_annual_sum_x1000_1982_2013.tif", ALASKA / "landclass_dominant.tif"
YEARS = tuple(float(year) for year in range(1982, 2014))
SCALE = 1000.0
LAND_CELLS = 31_486

pytestmark = pytest.mark.skipif(not NDVI.is_dir(), reason=f"no real data in {NDVI} (set DBAR_DATA)")


def read(path):
    with rasterio.open(path) as dataset:
        return dataset.read(masked=True)


@pytest.fixture(scope="module")
def inputs():
    return tuple(RasterInput(str(SERIES), band=band, name="Alaska") for band in range(1, 33))


def naive_state(series):
    before, now = series[:-3], series[-3:].mean()
    low, high = before.min(), before.max()
    padded = [low - 0.05 * (high - low), *before, high + 0.05 * (high - low)]
    cuts = np.percentile(padded, range(10, 100, 10))
    return (cuts < now).sum() - (cuts < before.mean()).sum()


def test_state_of_alaska(inputs, tmp_path):
    baseline, recent = state_spans("all", YEARS)
    assert (baseline, recent) == ((1982, 2010), (2011, 2013))
    cells = {}
    for convention in ("prais4", "trends_earth", "gpg_v2"):
        output = tmp_path / f"{convention}.tif"
        task = ProductivityStateTask(
            inputs, YEARS, baseline, recent, convention=convention, scale=SCALE
        )
        result = compute_productivity_state(task, output)
        cells[convention] = result.cells.tolist()
        assert sum(result.cells[:3]) == LAND_CELLS
        assert sum(result.cells) == 235 * 445
    # Against the definition, on every 40th cell with data.
    series, (state, change) = read(SERIES), read(tmp_path / "prais4.tif")
    rows, cols = np.nonzero(~np.ma.getmaskarray(state))
    for row, col in zip(rows[::40], cols[::40], strict=True):
        assert change[row, col] == naive_state(series[:, row, col].astype(float))
    # A dead band of 0.01 NDVI is nothing to sums over the year.
    assert cells["trends_earth"] == cells["prais4"] == [14_585, 9_225, 7_676, 0, 0, 73_089]
    # Three years of 32 seldom lie 1.96 standard deviations off.
    assert cells["gpg_v2"] == [3_223, 25_161, 3_102, 0, 0, 73_089]


def test_performance_of_alaska(inputs, tmp_path):
    task = ProductivityPerformanceTask(
        inputs,
        YEARS,
        YearSpan(1982, 2013),
        units=(RasterInput(str(CLASSES), name="land class"),),
        scale=SCALE,
    )
    result = compute_productivity_performance(task, tmp_path / "o.tif")
    assert result.unit_valid.sum() == LAND_CELLS
    mean = read(SERIES).mean(axis=0) / SCALE
    classes = read(CLASSES)[0]
    found = read(tmp_path / "o.tif")[0]
    numbers = np.unique(classes.compressed())
    assert result.units == tuple((str(number),) for number in numbers)
    assert list(result.cells) == [1_864, 29_622, 73_089, 0, 0]
    assert list(result.unit_degraded) == [14, 0, 1, 19, 235, 112, 1_483]
    for number, reference, degraded in zip(
        numbers, result.unit_reference, result.unit_degraded, strict=True
    ):
        of_class = mean[(classes == number).filled(False)].compressed()
        assert reference == pytest.approx(np.percentile(of_class, 90), abs=0.5001e-4)
        assert degraded == (of_class < 0.5 * reference).sum()
    assert found.count() == LAND_CELLS
    assert (found == -1).sum() == result.unit_degraded.sum()


def test_fao_wocat_of_alaska(inputs, tmp_path):
    task = FaoWocatTask(inputs, YEARS, YearSpan(1982, 2013), biomass=(4.0, 7.0), scale=SCALE)
    result = compute_fao_wocat(task, tmp_path / "o.tif")
    assert list(result.cells[:5]) == [7_704, 5_733, 2_271, 6_280, 9_498]
    assert sum(result.cells[:5]) == LAND_CELLS


def test_missing_years_of_tura_are_reported(tmp_path):
    path = str(NDVI / "tura_ethiopia_landsat" / "ndvi_landsat_annual_median_x10000_1984_2013.tif")
    with rasterio.open(path) as dataset:
        years = tuple(float(name.split("_")[1]) for name in dataset.descriptions)
    assert len(years) == 21
    inputs = tuple(RasterInput(path, band=band, name="Tura") for band in range(1, 22))
    baseline, recent = state_spans("all", years)
    with pytest.raises(InputError, match="18 of the years 1984–2010 have a raster"):
        compute_productivity_state(
            ProductivityStateTask(inputs, years, baseline, recent), tmp_path / "o.tif"
        )
    task = ProductivityStateTask(inputs, years, baseline, recent, minimum_share=0.6)
    result = compute_productivity_state(task, tmp_path / "o.tif")
    assert list(result.cells) == [5_273, 13_096, 2_795, 0, 0, 0]
    assert str(result.notes[0]).startswith("NDVI: no raster of 1988, 1989")
    assert sum(result.cells) == 148 * 143
