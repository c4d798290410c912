"""Cells within a distance, and sums over them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.kernels.neighbourhoods import RunningSums, neighbours, reach


def square(side):
    return np.array([[side**2], [0.0], [side**2]])


def offsets(around, shape=0):
    """Steps (row, column) of the cells that are reached."""
    return {
        (number - around.rows, step)
        for number in range(around.first.shape[1])
        for step in range(around.first[shape, number], around.last[shape, number] + 1)
    }


@pytest.mark.parametrize(("side", "cells"), [(30.0, 1109), (100.0, 97), (250.0, 21), (1000.0, 1)])
def test_the_walking_circle_holds_the_cells_whose_centres_lie_in_it(side, cells):
    found = offsets(reach(square(side), 564.0, most=1000))
    steps = np.arange(-60, 61) * side
    wanted = np.hypot(*np.meshgrid(steps, steps)) <= 564.0
    assert len(found) == wanted.sum() == cells
    assert all(side * np.hypot(*step) <= 564.0 for step in found)


@pytest.mark.parametrize(
    ("side", "cells"), [(100.0, 9), (30.0, 45), (250.0, 1), (50.0, 21), (10.0, 357)]
)
def test_from_the_outline(side, cells):
    """The cells whose centre lies within 100 m of a square."""
    found = offsets(reach(square(side), 100.0, from_outline=True, most=1000))
    steps = np.abs(np.arange(-20, 21))
    away = np.maximum(steps - 0.5, 0.0) * side
    wanted = np.hypot(*np.meshgrid(away, away)) <= 100.0
    assert len(found) == wanted.sum() == cells


def test_cells_that_are_not_square():
    metrics = np.array([[60.0**2], [0.0], [100.0**2]])
    found = offsets(reach(metrics, 200.0, most=1000))
    assert max(col for _, col in found) == 3
    assert max(row for row, _ in found) == 2
    sheared = np.array([[100.0**2], [0.3 * 100.0**2], [100.0**2]])
    found = offsets(reach(sheared, 564.0, most=1000))
    wanted = {
        (row, col)
        for row in range(-9, 10)
        for col in range(-9, 10)
        if 100.0**2 * (col**2 + 0.6 * col * row + row**2) <= 564.0**2
    }
    assert found == wanted


def test_unknown_shapes_reach_nothing():
    around = reach(np.array([[np.nan, 1e4], [np.nan, 0.0], [np.nan, 1e4]]), 150.0, most=10)
    assert offsets(around, 0) == set()
    assert len(offsets(around, 1)) == 9


@given(st.integers(0, 2**32 - 1))
def test_running_sums_are_sums(seed):
    rng = np.random.default_rng(seed)
    height, width = rng.integers(1, 12, 2)
    values = rng.integers(0, 1 << 40, (height, width))
    metrics = np.array([[900.0, 400.0], [100.0, 0.0], [900.0, 2500.0]])
    around = reach(metrics, 100.0, most=8)
    sums = RunningSums(values, around)
    rows, cols = (slice(rng.integers(0, size), size) for size in (height, width))
    for shape in range(2):
        found = sums.over(rows, cols, shape)
        assert found.shape == (height - rows.start, width - cols.start)
        for place in np.ndindex(found.shape):
            total = 0
            for down, right in offsets(around, shape):
                r, c = rows.start + place[0] + down, cols.start + place[1] + right
                if 0 <= r < height and 0 <= c < width:
                    total += int(values[r, c])
            assert found[place] == total


def test_neighbours():
    assert offsets(neighbours(1)) == {(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1)}
