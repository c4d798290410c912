"""Trends: against scipy, counts done by hand, and the tables of the conventions."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from dbar_qgis_plugin.kernels import trend
from dbar_qgis_plugin.kernels.trend import (
    GPG_V2,
    LONGEST_TRENDS_EARTH,
    PRAIS4,
    RESTREND,
    TRENDS_EARTH,
    USE_EFFICIENCY,
    MannKendall,
    TrendRule,
    critical_values,
    mann_kendall,
    mann_kendall_p,
    mann_kendall_variance,
    mann_kendall_z,
    ols_slope,
    restrend_residuals,
    significance_gpg_v2,
    significance_prais4,
    significance_trends_earth,
    theil_sen_slope,
    trajectory,
    use_efficiency,
)


def series(seed, years, cells, kind, gaps=0.0):
    """Random values with ties where they are whole numbers, and missing years."""
    random = np.random.default_rng(seed)
    values = random.integers(0, 12, (years, cells)) if kind == "ties" else None
    if values is None:
        values = random.normal(size=(years, cells)) + 0.1 * np.arange(years)[:, np.newaxis]
    return values, random.random((years, cells)) >= gaps


def s_by_hand(values):
    return int(sum(np.sign(late - early) for early, late in itertools.combinations(values, 2)))


def tie_term_by_hand(values):
    return sum(t * (t - 1) * (2 * t + 5) for t in np.unique(values, return_counts=True)[1])


@pytest.mark.parametrize("dtype", ["int16", "uint8", "int32", "float32", "float64"])
@pytest.mark.parametrize("gaps", [0.0, 0.3])
def test_s_and_ties_by_hand(dtype, gaps):
    values, valid = series(1, 17, 60, "ties", gaps)
    values = values.astype(dtype)
    found = mann_kendall(values, valid)
    for cell in range(60):
        own = values[valid[:, cell], cell].astype(float)
        assert found.years[cell] == own.size
        assert found.s[cell] == s_by_hand(own)
        assert found.ties[cell] == tie_term_by_hand(own)


def test_counters_do_not_overflow():
    rising = np.arange(60, dtype=np.int16)[:, np.newaxis]
    for years in (22, 23, 24, 25, 60):
        assert mann_kendall(rising[:years]).s[0] == years * (years - 1) // 2
        assert mann_kendall(-rising[:years]).s[0] == -years * (years - 1) // 2
        level = mann_kendall(np.zeros((years, 1)))
        assert level.s[0] == 0
        assert level.ties[0] == years * (years - 1) * (2 * years + 5)
        assert mann_kendall_p(level)[0] == 1.0
        assert mann_kendall_z(level)[0] == 0.0


@pytest.mark.parametrize("years", range(2, 8))
def test_exact_p_from_all_orders(years):
    every = np.array([s_by_hand(order) for order in itertools.permutations(range(years))])
    for s in np.unique(every):
        p = min(1.0, 2.0 * np.mean(every >= abs(s)))
        test = MannKendall(*(np.array([value], np.int32) for value in (years, s, 0)))
        assert mann_kendall_p(test)[0] == pytest.approx(p, rel=1e-12)


@pytest.mark.parametrize("years", range(4, 11))
def test_exact_p_is_that_of_scipy(years):
    values, _ = series(years, years, 40, "real")
    found = mann_kendall_p(mann_kendall(values))
    expected = [
        stats.kendalltau(np.arange(years), column, method="exact").pvalue for column in values.T
    ]
    assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("years", [8, 11, 16, 32, 45])
@pytest.mark.parametrize("kind", ["ties", "real"])
@pytest.mark.parametrize("gaps", [0.0, 0.25])
def test_p_and_variance_are_those_of_scipy(years, kind, gaps):
    values, valid = series(years, years, 50, kind, gaps)
    test = mann_kendall(values, valid)
    variance, z, p = mann_kendall_variance(test), mann_kendall_z(test), mann_kendall_p(test)
    for cell in range(50):
        own = values[valid[:, cell], cell]
        if own.size < 3:
            continue
        # scipy's approximation has no continuity correction, which shows its variance.
        plain = stats.kendalltau(np.arange(own.size), own, method="asymptotic").pvalue
        assert math.erfc(abs(test.s[cell]) / math.sqrt(2.0 * variance[cell])) == pytest.approx(
            plain, rel=1e-9
        )
        if own.size > 10 or test.ties[cell]:
            corrected = 2.0 * stats.norm.sf(
                max(abs(int(test.s[cell])) - 1, 0) / math.sqrt(variance[cell])
            )
            assert p[cell] == pytest.approx(corrected, rel=1e-9)
            assert 2.0 * stats.norm.sf(abs(z[cell])) == pytest.approx(corrected, rel=1e-9)
            assert np.sign(z[cell]) in (0, np.sign(test.s[cell]))
        else:
            exact = stats.kendalltau(np.arange(own.size), own, method="exact").pvalue
            assert p[cell] == pytest.approx(exact, rel=1e-9)


def test_no_cell_no_result():
    empty = np.empty((16, 0))
    assert mann_kendall_p(mann_kendall(empty)).size == 0
    found = trajectory(empty, empty.astype(bool), range(16), TrendRule())
    assert found.slope.size == 0


@pytest.mark.parametrize("gaps", [0.0, 0.4])
@pytest.mark.parametrize("years", [range(2000, 2016), [1984.0, 1987, 1994, 1995.5, 2001, 2013]])
def test_slopes_are_those_of_scipy(years, gaps):
    values, valid = series(7, len(years), 60, "real", gaps)
    slope = ols_slope(values, valid, years)
    median = theil_sen_slope(values, valid, years)
    for cell in range(60):
        there = valid[:, cell]
        own, times = values[there, cell], np.asarray(years, dtype=float)[there]
        if own.size < 2:
            assert np.isnan(slope[cell])
            assert np.isnan(median[cell])
            continue
        assert slope[cell] == pytest.approx(stats.linregress(times, own).slope, rel=1e-9, abs=1e-12)
        expected = stats.theilslopes(own, times).slope
        assert median[cell] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_a_level_series_has_no_slope_at_all():
    values = np.full((16, 3), 7321, dtype=np.int16)
    valid = np.ones(values.shape, dtype=bool)
    valid[3:9, 1] = False
    assert (ols_slope(values, valid, range(2001, 2017)) == 0.0).all()
    assert (theil_sen_slope(values, valid, range(2001, 2017)) == 0.0).all()


@pytest.mark.parametrize("gaps", [0.0, 0.3])
def test_restrend_residuals_are_those_of_scipy(gaps):
    values, valid = series(3, 20, 40, "real", gaps)
    rain = np.random.default_rng(4).gamma(3.0, 120.0, values.shape)
    values = values + 0.01 * rain
    before = values.copy()
    residuals, kept = restrend_residuals(values, rain, valid)
    assert (values == before).all()
    assert (kept == valid).all()
    for cell in range(40):
        there = valid[:, cell]
        fit = stats.linregress(rain[there, cell], values[there, cell])
        expected = values[there, cell] - fit.intercept - fit.slope * rain[there, cell]
        assert residuals[there, cell] == pytest.approx(expected, abs=1e-11)
        assert (residuals[~there, cell] == 0.0).all()


def test_restrend_needs_a_climate_that_varies():
    values, valid = series(3, 12, 2, "real")
    rain = np.full(values.shape, 0.1)
    rain[:, 1] = np.arange(12)
    _, kept = restrend_residuals(values, rain, valid)
    assert not kept[:, 0].any()
    assert kept[:, 1].all()


def test_use_efficiency_is_per_metre_of_water():
    index = np.array([[0.4, 0.4, 0.4]])
    water = np.array([[800.0, 0.0, -3.0]])
    efficiency, kept = use_efficiency(index, water, np.ones((1, 3), dtype=bool))
    assert efficiency[0, 0] == pytest.approx(0.5)
    assert kept.tolist() == [[True, False, False]]


def trends_earth_by_the_rules(slope, s, n, threshold):
    """Classify one series by the rules as they are written, on the table as it is written."""
    k90, k95, k99 = K_TABLE[n]
    result = None
    if slope > 0 and abs(s) >= k90:
        result = 1
    if slope > 0 and abs(s) >= k95:
        result = 2
    if slope > 0 and abs(s) >= k99:
        result = 3
    if slope < 0 and abs(s) >= k90:
        result = -1
    if slope < 0 and abs(s) >= k95:
        result = -2
    if slope < 0 and abs(s) >= k99:
        result = -3
    if abs(s) <= k90:
        result = 0
    if abs(slope) <= threshold:
        result = 0
    return result


_ROWS = [
    [int(word) for word in row.split()]
    for row in (
        "4 6 7 9 10 12 15 17 18 22 23 27 28 32 35 37 40 42 45 49 52 56 59 61 66 68 73 75 80 84 87 "
        "91 94 98 103 107 110 114 119 123 128 132 135 141 144 150 153 159 162 168 173 177 182 186 "
        "191 197 202",
        "4 6 9 11 14 16 19 21 24 26 31 33 36 40 43 47 50 54 59 63 66 70 75 79 84 88 93 97 102 106 "
        "111 115 120 126 131 137 142 146 151 157 162 168 173 179 186 190 197 203 208 214 221 227 "
        "232 240 245 251 258",
        "6 8 11 18 22 25 29 34 38 41 47 50 56 61 65 70 76 81 87 92 98 105 111 116 124 129 135 142 "
        "150 155 163 170 176 183 191 198 206 213 221 228 236 245 253 260 268 277 285 294 302 311 "
        "319 328 336 345 355 364",
    )
]
K_TABLE = dict(enumerate(zip(*_ROWS, strict=False), start=4))


def test_the_table_of_critical_values():
    assert sorted(K_TABLE) == list(range(4, LONGEST_TRENDS_EARTH + 1))
    for years, row in K_TABLE.items():
        assert tuple(critical_values()[:, years]) == row
    critical_values()[:] = 0  # a copy
    assert critical_values()[0, 16] == 28


@pytest.mark.parametrize("years", range(4, LONGEST_TRENDS_EARTH + 1))
def test_trends_earth_for_every_s(years):
    pairs = years * (years - 1) // 2
    slopes = np.array([-5.0, -0.001, -0.0005, 0.0, 0.0005, 0.001, 0.0010001, 5.0])
    s, slope = np.meshgrid(np.arange(-pairs, pairs + 1), slopes)
    found = significance_trends_earth(
        slope.ravel(), s.ravel(), np.full(s.size, years), slope_threshold=0.001
    )
    expected = [
        trends_earth_by_the_rules(each, score, years, 0.001)
        for each, score in zip(slope.ravel(), s.ravel(), strict=True)
    ]
    assert found.tolist() == expected


def test_equality_in_trends_earth():
    # n = 16: k90 28, k95 36, k99 56.
    s = np.array([27, 28, 29, 35, 36, 55, 56])
    expected = [0, 0, 1, 1, 2, 2, 3]
    for sign in (1, -1):
        found = significance_trends_earth(sign * np.ones(7), s, np.full(7, 16), 0.0)
        assert found.tolist() == [sign * each for each in expected]


def test_levels_of_prais4_and_gpg_v2():
    p = np.array([0.1001, 0.1, 0.0501, 0.05, 0.0101, 0.01, 0.0])
    assert significance_prais4(np.ones(7), p).tolist() == [0, 1, 1, 2, 2, 3, 3]
    assert significance_prais4(np.full(7, -0.2), p).tolist() == [0, -1, -1, -2, -2, -3, -3]
    assert significance_prais4(np.zeros(7), p).tolist() == [0] * 7
    z = np.array([-1.97, -1.96, -1.29, -1.28, 0.0, 1.28, 1.281, 1.96, 1.961])
    assert significance_gpg_v2(z).tolist() == [-2, -1, -1, 0, 0, 0, 1, 1, 2]


def years_of(count, first=2000):
    return list(range(first, first + count))


def one(values, rule, **options):
    """Trajectory of one series without gaps."""
    column = np.asarray(values)[:, np.newaxis]
    valid = np.ones(column.shape, dtype=bool)
    found = trajectory(column, valid, years_of(len(column)), rule, **options)
    return [part[0] for part in found]


def test_prais4_by_hand():
    # Ten years, one pair falls: S = 43, exact p = 2 x (1 + 9) / 10!.
    values = [10, 20, 30, 40, 60, 50, 70, 80, 90, 100]
    known, count, slope, p, significance, state = one(values, TrendRule(), scale=10.0)
    assert (known, count, significance, state) == (True, 10, 3, 1)
    assert slope == pytest.approx(stats.linregress(range(10), values).slope / 10.0)
    assert p == pytest.approx(2.0 * 10.0 / math.factorial(10))
    assert one(values, TrendRule(alpha=1e-6))[-1] == 0
    assert one(values, TrendRule(slope_threshold=11.0))[-1] == 0
    assert one(values[::-1], TrendRule())[-2:] == [-3, -1]


def test_the_levels_differ_between_conventions():
    # Sixteen years with 41 falling pairs: S = 120 - 82 = 38, above k95 = 36 of trends_earth.
    values = [9, 8, 7, 6, 5, 4, 3, 2, 1, 12, 11, 10, 14, 13, 16, 15]
    z = 37 / math.sqrt(16 * 15 * 37 / 18)
    found = {kind: one(values, TrendRule(kind))[3:] for kind in (PRAIS4, TRENDS_EARTH, GPG_V2)}
    assert found[TRENDS_EARTH] == [38, 2, 1]
    assert found[GPG_V2] == [pytest.approx(z), 1, 1]
    assert found[PRAIS4] == [pytest.approx(2 * stats.norm.sf(z)), 1, 0]
    assert one(values, TrendRule(alpha=0.1))[-1] == 1


def test_trends_earth_slope_threshold_in_index_units():
    # 10 a year in NDVI x 10000 is 0.001 exactly, and is no trend; 11 is one.
    for rise, expected in ((10, 0), (11, 3)):
        values = 3000 + rise * np.arange(16, dtype=np.int16)
        rule = TrendRule(TRENDS_EARTH, slope_threshold=0.001)
        assert one(values, rule, scale=10_000.0)[4] == expected


def test_the_sign_is_that_of_the_slope():
    # Falls slowly ten times in a row, then leaps: S < 0, slope > 0.
    values = np.r_[np.arange(15, 0, -1), 900]
    assert s_by_hand(values) < 0
    assert one(values, TrendRule())[4:] == [3, 1]
    assert one(values, TrendRule(TRENDS_EARTH))[4:] == [3, 1]
    assert one(values, TrendRule(GPG_V2))[4:] == [-2, -1]
    # Theil-Sen is not led astray by one year.
    assert one(values, TrendRule(theil_sen=True))[4:] == [-3, -1]
    assert one(values, TrendRule(theil_sen=True))[2] == pytest.approx(-1.0)


def test_cells_with_too_few_years():
    values = np.tile(np.arange(12)[:, np.newaxis], 3)
    valid = np.ones(values.shape, dtype=bool)
    valid[:4, 1] = False
    valid[:5, 2] = False
    found = trajectory(values, valid, years_of(12), TrendRule(minimum_years=8))
    assert found.known.tolist() == [True, True, False]
    assert found.years.tolist() == [12, 8, 7]
    assert found.slope == pytest.approx([1.0, 1.0, 0.0])
    assert found.trajectory.tolist() == [1, 1, 0]


def test_methods_of_the_trajectory():
    rain = np.array([300, 500, 420, 610, 380, 550, 470, 520, 330, 600.0])
    greening = 0.002 * np.arange(10)
    index = 0.1 + 0.0005 * rain + greening
    options = {"climate": rain[:, np.newaxis]}
    found = one(index, TrendRule(), method=RESTREND, **options)
    fit = stats.linregress(rain, index)
    residuals = index - fit.intercept - fit.slope * rain
    assert found[2] == pytest.approx(stats.linregress(range(10), residuals).slope)
    assert found[3] == pytest.approx(stats.kendalltau(range(10), residuals, method="exact").pvalue)
    found = one(index, TrendRule(), method=USE_EFFICIENCY, **options)
    expected = stats.linregress(range(10), index / (rain / 1000.0)).slope
    assert found[2] == pytest.approx(expected)


def test_unknown_names_and_lengths_are_refused():
    for rule, options in (
        (TrendRule("prais3"), {}),
        (TrendRule(), {"method": "wue"}),
        (TrendRule(minimum_years=3), {}),
    ):
        with pytest.raises(ValueError):
            one(range(16), rule, **options)
    with pytest.raises(ValueError):
        one(range(60), TrendRule(TRENDS_EARTH))
    assert one(range(60), TrendRule())[-1] == 1


@given(
    arrays(np.int16, (9, 13), elements=st.integers(-3, 3)),
    arrays(bool, (9, 13)),
    st.sampled_from(trend.CONVENTIONS),
    st.sampled_from(trend.METHODS),
    st.booleans(),
    st.sampled_from(["int16", "float64"]),
)
def test_a_cell_does_not_see_its_neighbours(values, valid, convention, method, theil_sen, dtype):
    values = values.astype(dtype) / (1 if dtype == "int16" else 7)
    rule = TrendRule(convention, minimum_years=4, theil_sen=theil_sen)
    climate = np.random.default_rng(0).gamma(2.0, 100.0, values.shape)
    years = years_of(9)
    together = trajectory(values, valid, years, rule, method=method, climate=climate)
    for cell in range(13):
        alone = trajectory(
            values[:, [cell]],
            valid[:, [cell]],
            years,
            rule,
            method=method,
            climate=climate[:, [cell]],
        )
        for whole, part in zip(together, alone, strict=True):
            assert whole[cell] == part[0]


def test_chunks_change_nothing(monkeypatch):
    values, valid = series(5, 16, 500, "ties", 0.1)
    whole = trajectory(values, valid, years_of(16), TrendRule(theil_sen=True))
    monkeypatch.setattr(trend, "_CHUNK", 37)
    monkeypatch.setattr(trend, "_PAIRS_PER_CHUNK", 1000)
    parts = trajectory(values, valid, years_of(16), TrendRule(theil_sen=True))
    for one_part, other in zip(whole, parts, strict=True):
        assert np.array_equal(one_part, other)
