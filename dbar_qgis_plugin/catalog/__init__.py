"""Data-sharing catalogs: protocols, items, transfers and the local index."""
