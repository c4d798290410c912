"""How the search of each connection is: a line for each."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dbar_qgis_plugin.catalog.searching import part_title
from dbar_qgis_plugin.gui.catalog.failures import show_failure
from dbar_qgis_plugin.gui.catalog.jobs import in_words
from dbar_qgis_plugin.gui.catalog.results.searcher import Run, RunState
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

_MOST_LINES = 7  # beyond which they scroll


class RunsList(QScrollArea):
    """The runs of a search."""

    again_wanted = pyqtSignal()

    def __init__(self, session: CatalogSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_results_runs")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._session = session
        self._lines: dict[str, _Line] = {}
        self._body = QWidget()
        self._layout = QVBoxLayout(self._body)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self.setWidget(self._body)

    def show_runs(self, runs: Mapping[str, Run]) -> None:
        """Show how the runs are now."""
        for gone in set(self._lines) - set(runs):
            line = self._lines.pop(gone)
            self._layout.removeWidget(line)
            line.deleteLater()
        for key, run in runs.items():
            if key not in self._lines:
                self._lines[key] = _Line(self._session, key)
                self._lines[key].again.clicked.connect(lambda: self.again_wanted.emit())
                self._layout.addWidget(self._lines[key])
            self._lines[key].show_run(run)
        self.setVisible(bool(runs))
        self._fit()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Be as high as the lines are, up to some of them."""
        width = self.viewport().width()
        heights = [line.heightForWidth(width) for line in self._lines.values()]
        most = _MOST_LINES * (self.fontMetrics().height() + 6)
        self.setFixedHeight(min(sum(heights), most) + 2 * self.frameWidth())


class _Line(QWidget):
    """One run."""

    def __init__(self, session: CatalogSession, key: str) -> None:
        super().__init__()
        self.setObjectName(f"dbar_results_run_{key}")
        self._session, self._key = session, key
        self._run: Run | None = None
        connection = session.connections.get(key)
        self._name = connection.name if connection is not None else ""
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setObjectName("dbar_results_run_text")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._details = _button(
            "dbar_results_run_details", QCoreApplication.translate("Dbar", "Details…")
        )
        self._details.clicked.connect(self._show_details)
        self.again = _button(
            "dbar_results_run_again", QCoreApplication.translate("Dbar", "Try again")
        )
        words, buttons = QHBoxLayout(), QHBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words.addWidget(self._text, 1)
        buttons.addStretch(1)
        buttons.addWidget(self._details)
        buttons.addWidget(self.again)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setSpacing(2)
        layout.addLayout(words)
        layout.addLayout(buttons)

    def show_run(self, run: Run) -> None:
        """Show how a run is now."""
        self._run = run
        side = self.fontMetrics().height()
        self._icon.setPixmap(QgsApplication.getThemeIcon(_ICONS[run.state]).pixmap(side, side))
        self._text.setText(run_text(run, self._name))
        failed = run.state is RunState.FAILED
        self._details.setVisible(failed)
        self.again.setVisible(failed)

    def heightForWidth(self, width: int) -> int:
        return self.layout().totalHeightForWidth(width)

    def _show_details(self) -> None:
        if self._run is not None and self._run.error is not None:
            connection = self._session.connections.get(self._key)
            show_failure(self.window(), self._name, self._run.error, connection)


_ICONS = {
    RunState.LOADING: "/mTaskRunning.svg",
    RunState.RESTING: "/mIconSuccess.svg",
    RunState.DONE: "/mIconSuccess.svg",
    RunState.FAILED: "/mIconWarning.svg",
    RunState.CANCELLED: "/mActionStop.svg",
}


def run_text(run: Run, name: str) -> str:
    """Say how a run is: what came, what is wrong, what was done here in place of the server."""
    parts = [f"{name}: {_state_text(run)}"]
    parts += map(in_words, run.tally.notes)
    if run.tally.dropped:
        parts.append(_ignored_text(run.tally.dropped))
    if run.tally.outside:
        parts.append(
            QCoreApplication.translate(
                "Dbar", "{count} beside the area, in its box, were left out."
            ).format(count=run.tally.outside)
        )
    return "\n".join(parts)


def _state_text(run: Run) -> str:
    translate = QCoreApplication.translate
    found, matched = run.tally.found, run.tally.matched
    if run.state is RunState.FAILED and run.error is not None:
        return in_words(run.error)
    if run.state is RunState.LOADING and not found:
        return translate("Dbar", "searching…")
    if run.state is RunState.DONE:
        count = translate("Dbar", "{found} found").format(found=found)
    elif matched is not None:
        count = translate("Dbar", "{found} of {matched} loaded").format(
            found=found, matched=matched
        )
    else:
        count = translate("Dbar", "{found} found so far").format(found=found)
    if run.state is RunState.LOADING:
        return translate("Dbar", "{count}, loading more…").format(count=count)
    if run.state is RunState.CANCELLED:
        return translate("Dbar", "{count}, cancelled").format(count=count)
    return count


def _ignored_text(dropped: Mapping[str, int]) -> str:
    parts = [f"{in_words(part_title(part))} ({count})" for part, count in dropped.items()]
    return QCoreApplication.translate(
        "Dbar", "The server ignored, and what did not answer was left out here: {parts}"
    ).format(parts=", ".join(parts))


def _button(name: str, text: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setVisible(False)
    return button
