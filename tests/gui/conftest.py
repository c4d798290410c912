"""What the tests of the window share: a profile of its own, and the plugin started by QGIS."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop

from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.session import CatalogSession
from dbar_qgis_plugin.gui.catalog.wdg_body import CatalogBody
from tests.settings import settings_in

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def own_settings(qgis_app: object, tmp_path: Path) -> Iterator[None]:
    """Settings of this test alone: others run at the same time, in the same folder."""
    with settings_in(tmp_path / "settings"):
        yield


@pytest.fixture
def plugin(qgis_iface, qgis_processing, qgis_new_project, monkeypatch) -> Iterator[Any]:
    """Load and start the plugin the way QGIS does, and unload it afterwards.

    All its modules are imported for it, as in QGIS: those of tests are put aside meanwhile.
    """
    from qgis import utils

    of_tests = _taken_modules()
    monkeypatch.setattr(utils, "iface", qgis_iface)
    monkeypatch.setattr(utils, "plugin_paths", [str(ROOT)])
    utils.updateAvailablePlugins()
    assert "dbar_qgis_plugin" in utils.available_plugins
    assert utils.loadPlugin("dbar_qgis_plugin")
    assert utils.startPlugin("dbar_qgis_plugin")
    yield utils.plugins["dbar_qgis_plugin"]
    if utils.isPluginLoaded("dbar_qgis_plugin"):
        assert utils.unloadPlugin("dbar_qgis_plugin")
    _taken_modules()
    sys.modules.update(of_tests)


def _taken_modules() -> dict[str, ModuleType]:
    """Take the plugin's modules away, and return them."""
    names = [name for name in sys.modules if name.partition(".")[0] == "dbar_qgis_plugin"]
    return {name: sys.modules.pop(name) for name in names}


@pytest.fixture
def sample_data(plugin: Any) -> ModuleType:
    """The module that the started plugin uses; QGIS imports the plugin anew at each start."""
    return import_module("dbar_qgis_plugin.gui.sample_data")


@pytest.fixture
def profile(tmp_path, monkeypatch) -> Path:
    """A user's profile that holds nothing yet."""
    folder = tmp_path / "profile"
    monkeypatch.setattr(QgsApplication, "qgisSettingsDirPath", staticmethod(lambda: str(folder)))
    return folder


def until(condition: Callable[[], Any], seconds: float = 20.0) -> None:
    """Let the window work until something has happened."""
    end = time.monotonic() + seconds
    while not condition():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.002)


@pytest.fixture
def desk(qgis_iface, qgis_new_project) -> Desk:
    """What pages know of QGIS's window."""
    return Desk(qgis_iface.mapCanvas(), qgis_iface.messageBar(), qgis_iface.mainWindow())


@pytest.fixture
def session(qgis_app, profile) -> Iterator[CatalogSession]:
    """The catalog of an empty profile."""
    made = CatalogSession()
    yield made
    made.close()


def built(widget: Any) -> Any:
    """Make all that is on a page, at once."""
    for _ in widget.build():
        continue
    return widget


@pytest.fixture
def body(session, desk) -> Iterator[CatalogBody]:
    """What the catalog's dock holds, with all pages, not shown."""
    made = built(CatalogBody(session, desk))
    yield made
    for page in made.pages.values():
        page.close_page()
    made.deleteLater()
