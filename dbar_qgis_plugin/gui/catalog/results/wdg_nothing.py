"""A search that has found nothing: what would give something."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import QCoreApplication, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from dbar_qgis_plugin.catalog.searching import ALL_PARTS, part_title
from dbar_qgis_plugin.gui.catalog.jobs import in_words
from dbar_qgis_plugin.gui.catalog.results.searcher import Probe


class NothingFound(QWidget):
    """Says that there is nothing, and offers searches that leave out a part."""

    search_wanted = pyqtSignal(object)  # Search

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_results_nothing")
        self._text = QLabel()
        self._text.setObjectName("dbar_results_nothing_text")
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._offers = QVBoxLayout()
        self._offered: dict[str, QPushButton] = {}
        layout = QVBoxLayout(self)
        layout.addWidget(self._text)
        layout.addLayout(self._offers)
        layout.addStretch(1)

    def say(self, text: str) -> None:
        """Say something, and offer nothing."""
        for button in self._offered.values():
            self._offers.removeWidget(button)
            button.deleteLater()
        self._offered = {}
        self._text.setText(text)

    def look(self) -> None:
        """Say that it is being found out what would give something."""
        translate = QCoreApplication.translate
        self.say(translate("Dbar", "Nothing was found. Looking for what would give results…"))

    def offer(self, probe: Probe) -> None:
        """Offer a search that gives something."""
        # Without everything there is nearly always something: only if nothing less helps.
        if probe.part == ALL_PARTS and self._offered:
            return
        button = QPushButton(_offer_text(probe))
        button.setObjectName(f"dbar_results_without_{probe.part}")
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.setMinimumWidth(1)
        button.clicked.connect(lambda _checked=False: self.search_wanted.emit(probe.search))
        self._offers.addWidget(button)
        self._offered[probe.part] = button

    def end(self) -> None:
        """Say how it is: nothing more is being found out."""
        translate = QCoreApplication.translate
        if self._offered:
            self._text.setText(
                translate("Dbar", "Nothing was found. With less, there would be something:")
            )
        else:
            self._text.setText(
                translate(
                    "Dbar",
                    "Nothing was found, and leaving out one part of the search does not help. "
                    "Choose other catalogs or another theme.",
                )
            )

    @property
    def offers(self) -> Sequence[str]:
        """The parts that can be left out."""
        return tuple(self._offered)


def _offer_text(probe: Probe) -> str:
    translate = QCoreApplication.translate
    if probe.part == ALL_PARTS:
        what = translate("Dbar", "Without any of these conditions")
    else:
        what = translate("Dbar", "Without {part}").format(part=in_words(part_title(probe.part)))
    if probe.count is None:
        return translate("Dbar", "{what}: finds some").format(what=what)
    return translate("Dbar", "{what}: finds {count}").format(what=what, count=probe.count)
