"""OGC API-Records: collections of metadata, searched and written over JSON.

Follows OGC 20-004r1 (OGC API-Records, part 1: core, 1.0): bbox, datetime, q, sortby, filter, and
paging by links; writing as in OGC API-Features, part 4. What a server ignores or refuses is done on
this side.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from dbar_qgis_plugin.catalog.adapters.addresses import below, with_parameters
from dbar_qgis_plugin.catalog.adapters.as_items import (
    LAYERS,
    SERVICES,
    THUMBNAIL,
    Online,
    assets_and_links,
    moments,
)
from dbar_qgis_plugin.catalog.adapters.base import Capabilities, Page
from dbar_qgis_plugin.catalog.adapters.cql2 import cql2_text
from dbar_qgis_plugin.catalog.adapters.in_words import in_words
from dbar_qgis_plugin.catalog.adapters.local_search import (
    TEXT,
    answering,
    at_most,
    sorted_pages,
    without_doubles,
)
from dbar_qgis_plugin.catalog.adapters.refusals import or_here
from dbar_qgis_plugin.catalog.http import Http, read_json
from dbar_qgis_plugin.catalog.model import (
    Box,
    Collection,
    Item,
    Link,
    Raw,
    parse_collection,
    parse_item,
    parse_links,
    parse_moment,
)
from dbar_qgis_plugin.catalog.query import Query, words_of
from dbar_qgis_plugin.catalog.transport import (
    HttpError,
    IsCancelled,
    NetworkError,
    Request,
    Response,
    never,
)

GEOJSON: Final = "application/geo+json"
_JSON: Final = "application/json"
_STAC_VERSION: Final = "1.1.0"
_CONFORMS: Final = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"
# Parts of a search that are left to the server.
AREA: Final = "area"
PERIOD: Final = "period"
FILTER: Final = "filter"
SORT: Final = "sort"
# Where the catalog itself goes on; a link of any other kind may lead to data.
_OF_THE_CATALOG: Final = frozenset(
    (
        "self",
        "alternate",
        "root",
        "parent",
        "collection",
        "next",
        "prev",
        "first",
        "last",
        "license",
        "canonical",
        "derived_from",
        "conformance",
        "describedby",
    )
)
_SORTED_HERE: Final = ("id", "collection", "datetime", "start_datetime", "end_datetime")


@dataclass(frozen=True)
class _Api:
    """What the documents at the root of an API say."""

    url: str
    raw: Raw
    conformance: tuple[str, ...]

    def conforms(self, ending: str) -> bool:
        """Tell whether the server announces a class, whatever version of it."""
        return any(known.rstrip("/").endswith(ending) for known in self.conformance)

    @property
    def parts(self) -> frozenset[str]:
        """Parts of a search that the server does; those of the core without announcing them."""
        announced = {
            FILTER: self.conforms("/filter") and self.conforms("/cql2-text"),
            SORT: self.conforms("/sorting"),
        }
        return frozenset((AREA, PERIOD, TEXT, *(part for part, has in announced.items() if has)))

    @property
    def data(self) -> str:
        """Address of the collections."""
        link = _json_link(parse_links(self.raw.get("links"), self.url), "data")
        return below(self.url, "collections") if link is None else link.href


class Records:
    """An OGC API-Records.

    Parameters
    ----------
    url : str
        Address of its root, of a collection, or of any document that links to the root.
    http : Http
        The connection's way to it.
    source : str
        Id of the connection.
    """

    def __init__(self, url: str, http: Http, source: str = "") -> None:
        self.url = url
        self.http = http
        self.source = source
        self._root: _Api | None = None
        self._by_id: dict[str, Collection] | None = None

    def describe(self, is_cancelled: IsCancelled = never) -> Capabilities:
        """Ask the server what it is, and what it can do."""
        api = self._api(is_cancelled)
        can_publish = api.conforms("/create-replace-delete") or self._takes_records(is_cancelled)
        can_filter, can_sort = FILTER in api.parts, SORT in api.parts
        return Capabilities(
            title=str(api.raw.get("title") or ""),
            description=str(api.raw.get("description") or ""),
            kind="records",
            can_filter=can_filter,
            can_sort=can_sort,
            can_text=True,
            can_publish=can_publish,
            says=tuple(
                in_words(
                    can_filter=can_filter,
                    can_sort=can_sort,
                    can_text=True,
                    can_publish=can_publish,
                )
            ),
        )

    def collections(self, is_cancelled: IsCancelled = never) -> Iterator[Collection]:
        """Give the collections that hold records; all, where none says so."""
        url = self._api(is_cancelled).data
        entries = [
            (entry, page_url)
            for page_url, page in self._documents(url, is_cancelled)
            for entry in _mappings(page.get("collections"))
        ]
        records = [pair for pair in entries if pair[0].get("itemType") == "record"]
        for entry, page_url in records or entries:
            yield parse_collection(entry, base=page_url, source=self.source)

    def queryables(self, collection: str, is_cancelled: IsCancelled = never) -> Mapping[str, Raw]:
        """Return what the server says that can be filtered by, which is done on this side."""
        if not collection:
            return {}
        url = below(self._api(is_cancelled).data, collection, "queryables")
        try:
            document = self._read(url, is_cancelled)
        except HttpError:
            return {}
        properties = document.get("properties")
        entries = properties.items() if isinstance(properties, Mapping) else ()
        return {
            name: raw
            for name, raw in entries
            if isinstance(raw, Mapping) and name not in ("q", "geometry")
        }

    def search(self, query: Query, is_cancelled: IsCancelled = never) -> Iterator[Page]:
        """Give the records that answer a query, page after page."""
        names = query.collections or tuple(self._known(is_cancelled))
        if len(names) == 1:
            pages = self._in_collection(names[0], query, is_cancelled)
        else:
            unsorted = replace(query, sort=())
            pages = (
                page._replace(matched=None)
                for name in names
                for page in self._in_collection(name, unsorted, is_cancelled)
            )
            if query.sort:
                pages = sorted_pages(pages, query)
        yield from at_most(pages, query.most)

    def get(self, collection: str, item_id: str, is_cancelled: IsCancelled = never) -> Item:
        """Return one record."""
        url = below(self._items_url(collection, is_cancelled), item_id)
        return self._item(self._read(url, is_cancelled), collection, url)

    def create(self, collection: str, item: Raw, is_cancelled: IsCancelled = never) -> str:
        """Write an item as a new record, and return the id that the server gives it.

        Raises
        ------
        HttpError
            If the server does not take it.
        """
        url = self._items_url(collection, is_cancelled)
        response = self._write("POST", url, record_of(item), is_cancelled)
        location = urlsplit(response.headers.get("location", "")).path.rstrip("/")
        # An id may have a slash in it.
        identity = location.rpartition(urlsplit(url).path + "/")[2]
        return unquote(identity) or str(item.get("id") or "")

    def replace(self, collection: str, item: Raw, is_cancelled: IsCancelled = never) -> None:
        """Write an item over the record of its id; raises as `create`."""
        url = below(self._items_url(collection, is_cancelled), str(item.get("id") or ""))
        self._write("PUT", url, record_of(item), is_cancelled)

    def delete(self, collection: str, item_id: str, is_cancelled: IsCancelled = never) -> None:
        """Delete a record; raises as `create`."""
        url = below(self._items_url(collection, is_cancelled), item_id)
        self.http.send(Request(url, "DELETE"), is_cancelled=is_cancelled)

    def _api(self, is_cancelled: IsCancelled) -> _Api:
        if self._root is None:
            url, document = self.url, self._read(self.url, is_cancelled)
            root = _json_link(parse_links(document.get("links"), url), "root")
            if "/collections" in url:
                # A collection, or a document of it.
                url = root.href if root is not None else url.partition("/collections")[0] + "/"
                document = self._read(url, is_cancelled)
            said = document.get("conformsTo")
            if not isinstance(said, list):
                link = _json_link(parse_links(document.get("links"), url), "conformance")
                where = below(url, "conformance") if link is None else link.href
                said = self._read(where, is_cancelled).get("conformsTo")
            known = said if isinstance(said, list) else []
            classes = tuple(text for text in known if isinstance(text, str))
            self._root = _Api(url, document, classes)
        return self._root

    def _known(self, is_cancelled: IsCancelled) -> dict[str, Collection]:
        if self._by_id is None:
            self._by_id = {found.id: found for found in self.collections(is_cancelled)}
        return self._by_id

    def _items_url(self, collection: str, is_cancelled: IsCancelled) -> str:
        return below(self._api(is_cancelled).data, collection, "items")

    def _takes_records(self, is_cancelled: IsCancelled) -> bool:
        """Ask a collection which methods it has; not every server announces it."""
        first = next(iter(self._known(is_cancelled)), None)
        if first is None:
            return False
        request = Request(self._items_url(first, is_cancelled), "OPTIONS")
        try:
            response = self.http.send(request, is_cancelled=is_cancelled)
        except (HttpError, NetworkError):
            return False
        return "POST" in response.headers.get("allow", "").upper()

    def _in_collection(self, name: str, query: Query, is_cancelled: IsCancelled) -> Iterator[Page]:
        """Give the records of a collection, which may refuse what another one does."""
        asked: frozenset[str] = frozenset()
        if not query.ids:
            asked = _wanted(query) & self._api(is_cancelled).parts
        return or_here(
            self._answers(name, query, asked, is_cancelled),
            (lambda: self._answers(name, query, frozenset(), is_cancelled)) if asked else None,
        )

    def _answers(
        self, name: str, query: Query, asked: frozenset[str], is_cancelled: IsCancelled
    ) -> Iterator[Page]:
        """Give the pages of a search of which the server does the parts `asked`."""
        boxes: tuple[Box | None, ...] = (query.boxes() if AREA in asked else ()) or (None,)
        words = list(words_of(query.text))
        sent: tuple[str, ...] = ("",)
        if TEXT in asked:
            sent = _sent_words(query)
            words.remove(sent)
        # A count of the server's is that of the query where the server did all of it, at once.
        counts = not words and len(boxes) == len(sent) == 1 and asked >= _wanted(query) - {SORT}
        pages = without_doubles(
            page if counts else page._replace(matched=None)
            for box in boxes
            for word in sent
            for page in self._pages(query, name, box, word, asked, is_cancelled)
        )
        pages = (_with_words(answering(page, query), words) for page in pages)
        if query.sort and (SORT not in asked or len(boxes) * len(sent) > 1):
            pages = sorted_pages(pages, query)
        return pages

    def _pages(
        self,
        query: Query,
        collection: str,
        box: Box | None,
        word: str,
        asked: frozenset[str],
        is_cancelled: IsCancelled,
    ) -> Iterator[Page]:
        if query.ids:
            yield Page(tuple(self._those(collection, query.ids, is_cancelled)))
            return
        size = query.page_size if query.most is None else min(query.page_size, query.most)
        parameters = {"limit": str(max(size, 1))}
        if box is not None:
            parameters["bbox"] = ",".join(map(repr, box))
        if PERIOD in asked:
            parameters["datetime"] = "/".join(map(_moment_text, (query.begin, query.end)))
        if TEXT in asked:
            parameters["q"] = word
        if FILTER in asked:
            parameters["filter"] = cql2_text(query.conditions)
            parameters["filter-lang"] = "cql2-text"
        if SORT in asked:
            parameters["sortby"] = ",".join(
                f"{'-' if falls else '+'}{name}" for name, falls in query.sort
            )
        url = with_parameters(self._items_url(collection, is_cancelled), parameters)
        for page_url, page in self._documents(url, is_cancelled):
            features = page.get("features")
            items = tuple(
                self._item(entry, collection, page_url)
                for entry in (features if isinstance(features, list) else ())
            )
            matched = page.get("numberMatched")
            yield Page(items, matched if isinstance(matched, int) else None)

    def _those(
        self, collection: str, ids: tuple[str, ...], is_cancelled: IsCancelled
    ) -> Iterator[Item]:
        for identity in ids:
            try:
                found = self.get(collection, identity, is_cancelled)
            except HttpError as error:
                if error.status != 404:
                    raise
            else:
                yield found

    def _item(self, raw: object, collection: str, url: str) -> Item:
        return parse_item(item_of(raw, collection), base=url, source=self.source)

    def _documents(self, url: str, is_cancelled: IsCancelled) -> Iterator[tuple[str, Raw]]:
        """Give a document and those that follow it, with their addresses."""
        seen: set[str] = set()
        following: str | None = url
        while following is not None and following not in seen:
            seen.add(following)
            document = self._read(following, is_cancelled)
            yield following, document
            link = _json_link(parse_links(document.get("links"), following), "next")
            following = None if link is None else link.href

    def _read(self, url: str, is_cancelled: IsCancelled) -> Raw:
        document = read_json(self.http.get(url, is_cancelled=is_cancelled))
        return document if isinstance(document, Mapping) else {}

    def _write(self, method: str, url: str, record: Raw, is_cancelled: IsCancelled) -> Response:
        body = json.dumps(record, ensure_ascii=False).encode("utf-8")
        request = Request(url, method, {"Content-Type": GEOJSON, "Accept": _JSON}, body)
        return self.http.send(request, is_cancelled=is_cancelled)


def item_of(raw: object, collection: str = "") -> dict[str, Any]:
    """Bring a record into the shape of an item: its time, its links as assets; the rest is kept."""
    record = raw if isinstance(raw, Mapping) else {}
    properties = record.get("properties")
    told = dict(properties) if isinstance(properties, Mapping) else {}
    if not {"datetime", "start_datetime", "end_datetime"} & set(told):
        told |= moments(*_period(record.get("time")))
    online, kept = [], []
    for entry in _mappings(record.get("links")):
        if str(entry.get("rel")) in _OF_THE_CATALOG:
            kept.append(entry)
        else:
            online.append(_online(entry))
    assets, links = assets_and_links(online)
    own = record.get("assets")
    return {
        "type": "Feature",
        "stac_version": _STAC_VERSION,
        "collection": collection,
        **record,
        "properties": told,
        "links": [*kept, *links],
        "assets": {**assets, **(own if isinstance(own, Mapping) else {})},
    }


def record_of(item: Raw) -> dict[str, Any]:
    """Bring an item into the shape of a record: its moments, and its assets as links."""
    properties = dict(item.get("properties") or {})
    moment = properties.pop("datetime", None)
    begin, end = (properties.pop(f"{name}_datetime", None) for name in ("start", "end"))
    time: dict[str, Any] | None = None
    if begin or end:
        time = {"interval": [begin or "..", end or ".."]}
    elif moment:
        time = {"timestamp": moment}
    links = [link for link in _mappings(item.get("links")) if link.get("rel") not in ("self",)]
    assets = item.get("assets")
    entries = assets.values() if isinstance(assets, Mapping) else ()
    return {
        "type": "Feature",
        "id": item.get("id"),
        "conformsTo": [_CONFORMS],
        "geometry": item.get("geometry"),
        **({"bbox": item["bbox"]} if item.get("bbox") else {}),
        "time": time,
        # The standard asks for type and title; some servers fail without a description.
        "properties": {
            "type": "dataset",
            "title": str(item.get("id")),
            "description": "",
            **properties,
        },
        "links": [*links, *(_link_of(asset) for asset in _mappings(list(entries)))],
    }


def _link_of(asset: Raw) -> dict[str, Any]:
    roles = asset.get("roles") or []
    service = next((kind for kind in SERVICES if kind in roles), "")
    rel = "item" if service else "preview" if THUMBNAIL in roles else "enclosure"
    names = asset.get(LAYERS.get(service, ""))
    told = {
        "title": asset.get("title"),
        "type": asset.get("type"),
        "length": asset.get("file:size"),
        "file:checksum": asset.get("file:checksum"),
        "protocol": f"OGC:{service.upper()}" if service else "",
        "name": ",".join(map(str, names)) if isinstance(names, list) else "",
    }
    return {"rel": rel, "href": asset.get("href"), **{k: v for k, v in told.items() if v}}


def _online(link: Raw) -> Online:
    def text(name: str) -> str:
        value = link.get(name)
        return value if isinstance(value, str) else ""

    size = link.get("length")
    more = {"file:size": size, "file:checksum": text("file:checksum")}
    return Online(
        text("href"),
        text("protocol"),
        text("name"),
        text("title"),
        text("type"),
        text("rel"),
        {name: value for name, value in more.items() if value},
    )


def _period(time: object) -> tuple[str, str]:
    """Read the time of a record: a moment, a day, or an interval, whose ends may be open."""
    if not isinstance(time, Mapping):
        return "", ""
    moment = time.get("timestamp") or time.get("date")
    interval = time.get("interval")
    pair = interval if isinstance(interval, list) and len(interval) == 2 else [moment, moment]
    begin, end = (text if isinstance(text, str) else "" for text in pair)
    return begin, end


def _wanted(query: Query) -> frozenset[str]:
    """Return the parts of a query that a server may do."""
    wanted = {
        AREA: query.box is not None,
        PERIOD: query.begin is not None or query.end is not None,
        TEXT: bool(words_of(query.text)),
        FILTER: bool(query.conditions),
        SORT: bool(query.sort) and not any(name in _SORTED_HERE for name, _ in query.sort),
    }
    return frozenset(part for part, is_wanted in wanted.items() if is_wanted)


def _sent_words(query: Query) -> tuple[str, ...]:
    """Return the word that the server looks for, the longest one, with those in its place.

    Servers read several words as a phrase, as any of them, or as all; so they are asked for one at
    a time, and the others are looked for on this side.
    """
    return max(words_of(query.text), key=lambda either: len(min(either, key=len)))


def _with_words(page: Page, words: list[tuple[str, ...]]) -> Page:
    """Leave out the records that lack a word in their id and everywhere in their properties."""
    if not words:
        return page
    kept = []
    for item in page.items:
        text = " ".join(_texts([item.id, dict(item.properties)])).casefold()
        if all(any(word.casefold() in text for word in either) for either in words):
            kept.append(item)
    lacking = len(page.items) - len(kept)
    if not lacking:
        return page
    dropped = {**page.dropped, TEXT: page.dropped.get(TEXT, 0) + lacking}
    return page._replace(items=tuple(kept), matched=None, dropped=dropped)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str) and parse_moment(value) is None:
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _moment_text(moment: datetime | None) -> str:
    if moment is None:
        return ".."
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _json_link(links: Any, rel: str) -> Link | None:
    """Return the link of a relation that leads to JSON; any, where none says so."""
    found = [link for link in links if link.rel == rel]
    of_json = [link for link in found if "json" in link.media_type and "ld+" not in link.media_type]
    plain = [link for link in found if not link.media_type]
    return next(iter([*of_json, *plain]), None)


def _mappings(raw: object) -> list[Raw]:
    return [entry for entry in raw if isinstance(entry, Mapping)] if isinstance(raw, list) else []
