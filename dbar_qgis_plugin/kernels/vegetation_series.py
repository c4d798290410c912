"""From the composites of a year to one value a year, many cells at a time.

Series stand as [composites, cells], each composite contiguous. A cell's result depends on its own
values alone, to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float64 = NDArray[np.float64]
Mask = NDArray[np.bool_]

MEAN, INTEGRAL, MAXIMUM = "mean", "integral", "maximum"
STATISTICS: Final = (MEAN, INTEGRAL, MAXIMUM)

_CHUNK = 1 << 18  # composites x cells at a time


def composite_weights(
    days: Sequence[float], start: float, end: float, year_length: float
) -> tuple[float, ...]:
    """Share of a year that each composite stands for.

    A composite stands for the time up to halfway to its neighbours; the first and the last reach to
    the season's ends.

    Parameters
    ----------
    days : sequence of float
        Days of the composites, increasing.
    start, end : float
        First day of the season, and the day after its last.
    year_length : float
        Days of the year.

    Returns
    -------
    tuple of float
        Together the season's length in years.
    """
    middles = [(one + other) / 2.0 for one, other in pairwise(days)]
    borders = [start, *middles, end]
    return tuple((right - left) / year_length for left, right in pairwise(borders))


def annual_value(
    values: ArrayLike,
    valid: Mask,
    statistic: str,
    *,
    days: Sequence[float] = (),
    weights: Sequence[float] = (),
    threshold: float = -np.inf,
    minimum: int = 1,
) -> tuple[Float64, Mask]:
    """Reduce the composites of a year to one value.

    Parameters
    ----------
    values : array_like, shape (composites, cells)
        Vegetation index, in order of time.
    valid : bool ndarray of the same shape
        True where a composite holds a value that may be used.
    statistic : {"mean", "maximum", "integral"}
        Arithmetic mean or largest of the valid composites; or the integral over the growing season.
    days, weights : sequence of float
        For the integral: each composite's day, and the share of the year that it stands for
        (`composite_weights`).
    threshold : float
        For the integral: time with an index below is no growing season.
    minimum : int
        A cell with fewer valid composites has no value.

    Returns
    -------
    tuple of ndarray
        Values, float64 [cells], in units of the index (the integral: units of the index x years),
        0 where there is none; and whether there is one.

    Raises
    ------
    ValueError
        If the statistic is unknown.

    Notes
    -----
    Integral = sum of weight x index over the composites with index >= threshold. Composites that
    are missing are put in by straight lines between their neighbours in time, and by the nearest
    one at the ends.
    """
    if statistic not in STATISTICS:
        raise ValueError(f"unknown statistic {statistic!r}")
    values = np.asarray(values)
    cells = values.shape[1]
    result, known = np.zeros(cells), np.zeros(cells, dtype=bool)
    step = max(1, _CHUNK // max(1, len(values)))
    for start in range(0, cells, step):
        part = slice(start, min(start + step, cells))
        there = valid[:, part]
        count = there.sum(axis=0)
        if statistic == MAXIMUM:
            found = np.where(there, values[:, part], -np.inf).max(axis=0)
        elif statistic == MEAN:
            found = _total(values[:, part], there) / np.maximum(count, 1)
        else:
            series = interpolated(values[:, part], there, days)
            found = _season_total(series, weights, threshold)
        known[part] = count >= max(minimum, 1)
        result[part] = np.where(known[part], found, 0.0)
    return result, known


def _total(values: NDArray[Any], valid: Mask) -> Float64:
    """Sum of the valid layers, one after the other."""
    total = np.zeros(values.shape[1])
    for layer, there in zip(values, valid, strict=True):
        np.add(total, layer, out=total, where=there)
    return total


def _season_total(series: Float64, weights: Sequence[float], threshold: float) -> Float64:
    total = np.zeros(series.shape[1])
    for layer, weight in zip(series, weights, strict=True):
        np.add(total, layer * weight, out=total, where=layer >= threshold)
    return total


def interpolated(values: ArrayLike, valid: Mask, days: Sequence[float]) -> Float64:
    """Fill gaps by straight lines in time between their neighbours, at the ends by the nearest.

    Parameters
    ----------
    values : array_like, shape (composites, cells)
        In order of time.
    valid : bool ndarray of the same shape
        False where a composite is missing.
    days : sequence of float
        Day of each composite.

    Returns
    -------
    ndarray of float64, the same shape
        Cells without any composite hold what the first layer holds there.
    """
    series = np.asarray(values, dtype=np.float64)
    if valid.all():
        return series
    last = len(series) - 1
    place = np.arange(len(series))[:, np.newaxis]
    before = np.maximum.accumulate(np.where(valid, place, -1), axis=0)
    after = np.minimum.accumulate(np.where(valid, place, last + 1)[::-1], axis=0)[::-1]
    # Where one side has none, both are the other side's.
    before, after = (
        np.where(before < 0, np.where(after > last, 0, after), before),
        np.where(after > last, np.maximum(before, 0), after),
    )
    time = np.asarray(days, dtype=np.float64)
    span = time[after] - time[before]
    share = np.divide(
        time[:, np.newaxis] - time[before], span, out=np.zeros(span.shape), where=span > 0.0
    )
    earlier = np.take_along_axis(series, before, axis=0)
    later = np.take_along_axis(series, after, axis=0)
    return np.asarray(np.where(valid, series, earlier + (later - earlier) * share))
