"""SDG 11.3.1: ratio of land consumption rate to population growth rate.

Built-up areas and populations of cities at two dates in; rates, their ratio, secondary measures,
regimes and flags out, and from those the aggregates of groups of cities. Everything works on whole
arrays (usually cities x intervals), computes in float64 and writes NaN where a value is undefined:
no division by an epsilon, no sentinel number, no warning. What made a value undefined or doubtful
is in the flags.

Conventions shared by all functions here:

- A built-up area or population that is NaN, infinite or negative is missing.
- Two areas, or two populations, that differ by at most `TOLERANCE` of the larger are equal: that
  is rounding in the sums, not change. Their rate is then exactly 0. The same tolerance decides
  whether a ratio is exactly 1 or -1, and on which side of a class boundary a value lies.

References
----------
.. [UNSD] United Nations Statistics Division, SDG indicator metadata 11-03-01, edition of
   2021-03-01, section 4.c (formula ``"2021"``).
.. [UNH] UN-Habitat, training module on indicator 11.3.1, 2018/19 (formula ``"2018"``).
"""

from __future__ import annotations

import enum
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FORMULAS = ("2021", "2018")
TOLERANCE = 1e-9
TRIMMED_SHARE = 0.05
REGIME_COUNT = 17
M2_PER_KM2 = 1e6

EFFICIENT, NEUTRAL, INEFFICIENT, UNDEFINED = 1, 0, -1, -2


class Flag(enum.IntFlag):
    """What a reader must know about a value, or about the absence of one."""

    PGR_ZERO = enum.auto()
    """The population is the same at both ends while built-up land changed: no ratio."""
    NO_CHANGE = enum.auto()
    """Neither built-up land nor population changed: no ratio."""
    PGR_NEAR_ZERO = enum.auto()
    """The population hardly changed: the ratio is kept but ill-conditioned."""
    V1_ZERO = enum.auto()
    """No built-up land at the start: no land consumption rate."""
    POP_ZERO = enum.auto()
    """No inhabitants at one end: no population growth rate."""
    LAND_LOSS = enum.auto()
    """Less built-up land at the end than at the start."""
    LAND_UNCHANGED = enum.auto()
    """Built-up land is the same at both ends while the population changed."""
    COVERAGE = enum.auto()
    """Too small a part of the polygon has data (set by the pipeline)."""
    TOO_SMALL = enum.auto()
    """The polygon holds no cell by the coverage rule in use (set by the pipeline)."""
    OVERLAP = enum.auto()
    """The polygon shares cells with another one (set by the pipeline)."""
    IMPLAUSIBLE_JUMP = enum.auto()
    """Built-up land changed faster than cities do: look for a break in the classification."""
    NO_DATA = enum.auto()
    """Built-up area or population is missing at one end."""


class IntervalIndicators(NamedTuple):
    """Indicators of one interval each; arrays of one shape, NaN where undefined.

    Attributes
    ----------
    lcr, pgr : float64
        Land consumption rate and population growth rate, 1/year.
    lcrpgr : float64
        Their ratio, unitless.
    bupc_start_m2, bupc_end_m2 : float64
        Built-up area per inhabitant, m2.
    builtup_change : float64
        Change of built-up area as a share of its start, unitless.
    lue : float64
        Relative decrease of built-up area per inhabitant, per ten years.
    expansion_density_km2 : float64
        Additional inhabitants per additional km2 of built-up land.
    marginal_land_m2 : float64
        Additional built-up land per additional inhabitant, m2.
    land_per_person_rate : float64
        Logarithmic rate of change of built-up area per inhabitant, 1/year.
    regime : uint8
        1..17 for R1..R17, 0 where a rate is undefined.
    flags : uint32
        Bits of :class:`Flag`.
    """

    lcr: Floats
    pgr: Floats
    lcrpgr: Floats
    bupc_start_m2: Floats
    bupc_end_m2: Floats
    builtup_change: Floats
    lue: Floats
    expansion_density_km2: Floats
    marginal_land_m2: Floats
    land_per_person_rate: Floats
    regime: NDArray[np.uint8]
    flags: NDArray[np.uint32]


class GroupStatistics(NamedTuple):
    """Aggregates of groups of cities; arrays [groups, intervals], NaN where undefined.

    Attributes
    ----------
    n, n_defined, n_undefined : int64
        Cities of the group; those with a ratio; those without one, for whatever reason.
    builtup_start_km2, builtup_end_km2 : float64
        Sums over the cities that have all four figures, km2.
    population_start, population_end : float64
        Sums over the same cities, persons.
    lcr, pgr, ratio_of_totals : float64
        The formulas applied to these sums; 1/year, 1/year, unitless.
    weighted_mean, mean : float64
        Of all defined ratios; weights are the populations at the end.
    median, q1, q3, trimmed_mean : float64
        Of the defined ratios without PGR_NEAR_ZERO.
    share_above_1 : float64
        Share of the defined ratios that are above 1.
    regime_shares : float64 [groups, intervals, 17]
        Share of each regime among the cities that have one.
    flags : uint32
        Flags of the sums, and those of the cities that bear on them.
    """

    n: NDArray[np.int64]
    n_defined: NDArray[np.int64]
    n_undefined: NDArray[np.int64]
    builtup_start_km2: Floats
    builtup_end_km2: Floats
    population_start: Floats
    population_end: Floats
    lcr: Floats
    pgr: Floats
    ratio_of_totals: Floats
    weighted_mean: Floats
    mean: Floats
    median: Floats
    q1: Floats
    q3: Floats
    trimmed_mean: Floats
    share_above_1: Floats
    regime_shares: Floats
    flags: NDArray[np.uint32]


@cache
def flag_codes(flags: int) -> str:
    """Return the names of the flags that are set, joined by semicolons.

    Parameters
    ----------
    flags : int
        Bits of :class:`Flag`.

    Returns
    -------
    str
        For example ``"PGR_NEAR_ZERO;LAND_LOSS"``; empty when none is set.
    """
    return ";".join(str(flag.name) for flag in Flag if flag & int(flags))


def land_consumption_rate(
    builtup_start: ArrayLike, builtup_end: ArrayLike, years: ArrayLike, *, formula: str = "2021"
) -> Floats:
    """Yearly rate at which built-up area grows.

    Parameters
    ----------
    builtup_start, builtup_end : array_like
        Built-up area at both ends, any unit of area; NaN where missing.
    years : array_like
        Length of the interval, years.
    formula : {"2021", "2018"}
        ``"2021"``: (V2 - V1) / V1 / t [UNSD]. ``"2018"``: ln(V2 / V1) / t [UNH].

    Returns
    -------
    ndarray of float64
        Rate per year (0.01 is 1 % a year). NaN where an area is missing, where the start is 0 and,
        with formula 2018, where the end is 0.

    Raises
    ------
    ValueError
        If `formula` is unknown, or a length is not a positive number.
    """
    t = _interval_length(years)
    start, end = _known(builtup_start), _known(builtup_end)
    if formula == "2021":
        with np.errstate(all="ignore"):
            return np.asarray(_relative_change(start, end) / t)
    if formula == "2018":
        with np.errstate(all="ignore"):
            return np.asarray(_log_change(start, end) / t)
    raise ValueError(f"unknown formula {formula!r}: use one of {', '.join(FORMULAS)}")


def population_growth_rate(
    population_start: ArrayLike, population_end: ArrayLike, years: ArrayLike
) -> Floats:
    """Yearly logarithmic growth rate of the population, ln(P2 / P1) / t [UNSD].

    Parameters
    ----------
    population_start, population_end : array_like
        Persons at both ends; NaN where missing.
    years : array_like
        Length of the interval, years.

    Returns
    -------
    ndarray of float64
        Rate per year; NaN where a population is missing or 0.

    Raises
    ------
    ValueError
        If a length is not a positive number.
    """
    t = _interval_length(years)
    with np.errstate(all="ignore"):
        return np.asarray(_log_change(_known(population_start), _known(population_end)) / t)


def interval_indicators(
    builtup_start_km2: ArrayLike,
    builtup_end_km2: ArrayLike,
    population_start: ArrayLike,
    population_end: ArrayLike,
    builtup_years: ArrayLike,
    population_years: ArrayLike,
    *,
    formula: str = "2021",
    near_zero_pgr: float = 0.001,
    implausible_rate: float = 0.08,
) -> IntervalIndicators:
    """Every indicator of cities over intervals; the arguments broadcast against each other.

    Parameters
    ----------
    builtup_start_km2, builtup_end_km2 : array_like
        Built-up area at both ends, km2; NaN where missing.
    population_start, population_end : array_like
        Persons at both ends; NaN where missing.
    builtup_years, population_years : array_like
        Length of the interval in the land and in the population data, years.
    formula : {"2021", "2018"}
        Formula of the land consumption rate, see :func:`land_consumption_rate`.
    near_zero_pgr : float
        Growth rates nearer to 0 than this (1/year) get PGR_NEAR_ZERO.
    implausible_rate : float
        Built-up area that grows or shrinks by more than this share a year, compounded, gets
        IMPLAUSIBLE_JUMP. Compounded, so that the test depends neither on the formula nor on the
        length of the interval.

    Returns
    -------
    IntervalIndicators
        Arrays of the broadcast shape.

    Raises
    ------
    ValueError
        If `formula` is unknown, a length is not a positive number or shapes do not broadcast.

    Notes
    -----
    With V in km2 and P in persons:

    ===================== ==============================================================
    lcr, pgr, lcrpgr      formulas above; lcrpgr = lcr / pgr, NaN where pgr is 0
    bupc                  V * 1e6 / P
    builtup_change        (V2 - V1) / V1
    lue                   (bupc1 - bupc2) / bupc1 * 10 / t, t that of the land data. After
                          Corbane et al.; the scaling to ten years is unconfirmed
    expansion_density     (P2 - P1) / (V2 - V1)
    marginal_land         (V2 - V1) * 1e6 / (P2 - P1)
    land_per_person_rate  ln(V2 / V1) / t_land - ln(P2 / P1) / t_population, which is
                          ln(bupc2 / bupc1) / t where both lengths are t (Angel et al. 2024)
    ===================== ==============================================================

    Regimes by (sign of lcr, sign of pgr, ratio): +/+ ratio 1 R1, below R2, above R16; 0/+ R3;
    -/+ ratio above -1 R4, -1 R5, below R6; -/0 R7; -/- ratio above 1 R8, 1 R9, below R10; 0/- R11;
    +/- ratio above -1 R12, -1 R13, below R14; +/0 R15; 0/0 R17.

    Flags: what each means is said at :class:`Flag`; several can hold at once. When all built-up
    land is lost (V2 = 0) formula 2018 has no rate, hence no ratio and no regime: LAND_LOSS and
    IMPLAUSIBLE_JUMP tell. Without built-up land at either end the flag is V1_ZERO, and NO_CHANGE
    with it when the population is the same too.
    """
    v1, v2, p1, p2, t_land, t_population = np.broadcast_arrays(
        _known(builtup_start_km2),
        _known(builtup_end_km2),
        _known(population_start),
        _known(population_end),
        _interval_length(builtup_years),
        _interval_length(population_years),
    )
    lcr = land_consumption_rate(v1, v2, t_land, formula=formula)
    pgr = population_growth_rate(p1, p2, t_population)
    with np.errstate(all="ignore"):
        land_change, population_change = _change(v1, v2), _change(p1, p2)
        log_land, log_population = _log_change(v1, v2), _log_change(p1, p2)
        lcrpgr = _quotient(lcr, pgr)
        bupc_start, bupc_end = _quotient(v1 * M2_PER_KM2, p1), _quotient(v2 * M2_PER_KM2, p2)

        same_land, same_population = land_change == 0, population_change == 0
        growth_factor = _quotient(np.maximum(v1, v2), np.minimum(v1, v2))
        lost = (v2 == 0) & (v1 > 0)
        flagged = {
            Flag.PGR_ZERO: (pgr == 0) & ~same_land & ~np.isnan(land_change),
            Flag.NO_CHANGE: (pgr == 0) & same_land,
            Flag.PGR_NEAR_ZERO: (pgr != 0) & (np.abs(pgr) < near_zero_pgr),
            Flag.V1_ZERO: v1 == 0,
            Flag.POP_ZERO: (p1 == 0) | (p2 == 0),
            Flag.LAND_LOSS: land_change < 0,
            Flag.LAND_UNCHANGED: same_land & (v1 > 0) & ~np.isnan(pgr) & ~same_population,
            Flag.IMPLAUSIBLE_JUMP: lost
            | (growth_factor > (1.0 + implausible_rate) ** t_land * (1.0 + TOLERANCE)),
            Flag.NO_DATA: np.isnan(land_change) | np.isnan(population_change),
        }
        return IntervalIndicators(
            lcr=lcr,
            pgr=pgr,
            lcrpgr=lcrpgr,
            bupc_start_m2=bupc_start,
            bupc_end_m2=bupc_end,
            builtup_change=_relative_change(v1, v2),
            lue=_quotient(bupc_start - bupc_end, bupc_start) * 10.0 / t_land,
            expansion_density_km2=_quotient(population_change, land_change),
            marginal_land_m2=_quotient(land_change * M2_PER_KM2, population_change),
            land_per_person_rate=np.asarray(
                log_land / t_land - log_population / t_population, dtype=np.float64
            ),
            regime=_regime(lcr, pgr, lcrpgr),
            flags=_combined(flagged, lcr.shape),
        )


def regime_group(regime: ArrayLike) -> NDArray[np.int8]:
    """Tell efficient from inefficient regimes.

    Parameters
    ----------
    regime : array_like of int
        1..17, 0 for undefined.

    Returns
    -------
    ndarray of int8
        `EFFICIENT` (1) for R1..R9, `INEFFICIENT` (-1) for R10..R16, `NEUTRAL` (0) for R17 and
        `UNDEFINED` (-2) for 0.
    """
    groups = np.array([UNDEFINED] + [EFFICIENT] * 9 + [INEFFICIENT] * 7 + [NEUTRAL], dtype=np.int8)
    return np.asarray(groups[np.asarray(regime, dtype=np.intp)])


def lcrpgr_class(lcrpgr: ArrayLike) -> NDArray[np.uint8]:
    """Sort ratios into the classes of the map.

    Parameters
    ----------
    lcrpgr : array_like
        Ratios; NaN where undefined.

    Returns
    -------
    ndarray of uint8
        1: below -1; 2: -1 to below 0; 3: 0 to 1; 4: above 1 to 2; 5: above 2; 0: undefined. So the
        boundaries -1 and 0 belong to the class above them, 1 and 2 to the class below them: land
        consumed exactly as fast as the population grows (1) is mapped with the efficient cities.
    """
    values = np.asarray(lcrpgr, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        nearest = np.round(values)
        values = np.where(np.abs(values - nearest) <= TOLERANCE, nearest, values)
        classes = 1 + (values >= -1) + (values >= 0) + (values > 1) + (values > 2)
    return np.where(np.isnan(values), 0, classes).astype(np.uint8)


def group_statistics(
    group_index: ArrayLike,
    n_groups: int,
    builtup_start_km2: ArrayLike,
    builtup_end_km2: ArrayLike,
    population_start: ArrayLike,
    population_end: ArrayLike,
    builtup_years: ArrayLike,
    population_years: ArrayLike,
    indicators: IntervalIndicators,
    *,
    formula: str = "2021",
    near_zero_pgr: float = 0.001,
    implausible_rate: float = 0.08,
) -> GroupStatistics:
    """Aggregate cities to groups, by several aggregators: which one is chosen is the result.

    Parameters
    ----------
    group_index : array_like of int, [cities]
        Group of each city, 0 .. `n_groups` - 1.
    n_groups : int
        Number of groups.
    builtup_start_km2, builtup_end_km2 : array_like, [cities, intervals]
        Built-up area at both ends, km2; NaN where missing.
    population_start, population_end : array_like, [cities, intervals]
        Persons at both ends; NaN where missing.
    builtup_years, population_years : array_like, [intervals]
        Length of the intervals, years.
    indicators : IntervalIndicators
        Those of the cities, [cities, intervals]; flags of the pipeline already or-ed in.
    formula, near_zero_pgr, implausible_rate
        As in :func:`interval_indicators`, here for the sums.

    Returns
    -------
    GroupStatistics
        Arrays [groups, intervals].

    Raises
    ------
    ValueError
        If a group index is out of range, `formula` is unknown or a length is not positive.

    Notes
    -----
    - The sums, and with them the headline `ratio_of_totals`, leave out a city that misses any of
      the four figures of the interval; it is counted in `n_undefined` and the group gets NO_DATA.
      A 0 is a figure: such a city counts in the sums even where it has no ratio of its own. Sums of
      no city at all are NaN.
    - A ratio over a growth rate near 0 is ill-conditioned: PGR_NEAR_ZERO values count in `mean`,
      `weighted_mean` and `share_above_1`, but not in the robust `median`, `q1`, `q3` and
      `trimmed_mean`. Quantiles interpolate linearly; the trimmed mean drops the 5 % (rounded down)
      smallest and as many largest values.
    - `flags` are those of the sums, plus COVERAGE, OVERLAP and NO_DATA where any city of the group
      has them, since the sums then are partial or count land twice.
    """
    group = np.asarray(group_index, dtype=np.intp)
    if group.size and (group.min() < 0 or group.max() >= n_groups):
        raise ValueError(f"group indices must lie in 0..{n_groups - 1}")
    ratio = indicators.lcrpgr
    shape = (n_groups, ratio.shape[1])
    cell = group[:, np.newaxis] * shape[1] + np.arange(shape[1])

    def total(values: NDArray[np.generic], where: Bools) -> Floats:
        sums = np.bincount(cell[where], weights=values[where], minlength=n_groups * shape[1])
        return np.asarray(sums, dtype=np.float64).reshape(shape)

    def count(where: Bools) -> NDArray[np.int64]:
        counts = np.bincount(cell[where], minlength=n_groups * shape[1])
        return counts.astype(np.int64).reshape(shape)

    figures = [
        np.broadcast_to(_known(values), ratio.shape)
        for values in (builtup_start_km2, builtup_end_km2, population_start, population_end)
    ]
    complete = np.asarray(np.isfinite(np.stack(figures)).all(axis=0))
    some = count(complete) > 0
    sums = [np.where(some, total(values, complete), np.nan) for values in figures]
    v1, v2, p1, p2 = sums
    of_sums = interval_indicators(
        v1,
        v2,
        p1,
        p2,
        builtup_years,
        population_years,
        formula=formula,
        near_zero_pgr=near_zero_pgr,
        implausible_rate=implausible_rate,
    )

    n = count(np.ones(ratio.shape, dtype=np.bool_))
    defined = np.isfinite(ratio)
    n_defined = count(defined)
    weights = np.nan_to_num(figures[3])
    robust = _robust_statistics(
        np.where(indicators.flags & np.uint32(Flag.PGR_NEAR_ZERO), np.nan, ratio), group, n_groups
    )
    regimes = np.stack([count(indicators.regime == r) for r in range(1, REGIME_COUNT + 1)], axis=-1)
    flags = of_sums.flags.copy()
    inherited = np.uint32(Flag.COVERAGE | Flag.OVERLAP | Flag.NO_DATA)
    np.bitwise_or.at(flags.reshape(-1), cell, indicators.flags & inherited)
    with np.errstate(all="ignore"):
        return GroupStatistics(
            n=n,
            n_defined=n_defined,
            n_undefined=n - n_defined,
            builtup_start_km2=v1,
            builtup_end_km2=v2,
            population_start=p1,
            population_end=p2,
            lcr=of_sums.lcr,
            pgr=of_sums.pgr,
            ratio_of_totals=of_sums.lcrpgr,
            weighted_mean=_quotient(total(ratio * weights, defined), total(weights, defined)),
            mean=_quotient(total(ratio, defined), n_defined),
            median=robust[1],
            q1=robust[0],
            q3=robust[2],
            trimmed_mean=robust[3],
            share_above_1=_quotient(count(ratio > 1.0 + TOLERANCE), n_defined),
            regime_shares=_quotient(regimes, regimes.sum(axis=-1, keepdims=True)),
            flags=flags,
        )


def _known(values: ArrayLike) -> Floats:
    """Return float64 with NaN for what cannot be an area or a population."""
    array = np.asarray(values, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(array) & (array >= 0), array, np.nan)


def _interval_length(years: ArrayLike) -> Floats:
    length = np.asarray(years, dtype=np.float64)
    if not np.all(np.isfinite(length) & (length > 0)):
        raise ValueError("the length of an interval must be a positive number of years")
    return length


def _quotient(numerator: ArrayLike, denominator: ArrayLike) -> Floats:
    """Divide, with NaN instead of infinity where the denominator is 0."""
    divisor = np.asarray(denominator, dtype=np.float64)
    dividend = np.asarray(numerator, dtype=np.float64)
    return np.asarray(dividend / np.where(divisor == 0, np.nan, divisor))


def _change(start: Floats, end: Floats) -> Floats:
    difference = end - start
    return np.where(np.abs(difference) <= TOLERANCE * np.maximum(start, end), 0.0, difference)


def _relative_change(start: Floats, end: Floats) -> Floats:
    return _quotient(_change(start, end), start)


def _log_change(start: Floats, end: Floats) -> Floats:
    """Return ln(end / start): NaN where either is 0, and exact also for a tiny change."""
    relative = _relative_change(start, end)
    factor = _quotient(np.where(end == 0, np.nan, end), start)
    return np.where(np.abs(relative) < 0.5, np.log1p(relative), np.log(factor))


def _regime(lcr: Floats, pgr: Floats, ratio: Floats) -> NDArray[np.uint8]:
    """Look the regime up by the signs of both rates and |ratio| below, at or above 1."""
    table = np.array(
        [  # each row: pgr < 0, pgr = 0, pgr > 0; each triple: |ratio| < 1, = 1, > 1
            [[10, 9, 8], [7, 7, 7], [4, 5, 6]],  # lcr < 0
            [[11, 11, 11], [17, 17, 17], [3, 3, 3]],  # lcr = 0
            [[12, 13, 14], [15, 15, 15], [2, 1, 16]],  # lcr > 0
        ],
        dtype=np.uint8,
    )
    excess = np.abs(np.nan_to_num(ratio)) - 1.0
    magnitude = np.where(np.abs(excess) <= TOLERANCE, 0.0, np.sign(excess))
    index = [1 + np.nan_to_num(np.sign(values)).astype(np.intp) for values in (lcr, pgr, magnitude)]
    return np.where(np.isnan(lcr) | np.isnan(pgr), 0, table[tuple(index)]).astype(np.uint8)


def _combined(flagged: dict[Flag, Bools], shape: tuple[int, ...]) -> NDArray[np.uint32]:
    flags = np.zeros(shape, dtype=np.uint32)
    for flag, where in flagged.items():
        flags |= np.where(where, np.uint32(flag), np.uint32(0))
    return flags


def _robust_statistics(
    values: Floats, group: NDArray[np.intp], n_groups: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return q1, median, q3 and trimmed mean [groups, intervals] of values [cities, intervals].

    Values are sorted by group and, within it, by size, for all intervals at once; a quantile is
    then two look-ups per group. NaN values sort behind the last group.
    """
    by_interval = values.T
    key = np.where(np.isnan(by_interval), n_groups, group)
    order = np.lexsort((by_interval, key))
    ordered = np.take_along_axis(by_interval, order, axis=-1)
    key = np.take_along_axis(key, order, axis=-1)

    n_intervals, n_cities = by_interval.shape
    if n_cities == 0:
        empty = np.full((n_groups, n_intervals), np.nan)
        return empty, empty, empty, empty
    shape = (n_intervals, n_groups + 1)
    cell = np.arange(n_intervals)[:, np.newaxis] * shape[1] + key
    size = np.bincount(cell.ravel(), minlength=shape[0] * shape[1]).reshape(shape)
    first = np.cumsum(size, axis=1) - size
    last_rank = np.maximum(size - 1, 0)

    def value_at(rank: NDArray[np.intp]) -> Floats:
        # An empty group behind all values has no first one, yet needs a valid index.
        return np.take_along_axis(ordered, np.minimum(first + rank, n_cities - 1), axis=1)

    def quantile(q: float) -> Floats:
        position = last_rank * q
        below = np.floor(position).astype(np.intp)
        low, high = value_at(below), value_at(np.minimum(below + 1, last_rank))
        return np.where(size > 0, low + (high - low) * (position - below), np.nan)

    cut = (size * TRIMMED_SHARE).astype(np.intp)
    rank = np.arange(n_cities) - np.take_along_axis(first, key, axis=1)
    kept = rank >= np.take_along_axis(cut, key, axis=1)
    kept &= rank < np.take_along_axis(size - cut, key, axis=1)
    kept_sum = np.bincount(cell[kept], weights=ordered[kept], minlength=shape[0] * shape[1])
    with np.errstate(all="ignore"):
        trimmed = _quotient(kept_sum.reshape(shape), size - 2 * cut)
        q1, median, q3 = quantile(0.25), quantile(0.5), quantile(0.75)
    return q1.T[:n_groups], median.T[:n_groups], q3.T[:n_groups], trimmed.T[:n_groups]
