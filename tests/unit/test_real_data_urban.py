"""SDG 11.3.1 on real rasters: the figures of the data's README."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import rasterio
from raster_fixtures import box, polygon_wkb
from rasterio.features import shapes

from dbar_qgis_plugin.errors import InputError
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_11_3_1.land_use_efficiency import (
    LandUseEfficiencyTask,
    compute_land_use_efficiency,
)
from dbar_qgis_plugin.pipelines.sdg_11_3_1.land_use_efficiency_tables import (
    group_table,
    interval_table,
)
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.source import open_source

ROOT = Path(__file__).resolve().parents[2]
URBAN = Path(os.environ.get("DBAR_DATA", ROOT.parent / "shared" / "data")) / "urban"

pytestmark = pytest.mark.skipif(
    not URBAN.is_dir(), reason=f"no real data in {URBAN} (set DBAR_DATA)"
)


def municipalities(folder):
    """Outlines of the municipality masks, as WKB, with their names and CRS."""
    found, names, crs = [], [], ""
    for path in sorted(folder.glob("muni_*.tif")):
        with rasterio.open(path) as mask:
            values = mask.read(1)
            crs = mask.crs.to_wkt()
            parts = [
                polygon_wkb(*geometry["coordinates"])
                for geometry, _ in shapes(values, values > 0, transform=mask.transform)
            ]
        count = np.array([6, len(parts)], "<u4").tobytes()
        found.append(b"\x01" + count + b"".join(parts))
        names.append(path.stem.removeprefix("muni_"))
    return found, names, get_driver().wkt(crs)


def run(folder, kind, builtup, population, years, **options):
    geometries, names, crs = municipalities(folder)
    task = LandUseEfficiencyTask(
        city_wkb=geometries,
        city_crs=crs,
        city_names=names,
        city_groups=[folder.name] * len(names),
        builtup=[RasterInput(str(folder / name)) for name in builtup],
        builtup_kind=kind,
        builtup_years=years,
        population=[RasterInput(str(folder / name)) for name in population],
        **options,
    )
    return task, compute_land_use_efficiency(task)


def test_valledupar():
    years = (1990, 2000, 2015)
    task, result = run(
        URBAN / "colombia_valledupar",
        "binary",
        [f"footprint_landsat_{year}.tif" for year in years],
        [f"ghsl_pop_{year}.tif" for year in years],
        years,
    )
    groups = group_table(task, result)
    assert groups["v_start_km2"][0] == pytest.approx(15.24, abs=0.005)
    assert groups["v_end_km2"][:2] == pytest.approx([20.69, 34.53], abs=0.005)
    assert groups["p_start"][0] == pytest.approx(194_073, abs=0.5)
    assert groups["p_end"][:2] == pytest.approx([263_248, 362_553], abs=0.5)
    assert groups["lcr"][:2] == pytest.approx([0.0358, 0.0446], abs=5e-5)
    assert groups["pgr"][:2] == pytest.approx([0.0305, 0.0213], abs=5e-5)
    assert groups["ratio_of_totals"][:2] == pytest.approx([1.17, 2.09], abs=5e-3)


def test_valledupar_ghsl_sees_no_change():
    years = (2000, 2015)
    task, result = run(
        URBAN / "colombia_valledupar",
        "fraction",
        [f"ghsl_built_ratio_{year}.tif" for year in years],
        [f"ghsl_pop_{year}.tif" for year in years],
        years,
    )
    groups = group_table(task, result)
    assert groups["v_end_km2"][-1] == pytest.approx(14.99, abs=0.01)
    assert groups["lcr"][-1] == 0.0
    assert "LAND_UNCHANGED" in groups["flags"][-1]
    table = interval_table(task, result)
    city = table["city"].index("VALLEDUPAR")
    assert "LAND_UNCHANGED" in table["flags"][city]


def test_rionegro():
    folder = URBAN / "colombia_rionegro"
    task, result = run(
        folder,
        "binary",
        ["footprint_landsat_2017.tif", "footprint_landsat_2019.tif"],
        ["ghsl_pop_2000.tif", "ghsl_pop_2015.tif"],
        (2017, 2019),
        population_years=(2000, 2015),
    )
    groups = group_table(task, result)
    assert groups["v_start_km2"][-1] == pytest.approx(61.7, rel=2e-3)
    assert groups["v_end_km2"][-1] == pytest.approx(111.2, rel=2e-3)
    assert groups["p_start"][-1] == pytest.approx(172_400, abs=0.5)
    assert groups["p_end"][-1] == pytest.approx(206_080, abs=0.5)
    assert "IMPLAUSIBLE_JUMP" in groups["flags"][-1]
    table = interval_table(task, result)
    assert "IMPLAUSIBLE_JUMP" in table["flags"][table["city"].index("RIONEGRO")]


def test_rionegro_percent_is_not_a_fraction():
    folder = URBAN / "colombia_rionegro"
    names = ["ghsl_built_ratio_1990.tif", "ghsl_built_ratio_2014.tif"]
    people = ["ghsl_pop_1990.tif", "ghsl_pop_2015.tif"]
    with pytest.raises(InputError, match="percent"):
        run(folder, "fraction", names, people, (1990, 2014))
    _, result = run(folder, "percent", names, people, (1990, 2014))
    with rasterio.open(folder / names[1]) as raster:
        share = raster.read(1).sum(dtype=np.float64) / 100.0
    assert result.builtup_km2[:, 1].sum() == pytest.approx(share * 0.01, rel=2e-3)


@pytest.mark.parametrize(("cell_area", "tolerance"), [("nominal", 1e-4), ("geodesic", 1.6e-3)])
def test_washington(cell_area, tolerance):
    # The README counts cells at 0.01 km2. Mollweide is computed on a sphere: on the ellipsoid of
    # its datum these cells are 0.14 % smaller.
    path = str(URBAN / "washington_gostrocks" / "ghsl_year_first_built_100m.tif")
    grid = open_source(path).grid
    years = (1975, 1990, 2000, 2010, 2015, 2020)
    west, north = grid.transform[2], grid.transform[5]
    outline = box(west, north - 100 * grid.height, west + 100 * grid.width, north)
    task = LandUseEfficiencyTask(
        city_wkb=[polygon_wkb(outline)],
        city_crs=grid.crs,
        city_names=["Washington"],
        builtup=[RasterInput(path)],
        builtup_kind="first_year",
        builtup_years=years,
        population_table=np.array([[5.0, 5.5, 6.0, 6.5, 7.0, 7.5]]) * 1e6,
        cell_area=cell_area,
    )
    expected = [3198.3, 3501.4, 3819.6, 4071.9, 4194.4, 4343.0]
    result = compute_land_use_efficiency(task)
    assert result.builtup_km2[0] == pytest.approx(expected, rel=tolerance)
    if cell_area == "geodesic":
        assert result.builtup_km2[0] == pytest.approx(np.array(expected) * 0.99857, rel=5e-5)
