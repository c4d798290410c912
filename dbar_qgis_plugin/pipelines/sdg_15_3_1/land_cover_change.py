"""Change of land cover (SDG 15.3.1, first sub-indicator): from a series of maps to a raster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.area_tally import areas_in_units, tally, tally_km2
from dbar_qgis_plugin.kernels.land_cover import (
    UNKNOWN,
    CodeTable,
    change_meaning,
    classify,
    transition_codes,
    transition_multiplier,
)
from dbar_qgis_plugin.pipelines.class_rasters import (
    area_exponent,
    no_result_warnings,
    resampling_messages,
)
from dbar_qgis_plugin.pipelines.figures import figure_text
from dbar_qgis_plugin.pipelines.inputs import (
    CATEGORICAL,
    RasterInput,
    Stack,
    open_stack,
    resampling_notes,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_legends import Legend
from dbar_qgis_plugin.pipelines.years import year_text
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]
Int16 = NDArray[np.int16]
Int64 = NDArray[np.int64]

NODATA = -32768
BANDS = ("land_cover", "transition", "initial", "final")
UNKNOWN_SHARE = 0.05

_MOST_UNKNOWN = 10_000
_LISTED = 10
_BYTES_PER_CELL = 40.0


@dataclass(frozen=True)
class LandCoverSeries:
    """Land cover maps through time, and how to read their codes.

    Parameters
    ----------
    rasters : sequence of RasterInput
        In order of time; the first gives the grid.
    years : sequence of float
        Increasing.
    legend : Legend
        Classes of the codes.
    year_initial, year_final : float, optional
        Dates compared; the first and the last if absent.
    unknown_share : float
        Largest share of a map's area whose codes the legend may lack.
    """

    rasters: Sequence[RasterInput]
    years: Sequence[float]
    legend: Legend
    year_initial: float | None = None
    year_final: float | None = None
    unknown_share: float = UNKNOWN_SHARE

    @property
    def dates(self) -> tuple[int, int]:
        """Places of the dates that are compared.

        Raises
        ------
        InputError
            If there are fewer than two maps, or none of a year asked for.
        """
        if len(self.rasters) < 2:
            raise InputError(
                translate(
                    "Dbar",
                    "A change of land cover needs maps of at least two dates; choose one raster "
                    "per date, or one raster with a band per date.",
                )
            )
        first = 0 if self.year_initial is None else self._place(self.year_initial)
        last = len(self.years) - 1 if self.year_final is None else self._place(self.year_final)
        if first >= last:
            raise InputError(
                translate(
                    "Dbar",
                    "The first year compared ({first}) must come before the last ({last}).",
                ),
                first=year_text(self.years[first]),
                last=year_text(self.years[last]),
            )
        return first, last

    def _place(self, year: float) -> int:
        if year not in self.years:
            raise InputError(
                translate(
                    "Dbar",
                    "There is no land cover map of {year}; there are maps of {years}.",
                ),
                year=year_text(year),
                years=", ".join(map(year_text, self.years)),
            )
        return list(self.years).index(year)

    def open(self) -> tuple[Stack, Grid]:
        """Open the maps on the grid of the first."""
        stack = open_stack(self.rasters)
        grid = stack.sources[stack.places[0][0]].grid
        return stack.on_reference(grid, CATEGORICAL), grid


class UnknownCode(NamedTuple):
    """A code that the legend lacks, and its area at a date."""

    year: float
    code: float
    km2: float


@dataclass(frozen=True)
class LandCoverChangeTask:
    """A run of `compute_land_cover_change`.

    Parameters
    ----------
    series : LandCoverSeries
        The maps.
    meaning : ndarray of int8 [classes, classes]
        -1 degraded, 0 stable, 1 improved; rows from, columns to, by rank.
    """

    series: LandCoverSeries
    meaning: NDArray[np.int8]


@dataclass(frozen=True)
class LandCoverChangeResult:
    """Areas, and what the user should know.

    transitions_km2 : float64 [classes, classes], between the dates compared
    areas_km2 : float64 [dates, classes], of each map
    meaning_km2 : degraded, stable and improved
    missing_km2 : without a class at one of the dates compared
    multiplier : m of the transition codes
    unknown : codes that the legend lacks
    notes, warnings : for the log
    """

    dates: tuple[int, int]
    transitions_km2: Float64
    areas_km2: Float64
    meaning_km2: tuple[float, float, float]
    missing_km2: float
    multiplier: int
    unknown: tuple[UnknownCode, ...]
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]


class _Parameters(NamedTuple):
    stack: Stack
    table: CodeTable
    meaning: NDArray[np.int8]
    dates: tuple[int, int]
    exponent: int


class BlockUnknowns(NamedTuple):
    """Per date the codes that the legend lacks, with their areas in units."""

    codes: list[dict[float, int]]


def block_unknowns(layers: Block, ranks: Int16, areas: Float64) -> BlockUnknowns:
    """Find the codes that the legend lacks.

    Parameters
    ----------
    layers : Block
        Codes [dates, height, width].
    ranks : ndarray of int16 [dates, height, width]
        From `classify`.
    areas : ndarray [height, 1] or [height, width]
        In units.
    """
    found: list[dict[float, int]] = []
    spread = np.broadcast_to(areas, ranks.shape[1:])
    for values, of_date in zip(layers.values, ranks, strict=True):
        unknown = of_date == UNKNOWN
        if not unknown.any():
            found.append({})
            continue
        codes, place = np.unique(values[unknown], return_inverse=True)
        units = tally(place.ravel(), spread[unknown], codes.size)
        found.append(dict(zip(codes.tolist(), units.tolist(), strict=True)))
    return BlockUnknowns(found)


class UnknownTotals:
    """Adds up what blocks find of codes that the legend lacks."""

    def __init__(self, series: LandCoverSeries, exponent: int) -> None:
        self._series = series
        self._exponent = exponent
        self._units: list[dict[float, int]] = [{} for _ in series.years]

    def add(self, block: BlockUnknowns) -> None:
        """Add a block; raise `InputError` for a raster that holds no classes at all."""
        for date, (total, found) in enumerate(zip(self._units, block.codes, strict=True)):
            for code, units in found.items():
                total[code] = total.get(code, 0) + units
            if len(total) > _MOST_UNKNOWN:
                raise InputError(
                    translate(
                        "Dbar",
                        "{name} holds more than {count} values that are not in the legend. Is it "
                        "a land cover map?",
                    ),
                    name=self._series.rasters[date].name,
                    count=_MOST_UNKNOWN,
                )

    def settle(self, known_km2: Sequence[float]) -> tuple[UnknownCode, ...]:
        """Return all codes, the largest areas first; refuse if they are too many.

        Parameters
        ----------
        known_km2 : sequence of float
            Per date, the area of the codes that the legend has.
        """
        every: list[UnknownCode] = []
        for year, raster, units, known in zip(
            self._series.years, self._series.rasters, self._units, known_km2, strict=True
        ):
            codes = [
                UnknownCode(year, code, float(tally_km2(amount, self._exponent)))
                for code, amount in units.items()
            ]
            codes.sort(key=lambda one: (-one.km2, one.code))
            area = sum(code.km2 for code in codes)
            if area > self._series.unknown_share * (area + known):
                raise InputError(
                    translate(
                        "Dbar",
                        "{name}: codes on {share} % of its area are not in the legend “{legend}”: "
                        "{codes}. Choose the legend of this map, or add the codes to a legend of "
                        "your own (class 0 stands for no data).",
                    ),
                    name=raster.name,
                    share=f"{100.0 * area / (area + known):.3g}",
                    legend=self._series.legend.name,
                    codes=_listing(codes),
                )
            every += codes
        return tuple(every)


def _listing(codes: Sequence[UnknownCode]) -> str:
    listed = ", ".join(f"{code.code:g} ({figure_text(code.km2)} km²)" for code in codes[:_LISTED])
    return listed + (", …" if len(codes) > _LISTED else "")


def unknown_warnings(unknown: Sequence[UnknownCode]) -> tuple[Message, ...]:
    """Say per date which codes were taken as no data."""
    return tuple(
        message(
            translate(
                "Dbar",
                "Land cover of {year}: codes that the legend lacks, taken as no data: {codes}",
            ),
            year=year_text(year),
            codes=_listing([code for code in unknown if code.year == year]),
        )
        for year in dict.fromkeys(code.year for code in unknown)
    )


def _block(
    blocks: list[Block], context: BlockContext, parameters: _Parameters
) -> tuple[NDArray[Any], tuple[Int64, Int64, BlockUnknowns]]:
    """Bands of `BANDS`; transition areas, class areas of the dates, and unknown codes."""
    layers = parameters.stack.layers(blocks)
    ranks = classify(layers.values, layers.valid, parameters.table)
    areas = areas_in_units(context.grid.cell_areas(context.window), parameters.exponent)
    unknowns = block_unknowns(layers, ranks, areas)
    np.maximum(ranks, 0, out=ranks)
    first, last = parameters.dates
    initial, final = ranks[first], ranks[last]

    count = parameters.meaning.shape[0]
    pairs = initial.astype(np.int32) * np.int32(count + 1) + final
    changes = tally(pairs, areas, (count + 1) ** 2).reshape(count + 1, count + 1)
    classes = np.empty((len(ranks), count + 1), dtype=np.int64)
    for date, of_date in enumerate(ranks):
        if date == first:
            classes[date] = changes.sum(axis=1)
        elif date == last:
            classes[date] = changes.sum(axis=0)
        else:
            classes[date] = tally(of_date, areas, count + 1)

    codes = transition_codes(initial, final, transition_multiplier(count))
    out = np.empty((len(BANDS), *initial.shape), dtype=band_type(count))
    out[0] = change_meaning(initial, final, parameters.meaning, NODATA)
    for band, values in ((1, codes), (2, initial), (3, final)):
        out[band] = values
        out[band][values == 0] = NODATA
    return out, (changes, classes, unknowns)


def band_type(class_count: int) -> str:
    """Data type that holds the transition codes: Int16 up to 100 classes and some more."""
    largest = class_count * (transition_multiplier(class_count) + 1)
    return "int16" if largest <= np.iinfo(np.int16).max else "int32"


def compute_land_cover_change(
    task: LandCoverChangeTask,
    output: str | Path,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LandCoverChangeResult:
    """Compare two land cover maps, and measure the classes of all.

    Parameters
    ----------
    task : LandCoverChangeTask
        Maps, legend and meaning of changes.
    output : str or Path
        Raster of `BANDS`: meaning of the change, its code, and the ranks of both classes.
    tags : mapping, optional
        Metadata of the raster.
    progress : Progress, optional
        Where to report to.
    workers : Workers, optional
        Threads or cluster, and the memory budget.

    Raises
    ------
    InputError
        If a year is missing, or too much of a map has codes that the legend lacks.
    GridError
        If a map does not overlap the first.
    Cancelled
        If the user stops the run.
    """
    series = task.series
    dates = series.dates
    stack, grid = series.open()
    count = len(series.legend.classes)
    exponent = area_exponent(grid)
    changes = np.zeros((count + 1, count + 1), dtype=np.int64)
    classes = np.zeros((len(series.years), count + 1), dtype=np.int64)
    unknowns = UnknownTotals(series, exponent)

    def add(found: tuple[Int64, Int64, BlockUnknowns]) -> None:
        np.add(changes, found[0], out=changes)
        np.add(classes, found[1], out=classes)
        unknowns.add(found[2])

    parameters = _Parameters(stack, series.legend.table, task.meaning, dates, exponent)
    sink = RasterSink(
        output, grid, BANDS, band_type(count), NODATA, tags=tags, threads=_threads(workers)
    )
    with sink:
        map_blocks(
            _block,
            stack.sources,
            [sink],
            parameters,
            tally=add,
            workers=workers,
            progress=progress,
            bytes_per_cell=_BYTES_PER_CELL + 3.0 * len(series.years),
        )
        areas = tally_km2(classes[:, 1:], exponent)
        unknown = unknowns.settle(areas.sum(axis=1).tolist())
    transitions = tally_km2(changes[1:, 1:], exponent)
    degraded, stable, improved = (
        float(transitions[task.meaning == meaning].sum()) for meaning in (-1, 0, 1)
    )
    return LandCoverChangeResult(
        dates,
        transitions,
        areas,
        (degraded, stable, improved),
        float(tally_km2(changes.sum() - changes[1:, 1:].sum(), exponent)),
        transition_multiplier(count),
        unknown,
        tuple(resampling_messages(resampling_notes(stack.sources))),
        (*unknown_warnings(unknown), *no_result_warnings(transitions.sum())),
    )


def _threads(workers: Workers | None) -> int:
    return (workers or Workers()).count


def transition_table(
    task: LandCoverChangeTask, result: LandCoverChangeResult
) -> dict[str, list[Any]]:
    """Columns of the table of transitions: one row per change that covers some ground."""
    legend = task.series.legend
    rows = [
        (
            legend.classes[first].number,
            legend.classes[first].name,
            legend.classes[last].number,
            legend.classes[last].name,
            (first + 1) * result.multiplier + last + 1,
            float(result.transitions_km2[first, last]),
            int(task.meaning[first, last]),
        )
        for first, last in np.argwhere(result.transitions_km2 > 0.0).tolist()
    ]
    names = ("from_class", "from_name", "to_class", "to_name", "transition", "km2", "meaning")
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return {name: list(column) for name, column in zip(names, columns, strict=True)}


def area_table(task: LandCoverChangeTask, result: LandCoverChangeResult) -> dict[str, list[Any]]:
    """Columns of the table of areas: a row per class and year, and one per unknown code."""
    columns: dict[str, list[Any]] = {name: [] for name in ("class", "name", "year", "km2", "note")}
    for date, year in enumerate(task.series.years):
        for rank, entry in enumerate(task.series.legend.classes):
            area = float(result.areas_km2[date, rank])
            _append(columns, (entry.number, entry.name, plain_year(year), area, ""))
        for code in result.unknown:
            if code.year == year:
                name = f"{code.code:g}"
                _append(columns, (None, name, plain_year(year), code.km2, "unknown code"))
    return columns


def _append(columns: dict[str, list[Any]], row: Sequence[Any]) -> None:
    for values, value in zip(columns.values(), row, strict=True):
        values.append(value)


def plain_year(year: float) -> int | float:
    """Return a year as a whole number where it is one."""
    return int(year) if year == int(year) else year
