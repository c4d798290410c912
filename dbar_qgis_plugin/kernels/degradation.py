"""Degraded, stable, improved: combination of sub-indicators, status, recoding, neutrality.

Everything per cell goes through tables. A raster's values become *places* (small whole numbers, of
which some mean "no class"), the places of several rasters one joint code in a byte, and a table
gives the result of a code. A table is made by running the rule itself over all codes, so that rule
and table cannot differ. The same codes are what areas and cells are counted by.

Rules: UNCCD, PRAIS4 reporting manual, SO1 (one-out-all-out; status matrix); UN SDG metadata 15.3.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Int16 = NDArray[np.int16]
UInt8 = NDArray[np.uint8]
Bool = NDArray[np.bool_]
Float64 = NDArray[np.float64]

DEGRADED_WINS, ANY_NODATA = "degraded_wins", "any_nodata"
POLICIES: Final = (DEGRADED_WINS, ANY_NODATA)

# What may be missing of a cell, as bits.
MISSING_PRODUCTIVITY, MISSING_LAND_COVER, MISSING_SOC, WATER = 1, 2, 4, 8

_CODES = 256
_WATER_CODE = _CODES - 1
_CELLS_AT_ONCE = 1 << 16


@dataclass(frozen=True)
class Legend:
    """Values that a class raster may hold, and what each means.

    Parameters
    ----------
    first, last : int
        The values in use are `first` .. `last`; any other value is no class.
    meaning : tuple of int
        -1 degraded, 0 stable, 1 improved, for `first` .. `last`.
    """

    first: int
    last: int
    meaning: tuple[int, ...]

    @property
    def place_count(self) -> int:
        """Number of places: one below the classes, also for no data, and one above them."""
        return self.last - self.first + 3

    def meanings(self) -> tuple[Int16, Bool]:
        """Meaning by place, and whether the place is a class."""
        values = np.zeros(self.place_count, dtype=np.int16)
        values[1:-1] = self.meaning
        is_class = np.ones(self.place_count, dtype=bool)
        is_class[[0, -1]] = False
        return values, is_class


CLASSES: Final = Legend(-1, 1, (-1, 0, 1))
# Land productivity dynamics: declining, moderate decline, stressed, stable, increasing.
LPD: Final = Legend(1, 5, (-1, -1, 0, 0, 1))
# What a status says of the period itself: 1, 2 degraded, 3 to 5 stable, 6, 7 improved.
STATUS: Final = Legend(1, 7, (-1, -1, 0, 0, 0, 1, 1))
LEGENDS: Final = {"classes": CLASSES, "lpd": LPD, "status": STATUS}


def places(values: ArrayLike, valid: ArrayLike, legend: Legend) -> UInt8:
    """Places of a class raster's values in its legend.

    Parameters
    ----------
    values : array_like of a number type
        Class values; a value between two classes belongs to none.
    valid : array_like of bool, same shape
        Where there is data.
    legend : Legend
        Which values are classes.

    Returns
    -------
    ndarray of uint8, same shape
        0 without data, 1 .. n for the classes; 0 or n + 1 for any other value.
    """
    numbers = np.asarray(values)
    if numbers.dtype.kind == "u":
        # Below zero there is room only in a signed type; beyond the classes all is alike.
        numbers = np.minimum(numbers, legend.last + 1).astype(np.int16)
    found: NDArray[Any] = np.clip(numbers, legend.first - 1, legend.last + 1)
    if found.dtype.kind == "f":
        found = np.where(found == np.rint(found), found, legend.first - 1)
    result: UInt8 = (found - (legend.first - 1)).astype(np.uint8)
    result *= np.asarray(valid, dtype=bool).view(np.uint8)
    return result


def joint_codes(layers: Sequence[UInt8], place_counts: Sequence[int]) -> UInt8:
    """One code in a byte for the places of several rasters; the last varies fastest."""
    if int(np.prod(place_counts)) >= _CODES:
        raise ValueError("too many places for one byte")
    code = layers[0].copy()
    for layer, count in zip(layers[1:], place_counts[1:], strict=True):
        code *= np.uint8(count)
        code += layer
    return code


def table_places(place_counts: Sequence[int]) -> tuple[NDArray[np.int64], ...]:
    """Places of each raster by joint code: the inverse of `joint_codes`."""
    return np.unravel_index(np.arange(int(np.prod(place_counts))), tuple(place_counts))


# -- one out, all out


def one_out_all_out(
    indicators: ArrayLike, valid: ArrayLike, policy: str = DEGRADED_WINS
) -> tuple[Int16, Bool]:
    """Combine sub-indicators: degraded where any is, else improved where any is, else stable.

    Parameters
    ----------
    indicators : array_like of int [indicators, ...]
        -1 degraded, 0 stable, 1 improved.
    valid : array_like of bool, same shape
        Where there is data.
    policy : {"degraded_wins", "any_nodata"}
        Where one is missing. `degraded_wins` is three-valued logic: one that is degraded decides,
        whatever the missing one may be; otherwise nothing is known. `any_nodata`: no result where
        any is missing.

    Returns
    -------
    combined : ndarray of int16 [...]
        -1, 0 or 1; 0 where there is no result.
    known : ndarray of bool [...]
        Where there is a result.

    Notes
    -----
    UNCCD, PRAIS4 reporting manual, SO1: one-out-all-out.
    """
    if policy not in POLICIES:
        raise ValueError(f"unknown policy {policy!r}")
    values, there = np.asarray(indicators), np.asarray(valid, dtype=bool)
    complete = there.all(axis=0)
    degraded = ((values == -1) & there).any(axis=0)
    improved = ((values == 1) & there).any(axis=0)
    known: Bool = np.asarray(complete | degraded if policy == DEGRADED_WINS else complete)
    combined = np.where(degraded, -1, improved).astype(np.int16)
    return np.where(known, combined, 0).astype(np.int16), known


class Combination(NamedTuple):
    """The one-out-all-out rule as a table over joint codes.

    result : int16 [256], -1, 0, 1; 0 where there is no result
    known : bool [256], whether there is a result
    missing : uint8 [256], which inputs are missing, as bits; `WATER` alone for inland water
    place_counts : of productivity, land cover and soil organic carbon
    """

    result: Int16
    known: Bool
    missing: UInt8
    place_counts: tuple[int, int, int]


def combination(legends: Sequence[Legend], policy: str) -> Combination:
    """Table for the legends of productivity, land cover and soil organic carbon, in that order."""
    first, second, third = (legend.place_count for legend in legends)
    counts = first, second, third
    layers = table_places(counts)
    parts = [
        tuple(column[place] for column in legend.meanings())
        for legend, place in zip(legends, layers, strict=True)
    ]
    values, there = np.stack([part[0] for part in parts]), np.stack([part[1] for part in parts])
    combined, is_known = one_out_all_out(values, there, policy)
    result, known = np.zeros(_CODES, dtype=np.int16), np.zeros(_CODES, dtype=bool)
    missing = np.zeros(_CODES, dtype=np.uint8)
    result[: combined.size], known[: combined.size] = combined, is_known
    for bit, is_class in zip(
        (MISSING_PRODUCTIVITY, MISSING_LAND_COVER, MISSING_SOC), there, strict=True
    ):
        missing[: combined.size][~is_class] |= bit
    missing[_WATER_CODE] = WATER
    return Combination(result, known, missing, counts)


def combined_codes(layers: Sequence[UInt8], table: Combination, water: Bool | None = None) -> UInt8:
    """Joint codes of a `Combination` for the places of its three rasters.

    Cells of inland water, where given, have a code of their own and no result.
    """
    codes = joint_codes(layers, table.place_counts)
    if water is not None:
        codes[water] = _WATER_CODE
    return codes


def looked_up(codes: UInt8, table: NDArray[Any]) -> NDArray[Any]:
    """Values of a table by code, in pieces that stay in the cache."""
    flat = np.ravel(codes)
    result = np.empty(flat.shape, dtype=table.dtype)
    for begin in range(0, flat.size, _CELLS_AT_ONCE):
        part = slice(begin, begin + _CELLS_AT_ONCE)
        # A byte cannot lie outside a table of 256, so nothing needs to be checked.
        np.take(table, flat[part], out=result[part], mode="wrap")
    return result.reshape(codes.shape)


# -- status


_STATUS: Final = (
    # reporting: -1, 0, 1
    (1, 3, 6),  # baseline degraded
    (2, 4, 6),  # baseline stable
    (2, 5, 7),  # baseline improved
)


def status(baseline: ArrayLike, reporting: ArrayLike) -> Int16:
    """Status of land at the end of a reporting period against the baseline.

    Parameters
    ----------
    baseline, reporting : array_like of int
        -1 degraded, 0 stable, 1 improved.

    Returns
    -------
    ndarray of int16
        1 persistent degradation, 2 recent degradation, 3 baseline degradation, 4 stability,
        5 baseline improvement, 6 recent improvement, 7 persistent improvement.

    Notes
    -----
    UNCCD, PRAIS4 reporting manual, SO1: status matrix.
    """
    matrix = np.array(_STATUS, dtype=np.int16)
    return np.asarray(matrix[np.asarray(baseline) + 1, np.asarray(reporting) + 1])


def status_3class(statuses: ArrayLike) -> Int16:
    """Status in three classes: 1 to 3 degraded (-1), 4 stable (0), 5 to 7 improved (1)."""
    signs: Int16 = np.sign(np.asarray(statuses, dtype=np.int16) - 4).astype(np.int16)
    return signs


class StatusTable(NamedTuple):
    """The status matrix as a table over joint codes of a baseline and a reporting raster.

    baseline, reporting : int8 [256], -1, 0, 1, or 2 where there is no class
    status : int16 [256], 1 .. 7, or 0 where either is missing
    place_counts : of baseline and reporting raster
    """

    baseline: NDArray[np.int8]
    reporting: NDArray[np.int8]
    status: Int16
    place_counts: tuple[int, int]


NO_CLASS: Final = 2  # what stands for no data among -1, 0 and 1


def status_table(baseline: Legend, reporting: Legend) -> StatusTable:
    """Table for the legends of a baseline and a reporting raster."""
    counts = baseline.place_count, reporting.place_count
    sides = []
    for legend, place in zip((baseline, reporting), table_places(counts), strict=True):
        meaning, is_class = legend.meanings()
        side = np.full(_CODES, NO_CLASS, dtype=np.int8)
        side[: place.size] = np.where(is_class[place], meaning[place], NO_CLASS)
        sides.append(side)
    both = (sides[0] != NO_CLASS) & (sides[1] != NO_CLASS)
    found = np.zeros(_CODES, dtype=np.int16)
    found[both] = status(sides[0][both], sides[1][both])
    return StatusTable(sides[0], sides[1], found, counts)


# -- error recode

KEEP: Final = None
_NODATA: Final = -32768
# What land of a class may be recoded to; the place in the list is a digit of the code.
RECODE_DEGRADED: Final = (KEEP, _NODATA, 0, 1)
RECODE_STABLE: Final = (KEEP, _NODATA, -1, 1)
RECODE_IMPROVED: Final = (KEEP, _NODATA, -1, 0)
RECODE_COUNT: Final = 64
BASELINE_BIT: Final = 1  # of the periods that a recode holds for; report n has 2**n


def recode_code(
    degraded_to: int | None = None, stable_to: int | None = None, improved_to: int | None = None
) -> int:
    """Code 0 .. 63 of a recode of the three classes; 0 keeps all.

    Raises
    ------
    ValueError
        If a class cannot be recoded to that value.
    """
    return (
        RECODE_DEGRADED.index(degraded_to)
        + 4 * RECODE_STABLE.index(stable_to)
        + 16 * RECODE_IMPROVED.index(improved_to)
    )


def class_indices(legend: Legend) -> UInt8:
    """Class by place, uint8 [256]: 0 degraded, 1 stable, 2 improved, 3 no class."""
    meaning, is_class = legend.meanings()
    indices = np.full(_CODES, NO_CLASS + 1, dtype=np.uint8)
    indices[: meaning.size] = np.where(is_class, meaning + 1, NO_CLASS + 1)
    return indices


def recode_table() -> NDArray[np.int8]:
    """Classes after recoding, int8 [64, 4], by code and class before (-1, 0, 1, `NO_CLASS`).

    The second axis is the class plus one. No data stays no data.
    """
    table = np.empty((RECODE_COUNT, 4), dtype=np.int8)
    options = (RECODE_DEGRADED, RECODE_STABLE, RECODE_IMPROVED)
    for code in range(RECODE_COUNT):
        for column, (own, targets) in enumerate(zip((-1, 0, 1), options, strict=True)):
            target = targets[code // 4**column % 4]
            if target is None:
                table[code, column] = own
            else:
                table[code, column] = NO_CLASS if target == _NODATA else target
        table[code, 3] = NO_CLASS
    return table


# -- neutrality


class Balance(NamedTuple):
    """Gains against losses, arrays of one shape; areas in the unit given.

    percent : of all land of the type or zone; NaN where none of it has a status
    achieved : whether gains make up for losses
    """

    gains: Float64
    losses: Float64
    neutral: Float64
    balance: Float64
    percent: Float64
    achieved: Bool


def counterbalance(status_areas: ArrayLike, whole: ArrayLike, unit: float = 1.0) -> Balance:
    """Gains, losses and their balance, per land type or zone.

    Parameters
    ----------
    status_areas : array_like [..., 7]
        Areas of status 1 .. 7; whole numbers are subtracted exactly.
    whole : array_like [...]
        Area of all land of the type or zone, also of that without a status.
    unit : float
        What the areas are multiplied by.

    Notes
    -----
    Gains are status 6 and 7, losses 1 and 2, neutral 3 to 5; neutrality is achieved where the
    balance is not negative. UNCCD, Good Practice Guidance: counterbalancing within land types.
    """
    areas = np.asarray(status_areas)
    losses = areas[..., 0] + areas[..., 1]
    neutral = areas[..., 2] + areas[..., 3] + areas[..., 4]
    gains = areas[..., 5] + areas[..., 6]
    balance = gains - losses
    return Balance(
        np.asarray(gains * unit),
        np.asarray(losses * unit),
        np.asarray(neutral * unit),
        np.asarray(balance * unit),
        _percent(balance, np.where(losses + neutral + gains > 0, whole, 0)),
        np.asarray(balance >= 0),
    )


class Tracking(NamedTuple):
    """Neutrality of zones in one period, against the baseline: float64 [zones].

    net : restored minus degraded
    restored_percent, degraded_percent, net_percent : of the zone's land; NaN where none has a class
    change : net minus net of the baseline
    change_percent : of the baseline's net, whatever its sign; NaN where that is 0
    change_points : percentage points of the zone's land
    share : net in percent of that of all zones together; NaN where that is not above 0
    rank : int64 [zones], 1 for the largest net; equal ones share a rank, 0 without any class
    """

    net: Float64
    restored_percent: Float64
    degraded_percent: Float64
    net_percent: Float64
    change: Float64
    change_percent: Float64
    change_points: Float64
    share: Float64
    rank: NDArray[np.int64]


def tracking(now: ArrayLike, before: ArrayLike, whole: ArrayLike, unit: float = 1.0) -> Tracking:
    """Net restored land of zones in a period, and its change against the baseline.

    Parameters
    ----------
    now, before : array_like [zones, 3]
        Areas of degraded, stable and improved land in the period and in the baseline; whole numbers
        are subtracted exactly.
    whole : array_like [zones]
        Areas of all land, also of that without a class.
    unit : float
        What the areas are multiplied by.
    """
    current, earlier = np.asarray(now), np.asarray(before)
    land, land_before = (np.where(part.any(axis=1), whole, 0) for part in (current, earlier))
    net, net_before = current[:, 2] - current[:, 0], earlier[:, 2] - earlier[:, 0]
    net_percent = _percent(net, land)
    has_land = land > 0
    rank = np.zeros(net.shape, dtype=np.int64)
    ordered = np.sort(net[has_land])
    rank[has_land] = 1 + ordered.size - np.searchsorted(ordered, net[has_land], side="right")
    return Tracking(
        net * unit,
        _percent(current[:, 2], land),
        _percent(current[:, 0], land),
        net_percent,
        (net - net_before) * unit,
        _percent(net - net_before, np.abs(net_before)),
        net_percent - _percent(net_before, land_before),
        _percent(net, np.full_like(net, net.sum())),
        rank,
    )


def _percent(part: ArrayLike, whole: ArrayLike) -> Float64:
    """Percent, or NaN where the whole is not above 0."""
    numerator = 100.0 * np.asarray(part, dtype=np.float64)
    denominator = np.asarray(whole, dtype=np.float64)
    nothing = np.full(numerator.shape, np.nan)
    return np.asarray(np.divide(numerator, denominator, out=nothing, where=denominator > 0.0))
