"""Free space: what lies in the folder of My data, how large it is, and what may go."""

from __future__ import annotations

import shutil
from typing import NamedTuple

from qgis.core import Qgis, QgsProject
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QMessageBox,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from dbar_qgis_plugin.catalog.local.store import Freed
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.jobs import Control, Jobs, in_words, size_in_words
from dbar_qgis_plugin.gui.catalog.my_data.mdl_free_space import FreeSpaceModel, Heap, heaps_of
from dbar_qgis_plugin.gui.catalog.my_data.result_watch import file_of
from dbar_qgis_plugin.gui.catalog.session import CatalogSession


class _Found(NamedTuple):
    """What lies in the folder, and the bytes that its disk has left."""

    heaps: list[Heap]
    free: int


class FreeSpaceDialog(QDialog):
    """Lists the items whose files lie in the folder, and deletes those that are ticked."""

    def __init__(self, session: CatalogSession, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_free_space")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        translate = QCoreApplication.translate
        self.setWindowTitle(translate("Dbar", "Free space"))
        self.session, self.desk = session, desk
        self._jobs = Jobs(self)
        self._free = 0
        self.model = FreeSpaceModel(self)
        self.model.dataChanged.connect(lambda *_: self._update())
        self._summary = QLabel(translate("Dbar", "Looking at the files…"))
        self._summary.setObjectName("dbar_free_space_summary")
        self._summary.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        # Qt's own words are not there in every language.
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(translate("Dbar", "Close"))
        buttons.rejected.connect(self.reject)
        self._delete = QPushButton(translate("Dbar", "Delete…"))
        self._delete.setObjectName("dbar_free_space_delete")
        self._delete.setEnabled(False)
        self._delete.clicked.connect(self._ask)
        buttons.addButton(self._delete, QDialogButtonBox.ButtonRole.ActionRole)
        layout = QVBoxLayout(self)
        layout.addWidget(self._make_view())
        layout.addWidget(self._summary)
        layout.addWidget(buttons)
        self.resize(560, 420)
        self._look()

    def done(self, result: int) -> None:
        self._jobs.close()
        super().done(result)

    def _make_view(self) -> QTableView:
        view = QTableView()
        view.setObjectName("dbar_free_space_list")
        view.setModel(self.model)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.verticalHeader().hide()
        header = view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        return view

    def _look(self) -> None:
        data = self.session.library.data
        layers = QgsProject.instance().mapLayers().values()
        shown = frozenset(path for layer in layers if (path := file_of(layer)) is not None)

        def work(control: Control) -> _Found:
            heaps = heaps_of(data.stored(control.is_cancelled), shown)
            return _Found(heaps, shutil.disk_usage(data.folder).free)

        title = QCoreApplication.translate("Dbar", "Looking at the files of My data")
        self._jobs.start("look", title, work, self._show, self._tell)

    def _show(self, found: _Found) -> None:
        self._free = found.free
        self.model.set_heaps(found.heaps)
        self._update()

    def _update(self) -> None:
        chosen = sum(heap.size for heap in self.model.ticked())
        total = sum(heap.size for heap in self.model.heaps)
        self._delete.setEnabled(bool(self.model.ticked()))
        self._summary.setText(
            QCoreApplication.translate(
                "Dbar",
                "{chosen} of {total} are ticked; the disk has {free} left. Only files within "
                "{folder} are listed: those that lie elsewhere stay where they are.",
            ).format(
                chosen=size_in_words(chosen),
                total=size_in_words(total),
                free=size_in_words(self._free),
                folder=self.session.library.data.folder,
            )
        )

    def _ask(self) -> None:
        translate = QCoreApplication.translate
        heaps = self.model.ticked()
        text = translate(
            "Dbar", "The files of these items are deleted for good: {count} items, {size}."
        ).format(count=len(heaps), size=size_in_words(sum(heap.size for heap in heaps)))
        if any(heap.is_shown for heap in heaps):
            text += "\n\n" + translate(
                "Dbar", "Some of them are shown on the map: their layers will be empty."
            )
        answer = QMessageBox.question(self, self.windowTitle(), text)
        if answer == QMessageBox.StandardButton.Yes:
            self._free_places()

    def _free_places(self) -> None:
        data, places = self.session.library.data, self.model.places()
        self._delete.setEnabled(False)
        title = QCoreApplication.translate("Dbar", "Deleting files of My data")
        self._jobs.start("free", title, lambda _control: data.free(places), self._freed, self._tell)

    def _freed(self, freed: Freed) -> None:
        text = QCoreApplication.translate("Dbar", "{size} are free again.")
        parts = [text.format(size=size_in_words(freed.size)), *map(in_words, freed.kept)]
        level = Qgis.MessageLevel.Warning if freed.kept else Qgis.MessageLevel.Success
        self.desk.tell(" ".join(parts), level)
        self.session.data_changed.emit()
        self._look()

    def _tell(self, error: DbarError) -> None:
        self.session.data_changed.emit()
        self.desk.tell(in_words(error), Qgis.MessageLevel.Warning)
        self._delete.setEnabled(bool(self.model.ticked()))
