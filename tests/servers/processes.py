"""Servers that the tests talk to: programs on a free port of this machine, ended with the tests.

Each has its own virtual environment, build/servers/<name>, made when it is first needed from
requirements/servers_<name>.txt.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "servers"
START_S = 60.0


def python_of(name: str) -> Path:
    """Return the Python of a server's virtual environment, which is built if need be."""
    requirements = ROOT / "requirements" / f"servers_{name}.txt"
    folder = FOLDER / name
    mark = folder / ".complete"
    # It holds its own path and its Python's version.
    wanted = f"{folder}\n{sys.version}\n{requirements.read_text(encoding='utf-8')}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.is_file() or mark.read_text(encoding="utf-8") != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            own = getattr(sys, "_base_executable", sys.executable)
            subprocess.run([own, "-m", "venv", str(folder)], check=True)
            pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
            options = ["--disable-pip-version-check", "--requirement", str(requirements)]
            subprocess.run([*pip, *options], check=True)
            mark.write_text(wanted, encoding="utf-8")
    return folder / "bin" / "python"


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def scratch(name: str) -> Path:
    """Return a new folder for the data of a server, gone with the tests."""
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def start(
    name: str, command: Sequence[str], port: int, *, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a server, and return when it takes connections; it ends with the tests.

    Its standard input closes when the tests end, in whatever way.
    """
    output = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the server runs
    process = subprocess.Popen(
        list(command),
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})},
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
    )
    atexit.register(stop, process)
    end = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as found:
            if found.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.05)
    stop(process)
    output.seek(0)
    words = output.read()[-2000:].decode("utf-8", errors="replace")
    raise RuntimeError(f"The server {name} did not start:\n{words}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server that `start` started."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdin is not None:
        process.stdin.close()
