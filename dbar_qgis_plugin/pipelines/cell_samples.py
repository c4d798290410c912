"""Samples of a raster's cells that are the same whatever the blocks and the threads."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid

Float64 = NDArray[np.float64]
Bools = NDArray[np.bool_]
UInt64 = NDArray[np.uint64]

# Odd constants of the finaliser of SplitMix64 (Steele, Lea, Flood 2014), which spreads neighbours
# evenly over all numbers of 64 bits.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def sample_share(grid: Grid, most: int) -> float:
    """Share of a grid's cells that gives about `most` of them, or all where it has fewer."""
    return min(1.0, most / (grid.width * grid.height))


def cell_numbers(window: Window, width: int) -> UInt64:
    """Numbers of a window's cells, counted row by row over a grid `width` cells wide."""
    rows = np.arange(window.row, window.row + window.height, dtype=np.uint64)
    columns = np.arange(window.col, window.col + window.width, dtype=np.uint64)
    return rows[:, np.newaxis] * np.uint64(width) + columns


def sampled(numbers: UInt64, share: float) -> Bools:
    """Tell which cells belong to the sample.

    Parameters
    ----------
    numbers : ndarray of uint64
        From `cell_numbers`.
    share : float
        How much of all cells it takes, 0 to 1.
    """
    if share >= 1.0:
        return np.ones(numbers.shape, dtype=bool)
    mixed = numbers * _STEP + _STEP
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    mixed ^= mixed >> np.uint64(31)
    return np.asarray(mixed < np.uint64(share * 2.0**64))


def in_order(parts: Iterable[tuple[UInt64, Float64]], layers: int) -> Float64:
    """Join what blocks have sampled, in the order of the cells' numbers.

    Parameters
    ----------
    parts : iterable of (numbers [cells], values [layers, cells])
    layers : int
        Number of layers, for a sample without cells.

    Returns
    -------
    float64 [layers, cells]
    """
    found = list(parts)
    if not found:
        return np.empty((layers, 0))
    order = np.argsort(np.concatenate([numbers for numbers, _ in found]), kind="stable")
    return np.concatenate([values for _, values in found], axis=1)[:, order]
