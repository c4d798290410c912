"""What this side does of a search."""

from __future__ import annotations

import pytest

from dbar_qgis_plugin.catalog.adapters import local_search
from dbar_qgis_plugin.catalog.adapters.base import Page
from dbar_qgis_plugin.catalog.adapters.local_search import (
    at_most,
    has_words,
    schema_of_items,
    schema_of_summaries,
    sorted_pages,
    without_doubles,
)
from dbar_qgis_plugin.catalog.model import Collection, Item, parse_item
from dbar_qgis_plugin.catalog.query import Condition, Query, unanswered
from dbar_qgis_plugin.raster_io.progress import message


def item(identity: str, **properties: object) -> Item:
    """An item with properties."""
    return parse_item({"id": identity, "properties": properties})


def names(pages: object) -> list[list[str]]:
    """Ids page by page."""
    return [[one.id for one in page.items] for page in pages]


MIXED = (item("b", n=2), item("none"), item("text", n="x"), item("a", n=10.5), item("c", n=2))


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        # Numbers before texts; what lacks the property last, either way; equals as they came.
        ((("n", False),), ["b", "c", "a", "text", "none"]),
        ((("n", True),), ["text", "a", "b", "c", "none"]),
        ((("n", False), ("id", True)), ["c", "b", "a", "text", "none"]),
    ],
)
def test_values_of_all_kinds_are_sorted(sort: tuple[tuple[str, bool], ...], order: list[str]):
    pages = sorted_pages([Page(MIXED[:3]), Page(MIXED[3:])], Query(sort=sort))
    assert names(pages) == [order]


def test_items_are_sorted_by_their_first_moment():
    single = item("single", datetime="2020-01-01T00:00:00Z")
    period = item("period", start_datetime="2019-01-01T00:00:00+08:00", end_datetime="2021-01-01")
    pages = sorted_pages([Page((single, period))], Query(sort=(("datetime", False),)))
    assert names(pages) == [["period", "single"]]


def test_what_pages_tell_is_kept_when_they_are_sorted():
    note = message("a note")
    pages = [Page(MIXED[:2], 9, {"area": 1}, (note,)), Page(MIXED[2:], 9, {"area": 2})]
    first, second, third = sorted_pages(pages, Query(sort=(("id", False),), page_size=2))
    assert (first.matched, first.dropped, first.notes) == (9, {"area": 3}, (note,))
    assert (second.dropped, third.notes) == ({}, ())
    (empty,) = sorted_pages([Page((), None, {"area": 3})], Query(sort=(("id", False),)))
    assert empty.dropped == {"area": 3}


def test_of_very_many_items_the_first_are_sorted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(local_search, "_MOST_SORTED", 3)

    def endless():
        while True:
            yield Page(MIXED[:2])

    (page,) = sorted_pages(endless(), Query(sort=(("id", False),)))
    assert len(page.items) == 4
    assert "first 4 items" in str(page.notes[0])


def test_doubles_are_left_out_and_what_has_no_id_is_kept():
    nameless = parse_item({})
    pages = without_doubles([Page((MIXED[0], nameless, nameless)), Page((MIXED[1], MIXED[0]))])
    assert names(pages) == [["b", "", ""], ["none"]]


def test_no_page_is_fetched_that_is_not_needed():
    def pages():
        yield Page(MIXED[:2])
        yield Page(MIXED[2:4])
        raise AssertionError("fetched")

    assert names(at_most(pages(), 3)) == [["b", "none"], ["text"]]
    assert names(at_most(pages(), 4)) == [["b", "none"], ["text", "a"]]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Condition("id", "=", "x"), True),
        (Condition("id", "<>", "x"), False),
        (Condition("collection", "=", "c"), True),
        (Condition("properties.n", ">", 1), True),
        (Condition("instruments", "=", "gli"), True),
        (Condition("instruments", "=", "tis"), False),
        (Condition("datetime", "<=", "2020-01-01T08:00:00+08:00"), True),
        (Condition("datetime", "<", "2020-01-01T00:00:00.000Z"), False),
    ],
)
def test_conditions_on_what_servers_filter_by(condition: Condition, holds: bool):
    properties = {"n": 2, "instruments": ["gli", "mii"], "datetime": "2020-01-01T00:00:00Z"}
    one = parse_item({"id": "x", "collection": "c", "properties": properties})
    assert (unanswered(one, Query(conditions=(condition,))) == ()) is holds


def test_words_may_be_those_of_the_collection():
    collection = Collection("c", "Night light of cities", keywords=("GLI",))
    one = item("x", title="Kashgar", platform="SDGSAT-1")
    assert has_words(one, "KASHGAR sdgsat night gli", collection)
    assert not has_words(one, "Kashgar night")
    assert has_words(one, "")


def test_schemas():
    summaries = {
        "platform": ["a", "b"],
        "cloud": {"minimum": 0, "maximum": 5.5},
        "moment": {"minimum": "2000-01-01", "maximum": "2001-01-01"},
        "own": {"type": "integer"},
        "bands": [{"name": "x"}],
        "odd": 3,
    }
    assert schema_of_summaries(summaries) == {
        "platform": {"enum": ["a", "b"]},
        "cloud": {"type": "number", "minimum": 0, "maximum": 5.5},
        "moment": {"type": "string", "minimum": "2000-01-01", "maximum": "2001-01-01"},
        "own": {"type": "integer"},
    }
    assert schema_of_summaries(None) == {}
    found = schema_of_items([item("x", n=1, flag=True, many=[1]), item("y", n="z", t="s")])
    assert found == {"n": {"type": "number"}, "t": {"type": "string"}}
