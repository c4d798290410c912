"""Names and files of products, and what their XML files say."""

from __future__ import annotations

import pytest
from sdgsat_fixtures import GAINS, TIS_ROWS, calib_xml, meta_xml, scene_name, write_scene

from dbar_qgis_plugin.errors import InputError
from dbar_qgis_plugin.pipelines.night_light.sdgsat_product import (
    find_calibration,
    find_products,
    is_product_file,
    parse_name,
    raster_of_name,
    read_calibration,
    read_facts,
)
from dbar_qgis_plugin.pipelines.night_light.sdgsat_scene import opened_product


def test_name():
    name = parse_name("KX10_GIU_20220304_E121.82_N31.56_202200100146_L4A_A_RGB.tif")
    assert name == (
        "KX10_GIU_20220304_E121.82_N31.56_202200100146_L4A",
        "GIU",
        "2022-03-04",
        121.82,
        31.56,
        "202200100146",
        "L4A",
    )
    southwest = parse_name("KX10_TIS_20230105_W3.13_S1.97_202300100146")
    assert (southwest.longitude, southwest.latitude, southwest.level) == (-3.13, -1.97, "")


@pytest.mark.parametrize(
    "name",
    ["Shanghai.tif", "KX10_GIU_20221341_E1_N1_202200100146", "KX10_XXX_20220304_E1_N1_20220010014"],
)
def test_what_is_no_name(name):
    assert parse_name(name) is None


@pytest.mark.parametrize(
    ("end", "found"),
    [
        ("_L4A_A_RGB.tif", ("RGB", "A")),
        ("_L4A_B_LH.TIFF", ("LH", "B")),
        ("_A_LH.tif", ("LH", "A")),
        ("_L2A_RGB.tif", ("RGB", "")),
        ("_L4A.tif", None),
        ("_L4A_A_RGB_clip.tif", None),
        ("_L4A_A_RGB.tif.aux.xml", None),
        ("_L4A_A_RGB.rpb", None),
    ],
)
def test_rasters_of_night_light(end, found):
    raster = raster_of_name(f"{scene_name(level='')}{end}")
    assert (raster[1:] if raster else None) == found


def test_rasters_of_other_sensors():
    assert raster_of_name(f"{scene_name('TIS')}.tiff")[1:] == ("", "")
    assert raster_of_name(f"{scene_name('MII')}_B.tif")[1:] == ("", "B")
    assert raster_of_name(f"{scene_name('MII')}_B_RGB.tif") is None
    assert is_product_file(f"{scene_name()}.calib.xml")
    assert not is_product_file(f"{scene_name()}_browse.png")


def test_products_of_a_folder(tmp_path):
    scene = write_scene(tmp_path / "deep" / "er")
    thermal = write_scene(tmp_path, sensor="TIS", size=(60, 50), with_meta=False)
    (tmp_path / "notes.txt").write_text("x")
    night, heat = find_products(tmp_path)
    assert [(raster.kind, raster.half) for raster in night.rasters] == [
        ("LH", "A"),
        ("LH", "B"),
        ("RGB", "A"),
        ("RGB", "B"),
    ]
    assert [raster.path for raster in night.halves("RGB")] == list(scene.rgb.values())
    assert (night.calibration, night.metadata) == (scene.calib, scene.meta)
    assert (heat.name.sensor, heat.calibration, heat.metadata) == ("TIS", thermal.calib, None)
    assert find_products(tmp_path / "none") == []


def test_calibration_beside_a_raster(tmp_path):
    scene = write_scene(tmp_path)
    raster = scene.rgb["A"]
    assert find_calibration(raster) == scene.calib
    # A name without level is that of any; one of another scene is none; a sole plain one is.
    bare = scene.calib.rename(scene.folder / f"{scene_name(level='')}.calib.xml")
    assert find_calibration(raster) == bare
    other = bare.rename(scene.folder / f"{scene_name(serial='202200100999')}.calib.xml")
    assert find_calibration(raster) is None
    plain = other.rename(scene.folder / "Test1_calib.xml")
    assert find_calibration(raster) == plain
    assert find_calibration("/no/where/x.tif") is None


def test_calibration_by_tag(tmp_path):
    path = tmp_path / "x.calib.xml"
    path.write_bytes(calib_xml())
    found = read_calibration(path, "GIU")
    assert len(found.blocks) == 1
    assert found.blocks[0].coefficients == {band: (*pair, 0.0) for band, pair in GAINS.items()}
    assert found.centres == (747.0, 559.0, 475.0, 677.0, 677.0)
    assert found.not_understood == ()
    assert found.is_readable
    day = read_calibration(path, "MII").blocks[0].coefficients
    assert list(day) == [f"B{band}" for band in range(1, 8)]
    assert day["B3"] == (0.03, 0.003, 0.0)


@pytest.mark.parametrize(
    ("tag", "band"),
    [
        ("PAN_LOW", "PL"),
        ("PL", "PL"),
        ("P_L", "PL"),
        ("LOW_GAIN", "PL"),
        ("PANL", "PL"),
        ("PAN_HIGH", "PH"),
        ("H", "PH"),
        ("HDR", "HDR"),
    ],
)
def test_ways_to_write_the_panchromatic_bands(tmp_path, tag, band):
    path = tmp_path / "x.calib.xml"
    pair = f"<RADIANCE_GAIN_BAND_{tag}>2</RADIANCE_GAIN_BAND_{tag}>"
    pair += f"<RADIANCE_BIAS_BAND_{tag}>1</RADIANCE_BIAS_BAND_{tag}>"
    path.write_text(f"<A><GIU><VERSION>{pair}</VERSION></GIU></A>")
    assert read_calibration(path, "GIU").blocks[0].coefficients == {band: (2.0, 1.0, 0.0)}


def test_what_is_not_understood_is_named(tmp_path):
    path = tmp_path / "x.calib.xml"
    path.write_text(
        "<A><GIU><VERSION>"
        "<RADIANCE_GAIN_BAND_RED>one</RADIANCE_GAIN_BAND_RED>"
        "<RADIANCE_BIAS_BAND_RED>1</RADIANCE_BIAS_BAND_RED>"
        "<RADIANCE_GAIN_BAND_GREEN>nan</RADIANCE_GAIN_BAND_GREEN>"
        "<RADIANCE_GAIN_BAND_VIOLET>1</RADIANCE_GAIN_BAND_VIOLET>"
        "<Remark>x</Remark></VERSION></GIU></A>"
    )
    found = read_calibration(path, "GIU")
    assert found.blocks[0].coefficients == {}
    assert found.not_understood == (
        "RADIANCE_GAIN_BAND_RED: one",
        "RADIANCE_GAIN_BAND_GREEN: nan",
        "RADIANCE_GAIN_BAND_VIOLET",
        "Remark",
        "red: BIAS",
    )
    with pytest.raises(InputError, match=r"holds no coefficients for TIS"):
        read_calibration(path, "TIS")


@pytest.mark.parametrize("stated", [True, False])
def test_early_thermal_blocks(tmp_path, stated):
    path = tmp_path / "x.calib.xml"
    data = calib_xml("TIS", tis_blocks=4)
    path.write_bytes(data if stated else data.replace(b"<detector>", b"<detector>rows "))
    blocks = read_calibration(path, "TIS").blocks
    assert [block.rows for block in blocks] == list(TIS_ROWS)
    assert [block.coefficients["B1"].background for block in blocks] == [0.01, 0.02, 0.03, 0.04]
    assert blocks[3].coefficients["B2"].gain == pytest.approx(0.005 * 1.03)


def test_facts(tmp_path):
    path = tmp_path / "x.meta.xml"
    path.write_bytes(meta_xml())
    facts = read_facts(path)
    assert facts.times["center_A"] == "2022-03-04T13:30:10"
    assert facts.times["end_B"] == "2022-03-04T13:30:15.500"
    assert facts.angles == {
        "sun_zenith": 123.25,
        "sun_azimuth": 310.5,
        "roll": 1.5,
        "pitch": -0.25,
        "yaw": 2.75,
    }
    path.write_bytes(meta_xml("TIS", start="2022/03/04 13:30:05"))
    assert read_facts(path).times["start"] == "2022-03-04T13:30:05"
    path.write_text("<A><StartTime>soon</StartTime><SolarZenith>high</SolarZenith></A>")
    facts = read_facts(path)
    assert (facts.times, facts.angles) == ({}, {})
    assert facts.not_understood == ("StartTime: soon", "SolarZenith: high")


def test_a_file_means_its_scene(tmp_path):
    first = write_scene(tmp_path / "a", with_pan=False)
    second = write_scene(tmp_path / "a", with_pan=False, name=scene_name(serial="202200100999"))
    for path in second.folder.iterdir():
        path.rename(first.folder / path.name)
    with opened_product(first.rgb["B"]) as product:
        assert product.name.serial == "202200100146"
    with pytest.raises(InputError, match="products of 2 scenes"), opened_product(first.folder):
        pass
    (first.folder / "photo.jpg").write_bytes(b"x")
    with (
        pytest.raises(InputError, match=r"holds no SDGSAT-1 product"),
        opened_product(first.folder / "photo.jpg"),
    ):
        pass
