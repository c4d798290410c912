"""First page: the files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from qgis.core import QgsMapLayer, QgsProject, QgsProviderRegistry
from qgis.PyQt.QtCore import QCoreApplication, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
)

from dbar_qgis_plugin.catalog.publishing.pieces import Piece, Restriction, pieces_of
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.jobs import Control, Jobs
from dbar_qgis_plugin.gui.catalog.publish.publication import Publication
from dbar_qgis_plugin.gui.catalog.publish.qwp_base import PublishPage
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

_PURPOSE: Final = "sources"


def file_of_layer(layer: QgsMapLayer) -> Path | None:
    """Return the file of a layer; None for one that is no file of this computer."""
    registry = QgsProviderRegistry.instance()
    parts = registry.decodeUri(layer.providerType(), layer.source())
    path = Path(str(parts.get("path") or ""))
    return path if parts.get("path") and path.is_absolute() else None


class SourcesPage(PublishPage):
    """Files that are shared together, as one item."""

    draft_wanted = pyqtSignal()  # the user wants to go on with a draft

    def __init__(self, publication: Publication, session: CatalogSession, jobs: Jobs) -> None:
        translate = QCoreApplication.translate
        title = translate("Dbar", "What to share")
        super().__init__("dbar_publish_sources", title, publication, session, jobs)
        self.files = QListWidget()
        self.files.setObjectName("dbar_publish_files")
        self.files.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.files.setWordWrap(True)
        self.files.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        hint = QLabel(
            translate(
                "Dbar",
                "These files become one item. Add at least one raster; tables and reports of the "
                "same result may go with it.",
            )
        )
        hint.setWordWrap(True)
        add = self._button("dbar_publish_add", translate("Dbar", "Add files…"))
        add.clicked.connect(lambda _checked=False: self._choose_files())
        self._layers = self._button("dbar_publish_add_layer", translate("Dbar", "Add layer"))
        self._layers.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._layers)
        menu.aboutToShow.connect(lambda: self._fill_layers(menu))
        self._layers.setMenu(menu)
        remove = self._button("dbar_publish_remove", translate("Dbar", "Remove"))
        remove.clicked.connect(lambda _checked=False: self._remove())
        draft = self._button("dbar_publish_open_draft", translate("Dbar", "Open draft…"))
        draft.clicked.connect(lambda _checked=False: self.draft_wanted.emit())
        first, second = QHBoxLayout(), QHBoxLayout()
        for button in (add, self._layers):
            first.addWidget(button)
        for button in (remove, draft):
            second.addWidget(button)
        layout = QVBoxLayout(self.body)
        layout.addWidget(hint)
        layout.addWidget(self.files, 1)
        layout.addLayout(first)
        layout.addLayout(second)

    def initializePage(self) -> None:
        self.look()

    def isComplete(self) -> bool:
        return bool(self.publication.pieces) and not self.jobs.is_running(_PURPOSE)

    def add_paths(self, paths: list[Path]) -> None:
        """Add files."""
        known = self.publication.draft.sources
        self.publication.change(sources=tuple(dict.fromkeys([*known, *map(str, paths)])))
        self.look()

    def look(self) -> None:
        """Look at the files, in the background."""
        paths = [Path(text) for text in self.publication.draft.sources]
        data = self.session.library.data
        self.publication.pieces = ()
        self._show(())
        if not paths:
            self.jobs.cancel(_PURPOSE)
            self.say(QCoreApplication.translate("Dbar", "Add a file, or a layer of the map."))
            self.completeChanged.emit()
            return

        def work(control: Control) -> tuple[Piece, ...]:
            control.progress.check()
            return pieces_of(paths, data)

        title = QCoreApplication.translate("Dbar", "Looking at files to be shared")
        self.say(QCoreApplication.translate("Dbar", "Looking at the files…"))
        self.jobs.start(_PURPOSE, title, work, self._found, self._failed)
        self.completeChanged.emit()

    def _found(self, pieces: tuple[Piece, ...]) -> None:
        self.publication.take_pieces(pieces)
        self._show(pieces)
        self.say("")
        self.completeChanged.emit()

    def _failed(self, error: DbarError) -> None:
        self.say_error(error)
        self.completeChanged.emit()

    def _show(self, pieces: tuple[Piece, ...]) -> None:
        """List the sources, with what was found of them, and what goes along."""
        self.files.clear()
        notes = {str(piece.path): _notes()[piece.restriction] for piece in pieces}
        sources = list(self.publication.draft.sources)
        for path in dict.fromkeys([*sources, *notes]):
            note = notes.get(path, "")
            name = Path(path).name
            text = f"{name} – {note}" if note else name
            item = QListWidgetItem(text, self.files)
            item.setToolTip(path)
            item.setData(Qt.ItemDataRole.UserRole, path)
            if path not in sources:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsSelectable)

    def _choose_files(self) -> None:
        translate = QCoreApplication.translate
        chosen, _ = QFileDialog.getOpenFileNames(self, translate("Dbar", "Files to share"))
        if chosen:
            self.add_paths([Path(text) for text in chosen])

    def _fill_layers(self, menu: QMenu) -> None:
        menu.clear()
        for layer in QgsProject.instance().mapLayers().values():
            path = file_of_layer(layer)
            if path is not None:
                action = menu.addAction(layer.name())
                action.setToolTip(str(path))
                action.triggered.connect(lambda _checked=False, path=path: self.add_paths([path]))
        if menu.isEmpty():
            empty = menu.addAction(
                QCoreApplication.translate("Dbar", "No layer is a file of this computer")
            )
            empty.setEnabled(False)

    def _remove(self) -> None:
        gone = {item.data(Qt.ItemDataRole.UserRole) for item in self.files.selectedItems()}
        kept = tuple(path for path in self.publication.draft.sources if path not in gone)
        self.publication.change(sources=kept)
        self.look()

    def _button(self, name: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setText(text)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return button


def _notes() -> Mapping[Restriction, str]:
    translate = QCoreApplication.translate
    return {
        Restriction.NONE: "",
        Restriction.DERIVED: translate("Dbar", "from data that must not be passed on"),
        Restriction.SOURCE: translate("Dbar", "must not be passed on"),
    }
