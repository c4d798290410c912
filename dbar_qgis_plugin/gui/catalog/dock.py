"""The dock of the catalog: a frame that is there at once, and fills without holding QGIS up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread
from typing import TYPE_CHECKING, Final

from qgis.gui import QgsDockWidget, QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QCoreApplication, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QLabel, QStackedWidget, QWidget

from dbar_qgis_plugin.gui.catalog.desk import Desk

if TYPE_CHECKING:
    from dbar_qgis_plugin.gui.catalog.wdg_body import CatalogBody

_PAUSE_MS: Final = 5  # between two steps, for what else the window has to do
_WIDTH: Final = 48  # letters: what the pages want


def make_dock(canvas: QgsMapCanvas, message_bar: QgsMessageBar, window: QWidget) -> CatalogDock:
    """Make the dock for QGIS's window."""
    return CatalogDock(Desk(canvas, message_bar, window))


class CatalogDock(QgsDockWidget):
    """The frame of the catalog.

    The first opening imports a hundred modules and makes hundreds of widgets. So a thread imports
    them, and the widgets are made in steps.
    """

    failed = pyqtSignal(object)  # Exception: there will be no more than the frame

    def __init__(self, desk: Desk) -> None:
        super().__init__(QCoreApplication.translate("Dbar", "SDG Data Catalog"), desk.window)
        self.setObjectName("dbar_catalog_dock")
        self.desk = desk
        self.body: CatalogBody | None = None
        self._is_ready = False
        self._calls: list[Callable[[CatalogBody], object]] = []
        self._stack = QStackedWidget()
        self._notice = self._make_notice()
        self._stack.addWidget(self._notice)
        self.setWidget(self._stack)
        self._problem: Exception | None = None
        self._steps = self._fill()
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(_PAUSE_MS)
        self._next.timeout.connect(self._step)
        self._next.start()

    def when_ready(self, call: Callable[[CatalogBody], object]) -> None:
        """Call something with the pages, now or as soon as all are there."""
        if self._is_ready:
            call(self.body)
        else:
            self._calls.append(call)

    def close_all(self) -> None:
        """Take what is on the map, and stop all that runs; called when the plugin goes."""
        self._next.stop()
        self._calls.clear()
        if self.body is None:
            self._steps.close()
            return
        # What has begun is taken away as a whole.
        for _ in self._steps:
            continue
        self.body.close_body()

    def _make_notice(self) -> QLabel:
        notice = QLabel(QCoreApplication.translate("Dbar", "The catalog is being opened…"))
        notice.setObjectName("dbar_catalog_opening")
        notice.setAlignment(Qt.AlignmentFlag.AlignCenter)
        notice.setMinimumWidth(_WIDTH * notice.fontMetrics().averageCharWidth())
        return notice

    def _import(self) -> None:
        """Import what the pages need; in a thread, which makes nothing of Qt."""
        try:
            from dbar_qgis_plugin.gui.catalog import wdg_body  # noqa: F401
        except Exception as error:
            self._problem = error

    def _fill(self) -> Iterator[None]:
        """Make the pages, in steps."""
        importer = Thread(target=self._import, name="dbar-import")
        importer.start()
        try:
            while importer.is_alive():
                yield
        finally:
            importer.join()  # modules that came later would outlive the plugin
        if self._problem is not None:
            raise self._problem
        from dbar_qgis_plugin.gui.catalog.session import CatalogSession
        from dbar_qgis_plugin.gui.catalog.wdg_body import CatalogBody

        session = CatalogSession(self.desk)
        self.body = CatalogBody(session, self.desk, self._stack)
        yield
        yield from self.body.build()
        self._stack.addWidget(self.body)
        yield
        self._stack.setCurrentWidget(self.body)
        self._notice.deleteLater()
        yield
        session.provide_sample()

    def _step(self) -> None:
        try:
            next(self._steps)
        except StopIteration:
            self._is_ready = True
            calls, self._calls = self._calls, []
            for call in calls:
                call(self.body)
        except Exception as error:
            self.failed.emit(error)
        else:
            self._next.start()
