"""Speed and memory of SDG 11.3.1, and rasters and cities to measure zones with; run by bench.py."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from bench_common import DATA, Row, at_most, clocks, compare, report, show, write
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_11_3_1.land_use_efficiency import (
    LandUseEfficiencyTask,
    compute_land_use_efficiency,
)
from dbar_qgis_plugin.raster_io.blocks import block_windows
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.grid import Grid
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


# --- the run ------------------------------------------------------------------------------------


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
