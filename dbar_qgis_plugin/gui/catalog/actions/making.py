"""Mosaics, and parts of rasters: made in the background, then shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count, groupby

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsProject,
)
from qgis.PyQt.QtCore import QCoreApplication, QObject

from dbar_qgis_plugin.catalog.model import Box, Item
from dbar_qgis_plugin.catalog.rasters import Part, mosaic_of, part_of
from dbar_qgis_plugin.catalog.searching import Search
from dbar_qgis_plugin.errors import DbarError, InputError, translate
from dbar_qgis_plugin.gui.catalog.actions.adding import Adding
from dbar_qgis_plugin.gui.catalog.actions.opening import CURL, Choice, opening_of
from dbar_qgis_plugin.gui.catalog.actions.sources import Sources, Ways
from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.jobs import Control, in_words
from dbar_qgis_plugin.gui.catalog.session import CatalogSession


class Making(QObject):
    """Makes rasters of rasters, which come into My data and onto the map."""

    def __init__(
        self,
        session: CatalogSession,
        desk: Desk,
        sources: Sources,
        adding: Adding,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._desk = session, desk
        self._sources, self._adding = sources, adding
        self._numbers = count()
        self.search_box: Box | None = None  # around the area of the last search
        desk.search_wanted.connect(self._keep_area)

    def mosaic(self, choices: Sequence[Choice], *, separate: bool = False) -> None:
        """Make a virtual raster of each day's rasters, or one whose bands are rasters."""
        data = self._session.library.data

        def make(ways: Ways) -> None:
            groups = [list(choices)] if separate else by_day(choices)

            def work(control: Control) -> list[Item]:
                made = []
                for number, group in enumerate(groups):
                    control.progress.check()
                    control.report(number / len(groups))
                    parts = [Part(one.item, one.asset, _source(ways[one].href)) for one in group]
                    made.append(mosaic_of(parts, data, separate=separate))
                return made

            title = QCoreApplication.translate("Dbar", "Making a mosaic")
            self._start(title, work)

        self._sources.find(choices, make, with_credentials=False)

    def clip(self, choices: Sequence[Choice], box: Box) -> None:
        """Fetch what lies in a box of rasters that are read in parts."""
        library = self._session.library

        def work(control: Control) -> list[Item]:
            made = []
            for number, choice in enumerate(choices):
                progress = control.progress.part(number / len(choices), (number + 1) / len(choices))
                access = library.access(choice.item, choice.asset)
                held = library.held(choice.item).get(choice.asset.key)
                if held is not None:
                    source = str(held)
                elif access.authcfg:
                    raise InputError(
                        translate(
                            "Dbar",
                            "{name} needs credentials, with which no part can be read: download "
                            "the whole file.",
                        ),
                        name=choice.title,
                    )
                else:
                    stop = control.is_cancelled
                    source = opening_of(choice, access, library, is_cancelled=stop).source
                made.append(
                    part_of(Part(choice.item, choice.asset, source), box, library.data, progress)
                )
            return made

        self._start(QCoreApplication.translate("Dbar", "Fetching a part of rasters"), work)

    def map_box(self) -> Box | None:
        """Return what the map shows, in degrees; None if that is nothing on the earth."""
        canvas = self._desk.canvas
        transform = QgsCoordinateTransform(
            canvas.mapSettings().destinationCrs(),
            QgsCoordinateReferenceSystem("EPSG:4326"),
            QgsProject.instance(),
        )
        try:
            extent = transform.transformBoundingBox(canvas.extent())
        except QgsCsException:
            return None
        if extent.isEmpty() or not extent.isFinite():
            return None
        west, east = max(extent.xMinimum(), -180.0), min(extent.xMaximum(), 180.0)
        return west, max(extent.yMinimum(), -90.0), east, min(extent.yMaximum(), 90.0)

    def _keep_area(self, search: Search) -> None:
        self.search_box = next((query.box for query in search.queries.values() if query.box), None)

    def _start(self, title: str, work: Callable[[Control], list[Item]]) -> None:
        self._session.jobs.start(
            f"made rasters {next(self._numbers)}",
            title,
            work,
            self._made,
            self._failed,
            is_shown=True,
        )

    def _made(self, items: list[Item]) -> None:
        self._session.data_changed.emit()
        self._adding.add([Choice(item, item.assets[0]) for item in items])

    def _failed(self, error: DbarError) -> None:
        self._desk.tell(in_words(error), Qgis.MessageLevel.Warning)


def by_day(choices: Iterable[Choice]) -> list[list[Choice]]:
    """Group assets of one collection, key and day."""

    def key(choice: Choice) -> tuple[str, str, str]:
        item = choice.item
        day = "" if item.begin is None else str(item.begin.date())
        return item.collection, choice.asset.key, day

    return [list(group) for _, group in groupby(sorted(choices, key=key), key)]


def _source(href: str) -> str:
    return f"{CURL}{href}" if href.startswith("http") else href
