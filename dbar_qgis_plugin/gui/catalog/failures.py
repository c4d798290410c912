"""What went wrong: in plain words, and the rest of what is known behind a button."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtWidgets import QLabel, QMessageBox, QToolButton, QVBoxLayout, QWidget

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.jobs import in_words
from dbar_qgis_plugin.raster_io.progress import Message


def details_of(error: Message | DbarError, connection: Connection | None = None) -> str:
    """Return what is known of a failure, a line for each; without secrets."""
    translate = QCoreApplication.translate
    lines = []
    if connection is not None:
        lines.append(
            translate("Dbar", "Connection: {name} ({url})").format(
                name=connection.name, url=scrubbed(connection.url)
            )
        )
        known = bool(connection.authcfg)
        lines.append(
            translate("Dbar", "With credentials: yes")
            if known
            else translate("Dbar", "With credentials: no")
        )
    for name, text in (
        ("url", translate("Dbar", "Request: {value}")),
        ("host", translate("Dbar", "Server: {value}")),
        ("status", translate("Dbar", "Status: {value}")),
        ("kind", translate("Dbar", "Kind of the answer: {value}")),
        ("seconds", translate("Dbar", "Seconds: {value}")),
        ("words", translate("Dbar", "Answer: {value}")),
        ("reason", translate("Dbar", "Reason: {value}")),
    ):
        value = error.values.get(name)
        if value not in (None, ""):
            lines.append(text.format(value=scrubbed(str(value))))
    return "\n".join(lines)


def show_failure(
    parent: QWidget, title: str, error: Message | DbarError, connection: Connection | None = None
) -> None:
    """Show a failure in a window, with its details; does not wait for an answer."""
    box = QMessageBox(QMessageBox.Icon.Warning, title, in_words(error), parent=parent)
    box.setObjectName("dbar_catalog_failure")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setDetailedText(details_of(error, connection))
    box.open()


class FailureNote(QWidget):
    """A failure in a page, hidden as long as there is none."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._shown: tuple[Message | DbarError, Connection | None] | None = None
        self._text = QLabel()
        self._text.setObjectName(f"{name}_text")
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = QToolButton()
        self._button.setObjectName(f"{name}_details")
        self._button.setText(QCoreApplication.translate("Dbar", "Details…"))
        self._button.clicked.connect(self._show_details)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._text)
        layout.addWidget(self._button)
        self.clear()

    @property
    def text(self) -> str:
        """What it says, "" for nothing."""
        return self._text.text() if self._shown is not None else ""

    def show_error(self, error: Message | DbarError, connection: Connection | None = None) -> None:
        """Say what went wrong."""
        self._shown = (error, connection)
        self._text.setText(in_words(error))
        self._button.setVisible(bool(_known(error)))
        self.setVisible(True)

    def clear(self) -> None:
        """Say nothing."""
        self._shown = None
        self.setVisible(False)

    def _show_details(self) -> None:
        if self._shown is not None:
            title = QCoreApplication.translate("Dbar", "SDG Data Catalog")
            show_failure(self, title, *self._shown)


def _known(error: Message | DbarError) -> Iterable[str]:
    return [name for name in ("url", "host", "status", "reason") if error.values.get(name)]
