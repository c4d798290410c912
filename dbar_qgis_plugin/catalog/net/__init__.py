"""QGIS's network stack, settings and credentials, for the catalog."""
