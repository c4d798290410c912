"""How a raster of lights with any bands looks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qgis.core import QgsMapLayer

from dbar_qgis_plugin.algorithms.night_light.light_styles import set_day
from dbar_qgis_plugin.algorithms.night_light.style import style_colours, style_light
from dbar_qgis_plugin.pipelines.light_bands import COLOURS, PANCHROMATIC


def style_bands(layer: QgsMapLayer, bands: Sequence[str], day: date | None) -> None:
    """Show colours as such, other rasters by one band, on the day that they show."""
    names = [name.casefold() for name in bands]
    if all(colour in names for colour in COLOURS):
        style_colours(layer, [names.index(colour) + 1 for colour in COLOURS])
    elif len(names) == len(COLOURS) and tuple(bands) != PANCHROMATIC:
        style_colours(layer)
    else:
        style_light(layer, len(names))
    set_day(layer, day)
