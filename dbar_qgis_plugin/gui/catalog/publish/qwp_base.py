"""What the pages of the wizard have in common."""

from __future__ import annotations

from typing import Final

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QFormLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
    QWizardPage,
)

from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.jobs import Jobs, in_words
from dbar_qgis_plugin.gui.catalog.publish.publication import Publication
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

_MARGIN: Final = 8  # of the line below, as that of the widgets above it


def add_row(form: QFormLayout, text: str, widget: QWidget) -> QLabel:
    """Add a widget below its label, which takes as many lines as it needs."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setBuddy(widget)
    form.addRow(label)
    form.addRow(widget)
    return label


class PublishPage(QWizardPage):
    """A page: its widgets scroll, and a line below them says what is missing."""

    def __init__(
        self, name: str, title: str, publication: Publication, session: CatalogSession, jobs: Jobs
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTitle(title)
        self.publication, self.session, self.jobs = publication, session, jobs
        self.body = QWidget()
        area = QScrollArea()
        area.setObjectName(f"{name}_area")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.body)
        self._line = QLabel()
        self._line.setObjectName(f"{name}_line")
        self._line.setWordWrap(True)
        self._line.setMargin(_MARGIN)
        self._line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area, 1)
        layout.addWidget(self._line)

    def say(self, text: str) -> None:
        """Write below the widgets."""
        self._line.setText(text)
        self._line.setVisible(bool(text))

    def say_error(self, error: DbarError) -> None:
        """Say what went wrong."""
        self.say(in_words(error))
