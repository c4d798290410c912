"""Values at the nodes of a lattice, and at the cells between them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]


def at_cells(
    nodes: NDArray[Any],
    rows: NDArray[np.integer[Any]],
    cols: NDArray[np.integer[Any]],
    first: tuple[float, float],
    step: tuple[float, float],
) -> Float32:
    """Interpolate nodes at cells, bilinearly; beyond the outer nodes their values go on.

    Parameters
    ----------
    nodes : ndarray [layers, node rows, node columns]
        Values at the nodes.
    rows, cols : ndarray of int
        The cells' rows and columns.
    first : tuple of float
        Row and column of the first node, in cells.
    step : tuple of float
        Rows and columns from a node to the next.

    Returns
    -------
    float32 ndarray [layers, rows, cols]
        A cell's value does not depend on which others are asked for.
    """
    upper, down = _places(rows, first[0], step[0], nodes.shape[1])
    left, right = _places(cols, first[1], step[1], nodes.shape[2])
    values = np.asarray(nodes, dtype=np.float32)
    above, below = values[:, upper], values[:, np.minimum(upper + 1, nodes.shape[1] - 1)]
    lines = above + (below - above) * down[:, np.newaxis]
    result = lines[:, :, left]
    result += (lines[:, :, np.minimum(left + 1, nodes.shape[2] - 1)] - result) * right
    return result


def _places(
    cells: NDArray[np.integer[Any]], first: float, step: float, count: int
) -> tuple[NDArray[np.intp], Float32]:
    """Node before each cell, and how far the cell is on the way to the next."""
    places = np.clip((cells - first) / step, 0.0, count - 1.0)
    before = places.astype(np.intp)
    return before, (places - before).astype(np.float32)
