"""A transport over the standard library, for tests without QGIS."""

from __future__ import annotations

import http.client
import queue
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dbar_qgis_plugin.catalog.transport import (
    IsCancelled,
    NetworkError,
    NoAnswerError,
    Request,
    Response,
    never,
)
from dbar_qgis_plugin.errors import Cancelled

POLL_S = 0.02
PIECE = 1 << 16
WAITING = 4  # pieces that are read ahead


@dataclass
class PlainTransport:
    """Send one hop; keeps what was asked.

    credentials : headers by authcfg
    accounts : names of accounts by authcfg
    sent : the requests, in order
    """

    credentials: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sent: list[Request] = field(default_factory=list)
    accounts: Mapping[str, str] = field(default_factory=dict)

    def send(self, request: Request, is_cancelled: IsCancelled = never) -> Response:
        """See `transport.Transport.send`."""
        with self.stream(request, is_cancelled) as answer:
            body = b"".join(answer.chunks())
        return Response(answer.status, answer.headers, body, answer.url)

    @contextmanager
    def stream(self, request: Request, is_cancelled: IsCancelled = never) -> Iterator[_Hop]:
        """See `transport.Transport.stream`."""
        self.sent.append(request)
        name = self.accounts.get(request.authcfg) if request.account else None
        secrets = {} if request.account else self.credentials.get(request.authcfg, {})
        asked = request.url if name is None else request.url_for(name)
        hop = _Hop(request, asked, is_cancelled, secrets)
        try:
            hop.begin()
            yield hop
        finally:
            hop.end()


class _Hop:
    """One request; a thread of its own talks to the server, so that it can be cancelled."""

    def __init__(
        self, request: Request, asked: str, is_cancelled: IsCancelled, secrets: Mapping[str, str]
    ) -> None:
        self.url = request.url
        self.status = 0
        self.headers: dict[str, str] = {}
        self._request = request
        self._is_cancelled = is_cancelled
        self._secrets = secrets
        self._ended = threading.Event()
        self._heard = 0.0
        self._got: queue.Queue[object] = queue.Queue(WAITING)
        parts = urlsplit(asked)
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self._connection = kind(parts.netloc, timeout=request.timeout_s)
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def begin(self) -> None:
        threading.Thread(target=self._work, daemon=True).start()
        answer = self._next()
        assert isinstance(answer, http.client.HTTPResponse)
        self.status = answer.status
        self.headers = {name.lower(): value for name, value in answer.getheaders()}

    def chunks(self) -> Iterator[bytes]:
        while piece := self._next():
            assert isinstance(piece, bytes)
            yield piece

    def end(self) -> None:
        self._ended.set()
        if self._connection.sock is not None:
            try:
                self._connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # the server was faster
        self._connection.close()

    def _next(self) -> object:
        self._heard = time.monotonic()
        while True:
            if self._is_cancelled():
                raise Cancelled
            try:
                found = self._got.get(timeout=POLL_S)
                break
            except queue.Empty:
                if time.monotonic() > self._heard + self._request.timeout_s:
                    found = TimeoutError()
                    break
        if isinstance(found, TimeoutError):
            raise NoAnswerError("{url} did not answer.", url=self.url)
        if isinstance(found, Exception):
            raise NetworkError("{url} was not reached: {words}", url=self.url, words=str(found))
        return found

    def _put(self, found: object) -> None:
        while not self._ended.is_set():
            try:
                self._got.put(found, timeout=POLL_S)
                break
            except queue.Full:
                continue

    def _body(self) -> Iterator[bytes]:
        assert self._request.body_file is not None
        sent = 0
        with self._request.body_file.open("rb") as file:
            while (piece := file.read(PIECE)) and not self._ended.is_set():
                yield piece
                sent += len(piece)
                self._heard = time.monotonic()
                if self._request.sent is not None:
                    self._request.sent(sent)

    def _work(self) -> None:
        try:
            headers = {**self._request.headers, **self._secrets}
            path = self._request.body_file
            if path is not None:
                headers["Content-Length"] = str(path.stat().st_size)
            self._connection.request(
                self._request.method,
                self._target,
                body=self._request.body if path is None else self._body(),
                headers=headers,
            )
            answer = self._connection.getresponse()
            length = answer.length
            self._put(answer)
            while piece := answer.read1(PIECE):
                length = None if length is None else length - len(piece)
                self._put(piece)
            if length and self._request.method != "HEAD":
                raise ConnectionError(f"{length} bytes are missing")
            self._put(b"")
        except Exception as error:  # given to who waits for it
            self._put(error)
