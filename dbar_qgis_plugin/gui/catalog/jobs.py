"""Work in the background; nothing here waits.

Long jobs are QGIS's tasks, which it shows. Others run in threads of their own: QGIS runs as many
tasks at once as the computer has cores, and two servers that do not answer would hold up all else.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
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

    def __init__(self, job: _Job[Any]) -> None:
        self._job = job

    def is_cancelled(self) -> bool:
        """Tell whether nobody waits for it any more."""
        return self._job.is_cancelled

    def report(self, share: float) -> None:
        """Tell how far it is, 0 to 1."""
        self._job.report(share)

    def give(self, part: object) -> None:
        """Pass on a part of the result, before the whole is there."""
        self._job.give(part)

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
        self._running: dict[str, _Job[Any]] = {}

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

        def while_wanted(take: Callable[[Any], None]) -> Callable[[Any], None]:
            return lambda part: take(part) if self._waits_for(purpose, job) else None

        def ended(outcome: _Outcome[T]) -> None:
            del self._running[purpose]
            if outcome.error is None:
                done(outcome.result)
            elif not isinstance(outcome.error, Cancelled):
                failed(outcome.error)

        job: _Job[T] = _Job(title, work, while_wanted(ended))
        job.came = None if came is None else while_wanted(came)
        job.progressed = None if progressed is None else while_wanted(progressed)
        self._running[purpose] = job
        if is_shown:
            job.task = _Task(job)
            QgsApplication.taskManager().addTask(job.task)
        else:
            _threads.submit(_work_through, [job], _post())

    def cancel(self, purpose: str) -> None:
        """End a job, if there is one; its thread notices within some 100 ms."""
        job = self._running.pop(purpose, None)
        if job is not None:
            job.cancel()

    def is_running(self, purpose: str) -> bool:
        """Tell whether there is a job for a purpose."""
        return purpose in self._running

    def close(self) -> None:
        """End all jobs."""
        for purpose in tuple(self._running):
            self.cancel(purpose)

    def _waits_for(self, purpose: str, job: _Job[Any]) -> bool:
        """Tell whether anybody waits for a job: its owner may have gone without closing."""
        return not sip.isdeleted(self) and self._running.get(purpose) is job


class _Outcome(Generic[T]):
    """What a job has come to."""

    def __init__(self) -> None:
        self.result: Any = None
        self.error: DbarError | None = None


class _Post(QObject):
    """Brings calls into the thread of the window; there is one, which stays.

    Were there an object with signals for each job, it could be deleted in that thread while the
    job's own is still within one of them, and its functions while they are about to be called.
    """

    wanted = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        sip.transferto(self, None)  # the last to let go of it may be a thread
        self.wanted.connect(self._call)

    def _call(self, call: Callable[[], None]) -> None:
        call()


@functools.cache
def _post() -> _Post:
    return _Post()


class _Job(Generic[T]):
    """A job, made in the thread of the window.

    came, progressed : take parts of the result, and the share that is done
    task : how QGIS shows it, None if it does not
    """

    def __init__(
        self, title: str, work: Callable[[Control], T], ended: Callable[[_Outcome[T]], None]
    ) -> None:
        self.title = title
        self.came: Callable[[Any], None] | None = None
        self.progressed: Callable[[float], None] | None = None
        self.task: _Task | None = None
        self._work, self._ended = work, ended
        self._outcome: _Outcome[T] = _Outcome()
        self._cancelled = threading.Event()
        self._post = _post()

    @property
    def is_cancelled(self) -> bool:
        """Whether nobody waits for it any more."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Let it end; so does QGIS where it shows it."""
        self.stop()
        if self.task is not None:
            self.task.cancel()

    def stop(self) -> None:
        """Let the work end."""
        self._cancelled.set()

    def report(self, share: float) -> None:
        """Pass on how far it is."""
        if self.task is not None:
            self.task.setProgress(100.0 * share)
        if self.progressed is not None:
            self._post.wanted.emit(partial(self.progressed, share))

    def give(self, part: object) -> None:
        """Pass on a part of the result."""
        if self.came is not None:
            self._post.wanted.emit(partial(self.came, part))

    def run(self) -> bool:
        """Work; tell whether it went well."""
        outcome = self._outcome
        try:
            if self.is_cancelled:  # while it waited for its turn
                raise Cancelled
            outcome.result = self._work(Control(self))
        except DbarError as error:
            outcome.error = error
        except Exception as error:
            _log.exception("%s", self.title)
            outcome.error = DbarError(
                translate("Dbar", "It failed, for a reason that was not foreseen: {reason}"),
                reason=f"{type(error).__name__}: {scrubbed(str(error))}",
            )
        return outcome.error is None

    def end(self, has_run: bool = True) -> None:
        """Tell what has happened; in the thread of the window."""
        self.task = None
        if not has_run and self._outcome.error is None:
            self._outcome.error = Cancelled()  # while it waited for its turn
        self._ended(self._outcome)


def _work_through(held: list[_Job[Any]], post: _Post) -> None:
    """Let a job work in this thread, and end in that of the window, which then holds it alone.

    What a job holds, such as who waits for it, may only be deleted there.
    """
    held[0].run()
    post.wanted.emit(partial(_end, held))


def _end(held: list[_Job[Any]]) -> None:
    held.pop().end()


class _Task(QgsTask):
    """A job as QGIS shows it, which deletes this when it has ended."""

    def __init__(self, job: _Job[Any]) -> None:
        super().__init__(job.title, QgsTask.Flag.CanCancel)
        self._job = job

    def run(self) -> bool:
        """Work; QGIS calls this in a thread of its own."""
        return self._job.run()

    def cancel(self) -> None:
        """End the work; QGIS calls this where the user ends it."""
        self._job.stop()
        super().cancel()

    def finished(self, result: bool) -> None:
        """Pass on what has happened; QGIS calls this in the thread of the window."""
        self._job.end(has_run=result)
