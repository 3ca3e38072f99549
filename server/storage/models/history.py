"""The one history (`change`) and the idempotency record (`received`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from server.storage.models.base import ActorColumns, Base, fk, pk
from server.storage.types import Json


class Change(ActorColumns, Base):
    """One thing that happened to one subject. Append-only; feeds history, notices and webhooks."""

    __tablename__ = "change"
    id: Mapped[int] = pk()
    at: Mapped[datetime] = mapped_column(index=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    parent_kind: Mapped[str | None]
    parent_id: Mapped[int | None]
    action: Mapped[str]
    old_state: Mapped[str | None]
    new_state: Mapped[str | None]
    reason: Mapped[str | None]
    data: Mapped[Any] = mapped_column(Json, nullable=True)
    on_behalf_unit_id: Mapped[int | None] = fk("unit")
    live_version: Mapped[int | None]
    request_id: Mapped[str]
    __table_args__ = (
        sa.CheckConstraint("by_account_id IS NOT NULL OR by_agent IS NOT NULL", name="actor"),
        sa.Index("ix_change_subject", "subject_kind", "subject_id", "id"),
        sa.Index("ix_change_parent", "parent_kind", "parent_id", "id"),
    )


class Received(Base):
    """A message that had its effect once: the stored answer for its repeats."""

    __tablename__ = "received"
    scope: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    status: Mapped[int]
    response: Mapped[Any] = mapped_column(Json)
    at: Mapped[datetime]
