"""The Processing provider: the list of the plugin's algorithms."""

from __future__ import annotations

from typing import Final

from qgis.core import QgsApplication, QgsProcessingProvider
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QIcon

from dbar_qgis_plugin.about import ICON, NAME, VERSION
from dbar_qgis_plugin.algorithms import settings
from dbar_qgis_plugin.algorithms.base import DbarAlgorithm, forget_definitions, translated
from dbar_qgis_plugin.algorithms.catalog.download_catalog_items import (
    DownloadCatalogItemsAlgorithm,
)
from dbar_qgis_plugin.algorithms.catalog.import_sdgsat_archive import (
    ImportSdgsatArchiveAlgorithm,
)
from dbar_qgis_plugin.algorithms.catalog.publish_result import PublishResultAlgorithm
from dbar_qgis_plugin.algorithms.catalog.search_catalog import SearchCatalogAlgorithm
from dbar_qgis_plugin.algorithms.help_texts import help_index
from dbar_qgis_plugin.algorithms.night_light.calibrate_night_light import (
    CalibrateNightLightAlgorithm,
)
from dbar_qgis_plugin.algorithms.night_light.clean_night_light import CleanNightLightAlgorithm
from dbar_qgis_plugin.algorithms.night_light.electrification import ElectrificationAlgorithm
from dbar_qgis_plugin.algorithms.night_light.lit_area import LitAreaAlgorithm
from dbar_qgis_plugin.algorithms.night_light.load_sdgsat_scene import LoadSdgsatSceneAlgorithm
from dbar_qgis_plugin.algorithms.night_light.night_light_change import NightLightChangeAlgorithm
from dbar_qgis_plugin.algorithms.night_light.night_light_colour import NightLightColourAlgorithm
from dbar_qgis_plugin.algorithms.night_light.night_light_composite import (
    NightLightCompositeAlgorithm,
)
from dbar_qgis_plugin.algorithms.night_light.night_light_downscale import (
    NightLightDownscaleAlgorithm,
)
from dbar_qgis_plugin.algorithms.night_light.night_light_pansharpen import (
    NightLightPansharpenAlgorithm,
)
from dbar_qgis_plugin.algorithms.night_light.night_light_statistics import (
    NightLightStatisticsAlgorithm,
)
from dbar_qgis_plugin.algorithms.night_light.register_night_light import (
    RegisterNightLightAlgorithm,
)
from dbar_qgis_plugin.algorithms.sdg_11_3_1.degree_of_urbanisation import (
    DegreeOfUrbanisationAlgorithm,
)
from dbar_qgis_plugin.algorithms.sdg_11_3_1.degree_of_urbanisation_units import (
    DegreeOfUrbanisationUnitsAlgorithm,
)
from dbar_qgis_plugin.algorithms.sdg_11_3_1.land_use_efficiency import LandUseEfficiencyAlgorithm
from dbar_qgis_plugin.algorithms.sdg_11_3_1.urban_extent import UrbanExtentAlgorithm
from dbar_qgis_plugin.algorithms.sdg_11_3_1.urban_growth_type import UrbanGrowthTypeAlgorithm
from dbar_qgis_plugin.algorithms.sdg_15_3_1.annual_vegetation_index import (
    AnnualVegetationIndexAlgorithm,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.degradation_status import DegradationStatusAlgorithm
from dbar_qgis_plugin.algorithms.sdg_15_3_1.drought_hazard import DroughtHazardAlgorithm
from dbar_qgis_plugin.algorithms.sdg_15_3_1.land_cover_change import LandCoverChangeAlgorithm
from dbar_qgis_plugin.algorithms.sdg_15_3_1.land_degradation import (
    LandDegradationIndicatorAlgorithm,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.land_degradation_summary import (
    LandDegradationSummaryAlgorithm,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.land_productivity import LandProductivityAlgorithm
from dbar_qgis_plugin.algorithms.sdg_15_3_1.ldn_balance import LdnBalanceAlgorithm
from dbar_qgis_plugin.algorithms.sdg_15_3_1.productivity_performance import (
    ProductivityPerformanceAlgorithm,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.productivity_state import ProductivityStateAlgorithm
from dbar_qgis_plugin.algorithms.sdg_15_3_1.productivity_trajectory import (
    ProductivityTrajectoryAlgorithm,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.soil_organic_carbon import SoilOrganicCarbonAlgorithm
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.processing_provider.models import bundled_models
from dbar_qgis_plugin.raster_io.workers import Workers

ALGORITHMS: Final[tuple[type[DbarAlgorithm], ...]] = (
    LandUseEfficiencyAlgorithm,
    DegreeOfUrbanisationAlgorithm,
    DegreeOfUrbanisationUnitsAlgorithm,
    UrbanExtentAlgorithm,
    UrbanGrowthTypeAlgorithm,
    AnnualVegetationIndexAlgorithm,
    ProductivityTrajectoryAlgorithm,
    ProductivityStateAlgorithm,
    ProductivityPerformanceAlgorithm,
    LandProductivityAlgorithm,
    LandCoverChangeAlgorithm,
    SoilOrganicCarbonAlgorithm,
    LandDegradationIndicatorAlgorithm,
    DegradationStatusAlgorithm,
    LandDegradationSummaryAlgorithm,
    LdnBalanceAlgorithm,
    DroughtHazardAlgorithm,
    LoadSdgsatSceneAlgorithm,
    CalibrateNightLightAlgorithm,
    CleanNightLightAlgorithm,
    RegisterNightLightAlgorithm,
    NightLightColourAlgorithm,
    LitAreaAlgorithm,
    NightLightStatisticsAlgorithm,
    NightLightChangeAlgorithm,
    ElectrificationAlgorithm,
    NightLightCompositeAlgorithm,
    NightLightPansharpenAlgorithm,
    NightLightDownscaleAlgorithm,
    SearchCatalogAlgorithm,
    DownloadCatalogItemsAlgorithm,
    ImportSdgsatArchiveAlgorithm,
    PublishResultAlgorithm,
)


class DbarProvider(QgsProcessingProvider):
    """Offers the algorithms as `dbar:…`."""

    def id(self) -> str:
        return "dbar"

    def name(self) -> str:
        return NAME

    def longName(self) -> str:
        return f"{NAME} {VERSION}"

    def versionInfo(self) -> str:
        return VERSION

    def icon(self) -> QIcon:
        return QIcon(str(ICON))

    def svgIconPath(self) -> str:
        return str(ICON)

    def message_of(self, error: Exception) -> str:
        """Write an error for the user, in the language of the window."""
        return translated(error) if isinstance(error, DbarError) else str(error)

    def help_address(self) -> str:
        """Return the address of a page that leads to the help of every algorithm."""
        groups: dict[str, list[str]] = {}
        for algorithm in self.algorithms():
            groups.setdefault(algorithm.group(), []).append(algorithm.name())
        return help_index(self.name(), dict(sorted(groups.items())))

    def load(self) -> bool:
        """Put the settings on the page of Processing's options, then the algorithms in the list."""
        from processing.core.ProcessingConfig import ProcessingConfig, Setting

        translate = QCoreApplication.translate
        standard = Workers()
        ProcessingConfig.setGroupIcon(self.name(), self.icon())
        for key, text, value, kind in (
            (
                settings.THREADS,
                translate("Dbar", "Threads (0: as many as QGIS may use)"),
                0,
                Setting.INT,
            ),
            (
                settings.MEMORY_MB,
                translate("Dbar", "Memory for raster blocks, in megabytes"),
                standard.memory_mb,
                Setting.INT,
            ),
            (
                settings.SCHEDULER,
                translate("Dbar", "Address of a Dask scheduler (empty: this machine alone)"),
                standard.scheduler,
                Setting.STRING,
            ),
        ):
            ProcessingConfig.addSetting(Setting(self.name(), key, text, value, valuetype=kind))
        ProcessingConfig.addSetting(
            Setting(
                self.name(),
                settings.PALETTE,
                translate("Dbar", "Colours of degraded and improved land"),
                settings.PALETTES[0],
                valuetype=Setting.SELECTION_STORE_STRING,
                options=list(settings.PALETTES),
            )
        )
        ProcessingConfig.readSettings()
        self.refreshAlgorithms()
        return True

    def unload(self) -> None:
        """Take the settings off the page, and forget what is kept."""
        from processing.core.ProcessingConfig import ProcessingConfig

        forget_definitions()
        for key in (
            settings.THREADS,
            settings.MEMORY_MB,
            settings.SCHEDULER,
            settings.PALETTE,
        ):
            # Processing may have gone before, with its settings: so after a reload of the plugin.
            if key in ProcessingConfig.settings:
                ProcessingConfig.removeSetting(key)

    def loadAlgorithms(self) -> None:
        forget_definitions()
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
        # The steps of a model are looked up in the registry, which knows them only when it knows
        # this provider: see `register`.
        if QgsApplication.processingRegistry().providerById(self.id()) is not None:
            for model in bundled_models():
                self.addAlgorithm(model)

    def register(self) -> None:
        """Enter the registry, then load again, this time with the models."""
        QgsApplication.processingRegistry().addProvider(self)
        self.refreshAlgorithms()
