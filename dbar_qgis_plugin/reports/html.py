"""Building blocks of self-contained HTML reports: one file, no network, for screen and paper.

Text goes through :func:`escape` unless it is :class:`Html` already, so that a city's name can never
become markup. Figures are plain plotly dictionaries; ``report.js`` beside this module draws them,
``report.css`` styles the page and adapts the figures to light and dark screens and to paper.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape as escape_text
from pathlib import Path
from typing import Any, NamedTuple

from dbar_qgis_plugin.errors import MissingDependencyError
from dbar_qgis_plugin.errors import translate as mark

Translate = Callable[[str, str], str]

MOST_PLAIN_ROWS = 60
UNDEFINED = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
GROUP_SEPARATOR = "\N{NARROW NO-BREAK SPACE}"
FONT_FAMILY = (
    "'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', 'Noto Sans', "
    "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
)
INK, FAINT_INK, GRID_LINE = "#1b2733", "#52616f", "#dde3e8"
# Of lines: told apart with any colour vision, on white and black.
LINE_COLOURS = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#b58900",
    "#56a5dd",
    "#8a5fbf",
    "#7d8a97",
)

# The page states itself that it loads nothing: a browser refuses whatever plotly could ask for.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)
_VOID = frozenset({"meta", "link", "input"})


class Html(str):
    """Text that is markup already and is not escaped again."""

    __slots__ = ()


@dataclass(frozen=True)
class Column:
    """A table's column: its label with the unit, and the label of the columns it stands under."""

    label: str
    numeric: bool = False
    above: str = ""


@dataclass(frozen=True)
class View:
    """A choice of a figure: which traces it shows, and a remark."""

    label: str
    traces: Sequence[int]
    note: str = ""


class Figure(NamedTuple):
    """A figure for plotly, and the choices it offers; the first is the one shown."""

    data: list[dict[str, Any]]
    layout: dict[str, Any]
    views: list[View]


def escape(value: object) -> Html:
    """Return `value` as markup."""
    return value if isinstance(value, Html) else Html(escape_text(str(value)))


def element(tag: str, *children: object, **attributes: object) -> Html:
    """Return an element; `class_` stands for class, `_` for `-`, True for an empty attribute."""
    text = "".join(
        f" {name.rstrip('_').replace('_', '-')}"
        + ("" if value is True else f'="{escape_text(str(value))}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    end = "" if tag in _VOID else f"</{tag}>"
    return Html(f"<{tag}{text}>{join(children)}{end}")


def join(parts: Sequence[object], separator: str = "") -> Html:
    """Return the parts, escaped where needed, one after the other."""
    return Html(separator.join(escape(part) for part in parts))


def finite(value: object) -> float | None:
    """Return `value` as a float, or None where it is missing, NaN or infinite."""
    if value is None:
        return None
    number_ = float(value)  # type: ignore[arg-type]
    return number_ if math.isfinite(number_) else None


def number(value: object, decimals: int = 2, *, signed: bool = False) -> str:
    """Format a number for reading: grouped digits, a true minus sign, an en dash if undefined."""
    known = finite(value)
    if known is None:
        return UNDEFINED
    rounded = round(known, decimals) + 0.0  # never a negative zero
    text = format(rounded, f"{'+' if signed and rounded else ''},.{decimals}f")
    return text.replace(",", GROUP_SEPARATOR).replace("-", MINUS)


def to_json(value: object) -> Html:
    """Return JSON that is safe inside a script element; refuses NaN and infinity."""
    text = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Html(text)


def plot_text(value: object) -> str:
    """Return text for a plotly label, which would take `<` for its own small markup language."""
    return escape_text(str(value), quote=False)


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[object]],
    *,
    caption: str,
    class_: str | None = None,
) -> Html:
    """Return a table whose first column names the rows; it scrolls sideways where it must."""
    body = element("tbody", _table_rows(columns, rows))
    return _scrolling(caption, _head(columns), body, class_)


def long_table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[object]],
    translate: Translate,
    *,
    caption: str,
    class_: str | None = None,
    first: int = 200,
) -> Html:
    """Return a table that sorts and filters, and shows the `first` rows until told otherwise."""
    count = translate("Dbar", "{shown} of {total} rows")
    shown = min(first, len(rows))
    controls = element(
        "div",
        element(
            "label",
            element("span", translate("Dbar", "Filter")),
            element("input", type="search", autocomplete="off", spellcheck="false"),
            class_="control screen",
        ),
        element(
            "span",
            count.format(shown=shown, total=len(rows)),
            class_="count",
            role="status",
            data_template=count,
        ),
        element("button", translate("Dbar", "Show all rows"), type="button", class_="more screen"),
        class_="controls",
    )
    body = element("tbody", _table_rows(columns, rows[:first]))
    rest = element("template", _table_rows(columns, rows[first:]))
    framed = _scrolling(caption, _head(columns, sortable=True), body, class_)
    return element("div", controls, framed, rest, class_="long-table", data_first=first)


def figure(
    identifier: str, figure: Figure, *, label: str, caption: str, view_label: str = ""
) -> Html:
    """Return a drawing with its caption and, where there is a choice, a list named `view_label`."""
    controls = Html()
    if len(figure.views) > 1:
        options = (element("option", view.label, value=i) for i, view in enumerate(figure.views))
        chooser = element("select", *options, autocomplete="off")
        controls = element(
            "div",
            element("label", element("span", view_label), chooser, class_="control"),
            class_="controls",
        )
    drawing = element(
        "div",
        id=identifier,
        class_="chart",
        role="img",
        aria_label=label,
        style=f"height:{figure.layout['height']}px",
    )
    note = element("span", figure.views[0].note if figure.views else "", class_="note")
    spec = {
        "data": figure.data,
        "layout": figure.layout,
        "views": [{"traces": list(view.traces), "note": view.note} for view in figure.views],
    }
    return element(
        "figure",
        controls,
        drawing,
        element("figcaption", caption, " ", note),
        element("script", to_json(spec), type="application/json"),
        class_="plot",
    )


def base_layout(height: int, **layout: object) -> dict[str, Any]:
    """Return the layout that all figures share, with `layout` on top."""
    return {
        "height": height,
        "margin": {"l": 56, "r": 16, "t": 16, "b": 48},
        "font": {"family": FONT_FAMILY, "size": 12, "color": INK},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "showlegend": True,
        "hoverlabel": {"font": {"family": FONT_FAMILY, "size": 12}},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
        **layout,
    }


def axis(title: str, **settings: object) -> dict[str, Any]:
    """Return an axis in the reports' style; its title names the unit."""
    return {
        "title": {"text": title, "standoff": 8},
        "gridcolor": GRID_LINE,
        "linecolor": FAINT_INK,
        "zerolinecolor": FAINT_INK,
        "zerolinewidth": 1,
        "automargin": True,
        **settings,
    }


def reference_line(
    start: tuple[object, object], end: tuple[object, object], **settings: object
) -> dict[str, Any]:
    """Return a dotted line from one point to another."""
    line = {"color": FAINT_INK, "width": 1.5, "dash": "dot"}
    ends = {"x0": start[0], "y0": start[1], "x1": end[0], "y1": end[1]}
    return {"type": "line", "layer": "below", "line": line, **ends, **settings}


def fitting_table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[object]],
    translate: Translate,
    caption: str,
    class_: str | None = None,
) -> Html:
    """Return a plain table, or a long one where there are many rows."""
    if len(rows) > MOST_PLAIN_ROWS:
        return long_table(columns, rows, translate, caption=caption, class_=class_)
    return table(columns, rows, caption=caption, class_=class_)


def codes(names: Iterable[str]) -> Html:
    """Return codes such as NO_DATA, which may break after an underscore."""
    breakable = (Html(escape(name).replace("_", "_<wbr>")) for name in names)
    return join([element("code", name) for name in breakable], " ")


def section(identifier: str, title: str, *parts: object) -> Html:
    """Return a section with its heading, which links can point to."""
    heading = f"{identifier}-title"
    return element(
        "section",
        element("h2", title, id=heading),
        *parts,
        id=identifier,
        aria_labelledby=heading,
    )


def definitions(pairs: Iterable[tuple[str, object]], class_: str) -> Html:
    """Return a list of names and what they stand for."""
    items = (element("div", element("dt", name), element("dd", value)) for name, value in pairs)
    return element("dl", *items, class_=class_)


def header(
    kicker: str, title: str, lead: str, facts: Iterable[tuple[str, object]], *parts: object
) -> Html:
    """Return the head of a report: what it is, and the facts of the run."""
    return element(
        "header",
        element("p", kicker, class_="kicker"),
        element("h1", title),
        element("p", lead, class_="lead"),
        definitions(facts, "facts"),
        *parts,
    )


def software_facts(created: str, version: str, translate: Translate) -> list[tuple[str, object]]:
    """Return when and with what a report was made, for its head."""
    return [
        (translate("Dbar", "Created"), created),
        (translate("Dbar", "Computed with"), f"DBAR SDG Tools {version}"),
    ]


def warning_notice(count: int, where: str, identifier: str, translate: Translate) -> Html:
    """Return a note that there are warnings, with a link to the section that holds them."""
    if not count:
        return Html()
    text = translate("Dbar", "Warnings: {count}. Read them before you use these figures:")
    link = element("a", where, href=f"#{identifier}")
    return element("p", text.format(count=count), " ", link, class_="notice")


def provenance(
    inputs: object, parameters: Mapping[str, str], sources: Sequence[str], translate: Translate
) -> Html:
    """Return the last section of a report: inputs, parameters, and how to cite the method."""
    return section(
        "provenance",
        translate("Dbar", "Inputs and method"),
        inputs,
        element("h3", translate("Dbar", "Parameters")),
        definitions(parameters.items(), "parameters"),
        element("h3", translate("Dbar", "How to cite the method")),
        element("ul", *(element("li", source) for source in sources)),
    )


def records(columns: Mapping[str, Sequence[object]]) -> list[dict[str, object]]:
    """Return the rows of a table that is given by its columns."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def document(title: str, *sections: object, translate: Translate) -> str:
    """Return the whole page around `sections`."""
    # Translators: the language code of your translation, for example zh-Hans.
    language = translate("Dbar", "en")
    here = Path(__file__).parent
    style = (here / "report.css").read_text(encoding="utf-8")
    script = (here / "report.js").read_text(encoding="utf-8")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("link", rel="icon", href="data:,"),
        element("title", title),
        element("style", Html(style)),
    )
    body = element(
        "body",
        element(
            "noscript",
            element(
                "p",
                translate("Dbar", "The charts need JavaScript. The tables hold all their values."),
                class_="notice page",
            ),
        ),
        element("main", *sections, class_="page"),
        element("script", Html(_plotly_script())),
        element("script", Html(script)),
    )
    return f"<!DOCTYPE html>\n{element('html', head, body, lang=language)}\n"


def _plotly_script() -> str:
    try:
        from plotly.offline import get_plotlyjs  # may be absent, and is slow to load
    except ImportError as error:
        raise MissingDependencyError(
            mark(
                "Dbar",
                "The report needs the Python library plotly, which is not installed. Install "
                "plotly for QGIS's Python, or leave the report's file name empty.",
            )
        ) from error
    # Either text would end or hide the script element; in JavaScript the escapes change nothing.
    return str(get_plotlyjs()).replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _scrolling(caption: str, head: Html, body: Html, class_: str | None) -> Html:
    title = element("caption", element("span", caption))
    framed = element("table", title, head, body, class_=class_)
    return element("div", framed, class_="scroll", role="region", aria_label=caption, tabindex="0")


def _head(columns: Sequence[Column], *, sortable: bool = False) -> Html:
    """Return one row of headers, or two where columns stand under common labels."""
    two_rows = any(column.above for column in columns)
    upper: list[Html] = []
    lower: list[Html] = []
    for index, column in enumerate(columns):
        label: object = column.label
        if sortable:
            # Beside the label, not around it: browsers do not repeat buttons on printed pages.
            label = join([label, element("button", type="button", aria_label=column.label)], " ")
        spans_both = two_rows and not column.above
        cell = element(
            "th",
            label,
            scope="col",
            class_=_column_class(columns, index),
            rowspan=2 if spans_both else None,
            data_column=index if sortable else None,
        )
        (upper if spans_both else lower).append(cell)
        if column.above and _starts(columns, index):
            others = [other.above != column.above for other in columns[index:]]
            width = others.index(True) if True in others else len(others)
            upper.append(
                element("th", column.above, scope="colgroup", colspan=width, class_="gap above")
            )
    return element("thead", *(element("tr", *cells) for cells in (upper, lower) if cells))


def _table_rows(columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> Html:
    """Return rows without the end tags that HTML lets us leave out: tables can be long."""
    classes = (_column_class(columns, index) for index in range(1, len(columns)))
    starts = ["<tr><th scope=row>", *(f'<td class="{c}">' if c else "<td>" for c in classes)]
    lines = (
        "".join(start + escape(cell) for start, cell in zip(starts, row, strict=True))
        for row in rows
    )
    return Html("\n".join(lines))


def _starts(columns: Sequence[Column], index: int) -> bool:
    return index == 0 or columns[index - 1].above != columns[index].above


def _column_class(columns: Sequence[Column], index: int) -> str | None:
    """Return `n` for numbers, and `gap` where a column must keep off the one before it."""
    column = columns[index]
    text_after_number = index > 0 and columns[index - 1].numeric and not column.numeric
    gap = text_after_number or (bool(column.above) and _starts(columns, index))
    return " ".join(name for name, holds in (("n", column.numeric), ("gap", gap)) if holds) or None
