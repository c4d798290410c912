"""Files fetched from catalogs: one at a time, and in a queue."""
