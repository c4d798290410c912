"""The user's own data."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QWidget

from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.session import CatalogSession


class MyDataPage(QWidget):
    """The user's own data."""

    def __init__(self, session: CatalogSession, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_my_data")
        self.session, self.desk = session, desk

    def close_page(self) -> None:
        """Take away what it has put on the map."""
