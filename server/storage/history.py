"""Writing the one history, and finding out who acts.

Every state change leaves exactly one `change` row with old → new state; the actor's account, the
tenure that gave the right and the program are on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.accounts import AccountState
from server.domain.actors import Actor, Caller, Post
from server.domain.errors import UserError
from server.storage.models import Account, Change, Position, Tenure, Unit

Subject = tuple[str, int]


def load_actor(session: Session, caller: Caller, now: datetime) -> Actor:
    """The caller with the posts open at `now`; `signed_out` when the account may not act any
    more.
    """
    if caller.account_id is None:
        return Actor(None, caller.agent, caller.agent or "", caller.request_id)
    account = session.get(Account, caller.account_id)
    if account is None or account.state is not AccountState.ACTIVE:
        raise UserError("signed_out")
    rows = session.execute(
        sa.select(Tenure, Position, Unit)
        .join(Position, Tenure.position_id == Position.id)
        .join(Unit, Position.unit_id == Unit.id)
        .where(
            Tenure.account_id == account.id,
            Tenure.from_at <= now,
            sa.or_(Tenure.to_at.is_(None), Tenure.to_at > now),
            Position.active,
        )
        .order_by(Position.rank, Tenure.id)
    )
    posts = tuple(
        Post(t.id, p.id, u.id, u.path, p.role, t.kind, p.title, p.rank) for t, p, u in rows
    )
    return Actor(account.id, None, account.display_name, caller.request_id, posts)


def actor_columns(actor: Actor, post: Post | None = None) -> dict[str, Any]:
    """The three actor columns of a row, for the post that gave the right (the first one if none is
    named).
    """
    chosen = post or (actor.posts[0] if actor.posts else None)
    return {
        "by_account_id": actor.account_id,
        "by_tenure_id": chosen.tenure_id if chosen else None,
        "by_agent": actor.agent,
    }


def record(
    session: Session,
    subject: Subject,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    post: Post | None = None,
    parent: Subject | None = None,
    old: str | None = None,
    new: str | None = None,
    reason: str | None = None,
    data: dict[str, Any] | None = None,
    live_version: int | None = None,
) -> Change:
    """Write one `change` row. `old`/`new` are state values; `post` is the tenure that gave the
    right.
    """
    change = Change(
        at=now,
        subject_kind=subject[0],
        subject_id=subject[1],
        parent_kind=parent[0] if parent else None,
        parent_id=parent[1] if parent else None,
        action=action,
        old_state=old,
        new_state=new,
        reason=reason,
        data=data,
        live_version=live_version,
        request_id=actor.request_id,
        **actor_columns(actor, post),
    )
    session.add(change)
    return change


def changes_of(session: Session, subjects: Iterable[Subject]) -> list[Change]:
    """History of the given subjects, oldest first."""
    clauses = [
        sa.and_(Change.subject_kind == kind, Change.subject_id == key) for kind, key in subjects
    ]
    if not clauses:
        return []
    return list(session.scalars(sa.select(Change).where(sa.or_(*clauses)).order_by(Change.id)))
