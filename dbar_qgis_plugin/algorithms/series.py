"""Layers and fields through time: which raster, band or field is of which year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsRasterLayer

from dbar_qgis_plugin.algorithms.inputs import raster_input
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.inputs import RasterInput
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
    bands = range(1, layers[0].bandCount() + 1) if len(layers) == 1 else (1,)
    rasters: list[RasterInput] = []
    names: list[list[str]] = []
    for layer in layers:
        for band in bands:
            name = f"{layer.name()}, {layer.bandName(band)}" if len(bands) > 1 else layer.name()
            raster = raster_input(layer, band, name)
            file_name = Path(raster.path).stem
            description = layer.dataProvider().bandDescription(band)
            rasters.append(raster)
            # With a band per epoch the layer and its file cannot tell the epochs apart, and may
            # well name the first and the last of them.
            names.append(
                [description or layer.bandName(band)]
                if len(bands) > 1
                else [name, file_name, description]
            )
    order, years, warnings = _years(label, names, typed, years_label)
    if len(layers) > 1:
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
    ordered = tuple(rasters[position] for position in order)
    notes = _notes(label, years, [raster.name for raster in ordered])
    return Series(years, rasters=ordered, notes=notes, warnings=tuple(warnings))


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
