"""Combinations of class layers, against numpy's."""

from __future__ import annotations

import numpy as np
import pytest

from dbar_qgis_plugin.kernels.unit_keys import pair_counts, ranks, unit_keys


@pytest.mark.parametrize("spread", [3, 1_000, 10**12])
def test_ranks_equal_numpys(spread):
    values = np.random.default_rng(spread).integers(-spread, spread, 5_000)
    found, place = ranks(values)
    expected, expected_place = np.unique(values, return_inverse=True)
    assert (found == expected).all()
    assert (place == expected_place.ravel()).all()


def test_small_types_do_not_overflow():
    found, place = ranks(np.array([-128, 127, 127, 0], np.int8))
    assert list(found) == [-128, 0, 127]
    assert list(place) == [0, 2, 2, 1]


@pytest.mark.parametrize("layers", [1, 2, 4])
def test_combinations(layers):
    random = np.random.default_rng(layers)
    values = [random.integers(0, 10**k, 3_000) * 7 - 5 for k in range(1, layers + 1)]
    keys, combination = unit_keys(values, 3_000)
    expected = np.unique(np.column_stack(values), axis=0)
    assert (keys == expected).all()
    assert (keys[combination] == np.column_stack(values)).all()


def test_no_layer_and_no_cell():
    keys, combination = unit_keys([], 3)
    assert keys.shape == (1, 0)
    assert list(combination) == [0, 0, 0]
    keys, combination = unit_keys([np.empty(0, np.int16)], 0)
    assert keys.shape == (0, 1)
    assert combination.size == 0


@pytest.mark.parametrize(("units", "spread"), [(3, 20), (500, 9_000), (500, 10**9)])
def test_pair_counts_equal_numpys(units, spread):
    random = np.random.default_rng(units)
    unit = random.integers(0, units, 4_000).astype(np.int32)
    step = random.integers(-spread, spread, 4_000) // (spread // 10)
    step[0] = spread
    found = pair_counts(unit, step)
    pairs, counts = np.unique(np.stack((unit, step)), axis=1, return_counts=True)
    assert (np.stack(found[:2]) == pairs).all()
    assert (found[2] == counts).all()
    assert all(part.dtype == np.int64 for part in found)
    assert all(part.size == 0 for part in pair_counts(unit[:0], step[:0]))
