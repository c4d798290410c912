"""What the pages of the wizard fill in."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dbar_qgis_plugin.catalog.library import Library
from dbar_qgis_plugin.catalog.publishing.checks import Check, check_form, licence_gate
from dbar_qgis_plugin.catalog.publishing.drafts import Draft, Secrets, open_target, where_of
from dbar_qgis_plugin.catalog.publishing.files import ReadyFile
from dbar_qgis_plugin.catalog.publishing.metadata import prefilled
from dbar_qgis_plugin.catalog.publishing.pieces import Piece, Restriction
from dbar_qgis_plugin.catalog.publishing.sharing import Plan, Where, identity_of
from dbar_qgis_plugin.catalog.publishing.targets import Target


class Publication:
    """A publication under way: the draft, and what is known beside it.

    pieces, files, file_checks : of the draft's sources, once they were looked at and made ready
    secrets, may_share_derivatives : are kept in no draft
    """

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.secrets = Secrets()
        self.may_share_derivatives = False
        self.pieces: tuple[Piece, ...] = ()
        self.files: tuple[ReadyFile, ...] = ()
        self.file_checks: tuple[Check, ...] = ()
        # What still runs in a thread when the wizard goes may write there once more.
        self._scratch = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)

    @property
    def scratch(self) -> Path:
        """Folder for files that are made ready; it goes with the wizard."""
        return Path(self._scratch.name)

    @property
    def is_restricted(self) -> bool:
        """Whether a file was computed from data that must not be passed on."""
        return any(piece.restriction is Restriction.DERIVED for piece in self.pieces)

    def change(self, **values: Any) -> None:
        """Change values of the draft."""
        self.draft = replace(self.draft, **values)

    def take_pieces(self, pieces: tuple[Piece, ...]) -> None:
        """Take what was found out of the sources; the form is filled in from it, once."""
        self.pieces, self.files = pieces, ()
        if not self.draft.metadata.title:
            metadata = prefilled(pieces)
            self.change(metadata=metadata, identity=identity_of(metadata.title))

    def checks(self) -> list[Check]:
        """Return what is found before a catalog is chosen."""
        return [
            *licence_gate(self.pieces, may_share_derivatives=self.may_share_derivatives),
            *check_form(self.draft.metadata),
            *self.file_checks,
        ]

    def plan(self) -> Plan:
        """Return what is to be shared."""
        draft = self.draft
        return Plan(
            draft.identity,
            draft.collection,
            draft.metadata,
            self.pieces,
            draft.on_conflict,
            self.may_share_derivatives,
        )

    def open(self, library: Library) -> tuple[Target, Where]:
        """Return the catalog, and the place of the files; asks for nothing yet.

        Raises
        ------
        InputError
            If one is not told, or they do not fit together.
        """
        target = open_target(self.draft, library)
        return target, where_of(self.draft, target, library, self.secrets)

    def keep_secrets(self, authcfg: str, signed: Mapping[str, str]) -> None:
        """Keep what gives access, as long as the wizard is open."""
        self.secrets = Secrets(authcfg, dict(signed))

    def close(self) -> None:
        """Remove the files that were made."""
        self._scratch.cleanup()
