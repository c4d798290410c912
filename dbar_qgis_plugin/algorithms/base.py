"""What all algorithms share: identity, help, settings, and the way errors reach the user."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar, Final

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingUtils,
    QgsRasterLayer,
    QgsVariantUtils,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QIcon

from dbar_qgis_plugin.about import PLUGIN_FOLDER
from dbar_qgis_plugin.algorithms.dialogs import dialog_of
from dbar_qgis_plugin.algorithms.help_texts import (
    help_page,
    help_text,
    parameter_helps,
    to_html,
    to_plain,
)
from dbar_qgis_plugin.algorithms.inputs import raster_input, raster_layers, refuse_other_file
from dbar_qgis_plugin.algorithms.outputs import Look, destination, style_output
from dbar_qgis_plugin.algorithms.overwriting import refuse_overwriting
from dbar_qgis_plugin.algorithms.rasters import Lineage, lineage_of, style_raster_output
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.errors import DbarError, InputError, MissingDependencyError, translate
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.raster_io.progress import Message, Progress

if TYPE_CHECKING:
    from qgis.PyQt.QtWidgets import QWidget

# In the metadata of parameters.
ROLE_TAG: Final = "dbar_role"
DATES_TAG: Final = "dbar_dates"
ICONS = PLUGIN_FOLDER / "resources" / "icons"


def translated(message: Message | DbarError) -> str:
    """Write a message of the code below QGIS in the user's language."""
    values = {
        name: scrubbed(value) if isinstance(value, str) else value
        for name, value in message.values.items()
    }
    return QCoreApplication.translate("Dbar", message.template).format(**values)


@contextmanager
def errors_for_user() -> Iterator[None]:
    """Turn the errors of the code below into the one kind that Processing shows."""
    try:
        yield
    except DbarError as error:
        raise QgsProcessingException(translated(error)) from error


def tag_role(
    parameter: QgsProcessingParameterDefinition,
    roles: Mapping[str, str],
    dated_by: Mapping[str, str],
) -> None:
    """Say on a parameter what data it is for, so that the catalog's window finds it."""
    tags = {ROLE_TAG: roles.get(parameter.name()), DATES_TAG: dated_by.get(parameter.name())}
    told = {name: text for name, text in tags.items() if text}
    if told:
        parameter.setMetadata({**parameter.metadata(), **told})


# Parameters and outputs of the algorithms, in the language of QGIS's window.
_definitions: dict[
    str, tuple[list[QgsProcessingParameterDefinition], list[QgsProcessingOutputDefinition]]
] = {}


def forget_definitions() -> None:
    """Make parameters and outputs anew: when the plugin goes, or the language changes."""
    _definitions.clear()


class DbarAlgorithm(QgsProcessingAlgorithm):
    """Base of the algorithms.

    A subclass names itself, adds parameters and outputs in `define`, and gives `check` (is the
    input fit to start?), `collect` (layers to plain values, in the thread that owns the layers) and
    `compute`. The last three may raise `DbarError`.
    """

    NAME: ClassVar[str]
    # What data its inputs are for (`catalog.roles`), and where the dates of a series are typed.
    ROLES: ClassVar[Mapping[str, str]] = {}
    DATED_BY: ClassVar[Mapping[str, str]] = {}
    # Adds parameters and outputs, the same to every instance.
    define: Callable[[], None]
    # Computes, writes the outputs and returns them.
    compute: Callable[[dict[str, Any], QgsProcessingContext, QgsProcessingFeedback], dict[str, Any]]

    def __init__(self) -> None:
        super().__init__()
        # How outputs look, by what Processing calls them: a layer's id or a file.
        self.looks: dict[str, Look] = {}
        self.raster_looks: dict[str, Look] = {}
        self.lineage = Lineage()

    def createCustomParametersWidget(self, parent: QWidget | None = None) -> QWidget | None:
        return dialog_of(self, parent)

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Add parameters and outputs: copies, where an instance has them already.

        Running a model, QGIS makes its steps anew tens of thousands of times.
        """
        if self.NAME not in _definitions:
            self.define()
            _definitions[self.NAME] = (
                [parameter.clone() for parameter in self.parameterDefinitions()],
                [type(output)(output) for output in self.outputDefinitions()],
            )
            return
        parameters, outputs = _definitions[self.NAME]
        for parameter in parameters:
            self.addParameter(parameter.clone(), False)
        for output in outputs:
            self.addOutput(type(output)(output))

    # -- identity

    def name(self) -> str:
        return self.NAME

    def createInstance(self) -> DbarAlgorithm:
        return type(self)()

    def svgIconPath(self) -> str:
        return str(ICONS / f"{self.NAME}.svg")

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    # -- help

    def shortDescription(self) -> str:
        return to_plain(help_text(self.NAME).summary)

    def shortHelpString(self) -> str:
        text = help_text(self.NAME)
        if QgsApplication.platform() == "qgis_process":
            # It takes no HTML, and prints the summary and the help of the parameters itself.
            return to_plain(text.description.removeprefix(text.summary).strip())
        sections = {key: to_html(section) for key, section in text.sections.items()}
        sections["ALG_DESC"] = to_html(text.description)
        return QgsProcessingUtils.formatHelpMapAsHtml(sections, self)

    def helpUrl(self) -> str:
        return help_page(self.NAME)

    def add(self, parameter: QgsProcessingParameterDefinition, *, advanced: bool = False) -> None:
        """Add a parameter, with its help from the help file."""
        parameter.setHelp(parameter_helps(self.NAME).get(parameter.name(), ""))
        tag_role(parameter, self.ROLES, self.DATED_BY)
        if advanced:
            parameter.setFlags(parameter.flags() | Qgis.ProcessingParameterFlag.Advanced)
        self.addParameter(parameter)

    def _add_enum(
        self,
        name: str,
        label: str,
        options: Iterable[str],
        default: str | None = None,
        *,
        advanced: bool = False,
    ) -> None:
        """Add a choice; the first option is the default if none is named."""
        names = [str(option) for option in options]
        self.add(
            QgsProcessingParameterEnum(
                name, label, names, defaultValue=default or names[0], usesStaticStrings=True
            ),
            advanced=advanced,
        )

    def _add_number(
        self,
        name: str,
        label: str,
        default: float | None,
        least: float,
        most: float = 1e9,
        *,
        whole: bool = False,
        advanced: bool = False,
    ) -> None:
        """Add a number; without a default it may stay empty."""
        kind = Qgis.ProcessingNumberParameterType
        self.add(
            QgsProcessingParameterNumber(
                name,
                label,
                kind.Integer if whole else kind.Double,
                defaultValue=default,
                optional=default is None,
                minValue=least,
                maxValue=most,
            ),
            advanced=advanced,
        )

    def _number_or_none(
        self, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
    ) -> float | None:
        """Return a number that may stay empty."""
        value = parameters.get(name)
        if QgsVariantUtils.isNull(value) or value == "":
            return None
        return self.parameterAsDouble(dict(parameters), name, context)

    def _label(self, name: str) -> str:
        """Name a parameter as the dialog does, for messages."""
        return self.parameterDefinition(name).description()

    # -- values

    def _layer(
        self, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
    ) -> QgsRasterLayer:
        """Return the raster of a parameter that takes one; refuse what does not open."""
        layer = self.parameterAsRasterLayer(dict(parameters), name, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(dict(parameters), name))
        return layer

    def _optional_source(
        self, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
    ) -> QgsProcessingFeatureSource | None:
        """Return the features of an optional parameter; refuse what is given but does not open."""
        source = self.parameterAsSource(dict(parameters), name, context)
        if source is None and parameters.get(name) not in (None, ""):
            raise QgsProcessingException(self.invalidSourceError(dict(parameters), name))
        return source

    def _optional_raster(
        self, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
    ) -> RasterInput | None:
        """Return an optional raster; refuse what is given but does not open."""
        return (
            None
            if parameters.get(name) in (None, "")
            else raster_input(self._layer(parameters, name, context))
        )

    def _check_report(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        name: str = "OUTPUT_REPORT",
    ) -> None:
        """Refuse a report without the library that draws its charts."""
        if destination(parameters, name, context) and find_spec("plotly") is None:
            raise MissingDependencyError(
                translate(
                    "Dbar",
                    "The report needs the Python library plotly, which QGIS usually brings. "
                    "Install it (Debian, Ubuntu: python3-plotly), or leave the report out.",
                )
            )

    def _check_zone_field(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        zones: str = "ZONES",
        field: str = "ZONE_FIELD",
    ) -> None:
        """Refuse a field for the names of zones that are not given."""
        if self._optional_source(parameters, zones, context) is None and self.parameterAsString(
            dict(parameters), field, context
        ):
            raise InputError(
                translate("Dbar", "“{field}” is given without “{zones}”: choose the zones too."),
                field=self._label(field),
                zones=self._label(zones),
            )

    def _check_fields(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        """Refuse fields that their layer does not have; QGIS's dialogs offer no others."""
        values = dict(parameters)
        for definition in self.parameterDefinitions():
            if not isinstance(definition, QgsProcessingParameterField):
                continue
            source = self.parameterAsSource(values, definition.parentLayerParameterName(), context)
            if source is None:
                continue
            fields = source.fields()
            names = {
                "parameter": self._label(definition.name()),
                "layer": source.sourceName(),
                "fields": ", ".join(fields.names()),
            }
            numeric = definition.dataType() == Qgis.ProcessingFieldParameterDataType.Numeric
            for name in filter(None, self.parameterAsStrings(values, definition.name(), context)):
                index = fields.lookupField(name)
                if index < 0:
                    text = translate(
                        "Dbar", "{parameter}: “{layer}” has no field “{name}”, but {fields}."
                    )
                    raise InputError(text, name=name, **names)
                if numeric and not fields.at(index).isNumeric():
                    text = translate(
                        "Dbar", "{parameter}: “{field}” is not a numeric field of “{layer}”."
                    )
                    raise InputError(text, field=name, **names)

    # -- run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        """Raise `InputError` for values that do not fit together; quick, nothing is computed."""

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        """Turn layers into plain values kept on this object."""

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        try:
            # QGIS calls a raster that does not open an "incorrect value"; this names the file.
            for definition in self.parameterDefinitions():
                if definition.type() == QgsProcessingParameterMultipleLayers.typeName():
                    raster_layers(self, parameters, definition.name(), context)
            # QGIS takes the NULL that expressions give for a 0, which may be out of bounds.
            given = {
                name: value
                for name, value in parameters.items()
                if not QgsVariantUtils.isNull(value)
            }
            fits, reason = super().checkParameterValues(given, context)
            if fits:
                refuse_overwriting(self, parameters, context)
                self._check_fields(parameters, context)
                self.check(parameters, context)
            else:
                for definition in self.parameterDefinitions():
                    if definition.type() == QgsProcessingParameterRasterLayer.typeName():
                        refuse_other_file(self, parameters, definition.name(), context)
        except DbarError as error:
            return False, translated(error)
        return fits, reason

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        with errors_for_user():
            # A model runs its steps without asking checkParameterValues.
            refuse_overwriting(self, parameters, context)
            self._check_fields(parameters, context)
            self.check(parameters, context)
            self.lineage = lineage_of(self, parameters, context)
            self.collect(parameters, context, feedback)
        return True

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        with errors_for_user():
            return self.compute(parameters, context, feedback)

    def _say(
        self,
        notes: Iterable[Message],
        warnings: Iterable[Message],
        feedback: QgsProcessingFeedback,
    ) -> None:
        """Write messages of the code below to the log."""
        for note in notes:
            feedback.pushInfo(translated(note))
        for warning in warnings:
            feedback.pushWarning(translated(warning))

    def postProcessAlgorithm(
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # Later ones lie on top: rasters below polygons.
        for position, (target, look) in enumerate(self.raster_looks.items()):
            style_raster_output(target, look, position, context, feedback)
        for position, (target, look) in enumerate(self.looks.items(), len(self.raster_looks)):
            style_output(target, look, position, context, feedback)
        return {}


def progress_of(feedback: QgsProcessingFeedback) -> Progress:
    """Let a pipeline report to Processing's dialog."""
    return Progress(
        set_progress=lambda share: feedback.setProgress(100.0 * share),
        is_cancelled=feedback.isCanceled,
        info=lambda message: feedback.pushInfo(translated(message)),
    )
