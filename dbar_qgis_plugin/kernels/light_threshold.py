"""Thresholds that tell lit cells from dark ones, and indices of light and vegetation.

What needs all cells of a raster works on counts, which blocks add up. Lit values are taken as
float32 above 0, whose bits, read as whole numbers, have the order of the values: so counts by the
upper and then by the lower half of the bits find any order statistic exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
UInt32 = NDArray[np.uint32]

OTSU_BINS = 256
PERIMETER_STEPS = 64
UPPER_KEYS = 1 << 15  # the sign is always 0
LOWER_KEYS = 1 << 16

_RISES = 3
_POLE = 0.01


@dataclass
class KeyCounts:
    """Counts of values by the upper half of their bits, int64 [`UPPER_KEYS`]."""

    counts: Int64 = field(default_factory=lambda: np.zeros(UPPER_KEYS, dtype=np.int64))

    def add(self, counts: Int64) -> None:
        """Add the counts of a block."""
        self.counts += counts


def value_keys(values: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Upper and lower half of the bits of float32 values above 0."""
    keys = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    return (keys >> 16).astype(np.int64), (keys & 0xFFFF).astype(np.int64)


def value_of_keys(upper: ArrayLike, lower: ArrayLike) -> NDArray[np.float32]:
    """Values of both halves of their bits."""
    keys = (np.asarray(upper, dtype=np.uint32) << np.uint32(16)) | np.asarray(
        lower, dtype=np.uint32
    )
    return np.asarray(keys).view(np.float32)


def background_level(counts: Int64) -> float:
    """Level of dark ground: the value that more than half of the cells have; 0 without one.

    It is no background if nothing is brighter.

    Parameters
    ----------
    counts : int64 ndarray [`UPPER_KEYS`]
        By the upper keys of all values, those that are not above 0 counted as 0.

    Returns
    -------
    float
        The largest value with the same upper key, 0.8 % or less above the smallest.
    """
    mode = int(counts.argmax())
    if mode == 0 or 2 * counts[mode] <= counts.sum() or not counts[mode + 1 :].any():
        return 0.0
    return float(value_of_keys(mode, LOWER_KEYS - 1))


def background_counts(values: ArrayLike) -> Int64:
    """Counts for `background_level`."""
    upper, _ = value_keys(np.maximum(values, 0.0))
    return np.bincount(upper, minlength=UPPER_KEYS)


def shortest_decimal(value: float) -> float:
    """Shortest decimal that single precision holds as this value: 0.3, not 0.30000001192."""
    return float(str(np.float32(value)))


def rank_of_percentile(count: int, percent: float) -> int:
    """Place, counted from 1, of a percentile among sorted values: the nearest-rank rule.

    It is the smallest value that at least `percent` of the values do not exceed.
    """
    # What is written in decimals may lie above its place by a rounding.
    return max(1, int(np.ceil(count * percent / 100.0 - 1e-9)))


def bin_of_rank(counts: Int64, rank: int) -> tuple[int, int]:
    """Which bin holds the value of a rank, and which rank it has among those of the bin."""
    below = np.cumsum(counts)
    place = int(np.searchsorted(below, rank))
    return place, rank - int(below[place] - counts[place])


def log_bins(values: NDArray[Any], low: float, high: float) -> NDArray[np.int64]:
    """Which of `OTSU_BINS` equal steps of log(1 + value) from `low` to `high` values lie in."""
    first, last = np.log1p(np.float64(low)), np.log1p(np.float64(high))
    steps = (np.log1p(np.asarray(values, dtype=np.float64)) - first) * (OTSU_BINS / (last - first))
    bins: NDArray[np.int64] = np.clip(steps.astype(np.int64), 0, OTSU_BINS - 1)
    return bins


def otsu_bin(counts: ArrayLike) -> int:
    """Last bin of the lower class, by Otsu's threshold (1979).

    The two classes differ the most: w0 w1 (m0 - m1)**2 is largest, with the classes' counts w and
    means m over the bins' numbers. Of equal ones the first.
    """
    counts = np.asarray(counts, dtype=np.float64)
    moments = counts * np.arange(counts.size)
    low_count, low_sum = np.cumsum(counts)[:-1], np.cumsum(moments)[:-1]
    high_count, high_sum = counts.sum() - low_count, moments.sum() - low_sum
    apart = np.zeros(low_count.size)
    both = (low_count > 0.0) & (high_count > 0.0)
    difference = low_sum[both] / low_count[both] - high_sum[both] / high_count[both]
    apart[both] = low_count[both] * high_count[both] * difference**2
    return int(apart.argmax())


def otsu_threshold(counts: ArrayLike, low: float, high: float) -> float:
    """Otsu's threshold on log(1 + value), from counts by `log_bins`: the middle of `otsu_bin`."""
    first, last = np.log1p(np.float64(low)), np.log1p(np.float64(high))
    return float(np.expm1(first + (otsu_bin(counts) + 0.5) * (last - first) / OTSU_BINS))


def perimeters(levels: NDArray[Any], steps: int) -> Int64:
    """Perimeter of what is lit at each of several thresholds, in sides of cells.

    Parameters
    ----------
    levels : integer ndarray [height + 1, width + 1]
        How many of the thresholds, which increase, a cell's value reaches; 0 without data and
        outside the raster. The last row and column are those of the cells that follow, and count
        only as neighbours; so of a whole raster one row and column of 0 come before its first.
    steps : int
        Number of thresholds.

    Returns
    -------
    int64 [steps]
        Sides between a lit cell and one that is not. Rims of holes are among them.
    """
    here = levels[:-1, :-1]
    counts = np.zeros(steps + 1, dtype=np.int64)
    for other in (levels[1:, :-1], levels[:-1, 1:]):
        # A side is part of the perimeter from the lower level's threshold on up to the higher's.
        counts += np.bincount(np.minimum(here, other).ravel(), minlength=steps + 1)
        counts -= np.bincount(np.maximum(here, other).ravel(), minlength=steps + 1)
    return np.cumsum(counts)[:steps]


def change_point(perimeter: ArrayLike) -> int:
    """Threshold from which on the perimeter rises three times: there a town falls into pieces.

    Without such a place, the threshold with the longest perimeter.
    """
    perimeter = np.asarray(perimeter)
    rises = np.diff(perimeter) > 0
    for place in range(rises.size - _RISES + 1):
        if rises[place : place + _RISES].all():
            return place
    return int(perimeter.argmax())


def nearest_total(totals_above: ArrayLike, wanted: float) -> int:
    """Index of the total nearest to the one wanted; of equally near ones the last."""
    distance = np.abs(np.asarray(totals_above, dtype=np.float64) - wanted)
    return int(distance.size - 1 - distance[::-1].argmin())


def normalised(light: ArrayLike, low: float, high: float) -> Float64:
    """Light as a share of the way from `low` to `high`, held to 0 .. 1."""
    share = (np.asarray(light, dtype=np.float64) - low) / (high - low)
    return np.clip(share, 0.0, 1.0)


def vanui(light: ArrayLike, ndvi: ArrayLike) -> Float64:
    """Vegetation adjusted night-light urban index, (1 - NDVI) n, of normalised light n."""
    return np.asarray((1.0 - np.asarray(ndvi, dtype=np.float64)) * np.asarray(light))


def human_settlement_index(light: ArrayLike, ndvi: ArrayLike) -> Float64:
    """Human settlement index of normalised light n and v = NDVI.

    ((1 - v) + n) / ((1 - n) + v + n v); NaN near its pole, where n is 1 and v is 0.
    """
    n, v = np.asarray(light, dtype=np.float64), np.asarray(ndvi, dtype=np.float64)
    return _guarded((1.0 - v) + n, (1.0 - n) + v + n * v)


def eantli(light: ArrayLike, n: ArrayLike, evi: ArrayLike) -> Float64:
    """EVI adjusted night-light index of light and normalised light n, in the unit of the light.

    (1 + (n - EVI)) / (1 - (n - EVI)) light; NaN at and beyond its pole, n - EVI = 1.
    """
    d = np.asarray(n, dtype=np.float64) - np.asarray(evi, dtype=np.float64)
    return _guarded((1.0 + d) * np.asarray(light, dtype=np.float64), 1.0 - d)


def _guarded(above: Float64, below: Float64) -> Float64:
    found: Float64 = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    np.divide(above, below, out=found, where=below >= _POLE)
    return found
