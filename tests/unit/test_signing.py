"""Signed addresses: got by collection, kept until shortly before their end, for nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.redaction import host_of
from dbar_qgis_plugin.catalog.signing import (
    CollectionSigner,
    Signers,
    TokenService,
    unsigned,
)
from dbar_qgis_plugin.catalog.transport import HttpError
from tests.servers.misbehaving import as_json, misbehaving_server
from tests.servers.plain_transport import PlainTransport

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
HREF = "https://account.blob.core.windows.net/c/a.tif"


@pytest.fixture
def server():
    with misbehaving_server() as running:
        yield running


class Clock:
    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


def token(text: str, minutes: int):
    return as_json({"token": text, "msft:expiry": (NOW + timedelta(minutes=minutes)).isoformat()})


def signer(server, clock=lambda: NOW) -> CollectionSigner:
    service = TokenService(f"{server.url}/sas/", (".blob.core.windows.net",))
    return CollectionSigner(service, "my set", Http(PlainTransport(), wait=lambda _: None), clock)


def test_one_signature_serves_until_five_minutes_before_its_end(server):
    server.on("/sas/my%20set", token("sig=one", 60), token("sig=two", 120))
    clock = Clock()
    own = signer(server, clock)
    assert own.sign(HREF) == (f"{HREF}?sig=one", NOW + timedelta(minutes=60))
    assert own.sign(f"{HREF}?x=1").href == f"{HREF}?x=1&sig=one"
    assert len(server.asked) == 1
    clock.time = NOW + timedelta(minutes=56)
    assert own.sign(HREF).href == f"{HREF}?sig=two"
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "href",
    [
        "https://elsewhere.example/a.tif",
        "https://blob.core.windows.net.evil.example/a.tif",
        f"{HREF}?sig=own",
        "file:///a.tif",
    ],
)
def test_others_get_no_signature(server, href):
    assert signer(server).sign(href) == (href, None)
    assert not server.asked


@pytest.mark.parametrize("answer", [{}, {"token": ""}, {"token": "a"}, [], {"token": 5}])
def test_an_answer_without_a_signature_is_refused(server, answer):
    server.on("/sas/my%20set", as_json(answer))
    with pytest.raises(HttpError, match="no signature"):
        signer(server).sign(HREF)


def test_signers_go_by_the_server_of_the_connection(server):
    connection = Connection("PC", f"{server.url}/stac", "stac_api")
    services = {host_of(server.url): TokenService(f"{server.url}/sas/", ("127.0.0.1",))}
    signers = Signers(PlainTransport(), services)
    own = signers.signer(connection, "a")
    assert own is not None
    assert signers.signer(connection, "a") is own
    assert signers.signer(connection, "b") is not own
    assert signers.signer(None, "a") is None
    assert signers.signer(connection, "") is None
    other = Connection("Other", "https://other.example/", "stac_api")
    assert signers.signer(other, "a") is None
    pc = Connection("PC", "https://planetarycomputer.microsoft.com/api/stac/v1", "stac_api")
    assert Signers(PlainTransport()).signer(pc, "a") is not None


def test_an_address_without_its_signature():
    signed = f"{HREF}?st=2026-01-01&se=2026-01-02&sp=rl&sv=2021&sr=c&sig=abc%3D"
    assert unsigned(signed) == HREF
    assert unsigned(f"{HREF}?x=1&X-Amz-Signature=abc") == f"{HREF}?x=1"
    assert unsigned(HREF) == HREF
