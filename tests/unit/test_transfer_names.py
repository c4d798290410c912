"""File names from strangers: nothing leaves its folder, nothing clashes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dbar_qgis_plugin.catalog.transfers.names import LONGEST, asset_name, numbered, safe_name

ANYTHING = st.text(st.characters(blacklist_categories=()), max_size=300)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("B04.tif", "B04.tif"),
        ("全球土地生产力2015.tif", "全球土地生产力2015.tif"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..\\..\\boot.ini", "_.._boot.ini"),
        ("C:\\a.tif", "C__a.tif"),
        ("/abs.tif", "_abs.tif"),
        ("..", "_"),
        ("", "_"),
        (".hidden", "hidden"),
        ("nul", "_nul"),
        ("CON.tif", "_CON.tif"),
        ("com¹.tar.gz", "_com¹.tar.gz"),
        ("console.tif", "console.tif"),
        ("a.tif.", "a.tif"),
        ("a tif\n.x", "a_tif_.x"),
        ("a.tif.part", "a.tif.part_"),
        ("x.STAC.JSON", "x.STAC.JSON_"),
        ("Item.json", "Item.json_"),
        ("item.json~", "item.json~_"),
        ("x\u202egnp.exe", "x_gnp.exe"),
        ("a%2Fb#c?d.tif", "a_2Fb_c_d.tif"),
        ("cafe\u0301.tif", "café.tif"),
    ],
)
def test_names(text, name):
    assert safe_name(text) == name


def test_a_long_name_keeps_its_ending():
    name = safe_name("很" * 100 + ".tif")
    assert name.endswith("很.tif")
    assert LONGEST - 3 < len(name.encode()) <= LONGEST


@given(ANYTHING)
@example("\ud800.tif")
@example("a" * 115 + ".stac.json")
@example("." * 50 + "con")
@example("a" * 118 + "..b")
def test_any_text_gives_a_name_that_any_system_takes(text):
    name = safe_name(text)
    assert 0 < len(name.encode()) <= LONGEST
    assert not set(name) & set('<>:"/\\|?*%#& \t\n\r\0')
    assert all(unicodedata.category(sign)[0] != "C" for sign in name)
    assert name[0] != "." and name[-1] not in ". "
    assert name.split(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt9", "clock$"}
    assert not name.lower().endswith((".part", ".part.json", ".stac.json", "~"))
    assert safe_name(name) == name


@given(st.lists(st.tuples(ANYTHING, ANYTHING), max_size=8))
@example([("a", "x.tif"), ("b", "X.tif"), ("b", "x.TIF"), ("b", "x.tif")])
@example([("k" * 130, "x.tif")] * 4)
def test_the_files_of_an_item_never_clash(assets):
    taken = []
    for key, basename in assets:
        name = asset_name(key, basename, "image/tiff", taken)
        assert name.casefold() not in {other.casefold() for other in taken}
        assert len(name.encode()) <= LONGEST
        taken.append(name)


@pytest.mark.parametrize(
    ("key", "basename", "media_type", "taken", "name"),
    [
        ("red", "B04.tif", "", (), "B04.tif"),
        ("red", "B04.tif", "", ("b04.TIF",), "red_B04.tif"),
        ("red", "B04.tif", "", ("B04.tif", "red_b04.tif"), "red_B04_2.tif"),
        ("red", "B04.tif", "", ("B04.tif", "red_b04.tif", "red_B04_2.tif"), "red_B04_3.tif"),
        ("data", "download", "application/json", (), "data_download.json"),
        ("data", "", "application/geo+json; charset=utf-8", (), "data.geojson"),
        ("data", "", "image/tiff; application=geotiff", (), "data.tif"),
        ("data", "", "application/x-unknown", (), "data"),
    ],
)
def test_a_name_of_an_asset(key, basename, media_type, taken, name):
    assert asset_name(key, basename, media_type, taken) == name


def test_a_number_stands_before_the_ending():
    assert numbered("a.tif", 2) == "a_2.tif"
    assert numbered("folder", 3) == "folder_3"
    assert len(numbered("x" * LONGEST, 10)) == LONGEST
