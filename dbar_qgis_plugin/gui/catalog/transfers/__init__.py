"""The files that are fetched."""
