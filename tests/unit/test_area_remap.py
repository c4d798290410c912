"""Shares of cells in the cells of another grid."""

from __future__ import annotations

import numpy as np
import pytest

from dbar_qgis_plugin.kernels.area_remap import shares


def corners(*cells):
    """Corners as [4, cells], from lists of four places (x, y)."""
    places = np.array(cells, dtype=np.float64)
    return places[..., 0].T, places[..., 1].T


def box(left, top, right, bottom):
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def table(found, width):
    """Shares as {(cell, row, column): (cover, part)}."""
    return {
        (int(source), *divmod(int(target), width)): (cover, part)
        for part_ in found
        for source, target, cover, part in zip(*part_, strict=True)
    }


def test_a_cell_in_one_cell():
    found = table(shares(*corners(box(1.25, 0.5, 1.75, 1.0)), 2, 3, 1e9), 3)
    assert found == {(0, 0, 1): (pytest.approx(0.25), 1.0)}


def test_a_cell_over_four_cells():
    found = table(shares(*corners(box(0.5, 0.5, 1.5, 1.25)), 2, 2, 1e9), 2)
    assert {key: value[0] for key, value in found.items()} == pytest.approx(
        {(0, 0, 0): 0.25, (0, 0, 1): 0.25, (0, 1, 0): 0.125, (0, 1, 1): 0.125}
    )
    assert sum(part for _, part in found.values()) == pytest.approx(1.0)


def test_a_cell_that_covers_cells_as_a_whole():
    found = table(shares(*corners(box(-1.0, -1.0, 3.0, 3.0)), 2, 2, 1e9), 2)
    assert found == {(0, row, col): (1.0, 1 / 16) for row in (0, 1) for col in (0, 1)}


def test_what_lies_off_the_window_is_left_out():
    found = shares(*corners(box(-3.0, 0.0, -2.0, 1.0), box(0.0, 2.0, 1.0, 3.0)), 2, 2, 1e9)
    assert table(found, 2) == {}
    half = table(shares(*corners(box(1.5, 0.0, 2.5, 1.0)), 2, 2, 1e9), 2)
    assert half == {(0, 0, 1): (pytest.approx(0.5), pytest.approx(0.5))}


def test_sides_on_grid_lines_may_be_off_by_a_rounding():
    found = table(shares(*corners(box(1.0 - 1e-12, 0.0, 2.0 + 1e-12, 1.0)), 2, 3, 1e9), 3)
    assert list(found) == [(0, 0, 1)]


def test_a_cell_torn_apart_lies_where_its_first_corner_does():
    torn = [(1.5, 0.5), (9000.0, 0.5), (9000.0, 1.5), (1.5, 1.5)]
    lost = [(np.nan, 0.5), (1.0, 0.5), (1.0, 1.0), (0.5, 1.0)]
    found = table(shares(*corners(torn, lost), 2, 3, 100.0), 3)
    assert found == {(0, 0, 1): (1.0, 1.0)}


def test_cells_without_gaps_share_out_everything():
    rng = np.random.default_rng(2)
    steps = np.cumsum(rng.uniform(0.2, 1.5, 9))
    x, y = np.meshgrid(steps, steps)
    x, y = x + 0.2 * y, y - 0.1 * x + 2.0
    around = [(0, 0), (0, 1), (1, 1), (1, 0)]
    cells = tuple(
        np.stack([values[i : i + 8, j : j + 8].ravel() for i, j in around]) for values in (x, y)
    )
    total = np.zeros(64)
    cover = np.zeros(30 * 30)
    for part in shares(*cells, 30, 30, 1e9):
        np.add.at(total, part.source, part.part)
        np.add.at(cover, part.target, part.cover)
    assert total == pytest.approx(1.0)
    assert cover.max() <= 1.0 + 1e-9
