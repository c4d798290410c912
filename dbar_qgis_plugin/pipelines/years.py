"""Years of epochs: typed by the user, or read from the names of layers, files, bands and fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from dbar_qgis_plugin.errors import InputError, translate

# Names are cut at everything that is neither letter nor digit, and each piece is judged alone.
_PIECES = re.compile(r"[^0-9A-Za-z]+")
# GHSL writes the epoch as E1990; it outranks every other number in the name.
_EPOCH = re.compile(r"[Ee]((?:1[89]|20)\d\d)")
# R2023A or V2010 is a release of the product, WGS1984 a datum, 2000m a cell size.
_NO_YEAR = re.compile(r"(?:[RrVv]\d{4}[A-Za-z]?|[Ww][Gg][Ss]\d*|\d+k?m)")
_DATE = re.compile(r"(?<!\d)((?:1[89]|20)\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:1[89]|20)\d\d)(?!\d)")


def parse_years(text: str, parameter: str) -> tuple[float, ...]:
    """Read years typed by the user.

    Parameters
    ----------
    text : str
        Numbers apart by commas, semicolons or spaces: "1990, 2000.5, 2015". A decimal part is the
        share of the year gone by.
    parameter : str
        Name of the parameter, for messages.

    Returns
    -------
    tuple of float
        Strictly increasing; empty when `text` holds nothing.

    Raises
    ------
    InputError
        A piece is not a year, or the years do not increase.
    """
    years = []
    for piece in re.split(r"[,;，；、\s]+", text.strip()):
        if not piece:
            continue
        if not re.fullmatch(r"\d{4}(?:\.\d+)?", piece):
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: “{piece}” is not a year. Write the years apart by commas, "
                    "such as 1990,2000,2015.",
                ),
                parameter=parameter,
                piece=piece,
            )
        years.append(float(piece))
    for earlier, later in pairwise(years):
        if later <= earlier:
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: the years must increase, but {later} comes after {earlier}. "
                    "Put the years, and the layers with them, in order of time.",
                ),
                parameter=parameter,
                earlier=year_text(earlier),
                later=year_text(later),
            )
    return tuple(years)


def year_text(year: float) -> str:
    """Write a year without a decimal part it does not have."""
    return f"{year:.10g}"


def year_number(year: float) -> float:
    """Year as a table holds it: a whole number where it is one."""
    return int(year) if year == int(year) else year


def years_in_name(name: str) -> tuple[int, ...]:
    """Find the years that a name speaks of.

    Parameters
    ----------
    name : str
        Such as "GHS_BUILT_S_E1990_GLOBE_R2023A_54009_100_V1_0" (1990) or "pop_2020_1km" (2020).

    Returns
    -------
    tuple of int
        Every year found, each once, in the order of the name.
    """
    pieces = [piece for piece in _PIECES.split(name) if piece]
    epochs = [match[1] for piece in pieces if (match := _EPOCH.fullmatch(piece))]
    if epochs:
        return tuple(dict.fromkeys(map(int, epochs)))
    years: list[str] = []
    for before, piece in zip(["", *pieces], pieces, strict=False):
        if _NO_YEAR.fullmatch(piece) or before.lower() == "wgs":
            continue
        date = _DATE.search(piece)
        years += [date[1]] if date else _YEAR.findall(piece)
    return tuple(dict.fromkeys(map(int, years)))


def years_from_names(names: Sequence[Sequence[str]], parameter: str) -> tuple[int, ...]:
    """Read the year of each layer from its names.

    A year that stands in the names of all layers says nothing about their epochs (the release of
    the product, say) and is left aside where another year tells the layers apart.

    Parameters
    ----------
    names : sequence of sequence of str
        For each layer the names to look at, the most telling first: layer, file, band.
    parameter : str
        Name of the parameter in which the user can type the years instead, for messages.

    Returns
    -------
    tuple of int
        One year per layer, in the order given.

    Raises
    ------
    InputError
        A layer names no year, or more than one, or two layers name the same.
    """
    found = [[set(years_in_name(name)) for name in of_layer] for of_layer in names]
    everywhere = (
        set.intersection(*(set().union(*of_layer) for of_layer in found))
        if len(found) > 1
        else set()
    )
    years = [
        _one_year(sets, everywhere, of, parameter) for sets, of in zip(found, names, strict=True)
    ]
    for position, year in enumerate(years):
        if year in years[:position]:
            raise InputError(
                translate(
                    "Dbar",
                    "“{first}” and “{second}” both name the year {year}. "
                    "Type the years in “{parameter}”.",
                ),
                first=names[years.index(year)][0],
                second=names[position][0],
                year=year,
                parameter=parameter,
            )
    return tuple(years)


def _one_year(
    sets: Sequence[set[int]], everywhere: set[int], names: Sequence[str], parameter: str
) -> int:
    """Choose the year of one layer from the years found in each of its names."""
    for years in sets:
        telling = years - everywhere or years
        if len(telling) == 1:
            return next(iter(telling))
        if telling:
            raise InputError(
                translate(
                    "Dbar",
                    "“{name}” names more than one year ({years}). Type the years in “{parameter}”.",
                ),
                name=names[0],
                years=", ".join(map(str, sorted(telling))),
                parameter=parameter,
            )
    raise InputError(
        translate(
            "Dbar",
            "No year in the name “{name}”. Type the years in “{parameter}”.",
        ),
        name=names[0],
        parameter=parameter,
    )
