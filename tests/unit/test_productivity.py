"""State, performance and their combination, against the definitions cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.kernels.order_statistics import CHUNK
from dbar_qgis_plugin.kernels.productivity import (
    FAO_WOCAT_BIOMASS,
    fao_wocat_lpd,
    land_productivity,
    mean_of_valid,
    performance,
    productivity_state,
    quantiles_of_counts,
    three_classes,
)
from dbar_qgis_plugin.kernels.trend import TrendRule, trajectory
from dbar_qgis_plugin.kernels.vegetation_series import annual_value

# Trend, state, performance: LPD and its three classes, as the UNCCD's table 13 lists them.
TRUTH = """
 1  1  0  5  1
 1  1 -1  5  1
 1  0  0  5  1
 1  0 -1  5  1
 1 -1  0  5  1
 1 -1 -1  2 -1
 0  1  0  4  0
 0  1 -1  4  0
 0  0  0  4  0
 0  0 -1  3  0
 0 -1  0  2 -1
 0 -1 -1  1 -1
-1  1  0  1 -1
-1  1 -1  1 -1
-1  0  0  1 -1
-1  0 -1  1 -1
-1 -1  0  1 -1
-1 -1 -1  1 -1
"""


def one_state(before, now, **options):
    """State and change of a single cell."""
    series = [np.asarray(part, dtype=np.float64)[:, np.newaxis] for part in (before, now)]
    baseline, recent = [(values, np.isfinite(values)) for values in series]
    found = productivity_state(baseline, recent, **options)
    return int(found.state[0]), int(found.change[0])


# -- state


def test_state_by_hand():
    # Range 100 .. 112, padded to 99.4 .. 112.6; the deciles of these 15 values lie 1.4 places
    # apart: 100.4, 101.8, 103.2, 104.6, 106.0, 107.4, 108.8, 110.2, 111.6.
    before = np.arange(100, 113)
    # Its mean, 106, is not above the fifth decile: class 5.
    for now, expected in (
        (106.0, (0, 0)),
        (103.3, (0, -1)),
        (103.1, (-1, -2)),
        (101.9, (-1, -2)),
        (100.5, (-1, -3)),
        (100.3, (-1, -4)),
        (90.0, (-1, -4)),
        (106.1, (0, 1)),
        (107.3, (0, 1)),
        (107.5, (1, 2)),
        (130.0, (1, 5)),
    ):
        assert one_state(before, [now - 1, now, now + 1]) == expected, now
    # By halves: below and above the median, which is the mean.
    assert one_state(before, [111.0] * 3, classes=2, shift=1) == (1, 1)
    assert one_state(before, [101.0] * 3, classes=2, shift=1) == (0, 0)


def naive_state(before, now, classes, shift, dead_band):
    before, now = before[np.isfinite(before)], now[np.isfinite(now)]
    low, high = before.min(), before.max()
    padded = [low - 0.05 * (high - low), *before, high + 0.05 * (high - low)]
    cuts = np.percentile(padded, 100 * np.arange(1, classes) / classes)
    change = (cuts < now.mean()).sum() - (cuts < before.mean()).sum()
    if dead_band and abs(before.mean() - now.mean()) <= dead_band:
        change = 0
    return (1 if change >= shift else -1 if change <= -shift else 0), change


@pytest.mark.parametrize(
    ("classes", "shift", "dead_band"), [(10, 2, 0.0), (10, 2, 100.0), (5, 1, 0.0), (20, 3, 50.0)]
)
def test_state_equals_the_definition(classes, shift, dead_band):
    random = np.random.default_rng(5)
    before = random.uniform(1_000, 9_000, 600) + random.normal(0, 300, (13, 600))
    now = before[:3] + random.normal(0, 400, (3, 600))
    before[random.random(before.shape) < 0.1] = np.nan
    now[random.random(now.shape) < 0.1] = np.nan
    baseline = np.nan_to_num(before), np.isfinite(before)
    recent = np.nan_to_num(now), np.isfinite(now)
    found = productivity_state(
        baseline,
        recent,
        baseline_needed=10,
        recent_needed=2,
        classes=classes,
        shift=shift,
        dead_band=dead_band,
    )
    assert (found.baseline_missing == (baseline[1].sum(axis=0) < 10)).all()
    assert (found.recent_missing == (recent[1].sum(axis=0) < 2)).all()
    missing = found.baseline_missing | found.recent_missing
    assert 20 < missing.sum() < 300
    expected = [
        (0, 0) if gone else naive_state(b, n, classes, shift, dead_band)
        for b, n, gone in zip(before.T, now.T, missing, strict=True)
    ]
    assert list(zip(found.state, found.change, strict=True)) == expected
    assert {-1, 0, 1} == set(found.state)


@given(
    st.floats(-1, 1, allow_subnormal=False), st.sampled_from(["prais4", "trends_earth", "gpg_v2"])
)
def test_a_constant_series_is_stable(value, convention):
    # The mean of equal numbers differs from them in the last digit, unless one takes care.
    for years in (13, 15, 7):
        assert one_state([value] * years, [value] * 3, convention=convention) == (0, 0)


def test_dead_band_includes_its_edge():
    before = np.full(13, 5_000.0)
    before[0] = 4_999.0
    mean = before.mean()
    assert one_state(before, [5_050.0] * 3)[0] == 1
    assert one_state(before, [5_050.0] * 3, dead_band=5_050.0 - mean)[0] == 0
    assert one_state(before, [5_050.0] * 3, dead_band=5_049.9 - mean)[0] == 1


def test_z_scores_by_hand():
    # Mean 10, sample standard deviation 2.
    before = [8, 8, 8, 10, 10, 10, 12, 12, 12]
    spread = np.std(before, ddof=1)
    options = {"convention": "gpg_v2"}
    for z, expected in (
        (-2.5, (-1, -2)),
        (-1.97, (-1, -2)),
        (-1.95, (0, -1)),
        (-1.29, (0, -1)),
        (-1.27, (0, 0)),
        (1.27, (0, 0)),
        (1.29, (1, 1)),
        (1.95, (1, 1)),
        (1.97, (1, 2)),
    ):
        assert one_state(before, [10 + z * spread] * 3, **options) == expected, z
    assert one_state([10] * 9, [11] * 3, **options) == (1, 2)
    assert one_state([10] * 9, [9] * 3, **options) == (-1, -2)


def test_integers_give_the_same_as_floats_and_inputs_stay():
    random = np.random.default_rng(3)
    count = CHUNK + 1_234
    before = random.integers(0, 10_000, (13, count)).astype(np.int16)
    now = random.integers(0, 10_000, (3, count)).astype(np.int16)
    good = np.ones((13, count), bool)
    kept = before.copy(), now.copy()
    for convention in ("prais4", "gpg_v2"):
        one, other = (
            productivity_state(
                (before.astype(kind), good), (now.astype(kind), good[:3]), convention=convention
            )
            for kind in (np.int16, np.float64)
        )
        assert all((a == b).all() for a, b in zip(one, other, strict=True))
        assert set(one.state) == {-1, 0, 1}
    assert (before == kept[0]).all() and (now == kept[1]).all()
    with pytest.raises(ValueError, match="nonsense"):
        productivity_state((before, good), (now, good[:3]), convention="nonsense")


def test_inputs_stay_as_they_are():
    random = np.random.default_rng(9)
    values = random.uniform(0.0, 0.9, (16, 40))
    valid = random.random(values.shape) > 0.1
    years = range(2000, 2016)
    trend, level = random.integers(-1, 2, (2, 40)), random.integers(-1, 1, 40)
    arrays = [values, valid, trend, level]
    for array in arrays:
        array.flags.writeable = False  # writing into one would raise
    for convention in ("prais4", "trends_earth", "gpg_v2"):
        productivity_state(
            (values[:13], valid[:13]), (values[13:], valid[13:]), convention=convention
        )
        performance(values[0], values[1] + 0.1, convention=convention)
        for method in ("ndvi", "restrend", "ue"):
            rule = TrendRule(convention, theil_sen=True)
            trajectory(values, valid, years, rule, method=method, climate=values)
    three_classes(land_productivity(*trend, level))
    fao_wocat_lpd(values, valid, years)
    days = tuple(range(0, 320, 20))
    for statistic in ("mean", "maximum", "integral"):
        annual_value(values, valid, statistic, days=days, weights=[0.05] * 16)


def test_means_leave_missing_years_out():
    values = np.array([[1, 2, 9], [3, 100, 9], [5, 6, 9]], np.int16)
    valid = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 0]], bool)
    mean, count = mean_of_valid(values, valid)
    np.testing.assert_array_equal(mean, [3, 4, np.nan])
    assert list(count) == [3, 2, 0]


# -- performance


def test_performance_and_the_threshold_itself():
    mean = np.array([0.1999, 0.2, 0.21, 0.4, 0.5, -0.04])
    found, ratio = performance(mean, 0.4)
    assert list(found) == [-1, 0, 0, 0, 0, -1]
    assert list(ratio) == [4998, 5000, 5250, 10000, 12500, -1000]
    assert list(performance(mean, 0.4, convention="trends_earth")[0]) == [-1, -1, 0, 0, 0, -1]
    assert list(performance(mean, 0.4, convention="gpg_v2")[0]) == [-1, 0, 0, 0, 0, -1]
    assert list(performance(mean, 0.4, threshold=0.52)[0]) == [-1, -1, 0, 0, 0, -1]
    assert performance([100.0], [0.001])[1][0] == 32767


@pytest.mark.parametrize("percent", [0, 10, 50, 90, 99.5, 100])
def test_quantiles_from_counts_equal_numpys(percent):
    random = np.random.default_rng(int(percent))
    groups = np.repeat([2, 3, 7, 8], [1, 2, 500, 37])
    values = random.integers(-50, 50, groups.size)
    pairs, counts = np.unique(np.stack((groups, values)), axis=1, return_counts=True)
    found = quantiles_of_counts(pairs[0], pairs[1], counts, percent)
    assert list(found[0]) == [2, 3, 7, 8]
    assert list(found[2]) == [1, 2, 500, 37]
    expected = [np.percentile(values[groups == group], percent) for group in found[0]]
    np.testing.assert_allclose(found[1], expected, rtol=1e-12, atol=1e-9)
    empty = np.empty(0, np.int64)
    assert all(part.size == 0 for part in quantiles_of_counts(empty, empty, empty, percent))


# -- combination


@pytest.mark.parametrize("line", TRUTH.strip().splitlines())
def test_truth_table(line):
    trend, state, perf, lpd, classes = map(int, line.split())
    found = land_productivity(np.array([trend]), np.array([state]), np.array([perf]))
    assert found[0] == lpd
    assert three_classes(found)[0] == classes


def test_the_truth_table_is_whole():
    assert len({tuple(line.split()[:3]) for line in TRUTH.strip().splitlines()}) == 18
    # A performance of 1, as some products have it, is as good as 0.
    assert land_productivity(np.array([0]), np.array([0]), np.array([1]))[0] == 4


# -- FAO-WOCAT


def naive_fao_wocat(ndvi, low, high, mann_kendall_only=False):
    n = len(ndvi)
    critical = {16: 36}[n]
    slope = np.polyfit(np.arange(n), ndvi, 1)[0]
    score = sum(np.sign(ndvi[j] - ndvi[i]) for i in range(n) for j in range(i + 1, n))
    trend = 2 if abs(score) < critical else 1 if slope < 0 else 3
    first, last = ndvi[:3].mean(), ndvi[-3:].mean()
    mtid = 2 if (last - ndvi).sum() > 0 else 1
    steadiness = {(1, 1): 1, (1, 2): 2, (2, 1): 2, (2, 2): 3, (3, 1): 3, (3, 2): 4}[trend, mtid]
    if mann_kendall_only:
        steadiness = {1: 1, 2: 3 if score > 0 else 2, 3: 4}[trend]
    biomass = 1 if first <= low else 2 if first <= high else 3
    cuts = np.percentile(ndvi, range(10, 100, 10))
    shift = (cuts < last).sum() - (cuts < first).sum()
    state = 1 if shift <= -2 else 3 if shift >= 2 else 2
    semi = (steadiness - 1) * 9 + (state - 1) * 3 + biomass
    if ndvi.max() <= 0.25:
        return 4
    return 1 if semi <= 8 else 2 if semi <= 14 else 3 if semi <= 21 else 4 if semi <= 30 else 5


@pytest.mark.parametrize("only", [False, True])
@pytest.mark.parametrize("preset", FAO_WOCAT_BIOMASS)
def test_fao_wocat_equals_its_definition(preset, only):
    random = np.random.default_rng(11)
    slopes = random.normal(0, 0.012, 700)
    ndvi = random.uniform(0.1, 0.9, 700) + slopes * np.arange(16)[:, np.newaxis]
    ndvi += random.normal(0, 0.04, ndvi.shape)
    years = np.arange(2000, 2016)
    low, high = biomass = FAO_WOCAT_BIOMASS[preset]
    expected = [naive_fao_wocat(series, low, high, only) for series in ndvi.T]
    lpd, known = fao_wocat_lpd(
        ndvi, np.ones(ndvi.shape, bool), years, biomass=biomass, mann_kendall_only=only
    )
    assert known.all()
    assert list(lpd) == expected
    assert set(lpd) == {1, 2, 3, 4, 5}
    scaled, _ = fao_wocat_lpd(
        ndvi * 1e4,
        np.ones(ndvi.shape, bool),
        years,
        scale=1e4,
        biomass=biomass,
        mann_kendall_only=only,
    )
    assert (scaled == lpd).mean() > 0.995


def test_fao_wocat_thresholds():
    assert list(FAO_WOCAT_BIOMASS.values()) == [(0.4, 0.7), (0.3, 0.5), (0.4, 0.8)]
    # No trend, no shift: steadiness 2, state 2, so 9 + 3 + biomass: 13, 14 or 15.
    flat = np.tile([0.39, 0.45, 0.75, 0.2], (16, 1))
    good = np.ones(flat.shape, bool)
    years = range(16)
    found = [
        list(fao_wocat_lpd(flat, good, years, biomass=biomass)[0])
        for biomass in FAO_WOCAT_BIOMASS.values()
    ]
    assert found == [[2, 2, 3, 4], [2, 2, 3, 4], [2, 2, 2, 4]]


def test_fao_wocat_with_missing_years():
    random = np.random.default_rng(4)
    ndvi = random.uniform(0.3, 0.6, (16, 4))
    valid = np.ones(ndvi.shape, bool)
    valid[:3, 1] = False
    valid[-3:, 2] = False
    valid[4:13, 3] = False
    lpd, known = fao_wocat_lpd(ndvi, valid, range(2000, 2016))
    assert list(known) == [True, False, False, False]
    assert (lpd[1:] == 0).all()
