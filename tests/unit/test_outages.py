"""No network: transfers wait, are tried again later and later, and go on where they stopped."""

from __future__ import annotations

import hashlib
import socket
import time

import pytest

from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.transfers import outage as module
from dbar_qgis_plugin.catalog.transfers.download import Wanted, part_size
from dbar_qgis_plugin.catalog.transfers.outage import FIRST_WAIT_S, Outages
from dbar_qgis_plugin.catalog.transfers.queue import TransferQueue
from dbar_qgis_plugin.catalog.transfers.runner import TransferRunner
from dbar_qgis_plugin.raster_io.progress import message
from tests.servers.misbehaving import Answer, file_of, misbehaving_server
from tests.servers.plain_transport import PlainTransport

DATA = b"II*\0" + bytes(range(256)) * 800
SHA256 = "1220" + hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def server():
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def runner(tmp_path):
    made = TransferRunner(
        TransferQueue(tmp_path / "transfers.sqlite"),
        lambda transfer: (
            transfer.url,
            Http(PlainTransport(), timeout_s=5.0, wait=lambda _: time.sleep(0.005)),
        ),
        lambda _transfer, _fetched: None,
        waits_for_network=True,
    )
    made.start()
    yield made
    made.close()


def until(condition, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def states(runner) -> list[str]:
    return [transfer.state.value for transfer in runner.queue.all()]


def unreachable() -> str:
    """An address of this computer at which nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/x.tif"


def test_transfers_wait_for_the_network_and_go_on_where_they_stopped(server, runner, tmp_path):
    cut = file_of(DATA, cut_after=100_000)
    gone = Answer(cut_after=-1)
    url = server.on("/a.tif", cut, *[gone] * 4, file_of(DATA))
    runner.add([Wanted(url, tmp_path / "a.tif", checksum=SHA256)])
    until(lambda: runner.outage is not None and states(runner) == ["waiting"])
    (transfer,) = runner.queue.all()
    assert transfer.done == part_size(tmp_path / "a.tif") == 100_000
    assert transfer.reason is not None
    assert runner.outage.until > time.time()
    runner.try_again()
    until(lambda: states(runner) == ["done"])
    assert runner.outage is None
    assert server.asked_for("/a.tif")[-1].headers["range"] == "bytes=100000-"


def test_it_is_tried_again_by_itself(server, runner, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FIRST_WAIT_S", 0.1)
    url = server.on("/a.tif", *[Answer(cut_after=-1)] * 9, file_of(DATA))
    runner.add([Wanted(url, tmp_path / "a.tif")])
    until(lambda: states(runner) == ["done"])
    assert runner.queue.all()[0].reason is None


def test_one_server_that_is_gone_does_not_hold_up_the_others(server, runner, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_TOGETHER_S", 0.02)
    alive = server.on("/a.tif", file_of(DATA, piece=8192, pause_s=0.05))
    runner.add([Wanted(alive, tmp_path / "a.tif")])
    until(lambda: part_size(tmp_path / "a.tif") > 0)
    runner.add([Wanted(unreachable(), tmp_path / "x.tif")])
    until(lambda: states(runner) == ["done", "failed"])
    assert runner.outage is None


def test_what_is_paused_while_there_is_no_network_stays_so(runner, tmp_path):
    (added,) = runner.add([Wanted(unreachable(), tmp_path / "x.tif")])
    until(lambda: runner.outage is not None and states(runner) == ["waiting"])
    runner.pause([added.id])
    runner.try_again()
    time.sleep(0.1)
    assert states(runner) == ["paused"]


def test_waits_grow_until_a_server_answers():
    outages = Outages(lambda: None)
    waits = []
    for _ in range(8):
        assert outages.begins("a", message("gone"))
        waits.append(outages.now.until - time.time())
        outages.end()
    assert waits == pytest.approx([15, 30, 60, 120, 240, 300, 300, 300], abs=1.0)
    assert outages.begins("a", message("gone"))
    assert outages.heard("b")
    assert outages.now is None
    assert not outages.heard("b")
    assert not outages.begins("a", message("gone"))  # b has answered since
    assert FIRST_WAIT_S == 15.0


def test_another_programs_wishes_are_taken_up(server, runner, tmp_path):
    assert runner.take_up()
    assert not runner.take_up()
    other = TransferQueue(tmp_path / "transfers.sqlite")
    other.add([Wanted(server.on("/a.tif", file_of(DATA)), tmp_path / "a.tif")])
    assert runner.take_up()
    until(lambda: states(runner) == ["done"])
    other.close()
