"""One-time links: made for a person who has no password yet, or has lost it.

A link's token is the only thing that opens it: 60 random bits in letters that can be read out
over the telephone, kept in the database as a hash only, used once, and ended by the next one of
its kind.
"""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy.orm import Session

from server.domain.accounts import ACCOUNT_TABLE, LINK_LIFE, LinkPurpose
from server.domain.actors import Actor, Post
from server.domain.audit import AuditEvent, Outcome
from server.services.context import Context
from server.storage import accounts as rows
from server.storage.audit import log_event
from server.storage.history import actor_columns, record
from server.storage.models import Account, OneTimeLink

# Crockford's letters without the look-alikes I, L, O, U.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
LOOK_ALIKES = str.maketrans("OIL", "011")


def hash_token(token: str) -> str:
    """SHA-256 in hex: tokens have enough random bits to need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def clean_code(code: str) -> str:
    """A code as typed, without dashes, spaces and look-alike letters."""
    return "".join(char for char in code.upper() if char.isalnum()).translate(LOOK_ALIKES)


def issue_link(
    ctx: Context,
    session: Session,
    actor: Actor,
    account: Account,
    purpose: LinkPurpose,
    post: Post | None = None,
) -> str:
    """Make a link and end the older ones of its purpose; returns its path `/link/XXXX-XXXX-XXXX`.

    `wrong_state` when the account's state knows no such link.
    """
    action = "issue_first_link" if purpose is LinkPurpose.FIRST_SIGN_IN else "issue_reset"
    move = ACCOUNT_TABLE.move(action, account.state)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    rows.end_links(session, account.id, purpose, ctx.now)
    session.add(
        OneTimeLink(
            account_id=account.id,
            purpose=purpose,
            token_hash=hash_token(code),
            expires_at=ctx.now + LINK_LIFE[purpose],
            **actor_columns(actor, post),
        )
    )
    subject = ("account", account.id)
    record(
        session,
        subject,
        action,
        actor=actor,
        now=ctx.now,
        post=post,
        old=move.old.value,
        new=move.new.value,
    )
    log_event(
        session,
        AuditEvent.LINK_ISSUED,
        Outcome.DONE,
        actor=actor,
        now=ctx.now,
        subject=subject,
        post=post,
        purpose=purpose.value,
    )
    return "/link/" + "-".join(code[n : n + 4] for n in range(0, LENGTH, 4))
