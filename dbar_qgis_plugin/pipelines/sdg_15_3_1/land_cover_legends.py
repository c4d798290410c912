"""Legends of land cover rasters: bundled ones as data files, and those of the user's own."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.about import PLUGIN_FOLDER
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.land_cover import (
    UNCCD_CLASSES,
    UNCCD_MEANING,
    CodeTable,
    code_table,
    meaning_matrix,
    transition_multiplier,
)

PRESETS: Final = (
    "unccd",
    "esa_cci",
    "modis_igbp",
    "cgls_lc100",
    "worldcover",
    "corine",
    "inpe",
)

_RESOURCES = PLUGIN_FOLDER / "resources"


class LegendClass(NamedTuple):
    """A class of a legend; `standard` is the UNCCD class (1..7) that it belongs to."""

    number: int
    name: str
    standard: int


@dataclass(frozen=True)
class Legend:
    """What the codes of a land cover raster stand for: a value, which compares and pickles.

    Parameters
    ----------
    name : str
        A preset, or "custom".
    codes : tuple of (code, class number)
        Class number 0 = no data.
    classes : tuple of LegendClass
        In the order of their numbers; the rank of a class is its place, from 1.
    """

    name: str
    codes: tuple[tuple[int, int], ...]
    classes: tuple[LegendClass, ...]

    @property
    def standards(self) -> tuple[int, ...]:
        """The UNCCD class of each class."""
        return tuple(entry.standard for entry in self.classes)

    @property
    def multiplier(self) -> int:
        """Multiply the rank before a change by this in transition codes."""
        return transition_multiplier(len(self.classes))

    @property
    def table(self) -> CodeTable:
        """The table that turns codes into ranks."""
        rank = {entry.number: place for place, entry in enumerate(self.classes, start=1)}
        rank[0] = 0
        try:
            return code_table(
                [code for code, _ in self.codes], [rank[number] for _, number in self.codes]
            )
        except ValueError as error:
            raise InputError(
                translate(
                    "Dbar",
                    "The codes of the legend lie more than a million apart. Number the land cover "
                    "classes with smaller codes.",
                )
            ) from error


def _preset(name: str) -> dict[str, Any]:
    text = (_RESOURCES / "land_cover" / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def preset_codes(name: str) -> tuple[tuple[int, int], ...]:
    """Codes of a bundled legend with their UNCCD classes; class 0 = no data."""
    found = _preset(name)
    return tuple(
        [(int(code), 0) for code in found["nodata"]]
        + [(int(entry["code"]), int(entry["class"])) for entry in found["codes"]]
    )


def _standard_classes(names: Sequence[str]) -> tuple[LegendClass, ...]:
    return tuple(LegendClass(k, name, k) for k, name in enumerate(names, start=1))


def preset_legend(name: str, class_names: Sequence[str]) -> Legend:
    """Bundled legend `name` (one of `PRESETS`); `class_names` are those of the UNCCD's classes."""
    return Legend(name, preset_codes(name), _standard_classes(class_names))


def custom_legend(
    codes: Sequence[tuple[int, int]],
    classes: Sequence[tuple[int, str, int]],
    class_names: Sequence[str],
    labels: tuple[str, str],
) -> Legend:
    """Legend of the user's own.

    Parameters
    ----------
    codes : sequence of (code, class number)
        Class number 0 = no data.
    classes : sequence of (class number, name, UNCCD class)
        In any order; empty = the UNCCD's seven classes.
    class_names : sequence of str
        Names of the UNCCD's classes.
    labels : (str, str)
        Names of the parameters that hold codes and classes, for messages.

    Raises
    ------
    InputError
        If the tables are empty or contradict themselves or each other.
    """
    of_codes, of_classes = labels
    if not codes:
        raise InputError(
            translate(
                "Dbar",
                "{parameter}: fill in the codes of the raster and their classes, or choose one of "
                "the legends that come with the plugin.",
            ),
            parameter=of_codes,
        )
    entries = sorted(LegendClass(*entry) for entry in classes) or _standard_classes(class_names)
    numbers = [entry.number for entry in entries]
    _check_classes(entries, of_classes)
    known: dict[int, int] = {}
    for code, number in codes:
        if known.setdefault(code, number) != number:
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: the code {code} stands for two classes, {first} and {second}.",
                ),
                parameter=of_codes,
                code=code,
                first=known[code],
                second=number,
            )
        if number != 0 and number not in numbers:
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: the code {code} stands for class {number}, which is not one of "
                    "the classes {classes}. Add it to {other}.",
                ),
                parameter=of_codes,
                code=code,
                number=number,
                classes=", ".join(map(str, numbers)),
                other=of_classes,
            )
    return Legend("custom", tuple(sorted(known.items())), tuple(entries))


def _check_classes(entries: Sequence[LegendClass], label: str) -> None:
    seen: set[int] = set()
    for entry in entries:
        if entry.number in seen:
            raise InputError(
                translate("Dbar", "{parameter}: class {number} is there twice."),
                parameter=label,
                number=entry.number,
            )
        if entry.number <= 0:
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: {number} is no class number. Number the classes from 1; 0 stands "
                    "for no data.",
                ),
                parameter=label,
                number=entry.number,
            )
        if not 1 <= entry.standard <= UNCCD_CLASSES:
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: class {number} has the UNCCD class {standard}; choose one of 1 "
                    "(trees) to 7 (water).",
                ),
                parameter=label,
                number=entry.number,
                standard=entry.standard,
            )
        seen.add(entry.number)


def standard_meaning() -> list[list[int]]:
    """Meaning of changes between the UNCCD's classes, to be edited; rows from, columns to."""
    return [list(row) for row in UNCCD_MEANING]


def legend_meaning(
    legend: Legend,
    standard: Sequence[Sequence[int]],
    exceptions: Mapping[tuple[int, int], int],
    label: str,
) -> NDArray[np.int8]:
    """Meaning of changes between the classes of a legend, by rank.

    Parameters
    ----------
    legend : Legend
        Gives the UNCCD class of each class.
    standard : 7 sequences of 7 int
        Meaning of changes between the UNCCD's classes: -1, 0 or 1.
    exceptions : mapping of (from, to) to meaning
        Class numbers of the legend, and -1, 0 or 1.
    label : str
        Name of the parameter that holds the exceptions, for messages.

    Raises
    ------
    InputError
        If an exception names a class that the legend does not have.
    """
    result = meaning_matrix(legend.standards, standard)
    rank = {entry.number: place for place, entry in enumerate(legend.classes)}
    for change, value in exceptions.items():
        for number in change:
            if number not in rank:
                raise InputError(
                    translate(
                        "Dbar",
                        "{parameter}: there is no class {number} in the legend, only {classes}.",
                    ),
                    parameter=label,
                    number=number,
                    classes=", ".join(map(str, rank)),
                )
        result[rank[change[0]], rank[change[1]]] = value
    return result


def climate_zone_factors() -> dict[int, float]:
    """Factor f of each IPCC climate zone; 0 where a zone has none."""
    path = _RESOURCES / "soil" / "climate_zones.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {int(row["zone"]): float(row["factor"]) for row in csv.DictReader(lines)}
