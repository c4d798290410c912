"""The demonstration's second part: SDG 15.3.1 on the made-up region that comes with the plugin.

No figures are published for a made-up region. What is compared instead: areas and persons with
QGIS's own zonal statistics, transitions with a count of the input's cells, the indicator with its
definition, what the region's generator says happens where, and the bundled model with the steps
run one by one.
"""

import numpy as np

from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation_sample import LAND_COVER_YEARS
from dbar_qgis_plugin.raster_io.source import open_source
from demo_common import Checks, read_table, say_where

DEGRADED, IMPROVED, NO_DATA = -1, 1, -32768
TREES, GRASS, CROPS, BUILT, BARE = 1, 2, 3, 5, 6  # the UNCCD's classes
NOMINAL = 1e-3  # what the projection adds to a cell of 250 m by 250 m
EXACT = 1e-9
# Where what happens, in km from the lower left corner: see the region's generator.
HILLS, LAKE, MINE = (47, 27), (9, 38), (54, 12)
PARTS = ("degraded", "stable", "improved", "nodata")
OUTPUTS = {
    "OUTPUT_REPORT": "report",
    "OUTPUT": "provinces (layer)",
    "OUTPUT_TABLE": "table",
    "OUTPUT_CROSSTABS": "crosstabs",
}
MODEL_OUTPUTS = {
    "report_baseline": "report, baseline",
    "report_reporting": "report, 2016-2023",
    "sdg_reporting": "indicator, 2016-2023",
    "status": "status (layer)",
    "balance": "neutrality balance",
}


def run_land_degradation(qgis, sample, model, folder):
    """Run the steps for the baseline; return the number of differences.

    `model` is the run of the model on the same sample and folder, a future.
    """
    print("\n\nSDG 15.3.1: proportion of land that is degraded")
    print(f"Sample region: 24 years of NDVI and three land cover maps, written to {sample.folder}")
    checks = Checks()
    steps, results = run_steps(qgis, sample, folder)
    rows = read_table(folder / "table.csv")
    print_provinces("Baseline, 2000-2015: the algorithms one by one", rows)
    compare_tables(qgis, sample, folder, rows, checks)
    model_results = model.result()
    compare_model(folder, rows, model_results, steps, checks)
    compare_planted(steps, model_results, checks)
    print("\nTo look at:")
    say_where(results | {"sdg": steps["sdg"]}, OUTPUTS | {"sdg": "indicator (layer)"})
    say_where(model_results, MODEL_OUTPUTS)
    return checks.failed


def run_steps(qgis, sample, folder):
    """Run from NDVI to the table of provinces; return the rasters and the summary's results."""

    def run(algorithm, name, parameters):
        results, _ = qgis.run(
            f"dbar:{algorithm}", parameters | {"OUTPUT": folder / f"baseline_{name}.tif"}
        )
        return results["OUTPUT"]

    ndvi = {"NDVI": [sample.ndvi], "PERIOD": "baseline"}
    land_cover = {
        "LAND_COVER": sample.land_cover,
        "LEGEND": "unccd",
        "YEAR_INITIAL": 2000,
        "YEAR_FINAL": 2015,
    }
    made = {
        "trajectory": run("productivitytrajectory", "trajectory", ndvi),
        "state": run("productivitystate", "state", ndvi),
        "performance": run(
            "productivityperformance", "performance", ndvi | {"UNITS": [sample.soil_units]}
        ),
        "land_cover": run(
            "landcoverchange",
            "land_cover",
            land_cover | {"OUTPUT_TRANSITIONS": folder / "transitions.csv"},
        ),
        "soc": run(
            "soilorganiccarbon",
            "soc",
            land_cover | {"STOCK": sample.soc_stock, "CLIMATE_ZONES": sample.climate_zones},
        ),
    }
    made["productivity"] = run(
        "landproductivity",
        "productivity",
        {name.upper(): made[name] for name in ("trajectory", "state", "performance")},
    )
    parts = {name.upper(): made[name] for name in ("productivity", "land_cover", "soc")}
    made["sdg"] = run("landdegradation", "sdg", parts)
    results, _ = qgis.run(
        "dbar:landdegradationsummary",
        parts
        | {
            "RASTER": made["sdg"],
            "POPULATION": sample.population,
            "ZONES": sample.provinces,
            "ZONE_FIELD": "name",
            "PERIOD_LABEL": "2000-2015",
            "OUTPUT": folder / "provinces.gpkg",
            "OUTPUT_TABLE": folder / "table.csv",
            "OUTPUT_CROSSTABS": folder / "crosstabs.csv",
            "OUTPUT_REPORT": folder / "report.html",
        },
    )
    return made, results


def run_model(qgis, sample, folder):
    """Run the whole chain in one call, for the baseline and 2016-2023; return its results."""
    rasters = ("productivity", "land_cover", "soc", "sdg")
    results, _ = qgis.run(
        "dbar:sdg1531",
        {
            "NDVI": [sample.ndvi],
            "LAND_COVER": sample.land_cover,
            "LEGEND": "unccd",
            "STOCK": sample.soc_stock,
            "CLIMATE_ZONES": sample.climate_zones,
            "UNITS": [sample.soil_units],
            "POPULATION": sample.population,
            "ZONES": sample.provinces,
            "ZONE_FIELD": "name",
            "status": folder / "model_status.tif",
            "balance": folder / "model_balance.csv",
        }
        | {
            f"{name}_{period}": folder / f"model_{name}_{period}{ending}"
            for period in ("baseline", "reporting")
            for name, ending in (
                *((name, ".tif") for name in rasters),
                ("zones", ".gpkg"),
                ("table", ".csv"),
                ("report", ".html"),
            )
        },
    )
    return results


def print_provinces(title, rows):
    """Print areas in km2, proportion and persons; the national line last."""
    print(f"\n{title}")
    print(f"  {'province':<14}{'land km2':>10}", end="")
    for name in (*PARTS, "degraded %", "people on it", "of all"):
        print(f"{name:>13}", end="")
    print()
    for row in rows:
        national = row["level"] == "total"
        print(
            f"  {'The country' if national else row['zone']:<14}{row['land_km2']:>10,.1f}", end=""
        )
        for part in PARTS:
            print(f"{row[f'{part}_km2']:>13,.1f}", end="")
        print(f"{row['degraded_pct']:>13.2f}{row['pop_degraded']:>13,.0f}", end="")
        print(f"{people(row):>13,.0f}")


def people(row):
    """Add up the persons of a zone."""
    return sum(row[f"pop_{part}"] for part in (*PARTS, "water"))


def compare_tables(qgis, sample, folder, rows, checks):
    """Compare areas, persons and transitions with what can be had without the plugin."""
    statistics = folder / "zonal_statistics.csv"
    qgis.run(
        "native:zonalstatisticsfb",
        {
            "INPUT": sample.provinces,
            "INPUT_RASTER": sample.population,
            "COLUMN_PREFIX": "qgis_",
            "STATISTICS": [0, 1],  # count, sum
            "OUTPUT": statistics,
        },
    )
    counted = {row["name"]: row for row in read_table(statistics)}
    checks.header("Areas (true beside nominal km2) and persons", expected="QGIS's own")
    for row in rows[:-1]:
        cells, persons = (counted[row["zone"]][f"qgis_{name}"] for name in ("count", "sum"))
        checks.figure(f"{row['zone']}, km2 with water", row["total_km2"], cells / 16, NOMINAL)
        checks.figure(f"{row['zone']}, persons", people(row), persons, 1e-6)

    before, after = (bands(path)[0] for path in sample.land_cover[:2])
    transitions = {
        (row["from_class"], row["to_class"]): row["km2"]
        for row in read_table(folder / "transitions.csv")
    }
    years = f"{LAND_COVER_YEARS[0]}-{LAND_COVER_YEARS[1]}"
    checks.header(f"Land cover {years}, km2 (true beside nominal)", expected="cells counted")
    for label, old, new in (
        ("forest cleared for crops", TREES, CROPS),
        ("steppe grazed bare", GRASS, BARE),
        ("fields built over", CROPS, BUILT),
    ):
        cells = np.count_nonzero((before == old) & (after == new))
        checks.figure(label, transitions[old, new], cells / 16, NOMINAL)

    print("\nSums")
    for label, names, whole in (
        ("degraded + stable + improved + no data = land", PARTS, "land"),
        ("land + inland water = all", ("land", "water"), "total"),
    ):
        sums = [sum(row[f"{name}_km2"] for name in names) for row in rows]
        wholes = [row[f"{whole}_km2"] for row in rows]
        checks.says(f"{label}, in all rows", np.allclose(sums, wholes, rtol=EXACT, atol=0))
    for name in ("land_km2", "degraded_km2", "pop_degraded"):
        *parts, total = (row[name] for row in rows)
        checks.says(f"{name} of the provinces = the country's", abs(sum(parts) / total - 1) < EXACT)


def compare_model(folder, rows, model, steps, checks):
    """Compare the model's baseline with the steps'."""
    print_provinces(
        "Reporting period, 2016-2023: the model dbar:sdg1531, status against the baseline",
        read_table(folder / "model_table_reporting.csv"),
    )
    print("\nThe model's baseline beside the steps run one by one")
    for name in ("productivity", "land_cover", "soc", "sdg"):
        one, other = bands(model[f"{name}_baseline"]), bands(steps[name])
        checks.says(f"{name}: every cell of every band is the same", np.array_equal(one, other))
    same = read_table(folder / "model_table_baseline.csv") == rows
    checks.says("table of provinces: every figure is the same", same)


def compare_planted(steps, model, checks):
    """Compare with the definition of the indicator and with what the region was made to show."""
    print("\nNo figures are published for this region, which is made up. What is known of it:")
    productivity = bands(steps["productivity"])[1]
    parts = np.array([productivity, bands(steps["land_cover"])[0], bands(steps["soc"])[0]])
    sdg = bands(steps["sdg"])[0]
    defined = np.select(
        [(parts == DEGRADED).any(axis=0), (parts == NO_DATA).any(axis=0)],
        [DEGRADED, NO_DATA],
        parts.max(axis=0),
    )
    checks.says("one out, all out: the indicator follows from its parts", (sdg == defined).all())

    def share(values, place, kilometres, wanted):
        height, width = values.shape
        x = (np.arange(width) + 0.5) / 4 - place[0]
        y = (height - np.arange(height)[:, np.newaxis] - 0.5) / 4 - place[1]
        return (values[np.hypot(x, y) < kilometres] == wanted).mean()

    hills = share(sdg, HILLS, 3, IMPROVED)
    checks.says(f"the planted hills improve: {hills:.0%} of the cells", hills > 0.85)
    lake = share(sdg, LAKE, 3, NO_DATA)
    checks.says(f"the lake has no result: {lake:.0%}", lake == 1)
    before, after = (
        share(values, MINE, 1.5, DEGRADED) for values in (sdg, bands(model["sdg_reporting"])[0])
    )
    checks.says(
        f"the mine, opened in 2018, degrades its land: {before:.0%} before, {after:.0%} after",
        before < 0.1 and after == 1,
    )


def bands(path):
    """Read the bands of a raster of classes; what is missing as NO_DATA."""
    source = open_source(str(path))
    values, valid = source.read(source.grid.window)
    return np.where(valid, values, NO_DATA)
