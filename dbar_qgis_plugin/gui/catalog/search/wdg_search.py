"""What is searched for, where and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from qgis.core import Qgis, QgsApplication, QgsSettings
from qgis.gui import QgsCheckableComboBox, QgsCollapsibleGroupBox, QgsFilterLineEdit, QgsSpinBox
from qgis.PyQt.QtCore import QCoreApplication, QSize, Qt, QTimer
from qgis.PyQt.QtGui import QResizeEvent, QShowEvent
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.filters import CLOUD, Field, together
from dbar_qgis_plugin.catalog.health import Health
from dbar_qgis_plugin.catalog.net.places import themes_file
from dbar_qgis_plugin.catalog.themes import Theme, read_themes
from dbar_qgis_plugin.catalog.wishes import Wish
from dbar_qgis_plugin.errors import DbarError, InputError, translate
from dbar_qgis_plugin.gui.catalog.connections.dlg_connections import ConnectionsDialog
from dbar_qgis_plugin.gui.catalog.connections.mdl_connections import state_icon
from dbar_qgis_plugin.gui.catalog.desk import Desk, Page, Pick
from dbar_qgis_plugin.gui.catalog.failures import FailureNote
from dbar_qgis_plugin.gui.catalog.jobs import in_words
from dbar_qgis_plugin.gui.catalog.search.kept import KeptMenu, KeptSearches, NameDialog
from dbar_qgis_plugin.gui.catalog.search.lookups import Lookups
from dbar_qgis_plugin.gui.catalog.search.small_widgets import may_shrink
from dbar_qgis_plugin.gui.catalog.search.wdg_area import AreaChooser
from dbar_qgis_plugin.gui.catalog.search.wdg_collections import CollectionsChooser
from dbar_qgis_plugin.gui.catalog.search.wdg_filters import FilterRows
from dbar_qgis_plugin.gui.catalog.search.wdg_period import PeriodChooser
from dbar_qgis_plugin.gui.catalog.session import CatalogSession
from dbar_qgis_plugin.gui.catalog.words import looked_up

_CHOSEN: Final = "dbar/catalog/chosen_connections"
_DATE: Final = "datetime"
_ALL_CLOUDS: Final = 100
_SETTLED_MS: Final = 300  # after the last tick of a collection
_CHIPS_IN_A_ROW: Final = 2


class SearchPage(QWidget):
    """What is searched for, where and when."""

    def __init__(self, session: CatalogSession, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_search")
        self.session, self.desk = session, desk
        self.lookups = Lookups(session, self)
        self.kept = KeptSearches()
        self._themes: dict[str, Theme] = {}
        self._connections: dict[str, Connection] = {}
        self._runs = False
        self._fields_wanted = QTimer(self)
        self._fields_wanted.setSingleShot(True)
        self._fields_wanted.setInterval(_SETTLED_MS)
        self._fields_wanted.timeout.connect(self._ask_fields)

    # What others ask of it

    def wish(self) -> Wish:
        """Return the search as the page has it.

        Raises
        ------
        InputError
            If no catalog is chosen, the period ends before it begins, or the area is not known.
        """
        connections = tuple(self.connections_box.checkedItemsData())
        if not connections:
            raise InputError(translate("Dbar", "Choose at least one catalog to search."))
        begin, end = self.period.begin, self.period.end
        if begin is not None and end is not None and begin > end:
            raise InputError(
                translate("Dbar", "The period ends on {end}, before it begins on {begin}."),
                begin=begin,
                end=end,
            )
        chosen = self.collections.chosen()
        sort = self.sort_box.currentData()
        return Wish(
            connections=connections,
            collections={key: ids for key, ids in chosen.items() if key in connections},
            theme=self.theme,
            text=self.text_edit.text().strip(),
            area=self.area.area(),
            follows_map=self.area.follows_map,
            begin=begin,
            end=end,
            months=self.period.months,
            cloud=self._cloud(),
            conditions=self.filters.conditions(),
            sort=((sort, self.falls_button.isChecked()),) if sort else (),
        )

    def show_wish(self, wish: Wish) -> None:
        """Show a search that was kept; catalogs that are gone are left out, and named."""
        gone = [identity for identity in wish.connections if identity not in self._connections]
        self._choose_theme(wish.theme)
        self.collections.choose(wish.collections)
        self._tick_connections(wish.connections)
        self.text_edit.setText(wish.text)
        self.area.set_area(wish.area, follows_map=wish.follows_map)
        self.period.set_period(wish.begin, wish.end, wish.months)
        self.cloud_box.setValue(_ALL_CLOUDS if wish.cloud is None else round(wish.cloud))
        self.filters.set_conditions(wish.conditions)
        self.filters_group.setCollapsed(not wish.conditions and wish.cloud is None)
        self._choose_sort(wish.sort[0] if wish.sort else ("", True))
        self._say("")
        if gone:
            text = QCoreApplication.translate(
                "Dbar", "{count} of the catalogs of this search are not in your list any more."
            )
            self._say(text.format(count=len(gone)))

    def search(self) -> None:
        """Begin the search, and turn to its results; or end the one that runs."""
        if self._runs:
            self.desk.search_cancelled.emit()
            self._state_changed(False, QCoreApplication.translate("Dbar", "Cancelled."))
            return
        try:
            wish = self.wish()
        except InputError as error:
            self._say(in_words(error))
            return
        theme = self._themes.get(wish.theme)
        search = wish.search(self._connections.values(), theme, self._knowing_cloud())
        self.kept.note(self._name_of(wish), wish)
        self._state_changed(True, QCoreApplication.translate("Dbar", "Searching…"))
        self.desk.search_wanted.emit(search)
        self.desk.show_page(Page.RESULTS)

    @property
    def theme(self) -> str:
        """Id of the theme, "" for all."""
        return str(self._chips.checkedButton().theme)

    def close_page(self) -> None:
        """Take away what it has put on the map."""
        self._fields_wanted.stop()
        self.lookups.close()
        self.area.close_area()

    def showEvent(self, event: QShowEvent) -> None:
        """Say whether the sample catalog is still being written."""
        super().showEvent(event)
        self._show_lookups()

    # The page

    def build(self) -> Iterator[None]:
        """Make what is on it, in steps."""
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.addLayout(self._theme_chips())
        layout.addLayout(self._connection_rows())
        self.collections = CollectionsChooser()
        layout.addWidget(self.collections)
        self.text_edit = QgsFilterLineEdit()
        self.text_edit.setObjectName("dbar_catalog_search_text")
        self.text_edit.setPlaceholderText(
            QCoreApplication.translate("Dbar", "Words, such as: annual night light")
        )
        self.text_edit.returnPressed.connect(self.search)
        layout.addWidget(self.text_edit)
        yield
        self.area = AreaChooser(self.desk.canvas)
        layout.addWidget(_label(QCoreApplication.translate("Dbar", "Area"), self.area.kind_box))
        layout.addWidget(self.area)
        self.period = PeriodChooser()
        layout.addWidget(_label(QCoreApplication.translate("Dbar", "Period"), self.period.pick_box))
        layout.addWidget(self.period)
        yield
        layout.addWidget(self._filters_group())
        layout.addLayout(self._sort_row())
        self.done_here = QLabel()
        self.done_here.setObjectName("dbar_catalog_search_done_here")
        self.done_here.setWordWrap(True)
        layout.addWidget(self.done_here)
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("dbar_catalog_search_scroll")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll, 1)
        whole.addLayout(self._bottom())
        yield
        self._listen()
        self._connections_changed()
        self._show_abilities()
        self._pick_changed(self.desk.pick)

    def _theme_chips(self) -> QGridLayout:
        translate = QCoreApplication.translate
        found = read_themes(themes_file())
        self._themes = {theme.id: theme for theme in found.themes}
        self._chips = QButtonGroup(self)
        grid = QGridLayout()
        grid.setSpacing(4)
        titles = [*((theme.id, looked_up(theme.title)) for theme in found.themes)]
        titles.append(("", translate("Dbar", "All data")))
        for number, (identity, title) in enumerate(titles):
            chip = _Chip(identity, title)
            chip.setChecked(not identity)
            self._chips.addButton(chip)
            grid.addWidget(chip, *divmod(number, _CHIPS_IN_A_ROW))
        for note in found.notes:
            self.desk.tell(in_words(note), Qgis.MessageLevel.Warning)
        return grid

    def _connection_rows(self) -> QVBoxLayout:
        translate = QCoreApplication.translate
        self.connections_box = QgsCheckableComboBox()
        self.connections_box.setObjectName("dbar_catalog_search_connections")
        self.connections_box.setDefaultText(translate("Dbar", "Choose catalogs"))
        self.connections_box.setToolTip(translate("Dbar", "Catalogs that are searched, together"))
        self.connections_box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        gear = QToolButton()
        gear.setObjectName("dbar_catalog_search_gear")
        gear.setIcon(QgsApplication.getThemeIcon("/mActionOptions.svg"))
        gear.setToolTip(translate("Dbar", "Catalog connections…"))
        gear.setAutoRaise(True)
        gear.clicked.connect(lambda _checked=False: self.open_connections())
        row = QHBoxLayout()
        row.addWidget(self.connections_box, 1)
        row.addWidget(gear)
        self.lookup_words = QLabel()
        self.lookup_words.setObjectName("dbar_catalog_search_lookups")
        self.lookup_words.setWordWrap(True)
        self.lookup_note = FailureNote("dbar_catalog_search_failure")
        rows = QVBoxLayout()
        rows.setSpacing(2)
        rows.addLayout(row)
        rows.addWidget(self.lookup_words)
        rows.addWidget(self.lookup_note)
        return rows

    def _filters_group(self) -> QgsCollapsibleGroupBox:
        translate = QCoreApplication.translate
        self.filters_group = QgsCollapsibleGroupBox(translate("Dbar", "Filters"))
        self.filters_group.setObjectName("dbar_catalog_search_filters")
        self.filters_group.setCollapsed(True)
        self.cloud_box = QgsSpinBox()
        self.cloud_box.setObjectName("dbar_catalog_search_cloud")
        self.cloud_box.setRange(0, _ALL_CLOUDS)
        self.cloud_box.setClearValue(_ALL_CLOUDS)
        self.cloud_box.setValue(_ALL_CLOUDS)
        self.cloud_box.setSuffix(" %")
        self.filters = FilterRows()
        row = QHBoxLayout()
        row.addWidget(_label(translate("Dbar", "Clouds at most"), self.cloud_box))
        row.addWidget(self.cloud_box, 1)
        layout = QVBoxLayout(self.filters_group)
        layout.addLayout(row)
        layout.addWidget(self.filters)
        return self.filters_group

    def _sort_row(self) -> QHBoxLayout:
        translate = QCoreApplication.translate
        self.sort_box = QComboBox()
        self.sort_box.setObjectName("dbar_catalog_search_sort")
        may_shrink(self.sort_box)
        self.falls_button = QToolButton()
        self.falls_button.setObjectName("dbar_catalog_search_falls")
        self.falls_button.setCheckable(True)
        self.falls_button.setChecked(True)
        self.falls_button.setAutoRaise(True)
        self.falls_button.toggled.connect(lambda _checked: self._show_order())
        self.sort_box.currentIndexChanged.connect(lambda _index: self._show_order())
        row = QHBoxLayout()
        row.addWidget(_label(translate("Dbar", "Sort by"), self.sort_box))
        row.addWidget(self.sort_box, 1)
        row.addWidget(self.falls_button)
        self._fill_sort(())
        return row

    def _bottom(self) -> QVBoxLayout:
        translate = QCoreApplication.translate
        self.words = QLabel()
        self.words.setObjectName("dbar_catalog_search_words")
        self.words.setWordWrap(True)
        self.search_button = QPushButton()
        self.search_button.setObjectName("dbar_catalog_search_button")
        self.search_button.clicked.connect(lambda _checked=False: self.search())
        kept = QToolButton()
        kept.setObjectName("dbar_catalog_search_kept")
        kept.setIcon(QgsApplication.getThemeIcon("/mActionShowBookmarks.svg"))
        kept.setToolTip(translate("Dbar", "Kept searches"))
        kept.setMenu(KeptMenu(self.kept, self._keep, self.show_wish, self))
        kept.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        kept.setIconSize(QSize(16, 16))
        row = QHBoxLayout()
        row.addWidget(self.search_button, 1)
        row.addWidget(kept)
        rows = QVBoxLayout()
        rows.addWidget(self.words)
        rows.addLayout(row)
        self._state_changed(False, "")
        return rows

    def _listen(self) -> None:
        self.session.connections_changed.connect(self._connections_changed)
        self.session.health_changed.connect(self._show_health)
        self.desk.search_state.connect(self._state_changed)
        self.desk.pick_changed.connect(self._pick_changed)
        self.connections_box.checkedItemsChanged.connect(lambda _texts: self._choice_changed())
        self.collections.changed.connect(self._fields_wanted.start)
        self.text_edit.textChanged.connect(lambda _text: self._show_done_here())
        self.filters.changed.connect(self._show_done_here)
        self.sort_box.currentIndexChanged.connect(lambda _index: self._show_done_here())
        self.lookups.begun.connect(self._lookup_begun)
        self.lookups.collections_came.connect(self._collections_came)
        self.lookups.fields_came.connect(lambda _id: self._show_abilities())
        self.lookups.ended.connect(lambda _id: self._lookup_ended())
        self.lookups.failed.connect(self._lookup_failed)

    # Connections

    def open_connections(self) -> None:
        """Show the list of connections."""
        dialog = ConnectionsDialog(self.session, self.desk.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _connections_changed(self) -> None:
        first = not self._connections
        chosen = set(self.connections_box.checkedItemsData())
        known = {one.id: one for one in self.session.connections.all()}
        new = [one.id for one in known.values() if one.id not in self._connections]
        self._connections = known
        if first:
            chosen |= set(QgsSettings().value(_CHOSEN, "", str).split())
        if not chosen & set(known):
            # To begin with, what needs no network.
            chosen = {identity for identity in new if _works_offline(known[identity])}
        self.connections_box.blockSignals(True)
        self.connections_box.clear()
        for one in known.values():
            state = Qt.CheckState.Checked if one.id in chosen else Qt.CheckState.Unchecked
            self.connections_box.addItemWithCheckState(one.name, state, one.id)
        self.connections_box.blockSignals(False)
        for identity in known:
            self._show_health(identity)
        self._choice_changed()

    def _show_health(self, connection_id: str) -> None:
        index = self.connections_box.findData(connection_id)
        if index >= 0:
            found = self.session.health.get(connection_id)
            health = Health() if found is None else found.health
            self.connections_box.setItemIcon(index, state_icon(health.state))
        self._show_lookups()

    def _tick_connections(self, ids: Iterable[str]) -> None:
        wanted = set(ids)
        self.connections_box.blockSignals(True)
        for index in range(self.connections_box.count()):
            ticked = self.connections_box.itemData(index) in wanted
            state = Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
            self.connections_box.setItemCheckState(index, state)
        self.connections_box.blockSignals(False)
        self._choice_changed()

    def _chosen(self) -> list[Connection]:
        ids = self.connections_box.checkedItemsData()
        return [self._connections[identity] for identity in ids if identity in self._connections]

    def _choice_changed(self) -> None:
        chosen = self._chosen()
        self.connections_box.setCurrentIndex(-1)  # else it shows the state of one of them
        QgsSettings().setValue(_CHOSEN, " ".join(one.id for one in chosen))
        for identity in self.collections.show_connections(chosen):
            self.collections.add(identity, self.lookups.collections.get(identity, ()))
        self.lookup_note.clear()
        for connection in chosen:
            self.lookups.open(connection)
        self._show_lookups()
        self._show_abilities()

    def _lookup_begun(self, connection_id: str) -> None:
        self.collections.forget(connection_id)
        self._show_lookups()

    def _collections_came(self, connection_id: str, collections: Any) -> None:
        self.collections.add(connection_id, collections)
        self._show_lookups()

    def _lookup_ended(self) -> None:
        self._show_lookups()
        self._show_abilities()
        if self.collections.chosen():
            self._fields_wanted.start()

    def _lookup_failed(self, connection_id: str, error: DbarError) -> None:
        self._show_lookups()
        connection = self._connections.get(connection_id)
        if connection is not None and connection in self._chosen():
            self.lookup_note.show_error(error, connection)

    def _show_lookups(self) -> None:
        """Say which catalogs are asked, and which do not answer."""
        translate = QCoreApplication.translate
        lines = []
        if self.session.jobs.is_running("sample"):
            lines.append(translate("Dbar", "Writing the sample catalog, to try this offline…"))
        for connection in self._chosen():
            found = self.session.health.get(connection.id)
            if self.lookups.is_asked(connection.id):
                text = translate("Dbar", "Asking {name}… {count} collections")
                count = len(self.lookups.collections.get(connection.id, ()))
                lines.append(text.format(name=connection.name, count=count))
            elif found is not None and found.capabilities is None:
                self.lookup_note.show_error(found.health.words, connection)
        self.lookup_words.setText("\n".join(lines))
        self.lookup_words.setVisible(bool(lines))

    # What the chosen catalogs can do

    def _ask_fields(self) -> None:
        """Ask what the ticked collections can be filtered by."""
        chosen = self.collections.chosen()
        for connection in self._chosen():
            self.lookups.ask_fields(connection, chosen.get(connection.id, ()))

    def _fields(self) -> tuple[Field, ...]:
        return together(self.lookups.fields.get(one.id, ()) for one in self._chosen())

    def _knowing_cloud(self) -> set[str]:
        return {
            one.id
            for one in self._chosen()
            if any(field.name == CLOUD for field in self.lookups.fields.get(one.id, ()))
        }

    def _cloud(self) -> float | None:
        value = self.cloud_box.value()
        return None if value == _ALL_CLOUDS or not self.cloud_box.isEnabled() else float(value)

    def _show_abilities(self) -> None:
        """Offer what the chosen catalogs can do, and say what is done on this side."""
        translate = QCoreApplication.translate
        fields = self._fields()
        self.filters.set_fields(tuple(field for field in fields if field.name != CLOUD))
        knowing = self._knowing_cloud()
        self.cloud_box.setEnabled(bool(knowing))
        if not knowing:
            said = translate("Dbar", "None of the chosen catalogs lists cover by clouds.")
        else:
            others = [one.name for one in self._chosen() if one.id not in knowing]
            said = translate("Dbar", "100 %: whatever it is.")
            if others:
                text = translate("Dbar", "{names}: not asked, since it does not list it.")
                said += "\n" + text.format(names=", ".join(others))
        self.cloud_box.setToolTip(said)
        self._fill_sort(fields)
        self._show_done_here()

    def _show_done_here(self) -> None:
        """Say which parts of the search the chosen catalogs leave to this side."""
        translate = QCoreApplication.translate
        lines = []
        for widget, is_used, ability, text in (
            (
                self.text_edit,
                bool(self.text_edit.text().strip()),
                "can_text",
                translate("Dbar", "{names}: words are looked for here."),
            ),
            (
                self.filters,
                bool(self.filters.rows),
                "can_filter",
                translate("Dbar", "{names}: properties are filtered here."),
            ),
            (
                self.sort_box,
                bool(self.sort_box.currentData()),
                "can_sort",
                translate("Dbar", "{names}: sorted here, after all items have come."),
            ),
        ):
            names = self._unable(ability)
            said = text.format(names=", ".join(names)) if names else ""
            widget.setToolTip(said)
            if said and is_used:
                lines.append(said)
        self.done_here.setText("\n".join(lines))
        self.done_here.setVisible(bool(lines))

    def _unable(self, ability: str) -> list[str]:
        """Return the names of the chosen catalogs that cannot do something themselves."""
        known = self.lookups.capabilities
        return [
            one.name
            for one in self._chosen()
            if one.id in known and not getattr(known[one.id], ability)
        ]

    def _fill_sort(self, fields: tuple[Field, ...]) -> None:
        translate = QCoreApplication.translate
        chosen = self.sort_box.currentData()
        entries = [
            ("", translate("Dbar", "Order of the catalog")),
            (_DATE, translate("Dbar", "Date")),
        ]
        entries += [(field.name, field.title) for field in fields]
        if chosen and chosen not in dict(entries):
            entries.append((chosen, chosen))
        self.sort_box.blockSignals(True)
        self.sort_box.clear()
        for name, title in entries:
            self.sort_box.addItem(title, name)
        self.sort_box.setCurrentIndex(max(0, self.sort_box.findData(chosen)))
        self.sort_box.blockSignals(False)
        self._show_order()

    def _show_order(self) -> None:
        translate = QCoreApplication.translate
        falls = self.falls_button.isChecked()
        icon = "/sort-reverse.svg" if falls else "/sort.svg"
        self.falls_button.setIcon(QgsApplication.getThemeIcon(icon))
        self.falls_button.setToolTip(
            translate("Dbar", "Highest, or newest, first")
            if falls
            else translate("Dbar", "Lowest, or oldest, first")
        )
        self.falls_button.setEnabled(bool(self.sort_box.currentData()))

    def _choose_sort(self, sort: tuple[str, bool]) -> None:
        name, falls = sort
        if self.sort_box.findData(name) < 0:
            self.sort_box.addItem(name, name)
        self.sort_box.setCurrentIndex(self.sort_box.findData(name))
        self.falls_button.setChecked(falls)

    # Themes, states, kept searches

    def _choose_theme(self, identity: str) -> None:
        for chip in self._chips.buttons():
            if chip.theme == (identity if identity in self._themes else ""):
                chip.setChecked(True)

    def _pick_changed(self, pick: Pick | None) -> None:
        """Choose what an algorithm's dialog waits for: theme, area and years, as far as known."""
        if pick is None:
            return
        roles = set(pick.role.split())
        fitting = (theme.id for theme in self._themes.values() if roles & {*theme.roles})
        self._choose_theme(next(fitting, ""))
        if pick.layer is not None:
            self.area.set_layer(pick.layer)
        if pick.years is not None:
            first, last = pick.years
            self.period.set_period(date(first, 1, 1), date(last, 12, 31))

    def _state_changed(self, runs: bool, text: str) -> None:
        self._runs = runs
        translate = QCoreApplication.translate
        if runs:
            self.search_button.setText(translate("Dbar", "Cancel"))
            icon = "/mActionCancelEdits.svg"
        else:
            self.search_button.setText(translate("Dbar", "Search"))
            icon = "/search.svg"
        self.search_button.setIcon(QgsApplication.getThemeIcon(icon))
        self._say(text)

    def _say(self, text: str) -> None:
        self.words.setText(text)
        self.words.setVisible(bool(text))

    def _keep(self) -> None:
        """Ask for a name, and keep the search."""
        try:
            wish = self.wish()
        except InputError as error:
            self._say(in_words(error))
            return
        dialog = NameDialog(self._name_of(wish), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(
            lambda: self.kept.keep(
                dialog.name_edit.text().strip(), wish, in_project=dialog.project_box.isChecked()
            )
        )
        dialog.open()

    def _name_of(self, wish: Wish) -> str:
        """Name a search by what is in it."""
        theme = self._themes.get(wish.theme)
        years = [str(day.year) for day in (wish.begin, wish.end) if day is not None]
        names = [one.name for one in self._connections.values() if one.id in wish.connections]
        parts = (
            looked_up(theme.title) if theme is not None else "",
            wish.text,
            "–".join(dict.fromkeys(years)),
            ", ".join(names[:2]) + ("…" if len(names) > 2 else ""),
        )
        return " · ".join(filter(None, parts))


class _Chip(QToolButton):
    """A theme; its title is cut short where there is no room for it."""

    def __init__(self, identity: str, title: str) -> None:
        super().__init__()
        self.setObjectName(f"dbar_catalog_theme_{identity or 'all'}")
        self.theme, self._title = identity, title
        self.setText(title)
        self.setToolTip(title)
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the title."""
        super().resizeEvent(event)
        room = self.width() - self.fontMetrics().averageCharWidth() * 2
        self.setText(self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, room))


def _works_offline(connection: Connection) -> bool:
    return connection.is_local and connection.verified


def _label(text: str, of: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(of)
    return label
