"""What the installation can say about itself. Nobody's data: counts and times only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.services.context import Context
from server.storage import accounts as account_rows
from server.storage import health as rows


@dataclass(frozen=True)
class Installation:
    """Counts and times at one instant; `free_bytes` where recordings lie."""

    jobs: dict[tuple[str, str], int]
    waiting_for_model: int
    conferences: dict[str, int]
    sessions: int
    last_seen: dict[str, datetime]
    units: int
    administrators: int
    free_bytes: int


def check_database(ctx: Context) -> None:
    """Raises when the database does not answer."""
    with ctx.db.read() as session:
        rows.answers(session)


def look_at_installation(ctx: Context) -> Installation:
    """The figures of now."""
    with ctx.db.read() as session:
        return Installation(
            jobs=rows.jobs_by_kind_and_state(session),
            waiting_for_model=rows.jobs_waiting_for_model(session),
            conferences=rows.conferences_by_state(session),
            sessions=rows.open_sessions(session, ctx.now),
            last_seen=rows.last_seen(session),
            units=rows.count_units(session),
            administrators=account_rows.administrators_who_can_sign_in(session, ctx.now),
            free_bytes=ctx.files.free_bytes(),
        )
