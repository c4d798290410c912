"""What a catalog holds, as it comes: broken items are kept, and say what is wrong with them.

Shapes follow STAC 1.1 (github.com/radiantearth/stac-spec); records of other protocols are brought
into the same shape by their adapters.
"""

from __future__ import annotations

import math
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit, uses_relative

from dbar_qgis_plugin.errors import translate
from dbar_qgis_plugin.raster_io.progress import Message, message

Box = tuple[float, float, float, float]  # west, south, east, north; west > east: over 180 degrees
Raw = Mapping[str, Any]

# Fields of an asset: where its file goes among others (file extension), and whether its size is
# told by who does not say in what units, or of what.
LOCAL_PATH: Final = "file:local_path"
ROUGH_SIZE: Final = "dbar:rough_size"


@dataclass(frozen=True)
class Link:
    """A link of a document, with an absolute address."""

    rel: str
    href: str
    media_type: str = ""
    title: str = ""


@dataclass(frozen=True)
class Asset:
    """A file, or a service, of an item.

    href : absolute
    roles : such as "data", "thumbnail"
    size : bytes, None if not told
    checksum : multihash in hex, "" if not told
    raw : as it came
    """

    key: str
    href: str
    title: str = ""
    media_type: str = ""
    roles: tuple[str, ...] = ()
    size: int | None = None
    checksum: str = ""
    raw: Raw = field(default_factory=dict, compare=False, repr=False)

    @property
    def scheme(self) -> str:
        """Scheme of the address: https, s3, file, ..."""
        return urlsplit(self.href).scheme.lower()

    @property
    def file_name(self) -> str:
        """The name it is told to have, else the last part of the address without what signs it."""
        told = posixpath.basename(_text(self.raw.get(LOCAL_PATH)))
        return told or posixpath.basename(unquote(urlsplit(self.href).path))

    @property
    def promised_size(self) -> int | None:
        """Bytes that the file must have, None if they are not known for sure."""
        return None if self.raw.get(ROUGH_SIZE) else self.size


@dataclass(frozen=True)
class Item:
    """One entry of a catalog.

    begin, end : first and last moment, None where not told; equal for a single moment
    geometry : GeoJSON in longitude and latitude, None if not told
    box : of the geometry
    problems : what is missing or wrong, for the user
    source : id of the connection it came from
    raw : as it came
    """

    id: str
    collection: str
    title: str
    begin: datetime | None
    end: datetime | None
    geometry: Raw | None = field(hash=False)
    box: Box | None
    assets: tuple[Asset, ...]
    links: tuple[Link, ...]
    properties: Raw = field(compare=False, repr=False)
    problems: tuple[Message, ...] = field(default=(), compare=False)
    source: str = ""
    raw: Raw = field(default_factory=dict, compare=False, repr=False)

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells an item from all others: connection, collection and id."""
        return self.source, self.collection, self.id

    def link(self, *rels: str) -> Link | None:
        """Return the first link with one of these relations, in the order of `rels`."""
        return next((link for rel in rels for link in self.links if link.rel == rel), None)

    @property
    def page(self) -> str:
        """Address of a page for people, "" if there is none."""
        for link in self.links:
            if link.media_type.startswith("text/html") and link.href.startswith("http"):
                return link.href
        named = self.link("about", "cite-as", "alternate", "related")
        return named.href if named is not None and named.href.startswith("http") else ""


@dataclass(frozen=True)
class Collection:
    """A set of items of one kind.

    problems : what is missing or wrong, for the user
    """

    id: str
    title: str
    description: str = ""
    licence: str = ""
    keywords: tuple[str, ...] = ()
    box: Box | None = None
    begin: datetime | None = None
    end: datetime | None = None
    links: tuple[Link, ...] = ()
    problems: tuple[Message, ...] = field(default=(), compare=False)
    source: str = ""
    raw: Raw = field(default_factory=dict, compare=False, repr=False)


def parse_item(raw: object, *, base: str = "", source: str = "") -> Item:
    """Read an item, whatever it lacks.

    Parameters
    ----------
    raw : object
        The decoded JSON.
    base : str
        Address of the document it stood in, for relative links.
    source : str
        Id of the connection.

    Returns
    -------
    Item
        With `problems` for what is missing or cannot be read; never an error.
    """
    problems: list[Message] = []
    document = _mapping(raw)
    if not document:
        problems.append(message(translate("Dbar", "This entry is not an item.")))
    properties = _mapping(document.get("properties"))
    links = tuple(parse_links(document.get("links"), base))
    base = next((link.href for link in links if link.rel == "self" and link.href), base)
    begin, end = _span(properties, problems)
    geometry, box = _place(document, problems)
    identity = _text(document.get("id"))
    if not identity:
        problems.append(message(translate("Dbar", "The item has no id.")))
    title = _text(properties.get("title")) or _text(document.get("title"))
    return Item(
        id=identity,
        collection=_text(document.get("collection")),
        title=title,
        begin=begin,
        end=end,
        geometry=geometry,
        box=box,
        assets=tuple(_assets(document.get("assets"), base, problems)),
        links=links,
        properties=properties,
        problems=tuple(problems),
        source=source,
        raw=document,
    )


def parse_collection(raw: object, *, base: str = "", source: str = "") -> Collection:
    """Read a collection, whatever it lacks; never an error."""
    document = _mapping(raw)
    extent = _mapping(document.get("extent"))
    boxes = _sequence(_mapping(extent.get("spatial")).get("bbox"))
    spans = _sequence(_mapping(extent.get("temporal")).get("interval"))
    span = _sequence(spans[0]) if spans else ()
    begin, end = (*(parse_moment(part) for part in span[:2]), None, None)[:2]
    identity = _text(document.get("id"))
    return Collection(
        id=identity,
        title=_text(document.get("title")) or identity,
        description=_text(document.get("description")),
        licence=_text(document.get("license")),
        keywords=tuple(map(_text, _sequence(document.get("keywords")))),
        box=parse_box(boxes[0]) if boxes else None,
        begin=begin,
        end=end,
        links=tuple(parse_links(document.get("links"), base)),
        source=source,
        raw=document,
    )


def parse_links(raw: object, base: str = "") -> Iterable[Link]:
    """Read links; those without an address are left out."""
    for entry in _sequence(raw):
        link = _mapping(entry)
        href = absolute(_text(link.get("href")), base)
        if href:
            yield Link(
                _text(link.get("rel")),
                href,
                _text(link.get("type")),
                _text(link.get("title")),
            )


def absolute(href: str, base: str) -> str:
    """Return an address made whole by that of the document it stands in; "" for what is none.

    Also below s3: and its like, in which the standard library joins nothing.
    """
    if not href:
        return ""
    try:
        scheme = urlsplit(base).scheme
        if scheme in uses_relative or urlsplit(href).scheme:
            joined = urljoin(base, href)
        else:
            joined = scheme + urljoin(f"http{base[len(scheme) :]}", href).removeprefix("http")
        urlsplit(joined)
    except ValueError:
        return ""
    return joined


def parse_moment(raw: object) -> datetime | None:
    """Read an RFC 3339 moment or a day, in UTC; None for anything else."""
    text = _text(raw).strip()
    try:
        found = datetime.fromisoformat(text.replace("z", "Z"))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):  # the latter: before the year 1 in UTC
        return None


def parse_box(raw: object) -> Box | None:
    """Read a bounding box of four or, with heights, six numbers; None for anything else."""
    try:
        numbers = [float(value) for value in _sequence(raw)]
    except (TypeError, ValueError, OverflowError):
        return None
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        return None
    west, south, east, north = numbers
    return (west, south, east, north) if south <= north else None


def geometry_box(geometry: Raw) -> Box | None:
    """Return the box of a GeoJSON geometry; None where it has no coordinates.

    The parts of a multipolygon that meet at 180 degrees give a box over it.
    """
    points = list(_points(geometry))
    if not points:
        return None
    x, y = zip(*points, strict=True)
    west, east = min(x), max(x)
    if west == -180.0 and east == 180.0 and geometry.get("type") == "MultiPolygon":
        polygons = _sequence(geometry.get("coordinates"))
        parts = [list(_points({"coordinates": polygon})) for polygon in polygons]
        spans = [(min(p[0] for p in part), max(p[0] for p in part)) for part in parts if part]
        left = [span for span in spans if span[1] == 180.0 and span[0] > -180.0]
        right = [span for span in spans if span[0] == -180.0 and span[1] < 180.0]
        if left and right and len(left) + len(right) == len(spans):
            west, east = min(span[0] for span in left), max(span[1] for span in right)
    return west, min(y), east, max(y)


def _points(geometry: Raw) -> Iterable[tuple[float, float]]:
    waiting: list[object] = [geometry]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            waiting += [part.get("coordinates"), *_sequence(part.get("geometries"))]
            continue
        position = _position(_sequence(part))
        if position is None:
            waiting.extend(_sequence(part))
        else:
            yield position


def _position(values: Sequence[Any]) -> tuple[float, float] | None:
    if len(values) < 2 or not all(isinstance(value, int | float) for value in values[:2]):
        return None
    try:
        x, y = float(values[0]), float(values[1])
    except OverflowError:
        return None
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None


def _span(properties: Raw, problems: list[Message]) -> tuple[datetime | None, datetime | None]:
    moment = parse_moment(properties.get("datetime"))
    begin = parse_moment(properties.get("start_datetime")) or moment
    end = parse_moment(properties.get("end_datetime")) or moment
    if begin is None and end is None:
        problems.append(message(translate("Dbar", "The item has no date.")))
    return begin, end


def _place(document: Raw, problems: list[Message]) -> tuple[Raw | None, Box | None]:
    geometry = _mapping(document.get("geometry")) or None
    box = parse_box(document.get("bbox"))
    own = geometry_box(geometry) if geometry is not None else None
    if own is None:
        geometry = None
    if box is None:
        box = own
    if box is None:
        problems.append(message(translate("Dbar", "The item does not say where it lies.")))
    return geometry, box


def _assets(raw: object, base: str, problems: list[Message]) -> Iterable[Asset]:
    for key, entry in _mapping(raw).items():
        asset = _mapping(entry)
        href = absolute(_text(asset.get("href")), base)
        if not href:
            problems.append(
                message(translate("Dbar", "The asset “{key}” has no address."), key=key)
            )
            continue
        size = asset.get("file:size")
        known = isinstance(size, int) and not isinstance(size, bool) and size >= 0
        yield Asset(
            key=str(key),
            href=href,
            title=_text(asset.get("title")),
            media_type=_text(asset.get("type")),
            roles=tuple(map(_text, _sequence(asset.get("roles")))),
            size=size if known else None,
            checksum=_text(asset.get("file:checksum")).lower(),
            raw=asset,
        )


def own_title(item: Item) -> str:
    """Return a title that somebody chose: not that which repeats an id, but for files of results.

    Whoever computed a result named its file.
    """
    is_chosen = item.title != item.id or "dbar:algorithm" in item.properties
    return item.title if is_chosen else ""


def shown_title(item: Item, place: str = "") -> str:
    """Name an item for people: its title, else its collection, day and place; its id at last."""
    if own_title(item):
        return item.title
    ends = dict.fromkeys(str(end.date()) for end in (item.begin, item.end) if end is not None)
    day = " – ".join(ends)
    parts = [part for part in (item.collection, day, place) if part]
    return " · ".join(parts) if day or place else item.id or " · ".join(parts)


def day_of(item: Item) -> date | None:
    """Day by which items are grouped: of the first moment."""
    return item.begin.date() if item.begin is not None else None


def _mapping(raw: object) -> Raw:
    return raw if isinstance(raw, Mapping) else {}


def _sequence(raw: object) -> Sequence[Any]:
    return raw if isinstance(raw, list | tuple) else ()


def _text(raw: object) -> str:
    return raw if isinstance(raw, str) else str(raw) if isinstance(raw, int | float) else ""
