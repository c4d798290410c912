"""Land degradation neutrality: restored against degraded land, by zone, period and land type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsCategorizedSymbolRenderer,
    QgsColorRampShader,
    QgsFeature,
    QgsFields,
    QgsFillSymbol,
    QgsGeometry,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsRasterLayer,
    QgsRasterShader,
    QgsRendererCategory,
    QgsSingleBandPseudoColorRenderer,
    QgsVariantUtils,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QColor

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import (
    Polygons,
    raster_input,
    raster_layers,
    read_polygons,
    report_polygons,
)
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import provenance_tags, set_period
from dbar_qgis_plugin.algorithms.sdg_15_3_1.class_rasters import (
    ClassRasterAlgorithm,
    Translate,
    joint_years,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.classes import palette
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.algorithms.zones import Zones, read_zones
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.class_rasters import DENOMINATORS
from dbar_qgis_plugin.pipelines.figures import figure_text
from dbar_qgis_plugin.pipelines.sdg_15_3_1.ldn_balance import (
    ErrorRecode,
    LdnBalanceTask,
    compute_ldn_balance,
    recode_of,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.ldn_balance_tables import (
    column_ending,
    land_type_table,
    period_table,
    zone_table,
)

# As the pipeline knows them; the first is the default.
BASELINE_VALUES: Final = ("auto", "classes", "lpd")
PERIOD_VALUES: Final = (*BASELINE_VALUES, "status")
RECODE_FIELDS: Final = ("recode_deg_to", "recode_stable_to", "recode_imp_to")
PERIODS_FIELD: Final = "periods"


# Columns of the wide table for dBase, before four letters of the period: "REST_2019".
_SHORT: Final = {
    "land_km2": "LAND",
    "restored_km2": "REST",
    "degraded_km2": "DEGR",
    "net_restored_km2": "NET",
    "net_restored_pct": "NETP",
    "change_pct": "CHGP",
    "change_points": "CHGPP",
    "rank": "RANK",
    "share_pct": "SHARE",
    "balance_km2": "BAL",
    "balance_pct": "BALP",
    "achieved": "ACHV",
    "balance_class": "BAL_CLASS",
}


class LdnBalanceAlgorithm(ClassRasterAlgorithm):
    """Land degradation neutrality."""

    NAME = "ldnbalance"
    ROLES: Final = {
        "BASELINE": "degradation productivity",
        "REPORTING": "degradation productivity",
        "ZONES": "zones",
        "LAND_TYPES": "land_units",
        "LAND_COVER_INITIAL": "land_cover",
        "WATER": "water",
    }
    DATED_BY: Final = {"REPORTING": "PERIODS"}

    BASELINE: Final = "BASELINE"
    REPORTING: Final = "REPORTING"
    PERIODS: Final = "PERIODS"
    ZONES: Final = "ZONES"
    ZONE_FIELD: Final = "ZONE_FIELD"
    LAND_TYPES: Final = "LAND_TYPES"
    ERRORS: Final = "ERRORS"
    LAND_COVER_INITIAL: Final = "LAND_COVER_INITIAL"
    WATER: Final = "WATER"
    WATER_CLASS: Final = "WATER_CLASS"
    DENOMINATOR: Final = "DENOMINATOR"
    BASELINE_VALUES: Final = "BASELINE_VALUES"
    PERIOD_VALUES: Final = "PERIOD_VALUES"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_PERIODS: Final = "OUTPUT_PERIODS"
    OUTPUT_LAND_TYPES: Final = "OUTPUT_LAND_TYPES"
    OUTPUT_RASTER: Final = "OUTPUT_RASTER"
    N_ZONES: Final = "N_ZONES"
    N_ACHIEVED: Final = "N_ACHIEVED"
    NET_RESTORED_KM2: Final = "NET_RESTORED_KM2"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Land degradation neutrality balance")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDG,15.3.1,LDN,land degradation neutrality,counterbalancing,gains,losses,restored,"
            "ranking,error recode,UNCCD",
        )
        return words.split(",")

    def define(self) -> None:
        self._add_inputs(QCoreApplication.translate)
        self._add_outputs(QCoreApplication.translate)

    def _add_inputs(self, translate: Translate) -> None:
        rasters = Qgis.ProcessingSourceType.Raster
        polygons = [Qgis.ProcessingSourceType.VectorPolygon]
        self.add(
            QgsProcessingParameterRasterLayer(
                self.BASELINE, translate("Dbar", "Baseline (-1, 0, 1, or LPD 1–5)")
            )
        )
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.REPORTING,
                translate("Dbar", "Indicator or status of each period, one raster each"),
                rasters,
            )
        )
        self.add(
            QgsProcessingParameterString(
                self.PERIODS,
                translate(
                    "Dbar", "Names of the periods, such as 2019,2023 (empty: from the rasters)"
                ),
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterFeatureSource(
                self.ZONES,
                translate("Dbar", "Countries or other zones (empty: the whole raster)"),
                polygons,
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterField(
                self.ZONE_FIELD,
                translate("Dbar", "Field with the zone's name"),
                parentLayerParameterName=self.ZONES,
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.LAND_TYPES,
                translate("Dbar", "Land types: rasters of classes whose combinations count"),
                rasters,
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterFeatureSource(
                self.ERRORS,
                translate("Dbar", "Error polygons: where the indicator is wrong, and what holds"),
                polygons,
                optional=True,
            )
        )
        self._add_enum(
            self.DENOMINATOR,
            translate("Dbar", "Degraded area as a share of (land: without inland water)"),
            DENOMINATORS,
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                self.LAND_COVER_INITIAL,
                translate("Dbar", "Land cover at the start, to tell inland water"),
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                self.WATER,
                translate("Dbar", "Inland water (mask), instead of the land cover's"),
                optional=True,
            ),
            advanced=True,
        )
        self._add_number(
            self.WATER_CLASS,
            translate("Dbar", "Land cover class of inland water"),
            7,
            1,
            255,
            whole=True,
            advanced=True,
        )
        self._add_enum(
            self.BASELINE_VALUES,
            translate("Dbar", "The baseline holds"),
            BASELINE_VALUES,
            advanced=True,
        )
        self._add_enum(
            self.PERIOD_VALUES,
            translate("Dbar", "The rasters of the periods hold"),
            PERIOD_VALUES,
            advanced=True,
        )

    def _add_outputs(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT,
                translate("Dbar", "Neutrality by zone"),
                Qgis.ProcessingSourceType.VectorPolygon,
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT_PERIODS,
                translate("Dbar", "Neutrality by zone and period (table)"),
                Qgis.ProcessingSourceType.Vector,
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT_LAND_TYPES,
                translate("Dbar", "Gains and losses by land type (table)"),
                Qgis.ProcessingSourceType.Vector,
                optional=True,
                createByDefault=False,
            )
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT_RASTER,
                translate("Dbar", "Balance of each cell's land type (0.01 % of its land)"),
                optional=True,
                createByDefault=False,
            )
        )
        for name, label in (
            (self.N_ZONES, translate("Dbar", "Number of zones")),
            (self.N_ACHIEVED, translate("Dbar", "Zones that are neutral in the last period")),
            (
                self.NET_RESTORED_KM2,
                translate("Dbar", "Net restored land of all zones, last period (km²)"),
            ),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._periods(parameters, self.REPORTING, self.PERIODS, context)
        self._optional_source(parameters, self.ZONES, context)
        errors = self._optional_source(parameters, self.ERRORS, context)
        if errors is not None:
            _check_fields(errors)

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        baseline = self._layer(parameters, self.BASELINE, context)
        self._baseline = raster_input(baseline)
        self._whole = _whole_raster(baseline)
        self._planned = self._periods(parameters, self.REPORTING, self.PERIODS, context)
        self._types = tuple(
            map(raster_input, raster_layers(self, parameters, self.LAND_TYPES, context))
        )
        self._cover = self._optional_raster(parameters, self.LAND_COVER_INITIAL, context)
        self._water = self._optional_raster(parameters, self.WATER, context)

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        zones = read_zones(self, parameters, self.ZONES, self.ZONE_FIELD, context, feedback)
        task = self._task(parameters, context, feedback, zones)
        command = self.asPythonCommand(parameters, context)
        with Outputs(self, parameters, context, feedback) as outputs:
            is_drawn = bool(task.land_types) and outputs.wants(self.OUTPUT_RASTER)
            result = compute_ldn_balance(
                task,
                outputs.raster(self.OUTPUT_RASTER) if is_drawn else None,
                tags=provenance_tags(self, parameters, context, f"{self.NAME}/{task.denominator}"),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            self._say(result.notes, result.warnings, feedback)
            periods = period_table(task, result)
            self._write_zones(outputs, task, zones, periods, command)
            self.write_table(outputs, self.OUTPUT_PERIODS, periods, _labels(), command)
            if task.land_types:
                types = land_type_table(task, result)
                self.write_table(outputs, self.OUTPUT_LAND_TYPES, types, _labels(), command)
            elif outputs.wants(self.OUTPUT_LAND_TYPES) or outputs.wants(self.OUTPUT_RASTER):
                text = QCoreApplication.translate(
                    "Dbar", "Nothing by land type is written: “{parameter}” is empty."
                )
                feedback.pushWarning(text.format(parameter=self._label(self.LAND_TYPES)))
        if is_drawn:
            self._style_raster(outputs.results[self.OUTPUT_RASTER], len(task.labels))
        return {**outputs.results, **self._numbers(task, periods, feedback)}

    def _write_zones(
        self,
        outputs: Outputs,
        task: LdnBalanceTask,
        zones: Zones | None,
        periods: Mapping[str, Sequence[Any]],
        command: str,
    ) -> None:
        columns = zone_table(task, periods)
        polygons = self._whole if zones is None else zones.polygons
        fields = QgsFields() if zones is None else polygons.features[0].fields()

        def style(layer: QgsVectorLayer, column_fields: Mapping[str, str]) -> None:
            style_balance(layer, column_fields["balance_class"])

        self.write_table(
            outputs,
            self.OUTPUT,
            columns,
            _zone_labels(columns, task.labels),
            command,
            own=(fields, [feature.attributes() for feature in polygons.features]),
            shapes=polygons.geometries,
            crs=polygons.crs,
            style=style,
            short=_short_name,
        )

    def _style_raster(self, path: str, last_band: int) -> None:
        years = joint_years(self._planned.years)

        def style(layer: QgsMapLayer) -> None:
            style_percent(layer, last_band)
            if years is not None:
                set_period(layer, *years)

        self.raster_looks[path] = Look(style)

    def _task(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        zones: Zones | None,
    ) -> LdnBalanceTask:
        source = self._optional_source(parameters, self.ERRORS, context)
        periods = self._planned
        return LdnBalanceTask(
            self._baseline,
            periods.rasters,
            periods.labels,
            None if zones is None else zones.polygons.wkb(),
            "" if zones is None else zones.polygons.crs.toWkt(Qgis.CrsWktVariant.Preferred),
            [self._baseline.name] if zones is None else zones.names,
            baseline_values=self.parameterAsEnumString(parameters, self.BASELINE_VALUES, context),
            period_values=self.parameterAsEnumString(parameters, self.PERIOD_VALUES, context),
            baseline_values_label=self._label(self.BASELINE_VALUES),
            period_values_label=self._label(self.PERIOD_VALUES),
            land_types=self._types,
            errors=_errors(source, len(periods.labels), feedback) if source is not None else None,
            land_cover_initial=self._cover,
            water=self._water,
            water_class=self.parameterAsInt(parameters, self.WATER_CLASS, context),
            denominator=self.parameterAsEnumString(parameters, self.DENOMINATOR, context),
        )

    def _numbers(
        self,
        task: LdnBalanceTask,
        table: Mapping[str, Sequence[Any]],
        feedback: QgsProcessingFeedback,
    ) -> dict[str, float | int]:
        """Say the headline, and return the figures for models."""
        rows = range(len(task.labels), len(task.zone_names) * (1 + len(task.labels)))
        last = rows[:: 1 + len(task.labels)]
        achieved = sum(table["achieved"][row] == 1 for row in last)
        net = float(table["net_restored_km2"][-1])
        text = QCoreApplication.translate(
            "Dbar",
            "{period}: net restored land {net} km²; gains make up for losses in {achieved} of "
            "{count} zones.",
        )
        feedback.pushInfo(
            text.format(
                period=task.labels[-1],
                net=figure_text(net),
                achieved=achieved,
                count=len(task.zone_names),
            )
        )
        return {
            self.N_ZONES: len(task.zone_names),
            self.N_ACHIEVED: achieved,
            self.NET_RESTORED_KM2: net,
        }


def _whole_raster(layer: QgsRasterLayer) -> Polygons:
    """Take the whole of a raster for one zone."""
    extent = QgsGeometry.fromRect(layer.extent())
    extent.convertToMultiType()
    feature = QgsFeature()
    feature.setGeometry(extent)
    return Polygons(layer.crs(), [feature], [extent])


def _check_fields(source: QgsProcessingFeatureSource) -> None:
    """Refuse error polygons that say nothing about what to recode."""
    if not any(source.fields().lookupField(name) >= 0 for name in RECODE_FIELDS):
        raise InputError(
            translate(
                "Dbar",
                "The error polygons “{layer}” have none of the fields {fields}. Add them: what "
                "becomes of degraded, stable and improved land (-32768 no data, -1, 0 or 1).",
            ),
            layer=source.sourceName(),
            fields=", ".join(RECODE_FIELDS),
        )


def _errors(
    source: QgsProcessingFeatureSource, period_count: int, feedback: QgsProcessingFeedback
) -> ErrorRecode:
    """Read error polygons and what they recode."""
    polygons = read_polygons(source, feedback)
    numbered = QCoreApplication.translate("Dbar", "feature {id}")
    names = [numbered.format(id=feature.id()) for feature in polygons.features]
    report_polygons(polygons, names, feedback)
    fields = source.fields()
    every = (1 << (period_count + 1)) - 1
    codes, periods = [], []
    for feature, name in zip(polygons.features, names, strict=True):
        targets = [_whole_number(feature, fields, field, name) for field in RECODE_FIELDS]
        codes.append(recode_of(targets, RECODE_FIELDS, name))
        bits = _whole_number(feature, fields, PERIODS_FIELD, name)
        periods.append(every if bits is None else bits)
    wkt = polygons.crs.toWkt(Qgis.CrsWktVariant.Preferred)
    return ErrorRecode(polygons.wkb(), wkt, codes, periods)


def _whole_number(feature: QgsFeature, fields: QgsFields, field: str, name: str) -> int | None:
    """Return a field's whole number; None where it is empty, “none” or not there."""
    index = fields.lookupField(field)
    value = feature.attribute(index) if index >= 0 else None
    if QgsVariantUtils.isNull(value) or str(value).strip().casefold() in ("", "none"):
        return None
    try:
        number = float(value)
        whole = int(number) if number == int(number) else None
    except (TypeError, ValueError, OverflowError):
        whole = None
    if whole is None:
        raise InputError(
            translate("Dbar", "Error polygon {name}: {field} holds “{value}”, no whole number."),
            name=name,
            field=field,
            value=value,
        )
    return whole


def style_balance(layer: QgsVectorLayer, field: str) -> None:
    """Colour zones by whether gains or losses prevail in the last period."""
    translate = QCoreApplication.translate
    degraded, stable, improved = palette()
    categories = [
        QgsRendererCategory(
            value,
            QgsFillSymbol.createSimple(
                {"color": colour, "outline_color": "#5a5a5a", "outline_width": "0.2"}
            ),
            text,
        )
        for value, colour, text in (
            (-1, degraded, translate("Dbar", "Losses exceed gains")),
            (0, stable, translate("Dbar", "Gains equal losses")),
            (1, improved, translate("Dbar", "Gains exceed losses")),
            ("", "#d0d0d0", translate("Dbar", "No data")),
        )
    ]
    layer.setRenderer(QgsCategorizedSymbolRenderer(field, categories))


def style_percent(layer: QgsMapLayer, band: int) -> None:
    """Show balances in 0.01 %: losses, gains, and nought between them."""
    if not isinstance(layer, QgsRasterLayer):
        return
    degraded, stable, improved = palette()
    limit = 10_000.0
    ramp = QgsColorRampShader(-limit, limit)
    ramp.setColorRampType(Qgis.ShaderInterpolationMethod.Linear)
    ramp.setColorRampItemList(
        [
            QgsColorRampShader.ColorRampItem(value, QColor(colour), f"{value / 100:g} %")
            for value, colour in ((-limit, degraded), (0.0, stable), (limit, improved))
        ]
    )
    shader = QgsRasterShader(-limit, limit)
    shader.setRasterShaderFunction(ramp)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), band, shader)
    renderer.setClassificationMin(-limit)
    renderer.setClassificationMax(limit)
    layer.setRenderer(renderer)


def _labels() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "zone": translate("Dbar", "Zone"),
        "period": translate("Dbar", "Period"),
        "land_type": translate("Dbar", "Land type"),
        "land_km2": translate("Dbar", "Land (km²)"),
        "water_km2": translate("Dbar", "Inland water (km²)"),
        "total_km2": translate("Dbar", "All area (km²)"),
        "nodata_km2": translate("Dbar", "Without a class (km²)"),
        "restored_km2": translate("Dbar", "Restored (km²)"),
        "degraded_km2": translate("Dbar", "Degraded (km²)"),
        "stable_km2": translate("Dbar", "Stable (km²)"),
        "net_restored_km2": translate("Dbar", "Net restored (km²)"),
        "restored_pct": translate("Dbar", "Restored (% of land)"),
        "degraded_pct": translate("Dbar", "Degraded (% of land)"),
        "net_restored_pct": translate("Dbar", "Net restored (% of land)"),
        "change_km2": translate("Dbar", "Net restored, change against baseline (km²)"),
        "change_pct": translate("Dbar", "Net restored, change against baseline (%)"),
        "change_points": translate("Dbar", "Net restored, change against baseline (points)"),
        "rank": translate("Dbar", "Rank by net restored land"),
        "share_pct": translate("Dbar", "Share of all net restored land (%)"),
        **{
            f"status_{number}_km2": translate("Dbar", "Status {number} (km²)").format(number=number)
            for number in range(1, 8)
        },
        "gains_km2": translate("Dbar", "Gains (km²)"),
        "losses_km2": translate("Dbar", "Losses (km²)"),
        "neutral_km2": translate("Dbar", "Neutral (km²)"),
        "balance_km2": translate("Dbar", "Balance (km²)"),
        "balance_pct": translate("Dbar", "Balance (%)"),
        "achieved": translate("Dbar", "Neutrality achieved (1: yes)"),
        "degraded_change_km2": translate("Dbar", "Degraded by status, change (km²)"),
        "degraded_change_points": translate("Dbar", "Degraded by status, change (points)"),
        "balance_class": translate("Dbar", "Balance, last period (-1, 0, 1)"),
    }


def _short_name(column: str) -> str:
    """Write a column of the wide table in at most ten letters."""
    for stem, short in _SHORT.items():
        if column == stem:
            return short
        if column.startswith(f"{stem}_"):
            ending = column.removeprefix(f"{stem}_")
            return f"{short}_{'BASE' if ending == 'baseline' else ending[-4:]}"
    return column


def _zone_labels(columns: Mapping[str, Any], periods: tuple[str, ...]) -> dict[str, str]:
    """Labels of the wide table, whose columns end in a period."""
    labels = _labels()
    baseline = QCoreApplication.translate("Dbar", "baseline")
    endings = {"baseline": baseline, **{column_ending(label): label for label in periods}}
    found = {}
    for column in columns:
        # The longest ending first: one period's name may be the end of another's.
        for ending in sorted(endings, key=len, reverse=True):
            stem = column.removesuffix(f"_{ending}")
            if stem in labels and stem != column:
                found[column] = f"{labels[stem]}, {endings[ending]}"
                break
        else:
            found[column] = labels.get(column, column)
    return found
