"""A static STAC catalog in a folder: any STAC reader can use it, on this computer or on the web.

    catalog.json
    <collection>/collection.json
    <collection>/<item>/item.json, and its files

All links are relative. A catalog that is there already is added to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from dbar_qgis_plugin.catalog.adapters.stac_static import StacStatic
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.local.documents import VERSION, iso
from dbar_qgis_plugin.catalog.local.store import MY_DATA
from dbar_qgis_plugin.catalog.model import Item, Raw, parse_collection, parse_item
from dbar_qgis_plugin.catalog.publishing.document import collection_document, extent_of
from dbar_qgis_plugin.catalog.publishing.targets import STRUCTURE, Stored
from dbar_qgis_plugin.catalog.transfers.download import write_json
from dbar_qgis_plugin.catalog.transfers.names import (
    CATALOG,
    COLLECTION,
    ITEM,
    numbered,
    safe_name,
)
from dbar_qgis_plugin.catalog.transport import HttpError, IsCancelled, Transport, never
from dbar_qgis_plugin.errors import InputError, OutputError, translate

_JSON: Final = "application/json"
_GEOJSON: Final = "application/geo+json"
_GONE: Final = 404


class StaticFolder:
    """A folder that items are written to; see `targets.Target`.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.
    transport : Transport
        For links of the catalog that lead to the web.
    my_data : Path, optional
        The folder of My data.

    Raises
    ------
    InputError
        If it is that of My data, or holds another document under the name of a catalog.
    """

    kind = "stac_static"
    makes_collections = True

    def __init__(self, folder: Path, transport: Transport, my_data: Path | None = None) -> None:
        self.folder = folder.expanduser().absolute()
        self._http = Http(transport)
        path = self.folder / CATALOG
        known = _read(path)
        is_own = my_data is not None and self.folder.resolve() == my_data.resolve()
        if is_own or known.get("id") == MY_DATA:
            raise InputError(
                translate(
                    "Dbar",
                    "{folder} is the folder of My data. Choose another one for what you share.",
                ),
                folder=str(folder),
            )
        if path.exists() and not isinstance(known.get("links"), list):
            raise InputError(
                translate("Dbar", "{path} is no STAC catalog. Choose another folder."),
                path=str(path),
            )

    def find(
        self,
        collection: str,
        identity: str,
        is_cancelled: IsCancelled = never,  # noqa: ARG002 - there is nothing to wait for
    ) -> Stored | None:
        """See `Target.find`."""
        path = self._item_path(collection, identity)
        document = _read(path)
        if document.get("id") != identity:
            return None
        links = [link for link in document.get("links", ()) if link.get("rel") not in STRUCTURE]
        return Stored(parse_item(document, base=path.as_uri()), {**document, "links": links})

    def has_collection(
        self,
        collection: str,
        is_cancelled: IsCancelled = never,  # noqa: ARG002 - there is nothing to wait for
    ) -> bool:
        """See `Target.has_collection`."""
        return self._known(collection) is not None

    def make_collection(
        self,
        document: Raw,
        is_cancelled: IsCancelled = never,  # noqa: ARG002 - there is nothing to wait for
    ) -> None:
        """See `Target.make_collection`."""
        folder = self._collection_folder(str(document["id"]))
        links = [_link("root", f"../{CATALOG}"), _link("parent", f"../{CATALOG}")]
        self._write(folder / COLLECTION, {**document, "links": links})
        path = self.folder / CATALOG
        known = _read(path) or {
            "type": "Catalog",
            "stac_version": VERSION,
            "id": safe_name(self.folder.name),
            "description": self.folder.name or CATALOG,
            "links": [_link("root", f"./{CATALOG}")],
        }
        child = _link("child", f"./{folder.name}/{COLLECTION}")
        self._write(path, {**known, "links": [*known["links"], child]})

    def remove_collection(self, collection: str) -> None:
        """See `Target.remove_collection`."""
        folder = self._known(collection)
        if folder is None:
            return
        (folder / COLLECTION).unlink(missing_ok=True)
        _remove_if_empty(folder)
        path = self.folder / CATALOG
        known = _read(path)
        href = f"./{folder.name}/{COLLECTION}"
        links = [link for link in known.get("links", ()) if link.get("href") != href]
        if any(link.get("rel") in ("child", "item") for link in links):
            self._write(path, {**known, "links": links})
        else:
            path.unlink(missing_ok=True)

    def create(self, collection: str, document: Raw, is_cancelled: IsCancelled = never) -> str:
        """See `Target.create`."""
        self.replace(collection, document, is_cancelled=is_cancelled)
        return str(document["id"])

    def replace(
        self,
        collection: str,
        document: Raw,
        etag: str = "",  # noqa: ARG002 - files have none
        is_cancelled: IsCancelled = never,  # noqa: ARG002 - there is nothing to wait for
    ) -> None:
        """See `Target.replace`."""
        structure = [
            _link("root", f"../../{CATALOG}"),
            _link("parent", f"../{COLLECTION}"),
            _link("collection", f"../{COLLECTION}"),
        ]
        path = self._item_path(collection, str(document["id"]))
        others = [link for link in document["links"] if link.get("rel") not in STRUCTURE]
        self._write(path, {**document, "links": [*structure, *others]})
        self._list(collection)

    def delete(
        self,
        collection: str,
        identity: str,
        is_cancelled: IsCancelled = never,  # noqa: ARG002 - there is nothing to wait for
    ) -> None:
        """See `Target.delete`."""
        path = self._item_path(collection, identity)
        path.unlink(missing_ok=True)
        _remove_if_empty(path.parent)
        self._list(collection)

    def read_back(
        self, collection: str, identity: str, is_cancelled: IsCancelled = never
    ) -> Item | None:
        """See `Target.read_back`."""
        try:
            reader = StacStatic(str(self.folder), self._http)
            return reader.get(collection, identity, is_cancelled)
        except HttpError as error:
            if error.status == _GONE:
                return None
            raise

    def address(self, collection: str, identity: str) -> str:
        """See `Target.address`."""
        return self._item_path(collection, identity).as_uri()

    def parent(self, collection: str) -> str:  # noqa: ARG002 - it is the same for all
        """See `Target.parent`."""
        return f"../{COLLECTION}"

    def files_of(self, collection: str, identity: str) -> Path:
        """Return the folder in which the files of an item lie beside it."""
        return self._item_path(collection, identity).parent

    def _item_path(self, collection: str, identity: str) -> Path:
        return self._collection_folder(collection) / safe_name(identity) / ITEM

    def _collection_folder(self, collection: str) -> Path:
        """Return the folder of a collection; a free one for a new one."""
        known = self._known(collection)
        if known is not None:
            return known
        name, number = safe_name(collection), 1
        while (self.folder / name / COLLECTION).exists():
            number += 1
            name = numbered(safe_name(collection), number)
        return self.folder / name

    def _known(self, collection: str) -> Path | None:
        for path in sorted(self.folder.glob(f"*/{COLLECTION}")):
            if _read(path).get("id") == collection:
                return path.parent
        return None

    def _list(self, collection: str) -> None:
        """Write a collection's links to its items, and their extent."""
        folder = self._collection_folder(collection)
        path = folder / COLLECTION
        known = _read(path)
        items = dict(_items(folder))
        if not known and items:
            self.make_collection(collection_document(next(iter(items.values()))))
            known = _read(path)
        if not known:
            return
        others = [link for link in known.get("links", ()) if not _is_own(link)]
        own = [_link("item", f"./{name}/{ITEM}", _GEOJSON) for name in items]
        placed = [*items.values()]
        if any(link.get("rel") == "item" for link in others):
            placed.append(_as_item(known))
        extent = extent_of(placed) if placed else known.get("extent")
        self._write(path, {**known, "extent": extent, "links": [*others, *own]})

    def _write(self, path: Path, document: Raw) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_json(path, document)
        except OSError as error:
            raise OutputError(
                translate("Dbar", "{path} could not be written: {reason}. Choose another place."),
                path=str(path),
                reason=error.strerror or str(error),
            ) from error


def _items(folder: Path) -> Iterator[tuple[str, Raw]]:
    for path in sorted(folder.glob(f"*/{ITEM}")):
        document = _read(path)
        if document.get("type") == "Feature" and isinstance(document.get("properties"), dict):
            yield path.parent.name, document


def _as_item(collection: Raw) -> Raw:
    """Return an item that has the extent of a collection."""
    known = parse_collection(collection)
    ends = {"start_datetime": known.begin, "end_datetime": known.end}
    told = {name: iso(moment) for name, moment in ends.items() if moment is not None}
    return {"bbox": list(known.box or ()), "properties": told}


def _is_own(link: Mapping[str, Any]) -> bool:
    """Tell whether a link is one to an item of this module's layout."""
    parts = str(link.get("href")).removeprefix("./").split("/")
    return link.get("rel") == "item" and len(parts) == 2 and parts[1] == ITEM


def _link(rel: str, href: str, media_type: str = _JSON) -> dict[str, str]:
    return {"rel": rel, "href": href, "type": media_type}


def _read(path: Path) -> dict[str, Any]:
    """Return a document; an empty one if there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
