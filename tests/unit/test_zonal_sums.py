"""Sums over polygons: by hand, against exactextract and GDAL, and whatever the blocks are."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
from raster_fixtures import DRIVERS, box, multipolygon_wkb, polygon_wkb, star, write_raster

from dbar_qgis_plugin.errors import Cancelled, InputError
from dbar_qgis_plugin.pipelines.zonal_sums import (
    CellRaster,
    Measured,
    ZonalRaster,
    zonal_sums,
)
from dbar_qgis_plugin.raster_io import blocks
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.polygons import polygons_from_wkb
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers

WEST, NORTH = 600_000.0, 1_200_000.0


def polygons(geometries, crs="EPSG:32618"):
    return polygons_from_wkb(geometries, get_driver().wkt(crs))


def cells(west, south, east, north):
    """Box in cells from the upper left corner."""
    return box(WEST + 100 * west, NORTH - 100 * south, WEST + 100 * east, NORTH - 100 * north)


def stars(count, seed=0, width=250, height=230):
    rng = np.random.default_rng(seed)
    return [
        polygon_wkb(
            star(
                WEST + 100 * rng.uniform(-10, width + 10),
                NORTH - 100 * rng.uniform(-10, height + 10),
                100 * rng.uniform(0.3, 60),
                phase=rng.uniform(0, 6),
            )
        )
        for _ in range(count)
    ]


def raster(path, values, **options):
    return ZonalRaster(open_source(write_raster(path, values, **options)))


def test_by_hand(tmp_path):
    values = np.arange(20.0).reshape(4, 5).astype("float32")
    values[1, 1] = -1
    one = raster(tmp_path / "a.tif", values, nodata=-1)
    found = zonal_sums(
        polygons(
            [
                polygon_wkb(cells(0, 2, 2, 0)),  # 0 1 5 (6 is nodata)
                polygon_wkb(cells(2, 4, 7, 3)),  # 17 18 19, and two cells off the raster
                None,
                polygon_wkb(cells(50, 60, 60, 50)),  # off the raster
                polygon_wkb(cells(2.6, 1.4, 2.9, 1.1)),  # no centre
            ]
        ),
        [one],
    )
    assert np.array_equal(found.sums[0][:, 0], [6, 54, np.nan, np.nan, np.nan], equal_nan=True)
    assert np.allclose(found.coverage[:, 0], [0.75, 0.6, 0, 0, 0])
    assert found.weight[:, 0].tolist() == [4, 5, 0, 100, 0]
    assert not found.overlaps.any()


def test_exact_by_hand(tmp_path):
    values = np.array([[1, 2], [3, -1]], "float32")
    one = raster(tmp_path / "a.tif", values, nodata=-1)
    found = zonal_sums(polygons([polygon_wkb(cells(0.5, 1.5, 1.5, 0.75))]), [one], rule="exact")
    # Covered: 1/8 of the first, 1/8 of the second, 1/4 of the third and of the one without data.
    assert found.sums[0][0, 0] == pytest.approx(1 / 8 + 2 / 8 + 3 / 4, rel=1e-12)
    assert found.coverage[0, 0] == pytest.approx(0.5 / 0.75, rel=1e-12)


def test_quantities(tmp_path):
    values = np.array([[0, 1990, 2000], [2010, 65535, 1975]], "uint16")
    source = open_source(write_raster(tmp_path / "a.tif", values, nodata=65535))
    zone = polygons([polygon_wkb(cells(0, 2, 3, 0))])
    found = zonal_sums(
        zone,
        [
            ZonalRaster(source),
            ZonalRaster(source, quantity="positive"),
            ZonalRaster(source, quantity="classes", arguments=(0.0, 2010.0)),
            ZonalRaster(source, quantity="first_year", arguments=(1980.0, 1990.0, 2015.0)),
            ZonalRaster(source, quantity="positive", factor=0.01, area="nominal"),
            ZonalRaster(source, quantity="positive", nodata_is_zero=True),
        ],
    )
    assert [sums[0].tolist() for sums in found.sums] == [
        [7975.0],
        [4.0],
        [2.0],
        [1.0, 2.0, 4.0],
        [400.0],
        [4.0],
    ]
    assert np.allclose(found.coverage[0], [5 / 6] * 5 + [1.0])


@pytest.mark.parametrize("crs", ["EPSG:32618", "EPSG:4326", "EPSG:3857"])
@pytest.mark.parametrize("rule", ["centre", "exact"])
def test_areas_are_those_of_the_grid(tmp_path, crs, rule):
    origin, cell = {
        "EPSG:32618": ((WEST, NORTH), (100.0, -100.0)),
        "EPSG:4326": ((-74.0, 60.0), (0.01, -0.01)),
        "EPSG:3857": ((-8_000_000.0, 8_000_000.0), (1000.0, -1000.0)),
    }[crs]
    values = np.random.default_rng(1).random((60, 80)).astype("float32")
    values[10:20, 10:20] = -1
    path = write_raster(tmp_path / "a.tif", values, crs=crs, origin=origin, cell=cell, nodata=-1)
    source = open_source(path)
    west, south = origin[0] + 10.3 * cell[0], origin[1] + 50.6 * cell[1]
    zone = polygons([polygon_wkb(box(west, south, west + 40 * cell[0], south - 40 * cell[1]))], crs)
    found = zonal_sums(zone, [ZonalRaster(source, area="geodesic")], rule=rule)
    cover = np.zeros((60, 80))
    if rule == "centre":
        cover[11:51, 10:50] = 1.0
    else:
        cover[11:50, 11:50] = 1.0
        cover[10, 11:50], cover[50, 11:50] = 0.4, 0.6
        cover[11:50, 10], cover[11:50, 50] = 0.7, 0.3
        cover[10, 10], cover[10, 50], cover[50, 10], cover[50, 50] = 0.28, 0.12, 0.42, 0.18
    weights = cover * (values >= 0) * source.grid.cell_areas()
    assert found.sums[0][0, 0] == pytest.approx((weights * values).sum(), rel=1e-9)


@pytest.mark.parametrize("rule", ["centre", "exact", "all_touched"])
@pytest.mark.parametrize(
    "layout",
    [{}, {"tiled": True, "blockxsize": 64, "blockysize": 32}, {"blockysize": 1}],
    ids=["strips", "tiles", "rows"],
)
def test_blocks_threads_and_drivers_change_no_bit(tmp_path, monkeypatch, rule, layout):
    drivers = ["rasterio", "gdal"] if find_spec("osgeo") else ["rasterio"]
    monkeypatch.setattr("dbar_qgis_plugin.raster_io.source._CELLS_PER_TILE", 1)
    values = (np.random.default_rng(2).random((230, 250)) * 1e5).astype("float32")
    values[np.random.default_rng(3).random((230, 250)) < 0.1] = -5
    path = write_raster(tmp_path / "a.tif", values, nodata=-5, **layout)
    zones = polygons(stars(80))
    results = []
    for block, threads in ((1, 1), (5_000, 3), (1 << 20, 2)):
        monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", block)
        for driver in drivers:
            rasters = [
                ZonalRaster(open_source(path, driver=driver), area=area)
                for area in ("", "geodesic")
            ]
            found = zonal_sums(zones, rasters, rule=rule, workers=Workers(threads=threads))
            results.append(np.hstack([*found.sums, found.coverage]))
    for other in results[1:]:
        assert np.array_equal(results[0], other, equal_nan=True)


def test_many_cities_against_exactextract(tmp_path):
    exactextract = pytest.importorskip("exactextract")
    values = (np.random.default_rng(4).random((230, 250)) * 100).astype("float64")
    path = write_raster(tmp_path / "a.tif", values, tiled=True, blockxsize=64, blockysize=64)
    geometries = stars(200, seed=9)
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {
                "type": "Polygon",
                "coordinates": [np.frombuffer(wkb, "<f8", offset=13).reshape(-1, 2).tolist()],
            },
        }
        for wkb in geometries
    ]
    expected = [
        feature["properties"]["sum"]
        for feature in exactextract.exact_extract(path, features, ["sum"])
    ]
    found = zonal_sums(polygons(geometries), [ZonalRaster(open_source(path))], rule="exact")
    assert np.allclose(np.nan_to_num(found.sums[0][:, 0]), expected, rtol=1e-6, atol=1e-6)


def test_all_touched_against_gdal(tmp_path):
    features = pytest.importorskip("rasterio.features")
    import rasterio

    values = np.random.default_rng(4).integers(0, 1000, (230, 250)).astype("int32")
    path = write_raster(tmp_path / "a.tif", values)
    geometries = stars(60, seed=12)
    found = zonal_sums(polygons(geometries), [ZonalRaster(open_source(path))], rule="all_touched")
    for wkb, total in zip(geometries, found.sums[0][:, 0], strict=True):
        ring = np.frombuffer(wkb, "<f8", offset=13).reshape(-1, 2).tolist()
        mask = features.rasterize(
            [{"type": "Polygon", "coordinates": [ring]}],
            out_shape=(230, 250),
            transform=rasterio.Affine(100, 0, WEST, 0, -100, NORTH),
            all_touched=True,
        )
        assert np.nan_to_num(total) == values[mask == 1].sum()


def test_rasters_on_different_grids_and_crs(tmp_path):
    fine = np.ones((200, 200), "uint8")
    coarse = np.full((10, 10), 400.0, "float32")
    one = raster(tmp_path / "a.tif", fine, cell=(10.0, -10.0))
    two = raster(tmp_path / "b.tif", coarse, cell=(200.0, -200.0))
    x, y = get_driver().transform_points(
        get_driver().wkt("EPSG:32618"),
        get_driver().wkt("EPSG:4326"),
        *np.array([cells(2.1, 12.2, 13.3, 3.4)]).reshape(-1, 2).T,
    )
    zones = polygons([polygon_wkb(np.column_stack((x, y)))], "EPSG:4326")
    found = zonal_sums(zones, [one, two], rule="exact")
    area = 11.2 * 8.8
    assert found.sums[0][0, 0] == pytest.approx(area * 100, rel=1e-4)
    assert found.sums[1][0, 0] == pytest.approx(area * 100, rel=1e-4)


def test_parts_holes_and_overlaps(tmp_path):
    one = raster(tmp_path / "a.tif", np.ones((30, 30), "uint8"))
    found = zonal_sums(
        polygons(
            [
                multipolygon_wkb(
                    polygon_wkb(cells(0, 10, 10, 0), cells(2, 6, 6, 2)),
                    polygon_wkb(cells(20, 30, 30, 20)),
                ),
                polygon_wkb(cells(5, 15, 15, 5)),
                polygon_wkb(cells(16, 4, 18, 2)),
            ]
        ),
        [one],
    )
    assert found.sums[0][:, 0].tolist() == [100 - 16 + 100, 100, 4]
    assert found.overlaps.tolist() == [True, True, False]


def test_across_the_antimeridian(tmp_path):
    values = np.arange(360 * 180, dtype="float64").reshape(180, 360)
    world = raster(
        tmp_path / "a.tif", values, crs="EPSG:4326", origin=(0.0, 90.0), cell=(1.0, -1.0)
    )
    zones = polygons(
        [
            multipolygon_wkb(
                polygon_wkb(box(177.0, -20.0, 180.0, -15.0)),
                polygon_wkb(box(-180.0, -20.0, -178.0, -15.0)),
            ),
            polygon_wkb(box(-60.0, 0.0, -58.0, 1.0)),
        ],
        "EPSG:4326",
    )
    found = zonal_sums(zones, [world])
    assert found.sums[0][:, 0].tolist() == [
        values[105:110, 177:182].sum(),
        values[89, 300:302].sum(),
    ]
    assert found.coverage[:, 0].tolist() == [1.0, 1.0]


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_polygon_that_the_raster_crs_cannot_hold(tmp_path, driver):
    path = write_raster(
        tmp_path / "a.tif", np.ones((10, 10), "uint8"), crs="EPSG:3857", origin=(0, 1000)
    )
    zones = polygons(
        [polygon_wkb(box(0, -90, 1, -89)), polygon_wkb(box(0, 0, 0.008, 0.008))], "EPSG:4326"
    )
    found = zonal_sums(zones, [ZonalRaster(open_source(path, driver=driver))])
    assert np.isnan(found.sums[0][0, 0])
    assert found.sums[0][1, 0] > 50


def test_values_out_of_range_are_refused(tmp_path):
    source = open_source(
        write_raster(tmp_path / "a.tif", np.array([[0.2, 40]], "float32")), name="built 2000"
    )
    one = ZonalRaster(source, smallest=0, largest=1, refusal="{name} holds {value}: percent?")
    with pytest.raises(InputError, match="built 2000 holds 40: percent"):
        zonal_sums(polygons([polygon_wkb(cells(0, 1, 1, 0))]), [one])


def test_cancel(tmp_path):
    one = raster(tmp_path / "a.tif", np.ones((30, 30), "uint8"))
    with pytest.raises(Cancelled):
        zonal_sums(
            polygons([polygon_wkb(cells(0, 1, 1, 0))]),
            [one],
            progress=Progress(is_cancelled=lambda: True),
        )


def test_damaged_wkb():
    whole = polygon_wkb(cells(0, 1, 1, 0))
    with pytest.raises(InputError, match="feature 2 is damaged"):
        polygons([whole, whole[:-5]])
    with pytest.raises(InputError, match="Feature 1 is not a polygon"):
        polygons([b"\x01\x01\x00\x00\x00" + b"\x00" * 16])
    assert polygons([whole, None]).count == 2


def test_big_endian_wkb(tmp_path):
    ring = np.array(cells(0, 2, 2, 0))
    wkb = b"\x00" + np.array([3, 1, len(ring)], ">u4").tobytes() + ring.astype(">f8").tobytes()
    one = raster(tmp_path / "a.tif", np.ones((3, 3), "uint8"))
    assert zonal_sums(polygons([wkb]), [one]).sums[0][0, 0] == 4.0


def test_a_dask_cluster_gives_the_same_to_the_last_bit(tmp_path):
    distributed = pytest.importorskip("distributed")
    values = (np.random.default_rng(2).random((230, 250)) * 1e5).astype("float32")
    rasters = [ZonalRaster(open_source(write_raster(tmp_path / "a.tif", values)), area="geodesic")]
    zones = polygons(stars(30))
    here = zonal_sums(zones, rasters, workers=Workers(threads=2))
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        there = zonal_sums(zones, rasters, workers=Workers(scheduler=cluster.scheduler_address))
    assert np.array_equal(here.sums[0], there.sums[0], equal_nan=True)


class Halves(CellRaster):
    """Sums, sums times areas, and what the caller adds up itself."""

    output_count = 2
    bytes_per_zone = 400_000

    def measure(self, bands, cells):
        values = bands[0].values[cells.place]
        first = cells.part_first
        made = [
            (int(zone), float(values[cells.zone == place].sum()))
            for place, zone in enumerate(cells.zones)
        ]
        sums = [np.add.reduceat(part, first) for part in (values, values * cells.area)]
        assert cells.part_area.tolist() == np.add.reduceat(cells.area, first).tolist()
        assert cells.part_cells.sum() == values.size
        return Measured([*sums, np.add.reduceat(np.ones(values.size), first)], made)


class Made:
    """Adds up what rasters make; no cells of a zone come after it was closed."""

    def __init__(self):
        self.total, self.closed, self.order = {}, [], []

    def add(self, number, made):
        self.order.append(number)
        for zone, part in made:
            assert (number, zone) not in self.closed
            self.total[number, zone] = self.total.get((number, zone), 0.0) + part

    def close(self, number, zones):
        self.closed += [(number, int(zone)) for zone in zones]


@pytest.mark.parametrize("crs", ["EPSG:32618", "EPSG:4326"])
def test_a_raster_that_measures_something_else(tmp_path, monkeypatch, crs):
    monkeypatch.setattr("dbar_qgis_plugin.raster_io.source._CELLS_PER_TILE", 1)
    monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", 40)
    monkeypatch.setattr("dbar_qgis_plugin.pipelines.zonal_sums._CELLS_AT_ONCE", 2)
    place = (
        {"crs": crs} if crs == "EPSG:32618" else {"crs": crs, "origin": (4, 50), "cell": (1, -1)}
    )
    path = write_raster(tmp_path / "a.tif", np.arange(60.0).reshape(2, 5, 6), **place)
    outline = cells(1, 4, 4, 1) if crs == "EPSG:32618" else box(5, 46, 8, 49)
    rasters = [Halves(open_source(path, bands=(band,))) for band in (1, 2)]
    made = Made()
    found = zonal_sums(polygons([polygon_wkb(outline)], crs), rasters, tally=made)
    values = np.arange(60.0).reshape(2, 5, 6)[:, 1:4, 1:4]
    areas = np.broadcast_to(rasters[0].source.grid.cell_areas(), (5, 6))[1:4, 1:4]
    for number in (0, 1):
        assert made.total[number, 0] == values[number].sum()
        assert found.sums[number][0] == pytest.approx(
            [values[number].sum(), (values[number] * areas).sum()]
        )
    assert sorted(made.closed) == [(0, 0), (1, 0)]
    assert found.inside.tolist() == found.weight.tolist() == [[9, 9]]
    with pytest.raises(ValueError, match="whole cells only"):
        zonal_sums(polygons([None]), rasters, rule="exact")


@pytest.mark.parametrize("below_each_other", [True, False])
def test_zones_are_closed_as_soon_as_their_cells_have_come(tmp_path, monkeypatch, below_each_other):
    monkeypatch.setattr("dbar_qgis_plugin.raster_io.source._CELLS_PER_TILE", 1)
    monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", 1)
    layout = {"tiled": True, "blockxsize": 16, "blockysize": 16}
    path = write_raster(tmp_path / "a.tif", np.ones((3, 48, 48)), **layout)
    rasters = [Halves(open_source(path, bands=(band,))) for band in (1, 2, 3)]
    zones = [
        polygon_wkb(cells(2, top, 40, top - 9) if below_each_other else cells(top - 9, 40, top, 2))
        for top in (14, 30, 46)
    ]
    made = Made()
    zonal_sums(polygons(zones), rasters, workers=Workers(threads=1, memory_mb=1), tally=made)
    assert len(made.closed) == len(set(made.closed)) == 9
    if below_each_other:
        # The tables of one zone are open at a time: two rasters of 0.4 MB fit a megabyte.
        assert made.order[:4] == [0, 1, 0, 1]
        assert made.closed[:2] == [(0, 0), (1, 0)]
    else:
        # Those of three zones: a raster at a time.
        assert made.order == sorted(made.order)
        assert {number for number, _ in made.closed[:3]} == {0}


def test_what_lies_on_the_raster(tmp_path):
    one = raster(tmp_path / "a.tif", np.ones((4, 4), "uint8"))
    zones = polygons([polygon_wkb(cells(2, 2, 6, 0)), polygon_wkb(cells(50, 2, 52, 0))])
    for rule in ("centre", "exact"):
        found = zonal_sums(zones, [one], rule=rule)
        assert found.inside[:, 0].tolist() == [4, 0]
        assert found.weight[:, 0].tolist() == [8, 4]
