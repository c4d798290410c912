"""Dasymetric downscaling: totals of zones spread over their cells in proportion to weights."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float64 = NDArray[np.float64]
Int8 = NDArray[np.int8]

# What a zone's total is spread by, in order of preference; the last: the zone has no cell.
LIGHT, POPULATION, UNIFORM, NOWHERE = BASES = ("light", "population", "uniform", "nowhere")
_WEIGHT_BITS: Final = 32


def light_weights(light: NDArray[Any], exponent: float, people: NDArray[Any] | None) -> Float64:
    """Weights of cells by their light: light ** exponent, times the people there if given.

    Light below 0, which is noise, weighs nothing.
    """
    weights: Float64 = np.maximum(light.astype(np.float64), 0.0)
    if exponent != 1.0:
        lit = weights > 0.0
        np.power(weights, exponent, out=weights, where=lit)
    if people is not None:
        weights *= np.maximum(people, 0.0)
    return weights


def weight_unit(largest: float) -> float:
    """Unit, a power of two, in which weights up to `largest` are whole numbers of 32 bits.

    Sums of whole numbers do not depend on their order.
    """
    if largest <= 0.0:
        return 1.0
    return float(2.0 ** (int(np.ceil(np.log2(largest))) - _WEIGHT_BITS))


def whole_weights(weights: ArrayLike, unit: float) -> Float64:
    """Weights in whole units."""
    return np.asarray(np.rint(np.asarray(weights, dtype=np.float64) / unit))


def zone_basis(light: ArrayLike, population: ArrayLike | None, cells: ArrayLike) -> Int8:
    """Choose what each zone's total is spread by.

    Parameters
    ----------
    light, population, cells : array_like [zones]
        Sums over the zones: of weights by light, of people (None = not given), of cells.

    Returns
    -------
    int8 [zones], place in `BASES`
    """
    light, cells = np.asarray(light), np.asarray(cells)
    people = np.zeros(light.shape) if population is None else np.asarray(population)
    found = np.select([light > 0, people > 0, cells > 0], [0, 1, 2], 3)
    return found.astype(np.int8)
