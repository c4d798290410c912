"""Colour of night light: ratios and differences of three bands, and spectral types."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
Bools = NDArray[np.bool_]
UInt8 = NDArray[np.uint8]

RATIOS = ("RRLI", "RBLI", "NDIGR", "NDIBG", "SONDI")

DARK, WHITE_LED, RED_LED, OTHER, UNDEFINED = range(5)

# Cuts of Jia et al. (2024), for radiance per micrometre.
RED_CUT, BLUE_CUT = 9.0, 0.57

_GREY = (0.2989, 0.5870, 0.1140)


def colour_ratios(red: NDArray[Any], green: NDArray[Any], blue: NDArray[Any]) -> Float64:
    """Ratios and normalised differences of the colours.

    Parameters
    ----------
    red, green, blue : ndarray of one shape
        Radiance per micrometre.

    Returns
    -------
    float64 [5, ...], in the order of `RATIOS`
        NaN where a denominator is 0.

    Notes
    -----
    RRLI = R / G, RBLI = B / G, NDIGR = (G - R) / (G + R), NDIBG = (B - G) / (B + G),
    SONDI = NDIGR + NDIBG.
    """
    r, g, b = (np.asarray(band, dtype=np.float64) for band in (red, green, blue))
    found = np.full((len(RATIOS), *r.shape), np.nan)
    for row, above, below in ((0, r, g), (1, b, g), (2, g - r, g + r), (3, b - g, b + g)):
        np.divide(above, below, out=found[row], where=below != 0.0)
    found[4] = found[2] + found[3]
    return found


def brightness(red: NDArray[Any], green: NDArray[Any], blue: NDArray[Any]) -> Float64:
    """Grey value of three bands, 0.2989 R + 0.5870 G + 0.1140 B, in their unit.

    The weights are those of a photograph's luma. The red band of a night-light camera reaches into
    the near infrared, so this is no luminance.
    """
    total: Float64 = _GREY[0] * np.asarray(red, dtype=np.float64)
    total += _GREY[1] * np.asarray(green, dtype=np.float64)
    total += _GREY[2] * np.asarray(blue, dtype=np.float64)
    return total


def spectral_types(
    red: NDArray[Any],
    green: NDArray[Any],
    blue: NDArray[Any],
    lit: Bools,
    *,
    red_cut: float = RED_CUT,
    blue_cut: float = BLUE_CUT,
) -> UInt8:
    """Types of lit cells by two ratios.

    Parameters
    ----------
    red, green, blue : ndarray of one shape
        Radiance per micrometre.
    lit : bool ndarray
        The other cells are dark.
    red_cut, blue_cut : float
        RRLI above which light is of the type `RED_LED`, else RBLI above which it is `WHITE_LED`.

    Returns
    -------
    uint8 ndarray
        0 dark, 1 white LED, 2 red LED, 3 other, 4 undefined (lit, without green to divide by).
    """
    r, g, b = (np.asarray(band, dtype=np.float64) for band in (red, green, blue))
    some = g > 0.0
    ratio = np.zeros(r.shape)
    types = np.full(r.shape, OTHER, dtype=np.uint8)
    types[np.divide(b, g, out=ratio, where=some) > blue_cut] = WHITE_LED
    types[np.divide(r, g, out=ratio, where=some) > red_cut] = RED_LED
    types[~some] = UNDEFINED
    types[~lit] = DARK
    return types
