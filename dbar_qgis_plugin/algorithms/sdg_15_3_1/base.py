"""What the algorithms of SDG 15.3.1 share: their group."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import DbarAlgorithm


class LandDegradationAlgorithm(DbarAlgorithm):
    """Base of the algorithms of SDG 15.3.1."""

    def group(self) -> str:
        return QCoreApplication.translate("Dbar", "SDG 15.3.1 Land degradation")

    def groupId(self) -> str:
        return "sdg1531"
