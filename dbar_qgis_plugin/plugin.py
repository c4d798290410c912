"""The plugin: what QGIS starts and stops. The only holder of the interface to QGIS's window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsApplication, QgsProcessingAlgorithm
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator, QUrl
from qgis.PyQt.QtGui import QAction, QDesktopServices, QIcon

from dbar_qgis_plugin.about import NAME, PLUGIN_FOLDER
from dbar_qgis_plugin.processing_provider.provider import DbarProvider

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from dbar_qgis_plugin.gui.sample_data import SampleDataTask

_LAND_USE_EFFICIENCY = "landuseefficiency"


class DbarPlugin:
    """Registers the Processing provider and, where there is a window, the menu."""

    def __init__(self, interface: QgisInterface | None) -> None:
        self._iface = interface
        self._provider: DbarProvider | None = None
        self._translator: QTranslator | None = None
        self._actions: list[QAction] = []
        self._sample_task: SampleDataTask | None = None

    def initProcessing(self) -> None:
        """Register the provider; all that qgis_process asks for."""
        self._install_translator()
        self._provider = DbarProvider()
        self._provider.register()

    def initGui(self) -> None:
        """Register the provider and fill the menu."""
        self.initProcessing()
        translate = QCoreApplication.translate
        self._add_action(
            "dbar_land_use_efficiency",
            translate("Dbar", "Land use efficiency (SDG 11.3.1)…"),
            self._land_use_efficiency().icon(),
            self._open_land_use_efficiency,
        )
        self._add_action(
            "dbar_load_sample_data",
            translate("Dbar", "Load sample data"),
            QgsApplication.getThemeIcon("/mActionAddGroup.svg"),
            self._load_sample_data,
        )
        self._add_action(
            "dbar_help",
            translate("Dbar", "Help"),
            QgsApplication.getThemeIcon("/mActionHelpContents.svg"),
            self._open_help,
        )

    def unload(self) -> None:
        """Remove everything that the plugin has added to QGIS."""
        for action in self._actions:
            self._iface.removePluginMenu(NAME, action)
            action.deleteLater()
        self._actions.clear()
        if self._sample_task is not None:
            self._sample_task.abandon()
            self._sample_task = None
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None

    def _install_translator(self) -> None:
        translator = QTranslator()
        locale = QLocale(QgsApplication.locale())
        # Without a translation into the language of QGIS the texts stay English.
        if translator.load(locale, "dbar", "_", str(PLUGIN_FOLDER / "i18n")):
            QCoreApplication.installTranslator(translator)
            self._translator = translator

    def _add_action(
        self, name: str, text: str, icon: QIcon, on_triggered: Callable[[], None]
    ) -> None:
        action = QAction(icon, text, self._iface.mainWindow())
        action.setObjectName(name)
        action.triggered.connect(lambda _checked=False: on_triggered())
        self._iface.addPluginToMenu(NAME, action)
        self._actions.append(action)

    def _land_use_efficiency(self) -> QgsProcessingAlgorithm:
        return self._provider.algorithm(_LAND_USE_EFFICIENCY)

    def _open_land_use_efficiency(self) -> None:
        from processing import execAlgorithmDialog

        execAlgorithmDialog(self._land_use_efficiency().id(), {})

    def _open_help(self) -> None:
        QDesktopServices.openUrl(QUrl(self._land_use_efficiency().helpUrl()))

    def _load_sample_data(self) -> None:
        from dbar_qgis_plugin.gui.sample_data import SampleDataTask

        if self._sample_task is not None:
            return
        self._sample_task = SampleDataTask(self._sample_data_ready)
        QgsApplication.taskManager().addTask(self._sample_task)

    def _sample_data_ready(self, task: SampleDataTask) -> None:
        from dbar_qgis_plugin.gui.sample_data import add_sample_layers

        self._sample_task = None
        bar = self._iface.messageBar()
        if task.error is not None:
            text = self._provider.message_of(task.error)
            bar.pushMessage(NAME, text, Qgis.MessageLevel.Warning)
            return
        cities = add_sample_layers(task.folder)
        self._iface.setActiveLayer(cities)
        self._iface.zoomToActiveLayer()
        text = QCoreApplication.translate(
            "Dbar", "The sample data is loaded. Its files are in {folder}."
        )
        bar.pushMessage(NAME, text.format(folder=task.folder), Qgis.MessageLevel.Success)
