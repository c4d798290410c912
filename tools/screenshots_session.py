"""Runs inside QGIS (`qgis --code`): opens what the plugin shows and saves pictures of it.

Started by screenshots.py, which says by the environment which subjects are wanted, and where
pictures and scratch files go. The pictures of each subject are in a module of its own.
"""

import os
import traceback
from importlib import import_module

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis.utils import iface

from screenshots_common import SCRATCH, arrange_window

SUBJECTS = os.environ["DBAR_PICTURES_SUBJECTS"].split()


def run() -> None:
    """Take all pictures, then close QGIS; on a failure leave a note for the caller."""
    try:
        arrange_window()
        for subject in SUBJECTS:
            import_module(f"screenshots_{subject}").take()
            QgsProject.instance().clear()
    except Exception:
        (SCRATCH / "problem.txt").write_text(traceback.format_exc(), encoding="utf-8")
    # Nothing is left that QGIS would ask about before it closes.
    QgsProject.instance().clear()
    iface.actionExit().trigger()


# Once the window is up.
QTimer.singleShot(2000, run)
