"""What a pasted address is: found out by what it answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from dbar_qgis_plugin.catalog.adapters.casearth_json import is_data_set
from dbar_qgis_plugin.catalog.adapters.documents import as_url, is_local
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.model import Raw, parse_links
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.catalog.transport import (
    HttpError,
    IsCancelled,
    NoAnswerError,
    Request,
    never,
)
from dbar_qgis_plugin.errors import InputError, translate

ACCEPT: Final = "application/geo+json, application/json, application/xml;q=0.8, */*;q=0.5"
# The first element of a service's description, by the service.
_ELEMENTS: Final = {
    "wms_capabilities": "wms",
    "wmt_ms_capabilities": "wms",
    "tilemapservice": "xyz",
    "tilemap": "xyz",
}
# An element "Capabilities" is that of the service whose namespace it names.
_NAMESPACES: Final = {
    "opengis.net/cat/csw": "csw",
    "opengis.net/wmts": "wmts",
    "opengis.net/wms": "wms",
}
_SERVICES: Final = ("csw", "wms", "wmts")
_FIRST_ELEMENT: Final = re.compile(r"<\s*(?:[\w.-]+:)?([\w.-]+)([^>]*)>")
_NO_ELEMENT: Final = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(\[[^\]]*\])?[^>]*>", re.S)
_HEAD: Final = 20_000  # characters of XML that are looked at


def sniff(url: str, http: Http, is_cancelled: IsCancelled = never) -> str:
    """Return the kind of what an address leads to.

    Parameters
    ----------
    url : str
        As pasted: of a catalog, collection or item, of a service, a template of tiles, or a local
        folder or file.
    http : Http
        The way to it.

    Returns
    -------
    str
        One of `connections.KINDS`.

    Raises
    ------
    InputError
        If it is none of them.
    NetworkError, HttpError, Cancelled
        If it did not answer.
    """
    url = url.strip()
    if all(part in url for part in ("{x}", "{z}")) and ("{y}" in url or "{-y}" in url):
        return "xyz"
    if is_local(url):
        as_url(url)
        return "stac_static"
    if is_data_set(url):
        return "casearth_json"
    refused: HttpError | None = None
    for address in _addresses(url):
        try:
            response = http.send(_request(address), is_cancelled=is_cancelled)
        except HttpError as error:
            if error.status in (401, 403):
                raise
            # A service may answer with an error where it is not asked for anything.
            refused = error if address == url else refused
        else:
            kind = kind_of(response.body, address, http, is_cancelled)
            if kind:
                return kind
    raise refused or InputError(
        translate(
            "Dbar",
            "{url} answers, but as no catalog that is known here: STAC, OGC API-Records, CSW, WMS, "
            "WMTS or XYZ tiles. Look for the address of the service in its documentation.",
        ),
        url=scrubbed(url),
    )


def kind_of(body: bytes, url: str, http: Http, is_cancelled: IsCancelled = never) -> str:
    """Return the kind of what a document belongs to, "" if it is not known.

    It may need the documents that this one links to.
    """
    text = body.decode("utf-8-sig", errors="replace").lstrip()
    if text.startswith("<"):
        return kind_of_xml(text)
    try:
        document = json.loads(text)
    except ValueError:
        return ""
    if not isinstance(document, Mapping):
        return ""
    kind = kind_of_json(document)
    if kind:
        return kind
    linked = _linked(document, url, http, is_cancelled)
    kinds = [found for found in map(kind_of_json, linked) if found]
    if kinds:
        return kinds[0]
    return "stac_static" if _is_stac(document) else ""


def kind_of_xml(text: str) -> str:
    """Return the kind of a service by the first element of its description, "" if not known."""
    found = _FIRST_ELEMENT.search(_NO_ELEMENT.sub("", text[:_HEAD]))
    if found is None:
        return ""
    name, attributes = found[1].lower(), found[2].lower()
    if name == "capabilities":
        return next((kind for mark, kind in _NAMESPACES.items() if mark in attributes), "")
    return _ELEMENTS.get(name, "")


def kind_of_json(document: Raw) -> str:
    """Return the kind by what a document says of itself, "" if it does not say."""
    if "tilejson" in document:
        return "xyz"
    said = document.get("conformsTo")
    known = [text for text in said if isinstance(text, str)] if isinstance(said, list) else []
    if any("api.stacspec.org" in text for text in known):
        return "stac_api"
    if any("ogcapi-records" in text for text in known):
        return "records"
    if any(link.rel == "search" for link in parse_links(document.get("links"))) and _is_stac(
        document
    ):
        return "stac_api"
    return ""


def _is_stac(document: Raw) -> bool:
    if "stac_version" in document:
        return True
    features = document.get("features")
    first = features[0] if isinstance(features, list) and features else None
    return isinstance(first, Mapping) and "stac_version" in first


def _linked(document: Raw, url: str, http: Http, is_cancelled: IsCancelled) -> Iterator[Raw]:
    """Give the documents that say what an API is: its root, and what it conforms to."""
    found: set[str] = set()
    links = list(parse_links(document.get("links"), url))
    for ending in ("root", "conformance", "/conformance"):
        for link in links:
            if not link.rel.endswith(ending) or link.href in found | {url}:
                continue
            found.add(link.href)
            try:
                raw: Any = json.loads(
                    http.send(_request(link.href), is_cancelled=is_cancelled).body
                )
            except (HttpError, NoAnswerError, ValueError):
                raw = None
            if isinstance(raw, Mapping):
                yield raw


def _addresses(url: str) -> Iterator[str]:
    """Give an address as it is, that of the API it lies in, and as services are asked."""
    yield url
    parts = urlsplit(url)
    root, below, _ = parts.path.rpartition("/collections")
    if below:
        yield urlunsplit((parts.scheme, parts.netloc, root or "/", "", ""))
    asked = {name.lower(): value for name, value in parse_qsl(parts.query)}
    for service in _SERVICES:
        if asked.get("service", service).lower() == service and "request" not in asked:
            rest = [(k, v) for k, v in parse_qsl(parts.query) if k.lower() != "service"]
            query = urlencode([*rest, ("service", service.upper()), ("request", "GetCapabilities")])
            yield urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _request(url: str) -> Request:
    return Request(url, headers={"Accept": ACCEPT})
