"""What the chosen catalogs say of themselves, asked in the background and kept while QGIS runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Final

from qgis.PyQt.QtCore import QCoreApplication, QObject, pyqtSignal

from dbar_qgis_plugin.catalog.adapters.base import Adapter, Capabilities
from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.filters import Field, fields_of, together
from dbar_qgis_plugin.catalog.health import Check, check
from dbar_qgis_plugin.catalog.model import Collection
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.jobs import Control, Jobs
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

_BATCH: Final = 50  # collections that come at once: the window stays responsive
_PAUSE_S: Final = 0.01
_MOST_ASKED: Final = 8  # collections whose properties are asked for


class Lookups(QObject):
    """What catalogs can do, which collections they have, and what these can be filtered by."""

    begun = pyqtSignal(str)  # id of a connection that is asked
    collections_came = pyqtSignal(str, object)  # id, and some of its collections
    fields_came = pyqtSignal(str)
    ended = pyqtSignal(str)
    failed = pyqtSignal(str, object)  # id, and the DbarError

    def __init__(self, session: CatalogSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = Jobs(self)
        self._known: dict[str, Connection] = {}  # as they were when they were asked
        self._adapters: dict[str, Adapter] = {}
        self.capabilities: dict[str, Capabilities] = {}
        self.collections: dict[str, list[Collection]] = {}
        self.fields: dict[str, tuple[Field, ...]] = {}

    def open(self, connection: Connection) -> None:
        """Ask a catalog what it is and has, unless that is known."""
        same = self._known.get(connection.id)
        if same is not None and _asked_alike(same, connection):
            return
        self.forget(connection.id)
        self._known[connection.id] = connection
        self.collections[connection.id] = []
        self.begun.emit(connection.id)
        self._jobs.start(
            connection.id,
            _title(connection),
            partial(self._look, connection),
            lambda _done: self.ended.emit(connection.id),
            partial(self._fail, connection.id),
            came=partial(self._take, connection.id),
        )

    def ask_fields(self, connection: Connection, collections: tuple[str, ...]) -> None:
        """Ask what some of a catalog's collections, or all, can be filtered by."""
        adapter = self._adapters.get(connection.id)
        if adapter is None:
            return

        def work(control: Control) -> tuple[Field, ...]:
            return _fields(adapter, collections, control)

        self._jobs.start(
            f"fields of {connection.id}",
            _title(connection),
            work,
            partial(self._take, connection.id),
            # The search itself will say what is wrong with the catalog.
            lambda _error: self._take(connection.id, ()),
        )

    def is_open(self, connection_id: str) -> bool:
        """Tell whether a catalog has said all."""
        return connection_id in self._known and not self.is_asked(connection_id)

    def is_asked(self, connection_id: str) -> bool:
        """Tell whether a catalog is being asked."""
        return self._jobs.is_running(connection_id)

    def forget(self, connection_id: str) -> None:
        """Ask a catalog anew the next time."""
        self._jobs.cancel(connection_id)
        self._jobs.cancel(f"fields of {connection_id}")
        for kept in (
            self._known,
            self._adapters,
            self.capabilities,
            self.collections,
            self.fields,
        ):
            kept.pop(connection_id, None)

    def close(self) -> None:
        """Ask no more."""
        self._jobs.close()

    def _look(self, connection: Connection, control: Control) -> None:
        """Ask for everything, one after the other; runs in a thread."""
        adapter = self._session.library.adapter(connection.id)
        control.give(adapter)
        found = check(adapter, control.is_cancelled)
        control.give(found)
        if found.capabilities is None:
            return
        collections = iter(adapter.collections(control.is_cancelled))
        while batch := list(islice(collections, _BATCH)):
            control.give(batch)
            # The window must wait for Python's lock after each call of Qt: leave it some time.
            time.sleep(_PAUSE_S)
        control.give(_fields(adapter, (), control))

    def _take(self, connection_id: str, part: object) -> None:
        """Take a part of what a catalog has said."""
        match part:
            case Check():
                self._session.keep_check(connection_id, part)
                if part.capabilities is not None:
                    self.capabilities[connection_id] = part.capabilities
                else:
                    self._known.pop(connection_id, None)  # it may answer the next time
            case list():
                self.collections[connection_id] += part
                self.collections_came.emit(connection_id, part)
            case tuple():
                self.fields[connection_id] = part
                self.fields_came.emit(connection_id)
            case _:
                self._adapters[connection_id] = part

    def _fail(self, connection_id: str, error: DbarError) -> None:
        self._known.pop(connection_id, None)
        self.failed.emit(connection_id, error)


def _fields(adapter: Adapter, collections: tuple[str, ...], control: Control) -> tuple[Field, ...]:
    asked: Iterator[str] = islice(collections or ("",), _MOST_ASKED)
    return together(
        fields_of(adapter.queryables(collection, control.is_cancelled)) for collection in asked
    )


def _asked_alike(first: Connection, second: Connection) -> bool:
    return (first.url, first.kind, first.authcfg) == (second.url, second.kind, second.authcfg)


def _title(connection: Connection) -> str:
    return QCoreApplication.translate("Dbar", "Asking {name}").format(name=connection.name)
