"""Assets become layers: opened in the background, dressed and placed in the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from qgis.core import Qgis, QgsMapLayer, QgsProject
from qgis.PyQt.QtCore import QCoreApplication, QObject

from dbar_qgis_plugin.catalog.access import Access, Kind
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.actions.looks import dress, place, shown_layer
from dbar_qgis_plugin.gui.catalog.actions.opening import (
    Choice,
    Opening,
    open_layers,
    opening_of,
    style_of,
)
from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.jobs import Control, in_words
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

Opened = tuple[Choice, Opening, list[QgsMapLayer]]
Added = Callable[[dict[Choice, QgsMapLayer]], None]


class Adding(QObject):
    """Adds assets to the map."""

    def __init__(self, session: CatalogSession, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._desk = session, desk
        self._numbers = count()

    def add(self, choices: Sequence[Choice], added: Added | None = None) -> None:
        """Add what can be opened where it is."""
        self._start([(choice, None) for choice in choices], added)

    def add_files(self, paths: Mapping[Choice, Path]) -> None:
        """Add files that have been fetched."""
        self._start(
            [(choice, Access(Kind.FILE, str(path))) for choice, path in paths.items()], None
        )

    def add_ways(self, ways: Mapping[Choice, Access], added: Added | None = None) -> None:
        """Add what is opened in a given way; those on the map already stay as they are."""
        known = {choice: layer for choice in ways if (layer := shown_layer(choice)) is not None}
        new = [(choice, access) for choice, access in ways.items() if choice not in known]

        def join(layers: dict[Choice, QgsMapLayer]) -> None:
            if added is not None:
                added({**known, **layers})

        if new:
            self._start(new, join)
        else:
            join({})

    def _start(self, ways: list[tuple[Choice, Access | None]], added: Added | None) -> None:
        library = self._session.library
        crs = QgsProject.instance().crs().authid()
        problems: list[DbarError] = []
        # Those of one collection in order of time: the newest comes on top.
        ways.sort(key=lambda way: str(way[0].item.begin or way[0].item.end or ""))

        def work(control: Control) -> list[Opened]:
            opened = []
            for number, (choice, access) in enumerate(ways):
                stop = control.is_cancelled
                control.report(number / len(ways))
                try:
                    way = access or library.access(choice.item, choice.asset)
                    opening = replace(
                        opening_of(choice, way, library, crs=crs, is_cancelled=stop),
                        style=style_of(choice, library, stop),
                    )
                    opened.append((choice, opening, open_layers(choice, opening, stop)))
                except DbarError as error:
                    if control.is_cancelled():
                        raise
                    problems.append(error)
            return opened

        def done(opened: list[Opened]) -> None:
            layers = self._place(opened)
            for problem in problems:
                self._desk.tell(in_words(problem), Qgis.MessageLevel.Warning)
            if added is not None:
                added(layers)

        title = QCoreApplication.translate("Dbar", "Opening layers")
        self._session.jobs.start(f"layers {next(self._numbers)}", title, work, done, self._failed)

    def _place(self, opened: list[Opened]) -> dict[Choice, QgsMapLayer]:
        layers = {}
        for choice, opening, found in opened:
            for layer in found:
                dress(layer, choice, opening)
            place(found, choice.item.collection)
            layers[choice] = found[0]
        return layers

    def _failed(self, error: DbarError) -> None:
        self._desk.tell(in_words(error), Qgis.MessageLevel.Warning)
