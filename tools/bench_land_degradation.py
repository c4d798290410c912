"""Speed and memory of SDG 15.3.1; run by bench.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench_common import (
    DATA,
    MOST_MB,
    Call,
    at_least,
    at_most,
    both_clocks,
    clocks,
    compare,
    make_stack,
    measure,
    over_reference,
    read_and_write,
    report,
    show,
    utm_grid,
    write,
)
from dbar_qgis_plugin.kernels.trend import mann_kendall
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.periods import PERIODS
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation import (
    LandDegradationTask,
    compute_land_degradation,
    count_table,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.productivity_performance import (
    ProductivityPerformanceTask,
    compute_productivity_performance,
    unit_table,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.productivity_state import (
    ProductivityStateTask,
    compute_productivity_state,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.productivity_trajectory import (
    ProductivityTrajectoryTask,
    compute_productivity_trajectory,
)

PERIOD = PERIODS["baseline"]
YEARS = tuple(range(PERIOD.trend.first, PERIOD.trend.last + 1))
UNIT_CLASSES = (40, 7)  # soils by land cover
TESTED_CELLS = 1 << 22


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


def output(step: str, size: int) -> Path:
    """Raster that a step writes."""
    return DATA / f"{step}_{size}.tif"


def _series(size: int) -> tuple[RasterInput, ...]:
    path = str(make_stack(size, len(YEARS)))
    return tuple(RasterInput(path, band=band + 1) for band in range(len(YEARS)))


def trajectory(size: int) -> None:
    """Trajectory of all years."""
    task = ProductivityTrajectoryTask(_series(size), YEARS)
    compute_productivity_trajectory(task, str(output("trajectory", size)))


def state(size: int) -> None:
    """State: the last three years against those before."""
    task = ProductivityStateTask(_series(size), YEARS, PERIOD.baseline, PERIOD.recent)
    compute_productivity_state(task, output("state", size))


def performance(size: int) -> None:
    """Performance within combinations of soil and land cover."""
    units = tuple(RasterInput(str(path)) for path in make_units(size))
    task = ProductivityPerformanceTask(_series(size), YEARS, PERIOD.trend, units)
    unit_table(compute_productivity_performance(task, output("performance", size)))


def _inputs(step: str, size: int) -> list[Path]:
    return [make_stack(size, len(YEARS)), *(make_units(size) if step == "performance" else [])]


def combination(size: int) -> None:
    """One out, all out, with the table of areas."""
    productivity, land_cover, soc = (RasterInput(str(path)) for path in make_indicators(size))
    task = LandDegradationTask(productivity, land_cover, soc, productivity_values="lpd")
    count_table(compute_land_degradation(task, output("combination", size)))


def mann_kendall_only() -> None:
    """The test on one core, from values in memory."""
    shape = len(YEARS), TESTED_CELLS
    values = np.random.default_rng(1).integers(0, 10_000, shape, dtype=np.int16)
    started = clocks()
    mann_kendall(values)
    report(started)


# --- the run ------------------------------------------------------------------------------------

STEPS = (trajectory, state, performance)


def _peak_mb(step: Callable[[int], None], size: int) -> float:
    run = measure(step, size)
    output(step.__name__, size).unlink()
    return run.peak_mb


def land_degradation_goals(size: int, turns: int) -> bool:
    """Print the figures of SDG 15.3.1 on size x size cells, and tell whether all goals are met."""
    for side in (size, 2 * size):
        make_stack(side, len(YEARS))
        make_units(side)
    make_indicators(size)
    names = [step.__name__ for step in STEPS]
    calls: dict[str, Call] = {"combination": (combination, size)}
    for name, step in zip(names, STEPS, strict=True):
        calls[name] = (step, size)
        inputs = [str(path) for path in _inputs(name, size)]
        calls[f"{name} files"] = (read_and_write, inputs, [str(output(name, size))])
    found = compare(calls, turns)
    # A fifth of a second a turn, in which little else may happen.
    found |= compare({"test": (mann_kendall_only,)}, 5 * turns)
    combined = size * size / 1e6 / found["combination"].seconds
    tested = TESTED_CELLS / 1e6 / found["test"].cpu
    met = [
        show(
            f"SDG 15.3.1: {size} x {size} cells",
            [
                at_least("one out, all out, with its table", combined, 7, "Mpx/s"),
                at_least("Mann-Kendall of 16 years, processor time", tested, 20, "Mpx/s"),
            ],
        )
    ]
    print(
        "\nThe sum of three steps over the sum of what the engine takes to read the same inputs and"
        "\nwrite the same outputs (which it reads as well):"
    )
    met.append(
        show(
            f"Trajectory, state, performance: {len(YEARS)} years of {size} x {size} int16",
            [
                at_most(
                    "all three / the same files",
                    over_reference(found, names, "files", "seconds"),
                    1.4,
                ),
                *(
                    both_clocks(f"{label}, wall and processor time", found, steps, "files")
                    for label, steps in (
                        ("all three", names),
                        *((f"{name} alone", [name]) for name in names),
                    )
                ),
            ],
        )
    )
    peak = max(found[name].peak_mb for name in (*names, "combination"))
    larger = max(_peak_mb(step, 2 * size) for step in STEPS)
    met.append(
        show(
            "Memory of the process",
            [
                at_most(f"{size} x {size} cells", peak, MOST_MB, "MB", 0),
                at_most(f"{2 * size} x {2 * size} cells", larger, MOST_MB, "MB", 0),
            ],
        )
    )
    return all(met)
