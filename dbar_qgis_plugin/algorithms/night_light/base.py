"""What all algorithms of night lights share."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import DbarAlgorithm


class NightLightAlgorithm(DbarAlgorithm):
    """Base of the algorithms of night lights."""

    def group(self) -> str:
        return QCoreApplication.translate("Dbar", "Night light")

    def groupId(self) -> str:
        return "nightlight"
