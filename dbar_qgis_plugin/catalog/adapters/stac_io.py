"""pystac-client's reading and paging, over the connection's own HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode, urljoin

from pystac import Link
from pystac_client.stac_api_io import StacApiIO

from dbar_qgis_plugin.catalog.http import Http, read_json
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.catalog.transport import HttpError, IsCancelled, Request, never
from dbar_qgis_plugin.errors import Cancelled, translate

_MOST_EMPTY: Final = 3
_BODY_METHODS: Final = ("POST", "PUT", "PATCH")


class HttpStacIO(StacApiIO):
    """Read from a STAC API through `Http`: with its credentials, time limit, retries and cancel.

    Parameters
    ----------
    http : Http
        The connection's way to its server.
    is_cancelled : callable
        Ends a request, and the paging.

    Attributes
    ----------
    url : str
        Where the last document came from, after redirects: what its links are relative to.
    """

    # Not the parent's: it would open a session of its own.
    def __init__(self, http: Http, is_cancelled: IsCancelled = never) -> None:
        self.http = http
        self.is_cancelled = is_cancelled
        self.url = ""
        self._read: tuple[str, Any] = ("", None)  # the last document as it came, and decoded

    def request(
        self,
        href: str,
        method: str | None = None,
        headers: dict[str, str] | None = None,
        parameters: dict[str, Any] | None = None,
    ) -> str:
        """Send a request that changes nothing, and return the JSON it gives."""
        method = (method or "GET").upper()
        sent = {"Accept": "application/geo+json, application/json", **(headers or {})}
        body = None
        if method in _BODY_METHODS:
            body = json.dumps(parameters or {}).encode()
            sent["Content-Type"] = "application/json"
        elif parameters:
            href += ("&" if "?" in href else "?") + urlencode(parameters)
        response = self.http.send(
            Request(href, method, sent, body), repeatable=True, is_cancelled=self.is_cancelled
        )
        found = read_json(response)  # says in words what is none
        self.url = response.url
        text = response.body.decode(json.detect_encoding(response.body), errors="replace")
        self._read = text, found
        return text

    def json_loads(self, txt: str, *_args: Any, **_kwargs: Any) -> Any:
        """Decode JSON, also where a key stands twice; what was decoded already, not again."""
        (text, found), self._read = self._read, ("", None)
        return found if txt is text else json.loads(txt)

    def get_pages(
        self, url: str, method: str | None = None, parameters: dict[str, Any] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Give the pages of a list, as they come.

        An empty page is not the last one while it has a link to the next. The links are followed
        as the server gives them.
        """
        page = self._page(url, method=method, parameters=parameters)
        followed: set[str] = set()
        empty = 0
        while True:
            empty = 0 if _entries(page) else empty + 1
            yield page
            link = _next_link(page, self.url)
            mark = json.dumps(link, sort_keys=True, default=str)
            if link is None or mark in followed or empty >= _MOST_EMPTY:
                return
            followed.add(mark)
            if self.is_cancelled():
                raise Cancelled
            page = self._page(Link.from_dict(link), parameters=parameters)
            if link.get("merge"):
                # The next link of that page adds to what this one has asked.
                parameters = {**(parameters or {}), **link["body"]}

    def _page(self, source: str | Link, **parameters: Any) -> dict[str, Any]:
        page = self.read_json(source, **parameters)
        if isinstance(page, dict) and _entries(page) is not None:
            return page
        raise HttpError(
            translate(
                "Dbar",
                "{url} did not answer with a list of items or collections: {words}",
            ),
            url=scrubbed(source.href if isinstance(source, Link) else source),
            words=scrubbed(json.dumps(page, ensure_ascii=False)[:300]),
        )


def _entries(page: dict[str, Any]) -> list[Any] | None:
    """Return what a page lists; None where it lists nothing."""
    for key in ("features", "collections"):
        if isinstance(page.get(key), list):
            return list(page[key])
    return [] if page.get("type") == "FeatureCollection" else None


def _next_link(page: dict[str, Any], base: str) -> dict[str, Any] | None:
    """Return the link to the next page, whole; None on the last one."""
    links = page.get("links")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("rel") == "next" and link.get("href"):
            headers = link.get("headers")
            said = headers.items() if isinstance(headers, dict) else ()
            return {
                **link,
                "href": urljoin(base, str(link["href"])),
                "method": str(link.get("method") or "GET").upper(),
                "headers": {
                    name: ", ".join(value) if isinstance(value, list) else str(value)
                    for name, value in said
                },
                "body": link.get("body") or {},
                "merge": bool(link.get("merge")),
            }
    return None
