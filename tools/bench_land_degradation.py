"""Speed and memory of SDG 15.3.1; run by bench.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench_common import (
    DATA,
    MOST_MB,
    Row,
    at_least,
    at_most,
    clocks,
    compare,
    make_stack,
    measure,
    report,
    show,
    utm_grid,
    write,
)
from dbar_qgis_plugin.kernels.trend import mann_kendall
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.land_degradation import (
    LandDegradationTask,
    compute_land_degradation,
    count_table,
)
from dbar_qgis_plugin.pipelines.periods import PERIODS
from dbar_qgis_plugin.pipelines.productivity_performance import (
    ProductivityPerformanceTask,
    compute_productivity_performance,
    unit_table,
)
from dbar_qgis_plugin.pipelines.productivity_state import (
    ProductivityStateTask,
    compute_productivity_state,
)
from dbar_qgis_plugin.pipelines.productivity_trajectory import (
    ProductivityTrajectoryTask,
    compute_productivity_trajectory,
)
from dbar_qgis_plugin.raster_io.blocks import map_blocks
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers

PERIOD = PERIODS["baseline"]
YEARS = tuple(range(PERIOD.trend.first, PERIOD.trend.last + 1))
UNIT_CLASSES = (40, 7)  # soils by land cover
OUTPUT = DATA / "land_degradation.tif"


# --- data ---------------------------------------------------------------------------------------


def _patches(size: int, classes: int, seed: int) -> Callable:
    """Classes in patches of 60 x 60 cells."""
    side = size // 60 + 1
    patch = np.random.default_rng(seed).integers(1, classes + 1, (side, side), dtype=np.int16)

    def layer(window):
        rows = np.arange(window.row, window.row + window.height) // 60
        cols = np.arange(window.col, window.col + window.width) // 60
        return patch[rows[:, np.newaxis], cols]

    return layer


def make_units(size: int) -> list[Path]:
    """Rasters whose combinations are land units."""
    return [
        write(
            DATA / f"units_{size}_{number}.tif",
            utm_grid(size),
            "uint8",
            0,
            1,
            _patches(size, classes, number),
        )
        for number, classes in enumerate(UNIT_CLASSES)
    ]


def make_indicators(size: int) -> list[Path]:
    """Prepared classes of productivity (LPD), land cover and soil organic carbon, with nodata."""
    paths = []
    for number, classes in enumerate((5, 3, 3)):
        patches = _patches(size, classes, 10 + number)

        def layer(window, patches=patches, classes=classes, number=number):
            values = patches(window)
            rng = np.random.default_rng(window.row + number)
            speckle = rng.random(values.shape, dtype=np.float32)
            values[speckle < 0.2] = 3
            values[speckle > 0.98] = -32768
            return values if classes == 5 else np.where(values < 0, values, values - 2)

        path = DATA / f"indicator_{size}_{number}.tif"
        paths.append(write(path, utm_grid(size), "int16", -32768, 1, layer))
    return paths


# --- what is measured ---------------------------------------------------------------------------


def _series(size: int) -> tuple[RasterInput, ...]:
    path = str(make_stack(size, len(YEARS)))
    return tuple(RasterInput(path, band=band + 1) for band in range(len(YEARS)))


def trajectory(size: int) -> None:
    """Trajectory of all years."""
    task = ProductivityTrajectoryTask(_series(size), YEARS)
    compute_productivity_trajectory(task, str(OUTPUT))


def state(size: int) -> None:
    """State: the last three years against those before."""
    task = ProductivityStateTask(_series(size), YEARS, PERIOD.baseline, PERIOD.recent)
    compute_productivity_state(task, OUTPUT)


def performance(size: int) -> None:
    """Performance within combinations of soil and land cover."""
    units = tuple(RasterInput(str(path)) for path in make_units(size))
    task = ProductivityPerformanceTask(_series(size), YEARS, PERIOD.trend, units)
    unit_table(compute_productivity_performance(task, OUTPUT))


def _copied(blocks, _context, parameters):
    bands, dtype = parameters
    return [blocks[0].values[:bands].astype(dtype, copy=False)]


def read_and_write(size: int, bands: int, dtype: str, units: bool) -> None:
    """Read what a step reads, and write the first layers as bands like the step's."""
    paths = [make_stack(size, len(YEARS)), *(make_units(size) if units else [])]
    sources = [open_source(str(path)) for path in paths]
    workers = Workers()
    names = [f"band {band + 1}" for band in range(bands)]
    with RasterSink(OUTPUT, sources[0].grid, names, dtype, -32768, threads=workers.count) as sink:
        map_blocks(_copied, sources, [sink], (bands, dtype), workers=workers)


def combination(size: int) -> None:
    """One out, all out, with the table of areas."""
    productivity, land_cover, soc = (RasterInput(str(path)) for path in make_indicators(size))
    task = LandDegradationTask(productivity, land_cover, soc, productivity_values="lpd")
    count_table(compute_land_degradation(task, OUTPUT))


def mann_kendall_only(cells: int) -> None:
    """The test on one core, from values in memory."""
    values = np.random.default_rng(1).integers(0, 10_000, (len(YEARS), cells), dtype=np.int16)
    started = clocks()
    mann_kendall(values)
    report(started)


# --- the run ------------------------------------------------------------------------------------

# Name, the step, and bands, data type and units of what it is compared with.
STEPS = (
    ("trajectory", trajectory, (4, "float32", False)),
    ("state", state, (2, "int16", False)),
    ("performance", performance, (2, "int16", True)),
)


def land_degradation_goals(size: int, turns: int) -> bool:
    """Print the figures of SDG 15.3.1 on size x size cells, and tell whether all goals are met."""
    for side in (size, 2 * size):
        make_stack(side, len(YEARS))
        make_units(side)
    make_indicators(size)
    calls = {"combination": (combination, size), "test": (mann_kendall_only, size * size)}
    for name, step, kind in STEPS:
        calls[name] = (step, size)
        calls[f"{name} files"] = (read_and_write, size, *kind)
    found = compare(calls, turns)
    pixels = size * size / 1e6
    met = show(
        f"SDG 15.3.1: {size} x {size} cells",
        [
            at_least(
                "one out, all out, with its table",
                pixels / found["combination"].seconds,
                7,
                "Mpx/s",
            ),
            at_least(
                "Mann-Kendall of 16 years, one core (processor time)",
                pixels / found["test"].cpu,
                20,
                "Mpx/s",
            ),
        ],
    )
    names = [name for name, *_ in STEPS]
    ratio, processor = (
        sum(getattr(found[name], clock) for name in names)
        / sum(getattr(found[f"{name} files"], clock) for name in names)
        for clock in ("seconds", "cpu")
    )
    rows = [at_most("trajectory + state + performance / the same files", ratio, 1.4)]
    rows.append(Row("the same, processor time", f"{processor:.2f}"))
    for name in names:
        step, files = found[name], found[f"{name} files"]
        rows.append(Row(f"{name}, its files", f"{step.seconds:.2f} {files.seconds:.2f} s"))
        rows.append(
            Row(
                f"{name} / its files, wall and processor time",
                f"{step.seconds / files.seconds:.2f} {step.cpu / files.cpu:.2f}",
            )
        )
    print(
        "\nAgainst the engine reading the same input and copying its first layers to as many "
        "bands\nof the same type, step by step; the sum of the three over the sum of those:"
    )
    met = show(f"Productivity: {len(YEARS)} years of {size} x {size} int16, deflated", rows) and met
    peak = max(found[name].peak_mb for name in (*names, "combination"))
    larger = max(measure(step, 2 * size).peak_mb for _, step, _ in STEPS)
    memory = [
        at_most(f"{size} x {size} cells", peak, MOST_MB, "{:.0f} MB"),
        at_most(f"{2 * size} x {2 * size} cells", larger, MOST_MB, "{:.0f} MB"),
    ]
    return show("Memory of the process", memory) and met
