"""Kernel of SDG 15.3.1's last steps: every cell of the truth tables, and the rules behind them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.kernels import degradation as kernel
from dbar_qgis_plugin.kernels.degradation import (
    ANY_NODATA,
    CLASSES,
    DEGRADED_WINS,
    LPD,
    NO_CLASS,
    STATUS,
    combination,
    combined_codes,
    counterbalance,
    looked_up,
    one_out_all_out,
    places,
    recode_code,
    recode_table,
    status,
    status_3class,
    status_table,
    tracking,
)

N = None  # no data

# The rule of the reporting manual, written out: 27 combinations of three sub-indicators.
COMPLETE = {
    (-1, -1, -1): -1, (-1, -1, 0): -1, (-1, -1, 1): -1,
    (-1, 0, -1): -1, (-1, 0, 0): -1, (-1, 0, 1): -1,
    (-1, 1, -1): -1, (-1, 1, 0): -1, (-1, 1, 1): -1,
    (0, -1, -1): -1, (0, -1, 0): -1, (0, -1, 1): -1,
    (0, 0, -1): -1, (0, 0, 0): 0, (0, 0, 1): 1,
    (0, 1, -1): -1, (0, 1, 0): 1, (0, 1, 1): 1,
    (1, -1, -1): -1, (1, -1, 0): -1, (1, -1, 1): -1,
    (1, 0, -1): -1, (1, 0, 0): 1, (1, 0, 1): 1,
    (1, 1, -1): -1, (1, 1, 0): 1, (1, 1, 1): 1,
}  # fmt: skip

# And with something missing: two known, then one, then none.
PARTIAL = {
    (-1, -1): -1, (-1, 0): -1, (-1, 1): -1, (0, 0): N, (0, 1): N, (1, 1): N,
    (-1,): -1, (0,): N, (1,): N, (): N,
}  # fmt: skip


def combined(values, policy):
    known = [value is not None for value in values]
    result, has_result = one_out_all_out([value or 0 for value in values], known, policy)
    return int(result) if has_result else N


@pytest.mark.parametrize("policy", [DEGRADED_WINS, ANY_NODATA])
@pytest.mark.parametrize("values", COMPLETE)
def test_one_out_all_out_of_complete_data(values, policy):
    assert combined(values, policy) == COMPLETE[values]


@pytest.mark.parametrize("values", [v for v in product((-1, 0, 1, N), repeat=3) if N in v])
def test_one_out_all_out_with_missing_data(values):
    there = tuple(sorted(value for value in values if value is not N))
    assert combined(values, DEGRADED_WINS) == PARTIAL[there]
    assert combined(values, ANY_NODATA) is N


def test_a_policy_that_does_not_exist():
    with pytest.raises(ValueError, match="unknown policy"):
        one_out_all_out([0], [True], "best")


@pytest.mark.parametrize("policy", [DEGRADED_WINS, ANY_NODATA])
@pytest.mark.parametrize("first", [CLASSES, LPD])
def test_the_table_is_the_rule(policy, first):
    """All 4 x 4 x 4 (or 6 x 4 x 4) combinations through the path that rasters take."""
    lpd = {1: -1, 2: -1, 3: 0, 4: 0, 5: 1}
    own = [*range(first.first, first.last + 1), N]
    table = combination((first, CLASSES, CLASSES), policy)
    for values in product(own, (-1, 0, 1, N), (-1, 0, 1, N)):
        layers = [
            places(np.array([value or 0]), np.array([value is not N]), legend)
            for value, legend in zip(values, (first, CLASSES, CLASSES), strict=True)
        ]
        (code,) = combined_codes(layers, table)
        meaning = lpd.get(values[0], N) if first is LPD else values[0]
        expected = combined((meaning, *values[1:]), policy)
        assert (int(table.result[code]) if table.known[code] else N) == expected
        assert table.missing[code] == sum(
            bit for bit, value in zip((1, 2, 4), values, strict=True) if value is N
        )


def test_water_has_no_result_whatever_else_is_known():
    table = combination((LPD, CLASSES, CLASSES), DEGRADED_WINS)
    layers = [np.array([3, 3], np.uint8)] * 3
    codes = combined_codes(layers, table, np.array([True, False]))
    assert table.known[codes].tolist() == [False, True]
    assert table.missing[codes].tolist() == [kernel.WATER, 0]


@pytest.mark.parametrize(
    "dtype", ["int8", "uint8", "int16", "uint16", "int32", "float32", "float64"]
)
def test_places_of_values_of_any_type(dtype):
    given = [0, 1, 2, 5, 6, 100]
    found = places(np.array(given, dtype), np.array([True] * 5 + [False]), LPD)
    assert found.tolist() == [0, 1, 2, 5, 6, 0]
    if np.dtype(dtype).kind != "u":
        below = places(np.array([-100, -1, 0, 1, 2], dtype), np.ones(5, bool), CLASSES)
        assert below.tolist() == [0, 1, 2, 3, 4]


def test_a_value_between_two_classes_is_none():
    assert places([0.5, 1.0, -0.2], [True] * 3, CLASSES).tolist() == [0, 3, 0]


def test_inputs_are_left_as_they_are():
    values = np.array([[-1, 0], [1, 9]], np.int16)
    valid = np.ones_like(values, bool)
    before = values.copy()
    layer = places(values, valid, CLASSES)
    kept = layer.copy()
    combined_codes([layer, layer, layer], combination((CLASSES,) * 3, ANY_NODATA))
    assert (values == before).all()
    assert (layer == kept).all()


@given(st.lists(st.integers(0, 255), max_size=300), st.integers(1, 400))
def test_looking_up_in_pieces_is_looking_up(codes, piece):
    table = np.arange(256, dtype=np.int16)[::-1].copy()
    codes = np.array(codes, np.uint8)
    before = kernel._CELLS_AT_ONCE
    kernel._CELLS_AT_ONCE = piece
    try:
        assert (looked_up(codes, table) == table[codes]).all()
    finally:
        kernel._CELLS_AT_ONCE = before


# -- status

STATUS_MATRIX = {
    (-1, -1): (1, -1), (-1, 0): (3, -1), (-1, 1): (6, 1),
    (0, -1): (2, -1), (0, 0): (4, 0), (0, 1): (6, 1),
    (1, -1): (2, -1), (1, 0): (5, 1), (1, 1): (7, 1),
}  # fmt: skip


@pytest.mark.parametrize("pair", STATUS_MATRIX)
def test_status(pair):
    found = status(*pair)
    assert (int(found), int(status_3class(found))) == STATUS_MATRIX[pair]


@pytest.mark.parametrize("first", [CLASSES, LPD])
@pytest.mark.parametrize("second", [CLASSES, LPD, STATUS])
def test_the_status_table_is_the_matrix(first, second):
    table = status_table(first, second)
    for before, after in product(
        [*range(first.first, first.last + 1), N], [*range(second.first, second.last + 1), N]
    ):
        layers = [
            places(np.array([value or 0]), np.array([value is not N]), legend)
            for value, legend in ((before, first), (after, second))
        ]
        (code,) = kernel.joint_codes(layers, table.place_counts)
        if N in (before, after):
            assert table.status[code] == 0
            continue
        pair = first.meaning[before - first.first], second.meaning[after - second.first]
        assert table.status[code] == STATUS_MATRIX[pair][0]
        assert (table.baseline[code], table.reporting[code]) == pair


def test_a_status_tells_the_class_of_its_period():
    for (_, after), (found, _) in STATUS_MATRIX.items():
        assert STATUS.meaning[found - 1] == after


# -- recode


def test_all_64_recodes():
    table = recode_table()
    seen = set()
    for targets in product(kernel.RECODE_DEGRADED, kernel.RECODE_STABLE, kernel.RECODE_IMPROVED):
        code = recode_code(*targets)
        seen.add(code)
        for own, target in zip((-1, 0, 1), targets, strict=True):
            expected = own if target is None else NO_CLASS if target == -32768 else target
            assert table[code, own + 1] == expected
        assert table[code, 3] == NO_CLASS
    assert seen == set(range(64))
    assert recode_code() == 0


def test_a_class_cannot_be_recoded_to_itself():
    with pytest.raises(ValueError, match="not in tuple"):
        recode_code(degraded_to=-1)


# -- neutrality


def test_counterbalance_by_hand():
    areas = [[3, 2, 1, 10, 1, 4, 1], [1, 0, 0, 0, 0, 0, 0], [0] * 7]
    found = counterbalance(areas, whole=[22, 4, 9], unit=0.5)
    assert found.losses.tolist() == [2.5, 0.5, 0]
    assert found.neutral.tolist() == [6, 0, 0]
    assert found.gains.tolist() == [2.5, 0, 0]
    assert found.balance.tolist() == [0, -0.5, 0]
    assert found.percent[:2].tolist() == [0, -25]  # also of land without a status
    assert np.isnan(found.percent[2])
    assert found.achieved.tolist() == [True, False, True]


def test_tracking_by_hand():
    """Three zones: net 60 (20 before), -10 (-10 before), land without data only."""
    now = [[20, 20, 80], [30, 50, 20], [0, 0, 0]]
    before = [[30, 40, 50], [40, 30, 30], [0, 0, 0]]
    found = tracking(now, before, whole=[120, 200, 50], unit=2.0)
    assert found.net.tolist() == [120, -20, 0]
    assert found.change.tolist() == [80, 0, 0]
    assert found.change_percent[:2].tolist() == [200, 0]
    assert np.isnan(found.change_percent[2])
    assert found.net_percent[:2].tolist() == [50, -5]
    assert np.isnan(found.net_percent[2])
    assert found.change_points[:2].tolist() == pytest.approx([50 - 100 / 6, 0])
    assert found.rank.tolist() == [1, 2, 0]
    assert found.share.tolist() == [120, -20, 0]
    assert found.restored_percent[0] == pytest.approx(200 / 3)
    assert found.degraded_percent[1] == 15


def test_change_against_a_negative_baseline_keeps_its_sign():
    better = tracking([[10, 0, 30]], [[30, 0, 10]], [40])
    assert better.change_percent.tolist() == [200]
    worse = tracking([[30, 0, 10]], [[20, 10, 10]], [40])
    assert worse.change_percent.tolist() == [-100]
    assert np.isnan(worse.share[0])


def test_equal_zones_share_a_rank():
    now = [[0, 1, 5], [0, 1, 9], [2, 1, 7], [0, 1, 1]]
    found = tracking(now, np.zeros((4, 3)), [10] * 4)
    assert found.rank.tolist() == [2, 1, 2, 4]
