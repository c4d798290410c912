"""Run SDG 11.3.1 and 15.3.1 through QGIS on sample regions, and compare the figures.

    tools/demo.py                  the generated sample regions; SDG 11.3.1 beside published figures
    tools/demo.py --data FOLDER    SDG 11.3.1 for Valledupar, Rionegro and Washington, from their
                                   rasters in FOLDER

Everything goes through `qgis_process`, with settings of its own under build/, so that the user's
QGIS profile stays as it is. Exits with 1 when a figure is not the expected one.
"""

import argparse
import json
import re
import sys
import time
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dbar_qgis_plugin.pipelines.sample_data import write_sample_data
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation_sample import (
    write_land_degradation_sample,
)
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import open_source
from demo_common import ROOT, Checks, DemoError, Qgis, fresh, read_table, say_where
from demo_land_degradation import run_land_degradation, run_model

ALGORITHM = "dbar:landuseefficiency"
TOLERANCE = 1e-6

Published = namedtuple("Published", "city years formula figures")

# The figures of the sources. Those of Las Palmas follow from the source's built-up areas and
# populations; the source itself prints the ratio with six decimals (0.071445).
PUBLISHED = (
    Published(
        "Sample city A (figures of Bishkek 2017-2020)",
        (2017, 2020),
        "2021",
        {
            (2017, 2020): {
                "lcr": 0.01004644326945862,
                "pgr": 0.05441957947035309,
                "lcrpgr": 0.18461082145869503,
            }
        },
    ),
    Published(
        "Sample city B (figures of Milano 2018-2020)",
        (2018, 2019, 2020),
        "2021",
        {
            (2018, 2019): {
                "lcr": 0.004888227302119424,
                "pgr": 0.007324220475533657,
                "lcrpgr": 0.6674058104133271,
            },
            (2019, 2020): {
                "lcr": 0.002424470216278844,
                "pgr": -0.022771213164354837,
                "lcrpgr": -0.10647084100350061,
            },
        },
    ),
    Published(
        "Sample city C (figures of Las Palmas 1990-2015)",
        (1990, 2015),
        "2018",
        {
            (1990, 2015): {
                "lcrpgr": 0.07144483279679516,
                "bupc_start_m2": 76.6300875916,
                "bupc_end_m2": 56.3773882286,
            }
        },
    ),
)
MEASURES = {
    "lcr": "LCR",
    "pgr": "PGR",
    "lcrpgr": "LCRPGR",
    "bupc_start_m2": "m2/person, start",
    "bupc_end_m2": "m2/person, end",
}

OUTPUTS = {
    "OUTPUT_REPORT": "report",
    "OUTPUT": "cities (layer)",
    "OUTPUT_INTERVALS": "cities and intervals",
    "OUTPUT_GROUPS": "groups",
}

# Sums over the study areas as their README states them: nominal km2 (100 m cells), persons.
VALLEDUPAR_KM2 = {1990: 15.24, 2000: 20.69, 2015: 34.53}
VALLEDUPAR_PEOPLE = {1990: 194_073, 2000: 263_248, 2015: 362_553}
VALLEDUPAR_RATES = {(1990, 2000): (0.0358, 0.0305, 1.17), (2000, 2015): (0.0446, 0.0213, 2.09)}
RIONEGRO_KM2 = {2017: 61.7, 2019: 111.2}
WASHINGTON_KM2 = {
    1975: 3198.3,
    1990: 3501.4,
    2000: 3819.6,
    2010: 4071.9,
    2015: 4194.4,
    2020: 4343.0,
}
STUDY_AREAS = {
    "colombia_valledupar": "muni_*.tif, footprint_landsat_<year>.tif, ghsl_pop_<year>.tif and "
    "ghsl_built_ratio_<year>.tif (fraction)",
    "colombia_rionegro": "the same (ghsl_built_ratio in percent), official_population.csv and "
    "population_ratio_inside_window.csv",
    "washington_gostrocks": "ghsl_year_first_built_100m.tif",
}


def _find(rows, years, **wanted):
    """Return the row of an interval."""
    for row in rows:
        if (row["year_start"], row["year_end"]) == years and all(
            row[key] == value for key, value in wanted.items()
        ):
            return row
    raise DemoError(f"The result has no row for {wanted} {years[0]}-{years[1]}.")


def _flags(row):
    return set((row["flags"] or "").split(";"))


# The sample region


def run_sample(qgis, folder):
    """Run the calibrated cities and the whole region; return the number of differences."""
    sample = write_sample_data(folder / "data")
    print(f"Sample region: {len(sample.years)} epochs, written to {sample.folder}")
    pairs = zip(sample.builtup, sample.population, strict=True)
    rasters = dict(zip(sample.years, pairs, strict=True))

    def inputs(years):
        return {
            "CITIES": sample.cities,
            "CITY_FIELD": "name",
            "GROUP_FIELD": "region",
            "BUILTUP": [rasters[year][0] for year in years],
            "BUILTUP_KIND": "fraction",
            "POPULATION": [rasters[year][1] for year in years],
        }

    checks = Checks()
    checks.header("Calibrated cities beside the published figures", expected="published")
    for published in PUBLISHED:
        table = folder / f"{published.years[0]}_{published.years[-1]}_{published.formula}.csv"
        qgis.run(
            ALGORITHM,
            inputs(published.years)
            | {
                "FORMULA": published.formula,
                "OUTPUT": "TEMPORARY_OUTPUT",
                "OUTPUT_INTERVALS": table,
            },
        )
        rows = read_table(table)
        for years, figures in published.figures.items():
            row = _find(rows, years, city=published.city)
            print(f"  {published.city}, {years[0]}-{years[1]}, formula {published.formula}")
            for measure, expected in figures.items():
                checks.figure(f"    {MEASURES[measure]}", row[measure], expected, TOLERANCE)

    results, warnings = qgis.run(
        ALGORITHM,
        inputs(sample.years)
        | {
            "OUTPUT": folder / "cities.gpkg",
            "OUTPUT_INTERVALS": folder / "intervals.gpkg",
            "OUTPUT_GROUPS": folder / "groups.csv",
            "OUTPUT_REPORT": folder / "report.html",
        },
    )
    print("\nAll cities, all epochs")
    _print_groups(read_table(folder / "groups.csv"))
    print("\nFlags")
    _print_flags(read_table(folder / "intervals.gpkg"))
    _print_warnings(warnings)
    print("\nTo look at:")
    say_where(results, OUTPUTS)
    return checks.failed


def _print_groups(rows):
    print(f"  {'group':<14}{'interval':<12}{'cities':>7}{'no ratio':>10}", end="")
    for title in ("LCR", "PGR", "of totals", "mean", "median", "share > 1"):
        print(f"{title:>11}", end="")
    print()
    for row in rows:
        interval = f"{row['year_start']:.0f}-{row['year_end']:.0f}"
        print(f"  {row['group'] or 'all cities':<14}{interval:<12}", end="")
        print(f"{row['n']:>7.0f}{row['n_undefined']:>10.0f}", end="")
        for name in ("lcr", "pgr", "ratio_of_totals", "mean", "median", "share_above_1"):
            print(f"{'-' if row[name] is None else format(row[name], '.4f'):>11}", end="")
        print()


def _print_flags(rows):
    """Print for each flag the cities and intervals that have it."""
    found = {}
    for row in rows:
        for flag in _flags(row) - {""}:
            interval = f"{row['year_start']:.0f}-{row['year_end']:.0f}"
            found.setdefault(flag, {}).setdefault(row["city"], []).append(interval)
    for flag in sorted(found):
        cities = [
            f"{city} ({'all intervals' if len(intervals) == 6 else ', '.join(intervals)})"
            for city, intervals in found[flag].items()
        ]
        print(f"  {flag:<17}{'; '.join(cities)}")


def _print_warnings(warnings):
    for warning in warnings:
        print(f"  Warning: {warning}")


# Real rasters


def run_real(qgis, data, folder):
    """Run what is found of the study areas; return the number of differences."""
    runs = {
        "colombia_valledupar": run_valledupar,
        "colombia_rionegro": run_rionegro,
        "washington_gostrocks": run_washington,
    }
    present = [name for name in runs if (data / name).is_dir()]
    if not present:
        held = sorted(path.name for path in data.iterdir()) if data.is_dir() else []
        lines = [f"{data} holds none of the study areas this demonstration knows."]
        lines += [f"Found: {', '.join(held[:20]) or 'nothing'}", "Expected, at least one of:"]
        lines += [f"  {name}/  with {files}" for name, files in STUDY_AREAS.items()]
        raise DemoError("\n".join(lines))
    checks = Checks()
    for name in runs:
        if name in present:
            runs[name](qgis, data / name, fresh(folder / name), checks)
        else:
            print(f"\n{name}: not in {data}, left out.")
    return checks.failed


def _series(source, stem, years=None):
    """Return the rasters `<stem>_<year>.tif`, all or those of some years, in order of time."""
    found = {}
    for path in source.glob(f"{stem}_*.tif"):
        year = re.fullmatch(rf"{stem}_(\d{{4}})", path.stem)
        if year:
            found[int(year[1])] = path
    missing = [year for year in years or () if year not in found]
    if missing or not found:
        raise DemoError(
            f"{source} lacks {stem}_<year>.tif for {', '.join(map(str, missing)) or 'any year'}.\n"
            f"Found: {', '.join(map(str, sorted(found))) or 'none'}\n"
            f"Expected in {source.name}: {STUDY_AREAS[source.name]}"
        )
    return {year: found[year] for year in years or sorted(found)}


def _municipalities(qgis, source, folder, fields=None):
    """Turn the masks of a study area into one multipolygon per municipality (GeoJSON).

    `fields` gives the further fields of a municipality.
    """
    masks = sorted(source.glob("muni_*.tif"))
    if not masks:
        raise DemoError(f"{source} holds no mask muni_*.tif of a municipality.")
    names = [mask.stem.removeprefix("muni_") for mask in masks]
    grid = open_source(str(next(iter(_series(source, "ghsl_pop").values())))).grid
    label = 0
    for number, mask in enumerate(masks, start=1):
        label = label + open_source(str(mask)).read(grid.window).values[0] * number
    numbered, traced = folder / "municipalities.tif", folder / "traced.geojson"
    with RasterSink(numbered, grid, ["municipality"], "uint8", 255) as sink:
        sink.write(label, grid.window)
    qgis.run("gdal:polygonize", {"INPUT": numbered, "BAND": 1, "FIELD": "number", "OUTPUT": traced})
    collection = json.loads(traced.read_text(encoding="utf-8"))
    parts = {}
    for feature in collection["features"]:
        number = feature["properties"]["number"]
        parts.setdefault(number, []).append(feature["geometry"]["coordinates"])
    collection["features"] = [
        {
            "type": "Feature",
            "properties": {"name": name} | (fields(name) if fields else {}),
            "geometry": {"type": "MultiPolygon", "coordinates": parts[number]},
        }
        for number, name in enumerate(names, start=1)
    ]
    polygons = folder / "municipalities.geojson"
    polygons.write_text(json.dumps(collection), encoding="utf-8")
    return polygons


def run_valledupar(qgis, source, folder, checks):
    """Footprints and GHSL population, then the GHSL built-up fractions that never change."""
    print("\nValledupar, Colombia: two municipalities; the totals are those of the whole window")
    cities = _municipalities(qgis, source, folder)
    years = tuple(VALLEDUPAR_KM2)
    results, _ = qgis.run(
        ALGORITHM,
        {
            "CITIES": cities,
            "BUILTUP": list(_series(source, "footprint_landsat", years).values()),
            "BUILTUP_KIND": "binary",
            "POPULATION": list(_series(source, "ghsl_pop", years).values()),
            "OUTPUT": folder / "cities.gpkg",
            "OUTPUT_INTERVALS": folder / "intervals.gpkg",
            "OUTPUT_GROUPS": folder / "groups.csv",
            "OUTPUT_REPORT": folder / "report.html",
        },
    )
    groups = read_table(folder / "groups.csv")
    # True areas beside nominal ones: the projection accounts for some 1e-4.
    checks.header("Landsat footprints and GHSL population", "true areas", "README")
    for (start, end), (lcr, pgr, ratio) in VALLEDUPAR_RATES.items():
        row = _find(groups, (start, end), group=None)
        if start == years[0]:
            checks.figure(f"built-up km2 {start}", row["v_start_km2"], VALLEDUPAR_KM2[start], 1e-3)
            checks.figure(f"persons {start}", row["p_start"], VALLEDUPAR_PEOPLE[start], 1e-5)
        checks.figure(f"built-up km2 {end}", row["v_end_km2"], VALLEDUPAR_KM2[end], 1e-3)
        checks.figure(f"persons {end}", row["p_end"], VALLEDUPAR_PEOPLE[end], 1e-5)
        checks.figure(f"LCR {start}-{end}", row["lcr"], lcr, 2e-3)
        checks.figure(f"PGR {start}-{end}", row["pgr"], pgr, 2e-3)
        checks.figure(f"LCRPGR {start}-{end}", row["ratio_of_totals"], ratio, 5e-3)
    say_where(results, OUTPUTS)

    fractions = _series(source, "ghsl_built_ratio")
    qgis.run(
        ALGORITHM,
        {
            "CITIES": cities,
            "BUILTUP": list(fractions.values()),
            "BUILTUP_KIND": "fraction",
            "POPULATION": list(_series(source, "ghsl_pop", tuple(fractions)).values()),
            "OUTPUT": "TEMPORARY_OUTPUT",
            "OUTPUT_INTERVALS": folder / "ghsl_intervals.csv",
            "OUTPUT_GROUPS": folder / "ghsl_groups.csv",
        },
    )
    _print_series("GHSL built-up fractions", read_table(folder / "ghsl_groups.csv"))
    rows = read_table(folder / "ghsl_intervals.csv")
    # The raster of 1990 lies some cells off the others; between those nothing changes.
    for start, end in ((2000, 2015), (1975, 2015)):
        row = _find(rows, (start, end), city="VALLEDUPAR")
        good = "LAND_UNCHANGED" in _flags(row) and row["lcr"] == 0
        checks.says(f"no built-up land was added {start}-{end}: LAND_UNCHANGED, LCR 0", good)


def run_rionegro(qgis, source, folder, checks):
    """A break between two classifications, and built-up percents."""
    print("\nRionegro, Colombia: nine municipalities")
    years = tuple(RIONEGRO_KM2)
    official = {row["year"]: row for row in read_table(source / "official_population.csv")}
    inside = read_table(source / "population_ratio_inside_window.csv")[0]
    cities = _municipalities(
        qgis,
        source,
        folder,
        lambda name: {f"pop_{year}": official[year][name] * inside[name] for year in years},
    )
    print("  Population: the official figure of each year, times the share inside the window")
    qgis.run(
        ALGORITHM,
        {
            "CITIES": cities,
            "BUILTUP": list(_series(source, "footprint_landsat", years).values()),
            "BUILTUP_KIND": "binary",
            "POPULATION_FIELDS": [f"pop_{year}" for year in years],
            "OUTPUT": "TEMPORARY_OUTPUT",
            "OUTPUT_INTERVALS": folder / "intervals.csv",
            "OUTPUT_GROUPS": folder / "groups.csv",
        },
    )
    total = _find(read_table(folder / "groups.csv"), years, group=None)
    checks.header("Landsat footprints", "true areas", "README")
    for year, name in zip(years, ("v_start_km2", "v_end_km2"), strict=True):
        checks.figure(f"built-up km2 {year}", total[name], RIONEGRO_KM2[year], 1e-3)
    town = _find(read_table(folder / "intervals.csv"), years, city="RIONEGRO")
    for label, row in (("the town", town), ("all municipalities", total)):
        checks.says(
            f"{label}: LCR {row['lcr']:.3f}, flagged IMPLAUSIBLE_JUMP",
            "IMPLAUSIBLE_JUMP" in _flags(row),
        )

    percents, people = _series(source, "ghsl_built_ratio"), _series(source, "ghsl_pop")
    _, warnings = qgis.run(
        ALGORITHM,
        {
            "CITIES": cities,
            "BUILTUP": list(percents.values()),
            "BUILTUP_KIND": "percent",
            "YEARS": ",".join(map(str, percents)),
            "POPULATION": list(people.values()),
            "POPULATION_YEARS": ",".join(map(str, people)),
            "OUTPUT": "TEMPORARY_OUTPUT",
            "OUTPUT_INTERVALS": folder / "ghsl_intervals.csv",
            "OUTPUT_GROUPS": folder / "ghsl_groups.csv",
        },
    )
    _print_series(
        "GHSL built-up percents (the last one of 2014, population of 2015)",
        read_table(folder / "ghsl_groups.csv"),
    )
    _print_warnings(warnings)
    row = _find(read_table(folder / "ghsl_intervals.csv"), (1975, 1990), city="RIONEGRO")
    good = "LAND_UNCHANGED" in _flags(row) and row["lcr"] == 0
    checks.says("no built-up land was added 1975-1990: LAND_UNCHANGED, LCR 0", good)


def run_washington(qgis, source, folder, checks):
    """One raster with the year in which a cell was first built, in Mollweide without a code."""
    print("\nWashington: the whole raster as one area; there is no population, so no ratio")
    raster = source / "ghsl_year_first_built_100m.tif"
    if not raster.is_file():
        raise DemoError(f"{source} lacks {raster.name}.")
    extent, area = folder / "extent.gpkg", folder / "area.gpkg"
    qgis.run("native:polygonfromlayerextent", {"INPUT": raster, "OUTPUT": extent})
    qgis.run(
        "native:refactorfields",
        {
            "INPUT": extent,
            "FIELDS_MAPPING": [
                {
                    "name": f"pop_{year}",
                    "type": 6,
                    "length": 0,
                    "precision": 0,
                    "expression": "NULL",
                }
                for year in WASHINGTON_KM2
            ],
            "OUTPUT": area,
        },
    )
    tables = {}
    for kind in ("nominal", "geodesic"):
        tables[kind] = folder / f"{kind}.csv"
        qgis.run(
            ALGORITHM,
            {
                "CITIES": area,
                "BUILTUP": [raster],
                "BUILTUP_KIND": "first_year",
                "YEARS": ",".join(map(str, WASHINGTON_KM2)),
                "POPULATION_FIELDS": [f"pop_{year}" for year in WASHINGTON_KM2],
                "CELL_AREA": kind,
                "OUTPUT": tables[kind],
            },
        )
    nominal, true = (read_table(tables[kind])[0] for kind in ("nominal", "geodesic"))
    checks.header("Built-up km2 by the year", "nominal areas", "README")
    for year, expected in WASHINGTON_KM2.items():
        name = f"built_km2_{year}"
        checks.figure(f"{year}  (true areas: {true[name]:,.2f})", nominal[name], expected, 2e-5)


def _print_series(title, groups):
    """Print the areas of the whole window, which are the last rows of the table of groups."""
    print(f"\n{title}: all municipalities")
    for row in groups:
        if row["group"] is None:
            interval = f"{row['year_start']:.0f}-{row['year_end']:.0f}"
            print(
                f"  {interval}  {row['v_start_km2']:8.3f} -> {row['v_end_km2']:8.3f} km2   "
                f"LCR {row['lcr']:9.6f}   PGR {row['pgr']:.6f}   {row['flags'] or ''}"
            )


def run_samples(qgis, build):
    """Run both sample regions; return the number of differences."""
    folder = fresh(build / "land_degradation")
    region = write_land_degradation_sample(folder / "data")
    with ThreadPoolExecutor(max_workers=1) as pool:
        # The model takes about as long as all the rest.
        second = Qgis(fresh(build / "profile_of_model"))
        model = pool.submit(run_model, second, region, folder)
        failed = run_sample(qgis, fresh(build / "sample"))
        return failed + run_land_degradation(qgis, region, model, folder)


def main():
    """Read the command line and run; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data",
        type=Path,
        help="folder with colombia_valledupar, colombia_rionegro, washington_gostrocks",
    )
    arguments = parser.parse_args()
    begin = time.monotonic()
    build = ROOT / "build" / "demo"
    try:
        qgis = Qgis(fresh(build / "profile"))
        if arguments.data is None:
            failed = run_samples(qgis, build)
        else:
            failed = run_real(qgis, arguments.data.resolve(), build / "real")
    except DemoError as error:
        print(error, file=sys.stderr)
        return 1
    verdict = "All figures are as expected" if not failed else f"{failed} figures DIFFER"
    print(f"\n{verdict} ({time.monotonic() - begin:.0f} s).")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
