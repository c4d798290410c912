"""Values at places, and values in a row: numpy's own ways, where these are slow."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Int64 = NDArray[np.int64]

_LONG: Final = 100  # repetitions from which writing slices is faster than numpy's way


def gathered(values: NDArray[Any], place: Int64) -> NDArray[Any]:
    """Values at places that are known to lie in the array, so that numpy need not look first.

    Parameters
    ----------
    values : ndarray [cells]
    place : int64 [places]
        0 .. cells - 1; others are not refused.
    """
    return values.take(place, mode="clip")


def repeated(values: NDArray[Any], counts: Int64) -> NDArray[Any]:
    """Repeat each value so many times, as `numpy.repeat` does.

    Parameters
    ----------
    values : ndarray [values]
    counts : int64 [values]
        At least 0.
    """
    size = int(counts.sum())
    if size < _LONG * counts.size:
        return np.repeat(values, counts)
    found = np.empty(size, dtype=values.dtype)
    first = 0
    for value, last in zip(values.tolist(), np.cumsum(counts).tolist(), strict=True):
        found[first:last] = value
        first = last
    return found
