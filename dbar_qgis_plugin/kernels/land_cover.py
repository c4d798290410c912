"""Land cover: codes to classes, changes between two dates, and what a change means.

Classes are handled by rank: 1 for the first class of the legend in the order of the class numbers,
0 where there is no class.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Int16 = NDArray[np.int16]
Int32 = NDArray[np.int32]

# The classes of the UNCCD's legend, by rank.
TREE, GRASSLAND, CROPLAND, WETLAND, ARTIFICIAL, OTHER, WATER = range(1, 8)
UNCCD_CLASSES: Final = 7

NO_CLASS: Final = 0
UNKNOWN: Final = -1

# Rows: from tree-covered, grassland, cropland, wetland, artificial, other land, water; columns: to.
UNCCD_MEANING: Final = (
    (0, -1, -1, -1, -1, -1, 0),
    (1, 0, 1, -1, -1, -1, 0),
    (1, -1, 0, -1, -1, -1, 0),
    (-1, -1, -1, 0, -1, -1, 0),
    (1, 1, 1, 1, 0, 1, 0),
    (1, 1, 1, 1, -1, 0, 0),
    (0, 0, 0, 0, 0, 0, 0),
)

_LARGEST_TABLE = 1 << 20


class CodeTable(NamedTuple):
    """A legend ready to be looked up; make one with `code_table`.

    first : int
        Code that stands at place 1 of `ranks`; places 0 and last are for all codes outside.
    ranks : int16 ndarray
        Rank of each code, `NO_CLASS` or `UNKNOWN`.
    """

    first: int
    ranks: Int16


def code_table(codes: ArrayLike, ranks: ArrayLike) -> CodeTable:
    """Make the table that `classify` looks codes up in.

    Parameters
    ----------
    codes : array_like of int
        The codes that the legend knows, each once.
    ranks : array_like of int
        The rank of each code's class; 0 = known to be no data.

    Raises
    ------
    ValueError
        If the codes span more than a million, which is no legend but a serial number.
    """
    known = np.asarray(codes, dtype=np.int64)
    first, last = int(known.min()), int(known.max())
    if last - first >= _LARGEST_TABLE:
        raise ValueError("the codes of a legend span more than a million")
    table = np.full(last - first + 3, UNKNOWN, dtype=np.int16)
    table[known - first + 1] = np.asarray(ranks, dtype=np.int16)
    return CodeTable(first, table)


def classify(values: NDArray[Any], valid: NDArray[np.bool_], table: CodeTable) -> Int16:
    """Turn the codes of a land cover raster into ranks of classes.

    Parameters
    ----------
    values : ndarray of any shape, integer or float
        Codes.
    valid : bool ndarray of the same shape
        Where there are codes.
    table : CodeTable
        The legend.

    Returns
    -------
    ndarray of int16
        Rank, `NO_CLASS` without data, `UNKNOWN` where the legend does not have the code (a number
        with a fraction is none).
    """
    last = table.first + table.ranks.size - 2
    if values.dtype.kind == "f":
        within = np.clip(values, table.first - 1, last)
        index = within.astype(np.int32) - np.int32(table.first - 1)
        ranks: Int16 = table.ranks.take(index)
        ranks[within != np.rint(within)] = UNKNOWN
    elif values.dtype.itemsize > 2:
        index = np.clip(values, table.first - 1, last).astype(np.int64) - (table.first - 1)
        ranks = table.ranks.take(index)
    else:
        shift = np.int32(table.first - 1)
        ranks = table.ranks.take(values.astype(np.int32) - shift, mode="clip")
    if not valid.all():
        ranks[~valid] = NO_CLASS
    return ranks


def transition_multiplier(class_count: int) -> int:
    """Return m in the transition code `initial * m + final`: 10 ** ceil(log10(classes))."""
    multiplier = 1
    while multiplier < class_count:
        multiplier *= 10
    return multiplier


def transition_codes(initial: ArrayLike, final: ArrayLike, multiplier: int) -> Int32:
    """Code changes as `initial * multiplier + final`; 0 where a class is missing.

    Parameters
    ----------
    initial, final : array_like of int
        Ranks; below 1 = none.
    multiplier : int
        From `transition_multiplier`.
    """
    first, last = np.asarray(initial), np.asarray(final)
    codes = first.astype(np.int32) * np.int32(multiplier) + last.astype(np.int32)
    return np.where((first > 0) & (last > 0), codes, np.int32(0)).astype(np.int32, copy=False)


def decode_transitions(codes: ArrayLike, multiplier: int) -> tuple[Int32, Int32]:
    """Ranks before and after of transition codes; 0 and 0 where there is no code.

    A legend of exactly 10 or 100 classes has codes such as 1 * 10 + 10 = 20, which plain division
    would read as 2 and 0; ranks begin at 1, so 1 is taken off first.
    """
    known = np.asarray(codes, dtype=np.int32)
    initial, final = np.divmod(known - 1, np.int32(multiplier))
    present = known > 0
    return np.where(present, initial, 0), np.where(present, final + 1, 0)


def meaning_matrix(
    standard_classes: ArrayLike, meaning: ArrayLike = UNCCD_MEANING
) -> NDArray[np.int8]:
    """Meaning of each change of a legend, from that of the UNCCD's classes.

    Parameters
    ----------
    standard_classes : array_like of int [classes]
        The UNCCD class (1..7) that each class of the legend belongs to.
    meaning : array_like of int [7, 7]
        -1 degraded, 0 stable, 1 improved; rows from, columns to.

    Returns
    -------
    ndarray of int8 [classes, classes]
        Changes within one UNCCD class are stable as its diagonal says.
    """
    standard = np.asarray(standard_classes, dtype=np.intp) - 1
    full = np.asarray(meaning, dtype=np.int8)
    return full[np.ix_(standard, standard)]


def change_meaning(initial: Int16, final: Int16, matrix: NDArray[np.int8], missing: int) -> Int16:
    """Look the meaning of each cell's change up.

    Parameters
    ----------
    initial, final : ndarray of int16
        Ranks; below 1 = none.
    matrix : ndarray of int8 [classes, classes]
        From `meaning_matrix`.
    missing : int
        Written where a class is missing.
    """
    # One row and column more, for what has no class.
    padded = np.full((matrix.shape[0] + 1, matrix.shape[1] + 1), missing, dtype=np.int16)
    padded[1:, 1:] = matrix
    place = np.maximum(initial, 0).astype(np.int32) * np.int32(padded.shape[1])
    place += np.maximum(final, 0)
    meanings: Int16 = padded.ravel().take(place)
    return meanings
