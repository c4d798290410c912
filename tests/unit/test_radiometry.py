"""Radiance and temperature by hand, and against Planck's law the other way round."""

from __future__ import annotations

import numpy as np
import pytest

from dbar_qgis_plugin.kernels.radiometry import (
    band_radiance,
    brightness_temperature,
    spectral_radiance,
)


def test_radiance_by_hand():
    values = np.array([[[1, 100], [4095, 0]], [[1, 2], [3, 4]]], dtype=np.uint16)
    gain = np.array([0.5, 10.0])[:, np.newaxis, np.newaxis]
    bias = np.array([1.0, -2.0])[:, np.newaxis, np.newaxis]
    found = spectral_radiance(values, gain, bias, 0.25)
    assert found.dtype == np.float64
    assert found.tolist() == [
        [[1.25, 50.75], [2048.25, 0.75]],
        [[7.75, 17.75], [27.75, 37.75]],
    ]
    by_row = spectral_radiance(values[:1], np.array([[[1.0], [2.0]]]), 0.0)
    assert by_row.tolist() == [[[1.0, 100.0], [8190.0, 0.0]]]


def test_nanowatts_by_hand():
    # 0.01 W m-2 sr-1 um-1 over 0.294 um is 2.94e-3 W m-2 sr-1, and 1 W m-2 is 1e5 nW cm-2.
    assert band_radiance(np.array([0.01]), 294.0)[0] == pytest.approx(294.0)


@pytest.mark.parametrize("wavelength", [9.35, 10.73, 11.72])
def test_temperature_is_the_inverse_of_planck(wavelength):
    kelvin = np.linspace(180.0, 350.0, 18)
    h, c, k = 6.62607015e-34, 299_792_458.0, 1.380649e-23
    metres = wavelength * 1e-6
    light = 2 * h * c**2 / metres**5 / np.expm1(h * c / (metres * k * kelvin)) * 1e-6
    assert brightness_temperature(light, wavelength) == pytest.approx(kelvin, rel=1e-12)


def test_temperature_of_no_light():
    assert np.isnan(brightness_temperature(np.array([0.0, -1.0, np.nan]), 10.73)).all()
