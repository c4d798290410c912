"""One search over several catalogs, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dbar_qgis_plugin.catalog.adapters.base import Adapter, Page
from dbar_qgis_plugin.catalog.model import Raw
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.transport import IsCancelled, never


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
