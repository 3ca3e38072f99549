"""Before anything runs: the schema, and on a first start the units, the calendar and the programs'
tokens.
"""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from server.clock import utc_now
from server.domain.actors import Caller
from server.services import accounts, org, tokens, workdays
from server.services.context import Context
from server.settings import SettingError, Settings
from server.storage.engine import Database
from server.storage.files import FileStore
from server.storage.migrate import migrate


def prepare(settings: Settings) -> str | None:
    """Make the installation ready; returns the path of the first administrator's one-time link,
    None when an administrator can already sign in."""
    migrate(settings.database_url)
    database = Database(settings.database_url)
    try:
        ctx = Context(database, FileStore(settings.files), Caller(agent="setup"), utc_now())
        org.import_shipped_units(ctx)
        workdays.seed_workdays(ctx)
        tokens.ensure_program_tokens(ctx, settings.worker_token, settings.recorder_token)
        return accounts.first_administrator_link(ctx)
    finally:
        database.close()


@contextmanager
def sole_owner(settings: Settings) -> Iterator[None]:
    """One supervisor a home: two would fight over ports and files."""
    path = settings.home / "serve.lock"
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingError(
                f"Giao Ban is already running on {settings.home}; stop it first,"
                " or set GIAOBAN_HOME to another folder"
            ) from None
        file.write(str(os.getpid()))
        file.flush()
        yield


def check_ports(settings: Settings) -> None:
    """A clear word before the start when a port is taken."""
    wanted = [("GIAOBAN_WEB_PORT", settings.web_port, socket.SOCK_STREAM)]
    if settings.embedded_media:
        wanted += [
            ("GIAOBAN_MEDIA_PORT", settings.media_port, socket.SOCK_STREAM),
            ("GIAOBAN_MEDIA_UDP_PORT", settings.media_udp_port, socket.SOCK_DGRAM),
        ]
    for name, port, kind in wanted:
        with socket.socket(socket.AF_INET, kind) as probe:
            if kind is socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.bind, port))
            except OSError as error:
                raise SettingError(
                    f"port {port} on {settings.bind} cannot be used ({error.strerror});"
                    f" set {name} to a free one"
                ) from error
