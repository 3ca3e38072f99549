"""What pickers offer: units with groups first, and leaders by whose order one may issue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.meetings import ConferenceRole
from server.domain.offices import PositionRole
from server.storage.models import ConferenceRoleRow, Position
from server.storage.org import active_units, groups_in_order, members_of_group


@dataclass(frozen=True)
class UnitOption:
    """A choice of the unit picker; groups come first and name their members."""

    value: str
    label: str
    short: str
    meta: str = ""
    aliases: tuple[str, ...] = ()
    members: tuple[tuple[int, str], ...] = ()


def unit_options(session: Session, today: date) -> tuple[UnitOption, ...]:
    """The choices of the unit picker: groups, then units in the official order."""
    groups = [
        UnitOption(
            f"g{group.id}",
            group.name,
            group.name,
            aliases=tuple(group.phrases),
            members=tuple(
                (unit.id, unit.short_name) for unit in members_of_group(session, group, today)
            ),
        )
        for group in groups_in_order(session)
    ]
    units = [
        UnitOption(
            f"u{unit.id}",
            unit.name,
            unit.short_name,
            "",
            (unit.short_name, unit.code, *unit.aliases),
        )
        for unit in active_units(session, today)
    ]
    return (*groups, *units)


def leader_options(session: Session) -> tuple[tuple[int, str], ...]:
    """Positions of leaders by whose order one may issue."""
    rows = session.execute(
        sa.select(Position.id, Position.title)
        .where(Position.active, Position.role == PositionRole.LEADER)
        .order_by(Position.rank, Position.id)
    )
    return tuple((key, title) for key, title in rows)


def chair_position(session: Session, conference_id: int | None) -> int | None:
    """The chair's position, when a leader chairs."""
    return session.scalar(
        sa.select(Position.id)
        .join(ConferenceRoleRow, ConferenceRoleRow.position_id == Position.id)
        .where(
            ConferenceRoleRow.conference_id == conference_id,
            ConferenceRoleRow.role == ConferenceRole.CHAIR,
            Position.role == PositionRole.LEADER,
        )
    )
