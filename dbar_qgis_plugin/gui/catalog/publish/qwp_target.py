"""Fourth page: the catalog, and the place of the files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qgis.gui import QgsAuthConfigSelect, QgsFileWidget
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from dbar_qgis_plugin.catalog.connection_tree import chip
from dbar_qgis_plugin.catalog.publishing.drafts import BESIDE, FOLDER, HOSTED, SIGNED, WEB
from dbar_qgis_plugin.catalog.publishing.sharing import OnConflict, identity_of
from dbar_qgis_plugin.catalog.publishing.targets import WRITABLE_KINDS
from dbar_qgis_plugin.gui.catalog.jobs import Control, Jobs
from dbar_qgis_plugin.gui.catalog.publish.publication import Publication
from dbar_qgis_plugin.gui.catalog.publish.qwp_base import PublishPage, add_row
from dbar_qgis_plugin.gui.catalog.session import CatalogSession
from dbar_qgis_plugin.gui.catalog.words import looked_up

_PURPOSE: Final = "collections"
_COLLECTION: Final = "results"
_WEB: Final = ("http://", "https://")
_NARROW: Final = 12  # characters that a list asks room for


class TargetPage(PublishPage):
    """Where item and files go."""

    def __init__(self, publication: Publication, session: CatalogSession, jobs: Jobs) -> None:
        translate = QCoreApplication.translate
        title = translate("Dbar", "Where it goes")
        super().__init__("dbar_publish_target", title, publication, session, jobs)
        self.target = _box("dbar_publish_catalog")
        self.target.setToolTip(
            translate(
                "Dbar",
                "A folder, or a connection to a STAC API, an OGC API-Records or a CSW that is "
                "marked as writable.",
            )
        )
        self.folder = QgsFileWidget()
        self.folder.setObjectName("dbar_publish_folder")
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.collection = _box("dbar_publish_collection")
        self.collection.setEditable(True)
        self.identity = QLineEdit()
        self.identity.setObjectName("dbar_publish_id")
        self.conflict = _box("dbar_publish_conflict")
        for choice, text in _conflicts().items():
            self.conflict.addItem(text, choice)
        self.place = _box("dbar_publish_place")
        self.places = QStackedWidget()
        self._make_places()
        form = QFormLayout(self.body)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        add_row(form, translate("Dbar", "Catalog"), self.target)
        self._folder_label = add_row(form, translate("Dbar", "Folder"), self.folder)
        add_row(form, translate("Dbar", "Collection"), self.collection)
        add_row(form, translate("Dbar", "Id of the item"), self.identity)
        add_row(form, translate("Dbar", "If the item is there already"), self.conflict)
        add_row(form, translate("Dbar", "Files"), self.place)
        form.addRow(self.places)
        self.target.currentIndexChanged.connect(lambda _index: self._target_changed())
        self.place.currentIndexChanged.connect(lambda _index: self._place_changed())
        for signal in (
            self.folder.fileChanged,
            self.collection.editTextChanged,
            self.identity.textChanged,
            self.files_folder.fileChanged,
            self.files_seen.textChanged,
            self.files_url.textChanged,
        ):
            signal.connect(lambda _text: self._changed())

    def initializePage(self) -> None:
        draft = self.publication.draft
        self.target.blockSignals(True)
        self.target.clear()
        text = QCoreApplication.translate("Dbar", "A folder, as a catalog of files")
        self.target.addItem(text, "")
        for connection in self.session.connections.all():
            if connection.writable and connection.kind in WRITABLE_KINDS:
                kind = looked_up(chip(connection.kind))
                self.target.addItem(f"{connection.name} – {kind}", connection.id)
        self.target.setCurrentIndex(max(self.target.findData(draft.connection), 0))
        self.target.blockSignals(False)
        self.folder.setFilePath(draft.folder)
        self.identity.setText(draft.identity)
        self.conflict.setCurrentIndex(self.conflict.findData(draft.on_conflict))
        self.files_folder.setFilePath(draft.files_folder)
        self.files_seen.setText(draft.files_url)
        self.files_url.setText(draft.files_url)
        self._fill_addresses()
        self._target_changed()
        self.collection.setEditText(draft.collection or _COLLECTION)
        self.place.setCurrentIndex(max(self.place.findData(draft.place), 0))

    def cleanupPage(self) -> None:
        self.jobs.cancel(_PURPOSE)

    def isComplete(self) -> bool:
        problem = self._problem()
        self.say(problem)
        return not problem

    def validatePage(self) -> bool:
        self._fill_draft()
        return True

    def _problem(self) -> str:
        """Say what is missing; the catalog itself is asked by the next page."""
        translate = QCoreApplication.translate
        typed, kind = self.identity.text().strip(), self.place.currentData()
        if not self.target.currentData() and not self.folder.filePath().strip():
            return translate("Dbar", "Choose the folder of the catalog; a new one may be empty.")
        if not typed or identity_of(typed) != typed.lower():
            return translate("Dbar", "Give the item an id of letters, digits, “-”, “_” and “.”.")
        if kind == FOLDER and not self.files_folder.filePath().strip():
            return translate("Dbar", "Choose the folder for the files.")
        addresses = {
            WEB: [self.files_url.text()],
            SIGNED: [edit.text() for edit in self.signed.values()],
            HOSTED: [edit.text() for edit in self.hosted.values()],
        }
        if any(not text.strip().lower().startswith(_WEB) for text in addresses.get(kind, ())):
            return translate("Dbar", "Give an address that begins with https://.")
        return ""

    def _make_places(self) -> None:
        translate = QCoreApplication.translate
        self.files_folder = QgsFileWidget()
        self.files_folder.setObjectName("dbar_publish_files_folder")
        self.files_folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.files_seen = QLineEdit()
        self.files_seen.setObjectName("dbar_publish_files_seen")
        self.files_url = QLineEdit()
        self.files_url.setObjectName("dbar_publish_files_url")
        self.files_auth = QgsAuthConfigSelect()
        self.files_auth.setObjectName("dbar_publish_files_auth")
        self.signed: dict[str, QLineEdit] = {}
        self.hosted: dict[str, QLineEdit] = {}
        self._forms: dict[str, QFormLayout] = {}
        self._make_place(BESIDE)
        self._make_place(
            FOLDER,
            (translate("Dbar", "Folder for the files"), self.files_folder),
            (translate("Dbar", "Its address on the web (if it has one)"), self.files_seen),
        )
        self._make_place(
            WEB,
            (translate("Dbar", "Address of the folder"), self.files_url),
            (
                translate("Dbar", "Credentials (if other than the catalog's)"),
                self.files_auth,
            ),
        )
        self._make_place(SIGNED)
        self._make_place(HOSTED)

    def _make_place(self, kind: str, *rows: tuple[str, QWidget]) -> None:
        page = QWidget()
        form = self._forms[kind] = QFormLayout(page)
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for label, widget in rows:
            add_row(form, label, widget)
        self.places.addWidget(page)

    def _fill_addresses(self) -> None:
        """Ask for an address for each file, where addresses are asked for."""
        known = {SIGNED: self.publication.secrets.signed, HOSTED: self.publication.draft.hosted}
        for kind, edits in ((SIGNED, self.signed), (HOSTED, self.hosted)):
            form = self._forms[kind]
            while form.rowCount():
                form.removeRow(0)
            edits.clear()
            for file in self.publication.files:
                edit = edits[file.key] = QLineEdit(known[kind].get(file.key, ""))
                edit.setObjectName(f"dbar_publish_{kind}_{file.key}")
                if kind == SIGNED:
                    edit.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
                edit.textChanged.connect(lambda _text: self._changed())
                add_row(form, file.name, edit)

    def _target_changed(self) -> None:
        """Offer what the catalog takes."""
        connection_id = self.target.currentData()
        for widget in (self._folder_label, self.folder):
            widget.setVisible(not connection_id)
        self.place.blockSignals(True)
        chosen = self.place.currentData()
        self.place.clear()
        for kind, text in _places().items():
            if kind != BESIDE or not connection_id:
                self.place.addItem(text, kind)
        self.place.setCurrentIndex(max(self.place.findData(chosen), 0))
        self.place.blockSignals(False)
        self._place_changed()
        if connection_id:
            self._ask_collections(connection_id)
        else:
            self.jobs.cancel(_PURPOSE)

    def _ask_collections(self, connection_id: str) -> None:
        library = self.session.library

        def work(control: Control) -> list[str]:
            adapter = library.adapter(connection_id)
            return [found.id for found in adapter.collections(control.is_cancelled) if found.id]

        title = QCoreApplication.translate("Dbar", "Asking for collections")
        self.jobs.start(_PURPOSE, title, work, self._collections, self.say_error)

    def _collections(self, names: list[str]) -> None:
        text = self.collection.currentText()
        self.collection.clear()
        self.collection.addItems(names)
        known = text in names or self.publication.draft.collection == text != _COLLECTION
        self.collection.setEditText(text if known or not names else names[0])

    def _place_changed(self) -> None:
        kind = self.place.currentData()
        self.places.setCurrentIndex(list(_places()).index(kind))
        # A stack is as high as its highest page; the others shall take no room.
        for number in range(self.places.count()):
            ignored = QSizePolicy.Policy.Ignored
            policy = (
                QSizePolicy.Policy.Preferred if number == self.places.currentIndex() else ignored
            )
            self.places.widget(number).setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self._changed()

    def _changed(self) -> None:
        self.completeChanged.emit()

    def _fill_draft(self) -> None:
        """Take what the page says."""
        kind = self.place.currentData()
        url = self.files_url.text() if kind == WEB else self.files_seen.text()
        self.publication.change(
            connection=self.target.currentData() or "",
            folder=self.folder.filePath().strip(),
            collection=self.collection.currentText().strip() or _COLLECTION,
            identity=self.identity.text().strip(),
            on_conflict=OnConflict(self.conflict.currentData()),
            place=kind,
            files_folder=self.files_folder.filePath().strip(),
            files_url=url.strip(),
            hosted={key: edit.text().strip() for key, edit in self.hosted.items()},
        )
        signed = {key: edit.text().strip() for key, edit in self.signed.items()}
        self.publication.keep_secrets(self.files_auth.configId(), signed)


def _box(name: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(_NARROW)
    return box


def _conflicts() -> Mapping[OnConflict, str]:
    translate = QCoreApplication.translate
    return {
        OnConflict.REFUSE: translate("Dbar", "Stop"),
        OnConflict.VERSION: translate("Dbar", "Share as a new version of it"),
        OnConflict.OVERWRITE: translate("Dbar", "Write over it"),
    }


def _places() -> Mapping[str, str]:
    translate = QCoreApplication.translate
    return {
        BESIDE: translate("Dbar", "Beside the item"),
        FOLDER: translate("Dbar", "Into a folder of this computer or network"),
        WEB: translate("Dbar", "To a web folder (WebDAV, HTTP PUT)"),
        SIGNED: translate("Dbar", "To addresses that are signed for upload"),
        HOSTED: translate("Dbar", "They are on the web already"),
    }
