"""The work calendar in rows: exceptions to Monday–Friday."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.workdays import Calendar, WorkDayKind
from server.storage.models import WorkDay


def load_calendar(session: Session) -> Calendar:
    """The calendar as of now (a few dozen rows)."""
    rows = session.execute(sa.select(WorkDay.day, WorkDay.kind)).all()
    return Calendar(
        frozenset(day for day, kind in rows if kind is WorkDayKind.HOLIDAY),
        frozenset(day for day, kind in rows if kind is WorkDayKind.WORKING),
    )


def add_missing(session: Session, days: Iterable[tuple[date, WorkDayKind, str]]) -> int:
    """Add the days that have no row yet; a row that somebody edited stays. Returns how many."""
    known = set(session.scalars(sa.select(WorkDay.day)))
    new = [WorkDay(day=day, kind=kind, name=name) for day, kind, name in days if day not in known]
    session.add_all(new)
    return len(new)


def years_with_days(session: Session) -> set[int]:
    """The years that have an entry (a year without one has no holidays known)."""
    return {day.year for day in session.scalars(sa.select(WorkDay.day))}
