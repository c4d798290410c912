"""What all windows of the catalog share while QGIS runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from qgis.core import Qgis, QgsMessageLog
from qgis.PyQt.QtCore import QCoreApplication, QObject, pyqtSignal

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.health import Check, check
from dbar_qgis_plugin.catalog.library import Library
from dbar_qgis_plugin.catalog.local.store import DataStore
from dbar_qgis_plugin.catalog.net.connection_store import ConnectionStore
from dbar_qgis_plugin.catalog.net.credentials import method_of
from dbar_qgis_plugin.catalog.net.places import (
    data_folder,
    sample_folder,
    set_data_folder,
    transfers_file,
)
from dbar_qgis_plugin.catalog.net.qgis_transport import QgisTransport
from dbar_qgis_plugin.catalog.rasters import has_driver
from dbar_qgis_plugin.catalog.transfers.download import Fetched, Speed
from dbar_qgis_plugin.catalog.transfers.names import CATALOG
from dbar_qgis_plugin.catalog.transfers.queue import Transfer, TransferQueue
from dbar_qgis_plugin.catalog.transfers.runner import TransferRunner
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.jobs import Jobs, in_words
from dbar_qgis_plugin.gui.catalog.sample import provide_sample_catalog
from dbar_qgis_plugin.gui.catalog.transfers.news import News


class CatalogSession(QObject):
    """Connections and their health, transfers, and the user's own data.

    Raises
    ------
    OutputError
        If the folder of My data, or the list of transfers, cannot be written.
    """

    connections_changed = pyqtSignal()
    health_changed = pyqtSignal(str)  # id of the connection
    transfer_changed = pyqtSignal(object, object)  # Transfer, and its Speed or None
    transfers_changed = pyqtSignal(object)  # the same of some at a time, by their ids
    data_changed = pyqtSignal()  # something came into My data, or left it

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.connections = ConnectionStore()
        self.library = Library(
            self.connections,
            QgisTransport(),
            DataStore(data_folder()),
            auth_method=method_of,
            has_driver=has_driver,
        )
        self._stores: list[DataStore] = []  # of folders that were left
        self.transfers = TransferRunner(
            TransferQueue(transfers_file()),
            lambda transfer: self.library.route(transfer),
            self._receive,
            waits_for_network=True,
        )
        self.health: dict[str, Check] = {}  # what the last check of each connection has found
        self.jobs = Jobs(self)
        self._news = News(self)
        self._news.came.connect(self._tell_news)
        self._end_listening = self.transfers.listen(self._news.note)
        self.runs_transfers = self.transfers.start()  # False: another QGIS of this profile does

    def check(self, connection: Connection) -> None:
        """Ask a connection how it is; `health_changed` tells when it is known."""
        title = QCoreApplication.translate("Dbar", "Asking {name}").format(name=connection.name)
        self.jobs.start(
            _check_of(connection.id),
            title,
            lambda control: check(self.library.adapter(connection.id), control.is_cancelled),
            partial(self.keep_check, connection.id),
            partial(self._not_checked, connection.id),
        )

    def is_checked(self, connection_id: str) -> bool:
        """Tell whether a connection is being asked how it is."""
        return self.jobs.is_running(_check_of(connection_id))

    def keep_check(self, connection_id: str, found: Check) -> None:
        """Keep what a check has found; that a connection has answered once, for good."""
        self.health[connection_id] = found
        connection = self.connections.get(connection_id)
        if connection is not None and found.capabilities is not None and not connection.verified:
            self.connections.save(replace(connection, verified=True))
        self.health_changed.emit(connection_id)

    def provide_sample(self) -> None:
        """Write the sample catalog if it is not there; `connections_changed` tells when it is."""
        folder = sample_folder()

        if (folder / CATALOG).is_file():
            return
        self.jobs.start(
            "sample",
            QCoreApplication.translate("Dbar", "Writing the sample catalog"),
            lambda control: provide_sample_catalog(folder, control.progress),
            lambda _is_new: self.connections_changed.emit(),
            self._without_sample,
        )

    def use_folder(self, folder: Path) -> None:
        """Keep My data in another folder from now on; what is in the one before stays there.

        Raises
        ------
        OutputError
            If the folder cannot be made.
        """
        data = DataStore(folder)
        set_data_folder(folder)
        # Work that has begun goes on with the one before.
        self._stores.append(self.library.data)
        self.library = replace(self.library, data=data)
        self.data_changed.emit()

    def close(self) -> None:
        """Stop all that runs; transfers go on the next time."""
        self.jobs.close()
        self._end_listening()
        self._news.close()
        self.transfers.close()
        for data in (*self._stores, self.library.data):
            data.close()

    def _without_sample(self, error: DbarError) -> None:
        QgsMessageLog.logMessage(in_words(error), "DBAR", Qgis.MessageLevel.Warning, False)
        self.connections_changed.emit()  # nobody waits for it any more

    def _not_checked(self, connection_id: str, _error: DbarError) -> None:
        self.health.pop(connection_id, None)
        self.health_changed.emit(connection_id)

    def _tell_news(self, news: Mapping[int, tuple[Transfer, Speed | None]]) -> None:
        self.transfers_changed.emit(news)
        for transfer, speed in news.values():
            self.transfer_changed.emit(transfer, speed)

    def _receive(self, transfer: Transfer, fetched: Fetched) -> None:
        self.library.receive(transfer, fetched)
        self.data_changed.emit()


def _check_of(connection_id: str) -> str:
    return f"health of {connection_id}"
