"""HTTP through QGIS: its proxy, its certificates, its credentials; from any thread.

What QGIS 3.40 does that shapes this module:

- a hop that was cancelled or timed out ends with the return code "no error"; only the reply's own
  error and its status tell what happened;
- a redirect that Qt follows takes a key in a header along to the other host: no hop follows one
  here, and `catalog.http` decides who gets credentials;
- a 401 opens the window for a password, and in a worker thread waits for it, beyond any cancel:
  here it is an answer like others, and the user sets the connection's authentication.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from qgis.core import QgsApplication, QgsNetworkAccessManager
from qgis.PyQt import sip
from qgis.PyQt.QtCore import (
    QCoreApplication,
    QEventLoop,
    QFile,
    QIODevice,
    QObject,
    Qt,
    QThread,
    QTimer,
    QUrl,
)
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from dbar_qgis_plugin.catalog.http import account_wanted
from dbar_qgis_plugin.catalog.net.credentials import account_of
from dbar_qgis_plugin.catalog.redaction import host_of, scrubbed
from dbar_qgis_plugin.catalog.transport import (
    IsCancelled,
    NetworkError,
    NoAnswerError,
    Request,
    Response,
    never,
)
from dbar_qgis_plugin.errors import Cancelled, InputError, OutputError, translate

_OWN: Final = "DbarCatalogNetwork"
_POLL_MS: Final = 50
_PIECE: Final = 1 << 18
_READ_AHEAD: Final = 1 << 20  # bytes of a stream that wait here; the server waits for the rest
_SHARE_OF_QGIS_TIMEOUT: Final = 0.9


class QgisTransport:
    """Send one hop through QGIS's network stack; see `transport.Transport`.

    Answers may come from QGIS's cache where HTTP allows it, but never to a request that is
    streamed, or has credentials, a method other than GET, or a header Cache-Control.
    """

    def send(self, request: Request, is_cancelled: IsCancelled = never) -> Response:
        """Send a request, and return whatever status comes back; see `Transport.send`."""
        with _hop(request, is_cancelled, streamed=False) as hop:
            body = b"".join(hop.chunks())
            return Response(hop.status, hop.headers, body, hop.url)

    @contextmanager
    def stream(self, request: Request, is_cancelled: IsCancelled = never) -> Iterator[_Hop]:
        """Send a request, and give the body piece by piece; see `Transport.stream`."""
        with _hop(request, is_cancelled, streamed=True) as hop:
            yield hop


@contextmanager
def _hop(request: Request, is_cancelled: IsCancelled, *, streamed: bool) -> Iterator[_Hop]:
    if is_cancelled():
        raise Cancelled
    loop = QEventLoop()  # first of all: it makes a thread of Python's own one that has timers
    hop = _Hop(request, _begun(request, streamed), loop, is_cancelled)
    try:
        hop.begin()
        yield hop
    finally:
        hop.end()


def _begun(request: Request, streamed: bool) -> QNetworkReply:
    manager = _manager()
    asked = _qt_request(request, streamed)
    if request.method == "GET":
        reply = manager.get(asked)
    elif request.method == "HEAD":
        reply = manager.head(asked)
    else:
        verb = request.method.encode("ascii")
        if request.body_file is None:
            reply = manager.sendCustomRequest(asked, verb, request.body or b"")
        else:
            file = _opened(request.body_file)
            reply = manager.sendCustomRequest(asked, verb, file)
            file.setParent(reply)
    if streamed:
        reply.setReadBufferSize(_READ_AHEAD)
    if request.authcfg and not request.account:
        QgsApplication.authManager().updateNetworkReply(reply, request.authcfg)
    return reply


def _opened(path: Path) -> QFile:
    file = QFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise OutputError(
            translate("Dbar", "{path} cannot be read: {words}"),
            path=str(path),
            words=file.errorString(),
        )
    return file


def _manager() -> QgsNetworkAccessManager:
    """Return this thread's network manager: QGIS's, but for the window that a 401 opens.

    It ends with QGIS's own of the same thread.
    """
    usual = QgsNetworkAccessManager.instance()
    manager = usual.findChild(QObject, _OWN)
    if manager is None:
        manager = QgsNetworkAccessManager()
        manager.setParent(usual)  # also gives it away; the constructor's parent would not
        manager.setObjectName(_OWN)
        # Questions about certificates and proxies are asked in the main thread; there, at once.
        in_main = QThread.currentThread() == QCoreApplication.instance().thread()
        kind = Qt.ConnectionType
        manager.setupDefaultProxyAndCache(
            kind.DirectConnection if in_main else kind.BlockingQueuedConnection
        )
        manager.authenticationRequired.disconnect()
    return manager


def _qt_request(request: Request, streamed: bool) -> QNetworkRequest:
    url = QUrl(_address(request))
    # Both readings of an address must agree on whom it names, or credentials could go astray.
    agree = bool(url.host()) and host_of(url.toString()) == host_of(request.url)
    if url.scheme() not in ("http", "https") or not agree:
        raise NetworkError(
            translate("Dbar", "{url} is no address of a web server."), url=scrubbed(request.url)
        )
    asked = QNetworkRequest(url)
    for name, value in request.headers.items():
        asked.setRawHeader(_one_line(name), _one_line(value))
    attribute = QNetworkRequest.Attribute
    asked.setAttribute(
        attribute.RedirectPolicyAttribute, QNetworkRequest.RedirectPolicy.ManualRedirectPolicy
    )
    names = {name.lower() for name in request.headers}
    if streamed or request.authcfg or request.method != "GET" or "cache-control" in names:
        always = QNetworkRequest.CacheLoadControl.AlwaysNetwork
        asked.setAttribute(attribute.CacheLoadControlAttribute, always)
        asked.setAttribute(attribute.CacheSaveControlAttribute, False)
    if request.authcfg and not request.account:
        known, asked = QgsApplication.authManager().updateNetworkRequest(asked, request.authcfg)
        if not known:
            raise _unreadable(request)
    return asked


def _address(request: Request) -> str:
    """Return the address that is asked, with the name of the account where that is wanted."""
    if not request.authcfg or not request.account:
        return request.url
    name = account_of(request.authcfg)
    if name is None:
        raise _unreadable(request)
    if not name:
        raise InputError(account_wanted())
    return request.url_for(name)


def _unreadable(request: Request) -> NetworkError:
    return NetworkError(
        translate(
            "Dbar",
            "The credentials for {url} cannot be read. Unlock QGIS's authentication "
            "database with its master password, or choose others for the connection.",
        ),
        url=scrubbed(request.url),
    )


def _one_line(text: str) -> bytes:
    """Return a header's text as it may be sent: a server's paging link must not add others."""
    return " ".join(text.splitlines()).encode("latin-1", "replace")


class _Hop:
    """An answer under way; see `transport.StreamedResponse`."""

    def __init__(
        self, request: Request, reply: QNetworkReply, loop: QEventLoop, is_cancelled: IsCancelled
    ) -> None:
        self.url = request.url
        self.status = 0
        self.headers: dict[str, str] = {}
        self._reply = reply
        self._loop = loop
        self._is_cancelled = is_cancelled
        # QGIS's own timeout would show the address, and what signs it, in a message.
        most = _SHARE_OF_QGIS_TIMEOUT * QgsNetworkAccessManager.timeout() / 1000.0
        self._timeout_s = min(request.timeout_s, most) if most > 0.0 else request.timeout_s
        self._heard = time.monotonic()
        self._clock = QTimer()
        self._clock.timeout.connect(loop.quit)
        for signal in (reply.metaDataChanged, reply.readyRead, reply.finished):
            signal.connect(loop.quit)
        self._told = request.sent
        reply.uploadProgress.connect(self._tell)
        self._clock.start(_POLL_MS)

    def begin(self) -> None:
        """Wait for status and headers; for all of what is cached, or Qt would never end it."""
        status = QNetworkRequest.Attribute.HttpStatusCodeAttribute
        cached = QNetworkRequest.Attribute.SourceIsFromCacheAttribute
        while not self._reply.isFinished():
            if self._reply.attribute(status) is not None and not self._reply.attribute(cached):
                break
            self._wait()
        if self._reply.attribute(status) is None:
            raise self._failure()
        self.status = int(self._reply.attribute(status))
        self.headers = {
            bytes(name).decode("latin-1").lower(): bytes(value).decode("latin-1")
            for name, value in self._reply.rawHeaderPairs()
        }

    def chunks(self) -> Iterator[bytes]:
        """Pieces of the body."""
        self._hear()
        while True:
            piece = bytes(self._reply.read(_PIECE) or b"")
            if piece:
                yield piece
                self._hear()  # the time that the caller took is not the server's
            elif self._reply.isFinished():
                break
            else:
                self._wait()
        if self._is_broken():
            raise self._failure()

    def end(self) -> None:
        """Let go of the network, in the thread that asked: an error may be freed in another."""
        self._clock.stop()
        self._reply.abort()
        self._reply.uploadProgress.disconnect(self._tell)
        # PyQt hears in the main thread, and so too late, that an object of another thread is gone;
        # it would take the next one at that place in memory for it. It shall not hear.
        self._reply.disconnect()
        sip.delete(self._reply)

    def _hear(self) -> None:
        self._heard = time.monotonic()

    def _tell(self, sent: int, total: int) -> None:
        self._hear()
        if self._told is not None and total > 0:  # at its end Qt tells once more, of nothing
            self._told(sent)

    def _wait(self) -> None:
        """Wait for more, some milliseconds at most."""
        if self._is_cancelled():
            raise Cancelled
        if time.monotonic() - self._heard > self._timeout_s:
            raise self._no_answer()
        self._loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    def _is_broken(self) -> bool:
        """Tell whether it ended otherwise than by an answer: Qt also counts statuses as errors."""
        kind = QNetworkReply.NetworkError
        error = self._reply.error()
        if error == kind.NoError:
            return False
        return self.status < 400 or _number(error) < 200 or error == kind.ProtocolFailure

    def _no_answer(self) -> NoAnswerError:
        return NoAnswerError(
            translate(
                "Dbar",
                "{url} sent nothing for {seconds} s. It may be slow or overloaded: try again, or "
                "give the connection more time.",
            ),
            url=scrubbed(self.url),
            seconds=round(self._timeout_s, 1),
        )

    def _failure(self) -> NetworkError:
        """Say why no whole answer came, in words."""
        kind = QNetworkReply.NetworkError
        error = self._reply.error()
        if error in (kind.TimeoutError, kind.OperationCanceledError):
            return self._no_answer()  # QGIS's or the system's own limit
        texts = {
            kind.ConnectionRefusedError: translate(
                "Dbar", "{host} takes no connections: the server may be down. Try again later."
            ),
            kind.RemoteHostClosedError: translate(
                "Dbar", "{host} broke the connection before its answer was whole. Try again."
            ),
            kind.HostNotFoundError: translate(
                "Dbar",
                "{host} is not known. Check the address, and whether this computer is online.",
            ),
            kind.SslHandshakeFailedError: translate(
                "Dbar",
                "No secure connection to {host}: {words} Check its certificate in QGIS's "
                "authentication settings.",
            ),
        }
        proxy = translate(
            "Dbar", "The proxy did not let {host} be reached: {words} Check QGIS's proxy settings."
        )
        usual = translate("Dbar", "{host} was not reached: {words}")
        return NetworkError(
            texts.get(error, proxy if 100 < _number(error) < 200 else usual),
            host=host_of(self.url),
            words=scrubbed(self._reply.errorString()).rstrip(".") + ".",
        )


def _number(error: object) -> int:
    """Return the number of an error: PyQt 5 has whole numbers here, PyQt 6 members."""
    return int(getattr(error, "value", error))  # type: ignore[call-overload,no-any-return]
