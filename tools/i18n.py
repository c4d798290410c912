"""Extract the translatable strings, or check that the translations are complete.

    i18n.py            extract into dbar_qgis_plugin/i18n/dbar_<language>.ts, then compile
    i18n.py --check    fail on anything not extracted, not translated or not translatable

The sources are English, so English needs no file. The strings are read from the syntax trees:
pylupdate5 skips every call that ends in a comma, so the formatter would hide strings from it. A .ts
file keeps no line numbers and is sorted by source text: it changes only when a string does, and a
string that left the code leaves it.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import string
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "dbar_qgis_plugin"
TRANSLATIONS = PACKAGE / "i18n"
HELP = PACKAGE / "resources" / "help"
LANGUAGES = ("zh_CN",)
CONTEXT = "Dbar"

# Where a text that was extracted elsewhere is looked up: the template of an error, on its way to
# the user. Everywhere else a variable in a translate call would never match a translation.
LOOKUPS = {
    "dbar_qgis_plugin/algorithms/base.py",
    "dbar_qgis_plugin/gui/catalog/jobs.py",
    "dbar_qgis_plugin/gui/catalog/words.py",
}


@dataclass(frozen=True)
class Literal:
    """One translatable text and where it stands."""

    text: str
    path: str
    line: int


def python_files(package: Path = PACKAGE) -> list[Path]:
    """Return the package's Python files, sorted."""
    return sorted(path for path in package.rglob("*.py") if "__pycache__" not in path.parts)


def walk_source(source: str, path: str) -> tuple[list[Literal], list[str]]:
    """Return the translatable literals of one Python source, and what is wrong with its calls."""
    literals: list[Literal] = []
    problems: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or len(node.args) < 2:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        context, text = node.args[:2]
        in_context = isinstance(context, ast.Constant) and context.value == CONTEXT
        # A module that takes a translate function has to import the marker by another name. Shapes
        # are translated by numbers.
        of_shape = isinstance(context, ast.BinOp | ast.UnaryOp)
        if (name != "translate" and not in_context) or of_shape:
            continue
        where = f"{path}:{node.lineno}"
        if not in_context:
            problems.append(f'{where}: the context is not the literal "{CONTEXT}"')
        elif len(node.args) > 2 or node.keywords:
            problems.append(f"{where}: translate takes the context and the text, nothing else")
        elif isinstance(text, ast.Constant) and isinstance(text.value, str):
            if text.value.strip():
                literals.append(Literal(text.value, path, node.lineno))
            else:
                problems.append(f"{where}: an empty text cannot be translated")
        elif path not in LOOKUPS:
            problems.append(f"{where}: the text is not a literal")
    return literals, problems


def walk_package() -> tuple[list[Literal], list[str]]:
    """Return the literals and problems of the whole package."""
    literals: list[Literal] = []
    problems: list[str] = []
    for path in python_files():
        found, wrong = walk_source(
            path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()
        )
        literals += found
        problems += wrong
    return literals, problems


def placeholders(text: str) -> set[str]:
    """Return the names of the `str.format` fields in a text."""
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def qt_tool(name: str) -> str:
    """Return the path of a Qt 5 development tool."""
    # Debian's command on the PATH may be a switch that knows no Qt version.
    found = shutil.which(name, path=os.pathsep.join(["/usr/lib/qt5/bin", os.environ["PATH"]]))
    if found is None:
        sys.exit(f"i18n: {name} is not installed; `make setup` installs it")
    return found


def translation_file(language: str) -> Path:
    """Return the path of a language's .ts file."""
    return TRANSLATIONS / f"dbar_{language}.ts"


def read_translations(path: Path) -> dict[str, str]:
    """Return the finished translations of a .ts file by source text."""
    if not path.exists():
        return {}
    finished = {}
    for message in ET.parse(path).getroot().iter("message"):
        element = message.find("translation")
        if element is not None and element.get("type") is None and (element.text or "").strip():
            finished[message.findtext("source", "")] = element.text or ""
    return finished


def render_translations(language: str, texts: set[str], translations: dict[str, str]) -> str:
    """Return the .ts document of the texts, with the translations that there are."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for text in sorted(texts):
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = text
        element = ET.SubElement(message, "translation")
        if text in translations:
            element.text = translations[text]
        else:
            element.set("type", "unfinished")
    ET.indent(root, "    ")
    document = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{document}\n'


def check_language(language: str, texts: set[str]) -> list[str]:
    """Return the problems of one language: outdated, unfinished, or with other placeholders."""
    path = translation_file(language)
    translations = read_translations(path)
    problems = []
    expected = render_translations(language, texts, translations)
    if not path.exists() or path.read_text(encoding="utf-8") != expected:
        problems.append(f"{path.name} is not up to date: run `make i18n`")
    for text in sorted(texts):
        where = f"{path.name}: {text!r}"
        translation = translations.get(text)
        try:
            if translation is None:
                problems.append(f"{where}: not translated")
            elif placeholders(text) != placeholders(translation):
                problems.append(f"{where}: other placeholders: {translation!r}")
        except ValueError as error:
            problems.append(f"{where}: not a format string: {error}")
    return problems


def help_keys(path: Path) -> list[str]:
    """Return the parameter and output keys that a help file describes, in their order."""
    return re.findall(r"^### (.+?)\s*$", path.read_text(encoding="utf-8"), re.M)


def check_help() -> list[str]:
    """Return the help files that lack a counterpart in a language, or describe other keys there."""
    problems = []
    for language in LANGUAGES:
        english = {path.name for path in HELP.glob("*.md")}
        translated = {path.name for path in (HELP / language).glob("*.md")}
        problems += [f"help/{language}/{name} is missing" for name in sorted(english - translated)]
        problems += [
            f"help/{language}/{name} has no English original"
            for name in sorted(translated - english)
        ]
        for name in sorted(english & translated):
            here, there = help_keys(HELP / name), help_keys(HELP / language / name)
            if here != there:
                problems.append(f"help/{language}/{name} describes {there}, the English {here}")
    return problems


def compile_translations() -> list[Path]:
    """Compile every .ts file to a .qm file beside it, where QGIS and the packager look for it."""
    compiled = []
    for source in sorted(TRANSLATIONS.glob("*.ts")):
        target = source.with_suffix(".qm")
        subprocess.run(
            [qt_tool("lrelease"), "-silent", str(source), "-qm", str(target)],
            check=True,
            stdin=subprocess.DEVNULL,
        )
        compiled.append(target)
    return compiled


def main() -> int:
    """Run the command line and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="change no .ts file, only check")
    arguments = parser.parse_args()
    literals, problems = walk_package()
    texts = {literal.text for literal in literals}
    if arguments.check:
        for language in LANGUAGES:
            problems += check_language(language, texts)
        problems += check_help()
    else:
        TRANSLATIONS.mkdir(exist_ok=True)
        for language in LANGUAGES:
            path = translation_file(language)
            document = render_translations(language, texts, read_translations(path))
            path.write_text(document, encoding="utf-8")
    for problem in problems:
        print(f"i18n: {problem}", file=sys.stderr)
    if not problems:
        compile_translations()
        print(f"i18n: {len(texts)} strings in English and {', '.join(LANGUAGES)}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
