"""Degree of Urbanisation, stage 2: classes of municipalities and other small units.

References
----------
European Commission, FAO, UN-Habitat, OECD, World Bank: Applying the Degree of Urbanisation, edition
of 2021, and its rules of July 2024 for level 2.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
Int16 = NDArray[np.int16]

UNIT_RULES: Final = ("2024", "2021")
NO_CLASS = -1

_HALF = 0.5


def unit_level_1(centre: Float64, rural: Float64) -> Int16:
    """Class of units at level 1: 3 city, 2 town or semi-dense area, 1 rural area.

    Parameters
    ----------
    centre, rural : float64 ndarray [units]
        Shares of the people in urban centres and in rural cells; NaN gives `NO_CLASS`.
    """
    found = np.full(centre.shape, 2, dtype=np.int16)
    found[rural > _HALF] = 1
    found[centre >= _HALF] = 3
    found[~np.isfinite(centre)] = NO_CLASS
    return found


def unit_level_2(shares: dict[int, Float64], rules: str = "2024") -> Int16:
    """Class of units at level 2.

    Parameters
    ----------
    shares : dict of int to float64 ndarray [units]
        Shares of the people by class of their cells, 30 to 11.
    rules : {"2024", "2021"}
        Edition.

    Returns
    -------
    int16 ndarray [units]
        30 city; 23 dense town, 22 semi-dense town, 21 suburb or peri-urban area; 13 village,
        12 dispersed rural area, 11 mostly uninhabited area; `NO_CLASS`.
    """
    level_1 = unit_level_1(shares[30], shares[13] + shares[12] + shares[11])
    town, rural = (_rules_2021 if rules == "2021" else _rules_2024)(shares)
    return np.select(
        [level_1 == 3, level_1 == 2, level_1 == 1], [np.int16(30), town, rural], np.int16(NO_CLASS)
    ).astype(np.int16)


def _rules_2024(shares: dict[int, Float64]) -> tuple[Int16, Int16]:
    dense = shares[30] + shares[23]
    clustered = dense + shares[22] + shares[21]
    villages = shares[13]
    outside = shares[21] + villages + shares[12] + shares[11]
    town = np.where(dense >= _HALF, 23, np.where(outside >= _HALF, 21, 22))
    rural = np.where(clustered + villages >= _HALF, 13, np.where(shares[11] >= _HALF, 11, 12))
    return town.astype(np.int16), rural.astype(np.int16)


def _rules_2021(shares: dict[int, Float64]) -> tuple[Int16, Int16]:
    town = np.where(
        shares[21] > shares[23] + shares[22], 21, np.where(shares[23] > shares[22], 23, 22)
    )
    rural_shares = np.stack([shares[13], shares[12], shares[11]])
    # Of equal shares the denser class has the unit.
    rural = np.array([13, 12, 11])[np.argmax(np.nan_to_num(rural_shares), axis=0)]
    return town.astype(np.int16), rural.astype(np.int16)
