"""Algorithms of the data-sharing catalogs."""
