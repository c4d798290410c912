"""The panchromatic raster of a scene as a guide to where its colours may show light."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import GridError, InputError, translate
from dbar_qgis_plugin.kernels.light_cleaning import any_within
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light.light_bands import HIGH_GAIN, LOW_GAIN, SCENE
from dbar_qgis_plugin.pipelines.night_light.light_levels import WorkedRaster, survey_levels, worked
from dbar_qgis_plugin.pipelines.night_light.sdgsat_product import parse_name
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid, overlap
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import RasterSource, open_source
from dbar_qgis_plugin.raster_io.workers import Workers

Bool = NDArray[np.bool_]
Int64 = NDArray[np.int64]

_SAME: Final = 1e-6  # of a cell: edges of two grids that lie on each other


class Guide(NamedTuple):
    """A panchromatic raster, and above what its bands show light."""

    raster: WorkedRaster
    limits: tuple[float, ...]

    def bytes_per_cell(self, coarse: Grid) -> float:
        """Memory that it takes per cell of the grid that it guides."""
        source = self.raster.source
        per_cell = len(source.bands) * (source.value_dtype.itemsize + 6.0) + 2.0
        return float(np.prod(_ratio(source.grid, coarse))) * per_cell


def open_panchromatic(raster: RasterInput, light: RasterSource) -> RasterSource:
    """Open the bands of low and high gain of a panchromatic raster of the scene.

    Raises
    ------
    InputError
        If metadata or names of files say that it is of another scene.
    GridError
        If it does not overlap the raster of lights, or its cells cannot be put into those.
    """
    source = open_source(raster.path, raster.open_options, name=raster.name or raster.path)
    names = list(source.info.descriptions)
    if LOW_GAIN in names and HIGH_GAIN in names:
        bands: tuple[int, ...] = (names.index(LOW_GAIN) + 1, names.index(HIGH_GAIN) + 1)
    else:  # the third is the merge of the first two
        bands = source.bands[:2]
    of_guide, of_light = _scene(source), _scene(light)
    if of_guide is not None and of_light is not None and of_guide[1:] != of_light[1:]:
        raise InputError(
            translate(
                "Dbar",
                "{name} is of the scene {scene}, {light} of {other}. Choose the panchromatic "
                "raster of the same scene.",
            ),
            name=source.name,
            scene=of_guide[0],
            light=light.name,
            other=of_light[0],
        )
    if not overlap(source.grid, light.grid):
        raise GridError(
            translate(
                "Dbar",
                "{name} does not overlap {light}. Choose the panchromatic raster of the same "
                "scene and half swath.",
            ),
            name=source.name,
            light=light.name,
        )
    alike = get_driver().same_crs(source.grid.crs, light.grid.crs)
    upright = source.grid.is_north_up and light.grid.is_north_up
    if not (alike and upright and min(_ratio(source.grid, light.grid)) >= 1.0 - _SAME):
        raise GridError(
            translate(
                "Dbar",
                "{name} cannot guide {light}: both must be in one CRS, with rows along its axes, "
                "and the panchromatic cells must not be the larger ones. Take both rasters as the "
                "product holds them.",
            ),
            name=source.name,
            light=light.name,
        )
    return replace(source, bands=bands)


def _scene(source: RasterSource) -> tuple[str, str, str] | None:
    """Scene, day and serial number that metadata, else the file's name say."""
    told = dict(source.info.tags).get(SCENE) or Path(source.path).name
    name = parse_name(told)
    return None if name is None else (name.scene, name.day, name.serial)


def _ratio(fine: Grid, coarse: Grid) -> tuple[float, float]:
    """Rows and columns of one grid to a row and a column of the other."""
    return (
        coarse.transform[4] / fine.transform[4],
        coarse.transform[0] / fine.transform[0],
    )


def guide_of(source: RasterSource, margin: float, workers: Workers, progress: Progress) -> Guide:
    """Find where light starts in a panchromatic raster: so many spreads above the background."""
    raster = worked(source)
    bands = survey_levels(raster, together=False, workers=workers, progress=progress).bands
    return Guide(raster, tuple(band.background + margin * band.spread for band in bands))


def bright_cells(
    guide: Guide, coarse: Grid, first_cell: tuple[int, int], shape: tuple[int, ...]
) -> tuple[Bool, Bool]:
    """Cells of a part of a grid that any lit panchromatic cell overlaps, and any with data.

    Parameters
    ----------
    guide : Guide
    coarse : Grid
        The grid that is guided; its cells need not hold whole panchromatic ones.
    first_cell, shape : tuple of int
        First row and column of the part, and its size.
    """
    raster, limits = guide
    fine = raster.source.grid
    bright, known = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    lines = [
        _fine_lines(first, count, ratio, begin, most)
        for first, count, ratio, begin, most in zip(
            first_cell,
            shape,
            _ratio(fine, coarse),
            (
                (coarse.transform[5] - fine.transform[5]) / fine.transform[4],
                (coarse.transform[2] - fine.transform[2]) / fine.transform[0],
            ),
            (fine.height, fine.width),
            strict=True,
        )
    ]
    (here_rows, rows), (here_cols, cols) = lines
    if not rows[0].size or not cols[0].size:
        return bright, known
    first_row, first_col = int(rows[0][0]), int(cols[0][0])
    window = Window(
        first_row, first_col, int(rows[1][-1]) - first_row, int(cols[1][-1]) - first_col
    )
    values, valid = raster.read(window)
    above = (values > np.array(limits)[:, np.newaxis, np.newaxis]) & valid
    within = (rows[0] - first_row, rows[1] - first_row), (cols[0] - first_col, cols[1] - first_col)
    for mask, target in ((above, bright), (valid, known)):
        target[here_rows, here_cols] = any_within(np.logical_or.reduce(mask), *within)
    return bright, known


def _fine_lines(
    first: int, count: int, ratio: float, begin: float, most: int
) -> tuple[slice, tuple[Int64, Int64]]:
    """Rows (columns) of a coarse grid that a finer one reaches, and the fine ones in each.

    `begin` is where the coarse grid begins in the fine one, which has `most` rows (columns).
    """
    edges = begin + ratio * np.arange(first, first + count + 1)
    starts = np.floor(edges[:-1] + _SAME).astype(np.int64)
    ends = np.ceil(edges[1:] - _SAME).astype(np.int64)
    there = np.flatnonzero((ends > 0) & (starts < most))
    here = slice(int(there[0]), int(there[-1]) + 1) if there.size else slice(0, 0)
    return here, (np.maximum(starts[here], 0), np.minimum(ends[here], most))
