"""What a person says of data that are shared, filled in from how they were computed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from dbar_qgis_plugin.catalog.local.documents import UNDATED
from dbar_qgis_plugin.catalog.model import parse_moment
from dbar_qgis_plugin.catalog.publishing.pieces import Piece
from dbar_qgis_plugin.errors import translate
from dbar_qgis_plugin.raster_io.progress import Message, message

# By algorithm.
_INDICATORS: Final = {
    **dict.fromkeys(
        (
            "landuseefficiency",
            "degreeofurbanisation",
            "degreeofurbanisationunits",
            "urbanextent",
            "urbangrowthtype",
        ),
        "11.3.1",
    ),
    **dict.fromkeys(
        (
            "annualvegetationindex",
            "productivitytrajectory",
            "productivitystate",
            "productivityperformance",
            "landproductivity",
            "landcoverchange",
            "soilorganiccarbon",
            "landdegradation",
            "degradationstatus",
        ),
        "15.3.1",
    ),
}
# SPDX identifiers that suit data; "other" needs the address of the terms.
LICENCES: Final = ("CC-BY-4.0", "CC0-1.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "ODbL-1.0", "other")
_LICENCE: Final = re.compile(r"[\w\-.+]+")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DOI: Final = re.compile(r"10\.\d{4,9}/\S+")
_WEB: Final = re.compile(r"https?://[^\s/]+")


@dataclass(frozen=True)
class Metadata:
    """The form's values; all are texts, "" = not told.

    indicator : of the SDG, such as "15.3.1"
    begin, end : first and last day, or moment, that the data speak of (ISO 8601)
    licence : SPDX identifier, or "other" with `licence_url`
    organisation : that has made the data
    """

    title: str = ""
    description: str = ""
    indicator: str = ""
    unit: str = ""
    begin: str = ""
    end: str = ""
    method: str = ""
    licence: str = ""
    licence_url: str = ""
    organisation: str = ""
    organisation_url: str = ""
    contact: str = ""
    email: str = ""
    keywords: tuple[str, ...] = ()
    citation: str = ""
    doi: str = ""


def prefilled(pieces: Sequence[Piece]) -> Metadata:
    """Fill in what the provenance of the first raster tells."""
    raster = next(piece for piece in pieces if piece.is_raster)
    properties = raster.item["properties"]
    algorithm = str(properties.get("dbar:algorithm") or "").rpartition(":")[2]
    indicator = _INDICATORS.get(algorithm, "")
    title = str(properties.get("title") or raster.path.stem)
    goal = f"SDG {indicator}" if indicator else ""
    method = _method(properties)
    bands = raster.asset.get("bands") or ()
    begin, end = _period(properties)
    return Metadata(
        title=title,
        description=str(properties.get("description") or "")
        or " · ".join(filter(None, (title, goal, method))),
        indicator=indicator,
        unit=next((str(band["unit"]) for band in bands if band.get("unit")), ""),
        begin=begin,
        end=end,
        method=method,
        keywords=tuple(filter(None, (goal, *map(str, properties.get("keywords") or ())))),
        citation=str(properties.get("sci:citation") or ""),
        doi=str(properties.get("sci:doi") or ""),
    )


def problems_of(metadata: Metadata) -> Iterator[Message]:
    """Say what is missing, or cannot be as it is."""
    if not metadata.title.strip():
        yield message(translate("Dbar", "Give the data a title."))
    if not metadata.licence.strip():
        yield message(translate("Dbar", "Choose the licence: who may use the data, and how."))
    elif not _LICENCE.fullmatch(metadata.licence):
        yield message(
            translate("Dbar", "“{licence}” is no identifier of a licence; take “other”."),
            licence=metadata.licence,
        )
    elif metadata.licence == "other" and not metadata.licence_url:
        yield message(translate("Dbar", "Give the address of the terms of the licence “other”."))
    for url in (metadata.licence_url, metadata.organisation_url):
        if url and not _WEB.match(url):
            yield message(translate("Dbar", "“{url}” is no address of a web page."), url=url)
    if metadata.email and not _EMAIL.fullmatch(metadata.email):
        yield message(translate("Dbar", "“{email}” is no e-mail address."), email=metadata.email)
    if metadata.doi and not _DOI.fullmatch(metadata.doi):
        yield message(
            translate("Dbar", "“{doi}” is no DOI, such as 10.1234/abc."), doi=metadata.doi
        )
    yield from _problems_of_period(metadata)


def _problems_of_period(metadata: Metadata) -> Iterator[Message]:
    ends = [parse_moment(text) for text in (metadata.begin, metadata.end) if text]
    if None in ends:
        yield message(translate("Dbar", "Write days as 2020-12-31."))
    elif len(ends) == 2 and ends[0] > ends[1]:  # type: ignore[operator]
        yield message(translate("Dbar", "The data end before they begin: change the days."))


def as_mapping(metadata: Metadata) -> dict[str, Any]:
    """Return the values as JSON has them."""
    return {**asdict(metadata), "keywords": list(metadata.keywords)}


def from_mapping(raw: Mapping[str, Any]) -> Metadata:
    """Read the values from JSON; what is no text is left out."""
    values: dict[str, Any] = {
        part.name: raw[part.name]
        for part in fields(Metadata)
        if isinstance(raw.get(part.name), str)
    }
    words = raw.get("keywords")
    if isinstance(words, list):
        values["keywords"] = tuple(word for word in words if isinstance(word, str))
    else:
        values.pop("keywords", None)
    return Metadata(**values)


def _method(properties: Mapping[str, Any]) -> str:
    software = properties.get("processing:software")
    names = software.items() if isinstance(software, Mapping) else ()
    made_with = ", ".join(f"{name} {version}".strip() for name, version in names)
    lineage = str(properties.get("processing:lineage") or "")
    return f"{lineage} ({made_with})" if lineage and made_with else lineage or made_with


def _period(properties: Mapping[str, Any]) -> tuple[str, str]:
    """Return first and last day; moments where they are none."""
    if properties.get(UNDATED):
        return "", ""
    moment = properties.get("datetime")
    begin, end = (properties.get(f"{name}_datetime") or moment for name in ("start", "end"))
    return (
        str(begin or "").removesuffix("T00:00:00Z"),
        str(end or "").removesuffix("T23:59:59Z"),
    )
