"""State and performance of land productivity, and their combination with its trend.

Sources: UNCCD PRAIS4 reporting manual, strategic objective 1 (convention "prais4"); its earlier
edition after the Good Practice Guidance, version 2 ("gpg_v2"); what Trends.Earth computes
("trends_earth").

Classes: -1 degraded, 0 stable, 1 improved. Land productivity dynamics (LPD): 1 declining,
2 moderate decline, 3 stressed, 4 stable, 5 increasing. A class of 0 where a result says that there
is none means nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dbar_qgis_plugin.kernels.order_statistics import between, chunks, sorted_groups
from dbar_qgis_plugin.kernels.trend import (
    CONVENTIONS,
    LONGEST_TRENDS_EARTH,
    SHORTEST,
    critical_values,
    mann_kendall,
    ols_slope,
)

Float64 = NDArray[np.float64]
Int16 = NDArray[np.int16]
Bools = NDArray[np.bool_]

TRENDS_EARTH_DEAD_BAND: Final = 0.01  # NDVI
FEWEST_BASELINE_YEARS: Final = 3  # less than that has no spread to speak of

# Beyond the range of the years before, so that a mean just below it is still in the lowest class.
_PADDING = 0.05
_DEGRADED_Z, _IMPROVED_Z = -1.96, 1.28
_Z_BANDS = (-1.96, -1.28, 1.28, 1.96)


def mean_of_valid(values: NDArray[Any], valid: Bools) -> tuple[Float64, NDArray[np.int16]]:
    """Mean over the layers that hold data, and their number.

    Layers are added in their order, so that the result does not depend on how many cells are
    computed together. A mean never leaves the range of its values, as it might by rounding.

    Parameters
    ----------
    values : ndarray [layers, cells]
    valid : bool ndarray [layers, cells]

    Returns
    -------
    mean : float64 [cells], NaN where no layer holds data
    count : int16 [cells]
    """
    total = np.zeros(values.shape[1])
    complete = bool(valid.all())
    for layer, good in zip(values, valid, strict=True):
        if complete:
            total += layer
        else:
            np.add(total, layer, out=total, where=good)
    count = valid.sum(axis=0, dtype=np.int16)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: Float64 = np.divide(total, count, out=total)
    if values.dtype.kind == "f":  # sums of whole numbers are exact
        low = np.min(values, axis=0, where=valid, initial=np.inf)
        high = np.max(values, axis=0, where=valid, initial=-np.inf)
        np.clip(mean, low, high, out=mean, where=count > 0)
    return mean, count


class State(NamedTuple):
    """State of cells.

    state : int16 [cells], -1, 0 or 1
    change : int16 [cells], classes that the mean moved by ("gpg_v2": band of z, -2 .. 2)
    baseline_missing, recent_missing : bool [cells], too few years with data for a result
    """

    state: Int16
    change: Int16
    baseline_missing: Bools
    recent_missing: Bools


def productivity_state(
    baseline: tuple[NDArray[Any], Bools],
    recent: tuple[NDArray[Any], Bools],
    *,
    convention: str = "prais4",
    baseline_needed: int = FEWEST_BASELINE_YEARS,
    recent_needed: int = 1,
    classes: int = 10,
    shift: int = 2,
    dead_band: float = 0.0,
) -> State:
    """State: recent years against the years before.

    "prais4" and "trends_earth": the range r of the baseline years is widened by two pseudo-years,
    at its minimum - 0.05 r and its maximum + 0.05 r. The quantiles 1/classes, 2/classes, .. of
    these values (Hyndman and Fan's type 7) cut classes; a mean is in class 1 plus the number of
    quantiles strictly below it. A shift of `shift` classes or more between the baseline's mean and
    the recent mean is a change. "gpg_v2": z = (A - B) / C, with the recent mean A, and mean B and
    sample standard deviation C of the baseline; degraded below -1.96, improved above 1.28, bands
    cut at these and at -1.28 and 1.96; where C is 0, z is infinite unless A = B.

    Parameters
    ----------
    baseline, recent : (ndarray [years, cells], bool ndarray [years, cells])
        Values of a vegetation index, and where there is one.
    convention : {"prais4", "trends_earth", "gpg_v2"}
        See above; the first two differ by the dead band that callers give.
    baseline_needed, recent_needed : int
        Fewest years with data; a baseline needs three in any case.
    classes : int
        Number of classes, 10 in the manual.
    shift : int
        Classes that make a change, 2 in the manual.
    dead_band : float
        Means that differ by no more than this have not changed, in units of the values.

    Raises
    ------
    ValueError
        If the convention is unknown.
    """
    if convention not in CONVENTIONS:
        raise ValueError(f"unknown convention {convention!r}")
    count = baseline[0].shape[1]
    change = np.zeros(count, dtype=np.int16)
    few_baseline, few_recent = np.empty(count, dtype=bool), np.empty(count, dtype=bool)
    needed = max(baseline_needed, FEWEST_BASELINE_YEARS)
    for here in chunks(count):
        values, valid = baseline[0][:, here], baseline[1][:, here]
        now, years = mean_of_valid(recent[0][:, here], recent[1][:, here])
        few_recent[here] = years < max(recent_needed, 1)
        few_baseline[here] = valid.sum(axis=0) < needed
        target = change[here]
        for cells, planes in sorted_groups(values, valid):
            if len(planes) < needed:
                continue
            before = _mean_of_sorted(planes)
            if convention == "gpg_v2":
                target[cells] = _z_band(planes, before, now[cells])
            else:
                moved = _class_change(planes, before, now[cells], classes)
                if dead_band > 0.0:
                    moved[np.abs(now[cells] - before) <= dead_band] = 0
                target[cells] = moved
    missing = few_baseline | few_recent
    change[missing] = 0
    state = np.zeros(count, dtype=np.int16)
    if convention == "gpg_v2":
        state -= change <= -2
        state += change >= 1
    else:
        state -= change <= -shift
        state += change >= shift
    return State(state, change, few_baseline, few_recent)


def _mean_of_sorted(planes: list[NDArray[Any]]) -> Float64:
    total = planes[0].astype(np.float64)
    for plane in planes[1:]:
        total += plane
    total /= len(planes)
    # Rounding must not carry the mean of equal years off their value.
    clipped: Float64 = np.clip(total, planes[0], planes[-1], out=total)
    return clipped


def _class_change(
    planes: list[NDArray[Any]], before: Float64, now: Float64, classes: int
) -> NDArray[np.int16]:
    exact = [plane.astype(np.float64, copy=False) for plane in planes]
    padding = _PADDING * (exact[-1] - exact[0])
    padded = [exact[0] - padding, *exact, exact[-1] + padding]
    rise, fall = (np.zeros(before.size, dtype=np.uint16) for _ in range(2))
    marks = np.empty(before.size, dtype=bool)
    cut = np.empty(before.size)
    for part in range(1, classes):
        between(padded, part, classes, out=cut)
        rise += np.greater(now, cut, out=marks)
        fall += np.greater(before, cut, out=marks)
    return rise.view(np.int16) - fall.view(np.int16)


def _z_band(planes: list[NDArray[Any]], before: Float64, now: Float64) -> NDArray[np.int16]:
    squares = np.zeros(before.size)
    for plane in planes:
        squares += (plane - before) ** 2
    spread = np.sqrt(squares / (len(planes) - 1))
    difference = now - before
    with np.errstate(invalid="ignore", divide="ignore"):
        z = difference / spread
    z[difference == 0.0] = 0.0
    band = (z > _Z_BANDS[2]).astype(np.int16) + (z > _Z_BANDS[3])
    band -= z < _Z_BANDS[0]
    band -= z < _Z_BANDS[1]
    return band


def performance(
    mean: ArrayLike, reference: ArrayLike, *, threshold: float = 0.5, convention: str = "prais4"
) -> tuple[Int16, Int16]:
    """Performance: a cell against the best of its unit.

    Parameters
    ----------
    mean : array_like [cells]
        Mean vegetation index of the period.
    reference : array_like [cells]
        The unit's high percentile of such means, above 0.
    threshold : float
        Share of the reference below which a cell is degraded.
    convention : {"prais4", "trends_earth", "gpg_v2"}
        In "trends_earth" a cell at the very threshold is degraded too.

    Returns
    -------
    performance : int16 [cells], -1 or 0
    ratio : int16 [cells], mean / reference x 10000, rounded, held within -32767 .. 32767
    """
    ratio = np.asarray(mean, dtype=np.float64) / np.asarray(reference, dtype=np.float64)
    low = ratio <= threshold if convention == "trends_earth" else ratio < threshold
    scaled = np.asarray(ratio * 10_000.0)
    np.rint(scaled, out=scaled)
    np.clip(scaled, -32_767.0, 32_767.0, out=scaled)
    return -low.astype(np.int16), scaled.astype(np.int16)


def quantiles_of_counts(
    group: NDArray[np.int64], value: NDArray[np.int64], count: NDArray[np.int64], percent: float
) -> tuple[NDArray[np.int64], Float64, NDArray[np.int64]]:
    """Quantile of whole numbers that are given by how often each occurs, for many groups.

    Parameters
    ----------
    group, value, count : int64 [entries]
        Sorted by group, then by value, each pair once; counts are above 0.
    percent : float
        0 .. 100; between two values it is interpolated linearly (Hyndman and Fan's type 7).

    Returns
    -------
    groups : int64 [groups], those that occur
    quantile : float64 [groups]
    cells : int64 [groups], sum of the counts
    """
    first = np.flatnonzero(np.concatenate(([True], group[1:] != group[:-1])))
    if group.size == 0:
        return group, np.empty(0), group
    upto = np.cumsum(count)
    before = upto[first] - count[first]
    cells = np.add.reduceat(count, first)
    place = (cells - 1) * (percent / 100.0)
    low = np.floor(place)
    # The n-th value of a group is where the counts of all groups have passed those before it.
    lower = value[np.searchsorted(upto, before + low.astype(np.int64), side="right")]
    next_place = np.minimum(low.astype(np.int64) + 1, cells - 1)
    upper = value[np.searchsorted(upto, before + next_place, side="right")]
    return group[first], lower + (place - low) * (upper - lower), cells


# [trend + 1, state + 1, performance + 1], performance -1 or 0; manual, table 13.
_LPD = np.array(
    [
        [[1, 1], [1, 1], [1, 1]],
        [[1, 2], [3, 4], [4, 4]],
        [[2, 5], [5, 5], [5, 5]],
    ],
    dtype=np.int16,
)
_THREE_CLASSES = np.array([0, -1, -1, 0, 0, 1], dtype=np.int16)


def land_productivity(
    trend: NDArray[np.integer[Any]],
    state: NDArray[np.integer[Any]],
    performance: NDArray[np.integer[Any]],
) -> Int16:
    """LPD of trend, state (-1, 0, 1) and performance (-1; 0 or 1), for arrays of one shape."""
    found: Int16 = _LPD[trend + 1, state + 1, np.minimum(performance, 0) + 1]
    return found


def three_classes(lpd: NDArray[np.integer[Any]]) -> Int16:
    """-1, 0 or 1 of LPD 1 .. 5."""
    classes: Int16 = _THREE_CLASSES[lpd]
    return classes


# Biomass of the first years, in NDVI: low up to the first number, medium up to the second.
FAO_WOCAT_BIOMASS: Final[dict[str, tuple[float, float]]] = {
    "0.4_0.7": (0.4, 0.7),
    "0.3_0.5": (0.3, 0.5),
    "0.4_0.8": (0.4, 0.8),
}
FAO_WOCAT_FEWEST_YEARS: Final = 8
_FAO_WOCAT_LAST = (8, 14, 21, 30, 36)  # last combination of LPD 1 .. 5
_BARE_NDVI = 0.25
FAO_WOCAT_MOST_YEARS: Final = LONGEST_TRENDS_EARTH


def fao_wocat_lpd(
    values: NDArray[Any],
    valid: Bools,
    years: Sequence[float],
    *,
    scale: float = 1.0,
    biomass: tuple[float, float] = (0.4, 0.7),
    interval: int = 3,
    needed: int = FAO_WOCAT_FEWEST_YEARS,
    mann_kendall_only: bool = False,
) -> tuple[Int16, Bools]:
    """LPD after FAO and WOCAT, of annual NDVI alone.

    Trend (1 falling, 2 none, 3 rising: sign of the least-squares slope where Mann-Kendall's |S|
    reaches the critical value of Trends.Earth's 95 % column) and MTID, the sum over the years of
    the last years' mean less NDVI (1: up to 0, 2: above), give the steadiness 1 .. 4: (1,1) 1,
    (1,2) 2, (2,1) 2, (2,2) 3, (3,1) 3, (3,2) 4. The state is 1, 2 or 3 as the class of the mean of
    the last years lies 2 or more below, within 1 of, or 2 or more above that of the first years;
    classes are cut by the deciles (type 7) of all years. The biomass is 1, 2 or 3 after the mean
    of the first years. (steadiness - 1) x 9 + (state - 1) x 3 + biomass, 1 .. 36: up to 8 is LPD 1,
    to 14 2, to 21 3, to 30 4, to 36 5. Where no year is above NDVI 0.25 the LPD is 4.

    Parameters
    ----------
    values, valid : ndarray [years, cells], bool ndarray [years, cells]
        Annual NDVI x `scale`, in order of time.
    years : sequence of float
        Calendar years, at most 59.
    scale : float
        Divides the values to give NDVI.
    biomass : (float, float)
        NDVI up to which the biomass is low, and medium.
    interval : int
        Number of first and of last years.
    needed : int
        Fewest years with data.
    mann_kendall_only : bool
        Without MTID: a series without a trend is told apart by the sign of S alone.

    Returns
    -------
    lpd : int16 [cells], 1 .. 5, or 0 where there is none
    known : bool [cells]; false where years are missing: too many, or all first or all last ones
    """
    count = values.shape[1]
    lpd = np.zeros(count, dtype=np.int16)
    known = np.zeros(count, dtype=bool)
    for here in chunks(count):
        part, good = values[:, here], valid[:, here]
        first, first_years = mean_of_valid(part[:interval], good[:interval])
        last, last_years = mean_of_valid(part[-interval:], good[-interval:])
        mean, have = mean_of_valid(part, good)
        enough = (have >= needed) & (first_years > 0) & (last_years > 0)
        trend, score = _fao_wocat_trend(part, good, years)
        rising = score > 0 if mann_kendall_only else (last - mean) * have > 0.0
        steadiness = _STEADINESS[mann_kendall_only][trend - 1, rising.astype(np.intp)]
        with np.errstate(invalid="ignore"):
            low, medium = biomass[0] * scale, biomass[1] * scale
            mass = 1 + (first > low).astype(np.int16) + (first > medium)
            shift = np.zeros(mean.size, dtype=np.int16)
            for cells, planes in sorted_groups(part, good):
                moved = np.zeros(planes[0].size, dtype=np.int16)
                for tenth in range(1, 10):
                    cut = between(planes, tenth, 10)
                    moved += last[cells] > cut
                    moved -= first[cells] > cut
                shift[cells] = moved
        state = 2 + (shift >= 2).astype(np.int16) - (shift <= -2)
        combination = (steadiness - 1) * 9 + (state - 1) * 3 + mass
        found = 1 + np.searchsorted(_FAO_WOCAT_LAST, combination).astype(np.int16)
        bare = ~((part > _BARE_NDVI * scale) & good).any(axis=0)
        found[bare] = 4
        lpd[here] = np.where(enough, found, 0)
        known[here] = enough
    return lpd, known


# [trend - 1, is rising]; with Mann-Kendall alone a significant trend settles it.
_STEADINESS = {
    False: np.array([[1, 2], [2, 3], [3, 4]], dtype=np.int16),
    True: np.array([[1, 1], [2, 3], [4, 4]], dtype=np.int16),
}


def _fao_wocat_trend(
    values: NDArray[Any], valid: Bools, years: Sequence[float]
) -> tuple[NDArray[np.int16], NDArray[np.int32]]:
    """Trend of cells, 1 falling, 2 none, 3 rising, and Mann-Kendall's S."""
    test = mann_kendall(values, valid)
    slope = ols_slope(values, valid, years)
    clear = (np.abs(test.s) >= critical_values()[1][test.years]) & (test.years >= SHORTEST)
    trend = 2 + (clear & (slope > 0)).astype(np.int16) - (clear & (slope < 0))
    return trend.astype(np.int16), test.s
