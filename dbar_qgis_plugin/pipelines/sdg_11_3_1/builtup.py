"""Built-up rasters: what their cells may hold, and how much of them is built up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dbar_qgis_plugin.errors import translate
from dbar_qgis_plugin.pipelines.zonal_sums import ZonalRaster
from dbar_qgis_plugin.raster_io.source import RasterSource

BUILTUP_KINDS = ("binary", "fraction", "percent", "square_metres", "classes", "first_year")

_KM2 = 1e-6
# Fractions and percents are often stored in float32 after resampling.
_SLACK = 1e-4


def builtup_raster(
    source: RasterSource,
    kind: str,
    classes: Sequence[int] = (),
    years: Sequence[float] = (),
    area: str = "geodesic",
) -> ZonalRaster:
    """Say what to sum of a built-up raster, in km2, and which of its values are refused.

    Parameters
    ----------
    source : RasterSource
        One band.
    kind : str
        One of `BUILTUP_KINDS`.
    classes : sequence of int
        Values that are built up, with "classes".
    years : sequence of float
        Epochs wanted, with "first_year".
    area : {"geodesic", "nominal"}
        How large a cell is.
    """
    raster = ZonalRaster(source, factor=_KM2, area=area)
    negative = translate(
        "Dbar",
        "{name} holds the value {value}, which cannot be a built-up area. Set it as nodata of the "
        "raster (Translate, “Assign a nodata value”), then run again.",
    )
    if kind == "binary":
        return replace(
            raster,
            quantity="positive",
            smallest=0.0,
            largest=1.0,
            refusal=translate(
                "Dbar",
                "{name} holds the value {value}, but a binary built-up raster holds 0 and 1 only. "
                "Choose another kind of built-up raster (classes, percent, square metres), or set "
                "the value as nodata.",
            ),
        )
    if kind == "fraction":
        return replace(
            raster,
            smallest=0.0,
            largest=1.0 + _SLACK,
            refusal=translate(
                "Dbar",
                "{name} holds the value {value}, but built-up fractions lie between 0 and 1. If "
                "values go up to 100 choose “percent”; if they are areas of buildings choose "
                "“square metres”; if it is a nodata value, set it as nodata of the raster.",
            ),
        )
    if kind == "percent":
        return replace(
            raster,
            factor=_KM2 / 100.0,
            smallest=0.0,
            largest=100.0 * (1.0 + _SLACK),
            refusal=translate(
                "Dbar",
                "{name} holds the value {value}, but built-up percentages lie between 0 and 100. "
                "If they are areas of buildings choose “square metres”; if it is a nodata value, "
                "set it as nodata of the raster.",
            ),
        )
    if kind == "square_metres":
        return replace(raster, area="", smallest=0.0, refusal=negative)
    if kind == "classes":
        return replace(raster, quantity="classes", arguments=tuple(map(float, classes)))
    return replace(
        raster,
        quantity="first_year",
        arguments=tuple(years),
        nodata_is_zero=True,
        smallest=0.0,
        largest=9999.0,
        refusal=translate(
            "Dbar",
            "{name} holds the value {value}, which is not a year. A first-built-year raster holds "
            "years, and 0 or nodata where nothing is built.",
        ),
    )
