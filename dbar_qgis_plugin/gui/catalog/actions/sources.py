"""Where data are read from that must stay readable: from here, else streamed, else fetched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from qgis.core import Qgis
from qgis.PyQt.QtCore import QCoreApplication, QObject

from dbar_qgis_plugin.catalog.access import Access, Kind
from dbar_qgis_plugin.catalog.library import Library
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.actions.fetching import Fetching
from dbar_qgis_plugin.gui.catalog.actions.opening import Choice
from dbar_qgis_plugin.gui.catalog.actions.summary import ask_before
from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.jobs import Control, in_words
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

Ways = dict[Choice, Access]


class Sources(QObject):
    """Finds sources that hold tomorrow as well, and no secret."""

    def __init__(
        self, session: CatalogSession, desk: Desk, fetching: Fetching, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._desk, self._fetching = session, desk, fetching
        self._numbers = count()

    def find(
        self,
        choices: Sequence[Choice],
        then: Callable[[Ways], None],
        *,
        with_credentials: bool = True,
    ) -> None:
        """Find how each asset is read, fetch those that cannot be otherwise, then call `then`.

        Parameters
        ----------
        choices : sequence of Choice
            The assets; `then` gets them in this order.
        then : callable
            Takes how each is opened: as a file, or streamed.
        with_credentials : bool
            Whether what QGIS opens with credentials will do; GDAL alone knows none.
        """
        library = self._session.library

        def work(control: Control) -> Ways:
            ways = {}
            for choice in choices:
                way = _way(choice, library, with_credentials)
                if way is not None:
                    ways[choice] = way
                control.report(len(ways) / len(choices))
            return ways

        def done(ways: Ways) -> None:
            missing = [choice for choice in choices if choice not in ways]

            def complete(paths: dict[Choice, Path]) -> None:
                files = {choice: Access(Kind.FILE, str(path)) for choice, path in paths.items()}
                every = {**ways, **files}
                then({choice: every[choice] for choice in choices})

            if missing:
                ask_before(
                    self._desk,
                    self._session,
                    missing,
                    lambda: self._fetching.fetch(missing, complete),
                )
            else:
                complete({})

        title = QCoreApplication.translate("Dbar", "Looking where the data are")
        self._session.jobs.start(f"sources {next(self._numbers)}", title, work, done, self._failed)

    def _failed(self, error: DbarError) -> None:
        self._desk.tell(in_words(error), Qgis.MessageLevel.Warning)


def _way(choice: Choice, library: Library, with_credentials: bool) -> Access | None:
    """Return how an asset is read; None if it has to be fetched first."""
    held = library.held(choice.item).get(choice.asset.key)
    if held is not None:
        return Access(Kind.FILE, str(held))
    access = library.access(choice.item, choice.asset)
    is_lasting = access.kind is Kind.FILE or (
        access.kind is Kind.STREAM
        and access.provider == "gdal"
        and not library.is_signed(access.href, choice.item)
        and (with_credentials or not access.authcfg)
    )
    return access if is_lasting else None
