"""Areas by class, summed so that the order of the summands changes no bit.

A cell's area is rounded to a whole number of units of 2**exponent m2, small enough to be exact to
2**-32 of the area and large enough that sums over a block stay whole numbers in float64. Whole
numbers add up to the same whatever the blocks and the threads.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Int64 = NDArray[np.int64]


def unit_exponent(largest_cell_area_m2: float) -> int:
    """Exponent of the unit for cells up to an area in m2."""
    return int(np.ceil(np.log2(largest_cell_area_m2))) - 32


def areas_in_units(areas_m2: ArrayLike, exponent: int) -> NDArray[np.float64]:
    """Areas as whole numbers of units, in float64, of the shape given."""
    return np.rint(np.asarray(areas_m2, dtype=np.float64) * 2.0**-exponent)


def tally(codes: ArrayLike, areas_units: ArrayLike, code_count: int) -> Int64:
    """Sum areas by code.

    Parameters
    ----------
    codes : array_like of int, shape (height, width)
        0 .. code_count - 1; other cells must be left out by giving them a code of their own.
    areas_units : array_like, shape (height, 1) or (height, width)
        From `areas_in_units`.
    code_count : int
        Number of codes.

    Returns
    -------
    ndarray of int64 [code_count]
        Areas in units; exact for up to 2**20 cells.
    """
    codes = np.asarray(codes)
    weights = np.broadcast_to(np.asarray(areas_units, dtype=np.float64), codes.shape)
    sums = np.bincount(codes.ravel(), weights=weights.ravel(), minlength=code_count)
    return sums.astype(np.int64)


def tally_km2(units: ArrayLike, exponent: int) -> NDArray[np.float64]:
    """Areas in km2 of sums in units."""
    return np.asarray(units, dtype=np.float64) * 2.0**exponent * 1e-6
