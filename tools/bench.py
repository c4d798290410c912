"""Speed and memory of the engine and of SDG 11.3.1, as ratios measured in one run.

    python tools/bench.py [--quick]

Each figure comes from a process of its own, which prints its time without imports, its processor
time and its peak memory; what is compared runs in turns, and the best turn counts: what else the
machine does can only add to it. Data is generated in build/bench once. `--quick` takes rasters of a
quarter of the width, for trying the program out.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

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

DATA = ROOT / "build" / "bench"
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


def write(path: Path, grid: Grid, dtype: str, nodata: float, bands: int, layer) -> None:
    """Write a raster from a function of the window's first row and shape, in strips of tiles."""
    if path.exists():
        return
    with RasterSink(
        path, grid, [f"band {band + 1}" for band in range(bands)], dtype, nodata, threads=2
    ) as sink:
        for window in block_windows(grid.height, grid.width, (512, grid.width), 8.0, Workers()):
            sink.write(layer(window), window)


def make_land_rasters(size: int) -> list[Path]:
    """Built-up area in m2 (uint16) and persons (float32) per cell for each year."""
    DATA.mkdir(parents=True, exist_ok=True)
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


def make_stack(size: int, bands: int) -> Path:
    """Vegetation-like int16 values with some nodata."""
    DATA.mkdir(parents=True, exist_ok=True)
    path = DATA / f"stack_{size}_{bands}.tif"
    grid = Grid(get_driver().wkt("EPSG:32648"), (30.0, 0.0, 3e5, 0.0, -30.0, 5e6), size, size)

    def layer(window):
        rng = np.random.default_rng(window.row + 1)
        shape = (bands, window.height, window.width)
        values = rng.integers(-40, 40, shape, dtype=np.int16)
        values += (3000 + 2000 * np.sin(np.arange(window.width) / 200.0)).astype(np.int16)
        values[:, :, : window.width // 50] = -32768
        return values

    write(path, grid, "int16", -32768, bands, layer)
    return path


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
    started = time.perf_counter()
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
    report(time.perf_counter() - started)


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


def report(seconds: float) -> None:
    """Print a measurement and end the process, whatever libraries do on their way out."""
    # Not getrusage: what it gives a child starts from the parent's size.
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024.0
    figures = {"seconds": seconds, "cpu": time.process_time(), "peak_mb": peak}
    print(json.dumps(figures), flush=True)
    os._exit(0)


def measure(name: str, *arguments: object) -> dict[str, float]:
    """Run one of the functions above in a process of its own."""
    call = [sys.executable, __file__, "--measure", json.dumps([name, *arguments])]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(call, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    return json.loads(done.stdout.strip().splitlines()[-1])


def compare(calls: dict[str, tuple], turns: int) -> dict[str, dict[str, float]]:
    """Measure calls in turns; the smallest times, the largest memory."""
    runs: dict[str, list[dict[str, float]]] = {label: [] for label in calls}
    for _ in range(turns):
        for label, call in calls.items():
            runs[label].append(measure(*call))
    return {
        label: {
            "seconds": min(run["seconds"] for run in found),
            "cpu": min(run["cpu"] for run in found),
            "peak_mb": max(run["peak_mb"] for run in found),
        }
        for label, found in runs.items()
    }


def show(title: str, rows: list[tuple[str, str, str, bool]]) -> bool:
    """Print figures beside what is to be reached."""
    print(f"\n{title}")
    for label, figure, goal, met in rows:
        mark = "" if not goal else ("ok" if met else "MISSED")
        print(f"  {label:<58} {figure:>14}  {goal:<14} {mark}")
    return all(met for *_, met in rows)


def main() -> int:
    """Print all figures; the exit code tells whether all goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        name, *arguments = json.loads(options.measure)
        started = time.perf_counter()
        globals()[name](*arguments)
        report(time.perf_counter() - started)
    shrink = 4 if options.quick else 1
    city_size, stack_size = 12_000 // shrink, 6_000 // shrink
    print("generating the data, once ...", flush=True)
    make_land_rasters(city_size)
    make_stack(stack_size, 16)
    small, large = make_stack(4_000 // shrink, 1), make_stack(40_000 // shrink, 1)
    met = []

    found = compare(
        {
            "bare": ("stack_bare", stack_size, 16),
            "engine": ("stack_through_engine", stack_size, 16),
            "gdal": ("stack_through_engine", stack_size, 16, "gdal"),
        },
        options.turns,
    )
    bare = found["bare"]["seconds"]
    ratios = {label: run["seconds"] / bare for label, run in found.items()}
    processor = {label: run["cpu"] / found["bare"]["cpu"] for label, run in found.items()}
    met.append(
        show(
            f"Engine: 16 bands of {stack_size} x {stack_size} int16 to one band",
            [
                ("bare rasterio window loop, same threads", f"{bare:.2f} s", "", True),
                (
                    "engine / bare loop",
                    f"{ratios['engine']:.2f}",
                    "<= 1.15",
                    ratios["engine"] <= 1.15,
                ),
                ("the same, processor time", f"{processor['engine']:.2f}", "", True),
                ("with the osgeo.gdal driver / bare loop", f"{ratios['gdal']:.2f}", "", True),
                ("the same, processor time", f"{processor['gdal']:.2f}", "", True),
            ],
        )
    )

    sizes = [int(path.stem.split("_")[1]) for path in (small, large)]
    peaks = [measure("stack_through_engine", size, 1)["peak_mb"] for size in sizes]
    met.append(
        show(
            "Memory of the process",
            [
                (f"{size} x {size} raster", f"{peak:.0f} MB", "<= 500 MB", peak <= 500)
                for size, peak in zip(sizes, peaks, strict=True)
            ],
        )
    )

    found = compare(
        {
            "decode": ("decode_only", city_size),
            "centre": ("land_use_efficiency", city_size, 1500),
            "exact": ("land_use_efficiency", city_size, 1500, "exact"),
            "ten": ("land_use_efficiency", city_size, 15_000),
        },
        options.turns,
    )
    one = compare(
        {
            "qgis": ("qgis_zonal_one", city_size, 1500),
            "exactextract": ("exactextract_one", city_size, 1500),
        },
        1,
    )
    decode = found["decode"]["seconds"]
    centre, exact, ten = (found[label]["seconds"] for label in ("centre", "exact", "ten"))
    peak = max(found["centre"]["peak_mb"], found["exact"]["peak_mb"])
    met.append(
        show(
            f"SDG 11.3.1: 1,500 polygons x 6 epochs x 2 rasters of {city_size} x {city_size}",
            [
                ("decoding the 12 rasters only, same threads", f"{decode:.2f} s", "", True),
                ("all of SDG 11.3.1, centre rule", f"{centre:.2f} s", "<= 20 s", centre <= 20.0),
                (
                    "centre rule / decoding only",
                    f"{centre / decode:.2f}",
                    "<= 1.4",
                    centre <= 1.4 * decode,
                ),
                (
                    "the same, processor time",
                    f"{found['centre']['cpu'] / found['decode']['cpu']:.2f}",
                    "",
                    True,
                ),
                ("exact rule / decoding only", f"{exact / decode:.2f}", "", True),
                (
                    "15,000 polygons / 1,500 polygons",
                    f"{ten / centre:.2f}",
                    "<= 2",
                    ten <= 2.0 * centre,
                ),
                (
                    "the same, processor time",
                    f"{found['ten']['cpu'] / found['centre']['cpu']:.2f}",
                    "",
                    True,
                ),
                ("peak memory", f"{peak:.0f} MB", "<= 600 MB", peak <= 600),
                ("peak memory, 15,000 polygons", f"{found['ten']['peak_mb']:.0f} MB", "", True),
                (
                    "QGIS zonal statistics, ONE raster / all twelve here",
                    f"{one['qgis']['seconds'] / centre:.2f}",
                    "",
                    True,
                ),
                (
                    "exactextract, ONE raster / all twelve here (exact)",
                    f"{one['exactextract']['seconds'] / exact:.2f}",
                    "",
                    True,
                ),
            ],
        )
    )
    print("\nall goals met" if all(met) else "\nsome goals were missed")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
