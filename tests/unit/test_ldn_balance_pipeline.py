"""Neutrality by zone, period and land type: figures by hand, recodes, and no trace of blocks."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from raster_fixtures import DRIVERS, box, polygon_wkb, star, write_raster

from dbar_qgis_plugin.errors import Cancelled, InputError
from dbar_qgis_plugin.kernels.degradation import recode_code
from dbar_qgis_plugin.pipelines import inputs
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_15_3_1.ldn_balance import (
    ErrorRecode,
    LdnBalanceTask,
    compute_ldn_balance,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.ldn_balance_tables import (
    PERIOD_COLUMNS,
    column_ending,
    land_type_table,
    period_table,
    zone_table,
)
from dbar_qgis_plugin.raster_io import blocks
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers

ND = -32768
WEST, NORTH = 600_000.0, 1_200_000.0


def raster(path, values, *, dtype="int16", nodata=ND, **options):
    array = np.asarray(values, dtype)
    return RasterInput(write_raster(path, array, nodata=nodata, **options), name=path.stem)


def cells(left, top, right, bottom):
    """Polygon in cells from the upper left corner."""
    return polygon_wkb(
        box(WEST + 100 * left, NORTH - 100 * bottom, WEST + 100 * right, NORTH - 100 * top)
    )


def wkt(code="EPSG:32618"):
    return get_driver().wkt(code)


# Two zones of four cells each, side by side, and a column in neither.
BASELINE = [[-1, 0, 1, 0, -1], [0, 1, -1, ND, -1]]
PERIOD_1 = [[1, 0, 1, -1, 1], [1, -1, 0, 0, 1]]
PERIOD_2 = [[1, 1, 1, -1, 1], [1, 0, -1, ND, 1]]


@pytest.fixture
def task(tmp_path):
    return {
        "baseline": raster(tmp_path / "b.tif", BASELINE),
        "periods": [raster(tmp_path / "p1.tif", PERIOD_1), raster(tmp_path / "p2.tif", PERIOD_2)],
        "labels": ["2019", "2023"],
        "zone_wkb": [cells(0, 0, 2, 2), cells(2, 0, 4, 2)],
        "zone_crs": wkt(),
        "zone_names": ["West", "East"],
    }


def rows(columns):
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


@pytest.fixture
def cell_km2(task):
    """Area of a cell; the ten cells differ by less than a millionth."""
    grid = open_source(task["baseline"].path).grid
    return float(grid.cell_areas().mean()) / 1e6


def test_periods_by_hand(task, cell_km2):
    task = LdnBalanceTask(**task)
    result = compute_ldn_balance(task)
    assert result.cells.tolist() == [4, 4]
    table = period_table(task, result)
    assert tuple(table) == PERIOD_COLUMNS
    found = {(row["zone"], row["period"]): row for row in rows(table)}
    assert list(found) == [
        (zone, period) for zone in ("West", "East", "") for period in ("baseline", "2019", "2023")
    ]

    def counts(row, *names):
        return [round(row[name] / cell_km2, 4) for name in names]

    areas = ("restored_km2", "degraded_km2", "stable_km2", "nodata_km2", "net_restored_km2")
    assert counts(found["West", "baseline"], *areas) == [1, 1, 2, 0, 0]
    assert counts(found["West", "2019"], *areas) == [2, 1, 1, 0, 1]
    assert counts(found["West", "2023"], *areas) == [3, 0, 1, 0, 3]
    assert counts(found["East", "baseline"], *areas) == [1, 1, 1, 1, 0]
    assert counts(found["East", "2019"], *areas) == [1, 1, 2, 0, 0]
    assert counts(found["East", "2023"], *areas) == [1, 2, 0, 1, -1]
    assert counts(found["", "2023"], *areas) == [4, 2, 1, 1, 2]

    west = found["West", "2023"]
    # (-1, 1), (0, 1), (0, 1), (1, 0)
    assert counts(west, *(f"status_{n}_km2" for n in range(1, 8))) == [0, 0, 0, 0, 1, 3, 0]
    assert counts(west, "gains_km2", "losses_km2", "neutral_km2", "balance_km2") == [3, 0, 1, 3]
    assert (west["achieved"], west["rank"]) == (1, 1)
    assert west["balance_pct"] == pytest.approx(75, rel=1e-5)
    assert west["net_restored_pct"] == pytest.approx(75, rel=1e-5)
    assert west["change_points"] == pytest.approx(75, abs=1e-3)
    assert west["share_pct"] == pytest.approx(150, rel=1e-5)
    assert counts(west, "degraded_change_km2", "change_km2") == [-1, 3]
    east = found["East", "2023"]
    # (1, 1), (0, -1), (-1, -1); the fourth cell has no data
    assert counts(east, *(f"status_{n}_km2" for n in range(1, 8))) == [1, 1, 0, 0, 0, 0, 1]
    assert (east["achieved"], east["rank"]) == (0, 2)
    # Of all four cells: land without data is land.
    assert east["degraded_change_points"] == pytest.approx(25, rel=1e-5)
    assert east["degraded_pct"] == pytest.approx(50, rel=1e-5)
    assert east["balance_pct"] == pytest.approx(0 - 25, rel=1e-5)
    assert counts(east, "land_km2", "water_km2", "total_km2") == [4, 0, 4]
    everything = found["", "2023"]
    assert (everything["rank"], everything["share_pct"]) == (None, pytest.approx(100))
    assert found["West", "baseline"]["achieved"] is None
    assert found["West", "baseline"]["change_points"] is None


def test_zones_by_hand(task, cell_km2):
    task = LdnBalanceTask(**task)
    table = zone_table(task, period_table(task, compute_ldn_balance(task)))
    west, east = rows(table)
    assert west["zone"] == "West"
    assert round(west["net_restored_km2_2019"] / cell_km2, 4) == 1
    assert round(east["net_restored_km2_2023"] / cell_km2, 4) == -1
    assert (west["achieved_2023"], east["achieved_2023"]) == (1, 0)
    assert (west["rank_2019"], east["rank_2019"]) == (1, 2)
    assert "change_pct_baseline" not in table
    assert (west["balance_class"], east["balance_class"]) == (1, -1)
    assert column_ending("2016–2019 (B)") == "2016_2019_B"


def test_one_zone_has_no_row_of_all_together(task):
    task = LdnBalanceTask(
        **task | {"zone_wkb": [cells(0, 0, 5, 2)], "zone_names": ["All"], "labels": ["a", "b"]}
    )
    table = period_table(task, compute_ldn_balance(task))
    assert table["zone"] == ["All"] * 3
    assert table["rank"] == [1, 1, 1]


def test_the_published_kind_of_figure(tmp_path):
    """Areas made up so that net restored land is 60.30 % above the baseline, a fifth of all.

    Cells of one size. Country A: 1000 net restored in the baseline (1200 - 200), 1603 in the period
    (1653 - 50). B and C: 4007 and 2397 in the period; together 8007.
    """
    rows_of = {"A": (0, 30), "B": (30, 80), "C": (80, 120)}

    def country(height, restored, degraded):
        values = np.zeros(height * 100, dtype=np.int16)
        values[:restored] = 1
        values[restored : restored + degraded] = -1
        return values.reshape(height, 100)

    before = [country(30, 1200, 200), country(50, 2500, 100), country(40, 1000, 0)]
    after = [country(30, 1653, 50), country(50, 4207, 200), country(40, 2397, 0)]
    # Where the cells are a hundredth of a degree at the equator, they differ by less than 0.03 %.
    options = {"crs": "EPSG:4326", "origin": (10.0, 0.6), "cell": (0.01, -0.01)}
    task = LdnBalanceTask(
        raster(tmp_path / "base.tif", np.concatenate(before), **options),
        [raster(tmp_path / "then.tif", np.concatenate(after), **options)],
        ["2018"],
        [
            polygon_wkb(box(10, 0.6 - 0.01 * last, 11, 0.6 - 0.01 * first))
            for first, last in rows_of.values()
        ],
        wkt("EPSG:4326"),
        list(rows_of),
    )
    table = period_table(task, compute_ldn_balance(task))
    found = {(row["zone"], row["period"]): row for row in rows(table)}
    china = found["A", "2018"]
    assert china["change_pct"] == pytest.approx(60.30, abs=0.05)
    assert china["share_pct"] == pytest.approx(100 * 1603 / 8007, abs=0.02)
    assert china["rank"] == 3
    assert found["B", "2018"]["rank"] == 1
    assert china["net_restored_pct"] == pytest.approx(100 * 1603 / 3000, abs=0.02)
    assert china["change_points"] == pytest.approx(100 * 603 / 3000, abs=0.02)
    everything = found["", "2018"]
    assert everything["change_pct"] == pytest.approx(100 * (8007 / 4400 - 1), abs=0.05)
    # Change assessment: degraded at the end minus baseline, and in percent of land.
    assert china["degraded_change_km2"] / china["land_km2"] == pytest.approx(
        china["degraded_change_points"] / 100
    )


# -- inland water and the denominator


WATER = [[0, 0, 1, 0, 1], [1, 0, 0, 1, 0]]


@pytest.fixture
def with_water(task, tmp_path):
    """Water in one cell of the west (0 then 1) and two of the east (1 then 1; no data)."""
    return task | {"water": raster(tmp_path / "water.tif", WATER)}


def test_inland_water_is_no_land(with_water, cell_km2):
    task = LdnBalanceTask(**with_water)
    result = compute_ldn_balance(task)
    found = {(row["zone"], row["period"]): row for row in rows(period_table(task, result))}

    def counts(row, *names):
        return [round(row[name] / cell_km2, 4) for name in names]

    west, east = found["West", "2023"], found["East", "2023"]
    extents = "land_km2", "water_km2", "total_km2", "nodata_km2"
    assert counts(west, *extents) == [3, 1, 4, 0]
    assert counts(east, *extents) == [2, 2, 4, 0]
    assert counts(found["", "2023"], *extents) == [5, 3, 8, 0]
    assert counts(west, "restored_km2", "degraded_km2", "stable_km2") == [2, 0, 1]
    assert west["net_restored_pct"] == pytest.approx(200 / 3, rel=1e-5)
    assert west["balance_pct"] == pytest.approx(200 / 3, rel=1e-5)
    assert east["degraded_pct"] == pytest.approx(100, rel=1e-5)
    assert not any("inland water" in str(line) for line in result.warnings)


def test_the_denominator_of_trends_earth_holds_water(with_water, cell_km2):
    task = LdnBalanceTask(**with_water, denominator="trends_earth")
    found = {
        (row["zone"], row["period"]): row
        for row in rows(period_table(task, compute_ldn_balance(task)))
    }
    east = found["East", "2023"]
    names = "land_km2", "water_km2", "total_km2", "nodata_km2", "restored_km2", "degraded_km2"
    assert [round(east[name] / cell_km2, 4) for name in names] == [2, 2, 4, 1, 1, 2]
    assert east["degraded_pct"] == pytest.approx(50, rel=1e-5)
    assert found["West", "2023"]["net_restored_pct"] == pytest.approx(75, rel=1e-5)


def test_water_of_a_land_cover_is_the_mask_by_its_class(with_water, tmp_path):
    expected = compute_ldn_balance(LdnBalanceTask(**with_water))
    cover = np.where(np.array(WATER) == 1, 9, 3)
    change = raster(
        tmp_path / "change.tif",
        [np.zeros((2, 5)), np.full((2, 5), 33), cover, np.full((2, 5), 3)],
        descriptions=("land_cover", "transition", "initial", "final"),
    )
    plain = {name: value for name, value in with_water.items() if name != "water"}
    for raster_of_classes in (change, raster(tmp_path / "cover.tif", cover)):
        task = LdnBalanceTask(**plain, land_cover_initial=raster_of_classes, water_class=9)
        found = compute_ldn_balance(task)
        assert (found.units == expected.units).all()
        assert (found.water_units == expected.water_units).all()


def test_without_water_the_denominator_is_said_to_hold_it(task):
    words = "Neither land cover nor a water mask is given"
    said = [str(line) for line in compute_ldn_balance(LdnBalanceTask(**task)).warnings]
    assert any(words in line for line in said)
    changed = LdnBalanceTask(**task, denominator="trends_earth")
    assert not any(words in str(line) for line in compute_ldn_balance(changed).warnings)


def test_without_zones_cells_without_any_class_are_outside(task, tmp_path, cell_km2):
    empty = np.full((2, 5), ND)
    empty[0, :3] = [1, 0, -1]
    then = np.full((2, 5), ND)
    then[0, :2] = [1, -1]
    changed = LdnBalanceTask(
        raster(tmp_path / "b3.tif", empty),
        [raster(tmp_path / "p3.tif", then)],
        ["2019"],
        None,
        "",
        ["whole"],
    )
    result = compute_ldn_balance(changed)
    assert result.cells.tolist() == [3]
    (row,) = [row for row in rows(period_table(changed, result)) if row["period"] == "2019"]
    assert round(row["land_km2"] / cell_km2, 4) == 3
    assert round(row["nodata_km2"] / cell_km2, 4) == 1
    assert row["degraded_pct"] == pytest.approx(100 / 3, rel=1e-5)
    (told,) = [str(w) for w in result.warnings if "Without zones" in str(w)]
    area = re.match(r"Without zones, ([\d.]+) km² where no raster has data", told)
    assert float(area[1]) == pytest.approx(7 * cell_km2, rel=1e-3)
    # A land cover says where else there is land; 0 is none.
    cover = raster(tmp_path / "cover3.tif", [[3, 3, 3, 3, 3], [7, 0, 0, ND, 0]])
    wider = compute_ldn_balance(replace(changed, land_cover_initial=cover))
    assert wider.cells.tolist() == [6]
    row = rows(period_table(changed, wider))[1]
    assert [round(row[name] / cell_km2, 4) for name in ("land_km2", "water_km2")] == [5, 1]


def test_a_status_raster_gives_the_same_as_the_indicator(task, tmp_path):
    plain = LdnBalanceTask(**task)
    expected = compute_ldn_balance(plain)
    status = raster(
        tmp_path / "status.tif", [[6, 4, 7, 2, 6], [6, 2, 3, ND, 6]], descriptions=("status",)
    )
    given = LdnBalanceTask(**task | {"periods": [status], "labels": ["2019"]})
    found = compute_ldn_balance(given)
    # The cell without a baseline has no status.
    both = expected.units[:, :1, :3, :3]
    assert (found.units[:, :, :3, :3] == both).all()
    seen = raster(tmp_path / "unnamed.tif", [[6, 4, 7, 2, 6], [6, 2, 3, ND, 6]])
    given = LdnBalanceTask(**task | {"periods": [seen], "labels": ["2019"]})
    assert (compute_ldn_balance(given).units == found.units).all()


def test_lpd_or_status_is_asked_about(task, tmp_path):
    either = raster(tmp_path / "either.tif", [[1, 2, 5, 4, 3], [1, 1, 1, 1, 1]])
    changed = task | {
        "periods": [either],
        "labels": ["2019"],
        "period_values_label": "Rasters hold",
    }
    with pytest.raises(
        InputError, match=r"either: its values .*\(lpd, status\)\. .*“Rasters hold”"
    ):
        compute_ldn_balance(LdnBalanceTask(**changed))
    as_lpd = compute_ldn_balance(LdnBalanceTask(**changed, period_values="lpd"))
    as_status = compute_ldn_balance(LdnBalanceTask(**changed, period_values="status"))
    assert (as_lpd.units != as_status.units).any()


# -- land types


def test_land_types_by_hand(task, tmp_path, cell_km2):
    cover = raster(tmp_path / "cover.tif", [[1, 1, 3, 3, 1], [1, 3, 3, 3, 3]])
    soil = raster(tmp_path / "soil.tif", [[7, 7, 7, 7, 7], [7, 7, 200, ND, 7]])
    changed = LdnBalanceTask(**task | {"land_types": [cover, soil]})
    result = compute_ldn_balance(changed)
    assert result.types == [(0, (1, 7)), (0, (3, 7)), (1, (3, 7)), (1, (3, 200))]
    table = rows(land_type_table(changed, result))
    found = {(row["zone"], row["period"], row["land_type"]): row for row in table}
    assert [key[::2] for key in found if key[1] == "2019"] == [
        ("", "1/7"), ("", "3/7"), ("", "3/200"),
        ("West", "1/7"), ("West", "3/7"), ("East", "3/7"), ("East", "3/200"),
    ]  # fmt: skip

    def counts(*key):
        names = ("gains_km2", "losses_km2", "neutral_km2", "balance_km2")
        return [round(found[key][name] / cell_km2, 4) for name in names]

    # 1/7: (-1, 1), (0, 0), (0, 1); 3/7 West: (1, -1); 3/7 East: (1, 1), (0, -1)
    assert counts("", "2019", "1/7") == [2, 0, 1, 2]
    assert counts("West", "2019", "3/7") == [0, 1, 0, -1]
    assert counts("East", "2019", "3/7") == [1, 1, 0, 0]
    assert counts("", "2019", "3/7") == [1, 2, 0, -1]
    assert found["East", "2019", "3/7"]["achieved"] == 1
    assert found["", "2019", "3/7"]["achieved"] == 0
    assert found["", "2019", "3/7"]["balance_pct"] == pytest.approx(-100 / 3, rel=1e-5)


def test_the_balance_in_each_cell(with_water, tmp_path):
    """0.01 % of the land of the type in its zone; nothing in water or outside the zones."""
    cover = raster(tmp_path / "cover.tif", [[1, 1, 3, 3, 1], [1, 3, 3, 3, 3]])
    task = LdnBalanceTask(**with_water | {"land_types": [cover]})
    path = tmp_path / "balance.tif"
    compute_ldn_balance(task, path, tags={"DBAR_ALGORITHM": "dbar:ldnbalance"})
    source = open_source(str(path), bands=(1, 2))
    assert source.info.descriptions == ("balance_2019", "balance_2023")
    assert source.info.dtypes[0] == "int16"
    block = source.read(source.grid.window)
    values = np.where(block.valid, block.values, ND).tolist()
    # Land of the west: type 1 (-1, 1, 1), (0, 0, 1), type 3 (1, -1, 0);
    # of the east: type 3 (0, -1, -1), (-1, 0, -1).
    assert values == [
        [[5000, 5000, ND, -5000, ND], [ND, -10000, -5000, ND, ND]],
        [[10000, 10000, ND, -10000, ND], [ND, 0, -10000, ND, ND]],
    ]


def test_land_without_a_status_is_in_the_land_of_its_type(task, tmp_path, cell_km2):
    cover = raster(tmp_path / "cover.tif", np.ones((2, 5)))
    changed = LdnBalanceTask(**task | {"land_types": [cover]})
    result = compute_ldn_balance(changed)
    found = {(row["zone"], row["period"]): row for row in rows(land_type_table(changed, result))}
    # East: (1, 1), (0, -1), (-1, 0), and one without a baseline.
    east = found["East", "2019"]
    assert round(east["land_km2"] / cell_km2, 4) == 4
    assert round(east["nodata_km2"] / cell_km2, 4) == 1
    assert (round(east["balance_pct"]), east["achieved"]) == (0, 1)
    # (1, 1), (0, -1), (-1, -1)
    assert found["East", "2023"]["balance_pct"] == pytest.approx(-25, rel=1e-5)


def test_fractions_are_no_land_types(task, tmp_path):
    ndvi = raster(tmp_path / "ndvi.tif", np.full((2, 5), 0.3), dtype="float32")
    with pytest.raises(InputError, match="ndvi holds fractions"):
        compute_ldn_balance(LdnBalanceTask(**task | {"land_types": [ndvi]}))


def test_too_many_land_types(task, tmp_path, monkeypatch):
    from dbar_qgis_plugin.pipelines.sdg_15_3_1 import ldn_balance

    monkeypatch.setattr(ldn_balance, "_MOST_TYPES", 3)
    many = raster(tmp_path / "many.tif", np.arange(10).reshape(2, 5) * 1_000_000, dtype="int32")
    with pytest.raises(InputError, match="more than 3 combinations"):
        compute_ldn_balance(LdnBalanceTask(**task | {"land_types": [many]}))


# -- recode


def test_errors_are_recoded_before_anything_is_counted(task, cell_km2):
    errors = ErrorRecode(
        [cells(0, 0, 1, 2), cells(2, 0, 4, 1), cells(1, 1, 2, 2)],
        wkt(),
        [
            recode_code(improved_to=0),  # false positives in the west, in the second period
            recode_code(degraded_to=1, stable_to=-32768),
            recode_code(degraded_to=0),  # a period that is not asked for
        ],
        [4, 1 | 2, 8],
    )
    changed = LdnBalanceTask(**task | {"errors": errors})
    result = compute_ldn_balance(changed)
    found = {(row["zone"], row["period"]): row for row in rows(period_table(changed, result))}

    def counts(row):
        names = ("restored_km2", "degraded_km2", "stable_km2", "nodata_km2")
        return [round(row[name] / cell_km2, 4) for name in names]

    assert counts(found["West", "baseline"]) == [1, 1, 2, 0]
    assert counts(found["West", "2019"]) == [2, 1, 1, 0]
    assert counts(found["West", "2023"]) == [1, 0, 3, 0]
    assert counts(found["East", "baseline"]) == [1, 1, 0, 2]  # stable to no data
    assert counts(found["East", "2019"]) == [2, 0, 2, 0]  # degraded to improved
    # The status is made again: (-1, 0), (0, 0), (0, 1), (1, 0).
    west = found["West", "2023"]
    assert [round(west[f"status_{n}_km2"] / cell_km2, 4) for n in range(1, 8)] == [
        0, 0, 1, 1, 1, 1, 0,
    ]  # fmt: skip
    assert [str(note) for note in result.notes[3:]] == [
        "Recoded in the error polygons, baseline: 1 cells",
        "Recoded in the error polygons, 2019: 1 cells",
        "Recoded in the error polygons, 2023: 2 cells",
    ]


def test_every_recode_makes_its_class_of_every_class(tmp_path, cell_km2):
    """64 polygons side by side, one a code, over a row of each class: false positives, negatives.

    What becomes of a class is worked out from the fields a user fills in, not from the table.
    """
    codes = [
        (degraded, stable, improved)
        for degraded in (None, ND, 0, 1)
        for stable in (None, ND, -1, 1)
        for improved in (None, ND, -1, 0)
    ]
    values = np.repeat([[-1], [0], [1], [ND]], len(codes), axis=1)
    columns = [cells(place, 0, place + 1, 4) for place in range(len(codes))]
    task = LdnBalanceTask(
        raster(tmp_path / "wide_b.tif", values),
        [raster(tmp_path / "wide_p.tif", values)],
        ["2019"],
        columns,
        wkt(),
        [str(place) for place in range(len(codes))],
        errors=ErrorRecode(columns, wkt(), [recode_code(*code) for code in codes], [2] * 64),
    )
    table = rows(period_table(task, compute_ldn_balance(task)))
    names = {-1: "degraded_km2", 0: "stable_km2", 1: "restored_km2", ND: "nodata_km2"}
    for place, code in enumerate(codes):
        expected = dict.fromkeys(names.values(), 0) | {"nodata_km2": 1}
        for own, target in zip((-1, 0, 1), code, strict=True):
            expected[names[own if target is None else target]] += 1
        before, after = table[2 * place], table[2 * place + 1]
        assert {name: round(after[name] / cell_km2) for name in expected} == expected, code
        # The baseline, which the polygons do not speak of, stays.
        assert {name: round(before[name] / cell_km2) for name in expected} == dict.fromkeys(
            expected, 1
        )
        # The status is made of the recoded class: degraded land that became improved is 6.
        improved = 1 + (code[0] == 1) + (code[1] == 1) - (code[2] is not None)
        assert round(after["restored_km2"] / cell_km2) == improved
        assert round(after["status_6_km2"] / cell_km2) == (code[0] == 1) + (code[1] == 1)


# -- areas


def test_areas_of_a_box_at_high_latitude(tmp_path):
    """One degree by ten from 50 to 60 N holds 71 163 km2; the half from 55 N on, less than half."""
    values = np.zeros((1000, 10), dtype=np.int16)
    values[:500] = 1
    options = {"crs": "EPSG:4326", "origin": (10.0, 60.0), "cell": (0.1, -0.01)}
    task = LdnBalanceTask(
        raster(tmp_path / "b.tif", np.zeros((1000, 10)), **options),
        [raster(tmp_path / "p.tif", values, **options)],
        ["2019"],
        [polygon_wkb(box(10, 50, 11, 60))],
        wkt("EPSG:4326"),
        ["box"],
        baseline_values="classes",
        period_values="classes",
    )
    table = period_table(task, compute_ldn_balance(task))
    assert table["land_km2"][1] == pytest.approx(71_163, rel=1e-3)
    # Of a sphere: sin 60 - sin 55 to sin 60 - sin 50; the ellipsoid differs by a thousandth.
    sines = np.sin(np.radians([50, 55, 60]))
    share = (sines[2] - sines[1]) / (sines[2] - sines[0])
    assert table["restored_pct"][1] == pytest.approx(100 * share, rel=2e-3)


# -- zones that do not fit


def test_zones_that_overlap_or_lie_outside_are_named(task):
    changed = task | {
        "zone_wkb": [cells(0, 0, 3, 2), cells(2, 0, 4, 2), cells(50, 0, 60, 2), None],
        "zone_names": ["West", "East", "Far", "Nowhere"],
    }
    task = LdnBalanceTask(**changed)
    result = compute_ldn_balance(task)
    assert result.cells.tolist() == [6, 2, 0, 0]
    assert [str(line) for line in result.warnings[1:]] == [
        "Zones without a cell of the baseline raster (2): Far, Nowhere",
        "Zones that overlap another (2); a cell counts for the first only: West, East",
    ]
    table = zone_table(task, period_table(task, result))
    assert table["rank_2019"][2:] == [None, None]
    assert table["balance_class"][2:] == [None, None]
    assert table["net_restored_pct_2019"][2] is None


def test_no_zone_on_the_raster_is_refused(task):
    far = task | {"zone_wkb": [cells(50, 0, 60, 2), None]}
    with pytest.raises(InputError, match="None of the 2 zones holds the centre of a cell of b"):
        compute_ldn_balance(LdnBalanceTask(**far))


def test_land_cover_change_serves_as_land_types(task, tmp_path):
    change = raster(
        tmp_path / "change.tif",
        [np.zeros((2, 5)), np.full((2, 5), 33), np.full((2, 5), 3), np.full((2, 5), 3)],
        descriptions=("land_cover", "transition", "initial", "final"),
    )
    result = compute_ldn_balance(LdnBalanceTask(**task | {"land_types": [change]}))
    assert result.types == [(0, (3,)), (1, (3,))]


def test_cancel(task):
    with pytest.raises(Cancelled):
        compute_ldn_balance(LdnBalanceTask(**task), progress=Progress(is_cancelled=lambda: True))


# -- whatever the blocks, threads and driver


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("crs", ["EPSG:32618", "EPSG:4326"])
def test_blocks_threads_and_driver_change_nothing(tmp_path, monkeypatch, driver, crs):
    rng = np.random.default_rng(3)
    shape = 130, 151
    options = {
        "crs": crs, "tiled": True, "blockxsize": 16, "blockysize": 16,
        "origin": (WEST, NORTH) if crs == "EPSG:32618" else (-75.0, 30.0),
        "cell": (100, -100) if crs == "EPSG:32618" else (0.1, -0.1),
    }  # fmt: skip
    layers = [rng.choice([ND, -1, 0, 1], shape) for _ in range(3)]
    left, top = options["origin"]
    size = options["cell"][0]
    shapes = [
        polygon_wkb(star(left + size * x, top - size * y, size * r))
        for x, y, r in ((30, 30, 30), (90, 60, 50), (60, 100, 25), (140, 120, 20))
    ]
    task = LdnBalanceTask(
        raster(tmp_path / "b.tif", layers[0], **options),
        [raster(tmp_path / f"p{k}.tif", layers[k], **options) for k in (1, 2)],
        ["one", "two"],
        shapes[:3],
        wkt(crs),
        ["a", "b", "c"],
        land_types=[
            raster(tmp_path / "t1.tif", rng.integers(0, 5, shape), **options),
            raster(tmp_path / "t2.tif", rng.choice([1, 9, 3000], shape), **options),
        ],
        water=raster(tmp_path / "w.tif", rng.random(shape) < 0.1, **options),
        errors=ErrorRecode(
            shapes[2:], wkt(crs), [recode_code(0, -1, None), recode_code(1, 1, -1)], [3, 6]
        ),
    )
    expected = compute_ldn_balance(task, tmp_path / "one.tif", workers=Workers(threads=1))
    grid = open_source(task.baseline.path).grid
    total = (expected.units.sum() / 2 + expected.water_units.sum()) * expected.unit_km2
    assert expected.type_units.sum() == expected.units.sum()
    assert expected.cells.sum() / np.prod(shape) == pytest.approx(
        total / (np.broadcast_to(grid.cell_areas(), shape).sum() / 1e6), rel=0.05
    )
    monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", 700)
    open_with = inputs.open_source
    monkeypatch.setattr(inputs, "open_source", lambda *a, **k: open_with(*a, **k, driver=driver))
    result = compute_ldn_balance(
        task, tmp_path / "other.tif", workers=Workers(threads=3, memory_mb=8)
    )
    first, second = (
        open_source(str(tmp_path / f"{name}.tif"), bands=(1, 2)).read(grid.window).values
        for name in ("one", "other")
    )
    assert (first == second).all()
    assert len(np.unique(first)) > 10
    assert (result.water_units == expected.water_units).all()
    assert expected.water_units.all()
    assert (result.units == expected.units).all()
    assert (result.cells == expected.cells).all()
    assert result.types == expected.types
    assert (result.type_units == expected.type_units).all()
    assert result.notes == expected.notes
