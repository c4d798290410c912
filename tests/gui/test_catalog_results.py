"""Searches of the results page: several catalogs at once, against real servers and bad ones."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pystac_client import Client
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLabel, QListView, QMessageBox, QPushButton, QToolButton
from test_stac_api import by_pystac_client, random_query

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.query import Condition, Query
from dbar_qgis_plugin.catalog.searching import Search
from dbar_qgis_plugin.gui.catalog.results.searcher import RunState
from dbar_qgis_plugin.gui.catalog.results.wdg_results import ResultsPage
from tests.gui.conftest import built, until
from tests.gui.watchdog import Watchdog, best_of
from tests.servers.misbehaving import Answer, MisbehavingServer, as_json, misbehaving_server
from tests.servers.processes import free_port
from tests.servers.stac import stac_url
from tests.servers.stac_data import BUILT_UP, LIGHT, item

CORE = "https://api.stacspec.org/v1.0.0/core"
ITEM_SEARCH = "https://api.stacspec.org/v1.0.0/item-search"
FILTERS = f"{ITEM_SEARCH}#filter"


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingServer]:
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def page(session, desk) -> Iterator[ResultsPage]:
    made = built(ResultsPage(session, desk))
    made.resize(340, 700)
    made.show()
    yield made
    made.close_page()
    made.deleteLater()


@pytest.fixture
def connect(session) -> Callable[..., str]:
    """Keep a connection to a STAC API and return its id."""

    def make(name: str, url: str, **values: Any) -> str:
        connection = Connection(name, url, "stac_api", **values)
        session.connections.save(connection)
        return connection.id

    return make


@pytest.fixture
def real(connect) -> str:
    return connect("Real", stac_url())


def stac(server: MisbehavingServer, root: str, answer: Any, *says: str) -> str:
    """Let a server be a STAC API whose search answers something; return its address."""
    url = f"{server.url}{root}"
    links = [{"rel": "search", "href": f"{url}/search", "method": "POST"}]
    landing = {"conformsTo": [CORE, ITEM_SEARCH, *says], "links": links, "id": root}
    server.on(root, as_json(landing))
    server.on(f"{root}/collections", as_json({"collections": [], "links": []}))
    server.on(f"{root}/search", *(answer if isinstance(answer, tuple) else (answer,)))
    return url


def answer_of(*items: dict[str, Any], **more: Any) -> Answer:
    return as_json({"type": "FeatureCollection", "features": list(items), "links": [], **more})


def scenes(count: int, begin: int = 0) -> list[dict[str, Any]]:
    return [
        item(f"made-{k}", LIGHT, (70.0, 35.0, 71.0, 36.0), f"2022-01-{1 + k % 28:02d}T00:00:00Z")
        for k in range(begin, begin + count)
    ]


def search(page: ResultsPage, *connections: str, area: Any = None, **query: Any) -> None:
    """Search, as the form does."""
    wanted = Search({key: Query(**query) for key in connections}, area=area)
    page.desk.search_wanted.emit(wanted)


def at_rest(page: ResultsPage) -> None:
    until(lambda: not page.searcher.is_running)


def to_the_end(page: ResultsPage) -> None:
    """Fetch page after page."""

    def is_done() -> bool:
        page.searcher.more()
        return all(run.state is RunState.DONE for run in page.searcher.runs.values())

    until(is_done)


def ids(page: ResultsPage) -> list[str]:
    return [found.id for found in page.items.items()]


def line_of(page: ResultsPage, connection: str) -> str:
    line = page.findChild(object, f"dbar_results_run_{connection}")
    return line.findChild(QLabel, "dbar_results_run_text").text()


def test_two_catalogs_are_searched_at_once_and_a_third_is_down(page, real, connect, server, desk):
    states = []
    desk.search_state.connect(lambda *state: states.append(state))
    made = connect("Made", stac(server, "/two", answer_of(*scenes(7), numberMatched=7)))
    down = connect("Down", f"http://127.0.0.1:{free_port()}/")
    search(page, real, made, down, collections=(LIGHT,), page_size=10)
    assert states[-1][0] and page.searcher.is_running
    at_rest(page)
    assert len(ids(page)) >= 17
    assert "25" in line_of(page, real) and "7" in line_of(page, made)
    assert "takes no connections" in line_of(page, down)
    assert not states[-1][0]
    page.searcher.more()
    at_rest(page)
    page.searcher.more()
    at_rest(page)
    assert sorted(ids(page)) == sorted(
        [f"light-{k:03d}" for k in range(25)] + [f"made-{k}" for k in range(7)]
    )
    details = page.findChild(object, f"dbar_results_run_{down}").findChild(
        QToolButton, "dbar_results_run_details"
    )
    assert details.isVisible()
    details.click()
    box = page.findChild(QMessageBox, "dbar_catalog_failure") or page.window().findChild(
        QMessageBox, "dbar_catalog_failure"
    )
    assert "refused" in box.detailedText()
    box.close()


def test_more_comes_when_the_end_of_the_list_is_in_sight(page, real):
    search(page, real, collections=(LIGHT,), page_size=10)
    until(lambda: len(ids(page)) == 10)
    cards = page.findChild(QListView, "dbar_items_cards")
    QTest.qWait(300)
    assert len(ids(page)) == 10  # the end is not in sight
    bar = cards.verticalScrollBar()

    def scrolled_to_the_end() -> bool:
        bar.setValue(bar.maximum())  # which grows when what has come is laid out
        return len(ids(page)) >= 25

    until(scrolled_to_the_end)
    assert len(ids(page)) == 25 == len(set(ids(page)))


def test_a_page_that_is_not_full_was_the_last_one(page, connect, server):
    """Also where the catalog does not say how many there are."""
    one = connect("Few", stac(server, "/few", answer_of(*scenes(3))))
    search(page, one, page_size=10)
    until(lambda: not page.searcher.is_running)
    assert line_of(page, one) == "Few: 3 found"
    assert page.state_text() == "3 found"


def test_what_a_server_ignores_is_left_out_here_and_told(page, connect, server):
    far = item("far", LIGHT, (10.0, 10.0, 11.0, 11.0), "2022-01-01T00:00:00Z")
    old = item("old", LIGHT, (70.0, 35.0, 71.0, 36.0), "1999-01-01T00:00:00Z")
    cloudy = item("grey", LIGHT, (70.0, 35.0, 71.0, 36.0), "2022-01-01T00:00:00Z")
    cloudy["properties"]["eo:cloud_cover"] = 90
    good = item("good", LIGHT, (70.0, 35.0, 71.0, 36.0), "2022-01-01T00:00:00Z")
    good["properties"]["eo:cloud_cover"] = 1
    url = stac(server, "/deaf", answer_of(far, old, cloudy, good, numberMatched=4), FILTERS)
    deaf = connect("Deaf", url)
    search(
        page,
        deaf,
        box=(69.0, 34.0, 72.0, 37.0),
        begin=datetime(2020, 1, 1, tzinfo=UTC),
        conditions=(Condition("eo:cloud_cover", "<", 20),),
    )
    at_rest(page)
    assert ids(page) == ["good"]
    told = line_of(page, deaf)
    assert "area (1)" in told and "period (1)" in told and "cloud cover (3)" in told


def test_broken_items_do_not_end_a_page(page, connect, server):
    broken = [
        None,
        5,
        {},
        {"id": "no date", "bbox": [70, 35, 71, 36], "properties": {}, "collection": LIGHT},
        {"id": "no place", "geometry": None, "properties": {"datetime": "2022-01-01T00:00:00Z"}},
        {"id": "3d", "bbox": [70, 35, 0, 71, 36, 9], "properties": {}},
        {"id": "round", "bbox": [170, -5, -170, 5], "properties": {}},
        {"id": "links", "assets": {"a": {"href": "./a.tif"}}, "links": [{"href": 5}]},
    ]
    made = connect("Broken", stac(server, "/broken", answer_of(*broken, *scenes(1))))
    ring = [[60, 30], [80, 30], [80, 40], [60, 40], [60, 30]]
    search(page, made, area={"type": "Polygon", "coordinates": [ring]})
    at_rest(page)
    assert "made-0" in ids(page) and "no place" in ids(page) and "3d" in ids(page)
    assert "round" not in ids(page)  # beside the area
    assert len(ids(page)) == len(broken)  # one of them gone, and the good one
    assert not page.grab().isNull()
    assert "beside the area" in line_of(page, made)


def test_items_of_the_box_but_not_of_the_area_are_left_out(page, real):
    corner = [[75.0, 35.0], [80.0, 35.0], [75.0, 36.0], [75.0, 35.0]]
    area = {"type": "Polygon", "coordinates": [corner]}
    search(page, real, area=area, box=(75.0, 35.0, 80.0, 36.0), collections=(LIGHT,))
    to_the_end(page)
    assert all(0.0 <= row.coverage <= 1.0 for row in page.items.model.rows)
    total = sum(row.coverage for row in page.items.model.rows)
    assert total == pytest.approx(1.0, abs=0.01)  # the scenes lie side by side


@pytest.mark.filterwarnings("ignore::pystac_client.warnings.DoesNotConformTo")
def test_searches_through_the_page_give_what_pystac_client_gives(page, real):
    client = Client.open(stac_url())
    rng = random.Random(7)
    for _ in range(6):
        query = random_query(rng)
        page.desk.search_wanted.emit(Search({real: query}))
        to_the_end(page)
        expected = by_pystac_client(client, query)
        if query.sort:
            assert ids(page) == expected, query
        else:
            assert sorted(ids(page)) == sorted(expected), query


def test_a_cancel_is_there_at_once_and_keeps_what_has_come(page, real, connect, server, desk):
    stalled = connect("Stalled", stac(server, "/stalled", Answer(200, {}, bytes(9), stall_after=1)))
    states = []
    desk.search_state.connect(lambda *state: states.append(state))
    search(page, real, stalled, collections=(LIGHT,))
    until(lambda: ids(page) and page.searcher.runs[real].state is not RunState.LOADING)
    begin = time.monotonic()
    desk.search_cancelled.emit()
    assert not page.searcher.is_running and time.monotonic() - begin < 0.3
    assert not states[-1][0]
    assert len(ids(page)) == 25
    assert "cancelled" in line_of(page, stalled)


def test_a_new_search_ends_the_old_one_whose_late_answer_is_thrown_away(page, connect, server):
    late = replace(answer_of(*scenes(3)), wait_s=0.6)
    slow = connect("Slow", stac(server, "/late", (late, answer_of(*scenes(2, 50)))))
    search(page, slow)
    until(lambda: server.asked_for("/late/search"))
    search(page, slow, text="")
    until(lambda: len(ids(page)) == 2)
    QTest.qWait(900)
    assert ids(page) == ["made-50", "made-51"]


def test_nothing_found_offers_what_would_give_something(page, real, connect, server):
    empty = connect("Empty", stac(server, "/empty", answer_of(numberMatched=0), FILTERS))
    search(
        page,
        real,
        empty,
        collections=(BUILT_UP,),
        box=(75.0, 39.0, 77.0, 41.0),
        begin=datetime(2001, 1, 1, tzinfo=UTC),
        end=datetime(2001, 6, 1, tzinfo=UTC),
    )
    until(lambda: page.nothing.offers == ("period",) and not page.searcher.is_running)
    assert page.nothing.isVisible() and not page.items.isVisible()
    button = page.findChild(QPushButton, "dbar_results_without_period")
    assert "5" in button.text()
    wanted = []
    page.desk.search_wanted.connect(wanted.append)
    button.click()
    assert wanted[0].queries[real].begin is None and wanted[0].queries[real].box is not None
    until(lambda: len(ids(page)) == 5)
    assert page.items.isVisible()


def test_nothing_at_all(page, connect, server):
    empty = connect("Empty", stac(server, "/none", answer_of()))
    search(page, empty, text="light", box=(0.0, 0.0, 1.0, 1.0))
    text = page.findChild(QLabel, "dbar_results_nothing_text")
    until(lambda: "does not help" in text.text())
    assert page.nothing.offers == ()
    search(page)
    assert "choose one" in text.text()
    down = connect("Down", f"http://127.0.0.1:{free_port()}/")
    search(page, down)
    until(lambda: "No catalog has answered" in text.text())


def test_a_page_that_was_all_left_out_is_followed_by_the_next(page, connect, server):
    far = item("far", LIGHT, (10.0, 10.0, 11.0, 11.0), "2022-01-01T00:00:00Z")
    url = f"{server.url}/leafy"
    link = {"rel": "next", "href": f"{url}/page2", "method": "GET"}
    made = connect("Leafy", stac(server, "/leafy", as_json({"features": [far], "links": [link]})))
    server.on("/leafy/page2", answer_of(*scenes(1)))
    search(page, made, box=(69.0, 34.0, 72.0, 37.0))
    until(lambda: ids(page) == ["made-0"])


def test_searching_never_holds_the_window_up(page, real, connect, server):
    many = connect("Many", stac(server, "/many", answer_of(*scenes(200))))

    def measure() -> float:
        with Watchdog() as dog:
            search(page, real, many, page_size=200)
            at_rest(page)
            QTest.qWait(200)
        return dog.longest_ms

    assert best_of(5, measure, 50.0) <= 50.0
