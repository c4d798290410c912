"""One file fetched over an unreliable network: resumed, verified, and there only when whole.

While it comes, it lies in `<name>.part`, and what is known of it in `<name>.part.json`; when it is
whole, `<name>.stac.json` says where it came from. None of them holds a secret.
"""

from __future__ import annotations

import errno
import json
import math
import os
import re
import shutil
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from dbar_qgis_plugin.catalog.http import BUSY, Http, backoff, http_error, retry_after, server_words
from dbar_qgis_plugin.catalog.model import parse_item
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.catalog.transfers.checksums import Checksum
from dbar_qgis_plugin.catalog.transfers.names import (
    HALF_WRITTEN,
    PART,
    PART_STATE,
    SIDECAR,
)
from dbar_qgis_plugin.catalog.transport import (
    HttpError,
    IsCancelled,
    NetworkError,
    Request,
    Response,
    StreamedResponse,
    never,
)
from dbar_qgis_plugin.errors import Cancelled, OutputError, translate
from dbar_qgis_plugin.raster_io.xml_text import is_web_page

# Tries in a row that bring the file no further.
_FRUITLESS: Final = 4
_SPARE_BYTES: Final = 32 * 1024 * 1024  # left free on the disk
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)  # the disk, or what the user may have of it
_HEAD: Final = 1024
_ERROR_BODY: Final = 64 * 1024
_REPORT_S: Final = 0.2
_SPEED_S: Final = 5.0  # seconds over which the speed is taken
_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)$")
# What Azure signs an address with, beside the signature; new with each one.
_AZURE: Final = frozenset(
    ["st", "se", "sp", "sv", "sr", "spr", "sip", "skoid", "sktid", "skt", "ske", "sks", "skv"]
)
# Files that never start as text.
_BINARY: Final = (
    *(".tif", ".tiff", ".jp2", ".png", ".jpg", ".jpeg", ".nc", ".nc4", ".h5", ".hdf", ".he5"),
    *(".zip", ".gz", ".tgz", ".tar", ".rar", ".7z", ".gpkg", ".shp", ".dbf", ".pdf", ".xlsx"),
)
# Texts that are none of JSON.
_NO_JSON: Final = (".csv", ".xml", ".kml", ".gml")
_CONTROL: Final = frozenset(range(32)) - frozenset(b"\t\n\f\r")


@dataclass(frozen=True)
class Wanted:
    """A file to be fetched.

    path : where it goes
    size : bytes it should have, None if not known
    checksum : multihash it should have, "" if not known
    media_type : of the file, "" if not known
    item, asset : what it is in its catalog, for the sidecar
    """

    url: str
    path: Path
    size: int | None = None
    checksum: str = ""
    media_type: str = ""
    item: Mapping[str, Any] = field(default_factory=dict, repr=False)
    asset: str = ""


class Speed(NamedTuple):
    """How far a file is.

    total : None if the server does not tell
    """

    done: int
    total: int | None
    bytes_per_s: float


class Fetched(NamedTuple):
    """A file that is there, whole.

    checksum : its multihash
    is_checked : whether it was held against the catalog's checksum
    """

    path: Path
    size: int
    checksum: str
    is_checked: bool


def download(
    wanted: Wanted,
    http: Http,
    *,
    report: Callable[[Speed], None] | None = None,
    is_cancelled: IsCancelled = never,
) -> Fetched:
    """Fetch a file, or the rest of it where a part is there already.

    Parameters
    ----------
    wanted : Wanted
        The file.
    http : Http
        Way to its server.
    report : callable, optional
        Takes a `Speed`, five times a second at most.
    is_cancelled : callable, optional
        Once true, `Cancelled` is raised; the part stays, and the next call goes on with it. See
        `discard`.

    Raises
    ------
    HttpError
        The server refuses; or it sends something else than the file, which is removed.
    NetworkError, NoAnswerError
        The file came no further for some tries; the part stays.
    OutputError
        There is no room, or the disk cannot be written; the part stays.
    Cancelled
        See `is_cancelled`.
    """
    return _Fetch(wanted, http, report, is_cancelled).run()


def discard(path: Path) -> None:
    """Remove the part of a file that is not wanted any more."""
    for ending in (PART, PART_STATE):
        _beside(path, ending).unlink(missing_ok=True)


def part_size(path: Path) -> int:
    """Bytes of a file that have come already."""
    part = _beside(path, PART)
    return part.stat().st_size if part.is_file() else 0


def sidecar_of(path: Path) -> Path:
    """Path of the file that says where a fetched file came from."""
    return _beside(path, SIDECAR)


def source_of(path: Path) -> str:
    """Address that a file was fetched from, without its secrets; "" if it was not."""
    return str(_read_json(sidecar_of(path)).get("source", ""))


def resource_of(url: str) -> str:
    """Return an address as it may be written down, the same for each new signature of it."""
    parts = urlsplit(scrubbed(url))
    pairs = parts.query.split("&")
    names = [pair.partition("=")[0].lower() for pair in pairs]
    if "sig" in names:
        pairs = [pair for pair, name in zip(pairs, names, strict=True) if name not in _AZURE]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(pairs), ""))


def writable(text: str) -> str:
    """Return a text that can be written: JSON may hold halves of characters, UTF-8 cannot."""
    return text.encode(errors="replace").decode()


def scrubbed_json(value: Any) -> Any:
    """Return a value as it may be written in JSON: without the secrets in its addresses.

    Numbers that JSON lacks become null.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str):
        return writable(scrubbed(value))
    if isinstance(value, Mapping):
        return {writable(str(key)): scrubbed_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [scrubbed_json(part) for part in value]
    return value


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file that is never seen half written."""
    made = _beside(path, HALF_WRITTEN)
    with made.open("w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)


class _RefusedError(HttpError):
    """What came is not the file that is wanted: nothing of it is kept."""


@dataclass(frozen=True)
class _State:
    """What is known of a part: the file it is of, and of which version."""

    url: str
    etag: str = ""
    last_modified: str = ""
    size: int | None = None

    @property
    def validator(self) -> str:
        """For If-Range; "" where the server gives nothing that tells one version from another."""
        return self.etag or self.last_modified


class _Fetch:
    """The work of `download`."""

    def __init__(
        self,
        wanted: Wanted,
        http: Http,
        report: Callable[[Speed], None] | None,
        is_cancelled: IsCancelled,
    ) -> None:
        self.wanted, self.http = wanted, http
        self.is_cancelled = is_cancelled
        self.resource = resource_of(wanted.url)
        self.part = _beside(wanted.path, PART)
        self.state_path = _beside(wanted.path, PART_STATE)
        self.state = _State(self.resource)
        self.checksum = Checksum(wanted.checksum)
        self.done = 0
        self.meter = _Meter(report)

    def run(self) -> Fetched:
        try:
            self.wanted.path.parent.mkdir(parents=True, exist_ok=True)
            self._take_up()
            if not self._is_whole():
                there = self._already_there()
                if there is not None:
                    return there
                self._fetch()
            return self._finish()
        except _RefusedError:
            discard(self.wanted.path)
            raise
        except OSError as error:
            usual = translate("Dbar", "{path} could not be written: {reason}")
            full = translate(
                "Dbar",
                "{path} could not be written: {reason}. What came is kept: make room, then go on.",
            )
            raise OutputError(
                full if error.errno in _FULL else usual,
                path=str(self.wanted.path),
                reason=error.strerror or str(error),
            ) from error

    def check(self) -> None:
        if self.is_cancelled():
            raise Cancelled

    def _take_up(self) -> None:
        """Go on with the part that an earlier call has left, if it is of the same file."""
        state = _read_state(self.state_path)
        known = state is not None and state.url == self.resource
        if state is None or not known or not self.part.is_file() or not self._may_go_on(state):
            discard(self.wanted.path)
            return
        self.state = state
        self.checksum.update_from(self.part, self.check)
        self.done = self.part.stat().st_size

    def _may_go_on(self, state: _State) -> bool:
        size = self.part.stat().st_size
        return bool(state.validator or size == state.size) and (
            state.size is None or size <= state.size
        )

    def _is_whole(self) -> bool:
        return self.part.is_file() and self.done == self.state.size

    def _already_there(self) -> Fetched | None:
        """Return the file if an earlier call has finished it."""
        path, record = self.wanted.path, _read_json(sidecar_of(self.wanted.path))
        if self.done or not path.is_file() or record.get("source") != self.resource:
            return None
        checksum = Checksum(self.wanted.checksum or str(record.get("checksum", "")))
        checksum.update_from(path, self.check)
        if checksum.matches is False:
            return None
        size = path.stat().st_size
        if size != record.get("size") or self.wanted.size not in (None, size):
            return None
        self.meter.show(size, size, at_once=True)
        return Fetched(path, size, checksum.text, bool(record.get("is_checked")))

    def _fetch(self) -> None:
        fruitless, farthest = 0, self.done
        while True:
            self.check()
            pause = backoff(fruitless + 1)
            try:
                with self.http.stream(self._request(), self.is_cancelled) as response:
                    if response.status in BUSY:
                        pause = retry_after(response.headers, pause)
                        failure: Exception = http_error(_error_answer(response))
                    else:
                        is_whole = self._receive(response)
                        if is_whole:
                            return
                        failure = _cut_short(self.wanted.url)
            except NetworkError as error:
                failure = error
            if self.done > farthest:
                fruitless, farthest = 0, self.done
            else:
                fruitless += 1
                if fruitless == _FRUITLESS:
                    raise failure
            self.http.pause(pause, self.is_cancelled)

    @property
    def _wants_rest(self) -> bool:
        return bool(self.done and self.state.validator)

    def _request(self) -> Request:
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        if self._wants_rest:
            headers["Range"] = f"bytes={self.done}-"
            headers["If-Range"] = self.state.validator
        return Request(self.wanted.url, headers=headers)

    def _receive(self, response: StreamedResponse) -> bool:
        """Append an answer to the part, or begin it anew where the answer is the whole file.

        Tells whether the file is whole now.
        """
        if response.status == 200:
            self._begin(response)
            self._write(response, "wb")
        elif response.status == 206 and self._continues(response):
            self._check_room(None if self.state.size is None else self.state.size - self.done)
            self._write(response, "ab")
        elif response.status in (206, 416) and self.done:
            self._forget()
            return False
        else:
            raise http_error(_error_answer(response), of_file=True)
        return self.state.size in (None, self.done)

    def _write(self, response: StreamedResponse, mode: str) -> None:
        head = b""
        with self.part.open(mode) as file:
            for chunk in response.chunks():
                self.check()
                file.write(chunk)
                self.checksum.update(chunk)
                if self.done < _HEAD:
                    head += chunk[:_HEAD]
                    if len(head) >= _HEAD:
                        self._check_kind(response, head)
                self.done += len(chunk)
                self.meter.show(self.done, self.state.size)
                if self.state.size is not None and self.done > self.state.size:
                    raise self._wrong_size(self.done)
        if mode == "wb" and len(head) < _HEAD:
            self._check_kind(response, head)

    def _continues(self, response: StreamedResponse) -> bool:
        """Tell whether a partial answer is the rest of the part, of the same version."""
        found = _RANGE.match(response.headers.get("content-range", "").strip())
        if found is None or int(found[1]) != self.done or not self._wants_rest:
            return False
        total = None if found[3] == "*" else int(found[3])
        etag = _strong_etag(response.headers)
        return (self.state.size in (None, total) or total is None) and (
            not etag or not self.state.etag or etag == self.state.etag
        )

    def _begin(self, response: StreamedResponse) -> None:
        self._forget()
        headers = response.headers
        if headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise _RefusedError(
                translate(
                    "Dbar",
                    "{url} comes compressed for the way ({coding}), though the file itself was "
                    "asked for. Open the address in a browser, and import the file.",
                ),
                url=scrubbed(response.url),
                coding=headers["content-encoding"],
                status=response.status,
            )
        length = headers.get("content-length", "").strip()
        size = int(length) if length.isdigit() else self.wanted.size
        if self.wanted.size is not None and size not in (None, self.wanted.size):
            # A login page has another size, too: it is the better reason.
            if "html" in headers.get("content-type", "").lower():
                self._check_kind(response, b"<html")
            raise self._wrong_size(size)
        self._check_room(size)
        self.state = _State(self.resource, _strong_etag(headers), _strong_date(headers), size)
        write_json(self.state_path, asdict(self.state))

    def _forget(self) -> None:
        """Drop what came."""
        discard(self.wanted.path)
        self.state = _State(self.resource)
        self.checksum = Checksum(self.wanted.checksum)
        self.done = 0

    def _check_room(self, size: int | None) -> None:
        folder = self.wanted.path.parent
        free = shutil.disk_usage(folder).free
        if size is not None and size + _SPARE_BYTES > free:
            raise OutputError(
                translate(
                    "Dbar",
                    "{name} needs {needed} MB; {folder} has {free} MB left. Make room, or choose "
                    "another folder, then go on.",
                ),
                name=self.wanted.path.name,
                needed=-(-(size + _SPARE_BYTES) // 1_000_000),
                folder=str(folder),
                free=free // 1_000_000,
            )

    def _check_kind(self, response: StreamedResponse, head: bytes) -> None:
        """Raise if a file begins as a login page, or as an error in JSON, XML or words."""
        path, expected = self.wanted.path.name.lower(), self.wanted.media_type.lower()
        told = response.headers.get("content-type", "").lower()
        is_page = is_web_page(head) and not (
            "html" in expected or path.endswith((".html", ".htm", ".xhtml"))
        )
        is_binary = path.endswith(_BINARY) or (
            expected.startswith("image/") and "svg" not in expected
        )
        is_text = is_binary and (
            head.lstrip()[:1] in (b"{", b"<")
            or (bool(head) and "text/" in told and _CONTROL.isdisjoint(head))
        )
        is_json = path.endswith(_NO_JSON) and "json" in told and head.lstrip()[:1] == b"{"
        if is_page or is_text or is_json:
            raise self._something_else(response, head, is_page=is_page)

    def _something_else(
        self, response: StreamedResponse, head: bytes, *, is_page: bool
    ) -> _RefusedError:
        """Say what came instead of the file, and what to do: the item's page is for people."""
        item_page = parse_item(self.wanted.item).page
        if is_page and item_page:
            text = translate(
                "Dbar",
                "{url} answered with a web page instead of the file; it may ask for a login or an "
                "approval. Check the account of the connection, or open {page} in a browser, sign "
                "in, and download the file there; then load it, or import it if it is an archive "
                "of SDGSAT-1.",
            )
        elif is_page:
            text = translate(
                "Dbar",
                "{url} answered with a web page instead of the file; it may ask for a login. "
                "Choose or correct the authentication of the connection, or open the address in a "
                "browser.",
            )
        elif item_page:
            text = translate(
                "Dbar",
                "{url} answered with a text instead of the file: “{words}”. Check the account of "
                "the connection, or open {page} in a browser, sign in, and download the file "
                "there; then load it, or import it if it is an archive of SDGSAT-1.",
            )
        else:
            text = translate("Dbar", "{url} answered with a text instead of the file: {words}")
        return _RefusedError(
            text,
            url=scrubbed(response.url),
            words=server_words(head),
            page=scrubbed(item_page),
            status=response.status,
        )

    def _wrong_size(self, size: int | None) -> _RefusedError:
        expected = self.wanted.size if self.wanted.size is not None else self.state.size
        return _RefusedError(
            translate(
                "Dbar",
                "{url} gives {size} bytes, not the {expected} that it promises: the file has been "
                "changed or damaged. Nothing of it is kept; fetch it again, or ask its provider.",
            ),
            url=scrubbed(self.wanted.url),
            size=size,
            expected=expected,
            status=200,
        )

    def _finish(self) -> Fetched:
        self.check()
        size = self.part.stat().st_size
        if self.wanted.size not in (None, size):
            raise self._wrong_size(size)
        if self.checksum.matches is False:
            raise _RefusedError(
                translate(
                    "Dbar",
                    "{url} came with another checksum than the catalog gives: the file is damaged "
                    "or has been changed. Nothing of it is kept; fetch it again, or ask its "
                    "provider.",
                ),
                url=scrubbed(self.wanted.url),
                status=200,
            )
        with self.part.open("rb+") as file:
            os.fsync(file.fileno())
        text, is_checked = self.checksum.text, self.checksum.matches is True
        write_json(
            sidecar_of(self.wanted.path),
            {
                "item": scrubbed_json(self.wanted.item),
                "asset": self.wanted.asset,
                "source": self.resource,
                "fetched": datetime.now(UTC).isoformat(timespec="seconds"),
                "size": size,
                "checksum": text,
                "is_checked": is_checked,
            },
        )
        self.part.replace(self.wanted.path)
        self.state_path.unlink(missing_ok=True)
        self.meter.show(size, size, at_once=True)
        return Fetched(self.wanted.path, size, text, is_checked)


class _Meter:
    """Reports how far a file is, and how fast it comes, not too often."""

    def __init__(self, report: Callable[[Speed], None] | None) -> None:
        self._report = report
        self._points: deque[tuple[float, int]] = deque()

    def show(self, done: int, total: int | None, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if self._report is None or not (
            at_once or not self._points or now - self._points[-1][0] >= _REPORT_S
        ):
            return
        if self._points and done < self._points[-1][1]:
            self._points.clear()
        self._points.append((now, done))
        while now - self._points[0][0] > _SPEED_S and len(self._points) > 2:
            self._points.popleft()
        first, begin = self._points[0]
        speed = (done - begin) / (now - first) if now > first else 0.0
        self._report(Speed(done, total, speed))


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _read_json(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _read_state(path: Path) -> _State | None:
    match _read_json(path):
        case {
            "url": str() as url,
            "etag": str() as etag,
            "last_modified": str() as last_modified,
            "size": int() | None as size,
        }:
            return _State(url, etag, last_modified, size)
    return None


def _strong_etag(headers: Mapping[str, str]) -> str:
    """ETag that tells every byte; "" for a weak one, and for none."""
    etag = headers.get("etag", "").strip()
    return etag if etag.startswith('"') else ""


def _strong_date(headers: Mapping[str, str]) -> str:
    """Date of change that tells every byte: long enough ago, and no ETag says otherwise."""
    text = headers.get("last-modified", "").strip()
    if headers.get("etag"):
        return ""
    try:
        age = parsedate_to_datetime(headers["date"]) - parsedate_to_datetime(text)
    except (KeyError, TypeError, ValueError):
        return ""
    return text if age.total_seconds() >= 60 else ""


def _error_answer(response: StreamedResponse) -> Response:
    """Return the beginning of an answer that is no file."""
    body = b""
    for chunk in response.chunks():
        body += chunk
        if len(body) >= _ERROR_BODY:
            break
    return Response(response.status, response.headers, body, response.url)


def _cut_short(url: str) -> NetworkError:
    return NetworkError(
        translate(
            "Dbar",
            "{url}: the connection broke again and again before the file was whole. What came is "
            "kept; go on when the network is better.",
        ),
        url=scrubbed(url),
    )
