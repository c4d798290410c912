"""Whether a catalog answers, in words."""

from __future__ import annotations

import re

import pytest

from dbar_qgis_plugin.catalog.adapters.base import Capabilities
from dbar_qgis_plugin.catalog.health import Health, State, check
from dbar_qgis_plugin.catalog.http import Http, read_json
from dbar_qgis_plugin.errors import Cancelled
from tests.servers.misbehaving import Answer, as_json, guarded, login_page, misbehaving_server
from tests.servers.plain_transport import PlainTransport


class Described:
    """A catalog that is asked for one document."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = Http(PlainTransport(), timeout_s=0.3, wait=lambda _: None)

    def describe(self, is_cancelled):
        found = read_json(self.http.get(self.url, is_cancelled=is_cancelled))
        return Capabilities(found["title"], "", "stac_api", can_sort=True)


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (as_json({"title": "Ours"}), State.OK, "It answers."),
        (guarded(as_json({}), basic="a:b"), State.AUTH, "asks for credentials"),
        (as_json({"detail": "sign first"}, 403), State.AUTH, "sign first"),
        (as_json({}, 404), State.DOWN, "not found"),
        (as_json({"detail": "oh"}, 500), State.DOWN, r"\(500\). oh"),
        (login_page(), State.DOWN, "login page"),
        (Answer(cut_after=-1), State.DOWN, "not reached"),
        (Answer(wait_s=5.0), State.DOWN, "did not answer"),
    ],
)
def test_states(answer, state, words):
    with misbehaving_server() as server:
        health, capabilities = check(Described(server.on("/", answer)))
    assert health.state is state
    assert health.checked is not None
    assert re.search(words, str(health.words))
    assert (capabilities is not None) == (state is State.OK)


def test_a_slow_one_says_how_slow():
    times = iter([10.0, 14.26])
    with misbehaving_server() as server:
        url = server.on("/", as_json({"title": "Ours"}))
        found = check(Described(url), clock=lambda: next(times))
    assert found.health.state is State.SLOW
    assert str(found.health.words) == "It answers, but took 4.3 s."
    assert found.capabilities.title == "Ours"


def test_a_cancel_is_no_state():
    with misbehaving_server() as server, pytest.raises(Cancelled):
        check(Described(server.on("/", as_json({}))), lambda: True)


def test_never_asked():
    assert Health().state is State.UNKNOWN
