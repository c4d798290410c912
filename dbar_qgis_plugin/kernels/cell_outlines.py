"""Outlines of things made of cells, as rings along the cells' sides."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.cell_runs import RIM, Int64, clusters


class Outlines(NamedTuple):
    """Rings of polygons, by thing: of each polygon its outline, then its holes.

    col, row : int64 [vertices]
        Corners of cells; every ring is closed.
    start : int64 [rings + 1]
        Where each ring's vertices begin.
    polygon : int64 [rings]
        The polygon that a ring is of, counted from 0.
    thing : int64 [polygons]
        The thing that a polygon is part of.
    """

    col: Int64
    row: Int64
    start: Int64
    polygon: Int64
    thing: Int64


def outlines(begin: Int64, end: Int64, thing: Int64, stride: int, size: int) -> Outlines:
    """Polygons of things made of cells; parts that touch at a corner only are polygons apart.

    Parameters
    ----------
    begin, end : int64 ndarray [runs]
        Runs of cells (`cell_runs`).
    thing : int64 ndarray [runs]
        What each run is of, from 0.
    stride : int
        From `cell_runs.stride_of`.
    size : int
        Number of places of the grid.
    """
    order = np.lexsort((begin, thing))
    begin, end, thing = begin[order], end[order], thing[order]
    # Each thing, then each polygon, in a space of its own: what touches another keeps its outline.
    count, polygon = clusters(begin + thing * size, end + thing * size, stride, diagonal=False)
    thing_of = np.zeros(count, dtype=np.int64)
    thing_of[polygon] = thing
    if count == 0:
        none = np.empty(0, dtype=np.int64)
        return Outlines(none, none, np.zeros(1, dtype=np.int64), none, thing_of)
    sides = _Sides.of(begin, end, polygon.astype(np.int64), stride, size)
    return _rings(sides, thing_of, stride)


class _Sides(NamedTuple):
    """Left sides of all runs, then their right sides; walked with the cells at the right hand.

    place : int64 [sides], of the cell at the right of a side
    after : int64 [sides], the side that comes next
    straight : bool [sides], the next one follows without a turn
    polygon : int64 [sides]
    """

    place: Int64
    after: Int64
    straight: NDArray[np.bool_]
    polygon: Int64

    @classmethod
    def of(cls, begin: Int64, end: Int64, polygon: Int64, stride: int, size: int) -> _Sides:
        """Find how the sides follow each other.

        Ends of sides on one line between rows belong together in pairs from left to right, with a
        level side between the two; two alike in one place are a side that goes straight on. Where
        two cells of a polygon touch at a corner, the level sides go from one to the other: so a
        hole that touches the outline there is a ring of its own.
        """
        runs = begin.size
        space = polygon * size
        places = np.concatenate((begin + space, end + space))
        is_right = np.repeat((0, 1), runs)
        key = np.concatenate((2 * places + is_right, 2 * (places + stride) + is_right))
        order = np.argsort(key, kind="stable")
        alike = np.flatnonzero(key[order][1:] == key[order][:-1])
        partner = np.empty(key.size, dtype=np.int64)
        partner[order[alike]], partner[order[alike + 1]] = order[alike + 1], order[alike]
        straight = np.zeros(key.size, dtype=bool)
        straight[order[alike]] = straight[order[alike + 1]] = True
        turning = order[~straight[order]]
        partner[turning[0::2]], partner[turning[1::2]] = turning[1::2], turning[0::2]
        # Left sides are walked up and left at their upper end, right sides down.
        leaving = np.arange(2 * runs) + 2 * runs * is_right
        return cls(
            np.concatenate((begin, end)),
            partner[leaving] % (2 * runs),
            straight[leaving],
            np.tile(polygon, 2),
        )


def _rings(sides: _Sides, thing_of: Int64, stride: int) -> Outlines:
    walk, lengths = _walk(sides.after.tolist())
    ring = np.repeat(np.arange(len(lengths)), lengths)
    turns = ~sides.straight[walk]
    ring, here = ring[turns], walk[turns]
    line, col = np.divmod(sides.place[here], stride)
    line += here >= sides.place.size // 2  # right sides end at the lower end
    next_col = sides.place[sides.after[here]] % stride
    corners = np.bincount(ring, minlength=len(lengths))
    polygon = sides.polygon[walk[np.cumsum(lengths) - lengths]]
    # A level side has two corners; the first one of a ring closes it.
    x = np.column_stack((col, next_col)).reshape(-1) - RIM
    y = np.repeat(line, 2) - RIM
    area = np.bincount(ring, (next_col - col) * line, len(lengths))
    # With rows counted downwards, outlines enclose a negative area here, holes a positive one.
    order = np.lexsort((area > 0, polygon))
    first = 2 * (np.cumsum(corners) - corners)
    size = 2 * corners[order] + 1
    start = np.concatenate(([0], np.cumsum(size)))
    step = np.arange(start[-1]) - np.repeat(start[:-1], size)
    step[start[1:] - 1] = 0
    vertex = np.repeat(first[order], size) + step
    return Outlines(x[vertex], y[vertex], start, polygon[order], thing_of)


def _walk(after: list[int]) -> tuple[Int64, Int64]:
    """Sides ring by ring, and the number of sides of each ring."""
    seen = bytearray(len(after))
    walk: list[int] = []
    lengths: list[int] = []
    for first in range(len(after)):
        if seen[first]:
            continue
        before, side = len(walk), first
        while not seen[side]:
            seen[side] = 1
            walk.append(side)
            side = after[side]
        lengths.append(len(walk) - before)
    return np.array(walk, dtype=np.int64), np.array(lengths, dtype=np.int64)
