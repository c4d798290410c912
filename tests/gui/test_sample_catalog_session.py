"""The sample catalog is written in the background, and is a connection from then on."""

from __future__ import annotations

import shutil
import time

from dbar_qgis_plugin.catalog.net.places import sample_folder
from dbar_qgis_plugin.catalog.query import Query
from tests.gui.conftest import until
from tests.gui.watchdog import best_of

NAME = "Sample data (offline)"


def names(session) -> list[str]:
    return [connection.name for connection in session.connections.all()]


def test_it_becomes_a_connection_that_is_searched_offline(session, profile):
    changed = []
    session.connections_changed.connect(lambda: changed.append(names(session)))
    assert NAME not in names(session)
    session.provide_sample()
    until(lambda: changed)
    (connection,) = [one for one in session.connections.all() if one.name == NAME]
    assert (connection.kind, connection.group) == ("stac_static", "local")
    pages = session.library.adapter(connection.id).search(Query(text="night"))
    assert [len(page.items) for page in pages] == [5]
    assert sample_folder().is_relative_to(profile)


def test_one_that_was_removed_stays_so_until_presets_are_restored(session):
    session.provide_sample()
    until(lambda: NAME in names(session))
    (connection,) = [one for one in session.connections.all() if one.name == NAME]
    session.connections.remove(connection.id)
    session.provide_sample()
    until(lambda: not session.jobs.is_running("sample"))
    assert NAME not in names(session)
    session.connections.restore_presets()
    assert NAME in names(session)


def test_it_is_written_once_and_nobody_waits_for_it_again(session):
    session.provide_sample()
    until(lambda: not session.jobs.is_running("sample"))
    session.provide_sample()
    assert not session.jobs.is_running("sample")


def test_the_window_does_not_wait_for_it(session):
    def call() -> float:
        shutil.rmtree(sample_folder(), ignore_errors=True)
        begin = time.monotonic()
        session.provide_sample()
        took = 1000.0 * (time.monotonic() - begin)
        assert session.jobs.is_running("sample") and not sample_folder().exists()
        until(lambda: not session.jobs.is_running("sample"))
        assert sample_folder().is_dir()
        return took

    assert best_of(2, call, 50.0) <= 50.0
