"""Soil organic carbon (SDG 15.3.1, third sub-indicator): from stocks and land cover to a raster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.area_tally import areas_in_units, tally, tally_km2
from dbar_qgis_plugin.kernels.land_cover import WATER, CodeTable, classify, code_table
from dbar_qgis_plugin.kernels.soil_carbon import (
    CONVENTIONS,
    HORIZON_YEARS,
    THRESHOLD_PERCENT,
    UNCCD_FACTORS,
    LandUseFactors,
    carbon_change,
    carbon_series,
    land_use_factors,
)
from dbar_qgis_plugin.pipelines.class_rasters import (
    area_exponent,
    no_result_warnings,
    resampling_messages,
)
from dbar_qgis_plugin.pipelines.figures import figure_text
from dbar_qgis_plugin.pipelines.inputs import (
    CATEGORICAL,
    CONTINUOUS,
    RasterInput,
    Stack,
    on_reference,
    open_input,
    resampling_notes,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_change import (
    NODATA,
    BlockUnknowns,
    LandCoverSeries,
    UnknownCode,
    UnknownTotals,
    block_unknowns,
    plain_year,
    unknown_warnings,
)
from dbar_qgis_plugin.pipelines.years import year_text
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]

BANDS = ("soc", "change_x100", "initial_x10", "final_x10")
UNITS = ("", "0.01 %", "0.1 t/ha", "0.1 t/ha")
METHODS = ("series", "two_dates")
STANDARD_FACTORS = UNCCD_FACTORS
# Why a cell has no result, in this order; each cell counts once.
CAUSES = ("no_land_cover", "water", "no_stock", "no_factor")

_LARGEST_STOCK = 4096.0  # t/ha; only bounds the unit in which tonnes are added up
_BYTES_PER_CELL = 60.0
_BYTES_PER_CELL_AND_DATE = 16.0


__all__ = [
    "BANDS",
    "CONVENTIONS",
    "HORIZON_YEARS",
    "METHODS",
    "STANDARD_FACTORS",
    "THRESHOLD_PERCENT",
    "LandUseFactors",
    "SoilOrganicCarbonResult",
    "SoilOrganicCarbonTask",
    "compute_soil_organic_carbon",
    "read_factors",
    "stock_table",
]


def read_factors(rows: Sequence[Sequence[str]], label: str) -> LandUseFactors:
    """Read the f_LU of changes between the UNCCD's classes as the user wrote them.

    Parameters
    ----------
    rows : 7 sequences of 7 str
        Numbers, `f`, `1/f`, or one over a number; rows from, columns to.
    label : str
        Name of the parameter, for messages.

    Raises
    ------
    InputError
        If a cell is none of these.
    """
    try:
        return land_use_factors(rows)
    except ValueError as error:
        raise InputError(
            translate(
                "Dbar",
                "{parameter}: “{text}” is not a factor. Write a number above 0, f, 1/f, or one "
                "over a number, such as 1/0.71.",
            ),
            parameter=label,
            text=str(error),
        ) from error


@dataclass(frozen=True)
class SoilOrganicCarbonTask:
    """A run of `compute_soil_organic_carbon`.

    Parameters
    ----------
    series : LandCoverSeries
        Land cover; the stock is that of its first date.
    stock : RasterInput
        Stock of soil organic carbon, 0-30 cm, in t/ha.
    zones : RasterInput, optional
        IPCC climate zones.
    factor : float, optional
        f everywhere; with `zones`, only where these give none.
    zone_factors : mapping of int to float
        f of each zone; 0 = none.
    method : {"series", "two_dates"}
        All dates of the land cover, or only the two compared.
    convention : str
        One of `CONVENTIONS`.
    threshold : float
        Percent.
    horizon : int
        Years.
    factors : LandUseFactors
        f_LU.
    """

    series: LandCoverSeries
    stock: RasterInput
    zones: RasterInput | None = None
    factor: float | None = None
    zone_factors: Mapping[int, float] = field(default_factory=dict)
    method: str = "series"
    convention: str = "prais4"
    threshold: float = THRESHOLD_PERCENT
    horizon: int = HORIZON_YEARS
    factors: LandUseFactors = field(default_factory=land_use_factors)

    @property
    def used(self) -> LandCoverSeries:
        """The land cover that the method looks at."""
        first, last = self.series.dates
        if self.method == "series":
            return self.series
        return replace(
            self.series,
            rasters=[self.series.rasters[first], self.series.rasters[last]],
            years=[self.series.years[first], self.series.years[last]],
        )


@dataclass(frozen=True)
class SoilOrganicCarbonResult:
    """Stocks by class, and what the user should know.

    years : dates of the land cover used
    km2, tonnes : float64 [dates, classes] of the cells that have a result
    class_km2 : degraded, stable and improved
    missing_km2 : area without a result, by `CAUSES`
    """

    years: tuple[float, ...]
    km2: Float64
    tonnes: Float64
    class_km2: tuple[float, float, float]
    missing_km2: dict[str, float]
    unknown: tuple[UnknownCode, ...]
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]


class _Parameters(NamedTuple):
    stack: Stack
    table: CodeTable
    standards: NDArray[np.int16]  # UNCCD class by rank, 0 for rank 0
    years: tuple[int, ...]
    dates: tuple[int, int]
    task: SoilOrganicCarbonTask
    zones: CodeTable | None
    zone_factors: Float64
    exponent: int
    tonne_exponent: int


class _Found(NamedTuple):
    areas: Int64  # [dates, classes + 1]
    tonnes: Int64  # [dates, classes + 1]
    classes: Int64  # degraded, stable, improved
    missing: Int64  # by cause
    known: Int64  # [dates], of cells whose land cover is known
    unknowns: BlockUnknowns
    zones: dict[float, int]  # unknown zones


def _factor(block: Block | None, parameters: _Parameters) -> tuple[Float64 | float, Any]:
    """Factor f of each cell (NaN = none), and ranks of zones that the table lacks."""
    task = parameters.task
    fallback = np.nan if task.factor is None else task.factor
    if block is None or parameters.zones is None:
        return fallback, None
    ranks = classify(block.values[0], block.valid[0], parameters.zones)
    factor = parameters.zone_factors.take(np.maximum(ranks, 0))
    factor[~(factor > 0.0)] = fallback
    return factor, ranks[np.newaxis]


def _block(
    blocks: list[Block], context: BlockContext, parameters: _Parameters
) -> tuple[NDArray[np.int16], _Found]:
    """Bands of `BANDS`, and what the block adds to the tables."""
    task = parameters.task
    land, rest = blocks[: len(parameters.stack.sources)], blocks[len(parameters.stack.sources) :]
    layers = parameters.stack.layers(land)
    ranks = classify(layers.values, layers.valid, parameters.table)
    cell_areas = context.grid.cell_areas(context.window)
    areas = areas_in_units(cell_areas, parameters.exponent)
    unknowns = block_unknowns(layers, ranks, areas)
    np.maximum(ranks, 0, out=ranks)
    standards = parameters.standards.take(ranks)

    stock = np.where(rest[0].valid[0], rest[0].values[0], np.nan)
    factor, zone_ranks = _factor(rest[1] if len(rest) > 1 else None, parameters)
    shape = stock.shape
    flat = standards.reshape(len(standards), -1)
    stocks = carbon_series(
        stock.ravel(),
        flat,
        parameters.years,
        np.ravel(factor) if np.ndim(factor) else factor,
        task.factors,
        horizon=task.horizon,
    ).reshape(ranks.shape)

    first, last = parameters.dates
    change = carbon_change(
        stocks[first],
        stocks[last],
        standards[first],
        convention=task.convention,
        threshold=task.threshold,
    )
    covered = (ranks[first] > 0) & (ranks[last] > 0)
    valid = change.valid & covered
    causes = np.select(
        [valid, ~covered, standards[first] == WATER, ~(stock > 0.0)],
        [len(CAUSES), 0, 1, 2],
        3,
    )
    missing = tally(causes, areas, len(CAUSES) + 1)[: len(CAUSES)]
    sorts = np.where(valid, change.degradation + 1, 3)
    classes = tally(sorts, areas, 4)[:3]
    zones: dict[float, int] = {}
    if zone_ranks is not None:
        zones = block_unknowns(rest[1], zone_ranks, areas).codes[0]
    out = np.full((len(BANDS), *shape), NODATA, dtype=np.int16)
    out[0][valid] = change.degradation[valid]
    scaled = (100.0 * change.percent, 10.0 * change.initial, 10.0 * change.final)
    for band, values in zip(out[1:], scaled, strict=True):
        # A change beyond what the type holds is far beyond any threshold.
        band[valid] = np.clip(np.rint(values[valid]), -32767, 32767).astype(np.int16)
    sums = _by_class(ranks, stocks, valid, areas, cell_areas, parameters)
    known = np.array([_area_of(of_date > 0, areas) for of_date in ranks], dtype=np.int64)
    return out, _Found(*sums, classes, missing, known, unknowns, zones)


def _area_of(cells: NDArray[np.bool_], areas: Float64) -> float:
    """Sum the areas of cells; exact, since areas in units are whole numbers."""
    if areas.shape[1] == 1:
        counts = cells.sum(axis=1, dtype=np.float64)
        return float(counts @ areas[:, 0])
    return float(areas[cells].sum())


def _by_class(
    ranks: NDArray[np.int16],
    stocks: Float64,
    valid: NDArray[np.bool_],
    areas: Float64,
    cell_areas: Float64,
    parameters: _Parameters,
) -> tuple[Int64, Int64]:
    """Areas and tonnes by date and class of the cells that have a result."""
    count = parameters.standards.size
    hectares = cell_areas * 1e-4
    of_area = np.zeros((len(ranks), count), dtype=np.int64)
    of_stock = np.zeros_like(of_area)
    latest = np.zeros_like(ranks[0])
    for date, found in enumerate(ranks):
        # A date without a class is no change.
        latest = np.where(found > 0, found, latest)
        place = np.where(valid, latest, 0)
        tonnes = np.where(valid, stocks[date], 0.0) * hectares
        of_area[date] = tally(place, areas, count)
        units = np.rint(tonnes * 2.0**-parameters.tonne_exponent)
        of_stock[date] = tally(place, units, count)
    return of_area, of_stock


def _whole_years(series: LandCoverSeries) -> tuple[int, ...]:
    for year in series.years:
        if year != int(year):
            raise InputError(
                translate(
                    "Dbar",
                    "Soil organic carbon is computed year by year, but {year} is not a whole year.",
                ),
                year=year_text(year),
            )
    return tuple(int(year) for year in series.years)


def compute_soil_organic_carbon(
    task: SoilOrganicCarbonTask,
    output: str | Path,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> SoilOrganicCarbonResult:
    """Follow the stock through the changes of land cover, and sort its change into classes.

    Parameters
    ----------
    task : SoilOrganicCarbonTask
        Inputs and options.
    output : str or Path
        Raster of `BANDS`.
    tags : mapping, optional
        Metadata of the raster.
    progress : Progress, optional
        Where to report to.
    workers : Workers, optional
        Threads or cluster, and the memory budget.

    Raises
    ------
    InputError
        If years do not fit, no factor is given, or the legend lacks too many codes.
    GridError
        If a raster does not overlap the land cover.
    Cancelled
        If the user stops the run.
    """
    if task.zones is None and task.factor is None:
        raise InputError(
            translate(
                "Dbar",
                "Give either a raster of climate zones or one factor f for all: without it the "
                "changes between forest or grassland and cropland have no result.",
            )
        )
    series = task.used
    years = _whole_years(series)
    dates = series.dates
    stack, grid = series.open()
    others = [on_reference(open_input(task.stock), grid, CONTINUOUS)]
    zones: CodeTable | None = None
    zone_factors = np.array([np.nan, *task.zone_factors.values()])
    if task.zones is not None:
        others.append(on_reference(open_input(task.zones), grid, CATEGORICAL))
        zones = code_table(list(task.zone_factors), np.arange(1, len(task.zone_factors) + 1))
    parameters = _Parameters(
        stack,
        series.legend.table,
        np.array([0, *series.legend.standards], dtype=np.int16),
        years,
        dates,
        task,
        zones,
        zone_factors,
        area_exponent(grid),
        area_exponent(grid, 1e-4 * _LARGEST_STOCK),
    )
    count = len(series.legend.classes)
    totals = _Totals(series, count, parameters.exponent)
    sink = RasterSink(
        output,
        grid,
        BANDS,
        "int16",
        NODATA,
        units=UNITS,
        tags=tags,
        threads=(workers or Workers()).count,
    )
    with sink:
        map_blocks(
            _block,
            [*stack.sources, *others],
            [sink],
            parameters,
            tally=totals.add,
            workers=workers,
            progress=progress,
            bytes_per_cell=_BYTES_PER_CELL + _BYTES_PER_CELL_AND_DATE * len(years),
        )
        unknown = totals.unknowns.settle(tally_km2(totals.known, parameters.exponent).tolist())
    degraded, stable, improved = tally_km2(totals.classes, parameters.exponent).tolist()
    missing = dict(
        zip(CAUSES, tally_km2(totals.missing, parameters.exponent).tolist(), strict=True)
    )
    tonnes = totals.tonnes[:, 1:].astype(np.float64) * 2.0**parameters.tonne_exponent
    return SoilOrganicCarbonResult(
        tuple(series.years),
        tally_km2(totals.areas[:, 1:], parameters.exponent),
        tonnes,
        (degraded, stable, improved),
        missing,
        unknown,
        tuple(resampling_messages(resampling_notes([*stack.sources, *others]))),
        (
            *unknown_warnings(unknown),
            *_zone_warnings(totals.zones, missing["no_factor"], parameters.exponent),
            *_gap_warnings(task, years),
            *no_result_warnings(degraded + stable + improved),
        ),
    )


class _Totals:
    """Adds up what the blocks find."""

    def __init__(self, series: LandCoverSeries, count: int, exponent: int) -> None:
        self.areas = np.zeros((len(series.years), count + 1), dtype=np.int64)
        self.tonnes = np.zeros_like(self.areas)
        self.classes = np.zeros(3, dtype=np.int64)
        self.missing = np.zeros(len(CAUSES), dtype=np.int64)
        self.known = np.zeros(len(series.years), dtype=np.int64)
        self.unknowns = UnknownTotals(series, exponent)
        self.zones: dict[float, int] = {}

    def add(self, found: _Found) -> None:
        """Add a block."""
        self.areas += found.areas
        self.tonnes += found.tonnes
        self.classes += found.classes
        self.missing += found.missing
        self.known += found.known
        self.unknowns.add(found.unknowns)
        for zone, units in found.zones.items():
            self.zones[zone] = self.zones.get(zone, 0) + units


def _zone_warnings(
    zones: Mapping[float, int], without_km2: float, exponent: int
) -> tuple[Message, ...]:
    found: list[Message] = []
    if zones:
        largest = sorted(zones, key=lambda zone: (-zones[zone], zone))[:10]
        found.append(
            message(
                translate(
                    "Dbar",
                    "Climate zones that the table of factors lacks: {zones}. Are these IPCC "
                    "climate zones?",
                ),
                zones=", ".join(
                    f"{zone:g} ({figure_text(float(tally_km2(zones[zone], exponent)))} km²)"
                    for zone in largest
                ),
            )
        )
    if without_km2 > 0.0:
        found.append(
            message(
                translate(
                    "Dbar",
                    "{area} km² have no result: their change of land cover needs the factor of a "
                    "climate zone, and they have none. A factor f for all would fill them.",
                ),
                area=figure_text(without_km2),
            )
        )
    return tuple(found)


def _gap_warnings(task: SoilOrganicCarbonTask, years: tuple[int, ...]) -> tuple[Message, ...]:
    """Say where a series leaves out years, since changes are then placed in the middle."""
    gaps = [
        f"{first}–{last}"
        for first, last in pairwise(years)
        if last - first > 1 and task.method == "series" and len(years) > 2
    ]
    if not gaps:
        return ()
    return (
        message(
            translate(
                "Dbar",
                "The land cover series leaves out years ({gaps}): changes in between are placed "
                "in the middle of the gap.",
            ),
            gaps=", ".join(gaps),
        ),
    )


def stock_table(
    task: SoilOrganicCarbonTask, result: SoilOrganicCarbonResult
) -> dict[str, list[Any]]:
    """Columns of the table of stocks: a row per class and year."""
    names = ("class", "name", "year", "km2", "tonnes", "mean_t_ha")
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for date, year in enumerate(result.years):
        for rank, entry in enumerate(task.series.legend.classes):
            km2, tonnes = float(result.km2[date, rank]), float(result.tonnes[date, rank])
            mean = tonnes / (km2 * 100.0) if km2 > 0.0 else None
            row = (entry.number, entry.name, plain_year(year), km2, tonnes, mean)
            for values, value in zip(columns.values(), row, strict=True):
                values.append(value)
    return columns
