"""Areas by class, summed so that the order of the summands changes no bit.

A cell's area is rounded to a whole number of units of 2**exponent m2, small enough to be exact to
2**-32 of the area (of grids beyond 2**30 cells, to so much less as keeps their sum in 64 bits), and
large enough that sums over a piece stay whole numbers in float64. Whole numbers add up to the same
whatever the blocks and the threads.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

Int64 = NDArray[np.int64]

_CELL_BITS, _SUM_BITS = 32, 62
# Sums of so many cells are exact in float64, and the arrays of so many stay in the cache.
_MOST_CELLS, _CELLS_AT_ONCE = 1 << 20, 1 << 16


def unit_exponent(largest_cell_area_m2: float, cell_count: int) -> int:
    """Exponent of the unit for cells up to an area in m2, and for so many of them together."""
    cell_bits = int(np.ceil(np.log2(largest_cell_area_m2)))
    sum_bits = int(np.ceil(np.log2(largest_cell_area_m2) + np.log2(max(cell_count, 1))))
    return max(cell_bits - _CELL_BITS, sum_bits - _SUM_BITS)


def areas_in_units(areas_m2: ArrayLike, exponent: int) -> NDArray[np.float64]:
    """Areas as whole numbers of units, in float64, of the shape given."""
    return np.rint(np.asarray(areas_m2, dtype=np.float64) * 2.0**-exponent)


def tally(codes: ArrayLike, areas_units: ArrayLike, code_count: int) -> Int64:
    """Sum areas by code.

    Parameters
    ----------
    codes : array_like of int, shape (height, width) or (cells,)
        0 .. code_count - 1; other cells must be left out by giving them a code of their own.
    areas_units : array_like, shape (height, 1) or that of `codes`
        From `areas_in_units`.
    code_count : int
        Number of codes.

    Returns
    -------
    ndarray of int64 [code_count]
        Areas in units, exact.
    """
    codes = np.asarray(codes)
    weights = np.broadcast_to(np.asarray(areas_units, dtype=np.float64), codes.shape)
    total = np.zeros(code_count, dtype=np.int64)
    for piece in pieces(codes.shape, code_count):
        sums = np.bincount(codes[piece].ravel(), weights[piece].ravel(), code_count)
        total += sums.astype(np.int64)
    return total


def pieces(shape: tuple[int, ...], code_count: int) -> Iterator[slice]:
    """Rows to be counted at once, few enough that float64 holds their sums exactly."""
    row_cells = int(np.prod(shape[1:], dtype=np.int64))
    cells = min(max(_CELLS_AT_ONCE, 4 * code_count), _MOST_CELLS)
    rows = max(1, cells // max(row_cells, 1))
    return (slice(first, first + rows) for first in range(0, shape[0], rows))


def tally_km2(units: ArrayLike, exponent: int) -> NDArray[np.float64]:
    """Areas in km2 of sums in units."""
    return np.asarray(units, dtype=np.float64) * 2.0**exponent * 1e-6
