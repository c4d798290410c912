"""Which cells lie within a distance on the ground, and sums over them by running sums of rows.

Cells are seldom square on the ground, so a circle is, for each row up or down, an interval of
columns. The shape changes slowly over a grid: it is held for facets, pieces of the grid that do not
depend on how it is read.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]

FACET = 64  # cells
# No circle is drawn wider to either side: only next to a pole do so many cells make 564 m.
MOST_CELLS = 2048

_SLACK = 1e-9  # of a cell, for rounding


class Reach(NamedTuple):
    """Cells within a distance, for several shapes of cells.

    first, last : int64 [shapes, 2 rows + 1]
        Of the rows from -rows to +rows, the first and last column, as steps from the cell; the last
        one is before the first where the row has none.
    """

    first: Int64
    last: Int64

    @property
    def rows(self) -> int:
        """Rows up, and down, that are reached."""
        return int(self.first.shape[1]) // 2

    def same(self, one: int, other: int) -> bool:
        """Whether two shapes reach the same cells."""
        return bool(
            (self.first[one] == self.first[other]).all()
            and (self.last[one] == self.last[other]).all()
        )

    @property
    def cols(self) -> int:
        """Columns to either side that are reached."""
        return max(0, int(-self.first.min(initial=0)), int(self.last.max(initial=0)))


def reach(metrics: Float64, distance: float, *, from_outline: bool = False, most: int) -> Reach:
    """Cells whose centre lies within a distance of a cell.

    Parameters
    ----------
    metrics : float64 [3, shapes]
        From `Grid.cell_metrics`; NaN reaches nothing.
    distance : float
        In metres, from the cell's centre.
    from_outline : bool
        Measure from the cell's outline instead.
    most : int
        Rows and columns beyond these are of no interest.
    """
    across, both, down = np.where(np.isfinite(metrics).all(axis=0), metrics, np.inf)
    pad = 0.5 if from_outline else 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        area2 = across * down - both**2
        farthest = distance * np.sqrt(across / area2) + pad + _SLACK
    known = np.isfinite(farthest)
    rows = int(np.clip(farthest[known].max(initial=0.0), 0, most))
    step = np.arange(-rows, rows + 1, dtype=np.float64)
    way = (np.sign(step) * np.maximum(np.abs(step) - pad, 0.0))[np.newaxis]
    across, both, down = (part[known, np.newaxis] for part in (across, both, down))
    root2 = (both * way) ** 2 - across * (down * way**2 - distance**2)
    root = np.sqrt(np.maximum(root2, 0.0))
    first = np.zeros((known.size, step.size), dtype=np.int64)
    last = np.full_like(first, -1)
    here = root2 >= 0.0
    begin = np.clip(np.ceil((-both * way - root) / across - pad - _SLACK), -most, most)
    end = np.clip(np.floor((-both * way + root) / across + pad + _SLACK), -most, most)
    first[known] = np.where(here, begin, 0).astype(np.int64)
    last[known] = np.where(here, np.maximum(end, begin - 1), -1).astype(np.int64)
    return Reach(first, last)


def neighbours(shapes: int) -> Reach:
    """Reach of a cell and the eight around it, whatever its shape."""
    return Reach(np.full((shapes, 3), -1), np.full((shapes, 3), 1))


class RunningSums:
    """Sums over neighbourhoods of cells of a window; what lies beyond the window counts as 0.

    Parameters
    ----------
    values : int64 [height, width]
        Whole numbers, so that sums are exact.
    around : Reach
        The neighbourhoods.
    """

    def __init__(self, values: Int64, around: Reach) -> None:
        self._around = around
        height, width = values.shape
        rows, cols = around.rows, around.cols
        sums = np.zeros((height + 2 * rows, width + 2 * cols + 2), dtype=np.int64)
        inside = sums[rows : rows + height]
        np.cumsum(values, axis=1, out=inside[:, cols + 1 : cols + 1 + width])
        inside[:, cols + 1 + width :] = inside[:, [cols + width]]
        self._sums = sums

    def over(self, rows: slice, cols: slice, shape: int) -> Int64:
        """Sums around all cells of a piece of the window.

        Parameters
        ----------
        rows, cols : slice
            The piece.
        shape : int
            Which of the shapes of `Reach` its cells have.
        """
        around = self._around
        height, width = rows.stop - rows.start, cols.stop - cols.start
        total = np.zeros((height, width), dtype=np.int64)
        left = cols.start + around.cols
        for number in range(around.first.shape[1]):
            first, last = int(around.first[shape, number]), int(around.last[shape, number])
            if last < first:
                continue
            lines = self._sums[rows.start + number : rows.start + number + height]
            total += lines[:, left + last + 1 : left + last + 1 + width]
            total -= lines[:, left + first : left + first + width]
        return total
