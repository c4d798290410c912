"""The pictures of night light."""

import os
from pathlib import Path

from qgis import processing
from qgis.core import QgsMapLayer, QgsProject, QgsRasterLayer, QgsVectorLayer

from screenshots_common import (
    SCRATCH,
    TEMPORARY,
    loaded,
    picture_dialog,
    picture_map,
    settle,
    show_only,
)

TOWN = Path(os.environ["DBAR_PICTURES_TOWN"])


def take() -> None:
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
