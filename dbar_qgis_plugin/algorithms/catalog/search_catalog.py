"""A search in a catalog, as a table of footprints that models and scripts can go on with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import translated
from dbar_qgis_plugin.algorithms.catalog.base import CatalogAlgorithm, Catalogs
from dbar_qgis_plugin.algorithms.catalog.item_columns import (
    item_collection,
    item_columns,
    labels,
    outlines,
)
from dbar_qgis_plugin.algorithms.outputs import Outputs
from dbar_qgis_plugin.algorithms.tables import TableWriter
from dbar_qgis_plugin.catalog.adapters.base import Adapter
from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.model import Box, Item
from dbar_qgis_plugin.catalog.net.places import themes_file
from dbar_qgis_plugin.catalog.query import Condition, Query
from dbar_qgis_plugin.catalog.searching import ALL_PARTS, Search, Tally, part_title, relaxations
from dbar_qgis_plugin.catalog.themes import Theme, themes
from dbar_qgis_plugin.catalog.transport import HttpError, NetworkError
from dbar_qgis_plugin.errors import InputError, translate

_WGS84: Final = "EPSG:4326"
_CLOUDS: Final = "eo:cloud_cover"
_CONDITION: Final = re.compile(r"\s*([\w:.\-]+)\s*(<=|>=|<>|=|<|>)\s*(.+?)\s*")
_MOST_ON_A_PAGE: Final = 200
_ANY_THEME: Final = "any"


class SearchCatalogAlgorithm(CatalogAlgorithm, TableWriter):
    """Search a catalog."""

    NAME = "searchcatalog"

    CONNECTION: Final = "CONNECTION"
    THEME: Final = "THEME"
    COLLECTIONS: Final = "COLLECTIONS"
    TEXT: Final = "TEXT"
    EXTENT: Final = "EXTENT"
    BEGIN: Final = "BEGIN"
    END: Final = "END"
    CLOUD: Final = "CLOUD"
    CONDITIONS: Final = "CONDITIONS"
    SORT: Final = "SORT"
    MOST: Final = "MOST"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_ITEMS: Final = "OUTPUT_ITEMS"
    COUNT: Final = "COUNT"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Search a catalog")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.define()  # each time: users may have added themes

    def define(self) -> None:
        translate = QCoreApplication.translate
        self._add_text(
            self.CONNECTION,
            translate("Dbar", "Catalog: name of a connection, an address, or a folder"),
            optional=False,
        )
        self._add_enum(self.THEME, translate("Dbar", "Theme"), (_ANY_THEME, *_theme_ids()))
        self._add_text(
            self.COLLECTIONS, translate("Dbar", "Collections (ids, with commas between them)")
        )
        self._add_text(self.TEXT, translate("Dbar", "Words"))
        self.add(
            QgsProcessingParameterExtent(self.EXTENT, translate("Dbar", "Area"), optional=True)
        )
        for name, label in (
            (self.BEGIN, translate("Dbar", "First day")),
            (self.END, translate("Dbar", "Last day")),
        ):
            kind = Qgis.ProcessingDateTimeParameterDataType.Date
            self.add(QgsProcessingParameterDateTime(name, label, kind, optional=True))
        self._add_number(
            self.CLOUD, translate("Dbar", "Clouds at most (%)"), None, 0, 100, advanced=True
        )
        self._add_text(
            self.CONDITIONS,
            translate("Dbar", "Conditions on properties, such as gsd <= 30; platform = landsat-8"),
            advanced=True,
        )
        self._add_text(
            self.SORT,
            translate("Dbar", "Sort by (a property; with - before it the largest comes first)"),
            default="-datetime",
            advanced=True,
        )
        self._add_number(self.MOST, translate("Dbar", "Items at most"), 100, 1, 10_000, whole=True)
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT,
                translate("Dbar", "Items found"),
                Qgis.ProcessingSourceType.VectorPolygon,
            )
        )
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT_ITEMS,
                translate("Dbar", "Item collection"),
                "STAC ItemCollection (*.json *.geojson)",
                optional=True,
                createByDefault=False,
            )
        )
        self.addOutput(
            QgsProcessingOutputNumber(self.COUNT, translate("Dbar", "Number of items found"))
        )

    def _add_text(
        self,
        name: str,
        label: str,
        *,
        default: str | None = None,
        optional: bool = True,
        advanced: bool = False,
    ) -> None:
        self.add(
            QgsProcessingParameterString(name, label, default, optional=optional),
            advanced=advanced,
        )

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._query(parameters, context)

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        values = dict(parameters)
        self._connection = self.parameterAsString(values, self.CONNECTION, context)
        self._asked = self._query(parameters, context)
        chosen = self.parameterAsEnumString(values, self.THEME, context)
        known = {theme.id: theme for theme in themes(themes_file())}
        self._theme: Theme | None = known.get(chosen)

    def _query(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> Query:
        """Turn the parameters into what is searched for."""
        values = dict(parameters)

        def text(name: str) -> str:
            return self.parameterAsString(values, name, context).strip()

        begin, end = self._day(parameters, self.BEGIN), self._day(parameters, self.END)
        if begin is not None and end is not None and begin > end:
            raise InputError(
                translate("Dbar", "“{begin}” ({first}) lies after “{end}” ({last})."),
                begin=self._label(self.BEGIN),
                end=self._label(self.END),
                first=begin.isoformat(),
                last=end.isoformat(),
            )
        conditions = self._conditions(text(self.CONDITIONS))
        cloud = self._number_or_none(parameters, self.CLOUD, context)
        if cloud is not None:
            conditions = (*conditions, Condition(_CLOUDS, "<=", cloud))
        sort = tuple(
            (part.strip().lstrip("+-"), part.strip().startswith("-"))
            for part in text(self.SORT).split(",")
            if part.strip().lstrip("+-")
        )
        most = self.parameterAsInt(values, self.MOST, context)
        return Query(
            collections=tuple(filter(None, re.split(r"[,\s]+", text(self.COLLECTIONS)))),
            box=self._box(parameters, context),
            begin=None if begin is None else datetime.combine(begin, time(), UTC),
            end=None if end is None else datetime.combine(end, time(23, 59, 59), UTC),
            text=text(self.TEXT),
            conditions=conditions,
            sort=sort,
            page_size=min(most, _MOST_ON_A_PAGE),
            most=most,
        )

    def _day(self, parameters: Mapping[str, Any], name: str) -> date | None:
        value = parameters.get(name)
        if value is None or value == "":
            return None
        text = str(value.toString("yyyy-MM-dd") if hasattr(value, "toString") else value)
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            raise InputError(
                translate("Dbar", "{parameter}: “{text}” is no day; write it like 2020-12-31."),
                parameter=self._label(name),
                text=text,
            ) from None

    def _box(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> Box | None:
        crs = QgsCoordinateReferenceSystem(_WGS84)
        extent = self.parameterAsExtent(dict(parameters), self.EXTENT, context, crs)
        if extent.isNull() or parameters.get(self.EXTENT) in (None, ""):
            return None
        west, south, east, north = (
            extent.xMinimum(),
            extent.yMinimum(),
            extent.xMaximum(),
            extent.yMaximum(),
        )
        south, north = max(south, -90.0), min(north, 90.0)
        if east - west >= 360.0:
            return -180.0, south, 180.0, north
        return _turned(west), south, _turned(east), north

    def _conditions(self, text: str) -> tuple[Condition, ...]:
        found = []
        for part in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
            match = _CONDITION.fullmatch(part)
            if match is None:
                raise InputError(
                    translate(
                        "Dbar",
                        "{parameter}: “{text}” is no condition. Write property, sign and value, "
                        "like gsd <= 30.",
                    ),
                    parameter=self._label(self.CONDITIONS),
                    text=part,
                )
            value: float | str = match[3].strip("\"'")
            with suppress(ValueError):
                value = float(match[3])
            found.append(Condition(match[1], match[2], value))
        return tuple(found)

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        with Catalogs() as catalogs, Outputs(self, parameters, context, feedback) as outputs:
            connection = catalogs.find(self._connection, feedback.isCanceled)
            adapter = catalogs.library.adapter(connection.id)
            query = self._asked
            if self._theme is not None:
                query = self._theme.query(query, connection)
            items, tally = self._found(adapter, query, feedback)
            self._tell(connection, query, items, tally, feedback)
            if not items:
                self._tell_why(adapter, query, feedback)
            self._write(outputs, items, catalogs, parameters, context)
        return {**outputs.results, self.COUNT: len(items)}

    def _found(
        self, adapter: Adapter, query: Query, feedback: QgsProcessingFeedback
    ) -> tuple[list[Item], Tally]:
        items: list[Item] = []
        tally = Tally()
        for page in adapter.search(query, feedback.isCanceled):
            items += page.items
            tally.add(page)
            feedback.setProgress(90.0 * min(1.0, len(items) / (query.most or 1)))
        return items, tally

    def _tell(
        self,
        connection: Connection,
        query: Query,
        items: list[Item],
        tally: Tally,
        feedback: QgsProcessingFeedback,
    ) -> None:
        translate = QCoreApplication.translate
        text = translate("Dbar", "{catalog}: {count} items")
        if tally.matched is not None and tally.matched > len(items):
            text = translate("Dbar", "{catalog}: the first {count} of {matched} items")
        elif len(items) == query.most:
            text = translate("Dbar", "{catalog}: the first {count} items; there may be more")
        feedback.pushInfo(
            text.format(catalog=connection.name, count=len(items), matched=tally.matched)
        )
        ignored = translate(
            "Dbar", "The server ignored “{part}”: {count} items that do not answer were left out."
        )
        for part, count in tally.dropped.items():
            name = translated(part_title(part))
            feedback.pushWarning(ignored.format(part=name, count=count))
        for note in tally.notes:
            feedback.pushWarning(translated(note))

    def _tell_why(self, adapter: Adapter, query: Query, feedback: QgsProcessingFeedback) -> None:
        """Say without which part of the query there are items."""
        translate = QCoreApplication.translate
        some = translate("Dbar", "0 items; without “{part}” there are {count}.")
        any_ = translate("Dbar", "0 items; without “{part}” there are some.")
        whole = Search({"": query})
        for part, search in relaxations(whole).items():
            probe = search.queries[""]
            try:
                page = next(adapter.search(probe, feedback.isCanceled), None)
            except (HttpError, NetworkError) as error:
                feedback.pushWarning(translated(error))
                return
            if page is not None and page.items:
                text = some if page.matched else any_
                name = translate("Dbar", "all of it")
                if part != ALL_PARTS:
                    name = translated(part_title(part))
                feedback.pushWarning(text.format(part=name, count=page.matched))

    def _write(
        self,
        outputs: Outputs,
        items: list[Item],
        catalogs: Catalogs,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
    ) -> None:
        self.write_table(
            outputs,
            self.OUTPUT,
            item_columns(items, catalogs.written),
            labels(),
            self.asPythonCommand(parameters, context),
            shapes=outlines(items),
            crs=QgsCoordinateReferenceSystem(_WGS84),
            style=_style,
        )
        if outputs.wants(self.OUTPUT_ITEMS):
            outputs.text(self.OUTPUT_ITEMS, item_collection(items, catalogs.written))


def _turned(longitude: float) -> float:
    """Bring back a side of an extent that was drawn over 180 degrees."""
    return (longitude + 180.0) % 360.0 - 180.0 if abs(longitude) > 180.0 else longitude


@cache
def _theme_ids() -> tuple[str, ...]:
    """Themes as a parameter offers them; a model makes its steps anew thousands of times."""
    return tuple(theme.id for theme in themes(themes_file()))


def _style(layer: QgsVectorLayer, fields: Mapping[str, str]) -> None:
    """Let the temporal controller show items by their time."""
    properties = layer.temporalProperties()
    mode = Qgis.VectorTemporalMode.FeatureDateTimeStartAndEndFromFields
    properties.setMode(mode)
    properties.setStartField(fields["begin"])
    properties.setEndField(fields["end"])
    properties.setIsActive(True)
