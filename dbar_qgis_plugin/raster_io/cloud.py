"""Rasters written again for sharing: as Cloud Optimized GeoTIFF, of which parts can be read."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.progress import Progress

_COMPRESSED: Final = {"COMPRESS": "DEFLATE", "BIGTIFF": "IF_SAFER"}
_SHARE_OF_COPY: Final = 0.3


def write_cloud_optimised(
    source: str | Path,
    target: Path,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> None:
    """Write a raster as Cloud Optimized GeoTIFF, with overviews.

    Values, nodata, scales, names, units, colours and metadata are kept. The overviews of whole
    numbers have the nearest value, for they may be classes; those of others the mean.

    Parameters
    ----------
    source : str or Path
        Any raster.
    target : Path
        Replaced only when the new one is whole.
    tags : mapping of str to str, optional
        Metadata that are written instead of the raster's own of these names.
    progress : Progress, optional
        Where to report to, and what asks to stop.

    Raises
    ------
    InputError
        If it cannot be opened.
    OutputError
        If it cannot be written.
    Cancelled
        If the user stops it.
    """
    progress = progress or Progress()
    # rasterio's copy can neither report nor stop.
    driver = get_driver("gdal" if find_spec("osgeo") is not None else "")
    info = driver.describe(str(source), ())
    is_whole = all("int" in kind for kind in info.dtypes)
    options = {
        **_COMPRESSED,
        "PREDICTOR": "YES",
        "OVERVIEW_RESAMPLING": "NEAREST" if is_whole else "AVERAGE",
    }
    part = target.with_name(target.name + ".part.tif")
    middle = target.with_name(target.name + ".tags.tif")
    try:
        if tags:
            tiled = {**_COMPRESSED, "TILED": "YES"}
            first = progress.part(0.0, _SHARE_OF_COPY)
            driver.copy(str(source), str(middle), "GTiff", tiled, first)
            driver.change_tags(str(middle), tags)
            source, progress = middle, progress.part(_SHARE_OF_COPY, 1.0)
        driver.copy(str(source), str(part), "COG", options, progress)
        part.replace(target)
    finally:
        for made in (part, middle):
            for file in (made, made.with_name(made.name + ".aux.xml")):
                file.unlink(missing_ok=True)
