"""What all algorithms of the data-sharing catalogs share."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Final, Self

from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import DbarAlgorithm
from dbar_qgis_plugin.catalog.adapters.documents import is_local
from dbar_qgis_plugin.catalog.adapters.sniffing import sniff
from dbar_qgis_plugin.catalog.connections import Connection, http_of
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.library import Library
from dbar_qgis_plugin.catalog.local.store import MY_DATA, DataStore
from dbar_qgis_plugin.catalog.net.connection_store import ConnectionStore
from dbar_qgis_plugin.catalog.net.credentials import method_of
from dbar_qgis_plugin.catalog.net.places import data_folder
from dbar_qgis_plugin.catalog.net.qgis_transport import QgisTransport
from dbar_qgis_plugin.catalog.rasters import has_driver
from dbar_qgis_plugin.catalog.redaction import host_of
from dbar_qgis_plugin.catalog.transport import IsCancelled, never
from dbar_qgis_plugin.errors import InputError, translate

_WEB: Final = ("http://", "https://")


class CatalogAlgorithm(DbarAlgorithm):
    """Base of the algorithms of catalogs."""

    def group(self) -> str:
        return QCoreApplication.translate("Dbar", "Catalog")

    def groupId(self) -> str:
        return "catalog"

    def tags(self) -> list[str]:
        words = QCoreApplication.translate("Dbar", "catalog,STAC,CSW,Records,share,open data")
        return words.split(",")


class Catalogs:
    """The profile's catalogs and My data for one run, and a catalog whose address was typed.

    Use it in a `with` statement, in the thread of the run.
    """

    def __init__(self) -> None:
        self._store = ConnectionStore()
        self._typed: dict[str, Connection] = {}
        self.library = Library(
            self,
            QgisTransport(),
            DataStore(data_folder()),
            auth_method=method_of,
            has_driver=has_driver,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.library.data.close()

    def all(self) -> tuple[Connection, ...]:
        """Return the profile's connections, and those that were typed."""
        return *self._store.all(), *self._typed.values()

    def get(self, connection_id: str) -> Connection | None:
        """Return a connection, None if there is none."""
        return next((one for one in self.all() if one.id == connection_id), None)

    def find(self, text: str, is_cancelled: IsCancelled = never) -> Connection:
        """Return the connection that a text means: its name or id, an address, a folder.

        What an address leads to is found out by asking. "My data" is one as well.

        Raises
        ------
        InputError
            It means none.
        DbarError
            The address does not answer.
        """
        text = text.strip()
        titles = ("My data", QCoreApplication.translate("Dbar", "My data"), MY_DATA)
        if text.casefold() in {title.casefold() for title in titles}:
            folder = str(self.library.data.folder)
            return Connection("My data", folder, "stac_static", "local", id=MY_DATA)
        known = [one for one in self.all() if text == one.id]
        known += [one for one in self.all() if text.casefold() == one.name.casefold()]
        known += [one for one in self.all() if text.rstrip("/") == one.url.rstrip("/")]
        if known:
            return known[0]
        if not text.lower().startswith(_WEB) and not (is_local(text) and _is_there(text)):
            raise InputError(
                translate(
                    "Dbar",
                    "There is no catalog “{text}”. Give the address of one, a folder with a "
                    "catalog, or one of these names: {names}.",
                ),
                text=text,
                names=", ".join(one.name for one in self.all()),
            )
        name = host_of(text).partition("://")[2] or Path(text).name
        # What must not stand in an address is refused before anything is asked.
        Connection(name, text, "stac_static")
        kind = sniff(text, Http(self.library.transport), is_cancelled)
        found = Connection(name, text, kind)
        self._typed[found.id] = found
        return found

    def http(self, connection: Connection) -> Http:
        """Return the way to a catalog's own documents."""
        return http_of(connection, self.library.transport)

    def source_of(self, url: str) -> str:
        """Return the id of the connection whose server an address is on; "" if there is none."""
        host = host_of(url)
        return next((one.id for one in self.all() if host and host_of(one.url) == host), "")

    def written(self, connection_id: str) -> str:
        """Return what a table holds to find a connection again, by `find`."""
        typed = self._typed.get(connection_id)
        return connection_id if typed is None else typed.url


def _is_there(text: str) -> bool:
    try:
        return text.lower().startswith("file:") or Path(text).expanduser().exists()
    except OSError:
        return False
