"""The item that is written to a catalog: valid STAC 1.1, and nothing of this computer in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from dbar_qgis_plugin.catalog.local.documents import (
    FILE_EXTENSION,
    REDISTRIBUTION,
    RESEARCH_ONLY,
    RIGHTS,
    UNDATED,
    VERSION,
    iso,
)
from dbar_qgis_plugin.catalog.model import Box, Raw, parse_box, parse_moment
from dbar_qgis_plugin.catalog.publishing.metadata import Metadata
from dbar_qgis_plugin.catalog.publishing.pieces import Piece, without_paths
from dbar_qgis_plugin.catalog.transfers.download import scrubbed_json

INDICATOR: Final = "dbar:indicator"
_HOST: Final = "https://stac-extensions.github.io/"
_EXTENSIONS: Final = {
    "proj": f"{_HOST}projection/v2.0.0/schema.json",
    "raster": f"{_HOST}raster/v2.0.0/schema.json",
    "processing": f"{_HOST}processing/v1.2.0/schema.json",
    "sci": f"{_HOST}scientific/v1.0.0/schema.json",
    "contacts": f"{_HOST}contacts/v0.1.1/schema.json",
    "version": f"{_HOST}version/v1.2.0/schema.json",
    "file": FILE_EXTENSION,
}
# What a raster tells of itself; of several, each asset tells it.
_OF_A_RASTER: Final = ("proj:", "processing:", "dbar:algorithm", "dbar:formula", "dbar:parameters")
_OF_AN_ASSET: Final = ("title", "description", "bands", "data_type", "nodata", "unit")


class SharedFile(NamedTuple):
    """A file where others find it.

    href : absolute, or relative to the item
    """

    href: str
    name: str
    media_type: str
    size: int
    checksum: str


class Predecessor(NamedTuple):
    """What a new version of an item follows."""

    href: str
    version: str


def item_document(
    identity: str,
    collection: str,
    metadata: Metadata,
    pieces: Sequence[Piece],
    files: Mapping[str, SharedFile],
    *,
    parent: str,
    made: datetime,
    follows: Predecessor | None = None,
) -> dict[str, Any]:
    """Describe shared files as one item.

    Parameters
    ----------
    identity, collection : str
        Ids.
    metadata : Metadata
        What the user says.
    pieces : sequence of Piece
        The files.
    files : mapping of str to SharedFile
        Where they are, by the pieces' keys.
    parent : str
        Address of the collection.
    made : datetime
        When the item is written.
    follows : Predecessor, optional
        The version before.
    """
    rasters = [piece for piece in pieces if piece.is_raster]
    alone = rasters[0] if len(rasters) == 1 else None
    properties: dict[str, Any] = {
        **_told(metadata),
        **_dates(metadata, made),
        "created": iso(made.replace(microsecond=0)),
        **(_of_raster(alone) if alone is not None else {}),
        **_terms(pieces),
    }
    if metadata.method:
        properties["processing:lineage"] = metadata.method
    links = [
        {"rel": "collection", "href": parent, "type": "application/json"},
        *_links(metadata, rasters),
    ]
    if follows is not None:
        properties["version"] = follows.version
        links.append({"rel": "predecessor-version", "href": follows.href})
    document: dict[str, Any] = {
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": [],
        "id": identity,
        "collection": collection,
        **_place(rasters),
        "properties": scrubbed_json(properties),
        "links": scrubbed_json(links),
        "assets": {
            piece.key: _asset(piece, files[piece.key], metadata.unit, shares=alone is None)
            for piece in pieces
        },
    }
    document["stac_extensions"] = list(_used(document))
    return document


def collection_document(document: Raw) -> dict[str, Any]:
    """Describe a new collection for its first item."""
    properties = document["properties"]
    indicator = properties.get(INDICATOR)
    identity = str(document["collection"])
    return {
        "type": "Collection",
        "stac_version": VERSION,
        "id": identity,
        "title": identity,
        "description": f"SDG {indicator}" if indicator else identity,
        "license": "other",
        "extent": extent_of([document]),
        "links": [],
    }


def extent_of(documents: Iterable[Raw]) -> dict[str, Any]:
    """Return the extent of items."""
    boxes, ends = [], []
    for document in documents:
        box = parse_box(document.get("bbox"))
        if box is not None:
            boxes.append(box)
        told = document["properties"]
        for name in ("datetime", "start_datetime", "end_datetime"):
            moment = parse_moment(told.get(name))
            if moment is not None:
                ends.append(moment)
    span = [iso(min(ends)), iso(max(ends))] if ends else [None, None]
    world = (-180.0, -90.0, 180.0, 90.0)
    return {
        "spatial": {"bbox": [list(_union(boxes) if boxes else world)]},
        "temporal": {"interval": [span]},
    }


def _told(metadata: Metadata) -> dict[str, Any]:
    told: dict[str, Any] = {
        "title": metadata.title.strip(),
        "description": metadata.description.strip(),
        "keywords": list(metadata.keywords),
        "license": metadata.licence,
        INDICATOR: metadata.indicator,
        "sci:citation": metadata.citation,
        "sci:doi": metadata.doi,
    }
    if metadata.organisation:
        provider = {"name": metadata.organisation, "roles": ["producer"]}
        url = {"url": metadata.organisation_url} if metadata.organisation_url else {}
        told["providers"] = [{**provider, **url}]
    if metadata.contact or metadata.email:
        names = {"name": metadata.contact, "organization": metadata.organisation}
        contact: dict[str, Any] = {name: text for name, text in names.items() if text}
        if metadata.email:
            contact["emails"] = [{"value": metadata.email}]
        contact.setdefault("name", metadata.email)
        told["contacts"] = [contact]
    return {name: value for name, value in told.items() if value}


def _dates(metadata: Metadata, made: datetime) -> dict[str, Any]:
    begin = parse_moment(metadata.begin or metadata.end)
    end = parse_moment(metadata.end or metadata.begin)
    if begin is None or end is None:
        return {"datetime": iso(made.replace(microsecond=0)), UNDATED: True}
    if "T" not in (metadata.end or metadata.begin):
        end = end.replace(hour=23, minute=59, second=59)
    if begin == end:
        return {"datetime": iso(begin)}
    return {"datetime": None, "start_datetime": iso(begin), "end_datetime": iso(end)}


def _of_raster(piece: Piece) -> dict[str, Any]:
    properties = piece.item["properties"]
    told = {name: value for name, value in properties.items() if name.startswith(_OF_A_RASTER)}
    if "dbar:parameters" in told:
        told["dbar:parameters"] = without_paths(told["dbar:parameters"])
    return told


def _terms(pieces: Sequence[Piece]) -> dict[str, Any]:
    terms = list(dict.fromkeys(piece.terms for piece in pieces if piece.terms))
    return {REDISTRIBUTION: RESEARCH_ONLY, RIGHTS: " ".join(terms)} if terms else {}


def _links(metadata: Metadata, rasters: Sequence[Piece]) -> Iterable[dict[str, str]]:
    if metadata.licence_url:
        yield {"rel": "license", "href": metadata.licence_url}
    if metadata.doi:
        yield {"rel": "cite-as", "href": f"https://doi.org/{metadata.doi}"}
    seen = set()
    for piece in rasters:
        for link in piece.item.get("links") or ():
            href = str(link.get("href"))
            wanted = link.get("rel") in ("derived_from", "via") and href.startswith("http")
            if wanted and href not in seen:
                seen.add(href)
                yield {**link, "rel": "derived_from"}


def _asset(piece: Piece, file: SharedFile, unit: str, *, shares: bool) -> dict[str, Any]:
    known = {name: piece.asset[name] for name in _OF_AN_ASSET if piece.asset.get(name)}
    if unit and known.get("bands"):
        known["bands"] = [{"unit": unit, **band} for band in known["bands"]]
    return {
        "href": file.href,
        "title": file.name,
        **scrubbed_json(known),
        "type": file.media_type,
        "roles": [piece.role],
        "file:size": file.size,
        "file:checksum": file.checksum,
        **(scrubbed_json(_of_raster(piece)) if shares and piece.is_raster else {}),
    }


def _place(rasters: Sequence[Piece]) -> dict[str, Any]:
    """Return geometry and box of all rasters that say where they lie."""
    placed = [
        (piece.item["geometry"], box)
        for piece in rasters
        if piece.item.get("geometry") and (box := parse_box(piece.item.get("bbox"))) is not None
    ]
    if not placed:
        return {"geometry": None}
    if len({box for _, box in placed}) == 1:
        return {"geometry": placed[0][0], "bbox": list(placed[0][1])}
    polygons = [
        polygon
        for geometry, _ in placed
        for polygon in (
            geometry["coordinates"]
            if geometry["type"] == "MultiPolygon"
            else [geometry["coordinates"]]
        )
    ]
    geometry = {"type": "MultiPolygon", "coordinates": polygons}
    return {"geometry": geometry, "bbox": list(_union([box for _, box in placed]))}


def _union(boxes: Sequence[Box]) -> Box:
    """Return the box of boxes; over 180 degrees where one of them is."""
    south, north = min(box[1] for box in boxes), max(box[3] for box in boxes)
    if all(box[0] <= box[2] for box in boxes):
        return min(box[0] for box in boxes), south, max(box[2] for box in boxes), north
    spans = [(west % 360.0, east % 360.0) for west, _, east, _ in boxes]
    if any(west > east for west, east in spans):
        return -180.0, south, 180.0, north
    west, east = min(span[0] for span in spans), max(span[1] for span in spans)
    return (west + 180.0) % 360.0 - 180.0, south, (east + 180.0) % 360.0 - 180.0, north


def _used(document: Raw) -> Iterable[str]:
    """Give the extensions that a document makes use of."""
    names: set[str] = set()
    bands = [band for asset in document["assets"].values() for band in asset.get("bands", ())]
    for part in (document["properties"], *document["assets"].values(), *bands):
        names.update(name.partition(":")[0] for name in part)
    return (url for name, url in _EXTENSIONS.items() if name in names)


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)
