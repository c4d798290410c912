"""Cleaning of night lights: the level of dark ground, stripes, noise, stray light.

What is no light is found by comparison with the background, the most frequent value of each band
of a scene: dark ground holds 1 in newer SDGSAT-1 products, 7 in older ones, and never 0.

Stripes: Liu et al., as published with the source code of STARS. Lines are summed by the fast
discrete Radon transform (M. L. Brady, SIAM J. Comput. 27, 1998; W. A. Götz and H. J. Druckmüller,
Pattern Recognition 29, 1996). Panchromatic guide: after "PGDA", in our reading.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Bool = NDArray[np.bool_]
Int64 = NDArray[np.int64]
Array = NDArray[Any]
Indices = NDArray[np.int64]

KEYS: Final = 1 << 16
FILLS: Final = {"median": 50, "percentile75": 75}
_STEEPEST = float(np.tan(np.radians(10.0)))  # of a stripe against the rows
_LONGEST_SHARE = 4  # a line must cross at least this part of a panel's columns to count
_OFF_FIRST, _OFF_LAST = 2, 4  # rows by which a stripe may leave the line that goes straight on
_SHORTEST = 8  # columns on which a stripe goes on
_ROUNDING_SPREAD = 12**-0.5  # standard deviation that rounding to whole numbers alone makes


class Change(enum.IntEnum):
    """What cleaning did to a cell; of several steps the last."""

    DARK = 0  # dark before and after
    LIGHT = 1  # light, kept
    STRIPE = 2  # filled from its neighbours
    DEFECT = 3  # below the background in a band
    STRAY = 4  # no more than the background surface
    DIM = 5  # below the median of a band
    NO_PANCHROMATIC = 6  # no light in the panchromatic bands
    ONE_BAND = 7  # light in one band only
    SMALL = 8  # part of a small group of cells in a band
    NO_DATA = 255


# -- levels of a band, from a histogram


def keys(values: Array) -> NDArray[np.uint16]:
    """Whole numbers of 16 bits in the order of the values.

    Parameters
    ----------
    values : ndarray of an integer type of up to 16 bits, or of float32
        Integers are counted from the smallest of their type; of float32 these are the upper 16
        bits, which tell values apart that differ by more than 0.8 %.
    """
    if values.dtype.kind == "u":
        return values.astype(np.uint16, copy=False)
    if values.dtype.kind == "i":
        return (values.astype(np.int32) - np.iinfo(values.dtype).min).astype(np.uint16)
    return (_ordered_bits(values) >> 16).astype(np.uint16)


def low_keys(values: Array) -> NDArray[np.uint16]:
    """Lower 16 bits of float32 values, in the order of the values of one `keys`."""
    return (_ordered_bits(values) & 0xFFFF).astype(np.uint16)


def _ordered_bits(values: Array) -> NDArray[np.uint32]:
    """Bits of float32 as whole numbers that grow with the value."""
    bits = (values + np.float32(0.0)).view(np.uint32)  # no -0
    return bits ^ np.where(bits >> 31, np.uint32(0xFFFFFFFF), np.uint32(0x80000000))


def key_values(dtype: np.dtype[Any], low: int = 0) -> NDArray[np.float64]:
    """Value of each of the `KEYS`: of float32 the one with these lower 16 bits."""
    every = np.arange(KEYS, dtype=np.uint32)
    if dtype.kind in "iu":
        return every.astype(np.float64) + float(np.iinfo(dtype).min)
    bits = (every << np.uint32(16)) | np.uint32(low)
    bits ^= np.where(bits >> 31, np.uint32(0x80000000), np.uint32(0xFFFFFFFF))
    with np.errstate(invalid="ignore"):  # some bits are no number
        return bits.view(np.float32).astype(np.float64)


def key_counts(values: Array, valid: Bool) -> Int64:
    """Histogram of `keys`, int64 [`KEYS`]."""
    known = values.ravel() if valid.all() else values[valid]
    return np.bincount(keys(known), minlength=KEYS)


class Levels(NamedTuple):
    """Levels of a band.

    background : the most frequent value, of several the smallest
    median : of all values; of float32 to 0.8 %
    spread : 1.4826 times the median distance from the background; at least that of rounding
    """

    background: float
    median: float
    spread: float


def levels(counts: Int64, dtype: np.dtype[Any], low: int = 0) -> Levels:
    """Levels of a band from its histogram.

    Parameters
    ----------
    counts : int64 ndarray [`KEYS`]
        From `key_counts`; at least one value.
    dtype : dtype
        Type of the values.
    low : int
        Lower 16 bits of the most frequent float32 value.
    """
    values = key_values(dtype, low)
    mode = int(counts.argmax())
    present = np.flatnonzero(counts)
    background = float(values[mode])
    distances = np.abs(values[present] - background)
    order = np.argsort(distances, kind="stable")
    spread = 1.4826 * float(distances[order][_middle(counts[present][order])])
    return Levels(
        background,
        float(values[present][_middle(counts[present])]),
        max(spread, _ROUNDING_SPREAD if dtype.kind in "iu" else 0.0),
    )


def _middle(counts: Int64) -> int:
    """Place of the median in counts of values in order; of two the lower."""
    total = np.cumsum(counts)
    return int(np.searchsorted(total, (total[-1] + 1) // 2))


# -- steps on cells


def lit(values: Array, valid: Bool, backgrounds: Array) -> Bool:
    """Cells above the background, per band.

    Parameters
    ----------
    values : ndarray [bands, rows, cols]
    valid : bool ndarray [rows, cols]
    backgrounds : ndarray [bands], of the type of `values`
    """
    light: Bool = values > backgrounds[:, np.newaxis, np.newaxis]
    light &= valid
    return light


def in_two_bands(light: Bool) -> Bool:
    """Cells, bool [rows, cols], that are lit in at least two of the bands."""
    once: Bool = light[0].copy()
    twice = np.zeros_like(once)
    for band in light[1:]:
        twice |= once & band
        once |= band
    return twice


def dilated(mask: Bool, reach: int) -> Bool:
    """Cells within so many cells of the mask, diagonals counting as one."""
    for axis in (0, 1):
        wide = mask.copy()
        for step in range(1, min(reach, mask.shape[axis] - 1) + 1):
            there, here = _shifted(mask.shape, axis, step)
            wide[here] |= mask[there]
            wide[there] |= mask[here]
        mask = wide
    return mask


def _shifted(
    shape: tuple[int, ...], axis: int, step: int
) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """Cells, and those `step` further on along an axis."""
    index = [slice(None)] * len(shape)
    index[axis] = slice(None, -step)
    first = tuple(index)
    index[axis] = slice(step, None)
    return first, tuple(index)


def any_within(mask: Bool, rows: tuple[Indices, Indices], cols: tuple[Indices, Indices]) -> Bool:
    """Whether any cell of the mask lies in each rectangle of a grid of them.

    Parameters
    ----------
    mask : bool ndarray [rows, cols]
    rows, cols : tuple of int ndarrays
        First and one past the last row (column) of each line of rectangles. Lines follow each
        other, and share a row (column) at most; the first begins and the last ends with the mask.
    """
    for axis, (first, last) in enumerate((rows, cols)):
        within = np.logical_or.reduceat(mask, first, axis=axis)
        mask = within | mask.take(last - 1, axis=axis)  # one that is also the next line's
    return mask


def small_groups(mask: Bool, fewest: int, *, diagonal: bool = False) -> Bool:
    """Cells of the mask in groups of fewer than `fewest` cells.

    A part of a raster needs `fewest` - 1 cells around it: a group that reaches further is not
    small, whatever lies there.

    Parameters
    ----------
    mask : bool ndarray [rows, cols]
    fewest : int
        Cells that a group needs; below 2 none is small.
    diagonal : bool
        Whether cells that touch at a corner belong together.
    """
    from scipy import ndimage

    small = np.zeros_like(mask)
    cells = np.flatnonzero(mask)
    if fewest < 2 or not cells.size:
        return small
    labels, _ = ndimage.label(mask, np.ones((3, 3)) if diagonal else None)
    members = labels.ravel()[cells]
    small.ravel()[cells] = np.bincount(members)[members] < fewest
    return small


# -- stray light


def low_percentiles(values: Array, valid: Bool, size: int, percent: float) -> NDArray[np.float32]:
    """A low percentile of each square of cells.

    Parameters
    ----------
    values : ndarray [bands, rows, cols]
        From a square's corner on.
    valid : bool ndarray [rows, cols]
    size : int
        Rows and columns of a square.
    percent : float
        The value is one that occurs: the one at place (n - 1) * percent / 100, rounded down.

    Returns
    -------
    float32 ndarray [bands, squares down, squares across]
        NaN where less than a tenth of a square has data.
    """
    bands, rows, cols = values.shape
    down, across = -(-rows // size), -(-cols // size)
    result = np.full((bands, down, across), np.nan, dtype=np.float32)
    for row in range(down):
        for col in range(across):
            here = (
                slice(row * size, (row + 1) * size),
                slice(col * size, (col + 1) * size),
            )
            known = valid[here]
            count = int(np.count_nonzero(known))
            if not count or 10 * count < known.size:
                continue
            place = int((count - 1) * percent / 100.0)
            for band in range(bands):
                cells = values[band][here][known]
                result[band, row, col] = np.partition(cells, place)[place]
    return result


def nearest_known(nodes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give nodes [bands, rows, cols] without a value that of the nearest with one."""
    from scipy import ndimage

    missing = np.isnan(nodes[0])
    if not missing.any():
        return nodes
    rows, cols = ndimage.distance_transform_edt(
        missing, return_distances=False, return_indices=True
    )
    return nodes[:, rows, cols]


def subtract_stray(values: Array, stray: NDArray[np.float32], backgrounds: Array) -> Array:
    """Take stray light off what is above the background, down to the background at most.

    Parameters
    ----------
    values : ndarray [bands, rows, cols]
    stray : float32 ndarray of that shape
        Light above the background, at least 0; rounded where values are whole numbers.
    backgrounds : ndarray [bands], of the type of `values`
    """
    floor = backgrounds[:, np.newaxis, np.newaxis]
    if values.dtype.kind == "f":
        lowered: Array = values - stray
    else:
        lowered = values - np.rint(stray).astype(np.int32)
    lowered = np.maximum(lowered, floor, out=lowered).astype(values.dtype, copy=False)
    return np.where(values > floor, lowered, values)


# -- stripes


class Line(NamedTuple):
    """A stripe's middle: a band, a panel of columns, and its row at the panel's ends."""

    band: int
    first_col: int
    last_col: int
    first_row: int
    last_row: int


def gaps(valid: Bool, reach: int) -> Bool:
    """Cells without data that have some within `reach` rows both above and below them."""
    if valid.all():
        return np.zeros_like(valid)
    above, below = np.zeros_like(valid), np.zeros_like(valid)
    for step in range(1, min(reach, len(valid) - 1) + 1):
        above[step:] |= valid[:-step]
        below[:-step] |= valid[step:]
    return ~valid & above & below


def stripe_candidates(values: Array, valid: Bool, gap: Bool, backgrounds: Array) -> Bool:
    """Cells that may belong to a stripe, per band.

    A band's cell is no candidate where it is above the background, nor where all bands are at
    theirs. Cells without data are, where they are a `gap`.
    """
    floor = backgrounds[:, np.newaxis, np.newaxis]
    odd = (values != floor).any(axis=0) & valid
    candidates: Bool = ((values <= floor) & odd) | gap
    return candidates


def sums_along_lines(mask: Bool) -> NDArray[np.uint16]:
    """Sum a mask along all lines that go down by up to 10 degrees from left to right.

    Parameters
    ----------
    mask : bool ndarray [rows, cols]

    Returns
    -------
    uint16 ndarray [drops, rows]
        By how many rows a line goes down over the columns, filled up to a power of two, and by
        the row in which it starts. A line of n columns is one of n / 2 and its continuation;
        so it is off the straight one by less than a row for all widths in use.
    """
    rows, cols = mask.shape
    width = 1 << max(cols - 1, 0).bit_length()
    table = np.zeros((width, 1, rows), dtype=np.uint16)
    table[:cols, 0] = mask.T
    while len(table) > 1:
        half = table.shape[1] - 1
        columns = 2 * width // len(table)
        drops = min(2 * half + 1, int(_STEEPEST * (columns - 1))) + 1
        joined = np.empty((len(table) // 2, drops, rows), dtype=np.uint16)
        for drop in range(drops):
            joined[:, drop] = table[0::2, drop // 2]
            start = (drop + 1) // 2  # where the right half begins
            if start < rows:
                joined[:, drop, : rows - start] += table[1::2, drop // 2, start:]
        table = joined
    sums: NDArray[np.uint16] = table[0]
    return sums


def stripe_lines(
    candidates: Bool, inside: Bool, share: float, half_width: int
) -> list[tuple[int, int]]:
    """Find stripes that cross a panel of columns.

    A line is one where candidates are at least `share` of its cells inside the image, and by as
    many more than on the lines beside it, just out of a stripe's reach. Of lines closer than that,
    the one with the largest excess stands.

    Parameters
    ----------
    candidates : bool ndarray [rows, cols]
        Of one band, all rows of the raster.
    inside : bool ndarray of that shape
        Cells with data, or in a gap.
    share : float
        Of a line's cells inside the image.
    half_width : int
        Rows on either side of a stripe's middle.

    Returns
    -------
    list of (int, int)
        Row in the first and in the last column, which may lie outside the raster.
    """
    cols = candidates.shape[1]
    apart = 2 * half_width + 1
    # Lines may start above the raster or end below it.
    margin = int(_STEEPEST * cols) + apart + 1
    padding = ((margin, margin), (0, 0))
    found: list[tuple[int, int, int, int]] = []
    for mirrored in (False, True):
        flip = slice(None, None, -1) if mirrored else slice(None)
        count = sums_along_lines(np.pad(candidates[:, flip], padding)).astype(np.int32)
        length = sums_along_lines(np.pad(inside[:, flip], padding))
        beside = np.zeros_like(count)
        beside[:, apart:] = count[:, :-apart]
        beside[:, :-apart] = np.maximum(beside[:, :-apart], count[:, apart:])
        excess = count - beside
        excess[(excess < share * length) | (length * _LONGEST_SHARE < cols)] = 0
        best = excess.argmax(axis=0)
        # Sums run over columns filled up to a power of two.
        width = 1 << max(cols - 1, 0).bit_length()
        for start in np.flatnonzero(excess.max(axis=0)):
            drop = int(best[start])
            first = int(start) - margin
            last = first + round(drop * (cols - 1) / max(width - 1, 1))
            ends = (last, first) if mirrored else (first, last)
            found.append((-int(excess[drop, start]), abs(drop), *ends))
    lines: list[tuple[int, int]] = []
    for _, _, first, last in sorted(found):
        if all(abs(first + last - sum(line)) >= 2 * apart for line in lines):
            lines.append((first, last))
    return lines


def continued(
    candidates: Bool, inside: Bool, ends: tuple[int, int], share: float, half_width: int
) -> tuple[int, int, int] | None:
    """Follow a stripe from the panel beside, in which it was found, to its end.

    Of the lines near the one that goes straight on, and of their lengths, those stand where the
    excess of candidates, as in `stripe_lines`, is the most above `share` of the cells.

    Parameters
    ----------
    candidates, inside : bool ndarray [rows, cols]
        As for `stripe_lines`, of rows around the line; columns in the order in which it is
        followed.
    ends : tuple of int
        Row in the first and in the last column of the line that goes straight on.
    share, half_width
        As for `stripe_lines`.

    Returns
    -------
    (int, int, int) or None
        Number of columns, and row in the first and in the last of them; None where it has ended.
    """
    rows, cols = candidates.shape
    apart = 2 * half_width + 1
    margin = 2 * apart + 1
    off = np.mgrid[-_OFF_FIRST : _OFF_FIRST + 1, -_OFF_LAST : _OFF_LAST + 1].reshape(2, -1)
    off = off[:, np.abs(off).sum(axis=0).argsort(kind="stable")]  # of equal lines the straightest
    first, last = (end + part[:, np.newaxis] for end, part in zip(ends, off, strict=True))
    middle = np.rint(first + np.linspace(0.0, 1.0, cols) * (last - first)).astype(np.int64)
    # Beyond the first and the last row all is as far as just out of reach.
    cells = (np.clip(middle, -apart - 1, rows + apart) + margin) * cols + np.arange(cols)
    padded = [np.pad(mask, ((margin, margin), (0, 0))).ravel() for mask in (candidates, inside)]
    count, length = (np.cumsum(mask[cells], axis=1, dtype=np.int32) for mask in padded)
    beside = np.maximum(
        *(
            np.cumsum(padded[0][cells + step * cols], axis=1, dtype=np.int32)
            for step in (-apart, apart)
        )
    )
    surplus = count - beside - share * length
    line, col = np.unravel_index(surplus.argmax(), surplus.shape)
    if surplus[line, col] <= 0.0 or col + 1 < _SHORTEST:
        return None
    return int(col) + 1, int(middle[line, 0]), int(middle[line, col])


def follow_reach(half_width: int) -> int:
    """Rows on either side of the line that goes straight on that `continued` looks at."""
    return _OFF_LAST + 2 * half_width + 1


def painted(
    lines: Sequence[Line], bands: int, rows: tuple[int, int], cols: tuple[int, int], half_width: int
) -> Bool:
    """Cells of a part of the raster that lie within `half_width` rows of a stripe's middle.

    Parameters
    ----------
    lines : sequence of Line
    bands : int
    rows, cols : tuple of int
        First row and column of the part, and their numbers.
    half_width : int

    Returns
    -------
    bool ndarray [bands, rows, cols]
    """
    mask = np.zeros((bands, rows[1], cols[1]), dtype=bool)
    for line in lines:
        places = np.arange(
            max(line.first_col, cols[0]), min(line.last_col + 1, cols[0] + cols[1]), dtype=np.int64
        )
        way = (places - line.first_col) / max(line.last_col - line.first_col, 1)
        middle = np.rint(line.first_row + way * (line.last_row - line.first_row))
        middle = middle.astype(np.int64) - rows[0]
        for row in range(-half_width, half_width + 1):
            there = (middle + row >= 0) & (middle + row < rows[1])
            mask[line.band, (middle + row)[there], (places - cols[0])[there]] = True
    return mask


def fill_from_neighbours(
    values: Array, known: Bool, cells: Bool, backgrounds: Array, percent: int
) -> Array:
    """Fill cells by a percentile of the known ones among their 24 neighbours.

    Parameters
    ----------
    values : ndarray [bands, rows, cols]
    known : bool ndarray [rows, cols]
        Cells that others are filled from.
    cells : bool ndarray [rows, cols]
        Cells to be filled.
    backgrounds : ndarray [bands]
        Where no neighbour is known.
    percent : int
        Of the n values in order, that at place (n - 1) * percent / 100, between two by linear
        interpolation; rounded where values are whole numbers.

    Returns
    -------
    ndarray [bands, rows, cols]
        A copy.
    """
    filled = values.copy()
    row, col = np.nonzero(cells)
    if not row.size:
        return filled
    reach = 2
    around = np.arange(-reach, reach + 1)
    down, right = (part.ravel() for part in np.meshgrid(around, around, indexing="ij"))
    rows, cols = row + down[:, np.newaxis] + reach, col + right[:, np.newaxis] + reach
    is_known = np.pad(known, reach)[rows, cols]
    count = is_known.sum(axis=0)
    place = (np.maximum(count, 1) - 1) * (percent / 100.0)
    lower = place.astype(np.intp)
    upper = np.minimum(lower + 1, np.maximum(count, 1) - 1)
    for band, background in enumerate(backgrounds):
        near = np.pad(values[band], reach)[rows, cols].astype(np.float64)
        near[~is_known] = np.inf
        near.sort(axis=0)
        near[:, count == 0] = background
        every = np.arange(row.size)
        low, high = near[lower, every], near[upper, every]
        found = low + (high - low) * (place - lower)
        filled[band, row, col] = np.rint(found) if values.dtype.kind in "iu" else found
    return filled
