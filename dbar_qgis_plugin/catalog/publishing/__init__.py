"""Results shared back through catalogs."""
