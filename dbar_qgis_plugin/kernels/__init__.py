"""Arrays in, arrays out: numpy only, no input or output, no GDAL, no Qt."""
