"""Results of the plugin's algorithms come into My data when QGIS loads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Final

from qgis.core import Qgis, QgsMapLayer, QgsMessageLog, QgsProject, QgsProviderRegistry
from qgis.PyQt.QtCore import QCoreApplication, QObject

from dbar_qgis_plugin.errors import DbarError, InputError
from dbar_qgis_plugin.gui.catalog.jobs import Control, in_words
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

_PROVIDER: Final = "gdal"


class ResultWatch(QObject):
    """Looks at each raster that comes into the project, in the background.

    Files in the system's folder of temporary ones are left alone: they go with QGIS.
    """

    def __init__(self, session: CatalogSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._numbers = count()
        QgsProject.instance().layersAdded.connect(self._look)
        self._look(QgsProject.instance().mapLayers().values())

    def close(self) -> None:
        """Look no more."""
        QgsProject.instance().layersAdded.disconnect(self._look)

    def _look(self, layers: Iterable[QgsMapLayer]) -> None:
        paths = [path for layer in layers if (path := file_of(layer)) is not None]
        if not paths:
            return
        self._session.jobs.start(
            f"results {next(self._numbers)}",
            QCoreApplication.translate("Dbar", "Looking for results of DBAR SDG Tools"),
            lambda control: self._take_in(paths, control),
            self._taken_in,
            _note,
        )

    def _take_in(self, paths: Sequence[Path], control: Control) -> int:
        """Take in those that are results; return their number."""
        data, taken = self._session.library.data, 0
        for path in paths:
            try:
                taken += data.add_result(path, control.progress) is not None
            except InputError as error:  # it has gone, or another program holds it
                _note(error)
        return taken

    def _taken_in(self, number: int) -> None:
        if number:
            self._session.data_changed.emit()


def file_of(layer: QgsMapLayer) -> Path | None:
    """Return the file of a raster layer that lasts; None for any other layer."""
    if layer.providerType() != _PROVIDER or layer.isTemporary():
        return None
    found = QgsProviderRegistry.instance().decodeUri(_PROVIDER, layer.source()).get("path", "")
    path = Path(found)
    return path if found and path.is_absolute() and not found.startswith("/vsi") else None


def _note(error: DbarError) -> None:
    QgsMessageLog.logMessage(in_words(error), "DBAR", Qgis.MessageLevel.Info, False)
