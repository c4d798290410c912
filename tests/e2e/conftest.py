"""The packaged zip, installed into a scratch profile, and qgis_process run on that profile."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import package

PLUGIN = package.PACKAGE.name
# What would let a run see this repository, or another profile, instead of the installed zip.
LEAKS = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "QGIS_PLUGINPATH", "QGIS_OPTIONS_PATH"}


@dataclass(frozen=True)
class Profile:
    """A folder with a QGIS profile and the plugin installed in it, as the plugin manager does."""

    folder: Path
    plugins: Path = field(init=False)

    def __post_init__(self) -> None:
        plugins = self.folder / "profiles" / "default" / "python" / "plugins"
        object.__setattr__(self, "plugins", plugins)

    def install(self, archive: Path) -> None:
        """Unpack a plugin's zip."""
        self.plugins.mkdir(parents=True)
        with zipfile.ZipFile(archive) as zipped:
            zipped.extractall(self.plugins)

    def set_language(self, locale: str) -> None:
        """Choose the language of QGIS's window."""
        settings = self.folder / "profiles" / "default" / "QGIS" / "QGIS3.ini"
        with settings.open("a", encoding="utf-8") as file:
            file.write(f"\n[locale]\noverrideFlag=true\nuserLocale={locale}\n")

    def run(
        self, *arguments: str, stdin: str | None = None, fails: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run qgis_process; fail the test unless the exit code is 0, or 1 where `fails`."""
        environment = {key: value for key, value in os.environ.items() if key not in LEAKS}
        environment |= {
            "QGIS_CUSTOM_CONFIG_PATH": str(self.folder),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
        }
        done = subprocess.run(
            ["qgis_process", *arguments],
            cwd=self.folder,
            env=environment,
            input=stdin or "",
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == int(fails), f"{arguments}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *arguments: str, inputs: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Run qgis_process and return what it answers in JSON."""
        stdin = None if inputs is None else json.dumps({"inputs": dict(inputs)})
        answer = self.run("--json", *arguments, stdin=stdin).stdout
        # Python code may print before the answer.
        return json.loads(answer[answer.index("{") :])


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the zip, built from the working tree."""
    if shutil.which("qgis_process") is None:
        pytest.fail("qgis_process is not installed; `make setup` installs it")
    return package.build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def make_profile(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Profile]:
    """Return a function that makes a profile with the plugin installed and enabled."""

    def make() -> Profile:
        profile = Profile(tmp_path_factory.mktemp("profile"))
        profile.install(archive)
        profile.run("plugins", "enable", PLUGIN)
        return profile

    return make


@pytest.fixture(scope="session")
def profile(make_profile: Callable[[], Profile]) -> Profile:
    """Return a profile in English that the tests of a session share."""
    return make_profile()
