"""The first opening of the catalog in a QGIS that has just started: nothing holds its window up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.gui.watchdog import best_of

ROOT = Path(__file__).resolve().parents[2]
MOST_MS = 50.0

# Started with a profile: QGIS's window and its map, the plugin started as QGIS does it, and the
# catalog opened through the menu, until all that it begins with has ended.
PROGRAM = """
import json, sys, time
from pathlib import Path
from qgis.core import QgsApplication
profile = Path(sys.argv[1])
QgsApplication.qgisSettingsDirPath = staticmethod(lambda: str(profile))
app = QgsApplication([], True)
app.initQgis()
sys.path.append(str(Path(app.pkgDataPath()) / "python" / "plugins"))

from qgis import utils
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtGui import QAction
from qgis.PyQt.QtWidgets import QLabel, QMainWindow
from processing.core.Processing import Processing
from tests.gui.watchdog import Watchdog

Processing.initialize()
window = QMainWindow()
window.setStyleSheet("QToolButton { padding: 1px; }")  # as QGIS's window, it has one
canvas = QgsMapCanvas(window)
window.setCentralWidget(canvas)
bar = QgsMessageBar(window)


class Interface:
    mainWindow = staticmethod(lambda: window)
    mapCanvas = staticmethod(lambda: canvas)
    messageBar = staticmethod(lambda: bar)
    addTabifiedDockWidget = staticmethod(lambda area, dock, *_: window.addDockWidget(area, dock))
    removeDockWidget = staticmethod(window.removeDockWidget)

    def __getattr__(self, name):
        return lambda *_: None


utils.iface = Interface()
utils.plugin_paths = [sys.argv[2]]
utils.updateAvailablePlugins()
window.resize(1200, 800)
window.show()
assert utils.loadPlugin("dbar_qgis_plugin") and utils.startPlugin("dbar_qgis_plugin")
plugin = utils.plugins["dbar_qgis_plugin"]


def wait(condition, seconds=60.0):
    # Within Qt's own loop: whoever asks for events in a loop of Python waits for its threads.
    end, asking = time.monotonic() + seconds, QTimer()
    asking.timeout.connect(lambda: app.exit() if condition() or time.monotonic() > end else None)
    asking.start(20)
    app.exec()
    assert condition()


def wait_s(seconds):
    end = time.monotonic() + seconds
    wait(lambda: time.monotonic() > end)


wait_s(0.5)
known, found, longest = set(sys.modules), [], {}
with Watchdog() as dog:
    window.findChild(QAction, "dbar_catalog").trigger()
    dock = plugin.show_catalog()
    assert dock.isVisible() and dock.findChild(QLabel, "dbar_catalog_opening").isVisible()
    dock.when_ready(found.append)
    wait(lambda: found)
    assert found[0].isVisible()
    wait_s(0.2)
longest["pages"] = dog.longest_ms
with Watchdog() as dog:
    wait(lambda: not found[0].session.jobs.is_running("sample"))
    wait_s(0.5)
longest["sample"] = dog.longest_ms
with Watchdog() as dog:
    for page in found[0].pages:
        found[0].show_page(page)
        wait_s(0.3)
longest["turning"] = dog.longest_ms
own = [name for name in set(sys.modules) - known if name.startswith("dbar_qgis_plugin.gui")]
print(json.dumps({"longest_ms": longest, "imported": len(own)}))
assert utils.unloadPlugin("dbar_qgis_plugin")
app.processEvents()
"""


def opened(profile: Path) -> dict[str, float]:
    """Open the catalog in a process of its own, and return how long it was held up at most."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(profile), str(ROOT)],
        cwd=ROOT,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": os.pathsep.join(paths),
            "QGIS_CUSTOM_CONFIG_PATH": str(profile / "config"),
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["imported"] > 50, "the modules were there already"
    return told["longest_ms"]


def test_the_window_is_never_held_up(tmp_path):
    seen = []

    def measure() -> float:
        seen.append(opened(tmp_path / str(len(seen))))
        return max(seen[-1].values())

    assert best_of(4, measure, MOST_MS) <= MOST_MS, seen
