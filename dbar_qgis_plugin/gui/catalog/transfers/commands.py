"""Orders that are carried out one after the other, in a thread: the list lies on a disk."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from qgis.PyQt.QtCore import QObject, pyqtSignal

from dbar_qgis_plugin.errors import DbarError

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Commands(QObject):
    """A thread that does what it is told, in order; closed by `close`.

    Not tasks of QGIS: those run side by side, and show in the status bar.
    """

    failed = pyqtSignal(object)  # DbarError
    _done = pyqtSignal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="dbar-commands")
        self._is_closed = False
        self._done.connect(self._pass_on)

    def do(self, work: Callable[[], T], done: Callable[[T], None] | None = None) -> None:
        """Carry out an order; `done` takes its result in the thread of the window."""
        if self._is_closed:
            return
        self._thread.submit(self._run, work, done)

    def close(self) -> None:
        """Carry out what was ordered, and nothing more."""
        self._is_closed = True
        self._thread.shutdown()

    def _run(self, work: Callable[[], Any], done: Callable[[Any], None] | None) -> None:
        try:
            result = work()
        except DbarError as error:
            self.failed.emit(error)
        except Exception:
            _log.exception("A command failed")
        else:
            if done is not None:
                self._done.emit(done, result)

    def _pass_on(self, done: Callable[[Any], None], result: Any) -> None:
        if not self._is_closed:
            done(result)
