"""CSW 2.0.2: catalogues of metadata, searched and written over XML.

Follows OGC 07-006r1. OWSLib builds the filters; the requests are sent by the connection's own
network, and records are read one by one, so that none spoils the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from owslib import fes
from owslib.etree import etree

from dbar_qgis_plugin.catalog.adapters.addresses import split_request, with_parameters
from dbar_qgis_plugin.catalog.adapters.base import Capabilities, Page
from dbar_qgis_plugin.catalog.adapters.in_words import in_words
from dbar_qgis_plugin.catalog.adapters.local_search import (
    TEXT,
    answering,
    at_most,
    sorted_pages,
    without_doubles,
)
from dbar_qgis_plugin.catalog.adapters.markup import (
    Element,
    all_said,
    attribute,
    first_said,
    read_xml,
    said,
    within,
)
from dbar_qgis_plugin.catalog.adapters.metadata import (
    NAMESPACES,
    as_dublin_core,
    as_iso,
    document_of,
)
from dbar_qgis_plugin.catalog.adapters.refusals import or_here
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.model import Box, Collection, Item, Raw, parse_item
from dbar_qgis_plugin.catalog.query import Query, words_of
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.catalog.transport import (
    HttpError,
    IsCancelled,
    Request,
    Response,
    never,
)
from dbar_qgis_plugin.errors import translate

# A catalogue has no collections: all its records are one.
COLLECTION: Final = "records"
AREA: Final = "area"
_XML: Final = "application/xml"
_ACCEPT: Final = "application/xml, text/xml"
_VERSION: Final = "2.0.2"
_ISO: Final = NAMESPACES["gmd"]
_OWN: Final = NAMESPACES["csw"]
_WGS84: Final = "urn:ogc:def:crs:EPSG::4326"  # latitude first
_LIKE: Final = {"wildCard": "%", "singleChar": "_", "escapeChar": "\\", "matchCase": False}
_SPECIAL: Final = re.compile(r"([%_\\])")


@dataclass(frozen=True)
class _Service:
    """What a catalogue says of itself.

    addresses : of the operations that take XML, by name in lower case
    by_parameters : operations that take parameters in an address, and no XML
    schemas : in which records can be had
    """

    title: str
    abstract: str
    addresses: Mapping[str, str]
    by_parameters: frozenset[str]
    schemas: tuple[str, ...]

    @property
    def schema(self) -> str:
        """The richest schema: ISO tells periods and names of layers, Dublin Core does not."""
        return _ISO if _ISO in self.schemas else _OWN


class Csw:
    """A CSW 2.0.2.

    Parameters
    ----------
    url : str
        Address of the service, or of a request to it.
    http : Http
        The connection's way to it.
    source : str
        Id of the connection.
    """

    def __init__(self, url: str, http: Http, source: str = "") -> None:
        self.url = split_request(url)[0]
        self.http = http
        self.source = source
        self._said: _Service | None = None

    def describe(self, is_cancelled: IsCancelled = never) -> Capabilities:
        """Ask the service what it is, and what it can do."""
        service = self._service(is_cancelled)
        can_publish = "transaction" in service.addresses
        return Capabilities(
            title=service.title,
            description=service.abstract,
            kind="csw",
            can_text=True,
            can_publish=can_publish,
            says=tuple(in_words(can_text=True, can_publish=can_publish)),
        )

    def collections(self, is_cancelled: IsCancelled = never) -> Iterator[Collection]:
        """Give the one that all records are."""
        service = self._service(is_cancelled)
        title = service.title or COLLECTION
        yield Collection(COLLECTION, title, service.abstract, source=self.source)

    def queryables(
        self,
        collection: str,  # noqa: ARG002 - there is one
        is_cancelled: IsCancelled = never,  # noqa: ARG002 - nothing is asked
    ) -> Mapping[str, Raw]:
        """Return nothing: what a record can be filtered by differs between catalogues."""
        return {}

    def search(self, query: Query, is_cancelled: IsCancelled = never) -> Iterator[Page]:
        """Give the records that answer a query, page after page.

        The service looks for words and for the area; the rest is done on this side.
        """
        if query.collections and COLLECTION not in query.collections:
            return
        wanted = {AREA: query.box is not None, TEXT: bool(words_of(query.text))}
        asked = frozenset(part for part, is_wanted in wanted.items() if is_wanted)
        yield from or_here(
            self._answers(query, asked, is_cancelled),
            (lambda: self._answers(query, frozenset(), is_cancelled)) if asked else None,
        )

    def get(
        self,
        collection: str,  # noqa: ARG002 - there is one
        item_id: str,
        is_cancelled: IsCancelled = never,
    ) -> Item:
        """Return one record."""
        parameters = {
            "service": "CSW",
            "version": _VERSION,
            "request": "GetRecordById",
            "ElementSetName": "full",
            "outputSchema": self._service(is_cancelled).schema,
            "id": item_id,
        }
        url = with_parameters(self.url, parameters)
        root = read_xml(self.http.get(url, accept=_ACCEPT, is_cancelled=is_cancelled))
        for record in root.iterchildren("*"):
            return self._item(record)
        raise HttpError(
            translate("Dbar", "{url} has no record with the id {id}."),
            url=scrubbed(self.url),
            id=item_id,
            status=404,
        )

    def create(
        self,
        collection: str,  # noqa: ARG002 - there is one
        item: Raw,
        is_cancelled: IsCancelled = never,
    ) -> str:
        """Write an item as a new record, and return its id.

        Raises
        ------
        HttpError
            If the service does not take it.
        """
        insert = _request("Transaction")
        etree.SubElement(insert, _tag("Insert")).append(self._record(item, is_cancelled))
        root = self._transact(insert, "totalInserted", is_cancelled)
        inserted = next(within(root, "InsertResult"), None)
        identity = "" if inserted is None else first_said(inserted, "BriefRecord/identifier")
        return identity or str(item.get("id") or "")

    def replace(
        self,
        collection: str,  # noqa: ARG002 - there is one
        item: Raw,
        is_cancelled: IsCancelled = never,
    ) -> None:
        """Write an item over the record of its id; raises as `create`."""
        update = _request("Transaction")
        etree.SubElement(update, _tag("Update")).append(self._record(item, is_cancelled))
        self._transact(update, "totalUpdated", is_cancelled)

    def delete(
        self,
        collection: str,  # noqa: ARG002 - there is one
        item_id: str,
        is_cancelled: IsCancelled = never,
    ) -> None:
        """Delete a record; raises as `create`."""
        delete = _request("Transaction")
        part = etree.SubElement(delete, _tag("Delete"), typeName="csw:Record")
        _constrain(part, [fes.PropertyIsEqualTo("dc:identifier", item_id)])
        self._transact(delete, "totalDeleted", is_cancelled)

    def _service(self, is_cancelled: IsCancelled) -> _Service:
        if self._said is None:
            parameters = {"service": "CSW", "version": _VERSION, "request": "GetCapabilities"}
            url = with_parameters(self.url, parameters)
            root = read_xml(self.http.get(url, accept=_ACCEPT, is_cancelled=is_cancelled))
            self._said = self._service_of(root)
        return self._said

    def _service_of(self, root: Element) -> _Service:
        addresses: dict[str, str] = {}
        by_parameters: set[str] = set()
        schemas: list[str] = []
        for operation in within(root, "Operation"):
            name = attribute(operation, "name").lower()
            posts = list(within(operation, "Post"))
            # A service may take the same in an envelope of SOAP, elsewhere.
            plain = [post for post in posts if "XML" in all_said(within(post, "Value"))]
            for post in (*plain, *posts)[:1]:
                addresses[name] = self._reachable(attribute(post, "href"))
            if not posts and next(within(operation, "Get"), None) is not None:
                by_parameters.add(name)
            if name == "getrecords":
                for parameter in within(operation, "Parameter"):
                    if attribute(parameter, "name").lower() == "outputschema":
                        schemas = all_said(within(parameter, "Value"))
        return _Service(
            first_said(root, "ServiceIdentification/Title"),
            first_said(root, "ServiceIdentification/Abstract"),
            addresses,
            frozenset(by_parameters),
            tuple(schemas),
        )

    def _reachable(self, href: str) -> str:
        """Return an address that the service names, on the server that was reached.

        Services behind a proxy often name an address that only they can reach.
        """
        own, other = urlsplit(self.url), urlsplit(href)
        if not other.path:
            return self.url
        return urlunsplit((own.scheme, own.netloc, other.path, other.query, ""))

    def _answers(
        self, query: Query, asked: frozenset[str], is_cancelled: IsCancelled
    ) -> Iterator[Page]:
        """Give the pages of a search of which the service does the parts `asked`."""
        boxes: tuple[Box | None, ...] = (query.boxes() if AREA in asked else ()) or (None,)
        words = words_of(query.text) if TEXT in asked else ()
        wanted = asked >= {name for name, part in ((AREA, query.box), (TEXT, query.text)) if part}
        # A count of the service's is that of the query where it did all of it, at once.
        counts = wanted and len(boxes) == 1 and not query.conditions
        counts = counts and query.begin is None and query.end is None
        pages = without_doubles(
            page if counts else page._replace(matched=None)
            for box in boxes
            for page in self._pages(query, box, words, is_cancelled)
        )
        tested: Mapping[str, Collection] | None = None if TEXT in asked else {}
        pages = (answering(page, query, tested) for page in pages)
        if query.sort:
            pages = sorted_pages(pages, query)
        yield from at_most(pages, query.most)

    def _pages(
        self,
        query: Query,
        box: Box | None,
        words: tuple[tuple[str, ...], ...],
        is_cancelled: IsCancelled,
    ) -> Iterator[Page]:
        service = self._service(is_cancelled)
        size = query.page_size if query.most is None else min(query.page_size, query.most)
        start, matched = 1, 1
        while start <= matched:
            body = _get_records(
                service.schema, start, max(size, 1), _constraints(query, box, words)
            )
            root = read_xml(self._records(service, body, is_cancelled))
            results = next(within(root, "SearchResults"), None)
            if results is None:
                return
            records = list(results.iterchildren("*"))
            matched = _number(attribute(results, "numberOfRecordsMatched"))
            yield Page(tuple(map(self._item, records)), matched)
            following = _number(attribute(results, "nextRecord"))
            # Not every service says where it goes on; an empty page goes on nowhere.
            start = following if following > start else start + len(records)
            if not records:
                return

    def _records(self, service: _Service, request: Element, is_cancelled: IsCancelled) -> Response:
        if "getrecords" in service.by_parameters:
            url = with_parameters(self.url, _as_parameters(request))
            return self.http.get(url, accept=_ACCEPT, is_cancelled=is_cancelled)
        address = service.addresses.get("getrecords", self.url)
        return self._post(address, request, is_cancelled, repeatable=True)

    def _item(self, record: Element) -> Item:
        return parse_item(document_of(record, COLLECTION), base=self.url, source=self.source)

    def _record(self, item: Raw, is_cancelled: IsCancelled) -> Element:
        is_iso = self._service(is_cancelled).schema == _ISO
        return as_iso(item) if is_iso else as_dublin_core(item)

    def _transact(self, request: Element, counted: str, is_cancelled: IsCancelled) -> Element:
        address = self._service(is_cancelled).addresses.get("transaction", self.url)
        root = read_xml(self._post(address, request, is_cancelled, repeatable=False))
        count = next(within(root, counted), None)
        if count is not None and _number(said(count)) < 1:
            raise HttpError(
                translate("Dbar", "{url} did not change any record."),
                url=scrubbed(address),
                status=404,
            )
        return root

    def _post(
        self, url: str, body: Element, is_cancelled: IsCancelled, *, repeatable: bool
    ) -> Response:
        headers = {"Content-Type": _XML, "Accept": _ACCEPT}
        text = etree.tostring(body, xml_declaration=True, encoding="UTF-8")
        return self.http.send(
            Request(url, "POST", headers, text), repeatable=repeatable, is_cancelled=is_cancelled
        )


def _get_records(
    schema: str, start: int, size: int, constraints: list[fes.OgcExpression]
) -> Element:
    request = _request("GetRecords")
    request.set("resultType", "results")
    request.set("outputFormat", _XML)
    request.set("outputSchema", schema)
    request.set("startPosition", str(start))
    request.set("maxRecords", str(size))
    part = etree.SubElement(request, _tag("Query"), typeNames="csw:Record")
    etree.SubElement(part, _tag("ElementSetName")).text = "full"
    _constrain(part, constraints)
    return request


def _as_parameters(request: Element) -> dict[str, str]:
    """Write a GetRecords as parameters of an address."""
    found = {str(name): str(value) for name, value in request.attrib.items()}
    found |= {"request": "GetRecords", "typeNames": "csw:Record", "ElementSetName": "full"}
    for condition in within(request, "Filter"):
        found["constraintLanguage"] = "FILTER"
        found["constraint_language_version"] = "1.1.0"
        found["constraint"] = etree.tostring(condition, encoding="unicode")
    return found


def _constraints(
    query: Query, box: Box | None, words: tuple[tuple[str, ...], ...]
) -> list[fes.OgcExpression]:
    found = []
    for either in words:
        likes = [
            fes.PropertyIsLike("csw:AnyText", "%" + _SPECIAL.sub(r"\\\1", word) + "%", **_LIKE)
            for word in either
        ]
        found.append(fes.Or(likes) if len(likes) > 1 else likes[0])
    if box is not None:
        west, south, east, north = box
        found.append(fes.BBox([south, west, north, east], crs=_WGS84))
    if len(query.ids) == 1:
        found.append(fes.PropertyIsEqualTo("dc:identifier", query.ids[0]))
    elif query.ids:
        found.append(fes.Or([fes.PropertyIsEqualTo("dc:identifier", i) for i in query.ids]))
    return found


def _constrain(parent: Element, constraints: list[fes.OgcExpression]) -> None:
    if not constraints:
        return
    part = etree.SubElement(parent, _tag("Constraint"), version="1.1.0")
    alone = len(constraints) == 1
    part.append(
        fes.FilterRequest().setConstraint(constraints[0] if alone else fes.And(constraints))
    )


def _request(name: str) -> Element:
    return etree.Element(_tag(name), nsmap=NAMESPACES, service="CSW", version=_VERSION)


def _tag(name: str) -> str:
    return f"{{{_OWN}}}{name}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
