"""What is searched for, where and when."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QWidget

from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.session import CatalogSession


class SearchPage(QWidget):
    """What is searched for, where and when."""

    def __init__(self, session: CatalogSession, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_search")
        self.session, self.desk = session, desk

    def close_page(self) -> None:
        """Take away what it has put on the map."""
