"""Speed and memory of night lights; run by bench.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench_common import (
    DATA,
    Call,
    Row,
    at_most,
    both_clocks,
    compare,
    over_reference,
    read_and_write,
    show,
    write,
)
from bench_land_use import city_grid, decode_only, make_cities, make_land_rasters
from dbar_qgis_plugin.pipelines.dates import Period
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light.light_calibration import (
    TYPED,
    CalibrationOutputs,
    CalibrationTask,
    calibrate,
)
from dbar_qgis_plugin.pipelines.night_light.light_cleaning import LightCleaningTask, clean_light
from dbar_qgis_plugin.pipelines.night_light.light_coefficients import TypedBand
from dbar_qgis_plugin.pipelines.night_light.light_colour import (
    LightColourTask,
    compute_light_colour,
)
from dbar_qgis_plugin.pipelines.night_light.light_statistics import (
    LightStatisticsTask,
    compute_light_statistics,
)
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.grid import Grid

# Half a swath of the Glimmer Imager at 40 m (its panchromatic band has 10 m).
WIDTH, HEIGHT = 5674, 9250
_BACKGROUND, _SATURATED = 1, 4095


def scene_grid(rows: int, columns: int) -> Grid:
    """Cells of 40 m."""
    return Grid(get_driver().wkt("EPSG:32651"), (40.0, 0.0, 2e5, 0.0, -40.0, 3.6e6), columns, rows)


def make_scene(rows: int, columns: int) -> Path:
    """A swath aslant in its box: towns on a dark ground, noise in single bands, nodata outside."""
    rng = np.random.default_rng(7)
    side = 256
    across = np.abs(np.arange(side) - side / 2)
    distance = np.hypot(across[:, np.newaxis], across)
    brightness = 900.0 * np.exp(-distance / 18.0) * rng.gamma(0.6, 1.6, (side, side))
    colours = np.array([1.0, 0.6, 0.25])[:, np.newaxis, np.newaxis]
    town = np.minimum(_BACKGROUND + brightness * colours, _SATURATED).astype(np.uint16)

    def layer(window):
        rows_here = np.arange(window.row, window.row + window.height)
        columns_here = np.arange(window.col, window.col + window.width)
        values = town[:, rows_here[:, np.newaxis] % side, columns_here % side].copy()
        # A town in one square of six; the others are dark.
        square = (rows_here[:, np.newaxis] // side * 7 + columns_here // side) % 6 == 0
        values[:, ~square] = _BACKGROUND
        noise = np.random.default_rng(window.row).random(values.shape, dtype=np.float32)
        values[noise > 0.98] += 3
        start = 0.3 * columns * rows_here / rows
        inside = (columns_here >= start[:, np.newaxis]) & (
            columns_here < (start + 0.6 * columns)[:, np.newaxis]
        )
        values[:, ~inside] = 0
        return values

    path = DATA / f"scene_{rows}_{columns}.tif"
    return write(path, scene_grid(rows, columns), "uint16", 0, 3, layer)


# --- what is measured ---------------------------------------------------------------------------


def _path(step: str, rows: int) -> str:
    return str(DATA / f"{step}_{rows}.tif")


def calibration(rows: int, columns: int) -> None:
    """Radiance, and the mask of saturated cells."""
    bands = zip("123", (1e-5, 5e-6, 7e-6), strict=True)
    task = CalibrationTask(
        RasterInput(str(make_scene(rows, columns))),
        source=TYPED,
        typed=tuple(TypedBand(band, gain, gain) for band, gain in bands),
        sensor="GIU",
    )
    calibrate(task, CalibrationOutputs(_path("calibration", rows), _path("saturation", rows)))


def cleaning(rows: int, _columns: int) -> None:
    """All steps but stripes, on radiance."""
    task = LightCleaningTask(RasterInput(_path("calibration", rows)), dark_cut=True, stray_km=3.0)
    clean_light(task, _path("cleaning", rows), _path("change", rows))


def colour(rows: int, _columns: int) -> None:
    """Indices and spectral types of the cleaned radiance."""
    task = LightColourTask([RasterInput(_path("cleaning", rows))])
    compute_light_colour(task, _path("colour", rows), _path("types", rows))


STEPS = {
    calibration: (("scene",), ("calibration", "saturation")),
    cleaning: (("calibration",), ("cleaning", "change")),
    colour: (("cleaning",), ("colour", "types")),
}


def statistics(size: int, count: int) -> None:
    """All figures of zones and dates, of the rasters and cities of SDG 11.3.1."""
    paths = make_land_rasters(size)
    task = LightStatisticsTask(
        make_cities(count, size),
        city_grid(size).crs,
        [str(number) for number in range(count)],
        [RasterInput(str(path)) for path in paths],
        [Period.of_year(2000 + number) for number in range(len(paths))],
    )
    compute_light_statistics(task)


def scene_goals(rows: int, columns: int, turns: int) -> bool:
    """Measure the way of a scene from counts to indices against reading and writing its files."""
    scene = str(make_scene(rows, columns))
    names = [step.__name__ for step in STEPS]
    calls: dict[str, Call] = {}
    for step, files in STEPS.items():
        calls[step.__name__] = (step, rows, columns)
        inputs, outputs = (
            [scene if name == "scene" else _path(name, rows) for name in part] for part in files
        )
        calls[f"{step.__name__} files"] = (read_and_write, inputs, outputs)
    found = compare(calls, turns)
    print(
        "\nThe sum of three steps over the sum of what the engine takes to read the same inputs and"
        "\nwrite the same outputs (which it reads as well):"
    )
    return show(
        f"Night light: {columns} x {rows} cells, three bands",
        [
            at_most(
                "calibrated, cleaned, indexed / the same files",
                over_reference(found, names, "files", "seconds"),
                3,
            ),
            *(
                both_clocks(f"{label}, wall and processor time", found, steps, "files")
                for label, steps in (
                    ("all three", names),
                    *((f"{name} alone", [name]) for name in names),
                )
            ),
            at_most("peak memory", max(found[name].peak_mb for name in names), 700, "MB", 0),
        ],
    )


def statistics_goals(size: int, turns: int) -> bool:
    """Measure figures of zones and dates against decoding the rasters only."""
    make_land_rasters(size)
    found = compare({"decode": (decode_only, size), "all": (statistics, size, 1500)}, turns)
    decode, every = found["decode"], found["all"]
    return show(
        f"Night light: 1,500 zones x 12 dates of {size} x {size}",
        [
            Row("decoding the 12 rasters only, same threads", f"{decode.seconds:.2f} s"),
            at_most("all figures / decoding only", every.seconds / decode.seconds, 1.4),
            Row("the same, processor time", f"{every.cpu / decode.cpu:.2f}"),
            at_most("peak memory", every.peak_mb, 700, "MB", 0),
        ],
    )


def night_light_goals(rows: int, columns: int, size: int, turns: int) -> bool:
    """Print the figures of night lights, and tell whether all goals are met."""
    met = scene_goals(rows, columns, turns)
    return statistics_goals(size, turns) and met
