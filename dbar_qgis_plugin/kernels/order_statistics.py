"""Order statistics of many short series at once: one series a cell, cells side by side.

A short series is sorted by a network of comparisons: each swaps two whole layers where they are
out of order, by a minimum and a maximum, which run at the speed of the cache. The network is
Batcher's merge exchange (Knuth, The Art of Computer Programming 3, algorithm 5.2.2M); it sorts any
number of layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
Bools = NDArray[np.bool_]

CHUNK: Final = 16_384  # cells at a time: the layers of a chunk stay in the cache


def chunks(count: int) -> Iterator[slice]:
    """Parts of `count` cells that fit the cache."""
    for begin in range(0, count, CHUNK):
        yield slice(begin, min(begin + CHUNK, count))


@lru_cache(maxsize=128)
def sorting_network(count: int) -> tuple[tuple[int, int], ...]:
    """Pairs of layers to be put in order, one after the other, so that all are sorted."""
    pairs = []
    top = 1 << max(count - 1, 0).bit_length() >> 1
    part = top
    while part > 0:
        reach, rest, distance = top, 0, part
        while True:
            pairs += [(i, i + distance) for i in range(count - distance) if i & part == rest]
            if reach == part:
                break
            distance, rest, reach = reach - part, part, reach >> 1
        part >>= 1
    return tuple(pairs)


def sort_layers(layers: NDArray[Any]) -> list[NDArray[Any]]:
    """Sort each cell's series.

    Parameters
    ----------
    layers : ndarray [layers, cells]
        Used as scratch: its contents change.

    Returns
    -------
    list of ndarray [cells]
        The smallest values, the second smallest, and so on.
    """
    planes = list(layers)
    if not planes:
        return planes
    spare = np.empty_like(planes[0])
    for low, high in sorting_network(len(planes)):
        np.minimum(planes[low], planes[high], out=spare)
        np.maximum(planes[low], planes[high], out=planes[high])
        planes[low], spare = spare, planes[low]
    return planes


def sorted_groups(
    values: NDArray[Any], valid: Bools
) -> Iterator[tuple[NDArray[np.intp] | slice, list[NDArray[Any]]]]:
    """Sort each cell's valid values, and give cells with equally many together.

    Parameters
    ----------
    values : ndarray [layers, cells]
        Of any real type; not changed.
    valid : bool ndarray [layers, cells]

    Yields
    ------
    cells : slice or ndarray of int
        Which cells; those without any value come in no group.
    planes : list of ndarray
        Their values in rising order, as many as each of these cells has.
    """
    missing = ~valid
    if not missing.any():
        yield slice(None), sort_layers(values.copy())
        return
    largest = np.inf if values.dtype.kind == "f" else np.iinfo(values.dtype).max
    # Missing values go to the end, and are cut off there.
    planes = sort_layers(np.where(missing, values.dtype.type(largest), values))
    count = valid.sum(axis=0)
    for number in np.flatnonzero(np.bincount(count, minlength=1)):
        if number:
            cells = np.flatnonzero(count == number)
            yield cells, [plane[cells] for plane in planes[:number]]


def between(
    planes: Sequence[NDArray[Any]], part: int, parts: int, out: Float64 | None = None
) -> Float64:
    """Quantile `part` / `parts` of sorted series, by linear interpolation.

    The quantile q of n values lies at (n - 1) q in their order, counted from 0, between the two
    neighbours there: Hyndman and Fan's type 7, the default of numpy.
    """
    place, rest = divmod(part * (len(planes) - 1), parts)
    result = np.empty(planes[0].shape) if out is None else out
    if rest == 0:
        np.copyto(result, planes[place])
    else:
        np.subtract(planes[place + 1], planes[place], out=result, dtype=np.float64)
        result *= rest / parts
        result += planes[place]
    return result


def quantiles(values: NDArray[Any], valid: Bools, parts: Sequence[tuple[int, int]]) -> Float64:
    """Quantiles of each cell's series.

    Parameters
    ----------
    values : ndarray [layers, cells]
    valid : bool ndarray [layers, cells]
    parts : sequence of (int, int)
        The quantiles as fractions: (1, 2) is the median, (9, 10) the 90th percentile.

    Returns
    -------
    float64 [quantiles, cells]
        See `between` for the rule; NaN where a cell has no value.
    """
    result = np.full((len(parts), values.shape[1]), np.nan)
    for here in chunks(values.shape[1]):
        target = result[:, here]
        for cells, planes in sorted_groups(values[:, here], valid[:, here]):
            for row, (part, whole) in enumerate(parts):
                target[row, cells] = between(planes, part, whole)
    return result
