"""News of transfers, gathered: they come by the hundred, and the window takes them at its pace."""

from __future__ import annotations

import threading

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from dbar_qgis_plugin.catalog.transfers.download import Speed
from dbar_qgis_plugin.catalog.transfers.queue import Transfer

_PAUSE_MS = 200


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
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._give)
        self._first_came.connect(self._timer.start)

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
            news, self._news = self._news, {}
        self.came.emit(news)
