"""Night light over zones and dates: by hand, against numpy, and whatever the blocks are."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
from raster_fixtures import box, polygon_wkb, star, write_raster

from dbar_qgis_plugin.errors import Cancelled, GridError, InputError
from dbar_qgis_plugin.kernels.joint_tally import codes_of, joint_tally
from dbar_qgis_plugin.pipelines import zonal_sums
from dbar_qgis_plugin.pipelines.dates import Period
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light import zone_light
from dbar_qgis_plugin.pipelines.night_light.light_statistics import (
    MAXIMUM,
    NANOWATTS,
    OLS,
    TYPED,
    LightStatisticsTask,
    compute_light_statistics,
)
from dbar_qgis_plugin.pipelines.night_light.light_statistics_tables import series_table, zone_table
from dbar_qgis_plugin.pipelines.night_light.zone_light import LIGHT, NODATA, ZERO
from dbar_qgis_plugin.raster_io import blocks
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

WEST, NORTH = 600_000.0, 1_200_000.0
CRS = "EPSG:32618"
GONE = -9999.0


def cells(col, row, cols, rows):
    """Rectangle of whole cells."""
    return polygon_wkb(
        box(
            WEST + 100 * col,
            NORTH - 100 * (row + rows),
            WEST + 100 * (col + cols),
            NORTH - 100 * row,
        )
    )


def task(zones, rasters, years=None, **options):
    years = years or range(2000, 2000 + len(rasters))
    return LightStatisticsTask(
        zone_wkb=zones,
        zone_crs=get_driver().wkt(CRS),
        zone_names=[f"zone {number}" for number in range(len(zones))],
        light=[r if isinstance(r, RasterInput) else RasterInput(r, name=r) for r in rasters],
        periods=[Period.of_year(year) for year in years],
        **options,
    )


def light(tmp_path, values, name="light.tif", **options):
    options.setdefault("nodata", GONE)
    return write_raster(tmp_path / name, np.asarray(values, dtype="float32"), **options)


def texts(result):
    return [str(warning) for warning in result.warnings]


def gini_of(values):
    return np.abs(values[:, None] - values).mean() / (2 * values.mean())


def test_by_hand(tmp_path):
    values = [[0, 1, 2, GONE], [4, -1, 8, 8]]
    zones = [cells(0, 0, 2, 2), cells(2, 0, 2, 2)]
    found = compute_light_statistics(
        task(zones, [light(tmp_path, values)], unit=NANOWATTS, limit=2.0, saturation=8.0)
    ).values
    one = {name: of_zones[0, 0] for name, of_zones in found.items()}
    two = {name: of_zones[1, 0] for name, of_zones in found.items()}
    assert (one["tnl"], one["antl"], one["mntl"], one["max"]) == (4, 1, 4, 4)
    assert one["sd"] == pytest.approx(np.std([0, 1, 4, -1]))
    assert (one["n_valid"], one["n_nodata"], one["n_lit"], one["n_saturated"]) == (4, 0, 1, 0)
    assert (two["tnl"], two["antl"], two["mntl"], two["max"]) == (18, 6, 6, 8)
    assert (two["n_valid"], two["n_nodata"], two["n_lit"], two["n_saturated"]) == (3, 1, 3, 2)
    # Cells are 0.01 km2 on the map, up to the scale of UTM.
    area = two["valid_km2"] / 3
    assert area == pytest.approx(0.01, rel=2e-3)
    assert two["lit_km2"] == pytest.approx(3 * area, rel=1e-9)
    assert (one["lit_share"], two["lit_share"]) == (pytest.approx(0.25), pytest.approx(1.0))
    # 18 nW cm-2 sr-1 over 0.01 km2 = 1e8 cm2 are 1.8 W/sr.
    assert two["power_w_sr"] == pytest.approx(1.8 * area / 0.01)
    # Lit cells are 4, 2, 8, 8: place 3 x 0.999 of them is 8.
    assert two["cnli_reference"] == 8
    assert one["cnli"] == pytest.approx(4 / 8 * 0.25)
    assert two["cnli_max"] == pytest.approx(6 / 8)
    # Negative light counts as none: 0, 0, 1, 4.
    assert one["gini"] == pytest.approx(gini_of(np.array([0, 0, 1, 4.0])))
    ratio = np.array([1, 4]) / 2.5
    assert one["theil"] == pytest.approx((ratio * np.log(ratio)).mean())


def reference_values(values, valid, people, limit):
    """Statistics of a zone's cells with numpy, from their definitions."""
    kept = values[valid].astype(float)
    lit = kept[(kept > 0) & (kept >= limit)]
    no_less = np.maximum(kept, 0)
    above = no_less[no_less > 0]
    persons, beside = people[valid], no_less
    inhabited = persons > 0
    order = np.argsort(beside[inhabited] / persons[inhabited], kind="stable")
    x = np.cumsum(persons[inhabited][order]) / persons[inhabited].sum()
    y = np.cumsum(beside[inhabited][order]) / beside[inhabited].sum()
    x, y = np.insert(x, 0, 0), np.insert(y, 0, 0)
    ratio = above / above.mean()
    return {
        "tnl": kept.sum(),
        "antl": kept.mean(),
        "mntl": lit.mean(),
        "sd": kept.std(),
        "max": kept.max(),
        "n_valid": kept.size,
        "n_nodata": (~valid).sum(),
        "n_lit": lit.size,
        "gini": gini_of(no_less),
        "theil": (ratio * np.log(ratio)).mean(),
        "nldi": 1 - (np.diff(x) * (y[1:] + y[:-1])).sum(),
        "people": persons[inhabited].sum(),
    }


@pytest.fixture
def scene(tmp_path):
    """Light with few bright cells, people elsewhere, and cells without data."""
    rng = np.random.default_rng(5)
    values = np.exp(rng.normal(0, 1.3, (2, 60, 70))).astype("float32") - 0.4
    values[rng.random(values.shape) < 0.1] = GONE
    people = np.where(rng.random((60, 70)) < 0.7, rng.gamma(0.5, 40, (60, 70)), 0)
    paths = [light(tmp_path, layer, f"light_{number}.tif") for number, layer in enumerate(values)]
    return values, people, paths, write_raster(tmp_path / "people.tif", people)


def test_against_numpy(scene):
    values, people, paths, people_path = scene
    boxes = [(0, 0, 30, 40), (20, 10, 50, 50), (5, 5, 3, 3)]
    found = compute_light_statistics(
        task(
            [cells(*box_) for box_ in boxes], paths, population=RasterInput(people_path), limit=0.7
        )
    )
    lit = []
    for zone, (col, row, cols, rows) in enumerate(boxes):
        here = slice(row, row + rows), slice(col, col + cols)
        for date, layer in enumerate(values):
            part = layer[here].ravel()
            valid = part != GONE
            expected = reference_values(part, valid, people[here].ravel(), 0.7)
            for name, value in expected.items():
                tolerance = 1e-3 if name in ("nldi", "people") else 1e-4 if zone < 2 else 2e-3
                exact = name not in ("nldi", "people", "gini", "theil")
                assert found.values[name][zone, date] == pytest.approx(
                    value, rel=1e-6 if exact else tolerance
                ), (name, zone, date)
            if date == 0:
                lit.append(part[valid & (part >= 0.7)])
    reference = np.percentile(np.concatenate(lit), 99.9)
    assert found.values["cnli_reference"][0, 0] == pytest.approx(reference, rel=0.01)
    for zone in range(3):
        column = {name: of_zones[zone, 0] for name, of_zones in found.values.items()}
        assert column["cnli"] == pytest.approx(
            lit[zone].mean() / column["cnli_reference"] * lit[zone].size / column["n_valid"],
            rel=1e-4,
        )


def test_nldi_by_light_counts_cells_without_people(tmp_path):
    # Dark cells hold 1 and 0 persons, bright ones 3 and 0.
    people = write_raster(tmp_path / "p.tif", np.array([[1.0, 0, 3, 0]]))
    found = compute_light_statistics(
        task(
            [cells(0, 0, 4, 1)],
            [light(tmp_path, [[1, 2, 4, 8]])],
            population=RasterInput(people),
            key=LIGHT,
        )
    )
    # x: 1/4, 1/4, 1, 1; y: 1/15, 3/15, 7/15, 1.
    expected = 1 - (0.25 * (1 / 15) + 0.75 * (3 / 15 + 7 / 15))
    assert found.values["nldi"][0, 0] == pytest.approx(expected)
    assert found.values["people"][0, 0] == 4
    # The curve of light over people, at half of the people.
    assert found.people_lorenz[0, 50] == pytest.approx(3 / 15 + (4 / 15) / 3)


@pytest.mark.parametrize(
    "layout", [{}, {"tiled": True, "blockxsize": 16, "blockysize": 32}, {"interleave": "pixel"}]
)
def test_blocks_threads_drivers_and_batches_change_no_bit(tmp_path, monkeypatch, layout):
    drivers = ["rasterio", "gdal"] if find_spec("osgeo") else ["rasterio"]
    monkeypatch.setattr("dbar_qgis_plugin.raster_io.source._CELLS_PER_TILE", 1)
    rng = np.random.default_rng(6)
    values = np.exp(rng.normal(0, 2, (3, 90, 100))).astype("float32")
    values[rng.random(values.shape) < 0.1] = GONE
    path = light(tmp_path, values, **layout)
    # On a finer grid, so that they are summed into the cells of the light.
    people = write_raster(tmp_path / "p.tif", rng.gamma(0.5, 40, (180, 200)), cell=(50.0, -50.0))
    zones = [
        polygon_wkb(
            star(
                WEST + 100 * rng.uniform(0, 100),
                NORTH - 100 * rng.uniform(0, 90),
                100 * rng.uniform(1, 50),
                phase=rng.uniform(0, 6),
            )
        )
        for _ in range(25)
    ]
    rasters = [RasterInput(path, band=band) for band in (1, 2, 3)]
    results = []
    for block, threads, batch, at_once in (
        (1, 1, 1, 1 << 18),
        (3_000, 3, 2, 500),
        (1 << 20, 2, 3, 1),
    ):
        monkeypatch.setattr(zonal_sums, "_CELLS_AT_ONCE", at_once)
        monkeypatch.setattr(zonal_sums, "_CELLS_KEPT", at_once)
        monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", block)
        monkeypatch.setattr(
            zonal_sums,
            "_batches",
            lambda members, *_, size=batch: [
                members[first : first + size] for first in range(0, len(members), size)
            ],
        )
        monkeypatch.setattr(zone_light, "_MOST_WAITING", block)
        for driver in drivers:
            monkeypatch.setattr(
                "dbar_qgis_plugin.raster_io.source.driver_name_of", lambda _path, name=driver: name
            )
            found = compute_light_statistics(
                task(zones, rasters, population=RasterInput(people), limit=0.5),
                workers=Workers(threads=threads),
            )
            results.append(np.hstack([*found.values.values(), found.lorenz, found.people_lorenz]))
    assert np.isfinite(results[0]).sum() > 1000
    for other in results[1:]:
        assert np.array_equal(results[0], other, equal_nan=True)


def test_each_cell_of_a_file_is_decoded_once(tmp_path, monkeypatch):
    path = light(tmp_path, np.ones((4, 40, 50)), interleave="pixel")
    people = write_raster(tmp_path / "p.tif", np.ones((40, 50)))
    monkeypatch.setattr("dbar_qgis_plugin.raster_io.source._CELLS_PER_TILE", 1)
    read = []
    original = RasterSource.read

    def counted(self, window):
        read.append((self.path, self.bands, window))
        return original(self, window)

    monkeypatch.setattr(RasterSource, "read", counted)
    monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", 500)
    compute_light_statistics(
        task(
            [cells(0, 0, 50, 40)],
            [RasterInput(path, band=band) for band in (1, 2, 3, 4)],
            population=RasterInput(people),
        )
    )
    assert len(read) == len(set(read)) > 4
    assert {(name, bands) for name, bands, _ in read} == {(path, (1, 2, 3, 4)), (people, (1,))}


def test_counts_and_negative_values(tmp_path):
    path = light(tmp_path, [[5, -2, 3, 7]])
    counts = write_raster(tmp_path / "n.tif", np.array([[1, 2, 0, 65535]], "uint16"), nodata=65535)
    zone = [cells(0, 0, 4, 1)]

    def found(**options):
        values = compute_light_statistics(task(zone, [path], **options)).values
        return tuple(values[name][0, 0] for name in ("tnl", "n_valid", "n_nodata", "n_lit"))

    assert found() == (13, 4, 0, 3)
    assert found(counts=[RasterInput(counts)]) == (3, 2, 2, 1)
    assert found(negative=ZERO) == (15, 4, 0, 3)
    assert found(negative=NODATA) == (15, 3, 1, 3)
    with pytest.raises(InputError, match="1 rasters of light, but 2 of cloud-free"):
        found(counts=[RasterInput(counts)] * 2)


def test_lit_thresholds(tmp_path):
    path = light(tmp_path, [[7.42, 7.41, -1, 9]])
    limits = light(tmp_path, [[7, 8, -3, GONE]], "limits.tif")
    mask = write_raster(
        tmp_path / "mask.tif", np.array([[0, 1, 1, 255]], "uint8"), nodata=255, descriptions=["lit"]
    )
    zone = [cells(0, 0, 4, 1)]

    def lit(**options):
        values = compute_light_statistics(task(zone, [path], **options)).values
        return values["n_lit"][0, 0], values["mntl"][0, 0]

    assert lit() == (3, pytest.approx(np.mean([7.42, 7.41, 9])))
    # 7.42 as float32 is a little more than 7.42, and must not be less.
    assert lit(limit=7.42) == (2, pytest.approx(np.mean([7.42, 9])))
    # Negative light is never lit, nor are cells without a threshold.
    assert lit(limits=RasterInput(limits)) == (1, pytest.approx(7.42))
    assert lit(limits=RasterInput(mask)) == (1, pytest.approx(7.41))


def test_references_of_the_compounded_index(tmp_path):
    values = np.full((1, 1000), 2.0)
    values[0, 0] = 2000.0
    zone, path = [cells(0, 0, 1000, 1)], light(tmp_path, values)

    def index(**options):
        found = compute_light_statistics(task(zone, [path], **options)).values
        return found["cnli"][0, 0], found["cnli_reference"][0, 0], found["cnli_max"][0, 0]

    mean = (999 * 2 + 2000) / 1000
    # One bad cell lowers the index with the largest light, not that with a percentile.
    assert index(percentile=99.0) == pytest.approx((mean / 2, 2, mean / 2000))
    assert index(reference=MAXIMUM) == pytest.approx((mean / 2000, 2000, mean / 2000))
    assert index(reference=TYPED, reference_value=63.0) == pytest.approx(
        (mean / 63, 63, mean / 2000)
    )


def test_zones_that_have_no_figures(tmp_path):
    values = np.array([[0, 0, 5, 5], [0, 0, 5, 5], [GONE, GONE, 5, 5]])
    zones = [
        cells(0, 0, 2, 2),  # dark
        None,
        cells(90, 0, 2, 2),
        cells(0, 2, 2, 1),  # no data
        cells(2, 0, 4, 2),  # half outside
        cells(3, 1, 1, 2),  # shares a cell with it
        polygon_wkb(box(WEST + 1, NORTH - 9, WEST + 9, NORTH - 1)),
    ]
    given = task(zones, [light(tmp_path, values)])
    found = compute_light_statistics(given)
    assert found.zone_flags == (
        (),
        ("NO_GEOMETRY",),
        ("OUTSIDE",),
        (),
        ("PARTLY_OUTSIDE", "OVERLAP"),
        ("OVERLAP",),
        ("TOO_SMALL",),
    )
    table = zone_table(given, found)
    assert table["flags"] == [
        "NO_LIGHT",
        "NO_GEOMETRY",
        "OUTSIDE",
        "NO_DATA",
        "PARTLY_OUTSIDE;OVERLAP",
        "OVERLAP",
        "TOO_SMALL",
    ]
    assert table["tnl"] == [0, None, None, None, 20, 10, None]
    assert table["n_nodata"][4] == 4
    assert table["cnli"][0] == 0 and table["gini"][0] is None and table["mntl"][0] is None
    lines = texts(found)
    assert "Zones without a geometry (1): zone 1" in lines
    assert "Zones outside the rasters (1): zone 2" in lines
    assert "Zones partly outside a raster (1): zone 4" in lines
    assert "Zones that hold no cell's centre (1): zone 6" in lines
    assert any(line.endswith("(2): zone 4, zone 5") for line in lines)
    assert "Zones without light (1): zone 0" in lines
    assert "No trend: 1 dates, of which it takes at least 8." in lines


def test_trend(tmp_path):
    # Zone 0 rises by 2 a year, zone 1 has no data on three of nine dates, zone 2 wavers.
    dates = np.arange(9)
    values = np.stack([1 + 2 * dates, 5 + dates, 3 + (dates % 2)], axis=1)[:, np.newaxis, :]
    values = values.astype(float)
    values[:3, 0, 1] = GONE
    path = light(tmp_path, values)
    given = task(
        [cells(col, 0, 1, 1) for col in range(3)],
        [RasterInput(path, band=int(band) + 1) for band in dates],
    )
    found = compute_light_statistics(given)
    assert found.trend.dates.tolist() == [9, 6, 9]
    # 2012 is the thirteenth year; years have lengths of their own, so middles are a year apart.
    assert found.trend.slope[0] == pytest.approx(2.0, rel=1e-6)
    assert found.trend.p[0] == pytest.approx(2 / 362880)
    assert found.trend.direction.tolist() == [1, 0, 0]
    table = zone_table(given, found)
    assert table["trend"] == ["rising", "FEW_DATES", "none"]
    assert table["trend_pct"][0] == pytest.approx(100 * 2 / 9)
    assert table["trend_slope"][1] is None and table["trend_p"][1] is None
    fewer = compute_light_statistics(
        task(given.zone_wkb, given.light, minimum_dates=6, slope=OLS, trend_of="tnl")
    )
    assert fewer.trend.slope == pytest.approx([2.0, 1.0, 0.0], abs=1e-6)
    assert fewer.trend.direction.tolist() == [1, 1, 0]


def test_dates_under_clouds_are_left_out_of_the_trend(tmp_path):
    # The sum rises, but on cloudy dates only one cell of two has data.
    values = np.ones((10, 1, 2)) * (10 + np.arange(10))[:, np.newaxis, np.newaxis]
    values[3, 0, 0] = values[8, 0, 0] = GONE
    path = light(tmp_path, values)
    rasters = [RasterInput(path, band=band) for band in range(1, 11)]
    zone = [cells(0, 0, 2, 1)]
    given = task(zone, rasters, trend_of="tnl")
    found = compute_light_statistics(given)
    assert found.trend.dates.tolist() == [8]
    assert found.trend.p[0] == pytest.approx(2 / 40320)
    flags = series_table(given, found)["flags"]
    assert [date for date, codes in enumerate(flags) if codes == "LOW_COVERAGE"] == [3, 8]
    every = compute_light_statistics(task(zone, rasters, trend_of="tnl", minimum_coverage=0.0))
    assert every.trend.dates.tolist() == [10]
    assert every.trend.p[0] > 1e-3


def test_rasters_on_grids_of_their_own(tmp_path):
    fine = np.kron(np.arange(1.0, 7).reshape(2, 3), np.ones((2, 2)))
    paths = [
        light(tmp_path, np.arange(1.0, 7).reshape(2, 3), "VIIRS_2014.tif"),
        light(tmp_path, fine, "DMSP_2013.tif", cell=(50.0, -50.0)),
    ]
    found = compute_light_statistics(task([cells(0, 0, 3, 2)], paths))
    assert found.values["antl"][0].tolist() == [3.5, 3.5]
    assert found.values["tnl"][0].tolist() == [21, 84]
    assert found.values["lit_km2"][0, 0] == pytest.approx(found.values["lit_km2"][0, 1], rel=1e-6)
    lines = texts(found)
    assert any("different sensors (DMSP, VIIRS)" in line for line in lines), lines
    assert any(
        "different sizes (0.0025" in line or "different sizes (0.00249" in line for line in lines
    )


def test_degrees(tmp_path):
    path = light(tmp_path, np.full((2, 2), 3.0), crs="EPSG:4326", origin=(4.0, 50.0), cell=(1, -1))
    given = LightStatisticsTask(
        [polygon_wkb(box(4, 48, 6, 50))],
        get_driver().wkt("EPSG:4326"),
        ["zone"],
        [RasterInput(path)],
        [Period.of_year(2020)],
        unit=NANOWATTS,
    )
    found = compute_light_statistics(given).values
    # Two degrees of longitude from 48 to 50 degrees north on WGS 84: the product of the radii of
    # curvature and the cosine, added up in thin strips.
    edges = np.radians(np.linspace(48, 50, 20_001))
    latitude = (edges[1:] + edges[:-1]) / 2
    flattening = 1 / 298.257223563
    eccentricity = flattening * (2 - flattening)
    root = 1 - eccentricity * np.sin(latitude) ** 2
    strips = 6378.137**2 * (1 - eccentricity) / root**2 * np.cos(latitude) * np.diff(edges)
    assert found["valid_km2"][0, 0] == pytest.approx(strips.sum() * np.radians(2), rel=1e-8)
    assert found["power_w_sr"][0, 0] == pytest.approx(3e-5 * 1e6 * found["valid_km2"][0, 0])


def test_units(tmp_path):
    import rasterio

    paths = []
    for number, unit in enumerate(("nW/cm^2/sr", "W m-2 sr-1 um-1", "")):
        path = light(tmp_path, [[1, 2]], f"light_{number}.tif")
        with rasterio.open(path, "r+") as dataset:
            dataset.units = [unit]
        paths.append(path)
    zone = [cells(0, 0, 2, 1)]
    found = compute_light_statistics(task(zone, paths))
    assert found.units == (NANOWATTS, "W m-2 sr-1 um-1", "")
    assert np.isfinite(found.values["power_w_sr"][0]).tolist() == [True, False, False]
    assert any("different units (nW cm-2 sr-1, W m-2 sr-1 um-1, ?)" in t for t in texts(found))
    other = compute_light_statistics(task(zone, paths[:1], unit="other"))
    assert np.isnan(other.values["power_w_sr"]).all()
    assert any("power in W/sr stays empty" in line for line in texts(other))


@pytest.mark.parametrize(
    "options, told",
    [
        ({}, True),
        ({"scales": [0.1], "offsets": [0.0]}, True),
        ({"nodata": 65535}, False),
    ],
)
def test_a_fill_value_that_is_not_stated_is_told(tmp_path, options, told):
    # Black Marble fills cells without data with 65535.
    values = np.array([[5, 7, 65535]], dtype="uint16")
    path = write_raster(tmp_path / "light.tif", values, **options)
    found = compute_light_statistics(task([cells(0, 0, 3, 1)], [path]))
    assert any("cells hold 65535, which stands for no data" in t for t in texts(found)) == told
    assert found.values["n_valid"][0, 0] == (3 if told else 2)


def test_a_raster_without_crs_is_refused(tmp_path):
    path = light(tmp_path, [[1, 2]], crs=None)
    with pytest.raises(GridError, match="no coordinate reference system"):
        compute_light_statistics(task([cells(0, 0, 2, 1)], [path]))


def test_cancel(tmp_path):
    with pytest.raises(Cancelled):
        compute_light_statistics(
            task([cells(0, 0, 2, 1)], [light(tmp_path, [[1, 2]])]),
            progress=Progress(is_cancelled=lambda: True),
        )


def test_joint_tally_counts_where_there_is_no_weight():
    codes = [np.array([[0, 1, 1], [2, 1, 0]]), np.array([[3, 0, 0], [3, 3, 3]])]
    weight = np.array([[1.0, 2, 4], [8, 16, 32]])
    for bits in (36, 24, 52):
        found = joint_tally(codes, (3, 4), (None, weight), weight_bits=bits)
        assert codes_of(found.keys, (3, 4)).T.tolist() == [[0, 3], [1, 0], [1, 3], [2, 3]]
        assert found.sums.tolist() == [[2, 2, 1, 1], [33, 6, 16, 8]]
