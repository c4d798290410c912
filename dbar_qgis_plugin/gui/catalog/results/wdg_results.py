"""What a search has found."""

from __future__ import annotations

from collections.abc import Iterator

from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from dbar_qgis_plugin.catalog.searching import Search
from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.items.row import Row
from dbar_qgis_plugin.gui.catalog.items.view import ItemsView
from dbar_qgis_plugin.gui.catalog.results.searcher import RunState, Searcher
from dbar_qgis_plugin.gui.catalog.results.wdg_nothing import NothingFound
from dbar_qgis_plugin.gui.catalog.results.wdg_runs import RunsList
from dbar_qgis_plugin.gui.catalog.session import CatalogSession


class ResultsPage(QWidget):
    """Runs the searches that are wanted, and shows what they find."""

    def __init__(self, session: CatalogSession, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_results")
        self.session, self.desk = session, desk
        self.searcher = Searcher(session, self)

    def build(self) -> Iterator[None]:
        """Make what is on it, in steps."""
        self.items = ItemsView(self.session, self.desk)
        yield
        self._runs = RunsList(self.session)
        self.nothing = NothingFound()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.items)
        self._stack.addWidget(self.nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._runs)
        layout.addWidget(self._stack, 1)
        self._connect()
        self._runs.show_runs({})
        self.nothing.say(QCoreApplication.translate("Dbar", "What a search finds is shown here."))
        self._stack.setCurrentWidget(self.nothing)

    def run(self, search: Search) -> None:
        """Run a search, in place of the one before."""
        self.items.clear()
        self._stack.setCurrentWidget(self.items)
        self.searcher.start(search)

    def close_page(self) -> None:
        """Stop all that runs, and take away what it has put on the map."""
        self.searcher.close()
        self.items.close_page()

    def _connect(self) -> None:
        self.desk.search_wanted.connect(self.run)
        self.desk.search_cancelled.connect(self.searcher.cancel)
        self.searcher.rows_came.connect(self._append)
        self.searcher.changed.connect(self._show_state)
        self.searcher.finished.connect(self._finish)
        self.searcher.probe_came.connect(self.nothing.offer)
        self.searcher.probed.connect(self.nothing.end)
        self.nothing.search_wanted.connect(self.desk.search_wanted)
        self._runs.again_wanted.connect(self._again)
        self.items.more_wanted.connect(self.searcher.more)
        self.items.activated.connect(self.items.actions.run_default)

    def _append(self, rows: list[Row]) -> None:
        self.items.append(rows)

    def _again(self) -> None:
        if self.searcher.search is not None:
            self.desk.search_wanted.emit(self.searcher.search)

    def _show_state(self) -> None:
        self._runs.show_runs(self.searcher.runs)
        self.desk.search_state.emit(self.searcher.is_running, self.state_text())

    def _finish(self) -> None:
        """Nothing runs any more: if there is nothing, find out what would give something."""
        if self.searcher.found or any(
            run.state is RunState.CANCELLED for run in self.searcher.runs.values()
        ):
            return
        self._stack.setCurrentWidget(self.nothing)
        if any(run.state is RunState.DONE for run in self.searcher.runs.values()):
            self.nothing.look()
            self.searcher.probe()
        elif self.searcher.runs:
            self.nothing.say(QCoreApplication.translate("Dbar", "No catalog has answered."))
        else:
            self.nothing.say(
                QCoreApplication.translate("Dbar", "No catalog was chosen: choose one to search.")
            )

    def state_text(self) -> str:
        """Say how the search is."""
        translate = QCoreApplication.translate
        searcher = self.searcher
        if searcher.is_running and not searcher.found:
            return translate("Dbar", "Searching…")
        if searcher.matched is not None and searcher.matched > searcher.found:
            return translate("Dbar", "{found} of {matched} loaded").format(
                found=searcher.found, matched=searcher.matched
            )
        return translate("Dbar", "{found} found").format(found=searcher.found)
