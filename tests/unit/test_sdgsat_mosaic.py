"""Half swaths made one: by hand, for any block size, with odd lattices and odd inputs."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVERS, write_raster
from sdgsat_fixtures import write_scene

from dbar_qgis_plugin.errors import GridError, InputError
from dbar_qgis_plugin.pipelines.night_light import sdgsat_mosaic
from dbar_qgis_plugin.pipelines.night_light.sdgsat_mosaic import (
    FIRST,
    MEAN,
    mosaic_halves,
    summarise_band,
)
from dbar_qgis_plugin.pipelines.night_light.sdgsat_product import SceneRaster, find_products
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers

A = np.array([[5, 5, 0], [7, 4, 0]], dtype=np.uint16)
B = np.array([[9, 2, 3], [0, 8, 1]], dtype=np.uint16)


@pytest.fixture
def halves(tmp_path):
    """Two halves of three bands; B lies one cell to the right and one down."""

    def write(a=A, b=B, offset=(100.0, -100.0), **options):
        rasters = []
        for half, values, origin in (
            ("A", a, (600_000.0, 1_200_000.0)),
            ("B", b, (600_000.0 + offset[0], 1_200_000.0 + offset[1])),
        ):
            path = tmp_path / f"{half}.tif"
            # The second band has no data where the first is 4.
            layers = np.stack([values, np.where(values == 4, 0, values), values])
            own = {"origin": origin, "nodata": 0, **(options if half == "B" else {})}
            write_raster(path, layers, **own)
            rasters.append(SceneRaster("RGB", half, path))
        return rasters

    return write


def read(path):
    with rasterio.open(path) as dataset:
        return dataset.read(), dataset.profile, dataset.tags(), dataset.descriptions


def test_first_by_hand(halves, tmp_path):
    mosaic = mosaic_halves(halves(), tmp_path / "out.tif", tags={"DBAR_DATE": "2022-03-04"})
    values, profile, tags, names = read(tmp_path / "out.tif")
    assert names == ("red", "green", "blue")
    assert values[0].tolist() == [[5, 5, 0, 0], [7, 4, 2, 3], [0, 0, 8, 1]]
    # A's cell has data in another band, so that of B is not mixed in.
    assert values[1].tolist() == [[5, 5, 0, 0], [7, 0, 2, 3], [0, 0, 8, 1]]
    assert (profile["dtype"], profile["nodata"]) == ("uint16", 0)
    assert tags["DBAR_DATE"] == "2022-03-04"
    assert tags["DBAR_FOOTPRINT"].startswith("MULTIPOLYGON (((")
    assert [found.half for found in mosaic.footprints] == ["A", "B"]
    assert mosaic.bands[0] == ("red", 8, 5, 8, 0, (7, 8))
    assert mosaic.notes == ()


def test_mean_by_hand(halves, tmp_path):
    mosaic_halves(halves(), tmp_path / "out.tif", rule=MEAN)
    values = read(tmp_path / "out.tif")[0]
    # Where both have data: (4 + 9) / 2 = 6.5 -> 7. A's missing band is taken from B.
    assert values[0].tolist() == [[5, 5, 0, 0], [7, 7, 2, 3], [0, 0, 8, 1]]
    assert values[1].tolist() == [[5, 5, 0, 0], [7, 9, 2, 3], [0, 0, 8, 1]]


def test_half_b_alone_and_before_a(halves, tmp_path):
    a, b = halves(offset=(-100.0, 100.0))
    mosaic_halves([a, b], tmp_path / "out.tif")
    values, profile, _, _ = read(tmp_path / "out.tif")
    assert values[0].tolist() == [[9, 2, 3, 0], [0, 5, 5, 0], [0, 7, 4, 0]]
    assert (profile["transform"].c, profile["transform"].f) == (599_900.0, 1_200_100.0)
    mosaic_halves([b], tmp_path / "out.tif")
    assert read(tmp_path / "out.tif")[0][0].tolist() == B.tolist()


@pytest.mark.parametrize("rule", [FIRST, MEAN])
def test_any_blocks_give_the_same(tmp_path, monkeypatch, rule):
    scene = write_scene(tmp_path, size=(300, 290), dimming=0.7, seed=3)
    product = find_products(scene.folder)[0]
    results = []
    for threads, cells in ((1, 1 << 20), (3, 5000)):
        monkeypatch.setattr("dbar_qgis_plugin.raster_io.blocks._CELLS_PER_BLOCK", cells)
        monkeypatch.setattr("dbar_qgis_plugin.raster_io.source._CELLS_PER_TILE", cells)
        path = tmp_path / f"{threads}.tif"
        mosaic = mosaic_halves(
            product.halves("RGB"), path, rule=rule, workers=Workers(threads=threads)
        )
        results.append((read(path)[0], mosaic))
    assert (results[0][0] == results[1][0]).all()
    assert results[0][1].bands == results[1][1].bands
    for one, other in zip(results[0][1].footprints, results[1][1].footprints, strict=True):
        assert one.ring.tolist() == other.ring.tolist()


def test_cells_that_lie_off(halves, tmp_path):
    mosaic = mosaic_halves(halves(offset=(130.0, -60.0)), tmp_path / "out.tif")
    assert read(tmp_path / "out.tif")[0][0].tolist() == [[5, 5, 0, 0], [7, 4, 2, 3], [0, 0, 8, 1]]
    assert "lie 0.40 of a cell off" in str(mosaic.notes[0])


def test_another_cell_size(halves, tmp_path):
    fine = np.repeat(np.repeat(B, 2, axis=0), 2, axis=1)
    rasters = halves(b=fine, cell=(50.0, -50.0))
    mosaic = mosaic_halves(rasters, tmp_path / "out.tif")
    assert read(tmp_path / "out.tif")[0][0].tolist() == [[5, 5, 0, 0], [7, 4, 2, 3], [0, 0, 8, 1]]
    assert "another CRS or cell size" in str(mosaic.notes[0])


def test_refusals(halves, tmp_path):
    out = tmp_path / "out.tif"
    with pytest.raises(GridError, match="lie far apart"):
        mosaic_halves(halves(offset=(90_000.0, 0.0)), out)
    with pytest.raises(InputError, match="type float32"):
        mosaic_halves(halves(b=B.astype(np.float32)), out)
    a, b = halves()
    write_raster(b.path, B, nodata=0)
    with pytest.raises(InputError, match=r"A\.tif has 3 bands, B\.tif has 1"):
        mosaic_halves([a, b], out)
    assert not out.exists()


@pytest.mark.parametrize("driver", DRIVERS)
def test_metadata_added_at_the_end(tmp_path, driver):
    path = str(tmp_path / "out.tif")
    grid = Grid(get_driver(driver).wkt("EPSG:32618"), (30.0, 0.0, 6e5, 0.0, -30.0, 1.2e6), 4, 3)
    with RasterSink(path, grid, ["x"], "uint8", 0, tags={"A": "1"}, driver=driver) as sink:
        sink.write(np.ones((3, 4), dtype=np.uint8), grid.window)
        sink.add_tags({"B": "灯"})
    tags = dict(open_source(path, driver=driver).info.tags)
    assert (tags["A"], tags["B"]) == ("1", "灯")
    assert read(path)[0].sum() == 12


def test_no_data_at_all(halves, tmp_path):
    empty = np.zeros_like(A)
    mosaic = mosaic_halves(halves(a=empty, b=empty), tmp_path / "out.tif")
    assert mosaic.footprints == ()
    assert mosaic.bands[0] == ("red", 0, 0, 0, 0, (0, 1))
    assert "DBAR_FOOTPRINT" not in read(tmp_path / "out.tif")[2]


def test_summary_by_hand():
    counts = np.zeros(1 << 16, dtype=np.int64)
    counts[[1, 2, 3, 4050]] = [900, 50, 49, 1]
    # Of the 100 above the most frequent value: the 2nd and the 98th.
    assert summarise_band("x", counts) == ("x", 1000, 1, 4050, 1, (2, 3))
    assert summarise_band("x", counts, saturated=3).saturated == 50
    counts[2:] = 0
    assert summarise_band("x", counts).stretch == (1, 2)


def test_band_names_of_the_file(tmp_path):
    path = tmp_path / "x.tif"
    write_raster(path, np.stack([A, A, A]), nodata=0, descriptions=("HDR", "pl", "PH"))
    mosaic_halves([SceneRaster("LH", "", path)], tmp_path / "out.tif")
    assert read(tmp_path / "out.tif")[3] == ("HDR", "PL", "PH")
    mosaic_halves([SceneRaster("", "", path)], tmp_path / "out.tif")
    assert read(tmp_path / "out.tif")[3] == ("B1", "B2", "B3")


@pytest.mark.parametrize(
    "raw", [[(0, 3), (1, 2), (-1, -1), (0, 0)], [(5, 5)], [(k, 20 - k) for k in range(10)]]
)
def test_outline_holds_all_cells(raw):
    first, last = np.array(raw).T
    first = np.where(last < 0, 99, first)
    ring = sdgsat_mosaic._outline(first, last)
    assert (ring[0] == ring[-1]).all()
    for row, (west, east) in enumerate(raw):
        for col in range(west, east + 1) if east >= 0 else ():
            middle = np.array([col + 0.5, row + 0.5])
            edges = np.diff(ring, axis=0)
            offsets = middle - ring[:-1]
            turns = edges[:, 0] * offsets[:, 1] - edges[:, 1] * offsets[:, 0]
            # Corners that stand out by less than a cell may have been left out.
            assert (turns / np.hypot(*edges.T) > -1.0).all()


def test_footprint_across_the_antimeridian():
    ring = np.array([[179.9, 1.0], [-179.9, 1.0], [-179.9, 0.0], [179.9, 1.0]])
    crs = get_driver().wkt("EPSG:4326")
    text = sdgsat_mosaic.footprint_text([sdgsat_mosaic.HalfFootprint("A", ring)], crs)
    assert text.count("180.100000") == 2
