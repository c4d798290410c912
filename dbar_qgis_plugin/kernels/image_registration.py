"""Shifts between two images of the same lights, by phase correlation, and resampling by shifts.

Phase correlation (C. D. Kuglin and D. C. Hines, 1975): the cross-power spectrum of two images,
freed of its magnitudes, is that of a peak at their shift. Here it is weighted by a Gaussian, which
leaves out what is mostly noise and makes the peak a Gaussian, so that a parabola through the
logarithms of its top and of the values beside it is exact.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Bool = NDArray[np.bool_]
Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
Spectrum = NDArray[np.complex128]

BILINEAR, CUBIC = "bilinear", "cubic"

_PEAK_SPREAD = 1.4  # standard deviation of the peak, in cells
_PEAK_REACH = 6  # cells around the peak that belong to it
_MOST_QUALITY = 99.0  # stands for "no second peak at all"
_DARK_PERCENT = 10.0
_LEAST_WEIGHT = 0.2
# Outliers: so many spreads, and at least so many cells, from the middle of all.
_OUTLIER_SPREADS, _OUTLIER_CELLS = 4.0, 0.5
_TAPS: Final = {BILINEAR: (0, 1), CUBIC: (-1, 0, 1, 2)}


class Match(NamedTuple):
    """How far an image lies off another, and how sure that is.

    down, right : shift in cells: what the other image shows at row r and column c, this one shows
        at r + down and c + right
    quality : height of the peak over that of the next one
    """

    down: float
    right: float
    quality: float


def light_signal(values: NDArray[Any], valid: Bool) -> Float64 | None:
    """Logarithm of the light above dark ground, with edges faded out.

    Parameters
    ----------
    values : ndarray [rows, cols]
        In any unit: light is measured by the median of what is above the 10th percentile.
    valid : bool ndarray [rows, cols]
        Cells without data count as dark.

    Returns
    -------
    float64 ndarray [rows, cols] or None
        Faded by a Hann window; None where all is equally dark.
    """
    known = values[valid].astype(np.float64)
    if not known.size:
        return None
    place = int((known.size - 1) * _DARK_PERCENT / 100.0)
    dark = np.partition(known, place)[place]
    light = np.where(valid, np.maximum(values - dark, 0.0), 0.0)
    bright = light[light > 0]
    if not bright.size:
        return None
    signal = np.log1p(light / np.median(bright))
    window = _hann(values.shape[0])[:, np.newaxis] * _hann(values.shape[1])
    faded: Float64 = (signal - np.average(signal, weights=window)) * window
    return faded


def _hann(count: int) -> Float64:
    return 0.5 - 0.5 * np.cos(2.0 * np.pi * (np.arange(count) + 0.5) / count)


def cross_power(reference: Float64, moving: Float64) -> Spectrum:
    """Cross-power spectrum of two signals of one shape, each frequency of magnitude 1 or 0.

    Spectra of several pairs that are shifted alike can be added up.
    """
    product = np.fft.rfft2(moving) * np.conj(np.fft.rfft2(reference))
    size = np.abs(product)
    floor = 1e-12 * size.max()
    spectrum: Spectrum = np.where(size > floor, product / np.maximum(size, floor or 1.0), 0.0)
    return spectrum


def match(spectrum: Spectrum, shape: tuple[int, int]) -> Match:
    """Find the peak of a cross-power spectrum.

    Parameters
    ----------
    spectrum : complex ndarray
        Of one pair, or the sum of several.
    shape : tuple of int
        Rows and columns of the signals.
    """
    down, right = np.fft.fftfreq(shape[0])[:, np.newaxis], np.fft.rfftfreq(shape[1])
    weight = np.exp(-2.0 * (np.pi * _PEAK_SPREAD) ** 2 * (down**2 + right**2))
    surface = np.fft.irfft2(spectrum * weight, shape)
    row, col = (int(place) for place in np.unravel_index(surface.argmax(), shape))
    top = surface[row, col]
    around = np.arange(-_PEAK_REACH, _PEAK_REACH + 1)
    others = surface.copy()
    others[np.ix_((row + around) % shape[0], (col + around) % shape[1])] = -np.inf
    second = others.max()
    if top <= 0.0:
        return Match(0.0, 0.0, 0.0)
    return Match(
        _signed(row, shape[0]) + _between(surface[:, col], row),
        _signed(col, shape[1]) + _between(surface[row], col),
        float(top / second) if second > top / _MOST_QUALITY else _MOST_QUALITY,
    )


def _signed(place: int, count: int) -> int:
    return place - count if place > count // 2 else place


def _between(line: Float64, top: int) -> float:
    """Place of the peak between cells, from its top, by a parabola through the logarithms."""
    three = line[(top + np.arange(-1, 2)) % line.size]
    if line.size < 3:
        return 0.0
    if three.min() > 0.0:
        three = np.log(three)
    bend = 2.0 * three[1] - three[0] - three[2]
    return float(0.5 * (three[2] - three[0]) / bend) if bend > 0.0 else 0.0


def outliers(shifts: Float64) -> Bool:
    """Shifts [patches, 2] that differ from most others.

    By more than 4 times 1.4826 times the median distance from the median, and by half a cell.
    """
    away = np.abs(shifts - np.median(shifts, axis=0))
    spread = 1.4826 * np.median(away, axis=0)
    far: Bool = np.logical_or.reduce(
        away > np.maximum(_OUTLIER_SPREADS * spread, _OUTLIER_CELLS), axis=1
    )
    return far


def smooth_shifts(
    places: Float64, shifts: Float64, rows: Float64, cols: Float64, reach: tuple[float, float]
) -> Float64:
    """Shifts at the nodes of a lattice, from those at places: planes fitted with weights.

    Parameters
    ----------
    places : float64 ndarray [patches, 2]
        Row and column of each.
    shifts : float64 ndarray [patches, 2]
    rows, cols : float64 ndarray
        Of the nodes.
    reach : tuple of float
        Standard deviation of the Gaussian weights, in rows and columns.

    Returns
    -------
    float64 ndarray [2, rows, cols]
        A plane's slope is fitted where there are places on all sides, and is damped where not.
    """
    result = np.empty((2, rows.size, cols.size))
    scale = np.asarray(reach, dtype=np.float64)
    for i, row in enumerate(rows):
        for j, col in enumerate(cols):
            away = (places - (row, col)) / scale
            weight = np.exp(-0.5 * np.minimum((away**2).sum(axis=1), 200.0))
            design = np.column_stack((np.ones(len(places)), away))
            normal = (design * weight[:, np.newaxis]).T @ design
            damping = 0.01 * normal[0, 0]
            normal[[1, 2], [1, 2]] += damping
            result[:, i, j] = np.linalg.solve(normal, (design * weight[:, np.newaxis]).T @ shifts)[
                0
            ]
    return result


def shifted(
    values: NDArray[Any],
    valid: Bool,
    down: Float32,
    right: Float32,
    corner: tuple[int, int],
    resampling: str,
) -> tuple[Float32, Bool]:
    """Read an image at shifted places.

    Parameters
    ----------
    values : ndarray [rows, cols]
        With cells around those wanted, as far as shifts reach.
    valid : bool ndarray [rows, cols]
    down, right : float32 ndarray
        Shift of each cell wanted.
    corner : tuple of int
        Row and column in `values` of the first cell wanted.
    resampling : {"bilinear", "cubic"}
        Cubic: Keys's convolution with a = -0.5.

    Returns
    -------
    found : float32 ndarray of the shape of `down`
        0 where not valid. Weights of neighbours without data go to the others.
    valid : bool ndarray of that shape
        Where the nearest cell has data.
    """
    whole_down, whole_right = np.floor(down), np.floor(right)
    rows = whole_down.astype(np.int32) + (np.arange(down.shape[0]) + corner[0])[:, np.newaxis]
    cols = whole_right.astype(np.int32) + (np.arange(down.shape[1]) + corner[1])
    row_weights, col_weights = (
        _weights(part, resampling) for part in (down - whole_down, right - whole_right)
    )
    total = np.zeros(down.shape, dtype=np.float32)
    weight_sum = np.zeros_like(total)
    nearest = np.zeros(down.shape, dtype=bool)
    near_row, near_col = down - whole_down >= 0.5, right - whole_right >= 0.5
    flat, known = values.ravel(), valid.ravel()
    for row_tap, row_weight in zip(_TAPS[resampling], row_weights, strict=True):
        tap_rows = rows + row_tap
        row_inside = (tap_rows >= 0) & (tap_rows < values.shape[0])
        starts = np.clip(tap_rows, 0, values.shape[0] - 1) * values.shape[1]
        for col_tap, col_weight in zip(_TAPS[resampling], col_weights, strict=True):
            tap_cols = cols + col_tap
            index = starts + np.clip(tap_cols, 0, values.shape[1] - 1)
            good = known[index] & row_inside & (tap_cols >= 0) & (tap_cols < values.shape[1])
            weight = np.where(good, row_weight * col_weight, np.float32(0.0))
            total += weight * flat[index].astype(np.float32)
            weight_sum += weight
            nearest |= (
                good
                & (near_row == (row_tap == 1))
                & (near_col == (col_tap == 1))
                & (row_tap in (0, 1) and col_tap in (0, 1))
            )
    nearest &= weight_sum > _LEAST_WEIGHT
    return np.divide(total, weight_sum, out=np.zeros_like(total), where=nearest), nearest


def _weights(part: Float32, resampling: str) -> tuple[Float32, ...]:
    """Weights of the taps for a place that lies `part` of a cell beyond the tap 0."""
    if resampling == BILINEAR:
        return np.float32(1.0) - part, part
    half = np.float32(0.5)
    square = part * part
    cube = square * part
    return (
        half * (2 * square - cube - part),
        half * (3 * cube - 5 * square + 2),
        half * (4 * square - 3 * cube + part),
        half * (cube - square),
    )
