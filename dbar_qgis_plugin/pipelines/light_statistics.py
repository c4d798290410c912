"""Statistics of night light over zones and dates: sums, areas, inequality, trend.

Sums come from the pass of `pipelines.zonal_sums`: each raster on its own grid, decoded once. What
needs the order of the values (Gini, NLDI, percentiles) comes from counts of cells by zone and by
bins that are narrow in proportion to their values; memory grows with zones and bins, not cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.inequality import (
    lorenz_curve,
    lorenz_gini,
    theil,
    weighted_quantile,
)
from dbar_qgis_plugin.kernels.joint_tally import JointSums, codes_of, joint_tally, merged
from dbar_qgis_plugin.kernels.trend import mann_kendall, mann_kendall_p, ols_slope, theil_sen_slope
from dbar_qgis_plugin.kernels.value_bins import (
    OCTAVES,
    bin_count,
    bin_sums,
    bins,
    mantissas,
    positive,
    totals,
)
from dbar_qgis_plugin.pipelines.class_rasters import resampling_messages
from dbar_qgis_plugin.pipelines.dates import Period
from dbar_qgis_plugin.pipelines.inputs import (
    CATEGORICAL,
    CONTINUOUS,
    COUNT,
    RasterInput,
    middle_cell_area,
    on_reference,
    open_input,
    raster_facts,
    resampling_notes,
)
from dbar_qgis_plugin.pipelines.light_fill import fill_warnings
from dbar_qgis_plugin.pipelines.lit_area import MASK_BAND
from dbar_qgis_plugin.pipelines.zonal_sums import (
    CellRaster,
    FlatBand,
    Measured,
    ZonalSums,
    ZoneCells,
    zonal_sums,
)
from dbar_qgis_plugin.raster_io.polygons import Polygons, polygons_from_wkb
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.source import RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
Int32 = NDArray[np.int32]
Mask = NDArray[np.bool_]

NANOWATTS: Final = "nW cm-2 sr-1"
SPECTRAL: Final = "W m-2 sr-1 um-1"
PER_PERSON, LIGHT = "per_person", "light"
PERCENTILE, MAXIMUM, TYPED = "percentile", "max", "typed"
KEEP, ZERO, NODATA = "keep", "zero", "nodata"
ANTL, TNL, LIT_AREA = "antl", "tnl", "lit_km2"
THEIL_SEN, OLS = "theil_sen", "ols"

# Bins of light are 0.8 % wide, those of the order of light per person 1.6 %.
LIGHT_BITS: Final = 7
KEY_BITS: Final = 6
_LIGHT_CODES: Final = 2 * bin_count(LIGHT_BITS)
_PERSONS: Final = 4096.0  # persons are counted in parts of one
_PERSON_BITS: Final = 36

_PLACES: Final = tuple(np.linspace(0.0, 1.0, 101).tolist())
_USUAL_BINS = 1024  # that occur in a zone: 8 octaves
_BYTES_PER_BIN = 24  # a key and two sums
_MOST_WAITING = 1 << 14  # entries of blocks that wait to be merged
_OTHER_CELLS = 1.1  # ratio of cell areas beyond which rasters are of different products
_LISTED = 10

# What names of products tell of the sensor.
_SENSORS: Final = {
    "DMSP": re.compile(r"(?<![a-z])(dmsp|ols)(?![a-z])", re.IGNORECASE),
    "VIIRS": re.compile(r"viirs|dnb|(?<![a-z])(vnl|vnp46|vj146)", re.IGNORECASE),
    "SDGSAT-1": re.compile(r"kx10|sdgsat", re.IGNORECASE),
}

# The sums of a raster, in the order in which `LightRaster` gives them.
_SUMS: Final = ("light", "light_m2", "squares", "lit", "lit_m2", "valid_m2")


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
        return len(_SUMS) + (self.saturation is not None)

    @property
    def sources(self) -> tuple[RasterSource, ...]:
        """Bands that are read for it, all on one grid."""
        several = (self.source, self.counts, self.limits, self.population)
        return tuple(source for source in several if source is not None)

    @property
    def bytes_per_cell(self) -> int:
        """Memory for a block beside its values: what is made of a tile's cells in zones."""
        return 12 + (12 if self.population is not None else 0)

    def measure(self, bands: Sequence[FlatBand], cells: ZoneCells) -> Measured:
        """Sum and count cells in zones."""
        found = [_taken(band, cells.place) for band in bands]
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
        some = _Some(place, values.take(place), cells)
        lit = some.values > 0
        if self.limits is not None:
            limits, given = next(beside)
            limits = limits.take(place)
            lit &= limits > 0 if self.is_mask else some.values >= limits
            if given is not None:
                lit &= given.take(place)
        elif self.limit > 0.0:
            lit &= some.values >= _of_type(self.limit, values.dtype)
        sums = some.sums(lit)
        number = _numbers(known, cells)
        sums.append(cells.part_area if known is None else _total(cells.area * known, cells))
        if self.saturation is not None:
            saturated = values >= _of_type(self.saturation, values.dtype)
            sums.append(_total(saturated if known is None else saturated & known, cells))
        by_order = None
        if self.population is not None:
            by_order = _by_order(self, values, known, next(beside), cells)
        return Measured(
            [*sums, number], _Tally(some.by_light(lit, number), by_order, *some.largest(number))
        )


class _Some:
    """Cells whose light is not 0, of some cells in zones."""

    def __init__(self, place: Int64, values: NDArray[Any], cells: ZoneCells) -> None:
        self.place, self.values, self.cells = place, values, cells
        first = np.searchsorted(place, cells.part_first)
        self.count = np.diff(first, append=place.size)
        self._parts = np.flatnonzero(self.count)
        self._first = first[self._parts]

    def sums(self, lit: Mask) -> list[Float64]:
        """All of `_SUMS` but the last."""
        light, areas = self.values.astype(np.float64), self.cells.area.take(self.place)
        total = self._total(light)
        if lit.all():
            lit_cells, lit_area = self.count.astype(np.float64), self._total(areas)
        else:
            lit_cells, lit_area = self._total(lit), self._total(areas * lit)
        areas *= light
        light *= light
        return [total, self._total(areas), self._total(light), lit_cells, lit_area]

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

    def by_light(self, lit: Mask, number: Float64) -> list[JointSums]:
        """Cells and mantissas by zone, bin and lit."""
        # Cells stand part by part: their zones need not be gathered.
        light, zone = positive(self.values), np.repeat(self.cells.part_place, self.count)
        zones = self.cells.zones.astype(np.int64)
        kinds = [(1, slice(None))] if lit.all() else [(1, lit), (0, ~lit)]
        found = []
        for kind, which in kinds:
            for sums in bin_sums(light[which], zone[which], zones.size, LIGHT_BITS):
                keys = zones[sums.group] * _LIGHT_CODES + sums.bin * 2 + kind
                found.append(JointSums(keys, np.stack((sums.cells, sums.mantissas))))
        dark = number.astype(np.int64) - self.count
        some = np.flatnonzero(dark)
        keys = self.cells.part_zone[some].astype(np.int64) * _LIGHT_CODES
        found.append(JointSums(keys, np.stack((dark[some], np.zeros_like(some)))))
        return found


def _taken(band: FlatBand, place: Int64) -> tuple[NDArray[Any], Mask | None]:
    """Values of cells, and their validity; None where all of the block is valid."""
    return band.values.take(place), None if band.valid is None else band.valid.take(place)


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


class _Tally(NamedTuple):
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
    people: tuple[NDArray[Any], Mask | None],
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


class _Adder:
    """Adds up joint sums as they come, without keeping more of them than it must."""

    def __init__(self, weights: int) -> None:
        none = np.empty(0, dtype=np.int64)
        self._parts = [JointSums(none, np.empty((weights, 0), dtype=np.int64))]
        self._waiting = 0

    def add(self, part: JointSums) -> None:
        self._parts.append(part)
        self._waiting += part.keys.size
        if self._waiting > max(_MOST_WAITING, self._parts[0].keys.size):
            self._merge()

    def total(self) -> JointSums:
        self._merge()
        return self._parts[0]

    def _merge(self) -> None:
        self._parts, self._waiting = [merged(self._parts)], 0


class _Collector:
    """Adds up what the blocks of one raster give."""

    def __init__(self, zones: int) -> None:
        self.light, self.people = _Adder(2), _Adder(2)
        self.largest = np.full(zones, -np.inf)

    def add(self, tally: _Tally) -> None:
        for part in tally.light:
            self.light.add(part)
        if tally.people is not None:
            self.people.add(tally.people)
        np.maximum.at(self.largest, tally.zone, tally.largest)


@dataclass(frozen=True)
class LightStatisticsTask:
    """What to compute.

    Parameters
    ----------
    zone_wkb : sequence of bytes or None
        Valid 2D (multi)polygons; None or empty = no geometry.
    zone_crs : str
        WKT.
    zone_names : sequence of str
        One per zone.
    light : sequence of RasterInput
        One raster a date, in order of time, each on its own grid.
    periods : sequence of Period
        Their dates.
    counts : sequence of RasterInput
        Cloud-free observations, one raster a date; none, or as many as dates.
    population : RasterInput, optional
        Persons per cell.
    key : {"per_person", "light"}
        Order of the curve from which the NLDI comes.
    limit : float
        Cells of at least so much light, and more than none, are lit.
    limits : RasterInput, optional
        A lit threshold for each cell, instead; or a mask, if its band is named "lit".
    saturation : float, optional
        Cells of at least so much light are saturated.
    unit : {"auto", "nW cm-2 sr-1", "other"}
        Unit of the light; auto = as the rasters say.
    reference : {"percentile", "max", "typed"}
        What the compounded index takes for full light: of a date, the percentile or the largest of
        all lit cells in zones; or a value for all dates.
    percentile : float
        0 .. 100.
    reference_value : float
        That which is typed.
    negative : {"keep", "zero", "nodata"}
        What becomes of negative values.
    trend_of : {"antl", "tnl", "lit_km2"}
        Whose trend.
    slope : {"theil_sen", "ols"}
        How steep the trend is.
    alpha : float
        Two-sided p value up to which a trend counts.
    minimum_dates : int
        Fewer dates with a value give no trend; at least 4.
    minimum_coverage : float
        0 .. 1. Dates on which less of a zone has data, as a share of the area that has data on its
        best date, are left out of its trend: sums would fall with every cloud.
    """

    zone_wkb: Sequence[bytes | None]
    zone_crs: str
    zone_names: Sequence[str]
    light: Sequence[RasterInput]
    periods: Sequence[Period]
    counts: Sequence[RasterInput] = ()
    population: RasterInput | None = None
    key: str = PER_PERSON
    limit: float = 0.0
    limits: RasterInput | None = None
    saturation: float | None = None
    unit: str = "auto"
    reference: str = PERCENTILE
    percentile: float = 99.9
    reference_value: float = 0.0
    negative: str = KEEP
    trend_of: str = ANTL
    slope: str = THEIL_SEN
    alpha: float = 0.05
    minimum_dates: int = 8
    minimum_coverage: float = 0.8


@dataclass(frozen=True)
class Trend:
    """Trend of each zone over its dates.

    dates : int [zones], dates with a value and data enough
    slope : float64 [zones], in units of the statistic per year; NaN with too few dates
    p : float64 [zones], two-sided p value of the Mann-Kendall test
    direction : int8 [zones], -1 falling, 0 none, 1 rising; 0 with too few dates
    """

    dates: NDArray[np.int32]
    slope: Float64
    p: Float64
    direction: NDArray[np.int8]


@dataclass(frozen=True)
class LightStatisticsResult:
    """Statistics of zones and dates.

    values : mapping to float64 [zones, dates]; NaN where undefined
    covered : bool [zones, dates], whether as much of the zone has data as `minimum_coverage` asks
    units : per date, as the rasters say or the user does; "" = unknown
    trend : trend of `task.trend_of`
    places : shares of the cells at which the curves are known
    lorenz : float64 [zones, places], share of the light in the darkest cells, last date
    people_lorenz : the same over people, in the order of the NLDI; empty without population
    zone_flags : codes of each zone
    inputs : one row per raster
    """

    values: Mapping[str, Float64]
    covered: NDArray[np.bool_]
    units: tuple[str, ...]
    trend: Trend
    places: tuple[float, ...]
    lorenz: Float64
    people_lorenz: Float64
    zone_flags: tuple[tuple[str, ...], ...]
    inputs: list[dict[str, str]]
    warnings: list[Message] = field(default_factory=list)


def compute_light_statistics(
    task: LightStatisticsTask,
    *,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LightStatisticsResult:
    """Measure light over zones and dates.

    Raises
    ------
    InputError
        If a raster cannot be read, has no CRS, dates and rasters do not fit together, or no zone
        has data.
    Cancelled
        If the user stops the run.
    """
    progress, workers = progress or Progress(), workers or Workers()
    if len(task.counts) not in (0, len(task.light)):
        raise InputError(
            translate(
                "Dbar",
                "{light} rasters of light, but {counts} of cloud-free observations. Give one for "
                "each date, or none.",
            ),
            light=len(task.light),
            counts=len(task.counts),
        )
    polygons = polygons_from_wkb(task.zone_wkb, task.zone_crs)
    rasters = _open(task, polygons.count)
    for line in resampling_messages(
        resampling_notes(list(dict.fromkeys(s for raster in rasters for s in raster.sources)))
    ):
        progress.say(line)
    units = tuple(_unit(raster.source, task.unit) for raster in rasters)
    shape = polygons.count, len(rasters)
    values = {name: np.full(shape, np.nan) for name in _columns(task)}
    lorenz, people_lorenz = np.empty((0, 0)), np.empty((0, 0))
    passes: list[ZonalSums] = []
    batch = _batch(polygons.count, workers)
    for first in range(0, len(rasters), batch):
        here = rasters[first : first + batch]
        collectors = [_Collector(polygons.count) for _ in here]

        def collect(number: int, made: _Tally, into: list[_Collector] = collectors) -> None:
            into[number].add(made)

        found = zonal_sums(
            polygons,
            here,
            workers=workers,
            progress=progress.part(first / len(rasters), (first + len(here)) / len(rasters)),
            tally=collect,
        )
        passes.append(found)
        for number, collector in enumerate(collectors):
            date = first + number
            light = _Entries.of(collector.light.total())
            sums = dict(zip((*_SUMS, "saturated"), found.sums[number].T, strict=False))
            column = _date_values(task, sums, found.coverage[:, number], found, number)
            column.update(_order_values(task, light, column, collector.largest))
            if units[date] == NANOWATTS:
                # 1 m2 is 1e4 cm2, 1 nW is 1e-9 W.
                column["power_w_sr"] = sums["light_m2"] * 1e-5
            people = _People.of(collector.people.total(), polygons.count)
            if task.population is not None:
                column["people"] = people.persons_of_zones(polygons.count)
                column["nldi"] = lorenz_gini(
                    people.zone, people.persons, people.light, polygons.count
                )
            for name, of_zones in column.items():
                values[name][:, date] = of_zones
            if date == len(rasters) - 1:
                lorenz = _curves(light.zone, light.cells, light.total, polygons.count)
                if task.population is not None:
                    people_lorenz = _curves(
                        people.zone, people.persons, people.light, polygons.count
                    )
    if not (values["n_valid"] > 0).any():
        raise InputError(
            translate(
                "Dbar",
                "No zone has a cell with data in any of the rasters. Check the CRS of both, and "
                "that they show the same region.",
            )
        )
    covered = _covered(values["valid_km2"], task.minimum_coverage)
    result = LightStatisticsResult(
        values,
        covered,
        units,
        _trend(task, np.where(covered, values[task.trend_of], np.nan)),
        _PLACES,
        lorenz,
        people_lorenz,
        _zone_flags(polygons, passes),
        _input_rows(task, rasters),
    )
    result.warnings.extend(_warnings(task, rasters, result))
    return result


def _columns(task: LightStatisticsTask) -> list[str]:
    """Names of the statistics, in the order of the tables."""
    names = ["tnl", "power_w_sr", "antl", "mntl", "sd", "max", "lit_km2", "lit_share"]
    names += ["n_valid", "n_nodata", "n_lit"]
    names += ["n_saturated"] if task.saturation is not None else []
    names += ["cnli", "cnli_reference", "cnli_max", "gini", "theil"]
    names += ["nldi", "people"] if task.population is not None else []
    return [*names, "valid_km2"]


def _batch(zones: int, workers: Workers) -> int:
    """How many rasters are counted at once, so that the counts fit the memory."""
    each = zones * _USUAL_BINS * _BYTES_PER_BIN
    return max(1, workers.memory_mb * 1_000_000 // max(each, 1))


def _open(task: LightStatisticsTask, zones: int) -> list[LightRaster]:
    counts: list[RasterSource | None] = [open_input(raster) for raster in task.counts]
    counts = counts or [None] * len(task.light)
    population = None if task.population is None else open_input(task.population)
    limits = None if task.limits is None else open_input(task.limits)
    is_mask = limits is not None and _band_name(limits) == MASK_BAND
    measure = CATEGORICAL if is_mask else CONTINUOUS
    rasters = []
    for raster, count in zip(task.light, counts, strict=True):
        source = open_input(raster)
        grid = source.grid
        rasters.append(
            LightRaster(
                source,
                counts=None if count is None else on_reference(count, grid, CATEGORICAL),
                population=None if population is None else on_reference(population, grid, COUNT),
                limits=None if limits is None else on_reference(limits, grid, measure),
                is_mask=is_mask,
                limit=task.limit,
                saturation=task.saturation,
                negative=task.negative,
                key=task.key,
                zone_count=zones,
            )
        )
    return rasters


def _band_name(source: RasterSource) -> str:
    return source.info.descriptions[source.bands[0] - 1]


def _date_values(
    task: LightStatisticsTask,
    sums: Mapping[str, Float64],
    coverage: Float64,
    found: ZonalSums,
    number: int,
) -> dict[str, Float64]:
    """Statistics of a date that are sums, per zone."""
    whole = found.weight[:, number]
    valid = np.rint(coverage * whole)
    mean = _ratio(sums["light"], valid)
    # Of equal values rounding may leave less than nothing.
    variance = np.maximum(_ratio(sums["squares"], valid) - mean * mean, 0.0)
    values = {
        "tnl": sums["light"],
        "antl": mean,
        "sd": np.sqrt(variance),
        "lit_km2": sums["lit_m2"] * 1e-6,
        "valid_km2": sums["valid_m2"] * 1e-6,
        "lit_share": _ratio(sums["lit_m2"], sums["valid_m2"]),
        "n_valid": valid,
        "n_nodata": np.rint(whole - valid),
        "n_lit": sums["lit"],
    }
    if task.saturation is not None:
        values["n_saturated"] = sums["saturated"]
    return values


def _ratio(part: Float64, whole: Float64) -> Float64:
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0.0))


class _Entries(NamedTuple):
    """Cells alike of a zone: their bin, number and light, sorted by zone and bin."""

    zone: Int64
    bin: Int64
    is_lit: NDArray[np.bool_]
    cells: Float64
    total: Float64

    @classmethod
    def of(cls, found: JointSums) -> _Entries:
        zone, code = np.divmod(found.keys, _LIGHT_CODES)
        place = code >> 1
        total = totals(found.sums[1], place >> LIGHT_BITS)
        return cls(zone, place, (code & 1) == 1, found.sums[0].astype(np.float64), total)

    def lit_quantile(self, share: float) -> float:
        """Quantile of the lit cells of all zones, to the width of a bin."""
        lit = self.is_lit
        count = np.bincount(self.bin[lit], self.cells[lit], 1)
        total = np.bincount(self.bin[lit], self.total[lit], 1)
        some = np.flatnonzero(count)
        return weighted_quantile(total[some] / count[some], count[some], share)


class _People(NamedTuple):
    """Light and persons of cells alike, sorted by zone and by the order of the curve."""

    zone: Int64
    light: Float64
    persons: Float64

    @classmethod
    def of(cls, found: JointSums, zones: int) -> _People:
        zone, key, octave = (
            codes_of(found.keys, _order_sizes(zones)) if found.keys.size else _none(3)
        )
        # Cells of one order but of several octaves are one entry.
        first = np.flatnonzero(
            np.concatenate(([True], (np.diff(zone) != 0) | (np.diff(key) != 0)))[: zone.size]
        )
        light = totals(found.sums[0], octave)
        persons = found.sums[1] / _PERSONS
        if first.size == 0:
            return cls(zone, light, persons)
        return cls(zone[first], np.add.reduceat(light, first), np.add.reduceat(persons, first))

    def persons_of_zones(self, zones: int) -> Float64:
        return np.bincount(self.zone, self.persons, zones).astype(np.float64)


def _none(dimensions: int) -> Int64:
    return np.empty((dimensions, 0), dtype=np.int64)


def _order_values(
    task: LightStatisticsTask,
    entries: _Entries,
    column: Mapping[str, Float64],
    largest: Float64,
) -> dict[str, Float64]:
    """Statistics of a date that need the values of the cells, per zone."""
    zones = largest.size
    lit = entries.is_lit
    lit_light = np.bincount(entries.zone[lit], entries.total[lit], zones).astype(np.float64)
    mean_lit = _ratio(lit_light, column["n_lit"])
    greatest = float(np.max(largest, initial=-np.inf, where=column["n_lit"] > 0))
    if task.reference == TYPED:
        reference = task.reference_value
    elif task.reference == MAXIMUM:
        reference = greatest
    else:
        reference = entries.lit_quantile(task.percentile / 100.0)
    # Without lit cells the mean of them is undefined, but there is no light: the index is 0.
    compounded = np.where(column["n_lit"] > 0, mean_lit * column["lit_share"], 0.0)
    compounded = np.where(column["n_valid"] > 0, compounded, np.nan)
    return {
        "mntl": mean_lit,
        "max": np.where(np.isfinite(largest), largest, np.nan),
        "cnli": compounded / reference if reference > 0.0 else np.full(zones, np.nan),
        "cnli_reference": np.full(zones, reference if reference > 0.0 else np.nan),
        "cnli_max": compounded / greatest if greatest > 0.0 else np.full(zones, np.nan),
        "gini": lorenz_gini(entries.zone, entries.cells, entries.total, zones),
        "theil": theil(entries.zone, entries.cells, entries.total, zones),
    }


def _curves(zone: Int64, weight: Float64, light: Float64, zones: int) -> Float64:
    """Lorenz curve of each zone at `_PLACES`; NaN where it has none."""
    curves = np.full((zones, len(_PLACES)), np.nan)
    first = np.searchsorted(zone, np.arange(zones + 1))
    for number in range(zones):
        here = slice(first[number], first[number + 1])
        if weight[here].sum() > 0.0 and light[here].sum() > 0.0:
            curves[number] = lorenz_curve(weight[here], light[here], _PLACES)
    return curves


def _covered(valid_km2: Float64, minimum: float) -> NDArray[np.bool_]:
    """Tell on which dates a zone has data on enough of its area."""
    area = np.nan_to_num(valid_km2)
    return np.asarray((area > 0.0) & (area >= minimum * area.max(axis=1, keepdims=True)))


def _trend(task: LightStatisticsTask, values: Float64) -> Trend:
    """Trend of each zone; `values` [zones, dates]."""
    series = np.ascontiguousarray(values.T)
    valid = np.isfinite(series)
    series = np.where(valid, series, 0.0)
    years = [period.year for period in task.periods]
    dates = valid.sum(axis=0, dtype=np.int32)
    enough = dates >= task.minimum_dates
    slope, p = np.full(dates.size, np.nan), np.full(dates.size, np.nan)
    if enough.any():
        series, valid = series[:, enough], valid[:, enough]
        p[enough] = mann_kendall_p(mann_kendall(series, valid))
        steepness = theil_sen_slope if task.slope == THEIL_SEN else ols_slope
        slope[enough] = steepness(series, valid, years)
    counts = np.where(enough, p, 1.0) <= task.alpha
    direction = (np.sign(np.where(enough, slope, 0.0)) * counts).astype(np.int8)
    return Trend(dates, slope, p, direction)


def _zone_flags(polygons: Polygons, passes: Sequence[ZonalSums]) -> tuple[tuple[str, ...], ...]:
    """Tell for each zone why its figures are missing or hold in part only."""
    weight = np.concatenate([found.weight for found in passes], axis=1)
    inside = np.concatenate([found.inside for found in passes], axis=1)
    overlaps = np.logical_or.reduce([found.overlaps for found in passes])
    has_rings = np.zeros(polygons.count, dtype=bool)
    has_rings[polygons.zone] = True
    small = has_rings & (weight == 0.0).all(axis=1)
    outside = has_rings & ~small & (inside == 0.0).all(axis=1)
    partly = has_rings & ~small & ~outside & (np.rint(weight - inside) > 0.0).any(axis=1)
    codes = {
        "NO_GEOMETRY": ~has_rings,
        "TOO_SMALL": small,
        "OUTSIDE": outside,
        "PARTLY_OUTSIDE": partly,
        "OVERLAP": overlaps,
    }
    return tuple(
        tuple(code for code, holds in codes.items() if holds[zone])
        for zone in range(polygons.count)
    )


def _unit(source: RasterSource, chosen: str) -> str:
    """Unit of a raster's light: as chosen, else as the raster says, in one spelling."""
    if chosen == NANOWATTS:
        return NANOWATTS
    said = source.info.units[source.bands[0] - 1].strip()
    if chosen != "auto":
        return "" if _spelled(said) == NANOWATTS else said
    return _spelled(said)


def _spelled(unit: str) -> str:
    letters = re.sub(r"[^a-z0-9]", "", unit.casefold().replace("µ", "u").replace("μ", "u"))
    letters = re.sub(r"nanowatts?", "nw", letters)
    if letters in ("nwcm2sr1", "nwcm2sr", "nwsr1cm2"):
        return NANOWATTS
    return SPECTRAL if letters in ("wm2sr1um1", "wm2srum") else unit


def _input_rows(task: LightStatisticsTask, rasters: Sequence[LightRaster]) -> list[dict[str, str]]:
    rows = []
    for raster, period in zip(rasters, task.periods, strict=True):
        rows.append(("light", raster.source, str(period)))
        if raster.counts is not None:
            rows.append(("counts", raster.counts, str(period)))
    for role, source in (("population", rasters[0].population), ("limits", rasters[0].limits)):
        if source is not None:
            rows.append((role, source, ""))
    return [
        {
            "role": role,
            "date": date,
            "unit": source.info.units[source.bands[0] - 1],
            **raster_facts(source),
        }
        for role, source, date in rows
    ]


def _warnings(
    task: LightStatisticsTask, rasters: Sequence[LightRaster], result: LightStatisticsResult
) -> list[Message]:
    lines = _mixture(rasters, result.units)
    largest = [found[np.newaxis] for found in result.values["max"].T]
    lines += fill_warnings([raster.source for raster in rasters], largest)
    if not set(result.units) & {NANOWATTS}:
        lines.append(
            message(
                translate(
                    "Dbar",
                    "The rasters do not say that their light is in nW cm⁻² sr⁻¹, so the power in "
                    "W/sr stays empty. Choose the unit if it is.",
                )
            )
        )
    for code, text in (
        ("NO_GEOMETRY", translate("Dbar", "Zones without a geometry ({count}): {names}")),
        ("OUTSIDE", translate("Dbar", "Zones outside the rasters ({count}): {names}")),
        (
            "PARTLY_OUTSIDE",
            translate("Dbar", "Zones partly outside a raster ({count}): {names}"),
        ),
        ("TOO_SMALL", translate("Dbar", "Zones that hold no cell's centre ({count}): {names}")),
        (
            "OVERLAP",
            translate(
                "Dbar", "Zones that overlap others; each counts the shared cells ({count}): {names}"
            ),
        ),
    ):
        lines += _listing(
            text, [z for z, flags in enumerate(result.zone_flags) if code in flags], task.zone_names
        )
    dark = (result.values["n_valid"] > 0).any(axis=1) & ~(result.values["n_lit"] > 0).any(axis=1)
    lines += _listing(
        translate("Dbar", "Zones without light ({count}): {names}"),
        np.flatnonzero(dark).tolist(),
        task.zone_names,
    )
    if len(task.light) < task.minimum_dates:
        lines.append(
            message(
                translate("Dbar", "No trend: {count} dates, of which it takes at least {least}."),
                count=len(task.light),
                least=task.minimum_dates,
            )
        )
    return lines


def _listing(text: str, zones: Sequence[int], names: Sequence[str]) -> list[Message]:
    if not zones:
        return []
    listed = ", ".join(names[zone] for zone in zones[:_LISTED])
    return [message(text, count=len(zones), names=listed + (", …" if len(zones) > _LISTED else ""))]


def _mixture(rasters: Sequence[LightRaster], units: Sequence[str]) -> list[Message]:
    """Warn where the rasters of a series are not of one kind."""
    lines = []
    if len(set(units)) > 1:
        lines.append(
            message(
                translate(
                    "Dbar",
                    "The rasters are in different units ({units}): figures of different dates "
                    "cannot be compared, and the trend means nothing.",
                ),
                units=", ".join(dict.fromkeys(unit or "?" for unit in units)),
            )
        )
    texts = [f"{raster.source.name} {Path(raster.source.path).name}" for raster in rasters]
    sensors = {sensor for sensor, name in _SENSORS.items() for text in texts if name.search(text)}
    if len(sensors) > 1:
        lines.append(
            message(
                translate(
                    "Dbar",
                    "The rasters are of different sensors ({sensors}), which see the same light "
                    "differently: calibrate them against each other before you compare dates.",
                ),
                sensors=", ".join(sorted(sensors)),
            )
        )
    areas = [middle_cell_area(raster.source.grid) for raster in rasters]
    if max(areas) > _OTHER_CELLS * min(areas):
        lines.append(
            message(
                translate(
                    "Dbar",
                    "The rasters have cells of different sizes ({smallest} to {largest} km²), so "
                    "sums and numbers of cells of different dates cannot be compared; means and "
                    "areas can.",
                ),
                smallest=f"{min(areas) * 1e-6:.4g}",
                largest=f"{max(areas) * 1e-6:.4g}",
            )
        )
    return lines
