"""News of transfers, gathered: they come by the hundred, and the window takes them at its pace."""

from __future__ import annotations

import threading
from itertools import islice
from typing import Final

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from dbar_qgis_plugin.catalog.transfers.download import Speed
from dbar_qgis_plugin.catalog.transfers.queue import Transfer

_PAUSE_MS: Final = 200
# What takes news takes them all at once; between so many of them the window does something else.
_MOST: Final = 50
_SHORT_PAUSE_MS: Final = 20


class News(QObject):
    """The last news of each transfer, given on some times a second."""

    came = pyqtSignal(object)  # transfers and their speeds, by id
    _first_came = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._news: dict[int, tuple[Transfer, Speed | None]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._give)
        self._first_came.connect(lambda: self._timer.start(_PAUSE_MS))

    def note(self, transfer: Transfer, speed: Speed | None) -> None:
        """Take news, in any thread."""
        with self._lock:
            is_first = not self._news
            self._news[transfer.id] = (transfer, speed)
        if is_first:
            self._first_came.emit()

    def close(self) -> None:
        """Give no more of them."""
        self._first_came.disconnect()
        self._timer.stop()

    def _give(self) -> None:
        with self._lock:
            news = dict(islice(self._news.items(), _MOST))
            for number in news:
                del self._news[number]
            is_rest = bool(self._news)
        if is_rest:
            self._timer.start(_SHORT_PAUSE_MS)
        self.came.emit(news)
