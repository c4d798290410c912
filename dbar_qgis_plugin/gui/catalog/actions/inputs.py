"""Layers become the inputs of an algorithm's dialog, in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from qgis.core import (
    QgsApplication,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingParameterEnum,
    QgsRasterLayer,
)

from dbar_qgis_plugin.catalog.model import Item
from dbar_qgis_plugin.catalog.roles import roles_of
from dbar_qgis_plugin.gui.catalog.actions.opening import Choice

PROVIDER: Final = "dbar"
# In the metadata of parameters.
ROLE: Final = "dbar_role"
DATES: Final = "dbar_dates"
_SEVERAL: Final = "multilayer"
_WHOLE_YEARS: Final = ("YEARS",)
# By role and unit: what cells hold, as the algorithms name it. "1" says so of decimals only:
# whole numbers may be classes.
_KINDS: Final = {
    "builtup": {
        "1": ("fraction", "share"),
        "%": ("percent",),
        "m2": ("square_metres",),
        "m²": ("square_metres",),
        "m^2": ("square_metres",),
    }
}


class Fitting(NamedTuple):
    """An algorithm that takes data."""

    id: str
    title: str
    group: str


def fitting_algorithms(choices: Sequence[Choice]) -> list[Fitting]:
    """Return the plugin's algorithms that have an input for each of some data."""
    provider = QgsApplication.processingRegistry().providerById(PROVIDER)
    if provider is None or not choices:
        return []
    roles = [set(roles_of(choice.item, choice.asset)) for choice in choices]
    found = []
    for algorithm in provider.algorithms():
        wanted = wanted_roles(algorithm)
        if all(own & wanted for own in roles):
            found.append(Fitting(algorithm.id(), algorithm.displayName(), algorithm.group()))
    return sorted(found, key=lambda fitting: (fitting.group, fitting.title))


def wanted_roles(algorithm: QgsProcessingAlgorithm) -> set[str]:
    """Return the roles of all inputs of an algorithm."""
    return {
        role
        for definition in algorithm.parameterDefinitions()
        for role in str(definition.metadata().get(ROLE, "")).split()
    }


def filled(
    algorithm: QgsProcessingAlgorithm, layers: Mapping[Choice, QgsMapLayer]
) -> dict[str, Any]:
    """Return parameters with layers as the inputs that they are for.

    An input of one layer takes the earliest that is left, one of several takes all of its role;
    their dates are typed where the algorithm has a place for them.
    """
    wanted = wanted_roles(algorithm)
    left = sorted(layers, key=lambda choice: _moment(choice.item))
    parameters: dict[str, Any] = {}
    for definition in algorithm.parameterDefinitions():
        roles = set(str(definition.metadata().get(ROLE, "")).split())
        takes = [choice for choice in left if _best_role(choice, wanted) in roles]
        if definition.type() != _SEVERAL:
            takes = takes[:1]
        if not takes:
            continue
        left = [choice for choice in left if choice not in takes]
        chosen = [layers[choice] for choice in takes]
        ids = [layer.id() for layer in chosen]
        parameters[definition.name()] = ids if definition.type() == _SEVERAL else ids[0]
        parameters.update(dates_of(definition.metadata(), chosen))
        parameters.update(_kind_of(algorithm, definition.name(), roles, takes))
    return parameters


def dates_of(metadata: Mapping[str, Any], layers: Sequence[QgsMapLayer]) -> dict[str, str]:
    """Return the parameter in which the dates of layers are typed, if all have one of their own.

    Bands of a single raster have dates that the raster does not tell.
    """
    name = str(metadata.get(DATES) or "")
    spans = [span for layer in layers if (span := _span(layer)) is not None]
    if not name or len(layers) < 2 or len(spans) < len(layers):
        return {}
    years = [str(last.year) for _, last in spans]
    texts = (
        years
        if len(set(years)) == len(years) or name.endswith(_WHOLE_YEARS)
        else [str(first) for first, _ in spans]
    )
    return {name: ",".join(texts)} if len(set(texts)) == len(texts) else {}


def _kind_of(
    algorithm: QgsProcessingAlgorithm, name: str, roles: Iterable[str], choices: Sequence[Choice]
) -> dict[str, Any]:
    """Return the parameter that says what an input's cells hold, where one unit tells it of all."""
    kind = algorithm.parameterDefinition(f"{name}_KIND")
    units = {_unit(choice) for choice in choices}
    if not isinstance(kind, QgsProcessingParameterEnum) or len(units) != 1:
        return {}
    (unit,) = units
    told = [word for role in roles for word in _KINDS.get(role, {}).get(unit, ())]
    options = kind.options()
    found = [word for word in told if word in options]
    if not found:
        return {}
    return {kind.name(): found[0] if kind.usesStaticStrings() else options.index(found[0])}


def _unit(choice: Choice) -> str:
    """Return the unit that all bands of a raster have; "" if they differ, or may be classes."""
    raw = choice.asset.raw
    bands = next((raw[key] for key in ("bands", "raster:bands") if raw.get(key)), [{}])
    if not isinstance(bands, list) or not all(isinstance(band, Mapping) for band in bands):
        return ""
    facts = {
        (str(band.get("unit") or raw.get("unit") or ""), _is_decimal({**raw, **band}))
        for band in bands
    }
    unit, is_decimal = facts.pop()
    return "" if facts or (unit == "1" and not is_decimal) else unit


def _is_decimal(facts: Mapping[str, Any]) -> bool:
    return str(facts.get("data_type", "")).startswith("float")


def _best_role(choice: Choice, wanted: set[str]) -> str:
    """Return the likeliest role of data that an algorithm has an input for."""
    return next((role for role in roles_of(choice.item, choice.asset) if role in wanted), "")


def _moment(item: Item) -> str:
    return str(item.begin or item.end or "")


def _span(layer: QgsMapLayer) -> tuple[date, date] | None:
    """Return first and last day of a layer."""
    if not isinstance(layer, QgsRasterLayer) or not layer.temporalProperties().isActive():
        return None
    span = layer.temporalProperties().fixedTemporalRange()
    if not span.begin().isValid() or not span.end().isValid():
        return None
    return span.begin().date().toPyDate(), span.end().date().toPyDate()


def ordered(layers: Iterable[QgsMapLayer]) -> list[QgsMapLayer]:
    """Return layers in order of time."""
    return sorted(layers, key=lambda layer: str((_span(layer) or ("",))[0]))
