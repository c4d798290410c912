"""A STAC catalog of plain files: it is walked, and searched on this side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from typing import Any, Final, NamedTuple

from dbar_qgis_plugin.catalog.adapters.base import Capabilities, Page
from dbar_qgis_plugin.catalog.adapters.documents import Document, Documents, as_url, is_local
from dbar_qgis_plugin.catalog.adapters.local_search import (
    answering,
    at_most,
    in_collection,
    schema_of_items,
    schema_of_summaries,
    sorted_pages,
    without_doubles,
)
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.model import (
    Collection,
    Item,
    Link,
    Raw,
    parse_collection,
    parse_item,
    parse_links,
)
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.catalog.transport import HttpError, IsCancelled, NetworkError, never
from dbar_qgis_plugin.errors import Cancelled, DbarError, InputError, translate
from dbar_qgis_plugin.raster_io.progress import Message, message

_AT_ONCE: Final = 4  # documents fetched from the web at the same time
_BATCH: Final = 16
_MOST_KEPT: Final = 20_000  # documents
_SAMPLE: Final = 50  # items whose properties show what can be filtered by


class _Node(NamedTuple):
    """A document of the tree."""

    url: str
    raw: Raw
    collection: Collection | None  # that it is, or lies in


class _Read(NamedTuple):
    """A document that a link leads to, or why it could not be read."""

    link: Link
    document: Document = Document("", None)
    error: DbarError | None = None

    @property
    def notes(self) -> tuple[Message, ...]:
        """What the user is told."""
        return () if self.error is None else (message(self.error.template, **self.error.values),)


class StacStatic:
    """A catalog, collection or list of items in files, at any address (`documents.as_url`).

    What has been read is kept, so that a further search asks for nothing again.

    Parameters
    ----------
    url : str
        Address, folder or zip.
    http : Http
        For what lies on the web.
    source : str
        Id of the connection.
    """

    def __init__(self, url: str, http: Http, source: str = "") -> None:
        self.url = url
        self.source = source
        self._documents = Documents(http)
        self._kept: dict[str, Document] = {}

    def describe(self, is_cancelled: IsCancelled = never) -> Capabilities:
        """Read the first document."""
        root = self._root(is_cancelled)
        said = (
            translate("Dbar", "A catalog of plain files: it is read and searched here."),
            translate("Dbar", "Can publish: no"),
        )
        return Capabilities(
            title=str(root.raw.get("title") or root.raw.get("id") or ""),
            description=str(root.raw.get("description") or ""),
            kind="stac_static",
            says=tuple(map(message, said)),
        )

    def collections(self, is_cancelled: IsCancelled = never) -> Iterator[Collection]:
        """Give the collections of the tree; one that cannot be read says why."""
        for node in self._walk(is_cancelled):
            if isinstance(node, _Read):
                yield _unreadable(node, self.source)
            elif node.collection is not None and node.raw is node.collection.raw:
                yield node.collection

    def queryables(self, collection: str, is_cancelled: IsCancelled = never) -> Mapping[str, Raw]:
        """Return what the first items tell, and what their collections summarise."""
        query = Query(collections=(collection,) if collection else (), page_size=_SAMPLE)
        page = next(self.search(query, is_cancelled), Page(()))
        found = schema_of_items(page.items)
        for node in self._walk(is_cancelled):
            known = node.collection if isinstance(node, _Node) else None
            if known is not None and collection in ("", known.id):
                found.update(schema_of_summaries(known.raw.get("summaries")))
            if known is not None and collection == known.id:
                break
        return found

    def search(self, query: Query, is_cancelled: IsCancelled = never) -> Iterator[Page]:
        """Walk the tree for the items that answer a query.

        A part of the tree that cannot be read is told in the notes of a page.
        """
        pages = without_doubles(self._answers(query, is_cancelled))
        if query.sort:
            pages = sorted_pages(pages, query)
        yield from at_most(pages, query.most)

    def get(self, collection: str, item_id: str, is_cancelled: IsCancelled = never) -> Item:
        """Return one item, for which the tree is walked."""
        query = Query(collections=(collection,) if collection else (), ids=(item_id,), most=1)
        for page in self.search(query, is_cancelled):
            for item in page.items:
                return item
        raise HttpError(
            translate("Dbar", "The item “{item}” is not in the catalog {url}."),
            item=item_id,
            url=scrubbed(self.url),
            status=404,
        )

    def _answers(self, query: Query, is_cancelled: IsCancelled) -> Iterator[Page]:
        known: dict[str, Collection] = {}
        kept: list[Item] = []
        notes: list[Message] = []
        enough = query.page_size if query.most is None else min(query.page_size, query.most)
        for found in self._items(query, known, is_cancelled):
            if isinstance(found, _Read):
                notes += found.notes
                continue
            # No server has ignored anything: what does not answer is not counted.
            kept += answering(Page((found,)), query, known).items
            if len(kept) >= enough:
                yield Page(tuple(kept), notes=tuple(notes))
                kept, notes = [], []
        if kept or notes:
            yield Page(tuple(kept), notes=tuple(notes))

    def _items(
        self, query: Query, known: dict[str, Collection], is_cancelled: IsCancelled
    ) -> Iterator[Item | _Read]:
        """Give the items of the collections that a query names, and what could not be read."""
        for node in self._walk(is_cancelled):
            if isinstance(node, _Read):
                yield node
                continue
            identity = ""
            if node.collection is not None:
                identity = node.collection.id
                known[identity] = node.collection
            if query.collections and identity and identity not in query.collections:
                continue
            for raw, base in self._entries(node, is_cancelled):
                if isinstance(raw, _Read):
                    yield raw
                else:
                    yield in_collection(self._item(raw, base), identity)

    def _item(self, raw: Any, base: str) -> Item:
        """Read an item; the files of a copy on this machine are those that lie beside it."""
        if not is_local(base) or not isinstance(raw, Mapping):
            return parse_item(raw, base=base, source=self.source)
        links = raw.get("links")
        others = [
            link
            for link in (links if isinstance(links, list) else ())
            if not (isinstance(link, Mapping) and link.get("rel") == "self")
        ]
        found = parse_item({**raw, "links": others}, base=base, source=self.source)
        return replace(found, raw=raw)

    def _entries(self, node: _Node, is_cancelled: IsCancelled) -> Iterator[tuple[Any, str]]:
        """Give the items of a document, each with the address it was read from."""
        if node.raw.get("type") == "Feature":
            yield node.raw, node.url
        for raw in _features(node.raw):
            yield raw, node.url
        links = parse_links(node.raw.get("links"), node.url)
        items = [link for link in links if link.rel in ("item", "items")]
        for found in self._read_all(items, node.url, is_cancelled):
            if found.error is not None:
                yield found, ""
            elif _is_list(found.document.raw):
                for raw in _features(found.document.raw):
                    yield raw, found.document.url
            else:
                yield found.document.raw, found.document.url

    def _walk(self, is_cancelled: IsCancelled) -> Iterator[_Node | _Read]:
        """Give the documents of the tree but the items, parents first, and those not readable."""
        root = self._root(is_cancelled)
        seen = {root.url}
        waiting = [root]
        while waiting:
            node = waiting.pop(0)
            yield node
            links = [
                link
                for link in parse_links(node.raw.get("links"), node.url)
                if link.rel == "child" and link.href not in seen
            ]
            seen.update(link.href for link in links)
            for found in self._read_all(links, node.url, is_cancelled):
                if found.error is not None:
                    yield found
                else:
                    waiting.append(self._node(found.document, node.collection))

    def _read_all(self, links: list[Link], base: str, is_cancelled: IsCancelled) -> Iterator[_Read]:
        """Read what links lead to, in their order; several at once where they lie on the web."""

        def read(link: Link) -> _Read:
            try:
                document = self._read(link.href, is_cancelled, base)
            except Cancelled:
                raise
            except DbarError as error:
                return _Read(link, error=error)
            if isinstance(document.raw, Mapping):
                return _Read(link, document)
            return _Read(link, error=_no_document(link.href))

        rest = iter(links)
        while batch := list(islice(rest, _BATCH)):
            if is_local(base) or all(link.href in self._kept for link in batch):
                yield from map(read, batch)
                continue
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                done = list(pool.map(read, batch))
            errors = [found.error for found in done if isinstance(found.error, NetworkError)]
            if len(errors) == len(batch) >= _AT_ONCE:
                raise errors[0]  # not a broken part of it, but the way to all of it
            yield from done

    def _read(self, url: str, is_cancelled: IsCancelled, base: str = "") -> Document:
        known = self._kept.get(url)
        if known is None:
            known = self._documents.read(url, is_cancelled, linked_from=base)
            if len(self._kept) < _MOST_KEPT:
                self._kept[url] = known
        return known

    def _root(self, is_cancelled: IsCancelled) -> _Node:
        document = self._read(as_url(self.url), is_cancelled)
        raw = document.raw
        if not isinstance(raw, Mapping) or not (raw.get("type") or raw.get("links")):
            raise _no_document(document.url)
        return self._node(document, None)

    def _node(self, document: Document, parent: Collection | None) -> _Node:
        url, raw = document
        # Before STAC 1.0 a collection did not say that it is one.
        if raw.get("type") == "Collection" or ("extent" in raw and "license" in raw):
            return _Node(url, raw, parse_collection(raw, base=url, source=self.source))
        return _Node(url, raw, parent)


def _unreadable(found: _Read, source: str) -> Collection:
    """Return what stands for a part of the tree that cannot be read."""
    return Collection(
        id="",
        title=found.link.title or scrubbed(found.link.href),
        links=(found.link,),
        problems=found.notes,
        source=source,
    )


def _no_document(url: str) -> InputError:
    return InputError(translate("Dbar", "{url} is no document of a catalog."), url=scrubbed(url))


def _is_list(raw: Raw) -> bool:
    return raw.get("type") == "FeatureCollection" or isinstance(raw.get("features"), list)


def _features(raw: Raw) -> list[Any]:
    features = raw.get("features")
    return features if isinstance(features, list) else []
