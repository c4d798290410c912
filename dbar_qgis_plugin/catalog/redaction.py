"""Addresses as they may be shown, logged and saved: without what gives access."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote_plus, urlsplit, urlunsplit

_HIDDEN: Final = "…"
_PORTS: Final = {"http": "80", "https": "443"}
# Names whose values give access, in addresses (of Azure, AWS, Google Cloud and others) and texts.
_CLEAR: Final = (
    r"[\w.-]*(?:token|secret|passw(?:or)?d|signature|credentials?|api[_-]?key|access[_-]?key(?:id)?"
    r"|subscription[_-]?key)|(?:proxy-)?authorization|(?:set-)?cookie"
)
# The name of an account gives none, but is nobody else's business.
_NAME: Final = (
    rf"(?:{_CLEAR}|sig|key|pwd|auth|jwt|username|x-amz-[a-z-]+|x-goog-[a-z-]+|header\.[\w-]+)"
)
_IN_ADDRESS: Final = re.compile(rf"(?i)(?<![\w.-])({_NAME})=[^&\s|\"'<>]*")
_IN_TEXT: Final = re.compile(
    rf"(?i)(?<![\w.-])((?:{_CLEAR})[\"']?\s*:\s*[\"']?)(?:(?:basic|bearer|digest)\s+)?[^\s\"',}}]+"
)
_ACCOUNT: Final = re.compile(r"(?<=://)[^/?#\s]*@")


def scrubbed(text: str) -> str:
    """Return a text with the secrets in its addresses, and of headers in it, left out."""
    text = _IN_ADDRESS.sub(rf"\1={_HIDDEN}", _ACCOUNT.sub(f"{_HIDDEN}@", text))
    return _IN_TEXT.sub(rf"\1{_HIDDEN}", text)


def without_secrets(url: str) -> tuple[str, tuple[str, ...]]:
    """Return an address without account and signing parameters, and their names ("user:password").

    Raises
    ------
    ValueError
        If it is no address.
    """
    parts = urlsplit(url)
    dropped = []
    account, _, server = parts.netloc.rpartition("@")
    if account:
        dropped.append("user:password")
    kept = []
    for pair in parts.query.split("&"):
        name = unquote_plus(pair.partition("=")[0])
        if re.fullmatch(_NAME, name, re.IGNORECASE):
            dropped.append(name)
        else:
            kept.append(pair)
    if not dropped:
        return url, ()
    clean = (parts.scheme, server, parts.path, "&".join(kept), parts.fragment)
    return urlunsplit(clean), tuple(dropped)


def host_of(url: str) -> str:
    """Return scheme, host and port of an address: what credentials are given to.

    A port that goes without saying is left out; "" for what is no address.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    server = parts.netloc.rpartition("@")[2].lower()
    return urlunsplit((scheme, server.removesuffix(f":{_PORTS.get(scheme)}"), "", "", ""))
