"""Speed and memory, as ratios measured in one run: the engine, SDG 11.3.1 and SDG 15.3.1.

    python tools/bench.py [--quick] [--turns N] [--only engine|land-use|land-degradation]

Each figure comes from a process of its own, which prints its time and its processor time without
imports, and its peak memory; what is compared runs in turns, and the best turn counts: what else
the machine does can only add to it. Data is generated in build/bench once. `--quick` takes rasters
of a quarter of the width, for trying the program out.
"""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from bench_common import (
    DATA,
    MOST_MB,
    Row,
    at_most,
    clocks,
    compare,
    make_stack,
    measure,
    report,
    show,
    write,
)
from bench_land_degradation import land_degradation_goals
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.land_use_efficiency import (
    LandUseEfficiencyTask,
    compute_land_use_efficiency,
)
from dbar_qgis_plugin.raster_io.blocks import block_windows, map_blocks
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers

YEARS = (1990, 1995, 2000, 2005, 2010, 2015)
MOLLWEIDE = "ESRI:54009"


# --- data ---------------------------------------------------------------------------------------


def city_radius_km(count: int) -> np.ndarray:
    """Radii that follow a rank-size rule, with a mean area of 539 km2."""
    areas = 1.0 / np.sqrt(np.arange(1, count + 1))
    return np.sqrt(areas * 539.0 / areas.mean() / np.pi)


def make_cities(count: int, size: int, seed: int = 3) -> list[bytes]:
    """Organic outlines of 256 vertices, strewn over a grid of size x size cells of 100 m."""
    rng = np.random.default_rng(seed)
    radius = city_radius_km(1500)[np.arange(count) % 1500] * 1000.0 * size / 12_000
    centre = rng.uniform(0.05, 0.95, (count, 2)) * size * 100.0
    angle = np.linspace(0.0, 2.0 * np.pi, 257)
    phase = rng.uniform(0.0, 2.0 * np.pi, (count, 3))
    wave = 1.0 + sum(
        amplitude * np.sin(k * angle + phase[:, [i]])
        for i, (k, amplitude) in enumerate(((3, 0.2), (7, 0.1), (23, 0.05)))
    )
    x = centre[:, [0]] + radius[:, np.newaxis] * wave * np.cos(angle)
    y = -centre[:, [1]] + radius[:, np.newaxis] * wave * np.sin(angle)
    x[:, -1], y[:, -1] = x[:, 0], y[:, 0]
    head = np.array([1], "u1").tobytes() + np.array([3, 1, 257], "<u4").tobytes()
    return [head + np.column_stack(pair).astype("<f8").tobytes() for pair in zip(x, y, strict=True)]


def city_grid(size: int) -> Grid:
    """Cells of 100 m in Mollweide, around the Equator's crossing with Greenwich."""
    return Grid(get_driver().wkt(MOLLWEIDE), (100.0, 0.0, 0.0, 0.0, -100.0, 0.0), size, size)


def make_land_rasters(size: int) -> list[Path]:
    """Built-up area in m2 (uint16) and persons (float32) per cell for each year."""
    grid = city_grid(size)
    paths = []
    for kind, dtype in (("built", "uint16"), ("population", "float32")):
        for epoch, year in enumerate(YEARS):
            path = DATA / f"{kind}_{size}_{year}.tif"

            def layer(window, epoch=epoch, kind=kind):
                rng = np.random.default_rng(window.row * 100 + 7)
                texture = rng.random((window.height, window.width), dtype=np.float32)
                settled = texture > 0.7 - 0.02 * epoch
                if kind == "built":
                    return np.where(settled, np.round(texture * 100) * 90, 0).astype(np.uint16)
                return np.where(settled, np.round(texture * 64 * (1 + epoch / 8)) / 4, 0)

            write(path, grid, dtype, 65535 if dtype == "uint16" else -200.0, 1, layer)
            paths.append(path)
    return paths


# --- what is measured ---------------------------------------------------------------------------


def _decode(task) -> None:
    import rasterio
    from rasterio.windows import Window as RasterioWindow

    path, windows = task
    with rasterio.open(path, sharing=False) as dataset:
        for window in windows:
            dataset.read(window=RasterioWindow(window.col, window.row, window.width, window.height))


def decode_only(size: int) -> None:
    """Read the twelve rasters and drop the values, on as many threads as the engine takes."""
    paths = make_land_rasters(size)
    windows = block_windows(size, size, open_source(str(paths[0])).tile, 34.0, Workers())
    half = len(windows) // 2
    with ThreadPoolExecutor(Workers().count) as executor:
        tasks = [(path, part) for path in paths for part in (windows[:half], windows[half:])]
        list(executor.map(_decode, tasks))


def land_use_efficiency(size: int, count: int, rule: str = "centre") -> None:
    """Run SDG 11.3.1 over cities and all epochs."""
    paths = [RasterInput(str(path)) for path in make_land_rasters(size)]
    task = LandUseEfficiencyTask(
        city_wkb=make_cities(count, size),
        city_crs=city_grid(size).crs,
        city_names=[str(number) for number in range(count)],
        builtup=paths[: len(YEARS)],
        builtup_kind="square_metres",
        builtup_years=YEARS,
        population=paths[len(YEARS) :],
        coverage=rule,
    )
    compute_land_use_efficiency(task)


def _collection(size: int, count: int) -> dict:
    features = []
    for number, wkb in enumerate(make_cities(count, size)):
        ring = np.frombuffer(wkb, "<f8", offset=13).reshape(-1, 2).tolist()
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"id": number}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def exactextract_one(size: int, count: int) -> None:
    """Run exactextract over one of the rasters."""
    from exactextract import exact_extract

    raster = make_land_rasters(size)[-1]
    exact_extract(
        str(raster), _collection(size, count)["features"], ["sum"], max_cells_in_memory=10**8
    )


def qgis_zonal_one(size: int, count: int) -> None:
    """Run QGIS's native zonal statistics over one of the rasters."""
    from qgis.analysis import QgsNativeAlgorithms
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback

    raster = make_land_rasters(size)[-1]
    cities = DATA / f"cities_{size}_{count}.geojson"
    document = _collection(size, count)
    document["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:ESRI::54009"}}
    cities.write_text(json.dumps(document))
    application = QgsApplication([], False)
    application.initQgis()
    application.processingRegistry().addProvider(QgsNativeAlgorithms())
    algorithm = application.processingRegistry().createAlgorithmById("native:zonalstatisticsfb")
    started = clocks()
    _, done = algorithm.run(
        {
            "INPUT": str(cities),
            "INPUT_RASTER": str(raster),
            "STATISTICS": [1],
            "OUTPUT": "TEMPORARY_OUTPUT",
        },
        QgsProcessingContext(),
        QgsProcessingFeedback(),
    )
    if not done:
        raise SystemExit("QGIS's zonal statistics failed")
    report(started)


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


def land_use_goals(size: int, turns: int) -> bool:
    """Measure SDG 11.3.1 against decoding its rasters only."""
    make_land_rasters(size)
    found = compare(
        {
            "decode": (decode_only, size),
            "centre": (land_use_efficiency, size, 1500),
            "exact": (land_use_efficiency, size, 1500, "exact"),
            "ten": (land_use_efficiency, size, 15_000),
        },
        turns,
    )
    one = compare(
        {"qgis": (qgis_zonal_one, size, 1500), "exactextract": (exactextract_one, size, 1500)}, 1
    )
    decode, centre, exact, ten = (found[label] for label in ("decode", "centre", "exact", "ten"))
    peak = max(centre.peak_mb, exact.peak_mb)
    return show(
        f"SDG 11.3.1: 1,500 polygons x 6 epochs x 2 rasters of {size} x {size}",
        [
            Row("decoding the 12 rasters only, same threads", f"{decode.seconds:.2f} s"),
            at_most("all of SDG 11.3.1, centre rule", centre.seconds, 20, "s"),
            at_most("centre rule / decoding only", centre.seconds / decode.seconds, 1.4),
            Row("the same, processor time", f"{centre.cpu / decode.cpu:.2f}"),
            Row("exact rule / decoding only", f"{exact.seconds / decode.seconds:.2f}"),
            at_most("15,000 polygons / 1,500 polygons", ten.seconds / centre.seconds, 2),
            Row("the same, processor time", f"{ten.cpu / centre.cpu:.2f}"),
            at_most("peak memory", peak, 600, "MB", 0),
            Row("peak memory, 15,000 polygons", f"{ten.peak_mb:.0f} MB"),
            Row(
                "QGIS zonal statistics, ONE raster / all twelve here",
                f"{one['qgis'].seconds / centre.seconds:.2f}",
            ),
            Row(
                "exactextract, ONE raster / all twelve here (exact)",
                f"{one['exactextract'].seconds / exact.seconds:.2f}",
            ),
        ],
    )


def main() -> int:
    """Print all figures; the exit code tells whether all goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--only", choices=("engine", "land-use", "land-degradation"))
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
    if options.only in (None, "land-degradation"):
        met.append(land_degradation_goals(6_000 // shrink, options.turns))
    print("\nall goals met" if all(met) else "\nsome goals were missed")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
