"""The files that are fetched: how far they are, why one is not, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import (
    QCoreApplication,
    QItemSelectionModel,
    QLocale,
    QPoint,
    Qt,
    QTime,
    QTimer,
    QUrl,
)
from qgis.PyQt.QtGui import QAction, QDesktopServices, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dbar_qgis_plugin.catalog.local.store import DataStore
from dbar_qgis_plugin.catalog.transfers.download import Speed
from dbar_qgis_plugin.catalog.transfers.queue import ENDED, State, Transfer
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.actions.item_actions import ItemActions
from dbar_qgis_plugin.gui.catalog.actions.opening import Choice
from dbar_qgis_plugin.gui.catalog.desk import Desk, Page
from dbar_qgis_plugin.gui.catalog.jobs import in_words, size_in_words
from dbar_qgis_plugin.gui.catalog.session import CatalogSession
from dbar_qgis_plugin.gui.catalog.transfers.commands import Commands
from dbar_qgis_plugin.gui.catalog.transfers.mdl_transfers import (
    ACTIVE,
    Row,
    TransferDelegate,
    TransferModel,
    progress_in_words,
    row_of,
    total_of,
)

_LOOK_MS: Final = 3000  # between looks at what other programs have done to the list
_STOPPED: Final = (State.PAUSED, State.FAILED, State.CANCELLED)


class _Order(NamedTuple):
    """Something that can be done with transfers.

    of : states of the transfers that it can be done with
    is_change : whether it changes the list, which only one program does
    """

    name: str
    icon: str
    of: tuple[State, ...]
    run: Callable[[list[Row]], None]
    is_change: bool = True


class TransfersPage(QWidget):
    """The files that are fetched."""

    def __init__(self, session: CatalogSession, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_transfers")
        self.session, self.desk = session, desk
        self.model = TransferModel(self)
        self._batch: set[int] = set()  # what has changed since nothing ran
        self._is_reloading = self._is_stale = False
        self._item_actions = ItemActions(session, desk, self)
        self._orders = self._make_orders()
        self._actions: dict[str, QAction] = {}
        self._commands = Commands(self)
        self._commands.failed.connect(self._tell_failure)
        self._looking = QTimer(self)
        self._looking.timeout.connect(self._look)

    def build(self) -> Iterator[None]:
        """Make what is on it, in steps."""
        self._lay_out()
        yield
        self._looking.start(_LOOK_MS)
        self.session.transfers_changed.connect(self._show_news)
        self.reload()

    def close_page(self) -> None:
        """End what it does in the background."""
        self._looking.stop()
        self.session.transfers_changed.disconnect(self._show_news)
        self._commands.close()

    def reload(self) -> None:
        """Show what is in the list."""
        self._is_stale = self._is_reloading
        if self._is_reloading:
            return
        self._is_reloading = True
        queue = self.session.transfers.queue
        self._commands.do(lambda: [row_of(transfer) for transfer in queue.all()], self._show_rows)

    def selected(self) -> list[Row]:
        """Return the rows that are selected, in their order."""
        numbers = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        return [self.model.rows[number] for number in numbers]

    # -- how it looks

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._make_bar())
        layout.addWidget(self._make_notice())
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_view())
        self._stack.addWidget(self._make_empty())
        layout.addWidget(self._stack, 1)
        self._total_bar = QProgressBar()
        self._total_bar.setObjectName("dbar_transfers_total")
        self._total_bar.setRange(0, 1000)
        self._total_bar.setTextVisible(False)
        self._total_bar.setMaximumHeight(10)
        self._total_text = QLabel()
        self._total_text.setObjectName("dbar_transfers_total_text")
        self._total_text.setWordWrap(True)
        self._reason = QLabel()
        self._reason.setObjectName("dbar_transfers_reason")
        self._reason.setWordWrap(True)
        self._reason.setTextFormat(Qt.TextFormat.PlainText)
        self._reason.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(self._reason)
        layout.addWidget(self._total_bar)
        layout.addWidget(self._total_text)
        self._update()

    def _make_bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setSpacing(0)
        for order in self._orders:
            action = QAction(QgsApplication.getThemeIcon(order.icon), _text_of(order.name), self)
            action.setObjectName(f"dbar_transfers_{order.name}")
            action.triggered.connect(partial(self._run, order))
            self._actions[order.name] = action
            bar.addWidget(_button_of(action))
        self._actions["remove"].setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        self._actions["remove"].setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(self._actions["remove"])
        bar.addStretch(1)
        everything = QToolButton()
        everything.setObjectName("dbar_transfers_all")
        everything.setText(QCoreApplication.translate("Dbar", "All files"))
        everything.setToolTip(QCoreApplication.translate("Dbar", "What is done with all transfers"))
        everything.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        everything.setAutoRaise(True)
        everything.setMenu(self._make_menu_of_all())
        bar.addWidget(everything)
        return bar

    def _make_menu_of_all(self) -> QMenu:
        menu = QMenu(self)
        self._all_actions: dict[str, QAction] = {}
        for order in self._orders:
            if order.name in ("pause", "resume", "retry", "cancel", "remove"):
                icon = QgsApplication.getThemeIcon(order.icon)
                action = menu.addAction(icon, _text_of_all(order.name))
                action.setObjectName(f"dbar_transfers_{order.name}_all")
                action.triggered.connect(partial(self._run_for_all, order))
                self._all_actions[order.name] = action
        return menu

    def _make_notice(self) -> QWidget:
        self._notice = QWidget()
        self._notice.setObjectName("dbar_transfers_notice")
        row = QHBoxLayout(self._notice)
        row.setContentsMargins(4, 2, 4, 2)
        self._notice_text = QLabel()
        self._notice_text.setObjectName("dbar_transfers_notice_text")
        self._notice_text.setWordWrap(True)
        self._again = QPushButton(QCoreApplication.translate("Dbar", "Try now"))
        self._again.setObjectName("dbar_transfers_try_now")
        self._again.clicked.connect(self._try_now)
        row.addWidget(self._notice_text, 1)
        row.addWidget(self._again)
        return self._notice

    def _make_view(self) -> QListView:
        self.view = QListView()
        self.view.setObjectName("dbar_transfers_list")
        self.view.setModel(self.model)
        self.view.setItemDelegate(TransferDelegate(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._open_menu)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._update_actions())
        return self.view

    def _make_empty(self) -> QLabel:
        text = QCoreApplication.translate(
            "Dbar",
            "No files are being fetched. Search for data, select what you need in the results, and "
            "choose “Download”: the files come here, and go on where they stopped when QGIS is "
            "started again.",
        )
        label = QLabel(text)
        label.setObjectName("dbar_transfers_empty")
        label.setWordWrap(True)
        label.setMargin(12)
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        return label

    # -- what is shown

    def _show_rows(self, rows: Sequence[Row]) -> None:
        selected, bar = {row.number for row in self.selected()}, self.view.verticalScrollBar()
        place = bar.value()
        self.model.set_rows(rows)
        self._select(selected)
        bar.setValue(place)
        self._batch.intersection_update(row.number for row in self.model.rows)
        self._update()
        self._is_reloading = False
        if self._is_stale:
            self.reload()

    def _select(self, numbers: set[int]) -> None:
        selection = self.view.selectionModel()
        for place, row in enumerate(self.model.rows):
            if row.number in numbers:
                selection.select(self.model.index(place), QItemSelectionModel.SelectionFlag.Select)

    def _show_news(self, news: Mapping[int, tuple[Transfer, Speed | None]]) -> None:
        self._batch.update(news)
        if self.model.change(news):
            self.reload()
        else:
            self._update()

    def _update(self) -> None:
        outage = self.session.transfers.outage
        self.model.set_offline(outage is not None)
        self._stack.setCurrentIndex(0 if self.model.rows else 1)
        self._update_notice()
        self._update_total()
        self._update_actions()

    def _update_notice(self) -> None:
        translate = QCoreApplication.translate
        outage = self.session.transfers.outage
        text = ""
        if not self.session.runs_transfers:
            text = translate(
                "Dbar",
                "Another QGIS with this user profile fetches these files. They are shown as it "
                "goes on; this one takes over when the other is closed.",
            )
        elif outage is not None:
            moment = datetime.fromtimestamp(outage.until).time()
            time = QLocale().toString(QTime(moment), QLocale.FormatType.ShortFormat)
            text = translate(
                "Dbar", "There is no network, or no server answers. It is tried again at {time}."
            ).format(time=time)
            self._notice_text.setToolTip(in_words(outage.reason))
        self._notice_text.setText(text)
        self._notice.setVisible(bool(text))
        self._again.setVisible(outage is not None)

    def _update_total(self) -> None:
        states = [row.state for row in self.model.rows]
        active = sum(state in ACTIVE for state in states)
        self._batch.update(row.number for row in self.model.rows if row.state in ACTIVE)
        self.desk.count_changed.emit(Page.TRANSFERS, active)
        total = total_of(row for row in self.model.rows if row.number in self._batch)
        self._total_bar.setVisible(active > 0)
        self._total_bar.setValue(round(1000 * total.share))
        self._total_text.setVisible(bool(states))
        parts = _counts_in_words(states)
        if active:
            parts.append(
                progress_in_words(total.done, total.size, total.bytes_per_s, total.seconds_left)
            )
        self._total_text.setText(" · ".join(filter(None, parts)))
        if self._batch and not active and states:
            self._end_batch()

    def _end_batch(self) -> None:
        """Tell of a batch that has ended, once, and only if something came of it."""
        states = [row.state for row in self.model.rows if row.number in self._batch]
        done, failed = states.count(State.DONE), states.count(State.FAILED)
        if not done + failed or not self.session.runs_transfers:
            self._batch.clear()
            return
        self._batch.clear()
        translate = QCoreApplication.translate
        text = translate("Dbar", "Files that have been fetched, and are in My data: {count}.")
        parts = [text.format(count=done)] if done else []
        if failed:
            text = translate("Dbar", "Files that failed: {count}. Transfers says why.")
            parts.append(text.format(count=failed))
        level = Qgis.MessageLevel.Warning if failed else Qgis.MessageLevel.Success
        self.desk.tell(" ".join(parts), level)

    def _update_actions(self) -> None:
        selected = self.selected()
        reasons = [row.transfer.reason for row in selected if row.transfer.reason is not None]
        self._reason.setText(in_words(reasons[0]) if len(selected) == len(reasons) == 1 else "")
        self._reason.setVisible(bool(self._reason.text()))
        states = {row.state for row in selected}
        all_states = {row.state for row in self.model.rows}
        for order in self._orders:
            may = self.session.runs_transfers or not order.is_change
            self._actions[order.name].setEnabled(may and bool(states.intersection(order.of)))
            if order.name in self._all_actions:
                is_any = bool(all_states.intersection(order.of))
                self._all_actions[order.name].setEnabled(may and is_any)

    # -- what is done

    def _make_orders(self) -> tuple[_Order, ...]:
        moved = (State.WAITING, State.PAUSED)
        return (
            _Order("pause", "/temporal_navigation/pause.svg", ACTIVE, self._pause),
            _Order("resume", "/temporal_navigation/forward.svg", (State.PAUSED,), self._resume),
            _Order("retry", "/mActionRefresh.svg", (State.FAILED, State.CANCELLED), self._resume),
            _Order(
                "cancel",
                "/mActionStop.svg",
                (*ACTIVE, State.PAUSED, State.FAILED),
                self._cancel,
            ),
            _Order("remove", "/mActionRemove.svg", ENDED, self._remove),
            _Order("up", "/mActionArrowUp.svg", moved, self._move_up),
            _Order("down", "/mActionArrowDown.svg", moved, self._move_down),
            _Order("map", "/mActionAddRasterLayer.svg", (State.DONE,), self._add_to_map, False),
            _Order("folder", "/mIconFolderOpen.svg", tuple(State), self._open_folder, False),
        )

    def _run(self, order: _Order, _checked: bool = False) -> None:
        order.run([row for row in self.selected() if row.state in order.of])

    def _run_for_all(self, order: _Order, _checked: bool = False) -> None:
        order.run([row for row in self.model.rows if row.state in order.of])

    def _pause(self, rows: list[Row]) -> None:
        numbers = _numbers(rows)
        self._commands.do(lambda: self.session.transfers.pause(numbers))

    def _resume(self, rows: list[Row]) -> None:
        numbers = _numbers(rows)
        self._commands.do(lambda: self.session.transfers.resume(numbers))

    def _cancel(self, rows: list[Row]) -> None:
        numbers, size = _numbers(rows), sum(row.done for row in rows)
        if not size or self._is_sure(len(rows), size):
            self._commands.do(lambda: self.session.transfers.cancel(numbers))

    def _is_sure(self, count: int, size: int) -> bool:
        translate = QCoreApplication.translate
        text = translate(
            "Dbar",
            "Files to be cancelled: {count}. What has come of them, {size}, is deleted. "
            "“Pause” keeps it.",
        ).format(count=count, size=size_in_words(size))
        answer = QMessageBox.question(self, translate("Dbar", "Cancel transfers"), text)
        return answer == QMessageBox.StandardButton.Yes

    def _remove(self, rows: list[Row]) -> None:
        numbers = _numbers(rows)
        self._commands.do(lambda: self.session.transfers.queue.remove(numbers))
        self.reload()

    def _move_up(self, rows: list[Row]) -> None:
        self._move(rows, -1)

    def _move_down(self, rows: list[Row]) -> None:
        self._move(rows, 1)

    def _move(self, rows: list[Row], step: int) -> None:
        """Move rows past the next one that is not selected, among those that have not ended."""
        moved = _numbers(rows)
        order = [row.number for row in self.model.rows if row.state not in ENDED]
        places = [place for place, number in enumerate(order) if number in moved]
        rest = [number for number in order if number not in moved]
        first = sum(number not in moved for number in order[: places[0 if step < 0 else -1]])
        place = max(first + step, 0)
        before = rest[place] if place < len(rest) else None
        self._commands.do(lambda: self.session.transfers.queue.move(moved, before))
        self.reload()

    def _open_folder(self, rows: list[Row]) -> None:
        for folder in dict.fromkeys(row.path.parent for row in rows):
            place = folder if folder.is_dir() else self.session.library.data.folder
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(place)))

    def _add_to_map(self, rows: list[Row]) -> None:
        """Show files that are there as layers, named and styled as those of their items."""
        data, paths = self.session.library.data, [row.path for row in rows]
        self._commands.do(
            lambda: [choice for path in paths for choice in choices_of(data, path)],
            self._item_actions.add_to_map,
        )

    def _open_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.addActions([action for action in self._actions.values() if action.isEnabled()])
        if not menu.isEmpty():
            menu.exec(self.view.viewport().mapToGlobal(place))

    def _try_now(self) -> None:
        self._commands.do(self.session.transfers.try_again, lambda _: self._update())

    def _look(self) -> None:
        """See what other programs have done to the list, and whether this one may run it now."""
        runner = self.session.transfers
        if self.session.runs_transfers:
            self._commands.do(lambda: (runner.take_up(), True), self._take_up)
        else:
            self._commands.do(lambda: (runner.take_up(), runner.start()), self._take_up)

    def _take_up(self, found: tuple[bool, bool]) -> None:
        is_changed, runs = found
        is_taken_over = runs and not self.session.runs_transfers
        self.session.runs_transfers = runs
        if is_changed or is_taken_over:
            self.reload()
        else:
            self._update_notice()

    def _tell_failure(self, error: DbarError) -> None:
        self.desk.tell(in_words(error), Qgis.MessageLevel.Warning)


def choices_of(data: DataStore, path: Path) -> list[Choice]:
    """Return the asset of My data that a file is; none if it is not there any more."""
    return [
        Choice(item, asset)
        for item in data.items_of_file(path)[:1]
        for asset in item.assets
        if data.files(item).get(asset.key) == path
    ]


def _numbers(rows: Sequence[Row]) -> list[int]:
    return [row.number for row in rows]


def _button_of(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setObjectName(f"{action.objectName()}_button")
    button.setDefaultAction(action)
    button.setAutoRaise(True)
    return button


def _counts_in_words(states: Sequence[State]) -> list[str]:
    translate = QCoreApplication.translate
    texts = {
        State.RUNNING: translate("Dbar", "fetching {count}"),
        State.WAITING: translate("Dbar", "waiting {count}"),
        State.PAUSED: translate("Dbar", "paused {count}"),
        State.FAILED: translate("Dbar", "failed {count}"),
        State.DONE: translate("Dbar", "done {count}"),
    }
    return [
        text.format(count=states.count(state)) for state, text in texts.items() if state in states
    ]


def _text_of(order: str) -> str:
    translate = QCoreApplication.translate
    return {
        "pause": translate("Dbar", "Pause"),
        "resume": translate("Dbar", "Resume"),
        "retry": translate("Dbar", "Try again"),
        "cancel": translate("Dbar", "Cancel"),
        "remove": translate("Dbar", "Remove from the list; files stay"),
        "up": translate("Dbar", "Fetch earlier"),
        "down": translate("Dbar", "Fetch later"),
        "map": translate("Dbar", "Add to map"),
        "folder": translate("Dbar", "Open the folder"),
    }[order]


def _text_of_all(order: str) -> str:
    translate = QCoreApplication.translate
    return {
        "pause": translate("Dbar", "Pause all"),
        "resume": translate("Dbar", "Resume all"),
        "retry": translate("Dbar", "Try all again that failed"),
        "cancel": translate("Dbar", "Cancel all"),
        "remove": translate("Dbar", "Remove all that have ended"),
    }[order]
