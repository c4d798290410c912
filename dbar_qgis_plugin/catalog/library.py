"""Connections, the ways to their servers, and My data, as windows and tools share them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dbar_qgis_plugin.catalog.adapters import open_adapter
from dbar_qgis_plugin.catalog.adapters.base import Adapter
from dbar_qgis_plugin.catalog.connections import Connection, asset_http_of, http_of
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.local.store import MY_DATA, DataStore
from dbar_qgis_plugin.catalog.transfers.download import Fetched
from dbar_qgis_plugin.catalog.transfers.queue import Transfer
from dbar_qgis_plugin.catalog.transport import Transport
from dbar_qgis_plugin.errors import InputError, translate


class Connections(Protocol):
    """Where connections are kept; `net.connection_store` keeps them in QGIS's settings."""

    def all(self) -> tuple[Connection, ...]:
        """Return all connections."""

    def get(self, connection_id: str) -> Connection | None:
        """Return a connection, None if there is none."""


@dataclass(frozen=True)
class Library:
    """What a profile knows of catalogs; usable from any thread.

    connections : the catalogs that can be searched
    transport : way to the network
    data : the user's own data
    """

    connections: Connections
    transport: Transport
    data: DataStore

    def connection(self, connection_id: str) -> Connection:
        """Return a connection.

        Raises
        ------
        InputError
            If it was removed.
        """
        found = self.connections.get(connection_id)
        if found is None:
            raise InputError(
                translate(
                    "Dbar",
                    "The catalog connection {id} is not there any more. Choose another one, or "
                    "make it again.",
                ),
                id=connection_id,
            )
        return found

    def adapter(self, connection_id: str) -> Adapter:
        """Return what searches a connection, or the user's own data (`MY_DATA`).

        Raises
        ------
        InputError
            If the connection was removed.
        MissingDependencyError
            If its protocol needs a library that is not there.
        """
        if connection_id == MY_DATA:
            return self.data
        connection = self.connection(connection_id)
        return open_adapter(connection, http_of(connection, self.transport))

    def asset_http(self, connection_id: str) -> Http:
        """Return the way to a connection's files; without credentials for one that is unknown."""
        connection = self.connections.get(connection_id)
        if connection is None:
            return Http(self.transport)
        return asset_http_of(connection, self.transport)

    def route(self, transfer: Transfer) -> tuple[str, Http]:
        """Return the address of a transfer, asked for again if it was signed, and the way there.

        Raises
        ------
        DbarError
            If the catalog does not give the address again.
        """
        url = transfer.url
        if transfer.lacks_secret:
            url = self._signed_again(transfer) or url
        return url, self.asset_http(transfer.connection)

    def receive(self, transfer: Transfer, fetched: Fetched) -> None:
        """Take a file that was fetched into the user's own data."""
        self.data.add_fetched(
            transfer.item,
            transfer.asset,
            fetched.path,
            url=transfer.url,
            checksum=fetched.checksum,
            connection=transfer.connection,
        )

    def _signed_again(self, transfer: Transfer) -> str:
        if self.connections.get(transfer.connection) is None:
            return ""
        collection, identity = (str(transfer.item.get(name, "")) for name in ("collection", "id"))
        item = self.adapter(transfer.connection).get(collection, identity)
        return next((asset.href for asset in item.assets if asset.key == transfer.asset), "")
