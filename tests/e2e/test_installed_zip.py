"""The zip holds only what belongs in it, and QGIS loads the plugin from it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import package
from dbar_qgis_plugin import about

PLUGIN = "dbar_qgis_plugin"
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def names(archive: Path) -> set[str]:
    """Return the names in the zip."""
    with zipfile.ZipFile(archive) as zipped:
        assert zipped.testzip() is None
        return set(zipped.namelist())


LIBRARIES = f"{PLUGIN}/ext_libs/"
KINDS = ("*.py", "*.svg", "*.qml", "*.model3", "*.json", "*.csv", "*.md", "*.css", "*.js")


def test_the_zip_holds_what_the_plugin_needs(names: set[str]):
    wanted = {
        path.relative_to(package.PACKAGE.parent).as_posix()
        for pattern in KINDS
        for path in package.PACKAGE.rglob(pattern)
    }
    wanted |= {f"{PLUGIN}/{name}" for name in ("LICENSE", "metadata.txt", "i18n/dbar_zh_CN.qm")}
    assert {name for name in names if not name.startswith(LIBRARIES)} == wanted


def test_the_zip_holds_nothing_else(names: set[str]):
    assert {name.partition("/")[0] for name in names} == {PLUGIN}
    assert not [name for name in names if re.search(r"(^|/)(tests?|\.\w+|__pycache__)/", name)]
    assert not [name for name in names if re.search(r"\.(ts|pyc|sh|ini|cfg|toml)$", name)]


def test_the_libraries_come_with_their_licences_and_nothing_compiled(names: set[str]):
    libraries = {name.removeprefix(LIBRARIES) for name in names if name.startswith(LIBRARIES)}
    tops = {name.partition("/")[0].partition("-")[0] for name in libraries}
    assert tops == {"pystac", "pystac_client", "pystac_core"}
    assert {"pystac/__init__.py", "pystac_client/__init__.py"} <= libraries
    licences = [name for name in libraries if name.endswith("/licenses/LICENSE")]
    assert sorted(name.partition("-")[0] for name in licences) == ["pystac", "pystac_client"]
    assert {Path(name).suffix or Path(name).name for name in libraries} == {
        ".py",
        ".json",
        "LICENSE",
        "METADATA",
    }


ASK = """
import importlib.util, json, sys
before = [name for name in ("pystac", "pystac_client") if importlib.util.find_spec(name)]
from types import SimpleNamespace
from dbar_qgis_plugin.catalog.adapters import open_adapter
kinds = []
for kind in ("stac_api", "stac_static"):
    connection = SimpleNamespace(kind=kind, url="https://a.example", id="i", name="n")
    kinds.append(type(open_adapter(connection, None)).__name__)
import pystac, pystac_client
loaded = [name for name in ("numpy", "pydantic") if name in sys.modules]
files = [pystac.__file__, pystac_client.__file__]
print(json.dumps([before, kinds, files, sys.path[-1], loaded]))
"""


def test_a_python_without_the_libraries_gets_those_of_the_plugin(profile):
    # QGIS's own Python, without the tests' environment.
    done = subprocess.run(
        [getattr(sys, "_base_executable", sys.executable), "-s", "-c", ASK],
        cwd=profile.folder,
        env={"PYTHONPATH": str(profile.plugins), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    before, kinds, files, last, loaded = json.loads(done.stdout)
    libraries = str(profile.plugins / PLUGIN / "ext_libs")
    assert before == []
    assert kinds == ["StacApi", "StacStatic"]
    assert last == libraries
    assert all(file.startswith(libraries) for file in files)
    assert loaded == []


def test_the_same_sources_give_the_same_bytes(archive: Path, tmp_path: Path):
    assert package.build(tmp_path).read_bytes() == archive.read_bytes()


def test_the_zip_is_named_after_its_version(archive: Path):
    assert archive.name == f"{PLUGIN}-{about.VERSION}.zip"
    assert package.validate(archive) == []
    with zipfile.ZipFile(archive) as zipped:
        general = package.read_metadata(zipped.read(f"{PLUGIN}/metadata.txt").decode())["general"]
    assert general["version"] == about.VERSION
    assert "SDG 11.3.1" in general["changelog"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (f"{PLUGIN}/tests/test_x.sh", "does not belong"),
        (f"{PLUGIN}/__pycache__/a.py", "does not belong"),
        (f"{PLUGIN}/.git/config.md", "does not belong"),
        ("another/__init__.py", "not one top folder"),
    ],
)
def test_what_does_not_belong_is_found(archive: Path, tmp_path: Path, name: str, problem: str):
    spoilt = tmp_path / archive.name
    spoilt.write_bytes(archive.read_bytes())
    with zipfile.ZipFile(spoilt, "a") as zipped:
        zipped.writestr(name, "")
    assert any(problem in found for found in package.validate(spoilt))


def test_a_file_of_an_unknown_kind_stops_the_build(tmp_path: Path):
    (tmp_path / "data.bin").write_bytes(b"")
    with pytest.raises(package.PackagingError, match=r"data\.bin"):
        list(package.shipped_files(tmp_path))


def test_a_missing_licence_is_found(archive: Path, tmp_path: Path):
    bare = tmp_path / archive.name
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(bare, "w") as zipped:
        for name in whole.namelist():
            if not name.endswith("LICENSE"):
                zipped.writestr(name, whole.read(name))
    assert package.validate(bare) == ["missing: ['LICENSE']"]


def test_qgis_loads_the_plugin(profile):
    plugins = profile.json("plugins")["plugins"]
    assert plugins[PLUGIN] == {"loaded": True}
    provider = profile.json("list")["providers"]["dbar"]
    assert provider["is_active"] is True
    assert provider["version"] == about.VERSION
    assert "dbar:landuseefficiency" in provider["algorithms"]


def test_the_plugin_writes_nothing_into_its_folder(profile, names: set[str]):
    profile.run("list")
    files = (path for path in profile.plugins.rglob("*") if path.is_file())
    assert {path.relative_to(profile.plugins).as_posix() for path in files} == names


def test_help_describes_every_parameter(profile):
    answer = profile.json("help", "dbar:landuseefficiency")
    assert {"CITIES", "BUILTUP", "POPULATION", "YEARS", "FORMULA"} <= set(answer["parameters"])
    text = profile.run("help", "dbar:landuseefficiency").stdout
    assert all(key in text for key in answer["parameters"])
    assert all(key in text for key in answer["outputs"])


# QGIS lists Simplified Chinese under its script; systems and older profiles name the country.
@pytest.mark.parametrize("locale", ["zh-Hans", "zh_CN"])
def test_the_plugin_speaks_chinese(make_profile, locale: str):
    profile = make_profile()
    texts = profile.run("help", "dbar:landuseefficiency").stdout
    assert not HAN.search(texts)
    profile.set_language(locale)
    details = profile.json("help", "dbar:landuseefficiency")["algorithm_details"]
    assert HAN.search(details["name"])
    assert HAN.search(details["short_description"])
    assert HAN.search(profile.run("help", "dbar:landuseefficiency").stdout)


def test_bad_input_fails_with_a_message(profile):
    done = profile.run(
        "run", "dbar:landuseefficiency", "--", "CITIES=nowhere.gpkg", "OUTPUT=out.gpkg", fails=True
    )
    assert "CITIES" in done.stdout + done.stderr
    assert not (profile.folder / "out.gpkg").exists()
