"""Change of night light: one raster brought to the scale of another, and what has changed.

Lights that did not change lie along a line, those that did lie off it. The line is found from the
cells near it, again and again until these stay the same ("pseudo-invariant features").
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dbar_qgis_plugin.kernels.light_threshold import log_bins, otsu_threshold

Float64 = NDArray[np.float64]
Bools = NDArray[np.bool_]
UInt8 = NDArray[np.uint8]

CLASSES: Final = ("dark", "lost", "dimmed", "stable", "brightened", "new")
DARK, LOST, DIMMED, STABLE, BRIGHTENED, NEW = range(6)
USUAL, UNUSUALLY_DARK, UNUSUALLY_BRIGHT = range(3)

CELLS_PER_UNKNOWN: Final = 10
MOST_ROUNDS: Final = 20
# A squared residual, in squared deviations, has the mean k and the deviation sqrt(2 k) of a chi
# squared with k = 1 degree of freedom; two deviations above the mean a cell counts as changed.
STABLE_LIMIT: Final = 1.0 + 2.0 * np.sqrt(2.0)
HUBER_DELTA: Final = 1.4
_NORMAL: Final = 1.4826  # standard deviations of a normal distribution in its median deviation
_EXACT: Final = 1e-6  # residuals below this share of the light are rounding

_SUBSETS, _SUBSET_CELLS = 500, 5_000
_MOST_STEPS = 50
_SINGULAR = 1e-8


class LightLine(NamedTuple):
    """How light of one scale becomes light of another: offset + slopes . bands.

    slopes : float64 [bands]
    scale : robust standard deviation of the stable cells around it
    r2 : share of the variance of the stable cells that it explains
    cells : number of stable cells, of the `candidates` it was sought in
    rounds : how often it was fitted until the stable cells stayed the same
    settled : whether they did
    """

    offset: float
    slopes: Float64
    scale: float = 0.0
    r2: float = 1.0
    cells: int = 0
    candidates: int = 0
    rounds: int = 0
    settled: bool = True

    def of(self, bands: ArrayLike) -> Float64:
        """Light [...] of bands [bands, ...]."""
        return np.asarray(np.tensordot(self.slopes, np.asarray(bands), axes=1) + self.offset)

    def is_stable(self, light: ArrayLike, bands: ArrayLike) -> Bools:
        """Tell which cells [...] lie so near the line that they have not changed."""
        residuals = np.asarray(light) - self.of(bands)
        return np.asarray(residuals**2 <= STABLE_LIMIT * self.scale**2)


def lit_threshold(values: ArrayLike) -> float | None:
    """Otsu's threshold on log(1 + light / median of what is above 0); None without light.

    Dark cells are part of it, those below 0 as 0: where they are blank, lit cells are not parted
    among themselves. The median makes it the same in any unit.
    """
    light = np.maximum(np.asarray(values, dtype=np.float64), 0.0)
    lit = light > 0.0
    if not lit.any():
        return None
    unit = float(np.median(light[lit]))
    low, high = float(light.min()) / unit, float(light.max()) / unit
    if low == high:
        return low * unit
    counts = np.bincount(log_bins(light / unit, low, high))
    return otsu_threshold(counts, low, high) * unit


def fit_stable_line(light: ArrayLike, bands: ArrayLike) -> LightLine | None:
    """Find the line of the cells that have not changed.

    It starts from the line with the least median of squares (Rousseeuw 1984) of many small subsets.
    Each round keeps the cells whose squared residual is at most `STABLE_LIMIT` squared robust
    deviations, and fits them by Huber's loss with a bend at 1.4 deviations.

    Parameters
    ----------
    light : array_like [cells]
        The scale wanted.
    bands : array_like [bands, cells]
        The other raster in the same cells.

    Returns
    -------
    LightLine or None
        None where the cells do not determine it: fewer than `CELLS_PER_UNKNOWN` for each unknown,
        or bands that do not vary, or only together.
    """
    y = np.asarray(light, dtype=np.float64)
    x = np.asarray(bands, dtype=np.float64)
    least = CELLS_PER_UNKNOWN * (x.shape[0] + 1)
    if y.size < least:
        return None
    mean, spread = x.mean(axis=1), x.std(axis=1)
    if (spread <= _SINGULAR * np.abs(x).max(axis=1)).any():
        return None
    design = np.vstack((np.ones(y.size), (x - mean[:, np.newaxis]) / spread[:, np.newaxis]))
    start = _least_median_of_squares(y, design)
    if start is None:
        return None
    exact = _EXACT * float(np.median(np.abs(y)))
    coefficients, scale, stable = start, 0.0, np.ones(y.size, dtype=bool)
    rounds, settled = 0, False
    while rounds < MOST_ROUNDS and not settled:
        rounds += 1
        residuals = y - coefficients @ design
        scale = max(_NORMAL * float(np.median(np.abs(residuals[stable]))), exact)
        near = residuals**2 <= STABLE_LIMIT * scale**2
        if np.count_nonzero(near) < least:
            return None
        settled, stable = bool((near == stable).all()), near
        fitted = _huber(y[stable], design[:, stable], coefficients, HUBER_DELTA * scale)
        if fitted is None:
            return None
        coefficients = fitted
    residuals = (y - coefficients @ design)[stable]
    varied = y[stable] - y[stable].mean()
    variance = float(varied @ varied)
    slopes = coefficients[1:] / spread
    return LightLine(
        float(coefficients[0] - slopes @ mean),
        slopes,
        scale,
        1.0 - float(residuals @ residuals) / variance if variance > 0.0 else 0.0,
        int(np.count_nonzero(stable)),
        y.size,
        rounds,
        settled,
    )


def _least_median_of_squares(y: Float64, design: Float64) -> Float64 | None:
    """Of the lines through small subsets, the one with the smallest median residual."""
    places = np.linspace(0, y.size - 1, min(y.size, _SUBSET_CELLS)).astype(np.int64)
    y, design = y[places], design[:, places]
    chosen = np.random.default_rng(0).integers(y.size, size=(_SUBSETS, design.shape[0]))
    matrices = np.moveaxis(design[:, chosen], 0, -1)
    sound = np.abs(np.linalg.det(matrices)) > _SINGULAR
    if not sound.any():
        return None
    lines = np.linalg.solve(matrices[sound], y[chosen][sound][..., np.newaxis])[..., 0]
    medians = [float(np.median(np.abs(y - line @ design))) for line in lines]
    return np.asarray(lines[int(np.argmin(medians))], dtype=np.float64)


def _huber(y: Float64, design: Float64, start: Float64, delta: float) -> Float64 | None:
    """Minimise Huber's loss by least squares, weighted anew from step to step."""
    found = start
    for _ in range(_MOST_STEPS):
        residuals = np.abs(y - found @ design)
        weighted = design * np.minimum(1.0, delta / np.maximum(residuals, delta))
        matrix = weighted @ design.T
        if np.linalg.cond(matrix) > 1.0 / _SINGULAR:
            return None
        previous, found = found, np.asarray(np.linalg.solve(matrix, weighted @ y), np.float64)
        if np.abs(found - previous).max() <= 1e-10 * np.abs(found).max():
            break
    return found


def relative_change(before: ArrayLike, after: ArrayLike, was_lit: ArrayLike) -> Float64:
    """(after - before) / before where it was lit, so above 0; NaN elsewhere, where it is noise."""
    before = np.asarray(before, dtype=np.float64)
    result = np.full(before.shape, np.nan)
    np.divide(np.asarray(after) - before, before, out=result, where=np.asarray(was_lit))
    return result


def change_classes(
    before: ArrayLike, after: ArrayLike, was_lit: ArrayLike, is_lit: ArrayLike, change: float
) -> UInt8:
    """Classes of change, places in `CLASSES`.

    Parameters
    ----------
    before, after : array_like
        Light on one scale.
    was_lit, is_lit : bool array_like
        Whether a cell is lit before and after.
    change : float
        Share of the light before by which a cell must change.

    Returns
    -------
    uint8 ndarray
        dark: lit at neither date. lost: fell by more than the share, and is no longer lit; dimmed:
        fell by more, and is. new: rose by more than the share, and was not lit; brightened: rose by
        more, and was. stable: all others that are lit at either date.
    """
    before = np.asarray(before, dtype=np.float64)
    after = np.asarray(after, dtype=np.float64)
    was, now = np.asarray(was_lit), np.asarray(is_lit)
    least = change * np.maximum(before, 0.0)
    fell, rose = before - after > least, after - before > least
    result = np.where(was | now, STABLE, DARK).astype(np.uint8)
    result[was & fell] = DIMMED
    result[was & fell & ~now] = LOST
    result[now & rose] = BRIGHTENED
    result[now & rose & ~was] = NEW
    return result


def z_scores(
    after: ArrayLike, baseline: ArrayLike, valid: ArrayLike, epsilon: float, least: int
) -> Float64:
    """(after - mean) / (deviation + epsilon) of a baseline of scenes.

    Parameters
    ----------
    after : array_like [...]
    baseline, valid : array_like [scenes, ...]
    epsilon : float
        Keeps cells that never vary from dividing by 0; of the unit of the light.
    least : int
        Fewest scenes with data.

    Returns
    -------
    float64 [...]
        The deviation is that of the scenes themselves (divided by their number). NaN where fewer
        scenes have data.
    """
    baseline = np.asarray(baseline, dtype=np.float64)
    valid = np.asarray(valid)
    count = valid.sum(axis=0)
    among = np.maximum(count, 1)
    mean = baseline.sum(axis=0, where=valid) / among
    variance = ((baseline - mean) ** 2).sum(axis=0, where=valid) / among
    result = (np.asarray(after) - mean) / (np.sqrt(variance) + epsilon)
    result[count < least] = np.nan
    return np.asarray(result)
