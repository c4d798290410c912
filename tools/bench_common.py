"""What the benchmarks share: how a figure is measured and shown, and rasters to measure with."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dbar_qgis_plugin.raster_io.blocks import block_windows, map_blocks
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers

DATA = ROOT / "build" / "bench"
MOST_MB = 500  # peak memory of any run


class Clocks(NamedTuple):
    """Wall and processor time in seconds."""

    seconds: float
    cpu: float


class Run(NamedTuple):
    """What a call took: wall and processor time in seconds, and peak memory of its process."""

    seconds: float
    cpu: float
    peak_mb: float


class Row(NamedTuple):
    """A figure beside what is to be reached, if anything is."""

    label: str
    figure: str
    goal: str = ""
    met: bool = True


Call = tuple[Callable[..., None], *tuple[object, ...]]


# --- measuring ----------------------------------------------------------------------------------


def clocks() -> Clocks:
    """Read both clocks now."""
    return Clocks(time.perf_counter(), time.process_time())


def report(started: Clocks) -> None:
    """Print what was taken since, and end the process, whatever libraries do on their way out."""
    now = clocks()
    # Not getrusage: what it gives a child starts from the parent's size.
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024.0
    run = Run(now.seconds - started.seconds, now.cpu - started.cpu, peak)
    print(json.dumps(run), flush=True)
    os._exit(0)


def measure(function: Callable[..., None], *arguments: object) -> Run:
    """Run a function of one of the benchmarks' modules in a process of its own."""
    call = [Path(inspect.getfile(function)).stem, function.__name__, *arguments]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, __file__, json.dumps(call)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=environment,
    )
    return Run(*json.loads(done.stdout.strip().splitlines()[-1]))


def compare(calls: dict[str, Call], turns: int) -> dict[str, Run]:
    """Measure calls in turns; the smallest times, the largest memory."""
    runs: dict[str, list[Run]] = {label: [] for label in calls}
    for _ in range(turns):
        for label, call in calls.items():
            runs[label].append(measure(*call))
    return {
        label: Run(
            min(run.seconds for run in found),
            min(run.cpu for run in found),
            max(run.peak_mb for run in found),
        )
        for label, found in runs.items()
    }


def show(title: str, rows: list[Row]) -> bool:
    """Print figures beside what is to be reached, and tell whether all is."""
    print(f"\n{title}")
    for row in rows:
        mark = "" if not row.goal else ("ok" if row.met else "MISSED")
        print(f"  {row.label:<58} {row.figure:>14}  {row.goal:<14} {mark}", flush=True)
    return all(row.met for row in rows)


def at_most(label: str, value: float, limit: float, unit: str = "", digits: int = 2) -> Row:
    """Row of a figure that should not be above a limit."""
    goal = f"<= {limit:g} {unit}".strip()
    return Row(label, f"{value:.{digits}f} {unit}".strip(), goal, value <= limit)


def at_least(label: str, value: float, limit: float, unit: str) -> Row:
    """Row of a figure that should not be below a limit."""
    return Row(label, f"{value:.1f} {unit}", f">= {limit:g} {unit}", value >= limit)


# --- rasters ------------------------------------------------------------------------------------


def write(path: Path, grid: Grid, dtype: str, nodata: float, bands: int, layer) -> Path:
    """Write a raster from a function of the window, in strips of tiles, unless it is there."""
    if path.exists():
        return path
    DATA.mkdir(parents=True, exist_ok=True)
    names = [f"band {band + 1}" for band in range(bands)]
    with RasterSink(path, grid, names, dtype, nodata, threads=2) as sink:
        for window in block_windows(grid.height, grid.width, (512, grid.width), 8.0, Workers()):
            sink.write(layer(window), window)
    return path


def utm_grid(size: int) -> Grid:
    """Cells of 30 m."""
    wkt = get_driver().wkt("EPSG:32648")
    return Grid(wkt, (30.0, 0.0, 3e5, 0.0, -30.0, 5e6), size, size)


def make_stack(size: int, bands: int) -> Path:
    """Vegetation-like int16 values with some nodata."""

    def layer(window):
        rng = np.random.default_rng(window.row + 1)
        shape = (bands, window.height, window.width)
        values = rng.integers(-40, 40, shape, dtype=np.int16)
        values += (3000 + 2000 * np.sin(np.arange(window.width) / 200.0)).astype(np.int16)
        values[:, :, : window.width // 50] = -32768
        return values

    path = DATA / f"stack_{size}_{bands}.tif"
    return write(path, utm_grid(size), "int16", -32768, bands, layer)


# --- the engine alone ---------------------------------------------------------------------------


def _as_read(blocks, _context, parameters):
    results = []
    for (values, valid), nodata in zip(blocks[-len(parameters) :], parameters, strict=True):
        values[~valid] = nodata
        results.append(values)
    return results


def read_and_write(inputs: Sequence[str], outputs: Sequence[str]) -> None:
    """Let the engine read rasters, and write others as they are; these are read, too."""
    workers = Workers()
    results = [open_source(path) for path in outputs]
    sources = [*(open_source(path) for path in inputs), *results]
    with ExitStack() as stack:
        sinks = [
            stack.enter_context(
                RasterSink(
                    DATA / f"copy_{number}.tif",
                    source.grid,
                    [f"band {band}" for band in source.bands],
                    source.info.dtypes[0],
                    source.info.nodata[0],
                    threads=workers.count,
                )
            )
            for number, source in enumerate(results)
        ]
        nodata = tuple(source.info.nodata[0] for source in results)
        map_blocks(_as_read, sources, sinks, nodata, workers=workers)


def over_reference(
    found: dict[str, Run], names: Sequence[str], reference: str, clock: str
) -> float:
    """Sum of steps' times over the sum of their references' times."""
    steps = sum(getattr(found[name], clock) for name in names)
    return steps / sum(getattr(found[f"{name} {reference}"], clock) for name in names)


def both_clocks(label: str, found: dict[str, Run], names: Sequence[str], reference: str) -> Row:
    """Row of a ratio in wall and in processor time."""
    wall, processor = (
        over_reference(found, names, reference, clock) for clock in ("seconds", "cpu")
    )
    return Row(label, f"{wall:.2f} {processor:.2f}")


if __name__ == "__main__":  # the process that `measure` starts
    _module, _name, *_arguments = json.loads(sys.argv[1])
    _function = getattr(importlib.import_module(_module), _name)
    _started = clocks()
    _function(*_arguments)
    report(_started)
