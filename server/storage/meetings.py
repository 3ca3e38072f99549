"""Queries of conferences, their roles and seats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.errors import UserError
from server.domain.meetings import ConferenceRole, ConferenceState, SeatKind
from server.storage.models import (
    Account,
    AttendanceInterval,
    Change,
    Conference,
    ConferenceRoleRow,
    FloorTurn,
    Position,
    RecordingAck,
    Seat,
    Tenure,
    Unit,
)


def roles_of(session: Session, conference_id: int) -> list[ConferenceRoleRow]:
    """The roles of a conference in their order."""
    return list(
        session.scalars(
            sa.select(ConferenceRoleRow)
            .where(ConferenceRoleRow.conference_id == conference_id)
            .order_by(ConferenceRoleRow.role, ConferenceRoleRow.rank)
        )
    )


def role_positions(
    session: Session, conference_id: int
) -> list[tuple[ConferenceRole, Position, Unit]]:
    """Who has which role: positions with their units."""
    found = session.execute(
        sa.select(ConferenceRoleRow.role, Position, Unit)
        .join(Position, Position.id == ConferenceRoleRow.position_id)
        .join(Unit, Unit.id == Position.unit_id)
        .where(ConferenceRoleRow.conference_id == conference_id)
        .order_by(ConferenceRoleRow.rank, Position.rank)
    )
    return [(role, position, unit) for role, position, unit in found]


def role_accounts(session: Session, conference_id: int, now: datetime) -> dict[int, ConferenceRole]:
    """The role of each account that holds a role's position at `now`; the highest where several."""
    found = session.execute(
        sa.select(Tenure.account_id, ConferenceRoleRow.role)
        .join(ConferenceRoleRow, ConferenceRoleRow.position_id == Tenure.position_id)
        .where(
            ConferenceRoleRow.conference_id == conference_id,
            Tenure.from_at <= now,
            sa.or_(Tenure.to_at.is_(None), Tenure.to_at > now),
        )
    )
    order = list(ConferenceRole)
    out: dict[int, ConferenceRole] = {}
    for account_id, role in found:
        known = out.get(account_id)
        if known is None or order.index(role) < order.index(known):
            out[account_id] = role
    return out


def seats_of(session: Session, conference_id: int) -> list[Seat]:
    """The seats: the centre, then the invited units in the official order."""
    return list(
        session.scalars(
            sa.select(Seat).where(Seat.conference_id == conference_id).order_by(Seat.sort, Seat.id)
        )
    )


def seat_units(session: Session, conference_id: int) -> dict[int, Unit]:
    """The unit of each seat, by seat."""
    found = session.execute(
        sa.select(Seat.id, Unit)
        .join(Unit, Unit.id == Seat.unit_id)
        .where(Seat.conference_id == conference_id)
    )
    return {row[0]: row[1] for row in found}


def seat_of_code(session: Session, conference_id: int, unit_code: str) -> Seat | None:
    """The seat of the unit with this code."""
    return session.scalar(
        sa.select(Seat)
        .join(Unit, Unit.id == Seat.unit_id)
        .where(Seat.conference_id == conference_id, Unit.code == unit_code)
    )


def seat_counts(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """Invited units (without the centre) of each conference."""
    found = session.execute(
        sa.select(Seat.conference_id, sa.func.count())
        .where(Seat.conference_id.in_(list(ids)), Seat.kind != SeatKind.CENTRE)
        .group_by(Seat.conference_id)
    )
    return {row[0]: row[1] for row in found}


def conferences_with(
    session: Session,
    states: Iterable[ConferenceState],
    *,
    newest_first: bool,
    only: Iterable[int] | None = None,
    limit: int = 200,
) -> list[Conference]:
    """Conferences in these states by time; `only` restricts to these ids."""
    order = Conference.starts_at.desc() if newest_first else Conference.starts_at
    query = sa.select(Conference).where(Conference.state.in_(list(states))).order_by(order)
    if only is not None:
        query = query.where(Conference.id.in_(list(only)))
    return list(session.scalars(query.limit(limit)))


def conferences_of(
    session: Session, unit_ids: Iterable[int], position_ids: Iterable[int]
) -> tuple[set[int], set[int]]:
    """Conferences to which these units are invited, and those in which these positions have a
    role.
    """
    invited = session.scalars(
        sa.select(Seat.conference_id).where(Seat.unit_id.in_(list(unit_ids))).distinct()
    )
    with_role = session.scalars(
        sa.select(ConferenceRoleRow.conference_id)
        .where(ConferenceRoleRow.position_id.in_(list(position_ids)))
        .distinct()
    )
    return set(invited), set(with_role)


def set_roles(
    session: Session, conference_id: int, roles: Sequence[tuple[ConferenceRole, int]]
) -> None:
    """Replace the roles: (role, position), in their order."""
    session.execute(
        sa.delete(ConferenceRoleRow).where(ConferenceRoleRow.conference_id == conference_id)
    )
    for rank, (role, position_id) in enumerate(roles):
        session.add(
            ConferenceRoleRow(
                conference_id=conference_id, position_id=position_id, role=role, rank=rank
            )
        )


def has_history(session: Session, seat_id: int) -> bool:
    """Whether somebody was ever at this seat: then its row stays."""
    return any(
        session.scalar(sa.select(sa.exists().where(column == seat_id)))
        for column in (AttendanceInterval.seat_id, RecordingAck.seat_id, FloorTurn.seat_id)
    )


def claim_version(session: Session, conference: Conference, version: int) -> None:
    """Take the next version of the row, or `stale_version` with who changed it when."""
    taken = session.execute(
        sa.update(Conference)
        .where(Conference.id == conference.id, Conference.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise stale(session, ("conference", conference.id))
    session.refresh(conference)


def stale(session: Session, subject: tuple[str, int]) -> UserError:
    """`stale_version` with the last writer and the time."""
    found = session.execute(
        sa.select(Account.display_name, Change.by_agent, Change.at)
        .outerjoin(Account, Account.id == Change.by_account_id)
        .where(Change.subject_kind == subject[0], Change.subject_id == subject[1])
        .order_by(Change.id.desc())
        .limit(1)
    ).first()
    who, when = (found[0] or found[1], found[2]) if found else ("", "")
    return UserError("stale_version", who=who, when=when)


def next_live_version(session: Session, conference: Conference) -> int:
    """One more stored act of the running conference."""
    conference.live_version += 1
    session.flush()
    return conference.live_version
