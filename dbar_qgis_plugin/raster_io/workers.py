"""Who does the work: threads of this process, or a cluster that the user names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from dbar_qgis_plugin.errors import InputError, MissingDependencyError, translate
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.source import close_readers


@dataclass(frozen=True)
class Workers:
    """How much of the machine a run may use.

    Parameters
    ----------
    threads : int, optional
        Number of threads; the number of processors if absent.
    memory_mb : int
        Megabytes for arrays of all threads together; the block cache of GDAL gets a quarter more.
    scheduler : str
        Address of a Dask scheduler whose workers see the same files; "" = threads of this process.
    """

    threads: int | None = None
    memory_mb: int = 256
    scheduler: str = ""

    @property
    def count(self) -> int:
        """Number of blocks in work at a time."""
        return max(1, self.threads if self.threads is not None else os.cpu_count() or 1)

    @property
    def bytes_per_block(self) -> int:
        """Bytes for the arrays of one block: as many blocks wait for their turn as are in work."""
        return self.memory_mb * 1_000_000 // (2 * self.count)

    @contextmanager
    def executor(self) -> Iterator[Executor]:
        """Open the executor for one run, with GDAL's block cache held to the same budget."""
        driver = get_driver()
        before = driver.set_cache(max(16, self.memory_mb // 4) * 1_000_000)
        try:
            if self.scheduler:
                with _cluster(self.scheduler) as executor:
                    yield executor
            else:
                executor = ThreadPoolExecutor(self.count, thread_name_prefix="dbar")
                try:
                    yield executor
                finally:
                    executor.shutdown(wait=True, cancel_futures=True)
        finally:
            close_readers()
            driver.set_cache(before)


@contextmanager
def _cluster(scheduler: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingDependencyError(
            translate(
                "Dbar",
                "The settings name a Dask scheduler ({scheduler}), but the Python library "
                "'distributed' is not installed. Install it, or clear the setting.",
            ),
            scheduler=scheduler,
        ) from error
    try:
        client = Client(scheduler, timeout="10s")
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(
            translate(
                "Dbar",
                "The Dask scheduler {scheduler} does not answer: {reason}. Start it, or clear the "
                "setting.",
            ),
            scheduler=scheduler,
            reason=str(error),
        ) from error
    with client:
        executor: Executor = client.get_executor()
        yield executor
