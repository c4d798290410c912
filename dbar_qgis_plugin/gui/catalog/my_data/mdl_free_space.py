"""The files of My data with their sizes, to be ticked for deletion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from qgis.PyQt.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, Qt

from dbar_qgis_plugin.catalog.local.store import Place, Stored
from dbar_qgis_plugin.gui.catalog.jobs import size_in_words

_TITLE, _SIZE, _NOTE = range(3)
_CHECKED: Final = Qt.CheckState.Checked


class Heap(NamedTuple):
    """The files of an item.

    is_shown : whether a layer of the project shows one of them
    """

    title: str
    stored: tuple[Stored, ...]
    is_shown: bool

    @property
    def size(self) -> int:
        """Bytes of all of them."""
        return sum(stored.size for stored in self.stored)


def heaps_of(files: Iterable[Stored], shown: frozenset[Path]) -> list[Heap]:
    """Put files together by their items, the largest first."""
    by_item: dict[tuple[str, str], list[Stored]] = {}
    for stored in files:
        by_item.setdefault((stored.place.collection, stored.place.item), []).append(stored)
    heaps = [
        Heap(parts[0].title, tuple(parts), any(part.path in shown for part in parts))
        for parts in by_item.values()
    ]
    return sorted(heaps, key=lambda heap: heap.size, reverse=True)


class FreeSpaceModel(QAbstractTableModel):
    """Items with a box to tick, their sizes, and what should be known before."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.heaps: list[Heap] = []
        self._ticked: set[int] = set()

    def set_heaps(self, heaps: Sequence[Heap]) -> None:
        """Show items; none is ticked."""
        self.beginResetModel()
        self.heaps, self._ticked = list(heaps), set()
        self.endResetModel()

    def ticked(self) -> list[Heap]:
        """Return the items that are ticked."""
        return [self.heaps[number] for number in sorted(self._ticked)]

    def places(self) -> list[Place]:
        """Return the files of the items that are ticked."""
        return [stored.place for heap in self.ticked() for stored in heap.stored]

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.heaps)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 3

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        translate = QCoreApplication.translate
        return {
            _TITLE: translate("Dbar", "Item"),
            _SIZE: translate("Dbar", "Size"),
            _NOTE: translate("Dbar", "Note"),
        }[section]

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == _TITLE else flags

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        heap = self.heaps[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return {_TITLE: heap.title, _SIZE: size_in_words(heap.size), _NOTE: _note(heap)}[
                index.column()
            ]
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(str(stored.path) for stored in heap.stored)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == _SIZE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == _TITLE:
            return _CHECKED if index.row() in self._ticked else Qt.CheckState.Unchecked
        return None

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        if Qt.CheckState(value) == _CHECKED:
            self._ticked.add(index.row())
        else:
            self._ticked.discard(index.row())
        self.dataChanged.emit(index, index)
        return True


def _note(heap: Heap) -> str:
    return QCoreApplication.translate("Dbar", "shown on the map") if heap.is_shown else ""
