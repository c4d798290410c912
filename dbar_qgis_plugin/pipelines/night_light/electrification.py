"""SDG 7.1.1: people in lit cells, by zone, for one rule and for a row of thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import GridError, InputError, translate
from dbar_qgis_plugin.kernels.electrification import (
    CONTRAST,
    RADIUS,
    local_contrast,
    midpoint_threshold,
)
from dbar_qgis_plugin.kernels.joint_tally import JointSums, joint_tally
from dbar_qgis_plugin.kernels.light_threshold import (
    UPPER_KEYS,
    KeyCounts,
    bin_of_rank,
    rank_of_percentile,
    shortest_decimal,
    value_keys,
    value_of_keys,
)
from dbar_qgis_plugin.kernels.whole_units import from_whole_units, in_whole_units
from dbar_qgis_plugin.pipelines.inputs import RasterInput, open_input
from dbar_qgis_plugin.pipelines.night_light.light_bands import scene_tags
from dbar_qgis_plugin.pipelines.night_light.light_fill import map_light_blocks
from dbar_qgis_plugin.pipelines.night_light.light_zones import (
    JointCollector,
    ZoneCodes,
    Zones,
    flag_warnings,
)
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid, overlap
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block, RasterSource, open_source
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]

FIXED, MIDPOINT, LOCAL_CONTRAST = METHODS = ("fixed", "midpoint", "contrast")
COUNT_PER_CELL, PER_KM2 = POPULATION_KINDS = ("count", "density")
UNKNOWN, DARK = LIGHT_NODATA = ("unknown", "dark")

MASK_BAND: Final = "electrified"
MASK_NODATA: Final = 255

_DARK, _LIT, _NO_LIGHT = range(3)
# Steps of the curve in each decade, between these percentiles of the cells with light.
_SERIES: Final = ("1", "1.5", "2", "3", "5", "7")
_FIRST_PERCENTILE, _LAST_PERCENTILE = 1.0, 99.9
_PARTS, _FEWEST_PARTS = 6, 2  # of a light cell's side; where many light cells share the error
_SAME = 0.02  # cells that differ less in size count as equal
_MUCH_PCT = 1.0


@dataclass(frozen=True)
class ElectrificationTask:
    """All that a run needs, as plain values.

    light : night light, in any unit
    population : persons per cell, or per km2 (`population_kind`)
    method : one of `METHODS`
    threshold : of the method "fixed"; cells from it on are lit
    contrast : of the method "contrast"; cells that stand out by so much are lit
    samples : float64 [points, 2], x and y of known places, for "midpoint"
    sample_crs : WKT of the samples
    sample_lit : bool [points], with electricity or without
    light_nodata : "unknown": people in cells without light data are left out of the share; "dark":
        they count as without electricity (of products that blank dark cells)
    thresholds : of the curve; empty: round numbers over the range of the cells with light
    """

    light: RasterInput
    population: RasterInput
    method: str = FIXED
    threshold: float = 0.5
    contrast: float = CONTRAST
    samples: Float64 = field(default_factory=lambda: np.empty((0, 2)))
    sample_crs: str = ""
    sample_lit: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, dtype=bool))
    light_nodata: str = UNKNOWN
    population_kind: str = COUNT_PER_CELL
    thresholds: Sequence[float] = ()
    zones: Zones = field(default_factory=Zones)


@dataclass(frozen=True)
class ElectrificationResult:
    """What a run gives.

    columns : the table, a row per zone
    curve : the curve, a row per zone and threshold
    threshold : of light; of the contrast where that is the method
    people, share : of all zones together; share in percent, NaN without people
    """

    columns: dict[str, list[Any]]
    curve: dict[str, list[Any]]
    threshold: float
    people: float
    share: float
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]


class _LightParameters(NamedTuple):
    method: str
    threshold: float
    is_dark: bool


class _PeopleParameters(NamedTuple):
    steps: NDArray[np.float32]
    zones: ZoneCodes
    sizes: tuple[int, int, int]
    parts: int
    is_density: bool

    @property
    def shares(self) -> int:
        """How many times a person is counted: once in each part of the cell."""
        return 1 if self.is_density else self.parts**2


class _Tallied(NamedTuple):
    sums: JointSums
    negative: int


@dataclass
class _People:
    """People by zone, step and state, and how many parts of cells hold fewer than none."""

    sums: JointCollector = field(default_factory=JointCollector)
    negative: int = 0

    def add(self, found: _Tallied) -> None:
        """Add a block."""
        self.sums.add(found.sums)
        self.negative += found.negative


def compute_electrification(
    task: ElectrificationTask,
    mask_path: str,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> ElectrificationResult:
    """Write which cells are lit, and sum the people in them.

    Population is never resampled: each of its cells is split into equal parts that are small
    against a cell of light, and each part takes the light of the cell that its centre lies in. So
    the people of all parts are those of the raster.

    Parameters
    ----------
    task : ElectrificationTask
        What to compute.
    mask_path : str
        Where the lit cells go, on the grid of the light: UInt8, 0 dark, 1 lit, 255 without data.
    tags : mapping, optional
        Metadata of the raster.
    progress, workers : optional
        As for `map_blocks`.

    Raises
    ------
    InputError, GridError
        If an input cannot be used; the message names it and says what to do.
    Cancelled
        If the user stops the run.
    """
    progress, workers = progress or Progress(), workers or Workers()
    _check(task)
    light, population = open_input(task.light), open_input(task.population)
    grid, parts = _people_grid(light, population)
    zones = task.zones.on(grid, population.name)
    warnings: list[Message] = []
    threshold = task.contrast if task.method == LOCAL_CONTRAST else task.threshold
    if task.method == MIDPOINT:
        threshold = _midpoint(task, light, warnings)
    values = KeyCounts()
    metadata = {**scene_tags(light), "DBAR_THRESHOLD": f"{threshold:.9g}", **dict(tags or {})}
    with RasterSink(
        mask_path,
        light.grid,
        (MASK_BAND,),
        "uint8",
        MASK_NODATA,
        tags=metadata,
        threads=workers.count,
    ) as sink:
        warnings += map_light_blocks(
            _light_block,
            [light],
            [sink],
            _LightParameters(task.method, threshold, task.light_nodata == DARK),
            tally=values.add,
            workers=workers,
            progress=progress.part(0.0, 0.3),
            halo=RADIUS if task.method == LOCAL_CONTRAST else 0,
            bytes_per_cell=64.0,
        )
    steps = _steps(task, threshold, values.counts)
    parameters = _PeopleParameters(
        steps,
        zones,
        (task.zones.count + 1, steps.size + 2, 3),
        parts,
        task.population_kind == PER_KM2,
    )
    people = _People()
    mask = open_source(mask_path)
    map_blocks(
        _people_block,
        [source.on_grid(grid, "nearest") for source in (population, light, mask)],
        [],
        parameters,
        tally=people.add,
        workers=workers,
        progress=progress.part(0.3, 1.0),
        bytes_per_cell=96.0,
    )
    if people.negative:
        warnings.append(
            message(
                translate("Dbar", "{name}: {count} cells hold fewer than 0 persons; left out."),
                name=population.name,
                count=people.negative // parts**2,
            )
        )
    return _result(task, threshold, parameters, people.sums, population.name, warnings)


def _check(task: ElectrificationTask) -> None:
    for value, known in (
        (task.method, METHODS),
        (task.population_kind, POPULATION_KINDS),
        (task.light_nodata, LIGHT_NODATA),
    ):
        if value not in known:
            raise InputError(
                translate("Dbar", "“{value}” is not one of {known}."),
                value=value,
                known=", ".join(known),
            )


def _people_grid(light: RasterSource, population: RasterSource) -> tuple[Grid, int]:
    """Split the cells of the population raster; also says into how many parts a side."""
    if not overlap(light.grid, population.grid):
        raise GridError(
            translate(
                "Dbar",
                "{population} does not overlap {light}. Check the CRS of both, and that they show "
                "the same region.",
            ),
            population=population.name,
            light=light.name,
        )
    grid = population.grid
    ratio = _cell_side(grid) / _cell_side(light.grid)
    if grid.same_cells(light.grid):
        parts = 1
    elif ratio < 1.0:
        parts = max(1, ceil(_PARTS * ratio - _SAME))
    else:
        # As many for each cell of light that fits: grids that are nested give exact shares.
        across = ceil(ratio - _SAME)
        parts = across * max(_FEWEST_PARTS, ceil(_PARTS / across))
    a, b, c, d, e, f = grid.transform
    transform = (a / parts, b / parts, c, d / parts, e / parts, f)
    return Grid(grid.crs, transform, grid.width * parts, grid.height * parts), parts


def _cell_side(grid: Grid) -> float:
    middle = Window(grid.height // 2, grid.width // 2, 1, 1)
    return float(np.sqrt(np.ravel(grid.cell_areas(middle))[0]))


# -- thresholds


def _midpoint(task: ElectrificationTask, light: RasterSource, warnings: list[Message]) -> float:
    """Threshold of known places."""
    values = _values_at(light, task.samples, task.sample_crs)
    known = np.isfinite(values)
    if not known.all():
        warnings.append(
            message(
                translate("Dbar", "Known places without data in {name}: {count}; left out."),
                name=light.name,
                count=int((~known).sum()),
            )
        )
    dark, lit = values[known & ~task.sample_lit], values[known & task.sample_lit]
    if dark.size == 0 or lit.size == 0:
        raise InputError(
            translate(
                "Dbar",
                "The midpoint needs known places with electricity and without, where {name} has "
                "data; there are {lit} and {dark}. Add places, or choose another method.",
            ),
            name=light.name,
            lit=lit.size,
            dark=dark.size,
        )
    threshold, overlaps = midpoint_threshold(dark, lit)
    if overlaps:
        warnings.append(
            message(
                translate(
                    "Dbar",
                    "Known places overlap: the brightest without electricity has {dark}, the "
                    "faintest with it {lit}. No threshold tells them apart; {threshold} lies "
                    "halfway.",
                ),
                dark=f"{dark.max():g}",
                lit=f"{lit.min():g}",
                threshold=f"{threshold:g}",
            )
        )
    return threshold


def _values_at(source: RasterSource, points: Float64, crs: str) -> Float64:
    """Values of the cells that points lie in; NaN without data."""
    grid = source.grid
    x, y = points[:, 0], points[:, 1]
    driver = get_driver()
    if points.size and not driver.same_crs(crs, grid.crs):
        x, y = driver.transform_points(crs, grid.crs, x, y)
    col, row = (np.floor(place) for place in grid.to_cells(x, y))
    inside = (row >= 0) & (row < grid.height) & (col >= 0) & (col < grid.width)
    values = np.full(x.size, np.nan)
    # Neighbours in the file one after the other.
    for place in np.lexsort((col, row))[: x.size]:
        if inside[place]:
            block = source.read(Window(int(row[place]), int(col[place]), 1, 1))
            if block.valid.all():
                values[place] = block.values.item()
    return values


def _steps(task: ElectrificationTask, threshold: float, counts: Int64) -> NDArray[np.float32]:
    """Thresholds of the curve: those asked for or round numbers, and the one of the run."""
    steps = list(task.thresholds)
    count = int(counts.sum())
    if not steps and count:
        low, high = (
            # The upper half of the bits tells a value to one part in 128.
            float(value_of_keys(bin_of_rank(counts, rank_of_percentile(count, percent))[0], 0))
            for percent in (_FIRST_PERCENTILE, _LAST_PERCENTILE)
        )
        decades = range(floor(log10(low)), floor(log10(high)) + 1)
        series = (float(f"{digits}e{decade}") for decade in decades for digits in _SERIES)
        steps += [step for step in series if low <= step <= high]
    if task.method != LOCAL_CONTRAST:
        steps.append(threshold)
    return np.unique(np.asarray(steps, dtype=np.float32))


# -- blocks


def _light_block(
    blocks: list[Block], context: BlockContext, parameters: _LightParameters
) -> tuple[NDArray[np.uint8], Int64]:
    """Lit cells of a block, and counts of cells with light by the upper half of their bits."""
    values, valid = blocks[0].values[0], blocks[0].valid[0]
    if parameters.method == LOCAL_CONTRAST:
        # Without data is 0, and so is what lies outside the raster.
        around = _with_margin(np.where(valid, values, 0), context, RADIUS)
        lit = local_contrast(around) >= parameters.threshold
        values, valid = values[context.inner], valid[context.inner]
    else:
        lit = values.astype(np.float32) >= np.float32(parameters.threshold)
    mask = np.where(valid, lit, 0 if parameters.is_dark else MASK_NODATA).astype(np.uint8)
    upper, _ = value_keys(values[valid & (values > 0)])
    return mask[np.newaxis], np.bincount(upper, minlength=UPPER_KEYS)


def _with_margin(values: NDArray[Any], context: BlockContext, width: int) -> NDArray[Any]:
    """A block with as many cells around it on all sides, 0 beyond the raster."""
    pads = [
        (width - inner.start, width - (size - inner.stop))
        for inner, size in zip(context.inner, values.shape, strict=True)
    ]
    return np.pad(values, pads)


def _people_block(
    blocks: list[Block], context: BlockContext, parameters: _PeopleParameters
) -> tuple[_Tallied]:
    """People of a block by zone, step of the curve, and whether they have light."""
    population, light, mask = blocks
    window = context.window
    people = np.where(population.valid[0], population.values[0], 0).astype(np.float64)
    negative = int((people < 0.0).sum())
    people = np.maximum(people, 0.0)
    if parameters.is_density:
        people = people * (context.grid.cell_areas(window) * 1e-6)
    seen = mask.valid[0]
    state = np.where(seen, mask.values[0].astype(np.uint8), _NO_LIGHT)
    # Dark cells without data in the light have no value, and reach no step.
    values = np.where(light.valid[0], light.values[0], -np.inf).astype(np.float32)
    step = np.searchsorted(parameters.steps, values, side="right")
    step[~seen] = parameters.steps.size + 1
    sums = joint_tally(
        [parameters.zones.paint(window), step, state], parameters.sizes, in_whole_units(people)
    )
    return (_Tallied(sums, negative),)


# -- results


def _result(
    task: ElectrificationTask,
    threshold: float,
    parameters: _PeopleParameters,
    collector: JointCollector,
    name: str,
    warnings: list[Message],
) -> ElectrificationResult:
    zones = task.zones
    sums = collector.dense(parameters.sizes)[:, 1:]
    flags = zones.flags(parameters.zones, (sums.sum(axis=(0, 2, 3)) > 0))
    table = np.moveaxis(zones.with_total(np.moveaxis(sums, 1, -1)), -1, 1)
    shares = parameters.shares
    by_state = from_whole_units(*table.sum(axis=2)) / shares
    people = from_whole_units(*table.sum(axis=(2, 3))) / shares
    if people[-1] <= 0.0:
        raise InputError(
            translate(
                "Dbar",
                "{name} has no people inside the zones. Check that it holds persons, and the same "
                "region.",
            ),
            name=name,
        )
    # From the brightest step down: those that reach a threshold reach all lower ones.
    by_step = table[:, :, : parameters.steps.size + 1].sum(axis=3)
    reached = np.flip(np.cumsum(np.flip(by_step, axis=2), axis=2), axis=2)
    reaching = from_whole_units(*reached)[:, 1:] / shares
    known = by_state[:, _DARK] + by_state[:, _LIT]
    rows = zones.row_names
    columns: dict[str, list[Any]] = {
        "zone": rows,
        "method": [task.method] * len(rows),
        "threshold": [threshold] * len(rows),
        "people": people.tolist(),
        "people_lit": by_state[:, _LIT].tolist(),
        "people_dark": by_state[:, _DARK].tolist(),
        "people_no_light_data": by_state[:, _NO_LIGHT].tolist(),
        "electrified_pct": _percents(by_state[:, _LIT], known),
        "flags": flags,
    }
    steps = [shortest_decimal(step) for step in parameters.steps]
    curve: dict[str, list[Any]] = {
        "zone": [zone for zone in rows for _ in steps],
        "threshold": steps * len(rows),
        "people_lit": reaching.ravel().tolist(),
        "electrified_pct": [
            share
            for row, whole in zip(reaching, known, strict=True)
            for share in _percents(row, np.full(row.size, whole))
        ],
        "chosen": [
            int(task.method != LOCAL_CONTRAST and step == np.float32(threshold))
            for _ in rows
            for step in parameters.steps
        ],
    }
    warnings += flag_warnings(zones, flags)
    without = 100.0 * by_state[-1, _NO_LIGHT] / people[-1]
    if without > _MUCH_PCT:
        warnings.append(
            message(
                translate(
                    "Dbar",
                    "{percent} % of the people live where the light raster has no data, and are "
                    "left out of the share. If its nodata stands for dark cells, choose that they "
                    "count as dark.",
                ),
                percent=f"{without:.1f}",
            )
        )
    share = columns["electrified_pct"][-1]
    return ElectrificationResult(
        columns,
        curve,
        threshold,
        float(people[-1]),
        np.nan if share is None else share,
        (_grid_note(parameters.parts, name),),
        tuple(warnings),
    )


def _grid_note(parts: int, name: str) -> Message:
    return message(
        translate(
            "Dbar",
            "{name}: each cell's people are split into {parts} × {parts} equal parts; each part "
            "takes the light of the cell it lies in. No person is lost or counted twice.",
        ),
        name=name,
        parts=parts,
    )


def _percents(part: Float64, whole: Float64) -> list[float | None]:
    return [
        100.0 * float(p) / float(w) if w > 0.0 else None for p, w in zip(part, whole, strict=True)
    ]
