"""XML of services: read whatever its namespaces are, so that every version of a schema is alike.

OWSLib brings the parser; nothing outside the document is read, and no entity is resolved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from owslib.etree import etree

from dbar_qgis_plugin.catalog.http import server_words
from dbar_qgis_plugin.catalog.model import Box, parse_box
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.catalog.transport import HttpError, Response
from dbar_qgis_plugin.errors import translate

Element = Any  # of lxml, which has no types
_REPORTS: Final = ("ExceptionReport", "ServiceExceptionReport")
_TEXTS: Final = ("ExceptionText", "ServiceException")
_REFUSED: Final = 400
_SIDES: Final = (
    "westBoundLongitude",
    "southBoundLatitude",
    "eastBoundLongitude",
    "northBoundLatitude",
)


def read_xml(response: Response) -> Element:
    """Return the first element of an answer; what is damaged in it is left out.

    Raises
    ------
    HttpError
        If the service reports an error, or answers with something else than XML.
    """
    root = _root(response.body, recover=False)
    if root is None:
        root = _root(response.body, recover=True)
    if root is None or local_name(root).lower() == "html":
        raise HttpError(
            translate(
                "Dbar",
                "{url} answered with something else than XML ({kind}): {words}. It may be a login "
                "page, or another service. Open the address in a browser.",
            ),
            url=scrubbed(response.url),
            kind=response.headers.get("content-type", "?"),
            words=server_words(response.body),
            status=response.status,
        )
    if local_name(root) in _REPORTS:
        texts = [said(part) for tag in _TEXTS for part in root.iter(f"{{*}}{tag}")]
        raise HttpError(
            translate("Dbar", "{url} reports an error: {words}"),
            url=scrubbed(response.url),
            words=scrubbed(" ".join(filter(None, texts))) or server_words(response.body),
            # Services report errors with any status, mostly 200.
            status=max(response.status, _REFUSED),
        )
    return root


def _root(body: bytes, *, recover: bool) -> Element | None:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def local_name(element: Element) -> str:
    """Return the name of an element, without namespace."""
    return str(etree.QName(element).localname)


def found(element: Element, path: str) -> Iterator[Element]:
    """Give the elements at a path of names without namespaces; * is any name."""
    steps = (step if step == "*" else f"{{*}}{step}" for step in path.split("/"))
    yield from element.iterfind("/".join(steps))


def within(element: Element, *names: str) -> Iterator[Element]:
    """Give the elements of these names at any depth, in the order of the document."""
    yield from element.iter(*(f"{{*}}{name}" for name in names))


def said(element: Element | None) -> str:
    """Return all text in an element, with single spaces."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def first_said(element: Element, *paths: str) -> str:
    """Return the first text there is at one of these paths, "" for none."""
    texts = (said(part) for path in paths for part in found(element, path))
    return next(filter(None, texts), "")


def all_said(elements: Iterable[Element]) -> list[str]:
    """Return the texts of elements, each once, in order."""
    return list(dict.fromkeys(filter(None, map(said, elements))))


def attribute(element: Element, name: str) -> str:
    """Return an attribute, whatever its namespace; "" for none."""
    for key, value in element.attrib.items():
        if etree.QName(key).localname == name:
            return str(value).strip()
    return ""


def side_box(element: Element) -> Box | None:
    """Read a box of four sides, as ISO 19115 and WMS 1.3.0 write it."""
    return parse_box([first_said(element, side) for side in _SIDES])


def corner_box(element: Element, *, latitude_first: bool = False) -> Box | None:
    """Read a box of two corners, as OGC's web services write it."""
    corners = [first_said(element, name).split()[:2] for name in ("LowerCorner", "UpperCorner")]
    if latitude_first:
        corners = [corner[::-1] for corner in corners]
    return parse_box([*corners[0], *corners[1]])
