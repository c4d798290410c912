"""Data are used: they become inputs of an algorithm's dialog, whether it is open already or not."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import Qgis, QgsApplication, QgsMapLayer
from qgis.PyQt.QtCore import QCoreApplication, QObject

from dbar_qgis_plugin.gui.catalog.actions.adding import Added, Adding
from dbar_qgis_plugin.gui.catalog.actions.inputs import filled, ordered
from dbar_qgis_plugin.gui.catalog.actions.opening import Choice
from dbar_qgis_plugin.gui.catalog.actions.sources import Sources, Ways
from dbar_qgis_plugin.gui.catalog.desk import Desk, Pick


class Using(QObject):
    """Brings data into the dialogs of algorithms; fetches first what cannot be streamed."""

    def __init__(
        self, desk: Desk, sources: Sources, adding: Adding, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._sources, self._adding = desk, sources, adding

    def use(self, choices: Sequence[Choice], algorithm_id: str) -> None:
        """Open an algorithm's dialog with data as its inputs."""

        def show(layers: dict[Choice, QgsMapLayer]) -> None:
            self._open(algorithm_id, layers)

        self._resolve(choices, show)

    def take(self, choices: Sequence[Choice]) -> None:
        """Give data to the dialog that waits for some."""
        pick = self._desk.pick
        if pick is None:
            return

        def give(layers: dict[Choice, QgsMapLayer]) -> None:
            pick.take([layer.id() for layer in ordered(layers.values())])
            self._end(pick)

        self._resolve(choices, give)

    def _resolve(self, choices: Sequence[Choice], then: Added) -> None:
        def add(ways: Ways) -> None:
            self._adding.add_ways(ways, then)

        self._sources.find(choices, add)

    def _end(self, pick: Pick) -> None:
        if self._desk.pick is pick:
            self._desk.set_pick(None)

    def _open(self, algorithm_id: str, layers: dict[Choice, QgsMapLayer]) -> None:
        from processing import createAlgorithmDialog

        algorithm = QgsApplication.processingRegistry().createAlgorithmById(algorithm_id)
        if algorithm is None or not layers:
            text = QCoreApplication.translate("Dbar", "The dialog of {id} cannot be opened.")
            self._desk.tell(text.format(id=algorithm_id), Qgis.MessageLevel.Warning)
            return
        # Not modal: more can be chosen while it is open. It goes when it is closed.
        dialog = createAlgorithmDialog(algorithm_id, filled(algorithm, layers))
        dialog.show()
