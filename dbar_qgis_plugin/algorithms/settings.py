"""What the user sets once for all algorithms: under Settings > Options > Processing > Providers.

The options page belongs to QGIS's Processing plugin, which keeps its settings under one path; the
provider registers these there.
"""

from __future__ import annotations

from typing import Final

from qgis.core import QgsApplication, QgsSettings

from dbar_qgis_plugin.raster_io.workers import Workers

THREADS: Final = "DBAR_THREADS"
MEMORY_MB: Final = "DBAR_MEMORY_MB"
SCHEDULER: Final = "DBAR_DASK_SCHEDULER"
PALETTE: Final = "DBAR_PALETTE"
PALETTES: Final = ("unccd", "red_green")

SETTINGS_PATH: Final = "Processing/Configuration/"


def workers_of_settings() -> Workers:
    """Read how many threads, how much memory and which cluster to use."""
    settings = QgsSettings()
    standard = Workers()
    # QGIS's own limit of threads holds here too; without one it says -1.
    threads = settings.value(SETTINGS_PATH + THREADS, 0, type=int) or max(
        0, QgsApplication.maxThreads()
    )
    return Workers(
        threads=threads or standard.threads,
        memory_mb=settings.value(SETTINGS_PATH + MEMORY_MB, standard.memory_mb, type=int),
        scheduler=settings.value(SETTINGS_PATH + SCHEDULER, standard.scheduler, type=str).strip(),
    )
