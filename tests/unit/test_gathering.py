"""Values at places and in a row, against numpy's own ways."""

import numpy as np
import pytest

from dbar_qgis_plugin.kernels.gathering import gathered, repeated


@pytest.mark.parametrize("dtype", ["bool", "uint8", "float32", "int64"])
def test_values_at_places(dtype):
    values = (np.arange(50) % 7).astype(dtype)
    place = np.array([49, 0, 7, 7, 13])
    found = gathered(values, place)
    assert found.dtype == values.dtype
    assert found.tolist() == values[place].tolist()


@pytest.mark.parametrize("counts", [[], [0], [0, 0], [3, 0, 1], [0, 250, 0, 400, 1], [1000]])
@pytest.mark.parametrize("dtype", ["int32", "int64", "float64"])
def test_values_in_a_row(counts, dtype):
    counts = np.array(counts, dtype=np.int64)
    values = np.arange(5, 5 + counts.size).astype(dtype)
    found = repeated(values, counts)
    assert found.dtype == values.dtype
    assert found.tolist() == np.repeat(values, counts).tolist()
