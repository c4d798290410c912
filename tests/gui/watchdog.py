"""How long the window is held up; imports nothing of the plugin."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from pathlib import Path

from qgis.PyQt.QtCore import Qt, QTimer

_SCHEDULE = Path("/proc/thread-self/schedstat")  # ns on, and in wait of, a processor; of Linux


class Watchdog:
    """Measures how long the thread of the window is away from its events.

    A tick that comes late was held up by a call, or by the machine. Time in which the thread could
    run, and got no processor, is not counted where the system tells it; what else the machine does
    can only add to it, so a test that fails is tried again by its caller (`best_of`).
    """

    INTERVAL_MS = 5

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self._schedule = os.open(_SCHEDULE, os.O_RDONLY) if _SCHEDULE.exists() else None
        self._last = self._now()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def __enter__(self) -> Watchdog:
        # What other tests have left in memory is not to be looked through meanwhile.
        gc.collect()
        gc.freeze()
        self._last = self._now()
        self._timer.start(self.INTERVAL_MS)
        return self

    def __exit__(self, *_: object) -> None:
        self._tick()
        self._timer.stop()
        gc.unfreeze()
        if self._schedule is not None:
            os.close(self._schedule)

    def _now(self) -> float:
        """Seconds, without those in which this thread has waited for a processor.

        Every call of the system that lets other threads of Python go on may be a wait for them: it
        is one.
        """
        now = time.monotonic()
        if self._schedule is None:
            return now
        return now - int(os.pread(self._schedule, 100, 0).split()[1]) / 1e9

    def _tick(self) -> None:
        now = self._now()
        self.longest_ms = max(self.longest_ms, 1000.0 * (now - self._last) - self.INTERVAL_MS)
        self._last = now


def best_of(turns: int, measure: Callable[[], float], most: float) -> float:
    """Measure until a figure is within bounds, at most some times; return the least."""
    least = float("inf")
    for _ in range(turns):
        least = min(least, measure())
        if least <= most:
            break
    return least
