"""The pictures of SDG 15.3.1."""

from qgis import processing
from qgis.core import QgsApplication, QgsProject

from dbar_qgis_plugin.gui.sample_data import LAND_DEGRADATION
from screenshots_common import (
    SCRATCH,
    TEMPORARY,
    load_sample,
    loaded,
    node,
    picture_dialog,
    picture_map,
    settle,
)


def take() -> None:
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
