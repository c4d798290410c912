"""A catalog of files in a folder, written from what is known of each: static STAC 1.1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from dbar_qgis_plugin.catalog.local.documents import UNDATED, VERSION, iso
from dbar_qgis_plugin.catalog.local.provenance import item_of_raster
from dbar_qgis_plugin.catalog.transfers.checksums import file_checksum
from dbar_qgis_plugin.catalog.transfers.download import write_json
from dbar_qgis_plugin.catalog.transfers.names import CATALOG, COLLECTION
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.thumbnail import Stop, write_thumbnail

_FILE: Final = "https://stac-extensions.github.io/file/v2.1.0/schema.json"
_PICTURES: Final = "thumbnails"


class Colours(NamedTuple):
    """How the small picture of a raster is drawn; see `write_thumbnail`."""

    stops: Sequence[Stop]
    band: int = 1
    resampling: str = "average"


class SampleItem(NamedTuple):
    """A file of the catalog.

    path : below the catalog's folder
    years : first and last one that it speaks of
    roles : of its asset, beside "data"
    colours : None for what is no raster
    beside : a raster that lies where it lies, for what is none
    own_id : where the file's name is not its alone
    """

    path: Path
    title: str
    years: tuple[int, int]
    roles: tuple[str, ...] = ()
    colours: Colours | None = None
    beside: Path | None = None
    own_id: str = ""

    @property
    def id(self) -> str:
        """Its id: the file's name if it has no other."""
        return self.own_id or self.path.stem


class SampleCollection(NamedTuple):
    """Files of one kind."""

    id: str
    title: str
    description: str
    keywords: tuple[str, ...]
    items: tuple[SampleItem, ...]


def write_catalog(
    folder: Path,
    title: str,
    description: str,
    collections: Sequence[SampleCollection],
    *,
    licence: str,
    progress: Progress | None = None,
) -> None:
    """Write the documents and small pictures of a catalog beside its files.

    Parameters
    ----------
    folder : Path
        Of the catalog.
    title, description : str
        Of the catalog.
    collections : sequence of SampleCollection
        Whose files lie below the folder already.
    licence : str
        Of all files, as SPDX names it.
    progress : Progress, optional
        Takes progress and the wish to stop.

    Raises
    ------
    InputError
        If a raster cannot be opened.
    OutputError
        If a picture cannot be written.
    Cancelled
        If the user stops it.
    """
    progress = progress or Progress()
    total = sum(len(collection.items) for collection in collections)
    (folder / _PICTURES).mkdir(exist_ok=True)
    done = 0
    for collection in collections:
        place = folder / collection.id
        place.mkdir(exist_ok=True)
        documents = []
        for item in collection.items:
            progress.check()
            document = _item(folder, collection, item, licence)
            write_json(place / f"{document['id']}.json", document)
            documents.append(document)
            done += 1
            progress.report(done / total)
        write_json(place / COLLECTION, _collection(collection, documents, licence))
    links = [_link("child", f"./{one.id}/{COLLECTION}", one.title) for one in collections]
    write_json(
        folder / CATALOG,
        {
            "type": "Catalog",
            "stac_version": VERSION,
            "id": "dbar-sample",
            "title": title,
            "description": description,
            "links": [_link("root", f"./{CATALOG}"), *links],
        },
    )


def _item(
    folder: Path, collection: SampleCollection, item: SampleItem, licence: str
) -> dict[str, Any]:
    document = item_of_raster(item.beside or item.path, item.id, title=item.title)
    properties = document["properties"]
    first, last = item.years
    properties.update(
        {
            "datetime": None,
            "start_datetime": iso(datetime(first, 1, 1, tzinfo=UTC)),
            "end_datetime": iso(datetime(last, 12, 31, 23, 59, 59, tzinfo=UTC)),
            "license": licence,
            "keywords": list(collection.keywords),
        }
    )
    properties.pop(UNDATED, None)
    data = document["assets"]["data"]
    if item.colours is None:
        data = {"type": "application/geo+json"}
        document["stac_extensions"] = []
        for name in [name for name in properties if name.startswith("proj:")]:
            del properties[name]
    else:
        picture = folder / _PICTURES / f"{item.id}.png"
        stops, band, resampling = item.colours
        write_thumbnail(item.path, picture, stops, band=band, resampling=resampling)
        document["assets"]["thumbnail"] = {
            "href": _from_collection(folder, picture),
            "type": "image/png",
            "roles": ["thumbnail"],
            "file:size": picture.stat().st_size,
        }
    document["assets"]["data"] = {
        **data,
        "href": _from_collection(folder, item.path),
        "title": item.title,
        "roles": ["data", *item.roles],
        "file:size": item.path.stat().st_size,
        "file:checksum": file_checksum(item.path).text,
    }
    document["stac_extensions"].append(_FILE)
    document["collection"] = collection.id
    document["links"] = [
        _link("root", f"../{CATALOG}"),
        _link("parent", f"./{COLLECTION}", collection.title),
        _link("collection", f"./{COLLECTION}", collection.title),
    ]
    return document


def _collection(
    collection: SampleCollection, items: Sequence[dict[str, Any]], licence: str
) -> dict[str, Any]:
    boxes = [item["bbox"] for item in items]
    starts, ends = (
        [item["properties"][name] for item in items] for name in ("start_datetime", "end_datetime")
    )
    whole = [*map(min, zip(*boxes, strict=True)), *map(max, zip(*boxes, strict=True))]
    return {
        "type": "Collection",
        "stac_version": VERSION,
        "id": collection.id,
        "title": collection.title,
        "description": collection.description,
        "keywords": list(collection.keywords),
        "license": licence,
        "extent": {
            "spatial": {"bbox": [[*whole[:2], *whole[6:]]]},
            "temporal": {"interval": [[min(starts), max(ends)]]},
        },
        "links": [
            _link("root", f"../{CATALOG}"),
            _link("parent", f"../{CATALOG}"),
            *_item_links(items),
        ],
    }


def _item_links(items: Iterable[dict[str, Any]]) -> Iterable[dict[str, str]]:
    for item in items:
        title = item["properties"]["title"]
        yield {**_link("item", f"./{item['id']}.json", title), "type": "application/geo+json"}


def _from_collection(folder: Path, path: Path) -> str:
    return f"../{path.relative_to(folder).as_posix()}"


def _link(rel: str, href: str, title: str = "") -> dict[str, str]:
    link = {"rel": rel, "href": href, "type": "application/json"}
    return {**link, "title": title} if title else link
