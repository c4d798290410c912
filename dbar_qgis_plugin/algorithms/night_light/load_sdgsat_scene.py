"""SDGSAT-1 products opened: named bands, half swaths made one, facts of the scene kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFields,
    QgsFillSymbol,
    QgsGeometry,
    QgsMapLayer,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterRasterDestination,
    QgsProcessingUtils,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of, translated
from dbar_qgis_plugin.algorithms.night_light.base import NightLightAlgorithm
from dbar_qgis_plugin.algorithms.night_light.style import set_day, style_colours, style_grey
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs, column_field, destination
from dbar_qgis_plugin.algorithms.rasters import provenance_tags
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.night_light.light_bands import COLOURS, DATE, MERGED
from dbar_qgis_plugin.pipelines.night_light.sdgsat_mosaic import (
    MEAN,
    MOSAIC_RULES,
    BandSummary,
    Mosaic,
    mosaic_halves,
)
from dbar_qgis_plugin.pipelines.night_light.sdgsat_product import (
    COLOUR,
    ONLY,
    PAN,
    Product,
    SceneRaster,
)
from dbar_qgis_plugin.pipelines.night_light.sdgsat_scene import (
    RIGHTS,
    SceneDescription,
    describe_scene,
    opened_product,
)
from dbar_qgis_plugin.raster_io.progress import Progress

_UNPACKED = 0.3  # of the run, where there is an archive to unpack
_FILTER = "(*.tar.gz *.tgz *.tar *.zip *.tif *.tiff *.xml);;(*)"


class LoadSdgsatSceneAlgorithm(NightLightAlgorithm):
    """Load an SDGSAT-1 scene."""

    NAME = "loadsdgsatscene"

    INPUT: Final = "INPUT"
    MOSAIC: Final = "MOSAIC"
    OUTPUT_RGB: Final = "OUTPUT_RGB"
    OUTPUT_PAN: Final = "OUTPUT_PAN"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_FOOTPRINT: Final = "OUTPUT_FOOTPRINT"
    SCENE: Final = "SCENE"
    DATE: Final = "DATE"
    # The last is drawn on top.
    KINDS: Final = ((PAN, OUTPUT_PAN), (COLOUR, OUTPUT_RGB), (ONLY, OUTPUT))

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Load SDGSAT-1 scene")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDGSAT,SDGSAT-1,KX10,GLI,GIU,glimmer,night light,TIS,MII,import,archive,half swath",
        )
        return words.split(",")

    def define(self) -> None:
        translate = QCoreApplication.translate
        self.add(
            QgsProcessingParameterFile(
                self.INPUT,
                translate("Dbar", "Product: an archive, a folder, or a file of the folder"),
                fileFilter=_FILTER,
            )
        )
        self._add_enum(
            self.MOSAIC, translate("Dbar", "Where both half swaths have data"), MOSAIC_RULES
        )
        for name, label in (
            (self.OUTPUT_RGB, translate("Dbar", "Colour raster (GIU, 40 m)")),
            (self.OUTPUT_PAN, translate("Dbar", "Panchromatic raster (GIU, 10 m)")),
            (self.OUTPUT, translate("Dbar", "Raster of a TIS or MII scene")),
        ):
            self.add(QgsProcessingParameterRasterDestination(name, label, optional=True))
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT_FOOTPRINT,
                translate("Dbar", "Footprints of the half swaths"),
                optional=True,
                createByDefault=False,
            )
        )
        self.addOutput(
            QgsProcessingOutputString(self.SCENE, translate("Dbar", "Name of the scene"))
        )
        self.addOutput(
            QgsProcessingOutputString(self.DATE, translate("Dbar", "Time of the scene (UTC)"))
        )

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        source = Path(self.parameterAsFile(dict(parameters), self.INPUT, context))
        if not source.exists():
            raise InputError(
                translate("Dbar", "{path} does not exist. Choose a product's folder or archive."),
                path=str(source),
            )
        if not any(destination(parameters, name, context) for _, name in self.KINDS):
            raise InputError(
                translate("Dbar", "Choose at least one raster to write: {names}."),
                names=", ".join(self._label(name) for _, name in self.KINDS),
            )

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._source = self.parameterAsFile(dict(parameters), self.INPUT, context)
        self._rule = self.parameterAsEnumString(dict(parameters), self.MOSAIC, context)

    def _folder(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> str:
        """Return where an archive is unpacked: beside the outputs, where there is to be room."""
        for _, name in self.KINDS:
            folder = Path(destination(parameters, name, context)).parent
            if folder.is_absolute() and folder.is_dir():
                return str(folder)
        return str(QgsProcessingUtils.tempFolder(context))

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        progress = progress_of(feedback)
        with (
            Outputs(self, parameters, context, feedback) as outputs,
            opened_product(
                self._source,
                beside=self._folder(parameters, context),
                progress=progress.part(0.0, _UNPACKED),
            ) as product,
        ):
            scene = describe_scene(product)
            for warning in scene.warnings:
                feedback.pushWarning(translated(warning))
            tags = {
                **provenance_tags(self, parameters, context, f"{self.NAME}/{self._rule}"),
                **scene.tags,
            }
            mosaics = self._mosaics(product, outputs, tags, progress.part(_UNPACKED, 1.0))
            for name, mosaic in mosaics.items():
                self._say_mosaic(name, mosaic, feedback)
            rasters = [
                raster
                for kind, name in self.KINDS
                if name in mosaics
                for raster in product.halves(kind)
            ]
            if outputs.wants(self.OUTPUT_FOOTPRINT):
                self._write_footprints(outputs, scene, list(mosaics.values())[-1], rasters)
            feedback.pushInfo(RIGHTS)
        day = date.fromisoformat(product.name.day)
        for name, mosaic in mosaics.items():
            self.raster_looks[outputs.results[name]] = _look(mosaic.bands, day)
        return {**outputs.results, self.SCENE: product.name.scene, self.DATE: scene.tags[DATE]}

    def _mosaics(
        self, product: Product, outputs: Outputs, tags: Mapping[str, str], progress: Progress
    ) -> dict[str, Mosaic]:
        """Write the rasters that are wanted and that the product has."""
        chosen = {
            name: product.halves(kind)
            for kind, name in self.KINDS
            if product.halves(kind) and outputs.wants(name)
        }
        if not chosen:
            has = [self._label(name) for kind, name in self.KINDS if product.halves(kind)]
            raise InputError(
                translate("Dbar", "{scene} gives other rasters than those chosen: {names}."),
                scene=product.name.scene,
                names=", ".join(has),
            )
        sizes = [sum(raster.path.stat().st_size for raster in own) for own in chosen.values()]
        ends = np.cumsum([0, *sizes]) / max(1, sum(sizes))
        return {
            name: mosaic_halves(
                rasters,
                outputs.raster(name),
                rule=self._rule,
                tags=tags,
                progress=progress.part(*map(float, ends[place : place + 2])),
                workers=workers_of_settings(),
            )
            for place, (name, rasters) in enumerate(chosen.items())
        }

    def _say_mosaic(self, name: str, mosaic: Mosaic, feedback: QgsProcessingFeedback) -> None:
        self._say(mosaic.notes, (), feedback)
        text = QCoreApplication.translate(
            "Dbar",
            "{raster}, {band}: {cells} cells with data, most frequent value {background}, "
            "largest {largest}, {saturated} saturated",
        )
        for band in mosaic.bands:
            feedback.pushInfo(
                text.format(
                    raster=self._label(name),
                    band=band.name,
                    cells=f"{band.cells:,}",
                    background=band.background,
                    largest=band.largest,
                    saturated=f"{band.saturated:,}",
                )
            )
        if self._rule == MEAN and len(mosaic.footprints) > 1:
            feedback.pushInfo(
                QCoreApplication.translate(
                    "Dbar",
                    "Means of both halves are rounded to whole numbers. Both have one set of "
                    "coefficients, so but for that it makes no difference to calibrate later.",
                )
            )

    def _write_footprints(
        self,
        outputs: Outputs,
        scene: SceneDescription,
        mosaic: Mosaic,
        rasters: Sequence[SceneRaster],
    ) -> None:
        names = {raster.half: raster.path.name for raster in rasters}
        columns = _footprint_columns(scene, [found.half for found in mosaic.footprints], names)
        fields = QgsFields()
        for name, values in columns.items():
            fields.append(column_field(name, values))
        shapes = [
            QgsGeometry.fromMultiPolygonXY([[[QgsPointXY(x, y) for x, y in found.ring.tolist()]]])
            for found in mosaic.footprints
        ]
        rows = list(zip(*columns.values(), strict=True))
        crs = QgsCoordinateReferenceSystem.fromWkt(mosaic.crs)
        target = outputs.table(self.OUTPUT_FOOTPRINT, fields, rows, shapes, crs)
        self.looks[target] = Look(_show_outline)


def _footprint_columns(
    scene: SceneDescription, halves: Sequence[str], files: Mapping[str, str]
) -> dict[str, list[Any]]:
    """Return a row for each half swath; what is not known is empty."""
    times, angles, count = scene.facts.times, scene.facts.angles, len(halves)

    def moment(which: str) -> list[str]:
        return [times.get(f"{which}_{half}", times.get(which, "")) for half in halves]

    return {
        "scene": [scene.tags["DBAR_SCENE"]] * count,
        "sensor": [scene.tags["DBAR_SENSOR"]] * count,
        "level": [scene.tags.get("DBAR_LEVEL", "")] * count,
        "half": list(halves),
        "file": [files.get(half, "") for half in halves],
        "date": [scene.tags[DATE][:10]] * count,
        "start": moment("start"),
        "center": moment("center"),
        "end": moment("end"),
        **{
            name: [angles.get(name)] * count
            for name in ("sun_zenith", "sun_azimuth", "roll", "pitch", "yaw")
        },
    }


def _look(bands: Sequence[BandSummary], day: date) -> Look:
    names = [band.name for band in bands]
    stretches = [(float(band.stretch[0]), float(band.stretch[1])) for band in bands]

    def style(layer: QgsMapLayer) -> None:
        if names == list(COLOURS):
            style_colours(layer, stretches=stretches)
        else:
            # The merged panchromatic band is made to be looked at.
            place = names.index(MERGED) if MERGED in names else 0
            style_grey(layer, stretches[place], place + 1)
        set_day(layer, day)

    return Look(style)


def _show_outline(layer: QgsMapLayer) -> None:
    if isinstance(layer, QgsVectorLayer):
        symbol = QgsFillSymbol.createSimple(
            {"style": "no", "outline_color": "#ffb000", "outline_width": "0.5"}
        )
        layer.setRenderer(QgsSingleSymbolRenderer(symbol))
