"""What is looked at before anything is shared; each check says what it has looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

from dbar_qgis_plugin.catalog.local.documents import UNDATED
from dbar_qgis_plugin.catalog.model import Raw, geometry_box, parse_box, parse_moment
from dbar_qgis_plugin.catalog.publishing.document import SharedFile
from dbar_qgis_plugin.catalog.publishing.metadata import Metadata, problems_of
from dbar_qgis_plugin.catalog.publishing.pieces import Piece, Restriction
from dbar_qgis_plugin.catalog.transfers.checksums import is_known
from dbar_qgis_plugin.catalog.vendored import provide
from dbar_qgis_plugin.errors import DbarError, InputError, MissingDependencyError, translate
from dbar_qgis_plugin.raster_io.progress import Message, message

# Some servers take no others in an id.
_ID: Final = re.compile(r"[\w.-]+")
_LICENCE: Final = re.compile(r"[\w\-.+]+")
_FOR_SCHEMAS: Final = ("jsonschema", "referencing")  # of an older jsonschema pystac takes none
_PROJ_CODE: Final = re.compile(r"[A-Za-z]+:\w+")


class State(StrEnum):
    """What a check has come to."""

    FINE = "fine"
    WARNING = "warning"
    FAILED = "failed"


class Check(NamedTuple):
    """One thing that was looked at."""

    state: State
    words: Message


class RefusedError(InputError):
    """A check says that this cannot be shared as it is."""


def refuse_failed(checks: Sequence[Check]) -> None:
    """Raise the first failure.

    Raises
    ------
    RefusedError
        If a check has failed.
    """
    for check in checks:
        if check.state is State.FAILED:
            raise RefusedError(check.words.template, **check.words.values)


def licence_gate(pieces: Sequence[Piece], *, may_share_derivatives: bool) -> Iterator[Check]:
    """Hold back what its terms forbid to pass on.

    Parameters
    ----------
    may_share_derivatives : bool
        Whether the user has said that results of such data may be shared.
    """
    restricted = [piece for piece in pieces if piece.restriction is not Restriction.NONE]
    for piece in restricted:
        values = {"file": piece.path.name, "terms": piece.terms}
        if piece.restriction is Restriction.SOURCE:
            text = translate(
                "Dbar",
                "{file} holds data that must not be passed on: {terms} Share results computed "
                "from it instead, where its terms allow that.",
            )
            yield Check(State.FAILED, message(text, **values))
        elif not may_share_derivatives:
            text = translate(
                "Dbar",
                "{file} was computed from data that must not be passed on: {terms} Confirm that "
                "you may share results of it.",
            )
            yield Check(State.FAILED, message(text, **values))
        else:
            text = translate(
                "Dbar", "{file} is shared with a note of the terms of its inputs: {terms}"
            )
            yield Check(State.WARNING, message(text, **values))
    if not restricted:
        yield _fine(translate("Dbar", "No input is known to forbid that its results are shared."))


def check_form(metadata: Metadata) -> Iterator[Check]:
    """Look at what the user says."""
    problems = [Check(State.FAILED, words) for words in problems_of(metadata)]
    yield from problems
    if not problems:
        yield _fine(translate("Dbar", "Title and licence are given, and all values can be read."))


def check_files(files: Mapping[str, SharedFile]) -> Iterator[Check]:
    """Look at sizes and checksums, and at where the files will be."""
    size = sum(file.size for file in files.values())
    text = translate("Dbar", "{count} files of {size} MB, each with its SHA-256.")
    yield Check(State.FINE, message(text, count=len(files), size=max(round(size / 1e6, 2), 0.01)))
    for file in files.values():
        if not file.href:
            text = translate("Dbar", "{file}: give the address where it is, or goes.")
            yield Check(State.FAILED, message(text, file=file.name))
        elif file.href.startswith("file:"):
            text = translate(
                "Dbar", "{file} will lie in a folder that only this computer or network sees."
            )
            yield Check(State.WARNING, message(text, file=file.name))


def check_item(document: Raw) -> Iterator[Check]:
    """Hold an item against STAC: by its schemas where jsonschema is there, and by our own eyes."""
    problems = list(_problems(document))
    for words in problems:
        yield Check(State.FAILED, words)
    if document["properties"].get(UNDATED):
        text = translate(
            "Dbar",
            "The data say no date; that of sharing stands in for it. Give the years they are of.",
        )
        yield Check(State.WARNING, message(text))
    if not document.get("geometry"):
        text = translate("Dbar", "The data do not say where they lie: they have no usable CRS.")
        yield Check(State.WARNING, message(text))
    if problems:
        return
    yield _fine(
        translate(
            "Dbar",
            "The item is whole: id, place, dates, licence, links, and address, type, size and "
            "checksum of each file.",
        )
    )
    yield _by_schema(document)


def _by_schema(document: Raw) -> Check:
    """Hold an item against the schemas of STAC's core that pystac brings along."""
    try:
        provide()
    except MissingDependencyError as error:
        return Check(State.WARNING, message(error.template, **error.values))
    missing = [name for name in _FOR_SCHEMAS if find_spec(name) is None]
    if missing:
        text = translate(
            "Dbar",
            "STAC's own schemas were not used: they need the Python library {names}, which is not "
            "installed.",
        )
        return Check(State.FINE, message(text, names=", ".join(missing)))
    from pystac import STACObjectType, STACValidationError
    from pystac.validation import validate_dict

    try:
        validate_dict(
            json.loads(json.dumps(document)),
            STACObjectType.ITEM,
            str(document["stac_version"]),
            extensions=[],
        )
    except STACValidationError as error:
        text = translate("Dbar", "The item breaks STAC's schema: {words}")
        return Check(State.FAILED, message(text, words=str(error.source or error)[:500]))
    return _fine(translate("Dbar", "The item is valid by the schemas of STAC's core."))


def _problems(document: Raw) -> Iterator[Message]:
    """Say what of an item is not as STAC, and the extensions it uses, want it."""
    properties = document["properties"]
    for name in ("id", "collection"):
        if not _ID.fullmatch(str(document.get(name) or "")):
            text = translate(
                "Dbar", "“{text}” cannot be an id: take letters, digits, “-”, “_” and “.”."
            )
            yield message(text, text=str(document.get(name) or ""))
    geometry, box = document.get("geometry"), document.get("bbox")
    placed = geometry is None or (geometry_box(geometry) and parse_box(box) is not None)
    moments = [properties.get(f"{name}datetime") for name in ("", "start_", "end_")]
    is_dated = bool(parse_moment(moments[0]) or all(map(parse_moment, moments[1:])))
    licence = bool(_LICENCE.fullmatch(str(properties.get("license") or "")))
    code = properties.get("proj:code")
    told = {
        translate("Dbar", "The item's place cannot be read."): placed,
        translate("Dbar", "The item has no date that can be read."): is_dated,
        translate("Dbar", "The item's licence is no identifier."): licence,
        translate("Dbar", "The item's CRS is no code."): code is None
        or _PROJ_CODE.fullmatch(str(code)),
        translate("Dbar", "The item has no file."): document["assets"],
        translate("Dbar", "A link of the item has no address."): all(
            link.get("rel") and link.get("href") for link in document["links"]
        ),
    }
    yield from (message(text) for text, holds in told.items() if not holds)
    for key, asset in document["assets"].items():
        if not _is_whole(asset):
            text = translate("Dbar", "The file “{key}” lacks its address, type, size or checksum.")
            yield message(text, key=key)


def _is_whole(asset: Mapping[str, Any]) -> bool:
    size = asset.get("file:size")
    return bool(
        asset.get("href")
        and asset.get("type")
        and asset.get("roles")
        and isinstance(size, int)
        and is_known(str(asset.get("file:checksum")))
    )


def failed(error: DbarError) -> Check:
    """Make a failure of an error."""
    return Check(State.FAILED, message(error.template, **error.values))


def _fine(text: str) -> Check:
    return Check(State.FINE, message(text))
