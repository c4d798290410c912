"""SDGSAT-1 products taken into My data: archives unpacked safely, folders where they lie."""

from __future__ import annotations

import filecmp
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of, translated
from dbar_qgis_plugin.algorithms.catalog.base import CatalogAlgorithm
from dbar_qgis_plugin.algorithms.catalog.item_columns import moment_of, outlines
from dbar_qgis_plugin.algorithms.catalog.sdgsat_item import (
    COLLECTION,
    files_of,
    item_of_product,
)
from dbar_qgis_plugin.algorithms.outputs import Outputs, destination
from dbar_qgis_plugin.algorithms.tables import TableWriter
from dbar_qgis_plugin.catalog.local.store import DataStore
from dbar_qgis_plugin.catalog.model import Item
from dbar_qgis_plugin.catalog.net.places import data_folder
from dbar_qgis_plugin.catalog.transfers.names import safe_name
from dbar_qgis_plugin.errors import Cancelled, DbarError, InputError, OutputError, translate
from dbar_qgis_plugin.pipelines.archives import ENDINGS, extract, is_archive
from dbar_qgis_plugin.pipelines.night_light.sdgsat_product import (
    Product,
    find_products,
    is_product_file,
)
from dbar_qgis_plugin.pipelines.night_light.sdgsat_scene import RIGHTS, describe_scene
from dbar_qgis_plugin.raster_io.progress import Progress

_UNPACKED: Final = 0.7  # of the time for an archive
_FILTER: Final = "(*.tar.gz *.tgz *.tar *.zip *.tif *.tiff *.xml);;(*)"


class _Imported(NamedTuple):
    """A scene that is in My data now."""

    product: Product
    item: Item
    source: Path


class ImportSdgsatArchiveAlgorithm(CatalogAlgorithm, TableWriter):
    """Import SDGSAT-1 archives."""

    NAME = "importsdgsatarchive"

    INPUT: Final = "INPUT"
    INPUT_FOLDER: Final = "INPUT_FOLDER"
    FOLDER: Final = "FOLDER"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_FILES: Final = "OUTPUT_FILES"
    N_SCENES: Final = "N_SCENES"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Import SDGSAT-1 archives")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar", "SDGSAT,SDGSAT-1,KX10,GIU,TIS,MII,night light,archive,unpack,catalog,my data"
        )
        return words.split(",")

    def define(self) -> None:
        translate = QCoreApplication.translate
        self.add(
            QgsProcessingParameterFile(
                self.INPUT,
                translate("Dbar", "Product: an archive, a folder, or a file of the folder"),
                fileFilter=_FILTER,
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterFile(
                self.INPUT_FOLDER,
                translate("Dbar", "Folder with many products, as archives or unpacked"),
                Qgis.ProcessingFileParameterBehavior.Folder,
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterFolderDestination(
                self.FOLDER,
                translate("Dbar", "Folder for what is unpacked (empty: that of My data)"),
                optional=True,
                createByDefault=False,
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT,
                translate("Dbar", "Scenes imported"),
                Qgis.ProcessingSourceType.VectorPolygon,
                optional=True,
            )
        )
        self.addOutput(
            QgsProcessingOutputMultipleLayers(
                self.OUTPUT_FILES, translate("Dbar", "Rasters of the scenes, by date")
            )
        )
        self.addOutput(
            QgsProcessingOutputNumber(self.N_SCENES, translate("Dbar", "Number of scenes"))
        )

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        given = [self._path(parameters, name, context) for name in (self.INPUT, self.INPUT_FOLDER)]
        if not any(given):
            raise InputError(
                translate("Dbar", "Give “{first}”, “{second}”, or both."),
                first=self._label(self.INPUT),
                second=self._label(self.INPUT_FOLDER),
            )
        for path in filter(None, given):
            if not path.exists():
                raise InputError(
                    translate(
                        "Dbar", "{path} does not exist. Choose a product's folder or archive."
                    ),
                    path=str(path),
                )

    def _path(
        self, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
    ) -> Path | None:
        text = self.parameterAsFile(dict(parameters), name, context)
        return Path(text) if text else None

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._source = self._path(parameters, self.INPUT, context)
        self._many = self._path(parameters, self.INPUT_FOLDER, context)
        folder = destination(parameters, self.FOLDER, context)
        self._folder = (
            Path(self.parameterAsFileOutput(dict(parameters), self.FOLDER, context))
            if folder
            else None
        )

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        sources = list(self._sources())
        progress = progress_of(feedback)
        imported: list[_Imported] = []
        errors: list[DbarError] = []
        with (
            closing(DataStore(data_folder())) as data,
            Outputs(self, parameters, context, feedback) as outputs,
        ):
            folder = self._folder or data.folder
            for number, source in enumerate(sources):
                part = progress.part(number / len(sources), (number + 1) / len(sources))
                try:
                    imported += self._import(source, folder, data, part, feedback)
                except Cancelled:
                    raise
                except DbarError as error:
                    errors.append(error)
                    if len(sources) > 1:
                        feedback.reportError(translated(error))
            if not imported:
                raise errors[0] if errors else _nothing(self._source or self._many)
            feedback.pushInfo(RIGHTS)
            if outputs.wants(self.OUTPUT):
                self._write(outputs, imported, parameters, context)
        imported.sort(key=lambda one: (one.product.name.day, one.product.name.scene))
        rasters = [str(raster.path) for one in imported for raster in one.product.rasters]
        return {
            **outputs.results,
            self.FOLDER: str(folder),
            self.OUTPUT_FILES: rasters,
            self.N_SCENES: len(imported),
        }

    def _sources(self) -> Iterator[Path]:
        """Give what is imported, one after the other: archives and folders."""
        if self._source is not None:
            is_loose = self._source.is_file() and not is_archive(self._source)
            yield self._source.parent if is_loose else self._source
        if self._many is not None:
            yield from sorted(path for path in self._many.rglob("*") if _is_archive_file(path))
            if find_products(self._many):
                yield self._many

    def _import(
        self,
        source: Path,
        folder: Path,
        data: DataStore,
        progress: Progress,
        feedback: QgsProcessingFeedback,
    ) -> list[_Imported]:
        share = 0.0
        if source.is_dir():
            products = find_products(source)
        else:
            share = _UNPACKED
            products = _unpack(source, folder, progress.part(0.0, share))
        if not products:
            raise _nothing(source)
        found = []
        for number, product in enumerate(products):
            part = progress.part(
                share + (1.0 - share) * number / len(products),
                share + (1.0 - share) * (number + 1) / len(products),
            )
            scene = describe_scene(product)
            self._say((), scene.warnings, feedback)
            document = item_of_product(product, scene, part)
            item = data.add(document, files_of(product))
            found.append(_Imported(product, item, source))
            text = QCoreApplication.translate("Dbar", "{scene}: {assets}, in {folder}")
            feedback.pushInfo(
                text.format(
                    scene=product.name.scene,
                    assets=", ".join(files_of(product)),
                    folder=product.rasters[0].path.parent,
                )
            )
            part.report(1.0)
        return found

    def _write(
        self,
        outputs: Outputs,
        imported: list[_Imported],
        parameters: dict[str, Any],
        context: QgsProcessingContext,
    ) -> None:
        translate = QCoreApplication.translate
        names = [one.product.name for one in imported]
        columns: dict[str, list[Any]] = {
            "scene": [name.scene for name in names],
            "sensor": [name.sensor for name in names],
            "level": [name.level for name in names],
            "begin": [moment_of(one.item.begin) for one in imported],
            "end": [moment_of(one.item.end) for one in imported],
            "assets": [", ".join(files_of(one.product)) for one in imported],
            "folder": [str(one.product.rasters[0].path.parent) for one in imported],
            "source": [str(one.source) for one in imported],
        }
        labels = {
            "scene": translate("Dbar", "Scene"),
            "sensor": translate("Dbar", "Sensor"),
            "level": translate("Dbar", "Level"),
            "begin": translate("Dbar", "Begin"),
            "end": translate("Dbar", "End"),
            "assets": translate("Dbar", "Assets"),
            "folder": translate("Dbar", "Folder"),
            "source": translate("Dbar", "Imported from"),
        }
        self.write_table(
            outputs,
            self.OUTPUT,
            columns,
            labels,
            self.asPythonCommand(parameters, context),
            shapes=outlines(one.item for one in imported),
            crs=QgsCoordinateReferenceSystem("EPSG:4326"),
        )


def _is_archive_file(path: Path) -> bool:
    return path.is_file() and is_archive(path)


def _nothing(source: Path | None) -> InputError:
    return InputError(
        translate(
            "Dbar",
            "{path} holds no SDGSAT-1 product. Choose an archive ({endings}) or a folder with "
            "rasters named like KX10_GIU_20220304_E121.82_N31.56_202200100146_L4A_A_RGB.tif.",
        ),
        path=str(source),
        endings=", ".join(ENDINGS),
    )


def _unpack(archive: Path, folder: Path, progress: Progress) -> list[Product]:
    """Unpack an archive, each scene into a folder of its own; all of it, or nothing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".dbar_", dir=folder) as draft:
            extract(archive, draft, is_product_file, progress=progress)
            places = [
                (path, folder / COLLECTION / safe_name(product.name.scene) / path.name)
                for product in find_products(draft)
                for path in files_of(product).values()
            ]
            for path, target in places:
                _refuse_other(path, target, archive)
            for path, target in places:
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
    except OSError as error:
        raise OutputError(
            translate("Dbar", "{path} could not be unpacked: {reason}"),
            path=str(archive),
            reason=error.strerror or str(error),
        ) from error
    scenes = dict.fromkeys(target.parent for _, target in places)
    return [product for scene in scenes for product in find_products(scene)]


def _refuse_other(path: Path, target: Path, archive: Path) -> None:
    """Refuse to replace a file with another one of its name."""
    if target.exists() and not filecmp.cmp(path, target, shallow=False):
        raise InputError(
            translate(
                "Dbar",
                "{archive}: {path} is there already, and another file. Nothing was replaced; "
                "move it away, or choose another folder.",
            ),
            archive=str(archive),
            path=str(target),
        )
