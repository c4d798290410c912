"""Made-up records as catalogs of metadata hold them, with known gaps."""

from __future__ import annotations

from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from tests.servers.stac_data import items

FILE = "https://data.example"
WMS = "https://maps.example/wms?map=light"


class Online(NamedTuple):
    """Something that a record leads to."""

    url: str
    protocol: str
    name: str = ""


class Record(NamedTuple):
    """What is known of one data set; "" and None where nothing is."""

    id: str
    title: str
    abstract: str
    keywords: tuple[str, ...]
    box: tuple[float, float, float, float] | None
    period: tuple[str, str] | None
    online: tuple[Online, ...] = ()


def records() -> list[Record]:
    """The items of the STAC server as records, and four that lack something."""
    found = []
    for item in items():
        properties = item["properties"]
        moment = properties["datetime"]
        name = item["id"]
        found.append(
            Record(
                name,
                properties.get("title", f"Map {name}"),
                f"Made up: {item['collection']} 夜间灯光",
                tuple(item["collection"].split("-")),
                tuple(item["bbox"]),
                (moment, moment)
                if moment
                else (properties["start_datetime"], properties["end_datetime"]),
                (
                    Online(f"{FILE}/{name}.tif", "WWW:DOWNLOAD-1.0-http--download", f"{name}.tif"),
                    Online(WMS, "OGC:WMS-1.3.0-http-get-map", "全球土地生产力2015"),
                    Online("https://maps.example/wmts", "OGC:WMTS", "light"),
                    Online("https://portal.example/about", "WWW:LINK-1.0-http--link"),
                ),
            )
        )
    gap = Record("gap", "A record", "with a gap", ("gap",), (10.0, 10.0, 11.0, 11.0), None)
    period = ("2020-03-01T00:00:00Z", "2020-03-02T00:00:00Z")
    return [
        *found,
        gap._replace(id="gap-place", box=None, period=period),
        gap._replace(id="gap-title", title="", period=period),
        gap._replace(id="gap-date"),
        gap._replace(id="gap-all", title="", abstract="", keywords=(), box=None),
    ]


def as_feature(record: Record) -> dict[str, Any]:
    """Write a record as OGC API-Records does."""
    properties: dict[str, Any] = {"type": "dataset", "description": record.abstract}
    if record.keywords:
        properties["keywords"] = list(record.keywords)
    if record.title:
        properties["title"] = record.title
    feature: dict[str, Any] = {
        "id": record.id,
        "type": "Feature",
        "conformsTo": ["http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"],
        "geometry": None,
        "time": None,
        "properties": properties,
        "links": [
            {"href": link.url, "rel": _rel(link), "title": link.name, "protocol": link.protocol}
            for link in record.online
        ],
    }
    if record.box is not None:
        west, south, east, north = record.box
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        feature["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    if record.period is not None:
        begin, end = record.period
        feature["time"] = {"timestamp": begin} if begin == end else {"interval": [begin, end]}
        # The server searches in this property for the period.
        properties["created"] = begin
    return feature


def _rel(link: Online) -> str:
    if "DOWNLOAD" in link.protocol:
        return "enclosure"
    return "about" if "LINK" in link.protocol else "item"


def as_dublin_core(record: Record) -> str:
    """Write a record as CSW 2.0.2 does in its own schema."""
    parts = [f"<dc:identifier>{record.id}</dc:identifier>"]
    if record.title:
        parts.append(f"<dc:title>{escape(record.title)}</dc:title>")
    parts.append("<dc:type>dataset</dc:type>")
    parts += [f"<dc:subject>{escape(word)}</dc:subject>" for word in record.keywords]
    if record.abstract:
        parts.append(f"<dct:abstract>{escape(record.abstract)}</dct:abstract>")
    if record.period is not None:
        parts.append(f"<dct:temporal>{'/'.join(record.period)}</dct:temporal>")
    parts += [
        f'<dct:references scheme="{link.protocol}">{escape(link.url)}</dct:references>'
        for link in record.online
    ]
    if record.box is not None:
        west, south, east, north = record.box
        parts.append(
            '<ows:BoundingBox crs="urn:x-ogc:def:crs:EPSG:6.11:4326">'
            f"<ows:LowerCorner>{south} {west}</ows:LowerCorner>"
            f"<ows:UpperCorner>{north} {east}</ows:UpperCorner></ows:BoundingBox>"
        )
    names = (
        'xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:ows="http://www.opengis.net/ows" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/"'
    )
    return f"<csw:Record {names}>{''.join(parts)}</csw:Record>"


def as_iso(record: Record) -> str:
    """Write a record in ISO 19139, with no more than what is told."""

    def text(tag: str, value: str) -> str:
        return f"<gmd:{tag}><gco:CharacterString>{escape(value)}</gco:CharacterString></gmd:{tag}>"

    extent = ""
    if record.box is not None:
        west, south, east, north = record.box
        sides = (
            ("westBoundLongitude", west),
            ("eastBoundLongitude", east),
            ("southBoundLatitude", south),
            ("northBoundLatitude", north),
        )
        inner = "".join(f"<gmd:{k}><gco:Decimal>{v}</gco:Decimal></gmd:{k}>" for k, v in sides)
        extent += (
            "<gmd:geographicElement><gmd:EX_GeographicBoundingBox>"
            f"{inner}</gmd:EX_GeographicBoundingBox></gmd:geographicElement>"
        )
    if record.period is not None:
        begin, end = record.period
        extent += (
            "<gmd:temporalElement><gmd:EX_TemporalExtent><gmd:extent>"
            f'<gml:TimePeriod gml:id="t"><gml:beginPosition>{begin}</gml:beginPosition>'
            f"<gml:endPosition>{end}</gml:endPosition></gml:TimePeriod>"
            "</gmd:extent></gmd:EX_TemporalExtent></gmd:temporalElement>"
        )
    title = text("title", record.title) if record.title else ""
    words = "".join(text("keyword", word) for word in record.keywords)
    online = "".join(
        "<gmd:onLine><gmd:CI_OnlineResource>"
        f"<gmd:linkage><gmd:URL>{escape(link.url)}</gmd:URL></gmd:linkage>"
        f"{text('protocol', link.protocol)}{text('name', link.name)}"
        "</gmd:CI_OnlineResource></gmd:onLine>"
        for link in record.online
    )
    names = (
        'xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco" '
        'xmlns:gml="http://www.opengis.net/gml"'
    )
    return (
        f"<gmd:MD_Metadata {names}>{text('fileIdentifier', record.id)}"
        f"<gmd:identificationInfo><gmd:MD_DataIdentification>"
        f"<gmd:citation><gmd:CI_Citation>{title}</gmd:CI_Citation></gmd:citation>"
        f"{text('abstract', record.abstract)}"
        f"<gmd:descriptiveKeywords><gmd:MD_Keywords>{words}</gmd:MD_Keywords>"
        "</gmd:descriptiveKeywords>"
        f"<gmd:extent><gmd:EX_Extent>{extent}</gmd:EX_Extent></gmd:extent>"
        "</gmd:MD_DataIdentification></gmd:identificationInfo>"
        "<gmd:distributionInfo><gmd:MD_Distribution><gmd:transferOptions>"
        f"<gmd:MD_DigitalTransferOptions>{online}</gmd:MD_DigitalTransferOptions>"
        "</gmd:transferOptions></gmd:MD_Distribution></gmd:distributionInfo></gmd:MD_Metadata>"
    )
