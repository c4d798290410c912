"""A data set of CASEarth in the tools: listed, fetched and cut, and its account named nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsApplication, QgsProcessingException

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.net.connection_store import ConnectionStore
from dbar_qgis_plugin.catalog.net.places import data_folder
from tests.qgis.conftest import LEFT, TOP
from tests.servers.casearth import ACCOUNT, FILE, data_set, gives
from tests.servers.misbehaving import file_of, login_page, misbehaving_server

MEMORY = "TEMPORARY_OUTPUT"


@pytest.fixture(autouse=True)
def profile(tmp_path, monkeypatch) -> Path:
    """A user's profile that holds nothing yet."""
    folder = tmp_path / "profile"
    monkeypatch.setattr(QgsApplication, "qgisSettingsDirPath", staticmethod(lambda: str(folder)))
    return folder


@pytest.fixture
def server():
    with misbehaving_server() as made:
        yield made


@pytest.fixture
def rows(run, server, monkeypatch):
    """Search the data set, and fetch what is found; returns the rows of the table."""

    def fetch(text: str, authcfg: str, **parameters) -> list[dict]:
        made = Connection("Lights", data_set(server), "casearth_json", authcfg=authcfg)
        monkeypatch.setattr(ConnectionStore, "all", lambda _: (made,))
        found = run("searchcatalog", CONNECTION="Lights", TEXT=text, OUTPUT=MEMORY)
        values = {"INPUT": found["OUTPUT"], "OUTPUT": MEMORY, **parameters}
        result = run("downloadcatalogitems", **values)
        return [feature.attributeMap() for feature in result["OUTPUT"].getFeatures()]

    return fetch


def test_files_are_fetched_and_cut(rows, server, keep_credentials, write_raster, feedback):
    whole = Path(write_raster("whole.tif", np.ones((40, 40))))
    server.on(FILE, gives({"f1": file_of(whole.read_bytes()), "f2": login_page()}))
    authcfg = keep_credentials("Basic", username=ACCOUNT, password="pw-of-mine")
    first, second = rows("夜光", authcfg)
    assert (first["status"], second["status"]) == ("fetched", "failed")
    assert Path(first["path"]).read_bytes() == whole.read_bytes()
    assert "web page instead of the file" in second["reason"]
    box = f"{LEFT + 500},{LEFT + 1500},{TOP - 1500},{TOP - 500} [EPSG:32643]"
    cut = rows("夜光", authcfg, CLIP=box)[0]
    assert cut["status"] == "clipped"
    assert gdal.Open(cut["path"]).RasterXSize < 20
    assert {asked.query["username"] for asked in server.asked_for(FILE)} == {ACCOUNT}
    assert not any("authorization" in asked.headers for asked in server.asked)
    said = [*feedback.infos, *feedback.warnings, *feedback.errors]
    files = [path for path in data_folder().rglob("*") if path.is_file()]
    written = [path.read_bytes().decode("utf-8", "replace") for path in files]
    told = json.dumps([first, second, cut, said, written], default=str, ensure_ascii=False)
    assert "downloadOneFile" in told
    assert not any(secret in told for secret in (ACCOUNT, "%E5%BC%A0", "pw-of-mine"))


def test_without_an_account_the_reason_is_told(rows, server):
    with pytest.raises(QgsProcessingException, match=r"None of 2 files .*accounts only"):
        rows("夜光", "")
    assert not server.asked_for(FILE)
