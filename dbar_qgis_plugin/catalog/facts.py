"""What people want to know of an item at a glance, from whichever place it tells it in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final, NamedTuple

from dbar_qgis_plugin.catalog.access import data_assets
from dbar_qgis_plugin.catalog.adapters.as_items import SERVICES
from dbar_qgis_plugin.catalog.model import Box, Item, Raw, own_title, shown_title
from dbar_qgis_plugin.catalog.query import Query

# Extensions that name the place of an item in a grid, and what to leave out of the name.
_GRIDS: Final = ("grid:code", "s2:mgrs_tile", "landsat:scene_id", "sdgsat:scene")
_PLAIN: Final = ""
_LEAST: Final = 0.001  # degrees; the side of what has none
_FARTHEST: Final = 540.0  # degrees; what is given as farther away is broken

Ring = list[tuple[float, float]]  # closed; longitude and latitude
Polygon = list[Ring]  # the outer one first


class Preview(NamedTuple):
    """A small picture of an item.

    kind : "thumbnail", "overview" or "preview": the role or relation that it was found by
    """

    href: str
    media_type: str
    kind: str


def title_of(item: Item) -> str:
    """Name an item for people: by its title, else collection, day and place."""
    title = shown_title(item, place_of(item))
    is_id = title == item.id and not own_title(item)
    return f"{item.collection} · {title}" if is_id and item.collection else title


def place_of(item: Item) -> str:
    """Return the tile of an item, else the middle of its box; "" where it does not say."""
    for name in _GRIDS:
        code = item.properties.get(name)
        if isinstance(code, str) and code:
            return code.removeprefix("MGRS-")
    if item.box is None:
        return ""
    west, south, east, north = item.box
    if west > east:
        east += 360.0
    x, y = (west + east) / 2.0, (south + north) / 2.0
    x = (x + 180.0) % 360.0 - 180.0
    return f"{abs(y):.2f}° {'N' if y >= 0 else 'S'} {abs(x):.2f}° {'E' if x >= 0 else 'W'}"


def cloud_cover(item: Item) -> float | None:
    """Return how much of an item is under clouds, in percent."""
    return _number(item.properties.get("eo:cloud_cover"))


def resolution(item: Item) -> float | None:
    """Return the size of an item's cells on the ground in metres: the finest that it tells."""
    told = _number(item.properties.get("gsd"))
    if told is not None:
        return told
    sizes = [
        size
        for asset in item.assets
        for part in (asset.raw, *_bands(asset.raw))
        for size in (_number(part.get("gsd")), _number(part.get("spatial_resolution")))
        if size is not None
    ]
    return min(sizes, default=None)


def sensor(item: Item) -> str:
    """Name what an item was taken with: platform and instruments."""
    names = [item.properties.get("platform") or item.properties.get("constellation")]
    instruments = item.properties.get("instruments")
    names += instruments if isinstance(instruments, list) else [instruments]
    return " ".join(dict.fromkeys(name for name in names if isinstance(name, str) and name))


def data_size(item: Item) -> int | None:
    """Return the bytes of an item's data; None where an asset does not tell."""
    sizes = [asset.size for asset in data_assets(item) if not set(asset.roles) & set(SERVICES)]
    known = [size for size in sizes if size is not None]
    return sum(known) if known and len(known) == len(sizes) else None


def licence(item: Item) -> str:
    """Return the licence that an item tells: its name, else the title of the link to it."""
    told = item.properties.get("license")
    if isinstance(told, str) and told:
        return told
    link = item.link("license")
    return (link.title or link.href) if link is not None else ""


def preview(item: Item) -> Preview | None:
    """Return the small picture of an item, None if it has none that can be shown."""
    for role in ("thumbnail", "overview"):
        for asset in item.assets:
            named = role in asset.roles or (not asset.roles and asset.key == role)
            if named and _is_picture(asset.href, asset.media_type):
                return Preview(asset.href, asset.media_type, role)
    link = item.link("preview")
    if link is not None and _is_picture(link.href, link.media_type):
        return Preview(link.href, link.media_type, "preview")
    return None


def citation(item: Item) -> str:
    """Return how an item is cited: as it says, else from its providers, date, name and address."""
    told = item.properties.get("sci:citation")
    doi = item.properties.get("sci:doi")
    doi = f"https://doi.org/{doi}" if isinstance(doi, str) and doi else ""
    if isinstance(told, str) and told:
        return told if not doi or doi in told else f"{told} {doi}"
    link = item.link("cite-as", "self", "canonical")
    providers = item.properties.get("providers")
    names = [
        str(provider["name"])
        for provider in (providers if isinstance(providers, list) else [])
        if isinstance(provider, Mapping) and provider.get("name")
    ]
    year = f"({item.begin.year})" if item.begin is not None else ""
    who = " ".join(part for part in (", ".join(names), year) if part)
    address = doi or (link.href if link is not None else "")
    named = ", ".join(dict.fromkeys(part for part in (title_of(item), item.id) if part))
    return ". ".join(part for part in (who, named, address) if part)


def properties_by_extension(item: Item) -> dict[str, dict[str, Any]]:
    """Return the properties by the prefix of their extension; "" = those without one, first."""
    groups: dict[str, dict[str, Any]] = {_PLAIN: {}}
    for name, value in sorted(item.properties.items(), key=lambda pair: str(pair[0])):
        prefix, colon, rest = str(name).partition(":")
        group, short = (prefix, rest) if colon else (_PLAIN, prefix)
        groups.setdefault(group, {})[short] = value
    return {group: values for group, values in groups.items() if values}


def outline(item: Item) -> list[Polygon]:
    """Return where an item lies, by its geometry, else its box; see `polygons`.

    A point, or a line along a parallel or meridian, is a small rectangle, so that it can be seen.
    """
    boxes = Query(box=item.box).boxes()
    if item.geometry is not None:
        # A ring that steps from 179 to -179 may be the whole earth or a strip: its box says which.
        found = polygons(item.geometry, crosses=len(boxes) > 1)
        if found:
            return found
    return [
        polygon
        for box in boxes
        for polygon in polygons({"type": "Polygon", "coordinates": [_rectangle(box)]})
    ]


def polygons(geometry: Raw, *, crosses: bool = False) -> list[Polygon]:
    """Return the polygons of a GeoJSON geometry, none of which goes over 180 degrees.

    Lines and points have none. Longitudes beyond 180 degrees are cut off, and go on from the other
    side; with `crosses`, so does a ring with a step of more than 180 degrees.
    """
    found: list[Polygon] = []
    for rings in _polygons(geometry):
        unrolled = [_unrolled(ring) for ring in rings] if crosses else rings
        low = min(x for x, _ in unrolled[0])
        high = max(x for x, _ in unrolled[0])
        if low >= -180.0 and high <= 180.0:
            found.append(unrolled)
            continue
        if low < -_FARTHEST or high > _FARTHEST:
            continue
        for turn in range(math.floor((low + 180.0) / 360.0), math.ceil((high + 180.0) / 360.0)):
            cut = [_between(ring, 360.0 * turn - 180.0, 360.0 * turn + 180.0) for ring in unrolled]
            moved = [[(x - 360.0 * turn, y) for x, y in ring] for ring in cut if len(ring) > 3]
            if cut and len(cut[0]) > 3:
                found.append(moved)
    return found


def _polygons(geometry: Raw) -> Iterator[Polygon]:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "GeometryCollection":
        for part in _list(geometry.get("geometries")):
            if isinstance(part, Mapping):
                yield from _polygons(part)
    for polygon in [coordinates] if kind == "Polygon" else _list(coordinates):
        if kind in ("Polygon", "MultiPolygon"):
            rings = [_ring(ring) for ring in _list(polygon)]
            if rings and len(rings[0]) > 3:
                yield [ring for ring in rings if len(ring) > 3]


def _ring(raw: Any) -> Ring:
    points = []
    for position in _list(raw):
        values = _list(position)[:2]
        numbers = [number for number in map(_number, values) if number is not None]
        if len(numbers) == 2:
            points.append((numbers[0], min(max(numbers[1], -90.0), 90.0)))
    if points and points[0] != points[-1]:
        points.append(points[0])
    return points


def _unrolled(ring: Ring) -> Ring:
    """Let the longitudes of a ring go on beyond 180 degrees instead of stepping back."""
    shift, before, points = 0.0, ring[0][0], []
    for x, y in ring:
        if x - before > 180.0:
            shift -= 360.0
        elif before - x > 180.0:
            shift += 360.0
        before = x
        points.append((x + shift, y))
    return points


def _between(ring: Ring, low: float, high: float) -> Ring:
    """Cut a ring at two meridians."""
    for limit, side in ((low, 1.0), (high, -1.0)):
        kept: Ring = []
        for (x0, y0), (x1, y1) in pairwise(ring):
            in0, in1 = side * (x0 - limit) >= 0.0, side * (x1 - limit) >= 0.0
            if in0:
                kept.append((x0, y0))
            if in0 != in1:
                kept.append((limit, y0 + (y1 - y0) * (limit - x0) / (x1 - x0)))
        ring = [*kept, kept[0]] if kept else []
    return ring


def _rectangle(box: Box) -> Ring:
    west, south, east, north = box
    if east - west < _LEAST:
        west, east = west - _LEAST / 2.0, east + _LEAST / 2.0
    if north - south < _LEAST:
        south, north = south - _LEAST / 2.0, north + _LEAST / 2.0
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def _bands(raw: Raw) -> Iterator[Raw]:
    for name in ("bands", "eo:bands", "raster:bands"):
        for band in _list(raw.get(name)):
            if isinstance(band, Mapping):
                yield band


def _is_picture(href: str, media_type: str) -> bool:
    """Tell whether a window can show it: a GeoTIFF is too large, and not made for it."""
    scheme = href.partition(":")[0].lower()
    kind = media_type.partition(";")[0].strip().lower()
    if scheme not in ("http", "https", "file"):
        return False
    return kind not in ("image/tiff", "image/jp2") if kind.startswith("image/") else not kind


def _list(raw: Any) -> list[Any]:
    return list(raw) if isinstance(raw, list | tuple) else []


def _number(raw: Any) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    try:
        number = float(raw)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
