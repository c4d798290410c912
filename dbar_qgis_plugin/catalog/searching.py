"""One search over several catalogs, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from dbar_qgis_plugin.catalog.adapters.base import Adapter, Page
from dbar_qgis_plugin.catalog.model import Raw
from dbar_qgis_plugin.catalog.query import Query, ignored_parts, relaxed
from dbar_qgis_plugin.catalog.transport import IsCancelled, never
from dbar_qgis_plugin.errors import translate
from dbar_qgis_plugin.raster_io.progress import Message, message

ALL_PARTS: Final = "all"  # what stands for leaving out every part of a search
# No server is asked for these: that items are left out here is no fault of a server's.
_DONE_HERE: Final = ("months",)


@dataclass(frozen=True)
class Search:
    """What is searched for, and where.

    queries : what each connection is asked, by its id
    theme : id of the theme it was made for, "" for none
    area : GeoJSON geometry in longitude and latitude, None for anywhere; its box is in the queries
    """

    queries: Mapping[str, Query]
    theme: str = ""
    area: Raw | None = field(default=None, hash=False)


class PageStream:
    """The pages of one connection, fetched when they are wanted.

    One thread at a time may ask for the next page, each time another one.

    Parameters
    ----------
    adapter : Adapter
        What searches the connection.
    query : Query
        What it is asked.
    """

    def __init__(self, adapter: Adapter, query: Query) -> None:
        self._adapter, self._query = adapter, query
        self._pages: Iterator[Page] | None = None
        self._is_cancelled: IsCancelled = never
        self.is_done = False

    def next(self, is_cancelled: IsCancelled = never) -> Page | None:
        """Return the next page, None after the last one; raises as `Adapter.search` does."""
        self._is_cancelled = is_cancelled
        if self._pages is None:
            self._pages = iter(self._adapter.search(self._query, lambda: self._is_cancelled()))
        page = next(self._pages, None)
        self.is_done = page is None
        return page


@dataclass
class Tally:
    """What has come of one connection's search so far.

    found : items that answer it
    matched : how many there are in all, None if not told
    outside : items of the area's box that lie beside the area itself
    dropped : items that did not answer a part of the query that the server had ignored, by part
    notes : what went wrong without ending it, for the user
    """

    found: int = 0
    matched: int | None = None
    outside: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    notes: list[Message] = field(default_factory=list)

    def add(self, page: Page, outside: int = 0) -> None:
        """Count a page, of which some items lie beside the area."""
        self.found += len(page.items) - outside
        self.outside += outside
        if page.matched is not None:
            self.matched = page.matched
        told = {part: count for part, count in page.dropped.items() if part not in _DONE_HERE}
        self.dropped = ignored_parts((self.dropped, told))
        self.notes += [note for note in page.notes if note not in self.notes]


def relaxations(search: Search) -> dict[str, Search]:
    """Return searches that leave out one part each, by its name; last of all every part.

    A part is left out of the queries of all connections.
    """
    by_connection = {key: dict(relaxed(query)) for key, query in search.queries.items()}
    names = dict.fromkeys(name for parts in by_connection.values() for name in parts)
    found = {
        name: replace(
            search,
            queries={
                key: by_connection[key].get(name, query) for key, query in search.queries.items()
            },
            area=None if name == "area" else search.area,
        )
        for name in names
    }
    if len(found) > 1:
        found[ALL_PARTS] = _without_parts(search, tuple(names))
    return found


def _without_parts(search: Search, names: tuple[str, ...]) -> Search:
    queries = dict(search.queries)
    for key in queries:
        for name in names:
            queries[key] = dict(relaxed(queries[key])).get(name, queries[key])
    return replace(search, queries=queries, area=None)


def part_title(part: str) -> Message:
    """Name a part of a query for people; a property goes by its own name."""
    known = {
        "area": translate("Dbar", "area"),
        "period": translate("Dbar", "period"),
        "months": translate("Dbar", "months of the year"),
        "text": translate("Dbar", "words"),
        "collection": translate("Dbar", "collection"),
        "id": translate("Dbar", "id"),
        "eo:cloud_cover": translate("Dbar", "cloud cover"),
    }
    return message(known[part]) if part in known else message("{name}", name=part)
