"""Records of geographic metadata: ISO 19115 in XML, and the Dublin Core of CSW 2.0.2.

Read by the names of elements alone, so that ISO 19139, its profiles and ISO 19115-3 are alike, and
a record without its mandatory parts is an item like others. Written as ISO 19139
(www.isotc211.org/2005/gmd), or as csw:Record of OGC 07-006r1.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from owslib.etree import etree

from dbar_qgis_plugin.catalog.adapters.as_items import (
    LAYERS,
    SERVICES,
    THUMBNAIL,
    Online,
    item_document,
    period_of,
)
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

NAMESPACES: Final = {
    "csw": "http://www.opengis.net/cat/csw/2.0.2",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
    "gco": "http://www.isotc211.org/2005/gco",
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gml": "http://www.opengis.net/gml",
    "ogc": "http://www.opengis.net/ogc",
    "ows": "http://www.opengis.net/ows",
}
_LATITUDE_FIRST: Final = ("EPSG", "4326")
_CODES: Final = "http://www.isotc211.org/2005/resources/Codelist/gmxCodelists.xml"
_THUMBNAIL_PROTOCOL: Final = "WWW:LINK-1.0-http--image-thumbnail"
_DOWNLOAD_PROTOCOL: Final = "WWW:DOWNLOAD-1.0-http--download"


def document_of(record: Element, collection: str) -> dict[str, Any]:
    """Bring a record of either schema into the shape of an item."""
    if local_name(record).endswith("Record"):
        return _of_dublin_core(record, collection)
    return _of_iso(record, collection)


def _of_iso(record: Element, collection: str) -> dict[str, Any]:
    # Most of a record describes the data; the rest, the record itself.
    data = next(within(record, "identificationInfo"), record)
    citation = next(within(data, "CI_Citation"), data)
    identity = first_said(record, "fileIdentifier", "metadataIdentifier/MD_Identifier/code")
    constraints = all_said(within(data, "otherConstraints", "useLimitation"))
    dates: dict[str, str] = {}
    for date in found(citation, "date/CI_Date"):
        code = next(within(date, "CI_DateTypeCode"), None)
        kind = "" if code is None else attribute(code, "codeListValue") or said(code)
        name = {"creation": "created", "publication": "published", "revision": "updated"}.get(kind)
        if name:
            dates.setdefault(name, first_said(date, "date"))
    return item_document(
        identity,
        collection,
        {
            "title": first_said(citation, "title"),
            "description": first_said(data, "*/abstract"),
            "keywords": all_said(within(data, "keyword")),
            "license": "; ".join(constraints),
            "type": _code(record, "MD_ScopeCode"),
            "parent": first_said(record, "parentIdentifier"),
            **dates,
        },
        box=next(filter(None, map(side_box, within(data, "EX_GeographicBoundingBox"))), None),
        period=_iso_period(data),
        online=_iso_online(record, data),
    )


def _code(record: Element, name: str) -> str:
    code = next(within(record, name), None)
    return "" if code is None else attribute(code, "codeListValue") or said(code)


def _iso_period(data: Element) -> tuple[str, str]:
    for extent in within(data, "EX_TemporalExtent"):
        begin = next(within(extent, "beginPosition", "begin"), None)
        end = next(within(extent, "endPosition", "end"), None)
        moment = next(within(extent, "timePosition"), None)
        if begin is not None or end is not None:
            return said(begin), said(end)
        if moment is not None:
            return said(moment), said(moment)
    return "", ""


def _iso_online(record: Element, data: Element) -> Iterator[Online]:
    for element in within(record, "CI_OnlineResource"):
        # Links of people and of standards lead to no data.
        if any(local_name(parent) in _OF_PEOPLE for parent in element.iterancestors()):
            continue
        protocol = first_said(element, "protocol")
        yield Online(
            first_said(element, "linkage"),
            protocol,
            first_said(element, "name"),
            first_said(element, "description"),
            rel=THUMBNAIL if THUMBNAIL in protocol else "",
        )
    for element in within(data, "MD_BrowseGraphic"):
        href = first_said(element, "fileName")
        yield Online(href, title=first_said(element, "fileDescription"), rel=THUMBNAIL)


_OF_PEOPLE: Final = ("CI_ResponsibleParty", "CI_Responsibility", "CI_Citation", "CI_Contact")


def _of_dublin_core(record: Element, collection: str) -> dict[str, Any]:
    rights = all_said(within(record, "license", "rights", "accessRights"))
    return item_document(
        first_said(record, "identifier"),
        collection,
        {
            "title": first_said(record, "title"),
            "description": first_said(record, "abstract", "description"),
            "keywords": all_said(found(record, "subject")),
            "license": "; ".join(rights),
            "type": first_said(record, "type"),
            "format": first_said(record, "format"),
            "created": first_said(record, "created"),
            "published": first_said(record, "issued"),
            "updated": first_said(record, "modified", "date"),
        },
        box=next(filter(None, _ows_boxes(record)), None),
        period=period_of(first_said(record, "temporal")),
        online=_dublin_core_online(record),
    )


def _dublin_core_online(record: Element) -> Iterator[Online]:
    named = {}
    for element in found(record, "URI"):
        name, title = attribute(element, "name"), attribute(element, "description")
        named[said(element)] = Online(
            said(element), attribute(element, "protocol"), name, title, rel=_preview(name)
        )
    yield from named.values()
    for element in found(record, "references"):
        if said(element) not in named:
            scheme = attribute(element, "scheme")
            yield Online(said(element), scheme, rel=_preview(scheme))


def _preview(text: str) -> str:
    return THUMBNAIL if THUMBNAIL in text.lower() else ""


def _ows_boxes(record: Element) -> Iterator[Box | None]:
    """Give the boxes of a record; those in WGS 84 by EPSG's code have the latitude first."""
    for element in found(record, "WGS84BoundingBox"):
        yield corner_box(element)
    for element in found(record, "BoundingBox"):
        crs = attribute(element, "crs").upper()
        # A plain "EPSG:4326", and a box without a CRS, are written with the longitude first.
        urn = crs.startswith(("URN:", "HTTP"))
        yield corner_box(element, latitude_first=urn and all(p in crs for p in _LATITUDE_FIRST))


def as_dublin_core(item: Raw) -> Element:
    """Write an item as csw:Record."""
    properties = item.get("properties") or {}
    record = etree.Element(_tag("csw:Record"), nsmap=NAMESPACES)
    _add(record, "dc:identifier", text=item.get("id"))
    _add(record, "dc:title", text=properties.get("title") or item.get("id"))
    _add(record, "dc:type", text="dataset")
    for word in properties.get("keywords") or ():
        _add(record, "dc:subject", text=word)
    begin, end = _period(properties)
    _add(record, "dct:modified", text=_today())
    _add(record, "dct:abstract", text=properties.get("description"))
    if begin or end:
        _add(record, "dct:temporal", text=f"{begin}/{end}")
    _add(record, "dc:rights", text=properties.get("license"))
    for asset in (item.get("assets") or {}).values():
        _add(record, "dct:references", text=asset.get("href"), scheme=_protocol(asset))
    box = parse_box(item.get("bbox"))
    if box is not None:
        west, south, east, north = box
        element = _add(record, "ows:BoundingBox", crs="urn:ogc:def:crs:EPSG::4326", keep=True)
        _add(element, "ows:LowerCorner", text=f"{south} {west}")
        _add(element, "ows:UpperCorner", text=f"{north} {east}")
    return record


def as_iso(item: Raw) -> Element:
    """Write an item as gmd:MD_Metadata."""
    properties = item.get("properties") or {}
    record = etree.Element(_tag("gmd:MD_Metadata"), nsmap=NAMESPACES)
    _add_text(record, "gmd:fileIdentifier", item.get("id"))
    _add_text(record, "gmd:language", "eng")
    _add_code(record, "gmd:hierarchyLevel/gmd:MD_ScopeCode", "dataset")
    provider: Raw = next(iter(properties.get("providers") or ()), {})
    contact = "gmd:contact/gmd:CI_ResponsibleParty"
    party = _add(record, contact, keep=True)
    _add_text(party, "gmd:organisationName", provider.get("name") or "-")
    _add_code(party, "gmd:role/gmd:CI_RoleCode", "pointOfContact")
    _add(record, "gmd:dateStamp/gco:Date", text=_today())
    data = _add(record, "gmd:identificationInfo/gmd:MD_DataIdentification", keep=True)
    citation = _add(data, "gmd:citation/gmd:CI_Citation", keep=True)
    _add_text(citation, "gmd:title", properties.get("title") or item.get("id"))
    date = _add(citation, "gmd:date/gmd:CI_Date", keep=True)
    _add(date, "gmd:date/gco:Date", text=str(properties.get("created") or _today())[:10])
    _add_code(date, "gmd:dateType/gmd:CI_DateTypeCode", "creation")
    _add_text(data, "gmd:abstract", properties.get("description") or "-")
    keywords = properties.get("keywords") or ()
    if keywords:
        words = _add(data, "gmd:descriptiveKeywords/gmd:MD_Keywords", keep=True)
        for word in keywords:
            _add_text(words, "gmd:keyword", word)
    if properties.get("license"):
        legal = _add(data, "gmd:resourceConstraints/gmd:MD_LegalConstraints", keep=True)
        _add_code(legal, "gmd:useConstraints/gmd:MD_RestrictionCode", "otherRestrictions")
        _add_text(legal, "gmd:otherConstraints", properties["license"])
    _add_text(data, "gmd:language", "eng")
    _add_extent(_add(data, "gmd:extent/gmd:EX_Extent", keep=True), item)
    options = "gmd:distributionInfo/gmd:MD_Distribution/gmd:transferOptions"
    transfer = _add(record, f"{options}/gmd:MD_DigitalTransferOptions", keep=True)
    for asset in (item.get("assets") or {}).values():
        online = _add(transfer, "gmd:onLine/gmd:CI_OnlineResource", keep=True)
        _add(online, "gmd:linkage/gmd:URL", text=asset.get("href"))
        _add_text(online, "gmd:protocol", _protocol(asset))
        _add_text(online, "gmd:name", _name(asset))
        _add_text(online, "gmd:description", asset.get("title"))
    return record


def _add_extent(extent: Element, item: Raw) -> None:
    box = parse_box(item.get("bbox"))
    if box is not None:
        path = "gmd:geographicElement/gmd:EX_GeographicBoundingBox"
        element = _add(extent, path, keep=True)
        west, south, east, north = box
        for side, value in zip(
            (
                "westBoundLongitude",
                "eastBoundLongitude",
                "southBoundLatitude",
                "northBoundLatitude",
            ),
            (west, east, south, north),
            strict=True,
        ):
            _add(element, f"gmd:{side}/gco:Decimal", text=value)
    begin, end = _period(item.get("properties") or {})
    if begin or end:
        path = "gmd:temporalElement/gmd:EX_TemporalExtent/gmd:extent/gml:TimePeriod"
        period = _add(extent, path, keep=True)
        period.set(_tag("gml:id"), "period")
        for name, text in (("gml:beginPosition", begin), ("gml:endPosition", end)):
            place = _add(period, name, text=text, keep=True)
            if not text:
                place.set("indeterminatePosition", "unknown")


def _period(properties: Raw) -> tuple[str, str]:
    moment = properties.get("datetime") or ""
    pair = (properties.get(f"{name}_datetime") or moment for name in ("start", "end"))
    begin, end = map(str, pair)
    return begin, end


def _protocol(asset: Raw) -> str:
    roles = asset.get("roles") or ()
    service = next((kind for kind in SERVICES if kind in roles), "")
    if service:
        return f"OGC:{service.upper()}"
    return _THUMBNAIL_PROTOCOL if THUMBNAIL in roles else _DOWNLOAD_PROTOCOL


def _name(asset: Raw) -> str:
    fields = (LAYERS[kind] for kind in SERVICES if kind in LAYERS)
    layers: Any = next((asset[name] for name in fields if asset.get(name)), [])
    return ",".join(map(str, layers)) if isinstance(layers, list) else str(layers)


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def _add(
    parent: Element, path: str, *, text: object = None, keep: bool = False, **attributes: str
) -> Element:
    """Add elements inside each other; nothing for a text that is not told, unless `keep`."""
    if not keep and text in (None, ""):
        return parent
    element = parent
    for name in path.split("/"):
        element = etree.SubElement(element, _tag(name))
    for name, value in attributes.items():
        element.set(name, value)
    if text not in (None, ""):
        element.text = _printable(str(text))
    return element


def _add_text(parent: Element, path: str, text: object) -> None:
    _add(parent, f"{path}/gco:CharacterString", text=text)


def _add_code(parent: Element, path: str, code: str) -> None:
    name = path.rpartition(":")[2]
    _add(parent, path, text=code, codeList=f"{_CODES}#{name}", codeListValue=code)


def _printable(text: str) -> str:
    """Return a text without the control characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
