"""Searches over several catalogs: pages one by one, counts, and what could be left out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dbar_qgis_plugin.catalog.adapters.base import Page
from dbar_qgis_plugin.catalog.model import parse_item
from dbar_qgis_plugin.catalog.query import Condition, Query
from dbar_qgis_plugin.catalog.searching import ALL_PARTS, PageStream, Search, Tally, relaxations
from dbar_qgis_plugin.errors import Cancelled
from dbar_qgis_plugin.raster_io.progress import message

CLOUD = Condition("eo:cloud_cover", "<", 10)
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


class Three:
    """A catalog of three pages."""

    def search(self, query, is_cancelled):
        for number in range(3):
            if is_cancelled():
                raise Cancelled
            yield Page((parse_item({"id": str(number)}),), 3)


def test_a_stream_gives_one_page_at_a_time_and_ends():
    stream = PageStream(Three(), Query())
    assert [stream.next().items[0].id for _ in range(3)] == ["0", "1", "2"]
    assert not stream.is_done
    assert stream.next() is None and stream.is_done


def test_each_page_can_be_cancelled():
    stream = PageStream(Three(), Query())
    assert stream.next() is not None
    with pytest.raises(Cancelled):
        stream.next(lambda: True)


def test_pages_are_counted():
    items = tuple(parse_item({"id": str(k)}) for k in range(5))
    note = message("a link was broken")
    tally = Tally()
    tally.add(Page(items, 12, {"area": 2, "months": 7}, (note,)), outside=1)
    tally.add(Page(items, None, {"area": 1, "eo:cloud_cover": 4}, (note,)))
    assert (tally.found, tally.matched, tally.outside) == (9, 12, 1)
    assert tally.dropped == {"area": 3, "eo:cloud_cover": 4}  # months are no matter of a server's
    assert tally.notes == [note]


def test_one_part_is_left_out_of_all_queries_then_every_part():
    area = {"type": "Point", "coordinates": [1, 2]}
    search = Search(
        {
            "a": Query(box=(0, 0, 1, 1), begin=BEGIN, conditions=(CLOUD,)),
            "b": Query(box=(0, 0, 1, 1)),
        },
        "night_light",
        area,
    )
    found = relaxations(search)
    assert list(found) == ["area", "period", "eo:cloud_cover", ALL_PARTS]
    assert found["area"].area is None and found["period"].area is area
    assert found["area"].queries["a"] == Query(begin=BEGIN, conditions=(CLOUD,))
    assert found["area"].queries["b"] == Query()
    assert found["period"].queries["b"] == Query(box=(0, 0, 1, 1))
    assert found[ALL_PARTS] == Search({"a": Query(), "b": Query()}, "night_light")


def test_a_search_with_one_part_has_one_way_to_ask_for_less():
    assert list(relaxations(Search({"a": Query(text="light")}))) == ["text"]
    assert relaxations(Search({"a": Query()})) == {}
