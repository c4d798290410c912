"""How assets are opened: each row of the decision table, and why not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dbar_qgis_plugin.catalog.access import (
    Form,
    Kind,
    access_of,
    data_assets,
    form_of,
    main_asset,
    on_the_web,
)
from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.model import Asset, parse_item

COG = "image/tiff; application=geotiff; profile=cloud-optimized"
PUBLIC = Connection("Public", "https://catalog.example/stac", "stac_api")
GUARDED = replace(PUBLIC, authcfg="abc1234", asset_hosts=("https://files.example",))


def asset(href: str, media_type: str = COG, **more) -> Asset:
    return Asset("data", href, media_type=media_type, roles=more.pop("roles", ("data",)), raw=more)


def basic(authcfg: str) -> str:
    return "Basic" if authcfg else ""


def header(authcfg: str) -> str:
    return "APIHeader" if authcfg else ""


@pytest.mark.parametrize("query", ["", "?sig=abc&se=2026"])
def test_public_and_signed_addresses_are_streamed(query):
    found = access_of(asset(f"https://files.example/a.tif{query}"), PUBLIC)
    assert (found.kind, found.provider, found.authcfg) == (Kind.STREAM, "gdal", "")
    assert found.reason is None


def test_basic_credentials_are_streamed_with_their_id():
    found = access_of(asset("https://files.example/a.tif"), GUARDED, auth_method=basic)
    assert (found.kind, found.authcfg) == (Kind.STREAM, "abc1234")
    assert found.href == "https://files.example/a.tif"


@pytest.mark.parametrize("method", [header, lambda _: "OAuth2", None])
def test_headers_and_tokens_are_fetched_first(method):
    found = access_of(asset("https://files.example/a.tif"), GUARDED, auth_method=method)
    assert found.kind is Kind.DOWNLOAD
    assert "saved with the project" in str(found.reason)


def test_credentials_do_not_go_to_a_server_that_is_not_named():
    found = access_of(asset("https://elsewhere.example/a.tif"), GUARDED, auth_method=basic)
    assert (found.kind, found.authcfg) == (Kind.STREAM, "")


def test_a_file_is_opened_where_it_is(tmp_path):
    path = tmp_path / "a b.tif"
    path.touch()
    found = access_of(asset(path.as_uri()))
    assert (found.kind, found.href) == (Kind.FILE, str(path))
    path.unlink()
    found = access_of(asset(path.as_uri()))
    assert found.kind is Kind.NONE
    assert "not there any more" in str(found.reason)


def test_an_alternate_address_goes_first():
    others = {
        "http": {"href": "http://files.example/a.tif"},
        "https": {"href": "https://files.example/a.tif", "auth:refs": []},
        "odd": {"href": 5},
    }
    found = access_of(asset("s3://eodata/a.tif", alternate=others, **{"auth:refs": ["s3"]}), PUBLIC)
    assert (found.kind, found.href) == (Kind.STREAM, "https://files.example/a.tif")


@pytest.mark.parametrize(
    ("href", "facts", "expected"),
    [
        ("s3://b/d e/a.tif", {}, "https://b.s3.amazonaws.com/d%20e/a.tif"),
        ("s3://b.c/a.tif", {}, "https://s3.amazonaws.com/b.c/a.tif"),
        (
            "s3://b/a.tif",
            {"storage:platform": "AWS", "storage:region": "eu-west-1"},
            "https://b.s3.eu-west-1.amazonaws.com/a.tif",
        ),
        ("s3://b/a.tif", {"storage:region": "evil.example/"}, "https://b.s3.amazonaws.com/a.tif"),
        ("gs://b/a.tif", {}, "https://storage.googleapis.com/b/a.tif"),
        (
            "abfs://c@account.dfs.core.windows.net/a.tif",
            {},
            "https://account.blob.core.windows.net/c/a.tif",
        ),
        (
            "abfs://c/a.tif",
            {"table:storage_options": {"account_name": "account"}},
            "https://account.blob.core.windows.net/c/a.tif",
        ),
    ],
)
def test_a_public_bucket_has_an_address_on_the_web(href, facts, expected):
    assert access_of(asset(href, **facts)).href == expected


def test_the_stores_of_an_item_are_known():
    stores = {
        "own": {"type": "custom-s3", "platform": "https://{bucket}.{region}.example", "region": "r"}
    }
    found = access_of(asset("s3://b/a.tif", **{"storage:refs": ["own"]}), stores=stores)
    assert found.href == "https://b.r.example/a.tif"


def test_what_has_no_address_on_the_web_is_copied_by_gdal():
    found = access_of(asset("s3://b/d e/a.tif", **{"storage:platform": "OTHER"}))
    assert (found.kind, found.href) == (Kind.DOWNLOAD, "/vsis3/b/d e/a.tif")
    assert found.is_copied
    assert "GDAL" in str(found.reason)


def test_who_pays_is_said():
    found = access_of(asset("s3://b/a.tif", **{"storage:requester_pays": True}))
    assert found.kind is Kind.NONE
    assert "pays" in str(found.reason)


@pytest.mark.parametrize("href", ["ftp://b/a.tif", "javascript:alert(1)", "az://c/a.tif", "s3://"])
def test_other_addresses_say_why_not(href):
    found = access_of(asset(href))
    assert found.kind is Kind.NONE
    assert found.reason is not None
    assert on_the_web(asset(href))[0].scheme not in ("http", "https")


@pytest.mark.parametrize("kind", ["wms", "wmts", "xyz"])
def test_map_services_are_layers(kind):
    service = asset("https://files.example/ows", "image/png", roles=(kind,))
    found = access_of(service, GUARDED, auth_method=header)
    assert (found.kind, found.provider, found.authcfg) == (Kind.LAYER, "wms", "abc1234")


def test_features_of_a_service():
    service = asset("https://files.example/ows", "", roles=("wfs",))
    assert access_of(service).kind is Kind.NONE
    service = replace(service, raw={"wfs:layers": ["a"]})
    found = access_of(service)
    assert (found.kind, found.provider) == (Kind.LAYER, "WFS")
    assert access_of(asset("https://files.example/ows", "", roles=("wcs",))).kind is Kind.NONE


@pytest.mark.parametrize(
    ("href", "media_type", "kind", "provider"),
    [
        ("https://x.example/a.copc.laz", "application/vnd.laszip+copc", Kind.STREAM, "copc"),
        ("https://x.example/a.laz", "", Kind.DOWNLOAD, ""),
        ("https://x.example/a.nc", "application/netcdf", Kind.DOWNLOAD, ""),
        ("https://x.example/a.h5", "", Kind.DOWNLOAD, ""),
        ("https://x.example/a.geojson", "application/geo+json", Kind.DOWNLOAD, ""),
        ("https://x.example/a.gpkg", "application/geopackage+sqlite3", Kind.DOWNLOAD, ""),
        ("https://x.example/a.parquet", "application/vnd.apache.parquet", Kind.DOWNLOAD, ""),
        ("https://x.example/a.zip", "application/zip", Kind.NONE, ""),
        ("https://x.example/a.zarr", "application/vnd+zarr", Kind.NONE, ""),
        ("https://x.example/a.json", "application/json", Kind.NONE, ""),
        ("https://x.example/a.jp2", "image/jp2", Kind.STREAM, "gdal"),
        ("https://x.example/a", "image/tiff", Kind.STREAM, "gdal"),
        ("https://x.example/a", "", Kind.DOWNLOAD, ""),
    ],
)
def test_what_opens_and_why_not(href, media_type, kind, provider):
    found = access_of(asset(href, media_type))
    assert (found.kind, found.provider) == (kind, provider)
    assert (found.reason is None) == (kind is Kind.STREAM)


def test_parquet_needs_its_driver(tmp_path):
    table = asset("https://x.example/a.parquet", "application/vnd.apache.parquet")
    found = access_of(table, has_driver=lambda _: False)
    assert found.kind is Kind.NONE
    assert "Parquet" in str(found.reason)
    path = tmp_path / "a.parquet"
    path.touch()
    own = replace(table, href=path.as_uri())
    assert access_of(own, has_driver=lambda _: False).kind is Kind.NONE


def test_a_preview_is_no_layer():
    found = access_of(asset("https://x.example/a.png", "image/png", roles=("thumbnail",)))
    assert found.kind is Kind.NONE


def test_credentials_that_are_not_chosen_are_asked_for():
    wanted = asset("https://other.example/a.tif", **{"auth:refs": ["oidc"]})
    found = access_of(wanted, GUARDED, auth_method=basic)
    assert found.kind is Kind.NONE
    assert "credentials" in str(found.reason)
    signed = asset("https://other.example/a.tif", **{"auth:refs": ["signed_url_auth"]})
    assert access_of(signed, GUARDED, auth_method=basic).kind is Kind.STREAM


def test_the_name_tells_what_a_vague_type_does_not():
    assert form_of(asset("https://x.example/a.tif", "image/png")) is Form.RASTER
    assert form_of(asset("https://x.example/a.geojson", "application/json")) is Form.TABLE
    assert form_of(asset("https://x.example/a.png", "image/png")) is Form.PICTURE


def test_the_asset_that_stands_for_an_item():
    item = parse_item(
        {
            "id": "a",
            "properties": {},
            "assets": {
                "thumbnail": {"href": "https://x.example/a.png", "roles": ["thumbnail"]},
                "B01": {"href": "https://x.example/1.tif", "type": COG, "roles": ["data"]},
                "visual": {"href": "https://x.example/v.tif", "type": COG, "roles": ["visual"]},
                "info": {"href": "https://x.example/i.xml", "type": "application/xml"},
            },
            "links": [{"rel": "xyz", "href": "https://x.example/{z}/{x}/{y}.png"}],
        }
    )
    assert [one.key for one in data_assets(item)] == ["B01", "visual", "xyz"]
    assert main_asset(item).key == "visual"
    assert access_of(data_assets(item)[-1]).kind is Kind.LAYER
    assert main_asset(parse_item({})) is None
