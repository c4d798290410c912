"""Grids, cell areas, blocks, reading and writing: the only importer of GDAL and rasterio."""
