"""A STAC API as it is run in earnest: pgstac on PostgreSQL, written with a token only.

Not part of `make test`: `make test-slow` installs what it needs.
"""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from publishing_fixtures import result, said, validate
from pystac_client import Client
from test_stac_api import by_pystac_client, random_query

from dbar_qgis_plugin.catalog.adapters.stac_api import StacApi
from dbar_qgis_plugin.catalog.connections import Connection, http_of
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.publishing.files import Hosted, make_ready
from dbar_qgis_plugin.catalog.publishing.pieces import pieces_of
from dbar_qgis_plugin.catalog.publishing.sharing import (
    ConflictError,
    NotSharedError,
    OnConflict,
    Plan,
    share,
)
from dbar_qgis_plugin.catalog.publishing.targets import web_target
from dbar_qgis_plugin.catalog.query import Query
from tests.servers.misbehaving import Answer, misbehaving_server
from tests.servers.pgstac import TOKEN, pgstac_url
from tests.servers.plain_transport import PlainTransport
from tests.servers.stac_data import LAND, LIGHT

CREDENTIALS = {"abc": {"Authorization": f"Bearer {TOKEN}"}}


@pytest.fixture(scope="module")
def url():
    return pgstac_url()


@pytest.fixture
def connection(url):
    return Connection("pgstac", url, "stac_api", authcfg="abc", writable=True)


@pytest.fixture
def target(connection):
    return web_target(connection, http_of(connection, PlainTransport(CREDENTIALS)))


@pytest.fixture
def shared(tmp_path):
    """A plan, its files, and their place."""
    pieces = pieces_of([result(tmp_path / "degradation.tif")])
    (tmp_path / "x").mkdir()
    files, _ = make_ready(pieces, tmp_path / "x", cloud_optimised=True)
    with misbehaving_server() as server:
        address = server.on("/a.tif", Answer(200, {}, files[0].path.read_bytes()))
        place = Hosted({"data": address}, Http(PlainTransport()))
        yield Plan(f"shared-{time.monotonic_ns()}", LAND, said(), pieces), files, lambda _: place


def test_it_says_what_it_can_do(url):
    able = StacApi(url, Http(PlainTransport())).describe()
    assert (able.can_filter, able.can_sort, able.can_publish) == (True, True, True)


@pytest.mark.filterwarnings("ignore:Server does not conform to SORT")
def test_random_searches_give_what_pystac_client_gives(url):
    adapter, client, rng = StacApi(url, Http(PlainTransport())), Client.open(url), random.Random(7)
    for _ in range(30):
        query = random_query(rng)
        # Sorts of equal values may differ, and pystac-client does not know the version of sorting
        # that this server announces.
        given = [one.id for page in adapter.search(query) for one in page.items]
        wanted = by_pystac_client(client, query)
        if query.sort or query.most is not None:
            assert len(given) == len(wanted), query
        if query.most is None:
            assert sorted(given) == sorted(wanted), query


def test_pages_follow_each_other(url):
    adapter = StacApi(url, Http(PlainTransport()))
    pages = list(adapter.search(Query(collections=(LIGHT,), page_size=10)))
    assert [len(page.items) for page in pages] == [10, 10, 5]
    assert pages[0].matched == 25


def test_what_is_shared_comes_back(target, shared):
    plan, files, where = shared
    made = share(plan, files, target, where)
    assert (made.item.id, made.item.title, made.notes) == (plan.identity, said().title, ())
    validate(made.document)
    with pytest.raises(ConflictError, match="there already"):
        share(plan, files, target, where)
    version = share(replace(plan, on_conflict=OnConflict.VERSION), files, target, where)
    assert version.item.id == f"{plan.identity}-v2"
    over = replace(plan, on_conflict=OnConflict.OVERWRITE, metadata=said(title="Second"))
    assert share(over, files, target, where).item.title == "Second"
    target.read_back = lambda *_: None
    with pytest.raises(NotSharedError) as error:
        share(replace(over, metadata=said(title="Third")), files, target, where)
    assert error.value.left == ()
    assert target.find(LAND, plan.identity).item.title == "Second"
    for name in (plan.identity, f"{plan.identity}-v2"):
        target.delete(LAND, name)


def test_a_new_collection_is_made_and_undone(target, shared):
    plan, files, where = shared
    plan = replace(plan, collection=f"made-{time.monotonic_ns()}")
    read_back = target.read_back
    target.read_back = lambda *_: None
    with pytest.raises(NotSharedError):
        share(plan, files, target, where)
    assert not target.has_collection(plan.collection)
    target.read_back = read_back
    assert share(plan, files, target, where).item.collection == plan.collection


def test_who_has_no_token_may_search_but_not_write(url, connection, shared):
    plan, files, where = shared
    stranger = replace(connection, authcfg="")
    target = web_target(stranger, http_of(stranger, PlainTransport()))
    with pytest.raises(NotSharedError, match="token is needed") as error:
        share(plan, files, target, where)
    assert TOKEN not in str(error.value)
    assert target.find(LAND, plan.identity) is None
    assert len(list(StacApi(url, Http(PlainTransport())).search(Query(most=1)))) == 1
