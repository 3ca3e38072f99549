"""The database: one engine, and the two ways to be in it.

`read()` gives a session whose work is thrown away; `write()` gives one that commits at its end or
undoes all. A service opens exactly one of them: one intention of a person, one transaction. No
session crosses a thread or outlives its `with`.

SQLite: WAL, foreign keys, `BEGIN IMMEDIATE` for writers behind one lock, so that a writer never
meets "database is locked" half-way. PostgreSQL: a pool; a serialisation failure surfaces as
`database_busy`.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from server.domain.errors import OperatorError

BUSY_TIMEOUT_MS = 10_000


class Database:
    """An open database. Safe to share between threads; sessions are not."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._write_lock = threading.Lock()
        if self.is_sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self.engine = sa.create_engine(self.url, connect_args={"check_same_thread": False})
            event.listen(self.engine, "connect", _sqlite_connect)
            event.listen(self.engine, "begin", _sqlite_begin)
        else:
            self.engine = sa.create_engine(self.url, pool_pre_ping=True, pool_size=10)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking; nothing it does is kept."""
        with Session(self.engine, autoflush=False) as session:
            try:
                yield session
            finally:
                session.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed at the end, undone by any exception."""
        if not self.is_sqlite:
            with Session(self.engine) as session, session.begin():
                yield session
            return
        if not self._write_lock.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise OperatorError("database_busy")
        try:
            engine = self.engine.execution_options(giaoban_write=True)
            with Session(engine) as session, session.begin():
                yield session
        except sa.exc.OperationalError as error:
            if "locked" in str(error):
                raise OperatorError("database_busy") from error
            raise
        finally:
            self._write_lock.release()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _sqlite_connect(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions on its own: _sqlite_begin does, with the right kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Bring the file to WAL, once in its life. SQLite's busy timeout does not cover that switch,
    so two programs that open a new file at once must try again by themselves.
    """
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _sqlite_begin(connection: sa.Connection) -> None:
    write = connection.get_execution_options().get("giaoban_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
