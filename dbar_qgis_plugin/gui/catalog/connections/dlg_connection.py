"""One connection: its address, credentials and limits; what it speaks is found out."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final

from qgis.core import QgsApplication
from qgis.gui import QgsAuthConfigSelect, QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import QCoreApplication, Qt, QTimer
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dbar_qgis_plugin.catalog.adapters import open_adapter
from dbar_qgis_plugin.catalog.adapters.sniffing import sniff
from dbar_qgis_plugin.catalog.connection_tree import caution, chip
from dbar_qgis_plugin.catalog.connections import (
    KINDS,
    PAGE_SIZES,
    TIMEOUTS_S,
    Connection,
    group_titles,
    http_of,
    new_id,
)
from dbar_qgis_plugin.catalog.health import Check, State, check
from dbar_qgis_plugin.errors import DbarError, InputError, translate
from dbar_qgis_plugin.gui.catalog.failures import FailureNote
from dbar_qgis_plugin.gui.catalog.jobs import Control, Jobs, in_words
from dbar_qgis_plugin.gui.catalog.session import CatalogSession
from dbar_qgis_plugin.gui.catalog.words import looked_up

_TYPED_MS: Final = 600  # without a key, after which an address is taken as complete
_HOST_LINES: Final = 3


class ConnectionDialog(QDialog):
    """A form for a connection; `connection` is what came out of it, once it was accepted.

    Parameters
    ----------
    session : CatalogSession
        For the way to the network.
    connection : Connection, optional
        The one to change; a new one else.
    """

    def __init__(
        self, session: CatalogSession, connection: Connection | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_connection")
        self.connection = connection
        self.found: Check | None = None  # what the last test of the form has found
        self._transport = session.library.transport
        self._jobs = Jobs(self)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.timeout.connect(self.find_kind)
        self._build()
        if connection is not None:
            self._fill(connection)
        self.url_edit.textChanged.connect(self._url_changed)
        self.finished.connect(lambda _result: self._jobs.close())

    def form_connection(self, **others: Any) -> Connection:
        """Return what the form says.

        Raises
        ------
        InputError
            If it is none, or its address holds credentials.
        """
        before = self.connection
        values: dict[str, Any] = {
            "name": self.name_edit.text().strip(),
            "url": self.url_edit.text().strip(),
            "kind": self.kind_box.currentData(),
            "group": self.group_box.currentData(),
            "authcfg": self._credentials(self.auth_select, before and before.authcfg),
            "asset_authcfg": self._credentials(
                self.asset_auth_select, before and before.asset_authcfg
            ),
            "asset_hosts": tuple(self.hosts_edit.toPlainText().split()),
            "page_size": self.page_size_box.value(),
            "timeout_s": self.timeout_box.value(),
            "writable": self.writable_box.isChecked(),
            **others,
        }
        if before is None:
            return Connection(**values, id=new_id())
        same = (values["url"], values["kind"]) == (before.url, before.kind)
        return replace(before, **values, verified=before.verified and same)

    def find_kind(self) -> None:
        """Find out, in the background, what the address leads to."""
        self._typed.stop()
        url = self.url_edit.text().strip()
        if not url:
            return
        try:
            # Before the first request: an address with credentials is asked for nothing.
            asked = self.form_connection(name=self._shown_name(), kind=KINDS[0])
        except InputError as error:
            self._refuse(error)
            return
        self._say(QCoreApplication.translate("Dbar", "Finding out what it is…"))
        http = http_of(asked, self._transport)
        self._jobs.start(
            "kind",
            QCoreApplication.translate("Dbar", "Asking {name}").format(name=asked.name),
            lambda control: sniff(url, http, control.is_cancelled),
            self._kind_found,
            partial(self._failed, connection=asked),
        )

    def test(self) -> None:
        """Ask the catalog what it can do, in the background, and list it."""
        if self.kind_box.currentData() is None:
            self.find_kind()  # it tests in its turn
            return
        self._jobs.cancel("kind")
        try:
            asked = self.form_connection(name=self._shown_name())
        except InputError as error:
            self._refuse(error)
            return
        self._say(QCoreApplication.translate("Dbar", "Asking the catalog…"))
        self.test_button.setEnabled(False)

        def work(control: Control) -> Check:
            adapter = open_adapter(asked, http_of(asked, self._transport))
            return check(adapter, control.is_cancelled)

        self._jobs.start(
            "test",
            QCoreApplication.translate("Dbar", "Asking {name}").format(name=asked.name),
            work,
            partial(self._tested, asked),
            partial(self._failed, connection=asked),
        )

    def accept(self) -> None:
        """Take what the form says, if it is a connection."""
        try:
            if self.kind_box.currentData() is None:
                self.form_connection(name=self._shown_name(), kind=KINDS[0])
                if not self._jobs.is_running("kind"):
                    self.find_kind()
                raise InputError(
                    translate(
                        "Dbar",
                        "What the address leads to is not known yet. Wait until it is found out, "
                        "or choose the kind yourself.",
                    )
                )
            taken = self.form_connection()
            self.connection = replace(taken, verified=taken.verified or self.has_answered)
        except InputError as error:
            self._refuse(error)
            return
        super().accept()

    # Parts of the form

    def _build(self) -> None:
        translate = QCoreApplication.translate
        title = translate("Dbar", "Catalog connection")
        self.setWindowTitle(title)
        body = QWidget()
        form = QFormLayout(body)
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(translate("Dbar", "Address or folder"), self._address_row())
        self.kind_box = _named(QComboBox(), "kind")
        self.kind_box.addItem(translate("Dbar", "Found out by itself"), None)
        for kind in KINDS:
            self.kind_box.addItem(looked_up(chip(kind)), kind)
            if caution(kind):
                tip = looked_up(caution(kind))
                place = self.kind_box.count() - 1
                self.kind_box.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)
        form.addRow(translate("Dbar", "Kind"), self.kind_box)
        self.name_edit = _named(QLineEdit(), "name")
        form.addRow(translate("Dbar", "Name"), self.name_edit)
        self.group_box = _named(QComboBox(), "group")
        for group, group_title in group_titles().items():
            self.group_box.addItem(looked_up(group_title), group)
        self.group_box.setCurrentIndex(self.group_box.findData("own"))
        form.addRow(translate("Dbar", "Group"), self.group_box)
        self.auth_select = _auth_select("auth")
        form.addRow(translate("Dbar", "Credentials"), self.auth_select)
        self.writable_box = _named(QCheckBox(), "writable")
        self.writable_box.setText(translate("Dbar", "I want to share data to it"))
        form.addRow(self.writable_box)
        form.addRow(self._files_box())
        form.addRow(self._limits_box())
        form.addRow(self._test_rows())
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        buttons = _named(
            QDialogButtonBox(
                QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
            ),
            "buttons",
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.note = FailureNote("dbar_catalog_connection_note")
        layout = QVBoxLayout(self)
        layout.addWidget(scroll)
        layout.addWidget(self.note)
        layout.addWidget(buttons)
        self.resize(440, 560)

    def _address_row(self) -> QWidget:
        translate = QCoreApplication.translate
        self.url_edit = _named(QLineEdit(), "url")
        self.url_edit.setPlaceholderText(translate("Dbar", "Paste any address of a catalog"))
        self.url_edit.setClearButtonEnabled(True)
        folder = _named(QToolButton(), "folder")
        folder.setIcon(QgsApplication.getThemeIcon("/mActionFileOpen.svg"))
        folder.setToolTip(translate("Dbar", "Choose a folder of this computer"))
        folder.clicked.connect(self._choose_folder)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.url_edit)
        layout.addWidget(folder)
        return row

    def _files_box(self) -> QWidget:
        translate = QCoreApplication.translate
        box = _named(QgsCollapsibleGroupBox(translate("Dbar", "Files on other servers")), "files")
        box.setCollapsed(True)
        form = QFormLayout(box)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self.asset_auth_select = _auth_select("asset_auth")
        form.addRow(translate("Dbar", "Credentials for files, if others"), self.asset_auth_select)
        self.hosts_edit = _named(QPlainTextEdit(), "hosts")
        lines = self.hosts_edit.fontMetrics().lineSpacing() * (_HOST_LINES + 1)
        self.hosts_edit.setFixedHeight(lines)
        self.hosts_edit.setTabChangesFocus(True)
        self.hosts_edit.setPlaceholderText("https://files.example.org")
        self.hosts_edit.setToolTip(
            translate(
                "Dbar",
                "One server a line. The credentials go to the catalog's own server and to these, "
                "and to no other.",
            )
        )
        form.addRow(translate("Dbar", "Servers that may have them"), self.hosts_edit)
        return box

    def _limits_box(self) -> QWidget:
        translate = QCoreApplication.translate
        box = _named(QgsCollapsibleGroupBox(translate("Dbar", "Limits")), "limits")
        box.setCollapsed(True)
        form = QFormLayout(box)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self.page_size_box = _named(QSpinBox(), "page_size")
        self.page_size_box.setRange(*PAGE_SIZES)
        self.page_size_box.setValue(Connection.page_size)
        form.addRow(translate("Dbar", "Items on a page"), self.page_size_box)
        self.timeout_box = _named(QDoubleSpinBox(), "timeout")
        self.timeout_box.setRange(*TIMEOUTS_S)
        self.timeout_box.setDecimals(1)
        self.timeout_box.setSuffix(translate("Dbar", " s"))
        self.timeout_box.setValue(Connection.timeout_s)
        form.addRow(translate("Dbar", "Longest wait for an answer"), self.timeout_box)
        return box

    def _test_rows(self) -> QWidget:
        rows = QWidget()
        self.test_button = _named(QPushButton(), "test")
        self.test_button.setText(QCoreApplication.translate("Dbar", "Test"))
        self.test_button.setAutoDefault(False)
        self.test_button.clicked.connect(self.test)
        self.says = _named(QLabel(), "says")
        self.says.setWordWrap(True)
        layout = QVBoxLayout(rows)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.test_button)
        layout.addWidget(self.says)
        return rows

    def _fill(self, connection: Connection) -> None:
        self.url_edit.setText(connection.url)
        self.kind_box.setCurrentIndex(self.kind_box.findData(connection.kind))
        self.name_edit.setText(connection.name)
        self.group_box.setCurrentIndex(max(0, self.group_box.findData(connection.group)))
        self.auth_select.setConfigId(connection.authcfg)
        self.asset_auth_select.setConfigId(connection.asset_authcfg)
        self.hosts_edit.setPlainText("\n".join(connection.asset_hosts))
        self.page_size_box.setValue(int(connection.page_size))
        self.timeout_box.setValue(float(connection.timeout_s))
        self.writable_box.setChecked(connection.writable)

    def _credentials(self, select: QgsAuthConfigSelect, before: str | None) -> str:
        """Return the id that is chosen; without the database there is nothing to choose."""
        disabled = QgsApplication.authManager().isDisabled()
        return before or "" if disabled else select.configId()

    def _shown_name(self) -> str:
        """Return the name, or what stands for it as long as there is none."""
        return self.name_edit.text().strip() or QCoreApplication.translate(
            "Dbar", "The new connection"
        )

    # What happens

    def _choose_folder(self) -> None:
        title = QCoreApplication.translate("Dbar", "Folder of a STAC catalog")
        folder = QFileDialog.getExistingDirectory(self, title)
        if folder:
            self.url_edit.setText(folder)
            self.group_box.setCurrentIndex(self.group_box.findData("local"))
            self.find_kind()

    def _url_changed(self) -> None:
        self._jobs.close()
        self.found = None
        self.test_button.setEnabled(True)
        self.kind_box.setCurrentIndex(0)
        self._say("")
        self._typed.start(_TYPED_MS)

    def _kind_found(self, kind: str) -> None:
        self.kind_box.setCurrentIndex(self.kind_box.findData(kind))
        self.test()

    def _tested(self, asked: Connection, found: Check) -> None:
        self.found = found
        self.test_button.setEnabled(True)
        if found.capabilities is None:
            self._say("")
            self.note.show_error(found.health.words, asked)
            return
        if not self.name_edit.text().strip():
            self.name_edit.setText(found.capabilities.title)
        lines = [in_words(found.health.words), *map(in_words, found.capabilities.says)]
        self._say("\n".join(lines))

    def _failed(self, error: DbarError, connection: Connection) -> None:
        self.test_button.setEnabled(True)
        self.says.setText("")
        self.note.show_error(error, connection)

    def _refuse(self, error: InputError) -> None:
        self._say("")
        self.note.show_error(error)

    def _say(self, text: str) -> None:
        self.note.clear()
        self.says.setText(text)

    @property
    def has_answered(self) -> bool:
        """Whether the catalog has answered, as the form has it now."""
        return self.found is not None and self.found.health.state in (State.OK, State.SLOW)


def _auth_select(name: str) -> QgsAuthConfigSelect:
    select = _named(QgsAuthConfigSelect(), name)
    # It would take all the height that is left.
    select.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
    return select


def _named(widget: Any, name: str) -> Any:
    widget.setObjectName(f"dbar_catalog_connection_{name}")
    return widget
