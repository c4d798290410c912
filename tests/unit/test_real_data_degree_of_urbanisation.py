"""Degree of Urbanisation of Belgium: classes and units of another program, cell by cell."""

from __future__ import annotations

import csv
import os
import sqlite3
import struct
from pathlib import Path

import numpy as np
import pytest
import rasterio

from dbar_qgis_plugin.kernels.degree_of_urbanisation import Rules
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_11_3_1.degree_of_urbanisation import (
    DegreeOfUrbanisationTask,
    compute_degree_of_urbanisation,
)
from dbar_qgis_plugin.pipelines.sdg_11_3_1.degree_of_urbanisation_units import (
    UrbanUnitsTask,
    compute_urban_units,
)
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.workers import Workers

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("DBAR_DATA", ROOT.parent / "shared" / "data"))
BELGIUM = DATA / "degurba" / "belgium"

pytestmark = pytest.mark.skipif(
    not BELGIUM.is_dir(), reason=f"no real data in {BELGIUM} (set DBAR_DATA)"
)

CASES = {
    "L1_default": (0.2, Rules(1)),
    "L1_R2022A_built50": (0.5, Rules(1, "R2022A")),
    "L1_R2022A_nobuilt": (None, Rules(1, "R2022A")),
    "L1_R2023A_nobuilt": (None, Rules(1)),
    "L1_nosmooth_nofill_nobuilt": (None, Rules(1, "none", gap_km2=0.0)),
    "L2_default": (0.2, Rules(2)),
    "L2_nobuilt": (None, Rules(2)),
    "L2_2021manual": (None, Rules(2, "R2022A", "2021")),
}


def task(threshold, rules):
    return DegreeOfUrbanisationTask(
        population=RasterInput(str(BELGIUM / "POP.tif")),
        land=RasterInput(str(BELGIUM / "LAND.tif")),
        land_kind="square_metres",
        builtup=RasterInput(str(BELGIUM / "BUILT_S.tif")),
        builtup_kind="square_metres",
        threshold=threshold,
        rules=rules,
    )


def cells(path):
    with rasterio.open(path) as raster:
        return raster.read(1)


@pytest.mark.parametrize("case", CASES)
def test_no_cell_differs(case, tmp_path):
    path = tmp_path / "classes.tif"
    compute_degree_of_urbanisation(task(*CASES[case]), str(path), workers=Workers(2, memory_mb=4))
    assert np.count_nonzero(cells(path) != cells(BELGIUM / f"expected_{case}.tif")) == 0


def test_the_threshold_of_r2023a(tmp_path):
    result = compute_degree_of_urbanisation(task("auto", Rules(1)), str(tmp_path / "classes.tif"))
    # The mean is 0.2434 here; that of the world in 2020 is 0.20.
    assert result.threshold == 0.25


# -- units


@pytest.fixture(scope="module")
def units():
    """Identifiers, polygons and CRS of the municipalities, out of the GeoPackage."""
    with sqlite3.connect(BELGIUM / "units_belgium_statbel.gpkg") as database:
        rows = database.execute("SELECT UID, geom FROM units_belgium_statbel").fetchall()
    database.close()
    shapes = []
    for _, blob in rows:
        # GeoPackage's header: 8 bytes and an envelope, whose size its flags tell.
        envelope = (0, 32, 48, 48, 64)[blob[3] >> 1 & 7]
        shapes.append(_plain(blob[8 + envelope :]))
    return [str(name) for name, _ in rows], shapes, get_driver().wkt("ESRI:54009")


def _plain(wkb):
    assert struct.unpack_from("<I", wkb, 1)[0] in (3, 6)
    return bytes(wkb)


def run_units(units, coverage):
    names, shapes, crs = units
    result = compute_urban_units(
        UrbanUnitsTask(
            shapes,
            crs,
            RasterInput(str(BELGIUM / "expected_L1_default.tif")),
            RasterInput(str(BELGIUM / "POP.tif")),
            coverage=coverage,
        )
    )
    return names, result.columns


@pytest.mark.parametrize(
    ("table", "coverage", "largest", "median"),
    [
        ("exactoverlap", "exact", 4e-3, 1e-8),
        ("res50", "exact", 2e-3, 1e-4),
        ("res1000", "centre", 1e-9, 1e-12),
    ],
)
def test_all_units_have_their_class(table, coverage, largest, median, units):
    names, columns = run_units(units, coverage)
    with (BELGIUM / f"expected_units_L1_{table}.csv").open() as file:
        expected = {row["UID"]: row for row in csv.DictReader(file)}
    assert len(names) == len(expected) == 581
    assert columns["level_1"] == [int(expected[name]["flexurba_L1"]) for name in names]
    differences = [
        abs(columns[ours][place] - float(expected[name][theirs]))
        for ours, theirs in (
            ("share_3", "UCentre_share"),
            ("share_2", "UCluster_share"),
            ("share_1", "Rural_share"),
        )
        for place, name in enumerate(names)
        if expected[name][theirs] != "NA"
    ]
    assert len(differences) > 3 * 575
    assert max(differences) <= largest
    assert np.median(differences) <= median
