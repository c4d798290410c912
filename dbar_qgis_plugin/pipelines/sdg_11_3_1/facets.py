"""Pieces of a grid in which all cells are taken to have one shape on the ground."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.neighbourhoods import FACET, Reach
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid

Bools = NDArray[np.bool_]
Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]


class Facets(NamedTuple):
    """Shapes of the cells of a window, facet by facet.

    metrics : float64 [3, facets]
    row, col : the first facet
    across : facets side by side
    """

    metrics: Float64
    row: int
    col: int
    across: int

    @classmethod
    def of(cls, grid: Grid, window: Window) -> Facets:
        """Measure the cells in the middles of the facets that a window meets."""
        row, col = window.row // FACET, window.col // FACET
        down = (window.row + window.height - 1) // FACET + 1 - row
        across = (window.col + window.width - 1) // FACET + 1 - col
        rows, cols = np.indices((down, across)).reshape(2, -1)
        return cls(_metrics(grid, rows + row, cols + col), row, col, across)

    def pieces(
        self, window: Window, wanted: Bools, around: Reach
    ) -> Iterator[tuple[slice, slice, int]]:
        """Rows and columns of pieces of a window whose cells are alike, and their shape.

        Pieces without a wanted cell are left out.
        """
        for down in range(self.metrics.shape[1] // self.across):
            rows = _clipped(self.row + down, window.row, window.height)
            columns = np.asarray(wanted[rows].any(axis=0))
            begin = 0
            for across in range(1, self.across + 1):
                shape = down * self.across + begin
                if across < self.across and around.same(shape, down * self.across + across):
                    continue
                cols = slice(
                    _clipped(self.col + begin, window.col, window.width).start,
                    _clipped(self.col + across - 1, window.col, window.width).stop,
                )
                if columns[cols].any():
                    yield rows, cols, shape
                begin = across


def _clipped(facet: int, first: int, size: int) -> slice:
    """Part of a window's rows, or columns, that lies in a facet."""
    begin = facet * FACET - first
    return slice(max(begin, 0), min(begin + FACET, size))


def shapes_at(grid: Grid, row: Int64, col: Int64) -> tuple[Float64, Int64]:
    """Shapes of the cells at some places: metrics [3, shapes], and which shape each place has."""
    across = grid.width // FACET + 1
    facets, shape = np.unique(row // FACET * across + col // FACET, return_inverse=True)
    return _metrics(grid, *np.divmod(facets, across)), shape.reshape(-1)


def _metrics(grid: Grid, row: Int64, col: Int64) -> Float64:
    """Measure the cells in the middles of facets."""
    return grid.cell_metrics(_middles(row, grid.height), _middles(col, grid.width))


def _middles(facet: Int64, size: int) -> Float64:
    first = facet * FACET
    return np.asarray(0.5 * (first + np.minimum(first + FACET, size)), dtype=np.float64)
