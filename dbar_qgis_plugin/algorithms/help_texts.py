"""The help of the algorithms: one Markdown file per algorithm and language, in `resources/help`.

A file reads as a page of its own: a title, the description (whose first paragraph is the short
one), then a section per parameter and output whose heading is the key, such as `### YEARS`. Only
paragraphs, lists, `code`, **bold** and links are used: the source is good plain text as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from qgis.core import QgsApplication, QgsProcessingUtils
from qgis.PyQt.QtCore import QLocale, QUrl

from dbar_qgis_plugin.about import PLUGIN_FOLDER

_FOLDER = PLUGIN_FOLDER / "resources" / "help"


class HelpText(NamedTuple):
    """The parts of a help file, as Markdown."""

    title: str
    summary: str
    description: str
    sections: dict[str, str]
    page: str


def help_text(name: str) -> HelpText:
    """Return the help of the algorithm `name` in the language of QGIS's window, else in English."""
    translated = _FOLDER / QLocale(QgsApplication.locale()).name() / f"{name}.md"
    return _read(translated if translated.is_file() else _FOLDER / f"{name}.md")


def parameter_helps(name: str) -> dict[str, str]:
    """Return the help of each parameter and output as plain text, by key."""
    return _plain_sections(help_text(name).page)


@cache
def _plain_sections(page: str) -> dict[str, str]:
    return {key: to_plain(text) for key, text in _parse(page).sections.items()}


@cache
def _read(path: Path) -> HelpText:
    return _parse(path.read_text(encoding="utf-8"))


def _parse(page: str) -> HelpText:
    head, *sections = re.split(r"^### ", page, flags=re.MULTILINE)
    title, _, body = head.partition("\n")
    description = re.split(r"^## ", body, maxsplit=1, flags=re.MULTILINE)[0].strip()
    texts = {}
    for section in sections:
        key, _, text = section.partition("\n")
        texts[key.strip()] = re.split(r"^## ", text, maxsplit=1, flags=re.MULTILINE)[0].strip()
    return HelpText(
        title.lstrip("# ").strip(), description.split("\n\n")[0], description, texts, page
    )


def to_html(markdown: str) -> str:
    """Turn the Markdown used in help files into HTML."""
    blocks = []
    for block in re.split(r"\n\s*\n", markdown.strip()):
        if block.startswith("#"):
            marks, _, text = block.partition(" ")
            blocks.append(f"<h{len(marks)}>{_inline(text)}</h{len(marks)}>")
        elif block.startswith("- "):
            items = re.split(r"^- ", block, flags=re.MULTILINE)[1:]
            blocks.append("<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>")
        else:
            blocks.append(f"<p>{_inline(block)}</p>")
    return "\n".join(blocks)


def to_plain(markdown: str) -> str:
    """Take the marks of emphasis out of a text, for tooltips and terminals."""
    return re.sub(r"\*\*|`", "", re.sub(r"\[([^\]]+)\]\(([^)]+)\)", r"\1 (\2)", markdown))


def help_page(name: str) -> str:
    """Write the help of an algorithm as a web page for this session and return its address.

    The page is made of the file that ships with the plugin, so it opens without a connection.
    """
    text = help_text(name)
    return _written(name, text.title, to_html(text.page))


def help_index(title: str, groups: Mapping[str, Sequence[str]]) -> str:
    """Write a page with links to the help of all algorithms, by group, and return its address."""
    parts = [f"# {title}"]
    for group, names in groups.items():
        parts.append(f"## {group}")
        items = []
        for name in names:
            help_page(name)
            text = help_text(name)
            items.append(f"- [{text.title}]({_file_name(name)}): {text.summary}")
        parts.append("\n".join(items))
    return _written("help", title, to_html("\n\n".join(parts)))


def _file_name(name: str) -> str:
    return f"dbar_{name}.html"


def _written(name: str, title: str, body: str) -> str:
    path = Path(QgsProcessingUtils.tempFolder()) / _file_name(name)
    path.write_text(
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{_PAGE_STYLE}</style></head>"
        f"<body>{body}</body></html>",
        encoding="utf-8",
    )
    return QUrl.fromLocalFile(str(path)).toString()


_PAGE_STYLE = (
    "body{max-width:46rem;margin:2rem auto;padding:0 1rem;line-height:1.5;"
    "font-family:system-ui,sans-serif;color-scheme:light dark}"
    "h3,code{font-family:ui-monospace,monospace}h3{margin-bottom:0}h3+p{margin-top:.3rem}"
)


def _inline(text: str) -> str:
    text = html.escape(" ".join(text.split()), quote=False)
    text = re.sub(r"\[([^\]]+)\]\(([^)]+)\)", r'<a href="\2">\1</a>', text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    return re.sub(r"`(.+?)`", r"<code>\1</code>", text)
