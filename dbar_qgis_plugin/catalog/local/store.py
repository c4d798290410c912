"""My data: a static STAC catalog in a folder, with an index of its items.

The documents are the truth: any STAC reader can use the folder, and the index can be made from them
again at any time.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

from dbar_qgis_plugin.catalog.adapters.base import Capabilities, Page
from dbar_qgis_plugin.catalog.adapters.documents import local_path
from dbar_qgis_plugin.catalog.adapters.local_search import (
    at_most,
    has_words,
    schema_of_items,
    sorted_pages,
)
from dbar_qgis_plugin.catalog.local.documents import (
    CONNECTION,
    FILE_EXTENSION,
    ORIGIN,
    ORIGINAL,
    SOURCE,
    VERSION,
    iso,
    restricted,
    tidy_asset,
    tidy_item,
    without_stand_ins,
)
from dbar_qgis_plugin.catalog.local.index import Extent, Index, Kept
from dbar_qgis_plugin.catalog.local.provenance import (
    input_paths,
    item_of_raster,
    made_by,
    terms_of_name,
)
from dbar_qgis_plugin.catalog.model import Collection, Item, Raw, parse_collection, parse_item
from dbar_qgis_plugin.catalog.query import Query, unanswered
from dbar_qgis_plugin.catalog.transfers.checksums import Checksum, file_checksum
from dbar_qgis_plugin.catalog.transfers.download import resource_of, write_json
from dbar_qgis_plugin.catalog.transfers.names import (
    CATALOG,
    COLLECTION,
    INDEX,
    ITEM,
    PART,
    PART_STATE,
    SIDECAR,
    numbered,
    safe_name,
)
from dbar_qgis_plugin.catalog.transport import IsCancelled, never
from dbar_qgis_plugin.errors import Cancelled, InputError, OutputError, translate
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message

MY_DATA: Final = "my-data"  # the source of the store's items

_TITLE: Final = "My data"
_DESCRIPTION: Final = "Downloaded, imported and computed with DBAR SDG Tools"


_UNFIT: Final = re.compile(r"[%#?\s]")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DRIVE: Final = re.compile(r"/[A-Za-z]:")
# What GDAL and QGIS write beside a raster, and this plugin.
_SIDECARS: Final = (SIDECAR, PART, PART_STATE, ".aux.xml", ".ovr", ".msk")


class Origin(StrEnum):
    """How an item came here."""

    FETCHED = "fetched"
    IMPORTED = "imported"
    COMPUTED = "computed"


class Fault(StrEnum):
    """What is wrong with a file."""

    MISSING = "missing"
    SIZE = "size"
    CHECKSUM = "checksum"


class Place(NamedTuple):
    """A file of an item."""

    collection: str
    item: str
    asset: str


class Finding(NamedTuple):
    """A file that is not as it was when it was added."""

    place: Place
    path: Path
    fault: Fault


class Stored(NamedTuple):
    """A file in the store's folder.

    title : of its item
    """

    place: Place
    title: str
    path: Path
    size: int


class Freed(NamedTuple):
    """What `DataStore.free` did: bytes of the files that are gone, and why others are not."""

    size: int
    kept: tuple[Message, ...]


def local_file(href: str) -> Path | None:
    """Return the path of a file's address; None if it is no file of this computer."""
    return local_path(href) if urlsplit(href).scheme == "file" else None


class DataStore:
    """The user's own data, searched as any catalog (`adapters.base.Adapter`).

    Usable from any thread, and by several programs at a time. Made at once; what is in it is read
    when it is first asked.

    Parameters
    ----------
    folder : Path
        Of the catalog; made if it does not exist.

    Raises
    ------
    OutputError
        The folder cannot be written; so do all methods that write.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                translate("Dbar", "{folder} could not be made: {reason}"),
                folder=str(folder),
                reason=str(error),
            ) from error
        self._opening = threading.RLock()
        self._opened: Index | None = None

    @property
    def _index(self) -> Index:
        """The index, opened by who first asks for it: where it is lost that takes some seconds."""
        with self._opening:
            if self._opened is None:
                self._opened = Index(self.folder / INDEX)
                try:
                    if self._opened.is_empty or not (self.folder / CATALOG).is_file():
                        self.rebuild()
                except OutputError:
                    self._opened.close()
                    self._opened = None
                    raise
            return self._opened

    def close(self) -> None:
        """Close the index."""
        with self._opening:
            if self._opened is not None:
                self._opened.close()

    # What is there

    def describe(self, is_cancelled: IsCancelled = never) -> Capabilities:  # noqa: ARG002
        """Say what it is; see `Adapter.describe`."""
        return Capabilities(_TITLE, _DESCRIPTION, MY_DATA, True, True, True)

    def collections(self, is_cancelled: IsCancelled = never) -> Iterator[Collection]:
        """Give the collections; see `Adapter.collections`."""
        for folder, document in self._index.collections().values():
            if is_cancelled():
                raise Cancelled
            address = (self.folder / folder / COLLECTION).as_uri()
            yield parse_collection(document, base=address, source=MY_DATA)

    def queryables(self, collection: str, is_cancelled: IsCancelled = never) -> Mapping[str, Raw]:
        """Return what can be filtered by; see `Adapter.queryables`."""
        chosen = (collection,) if collection else ()
        return schema_of_items(self._found(Query(collections=chosen), is_cancelled))

    def get(
        self,
        collection: str,
        item_id: str,
        is_cancelled: IsCancelled = never,  # noqa: ARG002 - there is nothing to wait for
    ) -> Item:
        """Return an item; see `Adapter.get`.

        Raises
        ------
        InputError
            It is not there.
        """
        return self._item(*self._kept(collection, item_id))

    def _kept(self, collection: str, identity: str) -> Kept:
        kept = self._index.item(collection, identity)
        if kept is None:
            raise InputError(
                translate("Dbar", "{item} of {collection} is not in My data any more."),
                item=identity,
                collection=collection,
            )
        return kept

    def search(self, query: Query, is_cancelled: IsCancelled = never) -> Iterator[Page]:
        """Give the items that answer a query; see `Adapter.search`.

        The newest data come first, unless the query says otherwise.
        """
        pages = _pages(self._found(query, is_cancelled), query.page_size)
        yield from at_most(sorted_pages(pages, query) if query.sort else pages, query.most)

    def items(self, query: Query) -> Iterator[Item]:
        """Give the items that answer a query, one by one."""
        return (item for page in self.search(query) for item in page.items)

    def _found(self, query: Query, is_cancelled: IsCancelled = never) -> Iterator[Item]:
        collections = {collection.id: collection for collection in self.collections()}
        for kept in self._index.search(query):
            if is_cancelled():
                raise Cancelled
            item = self._item(*kept)
            if not unanswered(item, query) and has_words(
                item, query.text, collections.get(item.collection)
            ):
                yield item

    def count(self) -> int:
        """Return the number of items."""
        return self._index.count()

    def stored(self, is_cancelled: IsCancelled = never) -> Iterator[Stored]:
        """Give the files that `free` may delete, with their sizes on the disk."""
        for page in self.search(Query(), is_cancelled):
            for item in page.items:
                for key, path in self.files(item).items():
                    if path.is_file() and self._why_kept(path) is None:
                        place = Place(item.collection, item.id, key)
                        yield Stored(place, item.title or item.id, path, path.stat().st_size)

    def items_of_file(self, path: Path) -> list[Item]:
        """Return the items that a file belongs to."""
        items = [self._item(*kept) for kept in self._index.items_of_file(self._noted(path))]
        return list({item.key: item for item in items}.values())

    def files(self, item: Item) -> dict[str, Path]:
        """Return the files of an item that are on this computer, by asset."""
        found = {asset.key: local_file(asset.href) for asset in item.assets}
        return {key: path for key, path in found.items() if path is not None}

    # What comes in

    def add_fetched(
        self, raw: Raw, asset: str, path: Path, *, url: str, checksum: str, connection: str = ""
    ) -> Item:
        """Take in a file that was fetched, as an asset of the item it belongs to.

        Parameters
        ----------
        raw : mapping
            The item as its catalog gave it; empty if the file was fetched by its address alone.
        asset : str
            Key of the asset.
        path : Path
            The file.
        url : str
            Where it came from; its secrets are not kept.
        checksum : str
            Its multihash.
        connection : str
            Id of the connection.
        """
        item = parse_item({**raw, "id": raw.get("id") or path.stem}, base=url)
        document = tidy_item(item, datetime.now(UTC))
        document["properties"].update({ORIGIN: Origin.FETCHED, CONNECTION: connection})
        document["properties"].update(restricted([terms_of_name(f"{item.id} {path.name}")]))
        facts = next((tidy_asset(known.raw) for known in item.assets if known.key == asset), {})
        facts.update({SOURCE: resource_of(url), "file:checksum": checksum})
        document["assets"][asset or "data"] = facts
        return self.add(document, {asset or "data": path}, connection=connection)

    def add_raster(
        self,
        path: Path,
        origin: Origin,
        *,
        collection: str = "",
        title: str = "",
        progress: Progress | None = None,
    ) -> Item:
        """Take in a raster that was imported, or computed by this plugin, where it lies.

        One that was computed again is the same item; one that was fetched stays as it is.

        Raises
        ------
        InputError
            It cannot be opened.
        Cancelled
            If the user stops it, within a megabyte of the file.
        """
        check = (progress or Progress()).check
        known = self.items_of_file(path)
        if known and known[0].properties.get(ORIGIN) == Origin.FETCHED:
            return known[0]
        identity = known[0].id if known else self._free_id(safe_name(path.stem))
        inputs = [
            item for used in input_paths(path) for item in self.items_of_file(used) if used != path
        ]
        document = item_of_raster(path, identity, title=title, inputs=inputs)
        properties = document["properties"]
        made_by = str(properties.get("dbar:algorithm", "")).rpartition(":")[2]
        document["collection"] = collection or made_by or str(origin)
        if known:
            there = self._index.collections()[known[0].collection].document
            document["collection"] = there.get(ORIGINAL, known[0].collection)
        properties[ORIGIN] = origin
        document["assets"]["data"]["file:checksum"] = file_checksum(path, check=check).text
        return self.add(document, {"data": path})

    def add_result(self, path: Path, progress: Progress | None = None) -> Item | None:
        """Take in a raster if an algorithm of this plugin has computed it; None if nothing is new.

        Raises
        ------
        InputError
            It cannot be opened.
        Cancelled
            See `add_raster`.
        """
        algorithm, made = made_by(path)
        known = self.items_of_file(path)
        is_computed = not known or known[0].properties.get(ORIGIN) == Origin.COMPUTED
        is_same = bool(known) and known[0].properties.get("created") == made
        if not algorithm or not is_computed or is_same:
            return None
        return self.add_raster(path, Origin.COMPUTED, progress=progress)

    def add(
        self, document: Mapping[str, Any], files: Mapping[str, Path], *, connection: str = ""
    ) -> Item:
        """Take in an item with files; what is known already of the same item is added to.

        Parameters
        ----------
        document : mapping
            A valid STAC item, whose collection is a name within its connection.
        files : mapping
            Path of each asset's file; it stays where it is.
        connection : str
            Id of the connection that it came from; the same names in two of them are kept apart.
        """
        document = {**document}
        identity = str(document["id"])
        with self._index.changing():
            collection, folder = self._collection(str(document.get("collection") or ""), connection)
            place, known = self._index.item(collection, identity) or Kept(
                self._free_folder(folder, identity), {}
            )
            document["collection"] = collection
            document["assets"] = {
                **known.get("assets", {}),
                **{
                    key: self._asset(document["assets"].get(key, {}), path, place)
                    for key, path in files.items()
                },
            }
            document["stac_extensions"] = list(
                dict.fromkeys([*document.get("stac_extensions", ()), FILE_EXTENSION])
            )
            document["links"] = [*_structure(), *self._own_links(document, place)]
            self._write_item(place, document)
            self._write_collection(collection)
        return self.get(collection, identity)

    # What is kept in order

    def verify(
        self, items: Iterable[Item] | None = None, progress: Progress | None = None
    ) -> Iterator[Finding]:
        """Give the files that are missing, or not as they were; all of them if no items are given.

        Raises
        ------
        Cancelled
            If the user stops it, within a megabyte of a file.
        """
        progress = progress or Progress()
        chosen = list(self.items(Query()) if items is None else items)
        for number, item in enumerate(chosen):
            progress.report(number / len(chosen))
            for asset in item.assets:
                progress.check()
                path = local_file(asset.href)
                fault = None if path is None else _fault(path, asset.size, asset.checksum, progress)
                if path is not None and fault is not None:
                    yield Finding(Place(item.collection, item.id, asset.key), path, fault)
        progress.report(1.0)

    def relink(self, place: Place, path: Path) -> Item:
        """Note where a file has been moved.

        Raises
        ------
        InputError
            It is another file than the one that was added.
        """
        item = self.get(place.collection, place.item)
        asset = {asset.key: asset for asset in item.assets}[place.asset]
        if _fault(path, asset.size, asset.checksum, Progress()) is not None:
            raise InputError(
                translate(
                    "Dbar",
                    "{path} is not the file that was added as “{asset}” of {item}: its size or "
                    "checksum differs. Choose the file that was moved, or add this one as new.",
                ),
                path=str(path),
                asset=place.asset,
                item=item.title or item.id,
            )
        with self._index.changing():
            at, document = self._kept(item.collection, item.id)
            assets = dict(document["assets"])
            assets[place.asset] = {**assets[place.asset], "href": self._href(path, at)}
            self._write_item(at, {**document, "assets": assets})
        return self.get(place.collection, place.item)

    def free(self, places: Iterable[Place]) -> Freed:
        """Delete files, and what lies beside them for them; only within the store's folder.

        An item without files leaves the catalog. A file outside of the folder, or one that another
        item has as well, is not touched.
        """
        size, kept = 0, []
        for place in places:
            item = self.get(place.collection, place.item)
            path = self.files(item).get(place.asset)
            reason = None if path is None else self._why_kept(path)
            if reason is None and path is not None:
                try:
                    size += _delete(path)
                except OSError as error:
                    reason = message(
                        translate("Dbar", "{path} could not be deleted: {reason}"),
                        path=str(path),
                        reason=error.strerror or str(error),
                    )
            if reason is None:
                self._drop(item, (place.asset,))
            else:
                kept.append(reason)
        return Freed(size, tuple(kept))

    def forget(self, item: Item) -> None:
        """Take an item out of the catalog; its files stay."""
        self._drop(item, tuple(asset.key for asset in item.assets))

    def forget_file(self, place: Place) -> None:
        """Take a file out of its item, and an item without any out of the catalog; it stays."""
        self._drop(self.get(place.collection, place.item), (place.asset,))

    def rebuild(self) -> list[Message]:
        """Make the index from the documents again; return what could not be read."""
        problems = []
        with self._index.changing():
            self._index.clear()
            for path in sorted(self.folder.glob(f"*/{COLLECTION}")):
                if not self._take_in_collection(path):
                    problems.append(path)
            for path in sorted(self.folder.glob(f"*/*/{ITEM}")):
                if not self._take_in(path):
                    problems.append(path)
            for identity in self._index.collections():
                self._write_collection(identity)
            self._write_catalog()
        text = translate("Dbar", "{path} cannot be read as an entry of a catalog; it is left out.")
        return [message(text, path=str(path)) for path in problems]

    # Documents

    def _item(self, folder: str, document: Mapping[str, Any]) -> Item:
        raw = without_stand_ins(document)
        address = (self.folder / folder / ITEM).as_uri()
        links = [*raw.get("links", ()), _link("self", address, "application/geo+json")]
        return parse_item({**raw, "links": links}, base=address, source=MY_DATA)

    def _collection(self, original: str, connection: str) -> tuple[str, str]:
        """Return id and folder of the collection for items that have it in their connection."""
        original = original or "files"
        there = self._index.collections()
        known = self._index.collection_for(original, connection)
        if known is not None:
            return known, there[known].folder
        identity, folder, number = original, safe_name(original), 1
        while identity in there or self._index.collection_in(folder) is not None:
            number += 1
            identity, folder = f"{original}_{number}", numbered(safe_name(original), number)
        document = {**_collection_document(identity, original), CONNECTION: connection}
        self._put_collection(identity, folder, document)
        return identity, folder

    def _free_folder(self, folder: str, identity: str) -> str:
        place, number = f"{folder}/{safe_name(identity)}", 1
        while self._index.has_folder(place):
            number += 1
            place = f"{folder}/{numbered(safe_name(identity), number)}"
        return place

    def _free_id(self, wanted: str) -> str:
        identity, number = wanted, 1
        while self._index.has_id(identity):
            number += 1
            identity = numbered(wanted, number)
        return identity

    def _asset(self, facts: Mapping[str, Any], path: Path, place: str) -> dict[str, Any]:
        facts = {key: value for key, value in facts.items() if key != "href"}
        return {"href": self._href(path, place), **facts, "file:size": path.stat().st_size}

    def _own_links(self, document: Mapping[str, Any], place: str) -> Iterator[dict[str, Any]]:
        """Give an item's links that do not hold the catalog together."""
        rels = {"self", *(link["rel"] for link in _structure())}
        for link in document.get("links", ()):
            path = local_file(link["href"])
            if link["rel"] not in rels:
                yield {**link, "href": link["href"] if path is None else self._href(path, place)}

    def _href(self, path: Path, place: str) -> str:
        """Address of a file: relative within the store, so that its folder can be moved."""
        noted = PurePosixPath(self._noted(path))
        if noted.is_absolute() or ".." in noted.parts or _is_windows(str(noted)):
            return path.absolute().as_uri()
        own = PurePosixPath(place)
        if noted.is_relative_to(own):
            relative = f"./{noted.relative_to(own)}"
        else:
            relative = "/".join([".."] * len(own.parts)) + f"/{noted}"
        return _UNFIT.sub(lambda found: quote(found[0]), relative)

    def _noted(self, path: Path) -> str:
        """Path of a file as the index has it: relative within the store."""
        path = path.absolute()
        if path.is_relative_to(self.folder):
            return path.relative_to(self.folder).as_posix()
        return path.as_posix()

    def _write_item(self, place: str, document: Mapping[str, Any]) -> None:
        folder = self.folder / place
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / ITEM, document)
        self._put(place, document)

    def _put(self, place: str, document: Mapping[str, Any]) -> None:
        item = self._item(place, document)
        files = {key: self._noted(path) for key, path in self.files(item).items()}
        self._index.put_item(item, place, document, files)

    def _write_collection(self, identity: str) -> None:
        """Write a collection with links to its items, and their extent; remove an empty one."""
        folder, known = self._index.collections()[identity]
        places = self._index.folders_of(identity)
        path = self.folder / folder / COLLECTION
        if not places:
            self._index.remove_collection(identity)
            path.unlink(missing_ok=True)
            _remove_if_empty(path.parent)
            self._write_catalog()
            return
        is_new = not path.is_file()
        document = {**known, "extent": _extent(self._index.extent_of(identity)), "links": []}
        self._put_collection(identity, folder, document)
        links = [
            _link("root", f"../{CATALOG}"),
            _link("parent", f"../{CATALOG}"),
            *(
                _link("item", f"./{PurePosixPath(place).name}/{ITEM}", "application/geo+json")
                for place in places
            ),
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, {**document, "links": links})
        if is_new:
            self._write_catalog()

    def _put_collection(self, identity: str, folder: str, document: Mapping[str, Any]) -> None:
        original, connection = document.get(ORIGINAL, identity), document.get(CONNECTION, "")
        self._index.put_collection(identity, str(original), str(connection), folder, document)

    def _write_catalog(self) -> None:
        folders = [kept.folder for kept in self._index.collections().values()]
        write_json(
            self.folder / CATALOG,
            {
                "type": "Catalog",
                "stac_version": VERSION,
                "id": MY_DATA,
                "title": _TITLE,
                "description": _DESCRIPTION,
                "links": [
                    _link("root", f"./{CATALOG}"),
                    *(_link("child", f"./{folder}/{COLLECTION}") for folder in folders),
                ],
            },
        )

    def _drop(self, item: Item, assets: Sequence[str]) -> None:
        """Take assets out of an item, and an item without any out of the catalog."""
        with self._index.changing():
            place, document = self._kept(item.collection, item.id)
            rest = {key: value for key, value in document["assets"].items() if key not in assets}
            if rest:
                self._write_item(place, {**document, "assets": rest})
                return
            self._index.remove_item(item)
            (self.folder / place / ITEM).unlink(missing_ok=True)
            _remove_if_empty(self.folder / place)
            self._write_collection(item.collection)

    def _why_kept(self, path: Path) -> Message | None:
        # What a link leads to counts, not where the link stands.
        if not path.resolve().is_relative_to(self.folder.resolve()):
            text = translate("Dbar", "{path} lies outside of the folder of My data, and is kept.")
        elif path.name in (ITEM, COLLECTION, CATALOG, INDEX):
            text = translate("Dbar", "{path} belongs to the catalog itself, and is kept.")
        elif len(self._index.items_of_file(self._noted(path))) > 1:
            text = translate("Dbar", "{path} belongs to another item as well, and is kept.")
        else:
            return None
        return message(text, path=str(path))

    def _take_in_collection(self, path: Path) -> bool:
        document = _read(path)
        identity, folder = document.get("id"), path.parent.name
        if not isinstance(identity, str) or identity in self._index.collections():
            return False
        self._put_collection(identity, folder, {**document, "links": []})
        return True

    def _take_in(self, path: Path) -> bool:
        """Take an item in from its document; tell whether it is one."""
        document = _read(path)
        if not _is_item(document):
            return False
        folder = path.parent.parent.name
        collection = self._index.collection_in(folder)
        if collection is None:  # its document is lost
            original = str(document.get("collection") or folder)
            collection = folder if original in self._index.collections() else original
            self._put_collection(collection, folder, _collection_document(collection, original))
        place = path.parent.relative_to(self.folder).as_posix()
        if self._index.item(collection, document["id"]) or self._index.has_folder(place):
            return False
        self._put(place, {**document, "collection": collection})
        return True


def _pages(items: Iterator[Item], size: int) -> Iterator[Page]:
    while page := tuple(islice(items, max(size, 1))):
        yield Page(page)


def _structure() -> list[dict[str, str]]:
    return [
        _link("root", f"../../{CATALOG}"),
        _link("parent", f"../{COLLECTION}"),
        _link("collection", f"../{COLLECTION}"),
    ]


def _link(rel: str, href: str, media_type: str = "application/json") -> dict[str, str]:
    return {"rel": rel, "href": href, "type": media_type}


def _collection_document(identity: str, original: str) -> dict[str, Any]:
    return {
        "type": "Collection",
        "stac_version": VERSION,
        "id": identity,
        "title": original,
        "description": original,
        "license": "other",
        ORIGINAL: original,
    }


def _extent(extent: Extent) -> dict[str, Any]:
    span = [
        None if moment is None else iso(_EPOCH + timedelta(seconds=moment))
        for moment in (extent.first, extent.last)
    ]
    box = extent.box or (-180.0, -90.0, 180.0, 90.0)
    return {"spatial": {"bbox": [list(box)]}, "temporal": {"interval": [span]}}


def _is_windows(path: str) -> bool:
    return bool(_DRIVE.match(f"/{path}"))


def _fault(path: Path, size: int | None, checksum: str, progress: Progress) -> Fault | None:
    if not path.is_file():
        return Fault.MISSING
    if size is not None and path.stat().st_size != size:
        return Fault.SIZE
    if Checksum(checksum).matches is None:  # of an unknown kind
        return None
    try:
        same = file_checksum(path, checksum, progress.check).matches
    except OSError:  # it cannot be read
        return Fault.MISSING
    return None if same else Fault.CHECKSUM


def _delete(path: Path) -> int:
    """Delete a file and its sidecars, and the folder if nothing else is in it; return its bytes."""
    size = path.stat().st_size if path.is_file() else 0
    path.unlink(missing_ok=True)
    for ending in _SIDECARS:
        path.with_name(path.name + ending).unlink(missing_ok=True)
    if not [other for other in path.parent.glob("*") if _shares_style(other, path)]:
        path.with_suffix(".qml").unlink(missing_ok=True)
    _remove_if_empty(path.parent)
    return size


def _shares_style(other: Path, path: Path) -> bool:
    return other.stem == path.stem and other.suffix != ".qml"


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _read(path: Path) -> Mapping[str, Any]:
    """Return a document; an empty one if it is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_item(document: Mapping[str, Any]) -> bool:
    """Tell whether a document has the shape of those that the store writes."""
    match document:
        case {"id": str(), "assets": {**assets}, "links": [*links]}:
            return all(isinstance(asset, dict) for asset in assets.values()) and all(
                isinstance(link, dict) for link in links
            )
    return False
