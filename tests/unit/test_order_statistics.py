"""Order statistics of short series, against numpy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.kernels.order_statistics import (
    CHUNK,
    quantiles,
    sort_layers,
    sorting_network,
)

PARTS = [(k, 10) for k in range(11)] + [(1, 4), (1, 2), (3, 4)]


@pytest.mark.parametrize("count", range(1, 14))
def test_the_network_sorts_every_pattern_of_zeros_and_ones(count):
    # A network that sorts these sorts everything (the zero-one principle).
    patterns = (np.arange(2**count) >> np.arange(count)[:, np.newaxis] & 1).astype(np.int8)
    planes = np.array(sort_layers(patterns.copy()))
    assert (np.diff(planes, axis=0) >= 0).all()
    assert (planes.sum(axis=0) == patterns.sum(axis=0)).all()


@pytest.mark.parametrize("count", [0, 1, 2, 16, 23, 40, 64])
def test_any_number_of_layers(count):
    values = np.random.default_rng(count).normal(size=(count, 500))
    assert np.array_equal(
        np.array(sort_layers(values.copy())).reshape(values.shape), np.sort(values, axis=0)
    )
    assert len(sorting_network(16)) == 63


@pytest.mark.parametrize("dtype", ["int16", "uint8", "int32", "float32", "float64"])
def test_quantiles_equal_numpys(dtype):
    values = np.random.default_rng(1).integers(0, 200, size=(15, CHUNK + 77)).astype(dtype)
    found = quantiles(values, np.ones(values.shape, bool), PARTS)
    expected = np.percentile(values.astype(float), [100 * a / b for a, b in PARTS], axis=0)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", ["int16", "float32"])
def test_missing_values_are_left_out(dtype):
    random = np.random.default_rng(2)
    values = random.integers(-300, 300, size=(13, 4_000)).astype(dtype)
    values[:, 0] = np.iinfo("int16").max
    valid = random.random(values.shape) > random.random(4_000)
    before = values.copy()
    found = quantiles(values, valid, PARTS)
    expected = np.full_like(found, np.nan)
    for cell in range(values.shape[1]):
        have = values[valid[:, cell], cell].astype(float)
        if have.size:
            expected[:, cell] = np.percentile(have, [100 * a / b for a, b in PARTS])
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-9)
    assert (valid.sum(axis=0) == 0).any()
    assert (values == before).all()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_any_series(series):
    values = np.array(series)[:, np.newaxis]
    found = quantiles(values, np.ones(values.shape, bool), [(9, 10)])
    assert found[0, 0] == pytest.approx(np.percentile(values, 90), rel=1e-9, abs=1e-9)
