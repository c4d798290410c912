"""SDG 11.3.1 from rasters and polygons to indicators and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.land_use_efficiency import (
    FORMULAS,
    Flag,
    GroupStatistics,
    IntervalIndicators,
    group_statistics,
    interval_indicators,
)
from dbar_qgis_plugin.kernels.polygon_footprint import RULES
from dbar_qgis_plugin.pipelines.inputs import RasterInput, open_input, raster_facts
from dbar_qgis_plugin.pipelines.sdg_11_3_1.builtup import BUILTUP_KINDS, builtup_raster
from dbar_qgis_plugin.pipelines.years import year_text
from dbar_qgis_plugin.pipelines.zonal_sums import ZonalRaster, ZonalSums, zonal_sums
from dbar_qgis_plugin.raster_io.polygons import Polygons, polygons_from_wkb
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.source import RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]

POPULATION_KINDS = ("count", "density")
CELL_AREAS = ("geodesic", "nominal")

_WORLD_POPULATION = 8.3e9
_CROWDED = 2e5  # inhabitants per km2 of built-up area; the densest cities have some 1e5
_KM2 = 1e-6


@dataclass(frozen=True)
class LandUseEfficiencyTask:
    """All that a run needs, as plain values.

    city_wkb : valid 2D polygons or multipolygons; None or empty = a city without geometry
    city_crs : WKT
    city_names, city_groups : one per city; groups may be absent
    builtup : one raster per epoch, or one first-built-year raster
    builtup_kind : one of `BUILTUP_KINDS`
    builtup_years : strictly increasing; with "first_year", the epochs wanted
    builtup_classes : values that count as built up, with "classes"
    population : one raster per epoch, in persons per cell or per km2 (`population_kind`)
    population_table : float64 [cities, epochs] in persons, instead of rasters; NaN = missing
    population_years : as many as `builtup_years`; empty = the same
    formula : one of `kernels.land_use_efficiency.FORMULAS`
    coverage : one of `kernels.polygon_footprint.RULES`
    cell_area : "geodesic" (true areas) or "nominal" (areas in the plane of the CRS, as products on
        an equal-area grid state them)
    near_zero_pgr : growth rate, 1/year, below which PGR_NEAR_ZERO is flagged
    implausible_rate : change of built-up area, 1/year, above which IMPLAUSIBLE_JUMP is flagged
    minimum_coverage : share of a city's cells, 0 to 1, below which COVERAGE is flagged
    """

    city_wkb: Sequence[bytes | None]
    city_crs: str
    city_names: Sequence[str]
    builtup: Sequence[RasterInput]
    builtup_kind: str
    builtup_years: Sequence[float]
    city_groups: Sequence[str] | None = None
    builtup_classes: Sequence[int] = ()
    population: Sequence[RasterInput] = ()
    population_kind: str = "count"
    population_table: Float64 | None = None
    population_years: Sequence[float] = ()
    formula: str = "2021"
    coverage: str = "centre"
    cell_area: str = "geodesic"
    near_zero_pgr: float = 0.001
    implausible_rate: float = 0.08
    minimum_coverage: float = 0.95


@dataclass(frozen=True)
class LandUseEfficiencyResult:
    """What a run gives.

    builtup_years, population_years : the epochs
    builtup_km2, population, builtup_per_capita_m2 : float64 [cities, epochs], NaN = no data
    coverage : float64 [cities, epochs], share of the city's cells with data, the poorer of both
    interval_ends : int [intervals, 2], epochs at start and end: neighbours, then the full span
    indicators : arrays [cities, intervals]
    city_flags : uint32 [cities], flags of the polygon; already in `indicators.flags`
    groups : names; the last one, "", is all cities together
    statistics : arrays [groups, intervals]
    inputs : one row a raster: role, name, year, crs, cell_size, nodata
    warnings : lines for the user
    """

    builtup_years: tuple[float, ...]
    population_years: tuple[float, ...]
    builtup_km2: Float64
    population: Float64
    builtup_per_capita_m2: Float64
    coverage: Float64
    interval_ends: NDArray[np.int64]
    indicators: IntervalIndicators
    city_flags: NDArray[np.uint32]
    groups: tuple[str, ...]
    statistics: GroupStatistics
    inputs: list[dict[str, str]]
    warnings: list[Message]


def compute_land_use_efficiency(
    task: LandUseEfficiencyTask,
    *,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LandUseEfficiencyResult:
    """Compute SDG 11.3.1 for many cities and epochs.

    Each raster is summed on its own grid (nothing is resampled), and each is read once.

    Raises
    ------
    InputError, GridError
        If an input cannot be used; the message names it and says what to do.
    Cancelled
        If the user stops the run.
    """
    progress = progress or Progress()
    builtup_years = tuple(float(year) for year in task.builtup_years)
    population_years = tuple(float(year) for year in task.population_years) or builtup_years
    _check_task(task, builtup_years, population_years)
    builtup = [open_input(raster) for raster in task.builtup]
    population = [open_input(raster) for raster in task.population]
    polygons = polygons_from_wkb(task.city_wkb, task.city_crs)
    _check_overlap(polygons, builtup + population)

    rasters = [
        builtup_raster(
            source, task.builtup_kind, task.builtup_classes, builtup_years, task.cell_area
        )
        for source in builtup
    ]
    rasters += [_population_raster(task, source) for source in population]
    sums = zonal_sums(polygons, rasters, rule=task.coverage, workers=workers, progress=progress)

    builtup_km2 = np.hstack(sums.sums[: len(builtup)])
    builtup_coverage = sums.coverage[:, : len(builtup)]
    if task.builtup_kind == "first_year":
        builtup_coverage = np.repeat(builtup_coverage, len(builtup_years), axis=1)
    if task.population_table is None:
        people = np.hstack(sums.sums[len(builtup) :])
        coverage = np.minimum(builtup_coverage, sums.coverage[:, len(builtup) :])
        _check_population(task, people)
    else:
        people = np.array(task.population_table, dtype=np.float64)
        coverage = builtup_coverage

    ends = _interval_ends(len(builtup_years))
    flags = _city_flags(task, polygons, sums, coverage, ends)
    indicators = _indicators(task, builtup_km2, people, builtup_years, population_years, ends)
    indicators = indicators._replace(flags=indicators.flags | flags)
    groups, index = _groups(task)
    statistics = _statistics(
        task, groups, index, builtup_km2, people, builtup_years, population_years, ends, indicators
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        per_capita = np.where(people > 0.0, builtup_km2 / _KM2 / people, np.nan)
    result = LandUseEfficiencyResult(
        builtup_years,
        population_years,
        builtup_km2,
        people,
        per_capita,
        coverage,
        ends,
        indicators,
        np.bitwise_or.reduce(flags, axis=1) if flags.size else np.zeros(len(flags), np.uint32),
        groups,
        statistics,
        _input_rows(task, builtup, population, builtup_years, population_years),
        [],
    )
    result.warnings.extend(_warnings(task, result))
    return result


def _check_task(
    task: LandUseEfficiencyTask,
    builtup_years: tuple[float, ...],
    population_years: tuple[float, ...],
) -> None:
    for value, known in (
        (task.builtup_kind, BUILTUP_KINDS),
        (task.population_kind, POPULATION_KINDS),
        (task.formula, FORMULAS),
        (task.coverage, RULES),
        (task.cell_area, CELL_AREAS),
    ):
        if value not in known:
            raise InputError(
                translate("Dbar", "“{value}” is not one of {known}."),
                value=value,
                known=", ".join(known),
            )
    if not task.city_wkb:
        raise InputError(translate("Dbar", "The city layer has no features. Choose another layer."))
    if len(builtup_years) < 2:
        raise InputError(
            translate("Dbar", "At least two epochs are needed; {count} year was given."),
            count=len(builtup_years),
        )
    for years in (builtup_years, population_years):
        if any(later <= earlier for earlier, later in pairwise(years)):
            raise InputError(
                translate("Dbar", "The years {years} do not increase. Give them in order."),
                years=", ".join(map(year_text, years)),
            )
    wanted = 1 if task.builtup_kind == "first_year" else len(builtup_years)
    if len(task.builtup) != wanted:
        raise InputError(
            translate(
                "Dbar",
                "{rasters} built-up rasters were given for {years} years; {wanted} are needed. "
                "Give one raster per year, or a single raster with the year first built.",
            ),
            rasters=len(task.builtup),
            years=len(builtup_years),
            wanted=wanted,
        )
    if task.builtup_kind == "classes" and not task.builtup_classes:
        raise InputError(
            translate("Dbar", "Say which class values count as built up, for example 50,190.")
        )
    if (task.population_table is None) == (not task.population):
        raise InputError(
            translate(
                "Dbar",
                "Give the population either as rasters or as fields of the city layer, not both "
                "and not neither.",
            )
        )
    epochs = (
        len(task.population)
        if task.population_table is None
        else np.shape(task.population_table)[1]
    )
    if not epochs == len(population_years) == len(builtup_years):
        raise InputError(
            translate(
                "Dbar",
                "There are {builtup} years of built-up area, {years} of population and {epochs} "
                "populations. Give as many of each.",
            ),
            builtup=len(builtup_years),
            years=len(population_years),
            epochs=epochs,
        )


def _check_overlap(polygons: Polygons, sources: Sequence[RasterSource]) -> None:
    """Refuse a raster that meets no city, before anything is read."""
    if polygons.x.size == 0:
        raise InputError(
            translate("Dbar", "No feature of the city layer has a polygon. Choose another layer.")
        )
    seen = set()
    for source in sources:
        grid = source.grid
        if grid in seen:
            continue
        seen.add(grid)
        rings, _ = polygons.rings_on(grid)
        meets = (
            rings.x.size > 0
            and rings.x.max() > 0
            and rings.x.min() < grid.width
            and rings.y.max() > 0
            and rings.y.min() < grid.height
        )
        if not meets:
            raise InputError(
                translate(
                    "Dbar",
                    "No city overlaps the raster {name}. Check the CRS of the city layer and of "
                    "the raster, and that both show the same region.",
                ),
                name=source.name,
            )


def _population_raster(task: LandUseEfficiencyTask, source: RasterSource) -> ZonalRaster:
    refusal = translate(
        "Dbar",
        "{name} holds the value {value}, which cannot be a population. Set it as nodata of the "
        "raster (Translate, “Assign a nodata value”), then run again.",
    )
    if task.population_kind == "density":
        return ZonalRaster(source, factor=_KM2, area="geodesic", smallest=0.0, refusal=refusal)
    return ZonalRaster(source, smallest=0.0, refusal=refusal)


def _check_population(task: LandUseEfficiencyTask, people: Float64) -> None:
    for raster, total in zip(task.population, np.nansum(people, axis=0), strict=True):
        if total > _WORLD_POPULATION:
            raise InputError(
                translate(
                    "Dbar",
                    "{name} gives {people:.3g} inhabitants for all cities, more than the Earth "
                    "has. Are its values densities? Then choose “density”.",
                ),
                name=raster.name or raster.path,
                people=float(total),
            )


def _interval_ends(epochs: int) -> NDArray[np.int64]:
    pairs = [(epoch, epoch + 1) for epoch in range(epochs - 1)]
    if epochs > 2:
        pairs.append((0, epochs - 1))
    return np.array(pairs, dtype=np.int64)


def _city_flags(
    task: LandUseEfficiencyTask,
    polygons: Polygons,
    sums: ZonalSums,
    coverage: Float64,
    ends: NDArray[np.int64],
) -> NDArray[np.uint32]:
    """Flags of polygons and of their cover with data, uint32 [cities, intervals]."""
    flags = np.zeros((polygons.count, len(ends)), dtype=np.uint32)
    has_rings = np.zeros(polygons.count, dtype=bool)
    has_rings[polygons.zone] = True
    flags[has_rings & (sums.weight == 0.0).any(axis=1)] |= np.uint32(Flag.TOO_SMALL)
    flags[sums.overlaps] |= np.uint32(Flag.OVERLAP)
    poorer = np.minimum(coverage[:, ends[:, 0]], coverage[:, ends[:, 1]])
    flags[poorer < task.minimum_coverage] |= np.uint32(Flag.COVERAGE)
    return flags


def _indicators(
    task: LandUseEfficiencyTask,
    builtup_km2: Float64,
    people: Float64,
    builtup_years: tuple[float, ...],
    population_years: tuple[float, ...],
    ends: NDArray[np.int64],
) -> IntervalIndicators:
    start, end = ends[:, 0], ends[:, 1]
    return interval_indicators(
        builtup_km2[:, start],
        builtup_km2[:, end],
        people[:, start],
        people[:, end],
        _lengths(builtup_years, ends),
        _lengths(population_years, ends),
        formula=task.formula,
        near_zero_pgr=task.near_zero_pgr,
        implausible_rate=task.implausible_rate,
    )


def _lengths(years: tuple[float, ...], ends: NDArray[np.int64]) -> Float64:
    dates = np.asarray(years)
    return np.asarray(dates[ends[:, 1]] - dates[ends[:, 0]])


def _groups(task: LandUseEfficiencyTask) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Names of the groups, sorted, and each city's; "" (all together) comes last."""
    if task.city_groups is None:
        return ("",), np.empty(0, dtype=np.int64)
    names, index = np.unique(
        np.array(task.city_groups, dtype=object).astype(str), return_inverse=True
    )
    return (*names.tolist(), ""), index


def _statistics(
    task: LandUseEfficiencyTask,
    groups: tuple[str, ...],
    index: NDArray[np.int64],
    builtup_km2: Float64,
    people: Float64,
    builtup_years: tuple[float, ...],
    population_years: tuple[float, ...],
    ends: NDArray[np.int64],
    indicators: IntervalIndicators,
) -> GroupStatistics:
    start, end = ends[:, 0], ends[:, 1]
    count = len(builtup_km2)

    def statistics(group: NDArray[np.int64], groups: int) -> GroupStatistics:
        return group_statistics(
            group,
            groups,
            builtup_km2[:, start],
            builtup_km2[:, end],
            people[:, start],
            people[:, end],
            _lengths(builtup_years, ends),
            _lengths(population_years, ends),
            indicators,
            formula=task.formula,
            near_zero_pgr=task.near_zero_pgr,
            implausible_rate=task.implausible_rate,
        )

    together = statistics(np.zeros(count, dtype=np.int64), 1)
    if len(groups) == 1:
        return together
    apart = statistics(index, len(groups) - 1)
    joined: dict[str, Any] = {
        name: np.concatenate((getattr(apart, name), getattr(together, name)))
        for name in GroupStatistics._fields
    }
    return GroupStatistics(**joined)


def _input_rows(
    task: LandUseEfficiencyTask,
    builtup: Sequence[RasterSource],
    population: Sequence[RasterSource],
    builtup_years: tuple[float, ...],
    population_years: tuple[float, ...],
) -> list[dict[str, str]]:
    if task.builtup_kind == "first_year":
        dates = [", ".join(map(year_text, builtup_years))]
    else:
        dates = [year_text(year) for year in builtup_years]
    rows = [("builtup", source, date) for source, date in zip(builtup, dates, strict=True)]
    rows += [
        ("population", source, year_text(year))
        for source, year in zip(population, population_years, strict=False)
    ]
    return [{"role": role, "year": date, **raster_facts(source)} for role, source, date in rows]


def _warnings(task: LandUseEfficiencyTask, result: LandUseEfficiencyResult) -> list[Message]:
    lines = []
    if result.population_years != result.builtup_years:
        lines.append(
            message(
                translate(
                    "Dbar",
                    "Built-up area and population are of different years ({builtup} and "
                    "{population}); each rate uses its own interval.",
                ),
                builtup=", ".join(map(year_text, result.builtup_years)),
                population=", ".join(map(year_text, result.population_years)),
            )
        )
    if np.isnan(result.builtup_km2).all() or np.isnan(result.population).all():
        lines.append(
            message(
                translate(
                    "Dbar",
                    "No city has both built-up area and population: all results are empty. Check "
                    "nodata and the extent of the rasters.",
                )
            )
        )
    if task.population and task.population_kind == "count":
        lines.extend(_density_hints(result))
    return lines


def _density_hints(result: LandUseEfficiencyResult) -> list[Message]:
    """Say so where cities are so crowded that the population rasters must hold densities."""
    people, built = np.nansum(result.population), np.nansum(result.builtup_km2)
    crowding = people / built if built > 0.0 else 0.0
    if crowding <= _CROWDED:
        return []
    return [
        message(
            translate(
                "Dbar",
                "The population rasters give {density:.3g} inhabitants per km2 of built-up area. "
                "If their values are densities, choose “density”.",
            ),
            density=float(crowding),
        )
    ]
