"""Self-contained HTML reports from result tables; no Qt, no QGIS."""
