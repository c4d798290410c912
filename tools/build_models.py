"""Build the models that the plugin bundles, into dbar_qgis_plugin/resources/models.

    /usr/bin/python3 tools/build_models.py

A model is a file that QGIS's modeler opens; it is written here because a chain of twenty steps is
easier to read, to review and to keep right as code than as a drawing.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Qt then writes the attributes of an element in the same order every time.
os.environ["QT_HASH_SEED"] = "0"

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, "/usr/share/qgis/python/plugins")

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QPointF

FOLDER = ROOT / "dbar_qgis_plugin" / "resources" / "models"
CONVENTIONS = ["prais4", "trends_earth", "gpg_v2"]
LEGENDS = [
    "unccd",
    "esa_cci",
    "modis_igbp",
    "cgls_lc100",
    "worldcover",
    "corine",
    "inpe",
]

BUILTUP_KINDS = ["binary", "fraction", "percent", "square_metres", "classes", "first_year"]
LAND_KINDS = ["share", "percent", "square_metres", "water_share", "water_percent"]

# Years of the user's, in expressions: an input that is left at its default has no value there.
BASELINE_FIRST = "coalesce(@BASELINE_FIRST, 2000)"
BASELINE_LAST = "coalesce(@BASELINE_LAST, 2015)"
REPORTING_LAST = "coalesce(@REPORTING_LAST, 2023)"
REPORTED = f"to_string({BASELINE_LAST} + 1) || '-' || to_string({REPORTING_LAST})"

Source = QgsProcessingModelChildParameterSource


def from_input(name: str) -> list[Source]:
    """Take what the user gives the model."""
    return [Source.fromModelParameter(name)]


def from_step(step: str, output: str = "OUTPUT") -> list[Source]:
    """Take an output of an earlier step."""
    return [Source.fromChildOutput(step, output)]


def fixed(value: object) -> list[Source]:
    """Take a value that the model sets."""
    return [Source.fromStaticValue(value)]


def computed(expression: str) -> list[Source]:
    """Take the value of an expression of the model's inputs."""
    return [Source.fromExpression(expression)]


class ModelBuilder:
    """A model in the making, drawn in rows of steps."""

    def __init__(self, name: str, group: str) -> None:
        # The name is the id; the provider gives the title, in the user's language.
        self.model = QgsProcessingModelAlgorithm(name, group, group)
        self._name = name
        self._inputs: list[str] = []
        self._steps = 0

    def add_input(self, definition: QgsProcessingParameterDefinition) -> None:
        """Add a parameter of the model."""
        component = QgsProcessingModelParameter(definition.name())
        row, column = divmod(len(self._inputs), 6)
        component.setPosition(QPointF(150 + 230 * column, 60 + 60 * row))
        self.model.addModelParameter(definition, component)
        self._inputs.append(definition.name())

    def add_step(
        self,
        step: str,
        algorithm: str,
        text: str,
        sources: dict[str, list[Source]],
        outputs: dict[str, str] | None = None,
    ) -> None:
        """Add a step; `outputs` maps those of its outputs that the user gets to the model's."""
        child = QgsProcessingModelChildAlgorithm(algorithm)
        child.setChildId(step)
        child.setDescription(text)
        if child.algorithm() is None:
            raise SystemExit(f"{algorithm} is not an algorithm")
        known = {definition.name() for definition in child.algorithm().parameterDefinitions()}
        unknown = set(sources) - known
        if unknown:
            raise SystemExit(f"{algorithm} has no parameter {', '.join(sorted(unknown))}")
        for name, source in sources.items():
            child.addParameterSources(name, source)
        made = {}
        for name, output in (outputs or {}).items():
            # QGIS makes the parameter's name of the description; the provider puts a title on it.
            final = QgsProcessingModelOutput(output, output)
            final.setChildId(step)
            final.setChildOutputName(name)
            made[output] = final
        child.setModelOutputs(made)
        child.setPosition(QPointF(200 + 260 * (self._steps % 5), 320 + 130 * (self._steps // 5)))
        self.model.addChildAlgorithm(child)
        self._steps += 1

    def save(self) -> Path:
        """Check the model and write its file."""
        # QGIS would order them by their names.
        self.model.setParameterOrder(self._inputs)
        valid, problems = self.model.validate()
        if not valid:
            raise SystemExit("; ".join(problems))
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{self._name}.model3"
        if not self.model.toFile(str(path)):
            raise SystemExit(f"{path} could not be written")
        return path


def optional(definition: QgsProcessingParameterDefinition) -> QgsProcessingParameterDefinition:
    """Let the user leave a parameter empty."""
    definition.setFlags(definition.flags() | Qgis.ProcessingParameterFlag.Optional)
    return definition


def choice(name: str, text: str, options: list[str], default: str) -> QgsProcessingParameterEnum:
    """Make an input that takes one of some words."""
    return QgsProcessingParameterEnum(name, text, options, False, default, usesStaticStrings=True)


def land_degradation_model() -> ModelBuilder:
    """Chain the steps of SDG 15.3.1, for the baseline and one reporting period."""
    build = ModelBuilder("sdg1531", "sdg1531")
    rasters = Qgis.ProcessingSourceType.Raster

    def year(name: str, text: str, default: int) -> QgsProcessingParameterNumber:
        return QgsProcessingParameterNumber(
            name, text, Qgis.ProcessingNumberParameterType.Integer, default
        )

    for definition in (
        QgsProcessingParameterMultipleLayers("NDVI", "Annual NDVI", rasters),
        optional(
            QgsProcessingParameterString("NDVI_YEARS", "Years of NDVI (empty: read from the names)")
        ),
        QgsProcessingParameterMultipleLayers("LAND_COVER", "Land cover maps", rasters),
        optional(
            QgsProcessingParameterString(
                "LAND_COVER_YEARS", "Years of land cover (empty: read from the names)"
            )
        ),
        choice("LEGEND", "Legend of the land cover maps", LEGENDS, "esa_cci"),
        QgsProcessingParameterRasterLayer(
            "STOCK", "Soil organic carbon at the start of the baseline (t/ha)"
        ),
        optional(QgsProcessingParameterRasterLayer("CLIMATE_ZONES", "IPCC climate zones")),
        QgsProcessingParameterNumber(
            "FACTOR",
            "Factor f for all, or where there is no climate zone",
            Qgis.ProcessingNumberParameterType.Double,
            0.8,
            minValue=0.01,
            maxValue=1.0,
        ),
        QgsProcessingParameterMultipleLayers(
            "UNITS", "Land units to compare productivity within", rasters
        ),
        optional(QgsProcessingParameterRasterLayer("POPULATION", "Population (persons per cell)")),
        optional(
            QgsProcessingParameterFeatureSource(
                "ZONES", "Zones to report on", [Qgis.ProcessingSourceType.VectorPolygon]
            )
        ),
        optional(
            QgsProcessingParameterField(
                "ZONE_FIELD", "Field with the zone's name", parentLayerParameterName="ZONES"
            )
        ),
        choice("CONVENTION", "Convention", CONVENTIONS, "prais4"),
        year("BASELINE_FIRST", "First year of the baseline", 2000),
        year("BASELINE_LAST", "Last year of the baseline", 2015),
        year("REPORTING_LAST", "Last year of the reporting period", 2023),
    ):
        build.add_input(definition)

    # Per period: the last year of productivity, and the years whose land cover is compared.
    for period, title, last, initial, final in (
        ("baseline", "Baseline", BASELINE_LAST, BASELINE_FIRST, BASELINE_LAST),
        ("reporting", "Reporting period", REPORTING_LAST, BASELINE_LAST, REPORTING_LAST),
    ):
        add_period(build, period, title, last, initial, final)

    build.add_step(
        "status",
        "dbar:degradationstatus",
        "Status against the baseline",
        {
            "BASELINE": from_step("indicator_baseline"),
            "REPORTING": from_step("indicator_reporting"),
            "PERIODS": computed(REPORTED),
        },
        {"OUTPUT": "STATUS"},
    )
    build.add_step(
        "summary_status",
        "dbar:landdegradationsummary",
        "Tables and report of the reporting period",
        {
            "RASTER": from_step("status"),
            "BAND": fixed(2),
            **summary_inputs("reporting"),
            "PERIOD_LABEL": computed(REPORTED),
        },
        {
            "OUTPUT": "ZONES_REPORTING",
            "OUTPUT_TABLE": "TABLE_REPORTING",
            "OUTPUT_CROSSTABS": "CROSSTABS_REPORTING",
            "OUTPUT_REPORT": "REPORT_REPORTING",
        },
    )
    build.add_step(
        "balance",
        "dbar:ldnbalance",
        "Neutrality balance",
        {
            "BASELINE": from_step("indicator_baseline"),
            "REPORTING": from_step("indicator_reporting"),
            "PERIODS": computed(REPORTED),
            "ZONES": from_input("ZONES"),
            "ZONE_FIELD": from_input("ZONE_FIELD"),
            "LAND_TYPES": from_input("UNITS"),
            "LAND_COVER_INITIAL": from_step("land_cover_baseline"),
        },
        {
            "OUTPUT_PERIODS": "BALANCE",
            "OUTPUT_LAND_TYPES": "BALANCE_LAND_TYPES",
        },
    )
    return build


def summary_inputs(period: str) -> dict[str, list[Source]]:
    """Inputs of the summary that come from the steps of a period and from the user."""
    return {
        "PRODUCTIVITY": from_step(f"productivity_{period}"),
        "LAND_COVER": from_step(f"land_cover_{period}"),
        "SOC": from_step(f"carbon_{period}"),
        "POPULATION": from_input("POPULATION"),
        "ZONES": from_input("ZONES"),
        "ZONE_FIELD": from_input("ZONE_FIELD"),
    }


def add_period(
    build: ModelBuilder, period: str, title: str, last: str, initial: str, final: str
) -> None:
    """Add the steps from NDVI, land cover and carbon to the indicator of one period."""
    ndvi = {
        "NDVI": from_input("NDVI"),
        "YEARS": from_input("NDVI_YEARS"),
        "CONVENTION": from_input("CONVENTION"),
    }
    # Sixteen years of productivity, as PRAIS4 has it, however long the period reported is.
    span = {"FIRST_YEAR": computed(f"{last} - 15"), "LAST_YEAR": computed(last)}
    build.add_step(
        f"trajectory_{period}",
        "dbar:productivitytrajectory",
        f"{title}: trajectory",
        {**ndvi, **span},
    )
    build.add_step(
        f"state_{period}",
        "dbar:productivitystate",
        f"{title}: state",
        {
            **ndvi,
            "BASELINE_START": computed(f"{last} - 15"),
            "BASELINE_END": computed(f"{last} - 3"),
            "RECENT_START": computed(f"{last} - 2"),
            "RECENT_END": computed(last),
        },
    )
    build.add_step(
        f"performance_{period}",
        "dbar:productivityperformance",
        f"{title}: performance",
        {**ndvi, **span, "UNITS": from_input("UNITS")},
    )
    build.add_step(
        f"productivity_{period}",
        "dbar:landproductivity",
        f"{title}: land productivity dynamics",
        {
            "TRAJECTORY": from_step(f"trajectory_{period}"),
            "STATE": from_step(f"state_{period}"),
            "PERFORMANCE": from_step(f"performance_{period}"),
        },
        {"OUTPUT": f"PRODUCTIVITY_{period.upper()}"},
    )
    land_cover = {
        "LAND_COVER": from_input("LAND_COVER"),
        "YEARS": from_input("LAND_COVER_YEARS"),
        "LEGEND": from_input("LEGEND"),
        "YEAR_INITIAL": computed(initial),
        "YEAR_FINAL": computed(final),
    }
    build.add_step(
        f"land_cover_{period}",
        "dbar:landcoverchange",
        f"{title}: land cover change",
        land_cover,
        {"OUTPUT": f"LAND_COVER_{period.upper()}"},
    )
    build.add_step(
        f"carbon_{period}",
        "dbar:soilorganiccarbon",
        f"{title}: soil organic carbon",
        {
            **land_cover,
            "STOCK": from_input("STOCK"),
            "CLIMATE_ZONES": from_input("CLIMATE_ZONES"),
            "FACTOR": computed("coalesce(@FACTOR, 0.8)"),
            "CONVENTION": from_input("CONVENTION"),
        },
        {"OUTPUT": f"SOC_{period.upper()}"},
    )
    build.add_step(
        f"indicator_{period}",
        "dbar:landdegradation",
        f"{title}: indicator",
        {
            "PRODUCTIVITY": from_step(f"productivity_{period}"),
            "LAND_COVER": from_step(f"land_cover_{period}"),
            "SOC": from_step(f"carbon_{period}"),
        },
        {"OUTPUT": f"SDG_{period.upper()}"},
    )
    if period == "baseline":
        build.add_step(
            f"summary_{period}",
            "dbar:landdegradationsummary",
            f"{title}: tables and report",
            {
                "RASTER": from_step(f"indicator_{period}"),
                **summary_inputs(period),
                "PERIOD_LABEL": computed(
                    f"to_string({BASELINE_FIRST}) || '-' || to_string({BASELINE_LAST})"
                ),
            },
            {
                "OUTPUT": "ZONES_BASELINE",
                "OUTPUT_TABLE": "TABLE_BASELINE",
                "OUTPUT_CROSSTABS": "CROSSTABS_BASELINE",
                "OUTPUT_REPORT": "REPORT_BASELINE",
            },
        )


def urban_inputs() -> list[QgsProcessingParameterDefinition]:
    """Inputs of both models of SDG 11.3.1."""
    kind = Qgis.ProcessingSourceType
    return [
        QgsProcessingParameterMultipleLayers("BUILTUP", "Built-up rasters", kind.Raster),
        choice("BUILTUP_KIND", "Built-up cells hold", BUILTUP_KINDS, "binary"),
        optional(QgsProcessingParameterString("BUILTUP_CLASSES", "Built-up classes")),
        QgsProcessingParameterMultipleLayers("POPULATION", "Population rasters", kind.Raster),
        choice("POPULATION_KIND", "Population cells hold", ["count", "density"], "count"),
        optional(QgsProcessingParameterString("YEARS", "Years (empty: read from the names)")),
        optional(
            QgsProcessingParameterFeatureSource("NAMES", "Points with names", [kind.VectorPoint])
        ),
        optional(
            QgsProcessingParameterField(
                "NAME_FIELD", "Field with the name", parentLayerParameterName="NAMES"
            )
        ),
        choice("FORMULA", "Formula of the rates", ["2021", "2018"], "2021"),
    ]


def add_efficiency(build: ModelBuilder, cities: list[Source]) -> None:
    """Add the step from cities to the indicator."""
    build.add_step(
        "efficiency",
        "dbar:landuseefficiency",
        "Land use efficiency",
        {
            "CITIES": cities,
            "CITY_FIELD": fixed("name"),
            **{
                name: from_input(name)
                for name in (
                    "BUILTUP",
                    "BUILTUP_KIND",
                    "BUILTUP_CLASSES",
                    "POPULATION",
                    "POPULATION_KIND",
                    "YEARS",
                    "FORMULA",
                )
            },
        },
        {
            "OUTPUT": "CITIES",
            "OUTPUT_INTERVALS": "INTERVALS",
            "OUTPUT_GROUPS": "TOTALS",
            "OUTPUT_REPORT": "REPORT",
        },
    )


def urban_extent_model() -> ModelBuilder:
    """Chain SDG 11.3.1 for cities that UN-Habitat's urban extent gives."""
    build = ModelBuilder("sdg1131extent", "sdg1131")
    number = Qgis.ProcessingNumberParameterType.Double
    for definition in (
        *urban_inputs(),
        optional(QgsProcessingParameterRasterLayer("WATER", "Water (raster)")),
        optional(QgsProcessingParameterString("WATER_CLASSES", "Values that are water")),
        QgsProcessingParameterNumber("LEAST_KM2", "Smallest city (km²)", number, 1.0, minValue=0.0),
    ):
        build.add_input(definition)
    build.add_step(
        "extent",
        "dbar:urbanextent",
        "Urban extent",
        {
            **{
                name: from_input(name)
                for name in (
                    "BUILTUP",
                    "BUILTUP_KIND",
                    "BUILTUP_CLASSES",
                    "YEARS",
                    "WATER",
                    "WATER_CLASSES",
                    "NAMES",
                    "NAME_FIELD",
                )
            },
            "LEAST_KM2": computed("coalesce(@LEAST_KM2, 1)"),
        },
        {"OUTPUT": "EXTENT", "OUTPUT_TABLE": "EXTENT_AREAS"},
    )
    build.add_step(
        "last",
        "native:extractbyexpression",
        "Urban extent of the last epoch",
        {
            "INPUT": from_step("extent", "OUTPUT_EXTENTS"),
            "EXPRESSION": fixed('"year" = maximum("year")'),
        },
    )
    add_efficiency(build, from_step("last"))
    build.add_step(
        "growth",
        "dbar:urbangrowthtype",
        "Types of urban growth",
        {"EXTENTS": from_step("extent")},
        {"OUTPUT": "GROWTH", "OUTPUT_TABLE": "GROWTH_TYPES"},
    )
    return build


def degree_of_urbanisation_model() -> ModelBuilder:
    """Chain SDG 11.3.1 for cities that are urban centres of the last epoch."""
    build = ModelBuilder("sdg1131degurba", "sdg1131")
    for definition in (
        # A model cannot take the last of several layers.
        QgsProcessingParameterRasterLayer("POPULATION_LAST", "Population of the last epoch"),
        *urban_inputs(),
        optional(QgsProcessingParameterRasterLayer("LAND", "Land, or water, in each cell")),
        choice("LAND_KIND", "Land cells hold", LAND_KINDS, "share"),
    ):
        build.add_input(definition)
    build.add_step(
        "centres",
        "dbar:degreeofurbanisation",
        "Urban centres of the last epoch",
        {
            "POPULATION": from_input("POPULATION_LAST"),
            **{
                name: from_input(name)
                for name in ("POPULATION_KIND", "LAND", "LAND_KIND", "NAMES", "NAME_FIELD")
            },
        },
        {"OUTPUT": "CLASSES", "OUTPUT_TABLE": "CLASS_TABLE"},
    )
    add_efficiency(build, from_step("centres", "OUTPUT_CENTRES"))
    return build


def main() -> int:
    """Write the files of all models."""
    application = QgsApplication([], False)
    application.initQgis()
    from processing.core.Processing import Processing

    from dbar_qgis_plugin.processing_provider.provider import DbarProvider

    Processing.initialize()
    provider = DbarProvider()  # the registry does not keep the Python side alive
    application.processingRegistry().addProvider(provider)
    for make in (land_degradation_model, urban_extent_model, degree_of_urbanisation_model):
        print(make().save().relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
