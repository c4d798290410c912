"""How unequally light is spread, over cells or over people: Lorenz curve, Gini, Theil.

All functions take entries of many groups at once. An entry is a cell, or cells that are nearly
alike taken together: its `weight` is the number of cells or of persons, its `amount` their light.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float64 = NDArray[np.float64]


def _sums(group: NDArray[np.int64], values: Float64, groups: int) -> Float64:
    # Adds entry by entry, in their order.
    return np.bincount(group, values, groups).astype(np.float64)


def lorenz_gini(group: ArrayLike, weight: ArrayLike, amount: ArrayLike, groups: int) -> Float64:
    """Gini coefficient of each group's Lorenz curve, in the order in which its entries come.

    Parameters
    ----------
    group : array_like of int [entries]
        0 .. groups - 1, not decreasing; within a group the entries stand in the order of the curve.
    weight, amount : array_like [entries]
        Not negative.
    groups : int
        Number of groups.

    Returns
    -------
    ndarray of float64 [groups]
        NaN where a group has no weight or no amount.

    Notes
    -----
    G = 1 - sum (x_i - x_{i-1}) (y_i + y_{i-1}), with x and y the shares of weight and amount up to
    entry i. Sorted by amount / weight G lies in 0 .. 1; sorted by something else the curve may
    cross the diagonal, and G may be negative. An entry of several cells is a straight piece of the
    curve: sorted by amount / weight, cells whose ratios differ by a share w at most lower G by at
    most w / 4 where all lie in one entry, and far less where they lie in many.
    """
    group = np.asarray(group, dtype=np.int64)
    x = _shares(group, np.asarray(weight, dtype=np.float64), groups)
    y = _shares(group, np.asarray(amount, dtype=np.float64), groups)
    reached = np.empty(y.shape)
    # Each group by itself: what others come with it must not change its last digits.
    borders = np.searchsorted(group, np.arange(groups + 1)).tolist()
    for first, last in pairwise(borders):
        np.cumsum(y[first:last], out=reached[first:last])
    # y_i + y_{i-1} is twice what is reached less the entry itself.
    both_ends = 2.0 * reached - y
    result = 1.0 - _sums(group, x * both_ends, groups)
    known = (_sums(group, x, groups) > 0.0) & (_sums(group, y, groups) > 0.0)
    return np.asarray(np.where(known, result, np.nan))


def _shares(group: NDArray[np.int64], values: Float64, groups: int) -> Float64:
    """Shares of the groups' totals; 0 where a total is 0."""
    total = _sums(group, values, groups)[group]
    return np.divide(values, total, out=np.zeros(values.shape), where=total > 0.0)


def theil(group: ArrayLike, weight: ArrayLike, amount: ArrayLike, groups: int) -> Float64:
    """Theil's T index of each group, over the entries with an amount above 0.

    Parameters and result as in `lorenz_gini`; the entries may come in any order.

    Notes
    -----
    T = mean((v / m) ln(v / m)), with v the amounts of cells and m their mean. The cells of an entry
    count with their mean: if they differ by a share w at most, T is too low by at most w**2 / 8.
    """
    group = np.asarray(group, dtype=np.int64)
    weight = np.asarray(weight, dtype=np.float64)
    amount = np.asarray(amount, dtype=np.float64)
    some = (amount > 0.0) & (weight > 0.0)
    group, weight, amount = group[some], weight[some], amount[some]
    total = _sums(group, amount, groups)
    count = _sums(group, weight, groups)
    mean = np.divide(total, count, out=np.ones(groups), where=count > 0.0)
    parts = amount / total[group] * np.log(amount / weight / mean[group])
    return np.asarray(np.where(count > 0.0, _sums(group, parts, groups), np.nan))


def lorenz_curve(weight: ArrayLike, amount: ArrayLike, places: ArrayLike) -> Float64:
    """Share of the amount that the first entries hold, at shares of the weight.

    Parameters
    ----------
    weight, amount : array_like [entries]
        Of one group, in the order of the curve; their sums are above 0.
    places : array_like
        Shares of the weight, 0 .. 1.
    """
    x = np.concatenate(([0.0], np.cumsum(weight)))
    y = np.concatenate(([0.0], np.cumsum(amount)))
    return np.asarray(np.interp(np.asarray(places), x / x[-1], y / y[-1]))


def weighted_quantile(values: ArrayLike, count: ArrayLike, share: float) -> float:
    """Quantile of values that occur several times each, by linear interpolation.

    Parameters
    ----------
    values : array_like [entries]
        Not decreasing.
    count : array_like of int [entries]
        How often each occurs.
    share : float
        0 .. 1.

    Returns
    -------
    float
        The value at place (n - 1) share of all n, counted from 0, between its two neighbours
        (Hyndman and Fan's type 7, numpy's default); NaN without values.
    """
    reached = np.cumsum(np.asarray(count, dtype=np.int64))
    if reached.size == 0 or reached[-1] == 0:
        return float("nan")
    place = (int(reached[-1]) - 1) * share
    low = int(np.floor(place))
    first, second = np.searchsorted(reached, (low, min(low + 1, int(reached[-1]) - 1)), "right")
    values = np.asarray(values, dtype=np.float64)
    return float(values[first] + (place - low) * (values[second] - values[first]))
