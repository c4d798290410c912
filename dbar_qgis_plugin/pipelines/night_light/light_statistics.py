"""Statistics of night light over zones and dates: sums, areas, inequality, trend.

Sums come from the pass of `pipelines.zonal_sums`, what needs the order of the values from
`pipelines.night_light.zone_light`: each raster on its own grid, decoded once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.trend import mann_kendall, mann_kendall_p, ols_slope, theil_sen_slope
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
from dbar_qgis_plugin.pipelines.night_light.light_fill import fill_warnings
from dbar_qgis_plugin.pipelines.night_light.lit_area import MASK_BAND
from dbar_qgis_plugin.pipelines.night_light.zone_light import (
    KEEP,
    PER_PERSON,
    PLACES,
    SUMS,
    LightRaster,
    LightTally,
    ZoneLight,
)
from dbar_qgis_plugin.pipelines.zonal_sums import ZonalSums, zonal_sums
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
PERCENTILE, MAXIMUM, TYPED = "percentile", "max", "typed"
ANTL, TNL, LIT_AREA = "antl", "tnl", "lit_km2"
THEIL_SEN, OLS = "theil_sen", "ols"

_OTHER_CELLS = 1.1  # ratio of cell areas beyond which rasters are of different products
_LISTED = 10

# What names of products tell of the sensor.
_SENSORS: Final = {
    "DMSP": re.compile(r"(?<![a-z])(dmsp|ols)(?![a-z])", re.IGNORECASE),
    "VIIRS": re.compile(r"viirs|dnb|(?<![a-z])(vnl|vnp46|vj146)", re.IGNORECASE),
    "SDGSAT-1": re.compile(r"kx10|sdgsat", re.IGNORECASE),
}


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
    last = len(rasters) - 1
    dates = [ZoneLight(raster, with_curves=date == last) for date, raster in enumerate(rasters)]
    found = zonal_sums(polygons, rasters, workers=workers, progress=progress, tally=_Dates(dates))
    values = {name: np.full((polygons.count, len(rasters)), np.nan) for name in _columns(task)}
    for date, light in enumerate(dates):
        light.finish()
        sums = dict(zip((*SUMS, "saturated"), found.sums[date].T, strict=False))
        column = _sum_values(task, sums, found, date)
        column.update(_order_values(task, light, column))
        if units[date] == NANOWATTS:
            # 1 m2 is 1e4 cm2, 1 nW is 1e-9 W.
            column["power_w_sr"] = sums["light_m2"] * 1e-5
        for name, of_zones in column.items():
            values[name][:, date] = of_zones
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
        PLACES,
        dates[last].lorenz,
        dates[last].people_lorenz,
        _zone_flags(polygons, found),
        _input_rows(task, rasters),
    )
    result.warnings.extend(_warnings(task, rasters, result))
    return result


class _Dates:
    """Hands what rasters make of cells to the figures of their dates."""

    def __init__(self, dates: Sequence[ZoneLight]) -> None:
        self._dates = dates

    def add(self, number: int, made: LightTally) -> None:
        self._dates[number].add(made)

    def close(self, number: int, zones: Int32) -> None:
        self._dates[number].close(zones)


def _columns(task: LightStatisticsTask) -> list[str]:
    """Names of the statistics, in the order of the tables."""
    names = ["tnl", "power_w_sr", "antl", "mntl", "sd", "max", "lit_km2", "lit_share"]
    names += ["n_valid", "n_nodata", "n_lit"]
    names += ["n_saturated"] if task.saturation is not None else []
    names += ["cnli", "cnli_reference", "cnli_max", "gini", "theil"]
    names += ["nldi", "people"] if task.population is not None else []
    return [*names, "valid_km2"]


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


def _sum_values(
    task: LightStatisticsTask, sums: Mapping[str, Float64], found: ZonalSums, date: int
) -> dict[str, Float64]:
    """Statistics of a date that are sums, per zone."""
    whole = found.weight[:, date]
    valid = np.rint(found.coverage[:, date] * whole)
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


def _order_values(
    task: LightStatisticsTask, light: ZoneLight, column: Mapping[str, Float64]
) -> dict[str, Float64]:
    """Statistics of a date that need the values of the cells, per zone."""
    largest = light.largest
    mean_lit = _ratio(light.lit_light, column["n_lit"])
    greatest = float(np.max(largest, initial=-np.inf, where=column["n_lit"] > 0))
    if task.reference == TYPED:
        reference = task.reference_value
    elif task.reference == MAXIMUM:
        reference = greatest
    else:
        reference = light.lit_quantile(task.percentile / 100.0)
    # Without lit cells the mean of them is undefined, but there is no light: the index is 0.
    compounded = np.where(column["n_lit"] > 0, mean_lit * column["lit_share"], 0.0)
    compounded = np.where(column["n_valid"] > 0, compounded, np.nan)
    undefined = np.full(largest.size, np.nan)
    values = {
        "mntl": mean_lit,
        "max": np.where(np.isfinite(largest), largest, np.nan),
        "cnli": compounded / reference if reference > 0.0 else undefined,
        "cnli_reference": np.full(largest.size, reference if reference > 0.0 else np.nan),
        "cnli_max": compounded / greatest if greatest > 0.0 else undefined,
        "gini": light.gini,
        "theil": light.theil,
    }
    if task.population is not None:
        values.update(people=light.people, nldi=light.nldi)
    return values


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


def _zone_flags(polygons: Polygons, found: ZonalSums) -> tuple[tuple[str, ...], ...]:
    """Tell for each zone why its figures are missing or hold in part only."""
    weight, inside = found.weight, found.inside
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
        "OVERLAP": found.overlaps,
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
