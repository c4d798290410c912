"""Land cover change and soil organic carbon on real rasters: the figures of the data's README."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import rasterio

from dbar_qgis_plugin.kernels.land_cover import meaning_matrix
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_change import (
    LandCoverChangeTask,
    LandCoverSeries,
    compute_land_cover_change,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_legends import (
    climate_zone_factors,
    custom_legend,
    preset_codes,
    preset_legend,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.soil_organic_carbon import (
    SoilOrganicCarbonTask,
    compute_soil_organic_carbon,
)

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("DBAR_DATA", ROOT.parent / "shared" / "data"))
LAND_COVER = DATA / "landcover"
CROPS = DATA / "soil" / "crops"

pytestmark = pytest.mark.skipif(
    not LAND_COVER.is_dir(), reason=f"no real data in {LAND_COVER} (set DBAR_DATA)"
)

NAMES = ("Tree", "Grass", "Crop", "Wetland", "Artificial", "Other", "Water")
TREE, GRASS, CROP, WETLAND, ARTIFICIAL = range(5)


def change(rasters, years, legend, output):
    series = LandCoverSeries(rasters, years, legend)
    task = LandCoverChangeTask(series, meaning_matrix(legend.standards))
    return compute_land_cover_change(task, output)


def itanhanga():
    path = LAND_COVER / "itanhanga_mato_grosso" / "itanhanga_lc_2001_2016_16bands.tif"
    return [RasterInput(str(path), band=band, name="Itanhanga") for band in range(1, 17)]


def test_kalimantan(tmp_path):
    """The README takes code 40, mosaic of natural vegetation, as grassland, not as cropland."""
    folder = LAND_COVER / "kalimantan_esa_cci"
    rasters = [RasterInput(str(folder / f"esa_cci_lc_300m_{y}.tif")) for y in (2000, 2015)]
    codes = list({**dict(preset_codes("esa_cci")), 40: 2}.items())
    legend = custom_legend(codes, [], NAMES, ("codes", "classes"))
    result = change(rasters, (2000, 2015), legend, tmp_path / "change.tif")
    expected = {
        (TREE, CROP): 19_788,
        (TREE, GRASS): 18_167,
        (CROP, TREE): 14_019,
        (GRASS, TREE): 3_878,
        (WETLAND, CROP): 2_046,
        (CROP, ARTIFICIAL): 499,
    }
    for (before, after), area in expected.items():
        # Whole km2 there, cut or rounded; a sphere would give 0.45 % more (501 for the last).
        assert result.transitions_km2[before, after] == pytest.approx(area, abs=1.0)
    assert result.unknown == ()
    assert result.areas_km2.sum(axis=1) == pytest.approx([result.transitions_km2.sum()] * 2)


def test_itanhanga(tmp_path):
    classes = [
        (1, "Degraded forest", 1),
        (2, "Crop", 3),
        (3, "Forest", 1),
        (4, "Pasture", 2),
        (5, "Water", 7),
    ]
    of_code = {1: 1, 4: 3, 5: 4, 6: 4, 7: 4, 15: 5, 16: 5, 0: 0}
    codes = [(code, of_code.get(code, 2)) for code in range(17)]
    legend = custom_legend(codes, classes, NAMES, ("codes", "classes"))
    result = change(itanhanga(), range(2001, 2017), legend, tmp_path / "change.tif")
    changes = result.transitions_km2
    assert changes[2, 3] == pytest.approx(583.7, abs=0.05)
    assert changes[2, 1] == pytest.approx(461.2, abs=0.05)
    assert changes[2, 2] == pytest.approx(1391.9, abs=0.06)
    assert changes.sum() == pytest.approx(2935.3, abs=0.05)
    assert result.areas_km2.shape == (16, 5)
    assert result.areas_km2.sum(axis=1) == pytest.approx(np.full(16, 2935.3), abs=0.05)
    # Forest shrinks from year to year.
    forest = result.areas_km2[:, 0] + result.areas_km2[:, 2]
    assert forest[0] > 2200.0
    assert forest[-1] < 1600.0


def test_sierra_de_neiba(tmp_path):
    folder = LAND_COVER / "sierra_de_neiba_cgls_lc100"
    paths = [folder / f"cgls_lc100_{year}.tif" for year in (2015, 2019)]
    legend = preset_legend("cgls_lc100", NAMES)
    rasters = [RasterInput(str(path)) for path in paths]
    result = change(rasters, (2015, 2019), legend, tmp_path / "change.tif")
    with rasterio.open(tmp_path / "change.tif") as raster:
        initial, final = raster.read((3, 4))
    assert (np.count_nonzero(initial == 5), np.count_nonzero(final == 5)) == (106, 106)
    # 106 cells of 3.57 seconds at 18.6 degrees north.
    assert result.areas_km2[:, 4] == pytest.approx([1.225, 1.225], abs=0.01)
    assert result.unknown == ()


def carbon(rasters, years, legend, region, output, **options):
    task = SoilOrganicCarbonTask(
        LandCoverSeries(rasters, years, legend),
        RasterInput(str(CROPS / f"{region}_socs_0_30cm_1990AD.tif")),
        RasterInput(str(CROPS / f"{region}_ipcc_climate.tif")),
        zone_factors=climate_zone_factors(),
        **options,
    )
    result = compute_soil_organic_carbon(task, output)
    with rasterio.open(output) as raster:
        return result, raster.read()


def test_itanhanga_carbon_series(tmp_path):
    legend = preset_legend("inpe", NAMES)
    result, bands = carbon(itanhanga(), range(2001, 2017), legend, "itanhanga", tmp_path / "s.tif")
    assert sum(result.class_km2) == pytest.approx(2935.3, abs=0.05)
    assert sum(result.missing_km2.values()) == pytest.approx(
        32_326 * 0.231656**2, rel=1e-6
    )  # outside the municipality
    # Forest and pasture to crop at f = 0.48 (tropical wet and moist): 0.52 / 20 a year.
    with rasterio.open(itanhanga()[0].path) as raster:
        codes = raster.read()
    crop = np.isin(codes, (2, 3, *range(8, 15)))
    wooded = np.isin(codes, (1, 4, 5, 6, 7))
    once = wooded[:6].all(axis=0) & crop[6:].all(axis=0)  # crop from 2007 on
    assert np.count_nonzero(once) > 100
    valid = once & (bands[0] != -32768)
    change = bands[1][valid] / 100.0
    assert change == pytest.approx(np.full(change.size, -100 * 0.52 * 10 / 20), abs=0.005)
    assert set(bands[0][valid].tolist()) == {-1}
    # Forest and pasture give way to crops: the stock falls, though not in every year.
    totals = result.tonnes.sum(axis=1)
    assert totals.argmin() == 15
    assert totals[-1] / totals[0] == pytest.approx(0.93, abs=0.05)


def test_kalimantan_carbon(tmp_path):
    """The whole island, 30 million cells; every fourth row against the figures of its changes."""
    folder = LAND_COVER / "kalimantan_esa_cci"
    rasters = [RasterInput(str(folder / f"esa_cci_lc_300m_{y}.tif")) for y in (2000, 2015)]
    legend = preset_legend("esa_cci", NAMES)
    output = tmp_path / "s.tif"
    task = SoilOrganicCarbonTask(
        LandCoverSeries(rasters, (2000, 2015), legend),
        RasterInput(str(CROPS / "kalimantan_socs_0_30cm_1990AD.tif")),
        RasterInput(str(CROPS / "kalimantan_ipcc_climate.tif")),
        zone_factors=climate_zone_factors(),
    )
    result = compute_soil_organic_carbon(task, output)
    assert result.missing_km2["no_land_cover"] == result.missing_km2["no_factor"] == 0.0
    assert result.unknown == ()

    unccd = np.zeros(256, dtype=np.uint8)
    for code, number in preset_codes("esa_cci"):
        unccd[code] = number
    offset, places = 32_768, 1 << 16
    with (
        rasterio.open(rasters[0].path) as one,
        rasterio.open(rasters[1].path) as other,
        rasterio.open(output) as made,
    ):
        before, after = (unccd[raster.read(1)[::4]] for raster in (one, other))
        change = made.read(2)[::4].astype(np.int32) + offset
    joint = (before.astype(np.int32) * 8 + after) * places + change
    found = np.bincount(joint.ravel(), minlength=64 * places)
    found = found.reshape(8, 8, places)
    # A change stands for 15 - floor(15 / 2) = 8 years of 20. Kalimantan is tropical, wet or moist
    # (f = 0.48), or mountains, tropical (0.64) or with a warm temperate climate (0.69).
    share, zones = 8 / 20, (0.48, 0.64, 0.69)
    loss = {round(1e4 * share * (f - 1.0)) for f in zones}
    gain = {round(1e4 * share * (1.0 / f - 1.0)) for f in zones}
    expected = {
        (1, 3): loss,
        (2, 3): loss,
        (3, 1): gain,
        (3, 2): gain,
        (3, 4): {round(1e4 * share * (1.0 / 0.71 - 1.0))},
        (4, 3): {round(1e4 * share * (0.71 - 1.0))},
    }
    for before in range(1, 8):
        for after in range(1, 8):
            values = set((np.flatnonzero(found[before, after]) - offset).tolist()) - {-32_768}
            if before == 7:
                allowed = set()
            elif before == after:
                allowed = {0}
            elif after in (5, 6) and before < 5:
                allowed = {round(1e4 * share * (0.1 - 1.0))}
            elif before in (5, 6) and after < 5:
                allowed = {round(1e4 * share * (2.0 - 1.0))}
            else:
                allowed = expected.get((before, after), {0})
            assert values <= allowed, (before, after)
    assert found[1, 3, offset - 2_080] > 50_000  # forest to crop in the wet and moist zones
    assert found[1, 3, offset - 1_440] > 100  # in the mountains
    counted = found[..., 1:].sum()  # with a result
    area = sum(result.class_km2)
    assert area == pytest.approx(4 * counted * 0.0534, rel=0.01)  # a cell near the equator
    degraded = found[..., 1 : offset - 1_000].sum() / counted
    assert result.class_km2[0] / area == pytest.approx(degraded, rel=0.01)
    assert result.km2.sum(axis=1) == pytest.approx([area, area])
