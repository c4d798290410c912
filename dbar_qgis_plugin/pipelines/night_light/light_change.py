"""Change of night light between two dates or sensors: rasters, and tables by zone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.area_tally import areas_in_units
from dbar_qgis_plugin.kernels.joint_tally import JointSums, joint_tally
from dbar_qgis_plugin.kernels.light_change import (
    BRIGHTENED,
    CLASSES,
    DIMMED,
    LOST,
    STABLE,
    UNUSUALLY_BRIGHT,
    UNUSUALLY_DARK,
    USUAL,
    LightLine,
    change_classes,
    relative_change,
    z_scores,
)
from dbar_qgis_plugin.kernels.whole_units import in_whole_units
from dbar_qgis_plugin.pipelines.class_rasters import area_exponent, resampling_messages
from dbar_qgis_plugin.pipelines.inputs import (
    CONTINUOUS,
    COUNT,
    RasterInput,
    on_reference,
    open_input,
    resampling_notes,
)
from dbar_qgis_plugin.pipelines.night_light.light_bands import (
    CALIBRATION,
    DATE,
    light_date,
    scene_tags,
)
from dbar_qgis_plugin.pipelines.night_light.light_change_tables import ChangeSums, change_columns
from dbar_qgis_plugin.pipelines.night_light.light_fill import map_light_blocks
from dbar_qgis_plugin.pipelines.night_light.light_normalisation import (
    NONE,
    NORMALISATIONS,
    PIF,
    Fitted,
    SceneFitter,
    Typed,
    line_notes,
    line_warnings,
    no_common_data,
)
from dbar_qgis_plugin.pipelines.night_light.light_zones import (
    JointCollector,
    ZoneCodes,
    Zones,
    flag_warnings,
)
from dbar_qgis_plugin.raster_io.blocks import BlockContext
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block, RasterSource, open_source
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]
Bools = NDArray[np.bool_]

NODATA: Final = -9999.0
CLASS_NODATA: Final = 255
LEAST_BASELINE: Final = 3
CHANGE_BAND, STABLE_BAND, UNUSUAL_BAND = "change", "pseudo_invariant", "unusual"

_NO_DATA = len(CLASSES)
_UNKNOWN = UNUSUALLY_BRIGHT + 1
_MUCH_LOST = 0.5
_EPSILON = 1e-6


@dataclass(frozen=True)
class LightScene:
    """Light of one date: the bands of a raster that together give it."""

    raster: RasterInput
    bands: tuple[int, ...] = (1,)


@dataclass(frozen=True)
class LightChangeTask:
    """All that a run needs, as plain values.

    before : the light to compare with, whose grid and scale are those of the result
    after : the later light, in one band, or in several that are weighted to give the scale before
    baseline : scenes of usual light for z-scores; none, or at least three
    normalise : one of `NORMALISATIONS`
    lit_from, lit_from_after : lit from this value on, on the scale before, and in the scenes that
        are brought to it (mean of their bands); found by Otsu's rule if absent
    saturated, saturated_after : cells from this value on do not take part in the fit
    change : share of the light before by which a cell must change
    unusual : z-scores beyond this are unusual
    population : persons per cell, on any grid
    baseline_name : name of the parameter that holds the baseline, for messages
    """

    before: RasterInput
    after: LightScene
    baseline: tuple[LightScene, ...] = ()
    normalise: str = PIF
    lit_from: float | None = None
    lit_from_after: float | None = None
    saturated: float | None = None
    saturated_after: float | None = None
    change: float = 0.3
    unusual: float = 3.0
    population: RasterInput | None = None
    zones: Zones = field(default_factory=Zones)
    baseline_name: str = "BASELINE"


@dataclass(frozen=True)
class LightChangeResult:
    """What a run gives.

    columns : the table, a row per zone
    bands : names of the bands of the raster of light
    line : that of the scene after; slope 1 and offset 0 without normalisation
    lit_from : threshold on the scale before
    begin, end : days of both scenes, where known
    """

    columns: dict[str, list[Any]]
    bands: tuple[str, ...]
    line: LightLine
    lit_from: float
    begin: date | None
    end: date | None
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]


class _Parameters(NamedTuple):
    fitted: tuple[Fitted, ...]
    is_normalised: bool
    change: float
    unusual: float
    zones: ZoneCodes
    sizes: tuple[int, int, int]
    area_exponent: int
    has_population: bool


class _Tallied(NamedTuple):
    sums: JointSums
    negative: int


@dataclass
class _Total:
    sums: JointCollector = field(default_factory=JointCollector)
    negative: int = 0

    def add(self, found: _Tallied) -> None:
        """Add a block."""
        self.sums.add(found.sums)
        self.negative += found.negative


def compute_light_change(
    task: LightChangeTask,
    output: str,
    classes_output: str,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LightChangeResult:
    """Write what has changed, and sum it by zone.

    Parameters
    ----------
    task : LightChangeTask
        What to compute.
    output : str
        Raster of light: bands "before", "after_normalised", "difference" (after less before),
        "ratio" (difference over before, where that is lit) and, with a baseline, "z"; Float32,
        nodata -9999.
    classes_output : str
        Raster of classes: band "change" (`kernels.light_change.CLASSES`), "pseudo_invariant" where
        the light is normalised (1 for the cells near the line), "unusual" with a baseline (0 usual,
        1 unusually dark, 2 unusually bright); UInt8, nodata 255.
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
    check_light_change(task)
    before = open_input(task.before)
    scenes = [_open_scene(scene, before) for scene in (task.after, *task.baseline)]
    population = None
    if task.population is not None:
        population = on_reference(open_input(task.population), before.grid, COUNT)
    zones = task.zones.on(before.grid, before.name)
    typed = Typed(task.lit_from, task.lit_from_after, task.saturated, task.saturated_after)
    fitter = SceneFitter(before, task.normalise, typed, workers)
    steps = np.linspace(0.0, 0.5, len(scenes) + 1).tolist()
    fitted = tuple(
        fitter.fit(scene, progress.part(steps[place], steps[place + 1]))
        for place, scene in enumerate(scenes)
    )
    line, limits = fitted[0]
    sources = [before, *scenes, *([] if population is None else [population])]
    parameters = _Parameters(
        fitted,
        task.normalise == PIF,
        task.change,
        task.unusual,
        zones,
        (task.zones.count + 1, _NO_DATA + 1, _UNKNOWN + 1),
        area_exponent(before.grid),
        population is not None,
    )
    begin, end = light_date(before), light_date(scenes[0])
    bands, class_bands = _band_names(task)
    unit = before.info.units[before.bands[0] - 1]
    common: dict[str, Any] = {
        "tags": {**_tags(task, before, line, limits.lit, begin, end), **dict(tags or {})},
        "threads": workers.count,
    }
    total = _Total()
    with ExitStack() as stack:
        units = [unit] * 3 + [""] * (len(bands) - 3)
        light = RasterSink(output, before.grid, bands, "float32", NODATA, units=units, **common)
        stack.enter_context(light)
        classes = RasterSink(
            classes_output, before.grid, class_bands, "uint8", CLASS_NODATA, **common
        )
        stack.enter_context(classes)
        filled = map_light_blocks(
            _change_block,
            sources,
            (light, classes),
            parameters,
            tally=total.add,
            lights=1 + len(scenes),
            workers=workers,
            progress=progress.part(0.5, 1.0),
            bytes_per_cell=200.0 + 24.0 * len(scenes),
        )
        sums = total.sums.dense(parameters.sizes)[:, 1:]
        with_data = sums[0, :, :_NO_DATA].sum(axis=(1, 2)) > 0
        if not with_data.any():
            raise no_common_data(scenes[0], before)
    flags = task.zones.flags(zones, with_data)
    by_row = np.moveaxis(task.zones.with_total(np.moveaxis(sums, 1, -1)), -1, 1)
    columns = change_columns(
        ChangeSums(task.zones.row_names, by_row, parameters.area_exponent, flags),
        has_population=population is not None,
        has_baseline=bool(task.baseline),
    )
    notes = (
        *resampling_messages(resampling_notes(sources)),
        *line_notes(task.normalise, before, scenes, fitted),
    )
    warnings = (
        *filled,
        *_same_warnings(before, scenes[0]),
        *line_warnings(task.normalise, before, scenes, fitted),
        *_date_warnings(before, scenes[0], begin, end),
        *_lost_warnings(scenes[0], by_row[0, -1].sum(axis=1)),
        *_people_warnings(population, total.negative),
        *flag_warnings(task.zones, flags),
    )
    return LightChangeResult(columns, bands, line, limits.lit, begin, end, notes, warnings)


def check_light_change(task: LightChangeTask) -> None:
    """Raise `InputError` for values that do not fit together; no raster is opened."""
    if task.normalise not in NORMALISATIONS:
        raise InputError(
            translate("Dbar", "“{value}” is not one of {known}."),
            value=task.normalise,
            known=", ".join(NORMALISATIONS),
        )
    if 0 < len(task.baseline) < LEAST_BASELINE:
        raise InputError(
            translate(
                "Dbar",
                "{parameter}: z-scores take at least {least} scenes; there are {count}. Add "
                "scenes, or leave it empty.",
            ),
            parameter=task.baseline_name,
            least=LEAST_BASELINE,
            count=len(task.baseline),
        )
    if task.normalise == NONE and any(
        len(scene.bands) > 1 for scene in (task.after, *task.baseline)
    ):
        raise InputError(
            translate(
                "Dbar",
                "Several bands are weighted to give the light before, which is part of the "
                "normalisation. Choose one band, or normalise.",
            )
        )
    for value in (task.lit_from, task.lit_from_after):
        if value is not None and value <= 0.0:
            raise InputError(
                translate(
                    "Dbar",
                    "Cells cannot be lit from {value} on: the threshold must be above 0. Leave it "
                    "empty to have it found.",
                ),
                value=f"{value:g}",
            )


def _open_scene(scene: LightScene, before: RasterSource) -> RasterSource:
    raster = scene.raster
    source = open_source(
        raster.path, raster.open_options, name=raster.name or raster.path, bands=scene.bands
    )
    return on_reference(source, before.grid, CONTINUOUS)


def _band_names(task: LightChangeTask) -> tuple[tuple[str, ...], tuple[str, ...]]:
    light = ["before", "after_normalised", "difference", "ratio"]
    classes = [CHANGE_BAND]
    if task.normalise == PIF:
        classes.append(STABLE_BAND)
    if task.baseline:
        light.append("z")
        classes.append(UNUSUAL_BAND)
    return tuple(light), tuple(classes)


def _tags(
    task: LightChangeTask,
    before: RasterSource,
    line: LightLine,
    lit_from: float,
    begin: date | None,
    end: date | None,
) -> dict[str, str]:
    """Metadata of the result: its scale is that before, its day the one after."""
    found = {name: text for name, text in scene_tags(before).items() if name == CALIBRATION}
    if begin is not None:
        found["DBAR_DATE_BEFORE"] = begin.isoformat()
    if end is not None:
        found[DATE] = end.isoformat()
    normalisation: dict[str, Any] = {"method": task.normalise}
    if task.normalise == PIF:
        normalisation |= {
            "offset": line.offset,
            "slopes": line.slopes.tolist(),
            "stable_cells": line.cells,
            "residual_scale": line.scale,
            "r2": line.r2,
        }
    return {
        **found,
        "DBAR_NORMALISATION": json.dumps(normalisation),
        "DBAR_THRESHOLD": f"{lit_from:.9g}",
        "DBAR_CHANGE": f"{task.change:.9g}",
    }


# -- blocks


def _change_block(blocks: list[Block], context: BlockContext, parameters: _Parameters) -> list[Any]:
    """Light, classes and sums of a block."""
    scenes = blocks[1 : 1 + len(parameters.fitted)]
    before = blocks[0].values[0].astype(np.float64)
    valid = blocks[0].valid[0] & scenes[0].valid.all(axis=0)
    line, limits = parameters.fitted[0]
    bands = scenes[0].values.astype(np.float64)
    after = line.of(bands)
    was_lit = limits.is_lit(before)
    # The line is that of lit cells: it may put the dark of the scene above the threshold.
    is_lit = limits.is_lit_in(bands) & limits.is_lit(after)
    change = change_classes(before, after, was_lit, is_lit, parameters.change)
    change[~valid] = CLASS_NODATA
    light = [before, after, after - before, relative_change(before, after, was_lit)]
    classes = [change]
    if parameters.is_normalised:
        stable = limits.candidates(before, bands) & line.is_stable(before, bands)
        classes.append(np.where(valid, stable, CLASS_NODATA).astype(np.uint8))
    unusual = np.full(valid.shape, _UNKNOWN, dtype=np.uint8)
    if len(scenes) > 1:
        z = _z(after, scenes[1:], parameters)
        unusual = np.where(valid, _unusual(z, parameters.unusual), _UNKNOWN).astype(np.uint8)
        light.append(z)
        classes.append(np.where(unusual < _UNKNOWN, unusual, CLASS_NODATA).astype(np.uint8))
    written = np.stack(light)
    written[:, ~valid] = NODATA
    written[np.isnan(written)] = NODATA
    people = np.zeros(valid.shape)
    if parameters.has_population:
        people = np.where(blocks[-1].valid[0], blocks[-1].values[0], 0.0).astype(np.float64)
    lit_light = np.where(valid, before, 0.0), np.where(valid, after, 0.0)
    sums = joint_tally(
        [
            parameters.zones.paint(context.window),
            np.minimum(change, _NO_DATA),
            unusual,
        ],
        parameters.sizes,
        [
            None,
            areas_in_units(context.grid.cell_areas(context.window), parameters.area_exponent),
            *in_whole_units(lit_light[0]),
            *in_whole_units(lit_light[1]),
            *in_whole_units(np.maximum(people, 0.0)),
        ],
    )
    tallied = _Tallied(sums, int(np.count_nonzero(people < 0.0)))
    return [written.astype(np.float32), np.stack(classes), tallied]


def _z(after: Float64, scenes: Sequence[Block], parameters: _Parameters) -> Float64:
    fitted = parameters.fitted[1:]
    usual = [line.of(scene.values) for (line, _), scene in zip(fitted, scenes, strict=True)]
    valid = [scene.valid.all(axis=0) for scene in scenes]
    # So small against the light that it matters only where the baseline does not vary at all.
    epsilon = _EPSILON * parameters.fitted[0].limits.lit
    return z_scores(after, np.stack(usual), np.stack(valid), epsilon, LEAST_BASELINE)


def _unusual(z: Float64, limit: float) -> NDArray[np.uint8]:
    found = np.full(z.shape, USUAL, dtype=np.uint8)
    found[z < -limit] = UNUSUALLY_DARK
    found[z > limit] = UNUSUALLY_BRIGHT
    found[np.isnan(z)] = _UNKNOWN
    return found


# -- what the log says


def _same_warnings(before: RasterSource, after: RasterSource) -> list[Message]:
    if (before.path, before.bands) != (after.path, after.bands):
        return []
    return [
        message(
            translate("Dbar", "{name} is both before and after: nothing can have changed."),
            name=before.name,
        )
    ]


def _date_warnings(
    before: RasterSource, after: RasterSource, begin: date | None, end: date | None
) -> list[Message]:
    if begin is None or end is None or begin <= end:
        return []
    return [
        message(
            translate(
                "Dbar",
                "{before} ({begin}) is later than {after} ({end}): losses and gains are "
                "exchanged. Check which is which.",
            ),
            before=before.name,
            begin=begin.isoformat(),
            after=after.name,
            end=end.isoformat(),
        )
    ]


def _lost_warnings(after: RasterSource, cells: NDArray[np.int64]) -> list[Message]:
    lost, lit = int(cells[LOST]), int(cells[[LOST, DIMMED, STABLE, BRIGHTENED]].sum())
    if lost <= _MUCH_LOST * lit:
        return []
    return [
        message(
            translate(
                "Dbar",
                "{percent} % of the cells lit before have lost their light. If {after} holds 0 "
                "where nothing was seen, as under clouds, give these cells no data first.",
            ),
            percent=f"{100.0 * lost / lit:.0f}",
            after=after.name,
        )
    ]


def _people_warnings(population: RasterSource | None, negative: int) -> list[Message]:
    if population is None or not negative:
        return []
    return [
        message(
            translate("Dbar", "{name}: {count} cells hold fewer than 0 persons; left out."),
            name=population.name,
            count=negative,
        )
    ]
