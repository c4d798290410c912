"""The dock of the catalog: its frame, and the jobs behind it."""

from __future__ import annotations

import gc
import threading
import time

from qgis.core import QgsApplication
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QEventLoop
from qgis.PyQt.QtWidgets import QToolButton

from dbar_qgis_plugin.errors import Cancelled, InputError
from dbar_qgis_plugin.gui.catalog.desk import Page
from dbar_qgis_plugin.gui.catalog.jobs import Jobs
from tests.gui.conftest import Watchdog, until


def test_pages_are_turned(dock, desk):
    for page in (Page.RESULTS, Page.TRANSFERS, Page.MY_DATA, Page.SEARCH):
        desk.show_page(page)
        button = dock.findChild(QToolButton, f"dbar_catalog_page_{page.value}")
        assert button.isChecked() and button.text()
        assert not dock.pages[page].isHidden()


def test_a_job_gives_parts_and_its_result_in_the_thread_of_the_window(qgis_app):
    jobs, seen = Jobs(), []
    window = threading.get_ident()

    def work(control):
        control.give((1, threading.get_ident()))
        return "whole"

    jobs.start(
        "x",
        "A job",
        work,
        lambda result: seen.append((result, threading.get_ident())),
        seen.append,
        came=seen.append,
    )
    until(lambda: len(seen) == 2)
    assert seen[0][0] == 1 and seen[0][1] != window
    assert seen[1] == ("whole", window)
    assert not jobs.is_running("x")


def test_errors_come_in_words(qgis_app):
    jobs, seen = Jobs(), []

    def refuse(_control):
        raise InputError("no {name}", name="fruit")

    def fail(_control):
        raise ValueError("https://me:secret@example.org")

    jobs.start("a", "A job", refuse, seen.append, lambda error: seen.append(str(error)))
    jobs.start("b", "A job", fail, seen.append, lambda error: seen.append(str(error)))
    until(lambda: len(seen) == 2)
    assert "no fruit" in seen
    (other,) = (text for text in seen if text != "no fruit")
    assert "ValueError" in other and "secret" not in other


def test_a_new_job_for_a_purpose_ends_the_one_before(qgis_app):
    jobs, seen, ended = Jobs(), [], threading.Event()

    def endless(control):
        while not control.is_cancelled():
            time.sleep(0.01)
        control.give("too late")
        ended.set()
        return "old"

    jobs.start("x", "Old", endless, seen.append, seen.append, came=seen.append)
    time.sleep(0.05)
    jobs.start("x", "New", lambda control: "new", seen.append, seen.append)
    until(lambda: seen and ended.is_set())
    for _ in range(20):
        QCoreApplication.processEvents()
        time.sleep(0.005)
    assert seen == ["new"]


def test_who_has_gone_hears_nothing(qgis_app):
    jobs, seen, goes_on = Jobs(), [], threading.Event()
    jobs.start("x", "A job", lambda control: goes_on.wait(5.0), seen.append, seen.append)
    sip.delete(jobs)
    goes_on.set()
    time.sleep(0.1)
    for _ in range(20):
        QCoreApplication.processEvents()
        time.sleep(0.005)
    assert seen == []


def test_many_jobs_at_once_whose_waste_is_collected_at_any_time(qgis_app):
    """Functions that take parts of results were cleared in one thread, and called in another."""
    jobs, seen = Jobs(), []

    def work(control):
        for number in range(5):
            waste = []
            waste.append(waste)
            control.give(number)
        return "done"

    def begin(purpose):
        jobs.start(purpose, "A job", work, seen.append, seen.append, came=lambda part: None)

    before = gc.get_threshold()
    gc.set_threshold(20, 2, 2)
    try:
        end = time.monotonic() + 3.0
        while time.monotonic() < end:
            for number in range(8):
                if not jobs.is_running(str(number)) or number == len(seen) % 40:
                    begin(str(number))
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    finally:
        gc.set_threshold(*before)
        jobs.close()
    assert len(seen) > 500


def test_a_job_that_qgis_shows_is_cancelled_there(qgis_app):
    jobs, seen, begun = Jobs(), [], threading.Event()

    def endless(control):
        begun.set()
        while not control.is_cancelled():
            time.sleep(0.01)
        raise Cancelled

    jobs.start("x", "Shown", endless, seen.append, seen.append, is_shown=True)
    until(begun.is_set)
    (task,) = [one for one in QgsApplication.taskManager().tasks() if one.description() == "Shown"]
    task.cancel()
    until(lambda: not jobs.is_running("x"))
    assert seen == []


def test_the_plugin_shows_and_removes_the_dock(plugin, qgis_iface, profile, monkeypatch):
    removed = []
    monkeypatch.setattr(qgis_iface, "addTabifiedDockWidget", lambda *_: None, raising=False)
    monkeypatch.setattr(qgis_iface, "removeDockWidget", removed.append, raising=False)
    made = plugin.show_catalog()
    assert made is plugin.show_catalog()
    plugin.unload()
    assert removed == [made]
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_dialogs_of_algorithms_go_with_the_plugin(plugin, qgis_iface, profile, monkeypatch):
    """One that stayed would ask a provider that is gone, at the next layer that is added."""
    from processing import createAlgorithmDialog

    monkeypatch.setattr("processing.tools.general.iface", qgis_iface)
    monkeypatch.setattr("processing.gui.AlgorithmDialog.iface", qgis_iface)
    monkeypatch.setattr("processing.gui.ParametersPanel.iface", None)
    dialog = createAlgorithmDialog("dbar:landuseefficiency", {})
    dialog.show()
    plugin.unload()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert sip.isdeleted(dialog)


def test_the_watchdog_notices_a_call_that_waits_and_one_that_works(qgis_app):
    def work(seconds):
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            pass

    for hold_up in (time.sleep, work):
        with Watchdog() as dog:
            QCoreApplication.processEvents()
            hold_up(0.08)
            QCoreApplication.processEvents()
        assert 70.0 < dog.longest_ms < 500.0
