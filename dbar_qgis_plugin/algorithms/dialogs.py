"""How the dialogs of algorithms are made where there is a window; algorithms know nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qgis.core import QgsProcessingAlgorithm

if TYPE_CHECKING:
    from qgis.PyQt.QtWidgets import QWidget

Maker = Callable[[QgsProcessingAlgorithm, "QWidget | None"], "QWidget | None"]

_makers: list[Maker] = []


def set_maker(maker: Maker | None) -> None:
    """Say who makes the dialogs; with None, or if it gives None, QGIS makes them."""
    _makers[:] = [] if maker is None else [maker]


def dialog_of(algorithm: QgsProcessingAlgorithm, parent: QWidget | None) -> QWidget | None:
    """Make the dialog of an algorithm; None for QGIS's own."""
    return _makers[0](algorithm, parent) if _makers else None
