"""Outlines of cells: areas, holes, and corners where parts touch."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dbar_qgis_plugin.kernels.cell_outlines import outlines
from dbar_qgis_plugin.kernels.cell_runs import runs_of, stride_of
from dbar_qgis_plugin.kernels.polygon_footprint import Rings, footprints


def outlined(cells):
    """Outlines of the things in an array, which are numbered from 1."""
    height, width = cells.shape
    stride = stride_of(width)
    parts = []
    for thing in range(cells.max()):
        runs = runs_of(cells == thing + 1, [], 0, 0, stride)
        parts.append((runs.begin, runs.end, np.full(runs.begin.size, thing)))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return outlines(*columns, stride, (height + 2) * stride)


def rings_of(found):
    return [
        list(zip(found.col[begin:end].tolist(), found.row[begin:end].tolist(), strict=True))
        for begin, end in pairwise(found.start)
    ]


def areas(found):
    return [
        0.5 * sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) for ring in rings_of(found)
    ]


def test_a_ring_with_a_hole():
    cells = np.ones((3, 3), dtype=int)
    cells[1, 1] = 0
    found = outlined(cells)
    assert found.polygon.tolist() == [0, 0]
    assert [abs(area) for area in areas(found)] == [9.0, 1.0]
    assert [len(ring) for ring in rings_of(found)] == [5, 5]


def test_cells_that_touch_at_a_corner_are_two_polygons():
    found = outlined(np.array([[1, 0], [0, 1]]))
    assert found.thing.tolist() == [0, 0]
    assert found.polygon.tolist() == [0, 1]


def test_a_hole_that_touches_the_outline_is_a_ring_of_its_own():
    cells = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 0]])
    found = outlined(cells)
    assert found.polygon.tolist() == [0, 0]
    assert [abs(area) for area in areas(found)] == [8.0, 1.0]


@given(
    st.tuples(st.integers(1, 9), st.integers(1, 9)).flatmap(
        lambda shape: arrays(np.int64, shape, elements=st.integers(0, 3))
    )
)
def test_outlines_hold_the_cells_that_they_are_made_of(cells):
    if not cells.any():
        return
    found = outlined(cells)
    thing = found.thing[found.polygon]
    order = np.argsort(thing, kind="stable")
    rings = rings_of(found)
    points = np.array([point for ring in order for point in rings[ring]], dtype=np.float64)
    size = np.diff(found.start)[order]
    first = np.concatenate(([True], np.diff(found.polygon) != 0))
    prints = footprints(
        Rings(
            points[:, 0],
            points[:, 1],
            np.concatenate(([0], np.cumsum(size))),
            thing[order],
            ~first[order],
        ),
        int(cells.max()),
        *cells.shape,
    )
    painted = np.zeros_like(cells)
    for zone, row, start, stop in zip(*prints[:4], strict=True):
        painted[row, start:stop] += zone + 1
    assert np.array_equal(painted, cells)
