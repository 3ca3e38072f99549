"""Writing the security log (append-only)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.domain.actors import Actor, Post
from server.domain.audit import HERE, AuditEvent, Origin, Outcome
from server.storage.history import Subject, actor_columns
from server.storage.models import Audit


def log_event(
    session: Session,
    event: AuditEvent,
    outcome: Outcome,
    *,
    actor: Actor,
    now: datetime,
    origin: Origin = HERE,
    subject: Subject | None = None,
    post: Post | None = None,
    **data: Any,
) -> None:
    """Write one row; `data` holds plain values and never a secret."""
    session.add(
        Audit(
            at=now,
            event=event.value,
            outcome=outcome.value,
            address=origin.address,
            agent=origin.agent[:300],
            subject_kind=subject[0] if subject else None,
            subject_id=subject[1] if subject else None,
            data=data,
            **actor_columns(actor, post),
        )
    )
