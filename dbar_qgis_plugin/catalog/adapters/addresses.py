"""Addresses of services, of requests to them, and of what lies below them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import SplitResult, quote, unquote_plus, urlencode, urlsplit, urlunsplit

# What a request to a service asks for; the rest of an address's query belongs to the service.
_ASKED: Final = re.compile(
    "service|request|version|acceptversions|layers?|typenames?|styles?|format|transparent|crs|srs|"
    "bbox|width|height|tilematrix(set)?|tilerow|tilecol|sections|updatesequence",
    re.IGNORECASE,
)


def parts_of(url: str) -> SplitResult:
    """Split an address; what is none has no parts."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def split_request(url: str) -> tuple[str, dict[str, str]]:
    """Split an address into that of a service, and what it asks of it, by names in lower case."""
    parts = parts_of(url)
    asked, kept = {}, []
    for pair, name, value in _pairs(parts):
        if _ASKED.fullmatch(name):
            asked[name.lower()] = value
        else:
            kept.append(pair)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), "")), asked


def with_parameters(url: str, parameters: dict[str, str]) -> str:
    """Return an address with parameters, instead of those that it has under the same names."""
    parts = parts_of(url)
    names = {name.lower() for name in parameters}
    kept = [pair for pair, name, _ in _pairs(parts) if name.lower() not in names]
    query = "&".join([*kept, urlencode(parameters)])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _pairs(parts: SplitResult) -> Iterator[tuple[str, str, str]]:
    """Give what stands in a query: as it is, and its name and value."""
    for pair in filter(None, parts.query.split("&")):
        name, _, value = pair.partition("=")
        yield pair, unquote_plus(name), unquote_plus(value)


def below(url: str, *names: str) -> str:
    """Return the address of what lies below an address, which keeps its query."""
    parts = urlsplit(url)
    path = "/".join([parts.path.rstrip("/"), *(quote(name, safe="") for name in names)])
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
