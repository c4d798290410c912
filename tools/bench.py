"""Speed and memory, as ratios measured in one run: the engine, the indicators, night lights.

    python tools/bench.py [--quick] [--turns N] [--only PART]

Each figure comes from a process of its own, which prints its time and its processor time without
imports, and its peak memory; what is compared runs in turns, and the best turn counts: what else
the machine does can only add to it. Data is generated in build/bench once. `--quick` takes rasters
of a quarter of the width, for trying the program out.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from bench_common import (
    DATA,
    MOST_MB,
    Row,
    at_most,
    compare,
    make_stack,
    measure,
    show,
)
from bench_degree_of_urbanisation import degree_of_urbanisation_goals
from bench_land_degradation import land_degradation_goals
from bench_land_use import land_use_goals
from bench_night_light import HEIGHT, WIDTH, night_light_goals
from bench_urban_extent import urban_extent_goals
from dbar_qgis_plugin.raster_io.blocks import block_windows, map_blocks
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers

PARTS = (
    "engine",
    "land-use",
    "degree-of-urbanisation",
    "urban-extent",
    "land-degradation",
    "night-light",
)


# --- what is measured ---------------------------------------------------------------------------


def _mean(values, valid):
    count = valid.sum(axis=0)
    total = values.sum(axis=0, dtype=np.int32)
    return np.where(count > 0, total / np.maximum(count, 1), -32768).astype(np.int16)


def _engine_mean(blocks, _context, _parameters):
    return [_mean(*blocks[0])]


def stack_through_engine(size: int, bands: int, driver: str = "") -> None:
    """Mean of a stack's bands through the engine."""
    source = open_source(str(make_stack(size, bands)), driver=driver)
    target = DATA / "engine_mean.tif"
    workers = Workers()
    with RasterSink(
        target, source.grid, ["mean"], "int16", -32768, threads=workers.count, driver=driver
    ) as sink:
        map_blocks(_engine_mean, [source], [sink], workers=workers)


def stack_bare(size: int, bands: int) -> None:
    """The same with nothing but rasterio, numpy and a pool of threads."""
    import threading

    import rasterio
    from rasterio.windows import Window as RasterioWindow

    path = make_stack(size, bands)
    workers = Workers()
    local = threading.local()

    def compute(window):
        if not hasattr(local, "dataset"):
            local.dataset = rasterio.open(path, sharing=False)
        area = RasterioWindow(window.col, window.row, window.width, window.height)
        values = local.dataset.read(window=area)
        valid = values != -32768
        values[~valid] = 0
        return area, _mean(values, valid)

    with rasterio.open(path) as dataset:
        profile = dataset.profile
    profile.update(
        count=1,
        compress="deflate",
        predictor=2,
        tiled=True,
        blockxsize=256,
        blockysize=256,
        num_threads=workers.count,
    )
    windows = block_windows(size, size, open_source(str(path)).tile, 3.0 * bands, workers)
    with (
        rasterio.Env(GDAL_CACHEMAX=64_000_000),
        rasterio.open(DATA / "bare_mean.tif", "w", **profile) as target,
        ThreadPoolExecutor(workers.count) as executor,
    ):
        for area, array in executor.map(compute, windows):
            target.write(array, 1, window=area)


# --- the run ------------------------------------------------------------------------------------


def engine_goals(size: int, small: int, large: int, turns: int) -> bool:
    """Measure the engine against a bare loop, and its memory."""
    found = compare(
        {
            "bare": (stack_bare, size, 16),
            "engine": (stack_through_engine, size, 16),
            "gdal": (stack_through_engine, size, 16, "gdal"),
        },
        turns,
    )
    bare, engine, gdal = (found[label] for label in ("bare", "engine", "gdal"))
    met = show(
        f"Engine: 16 bands of {size} x {size} int16 to one band",
        [
            Row("bare rasterio window loop, same threads", f"{bare.seconds:.2f} s"),
            at_most("engine / bare loop", engine.seconds / bare.seconds, 1.15),
            Row("the same, processor time", f"{engine.cpu / bare.cpu:.2f}"),
            Row("with the osgeo.gdal driver / bare loop", f"{gdal.seconds / bare.seconds:.2f}"),
            Row("the same, processor time", f"{gdal.cpu / bare.cpu:.2f}"),
        ],
    )
    peaks = {each: measure(stack_through_engine, each, 1).peak_mb for each in (small, large)}
    rows = [
        at_most(f"{each} x {each} raster", peak, MOST_MB, "MB", 0) for each, peak in peaks.items()
    ]
    return show("Memory of the process", rows) and met


def main() -> int:
    """Print all figures; the exit code tells whether all goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--only", choices=PARTS)
    options = parser.parse_args()
    shrink = 4 if options.quick else 1
    print("data that is missing is generated, once ...", flush=True)
    met = []
    if options.only in (None, "engine"):
        size, small, large = (each // shrink for each in (6_000, 4_000, 40_000))
        for each, bands in ((size, 16), (small, 1), (large, 1)):
            make_stack(each, bands)
        met.append(engine_goals(size, small, large, options.turns))
    if options.only in (None, "land-use"):
        met.append(land_use_goals(12_000 // shrink, options.turns))
    if options.only in (None, "degree-of-urbanisation"):
        met.append(degree_of_urbanisation_goals(shrink, options.turns))
    if options.only in (None, "urban-extent"):
        met.append(urban_extent_goals(8_000 // shrink))
    if options.only in (None, "land-degradation"):
        met.append(land_degradation_goals(6_000 // shrink, options.turns))
    if options.only in (None, "night-light"):
        met.append(
            night_light_goals(HEIGHT // shrink, WIDTH // shrink, 12_000 // shrink, options.turns)
        )
    print("\nall goals met" if all(met) else "\nsome goals were missed")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
