"""Write a sample region of the plugin into a folder.

    tools/make_sample_data.py FOLDER                        for SDG 11.3.1
    tools/make_sample_data.py --land-degradation FOLDER     for SDG 15.3.1

Runs on a Python that has numpy and either QGIS's GDAL bindings or rasterio. Files that the folder
already holds are never replaced.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.pipelines.sample_data import write_sample_data
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation_sample import (
    write_land_degradation_sample,
)


def main():
    """Read the command line, write the files and list them; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="made if it does not exist")
    parser.add_argument(
        "--land-degradation", action="store_true", help="the region for SDG 15.3.1 instead"
    )
    arguments = parser.parse_args()
    try:
        if arguments.land_degradation:
            files = write_land_degradation_sample(arguments.folder).files
        else:
            sample = write_sample_data(arguments.folder)
            files = (sample.cities, *sample.builtup, *sample.population)
    except DbarError as error:
        print(error, file=sys.stderr)
        return 1
    for path in files:
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
