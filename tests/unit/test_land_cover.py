"""Land cover kernels: codes to classes, transition codes and their meaning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.kernels.land_cover import (
    UNCCD_MEANING,
    UNKNOWN,
    change_meaning,
    classify,
    code_table,
    decode_transitions,
    meaning_matrix,
    transition_codes,
    transition_multiplier,
)

# Written out again, so that a slip in one of the two is seen.
MEANING = """
 0 -1 -1 -1 -1 -1  0
 1  0  1 -1 -1 -1  0
 1 -1  0 -1 -1 -1  0
-1 -1 -1  0 -1 -1  0
 1  1  1  1  0  1  0
 1  1  1  1 -1  0  0
 0  0  0  0  0  0  0
"""


def test_the_meaning_of_each_change():
    expected = np.array(MEANING.split(), dtype=int).reshape(7, 7)
    assert np.array_equal(UNCCD_MEANING, expected)
    initial, final = np.meshgrid(np.arange(1, 8), np.arange(1, 8), indexing="ij")
    found = change_meaning(
        initial.astype(np.int16), final.astype(np.int16), meaning_matrix(range(1, 8)), -32768
    )
    assert np.array_equal(found, expected)


def test_a_missing_class_has_no_meaning():
    ranks = np.array([0, 1, 0, UNKNOWN, 3], dtype=np.int16)
    others = np.array([1, 0, 0, 3, UNKNOWN], dtype=np.int16)
    found = change_meaning(ranks, others, meaning_matrix(range(1, 8)), -32768)
    assert found.tolist() == [-32768] * 5
    assert found.dtype == np.int16


def test_classes_of_a_legend_take_the_meaning_of_their_unccd_classes():
    matrix = meaning_matrix([1, 1, 3])
    assert matrix.tolist() == [[0, 0, -1], [0, 0, -1], [1, 1, 0]]


@pytest.mark.parametrize(
    ("classes", "multiplier"),
    [(1, 1), (2, 10), (7, 10), (10, 10), (11, 100), (45, 100), (100, 100), (101, 1000)],
)
def test_the_multiplier(classes, multiplier):
    assert transition_multiplier(classes) == multiplier
    assert classes == 1 or multiplier == 10 ** int(np.ceil(np.log10(classes)))


@given(st.integers(1, 150).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, 2**31))))
def test_codes_are_read_back(drawn):
    classes, seed = drawn
    random = np.random.default_rng(seed)
    initial, final = random.integers(1, classes + 1, (2, 50))
    multiplier = transition_multiplier(classes)
    codes = transition_codes(initial, final, multiplier)
    first, last = decode_transitions(codes, multiplier)
    assert np.array_equal(first, initial)
    assert np.array_equal(last, final)


def test_ten_classes_are_read_back_too():
    # 1 * 10 + 10 = 20, which plain division takes for 2 and 0.
    assert [part.tolist() for part in decode_transitions([20, 21, 0], 10)] == [
        [1, 2, 0],
        [10, 1, 0],
    ]


def test_no_code_without_both_classes():
    assert transition_codes([0, 3, UNKNOWN, 1], [1, 0, 2, 7], 10).tolist() == [0, 0, 0, 17]


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "float32", "float64"])
def test_codes_become_ranks(dtype):
    table = code_table([0, 10, 20, 200], [0, 1, 2, 3])
    values = np.array([[0, 10, 20, 200, 15, 255, 10]], dtype=dtype)
    valid = np.array([[True, True, True, True, True, True, False]])
    assert classify(values, valid, table).tolist() == [[0, 1, 2, 3, UNKNOWN, UNKNOWN, 0]]


def test_what_no_code_can_be_is_unknown():
    table = code_table([1, 2, 3], [1, 2, 3])
    values = np.array([1.5, 2.0, 1e30, -1e30, 3.0, 0.999, 3.2])
    found = classify(values, np.ones(7, dtype=bool), table)
    assert found.tolist() == [UNKNOWN, 2, UNKNOWN, UNKNOWN, 3, UNKNOWN, UNKNOWN]
    found = classify(np.array([2**40, -(2**40), 1]), np.ones(3, dtype=bool), table)
    assert found.tolist() == [UNKNOWN, UNKNOWN, 1]


def test_negative_codes():
    table = code_table([-32768, -5, 7], [0, 1, 2])
    values = np.array([-32768, -5, 7, 0, 32767], dtype=np.int16)
    assert classify(values, np.ones(5, dtype=bool), table).tolist() == [0, 1, 2, -1, -1]


def test_the_input_stays_as_it_is():
    values = np.array([1, 2, 9], dtype=np.uint8)
    before = values.copy()
    classify(values, np.array([True, False, True]), code_table([1, 2], [1, 2]))
    assert np.array_equal(values, before)


def test_codes_too_far_apart():
    with pytest.raises(ValueError, match="million"):
        code_table([1, 10_000_000], [1, 2])
