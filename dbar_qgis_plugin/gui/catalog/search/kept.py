"""Searches that are kept: under a name, in the profile or in the project, and the last ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from qgis.core import QgsProject, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from dbar_qgis_plugin.catalog.wishes import Wish, as_json, from_json

_KEPT: Final = "dbar/catalog/searches"
_LAST: Final = "dbar/catalog/last_searches"
_MOST_LAST: Final = 15
_SCOPE: Final = "dbar"  # of the project's entries
_ENTRY: Final = "catalog/searches"


class KeptSearches:
    """Where searches are kept; no secret is in one."""

    def in_profile(self) -> dict[str, Wish]:
        """Return those that were given a name."""
        return from_json(QgsSettings().value(_KEPT, "", str))

    def in_project(self) -> dict[str, Wish]:
        """Return those that the project holds."""
        text, _ = QgsProject.instance().readEntry(_SCOPE, _ENTRY, "")
        return from_json(text)

    def last(self) -> dict[str, Wish]:
        """Return those that ran, the newest first."""
        return from_json(QgsSettings().value(_LAST, "", str))

    def keep(self, name: str, wish: Wish, *, in_project: bool) -> None:
        """Keep a search under a name, in place of the one that has it."""
        if in_project:
            self._write_project({**self.in_project(), name: wish})
        else:
            QgsSettings().setValue(_KEPT, as_json({**self.in_profile(), name: wish}))

    def remove(self, name: str, *, in_project: bool) -> None:
        """Keep a search no more."""
        if in_project:
            self._write_project(_without(self.in_project(), name))
        else:
            QgsSettings().setValue(_KEPT, as_json(_without(self.in_profile(), name)))

    def note(self, name: str, wish: Wish) -> None:
        """Put a search that runs before the others."""
        others = [(n, w) for n, w in self.last().items() if n != name and w != wish]
        QgsSettings().setValue(_LAST, as_json(dict([(name, wish), *others][:_MOST_LAST])))

    def _write_project(self, wishes: Mapping[str, Wish]) -> None:
        project = QgsProject.instance()
        if wishes:
            project.writeEntry(_SCOPE, _ENTRY, as_json(wishes))
        else:
            project.removeEntry(_SCOPE, _ENTRY)


class KeptMenu(QMenu):
    """Lists the kept searches each time it opens, to be chosen or removed."""

    def __init__(
        self,
        kept: KeptSearches,
        keep: Callable[[], None],
        choose: Callable[[Wish], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_kept")
        self._kept, self._keep, self._choose = kept, keep, choose
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """List what is kept now."""
        translate = QCoreApplication.translate
        self.clear()
        keep = self.addAction(translate("Dbar", "Keep this search…"))
        keep.setObjectName("dbar_catalog_kept_keep")
        keep.triggered.connect(lambda _checked=False: self._keep())
        own, of_project = self._kept.in_profile(), self._kept.in_project()
        self._add_section(translate("Dbar", "My searches"), own, self)
        self._add_section(translate("Dbar", "In the project"), of_project, self)
        last = self._kept.last()
        if last:
            self.addSeparator()
            self._add_all(last, self.addMenu(translate("Dbar", "Last searches")))
        if own or of_project:
            menu = self.addMenu(translate("Dbar", "Remove"))
            for names, in_project in ((own, False), (of_project, True)):
                for name in names:
                    self._add_removal(menu, name, in_project)

    def _add_section(self, title: str, wishes: Mapping[str, Wish], menu: QMenu) -> None:
        if wishes:
            menu.addSection(title)
            self._add_all(wishes, menu)

    def _add_all(self, wishes: Mapping[str, Wish], menu: QMenu) -> None:
        for name, wish in wishes.items():
            action = menu.addAction(_plain(name))
            action.triggered.connect(lambda _checked=False, chosen=wish: self._choose(chosen))

    def _add_removal(self, menu: QMenu, name: str, in_project: bool) -> None:
        text = QCoreApplication.translate("Dbar", "{name} (project)") if in_project else "{name}"
        action = menu.addAction(_plain(text.format(name=name)))
        action.triggered.connect(
            lambda _checked=False: self._kept.remove(name, in_project=in_project)
        )


class NameDialog(QDialog):
    """Asks for the name of a search, and where it is kept."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        translate = QCoreApplication.translate
        self.setObjectName("dbar_catalog_kept_name")
        self.setWindowTitle(translate("Dbar", "Keep this search"))
        self.name_edit = QLineEdit(name)
        self.name_edit.setObjectName("dbar_catalog_kept_name_text")
        self.name_edit.selectAll()
        self.project_box = QCheckBox(translate("Dbar", "Keep it in the project"))
        self.project_box.setObjectName("dbar_catalog_kept_name_project")
        self.project_box.setToolTip(
            translate("Dbar", "Who gets the project gets the search; no credentials are in it.")
        )
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.setObjectName("dbar_catalog_kept_name_buttons")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.name_edit.textChanged.connect(lambda text: ok.setEnabled(bool(text.strip())))
        ok.setEnabled(bool(name.strip()))
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(translate("Dbar", "Name")))
        layout.addWidget(self.name_edit)
        layout.addWidget(self.project_box)
        layout.addWidget(buttons)


def _without(wishes: Mapping[str, Wish], name: str) -> dict[str, Wish]:
    return {key: wish for key, wish in wishes.items() if key != name}


def _plain(text: str) -> str:
    """Return a text that stands in a menu as it is."""
    return text.replace("&", "&&")
