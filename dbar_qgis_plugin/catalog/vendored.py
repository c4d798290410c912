"""The libraries that come with the plugin, for a QGIS that has none of its own.

The packager (tools/package.py) copies pystac and pystac-client, pure Python, into `ext_libs` of the
zip. The folder stands at the end of the path: what the host has goes first.
"""

from __future__ import annotations

import sys
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from dbar_qgis_plugin.errors import MissingDependencyError, translate

EXT_LIBS: Final = Path(__file__).resolve().parents[1] / "ext_libs"
_LIBRARIES: Final = ("pystac", "pystac_client")
# What pystac-client needs beside pystac, and QGIS has for its own catalog client.
_OF_THE_HOST: Final = ("requests", "dateutil")


def provide() -> None:
    """Make pystac and pystac_client importable; call it before importing them.

    Raises
    ------
    MissingDependencyError
        If a library that they need is not there.
    """
    if str(EXT_LIBS) not in sys.path and any(find_spec(name) is None for name in _LIBRARIES):
        sys.path.append(str(EXT_LIBS))
        invalidate_caches()
    for name in (*_LIBRARIES, *_OF_THE_HOST):
        if find_spec(name) is None:
            raise MissingDependencyError(
                translate(
                    "Dbar",
                    "STAC catalogs need the Python library {name}, which this QGIS does not have. "
                    "Install it, then restart QGIS.",
                ),
                name=name,
            )


def need_owslib() -> None:
    """Look for OWSLib, which QGIS has for its own catalog client.

    Raises
    ------
    MissingDependencyError
        If it is not there.
    """
    if find_spec("owslib") is None:
        raise MissingDependencyError(
            translate(
                "Dbar",
                "Catalogs of the kinds CSW, WMS and WMTS need the Python library {name}, which "
                "this QGIS does not have. Install it, then restart QGIS.",
            ),
            name="OWSLib",
        )
