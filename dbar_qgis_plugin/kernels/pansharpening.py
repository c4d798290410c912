"""Pan-sharpening: the detail of a panchromatic band on coarser colour bands.

Gram-Schmidt adaptive (GSA): the panchromatic band at the colours' resolution is described as a
weighted sum of the colours, the intensity; what the fine panchromatic band has beyond the
intensity is added to each colour as far as that colour goes with the intensity. Aiazzi, Baronti,
Selva 2007, IEEE Transactions on Geoscience and Remote Sensing 45(10), 3230-3239.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float64 = NDArray[np.float64]

# Cells above median + 3 standard deviations are lit; the deviation is taken from the median of
# the absolute deviations (1.4826 times it, for normal noise), which lights do not inflate.
_DEVIATIONS = 3.0
_NORMAL = 1.4826


class Intensity(NamedTuple):
    """How intensity is made of colours, and how far each colour follows it.

    weights : float64 [colours], offset : float
        intensity = weights . colours + offset
    gains : float64 [colours], cov(colour, intensity) / var(intensity)
    correlation : of the intensity with the panchromatic band
    cells : number of cells used
    """

    weights: Float64
    offset: float
    gains: Float64
    correlation: float
    cells: int


def lit_threshold(values: ArrayLike) -> float:
    """Value above which cells are lit: the median and three robust standard deviations."""
    values = np.asarray(values, dtype=np.float64)
    middle = float(np.median(values))
    spread = float(np.median(np.abs(values - middle)))
    return middle + _DEVIATIONS * _NORMAL * spread


def fit_intensity(colours: ArrayLike, panchromatic: ArrayLike) -> Intensity | None:
    """Fit the intensity by least squares.

    Parameters
    ----------
    colours : array_like [colours, cells]
    panchromatic : array_like [cells]
        At the colours' resolution.

    Returns
    -------
    Intensity or None
        None where the cells do not determine it: fewer than ten for each unknown, or no variation.
    """
    colours = np.asarray(colours, dtype=np.float64)
    panchromatic = np.asarray(panchromatic, dtype=np.float64)
    count, cells = colours.shape
    if cells < 10 * (count + 1):
        return None
    matrix = np.vstack((colours, np.ones(cells))).T
    solution = np.linalg.lstsq(matrix, panchromatic, rcond=None)[0]
    intensity = matrix @ solution
    centred = intensity - intensity.mean()
    variance = float(centred @ centred)
    deviation = panchromatic - panchromatic.mean()
    spread = float(deviation @ deviation)
    if variance <= 1e-12 * spread or spread == 0.0:
        return None
    gains = (colours - colours.mean(axis=1, keepdims=True)) @ centred / variance
    correlation = float(centred @ deviation) / float(np.sqrt(variance * spread))
    return Intensity(solution[:-1], float(solution[-1]), gains, correlation, cells)


def sharpen(colours: NDArray[Any], panchromatic: NDArray[Any], fit: Intensity) -> Float64:
    """Add the panchromatic detail to colours.

    Parameters
    ----------
    colours : ndarray [colours, ...]
        Interpolated to the panchromatic grid.
    panchromatic : ndarray [...]
    fit : Intensity

    Returns
    -------
    float64 [colours, ...]
        Not below 0.
    """
    intensity = np.tensordot(fit.weights, colours, axes=1) + fit.offset
    detail = panchromatic - intensity
    result: Float64 = np.multiply.outer(fit.gains, detail)
    result += colours
    return np.maximum(result, 0.0, out=result)
