"""Credentials in QGIS's authentication database: how they work, and whose they are."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsAuthMethodConfig


def method_of(authcfg: str) -> str:
    """Return the method of credentials ("Basic", "APIHeader", "OAuth2"), "" for none."""
    if not authcfg:
        return ""
    return str(QgsApplication.authManager().configAuthMethodKey(authcfg))


def account_of(authcfg: str) -> str | None:
    """Return the name of the account of credentials, "" for none; None if they cannot be read."""
    known, config = QgsApplication.authManager().loadAuthenticationConfig(
        authcfg, QgsAuthMethodConfig(), True
    )
    return str(config.config("username")) if known else None
