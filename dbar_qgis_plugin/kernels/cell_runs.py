"""Runs of cells along the rows of a grid, and the clusters that touching runs make.

A run is two places, so that clusters of a grid of any size are found without a raster of labels.
Places count row by row over the grid with a rim of one cell around it: neighbours of any cell have
a place, and runs of two rows never follow each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Int64 = NDArray[np.int64]
Int32 = NDArray[np.int32]
Bools = NDArray[np.bool_]

RIM = 1  # cells around the grid


class Runs(NamedTuple):
    """Runs of cells, in the order of their places.

    begin, end : int64 [runs]
        Places of the first cell and of the cell after the last one.
    amount : int64 [runs, quantities]
        What the cells hold, in whole units, so that sums do not depend on their order.
    """

    begin: Int64
    end: Int64
    amount: Int64

    def chosen(self, which: NDArray[Any]) -> Runs:
        """Return some of the runs."""
        return Runs(self.begin[which], self.end[which], self.amount[which])

    @property
    def cells(self) -> int:
        """Number of cells."""
        return int((self.end - self.begin).sum())


def stride_of(width: int) -> int:
    """Steps from a place to the one below it, for a grid of so many columns."""
    return width + 2 * RIM


def runs_of(mask: Bools, amounts: Sequence[Int64], row: int, col: int, stride: int) -> Runs:
    """Runs of the cells of a window.

    Parameters
    ----------
    mask : bool ndarray [height, width]
        Cells that are wanted.
    amounts : sequence of int64 ndarray [height, width]
        Quantities to be summed run by run.
    row, col : int
        Where the window lies in the grid.
    stride : int
        From `stride_of`.
    """
    height, width = mask.shape
    padded = np.zeros((height, width + 1), dtype=bool)
    padded[:, :width] = mask
    flat = padded.reshape(-1)
    change = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    if flat[0]:
        change = np.concatenate(([0], change))
    rows, cols = np.divmod(change, width + 1)
    amount = np.zeros((change.size // 2, len(amounts)), dtype=np.int64)
    if change.size:
        borders = rows * width + cols
        for number, values in enumerate(amounts):
            cells = np.append(values.reshape(-1), 0)  # the last run may end where the window does
            amount[:, number] = np.add.reduceat(cells, borders)[0::2]
    places = (rows + row + RIM) * stride + cols + col + RIM
    return Runs(places[0::2], places[1::2], amount)


def joined(parts: Sequence[Runs]) -> Runs:
    """Runs of windows as runs of the whole grid: those cut at a window's border become one."""
    begin, end, amount = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(begin, kind="stable")
    begin, end, amount = begin[order], end[order], amount[order]
    if begin.size == 0:
        return Runs(begin, end, amount)
    first = np.flatnonzero(np.concatenate(([True], begin[1:] != end[:-1])))
    last = np.append(first[1:], begin.size) - 1
    return Runs(begin[first], end[last], np.add.reduceat(amount, first, axis=0))


def clusters(begin: Int64, end: Int64, stride: int, *, diagonal: bool) -> tuple[int, Int32]:
    """Number of clusters, and which each run is in, counted from 0 in the order of first runs.

    Parameters
    ----------
    begin, end : int64 ndarray [runs]
        In increasing order.
    stride : int
        From `stride_of`.
    diagonal : bool
        Whether cells that touch at a corner belong together (8 neighbours), or only those that
        share a side (4).
    """
    # QGIS may lack scipy, and loads this module with all algorithms.
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    upper, lower = touching(begin + stride, end + stride, begin, end, int(diagonal))
    links = coo_matrix((np.ones(upper.size, dtype=np.int8), (upper, lower)), (begin.size,) * 2)
    count, label = connected_components(links, directed=False)
    return int(count), label


def touching(
    begin: Int64, end: Int64, other_begin: Int64, other_end: Int64, reach: int
) -> tuple[Int64, Int64]:
    """Pairs of runs of two sets that overlap when the first are longer by `reach` at both ends.

    The other runs must be in increasing order.
    """
    low = np.searchsorted(other_end, begin - reach, side="right")
    high = np.searchsorted(other_begin, end + reach, side="left")
    number = np.maximum(high - low, 0)
    one = np.repeat(np.arange(begin.size), number)
    first = np.cumsum(number) - number
    other = np.arange(one.size) - np.repeat(first - low, number)
    return one, other


def places_in(begin: Int64, end: Int64) -> Int64:
    """Places of all cells of runs, run by run."""
    length = end - begin
    return np.repeat(begin - (np.cumsum(length) - length), length) + np.arange(int(length.sum()))


def runs_of_places(places: Int64, owner: NDArray[Any]) -> tuple[Int64, Int64, NDArray[Any]]:
    """Runs, and their owners, of single cells sorted by owner, then place."""
    if places.size == 0:
        return places, places, owner
    new = np.concatenate(([True], (np.diff(places) != 1) | (np.diff(owner) != 0)))
    first = np.flatnonzero(new)
    last = np.append(first[1:], places.size) - 1
    return places[first], places[last] + 1, owner[first]


def sums_by(codes: NDArray[Any], amounts: Int64, count: int) -> Int64:
    """Sums of whole numbers by code, exact however large the sums, up to 2**20 amounts."""
    codes, amounts = codes.reshape(-1), amounts.reshape(-1)
    low = np.bincount(codes, amounts & _LOW, count).astype(np.int64)
    high = np.bincount(codes, amounts >> _LOW_BITS, count).astype(np.int64)
    return low + (high << _LOW_BITS)


# Counting is done in float64, which holds whole numbers below 2**53.
_LOW_BITS = 30
_LOW = (1 << _LOW_BITS) - 1


def window_runs(
    begin: Int64, end: Int64, row: int, col: int, height: int, width: int, stride: int
) -> tuple[Int64, Int64, Int64]:
    """Which runs have cells in a window, and where these begin and end in its cells, row by row.

    Parameters
    ----------
    begin, end : int64 ndarray [runs]
        In increasing order of `begin`; runs of several owners may overlap.
    row, col, height, width : int
        The window.
    stride : int
        From `stride_of`.
    """
    top = (row + RIM) * stride
    here = slice(*np.searchsorted(begin, (top, top + height * stride)).tolist())
    line, first = np.divmod(begin[here] - top, stride)
    last = first + (end - begin)[here]
    first = np.maximum(first - RIM - col, 0)
    last = np.minimum(last - RIM - col, width)
    some = np.flatnonzero(last > first)
    base = line[some] * width
    return some + here.start, base + first[some], base + last[some]
