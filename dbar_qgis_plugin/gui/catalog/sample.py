"""The sample catalog: the made-up regions as a catalog in the profile, to begin with offline."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dbar_qgis_plugin.catalog.sample import Colours, SampleCollection, SampleItem, write_catalog
from dbar_qgis_plugin.catalog.transfers.names import CATALOG
from dbar_qgis_plugin.errors import OutputError, translate
from dbar_qgis_plugin.pipelines.night_light.night_light_sample import write_night_light_sample
from dbar_qgis_plugin.pipelines.sample_data import SampleData, write_sample_data
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation_sample import (
    LAND_COVER_YEARS,
    NDVI_YEARS,
    LandDegradationSample,
    write_land_degradation_sample,
)
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.thumbnail import Stop

TITLE: Final = "DBAR SDG Tools: sample data"
_DESCRIPTION: Final = "Made-up regions to try the plugin on. Nothing in them is measured."
_LICENCE: Final = "CC0-1.0"
_DATA: Final = "data"
_RED, _GREEN = (203, 24, 29), (35, 132, 67)

_BUILTUP: Final = Colours([Stop(0, 247, 244, 240), Stop(0.3, 253, 174, 97), Stop(0.8, *_RED)])
_PEOPLE: Final = Colours([Stop(0, 252, 251, 253), Stop(20, 158, 154, 200), Stop(90, 63, 0, 125)])
_LIGHT: Final = Colours([Stop(0, 8, 10, 30), Stop(6, 190, 120, 40), Stop(30, 255, 250, 220)])
_NDVI: Final = Colours(
    [Stop(500, 166, 97, 26), Stop(3000, 240, 230, 170), Stop(7500, 0, 104, 55)],
    band=len(NDVI_YEARS),
)
_CARBON: Final = Colours([Stop(5, 255, 247, 200), Stop(50, 180, 120, 60), Stop(110, 70, 30, 10)])
_COVER: Final = Colours(
    [
        Stop(1, 0, 104, 55),
        Stop(2, 190, 210, 100),
        Stop(3, 240, 220, 90),
        Stop(4, 100, 190, 170),
        Stop(5, *_RED),
        Stop(6, 200, 190, 175),
        Stop(7, 70, 130, 200),
    ],
    resampling="nearest",
)
_CLASSES: Final = Colours([Stop(0, 230, 225, 200), Stop(6, 90, 60, 40)], resampling="nearest")


def provide_sample_catalog(folder: Path, progress: Progress) -> bool:
    """Write the sample catalog into a folder that does not exist; tell whether it did.

    Under its own name the folder is always complete.

    Raises
    ------
    OutputError
        If it cannot be written.
    Cancelled
        If the user stops it.
    """
    if (folder / CATALOG).is_file():
        return False
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as draft:
            made = Path(draft) / folder.name
            _write(made, progress)
            made.rename(folder)
    except OSError as error:
        raise OutputError(
            translate("Dbar", "The sample catalog could not be written to {folder}: {reason}"),
            folder=str(folder),
            reason=error.strerror or str(error),
        ) from error
    return True


def _write(folder: Path, progress: Progress) -> None:
    data = folder / _DATA
    urban = write_sample_data(data / "urban", progress=progress.part(0.0, 0.4))
    land = write_land_degradation_sample(data / "land", progress=progress.part(0.4, 0.7))
    light = write_night_light_sample(data / "light", urban, progress=progress.part(0.7, 0.8))
    write_catalog(
        folder,
        TITLE,
        _DESCRIPTION,
        [*_urban(urban, land), *_land(land), _night_light(light)],
        licence=_LICENCE,
        progress=progress.part(0.8, 1.0),
    )


def _urban(urban: SampleData, land: LandDegradationSample) -> Iterable[SampleCollection]:
    yield SampleCollection(
        "sample-built-up",
        "Built-up fraction (sample)",
        "Share of each cell that is built over, per year; 100 m cells.",
        ("built-up", "settlement", "urban", "SDG 11.3.1", "sample"),
        tuple(
            SampleItem(path, f"Built-up fraction {year}", (year, year), ("builtup",), _BUILTUP)
            for year, path in zip(urban.years, urban.builtup, strict=True)
        ),
    )
    yield SampleCollection(
        "sample-population",
        "Population (sample)",
        "Persons per cell, per year.",
        ("population", "people", "SDG 11.3.1", "SDG 15.3.1", "sample"),
        (
            *(
                SampleItem(path, f"Population {year}", (year, year), ("population",), _PEOPLE)
                for year, path in zip(urban.years, urban.population, strict=True)
            ),
            SampleItem(
                land.population,
                "Population 2020 of the provinces",
                (2020, 2020),
                ("population",),
                _PEOPLE,
                own_id="population_provinces_2020",
            ),
        ),
    )
    yield SampleCollection(
        "sample-boundaries",
        "Cities and provinces (sample)",
        "Polygons with names.",
        ("urban", "boundaries", "SDG 11.3.1", "SDG 15.3.1", "sample"),
        (
            SampleItem(urban.cities, "Cities", (1990, 2020), ("zones",), beside=urban.builtup[0]),
            SampleItem(
                land.provinces, "Provinces", (2000, 2023), ("zones",), beside=land.soc_stock
            ),
        ),
    )


def _land(land: LandDegradationSample) -> Iterable[SampleCollection]:
    yield SampleCollection(
        "sample-vegetation",
        "NDVI (sample)",
        "Yearly NDVI x 10000, a band per year; 250 m cells.",
        ("NDVI", "vegetation", "productivity", "land degradation", "SDG 15.3.1", "sample"),
        (
            SampleItem(
                land.ndvi, "NDVI 2000-2023", (NDVI_YEARS[0], NDVI_YEARS[-1]), ("ndvi",), _NDVI
            ),
        ),
    )
    yield SampleCollection(
        "sample-land-cover",
        "Land cover (sample)",
        "The seven classes of the UNCCD; 250 m cells.",
        ("land cover", "land-cover", "land degradation", "SDG 15.3.1", "sample"),
        tuple(
            SampleItem(path, f"Land cover {year}", (year, year), ("land_cover",), _COVER)
            for year, path in zip(LAND_COVER_YEARS, land.land_cover, strict=True)
        ),
    )
    year = LAND_COVER_YEARS[0]
    yield SampleCollection(
        "sample-soil",
        "Soil and climate (sample)",
        "Soil organic carbon, soil units and the climate zones of the IPCC; 250 m cells.",
        ("soil", "carbon", "climate", "land degradation", "SDG 15.3.1", "sample"),
        (
            SampleItem(
                land.soc_stock,
                "Soil organic carbon 2000",
                (year, year),
                ("soil_carbon",),
                _CARBON,
            ),
            SampleItem(
                land.climate_zones, "Climate zones", (year, 2023), ("climate_zones",), _CLASSES
            ),
            SampleItem(land.soil_units, "Soil units", (year, 2023), ("land_units",), _CLASSES),
        ),
    )


def _night_light(light: dict[int, Path]) -> SampleCollection:
    return SampleCollection(
        "sample-night-light",
        "Night light (sample)",
        "Yearly radiance at night in nW cm-2 sr-1; 500 m cells.",
        ("night light", "night", "radiance", "sample"),
        tuple(
            SampleItem(path, f"Night light {year}", (year, year), ("night_light",), _LIGHT)
            for year, path in light.items()
        ),
    )
