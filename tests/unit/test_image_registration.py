"""Phase correlation and resampling: planted shifts, other implementations, hand-worked cases."""

from __future__ import annotations

import numpy as np
import pytest

from dbar_qgis_plugin.kernels.image_registration import (
    cross_power,
    light_signal,
    match,
    outliers,
    shifted,
    smooth_shifts,
)


def lamps(shape, shift=(0.0, 0.0), count=40, seed=1, noise=0.0):
    """Whole numbers: background 1, lamps in closed form, and stray values in some cells."""
    rng = np.random.default_rng(seed)
    rows, cols = np.mgrid[: shape[0], : shape[1]]
    light = np.ones(shape)
    for _ in range(count):
        row, col = rng.uniform(0, shape[0]), rng.uniform(0, shape[1])
        spread, power = rng.uniform(0.5, 2.0), rng.uniform(5, 900)
        away = (rows - row - shift[0]) ** 2 + (cols - col - shift[1]) ** 2
        light += power * np.exp(-0.5 * away / spread**2)
    stray = np.random.default_rng([seed, *np.abs(np.rint(100 * np.array(shift))).astype(int)])
    hit = stray.random(shape) < noise
    light[hit] += stray.integers(5, 60, hit.sum())
    return np.rint(light)


def everywhere(values):
    return np.ones(np.shape(values), dtype=bool)


def found(reference, moving):
    signals = [light_signal(image, everywhere(image)) for image in (reference, moving)]
    return match(cross_power(*signals), reference.shape)


SHIFTS = [(0.0, 0.0), (0.25, -0.4), (1.2, -0.7), (0.5, 0.5), (-3.3, 2.8), (6.0, -4.5)]


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("noise", [0.0, 0.01, 0.05])
def test_planted_shifts_to_a_tenth_of_a_cell(shift, noise):
    reference = lamps((192, 160), noise=noise, seed=2)
    result = found(reference, lamps((192, 160), shift, noise=noise, seed=2))
    assert (result.down, result.right) == pytest.approx(shift, abs=0.1)
    assert result.quality > 5


def test_whole_shifts_are_exact():
    image = lamps((96, 128))
    signal = light_signal(image, everywhere(image))
    result = match(cross_power(signal, np.roll(signal, (7, -20), (0, 1))), signal.shape)
    assert (result.down, result.right) == pytest.approx((7, -20), abs=1e-9)
    assert result.quality == 99


def by_definition(reference, moving, around, step=0.02):
    """Top of the phase correlation by its definition, on a fine grid around a place."""
    product = np.fft.fft2(moving) * np.conj(np.fft.fft2(reference))
    phase = product / np.maximum(np.abs(product), 1e-9)
    fine = np.arange(-1.0, 1.0 + step / 2, step)
    rows, cols = around[0] + fine, around[1] + fine
    down = np.exp(2j * np.pi * np.outer(rows, np.fft.fftfreq(reference.shape[0])))
    right = np.exp(2j * np.pi * np.outer(np.fft.fftfreq(reference.shape[1]), cols))
    row, col = np.unravel_index((down @ phase @ right).real.argmax(), (rows.size, cols.size))
    return rows[row], cols[col]


@pytest.mark.parametrize("shift", SHIFTS)
def test_phase_correlation_by_its_definition(shift):
    reference, moving = lamps((128, 128)), lamps((128, 128), shift)
    result = found(reference, moving)
    signals = [light_signal(image, everywhere(image)) for image in (reference, moving)]
    expected = by_definition(*signals, np.rint(shift))
    assert (result.down, result.right) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("shift", SHIFTS)
def test_phase_correlation_of_another_library(shift):
    registration = pytest.importorskip("skimage.registration")
    reference, moving = lamps((128, 128)), lamps((128, 128), shift)
    result = found(reference, moving)
    signals = [light_signal(image, everywhere(image)) for image in (reference, moving)]
    expected = registration.phase_cross_correlation(*signals, upsample_factor=100)[0]
    # It gives the shift that brings the second image back onto the first.
    assert (result.down, result.right) == pytest.approx(-expected, abs=0.1)


def test_images_of_different_lights_do_not_match():
    for seed in range(5):
        result = found(
            lamps((128, 128), seed=seed, noise=0.01), lamps((128, 128), seed=seed + 50, noise=0.01)
        )
        assert result.quality < 1.3


def test_units_do_not_matter():
    image = lamps((64, 64))
    signal = light_signal(image, everywhere(image))
    assert light_signal(3e-7 * image - 2.0, everywhere(image)) == pytest.approx(signal, abs=1e-6)


def test_no_light():
    dark = np.full((20, 20), 3.0)
    assert light_signal(dark, everywhere(dark)) is None
    assert light_signal(dark, ~everywhere(dark)) is None
    valid = everywhere(dark)
    dark[4, 4] = 90
    valid[4, 4] = False
    assert light_signal(dark, valid) is None


def test_one_row():
    image = lamps((1, 200), count=15)
    signal = light_signal(image, everywhere(image))
    result = match(cross_power(signal, np.roll(signal, 3, 1)), signal.shape)
    assert (result.down, result.right) == pytest.approx((0, 3), abs=1e-9)


# -- shifts of patches


def test_outliers():
    shifts = np.array([[1.0, 2.0], [1.1, 2.0], [0.9, 2.1], [1.0, 1.9], [1.3, 2.0], [1.0, 2.8]])
    assert outliers(shifts).tolist() == [False, False, False, False, False, True]


def test_a_plane_of_shifts_is_found_again():
    rng = np.random.default_rng(1)
    places = rng.uniform(0, 1000, (60, 2))

    def plane(rows, cols):
        return np.stack([0.4 + 0.001 * rows - 0.0005 * cols, -1.0 + 0.0 * rows + 0.002 * cols])

    nodes = np.linspace(0, 1000, 5)
    result = smooth_shifts(places, plane(*places.T).T, nodes, nodes, (300.0, 300.0))
    assert result == pytest.approx(plane(*np.meshgrid(nodes, nodes, indexing="ij")), abs=0.03)
    one = smooth_shifts(places[:1], np.array([[0.5, -2.0]]), nodes, nodes, (300.0, 300.0))
    assert one[0] == pytest.approx(np.full((5, 5), 0.5))


# -- resampling


def fields(shape, down, right):
    return np.full(shape, down, dtype=np.float32), np.full(shape, right, dtype=np.float32)


def test_bilinear_is_that_of_scipy():
    from scipy import ndimage

    rng = np.random.default_rng(2)
    values = rng.integers(1, 4000, (40, 30)).astype(np.uint16)
    down = rng.uniform(-2, 2, (30, 20)).astype(np.float32)
    right = rng.uniform(-2, 2, (30, 20)).astype(np.float32)
    result, valid = shifted(values, everywhere(values), down, right, (5, 4), "bilinear")
    rows, cols = np.mgrid[:30, :20]
    places = rows + 5.0 + down, cols + 4.0 + right
    assert valid.all()
    expected = ndimage.map_coordinates(values.astype(float), places, order=1)
    assert result == pytest.approx(expected, rel=1e-5)


def test_cubic_keeps_parabolas():
    rows, cols = np.mgrid[:20.0, :16.0]
    values = 3.0 + 0.5 * rows**2 - 0.25 * rows * cols + 0.1 * cols**2
    down, right = fields((10, 8), 0.3, -1.6)
    result, _ = shifted(values, everywhere(values), down, right, (4, 4), "cubic")
    rows, cols = rows[4:14, 4:12] + 0.3, cols[4:14, 4:12] - 1.6
    expected = 3.0 + 0.5 * rows**2 - 0.25 * rows * cols + 0.1 * cols**2
    assert result == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("resampling", ["bilinear", "cubic"])
def test_whole_cells_are_copied_and_gaps_stay(resampling):
    rng = np.random.default_rng(3)
    values = rng.integers(1, 4000, (12, 12)).astype(np.uint16)
    valid = rng.random((12, 12)) > 0.3
    result, good = shifted(values, valid, *fields((8, 8), -2.0, 1.0), (2, 2), resampling)
    assert (good == valid[:8, 3:11]).all()
    assert (result[good] == values[:8, 3:11][good]).all()
    assert (result[~good] == 0).all()


@pytest.mark.parametrize("resampling", ["bilinear", "cubic"])
def test_beyond_the_image_there_is_nothing(resampling):
    values = np.ones((4, 4))
    result, good = shifted(
        values, everywhere(values), *fields((4, 4), 0.0, 1.4), (0, 0), resampling
    )
    assert good.tolist() == [[True, True, True, False]] * 4
    assert result[good] == pytest.approx(1.0)


def test_gaps_take_no_part_in_the_mean():
    values = np.array([[10.0, 1000.0], [30.0, 50.0]])
    valid = np.array([[True, False], [True, True]])
    result, good = shifted(values, valid, *fields((1, 1), 0.25, 0.25), (0, 0), "bilinear")
    # Weights 9, 3, 3, 1 of 16, of which the second is not there.
    assert good.all()
    assert result[0, 0] == pytest.approx((9 * 10 + 3 * 30 + 1 * 50) / 13)
    # Nearest to the gap there is nothing.
    _, good = shifted(values, valid, *fields((1, 1), 0.25, 0.75), (0, 0), "bilinear")
    assert not good.any()
