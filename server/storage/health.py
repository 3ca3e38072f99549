"""Counting queries about the installation itself: for metrics, readiness and the doctor."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session as DbSession

from server.domain.jobs import JobState, Need
from server.storage.models import ApiToken, Conference, Job, Session, Unit


def answers(session: DbSession) -> None:
    """Ask the database anything; raises when it does not answer."""
    session.execute(sa.select(sa.literal(1))).scalar_one()


def jobs_by_kind_and_state(session: DbSession) -> dict[tuple[str, str], int]:
    """How many jobs there are of each kind in each state."""
    rows = session.execute(
        sa.select(Job.kind, Job.state, sa.func.count()).group_by(Job.kind, Job.state)
    )
    return {(kind.value, state.value): count for kind, state, count in rows}


def jobs_waiting_for_model(session: DbSession) -> int:
    """Jobs that wait and need a speech model."""
    count = session.scalar(
        sa.select(sa.func.count()).where(Job.state == JobState.WAITING, Job.needs == Need.MODEL)
    )
    return count or 0


def conferences_by_state(session: DbSession) -> dict[str, int]:
    """How many conferences are in each state."""
    rows = session.execute(sa.select(Conference.state, sa.func.count()).group_by(Conference.state))
    return {state.value: count for state, count in rows}


def open_sessions(session: DbSession, now: datetime) -> int:
    """Sessions that could be used now."""
    count = session.scalar(
        sa.select(sa.func.count(Session.id)).where(
            Session.revoked_at.is_(None), Session.expires_at > now
        )
    )
    return count or 0


def last_seen(session: DbSession) -> dict[str, datetime]:
    """When each kind of program was last let in, by scope."""
    seen: dict[str, datetime] = {}
    for token in session.scalars(sa.select(ApiToken).where(ApiToken.last_used_at.is_not(None))):
        for scope in token.scopes:
            at = token.last_used_at
            if at is not None and at > seen.get(scope, datetime.min.replace(tzinfo=at.tzinfo)):
                seen[scope] = at
    return seen


def count_units(session: DbSession) -> int:
    """How many units there are."""
    return session.scalar(sa.select(sa.func.count(Unit.id))) or 0
