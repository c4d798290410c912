"""Points with names, laid over things made of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.cell_runs import RIM
from dbar_qgis_plugin.kernels.degree_of_urbanisation import Group
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]


class NamedPoints(NamedTuple):
    """Places with names, in any CRS; weight is NaN where unknown."""

    x: Sequence[float]
    y: Sequence[float]
    names: Sequence[str]
    weights: Sequence[float]
    crs: str


@dataclass(frozen=True)
class PointCells:
    """Points with names in cells of the grid; those off it are gone."""

    row: Int64
    col: Int64
    names: list[str]
    weights: Float64

    @classmethod
    def of(cls, points: NamedPoints | None, grid: Grid) -> PointCells:
        """Place points on a grid."""
        none = np.empty(0, dtype=np.int64)
        if points is None or not len(points.names):
            return cls(none, none, [], np.empty(0))
        x, y = np.asarray(points.x, dtype=np.float64), np.asarray(points.y, dtype=np.float64)
        if not get_driver().same_crs(points.crs, grid.crs):
            x, y = get_driver().transform_points(points.crs, grid.crs, x, y)
        col, row = (np.floor(place) for place in grid.to_cells(x, y))
        with np.errstate(invalid="ignore"):
            on = (row >= 0) & (row < grid.height) & (col >= 0) & (col < grid.width)
        names = [name for name, here in zip(points.names, on, strict=True) if here]
        weights = np.asarray(points.weights, dtype=np.float64)[on]
        return cls(row[on].astype(np.int64), col[on].astype(np.int64), names, weights)

    def in_window(self, window: Window) -> tuple[Int64, Int64]:
        """Points in a window, and their cells there."""
        row, col = self.row - window.row, self.col - window.col
        here = (row >= 0) & (row < window.height) & (col >= 0) & (col < window.width)
        chosen = np.flatnonzero(here)
        return chosen, row[chosen] * window.width + col[chosen]

    def names_of(self, group: Group, people: Float64, stride: int) -> list[str]:
        """Name of each thing: that of its point with the largest weight, else in the fullest cell.

        Points with a weight come before those without.
        """
        names = [""] * group.things
        if not self.names or not group.things:
            return names
        place = (self.row + RIM) * stride + self.col + RIM
        run = np.searchsorted(group.begin, place, side="right") - 1
        inside = (run >= 0) & (place < group.end[run])
        order = np.lexsort((people, np.nan_to_num(self.weights, nan=-np.inf)))
        for point in order[inside[order]].tolist():
            names[int(group.number[run[point]])] = self.names[point]
        return names
