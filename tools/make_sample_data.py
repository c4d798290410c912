"""Write the sample region of the plugin into a folder.

    tools/make_sample_data.py FOLDER

Runs on a Python that has numpy and either QGIS's GDAL bindings or rasterio. Files that the folder
already holds are never replaced.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.pipelines.sample_data import write_sample_data


def main():
    """Read the command line, write the files and list them; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="made if it does not exist")
    arguments = parser.parse_args()
    try:
        sample = write_sample_data(arguments.folder)
    except DbarError as error:
        print(error, file=sys.stderr)
        return 1
    for path in (sample.cities, *sample.builtup, *sample.population):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
