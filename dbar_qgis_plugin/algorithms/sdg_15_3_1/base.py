"""What the algorithms of SDG 15.3.1 share: their group, and rasters with years."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from qgis.core import QgsProcessingContext
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import DbarAlgorithm
from dbar_qgis_plugin.algorithms.inputs import raster_layers
from dbar_qgis_plugin.algorithms.series import Series, raster_series
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.years import parse_years

Translate = Callable[[str, str], str]


class LandDegradationAlgorithm(DbarAlgorithm):
    """Base of the algorithms of SDG 15.3.1."""

    YEARS: Final = "YEARS"

    def group(self) -> str:
        return QCoreApplication.translate("Dbar", "SDG 15.3.1 Land degradation")

    def groupId(self) -> str:
        return "sdg1531"

    # -- values

    def _add_years(self, labels: Iterable[tuple[str, str]], *, advanced: bool = True) -> None:
        """Add years that may stay empty."""
        for name, label in labels:
            self._add_number(name, label, None, 1800, 2200, whole=True, advanced=advanced)

    def _year(
        self, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
    ) -> int | None:
        """Return a year that may stay empty."""
        year = self._number_or_none(parameters, name, context)
        return None if year is None else int(year)

    def _through_time(
        self, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
    ) -> Series:
        """Pair the rasters of a parameter, or the bands of a single one, with their years."""
        layers = raster_layers(self, parameters, name, context)
        if not layers:
            raise InputError(
                translate("Dbar", "{parameter}: choose at least one raster."),
                parameter=self._label(name),
            )
        label = self._label(self.YEARS)
        typed = parse_years(self.parameterAsString(dict(parameters), self.YEARS, context), label)
        return raster_series(self._label(name), layers, typed, label)
