"""A bar over the pages while an algorithm's dialog waits for data."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, pyqtSignal
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from dbar_qgis_plugin.gui.catalog.desk import Desk, Pick


class PickBar(QFrame):
    """Says what data are chosen for; takes those that are selected, or ends it."""

    use_wanted = pyqtSignal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_pick")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._desk = desk
        translate = QCoreApplication.translate
        self.words = QLabel()
        self.words.setObjectName("dbar_catalog_pick_words")
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        use = _button("use", translate("Dbar", "Use selected"), "/mActionStart.svg")
        use.clicked.connect(lambda _checked=False: self.use_wanted.emit())
        end = _button("end", translate("Dbar", "Cancel"), "/mActionCancelEdits.svg")
        end.clicked.connect(lambda _checked=False: desk.set_pick(None))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.addWidget(self.words, 1)
        layout.addWidget(use)
        layout.addWidget(end)
        desk.pick_changed.connect(self._show)
        self._show(desk.pick)

    def _show(self, pick: Pick | None) -> None:
        self.setVisible(pick is not None)
        if pick is not None:
            text = QCoreApplication.translate("Dbar", "Choose data for {title}")
            self.words.setText(text.format(title=pick.title))


def _button(name: str, text: str, icon: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(f"dbar_catalog_pick_{name}")
    button.setText(text)
    button.setToolTip(text)
    button.setIcon(QgsApplication.getThemeIcon(icon))
    button.setAutoRaise(True)
    return button
