"""Lowest index of some years, and its drought class."""

from __future__ import annotations

import numpy as np
import pytest

from dbar_qgis_plugin.kernels.drought import drought_class, lowest_index, plausible

# Index, class by the UNCCD's table 19, class by Trends.Earth.
CLASSES = [
    (2.4, 0, 0),
    (0.001, 0, 0),
    (0.0, 1, 0),
    (-0.001, 1, 1),
    (-0.999, 1, 1),
    (-1.0, 2, 1),
    (-1.001, 2, 2),
    (-1.499, 2, 2),
    (-1.5, 3, 2),
    (-1.501, 3, 3),
    (-1.999, 3, 3),
    (-2.0, 4, 3),
    (-2.001, 4, 4),
    (-8.0, 4, 4),
]


@pytest.mark.parametrize(("index", "prais4", "trends_earth"), CLASSES)
def test_classes_and_where_their_bounds_belong(index, prais4, trends_earth):
    assert drought_class(np.array([index]), "prais4").tolist() == [prais4]
    assert drought_class(np.array([index]), "trends_earth").tolist() == [trends_earth]


@pytest.mark.parametrize("dtype", ["int16", "int32", "float32", "float64"])
def test_stored_in_thousandths_the_bounds_are_the_same(dtype):
    values = np.array([[round(1000 * index) for index, *_ in CLASSES]], dtype=dtype)
    spi = lowest_index(values, np.ones(values.shape, dtype=bool), 1000.0).spi
    assert drought_class(spi).tolist() == [prais4 for _, prais4, _ in CLASSES]


@pytest.mark.parametrize("dry", range(4))
def test_every_year_of_four_counts(dry):
    """Trends.Earth leaves out the fourth: a drought in it alone would not be found."""
    values = np.full((4, 2), 500, dtype=np.int16)
    values[dry, 1] = -1700
    found = lowest_index(values, np.ones(values.shape, dtype=bool), 1000.0)
    assert found.spi.tolist() == [0.5, -1.7]
    assert drought_class(found.spi).tolist() == [0, 3]


def test_years_without_data_are_left_out():
    values = np.array([[-2500, -300, -9], [100, -1200, -9], [-1600, 0, -9]], dtype=np.int16)
    valid = np.array([[False, True, False], [True, True, False], [True, False, False]])
    found = lowest_index(values, valid, 1000.0)
    assert found.spi.tolist() == [-1.6, -1.2, 0.0]
    assert found.years.tolist() == [2, 2, 0]


@pytest.mark.parametrize("dtype", ["int16", "float32"])
def test_as_the_minimum_of_masked_arrays(dtype):
    rng = np.random.default_rng(5)
    values = rng.integers(-4000, 4000, (7, 30, 11)).astype(dtype)
    valid = rng.random(values.shape) < 0.4
    before = values.copy(), valid.copy()
    found = lowest_index(values, valid, 1000.0)
    expected = np.ma.masked_array(values, ~valid).min(axis=0)
    assert (found.years == (~np.ma.masked_array(values, ~valid).mask).sum(axis=0)).all()
    assert (found.spi == expected.filled(0).astype(np.float64) / 1000.0).all()
    # What is given is not changed.
    assert (values == before[0]).all()
    assert (valid == before[1]).all()


def test_fill_values_are_no_index():
    values = np.array([-32768, -9999, -9001, -9000, 0, 9000, 9999], dtype=np.int16)
    assert plausible(values, 1000.0).tolist() == [False, False, False, True, True, True, False]
    assert plausible(np.array([-9.5, -3.1, 3.1], dtype=np.float32), 1.0).tolist() == [0, 1, 1]
