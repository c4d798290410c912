"""The plugin's name, version and addresses, read from metadata.txt, the one place they live in."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path
from typing import Final

PLUGIN_FOLDER: Final = Path(__file__).resolve().parent


def _read_metadata() -> dict[str, str]:
    parser = ConfigParser()
    parser.read(PLUGIN_FOLDER / "metadata.txt", encoding="utf-8")
    return dict(parser["general"])


METADATA: Final = _read_metadata()
NAME: Final = METADATA["name"]
VERSION: Final = METADATA["version"]
HOMEPAGE: Final = METADATA["homepage"]
TRACKER: Final = METADATA["tracker"]
ICON: Final = PLUGIN_FOLDER / METADATA["icon"]
