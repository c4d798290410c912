"""SDGSAT-1 products on disk: names, files of a scene, and what their XML files say.

The product's handbook was not at hand. What is known rests on public programs that read real
products; so all is read tolerantly, and what is not understood is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.night_light.light_bands import (
    BLUE,
    GREEN,
    HIGH_GAIN,
    LOW_GAIN,
    MERGED,
    RED,
)
from dbar_qgis_plugin.raster_io.xml_text import Element, read_xml

_Value = TypeVar("_Value")

GIU, TIS, MII = SENSORS = ("GIU", "TIS", "MII")
COLOUR, PAN, ONLY = "RGB", "LH", ""  # kinds of raster; TIS and MII have one kind

_NAME = re.compile(
    r"KX10_(?P<sensor>GIU|TIS|MII)_(?P<day>\d{8})_(?P<east>[EW]\d+(?:\.\d+)?)"
    r"_(?P<north>[NS]\d+(?:\.\d+)?)_(?P<serial>\d{12})(?:_(?P<level>L\d[A-Z]?))?"
    r"(?P<rest>.*)",
    re.IGNORECASE,
)
_RASTER = re.compile(r"(?:_(?P<half>[AB]))?(?:_(?P<kind>LH|RGB))?\.tiff?", re.IGNORECASE)
_XML = re.compile(r".*\.(?P<what>calib|meta)\.xml", re.IGNORECASE)

_TIME = re.compile(r"(\d{4})\D(\d\d)\D(\d\d)\D+(\d\d)\D(\d\d)\D(\d\d)(\.\d+)?")
_TIMES: Final = {"StartTime": "start", "CenterTime": "center", "EndTime": "end"}
_CAMERAS: Final = {"Acamera": "A", "Bcamera": "B"}
_ANGLES: Final = {
    "SolarZenith": "sun_zenith",
    "SolarAzimuth": "sun_azimuth",
    "RollSatelliteAngle": "roll",
    "PitchSatelliteAngle": "pitch",
    "YawSatelliteAngle": "yaw",
}

_COEFFICIENT = re.compile(r"(?:RADIANCE_)?(GAIN|BIAS|BACK_?GROUND|BG)_(?:BAND_)?(.+)", re.I)
_COLOURS: Final = {"RED": RED, "R": RED, "GREEN": GREEN, "G": GREEN, "BLUE": BLUE, "B": BLUE}
# The names of these tags are not on record; these are the ways in which they could be written.
_PAN_NAMES: Final = (
    (re.compile(r"(P|PAN|PANCHROMATIC)?(L|LG|LOW|LOWGAIN)"), LOW_GAIN),
    (re.compile(r"(P|PAN|PANCHROMATIC)?(H|HG|HIGH|HIGHGAIN)"), HIGH_GAIN),
    (re.compile(r"(P|PAN|PANCHROMATIC)?HDR"), MERGED),
)
_ROWS = re.compile(r"\s*(\d+)\s*[-~–]\s*(\d+)\s*")
# Where early TIS products tell their blocks apart: rows of detectors, counted from 1.
_EARLY_ROWS: Final = ((1, 500), (501, 975), (976, 1475), (1476, 1987))


class SceneName(NamedTuple):
    """What the name of a product says. `day` is ISO 8601, longitude and latitude are degrees."""

    scene: str
    sensor: str
    day: str
    longitude: float
    latitude: float
    serial: str
    level: str


class SceneRaster(NamedTuple):
    """A raster of a product: kind "RGB" or "LH" (GIU) or "", half "A", "B" or ""."""

    kind: str
    half: str
    path: Path


@dataclass(frozen=True)
class Product:
    """The files of one scene; rasters in the order of their kinds and halves."""

    name: SceneName
    rasters: tuple[SceneRaster, ...]
    calibration: Path | None
    metadata: Path | None

    def halves(self, kind: str) -> tuple[SceneRaster, ...]:
        """Return the rasters of a kind, half A before B."""
        return tuple(raster for raster in self.rasters if raster.kind == kind)


class SceneFacts(NamedTuple):
    """What a meta.xml says.

    times : by "start", "center" and "end" and camera, such as "center_A" (TIS: "center"); ISO 8601
    angles : degrees, by "sun_zenith", "sun_azimuth", "roll", "pitch", "yaw"
    not_understood : texts that are no time or number, as "name: text"
    """

    times: dict[str, str]
    angles: dict[str, float]
    not_understood: tuple[str, ...]
    is_readable: bool


class Coefficient(NamedTuple):
    """Radiance = value x gain + bias - background."""

    gain: float
    bias: float
    background: float = 0.0


class CalibrationBlock(NamedTuple):
    """Coefficients by band name, and the detector rows (from 1) that they are for, if not all."""

    coefficients: dict[str, Coefficient]
    rows: tuple[int, int] | None = None


class Calibration(NamedTuple):
    """What a calib.xml says of one sensor.

    centres : the numbers of its bandsIDList (TIS: wavelengths in micrometres), as far as there are
    not_understood : tags, and tags with texts that are no number
    """

    blocks: tuple[CalibrationBlock, ...]
    centres: tuple[float, ...]
    not_understood: tuple[str, ...]
    is_readable: bool


def parse_name(name: str) -> SceneName | None:
    """Return what a file or folder name says, None where it is not that of a product."""
    return _split(name)[0]


def _split(name: str) -> tuple[SceneName | None, str]:
    """Return the scene that a name begins with, and the rest of the name."""
    match = _NAME.match(name)
    if match is None:
        return None, name
    try:
        day = datetime.strptime(match["day"], "%Y%m%d").date().isoformat()
    except ValueError:
        return None, name
    scene = name[: match.start("rest")]
    east, north = match["east"], match["north"]
    found = SceneName(
        scene,
        match["sensor"].upper(),
        day,
        float(east[1:]) * (-1.0 if east[0] in "Ww" else 1.0),
        float(north[1:]) * (-1.0 if north[0] in "Ss" else 1.0),
        match["serial"],
        (match["level"] or "").upper(),
    )
    return found, match["rest"]


def raster_of_name(name: str) -> tuple[SceneName, str, str] | None:
    """Return scene, kind and half that the name of a product's raster says, None for others."""
    scene, rest = _split(name)
    match = _RASTER.fullmatch(rest)
    if scene is None or match is None:
        return None
    kind = (match["kind"] or "").upper()
    if (scene.sensor == GIU) != bool(kind):
        return None
    return scene, kind, (match["half"] or "").upper()


def is_product_file(name: str) -> bool:
    """Tell by its name whether a file is one of a product that is read here."""
    scene, rest = _split(name)
    return scene is not None and bool(_RASTER.fullmatch(rest) or _XML.fullmatch(rest))


def find_products(folder: str | Path) -> list[Product]:
    """Find the products in a folder and those below it, ordered by name; [] if there is none."""
    rasters: dict[str, dict[tuple[str, str], Path]] = {}
    names: dict[str, SceneName] = {}
    files = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    for path in files:
        found = raster_of_name(path.name)
        if found is not None:
            name, kind, half = found
            names[name.scene] = name
            rasters.setdefault(name.scene, {}).setdefault((kind, half), path)
    return [
        Product(
            names[scene],
            tuple(
                SceneRaster(kind, half, rasters[scene][kind, half])
                for kind, half in sorted(rasters[scene])
            ),
            _xml(files, names[scene], "calib"),
            _xml(files, names[scene], "meta"),
        )
        for scene in sorted(rasters)
    ]


def _xml(files: Iterable[Path], name: SceneName, what: str) -> Path | None:
    """Return the XML file of a scene; names that people gave may lack the level."""
    fitting = []
    for path in files:
        own, rest = _split(path.name)
        match = _XML.fullmatch(rest)
        if own is None or match is None or match["what"].lower() != what:
            continue
        same_scene = own._replace(scene="", level="") == name._replace(scene="", level="")
        if same_scene and (own.level == name.level or not own.level or not name.level):
            fitting.append((own.level != name.level, path))
    return min(fitting)[1] if fitting else None


def find_calibration(raster: str | Path) -> Path | None:
    """Return the calib.xml that lies beside a raster: that of its scene, else the only one."""
    folder = Path(raster).parent
    if not folder.is_dir():
        return None
    files = sorted(path for path in folder.iterdir() if path.is_file())
    name = parse_name(Path(raster).name)
    found = _xml(files, name, "calib") if name is not None else None
    only = [path for path in files if path.name.lower().endswith("calib.xml")]
    if found is None and len(only) == 1 and parse_name(only[0].name) is None:
        return only[0]
    return found


# -- XML


def read_facts(path: str | Path) -> SceneFacts:
    """Read a meta.xml; see `read_xml` for errors."""
    root, is_readable = read_xml(path)
    times: dict[str, str] = {}
    angles: dict[str, float] = {}
    odd: list[str] = []
    for tag, name in _TIMES.items():
        element = root.first(tag)
        if element is None:
            continue
        entries = [(name, element)] if not element.children else []
        for child in element.children:
            if child.tag in _CAMERAS:
                entries.append((f"{name}_{_CAMERAS[child.tag]}", child))
        for key, entry in entries:
            _keep(times, key, entry, _iso_time, odd)
    for tag, name in _ANGLES.items():
        element = root.first(tag)
        if element is not None:
            _keep(angles, name, element, _number, odd)
    return SceneFacts(times, angles, tuple(odd), is_readable)


def _keep(
    into: dict[str, _Value],
    key: str,
    element: Element,
    read: Callable[[str], _Value | None],
    odd: list[str],
) -> None:
    value = read(element.text)
    if value is None:
        odd.append(f"{element.tag}: {element.text[:40]}")
    else:
        into[key] = value


def _iso_time(text: str) -> str | None:
    match = _TIME.search(text)
    if match is None:
        return None
    try:
        time = datetime(*(int(match[group]) for group in range(1, 7)))  # type: ignore[arg-type]
    except ValueError:
        return None
    return time.isoformat() + (match[7] or "")


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def read_calibration(path: str | Path, sensor: str) -> Calibration:
    """Read what a calib.xml says of a sensor.

    Parameters
    ----------
    path : str or Path
    sensor : {"GIU", "TIS", "MII"}

    Raises
    ------
    InputError
        It cannot be read (see `read_xml`), or says nothing of this sensor.
    """
    root, is_readable = read_xml(path)
    part = root.first(sensor)
    versions = part.all("VERSION") if part is not None else []
    if part is None or not versions:
        raise InputError(
            translate(
                "Dbar",
                "{path} holds no coefficients for {sensor} (no block {sensor} with VERSION). Take "
                "the calib.xml of this very product, or give the coefficients otherwise.",
            ),
            path=str(path),
            sensor=sensor,
        )
    odd: list[str] = []
    rows = _detector_rows(part, len(versions))
    blocks = tuple(
        CalibrationBlock(_coefficients(version, sensor, odd), own)
        for version, own in zip(versions, rows, strict=True)
    )
    bands = part.first("bandsIDList")
    centres = [_number(text) for text in bands.text.split(",")] if bands is not None else []
    return Calibration(
        blocks,
        tuple(centre for centre in centres if centre is not None),
        tuple(dict.fromkeys(odd)),
        is_readable,
    )


def _coefficients(version: Element, sensor: str, odd: list[str]) -> dict[str, Coefficient]:
    found: dict[str, dict[str, float]] = {}
    for element in version.walk():
        if element is version or element.children:
            continue
        match = _COEFFICIENT.fullmatch(element.tag)
        band = _band(match[2], sensor) if match is not None else None
        value = _number(element.text)
        if match is None or band is None:
            odd.append(element.tag)
        elif value is None:
            odd.append(f"{element.tag}: {element.text[:40]}")
        else:
            kind = match[1].upper()
            found.setdefault(band, {})[kind if kind in ("GAIN", "BIAS") else "BACKGROUND"] = value
    whole: dict[str, Coefficient] = {}
    for band, values in found.items():
        if "GAIN" in values and "BIAS" in values:
            background = values.get("BACKGROUND", 0.0)
            whole[band] = Coefficient(values["GAIN"], values["BIAS"], background)
        else:
            odd.append(f"{band}: {', '.join(sorted(values))}")
    return whole


def _band(name: str, sensor: str) -> str | None:
    """Return our name of the band that a tag names, None where it names none."""
    if sensor != GIU:
        return f"B{int(name)}" if name.isdecimal() else None
    letters = re.sub(r"[^A-Z]", "", name.upper())
    if letters in _COLOURS:
        return _COLOURS[letters]
    return next((band for pattern, band in _PAN_NAMES if pattern.fullmatch(letters)), None)


def _detector_rows(part: Element, count: int) -> tuple[tuple[int, int] | None, ...]:
    """Return the rows that each block of coefficients is for; with one block all."""
    if count == 1:
        return (None,)
    rows: list[tuple[int, int] | None] = []
    stated: tuple[int, int] | None = None
    for element in part.children:
        match = _ROWS.fullmatch(element.text)
        if element.tag == "VERSION":
            rows.append(stated)
            stated = None
        elif match is not None:
            stated = int(match[1]), int(match[2])
    if len(rows) == count and None not in rows:
        return tuple(rows)
    return _EARLY_ROWS if count == len(_EARLY_ROWS) else (None,) * count
