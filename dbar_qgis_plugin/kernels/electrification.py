"""Light that stands out from its surroundings, and thresholds from known places."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float64 = NDArray[np.float64]

RADIUS = 20  # cells: the surroundings are a square of 41 x 41
CONTRAST = 0.1

_CELLS_AT_ONCE = 1 << 14  # a few arrays of these stay in the cache


def surroundings_weights(radius: int = RADIUS) -> Float64:
    """Weights of the cells around one, 1 / (1 + d / 2)**3 at a distance of d cells, 0 at d = 0.

    float64 [2 radius + 1, 2 radius + 1], with a sum of 1 (Arderne et al. 2020).
    """
    side = np.arange(-radius, radius + 1, dtype=np.float64)
    weights: Float64 = (1.0 + np.hypot(side[:, np.newaxis], side) / 2.0) ** -3
    weights[radius, radius] = 0.0
    return np.asarray(weights / weights.sum())


def local_contrast(light: NDArray[Any], radius: int = RADIUS) -> Float64:
    """Light less the weighted mean of its surroundings.

    Parameters
    ----------
    light : ndarray [height + 2 radius, width + 2 radius]
        With the cells around the wanted ones; 0 without data and outside the raster.
    radius : int
        See `surroundings_weights`.

    Returns
    -------
    float64 [height, width]
        Summed in one order for each cell, so that it does not depend on the pieces.
    """
    light = np.asarray(light, dtype=np.float64)
    height, width = light.shape[0] - 2 * radius, light.shape[1] - 2 * radius
    weights = surroundings_weights(radius)[radius:, radius:]
    contrast = np.empty((height, width))
    rows = max(1, _CELLS_AT_ONCE // light.shape[1])
    for top in range(0, height, rows):
        here = light[top : top + rows + 2 * radius]
        contrast[top : top + rows] = _contrast_of_rows(here, weights, radius, width)
    return contrast


def _contrast_of_rows(light: Float64, weights: Float64, radius: int, width: int) -> Float64:
    """Contrast from rows with their halo; `weights` are those of one quarter, with its axes."""
    height = light.shape[0] - 2 * radius
    around = np.zeros((height, width))
    sides = np.empty((height, width))
    # The weights are the same upwards and downwards, to the left and to the right.
    for down in range(radius + 1):
        row = light[radius + down : radius + down + height]
        if down:
            row = row + light[radius - down : radius - down + height]
        for right in range(radius + 1):
            if right:
                np.add(
                    row[:, radius + right : radius + right + width],
                    row[:, radius - right : radius - right + width],
                    out=sides,
                )
            else:
                np.copyto(sides, row[:, radius : radius + width])
            sides *= weights[down, right]
            around += sides
    return np.asarray(light[radius : radius + height, radius : radius + width] - around)


def midpoint_threshold(dark: ArrayLike, lit: ArrayLike) -> tuple[float, bool]:
    """Threshold halfway between places known without and with electricity.

    (largest light of those without + smallest light of those with) / 2.

    Parameters
    ----------
    dark, lit : array_like
        Light at the places; at least one of each.

    Returns
    -------
    threshold : float
    overlap : bool
        Whether a place without electricity has as much light as one with it.
    """
    brightest, faintest = float(np.max(dark)), float(np.min(lit))
    return (brightest + faintest) / 2.0, brightest >= faintest
