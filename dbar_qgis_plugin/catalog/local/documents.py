"""Items as the user's own catalog keeps them: valid STAC 1.1, whatever a server has sent."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from dbar_qgis_plugin.catalog.model import LOCAL_PATH, ROUGH_SIZE, Item, Raw, parse_moment
from dbar_qgis_plugin.catalog.transfers.download import scrubbed_json, writable

VERSION: Final = "1.1.0"
FILE_EXTENSION: Final = "https://stac-extensions.github.io/file/v2.1.0/schema.json"

# Properties of our own.
UNDATED: Final = "dbar:undated"  # STAC wants a date: that of the item's making stands in for one
ORIGIN: Final = "dbar:origin"
CONNECTION: Final = "dbar:connection"
ORIGINAL: Final = "dbar:collection"  # of a collection: its name in its connection
SOURCE: Final = "dbar:source"  # of an asset: where it was fetched from
RIGHTS: Final = "dbar:rights"
REDISTRIBUTION: Final = "dbar:redistribution"
RESEARCH_ONLY: Final = "research only"

# Links that belong to the catalog an item came from, not to the item.
_STRUCTURE: Final = (
    *("self", "root", "parent", "collection", "child", "item", "items"),
    *("next", "prev", "data", "search", "conformance"),
)
_LICENCE: Final = re.compile(r"[\w\-.+]+$")
_DEPTHS: Final = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _are_bands(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, dict) for part in value)


def _are_providers(value: Any) -> bool:
    return _are_bands(value) and all(_is_text(part.get("name")) for part in value)


def _is_moment(value: Any) -> bool:
    return _is_text(value) and parse_moment(value) is not None


# What STAC itself says of properties; one that breaks it is left out.
_FITS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "title": _is_text,
    "description": _is_text,
    "keywords": _are_texts,
    "roles": _are_texts,
    "platform": _is_text,
    "instruments": _are_texts,
    "constellation": _is_text,
    "mission": _is_text,
    "gsd": lambda value: isinstance(value, int | float) and value > 0,
    "license": lambda value: _is_text(value) and bool(_LICENCE.match(value)),
    "providers": _are_providers,
    "bands": _are_bands,
    "created": _is_moment,
    "updated": _is_moment,
    "type": _is_text,
    "data_type": _is_text,
    "unit": _is_text,
    "nodata": lambda value: isinstance(value, int | float) or value in ("nan", "inf", "-inf"),
    "statistics": lambda value: isinstance(value, dict) and bool(value),
}


def tidy_item(item: Item, made: datetime) -> dict[str, Any]:
    """Return a valid document of an item, without assets and without links into its catalog.

    Parameters
    ----------
    item : Item
        As it was read.
    made : datetime
        Stands in for the date of an item that has none.
    """
    properties = _fitting(scrubbed_json(item.properties))
    for name in ("datetime", "start_datetime", "end_datetime"):
        properties.pop(name, None)
    properties.update(_dates(item, made))
    geometry, box = _place(item)
    document: dict[str, Any] = {
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": list(
            dict.fromkeys(
                writable(text)
                for text in _listed(item.raw.get("stac_extensions"))
                if isinstance(text, str) and text.startswith("http")
            )
        ),
        "id": writable(item.id),
        "geometry": geometry,
        "properties": properties,
        "links": list(_links(item)),
        "assets": {},
        "collection": writable(item.collection),
    }
    if box is not None:
        document["bbox"] = list(box)
    return document


def tidy_asset(raw: Raw) -> dict[str, Any]:
    """Return an asset without what leads to other places of it, or lets one in."""
    elsewhere = ("href", "alternate", LOCAL_PATH, ROUGH_SIZE)
    return {
        name: value
        for name, value in _fitting(scrubbed_json(raw)).items()
        if name not in elsewhere and not name.startswith(("auth:", "storage:"))
    }


def iso(moment: datetime) -> str:
    """Write a moment as STAC wants it."""
    text = moment.astimezone(UTC).replace(tzinfo=None)
    return text.isoformat(timespec="microseconds" if text.microsecond else "seconds") + "Z"


def without_stand_ins(document: Raw) -> Raw:
    """Return a document without the date that stands in for a missing one."""
    properties = document.get("properties")
    if not isinstance(properties, Mapping) or not properties.get(UNDATED):
        return document
    kept = {name: value for name, value in properties.items() if name != "datetime"}
    return {**document, "properties": kept}


def rights_of(properties: Raw) -> str:
    """Return the terms that forbid to pass data on; "" where nothing is known of such."""
    if properties.get(REDISTRIBUTION) != RESEARCH_ONLY:
        return ""
    return str(properties.get(RIGHTS) or RESEARCH_ONLY)


def restricted(terms: Iterable[str]) -> dict[str, Any]:
    """Return the properties of what holds data that must not be passed on; none without terms."""
    texts = list(dict.fromkeys(text for text in terms if text))
    if not texts:
        return {}
    return {"license": "other", REDISTRIBUTION: RESEARCH_ONLY, RIGHTS: " ".join(texts)}


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else ()


def _fitting(raw: Raw) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name not in _FITS or _FITS[name](value)}


def _dates(item: Item, made: datetime) -> dict[str, Any]:
    dates: dict[str, Any] = {
        name: iso(moment)
        for name in ("created", "updated")
        if (moment := parse_moment(item.properties.get(name))) is not None
    }
    begin, end = item.begin or item.end, item.end or item.begin
    if begin is None or end is None:
        return {**dates, "datetime": iso(made), UNDATED: True}
    moment = parse_moment(item.properties.get("datetime"))
    if moment is None or begin != end:
        dates.update(start_datetime=iso(begin), end_datetime=iso(end))
    return {**dates, "datetime": None if moment is None else iso(moment)}


def _place(item: Item) -> tuple[Raw | None, tuple[float, ...] | None]:
    box = item.box
    if box is None:
        return None, None
    if item.geometry is not None and _is_geometry(item.geometry):
        return item.geometry, box
    west, south, east, north = box
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    rings = [[[[w, south], [e, south], [e, north], [w, north], [w, south]]] for w, e in spans]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings[0]}, box
    return {"type": "MultiPolygon", "coordinates": rings}, box


def _is_geometry(geometry: Raw) -> bool:
    depth = _DEPTHS.get(str(geometry.get("type")))
    return depth is not None and _is_nested(
        geometry.get("coordinates"), depth, is_area="Polygon" in str(geometry["type"])
    )


def _is_nested(part: Any, depth: int, *, is_area: bool) -> bool:
    if not isinstance(part, list | tuple) or not part:
        return False
    if depth == 0:
        return len(part) >= 2 and all(
            isinstance(value, int | float) and math.isfinite(value) for value in part
        )
    if depth == 1 and is_area and (len(part) < 4 or part[0] != part[-1]):
        return False
    return all(_is_nested(inner, depth - 1, is_area=is_area) for inner in part)


def _links(item: Item) -> Iterable[dict[str, str]]:
    """Give what an item links to, with its own address as where it came from."""
    seen = set()
    for link in item.links:
        rel = "via" if link.rel == "self" else link.rel
        href = scrubbed_json(link.href)
        if not rel or rel in _STRUCTURE or not href.startswith("http") or (rel, href) in seen:
            continue
        seen.add((rel, href))
        facts = {"rel": rel, "href": href, "type": link.media_type, "title": link.title}
        yield {name: writable(text) for name, text in facts.items() if text}
