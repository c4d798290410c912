"""Filters by property: rows of property, comparison and value, by what catalogs list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QDateTime, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QDoubleSpinBox,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dbar_qgis_plugin.catalog.filters import Field
from dbar_qgis_plugin.catalog.model import parse_moment
from dbar_qgis_plugin.catalog.query import Condition
from dbar_qgis_plugin.gui.catalog.search.small_widgets import may_shrink

_SIGNS: Final = {"=": "=", "<>": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_FAR: Final = 1e9  # bound of a number that has none
_MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"


class FilterRows(QWidget):
    """Rows of conditions, all of which must hold."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_filters")
        self._fields: tuple[Field, ...] = ()
        self.rows: list[FilterRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.add_button = QPushButton(
            QgsApplication.getThemeIcon("/symbologyAdd.svg"),
            QCoreApplication.translate("Dbar", "Add a property"),
        )
        self.add_button.setObjectName("dbar_catalog_filters_add")
        self.add_button.clicked.connect(lambda _checked=False: self.add())
        self._layout.addWidget(self.add_button)
        self.set_fields(())

    def conditions(self) -> tuple[Condition, ...]:
        """Return the conditions; a row without a value is none."""
        found = (row.condition() for row in self.rows)
        return tuple(condition for condition in found if condition is not None)

    def set_conditions(self, conditions: Iterable[Condition]) -> None:
        """Show these conditions, also on properties that no catalog lists."""
        for row in tuple(self.rows):
            self._remove(row)
        for condition in conditions:
            self.add(condition)

    def set_fields(self, fields: tuple[Field, ...]) -> None:
        """Offer these properties; rows keep theirs, whether it is listed or not."""
        self._fields = fields
        self.add_button.setEnabled(bool(fields))
        self.add_button.setToolTip(
            ""
            if fields
            else QCoreApplication.translate(
                "Dbar", "The chosen catalogs list no properties to filter by."
            )
        )
        for row in self.rows:
            row.set_fields(fields)

    def add(self, condition: Condition | None = None) -> None:
        """Add a row."""
        row = FilterRow(self._fields, condition, len(self.rows))
        row.changed.connect(self.changed)
        row.removed.connect(self._remove)
        self.rows.append(row)
        self._layout.insertWidget(self._layout.count() - 1, row)
        self.changed.emit()

    def _remove(self, row: FilterRow) -> None:
        self.rows.remove(row)
        self._layout.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.changed.emit()


class FilterRow(QWidget):
    """A property, a comparison, and a value of its kind."""

    changed = pyqtSignal()
    removed = pyqtSignal(object)  # itself

    def __init__(self, fields: tuple[Field, ...], condition: Condition | None, number: int) -> None:
        super().__init__()
        self._name = f"dbar_catalog_filter_{number}"
        self.setObjectName(self._name)
        self._fields: dict[str, Field] = {}
        self._own = None if condition is None else _field_of(condition)
        self._shown = ""  # the property that the editor is for
        self.editor: QWidget | None = None
        self._build()
        self.set_fields(fields)
        if condition is not None:
            self.property_box.setCurrentIndex(self.property_box.findData(condition.name))
            self.operator_box.setCurrentIndex(self.operator_box.findData(condition.operator))
            _set_value(self.editor, condition.value)

    def condition(self) -> Condition | None:
        """Return the condition, None as long as it has no value."""
        name, value = self.property_box.currentData(), _value(self.editor)
        if name is None or value in (None, ""):
            return None
        return Condition(name, self.operator_box.currentData(), value)

    def set_fields(self, fields: tuple[Field, ...]) -> None:
        """Offer these properties, and the one that is chosen."""
        chosen = self.property_box.currentData()
        if chosen is not None:
            self._own = self._fields[chosen]
        self._fields = {field.name: field for field in fields}
        if self._own is not None:
            self._fields.setdefault(self._own.name, self._own)
        before = self._own and self._fields[self._own.name]
        self.property_box.blockSignals(True)
        self.property_box.clear()
        for field in self._fields.values():
            text = field.title if field.title == field.name else f"{field.title} ({field.name})"
            self.property_box.addItem(text, field.name)
            self.property_box.setItemData(
                self.property_box.count() - 1, text, Qt.ItemDataRole.ToolTipRole
            )
        if before is not None:
            self.property_box.setCurrentIndex(self.property_box.findData(before.name))
        self.property_box.blockSignals(False)
        if before is None or before != self._own or self.editor is None:
            self._property_changed()

    def _build(self) -> None:
        translate = QCoreApplication.translate
        self.property_box = may_shrink(QComboBox())
        self.property_box.setObjectName(f"{self._name}_property")
        self.property_box.currentIndexChanged.connect(lambda _index: self._property_changed())
        self.operator_box = QComboBox()
        self.operator_box.setObjectName(f"{self._name}_operator")
        self.operator_box.currentIndexChanged.connect(lambda _index: self.changed.emit())
        remove = QToolButton()
        remove.setObjectName(f"{self._name}_remove")
        remove.setIcon(QgsApplication.getThemeIcon("/symbologyRemove.svg"))
        remove.setToolTip(translate("Dbar", "Remove this filter"))
        remove.setAutoRaise(True)
        remove.clicked.connect(lambda _checked=False: self.removed.emit(self))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 4)
        self._grid.addWidget(self.property_box, 0, 0, 1, 2)
        self._grid.addWidget(remove, 0, 2)
        self._grid.addWidget(self.operator_box, 1, 0)
        self._grid.setColumnStretch(1, 1)

    def _property_changed(self) -> None:
        """Offer the comparisons and the editor of the property, with the value if it fits."""
        name = self.property_box.currentData()
        if name is None:
            return
        field = self._fields[name]
        operator = self.operator_box.currentData()
        value = _value(self.editor) if name == self._shown else None
        self._shown = name
        self.operator_box.blockSignals(True)
        self.operator_box.clear()
        for sign in field.operators:
            self.operator_box.addItem(_SIGNS[sign], sign)
        self.operator_box.setCurrentIndex(max(0, self.operator_box.findData(operator)))
        self.operator_box.blockSignals(False)
        if self.editor is not None:
            self._grid.removeWidget(self.editor)
            self.editor.hide()
            self.editor.deleteLater()
        self.editor = _editor(field)
        self.editor.setObjectName(f"{self._name}_value")
        _set_value(self.editor, value)
        _signal(self.editor).connect(lambda *_: self.changed.emit())
        self._grid.addWidget(self.editor, 1, 1, 1, 2)
        self.changed.emit()


def _field_of(condition: Condition) -> Field:
    """Return what is known of a property by a condition on it."""
    if not isinstance(condition.value, str):
        kind = "number"
    else:
        kind = "moment" if parse_moment(condition.value) is not None else "text"
    return Field(condition.name, condition.name, kind)


def _editor(field: Field) -> QWidget:
    if field.kind == "choice":
        box = may_shrink(QComboBox())
        for choice in field.choices:
            box.addItem(str(choice), choice)
        return box
    if field.kind in ("number", "integer"):
        number = QDoubleSpinBox()
        number.setDecimals(0 if field.kind == "integer" else 4)
        number.setRange(
            -_FAR if field.low is None else field.low, _FAR if field.high is None else field.high
        )
        number.setGroupSeparatorShown(False)
        return number
    if field.kind == "moment":
        moment = QDateTimeEdit(QDateTime.currentDateTimeUtc())
        moment.setTimeSpec(Qt.TimeSpec.UTC)
        moment.setDisplayFormat("yyyy-MM-dd HH:mm")
        moment.setCalendarPopup(True)
        moment.setToolTip(QCoreApplication.translate("Dbar", "In UTC"))
        return moment
    return QLineEdit()


def _value(editor: QWidget | None) -> Any:
    match editor:
        case QComboBox():
            return editor.currentData()
        case QDoubleSpinBox():
            value = editor.value()
            return int(value) if editor.decimals() == 0 else value
        case QDateTimeEdit():
            seconds = editor.dateTime().toSecsSinceEpoch()
            return datetime.fromtimestamp(seconds // 60 * 60, UTC).strftime(_MOMENT)
        case QLineEdit():
            return editor.text().strip()
    return None


def _set_value(editor: QWidget | None, value: Any) -> None:
    """Show a value, if it is one of the editor's kind."""
    moment = parse_moment(value) if isinstance(value, str) else None
    match editor:
        case QComboBox():
            if value is not None and editor.findData(value) < 0:
                editor.addItem(str(value), value)
            editor.setCurrentIndex(max(0, editor.findData(value)))
        case QDoubleSpinBox() if isinstance(value, int | float):
            editor.setValue(float(value))
        case QDateTimeEdit() if moment is not None:
            editor.setDateTime(
                QDateTime.fromSecsSinceEpoch(int(moment.timestamp()), Qt.TimeSpec.UTC)
            )
        case QLineEdit() if value is not None:
            editor.setText(str(value))


def _signal(editor: QWidget) -> Any:
    match editor:
        case QComboBox():
            return editor.currentIndexChanged
        case QDoubleSpinBox():
            return editor.valueChanged
        case QDateTimeEdit():
            return editor.dateTimeChanged
    return editor.textChanged
