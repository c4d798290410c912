"""What the catalog asks of a network: one hop of HTTP, without retries and redirects.

`http.Http` builds on it what every connection needs. Inside QGIS the hop goes through QGIS's own
network stack (`net.qgis_transport`); tests and cluster workers may bring another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode, urlsplit, urlunsplit

from dbar_qgis_plugin.errors import DbarError

IsCancelled = Callable[[], bool]


def never() -> bool:
    """Tell that nobody has cancelled."""
    return False


@dataclass(frozen=True)
class Request:
    """One HTTP request.

    authcfg : id of credentials in QGIS's authentication database; "" = none. They never stand in
        `headers` or `url`.
    account : parameter of the address in which the server wants the name of the account that the
        credentials are of, and nothing else of them; "" = they go the way of their method
    timeout_s : seconds without an answer, or without a further byte of it, after which it ends
    body_file : sent as the body, read from the disk piece by piece
    sent : takes how many bytes of the body have gone
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    authcfg: str = ""
    account: str = ""
    timeout_s: float = 30.0
    body_file: Path | None = None
    sent: Callable[[int], None] | None = field(default=None, compare=False, repr=False)

    def url_for(self, name: str) -> str:
        """Return the address with the name of an account: only for whoever sends it."""
        parts = urlsplit(self.url)
        query = "&".join(filter(None, (parts.query, urlencode({self.account: name}))))
        return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


@dataclass(frozen=True)
class Response:
    """An answer; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class StreamedResponse(Protocol):
    """An answer whose body comes piece by piece."""

    status: int
    headers: Mapping[str, str]
    url: str

    def chunks(self) -> Iterator[bytes]:
        """Pieces of the body; raises as `Transport.send` does."""


class Transport(Protocol):
    """One hop of HTTP, usable from any thread."""

    def send(self, request: Request, is_cancelled: IsCancelled = never) -> Response:
        """Send a request, and return whatever status comes back.

        Raises
        ------
        Cancelled
            Within 300 ms of `is_cancelled` turning true.
        NoAnswerError
            If nothing came for `request.timeout_s`.
        NetworkError
            If the server was not reached, or broke the connection.
        OutputError
            If the file to be sent cannot be read.
        """

    def stream(
        self, request: Request, is_cancelled: IsCancelled = never
    ) -> AbstractContextManager[StreamedResponse]:
        """Send a request, and give the body piece by piece; errors as in `send`."""


class NetworkError(DbarError):
    """A server was not reached, or broke the connection."""


class NoAnswerError(NetworkError):
    """A server did not answer in time."""


class HttpError(DbarError):
    """A server answered with an error.

    status : the HTTP status
    """

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template, **values)
        self.status = int(str(values.get("status", 0)))
