"""What the tests of algorithms share: the provider, rasters and polygons from arrays, a runner."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import (
    QgsApplication,
    QgsAuthMethodConfig,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)

from dbar_qgis_plugin.processing_provider.provider import DbarProvider
from tests.settings import settings_in

UTM = "EPSG:32643"
LEFT, TOP, CELL = 500_000.0, 4_000_000.0, 100.0


class RecordingFeedback(QgsProcessingFeedback):
    """Keeps what an algorithm says."""

    def __init__(self) -> None:
        super().__init__(False)
        self.infos: list[str] = []
        self.warnings: list[str] = []
        self.errors: list[str] = []

    def pushInfo(self, info: str) -> None:
        self.infos.append(info)

    def pushWarning(self, warning: str) -> None:
        self.warnings.append(warning)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        self.errors.append(error)


@pytest.fixture(autouse=True)
def own_settings(qgis_app: object, tmp_path: Path) -> Iterator[None]:
    """Settings of this test alone: others run at the same time, in the same folder."""
    with settings_in(tmp_path / "settings"):
        yield


@pytest.fixture(autouse=True, scope="session")
def collected_before_qgis_ends(qgis_app: object) -> Iterator[None]:
    """Free what refused runs leave behind (contexts in tracebacks) while QGIS still stands."""
    yield
    sys.last_value = sys.last_traceback = sys.last_type = None
    gc.collect()


@pytest.fixture(scope="session")
def keep_credentials(
    qgis_app: object, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., str]:
    """Keep credentials in an authentication database of the tests, and return their id."""
    manager = QgsApplication.authManager()
    folder = tmp_path_factory.mktemp("credentials")
    manager.setup(QgsApplication.pluginPath(), str(folder / "qgis-auth.db"))
    assert manager.setMasterPassword("for tests", True)

    def keep(method: str, **values: str) -> str:
        config = QgsAuthMethodConfig(method)
        config.setName(method)
        config.setConfigMap(values)
        assert manager.storeAuthenticationConfig(config)[0]
        return str(config.id())

    return keep


@pytest.fixture(scope="module")
def provider(qgis_processing: None) -> Iterator[DbarProvider]:
    provider = DbarProvider()
    provider.register()
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)


@pytest.fixture
def feedback() -> RecordingFeedback:
    return RecordingFeedback()


@pytest.fixture
def run(provider: DbarProvider, feedback: RecordingFeedback) -> Callable[..., dict[str, Any]]:
    """Run an algorithm the way scripts do; layers in memory come back as layers."""

    def run_algorithm(algorithm: str = "landuseefficiency", /, **parameters: Any) -> dict[str, Any]:
        from qgis import processing

        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        return processing.run(f"dbar:{algorithm}", parameters, feedback=feedback, context=context)

    return run_algorithm


@pytest.fixture
def write_raster(tmp_path: Path) -> Callable[..., str]:
    """Write an array [rows, cols] or [bands, rows, cols] as a GeoTIFF and return its path."""

    def write(
        name: str,
        values: Any,
        *,
        crs: str | None = UTM,
        cell: float = CELL,
        origin: tuple[float, float] = (LEFT, TOP),
        nodata: float | None = None,
        descriptions: tuple[str, ...] = (),
    ) -> str:
        array = np.asarray(values, dtype=np.float64)
        array = array.reshape(-1, *array.shape[-2:])
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        driver = gdal.GetDriverByName("GTiff")
        dataset = driver.Create(
            str(path), array.shape[2], array.shape[1], len(array), gdal.GDT_Float64
        )
        dataset.SetGeoTransform((origin[0], cell, 0.0, origin[1], 0.0, -cell))
        if crs is not None:
            reference = osr.SpatialReference()
            reference.SetFromUserInput(crs)
            dataset.SetSpatialRef(reference)
        for number, layer in enumerate(array, start=1):
            band = dataset.GetRasterBand(number)
            band.WriteArray(layer)
            if nodata is not None:
                band.SetNoDataValue(nodata)
            if descriptions:
                band.SetDescription(descriptions[number - 1])
        dataset.FlushCache()
        return str(path)

    return write


@pytest.fixture
def polygon_layer() -> Callable[..., QgsVectorLayer]:
    """Make a polygon layer in memory; each row is a shape and the values of the fields.

    A shape is a WKT, None, or a rectangle of whole cells of the test rasters: (column, row,
    columns, rows).
    """

    def make(
        *rows: tuple[Any, ...],
        fields: str = "field=name:string(80)",
        crs: str = UTM,
        kind: str = "Polygon",
    ) -> QgsVectorLayer:
        layer = QgsVectorLayer(f"{kind}?crs={crs}&{fields}", "Cities", "memory")
        features = []
        for shape, *values in rows:
            feature = QgsFeature(layer.fields())
            feature.setAttributes(values)
            if isinstance(shape, tuple):
                feature.setGeometry(QgsGeometry.fromWkt(rectangle(*shape)))
            elif shape is not None:
                feature.setGeometry(QgsGeometry.fromWkt(shape))
            features.append(feature)
        assert layer.dataProvider().addFeatures(features)[0]
        return layer

    return make


def rectangle(col: int, row: int, cols: int, rows: int) -> str:
    left, top = LEFT + CELL * col, TOP - CELL * row
    right, bottom = left + CELL * cols, top - CELL * rows
    corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    return f"Polygon (({', '.join(f'{x} {y}' for x, y in corners)}))"
