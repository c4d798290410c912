"""The kernel of SDG 11.3.1 against published figures, the table of edge cases and properties."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbar_qgis_plugin.kernels.land_use_efficiency import (
    EFFICIENT,
    INEFFICIENT,
    NEUTRAL,
    REGIME_COUNT,
    UNDEFINED,
    Flag,
    IntervalIndicators,
    flag_codes,
    group_statistics,
    interval_indicators,
    land_consumption_rate,
    lcrpgr_class,
    population_growth_rate,
    regime_group,
)

EXACT = {"rel": 1e-12, "abs": 0.0}


@pytest.fixture(autouse=True)
def _warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def one(v1, v2, p1, p2, years=10.0, **options):
    """Indicators of a single city over a single interval, as Python scalars."""
    result = interval_indicators(v1, v2, p1, p2, years, years, **options)
    values = {name: array.item() for name, array in result._asdict().items()}
    values["flags"] = Flag(values["flags"])
    return values


def group(ratios=None, groups=None, n_groups=1, *, v1=None, v2=None, p1=None, p2=None, years=10.0):
    """Statistics of one interval, from the four figures or from ratios alone."""
    if ratios is not None:
        ratios = np.asarray(ratios, dtype=float)
        p1 = np.full(ratios.shape, 1000.0)
        p2 = np.full(ratios.shape, 1100.0)
        v1 = np.full(ratios.shape, 100.0)
        v2 = v1 * (1 + np.log(1.1) * ratios)
    columns = [np.asarray(values, dtype=float)[:, np.newaxis] for values in (v1, v2, p1, p2)]
    groups = np.zeros(len(columns[0]), dtype=int) if groups is None else groups
    indicators = interval_indicators(*columns, years, years)
    return group_statistics(groups, n_groups, *columns, [years], [years], indicators)


# Published figures


def test_bishkek_2017_2020():
    """The example of the UN ESCAP guide."""
    figures = (148.2382, 152.7060, 1_184_665, 1_394_755, 3)
    city = one(*figures)
    assert city["lcr"] == pytest.approx(0.01004644326945862, **EXACT)
    assert city["pgr"] == pytest.approx(0.05441957947035309, **EXACT)
    assert city["lcrpgr"] == pytest.approx(0.18461082145869503, **EXACT)
    assert one(*figures, formula="2018")["lcrpgr"] == pytest.approx(0.18188346327294927, **EXACT)
    assert city["bupc_start_m2"] == pytest.approx(125.13090198494933, **EXACT)
    assert city["bupc_end_m2"] == pytest.approx(109.48589537230554, **EXACT)
    assert city["builtup_change"] == pytest.approx(0.030139329808375862, **EXACT)
    assert city["regime"] == 2
    assert city["flags"] == 0


def test_milano_2018_2019_2020():
    """The filled-in template of UN-Habitat, two intervals at once."""
    km2 = np.array([38500664.630795, 38688864.630793, 38782664.630792]) / 1e6
    people = np.array([1395980, 1406242, 1374582])
    city = interval_indicators(km2[:-1], km2[1:], people[:-1], people[1:], 1, 1)
    np.testing.assert_allclose(city.lcr, [0.004888227302119424, 0.002424470216278844], rtol=1e-12)
    np.testing.assert_allclose(city.pgr, [0.007324220475533657, -0.022771213164354837], rtol=1e-12)
    np.testing.assert_allclose(city.lcrpgr, [0.6674058104133271, -0.10647084100350061], rtol=1e-12)
    per_capita = [27.57966778234287, 27.51223802929581, 28.21415137895884]
    np.testing.assert_allclose(city.bupc_start_m2, per_capita[:-1], rtol=1e-12)
    np.testing.assert_allclose(city.bupc_end_m2, per_capita[1:], rtol=1e-12)
    assert city.regime.tolist() == [2, 12]


def test_las_palmas_1990_2015():
    """The urban centre database of the JRC, which uses formula 2018."""
    figures = (24.4000759125, 24.9831447601, 318413.780792, 443141.222839, 25)
    city = one(*figures, formula="2018")
    assert city["lcrpgr"] == pytest.approx(0.07144483279679516, **EXACT)
    assert round(city["lcrpgr"], 6) == 0.071445
    assert one(*figures)["lcrpgr"] == pytest.approx(0.07229510270943262, **EXACT)
    # The source cuts these two off after ten decimals.
    assert city["bupc_start_m2"] == pytest.approx(76.6300875916, rel=2e-12)
    assert city["bupc_end_m2"] == pytest.approx(56.3773882286, rel=2e-12)


def test_city_a_over_ten_years():
    figures = (53.0, 61.5, 320_000, 330_000, 10)
    city = one(*figures)
    assert city["lcr"] == pytest.approx(0.016037735849056604, **EXACT)
    assert city["pgr"] == pytest.approx(0.0030771658666753684, **EXACT)
    assert city["lcrpgr"] == pytest.approx(5.211852900989082, **EXACT)
    assert one(*figures, formula="2018")["lcrpgr"] == pytest.approx(4.833839568780144, **EXACT)
    assert city["regime"] == 16


# Secondary measures


def test_optional_measures_by_hand():
    city = one(100.0, 120.0, 1_000_000, 1_500_000, 5)
    assert city["bupc_start_m2"] == pytest.approx(100.0, **EXACT)
    assert city["bupc_end_m2"] == pytest.approx(80.0, **EXACT)
    assert city["builtup_change"] == pytest.approx(0.2, **EXACT)
    assert city["lue"] == pytest.approx(0.2 * 10 / 5, **EXACT)
    assert city["expansion_density_km2"] == pytest.approx(25_000.0, **EXACT)
    assert city["marginal_land_m2"] == pytest.approx(40.0, **EXACT)
    assert city["land_per_person_rate"] == pytest.approx(np.log(0.8) / 5, **EXACT)


def test_lengths_of_land_and_population_intervals_may_differ():
    city = interval_indicators(100.0, 110.0, 1000.0, 1200.0, 4, 5)
    assert city.lcr.item() == pytest.approx(0.1 / 4, **EXACT)
    assert city.pgr.item() == pytest.approx(np.log(1.2) / 5, **EXACT)
    assert city.lcrpgr.item() == pytest.approx(0.025 / (np.log(1.2) / 5), **EXACT)
    rate = np.log(1.1) / 4 - np.log(1.2) / 5
    assert city.land_per_person_rate.item() == pytest.approx(rate, **EXACT)


def test_arguments_broadcast():
    city = interval_indicators(np.ones((4, 1)), [2.0, 3.0], 10.0, 20.0, [5, 10], 5)
    assert {array.shape for array in city} == {(4, 2)}
    assert {array.dtype for array in city[:10]} == {np.dtype(np.float64)}
    assert city.regime.dtype == np.uint8
    assert city.flags.dtype == np.uint32


def test_small_integer_inputs_do_not_overflow():
    city = interval_indicators(
        np.uint8(200), np.uint8(250), np.int32(2_000_000_000), np.int32(2_100_000_000), 1, 1
    )
    assert city.builtup_change.item() == pytest.approx(0.25, **EXACT)
    assert city.bupc_start_m2.item() == pytest.approx(0.1, **EXACT)


# Edge cases: one test per row of the specification's table


def test_population_unchanged_while_land_changes():
    city = one(10, 12, 5000, 5000)
    assert np.isnan(city["lcrpgr"])
    assert city["pgr"] == 0
    assert city["lcr"] == pytest.approx(0.02, **EXACT)
    assert city["flags"] == Flag.PGR_ZERO
    assert np.isnan(city["marginal_land_m2"])
    assert city["expansion_density_km2"] == 0


def test_neither_changes():
    city = one(10, 10, 5000, 5000)
    assert np.isnan(city["lcrpgr"])
    assert (city["lcr"], city["pgr"]) == (0, 0)
    assert city["flags"] == Flag.NO_CHANGE
    assert np.isnan(city["expansion_density_km2"])
    assert np.isnan(city["marginal_land_m2"])


def test_growth_near_zero_keeps_the_ratio():
    city = one(10, 11, 5000, 5000 * np.exp(0.0099))
    assert city["lcrpgr"] == pytest.approx(0.01 / 0.00099, rel=1e-9)
    assert city["flags"] == Flag.PGR_NEAR_ZERO


@pytest.mark.parametrize("growth", [0.001, -0.001])
def test_growth_at_the_threshold_is_not_near_zero(growth):
    city = one(10, 11, 5000, 5000 * np.exp(growth * 10 * (1 + 1e-12)))
    assert not city["flags"] & Flag.PGR_NEAR_ZERO
    wider = one(10, 11, 5000, 5000 * np.exp(growth * 10), near_zero_pgr=0.002)
    assert wider["flags"] & Flag.PGR_NEAR_ZERO


def test_no_land_at_the_start():
    city = one(0, 2, 5000, 6000)
    assert np.isnan(city["lcr"])
    assert np.isnan(city["lcrpgr"])
    assert np.isnan(city["builtup_change"])
    assert city["bupc_start_m2"] == 0
    assert city["bupc_end_m2"] == pytest.approx(2e6 / 6000, **EXACT)
    assert city["flags"] == Flag.V1_ZERO
    assert city["regime"] == 0


def test_no_land_at_all():
    assert one(0, 0, 5000, 6000)["flags"] == Flag.V1_ZERO
    city = one(0, 0, 5000, 5000)
    assert city["flags"] == Flag.V1_ZERO | Flag.NO_CHANGE
    assert np.isnan(city["lcr"])


@pytest.mark.parametrize(("p1", "p2"), [(0, 500), (500, 0), (0, 0)])
def test_nobody_at_one_end(p1, p2):
    city = one(10, 11, p1, p2)
    assert np.isnan(city["pgr"])
    assert np.isnan(city["lcrpgr"])
    assert city["lcr"] == pytest.approx(0.01, **EXACT)
    assert city["flags"] == Flag.POP_ZERO
    assert np.isnan(city["bupc_start_m2"]) == (p1 == 0)
    assert np.isnan(city["bupc_end_m2"]) == (p2 == 0)
    assert city["regime"] == 0


def test_land_loss_keeps_its_sign():
    city = one(10, 9, 5000, 6000)
    assert city["lcr"] == pytest.approx(-0.01, **EXACT)
    assert city["lcrpgr"] < 0
    assert city["flags"] == Flag.LAND_LOSS


@pytest.mark.parametrize("formula", ["2021", "2018"])
def test_all_land_lost(formula):
    city = one(10, 0, 5000, 6000, formula=formula)
    assert city["flags"] == Flag.LAND_LOSS | Flag.IMPLAUSIBLE_JUMP
    assert city["builtup_change"] == -1
    if formula == "2021":
        assert city["lcr"] == pytest.approx(-0.1, **EXACT)
        assert city["regime"] == 6
    else:  # ln 0
        assert np.isnan(city["lcr"])
        assert np.isnan(city["lcrpgr"])
        assert city["regime"] == 0


def test_negative_growth_is_kept_and_never_efficient_for_growing_land():
    city = one(10, 11, 6000, 5000)
    assert city["lcrpgr"] < 0
    assert regime_group(city["regime"]) == INEFFICIENT
    assert city["flags"] == 0


def test_land_unchanged_while_people_come():
    city = one(15, 15, 5000, 6000)
    assert city["lcr"] == 0
    assert city["lcrpgr"] == 0
    assert city["flags"] == Flag.LAND_UNCHANGED
    assert city["regime"] == 3


@pytest.mark.parametrize("years", [0, -5, np.nan, np.inf, [5, 0]])
def test_intervals_must_have_a_length(years):
    with pytest.raises(ValueError, match="positive number of years"):
        interval_indicators(1, 2, 3, 4, years, 5)
    with pytest.raises(ValueError, match="positive number of years"):
        interval_indicators(1, 2, 3, 4, 5, years)


def test_unknown_formula_is_refused():
    with pytest.raises(ValueError, match="unknown formula '2020'"):
        land_consumption_rate(1, 2, 5, formula="2020")


@pytest.mark.parametrize("missing", [np.nan, np.inf, -1.0, -np.inf])
@pytest.mark.parametrize("position", range(4))
def test_a_missing_or_impossible_figure_is_no_data(missing, position):
    figures = [10.0, 12.0, 5000.0, 6000.0]
    figures[position] = missing
    city = one(*figures)
    assert city["flags"] == Flag.NO_DATA
    assert np.isnan(city["lcrpgr"])
    assert city["regime"] == 0
    # What the other three figures give is still there.
    assert np.isnan(city["lcr"]) == (position < 2)
    assert np.isnan(city["pgr"]) == (position >= 2)


def test_unequal_intervals_use_their_own_length():
    city = interval_indicators(
        [15.24, 20.69, 15.24], [20.69, 34.53, 34.53], 1e5, 2e5, *[[10, 15, 25]] * 2
    )
    expected = [5.45 / 15.24 / 10, 13.84 / 20.69 / 15, 19.29 / 15.24 / 25]
    np.testing.assert_allclose(city.lcr, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("v1", "v2", "years", "jump"),
    [
        (61.7, 111.2, 2, True),  # a break between two classifications of Rionegro
        (10.0, 10.8, 1, False),  # exactly 8 % a year
        (10.0, 10.81, 1, True),
        (10.0, 10.0 / 1.09, 1, True),  # losses too
        (10.0, 30.0, 25, False),  # 4.5 % a year compounded, although 8 % of the start
        (10.0, 0.0, 50, True),
    ],
)
def test_jump_of_built_up_land(v1, v2, years, jump):
    for formula in ("2021", "2018"):
        city = one(v1, v2, 5000, 6000, years, formula=formula)
        assert bool(city["flags"] & Flag.IMPLAUSIBLE_JUMP) is jump
    tolerant = one(v1, v2, 5000, 6000, years, implausible_rate=0.5)
    assert bool(tolerant["flags"] & Flag.IMPLAUSIBLE_JUMP) is (v2 == 0)


def test_equality_is_decided_up_to_rounding_of_sums():
    assert one(10, 10 * (1 + 1e-10), 5000, 5000 * (1 - 1e-10))["flags"] == Flag.NO_CHANGE
    assert one(10, 10 * (1 + 1e-8), 5000, 6000)["flags"] == 0


def test_flag_codes():
    assert flag_codes(0) == ""
    assert flag_codes(int(Flag.LAND_LOSS | Flag.PGR_NEAR_ZERO)) == "PGR_NEAR_ZERO;LAND_LOSS"
    assert flag_codes(np.uint32(Flag.COVERAGE | Flag.TOO_SMALL | Flag.OVERLAP)) == (
        "COVERAGE;TOO_SMALL;OVERLAP"
    )


# Regimes and classes

GROW, SHRINK = 1.2, 1 / 1.2


def population_for(v1, v2, p1, ratio):
    """Population at the end that makes LCRPGR equal `ratio`."""
    return p1 * np.exp((v2 - v1) / v1 / ratio)


@pytest.mark.parametrize(
    ("regime", "v2", "ratio", "expected_group"),
    [
        (1, 12, 1, EFFICIENT),
        (2, 12, 0.5, EFFICIENT),
        (4, 8, -0.5, EFFICIENT),
        (5, 8, -1, EFFICIENT),
        (6, 8, -2, EFFICIENT),
        (8, 8, 2, EFFICIENT),
        (9, 8, 1, EFFICIENT),
        (10, 8, 0.5, INEFFICIENT),
        (12, 12, -0.5, INEFFICIENT),
        (13, 12, -1, INEFFICIENT),
        (14, 12, -2, INEFFICIENT),
        (16, 12, 2, INEFFICIENT),
    ],
)
def test_regime_by_ratio(regime, v2, ratio, expected_group):
    city = one(10, v2, 1e6, population_for(10, v2, 1e6, ratio))
    assert city["lcrpgr"] == pytest.approx(ratio, rel=1e-12)
    assert city["regime"] == regime
    assert regime_group(city["regime"]) == expected_group


@pytest.mark.parametrize(
    ("regime", "v2", "p2", "expected_group"),
    [
        (3, 10, 1.2e6, EFFICIENT),
        (7, 8, 1e6, EFFICIENT),
        (11, 10, 0.8e6, INEFFICIENT),
        (15, 12, 1e6, INEFFICIENT),
        (17, 10, 1e6, NEUTRAL),
    ],
)
def test_regime_with_a_zero_rate(regime, v2, p2, expected_group):
    city = one(10, v2, 1e6, p2)
    assert city["regime"] == regime
    assert regime_group(city["regime"]) == expected_group


def test_ratio_of_one_within_rounding():
    for ratio, regime in [(1 + 1e-10, 1), (1 - 1e-10, 1), (1 + 1e-8, 16), (1 - 1e-8, 2)]:
        assert one(10, 12, 1e6, population_for(10, 12, 1e6, ratio))["regime"] == regime


def test_regime_groups():
    assert regime_group(0) == UNDEFINED
    counts = np.unique(regime_group(np.arange(1, REGIME_COUNT + 1)), return_counts=True)
    assert counts[0].tolist() == [INEFFICIENT, NEUTRAL, EFFICIENT]
    assert counts[1].tolist() == [7, 1, 9]


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (np.nan, 0),
        (-np.inf, 1),
        (-1.1, 1),
        (-1.0, 2),
        (-1 - 1e-10, 2),
        (-0.5, 2),
        (0.0, 3),
        (-0.0, 3),
        (0.5, 3),
        (1.0, 3),
        (1 + 1e-10, 3),
        (1.5, 4),
        (2.0, 4),
        (2.5, 5),
        (np.inf, 5),
    ],
)
def test_map_class(ratio, expected):
    assert lcrpgr_class(ratio) == expected
    assert lcrpgr_class([ratio]).dtype == np.uint8


# Groups


def test_the_aggregator_is_the_result():
    """One interval of four cities; every aggregator says something else."""
    v1, v2 = np.array([100, 10, 10, 1]), np.array([110, 20, 9, 1.5])
    p1 = np.array([1_000_000, 50_000, 80_000, 1_000])
    p2 = np.array([1_300_000, 51_000, 70_000, 800])
    statistics = group(v1=v1, v2=v2, p1=p1, p2=p2)
    ratios = (v2 / v1 - 1) / np.log(p2 / p1)
    total = (140.5 / 121 - 1) / np.log(1_421_800 / 1_131_000)
    assert statistics.ratio_of_totals.item() == pytest.approx(total, **EXACT)
    assert statistics.mean.item() == pytest.approx(np.mean(ratios), **EXACT)
    assert statistics.median.item() == pytest.approx(np.median(ratios), **EXACT)
    assert statistics.weighted_mean.item() == pytest.approx(np.average(ratios, weights=p2), **EXACT)
    assert statistics.share_above_1.item() == 0.25
    chosen = {
        round(getattr(statistics, name).item(), 2)
        for name in ("ratio_of_totals", "mean", "median", "weighted_mean")
    }
    assert chosen == {0.57, 0.7, 2.2, 12.35}


def test_totals_by_hand():
    statistics = group(v1=[10, 20], v2=[15, 21], p1=[1000, 3000], p2=[1100, 3300], years=5)
    assert statistics.builtup_start_km2.item() == 30
    assert statistics.builtup_end_km2.item() == 36
    assert statistics.population_start.item() == 4000
    assert statistics.population_end.item() == 4400
    assert statistics.lcr.item() == pytest.approx(0.2 / 5, **EXACT)
    assert statistics.pgr.item() == pytest.approx(np.log(1.1) / 5, **EXACT)
    assert statistics.ratio_of_totals.item() == pytest.approx(0.2 / np.log(1.1), **EXACT)


def test_no_row_is_dropped_silently():
    statistics = group(
        v1=[10, np.nan, 10, 0, 10],
        v2=[11, 10, 10, 5, 12],
        p1=[100, 100, 100, 100, 0],
        p2=[110, 110, 100, 120, 50],
    )
    assert statistics.n.item() == 5
    assert statistics.n_defined.item() == 1
    assert statistics.n_undefined.item() == 4
    # Only the city with a missing figure is left out of the sums.
    assert statistics.builtup_start_km2.item() == 30
    assert statistics.population_end.item() == 380
    assert Flag(statistics.flags.item()) & Flag.NO_DATA


def test_near_zero_growth_stays_out_of_the_robust_statistics():
    statistics = group(
        v1=[100] * 4,
        v2=[105, 110, 115, 120],
        p1=[1e6] * 4,
        p2=[1.1e6, 1.1e6, 1.1e6, 1.00001e6],
    )
    ratios = np.array([0.05, 0.10, 0.15]) / np.log(1.1)
    wild = 0.2 / np.log(1.00001)
    assert statistics.n_defined.item() == 4
    assert statistics.median.item() == pytest.approx(np.median(ratios), rel=1e-12)
    assert statistics.trimmed_mean.item() == pytest.approx(np.mean(ratios), rel=1e-12)
    assert statistics.mean.item() == pytest.approx((ratios.sum() + wild) / 4, rel=1e-9)


def test_regime_shares():
    statistics = group(
        v1=[10, 10, 10, 10, np.nan],
        v2=[12, 12, 10, 10, 10],
        p1=[100, 100, 100, 100, 100],
        p2=[150, 150, 100, 150, 150],
    )
    shares = statistics.regime_shares[0, 0]
    assert shares.shape == (REGIME_COUNT,)
    assert (shares[1], shares[2], shares[16]) == (0.5, 0.25, 0.25)
    assert shares.sum() == 1


def test_flags_of_the_sums_and_inherited_ones():
    figures = np.array([[10, 20], [20, 10], [5, 5], [9, 9]], dtype=float)[:, :, np.newaxis]
    indicators = interval_indicators(*figures, 30, 30)
    assert Flag(indicators.flags[1, 0].item()) == Flag.LAND_LOSS
    of_polygons = [[Flag.OVERLAP | Flag.TOO_SMALL], [Flag.COVERAGE]]
    flags = indicators.flags | np.array(of_polygons, dtype=np.uint32)
    indicators = indicators._replace(flags=flags)
    statistics = group_statistics([0, 0], 1, *figures, [30], [30], indicators)
    assert Flag(statistics.flags.item()) == Flag.LAND_UNCHANGED | Flag.OVERLAP | Flag.COVERAGE


def test_empty_groups_are_undefined():
    statistics = group([0.5, 2.0], groups=[1, 1], n_groups=4)
    assert statistics.n[:, 0].tolist() == [0, 2, 0, 0]
    for name, array in statistics._asdict().items():
        if array.dtype == np.float64:
            assert np.isnan(array[[0, 2, 3]]).all(), name
            assert not np.isnan(array[1]).any(), name
    assert Flag(statistics.flags[0, 0].item()) == Flag.NO_DATA


def test_no_city_at_all():
    empty = np.zeros((0, 3))
    indicators = interval_indicators(empty, empty, empty, empty, [1, 2, 3], [1, 2, 3])
    statistics = group_statistics(
        [], 2, empty, empty, empty, empty, [1, 2, 3], [1, 2, 3], indicators
    )
    assert statistics.n.tolist() == [[0, 0, 0]] * 2
    assert np.isnan(statistics.median).all()
    assert statistics.regime_shares.shape == (2, 3, REGIME_COUNT)


@pytest.mark.parametrize("index", [[-1], [2]])
def test_group_index_out_of_range(index):
    with pytest.raises(ValueError, match=r"0\.\.1"):
        group([1.0], groups=index, n_groups=2)


def test_against_independent_computations():
    """Percentiles, trimmed means and weighted means of every group, by numpy and scipy."""
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(1131)
    n_cities, n_groups, n_years = 500, 7, np.array([5.0, 10.0, 15.0])
    groups = rng.integers(0, n_groups, n_cities)
    shape = (n_cities, 3)
    v1 = rng.uniform(1, 100, shape)
    v2 = v1 * rng.uniform(0.9, 1.6, shape)
    p1 = rng.uniform(1e4, 1e6, shape)
    p2 = p1 * rng.uniform(0.9, 1.4, shape)
    v1[rng.random(shape) < 0.05] = np.nan
    p2[rng.random(shape) < 0.05] = 0
    indicators = interval_indicators(v1, v2, p1, p2, n_years, n_years)
    found = group_statistics(groups, n_groups, v1, v2, p1, p2, n_years, n_years, indicators)
    near_zero = (indicators.flags & np.uint32(Flag.PGR_NEAR_ZERO)) > 0
    assert near_zero.any()
    for g, i in itertools.product(range(n_groups), range(3)):
        member = groups == g
        ratio = indicators.lcrpgr[member, i]
        defined = ~np.isnan(ratio)
        robust = ratio[defined & ~near_zero[member, i]]
        close = {"rel": 1e-12}
        assert found.n[g, i] == member.sum()
        assert found.n_defined[g, i] == defined.sum()
        assert found.q1[g, i] == pytest.approx(np.percentile(robust, 25), **close)
        assert found.median[g, i] == pytest.approx(np.median(robust), **close)
        assert found.q3[g, i] == pytest.approx(np.percentile(robust, 75), **close)
        assert found.trimmed_mean[g, i] == pytest.approx(stats.trim_mean(robust, 0.05), **close)
        assert found.mean[g, i] == pytest.approx(ratio[defined].mean(), rel=1e-9)
        assert found.weighted_mean[g, i] == pytest.approx(
            np.average(ratio[defined], weights=p2[member, i][defined]), rel=1e-9
        )
        assert found.share_above_1[g, i] == pytest.approx((ratio[defined] > 1).mean(), **close)
        complete = ~np.isnan(v1[member, i])
        total = one(*(column[member, i][complete].sum() for column in (v1, v2, p1, p2)), n_years[i])
        assert found.ratio_of_totals[g, i] == pytest.approx(total["lcrpgr"], rel=1e-9)


# Properties

areas = st.floats(1e-3, 1e5)
people = st.floats(1.0, 1e8)
factors = st.floats(0.2, 5.0).filter(lambda factor: abs(factor - 1) > 1e-3)
lengths = st.floats(0.5, 50)


@given(areas, factors, people, factors, lengths)
def test_land_per_person_is_land_rate_minus_population_rate(v1, land_factor, p1, factor, t):
    city = one(v1, v1 * land_factor, p1, p1 * factor, t, formula="2018")
    assert city["land_per_person_rate"] == pytest.approx(
        city["lcr"] - city["pgr"], rel=1e-9, abs=1e-12
    )
    per_capita = np.log(city["bupc_end_m2"] / city["bupc_start_m2"]) / t
    assert city["land_per_person_rate"] == pytest.approx(per_capita, rel=1e-9, abs=1e-12)


@given(areas, factors, people, factors, lengths)
def test_ratio_between_the_formulas(v1, land_factor, p1, factor, t):
    figures = (v1, v1 * land_factor, p1, p1 * factor, t)
    quotient = one(*figures)["lcrpgr"] / one(*figures, formula="2018")["lcrpgr"]
    r = figures[1] / figures[0]
    assert quotient == pytest.approx((r - 1) / np.log(r), rel=1e-9)


@given(areas, factors, people, factors, lengths, st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_units_and_length_cancel_in_the_ratio(v1, land_factor, p1, factor, t, unit, longer):
    here = one(v1, v1 * land_factor, p1, p1 * factor, t)
    there = one(v1 * unit, v1 * land_factor * unit, p1, p1 * factor, t * longer)
    assert there["lcrpgr"] == pytest.approx(here["lcrpgr"], rel=1e-9)
    assert there["lcr"] == pytest.approx(here["lcr"] / longer, rel=1e-9)


figure = st.one_of(st.just(np.nan), st.just(0.0), st.just(7.0), st.floats(0, 1e9))


@given(figure, figure, figure, figure, lengths, st.sampled_from(["2021", "2018"]))
def test_never_an_infinite_value_and_always_an_explanation(v1, v2, p1, p2, t, formula):
    city = one(*(0.0 if x < 1e-6 else x for x in (v1, v2, p1, p2)), t, formula=formula)
    numbers = [value for name, value in city.items() if name not in ("regime", "flags")]
    assert not np.isinf(numbers).any()
    assert not np.isnan(city["lcrpgr"]) or city["flags"]
    assert (city["regime"] == 0) == (np.isnan(city["lcr"]) or np.isnan(city["pgr"]))


@settings(max_examples=50)
@given(st.lists(st.tuples(areas, factors, people, factors), min_size=1, max_size=30), st.data())
def test_groups_do_not_depend_on_the_order_of_cities(cities, data):
    v1, land_factor, p1, factor = np.array(cities).T
    groups = np.array(data.draw(st.lists(st.integers(0, 2), min_size=len(v1), max_size=len(v1))))
    order = np.array(data.draw(st.permutations(range(len(v1)))))
    figures = [v1, v1 * land_factor, p1, p1 * factor]
    names = ("v1", "v2", "p1", "p2")
    first = group(groups=groups, n_groups=3, **dict(zip(names, figures, strict=True)))
    shuffled = [values[order] for values in figures]
    second = group(groups=groups[order], n_groups=3, **dict(zip(names, shuffled, strict=True)))
    for a, b in zip(first, second, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)


@settings(max_examples=50)
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=60))
def test_a_group_of_one_group_equals_numpy(ratios):
    statistics = group(ratios)
    found = [statistics.q1.item(), statistics.median.item(), statistics.q3.item()]
    assert found == pytest.approx(np.percentile(ratios, [25, 50, 75]), rel=1e-6, abs=1e-6)


def test_rates_alone_agree_with_the_indicators():
    city = interval_indicators(10.0, 13.0, 100.0, 140.0, 7, 7)
    assert isinstance(city, IntervalIndicators)
    assert land_consumption_rate(10.0, 13.0, 7) == city.lcr
    assert population_growth_rate(100.0, 140.0, 7) == city.pgr
