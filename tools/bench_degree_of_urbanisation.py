"""Speed and memory of the Degree of Urbanisation; run by bench.py."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

from bench_common import (
    DATA,
    Row,
    at_most,
    clocks,
    compare,
    measure,
    report,
    show,
    write,
)
from dbar_qgis_plugin.kernels.degree_of_urbanisation import Rules
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_11_3_1.degree_of_urbanisation import (
    DegreeOfUrbanisationTask,
    compute_degree_of_urbanisation,
)
from dbar_qgis_plugin.pipelines.sdg_11_3_1.degree_of_urbanisation_units import (
    UrbanUnitsTask,
    compute_urban_units,
)
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.grid import Grid

WORLD = (18_000, 36_000)
_PATTERN = 2048  # cells; the world repeats it
_UNITS = 24  # a side
_SEA_SHARE = 0.7


def settlement_pattern(size: int = _PATTERN) -> np.ndarray:
    """People per km2 with as many cities, towns and villages as the Earth has on such an area."""
    rng = np.random.default_rng(11)
    people = rng.gamma(0.4, 30.0, (size, size)).astype(np.float32)
    share = size * size / (WORLD[0] * WORLD[1])
    for count, smallest, largest in ((13_000, 5e4, 1e7), (60_000, 5e3, 5e4), (300_000, 500, 5e3)):
        number = int(count * share)
        totals = smallest * (1.0 - rng.random(number)) ** -0.9
        for total in np.minimum(totals, largest):
            _settle(people, total, *rng.integers(0, size, 2), rng)
    return people


def _settle(people: np.ndarray, total: float, row: int, col: int, rng: np.random.Generator) -> None:
    """Add a settlement whose density falls off with the distance from its middle."""
    scale = max(0.6, np.sqrt(total / 6.0 / 3500.0))
    reach = int(4.0 * scale) + 2
    at = np.arange(-reach, reach + 1)
    shape = np.exp(-np.hypot(at[:, np.newaxis], at) / scale)
    shape *= rng.uniform(0.3, 1.7, shape.shape)
    rows, cols = (row + at) % people.shape[0], (col + at) % people.shape[1]
    people[np.ix_(rows, cols)] += (total * shape / shape.sum()).astype(np.float32)


def make_world(height: int, width: int) -> Path:
    """Population of a part of the Earth; most of it is sea, where there is no data."""
    path = DATA / f"degurba_people_{height}_{width}.tif"
    if path.exists():
        return path
    crs = get_driver().wkt("ESRI:54009")
    west, north = -500.0 * width, 500.0 * height
    grid = Grid(crs, (1000.0, 0.0, west, 0.0, -1000.0, north), width, height)
    pattern = settlement_pattern()

    def layer(window):
        rows = (window.row + np.arange(window.height)) % _PATTERN
        cols = (window.col + np.arange(window.width)) % _PATTERN
        values = pattern[np.ix_(rows, cols)]
        along = (window.col + np.arange(window.width)) // (_PATTERN // 4) % 10
        if width > 4 * _PATTERN:
            values[:, along < 10 * _SEA_SHARE] = -1.0
        return values

    return write(path, grid, "float32", -1.0, 1, layer)


def make_builtup(height: int, width: int) -> Path:
    """Built-up shares that go with the people."""
    crs = get_driver().wkt("ESRI:54009")
    west, north = -500.0 * width, 500.0 * height
    grid = Grid(crs, (1000.0, 0.0, west, 0.0, -1000.0, north), width, height)
    pattern = np.minimum(settlement_pattern() / 15_000.0, 0.9).astype(np.float32)

    def layer(window):
        rows = (window.row + np.arange(window.height)) % _PATTERN
        cols = (window.col + np.arange(window.width)) % _PATTERN
        return pattern[np.ix_(rows, cols)]

    return write(DATA / f"degurba_built_{height}_{width}.tif", grid, "float32", -1.0, 1, layer)


# --- what is measured ---------------------------------------------------------------------------


def classes(height: int, width: int, polygons: bool = False) -> None:
    """Level 2 with the built-up option."""
    people, built = make_world(height, width), make_builtup(height, width)
    task = DegreeOfUrbanisationTask(
        RasterInput(str(people)),
        builtup=RasterInput(str(built)),
        threshold=0.2,
        rules=Rules(2),
        outlined=(polygons, polygons),
    )
    started = clocks()
    compute_degree_of_urbanisation(task, str(DATA / "degurba.tif"))
    report(started)


def world_classes(height: int, width: int) -> None:
    """Level 2 of the whole Earth, with its centres and clusters as polygons."""
    task = DegreeOfUrbanisationTask(RasterInput(str(make_world(height, width))), rules=Rules(2))
    compute_degree_of_urbanisation(task, str(DATA / "degurba_world.tif"))


def units(height: int, width: int) -> None:
    """Classes of units that fill the region."""
    compute_classes = DegreeOfUrbanisationTask(
        RasterInput(str(make_world(height, width))), outlined=(False, False)
    )
    raster = str(DATA / "degurba_units.tif")
    compute_degree_of_urbanisation(compute_classes, raster)
    crs = get_driver().wkt("ESRI:54009")
    rng = np.random.default_rng(3)
    x = np.linspace(-500.0 * width, 500.0 * width, _UNITS + 1)
    y = np.linspace(-500.0 * height, 500.0 * height, _UNITS + 1)
    shapes = []
    for west, east in pairwise(x):
        for south, north in pairwise(y):
            shapes.append(_wavy(west, south, east, north, rng))
    task = UrbanUnitsTask(
        shapes, crs, RasterInput(raster), RasterInput(str(make_world(height, width)))
    )
    started = clocks()
    compute_urban_units(task)
    report(started)


def _wavy(west: float, south: float, east: float, north: float, rng: np.random.Generator) -> bytes:
    """Write a polygon of some hundred vertices as WKB."""
    angle = np.linspace(0.0, 2.0 * np.pi, 200)
    wide, tall = 0.5 * (east - west), 0.5 * (north - south)
    far = 1.0 + 0.05 * np.sin(9.0 * angle + rng.uniform(0.0, 6.0))
    ring = np.column_stack(
        (west + wide + wide * far * np.cos(angle), south + tall + tall * far * np.sin(angle))
    )
    ring[-1] = ring[0]
    head = np.array([3, 1, len(ring)], "<u4").tobytes()
    return b"\x01" + head + ring.astype("<f8").tobytes()


# --- the goals ----------------------------------------------------------------------------------


def degree_of_urbanisation_goals(shrink: int, turns: int) -> bool:
    """Measure regions, the whole Earth, and units."""
    small, large = (1288 // shrink, 1288 // shrink), (2576 // shrink, 2576 // shrink)
    world = tuple(side // shrink for side in WORLD)
    for size in (small, large):
        make_world(*size)
        make_builtup(*size)
    make_world(*world)
    found = compare(
        {
            "small": (classes, *small),
            "large": (classes, *large),
            "polygons": (classes, *large, True),
            "units": (units, *small),
        },
        turns,
    )
    met = show(
        "Degree of Urbanisation, level 2 with the built-up option",
        [
            at_most(
                f"{small[0] * small[1] / 1e6:.2f} million cells", found["small"].seconds, 1, "s"
            ),
            at_most(
                f"{large[0] * large[1] / 1e6:.2f} million cells", found["large"].seconds, 3, "s"
            ),
            at_most("four times the cells", found["large"].cpu / found["small"].cpu, 4.5),
            Row("with centres and clusters as polygons", f"{found['polygons'].seconds:.2f} s"),
            at_most(f"{_UNITS**2} units", found["units"].seconds, 1, "s"),
        ],
    )
    earth = measure(world_classes, *world)
    rows = [
        Row(f"{world[1]} x {world[0]} cells, with polygons", f"{earth.seconds:.0f} s"),
        at_most("memory of the process", earth.peak_mb, 8000, "MB", 0),
    ]
    return show("The whole Earth at 1 km", rows) and met
