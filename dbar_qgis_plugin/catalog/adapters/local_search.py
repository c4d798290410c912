"""What this side does of a search: hold items against the query, sort, and cut into pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, Final

from dbar_qgis_plugin.catalog.adapters.base import Page
from dbar_qgis_plugin.catalog.model import Collection, Item, Raw
from dbar_qgis_plugin.catalog.query import Query, ignored_parts, property_of, unanswered, words_of
from dbar_qgis_plugin.errors import translate
from dbar_qgis_plugin.raster_io.progress import message

TEXT: Final = "text"
_MOST_SORTED: Final = 10_000
_WORDY: Final = ("title", "description", "keywords", "platform", "constellation", "instruments")


def has_words(item: Item, text: str, collection: Collection | None = None) -> bool:
    """Tell whether an item, or its collection, has all words of a text, in whatever case.

    A word may be written as several with "|" between them, of which one is enough.
    """
    said = [item.id, item.title, item.collection]
    said += [str(item.properties.get(name, "")) for name in _WORDY]
    if collection is not None:
        said += [collection.title, collection.description, *collection.keywords]
    heap = " ".join(said).casefold()
    return all(any(word in heap for word in either) for either in words_of(text.casefold()))


def answering(
    page: Page, query: Query, collections: Mapping[str, Collection] | None = None
) -> Page:
    """Return a page without the items that do not answer the query, which it counts.

    collections : by id, to look the words of the query up in them; None = the words are the
        server's matter
    """
    kept = []
    dropped = dict(page.dropped)
    for item in page.items:
        parts = unanswered(item, query)
        if collections is not None and not has_words(
            item, query.text, collections.get(item.collection)
        ):
            parts = (*parts, TEXT)
        if not parts:
            kept.append(item)
        for part in parts:
            dropped[part] = dropped.get(part, 0) + 1
    # A count that includes what is dropped is not that of the query; no server counts by months.
    matched = None if dropped or query.months else page.matched
    return page._replace(items=tuple(kept), matched=matched, dropped=dropped)


def without_doubles(pages: Iterable[Page]) -> Iterator[Page]:
    """Leave out the items that an earlier page had."""
    seen: set[tuple[str, str, str]] = set()
    for page in pages:
        fresh = []
        for item in page.items:
            # What has no id cannot be told from others.
            if not item.id or item.key not in seen:
                seen.add(item.key)
                fresh.append(item)
        yield page._replace(items=tuple(fresh))


def at_most(pages: Iterable[Page], most: int | None) -> Iterator[Page]:
    """End when so many items have come."""
    left = most
    for page in pages:
        if left is None:
            yield page
            continue
        yield page._replace(items=page.items[:left])
        left -= len(page.items)
        if left <= 0:
            return


def sorted_pages(pages: Iterable[Page], query: Query) -> Iterator[Page]:
    """Fetch all pages, and give their items anew in the order of the query.

    Of very many items the first ones are sorted, which the last page tells.
    """
    fetched: list[Page] = []
    items: list[Item] = []
    for page in pages:
        fetched.append(page)
        items += page.items
        if len(items) >= _MOST_SORTED:
            break
    for name, falls in reversed(query.sort):
        # What lacks the property comes last, either way; Python's sort keeps the order of equals.
        told = [item for item in items if value_of(item, name) is not None]
        rest = [item for item in items if value_of(item, name) is None]
        told.sort(key=partial(_order, name), reverse=falls)
        items = told + rest
    notes = [note for page in fetched for note in page.notes]
    if len(items) >= _MOST_SORTED:
        notes.append(
            message(
                translate("Dbar", "Only the first {count} items were sorted: search for less."),
                count=len(items),
            )
        )
    matched = fetched[0].matched if fetched else None
    result = Page(
        tuple(items), matched, ignored_parts(page.dropped for page in fetched), tuple(notes)
    )
    yield from paged(result, query.page_size)


def paged(page: Page, size: int) -> Iterator[Page]:
    """Cut one page into pages of a size; what it tells stands on the first."""
    rest = iter(page.items)
    first = True
    while (items := tuple(islice(rest, max(size, 1)))) or first:
        yield page._replace(items=items) if first else Page(items, page.matched)
        first = False


def value_of(item: Item, name: str) -> Any:
    """Return what an item is sorted by; None where it does not say."""
    if name in ("datetime", "properties.datetime") and item.begin is not None:
        return item.begin.isoformat()
    return property_of(item, name)


def _order(name: str, item: Item) -> tuple[int, Any]:
    """Make values of several kinds comparable: numbers before texts."""
    value = value_of(item, name)
    if isinstance(value, int | float):
        return 0, value
    return 1, str(value)


def schema_of_summaries(summaries: object) -> dict[str, Raw]:
    """Return a JSON schema for each property that a collection summarises."""
    found: dict[str, Raw] = {}
    if not isinstance(summaries, Mapping):
        return found
    for name, summary in summaries.items():
        if isinstance(summary, list) and all(isinstance(v, str | int | float) for v in summary):
            found[str(name)] = {"enum": list(summary)}
        elif isinstance(summary, Mapping) and "minimum" in summary and "maximum" in summary:
            low, high = summary["minimum"], summary["maximum"]
            kind = "number" if isinstance(low, int | float) else "string"
            found[str(name)] = {"type": kind, "minimum": low, "maximum": high}
        elif isinstance(summary, Mapping) and "type" in summary:
            found[str(name)] = dict(summary)
    return found


def schema_of_items(items: Iterable[Item]) -> dict[str, Raw]:
    """Return a JSON schema for each simple property that some items have."""
    found: dict[str, Raw] = {}
    for item in items:
        for name, value in item.properties.items():
            if isinstance(value, bool) or name in found:
                continue
            if isinstance(value, int | float):
                found[name] = {"type": "number"}
            elif isinstance(value, str):
                found[name] = {"type": "string"}
    return found


def in_collection(item: Item, collection: str) -> Item:
    """Return an item that says which collection it lies in."""
    return item if item.collection or not collection else replace(item, collection=collection)
