"""The wizard: files, words, checks, place, and a last look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from qgis.core import QgsMapLayer
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtGui import QCloseEvent
from qgis.PyQt.QtWidgets import QFileDialog, QWidget, QWizard

from dbar_qgis_plugin.catalog.model import Item
from dbar_qgis_plugin.catalog.net.places import profile_folder
from dbar_qgis_plugin.catalog.publishing.drafts import Draft, load_draft, save_draft
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.jobs import Control, Jobs
from dbar_qgis_plugin.gui.catalog.publish.publication import Publication
from dbar_qgis_plugin.gui.catalog.publish.qwp_checks import ChecksPage
from dbar_qgis_plugin.gui.catalog.publish.qwp_metadata import MetadataPage
from dbar_qgis_plugin.gui.catalog.publish.qwp_share import SharePage
from dbar_qgis_plugin.gui.catalog.publish.qwp_sources import SourcesPage, file_of_layer
from dbar_qgis_plugin.gui.catalog.publish.qwp_target import TargetPage
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

_SIZE: Final = (520, 620)
_NARROWEST: Final = (300, 420)


class PublishWizard(QWizard):
    """Shares files; what is chosen is kept as a draft at each step, until it is shared."""

    def __init__(
        self, session: CatalogSession, draft: Draft, draft_file: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        translate = QCoreApplication.translate
        self.setObjectName("dbar_publish_wizard")
        self.setWindowTitle(translate("Dbar", "Share through a catalog"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        self.setButtonText(QWizard.WizardButton.BackButton, translate("Dbar", "Back"))
        self.setButtonText(QWizard.WizardButton.NextButton, translate("Dbar", "Next"))
        self.setButtonText(QWizard.WizardButton.CancelButton, translate("Dbar", "Cancel"))
        self.setButtonText(QWizard.WizardButton.FinishButton, translate("Dbar", "Close"))
        self.draft_file = draft_file
        self._session = session
        self._jobs = Jobs(self)
        self.publication = Publication(draft)
        given = (self.publication, session, self._jobs)
        self.sources = SourcesPage(*given)
        self.metadata = MetadataPage(*given)
        self.checks = ChecksPage(*given)
        self.target = TargetPage(*given)
        self.last = SharePage(*given)
        for page in (self.sources, self.metadata, self.checks, self.target, self.last):
            self.addPage(page)
        self.setMinimumSize(*_NARROWEST)
        self.resize(*_SIZE)
        self._closes = False
        self.sources.draft_wanted.connect(self._choose_draft)
        self.currentIdChanged.connect(lambda _id: self._keep_draft())
        self.last.begun.connect(self._hold_buttons)
        self.last.shared.connect(self._forget_draft)
        self.last.ended.connect(self._close_if_wanted)
        self.finished.connect(lambda _result: self._close_down())

    def reject(self) -> None:
        """Close; while something is being sent, stop that first, and undo it."""
        if self.last.is_sharing:
            self._closes = True
            self.last.stop()
            return
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.last.is_sharing:
            event.ignore()
            self.reject()
            return
        super().closeEvent(event)

    def close_now(self) -> None:
        """Close without waiting; what runs is cancelled, and undone in its thread."""
        self._close_down()
        self.deleteLater()

    def _close_down(self) -> None:
        self._jobs.close()
        self.publication.close()

    def _hold_buttons(self) -> None:
        """Let nobody go back while something is being sent, nor after it was."""
        is_shared = self.last.result is not None
        kinds = QWizard.WizardButton
        self.button(kinds.BackButton).setEnabled(not self.last.is_sharing and not is_shared)
        self.button(kinds.CancelButton).setEnabled(not is_shared)

    def _close_if_wanted(self) -> None:
        self._hold_buttons()
        if self._closes and self.last.result is None:
            super().reject()
        self._closes = False

    def _choose_draft(self) -> None:
        translate = QCoreApplication.translate
        path, _ = QFileDialog.getOpenFileName(
            self,
            translate("Dbar", "Draft of a publication"),
            str(self.draft_file.parent),
            translate("Dbar", "Drafts (*.json)"),
        )
        if path:
            self.open_draft(Path(path))

    def open_draft(self, path: Path) -> None:
        """Go on with a draft."""

        def done(draft: Draft) -> None:
            self.draft_file = path
            self.publication.draft = draft
            self.sources.look()

        title = QCoreApplication.translate("Dbar", "Reading a draft")
        self._jobs.start(
            "open draft", title, lambda _: load_draft(path), done, self.sources.say_error
        )

    def _keep_draft(self) -> None:
        """Write the draft, in the background; not before there is something in it."""
        draft, path = self.publication.draft, self.draft_file
        if not draft.sources or self.last.result is not None:
            return

        def work(_control: Control) -> None:
            save_draft(draft, path)

        def failed(error: DbarError) -> None:
            self.currentPage().say_error(error)

        title = QCoreApplication.translate("Dbar", "Keeping a draft")
        self._jobs.start("draft", title, work, lambda _: None, failed)

    def _forget_draft(self) -> None:
        self._jobs.cancel("draft")
        path = self.draft_file
        title = QCoreApplication.translate("Dbar", "Removing a draft")
        self._jobs.start(
            "draft", title, lambda _: path.unlink(missing_ok=True), lambda _: None, lambda _: None
        )


class Publisher:
    """Opens the wizard for items, layers and files."""

    def __init__(self, session: CatalogSession, desk: Desk) -> None:
        self._session, self._desk = session, desk
        self.wizard: PublishWizard | None = None
        desk.publish = self.share_items

    def share_items(self, items: Sequence[Item]) -> None:
        """Open the wizard for items of the user's own data."""
        data = self._session.library.data
        self.share_files([path for item in items for path in data.files(item).values()])

    def share_layers(self, layers: Sequence[QgsMapLayer]) -> None:
        """Open the wizard for layers of the map."""
        paths = [path for layer in layers if (path := file_of_layer(layer)) is not None]
        if not paths:
            text = QCoreApplication.translate(
                "Dbar", "The layer is no file of this computer: download it, then share the file."
            )
            self._desk.tell(text)
            return
        self.share_files(paths)

    def share_files(self, paths: Sequence[Path]) -> None:
        """Open the wizard for files; add to an open one that is still at its beginning."""
        if self.wizard is not None and self.wizard.currentPage() is self.wizard.sources:
            self.wizard.sources.add_paths(list(paths))
            self.wizard.raise_()
            return
        if self.wizard is not None:
            text = QCoreApplication.translate(
                "Dbar", "Something is being shared already: finish it, or close its window."
            )
            self._desk.tell(text)
            self.wizard.raise_()
            return
        draft = Draft(sources=tuple(dict.fromkeys(map(str, paths))))
        made = datetime.now().strftime("%Y%m%d-%H%M%S")
        file = profile_folder() / "drafts" / f"{made}.json"
        self.wizard = PublishWizard(self._session, draft, file, self._desk.window)
        self.wizard.finished.connect(lambda _result: self._gone())
        self.wizard.show()

    def close(self) -> None:
        """Close the wizard, as the plugin goes."""
        if self.wizard is not None:
            self.wizard.close_now()
            self.wizard = None

    def _gone(self) -> None:
        self.wizard = None
