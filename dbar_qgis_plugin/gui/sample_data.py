"""The sample regions: written in the background, then shown as layers."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

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
from dbar_qgis_plugin.algorithms.rasters import RasterClass, style_classes
from dbar_qgis_plugin.algorithms.sdg_15_3_1.classes import land_cover_classes
from dbar_qgis_plugin.errors import Cancelled, DbarError
from dbar_qgis_plugin.pipelines.sample_data import CITIES_FILE, write_sample_data
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation_sample import (
    PROVINCES_FILE,
    write_land_degradation_sample,
)
from dbar_qgis_plugin.raster_io.progress import Progress

_STYLES: Final = PLUGIN_FOLDER / "resources" / "styles"


class Sample(NamedTuple):
    """A sample region: how its files are written, and how they are shown."""

    folder: str  # where it is kept, in the user's profile
    polygons: str  # one of its files
    write: Callable[..., Any]  # to a folder; takes `progress`
    add_layers: Callable[[Path], QgsVectorLayer]  # from a folder; returns the layer to zoom to


class SampleDataTask(QgsTask):
    """Writes a sample region into the user's profile, unless it is there already."""

    def __init__(self, sample: Sample, on_finished: Callable[[SampleDataTask], None]) -> None:
        super().__init__(
            QCoreApplication.translate("Dbar", "Writing the sample data"), QgsTask.Flag.CanCancel
        )
        self.sample = sample
        self.folder = Path(QgsApplication.qgisSettingsDirPath()) / "dbar" / sample.folder
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
        if not result and self.error is None:
            # Cancelled while it waited for its turn.
            self.error = Cancelled()
        if self._on_finished is not None:
            self._on_finished(self)

    def abandon(self) -> None:
        """Stop, and tell nobody: the plugin is being unloaded."""
        self._on_finished = None
        self.cancel()

    def _write(self) -> None:
        if (self.folder / self.sample.polygons).exists():
            return
        # Under its own name the folder is always complete.
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=self.folder.parent))
        try:
            progress = Progress(
                set_progress=lambda share: self.setProgress(100.0 * share),
                is_cancelled=self.isCanceled,
            )
            self.sample.write(draft / self.folder.name, progress=progress)
            (draft / self.folder.name).rename(self.folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _add_land_use_efficiency(folder: Path) -> QgsVectorLayer:
    """Add cities, built-up land and population to the project."""
    translate = QCoreApplication.translate
    group = QgsLayerTreeGroup(translate("Dbar", "Sample data (SDG 11.3.1)"))
    cities = _add_outlines(group, folder / CITIES_FILE, translate("Dbar", "Cities (sample)"))
    for title, pattern, style in (
        (translate("Dbar", "Built-up fraction"), "builtup_fraction_*.tif", "builtup_fraction"),
        (translate("Dbar", "Population"), "population_*.tif", "population_count"),
    ):
        part = _add_years(group, title, folder.glob(pattern))
        for node in part.findLayers():
            _style(node.layer(), style)
    # Population would hide the built-up land below it.
    part.setItemVisibilityChecked(False)
    QgsProject.instance().layerTreeRoot().insertChildNode(0, group)
    return cities


def _add_land_degradation(folder: Path) -> QgsVectorLayer:
    """Add provinces, land cover, NDVI, soil, climate and population to the project."""
    translate = QCoreApplication.translate
    group = QgsLayerTreeGroup(translate("Dbar", "Sample data (SDG 15.3.1)"))
    provinces = _add_outlines(
        group, folder / PROVINCES_FILE, translate("Dbar", "Provinces (sample)")
    )
    part = _add_years(group, translate("Dbar", "Land cover"), folder.glob("land_cover_*.tif"))
    for node in part.findLayers():
        style_classes(node.layer(), land_cover_classes())
        node.setExpanded(node.isVisible())
    part.setExpanded(True)
    for title, pattern, look in (
        (translate("Dbar", "Annual NDVI"), "ndvi_*.tif", "sample_ndvi"),
        (translate("Dbar", "Soil organic carbon (t/ha)"), "soc_stock_*.tif", "soc_stock"),
        (translate("Dbar", "IPCC climate zones"), "climate_zones.tif", _climate_zones()),
        (translate("Dbar", "Soil types"), "soil_units.tif", _soil_types()),
        (translate("Dbar", "Population"), "population_*.tif", "population_count"),
    ):
        for path in folder.glob(pattern):
            raster = QgsRasterLayer(str(path), _with_years(title, path))
            if isinstance(look, str):
                _style(raster, look)
            else:
                style_classes(raster, look)
            node = _add(group, raster)
            node.setItemVisibilityChecked(False)
            node.setExpanded(False)
    QgsProject.instance().layerTreeRoot().insertChildNode(0, group)
    return provinces


LAND_USE_EFFICIENCY: Final = Sample(
    "sample_land_use_efficiency", CITIES_FILE, write_sample_data, _add_land_use_efficiency
)
LAND_DEGRADATION: Final = Sample(
    "sample_land_degradation",
    PROVINCES_FILE,
    write_land_degradation_sample,
    _add_land_degradation,
)


def _add(group: QgsLayerTreeGroup, layer: QgsMapLayer) -> Any:
    """Add a layer to the project, at the end of a group; return its node."""
    QgsProject.instance().addMapLayer(layer, False)
    return group.addLayer(layer)


def _add_outlines(group: QgsLayerTreeGroup, path: Path, title: str) -> QgsVectorLayer:
    layer = QgsVectorLayer(str(path), title, "ogr")
    _style(layer, "sample_outlines")
    _add(group, layer)
    return layer


def _add_years(group: QgsLayerTreeGroup, title: str, paths: Iterable[Path]) -> QgsLayerTreeGroup:
    """Add a group with a raster per year, the last on top and shown."""
    part = group.addGroup(title)
    for path in sorted(paths, reverse=True):
        _add(part, QgsRasterLayer(str(path), _with_years(title, path)))
    for node in part.findLayers()[1:]:
        node.setItemVisibilityChecked(False)
    part.setExpanded(False)
    return part


def _with_years(title: str, path: Path) -> str:
    """Put the years of a file's name behind a title."""
    years = "–".join(re.findall(r"\d{4}", path.stem))
    return f"{title} {years}".rstrip()


def _style(layer: QgsMapLayer, name: str) -> None:
    layer.loadNamedStyle(str(_STYLES / f"{name}.qml"))


def _climate_zones() -> Sequence[RasterClass]:
    """Those of IPCC's twelve zones that the sample has."""
    translate = QCoreApplication.translate
    return (
        RasterClass(2, "#f6c667", translate("Dbar", "Warm temperate, dry")),
        RasterClass(3, "#5aa9a3", translate("Dbar", "Cool temperate, moist")),
        RasterClass(4, "#b9d7c0", translate("Dbar", "Cool temperate, dry")),
    )


def _soil_types() -> Sequence[RasterClass]:
    text = QCoreApplication.translate("Dbar", "Soil type {number}")
    colours = ("#e9d8a6", "#ca9b52", "#94633a", "#55391f")
    return [
        RasterClass(number, colour, text.format(number=number))
        for number, colour in enumerate(colours, start=1)
    ]
