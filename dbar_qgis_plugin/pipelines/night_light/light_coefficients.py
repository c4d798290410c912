"""Coefficients of night-light bands: from a calib.xml, from a set on record, or from the user.

No gain stands in this code. The sets on record are data (`resources/night_light`), each with its
source and its doubts; none of them is taken unless the user chooses it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from dbar_qgis_plugin.about import PLUGIN_FOLDER
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.night_light import light_bands
from dbar_qgis_plugin.pipelines.night_light.sdgsat_product import (
    CalibrationBlock,
    Coefficient,
    find_calibration,
    parse_name,
    read_calibration,
)
from dbar_qgis_plugin.pipelines.night_light.sdgsat_scene import xml_warnings
from dbar_qgis_plugin.raster_io.progress import Message, message
from dbar_qgis_plugin.raster_io.source import RasterSource

PRODUCT, PRESET, TYPED = SOURCES = ("product", "preset", "typed")


class TypedBand(NamedTuple):
    """A row of the user's: band by name or number, and its width if it is not the product's."""

    band: str
    gain: float
    bias: float
    width_nm: float | None = None


class Preset(NamedTuple):
    """A set of coefficients on record, where it is from, and why to be careful with it."""

    name: str
    sensor: str
    coefficients: dict[str, Coefficient]
    source: str
    warning: str


class Coefficients(NamedTuple):
    """Coefficients, and where they are from.

    origin : for the metadata
    centres, widths : numbers of bandsIDList, and widths in nanometres, as far as they are stated
    """

    blocks: tuple[CalibrationBlock, ...]
    origin: dict[str, str]
    warnings: tuple[Message, ...] = ()
    centres: tuple[float, ...] = ()
    widths: Mapping[str, float] = {}


@cache
def band_facts() -> dict[str, Any]:
    """Return the data file of the bands: their widths and centres, and the sets on record."""
    path = PLUGIN_FOLDER / "resources" / "night_light" / "calibration_presets.json"
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


@cache
def presets() -> dict[str, Preset]:
    """Return the sets of coefficients on record by name."""
    return {
        entry["id"]: Preset(
            entry["id"],
            entry["sensor"],
            {band: Coefficient(**values) for band, values in entry["bands"].items()},
            entry["source"],
            entry["warning"],
        )
        for entry in band_facts()["presets"]
    }


def from_preset(name: str, sensor: str) -> Coefficients:
    """Return a set on record.

    Raises
    ------
    InputError
        None of that name, or one for another sensor ("" fits all).
    """
    preset = presets().get(name)
    if preset is None:
        raise InputError(
            translate(
                "Dbar",
                "Choose a preset: there is no usual one, because the public sets of coefficients "
                "disagree. The presets are {names}.",
            ),
            names=", ".join(presets()),
        )
    if sensor and preset.sensor != sensor:
        raise InputError(
            translate(
                "Dbar",
                "The preset {preset} is for {sensor}; the raster is of {other}. Choose another.",
            ),
            preset=name,
            sensor=preset.sensor,
            other=sensor,
        )
    doubt = message(
        translate(
            "Dbar",
            "Preset {preset}: {source} {warning} Public sets of coefficients disagree; the choice "
            "alone moves limits between kinds of light by up to 60 %. Use the product's calib.xml "
            "where you can.",
        ),
        preset=name,
        source=preset.source,
        warning=preset.warning,
    )
    origin = {"source": name, "from": preset.source}
    return Coefficients((CalibrationBlock(preset.coefficients),), origin, (doubt,))


def from_user(typed: Sequence[TypedBand], names: Sequence[str]) -> Coefficients:
    """Return what the user typed, for bands given by name or by number from 1.

    Raises
    ------
    InputError
        Nothing is typed, or a row is for no band or for one that has a row already.
    """
    if not typed:
        raise InputError(
            translate(
                "Dbar",
                "Type the coefficients: a row with band, gain and bias for each band that is "
                "wanted. The bands are {bands}.",
            ),
            bands=", ".join(names),
        )
    known = {name.casefold(): name for name in names}
    known.update({str(band): name for band, name in enumerate(names, start=1)})
    coefficients: dict[str, Coefficient] = {}
    widths: dict[str, float] = {}
    for row in typed:
        name = known.get(row.band.strip().casefold())
        if name is None or name in coefficients:
            raise InputError(
                translate(
                    "Dbar",
                    "Typed coefficients: “{band}” is no band of the raster, or is typed twice. The "
                    "bands are {bands}, or their numbers from 1.",
                ),
                band=row.band,
                bands=", ".join(names),
            )
        coefficients[name] = Coefficient(row.gain, row.bias)
        if row.width_nm is not None:
            widths[name] = row.width_nm
    return Coefficients((CalibrationBlock(coefficients),), {"source": TYPED}, widths=widths)


def from_product(source: RasterSource, xml: str, sensor: str) -> Coefficients:
    """Return what a calib.xml says.

    Parameters
    ----------
    source : RasterSource
        The raster.
    xml : str
        The file; "" = what the metadata of a loaded scene hold, else the file beside the raster.
    sensor : str
        Which part of it to read.

    Raises
    ------
    InputError
        There is none, or it cannot be used.
    """
    stored = dict(source.info.tags).get(light_bands.COEFFICIENTS, "")
    path = Path(xml) if xml else None
    if path is None and stored:
        return _from_metadata(stored, source.name)
    path = path or find_calibration(source.path)
    if path is None:
        raise InputError(
            translate(
                "Dbar",
                "{name}: no calib.xml is given, none lies beside the raster, and its metadata hold "
                "no coefficients. Give the product's calib.xml; without one choose a preset or "
                "type the coefficients.",
            ),
            name=source.name,
        )
    if not sensor:
        raise InputError(
            translate(
                "Dbar",
                "{name}: neither its name nor its metadata say which sensor it is of. Choose the "
                "sensor, so that the right part of {path} is read.",
            ),
            name=source.name,
            path=path.name,
        )
    calibration = read_calibration(path, sensor)
    warnings = xml_warnings(path, calibration)
    scene = dict(source.info.tags).get(light_bands.SCENE) or Path(source.path).name
    own, other = parse_name(scene), parse_name(path.name)
    if own is not None and other is not None and own.serial != other.serial:
        warnings.append(
            message(
                translate("Dbar", "{path} is of another scene than the raster ({scene})."),
                path=path.name,
                scene=own.scene,
            )
        )
    origin = {"source": "calib.xml", "file": path.name}
    return Coefficients(calibration.blocks, origin, tuple(warnings), calibration.centres)


def _from_metadata(text: str, name: str) -> Coefficients:
    try:
        content = json.loads(text)
        blocks = tuple(
            CalibrationBlock(
                {band: Coefficient(*map(float, own)) for band, own in block["bands"].items()},
                tuple(block["rows"]) if block["rows"] else None,
            )
            for block in content["blocks"]
        )
        centres = tuple(map(float, content["centres"]))
        origin = {"source": "calib.xml", "file": str(content["source"])}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(
            translate(
                "Dbar",
                "{name}: the coefficients in its metadata ({tag}) are damaged. Give the product's "
                "calib.xml.",
            ),
            name=name,
            tag=light_bands.COEFFICIENTS,
        ) from error
    return Coefficients(blocks, origin, centres=centres)
