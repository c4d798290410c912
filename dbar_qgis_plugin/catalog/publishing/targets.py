"""Where items are written: a folder, a STAC API, an OGC API-Records, a CSW."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Protocol

from dbar_qgis_plugin.catalog.adapters import open_adapter
from dbar_qgis_plugin.catalog.adapters.addresses import below, with_parameters
from dbar_qgis_plugin.catalog.adapters.base import Adapter
from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.http import Http, read_json
from dbar_qgis_plugin.catalog.model import Item, Raw, parse_item, parse_links
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.transport import (
    HttpError,
    IsCancelled,
    Request,
    Response,
    never,
)
from dbar_qgis_plugin.errors import InputError, translate

WRITABLE_KINDS: Final = ("stac_api", "records", "csw")
_JSON: Final = "application/json"
_GEOJSON: Final = "application/geo+json"
_GONE: Final = 404
_PAUSES_S: Final = (0.0, 0.5, 1.5, 3.0)  # some servers find an item only after a while
# Links that a catalog makes itself.
STRUCTURE: Final = ("self", "root", "parent", "collection")


class Stored(NamedTuple):
    """An item as it is in a catalog.

    raw : what would be written to have it again
    etag : of this state of it, "" if the server tells none
    """

    item: Item
    raw: Raw
    etag: str = ""


class Target(Protocol):
    """A catalog that items are written to.

    makes_collections : whether it takes new ones

    Every method raises `transport.NetworkError`, `transport.HttpError`, `errors.OutputError` or
    `errors.Cancelled`.
    """

    kind: str
    makes_collections: bool

    def find(
        self, collection: str, identity: str, is_cancelled: IsCancelled = never
    ) -> Stored | None:
        """Return an item that is there; None if there is none."""

    def has_collection(self, collection: str, is_cancelled: IsCancelled = never) -> bool:
        """Tell whether a collection is there."""

    def make_collection(self, document: Raw, is_cancelled: IsCancelled = never) -> None:
        """Make a collection; `InputError` where that cannot be done."""

    def remove_collection(self, collection: str) -> None:
        """Remove a collection that was made."""

    def create(self, collection: str, document: Raw, is_cancelled: IsCancelled = never) -> str:
        """Write a new item, and return its id."""

    def replace(
        self, collection: str, document: Raw, etag: str = "", is_cancelled: IsCancelled = never
    ) -> None:
        """Write an item over that of its id, if that is still as it was."""

    def delete(self, collection: str, identity: str, is_cancelled: IsCancelled = never) -> None:
        """Remove an item."""

    def read_back(
        self, collection: str, identity: str, is_cancelled: IsCancelled = never
    ) -> Item | None:
        """Look for an item as anybody does, by a search; None if it is not found."""

    def address(self, collection: str, identity: str) -> str:
        """Return the address of an item for people."""

    def parent(self, collection: str) -> str:
        """Return the address of a collection, which may be relative to its items."""


class _WebTarget:
    """What the targets on the web have in common."""

    def __init__(self, connection: Connection, http: Http) -> None:
        self.kind = connection.kind
        self.url = connection.url
        self.http = http
        self.adapter: Adapter = open_adapter(connection, http)

    def read_back(
        self, collection: str, identity: str, is_cancelled: IsCancelled = never
    ) -> Item | None:
        """See `Target.read_back`."""
        query = Query(collections=(collection,), ids=(identity,), most=1)
        for pause in _PAUSES_S:
            self.http.pause(pause, is_cancelled)
            for page in self.adapter.search(query, is_cancelled):
                for item in page.items:
                    return item
        return None


class StacTarget(_WebTarget):
    """A STAC API with the extension for transactions."""

    makes_collections = True

    def __init__(self, connection: Connection, http: Http) -> None:
        super().__init__(connection, http)
        self._data = ""

    def find(
        self, collection: str, identity: str, is_cancelled: IsCancelled = never
    ) -> Stored | None:
        """See `Target.find`."""
        url = self.address(collection, identity)
        response = _found(self.http, url, is_cancelled)
        if response is None:
            return None
        document = _mapping(read_json(response))
        links = [link for link in document.get("links") or () if link.get("rel") not in STRUCTURE]
        # pgstac leaves out a date that is null, and takes no item without one.
        told = {"datetime": None, **_mapping(document.get("properties"))}
        raw = {**document, "properties": told, "links": links}
        item = parse_item(document, base=response.url)
        return Stored(item, raw, response.headers.get("etag", ""))

    def has_collection(self, collection: str, is_cancelled: IsCancelled = never) -> bool:
        """See `Target.has_collection`."""
        url = below(self._collections(is_cancelled), collection)
        return _found(self.http, url, is_cancelled) is not None

    def make_collection(self, document: Raw, is_cancelled: IsCancelled = never) -> None:
        """See `Target.make_collection`."""
        self._write("POST", self._collections(is_cancelled), document, is_cancelled=is_cancelled)

    def remove_collection(self, collection: str) -> None:
        """See `Target.remove_collection`."""
        self.http.send(Request(below(self._collections(never), collection), "DELETE"))

    def create(self, collection: str, document: Raw, is_cancelled: IsCancelled = never) -> str:
        """See `Target.create`."""
        url = below(self._collections(is_cancelled), collection, "items")
        self._write("POST", url, document, is_cancelled=is_cancelled)
        return str(document["id"])

    def replace(
        self, collection: str, document: Raw, etag: str = "", is_cancelled: IsCancelled = never
    ) -> None:
        """See `Target.replace`."""
        url = self.address(collection, str(document["id"]))
        self._write("PUT", url, document, etag=etag, is_cancelled=is_cancelled)

    def delete(self, collection: str, identity: str, is_cancelled: IsCancelled = never) -> None:
        """See `Target.delete`."""
        url = self.address(collection, identity)
        self.http.send(Request(url, "DELETE"), is_cancelled=is_cancelled)

    def address(self, collection: str, identity: str) -> str:
        """See `Target.address`."""
        return below(self._collections(never), collection, "items", identity)

    def parent(self, collection: str) -> str:
        """See `Target.parent`."""
        return below(self._collections(never), collection)

    def _collections(self, is_cancelled: IsCancelled) -> str:
        """Address of the collections, as the root says."""
        if not self._data:
            response = self.http.get(self.url, is_cancelled=is_cancelled)
            links = parse_links(_mapping(read_json(response)).get("links"), response.url)
            data = next((link.href for link in links if link.rel == "data"), "")
            self._data = data or below(response.url, "collections")
        return self._data

    def _write(
        self, method: str, url: str, document: Raw, *, etag: str = "", is_cancelled: IsCancelled
    ) -> None:
        headers = {"Content-Type": _JSON, "Accept": f"{_GEOJSON}, {_JSON}"}
        if etag:
            headers["If-Match"] = etag
        body = json.dumps(document, ensure_ascii=False).encode()
        self.http.send(Request(url, method, headers, body), is_cancelled=is_cancelled)


class MetadataTarget(_WebTarget):
    """A catalog of records, which their adapters can write: OGC API-Records and CSW."""

    makes_collections = False
    adapter: Any  # with create, replace and delete

    def find(
        self, collection: str, identity: str, is_cancelled: IsCancelled = never
    ) -> Stored | None:
        """See `Target.find`."""
        try:
            item = self.adapter.get(collection, identity, is_cancelled)
        except HttpError as error:
            if error.status == _GONE:
                return None
            raise
        return Stored(item, item.raw)

    def has_collection(self, collection: str, is_cancelled: IsCancelled = never) -> bool:
        """See `Target.has_collection`."""
        return any(known.id == collection for known in self.adapter.collections(is_cancelled))

    def make_collection(
        self,
        document: Raw,
        is_cancelled: IsCancelled = never,  # noqa: ARG002 - nothing is asked
    ) -> None:
        """See `Target.make_collection`."""
        raise no_collection(str(document["id"]))

    def remove_collection(self, collection: str) -> None:
        """See `Target.remove_collection`; none is ever made."""

    def create(self, collection: str, document: Raw, is_cancelled: IsCancelled = never) -> str:
        """See `Target.create`."""
        return str(self.adapter.create(collection, document, is_cancelled))

    def replace(
        self,
        collection: str,
        document: Raw,
        etag: str = "",  # noqa: ARG002 - these catalogs tell none
        is_cancelled: IsCancelled = never,
    ) -> None:
        """See `Target.replace`."""
        self.adapter.replace(collection, document, is_cancelled)

    def delete(self, collection: str, identity: str, is_cancelled: IsCancelled = never) -> None:
        """See `Target.delete`."""
        self.adapter.delete(collection, identity, is_cancelled)

    def address(self, collection: str, identity: str) -> str:
        """See `Target.address`."""
        if self.kind == "records":
            root = self.url.partition("/collections")[0]
            return below(root, "collections", collection, "items", identity)
        parameters = {
            "service": "CSW",
            "version": "2.0.2",
            "request": "GetRecordById",
            "ElementSetName": "full",
            "id": identity,
        }
        return with_parameters(self.url, parameters)

    def parent(self, collection: str) -> str:
        """See `Target.parent`."""
        if self.kind == "records":
            return self.address(collection, "").removesuffix("/items/")
        return self.url


def web_target(connection: Connection, http: Http) -> Target:
    """Return the way to write to a connection.

    Raises
    ------
    InputError
        If its kind cannot be written.
    MissingDependencyError
        If its protocol needs a library that is not there.
    """
    if connection.kind == "stac_api":
        return StacTarget(connection, http)
    if connection.kind in WRITABLE_KINDS:
        return MetadataTarget(connection, http)
    raise InputError(
        translate(
            "Dbar",
            "{name} cannot be written: choose a STAC API, an OGC API-Records, a CSW or a folder.",
        ),
        name=connection.name,
    )


def no_collection(name: str) -> InputError:
    """Say that a collection is not there, and cannot be made."""
    return InputError(
        translate(
            "Dbar",
            "The catalog has no collection “{name}”, and takes no new ones: choose one that is "
            "there.",
        ),
        name=name,
    )


def _found(http: Http, url: str, is_cancelled: IsCancelled) -> Response | None:
    # What was just written must not come from a cache.
    headers = {"Accept": f"{_GEOJSON}, {_JSON}", "Cache-Control": "no-cache"}
    try:
        return http.send(Request(url, headers=headers), is_cancelled=is_cancelled)
    except HttpError as error:
        if error.status == _GONE:
            return None
        raise


def _mapping(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}
