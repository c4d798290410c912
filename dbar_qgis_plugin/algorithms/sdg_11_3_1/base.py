"""What the algorithms of towns and their extents share."""

from __future__ import annotations

from importlib.util import find_spec

from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.tables import TableWriter


class UrbanAlgorithm(TableWriter):
    """Base of the algorithms that say where towns end."""

    def group(self) -> str:
        return QCoreApplication.translate("Dbar", "SDG 11.3.1 Urban land use")

    def groupId(self) -> str:
        return "sdg1131"


def can_find_clusters() -> tuple[bool, str]:
    """Tell whether the library that finds clusters is here, and how to get it."""
    if find_spec("scipy") is not None:
        return True, ""
    return False, QCoreApplication.translate(
        "Dbar",
        "Clusters of cells are found with the Python library scipy, which is not installed. "
        "Install it (Debian, Ubuntu: python3-scipy; OSGeo4W: python3-scipy).",
    )
