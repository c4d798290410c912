"""Where the files of items are, kept up to date: on the map, on their way, on this computer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from qgis.core import QgsMapLayer, QgsProject
from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer, pyqtSignal

from dbar_qgis_plugin.catalog.model import Item
from dbar_qgis_plugin.catalog.transfers.queue import ENDED, Transfer
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.actions.looks import item_names
from dbar_qgis_plugin.gui.catalog.items.row import ItemState, lies_here
from dbar_qgis_plugin.gui.catalog.jobs import Control, Jobs
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

Key = tuple[str, str, str]

_PAUSE_MS: Final = 300  # what comes within it is looked up together


class ItemStates(QObject):
    """The states of items by their keys."""

    changed = pyqtSignal(object)  # set of the keys whose state may be another

    def __init__(self, session: CatalogSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, Jobs(self)
        self._held: set[Key] = set()
        self._loading: dict[int, Key] = {}  # by number of the transfer
        self._on_map: dict[str, Key] = {}  # by id of the layer
        self._waiting: dict[Key, Item] = {}  # to be looked up in My data
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._begin)
        session.transfer_changed.connect(self._transfer_changed)
        project = QgsProject.instance()
        project.layersAdded.connect(self._layers_added)
        project.layersRemoved.connect(self._layers_removed)
        self._layers_added(project.mapLayers().values())

    def of(self, item: Item) -> ItemState:
        """Return the state of an item, as far as it is known."""
        key = item.key
        if key in self._held or lies_here(item):
            return ItemState.LOCAL
        if key in self._loading.values():
            return ItemState.DOWNLOADING
        return ItemState.STREAMING if key in self._on_map.values() else ItemState.REMOTE

    def look_up(self, items: Sequence[Item]) -> None:
        """Find out which of these are on this computer; `changed` tells of those that are."""
        self._waiting.update((item.key, item) for item in items if not lies_here(item))
        if self._waiting and not self._pause.isActive():
            self._pause.start()

    def close(self) -> None:
        """Stop what runs, and listen no more."""
        self._pause.stop()
        self._jobs.close()
        self._session.transfer_changed.disconnect(self._transfer_changed)
        project = QgsProject.instance()
        project.layersAdded.disconnect(self._layers_added)
        project.layersRemoved.disconnect(self._layers_removed)

    def _begin(self) -> None:
        if self._jobs.is_running("states"):
            return  # its end looks whether more has come
        items, self._waiting = list(self._waiting.values()), {}
        library = self._session.library
        title = QCoreApplication.translate("Dbar", "Looking for items in My data")

        def work(control: Control) -> tuple[set[Key], set[Key]]:
            asked, held = set(), set()
            for item in items:
                if control.is_cancelled():
                    break
                asked.add(item.key)
                if library.held(item):
                    held.add(item.key)
            return asked, held

        self._jobs.start("states", title, work, self._found, self._not_found)

    def _found(self, answer: tuple[set[Key], set[Key]]) -> None:
        asked, held = answer
        new = held ^ (self._held & asked)
        self._held = (self._held - asked) | held
        if new:
            self.changed.emit(new)
        if self._waiting:
            self._pause.start()

    def _not_found(self, _error: DbarError) -> None:
        """My data cannot be read: its own page says why."""

    def _transfer_changed(self, transfer: Transfer, _speed: object) -> None:
        names = (str(transfer.item.get(name, "")) for name in ("collection", "id"))
        key = (transfer.connection, *names)
        if transfer.state in ENDED:
            is_new = self._loading.pop(transfer.id, None) is not None
        else:
            is_new = transfer.id not in self._loading
            self._loading[transfer.id] = key
        if is_new:
            self.changed.emit({key})

    def _layers_added(self, layers: Iterable[QgsMapLayer]) -> None:
        new = {layer.id(): names[:3] for layer in layers if (names := item_names(layer))}
        self._on_map.update(new)
        if new:
            self.changed.emit(set(new.values()))

    def _layers_removed(self, layer_ids: Iterable[str]) -> None:
        gone = {self._on_map.pop(number) for number in layer_ids if number in self._on_map}
        if gone:
            self.changed.emit(gone)
