"""Rasters as the user gives them, and how they come onto one grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dbar_qgis_plugin.errors import GridError, translate
from dbar_qgis_plugin.raster_io.grid import Grid, overlap
from dbar_qgis_plugin.raster_io.source import RasterSource, open_source

_COARSER = 1.5  # a target cell this many times the area of a source cell holds several of them

CATEGORICAL, CONTINUOUS, COUNT = "categorical", "continuous", "count"


@dataclass(frozen=True)
class RasterInput:
    """A raster as the user gave it; `name` is what the user sees."""

    path: str
    open_options: tuple[str, ...] = ()
    band: int = 1
    name: str = ""


def open_input(raster: RasterInput) -> RasterSource:
    """Open one band of a raster on its own grid; see `open_source` for errors."""
    return open_source(
        raster.path, raster.open_options, name=raster.name or raster.path, bands=(raster.band,)
    )


def on_reference(source: RasterSource, grid: Grid, measure: str) -> RasterSource:
    """Return a raster read on a reference grid, resampled as what it measures allows.

    Parameters
    ----------
    source : RasterSource
        On its own grid.
    grid : Grid
        The reference grid.
    measure : {"categorical", "continuous", "count"}
        Classes: the most frequent one where the reference is coarser, else the nearest. Continuous
        values: the average where it is coarser, else bilinear. Counts (persons per cell): sums.

    Raises
    ------
    GridError
        If the raster does not overlap the reference grid.
    """
    if not overlap(source.grid, grid):
        raise GridError(
            translate(
                "Dbar",
                "{name} does not overlap the reference raster. Check the CRS of both, and that "
                "they show the same region.",
            ),
            name=source.name,
        )
    if measure == COUNT:
        return source.on_grid(grid, "sum")
    coarser = _middle_cell_area(grid) > _COARSER * _middle_cell_area(source.grid)
    if measure == CATEGORICAL:
        return source.on_grid(grid, "mode" if coarser else "nearest")
    return source.on_grid(grid, "average" if coarser else "bilinear")


def _middle_cell_area(grid: Grid) -> float:
    middle = grid.window._replace(row=grid.height // 2, col=grid.width // 2, height=1, width=1)
    return float(np.ravel(grid.cell_areas(middle))[0])


def resampling_notes(sources: Sequence[RasterSource]) -> list[tuple[str, str]]:
    """Names of the rasters that are resampled, and how."""
    return [(source.name, source.warp.resampling) for source in sources if source.warp is not None]
