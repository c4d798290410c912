"""What every protocol of catalogs gives alike: collections, searches in pages, single items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from dbar_qgis_plugin.catalog.model import Collection, Item, Raw
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.transport import IsCancelled, never
from dbar_qgis_plugin.raster_io.progress import Message


class Page(NamedTuple):
    """Some of the items that a search found.

    matched : how many there are in all, None if not told
    dropped : how many items of the page a part of the query spoke against that the server had
        ignored, by the part's name (`query.unanswered`)
    notes : what went wrong without ending the search, for the user
    """

    items: tuple[Item, ...]
    matched: int | None = None
    dropped: Mapping[str, int] = {}
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Capabilities:
    """What a catalog is, and what its server does itself.

    kind : "stac_api", "stac_static", ... (`sniffing.sniff`)
    can_filter, can_sort, can_text : False = done on this side, with what has been fetched
    says : conformance in words
    """

    title: str
    description: str
    kind: str
    can_filter: bool = False
    can_sort: bool = False
    can_text: bool = False
    can_publish: bool = False
    says: tuple[Message, ...] = field(default=())


class Adapter(Protocol):
    """A catalog that is searched, whatever it speaks.

    Every method raises `transport.NetworkError`, `transport.HttpError` or `errors.Cancelled`. What
    is broken in one collection or item is told in it, and spoils no other.
    """

    def describe(self, is_cancelled: IsCancelled = never) -> Capabilities:
        """Ask the catalog what it is."""

    def collections(self, is_cancelled: IsCancelled = never) -> Iterator[Collection]:
        """Give the collections, page after page."""

    def queryables(self, collection: str, is_cancelled: IsCancelled = never) -> Mapping[str, Raw]:
        """Return what can be filtered by: a JSON schema for each property; "" = any collection."""

    def search(self, query: Query, is_cancelled: IsCancelled = never) -> Iterator[Page]:
        """Give the items that answer a query, page after page, at most `query.most`."""

    def get(self, collection: str, item_id: str, is_cancelled: IsCancelled = never) -> Item:
        """Return one item."""
