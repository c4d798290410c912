"""Take the pictures of docs/user/images in a real QGIS window, on a display of its own.

    screenshots.py

The packaged plugin is installed into a scratch profile under build/, and `screenshots_session.py`
runs inside QGIS. The report is pictured by a headless browser, at desktop and phone width.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import package

SCRATCH = package.ROOT / "build" / "screenshots"
IMAGES = package.ROOT / "docs" / "user" / "images"
SESSION = package.ROOT / "tools" / "screenshots_session.py"
# The screen is larger than the window of 1400 x 900 pixels, which no menu or border may push about.
SCREEN = (1600, 1000)
# As QGIS names them, and what is added to the pictures' names.
LANGUAGES = (("en_US", ""), ("zh-Hans", "_zh_CN"))
# What a QGIS that is opened for the first time shows and a picture must not.
SETTINGS = """\
[PythonPlugins]
{plugin}=true

[locale]
overrideFlag=true
userLocale={locale}

[migration]
firstRunVersionFlag=999999
fileVersion=2

[qgis]
checkVersion=false
showTips=false

[core]
NewsFeed\\httpsfeedqgisorg\\disabled=true

[app]
news-feed\\items\\httpsfeedqgisorg\\disabled=true
"""
# The pictures of the report: name, width and height in pixels.
REPORT_PICTURES = (("report", 1280, 1500), ("report_phone", 390, 1500))


def install_plugin(profiles: Path, locale: str) -> None:
    """Make a profile with the packaged plugin, a language, and no greetings."""
    profile = profiles / "profiles" / "default"
    with zipfile.ZipFile(package.build(SCRATCH / "dist")) as zipped:
        zipped.extractall(profile / "python" / "plugins")
    (profile / "QGIS").mkdir(parents=True)
    (profile / "QGIS" / "QGIS3.ini").write_text(
        SETTINGS.format(plugin=package.PACKAGE.name, locale=locale), encoding="utf-8"
    )


def picture_qgis(locale: str, suffix: str) -> None:
    """Run the session in QGIS, with its window on a virtual display."""
    profiles = SCRATCH / locale
    install_plugin(profiles, locale)
    environment = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
    environment |= {
        "QT_QPA_PLATFORM": "xcb",
        "XDG_RUNTIME_DIR": str(SCRATCH),
        "DBAR_PICTURES": str(IMAGES),
        "DBAR_PICTURES_SCRATCH": str(profiles),
        "DBAR_PICTURES_SUFFIX": suffix,
        "LC_ALL": "C.UTF-8",
    }
    screen = "x".join(map(str, (*SCREEN, 24)))
    with (profiles / "qgis.log").open("w") as log:
        session = subprocess.Popen(
            [
                *("xvfb-run", "-a", "-s", f"-screen 0 {screen} -dpi 96"),
                *("qgis", "--nologo", "--noversioncheck"),
                *("--profiles-path", profiles, "--code", SESSION),
            ],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
        try:
            status = session.wait(timeout=180)
        except subprocess.TimeoutExpired:
            # QGIS waits for an answer that nobody gives; the display goes with it.
            os.killpg(session.pid, signal.SIGKILL)
            status = "no answer"
    problem = profiles / "problem.txt"
    if problem.exists():
        sys.exit(f"screenshots: {problem.read_text(encoding='utf-8')}")
    if status != 0:
        sys.exit(f"screenshots: QGIS ended with {status}, see {log.name}")


def picture_report(report: Path) -> None:
    """Picture the report in a headless browser."""
    for name, width, height in REPORT_PICTURES:
        subprocess.run(
            [
                *("chromium", "--headless=new", "--no-sandbox", "--disable-gpu"),
                *("--hide-scrollbars", "--virtual-time-budget=10000"),
                f"--user-data-dir={SCRATCH / 'browser'}",
                f"--window-size={width},{height}",
                f"--screenshot={IMAGES / name}.png",
                report.as_uri(),
            ],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
        )


def main() -> int:
    """Take all pictures and return the exit code."""
    shutil.rmtree(SCRATCH, ignore_errors=True)
    SCRATCH.mkdir(parents=True, mode=0o700)
    IMAGES.mkdir(parents=True, exist_ok=True)
    for locale, suffix in LANGUAGES:
        picture_qgis(locale, suffix)
    picture_report(SCRATCH / LANGUAGES[0][0] / "report.html")
    for path in sorted(IMAGES.glob("*.png")):
        print(f"screenshots: {path.relative_to(package.ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
