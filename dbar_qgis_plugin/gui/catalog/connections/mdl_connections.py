"""The tree of connections: groups, and in them name, protocol and state of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QLocale, Qt
from qgis.PyQt.QtGui import QIcon, QStandardItem, QStandardItemModel

from dbar_qgis_plugin.catalog.connection_tree import Row, caution, tree
from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.health import Check, Health, State
from dbar_qgis_plugin.gui.catalog.jobs import in_words
from dbar_qgis_plugin.gui.catalog.words import looked_up

ID: Final = Qt.ItemDataRole.UserRole + 1  # of the connection; None for a group
_ICONS: Final = {
    State.UNKNOWN: "/mIconInfo.svg",
    State.OK: "/mIconSuccess.svg",
    State.SLOW: "/mIconWarning.svg",
    State.AUTH: "/locked.svg",
    State.DOWN: "/mIconCritical.svg",
}


class ConnectionsModel(QStandardItemModel):
    """Connections by group; filled by `show_connections`."""

    NAME, PROTOCOL, STATE, RIGHTS = range(4)

    def show_connections(
        self,
        connections: Iterable[Connection],
        checks: Mapping[str, Check],
        is_asked: Callable[[str], bool],
    ) -> None:
        """Show these, with what their last checks have found, and whether one is under way."""
        translate = QCoreApplication.translate
        self.clear()
        self.setHorizontalHeaderLabels(
            [
                translate("Dbar", "Name"),
                translate("Dbar", "Protocol"),
                translate("Dbar", "State"),
                "",
            ]
        )
        health = {key: found.health for key, found in checks.items()}
        for group in tree(connections, health):
            parent = _cell(looked_up(group.title))
            font = parent.font()
            font.setBold(True)
            parent.setFont(font)
            parent.setSelectable(False)
            for row in group.rows:
                cells = _cells(row)
                if is_asked(row.connection.id):
                    cells[self.STATE].setText(translate("Dbar", "Asking…"))
                parent.appendRow(cells)
            self.appendRow([parent, _cell(), _cell(), _cell()])


def state_in_words(health: Health, verified: bool) -> str:
    """Name a state in a word or two."""
    translate = QCoreApplication.translate
    if health.state is State.UNKNOWN:
        return translate("Dbar", "Not checked") if verified else translate("Dbar", "Unverified")
    return {
        State.OK: translate("Dbar", "OK"),
        State.SLOW: translate("Dbar", "Slow"),
        State.AUTH: translate("Dbar", "Credentials"),
        State.DOWN: translate("Dbar", "Down"),
    }[health.state]


def checked_in_words(health: Health) -> str:
    """Say when the last check was, "" for never."""
    if health.checked is None:
        return ""
    local = health.checked.astimezone().time()
    moment = QLocale().toString(local, QLocale.FormatType.ShortFormat)
    return QCoreApplication.translate("Dbar", "Last check: {time}").format(time=moment)


def state_icon(state: State) -> QIcon:
    """Return the icon of a state."""
    return QgsApplication.getThemeIcon(_ICONS[state])


def _cells(row: Row) -> list[QStandardItem]:
    connection, translate = row.connection, QCoreApplication.translate
    name = _cell(connection.name)
    name.setData(connection.id, ID)
    name.setIcon(state_icon(row.health.state))
    protocol = _cell(looked_up(row.chip))
    state = _cell(state_in_words(row.health, connection.verified))
    rights = _cell()
    if connection.writable:
        rights.setIcon(QgsApplication.getThemeIcon("/mActionToggleEditing.svg"))
        may = translate("Dbar", "You may share data to it.")
    else:
        rights.setIcon(QgsApplication.getThemeIcon("/lockedGray.svg"))
        may = translate("Dbar", "It is only read.")
    said = (connection.url, state.text(), in_words(row.words), checked_in_words(row.health), may)
    warning = caution(connection.kind)
    said = (*said, looked_up(warning) if warning else "")
    cells = [name, protocol, state, rights]
    for cell in cells:
        cell.setToolTip("\n".join(filter(None, said)))
    return cells


def _cell(text: str = "") -> QStandardItem:
    item = QStandardItem(text)
    item.setEditable(False)
    return item
