"""Small pictures of items: fetched once, and asked for again only whether they have changed."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from dbar_qgis_plugin.catalog.adapters.documents import is_local, local_path
from dbar_qgis_plugin.catalog.http import Http, http_error
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.catalog.transfers.download import resource_of
from dbar_qgis_plugin.catalog.transport import (
    IsCancelled,
    NetworkError,
    Request,
    Response,
    StreamedResponse,
    never,
)
from dbar_qgis_plugin.errors import InputError, translate

LARGEST: Final = 2 * 1024 * 1024  # bytes of a picture
_KEPT_BYTES: Final = 64 * 1024 * 1024
_NOT_CHANGED: Final = 304
_ENDING: Final = ".picture"

_log = logging.getLogger(__name__)


class _Kept(NamedTuple):
    """A picture on the disk, and the ETag that its server gave it."""

    etag: str
    body: bytes


class PreviewStore:
    """Pictures by their address and ETag, in a folder that stays within a size.

    Usable from any thread, and by several programs at a time.

    Parameters
    ----------
    folder : Path
        Of the pictures; made when the first one is kept. If it cannot be written, nothing is kept.
    most_bytes : int
        Size of all pictures beyond which those that were not looked at for longest go.
    """

    def __init__(self, folder: Path, most_bytes: int = _KEPT_BYTES) -> None:
        self._folder, self._most_bytes = folder, most_bytes
        self._lock = threading.Lock()
        self._size: int | None = None  # of all pictures, as far as this program knows
        self._fresh: set[str] = set()  # need not be asked for again as long as the program runs

    def fetch(self, url: str, http: Http, is_cancelled: IsCancelled = never) -> bytes:
        """Return a picture's bytes.

        Raises
        ------
        InputError
            If it is larger than `LARGEST`, or a file of this computer that cannot be read.
        Cancelled, HttpError, NetworkError
            See `Http.send`. Without its server, a picture that is kept is given as it was.
        """
        if is_local(url):
            return _local(url)
        path = self._folder / (hashlib.sha256(resource_of(url).encode()).hexdigest() + _ENDING)
        kept = _read(path)
        if kept is not None and path.name in self._fresh:
            return kept.body
        try:
            fetched = self._asked(url, http, kept, is_cancelled)
        except NetworkError:
            if kept is None:
                raise
            return kept.body
        self._fresh.add(path.name)
        if fetched is None and kept is not None:
            _touch(path)
            return kept.body
        found = fetched or _Kept("", b"")
        self._keep(path, found)
        return found.body

    def drawn(self, state: str, draw: Callable[[], bytes]) -> bytes:
        """Return a picture that is drawn here, and drawn anew when its state is another."""
        path = self._folder / (hashlib.sha256(state.encode()).hexdigest() + _ENDING)
        kept = _read(path)
        if kept is not None:
            _touch(path)
            return kept.body
        body = draw()
        self._keep(path, _Kept("", body))
        return body

    def _asked(
        self, url: str, http: Http, kept: _Kept | None, is_cancelled: IsCancelled
    ) -> _Kept | None:
        """Ask a server for a picture; None if it is as it was."""
        headers = {"Accept": "image/*", "Accept-Encoding": "identity"}
        if kept is not None and kept.etag:
            headers["If-None-Match"] = kept.etag
        with http.stream(Request(url, headers=headers), is_cancelled) as answer:
            if answer.status == _NOT_CHANGED and kept is not None:
                return None
            body = _body(answer, url)
            if answer.status >= 400:
                raise http_error(Response(answer.status, answer.headers, body, answer.url))
            return _Kept(answer.headers.get("etag", ""), body)

    def _keep(self, path: Path, picture: _Kept) -> None:
        """Write a picture, and drop old ones; a disk that is full is no reason to show none."""
        content = picture.etag.encode() + b"\n" + picture.body
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
            with self._lock:
                self._size = None if self._size is None else self._size + len(content)
                if self._size is None or self._size > self._most_bytes:
                    self._size = self._trim()
        except OSError as error:
            _log.warning("The preview %s could not be kept: %s", path.name, error)

    def _trim(self) -> int:
        """Drop what was not looked at for longest, to three quarters; return what is left."""
        found = []
        for path in self._folder.iterdir():
            facts = path.stat()
            found.append((facts.st_mtime, facts.st_size, path))
        size = sum(part for _, part, _ in found)
        if size > self._most_bytes:
            for _, part, path in sorted(found):
                path.unlink(missing_ok=True)
                size -= part
                if size <= 0.75 * self._most_bytes:
                    break
        return size


def _read(path: Path) -> _Kept | None:
    try:
        etag, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return _Kept(etag.decode("latin-1"), body)


def _touch(path: Path) -> None:
    """Note that a picture was looked at."""
    try:
        os.utime(path)
    except OSError as error:
        _log.debug("%s: %s", path.name, error)


def _body(answer: StreamedResponse, url: str) -> bytes:
    """Read a picture to its end, unless it is too large."""
    body = bytearray()
    for piece in answer.chunks():
        body += piece
        if len(body) > LARGEST:
            raise _too_large(url)
    return bytes(body)


def _local(url: str) -> bytes:
    path = local_path(url)
    try:
        if path.stat().st_size > LARGEST:
            raise _too_large(url)
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            translate("Dbar", "{path} could not be read: {reason}"),
            path=str(path),
            reason=str(error),
        ) from error


def _too_large(url: str) -> InputError:
    return InputError(
        translate("Dbar", "The preview {url} is larger than {most} MB, and is not shown."),
        url=scrubbed(url),
        most=LARGEST // (1024 * 1024),
    )
