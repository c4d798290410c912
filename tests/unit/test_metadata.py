"""metadata.txt as the plugin site wants it, and about.py, which reads it."""

from __future__ import annotations

import pytest

import package
from dbar_qgis_plugin import about

METADATA = (package.PACKAGE / "metadata.txt").read_text(encoding="utf-8")


def test_metadata_is_complete():
    assert package.metadata_problems(package.shipped_metadata()) == []


@pytest.mark.parametrize(
    ("line", "instead", "problem"),
    [
        ("version=", "version=0.1", "MAJOR.MINOR.PATCH"),
        ("version=", "version=v0.1.0", "MAJOR.MINOR.PATCH"),
        ("version=", "version=0.01.0", "MAJOR.MINOR.PATCH"),
        ("tracker=", "", "lacks tracker"),
        ("homepage=", "homepage=http://example.org", "homepage is not an https address"),
    ],
)
def test_faults_in_metadata_are_found(line: str, instead: str, problem: str):
    lines = [instead if row.startswith(line) else row for row in METADATA.splitlines()]
    assert any(problem in found for found in package.metadata_problems("\n".join(lines)))


def test_the_site_and_qgis_read_it():
    general = package.read_metadata(METADATA)["general"]
    assert general["name"] == "DBAR SDG Tools"
    assert general["hasProcessingProvider"] == "yes"
    assert general["qgisMinimumVersion"] == "3.40"
    assert general["qgisMaximumVersion"] == "4.99"
    assert general["license"] == "GPL-2.0-or-later"
    assert general["category"] == "Raster"
    assert "plugin" not in general["name"].lower()
    assert "changelog" not in general, "the packager fills it in from CHANGELOG.md"


def test_about_reads_it():
    general = package.read_metadata(METADATA)["general"]
    assert general["version"] == about.VERSION
    assert general["name"] == about.NAME
    assert general["homepage"] == about.HOMEPAGE
    assert general["tracker"] == about.TRACKER
    assert about.ICON.is_file()


def test_the_version_lives_once():
    holders = [
        path.name
        for path in package.shipped_files()
        if path.suffix in {".py", ".md", ".ui", ".txt"}
        and about.VERSION in path.read_text(encoding="utf-8")
    ]
    assert holders == ["metadata.txt"]


def test_the_licence_is_inside():
    licence = (package.ROOT / "LICENSE").read_bytes()
    assert (package.PACKAGE / "LICENSE").read_bytes() == licence
    assert b"Version 2, June 1991" in licence


CHANGELOG = """# Changelog

## [Unreleased]
{unreleased}
## [1.2.0] - 2030-01-02

### Added

- A thing that
  goes on.

### Fixed

- 5 % of something.

## [1.1.0] - 2029-01-01

- Old.

[1.2.0]: https://example.org
"""


def test_newest_changes_are_the_first_section_with_content():
    released = package.newest_changes(CHANGELOG.format(unreleased=""), "1.2.0")
    assert released.splitlines() == [
        "1.2.0 - 2030-01-02",
        "Added",
        "- A thing that",
        "  goes on.",
        "Fixed",
        "- 5 % of something.",
    ]
    coming = package.newest_changes(CHANGELOG.format(unreleased="\n- New.\n"), "1.2.0")
    assert coming.splitlines() == ["Unreleased", "- New."]


def test_changes_of_another_version_are_refused():
    with pytest.raises(package.PackagingError, match=r"1\.2\.0.*1\.3\.0"):
        package.newest_changes(CHANGELOG.format(unreleased=""), "1.3.0")


def test_changes_survive_the_metadata_file(tmp_path):
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text(
        CHANGELOG.format(unreleased="").replace("1.2.0", about.VERSION), encoding="utf-8"
    )
    text = package.shipped_metadata(changelog=changelog)
    assert "5 % of something" in package.read_metadata(text)["general"]["changelog"]
