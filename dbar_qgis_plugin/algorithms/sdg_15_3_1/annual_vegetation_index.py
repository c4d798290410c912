"""Annual vegetation index from composites (SDG 15.3.1, the first step of productivity)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsColorRampShader,
    QgsDateTimeRange,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtCore import QCoreApplication, QDateTime
from qgis.PyQt.QtGui import QColor

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import raster_input, raster_layers
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import provenance_tags
from dbar_qgis_plugin.algorithms.sdg_15_3_1.base import Translate
from dbar_qgis_plugin.algorithms.sdg_15_3_1.vegetation import VegetationAlgorithm
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.algorithms.tables import TableWriter
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.dates import (
    Season,
    dates_from_names,
    dates_from_table,
    parse_season,
)
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.ndvi_series import INTEGER_SCALE
from dbar_qgis_plugin.pipelines.sdg_15_3_1.vegetation_index import (
    FLOAT32,
    INT16,
    VegetationIndexTask,
    compute_vegetation_index,
    year_table,
)

# As the pipeline knows them; the first is the default.
STATISTICS: Final = ("mean", "integral", "maximum")
SEASONS: Final = ("months", "threshold")
DATA_TYPES: Final = (INT16, FLOAT32)

# From bare ground to dense vegetation.
_RAMP: Final = ((0.0, "#c9a26b"), (0.2, "#e8dca4"), (0.4, "#b5cf6b"), (0.6, "#5a9e3c"))
_RAMP_END: Final = (0.85, "#0b5d1e")


@dataclass(frozen=True)
class _Composites:
    """Composites, and the names that each may be known by."""

    rasters: tuple[RasterInput, ...]
    names: tuple[tuple[str, ...], ...]


class AnnualVegetationIndexAlgorithm(TableWriter, VegetationAlgorithm):
    """Annual vegetation index."""

    NAME = "annualvegetationindex"
    ROLES: Final = {"COMPOSITES": "ndvi"}

    COMPOSITES: Final = "COMPOSITES"
    DATES: Final = "DATES"
    STATISTIC: Final = "STATISTIC"
    QUALITY: Final = "QUALITY"
    QUALITY_VALUES: Final = "QUALITY_VALUES"
    SEASON: Final = "SEASON"
    SEASON_MONTHS: Final = "SEASON_MONTHS"
    SEASON_THRESHOLD: Final = "SEASON_THRESHOLD"
    MIN_COMPOSITES: Final = "MIN_COMPOSITES"
    DATA_TYPE: Final = "DATA_TYPE"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_YEARS: Final = "OUTPUT_YEARS"
    N_YEARS: Final = "N_YEARS"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Annual vegetation index (SDG 15.3.1)")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDG,15.3.1,NDVI,EVI,vegetation,composite,annual,growing season,integral,MODIS,quality",
        )
        return words.split(",")

    def define(self) -> None:
        self._add_inputs(QCoreApplication.translate)
        self._add_options(QCoreApplication.translate)
        self._add_outputs(QCoreApplication.translate)

    def _add_inputs(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.COMPOSITES,
                translate("Dbar", "Composites of the vegetation index (rasters or their bands)"),
                Qgis.ProcessingSourceType.Raster,
            )
        )
        self.add(
            QgsProcessingParameterFile(
                self.DATES,
                translate("Dbar", "Table of dates (empty: read from the names)"),
                Qgis.ProcessingFileParameterBehavior.File,
                fileFilter=translate("Dbar", "Text tables (*.csv *.txt *.tsv)"),
                optional=True,
            )
        )
        self._add_enum(self.STATISTIC, translate("Dbar", "Value of the year"), STATISTICS)
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.QUALITY,
                translate("Dbar", "Quality rasters, one for each composite or one for all"),
                Qgis.ProcessingSourceType.Raster,
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterString(
                self.QUALITY_VALUES,
                translate("Dbar", "Quality values that are used"),
                defaultValue="0,1",
                optional=True,
            )
        )

    def _add_options(self, translate: Translate) -> None:
        self._add_enum(self.SEASON, translate("Dbar", "Growing season (for the integral)"), SEASONS)
        self.add(
            QgsProcessingParameterString(
                self.SEASON_MONTHS,
                translate("Dbar", "First and last month of the season, such as 4-10"),
                defaultValue="1-12",
                optional=True,
            )
        )
        self._add_number(
            self.SEASON_THRESHOLD,
            translate("Dbar", "Index at which the season begins and ends"),
            0.2,
            -1.0,
            10.0,
        )
        self._add_number(
            self.MIN_COMPOSITES,
            translate("Dbar", "Minimum number of valid composites a year"),
            1,
            1,
            366,
            whole=True,
        )
        self._add_enum(
            self.DATA_TYPE,
            translate("Dbar", "Output (int16: index × 10000)"),
            DATA_TYPES,
            advanced=True,
        )
        self._add_scale(translate)

    def _add_outputs(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Annual vegetation index")
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT_YEARS,
                translate("Dbar", "Composites by year (table)"),
                Qgis.ProcessingSourceType.Vector,
                optional=True,
            )
        )
        self.addOutput(
            QgsProcessingOutputNumber(self.N_YEARS, translate("Dbar", "Number of years"))
        )

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._plan(parameters, context)

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._task = self._plan(parameters, context)

    def _plan(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> VegetationIndexTask:
        composites = self._composites(parameters, self.COMPOSITES, context)
        if not composites.rasters:
            raise InputError(
                translate("Dbar", "{parameter}: choose at least one raster."),
                parameter=self._label(self.COMPOSITES),
            )
        table = self.parameterAsFile(parameters, self.DATES, context)
        label = self._label(self.DATES)
        dates = (
            dates_from_table(table, composites.names, label)
            if table
            else dates_from_names(composites.names, label)
        )
        quality, accepted = self._quality(parameters, dates, context)
        season, threshold = Season(), None
        if self.parameterAsEnumString(parameters, self.SEASON, context) == SEASONS[0]:
            season = parse_season(
                self.parameterAsString(parameters, self.SEASON_MONTHS, context),
                self._label(self.SEASON_MONTHS),
            )
        else:
            threshold = self.parameterAsDouble(parameters, self.SEASON_THRESHOLD, context)
        return VegetationIndexTask(
            composites=composites.rasters,
            dates=dates,
            quality=quality,
            accepted=accepted,
            statistic=self.parameterAsEnumString(parameters, self.STATISTIC, context),
            season=season,
            threshold=threshold,
            minimum_composites=self.parameterAsInt(parameters, self.MIN_COMPOSITES, context),
            scale=self._number_or_none(parameters, self.NDVI_SCALE, context),
            data_type=self.parameterAsEnumString(parameters, self.DATA_TYPE, context),
        )

    def _composites(
        self, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
    ) -> _Composites:
        """All bands of all layers."""
        rasters, names = [], []
        for layer in raster_layers(self, parameters, name, context):
            for band in range(1, layer.bandCount() + 1):
                raster, own = _band(layer, band)
                rasters.append(raster)
                names.append(own)
        return _Composites(tuple(rasters), tuple(names))

    def _quality(
        self, parameters: Mapping[str, Any], dates: Sequence[date], context: QgsProcessingContext
    ) -> tuple[tuple[RasterInput, ...], tuple[int, ...]]:
        """Return the quality raster of each composite, and the values that are used."""
        quality = self._composites(parameters, self.QUALITY, context)
        label = self._label(self.QUALITY)
        if not quality.rasters:
            return (), ()
        accepted = _whole_numbers(
            self.parameterAsString(parameters, self.QUALITY_VALUES, context),
            self._label(self.QUALITY_VALUES),
        )
        if len(quality.rasters) == 1:
            return quality.rasters, accepted
        if len(quality.rasters) != len(dates):
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: {quality} for {composites} composites. Give one for each, or a "
                    "single one for all.",
                ),
                parameter=label,
                quality=len(quality.rasters),
                composites=len(dates),
            )
        if not any(_has_date(names) for names in quality.names):
            return quality.rasters, accepted  # in the order given
        raster_of = dict(zip(dates_from_names(quality.names, label), quality.rasters, strict=True))
        absent = [day.isoformat() for day in dates if day not in raster_of]
        if absent:
            raise InputError(
                translate("Dbar", "{parameter}: none for the composites of {dates}."),
                parameter=label,
                dates=", ".join(absent[:5]) + (", …" if len(absent) > 5 else ""),
            )
        return tuple(raster_of[day] for day in dates), accepted

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        task = self._task
        with Outputs(self, parameters, context, feedback) as outputs:
            formula = f"{self.NAME}/{task.statistic}"
            result = compute_vegetation_index(
                task,
                outputs.raster(self.OUTPUT),
                tags=provenance_tags(self, parameters, context, formula),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            self._say((), result.warnings, feedback)  # the notes came before the run
            command = self.asPythonCommand(parameters, context)
            self.write_table(outputs, self.OUTPUT_YEARS, year_table(result), {}, command)
        path = outputs.results[self.OUTPUT]
        years = [row.year for row in result.years]
        scale = INTEGER_SCALE if task.data_type == INT16 else 1.0

        def style(layer: QgsMapLayer) -> None:
            _style_years(layer, years, scale)

        self.raster_looks[path] = Look(style)
        return {**outputs.results, self.N_YEARS: len(years)}


def _band(layer: QgsRasterLayer, band: int) -> tuple[RasterInput, tuple[str, ...]]:
    """Return a band of a layer, and the names that it may be known by, the most telling first."""
    description = layer.dataProvider().bandDescription(band)
    several = layer.bandCount() > 1
    name = f"{layer.name()}, {layer.bandName(band)}" if several else layer.name()
    raster = raster_input(layer, band, name)
    file = Path(raster.path)
    # With several bands, the layer and its file cannot tell them apart.
    names = (description, name) if several else (description, layer.name(), file.stem, file.name)
    return raster, tuple(text for text in names if text)


def _has_date(names: Sequence[str]) -> bool:
    try:
        return bool(dates_from_names([names], ""))
    except InputError:
        return False


def _whole_numbers(text: str, label: str) -> tuple[int, ...]:
    pieces = [piece for piece in re.split(r"[,;，；\s]+", text.strip()) if piece]
    if not pieces or not all(re.fullmatch(r"-?\d+", piece) for piece in pieces):
        raise InputError(
            translate(
                "Dbar",
                "{parameter}: write whole numbers apart by commas, such as 0,1; not “{text}”.",
            ),
            parameter=label,
            text=text,
        )
    return tuple(map(int, pieces))


def _style_years(layer: QgsMapLayer, years: Sequence[int], scale: float) -> None:
    """Show the last year from brown to green, and each band in its year."""
    if not isinstance(layer, QgsRasterLayer):
        return
    ramp = QgsColorRampShader(_RAMP[0][0] * scale, _RAMP_END[0] * scale)
    ramp.setColorRampType(Qgis.ShaderInterpolationMethod.Linear)
    ramp.setColorRampItemList(
        [
            QgsColorRampShader.ColorRampItem(value * scale, QColor(colour), f"{value:g}")
            for value, colour in (*_RAMP, _RAMP_END)
        ]
    )
    shader = QgsRasterShader(_RAMP[0][0] * scale, _RAMP_END[0] * scale)
    shader.setRasterShaderFunction(ramp)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), len(years), shader)
    renderer.setClassificationMin(_RAMP[0][0] * scale)
    renderer.setClassificationMax(_RAMP_END[0] * scale)
    layer.setRenderer(renderer)
    ranges = {}
    for band, year in enumerate(years, start=1):
        ranges[band] = QgsDateTimeRange(
            QDateTime.fromString(f"{year:04d}-01-01T00:00:00", "yyyy-MM-ddTHH:mm:ss"),
            QDateTime.fromString(f"{year:04d}-12-31T23:59:59", "yyyy-MM-ddTHH:mm:ss"),
        )
    temporal = layer.temporalProperties()
    temporal.setMode(Qgis.RasterTemporalMode.FixedRangePerBand)
    temporal.setFixedRangePerBand(ranges)
    temporal.setIsActive(True)
