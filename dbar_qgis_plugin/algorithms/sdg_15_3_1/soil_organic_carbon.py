"""Change of soil organic carbon after changes of land cover (SDG 15.3.1, third sub-indicator)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterMatrix,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import raster_input
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import (
    provenance_tags,
    set_period,
    style_classes,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.base import Translate
from dbar_qgis_plugin.algorithms.sdg_15_3_1.classes import degradation_classes
from dbar_qgis_plugin.algorithms.sdg_15_3_1.land_cover_inputs import (
    LandCoverAlgorithm,
    area_labels,
    is_empty,
)
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.figures import figure_text
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_legends import climate_zone_factors
from dbar_qgis_plugin.pipelines.sdg_15_3_1.soil_organic_carbon import (
    CONVENTIONS,
    HORIZON_YEARS,
    METHODS,
    STANDARD_FACTORS,
    THRESHOLD_PERCENT,
    LandUseFactors,
    SoilOrganicCarbonResult,
    SoilOrganicCarbonTask,
    compute_soil_organic_carbon,
    read_factors,
    stock_table,
)


class SoilOrganicCarbonAlgorithm(LandCoverAlgorithm):
    """Change of soil organic carbon."""

    NAME = "soilorganiccarbon"
    ROLES: Final = {
        "STOCK": "soil_carbon",
        "CLIMATE_ZONES": "climate_zones",
        "LAND_COVER": "land_cover",
    }
    DATED_BY: Final = {"LAND_COVER": "YEARS"}

    STOCK: Final = "STOCK"
    CLIMATE_ZONES: Final = "CLIMATE_ZONES"
    FACTOR: Final = "FACTOR"
    METHOD: Final = "METHOD"
    CONVENTION: Final = "CONVENTION"
    THRESHOLD: Final = "THRESHOLD"
    HORIZON: Final = "HORIZON"
    ZONE_FACTORS: Final = "ZONE_FACTORS"
    LAND_USE_FACTORS: Final = "LAND_USE_FACTORS"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_STOCKS: Final = "OUTPUT_STOCKS"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Soil organic carbon (SDG 15.3.1)")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDG,15.3.1,soil,carbon,SOC,stock,land cover,climate zone,IPCC,degradation,UNCCD,LDN",
        )
        return words.split(",")

    def define(self) -> None:
        self._add_stock(QCoreApplication.translate)
        self._add_land_cover(QCoreApplication.translate)
        self._add_options(QCoreApplication.translate)
        self._add_outputs(QCoreApplication.translate)

    def _add_stock(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterRasterLayer(
                self.STOCK,
                translate("Dbar", "Soil organic carbon at the first date (t/ha)"),
            )
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                self.CLIMATE_ZONES, translate("Dbar", "IPCC climate zones (0–12)"), optional=True
            )
        )
        self._add_number(
            self.FACTOR,
            translate("Dbar", "Factor f for all, or where there is no climate zone"),
            None,
            0.01,
            10.0,
        )

    def _add_options(self, translate: Translate) -> None:
        self._add_enum(self.METHOD, translate("Dbar", "Land cover used"), METHODS, advanced=True)
        self._add_enum(self.CONVENTION, translate("Dbar", "Convention"), CONVENTIONS)
        self._add_number(
            self.THRESHOLD,
            translate("Dbar", "Change that counts as degraded or improved (percent)"),
            THRESHOLD_PERCENT,
            0.0,
            100.0,
            advanced=True,
        )
        self._add_number(
            self.HORIZON,
            translate("Dbar", "Years until the stock reaches its new level"),
            HORIZON_YEARS,
            1,
            200,
            whole=True,
            advanced=True,
        )
        self.add(
            QgsProcessingParameterMatrix(
                self.ZONE_FACTORS,
                translate("Dbar", "Factor f of each climate zone (0: none)"),
                numberRows=len(climate_zone_factors()),
                hasFixedNumberRows=False,
                headers=[translate("Dbar", "Zone"), "f"],
                defaultValue=[cell for pair in climate_zone_factors().items() for cell in pair],
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterMatrix(
                self.LAND_USE_FACTORS,
                translate("Dbar", "Land use factors of changes (rows: from, columns: to)"),
                numberRows=len(STANDARD_FACTORS),
                hasFixedNumberRows=True,
                headers=[str(number) for number in range(1, len(STANDARD_FACTORS) + 1)],
                defaultValue=[factor for row in STANDARD_FACTORS for factor in row],
            ),
            advanced=True,
        )

    def _add_outputs(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Soil organic carbon change")
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT_STOCKS,
                translate("Dbar", "Carbon stocks by class and year (table)"),
                Qgis.ProcessingSourceType.Vector,
                optional=True,
            )
        )
        self._add_areas(translate)

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._land_cover(parameters, context)
        self._zone_factors(parameters, context)
        self._land_use_factors(parameters, context)
        factor = self._number_or_none(parameters, self.FACTOR, context)
        if factor is None and is_empty(parameters.get(self.CLIMATE_ZONES)):
            raise InputError(
                translate(
                    "Dbar",
                    "Give either {zones} or {factor}: without it the changes between forest or "
                    "grassland and cropland have no result.",
                ),
                zones=self._label(self.CLIMATE_ZONES),
                factor=self._label(self.FACTOR),
            )

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        series, self._found = self._land_cover(parameters, context)
        self._task = SoilOrganicCarbonTask(
            series,
            raster_input(self._layer(parameters, self.STOCK, context)),
            self._optional_raster(parameters, self.CLIMATE_ZONES, context),
            self._number_or_none(parameters, self.FACTOR, context),
            self._zone_factors(parameters, context),
            self.parameterAsEnumString(parameters, self.METHOD, context),
            self.parameterAsEnumString(parameters, self.CONVENTION, context),
            self.parameterAsDouble(parameters, self.THRESHOLD, context),
            self.parameterAsInt(parameters, self.HORIZON, context),
            self._land_use_factors(parameters, context),
        )

    def _zone_factors(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> dict[int, float]:
        factors: dict[int, float] = {}
        for zone, factor in self._rows(parameters, self.ZONE_FACTORS, 2, context):
            number = self._number(self.ZONE_FACTORS, factor)
            if number < 0.0:
                raise InputError(
                    translate("Dbar", "{parameter}: a factor cannot be below 0, as {text} is."),
                    parameter=self._label(self.ZONE_FACTORS),
                    text=factor,
                )
            factors[self._whole(self.ZONE_FACTORS, zone)] = number
        return factors or climate_zone_factors()

    def _land_use_factors(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> LandUseFactors:
        rows = self._rows(parameters, self.LAND_USE_FACTORS, len(STANDARD_FACTORS), context)
        label = self._label(self.LAND_USE_FACTORS)
        if len(rows) != len(STANDARD_FACTORS):
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: the table must have a row for each of the UNCCD's seven classes.",
                ),
                parameter=label,
            )
        return read_factors(rows, label)

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        self._say(self._found.notes, self._found.warnings, feedback)
        task = self._task
        with Outputs(self, parameters, context, feedback) as outputs:
            result = compute_soil_organic_carbon(
                task,
                outputs.raster(self.OUTPUT),
                tags=provenance_tags(self, parameters, context, f"{self.NAME}/{task.convention}"),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            self._say(result.notes, result.warnings, feedback)
            first, last = (task.series.years[date] for date in task.series.dates)

            def style(layer: QgsMapLayer) -> None:
                style_classes(layer, degradation_classes())
                set_period(layer, first, last)

            labels = {
                **area_labels(),
                "tonnes": QCoreApplication.translate("Dbar", "Carbon (t)"),
                "mean_t_ha": QCoreApplication.translate("Dbar", "Mean stock (t/ha)"),
            }
            self.write_table(
                outputs,
                self.OUTPUT_STOCKS,
                stock_table(task, result),
                labels,
                self.asPythonCommand(parameters, context),
            )
        path = outputs.results[self.OUTPUT]
        self.raster_looks[path] = Look(style)
        return {**outputs.results, **self._numbers(result, feedback)}

    def _numbers(
        self, result: SoilOrganicCarbonResult, feedback: QgsProcessingFeedback
    ) -> dict[str, float]:
        """Say the headline and what has no result, and return the areas for models."""
        degraded, stable, improved = result.class_km2
        text = QCoreApplication.translate(
            "Dbar",
            "{degraded} km² degraded, {stable} km² stable, {improved} km² improved.",
        )
        feedback.pushInfo(
            text.format(
                degraded=figure_text(degraded),
                stable=figure_text(stable),
                improved=figure_text(improved),
            )
        )
        text = QCoreApplication.translate(
            "Dbar",
            "Without a result: {no_land_cover} km² without land cover, {water} km² water at the "
            "first date, {no_stock} km² without a stock, {no_factor} km² without a factor.",
        )
        missing = {cause: figure_text(area) for cause, area in result.missing_km2.items()}
        feedback.pushInfo(text.format(**missing))
        return dict(zip(self.AREAS, (degraded, stable, improved), strict=True))
