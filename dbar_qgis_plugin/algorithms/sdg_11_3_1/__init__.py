"""SDG 11.3.1: urban land use efficiency."""
