"""Items of catalogs, as cards and as a table."""
