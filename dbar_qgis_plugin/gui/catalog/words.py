"""Texts that the code below the window names in English, in the user's language."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication


def looked_up(text: str) -> str:
    """Return a text in the user's language: one that was extracted where it stands in the code."""
    return QCoreApplication.translate("Dbar", text)
