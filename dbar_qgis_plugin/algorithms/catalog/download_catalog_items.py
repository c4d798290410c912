"""Files of catalog items fetched into a folder: resumed, verified, and taken into My data."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlsplit

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputNumber,
    QgsProcessingOutputRasterLayer,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QCoreApplication, QLocale

from dbar_qgis_plugin.algorithms.base import progress_of, translated
from dbar_qgis_plugin.algorithms.catalog.base import CatalogAlgorithm, Catalogs
from dbar_qgis_plugin.algorithms.outputs import Outputs, destination
from dbar_qgis_plugin.algorithms.tables import TableWriter
from dbar_qgis_plugin.catalog.access import WEB, Access, Form, Kind, data_assets, form_of
from dbar_qgis_plugin.catalog.adapters.as_items import SERVICES
from dbar_qgis_plugin.catalog.adapters.documents import Documents, as_url, is_local
from dbar_qgis_plugin.catalog.library import Library
from dbar_qgis_plugin.catalog.local.documents import CONNECTION, rights_of
from dbar_qgis_plugin.catalog.model import Asset, Box, Item, parse_item
from dbar_qgis_plugin.catalog.net.places import transfers_file
from dbar_qgis_plugin.catalog.rasters import Part, copied, part_of
from dbar_qgis_plugin.catalog.transfers.checksums import file_checksum
from dbar_qgis_plugin.catalog.transfers.download import (
    Fetched,
    Speed,
    Wanted,
    download,
    part_size,
    sidecar_of,
)
from dbar_qgis_plugin.catalog.transfers.queue import TransferQueue
from dbar_qgis_plugin.errors import Cancelled, DbarError, InputError, OutputError, translate
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message

_CURL: Final = "/vsicurl/"
_ALL: Final = "*"
_SPARE_BYTES: Final = 32 * 1024 * 1024
# What has become of a file.
FETCHED, THERE, LOCAL, CLIPPED = STATES = ("fetched", "there", "local", "clipped")
FAILED: Final = "failed"


@dataclass
class _File:
    """An asset that is wanted, and what has become of it."""

    item: Item
    asset: Asset
    wanted: Wanted
    state: str = FAILED
    path: Path | None = None
    checksum: str = ""
    is_checked: bool = False
    reason: Message | None = None

    @property
    def is_raster(self) -> bool:
        """Whether it is a raster that is there."""
        return self.path is not None and form_of(self.asset) is Form.RASTER


class DownloadCatalogItemsAlgorithm(CatalogAlgorithm, TableWriter):
    """Download catalog items."""

    NAME = "downloadcatalogitems"

    INPUT: Final = "INPUT"
    ITEMS: Final = "ITEMS"
    ASSETS: Final = "ASSETS"
    CLIP: Final = "CLIP"
    FOLDER: Final = "FOLDER"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_FILES: Final = "OUTPUT_FILES"
    OUTPUT_RASTER: Final = "OUTPUT_RASTER"
    N_FILES: Final = "N_FILES"
    N_FAILED: Final = "N_FAILED"
    # Of a row that names an item.
    FIELDS: Final = ("connection", "collection", "id")

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Download catalog items")

    def define(self) -> None:
        translate = QCoreApplication.translate
        self.add(
            QgsProcessingParameterFeatureSource(
                self.INPUT,
                translate("Dbar", "Items: a result of “Search a catalog”"),
                [Qgis.ProcessingSourceType.Vector],
                optional=True,
            )
        )
        for name, label in (
            (
                self.ITEMS,
                translate("Dbar", "Or: file or address of an item, or of an item collection"),
            ),
            (
                self.ASSETS,
                translate("Dbar", "Assets: keys or roles, with commas between them"),
            ),
        ):
            self.add(QgsProcessingParameterString(name, label, optional=True))
        self.add(
            QgsProcessingParameterExtent(
                self.CLIP, translate("Dbar", "Only the part of rasters in this area"), optional=True
            )
        )
        self.add(
            QgsProcessingParameterFolderDestination(
                self.FOLDER,
                translate("Dbar", "Folder (empty: that of My data)"),
                optional=True,
                createByDefault=False,
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT,
                translate("Dbar", "Files and what has become of them"),
                Qgis.ProcessingSourceType.Vector,
                optional=True,
            )
        )
        for output in (
            QgsProcessingOutputMultipleLayers(
                self.OUTPUT_FILES, translate("Dbar", "Rasters, by date")
            ),
            QgsProcessingOutputRasterLayer(
                self.OUTPUT_RASTER, translate("Dbar", "First of the rasters")
            ),
            QgsProcessingOutputNumber(self.N_FILES, translate("Dbar", "Number of files")),
            QgsProcessingOutputNumber(self.N_FAILED, translate("Dbar", "Number of failures")),
        ):
            self.addOutput(output)

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        source = self._optional_source(parameters, self.INPUT, context)
        items = self.parameterAsString(dict(parameters), self.ITEMS, context).strip()
        if (source is None) == (not items):
            raise InputError(
                translate("Dbar", "Give either “{first}” or “{second}”."),
                first=self._label(self.INPUT),
                second=self._label(self.ITEMS),
            )
        if source is not None:
            names = source.fields().names()
            missing = [name for name in self.FIELDS if name not in names]
            if missing:
                raise InputError(
                    translate(
                        "Dbar",
                        "{parameter}: “{layer}” has no field {names}. Choose a result of “Search "
                        "a catalog”.",
                    ),
                    parameter=self._label(self.INPUT),
                    layer=source.sourceName(),
                    names=", ".join(missing),
                )

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        values = dict(parameters)
        source = self._optional_source(parameters, self.INPUT, context)
        self._rows = [] if source is None else [self._names(row) for row in source.getFeatures()]
        self._items_at = self.parameterAsString(values, self.ITEMS, context).strip()
        asked = self.parameterAsString(values, self.ASSETS, context)
        self._assets = tuple(filter(None, re.split(r"[,\s]+", asked)))
        crs = QgsCoordinateReferenceSystem("EPSG:4326")
        clip = self.parameterAsExtent(values, self.CLIP, context, crs)
        self._clip: Box | None = None
        if parameters.get(self.CLIP) not in (None, "") and not clip.isNull():
            self._clip = (clip.xMinimum(), clip.yMinimum(), clip.xMaximum(), clip.yMaximum())
        # Not `parameterAsString`, which makes a folder of its own where there is none.
        folder = destination(parameters, self.FOLDER, context)
        self._folder = (
            Path(self.parameterAsFileOutput(values, self.FOLDER, context)) if folder else None
        )

    def _names(self, row: QgsFeature) -> tuple[str, str, str]:
        connection, collection, identity = (str(row[name] or "") for name in self.FIELDS)
        return connection, collection, identity

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        progress = progress_of(feedback)
        with Catalogs() as catalogs, Outputs(self, parameters, context, feedback) as outputs:
            folder = self._folder or catalogs.library.data.folder
            items = self._items(catalogs, progress.part(0.0, 0.1))
            files = self._planned(items, folder, feedback)
            self._check_room(files, folder, feedback)
            self._fetch(files, catalogs.library, progress.part(0.1, 1.0), feedback)
            there = [file for file in files if file.path is not None]
            failed = [file for file in files if file.path is None]
            for file in failed:
                if file.reason is not None:
                    feedback.reportError(translated(file.reason))
            if files and not there:
                raise InputError(
                    translate("Dbar", "None of {count} files could be fetched. The first: {words}"),
                    count=len(files),
                    words=translated(files[0].reason) if files[0].reason is not None else "",
                )
            if outputs.wants(self.OUTPUT):
                self.write_table(
                    outputs,
                    self.OUTPUT,
                    _columns(files, catalogs),
                    _labels(),
                    self.asPythonCommand(parameters, context),
                )
        rasters = _by_date(there)
        results = {**outputs.results, self.FOLDER: str(folder), self.OUTPUT_FILES: rasters}
        if rasters:
            results[self.OUTPUT_RASTER] = rasters[0]
        return {**results, self.N_FILES: len(there), self.N_FAILED: len(failed)}

    # -- which items and files

    def _items(self, catalogs: Catalogs, progress: Progress) -> list[Item]:
        if self._items_at:
            return list(self._items_of_document(catalogs, progress))
        items = []
        for number, (place, collection, identity) in enumerate(self._rows):
            progress.check()
            connection = catalogs.find(place, _is_cancelled(progress))
            adapter = catalogs.library.adapter(connection.id)
            items.append(adapter.get(collection, identity, _is_cancelled(progress)))
            progress.report((number + 1) / len(self._rows))
        if not items:
            raise InputError(
                translate("Dbar", "{parameter}: there are no items."),
                parameter=self._label(self.INPUT),
            )
        return items

    def _items_of_document(self, catalogs: Catalogs, progress: Progress) -> Iterator[Item]:
        at = self._items_at
        source = "" if is_local(at) else catalogs.source_of(at)
        url = _document_url(at)
        connection = catalogs.get(source)
        library = catalogs.library
        http = library.asset_http(source) if connection is None else catalogs.http(connection)
        document = Documents(http).read(url, _is_cancelled(progress))
        raw = document.raw if isinstance(document.raw, Mapping) else {}
        features = raw.get("features")
        entries = features if isinstance(features, list) else [raw]
        known = [one for one in entries if isinstance(one, Mapping) and one.get("assets")]
        if not known:
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: {path} holds no item with assets. Give a STAC item, or an item "
                    "collection.",
                ),
                parameter=self._label(self.ITEMS),
                path=at,
            )
        for entry in known:
            properties = entry.get("properties")
            place = properties.get(CONNECTION) if isinstance(properties, Mapping) else ""
            own = source or (catalogs.get(str(place)) is not None and str(place)) or ""
            yield parse_item(entry, base=document.url, source=own)

    def _planned(
        self, items: Iterable[Item], folder: Path, feedback: QgsProcessingFeedback
    ) -> list[_File]:
        """Say which file goes where; those that the dock has fetched keep their place."""
        files: list[_File] = []
        nothing = QCoreApplication.translate(
            "Dbar", "{item}: none of its assets is meant; it has {keys}."
        )
        with closing(TransferQueue(transfers_file())) as queue:
            for item in items:
                assets = self._chosen(item)
                if not assets:
                    keys = ", ".join(asset.key for asset in item.assets)
                    feedback.pushWarning(nothing.format(item=item.id, keys=keys))
                planned = queue.plan(item, assets, folder)
                files += [
                    _File(item, asset, wanted)
                    for asset, wanted in zip(assets, planned, strict=True)
                ]
        if not files:
            raise InputError(
                translate("Dbar", "No asset of the {count} items is meant by “{names}”."),
                count=len(list(items)),
                names=", ".join(self._assets),
            )
        return files

    def _chosen(self, item: Item) -> list[Asset]:
        """Return the assets of an item that are wanted; services are no files."""
        wanted = set(self._assets)
        own = [asset for asset in item.assets if not {*asset.roles} & {*SERVICES}]
        if _ALL in wanted:
            return own
        if wanted:
            return [asset for asset in own if asset.key in wanted or wanted & {*asset.roles}]
        data = {asset.key for asset in data_assets(item)}
        return [asset for asset in own if asset.key in data]

    # -- fetching

    def _check_room(
        self, files: list[_File], folder: Path, feedback: QgsProcessingFeedback
    ) -> None:
        """Say how much there is to come, and refuse what the disk cannot take."""
        translate_now, locale = QCoreApplication.translate, QLocale()
        coming = [file for file in files if file.asset.scheme != "file" and self._clip is None]
        sizes = [
            max(0, (file.wanted.size or 0) - part_size(file.wanted.path))
            for file in coming
            if not file.wanted.path.is_file()
        ]
        unknown = sum(file.wanted.size is None for file in coming)
        place = next(part for part in (folder, *folder.parents) if part.is_dir())
        free = shutil.disk_usage(place).free
        terms = dict.fromkeys(
            rights_of(file.item.properties) or str(file.item.properties.get("license") or "?")
            for file in files
        )
        text = translate_now(
            "Dbar",
            "{count} files, {size} to come ({unknown} of unknown size), {free} free in {folder}. "
            "Licences: {licences}",
        )
        feedback.pushInfo(
            text.format(
                count=len(files),
                size=locale.formattedDataSize(sum(sizes)),
                unknown=unknown,
                free=locale.formattedDataSize(free),
                folder=folder,
                licences=", ".join(terms),
            )
        )
        if sizes and sum(sizes) + _SPARE_BYTES > free:
            raise OutputError(
                translate(
                    "Dbar",
                    "The files need {needed} MB, but only {free} MB are free in {folder}. Make "
                    "room, choose another folder, fewer assets, or a smaller area.",
                ),
                needed=-(-(sum(sizes) + _SPARE_BYTES) // 1_000_000),
                free=free // 1_000_000,
                folder=str(folder),
            )

    def _fetch(
        self,
        files: list[_File],
        library: Library,
        progress: Progress,
        feedback: QgsProcessingFeedback,
    ) -> None:
        said = QCoreApplication.translate("Dbar", "{number} of {count}: {name}")
        for number, file in enumerate(files):
            text = said.format(number=number + 1, count=len(files), name=file.wanted.path.name)
            feedback.setProgressText(text)
            part = progress.part(number / len(files), (number + 1) / len(files))
            try:
                self._fetch_one(file, library, part)
            except Cancelled:
                raise
            except DbarError as error:
                file.reason = message(error.template, **error.values)
            part.report(1.0)

    def _fetch_one(self, file: _File, library: Library, progress: Progress) -> None:
        access = library.access(file.item, file.asset)
        if access.kind is Kind.LAYER or not access.href:
            file.reason = access.reason
        elif self._clip is not None and form_of(file.asset) is Form.RASTER:
            self._clip_one(file, access, library, progress)
        elif file.asset.scheme == "file":
            path = Path(access.href)
            if path.is_file():
                file.state, file.path = LOCAL, path
            else:
                file.reason = access.reason
        elif access.is_copied:
            item = copied(Part(file.item, file.asset, access.href), library.data, progress)
            file.state, file.path = FETCHED, library.data.files(item).get(file.asset.key)
        elif urlsplit(access.href).scheme in WEB:
            self._download_one(file, access.href, library, progress)
        else:
            file.reason = access.reason

    def _download_one(self, file: _File, href: str, library: Library, progress: Progress) -> None:
        item = file.item
        is_cancelled = _is_cancelled(progress)
        signed = library.signed(href, item.source, item.collection, is_cancelled)
        was_there = file.wanted.path.is_file() and sidecar_of(file.wanted.path).is_file()
        before = file.wanted.path.stat().st_mtime_ns if was_there else 0

        def report(speed: Speed) -> None:
            if speed.total:
                progress.report(min(1.0, speed.done / speed.total))

        fetched: Fetched = download(
            replace(file.wanted, url=signed.href),
            library.asset_http(item.source),
            report=report,
            is_cancelled=is_cancelled,
        )
        same = was_there and fetched.path.stat().st_mtime_ns == before
        file.state = THERE if same else FETCHED
        file.path, file.checksum = fetched.path, fetched.checksum
        file.is_checked = fetched.is_checked
        library.data.add_fetched(
            file.wanted.item,
            file.asset.key,
            fetched.path,
            url=href,
            checksum=fetched.checksum,
            connection=item.source,
        )

    def _clip_one(self, file: _File, access: Access, library: Library, progress: Progress) -> None:
        source = access.href
        if urlsplit(source).scheme not in WEB:
            self._cut(file, source, library, progress)
            return
        is_cancelled = _is_cancelled(progress)
        href = library.signed(source, file.item.source, file.item.collection, is_cancelled).href
        if not access.authcfg:
            self._cut(file, f"{_CURL}{href}", library, progress)
            return
        # GDAL knows no credentials: the whole is fetched, and does not stay.
        place = library.data.folder.parent
        place.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=place) as draft:
            whole = replace(file.wanted, url=href, path=Path(draft) / file.wanted.path.name)
            http = library.asset_http(file.item.source)
            fetched = download(whole, http, is_cancelled=is_cancelled)
            self._cut(file, str(fetched.path), library, progress)

    def _cut(self, file: _File, source: str, library: Library, progress: Progress) -> None:
        part = Part(file.item, file.asset, source)
        made = part_of(part, self._clip, library.data, progress, folder=self._folder)
        file.state, file.path = CLIPPED, library.data.files(made)[file.asset.key]
        file.checksum = file_checksum(file.path, check=progress.check).text


def _is_cancelled(progress: Progress) -> Any:
    return progress.is_cancelled or (lambda: False)


def _document_url(at: str) -> str:
    """Return the address of a document; a local one must be a file."""
    if not is_local(at):
        return at
    path = Path(at.removeprefix("file://")).expanduser()
    return path.absolute().as_uri() if path.is_file() else as_url(at)


def _by_date(files: Iterable[_File]) -> list[str]:
    """Return the rasters, the earliest first; those without a date come last."""
    rasters = [file for file in files if file.is_raster]
    rasters.sort(key=lambda file: (file.item.begin is None, file.item.begin or 0, str(file.path)))
    return list(dict.fromkeys(str(file.path) for file in rasters))


def _columns(files: list[_File], catalogs: Catalogs) -> dict[str, list[Any]]:
    return {
        "connection": [catalogs.written(file.item.source) for file in files],
        "collection": [file.item.collection for file in files],
        "item": [file.item.id for file in files],
        "asset": [file.asset.key for file in files],
        "status": [file.state for file in files],
        "path": [str(file.path or "") for file in files],
        "size": [file.path.stat().st_size if file.path is not None else None for file in files],
        "checksum": [file.checksum for file in files],
        "is_checked": [int(file.is_checked) for file in files],
        "reason": [translated(file.reason) if file.reason is not None else "" for file in files],
    }


def _labels() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "connection": translate("Dbar", "Connection"),
        "collection": translate("Dbar", "Collection"),
        "item": translate("Dbar", "Item"),
        "asset": translate("Dbar", "Asset"),
        "status": translate("Dbar", "Status"),
        "path": translate("Dbar", "File"),
        "size": translate("Dbar", "Size (bytes)"),
        "checksum": translate("Dbar", "Checksum"),
        "is_checked": translate("Dbar", "Held against the catalog's checksum"),
        "reason": translate("Dbar", "Reason"),
    }
