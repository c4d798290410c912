"""What the parts of the demonstration share: QGIS without a window, tables, figures to compare."""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLUGIN = "dbar_qgis_plugin"


class DemoError(Exception):
    """Something the person at the keyboard must put right."""


class Qgis:
    """`qgis_process` with a profile of its own, and the plugin of this repository switched on."""

    def __init__(self, scratch):
        program = shutil.which("qgis_process")
        if program is None:
            raise DemoError("qgis_process is not installed: run `make setup`.")
        self._program = program
        (scratch / "runtime").mkdir(parents=True, mode=0o700)
        self._environment = os.environ | {
            "QGIS_PLUGINPATH": str(ROOT),
            "QGIS_CUSTOM_CONFIG_PATH": str(scratch),
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_RUNTIME_DIR": str(scratch / "runtime"),
            "LC_ALL": "C.UTF-8",
            # QGIS would leave statistics (.aux.xml) beside the rasters that it opens.
            "GDAL_PAM_ENABLED": "NO",
        }
        self._call(["plugins", "enable", PLUGIN], "")

    def run(self, algorithm, parameters):
        """Run an algorithm; return its results and its warnings."""
        text = json.dumps({"inputs": parameters}, default=str)
        answer = json.loads(self._call(["--json", "run", algorithm, "-"], text))
        return answer["results"], answer.get("log", {}).get("warning", [])

    def _call(self, arguments, text):
        done = subprocess.run(
            [self._program, *arguments],
            input=text,
            env=self._environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode:
            told = (done.stderr.strip() or done.stdout.strip())[-3000:]
            raise DemoError(f"qgis_process {' '.join(arguments)} failed:\n{told}")
        return done.stdout


class Checks:
    """Prints figures beside the expected ones, and remembers whether all agreed."""

    def __init__(self):
        self.failed = 0

    def figure(self, label, computed, expected, allowed):
        """Print and judge a figure by its relative difference."""
        difference = abs(computed / expected - 1) if computed is not None else float("inf")
        good = difference <= allowed
        print(
            f"  {label:<46}{number(computed):>15}{number(expected):>15}{difference:>11.1e}  "
            f"{'' if good else f'DIFFERS (allowed {allowed:.0e})'}".rstrip()
        )
        self.failed += not good

    def says(self, label, good):
        """Print and judge a statement."""
        print(f"  {'yes' if good else 'NO '}  {label}")
        self.failed += not good

    @staticmethod
    def header(title, computed="computed", expected="expected"):
        """Print the head of a table of figures."""
        print(f"\n{title}")
        print(f"  {'':<46}{computed:>15}{expected:>15}{'difference':>11}")


def number(value):
    """Write a figure with digits enough to compare."""
    if value is None:
        return "-"
    return f"{value:,.10g}" if abs(value) < 1 else f"{value:,.4f}"


def read_table(path):
    """Read a table that the algorithm wrote, GeoPackage or CSV; what is missing as None."""

    def value(text):
        if text == "":
            return None
        try:
            return float(text)
        except ValueError:
            return text

    if path.suffix == ".gpkg":
        with closing(sqlite3.connect(path)) as database:
            database.row_factory = sqlite3.Row
            query = f'SELECT * FROM "{path.stem}"'  # noqa: S608 - a file of ours, named above
            return [dict(row) for row in database.execute(query)]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{key: value(text) for key, text in row.items()} for row in csv.DictReader(file)]


def fresh(folder):
    """Empty a folder under build/, which belongs to the project's own commands."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def say_where(results, labels):
    """Print where the outputs named in `labels` are."""
    for key, label in labels.items():
        if results.get(key):
            path = Path(str(results[key]).split("|")[0])
            shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
            print(f"  {label:<22} {shown}")
