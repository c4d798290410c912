"""What the algorithms that start from a vegetation index share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
)

from dbar_qgis_plugin.algorithms.sdg_15_3_1.base import LandDegradationAlgorithm

Translate = Callable[[str, str], str]


class VegetationAlgorithm(LandDegradationAlgorithm):
    """Base of the algorithms that start from a vegetation index."""

    NDVI_SCALE: Final = "NDVI_SCALE"

    def _add_enum(
        self, name: str, label: str, options: tuple[str, ...], *, advanced: bool = False
    ) -> None:
        """Add a choice, of which the first is the default."""
        self.add(
            QgsProcessingParameterEnum(
                name, label, list(options), defaultValue=options[0], usesStaticStrings=True
            ),
            advanced=advanced,
        )

    def _add_number(
        self,
        name: str,
        label: str,
        default: float | None,
        least: float,
        most: float = 1e9,
        *,
        whole: bool = False,
        advanced: bool = False,
    ) -> None:
        """Add a number; without a default it may stay empty."""
        kind = Qgis.ProcessingNumberParameterType
        self.add(
            QgsProcessingParameterNumber(
                name,
                label,
                kind.Integer if whole else kind.Double,
                defaultValue=default,
                optional=default is None,
                minValue=least,
                maxValue=most,
            ),
            advanced=advanced,
        )

    def _add_scale(self, translate: Translate) -> None:
        self._add_number(
            self.NDVI_SCALE,
            translate("Dbar", "Scale of the vegetation index (empty: 10000 for whole numbers)"),
            None,
            1e-6,
            advanced=True,
        )

    def _number_or_none(
        self, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
    ) -> float | None:
        """Return a number that may stay empty."""
        if parameters.get(name) in (None, ""):
            return None
        return self.parameterAsDouble(dict(parameters), name, context)
