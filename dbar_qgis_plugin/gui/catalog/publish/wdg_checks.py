"""A list of checks: fine, to be minded, or failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QListWidget, QListWidgetItem, QWidget

from dbar_qgis_plugin.catalog.publishing.checks import Check, State
from dbar_qgis_plugin.gui.catalog.jobs import in_words

_ICONS: Mapping[State, str] = {
    State.FINE: "/mIconSuccess.svg",
    State.WARNING: "/mIconWarning.svg",
    State.FAILED: "/mIconCritical.svg",
}
_ORDER = (State.FAILED, State.WARNING, State.FINE)


class CheckList(QListWidget):
    """Checks, the failed ones first."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWordWrap(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)

    def show_checks(self, checks: Iterable[Check]) -> None:
        """Show checks instead of those before."""
        self.clear()
        for check in sorted(checks, key=lambda check: _ORDER.index(check.state)):
            icon = QgsApplication.getThemeIcon(_ICONS[check.state])
            item = QListWidgetItem(icon, in_words(check.words), self)
            item.setToolTip(in_words(check.words))
            item.setData(Qt.ItemDataRole.UserRole, check.state.value)
