"""The queue of transfers: order, limits, pausing, failing, and surviving the program's end."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.model import parse_item
from dbar_qgis_plugin.catalog.transfers.download import Wanted, part_size
from dbar_qgis_plugin.catalog.transfers.queue import State, TransferQueue
from dbar_qgis_plugin.catalog.transfers.runner import TransferRunner
from dbar_qgis_plugin.errors import OutputError
from tests.servers.misbehaving import Answer, file_of, login_page, misbehaving_server
from tests.servers.plain_transport import PlainTransport

DATA = b"II*\0" + bytes(range(256)) * 800
SHA256 = "1220" + hashlib.sha256(DATA).hexdigest()
SECRET = "s3cr3t"


@pytest.fixture
def server():
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def queue(tmp_path):
    made = TransferQueue(tmp_path / "profile" / "transfers.sqlite")
    yield made
    made.close()


def plain_route(transfer):
    return transfer.url, Http(PlainTransport(), timeout_s=5.0)


@pytest.fixture
def runner(queue):
    made = TransferRunner(queue, plain_route, lambda _transfer, _fetched: None)
    yield made
    made.close()


def wanted(url: str, folder: Path, name: str = "a.tif", **facts) -> Wanted:
    return Wanted(url, folder / name, **facts)


def until(condition, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def states(queue) -> list[str]:
    return [transfer.state.value for transfer in queue.all()]


def slow(**facts):
    return file_of(DATA, piece=8192, pause_s=0.02, **facts)


def test_what_is_added_is_fetched_and_told(server, queue, runner, tmp_path):
    received, heard = [], []
    runner = TransferRunner(queue, plain_route, lambda *both: received.append(both))
    runner.listen(lambda transfer, speed: heard.append((transfer.state, transfer.done, speed)))
    assert runner.start()
    url = server.on("/a.tif", file_of(DATA))
    item = {"id": "x", "links": [{"href": f"https://a.org/?token={SECRET}"}]}
    (added,) = runner.add([wanted(url, tmp_path, checksum=SHA256, item=item, asset="red")], "c1")
    until(lambda: states(queue) == ["done"])
    assert (tmp_path / "a.tif").read_bytes() == DATA
    ((transfer, fetched),) = received
    assert (transfer.id, transfer.connection, transfer.asset) == (added.id, "c1", "red")
    assert fetched.is_checked
    until(lambda: heard[-1][0] is State.DONE)
    assert [state for state, _, speed in heard if speed is None] == ["waiting", "running", "done"]
    assert heard[-1][1] == len(DATA)
    assert any(speed is not None and speed.total == len(DATA) for _, _, speed in heard)
    assert queue.get(added.id).item["id"] == "x"


def test_no_more_than_four_at_a_time_and_two_from_a_server(server, queue, runner, tmp_path):
    urls = []
    for number in range(4):
        url = server.on(f"/{number}.tif", file_of(DATA, stall_after=0))
        urls += [url, url.replace(server.url, server.other_url)]
    third = "http://127.0.0.2:9/c.tif"
    with misbehaving_server() as other:
        urls += [other.on(f"/{n}.tif", file_of(DATA, stall_after=0)) for n in range(2)]
        runner.add([wanted(url, tmp_path, f"{n}.tif") for n, url in enumerate(urls)])
        runner.add([wanted(third, tmp_path, "third.tif")])
        assert runner.start()
        # Two of each of the first two servers, in order; nothing is left for the third.
        until(lambda: states(queue).count("running") == 4)
        running = [t.url for t in queue.all() if t.state is State.RUNNING]
        assert running == [urls[0], urls[1], urls[2], urls[3]]
        time.sleep(0.1)
        assert other.asked == []
        # One place less at the first server: its next; and only then the third server's.
        ids = [transfer.id for transfer in queue.all()]
        runner.pause([ids[0], ids[2], ids[4], ids[6]])
        until(lambda: states(queue)[:8].count("running") == 2 and len(other.asked) == 2)
        assert states(queue)[8:] == ["running", "running", "waiting"]


def test_pause_and_resume(server, queue, runner, tmp_path):
    url = server.on("/a.tif", slow(), file_of(DATA))
    runner.start()
    (added,) = runner.add([wanted(url, tmp_path, checksum=SHA256)])
    until(lambda: part_size(tmp_path / "a.tif") > 20_000)
    begun = time.monotonic()
    runner.pause([added.id])
    until(lambda: states(queue) == ["paused"])
    assert time.monotonic() - begun < 0.3
    kept = queue.get(added.id).done
    assert kept == part_size(tmp_path / "a.tif") > 20_000
    runner.resume([added.id])
    until(lambda: states(queue) == ["done"])
    assert server.asked_for("/a.tif")[1].headers["range"] == f"bytes={kept}-"


def test_pause_and_resume_at_once(server, queue, runner, tmp_path):
    url = server.on("/a.tif", slow(), file_of(DATA))
    runner.start()
    (added,) = runner.add([wanted(url, tmp_path, checksum=SHA256)])
    until(lambda: part_size(tmp_path / "a.tif") > 0)
    runner.pause([added.id])
    runner.resume([added.id])
    until(lambda: states(queue) == ["done"])


def test_cancel_drops_what_came_and_resume_begins_anew(server, queue, runner, tmp_path):
    url = server.on("/a.tif", slow(), file_of(DATA))
    runner.start()
    (added,) = runner.add([wanted(url, tmp_path / "files")])
    until(lambda: part_size(tmp_path / "files" / "a.tif") > 0)
    runner.cancel([added.id])
    until(lambda: states(queue) == ["cancelled"])
    assert list((tmp_path / "files").iterdir()) == []
    runner.resume([added.id])
    until(lambda: states(queue) == ["done"])
    assert "range" not in server.asked_for("/a.tif")[1].headers


def test_those_that_wait_are_paused_and_cancelled_without_a_start(queue, runner, tmp_path):
    first, second = runner.add([wanted(f"http://a.org/{n}.tif", tmp_path, n) for n in "ab"])
    runner.pause([first.id])
    runner.cancel([second.id])
    assert states(queue) == ["paused", "cancelled"]
    runner.pause([second.id])  # nothing to pause
    runner.cancel([first.id])
    assert states(queue) == ["cancelled", "cancelled"]


def test_a_failure_says_why_without_secrets_and_is_tried_again(server, queue, runner, tmp_path):
    body = json.dumps({"detail": "not for you"}).encode()
    url = server.on("/a.tif", Answer(403, {}, body), login_page(), file_of(DATA))
    runner.start()
    (added,) = runner.add([wanted(f"{url}?token={SECRET}", tmp_path)])
    until(lambda: states(queue) == ["failed"])
    reason = queue.get(added.id).reason
    assert "not for you" in str(reason)
    assert "{url}" in reason.template  # to be translated
    runner.resume([added.id])
    until(lambda: states(queue) == ["failed"] and "login" in str(queue.get(added.id).reason))
    runner.resume([added.id])
    until(lambda: states(queue) == ["done"])
    assert queue.get(added.id).reason is None


def test_an_error_of_who_receives_a_file_is_told_and_the_file_stays(server, queue, tmp_path):
    faults = [RuntimeError(f"no; key={SECRET}")]

    def receive(_transfer, _fetched):
        if faults:
            raise faults.pop()

    runner = TransferRunner(queue, plain_route, receive)
    runner.start()
    (added,) = runner.add([wanted(server.on("/a.tif", file_of(DATA)), tmp_path)])
    until(lambda: states(queue) == ["failed"])
    assert "RuntimeError: no; key=…" in str(queue.get(added.id).reason)
    runner.resume([added.id])
    until(lambda: states(queue) == ["done"])
    assert len(server.asked_for("/a.tif")) == 1
    runner.close()


def test_a_listener_that_fails_ends_nothing(server, queue, runner, tmp_path):
    def fail(_transfer, _speed):
        raise RuntimeError

    stop = runner.listen(fail)
    runner.start()
    runner.add([wanted(server.on("/a.tif", file_of(DATA)), tmp_path)])
    until(lambda: states(queue) == ["done"])
    stop()


def test_order(queue, runner, tmp_path):
    ids = [t.id for t in runner.add([wanted(f"http://a.org/{n}", tmp_path, n) for n in "abcd"])]
    queue.move([ids[3], ids[2]], before=ids[0])
    assert [t.path.name for t in queue.all()] == ["d", "c", "a", "b"]
    queue.move([ids[3]])
    assert [t.path.name for t in queue.all()] == ["c", "a", "b", "d"]
    runner.cancel([ids[0]])
    queue.remove([ids[0], ids[1]])  # only what has ended
    assert [t.path.name for t in queue.all()] == ["c", "b", "d"]
    with pytest.raises(KeyError):
        queue.get(ids[0])


def test_the_same_file_stands_in_the_queue_once(server, queue, runner, tmp_path):
    url = server.on("/a.tif", file_of(DATA))
    (first,) = runner.add([wanted(url, tmp_path)])
    (again,) = runner.add([wanted(url, tmp_path, "A.tif")])
    assert first.id == again.id
    runner.start()
    until(lambda: states(queue) == ["done"])
    runner.add([wanted(url, tmp_path)])
    until(lambda: states(queue) == ["done"])
    assert len(server.asked_for("/a.tif")) == 1


def test_nothing_secret_is_written(server, queue, runner, tmp_path):
    url = server.on("/a.tif", slow()) + f"?X-Amz-Signature={SECRET}&x=1"
    (added,) = runner.add([wanted(url, tmp_path / "files", item={"assets": {"a": {"href": url}}})])
    runner.start()
    until(lambda: part_size(tmp_path / "files" / "a.tif") > 0)
    assert queue.get(added.id).url == url  # as long as the program runs
    runner.pause([added.id])
    until(lambda: states(queue) == ["paused"])
    runner.close()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


def test_a_signed_address_is_asked_for_again_after_a_restart(server, tmp_path):
    path = tmp_path / "transfers.sqlite"
    url = server.on("/a.tif", file_of(DATA))
    first = TransferQueue(path)
    first.add([wanted(f"{url}?sig={SECRET}", tmp_path / "files")], "c1")
    first.close()
    for route, state in (
        (plain_route, "failed"),
        (lambda t: (f"{url}?sig=new", plain_route(t)[1]), "done"),
    ):
        queue = TransferQueue(path)
        (transfer,) = queue.all()
        assert transfer.lacks_secret
        runner = TransferRunner(queue, route, lambda *_: None)
        runner.start()
        runner.resume([transfer.id])
        until(lambda queue=queue, state=state: states(queue) == [state])
        if state == "failed":
            assert "signed" in str(queue.get(transfer.id).reason)
            assert server.asked == []
        runner.close()


def test_close_keeps_what_runs_for_the_next_start(server, tmp_path):
    path = tmp_path / "transfers.sqlite"
    url = server.on("/a.tif", slow(), file_of(DATA))
    for state in ("waiting", "done"):
        queue = TransferQueue(path)
        runner = TransferRunner(queue, plain_route, lambda *_: None)
        runner.start()
        if state == "waiting":
            runner.add([wanted(url, tmp_path, checksum=SHA256)])
            until(lambda: part_size(tmp_path / "a.tif") > 0)
            begun = time.monotonic()
            runner.close()
            assert time.monotonic() - begun < 0.4
            with sqlite3.connect(path) as db:
                assert db.execute("SELECT state FROM transfers").fetchall() == [("waiting",)]
            db.close()
        else:
            until(lambda queue=queue: states(queue) == ["done"])
            runner.close()
    assert server.asked_for("/a.tif")[1].headers["range"].startswith("bytes=")


def test_one_program_at_a_time_runs_a_queue(tmp_path):
    first, second = (TransferQueue(tmp_path / "transfers.sqlite") for _ in range(2))
    assert first.take_over()
    assert first.take_over()
    assert not second.take_over()
    assert not TransferRunner(second, plain_route, lambda *_: None).start()
    second.add([wanted("http://a.org/a.tif", tmp_path)])
    assert states(first) == ["waiting"]
    first.close()
    assert second.take_over()
    second.close()


def test_a_damaged_file_is_put_aside(tmp_path):
    path = tmp_path / "transfers.sqlite"
    path.write_bytes(b"no database" * 500)
    queue = TransferQueue(path)
    assert queue.all() == []
    queue.add([wanted("http://a.org/a.tif", tmp_path)])
    queue.close()
    assert (tmp_path / "transfers.sqlite.damaged").is_file()


def test_a_list_that_cannot_be_written_is_told(tmp_path, queue):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="list of transfers"):
        TransferQueue(tmp_path / "file" / "transfers.sqlite")
    with pytest.raises(OutputError, match="list of transfers"):
        TransferQueue(tmp_path)
    with sqlite3.connect(tmp_path / "profile" / "transfers.sqlite") as other:
        queue._db.execute("PRAGMA busy_timeout = 50")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(OutputError, match="locked"):
            queue.add([wanted("http://a.org/a.tif", tmp_path)])
    other.close()
    queue.add([wanted("http://a.org/a.tif", tmp_path)])


def test_what_is_added_together_is_added_whole_or_not_at_all(tmp_path, queue):
    broken = wanted("http://a.org/b.tif", tmp_path, "b.tif", item={"x": {1, 2}})
    with pytest.raises(TypeError):
        queue.add([wanted("http://a.org/a.tif", tmp_path), broken])
    assert queue.all() == []


def test_halves_of_characters_are_no_harm(tmp_path, queue):
    item = {"id": "\ud800", "\ud800": ["\udfff"]}
    url = "http://a.org/\ud800.tif"
    queue.add([wanted(url, tmp_path, item=item, asset="\ud800", media_type="\ud800")])
    (transfer,) = queue.all()
    assert transfer.item == {"id": "?", "?": ["?"]}


def test_from_many_threads(queue, runner, tmp_path):
    def add(number):
        for name in range(10):
            runner.add([wanted(f"http://a.org/{number}", tmp_path, f"{number}_{name}")])

    threads = [threading.Thread(target=add, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({transfer.path for transfer in queue.all()}) == 60


def scene(**assets):
    raw = {
        "id": "S2/../x",
        "collection": "con",
        "assets": {
            key: {"href": href, "type": "image/tiff", "file:size": 5}
            for key, href in assets.items()
        },
    }
    return parse_item(raw, base="http://a.org/item.json")


def test_where_files_of_an_item_go(server, queue, tmp_path):
    item = scene(red="http://a.org/r/B.tif?sig=1", nir="http://a.org/n/b.TIF", x="../..\\evil.tif")
    planned = queue.plan(item, item.assets, tmp_path)
    place = tmp_path / "_con" / "S2_.._x"
    assert [plan.path for plan in planned] == [
        place / "B.tif",
        place / "nir_b.TIF",
        place / "_evil.tif",
    ]
    assert planned[0].size == 5
    queue.add(planned)
    again = scene(
        nir="http://a.org/n/b.TIF", red="http://a.org/r/B.tif?sig=2", y="http://b.org/B.tif"
    )
    assert [plan.path.name for plan in queue.plan(again, again.assets, tmp_path)] == [
        "nir_b.TIF",
        "B.tif",
        "y_B.tif",
    ]


def test_a_file_that_is_there_keeps_its_name(server, queue, runner, tmp_path):
    item = scene(red=server.on("/B.tif", file_of(DATA[:5])))
    runner.start()
    (added,) = runner.add(queue.plan(item, item.assets, tmp_path))
    until(lambda: states(queue) == ["done"])
    queue.remove([added.id])
    other = scene(red="http://b.org/B.tif")
    assert queue.plan(item, item.assets, tmp_path)[0].path == added.path
    assert queue.plan(other, other.assets, tmp_path)[0].path.name == "red_B.tif"


KILLED = """
import sys, time
from pathlib import Path
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.transfers.download import Wanted
from dbar_qgis_plugin.catalog.transfers.queue import TransferQueue
from dbar_qgis_plugin.catalog.transfers.runner import TransferRunner
from tests.servers.plain_transport import PlainTransport
folder = Path(sys.argv[1])
runner = TransferRunner(
    TransferQueue(folder / "transfers.sqlite"),
    lambda transfer: (transfer.url, Http(PlainTransport())),
    lambda transfer, fetched: None,
)
runner.start()
runner.add([Wanted(url, folder / f"{n}.tif") for n, url in enumerate(sys.argv[2:])])
time.sleep(60)
"""


def test_a_killed_program_resumes_its_transfers(server, tmp_path):
    urls = [
        server.on(f"/{n}.tif", file_of(DATA, piece=8192, pause_s=0.1), file_of(DATA))
        for n in range(3)
    ]
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path), *urls], cwd=root)
    half = len(DATA) // 3
    until(lambda: min(part_size(tmp_path / f"{n}.tif") for n in range(2)) > half, 30.0)
    process.kill()
    process.wait()
    queue = TransferQueue(tmp_path / "transfers.sqlite")
    assert states(queue) == ["running", "running", "waiting"]
    begun = [part_size(tmp_path / f"{n}.tif") for n in range(2)]
    runner = TransferRunner(queue, plain_route, lambda *_: None)
    assert runner.start()
    until(lambda: states(queue) == ["done"] * 3)
    for number in range(3):
        data = (tmp_path / f"{number}.tif").read_bytes()
        assert hashlib.sha256(data).hexdigest() == SHA256[4:]
    asked = [server.asked_for(f"/{n}.tif")[1].headers["range"] for n in range(2)]
    assert asked == [f"bytes={size}-" for size in begun]
    runner.close()
