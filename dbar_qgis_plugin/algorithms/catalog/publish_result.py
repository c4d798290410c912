"""Results shared through a catalog, or as a catalog in a folder."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterAuthConfig,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
    QgsProviderRegistry,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of, translated
from dbar_qgis_plugin.algorithms.catalog.base import CatalogAlgorithm, Catalogs
from dbar_qgis_plugin.algorithms.inputs import raster_layers
from dbar_qgis_plugin.catalog.adapters.csw import COLLECTION as CSW_RECORDS
from dbar_qgis_plugin.catalog.publishing.checks import State, refuse_failed
from dbar_qgis_plugin.catalog.publishing.drafts import (
    BESIDE,
    FOLDER,
    WEB,
    Draft,
    Secrets,
    open_target,
    where_of,
)
from dbar_qgis_plugin.catalog.publishing.files import make_ready
from dbar_qgis_plugin.catalog.publishing.metadata import LICENCES, Metadata, prefilled
from dbar_qgis_plugin.catalog.publishing.pieces import pieces_of
from dbar_qgis_plugin.catalog.publishing.sharing import (
    NotSharedError,
    OnConflict,
    Plan,
    Preview,
    identity_of,
    preview,
    share,
)
from dbar_qgis_plugin.catalog.transfers.download import write_json
from dbar_qgis_plugin.errors import InputError, OutputError, translate

_WEB: Final = ("http://", "https://")
_COLLECTION: Final = "results"
_SHARE_OF_FILES: Final = 0.4
# What stands in the form, by parameter.
_FORM: Final = {
    "TITLE": "title",
    "DESCRIPTION": "description",
    "LICENCE": "licence",
    "LICENCE_URL": "licence_url",
    "INDICATOR": "indicator",
    "ORGANISATION": "organisation",
    "CONTACT": "contact",
    "EMAIL": "email",
    "CITATION": "citation",
    "DOI": "doi",
}


class PublishResultAlgorithm(CatalogAlgorithm):
    """Share results."""

    NAME = "publishresult"

    RASTERS: Final = "RASTERS"
    FILES: Final = "FILES"
    TARGET: Final = "TARGET"
    COLLECTION: Final = "COLLECTION"
    IDENTITY: Final = "ID"
    TITLE: Final = "TITLE"
    DESCRIPTION: Final = "DESCRIPTION"
    LICENCE: Final = "LICENCE"
    LICENCE_URL: Final = "LICENCE_URL"
    INDICATOR: Final = "INDICATOR"
    BEGIN: Final = "BEGIN"
    END: Final = "END"
    ORGANISATION: Final = "ORGANISATION"
    CONTACT: Final = "CONTACT"
    EMAIL: Final = "EMAIL"
    KEYWORDS: Final = "KEYWORDS"
    CITATION: Final = "CITATION"
    DOI: Final = "DOI"
    FILES_PLACE: Final = "FILES_PLACE"
    FILES_URL: Final = "FILES_URL"
    FILES_AUTH: Final = "FILES_AUTH"
    CLOUD_OPTIMISED: Final = "CLOUD_OPTIMISED"
    ON_CONFLICT: Final = "ON_CONFLICT"
    CONFIRM_DERIVATIVES: Final = "CONFIRM_DERIVATIVES"
    DRY_RUN: Final = "DRY_RUN"
    OUTPUT: Final = "OUTPUT"
    LINK: Final = "LINK"
    ITEM: Final = "ITEM"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Share results")

    def define(self) -> None:
        translate = QCoreApplication.translate
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.RASTERS, translate("Dbar", "Rasters"), Qgis.ProcessingSourceType.Raster
            )
        )
        self._add_text(
            self.TARGET,
            translate("Dbar", "Catalog: name of a connection, an address, or a folder"),
            optional=False,
        )
        self._add_text(self.COLLECTION, translate("Dbar", "Collection"), default=_COLLECTION)
        self._add_text(self.TITLE, translate("Dbar", "Title"))
        self._add_text(self.DESCRIPTION, translate("Dbar", "Description"), several_lines=True)
        self._add_text(
            self.LICENCE,
            translate("Dbar", "Licence ({names})").format(names=", ".join(LICENCES)),
            optional=False,
        )
        self._add_text(self.LICENCE_URL, translate("Dbar", "Address of the licence's terms"))
        self._add_text(self.ORGANISATION, translate("Dbar", "Organisation that made the data"))
        self._add_text(self.CONTACT, translate("Dbar", "Contact person"))
        self._add_text(self.EMAIL, translate("Dbar", "E-mail of the contact"))
        self._add_text(self.KEYWORDS, translate("Dbar", "Keywords (with commas between them)"))
        self._add_text(
            self.FILES_PLACE,
            translate("Dbar", "Where the files go: address of a web folder, or a folder"),
        )
        self._add_flag(self.DRY_RUN, translate("Dbar", "Check only, share nothing"))
        self._add_flag(
            self.CONFIRM_DERIVATIVES,
            translate("Dbar", "I may share results of data that must not be passed on"),
        )
        self._add_flag(
            self.CLOUD_OPTIMISED, translate("Dbar", "Cloud Optimized GeoTIFF"), default=True
        )
        self._add_enum(
            self.ON_CONFLICT, translate("Dbar", "If the item is there already"), OnConflict
        )
        self._add_advanced()
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT, translate("Dbar", "Item"), "STAC Item (*.json)"
            )
        )
        self.addOutput(
            QgsProcessingOutputString(self.LINK, translate("Dbar", "Address of the item"))
        )
        self.addOutput(QgsProcessingOutputString(self.ITEM, translate("Dbar", "Id of the item")))

    def _add_advanced(self) -> None:
        translate = QCoreApplication.translate
        for name, label in (
            (self.IDENTITY, translate("Dbar", "Id of the item")),
            (self.INDICATOR, translate("Dbar", "SDG indicator, such as 15.3.1")),
            (self.CITATION, translate("Dbar", "Citation")),
            (self.DOI, translate("Dbar", "DOI")),
            (self.FILES, translate("Dbar", "Further files (with ; between them)")),
            (self.FILES_URL, translate("Dbar", "Address under which others see that folder")),
        ):
            self._add_text(name, label, advanced=True)
        for name, label in (
            (self.BEGIN, translate("Dbar", "First day")),
            (self.END, translate("Dbar", "Last day")),
        ):
            kind = Qgis.ProcessingDateTimeParameterDataType.Date
            self.add(
                QgsProcessingParameterDateTime(name, label, kind, optional=True), advanced=True
            )
        label = translate("Dbar", "Credentials for the web folder")
        self.add(
            QgsProcessingParameterAuthConfig(self.FILES_AUTH, label, optional=True), advanced=True
        )

    def _add_text(
        self,
        name: str,
        label: str,
        *,
        default: str | None = None,
        optional: bool = True,
        several_lines: bool = False,
        advanced: bool = False,
    ) -> None:
        self.add(
            QgsProcessingParameterString(name, label, default, several_lines, optional),
            advanced=advanced,
        )

    def _add_flag(self, name: str, label: str, *, default: bool = False) -> None:
        self.add(QgsProcessingParameterBoolean(name, label, default))

    # -- before the run

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        values = dict(parameters)
        self._texts = {
            definition.name(): self.parameterAsString(values, definition.name(), context).strip()
            for definition in self.parameterDefinitions()
            if isinstance(definition, QgsProcessingParameterString)
        }
        self._days = {
            name: str(parameters.get(name) or "") and self._day(values, name, context)
            for name in (self.BEGIN, self.END)
        }
        layers = raster_layers(self, parameters, self.RASTERS, context)
        rasters = [_file_of(layer.source()) for layer in layers]
        further = [Path(text.strip()) for text in self._texts[self.FILES].split(";")]
        self._paths = [*rasters, *(path for path in further if path != Path())]

    def _day(self, values: dict[str, Any], name: str, context: QgsProcessingContext) -> str:
        moment = self.parameterAsDateTime(values, name, context)
        return str(moment.toString("yyyy-MM-dd"))

    # -- the run

    def compute(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        values = dict(parameters)
        output = self.parameterAsFileOutput(values, self.OUTPUT, context)
        is_dry = self.parameterAsBoolean(values, self.DRY_RUN, context)
        progress = progress_of(feedback)
        is_cancelled = feedback.isCanceled
        with Catalogs() as catalogs, tempfile.TemporaryDirectory() as scratch:
            library = catalogs.library
            pieces = pieces_of(self._paths, library.data)
            metadata = self._metadata(prefilled(pieces))
            draft = self._draft(catalogs, metadata, is_cancelled)
            auth = self.parameterAsString(values, self.FILES_AUTH, context)
            target = open_target(draft, library)
            where = where_of(draft, target, library, Secrets(auth))
            plan = Plan(
                draft.identity,
                draft.collection,
                metadata,
                pieces,
                OnConflict(self.parameterAsEnumString(values, self.ON_CONFLICT, context)),
                self.parameterAsBoolean(values, self.CONFIRM_DERIVATIVES, context),
            )
            files, found = make_ready(
                pieces,
                Path(scratch),
                cloud_optimised=self.parameterAsBoolean(values, self.CLOUD_OPTIMISED, context),
                progress=progress.part(0.0, _SHARE_OF_FILES),
            )
            seen = preview(plan, files, target, where, more=found, is_cancelled=is_cancelled)
            _tell(seen, feedback)
            if is_dry:
                self._write(output, seen.document)
                text = QCoreApplication.translate("Dbar", "Nothing was shared: this was a check.")
                feedback.pushInfo(text)
                return {self.OUTPUT: output, self.LINK: "", self.ITEM: seen.identity}
            refuse_failed(seen.checks)
            try:
                rest = progress.part(_SHARE_OF_FILES, 1.0)
                made = share(plan, files, target, where, seen=seen, progress=rest)
            except NotSharedError as error:
                self._say((), error.left, feedback)
                raise
        self._say(made.notes, (), feedback)
        text = QCoreApplication.translate("Dbar", "Shared: {link}")
        feedback.pushInfo(text.format(link=made.link))
        self._write(output, made.document)
        return {self.OUTPUT: output, self.LINK: made.link, self.ITEM: made.item.id}

    def _metadata(self, known: Metadata) -> Metadata:
        """Return what the provenance tells, and in its place what the user says."""
        said = {field: self._texts[name] for name, field in _FORM.items() if self._texts[name]}
        words = tuple(filter(None, re.split(r"\s*[,;，；]\s*", self._texts[self.KEYWORDS])))
        begin, end = (self._days[name] for name in (self.BEGIN, self.END))
        if begin or end:
            said |= {"begin": begin or end, "end": end or begin}
        return replace(known, **said, keywords=tuple(dict.fromkeys((*known.keywords, *words))))

    def _draft(self, catalogs: Catalogs, metadata: Metadata, is_cancelled: Any) -> Draft:
        text = self._texts[self.TARGET]
        draft = Draft(
            identity=identity_of(self._texts[self.IDENTITY] or metadata.title),
            collection=self._texts[self.COLLECTION] or _COLLECTION,
        )
        place = self._texts[self.FILES_PLACE]
        if place.lower().startswith(_WEB):
            draft = replace(draft, place=WEB, files_url=place)
        elif place:
            url = self._texts[self.FILES_URL]
            draft = replace(draft, place=FOLDER, files_folder=place, files_url=url)
        else:
            draft = replace(draft, place=BESIDE)
        if not text.lower().startswith(_WEB) and Path(text).expanduser().is_absolute():
            return replace(draft, folder=text)
        connection = catalogs.find(text, is_cancelled)
        if connection.kind == "stac_static" and connection.is_local:
            return replace(draft, folder=connection.url)
        if connection.kind == "csw":
            draft = replace(draft, collection=CSW_RECORDS)
        return replace(draft, connection=connection.id)

    def _write(self, path: str, document: Mapping[str, Any]) -> None:
        if not path:
            return
        try:
            write_json(Path(path), document)
        except OSError as error:
            raise OutputError(
                translate("Dbar", "{path} could not be written: {reason}. Choose another place."),
                path=path,
                reason=error.strerror or str(error),
            ) from error


def _file_of(source: str) -> Path:
    parts = QgsProviderRegistry.instance().decodeUri("gdal", source)
    path = Path(str(parts.get("path") or source))
    if not path.is_file():
        raise InputError(
            translate(
                "Dbar", "{path} is no file of this computer: download it, then share the file."
            ),
            path=str(path),
        )
    return path


def _tell(seen: Preview, feedback: QgsProcessingFeedback) -> None:
    """Write the checks, and what would change, to the log."""
    for check in seen.checks:
        words = translated(check.words)
        if check.state is State.FAILED:
            feedback.reportError(words)
        elif check.state is State.WARNING:
            feedback.pushWarning(words)
        else:
            feedback.pushInfo(words)
    for line in _facts(seen.document):
        feedback.pushInfo(line)
    if seen.difference:
        feedback.pushDebugInfo(seen.difference)


def _facts(document: Mapping[str, Any]) -> Iterator[str]:
    yield f"{document['collection']}/{document['id']}"
    yield from (f"{asset['roles'][0]}: {asset['href']}" for asset in document["assets"].values())
