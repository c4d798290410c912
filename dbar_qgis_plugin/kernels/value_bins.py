"""Bins of positive numbers by their binary digits, whose sums are exact.

A float32 is a whole number of 24 bits, its mantissa, times a power of two, its octave. A bin holds
the numbers of one octave whose mantissas begin with the same bits: it is narrow in proportion to
its values, whatever their unit. Within an octave mantissas add up as whole numbers, so sums are
those of the values as float32, the same in whatever order and pieces the values come.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Int32 = NDArray[np.int32]

_FRACTION_BITS: Final = 23
MANTISSA_BITS: Final = _FRACTION_BITS + 1
_BIAS: Final = 150  # of the exponent of a whole mantissa
OCTAVES: Final = 256


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
    return np.maximum(single, np.float32(0.0), out=single)


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


def totals(mantissa_sums: ArrayLike, octave: ArrayLike) -> NDArray[np.float64]:
    """Sums of values from the sums of their mantissas, octave by octave; 0 in octave 0."""
    octave = np.asarray(octave)
    sums = np.ldexp(np.asarray(mantissa_sums, dtype=np.float64), octave - _BIAS)
    return np.where(octave > 0, sums, 0.0)
