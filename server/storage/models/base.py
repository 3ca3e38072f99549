"""The base of all rows, and the columns that many share."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from server.domain.deadlines import Counted, DeadlineKind, Precision
from server.storage.types import Instant, Json, enum_of


class Base(DeclarativeBase):
    """Declarative base. Python types choose the column types of this project."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: Instant,
        date: sa.Date,
        str: sa.Text,
        Any: Json,
        int: sa.BigInteger().with_variant(sa.Integer, "sqlite"),
    }


def pk() -> Mapped[int]:
    """An int64 primary key."""
    return mapped_column(primary_key=True, autoincrement=True)


def fk(target: str, *, on_delete: str = "RESTRICT", index: bool = False, **kw: Any) -> Mapped[Any]:
    """A foreign key to `table.id`."""
    return mapped_column(sa.ForeignKey(f"{target}.id", ondelete=on_delete), index=index, **kw)


def enum_column(kind: type[Enum], **kw: Any) -> Mapped[Any]:
    """A column of an enum's values, CHECKed."""
    return mapped_column(enum_of(kind), **kw)


class ActorColumns:
    """Who did it: the account that clicked, the post that gave the right, or a program."""

    @declared_attr
    def by_account_id(cls) -> Mapped[int | None]:
        return mapped_column(sa.ForeignKey("account.id", ondelete="RESTRICT"))

    @declared_attr
    def by_tenure_id(cls) -> Mapped[int | None]:
        return mapped_column(sa.ForeignKey("tenure.id", ondelete="RESTRICT"))

    by_agent: Mapped[str | None]

    @declared_attr.directive
    def __table_args__(cls) -> Any:
        return (
            sa.CheckConstraint("by_account_id IS NOT NULL OR by_agent IS NOT NULL", name="actor"),
        )


class DeadlineColumns:
    """The deadline set (model §1.7)."""

    @declared_attr
    def deadline_kind(cls) -> Mapped[DeadlineKind]:
        return mapped_column(enum_of(DeadlineKind))

    due_on: Mapped[date | None]
    due_time: Mapped[str | None]

    @declared_attr
    def precision(cls) -> Mapped[Precision | None]:
        return mapped_column(enum_of(Precision))

    @declared_attr
    def counted(cls) -> Mapped[Counted | None]:
        return mapped_column(enum_of(Counted))

    due_phrase: Mapped[str | None]
    due_rule: Mapped[str | None]
    event_text: Mapped[str | None]
    recurrence: Mapped[Any] = mapped_column(Json, nullable=True)


def deadline_checks() -> tuple[sa.CheckConstraint, ...]:
    """What the deadline set must hold: a date exactly when dated, an event's words, a recurrence's
    rule.
    """
    return (
        sa.CheckConstraint("(deadline_kind = 'dated') = (due_on IS NOT NULL)", name="dated"),
        sa.CheckConstraint("deadline_kind <> 'event' OR event_text IS NOT NULL", name="event"),
        sa.CheckConstraint(
            "deadline_kind <> 'recurring' OR recurrence IS NOT NULL", name="recurring"
        ),
    )
