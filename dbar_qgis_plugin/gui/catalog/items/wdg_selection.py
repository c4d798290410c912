"""What can be done with the items that are selected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.items.row import Row
from dbar_qgis_plugin.gui.catalog.jobs import size_in_words

_MOST_SIZES: Final = 1000  # items whose sizes are added up


class SelectionBar(QWidget):
    """How many items are selected, and buttons for what is done most.

    Parameters
    ----------
    desk : Desk
        Where it is told why something cannot be done.
    make_menu : callable
        Makes the menu of what can be done with the items, for a parent.
    """

    def __init__(
        self, desk: Desk, make_menu: Callable[[QWidget], QMenu], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_items_selection")
        translate = QCoreApplication.translate
        self._desk, self._make_menu = desk, make_menu
        self._text = QLabel()
        self._text.setObjectName("dbar_items_selection_text")
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._text, 1)
        for name, icon, text in (
            ("add_to_map", "/mActionAddRasterLayer.svg", translate("Dbar", "Add to map")),
            ("download", "/mActionFileSave.svg", translate("Dbar", "Download")),
        ):
            button = QToolButton()
            button.setObjectName(f"dbar_items_{name}")
            button.setIcon(QgsApplication.getThemeIcon(icon))
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.clicked.connect(lambda _checked=False, name=name: self._trigger(name))
            layout.addWidget(button)
        more = QToolButton()
        more.setObjectName("dbar_items_more")
        more.setText(translate("Dbar", "Actions"))
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._whole: QMenu | None = None  # the menu whose actions were shown last
        self._menu = QMenu(more)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill_menu)
        more.setMenu(self._menu)
        layout.addWidget(more)
        self.show_rows([])

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Say how many items are selected, and their size where all tell it."""
        self.setVisible(bool(rows))
        text = QCoreApplication.translate("Dbar", "{count} selected").format(count=len(rows))
        sizes = [row.size for row in rows[:_MOST_SIZES]]
        if rows and len(rows) <= _MOST_SIZES and None not in sizes:
            text = f"{text}, {size_in_words(sum(filter(None, sizes)))}"
        self._text.setText(text)
        self._text.setToolTip(text)

    def _trigger(self, name: str) -> None:
        """Do one of the things that the menu has; say why if it cannot be done."""
        menu = self._make_menu(self)
        for action in menu.actions():
            if action.objectName() == f"dbar_item_{name}":
                if action.isEnabled():
                    action.trigger()
                else:
                    self._desk.tell(action.toolTip(), Qgis.MessageLevel.Warning)
        menu.deleteLater()

    def _fill_menu(self) -> None:
        self._menu.clear()
        if self._whole is not None:
            self._whole.deleteLater()
        self._whole = self._make_menu(self)
        self._menu.addActions(self._whole.actions())
