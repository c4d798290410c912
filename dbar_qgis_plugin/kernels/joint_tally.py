"""Sums over the combinations of several class rasters, from which every crosstab is a margin.

Weights are whole numbers, so the sums are the same whatever the pieces in which cells come.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Int64 = NDArray[np.int64]

_EXACT_BITS = 53  # float64 holds whole numbers of so many bits
_DENSE_PER_CELL = 4  # beyond so many combinations a cell, most of which do not occur, it sorts


class JointSums(NamedTuple):
    """The combinations that occur, and their sums.

    keys : int64 [combinations], increasing; a combination's codes in mixed radix
    sums : int64 [weights, combinations]
    """

    keys: Int64
    sums: Int64


def joint_tally(
    codes: Sequence[NDArray[Any]],
    sizes: Sequence[int],
    weights: Sequence[ArrayLike | None],
    *,
    weight_bits: int = 36,
) -> JointSums:
    """Sum weights over the cells of each combination of codes.

    Parameters
    ----------
    codes : sequence of integer ndarray [height, width]
        One array per dimension, 0 .. size - 1.
    sizes : sequence of int
        Number of codes of each dimension; their product must fit in int64.
    weights : sequence of array_like or None
        Whole numbers below 2**weight_bits in float64, of shape [height, width] or [height, 1]; None
        counts the cells.
    weight_bits : int
        Smaller weights let more cells be summed at once, which pays where combinations are many.

    Returns
    -------
    JointSums
    """
    height, width = codes[0].shape
    rows = max(1, (1 << _EXACT_BITS - weight_bits) // max(width, 1))
    parts = []
    for row in range(0, height, rows):
        piece = slice(row, row + rows)
        shape = codes[0][piece].shape
        parts.append(
            _tally_piece(
                [code[piece].ravel() for code in codes],
                sizes,
                [
                    None
                    if weight is None
                    else np.broadcast_to(np.asarray(weight)[piece], shape).ravel()
                    for weight in weights
                ],
            )
        )
    return merged(parts)


def merged(parts: Sequence[JointSums]) -> JointSums:
    """Add up sums over the same dimensions."""
    if len(parts) == 1:
        return parts[0]
    keys = np.concatenate([part.keys for part in parts])
    if keys.size == 0:
        return parts[0]
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    sums = np.empty((len(parts[0].sums), first.size), dtype=np.int64)
    # One weight after the other: tables of many zones are large.
    for number, total in enumerate(sums):
        of_weight = np.concatenate([part.sums[number] for part in parts])
        np.add.reduceat(of_weight[order], first, out=total)
    return JointSums(keys[first], sums)


def codes_of(keys: Int64, sizes: Sequence[int]) -> Int64:
    """Codes of combinations, int64 [dimensions, combinations]."""
    return np.array(np.unravel_index(keys, tuple(sizes)), dtype=np.int64)


def _tally_piece(
    codes: Sequence[NDArray[Any]],
    sizes: Sequence[int],
    weights: Sequence[NDArray[np.float64] | None],
) -> JointSums:
    present = [np.arange(code.min(), int(code.max()) + 1) for code in codes]
    if (
        np.prod([found.size for found in present], dtype=np.float64)
        <= _DENSE_PER_CELL * codes[0].size
    ):
        joint = codes[0].astype(np.int64)
        joint -= present[0][0]
        for code, found in zip(codes[1:], present[1:], strict=True):
            joint *= found.size
            joint += code
            joint -= found[0]
    else:
        joint, present = _compacted(codes, sizes)
    counts = [found.size for found in present]
    combinations = int(np.prod(counts, dtype=np.float64))
    if combinations <= _DENSE_PER_CELL * joint.size:
        occurring = np.flatnonzero(np.bincount(joint, minlength=combinations))
        sums = [np.bincount(joint, weight, combinations)[occurring] for weight in weights]
    else:
        occurring, place = np.unique(joint, return_inverse=True)
        sums = [np.bincount(place.ravel(), weight, occurring.size) for weight in weights]
    keys = np.zeros(occurring.size, dtype=np.int64)
    local = np.unravel_index(occurring, counts)
    for size, found, index in zip(sizes, present, local, strict=True):
        keys = keys * size + found[index]
    return JointSums(keys, np.array(sums).astype(np.int64).reshape(len(weights), -1))


def _compacted(
    codes: Sequence[NDArray[Any]], sizes: Sequence[int]
) -> tuple[Int64, list[NDArray[Any]]]:
    """Joint codes of those codes that occur, so that the combinations stay few; and these codes."""
    joint = np.zeros(codes[0].size, dtype=np.int64)
    present: list[NDArray[Any]] = []
    for code, size in zip(codes, sizes, strict=True):
        found = np.flatnonzero(np.bincount(code, minlength=size))
        present.append(found)
        if found.size > 1:
            place = np.zeros(size, dtype=np.int64)
            place[found] = np.arange(found.size)
            joint *= found.size
            joint += place[code]
    return joint, present
