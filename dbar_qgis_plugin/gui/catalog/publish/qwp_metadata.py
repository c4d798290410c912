"""Second page: what is said of the data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from dbar_qgis_plugin.catalog.publishing.metadata import LICENCES, Metadata, problems_of
from dbar_qgis_plugin.catalog.publishing.sharing import identity_of
from dbar_qgis_plugin.gui.catalog.jobs import Jobs, in_words
from dbar_qgis_plugin.gui.catalog.publish.publication import Publication
from dbar_qgis_plugin.gui.catalog.publish.qwp_base import PublishPage, add_row
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

_DESCRIPTION_LINES: Final = 4
_SEPARATORS: Final = re.compile(r"\s*[,;，；]\s*")


class MetadataPage(PublishPage):
    """The form, filled in from the provenance."""

    def __init__(self, publication: Publication, session: CatalogSession, jobs: Jobs) -> None:
        title = QCoreApplication.translate("Dbar", "What it is")
        super().__init__("dbar_publish_metadata", title, publication, session, jobs)
        self.edits: dict[str, QLineEdit] = {}
        form = QFormLayout(self.body)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        labels = dict(_labels())
        self.description = QPlainTextEdit()
        self.description.setObjectName("dbar_publish_description")
        self.description.setTabChangesFocus(True)
        height = self.description.fontMetrics().lineSpacing() * (_DESCRIPTION_LINES + 1)
        self.description.setMaximumHeight(height)
        self.licence = QComboBox()
        self.licence.setObjectName("dbar_publish_licence")
        self.licence.setEditable(True)
        self.licence.addItems(LICENCES)
        self._facts = QLabel()
        self._facts.setObjectName("dbar_publish_facts")
        self._facts.setWordWrap(True)
        others: Mapping[str, QWidget] = {"description": self.description, "licence": self.licence}
        for name, label in labels.items():
            widget = others.get(name)
            if widget is None:
                widget = self.edits[name] = QLineEdit()
                widget.setObjectName(f"dbar_publish_{name}")
                widget.textEdited.connect(self._changed)
            add_row(form, label, widget)
        form.addRow(self._facts)
        self.edits["begin"].setPlaceholderText("2000-01-01")
        self.edits["end"].setPlaceholderText("2015-12-31")
        self.description.textChanged.connect(self._changed)
        self.licence.editTextChanged.connect(self._changed)

    def initializePage(self) -> None:
        metadata = self.publication.draft.metadata
        for name, edit in self.edits.items():
            value = getattr(metadata, name)
            edit.setText(", ".join(value) if isinstance(value, tuple) else value)
            edit.setCursorPosition(0)  # a long text shows its beginning
        self.description.setPlainText(metadata.description)
        self.licence.setEditText(metadata.licence)
        self._facts.setText(self._facts_text())
        self._changed()

    def isComplete(self) -> bool:
        return not list(problems_of(self.metadata()))

    def metadata(self) -> Metadata:
        """Return what the form says."""
        texts = {name: edit.text().strip() for name, edit in self.edits.items()}
        words = tuple(filter(None, _SEPARATORS.split(texts.pop("keywords"))))
        return Metadata(
            **texts,
            description=self.description.toPlainText().strip(),
            licence=self.licence.currentText().strip(),
            keywords=tuple(dict.fromkeys(words)),
        )

    def validatePage(self) -> bool:
        before, metadata = self.publication.draft, self.metadata()
        self.publication.change(metadata=metadata)
        if before.identity == identity_of(before.metadata.title):
            self.publication.change(identity=identity_of(metadata.title))
        return True

    def _changed(self, *_: object) -> None:
        problem = next(problems_of(self.metadata()), None)
        self.say("" if problem is None else in_words(problem))
        self.completeChanged.emit()

    def _facts_text(self) -> str:
        """Say what is told of the first raster whatever the form says."""
        raster = next((piece for piece in self.publication.pieces if piece.is_raster), None)
        if raster is None:
            return ""
        properties = raster.item["properties"]
        box = ", ".join(f"{side:.4f}" for side in raster.item.get("bbox") or ())
        text = QCoreApplication.translate("Dbar", "CRS: {crs}. Extent: {box}.")
        return text.format(crs=properties.get("proj:code") or "–", box=box or "–")


def _labels() -> Mapping[str, str]:
    translate = QCoreApplication.translate
    return {
        "title": translate("Dbar", "Title"),
        "description": translate("Dbar", "Description"),
        "licence": translate("Dbar", "Licence (required)"),
        "licence_url": translate("Dbar", "Address of the licence's terms"),
        "begin": translate("Dbar", "First day"),
        "end": translate("Dbar", "Last day"),
        "indicator": translate("Dbar", "SDG indicator, such as 15.3.1"),
        "unit": translate("Dbar", "Unit"),
        "method": translate("Dbar", "Method and version"),
        "organisation": translate("Dbar", "Organisation that made the data"),
        "organisation_url": translate("Dbar", "Web page of the organisation"),
        "contact": translate("Dbar", "Contact person"),
        "email": translate("Dbar", "E-mail of the contact (it will be public)"),
        "keywords": translate("Dbar", "Keywords (with commas between them)"),
        "citation": translate("Dbar", "Citation"),
        "doi": translate("Dbar", "DOI"),
    }
