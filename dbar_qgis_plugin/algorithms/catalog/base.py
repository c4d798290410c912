"""What all algorithms of the data-sharing catalogs share."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import DbarAlgorithm


class CatalogAlgorithm(DbarAlgorithm):
    """Base of the algorithms of catalogs."""

    def group(self) -> str:
        return QCoreApplication.translate("Dbar", "Catalog")

    def groupId(self) -> str:
        return "catalog"

    def tags(self) -> list[str]:
        words = QCoreApplication.translate("Dbar", "catalog,STAC,CSW,Records,share,open data")
        return words.split(",")
