"""Radiance and brightness temperature from the numbers that a sensor stores."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]

# CODATA 2018, exact since the SI of 2019.
PLANCK: Final = 6.62607015e-34  # J s
LIGHT_SPEED: Final = 299_792_458.0  # m s-1
BOLTZMANN: Final = 1.380649e-23  # J K-1

# One W m-2 sr-1 um-1 over a band of one nanometre, in nW cm-2 sr-1: 1e9 nW, 1e4 cm2, 1e-3 um.
NANOWATTS_PER_NANOMETRE: Final = 100.0


def spectral_radiance(
    values: NDArray[Any], gain: Numbers, bias: Numbers, background: Numbers = 0.0
) -> NDArray[np.float64]:
    """Radiance = values x gain + bias - background.

    Parameters
    ----------
    values : ndarray, shape (bands, height, width)
        Numbers as stored.
    gain, bias, background : float or ndarray
        Broadcast against `values`; in W m-2 sr-1 um-1 (for one step, for 0).

    Returns
    -------
    ndarray of float64, shape (bands, height, width)
        W m-2 sr-1 um-1.
    """
    result = values.astype(np.float64)
    result *= gain
    result += np.subtract(bias, background)
    return result


def band_radiance(radiances: NDArray[np.float64], width_nm: Numbers) -> NDArray[np.float64]:
    """Radiance of whole bands from spectral radiance.

    Parameters
    ----------
    radiances : ndarray of float64
        W m-2 sr-1 um-1.
    width_nm : float or ndarray
        Widths of the bands in nanometres; broadcasts against `radiances`.

    Returns
    -------
    ndarray of float64
        nW cm-2 sr-1.
    """
    result: NDArray[np.float64] = radiances * (width_nm * NANOWATTS_PER_NANOMETRE)
    return result


def brightness_temperature(
    radiances: NDArray[np.float64], wavelength_um: Numbers
) -> NDArray[np.float64]:
    """Temperature of a black body of the same radiance: Planck's law, solved for temperature.

    Parameters
    ----------
    radiances : ndarray of float64
        W m-2 sr-1 um-1.
    wavelength_um : float or ndarray
        Centre of the band in micrometres; broadcasts against `radiances`.

    Returns
    -------
    ndarray of float64
        Kelvin; NaN where the radiance is not positive.
    """
    wavelength = np.multiply(wavelength_um, 1e-6)
    per_metre = np.where(radiances > 0.0, radiances, np.nan) * 1e6
    second = PLANCK * LIGHT_SPEED / (BOLTZMANN * wavelength)
    first = 2.0 * PLANCK * LIGHT_SPEED**2 / wavelength**5
    result: NDArray[np.float64] = second / np.log1p(first / per_metre)
    return result
