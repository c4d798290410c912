"""Night-light rasters: their bands by name, and the facts of the scene in their metadata."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.dates import dates_in_name
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.raster_io.source import RasterSource, open_source

RED, GREEN, BLUE = COLOURS = ("red", "green", "blue")
LOW_GAIN, HIGH_GAIN, MERGED = PANCHROMATIC = ("PL", "PH", "HDR")

# Names of metadata: of the scene when it is loaded; they go on with whatever is made of it. The
# coefficients go on until they have been used.
DATE: Final = "DBAR_DATE"
SCENE: Final = "DBAR_SCENE"
SENSOR: Final = "DBAR_SENSOR"
LEVEL: Final = "DBAR_LEVEL"
TIMES: Final = "DBAR_TIMES"
ANGLES: Final = "DBAR_ANGLES"
FOOTPRINT: Final = "DBAR_FOOTPRINT"
RIGHTS: Final = "DBAR_RIGHTS"
COEFFICIENTS: Final = "DBAR_COEFFICIENTS"
CALIBRATION: Final = "DBAR_CALIBRATION"
SUBTRACTED: Final = "DBAR_BACKGROUND_SUBTRACTED"  # values are above it; 0 is dark, not no data
_CARRIED = (
    DATE,
    SCENE,
    SENSOR,
    LEVEL,
    TIMES,
    ANGLES,
    FOOTPRINT,
    RIGHTS,
    COEFFICIENTS,
    CALIBRATION,
    SUBTRACTED,
)


def colour_bands(raster: RasterInput) -> RasterSource:
    """Open the bands red, green and blue, in this order, of a night-light raster in colour.

    Bands named "red", "green" and "blue" are taken wherever they stand; without such names the
    first three bands are.

    Raises
    ------
    InputError
        The raster has fewer than three bands.
    """
    source = open_source(raster.path, raster.open_options, name=raster.name or raster.path)
    names = [text.casefold() for text in source.info.descriptions]
    if all(colour in names for colour in COLOURS):
        return replace(source, bands=tuple(names.index(colour) + 1 for colour in COLOURS))
    if source.info.band_count < len(COLOURS):
        raise InputError(
            translate(
                "Dbar",
                "{name} has {count} bands; a colour raster has three: red, green and blue. Choose "
                "the colour raster of the scene.",
            ),
            name=source.name,
            count=source.info.band_count,
        )
    return replace(source, bands=(1, 2, 3))


def scene_tags(source: RasterSource) -> dict[str, str]:
    """Return what a raster's metadata say of its scene and calibration, to go on with a result."""
    return {name: value for name, value in source.info.tags if name in _CARRIED}


def light_unit(source: RasterSource) -> str:
    """Return the unit of a raster's light: as it was calibrated, else as its band says."""
    told = dict(source.info.tags).get(CALIBRATION, "")
    calibrated = str(json.loads(told).get("unit", "")) if told else ""
    return calibrated or source.info.units[source.bands[0] - 1]


def light_date(source: RasterSource) -> date | None:
    """Return the day of a raster: from its metadata, else from its names; None if neither tells."""
    names = (
        dict(source.info.tags).get(DATE, ""),
        *(source.info.descriptions[band - 1] for band in source.bands),
        source.name,
        Path(source.path).name,
    )
    return next((days[0] for days in map(dates_in_name, names) if days), None)
