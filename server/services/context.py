"""What every service is given: the database, the files, who calls, and the instant of the call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.domain.actors import Actor, Caller
from server.storage.engine import Database
from server.storage.files import FileStore
from server.storage.history import load_actor

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Context:
    """One call of one service."""

    db: Database
    files: FileStore
    caller: Caller
    now: datetime

    @contextmanager
    def read(self) -> Iterator[tuple[Session, Actor]]:
        """A reading session, with the actor as of now."""
        with self.db.read() as session:
            yield session, load_actor(session, self.caller, self.now)

    @contextmanager
    def write(self) -> Iterator[tuple[Session, Actor]]:
        """One transaction, with the actor as of now."""
        with self.db.write() as session:
            yield session, load_actor(session, self.caller, self.now)

    @property
    def today(self) -> date:
        """The local calendar day of the call."""
        return self.now.astimezone(ZONE).date()
