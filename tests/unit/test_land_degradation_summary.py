"""SDG 15.3.1 by zone: hand-worked rasters, true areas, people, flags, and nothing by the blocks."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from raster_fixtures import DRIVERS, UTM_18N, box, polygon_wkb, star, write_raster

from dbar_qgis_plugin.errors import Cancelled, GridError, InputError
from dbar_qgis_plugin.kernels.joint_tally import codes_of, joint_tally, merged
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_15_3_1 import land_degradation_summary as module
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation_summary import (
    LandDegradationSummaryTask,
    compute_land_degradation_summary,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation_summary_tables import (
    NO_DATA,
    ClassNames,
    crosstab_table,
    transition_base,
    zone_table,
)
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers

N = NO_DATA
LEFT, TOP, CELL = 600_000.0, 1_200_000.0, 100.0
CAUSES = {number: f"cause {number}" for number in range(9)}
NAMES = ClassNames({"cover": {1: "Tree", 3: "Crop"}}, "no data", "class {number}", CAUSES)


def raster(tmp_path, name, values, **options) -> RasterInput:
    values = np.asarray(values)
    if values.dtype == np.int64:
        values = values.astype(np.int16)
    if values.dtype.kind == "i":
        options.setdefault("nodata", N)
    return RasterInput(write_raster(tmp_path / name, values, **options), name=name)


def cells(col, row, cols, rows) -> bytes:
    left, top = LEFT + CELL * col, TOP - CELL * row
    return polygon_wkb(box(left, top - CELL * rows, left + CELL * cols, top))


def wkt(crs=UTM_18N) -> str:
    return get_driver().wkt(crs)


def total(table, name):
    return dict(zip(table["zone"], table[name], strict=True))


def cell_km2(item: RasterInput) -> float:
    grid = open_source(item.path).grid
    return float(grid.cell_areas()[0, 0]) * 1e-6


# -- by hand


@pytest.fixture
def worked(tmp_path) -> LandDegradationSummaryTask:
    """Two rows of six cells; zone A the three columns at the left, B those at the right."""
    sdg = [[-1, -1, 0, 1, 0, N], [0, N, 1, 0, N, -1]]
    initial = [[1, 3, 3, 1, 1, 1], [7, 7, 3, 1, 3, 7]]
    final = [[3, 3, 1, 1, 3, 1], [7, 7, 3, 1, 3, 7]]
    lpd = [[1, 2, 4, 5, 3, N], [4, N, 5, 4, 4, 1]]
    soc = [[-1, 0, 1, 0, 0, N], [N, N, 0, 0, N, N]]
    people = np.array([[0.4, 0.4, 1, 2, 3, 4], [5, 6, 7, 8, 9, -200]], dtype=np.float32)
    return LandDegradationSummaryTask(
        raster=raster(tmp_path, "sdg.tif", sdg),
        productivity=raster(tmp_path, "lpd.tif", lpd),
        land_cover_initial=raster(tmp_path, "initial.tif", initial),
        land_cover_final=raster(tmp_path, "final.tif", final),
        soc=raster(tmp_path, "soc.tif", soc),
        population=raster(tmp_path, "people.tif", people),
        zone_wkb=[cells(0, 0, 3, 2), cells(3, 0, 3, 2)],
        zone_crs=wkt(),
        zone_names=["A", "B"],
    )


def test_areas_and_proportions_by_hand(worked):
    result = compute_land_degradation_summary(worked)
    table = zone_table(worked, result, "All zones")
    cell = cell_km2(worked.raster)
    assert table["zone"] == ["A", "B", "All zones"]
    assert table["level"] == ["zone", "zone", "total"]
    # A: water is the two cells of class 7; on land two degraded, one stable, one improved.
    for name, expected in (
        ("degraded_km2", [2, 0, 2]),
        ("stable_km2", [1, 2, 3]),
        ("improved_km2", [1, 1, 2]),
        ("nodata_km2", [0, 2, 2]),
        ("land_km2", [4, 5, 9]),
        ("water_km2", [2, 1, 3]),
        ("total_km2", [6, 6, 12]),
    ):
        assert_allclose(table[name], np.array(expected) * cell, rtol=1e-5, err_msg=name)
    assert_allclose(table["degraded_pct_land"], [100 * 2 / 4, 0, 100 * 2 / 9], rtol=1e-5)
    # Trends.Earth: the degraded water cell of B counts, and so do water and no data below.
    assert_allclose(table["degraded_pct_te"], [100 * 2 / 6, 100 / 6, 100 * 3 / 12], rtol=1e-5)
    assert_allclose(table["degraded_pct_data"], [50, 0, 100 * 2 / 7], rtol=1e-5)
    assert table["degraded_pct"] == table["degraded_pct_land"]
    assert table["flags"] == ["", "", ""]


def test_the_other_denominator_makes_the_headline(worked):
    from dataclasses import replace

    task = replace(worked, denominator="trends_earth")
    table = zone_table(task, compute_land_degradation_summary(task), "All")
    assert table["degraded_pct"] == table["degraded_pct_te"]


def test_people_by_hand(worked):
    result = compute_land_degradation_summary(worked)
    table = zone_table(worked, result, "All")
    # 0.4 in float32 is 0.4000000059604645.
    assert_allclose(table["pop_degraded"], [0.8, 0, 0.8], rtol=1e-7)
    assert_allclose(table["pop_stable"], [1, 11, 12], rtol=1e-9)
    assert_allclose(table["pop_improved"], [7, 2, 9], rtol=1e-9)
    assert_allclose(table["pop_nodata"], [0, 13, 13], rtol=1e-9)
    assert_allclose(table["pop_water"], [11, 0, 11], rtol=1e-9)
    assert_allclose(table["pop_degraded_pct"][0], 100 * 0.8 / 8.8, rtol=1e-6)


def test_crosstabs_by_hand(worked):
    result = compute_land_degradation_summary(worked)
    table = crosstab_table(worked, result, NAMES, "All zones")
    cell = cell_km2(worked.raster)
    rows = {
        (zone, name, row, column): km2 / cell
        for zone, name, row, column, km2 in zip(
            table["zone"],
            table["table"],
            table["row_class"],
            table["column_class"],
            table["km2"],
            strict=True,
        )
    }

    def of(zone, name):
        return {key[2:]: round(value, 4) for key, value in rows.items() if key[:2] == (zone, name)}

    assert transition_base(result) == 10
    assert of("A", "land_cover_transition") == {(1, 3): 1, (3, 3): 2, (3, 1): 1, (7, 7): 2}
    assert of("A", "productivity_by_transition") == {
        (1, 13): 1,
        (2, 33): 1,
        (4, 31): 1,
        (4, 77): 1,
        (5, 33): 1,
        (N, 77): 1,
    }
    assert of("A", "soc") == {(-1, 0): 1, (0, 0): 2, (1, 0): 1, (N, 1): 2}
    assert of("A", "sdg") == {(-1, 0): 2, (0, 0): 1, (0, 1): 1, (1, 0): 1, (N, 1): 1}
    # B: cell (0, 5) lacks productivity and carbon, (1, 4) only carbon.
    assert of("B", "missing") == {(N, 5): 1, (N, 4): 1}
    assert of("A", "missing") == {(N, 8): 1}
    assert of("All zones", "land_cover_final") == {(1, 0): 4, (3, 0): 5, (7, 1): 3}
    assert "Tree → Crop" in set(table["column_name"])
    assert "Tree" in table["row_name"]
    assert "class 7" in table["row_name"]
    for name in set(table["table"]) - {"missing"}:
        assert sum(of("All zones", name).values()) == pytest.approx(12), name


def test_tables_of_many_zones_can_be_cancelled(noisy):
    result = compute_land_degradation_summary(noisy)
    asked = []

    def stop_after(count):
        return Progress(is_cancelled=lambda: asked.append(1) or len(asked) > count)

    with pytest.raises(Cancelled):
        zone_table(noisy, result, "All", stop_after(1))
    asked.clear()
    with pytest.raises(Cancelled):
        crosstab_table(noisy, result, NAMES, "All", stop_after(3))


def test_stocks_of_carbon_by_hand(tmp_path):
    cover = raster(tmp_path, "cover.tif", [[1, 1, 3]])
    start = raster(tmp_path, "start.tif", np.array([[100.0, 80.5, -9999]], np.float32))
    end = raster(tmp_path, "end.tif", np.array([[83.0, 80.5, 40.0]], np.float32))
    task = LandDegradationSummaryTask(
        raster=raster(tmp_path, "sdg.tif", [[-1, 0, 0]]),
        land_cover_initial=cover,
        soc_stock_initial=start,
        soc_stock_final=end,
    )
    result = compute_land_degradation_summary(task)
    table = crosstab_table(task, result, NAMES, "All")
    hectares = cell_km2(task.raster) * 100
    rows = [i for i, name in enumerate(table["table"]) if name == "land_cover_initial"]
    assert_allclose([table["soc_initial_t"][i] for i in rows], [180.5 * hectares, 0], rtol=1e-5)
    assert_allclose(
        [table["soc_final_t"][i] for i in rows], [163.5 * hectares, 40 * hectares], rtol=1e-5
    )
    assert set(table["persons"]) == {None}


# -- the faults of others


def test_areas_of_a_box_at_high_latitude(tmp_path):
    """A box of 1 x 10 degrees from 50 to 60 N is 71 163 km2, and not 23 % more."""
    values = np.full((1000, 100), -1, dtype=np.int16)
    values[500:] = 0
    item = raster(
        tmp_path,
        "box.tif",
        values,
        crs="EPSG:4326",
        origin=(10.0, 60.0),
        cell=(0.01, -0.01),
    )
    zone = polygon_wkb(box(10, 50, 11, 60))
    task = LandDegradationSummaryTask(
        raster=item, zone_wkb=[zone], zone_crs=wkt("EPSG:4326"), zone_names=["box"]
    )
    table = zone_table(task, compute_land_degradation_summary(task), "All")

    def band(south, north):
        a, b = 6378137.0, 6356752.314245179
        e = np.sqrt(1 - (b / a) ** 2)

        def q(latitude):
            s = np.sin(np.radians(latitude))
            return np.pi * b**2 * (np.arctanh(e * s) / e + s / ((1 + e * s) * (1 - e * s)))

        return (q(north) - q(south)) / 360 * 1e-6

    assert band(50, 60) == pytest.approx(71_163, rel=1e-3)
    assert_allclose(table["total_km2"], [band(50, 60)], rtol=1e-9)
    assert_allclose(table["degraded_km2"], [band(55, 60)], rtol=1e-9)
    assert_allclose(table["degraded_pct"], [100 * band(55, 60) / band(50, 60)], rtol=1e-9)


def test_fractions_of_people_are_kept(tmp_path):
    """0.4 people in each of 90 000 cells, twice, are 72 000 people and not none."""
    people = np.full((600, 300), 0.4)
    task = LandDegradationSummaryTask(
        raster=raster(tmp_path, "sdg.tif", np.full((600, 300), -1)),
        population=raster(tmp_path, "people.tif", people),
    )
    table = zone_table(task, compute_land_degradation_summary(task), "All")
    assert_allclose(table["pop_degraded"], [72_000], rtol=1e-9)


def test_every_projection_gives_the_same_area(tmp_path):
    """A zone measured in UTM and, the raster warped, in degrees and sinusoidal."""
    found = []
    ring = star(650_000, 1_150_000, 20_000)
    for crs, origin, cell, shape in (
        (UTM_18N, (600_000.0, 1_200_000.0), 200.0, (500, 500)),
        ("EPSG:4326", (-74.2, 10.9), 0.002, (500, 500)),
        ("EPSG:3857", (-8_260_000.0, 1_222_000.0), 220.0, (500, 500)),
    ):
        item = raster(
            tmp_path,
            f"{crs[5:]}.tif",
            np.full(shape, -1),
            crs=crs,
            origin=origin,
            cell=(cell, -cell),
        )
        task = LandDegradationSummaryTask(
            raster=item, zone_wkb=[polygon_wkb(ring)], zone_crs=wkt(), zone_names=["star"]
        )
        found.append(
            zone_table(task, compute_land_degradation_summary(task), "")["degraded_km2"][0]
        )
    assert_allclose(found, found[0], rtol=2e-3)


# -- nothing depends on the blocks


@pytest.fixture(scope="module")
def noisy(tmp_path_factory) -> LandDegradationSummaryTask:
    folder = tmp_path_factory.mktemp("noisy")
    rng = np.random.default_rng(7)
    shape = 300, 260
    options = {"tiled": True, "blockxsize": 64, "blockysize": 32}

    def classes(name, values):
        return raster(folder, name, rng.choice(values, shape).astype(np.int16), **options)

    return LandDegradationSummaryTask(
        raster=classes("sdg.tif", [-1, 0, 1, N]),
        productivity=classes("lpd.tif", [1, 2, 3, 4, 5, N]),
        land_cover_initial=classes("a.tif", [1, 2, 3, 7]),
        land_cover_final=classes("b.tif", [1, 2, 3, 7, N]),
        soc=classes("soc.tif", [-1, 0, 1, N]),
        population=raster(folder, "people.tif", rng.gamma(0.3, 7, shape)),
        soc_stock_initial=raster(folder, "s.tif", rng.uniform(20, 90, shape).astype(np.float32)),
        zone_wkb=[
            polygon_wkb(star(LEFT + 9_000, TOP - 9_000, 7_000)),
            polygon_wkb(star(LEFT + 18_000, TOP - 20_000, 9_000, phase=1.0)),
            polygon_wkb(star(LEFT + 12_000, TOP - 14_000, 8_000, phase=2.0)),
        ],
        zone_crs=wkt(),
        zone_names=["a", "b", "c"],
    )


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(threads=st.integers(1, 4), cells_a_block=st.sampled_from([1, 9_000, 40_000, 1 << 20]))
def test_blocks_and_threads_change_no_digit(noisy, monkeypatch, threads, cells_a_block):
    from dbar_qgis_plugin.raster_io import blocks

    expected = zone_table(noisy, compute_land_degradation_summary(noisy), "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "_CELLS_PER_BLOCK", cells_a_block)
        result = compute_land_degradation_summary(noisy, workers=Workers(threads=threads))
    assert zone_table(noisy, result, "") == expected


@pytest.mark.parametrize("driver", DRIVERS)
def test_drivers_change_no_digit(noisy, monkeypatch, driver):
    from dbar_qgis_plugin.pipelines import inputs

    expected = crosstab_table(noisy, compute_land_degradation_summary(noisy), NAMES, "")

    def open_with(*arguments, **options):
        return open_source(*arguments, driver=driver, **options)

    monkeypatch.setattr(inputs, "open_source", open_with)
    result = compute_land_degradation_summary(noisy)
    assert crosstab_table(noisy, result, NAMES, "") == expected


def test_many_keys_are_merged_on_the_way(noisy, monkeypatch):
    expected = zone_table(noisy, compute_land_degradation_summary(noisy), "")
    monkeypatch.setattr(module, "_KEYS_AT_ONCE", 100)
    assert zone_table(noisy, compute_land_degradation_summary(noisy), "") == expected


def test_against_plain_numpy(noisy):
    """Areas of classes without zones, by masks."""
    from dataclasses import replace

    task = replace(noisy, zone_wkb=None, zone_names=("",))
    table = zone_table(task, compute_land_degradation_summary(task), "")
    areas = np.broadcast_to(open_source(task.raster.path).grid.cell_areas(), (300, 260)) * 1e-6
    window = open_source(task.raster.path).grid.window
    sdg = open_source(task.raster.path).read(window).values[0]
    initial = open_source(task.land_cover_initial.path).read(window).values[0]
    valid = open_source(task.raster.path).read(window).valid[0]
    for value, name in ((-1, "degraded"), (0, "stable"), (1, "improved")):
        chosen = valid & (sdg == value) & (initial != 7)
        assert_allclose(table[f"{name}_km2"], [areas[chosen].sum()], rtol=1e-9)
    assert_allclose(table["total_km2"], [areas.sum()], rtol=1e-9)


# -- zones and inputs that are not as they should be


def test_zones_that_give_nothing_are_counted_and_named(tmp_path):
    values = np.full((10, 10), -1)
    values[:, 5:] = N
    task = LandDegradationSummaryTask(
        raster=raster(tmp_path, "sdg.tif", values),
        zone_wkb=[
            cells(0, 0, 5, 10),
            cells(5, 0, 5, 10),
            None,
            cells(50, 50, 3, 3),
            cells(-5, 2, 7, 2),
            polygon_wkb(box(LEFT + 110, TOP - 130, LEFT + 120, TOP - 110)),
            polygon_wkb(box(LEFT + 5010, TOP - 130, LEFT + 5020, TOP - 110)),
        ],
        zone_crs=wkt(),
        zone_names=["with", "empty", "none", "far", "half", "dot", "far dot"],
    )
    result = compute_land_degradation_summary(task)
    table = zone_table(task, result, "All")
    assert total(table, "flags") == {
        "with": "OVERLAP",
        "empty": "NO_DATA",
        "none": "NO_GEOMETRY",
        "far": "OUTSIDE",
        # Its cells on the raster belong to the first zone.
        "half": "PARTLY_OUTSIDE;OVERLAP",
        "dot": "TOO_SMALL",
        "far dot": "OUTSIDE",
        "All": "",
    }
    assert total(table, "degraded_pct") == {
        "with": 100.0,
        "empty": None,
        "none": None,
        "far": None,
        "half": None,
        "dot": None,
        "far dot": None,
        "All": pytest.approx(50.0, rel=1e-5),
    }
    assert table["total_km2"][3] is None
    texts = [str(warning) for warning in result.warnings]
    assert any("outside the raster (2): far, far dot" in text for text in texts)
    assert any("without data" in text and "empty" in text for text in texts)


def test_without_zones_what_has_no_data_at_all_is_outside(tmp_path):
    task = LandDegradationSummaryTask(
        raster=raster(tmp_path, "sdg.tif", [[-1, 0, N, N]]),
        productivity=raster(tmp_path, "lpd.tif", [[1, 4, 4, N]]),
    )
    result = compute_land_degradation_summary(task)
    table = zone_table(task, result, "All")
    cell = cell_km2(task.raster)
    assert_allclose(table["total_km2"], [3 * cell], rtol=1e-5)
    assert_allclose(table["degraded_pct"], [100 / 3], rtol=1e-5)
    assert result.outside_km2 == pytest.approx(cell, rel=1e-5)
    assert table["zone"] == [""]
    assert "pop_degraded" not in table


def test_a_water_mask_replaces_the_land_cover(tmp_path):
    task = LandDegradationSummaryTask(
        raster=raster(tmp_path, "sdg.tif", [[-1, 0, 1, 0]]),
        land_cover_initial=raster(tmp_path, "a.tif", [[7, 1, 1, 1]]),
        water=raster(tmp_path, "water.tif", np.array([[0, 0, 0, 1]], np.uint8)),
    )
    table = zone_table(task, compute_land_degradation_summary(task), "All")
    assert_allclose(table["degraded_pct_land"], [100 / 3], rtol=1e-5)
    assert_allclose(table["degraded_pct_te"], [25], rtol=1e-5)


def test_bands_of_our_own_rasters_are_found_by_name(tmp_path):
    change = np.array([[[0, -1]], [[11, 13]], [[1, 1]], [[1, 3]]], np.int16)
    lpd = np.array([[[1, 5]], [[-1, 1]]], np.int16)
    task = LandDegradationSummaryTask(
        raster=raster(tmp_path, "sdg.tif", [[-1, 0]]),
        productivity=raster(tmp_path, "lpd.tif", lpd, descriptions=("lpd", "productivity")),
        productivity_values="classes",
        land_cover=raster(
            tmp_path,
            "change.tif",
            change,
            descriptions=("land_cover", "transition", "initial", "final"),
        ),
    )
    result = compute_land_degradation_summary(task)
    table = crosstab_table(task, result, NAMES, "")
    found = set(zip(table["table"], table["row_class"], table["column_class"], strict=True))
    assert {("productivity", -1, 0), ("land_cover_change", -1, 0)} <= found
    assert {("land_cover_transition", 1, 1), ("land_cover_transition", 1, 3)} <= found
    assert ("productivity_by_transition", 1, 13) in found


def test_of_a_status_the_three_classes_count(tmp_path):
    status = np.array([[[1, 3, 4, 7]], [[-1, -1, 0, 1]]], np.int16)
    item = raster(tmp_path, "status.tif", status, descriptions=("status", "status_3class"))
    task = LandDegradationSummaryTask(raster=item)
    table = zone_table(task, compute_land_degradation_summary(task), "")
    assert_allclose(table["degraded_pct"], [50], rtol=1e-5)


def test_other_grids_are_resampled_and_named(tmp_path):
    lines = []
    fine = raster(
        tmp_path, "fine.tif", np.repeat(np.repeat([[1, 3]], 4, 0), 4, 1), cell=(25.0, -25.0)
    )
    people = raster(tmp_path, "people.tif", np.full((4, 8), 0.5), cell=(25.0, -25.0))
    task = LandDegradationSummaryTask(
        raster=raster(tmp_path, "sdg.tif", [[-1, 0]]), land_cover_initial=fine, population=people
    )
    result = compute_land_degradation_summary(task, progress=Progress(info=lines.append))
    assert "fine.tif is resampled to the reference grid (mode)." in [str(line) for line in lines]
    assert_allclose(zone_table(task, result, "")["pop_degraded"], [8], rtol=1e-5)
    assert [row["resampling"] for row in result.inputs] == ["", "mode", "sum"]


def test_classes_that_are_none_are_counted(tmp_path):
    task = LandDegradationSummaryTask(raster=raster(tmp_path, "sdg.tif", [[-1, 4, 5, -32767]]))
    result = compute_land_degradation_summary(task)
    assert "sdg.tif: 2 cells hold other values than -1 to 1; they count as no data." in [
        str(line) for line in result.warnings
    ]


def test_legends_of_many_classes(tmp_path):
    task = LandDegradationSummaryTask(
        raster=raster(tmp_path, "sdg.tif", [[-1, 0]]),
        land_cover_initial=raster(tmp_path, "a.tif", [[10, 210]]),
        land_cover_final=raster(tmp_path, "b.tif", [[50, 210]]),
    )
    result = compute_land_degradation_summary(task)
    assert transition_base(result) == 1000
    table = crosstab_table(task, result, NAMES, "")
    assert ("land_cover_transition", 10, 50) in set(
        zip(table["table"], table["row_class"], table["column_class"], strict=True)
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"denominator": "all"}, "is not one of"),
        ({"zone_wkb": [], "zone_names": []}, "has no features"),
        ({"zone_wkb": [cells(90, 90, 2, 2)], "zone_names": ["far"]}, "No zone overlaps"),
        ({"zone_wkb": [cells(2, 0, 1, 1)], "zone_names": ["empty"]}, "none of the values"),
    ],
)
def test_refusals(tmp_path, change, words):
    values = {"zone_crs": wkt(), **change}
    item = raster(tmp_path, "sdg.tif", [[-1, 0, N]])
    with pytest.raises(InputError, match=words):
        compute_land_degradation_summary(LandDegradationSummaryTask(raster=item, **values))


def test_a_raster_elsewhere_is_refused(tmp_path):
    task = LandDegradationSummaryTask(
        raster=raster(tmp_path, "sdg.tif", [[-1, 0]]),
        soc=raster(tmp_path, "soc.tif", [[-1, 0]], origin=(300_000.0, 200_000.0)),
    )
    with pytest.raises(GridError, match="does not overlap"):
        compute_land_degradation_summary(task)


def test_a_huge_grid_keeps_within_whole_numbers(tmp_path, monkeypatch):
    task = LandDegradationSummaryTask(raster=raster(tmp_path, "sdg.tif", [[-1, 0]]))
    expected = zone_table(task, compute_land_degradation_summary(task), "")
    monkeypatch.setattr(module, "_MOST_CELLS_BITS", -6)
    found = zone_table(task, compute_land_degradation_summary(task), "")
    assert_allclose(found["degraded_km2"], expected["degraded_km2"], rtol=1e-5)


def test_the_parameters_travel(noisy):
    grid = open_source(noisy.raster.path).grid
    painter = module._painter(noisy, grid)
    assert pickle.loads(pickle.dumps(painter)).paint(grid.window).max() == 2


# -- the kernel


def test_joint_sums_by_hand():
    codes = [np.array([[0, 1], [1, 1]]), np.array([[2, 0], [0, 2]], np.uint8)]
    found = joint_tally(codes, (2, 3), [np.array([[1.0, 2.0], [4.0, 8.0]])])
    assert codes_of(found.keys, (2, 3)).tolist() == [[0, 1, 1], [2, 0, 2]]
    assert found.sums.tolist() == [[1, 6, 8]]
    assert merged([found, found]).sums.tolist() == [[2, 12, 16]]


@settings(max_examples=20)
@given(seed=st.integers(0, 999), sparse=st.booleans())
def test_joint_sums_against_a_dictionary(seed, sparse):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 40, 2))
    sizes = (200, 300, 5) if sparse else (2, 3, 1)
    codes = [rng.integers(0, size, shape) for size in sizes]
    weights = [rng.integers(0, 1000, (shape[0], 1)).astype(float), np.ones(shape)]
    found = joint_tally(codes, sizes, weights)
    expected: dict[int, list[int]] = {}
    whole = [np.broadcast_to(weight, shape) for weight in weights]
    for place in np.ndindex(shape):
        key = 0
        for code, size in zip(codes, sizes, strict=True):
            key = key * size + int(code[place])
        sums = expected.setdefault(key, [0, 0])
        for number, weight in enumerate(whole):
            sums[number] += int(weight[place])
    assert found.keys.tolist() == sorted(expected)
    assert found.sums.T.tolist() == [expected[key] for key in sorted(expected)]


def test_a_sink_of_ours_is_read_back(tmp_path):
    """What the other algorithms write is what this one reads."""
    grid = open_source(raster(tmp_path, "like.tif", [[0, 0]]).path).grid
    path = tmp_path / "sdg_of_ours.tif"
    with RasterSink(path, grid, ["sdg"], "int16", N) as sink:
        sink.write(np.array([[-1, N]], np.int16), grid.window)
    task = LandDegradationSummaryTask(raster=RasterInput(str(path)))
    assert zone_table(task, compute_land_degradation_summary(task), "")["degraded_pct"] == [100.0]
