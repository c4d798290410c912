"""HTTP as catalogs need it: redirects that keep secrets at home, retries, errors in words."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import unquote_plus, urljoin, urlsplit, urlunsplit

from dbar_qgis_plugin.catalog.redaction import host_of, scrubbed
from dbar_qgis_plugin.catalog.transport import (
    HttpError,
    IsCancelled,
    NetworkError,
    NoAnswerError,
    Request,
    Response,
    StreamedResponse,
    Transport,
    never,
)
from dbar_qgis_plugin.errors import Cancelled, InputError, translate

_REDIRECTS: Final = (301, 302, 303, 307, 308)
_MOST_REDIRECTS: Final = 5
BUSY: Final = (429, 502, 503, 504)
_FIRST_WAIT_S: Final = 0.5
_LONGEST_WAIT_S: Final = 30.0
_POLL_S: Final = 0.05
_SHOWN: Final = 300  # characters of a server's own words
_MARKUP: Final = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<[^<>]*>")
# Headers that another server may see: a server's own paging link may ask for any others.
_PUBLIC: Final = ("accept", "accept-encoding", "accept-language", "cache-control", "content-type")
_PUBLIC_OF_FILES: Final = ("range", "if-range", "if-match", "if-none-match")


@dataclass(frozen=True)
class Http:
    """A connection's way to its servers.

    Parameters
    ----------
    transport : Transport
        Sends one hop.
    authcfg : str
        Credentials of the connection, given to `hosts` only.
    hosts : frozenset of str
        Scheme, host and port of every server that may have them (`redaction.host_of`).
    account : str
        Parameter of an address in which these servers want the name of the account, as
        `Request.account`; they are asked for nothing without one.
    timeout_s : float
        Seconds without an answer after which a request ends.
    tries : int
        How often a request that changes nothing is sent, at most, to a busy server.
    wait : callable
        Sleeps; tests bring their own.
    """

    transport: Transport
    authcfg: str = ""
    hosts: frozenset[str] = frozenset()
    account: str = ""
    timeout_s: float = 30.0
    tries: int = 3
    wait: Callable[[float], None] = field(default=time.sleep, compare=False)

    def get(
        self,
        url: str,
        *,
        accept: str = "application/geo+json, application/json",
        is_cancelled: IsCancelled = never,
    ) -> Response:
        """Fetch a document; raises as `send`."""
        return self.send(Request(url, headers={"Accept": accept}), is_cancelled=is_cancelled)

    def send(
        self, request: Request, *, repeatable: bool | None = None, is_cancelled: IsCancelled = never
    ) -> Response:
        """Send a request, through redirects, and again where the server is busy for a short time.

        Parameters
        ----------
        request : Request
            Its `authcfg` and `timeout_s` are those of the connection.
        repeatable : bool, optional
            Whether it may be sent again; GET and HEAD may if absent, others may not.

        Raises
        ------
        HttpError
            If the last answer is an error; its text has the server's own words.
        NetworkError, NoAnswerError, Cancelled
            See `Transport.send`.
        """
        again = request.method in ("GET", "HEAD") if repeatable is None else repeatable
        for number in range(1, (self.tries if again else 1)):
            try:
                response = self._through_redirects(request, is_cancelled)
                pause = retry_after(response.headers, backoff(number))
            except NoAnswerError:
                raise
            except NetworkError:
                pause = backoff(number)
            else:
                asked = _asked_wait(response.headers) or 0.0
                if response.status not in BUSY or asked > _LONGEST_WAIT_S:
                    return _checked(response)
            self.pause(pause, is_cancelled)
        return _checked(self._through_redirects(request, is_cancelled))

    @contextmanager
    def stream(
        self, request: Request, is_cancelled: IsCancelled = never
    ) -> Iterator[StreamedResponse]:
        """Send a request through redirects, and give its body piece by piece, whatever its status.

        Without retries: who streams knows where to go on.
        """
        current = self._own(request)
        for _ in range(_MOST_REDIRECTS + 1):
            with self.transport.stream(current, is_cancelled) as response:
                target = _target(response.status, response.headers, response.url)
                if target is None:
                    yield response
                    return
            current = self._redirected(current, response.status, target)
        raise _too_many(request.url)

    def _through_redirects(self, request: Request, is_cancelled: IsCancelled) -> Response:
        current = self._own(request)
        for _ in range(_MOST_REDIRECTS + 1):
            response = self.transport.send(current, is_cancelled)
            target = _target(response.status, response.headers, response.url)
            if target is None:
                return response
            current = self._redirected(current, response.status, target)
        raise _too_many(request.url)

    def _own(self, request: Request) -> Request:
        is_known = host_of(request.url) in self.hosts
        if is_known and self.account and not self.authcfg:
            raise InputError(account_wanted())
        return replace(
            request,
            authcfg=self.authcfg if is_known else "",
            account=self.account,
            timeout_s=self.timeout_s,
        )

    def _redirected(self, request: Request, status: int, target: str) -> Request:
        """Return the request that a redirect asks for, without secrets for another server."""
        if request.account:  # it is sent anew to servers that may have it
            target = _without(target, request.account)
        headers = dict(request.headers)
        if host_of(target) != host_of(request.url):
            public = _PUBLIC + _PUBLIC_OF_FILES
            headers = {k: v for k, v in headers.items() if k.lower() in public}
        onward = replace(request, url=target, headers=headers)
        method = request.method
        if method != "HEAD" and (status == 303 or (status in (301, 302) and method == "POST")):
            headers = {k: v for k, v in headers.items() if k.lower() != "content-type"}
            onward = replace(onward, method="GET", headers=headers, body=None, body_file=None)
        return self._own(onward)

    def pause(self, seconds: float, is_cancelled: IsCancelled = never) -> None:
        """Wait, until cancelled."""
        rest = seconds
        while rest > 0.0:
            if is_cancelled():
                raise Cancelled
            self.wait(min(rest, _POLL_S))
            rest -= _POLL_S


def account_wanted() -> str:
    """Return what the user is told whose connection has no account, in English."""
    return translate(
        "Dbar",
        "Its server gives files to accounts only: choose credentials of the method Basic in the "
        "connection, with the name of your account. Or open the item's page in a browser, and "
        "download the file there.",
    )


def _checked(response: Response) -> Response:
    if response.status >= 400:
        raise http_error(response)
    return response


def read_json(response: Response) -> Any:
    """Return the JSON of an answer.

    Raises
    ------
    HttpError
        If it is none: a login page, or a broken document.
    """
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError):
        raise HttpError(
            translate(
                "Dbar",
                "{url} answered with something else than JSON ({kind}): {words}. It may be a "
                "login page, or not a catalog. Open the address in a browser.",
            ),
            url=scrubbed(response.url),
            kind=response.headers.get("content-type", "?"),
            words=server_words(response.body),
            status=response.status,
        ) from None


def http_error(response: Response, *, of_file: bool = False) -> HttpError:
    """Say what an error answer means, with the server's own words; a file's address is no fault."""
    lost = translate(
        "Dbar", "{url} was not found (404). {words} Check the address of the connection."
    )
    if of_file:
        lost = translate(
            "Dbar",
            "{url} was not found (404). {words} The file is not there any more; search for the "
            "item again.",
        )
    texts = {
        401: translate(
            "Dbar",
            "{url} asks for credentials, or refused those given (401). {words} Choose or correct "
            "the authentication of the connection.",
        ),
        403: translate(
            "Dbar",
            "{url} refuses access (403). {words} Your account may lack the right, or the data need "
            "an agreement.",
        ),
        404: lost,
        429: translate(
            "Dbar", "{url} asks for fewer requests (429). {words} Wait some minutes, then go on."
        ),
    }
    usual = translate("Dbar", "{url} answered with an error ({status}). {words}")
    return HttpError(
        texts.get(response.status, usual),
        url=scrubbed(response.url),
        status=response.status,
        words=_sentence(server_words(response.body)),
    )


def _sentence(words: str) -> str:
    """Return words with a mark at their end."""
    return words + "." if words and words[-1] not in ".!?…。！？" else words


def server_words(body: bytes) -> str:
    """Return what a server says: the description in JSON, the text of a page, or what it sent."""
    text = body[: 100 * _SHOWN].decode("utf-8", errors="replace").strip()
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        for key in ("description", "detail", "message", "msg", "error", "code"):
            if found.get(key):
                text = str(found[key])
                break
    if text.startswith("<"):
        text = _MARKUP.sub(" ", text)
    shown = scrubbed(" ".join(text.split()))
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"


def _target(status: int, headers: Mapping[str, str], url: str) -> str | None:
    """Return where an answer says that the thing stands; None where it stands here.

    Only the web counts: no server may name a file of this computer.
    """
    location = headers.get("location")
    if status not in _REDIRECTS or not location:
        return None
    try:
        target = urljoin(url, location)
        scheme = urlsplit(target).scheme
    except ValueError:
        target = scheme = ""
    if scheme not in ("http", "https"):
        raise HttpError(
            translate("Dbar", "{url} redirects to what is no address of a web server: {target}"),
            url=scrubbed(url),
            target=scrubbed(location),
            status=status,
        )
    return target


def _without(url: str, name: str) -> str:
    """Return an address without a parameter."""
    parts = urlsplit(url)
    pairs = parts.query.split("&")
    kept = [pair for pair in pairs if unquote_plus(pair.partition("=")[0]) != name]
    return urlunsplit(parts._replace(query="&".join(kept)))


def _too_many(url: str) -> HttpError:
    return HttpError(
        translate("Dbar", "{url} redirects in a circle. Check the address."), url=scrubbed(url)
    )


def backoff(number: int) -> float:
    """Seconds to wait after a try: doubled each time, and some at random."""
    share = int.from_bytes(os.urandom(2), "big") / 65536.0
    return _FIRST_WAIT_S * 2.0 ** (number - 1) * (1.0 + share)


def retry_after(headers: Mapping[str, str], usual: float) -> float:
    """Seconds that the server asks to wait, in bounds; the usual ones where it does not say."""
    asked = _asked_wait(headers)
    return usual if asked is None else min(asked, _LONGEST_WAIT_S)


def _asked_wait(headers: Mapping[str, str]) -> float | None:
    text = headers.get("retry-after", "").strip()
    try:
        if text.isascii() and text.isdigit():
            return float(text)
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except (TypeError, ValueError, OverflowError):
        return None
