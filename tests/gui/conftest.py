"""What the tests of the window share: a profile of its own, and the plugin started by QGIS."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from qgis.core import QgsApplication

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def plugin(qgis_iface, qgis_processing, qgis_new_project, monkeypatch) -> Iterator[Any]:
    """Load and start the plugin the way QGIS does, and unload it afterwards."""
    from qgis import utils

    monkeypatch.setattr(utils, "iface", qgis_iface)
    monkeypatch.setattr(utils, "plugin_paths", [str(ROOT)])
    utils.updateAvailablePlugins()
    assert "dbar_qgis_plugin" in utils.available_plugins
    assert utils.loadPlugin("dbar_qgis_plugin")
    assert utils.startPlugin("dbar_qgis_plugin")
    yield utils.plugins["dbar_qgis_plugin"]
    if utils.isPluginLoaded("dbar_qgis_plugin"):
        assert utils.unloadPlugin("dbar_qgis_plugin")


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
