"""The sample catalog: valid STAC that is found by every theme, whole or not there."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pystac
import pytest

from dbar_qgis_plugin.catalog.adapters.stac_static import StacStatic
from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.themes import themes
from dbar_qgis_plugin.catalog.transfers.checksums import file_checksum
from dbar_qgis_plugin.errors import Cancelled, OutputError
from dbar_qgis_plugin.gui.catalog.sample import provide_sample_catalog
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import open_source
from tests.servers.plain_transport import PlainTransport
from tests.unit.test_data_store import documents, validate


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("profile") / "sample catalog"
    shares: list[float] = []
    assert provide_sample_catalog(made, Progress(shares.append))
    assert shares == sorted(shares) and shares[-1] == 1.0
    return made


@pytest.fixture
def catalog(folder: Path) -> StacStatic:
    return StacStatic(str(folder), Http(PlainTransport()), "sample")


def found(catalog: StacStatic, query: Query) -> list:
    return [item for page in catalog.search(query) for item in page.items]


def test_every_document_is_valid(folder: Path):
    written = [one for one in documents(folder) if "stac_version" in one]
    assert len(written) == 1 + 7 + 27
    for document in written:
        validate(document)


def test_another_reader_finds_every_file_where_it_is_said(folder: Path):
    items = list(pystac.Catalog.from_file(str(folder / "catalog.json")).get_items(recursive=True))
    assert len({item.id for item in items}) == len(items) == 27
    for item in items:
        assert item.get_parent().id == item.collection_id
        for asset in item.assets.values():
            path = Path(asset.get_absolute_href())
            assert path.stat().st_size == asset.extra_fields["file:size"], path
        data = item.assets["data"]
        checksum = data.extra_fields["file:checksum"]
        assert file_checksum(Path(data.get_absolute_href()), checksum).matches
    rasters = {p.name for p in folder.rglob("*.tif")} | {p.name for p in folder.rglob("*.geojson")}
    assert len(rasters) == len({Path(item.assets["data"].href).name for item in items})


def test_every_item_is_whole(catalog: StacStatic):
    for item in found(catalog, Query()):
        assert not item.problems, (item.id, item.problems)
        assert item.title and item.box and item.begin and item.end
        assert item.properties["license"] == "CC0-1.0"


@pytest.mark.parametrize("theme", themes(), ids=lambda theme: theme.id)
def test_every_theme_finds_its_data(catalog: StacStatic, folder: Path, theme):
    connection = Connection("Sample", str(folder), "stac_static", "local")
    items = found(catalog, theme.query(Query(), connection))
    roles = {role for item in items for asset in item.assets for role in asset.roles}
    wanted = {
        "builtup": {"builtup", "population"},
        "degradation": {"ndvi", "land_cover", "soil_carbon"},
        "night_light": {"night_light"},
    }[theme.id]
    assert wanted <= roles and wanted <= set(theme.roles)
    assert len(items) < 27


def test_an_epoch_is_found_by_its_year(catalog: StacStatic):
    query = Query(collections=("sample-built-up",), text="2015")
    (item,) = found(catalog, query)
    assert (item.begin.year, item.end.year) == (2015, 2015)
    (band,) = next(asset for asset in item.assets if asset.key == "data").raw["bands"]
    assert (band["unit"], band["data_type"]) == ("1", "float64")


def test_small_pictures_show_what_there_is(folder: Path):
    pictures = sorted((folder / "thumbnails").iterdir())
    assert len(pictures) == 25 and {path.suffix for path in pictures} == {".png"}
    for path in pictures:
        info = get_driver().describe(str(path), ())
        assert info.band_count == 4 and max(info.width, info.height) <= 160
        assert path.stat().st_size < 60_000
    # The lake is transparent, a town is redder than the land around it.
    town = str(folder / "thumbnails" / "builtup_fraction_2020.png")
    reader = get_driver().open_reader(town, (), None)
    red, green, _, alpha = reader.read([1, 2, 3, 4], Window(0, 0, 124, 160))
    reader.close()
    assert alpha[-1, -1] == 0 and alpha[0, 0] == 255
    assert (red[55, 45].astype(int) - green[55, 45]) > 100 > red[2, 2].astype(int) - green[2, 2]


def test_towns_that_grow_brighten(folder: Path):
    def light(year: int) -> np.ndarray:
        source = open_source(str(folder / "data" / "light" / f"night_light_{year}.tif"))
        values, valid = source.read(source.grid.window)
        return np.where(valid[0], values[0], np.nan)

    first, last = light(2015), light(2020)
    assert first.shape == (84, 108) and 0.0 <= np.nanmin(first) < 0.5 < 15 < np.nanmax(first) < 80
    assert np.isnan(first[-1, -1])
    kestrova = (slice(50, 62), slice(56, 70))  # founded after 1990, and growing
    assert np.nansum(last[kestrova]) > 1.15 * np.nansum(first[kestrova])


def test_it_is_written_once(folder: Path):
    before = (folder / "catalog.json").stat().st_mtime_ns
    assert not provide_sample_catalog(folder, Progress())
    assert (folder / "catalog.json").stat().st_mtime_ns == before


def test_a_cancelled_one_leaves_nothing(tmp_path: Path):
    calls = iter(range(1000))
    progress = Progress(is_cancelled=lambda: next(calls) > 3)
    with pytest.raises(Cancelled):
        provide_sample_catalog(tmp_path / "profile" / "sample", progress)
    assert list((tmp_path / "profile").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="sample"):
        provide_sample_catalog(tmp_path / "file" / "sample", Progress())


def test_titles_and_keywords_are_plain_json(folder: Path):
    root = json.loads((folder / "catalog.json").read_text(encoding="utf-8"))
    assert [link["rel"] for link in root["links"]] == ["root", *["child"] * 7]
    assert all("href" in link and "\\" not in link["href"] for link in root["links"])
