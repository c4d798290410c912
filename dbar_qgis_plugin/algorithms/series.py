"""Layers and fields through time: which raster, band or field is of which year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from qgis.core import QgsRasterLayer

from dbar_qgis_plugin.algorithms.inputs import raster_input, raster_title
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.dates import Period, periods_from_names, periods_in_name
from dbar_qgis_plugin.pipelines.inputs import RasterInput, open_input
from dbar_qgis_plugin.pipelines.night_light.light_bands import DATE
from dbar_qgis_plugin.pipelines.years import year_text, years_from_names
from dbar_qgis_plugin.raster_io.progress import Message, message


@dataclass(frozen=True)
class Series:
    """Rasters or fields in order of time, a year to each, and what to tell the user about it."""

    years: tuple[float, ...]
    rasters: tuple[RasterInput, ...] = ()
    fields: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True)
class DatedSeries:
    """Rasters in order of time, a day, month or year to each, and what to tell about it."""

    periods: tuple[Period, ...]
    rasters: tuple[RasterInput, ...]
    notes: tuple[Message, ...] = ()
    warnings: tuple[Message, ...] = ()


def raster_series(
    label: str, layers: Sequence[QgsRasterLayer], typed: Sequence[float], years_label: str
) -> Series:
    """Pair rasters, or the bands of a single one, with years.

    Parameters
    ----------
    label : str
        Name of the parameter that holds the layers, for messages.
    layers : sequence of QgsRasterLayer
        One per epoch, or one with a band per epoch.
    typed : sequence of float
        Years as the user typed them, paired in the order given; empty = read from the names, and
        put in order of time together with the layers.
    years_label : str
        Name of the parameter in which years are typed.
    """
    rasters, names, warnings = _entries(layers)
    order, years, contradictions = _years(label, names, typed, years_label)
    warnings = contradictions + warnings
    ordered = tuple(rasters[position] for position in order)
    notes = _notes(label, years, [raster.name for raster in ordered])
    return Series(years, rasters=ordered, notes=notes, warnings=tuple(warnings))


def dated_series(
    label: str,
    layers: Sequence[QgsRasterLayer],
    typed: Sequence[Period],
    dates_label: str,
    band: int | None = None,
) -> DatedSeries:
    """Pair rasters, or the bands of a single one, with days, months or years.

    Parameters
    ----------
    label : str
        Name of the parameter that holds the layers, for messages.
    layers : sequence of QgsRasterLayer
        One per date, or one with a band per date.
    typed : sequence of Period
        Dates as the user typed them, in the order of the layers; empty = those that the files state
        in their metadata, else those in the names.
    dates_label : str
        Name of the parameter in which dates are typed.
    band : int, optional
        The band of each layer that is meant; bands are then no dates.
    """
    rasters, names, warnings = _entries(layers, band)
    if typed and len(typed) != len(rasters):
        raise InputError(
            translate(
                "Dbar",
                "{label}: {count} were chosen, but {dates} names {date_count} dates. There must be "
                "one for each raster.",
            ),
            label=label,
            count=len(rasters),
            dates=dates_label,
            date_count=len(typed),
        )
    periods = tuple(typed)
    if not typed:
        if len(rasters) == len(layers):
            stated = [dict(open_input(raster).info.tags).get(DATE, "") for raster in rasters]
            # A date that the file states outranks all names.
            names = [
                [text] if periods_in_name(text) else own
                for text, own in zip(stated, names, strict=True)
            ]
        periods = periods_from_names(names, dates_label)
    order = sorted(range(len(rasters)), key=periods.__getitem__)
    for earlier, later in pairwise(order):
        if periods[earlier].first == periods[later].first:
            raise InputError(
                translate(
                    "Dbar",
                    "{label}: “{first}” and “{second}” are both of {date}. Give one raster for "
                    "each date, or type the dates in “{dates}”.",
                ),
                label=label,
                first=rasters[earlier].name,
                second=rasters[later].name,
                date=str(periods[earlier]),
                dates=dates_label,
            )
    notes = [
        message(
            translate("Dbar", "{label}: {year} ← {name}"),
            label=label,
            year=str(periods[position]),
            name=rasters[position].name,
        )
        for position in order
    ]
    return DatedSeries(
        tuple(periods[position] for position in order),
        tuple(rasters[position] for position in order),
        tuple(notes),
        tuple(warnings),
    )


def _entries(
    layers: Sequence[QgsRasterLayer], band: int | None = None
) -> tuple[list[RasterInput], list[list[str]], list[Message]]:
    """Return a raster for each layer, or band of a single layer, its names, and warnings."""
    bands: Sequence[int] = (1,)
    if band is not None:
        bands = (band,)
    elif len(layers) == 1:
        bands = range(1, layers[0].bandCount() + 1)
    rasters: list[RasterInput] = []
    names: list[list[str]] = []
    for layer in layers:
        for number in bands:
            name = raster_title(layer, number)
            if len(bands) > 1 and name == layer.name():
                name = f"{name}, {layer.bandName(number)}"
            raster = raster_input(layer, number, name)
            file_name = Path(raster.path).stem
            description = layer.dataProvider().bandDescription(number)
            rasters.append(raster)
            # With a band per epoch the layer and its file cannot tell the epochs apart, and may
            # well name the first and the last of them.
            names.append(
                [description or layer.bandName(number)]
                if len(bands) > 1
                else [name, file_name, description]
            )
    warnings = []
    if len(layers) > 1 and band is None:
        warnings += [
            message(
                translate("Dbar", "“{name}” has {count} bands; the first is used."),
                name=layer.name(),
                count=layer.bandCount(),
            )
            for layer in layers
            if layer.bandCount() > 1
        ]
    warnings += [
        message(
            translate(
                "Dbar",
                "The no-data values set for “{name}” in QGIS are not used; those of its file are.",
            ),
            name=layer.name(),
        )
        for layer in layers
        if _has_own_nodata(layer)
    ]
    return rasters, names, warnings


def field_series(
    label: str, fields: Sequence[str], typed: Sequence[float], years_label: str
) -> Series:
    """Pair fields with years, in the same way as `raster_series` does with rasters."""
    order, years, warnings = _years(label, [[name] for name in fields], typed, years_label)
    ordered = tuple(fields[position] for position in order)
    notes = _notes(label, years, ordered)
    return Series(years, fields=ordered, notes=notes, warnings=tuple(warnings))


def _has_own_nodata(layer: QgsRasterLayer) -> bool:
    """Tell whether the layer's properties treat other values as no data than the file does."""
    provider = layer.dataProvider()
    return any(
        provider.userNoDataValues(band)
        or (provider.sourceHasNoDataValue(band) and not provider.useSourceNoDataValue(band))
        for band in range(1, layer.bandCount() + 1)
    )


def _years(
    label: str, names: Sequence[Sequence[str]], typed: Sequence[float], years_label: str
) -> tuple[list[int], tuple[float, ...], list[Message]]:
    """Return the order of the entries, their years in that order, and warnings."""
    if not typed:
        found = years_from_names(names, years_label)
        order = sorted(range(len(names)), key=found.__getitem__)
        return order, tuple(float(found[position]) for position in order), []
    if len(typed) != len(names):
        raise InputError(
            translate(
                "Dbar",
                "{label}: {count} were chosen, but {years} names {year_count} years ({listed}). "
                "There must be one for each year.",
            ),
            label=label,
            count=len(names),
            years=years_label,
            year_count=len(typed),
            listed=", ".join(map(year_text, typed)),
        )
    return list(range(len(names))), tuple(typed), _contradictions(names, typed, years_label)


def _contradictions(
    names: Sequence[Sequence[str]], typed: Sequence[float], years_label: str
) -> list[Message]:
    """Warn where the names speak of other years than those typed: a likely mix-up of the order."""
    try:
        found = years_from_names(names, years_label)
    except InputError:
        return []
    return [
        message(
            translate(
                "Dbar",
                "“{name}” is taken for {year}, as typed, though its name says {named}. "
                "Check the order of the layers.",
            ),
            name=of_entry[0],
            year=year_text(year),
            named=named,
        )
        for of_entry, year, named in zip(names, typed, found, strict=True)
        if int(year) != named
    ]


def _notes(label: str, years: Sequence[float], names: Sequence[str]) -> tuple[Message, ...]:
    return tuple(
        message(
            translate("Dbar", "{label}: {year} ← {name}"),
            label=label,
            year=year_text(year),
            name=name,
        )
        for year, name in zip(years, names, strict=True)
    )
