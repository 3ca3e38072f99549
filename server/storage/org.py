"""Queries of units, groups, positions and tenures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.errors import UserError
from server.domain.offices import PositionRole
from server.domain.org import UnitKind
from server.storage.models import Position, Tenure, Unit, UnitGroup, UnitGroupMember


def active_units(session: Session, today: date, kinds: Iterable[UnitKind] = ()) -> list[Unit]:
    """Units that exist on `today` in the official order; all kinds when none is named."""
    query = (
        sa.select(Unit)
        .where(
            Unit.active_from_on <= today,
            sa.or_(Unit.active_to_on.is_(None), Unit.active_to_on > today),
        )
        .order_by(Unit.sort, Unit.id)
    )
    wanted = tuple(kinds)
    if wanted:
        query = query.where(Unit.kind.in_(wanted))
    return list(session.scalars(query))


def unit_of_code(session: Session, code: str) -> Unit:
    """The unit with this code; `not_found` when there is none."""
    unit = session.scalar(sa.select(Unit).where(Unit.code == code))
    if unit is None:
        raise UserError("not_found")
    return unit


def units_by_code(session: Session, codes: Iterable[str]) -> dict[str, Unit]:
    """The units of these codes; unknown codes are left out."""
    found = session.scalars(sa.select(Unit).where(Unit.code.in_(list(codes))))
    return {unit.code: unit for unit in found}


def province_unit(session: Session) -> Unit | None:
    """The unit at the top."""
    return session.scalar(
        sa.select(Unit).where(Unit.kind == UnitKind.PROVINCE).order_by(Unit.sort).limit(1)
    )


def office_unit(session: Session) -> Unit | None:
    """The Office (Văn phòng UBND tỉnh)."""
    return session.scalar(
        sa.select(Unit).where(Unit.kind == UnitKind.OFFICE).order_by(Unit.sort).limit(1)
    )


def groups_in_order(session: Session) -> list[UnitGroup]:
    """Every group, oldest first."""
    return list(session.scalars(sa.select(UnitGroup).order_by(UnitGroup.id)))


def members_of_group(session: Session, group: UnitGroup, today: date) -> list[Unit]:
    """The active units of a group in the official order: by kinds, or by its member rows."""
    if group.kinds is not None:
        return active_units(session, today, [UnitKind(kind) for kind in group.kinds])
    listed = set(
        session.scalars(
            sa.select(UnitGroupMember.unit_id).where(UnitGroupMember.group_id == group.id)
        )
    )
    return [unit for unit in active_units(session, today) if unit.id in listed]


def position_of_title(session: Session, unit_id: int, title: str) -> Position | None:
    """The position with this title in the unit."""
    return session.scalar(
        sa.select(Position).where(Position.unit_id == unit_id, Position.title == title)
    )


def holder_of(session: Session, position_id: int) -> Tenure | None:
    """The open tenure of the position's holder."""
    return session.scalar(
        sa.select(Tenure).where(
            Tenure.position_id == position_id, Tenure.to_at.is_(None), Tenure.kind == "holder"
        )
    )


def positions_with_role(
    session: Session, unit_id: int | None, *roles: PositionRole
) -> list[Position]:
    """Active positions with one of `roles`, in one unit or everywhere, by rank."""
    query = (
        sa.select(Position)
        .where(Position.active, Position.role.in_(roles))
        .order_by(Position.rank, Position.id)
    )
    if unit_id is not None:
        query = query.where(Position.unit_id == unit_id)
    return list(session.scalars(query))
