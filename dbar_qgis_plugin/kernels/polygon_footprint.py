"""Which cells of a grid a polygon covers, and how much of each, for many polygons at once.

A footprint is stored as runs of whole cells along rows, and as single cells that are covered in
part. Work grows with the length of the outlines in cells, never with the area; polygons may
overlap.

The exact rule follows the accumulation of signed areas that scanline font rasterisers use: each
edge, cut where it crosses grid lines, adds to its own cell the signed area to its right, and its
height to all cells further right in that row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
Int32 = NDArray[np.int32]

RULES = ("centre", "exact", "all_touched")

_PIECES_AT_ONCE = 1_000_000
_NO_COVER = 1e-12


class Rings(NamedTuple):
    """Rings of many polygons in cell units: cell (row, col) spans [col, col+1) x [row, row+1).

    x, y : float64 [vertices], every ring closed (its last vertex is its first).
    start : int64 [rings + 1], where each ring's vertices begin.
    zone : int64 [rings], the polygon's number.
    hole : bool [rings], whether the ring bounds a hole.
    """

    x: Float64
    y: Float64
    start: Int64
    zone: Int64
    hole: NDArray[np.bool_]


class Footprints(NamedTuple):
    """The cells under each polygon, sorted by zone, row and column.

    zone, row, start, stop : int32 [runs]
        Whole cells `start <= col < stop` of a row.
    cell_zone, cell_row, cell_col : int32 [cells]; cell_weight : float64 [cells]
        Cells on the outline with their weight in (0, 1]; empty under the centre rule.
    total : float64 [zones]
        Weight of the whole footprint in cells, also where it lies off the grid.
    """

    zone: Int32
    row: Int32
    start: Int32
    stop: Int32
    cell_zone: Int32
    cell_row: Int32
    cell_col: Int32
    cell_weight: Float64
    total: Float64


class _Edges(NamedTuple):
    x0: Float64
    y0: Float64
    x1: Float64
    y1: Float64
    zone: Int64
    sign: Float64


def _edges(rings: Rings) -> _Edges:
    """Edges of the rings, and the sign that makes outlines count positive and holes negative."""
    begin = rings.start[:-1]
    inner = np.ones(rings.x.size, dtype=bool)
    inner[rings.start[1:] - 1] = False  # the last vertex of a ring begins no edge
    first = np.flatnonzero(inner)
    edges_per_ring = np.diff(rings.start) - 1
    x0, y0, x1, y1 = rings.x[first], rings.y[first], rings.x[first + 1], rings.y[first + 1]
    # Coordinates relative to the ring keep the area exact far from the grid's origin.
    ring = np.repeat(np.arange(begin.size), edges_per_ring)
    dx0, dy0 = x0 - rings.x[begin][ring], y0 - rings.y[begin][ring]
    dx1, dy1 = x1 - rings.x[begin][ring], y1 - rings.y[begin][ring]
    doubled = np.bincount(ring, weights=dx0 * dy1 - dx1 * dy0, minlength=begin.size)
    sign = np.where((doubled > 0.0) ^ rings.hole, 1.0, -1.0)
    return _Edges(x0, y0, x1, y1, rings.zone[ring], sign[ring])


def _spread(counts: Int64) -> tuple[Int64, Int64]:
    """Owner and running number of each of `counts[i]` items per owner i."""
    owner = np.repeat(np.arange(counts.size), counts)
    first = np.cumsum(counts) - counts
    return owner, np.arange(owner.size) - first[owner]


def _joint_key(*keys: Int64) -> tuple[Int64, ...]:
    """One key that sorts as `lexsort` does by all, the last first; all if it would overflow.

    Sorting is most of the work here, and each key costs a sort of its own.
    """
    joint, reach = np.zeros_like(keys[0]), 1
    for key in keys:
        if key.size == 0:
            return keys
        low = int(key.min())
        joint += (key - low) * reach
        reach *= int(key.max()) - low + 1
        if reach >= 2**62:
            return keys
    return (joint,)


def _centre_runs(edges: _Edges, lower_inclusive: bool) -> tuple[Int64, Int64, Int64, Int64]:
    """Runs of cells whose centres lie strictly between a row's crossings, taken in pairs.

    An edge crosses the rows whose centre line lies in [ymin, ymax) or, with `lower_inclusive`
    false, in (ymin, ymax].
    """
    upward = edges.y0 <= edges.y1  # one direction for all, so that shared edges cross alike
    xa, ya = np.where(upward, edges.x0, edges.x1), np.where(upward, edges.y0, edges.y1)
    xb, yb = np.where(upward, edges.x1, edges.x0), np.where(upward, edges.y1, edges.y0)
    if lower_inclusive:
        first, stop = np.ceil(ya - 0.5), np.ceil(yb - 0.5)
    else:
        first, stop = np.floor(ya - 0.5) + 1.0, np.floor(yb - 0.5) + 1.0
    edge, step = _spread((stop - first).astype(np.int64))
    row = first.astype(np.int64)[edge] + step
    slope = (xb[edge] - xa[edge]) / (yb[edge] - ya[edge])
    x = xa[edge] + (row + 0.5 - ya[edge]) * slope
    zone = edges.zone[edge]
    order = np.lexsort((x, *_joint_key(row, zone)))
    enter, leave = order[0::2], order[1::2]
    start = np.floor(x[enter] + 0.5).astype(np.int64)
    end = np.ceil(x[leave] - 0.5).astype(np.int64)
    some = end > start
    return zone[enter][some], row[enter][some], start[some], end[some]


def _common_runs(runs: tuple[Int64, ...], others: tuple[Int64, ...]) -> tuple[Int64, ...]:
    """Intersection of two sets of runs, each without overlaps within a zone's row."""
    zone = np.concatenate((runs[0], others[0], runs[0], others[0]))
    row = np.concatenate((runs[1], others[1], runs[1], others[1]))
    col = np.concatenate((runs[2], others[2], runs[3], others[3]))
    count = runs[0].size + others[0].size
    change = np.repeat((1, -1), count)
    order = np.lexsort((change, col, row, zone))
    zone, row, col = zone[order], row[order], col[order]
    both = np.cumsum(change[order])[:-1] == 2
    both &= col[1:] > col[:-1]
    here = np.flatnonzero(both)
    return zone[here], row[here], col[here], col[here + 1]


def _centre_rule(edges: _Edges) -> tuple[Int64, ...]:
    """Cells whose centre lies strictly inside the polygon, as runs."""
    runs = _centre_runs(edges, True)
    on_centre_line = np.mod(edges.y0, 1.0) == 0.5
    if not on_centre_line.any():
        return runs
    # A vertex on a line of centres may bound a horizontal edge there, whose centres are not inside:
    # a point is inside when it is so seen from above as well as from below. One zone with such a
    # vertex is enough to send all through both views; it costs twice, and is rare.
    return _common_runs(runs, _centre_runs(edges, False))


def _cell_pieces(edges: _Edges) -> tuple[Int64, Int64, Int64, Float64, Float64]:
    """Cut edges at grid lines: per piece zone, row, column, signed area to its right, height."""

    def lines(a: Float64, b: Float64) -> tuple[Int64, Float64]:
        low, high = np.minimum(a, b), np.maximum(a, b)
        first, stop = np.floor(low) + 1.0, np.ceil(high)  # strictly between the ends
        edge, step = _spread(np.maximum(stop - first, 0.0).astype(np.int64))
        return edge, first[edge] + step

    dx, dy = edges.x1 - edges.x0, edges.y1 - edges.y0
    edge_x, line_x = lines(edges.x0, edges.x1)
    edge_y, line_y = lines(edges.y0, edges.y1)
    t_x = (line_x - edges.x0[edge_x]) / dx[edge_x]
    t_y = (line_y - edges.y0[edge_y]) / dy[edge_y]
    every = np.arange(edges.x0.size)
    edge = np.concatenate((every, edge_x, edge_y, every))
    t = np.concatenate((np.full(every.size, -1.0), t_x, t_y, np.full(every.size, 2.0)))
    x = np.concatenate((edges.x0, line_x, edges.x0[edge_y] + t_y * dx[edge_y], edges.x1))
    y = np.concatenate((edges.y0, edges.y0[edge_x] + t_x * dy[edge_x], line_y, edges.y1))
    order = np.lexsort((t, edge))
    edge, x, y = edge[order], x[order], y[order]
    same = edge[1:] == edge[:-1]
    height = y[1:] - y[:-1]
    # A piece along a row has no height, but marks the cells it runs through as covered in part.
    some = np.flatnonzero(same & ((height != 0.0) | (x[1:] != x[:-1])))
    middle_x, middle_y = 0.5 * (x[some] + x[some + 1]), 0.5 * (y[some] + y[some + 1])
    col, row = np.floor(middle_x), np.floor(middle_y)
    height = height[some] * edges.sign[edge[some]]
    return (
        edges.zone[edge[some]],
        row.astype(np.int64),
        col.astype(np.int64),
        height * (col + 1.0 - middle_x),
        height,
    )


def _exact_cover(edges: _Edges) -> tuple[tuple[Int64, ...], tuple[Int64, ...], Float64]:
    """Runs inside the polygons, the cells on their outlines, and those cells' covered shares."""
    zone, row, col, area, height = _cell_pieces(edges)
    if zone.size == 0:
        none = np.empty(0, dtype=np.int64)
        return (none,) * 4, (none,) * 3, np.empty(0)
    order = np.lexsort(_joint_key(col, row, zone))
    zone, row, col = zone[order], row[order], col[order]
    new_row = np.concatenate(([True], (np.diff(zone) != 0) | (np.diff(row) != 0)))
    new_cell = np.flatnonzero(new_row | np.concatenate(([True], np.diff(col) != 0)))
    area = np.add.reduceat(area[order], new_cell)
    height = np.add.reduceat(height[order], new_cell)
    zone, row, col, new_row = zone[new_cell], row[new_cell], col[new_cell], new_row[new_cell]
    swept = np.cumsum(height)
    before = swept - height
    row_begin = np.flatnonzero(new_row)
    base = np.repeat(before[row_begin], np.diff(np.append(row_begin, zone.size)))
    share = np.clip(np.abs(area + before - base), 0.0, 1.0)
    inside = (np.abs(swept - base)[:-1] > 0.5) & ~new_row[1:] & (col[1:] > col[:-1] + 1)
    left = np.flatnonzero(inside)
    runs = (zone[left], row[left], col[left] + 1, col[left + 1])
    covered = np.flatnonzero(share > _NO_COVER)
    return runs, (zone[covered], row[covered], col[covered]), share[covered]


def _chunks(edges: _Edges) -> Iterator[_Edges]:
    """Edges of whole zones at a time, so that memory does not grow with the number of zones."""
    crossings = (
        np.abs(edges.x1 - edges.x0) + np.abs(edges.y1 - edges.y0) + 3.0
    )  # an upper bound of the pieces
    chunk = (np.cumsum(crossings) // _PIECES_AT_ONCE).astype(np.int64)
    # All edges of a zone go with its first one.
    new_zone = np.concatenate(([True], np.diff(edges.zone) != 0))
    chunk = np.repeat(chunk[new_zone], np.diff(np.append(np.flatnonzero(new_zone), chunk.size)))
    bounds = np.concatenate(([0], np.flatnonzero(np.diff(chunk)) + 1, [chunk.size]))
    for begin, end in pairwise(bounds):
        part = slice(begin, end)
        yield _Edges(
            edges.x0[part],
            edges.y0[part],
            edges.x1[part],
            edges.y1[part],
            edges.zone[part],
            edges.sign[part],
        )


def footprints(
    rings: Rings,
    zone_count: int,
    height: int,
    width: int,
    *,
    rule: str = "centre",
    check: Callable[[], None] | None = None,
) -> Footprints:
    """Cells of a grid under each of many polygons.

    Parameters
    ----------
    rings : Rings
        Rings in cell units, sorted by zone; the rings of one polygon do not cross each other.
    zone_count : int
        Number of polygons; those without rings get an empty footprint.
    height, width : int
        Size of the grid in cells; runs and cells are clipped to it, `total` is not.
    rule : {"centre", "exact", "all_touched"}
        Which cells count: those whose centre lies inside (a centre on the outline does not), all
        cells with their covered share, or every cell of which some part is covered, as a whole.
    check : callable, optional
        Called several times a second; may raise, to stop.

    Returns
    -------
    Footprints

    Raises
    ------
    ValueError
        If the rule is unknown.
    """
    if rule not in RULES:
        raise ValueError(f"unknown coverage rule {rule!r}")
    total = np.zeros(zone_count)
    parts: list[list[NDArray[Any]]] = []
    if rings.x.size:
        for edges in _chunks(_edges(rings)):
            if check is not None:
                check()
            if rule == "centre":
                runs = _centre_rule(edges)
                cells: tuple[Int64, ...] = (np.empty(0, dtype=np.int64),) * 3
                weight = np.empty(0)
            else:
                runs, cells, weight = _exact_cover(edges)
                if rule == "all_touched":
                    weight = np.ones_like(weight)
            total += np.bincount(runs[0], weights=runs[3] - runs[2], minlength=zone_count)
            total += np.bincount(cells[0], weights=weight, minlength=zone_count)
            zone, row, start, stop = runs
            start, stop = np.maximum(start, 0), np.minimum(stop, width)
            on = (row >= 0) & (row < height) & (start < stop)
            on_cell = (cells[1] >= 0) & (cells[1] < height) & (cells[2] >= 0) & (cells[2] < width)
            parts.append(
                [part[on].astype(np.int32) for part in (zone, row, start, stop)]
                + [part[on_cell].astype(np.int32) for part in cells]
                + [weight[on_cell]]
            )
    if not parts:
        none = np.empty(0, dtype=np.int32)
        return Footprints(none, none, none, none, none, none, none, np.empty(0), total)
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Footprints(**dict(zip(Footprints._fields, [*columns, total], strict=True)))


def overlapping_zones(prints: Footprints, zone_count: int) -> NDArray[np.bool_]:
    """Which zones share a whole cell with another zone, bool [zone_count]."""
    overlaps = np.zeros(zone_count, dtype=bool)
    if prints.zone.size < 2:
        return overlaps
    columns = int(prints.stop.max()) + 1
    first = prints.row.astype(np.int64) * columns
    order = np.argsort(first + prints.start, kind="stable")
    begin, end = (first + prints.start)[order], (first + prints.stop)[order]
    zone = prints.zone[order]
    # Over the runs so far, which reaches furthest: a later run that begins before that overlaps it.
    reach = np.maximum.accumulate(end)
    owner = np.maximum.accumulate(np.where(end == reach, np.arange(end.size), 0))
    hit = np.flatnonzero((begin[1:] < reach[:-1]) & (zone[1:] != zone[owner[:-1]])) + 1
    overlaps[zone[hit]] = True
    overlaps[zone[owner[hit - 1]]] = True
    return overlaps
