"""Bins of positive numbers by their binary digits, whose sums are exact.

A float32 is a whole number of 24 bits, its mantissa, times a power of two, its octave. A bin holds
the numbers of one octave whose mantissas begin with the same bits: it is narrow in proportion to
its values, whatever their unit. Within an octave mantissas add up as whole numbers, so sums are
those of the values as float32, the same in whatever order and pieces the values come.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dbar_qgis_plugin.kernels.gathering import repeated

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

_FRACTION_BITS: Final = 23
MANTISSA_BITS: Final = _FRACTION_BITS + 1
_BIAS: Final = 150  # of the exponent of a whole mantissa
OCTAVES: Final = 256
_CELLS_AT_ONCE: Final = 1 << 18
_DENSE_PER_CELL: Final = 4  # beyond so many pairs of group and bin a cell it sorts


def bin_count(bits: int) -> int:
    """Number of bins where a bin shares the first `bits` bits after the leading one."""
    return OCTAVES << bits


def relative_width(bits: int) -> float:
    """Width of a bin as a share of its lower border; that of its values is at most so much."""
    return 2.0**-bits


def positive(values: ArrayLike) -> NDArray[np.float32]:
    """Values as float32; 0 where they are not above 0."""
    with np.errstate(over="ignore"):
        single = np.asarray(values).astype(np.float32)
    if single.size and not single.min() > 0.0:
        np.maximum(single, np.float32(0.0), out=single)
    return single


def bins(values: NDArray[np.float32], bits: int) -> Int32:
    """Bin of each value, in their order; bins below 2**bits hold what counts as 0.

    Parameters
    ----------
    values : ndarray of float32
        From `positive`.
    bits : int
        See `bin_count`; 0 gives the octave.
    """
    return values.view(np.int32) >> (_FRACTION_BITS - bits)


def mantissas(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mantissas, whole numbers of `MANTISSA_BITS` bits; without a meaning in octave 0."""
    whole = values.view(np.int32) & ((1 << _FRACTION_BITS) - 1)
    whole |= 1 << _FRACTION_BITS
    return whole.astype(np.float64)


class BinSums(NamedTuple):
    """Pairs of group and bin that occur, their cells, and the sums of their mantissas."""

    group: Int64
    bin: Int64
    cells: Int64
    mantissas: Int64


def bin_sums(values: NDArray[np.float32], groups: Int32, counts: Int64, bits: int) -> list[BinSums]:
    """Count and sum values by group and bin.

    Parameters
    ----------
    values : ndarray of float32
        From `positive`, part by part.
    groups : ndarray of int32 [parts]
        The group that a part's values are of, from 0; several parts may be of one group.
    counts : ndarray of int64 [parts]
        How many values a part has.
    bits : int
        See `bin_count`; at least 6.

    Returns
    -------
    list of BinSums
        Several where values are many. In each, groups and their bins increase.
    """
    if values.size <= _CELLS_AT_ONCE:
        return [_bin_sums(values, groups, counts, bits)] if values.size else []
    ends = np.cumsum(counts)
    found = []
    for first in range(0, values.size, _CELLS_AT_ONCE):
        last = min(first + _CELLS_AT_ONCE, values.size)
        reached = np.clip(ends, first, last)
        here = reached - np.concatenate(([first], reached[:-1]))
        found.append(_bin_sums(values[first:last], groups, here, bits))
    return found


def _bin_sums(values: NDArray[np.float32], groups: Int32, counts: Int64, bits: int) -> BinSums:
    # Mantissas of a bin differ in their last digits only. Those, and 1 for the cell in a place
    # above all that they add up to, are whole numbers of 53 bits together: one sum for both.
    digits = _FRACTION_BITS - bits
    unit = digits + _CELLS_AT_ONCE.bit_length() - 1
    whole = values.view(np.int32)
    code = whole >> digits
    least = int(code.min())
    span = int(code.max()) - least + 1
    combinations = (int(groups.max()) + 1) * span
    dtype = np.int32 if combinations < 1 << 31 else np.int64
    code = code + repeated(np.multiply(groups, span, dtype=dtype) - dtype(least), counts)
    summand = np.add(whole & ((1 << digits) - 1), float(1 << unit))
    if combinations <= _DENSE_PER_CELL * code.size:
        sums = np.bincount(code, summand)
        occurring = np.flatnonzero(sums)
        sums = sums[occurring]
    else:
        occurring, position = np.unique(code, return_inverse=True)
        sums = np.bincount(position.reshape(-1), summand)
    both = sums.astype(np.int64)
    group, place_of = np.divmod(occurring.astype(np.int64), span)
    place_of += least
    cells = both >> unit
    leading = (place_of & ((1 << bits) - 1) | (1 << bits)) << digits
    return BinSums(group, place_of, cells, (both & ((1 << unit) - 1)) + cells * leading)


def totals(mantissa_sums: ArrayLike, octave: ArrayLike) -> NDArray[np.float64]:
    """Sums of values from the sums of their mantissas, octave by octave; 0 in octave 0."""
    octave = np.asarray(octave)
    sums = np.ldexp(np.asarray(mantissa_sums, dtype=np.float64), octave - _BIAS)
    return np.where(octave > 0, sums, 0.0)
