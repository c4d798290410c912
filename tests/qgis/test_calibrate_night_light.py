"""`dbar:calibratenightlight`: numbers by hand, every source of coefficients, refusals, style."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsMultiBandColorRenderer,
    QgsPalettedRasterRenderer,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsSingleBandGrayRenderer,
)
from sdgsat_fixtures import GAINS, calib_xml, scene_name, write_scene

NODATA = -9999.0
DN = np.array([[0, 1, 100], [4044, 4045, 4095]])


@pytest.fixture
def stored(write_raster):
    """A colour raster of whole numbers, 0 without data, which names neither product nor bands."""

    def write(name="stored.tif", descriptions=(), values=None):
        source = write_raster(
            "double.tif",
            np.stack([DN, DN, DN]) if values is None else values,
            nodata=0.0,
            descriptions=descriptions,
        )
        target = source.replace("double.tif", name)
        gdal.Translate(target, source, outputType=gdal.GDT_UInt16)
        return target

    return write


@pytest.fixture
def calibrate(run, tmp_path):
    out = tmp_path / "out"
    out.mkdir()

    def run_it(source, **parameters):
        return run(
            "calibratenightlight",
            INPUT=str(source),
            **({"OUTPUT": str(out / "radiance.tif")} | parameters),
        )

    run_it.folder = out
    return run_it


def read(path):
    dataset = gdal.Open(str(path))
    bands = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
    return dataset, [band.GetDescription() for band in bands]


def arrays(path):
    dataset = gdal.Open(str(path))
    values = dataset.ReadAsArray()
    return values[np.newaxis] if values.ndim == 2 else values


def content(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".aux.xml"))


def record_of(path):
    return json.loads(gdal.Open(str(path)).GetMetadata()["DBAR_CALIBRATION"])


def test_from_the_xml_beside_the_raster(calibrate, feedback, tmp_path):
    scene = write_scene(tmp_path / "in")
    result = calibrate(scene.rgb["A"])
    dataset, names = read(result["OUTPUT"])
    numbers = arrays(scene.rgb["A"]).astype(float)
    assert names == ["red", "green", "blue"]
    band = dataset.GetRasterBand(1)
    assert band.DataType == gdal.GDT_Float32
    assert band.GetNoDataValue() == NODATA
    assert band.GetUnitType() == "W m-2 sr-1 um-1"
    for place, (gain, bias) in enumerate(((2.0e-5, 3.0e-5), (5.0e-6, 6.0e-6), (8.0e-6, 1.0e-5))):
        expected = np.where(numbers[place] > 0, numbers[place] * gain + bias, NODATA)
        np.testing.assert_array_equal(arrays(result["OUTPUT"])[place], expected.astype(np.float32))
    record = record_of(result["OUTPUT"])
    assert record["source"] == "calib.xml"
    assert record["file"] == scene.calib.name
    assert record["unit"] == "W m-2 sr-1 um-1"
    assert record["coefficients"]["blue"] == [8.0e-6, 1.0e-5, 0.0]
    tags = dataset.GetMetadata()
    assert tags["DBAR_DATE"] == "2022-03-04"
    assert tags["DBAR_SCENE"] == scene_name()
    assert tags["DBAR_FORMULA"] == "calibratenightlight/product"
    assert any("calib.xml" in text for text in feedback.infos)


def test_loaded_then_calibrated_needs_no_file(run, calibrate, tmp_path):
    scene = write_scene(tmp_path / "in", dimming=0.5)
    loaded = str(tmp_path / "loaded.tif")
    pan = str(tmp_path / "pan.tif")
    run("loadsdgsatscene", INPUT=str(scene.folder), OUTPUT_RGB=loaded, OUTPUT_PAN=pan)
    for path in scene.folder.iterdir():
        path.unlink()
    result = calibrate(loaded, UNIT="nW cm-2 sr-1")
    numbers = arrays(loaded).astype(float)
    expected = (numbers[0] * 2.0e-5 + 3.0e-5) * 294.0 * 100.0
    found = arrays(result["OUTPUT"])[0]
    np.testing.assert_allclose(found[numbers[0] > 0], expected[numbers[0] > 0], rtol=1e-7)
    assert (found[numbers[0] == 0] == NODATA).all()
    tags = gdal.Open(result["OUTPUT"]).GetMetadata()
    assert tags["DBAR_DATE"] == "2022-03-04T13:30:10Z"
    assert "DBAR_COEFFICIENTS" not in tags
    assert record_of(result["OUTPUT"])["width_nm"] == {"red": 294.0, "green": 106.0, "blue": 102.0}
    # The halves could as well be calibrated apart.
    with pytest.raises(QgsProcessingException, match="is calibrated already"):
        calibrate(result["OUTPUT"], OUTPUT=str(tmp_path / "again.tif"))


def test_panchromatic_without_hdr(calibrate, feedback, tmp_path):
    scene = write_scene(tmp_path / "in", size=(40, 40))
    result = calibrate(scene.pan["A"], OUTPUT_SATURATION=str(tmp_path / "saturated.tif"))
    _, names = read(result["OUTPUT"])
    assert names == ["PL", "PH"]
    assert any("no coefficients for HDR, left out" in text for text in feedback.warnings)
    numbers = arrays(scene.pan["A"])
    assert (numbers[1] == 4095).any()
    high = np.where(numbers[1] > 0, numbers[1] * GAINS["PH"][0] + GAINS["PH"][1], NODATA)
    np.testing.assert_array_equal(arrays(result["OUTPUT"])[1], high.astype(np.float32))
    mask = arrays(result["OUTPUT_SATURATION"])
    assert (mask == np.where(numbers[:2] > 0, numbers[:2] >= 4045, 255)).all()


def test_saturation_by_hand(calibrate, stored, tmp_path):
    result = calibrate(
        stored(),
        COEFFICIENTS_FROM="typed",
        COEFFICIENTS=["2", "0.5", "-1", "", "3", "2e-3", "0", ""],
        OUTPUT_SATURATION=str(tmp_path / "mask.tif"),
    )
    _, names = read(result["OUTPUT"])
    assert names == ["2", "3"]
    assert arrays(result["OUTPUT"])[0].tolist() == [[NODATA, -0.5, 49.0], [2021.0, 2021.5, 2046.5]]
    assert arrays(result["OUTPUT_SATURATION"])[0].tolist() == [[255, 0, 0], [0, 1, 1]]
    dataset = gdal.Open(result["OUTPUT_SATURATION"])
    assert dataset.GetRasterBand(1).GetNoDataValue() == 255
    assert record_of(result["OUTPUT"])["source"] == "typed"
    other = calibrate(
        stored(),
        COEFFICIENTS_FROM="typed",
        COEFFICIENTS=["1", "1", "0", ""],
        SATURATION=100,
        OUTPUT_SATURATION=str(tmp_path / "other.tif"),
    )
    assert arrays(other["OUTPUT_SATURATION"])[0].tolist() == [[255, 0, 1], [1, 1, 1]]


def test_typed_for_a_raster_of_another_kind(calibrate, write_raster):
    # Float, zeros are data, NaN and the declared value are not.
    source = write_raster("other.tif", [[0.0, -0.5], [np.nan, 65535.0]], nodata=65535.0)
    result = calibrate(
        source,
        COEFFICIENTS_FROM="typed",
        COEFFICIENTS=["1", "2", "1", "500"],
        UNIT="nW cm-2 sr-1",
    )
    assert arrays(result["OUTPUT"])[0].tolist() == [[50_000.0, 0.0], [NODATA, NODATA]]
    with pytest.raises(QgsProcessingException, match="needs the width of each band"):
        calibrate(
            source,
            COEFFICIENTS_FROM="typed",
            COEFFICIENTS=["1", "2", "1", ""],
            UNIT="nW cm-2 sr-1",
        )


# Radiance of the number 100 in W m-2 sr-1 um-1, worked by hand from the table of the sources.
@pytest.mark.parametrize(
    ("preset", "red", "green", "blue"),
    [
        ("gli_rgb_ntl_gpt", 1.3676754e-3, 5.13084e-4, 1.0024553e-3),
        ("gli_rgb_ntl_gpt_corrected", 1.3676754e-3, 5.13084e-4, 9.926253e-4),
        ("gli_rgb_swapped", 9.926253e-4, 5.13084e-4, 1.3676754e-3),
        ("gli_rgb_later", 1.0373653e-3, 4.23874e-4, 7.148654e-4),
    ],
)
def test_presets(calibrate, stored, feedback, preset, red, green, blue):
    result = calibrate(stored(), COEFFICIENTS_FROM="preset", PRESET=preset)
    assert read(result["OUTPUT"])[1] == ["red", "green", "blue"]
    assert arrays(result["OUTPUT"])[:, 0, 2] == pytest.approx([red, green, blue], rel=1e-7)
    assert record_of(result["OUTPUT"])["source"] == preset
    assert any(f"Preset {preset}: " in text and "disagree" in text for text in feedback.warnings)
    assert any("taken as red, green, blue" in text for text in feedback.warnings)


def test_panchromatic_preset(calibrate, stored):
    source = stored(descriptions=("PL", "PH", "HDR"))
    result = calibrate(source, COEFFICIENTS_FROM="preset", PRESET="gli_pan_early")
    assert read(result["OUTPUT"])[1] == ["PL", "PH"]
    assert arrays(result["OUTPUT"])[:, 0, 2] == pytest.approx([8.8487808e-3, 8.7753897e-3])


def test_no_coefficients(calibrate, stored, tmp_path):
    scene = write_scene(tmp_path / "in", with_calib=False)
    with pytest.raises(QgsProcessingException, match=r"no calib\.xml is given.*choose a preset"):
        calibrate(scene.rgb["A"])
    with pytest.raises(QgsProcessingException, match="Choose a preset: there is no usual one"):
        calibrate(scene.rgb["A"], COEFFICIENTS_FROM="preset")
    with pytest.raises(QgsProcessingException, match="Type the coefficients: a row with band"):
        calibrate(scene.rgb["A"], COEFFICIENTS_FROM="typed")
    with pytest.raises(QgsProcessingException, match="is for TIS; the raster is of GIU"):
        calibrate(scene.rgb["A"], COEFFICIENTS_FROM="preset", PRESET="tis_later")
    with pytest.raises(QgsProcessingException, match="“7” is no band of the raster"):
        calibrate(stored(), COEFFICIENTS_FROM="typed", COEFFICIENTS=["7", "1", "1", ""])
    with pytest.raises(QgsProcessingException, match="“much” is not a number"):
        calibrate(stored(), COEFFICIENTS_FROM="typed", COEFFICIENTS=["1", "much", "1", ""])
    with pytest.raises(QgsProcessingException, match="each row needs band, gain, bias and width"):
        calibrate(stored(), COEFFICIENTS_FROM="typed", COEFFICIENTS=["1", "1", "1"])
    assert content(calibrate.folder) == []


def test_the_given_xml(calibrate, stored, feedback, tmp_path):
    scene = write_scene(tmp_path / "in", with_calib=False)
    given = tmp_path / f"{scene_name(serial='202200100999')}.calib.xml"
    given.write_bytes(
        calib_xml(gains={"red": (1.0, 0.0)}, extra="<RADIANCE_GAIN_BAND_X>1</RADIANCE_GAIN_BAND_X>")
    )
    result = calibrate(scene.rgb["A"], CALIB_XML=str(given))
    numbers = arrays(scene.rgb["A"])
    assert (arrays(result["OUTPUT"])[0] == np.where(numbers[0] > 0, numbers[0], NODATA)).all()
    text = "\n".join(feedback.warnings)
    assert "is of another scene than the raster" in text
    assert "not understood and not used: RADIANCE_GAIN_BAND_X" in text
    with pytest.raises(QgsProcessingException, match="Choose the sensor, so that"):
        calibrate(stored(), CALIB_XML=str(given))
    own = calibrate(stored(), CALIB_XML=str(given), SENSOR="GIU")
    assert arrays(own["OUTPUT"])[0].tolist() == [[NODATA, 1.0, 100.0], [4044.0, 4045.0, 4095.0]]


def test_broken_xml(calibrate, tmp_path):
    scene = write_scene(tmp_path / "in")
    for data, message in (
        (b"<!DOCTYPE html><html>Login</html>", "is a web page"),
        (scene.calib.read_bytes()[:300], "is not XML, or is damaged or cut short"),
        (b"<ROOT><MII><VERSION/></MII></ROOT>", "holds no coefficients for GIU"),
        (b"<ROOT><GIU><VERSION/></GIU></ROOT>", "no coefficients for any of its bands"),
    ):
        scene.calib.write_bytes(data)
        with pytest.raises(QgsProcessingException, match=message):
            calibrate(scene.rgb["A"])
    assert content(calibrate.folder) == []


def test_thermal(calibrate, tmp_path):
    scene = write_scene(tmp_path / "in", sensor="TIS", size=(60, 50), gains={"2": (0.01, 0.0)})
    result = calibrate(scene.rgb[""], OUTPUT_TEMPERATURE=str(tmp_path / "kelvin.tif"))
    dataset, names = read(result["OUTPUT_TEMPERATURE"])
    assert names == ["B1", "B2", "B3"]
    assert dataset.GetRasterBand(2).GetUnitType() == "K"
    numbers = arrays(scene.rgb[""])[1].astype(float)
    # Planck's law forward, with the rounded constants that other programs use.
    heat = arrays(result["OUTPUT_TEMPERATURE"])[1].astype(float)[numbers > 0]
    hc, k, c2 = 6.626e-34 * 2.9979e8, 1.3806e-23, 2.9979e8
    wave = 10.73e-6
    back = 2 * hc * c2 / wave**5 / (np.exp(hc / (wave * k * heat)) - 1) * 1e-6
    np.testing.assert_allclose(back, numbers[numbers > 0] * 0.01, rtol=3e-3)
    assert record_of(result["OUTPUT"])["wavelength_um"]["B2"] == 10.73
    night = write_scene(tmp_path / "in")
    with pytest.raises(QgsProcessingException, match="is for rasters of the thermal imager"):
        calibrate(night.rgb["A"], OUTPUT_TEMPERATURE=str(tmp_path / "none.tif"))
    with pytest.raises(QgsProcessingException, match="needs the width of each band"):
        calibrate(scene.rgb[""], UNIT="nW cm-2 sr-1")


def test_early_thermal_products(calibrate, feedback, write_raster, tmp_path):
    scene = write_scene(tmp_path / "in", sensor="TIS", size=(60, 50), tis_blocks=4)
    with pytest.raises(QgsProcessingException, match="has 60 rows, but its coefficients are for 4"):
        calibrate(scene.rgb[""])
    result = calibrate(scene.rgb[""], DETECTOR_ROWS="mean")
    # Gains 0.004 x (1, 1.01, 1.02, 1.03), backgrounds 0.01 to 0.04.
    numbers = arrays(scene.rgb[""])[0].astype(float)
    expected = np.where(numbers > 0, numbers * 0.00406 + 0.17 - 0.025, NODATA)
    np.testing.assert_allclose(arrays(result["OUTPUT"])[0], expected, rtol=1e-6)
    assert any("The gains differ by up to 3 %" in text for text in feedback.warnings)
    tall = write_raster("tall.tif", np.full((3, 1987, 2), 100.0), nodata=0.0)
    result = calibrate(tall, CALIB_XML=str(scene.calib), SENSOR="TIS")
    column = arrays(result["OUTPUT"])[0, :, 0]
    # 100 x 0.004 x (1 + block / 100) + 0.17 - 0.01 x (block + 1)
    steps = np.repeat([0.56, 0.554, 0.548, 0.542], [500, 475, 500, 512])
    np.testing.assert_allclose(column, steps, rtol=1e-6)
    assert [row["rows"] for row in record_of(result["OUTPUT"])["coefficients"]] == [
        [1, 500],
        [501, 975],
        [976, 1475],
        [1476, 1987],
    ]


def test_daylight(calibrate, tmp_path):
    scene = write_scene(tmp_path / "in", sensor="MII", size=(40, 40))
    result = calibrate(scene.rgb["B"])
    assert read(result["OUTPUT"])[1] == [f"B{band}" for band in range(1, 8)]
    numbers = arrays(scene.rgb["B"])[6]
    assert arrays(result["OUTPUT"])[6].max() == pytest.approx(numbers.max() * 0.07 + 0.007)


def test_style(calibrate, tmp_path):
    scene = write_scene(tmp_path / "in")
    result = calibrate(scene.rgb["A"], OUTPUT_SATURATION=str(tmp_path / "mask.tif"))

    def layer_of(name):
        layer = QgsRasterLayer(result[name], name)
        layer.loadNamedStyle(result[name].replace(".tif", ".qml"))
        return layer

    layer = layer_of("OUTPUT")
    renderer = layer.renderer()
    assert isinstance(renderer, QgsMultiBandColorRenderer)
    red = np.sort(arrays(scene.rgb["A"])[0].ravel())
    lit = red[red > 1]
    high = lit[int(np.ceil(0.98 * lit.size)) - 1] * 2.0e-5 + 3.0e-5
    assert renderer.redContrastEnhancement().maximumValue() == pytest.approx(high)
    period = layer.temporalProperties().fixedTemporalRange()
    assert period.begin().date().toString("yyyy-MM-dd") == "2022-03-04"
    mask = layer_of("OUTPUT_SATURATION")
    assert isinstance(mask.renderer(), QgsPalettedRasterRenderer)
    assert [item.label for item in mask.renderer().classes()] == ["Not saturated", "Saturated"]
    pan = calibrate(scene.pan["A"])
    grey = QgsRasterLayer(pan["OUTPUT"], "pan")
    assert isinstance(grey.renderer(), QgsSingleBandGrayRenderer)
    assert grey.renderer().usesBands() == [2]


def test_a_layer_of_the_project(run, stored, tmp_path):
    layer = QgsRasterLayer(stored(descriptions=("Red", "GREEN", "blue")), "Night")
    QgsProject.instance().addMapLayer(layer)
    target = str(tmp_path / "radiance.tif")
    result = run(
        "calibratenightlight",
        INPUT=layer,
        COEFFICIENTS_FROM="typed",
        COEFFICIENTS=["GREEN", "2", "0", ""],
        OUTPUT=target,
    )
    assert read(result["OUTPUT"])[1] == ["green"]
    assert arrays(target)[0].max() == 8190.0
    QgsProject.instance().removeMapLayer(layer.id())


def test_cancel_leaves_nothing(calibrate, feedback, tmp_path):
    scene = write_scene(tmp_path / "in")
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        calibrate(scene.rgb["A"])
    assert content(calibrate.folder) == []
