"""The dock of the catalog: its frame, and the jobs behind it."""

from __future__ import annotations

import gc
import threading
import time
from importlib import import_module

import pytest
from qgis.core import Qgis, QgsApplication
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QEventLoop
from qgis.PyQt.QtWidgets import QLabel, QToolButton, QWidget

from dbar_qgis_plugin.errors import Cancelled, InputError
from dbar_qgis_plugin.gui.catalog.desk import Page
from dbar_qgis_plugin.gui.catalog.jobs import Jobs
from tests.gui.conftest import until
from tests.gui.watchdog import Watchdog


def test_pages_are_turned(body, desk):
    for page in (Page.RESULTS, Page.TRANSFERS, Page.MY_DATA, Page.SEARCH):
        desk.show_page(page)
        button = body.findChild(QToolButton, f"dbar_catalog_page_{page.value}")
        assert button.isChecked() and button.text()
        assert not body.pages[page].isHidden()


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


@pytest.fixture
def window(plugin, qgis_iface, profile, monkeypatch):
    """QGIS's window, as far as the plugin puts docks into it; those that it has taken out."""
    removed = []
    monkeypatch.setattr(qgis_iface, "addTabifiedDockWidget", lambda *_: None, raising=False)
    monkeypatch.setattr(qgis_iface, "removeDockWidget", removed.append, raising=False)
    yield removed
    plugin.unload()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def dialogs(plugin, qgis_iface, profile, monkeypatch):
    """Open the dialog of an algorithm."""
    from processing import createAlgorithmDialog

    monkeypatch.setattr("processing.tools.general.iface", qgis_iface)
    monkeypatch.setattr("processing.gui.AlgorithmDialog.iface", qgis_iface)
    monkeypatch.setattr("processing.gui.ParametersPanel.iface", None)

    def show(algorithm):
        dialog = createAlgorithmDialog(algorithm, {})
        dialog.show()
        return dialog

    return show


def opened(dock):
    """Wait for the pages of a dock, and return what it holds."""
    found = []
    dock.when_ready(found.append)
    until(lambda: found)
    return found[0]


def test_the_plugin_shows_and_removes_the_dock(plugin, window):
    made = plugin.show_catalog()
    assert made is plugin.show_catalog()
    assert made.findChild(QLabel, "dbar_catalog_opening").text()
    body = opened(made)
    assert list(body.pages) and made.widget().currentWidget() is body
    assert made.findChild(QToolButton, "dbar_catalog_page_search").isChecked()
    plugin.unload()
    assert window == [made]


@pytest.mark.parametrize("steps", [None, 0, 1, 2, 6, 12])
def test_it_is_closed_at_any_step_of_its_opening(plugin, window, qgis_iface, steps):
    items = len(qgis_iface.mapCanvas().scene().items())
    dock, called = plugin.show_catalog(), []
    dock.when_ready(called.append)
    if steps is not None:
        until(lambda: dock.body)
        dock._next.stop()
        for _ in range(steps):
            dock._step()
    plugin.unload()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for _ in range(20):
        QCoreApplication.processEvents()
        time.sleep(0.005)
    assert called == [] and window == [dock]
    assert len(qgis_iface.mapCanvas().scene().items()) == items


def test_what_a_dialog_wants_before_the_pages_are_there(plugin, window, dialogs):
    dialog = dialogs("dbar:nightlightchange")
    dialog.findChild(QToolButton, "dbar_from_catalog_BEFORE").click()
    dock = plugin.show_catalog()
    assert dock.body is None and dock.desk.pick.role == "night_light"
    body = opened(dock)
    page = dock.findChild(QWidget, "dbar_catalog_search")
    assert page.theme == "night_light" and not body.pick_bar.isHidden()
    assert not page.isHidden()


def test_the_page_that_was_wanted_before_it_was_there(plugin, window):
    dock = plugin.show_catalog()
    desk = import_module("dbar_qgis_plugin.gui.catalog.desk")  # as the started plugin has it
    dock.desk.show_page(desk.Page.MY_DATA)
    body = opened(dock)
    assert not body.pages[desk.Page.MY_DATA].isHidden()
    assert dock.findChild(QToolButton, "dbar_catalog_page_my_data").isChecked()


def test_a_dock_that_cannot_be_filled_goes_and_says_why(plugin, window, qgis_iface, profile):
    profile.write_text("a file where the folder should be", encoding="utf-8")
    dock = plugin.show_catalog()
    until(lambda: window)
    assert window == [dock]
    assert qgis_iface.messageBar().get_messages(Qgis.MessageLevel.Warning)
    profile.unlink()
    again = plugin.show_catalog()
    assert again is not dock and opened(again)


def test_dialogs_of_algorithms_go_with_the_plugin(plugin, dialogs, qgis_iface):
    """One that stayed would ask a provider that is gone, at the next layer that is added."""
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    own = [dialogs("dbar:landuseefficiency"), dialogs("dbar:publishresult")]
    for identity in ("dbar:litarea", "native:buffer"):
        algorithm = QgsApplication.processingRegistry().algorithmById(identity).create()
        own.append(BatchAlgorithmDialog(algorithm, parent=qgis_iface.mainWindow()))
        own[-1].show()
    other = own.pop()
    plugin.unload()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert all(map(sip.isdeleted, own))
    assert not sip.isdeleted(other) and other.isVisible()
    other.close()


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
