"""Build the zip that QGIS installs, dist/dbar_qgis_plugin-<version>.zip, and check it.

    package.py [folder]     build into the folder (default: dist)

The same sources give the same bytes. A file of a kind that is not known to belong in the zip stops
the build, so that nothing slips in; the plugin site's rules are checked on the finished file.
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from configparser import ConfigParser
from importlib.metadata import distributions
from pathlib import Path, PurePosixPath

from i18n import PACKAGE, ROOT, compile_translations

CHANGELOG = ROOT / "CHANGELOG.md"
# The kinds of file that belong in the zip. A .ts is the source of a .qm.
SUFFIXES = {
    *(".py", ".ui", ".svg", ".qml", ".model3", ".qm"),
    *(".md", ".json", ".csv", ".css", ".js"),
}
NAMES = {"LICENSE", "metadata.txt"}
SOURCES = {".ts"}
# Pure Python libraries that a QGIS does not have come with the plugin, in a folder of their own
# (dbar_qgis_plugin/catalog/vendored.py), at the versions that the tests run with. The distribution
# "pystac" is a list of others; it has the licence of pystac-core.
VENDORED = ("pystac", "pystac-core", "pystac-client")
VENDORED_FOLDER = "ext_libs"
VENDORED_SUFFIXES = {".py", ".json"}
VENDORED_NAMES = {"LICENSE", "METADATA"}
ENVIRONMENT = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements" / "test.txt"
# What running and editing leave behind.
DEBRIS = {"__pycache__"}
DEBRIS_SUFFIXES = {".pyc", ".orig", ".bak", ".swp"}

REQUIRED_KEYS = (
    "name", "description", "version", "qgisMinimumVersion", "author", "email", "about", "tracker",
    "repository", "homepage", "changelog", "license", "hasProcessingProvider",
)  # fmt: skip
REQUIRED_FILES = ("__init__.py", "metadata.txt", "LICENSE")
LARGEST_BYTES = 25 * 1024 * 1024
TIMESTAMP = (1980, 1, 1, 0, 0, 0)


class PackagingError(Exception):
    """The zip cannot be built, or is not what the plugin site accepts."""


def shipped_files(package: Path = PACKAGE) -> Iterator[Path]:
    """Yield the files that belong in the zip, sorted; fail on a file of an unknown kind."""
    for path in sorted(package.rglob("*")):
        parts = path.relative_to(package).parts
        if path.is_dir() or DEBRIS.intersection(parts) or path.suffix in DEBRIS_SUFFIXES:
            continue
        if path.suffix in SOURCES:
            continue
        if path.name not in NAMES and path.suffix not in SUFFIXES:
            raise PackagingError(
                f"{path.relative_to(package)}: not a kind of file that belongs in the zip"
            )
        yield path


def vendored_files(environment: Path = ENVIRONMENT) -> Iterator[tuple[str, bytes]]:
    """Yield the libraries' files by their names in the zip, sorted; fail unless as pinned."""
    pins = dict(re.findall(r"^([\w-]+)==(\S+)$", REQUIREMENTS.read_text(encoding="utf-8"), re.M))
    places = [str(path) for path in environment.glob("lib/python3*/site-packages")]
    files: dict[str, bytes] = {}
    for name in VENDORED:
        found = next(iter(distributions(name=name, path=places)), None)
        if found is None or found.version != pins.get(name):
            raise PackagingError(
                f"{name} {pins.get(name, '')} is not in {environment.name}: run `make setup-test`"
            )
        for file in found.files or ():
            of_distribution = file.parts[0].endswith(".dist-info")
            names = VENDORED_NAMES if of_distribution else set()
            suffixes = set() if of_distribution else VENDORED_SUFFIXES
            if ".." not in file.parts and (file.name in names or file.suffix in suffixes):
                place = f"{PACKAGE.name}/{VENDORED_FOLDER}/{file.as_posix()}"
                files[place] = Path(str(file.locate())).read_bytes()
    yield from sorted(files.items())


def newest_changes(changelog: str, version: str) -> str:
    """Return the newest section of the changelog as plain lines; it must be this version's."""
    sections = re.split(r"^## ", changelog, flags=re.M)[1:]
    for section in sections:
        heading, _, body = section.partition("\n")
        lines = [line.rstrip() for line in body.splitlines() if line.strip()]
        lines = [line.removeprefix("### ") for line in lines if not line.startswith("[")]
        if not lines:
            continue
        name = heading.strip().partition("]")[0].lstrip("[")
        if name not in ("Unreleased", version):
            raise PackagingError(
                f"CHANGELOG.md's newest section is {name}, the version in metadata.txt {version}"
            )
        return "\n".join([heading.strip().replace("[", "").replace("]", ""), *lines])
    raise PackagingError("CHANGELOG.md has no section with content")


def read_metadata(text: str) -> ConfigParser:
    """Parse metadata.txt as the plugin site does, where a percent sign starts a reference."""
    parser = ConfigParser()
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    return parser


def shipped_metadata(package: Path = PACKAGE, changelog: Path = CHANGELOG) -> str:
    """Return metadata.txt with the newest changes as its `changelog`."""
    text = (package / "metadata.txt").read_text(encoding="utf-8").rstrip("\n")
    version = read_metadata(text)["general"]["version"]
    changes = newest_changes(changelog.read_text(encoding="utf-8"), version)
    # A value goes on in the next line when that is indented; a percent sign is written twice.
    indented = changes.replace("%", "%%").replace("\n", "\n    ")
    return f"{text}\nchangelog={indented}\n"


def build(destination: Path) -> Path:
    """Compile the translations, write the zip into the folder `destination` and check it."""
    compile_translations()
    metadata = shipped_metadata()
    version = read_metadata(metadata)["general"]["version"]
    destination.mkdir(parents=True, exist_ok=True)
    archive = destination / f"{PACKAGE.name}-{version}.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for path in shipped_files():
            name = path.relative_to(PACKAGE.parent).as_posix()
            content = metadata.encode() if path.name == "metadata.txt" else path.read_bytes()
            _add(zipped, name, content)
        for name, content in vendored_files():
            _add(zipped, name, content)
    problems = validate(archive)
    if problems:
        archive.unlink()
        raise PackagingError("; ".join(problems))
    return archive


def _add(zipped: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, TIMESTAMP)
    entry.create_system = 3  # Unix, wherever it is built
    entry.external_attr = 0o100644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    zipped.writestr(entry, content, compresslevel=9)


def validate(archive: Path) -> list[str]:
    """Return what the plugin site would refuse in a zip."""
    problems = []
    if archive.stat().st_size > LARGEST_BYTES:
        problems.append(f"larger than {LARGEST_BYTES} bytes")
    with zipfile.ZipFile(archive) as zipped:
        names = [PurePosixPath(name) for name in zipped.namelist()]
        tops = sorted({name.parts[0] for name in names})
        if len(tops) != 1 or not tops[0].isidentifier():
            return [*problems, f"not one top folder with a Python name: {tops}"]
        top = tops[0]
        missing = [name for name in REQUIRED_FILES if PurePosixPath(top, name) not in names]
        if missing:
            return [*problems, f"missing: {missing}"]
        metadata = zipped.read(f"{top}/metadata.txt").decode()
    for name in names:
        vendored = name.parts[1] == VENDORED_FOLDER and name.name in VENDORED_NAMES
        known = name.name in NAMES or name.suffix in SUFFIXES or vendored
        hidden = any(part.startswith(".") or part in DEBRIS for part in name.parts)
        if hidden or not known or name.is_absolute():
            problems.append(f"does not belong in it: {name}")
    return problems + metadata_problems(metadata)


def metadata_problems(text: str) -> list[str]:
    """Return what is missing or malformed in metadata.txt."""
    general = read_metadata(text)["general"]
    problems = [
        f"metadata.txt lacks {key}" for key in REQUIRED_KEYS if not general.get(key, "").strip()
    ]
    # The site's feed compares versions as text.
    if not re.fullmatch(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", general.get("version", "")):
        problems.append("metadata.txt's version is not MAJOR.MINOR.PATCH")
    for key in ("homepage", "tracker", "repository"):
        if not general.get(key, "").startswith("https://"):
            problems.append(f"metadata.txt's {key} is not an https address")
    return problems


def main() -> int:
    """Run the command line and return the exit code."""
    destination = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist"
    try:
        archive = build(destination)
    except PackagingError as error:
        print(f"package: {error}", file=sys.stderr)
        return 1
    print(f"package: {archive}, {archive.stat().st_size / 1024:.0f} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
