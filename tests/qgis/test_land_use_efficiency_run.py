"""dbar:landuseefficiency, from layers to layers, with figures that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

def test_try(run, write_raster, polygon_layer, feedback, tmp_path):
    b = [write_raster(f"built_{y}.tif", np.full((20, 20), v)) for y, v in ((1990, .2), (2000, .3), (2015, .36))]
    p = [write_raster(f"pop_{y}.tif", np.full((20, 20), v)) for y, v in ((1990, 10), (2000, 12), (2015, 15))]
    cities = polygon_layer(((0, 0, 10, 10), "A"), ((10, 10, 5, 5), "B"))
    r = run(CITIES=cities, BUILTUP=b, BUILTUP_KIND="fraction", POPULATION=p, OUTPUT="TEMPORARY_OUTPUT", OUTPUT_INTERVALS="TEMPORARY_OUTPUT", OUTPUT_GROUPS=str(tmp_path/"g.csv"), OUTPUT_REPORT=str(tmp_path/"r.html"))
    print(r, feedback.infos, feedback.warnings)
    for l in ("OUTPUT", "OUTPUT_INTERVALS"):
        for f in r[l].getFeatures(): print(f.attributeMap())
    print((tmp_path/"g.csv").read_text()); print(len((tmp_path/"r.html").read_text()), list(tmp_path.iterdir()))
