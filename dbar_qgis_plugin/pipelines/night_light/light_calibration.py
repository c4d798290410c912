"""Radiance and brightness temperature of SDGSAT-1 rasters, and of others with typed coefficients.

Which coefficients were used is written into the result.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.radiometry import (
    band_radiance,
    brightness_temperature,
    spectral_radiance,
)
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light import light_bands
from dbar_qgis_plugin.pipelines.night_light.light_coefficients import (
    PRESET,
    PRODUCT,
    TYPED,
    Coefficients,
    TypedBand,
    band_facts,
    from_preset,
    from_product,
    from_user,
)
from dbar_qgis_plugin.pipelines.night_light.sdgsat_mosaic import (
    SATURATED,
    BandSummary,
    band_names,
    summarise_band,
)
from dbar_qgis_plugin.pipelines.night_light.sdgsat_product import (
    COLOUR,
    GIU,
    ONLY,
    PAN,
    SENSORS,
    TIS,
    CalibrationBlock,
    parse_name,
    raster_of_name,
)
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block, RasterSource, open_source
from dbar_qgis_plugin.raster_io.workers import Workers

SPECTRAL, NANOWATTS = UNITS = ("W m-2 sr-1 um-1", "nW cm-2 sr-1")
BY_ROW, BY_MEAN = DETECTOR_ROWS = ("rows", "mean")
NODATA: Final = -9999.0
MASK_NODATA: Final = 255

_LEVELS = 1 << 16
_BYTES_PER_CELL = 40  # of a band: radiance as float64 and float32, twice with temperature; masks


@dataclass(frozen=True)
class CalibrationTask:
    """What to compute.

    raster : all of its bands are taken
    source : "product" (calib.xml), "preset" or "typed"
    xml : calib.xml; "" = what the raster's metadata hold, else the one beside the raster
    preset : name of a preset
    typed : the user's rows
    unit : one of `UNITS`
    sensor : "GIU", "TIS" or "MII"; "" = as metadata or names say
    saturated : the stored value from which on a cell is saturated
    detector_rows : where coefficients differ by detector row, "rows" (the raster's rows are those)
        or "mean" (of all rows)
    """

    raster: RasterInput
    source: str = PRODUCT
    xml: str = ""
    preset: str = ""
    typed: tuple[TypedBand, ...] = ()
    unit: str = SPECTRAL
    sensor: str = ""
    saturated: float = SATURATED
    detector_rows: str = BY_ROW


class CalibrationOutputs(NamedTuple):
    """Rasters to write; "" = not this one."""

    radiance: str
    saturation: str = ""
    temperature: str = ""


@dataclass(frozen=True)
class CalibrationResult:
    """What was written.

    bands : names
    summaries, stretches, temperatures : numbers of the stored values, and from which radiance and
        temperature to which to show each band; empty where the stored values are not whole numbers
        of 16 bits
    record : what was done, as in the metadata
    day : of the raster, if it tells
    """

    bands: tuple[str, ...]
    summaries: tuple[BandSummary, ...]
    stretches: tuple[tuple[float, float], ...]
    temperatures: tuple[tuple[float, float], ...]
    record: str
    day: date | None
    warnings: tuple[Message, ...]


class _Plan(NamedTuple):
    """Arrays [bands, rows, 1]; with one row they hold for all rows of the raster."""

    gain: NDArray[np.float64]
    bias: NDArray[np.float64]
    background: NDArray[np.float64]
    width: NDArray[np.float64] | None
    wavelength: NDArray[np.float64] | None
    saturated: float
    zero_is_nodata: bool
    with_mask: bool
    counted: bool


def calibrate(
    task: CalibrationTask,
    outputs: CalibrationOutputs,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> CalibrationResult:
    """Write radiance, and if asked for a mask of saturated cells and brightness temperature.

    Parameters
    ----------
    task : CalibrationTask
        What to compute.
    outputs : CalibrationOutputs
        Radiance and temperature are float32 with nodata -9999, the mask is 0 and 1 with nodata 255;
        all have a band for each band that has coefficients, under its name.
    tags : mapping, optional
        Metadata of the outputs, beside those of the scene and the coefficients.

    Raises
    ------
    InputError
        There are no coefficients, or they do not fit the raster.
    OutputError
        An output cannot be written.
    Cancelled
        If the user stops the run.
    """
    progress, workers = progress or Progress(), workers or Workers()
    raster = task.raster
    source = open_source(raster.path, raster.open_options, name=raster.name or raster.path)
    sensor = _sensor(task, source)
    _refuse_calibrated(source)
    names, named = _band_names(task, source, sensor)
    if task.source == PRESET:
        found = from_preset(task.preset, sensor)
    elif task.source == TYPED:
        found = from_user(task.typed, names)
    else:
        found = from_product(source, task.xml, sensor)
    kept = [
        place
        for place, name in enumerate(names)
        if all(name in block.coefficients for block in found.blocks)
    ]
    warnings = [*named, *found.warnings, *_left_out(names, kept, found, source)]
    names = [names[place] for place in kept]
    source = replace(source, bands=tuple(place + 1 for place in kept))
    plan, notes = _plan(task, outputs, source, sensor, names, found)
    warnings += notes
    record = _record(task, names, found, plan)
    metadata = {
        **_scene_of_name(source),
        **light_bands.scene_tags(source),
        **(tags or {}),
        light_bands.CALIBRATION: record,
    }
    metadata.pop(light_bands.COEFFICIENTS, None)
    counts = np.zeros((len(names), _LEVELS if plan.counted else 1), dtype=np.int64)

    def add(more: NDArray[np.int64]) -> None:
        np.add(counts, more, out=counts)

    with ExitStack() as stack:
        sinks = [
            stack.enter_context(
                RasterSink(
                    path,
                    source.grid,
                    names,
                    dtype,
                    nodata,
                    units=[unit] * len(names) if unit else (),
                    tags=metadata,
                    threads=workers.count,
                )
            )
            for path, dtype, nodata, unit in (
                (outputs.radiance, "float32", NODATA, task.unit),
                (outputs.saturation, "uint8", MASK_NODATA, ""),
                (outputs.temperature, "float32", NODATA, "K"),
            )
            if path
        ]
        map_blocks(
            _calibrate_block,
            [source],
            sinks,
            plan,
            tally=add,
            workers=workers,
            progress=progress,
            bytes_per_cell=_BYTES_PER_CELL * len(names),
        )
    summaries = tuple(
        summarise_band(name, own, task.saturated)
        for name, own in zip(names, counts, strict=True)
        if plan.counted
    )
    return CalibrationResult(
        tuple(names),
        summaries,
        *_stretches(summaries, plan),
        record,
        light_bands.light_date(source),
        tuple(warnings),
    )


def _calibrate_block(
    blocks: list[Block], context: BlockContext, plan: _Plan
) -> Sequence[NDArray[Any]]:
    values, valid = blocks[0]
    if plan.zero_is_nodata:
        valid = valid & (values != 0)
    window = context.window
    rows = slice(window.row, window.row + window.height) if plan.gain.shape[1] > 1 else slice(None)
    light = spectral_radiance(
        values, plan.gain[:, rows], plan.bias[:, rows], plan.background[:, rows]
    )
    shown = light if plan.width is None else band_radiance(light, plan.width)
    results: list[NDArray[Any]] = [np.where(valid, shown, NODATA).astype(np.float32)]
    if plan.with_mask:
        results.append(np.where(valid, values >= plan.saturated, MASK_NODATA).astype(np.uint8))
    if plan.wavelength is not None:
        heat = brightness_temperature(light, plan.wavelength)
        results.append(np.where(valid & (light > 0.0), heat, NODATA).astype(np.float32))
    counts = np.zeros((len(values), 1), dtype=np.int64)
    if plan.counted:
        counts = np.stack(
            [
                np.bincount(band[good], minlength=_LEVELS)
                for band, good in zip(values, valid, strict=True)
            ]
        )
    return [*results, counts]


def _stretches(
    summaries: Sequence[BandSummary], plan: _Plan
) -> tuple[tuple[tuple[float, float], ...], tuple[tuple[float, float], ...]]:
    """Return radiances and temperatures of the values from which to which to show a band."""
    if not summaries:
        return (), ()
    ends = np.array([summary.stretch for summary in summaries], dtype=np.float64)[:, np.newaxis]
    gain, bias, background = (
        part.mean(axis=1, keepdims=True) for part in (plan.gain, plan.bias, plan.background)
    )
    light = spectral_radiance(ends, gain, bias, background)
    heat = () if plan.wavelength is None else _pairs(brightness_temperature(light, plan.wavelength))
    return _pairs(light if plan.width is None else band_radiance(light, plan.width)), heat


def _pairs(ends: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    return tuple((float(low), float(high)) for low, high in np.sort(ends[:, 0]))


# -- which raster this is


def _sensor(task: CalibrationTask, source: RasterSource) -> str:
    """Return the sensor that a raster is of, "" where nothing tells."""
    stated = dict(source.info.tags).get(light_bands.SENSOR, "")
    name = parse_name(Path(source.path).name)
    named = name.sensor if name is not None else ""
    known = {*light_bands.COLOURS, *light_bands.PANCHROMATIC}
    by_bands = GIU if known & set(_descriptions(source)) else ""
    return next((text for text in (task.sensor, stated, named, by_bands) if text in SENSORS), "")


def _scene_of_name(source: RasterSource) -> dict[str, str]:
    """Return what the name of a product's own raster says of its scene."""
    name = parse_name(Path(source.path).name)
    if name is None:
        return {}
    return {
        light_bands.DATE: name.day,
        light_bands.SCENE: name.scene,
        light_bands.SENSOR: name.sensor,
    }


def _descriptions(source: RasterSource) -> list[str]:
    """Return the bands' own names, ours in the way that we write them."""
    ours = {text.casefold(): text for text in (*light_bands.COLOURS, *light_bands.PANCHROMATIC)}
    return [ours.get(text.casefold(), text) for text in source.info.descriptions]


def _refuse_calibrated(source: RasterSource) -> None:
    if light_bands.CALIBRATION in dict(source.info.tags):
        raise InputError(
            translate(
                "Dbar",
                "{name} is calibrated already, as its metadata say. Choose the raster with the "
                "stored numbers.",
            ),
            name=source.name,
        )


def _band_names(
    task: CalibrationTask, source: RasterSource, sensor: str
) -> tuple[list[str], list[Message]]:
    """Return names of all bands, and what had to be assumed of them."""
    own = _descriptions(source)
    if all(own):
        return own, []
    count = source.info.band_count
    numbered = [name or str(band) for band, name in enumerate(own, start=1)]
    product = raster_of_name(Path(source.path).name)
    if product is not None:
        return band_names(product[1], source), []
    if sensor and sensor != GIU:
        return band_names(ONLY, source), []
    if task.source == TYPED or count != len(light_bands.COLOURS):
        return numbered, []
    kind = COLOUR if "_LH" not in Path(source.path).stem.upper() else PAN
    names = band_names(kind, source)
    assumed = message(
        translate(
            "Dbar", "{name}: its bands have no names; taken as {bands}, as a product has them."
        ),
        name=source.name,
        bands=", ".join(names),
    )
    return names, [assumed]


def _left_out(
    names: Sequence[str], kept: Sequence[int], found: Coefficients, source: RasterSource
) -> list[Message]:
    """Name the bands without coefficients; refuses a raster of which none has any."""
    have = ", ".join(found.blocks[0].coefficients)
    if not kept:
        raise InputError(
            translate(
                "Dbar",
                "{name}: no coefficients for any of its bands ({bands}); there are some for "
                "{have}. Choose another source of coefficients, or type them.",
            ),
            name=source.name,
            bands=", ".join(names),
            have=have or "—",
        )
    absent = [name for place, name in enumerate(names) if place not in kept]
    if not absent:
        return []
    return [
        message(
            translate(
                "Dbar",
                "{name}: no coefficients for {bands}, left out. (The merged band HDR has none of "
                "its own, and how it is merged is not published.)",
            )
            if light_bands.MERGED in absent
            else translate("Dbar", "{name}: no coefficients for {bands}, left out."),
            name=source.name,
            bands=", ".join(absent),
        )
    ]


def _plan(
    task: CalibrationTask,
    outputs: CalibrationOutputs,
    source: RasterSource,
    sensor: str,
    names: Sequence[str],
    found: Coefficients,
) -> tuple[_Plan, list[Message]]:
    (gain, bias, background), notes = _by_row(task, source, names, found.blocks)
    subtracted = light_bands.SUBTRACTED in dict(source.info.tags)
    if subtracted:  # gain x value + bias, less the same of the background
        bias, background = np.zeros_like(bias), np.zeros_like(background)
    plan = _Plan(
        gain=gain,
        bias=bias,
        background=background,
        width=_widths(names, found.widths, source.name) if task.unit == NANOWATTS else None,
        wavelength=_wavelengths(names, sensor, found.centres) if outputs.temperature else None,
        saturated=task.saturated,
        zero_is_nodata=bool(sensor) and not subtracted,
        with_mask=bool(outputs.saturation),
        counted=source.value_dtype in (np.dtype(np.uint8), np.dtype(np.uint16)),
    )
    return plan, notes


def _by_row(
    task: CalibrationTask,
    source: RasterSource,
    names: Sequence[str],
    blocks: Sequence[CalibrationBlock],
) -> tuple[list[NDArray[np.float64]], list[Message]]:
    """Return gain, bias and background, each [bands, rows, 1]; one row if that holds for all."""
    table = np.array([[block.coefficients[name] for name in names] for block in blocks])
    if (table == table[0]).all():
        table = table[:1]
    notes: list[Message] = []
    if len(table) == 1 or task.detector_rows == BY_MEAN:
        if len(table) > 1:
            spread = float(np.max(np.ptp(table[..., 0], axis=0) / np.abs(table[..., 0]).mean(0)))
            notes.append(
                message(
                    translate(
                        "Dbar",
                        "{count} groups of detector rows have coefficients of their own; their "
                        "mean is used. The gains differ by up to {spread} %.",
                    ),
                    count=len(table),
                    spread=f"{100 * spread:.2g}",
                )
            )
        mean = table.mean(axis=0)
        return [mean[:, part, np.newaxis, np.newaxis] for part in range(3)], notes
    rows = [block.rows for block in blocks]
    known = [pair for pair in rows if pair is not None]
    if len(known) < len(rows) or max(last for _, last in known) != source.grid.height:
        raise InputError(
            translate(
                "Dbar",
                "{name} has {height} rows, but its coefficients are for {count} groups of detector "
                "rows ({rows}): once a scene is geocoded its rows are no longer those of the "
                "detectors. Choose the mean of the groups, or type the coefficients.",
            ),
            name=source.name,
            height=source.grid.height,
            count=len(blocks),
            rows=", ".join(f"{first}–{last}" for first, last in known) or "?",
        )
    by_row = np.empty((len(names), source.grid.height, 3))
    for block, (first, last) in zip(table, known, strict=True):
        by_row[:, first - 1 : last] = block[:, np.newaxis]
    return [by_row[..., part, np.newaxis] for part in range(3)], notes


def _widths(names: Sequence[str], stated: Mapping[str, float], name: str) -> NDArray[np.float64]:
    """Return the bands' widths in nanometres, [bands, 1, 1]."""
    known: dict[str, float] = {**band_facts()["widths_nm"], **stated}
    widths = [known.get(band) for band in names]
    absent = [band for band, width in zip(names, widths, strict=True) if not width]
    if absent:
        raise InputError(
            translate(
                "Dbar",
                "{name}: nW cm-2 sr-1 needs the width of each band, which is not known for "
                "{bands}. Choose W m-2 sr-1 um-1, or type the widths beside the coefficients.",
            ),
            name=name,
            bands=", ".join(absent),
        )
    return np.array(widths, dtype=np.float64)[:, np.newaxis, np.newaxis]


def _wavelengths(
    names: Sequence[str], sensor: str, centres: Sequence[float]
) -> NDArray[np.float64]:
    """Return the centres of thermal bands in micrometres, [bands, 1, 1]."""
    known: dict[str, float] = dict(band_facts()["thermal_centres_um"])
    if len(centres) == len(known) and all(5.0 < centre < 20.0 for centre in centres):
        known = dict(zip(known, centres, strict=True))
    if sensor != TIS or not all(name in known for name in names):
        raise InputError(
            translate(
                "Dbar",
                "Brightness temperature is for rasters of the thermal imager (TIS) with the bands "
                "{bands}. Leave this output out, or choose the sensor TIS.",
            ),
            bands=", ".join(known),
        )
    return np.array([known[name] for name in names])[:, np.newaxis, np.newaxis]


def _record(task: CalibrationTask, names: Sequence[str], found: Coefficients, plan: _Plan) -> str:
    """Write down what was done, for the metadata of the result."""
    record: dict[str, object] = {**found.origin, "unit": task.unit}
    if plan.gain.shape[1] > 1:
        record["coefficients"] = [
            {"rows": block.rows, **{name: block.coefficients[name] for name in names}}
            for block in found.blocks
        ]
    else:
        record["coefficients"] = {
            name: [float(part[place, 0, 0]) for part in (plan.gain, plan.bias, plan.background)]
            for place, name in enumerate(names)
        }
    if plan.width is not None:
        record["width_nm"] = dict(zip(names, plan.width.ravel().tolist(), strict=True))
    if plan.wavelength is not None:
        record["wavelength_um"] = dict(zip(names, plan.wavelength.ravel().tolist(), strict=True))
    return json.dumps(record)
