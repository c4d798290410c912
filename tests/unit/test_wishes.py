"""What a form's search asks of each catalog, and how it is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.query import Condition, Query
from dbar_qgis_plugin.catalog.themes import Theme
from dbar_qgis_plugin.catalog.wishes import Wish, as_json, from_json

ONE = Connection("One", "https://a.org/stac", "stac_api", page_size=20, authcfg="abc1234")
TWO = Connection("Two", "https://b.org/csw", "csw")
SQUARE = {"type": "Polygon", "coordinates": [[[1, 2], [3, 2], [3, 4], [1, 4], [1, 2]]]}
WISH = Wish(
    connections=(ONE.id, TWO.id),
    collections={ONE.id: ("lights",)},
    theme="t",
    text=" night 夜光 ",
    area=SQUARE,
    begin=date(2000, 1, 1),
    end=date(2015, 12, 31),
    months=(6, 7, 8),
    conditions=(Condition("eo:cloud_cover", "<=", 20.0), Condition("platform", "=", "x")),
    sort=(("datetime", True),),
)


def test_each_connection_is_asked_in_its_own_way():
    theme = Theme("t", "T", ("light",), (), {"https://b.org": ("maps",)})
    search = WISH.search((ONE, TWO), theme)
    expected = Query(
        collections=("lights",),
        box=(1, 2, 3, 4),
        begin=datetime(2000, 1, 1, tzinfo=UTC),
        end=datetime(2015, 12, 31, 23, 59, 59, tzinfo=UTC),
        months=(6, 7, 8),
        text="night 夜光",
        conditions=WISH.conditions,
        sort=WISH.sort,
        page_size=20,
    )
    assert search.queries[ONE.id] == expected
    assert search.queries[TWO.id] == replace(expected, collections=("maps",), page_size=50)
    assert (search.theme, search.area) == ("t", SQUARE)


def test_only_who_knows_of_clouds_is_asked_for_them():
    wish = replace(WISH, cloud=30.0, conditions=WISH.conditions[1:])
    queries = wish.search((ONE, TWO), knowing_cloud={ONE.id}).queries
    cloud = Condition("eo:cloud_cover", "<=", 30.0)
    assert queries[ONE.id].conditions == (cloud, *wish.conditions)
    assert queries[TWO.id].conditions == wish.conditions


def test_connections_that_are_gone_are_left_out():
    search = WISH.search((TWO,))
    assert list(search.queries) == [TWO.id]
    assert search.theme == ""
    assert Wish((TWO.id,)).search((ONE, TWO)).queries == {TWO.id: Query()}


def test_kept_searches_come_back():
    follows = replace(WISH, area=None, follows_map=True, begin=None, cloud=5.0)
    assert from_json(as_json({"a": WISH, "b": follows})) == {"a": WISH, "b": follows}


def test_the_area_of_a_search_that_follows_the_map_is_not_kept():
    kept = from_json(as_json({"a": replace(WISH, follows_map=True)}))["a"]
    assert (kept.area, kept.follows_map) == (None, True)


def test_no_id_of_credentials_is_kept():
    assert "abc1234" not in as_json({"a": WISH})


@pytest.mark.parametrize(
    "change",
    [
        {"begin": "yesterday"},
        {"connections": 3},
        {"conditions": [["a", "~", 1]]},
        {"conditions": [["a", "=", None]]},
        {"area": {"type": "Polygon", "coordinates": []}},
        {"area": 7},
        {"cloud": "much"},
        {"sort": [1]},
        {"collections": []},
    ],
)
def test_what_cannot_be_read_is_left_out(change):
    document = json.loads(as_json({"bad": WISH, "good": WISH}))
    document["searches"]["bad"].update(change)
    assert from_json(json.dumps(document)) == {"good": WISH}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"searches": 3}', '{"searches": {"a": 1}}'])
def test_what_is_no_list_of_searches_gives_none(text):
    assert from_json(text) == {}
