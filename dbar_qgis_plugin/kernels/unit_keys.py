"""Combinations of several class layers, such as soil by land cover, as they occur in a block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Int64 = NDArray[np.int64]

_TABLE_PER_CELL = 4  # values that spread wider are sorted instead of looked up
_SMALL_TABLE = 1 << 16
_NARROW = 1 << 8  # so few values need not be counted before they are combined


def ranks(values: NDArray[np.integer[Any]]) -> tuple[Int64, Int64]:
    """Distinct values in rising order, and for each cell the place of its value among them.

    Parameters
    ----------
    values : ndarray of int [cells]
    """
    if values.size == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    low = int(values.min())
    span = int(values.max()) - low + 1
    if span > max(_SMALL_TABLE, _TABLE_PER_CELL * values.size):
        found, place = np.unique(values, return_inverse=True)
        return found.astype(np.int64), place.astype(np.int64)
    shifted = np.subtract(values, low, dtype=np.int64)
    occurs = np.zeros(span, dtype=bool)
    occurs[shifted] = True
    found = np.flatnonzero(occurs)
    if found.size == span:
        return found + low, shifted
    place = np.cumsum(occurs) - 1
    return found + low, place.take(shifted)


def unit_keys(layers: Sequence[NDArray[np.integer[Any]]], cells: int) -> tuple[Int64, Int64]:
    """Combinations of the layers' values that occur, and which of them each cell has.

    Parameters
    ----------
    layers : sequence of ndarray of int [cells]
        Without any, all cells have the one combination of nothing.
    cells : int
        Number of cells.

    Returns
    -------
    keys : int64 [combinations, layers], sorted
    combination : int64 [cells], row of `keys`
    """
    if not layers or cells == 0:
        return np.zeros((min(cells, 1), len(layers)), dtype=np.int64), np.zeros(cells, np.int64)
    values, combination = ranks(layers[0])
    keys = values[:, np.newaxis]
    for layer in layers[1:]:
        # Only combinations that occur are carried on, so that the numbers stay small.
        values, place = _places(layer)
        combination *= values.size
        combination += place
        occurring, combination = ranks(combination)
        earlier, own = np.divmod(occurring, values.size)
        keys = np.column_stack((keys[earlier], values[own]))
    return keys, combination


def _places(values: NDArray[np.integer[Any]]) -> tuple[Int64, Int64]:
    """Like `ranks`, but where values lie close together, also with those between that are not."""
    low, high = int(values.min()), int(values.max())
    if high - low >= _NARROW:
        return ranks(values)
    return np.arange(low, high + 1), np.subtract(values, low, dtype=np.int64)


def pair_counts(
    unit: NDArray[np.integer[Any]], step: NDArray[np.integer[Any]]
) -> tuple[Int64, Int64, Int64]:
    """How often each pair of a unit and a step occurs.

    Parameters
    ----------
    unit : ndarray of int [cells], 0 or more
    step : ndarray of int [cells]

    Returns
    -------
    unit, step, frequency : int64 [pairs], sorted by unit, then by step
    """
    if unit.size == 0:
        none = np.empty(0, dtype=np.int64)
        return none, none, none
    low = int(step.min())
    span = int(step.max()) - low + 1
    joint = unit.astype(np.int64) * span + (step - low)
    units = int(unit.max()) + 1
    if units * span <= unit.size:
        counted = np.bincount(joint)
        found = np.flatnonzero(counted)
        frequency = counted[found]
    else:
        if units * span < 2**31:
            joint = joint.astype(np.int32)  # sorts in half the time
        found, frequency = np.unique(joint, return_counts=True)
    own, offset = np.divmod(found.astype(np.int64), span)
    return own, offset + low, frequency.astype(np.int64)
