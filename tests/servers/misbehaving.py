"""A server that does what bad servers do: cuts, stalls, drips, redirects, refuses, and lies.

A test says what each path answers; the server keeps what it was asked.
"""

from __future__ import annotations

import json
import re
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

PIECE = 1 << 16


@dataclass(frozen=True)
class Asked:
    """A request as it came; names of headers in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def host(self) -> str:
        """Name under which the server was asked, without the port."""
        return self.headers.get("host", "").partition(":")[0]


@dataclass(frozen=True)
class Answer:
    """What a path answers, and how badly.

    wait_s : before the first byte
    cut_after : bytes of the body after which the connection breaks; -1: before the first header
    stall_after : bytes of the body after which nothing more comes
    piece, pause_s : the body drips, so many bytes at a time
    length : whether the length is told
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    wait_s: float = 0.0
    cut_after: int | None = None
    stall_after: int | None = None
    piece: int = PIECE
    pause_s: float = 0.0
    length: bool = True


Rule = Answer | Callable[[Asked], Answer]


def as_json(value: object, status: int = 200, **headers: str) -> Answer:
    """Answer with a JSON document."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(
        status, {"Content-Type": "application/json", **named}, json.dumps(value).encode("utf-8")
    )


def login_page() -> Answer:
    """Answer a login page where a document was asked for."""
    return Answer(
        200,
        {"Content-Type": "text/html; charset=utf-8"},
        b"<!DOCTYPE html><html><head><title>Sign in</title><style>p{}</style></head>"
        b"<body><form><p>Please log in</p></form></body></html>",
    )


def redirect(target: str, status: int = 302) -> Answer:
    """Answer that something stands elsewhere."""
    return Answer(status, {"Location": target})


def busy(status: int = 503, retry_after: str | None = None) -> Answer:
    """Answer that there is too much to do."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Answer(status, {"Content-Type": "text/plain", **headers}, b"too much to do")


def echo(asked: Asked) -> Answer:
    """Answer with what was asked."""
    return as_json(
        {
            "method": asked.method,
            "path": asked.path,
            "query": dict(asked.query),
            "headers": dict(asked.headers),
            "body": asked.body.decode("utf-8", "replace"),
        }
    )


def guarded(inner: Rule, *, basic: str = "", header: tuple[str, str] = ("", "")) -> Rule:
    """Answer only who brings "user:password", or a header with its value."""

    def rule(asked: Asked) -> Answer:
        if basic:
            wanted = "Basic " + b64encode(basic.encode()).decode()
            known = asked.headers.get("authorization") == wanted
        else:
            known = asked.headers.get(header[0].lower()) == header[1]
        if known:
            return inner(asked) if callable(inner) else inner
        challenge = {"WWW-Authenticate": 'Basic realm="tests"'} if basic else {}
        return as_json({"code": "Unauthorized", "description": "Who are you?"}, 401, **challenge)

    return rule


def file_of(data: bytes, *, etag: str = '"1"', ranges: bool = True, **faults: object) -> Rule:
    """Answer with a file, or the part of it that is asked for; `faults` as in `Answer`."""

    def rule(asked: Asked) -> Answer:
        headers = {"Content-Type": "image/tiff", "ETag": etag}
        if ranges:
            headers["Accept-Ranges"] = "bytes"
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", asked.headers.get("range", ""))
        same = asked.headers.get("if-range", etag) == etag
        if not (ranges and wanted and same):
            return Answer(200, headers, data, **faults)  # type: ignore[arg-type]
        first = int(wanted[1])
        last = min(int(wanted[2] or len(data) - 1), len(data) - 1)
        if first >= len(data):
            return Answer(416, {**headers, "Content-Range": f"bytes */{len(data)}"})
        headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
        return Answer(206, headers, data[first : last + 1], **faults)  # type: ignore[arg-type]

    return rule


class MisbehavingServer:
    """A server on a free port of this machine.

    certificate : for https
    url, other_url : the same server under two names, "127.0.0.1" and "localhost"
    asked : the requests that came, in order
    sent : bytes of bodies that were taken, about
    otherwise : what all other paths answer
    takes : by path, how many bytes of an upload are taken, and for how many seconds nothing more
        is before the connection breaks
    """

    def __init__(self, certificate: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.sent = 0
        self._rules: dict[str, list[Rule]] = {"/echo": [echo]}
        self.otherwise: Rule = as_json({"description": "No such page"}, 404)
        self.takes: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()
        self.ended = threading.Event()
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Handler", (_Handler,), {"owner": self})
        )
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        if certificate is not None:
            self._server.socket = certificate.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        scheme = "http" if certificate is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self.other_url = f"{scheme}://localhost:{self.port}"

    def on(self, path: str, *rules: Rule) -> str:
        """Say what a path answers, one rule after the other, the last for good; return its URL."""
        self._rules[path] = list(rules)
        return self.url + path

    def answer(self, asked: Asked) -> Answer:
        """Return what a request gets."""
        with self._lock:
            self.asked.append(asked)
            rules = self._rules.get(asked.path, [self.otherwise])
            rule = rules.pop(0) if len(rules) > 1 else rules[0]
        return rule(asked) if callable(rule) else rule

    def asked_for(self, path: str) -> list[Asked]:
        """Return the requests for a path."""
        return [asked for asked in self.asked if asked.path == path]

    def start(self) -> None:
        """Take requests, in threads."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """End every answer under way, and the server."""
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def misbehaving_server(
    certificate: ssl.SSLContext | None = None,
) -> Iterator[MisbehavingServer]:
    """Run a server."""
    server = MisbehavingServer(certificate)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: MisbehavingServer

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:  # who asked has gone
            self.close_connection = True

    def take(self) -> None:
        parts = urlsplit(self.path)
        if parts.path in self.owner.takes and self.headers.get("Content-Length"):
            size, wait_s = self.owner.takes[parts.path]
            self.rfile.read(size)
            self.owner.ended.wait(wait_s)
            self.close_connection = True
            return
        asked = Asked(
            self.command,
            parts.path,
            dict(parse_qsl(parts.query)),
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(int(self.headers.get("Content-Length") or 0)),
        )
        self._give(self.owner.answer(asked))

    def _give(self, answer: Answer) -> None:
        if self.owner.ended.wait(answer.wait_s) or answer.cut_after == -1:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if not answer.length:
            self.send_header("Connection", "close")
        elif answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status != 204:
            self._give_body(answer)

    def _give_body(self, answer: Answer) -> None:
        body = answer.body[: answer.cut_after][: answer.stall_after]
        for start in range(0, len(body), answer.piece):
            self.wfile.write(body[start : start + answer.piece])
            self.owner.sent += answer.piece
            if answer.pause_s and self.owner.ended.wait(answer.pause_s):
                break
        if answer.stall_after is not None:
            self.owner.ended.wait(60.0)
        if answer.cut_after is not None or answer.stall_after is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


for _method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
    setattr(_Handler, f"do_{_method}", _Handler.take)
