"""The plugin in QGIS's window: started, used through its menu, and removed without a trace."""

from __future__ import annotations

import threading
from importlib import import_module

import pytest
from qgis.core import Qgis, QgsApplication, QgsProject
from qgis.PyQt.QtCore import QCoreApplication, QThread
from qgis.PyQt.QtGui import QAction, QDesktopServices

ACTIONS = ["dbar_land_use_efficiency", "dbar_load_sample_data", "dbar_help"]


def actions(qgis_iface) -> dict[str, QAction]:
    found = qgis_iface.mainWindow().findChildren(QAction)
    return {a.objectName(): a for a in found if a.objectName().startswith("dbar_")}


def wait(condition) -> None:
    for _ in range(600):
        QCoreApplication.processEvents()
        if condition():
            return
        QThread.msleep(50)
    pytest.fail("it took more than half a minute")


def test_the_menu(plugin, qgis_iface):
    found = actions(qgis_iface)
    assert list(found) == ACTIONS
    for action in found.values():
        assert action.text()
        assert not action.icon().isNull()
    assert QgsApplication.processingRegistry().algorithmById("dbar:landuseefficiency")


def test_unloading_leaves_nothing(plugin, qgis_iface, monkeypatch):
    from qgis import utils

    removed = []
    monkeypatch.setattr(
        qgis_iface, "removePluginMenu", lambda name, action: removed.append(name), raising=False
    )
    assert utils.unloadPlugin("dbar_qgis_plugin")
    QCoreApplication.sendPostedEvents(None, 52)  # deferred deletions
    assert removed == ["DBAR SDG Tools"] * 3
    assert actions(qgis_iface) == {}
    assert QgsApplication.processingRegistry().providerById("dbar") is None


def test_without_a_window(qgis_processing):
    """qgis_process gives no interface, and asks for the provider only."""
    plugin = import_module("dbar_qgis_plugin").classFactory(None)
    plugin.initProcessing()
    assert QgsApplication.processingRegistry().algorithmById("dbar:landuseefficiency")
    plugin.unload()
    assert QgsApplication.processingRegistry().providerById("dbar") is None


def test_the_dialog_opens(plugin, qgis_iface, monkeypatch):
    opened = []
    monkeypatch.setattr("processing.execAlgorithmDialog", lambda name, _: opened.append(name))
    actions(qgis_iface)["dbar_land_use_efficiency"].trigger()
    assert opened == ["dbar:landuseefficiency"]


def test_help_opens_without_a_connection(plugin, qgis_iface, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(opened.append))
    actions(qgis_iface)["dbar_help"].trigger()
    assert opened[0].isLocalFile()


def test_sample_data_is_loaded_in_the_background(
    plugin, sample_data, qgis_iface, profile, monkeypatch
):
    threads = []
    write = sample_data.write_sample_data

    def recorded(folder, *, progress):
        threads.append(threading.current_thread())
        return write(folder, progress=progress)

    monkeypatch.setattr(sample_data, "write_sample_data", recorded)
    project = QgsProject.instance()
    action = actions(qgis_iface)["dbar_load_sample_data"]
    action.trigger()
    action.trigger()  # a second click while it runs does nothing
    assert not project.mapLayers()
    wait(lambda: len(project.mapLayers()) == 13)
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()

    group = project.layerTreeRoot().children()[0]
    assert group.name().startswith("Sample data")
    assert [node.name() for node in group.children()] == [
        "Cities (sample)",
        "Built-up fraction",
        "Population",
    ]
    assert all(layer.isValid() for layer in project.mapLayers().values())
    names = [node.name() for node in group.children()[1].findLayers()]
    assert names[0] == "Built-up fraction 2020"
    assert names[-1] == "Built-up fraction 1990"
    shown = [node.name() for node in group.findLayers() if node.isVisible()]
    assert shown == ["Cities (sample)", "Built-up fraction 2020"]
    cities = group.children()[0].layer()
    assert cities.labelsEnabled()
    assert group.findLayers()[1].layer().renderer().type() == "singlebandpseudocolor"

    folder = profile / "dbar" / "sample_data"
    assert [path.name for path in folder.parent.iterdir()] == ["sample_data"]
    assert cities.source().startswith(str(folder))

    # The second time the files are there already.
    action.trigger()
    wait(lambda: len(project.mapLayers()) == 26)
    assert len(threads) == 1


def test_sample_data_that_cannot_be_written_is_told(plugin, qgis_iface, profile):
    profile.write_text("a file where the folder should be", encoding="utf-8")
    actions(qgis_iface)["dbar_load_sample_data"].trigger()
    bar = qgis_iface.messageBar()
    wait(lambda: bar.get_messages(Qgis.MessageLevel.Warning))
    assert not QgsProject.instance().mapLayers()


def test_unloading_stops_the_sample_data(plugin, sample_data, qgis_iface, profile, monkeypatch):
    from qgis import utils

    started, go_on = threading.Event(), threading.Event()
    write = sample_data.write_sample_data

    def slowly(folder, *, progress):
        started.set()
        go_on.wait(30)
        return write(folder, progress=progress)

    monkeypatch.setattr(sample_data, "write_sample_data", slowly)
    actions(qgis_iface)["dbar_load_sample_data"].trigger()
    assert started.wait(30)
    assert utils.unloadPlugin("dbar_qgis_plugin")
    go_on.set()
    wait(lambda: QgsApplication.taskManager().countActiveTasks() == 0)
    assert not QgsProject.instance().mapLayers()
    assert not list((profile / "dbar").iterdir())
