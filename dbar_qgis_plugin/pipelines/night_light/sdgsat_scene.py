"""SDGSAT-1 scenes: the product that the user means, and all that is known of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.archives import ENDINGS, is_archive, unpacked
from dbar_qgis_plugin.pipelines.night_light import light_bands
from dbar_qgis_plugin.pipelines.night_light.sdgsat_product import (
    COLOUR,
    PAN,
    Calibration,
    Product,
    SceneFacts,
    find_products,
    is_product_file,
    parse_name,
    read_calibration,
    read_facts,
)
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message

RIGHTS: Final = "SDGSAT-1 data of CBAS. Its terms hold: no redistribution without permission."

_LISTED = 5


@contextmanager
def opened_product(
    source: str | Path, *, beside: str | Path | None = None, progress: Progress | None = None
) -> Iterator[Product]:
    """Find the product that the user means; what an archive holds is there until the block ends.

    Parameters
    ----------
    source : str or Path
        A folder, an archive, or any file of a product's folder: then that file's scene.
    beside : str or Path, optional
        Where an archive is unpacked; the system's folder for temporary files if absent.
    progress : Progress, optional
        Where to report to while an archive is unpacked.

    Raises
    ------
    InputError
        There is no product, or more than one; or see `archives.extract`.
    """
    source = Path(source)
    if is_archive(source) and source.is_file():
        with unpacked(source, is_product_file, beside=beside, progress=progress) as folder:
            yield _only(find_products(folder), source)
    elif source.is_file():
        yield _only(_of_file(source), source)
    elif source.is_dir():
        yield _only(find_products(source), source)
    else:
        raise InputError(
            translate("Dbar", "{path} does not exist. Choose a product's folder or archive."),
            path=str(source),
        )


def _of_file(file: Path) -> list[Product]:
    """Products of the folder of a file: that of its own scene if its name is of one."""
    found = find_products(file.parent)
    name = parse_name(file.name)
    if name is None:
        return found if file.suffix.lower() in (".tif", ".tiff", ".xml") else []
    key = name._replace(scene="", level="")
    return [
        product
        for product in found
        if product.name._replace(scene="", level="") == key
        and (product.name.level == name.level or not name.level)
    ]


def _only(products: Sequence[Product], source: Path) -> Product:
    if not products:
        raise InputError(
            translate(
                "Dbar",
                "{path} holds no SDGSAT-1 product. Choose a folder or an archive ({endings}) with "
                "rasters named like KX10_GIU_20220304_E121.82_N31.56_202200100146_L4A_A_RGB.tif. "
                "Other rasters need no loading: calibrate them with typed coefficients.",
            ),
            path=str(source),
            endings=", ".join(ENDINGS),
        )
    if len(products) > 1:
        names = [product.name.scene for product in products]
        raise InputError(
            translate(
                "Dbar",
                "{path} holds products of {count} scenes ({names}). Choose a file of the one "
                "scene that you want; rasters of different scenes are not put together.",
            ),
            path=str(source),
            count=len(names),
            names=", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else ""),
        )
    return products[0]


# -- what is known of a scene


class SceneDescription(NamedTuple):
    """Metadata of a scene by their names in `light_bands`, and what is missing or odd."""

    tags: dict[str, str]
    facts: SceneFacts
    warnings: tuple[Message, ...]


def describe_scene(product: Product) -> SceneDescription:
    """Gather what name, meta.xml and calib.xml say of a scene; missing pieces are named.

    A file that cannot be read is a warning as well: the rasters can do without it.
    """
    name = product.name
    facts, calibration = SceneFacts({}, {}, (), True), None
    warnings = [message(text, **values) for text, values in _missing(product)]
    for path, is_meta in ((product.metadata, True), (product.calibration, False)):
        if path is None:
            continue
        try:
            if is_meta:
                facts = read_facts(path)
                read: SceneFacts | Calibration = facts
            else:
                calibration = read_calibration(path, name.sensor)
                read = calibration
        except InputError as error:
            warnings.append(message(error.template, **error.values))
        else:
            warnings += xml_warnings(path, read)
    tags = {
        light_bands.DATE: _date(facts) or name.day,
        light_bands.SCENE: name.scene,
        light_bands.SENSOR: name.sensor,
        light_bands.LEVEL: name.level,
        light_bands.TIMES: json.dumps(facts.times),
        light_bands.ANGLES: json.dumps(facts.angles),
        light_bands.RIGHTS: RIGHTS,
    }
    if calibration is not None and product.calibration is not None:
        tags[light_bands.COEFFICIENTS] = coefficients_text(calibration, product.calibration.name)
    return SceneDescription(
        {key: value for key, value in tags.items() if value not in ("", "{}")},
        facts,
        tuple(warnings),
    )


def xml_warnings(path: Path, read: SceneFacts | Calibration) -> list[Message]:
    """Say what of an XML file was not understood."""
    warnings = []
    if not read.is_readable:
        warnings.append(
            message(
                translate(
                    "Dbar",
                    "{path}: the encoding is not the one declared, nor UTF-8 nor GB 18030. Names "
                    "and numbers are read; other texts may be wrong.",
                ),
                path=path.name,
            )
        )
    if read.not_understood:
        warnings.append(
            message(
                translate("Dbar", "{path}: not understood and not used: {names}"),
                path=path.name,
                names=", ".join(read.not_understood),
            )
        )
    return warnings


def _date(facts: SceneFacts) -> str:
    """Return the time at the scene's centre, or what comes nearest to it."""
    for moment in ("center", "start", "end"):
        for camera in ("_A", "_B", ""):
            if moment + camera in facts.times:
                return facts.times[moment + camera] + "Z"
    return ""


def _missing(product: Product) -> Iterator[tuple[str, dict[str, object]]]:
    """Name the pieces that a whole product has and this one lacks."""
    scene = product.name.scene
    if product.metadata is None:
        yield (
            translate("Dbar", "{scene}: no meta.xml, so no times and angles but the date."),
            {"scene": scene},
        )
    if product.calibration is None:
        yield (
            translate(
                "Dbar",
                "{scene}: no calib.xml. To calibrate, choose a preset or type the coefficients.",
            ),
            {"scene": scene},
        )
    kinds = {raster.kind for raster in product.rasters}
    for kind, text in (
        (COLOUR, translate("Dbar", "{scene}: no colour rasters (…_RGB.tif).")),
        (PAN, translate("Dbar", "{scene}: no panchromatic rasters (…_LH.tif).")),
    ):
        if kinds & {COLOUR, PAN} and kind not in kinds:
            yield text, {"scene": scene}
    for kind in sorted(kinds):
        halves = [raster.half for raster in product.halves(kind)]
        if halves in (["A"], ["B"]):
            yield (
                translate(
                    "Dbar",
                    "{name}: only half {half} of the swath is there; the other camera's half is "
                    "missing.",
                ),
                {"name": product.halves(kind)[0].path.name, "half": halves[0]},
            )


def coefficients_text(calibration: Calibration, source: str) -> str:
    """Write coefficients as metadata that `light_calibration` reads."""
    return json.dumps(
        {
            "source": source,
            "centres": calibration.centres,
            "blocks": [
                {"rows": block.rows, "bands": block.coefficients} for block in calibration.blocks
            ],
        }
    )
