"""Connections, the ways to their servers, and My data, as windows and tools share them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from dbar_qgis_plugin.catalog.access import WEB, Access, access_of, on_the_web
from dbar_qgis_plugin.catalog.adapters import open_adapter
from dbar_qgis_plugin.catalog.adapters.base import Adapter
from dbar_qgis_plugin.catalog.connections import Connection, asset_http_of, http_of
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.local.documents import CONNECTION, ORIGINAL
from dbar_qgis_plugin.catalog.local.store import MY_DATA, DataStore
from dbar_qgis_plugin.catalog.model import Asset, Item, parse_item
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.signing import Signed, Signers, unsigned
from dbar_qgis_plugin.catalog.transfers.download import Fetched
from dbar_qgis_plugin.catalog.transfers.queue import Transfer
from dbar_qgis_plugin.catalog.transport import IsCancelled, Transport, never
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
    auth_method : gives the method of credentials by their id
    has_driver : tells whether GDAL has a driver
    """

    connections: Connections
    transport: Transport
    data: DataStore
    auth_method: Callable[[str], str] | None = None
    has_driver: Callable[[str], bool] | None = None

    @cached_property
    def signers(self) -> Signers:
        """What signs the addresses of files, for those catalogs that ask for it."""
        return Signers(self.transport)

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
        if urlsplit(url).scheme not in WEB:
            url = _on_the_web(transfer, url)
        collection = str(transfer.item.get("collection", ""))
        signed = self.signed(url, transfer.connection, collection)
        return signed.href, self.asset_http(transfer.connection)

    def access(self, item: Item, asset: Asset) -> Access:
        """Say how an asset of an item is opened; see `access_of`."""
        return self.access_by(self.connections.get(item.source), item, asset)

    def access_by(self, connection: Connection | None, item: Item, asset: Asset) -> Access:
        """Say the same where the item's connection is known already."""
        stores = item.properties.get("storage:schemes")
        return access_of(
            asset,
            connection,
            auth_method=self.auth_method,
            stores=stores if isinstance(stores, Mapping) else None,
            has_driver=self.has_driver,
        )

    def signed(
        self, href: str, connection_id: str, collection: str, is_cancelled: IsCancelled = never
    ) -> Signed:
        """Return an address as it may be asked for now; it is not to be written down.

        Raises
        ------
        DbarError
            If the catalog gives no signature.
        """
        signer = self.signers.signer(self.connections.get(connection_id), collection)
        return Signed(href) if signer is None else signer.sign(href, is_cancelled)

    def signs(self, connection_id: str, collection: str) -> bool:
        """Tell whether a catalog gives signatures for the files of a collection."""
        return self.signers.signer(self.connections.get(connection_id), collection) is not None

    def is_signed(self, href: str, item: Item) -> bool:
        """Tell whether an address holds for a short time only."""
        return self.signs(item.source, item.collection) or unsigned(href) != href

    def signed_anew(
        self,
        href: str,
        connection_id: str,
        names: tuple[str, str, str],
        is_cancelled: IsCancelled = never,
    ) -> str:
        """Return an address that was signed once, with a signature of today; "" if it has none.

        Parameters
        ----------
        href : str
            Without its signature.
        connection_id : str
            Of the connection.
        names : tuple of str
            Collection, item and asset that it is of: a catalog that signs the addresses in its
            items is asked for the item.

        Raises
        ------
        DbarError
            If the catalog does not give it.
        """
        collection, identity, key = names
        signed = self.signed(href, connection_id, collection, is_cancelled).href
        if signed == href and self.connections.get(connection_id) is not None:
            item = self.adapter(connection_id).get(collection, identity, is_cancelled)
            signed = next((asset.href for asset in item.assets if asset.key == key), "")
        return signed if unsigned(signed) != signed else ""

    def held(self, item: Item) -> dict[str, Path]:
        """Return the files of an item that this computer has, by asset."""
        if item.source == MY_DATA:
            return {key: path for key, path in self.data.files(item).items() if path.is_file()}
        for own in self.data.items(Query(ids=(item.id,))):
            if own.properties.get(CONNECTION) == item.source:
                files = self.data.files(own)
                there = {key: path for key, path in files.items() if path.is_file()}
                if self._is_same(own, item):
                    return there
        return {}

    def _is_same(self, own: Item, item: Item) -> bool:
        """Tell whether an item of My data was fetched from another one."""
        collections = {one.id: one.raw.get(ORIGINAL, one.id) for one in self.data.collections()}
        return str(collections.get(own.collection, own.collection)) == (item.collection or "files")

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


def _on_the_web(transfer: Transfer, url: str) -> str:
    """Return the address on the web of a file in a store such as s3:."""
    item = parse_item(transfer.item)
    stores = item.properties.get("storage:schemes")
    asset = next((one for one in item.assets if one.key == transfer.asset), Asset("", url))
    found, reason = on_the_web(
        replace(asset, href=url), stores if isinstance(stores, Mapping) else None
    )
    if reason is not None:
        raise InputError(reason.template, **reason.values)
    return found.href
