"""The user's connections, in QGIS's settings; the ids of credentials with them, never these."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from qgis.core import Qgis, QgsMessageLog, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.catalog.connections import Connection, as_mapping, from_mapping, presets
from dbar_qgis_plugin.catalog.net.places import sample_folder
from dbar_qgis_plugin.catalog.transfers.names import CATALOG
from dbar_qgis_plugin.errors import InputError

_ROOT: Final = "dbar/catalog/connections"
_REMOVED: Final = "removed"  # stands for a preset that the user does not want


def _presets() -> tuple[Connection, ...]:
    """Return the catalogs that the plugin knows of, and the sample catalog once it is written."""
    folder = sample_folder()
    if not (folder / CATALOG).is_file():
        return presets()
    name = QCoreApplication.translate("Dbar", "Sample data (offline)")
    return *presets(), Connection(name, str(folder), "stac_static", "local", verified=True)


class ConnectionStore:
    """The connections of the user's profile: the plugin's presets, and what the user made of them.

    A preset is stored as soon as it is changed or removed, so that a new version of the plugin may
    bring others.
    """

    def all(self) -> tuple[Connection, ...]:
        """Return the presets, then the user's own connections by name."""
        stored = self._stored()
        known = {preset.id: preset for preset in _presets()}
        first = [stored.get(key, preset) for key, preset in known.items()]
        own = [connection for key, connection in stored.items() if key not in known]
        own.sort(key=lambda one: one.name.casefold() if one is not None else "")
        return tuple(one for one in first + own if one is not None)

    def get(self, connection_id: str) -> Connection | None:
        """Return a connection, None if there is none."""
        stored = self._stored(connection_id)
        if connection_id in stored:
            return stored[connection_id]
        return next((preset for preset in _presets() if preset.id == connection_id), None)

    def save(self, connection: Connection) -> None:
        """Keep a connection, in place of the one with its id."""
        self._write(connection.id, json.dumps(as_mapping(connection), ensure_ascii=False))

    def add(self, connections: Iterable[Connection]) -> tuple[Connection, ...]:
        """Keep those that are new, and return them: what the user has is never replaced."""
        known = {one.id for one in self.all()}
        new = tuple(one for one in connections if one.id not in known)
        for connection in new:
            self.save(connection)
        return new

    def remove(self, connection_id: str) -> None:
        """Forget a connection; its credentials stay in QGIS's authentication database."""
        if connection_id in {preset.id for preset in _presets()}:
            self._write(connection_id, _REMOVED)
        else:
            settings = QgsSettings()
            settings.remove(f"{_ROOT}/{connection_id}")
            settings.sync()

    def restore_presets(self) -> None:
        """Bring back presets that were changed or removed, as the plugin has them."""
        settings = QgsSettings()
        for preset in _presets():
            settings.remove(f"{_ROOT}/{preset.id}")
        settings.sync()

    def _stored(self, only: str = "") -> dict[str, Connection | None]:
        """Return the stored connections by id, or one of them; None for a preset removed."""
        settings = QgsSettings()
        settings.beginGroup(_ROOT)
        found: dict[str, Connection | None] = {}
        keys = settings.childKeys() if not only else [only] if settings.contains(only) else []
        for key in keys:
            text = settings.value(key, "", str)
            if text == _REMOVED:
                found[key] = None
                continue
            try:
                found[key] = from_mapping({**json.loads(text), "id": key})
            except (InputError, ValueError, TypeError, RecursionError):
                warning = QCoreApplication.translate(
                    "Dbar", "The stored catalog connection {key} cannot be read, and is left out."
                )
                QgsMessageLog.logMessage(
                    warning.format(key=key), "DBAR", Qgis.MessageLevel.Warning, False
                )
        settings.endGroup()
        return found

    def _write(self, key: str, text: str) -> None:
        settings = QgsSettings()
        settings.setValue(f"{_ROOT}/{key}", text)
        settings.sync()
