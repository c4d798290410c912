"""Widgets that are content with little room."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QComboBox, QSizePolicy


def may_shrink(box: QComboBox) -> QComboBox:
    """Let a list be narrower than its longest text."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(4)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return box
