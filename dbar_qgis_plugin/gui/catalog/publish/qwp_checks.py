"""Third page: the files are made ready, and checked."""

from __future__ import annotations

from typing import Final

from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QCheckBox, QProgressBar, QVBoxLayout

from dbar_qgis_plugin.catalog.publishing.checks import Check, State
from dbar_qgis_plugin.catalog.publishing.files import ReadyFile, make_ready
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.jobs import Control, Jobs
from dbar_qgis_plugin.gui.catalog.publish.publication import Publication
from dbar_qgis_plugin.gui.catalog.publish.qwp_base import PublishPage
from dbar_qgis_plugin.gui.catalog.publish.wdg_checks import CheckList
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

_PURPOSE: Final = "files"

Ready = tuple[tuple[ReadyFile, ...], tuple[Check, ...]]


class ChecksPage(PublishPage):
    """Conversion, checksums, and the terms of the inputs."""

    def __init__(self, publication: Publication, session: CatalogSession, jobs: Jobs) -> None:
        translate = QCoreApplication.translate
        title = translate("Dbar", "Files and checks")
        super().__init__("dbar_publish_checks", title, publication, session, jobs)
        self.cloud_optimised = QCheckBox(translate("Dbar", "Cloud Optimized GeoTIFF"))
        self.cloud_optimised.setObjectName("dbar_publish_cog")
        self.cloud_optimised.setToolTip(
            translate("Dbar", "With tiles and overviews, so that parts can be read over the web.")
        )
        self.cloud_optimised.clicked.connect(lambda _checked=False: self._choose_format())
        self.confirm = QCheckBox(translate("Dbar", "I may share these results"))
        self.confirm.setObjectName("dbar_publish_confirm")
        self.confirm.setToolTip(
            translate(
                "Dbar",
                "They were computed from data whose terms forbid to pass them on. Tick this if the "
                "terms, or your agreement, allow to share results.",
            )
        )
        self.confirm.clicked.connect(lambda _checked=False: self._confirm())
        self.checks = CheckList("dbar_publish_check_list")
        self.bar = QProgressBar()
        self.bar.setObjectName("dbar_publish_progress")
        self.bar.setRange(0, 100)
        layout = QVBoxLayout(self.body)
        layout.addWidget(self.cloud_optimised)
        layout.addWidget(self.confirm)
        layout.addWidget(self.bar)
        layout.addWidget(self.checks, 1)

    def initializePage(self) -> None:
        self.cloud_optimised.setChecked(self.publication.draft.cloud_optimised)
        self.confirm.setVisible(self.publication.is_restricted)
        self.confirm.setChecked(self.publication.may_share_derivatives)
        if self.publication.files:
            self._show()
        else:
            self.make_ready()

    def cleanupPage(self) -> None:
        self.jobs.cancel(_PURPOSE)

    def isComplete(self) -> bool:
        publication = self.publication
        failed = any(check.state is State.FAILED for check in publication.checks())
        return bool(publication.files) and not failed

    def make_ready(self) -> None:
        """Write the files as they will be shared, in the background."""
        publication = self.publication
        pieces, folder = publication.pieces, publication.scratch
        as_cloud = publication.draft.cloud_optimised
        publication.files, publication.file_checks = (), ()

        def work(control: Control) -> Ready:
            return make_ready(pieces, folder, cloud_optimised=as_cloud, progress=control.progress)

        title = QCoreApplication.translate("Dbar", "Making files ready to be shared")
        self.say(QCoreApplication.translate("Dbar", "Making the files ready…"))
        self.bar.setValue(0)
        self.bar.show()
        self.checks.show_checks(publication.checks())
        self.jobs.start(
            _PURPOSE, title, work, self._ready, self._failed, progressed=self._progressed
        )
        self.completeChanged.emit()

    def _progressed(self, share: float) -> None:
        self.bar.setValue(round(100.0 * share))

    def _ready(self, ready: Ready) -> None:
        self.publication.files, self.publication.file_checks = ready
        self._show()

    def _show(self) -> None:
        self.bar.hide()
        self.say("")
        self.checks.show_checks(self.publication.checks())
        self.completeChanged.emit()

    def _failed(self, error: DbarError) -> None:
        self.bar.hide()
        self.say_error(error)

    def _choose_format(self) -> None:
        self.publication.change(cloud_optimised=self.cloud_optimised.isChecked())
        self.make_ready()

    def _confirm(self) -> None:
        self.publication.may_share_derivatives = self.confirm.isChecked()
        self.checks.show_checks(self.publication.checks())
        self.completeChanged.emit()
