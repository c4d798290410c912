"""Rasters of one region on one grid, cropped to what all of them cover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dbar_qgis_plugin.errors import GridError, translate
from dbar_qgis_plugin.pipelines.class_rasters import resampling_messages
from dbar_qgis_plugin.pipelines.equal_area_grid import cropped, offset
from dbar_qgis_plugin.pipelines.inputs import middle_cell_area, on_reference, resampling_notes
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import Polygons
from dbar_qgis_plugin.raster_io.progress import Message, message
from dbar_qgis_plugin.raster_io.source import Block, RasterSource

_RIM_POINTS = 101


class PlacedBand(NamedTuple):
    """A band on a grid: read as it is where its cells are those of the grid, else resampled.

    row, col : where the grid's first cell lies in the source
    """

    source: RasterSource
    row: int = 0
    col: int = 0

    def read(self, window: Window) -> Block:
        """Read a window of the grid."""
        return self.source.read(
            window._replace(row=window.row + self.row, col=window.col + self.col)
        )


def finest(sources: Sequence[RasterSource]) -> Grid:
    """Grid with the smallest cells, of several alike the first."""
    return min((source.grid for source in sources), key=middle_cell_area)


def common_grid(
    grid: Grid, sources: Sequence[RasterSource], area: Polygons | None = None, margin: int = 0
) -> tuple[Grid, list[Message]]:
    """Part of a grid that all rasters cover, and what the log is told of it.

    Parameters
    ----------
    grid : Grid
        The grid.
    sources : sequence of RasterSource
        The rasters.
    area : Polygons, optional
        The part of the grid that is wanted.
    margin : int
        Cells to be kept around that.

    Raises
    ------
    GridError
        If a raster, or the area, does not reach the others.
    """
    shared = grid.window
    for source in sources:
        shared = _intersection(shared, _extent_of(source.grid, grid), source.name)
    notes = []
    if shared != grid.window:
        notes.append(
            message(
                translate(
                    "Dbar",
                    "The rasters cover different areas. The result has the area that they share, "
                    "{width} × {height} cells of {all_width} × {all_height}.",
                ),
                width=shared.width,
                height=shared.height,
                all_width=grid.width,
                all_height=grid.height,
            )
        )
    if area is not None:
        rings, _ = area.rings_on(grid)
        if rings.x.size == 0:
            raise GridError(
                translate("Dbar", "The study area has no polygon. Choose another layer.")
            )
        top, left = int(np.floor(rings.y.min())), int(np.floor(rings.x.min()))
        bottom, right = int(np.ceil(rings.y.max())), int(np.ceil(rings.x.max()))
        window = Window(top, left, bottom - top, right - left)
        _intersection(shared, window, translate("Dbar", "The study area"))
        wider = Window(
            top - margin, left - margin, bottom - top + 2 * margin, right - left + 2 * margin
        )
        shared = _intersection(shared, wider, "")
    return cropped(grid, shared), notes


def _extent_of(own: Grid, grid: Grid) -> Window:
    """Window of a grid, not clipped to it, around another grid."""
    at = offset(own, grid)
    if at is not None:
        return Window(-at[0], -at[1], own.height, own.width)
    steps = np.linspace(0.0, 1.0, _RIM_POINTS)
    right, down = (part.ravel() for part in np.meshgrid(steps, steps))
    x, y = own.to_coordinates(right * own.width, down * own.height)
    x, y = get_driver().transform_points(own.crs, grid.crs, x, y)
    col, row = grid.to_cells(x, y)
    known = np.isfinite(row + col)
    if not known.any():
        return Window(0, 0, 0, 0)
    top, left = int(np.floor(row[known].min())), int(np.floor(col[known].min()))
    bottom, end = int(np.ceil(row[known].max())), int(np.ceil(col[known].max()))
    return Window(top, left, bottom - top, end - left)


def _intersection(one: Window, other: Window, name: str) -> Window:
    top, left = max(one.row, other.row), max(one.col, other.col)
    bottom = min(one.row + one.height, other.row + other.height)
    right = min(one.col + one.width, other.col + other.width)
    if bottom <= top or right <= left:
        raise GridError(
            translate(
                "Dbar",
                "{name} does not overlap the other rasters. Check the CRS of all, and that they "
                "show the same region.",
            ),
            name=name,
        )
    return Window(top, left, bottom - top, right - left)


def placed(source: RasterSource, grid: Grid, measure: str) -> PlacedBand:
    """Put a band on a grid; `measure` says how it may be resampled (`inputs.on_reference`)."""
    at = offset(source.grid, grid)
    if at is not None and _holds(source.grid, grid, at):
        return PlacedBand(source, *at)
    return PlacedBand(on_reference(source, grid, measure))


def _holds(own: Grid, grid: Grid, at: tuple[int, int]) -> bool:
    row, col = at
    return (
        row >= 0 and col >= 0 and row + grid.height <= own.height and col + grid.width <= own.width
    )


def placing_notes(bands: Sequence[PlacedBand]) -> list[Message]:
    """Say which rasters are resampled, and how."""
    return resampling_messages(resampling_notes([band.source for band in bands]))
