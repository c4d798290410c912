"""Kernels of light cleaning: levels, groups, surfaces, lines, fills, by hand and by definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dbar_qgis_plugin.kernels.lattice import at_cells
from dbar_qgis_plugin.kernels.light_cleaning import (
    KEYS,
    Line,
    any_within,
    continued,
    dilated,
    fill_from_neighbours,
    gaps,
    in_two_bands,
    key_counts,
    key_values,
    keys,
    levels,
    low_keys,
    low_percentiles,
    nearest_known,
    painted,
    small_groups,
    stripe_candidates,
    stripe_lines,
    subtract_stray,
    sums_along_lines,
)


def everywhere(values):
    return np.ones(np.shape(values), dtype=bool)


# -- levels


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int8", "int16"])
def test_keys_of_integers_are_the_values(dtype):
    info = np.iinfo(dtype)
    values = np.array([info.min, info.min + 1, 0, 5, info.max], dtype=dtype)
    assert (key_values(np.dtype(dtype))[keys(values)] == values).all()


@given(arrays(np.float32, 40, elements=st.floats(width=32, allow_nan=False, allow_infinity=False)))
def test_keys_of_floats_grow_with_the_value_and_are_exact_together(values):
    high, low = keys(values).astype(np.int64), low_keys(values).astype(np.int64)
    order = np.argsort(values, kind="stable")
    assert (np.diff((high * KEYS + low)[order]) >= 0).all()
    for value, upper, lower in zip(values, high, low, strict=True):
        assert key_values(np.dtype(np.float32), int(lower))[upper] == value


def test_minus_zero_is_zero():
    both = np.array([-0.0, 0.0], dtype=np.float32)
    assert keys(both)[0] == keys(both)[1]


def test_levels_by_hand():
    values = np.array([1, 1, 1, 2, 3, 9, 9, 1000], dtype=np.uint16)
    found = levels(key_counts(values, everywhere(values)), values.dtype)
    # Distances from 1: 0 0 0 1 2 8 8 999, the lower middle one is 1.
    assert found == (1.0, 2.0, pytest.approx(1.4826))


def test_the_smaller_of_two_modes_and_the_spread_of_rounding():
    values = np.array([7, 7, 7, 7, 9, 9, 9, 9, 8], dtype=np.uint8)
    counts = key_counts(values, everywhere(values))
    assert levels(counts, values.dtype).background == 7
    flat = np.full(50, 7, dtype=np.uint8)
    assert levels(key_counts(flat, everywhere(flat)), flat.dtype).spread == pytest.approx(0.288675)


def test_no_data_is_not_counted():
    values = np.array([0, 0, 0, 5, 5], dtype=np.uint16)
    assert levels(key_counts(values, values > 0), values.dtype).background == 5


def test_levels_of_floats():
    rng = np.random.default_rng(1)
    values = np.append(rng.lognormal(0, 1, 5000), np.full(900, 0.3)).astype(np.float32)
    counts = key_counts(values, everywhere(values))
    mode = counts.argmax()
    low = np.bincount(low_keys(values[keys(values) == mode]), minlength=KEYS).argmax()
    found = levels(counts, values.dtype, int(low))
    assert found.background == np.float32(0.3)
    assert found.median == pytest.approx(np.median(values), rel=0.008)
    exact = 1.4826 * np.median(np.abs(values - np.float32(0.3)))
    assert found.spread == pytest.approx(exact, rel=0.02)


# -- light


def test_two_bands_of_three():
    light = np.array([[[1, 1, 1, 0, 0]], [[0, 1, 1, 0, 1]], [[0, 0, 1, 1, 1]]], dtype=bool)
    assert in_two_bands(light).tolist() == [[False, True, True, False, True]]


@given(arrays(bool, (9, 7)), st.integers(0, 3))
def test_dilation_is_that_of_scipy(mask, reach):
    from scipy import ndimage

    expected = ndimage.maximum_filter(mask, 2 * reach + 1, mode="constant")
    assert (dilated(mask, reach) == expected).all()


def test_any_within_rectangles_that_share_a_line():
    mask = np.zeros((7, 6), dtype=bool)
    mask[2, 5] = mask[6, 0] = True
    rows = np.array([0, 2, 5]), np.array([3, 5, 7])  # the third row is of two
    cols = np.array([0, 3]), np.array([3, 6])
    expected = [[False, True], [False, True], [True, False]]
    assert any_within(mask, rows, cols).tolist() == expected


def test_small_groups_touch_at_sides():
    mask = np.array(
        [
            [1, 1, 0, 0, 0, 1],
            [0, 0, 1, 0, 0, 1],
            [0, 0, 1, 1, 0, 1],
            [1, 0, 0, 0, 0, 0],
        ],
        dtype=bool,
    )
    small = small_groups(mask, 3)
    assert np.argwhere(small).tolist() == [[0, 0], [0, 1], [3, 0]]
    assert np.argwhere(small_groups(mask, 4, diagonal=True)).tolist() == [
        [0, 5],
        [1, 5],
        [2, 5],
        [3, 0],
    ]
    assert not small_groups(mask, 1).any()


@given(arrays(bool, (30, 26)), st.integers(1, 9), st.integers(1, 12))
def test_small_groups_of_parts_are_those_of_the_whole(mask, fewest, size):
    whole = small_groups(mask, fewest)
    halo = fewest - 1
    for row in range(0, 30, size):
        for col in range(0, 26, size):
            top, left = max(row - halo, 0), max(col - halo, 0)
            part = small_groups(mask[top : row + size + halo, left : col + size + halo], fewest)
            inner = part[row - top : row - top + size, col - left : col - left + size]
            assert (inner == whole[row : row + size, col : col + size]).all()


# -- stray light


def test_low_percentiles_of_squares():
    rng = np.random.default_rng(2)
    values = rng.integers(1, 50, (2, 13, 9)).astype(np.uint16)
    valid = rng.random((13, 9)) > 0.3
    valid[:5, :5] = False
    valid[0, 0] = True  # one of 25 is too few
    found = low_percentiles(values, valid, 5, 10.0)
    assert found.shape == (2, 3, 2)
    assert np.isnan(found[:, 0, 0]).all()
    for row in range(3):
        for col in range(2):
            here = slice(5 * row, 5 * row + 5), slice(5 * col, 5 * col + 5)
            if (row, col) != (0, 0):
                for band in range(2):
                    cells = values[band][here][valid[here]]
                    expected = np.quantile(cells, 0.1, method="lower")
                    assert found[band, row, col] == expected


def test_nodes_without_a_value_take_the_nearest():
    nodes = np.array([[[np.nan, 2.0, np.nan, np.nan, 8.0]]], dtype=np.float32)
    assert nearest_known(nodes)[0, 0].tolist() in ([2, 2, 2, 8, 8], [2, 2, 8, 8, 8])


def test_stray_light_goes_down_to_the_background_only():
    values = np.array([[[1, 3, 9, 0]]], dtype=np.uint16)
    stray = np.full((1, 1, 4), 2.4, dtype=np.float32)
    found = subtract_stray(values, stray, np.array([1], dtype=np.uint16))
    assert found.dtype == np.uint16
    assert found[0, 0].tolist() == [1, 1, 7, 0]
    floats = subtract_stray(values.astype(np.float32), stray, np.array([1], dtype=np.float32))
    assert floats[0, 0] == pytest.approx([1, 1, 6.6, 0])


def test_surface_between_nodes():
    nodes = np.array([[[0.0, 4.0], [8.0, 12.0]]])
    found = at_cells(nodes, np.arange(4), np.arange(5), (0.5, 1.0), (2.0, 2.0))
    assert found.shape == (1, 4, 5)
    assert found[0, 0].tolist() == [0, 0, 2, 4, 4]
    assert found[0, :, 0].tolist() == [0, 2, 6, 8]
    part = at_cells(nodes, np.arange(2, 4), np.arange(3, 5), (0.5, 1.0), (2.0, 2.0))
    assert (part[0] == found[0, 2:, 3:]).all()
    one = at_cells(nodes[:, :1, :1], np.arange(3), np.arange(3), (9.0, 9.0), (2.0, 2.0))
    assert (one == 0).all()


# -- stripes


def test_gaps_are_thin():
    valid = np.array([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0], dtype=bool)[:, np.newaxis]
    assert np.flatnonzero(gaps(valid, 2)).tolist() == [3, 4]
    assert np.flatnonzero(gaps(valid, 3)).tolist() == [3, 4, 8]
    assert np.flatnonzero(gaps(valid, 5)).tolist() == [3, 4, 6, 7, 8, 9, 10]


def test_candidates_by_hand():
    values = np.array([[[7, 7, 3, 9]], [[7, 9, 7, 9]], [[7, 7, 7, 9]]], dtype=np.uint16)
    valid = np.array([[True, True, True, True]])
    gap = np.zeros_like(valid)
    found = stripe_candidates(values, valid, gap, np.full(3, 7, dtype=np.uint16))
    assert found[:, 0].tolist() == [
        [False, True, True, False],
        [False, False, True, False],
        [False, True, True, False],
    ]


@given(arrays(bool, st.tuples(st.integers(1, 14), st.integers(1, 40))))
def test_sums_along_level_lines_and_of_everything(mask):
    sums = sums_along_lines(mask)
    assert (sums[0] == mask.sum(axis=1)).all()
    # Padded, every cell lies on one line of each slope.
    margin = len(sums)
    padded = sums_along_lines(np.pad(mask, ((margin, margin), (0, 0))))
    assert (padded.sum(axis=1) == mask.sum()).all()


@pytest.mark.parametrize("angle", [0.5, 3.0, -4.0, 9.0, -9.5])
def test_a_slanting_stripe_is_found(angle):
    rows, cols = 200, 300
    rng = np.random.default_rng(3)
    candidates = rng.random((rows, cols)) < 0.02
    middle = 100 + np.tan(np.radians(angle)) * (np.arange(cols) - cols / 2)
    there = np.rint(middle).astype(int)
    for width in (-1, 0, 1):
        candidates[there + width, np.arange(cols)] |= rng.random(cols) < 0.8
    ((first, last),) = stripe_lines(candidates, np.ones_like(candidates), 0.5, 2)
    assert abs(first - middle[0]) <= 2
    assert abs(last - middle[-1]) <= 2


def test_noise_and_thick_areas_are_no_stripes():
    rng = np.random.default_rng(4)
    inside = np.ones((150, 260), dtype=bool)
    assert stripe_lines(rng.random((150, 260)) < 0.3, inside, 0.5, 2) == []
    thick = np.zeros_like(inside)
    thick[60:90] = True
    assert stripe_lines(thick, inside, 0.5, 2) == []


@pytest.mark.parametrize("end", [8, 20, 77, 300])
@pytest.mark.parametrize("off", [(0, 0), (1, -3), (-2, 4)])
def test_a_stripe_is_followed_to_its_end(end, off):
    rng = np.random.default_rng(9)
    candidates = rng.random((60, 300)) < 0.03
    rows = np.rint(30 + off[0] + (off[1] - off[0]) * np.arange(300) / 299).astype(int)
    there = rng.random(end) < 0.95
    candidates[rows[:end], np.arange(end)] |= there
    columns, first, last = continued(candidates, np.ones_like(candidates), (30, 30), 0.5, 2)
    assert abs(columns - end) <= 6
    assert abs(first - rows[0]) <= 2
    assert abs(last - rows[columns - 1]) <= 2


def test_a_stripe_that_has_ended_is_not_followed():
    rng = np.random.default_rng(9)
    noise = rng.random((60, 300)) < 0.2
    inside = np.ones_like(noise)
    assert continued(noise, inside, (30, 30), 0.5, 2) is None
    assert continued(np.ones_like(noise), inside, (30, 30), 0.5, 2) is None
    # A line may leave the raster, and there is none beyond it.
    noise[2, :200] = True
    assert continued(noise, inside, (2, -20), 0.5, 2) is not None
    assert continued(noise, inside, (-40, -60), 0.5, 2) is None


def test_a_band_along_a_line():
    line = Line(1, 2, 6, 3, 4)
    mask = painted([line], 2, (0, 8), (0, 9), 1)
    assert not mask[0].any()
    assert np.flatnonzero(mask[1].any(axis=0)).tolist() == [2, 3, 4, 5, 6]
    assert np.flatnonzero(mask[1, :, 2]).tolist() == [2, 3, 4]
    assert np.flatnonzero(mask[1, :, 6]).tolist() == [3, 4, 5]
    part = painted([line], 2, (3, 4), (4, 5), 1)
    assert (part == mask[:, 3:7, 4:9]).all()


def test_fills_by_hand():
    values = np.arange(1, 26, dtype=np.uint16).reshape(1, 5, 5)
    cells = np.zeros((5, 5), dtype=bool)
    cells[2, 2] = True
    known = ~cells
    known[0] = False
    background = np.array([7], dtype=np.uint16)
    # 19 neighbours, 6 .. 25 without 13: the tenth is 16, and at place 13.5 lies 19.5.
    assert fill_from_neighbours(values, known, cells, background, 50)[0, 2, 2] == 16
    assert fill_from_neighbours(values, known, cells, background, 75)[0, 2, 2] == 20
    none = np.zeros_like(known)
    assert fill_from_neighbours(values, none, cells, background, 50)[0, 2, 2] == 7
    assert fill_from_neighbours(values, known, none, background, 50).tolist() == values.tolist()
