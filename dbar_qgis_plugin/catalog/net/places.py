"""Where the catalog keeps its files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from qgis.core import QgsApplication, QgsSettings

_FOLDER_SETTING: Final = "dbar/catalog/folder"


def profile_folder() -> Path:
    """Return the plugin's folder in the user's profile."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "dbar"


def data_folder() -> Path:
    """Return the folder of My data: what the user chose, else one in the profile."""
    chosen = QgsSettings().value(_FOLDER_SETTING, "", str)
    return Path(chosen) if chosen else profile_folder() / "catalog"


def set_data_folder(folder: Path) -> None:
    """Choose the folder of My data; what is there stays where it is."""
    QgsSettings().setValue(_FOLDER_SETTING, str(folder))


def sample_folder() -> Path:
    """Return the folder of the sample catalog."""
    return profile_folder() / "sample_catalog"


def themes_file() -> Path:
    """Return the file of the user's own themes, which need not exist."""
    return profile_folder() / "themes.json"


def transfers_file() -> Path:
    """Return the file of the transfers."""
    return profile_folder() / "transfers.sqlite"
