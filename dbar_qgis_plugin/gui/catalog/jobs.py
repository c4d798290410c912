"""Work in the background; nothing here waits.

Long jobs are QGIS's tasks, which it shows. Others run in threads of their own: QGIS runs as many
tasks at once as the computer has cores, and two servers that do not answer would hold up all else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Generic, TypeVar

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QObject, pyqtSignal

from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.errors import Cancelled, DbarError, translate
from dbar_qgis_plugin.raster_io.progress import Message, Progress

T = TypeVar("T")

_AT_ONCE: Final = 16

_log = logging.getLogger(__name__)
_threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="dbar-job")


def in_words(message: Message | DbarError) -> str:
    """Write a message of the code below in the user's language."""
    return QCoreApplication.translate("Dbar", message.template).format(**message.values)


def size_in_words(size: float) -> str:
    """Write a number of bytes for people, as messages about disks do."""
    return QLocale().formattedDataSize(int(size), 1, QLocale.DataSizeFormat.DataSizeSIFormat)


class Control:
    """What the work of a job asks, and tells; used in its thread."""

    def __init__(self, task: _Task) -> None:
        self._task = task

    def is_cancelled(self) -> bool:
        """Tell whether nobody waits for it any more."""
        return self._task.isCanceled()

    def report(self, share: float) -> None:
        """Tell how far it is, 0 to 1."""
        self._task.setProgress(100.0 * share)

    def give(self, part: object) -> None:
        """Pass on a part of the result, before the whole is there."""
        self._task.came.emit(part)

    @property
    def progress(self) -> Progress:
        """The same for code that takes a `Progress`."""
        return Progress(self.report, self.is_cancelled)


class Jobs(QObject):
    """The jobs of one owner, each for a purpose; a new one for a purpose ends the one before.

    All callbacks come in the thread of the window, and none after a job was cancelled or replaced.
    Closed by `close`, which its owner calls when it goes.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: dict[str, _Task] = {}

    def start(
        self,
        purpose: str,
        title: str,
        work: Callable[[Control], T],
        done: Callable[[T], None],
        failed: Callable[[DbarError], None],
        *,
        came: Callable[[Any], None] | None = None,
        progressed: Callable[[float], None] | None = None,
        is_shown: bool = False,
    ) -> None:
        """Begin to work.

        Parameters
        ----------
        purpose : str
            What it is for: "search", "health of ...".
        title : str
            How QGIS calls it, in the user's language.
        work : callable
            Runs in a thread.
        done, failed : callable
            Take the result, or what went wrong.
        came : callable, optional
            Takes parts of the result.
        progressed : callable, optional
            Takes the share that is done, 0 to 1.
        is_shown : bool
            Whether QGIS shows it, how far it is, and that it has ended: for long jobs.
        """
        self.cancel(purpose)
        task = _Task(title, work)
        self._running[purpose] = task

        def ended(outcome: _Outcome[T]) -> None:
            if not self._waits_for(purpose, task):
                return
            del self._running[purpose]
            if outcome.error is None:
                done(outcome.result)
            elif not isinstance(outcome.error, Cancelled):
                failed(outcome.error)

        def while_wanted(take: Callable[[Any], None]) -> Callable[[Any], None]:
            return lambda part: take(part) if self._waits_for(purpose, task) else None

        task.ended.connect(ended)
        if came is not None:
            task.came.connect(while_wanted(came))
        if progressed is not None:
            pass_on = while_wanted(progressed)
            task.progressChanged.connect(lambda percent: pass_on(percent / 100.0))
        if is_shown:
            QgsApplication.taskManager().addTask(task)
        else:
            task.start()

    def cancel(self, purpose: str) -> None:
        """End a job, if there is one; its thread notices within some 100 ms."""
        task = self._running.pop(purpose, None)
        if task is not None:
            task.cancel()

    def is_running(self, purpose: str) -> bool:
        """Tell whether there is a job for a purpose."""
        return purpose in self._running

    def close(self) -> None:
        """End all jobs."""
        for purpose in tuple(self._running):
            self.cancel(purpose)

    def _waits_for(self, purpose: str, task: _Task) -> bool:
        """Tell whether anybody waits for a job: its owner may have gone without closing."""
        return not sip.isdeleted(self) and self._running.get(purpose) is task


class _Outcome(Generic[T]):
    """What a job has come to."""

    def __init__(self) -> None:
        self.result: Any = None
        self.error: DbarError | None = None


class _Task(QgsTask):
    """QGIS deletes it when it has ended: whoever listens gets plain values."""

    came = pyqtSignal(object)
    ended = pyqtSignal(object)

    _over = pyqtSignal(bool)

    def __init__(self, title: str, work: Callable[[Control], Any]) -> None:
        super().__init__(title, QgsTask.Flag.CanCancel)
        self._work = work
        self._outcome: _Outcome[Any] = _Outcome()

    def start(self) -> None:
        """Run in a thread of our own."""
        # Not Python's to delete: the last to let go of it may be that thread, where no object of
        # the window's may end.
        sip.transferto(self, None)
        self._over.connect(self._end)
        _threads.submit(lambda: self._over.emit(not self.isCanceled() and self.run()))

    def _end(self, result: bool) -> None:
        self.finished(result)
        self.deleteLater()

    def run(self) -> bool:
        """Work; QGIS calls this in a thread of its own."""
        outcome = self._outcome
        try:
            outcome.result = self._work(Control(self))
        except DbarError as error:
            outcome.error = error
        except Exception as error:
            _log.exception("%s", self.description())
            outcome.error = DbarError(
                translate("Dbar", "It failed, for a reason that was not foreseen: {reason}"),
                reason=f"{type(error).__name__}: {scrubbed(str(error))}",
            )
        return outcome.error is None

    def finished(self, result: bool) -> None:
        """Pass on what has happened; QGIS calls this in the thread of the window."""
        if not result and self._outcome.error is None:
            self._outcome.error = Cancelled()  # while it waited for its turn
        self.ended.emit(self._outcome)
