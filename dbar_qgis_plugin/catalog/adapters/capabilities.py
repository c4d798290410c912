"""Layers of map services, by what the services say of themselves: WMS, WMTS, TMS and TileJSON.

Follows OGC 01-068r3 (WMS 1.1.1), 06-042 (WMS 1.3.0), 07-057r7 (WMTS 1.0.0), OSGeo's TMS 1.0 and
TileJSON 3. Each layer becomes an item with one asset; they are made one by one, because some
services have thousands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from dbar_qgis_plugin.catalog.adapters.addresses import parts_of
from dbar_qgis_plugin.catalog.adapters.as_items import LAYERS, Online, item_document
from dbar_qgis_plugin.catalog.adapters.markup import (
    Element,
    all_said,
    attribute,
    corner_box,
    first_said,
    found,
    local_name,
    said,
    side_box,
    within,
)
from dbar_qgis_plugin.catalog.model import Box, Raw, parse_box

# Fields of an asset that is a layer of a map service.
CRS: Final = "crs"
STYLES: Final = "styles"
MATRIX_SETS: Final = "tile_matrix_sets"  # for each CRS, the name of the set
ZOOM: Final = "zoom"  # lowest and highest level
_FOREMOST: Final = ("EPSG:3857", "EPSG:4326", "CRS:84")
# A service may list thousands, which every one of its layers inherits.
_MOST_CRS: Final = 50
_FORMATS: Final = ("image/png", "image/jpeg")
_WORLD: Final = (-180.0, -85.0511, 180.0, 85.0511)
_SIDES: Final = ("minx", "miny", "maxx", "maxy")


class Service(NamedTuple):
    """What a service says of itself."""

    title: str
    abstract: str
    keywords: list[str]
    rights: str


def service_of(root: Element) -> Service:
    """Read what a service says of itself."""
    about = next(found(root, "Service"), None)
    if about is None:
        about = next(found(root, "ServiceIdentification"), root)
    return Service(
        first_said(about, "Title"),
        first_said(about, "Abstract"),
        all_said(within(about, "Keyword")),
        # "none" is how most services say that they say nothing.
        _told(first_said(about, "AccessConstraints")),
    )


@dataclass(frozen=True)
class _Inherited:
    """What a layer of a WMS has from those that it lies in."""

    crs: tuple[str, ...] = ()
    box: Box | None = None
    styles: tuple[str, ...] = ()
    period: tuple[str, str] = ("", "")
    folder: str = ""


def wms_layers(root: Element, url: str, collection: str) -> Iterator[dict[str, Any]]:
    """Give the layers of a WMS that have a name, in the order of the document."""
    formats = all_said(
        part for request in within(root, "GetMap") for part in found(request, "Format")
    )
    rights = service_of(root).rights
    media_type = next((kind for kind in _FORMATS if kind in formats), (*formats, "")[0])
    capability = next(found(root, "Capability"), None)
    waiting = [] if capability is None else [(e, _Inherited()) for e in found(capability, "Layer")]
    waiting.reverse()
    while waiting:
        element, above = waiting.pop()
        own = _inherited(element, above)
        name, title = first_said(element, "Name"), first_said(element, "Title")
        inner = [(child, replace(own, folder=title or own.folder)) for child in _inner(element)]
        waiting += inner[::-1]
        if not name:
            continue
        more = {
            "type": media_type,
            LAYERS["wms"]: [name],
            CRS: list(own.crs),
            STYLES: list(own.styles),
        }
        yield item_document(
            name,
            collection,
            {
                "title": title,
                "description": first_said(element, "Abstract"),
                "keywords": all_said(found(element, "KeywordList/Keyword")),
                "license": rights,
                "attribution": first_said(element, "Attribution/Title"),
                "group": own.folder,
                CRS: list(own.crs),
            },
            box=own.box,
            period=own.period,
            online=[Online(url, "OGC:WMS", name, title, more=more)],
        )


def _inner(element: Element) -> Iterator[Element]:
    yield from found(element, "Layer")


def _inherited(element: Element, above: _Inherited) -> _Inherited:
    own = [
        code for name in ("CRS", "SRS") for part in found(element, name) for code in _codes(part)
    ]
    crs = above.crs
    if own:
        crs = tuple(sorted(dict.fromkeys([*own, *above.crs]), key=_rank))[:_MOST_CRS]
    styles = tuple(all_said(found(element, "Style/Name")))
    return _Inherited(
        crs,
        _wms_box(element) or above.box,
        (*styles, *(style for style in above.styles if style not in styles)),
        _wms_period(element) or above.period,
        above.folder,
    )


def _codes(element: Element) -> list[str]:
    # WMS 1.1.0 lists several in one element.
    return said(element).upper().split()


def _rank(code: str) -> int:
    return _FOREMOST.index(code) if code in _FOREMOST else len(_FOREMOST)


def _wms_box(element: Element) -> Box | None:
    for part in found(element, "EX_GeographicBoundingBox"):
        return side_box(part)
    for part in found(element, "LatLonBoundingBox"):
        return parse_box([attribute(part, side) for side in _SIDES])
    for part in found(element, "BoundingBox"):
        sides = [attribute(part, side) for side in _SIDES]
        if "CRS:84" in (attribute(part, "CRS"), attribute(part, "SRS")):
            return parse_box(sides)
        if attribute(part, "CRS") == "EPSG:4326":  # in WMS 1.3.0: latitude first
            return parse_box([sides[1], sides[0], sides[3], sides[2]])
        if attribute(part, "SRS") == "EPSG:4326":
            return parse_box(sides)
    return None


def _wms_period(element: Element) -> tuple[str, str] | None:
    """Read the times of a layer: single ones, and spans with a step, parted by commas."""
    for part in (*found(element, "Dimension"), *found(element, "Extent")):
        if attribute(part, "name").lower() == "time" and said(part):
            times = said(part).split(",")
            return times[0].split("/")[0], (times[-1].split("/") * 2)[1]
    return None


def wmts_layers(root: Element, url: str, collection: str) -> Iterator[dict[str, Any]]:
    """Give the layers of a WMTS, in the order of the document."""
    rights = service_of(root).rights
    sets = {
        first_said(part, "Identifier"): crs_code(first_said(part, "SupportedCRS"))
        for part in found(root, "Contents/TileMatrixSet")
    }
    for element in found(root, "Contents/Layer"):
        name, title = first_said(element, "Identifier"), first_said(element, "Title")
        linked = all_said(found(element, "TileMatrixSetLink/TileMatrixSet"))
        # For each CRS, the first set that the layer has.
        by_crs: dict[str, str] = {}
        for identity in linked:
            by_crs.setdefault(sets.get(identity, ""), identity)
        crs = sorted(filter(None, by_crs), key=_rank)
        formats = all_said(found(element, "Format"))
        styles = sorted(found(element, "Style"), key=lambda e: attribute(e, "isDefault") != "true")
        more = {
            "type": next((kind for kind in _FORMATS if kind in formats), (*formats, "")[0]),
            LAYERS["wmts"]: [name],
            CRS: crs,
            STYLES: [first_said(style, "Identifier") for style in styles],
            MATRIX_SETS: by_crs,
        }
        yield item_document(
            name,
            collection,
            {
                "title": title,
                "description": first_said(element, "Abstract"),
                "keywords": all_said(within(element, "Keyword")),
                "license": rights,
                CRS: crs,
            },
            box=next(filter(None, map(corner_box, found(element, "WGS84BoundingBox"))), None),
            period=_wmts_period(element),
            online=[Online(url, "OGC:WMTS", name, title, more=more)],
        )


def crs_code(text: str) -> str:
    """Return a CRS as "EPSG:3857", whichever way it is written; CRS84 as "CRS:84"."""
    text = text.strip().upper()
    if text.endswith("CRS84"):
        return "CRS:84"
    code = text.replace("/", ":").rpartition(":")[2]
    if "EPSG" in text and code.isdigit():
        return "EPSG:3857" if code == "900913" else f"EPSG:{code}"
    return text


def _wmts_period(element: Element) -> tuple[str, str]:
    for part in found(element, "Dimension"):
        if first_said(part, "Identifier").lower() == "time":
            times = sorted(all_said(found(part, "Value")))
            if times:
                return times[0].split("/")[0], (times[-1].split("/") * 2)[1]
    return "", ""


def tms_layers(root: Element, url: str, collection: str) -> Iterator[dict[str, Any]]:
    """Give the maps of a TMS as tiles whose rows count from the south."""
    maps = [root] if local_name(root) == "TileMap" else within(root, "TileMap")
    for element in maps:
        href = (attribute(element, "href") or url).partition("?")[0].rstrip("/")
        href = href.removesuffix("/tilemapresource.xml")
        formats = [attribute(part, "extension") for part in found(element, "TileFormat")]
        ending = (*filter(None, formats), "png")[0]
        title = attribute(element, "title") or first_said(element, "Title")
        name = href.rpartition("/")[2]
        yield xyz_layer(f"{href}/{{z}}/{{x}}/{{-y}}.{ending}", collection, name, title)


def tile_json_layers(raw: Raw, collection: str) -> Iterator[dict[str, Any]]:
    """Give the one layer that a TileJSON describes; its tiles are the same at every address."""
    tiles = raw.get("tiles")
    for template in (tiles if isinstance(tiles, list) else ())[:1]:
        zoom = [raw.get("minzoom"), raw.get("maxzoom")]
        title = str(raw.get("name") or "")
        yield xyz_layer(
            str(template),
            collection,
            title,
            title,
            box=parse_box(raw.get("bounds")),
            zoom=zoom if all(isinstance(level, int) for level in zoom) else [],
            properties={
                "description": str(raw.get("description") or ""),
                "attribution": str(raw.get("attribution") or ""),
            },
        )


def xyz_layer(
    template: str,
    collection: str,
    name: str = "",
    title: str = "",
    *,
    box: Box | None = None,
    zoom: list[Any] | None = None,
    properties: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a template of tiles as an item; it covers the world where nothing else is told."""
    name = name or parts_of(template).netloc or template
    more = {ZOOM: zoom} if zoom else {}
    return item_document(
        name,
        collection,
        {"title": title or name, CRS: ["EPSG:3857"], **(properties or {})},
        box=box or _WORLD,
        online=[Online(template, "", "", title or name, more={CRS: ["EPSG:3857"], **more})],
    )


def _told(text: str) -> str:
    return "" if text.lower() == "none" else text
