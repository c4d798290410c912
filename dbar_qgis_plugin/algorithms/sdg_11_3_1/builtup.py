"""Built-up rasters as the user gives them: what their cells hold, and which is of which year."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from qgis.core import QgsProcessingContext, QgsRasterLayer

from dbar_qgis_plugin.algorithms.base import DbarAlgorithm
from dbar_qgis_plugin.algorithms.inputs import raster_input, raster_layers
from dbar_qgis_plugin.algorithms.series import Series, raster_series
from dbar_qgis_plugin.errors import InputError, translate


class BuiltupKind(StrEnum):
    """What the cells of the built-up rasters hold."""

    BINARY = "binary"
    FRACTION = "fraction"
    PERCENT = "percent"
    SQUARE_METRES = "square_metres"
    CLASSES = "classes"
    FIRST_YEAR = "first_year"


def builtup_series(
    algorithm: DbarAlgorithm,
    parameters: Mapping[str, Any],
    rasters_name: str,
    years_name: str,
    kind: str,
    years: Sequence[float],
    context: QgsProcessingContext,
    *,
    fewest: int,
) -> Series:
    """Pair built-up rasters with years; of the year first built there is one raster for all."""
    label, years_label = (
        algorithm.parameterDefinition(name).description() for name in (rasters_name, years_name)
    )
    layers = raster_layers(algorithm, parameters, rasters_name, context)
    if not layers:
        raise InputError(
            translate("Dbar", "{parameter}: choose at least one raster."), parameter=label
        )
    if kind == BuiltupKind.FIRST_YEAR:
        return _first_year(layers, years, fewest, label, years_label)
    series = raster_series(label, layers, years, years_label)
    if len(series.years) < fewest:
        raise InputError(
            translate(
                "Dbar",
                "{parameter}: a rate needs at least two epochs; choose one raster per epoch, "
                "or one raster with a band per epoch.",
            ),
            parameter=label,
        )
    return series


def _first_year(
    layers: Sequence[QgsRasterLayer],
    years: Sequence[float],
    fewest: int,
    label: str,
    years_label: str,
) -> Series:
    if len(layers) != 1:
        raise InputError(
            translate(
                "Dbar",
                "{parameter}: cells that hold the year first built need one raster for all "
                "epochs, but {count} were chosen.",
            ),
            parameter=label,
            count=len(layers),
        )
    if len(years) < fewest:
        text = (
            translate("Dbar", "{parameter}: type the years to compute, such as 1990,2000,2015.")
            if fewest == 1
            else translate(
                "Dbar",
                "{parameter}: type at least two years at which to measure what had been built "
                "by then, such as 1990,2000,2015.",
            )
        )
        raise InputError(text, parameter=years_label)
    return Series(tuple(years), rasters=(raster_input(layers[0]),))


def builtup_classes(
    algorithm: DbarAlgorithm,
    parameters: Mapping[str, Any],
    name: str,
    kind: str,
    context: QgsProcessingContext,
) -> tuple[int, ...]:
    """Return the classes that are built-up land; none for rasters of another kind."""
    classes = class_numbers(algorithm, parameters, name, context)
    if kind != BuiltupKind.CLASSES:
        return ()
    if not classes:
        raise InputError(
            translate(
                "Dbar",
                "{parameter}: say which classes are built-up land, such as 50,190.",
            ),
            parameter=algorithm.parameterDefinition(name).description(),
        )
    return classes


def class_numbers(
    algorithm: DbarAlgorithm,
    parameters: Mapping[str, Any],
    name: str,
    context: QgsProcessingContext,
) -> tuple[int, ...]:
    """Read the class numbers that the user typed."""
    text = algorithm.parameterAsString(dict(parameters), name, context)
    pieces = [piece for piece in re.split(r"[,;，；\s]+", text.strip()) if piece]
    for piece in pieces:
        if not re.fullmatch(r"-?\d+", piece):
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: “{piece}” is not a class number. "
                    "Write whole numbers apart by commas, such as 50,190.",
                ),
                parameter=algorithm.parameterDefinition(name).description(),
                piece=piece,
            )
    return tuple(map(int, pieces))
