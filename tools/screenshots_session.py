"""Runs inside QGIS (`qgis --code`): opens what the plugin shows and saves pictures of it.

Started by screenshots.py, which says by the environment where pictures and scratch files go.
"""

import os
import time
import traceback
from pathlib import Path

from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
from qgis import processing
from qgis.core import QgsApplication, QgsProcessing, QgsProject, QgsRectangle, QgsVectorLayer
from qgis.PyQt.QtCore import QEventLoop, Qt, QTimer
from qgis.PyQt.QtWidgets import QDockWidget, QToolBar, QWidget
from qgis.utils import iface

from dbar_qgis_plugin.gui.sample_data import add_sample_layers
from dbar_qgis_plugin.pipelines.sample_data import write_sample_data

PICTURES = Path(os.environ["DBAR_PICTURES"])
SCRATCH = Path(os.environ["DBAR_PICTURES_SCRATCH"])
SUFFIX = os.environ["DBAR_PICTURES_SUFFIX"]
IN_EVERY_LANGUAGE = {"dialog", "result"}
ALGORITHM = "dbar:landuseefficiency"
WINDOW = (1400, 900)
LAYERS_WIDTH, TOOLBOX_WIDTH = 420, 300
TOOLBARS = {"mFileToolBar", "mMapNavToolBar", "mSelectionToolBar"}


def settle(seconds: float = 1.0) -> None:
    """Let QGIS handle its events, and wait until the map is drawn."""
    end = time.monotonic() + seconds
    while time.monotonic() < end or iface.mapCanvas().isDrawing():
        QgsApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        time.sleep(0.02)


def save(widget: QWidget, name: str) -> None:
    """Save the picture of a widget, unless this is a second language and the first one will do."""
    if SUFFIX and name not in IN_EVERY_LANGUAGE:
        return
    settle()
    if not widget.grab().save(str(PICTURES / f"{name}{SUFFIX}.png")):
        raise OSError(f"{name}{SUFFIX}.png could not be saved")


def dock(name: str) -> QDockWidget:
    """Return a dock of the main window by its object name."""
    return iface.mainWindow().findChild(QDockWidget, name)


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


def load_sample() -> dict:
    """Load the sample data as the plugin's menu does; return the algorithm's inputs from it."""
    folder = SCRATCH / "sample"
    write_sample_data(folder)
    cities = add_sample_layers(folder)
    rasters = sorted(
        (layer.name(), layer.source(), layer.id())
        for layer in QgsProject.instance().mapLayers().values()
        if layer.id() != cities.id()
    )
    return {
        "CITIES": cities.id(),
        "CITY_FIELD": "name",
        "GROUP_FIELD": "region",
        "BUILTUP": [key for _, source, key in rasters if "builtup" in source],
        "BUILTUP_KIND": "fraction",
        "POPULATION": [key for _, source, key in rasters if "population" in source],
    }


def picture_dialog(inputs: dict) -> None:
    """Picture the algorithm's dialog, filled in."""
    dialog = processing.createAlgorithmDialog(ALGORITHM, inputs)
    dialog.show()
    dialog.resize(1000, 850)
    save(dialog, "dialog")
    dialog.close()


def picture_batch() -> None:
    """Picture the batch dialog."""
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(ALGORITHM)
    dialog = BatchAlgorithmDialog(algorithm, iface.mainWindow())
    dialog.show()
    dialog.resize(1300, 400)
    save(dialog, "batch")
    dialog.close()


def compute(inputs: dict) -> QgsVectorLayer:
    """Run the algorithm, load its results as the dialog does, and return the cities' layer."""
    layers = ("OUTPUT", "OUTPUT_INTERVALS", "OUTPUT_GROUPS")
    outputs = dict.fromkeys(layers, QgsProcessing.TEMPORARY_OUTPUT)
    outputs["OUTPUT_REPORT"] = str(SCRATCH / "report.html")
    results = processing.runAndLoadResults(ALGORITHM, inputs | outputs)
    settle(2)
    project = QgsProject.instance()
    # The cities as they were loaded would cover the land behind the result.
    project.layerTreeRoot().findLayer(inputs["CITIES"]).setItemVisibilityChecked(False)
    project.layerTreeRoot().findLayer(results["OUTPUT_INTERVALS"]).setItemVisibilityChecked(False)
    return project.mapLayer(results["OUTPUT"])


def picture_result(cities: QgsVectorLayer) -> None:
    """Picture the window with the styled cities, then with the toolbox open at the plugin."""
    iface.setActiveLayer(cities)
    QgsProject.instance().setCrs(cities.crs())
    extent = QgsRectangle(cities.extent())
    extent.scale(1.1)
    iface.mapCanvas().setExtent(extent)
    iface.mapCanvas().refresh()
    settle(2)
    iface.messageBar().clearWidgets()
    save(iface.mainWindow(), "result")

    toolbox = dock("ProcessingToolbox")
    toolbox.show()
    toolbox.raise_()
    tree = toolbox.algorithmTree
    model = tree.model()
    for row in range(model.rowCount()):
        provider = model.index(row, 0)
        tree.setExpanded(provider, "DBAR" in str(provider.data()))
        if "DBAR" in str(provider.data()):
            tree.expandRecursively(provider)
            tree.scrollTo(provider, tree.ScrollHint.PositionAtTop)
    iface.mainWindow().resizeDocks([toolbox], [TOOLBOX_WIDTH], Qt.Orientation.Horizontal)
    save(iface.mainWindow(), "toolbox")


def run() -> None:
    """Take all pictures, then close QGIS; on a failure leave a note for the caller."""
    try:
        arrange_window()
        inputs = load_sample()
        picture_dialog(inputs)
        picture_batch()
        picture_result(compute(inputs))
    except Exception:
        (SCRATCH / "problem.txt").write_text(traceback.format_exc(), encoding="utf-8")
    # Nothing is left that QGIS would ask about before it closes.
    QgsProject.instance().clear()
    iface.actionExit().trigger()


# Once the window is up.
QTimer.singleShot(2000, run)
