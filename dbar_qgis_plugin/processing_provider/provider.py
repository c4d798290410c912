"""The Processing provider: the list of the plugin's algorithms."""

from __future__ import annotations

from typing import Final

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from dbar_qgis_plugin.about import ICON, NAME, VERSION
from dbar_qgis_plugin.algorithms.base import DbarAlgorithm, translated
from dbar_qgis_plugin.algorithms.sdg_11_3_1.land_use_efficiency import LandUseEfficiencyAlgorithm
from dbar_qgis_plugin.errors import DbarError

ALGORITHMS: Final[tuple[type[DbarAlgorithm], ...]] = (LandUseEfficiencyAlgorithm,)


class DbarProvider(QgsProcessingProvider):
    """Offers the algorithms as `dbar:…`."""

    def id(self) -> str:
        return "dbar"

    def name(self) -> str:
        return NAME

    def longName(self) -> str:
        return f"{NAME} {VERSION}"

    def versionInfo(self) -> str:
        return VERSION

    def icon(self) -> QIcon:
        return QIcon(str(ICON))

    def svgIconPath(self) -> str:
        return str(ICON)

    def message_of(self, error: Exception) -> str:
        """Write an error for the user, in the language of the window."""
        return translated(error) if isinstance(error, DbarError) else str(error)

    def loadAlgorithms(self) -> None:
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
