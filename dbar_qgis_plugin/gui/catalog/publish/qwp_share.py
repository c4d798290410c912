"""Last page: what would be written, and what was."""

from __future__ import annotations

import json
import threading
from typing import Final

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import (
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
)

from dbar_qgis_plugin.catalog.publishing.checks import State
from dbar_qgis_plugin.catalog.publishing.sharing import (
    NotSharedError,
    Preview,
    Shared,
    preview,
    share,
)
from dbar_qgis_plugin.errors import Cancelled, DbarError
from dbar_qgis_plugin.gui.catalog.jobs import Control, Jobs, in_words
from dbar_qgis_plugin.gui.catalog.publish.publication import Publication
from dbar_qgis_plugin.gui.catalog.publish.qwp_base import PublishPage
from dbar_qgis_plugin.gui.catalog.publish.wdg_checks import CheckList
from dbar_qgis_plugin.gui.catalog.session import CatalogSession
from dbar_qgis_plugin.raster_io.progress import Progress

_PREVIEW: Final = "preview"
_SHARE: Final = "share"


class SharePage(PublishPage):
    """Preview, and the step that cannot be taken back by going back."""

    begun = pyqtSignal()
    shared = pyqtSignal()
    ended = pyqtSignal()  # what was shared, or undone

    def __init__(self, publication: Publication, session: CatalogSession, jobs: Jobs) -> None:
        translate = QCoreApplication.translate
        title = translate("Dbar", "Look, and share")
        super().__init__("dbar_publish_share", title, publication, session, jobs)
        self.seen: Preview | None = None
        self.result: Shared | None = None
        self._stop = threading.Event()
        self.checks = CheckList("dbar_publish_preview_checks")
        self.item = _text("dbar_publish_json")
        self.difference = _text("dbar_publish_difference")
        self.tabs = QTabWidget()
        self.tabs.setObjectName("dbar_publish_tabs")
        self.tabs.addTab(self.checks, translate("Dbar", "Checks"))
        self.tabs.addTab(self.item, translate("Dbar", "Item"))
        self.tabs.addTab(self.difference, translate("Dbar", "Difference"))
        self.bar = QProgressBar()
        self.bar.setObjectName("dbar_publish_share_progress")
        self.button = QPushButton(translate("Dbar", "Share now"))
        self.button.setObjectName("dbar_publish_share_now")
        self.button.setIcon(QgsApplication.getThemeIcon("/mActionSharing.svg"))
        self.button.clicked.connect(lambda _checked=False: self.share())
        self.link = QLabel()
        self.link.setObjectName("dbar_publish_link")
        self.link.setWordWrap(True)
        self.link.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        layout = QVBoxLayout(self.body)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.bar)
        layout.addWidget(self.link)
        layout.addWidget(self.button)

    def initializePage(self) -> None:
        self.look()

    def cleanupPage(self) -> None:
        self.jobs.cancel(_PREVIEW)

    def isComplete(self) -> bool:
        return self.result is not None

    @property
    def is_sharing(self) -> bool:
        """Whether something is being sent, or undone."""
        return self.jobs.is_running(_SHARE)

    def look(self) -> None:
        """Make the item, and ask the catalog whether it is there; nothing is written."""
        publication, library = self.publication, self.session.library
        self.seen = None
        self.bar.hide()
        self.link.hide()
        self.button.setEnabled(False)

        def work(control: Control) -> Preview:
            target, where = publication.open(library)
            return preview(
                publication.plan(),
                publication.files,
                target,
                where,
                more=publication.file_checks,
                is_cancelled=control.is_cancelled,
            )

        self.say(QCoreApplication.translate("Dbar", "Asking the catalog…"))
        title = QCoreApplication.translate("Dbar", "Checking what is to be shared")
        self.jobs.start(_PREVIEW, title, work, self._show, self.say_error)

    def share(self) -> None:
        """Send files and item, in the background."""
        publication, library, seen = self.publication, self.session.library, self.seen
        stop = self._stop
        stop.clear()

        def work(control: Control) -> Shared | NotSharedError | None:
            progress = Progress(control.report, lambda: stop.is_set() or control.is_cancelled())
            target, where = publication.open(library)
            plan, files = publication.plan(), publication.files
            try:
                return share(plan, files, target, where, seen=seen, progress=progress)
            except Cancelled:
                return None
            except NotSharedError as error:
                return error

        self.button.setEnabled(False)
        self.bar.setRange(0, 100)
        self.bar.setValue(0)
        self.bar.show()
        self.say(QCoreApplication.translate("Dbar", "Sharing…"))
        title = QCoreApplication.translate("Dbar", "Sharing {title}").format(
            title=publication.draft.metadata.title
        )
        self.jobs.start(
            _SHARE,
            title,
            work,
            self._ended,
            self._failed,
            progressed=lambda value: self.bar.setValue(round(100.0 * value)),
        )
        self.begun.emit()

    def stop(self) -> None:
        """Stop sharing; what was done is undone, and `ended` tells when."""
        self._stop.set()
        self.bar.setRange(0, 0)
        self.say(QCoreApplication.translate("Dbar", "Undoing what was done…"))

    def _show(self, seen: Preview) -> None:
        self.seen = seen
        self.checks.show_checks(seen.checks)
        self.item.setPlainText(json.dumps(seen.document, ensure_ascii=False, indent=1))
        self.difference.setPlainText(seen.difference)
        self.tabs.setTabEnabled(self.tabs.indexOf(self.difference), bool(seen.difference))
        failed = any(check.state is State.FAILED for check in seen.checks)
        self.button.setEnabled(not failed)
        text = QCoreApplication.translate("Dbar", "A check has failed: go back and correct it.")
        self.say(text if failed else "")

    def _ended(self, result: Shared | NotSharedError | None) -> None:
        self.bar.hide()
        if isinstance(result, Shared):
            self.result = result
            text = QCoreApplication.translate("Dbar", "Shared, and found again: {link}")
            self.link.setText(text.format(link=result.link))
            self.link.show()
            self.button.hide()
            self.say("\n".join(in_words(note) for note in result.notes))
            self.shared.emit()
            self.completeChanged.emit()
        elif result is None:
            self._again(QCoreApplication.translate("Dbar", "Stopped; nothing is shared."))
        else:
            text = QCoreApplication.translate("Dbar", "{reason} What was done was undone.")
            lines = [text.format(reason=in_words(result)), *map(in_words, result.left)]
            self._again("\n".join(lines))
        self.ended.emit()

    def _failed(self, error: DbarError) -> None:
        self.bar.hide()
        self._again(in_words(error))
        self.ended.emit()

    def _again(self, text: str) -> None:
        """Say why nothing was shared, and let it be tried again."""
        self.say(text)
        self.button.setEnabled(True)


def _text(name: str) -> QPlainTextEdit:
    edit = QPlainTextEdit()
    edit.setObjectName(name)
    edit.setReadOnly(True)
    edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    edit.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    edit.setTabChangesFocus(True)
    return edit
