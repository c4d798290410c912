"""A pycsw with records in a database file; runs in the server's own environment.

Arguments: port, and a folder whose folder "records" has the records in XML.
"""

from __future__ import annotations

import os
import sys
import threading
from configparser import ConfigParser
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

MAIN = """
identification_title=Made-up catalogue
identification_abstract=For tests
identification_keywords=tests
identification_keywords_type=theme
identification_fees=None
identification_accessconstraints=None
provider_name=Tests
provider_url=https://tests.example/
contact_name=-
contact_position=-
contact_address=-
contact_city=-
contact_stateorprovince=-
contact_postalcode=0
contact_country=-
contact_phone=0
contact_fax=0
contact_email=tests@tests.example
contact_url=https://tests.example/
contact_hours=-
contact_instructions=-
contact_role=pointOfContact
"""


def configuration(port: int, database: str) -> ConfigParser:
    """What the server is to know."""
    settings = ConfigParser()
    settings.read_string(f"[metadata:main]{MAIN}")
    settings["server"] = {
        "home": str(Path(database).parent),
        "url": f"http://127.0.0.1:{port}/",
        "mimetype": "application/xml; charset=UTF-8",
        "encoding": "UTF-8",
        "language": "en-US",
        "maxrecords": "25",
        "profiles": "apiso",
    }
    settings["manager"] = {"transactions": "true", "allowed_ips": "127.0.0.1"}
    settings["metadata:inspire"] = {"enabled": "false"}
    settings["repository"] = {"database": f"sqlite:///{database}", "table": "records"}
    return settings


def end_with_input() -> None:
    """End when whoever started this has ended."""
    sys.stdin.buffer.read()
    os._exit(0)


class Quiet(WSGIRequestHandler):
    """Write no line for each request."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    threading.Thread(target=end_with_input, daemon=True).start()
    own_port, folder = int(sys.argv[1]), Path(sys.argv[2]).resolve()
    path = folder / "settings.cfg"
    own = configuration(own_port, str(folder / "records.db"))
    with path.open("w", encoding="utf-8") as written:
        own.write(written)
    from pycsw.core import admin
    from pycsw.core.config import StaticContext

    admin.setup_db(own["repository"]["database"], "records", str(folder))
    admin.load_records(
        StaticContext(), own["repository"]["database"], "records", str(folder / "records")
    )
    os.environ["PYCSW_CONFIG"] = str(path)
    from pycsw.wsgi import application

    make_server("127.0.0.1", own_port, application, handler_class=Quiet).serve_forever()
