"""Queries of accounts, sessions, one-time links, the throttle and programs' tokens."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as DbSession

from server.domain.accounts import AccountState, LinkPurpose, login_key
from server.domain.offices import PositionRole
from server.storage.models import (
    Account,
    ApiToken,
    OneTimeLink,
    Position,
    Session,
    Tenure,
    Throttle,
)


def account_of_login(session: DbSession, login: str) -> Account | None:
    """The account that signs in with this name."""
    return session.scalar(sa.select(Account).where(Account.login_key == login_key(login)))


def live_session(session: DbSession, token_hash: str, now: datetime) -> Session | None:
    """The session of this token, unless it expired or was ended."""
    return session.scalar(
        sa.select(Session).where(
            Session.token_hash == token_hash, Session.revoked_at.is_(None), Session.expires_at > now
        )
    )


def end_sessions(session: DbSession, account_id: int, now: datetime) -> int:
    """End every session of an account; returns how many there were."""
    done = session.execute(
        sa.update(Session)
        .where(
            Session.account_id == account_id,
            Session.revoked_at.is_(None),
            Session.expires_at > now,
        )
        .values(revoked_at=now)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def live_link(session: DbSession, token_hash: str, now: datetime) -> OneTimeLink | None:
    """The link of this token, unless it was used or expired."""
    return session.scalar(
        sa.select(OneTimeLink).where(
            OneTimeLink.token_hash == token_hash,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
        )
    )


def claim_link(session: DbSession, link_id: int, now: datetime) -> bool:
    """Use a link; of two who try at once exactly one succeeds."""
    done = session.execute(
        sa.update(OneTimeLink)
        .where(
            OneTimeLink.id == link_id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now
        )
        .values(used_at=now)
    )
    return int(done.rowcount) == 1  # type: ignore[attr-defined]


def end_links(session: DbSession, account_id: int, purpose: LinkPurpose, now: datetime) -> None:
    """End the older links of this purpose."""
    session.execute(
        sa.update(OneTimeLink)
        .where(
            OneTimeLink.account_id == account_id,
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
        )
        .values(used_at=now)
    )


def count_try(session: DbSession, key: str, window: datetime) -> int:
    """Add a try to a key's window; returns the count. Two at once count two."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(Throttle).values(key=key, window_at=window, count=1)
    counted = row.on_conflict_do_update(
        index_elements=[Throttle.key, Throttle.window_at], set_={"count": Throttle.count + 1}
    ).returning(Throttle.count)
    count: int = session.execute(counted).scalar_one()
    return count


def take_back_try(session: DbSession, key: str, window: datetime) -> None:
    """A try that was right after all."""
    session.execute(
        sa.update(Throttle)
        .where(Throttle.key == key, Throttle.window_at == window, Throttle.count > 0)
        .values(count=Throttle.count - 1)
    )


def forget_tries(session: DbSession, key: str) -> None:
    """Forget a key's tries (after signing in, after a reset)."""
    session.execute(sa.delete(Throttle).where(Throttle.key == key))


def forget_old_tries(session: DbSession, before: datetime) -> None:
    """Remove windows that began before `before`."""
    session.execute(sa.delete(Throttle).where(Throttle.window_at < before))


def administrators_who_can_sign_in(session: DbSession, now: datetime) -> int:
    """How many active accounts with a password hold an administrator's post now."""
    count = session.scalar(
        sa.select(sa.func.count(sa.distinct(Account.id)))
        .join(Tenure, Tenure.account_id == Account.id)
        .join(Position, Tenure.position_id == Position.id)
        .where(
            Account.state == AccountState.ACTIVE,
            Account.password_hash.is_not(None),
            Position.role == PositionRole.ADMINISTRATOR,
            Position.active,
            Tenure.from_at <= now,
            sa.or_(Tenure.to_at.is_(None), Tenure.to_at > now),
        )
    )
    return count or 0


def token_of_hash(session: DbSession, token_hash: str) -> ApiToken | None:
    """The program's token with this hash, whatever its state."""
    return session.scalar(sa.select(ApiToken).where(ApiToken.token_hash == token_hash))


def token_seen_at(session: DbSession, token_id: int) -> datetime | None:
    """When a token was last used."""
    return session.scalar(sa.select(ApiToken.last_used_at).where(ApiToken.id == token_id))


def see_token(session: DbSession, token_id: int, now: datetime) -> None:
    """Note that a token was used."""
    session.execute(sa.update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))


def tokens_named(session: DbSession, name: str) -> list[ApiToken]:
    """The tokens of this name that were not revoked."""
    return list(
        session.scalars(
            sa.select(ApiToken).where(ApiToken.name == name, ApiToken.revoked_at.is_(None))
        )
    )
