"""How the result layers look: map classes in words, names, and time."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsCategorizedSymbolRenderer,
    QgsMapLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.about import PLUGIN_FOLDER

_STYLE = PLUGIN_FOLDER / "resources" / "styles" / "lcrpgr_classes.qml"


def style_cities(layer: QgsVectorLayer, class_field: str, name_field: str) -> None:
    """Colour cities by the class of their ratio, and write their names."""
    categories = (
        QgsMapLayer.StyleCategory.Symbology
        | QgsMapLayer.StyleCategory.Labeling
        | QgsMapLayer.StyleCategory.Rendering
    )
    layer.loadNamedStyle(str(_STYLE), False, categories)
    renderer: QgsCategorizedSymbolRenderer = layer.renderer().clone()
    renderer.setClassAttribute(class_field)
    words = _class_words()
    for index, category in enumerate(renderer.categories()):
        renderer.updateCategoryLabel(index, words[int(category.value())])
    layer.setRenderer(renderer)
    labeling = layer.labeling().clone()
    settings = labeling.settings()
    settings.fieldName = name_field
    labeling.setSettings(settings)
    layer.setLabeling(labeling)
    layer.setLabelsEnabled(bool(name_field))


def play_intervals(layer: QgsVectorLayer, start_field: str, end_field: str) -> None:
    """Show each row only while its interval lasts, for QGIS's temporal controller."""
    temporal = layer.temporalProperties()
    temporal.setMode(Qgis.VectorTemporalMode.FeatureDateTimeStartAndEndFromFields)
    temporal.setStartField(start_field)
    temporal.setEndField(end_field)
    # An interval ends on the day on which the next begins.
    temporal.setLimitMode(Qgis.VectorTemporalLimitMode.IncludeBeginExcludeEnd)
    temporal.setIsActive(True)


def _class_words() -> dict[int, str]:
    translate = QCoreApplication.translate
    return {
        1: translate("Dbar", "below −1: opposite ways, land changes more"),
        2: translate("Dbar", "−1 to 0: opposite ways, population changes more"),
        3: translate("Dbar", "0 to 1: land changes less than population"),
        4: translate("Dbar", "1 to 2: land changes more than population"),
        5: translate("Dbar", "above 2: land changes over twice as much"),
        0: translate("Dbar", "undefined: see the flags"),
    }
