"""Addresses that a catalog signs for a short time: signed when they are used, never written down.

Microsoft's Planetary Computer gives a signature for all files of a collection
(planetarycomputer.microsoft.com/docs/concepts/sas). Others sign the addresses in their items, which
are then asked for again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple, Protocol
from urllib.parse import quote, urlsplit

from dbar_qgis_plugin.catalog.connections import Connection, http_of
from dbar_qgis_plugin.catalog.http import Http, read_json
from dbar_qgis_plugin.catalog.model import parse_moment
from dbar_qgis_plugin.catalog.redaction import host_of, scrubbed, without_secrets
from dbar_qgis_plugin.catalog.transfers.download import resource_of
from dbar_qgis_plugin.catalog.transport import HttpError, IsCancelled, Transport, never
from dbar_qgis_plugin.errors import translate

# Before its end a signature is asked for anew: what has begun with it must be able to end.
_SPARE: Final = timedelta(minutes=5)


class Signed(NamedTuple):
    """An address as it may be asked for.

    expires : until when; None if it does not end, or is not known
    """

    href: str
    expires: datetime | None = None


def unsigned(href: str) -> str:
    """Return an address without what signs it; without a signature it comes back as it is."""
    return without_secrets(resource_of(href))[0]


class Signer(Protocol):
    """Signs the addresses of files."""

    def sign(self, href: str, is_cancelled: IsCancelled = never) -> Signed:
        """Return an address with its signature; one that needs none comes back as it is."""


@dataclass(frozen=True)
class TokenService:
    """A service that gives signatures by collection.

    url : to which the name of a collection is added
    servers : ends of the names of the servers whose files it signs; no other gets a signature
    """

    url: str
    servers: tuple[str, ...]


# By the server of a connection.
SERVICES: Final[Mapping[str, TokenService]] = {
    "https://planetarycomputer.microsoft.com": TokenService(
        "https://planetarycomputer.microsoft.com/api/sas/v1/token/", (".blob.core.windows.net",)
    )
}


class CollectionSigner:
    """Signs the files of one collection; usable from any thread."""

    def __init__(
        self,
        service: TokenService,
        collection: str,
        http: Http,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._url = service.url + quote(collection, safe="")
        self._servers = service.servers
        self._http, self._now = http, now
        self._lock = threading.Lock()
        self._token = Signed("")

    def sign(self, href: str, is_cancelled: IsCancelled = never) -> Signed:
        """Return an address with its signature; see `Signer.sign`.

        Raises
        ------
        HttpError, NetworkError, Cancelled
            The service gives none.
        """
        server = urlsplit(href).hostname or ""
        if not server.endswith(self._servers) or without_secrets(href)[1]:
            return Signed(href)
        with self._lock:
            expires = self._token.expires
            if expires is None or self._now() >= expires - _SPARE:
                self._token = self._fetch(is_cancelled)
            token, expires = self._token
        mark = "&" if urlsplit(href).query else "?"
        return Signed(f"{href}{mark}{token}", expires)

    def _fetch(self, is_cancelled: IsCancelled) -> Signed:
        response = self._http.get(self._url, accept="application/json", is_cancelled=is_cancelled)
        found = read_json(response)
        told = found if isinstance(found, Mapping) else {}
        token, expires = told.get("token"), parse_moment(told.get("msft:expiry"))
        if not isinstance(token, str) or not token or expires is None:
            raise HttpError(
                translate("Dbar", "{url} gave no signature for the files of the collection."),
                url=scrubbed(self._url),
                status=response.status,
            )
        return Signed(token.lstrip("?"), expires)


class Signers:
    """The signers of all connections, made when they are first needed."""

    def __init__(
        self, transport: Transport, services: Mapping[str, TokenService] = SERVICES
    ) -> None:
        self._transport, self._services = transport, services
        self._made: dict[tuple[str, str], Signer] = {}

    def signer(self, connection: Connection | None, collection: str) -> Signer | None:
        """Return what signs the files of a collection; None where nothing does."""
        if connection is None or not collection:
            return None
        service = self._services.get(host_of(connection.url))
        if service is None:
            return None
        key = (connection.id, collection)
        if key not in self._made:
            http = http_of(connection, self._transport)
            self._made[key] = CollectionSigner(service, collection, http)
        return self._made[key]
