"""Thresholds of light and indices of light and vegetation, against definitions and skimage."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.kernels.light_threshold import (
    LOWER_KEYS,
    UPPER_KEYS,
    background_counts,
    background_level,
    bin_of_rank,
    change_point,
    eantli,
    human_settlement_index,
    log_bins,
    nearest_total,
    normalised,
    otsu_bin,
    otsu_threshold,
    perimeters,
    rank_of_percentile,
    value_keys,
    value_of_keys,
    vanui,
)
from dbar_qgis_plugin.kernels.whole_units import from_whole_units, in_whole_units

RANDOM = np.random.default_rng(3)


def lights(count=4000):
    """Two kinds of lit cells, faint ones and towns."""
    return np.concatenate(
        (RANDOM.lognormal(-1.0, 0.5, count), RANDOM.lognormal(2.5, 0.6, count // 4))
    ).astype(np.float32)


def otsu_by_definition(values, bins=256):
    """Least variance within the two classes, by trying each bin's middle as the cut."""
    counts, edges = np.histogram(values, bins)
    middles = (edges[1:] + edges[:-1]) / 2.0
    best, place = np.inf, 0
    for cut in range(bins - 1):
        within = 0.0
        for part in (slice(None, cut + 1), slice(cut + 1, None)):
            n = counts[part].sum()
            if n:
                mean = (counts[part] * middles[part]).sum() / n
                within += (counts[part] * (middles[part] - mean) ** 2).sum()
        if within < best * (1.0 - 1e-12):
            best, place = within, cut
    return middles[place]


def test_otsu_against_its_definition():
    values = lights()
    low, high = float(values.min()), float(values.max())
    counts = np.bincount(log_bins(values, low, high), minlength=256)
    expected = np.expm1(otsu_by_definition(np.log1p(values.astype(np.float64))))
    assert otsu_threshold(counts, low, high) == pytest.approx(expected, rel=1e-9)


def test_otsu_against_skimage():
    filters = pytest.importorskip("skimage.filters")
    for values in (lights(), RANDOM.integers(1, 64, 5000).astype(np.float32)):
        low, high = float(values.min()), float(values.max())
        counts = np.bincount(log_bins(values, low, high), minlength=256)
        expected = np.expm1(filters.threshold_otsu(np.log1p(values.astype(np.float64)), nbins=256))
        assert otsu_threshold(counts, low, high) == pytest.approx(expected, rel=1e-6)


def test_otsu_of_two_heaps_cuts_between_them():
    counts = np.zeros(256)
    counts[10], counts[200] = 7, 3
    # Any cut between the heaps is as good; the first is taken.
    assert otsu_bin(counts) == 10


@given(st.lists(st.floats(2.0**-100, 2.0**100, width=32), min_size=1, max_size=60))
def test_order_statistics_from_keys(values):
    values = np.array(values, dtype=np.float32)
    upper, lower = value_keys(values)
    assert np.array_equal(value_of_keys(upper, lower), values)
    for percent in (0.0, 10.0, 50.0, 99.9, 100.0):
        rank = rank_of_percentile(values.size, percent)
        place, rest = bin_of_rank(np.bincount(upper, minlength=UPPER_KEYS), rank)
        inside, _ = bin_of_rank(np.bincount(lower[upper == place], minlength=LOWER_KEYS), rest)
        expected = np.sort(values)[max(int(np.ceil(values.size * percent / 100)), 1) - 1]
        assert value_of_keys(place, inside) == expected


def test_background():
    assert background_level(background_counts([1.0, 1.0, 1.0, -5.0, 9.0])) == pytest.approx(
        1.0, rel=0.008
    )
    assert background_level(background_counts([1.0, 1.0, 2.0, 3.0])) == 0.0  # half is not more
    assert background_level(background_counts([0.0, -1.0, 0.0, 8.0])) == 0.0
    assert background_level(background_counts([2.0, 2.0, 1.0])) == 0.0  # nothing is brighter
    assert background_level(background_counts([])) == 0.0


def perimeter_by_hand(lit):
    """Count the sides of lit cells towards cells that are not."""
    rows, cols = lit.shape
    sides = 0
    for row in range(rows):
        for col in range(cols):
            for down, right in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                other = row + down, col + right
                inside = 0 <= other[0] < rows and 0 <= other[1] < cols
                sides += bool(lit[row, col]) and not (inside and lit[other])
    return sides


def test_perimeters_of_a_ring():
    lit = np.zeros((5, 5), dtype=int)
    lit[1:4, 1:4] = 1
    lit[2, 2] = 0
    # 12 sides outside, and 4 around the hole.
    assert perimeters(np.pad(lit, 1), 1).tolist() == [16]


@pytest.mark.parametrize("cuts", [(), (3,), (1, 4, 6)])
def test_perimeters_of_pieces_add_up(cuts):
    levels = RANDOM.integers(0, 5, (8, 9))
    expected = [perimeter_by_hand(levels > step) for step in range(4)]
    whole = np.pad(levels, 1)
    rows, cols = (0, *cuts, 8), (0, *cuts, 9)
    total = np.zeros(4, dtype=int)
    for top, bottom in pairwise(rows):
        for left, right in pairwise(cols):
            first = top == 0, left == 0
            part = whole[top + 1 - first[0] : bottom + 2, left + 1 - first[1] : right + 2]
            total += perimeters(part, 4)
    assert total.tolist() == expected


def test_change_point():
    assert change_point([9, 8, 7, 8, 9, 10, 3]) == 2
    assert change_point([1, 2, 3, 4]) == 0
    assert change_point([5, 4, 6, 5, 7, 6]) == 4  # never three rises: the longest
    assert change_point([5, 4, 5, 6, 5, 4]) == 3  # twice is not enough
    assert change_point([4, 4, 4]) == 0


def test_nearest_total():
    assert nearest_total([10.0, 6.0, 3.0, 0.0], 5.0) == 1
    assert nearest_total([10.0, 6.0, 4.0, 0.0], 5.0) == 2  # of equally near ones the last
    assert nearest_total([10.0], 0.0) == 0


def test_indices_by_hand():
    assert normalised([-3.0, 0.0, 5.0, 10.0, 99.0], 0.0, 10.0).tolist() == [0, 0, 0.5, 1, 1]
    assert vanui(0.5, 0.2) == pytest.approx(0.4)
    assert human_settlement_index(0.5, 0.2) == pytest.approx(1.3 / 0.8)
    # n - EVI = 0.3: 1.3 / 0.7 of the light.
    assert eantli(20.0, 0.5, 0.2) == pytest.approx(20.0 * 1.3 / 0.7)


def test_poles_have_no_value():
    assert np.isnan(human_settlement_index(1.0, 0.0))
    assert np.isnan(eantli(20.0, 1.0, 0.0))
    assert np.isnan(eantli(20.0, 1.0, -0.2))  # beyond the pole the sign would turn
    assert np.isfinite(eantli(20.0, 0.98, 0.0))


@given(st.lists(st.floats(-1e6, 1e8), max_size=50))
def test_amounts_in_whole_units(amounts):
    coarse, fine = in_whole_units(np.array(amounts))
    assert (coarse == np.rint(coarse)).all()
    assert (fine == np.rint(fine)).all()
    assert (fine >= 0).all()
    assert from_whole_units(coarse, fine) == pytest.approx(amounts, rel=0.0, abs=2.0**-41)
    total = from_whole_units(coarse.sum(), fine.sum())
    assert total == pytest.approx(float(np.sum(amounts)), abs=1e-5)
