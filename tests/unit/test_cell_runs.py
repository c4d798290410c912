"""Runs of cells and their clusters, against labels of scipy and sums by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from dbar_qgis_plugin.kernels.cell_runs import (
    clusters,
    joined,
    places_in,
    runs_of,
    runs_of_places,
    stride_of,
    sums_by,
    window_runs,
)

masks = st.tuples(st.integers(1, 12), st.integers(1, 12)).flatmap(
    lambda shape: arrays(bool, shape, elements=st.booleans())
)


def painted(begin, end, values, shape):
    stride = stride_of(shape[1])
    flat = np.zeros((shape[0] + 2) * stride, dtype=np.int64)
    flat[places_in(begin, end)] = np.repeat(values, end - begin)
    return flat.reshape(-1, stride)[1:-1, 1:-1]


@given(masks, st.integers(1, 5), st.integers(1, 5))
def test_runs_of_windows_are_the_runs_of_the_whole(mask, tall, wide):
    height, width = mask.shape
    amount = np.arange(mask.size).reshape(mask.shape)
    stride = stride_of(width)
    whole = runs_of(mask, [amount], 0, 0, stride)
    parts = [
        runs_of(
            mask[row : row + tall, col : col + wide],
            [amount[row : row + tall, col : col + wide]],
            row,
            col,
            stride,
        )
        for row in range(0, height, tall)
        for col in range(0, width, wide)
    ]
    together = joined(parts)
    for one, other in zip(whole, together, strict=True):
        assert np.array_equal(one, other)
    assert together.amount.sum() == amount[mask].sum()
    assert np.array_equal(painted(*whole[:2], np.ones(len(whole.begin), int), mask.shape), mask)


@given(masks, st.booleans())
def test_clusters_are_those_of_scipy(mask, diagonal):
    stride = stride_of(mask.shape[1])
    runs = runs_of(mask, [], 0, 0, stride)
    count, label = clusters(runs.begin, runs.end, stride, diagonal=diagonal)
    structure = np.ones((3, 3)) if diagonal else None
    expected, expected_count = ndimage.label(mask, structure)
    assert count == expected_count
    # Both count clusters in the order of their first cells.
    assert np.array_equal(painted(runs.begin, runs.end, label + 1, mask.shape), expected)


@given(masks, st.integers(0, 11), st.integers(0, 11), st.integers(1, 6), st.integers(1, 6))
def test_runs_in_a_window(mask, row, col, tall, wide):
    height, width = mask.shape
    row, col = row % height, col % width
    tall, wide = min(tall, height - row), min(wide, width - col)
    stride = stride_of(width)
    runs = runs_of(mask, [], 0, 0, stride)
    which, begin, end = window_runs(runs.begin, runs.end, row, col, tall, wide, stride)
    flat = np.zeros(tall * wide, dtype=np.int64)
    flat[places_in(begin, end)] = np.repeat(which + 1, end - begin)
    expected = painted(runs.begin, runs.end, np.arange(len(runs.begin)) + 1, mask.shape)
    assert np.array_equal(flat.reshape(tall, wide), expected[row : row + tall, col : col + wide])


def test_runs_of_single_cells():
    places, owner = np.array([4, 5, 6, 9, 7, 8]), np.array([0, 0, 0, 0, 1, 1])
    begin, end, number = runs_of_places(places, owner)
    assert (begin.tolist(), end.tolist(), number.tolist()) == ([4, 9, 7], [7, 10, 9], [0, 0, 1])


@pytest.mark.parametrize("amount", [0, 7, 2**52 + 1])
def test_sums_are_exact(amount):
    sums = sums_by(np.array([0, 2, 2, 2]), np.array([1, amount, amount, 1]), 4)
    assert sums.tolist() == [1, 0, 2 * amount + 1, 0]
