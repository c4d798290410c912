"""What is searched for, and whether an item answers it.

Servers may ignore what they do not know, without a word: every item that comes is held against the
query again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from dbar_qgis_plugin.catalog.model import Box, Item, parse_moment

OPERATORS: Final = ("=", "<>", "<", "<=", ">", ">=")


@dataclass(frozen=True)
class Condition:
    """A condition on a property, such as eo:cloud_cover < 20."""

    name: str
    operator: str
    value: float | str


@dataclass(frozen=True)
class Query:
    """What is searched for; what is empty does not matter.

    box : west, south, east, north; west > east goes over 180 degrees
    begin, end : of the period, both ends within
    months : 1 to 12; of each year; no server is asked for them
    text : words, all of which an item or its collection must have; "a|b" stands for either
    most : items that are wanted at most; None = all
    """

    collections: tuple[str, ...] = ()
    box: Box | None = None
    begin: datetime | None = None
    end: datetime | None = None
    months: tuple[int, ...] = ()
    text: str = ""
    conditions: tuple[Condition, ...] = ()
    ids: tuple[str, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()  # property, and whether it falls
    page_size: int = 50
    most: int | None = None

    def boxes(self) -> tuple[Box, ...]:
        """Boxes of the area that do not go over 180 degrees."""
        if self.box is None:
            return ()
        west, south, east, north = self.box
        if west <= east:
            return (self.box,)
        return (west, south, 180.0, north), (-180.0, south, east, north)


def words_of(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a query's text, each with those that may stand in its place."""
    words = (tuple(filter(None, part.split("|"))) for part in text.split())
    return tuple(filter(None, words))


def unanswered(item: Item, query: Query) -> tuple[str, ...]:
    """Parts of a query that an item does not answer: "area", "period", "months", ...

    What an item does not tell (no place, no date, no such property) does not speak against it,
    except for a condition on that property.
    """
    parts = []
    if query.collections and item.collection and item.collection not in query.collections:
        parts.append("collection")
    if query.ids and item.id not in query.ids:
        parts.append("id")
    if query.box is not None and item.box is not None and not boxes_meet(item.box, query.box):
        parts.append("area")
    if not _in_period(item, query):
        parts.append("period")
    if not _in_months(item, query):
        parts.append("months")
    parts += [condition.name for condition in query.conditions if not _holds(item, condition)]
    return tuple(parts)


def boxes_meet(first: Box, second: Box) -> bool:
    """Tell whether two boxes share a point; either may go over 180 degrees."""
    if first[1] > second[3] or second[1] > first[3]:
        return False
    return any(
        a[0] <= b[2] and b[0] <= a[2]
        for a in Query(box=first).boxes()
        for b in Query(box=second).boxes()
    )


def _in_period(item: Item, query: Query) -> bool:
    if query.begin is not None and item.end is not None and item.end < query.begin:
        return False
    return not (query.end is not None and item.begin is not None and item.begin > query.end)


def _in_months(item: Item, query: Query) -> bool:
    begin, end = item.begin or item.end, item.end or item.begin
    if not query.months or begin is None or end is None:
        return True
    first, last = (12 * moment.year + moment.month - 1 for moment in (begin, end))
    return any(month % 12 + 1 in query.months for month in range(first, min(last, first + 11) + 1))


def property_of(item: Item, name: str) -> Any:
    """Return what servers filter by under a name; None where the item does not say."""
    if name == "id":
        return item.id or None
    if name == "collection":
        return item.collection or None
    return item.properties.get(name.removeprefix("properties."))


def _holds(item: Item, condition: Condition) -> bool:
    found = property_of(item, condition.name)
    # Of several texts, such as instruments, one is enough.
    several = isinstance(found, list | tuple) and isinstance(condition.value, str)
    return any(_compares(value, condition) for value in (found if several else (found,)))


def _compares(found: Any, condition: Condition) -> bool:
    wanted: Any = condition.value
    if found is None or (isinstance(wanted, int | float) and not isinstance(found, int | float)):
        return False
    if isinstance(wanted, str):
        found = str(found)
        # One moment is written in many ways.
        moments = parse_moment(found), parse_moment(wanted)
        if None not in moments:
            found, wanted = moments
    match condition.operator:
        case "=":
            return bool(found == wanted)
        case "<>":
            return bool(found != wanted)
        case "<":
            return bool(found < wanted)
        case "<=":
            return bool(found <= wanted)
        case ">":
            return bool(found > wanted)
        case ">=":
            return bool(found >= wanted)
    raise ValueError(condition.operator)


def relaxed(query: Query) -> Iterable[tuple[str, Query]]:
    """Give queries that leave out one part each, by its name: to find what would give items."""
    if query.box is not None:
        yield "area", replace(query, box=None)
    if query.begin is not None or query.end is not None:
        yield "period", replace(query, begin=None, end=None)
    if query.months:
        yield "months", replace(query, months=())
    if query.text:
        yield "text", replace(query, text="")
    for name in dict.fromkeys(condition.name for condition in query.conditions):
        rest = tuple(condition for condition in query.conditions if condition.name != name)
        yield name, replace(query, conditions=rest)


def ignored_parts(pages: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Add up how many items each part of a query has dropped."""
    total: dict[str, int] = {}
    for page in pages:
        for part, count in page.items():
            total[part] = total.get(part, 0) + count
    return total
