"""The libraries that come with the plugin stand behind those of the host."""

from __future__ import annotations

import sys
from importlib import util
from typing import Any

import pytest

from dbar_qgis_plugin.catalog import vendored
from dbar_qgis_plugin.errors import MissingDependencyError


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A host that lacks some libraries."""

    def lack(*names: str, with_plugin: tuple[str, ...] = ()) -> None:
        real = util.find_spec

        def find(name: str) -> Any:
            from_plugin = name in with_plugin and str(vendored.EXT_LIBS) in sys.path
            return None if name in names and not from_plugin else real("sys")

        monkeypatch.setattr(vendored, "find_spec", find)
        monkeypatch.setattr(sys, "path", list(sys.path))

    return lack


def test_a_host_with_the_libraries_keeps_its_own(without: Any):
    without()
    vendored.provide()
    assert str(vendored.EXT_LIBS) not in sys.path


@pytest.mark.parametrize("missing", [("pystac",), ("pystac_client",), ("pystac", "pystac_client")])
def test_others_get_those_of_the_plugin_at_the_end(without: Any, missing: tuple[str, ...]):
    without(*missing, with_plugin=missing)
    vendored.provide()
    vendored.provide()
    assert sys.path[-1] == str(vendored.EXT_LIBS)
    assert sys.path.count(str(vendored.EXT_LIBS)) == 1


@pytest.mark.parametrize("name", ["requests", "dateutil", "pystac"])
def test_what_is_missing_is_named(without: Any, name: str):
    without(name)
    with pytest.raises(MissingDependencyError, match=f"Python library {name},"):
        vendored.provide()
