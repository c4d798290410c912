"""Rasters and tables in, rasters and tables out; no QGIS."""
