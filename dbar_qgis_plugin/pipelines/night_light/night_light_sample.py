"""Yearly night light of the made-up region of SDG 11.3.1: its towns shine as they are built.

Nothing is measured: streets and people give the light, so that cities that grow brighten, and
those that lose people dim.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.pipelines.sample_data import SampleData
from dbar_qgis_plugin.pipelines.sample_files import prepare_folder
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import close_readers, open_source

Floats = NDArray[np.float64]

FIRST_YEAR: Final = 2015  # satellites have measured radiance at night since 2012
UNIT: Final = "nW cm-2 sr-1"
_FACTOR: Final = 5  # cells of 500 m, of 100 m ones
_NODATA: Final = -9999.0
_SEED: Final = 912
_SKY: Final = 0.25  # radiance of unlit land
_STREETS: Final = 34.0  # of land that is built over
_PEOPLE_OF_FULL_LIGHT: Final = 140.0  # in a cell of 100 m
_BLUR_KM: Final = (0.5, 1.5)  # glow of a town, and its share below
_GLOW: Final = 0.18


def write_night_light_sample(
    folder: str | Path, sample: SampleData, *, progress: Progress | None = None
) -> dict[int, Path]:
    """Write yearly rasters of radiance into a folder.

    Parameters
    ----------
    folder : str or Path
        Made if it does not exist. Files that it already holds are never replaced.
    sample : SampleData
        The region, written before.
    progress : Progress, optional
        Takes progress and the wish to stop.

    Returns
    -------
    dict
        A raster for each year since `FIRST_YEAR`: float32, nW cm-2 sr-1, cells of 500 m.

    Raises
    ------
    OutputError
        If the folder cannot be made, or already holds one of the files.
    Cancelled
        If the user stopped; no file is left behind then, nor after an error.
    """
    progress = progress or Progress()
    steps = [step for step, year in enumerate(sample.years) if year >= FIRST_YEAR]
    rasters = {
        sample.years[step]: Path(folder) / f"night_light_{sample.years[step]}.tif" for step in steps
    }
    prepare_folder(Path(folder), list(rasters.values()))
    try:
        for number, (step, path) in enumerate(zip(steps, rasters.values(), strict=True)):
            progress.check()
            year = sample.years[step]
            _write(path, year, sample.builtup[step], sample.population[step])
            progress.report((number + 1) / len(steps))
    except BaseException:
        for path in rasters.values():
            path.unlink(missing_ok=True)
        raise
    finally:
        close_readers()  # an open file cannot be moved on Windows
    return rasters


def _write(path: Path, year: int, builtup: Path, population: Path) -> None:
    built, inside, grid = _read(builtup)
    people, _, _ = _read(population)
    a, b, c, d, e, f = grid.transform
    coarse = Grid(
        grid.crs,
        (a * _FACTOR, b, c, d, e * _FACTOR, f),
        grid.width // _FACTOR,
        grid.height // _FACTOR,
    )
    lamps = built * (1.0 - np.exp(-people / _PEOPLE_OF_FULL_LIGHT)) * _STREETS
    light = _mean(lamps)
    glow = sum(_blurred(light, km * 1000.0 / coarse.transform[0]) for km in _BLUR_KM)
    noise = np.random.default_rng(_SEED + year).normal(0.0, 0.04, light.shape)
    radiance = np.maximum(_SKY + light + _GLOW * glow + noise, 0.0)
    valid = _mean(inside.astype(float)) > 0.5
    with RasterSink(
        path,
        coarse,
        [f"Night light {year}"],
        "float32",
        _NODATA,
        units=[UNIT],
        tags={"description": "Fictitious sample region of DBAR SDG Tools"},
    ) as sink:
        sink.write(np.where(valid, radiance, _NODATA).astype(np.float32), coarse.window, valid)


def _read(path: Path) -> tuple[Floats, NDArray[np.bool_], Grid]:
    source = open_source(str(path))
    values, valid = source.read(source.grid.window)
    return np.where(valid[0], values[0], 0.0), valid[0], source.grid


def _mean(values: NDArray[Any]) -> Floats:
    rows, cols = (length // _FACTOR for length in values.shape)
    blocks = values[: rows * _FACTOR, : cols * _FACTOR].reshape(rows, _FACTOR, cols, _FACTOR)
    mean: Floats = blocks.mean(axis=(1, 3))
    return mean


def _blurred(values: Floats, sigma: float) -> Floats:
    """Spread values by a bell curve; what leaves at an edge comes in at the other one."""
    rows, cols = (np.fft.fftfreq(length) for length in values.shape)
    falls = np.exp(-2.0 * (np.pi * sigma) ** 2 * (rows[:, np.newaxis] ** 2 + cols**2))
    spread: Floats = np.fft.ifft2(np.fft.fft2(values) * falls).real
    return spread
