"""Whether items answer a query, whatever the server made of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.catalog.model import parse_item
from dbar_qgis_plugin.catalog.query import (
    OPERATORS,
    Condition,
    Query,
    boxes_meet,
    ignored_parts,
    relaxed,
    unanswered,
)

LONGITUDES = st.integers(-18, 18).map(lambda tens: 10.0 * tens)
LATITUDES = st.tuples(st.integers(-9, 9), st.integers(-9, 9)).map(
    lambda pair: (10.0 * min(pair), 10.0 * max(pair))
)
BOXES = st.builds(lambda w, e, y: (w, y[0], e, y[1]), LONGITUDES, LONGITUDES, LATITUDES)


def item(**properties: object):
    moment = properties.pop("datetime", "2020-06-01T12:00:00Z")
    return parse_item(
        {
            "id": "i",
            "collection": "c",
            "bbox": [10, 10, 20, 20],
            "properties": {"datetime": moment, **properties},
        }
    )


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        (Query(), ()),
        (Query(collections=("c", "d")), ()),
        (Query(collections=("d",)), ("collection",)),
        (Query(ids=("j",)), ("id",)),
        (Query(box=(20, 20, 30, 30)), ()),
        (Query(box=(21, 0, 30, 30)), ("area",)),
        (Query(box=(170, 0, 15, 30)), ()),
        (Query(box=(170, 0, -170, 30)), ("area",)),
        (Query(begin=at(2020, 6, 1), end=at(2020, 6, 2)), ()),
        (Query(begin=at(2020, 6, 1, 12), end=at(2020, 6, 1, 12)), ()),
        (Query(begin=at(2020, 6, 2)), ("period",)),
        (Query(end=at(2020, 5, 31)), ("period",)),
        (Query(box=(21, 0, 30, 30), end=at(2020, 5, 31)), ("area", "period")),
        (Query(months=(5, 6)), ()),
        (Query(months=(5, 7)), ("months",)),
    ],
)
def test_area_and_period(query, parts):
    assert unanswered(item(), query) == parts


def test_a_period_meets_a_range():
    ranged = item(datetime=None, start_datetime="2020-01-01", end_datetime="2020-12-31")
    assert unanswered(ranged, Query(begin=at(2020, 6, 1), end=at(2020, 6, 2))) == ()
    assert unanswered(ranged, Query(begin=at(2021, 1, 1))) == ("period",)


@pytest.mark.parametrize(
    ("begin", "end", "months", "holds"),
    [
        ("2020-11-15", "2021-02-15", (1,), True),
        ("2020-11-15", "2021-02-15", (3,), False),
        ("2020-03-01", "2021-02-15", (2,), True),
        ("2010-03-01", "2021-02-15", (7,), True),
        ("2020-12-31", None, (12,), True),
        ("2020-12-31", "2020-01-01", (12, 1), False),
    ],
)
def test_months_meet_a_range(begin, end, months, holds):
    found = item(datetime=None, start_datetime=begin, end_datetime=end)
    assert (unanswered(found, Query(months=months)) == ()) == holds


def test_what_an_item_does_not_tell_does_not_speak_against_it():
    query = Query(("c",), (0, 0, 1, 1), at(2020, 1, 1), at(2020, 1, 2))
    assert unanswered(parse_item({"id": "i"}), query) == ()


@pytest.mark.parametrize(
    ("found", "operator", "wanted", "holds"),
    [
        (12.5, "<", 20, True),
        (20, "<", 20, False),
        (20, "<=", 20, True),
        (20, ">=", 20, True),
        (20, ">", 20, False),
        (20, "=", 20.0, True),
        (20, "<>", 20, False),
        ("GIU", "=", "GIU", True),
        ("GIU", "<>", "TIS", True),
        ("2020-02-01", ">", "2020-01-01", True),
        ("12", "<", 20, False),
        (12, "=", "12", True),
        (None, "=", 20, False),
        ([1], "<", 20, False),
    ],
)
def test_conditions(found, operator, wanted, holds):
    query = Query(conditions=(Condition("p", operator, wanted),))
    assert unanswered(item(p=found), query) == (() if holds else ("p",))


@given(
    st.none() | st.booleans() | st.floats() | st.text() | st.lists(st.integers(), max_size=2),
    st.sampled_from(OPERATORS),
    st.floats(allow_nan=False) | st.text(),
)
def test_any_property_can_be_tested(found, operator, wanted):
    unanswered(item(p=found), Query(conditions=(Condition("p", operator, wanted),)))


@given(BOXES, BOXES)
def test_boxes_meet_as_the_sets_of_their_points_do(first, second):
    """Held against a count of the whole tens of degrees that both have, 180 and -180 apart."""

    def degrees(box: tuple[float, ...]) -> set[float]:
        west, _, east, _ = box
        tens = [10.0 * number for number in range(-18, 19)]
        if west <= east:
            return {x for x in tens if west <= x <= east}
        return {x for x in tens if x >= west or x <= east}

    rows = first[1] <= second[3] and second[1] <= first[3]
    assert boxes_meet(first, second) == (rows and bool(degrees(first) & degrees(second)))
    assert boxes_meet(first, second) == boxes_meet(second, first)


def test_relaxed_queries_leave_out_one_part_each():
    conditions = (Condition("a", "<", 1), Condition("b", "=", "x"))
    query = Query(
        box=(0, 0, 1, 1), begin=at(2020, 1, 1), months=(6,), text="light", conditions=conditions
    )
    found = dict(relaxed(query))
    assert list(found) == ["area", "period", "months", "text", "a", "b"]
    assert (found["months"].months, found["months"].begin) == ((), query.begin)
    assert found["area"].box is None
    assert found["area"].text == "light"
    assert found["a"].conditions == conditions[1:]
    assert dict(relaxed(Query())) == {}


def test_dropped_items_add_up_over_pages():
    assert ignored_parts([{"area": 2}, {}, {"area": 1, "p": 4}]) == {"area": 3, "p": 4}
