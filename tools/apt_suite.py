"""Print an apt source line for another suite of the archive this machine already uses.

    apt_suite.py bookworm bookworm-backports

Reads one-line (.list) and deb822 (.sources) entries. Prints nothing when the wanted suite is
already configured; exits 1 when no entry of the known suite is found.
"""

import sys
from pathlib import Path

APT = Path("/etc/apt")


def one_line_entries(text):
    """Yield (uri, suites, options) of each `deb` line of a .list file."""
    for line in text.splitlines():
        words = line.split("#", 1)[0].split()
        if not words or words[0] != "deb":
            continue
        options = ""
        rest = words[1:]
        if rest and rest[0].startswith("["):
            closing = next(i for i, word in enumerate(rest) if word.endswith("]"))
            options = " ".join(rest[: closing + 1])
            rest = rest[closing + 1 :]
        if len(rest) >= 2:
            yield rest[0], [rest[1]], options


def deb822_entries(text):
    """Yield (uri, suites, options) of each stanza of a .sources file."""
    for stanza in text.split("\n\n"):
        fields = {}
        for line in stanza.splitlines():
            if line.startswith("#") or ":" not in line or line[:1].isspace():
                continue
            key, value = line.split(":", 1)
            fields[key.strip().lower()] = value.strip()
        if "deb" not in fields.get("types", "").split() or fields.get("enabled") == "no":
            continue
        signed_by = fields.get("signed-by", "")
        # An inline key has no one-line form; apt's trusted keys serve then.
        options = f"[signed-by={signed_by}]" if signed_by.startswith("/") else ""
        for uri in fields.get("uris", "").split():
            yield uri, fields.get("suites", "").split(), options


def configured_entries():
    """Yield every binary source that this machine's apt is configured with."""
    lists = [APT / "sources.list", *sorted((APT / "sources.list.d").glob("*.list"))]
    for path in lists:
        if path.is_file():
            yield from one_line_entries(path.read_text())
    for path in sorted((APT / "sources.list.d").glob("*.sources")):
        yield from deb822_entries(path.read_text())


def main(known, wanted):
    """Print the derived line and return the exit code."""
    entries = list(configured_entries())
    if any(wanted in suites for _, suites, _ in entries):
        return 0
    for uri, suites, options in entries:
        if known in suites:
            print(" ".join(part for part in ("deb", options, uri, wanted, "main") if part))
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
