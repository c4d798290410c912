"""Sums of amounts (persons, radiance) that come out the same in whatever order they are added.

An amount is rounded to 2**-40, and kept as two whole numbers: 256ths, and what is beyond them. Sums
of whole numbers hold every digit, so that neither blocks nor threads change one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float64 = NDArray[np.float64]

_COARSE_BITS = 8
_FINE_BITS = 32


def in_whole_units(amounts: ArrayLike) -> tuple[Float64, Float64]:
    """Split amounts below 2**27 into whole numbers of 2**-8 and of 2**-40, both below 2**36.

    Both are weights for `kernels.joint_tally`.
    """
    scaled = np.asarray(amounts, dtype=np.float64) * 2.0**_COARSE_BITS
    coarse = np.floor(scaled)
    return coarse, np.rint((scaled - coarse) * 2.0**_FINE_BITS)


def from_whole_units(coarse: ArrayLike, fine: ArrayLike) -> Float64:
    """Amounts of sums of both kinds of whole numbers."""
    fine_part = np.asarray(fine, dtype=np.float64) * 2.0 ** -(_COARSE_BITS + _FINE_BITS)
    return np.asarray(np.asarray(coarse, dtype=np.float64) * 2.0**-_COARSE_BITS + fine_part)
