"""Before a big download: how much it is, whether there is room, and under which terms."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from typing import Final

from qgis.PyQt.QtCore import QCoreApplication, QLocale
from qgis.PyQt.QtWidgets import QMessageBox

from dbar_qgis_plugin.catalog.local.documents import rights_of
from dbar_qgis_plugin.gui.catalog.actions.opening import Choice
from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

# More than these is big.
FILES: Final = 10
BYTES: Final = 500_000_000


def ask_before(
    desk: Desk, session: CatalogSession, choices: Sequence[Choice], go_on: Callable[[], None]
) -> None:
    """Go on at once with a small download; ask before a big one."""
    size = sum(choice.asset.size or 0 for choice in choices)
    if len(choices) <= FILES and size <= BYTES:
        go_on()
        return
    box = QMessageBox(desk.window)
    box.setObjectName("dbar_big_download")
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(QCoreApplication.translate("Dbar", "Download"))
    box.setText(QCoreApplication.translate("Dbar", "This is a big download. Begin?"))
    box.setInformativeText(summary_of(choices, shutil.disk_usage(session.library.data.folder).free))
    box.setStandardButtons(QMessageBox.StandardButton.Ok | QMessageBox.StandardButton.Cancel)
    box.accepted.connect(go_on)
    box.finished.connect(box.deleteLater)
    box.open()


def summary_of(choices: Sequence[Choice], free: int) -> str:
    """Say how many files there are, of which size, for how much room, under which terms."""
    translate = QCoreApplication.translate
    sizes = [choice.asset.size for choice in choices]
    known = sum(size for size in sizes if size is not None)
    unknown = sizes.count(None)
    lines = [translate("Dbar", "Files: {count}").format(count=len(choices))]
    if unknown < len(sizes):
        text = translate("Dbar", "Size: {size}")
        lines.append(text.format(size=_size(known)))
    if unknown:
        lines.append(translate("Dbar", "Files of unknown size: {count}").format(count=unknown))
    lines.append(translate("Dbar", "Free on the disk: {size}").format(size=_size(free)))
    lines.append(translate("Dbar", "Licences: {names}").format(names=", ".join(_licences(choices))))
    return "\n".join(lines)


def _size(count: int) -> str:
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def _licences(choices: Sequence[Choice]) -> list[str]:
    unknown = QCoreApplication.translate("Dbar", "not told")
    properties = [choice.item.properties for choice in choices]
    names = [rights_of(told) or str(told.get("license") or unknown) for told in properties]
    return list(dict.fromkeys(names))
