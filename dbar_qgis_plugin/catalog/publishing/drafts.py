"""A publication that is being prepared: kept as JSON, without anything secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from dbar_qgis_plugin.catalog.connections import asset_http_of, http_of
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.library import Library
from dbar_qgis_plugin.catalog.publishing import metadata as form
from dbar_qgis_plugin.catalog.publishing.files import (
    Folder,
    Hosted,
    Place,
    SignedAddresses,
    WebFolder,
    clean_address,
)
from dbar_qgis_plugin.catalog.publishing.metadata import Metadata
from dbar_qgis_plugin.catalog.publishing.sharing import OnConflict, Where
from dbar_qgis_plugin.catalog.publishing.static_folder import StaticFolder
from dbar_qgis_plugin.catalog.publishing.targets import Target, web_target
from dbar_qgis_plugin.catalog.redaction import host_of
from dbar_qgis_plugin.catalog.transfers.download import scrubbed_json, write_json
from dbar_qgis_plugin.errors import InputError, OutputError, translate

BESIDE: Final = "beside"  # the item, in a folder
FOLDER: Final = "folder"
WEB: Final = "web"
SIGNED: Final = "signed"
HOSTED: Final = "hosted"
PLACES: Final = (BESIDE, FOLDER, WEB, SIGNED, HOSTED)
_KIND: Final = "dbar-draft"
_VERSION: Final = 1


@dataclass(frozen=True)
class Secrets:
    """What a draft needs and is never written.

    authcfg : id of the credentials for the web folder
    signed : addresses for one upload each, by the key of the file
    """

    authcfg: str = ""
    signed: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Draft:
    """The choices of a publication.

    connection : id of the catalog to write to; "" = the catalog in `folder`
    place : of the files, one of `PLACES`
    files_folder, files_url : that folder, and the address under which others see it
    hosted : addresses of files that are there already, by key
    """

    sources: tuple[str, ...] = ()
    identity: str = ""
    collection: str = ""
    metadata: Metadata = field(default_factory=Metadata)
    cloud_optimised: bool = True
    on_conflict: OnConflict = OnConflict.REFUSE
    connection: str = ""
    folder: str = ""
    place: str = BESIDE
    files_folder: str = ""
    files_url: str = ""
    hosted: Mapping[str, str] = field(default_factory=dict)


def save_draft(draft: Draft, path: Path) -> None:
    """Write a draft.

    Raises
    ------
    OutputError
        It could not be written.
    """
    values: dict[str, Any] = {part.name: getattr(draft, part.name) for part in fields(Draft)}
    values["metadata"] = form.as_mapping(draft.metadata)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, scrubbed_json({"type": _KIND, "version": _VERSION, **values}))
    except OSError as error:
        raise OutputError(
            translate("Dbar", "{path} could not be written: {reason}. Choose another place."),
            path=str(path),
            reason=error.strerror or str(error),
        ) from error


def load_draft(path: Path) -> Draft:
    """Read a draft; what is broken in it has its usual value.

    Raises
    ------
    InputError
        It is none.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict) or raw.get("type") != _KIND:
        raise InputError(translate("Dbar", "{path} is no draft of a publication."), path=str(path))
    usual = Draft()
    values: dict[str, Any] = {
        part.name: raw[part.name]
        for part in fields(Draft)
        if isinstance(raw.get(part.name), type(getattr(usual, part.name)))
    }
    for name in ("sources", "metadata", "on_conflict"):
        values.pop(name, None)
    if isinstance(raw.get("sources"), list):
        values["sources"] = tuple(text for text in raw["sources"] if isinstance(text, str))
    if isinstance(raw.get("metadata"), dict):
        values["metadata"] = form.from_mapping(raw["metadata"])
    if raw.get("on_conflict") in tuple(OnConflict):
        values["on_conflict"] = OnConflict(raw["on_conflict"])
    if values.get("place") not in PLACES:
        values.pop("place", None)
    return Draft(**values)


def open_target(draft: Draft, library: Library) -> Target:
    """Return the catalog that a draft is written to.

    Raises
    ------
    InputError
        If none is chosen, or it cannot be written.
    """
    if draft.connection:
        connection = library.connection(draft.connection)
        return web_target(connection, http_of(connection, library.transport))
    if not draft.folder:
        raise InputError(translate("Dbar", "Choose a catalog, or a folder, to share to."))
    return StaticFolder(Path(draft.folder), library.transport, library.data.folder)


def where_of(draft: Draft, target: Target, library: Library, secrets: Secrets) -> Where:
    """Return the place of the files, for the id that the item gets.

    Raises
    ------
    InputError
        If it is not told, or does not suit the catalog.
    """
    match draft.place:
        case "beside":
            return _beside(draft, target)
        case "folder":
            if not draft.files_folder:
                raise InputError(translate("Dbar", "Choose the folder for the files."))
            base = clean_address(draft.files_url) if draft.files_url else ""
            place: Place = Folder(Path(draft.files_folder), base)
        case "web":
            url = clean_address(draft.files_url)
            place = WebFolder(url, _http(url, draft, library, secrets))
        case "signed":
            # The signature is all the credentials that they take.
            place = SignedAddresses(secrets.signed, Http(library.transport))
        case _:
            urls = {key: clean_address(url) for key, url in draft.hosted.items() if url}
            first = next(iter(urls.values()), "")
            place = Hosted(urls, _http(first, draft, library, secrets))
    return lambda _identity: place


def _beside(draft: Draft, target: Target) -> Where:
    if not isinstance(target, StaticFolder):
        raise InputError(
            translate(
                "Dbar",
                "A catalog on the web takes the item only: choose where its files go.",
            )
        )
    folder = target
    return lambda identity: Folder(folder.files_of(draft.collection, identity), "./")


def _http(url: str, draft: Draft, library: Library, secrets: Secrets) -> Http:
    """Return the way to files; with the catalog's own credentials where it says that they fit."""
    if secrets.authcfg:
        return Http(library.transport, secrets.authcfg, frozenset({host_of(url)}))
    if draft.connection:
        return asset_http_of(library.connection(draft.connection), library.transport)
    return Http(library.transport)
