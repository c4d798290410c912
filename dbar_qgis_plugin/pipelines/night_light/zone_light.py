"""What the cells of zones make of the light of one date: sums, and tables by zone and light.

What needs the order of the values (Gini, NLDI, percentiles) comes from counts of cells by zone and
by bins that are narrow in proportion to their values. A zone's figures are made as soon as its last
cells have come, and its counts dropped: memory grows with the zones that blocks lie in, not with
cells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.gathering import gathered
from dbar_qgis_plugin.kernels.inequality import (
    lorenz_curve,
    lorenz_gini,
    theil,
    weighted_quantile,
)
from dbar_qgis_plugin.kernels.joint_tally import JointSums, codes_of, joint_tally, merged
from dbar_qgis_plugin.kernels.value_bins import (
    OCTAVES,
    bin_count,
    bin_sums,
    bins,
    mantissas,
    positive,
    totals,
)
from dbar_qgis_plugin.pipelines.zonal_sums import CellRaster, FlatBand, Measured, ZoneCells
from dbar_qgis_plugin.raster_io.source import RasterSource

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
Int32 = NDArray[np.int32]
Mask = NDArray[np.bool_]

PER_PERSON, LIGHT = "per_person", "light"
KEEP, ZERO, NODATA = "keep", "zero", "nodata"

# Bins of light are 0.8 % wide, those of the order of light per person 1.6 %.
LIGHT_BITS: Final = 7
KEY_BITS: Final = 6
_LIGHT_CODES: Final = 2 * bin_count(LIGHT_BITS)
_PERSONS: Final = 4096.0  # persons are counted in parts of one
_PERSON_BITS: Final = 36

PLACES: Final = tuple(np.linspace(0.0, 1.0, 101).tolist())
_USUAL_BINS = 1024  # that occur in a zone: 8 octaves
_BYTES_PER_BIN = 24  # a key and two sums
_MOST_WAITING = 1 << 12  # entries of blocks that wait to be merged
_WHOLE_BITS: Final = 26

# The sums of a raster, in the order in which `LightRaster` gives them.
SUMS: Final = ("light", "light_m2", "squares", "lit", "lit_m2", "valid_m2")


@dataclass(frozen=True)
class LightRaster(CellRaster):
    """Light of one date, and what tells which of its cells count.

    Parameters
    ----------
    counts : RasterSource, optional
        Cloud-free observations: cells without any hold no data.
    population : RasterSource, optional
        Persons per cell.
    limits : RasterSource, optional
        Lit threshold of each cell, instead of `limit`; or a mask of lit cells.
    is_mask : bool
        Whether `limits` is a mask: its cells above 0 are lit where there is light.
    limit : float
        Cells of at least so much light, and more than none, are lit.
    saturation : float, optional
        Cells of at least so much light are saturated.
    negative : {"keep", "zero", "nodata"}
        What becomes of negative values.
    key : {"per_person", "light"}
        Order of the curve of people and light.
    zone_count : int
        Number of zones.
    """

    counts: RasterSource | None = None
    population: RasterSource | None = None
    limits: RasterSource | None = None
    is_mask: bool = False
    limit: float = 0.0
    saturation: float | None = None
    negative: str = KEEP
    key: str = PER_PERSON
    zone_count: int = 0

    @property
    def output_count(self) -> int:
        """Number of sums that it gives for a zone."""
        return len(SUMS) + (self.saturation is not None)

    @property
    def sources(self) -> tuple[RasterSource, ...]:
        """Bands that are read for it, all on one grid."""
        several = (self.source, self.counts, self.limits, self.population)
        return tuple(source for source in several if source is not None)

    @property
    def bytes_per_cell(self) -> int:
        """Memory for a block beside its values: what is made of a tile's cells in zones."""
        return 12 + (12 if self.population is not None else 0)

    @property
    def bytes_per_zone(self) -> int:
        """Memory for the tables of a zone, half of which waits to be merged."""
        tables = 1 + (self.population is not None)
        return 2 * tables * _USUAL_BINS * _BYTES_PER_BIN

    def measure(self, bands: Sequence[FlatBand], cells: ZoneCells) -> Measured:
        """Sum and count cells in zones."""
        found = [band.at(cells.place) for band in bands]
        beside = iter(found[1:])
        values, known = found[0]
        if self.counts is not None:
            observed, given = next(beside)
            known = _all(known, given, observed > 0)
        if self.negative == NODATA:
            known = _all(known, values >= 0)
        elif self.negative == ZERO:
            values = np.maximum(values, 0)
        if known is not None:
            values = np.where(known, values, values.dtype.type(0))
        # Cells whose light is 0 add nothing but their number and area.
        place = np.flatnonzero(values != 0)
        some = _Some(place, gathered(values, place), cells)
        lit = self._lit(some, None if self.limits is None else next(beside))
        number = _numbers(known, cells)
        sums = some.sums(lit)
        sums.append(cells.part_area if known is None else _total(cells.area * known, cells))
        if self.saturation is not None:
            saturated = values >= _of_type(self.saturation, values.dtype)
            sums.append(_total(saturated if known is None else saturated & known, cells))
        by_order = None
        if self.population is not None:
            by_order = _by_order(self, values, known, next(beside), cells)
        return Measured(
            [*sums, number], LightTally(some.by_light(lit, number), by_order, *some.largest(number))
        )

    def _lit(self, some: _Some, limits: FlatBand | None) -> Mask | None:
        """Which cells are lit; None if all are."""
        values = some.values
        smallest = values.min() if values.size else np.inf
        masks = [] if smallest > 0 else [values > 0]
        if limits is not None:
            limit, given = limits.at(some.place)
            masks.append(limit > 0 if self.is_mask else values >= limit)
            if given is not None:
                masks.append(given)
        elif smallest < self.limit:
            masks.append(values >= _of_type(self.limit, values.dtype))
        return _all(*masks) if masks else None


class _Some:
    """Cells whose light is not 0, of some cells in zones."""

    def __init__(self, place: Int64, values: NDArray[Any], cells: ZoneCells) -> None:
        self.place, self.values, self.cells = place, values, cells
        borders = np.searchsorted(place, cells.borders)
        self.count = borders[1:] - borders[:-1]
        self._parts = np.flatnonzero(self.count)
        self._first = borders[self._parts]

    def sums(self, lit: Mask | None) -> list[Float64]:
        """All of `SUMS` but the last."""
        light, areas = self.values.astype(np.float64), gathered(self.cells.area, self.place)
        total = self._total(light)
        lit_cells = self._lit_count(lit).astype(np.float64)
        lit_area = self._total(areas if lit is None else areas * lit)
        areas *= light
        light *= light
        return [total, self._total(areas), self._total(light), lit_cells, lit_area]

    def _lit_count(self, lit: Mask | None) -> Int64:
        return self.count if lit is None else self._total(lit).astype(np.int64)

    def _total(self, summand: NDArray[Any]) -> Float64:
        total = np.zeros(self.count.size)
        total[self._parts] = np.add.reduceat(summand, self._first, dtype=np.float64)
        return total

    def largest(self, number: Float64) -> tuple[Int32, Float64]:
        """Zones and the largest light of their parts, of which so many cells have data."""
        largest = np.where(number > self.count, 0.0, -np.inf)
        here = np.maximum.reduceat(self.values, self._first)
        largest[self._parts] = np.maximum(largest[self._parts], here)
        return self.cells.part_zone, largest

    def by_light(self, lit: Mask | None, number: Float64) -> list[JointSums]:
        """Cells and mantissas by zone, bin and lit."""
        light, zones = positive(self.values), self.cells.zones.astype(np.int64)
        lit_count = self._lit_count(lit)
        kinds = [(1, light if lit is None else light[lit], lit_count)]
        if lit is not None:
            kinds.append((0, light[~lit], self.count - lit_count))
        found = []
        for kind, values, counts in kinds:
            for sums in bin_sums(values, self.cells.part_place, counts, LIGHT_BITS):
                keys = zones[sums.group] * _LIGHT_CODES + sums.bin * 2 + kind
                found.append(JointSums(keys, np.stack((sums.cells, sums.mantissas))))
        dark = number.astype(np.int64) - self.count
        some = np.flatnonzero(dark)
        keys = self.cells.part_zone[some].astype(np.int64) * _LIGHT_CODES
        found.append(JointSums(keys, np.stack((dark[some], np.zeros_like(some)))))
        return found


def _all(*masks: Mask | None) -> Mask:
    """Where all masks hold; None holds everywhere."""
    given = [mask for mask in masks if mask is not None]
    return np.asarray(np.logical_and.reduce(given), dtype=bool)


def _total(summand: NDArray[Any], cells: ZoneCells) -> Float64:
    return np.asarray(np.add.reduceat(summand, cells.part_first, dtype=np.float64))


def _numbers(known: Mask | None, cells: ZoneCells) -> Float64:
    """Numbers of cells with data, part by part."""
    if known is None:
        return cells.part_cells.astype(np.float64)
    return _total(known, cells)


def _of_type(limit: float, dtype: np.dtype[Any]) -> Any:
    """Return a limit as a raster of fractions would hold it: 7.42 is not below itself."""
    return dtype.type(limit) if dtype.kind == "f" else limit


class LightTally(NamedTuple):
    """What some cells add: cells by zone and bin, cells and people by zone and order, maxima.

    light : cells and mantissas by [zone, bin and lit]
    people : mantissas and parts of persons by [zone, bin of the order, octave of the light]
    zone, largest : zones, and the largest light of each
    """

    light: list[JointSums]
    people: JointSums | None
    zone: Int32
    largest: Float64


def _by_order(
    raster: LightRaster,
    values: NDArray[Any],
    known: Mask | None,
    people: FlatBand,
    cells: ZoneCells,
) -> JointSums:
    """Sum cells by zone and order: light per person where there are people, or light."""
    persons, inhabited = people
    if inhabited is not None:
        persons = np.where(inhabited, persons, 0.0)
    if raster.key == PER_PERSON:
        inhabited = persons > 0.0
    light, zone = positive(values), cells.zone
    if known is not None or inhabited is not None:
        some = np.flatnonzero(_all(known, inhabited))
        light, persons, zone = light[some], persons[some], zone[some]
    persons = np.maximum(persons, 0.0)
    key = light
    if raster.key == PER_PERSON:
        with np.errstate(over="ignore"):
            key = (light / persons).astype(np.float32)
    parts = np.minimum(np.rint(persons * _PERSONS), 2.0**_PERSON_BITS - 1.0)
    return _sums_by(
        cells.zones,
        (zone, bins(key, KEY_BITS), bins(light, 0)),
        _order_sizes(raster.zone_count),
        (mantissas(light), parts),
        _PERSON_BITS,
    )


def _order_sizes(zones: int) -> tuple[int, ...]:
    return zones, bin_count(KEY_BITS), OCTAVES


def _sums_by(
    zones: Int32,
    codes: Sequence[NDArray[Any]],
    sizes: Sequence[int],
    weights: Sequence[Float64 | None],
    weight_bits: int,
) -> JointSums:
    """Sum over cells that stand in a row; the first code is a place in `zones`."""
    if codes[0].size == 0:
        none = np.empty(0, dtype=np.int64)
        return JointSums(none, np.empty((len(weights), 0), dtype=np.int64))
    found = joint_tally(
        [code[:, np.newaxis] for code in codes],
        (zones.size, *sizes[1:]),
        [None if weight is None else weight[:, np.newaxis] for weight in weights],
        weight_bits=weight_bits,
    )
    rest = int(np.prod(sizes[1:], dtype=np.int64))
    place, code = np.divmod(found.keys, rest)
    return JointSums(zones.astype(np.int64)[place] * rest + code, found.sums)


class _Table:
    """Adds up joint sums as they come, and hands those of zones over that are complete.

    `per_zone` keys belong to a zone; `is_open` [zones] says of which more cells may come.
    """

    def __init__(self, per_zone: int, is_open: Mask, close: Callable[[JointSums], None]) -> None:
        none = np.empty(0, dtype=np.int64)
        self._parts = [JointSums(none, np.empty((2, 0), dtype=np.int64))]
        self._waiting = 0
        self._per_zone, self._is_open, self._close = per_zone, is_open, close

    def add(self, part: JointSums) -> None:
        self._parts.append(part)
        self._waiting += part.keys.size
        if self._waiting > max(_MOST_WAITING, self._parts[0].keys.size):
            self.merge()

    def merge(self) -> None:
        found = merged(self._parts)
        stays = self._is_open[found.keys // self._per_zone]
        if not stays.all():
            self._close(JointSums(found.keys[~stays], found.sums[:, ~stays]))
            found = JointSums(found.keys[stays], found.sums[:, stays])
        self._parts, self._waiting = [found], 0


class ZoneLight:
    """Figures of zones that need the values of the cells, of one raster.

    Parameters
    ----------
    raster : LightRaster
    with_curves : bool
        Whether Lorenz curves are wanted.

    Attributes
    ----------
    largest : float64 [zones], largest light; -inf without data
    lit_light : float64 [zones], sum of the light of lit cells
    gini, theil, nldi : float64 [zones], NaN where undefined
    people : float64 [zones], persons where there are data
    lorenz : float64 [zones, PLACES], share of the light in the darkest cells; empty if not wanted
    people_lorenz : the same over people, in the order of the NLDI; empty without population
    """

    def __init__(self, raster: LightRaster, *, with_curves: bool) -> None:
        zones, has_people = raster.zone_count, raster.population is not None
        self.largest = np.full(zones, -np.inf)
        self.lit_light, self.people = np.zeros(zones), np.zeros(zones)
        self.gini, self.theil, self.nldi = (np.full(zones, np.nan) for _ in range(3))
        curves = (zones if with_curves else 0), len(PLACES)
        self.lorenz = np.full(curves, np.nan)
        self.people_lorenz = np.full(curves if has_people else (0, 0), np.nan)
        self._lit = np.zeros((2, bin_count(LIGHT_BITS)), dtype=np.int64)
        self._is_open = np.ones(zones, dtype=bool)
        self._sizes = _order_sizes(zones)
        self._cells = _Table(_LIGHT_CODES, self._is_open, self._close_cells)
        per_zone = self._sizes[1] * self._sizes[2]
        self._persons = _Table(per_zone, self._is_open, self._close_persons)

    def add(self, tally: LightTally) -> None:
        """Add what some cells make."""
        for part in tally.light:
            self._cells.add(part)
        if tally.people is not None:
            self._persons.add(tally.people)
        np.maximum.at(self.largest, tally.zone, tally.largest)

    def close(self, zones: Int32) -> None:
        """Learn that no more cells of these zones come."""
        self._is_open[zones] = False

    def finish(self) -> None:
        """Make the figures of all zones: no more cells come."""
        self._is_open[:] = False
        self._cells.merge()
        self._persons.merge()

    def lit_quantile(self, share: float) -> float:
        """Quantile of the lit cells of all zones, to the width of a bin; NaN without any."""
        some = np.flatnonzero(self._lit[0])
        cells, light = self._lit[0, some], totals(self._lit[1, some], some >> LIGHT_BITS)
        return weighted_quantile(light / cells, cells, share)

    def _close_cells(self, found: JointSums) -> None:
        zone, code = np.divmod(found.keys, _LIGHT_CODES)
        place, is_lit = code >> 1, (code & 1) == 1
        zones, group = np.unique(zone, return_inverse=True)
        group = group.reshape(-1)
        cells = found.sums[0].astype(np.float64)
        light = totals(found.sums[1], place >> LIGHT_BITS)
        self.gini[zones] = lorenz_gini(group, cells, light, zones.size)
        self.theil[zones] = theil(group, cells, light, zones.size)
        self.lit_light[zones] = np.bincount(group[is_lit], light[is_lit], zones.size)
        for of_bins, sums in zip(self._lit, found.sums, strict=True):
            of_bins += _whole_sums(place[is_lit], sums[is_lit], of_bins.size)
        if self.lorenz.size:
            self.lorenz[zones] = _curves(group, cells, light, zones.size)

    def _close_persons(self, found: JointSums) -> None:
        if found.keys.size == 0:
            return
        zone, key, octave = codes_of(found.keys, self._sizes)
        # Cells of one order but of several octaves are one entry.
        first = np.flatnonzero(np.concatenate(([True], (np.diff(zone) != 0) | (np.diff(key) != 0))))
        light = np.add.reduceat(totals(found.sums[0], octave), first)
        persons = np.add.reduceat(found.sums[1] / _PERSONS, first)
        zones, group = np.unique(zone[first], return_inverse=True)
        group = group.reshape(-1)
        self.people[zones] = np.bincount(group, persons, zones.size)
        self.nldi[zones] = lorenz_gini(group, persons, light, zones.size)
        if self.people_lorenz.size:
            self.people_lorenz[zones] = _curves(group, persons, light, zones.size)


def _whole_sums(place: Int64, numbers: Int64, size: int) -> Int64:
    """Sums of whole numbers by place, exact beyond what a float64 holds."""
    low = np.bincount(place, numbers & ((1 << _WHOLE_BITS) - 1), size).astype(np.int64)
    high = np.bincount(place, numbers >> _WHOLE_BITS, size).astype(np.int64)
    return np.asarray(low + (high << _WHOLE_BITS), dtype=np.int64)


def _curves(group: Int64, weight: Float64, light: Float64, groups: int) -> Float64:
    """Lorenz curve of each group at `PLACES`; NaN where it has none."""
    curves = np.full((groups, len(PLACES)), np.nan)
    first = np.searchsorted(group, np.arange(groups + 1))
    for number in range(groups):
        here = slice(first[number], first[number + 1])
        if weight[here].sum() > 0.0 and light[here].sum() > 0.0:
            curves[number] = lorenz_curve(weight[here], light[here], PLACES)
    return curves
