"""Run a call in QGIS's main thread, in a task, or in a thread of Python's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt.QtCore import QCoreApplication


class Result:
    """What a call gave; outlives the task that made it."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.call = call
        self.value: Any = None
        self.error: Exception | None = None
        self.done = threading.Event()

    def run(self) -> None:
        try:
            self.value = self.call()
        except Exception as error:
            self.error = error
        self.done.set()

    def get(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.value


class CallTask(QgsTask):
    def __init__(self, result: Result) -> None:
        super().__init__("a call", QgsTask.Flag.CanCancel)
        self.result = result

    def run(self) -> bool:
        self.result.run()
        return True

    def finished(self, result: bool) -> None:
        running.discard(self)


running: set[QgsTask] = set()  # QGIS keeps only the C++ half of a task


def in_main(call: Callable[[], Any]) -> Any:
    return call()


def in_tasks(*calls: Callable[[], Any]) -> list[Any]:
    """Run as tasks, as docks do; the tasks themselves are never asked for anything again."""
    results = [Result(call) for call in calls]
    for result in results:
        task = CallTask(result)
        running.add(task)
        assert QgsApplication.taskManager().addTask(task) != 0
        del task
    end = time.monotonic() + 60.0
    while running and time.monotonic() < end:
        QCoreApplication.processEvents()
        time.sleep(0.001)
    assert all(result.done.is_set() for result in results)
    return [result.get() for result in results]


def in_task(call: Callable[[], Any]) -> Any:
    """Run as a task."""
    return in_tasks(call)[0]


def in_thread(call: Callable[[], Any]) -> Any:
    """Run in a thread of Python's, while the main thread does nothing at all."""
    result = Result(call)
    thread = threading.Thread(target=result.run)
    thread.start()
    thread.join(30.0)
    assert not thread.is_alive()
    return result.get()
