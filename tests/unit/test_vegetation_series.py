"""One value a year from composites: means, integrals and bridged gaps, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dbar_qgis_plugin.kernels import vegetation_series
from dbar_qgis_plugin.kernels.vegetation_series import (
    STATISTICS,
    annual_value,
    composite_weights,
    interpolated,
)


def test_weights_are_the_season():
    weights = composite_weights([10, 20, 60], 0, 100, 365)
    assert weights == pytest.approx([15 / 365, 25 / 365, 60 / 365])
    assert composite_weights([200], 0, 365, 365) == (1.0,)
    assert sum(composite_weights(range(0, 365, 16), 0, 365, 365)) == pytest.approx(1.0)


def test_mean_and_maximum():
    values = np.array([[1, 5, -3], [2, 7, -1], [6, 9, -2]], dtype=np.int16)
    valid = np.array([[1, 1, 1], [1, 0, 1], [1, 0, 1]], dtype=bool)
    mean, known = annual_value(values, valid, "mean")
    assert mean.tolist() == [3.0, 5.0, -2.0]
    assert known.all()
    # A missing value, whatever stands there, is no maximum; and nor is 0.
    assert annual_value(values, valid, "maximum")[0].tolist() == [6.0, 5.0, -1.0]
    mean, known = annual_value(values, valid, "mean", minimum=2)
    assert known.tolist() == [True, False, True]
    assert mean[1] == 0.0
    assert not annual_value(values, np.zeros_like(valid), "maximum", minimum=0)[1].any()


def test_integral():
    values = np.array([[0.1], [0.4], [0.6], [0.2]])
    valid = np.ones(values.shape, dtype=bool)
    days, weights = [10, 20, 30, 40], (0.1, 0.2, 0.3, 0.4)
    options = {"days": days, "weights": weights}
    assert annual_value(values, valid, "integral", **options)[0][0] == pytest.approx(0.35)
    found = annual_value(values, valid, "integral", threshold=0.4, **options)[0]
    assert found[0] == pytest.approx(0.2 * 0.4 + 0.3 * 0.6)
    valid[2] = False  # bridged: 0.3 on day 30
    assert annual_value(values, valid, "integral", **options)[0][0] == pytest.approx(
        0.01 + 0.08 + 0.09 + 0.08
    )


def test_gaps_are_bridged_in_time():
    values = np.array([[9.0, 9, 9, 1], [1, 9, 9, 2], [9, 9, 9, 3], [7, 4, 9, 4], [9, 9, 9, 5]])
    valid = np.array(
        [[0, 0, 0, 1], [1, 0, 0, 1], [0, 0, 0, 1], [1, 1, 0, 1], [0, 0, 0, 1]], dtype=bool
    )
    found = interpolated(values, valid, [0, 10, 30, 40, 50])
    assert found[:, 0].tolist() == [1, 1, 5, 7, 7]
    assert found[:, 1].tolist() == [4, 4, 4, 4, 4]
    assert found[:, 3].tolist() == [1, 2, 3, 4, 5]
    # Two composites of one day, of which one is missing.
    found = interpolated(np.array([[2.0], [8.0]]), np.array([[True], [False]]), [5, 5])
    assert found.ravel().tolist() == [2, 2]


@given(
    arrays(np.float64, (6, 9), elements=st.floats(-1, 1)),
    arrays(bool, (6, 9)),
    st.lists(st.integers(0, 360), min_size=6, max_size=6, unique=True),
)
def test_bridges_are_those_of_numpy(values, valid, days):
    days = sorted(days)
    found = interpolated(values, valid, days)
    for cell in range(9):
        own = valid[:, cell]
        if own.any():
            expected = np.interp(days, np.array(days)[own], values[own, cell])
            assert found[:, cell] == pytest.approx(expected, abs=1e-12)


@given(
    arrays(np.int16, (5, 11), elements=st.integers(-2000, 10_000)),
    arrays(bool, (5, 11)),
    st.sampled_from(STATISTICS),
)
def test_a_cell_does_not_see_its_neighbours(values, valid, statistic):
    options = {
        "days": [5, 30, 77, 180, 300],
        "weights": (0.1, 0.2, 0.3, 0.2, 0.2),
        "threshold": 2500.0,
        "minimum": 2,
    }
    together, known = annual_value(values, valid, statistic, **options)
    for cell in range(11):
        alone = annual_value(values[:, [cell]], valid[:, [cell]], statistic, **options)
        assert (together[cell], known[cell]) == (alone[0][0], alone[1][0])


def test_chunks_change_nothing(monkeypatch):
    random = np.random.default_rng(8)
    values, valid = random.normal(size=(12, 300)), random.random((12, 300)) > 0.3
    options = {"days": range(12), "weights": (1 / 12,) * 12, "threshold": 0.1}
    for statistic in STATISTICS:
        monkeypatch.setattr(vegetation_series, "_CHUNK", 1 << 18)
        whole = annual_value(values, valid, statistic, **options)
        monkeypatch.setattr(vegetation_series, "_CHUNK", 90)
        parts = annual_value(values, valid, statistic, **options)
        assert np.array_equal(whole[0], parts[0])
        assert np.array_equal(whole[1], parts[1])


def test_an_unknown_statistic_is_refused():
    with pytest.raises(ValueError):
        annual_value(np.zeros((1, 1)), np.ones((1, 1), dtype=bool), "median")
