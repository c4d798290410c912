"""Trends of short series of years, many cells at a time: slope, Mann-Kendall test, classes.

Series stand as [years, cells], each year contiguous. The work is done in chunks of cells that fit
the processor's cache. A cell's result depends on its own values alone, to the last bit: not on the
chunk, and not on whether a neighbour misses a year.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dbar_qgis_plugin.kernels.unit_keys import ranks

Float64 = NDArray[np.float64]
Int32 = NDArray[np.int32]
Int8 = NDArray[np.int8]
Mask = NDArray[np.bool_]

PRAIS4, TRENDS_EARTH, GPG_V2 = "prais4", "trends_earth", "gpg_v2"
CONVENTIONS: Final = (PRAIS4, TRENDS_EARTH, GPG_V2)
NDVI, RESTREND, USE_EFFICIENCY = "ndvi", "restrend", "ue"
METHODS: Final = (NDVI, RESTREND, USE_EFFICIENCY)

# Significance of a trend without regard to its direction: class 1, 2 and 3.
P_LEVELS: Final = (0.1, 0.05, 0.01)
Z_LEVELS: Final = (1.28, 1.96)

# The test needs four years at all; `trends_earth` knows critical values up to this many.
SHORTEST: Final = 4
LONGEST_TRENDS_EARTH: Final = 59

_CHUNK = 1 << 16
_PAIRS_PER_CHUNK = 1 << 20  # pairs of years x cells whose slopes are sorted at a time
_EXACT = 10  # up to so many years without ties the null distribution is counted out
_SINGULAR = 1e-12  # spread of a regressor, as a share of its sum of squares, that is none

# Critical values of S for n = 4, 5, ..., as Trends.Earth tabulates them.
_K90 = (
    "4 6 7 9 10 12 15 17 18 22 23 27 28 32 35 37 40 42 45 49 52 56 59 61 66 68 73 75 80 84 87 91 "
    "94 98 103 107 110 114 119 123 128 132 135 141 144 150 153 159 162 168 173 177 182 186 191 197"
)
_K95 = (
    "4 6 9 11 14 16 19 21 24 26 31 33 36 40 43 47 50 54 59 63 66 70 75 79 84 88 93 97 102 106 111 "
    "115 120 126 131 137 142 146 151 157 162 168 173 179 186 190 197 203 208 214 221 227 232 240 "
    "245 251"
)
_K99 = (
    "6 8 11 18 22 25 29 34 38 41 47 50 56 61 65 70 76 81 87 92 98 105 111 116 124 129 135 142 150 "
    "155 163 170 176 183 191 198 206 213 221 228 236 245 253 260 268 277 285 294 302 311 319 328 "
    "336 345 355 364"
)


class MannKendall(NamedTuple):
    """The Mann-Kendall test's figures, per cell.

    years : int32 [cells], number of years with a value
    s : int32 [cells], pairs of years that rise minus pairs that fall
    ties : int32 [cells], sum of t (t - 1) (2 t + 5) over the groups of t equal values
    """

    years: Int32
    s: Int32
    ties: Int32


class Trajectory(NamedTuple):
    """Trend of each cell, and its class.

    known : bool [cells], False where a cell has too few years, or no fit; the rest is 0 there
    years : int32 [cells], number of years with a value
    slope : float64 [cells], in units of the series per year
    statistic : float64 [cells], what the convention compares with its thresholds: the two-sided
        p value (`prais4`), S (`trends_earth`) or z (`gpg_v2`)
    significance : int8 [cells], -3 .. 3
    trajectory : int8 [cells], -1 degraded, 0 stable, 1 improved
    """

    known: Mask
    years: Int32
    slope: Float64
    statistic: Float64
    significance: Int8
    trajectory: Int8


def critical_values() -> Int32:
    """Critical values of S in the convention `trends_earth`.

    Returns
    -------
    ndarray of int32 [3, 60]
        k90, k95 and k99 by number of years; the columns 0 to 3 hold no values and repeat column 4.
    """
    return _critical_values().copy()


@lru_cache(maxsize=1)
def _critical_values() -> Int32:
    rows = [[int(text) for text in row.split()] for row in (_K90, _K95, _K99)]
    return np.array([[row[0]] * SHORTEST + row for row in rows], dtype=np.int32)


def mann_kendall(values: ArrayLike, valid: Mask | None = None) -> MannKendall:
    """Count rising and falling pairs of years, and ties.

    Parameters
    ----------
    values : array_like, shape (years, cells)
        In order of time; finite where valid.
    valid : bool ndarray of the same shape, optional
        False where a year is missing; all valid if absent.
    """
    values = np.asarray(values)
    cells = values.shape[1]
    result = MannKendall(*(np.empty(cells, dtype=np.int32) for _ in range(3)))
    for part in _chunks(cells, _CHUNK):
        found = _mann_kendall(values[:, part], None if valid is None else valid[:, part])
        for whole, chunk in zip(result, found, strict=True):
            whole[part] = chunk
    return result


def _chunks(cells: int, size: int) -> Iterator[slice]:
    for start in range(0, cells, size):
        yield slice(start, min(start + size, cells))


def _mann_kendall(values: NDArray[Any], valid: Mask | None) -> MannKendall:
    years, cells = values.shape
    pairs: Any
    if valid is None or valid.all():
        count = np.full(cells, years, dtype=np.int32)
        pairs = years * (years - 1) // 2
        planes = values
    else:
        count = valid.sum(axis=0, dtype=np.int32)
        pairs = (count * (count - 1)) >> 1
        # Nothing is greater or less than NaN, nor equal to it. Small integers are exact in float32.
        small = values.dtype.kind in "iub" and values.dtype.itemsize <= 2
        planes = values.astype(np.float32 if small else np.float64)
        planes[~valid] = np.nan
    up, down = _ordered_pairs(planes)
    s = np.subtract(up, down, dtype=np.int32)
    up += down
    ties = np.subtract(pairs, up, dtype=np.int32)
    # One or two tied pairs are groups of two; only more than that may hold a larger group.
    several = np.flatnonzero(ties > 2)
    ties *= 18
    if several.size:
        ties[several] = _tie_sums(planes[:, several])
    return MannKendall(count, s, ties)


def _ordered_pairs(planes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Per cell, how many pairs of years rise and how many fall."""
    years, cells = planes.shape
    counter = np.uint8 if years * (years - 1) // 2 <= 255 else np.uint32
    up, down = np.zeros(cells, dtype=counter), np.zeros(cells, dtype=counter)
    marks = np.empty(cells, dtype=bool)
    # Comparisons seen as bytes add up without a conversion.
    added = marks.view(np.uint8)
    for later in range(1, years):
        for earlier in range(later):
            np.greater(planes[later], planes[earlier], out=marks)
            np.add(up, added, out=up)
            np.less(planes[later], planes[earlier], out=marks)
            np.add(down, added, out=down)
    return up, down


def _tie_sums(planes: NDArray[Any]) -> Int32:
    """Sum of t (t - 1) (2 t + 5) over groups of t equal values, as (t - 1) (2 t + 5) per member."""
    years, cells = planes.shape
    group = np.ones(planes.shape, dtype=np.uint8 if years <= 255 else np.uint32)
    marks = np.empty(cells, dtype=bool)
    added = marks.view(np.uint8)
    for later in range(1, years):
        for earlier in range(later):
            np.equal(planes[later], planes[earlier], out=marks)
            group[later] += added
            group[earlier] += added
    size = np.arange(years + 1, dtype=np.int32)
    per_member = (size - 1) * (2 * size + 5)  # NaN is a group of its own, which adds nothing
    total = np.zeros(cells, dtype=np.int32)
    for members in group:
        total += per_member.take(members)
    return total


def mann_kendall_variance(test: MannKendall) -> Float64:
    """Variance of S under no trend, with ties: (n (n - 1) (2 n + 5) - ties) / 18."""
    n = test.years
    return np.asarray((n * (n - 1) * (2 * n + 5) - test.ties) / 18.0)


def mann_kendall_z(test: MannKendall) -> Float64:
    """Standard score of S, with the continuity correction of one; 0 where S is 0."""
    deviation = np.sqrt(mann_kendall_variance(test))
    size = np.abs(test.s) - 1.0
    z = np.divide(size, deviation, out=np.zeros(size.shape), where=test.s != 0)
    return np.asarray(np.copysign(z, test.s))


def mann_kendall_p(test: MannKendall) -> Float64:
    """Two-sided p value of S.

    Returns
    -------
    ndarray of float64 [cells]
        Up to ten years without ties from the exact null distribution; else from the normal
        approximation with continuity correction and the variance corrected for ties.
    """
    if test.years.size == 0:
        return np.empty(0)
    longest = int(test.years.max())
    table = _p_table(longest)
    size = np.abs(test.s)
    p = table.ravel().take(test.years * np.int32(table.shape[1]) + size)
    tied = np.flatnonzero(test.ties)
    if tied.size:
        # Few combinations of years, S and ties occur; each is worked out once.
        sizes, ties = table.shape[1], int(test.ties[tied].max()) + 1
        key = (test.years[tied].astype(np.int64) * sizes + size[tied]) * ties + test.ties[tied]
        keys, place = ranks(key)
        combinations = [(code // ties // sizes, code // ties % sizes, code % ties) for code in keys]
        p[tied] = np.array([_normal_p(*map(int, each)) for each in combinations]).take(place)
    return np.asarray(p)


@lru_cache(maxsize=8)
def _p_table(longest: int) -> Float64:
    """Two-sided p without ties, [years, |S|]."""
    table = np.ones((longest + 1, longest * (longest - 1) // 2 + 1))
    for n in range(2, longest + 1):
        pairs = n * (n - 1) // 2
        if n <= _EXACT:
            orders = _orders_by_inversions(n)
            total = math.factorial(n)
            # S = pairs - 2 inversions, so S >= s has at most (pairs - s) / 2 of them.
            tail = np.cumsum(orders)[(pairs - np.arange(pairs + 1)) // 2]
            table[n, : pairs + 1] = np.minimum(1.0, 2.0 * tail / total)
        else:
            table[n, : pairs + 1] = [_normal_p(n, s, 0) for s in range(pairs + 1)]
    return table


def _orders_by_inversions(n: int) -> Int32:
    """Number of orders of n values with 0, 1, 2, ... inversions."""
    counts = np.ones(1, dtype=np.int32)
    for length in range(2, n + 1):
        counts = np.convolve(counts, np.ones(length, dtype=np.int32))
    return counts


@lru_cache(maxsize=1 << 16)
def _normal_p(n: int, s: int, ties: int) -> float:
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18.0
    return math.erfc((s - 1.0) / math.sqrt(2.0 * variance)) if s > 0 else 1.0


def ols_slope(values: ArrayLike, valid: Mask | None, years: Sequence[float]) -> Float64:
    """Slope of the least-squares line through each cell's years with a value.

    Parameters
    ----------
    values : array_like, shape (years, cells)
        Finite where valid.
    valid : bool ndarray of the same shape, or None
        False where a year is missing; None = all valid.
    years : sequence of float
        Time of each layer; need not be evenly spaced.

    Returns
    -------
    ndarray of float64 [cells]
        Units of the values per year; NaN where fewer than two years have a value.
    """
    values = np.asarray(values)
    cells = values.shape[1]
    slope = np.empty(cells)
    for part in _chunks(cells, _CHUNK):
        slope[part] = _ols_slope(values[:, part], None if valid is None else valid[:, part], years)
    return slope


def _ols_slope(values: NDArray[Any], valid: Mask | None, years: Sequence[float]) -> Float64:
    # Counted from a whole year amid the series, sums over whole numbers are exact.
    middle = round(sum(years) / len(years))
    times = [year - middle for year in years]
    cells = values.shape[1]
    count: Any = 0.0
    t, tt = count, count
    y, ty = np.zeros(cells), np.zeros(cells)
    layer = np.empty(cells)
    if valid is not None and valid.all():
        valid = None
    for number, time in enumerate(times):
        np.copyto(layer, values[number])
        there: Any = 1.0
        if valid is not None:
            there = valid[number].astype(np.float64)
            layer[~valid[number]] = 0.0
        count = count + there
        t = t + there * time
        tt = tt + there * (time * time)
        y += layer
        layer *= time
        ty += layer
    spread = np.broadcast_to(count * tt - t * t, (cells,))
    rise = count * ty - t * y
    return np.asarray(np.divide(rise, spread, out=np.full(cells, np.nan), where=spread > 0.0))


def theil_sen_slope(values: ArrayLike, valid: Mask | None, years: Sequence[float]) -> Float64:
    """Median of the slopes of all pairs of years with a value.

    Parameters and result as in `ols_slope`.
    """
    values = np.asarray(values)
    count, cells = values.shape
    pairs = [(first, last) for last in range(count) for first in range(last)]
    slope = np.full(cells, np.nan)
    if not pairs:
        return slope
    for part in _chunks(cells, max(1, _PAIRS_PER_CHUNK // len(pairs))):
        planes = values[:, part].astype(np.float64)
        if valid is not None:
            planes[~valid[:, part]] = np.nan
        slopes = np.empty((len(pairs), planes.shape[1]))
        for row, (first, last) in enumerate(pairs):
            np.subtract(planes[last], planes[first], out=slopes[row])
            slopes[row] /= years[last] - years[first]
        slopes.sort(axis=0)  # NaN go last
        known = np.count_nonzero(np.isfinite(slopes), axis=0)
        middle = np.stack((np.maximum(known - 1, 0) // 2, np.minimum(known // 2, len(pairs) - 1)))
        slope[part] = np.take_along_axis(slopes, middle, axis=0).mean(axis=0)
    return slope


def restrend_residuals(
    values: ArrayLike, climate: ArrayLike, valid: Mask
) -> tuple[Float64, NDArray[np.bool_]]:
    """What a vegetation index holds beside its linear relation with the climate.

    Per cell, the index is regressed on the climate of the same years (ordinary least squares), and
    the residuals are kept.

    Parameters
    ----------
    values : array_like, shape (years, cells)
        Vegetation index.
    climate : array_like of the same shape
        Rain, evapotranspiration or another driver, in any unit.
    valid : bool ndarray of the same shape
        True where both hold a value.

    Returns
    -------
    tuple of ndarray
        Residuals, float64, 0 where not valid; and validity: a cell whose climate does not vary has
        no relation, and so no valid year.
    """
    y = np.where(valid, values, 0).astype(np.float64)
    x = np.where(valid, climate, 0).astype(np.float64)
    count = np.maximum(valid.sum(axis=0), 1).astype(np.float64)
    squares = _sum(x * x)
    y -= _sum(y) / count
    x -= _sum(x) / count
    y *= valid
    x *= valid
    spread = _sum(x * x)
    varies = spread > _SINGULAR * squares
    gain = np.divide(_sum(x * y), spread, out=np.zeros(spread.shape), where=varies)
    kept = valid & varies
    return np.where(kept, y - gain * x, 0.0), kept


def _sum(layers: Float64) -> Float64:
    """Sum over years one after the other: a cell's sum does not depend on the array's shape."""
    total = np.zeros(layers.shape[1:])
    for layer in layers:
        total += layer
    return total


def use_efficiency(
    values: ArrayLike, climate: ArrayLike, valid: Mask
) -> tuple[Float64, NDArray[np.bool_]]:
    """Vegetation index per metre of water: index / (climate / 1000).

    Parameters
    ----------
    values : array_like, shape (years, cells)
        Vegetation index.
    climate : array_like of the same shape
        Rain (rain use efficiency) or evapotranspiration (water use efficiency) in mm a year.
    valid : bool ndarray of the same shape
        True where both hold a value.

    Returns
    -------
    tuple of ndarray
        Efficiency, float64, 0 where not valid; and validity: years without any water have none.
    """
    metres = np.asarray(climate, dtype=np.float64) / 1000.0
    kept = valid & (metres > 0.0)
    index = np.asarray(values, dtype=np.float64)
    return np.divide(index, metres, out=np.zeros(index.shape), where=kept), kept


def significance_prais4(slope: ArrayLike, p: ArrayLike) -> Int8:
    """Class by the two-sided p value, with the sign of the slope.

    Returns
    -------
    ndarray of int8
        1 where p <= 0.1, 2 where p <= 0.05, 3 where p <= 0.01, negative where the slope is; else 0.
    """
    p = np.asarray(p)
    size = np.zeros(p.shape, dtype=np.int8)
    for level in P_LEVELS:
        size += p <= level
    size *= _direction(slope)
    return size


def _direction(slope: ArrayLike) -> Int8:
    """Sign of slopes as int8."""
    slope = np.asarray(slope)
    return np.asarray((slope > 0).astype(np.int8) - (slope < 0))


def significance_trends_earth(
    slope: ArrayLike, s: ArrayLike, count: ArrayLike, slope_threshold: float
) -> Int8:
    """Class as Trends.Earth gives it, rule by rule; later rules overwrite earlier ones.

    The sign is that of the slope, not of S. S = k90 ends as 0, S = k95 and S = k99 count.

    Parameters
    ----------
    slope : array_like [cells]
        Units of the series per year.
    s, count : array_like of int [cells]
        From `mann_kendall`; 4 to 59 years.
    slope_threshold : float
        A slope up to this, in the same units, is no trend (0.001 of NDVI a year).

    Returns
    -------
    ndarray of int8, -3 .. 3
    """
    slope = np.asarray(slope)
    size = np.abs(s)
    k90, k95, k99 = _critical_values()[:, np.asarray(count)]
    result = np.zeros(slope.shape, dtype=np.int8)
    for level, critical in enumerate((k90, k95, k99), start=1):
        result[(slope > 0) & (size >= critical)] = level
        result[(slope < 0) & (size >= critical)] = -level
    result[size <= k90] = 0
    result[np.abs(slope) <= slope_threshold] = 0
    return result


def significance_gpg_v2(z: ArrayLike) -> Int8:
    """Five bands of z at 1.28 and 1.96: -2 .. 2; a z on a border belongs to the band nearer 0."""
    z = np.asarray(z)
    size = (np.abs(z) > Z_LEVELS[0]).astype(np.int8) + (np.abs(z) > Z_LEVELS[1])
    return np.asarray(size * np.sign(z).astype(np.int8))


class TrendRule(NamedTuple):
    """How a trend is measured and judged.

    convention : {"prais4", "trends_earth", "gpg_v2"}
    alpha : float, two-sided p value up to which a trend counts (`prais4` only)
    slope_threshold : float, a slope up to this is no trend, in units of the series a year
    minimum_years : int, a cell with fewer years with a value has no trend; at least 4
    theil_sen : bool, the slope is the median of the pairs' slopes instead of the least-squares one
    """

    convention: str = PRAIS4
    alpha: float = 0.05
    slope_threshold: float = 0.0
    minimum_years: int = 8
    theil_sen: bool = False


def trajectory(
    values: ArrayLike,
    valid: Mask,
    years: Sequence[float],
    rule: TrendRule,
    *,
    method: str = NDVI,
    climate: ArrayLike | None = None,
    scale: float = 1.0,
) -> Trajectory:
    """Trend of annual vegetation indices and its class (SDG 15.3.1, land productivity trajectory).

    Parameters
    ----------
    values : array_like, shape (years, cells)
        Annual index, in order of time.
    valid : bool ndarray of the same shape
        True where the index, and the climate if there is one, hold a value.
    years : sequence of float
        Year of each layer.
    rule : TrendRule
        How a trend is measured and judged.
    method : {"ndvi", "restrend", "ue"}
        The trend is that of the index itself, of `restrend_residuals` or of `use_efficiency`.
    climate : array_like of the same shape, optional
        For the latter two.
    scale : float
        The values are this many times the index (10000 for NDVI x 10000).

    Returns
    -------
    Trajectory

    Raises
    ------
    ValueError
        If the convention, the method or the number of years is one that is not known.

    Notes
    -----
    `prais4`: the sign of the slope where p <= alpha (UNCCD reporting manual for PRAIS4, SO1).
    `trends_earth`: classes -2 and below are degraded, 2 and above improved. `gpg_v2`: z below -1.28
    is degraded, above 1.28 improved (Good Practice Guidance, version 2). In all three a slope up to
    the threshold is stable.
    """
    if rule.convention not in CONVENTIONS or method not in METHODS:
        raise ValueError(f"unknown convention {rule.convention!r} or method {method!r}")
    if rule.minimum_years < SHORTEST or (
        rule.convention == TRENDS_EARTH and len(years) > LONGEST_TRENDS_EARTH
    ):
        raise ValueError("fewer than 4 years, or more than trends_earth has critical values for")
    values = np.asarray(values)
    cells = values.shape[1]
    result = Trajectory(
        np.zeros(cells, dtype=bool),
        np.zeros(cells, dtype=np.int32),
        np.zeros(cells),
        np.zeros(cells),
        np.zeros(cells, dtype=np.int8),
        np.zeros(cells, dtype=np.int8),
    )
    for part in _chunks(cells, _CHUNK):
        series, there = values[:, part], valid[:, part]
        if method != NDVI:
            adjust = restrend_residuals if method == RESTREND else use_efficiency
            series, there = adjust(series, np.asarray(climate)[:, part], there)
        for inside, own, gaps in _groups(series, there, rule.minimum_years, result.years[part]):
            found = _classified(own, gaps, years, rule, scale)
            place = part if inside is None else part.start + inside
            result.known[place] = True
            result.slope[place], result.statistic[place] = found[0], found[1]
            result.significance[place], result.trajectory[place] = found[2], found[3]
    return result


def _groups(
    series: NDArray[Any], valid: Mask, minimum: int, count: Int32
) -> Iterator[tuple[NDArray[np.intp] | None, NDArray[Any], Mask | None]]:
    """Cells with whole series, then those with gaps but years enough: which, values, validity.

    Whole series are quicker than those with gaps, and cells at sea need no work at all. `count`
    takes each cell's number of years.
    """
    if valid.all():
        count[:] = len(series)
        if len(series) >= minimum:
            yield None, series, None
        return
    valid.sum(axis=0, dtype=np.int32, out=count)
    whole = count == len(series)
    for members, is_whole in ((whole, True), (~whole, False)):
        inside = np.flatnonzero(members & (count >= minimum))
        if inside.size:
            gaps = None if is_whole else _columns(valid, inside)
            yield inside, _columns(series, inside), gaps


def _columns(layers: NDArray[Any], inside: NDArray[np.intp]) -> NDArray[Any]:
    # Layer by layer is twice as fast as all at once.
    return np.stack([layer.take(inside) for layer in layers])


def _classified(
    series: NDArray[Any],
    valid: Mask | None,
    years: Sequence[float],
    rule: TrendRule,
    scale: float,
) -> tuple[Float64, Float64, Int8, Int8]:
    """Slope, statistic, significance and class of cells with years enough."""
    test = _mann_kendall(series, valid)
    slope = (theil_sen_slope if rule.theil_sen else _ols_slope)(series, valid, years) / scale
    threshold = rule.slope_threshold
    if rule.convention == TRENDS_EARTH:
        statistic = test.s.astype(np.float64)
        significance = significance_trends_earth(slope, test.s, test.years, threshold)
        counts = np.abs(significance) >= 2
    elif rule.convention == GPG_V2:
        statistic = mann_kendall_z(test)
        significance = significance_gpg_v2(statistic)
        counts = significance != 0
    else:
        statistic = mann_kendall_p(test)
        significance = significance_prais4(slope, statistic)
        counts = statistic <= rule.alpha
    direction = _direction(slope if rule.convention == PRAIS4 else significance)
    if rule.convention != TRENDS_EARTH and threshold > 0.0:
        counts &= np.abs(slope) > threshold
    return slope, statistic, significance, direction * counts
