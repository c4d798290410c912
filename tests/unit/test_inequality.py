"""Gini, Theil, Lorenz and quantiles, against their definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.kernels.inequality import (
    lorenz_curve,
    lorenz_gini,
    theil,
    weighted_quantile,
)


def gini_of(values):
    """Mean difference of all pairs over twice the mean."""
    values = np.asarray(values, dtype=float)
    return np.abs(values[:, None] - values).mean() / (2 * values.mean())


def theil_of(values):
    values = np.asarray([value for value in values if value > 0], dtype=float)
    ratio = values / values.mean()
    return (ratio * np.log(ratio)).mean()


AMOUNTS = st.lists(st.floats(0, 1e4).filter(lambda v: v == 0 or v > 1e-3), min_size=1, max_size=30)


@given(st.lists(AMOUNTS, min_size=1, max_size=5))
def test_groups_against_the_definitions(groups):
    groups = [[*sorted(values), max(values) + 1.0] for values in groups]
    group = np.repeat(np.arange(len(groups)), [len(values) for values in groups])
    amount = np.concatenate(groups)
    weight = np.ones(amount.size)
    assert lorenz_gini(group, weight, amount, len(groups)) == pytest.approx(
        [gini_of(values) for values in groups], abs=1e-12
    )
    assert theil(group, weight, amount, len(groups)) == pytest.approx(
        [theil_of(values) for values in groups], abs=1e-12
    )


def test_cells_alike_are_one_entry():
    # Three cells of 1 and two of 4; a second group, and an empty one between them.
    cells = [1, 1, 1, 4, 4]
    gini = lorenz_gini([0, 0, 2], [3, 2, 5], [3, 8, 1], 3)
    assert gini[0] == pytest.approx(gini_of(cells))
    assert math.isnan(gini[1])
    assert gini[2] == pytest.approx(0)
    assert theil([0, 0, 2], [3, 2, 5], [3, 8, 1], 3)[0] == pytest.approx(theil_of(cells))


def test_without_amount_or_weight_it_is_undefined():
    assert np.isnan(lorenz_gini([0, 0], [1, 1], [0, 0], 1)).all()
    assert np.isnan(lorenz_gini([0], [0], [1], 1)).all()
    assert np.isnan(theil([0, 0], [1, 1], [0, 0], 2)).all()
    assert np.isnan(lorenz_gini([], [], [], 2)).all()


def test_by_hand_over_people():
    # 10 persons with 0 light, 10 with 30, 20 with 90: shares 1/4, 1/4, 1/2 and 0, 1/4, 3/4.
    people, light = [10, 10, 20], [0, 30, 90]
    expected = 1 - (0.25 * 0 + 0.25 * 0.25 + 0.5 * (0.25 + 1))
    assert lorenz_gini([0, 0, 0], people, light, 1) == pytest.approx([expected])
    # In the other order the curve lies above the diagonal.
    assert lorenz_gini([0, 0, 0], people[::-1], light[::-1], 1) == pytest.approx([-expected])
    assert lorenz_curve(people, light, [0, 0.25, 0.5, 0.75, 1]) == pytest.approx(
        [0, 0, 0.25, 0.625, 1]
    )


def test_joining_alike_cells_moves_gini_by_less_than_a_quarter_of_their_width():
    rng = np.random.default_rng(1)
    width = 2.0**-7
    values = np.sort(100 * (1 + width * rng.random(500)))
    joined = lorenz_gini([0], [500], [values.sum()], 1)[0]
    assert joined == pytest.approx(0, abs=1e-15)
    assert 0 < gini_of(values) < width / 4


@given(
    st.lists(st.tuples(st.floats(0, 100), st.integers(0, 9)), min_size=1, max_size=20),
    st.floats(0, 1),
)
def test_quantile_as_numpy(entries, share):
    entries.sort()
    values, count = np.array([value for value, _ in entries]), [times for _, times in entries]
    found = weighted_quantile(values, count, share)
    cells = np.repeat(values, count)
    if cells.size:
        assert found == pytest.approx(np.quantile(cells, share), abs=1e-9)
    else:
        assert math.isnan(found)
