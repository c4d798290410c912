"""The plugin: what QGIS starts and stops. The only holder of the interface to QGIS's window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsApplication
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QLocale, Qt, QTranslator, QUrl
from qgis.PyQt.QtGui import QAction, QDesktopServices, QIcon

from dbar_qgis_plugin.about import NAME, PLUGIN_FOLDER
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.processing_provider.dialogs import set_maker
from dbar_qgis_plugin.processing_provider.provider import DbarProvider

if TYPE_CHECKING:
    from qgis.core import QgsProcessingAlgorithm
    from qgis.gui import QgisInterface
    from qgis.PyQt.QtWidgets import QWidget

    from dbar_qgis_plugin.gui.catalog.desk import Desk
    from dbar_qgis_plugin.gui.catalog.dock import CatalogDock
    from dbar_qgis_plugin.gui.catalog.wdg_body import CatalogBody
    from dbar_qgis_plugin.gui.sample_data import Sample, SampleDataTask

_LAND_USE_EFFICIENCY = "landuseefficiency"
_LAND_DEGRADATION = "sdg1531"


class DbarPlugin:
    """Registers the Processing provider and, where there is a window, the menu."""

    def __init__(self, interface: QgisInterface | None) -> None:
        self._iface = interface
        self._provider: DbarProvider | None = None
        self._translator: QTranslator | None = None
        self._actions: list[QAction] = []
        self._sample_tasks: list[SampleDataTask] = []
        self._catalog: CatalogDock | None = None
        self._share: QAction | None = None

    def initProcessing(self) -> None:
        """Register the provider; all that qgis_process asks for."""
        self._install_translator()
        self._provider = DbarProvider()
        self._provider.register()

    def initGui(self) -> None:
        """Register the provider and fill the menu."""
        self.initProcessing()
        set_maker(self._make_dialog)
        translate = QCoreApplication.translate
        self._add_action(
            "dbar_catalog",
            translate("Dbar", "SDG Data Catalog"),
            QgsApplication.getThemeIcon("/search.svg"),
            self.show_catalog,
        )
        for name, text, algorithm in (
            (
                "dbar_land_use_efficiency",
                translate("Dbar", "Land use efficiency (SDG 11.3.1)…"),
                _LAND_USE_EFFICIENCY,
            ),
            (
                "dbar_land_degradation",
                translate("Dbar", "Land degradation, all steps (SDG 15.3.1)…"),
                _LAND_DEGRADATION,
            ),
        ):
            icon = self._provider.algorithm(algorithm).icon()
            self._add_action(name, text, icon, partial(self._open_dialog, algorithm))
        icon = QgsApplication.getThemeIcon("/mActionAddGroup.svg")
        self._add_action(
            "dbar_sample_land_use_efficiency",
            translate("Dbar", "Load sample data (SDG 11.3.1)"),
            icon,
            self._load_land_use_efficiency,
        )
        self._add_action(
            "dbar_sample_land_degradation",
            translate("Dbar", "Load sample data (SDG 15.3.1)"),
            icon,
            self._load_land_degradation,
        )
        self._add_action(
            "dbar_help",
            translate("Dbar", "Help"),
            QgsApplication.getThemeIcon("/mActionHelpContents.svg"),
            self._open_help,
        )
        self._add_layer_action()

    def unload(self) -> None:
        """Remove everything that the plugin has added to QGIS."""
        set_maker(None)
        if self._iface is not None and self._provider is not None:
            self._close_dialogs()
        self._remove_catalog()
        if self._share is not None:
            self._iface.removeCustomActionForLayerType(self._share)
            self._share.deleteLater()
            self._share = None
        for action in self._actions:
            self._iface.removePluginMenu(NAME, action)
            action.deleteLater()
        self._actions.clear()
        for task in self._sample_tasks:
            task.abandon()
        self._sample_tasks.clear()
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None

    def show_catalog(self) -> CatalogDock:
        """Show the dock of the catalog, made when it is first wanted; its pages come soon."""
        from dbar_qgis_plugin.gui.catalog.dock import make_dock

        if self._catalog is None:
            self._catalog = make_dock(
                self._iface.mapCanvas(), self._iface.messageBar(), self._iface.mainWindow()
            )
            self._catalog.failed.connect(self._catalog_failed)
            right = Qt.DockWidgetArea.RightDockWidgetArea
            self._iface.addTabifiedDockWidget(right, self._catalog, [], True)
        self._catalog.setUserVisible(True)
        return self._catalog

    def _catalog_failed(self, error: Exception) -> None:
        self._remove_catalog()
        if not isinstance(error, DbarError):
            raise error
        text = self._provider.message_of(error)
        self._iface.messageBar().pushMessage(NAME, text, Qgis.MessageLevel.Warning)

    def _remove_catalog(self) -> None:
        if self._catalog is not None:
            self._iface.removeDockWidget(self._catalog)
            self._catalog.close_all()
            self._catalog.deleteLater()
            self._catalog = None

    def _make_dialog(
        self, algorithm: QgsProcessingAlgorithm, parent: QWidget | None
    ) -> QWidget | None:
        """Make the dialog of an algorithm, whose inputs the catalog can fill."""
        from dbar_qgis_plugin.gui.catalog.actions.dlg_algorithm import make_dialog

        return make_dialog(algorithm, parent, self._catalog_desk)

    def _close_dialogs(self) -> None:
        """Close the dialogs of algorithms: their inputs would ask a provider that is gone.

        QGIS deletes them: one whose algorithm runs, such as those of batches, when that has ended.
        """
        from qgis.gui import QgsProcessingAlgorithmDialogBase
        from qgis.PyQt.QtWidgets import QApplication

        own = {algorithm.id() for algorithm in self._provider.algorithms()}
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, QgsProcessingAlgorithmDialogBase):
                algorithm = dialog.algorithm()
                if algorithm is not None and algorithm.id() in own:
                    dialog.close()

    def _catalog_desk(self) -> Desk:
        return self.show_catalog().desk

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

    def _add_layer_action(self) -> None:
        """Offer to share rasters, in the menu of a layer."""
        text = QCoreApplication.translate("Dbar", "Share through a catalog…")
        icon = QgsApplication.getThemeIcon("/mActionSharing.svg")
        self._share = QAction(icon, text, self._iface.mainWindow())
        self._share.setObjectName("dbar_share_layers")
        self._share.triggered.connect(lambda _checked=False: self._share_layers())
        self._iface.addCustomActionForLayerType(self._share, "", Qgis.LayerType.Raster, True)

    def _share_layers(self) -> None:
        layers = self._iface.layerTreeView().selectedLayersRecursive()

        def share(body: CatalogBody) -> None:
            body.publisher.share_layers([one for one in layers if not sip.isdeleted(one)])

        self.show_catalog().when_ready(share)

    def _open_dialog(self, algorithm: str) -> None:
        from processing import execAlgorithmDialog

        execAlgorithmDialog(self._provider.algorithm(algorithm).id(), {})

    def _open_help(self) -> None:
        QDesktopServices.openUrl(QUrl(self._provider.help_address()))

    def _load_land_use_efficiency(self) -> None:
        from dbar_qgis_plugin.gui.sample_data import LAND_USE_EFFICIENCY

        self._load_sample(LAND_USE_EFFICIENCY)

    def _load_land_degradation(self) -> None:
        from dbar_qgis_plugin.gui.sample_data import LAND_DEGRADATION

        self._load_sample(LAND_DEGRADATION)

    def _load_sample(self, sample: Sample) -> None:
        from dbar_qgis_plugin.gui.sample_data import SampleDataTask

        if any(task.sample is sample for task in self._sample_tasks):
            return
        task = SampleDataTask(sample, self._sample_ready)
        self._sample_tasks.append(task)
        QgsApplication.taskManager().addTask(task)

    def _sample_ready(self, task: SampleDataTask) -> None:
        self._sample_tasks.remove(task)
        bar = self._iface.messageBar()
        if task.error is not None:
            text = self._provider.message_of(task.error)
            bar.pushMessage(NAME, text, Qgis.MessageLevel.Warning)
            return
        self._iface.setActiveLayer(task.sample.add_layers(task.folder))
        self._iface.zoomToActiveLayer()
        text = QCoreApplication.translate(
            "Dbar", "The sample data is loaded. Its files are in {folder}."
        )
        bar.pushMessage(NAME, text.format(folder=task.folder), Qgis.MessageLevel.Success)
