"""A QGIS that is killed in the middle of its transfers, and started again."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dbar_qgis_plugin.catalog.transfers.download import part_size
from tests.servers.misbehaving import file_of, misbehaving_server

ROOT = Path(__file__).resolve().parents[2]
DATA = b"II*\0" + bytes(range(256)) * 2000
SHA256 = "1220" + hashlib.sha256(DATA).hexdigest()

# Started with a profile, and addresses that are wanted; ends when nothing is under way.
PROGRAM = """
import json, sys, time
from pathlib import Path
from qgis.core import QgsApplication
profile = Path(sys.argv[1])
QgsApplication.qgisSettingsDirPath = staticmethod(lambda: str(profile))
app = QgsApplication([], False)
app.initQgis()
from dbar_qgis_plugin.catalog.transfers.download import Wanted
from dbar_qgis_plugin.gui.catalog.session import CatalogSession
session = CatalogSession()
folder = session.library.data.folder / "viirs" / "scene"
session.transfers.add(
    [
        Wanted(url, folder / f"{n}.tif", checksum=sys.argv[2], asset=f"a{n}",
               item={"id": "scene", "collection": "viirs"})
        for n, url in enumerate(sys.argv[3:])
    ]
)
while any(t.state in ("waiting", "running") for t in session.transfers.queue.all()):
    app.processEvents()
    time.sleep(0.02)
(item,) = session.library.data.items_of_file(folder / "0.tif")
print(json.dumps({"states": [t.state for t in session.transfers.queue.all()],
                  "assets": sorted(session.library.data.files(item))}))
session.close()
app.exitQgis()
"""


@pytest.fixture
def server():
    with misbehaving_server() as running:
        yield running


def start(profile: Path, *urls: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(profile), SHA256, *urls],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_killed_qgis_resumes_its_transfers(server, tmp_path):
    profile = tmp_path / "profile"
    urls = [
        server.on(f"/{n}.tif", file_of(DATA, piece=8192, pause_s=0.1), file_of(DATA))
        for n in range(3)
    ]
    process = start(profile, *urls)
    folder = profile / "dbar" / "catalog" / "viirs" / "scene"
    end = time.monotonic() + 60.0
    while min(part_size(folder / f"{n}.tif") for n in range(2)) < 100_000:
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    begun = [part_size(folder / f"{n}.tif") for n in range(2)]
    assert not (folder / "0.tif").exists()
    again = start(profile)
    out, errors = again.communicate(timeout=60)
    assert again.returncode == 0, errors
    found = json.loads(out.splitlines()[-1])
    assert found == {"states": ["done"] * 3, "assets": ["a0", "a1", "a2"]}
    for number in range(3):
        assert (folder / f"{number}.tif").read_bytes() == DATA
        assert not (folder / f"{number}.tif.part").exists()
    asked = [server.asked_for(f"/{n}.tif")[1].headers["range"] for n in range(2)]
    assert asked == [f"bytes={size}-" for size in begun]
