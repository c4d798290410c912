"""A pgstac with a database of its own; runs in the server's own environment: `pgstac.py` starts it.

    pgstac_app.py <port> <port of the database> <folder>

The folder has collections.ndjson and items.ndjson. It ends when its standard input closes, and so
does the database.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

USER = "postgres"
START_S = 30.0


def programs() -> Path:
    """Folder of PostgreSQL's programs, of the newest version that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        sys.exit("PostgreSQL is not installed: `make test-slow` installs it")
    return found[-1].parent


def who() -> dict[str, Any]:
    """Who runs the database: it refuses to be run by root."""
    if os.getuid() != 0:
        return {}
    return {"user": USER, "group": USER, "extra_groups": []}


def start_database(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Make a database, start it, and return when it takes connections."""
    place = folder / "database"
    place.mkdir()
    if os.getuid() == 0:
        folder.chmod(0o755)
        shutil.chown(place, USER, USER)
    settings = ["-U", "pgstac", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = [str(programs() / "initdb"), "-D", str(place / "data"), *settings]
    subprocess.run(made, check=True, cwd=place, stdout=subprocess.DEVNULL, **who())
    run = [str(programs() / "postgres"), "-D", str(place / "data"), "-p", str(port)]
    options = ["-k", str(place), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    database = subprocess.Popen([*run, *options], cwd=place, **who())
    ready = [str(programs() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    end = time.monotonic() + START_S
    while subprocess.run(ready, check=False).returncode != 0:
        if database.poll() is not None or time.monotonic() > end:
            sys.exit("the database did not start")
        time.sleep(0.1)
    return database


def fill(folder: Path) -> None:
    """Bring pgstac and the data into the database."""
    from pypgstac.db import PgstacDB
    from pypgstac.load import Loader, Methods
    from pypgstac.migrate import Migrate

    with PgstacDB() as database:
        Migrate(database).run_migration()
        loader = Loader(db=database)
        loader.load_collections(str(folder / "collections.ndjson"), Methods.upsert)
        loader.load_items(str(folder / "items.ndjson"), Methods.upsert)
        database.query_one(
            "insert into pgstac.pgstac_settings (name, value) values ('context', 'on') "
            "on conflict (name) do update set value = 'on' returning value"
        )


def guarded(application: Any, token: str) -> Any:
    """An application that answers who writes without the token with a 401."""

    async def guard(scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope.get("headers") or ())
        writes = scope.get("method") in ("POST", "PUT", "PATCH", "DELETE")
        known = headers.get(b"authorization") == f"Bearer {token}".encode()
        if scope["type"] != "http" or not writes or known or scope["path"].endswith("/search"):
            await application(scope, receive, send)
            return
        said = [(b"content-type", b"application/json"), (b"www-authenticate", b"Bearer")]
        await send({"type": "http.response.start", "status": 401, "headers": said})
        body = b'{"code": "Unauthorized", "description": "A token is needed to write"}'
        await send({"type": "http.response.body", "body": body})

    return guard


def end_with_input(database: subprocess.Popen[bytes]) -> None:
    """End when whoever started this has ended."""
    sys.stdin.buffer.read()
    stop(database)
    os._exit(0)


def stop(database: subprocess.Popen[bytes]) -> None:
    """End the database, whoever is connected."""
    if database.poll() is None:
        database.send_signal(signal.SIGINT)
        database.wait(10.0)


if __name__ == "__main__":
    own_port, database_port, own_folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    running = start_database(own_folder, database_port)
    threading.Thread(target=end_with_input, args=(running,), daemon=True).start()
    # The server raises the signal that ended it once more; the database must end before.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    os.environ |= {
        "PGHOST": "127.0.0.1",
        "PGPORT": str(database_port),
        "PGUSER": "pgstac",
        "PGDATABASE": "postgres",
        "PGPASSWORD": "none",
        "ENABLE_TRANSACTIONS_EXTENSIONS": "true",
    }
    try:
        fill(own_folder)
        import uvicorn
        from stac_fastapi.pgstac.app import create_app

        served = guarded(create_app(), os.environ["FIXTURE_TOKEN"])
        uvicorn.run(served, host="127.0.0.1", port=own_port, log_level="warning")
    finally:
        stop(running)
