"""Bins of values: exact sums, width, order."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.kernels.value_bins import (
    MANTISSA_BITS,
    OCTAVES,
    bin_count,
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
