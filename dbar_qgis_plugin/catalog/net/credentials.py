"""Credentials in QGIS's authentication database: how they work, never what they are."""

from __future__ import annotations

from qgis.core import QgsApplication


def method_of(authcfg: str) -> str:
    """Return the method of credentials ("Basic", "APIHeader", "OAuth2"), "" for none."""
    if not authcfg:
        return ""
    return str(QgsApplication.authManager().configAuthMethodKey(authcfg))
