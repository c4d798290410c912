"""Speed and memory of SDG 15.3.1; run by bench.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bench_common import (
    DATA,
    MOST_MB,
    Call,
    Row,
    Run,
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
TESTED_CELLS = 1 << 22
COPY = DATA / "copy.tif"
NODATA = -32768


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


def _through_engine(function, sources, bands: int, dtype: str) -> None:
    workers = Workers()
    names = [f"band {band + 1}" for band in range(bands)]
    with RasterSink(COPY, sources[0].grid, names, dtype, NODATA, threads=workers.count) as sink:
        map_blocks(function, sources, [sink], (bands, dtype), workers=workers)


def _result(blocks, _context, _parameters):
    values, valid = blocks[-1]
    values[~valid] = NODATA
    return [values]


def read_and_write(step: str, size: int) -> None:
    """Read what a step reads, and write what it wrote; that is read, too."""
    paths = [*_inputs(step, size), output(step, size)]
    sources = [open_source(str(path)) for path in paths]
    _through_engine(_result, sources, len(sources[-1].bands), sources[-1].info.dtypes[0])


def _first_layers(blocks, _context, parameters):
    bands, dtype = parameters
    return [blocks[0].values[:bands].astype(dtype, copy=False)]


def read_and_copy(step: str, size: int) -> None:
    """Read what a step reads, and write its first layers as bands like the step's."""
    result = open_source(str(output(step, size)))
    sources = [open_source(str(path)) for path in _inputs(step, size)]
    _through_engine(_first_layers, sources, len(result.bands), result.info.dtypes[0])


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


def _ratio(found: dict[str, Run], names: Sequence[str], reference: str, clock: str) -> float:
    """Sum of the steps' times over the sum of their references' times."""
    steps = sum(getattr(found[name], clock) for name in names)
    return steps / sum(getattr(found[f"{name} {reference}"], clock) for name in names)


def _both_clocks(label: str, found: dict[str, Run], names: Sequence[str], reference: str) -> Row:
    wall, processor = (_ratio(found, names, reference, clock) for clock in ("seconds", "cpu"))
    return Row(label, f"{wall:.2f} {processor:.2f}")


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
    calls: dict[str, Call] = {"combination": (combination, size), "test": (mann_kendall_only,)}
    for name, step in zip(names, STEPS, strict=True):
        calls[name] = (step, size)
        calls[f"{name} files"] = (read_and_write, name, size)
        calls[f"{name} copy"] = (read_and_copy, name, size)
    found = compare(calls, turns)
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
        "\nwrite the same outputs (which it reads as well), or to copy as many layers of the input:"
    )
    met.append(
        show(
            f"Trajectory, state, performance: {len(YEARS)} years of {size} x {size} int16",
            [
                at_most(
                    "all three / the same files", _ratio(found, names, "files", "seconds"), 1.4
                ),
                Row("the same, processor time", f"{_ratio(found, names, 'files', 'cpu'):.2f}"),
                *(
                    _both_clocks(f"{name} alone, wall and processor time", found, [name], "files")
                    for name in names
                ),
                _both_clocks("all three / copied layers, both times", found, names, "copy"),
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
