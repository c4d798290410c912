"""What the pages of the catalog's window ask of each other, and of QGIS's window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from qgis.core import Qgis, QgsMapLayer
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QCoreApplication, QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QWidget

from dbar_qgis_plugin.catalog.model import Item


class Page(Enum):
    """The pages of the window."""

    SEARCH = "search"
    RESULTS = "results"
    TRANSFERS = "transfers"
    MY_DATA = "my_data"


@dataclass(frozen=True)
class Pick:
    """A wish for data as input of an algorithm's dialog.

    role : what is wanted, as parameters name it
    title : of algorithm and parameter, for the user
    take : takes the sources of the layers that were chosen, ordered by date
    layer : of the project, that the dialog has already: data are wanted where it lies
    years : first and last one that the dialog speaks of
    """

    role: str
    title: str
    take: Callable[[list[str]], None]
    layer: QgsMapLayer | None = None
    years: tuple[int, int] | None = None


class Desk(QObject):
    """Where the pages meet.

    Parameters
    ----------
    canvas : QgsMapCanvas
        The map.
    message_bar : QgsMessageBar
        For notes that must be seen.
    window : QWidget
        Parent of dialogs.
    """

    search_wanted = pyqtSignal(object)  # searching.Search: Results shall run it
    search_cancelled = pyqtSignal()  # the user wants no more of it
    search_state = pyqtSignal(bool, str)  # from Results: whether it runs, and how it is in words
    page_wanted = pyqtSignal(object)  # Page
    pick_changed = pyqtSignal(object)  # Pick, or None when it has ended
    count_changed = pyqtSignal(object, int)  # Page, and how much on it is under way

    def __init__(self, canvas: QgsMapCanvas, message_bar: QgsMessageBar, window: QWidget) -> None:
        super().__init__(window)
        self.canvas, self.message_bar, self.window = canvas, message_bar, window
        self.page = Page.SEARCH  # the one that was wanted last
        self.pick: Pick | None = None
        self.publish: Callable[[list[Item]], None] | None = None  # opens the wizard

    def show_page(self, page: Page) -> None:
        """Turn to a page."""
        self.page = page
        self.page_wanted.emit(page)

    def set_pick(self, pick: Pick | None) -> None:
        """Begin to choose data for an algorithm's dialog, or end it."""
        self.pick = pick
        self.pick_changed.emit(pick)

    def tell(self, text: str, level: Qgis.MessageLevel = Qgis.MessageLevel.Info) -> None:
        """Write a note above the map."""
        title = QCoreApplication.translate("Dbar", "SDG Data Catalog")
        self.message_bar.pushMessage(title, text, level)
