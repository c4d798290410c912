"""The layers of the package: who may import whom, as the layout in CONTRIBUTING.md says."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "dbar_qgis_plugin"

# A layer may import what stands behind it (a module, with everything below it), the standard
# library, its own modules and the modules that know nothing of the others.
COMMON = (f"{PACKAGE}.errors", f"{PACKAGE}.about")
QGIS = ("qgis.core", "qgis.PyQt")
QGIS_WINDOWS = (*QGIS, "qgis.gui", "qgis.analysis", "processing")
RUNNING = (f"{PACKAGE}.raster_io.progress", f"{PACKAGE}.raster_io.workers")
ALLOWED: dict[str, tuple[str, ...]] = {
    "errors": (),
    "about": (),
    "kernels": ("numpy", "scipy"),
    "raster_io": ("numpy", "osgeo", "rasterio", "distributed", f"{PACKAGE}.kernels"),
    "pipelines": ("numpy", f"{PACKAGE}.kernels", f"{PACKAGE}.raster_io"),
    "reports": ("numpy", "plotly"),
    "catalog": ("pystac", "pystac_client", "owslib", f"{PACKAGE}.raster_io"),
    "catalog.net": (*QGIS, f"{PACKAGE}.catalog"),
    "algorithms": (
        "numpy",
        *QGIS,
        f"{PACKAGE}.pipelines",
        f"{PACKAGE}.reports",
        f"{PACKAGE}.catalog",
        *RUNNING,
        # A raster takes its name when the tables of its run are written.
        f"{PACKAGE}.raster_io.sink.replace_raster",
        f"{PACKAGE}.raster_io.sink.unfinished_path",
    ),
    "processing_provider": (*QGIS, f"{PACKAGE}.algorithms", f"{PACKAGE}.raster_io.workers"),
    # The sample regions are written without an algorithm: the only pipelines that a window starts.
    # Their maps have the classes, in names and colours, that the algorithms' results have.
    "gui": (
        *QGIS_WINDOWS,
        f"{PACKAGE}.catalog",
        f"{PACKAGE}.algorithms.rasters",
        f"{PACKAGE}.algorithms.sdg_15_3_1.classes",
        f"{PACKAGE}.pipelines.sample_data",
        f"{PACKAGE}.pipelines.sdg_15_3_1.land_degradation_sample",
        f"{PACKAGE}.pipelines.night_light.night_light_sample",
        # Of the sample catalog's small pictures.
        f"{PACKAGE}.raster_io.thumbnail.Stop",
        f"{PACKAGE}.raster_io.progress",
    ),
    "plugin": (*QGIS, "qgis.gui", "qgis.utils", f"{PACKAGE}.processing_provider"),
    # The package itself: QGIS calls its classFactory, which imports the plugin.
    "": (),
}
# Only inside a function or for the type checker, so that QGIS starts fast and qgis_process never
# loads a window.
ALLOWED_LATE: dict[str, tuple[str, ...]] = {
    # The page of Processing's options.
    "processing_provider": ("processing.core.ProcessingConfig",),
    "plugin": (f"{PACKAGE}.gui", f"{PACKAGE}.algorithms.help_texts", "processing"),
    "": (f"{PACKAGE}.plugin", "qgis.gui"),
}


class Import(NamedTuple):
    """One imported name and where it stands."""

    name: str
    line: int
    late: bool  # inside a function, or under TYPE_CHECKING


def layer_of(module: str) -> str:
    """Return the layer a module of the package belongs to, the most specific one that is named."""
    inner = module.removeprefix(PACKAGE).lstrip(".")
    parts = inner.split(".")
    for length in range(len(parts), 0, -1):
        candidate = ".".join(parts[:length])
        if candidate in ALLOWED:
            return candidate
    raise AssertionError(f"{module} is in no layer: name its folder in ALLOWED")


def imports_of(source: str, module: str, *, is_package: bool = False) -> Iterator[Import]:
    """Yield the imports of one source, with relative ones made absolute."""

    def visit(node: ast.AST, late: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, late)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".")
                parts = parts[: len(parts) - node.level + is_package]
                base = ".".join([*parts, *filter(None, [base])])
            for alias in node.names:
                yield Import(f"{base}.{alias.name}", node.lineno, late)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "import_module":
            argument = node.args[0] if node.args else None
            if isinstance(argument, ast.Constant):
                yield Import(str(argument.value), node.lineno, late)
        inside = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if isinstance(node, ast.If):
            inside = inside or getattr(node.test, "id", "") == "TYPE_CHECKING"
        for child in ast.iter_child_nodes(node):
            yield from visit(child, inside)

    yield from visit(ast.parse(source), False)


def covers(allowed: tuple[str, ...], name: str) -> bool:
    """Tell whether a name is one of the allowed modules or lies in one."""
    return any(name == module or name.startswith(f"{module}.") for module in allowed)


def violations(source: str, module: str, *, is_package: bool = False) -> list[str]:
    """Return the imports of a source that the rules forbid to its module."""
    layer = layer_of(module)
    own = (f"{PACKAGE}.{layer}",) if layer else ()
    allowed = ALLOWED[layer] + COMMON + own
    wrong = []
    for found in imports_of(source, module, is_package=is_package):
        top = found.name.partition(".")[0]
        if top in sys.stdlib_module_names or covers(allowed, found.name):
            continue
        if found.late and covers(ALLOWED_LATE.get(layer, ()), found.name):
            continue
        wrong.append(f"{module}:{found.line} imports {found.name}")
    return wrong


def touched_at_import(source: str, module: str) -> list[str]:
    """Return the uses of QGIS's application or window outside functions."""
    wrong = []

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            # Decorators, defaults and (without the future import) annotations run at import.
            for child in [*node.decorator_list, *node.args.defaults, *node.args.kw_defaults]:
                if child is not None:
                    visit(child)
            return
        if isinstance(node, ast.Lambda):
            return
        if isinstance(node, ast.Name) and node.id in ("QgsApplication", "iface", "QgsProject"):
            wrong.append(f"{module}:{node.lineno} uses {node.id} at import time")
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(source))
    return wrong


def modules() -> list[Path]:
    """Return the package's files."""
    return sorted((ROOT / PACKAGE).rglob("*.py"))


def name_of(path: Path) -> str:
    """Return the dotted name of a file of the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("path", modules(), ids=lambda path: name_of(path))
def test_layers(path: Path):
    source = path.read_text(encoding="utf-8")
    module = name_of(path)
    assert not violations(source, module, is_package=path.name == "__init__.py")
    assert not touched_at_import(source, module)


def test_pipelines_of_an_indicator_know_no_other_indicator():
    root = ROOT / PACKAGE / "pipelines"
    folders = {folder.name for folder in root.iterdir() if (folder / "__init__.py").exists()}
    assert len(folders) >= 3
    for path in root.rglob("*.py"):
        own = path.relative_to(root).parts[0]
        others = tuple(f"{PACKAGE}.pipelines.{folder}" for folder in folders - {own})
        for found in imports_of(path.read_text(encoding="utf-8"), name_of(path)):
            assert not covers(others, found.name), f"{name_of(path)} imports {found.name}"


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("kernels.planted", "from osgeo import gdal"),
        ("kernels.planted", "def f():\n    import rasterio.windows"),
        ("kernels.planted", "from dbar_qgis_plugin.raster_io import grid"),
        ("kernels.planted", "from ..raster_io.grid import Grid"),
        ("kernels.planted", "from .. import raster_io"),
        ("raster_io.planted", "from qgis.core import QgsRasterLayer"),
        ("raster_io.planted", "from dbar_qgis_plugin.pipelines import years"),
        ("raster_io.drivers.planted", "from ...reports import html"),
        ("pipelines.planted", "import rasterio"),
        ("pipelines.planted", "import importlib\ngdal = importlib.import_module('osgeo.gdal')"),
        ("reports.planted", "from qgis.PyQt.QtCore import QCoreApplication"),
        ("reports.planted", "from dbar_qgis_plugin.kernels import land_use_efficiency"),
        ("catalog.planted", "from qgis.core import QgsNetworkAccessManager"),
        ("algorithms.planted", "from PyQt5.QtCore import QCoreApplication"),
        ("algorithms.planted", "from qgis.utils import iface"),
        ("algorithms.planted", "from osgeo import gdal"),
        ("algorithms.planted", "from dbar_qgis_plugin.kernels.land_use_efficiency import Flag"),
        ("algorithms.planted", "from dbar_qgis_plugin.raster_io.source import open_source"),
        ("gui.planted", "from dbar_qgis_plugin.kernels import land_use_efficiency"),
        ("gui.planted", "from dbar_qgis_plugin.algorithms import base"),
        ("gui.planted", "from dbar_qgis_plugin.pipelines.sdg_15_3_1 import land_degradation"),
        ("kernels.planted", "if TYPE_CHECKING:\n    from qgis.core import QgsGeometry"),
        ("plugin", "from dbar_qgis_plugin.gui import planted"),
        ("about", "from qgis.core import Qgis"),
        ("errors", "import numpy"),
        ("", "from .plugin import DbarPlugin"),
    ],
)
def test_a_forbidden_import_is_found(module: str, source: str):
    name = f"{PACKAGE}.{module}".rstrip(".")
    assert violations(source, name, is_package=not module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("kernels.planted", "import math\nfrom scipy import ndimage\nfrom . import other"),
        ("raster_io.drivers.planted", "from osgeo import gdal\nfrom ...errors import InputError"),
        ("catalog.net.planted", "from qgis.core import QgsNetworkAccessManager"),
        ("plugin", "def f():\n    from dbar_qgis_plugin.gui import planted"),
        ("plugin", "if TYPE_CHECKING:\n    from dbar_qgis_plugin.gui import planted"),
        ("", "def classFactory(iface):\n    from .plugin import DbarPlugin"),
    ],
)
def test_an_allowed_import_is_not(module: str, source: str):
    name = f"{PACKAGE}.{module}".rstrip(".")
    assert not violations(source, name, is_package=not module)


def test_every_module_has_a_layer():
    with pytest.raises(AssertionError, match="in no layer"):
        layer_of(f"{PACKAGE}.utilities")


@pytest.mark.parametrize(
    "source",
    [
        "FOLDER = QgsApplication.pkgDataPath()",
        "class A:\n    bar = iface.messageBar()",
        "def f(folder=QgsApplication.pkgDataPath()):\n    pass",
    ],
)
def test_use_at_import_time_is_found(source: str):
    assert touched_at_import(source, "planted")
    assert not touched_at_import("def f():\n    return QgsApplication.locale()", "planted")
