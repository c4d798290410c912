"""Small XML files that come with rasters: elements and their texts, whatever the encoding.

No entity is ever resolved and nothing outside the file is read, so a hostile file can do no more
than be refused.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Final

from dbar_qgis_plugin.errors import InputError, translate

_LARGEST_BYTES: Final = 16_000_000
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
_TOKEN = re.compile(
    r"<!--.*?-->|<\?.*?\?>"
    r"|<!\[CDATA\[(?P<raw>.*?)\]\]>"
    r"|<(?P<close>/?)(?P<tag>[A-Za-z_][\w.:-]*)(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*?(?P<empty>/?)>"
    r"|(?P<text>[^<]+)",
    re.DOTALL,
)


@dataclass
class Element:
    """An element: its name without prefix, its own text, and its children in order."""

    tag: str
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        """Yield this element and all below it, in the order of the file."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))

    def all(self, tag: str) -> list[Element]:
        """Return the elements of that name at any depth, this one included."""
        return [element for element in self.walk() if element.tag == tag]

    def first(self, tag: str) -> Element | None:
        """Return the first element of that name at any depth."""
        return next((element for element in self.walk() if element.tag == tag), None)


def read_xml(path: str | Path) -> tuple[Element, bool]:
    """Read an XML file.

    Parameters
    ----------
    path : str or Path
        In UTF-8, UTF-16, GB 2312, GBK or GB 18030, whatever its first line declares.

    Returns
    -------
    root : Element
    is_readable : bool
        False where bytes fit none of these encodings: names and numbers are read, other texts may
        be wrong.

    Raises
    ------
    InputError
        The file cannot be read, is a web page, or is no XML.
    """
    path = Path(path)
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise _damaged(path)
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            translate("Dbar", "{path} cannot be read: {reason}"), path=str(path), reason=str(error)
        ) from error
    text, is_readable = _decoded(data)
    if is_web_page(data):
        raise InputError(
            translate(
                "Dbar",
                "{path} is a web page (often that of a login), not the file that its name "
                "promises. Log in, then download it again.",
            ),
            path=str(path),
        )
    return _parsed(text, path), is_readable


def is_web_page(start: bytes) -> bool:
    """Tell whether the first bytes of a file are those of an HTML page."""
    head = start[:1024].lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html", b"<head", b"<body"))


def _decoded(data: bytes) -> tuple[str, bool]:
    """Text of a file.

    Chinese text in GB 2312 is never valid UTF-8 by chance, while UTF-8 may pass for GB 18030: so
    UTF-8 is tried first. What a file declares of itself is not always true.
    """
    declared = _DECLARED.search(data[:200])
    names = ["utf-8-sig", "gb18030"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        names = ["utf-16"]
    elif declared is not None and not declared[1].lower().startswith((b"gb", b"utf")):
        names.append(declared[1].decode("ascii"))
    for name in names:
        try:
            return data.decode(name), True
        except (UnicodeDecodeError, LookupError):
            names = names[1:]
    return data.decode("ascii", errors="replace"), False


def _parsed(text: str, path: Path) -> Element:
    top = Element("")
    open_elements = [top]
    place = 0
    for match in _TOKEN.finditer(text):
        if match.start() != place:
            raise _damaged(path)
        place = match.end()
        tag = match["tag"]
        if tag is None:
            open_elements[-1].text += match["raw"] or unescape(match["text"] or "")
        elif match["close"]:
            if len(open_elements) < 2 or open_elements.pop().tag != _local(tag):
                raise _damaged(path)
        else:
            element = Element(_local(tag))
            open_elements[-1].children.append(element)
            if not match["empty"]:
                open_elements.append(element)
    if place != len(text) or len(open_elements) != 1 or len(top.children) != 1:
        raise _damaged(path)
    for element in top.walk():
        element.text = element.text.strip()
    return top.children[0]


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _damaged(path: Path) -> InputError:
    return InputError(
        translate(
            "Dbar", "{path} is not XML, or is damaged or cut short. Take it from the product again."
        ),
        path=str(path),
    )
