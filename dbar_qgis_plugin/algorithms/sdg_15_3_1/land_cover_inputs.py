"""What the algorithms that read land cover share: its parameters, and legends from tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterMatrix,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
    QgsVariantUtils,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QColor

from dbar_qgis_plugin.algorithms.sdg_15_3_1.base import LandDegradationAlgorithm, Translate
from dbar_qgis_plugin.algorithms.sdg_15_3_1.classes import (
    LAND_COVER_COLOURS,
    land_cover_classes,
)
from dbar_qgis_plugin.algorithms.series import Series
from dbar_qgis_plugin.algorithms.tables import TableWriter
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_change import UNKNOWN_SHARE, LandCoverSeries
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_legends import (
    PRESETS,
    Legend,
    custom_legend,
    preset_codes,
    preset_legend,
)

CUSTOM: Final = "custom"
_LIGHTER: Final = 30  # percent


class LandCoverAlgorithm(TableWriter, LandDegradationAlgorithm):
    """Base of the algorithms that read land cover maps with a legend."""

    LAND_COVER: Final = "LAND_COVER"
    YEAR_INITIAL: Final = "YEAR_INITIAL"
    YEAR_FINAL: Final = "YEAR_FINAL"
    LEGEND: Final = "LEGEND"
    CODES: Final = "CODES"
    CLASSES: Final = "CLASSES"
    MAX_UNKNOWN: Final = "MAX_UNKNOWN"
    AREAS: Final = ("DEGRADED_KM2", "STABLE_KM2", "IMPROVED_KM2")

    def _add_land_cover(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.LAND_COVER,
                translate("Dbar", "Land cover rasters, one per date"),
                Qgis.ProcessingSourceType.Raster,
            )
        )
        self.add(
            QgsProcessingParameterString(
                self.YEARS,
                translate("Dbar", "Years, such as 2000,2015 (empty: read from the names)"),
                optional=True,
            )
        )
        self._add_years(
            (
                (self.YEAR_INITIAL, translate("Dbar", "First year compared (empty: the first)")),
                (self.YEAR_FINAL, translate("Dbar", "Last year compared (empty: the last)")),
            ),
            advanced=False,
        )
        self._add_enum(
            self.LEGEND,
            translate("Dbar", "Legend of the land cover"),
            [*PRESETS, CUSTOM],
            "esa_cci",
        )
        self.add(
            QgsProcessingParameterMatrix(
                self.CODES,
                translate("Dbar", "Codes of an own legend, or changes to the one chosen"),
                numberRows=1,
                hasFixedNumberRows=False,
                headers=[translate("Dbar", "Code"), translate("Dbar", "Class")],
                optional=True,
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterMatrix(
                self.CLASSES,
                translate("Dbar", "Classes of an own legend"),
                numberRows=1,
                hasFixedNumberRows=False,
                headers=[
                    translate("Dbar", "Class"),
                    translate("Dbar", "Name"),
                    translate("Dbar", "UNCCD class (1–7)"),
                ],
                optional=True,
            ),
            advanced=True,
        )
        self._add_number(
            self.MAX_UNKNOWN,
            translate("Dbar", "Refuse maps with unknown codes on more than this share (0–1)"),
            UNKNOWN_SHARE,
            0.0,
            1.0,
            advanced=True,
        )

    def _add_areas(self, translate: Translate) -> None:
        labels = (
            translate("Dbar", "Degraded area (km²)"),
            translate("Dbar", "Stable area (km²)"),
            translate("Dbar", "Improved area (km²)"),
        )
        for name, label in zip(self.AREAS, labels, strict=True):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    # -- values

    def _land_cover(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> tuple[LandCoverSeries, Series]:
        """Return the maps with their legend, and what to tell the user about their years."""
        found = self._through_time(parameters, self.LAND_COVER, context)
        series = LandCoverSeries(
            found.rasters,
            found.years,
            self._legend(parameters, context),
            self._year(parameters, self.YEAR_INITIAL, context),
            self._year(parameters, self.YEAR_FINAL, context),
            self.parameterAsDouble(parameters, self.MAX_UNKNOWN, context),
        )
        # Says at once whether the years fit.
        _ = series.dates
        return series, found

    def _legend(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> Legend:
        preset = self.parameterAsEnumString(parameters, self.LEGEND, context)
        codes = [
            (self._whole(self.CODES, code), self._whole(self.CODES, number))
            for code, number in self._rows(parameters, self.CODES, 2, context)
        ]
        classes = [
            (self._whole(self.CLASSES, number), name.strip(), self._whole(self.CLASSES, standard))
            for number, name, standard in self._rows(parameters, self.CLASSES, 3, context)
        ]
        names = [entry.label for entry in land_cover_classes()]
        if preset != CUSTOM:
            if classes:
                raise InputError(
                    translate(
                        "Dbar",
                        "{classes} is filled in, but {legend} says {preset}, which has the UNCCD's "
                        "classes. Choose custom there, or leave the table empty.",
                    ),
                    classes=self._label(self.CLASSES),
                    legend=self._label(self.LEGEND),
                    preset=preset,
                )
            if not codes:
                return preset_legend(preset, names)
            codes = list({**dict(preset_codes(preset)), **dict(codes)}.items())
        labels = self._label(self.CODES), self._label(self.CLASSES)
        return custom_legend(codes, classes, names, labels)

    def _rows(
        self,
        parameters: Mapping[str, Any],
        name: str,
        columns: int,
        context: QgsProcessingContext,
    ) -> list[list[str]]:
        """Return the rows of a table as texts; rows without any text are left out."""
        cells: list[str] = []
        if is_empty(parameters.get(name)):
            # QGIS reads a NULL as a table of one 0.
            parameters = {**parameters, name: None}
        for value in self.parameterAsMatrix(parameters, name, context):
            inner = value if isinstance(value, (list, tuple)) else [value]
            cells += ["" if QgsVariantUtils.isNull(cell) else str(cell).strip() for cell in inner]
        if not any(cells):
            return []
        if len(cells) % columns:
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: {count} cells are filled in, which does not make rows of "
                    "{columns} columns.",
                ),
                parameter=self._label(name),
                count=len(cells),
                columns=columns,
            )
        rows = [cells[first : first + columns] for first in range(0, len(cells), columns)]
        return [row for row in rows if any(row)]

    def _whole(self, name: str, text: str) -> int:
        """Read a whole number of a table."""
        number = self._number(name, text)
        if number != int(number):
            raise InputError(
                translate("Dbar", "{parameter}: “{text}” is not a whole number."),
                parameter=self._label(name),
                text=text,
            )
        return int(number)

    def _number(self, name: str, text: str) -> float:
        """Read a number of a table."""
        try:
            number = float(text)
            finite = abs(number) < 1e15
        except ValueError:
            finite = False
        if not finite:
            raise InputError(
                translate("Dbar", "{parameter}: “{text}” is not a number."),
                parameter=self._label(name),
                text=text,
            )
        return number


def is_empty(value: Any) -> bool:
    """Tell whether a parameter is left empty, as scripts, models and dialogs each say it."""
    return QgsVariantUtils.isNull(value) or value == ""


def legend_colours(legend: Legend) -> list[str]:
    """Return a colour per class: that of its UNCCD class, lighter for each further one of these."""
    seen: dict[int, int] = {}
    colours = []
    for entry in legend.classes:
        before = seen.get(entry.standard, 0)
        seen[entry.standard] = before + 1
        base = QColor(LAND_COVER_COLOURS[entry.standard - 1])
        colours.append(base.lighter(100 + _LIGHTER * before).name())
    return colours


def area_labels() -> dict[str, str]:
    """Labels of columns that several tables have."""
    translate = QCoreApplication.translate
    return {
        "class": translate("Dbar", "Class"),
        "name": translate("Dbar", "Name"),
        "year": translate("Dbar", "Year"),
        "km2": translate("Dbar", "Area (km²)"),
    }
