"""What all tests share: the report's header and the settings of hypothesis."""

from __future__ import annotations

import platform
from importlib import import_module
from importlib.util import find_spec

from hypothesis import settings

# The machines of CI are slow at times, and a failure there must be found again here. A Python
# without QGIS repeats, with another numpy, what QGIS's own has tested: fewer examples will do.
settings.register_profile("project", deadline=None, derandomize=True)
settings.register_profile("again", settings.get_profile("project"), max_examples=25)
settings.load_profile("project" if find_spec("qgis") else "again")


def _version(module: str, attribute: str) -> str | None:
    """Return an attribute of a module, called if need be, or None where it is not installed."""
    if find_spec(module.partition(".")[0]) is None:
        return None
    value: object = import_module(module)
    for name in attribute.split("."):
        value = getattr(value, name)
    return str(value() if callable(value) else value)


def pytest_report_header() -> str:
    """Name the versions that a result depends on."""
    versions = {
        "QGIS": _version("qgis.core", "Qgis.version"),
        "GDAL": _version("osgeo.gdal", "__version__"),
        "Python": platform.python_version(),
        "Qt": _version("qgis.PyQt.QtCore", "qVersion"),
        "numpy": _version("numpy", "__version__"),
        "scipy": _version("scipy", "__version__"),
        "rasterio": _version("rasterio", "__version__"),
        "rasterio's GDAL": _version("rasterio", "__gdal_version__"),
    }
    return ", ".join(f"{name} {version or 'none'}" for name, version in versions.items())
