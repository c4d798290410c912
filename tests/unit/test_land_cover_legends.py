"""Legends: the bundled ones, and those from tables."""

from __future__ import annotations

import json

import numpy as np
import pytest

from dbar_qgis_plugin.about import PLUGIN_FOLDER
from dbar_qgis_plugin.errors import InputError
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_legends import (
    PRESETS,
    climate_zone_factors,
    custom_legend,
    legend_meaning,
    preset_codes,
    preset_legend,
    standard_meaning,
)

NAMES = ("Tree", "Grass", "Crop", "Wetland", "Artificial", "Other", "Water")
LABELS = ("Codes", "Classes")
FOLDER = PLUGIN_FOLDER / "resources" / "land_cover"


def test_every_file_is_a_preset():
    assert sorted(PRESETS) == sorted(path.stem for path in FOLDER.glob("*.json"))


@pytest.mark.parametrize("name", PRESETS)
def test_presets(name):
    found = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    codes = [entry["code"] for entry in found["codes"]]
    assert len(set(codes)) == len(codes)
    assert not set(codes) & set(found["nodata"])
    assert {entry["class"] for entry in found["codes"]} <= set(range(1, 8))
    assert all(entry["name"] for entry in found["codes"])
    assert len(found["source"]) > 40
    known = {str(code) for code in (*codes, *found["nodata"])}
    assert set(found["unsure"]) <= known
    legend = preset_legend(name, NAMES)
    assert legend.multiplier == 10
    assert legend.table.ranks.max() == 7 or name == "inpe"


def test_esa_cci_as_the_manual_lists_it():
    expected = {
        1: [50, 60, 61, 62, 70, 71, 72, 80, 81, 82, 90, 100],
        2: [110, 120, 121, 122, 130, 140, 150, 151, 152, 153],
        3: [10, 11, 12, 20, 30, 40],
        4: [160, 170, 180],
        5: [190],
        6: [200, 201, 202, 220],
        7: [210],
        0: [0],
    }
    found: dict[int, list[int]] = {}
    for code, number in preset_codes("esa_cci"):
        found.setdefault(number, []).append(code)
    assert {number: sorted(codes) for number, codes in found.items()} == expected


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("unccd", range(1, 8)),
        ("modis_igbp", range(18)),
        (
            "cgls_lc100",
            (20, 30, 40, 50, 60, 70, 80, 90, 100, *range(111, 117), *range(121, 127), 200),
        ),
        ("worldcover", (*range(10, 101, 10), 95)),
        ("inpe", range(1, 17)),
        (
            "corine",  # five levels of one digit, and how many there are below each
            (
                *range(1, 45),
                *(
                    100 * one + 10 * two + three
                    for one, counts in enumerate(
                        ((2, 4, 3, 2), (3, 3, 1, 4), (3, 4, 5), (2, 3), (2, 3)), 1
                    )
                    for two, count in enumerate(counts, 1)
                    for three in range(1, count + 1)
                ),
            ),
        ),
    ],
)
def test_no_code_is_left_out(name, codes):
    assert {code for code, number in preset_codes(name) if number > 0} == set(codes)


@pytest.mark.parametrize(
    ("name", "codes", "number"),
    [
        ("cgls_lc100", (111, 116, 121, 126), 1),
        ("cgls_lc100", (50,), 5),
        ("worldcover", (90, 95), 4),
        ("modis_igbp", (12, 14), 3),
        ("corine", (111, 1, 142, 11), 5),
        ("corine", (523, 44), 7),
        ("inpe", (2, 3, 8, 14), 3),
        ("unccd", (7,), 7),
    ],
)
def test_single_codes(name, codes, number):
    known = dict(preset_codes(name))
    assert {known[code] for code in codes} == {number}


def test_climate_zones():
    factors = climate_zone_factors()
    assert list(factors) == list(range(13))
    assert [factors[zone] for zone in (0, 1, 2, 9, 10, 11, 12)] == [
        0.0,
        0.69,
        0.8,
        0.64,
        0.48,
        0.48,
        0.58,
    ]
    assert (factors[5], factors[6], factors[7], factors[8]) == (0.69, 0.8, 0.69, 0.8)


def test_ranks_follow_the_class_numbers():
    classes = [(30, "Field", 3), (10, "Wood", 1), (12, "Thin wood", 1)]
    legend = custom_legend([(7, 30), (1, 10), (2, 12), (9, 0)], classes, NAMES, LABELS)
    assert [entry.number for entry in legend.classes] == [10, 12, 30]
    assert legend.standards == (1, 1, 3)
    first, ranks = legend.table
    assert first == 1
    assert ranks.tolist() == [-1, 1, 2, -1, -1, -1, -1, 3, -1, 0, -1]


def test_many_classes():
    many = [(number, f"Class {number}", 1 + number % 7) for number in range(1, 102)]
    legend = custom_legend([(number, number) for number, _, _ in many], many, NAMES, LABELS)
    assert legend.multiplier == 1000
    assert len(legend.table.ranks) == 103


def test_single_changes_get_another_meaning():
    classes = [(10, "Wood", 1), (12, "Thin wood", 1), (30, "Field", 3)]
    legend = custom_legend([(1, 10), (2, 12), (3, 30)], classes, NAMES, LABELS)
    plain = legend_meaning(legend, standard_meaning(), {}, "Changes")
    assert plain.tolist() == [[0, 0, -1], [0, 0, -1], [1, 1, 0]]
    edited = legend_meaning(legend, standard_meaning(), {(10, 12): -1, (12, 10): 1}, "Changes")
    assert edited.tolist() == [[0, -1, -1], [1, 0, -1], [1, 1, 0]]
    with pytest.raises(InputError, match="Changes: there is no class 11 in the legend, only 10"):
        legend_meaning(legend, standard_meaning(), {(10, 11): -1}, "Changes")


@pytest.mark.parametrize(
    ("codes", "classes", "message"),
    [
        ([], [], "Codes: fill in the codes"),
        ([(1, 1), (1, 2)], [], "the code 1 stands for two classes, 1 and 2"),
        ([(1, 8)], [], r"code 1 stands for class 8, which is not one .* 1, 2, .*Add it to Classes"),
        ([(1, 1)], [(1, "A", 1), (1, "B", 2)], "Classes: class 1 is there twice"),
        ([(1, 1)], [(1, "A", 8)], "class 1 has the UNCCD class 8"),
        ([(1, 1)], [(0, "A", 1)], "0 is no class number"),
    ],
)
def test_tables_that_contradict_themselves(codes, classes, message):
    with pytest.raises(InputError, match=message):
        custom_legend(codes, classes, NAMES, LABELS)


def test_codes_that_are_serial_numbers():
    legend = custom_legend([(1, 1), (90_000_000, 2)], [], NAMES, LABELS)
    with pytest.raises(InputError, match="more than a million apart"):
        _ = legend.table


def test_the_same_code_twice_for_one_class():
    legend = custom_legend([(5, 1), (5, 1)], [], NAMES, LABELS)
    assert legend.codes == ((5, 1),)
    assert np.array_equal(legend.table.ranks, [-1, 1, -1])
