"""Runs inside QGIS (`qgis --code`): opens what the plugin shows and saves pictures of it.

Started by screenshots.py, which says by the environment where pictures and scratch files go.
"""

import os
import time
import traceback
from pathlib import Path

from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
from qgis import processing
from qgis.core import (
    QgsApplication,
    QgsLayerTreeLayer,
    QgsMapLayer,
    QgsProcessing,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QEventLoop, Qt, QTimer
from qgis.PyQt.QtWidgets import QDockWidget, QToolBar, QWidget
from qgis.utils import iface

from dbar_qgis_plugin.gui.sample_data import LAND_DEGRADATION, LAND_USE_EFFICIENCY, Sample

PICTURES = Path(os.environ["DBAR_PICTURES"])
SCRATCH = Path(os.environ["DBAR_PICTURES_SCRATCH"])
SUFFIX = os.environ["DBAR_PICTURES_SUFFIX"]
SUBJECTS = os.environ["DBAR_PICTURES_SUBJECTS"].split()
TOWN = Path(os.environ["DBAR_PICTURES_TOWN"])
IN_EVERY_LANGUAGE = {
    *("dialog", "result", "degradation_dialog", "degradation_result"),
    *("light_dialog_statistics", "light_types"),
}
WINDOW = (1400, 900)
LAYERS_WIDTH, TOOLBOX_WIDTH = 420, 390
TOOLBARS = {"mFileToolBar", "mMapNavToolBar", "mSelectionToolBar"}
TEMPORARY = QgsProcessing.TEMPORARY_OUTPUT


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


def picture_batch(algorithm: str) -> None:
    """Picture a batch dialog."""
    created = QgsApplication.processingRegistry().createAlgorithmById(algorithm)
    dialog = BatchAlgorithmDialog(created, iface.mainWindow())
    dialog.show()
    dialog.resize(1300, 400)
    save(dialog, "batch")
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


def land_use_efficiency() -> None:
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


def land_degradation() -> None:
    """Picture SDG 15.3.1: dialogs, maps; write the report."""
    layers = load_sample(LAND_DEGRADATION)
    provinces = QgsProject.instance().mapLayer(layers["provinces"])
    picture_map(QgsProject.instance().mapLayer(layers["land_cover_2023"]), "degradation_sample")
    ndvi = [layers["ndvi_2000_2023"]]
    zones = {"ZONES": provinces.id(), "ZONE_FIELD": "name", "POPULATION": layers["population_2020"]}
    inputs = {
        "NDVI": ndvi,
        "LAND_COVER": [layers[name] for name in sorted(layers) if "land_cover" in name],
        "LEGEND": "unccd",
        "STOCK": layers["soc_stock_2000"],
        "CLIMATE_ZONES": layers["climate_zones"],
        "UNITS": [layers["soil_units"]],
        **zones,
    }
    picture_dialog("dbar:sdg1531", inputs, "degradation_dialog", 1200)
    picture_dialog(
        "dbar:productivitytrajectory",
        {"NDVI": ndvi, "PERIOD": "baseline"},
        "degradation_dialog_trajectory",
    )
    parts = ("productivity", "land_cover", "soc")
    shown = ("zones_reporting", "status", "sdg_reporting")
    model = QgsApplication.processingRegistry().algorithmById("dbar:sdg1531")
    outputs = {out.name(): TEMPORARY for out in model.destinationParameterDefinitions()}
    outputs["report_reporting"] = str(SCRATCH / "degradation_report.html")
    results = processing.runAndLoadResults("dbar:sdg1531", inputs | outputs)
    settle(2)
    rasters = {part.upper(): results[f"{part}_reporting"] for part in parts}
    picture_dialog("dbar:landdegradation", rasters, "degradation_dialog_indicator", 600)
    picture_dialog(
        "dbar:landdegradationsummary",
        {"RASTER": results["sdg_reporting"], **rasters, **zones, "PERIOD_LABEL": "2016–2023"},
        "degradation_dialog_summary",
    )
    # The results alone, one at a time, below the outlines and names of the provinces.
    maps = [loaded(results[output]) for output in shown]
    root = QgsProject.instance().layerTreeRoot()
    outlines, *places = (node(layer.id()).clone() for layer in (provinces, *maps))
    root.insertChildNodes(0, [outlines, *places])
    root.removeChildren(1 + len(maps), len(root.children()) - 1 - len(maps))
    for layer, place, picture in zip(maps, places, ("zones", "status", "result"), strict=True):
        for other in places:
            other.setItemVisibilityChecked(other is place)
            other.setExpanded(other is place)
        # Zones have outlines and names of their own.
        outlines.setItemVisibilityChecked(picture != "zones")
        picture_map(layer, f"degradation_{picture}")


def night_light() -> None:
    """Picture night light: from two products to types and change, a series of years; reports."""

    def run(algorithm: str, inputs: dict, *outputs: str, **reports: str) -> dict:
        written = dict.fromkeys(outputs, TEMPORARY)
        written |= {name: str(SCRATCH / f"{report}.html") for name, report in reports.items()}
        results = processing.runAndLoadResults(f"dbar:{algorithm}", inputs | written)
        settle()
        return results

    def picture(result: str, name: str, *above: QgsMapLayer) -> None:
        show_only(*above, loaded(result))
        picture_map(loaded(result), name)

    products = sorted(TOWN.glob("KX10_*"))
    picture_dialog("dbar:loadsdgsatscene", {"INPUT": str(products[0])}, "light_dialog_load", 700)
    radiances = []
    for product in products:
        scene = run("loadsdgsatscene", {"INPUT": str(product)}, "OUTPUT_RGB", "OUTPUT_PAN")
        clean = run(
            "cleannightlight",
            {"INPUT": scene["OUTPUT_RGB"], "PANCHROMATIC": scene["OUTPUT_PAN"], "STRIPES": True},
            *("OUTPUT", "OUTPUT_CHANGE"),
        )
        registered = run("registernightlight", {"INPUT": clean["OUTPUT"]}, "OUTPUT")
        calibration = {"INPUT": registered["OUTPUT"], "UNIT": "nW cm-2 sr-1"}
        radiances.append(run("calibratenightlight", calibration, "OUTPUT")["OUTPUT"])
        if product == products[0]:
            picture_dialog("dbar:calibratenightlight", calibration, "light_dialog_calibrate")
            picture(scene["OUTPUT_PAN"], "light_pan")
            picture(scene["OUTPUT_RGB"], "light_rgb")
            picture(clean["OUTPUT_CHANGE"], "light_cleaning")
            picture(radiances[0], "light_radiance")
            # Cells hardly above the ground have its colour, and are left dark.
            colours = run(
                "nightlightcolour",
                {"INPUT": radiances[0], "DARK": 1.0},
                *("OUTPUT", "OUTPUT_INDICES"),
            )
            picture(colours["OUTPUT"], "light_types")
            picture(colours["OUTPUT_INDICES"], "light_indices")
    change = run(
        "nightlightchange",
        {"BEFORE": radiances[0], "AFTER": radiances[1], "LIT_FROM": 5.0},
        *("OUTPUT", "OUTPUT_CLASSES"),
    )
    picture(change["OUTPUT_CLASSES"], "light_change")
    picture(change["OUTPUT"], "light_change_ratio")
    QgsProject.instance().clear()

    paths = [*sorted(TOWN.glob("light_*.tif")), TOWN / "population_2020.tif"]
    *years, population = (QgsRasterLayer(str(path), path.stem) for path in paths)
    districts = QgsVectorLayer(str(TOWN / "districts.geojson"), "districts")
    QgsProject.instance().addMapLayers([districts, *years, population])
    zones = {"ZONES": districts.id(), "ZONE_FIELD": "name", "POPULATION": population.id()}
    series = {
        "LIGHT": [year.id() for year in years],
        "UNIT": "nw_cm2_sr",
        "LIT_THRESHOLD": 1.0,
        **zones,
    }
    picture_dialog("dbar:nightlightstatistics", series, "light_dialog_statistics", 950)
    statistics = run(
        "nightlightstatistics",
        series,
        *("OUTPUT", "OUTPUT_SERIES"),
        OUTPUT_REPORT="light_report",
    )
    picture(statistics["OUTPUT"], "light_zones")
    lit = {"INPUT": years[-1].id(), "THRESHOLD": 1.0, **zones}
    electrified = run(
        "electrification",
        lit,
        *("OUTPUT", "OUTPUT_ZONES"),
        OUTPUT_REPORT="electrification_report",
    )
    picture(electrified["OUTPUT_ZONES"], "light_electrified_zones")
    picture(electrified["OUTPUT"], "light_electrified")
    del lit["POPULATION"]
    area = run("litarea", {**lit, "METHOD": "otsu"}, "OUTPUT", "OUTPUT_ZONES")
    picture(area["OUTPUT_ZONES"], "light_lit_zones")


SUBJECT_PICTURES = {
    "land_use_efficiency": land_use_efficiency,
    "land_degradation": land_degradation,
    "night_light": night_light,
}


def run() -> None:
    """Take all pictures, then close QGIS; on a failure leave a note for the caller."""
    try:
        arrange_window()
        for subject in SUBJECTS:
            SUBJECT_PICTURES[subject]()
            QgsProject.instance().clear()
    except Exception:
        (SCRATCH / "problem.txt").write_text(traceback.format_exc(), encoding="utf-8")
    # Nothing is left that QGIS would ask about before it closes.
    QgsProject.instance().clear()
    iface.actionExit().trigger()


# Once the window is up.
QTimer.singleShot(2000, run)
