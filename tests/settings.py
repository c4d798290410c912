"""Settings of QGIS for a single test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QSettings

_USER = (QSettings.Format.IniFormat, QSettings.Scope.UserScope)


@contextmanager
def settings_in(folder: Path) -> Iterator[None]:
    """Let QGIS keep its settings in a folder for a while; they begin empty."""
    before = Path(QgsSettings().fileName()).parents[1]  # <folder>/QGIS/QGIS3.ini
    QSettings.setPath(*_USER, str(folder))
    try:
        yield
    finally:
        QSettings.setPath(*_USER, str(before))
