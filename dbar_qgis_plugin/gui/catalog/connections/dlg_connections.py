"""The list of connections: how each is, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Final

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QItemSelectionModel, QModelIndex, QSize, Qt
from qgis.PyQt.QtGui import QAction, QResizeEvent
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHeaderView,
    QLabel,
    QMenu,
    QMessageBox,
    QToolBar,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from dbar_qgis_plugin.catalog.connections import Connection, Imported, from_json, to_json
from dbar_qgis_plugin.catalog.health import Health, State
from dbar_qgis_plugin.errors import InputError, OutputError, translate
from dbar_qgis_plugin.gui.catalog.connections.dlg_connection import ConnectionDialog
from dbar_qgis_plugin.gui.catalog.connections.mdl_connections import (
    ID,
    ConnectionsModel,
    checked_in_words,
    state_in_words,
)
from dbar_qgis_plugin.gui.catalog.failures import FailureNote, show_failure
from dbar_qgis_plugin.gui.catalog.jobs import Jobs, in_words
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

_ENDING: Final = ".json"
_ROOMY_CHARS: Final = 60  # of a window that has room for all columns


class ConnectionsDialog(QDialog):
    """The connections in their groups."""

    def __init__(self, session: CatalogSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_connections")
        self.setWindowTitle(QCoreApplication.translate("Dbar", "Catalog connections"))
        self.session = session
        self._jobs = Jobs(self)
        self._build()
        session.connections_changed.connect(self.refresh)
        session.health_changed.connect(self._health_changed)
        self.finished.connect(lambda _result: self._jobs.close())
        self.refresh()

    def selected(self) -> list[Connection]:
        """Return the connections that are selected, in the order of the list."""
        rows = sorted(self.view.selectionModel().selectedRows(), key=_place)
        chosen = {index.data(ID) for index in rows}
        return [one for one in self.session.connections.all() if one.id in chosen]

    def select(self, ids: Iterable[str]) -> None:
        """Select connections, and show the last of them."""
        wanted = set(ids)
        select = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for index in self._rows():
            if index.data(ID) in wanted:
                self.view.selectionModel().select(index, select)
                self.view.scrollTo(index)

    def refresh(self) -> None:
        """Show the connections as they are now."""
        chosen = [one.id for one in self.selected()]
        self.model.show_connections(
            self.session.connections.all(), self.session.health, self.session.is_checked
        )
        self.view.expandAll()
        header = self.view.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(ConnectionsModel.NAME, QHeaderView.ResizeMode.Stretch)
        for column in range(ConnectionsModel.PROTOCOL, self.model.columnCount()):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        for group in range(self.model.rowCount()):
            self.view.setFirstColumnSpanned(group, QModelIndex(), True)
        self.select(chosen)
        self._show_selected()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room to the names where there is little: icons tell the state too."""
        super().resizeEvent(event)
        self.view.setColumnHidden(ConnectionsModel.STATE, self.width() < _ROOMY_CHARS * self._em())

    # What the user does

    def add(self) -> None:
        """Open the form for a new connection."""
        self._open_form(None)

    def edit(self) -> None:
        """Open the form of the selected connection."""
        chosen = self.selected()
        if len(chosen) == 1:
            self._open_form(chosen[0])

    def remove(self) -> None:
        """Remove the selected connections, if the user says so."""
        chosen = self.selected()
        translate = QCoreApplication.translate
        question = translate(
            "Dbar",
            "Remove {names} from the list? The catalog itself, its credentials, and what was "
            "fetched from it stay.",
        ).format(names=", ".join(one.name for one in chosen))
        if chosen and self._confirmed(translate("Dbar", "Remove"), question):
            for connection in chosen:
                self.session.connections.remove(connection.id)
                self.session.health.pop(connection.id, None)
            self.session.connections_changed.emit()

    def check(self) -> None:
        """Ask the selected connections, or all, how they are."""
        for connection in self.selected() or self.session.connections.all():
            self.session.check(connection)
        self.refresh()

    def restore_presets(self) -> None:
        """Bring back the presets as the plugin has them, if the user says so."""
        translate = QCoreApplication.translate
        question = translate(
            "Dbar",
            "Bring back the plugin's own connections? What you changed in them is lost; your own "
            "connections stay.",
        )
        if self._confirmed(translate("Dbar", "Restore presets"), question):
            self.session.connections.restore_presets()
            self.session.connections_changed.emit()

    def import_file(self) -> None:
        """Read connections from a file that somebody has exported."""
        path, _ = QFileDialog.getOpenFileName(self, self._import_title(), "", _file_filter())
        if path:
            self._jobs.start(
                "import",
                self._import_title(),
                lambda _control: _read(Path(path)),
                self._imported,
                partial(show_failure, self, self._import_title()),
            )

    def export_file(self) -> None:
        """Write the selected connections, or all, to a file; without credentials."""
        title = QCoreApplication.translate("Dbar", "Export connections")
        path, _ = QFileDialog.getSaveFileName(self, title, "connections.json", _file_filter())
        if not path:
            return
        if not path.lower().endswith(_ENDING):
            path += _ENDING
        text = to_json(self.selected() or self.session.connections.all())
        self._jobs.start(
            "export",
            title,
            lambda _control: _write(Path(path), text),
            lambda _written: self._say(
                QCoreApplication.translate(
                    "Dbar", "Written to {path}, without credentials."
                ).format(path=path)
            ),
            partial(show_failure, self, title),
        )

    # The window

    def _build(self) -> None:
        translate = QCoreApplication.translate
        self.model = ConnectionsModel(self)
        self.view = QTreeView()
        self.view.setObjectName("dbar_catalog_connections_tree")
        self.view.setModel(self.model)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setRootIsDecorated(True)
        self.view.setIndentation(12)
        self.view.setUniformRowHeights(True)
        self.view.doubleClicked.connect(lambda _index: self.edit())
        self.note = FailureNote("dbar_catalog_connections_note")
        self.words = QLabel()
        self.words.setObjectName("dbar_catalog_connections_words")
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        # Qt's own words are not there in every language.
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(
            QCoreApplication.translate("Dbar", "Close")
        )
        buttons.setObjectName("dbar_catalog_connections_buttons")
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self._tool_bar())
        layout.addWidget(self.view, 1)
        layout.addWidget(self.words)
        layout.addWidget(self.note)
        layout.addWidget(buttons)
        self.resize(480, 520)
        self.view.setAccessibleName(translate("Dbar", "Catalog connections"))
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._show_selected())

    def _tool_bar(self) -> QToolBar:
        translate = QCoreApplication.translate
        bar = QToolBar()
        bar.setIconSize(QSize(16, 16))
        self._edit = self._action(
            "edit", translate("Dbar", "Edit…"), "/mActionToggleEditing.svg", self.edit
        )
        self._remove = self._action(
            "remove", translate("Dbar", "Remove"), "/symbologyRemove.svg", self.remove
        )
        self._remove.setShortcut("Del")
        bar.addAction(self._action("add", translate("Dbar", "Add…"), "/symbologyAdd.svg", self.add))
        bar.addAction(self._edit)
        bar.addAction(self._remove)
        bar.addAction(
            self._action("check", translate("Dbar", "Check"), "/mActionRefresh.svg", self.check)
        )
        menu = QMenu(self)
        for name, text, icon, act in (
            ("import", translate("Dbar", "Import…"), "/mActionSharingImport.svg", self.import_file),
            ("export", translate("Dbar", "Export…"), "/mActionSharingExport.svg", self.export_file),
            (
                "restore",
                translate("Dbar", "Restore presets…"),
                "/mActionUndo.svg",
                self.restore_presets,
            ),
        ):
            menu.addAction(self._action(name, text, icon, act))
        more = QToolButton()
        more.setObjectName("dbar_catalog_connections_more")
        more.setText(translate("Dbar", "More"))
        more.setMenu(menu)
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        bar.addWidget(more)
        return bar

    def _action(self, name: str, text: str, icon: str, act: Callable[[], None]) -> QAction:
        action = QAction(QgsApplication.getThemeIcon(icon), text, self)
        action.setObjectName(f"dbar_catalog_connections_{name}")
        action.triggered.connect(lambda _checked=False: act())
        return action

    def _em(self) -> int:
        return self.fontMetrics().averageCharWidth()

    def _rows(self) -> Iterable[QModelIndex]:
        for group in range(self.model.rowCount()):
            parent = self.model.index(group, 0)
            for row in range(self.model.rowCount(parent)):
                yield self.model.index(row, 0, parent)

    def _show_selected(self) -> None:
        """Say of a single selected connection how it is, and what it can do."""
        chosen = self.selected()
        self._edit.setEnabled(len(chosen) == 1)
        self._remove.setEnabled(bool(chosen))
        self.note.clear()
        self._say("")
        if len(chosen) != 1:
            return
        connection = chosen[0]
        found = self.session.health.get(connection.id)
        if found is None:
            state = state_in_words(Health(), connection.verified)
            self._say(f"{connection.url}\n{state}")
            return
        health = found.health
        if health.state in (State.AUTH, State.DOWN) and health.words is not None:
            self.note.show_error(health.words, connection)
            return
        state = (state_in_words(health, connection.verified), checked_in_words(health))
        lines = [connection.url, " · ".join(filter(None, state))]
        if found.capabilities is not None:
            lines += map(in_words, found.capabilities.says)
        self._say("\n".join(lines))

    def _say(self, text: str) -> None:
        self.words.setText(text)
        self.words.setVisible(bool(text))

    def _health_changed(self, _connection_id: str) -> None:
        self.refresh()

    def _open_form(self, connection: Connection | None) -> None:
        form = ConnectionDialog(self.session, connection, self)
        form.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        form.accepted.connect(lambda: self._take(form))
        form.open()

    def _take(self, form: ConnectionDialog) -> None:
        connection = form.connection
        self.session.connections.save(connection)
        if form.found is not None:
            self.session.health[connection.id] = form.found
        self.session.connections_changed.emit()
        self.view.clearSelection()
        self.select([connection.id])

    def _confirmed(self, title: str, question: str) -> bool:
        yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
        return QMessageBox.question(self, title, question, yes | no, no) == yes

    def _import_title(self) -> str:
        return QCoreApplication.translate("Dbar", "Import connections")

    def _imported(self, imported: Imported) -> None:
        new = self.session.connections.add(imported.connections)
        self.session.connections_changed.emit()
        self.view.clearSelection()
        self.select(one.id for one in new)
        said = QCoreApplication.translate(
            "Dbar", "{new} of {count} connections are new; what you have was left as it is."
        ).format(new=len(new), count=len(imported.connections))
        self._say("\n".join([said, *map(in_words, imported.notes)]))


def _place(index: QModelIndex) -> tuple[int, int]:
    return index.parent().row(), index.row()


def _file_filter() -> str:
    return QCoreApplication.translate("Dbar", "Catalog connections (*.json)")


def _read(path: Path) -> Imported:
    try:
        return from_json(path.read_bytes())
    except OSError as error:
        raise InputError(
            translate("Dbar", "{path} cannot be read: {reason}."),
            path=path,
            reason=error.strerror or "?",
        ) from error


def _write(path: Path, text: str) -> None:
    """Write a file whole, or leave what is there."""
    draft = path.with_name(f"{path.name}.part")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise OutputError(
            translate("Dbar", "{path} cannot be written: {reason}. Choose another folder."),
            path=path,
            reason=error.strerror or "?",
        ) from error
