"""The raster library in use: rasterio where it shares QGIS's GDAL, osgeo.gdal everywhere else.

A rasterio wheel brings its own GDAL and PROJ, and fails on the PROJ data that QGIS's launchers set
for theirs; so a rasterio that bundles libraries is used only where there is no osgeo (a cluster's
worker, a plain Python).
"""

from __future__ import annotations

import importlib
import importlib.util
from functools import lru_cache
from pathlib import Path

from dbar_qgis_plugin.errors import MissingDependencyError, translate
from dbar_qgis_plugin.raster_io.drivers.base import RasterDriver

NAMES = ("rasterio", "gdal")
# GDAL's names of files that lie on servers.
_REMOTE = ("/vsicurl", "/vsis3", "/vsigs", "/vsiaz", "/vsiadls", "/vsioss", "/vsiswift")


def _found(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


@lru_cache(maxsize=1)
def default_driver_name() -> str:
    """Name of the driver that suits this Python."""
    rasterio_folder, osgeo_folder = _found("rasterio"), _found("osgeo")
    if rasterio_folder is None and osgeo_folder is None:
        raise MissingDependencyError(
            translate(
                "Dbar",
                "Neither GDAL's Python bindings (osgeo) nor rasterio is installed. "
                "Install python3-gdal, or reinstall QGIS.",
            )
        )
    if rasterio_folder is None:
        return "gdal"
    if osgeo_folder is None:
        return "rasterio"
    bundled = [rasterio_folder.with_name("rasterio.libs"), rasterio_folder / ".dylibs"]
    if any(folder.exists() for folder in bundled):
        return "gdal"
    try:
        rasterio = importlib.import_module("rasterio")
        gdal = importlib.import_module("osgeo.gdal")
    except ImportError:
        return "gdal"
    return "rasterio" if rasterio.__gdal_version__ == gdal.__version__ else "gdal"


def driver_name_of(path: str) -> str:
    """Name of the driver that suits a raster.

    While rasterio opens one, no other thread of Python goes on: a server that is slow to answer
    would stop QGIS's window.
    """
    is_remote = path.startswith(_REMOTE) and _found("osgeo") is not None
    return "gdal" if is_remote else default_driver_name()


def name_of_writer() -> str:
    """Name of the driver that writes rasters.

    While rasterio closes one, and compresses what is in memory still, no other thread of Python
    goes on: at the end of a large raster QGIS's window would stop for seconds.
    """
    return "gdal" if _found("osgeo") is not None else default_driver_name()


@lru_cache(maxsize=len(NAMES))
def get_driver(name: str = "") -> RasterDriver:
    """Return the driver of that name, or the one that suits this Python."""
    module = importlib.import_module(f".{name or default_driver_name()}_driver", __package__)
    driver: RasterDriver = module.DRIVER
    return driver
