"""The sample region: written in the background, then shown as layers."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsProject,
    QgsRasterLayer,
    QgsTask,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.about import PLUGIN_FOLDER
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.pipelines.sample_data import CITIES_FILE, write_sample_data
from dbar_qgis_plugin.raster_io.progress import Progress

_STYLES = PLUGIN_FOLDER / "resources" / "styles"


class SampleDataTask(QgsTask):
    """Writes the sample data into the user's profile, unless it is there already."""

    def __init__(self, on_finished: Callable[[SampleDataTask], None]) -> None:
        super().__init__(
            QCoreApplication.translate("Dbar", "Writing the sample data"), QgsTask.Flag.CanCancel
        )
        self.folder = Path(QgsApplication.qgisSettingsDirPath()) / "dbar" / "sample_data"
        self.error: Exception | None = None
        self._on_finished: Callable[[SampleDataTask], None] | None = on_finished

    def run(self) -> bool:
        """Write the files; QGIS calls this in a thread of its own."""
        try:
            self._write()
        except (DbarError, OSError) as error:
            self.error = error
        return self.error is None

    def finished(self, result: bool) -> None:
        """Pass on what has happened; QGIS calls this in the thread of the window."""
        if self._on_finished is not None:
            self._on_finished(self)

    def abandon(self) -> None:
        """Stop, and tell nobody: the plugin is being unloaded."""
        self._on_finished = None
        self.cancel()

    def _write(self) -> None:
        if (self.folder / CITIES_FILE).exists():
            return
        # Under its own name the folder is always complete.
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=self.folder.parent))
        try:
            progress = Progress(
                set_progress=lambda share: self.setProgress(100.0 * share),
                is_cancelled=self.isCanceled,
            )
            write_sample_data(draft / self.folder.name, progress=progress)
            (draft / self.folder.name).rename(self.folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def add_sample_layers(folder: Path) -> QgsVectorLayer:
    """Add the layers of the sample region to the project, and return the one of the cities."""
    translate = QCoreApplication.translate
    group = QgsLayerTreeGroup(translate("Dbar", "Sample data (SDG 11.3.1)"))
    cities = QgsVectorLayer(str(folder / CITIES_FILE), translate("Dbar", "Cities (sample)"), "ogr")
    _style(cities, "sample_cities")
    QgsProject.instance().addMapLayer(cities, False)
    group.addLayer(cities)
    for title, pattern, style in (
        (translate("Dbar", "Built-up fraction"), "builtup_fraction_*.tif", "builtup_fraction"),
        (translate("Dbar", "Population"), "population_*.tif", "population_count"),
    ):
        part = group.addGroup(title)
        for path in sorted(folder.glob(pattern), reverse=True):
            year = re.search(r"\d{4}", path.stem)
            raster = QgsRasterLayer(str(path), f"{title} {year[0] if year else path.stem}")
            _style(raster, style)
            QgsProject.instance().addMapLayer(raster, False)
            part.addLayer(raster)
        for node in part.findLayers()[1:]:
            node.setItemVisibilityChecked(False)
        part.setExpanded(False)
    # Population would hide the built-up land below it.
    part.setItemVisibilityChecked(False)
    QgsProject.instance().layerTreeRoot().insertChildNode(0, group)
    return cities


def _style(layer: QgsMapLayer, name: str) -> None:
    layer.loadNamedStyle(str(_STYLES / f"{name}.qml"))
