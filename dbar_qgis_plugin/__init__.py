"""DBAR SDG Tools: indicators of the Sustainable Development Goals, computed within QGIS."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from dbar_qgis_plugin.plugin import DbarPlugin


def classFactory(iface: QgisInterface | None) -> DbarPlugin:
    """Make the plugin; QGIS calls this, and qgis_process does so without an interface."""
    from dbar_qgis_plugin.plugin import DbarPlugin

    return DbarPlugin(iface)
