"""A STAC API: what it can do is asked for, the rest is done on this side.

Follows the STAC API specification (github.com/radiantearth/stac-api-spec) and its extensions
(github.com/stac-api-extensions): filter, query, sort, free-text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, urljoin

from pystac_client.item_search import ItemSearch

from dbar_qgis_plugin.catalog.adapters.base import Capabilities, Page
from dbar_qgis_plugin.catalog.adapters.cql2 import cql2_json, cql2_text
from dbar_qgis_plugin.catalog.adapters.in_words import in_words
from dbar_qgis_plugin.catalog.adapters.local_search import (
    answering,
    at_most,
    has_words,
    in_collection,
    schema_of_summaries,
    sorted_pages,
    without_doubles,
)
from dbar_qgis_plugin.catalog.adapters.refusals import or_here
from dbar_qgis_plugin.catalog.adapters.stac_io import HttpStacIO
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.model import (
    Box,
    Collection,
    Item,
    Raw,
    parse_collection,
    parse_item,
)
from dbar_qgis_plugin.catalog.query import Condition, Query, words_of
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.catalog.transport import HttpError, IsCancelled, NetworkError, never
from dbar_qgis_plugin.errors import translate
from dbar_qgis_plugin.raster_io.progress import Message, message

# Parts of a search that not every server does, by the extension that announces them.
FILTER: Final = "filter"
QUERY: Final = "query"
SORT: Final = "sort"
WORD: Final = "free-text"
WORDS: Final = "advanced-free-text"
_MOST_ON_A_PAGE: Final = 10_000
_QUERY_NAMES: Final = {"=": "eq", "<>": "neq", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


@dataclass(frozen=True)
class _Landing:
    """The root document of an API."""

    url: str
    raw: Raw
    conformance: tuple[str, ...]

    def conforms(self, *parts: str) -> bool:
        """Tell whether the server announces one of these, whatever version of it."""
        return any(known.rstrip("/").endswith(parts) for known in self.conformance)

    def links(self, rel: str) -> list[Raw]:
        """Links of one kind, as they came."""
        links = self.raw.get("links")
        entries = links if isinstance(links, list) else []
        return [
            link
            for link in entries
            if isinstance(link, Mapping) and link.get("rel") == rel and link.get("href")
        ]

    def href(self, rel: str, usual: str) -> str:
        """Address of a link; the usual one below the root where there is none."""
        links = self.links(rel)
        return urljoin(self.url, str(links[0]["href"])) if links else _below(self.url, usual)


class StacApi:
    """A STAC API.

    Parameters
    ----------
    url : str
        Address of its root, or of any document that links to it.
    http : Http
        The connection's way to it.
    source : str
        Id of the connection.
    """

    def __init__(self, url: str, http: Http, source: str = "") -> None:
        self.url = url
        self.http = http
        self.source = source
        self._root: _Landing | None = None
        self._by_id: dict[str, Collection] | None = None

    def describe(self, is_cancelled: IsCancelled = never) -> Capabilities:
        """Ask the server what it is, and what it can do."""
        landing = self._landing(is_cancelled)
        asked = _announced(landing)
        publishes = landing.conforms("/extensions/transaction", "/simpletx")
        return Capabilities(
            title=str(landing.raw.get("title") or landing.raw.get("id") or ""),
            description=str(landing.raw.get("description") or ""),
            kind="stac_api",
            can_filter=bool(asked & {FILTER, QUERY}),
            can_sort=SORT in asked,
            can_text=bool(asked & {WORD, WORDS}),
            can_publish=publishes,
            says=tuple(_in_words(asked, publishes, searches=_searches(landing))),
        )

    def collections(self, is_cancelled: IsCancelled = never) -> Iterator[Collection]:
        """Give the collections, page after page."""
        landing = self._landing(is_cancelled)
        io = HttpStacIO(self.http, is_cancelled)
        listed = landing.links("data") or landing.conforms("/collections", "/ogcapi-features")
        if not listed and landing.links("child"):
            for link in landing.links("child"):
                yield self._child(io, urljoin(landing.url, str(link["href"])))
            return
        for page in io.get_pages(landing.href("data", "collections")):
            for entry in page.get("collections") or ():
                yield parse_collection(entry, base=io.url, source=self.source)

    def queryables(self, collection: str, is_cancelled: IsCancelled = never) -> Mapping[str, Raw]:
        """Return what can be filtered by; where the server does not say, what it summarises."""
        found: dict[str, Raw] = {}
        landing = self._landing(is_cancelled)
        if landing.conforms(f"#{FILTER}"):
            url = _below(self._collection_url(collection, is_cancelled), "queryables")
            try:
                document = HttpStacIO(self.http, is_cancelled).read_json(url)
            except HttpError:
                document = {}
            properties = document.get("properties") if isinstance(document, dict) else None
            if isinstance(properties, dict):
                found = {name: raw for name, raw in properties.items() if isinstance(raw, dict)}
        if collection and not set(found) - {"id", "collection", "geometry", "datetime"}:
            known = self._known(is_cancelled).get(collection)
            if known is not None:
                found.update(schema_of_summaries(known.raw.get("summaries")))
        return found

    def search(self, query: Query, is_cancelled: IsCancelled = never) -> Iterator[Page]:
        """Give the items that answer a query, page after page.

        What the server does not announce, refuses or ignores is done on this side.
        """
        landing = self._landing(is_cancelled)
        asked = _announced(landing) & _wanted(query)
        yield from or_here(
            self._answers(landing, query, asked, is_cancelled),
            (lambda: self._answers(landing, query, frozenset(), is_cancelled)) if asked else None,
        )

    def get(self, collection: str, item_id: str, is_cancelled: IsCancelled = never) -> Item:
        """Return one item."""
        items = _below(self._collection_url(collection, is_cancelled), "items")
        url = _below(items, quote(item_id, safe=""))
        io = HttpStacIO(self.http, is_cancelled)
        return parse_item(io.read_json(url), base=io.url, source=self.source)

    def _child(self, io: HttpStacIO, url: str) -> Collection:
        """Read a collection that the root names; one that cannot be read says why."""
        try:
            return parse_collection(io.read_json(url), base=io.url, source=self.source)
        except (HttpError, NetworkError) as error:
            problem = message(error.template, **error.values)
            return Collection("", scrubbed(url), problems=(problem,), source=self.source)

    def _landing(self, is_cancelled: IsCancelled) -> _Landing:
        if self._root is None:
            io = HttpStacIO(self.http, is_cancelled)
            landing = _landing_of(io, self.url)
            roots = landing.links("root")
            if not landing.conformance and roots:
                root = urljoin(landing.url, str(roots[0]["href"]))
                if root.rstrip("/") != landing.url.rstrip("/"):
                    landing = _landing_of(io, root)
            if not landing.conformance and landing.links("conformance"):
                said = _landing_of(io, landing.href("conformance", "conformance"))
                landing = replace(landing, conformance=said.conformance)
            self._root = landing
        return self._root

    def _known(self, is_cancelled: IsCancelled) -> dict[str, Collection]:
        if self._by_id is None:
            self._by_id = {found.id: found for found in self.collections(is_cancelled)}
        return self._by_id

    def _collection_url(self, collection: str, is_cancelled: IsCancelled) -> str:
        """Address of a collection; of the root for none."""
        landing = self._landing(is_cancelled)
        if not collection:
            return landing.url
        return _below(landing.href("data", "collections"), quote(collection, safe=""))

    def _answers(
        self, landing: _Landing, query: Query, asked: frozenset[str], is_cancelled: IsCancelled
    ) -> Iterator[Page]:
        """Give the pages of a search of which the server does the parts `asked`."""
        tested: Mapping[str, Collection] | None = None
        notes: tuple[Message, ...] = ()
        # A server that joins words by "or" does what is wanted of a single one, and of its like.
        alone = WORD in asked and len(words_of(query.text)) == 1
        if query.text and not (WORDS in asked or alone):
            tested = self._known(is_cancelled)
            if not asked & {WORD, WORDS}:
                query, notes = _in_collections_with_words(query, tested.values())
        boxes: tuple[Box | None, ...] = query.boxes() or (None,)
        # A count of the server's is that of the query where it did all of it, at once.
        filters = bool(asked & {FILTER, QUERY}) or not query.conditions
        counts = filters and tested is None and len(boxes) == 1
        pages = without_doubles(
            page if counts else page._replace(matched=None)
            for box in boxes
            for page in self._pages(landing, query, box, asked, is_cancelled)
        )
        pages = (answering(page, query, tested) for page in pages)
        if query.sort and (SORT not in asked or len(boxes) > 1):
            pages = sorted_pages(pages, query)
        for page in at_most(pages, query.most):
            yield page._replace(notes=(*notes, *page.notes))
            notes = ()

    def _pages(
        self,
        landing: _Landing,
        query: Query,
        box: Box | None,
        asked: frozenset[str],
        is_cancelled: IsCancelled,
    ) -> Iterator[Page]:
        """Give the server's pages for one box."""
        if not _searches(landing):
            yield from self._pages_by_collection(query, box, is_cancelled)
            return
        links = landing.links("search")
        by_post = any(str(link.get("method", "")).upper() == "POST" for link in links)
        methods = ("POST", "GET") if by_post or not links else ("GET",)
        url = landing.href("search", "search")
        for method in methods:
            parameters = _parameters(landing, url, method, query, box, asked)
            try:
                yield from self._listed(url, method, parameters, is_cancelled)
            except HttpError as error:
                if error.status != 405 or method == methods[-1]:
                    raise
            else:
                return

    def _pages_by_collection(
        self, query: Query, box: Box | None, is_cancelled: IsCancelled
    ) -> Iterator[Page]:
        """Give the items of one collection after the other, where the API has no search."""
        known = self._known(is_cancelled)
        alone = len(query.collections or known) == 1
        for identity in query.collections or known:
            url = _below(self._collection_url(identity, is_cancelled), "items")
            plain = replace(query, ids=(), collections=())
            parameters = _common_parameters(url, "GET", plain, box)
            for page in self._listed(url, "GET", parameters, is_cancelled):
                items = tuple(in_collection(item, identity) for item in page.items)
                yield Page(items, page.matched if alone else None)

    def _listed(
        self, url: str, method: str, parameters: dict[str, Any], is_cancelled: IsCancelled
    ) -> Iterator[Page]:
        io = HttpStacIO(self.http, is_cancelled)
        for page in io.get_pages(url, method, parameters):
            entries = page.get("features") or ()
            items = [parse_item(entry, base=io.url, source=self.source) for entry in entries]
            yield Page(tuple(items), _matched(page))


def _query_extension(conditions: tuple[Condition, ...]) -> dict[str, dict[str, float | str]]:
    wanted: dict[str, dict[str, float | str]] = {}
    for condition in conditions:
        wanted.setdefault(condition.name, {})[_QUERY_NAMES[condition.operator]] = condition.value
    return wanted


def _parameters(
    landing: _Landing, url: str, method: str, query: Query, box: Box | None, asked: frozenset[str]
) -> dict[str, Any]:
    """Return the parameters of a search of which the server does the parts `asked`."""
    extra: dict[str, Any] = {}
    if query.conditions and FILTER in asked:
        only_text = landing.conforms("/cql2-text") and not landing.conforms("/cql2-json")
        if method == "GET" or only_text:
            extra |= {"filter": cql2_text(query.conditions), "filter_lang": "cql2-text"}
        else:
            extra |= {"filter": cql2_json(query.conditions), "filter_lang": "cql2-json"}
    elif query.conditions and QUERY in asked:
        extra["query"] = _query_extension(query.conditions)
    if query.sort and SORT in asked:
        extra["sortby"] = [
            {"field": _field(name), "direction": "desc" if falls else "asc"}
            for name, falls in query.sort
        ]
    parameters = _common_parameters(url, method, query, box, **extra)
    parts = words_of(query.text)
    words = [word for part in parts for word in part]
    if words and WORDS in asked:
        either = [f"({' OR '.join(part)})" if len(part) > 1 else part[0] for part in parts]
        parameters["q"] = " AND ".join(either)
    elif words and WORD in asked:
        parameters["q"] = words if method == "POST" else ",".join(words)
    return parameters


def _common_parameters(
    url: str, method: str, wanted: Query, box: Box | None, **extra: Any
) -> dict[str, Any]:
    """Return the parameters that every server knows, and others, as pystac-client writes them."""
    moments = (wanted.begin, wanted.end)
    search = ItemSearch(
        url,
        method=method,
        limit=min(max(wanted.page_size, 1), _MOST_ON_A_PAGE),
        ids=wanted.ids or None,
        collections=list(wanted.collections) or None,
        bbox=box,
        datetime=moments if any(moments) else None,
        **extra,
    )
    return dict(search.get_parameters())


def _announced(landing: _Landing) -> frozenset[str]:
    """Return the parts of a search that the server says it does."""
    known = (FILTER, QUERY, SORT, WORD, WORDS)
    return frozenset(part for part in known if landing.conforms(f"/item-search#{part}"))


def _wanted(query: Query) -> frozenset[str]:
    """Return the parts of a search that a query has, and that not every server does."""
    wanted: set[str] = set()
    if query.conditions:
        wanted |= {FILTER, QUERY}
    if query.sort:
        wanted.add(SORT)
    if query.text:
        wanted |= {WORD, WORDS}
    return frozenset(wanted)


def _searches(landing: _Landing) -> bool:
    return bool(landing.links("search")) or landing.conforms("/item-search")


def _in_collections_with_words(query: Query, collections: Any) -> tuple[Query, tuple[Message, ...]]:
    """Look into the collections only that have the words, where there are some.

    A server that cannot search texts would have to send all its items.
    """
    if query.collections:
        return query, ()
    nobody = parse_item({})
    fitting = tuple(
        known.id for known in collections if known.id and has_words(nobody, query.text, known)
    )
    if not fitting:
        return query, ()
    note = message(
        translate(
            "Dbar",
            "The server does not search for words: these are items of the collections that have "
            "them.",
        )
    )
    return replace(query, collections=fitting), (note,)


def _in_words(asked: frozenset[str], publishes: bool, *, searches: bool) -> Iterator[Message]:
    if not searches:
        yield message(
            translate("Dbar", "Has no search: its collections are read one after the other.")
        )
    yield from in_words(
        can_filter=bool(asked & {FILTER, QUERY}),
        can_sort=SORT in asked,
        can_text=bool(asked & {WORD, WORDS}),
        can_publish=publishes,
    )


def _landing_of(io: HttpStacIO, url: str) -> _Landing:
    raw = io.read_json(url)
    document = raw if isinstance(raw, Mapping) else {}
    said = document.get("conformsTo")
    known = said if isinstance(said, list) else []
    return _Landing(io.url, document, tuple(text for text in known if isinstance(text, str)))


def _matched(page: Raw) -> int | None:
    context = page.get("context")
    inside = context.get("matched") if isinstance(context, Mapping) else None
    for count in (page.get("numberMatched"), inside):
        if isinstance(count, int) and not isinstance(count, bool) and count >= 0:
            return count
    return None


def _field(name: str) -> str:
    """Name a property as sorting does; what stands beside the properties has no prefix."""
    return name if name in ("id", "collection") else f"properties.{name}"


def _below(url: str, name: str) -> str:
    return f"{url.rstrip('/')}/{name}"
