"""What must not be in the repository, and what the plugin site's scan refuses in shipped code."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "dbar_qgis_plugin"
LARGEST_BYTES = 1_000_000
# What tools make of sources, by name.
GENERATED = re.compile(
    r"\.(pyc|pyo|so|dll|dylib|exe|qm|bat|ps1|cmd|zip|whl)$|(^|/)(ui_\w+|resources_rc)\.py$"
)
# Written in pieces, so that this file does not hold what it looks for.
FORBIDDEN_TEXT = re.compile(
    "pypi" r"\.org|" "python" "hosted|" "debian" r"\.org|" "npm" r"js\.(org|com)|"
    r"(?<![\w.$}-])/(work|root|tmp)/"
)  # fmt: skip
LEFT_UNDONE = re.compile(r"\b(TO" "DO|FIX" "ME|XX" r"X)\b")
# Modules whose mere import the site's scan reports, or that would start other programs.
UNSAFE_IMPORT = re.compile(
    r"(subprocess|pickle|marshal|shelve|random|telnetlib|ftplib|xml|urllib\.request|http\.client)\b"
)


def repository_files() -> list[Path]:
    """Return the files that are, or would be, committed."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return sorted(ROOT / name for name in set(listing.split("\0")) if (ROOT / name).is_file())


def forbidden_lines(text: str) -> list[str]:
    """Return the lines that name a registry or a path of one machine, or leave work undone."""
    return [
        line.strip()
        for line in text.splitlines()
        if FORBIDDEN_TEXT.search(line) or LEFT_UNDONE.search(line)
    ]


def scan_findings(source: str) -> list[str]:
    """Return what the plugin site's scan refuses in a Python source."""
    findings = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assert):
            findings.append(f"line {node.lineno}: assert")
        elif isinstance(node, ast.ExceptHandler):
            if len(node.body) == 1 and isinstance(node.body[0], ast.Pass | ast.Continue):
                findings.append(f"line {node.lineno}: an exception is dropped")
        elif isinstance(node, ast.Import | ast.ImportFrom):
            prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            names = [f"{prefix}{alias.name}" for alias in node.names]
            findings += [
                f"line {node.lineno}: imports {name}" for name in names if UNSAFE_IMPORT.match(name)
            ]
    return findings


def test_no_forbidden_text():
    found = {}
    for path in repository_files():
        try:
            lines = forbidden_lines(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue
        if lines:
            found[path.relative_to(ROOT).as_posix()] = lines
    assert found == {}


def test_no_generated_and_no_large_files():
    names = [path.relative_to(ROOT).as_posix() for path in repository_files()]
    assert [name for name in names if GENERATED.search(name)] == []
    assert [name for name in names if (ROOT / name).stat().st_size > LARGEST_BYTES] == []


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix()
)
def test_shipped_code_passes_the_sites_scan(path: Path):
    assert scan_findings(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "assert 1",
        "try:\n    f()\nexcept ValueError:\n    pass",
        "for a in b:\n    try:\n        f()\n    except ValueError:\n        continue",
        "import subprocess",
        "from subprocess import run",
        "import xml.etree.ElementTree as ET",
        "from xml.etree import ElementTree",
        "from urllib.request import urlopen",
        "from urllib import request",
        "import random",
        "import pickle",
    ],
)
def test_the_scan_finds_faults(source: str):
    assert scan_findings(source)


def test_the_scan_lets_sound_code_pass():
    source = "import re\nfrom urllib.parse import quote\nfrom numpy import random"
    assert scan_findings(source) == []


@pytest.mark.parametrize(
    "text",
    ["see /wo" "rk/main", "cd /tm" "p/x", "# TO" "DO: later", "https://py" "pi.org/simple"],
)  # fmt: skip
def test_forbidden_text_is_found(text: str):
    assert forbidden_lines(text) == [text]


def test_sound_text_is_not():
    assert forbidden_lines("tmp_path/working/a, https://example.org/root/, $HOME/tmp/") == []
