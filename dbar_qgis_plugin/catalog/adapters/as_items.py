"""What other protocols than STAC tell, brought into the shape of its items.

Services become assets whose roles say what they are: "wms", "wmts", "xyz", "wfs", "wcs"; their
layers stand in the fields of STAC's web-map-links extension
(github.com/stac-extensions/web-map-links).
"""

from __future__ import annotations

import mimetypes
import posixpath
import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from dbar_qgis_plugin.catalog.adapters.addresses import parts_of, split_request
from dbar_qgis_plugin.catalog.model import Box, Raw, parse_moment

SERVICES: Final = ("wms", "wmts", "xyz", "wfs", "wcs")
LAYERS: Final = {"wms": "wms:layers", "wmts": "wmts:layer", "wfs": "wfs:layers"}
DATA: Final = "data"
THUMBNAIL: Final = "thumbnail"
_STAC_VERSION: Final = "1.1.0"
_GEOTIFF: Final = "image/tiff; application=geotiff"
_PAGES: Final = ("text/html", "application/xhtml+xml")
# Relations of links that lead to files, or to other documents of the catalog.
_FILES: Final = ("enclosure", "data", "item", "items", "download")
_PREVIEWS: Final = ("preview", "icon", "thumbnail", "overview")
# A protocol as portals write it: "OGC:WMS-1.3.0-http-get-map", "WWW:DOWNLOAD-1.0-http--download",
# "http://www.opengis.net/def/serviceType/ogc/wms", and anything that people type.
_SERVICE: Final = re.compile(r"(?i)(?<![a-z])(wms|wmts|wfs|wcs|xyz)(?![a-z])")
_SERVER: Final = re.compile(r"(?i)(wms|wmts|wfs|wcs)(?:server)?$")
_DOWNLOAD: Final = re.compile(r"(?i)download|(?<![a-z])(?:ftp|file)(?![a-z])")
_TILES: Final = re.compile(r"\{x\}.*\{-?y\}|\{-?y\}.*\{x\}")
_ENDINGS: Final = {
    ".tif": _GEOTIFF,
    ".tiff": _GEOTIFF,
    ".gpkg": "application/geopackage+sqlite3",
    ".geojson": "application/geo+json",
    ".nc": "application/netcdf",
    ".zip": "application/zip",
    ".gz": "application/gzip",
    ".tar": "application/x-tar",
    ".jp2": "image/jp2",
    ".h5": "application/x-hdf5",
    ".shp": "application/x-shapefile",
    ".vrt": "application/x-vrt",
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv",
}
_NAMES_OF_LAYERS: Final = ("layers", "layer", "typenames", "typename")
_YEAR: Final = re.compile(r"(\d{4})(?:-(\d{2}))?$")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}$")


class Online(NamedTuple):
    """Something that a record leads to.

    protocol : what the record says that it is
    name : of the layer, or of the file
    more : fields of the asset that are known already
    """

    href: str
    protocol: str = ""
    name: str = ""
    title: str = ""
    media_type: str = ""
    rel: str = ""
    more: Mapping[str, Any] = {}


def item_document(
    identity: str,
    collection: str,
    properties: Raw,
    *,
    box: Box | None = None,
    period: tuple[str, str] = ("", ""),
    online: Iterable[Online] = (),
) -> dict[str, Any]:
    """Return an item, without what is not told.

    Parameters
    ----------
    identity, collection : str
        Ids.
    properties : mapping
        Such as title, description and keywords; what is empty is left out.
    box : tuple of float, optional
        West, south, east, north.
    period : tuple of str
        First and last moment, as they come.
    online : iterable of Online
        Become assets, or links where they are pages.
    """
    assets, links = assets_and_links(online)
    told = {name: value for name, value in properties.items() if value not in ("", None, [], ())}
    return {
        "type": "Feature",
        "stac_version": _STAC_VERSION,
        "id": identity,
        "collection": collection,
        "geometry": None if box is None else box_geometry(box),
        **({} if box is None else {"bbox": list(box)}),
        "properties": {**told, **moments(*period)},
        "assets": assets,
        "links": links,
    }


def box_geometry(box: Box) -> dict[str, Any]:
    """Return a box as a polygon; as two where it goes over 180 degrees."""
    west, south, east, north = box
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    rings = [[[w, south], [e, south], [e, north], [w, north], [w, south]] for w, e in spans]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings}
    return {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}


def moments(begin: str, end: str) -> dict[str, str | None]:
    """Return the properties of a period, of which an end may be open or a mere year."""
    first, last = _moment(begin, last=False), _moment(end, last=True)
    if first and first == last:
        return {"datetime": first}
    told = {"start_datetime": first, "end_datetime": last}
    return {"datetime": None, **{name: text for name, text in told.items() if text}}


def period_of(text: str) -> tuple[str, str]:
    """Split a text that names a period: "2016/2020", "start=2016; end=2020", or one moment."""
    named = dict(re.findall(r"(start|end)\s*=\s*([^;\s]+)", text.lower()))
    if named:
        return named.get("start", "").upper(), named.get("end", "").upper()
    begin, cut, end = (part.strip() for part in text.partition("/"))
    return begin, end if cut else begin


def _moment(text: str, *, last: bool) -> str:
    """Make a moment whole: the first or last one of a year, a month or a day; "" for none."""
    text = text.strip()
    year = _YEAR.match(text)
    if year is not None:
        month = int(year[2] or (12 if last else 1))
        day = monthrange(int(year[1]), month)[1] if last and 1 <= month <= 12 else 1
        text = f"{year[1]}-{month:02d}-{day:02d}"
    if last and _DAY.match(text):
        text += "T23:59:59Z"
    moment = parse_moment(text)
    return "" if moment is None else moment.isoformat().replace("+00:00", "Z")


def kinds_of(link: Online) -> tuple[str, ...]:
    """Guess what a link leads to: services, "data" or "thumbnail"; nothing for a mere page.

    What the address itself asks for goes first, then the protocol, which people type.
    """
    address = parts_of(link.href)
    service = split_request(link.href)[1].get("service", "").lower()
    if service in SERVICES:
        return (service,)
    if _TILES.search(unquote(link.href)):
        return ("xyz",)
    named = tuple(dict.fromkeys(kind.lower() for kind in _SERVICE.findall(link.protocol)))
    # A template of tiles was found above: without one there is nothing to open.
    named = tuple(kind for kind in named if kind != "xyz")
    if named:
        return named
    if link.rel in _PREVIEWS:
        return (THUMBNAIL,)
    ending = posixpath.splitext(address.path)[1].lower()
    kind = link.media_type.partition(";")[0].strip().lower()
    if kind in _PAGES:
        return ()
    if _DOWNLOAD.search(link.protocol) or link.rel in _FILES or ending in _ENDINGS:
        return (DATA,)
    server = _SERVER.search(address.path.rstrip("/").rpartition("/")[2])
    return (server[1].lower(),) if server is not None else ()


def assets_and_links(
    online: Iterable[Online],
) -> tuple[dict[str, dict[str, Any]], list[dict[str, str]]]:
    """Return the assets that links are, and what stays a link."""
    assets: dict[str, dict[str, Any]] = {}
    links: list[dict[str, str]] = []
    for link in online:
        kinds = kinds_of(link) if link.href else ()
        for kind in kinds:
            asset = _asset(link, kind)
            key = kind if kind in SERVICES else _file_name(link.href) or kind
            assets[_new_key(key, assets)] = asset
        if link.href and not kinds:
            told = {"type": link.media_type, "title": link.title or link.name}
            kept = {name: text for name, text in told.items() if text}
            links.append({"rel": link.rel or "related", "href": link.href, **kept})
    return assets, links


def _asset(link: Online, kind: str) -> dict[str, Any]:
    href, layers = link.href, [link.name] if link.name else []
    media_type = link.media_type
    if kind in LAYERS:
        href, asked = split_request(link.href)
        told = next((asked[name] for name in _NAMES_OF_LAYERS if asked.get(name)), "")
        layers = layers or [layer for layer in told.split(",") if layer]
    elif kind == DATA and not media_type:
        media_type = media_type_of(_file_name(link.href))
    words = {"title": link.title or link.name, "type": media_type}
    return {
        "href": href,
        **{name: text for name, text in words.items() if text},
        "roles": [kind],
        **({LAYERS[kind]: layers} if kind in LAYERS and layers else {}),
        **link.more,
    }


def media_type_of(name: str) -> str:
    """Return the media type of a file by its name, "" where that does not tell it."""
    ending = posixpath.splitext(name)[1].lower()
    return _ENDINGS.get(ending) or mimetypes.guess_type(name)[0] or ""


def _new_key(key: str, taken: Mapping[str, Any]) -> str:
    number, found = 1, key
    while found in taken:
        number += 1
        found = f"{key}_{number}"
    return found


def _file_name(href: str) -> str:
    return posixpath.basename(unquote(parts_of(href).path))
