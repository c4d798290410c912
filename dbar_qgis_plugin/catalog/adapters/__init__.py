"""Catalogs by what they speak: one protocol (`base.Adapter`) for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbar_qgis_plugin.catalog.vendored import need_owslib, provide
from dbar_qgis_plugin.errors import InputError, translate

if TYPE_CHECKING:
    from dbar_qgis_plugin.catalog.adapters.base import Adapter
    from dbar_qgis_plugin.catalog.connections import Connection
    from dbar_qgis_plugin.catalog.http import Http


def open_adapter(connection: Connection, http: Http) -> Adapter:
    """Return what speaks a connection's protocol; it asks for nothing yet.

    Raises
    ------
    InputError
        If the protocol is not known.
    MissingDependencyError
        If it needs a library that is not there.
    """
    # Each protocol is imported when it is needed: QGIS starts without them.
    match connection.kind:
        case "stac_api":
            provide()
            from dbar_qgis_plugin.catalog.adapters.stac_api import StacApi

            return StacApi(connection.url, http, connection.id)
        case "stac_static":
            from dbar_qgis_plugin.catalog.adapters.stac_static import StacStatic

            return StacStatic(connection.url, http, connection.id)
        case "records":
            from dbar_qgis_plugin.catalog.adapters.records import Records

            return Records(connection.url, http, connection.id)
        case "csw":
            need_owslib()
            from dbar_qgis_plugin.catalog.adapters.csw import Csw

            return Csw(connection.url, http, connection.id)
        case "wms" | "wmts" | "xyz":
            need_owslib()
            from dbar_qgis_plugin.catalog.adapters.ows import Ows

            return Ows(connection.url, connection.kind, http, connection.id)
        case "casearth_json":
            from dbar_qgis_plugin.catalog.adapters.casearth_json import CasearthJson

            return CasearthJson(
                connection.url,
                http,
                connection.id,
                has_account=bool(connection.asset_authcfg or connection.authcfg),
            )
    raise InputError(
        translate("Dbar", "{name}: there is no catalog of the kind “{kind}”."),
        name=connection.name,
        kind=connection.kind,
    )
