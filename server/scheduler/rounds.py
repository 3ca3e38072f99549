"""The rounds of the scheduler."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Sequence

from server.clock import utc_now
from server.domain.actors import Caller
from server.services import jobs
from server.services.context import Context
from server.settings import Settings
from server.storage.engine import Database
from server.storage.files import FileStore

ROUND_S = 5.0
Duty = Callable[[Context], object]
DUTIES: Sequence[Duty] = (jobs.lapse_leases,)

log = logging.getLogger("giaoban.scheduler")


def run(settings: Settings) -> None:
    """Run rounds until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    database = Database(settings.database_url)
    try:
        while not stop.is_set():
            one_round(database, FileStore(settings.files), DUTIES)
            stop.wait(ROUND_S)
    finally:
        database.close()


def one_round(database: Database, files: FileStore, duties: Sequence[Duty]) -> int:
    """Run every duty once, each on its own instant; returns how many failed."""
    failed = 0
    for duty in duties:
        try:
            duty(Context(database, files, Caller(agent="scheduler"), utc_now()))
        except Exception:
            failed += 1
            log.exception("duty %s failed; next try in %g s", duty.__name__, ROUND_S)
    return failed
