"""Lit area: which cells are lit, by several rules, their true area by zone, and light indices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.area_tally import areas_in_units, tally_km2
from dbar_qgis_plugin.kernels.joint_tally import JointSums, joint_tally
from dbar_qgis_plugin.kernels.light_cleaning import small_groups
from dbar_qgis_plugin.kernels.light_threshold import (
    LOWER_KEYS,
    OTSU_BINS,
    PERIMETER_STEPS,
    UPPER_KEYS,
    KeyCounts,
    background_counts,
    background_level,
    bin_of_rank,
    change_point,
    eantli,
    human_settlement_index,
    log_bins,
    nearest_total,
    normalised,
    otsu_threshold,
    perimeters,
    rank_of_percentile,
    shortest_decimal,
    value_keys,
    value_of_keys,
    vanui,
)
from dbar_qgis_plugin.kernels.whole_units import from_whole_units, in_whole_units
from dbar_qgis_plugin.pipelines.class_rasters import area_exponent, resampling_messages
from dbar_qgis_plugin.pipelines.inputs import (
    CONTINUOUS,
    RasterInput,
    on_reference,
    open_input,
    resampling_notes,
)
from dbar_qgis_plugin.pipelines.ndvi_series import ndvi_scale
from dbar_qgis_plugin.pipelines.night_light.light_bands import scene_tags
from dbar_qgis_plugin.pipelines.night_light.light_fill import map_light_blocks
from dbar_qgis_plugin.pipelines.night_light.light_zones import (
    JointCollector,
    ZoneCodes,
    Zones,
    flag_warnings,
)
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

FIXED, OTSU, PERIMETER, LOCAL = METHODS = ("fixed", "otsu", "perimeter", "local_optimum")

MASK_BAND: Final = "lit"
MASK_NODATA: Final = 255
INDEX_NODATA: Final = -9999.0

_DARK, _LIT, _NO_DATA = range(3)
_NEARLY_ALL = 0.99


@dataclass(frozen=True)
class LitAreaTask:
    """All that a run needs, as plain values.

    raster : night light, in any unit
    method : one of `METHODS`
    threshold : of the method "fixed"; cells from it on are lit
    dark : cells up to this value, 0 or more, are dark whatever the method; None: 0 for "fixed",
        else the background, the value that most of the cells have
    known_km2 : area known to be lit or built up, per zone, NaN where unknown; for "local_optimum"
    ndvi, evi : rasters for the indices
    ndvi_scale : divides both; None: 10000 for whole numbers that the file does not scale, else 1
    reference_percentile : of the lit values; what the brightest normalised light is
    minimum_patch : lit cells in groups of fewer cells, which touch along sides, become dark; more
        than 1 needs scipy
    """

    raster: RasterInput
    method: str = OTSU
    threshold: float = 0.5
    dark: float | None = None
    known_km2: Sequence[float] = ()
    ndvi: RasterInput | None = None
    evi: RasterInput | None = None
    ndvi_scale: float | None = None
    reference_percentile: float = 99.9
    minimum_patch: int = 1
    zones: Zones = field(default_factory=Zones)


@dataclass(frozen=True)
class LitAreaResult:
    """What a run gives.

    columns : the table, a row per zone
    threshold : the one of all cells; NaN for "local_optimum"
    reference : the value of the reference percentile; NaN where it was not needed
    lit_km2 : of all zones together
    """

    columns: dict[str, list[Any]]
    threshold: float
    reference: float
    lit_km2: float
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]


class _Survey(NamedTuple):
    """What a first look at lit values finds: counts by their upper keys, and their range."""

    counts: Int64
    low: float
    high: float
    zones: JointSums | None


class _Refined(NamedTuple):
    """What a second look finds: log bins, lower keys of one upper key, and lower keys by zone."""

    otsu: Int64
    lower: Int64
    zones: JointSums | None


class _SurveyParameters(NamedTuple):
    dark: float
    zones: ZoneCodes | None
    zone_count: int
    area_exponent: int


class _RefineParameters(NamedTuple):
    dark: float
    low: float
    high: float
    upper: int
    zones: ZoneCodes | None
    zone_upper: Int64
    area_exponent: int


class _MaskParameters(NamedTuple):
    dark: float
    thresholds: NDArray[np.float32]
    zones: ZoneCodes
    zone_count: int
    area_exponent: int
    minimum_patch: int
    reference: float
    ndvi_place: int
    evi_place: int
    scale: float


@dataclass
class _Found:
    """What the looks at all cells give."""

    low: float = np.inf
    high: float = -np.inf
    counts: Int64 = field(default_factory=lambda: np.zeros(UPPER_KEYS, dtype=np.int64))
    otsu: Int64 = field(default_factory=lambda: np.zeros(OTSU_BINS, dtype=np.int64))
    lower: Int64 = field(default_factory=lambda: np.zeros(LOWER_KEYS, dtype=np.int64))
    by_upper: JointCollector = field(default_factory=JointCollector)
    by_lower: JointCollector = field(default_factory=JointCollector)
    perimeter: Int64 = field(default_factory=lambda: np.zeros(PERIMETER_STEPS, dtype=np.int64))

    def survey(self, found: _Survey) -> None:
        """Add a block."""
        self.counts += found.counts
        self.low, self.high = min(self.low, found.low), max(self.high, found.high)
        if found.zones is not None:
            self.by_upper.add(found.zones)

    def refine(self, found: _Refined) -> None:
        """Add a block."""
        self.otsu += found.otsu
        self.lower += found.lower
        if found.zones is not None:
            self.by_lower.add(found.zones)

    def add_perimeter(self, sides: Int64) -> None:
        """Add a block."""
        self.perimeter += sides


def compute_lit_area(
    task: LitAreaTask,
    mask_path: str,
    index_path: str = "",
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LitAreaResult:
    """Write which cells are lit, sum their area by zone, and write indices of light and vegetation.

    Light is compared in single precision; a cell is lit from the threshold on.

    Parameters
    ----------
    task : LitAreaTask
        What to compute.
    mask_path : str
        Where the lit cells go: UInt8, 0 dark, 1 lit, 255 without data.
    index_path : str
        Where the indices go, "" for none: Float32, bands "VANUI" and "HSI" of NDVI, "EANTLI" of
        EVI.
    tags : mapping, optional
        Metadata of the rasters.
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
    run = _Run(task, index_path, progress, workers)
    run.find_thresholds()
    return run.write(mask_path, index_path, dict(tags or {}))


def _check(task: LitAreaTask) -> None:
    if task.method not in METHODS:
        raise InputError(
            translate("Dbar", "“{value}” is not one of {known}."),
            value=task.method,
            known=", ".join(METHODS),
        )
    if task.method == LOCAL and (
        task.zones.wkb is None or not np.isfinite(np.asarray(task.known_km2, dtype=float)).any()
    ):
        raise InputError(
            translate(
                "Dbar",
                "The method “{method}” needs zones with their known area in km². Choose the zones "
                "and the field with the area.",
            ),
            method=task.method,
        )


class _Run:
    """One run: its sources, and what its passes over them find."""

    def __init__(
        self, task: LitAreaTask, index_path: str, progress: Progress, workers: Workers
    ) -> None:
        self.task = task
        self.progress = progress
        self.workers = workers
        self.light = open_input(task.raster)
        self.grid: Grid = self.light.grid
        self.indices = [task.ndvi, task.evi] if index_path else [None, None]
        self.vegetation = [
            on_reference(open_input(raster), self.grid, CONTINUOUS)
            for raster in self.indices
            if raster is not None
        ]
        if index_path and not self.vegetation:
            raise InputError(
                translate("Dbar", "Indices of light and vegetation need a raster of NDVI or EVI.")
            )
        self.zones = task.zones.on(self.grid, self.light.name)
        self.exponent = area_exponent(self.grid)
        self.dark = task.dark or 0.0
        self.found = _Found()
        self.reference = np.nan
        self.thresholds = np.full(task.zones.count + 1, np.float32(task.threshold))
        self.notes: list[Message] = []
        self.warnings: list[Message] = []

    # -- thresholds

    def find_thresholds(self) -> None:
        """Find the thresholds, one for each zone and for cells outside, and the reference."""
        task = self.task
        if task.method == FIXED and not self.vegetation:
            return
        if task.method != FIXED and task.dark is None:
            self._find_background()
        is_local = task.method == LOCAL
        zones = self.zones if is_local else None
        self._pass(
            _survey_block,
            _SurveyParameters(self.dark, zones, task.zones.count, self.exponent),
            self.found.survey,
            (0.1, 0.3),
        )
        count = int(self.found.counts.sum())
        if count == 0:
            self._without_light()
            return
        upper, rank = bin_of_rank(
            self.found.counts, rank_of_percentile(count, task.reference_percentile)
        )
        zone_upper, above = self._crossing() if is_local else (np.empty(0, dtype=np.int64), None)
        self._pass(
            _refine_block,
            _RefineParameters(
                self.dark,
                self.found.low,
                self.found.high,
                upper,
                zones,
                zone_upper,
                self.exponent,
            ),
            self.found.refine,
            (0.3, 0.5),
        )
        lower, _ = bin_of_rank(self.found.lower, rank)
        self.reference = float(value_of_keys(upper, lower))
        if task.method == OTSU:
            self._set(self._otsu())
        elif task.method == PERIMETER:
            self._set(self._perimeter())
        elif above is not None:
            self.thresholds[:] = np.nan
            self.thresholds[1:] = self._local(zone_upper, above)

    def _find_background(self) -> None:
        found = KeyCounts()
        self._pass(_background_block, None, found.add, (0.0, 0.1))
        self.dark = background_level(found.counts)
        self.notes.append(message(translate("Dbar", "Dark up to {dark}."), dark=f"{self.dark:.6g}"))

    def _set(self, threshold: float) -> None:
        self.thresholds[:] = np.float32(threshold)

    def _without_light(self) -> None:
        """Go on without light where a method can; else say that there is none."""
        if self.task.method == FIXED:
            return
        raise InputError(
            translate(
                "Dbar",
                "{name} has no cell above {dark}: nothing is lit, so there is no threshold to "
                "find. Choose another raster, or a lower value for dark cells.",
            ),
            name=self.light.name,
            dark=f"{self.dark:g}",
        )

    def _otsu(self) -> float:
        if self.found.low == self.found.high:
            self._one_value()
            return self.found.low
        return otsu_threshold(self.found.otsu, self.found.low, self.found.high)

    def _perimeter(self) -> float:
        if self.reference <= self.found.low:
            self._one_value()
            return self.found.low
        steps = np.linspace(self.found.low, self.reference, PERIMETER_STEPS).astype(np.float32)
        self._pass(
            _perimeter_block,
            (self.dark, steps),
            self.found.add_perimeter,
            (0.5, 0.75),
            halo=1,
        )
        threshold = float(steps[change_point(self.found.perimeter)])
        self._tell_if_all_is_lit(threshold)
        return threshold

    def _tell_if_all_is_lit(self, threshold: float) -> None:
        """Warn where a threshold tells nothing apart, as among noise."""
        counts = self.found.counts
        # The upper half of the bits tells a value to one part in 128.
        upper, _ = value_keys(threshold)
        share = counts[int(upper[0]) :].sum() / counts.sum()
        if share < _NEARLY_ALL:
            return
        self.warnings.append(
            message(
                translate(
                    "Dbar",
                    "{name}: {percent} % of the cells above {dark} are lit, as the threshold found "
                    "is {threshold}. The perimeter grows from the faintest values on, which are "
                    "noise of dark ground in most products. Give a higher value for dark cells, "
                    "or choose another method.",
                ),
                name=self.light.name,
                percent=f"{100.0 * share:.1f}",
                dark=f"{self.dark:.6g}",
                threshold=f"{threshold:.6g}",
            )
        )

    def _one_value(self) -> None:
        self.warnings.append(
            message(
                translate("Dbar", "{name}: lit cells hold one value, so all of them are lit."),
                name=self.light.name,
            )
        )

    def _crossing(self) -> tuple[Int64, Float64]:
        """Per zone the upper key in which its lit area reaches the known one, and that above it.

        An upper key of -1 stands for a zone without a threshold to refine.
        """
        zones = self.task.zones.count
        upper = np.full(zones, -1, dtype=np.int64)
        above = np.zeros(zones)
        parts = self.found.by_upper.by_first(zones + 1, UPPER_KEYS)[1:]
        for zone, (known, (keys, areas)) in enumerate(zip(self._known_units(), parts, strict=True)):
            if not np.isfinite(known) or keys.size == 0:
                continue
            # From the brightest key downwards.
            reached = np.cumsum(areas[0, ::-1])
            place = min(int(np.searchsorted(reached, known)), keys.size - 1)
            upper[zone] = keys[keys.size - 1 - place]
            above[zone] = reached[place] - areas[0, keys.size - 1 - place]
        return upper, above

    def _local(self, upper: Int64, above: Float64) -> NDArray[np.float32]:
        """Per zone the threshold whose lit area is nearest to the known one."""
        zones = self.task.zones.count
        found = np.full(zones, np.nan, dtype=np.float32)
        parts = self.found.by_lower.by_first(zones + 1, LOWER_KEYS)[1:]
        for zone, (known, (keys, areas)) in enumerate(zip(self._known_units(), parts, strict=True)):
            if upper[zone] < 0:
                continue
            totals = above[zone] + np.cumsum(areas[0, ::-1])[::-1]
            # The last candidate lights none of the cells of this upper key.
            candidates = np.append(
                value_of_keys(np.full(keys.size, upper[zone]), keys),
                value_of_keys(upper[zone] + 1, 0),
            )
            found[zone] = candidates[nearest_total(np.append(totals, above[zone]), known)]
        return found

    def _known_units(self) -> list[float]:
        return [float(known) * 1e6 * 2.0**-self.exponent for known in self.task.known_km2]

    def _pass(
        self, function: Any, parameters: Any, tally: Any, share: tuple[float, float], halo: int = 0
    ) -> None:
        map_blocks(
            function,
            [self.light],
            [],
            parameters,
            tally=tally,
            workers=self.workers,
            progress=self.progress.part(*share),
            halo=halo,
            bytes_per_cell=64.0,
        )

    # -- results

    def write(self, mask_path: str, index_path: str, tags: Mapping[str, str]) -> LitAreaResult:
        """Write the rasters, and sum the areas."""
        task = self.task
        sources = [self.light, *self.vegetation]
        bands = [
            band
            for raster, names in zip(self.indices, (("VANUI", "HSI"), ("EANTLI",)), strict=True)
            for band in names
            if raster is not None
        ]
        scale = 1.0
        if self.vegetation:
            name = ", ".join(source.name for source in self.vegetation)
            scale = ndvi_scale(self.vegetation, task.ndvi_scale, name)
        parameters = _MaskParameters(
            self.dark,
            self.thresholds,
            self.zones,
            task.zones.count,
            self.exponent,
            task.minimum_patch,
            self.reference,
            1 if self.indices[0] is not None else 0,
            len(self.vegetation) if self.indices[1] is not None else 0,
            scale,
        )
        collector = JointCollector()
        metadata = {**scene_tags(self.light), **self._tags(), **tags}
        with ExitStack() as stack:
            sinks = [
                stack.enter_context(sink)
                for sink in self._sinks(mask_path, index_path, bands, metadata)
            ]
            self.warnings += map_light_blocks(
                _mask_block,
                sources,
                sinks,
                parameters,
                tally=collector.add,
                workers=self.workers,
                progress=self.progress.part(0.75, 1.0),
                # A group that reaches further is not small.
                halo=task.minimum_patch - 1,
                bytes_per_cell=160.0,
            )
            return self._result(collector, resampling_messages(resampling_notes(sources)))

    def _tags(self) -> dict[str, str]:
        found = {"DBAR_THRESHOLD": f"{self._threshold:.9g}"}
        if np.isfinite(self.reference):
            found["DBAR_REFERENCE"] = f"{self.reference:.9g}"
        return found

    @property
    def _threshold(self) -> float:
        return np.nan if self.task.method == LOCAL else shortest_decimal(self.thresholds[0])

    def _sinks(
        self, mask_path: str, index_path: str, bands: Sequence[str], tags: Mapping[str, str]
    ) -> Iterator[RasterSink]:
        threads = self.workers.count
        yield RasterSink(
            mask_path, self.grid, (MASK_BAND,), "uint8", MASK_NODATA, tags=tags, threads=threads
        )
        if index_path:
            yield RasterSink(
                index_path, self.grid, bands, "float32", INDEX_NODATA, tags=tags, threads=threads
            )

    def _result(self, collector: JointCollector, notes: Sequence[Message]) -> LitAreaResult:
        zones = self.task.zones
        sums = collector.dense((zones.count + 1, 3))[:, 1:]
        with_data = sums[0, :, :_NO_DATA].sum(axis=1) > 0
        if not with_data.any():
            raise InputError(
                translate("Dbar", "{name} holds no data inside the zones. Choose another raster."),
                name=self.light.name,
            )
        flags = zones.flags(self.zones, with_data)
        table = zones.with_total(sums.transpose(0, 2, 1))
        cells = table[0]
        km2 = tally_km2(table[1], self.exponent)
        light = from_whole_units(table[2], table[3])
        rows = len(zones.row_names)
        thresholds = [_finite(shortest_decimal(t)) for t in self.thresholds[1:]]
        known = [_finite(value) for value in self.task.known_km2] or [None] * zones.count
        if zones.wkb is not None:
            thresholds.append(_finite(self._threshold))
            known.append(None)
        lit_km2, all_km2 = km2[_LIT], km2[_LIT] + km2[_DARK]
        columns: dict[str, list[Any]] = {
            "zone": zones.row_names,
            "method": [self.task.method] * rows,
            "threshold": thresholds,
            "cells": (cells[_DARK] + cells[_LIT]).tolist(),
            "nodata_cells": cells[_NO_DATA].tolist(),
            "lit_cells": cells[_LIT].tolist(),
            "lit_km2": lit_km2.tolist(),
            "area_km2": all_km2.tolist(),
            "lit_pct": _percents(lit_km2, all_km2),
            "lit_light": light[_LIT].tolist(),
            "lit_light_pct": _percents(light[_LIT], light[_LIT] + light[_DARK]),
        }
        if self.task.method == LOCAL:
            columns["known_km2"] = known
            columns["difference_km2"] = [
                None if value is None else float(area - value)
                for area, value in zip(lit_km2, known, strict=True)
            ]
        columns["flags"] = flags
        return LitAreaResult(
            columns,
            self._threshold,
            self.reference,
            float(lit_km2[-1]),
            (*self.notes, *notes),
            (*self.warnings, *flag_warnings(zones, flags)),
        )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _percents(part: Float64, whole: Float64) -> list[float | None]:
    return [100.0 * p / w if w > 0 else None for p, w in zip(part, whole, strict=True)]


# -- blocks


def _lit_values(block: Block, dark: float) -> tuple[NDArray[np.float32], Bools]:
    """Light in single precision, and which cells are above the dark value."""
    values = block.values[0].astype(np.float32)
    return values, block.valid[0] & (values > np.float32(dark))


def _background_block(
    blocks: list[Block], _context: BlockContext, _parameters: None
) -> tuple[Int64]:
    return (background_counts(blocks[0].values[0][blocks[0].valid[0]]),)


def _survey_block(
    blocks: list[Block], context: BlockContext, parameters: _SurveyParameters
) -> tuple[_Survey]:
    values, lit = _lit_values(blocks[0], parameters.dark)
    some = values[lit]
    upper, _ = value_keys(some)
    sums = None
    if parameters.zones is not None:
        codes = np.zeros(values.shape, dtype=np.int64)
        codes[lit] = upper
        sums = _zone_sums(
            parameters.zones,
            lit,
            codes,
            (parameters.zone_count + 1, UPPER_KEYS),
            context,
            parameters.area_exponent,
        )
    low, high = (float(some.min()), float(some.max())) if some.size else (np.inf, -np.inf)
    return (_Survey(np.bincount(upper, minlength=UPPER_KEYS), low, high, sums),)


def _refine_block(
    blocks: list[Block], context: BlockContext, parameters: _RefineParameters
) -> tuple[_Refined]:
    values, lit = _lit_values(blocks[0], parameters.dark)
    some = values[lit]
    upper, lower = value_keys(some)
    otsu = np.zeros(OTSU_BINS, dtype=np.int64)
    if parameters.high > parameters.low:
        steps = log_bins(some, parameters.low, parameters.high)
        otsu = np.bincount(steps, minlength=OTSU_BINS)
    chosen = np.bincount(lower[upper == parameters.upper], minlength=LOWER_KEYS)
    sums = None
    if parameters.zones is not None:
        codes = np.zeros(values.shape, dtype=np.int64)
        codes[lit] = lower
        wanted = np.append(-1, parameters.zone_upper)[parameters.zones.paint(context.window)]
        here = np.zeros(values.shape, dtype=bool)
        here[lit] = upper == wanted[lit]
        sums = _zone_sums(
            parameters.zones,
            here,
            codes,
            (parameters.zone_upper.size + 1, LOWER_KEYS),
            context,
            parameters.area_exponent,
        )
    return (_Refined(otsu, chosen, sums),)


def _zone_sums(
    zones: ZoneCodes,
    chosen: Bools,
    codes: Int64,
    sizes: tuple[int, int],
    context: BlockContext,
    exponent: int,
) -> JointSums:
    """Areas of the chosen cells by zone and code; all others fall to zone 0."""
    zone = np.where(chosen, zones.paint(context.window), 0)
    areas = areas_in_units(context.grid.cell_areas(context.window), exponent)
    return joint_tally([zone, np.where(chosen, codes, 0)], sizes, [areas])


def _perimeter_block(
    blocks: list[Block], context: BlockContext, parameters: tuple[float, NDArray[np.float32]]
) -> tuple[Int64]:
    dark, steps = parameters
    values, lit = _lit_values(blocks[0], dark)
    levels = np.where(lit, np.searchsorted(steps, values, side="right"), 0)
    window, grid = context.window, context.grid
    first = window.row == 0, window.col == 0
    last = (
        window.row + window.height == grid.height,
        window.col + window.width == grid.width,
    )
    rows, cols = context.inner
    # The cells and those that follow, of which there are none beyond the raster.
    levels = levels[rows.start : rows.stop + 1, cols.start : cols.stop + 1]
    rim = tuple((int(before), int(after)) for before, after in zip(first, last, strict=True))
    return (perimeters(np.pad(levels, rim), steps.size),)


def _mask_block(
    blocks: list[Block], context: BlockContext, parameters: _MaskParameters
) -> tuple[Any, ...]:
    """Lit cells and indices of a block, and its sums by zone."""
    window, inner = context.window, context.inner
    values, above = _lit_values(blocks[0], parameters.dark)
    height, width = values.shape
    outer = Window(window.row - inner[0].start, window.col - inner[1].start, height, width)
    codes = parameters.zones.paint(outer)
    thresholds = parameters.thresholds[codes]
    known = blocks[0].valid[0] & np.isfinite(thresholds)
    lit: Bools = above & (values >= thresholds) & known
    if parameters.minimum_patch > 1:
        lit &= ~small_groups(lit, parameters.minimum_patch)
    lit, known, codes = lit[inner], known[inner], codes[inner]
    state = np.where(lit, _LIT, _DARK)
    state[~known] = _NO_DATA
    areas = areas_in_units(context.grid.cell_areas(window), parameters.area_exponent)
    light = np.where(known, values[inner], np.float32(0.0))
    sums = joint_tally(
        [codes, state],
        (parameters.zone_count + 1, 3),
        [np.ones((window.height, 1)), areas, *in_whole_units(light)],
    )
    found: list[Any] = [np.where(known, state, MASK_NODATA).astype(np.uint8)[np.newaxis]]
    if parameters.ndvi_place or parameters.evi_place:
        found.append(_indices(blocks, inner, parameters))
    return (*found, sums)


def _indices(
    blocks: list[Block], inner: tuple[slice, slice], parameters: _MaskParameters
) -> NDArray[np.float32]:
    light = blocks[0].values[0][inner].astype(np.float64)
    share = np.zeros(light.shape)
    if np.isfinite(parameters.reference):
        share = normalised(light, parameters.dark, parameters.reference)
    bands: list[Float64] = []

    def add(place: int, *functions: Callable[[Float64], Float64]) -> None:
        block = blocks[place]
        # Below 0 are water and snow: no vegetation.
        vegetation = np.clip(block.values[0][inner] / parameters.scale, 0.0, 1.0)
        valid = (blocks[0].valid[0] & block.valid[0])[inner]
        for function in functions:
            values = function(vegetation)
            bands.append(np.where(valid & np.isfinite(values), values, INDEX_NODATA))

    if parameters.ndvi_place:
        add(
            parameters.ndvi_place,
            lambda ndvi: vanui(share, ndvi),
            lambda ndvi: human_settlement_index(share, ndvi),
        )
    if parameters.evi_place:
        add(parameters.evi_place, lambda evi: eantli(light, share, evi))
    return np.stack(bands).astype(np.float32)
