"""Units, groups of units, positions and tenures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from server.domain.offices import PositionRole, TenureKind
from server.domain.org import UnitKind
from server.storage.models.base import ActorColumns, Base, enum_column, fk, pk
from server.storage.types import Json


class Unit(Base):
    """A body (cơ quan, đơn vị). Never deleted: ended, with a successor."""

    __tablename__ = "unit"
    id: Mapped[int] = pk()
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[UnitKind] = enum_column(UnitKind)
    name: Mapped[str]
    short_name: Mapped[str]
    aliases: Mapped[Any] = mapped_column(Json, default=list)
    parent_id: Mapped[int | None] = fk("unit")
    path: Mapped[str] = mapped_column(index=True)
    email: Mapped[str | None]
    active_from_on: Mapped[date]
    active_to_on: Mapped[date | None]
    sort: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        sa.Index(
            "uq_unit_parent_name",
            sa.text("coalesce(parent_id, 0)"),
            "name",
            unique=True,
            sqlite_where=sa.text("active_to_on IS NULL"),
            postgresql_where=sa.text("active_to_on IS NULL"),
        ),
        sa.Index("ix_unit_kind_active", "kind", "active_to_on"),
    )


class UnitGroup(Base):
    """A class of units said aloud ("64 xã, phường"): by kinds, or by members."""

    __tablename__ = "unit_group"
    id: Mapped[int] = pk()
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    phrases: Mapped[Any] = mapped_column(Json, default=list)
    kinds: Mapped[Any] = mapped_column(Json, nullable=True)


class UnitGroupMember(Base):
    """A member of a group that is listed by hand."""

    __tablename__ = "unit_group_member"
    group_id: Mapped[int] = mapped_column(
        sa.ForeignKey("unit_group.id", ondelete="CASCADE"), primary_key=True
    )
    unit_id: Mapped[int] = mapped_column(
        sa.ForeignKey("unit.id", ondelete="RESTRICT"), primary_key=True
    )


class Position(Base):
    """A post (chức vụ, vị trí việc làm) in a unit; rights hang on it."""

    __tablename__ = "position"
    id: Mapped[int] = pk()
    unit_id: Mapped[int] = fk("unit")
    title: Mapped[str]
    role: Mapped[PositionRole] = enum_column(PositionRole, index=True)
    rank: Mapped[int] = mapped_column(default=100)
    takes_notices: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (sa.UniqueConstraint("unit_id", "title"),)


class Tenure(ActorColumns, Base):
    """Somebody holds a post from `from_at` until `to_at`."""

    __tablename__ = "tenure"
    id: Mapped[int] = pk()
    position_id: Mapped[int] = fk("position")
    account_id: Mapped[int] = fk("account")
    kind: Mapped[TenureKind] = enum_column(TenureKind)
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None]
    __table_args__ = (
        sa.CheckConstraint("by_account_id IS NOT NULL OR by_agent IS NOT NULL", name="actor"),
        sa.CheckConstraint("kind <> 'delegate' OR to_at IS NOT NULL", name="delegate_ends"),
        sa.Index(
            "uq_tenure_holder",
            "position_id",
            unique=True,
            sqlite_where=sa.text("to_at IS NULL AND kind = 'holder'"),
            postgresql_where=sa.text("to_at IS NULL AND kind = 'holder'"),
        ),
        sa.Index("ix_tenure_account", "account_id", "to_at"),
    )
