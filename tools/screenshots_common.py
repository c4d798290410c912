"""What the pictures of all subjects need of the QGIS window that they are taken in."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from qgis import processing
from qgis.core import (
    QgsApplication,
    QgsLayerTreeLayer,
    QgsMapLayer,
    QgsProcessing,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QEventLoop, Qt
from qgis.PyQt.QtWidgets import QDockWidget, QToolBar, QWidget
from qgis.utils import iface

from dbar_qgis_plugin.gui.sample_data import Sample

PICTURES = Path(os.environ["DBAR_PICTURES"])
SCRATCH = Path(os.environ["DBAR_PICTURES_SCRATCH"])
SUFFIX = os.environ["DBAR_PICTURES_SUFFIX"]
IN_EVERY_LOOK = {
    *("dialog", "result", "degradation_dialog", "degradation_result"),
    *("light_dialog_statistics", "light_types"),
}
WINDOW = (1400, 900)
LAYERS_WIDTH = 420
TOOLBARS = {"mFileToolBar", "mMapNavToolBar", "mSelectionToolBar"}
TEMPORARY = QgsProcessing.TEMPORARY_OUTPUT


def settle(seconds: float = 1.0) -> None:
    """Let QGIS handle its events, and wait until the map is drawn."""
    end = time.monotonic() + seconds
    while time.monotonic() < end or iface.mapCanvas().isDrawing():
        QgsApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        time.sleep(0.02)


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Let QGIS work until something has happened."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{condition} did not happen")
        settle(0.05)


def save(widget: QWidget, name: str) -> None:
    """Save the picture of a widget, unless this is another look and the first one will do."""
    if SUFFIX and name not in IN_EVERY_LOOK and not name.startswith("catalog_"):
        return
    settle()
    # Quality 0 is the smallest file; no PNG loses anything.
    if not widget.grab().save(str(PICTURES / f"{name}{SUFFIX}.png"), "PNG", 0):
        raise OSError(f"{name}{SUFFIX}.png could not be saved")


def dock(name: str) -> QDockWidget:
    """Return a dock of the main window by its object name."""
    return iface.mainWindow().findChild(QDockWidget, name)


def node(layer_id: str) -> QgsLayerTreeLayer:
    """Return where a layer stands in the list of layers."""
    return QgsProject.instance().layerTreeRoot().findLayer(layer_id)


def loaded(result: str) -> QgsMapLayer:
    """Return the layer of a result: one in memory is named by its id, others by their file."""
    project = QgsProject.instance()
    layers = project.mapLayers().values()
    return project.mapLayer(result) or next(each for each in layers if each.source() == result)


def show_only(*layers: QgsMapLayer) -> None:
    """Show layers at the head of the list, and hide all others."""
    root = QgsProject.instance().layerTreeRoot()
    for other in root.findLayers():
        other.setItemVisibilityChecked(False)
        other.setExpanded(False)
    for layer in reversed(layers):
        place = node(layer.id())
        head = place.clone()
        root.insertChildNode(0, head)
        place.parent().removeChildNode(place)
        head.setItemVisibilityChecked(True)
        head.setExpanded(True)


def arrange_window() -> None:
    """Show the window at its size, with the layers on the left, and little else."""
    window = iface.mainWindow()
    for child in window.findChildren(QDockWidget):
        child.setVisible(child.objectName() == "Layers")
    for child in window.findChildren(QToolBar):
        child.setVisible(child.objectName() in TOOLBARS)
    window.showNormal()
    window.setFixedSize(*WINDOW)
    settle()
    window.resizeDocks([dock("Layers")], [LAYERS_WIDTH], Qt.Orientation.Horizontal)


def load_sample(sample: Sample) -> dict[str, str]:
    """Load a sample as the plugin's menu does; return its layers' ids by the names of files."""
    folder = SCRATCH / sample.folder
    sample.write(folder)
    sample.add_layers(folder)
    layers = QgsProject.instance().mapLayers().values()
    return {Path(layer.source()).stem: layer.id() for layer in layers}


def picture_dialog(algorithm: str, inputs: dict, name: str, height: int = 850) -> None:
    """Picture an algorithm's dialog, filled in."""
    dialog = processing.createAlgorithmDialog(algorithm, inputs)
    dialog.show()
    dialog.resize(1000, height)
    save(dialog, name)
    dialog.close()


def picture_map(layer: QgsMapLayer, name: str) -> None:
    """Picture the window with the map of a layer."""
    iface.setActiveLayer(layer)
    QgsProject.instance().setCrs(layer.crs())
    extent = QgsRectangle(layer.extent())
    extent.scale(1.1)
    iface.mapCanvas().setExtent(extent)
    iface.mapCanvas().refresh()
    settle(2)
    iface.messageBar().clearWidgets()
    save(iface.mainWindow(), name)
