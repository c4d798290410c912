"""JSON documents of a catalog that is no service: on the web, in a folder, or in a zip."""

from __future__ import annotations

import json
import posixpath
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from dbar_qgis_plugin.catalog.http import Http, read_json
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.catalog.transport import HttpError, IsCancelled, never
from dbar_qgis_plugin.errors import Cancelled, InputError, translate

# A folder, or a zip, is opened by one of these.
_ROOTS: Final = ("catalog.json", "collection.json")
_LARGEST_BYTES: Final = 64 * 1024 * 1024
_WEB: Final = ("http", "https")
_ZIP: Final = ".zip"


def is_local(address: str) -> bool:
    """Tell whether an address is one of this machine: a path, or a file: address."""
    scheme = urlsplit(address).scheme.lower()
    # One letter is a drive of Windows.
    return scheme in ("", "file") or len(scheme) == 1


def as_url(address: str) -> str:
    """Return the address of a catalog's first document; that of a folder or zip is looked up.

    A document in a zip has the zip's address, and its own path below it.

    Raises
    ------
    InputError
        If a local address holds no catalog.
    """
    if not is_local(address):
        return address
    path = local_path(address) if address.lower().startswith("file:") else Path(address)
    path = path.expanduser().absolute()
    if path.is_dir():
        for name in _ROOTS:
            if (path / name).is_file():
                return (path / name).as_uri()
    elif path.suffix.lower() == _ZIP and path.is_file():
        name = _root_in_zip(path)
        if name:
            return f"{path.as_uri()}/{quote(name)}"
    elif path.is_file() or zip_and_member(path) is not None:
        return path.as_uri()
    raise InputError(
        translate(
            "Dbar",
            "{path} holds no catalog: choose a folder or a zip with catalog.json or "
            "collection.json, or such a file.",
        ),
        path=address,
    )


def local_path(url: str) -> Path:
    """Return the path of a file: address."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if re.match(r"/[A-Za-z]:", path):
        path = path[1:]
    elif parts.netloc not in ("", "localhost"):
        path = f"//{parts.netloc}{path}"
    return Path(path)


def zip_and_member(path: Path) -> tuple[Path, str] | None:
    """Split a path into that of a zip, and the name in it; None if it leads into none."""
    for folder in path.parents:
        if folder.suffix.lower() == _ZIP and folder.is_file():
            return folder, path.relative_to(folder).as_posix()
    return None


class Document(NamedTuple):
    """A document, and where it came from, after redirects: what its links are relative to."""

    url: str
    raw: Any


@dataclass(frozen=True)
class Documents:
    """Reads documents, each in its own way.

    Parameters
    ----------
    http : Http
        For what lies on the web.
    """

    http: Http

    def read(
        self, url: str, is_cancelled: IsCancelled = never, *, linked_from: str = ""
    ) -> Document:
        """Read the JSON of a document.

        Parameters
        ----------
        url : str
            Its address, as `as_url` gives it.
        linked_from : str
            Address of the document that names it: what comes from the web leads to no local file.

        Raises
        ------
        HttpError, NetworkError, Cancelled
            See `Http.send`.
        InputError
            If a local document cannot be read.
        """
        if is_cancelled():
            raise Cancelled
        if urlsplit(url).scheme.lower() in _WEB:
            response = self.http.get(url, is_cancelled=is_cancelled)
            return Document(response.url, read_json(response))
        if not is_local(url) or (linked_from and not is_local(linked_from)):
            raise HttpError(
                translate("Dbar", "{url} cannot be read from a catalog on the web."),
                url=scrubbed(url),
            )
        try:
            return Document(url, json.loads(_local_bytes(local_path(url))))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise InputError(
                translate("Dbar", "{path} cannot be read: {words}"),
                path=str(local_path(url)),
                words=str(error),
            ) from None


def _local_bytes(path: Path) -> bytes:
    inside = zip_and_member(path)
    if inside is None:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ValueError(f"> {_LARGEST_BYTES} bytes")
        return path.read_bytes()
    archive, name = inside
    with zipfile.ZipFile(archive) as zipped:
        # The address of a linked document is put together from two: it may hold "..".
        entry = zipped.getinfo(posixpath.normpath(name))
        if entry.file_size > _LARGEST_BYTES:
            raise ValueError(f"> {_LARGEST_BYTES} bytes")
        return zipped.read(entry)


def _root_in_zip(path: Path) -> str:
    """Return the name of the catalog that lies highest in a zip, "" if there is none."""
    try:
        with zipfile.ZipFile(path) as zipped:
            names = zipped.namelist()
    except (OSError, zipfile.BadZipFile):
        return ""
    roots = [name for name in names if posixpath.basename(name) in _ROOTS]
    return min(roots, key=lambda name: (name.count("/"), name), default="")
