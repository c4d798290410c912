"""When: from one day to another, and months of each year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, NamedTuple

from qgis.gui import QgsDateEdit
from qgis.PyQt.QtCore import QCoreApplication, QDate, QDateTime, QLocale, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dbar_qgis_plugin.gui.catalog.search.small_widgets import may_shrink

# Of SDG 15.3.1 (docs/indicators/sdg_15_3_1.md): the baseline, and the years whose productivity
# each reporting period looks at.
_BASELINE: Final = (2000, 2015)
_PERIOD_1: Final = (2004, 2019)
_PERIOD_2: Final = (2008, 2023)


class Pick(NamedTuple):
    """A period to be picked by its name."""

    id: str
    title: str
    begin: date | None
    end: date | None


class PeriodChooser(QWidget):
    """Chooses a period."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_period")
        self._build()
        self._dates_changed()

    @property
    def begin(self) -> date | None:
        """First day, None for any."""
        return _day(self.begin_edit)

    @property
    def end(self) -> date | None:
        """Last day, None for any."""
        return _day(self.end_edit)

    @property
    def months(self) -> tuple[int, ...]:
        """Months of each year, none for all."""
        if not self.months_box.isChecked():
            return ()
        first, last = self.first_box.currentIndex(), self.last_box.currentIndex()
        return tuple((first + n) % 12 + 1 for n in range((last - first) % 12 + 1))

    def set_period(
        self, begin: date | None, end: date | None, months: tuple[int, ...] = ()
    ) -> None:
        """Choose a period, and months that follow each other."""
        _set_day(self.begin_edit, begin)
        _set_day(self.end_edit, end)
        if months:
            self.first_box.setCurrentIndex(months[0] - 1)
            self.last_box.setCurrentIndex(months[-1] - 1)
        self.months_box.setChecked(bool(months))
        self._dates_changed()

    def _build(self) -> None:
        translate = QCoreApplication.translate
        self.pick_box = QComboBox()
        self.pick_box.setObjectName("dbar_catalog_period_pick")
        for pick in picks(date.today()):
            self.pick_box.addItem(pick.title, pick.id)
        self.pick_box.addItem(translate("Dbar", "Own period"), "own")
        may_shrink(self.pick_box)
        self.pick_box.activated.connect(self._picked)
        self.begin_edit, self.end_edit = QgsDateEdit(), QgsDateEdit()
        for name, edit, text in (
            ("begin", self.begin_edit, translate("Dbar", "any")),
            ("end", self.end_edit, translate("Dbar", "any")),
        ):
            edit.setObjectName(f"dbar_catalog_period_{name}")
            edit.setDisplayFormat("yyyy-MM-dd")
            edit.setMinimumWidth(edit.fontMetrics().averageCharWidth() * 6)
            edit.setCalendarPopup(True)
            edit.setNullRepresentation(text)
            edit.setAllowNull(True)
            edit.clear()
            edit.valueChanged.connect(self._dates_changed)
        self.months_box = QCheckBox(translate("Dbar", "Same months each year"))
        self.months_box.setObjectName("dbar_catalog_period_months")
        self.months_box.setToolTip(
            translate("Dbar", "No catalog can be asked for it: items of other months are left out.")
        )
        self.first_box, self.last_box = QComboBox(), QComboBox()
        for name, box, index in (("first", self.first_box, 5), ("last", self.last_box, 7)):
            box.setObjectName(f"dbar_catalog_period_{name}_month")
            box.addItems([_month(number) for number in range(1, 13)])
            box.setCurrentIndex(index)
            box.setEnabled(False)
            may_shrink(box)
            box.currentIndexChanged.connect(lambda _index: self.changed.emit())
            self.months_box.toggled.connect(box.setEnabled)
        self.months_box.toggled.connect(lambda _checked: self.changed.emit())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pick_box)
        layout.addLayout(_pair(self.begin_edit, self.end_edit))
        layout.addWidget(self.months_box)
        layout.addLayout(_pair(self.first_box, self.last_box))

    def _picked(self, _index: int) -> None:
        for pick in picks(date.today()):
            if pick.id == self.pick_box.currentData():
                _set_day(self.begin_edit, pick.begin)
                _set_day(self.end_edit, pick.end)

    def _dates_changed(self, *_: object) -> None:
        known = {(pick.begin, pick.end): pick.id for pick in picks(date.today())}
        found = known.get((self.begin, self.end), "own")
        self.pick_box.setCurrentIndex(self.pick_box.findData(found))
        self.changed.emit()


def picks(today: date) -> tuple[Pick, ...]:
    """Return the periods that can be picked."""
    translate = QCoreApplication.translate
    reporting = translate("Dbar", "Reporting period {number}, {first}–{last}")
    return (
        Pick("all", translate("Dbar", "Any time"), None, None),
        Pick(
            "baseline",
            translate("Dbar", "Baseline {first}–{last}").format(
                first=_BASELINE[0], last=_BASELINE[1]
            ),
            *_years(*_BASELINE),
        ),
        *(
            Pick(
                f"period_{number}",
                reporting.format(number=number, first=years[0], last=years[1]),
                *_years(*years),
            )
            for number, years in ((1, _PERIOD_1), (2, _PERIOD_2))
        ),
        Pick(
            "year",
            translate("Dbar", "Last 12 months"),
            today - timedelta(days=365),
            today,
        ),
    )


def _years(first: int, last: int) -> tuple[date, date]:
    return date(first, 1, 1), date(last, 12, 31)


def _day(edit: QgsDateEdit) -> date | None:
    return None if edit.isNull() else edit.date().toPyDate()


def _set_day(edit: QgsDateEdit, day: date | None) -> None:
    if day is None and not edit.isNull():
        edit.setDateTime(QDateTime())  # `clear` would show today
    elif day is not None:
        edit.setDate(QDate(day.year, day.month, day.day))


def _month(number: int) -> str:
    return QLocale().standaloneMonthName(number)


def _pair(first: QWidget, second: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(first, 1)
    row.addWidget(QLabel("–"))
    row.addWidget(second, 1)
    return row
