"""The dialog of an algorithm, with a button at each input that leads to the catalog."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from processing.gui.AlgorithmDialog import AlgorithmDialog
from qgis.core import (
    QgsApplication,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingUtils,
    QgsProject,
)
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtGui import QHideEvent
from qgis.PyQt.QtWidgets import QHBoxLayout, QToolButton, QWidget

from dbar_qgis_plugin.gui.catalog.actions.inputs import ROLE, dates_of
from dbar_qgis_plugin.gui.catalog.desk import Desk, Page, Pick

_RASTERS: Final = ("raster", "multilayer")
_AREAS: Final = ("source", "vector")
_OF_TIME: Final = re.compile("YEAR|DATE|PERIOD")  # names of parameters
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")


class CatalogAlgorithmDialog(AlgorithmDialog):
    """QGIS's own dialog of an algorithm; the catalog's window can fill its inputs.

    Parameters
    ----------
    algorithm : QgsProcessingAlgorithm
        Of the plugin.
    parent : QWidget
        QGIS's window.
    open_catalog : callable
        Shows the catalog's window, and returns its desk.
    """

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        parent: QWidget | None,
        open_catalog: Callable[[], Desk],
    ) -> None:
        super().__init__(algorithm, parent=parent)
        self._open_catalog = open_catalog
        self._pick: Pick | None = None
        self._desk: Desk | None = None
        for definition in algorithm.parameterDefinitions():
            wrapper = self.mainWidget().wrappers.get(definition.name())
            if wrapper is not None and _takes_data(definition):
                self._add_button(definition, wrapper.wrappedWidget())

    def pick(self, name: str) -> None:
        """Let the user choose the data of an input in the catalog's window."""
        self._desk = self._open_catalog()
        definition = self.algorithm().parameterDefinition(name)
        title = f"{self.algorithm().displayName()}: {definition.description()}"
        role = str(definition.metadata().get(ROLE, ""))
        self._pick = Pick(
            role, title, lambda layers: self.take(name, layers), self._place(name), self._years()
        )
        self._desk.set_pick(self._pick)
        self._desk.show_page(Page.SEARCH)

    def _place(self, name: str) -> QgsMapLayer | None:
        """Return a layer that the dialog has for another input: areas first, else rasters."""
        for types in (_AREAS, _RASTERS):
            for definition in self.algorithm().parameterDefinitions():
                if definition.type() in types and definition.name() != name:
                    layer = self._layer(definition.name())
                    if layer is not None:
                        return layer
        return None

    def _layer(self, name: str) -> QgsMapLayer | None:
        """Return the first layer of the project that an input has."""
        value = self._value(name)
        if isinstance(value, QgsProcessingFeatureSourceDefinition):
            value = value.source.staticValue()
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        texts = [text for text in (value if isinstance(value, list) else [value]) if text]
        found = (
            QgsProcessingUtils.mapLayerFromString(str(text), context, allowLoadingNewLayers=False)
            for text in texts
        )
        return next((layer for layer in found if layer is not None), None)

    def _years(self) -> tuple[int, int] | None:
        """Return the first and the last year that the dialog speaks of."""
        names = [definition.name() for definition in self.algorithm().parameterDefinitions()]
        texts = [str(self._value(name)) for name in names if _OF_TIME.search(name)]
        years = [int(year) for text in texts for year in _YEAR.findall(text)]
        return (min(years), max(years)) if years else None

    def _value(self, name: str) -> Any:
        wrapper = self.mainWidget().wrappers.get(name)
        return None if wrapper is None else wrapper.parameterValue()

    def take(self, name: str, layers: list[str]) -> None:
        """Put layers into an input, and type their dates where the algorithm asks for them."""
        definition = self.algorithm().parameterDefinition(name)
        several = definition.type() == "multilayer"
        values: dict[str, Any] = {name: layers if several else layers[0]}
        found = [QgsProject.instance().mapLayer(layer) for layer in layers]
        values.update(dates_of(definition.metadata(), [layer for layer in found if layer]))
        self.setParameters(values)
        self.raise_()
        self.activateWindow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let nothing wait for a dialog that is closed."""
        if not event.spontaneous():  # minimised, it still waits
            self._end_pick()
        super().hideEvent(event)

    def _end_pick(self) -> None:
        if self._pick is not None and self._desk.pick is self._pick:
            self._desk.set_pick(None)
        self._pick = None

    def _add_button(self, definition: QgsProcessingParameterDefinition, widget: QWidget) -> None:
        layout = widget.parentWidget().layout() if widget is not None else None
        if layout is None or layout.indexOf(widget) < 0:
            return
        button = QToolButton()
        button.setObjectName(f"dbar_from_catalog_{definition.name()}")
        button.setIcon(QgsApplication.getThemeIcon("/search.svg"))
        text = QCoreApplication.translate("Dbar", "From catalog…")
        button.setText(text)
        button.setToolTip(text)
        button.setAccessibleName(f"{text} {definition.description()}")
        name = definition.name()
        button.clicked.connect(lambda _checked=False: self.pick(name))
        both = QWidget()
        layout.replaceWidget(widget, both)
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(widget, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)


def make_dialog(
    algorithm: QgsProcessingAlgorithm,
    parent: QWidget | None,
    open_catalog: Callable[[], Desk],
) -> CatalogAlgorithmDialog | None:
    """Make the dialog of an algorithm; None, for QGIS's own, if no input is for the catalog."""
    if not any(map(_takes_data, algorithm.parameterDefinitions())):
        return None
    return CatalogAlgorithmDialog(algorithm, parent, open_catalog)


def _takes_data(definition: QgsProcessingParameterDefinition) -> bool:
    is_raster = definition.type() in _RASTERS
    return is_raster or bool(definition.metadata().get(ROLE))
