"""The user's own data: what was fetched, imported and computed, and how it is kept in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from qgis.core import Qgis, QgsApplication
from qgis.gui import QgsFilterLineEdit
from qgis.PyQt.QtCore import QCoreApplication, Qt, QTimer, QUrl
from qgis.PyQt.QtGui import QAction, QDesktopServices, QShowEvent
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QMessageBox,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dbar_qgis_plugin.catalog.local.documents import ORIGIN
from dbar_qgis_plugin.catalog.local.store import (
    DataStore,
    Fault,
    Finding,
    Origin,
    Place,
)
from dbar_qgis_plugin.catalog.model import Collection, Item
from dbar_qgis_plugin.catalog.net.places import themes_file
from dbar_qgis_plugin.catalog.query import Condition, Query
from dbar_qgis_plugin.catalog.searching import PageStream
from dbar_qgis_plugin.catalog.themes import themes
from dbar_qgis_plugin.errors import DbarError, InputError
from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.items.view import ItemsView
from dbar_qgis_plugin.gui.catalog.jobs import Control, Jobs, in_words
from dbar_qgis_plugin.gui.catalog.my_data.dlg_free_space import FreeSpaceDialog
from dbar_qgis_plugin.gui.catalog.my_data.importing import Importing
from dbar_qgis_plugin.gui.catalog.my_data.result_watch import ResultWatch
from dbar_qgis_plugin.gui.catalog.my_data.wdg_findings import Findings
from dbar_qgis_plugin.gui.catalog.search.small_widgets import ElidedBox, may_shrink
from dbar_qgis_plugin.gui.catalog.session import CatalogSession
from dbar_qgis_plugin.gui.catalog.words import looked_up
from dbar_qgis_plugin.raster_io.progress import Message, Progress

_SHOWN_PROBLEMS: Final = 3
_ARCHIVES: Final = "*.tar.gz *.tgz *.tar *.zip"
_PAUSE_MS: Final = 300  # until what is typed is searched for, and until changes are shown


class _Shown(NamedTuple):
    """The beginning of what answers the filters.

    stream : gives the rest
    count : of all items, whatever the filters
    """

    collections: list[Collection]
    items: list[Item]
    stream: PageStream
    count: int


class MyDataPage(QWidget):
    """The user's own data."""

    def __init__(self, session: CatalogSession, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_my_data")
        self.session, self.desk = session, desk
        self._jobs = Jobs(self)
        self._stream: PageStream | None = None
        self._count = 0
        self._is_stale = True  # to be read when it is looked at
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.reload)

    def build(self) -> Iterator[None]:
        """Make what is on it, in steps."""
        self.view = ItemsView(self.session, self.desk)
        yield
        self.view.activated.connect(self.view.actions.run_default)
        self.view.more_wanted.connect(self._show_more)
        self.view.menu_made.connect(self._add_to_menu)
        self.view.selection_changed.connect(self._update)
        self.findings = Findings()
        self.findings.relink_wanted.connect(self._relink)
        self.findings.forget_wanted.connect(self._forget_files)
        self.findings.closed.connect(self._close_findings)
        yield
        self._lay_out()
        yield
        self._watch = ResultWatch(self.session, self)
        self._importing = Importing(self.session, self.desk, self)
        self.session.data_changed.connect(self._change)

    def close_page(self) -> None:
        """Take away what it has put on the map, and stop what runs."""
        self.session.data_changed.disconnect(self._change)
        self._watch.close()
        self._importing.close()
        self._pause.stop()
        self._jobs.close()
        self.view.close_page()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.reload()

    def reload(self) -> None:
        """Show what answers the filters; as many items as before, and a page at least."""
        query, data = self._query(), self.session.library.data
        wanted = max(len(self.view.items()), query.page_size)

        def work(control: Control) -> _Shown:
            collections = list(data.collections(control.is_cancelled))
            stream, items = PageStream(data, query), list[Item]()
            while len(items) < wanted and (page := stream.next(control.is_cancelled)) is not None:
                items += page.items
            return _Shown(collections, items, stream, data.count())

        self._is_stale = False
        title = QCoreApplication.translate("Dbar", "Reading My data")
        self._jobs.cancel("more")
        self._jobs.start("items", title, work, self._show, self._cannot_read)

    # -- how it looks

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._make_bar())
        layout.addLayout(self._make_filters())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._empty = QLabel()
        self._empty.setObjectName("dbar_my_data_empty")
        self._empty.setWordWrap(True)
        self._empty.setMargin(12)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._stack.addWidget(self._empty)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.findings)
        self.findings.hide()
        self._summary = QLabel()
        self._summary.setObjectName("dbar_my_data_summary")
        self._summary.setWordWrap(True)
        layout.addWidget(self._summary)
        self._update()

    def _make_bar(self) -> QHBoxLayout:
        translate = QCoreApplication.translate
        bar = QHBoxLayout()
        bar.setSpacing(0)
        add = self._menu_button("add", translate("Dbar", "Add files…"), "/mActionAdd.svg")
        self._action(add, "add_rasters", translate("Dbar", "Rasters…"), self._choose_rasters)
        self._action(
            add, "add_archive", translate("Dbar", "SDGSAT-1 archive…"), self._choose_archives
        )
        verify = self._menu_button("verify", translate("Dbar", "Verify files"), "/mIconSuccess.svg")
        self._action(verify, "verify_all", translate("Dbar", "All files"), self.verify)
        self._verify_selected = self._action(
            verify,
            "verify_selected",
            translate("Dbar", "Files of the selected items"),
            lambda: self.verify(self.view.selected_items()),
        )
        free = self._button(
            "free", translate("Dbar", "Free space…"), "/mActionDeleteSelected.svg", self.free_space
        )
        self._share = self._button(
            "share", _share_text(), "/mActionSharingExport.svg", self._publish
        )
        self._forget = self._button(
            "forget", _forget_text(), "/mActionRemove.svg", self._forget_items
        )
        more = self._menu_button(
            "more", translate("Dbar", "Folder and index"), "/mActionOptions.svg"
        )
        self._action(more, "open_folder", translate("Dbar", "Open the folder"), self._open_folder)
        self._action(
            more, "choose_folder", translate("Dbar", "Use another folder…"), self._choose_folder
        )
        self._action(more, "rebuild", translate("Dbar", "Rebuild the index"), self.rebuild)
        for button in (add, verify, free, self._share, self._forget):
            bar.addWidget(button)
        bar.addStretch(1)
        bar.addWidget(more)
        return bar

    def _make_filters(self) -> QVBoxLayout:
        translate = QCoreApplication.translate
        self._text = QgsFilterLineEdit()
        self._text.setObjectName("dbar_my_data_text")
        self._text.setShowSearchIcon(True)
        self._text.setPlaceholderText(translate("Dbar", "Words in title, id or collection"))
        self._text.textChanged.connect(lambda _text: self._pause.start())
        self._collection = self._box("collection", translate("Dbar", "All collections"))
        self._origin = self._box("origin", translate("Dbar", "From anywhere"))
        for origin, text in (
            (Origin.FETCHED, translate("Dbar", "Downloaded")),
            (Origin.IMPORTED, translate("Dbar", "Imported")),
            (Origin.COMPUTED, translate("Dbar", "Computed")),
        ):
            self._origin.addItem(text, str(origin))
        self._theme = self._box("theme", translate("Dbar", "All themes"))
        for theme in themes(themes_file()):
            self._theme.addItem(looked_up(theme.title), "|".join(theme.words))
        row = QHBoxLayout()
        for box in (self._collection, self._origin, self._theme):
            row.addWidget(box, 1)
        column = QVBoxLayout()
        column.addWidget(self._text)
        column.addLayout(row)
        return column

    def _box(self, name: str, everything: str) -> QComboBox:
        box = ElidedBox()
        box.setObjectName(f"dbar_my_data_{name}")
        box.setAccessibleName(everything)
        may_shrink(box)
        box.setMinimumContentsLength(3)
        box.addItem(everything, "")
        box.activated.connect(lambda _index: self.reload())
        return box

    def _button(
        self, name: str, text: str, icon: str, on_click: Callable[[], object] | None = None
    ) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"dbar_my_data_{name}")
        button.setIcon(QgsApplication.getThemeIcon(icon))
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setAutoRaise(True)
        if on_click is not None:
            button.clicked.connect(lambda _checked=False: on_click())
        return button

    def _menu_button(self, name: str, text: str, icon: str) -> QToolButton:
        button = self._button(name, text, icon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(QMenu(button))
        return button

    def _action(
        self, button: QToolButton, name: str, text: str, on_triggered: Callable[[], object]
    ) -> QAction:
        action = button.menu().addAction(text)
        action.setObjectName(f"dbar_my_data_{name}")
        action.triggered.connect(lambda _checked=False: on_triggered())
        return action

    # -- what is shown

    def _query(self) -> Query:
        origin, collection = self._origin.currentData(), self._collection.currentData()
        return Query(
            collections=(collection,) if collection else (),
            text=f"{self._text.text()} {self._theme.currentData()}".strip(),
            conditions=(Condition(ORIGIN, "=", origin),) if origin else (),
        )

    def _show(self, shown: _Shown) -> None:
        self._stream = shown.stream
        self._show_collections(shown.collections)
        self.view.set_items(shown.items)
        self._count = shown.count
        self._stack.setCurrentIndex(0 if shown.items else 1)
        self._empty.setText(_empty_text(is_filtered=shown.count > 0))
        self._update()

    def _show_collections(self, collections: Sequence[Collection]) -> None:
        chosen = self._collection.currentData()
        while self._collection.count() > 1:
            self._collection.removeItem(1)
        for collection in collections:
            self._collection.addItem(collection.title, collection.id)
        self._collection.setCurrentIndex(max(self._collection.findData(chosen), 0))

    def _show_more(self) -> None:
        stream = self._stream
        busy = self._jobs.is_running("items") or self._jobs.is_running("more")
        if stream is None or stream.is_done or busy:
            return
        self._jobs.start(
            "more",
            QCoreApplication.translate("Dbar", "Reading My data"),
            lambda control: stream.next(control.is_cancelled),
            lambda page: self.view.append(page.items) if page is not None else None,
            self._cannot_read,
        )

    def _cannot_read(self, error: DbarError) -> None:
        self._empty.setText(in_words(error))
        self._stack.setCurrentIndex(1)

    def _change(self) -> None:
        """Something came in, or left: it is read again, soon or when it is looked at."""
        self._is_stale = True
        if self.isVisible():
            self._pause.start()

    def _update(self) -> None:
        items = self.view.selected_items()
        self._verify_selected.setEnabled(bool(items))
        self._forget.setEnabled(bool(items))
        self._share.setEnabled(bool(items) and self.desk.publish is not None)
        text = QCoreApplication.translate("Dbar", "{count} items in {folder}")
        folder = str(self.session.library.data.folder)
        self._summary.setText(text.format(count=self._count, folder=folder))

    def _add_to_menu(self, menu: QMenu, items: Sequence[Item]) -> None:
        """Add what can be done with one's own data to the menu of all items."""
        menu.addSeparator()
        for button, text, icon, work in (
            (self._share, _share_text(), "/mActionSharingExport.svg", self._publish),
            (self._forget, _forget_text(), "/mActionRemove.svg", self._forget_items),
        ):
            action = menu.addAction(QgsApplication.getThemeIcon(icon), text)
            action.setObjectName(f"{button.objectName()}_action")
            action.setEnabled(button.isEnabled())
            action.triggered.connect(lambda _checked=False, work=work: work())
        check = QCoreApplication.translate("Dbar", "Verify files")
        action = menu.addAction(QgsApplication.getThemeIcon("/mIconSuccess.svg"), check)
        action.setObjectName("dbar_my_data_verify_action")
        action.triggered.connect(lambda _checked=False: self.verify(items))

    # -- what comes in

    def _choose_rasters(self) -> None:
        title = QCoreApplication.translate("Dbar", "Add rasters to My data")
        chosen, _ = QFileDialog.getOpenFileNames(self, title)
        if chosen:
            self.add_rasters([Path(path) for path in chosen])

    def _choose_archives(self) -> None:
        title = QCoreApplication.translate("Dbar", "Add SDGSAT-1 archives to My data")
        kinds = QCoreApplication.translate("Dbar", "Archives")
        chosen, _ = QFileDialog.getOpenFileNames(self, title, "", f"{kinds} ({_ARCHIVES})")
        if chosen:
            self._importing.add([Path(path) for path in chosen])

    def add_rasters(self, paths: Sequence[Path]) -> None:
        """Take rasters in where they lie."""
        data = self.session.library.data

        def work(control: Control) -> tuple[int, list[DbarError]]:
            added, problems = 0, list[DbarError]()
            for number, path in enumerate(paths):
                control.report(number / len(paths))
                try:
                    data.add_raster(path, Origin.IMPORTED, progress=_checking(control))
                    added += 1
                except InputError as error:
                    problems.append(error)
            return added, problems

        title = QCoreApplication.translate("Dbar", "Adding files to My data")
        self._start("add", title, work, self._added)

    def _added(self, outcome: tuple[int, list[DbarError]]) -> None:
        added, problems = outcome
        self.session.data_changed.emit()
        for problem in problems:
            self._tell(problem)
        if added:
            text = QCoreApplication.translate(
                "Dbar", "Files added to My data: {count}. They stay where they are."
            )
            self.desk.tell(text.format(count=added), Qgis.MessageLevel.Success)

    # -- what is kept in order

    def verify(self, items: Sequence[Item] | None = None) -> None:
        """Hold files against their sizes and checksums; all of them if no items are given."""
        data = self.session.library.data
        self.findings.begin()
        self.findings.show()

        def work(control: Control) -> None:
            for finding in data.verify(items, control.progress):
                control.give(finding)

        self._jobs.start(
            "verify",
            QCoreApplication.translate("Dbar", "Verifying the files of My data"),
            work,
            lambda _: self.findings.end(),
            self._not_verified,
            came=self.findings.add,
            progressed=self.findings.progress,
        )

    def _not_verified(self, error: DbarError) -> None:
        self._close_findings()
        self._tell(error)

    def _close_findings(self) -> None:
        self._jobs.cancel("verify")
        self.findings.hide()

    def _relink(self, finding: Finding, path: Path) -> None:
        data, others = self.session.library.data, self.findings.findings()
        title = QCoreApplication.translate("Dbar", "Checking a file")
        self._start(
            "relink",
            title,
            lambda _control: relinked(data, finding, path, others),
            self._settled,
        )

    def _forget_files(self, findings: Sequence[Finding]) -> None:
        data, places = self.session.library.data, [finding.place for finding in findings]

        def work(_control: Control) -> list[Place]:
            for place in places:
                data.forget_file(place)
            return places

        title = QCoreApplication.translate("Dbar", "Forgetting files")
        self._start("forget", title, work, self._settled)

    def _settled(self, places: Sequence[Place]) -> None:
        self.findings.remove(places)
        self.session.data_changed.emit()

    def _forget_items(self) -> None:
        items, data = self.view.selected_items(), self.session.library.data
        translate = QCoreApplication.translate
        text = translate(
            "Dbar", "Items to be taken out of My data: {count}. Their files stay where they are."
        )
        title = translate("Dbar", "Forget items")
        answer = QMessageBox.question(self, title, text.format(count=len(items)))
        if answer != QMessageBox.StandardButton.Yes:
            return

        def work(_control: Control) -> None:
            for item in items:
                data.forget(item)

        self._start("forget", title, work, lambda _: self.session.data_changed.emit())

    def free_space(self) -> FreeSpaceDialog:
        """Open the list of files that may be deleted."""
        dialog = FreeSpaceDialog(self.session, self.desk, self)
        dialog.open()
        return dialog

    def rebuild(self) -> None:
        """Make the index from the documents again."""
        data = self.session.library.data
        title = QCoreApplication.translate("Dbar", "Rebuilding the index of My data")
        self._start("rebuild", title, lambda _control: data.rebuild(), self._rebuilt)

    def _rebuilt(self, problems: Sequence[Message]) -> None:
        self.session.data_changed.emit()
        text = QCoreApplication.translate("Dbar", "The index of My data has been rebuilt.")
        parts = [text, *map(in_words, problems[:_SHOWN_PROBLEMS])]
        if len(problems) > _SHOWN_PROBLEMS:
            parts.append("…")
        level = Qgis.MessageLevel.Warning if problems else Qgis.MessageLevel.Success
        self.desk.tell(" ".join(parts), level)

    def _publish(self) -> None:
        items = self.view.selected_items()
        if self.desk.publish is not None and items:
            self.desk.publish(items)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.session.library.data.folder)))

    def _choose_folder(self) -> None:
        translate = QCoreApplication.translate
        before = self.session.library.data.folder
        title = translate("Dbar", "Folder of My data")
        chosen = QFileDialog.getExistingDirectory(self, title, str(before))
        if not chosen or Path(chosen) == before:
            return
        text = translate(
            "Dbar",
            "New data go to {folder}, which gets a catalog of its own. What is in {before} stays "
            "there as it is: choose that folder again to see it. Files that are being fetched now "
            "still go there.",
        ).format(folder=chosen, before=before)
        answer = QMessageBox.question(self, title, text)
        if answer == QMessageBox.StandardButton.Yes:
            self.use_folder(Path(chosen))

    def use_folder(self, folder: Path) -> None:
        """Keep My data in another folder from now on."""
        try:
            self.session.use_folder(folder)
        except DbarError as error:
            self._tell(error)
        else:
            self._close_findings()
            self.reload()

    def _start(
        self,
        purpose: str,
        title: str,
        work: Callable[[Control], Any],
        done: Callable[[Any], None],
    ) -> None:
        self._jobs.start(purpose, title, work, done, self._failed)

    def _failed(self, error: DbarError) -> None:
        self.session.data_changed.emit()  # some of it may have been done
        self._tell(error)

    def _tell(self, error: DbarError) -> None:
        self.desk.tell(in_words(error), Qgis.MessageLevel.Warning)


def relinked(
    data: DataStore, finding: Finding, path: Path, others: Sequence[Finding]
) -> list[Place]:
    """Note where a file has been moved, and others that have been moved there with it."""
    data.relink(finding.place, path)
    return [finding.place] + [
        other.place
        for other in others
        if other != finding
        and other.fault is Fault.MISSING
        and _is_relinked(data, other.place, path.parent / other.path.name)
    ]


def _is_relinked(data: DataStore, place: Place, path: Path) -> bool:
    """Note where a file has been moved, if it is that file; tell whether it is."""
    try:
        data.relink(place, path)
    except InputError:
        return False
    return True


def _checking(control: Control) -> Progress:
    """Let a file be given up, without a progress of its own."""
    return Progress(is_cancelled=control.is_cancelled)


def _share_text() -> str:
    return QCoreApplication.translate("Dbar", "Share…")


def _forget_text() -> str:
    return QCoreApplication.translate("Dbar", "Forget; files stay")


def _empty_text(*, is_filtered: bool) -> str:
    if is_filtered:
        return QCoreApplication.translate(
            "Dbar", "Nothing answers these filters. Clear the words, or choose all collections."
        )
    return QCoreApplication.translate(
        "Dbar",
        "There is nothing here yet. What you download, add with “+”, or compute with the "
        "algorithms of DBAR SDG Tools comes here, and is found again without a network.",
    )
