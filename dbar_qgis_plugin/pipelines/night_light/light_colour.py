"""Colour of night light: index and type rasters, and shares of the types by zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.area_tally import areas_in_units, pieces, tally_km2
from dbar_qgis_plugin.kernels.joint_tally import JointSums, joint_tally, merged
from dbar_qgis_plugin.kernels.light_colour import (
    BLUE_CUT,
    RATIOS,
    RED_CUT,
    UNDEFINED,
    WHITE_LED,
    brightness,
    colour_ratios,
    spectral_types,
)
from dbar_qgis_plugin.kernels.light_threshold import (
    UPPER_KEYS,
    KeyCounts,
    background_counts,
    background_level,
)
from dbar_qgis_plugin.kernels.radiometry import NANOWATTS_PER_NANOMETRE
from dbar_qgis_plugin.kernels.whole_units import from_whole_units, in_whole_units
from dbar_qgis_plugin.pipelines.class_rasters import area_exponent, resampling_messages
from dbar_qgis_plugin.pipelines.inputs import (
    CATEGORICAL,
    CONTINUOUS,
    RasterInput,
    on_reference,
    open_input,
    resampling_notes,
)
from dbar_qgis_plugin.pipelines.night_light.light_bands import (
    CALIBRATION,
    SCENE,
    colour_bands,
    scene_tags,
)
from dbar_qgis_plugin.pipelines.night_light.light_calibration import NANOWATTS, SPECTRAL
from dbar_qgis_plugin.pipelines.night_light.light_fill import map_light_blocks
from dbar_qgis_plugin.pipelines.night_light.light_zones import (
    JointCollector,
    ZoneCodes,
    Zones,
    flag_warnings,
)
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block, RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]
Bools = NDArray[np.bool_]
Int64 = NDArray[np.int64]

INDEX_BANDS: Final = (*RATIOS, "brightness", "radiance")
TYPE_BAND: Final = "spectral_type"
TYPE_NODATA: Final = 255
INDEX_NODATA: Final = -9999.0
TYPE_CODES: Final = ("dark", "white_led", "red_led", "other", "undefined")
LIT: Final = "lit"

# What the bands hold: radiance per micrometre, radiance of the band, or something else.
AUTO, PER_MICROMETRE, OF_BAND, OTHER_UNIT = UNITS = ("auto", "per_um", "band", "other")
# Widths in nm of the bands red, green and blue of the Glimmer Imager of SDGSAT-1.
WIDTHS: Final = (294.0, 106.0, 102.0)


@dataclass(frozen=True)
class LightColourTask:
    """All that a run needs, as plain values.

    rasters : one raster with the colours as bands, or three, red, green and blue
    unit : one of `UNITS`; what the bands hold
    widths : of the bands red, green and blue in nm, which relate both kinds of radiance
    lit_mask : 1 lit, 0 dark; else cells are lit whose brightness is above `dark`
    dark : None: that of the background, the brightness that most of the cells have; 0 without one
    red_cut, blue_cut : see `kernels.light_colour.spectral_types`
    """

    rasters: Sequence[RasterInput]
    unit: str = AUTO
    widths: Sequence[float] = WIDTHS
    lit_mask: RasterInput | None = None
    dark: float | None = None
    red_cut: float = RED_CUT
    blue_cut: float = BLUE_CUT
    zones: Zones = field(default_factory=Zones)


@dataclass(frozen=True)
class LightColourResult:
    """What a run gives.

    columns : the table, a row per zone and type; keys `_COLUMNS`
    lit_cells : number of lit cells of all zones together
    led_share, blue_share : percent of the light of lit cells; NaN without light
    unit : of brightness and radiance
    tags : facts of the scene, which the outputs carry
    """

    columns: dict[str, list[Any]]
    lit_cells: int
    led_share: float
    blue_share: float
    unit: str
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]


class _Parameters(NamedTuple):
    to_spectral: tuple[float, float, float]
    to_band: tuple[float, float, float]
    has_mask: bool
    dark: float
    red_cut: float
    blue_cut: float
    zones: ZoneCodes
    sizes: tuple[int, int]
    area_exponent: int
    wants: tuple[bool, bool]


def compute_light_colour(
    task: LightColourTask,
    index_path: str,
    type_path: str,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LightColourResult:
    """Write colour indices and spectral types, and sum the types by zone.

    Parameters
    ----------
    task : LightColourTask
        What to compute.
    index_path, type_path : str
        Where the rasters go; "" leaves one out. Indices: Float32, bands `INDEX_BANDS`. Types:
        UInt8, the codes of `kernels.light_colour`, 255 without data.
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
    progress = progress or Progress()
    workers = workers or Workers()
    sources = _open(task)
    grid = sources[0].grid
    unit, warnings = _unit(task, sources)
    to_spectral, to_band = _factors(unit, task.widths)
    zones = task.zones.on(grid, sources[0].name)
    colours = len(sources)
    if task.lit_mask is not None:
        sources.append(on_reference(open_input(task.lit_mask), grid, CATEGORICAL))
    notes = resampling_messages(resampling_notes(sources))
    dark = task.dark or 0.0
    if task.lit_mask is None and task.dark is None:
        dark = _background(sources, to_band, workers, progress.part(0.0, 0.2))
        notes.append(
            message(translate("Dbar", "Dark up to a brightness of {dark}."), dark=f"{dark:.6g}")
        )
    parameters = _Parameters(
        to_spectral,
        to_band,
        len(sources) > colours,
        dark,
        task.red_cut,
        task.blue_cut,
        zones,
        (task.zones.count + 1, len(TYPE_CODES) + 1),
        area_exponent(grid),
        (bool(index_path), bool(type_path)),
    )
    shown_unit = _shown_unit(unit, sources[0])
    collector = JointCollector()
    metadata = {**scene_tags(sources[0]), **dict(tags or {})}
    with ExitStack() as stack:
        sinks = [
            stack.enter_context(sink)
            for sink in _sinks(grid, index_path, type_path, shown_unit, metadata, workers.count)
        ]
        warnings += map_light_blocks(
            _colour_block,
            sources,
            sinks,
            parameters,
            tally=collector.add,
            lights=colours,
            workers=workers,
            progress=progress.part(0.2, 1.0),
            bytes_per_cell=8.0 * (len(INDEX_BANDS) + 12),
        )
        result = _result(task, parameters, collector, sources[0].name)
    return replace(
        result,
        unit=shown_unit,
        notes=tuple(notes),
        warnings=(*warnings, *result.warnings),
    )


def _open(task: LightColourTask) -> list[RasterSource]:
    if len(task.rasters) == 1:
        return [colour_bands(task.rasters[0])]
    red, *others = (open_input(raster) for raster in task.rasters)
    return [red, *(on_reference(source, red.grid, CONTINUOUS) for source in others)]


def _unit(task: LightColourTask, sources: Sequence[RasterSource]) -> tuple[str, list[Message]]:
    """Find what the bands hold, and warn where the published cuts may not fit it."""
    first = sources[0]
    stated = first.info.units[first.bands[0] - 1] if first.info.units else ""
    tags = dict(first.info.tags)
    unit = task.unit
    if unit == AUTO:
        known = {SPECTRAL: PER_MICROMETRE, NANOWATTS: OF_BAND}
        unit = known.get(stated, OTHER_UNIT)
    elif unit not in UNITS:
        raise InputError(
            translate("Dbar", "“{value}” is not one of {known}."),
            value=unit,
            known=", ".join(UNITS),
        )
    whole = all(np.dtype(s.info.dtypes[s.bands[0] - 1]).kind in "iu" for s in sources)
    scaled = first.info.scales[first.bands[0] - 1] != 1.0
    scene_without = SCENE in tags and CALIBRATION not in tags
    if unit == OTHER_UNIT and (scene_without or (whole and not scaled)):
        return unit, [
            message(
                translate(
                    "Dbar",
                    "{name} holds digital numbers, not calibrated radiance. Ratios of its bands, "
                    "and the types cut by them, are those of the camera's gains and not of the "
                    "light. Calibrate it first (“Calibrate night light”).",
                ),
                name=first.name,
            )
        ]
    if unit == OTHER_UNIT:
        return unit, [
            message(
                translate(
                    "Dbar",
                    "{name} does not state its unit. Its values are used as they are; the "
                    "published cuts are for radiance per micrometre (W m-2 sr-1 um-1).",
                ),
                name=first.name,
            )
        ]
    return unit, []


def _factors(
    unit: str, widths: Sequence[float]
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Factors that make radiance per micrometre, and radiance of the bands, of the values."""
    ones = (1.0, 1.0, 1.0)
    red, green, blue = (width * NANOWATTS_PER_NANOMETRE for width in widths)
    if unit == PER_MICROMETRE:
        return ones, (red, green, blue)
    if unit == OF_BAND:
        return (1.0 / red, 1.0 / green, 1.0 / blue), ones
    return ones, ones


def _shown_unit(unit: str, source: RasterSource) -> str:
    if unit in (PER_MICROMETRE, OF_BAND):
        return NANOWATTS
    return source.info.units[source.bands[0] - 1] if source.info.units else ""


def _sinks(
    grid: Grid,
    index_path: str,
    type_path: str,
    unit: str,
    tags: Mapping[str, str],
    threads: int,
) -> Iterator[RasterSink]:
    """Make the rasters that are wanted."""
    if index_path:
        yield RasterSink(
            index_path,
            grid,
            INDEX_BANDS,
            "float32",
            INDEX_NODATA,
            units=("",) * len(RATIOS) + (unit, unit),
            tags=tags,
            threads=threads,
        )
    if type_path:
        yield RasterSink(
            type_path, grid, (TYPE_BAND,), "uint8", TYPE_NODATA, tags=tags, threads=threads
        )


def _background(
    sources: Sequence[RasterSource], to_band: Sequence[float], workers: Workers, progress: Progress
) -> float:
    """Brightness up to which cells are dark: the background's, or 0 where none stands out."""
    found = KeyCounts()
    map_blocks(
        _brightness_block,
        sources,
        [],
        to_band,
        tally=found.add,
        workers=workers,
        progress=progress,
        bytes_per_cell=40.0,
    )
    return background_level(found.counts)


def _brightness_block(
    blocks: list[Block], _context: BlockContext, to_band: Sequence[float]
) -> tuple[Int64]:
    """Counts of a block's brightness."""
    counts = np.zeros(UPPER_KEYS, dtype=np.int64)
    for rows in pieces(blocks[0].valid.shape[1:], 1):
        values = [band[rows] for block in blocks for band in block.values]
        valid = np.logical_and.reduce([band[rows] for block in blocks for band in block.valid])
        grey = brightness(*(band * factor for band, factor in zip(values, to_band, strict=True)))
        counts += background_counts(grey[valid])
    return (counts,)


def _colour_block(
    blocks: list[Block], context: BlockContext, parameters: _Parameters
) -> tuple[Any, ...]:
    """Indices and types of a block, and its sums by zone and type."""
    height, width = blocks[0].valid.shape[1:]
    wants_indices, wants_types = parameters.wants
    indices = np.full(
        (len(INDEX_BANDS), height if wants_indices else 0, width), INDEX_NODATA, dtype=np.float32
    )
    types = np.empty((height, width), dtype=np.uint8)
    zones = parameters.zones.paint(context.window)
    areas = areas_in_units(context.grid.cell_areas(context.window), parameters.area_exponent)
    sums = []
    for rows in pieces((height, width), 1):
        part = [Block(block.values[:, rows], block.valid[:, rows]) for block in blocks]
        sums.append(
            _colour_piece(part, zones[rows], areas[rows], parameters, indices[:, rows], types[rows])
        )
    found: list[Any] = [indices] if wants_indices else []
    if wants_types:
        found.append(types[np.newaxis])
    return (*found, merged(sums))


def _colour_piece(
    blocks: list[Block],
    zones: NDArray[np.int32],
    areas: Float64,
    parameters: _Parameters,
    indices: NDArray[np.float32],
    types: NDArray[np.uint8],
) -> JointSums:
    """Fill in indices, where they are wanted, and types of some rows; returns their sums."""
    colours = blocks[:-1] if parameters.has_mask else blocks
    values = [band.astype(np.float64) for block in colours for band in block.values]
    valid: Bools = np.logical_and.reduce([band for block in colours for band in block.valid])
    red, green, blue = (
        band * factor for band, factor in zip(values, parameters.to_spectral, strict=True)
    )
    bands = [band * factor for band, factor in zip(values, parameters.to_band, strict=True)]
    grey = brightness(*bands)
    total = bands[0] + bands[1] + bands[2]
    if parameters.has_mask:
        mask = blocks[-1]
        valid = valid & mask.valid[0]
        lit: Bools = mask.values[0] > 0
    else:
        lit = grey > parameters.dark
    kinds = spectral_types(
        red, green, blue, lit, red_cut=parameters.red_cut, blue_cut=parameters.blue_cut
    )
    if indices.size:
        for target, ratio in zip(indices, colour_ratios(red, green, blue), strict=False):
            np.copyto(target, ratio, where=valid & ~np.isnan(ratio), casting="same_kind")
        for target, band in zip(indices[len(RATIOS) :], (grey, total), strict=True):
            np.copyto(target, band, where=valid, casting="same_kind")
    np.copyto(types, np.where(valid, kinds, TYPE_NODATA), casting="same_kind")
    return joint_tally(
        [zones, np.where(valid, kinds, len(TYPE_CODES))],
        parameters.sizes,
        [np.ones((len(areas), 1)), areas, *in_whole_units(total), *in_whole_units(bands[2])],
    )


def _result(
    task: LightColourTask, parameters: _Parameters, collector: JointCollector, name: str
) -> LightColourResult:
    sums = collector.dense(parameters.sizes)[:, 1:, : len(TYPE_CODES)]
    with_data = sums[0].sum(axis=1) > 0
    if not with_data.any():
        raise InputError(
            translate("Dbar", "{name} holds no data inside the zones. Choose another raster."),
            name=name,
        )
    flags = task.zones.flags(parameters.zones, with_data)
    table = task.zones.with_total(sums.transpose(0, 2, 1)).transpose(0, 2, 1)
    # Lit cells of all types, after the types themselves.
    table = np.concatenate((table, table[:, :, WHITE_LED:].sum(axis=2, keepdims=True)), axis=2)
    cells, units = table[0], table[1]
    km2 = tally_km2(units, parameters.area_exponent)
    light = from_whole_units(table[2], table[3])
    blue = from_whole_units(table[4], table[5])
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    rows = zip(task.zones.row_names, flags, strict=True)
    for row, (zone, flag) in enumerate(rows):
        for place, code in enumerate((*TYPE_CODES, LIT)):
            if place == UNDEFINED and not cells[:, UNDEFINED].any():
                continue
            is_lit = place != 0
            values = (
                zone,
                code,
                int(cells[row, place]),
                float(km2[row, place]),
                _percent(cells[row, place], cells[row, -1]) if is_lit else None,
                _percent(km2[row, place], km2[row, -1]) if is_lit else None,
                float(light[row, place]),
                _percent(light[row, place], light[row, -1]) if is_lit else None,
                _percent(blue[row, place], light[row, place]) if is_lit else None,
                flag,
            )
            for column, value in zip(columns.values(), values, strict=True):
                column.append(value)
    led = _percent(light[-1, WHITE_LED], light[-1, -1])
    share = _percent(blue[-1, -1], light[-1, -1])
    return LightColourResult(
        columns,
        int(cells[-1, -1]),
        np.nan if led is None else led,
        np.nan if share is None else share,
        "",
        (),
        tuple(flag_warnings(task.zones, flags)),
    )


_COLUMNS: Final = (
    "zone",
    "type",
    "cells",
    "km2",
    "cells_pct",
    "km2_pct",
    "light",
    "light_pct",
    "blue_pct",
    "flags",
)


def _percent(part: float, whole: float) -> float | None:
    return 100.0 * float(part) / float(whole) if whole > 0 else None
