"""The files of an item: made ready, and brought to where others find them.

A file's name ends with the start of its checksum. So nothing that is there is ever written over:
another version has another name, and what has gone up before is not sent again.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple, Protocol
from urllib.parse import quote, urlsplit, urlunsplit

from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.publishing.checks import Check, State
from dbar_qgis_plugin.catalog.publishing.document import SharedFile
from dbar_qgis_plugin.catalog.publishing.pieces import Piece, tags_without_paths
from dbar_qgis_plugin.catalog.redaction import scrubbed, without_secrets
from dbar_qgis_plugin.catalog.transfers.checksums import file_checksum
from dbar_qgis_plugin.catalog.transfers.names import safe_name
from dbar_qgis_plugin.catalog.transport import HttpError, IsCancelled, Request, never
from dbar_qgis_plugin.errors import Cancelled, InputError, OutputError, translate
from dbar_qgis_plugin.raster_io.cloud import write_cloud_optimised
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.progress import Progress, message

COG: Final = "image/tiff; application=geotiff; profile=cloud-optimized"
BESIDE: Final = "./"
_GEOTIFF: Final = (".tif", ".tiff")
_MARK: Final = slice(4, 12)  # digits of a SHA-256 multihash after its head
_PIECE: Final = 1 << 20
# What servers answer of a file that is not there, or to a HEAD that they do not know.
_NOT_THERE: Final = (403, 404, 405, 410, 501)

Sent = Callable[[int], None]


class ReadyFile(NamedTuple):
    """A file as it will be shared."""

    key: str
    path: Path
    name: str
    media_type: str
    size: int
    checksum: str

    def shared(self, href: str) -> SharedFile:
        """Say where it is."""
        return SharedFile(href, self.name, self.media_type, self.size, self.checksum)


def make_ready(
    pieces: Sequence[Piece],
    folder: Path,
    *,
    cloud_optimised: bool,
    progress: Progress | None = None,
) -> tuple[tuple[ReadyFile, ...], tuple[Check, ...]]:
    """Write rasters as they are shared, and take the checksums of all files.

    Parameters
    ----------
    pieces : sequence of Piece
        The files; none of them is changed.
    folder : Path
        For what is written.
    cloud_optimised : bool
        Whether rasters become Cloud Optimized GeoTIFF; those of other formats always do.

    Returns
    -------
    tuple of ReadyFile, tuple of Check

    Raises
    ------
    InputError, OutputError, Cancelled
        See `write_cloud_optimised`.
    """
    progress = progress or Progress()
    files, checks = [], []
    for number, piece in enumerate(pieces):
        part = progress.part(number / len(pieces), (number + 1) / len(pieces))
        part.check()
        path, media_type = piece.path, piece.media_type
        if piece.is_raster:
            info = get_driver().describe(str(path), ())
            clean = tags_without_paths(dict(info.tags))
            if cloud_optimised or path.suffix.lower() not in _GEOTIFF:
                path = folder / f"{number}.tif"
                write_cloud_optimised(piece.path, path, clean, part)
                media_type = COG
                checks.append(_converted(piece))
            elif clean:
                checks.append(_names_folders(piece, clean))
            if None in info.nodata and not any(info.masked):
                checks.append(_without_nodata(piece))
        checksum = file_checksum(path, check=part.check).text
        stem = safe_name(f"{piece.path.stem}-{checksum[_MARK]}")
        ending = ".tif" if path != piece.path else piece.path.suffix
        size = path.stat().st_size
        files.append(ReadyFile(piece.key, path, stem + ending, media_type, size, checksum))
    progress.report(1.0)
    return tuple(files), tuple(checks)


class Place(Protocol):
    """Where files go."""

    def href(self, file: ReadyFile) -> str:
        """Address of a file, "" if it is not known."""

    def put(self, file: ReadyFile, sent: Sent, is_cancelled: IsCancelled) -> bool:
        """Bring a file there; tell whether it was not there before.

        Raises
        ------
        HttpError, NetworkError, OutputError, Cancelled
            It could not be brought there.
        """

    def remove(self, file: ReadyFile) -> bool:
        """Take a file away again; False where that cannot be done."""


@dataclass(frozen=True)
class Folder:
    """A folder, as others see it.

    base : address of the folder; `BESIDE` for files that lie beside their item, "" for none
    """

    folder: Path
    base: str = ""

    def href(self, file: ReadyFile) -> str:
        """See `Place.href`."""
        if self.base:
            return f"{self.base.rstrip('/')}/{quote(file.name)}"
        return (self.folder.absolute() / file.name).as_uri()

    def put(self, file: ReadyFile, sent: Sent, is_cancelled: IsCancelled) -> bool:
        """See `Place.put`."""
        target = self.folder / file.name
        part = target.with_name(target.name + ".part")
        try:
            if target.is_file() and target.stat().st_size == file.size:
                return False
            self.folder.mkdir(parents=True, exist_ok=True)
            _copy(file.path, part, sent, is_cancelled)
            part.replace(target)
        except (OSError, Cancelled) as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            if isinstance(error, Cancelled):
                raise
            raise OutputError(
                translate("Dbar", "{path} could not be written: {reason}. Choose another place."),
                path=str(target),
                reason=error.strerror or str(error),
            ) from error
        return True

    def remove(self, file: ReadyFile) -> bool:
        """See `Place.remove`."""
        path = self.folder / file.name
        try:
            if path.is_file():
                path.unlink()
            if self.base == BESIDE:
                for folder in (self.folder, self.folder.parent):
                    _remove_if_empty(folder)
        except OSError:
            return False
        return True


@dataclass(frozen=True)
class WebFolder:
    """A folder of a web server that takes files by PUT, such as one of WebDAV.

    url : of the folder, without credentials
    """

    url: str
    http: Http

    def href(self, file: ReadyFile) -> str:
        """See `Place.href`."""
        parts = urlsplit(self.url)
        return urlunsplit((*parts[:2], f"{parts.path.rstrip('/')}/{quote(file.name)}", "", ""))

    def put(self, file: ReadyFile, sent: Sent, is_cancelled: IsCancelled) -> bool:
        """See `Place.put`."""
        url = self.href(file)
        if _size_there(self.http, url, is_cancelled) == file.size:
            return False
        _upload(self.http, url, file, sent, is_cancelled)
        there = _size_there(self.http, url, is_cancelled)
        if there not in (None, file.size):
            raise _cut(url)
        return True

    def remove(self, file: ReadyFile) -> bool:
        """See `Place.remove`."""
        return _was_deleted(self.http, self.href(file))


@dataclass(frozen=True)
class SignedAddresses:
    """Addresses that are signed for one upload each; they are secrets, and are kept nowhere.

    addresses : by the key of the file
    """

    addresses: Mapping[str, str] = field(repr=False)
    http: Http = field(repr=False)

    def href(self, file: ReadyFile) -> str:
        """See `Place.href`."""
        parts = urlsplit(self.addresses.get(file.key, ""))
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))

    def put(self, file: ReadyFile, sent: Sent, is_cancelled: IsCancelled) -> bool:
        """See `Place.put`."""
        _upload(self.http, self.addresses.get(file.key, ""), file, sent, is_cancelled)
        return True

    def remove(self, file: ReadyFile) -> bool:  # noqa: ARG002 - it is signed for PUT alone
        """See `Place.remove`."""
        return False


@dataclass(frozen=True)
class Hosted:
    """Files that are on the web already; nothing is sent.

    addresses : by the key of the file
    """

    addresses: Mapping[str, str]
    http: Http

    def href(self, file: ReadyFile) -> str:
        """See `Place.href`."""
        return without_secrets(self.addresses.get(file.key, ""))[0]

    def put(self, file: ReadyFile, sent: Sent, is_cancelled: IsCancelled) -> bool:
        """See `Place.put`; here it is looked at only."""
        url = self.href(file)
        response = self.http.send(Request(url, "HEAD"), is_cancelled=is_cancelled)
        length = response.headers.get("content-length", "")
        if length.isdigit() and int(length) != file.size:
            raise HttpError(
                translate(
                    "Dbar",
                    "{url} is another file than {file}: it has {there} bytes, not {here}. Share "
                    "without conversion what was uploaded, or upload what is shared.",
                ),
                url=scrubbed(url),
                file=file.name,
                there=length,
                here=file.size,
            )
        sent(file.size)
        return False

    def remove(self, file: ReadyFile) -> bool:  # noqa: ARG002 - it was there before
        """See `Place.remove`."""
        return True


def clean_address(url: str) -> str:
    """Return the address of a folder on the web.

    Raises
    ------
    InputError
        If it is none, or holds credentials.
    """
    try:
        clean, dropped = without_secrets(url.strip())
    except ValueError:
        clean, dropped = "", ()
    if dropped:
        raise InputError(
            translate(
                "Dbar",
                "The address {url} holds credentials. Take them out, and choose the "
                "authentication instead: it keeps them encrypted.",
            ),
            url=scrubbed(url),
        )
    if not clean.lower().startswith(("http://", "https://")) or not urlsplit(clean).netloc:
        raise InputError(
            translate("Dbar", "“{url}” is no address of a folder on the web."), url=scrubbed(url)
        )
    return clean


def _upload(http: Http, url: str, file: ReadyFile, sent: Sent, is_cancelled: IsCancelled) -> None:
    headers = {"Content-Type": file.media_type.partition(";")[0]}
    request = Request(url, "PUT", headers, body_file=file.path, sent=sent)
    # The same bytes under the same name: it does no harm twice.
    http.send(request, repeatable=True, is_cancelled=is_cancelled)
    sent(file.size)


def _size_there(http: Http, url: str, is_cancelled: IsCancelled) -> int | None:
    """Return the size of a file on the web; None if it is not there, or that is not told."""
    try:
        response = http.send(Request(url, "HEAD"), is_cancelled=is_cancelled)
    except HttpError as error:
        if error.status in _NOT_THERE:
            return None
        raise
    length = response.headers.get("content-length", "")
    return int(length) if length.isdigit() else None


def _was_deleted(http: Http, url: str) -> bool:
    try:
        http.send(Request(url, "DELETE"), is_cancelled=never)
    except HttpError as error:
        return error.status in (404, 410)
    return True


def _cut(url: str) -> HttpError:
    return HttpError(translate("Dbar", "{url} did not arrive whole. Try again."), url=scrubbed(url))


def _copy(source: Path, target: Path, sent: Sent, is_cancelled: IsCancelled) -> None:
    done = 0
    with source.open("rb") as read, target.open("wb") as written:
        while data := read.read(_PIECE):
            if is_cancelled():
                raise Cancelled
            written.write(data)
            done += len(data)
            sent(done)
    shutil.copystat(source, target)


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _converted(piece: Piece) -> Check:
    text = translate("Dbar", "{file} was written as Cloud Optimized GeoTIFF, with overviews.")
    return Check(State.FINE, message(text, file=piece.path.name))


def _names_folders(piece: Piece, tags: Mapping[str, str]) -> Check:
    text = translate(
        "Dbar",
        "{file} names folders of this computer in its metadata ({names}). They are left out if it "
        "is written as Cloud Optimized GeoTIFF.",
    )
    return Check(State.WARNING, message(text, file=piece.path.name, names=", ".join(tags)))


def _without_nodata(piece: Piece) -> Check:
    text = translate("Dbar", "{file} has no value for cells without data.")
    return Check(State.WARNING, message(text, file=piece.path.name))
