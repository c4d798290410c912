"""Degree of Urbanisation, stage 1: classes of the cells of an equal-area grid of 1 km.

References
----------
European Commission, FAO, UN-Habitat, OECD, World Bank: Applying the Degree of Urbanisation, edition
of 2021, with the rules of July 2024 for semi-dense clusters; GHSL Data Packages 2022 (R2022A) and
2023 (R2023A) for the built-up option and the smoothing of edges.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.cell_runs import (
    Bools,
    Int64,
    Runs,
    clusters,
    places_in,
    runs_of_places,
    sums_by,
    touching,
)

UInt8 = NDArray[np.uint8]
Float64 = NDArray[np.float64]

CENTRE, DENSE, SEMI_DENSE, SUBURBAN = 30, 23, 22, 21
RURAL_CLUSTER, LOW_DENSITY, VERY_LOW_DENSITY, WATER = 13, 12, 11, 10
LEVEL_2: Final = (
    CENTRE,
    DENSE,
    SEMI_DENSE,
    SUBURBAN,
    RURAL_CLUSTER,
    LOW_DENSITY,
    VERY_LOW_DENSITY,
    WATER,
)
LEVEL_1: Final = (3, 2, 1, 0)
NODATA = 255

SMOOTHINGS: Final = ("R2023A", "R2022A", "none")
SEMI_DENSE_RULES: Final = ("2024", "2021")

# Inhabitants per km2 of land, from which on a cell has the place in this list, plus 1, as density.
DENSITIES: Final = (50.0, 300.0, 900.0, 1500.0)
LOW, URBAN, MIDDLE, HIGH = 1, 2, 3, 4

_CENTRE_PEOPLE, _CLUSTER_PEOPLE, _MIDDLE_PEOPLE, _RURAL_PEOPLE = 50_000, 5_000, 2_500, 500
_NEAR = 2  # cells between a semi-dense cluster and a town, or a city
_MAJORITY = 5  # of eight neighbours
_MOSTLY_LAND = 0.5
_SHARE_DECIMALS = 3

# What a code says of a cell beside its density, which is in the lowest bits.
_DENSITY_BITS, _OUTSIDE = 0b111, 0b111
_BUILT, _UNCOUNTED, _PERMANENT_WATER, _NO_DATA, _IN_CENTRE = 8, 16, 32, 64, 128

# One person is so many units: sums of whole units are exact, whatever their order.
PEOPLE_UNITS: Final = 1 << 24


# So is a cell's share of something; an error of a person's size would show when rounded up.
_SHARE_UNITS = 1 << 40


def people_units(people: Float64) -> Int64:
    """Persons as whole units."""
    return np.rint(people * PEOPLE_UNITS).astype(np.int64)


def share_units(shares: Float64) -> Int64:
    """Shares as whole units."""
    return np.rint(shares * _SHARE_UNITS).astype(np.int64)


# -- cells


def density(people: Float64, land: Float64 | None) -> Float64:
    """Inhabitants per km2 of land of cells of 1 km2.

    Parameters
    ----------
    people : float64 ndarray
        Persons per cell.
    land : float64 ndarray, optional
        Share of the cell that is land; all of it if absent. People without land give infinity, no
        people without land 0.
    """
    if land is None:
        return people
    with np.errstate(divide="ignore", invalid="ignore"):
        found = people / land
    dry = land > 0.0
    if not dry.all():
        found[~dry] = np.where(people[~dry] > 0.0, np.inf, 0.0)
    return found


def cell_codes(
    people: Float64,
    known: Bools,
    land: Float64 | None = None,
    built: Float64 | None = None,
    threshold: float | None = None,
) -> UInt8:
    """What the classification needs to know of each cell, in a byte.

    Parameters
    ----------
    people : float64 ndarray [height, width]
        Persons per cell, 0 where not known.
    known : bool ndarray [height, width]
        Cells that have a class: where people or land are known.
    land, built : float64 ndarray [height, width], optional
        Shares of the cell that are land and built up, 0 where not known.
    threshold : float, optional
        Built-up share of the land from which on a cell counts as dense; none = the built-up option
        is off.
    """
    per_km2 = density(people, land)
    codes = np.zeros(people.shape, dtype=np.uint8)
    for least in DENSITIES:
        codes += per_km2 >= least
    if built is not None and threshold is not None:
        codes[_built_up(built, land) >= threshold] |= _BUILT
    if land is not None:
        wet = (land < _MOSTLY_LAND) & (people <= 0.0)
        codes[wet] |= _UNCOUNTED
        codes[wet if built is None else wet & (built <= 0.0)] |= _PERMANENT_WATER
    if not known.all():
        codes[~known] |= _NO_DATA
    return codes


def _built_up(built: Float64, land: Float64 | None) -> Float64:
    """Built-up share of the land."""
    if land is None:
        return np.round(built, _SHARE_DECIMALS)
    share = np.zeros_like(built)
    np.divide(built, land, out=share, where=land > 0.0)
    return np.round(share, _SHARE_DECIMALS)


def rim_codes(height: int, width: int) -> UInt8:
    """Codes of a grid with its rim, to be filled in window by window."""
    return np.full((height, width), _OUTSIDE, dtype=np.uint8)


def is_dense(codes: UInt8) -> Bools:
    """Cells from which urban centres and dense clusters are made."""
    return (codes & (_DENSITY_BITS | _BUILT)) >= HIGH


def has_density(codes: UInt8, least: int) -> Bools:
    """Cells that reach one of the densities."""
    return (codes & _DENSITY_BITS) >= least


def found_threshold(dense: Runs, stride: int) -> float | None:
    """Built-up share that R2023A takes as its threshold, rounded up to 1 %; None without clusters.

    Parameters
    ----------
    dense : Runs
        Runs of cells of at least 1,500 inhabitants per km2, with people and built-up shares in the
        units of `people_units` and `share_units`.
    stride : int
        From `cell_runs.stride_of`.

    Notes
    -----
    The mean of the cells' built-up shares inside clusters (4 neighbours) of at least 5,000 people.
    """
    kept = _large(dense, _CLUSTER_PEOPLE, stride, diagonal=False).runs
    if kept.cells == 0:
        return None
    mean = int(kept.amount[:, 1].sum()) / _SHARE_UNITS / kept.cells
    return float(np.ceil(np.round(100.0 * mean, 6)) / 100.0)


# -- clusters


class Rules(NamedTuple):
    """Choices of a classification.

    level : 1 or 2
    smoothing : one of `SMOOTHINGS`
    semi_dense : one of `SEMI_DENSE_RULES`
    gap_km2 : holes of urban centres smaller than this are filled
    nested : level 1 is level 2 in fewer classes, instead of urban clusters of its own
    """

    level: int = 2
    smoothing: str = "R2023A"
    semi_dense: str = "2024"
    gap_km2: float = 15.0
    nested: bool = False


class Group(NamedTuple):
    """Runs of cells of things, and the number of each run's thing, from 0 to `things` - 1."""

    begin: Int64
    end: Int64
    number: Int64
    things: int


class Found(NamedTuple):
    """What a classification is made of.

    centres : urban centres
    urban : urban clusters, with the urban centres inside them
    dense, semi_dense : clusters of these classes; empty where level 1 has clusters of its own
    """

    centres: Group
    urban: Group
    dense: Group
    semi_dense: Group


def classify(codes: UInt8, dense: Runs, middle: Runs | None, urban: Runs, rules: Rules) -> Found:
    """Turn the codes of a grid into classes, in place.

    Parameters
    ----------
    codes : uint8 ndarray [height + 2, width + 2]
        Codes of all cells with the rim (`rim_codes`); become classes, 255 without data. What the
        rim becomes means nothing.
    dense, middle, urban : Runs
        Runs of the cells that `is_dense`, and of those that reach the densities MIDDLE and URBAN,
        with the people in them; `middle` is needed by the rules of 2024 at level 2 only.
    rules : Rules
        Choices.
    """
    flat, stride = codes.reshape(-1), codes.shape[1]
    towns = _large(dense, _CLUSTER_PEOPLE, stride, diagonal=False)
    centres = _centres(flat, towns.at_least(_CENTRE_PEOPLE), stride, rules)
    settled = _large(urban, _RURAL_PEOPLE, stride, diagonal=True)
    clustered = settled.at_least(_CLUSTER_PEOPLE)
    none = clustered.group._replace(begin=_NONE, end=_NONE, number=_NONE, things=0)
    if rules.level == 1 and not rules.nested:
        _paint_background(flat, low=1, very_low=1, water=0)
        _paint(flat, clustered.group, 2)
        _paint(flat, centres, 3)
        return Found(centres, clustered.group, none, none)
    semi_dense = _semi_dense(middle, urban, (towns.group, centres), stride, rules)
    _paint_background(flat, LOW_DENSITY, VERY_LOW_DENSITY, WATER)
    _paint(flat, settled.group, RURAL_CLUSTER)
    _paint(flat, clustered.group, SUBURBAN)
    _paint(flat, semi_dense, SEMI_DENSE)
    _paint(flat, towns.group, DENSE)
    _paint(flat, centres, CENTRE)
    found = Found(centres, clustered.group, _of_class(flat, towns.group, DENSE), semi_dense)
    if rules.level == 1:
        _replace(flat, level_1_table())
    return found


def level_1_table() -> UInt8:
    """Classes of level 1 by those of level 2, uint8 [256]."""
    table = np.full(256, NODATA, dtype=np.uint8)
    for value in LEVEL_2:
        table[value] = LEVEL_1[-1] if value == WATER else value // 10
    return table


class _Large(NamedTuple):
    """Clusters with enough people: their runs, the number of each run's, the people by number."""

    runs: Runs
    number: Int64
    people: Int64

    @property
    def group(self) -> Group:
        return Group(self.runs.begin, self.runs.end, self.number, self.people.size)

    def at_least(self, people: int) -> _Large:
        """Those with so many people, numbered anew in the same order."""
        enough = self.people >= people * PEOPLE_UNITS
        kept = enough[self.number]
        number = (np.cumsum(enough) - 1)[self.number[kept]]
        return _Large(self.runs.chosen(kept), number, self.people[enough])


def _large(runs: Runs, people: int, stride: int, *, diagonal: bool) -> _Large:
    count, label = clusters(runs.begin, runs.end, stride, diagonal=diagonal)
    total = sums_by(label, runs.amount[:, 0], count)
    return _Large(runs, label.astype(np.int64), total).at_least(people)


_NONE: Final = np.empty(0, dtype=np.int64)


def _semi_dense(
    middle: Runs | None, urban: Runs, near: tuple[Group, ...], stride: int, rules: Rules
) -> Group:
    """Semi-dense clusters: those of which no cell is near to a town or a city."""
    if rules.semi_dense == "2021" or middle is None:
        found = _large(urban, _CLUSTER_PEOPLE, stride, diagonal=True)
    else:
        found = _large(middle, _MIDDLE_PEOPLE, stride, diagonal=False)
    apart = np.ones(found.people.size, dtype=bool)
    for group in near:
        order = np.argsort(group.begin, kind="stable")
        begin, end = group.begin[order], group.end[order]
        for rows in range(-_NEAR, _NEAR + 1):
            shift = rows * stride
            _, met = touching(begin + shift, end + shift, found.runs.begin, found.runs.end, _NEAR)
            apart[found.number[met]] = False
    kept = apart[found.number]
    number = (np.cumsum(apart) - 1)[found.number[kept]]
    return Group(found.runs.begin[kept], found.runs.end[kept], number, int(apart.sum()))


# -- urban centres


def _centres(flat: UInt8, found: _Large, stride: int, rules: Rules) -> Group:
    """Urban centres with smooth edges and without small holes."""
    length = found.runs.end - found.runs.begin
    places, owner = places_in(found.runs.begin, found.runs.end), np.repeat(found.number, length)
    flat[places] |= _IN_CENTRE
    if rules.smoothing != "none":
        places, owner = _smoothed(flat, places, owner, stride, rules.smoothing)
    if rules.gap_km2 > 0.0:
        places, owner = _filled(flat, places, owner, stride, rules.gap_km2)
    order = np.lexsort((places, owner))
    begin, end, number = runs_of_places(places[order], owner[order])
    return Group(begin, end, number, found.people.size)


def _smoothed(
    flat: UInt8, places: Int64, owner: Int64, stride: int, rule: str
) -> tuple[Int64, Int64]:
    """Add cells that most neighbours in one centre surround, pass by pass until none is left.

    Only neighbours of cells that joined in the last pass can join in the next one.
    """
    around = np.array([-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1])
    fresh = places
    while fresh.size:
        candidates = (fresh[:, np.newaxis] + around).reshape(-1)
        code = flat[candidates]
        able = (code & _IN_CENTRE == 0) & (code & _DENSITY_BITS != _OUTSIDE)
        if rule == "R2023A":
            able &= code & _PERMANENT_WATER == 0
        candidates = np.unique(candidates[able])
        neighbours = candidates[:, np.newaxis] + around
        code = flat[neighbours]
        inside = code & _IN_CENTRE != 0
        whose = np.full(neighbours.shape, -1, dtype=np.int64)
        whose[inside] = owner[np.searchsorted(places, neighbours[inside])]
        most, winner = _most_frequent(whose)
        if rule == "R2023A":
            counted = (inside | (code & _UNCOUNTED == 0)).sum(axis=1)
            joins = 2 * most > counted
        else:
            joins = most >= _MAJORITY
        fresh = candidates[joins]
        flat[fresh] |= _IN_CENTRE
        places, owner = _merged(places, owner, fresh, winner[joins])
    return places, owner


def _most_frequent(whose: Int64) -> tuple[Int64, Int64]:
    """How many neighbours the best represented centre has in each row, and its number."""
    most = np.zeros(whose.shape[0], dtype=np.int64)
    winner = np.full(whose.shape[0], -1, dtype=np.int64)
    for column in whose.T:
        votes = (whose == column[:, np.newaxis]).sum(axis=1)
        better = (column >= 0) & (votes > most)
        most[better], winner[better] = votes[better], column[better]
    return most, winner


def _merged(places: Int64, owner: Int64, more: Int64, owners: Int64) -> tuple[Int64, Int64]:
    """Add cells, of which none is there yet, and keep the order of places."""
    at = np.searchsorted(places, more)
    return np.insert(places, at, more), np.insert(owner, at, owners)


def _filled(
    flat: UInt8, places: Int64, owner: Int64, stride: int, gap_km2: float
) -> tuple[Int64, Int64]:
    """Fill holes of centres, each by itself; cells of another centre inside count, and stay.

    A hole is made of gaps between the first and the last cell of a centre in a row. It is none if
    one of its gaps reaches, in the row above or below, beyond what the centre spans there.
    """
    order = np.lexsort((places, owner))
    begin, end, number = runs_of_places(places[order], owner[order])
    # Each centre in a space of its own, so that centres inside each other do not mix.
    space = number * flat.size
    begin, end = begin + space, end + space
    same_row = (end[:-1] // stride == begin[1:] // stride) & (number[:-1] == number[1:])
    gap_begin, gap_end = end[:-1][same_row], begin[1:][same_row]
    if gap_begin.size == 0:
        return places, owner
    new_row = np.concatenate(([True], ~same_row))
    first = np.flatnonzero(new_row)
    span_begin, span_end = begin[first], end[np.append(first[1:], begin.size) - 1]
    leaks = np.zeros(gap_begin.size, dtype=bool)
    for shift in (-stride, stride):
        at = np.searchsorted(span_begin, gap_begin + shift, side="right") - 1
        leaks |= (at < 0) | (gap_end + shift > span_end[at])
    count, label = clusters(gap_begin, gap_end, stride, diagonal=False)
    cells = np.bincount(label, gap_end - gap_begin, count)
    is_hole = cells < gap_km2
    is_hole[label[leaks]] = False
    kept = is_hole[label]
    gap_owner = gap_begin[kept] // flat.size
    shift = gap_owner * flat.size
    more = places_in(gap_begin[kept] - shift, gap_end[kept] - shift)
    owners = np.repeat(gap_owner, (gap_end - gap_begin)[kept])
    free = flat[more] & _IN_CENTRE == 0
    # A cell in holes of two centres goes to the first.
    more, at = np.unique(more[free], return_index=True)
    flat[more] |= _IN_CENTRE
    return _merged(places, owner, more, owners[free][at])


# -- painting

_CELLS_AT_ONCE = 1 << 22


def _replace(flat: UInt8, table: UInt8) -> None:
    for begin in range(0, flat.size, _CELLS_AT_ONCE):
        part = flat[begin : begin + _CELLS_AT_ONCE]
        part[:] = table[part]


def _paint_background(flat: UInt8, low: int, very_low: int, water: int) -> None:
    """Give all cells the classes that need no clusters."""
    code = np.arange(256, dtype=np.uint8)
    table = np.where(code & _DENSITY_BITS >= LOW, low, very_low)
    table[(table == very_low) & (code & _PERMANENT_WATER != 0)] = water
    table[code & _NO_DATA != 0] = NODATA
    _replace(flat, table.astype(np.uint8))


def _paint(flat: UInt8, group: Group, value: int) -> None:
    flat[places_in(group.begin, group.end)] = value


def _of_class(flat: UInt8, group: Group, value: int) -> Group:
    """What is left of a group's cells in a class; things of which nothing is left go."""
    places = places_in(group.begin, group.end)
    owner = np.repeat(group.number, group.end - group.begin)
    left = flat[places] == value
    names, owner = np.unique(owner[left], return_inverse=True)
    places = places[left]
    order = np.lexsort((places, owner))
    return Group(*runs_of_places(places[order], owner.reshape(-1)[order]), names.size)
