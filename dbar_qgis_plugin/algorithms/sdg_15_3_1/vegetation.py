"""What the algorithms that start from a vegetation index share."""

from __future__ import annotations

from typing import Final

from dbar_qgis_plugin.algorithms.sdg_15_3_1.base import LandDegradationAlgorithm, Translate


class VegetationAlgorithm(LandDegradationAlgorithm):
    """Base of the algorithms that start from a vegetation index."""

    NDVI_SCALE: Final = "NDVI_SCALE"

    def _add_scale(self, translate: Translate) -> None:
        self._add_number(
            self.NDVI_SCALE,
            translate("Dbar", "Scale of the vegetation index (empty: 10000 for whole numbers)"),
            None,
            1e-6,
            advanced=True,
        )
