"""The bundled models: files of QGIS's modeler, with labels in the user's language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterDefinition,
    QgsProcessingUtils,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QIcon

from dbar_qgis_plugin.about import ICON, PLUGIN_FOLDER
from dbar_qgis_plugin.algorithms.base import tag_role, translated
from dbar_qgis_plugin.algorithms.dialogs import dialog_of
from dbar_qgis_plugin.algorithms.help_texts import help_page, help_text, to_html, to_plain
from dbar_qgis_plugin.algorithms.overwriting import refuse_overwriting
from dbar_qgis_plugin.errors import DbarError

if TYPE_CHECKING:
    from qgis.PyQt.QtWidgets import QWidget

_FOLDER = PLUGIN_FOLDER / "resources" / "models"
_ROLES = {
    "BUILTUP": "builtup",
    "POPULATION_LAST": "population",
    "NAMES": "places",
    "WATER": "water",
    "LAND": "water",
    "NDVI": "ndvi",
    "LAND_COVER": "land_cover",
    "STOCK": "soil_carbon",
    "CLIMATE_ZONES": "climate_zones",
    "UNITS": "land_units",
    "POPULATION": "population",
    "ZONES": "zones",
}
_DATED_BY = {"BUILTUP": "YEARS", "NDVI": "NDVI_YEARS", "LAND_COVER": "LAND_COVER_YEARS"}


class ModelWords(NamedTuple):
    """What the files of models do not hold, in the user's language.

    labels : of inputs, and of outputs in the order of their layers from the bottom to the top
    """

    title: str
    group: str
    group_id: str
    tags: str
    labels: dict[str, str]


class BundledModel(QgsProcessingModelAlgorithm):
    """A model of ours. Its file holds the steps; labels and help come from here."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._words = _words(path.stem)
        self.is_loaded = self.fromFile(str(path))
        self.setOutputGroup(self.displayName())
        labels = self._words.labels
        for definition in self.parameterDefinitions():
            # The modeler writes the names of outputs in small letters.
            name = definition.name().upper()
            if name in labels:
                definition.setDescription(labels[name])
            section = help_text(path.stem).sections.get(name, "")
            definition.setHelp(to_plain(section))
            tag_role(definition, _ROLES, _DATED_BY)
            if definition.isDestination() and not _is_optional(definition):
                definition.setDefaultValue(QgsProcessing.TEMPORARY_OUTPUT)

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Run the steps, then give the layers titles and an order; a model has only names."""
        # A step knows no default of the model's.
        defaults = {
            definition.name(): definition.defaultValue()
            for definition in self.destinationParameterDefinitions()
            if definition.defaultValue() is not None
        }
        results = super().processAlgorithm({**defaults, **parameters}, context, feedback)
        order = list(self._words.labels)
        for definition in self.destinationParameterDefinitions():
            target = str(results.get(definition.name()) or "")
            if target and context.willLoadLayerOnCompletion(target):
                details = context.layerToLoadOnCompletionDetails(target)
                details.name = definition.description()
                details.layerSortKey = order.index(definition.name().upper())
        return results

    def createInstance(self) -> QgsProcessingAlgorithm:
        return BundledModel(self._path)

    def createCustomParametersWidget(self, parent: QWidget | None = None) -> QWidget | None:
        return dialog_of(self, parent)

    def displayName(self) -> str:
        return self._words.title

    def group(self) -> str:
        return self._words.group

    def groupId(self) -> str:
        return self._words.group_id

    def tags(self) -> list[str]:
        return self._words.tags.split(",")

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        return str(ICON)

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        try:
            # A step knows its own inputs only, and not what other steps are still to read.
            refuse_overwriting(self, parameters, context)
        except DbarError as error:
            return False, translated(error)
        return super().checkParameterValues(parameters, context)

    def shortDescription(self) -> str:
        return to_plain(help_text(self._path.stem).summary)

    def shortHelpString(self) -> str:
        text = help_text(self._path.stem)
        if QgsApplication.platform() == "qgis_process":
            # It takes no HTML, and prints the summary and the help of the parameters itself.
            return to_plain(text.description.removeprefix(text.summary).strip())
        sections = {
            definition.name(): to_html(text.sections.get(definition.name().upper(), ""))
            for definition in self.parameterDefinitions()
        }
        sections["ALG_DESC"] = to_html(text.description)
        return QgsProcessingUtils.formatHelpMapAsHtml(sections, self)

    def helpUrl(self) -> str:
        return help_page(self._path.stem)


def bundled_models() -> list[BundledModel]:
    """Load the models; their steps must be in the registry, or their outputs are not known."""
    models = (BundledModel(path) for path in sorted(_FOLDER.glob("*.model3")))
    return [model for model in models if model.is_loaded]


def _is_optional(definition: QgsProcessingParameterDefinition) -> bool:
    return bool(definition.flags() & Qgis.ProcessingParameterFlag.Optional)


def _words(name: str) -> ModelWords:
    """Return the words of a model."""
    return {
        "sdg1131degurba": _degree_of_urbanisation_words,
        "sdg1131extent": _urban_extent_words,
        "sdg1531": _land_degradation_words,
    }[name]()


def _urban_extent_words() -> ModelWords:
    translate = QCoreApplication.translate
    labels = {
        **_urban_inputs(),
        "WATER": translate("Dbar", "Water (raster)"),
        "WATER_CLASSES": translate("Dbar", "Values that are water (empty: all but 0)"),
        "LEAST_KM2": translate("Dbar", "Smallest city (km²)"),
        "EXTENT_AREAS": translate("Dbar", "Areas by class and date"),
        "GROWTH_TYPES": translate("Dbar", "Growth by type and interval"),
        **_urban_tables(),
        "EXTENT": translate("Dbar", "Classes of the urban extent"),
        "GROWTH": translate("Dbar", "Types of urban growth"),
        **_urban_layers(),
    }
    return ModelWords(
        translate("Dbar", "Land use efficiency without city polygons: urban extent (SDG 11.3.1)"),
        translate("Dbar", "SDG 11.3.1 Urban land use"),
        "sdg1131",
        translate(
            "Dbar",
            "SDG,11.3.1,urban,city,land consumption,population growth,LCRPGR,UN-Habitat,urban "
            "extent,model",
        ),
        labels,
    )


def _degree_of_urbanisation_words() -> ModelWords:
    translate = QCoreApplication.translate
    labels = {
        "POPULATION_LAST": translate("Dbar", "Population of the last epoch"),
        **_urban_inputs(),
        "LAND": translate("Dbar", "Land, or water, in each cell"),
        "LAND_KIND": translate("Dbar", "Land cells hold"),
        "CLASS_TABLE": translate("Dbar", "People and area by class"),
        **_urban_tables(),
        "CLASSES": translate("Dbar", "Degree of Urbanisation of cells"),
        **_urban_layers(),
    }
    return ModelWords(
        translate("Dbar", "Land use efficiency without city polygons: urban centres (SDG 11.3.1)"),
        translate("Dbar", "SDG 11.3.1 Urban land use"),
        "sdg1131",
        translate(
            "Dbar",
            "SDG,11.3.1,urban,city,land consumption,population growth,LCRPGR,DEGURBA,urban "
            "centre,model",
        ),
        labels,
    )


def _urban_inputs() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "BUILTUP": translate("Dbar", "Built-up rasters, one per epoch"),
        "BUILTUP_KIND": translate("Dbar", "Built-up cells hold"),
        "BUILTUP_CLASSES": translate(
            "Dbar", "Built-up classes (for cells that hold classes), such as 50,190"
        ),
        "POPULATION": translate("Dbar", "Population rasters, one per epoch"),
        "POPULATION_KIND": translate(
            "Dbar", "Population cells hold (count: persons; density: persons per km²)"
        ),
        "YEARS": translate("Dbar", "Years, such as 1990,2000,2015 (empty: read from the names)"),
        "NAMES": translate("Dbar", "Points with names of places"),
        "NAME_FIELD": translate("Dbar", "Field with the name"),
        "FORMULA": translate("Dbar", "Formula of the rates (edition)"),
    }


def _urban_tables() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "TOTALS": translate("Dbar", "Land use efficiency of all cities"),
        "REPORT": translate("Dbar", "Report"),
    }


def _urban_layers() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "INTERVALS": translate("Dbar", "Land use efficiency by city and interval"),
        "CITIES": translate("Dbar", "Land use efficiency by city"),
    }


def _land_degradation_words() -> ModelWords:
    translate = QCoreApplication.translate
    labels = {
        "NDVI": translate("Dbar", "Annual NDVI, one raster or band per year"),
        "NDVI_YEARS": translate("Dbar", "Years of NDVI (empty: read from the names)"),
        "LAND_COVER": translate("Dbar", "Land cover maps, one per year"),
        "LAND_COVER_YEARS": translate("Dbar", "Years of land cover (empty: read from the names)"),
        "LEGEND": translate("Dbar", "Legend of the land cover maps"),
        "STOCK": translate("Dbar", "Soil organic carbon at the start of the baseline (t/ha)"),
        "CLIMATE_ZONES": translate("Dbar", "IPCC climate zones"),
        "FACTOR": translate("Dbar", "Factor f for all, or where there is no climate zone"),
        "UNITS": translate("Dbar", "Land units to compare productivity within"),
        "POPULATION": translate("Dbar", "Population (persons per cell)"),
        "ZONES": translate("Dbar", "Zones to report on"),
        "ZONE_FIELD": translate("Dbar", "Field with the zone's name"),
        "CONVENTION": translate("Dbar", "Convention"),
        "BASELINE_FIRST": translate("Dbar", "First year of the baseline"),
        "BASELINE_LAST": translate("Dbar", "Last year of the baseline"),
        "REPORTING_LAST": translate("Dbar", "Last year of the reporting period"),
        # Outputs, in the order of their layers from the bottom to the top.
        "BALANCE_LAND_TYPES": translate("Dbar", "Neutrality balance by land type"),
        "BALANCE": translate("Dbar", "Neutrality balance"),
        "CROSSTABS_BASELINE": translate("Dbar", "Crosstabs, baseline"),
        "CROSSTABS_REPORTING": translate("Dbar", "Crosstabs, reporting period"),
        "TABLE_BASELINE": translate("Dbar", "Degradation table, baseline"),
        "TABLE_REPORTING": translate("Dbar", "Degradation table, reporting period"),
        "REPORT_BASELINE": translate("Dbar", "Report, baseline"),
        "REPORT_REPORTING": translate("Dbar", "Report, reporting period"),
        "SOC_BASELINE": translate("Dbar", "Baseline: soil organic carbon"),
        "LAND_COVER_BASELINE": translate("Dbar", "Baseline: land cover change"),
        "PRODUCTIVITY_BASELINE": translate("Dbar", "Baseline: land productivity dynamics"),
        "SOC_REPORTING": translate("Dbar", "Reporting period: soil organic carbon"),
        "LAND_COVER_REPORTING": translate("Dbar", "Reporting period: land cover change"),
        "PRODUCTIVITY_REPORTING": translate("Dbar", "Reporting period: land productivity dynamics"),
        "SDG_BASELINE": translate("Dbar", "Baseline: land degradation"),
        "ZONES_BASELINE": translate("Dbar", "Degradation by zone, baseline"),
        "SDG_REPORTING": translate("Dbar", "Reporting period: land degradation"),
        "STATUS": translate("Dbar", "Degradation status"),
        "ZONES_REPORTING": translate("Dbar", "Degradation by zone, reporting period"),
    }
    return ModelWords(
        translate("Dbar", "Land degradation, all steps (SDG 15.3.1)"),
        translate("Dbar", "SDG 15.3.1 Land degradation"),
        "sdg1531",
        translate(
            "Dbar", "SDG,15.3.1,land degradation,neutrality,LDN,UNCCD,PRAIS,productivity,model"
        ),
        labels,
    )
