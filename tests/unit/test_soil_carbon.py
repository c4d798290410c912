"""Soil organic carbon kernels: the factors, the clock, second changes, and the classes."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.kernels import soil_carbon
from dbar_qgis_plugin.kernels.soil_carbon import (
    carbon_change,
    carbon_series,
    land_use_factors,
)

FOREST, GRASS, CROP, WETLAND, ARTIFICIAL, OTHER, WATER = range(1, 8)


def series(classes, years, *, stock=100.0, factor=0.58, **options):
    """Stocks of one cell at the dates."""
    column = np.array(classes)[:, np.newaxis]
    return carbon_series([stock], column, years, factor, **options)[:, 0]


# -- factors


@pytest.mark.parametrize("f", [0.48, 0.8])
def test_the_factor_of_each_change(f):
    expected = np.array(
        [
            [1, 1, f, 1, 0.1, 0.1, 1],
            [1, 1, f, 1, 0.1, 0.1, 1],
            [1 / f, 1 / f, 1, 1 / 0.71, 0.1, 0.1, 1],
            [1, 1, 0.71, 1, 0.1, 0.1, 1],
            [2, 2, 2, 2, 1, 1, 1],
            [2, 2, 2, 2, 1, 1, 1],
            [1, 1, 1, 1, 1, 1, 1],
        ]
    )
    initial, final = np.meshgrid(np.arange(1, 8), np.arange(1, 8), indexing="ij")
    pairs = np.stack((initial.ravel(), final.ravel()))
    stocks = carbon_series(np.full(49, 100.0), pairs, (2000, 2100), f)
    assert stocks[1].reshape(7, 7) == pytest.approx(100.0 * expected)


def test_factors_of_the_users_own():
    texts = [["1"] * 7 for _ in range(7)]
    texts[0][2], texts[2][0], texts[3][2] = "0.5", " 1 / 0.5", "f"
    coefficient, exponent = land_use_factors(texts)
    assert (coefficient[0, 2], coefficient[2, 0]) == (0.5, 2.0)
    assert (coefficient[3, 2], exponent[3, 2]) == (1.0, 1.0)


@pytest.mark.parametrize("text", ["", "g", "0", "-1", "1/0", "2/f", "f/2", "1/", "nan", "inf"])
def test_what_is_no_factor(text):
    texts = [["1"] * 7 for _ in range(7)]
    texts[4][4] = text
    with pytest.raises(ValueError, match=re.escape(text) or None):
        land_use_factors(texts)


# -- the clock


@pytest.mark.parametrize(
    ("years", "stock", "whole"),
    [
        ((2000, 2015), 83.2, 83),
        ((2001, 2015), 85.3, 85),
        ((2000, 2020), 79.0, 79),
        ((2000, 2050), 58.0, 58),
    ],
)
def test_two_dates(years, stock, whole):
    found = series([FOREST, CROP], years)
    assert found == pytest.approx([100.0, stock])
    change = carbon_change(found[:1], found[1:], [FOREST], convention="trends_earth")
    assert change.final.tolist() == [whole]
    assert change.percent.tolist() == [whole - 100]


def yearly(classes, factor, stock=100.0, horizon=20):
    """Year by year, as the method is told in words."""
    f_lu = {
        (FOREST, CROP): factor,
        (CROP, FOREST): 1 / factor,
        (FOREST, ARTIFICIAL): 0.1,
        (CROP, ARTIFICIAL): 0.1,
        (ARTIFICIAL, FOREST): 2.0,
        (ARTIFICIAL, CROP): 2.0,
    }
    now, delta, clock, stocks = stock, 0.0, 0, [stock]
    for before, after in pairwise(classes):
        if after != before:
            delta = (now - now * f_lu.get((before, after), 1.0)) / horizon
            clock = 1
        else:
            clock += 1
            if clock > horizon:
                delta = 0.0
        now -= delta
        stocks.append(now)
    return stocks


def test_an_annual_series():
    classes = [FOREST] * 3 + [CROP] * 30
    years = range(2000, 2033)
    found = series(classes, years)
    assert found[:4] == pytest.approx([100.0, 100.0, 100.0, 97.9])
    assert found[22] == pytest.approx(58.0)  # twenty steps of 2.1
    assert found[-1] == found[22]
    assert found == pytest.approx(yearly(classes, 0.58))


def test_a_second_change_starts_from_the_stock_reached():
    classes = [FOREST, CROP, CROP, CROP, CROP, CROP, ARTIFICIAL, ARTIFICIAL]
    found = series(classes, range(2000, 2008))
    reached = 100.0 - 5 * 2.1
    assert found[5] == pytest.approx(reached)
    assert found[6] == pytest.approx(reached - reached * 0.9 / 20)
    assert found == pytest.approx(yearly(classes, 0.58))


@given(st.lists(st.sampled_from([FOREST, GRASS, CROP, ARTIFICIAL]), min_size=2, max_size=45))
def test_any_annual_series(classes):
    classes = [FOREST if name == GRASS else name for name in classes]
    assert series(classes, range(1990, 1990 + len(classes))) == pytest.approx(yearly(classes, 0.58))


def test_a_year_without_a_class_is_no_change():
    found = series([0, FOREST, 0, CROP, 0, CROP], range(2000, 2006))
    assert found == pytest.approx([100, 100, 100, 97.9, 95.8, 93.7])


def test_another_horizon():
    assert series([FOREST, CROP], (2000, 2050), horizon=50)[1] == pytest.approx(100 - 0.84 * 25)


# -- no factor


@pytest.mark.parametrize("factor", [0.0, np.nan, -1.0])
def test_crop_to_forest_without_a_climate_factor_has_no_result(factor):
    # The peer divides by f = 0 there: +32,667 %.
    stocks = series([CROP, FOREST], (2000, 2015), factor=factor)
    change = carbon_change(stocks[:1], stocks[1:], [CROP])
    assert not change.valid[0]
    assert np.isnan(change.percent[0])


@pytest.mark.parametrize("factor", [0.0, np.nan])
def test_changes_that_need_no_climate_factor_keep_their_result(factor):
    assert series([FOREST, FOREST], (2000, 2015), factor=factor)[1] == 100.0
    assert series([FOREST, ARTIFICIAL], (2000, 2040), factor=factor)[1] == pytest.approx(10.0)
    assert series([CROP, WETLAND], (2000, 2040), factor=factor)[1] == pytest.approx(100 / 0.71)


# -- classes


def classes_of(finals, convention="prais4", initial=100.0, threshold=10.0, land=FOREST):
    finals = np.array(finals, dtype=float)
    change = carbon_change(
        np.full(finals.shape, initial),
        finals,
        np.full(finals.shape, land),
        convention=convention,
        threshold=threshold,
    )
    return change.degradation[change.valid].tolist()


def test_more_than_ten_percent():
    finals = [0, 89.999, 90.0, 90.001, 100, 109.999, 110.0, 110.001, 300]
    assert classes_of(finals) == [-1, -1, 0, 0, 0, 0, 0, 1, 1]
    assert classes_of(finals, "gpg_v2") == classes_of(finals)


def test_ten_percent_counts_where_trends_earth_is_compared():
    finals = [0, 89.0, 90.0, 90.4, 90.6, 91.0, 109.4, 109.6, 110.0, 300]
    assert classes_of(finals, "trends_earth") == [-1, -1, -1, -1, 0, 0, 0, 1, 1, 1]
    # 55 of 61 t/ha is -9.84 %, 54.6 of 61 the same in whole numbers.
    assert classes_of([55.0, 54.6, 54.4], "trends_earth", initial=61.0) == [0, 0, -1]


def test_exactly_ten_percent():
    # Temperate dry, 2000 to 2020: ten yearly steps of 1 t/ha, in numbers with a last digit.
    stocks = series([FOREST, CROP], (2000, 2020), factor=0.8)
    for convention, expected in (("prais4", 0), ("trends_earth", -1)):
        change = carbon_change(stocks[:1], stocks[1:], [FOREST], convention=convention)
        assert change.percent[0] == -10.0
        assert change.degradation[0] == expected


def test_a_small_stock_is_not_rounded_before_the_percentage():
    # 5.4 to 4.6 t/ha is -14.8 %; whole numbers make it 5 to 5.
    assert classes_of([4.6], initial=5.4) == [-1]
    assert classes_of([4.6], "trends_earth", initial=5.4) == [0]


def test_a_threshold_of_the_users():
    assert classes_of([94.0, 96.0, 106.0], threshold=5.0) == [-1, 0, 1]


def test_water_has_no_soil():
    assert classes_of([50.0, 150.0], land=WATER) == []


@pytest.mark.parametrize("initial", [0.0, np.nan, -3.0])
def test_without_a_stock_there_is_no_change(initial):
    assert classes_of([0.0, 50.0], initial=initial) == []
    assert classes_of([0.0, 50.0], "trends_earth", initial=initial) == []


# -- how it is computed


def test_neither_chunks_nor_input_matter(monkeypatch):
    random = np.random.default_rng(5)
    classes = random.integers(0, 8, (6, 1000)).astype(np.int16)
    stock = np.where(random.random(1000) < 0.1, np.nan, random.random(1000) * 200)
    factor = random.choice([np.nan, 0.48, 0.8], 1000)
    before = classes.copy(), stock.copy(), factor.copy()
    years = (2000, 2001, 2002, 2007, 2015, 2030)
    whole = carbon_series(stock, classes, years, factor)
    monkeypatch.setattr(soil_carbon, "_CELLS_PER_CHUNK", 37)
    assert np.array_equal(carbon_series(stock, classes, years, factor), whole, equal_nan=True)
    for now, then in zip((classes, stock, factor), before, strict=True):
        assert np.array_equal(now, then, equal_nan=True)
