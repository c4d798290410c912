"""Themes: what they ask of which catalog, and those of the user's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dbar_qgis_plugin.catalog.adapters.local_search import has_words
from dbar_qgis_plugin.catalog.connections import Connection, presets
from dbar_qgis_plugin.catalog.model import parse_collection, parse_item
from dbar_qgis_plugin.catalog.query import Condition, Query, words_of
from dbar_qgis_plugin.catalog.redaction import host_of
from dbar_qgis_plugin.catalog.themes import THEMES, Theme, read_themes, themes

BUILTUP, DEGRADATION, NIGHT_LIGHT = themes()
BY_NAME = {connection.name: connection for connection in presets()}
UNKNOWN = Connection("Somewhere", "https://catalog.example.org/stac", "stac_api")


def own(folder: Path, *entries: object) -> Path:
    """The user's file of themes."""
    path = folder / "themes.json"
    path.write_text(json.dumps({"themes": entries}, ensure_ascii=False), encoding="utf-8")
    return path


def test_there_is_a_theme_for_each_group_of_indicators():
    assert [theme.id for theme in themes()] == ["builtup", "degradation", "night_light"]
    for theme in themes():
        assert theme.title and theme.words and theme.roles
        assert all(len(words_of(word)) == 1 for word in theme.words), theme.words


def test_every_server_of_the_themes_is_one_of_the_presets():
    hosts = {host_of(connection.url) for connection in presets()}
    for theme in themes():
        assert {*theme.collections, *theme.conditions} <= hosts


def test_a_known_catalog_is_asked_for_collections():
    query = NIGHT_LIGHT.query(Query(text="Kenya"), BY_NAME["Planetary Computer"])
    assert (query.collections, query.text) == (("hrea",), "Kenya")


def test_an_unknown_catalog_is_asked_for_any_of_the_words():
    query = NIGHT_LIGHT.query(Query(text="Kenya"), UNKNOWN)
    assert query.collections == () and query.text.startswith("Kenya night|")
    scene = parse_item({"id": "a", "properties": {"title": "VIIRS composite, Kenya"}})
    assert has_words(scene, query.text)
    other = parse_item({"id": "a", "properties": {"title": "Rainfall, Kenya"}})
    assert not has_words(other, query.text)
    collection = parse_collection({"id": "c", "keywords": ["夜光"]})
    assert has_words(other, query.text, collection)


def test_chinese_titles_answer_too():
    layer = parse_item({"id": "1", "properties": {"title": "全球土地生产力2015"}})
    query = DEGRADATION.query(Query(), BY_NAME["CASEarth SDG maps (WMS)"])
    assert has_words(layer, query.text)


def test_what_the_user_has_chosen_stays():
    known = BY_NAME["Earth Search"]
    chosen = Query(collections=("sentinel-2-l2a",), text="x")
    assert BUILTUP.query(chosen, known) == chosen
    cloudy = Condition("eo:cloud_cover", "<", 60)
    query = DEGRADATION.query(Query(conditions=(cloudy,)), known)
    assert query.conditions == (cloudy,)
    assert query.collections == ("sentinel-2-l2a", "landsat-c2-l2")
    assert DEGRADATION.query(Query(), known).conditions == (Condition("eo:cloud_cover", "<=", 20),)


def test_the_users_file_adds_to_the_themes(tmp_path: Path):
    water = {"id": "water", "title": "水体", "words": ["surface water"], "collections": []}
    more = {
        "id": "builtup",
        "words": ["GHSL"],
        "collections": {"https://catalog.example.org": ["ghs-built"]},
        "conditions": {UNKNOWN.id: [["gsd", "<=", 30], ["gsd", "~", 1], "x"]},
    }
    found, notes = read_themes(own(tmp_path, water, more))
    assert notes == () and [theme.id for theme in found][3:] == ["water"]
    assert found[3] == Theme("water", "水体", ("surface", "water"))
    query = found[0].query(Query(), UNKNOWN)
    assert query.collections == ("ghs-built",)
    assert query.conditions == (Condition("gsd", "<=", 30),)
    assert found[0].title == BUILTUP.title and found[0].words == (*BUILTUP.words, "GHSL")
    assert found[0].collections.items() >= BUILTUP.collections.items()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"themes": {}}', "[" * 100_000])
def test_a_file_that_is_none_is_told(tmp_path: Path, text: str):
    path = tmp_path / "themes.json"
    path.write_text(text, encoding="utf-8")
    found, notes = read_themes(path)
    assert found == themes() and "themes.json is no file of themes" in str(notes[0])


def test_a_broken_theme_spoils_no_other(tmp_path: Path):
    found, notes = read_themes(own(tmp_path, 3, {"id": ""}, {"id": "good"}))
    assert [theme.id for theme in found][3:] == ["good"]
    assert [note.values["number"] for note in notes] == [1, 2]


def test_no_file_of_ones_own_is_no_error(tmp_path: Path):
    assert read_themes(tmp_path / "none.json") == (themes(), ())


def test_the_bundled_file_is_read_whole():
    entries = json.loads(THEMES.read_text(encoding="utf-8"))["themes"]
    for entry, theme in zip(entries, themes(), strict=True):
        assert {place: list(ids) for place, ids in theme.collections.items()} == entry[
            "collections"
        ]
        assert sum(map(len, entry.get("conditions", {}).values())) == sum(
            map(len, theme.conditions.values())
        )
