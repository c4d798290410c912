"""Items as servers send them: whole, lacking, and broken in every way; none ends a page."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbar_qgis_plugin.catalog.model import (
    Item,
    absolute,
    day_of,
    geometry_box,
    parse_box,
    parse_collection,
    parse_item,
    parse_moment,
    shown_title,
)
from dbar_qgis_plugin.catalog.query import Query, unanswered

BASE = "https://a.org/stac/items/one.json"
WHOLE = {
    "type": "Feature",
    "stac_version": "1.1.0",
    "id": "one",
    "collection": "lights",
    "bbox": [70.0, 40.0, 71.0, 41.0],
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[70, 40], [71, 40], [71, 41], [70, 41], [70, 40]]],
    },
    "properties": {"datetime": "2021-03-04T05:06:07Z", "title": "Tashkent by night"},
    "links": [{"rel": "collection", "href": "../c.json", "type": "application/json"}],
    "assets": {
        "data": {
            "href": "./a%20b.tif?sig=1",
            "type": "image/tiff",
            "roles": ["data"],
            "file:size": 12,
            "file:checksum": "1220AB",
        }
    },
}


def test_a_whole_item():
    item = parse_item(WHOLE, base=BASE, source="c1")
    moment = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert (item.key, item.title, item.begin, item.end) == (
        ("c1", "lights", "one"),
        "Tashkent by night",
        moment,
        moment,
    )
    assert item.box == (70.0, 40.0, 71.0, 41.0)
    assert item.problems == ()
    assert item.link("license", "collection").href == "https://a.org/stac/c.json"
    (asset,) = item.assets
    assert asset.href == "https://a.org/stac/items/a%20b.tif?sig=1"
    assert (asset.scheme, asset.file_name, asset.size) == ("https", "a b.tif", 12)
    assert (asset.checksum, asset.roles) == ("1220ab", ("data",))


def changed(**parts: object) -> Item:
    return parse_item({**WHOLE, **parts}, base=BASE)


def test_a_range_without_a_moment():
    item = changed(
        properties={
            "datetime": None,
            "start_datetime": "2020-01-01T00:00:00Z",
            "end_datetime": "2020-12-31T23:59:59Z",
        }
    )
    assert (item.begin.month, item.end.month, item.problems) == (1, 12, ())
    assert shown_title(item) == "lights · 2020-01-01 – 2020-12-31"
    assert day_of(item).isoformat() == "2020-01-01"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"id": None}, "no id"),
        ({"properties": {}}, "no date"),
        ({"properties": None}, "no date"),
        ({"properties": {"datetime": "yesterday"}}, "no date"),
        ({"bbox": None, "geometry": None}, "where it lies"),
        ({"bbox": [1, 2], "geometry": {"type": "Point", "coordinates": []}}, "where it lies"),
        ({"assets": {"data": {}}}, "“data” has no address"),
        ({"assets": {"data": {"href": "http://[::1"}}}, "“data” has no address"),
    ],
)
def test_what_is_missing_is_told(parts, words):
    (problem,) = changed(**parts).problems
    assert words in str(problem)


def test_the_self_link_is_what_relative_addresses_hang_on():
    links = [{"rel": "self", "href": "https://b.org/x/y.json"}]
    assert changed(links=links).assets[0].href == "https://b.org/x/a%20b.tif?sig=1"


@pytest.mark.parametrize(
    ("href", "base", "whole"),
    [
        ("b.tif", "s3://bucket/a/i.json", "s3://bucket/a/b.tif"),
        ("../b.tif", "gs://bucket/a/i.json", "gs://bucket/b.tif"),
        ("https://c.org/b.tif", "s3://bucket/a/i.json", "https://c.org/b.tif"),
        ("s3://bucket/b.tif", "https://a.org/i.json", "s3://bucket/b.tif"),
        ("./b.tif", "/data/catalog/i.json", "/data/catalog/b.tif"),
        ("./b.tif", "file:///data/catalog/i.json", "file:///data/catalog/b.tif"),
        ("b.tif", "", "b.tif"),
        ("", "https://a.org/i.json", ""),
        ("http://[::1", "https://a.org/i.json", ""),
    ],
)
def test_addresses_made_whole(href, base, whole):
    assert absolute(href, base) == whole


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-02-03T04:05:06Z", (2020, 2, 3, 4, 5, 6)),
        ("2020-02-03t04:05:06z", (2020, 2, 3, 4, 5, 6)),
        ("2020-02-03T04:05:06.123456789+02:00", (2020, 2, 3, 2, 5, 6, 123456)),
        ("2020-02-03", (2020, 2, 3)),
        ("2020-02-03 04:05:06", (2020, 2, 3, 4, 5, 6)),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("..", None),
        ("", None),
        (None, None),
        ({"a": 1}, None),
    ],
)
def test_moments(text, moment):
    assert parse_moment(text) == (None if moment is None else datetime(*moment, tzinfo=UTC))


@pytest.mark.parametrize(
    ("raw", "box"),
    [
        ([1, 2, 3, 4], (1.0, 2.0, 3.0, 4.0)),
        ([1, 2, -9, 3, 4, 9], (1.0, 2.0, 3.0, 4.0)),
        ([179, -1, -179, 1], (179.0, -1.0, -179.0, 1.0)),
        ([1, 4, 3, 2], None),
        ([1, 2, 3], None),
        ([1, 2, 3, float("nan")], None),
        ([1, 2, 3, 10**400], None),
        ([None] * 4, None),
        ("1234", None),
    ],
)
def test_boxes(raw, box):
    assert parse_box(raw) == box


def test_a_geometry_over_180_degrees_has_a_box_over_them():
    def square(west: float, east: float) -> list[object]:
        return [[[west, 0], [east, 0], [east, 1], [west, 1], [west, 0]]]

    over = {"type": "MultiPolygon", "coordinates": [square(170, 180), square(-180, -175)]}
    assert geometry_box(over) == (170.0, 0.0, -175.0, 1.0)
    world = {"type": "MultiPolygon", "coordinates": [square(-180, 0), square(0, 180), square(1, 2)]}
    assert geometry_box(world) == (-180.0, 0.0, 180.0, 1.0)


def test_a_deep_collection_of_geometries_is_walked_through():
    geometry: dict[str, object] = {"type": "Point", "coordinates": [5, 6, 7]}
    for _ in range(5000):
        geometry = {"type": "GeometryCollection", "geometries": [geometry]}
    assert geometry_box(geometry) == (5.0, 6.0, 5.0, 6.0)


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        ({}, "Tashkent by night"),
        ({"properties": {"datetime": "2021-03-04T05:06:07Z"}}, "lights · 2021-03-04"),
        ({"properties": {"title": "one", "datetime": "2021-03-04"}}, "lights · 2021-03-04"),
        ({"properties": {}}, "one"),
        ({"properties": {}, "id": ""}, "lights"),
    ],
)
def test_titles(parts, title):
    assert shown_title(changed(**parts)) == title


# --- whatever comes

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["http://[", "2020-01-01", "0001-01-01T00:00:00+14:00", "s3://b/c", "\x00"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)
PLACES = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["Point", "MultiPolygon", "GeometryCollection", None, 3]),
        "coordinates": JSON | st.lists(st.lists(st.sampled_from([-180, 180, 0.5, None]))),
        "geometries": JSON,
    },
)
ASSETS = st.dictionaries(
    st.text(max_size=3),
    JSON
    | st.fixed_dictionaries(
        {"href": JSON}, optional={"file:size": JSON, "roles": JSON, "file:checksum": JSON}
    ),
    max_size=3,
)
ITEMS = st.fixed_dictionaries(
    {},
    optional={
        "id": JSON,
        "collection": JSON,
        "bbox": JSON | st.lists(st.sampled_from([-200, -180, 0, 1.5, 180, None]), max_size=6),
        "geometry": JSON | PLACES,
        "properties": JSON
        | st.dictionaries(
            st.sampled_from(["datetime", "start_datetime", "end_datetime", "title"]), JSON
        ),
        "links": JSON | st.lists(JSON | st.dictionaries(st.sampled_from(["rel", "href"]), JSON)),
        "assets": JSON | ASSETS,
    },
)


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, object]:
    """A whole item, with some of its parts, at any depth, taken out or replaced."""
    item = copy.deepcopy(WHOLE)
    for _ in range(draw(st.integers(1, 4))):
        part: object = item
        while True:
            keys = list(part) if isinstance(part, dict) else list(range(len(part)))
            key = draw(st.sampled_from(keys)) if keys else None
            inner = part[key] if keys else None
            if not isinstance(inner, dict | list) or not inner or draw(st.booleans()):
                break
            part = inner
        if key is not None and draw(st.booleans()):
            del part[key]
        elif key is not None:
            part[key] = draw(JSON)
    return item


@settings(max_examples=300)
@given(spoilt() | ITEMS | JSON, st.sampled_from(["", BASE, "s3://b/i.json", "http://["]))
def test_no_item_is_an_error(raw, base):
    item = parse_item(raw, base=base, source="s")
    assert isinstance(shown_title(item), str)
    assert all(str(problem) for problem in item.problems)
    assert all(isinstance(f"{asset.scheme}{asset.file_name}", str) for asset in item.assets)
    assert all(asset.href for asset in item.assets)
    assert item.box is None or item.box[1] <= item.box[3]
    now = datetime(2020, 1, 1, tzinfo=UTC)
    assert isinstance(unanswered(item, Query(box=(0, 0, 1, 1), begin=now, end=now)), tuple)
    assert isinstance(hash(item), int)


@given(
    JSON
    | st.dictionaries(
        st.sampled_from(["id", "title", "extent", "keywords", "license", "links"]), JSON
    ),
)
def test_no_collection_is_an_error(raw):
    assert isinstance(parse_collection(raw, base=BASE).title, str)


@pytest.mark.parametrize("extent", [{"spatial": {"bbox": [[]]}}, {"temporal": {"interval": [[]]}}])
def test_a_collection_with_an_empty_extent(extent):
    found = parse_collection({"id": "c", "extent": extent})
    assert (found.title, found.box, found.begin, found.end) == ("c", None, None, None)


def test_what_came_is_kept():
    raw = json.loads(json.dumps({**WHOLE, "unknown:thing": [1]}))
    assert parse_item(raw).raw == raw
