"""Runs a search over several connections at once, a page of each at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from typing import Final, NamedTuple

from qgis.PyQt.QtCore import QCoreApplication, QObject, pyqtSignal

from dbar_qgis_plugin.catalog.adapters.base import Page
from dbar_qgis_plugin.catalog.library import Library
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.searching import PageStream, Search, Tally, relaxations
from dbar_qgis_plugin.errors import Cancelled, DbarError
from dbar_qgis_plugin.gui.catalog.items.coverage import SearchArea
from dbar_qgis_plugin.gui.catalog.items.row import Row
from dbar_qgis_plugin.gui.catalog.jobs import Control, Jobs
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

_PROBES: Final = "probes"


class RunState(Enum):
    """How the search of one connection is."""

    LOADING = "loading"
    RESTING = "resting"  # there is more, if it is wanted
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass
class Run:
    """The search of one connection.

    stream : its pages, None as long as none was asked for
    fetched : items of its pages since more was wanted
    error : why it has failed
    """

    connection: str
    query: Query
    state: RunState = RunState.LOADING
    tally: Tally = field(default_factory=Tally)
    stream: PageStream | None = None
    fetched: int = 0
    error: DbarError | None = None


class Probe(NamedTuple):
    """What a search would give that leaves out a part of the one that gave nothing.

    count : of items; None where there are some, and no server says how many
    """

    part: str
    search: Search
    count: int | None


class _Came(NamedTuple):
    """A page that came, ready to be shown."""

    page: Page
    rows: list[Row]
    outside: int


class Searcher(QObject):
    """One search at a time; a new one ends that before, and what it still says is not heard."""

    rows_came = pyqtSignal(object)  # list of Row
    changed = pyqtSignal()  # the state of a run, or the search itself
    finished = pyqtSignal()  # every connection has answered, and nothing runs
    probe_came = pyqtSignal(object)  # Probe, for a search that gave nothing
    probed = pyqtSignal()  # that was all

    def __init__(self, session: CatalogSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, Jobs(self)
        self.search: Search | None = None
        self.runs: dict[str, Run] = {}
        self._area: SearchArea | None = None

    @property
    def is_running(self) -> bool:
        """Whether a connection is being asked."""
        return any(run.state is RunState.LOADING for run in self.runs.values())

    @property
    def found(self) -> int:
        """How many items have come."""
        return sum(run.tally.found for run in self.runs.values())

    @property
    def matched(self) -> int | None:
        """How many there are in all; None where a connection does not say."""
        counts = [
            run.tally.found if run.state is RunState.DONE else run.tally.matched
            for run in self.runs.values()
        ]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None

    def start(self, search: Search) -> None:
        """Begin a search."""
        self._jobs.close()
        self.search = search
        self._area = SearchArea(search.area) if search.area is not None else None
        self.runs = {key: Run(key, query) for key, query in search.queries.items()}
        self.changed.emit()
        for run in tuple(self.runs.values()):
            self._load(run)
        if not self.runs:
            self.finished.emit()

    def cancel(self) -> None:
        """End the search; what has come stays."""
        self._jobs.close()
        for run in self.runs.values():
            if run.state is RunState.LOADING:
                run.state = RunState.CANCELLED
        self.changed.emit()

    def more(self) -> None:
        """Fetch the next page of each connection that has one."""
        for run in tuple(self.runs.values()):
            if run.state is RunState.RESTING:
                run.fetched = 0
                self._load(run)

    def probe(self) -> None:
        """Find out what would give some items, for a search that gave none."""
        if self.search is None:
            return
        wanted = relaxations(self.search)
        answering = [key for key, run in self.runs.items() if run.state is RunState.DONE]
        library = self._session.library

        def work(control: Control) -> None:
            for part, search in wanted.items():
                queries = [(key, search.queries[key]) for key in answering]
                counts = list(_counts(library, queries, control))
                if any(count != 0 for count in counts):
                    known = None if None in counts else sum(filter(None, counts))
                    control.give(Probe(part, search, known))

        self._jobs.start(
            _PROBES,
            QCoreApplication.translate("Dbar", "Looking for what would give results"),
            work,
            lambda _none: self.probed.emit(),
            lambda _error: self.probed.emit(),
            came=self.probe_came.emit,
        )

    def close(self) -> None:
        """Stop all that runs."""
        self._jobs.close()

    def _load(self, run: Run) -> None:
        run.state = RunState.LOADING
        self.changed.emit()
        library, area = self._session.library, self._area

        def work(control: Control) -> _Came | None:
            if run.stream is None:
                # Opened here: a protocol's library takes its time when it is first needed.
                run.stream = PageStream(library.adapter(run.connection), run.query)
            page = run.stream.next(control.is_cancelled)
            return None if page is None else _prepared(page, area)

        title = QCoreApplication.translate("Dbar", "Searching catalogs")
        self._jobs.start(
            f"search {run.connection}",
            title,
            work,
            partial(self._take, run),
            partial(self._fail, run),
        )

    def _take(self, run: Run, came: _Came | None) -> None:
        if came is None:
            run.state = RunState.DONE
        else:
            run.state = RunState.RESTING
            run.tally.add(came.page, came.outside)
            run.fetched += len(came.page.items) + sum(came.page.dropped.values())
            if came.rows:
                self.rows_came.emit(came.rows)
            if not came.rows or run.fetched < run.query.page_size:
                # All of it was left out, or it was not full: the next one may have some, and else
                # tells that this was all.
                self._load(run)
        self._tell()

    def _fail(self, run: Run, error: DbarError) -> None:
        run.state, run.error = RunState.FAILED, error
        self._tell()

    def _tell(self) -> None:
        self.changed.emit()
        if not self.is_running:
            self.finished.emit()


def _prepared(page: Page, area: SearchArea | None) -> _Came:
    """Make rows of a page, and work out in this thread what the window would have to else."""
    rows, outside = [], 0
    for item in page.items:
        row = Row(item, area.covered_by(item) if area is not None else None)
        if area is not None and row.coverage == 0.0 and not area.touches(item):
            outside += 1
            continue
        row.warm()
        rows.append(row)
    return _Came(page, rows, outside)


def _counts(
    library: Library, queries: Iterable[tuple[str, Query]], control: Control
) -> Iterable[int | None]:
    """Give how many items each connection has for a query; None = some."""
    for connection, query in queries:
        try:
            first = replace(query, page_size=1, most=1, sort=())
            pages = library.adapter(connection).search(first, control.is_cancelled)
            for page in pages:
                if page.matched is not None or page.items:
                    yield page.matched
                    break
            else:
                yield 0
        except Cancelled:
            raise
        except DbarError:
            yield 0
