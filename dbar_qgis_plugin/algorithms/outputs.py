"""From result tables to layers and files: all outputs of a run complete, or none."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsDataProvider,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsLayerMetadata,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProcessingOutputLayerDefinition,
    QgsProperty,
    QgsProviderRegistry,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QDate, QDateTime, QMetaType

from dbar_qgis_plugin.about import NAME, VERSION
from dbar_qgis_plugin.errors import Cancelled, OutputError, translate
from dbar_qgis_plugin.raster_io.sink import replace_raster, unfinished_path

# dBase files, the tables of shapefiles, hold no longer names.
_SHORT_NAME: Final = 10
_SHORT_NAME_FORMATS: Final = (".shp", ".dbf")


class Look(NamedTuple):
    """How an output looks where it is loaded: its style, and whether it is drawn at first."""

    style: Callable[[Any], None]
    is_drawn: bool = True


class Outputs:
    """The rasters, tables and texts that one run writes; use it in a `with` statement.

    When the block ends with an error or a cancel, everything written is removed again. A raster or
    a text takes its place under its final name only when the block has ended well.
    """

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self.results: dict[str, str] = {}
        self._algorithm = algorithm
        self._parameters = parameters
        self._context = context
        self._feedback = feedback
        self._tables: list[str] = []
        self._texts: list[tuple[Path, Path]] = []
        self._rasters: list[tuple[Path, Path]] = []

    def __enter__(self) -> Outputs:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._discard()
            return
        final = Path()
        try:
            for part, final in self._rasters:
                replace_raster(part, final)
            for part, final in self._texts:
                part.replace(final)
        except OSError as failure:
            self._discard()
            raise _not_written(final, failure) from failure

    def wants(self, name: str) -> bool:
        """Tell whether the user asks for an output."""
        return bool(destination(self._parameters, name, self._context))

    def name_limit(self, name: str) -> int | None:
        """Return how long field names may be in the format of an output."""
        target = destination(self._parameters, name, self._context)
        short = Path(target.partition("|")[0]).suffix.lower() in _SHORT_NAME_FORMATS
        return _SHORT_NAME if short else None

    def say_renamed(self, title: str, renamed: Mapping[str, str]) -> None:
        """Say in the log which fields have another name than usual."""
        text = QCoreApplication.translate("Dbar", "{output}: fields with another name: {names}")
        names = ", ".join(f"{name} → {field}" for name, field in renamed.items())
        self._feedback.pushInfo(text.format(output=title, names=names))

    def table(
        self,
        name: str,
        fields: QgsFields,
        rows: Iterable[Sequence[Any]],
        geometries: Iterable[QgsGeometry] | None = None,
        crs: QgsCoordinateReferenceSystem | None = None,
    ) -> str:
        """Write a table, with multipolygons if `geometries` are given, and return where it is.

        An output that is not asked for gives "".
        """
        sink, target = self._algorithm.parameterAsSink(
            self._parameters,
            name,
            self._context,
            fields,
            Qgis.WkbType.NoGeometry if geometries is None else Qgis.WkbType.MultiPolygon,
            crs or QgsCoordinateReferenceSystem(),
        )
        if sink is None:
            if self.wants(name):
                raise QgsProcessingException(
                    self._algorithm.invalidSinkError(self._parameters, name)
                )
            return ""
        self._tables.append(target)
        problem = self._fill(sink, name, fields, rows, geometries)
        # The sink holds the file open, which then could be neither read nor removed.
        del sink
        if problem is not None:
            raise problem
        self.results[name] = target
        return target

    def _fill(
        self,
        sink: QgsFeatureSink,
        name: str,
        fields: QgsFields,
        rows: Iterable[Sequence[Any]],
        geometries: Iterable[QgsGeometry] | None,
    ) -> Exception | None:
        """Write the rows; return what went wrong, since a raised error would keep the sink."""
        shapes = iter(geometries or ())
        for row in rows:
            if self._feedback.isCanceled():
                return Cancelled()
            feature = QgsFeature(fields)
            feature.setAttributes([_storable(value) for value in row])
            if geometries is not None:
                feature.setGeometry(next(shapes))
            if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                break
        else:
            if sink.flushBuffer():
                return None
        message = self._algorithm.writeFeatureError(sink, self._parameters, name)
        return QgsProcessingException(message)

    def raster(self, name: str) -> str:
        """Return where to write a raster until all outputs of the run are there."""
        path = self._algorithm.parameterAsOutputLayer(self._parameters, name, self._context)
        final = Path(path)
        part = unfinished_path(final)
        self._rasters.append((part, final))
        self.results[name] = path
        return str(part)

    def text(self, name: str, text: str) -> None:
        """Write a text file."""
        path = self._algorithm.parameterAsFileOutput(self._parameters, name, self._context)
        if not path:
            return
        final = Path(path)
        part = final.with_name(final.name + ".part")
        self._texts.append((part, final))
        try:
            part.write_text(text, encoding="utf-8")
        except OSError as failure:
            raise _not_written(final, failure) from failure
        self.results[name] = path

    def _discard(self) -> None:
        for target in self._tables:
            remove_table(target, self._context)
        for part, _ in (*self._rasters, *self._texts):
            part.unlink(missing_ok=True)


def _not_written(path: Path, failure: OSError) -> OutputError:
    return OutputError(
        translate("Dbar", "{path} could not be written: {reason}. Choose another place."),
        path=str(path),
        reason=failure.strerror or str(failure),
    )


def _storable(value: Any) -> Any:
    """Store what is undefined as NULL: not a number is not a value that a table can hold."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def remove_table(target: str, context: QgsProcessingContext) -> None:
    """Remove what a sink has written: a layer in memory, a file, or one table of a file."""
    if context.temporaryLayerStore().mapLayer(target) is not None:
        context.temporaryLayerStore().removeMapLayer(target)
        return
    parts = QgsProviderRegistry.instance().decodeUri("ogr", target)
    path = Path(parts.get("path") or "")
    if path.suffix.lower() == ".shp":
        # A shapefile is several files; without geometry there is none of this very name.
        QgsVectorFileWriter.deleteShapeFile(str(path))
    elif parts.get("layerName") and path.is_file():
        metadata = QgsProviderRegistry.instance().providerMetadata("ogr")
        metadata.createConnection(str(path), {}).dropVectorTable("", parts["layerName"])
    elif path.is_file():
        path.unlink()


def destination(parameters: Mapping[str, Any], name: str, context: QgsProcessingContext) -> str:
    """Return where an output goes, as the user wrote it; "" if it is not asked for."""
    value = parameters.get(name)
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        value = value.sink
    if isinstance(value, QgsProperty):
        value = value.valueAsString(context.expressionContext())[0]
    return str(value or "")


def unique_names(names: Sequence[str], limit: int | None = None) -> list[str]:
    """Shorten names to `limit` and number those that would be the same, whatever their case."""
    taken: set[str] = set()
    result = []
    for name in names:
        candidate, number = name[:limit], 1
        while candidate.casefold() in taken:
            number += 1
            ending = f"_{number}"
            candidate = name[: limit - len(ending)] + ending if limit else name + ending
        taken.add(candidate.casefold())
        result.append(candidate)
    return result


def column_field(name: str, values: Iterable[Any]) -> QgsField:
    """Make the field for a column of Python values; one without any is for numbers."""
    kinds = {type(value) for value in values} - {type(None)}
    if str in kinds:
        kind = QMetaType.Type.QString
    elif QDate in kinds:
        kind = QMetaType.Type.QDate
    elif QDateTime in kinds:
        kind = QMetaType.Type.QDateTime
    elif kinds == {int}:
        kind = QMetaType.Type.Int
    else:
        kind = QMetaType.Type.Double
    return QgsField(name, kind)


def provenance(
    algorithm: QgsProcessingAlgorithm, title: str, abstract: str, command: str
) -> QgsLayerMetadata:
    """Describe where a layer comes from: what computed it, how, and under which rights."""
    metadata = QgsLayerMetadata()
    metadata.setIdentifier(algorithm.id())
    metadata.setType("dataset")
    metadata.setTitle(title)
    metadata.setAbstract(abstract)
    metadata.setRights(
        [
            QCoreApplication.translate(
                "Dbar", "The licences of the input data hold for this result as well."
            )
        ]
    )
    metadata.setHistory([f"{NAME} {VERSION}, QGIS {Qgis.version()}", command])
    return metadata


class LayerStyler(QgsProcessingLayerPostProcessorInterface):
    """Styles a layer when Processing has loaded it."""

    # Processing keeps a bare pointer until the layer is loaded, after the algorithm is gone.
    _kept: Final[list[LayerStyler]] = []

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._kept.append(self)

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        self._look.style(layer)
        layer.triggerRepaint()
        node = context.project().layerTreeRoot().findLayer(layer.id())
        if node is not None and not self._look.is_drawn:
            node.setItemVisibilityChecked(False)
            node.setExpanded(False)


def style_output(
    target: str,
    look: Look,
    position: int,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> None:
    """Style an output where QGIS loads it, and in its file, for whoever opens that later.

    Of the layers of one run, that with the largest position is loaded on top.
    """
    if context.willLoadLayerOnCompletion(target):
        details = context.layerToLoadOnCompletionDetails(target)
        details.setPostProcessor(LayerStyler(look))
        details.layerSortKey = position
    parts = QgsProviderRegistry.instance().decodeUri("ogr", target)
    path = Path(parts.get("path") or "")
    if not path.is_file():
        return
    layer = QgsVectorLayer(target, path.stem, "ogr")
    is_geopackage = path.suffix.lower() == ".gpkg"
    # A table as CSV or spreadsheet stands for itself: no files of ours beside it.
    if not layer.isSpatial() and not is_geopackage:
        return
    look.style(layer)
    source = target
    if is_geopackage:
        problem = layer.saveStyleToDatabase("DBAR", "", True, "")
        if not parts.get("layerName"):
            table = layer.dataProvider().subLayers()[0].split(QgsDataProvider.sublayerSeparator())
            source = f"{target}|layername={table[1]}"
    else:
        problem, saved = layer.saveDefaultStyle(QgsMapLayer.StyleCategory.AllStyleCategories)
        problem = "" if saved else problem
    if problem:
        text = QCoreApplication.translate("Dbar", "The style of {path} was not saved: {reason}")
        feedback.pushWarning(text.format(path=path, reason=problem))
    saved, problem = QgsProviderRegistry.instance().saveLayerMetadata(
        "ogr", source, layer.metadata()
    )
    if not saved:
        text = QCoreApplication.translate("Dbar", "The metadata of {path} was not saved: {reason}")
        feedback.pushWarning(text.format(path=path, reason=problem))
