"""Bins of values: exact sums, width, order."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.kernels import value_bins
from dbar_qgis_plugin.kernels.value_bins import (
    MANTISSA_BITS,
    OCTAVES,
    bin_count,
    bin_sums,
    bins,
    mantissas,
    positive,
    relative_width,
    totals,
)

SINGLE = st.floats(width=32, min_value=2.0**-126, max_value=2.0**100)


@given(st.lists(SINGLE, min_size=1, max_size=50))
def test_sums_of_an_octave_are_exact(values):
    found = positive(np.array(values))
    octave, parts = bins(found, 0), mantissas(found)
    for each in np.unique(octave):
        inside = octave == each
        assert totals(parts[inside].sum(), each) == math.fsum(found[inside].tolist())
    assert (parts < 2**MANTISSA_BITS).all() and (parts == np.rint(parts)).all()


@given(st.lists(SINGLE, min_size=2, max_size=50), st.integers(0, 12))
def test_bins_are_in_order_and_narrow(values, bits):
    found = positive(np.sort(values))
    place = bins(found, bits)
    assert (np.diff(place) >= 0).all()
    assert place.max() < bin_count(bits)
    for each in np.unique(place):
        inside = found[place == each].astype(float)
        assert inside.max() < inside.min() * (1 + relative_width(bits))


@pytest.mark.parametrize("spread", [0.3, 12.0])  # few bins; so many that they are sorted
@pytest.mark.parametrize("group_count", [3, 200_000])
@pytest.mark.parametrize("at_once", [64, 1 << 18])
def test_sums_by_group_and_bin(monkeypatch, spread, group_count, at_once):
    monkeypatch.setattr(value_bins, "_CELLS_AT_ONCE", at_once)
    rng = np.random.default_rng(4)
    values = positive(np.exp(rng.normal(3, spread, 900)).round(2))
    counts = rng.multinomial(values.size, np.full(90, 1 / 90))
    of_part = rng.integers(0, group_count, counts.size).astype(np.int32)
    groups = np.repeat(of_part, counts)
    place, parts = bins(values, 7), mantissas(values)
    expected = {}
    for group, of_bin, part in zip(groups.tolist(), place.tolist(), parts.tolist(), strict=True):
        cells, total = expected.get((group, of_bin), (0, 0))
        expected[group, of_bin] = cells + 1, total + int(part)
    found = {}
    for piece in bin_sums(values, of_part, counts, 7):
        keys = list(zip(piece.group.tolist(), piece.bin.tolist(), strict=True))
        assert keys == sorted(set(keys))
        sums = zip(piece.cells.tolist(), piece.mantissas.tolist(), strict=True)
        for key, (cells, total) in zip(keys, sums, strict=True):
            before = found.get(key, (0, 0))
            found[key] = before[0] + cells, before[1] + total
    assert found == expected


def test_so_many_of_one_bin_are_exact():
    values = np.full(1 << 18, np.nextafter(np.float32(2), np.float32(0)), dtype=np.float32)
    (found,) = bin_sums(values, np.zeros(1, dtype=np.int32), np.array([values.size]), 6)
    assert found.cells.tolist() == [1 << 18]
    assert found.mantissas.tolist() == [(1 << 18) * ((1 << 24) - 1)]


def test_whole_numbers_have_bins_of_their_own():
    whole = positive(np.arange(1, 256))
    assert np.unique(bins(whole, 7)).size == 255


def test_what_is_not_above_zero_is_in_the_first_bin():
    found = positive(np.array([-3.0, 0.0, -0.0, 1e-44]))
    octave = bins(found, 0)
    assert (octave == 0).all()
    assert (totals(mantissas(found), octave) == 0).all()
    assert positive(np.array([7], "uint16")).dtype == np.float32
    # More than float32 holds is the last octave, not an error.
    assert bins(positive(np.array([1e300])), 0)[0] == OCTAVES - 1
