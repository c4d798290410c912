"""Classes of units from shares of people."""

from __future__ import annotations

import numpy as np
import pytest

from dbar_qgis_plugin.kernels.urban_units import NO_CLASS, unit_level_1, unit_level_2


@pytest.mark.parametrize(
    ("centre", "rural", "value"),
    [(0.5, 0.5, 3), (0.49, 0.51, 1), (0.0, 0.5, 2), (0.0, 0.51, 1), (1.0, 0.0, 3), (0.2, 0.2, 2)],
)
def test_level_1(centre, rural, value):
    assert unit_level_1(np.array([centre]), np.array([rural])).tolist() == [value]


def test_what_has_no_shares_has_no_class():
    nothing = np.array([np.nan])
    assert unit_level_1(nothing, nothing).tolist() == [NO_CLASS]
    shares = dict.fromkeys((30, 23, 22, 21, 13, 12, 11), nothing)
    assert unit_level_2(shares).tolist() == [NO_CLASS]
    assert unit_level_2(shares, "2021").tolist() == [NO_CLASS]


@pytest.mark.parametrize(
    ("shares", "of_2024", "of_2021"),
    [
        ({30: 0.5, 11: 0.5}, 30, 30),
        ({30: 0.3, 23: 0.2, 21: 0.5}, 23, 21),
        ({23: 0.4, 22: 0.2, 21: 0.4}, 22, 23),
        ({23: 0.3, 22: 0.4, 21: 0.3}, 22, 22),
        ({22: 0.5, 21: 0.3, 12: 0.2}, 21, 22),
        ({21: 0.6, 30: 0.4}, 21, 21),
        ({30: 0.3, 13: 0.3, 12: 0.4}, 13, 12),
        ({13: 0.4, 12: 0.3, 11: 0.3}, 12, 13),
        ({12: 0.5, 11: 0.5}, 11, 12),
        ({12: 0.6, 11: 0.4}, 12, 12),
    ],
)
def test_level_2(shares, of_2024, of_2021):
    columns = {value: np.array([shares.get(value, 0.0)]) for value in (30, 23, 22, 21, 13, 12, 11)}
    assert unit_level_2(columns, "2024").tolist() == [of_2024]
    assert unit_level_2(columns, "2021").tolist() == [of_2021]
