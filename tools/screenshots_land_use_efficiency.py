"""The pictures of SDG 11.3.1."""

from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
from qgis import processing
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.utils import iface

from dbar_qgis_plugin.gui.sample_data import LAND_USE_EFFICIENCY
from screenshots_common import (
    SCRATCH,
    TEMPORARY,
    dock,
    load_sample,
    loaded,
    node,
    picture_dialog,
    picture_map,
    save,
    settle,
)

TOOLBOX_WIDTH = 390


def take() -> None:
    """Picture SDG 11.3.1: dialog, batch dialog, cities, toolbox; write the report."""
    layers = load_sample(LAND_USE_EFFICIENCY)
    algorithm = "dbar:landuseefficiency"
    inputs = {
        "CITIES": layers["cities"],
        "CITY_FIELD": "name",
        "GROUP_FIELD": "region",
        "BUILTUP": [layers[name] for name in sorted(layers) if "builtup" in name],
        "BUILTUP_KIND": "fraction",
        "POPULATION": [layers[name] for name in sorted(layers) if "population" in name],
    }
    picture_dialog(algorithm, inputs, "dialog")
    picture_batch(algorithm)
    outputs = dict.fromkeys(("OUTPUT", "OUTPUT_INTERVALS", "OUTPUT_GROUPS"), TEMPORARY)
    outputs["OUTPUT_REPORT"] = str(SCRATCH / "report.html")
    results = processing.runAndLoadResults(algorithm, inputs | outputs)
    settle(2)
    # The cities as they were loaded would cover the land behind the result.
    for layer_id in (inputs["CITIES"], results["OUTPUT_INTERVALS"]):
        node(layer_id).setItemVisibilityChecked(False)
    picture_map(loaded(results["OUTPUT"]), "result")
    picture_toolbox()


def picture_batch(algorithm: str) -> None:
    """Picture a batch dialog."""
    created = QgsApplication.processingRegistry().createAlgorithmById(algorithm)
    dialog = BatchAlgorithmDialog(created, iface.mainWindow())
    dialog.show()
    dialog.resize(1300, 400)
    save(dialog, "batch")
    dialog.close()


def picture_toolbox() -> None:
    """Picture the window with the toolbox open at the plugin."""
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
    toolbox.hide()
