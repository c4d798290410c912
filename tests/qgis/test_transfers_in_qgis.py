"""Transfers over QGIS's own network stack, in threads, as the plugin runs them."""

from __future__ import annotations

import hashlib
import time

import pytest
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.net.qgis_transport import QgisTransport
from dbar_qgis_plugin.catalog.transfers.download import Wanted, part_size
from dbar_qgis_plugin.catalog.transfers.queue import TransferQueue
from dbar_qgis_plugin.catalog.transfers.runner import TransferRunner
from tests.servers.misbehaving import busy, file_of, login_page, misbehaving_server

DATA = b"II*\0" + bytes(range(256)) * 4000
SHA256 = "1220" + hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def server(qgis_app):
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def runner(tmp_path):
    queue = TransferQueue(tmp_path / "transfers.sqlite")
    made = TransferRunner(
        queue,
        lambda transfer: (transfer.url, Http(QgisTransport(), timeout_s=10.0)),
        lambda _transfer, _fetched: None,
    )
    made.start()
    yield made
    made.close()


def until(condition, seconds=15.0):
    end = time.monotonic() + seconds
    while not condition():
        QCoreApplication.processEvents()
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def states(runner):
    return [transfer.state.value for transfer in runner.queue.all()]


def test_files_come_whole_over_a_bad_network(server, runner, tmp_path):
    rules = {
        "cut.tif": [file_of(DATA, cut_after=400_000)],
        "busy.tif": [busy(503, "0"), file_of(DATA)],
        "changed.tif": [file_of(b"x" * 900_000, cut_after=400_000), file_of(DATA, etag='"2"')],
        "login.tif": [login_page()],
    }
    urls = {name: server.on(f"/{name}", *answers) for name, answers in rules.items()}
    runner.add([Wanted(url, tmp_path / name, checksum=SHA256) for name, url in urls.items()])
    until(lambda: states(runner) == ["done", "done", "done", "failed"])
    for name in ("cut.tif", "busy.tif", "changed.tif"):
        assert (tmp_path / name).read_bytes() == DATA
    asked = [asked.headers.get("range") for asked in server.asked_for("/cut.tif")]
    assert asked == [None, "bytes=400000-", "bytes=800000-"]
    assert server.asked_for("/cut.tif")[1].headers["if-range"] == '"1"'
    assert server.asked_for("/cut.tif")[0].headers["accept-encoding"] == "identity"
    assert "login" in str(runner.queue.all()[3].reason)


def test_pause_comes_at_once_and_resume_goes_on(server, runner, tmp_path):
    url = server.on("/slow.tif", file_of(DATA, piece=32_768, pause_s=0.05), file_of(DATA))
    (added,) = runner.add([Wanted(url, tmp_path / "slow.tif", checksum=SHA256)])
    until(lambda: part_size(tmp_path / "slow.tif") > 100_000)
    begun = time.monotonic()
    runner.pause([added.id])
    until(lambda: states(runner) == ["paused"])
    assert time.monotonic() - begun < 0.3
    kept = part_size(tmp_path / "slow.tif")
    runner.resume([added.id])
    until(lambda: states(runner) == ["done"])
    assert (tmp_path / "slow.tif").read_bytes() == DATA
    assert server.asked_for("/slow.tif")[1].headers["range"] == f"bytes={kept}-"
