"""Messages that have their effect once (model §5.3): the stored answer for every repeat.

The row is written in the transaction of the effect, so either both happened or neither. Refusals
are not kept: they changed nothing and may be asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.errors import CallerError
from server.storage.models import Received


@dataclass(frozen=True)
class Delivery:
    """A message as it came: who sent it, under which key, and a hash over all of it."""

    scope: str
    key: str
    request_hash: str


def once(
    session: Session, delivery: Delivery | None, now: datetime, effect: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """The answer of `effect`, run at the first delivery only; `idempotency_mismatch` when the key
    came before with something else. Without a delivery the message is idempotent by itself.
    """
    if delivery is None:
        return effect()
    known = session.scalar(
        sa.select(Received).where(Received.scope == delivery.scope, Received.key == delivery.key)
    )
    if known is not None:
        if known.request_hash != delivery.request_hash:
            raise CallerError("idempotency_mismatch")
        answer: dict[str, Any] = known.response
        return answer
    answer = effect()
    session.add(
        Received(
            scope=delivery.scope,
            key=delivery.key,
            request_hash=delivery.request_hash,
            status=200,
            response=answer,
            at=now,
        )
    )
    return answer
