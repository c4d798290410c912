"""The plugin in QGIS's window: started, used through its menu, and removed without a trace."""

from __future__ import annotations

import re
import threading
from importlib import import_module
from pathlib import Path

import pytest
from qgis.core import Qgis, QgsApplication, QgsProject
from qgis.PyQt.QtCore import QCoreApplication, QThread, QUrl
from qgis.PyQt.QtGui import QAction, QDesktopServices

ACTIONS = [
    "dbar_catalog",
    "dbar_land_use_efficiency",
    "dbar_land_degradation",
    "dbar_sample_land_use_efficiency",
    "dbar_sample_land_degradation",
    "dbar_help",
]


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


OF_LAYERS = ["dbar_share_layers"]


def test_the_menu(plugin, qgis_iface):
    found = actions(qgis_iface)
    assert list(found) == [*ACTIONS, *OF_LAYERS]
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
    assert removed == ["DBAR SDG Tools"] * len(ACTIONS)
    assert actions(qgis_iface) == {}
    assert QgsApplication.processingRegistry().providerById("dbar") is None


def test_without_a_window(qgis_processing):
    """qgis_process gives no interface, and asks for the provider only."""
    plugin = import_module("dbar_qgis_plugin").classFactory(None)
    plugin.initProcessing()
    assert QgsApplication.processingRegistry().algorithmById("dbar:landuseefficiency")
    plugin.unload()
    assert QgsApplication.processingRegistry().providerById("dbar") is None


@pytest.mark.parametrize(
    ("action", "algorithm"),
    [
        ("dbar_land_use_efficiency", "dbar:landuseefficiency"),
        ("dbar_land_degradation", "dbar:sdg1531"),
    ],
)
def test_the_dialog_opens(plugin, qgis_iface, monkeypatch, action, algorithm):
    opened = []
    monkeypatch.setattr("processing.execAlgorithmDialog", lambda name, _: opened.append(name))
    actions(qgis_iface)[action].trigger()
    assert opened == [algorithm]


def test_help_opens_without_a_connection(plugin, qgis_iface, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(opened.append))
    actions(qgis_iface)["dbar_help"].trigger()
    assert opened[0].isLocalFile()
    path = Path(opened[0].toLocalFile())
    page = path.read_text(encoding="utf-8")
    algorithms = QgsApplication.processingRegistry().providerById("dbar").algorithms()
    links = dict(re.findall(r'<li><a href="([^"]+)">([^<]+)</a>: \w', page))
    assert len(links) == len(algorithms) > 1
    for algorithm in algorithms:
        own = Path(QUrl(algorithm.helpUrl()).toLocalFile())
        assert own.parent == path.parent
        assert links[own.name]
    assert "<h2>SDG 15.3.1 Land degradation</h2>" in page


def recorded(monkeypatch, sample_data, name, before=lambda: None):
    """Have a sample call something before it is written; return the threads that wrote it."""
    threads = []
    sample = getattr(sample_data, name)

    def write(folder, *, progress):
        threads.append(threading.current_thread())
        before()
        return sample.write(folder, progress=progress)

    monkeypatch.setattr(sample_data, name, sample._replace(write=write))
    return threads


def legend(layer) -> list[str]:
    return [item.label for item in layer.renderer().classes()]


def test_sample_data_is_loaded_in_the_background(
    plugin, sample_data, qgis_iface, profile, monkeypatch
):
    threads = recorded(monkeypatch, sample_data, "LAND_USE_EFFICIENCY")
    project = QgsProject.instance()
    action = actions(qgis_iface)["dbar_sample_land_use_efficiency"]
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

    folder = profile / "dbar" / "sample_land_use_efficiency"
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    assert cities.source().startswith(str(folder))

    # The second time the files are there already.
    action.trigger()
    wait(lambda: len(project.mapLayers()) == 26)
    assert len(threads) == 1


def test_sample_data_of_land_degradation(plugin, sample_data, qgis_iface, profile, monkeypatch):
    threads = recorded(monkeypatch, sample_data, "LAND_DEGRADATION")
    zoomed = []
    monkeypatch.setattr(
        qgis_iface,
        "zoomToActiveLayer",
        lambda: zoomed.append(qgis_iface.activeLayer().name()),
        raising=False,
    )
    project = QgsProject.instance()
    actions(qgis_iface)["dbar_sample_land_degradation"].trigger()
    wait(lambda: len(project.mapLayers()) == 9)
    assert threads[0] is not threading.main_thread()
    assert zoomed == ["Provinces (sample)"]

    group = project.layerTreeRoot().children()[0]
    assert group.name() == "Sample data (SDG 15.3.1)"
    assert [node.name() for node in group.children()] == [
        "Provinces (sample)",
        "Land cover",
        "Annual NDVI 2000–2023",
        "Soil organic carbon (t/ha) 2000",
        "IPCC climate zones",
        "Soil types",
        "Population 2020",
    ]
    layers = {node.name(): node.layer() for node in group.findLayers()}
    assert all(layer.isValid() for layer in layers.values())
    assert list(layers)[1:4] == ["Land cover 2023", "Land cover 2015", "Land cover 2000"]
    shown = [node.name() for node in group.findLayers() if node.isVisible()]
    assert shown == ["Provinces (sample)", "Land cover 2023"]

    assert layers["Provinces (sample)"].labeling().settings().fieldName == "name"
    assert legend(layers["Land cover 2000"])[0] == "Tree-covered areas"
    ndvi = layers["Annual NDVI 2000–2023"]
    assert ndvi.renderer().type() == "singlebandpseudocolor"
    assert ndvi.renderer().inputBand() == ndvi.bandCount() == 24
    # Every value of the rasters of classes is in the legend.
    for name in ("Land cover 2023", "IPCC climate zones", "Soil types"):
        provider = layers[name].dataProvider()
        block = provider.block(
            1, layers[name].extent(), layers[name].width(), layers[name].height()
        )
        cells = set(bytes(block.data())) - {int(provider.sourceNoDataValue(1))}
        assert cells == {item.value for item in layers[name].renderer().classes()}, name


def test_both_samples_at_once(plugin, sample_data, qgis_iface, profile, monkeypatch):
    """One that is still being written does not keep the other from being loaded."""
    go_on = threading.Event()
    recorded(monkeypatch, sample_data, "LAND_USE_EFFICIENCY", lambda: go_on.wait(30))
    project = QgsProject.instance()
    found = actions(qgis_iface)
    found["dbar_sample_land_use_efficiency"].trigger()
    found["dbar_sample_land_degradation"].trigger()
    wait(lambda: len(project.mapLayers()) == 9)
    go_on.set()
    wait(lambda: len(project.mapLayers()) == 22)
    names = [node.name() for node in project.layerTreeRoot().children()]
    assert names == ["Sample data (SDG 11.3.1)", "Sample data (SDG 15.3.1)"]


def test_sample_data_that_cannot_be_written_is_told(plugin, qgis_iface, profile):
    profile.write_text("a file where the folder should be", encoding="utf-8")
    actions(qgis_iface)["dbar_sample_land_degradation"].trigger()
    bar = qgis_iface.messageBar()
    wait(lambda: bar.get_messages(Qgis.MessageLevel.Warning))
    assert not QgsProject.instance().mapLayers()


def test_sample_data_cancelled_before_its_turn(plugin, sample_data, profile):
    """QGIS then never runs the task, but says that it has ended."""
    told = []
    task = sample_data.SampleDataTask(sample_data.LAND_DEGRADATION, told.append)
    task.finished(False)
    assert told == [task]
    assert type(task.error).__name__ == "Cancelled"


def test_unloading_stops_the_sample_data(plugin, sample_data, qgis_iface, profile, monkeypatch):
    from qgis import utils

    started, go_on = threading.Event(), threading.Event()

    def wait_for_unloading():
        started.set()
        go_on.wait(30)

    recorded(monkeypatch, sample_data, "LAND_USE_EFFICIENCY", wait_for_unloading)
    actions(qgis_iface)["dbar_sample_land_use_efficiency"].trigger()
    assert started.wait(30)
    assert utils.unloadPlugin("dbar_qgis_plugin")
    go_on.set()
    wait(lambda: QgsApplication.taskManager().countActiveTasks() == 0)
    assert not QgsProject.instance().mapLayers()
    assert not list((profile / "dbar").iterdir())
