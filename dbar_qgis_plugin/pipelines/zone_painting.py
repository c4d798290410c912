"""Polygons as numbers of cells, painted block by block: no raster of zones is ever held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.polygon_footprint import Footprints, overlapping_zones
from dbar_qgis_plugin.pipelines.zonal_sums import footprints_on
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import Polygons

Int32 = NDArray[np.int32]

OUTSIDE = -1


@dataclass(frozen=True, eq=False)
class ZonePainter:
    """Which polygon each cell of a grid lies in; a value, which pickles.

    A cell belongs to the polygon in which its centre lies; where polygons overlap, to the first of
    them. Make one with :func:`zone_painter`.

    row, start, stop, zone : int32 [runs]
        Cells `start <= col < stop` of a row, sorted by row, then by falling zone.
    row_first : int64 [height + 1]
        Where a row's runs begin.
    cells : float64 [zones]
        Number of cells under each polygon, overlaps and cells off the grid included.
    overlaps : bool [zones]
        Whether a polygon shares cells with another.
    meets_grid : bool [zones]
        Whether the box around a ring of the polygon meets the grid.
    """

    row: Int32
    start: Int32
    stop: Int32
    zone: Int32
    row_first: NDArray[np.int64]
    cells: NDArray[np.float64]
    overlaps: NDArray[np.bool_]
    meets_grid: NDArray[np.bool_]

    def paint(self, window: Window) -> Int32:
        """Zone numbers of a window's cells, int32 [height, width]; -1 outside all polygons."""
        painted = np.full(window.height * window.width, OUTSIDE, dtype=np.int32)
        here = slice(self.row_first[window.row], self.row_first[window.row + window.height])
        start = np.maximum(self.start[here], window.col) - window.col
        stop = np.minimum(self.stop[here], window.col + window.width) - window.col
        some = np.flatnonzero(stop > start)
        if some.size:
            length = (stop - start)[some].astype(np.int64)
            row = self.row[here][some].astype(np.int64) - window.row
            first = row * window.width + start[some]
            # A cell's place: its run's first cell and its number in the run.
            place = np.repeat(first - (np.cumsum(length) - length), length)
            place += np.arange(place.size)
            # Of the values for one place the last stays: the runs of the first zone come last.
            painted[place] = np.repeat(self.zone[here][some], length)
        return painted.reshape(window.height, window.width)

    def flags(self, wkb: Sequence[bytes | None]) -> list[list[str]]:
        """Codes that tell for each zone why its figures are missing, or hold in part only.

        `wkb` are the zones' geometries; None or empty = none.
        """
        found: list[list[str]] = [[] for _ in wkb]
        on_grid = np.bincount(self.zone, self.stop - self.start, len(wkb))
        for zone, geometry in enumerate(wkb):
            if not geometry:
                found[zone].append("NO_GEOMETRY")
            elif not self.meets_grid[zone]:
                found[zone].append("OUTSIDE")
            elif self.cells[zone] == 0:
                found[zone].append("TOO_SMALL")
            elif on_grid[zone] == 0:
                found[zone].append("OUTSIDE")
            elif on_grid[zone] < self.cells[zone]:
                found[zone].append("PARTLY_OUTSIDE")
            if self.overlaps[zone]:
                found[zone].append("OVERLAP")
        return found


def zone_painter(polygons: Polygons, grid: Grid) -> ZonePainter:
    """Lay polygons of any CRS over a grid.

    Parameters
    ----------
    polygons : Polygons
        Zone numbers are places in this list.
    grid : Grid
        The cells to be painted.
    """
    here = polygons.to_crs(grid.crs)
    prints: Footprints = footprints_on(here, grid, "centre")
    order = np.lexsort((prints.start, -prints.zone, prints.row))
    row = prints.row[order]
    return ZonePainter(
        row,
        prints.start[order],
        prints.stop[order],
        prints.zone[order],
        np.searchsorted(row, np.arange(grid.height + 1)).astype(np.int64),
        prints.total,
        overlapping_zones(prints, polygons.count),
        _meets_grid(here, grid),
    )


def _meets_grid(polygons: Polygons, grid: Grid) -> NDArray[np.bool_]:
    rings, _ = polygons.rings_on(grid)
    met = np.zeros(polygons.count, dtype=bool)
    if rings.zone.size:
        first = rings.start[:-1]
        inside = np.ones(first.size, dtype=bool)
        for place, size in ((rings.x, grid.width), (rings.y, grid.height)):
            inside &= np.minimum.reduceat(place, first) < size
            inside &= np.maximum.reduceat(place, first) > 0
        met[rings.zone[inside]] = True
    return met
