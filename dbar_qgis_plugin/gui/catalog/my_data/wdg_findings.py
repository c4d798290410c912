"""Files that are not as they were: where they have gone is told, or they are forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from qgis.PyQt.QtCore import QCoreApplication, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dbar_qgis_plugin.catalog.local.store import Fault, Finding, Place

_FINDING: Final = Qt.ItemDataRole.UserRole
_ROWS: Final = 6  # in sight


class Findings(QWidget):
    """What a check of the files has found."""

    relink_wanted = pyqtSignal(object, object)  # Finding, and the path of the file
    forget_wanted = pyqtSignal(object)  # list of Finding
    closed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_findings")
        translate = QCoreApplication.translate
        self._text = QLabel()
        self._text.setObjectName("dbar_findings_text")
        self._text.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setObjectName("dbar_findings_progress")
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setMaximumHeight(10)
        self.list = QListWidget()
        self.list.setObjectName("dbar_findings_list")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemSelectionChanged.connect(self._update)
        self._relink = self._button("relink", translate("Dbar", "Relink…"), self._ask_for_file)
        self._forget = self._button("forget", translate("Dbar", "Forget"), self._want_to_forget)
        self._close = self._button("close", translate("Dbar", "Close"), self.closed.emit)
        row = QHBoxLayout()
        for button in (self._relink, self._forget, self._close):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._text)
        layout.addWidget(self._bar)
        layout.addWidget(self.list)
        layout.addLayout(row)
        self._update()

    def begin(self) -> None:
        """Show that files are being checked."""
        self.list.clear()
        self._text.setText(QCoreApplication.translate("Dbar", "Checking the files…"))
        self._bar.setValue(0)
        self._bar.show()
        self.list.hide()

    def progress(self, share: float) -> None:
        """Show how much has been checked."""
        self._bar.setValue(round(1000 * share))

    def add(self, finding: Finding) -> None:
        """Show a file that is not as it was."""
        fault, item = _fault_in_words(finding.fault), finding.place.item
        entry = QListWidgetItem(f"{fault}: {finding.path.name} · {item}")
        entry.setToolTip(f"{finding.place.collection} · {finding.place.item}\n{finding.path}")
        entry.setData(_FINDING, finding)
        self.list.addItem(entry)
        self._fit()

    def end(self) -> None:
        """Say what has been found."""
        self._bar.hide()
        self._say()

    def remove(self, places: Sequence[Place]) -> None:
        """Show files no longer that are in order now, or forgotten."""
        for number in reversed(range(self.list.count())):
            if self.list.item(number).data(_FINDING).place in places:
                self.list.takeItem(number)
        self._say()

    def findings(self) -> list[Finding]:
        """Return all that is shown."""
        return [self.list.item(number).data(_FINDING) for number in range(self.list.count())]

    def _say(self) -> None:
        count = self.list.count()
        translate = QCoreApplication.translate
        if count:
            text = translate(
                "Dbar",
                "Files that are not as they were: {count}. “Relink” says where a file has been "
                "moved; “Forget” takes it out of My data.",
            )
        else:
            text = translate("Dbar", "All files are as they were.")
        self._text.setText(text.format(count=count))
        self._fit()
        self._update()

    def _fit(self) -> None:
        """Let the list be as high as what is in it, within bounds."""
        count = self.list.count()
        height = self.list.sizeHintForRow(0) * min(count, _ROWS) + 2 * self.list.frameWidth()
        self.list.setFixedHeight(height)
        self.list.setVisible(count > 0)

    def _update(self) -> None:
        selected = len(self.list.selectedItems())
        self._relink.setEnabled(selected == 1)
        self._forget.setEnabled(selected > 0)

    def _selected(self) -> list[Finding]:
        return [entry.data(_FINDING) for entry in self.list.selectedItems()]

    def _ask_for_file(self) -> None:
        (finding,) = self._selected()
        title = QCoreApplication.translate("Dbar", "Where is {name}?")
        chosen, _ = QFileDialog.getOpenFileName(
            self, title.format(name=finding.path.name), _near(finding.path)
        )
        if chosen:
            self.relink_wanted.emit(finding, Path(chosen))

    def _want_to_forget(self) -> None:
        self.forget_wanted.emit(self._selected())

    def _button(self, name: str, text: str, on_click: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"dbar_findings_{name}")
        button.clicked.connect(lambda _checked=False: on_click())
        return button


def _fault_in_words(fault: Fault) -> str:
    translate = QCoreApplication.translate
    return {
        Fault.MISSING: translate("Dbar", "missing"),
        Fault.SIZE: translate("Dbar", "another size"),
        Fault.CHECKSUM: translate("Dbar", "changed"),
    }[fault]


def _near(path: Path) -> str:
    """Return the nearest folder that is still there."""
    return next((str(folder) for folder in path.parents if folder.is_dir()), "")
