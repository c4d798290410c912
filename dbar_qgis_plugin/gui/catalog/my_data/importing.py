"""Archives of SDGSAT-1 that come into My data by the algorithm for them, one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
)
from qgis.PyQt.QtCore import QCoreApplication, QObject

from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

_ALGORITHM: Final = "dbar:importsdgsatarchive"
_ARCHIVE: Final = "INPUT"


class Importing(QObject):
    """Runs the algorithm in tasks of QGIS, which can be cancelled there."""

    def __init__(self, session: CatalogSession, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._desk = session, desk
        self._waiting: deque[Path] = deque()
        self._run: _Run | None = None

    def add(self, paths: Iterable[Path]) -> None:
        """Import archives after those that are being imported."""
        self._waiting.extend(paths)
        if self._run is None:
            self._begin()

    def close(self) -> None:
        """Begin no more, and stop the one that runs."""
        self._waiting.clear()
        if self._run is not None:
            self._run.feedback.cancel()

    def _begin(self) -> None:
        self._run = _Run(self._waiting.popleft())
        self._run.task.executed.connect(self._ended)
        QgsApplication.taskManager().addTask(self._run.task)

    def _ended(self, is_done: bool, _results: object) -> None:
        run, self._run = self._run, None
        if run is None or run.feedback.isCanceled():
            return
        translate = QCoreApplication.translate
        if is_done:
            text = translate("Dbar", "{name} has been imported into My data.")
            self._desk.tell(text.format(name=run.path.name), Qgis.MessageLevel.Success)
            self._session.data_changed.emit()
        else:
            text = translate("Dbar", "{name} could not be imported. {reason}")
            reason = " ".join(run.feedback.errors)
            self._desk.tell(
                text.format(name=run.path.name, reason=reason), Qgis.MessageLevel.Warning
            )
        if self._waiting:
            self._begin()


class _Feedback(QgsProcessingFeedback):
    """Keeps what went wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[str] = []

    def reportError(self, error: str, fatalError: bool = False) -> None:
        self.errors.append(error)
        super().reportError(error, fatalError)


class _Run:
    """One run of the algorithm, and what it needs as long as it goes on."""

    def __init__(self, path: Path) -> None:
        self.path, self.feedback = path, _Feedback()
        self.context = QgsProcessingContext()
        self.context.setProject(QgsProject.instance())
        algorithm = QgsApplication.processingRegistry().algorithmById(_ALGORITHM)
        self.task = QgsProcessingAlgRunnerTask(
            algorithm, {_ARCHIVE: str(path)}, self.context, self.feedback
        )
