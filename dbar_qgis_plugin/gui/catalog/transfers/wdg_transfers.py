"""The files that are fetched."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QWidget

from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.session import CatalogSession


class TransfersPage(QWidget):
    """The files that are fetched."""

    def __init__(self, session: CatalogSession, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_transfers")
        self.session, self.desk = session, desk

    def close_page(self) -> None:
        """Take away what it has put on the map."""
