"""Made-up SDGSAT-1 products of the structure of real ones: names, XML, half swaths, rasters.

Lights are Gaussian spots known in closed form, so a shift by part of a cell is exact. The swath
lies askew in its box, and cells outside it are nodata (0), as in real products.
"""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
import rasterio
from rasterio.crs import CRS

NODATA = 0
MOST = 4095
ANGLE = np.radians(12.0)  # of the swath against north
OVERLAP = 0.15  # share of a half swath that both cameras see
ORIGIN = (194_936.5543, 3_669_270.7544)
CRS_CODE = "EPSG:32651"
CELL = {"GIU": 40.0, "TIS": 30.0, "MII": 10.0}
COLOURS = ("red", "green", "blue")
PAN = ("PL", "PH", "HDR")
WIDTHS_NM = {"red": 294.0, "green": 106.0, "blue": 102.0, "PL": 466.0, "PH": 466.0}
CENTRES = {
    "GIU": "747,559,475,677,677",
    "TIS": "9.35,10.73,11.72",
    "MII": "1,2,3,4,5,6,7",
}
# None of the public sets, so that a gain that stands in code shows.
GAINS = {
    "red": (2.0e-5, 3.0e-5),
    "green": (5.0e-6, 6.0e-6),
    "blue": (8.0e-6, 1.0e-5),
    "PL": (9.0e-5, 2.0e-5),
    "PH": (1.5e-5, 4.0e-6),
}
TIS_GAINS = {"1": (0.004, 0.17), "2": (0.005, 0.125), "3": (0.0055, 0.2)}
MII_GAINS = {str(band): (0.01 * band, 0.001 * band) for band in range(1, 8)}
TIS_ROWS = ((1, 500), (501, 975), (976, 1475), (1476, 1987))
# DN of the three bands per unit of light: sodium-like, white and blue lamps.
LAMPS = ((1.0, 0.25, 0.04), (0.6, 0.8, 0.5), (0.3, 0.7, 0.9))


class SceneFiles(NamedTuple):
    """A product on disk.

    rgb, pan : the rasters of each half; for TIS and MII the rasters are in `rgb` and `pan` is empty
    truth : uint16 [bands, rows, cols] of the 40 m raster (TIS and MII: of theirs) without stripes,
        noise and shift; of both halves together on one grid where there are two
    """

    folder: Path
    rgb: dict[str, Path]
    pan: dict[str, Path]
    calib: Path | None
    meta: Path | None
    truth: np.ndarray


class _Box(NamedTuple):
    """A raster's place, in cells of the truth's grid; `fine` cells stand for one of these."""

    row: float
    col: float
    height: int
    width: int
    fine: int = 1

    def axes(self, shift=(0.0, 0.0)):
        """Middles of rows and columns on the truth's grid, seen from a shifted scene."""
        rows = self.row + (np.arange(self.height * self.fine) + 0.5) / self.fine - shift[0]
        cols = self.col + (np.arange(self.width * self.fine) + 0.5) / self.fine - shift[1]
        return rows, cols


def scene_name(
    sensor="GIU", date="20220304", place="E121.82_N31.56", serial="202200100146", level="L4A"
) -> str:
    """Name of a scene's folder."""
    return "_".join(filter(None, ("KX10", sensor, date, place, serial, level)))


def write_scene(
    folder: Path,
    *,
    sensor: str = "GIU",
    size: tuple[int, int] = (96, 64),
    halves: Sequence[str] = ("A", "B"),
    level: str = "L4A",
    background: int = 1,
    stripes: Sequence[int] = (),
    salt_pepper: float = 0.0,
    shift: tuple[float, float] = (0.0, 0.0),
    gains: Mapping[str, tuple[float, float]] | None = None,
    with_calib: bool = True,
    with_meta: bool = True,
    seed: int = 0,
    name: str = "",
    with_rgb: bool = True,
    with_pan: bool = True,
    offset: tuple[float, float] = (0.0, 0.0),
    dimming: float = 1.0,
    lights: int = 12,
    tis_blocks: int = 1,
) -> SceneFiles:
    """Write a product into `folder` / its name.

    Parameters
    ----------
    size : rows, cols of one half's 40 m raster (TIS and MII: of the raster)
    background : DN of dark ground
    stripes : rows that are 0 in columns 8 to -8 in all bands of each RGB half
    salt_pepper : share of cells in which one band holds a stray value
    shift : rows, cols by which red lies away from green
    gains : gain and bias by band name instead of `GAINS` (TIS, MII: by band number)
    offset : rows, cols by which the cells of half B lie off those of half A
    dimming : what half B records of the light that A does
    tis_blocks : blocks of TIS calibration; 4 are by detector rows, with a background term
    """
    name = name or scene_name(sensor, level=level)
    folder = Path(folder) / name
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    halves = ("",) if sensor == "TIS" else tuple(halves)
    step = _camera_step(size)
    boxes = {
        half: _Box(place * (step[0] + offset[0]), place * (step[1] + offset[1]), *size)
        for place, half in enumerate(halves)
    }
    whole = _Box(0.0, 0.0, size[0] + step[0], size[1] + step[1]) if len(halves) > 1 else None
    whole = whole or _Box(0.0, 0.0, *size)
    spots = _spots(random, whole, lights)
    bands = {"GIU": 3, "TIS": 3, "MII": 7}[sensor]
    rgb, pan = {}, {}
    for half, box in boxes.items():
        power = dimming if half == "B" else 1.0
        if with_rgb or sensor != "GIU":
            values = np.stack(
                [
                    _render(box, spots, band % 3, background, power, shift if band == 0 else (0, 0))
                    for band in range(bands)
                ]
            )
            values = _spoilt(values, _swath(box), stripes, salt_pepper, random)
            end = {"GIU": f"_{half}_RGB.tif", "TIS": ".tiff", "MII": f"_{half}.tif"}[sensor]
            rgb[half] = folder / f"{name}{end}"
            _write(rgb[half], values, CELL[sensor], box)
        if sensor == "GIU" and with_pan:
            fine = box._replace(fine=4)
            low = _render(fine, spots, None, background, 0.4 * power)
            high = _render(fine, spots, None, background, 3.0 * power)
            merged = np.where(high < 0.9 * MOST, high, np.minimum(low * 7.5, MOST))
            values = np.where(_swath(fine), np.stack([low, high, merged]), NODATA)
            pan[half] = folder / f"{name}_{half}_LH.tif"
            _write(pan[half], values.astype(np.uint16), CELL[sensor] / 4, box, PAN)
    truth = np.stack(
        [_render(whole, spots, band % 3, background, 1.0) for band in range(bands)]
    ) * np.any([_swath(box, whole) for box in boxes.values()], axis=0)
    calib = meta = None
    if with_calib:
        calib = folder / f"{name}.calib.xml"
        calib.write_bytes(calib_xml(sensor, gains, tis_blocks=tis_blocks))
    if with_meta:
        meta = folder / f"{name}.meta.xml"
        meta.write_bytes(meta_xml(sensor))
    return SceneFiles(folder, rgb, pan, calib, meta, truth.astype(np.uint16))


def _camera_step(size: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns from the box of camera A to that of camera B."""
    across = (1.0 - OVERLAP) * _extent(size)[0]
    return round(across * np.sin(ANGLE)), round(across * np.cos(ANGLE))


def _extent(size: tuple[int, int]) -> tuple[float, float]:
    """Width and length of the swath that fits its box askew."""
    height, width = size
    sine, cosine, double = np.sin(ANGLE), np.cos(ANGLE), np.cos(2 * ANGLE)
    across = (width * cosine - height * sine) / double
    along = (height * cosine - width * sine) / double
    assert across > 0 < along, "too narrow or too wide a box for a swath askew"
    return across, along


def _swath(box: _Box, grid: _Box | None = None) -> np.ndarray:
    """Cells (of `grid`, or its own) that a half swath covers."""
    rows, cols = (grid or box).axes()
    down = rows[:, np.newaxis] - box.row - box.height / 2
    right = cols - box.col - box.width / 2
    across, along = _extent((box.height, box.width))
    inside = np.abs(right * np.cos(ANGLE) + down * np.sin(ANGLE)) <= across / 2
    return inside & (np.abs(down * np.cos(ANGLE) - right * np.sin(ANGLE)) <= along / 2)


def _spots(random, whole: _Box, count: int) -> np.ndarray:
    """Row, column, spread, strength and kind of each light."""
    return np.column_stack(
        [
            random.uniform(0.15 * whole.height, 0.85 * whole.height, count),
            random.uniform(0.15 * whole.width, 0.85 * whole.width, count),
            random.uniform(0.9, 2.5, count),
            random.uniform(150.0, 900.0, count),
            random.integers(0, len(LAMPS), count),
        ]
    )


def _render(box: _Box, spots, band: int | None, background: int, power: float, shift=(0.0, 0.0)):
    """DN of a band; without one of the panchromatic light. Saturated at 4095."""
    rows, cols = box.axes(shift)
    light = np.zeros((len(rows), len(cols)))
    for row, col, spread, strength, kind in spots:
        lamp = LAMPS[int(kind)]
        share = lamp[band] if band is not None else sum(lamp)
        down = np.exp(-0.5 * ((rows - row) / spread) ** 2)
        right = np.exp(-0.5 * ((cols - col) / spread) ** 2)
        light += power * strength * share * down[:, np.newaxis] * right
    return np.clip(np.rint(background + light), 1, MOST).astype(np.uint16)


def _spoilt(values, swath, stripes, salt_pepper, random):
    values = np.where(swath, values, NODATA).astype(np.uint16)
    for row in stripes:
        values[:, row, 8:-8] = NODATA
    if salt_pepper:
        hit = (random.random(values.shape[1:]) < salt_pepper) & swath
        band = random.integers(0, len(values), hit.sum())
        values[(band, *np.nonzero(hit))] += random.integers(5, 60, hit.sum(), dtype=np.uint16)
    return values


def _write(path: Path, values, cell: float, box: _Box, descriptions: Sequence[str] = ()) -> None:
    left = ORIGIN[0] + box.col * cell * (values.shape[2] // box.width)
    top = ORIGIN[1] - box.row * cell * (values.shape[1] // box.height)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=len(values),
        height=values.shape[1],
        width=values.shape[2],
        dtype="uint16",
        crs=CRS.from_user_input(CRS_CODE),
        transform=rasterio.Affine(cell, 0.0, left, 0.0, -cell, top),
        nodata=NODATA,
    ) as dataset:
        dataset.write(values.astype(np.uint16))
        for band, description in enumerate(descriptions, start=1):
            dataset.set_band_description(band, description)


# -- XML


def calib_xml(
    sensor: str = "GIU",
    gains: Mapping[str, tuple[float, float]] | None = None,
    *,
    tis_blocks: int = 1,
    extra: str = "",
    encoding: str = "gb2312",
) -> bytes:
    """Bytes of a calib.xml; `extra` goes into the sensor's VERSION block as it stands."""
    sets = {"GIU": dict(GAINS), "TIS": dict(TIS_GAINS), "MII": dict(MII_GAINS)}
    sets[sensor].update(gains or {})
    names = {"PL": "PAN_L", "PH": "PAN_H"}
    parts = []
    for kind in ("MII", "GIU", "TIS"):
        blocks = tis_blocks if kind == "TIS" else 1
        parts.append(f"<{kind}>")
        for block in range(blocks):
            lines = []
            for band, (gain, bias) in sets[kind].items():
                tag = names.get(band, band.upper())
                # The blocks of detector rows differ a little.
                lines.append(
                    f"<RADIANCE_GAIN_BAND_{tag}>{gain * (1 + block / 100)!r}"
                    f"</RADIANCE_GAIN_BAND_{tag}>"
                )
                lines.append(f"<RADIANCE_BIAS_BAND_{tag}>{bias!r}</RADIANCE_BIAS_BAND_{tag}>")
                if blocks > 1:
                    lines.append(
                        f"<BACKGROUND_BAND_{tag}>{0.01 * (block + 1)!r}</BACKGROUND_BAND_{tag}>"
                    )
            detector = "{}-{}".format(*TIS_ROWS[block]) if blocks > 1 else "全部"
            parts += [
                f"<bandsNum>{len(sets[kind])}</bandsNum>",
                f"<bandsIDList>{CENTRES[kind]}</bandsIDList>",
                f"<detector>{detector}</detector>",
                "<VERSION>",
                *lines,
                extra if kind == sensor else "",
                "</VERSION>",
            ]
        parts.append(f"</{kind}>")
    body = "\n".join(parts)
    text = (
        f'<?xml version="1.0" encoding="{encoding.upper()}"?>\n'
        "<!-- 可持续发展科学卫星1号 辐射定标 -->\n"
        "<SDGSAT><RADIOMETRIC_CALIBRATION>\n"
        f"{body}\n</RADIOMETRIC_CALIBRATION></SDGSAT>\n"
    )
    return text.encode(encoding)


def meta_xml(
    sensor: str = "GIU",
    start: str = "2022-03-04T13:30:05",
    zenith: float = 123.25,
    encoding: str = "gb2312",
) -> bytes:
    """Bytes of a meta.xml."""

    def times(tag: str, second: str) -> str:
        text = start[:-2] + second
        inner = (
            text if sensor == "TIS" else f"<Acamera>{text}</Acamera><Bcamera>{text}.500</Bcamera>"
        )
        return f"<{tag}>{inner}</{tag}>"

    text = (
        f'<?xml version="1.0" encoding="{encoding.upper()}"?>\n'
        "<ProductMetaData><SatelliteInfo>"
        "<SatelliteID>SDGSAT-1 广目</SatelliteID>"
        f"<SensorID>{sensor}</SensorID>"
        + times("StartTime", start[-2:])
        + times("CenterTime", f"{int(start[-2:]) + 5:02d}")
        + times("EndTime", f"{int(start[-2:]) + 10:02d}")
        + "<SolarAzimuth>310.5</SolarAzimuth>"
        f"<SolarZenith>{zenith}</SolarZenith>"
        "<RollSatelliteAngle>1.5</RollSatelliteAngle>"
        "<PitchSatelliteAngle>-0.25</PitchSatelliteAngle>"
        "<YawSatelliteAngle>2.75</YawSatelliteAngle>"
        "</SatelliteInfo></ProductMetaData>\n"
    )
    return text.encode(encoding)


# -- archives


def pack(folder: Path, path: Path) -> Path:
    """Pack a product's folder as .tar.gz, .tgz, .tar or .zip, by the ending of `path`."""
    path, folder = Path(path), Path(folder)
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    names = [str(Path(folder.name) / file.relative_to(folder)) for file in files]
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file, name in zip(files, names, strict=True):
                archive.write(file, name)
    else:
        with tarfile.open(path, "w" if path.suffix == ".tar" else "w:gz") as archive:
            for file, name in zip(files, names, strict=True):
                archive.add(file, name)
    return path


ATTACKS = ("traversal", "absolute", "symlink", "hardlink", "bomb", "device")


def hostile_archive(path: Path, kind: str) -> Path:
    """Write an archive that attacks who unpacks it; each member bears a product's name.

    .zip has no hard links and devices; there they are refused as ValueError.
    """
    path = Path(path)
    raster = f"{scene_name()}_A_RGB.tif"
    inside = f"{scene_name()}/{raster}"
    if path.suffix == ".zip":
        if kind in ("hardlink", "device"):
            raise ValueError(f"a .zip holds no {kind}")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            if kind == "bomb":
                archive.writestr(inside, bytes(64 << 20))
            elif kind == "symlink":
                link = zipfile.ZipInfo(inside)
                link.create_system = 3
                link.external_attr = 0o120777 << 16
                archive.writestr(link, "/etc/hostname")
            else:
                archive.writestr(_bad_name(kind, raster), b"planted")
        return path
    with tarfile.open(path, "w" if path.suffix == ".tar" else "w:gz") as archive:
        member = tarfile.TarInfo(inside)
        data = b""
        if kind == "bomb":
            data = bytes(64 << 20)
        elif kind in ("symlink", "hardlink"):
            member.type = tarfile.SYMTYPE if kind == "symlink" else tarfile.LNKTYPE
            member.linkname = "/etc/hostname"
        elif kind == "device":
            member.type = tarfile.CHRTYPE
            member.devmajor, member.devminor = 1, 3
        else:
            member.name, data = _bad_name(kind, raster), b"planted"
        member.size = len(data)
        archive.addfile(member, BytesIO(data))
    return path


def _bad_name(kind: str, raster: str) -> str:
    return {"traversal": f"../../{raster}", "absolute": f"/planted/{raster}"}[kind]
