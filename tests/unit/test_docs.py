"""The documentation names every algorithm, and its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HELP = ROOT / "dbar_qgis_plugin" / "resources" / "help"
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("page", ["docs/algorithms.md", "CHANGELOG.md"])
def test_every_algorithm_is_named(page: str):
    named = re.findall(r"`dbar:(\w+)`", (ROOT / page).read_text(encoding="utf-8"))
    assert set(named) == {path.stem for path in HELP.glob("*.md")}


def test_the_table_of_algorithms_names_their_parameters():
    table = (ROOT / "docs" / "algorithms.md").read_text(encoding="utf-8")
    for name, _, parameters, _ in re.findall(
        r"^\| `dbar:(\w+)` \|(.*)\|(.*)\|(.*)\|$", table, re.M
    ):
        documented = re.findall(
            r"^### (\w+)", (HELP / f"{name}.md").read_text(encoding="utf-8"), re.M
        )
        assert set(re.findall(r"`(\w+)`", parameters)) <= set(documented), name


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path):
    for link in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in link:
            assert (page.parent / link).exists(), link
