"""Take the pictures of docs/user/images in a real QGIS window, on a display of its own.

    screenshots.py [subject...]

Subjects are land_use_efficiency, land_degradation, night_light and catalog; all if none is named.
The packaged plugin is installed into a scratch profile under build/, and `screenshots_session.py`
runs inside QGIS. The reports are pictured by a headless browser, at desktop and phone width, light
and dark; the catalog in the light and the dark theme of QGIS. All pictures are left in
build/screenshots/pictures; those that a page shows go there.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import package
from night_light_scene import write_town

SCRATCH = package.ROOT / "build" / "screenshots"
PICTURES = SCRATCH / "pictures"
TOWN = SCRATCH / "town"
GUIDES = package.ROOT / "docs" / "user"
SESSION = package.ROOT / "tools" / "screenshots_session.py"
# What the session imports: the modules beside it, and a server of the tests that needs no library.
MODULES = (SESSION.parent, package.ROOT / "tests")
# The screen is larger than the window of 1400 x 900 pixels, which no menu or border may push about.
SCREEN = (1600, 1000)


class Look(NamedTuple):
    """How QGIS looks: what is added to pictures' names, language and theme as QGIS names them."""

    suffix: str
    locale: str
    theme: str = "default"


LOOKS = (Look("", "en_US"), Look("_zh_CN", "zh-Hans"))
DARK_LOOKS = (
    Look("_dark", "en_US", "Night Mapping"),
    Look("_zh_CN_dark", "zh-Hans", "Night Mapping"),
)
# What draws and has windows of its own, and not only what QGIS makes of it.
DARK_SUBJECTS = {"catalog"}
# What a QGIS that is opened for the first time shows and a picture must not.
SETTINGS = """\
[PythonPlugins]
{plugin}=true

[locale]
overrideFlag=true
userLocale={locale}
globalLocale={locale}

[UI]
UITheme={theme}

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
# The reports of each subject. Of each picture of one: what is added to its name, width and height
# in pixels, dark or not.
REPORTS = {
    "land_use_efficiency": ("report",),
    "land_degradation": ("degradation_report",),
    "night_light": ("light_report", "electrification_report"),
    "catalog": (),
}
REPORT_PICTURES = (
    ("", 1280, 1500, False),
    ("_dark", 1280, 1500, True),
    ("_phone", 390, 1500, False),
    ("_phone_dark", 390, 1500, True),
)


def scratch_of(look: Look) -> Path:
    """Return the folder of a look's profile and files."""
    return SCRATCH / f"qgis{look.suffix}"


def install_plugin(profiles: Path, look: Look) -> None:
    """Make a profile with the packaged plugin, a language and a theme, and no greetings."""
    profile = profiles / "profiles" / "default"
    with zipfile.ZipFile(package.build(SCRATCH / "dist")) as zipped:
        zipped.extractall(profile / "python" / "plugins")
    (profile / "QGIS").mkdir(parents=True)
    (profile / "QGIS" / "QGIS3.ini").write_text(
        SETTINGS.format(plugin=package.PACKAGE.name, locale=look.locale, theme=look.theme),
        encoding="utf-8",
    )


def picture_qgis(look: Look, subjects: list[str]) -> None:
    """Run the session in QGIS, with its window on a virtual display."""
    profiles = scratch_of(look)
    install_plugin(profiles, look)
    environment = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
    environment |= {
        "QT_QPA_PLATFORM": "xcb",
        "XDG_RUNTIME_DIR": str(SCRATCH),
        "DBAR_PICTURES": str(PICTURES),
        "DBAR_PICTURES_SCRATCH": str(profiles),
        "DBAR_PICTURES_SUFFIX": look.suffix,
        "DBAR_PICTURES_SUBJECTS": " ".join(subjects),
        "DBAR_PICTURES_TOWN": str(TOWN),
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(map(str, MODULES)),
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
            status = session.wait(timeout=600)
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
    """Picture a report in a headless browser."""
    for ending, width, height, is_dark in REPORT_PICTURES:
        # The browser lays a page out for a window no narrower than 500 pixels, but not a frame.
        frame = SCRATCH / "frame.html"
        frame.write_text(
            f'<body style="margin: 0"><iframe src="{report.as_uri()}" '
            f'style="border: 0; width: {width}px; height: {height}px"></iframe></body>',
            encoding="utf-8",
        )
        subprocess.run(
            [
                *("chromium", "--headless=new", "--no-sandbox", "--disable-gpu"),
                *("--hide-scrollbars", "--virtual-time-budget=10000"),
                f"--blink-settings=preferredColorScheme={0 if is_dark else 1}",
                f"--user-data-dir={SCRATCH / 'browser'}",
                f"--window-size={width},{height}",
                f"--screenshot={PICTURES / report.stem}{ending}.png",
                frame.as_uri(),
            ],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
        )


def shown_pictures() -> set[Path]:
    """Return the pictures that the guides and the front page show, as they name them."""
    pages = (package.ROOT / "README.md", *GUIDES.glob("*.md"))
    return {
        page.parent / picture
        for page in pages
        for picture in re.findall(r"\]\(([\w/]+\.png)\)", page.read_text(encoding="utf-8"))
    }


def main() -> int:
    """Take all pictures and return the exit code."""
    subjects = sys.argv[1:] or list(REPORTS)
    if unknown := set(subjects) - set(REPORTS):
        sys.exit(f"screenshots: unknown subjects: {', '.join(sorted(unknown))}")
    shutil.rmtree(SCRATCH, ignore_errors=True)
    PICTURES.mkdir(parents=True, mode=0o700)
    write_town(TOWN)
    for look in LOOKS:
        picture_qgis(look, subjects)
    for look in DARK_LOOKS:
        if dark := [subject for subject in subjects if subject in DARK_SUBJECTS]:
            picture_qgis(look, dark)
    for subject in subjects:
        for report in REPORTS[subject]:
            picture_report(scratch_of(LOOKS[0]) / f"{report}.html")
    for path in sorted(shown_pictures()):
        picture = PICTURES / path.name
        if picture.exists() or len(subjects) == len(REPORTS):
            shutil.copyfile(picture, path)
            print(f"screenshots: {path.relative_to(package.ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
