"""Speed and memory of the urban extent and of types of growth; run by bench.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench_common import DATA, MOST_MB, Row, at_most, measure, show, utm_grid, write
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_11_3_1.urban_extent import UrbanExtentTask, compute_urban_extent
from dbar_qgis_plugin.pipelines.sdg_11_3_1.urban_growth import UrbanGrowthTask, compute_urban_growth

YEARS = (2000, 2020)
_PATTERN = 2000  # cells; larger rasters repeat it


def _towns(later: bool) -> np.ndarray:
    """Towns of all sizes, a tenth of the land, and scattered buildings."""
    rng = np.random.default_rng(7)
    share = np.full((_PATTERN, _PATTERN), 0.002)
    row, col = np.indices(share.shape)
    for size in (300, 150, 150, *([40] * 20), *([12] * 60)):
        top, left = rng.integers(size, _PATTERN - size, 2)
        away = np.hypot(row - top, col - left) / (size * (1.2 if later else 1.0))
        np.maximum(share, np.clip(1.2 - away, 0.0, 0.85), out=share)
    return (rng.random(share.shape) < share).astype(np.uint8)


def make_builtup(size: int, year: int) -> Path:
    """Built-up raster of a year."""
    path = DATA / f"towns_{size}_{year}.tif"
    if path.exists():
        return path
    pattern = _towns(year == YEARS[-1])

    def layer(window):
        rows = (window.row + np.arange(window.height)) % _PATTERN
        cols = (window.col + np.arange(window.width)) % _PATTERN
        return pattern[np.ix_(rows, cols)]

    return write(path, utm_grid(size), "uint8", 255, 1, layer)


def urban_extent(size: int) -> None:
    """Classify two dates."""
    rasters = [RasterInput(str(make_builtup(size, year))) for year in YEARS]
    compute_urban_extent(UrbanExtentTask(rasters, "binary", YEARS), str(_classes(size)))


def urban_growth(size: int) -> None:
    """Tell growth between them apart."""
    rasters = [RasterInput(str(_classes(size)), band=band) for band in (1, 2)]
    task = UrbanGrowthTask(rasters, YEARS, least_ha=1.0)
    compute_urban_growth(task, str(DATA / f"growth_{size}.tif"))


def _classes(size: int) -> Path:
    return DATA / f"urban_extent_{size}.tif"


def urban_extent_goals(size: int) -> bool:
    """Measure two sizes, the larger with four times the cells."""
    rows = []
    small, large = size // 2, size
    for name, function in (("urban extent", urban_extent), ("types of growth", urban_growth)):
        runs = {}
        for each in (small, large):
            for year in YEARS:
                make_builtup(each, year)
            runs[each] = measure(function, each)
            label = f"{name}, 2 dates of {each} x {each}"
            rows.append(Row(label, f"{runs[each].seconds:.1f} s"))
        rows.append(at_most(f"{name}, 4 times the cells", runs[large].cpu / runs[small].cpu, 5.0))
        if function is urban_extent:
            rows.append(at_most(f"{name}, memory", runs[large].peak_mb, MOST_MB, "MB", 0))
        else:  # grows with the new patches: here a million of a few cells
            rows.append(Row(f"{name}, memory", f"{runs[large].peak_mb:.0f} MB"))
    return show("Urban extent and growth, cells of 30 m", rows)
