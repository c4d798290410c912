"""Files that must be here before something else begins: fetched, and waited for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple

from qgis.core import Qgis
from qgis.PyQt.QtCore import QCoreApplication, QObject

from dbar_qgis_plugin.catalog.library import Library
from dbar_qgis_plugin.catalog.rasters import Part, copied
from dbar_qgis_plugin.catalog.transfers.queue import State, Transfer
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.actions.opening import Choice
from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.jobs import Control, in_words
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

Here = Callable[[dict[Choice, Path]], None]


class _Begun(NamedTuple):
    """What the beginning has come to.

    here : files that this computer has already
    waited_for : number of the transfer that each other file comes with
    """

    here: dict[Choice, Path]
    waited_for: dict[int, Choice]


class _Batch:
    """Files that something waits for."""

    def __init__(self, begun: _Begun, then: Here | None) -> None:
        self.here, self.waited_for, self.then = begun.here, begun.waited_for, then


class Fetching(QObject):
    """Fetches assets into My data, and goes on when all of a batch are there.

    A transfer that fails can be tried again on the page of transfers: what waits for it waits
    until it is there or cancelled.
    """

    def __init__(self, session: CatalogSession, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._desk = session, desk
        self._batches: list[_Batch] = []
        self._numbers = count()
        session.transfer_changed.connect(self._transfer_changed)

    def fetch(self, choices: Sequence[Choice], then: Here | None = None) -> None:
        """Fetch assets that are not here yet, then call `then` with the path of each."""
        library, transfers = self._session.library, self._session.transfers
        title = QCoreApplication.translate("Dbar", "Preparing downloads")

        def work(control: Control) -> _Begun:
            here, waited_for = _copies(choices, library, control), {}
            for choice in choices:
                held = here.get(choice) or library.held(choice.item).get(choice.asset.key)
                if held is not None:
                    here[choice] = held
                    continue
                planned = transfers.queue.plan(choice.item, [choice.asset], library.data.folder)
                for transfer in transfers.add(planned, choice.item.source):
                    waited_for[transfer.id] = choice
            return _Begun(here, waited_for)

        self._session.jobs.start(
            f"downloads {next(self._numbers)}",
            title,
            work,
            lambda begun: self._begun(begun, then),
            self._failed,
        )

    @property
    def is_waiting(self) -> bool:
        """Whether something waits for files."""
        return bool(self._batches)

    def _begun(self, begun: _Begun, then: Here | None) -> None:
        batch = _Batch(begun, then)
        self._batches.append(batch)
        # Some may have come while nobody waited yet.
        for number in tuple(batch.waited_for):
            self._transfer_changed(self._session.transfers.queue.get(number), None)
        if batch in self._batches:
            self._go_on(batch)
        if batch.waited_for:
            text = QCoreApplication.translate(
                "Dbar", "Downloads begun: {count}. They go on in the background."
            )
            self._desk.tell(text.format(count=len(batch.waited_for)))
        elif then is None and begun.here:
            text = QCoreApplication.translate("Dbar", "All of it is in My data already: {count}.")
            self._desk.tell(text.format(count=len(begun.here)))

    def _transfer_changed(self, transfer: Transfer, _speed: object) -> None:
        for batch in tuple(self._batches):
            choice = batch.waited_for.get(transfer.id)
            if choice is None:
                continue
            if transfer.state is State.DONE:
                del batch.waited_for[transfer.id]
                batch.here[choice] = transfer.path
                self._go_on(batch)
            elif transfer.state is State.CANCELLED:
                self._batches.remove(batch)

    def _go_on(self, batch: _Batch) -> None:
        if not batch.waited_for:
            self._batches.remove(batch)
            if batch.then is not None:
                batch.then(batch.here)

    def _failed(self, error: DbarError) -> None:
        self._desk.tell(in_words(error), Qgis.MessageLevel.Warning)


def _copies(choices: Sequence[Choice], library: Library, control: Control) -> dict[Choice, Path]:
    """Copy what only GDAL reaches; return where it is."""
    here = {}
    for choice in choices:
        access = library.access(choice.item, choice.asset)
        if access.is_copied:
            part = Part(choice.item, choice.asset, access.href)
            own = copied(part, library.data, control.progress)
            here[choice] = library.data.files(own)[choice.asset.key]
    return here
