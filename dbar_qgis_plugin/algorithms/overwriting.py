"""Outputs that would take the place of an input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterVectorLayer,
    QgsProviderRegistry,
)

from dbar_qgis_plugin.algorithms.outputs import destination
from dbar_qgis_plugin.errors import OutputError, translate

_ONE_LAYER = tuple(
    kind.typeName()
    for kind in (
        QgsProcessingParameterFeatureSource,
        QgsProcessingParameterRasterLayer,
        QgsProcessingParameterVectorLayer,
    )
)


def refuse_overwriting(
    algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any], context: QgsProcessingContext
) -> None:
    """Raise `OutputError` if an output is to be written onto a file that is an input."""
    targets = [
        (definition, Path(target))
        for definition in algorithm.parameterDefinitions()
        if definition.isDestination()
        and (target := destination(parameters, definition.name(), context).partition("|")[0])
        and Path(target).is_file()
    ]
    if not targets:
        return
    for definition in algorithm.parameterDefinitions():
        for source in _files(algorithm, parameters, definition, context):
            for output, target in targets:
                if source.is_file() and source.samefile(target):
                    raise OutputError(
                        translate(
                            "Dbar",
                            "{output}: {path} is also read, as “{input}”, and would be lost. "
                            "Choose another file for the output.",
                        ),
                        output=output.description(),
                        path=str(target),
                        input=definition.description(),
                    )


def _files(
    algorithm: QgsProcessingAlgorithm,
    parameters: Mapping[str, Any],
    definition: QgsProcessingParameterDefinition,
    context: QgsProcessingContext,
) -> Iterator[Path]:
    """Files that a parameter reads."""
    name, kind = definition.name(), definition.type()
    if parameters.get(name) in (None, ""):
        return
    layers: list[QgsMapLayer | None] = []
    if kind == QgsProcessingParameterFile.typeName():
        yield Path(algorithm.parameterAsFile(parameters, name, context))
    elif kind == QgsProcessingParameterMultipleLayers.typeName():
        layers = algorithm.parameterAsLayerList(parameters, name, context)
    elif kind in _ONE_LAYER:
        given = parameters[name]
        if isinstance(given, QgsProcessingFeatureSourceDefinition):  # "selected features only"
            given, _ = given.source.value(context.expressionContext())
        layers = [algorithm.parameterAsLayer({**parameters, name: given}, name, context)]
    for layer in layers:
        if layer is not None:
            parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
            if parts.get("path"):
                yield Path(parts["path"])
