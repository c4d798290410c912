"""What the dock of the catalog holds: four pages, and a switch between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QSize, Qt
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dbar_qgis_plugin.gui.catalog.actions.item_actions import ItemActions
from dbar_qgis_plugin.gui.catalog.actions.signed_layers import SignedLayers
from dbar_qgis_plugin.gui.catalog.actions.wdg_pick_bar import PickBar
from dbar_qgis_plugin.gui.catalog.desk import Desk, Page
from dbar_qgis_plugin.gui.catalog.items.view import ItemsView
from dbar_qgis_plugin.gui.catalog.my_data.wdg_my_data import MyDataPage
from dbar_qgis_plugin.gui.catalog.publish.wzd_publish import Publisher
from dbar_qgis_plugin.gui.catalog.results.wdg_results import ResultsPage
from dbar_qgis_plugin.gui.catalog.search.wdg_search import SearchPage
from dbar_qgis_plugin.gui.catalog.session import CatalogSession
from dbar_qgis_plugin.gui.catalog.transfers.wdg_transfers import TransfersPage

# In the order in which they are made: as soon as it is there, the search asks catalogs, which
# would slow down the others.
_PAGES = {
    Page.RESULTS: ResultsPage,
    Page.TRANSFERS: TransfersPage,
    Page.MY_DATA: MyDataPage,
    Page.SEARCH: SearchPage,
}
_ICONS = {
    Page.SEARCH: "/search.svg",
    Page.RESULTS: "/mActionOpenTable.svg",
    Page.TRANSFERS: "/mActionFileSave.svg",
    Page.MY_DATA: "/mIconFolder.svg",
}


class CatalogBody(QWidget):
    """Search, results, transfers and the user's own data; whole when `build` has ended."""

    def __init__(self, session: CatalogSession, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_body")
        self.session, self.desk = session, desk
        self.pages: dict[Page, QWidget] = {}
        self.actions = ItemActions(session, desk, self)
        self.publisher = Publisher(session, desk)
        self.pick_bar = PickBar(desk)
        self.pick_bar.use_wanted.connect(self._use_selected)
        self._signed_layers = SignedLayers(session, self)
        self._stack = QStackedWidget()
        self._stack.setObjectName("dbar_catalog_pages")
        self._switch = QButtonGroup(self)
        self._buttons: dict[Page, QToolButton] = {}
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        for page in Page:
            row.addWidget(self._button(page))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addLayout(row)
        layout.addWidget(self.pick_bar)
        layout.addWidget(self._stack)
        desk.count_changed.connect(self._show_count)

    def build(self) -> Iterator[None]:
        """Make the pages, in steps that do not hold the window up."""
        for page, make in _PAGES.items():
            widget = make(self.session, self.desk, self._stack)
            yield from widget.build()
            self.pages[page] = widget
            self._stack.addWidget(widget)
            yield
        self.desk.page_wanted.connect(self.show_page)
        self.show_page(self.desk.page)

    def show_page(self, page: Page) -> None:
        """Turn to a page."""
        self._stack.setCurrentWidget(self.pages[page])
        self._buttons[page].setChecked(True)

    def _show_count(self, page: Page, count: int) -> None:
        title = _titles()[page]
        self._buttons[page].setText(f"{title} ({count})" if count else title)

    def _use_selected(self) -> None:
        """Give what is selected on the page to the dialog that waits for it."""
        views = self._stack.currentWidget().findChildren(ItemsView)
        self.actions.take([item for view in views for item in view.selected_items()])

    def close_body(self) -> None:
        """Take what is on the map, and stop all that runs; called when the plugin goes."""
        for page in self.pages.values():
            page.close_page()
        self.publisher.close()
        self._signed_layers.close()
        self.session.close()

    def _button(self, page: Page) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"dbar_catalog_page_{page.value}")
        button.setText(_titles()[page])
        button.setIcon(QgsApplication.getThemeIcon(_ICONS[page]))
        button.setIconSize(QSize(16, 16))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setMinimumWidth(48)  # rather cut a word than widen the window
        button.clicked.connect(lambda _checked=False: self.show_page(page))
        self._switch.addButton(button)
        self._buttons[page] = button
        return button


def _titles() -> Mapping[Page, str]:
    translate = QCoreApplication.translate
    return {
        Page.SEARCH: translate("Dbar", "Search"),
        Page.RESULTS: translate("Dbar", "Results"),
        Page.TRANSFERS: translate("Dbar", "Transfers"),
        Page.MY_DATA: translate("Dbar", "My data"),
    }
