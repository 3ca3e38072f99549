"""Accounts: signing in and out, one-time links, who is looking.

A session is a random token in a cookie, its hash in a row; it is new at every sign-in, ends after
`SESSION_IDLE` without a request, and at once when the password is reset. What an account may do is
read from its posts at every call, never from the session.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session as DbSession

from server.domain.accounts import (
    ACCOUNT_TABLE,
    ADDRESS_TRIES,
    LOGIN_TRIES,
    SEEN_STEP,
    SESSION_IDLE,
    THROTTLE_WINDOW,
    AccountState,
    LinkPurpose,
    login_key,
    missing_password_rules,
    seconds_left,
    window_of,
)
from server.domain.actors import Actor, Caller, Post
from server.domain.audit import AuditEvent, Origin, Outcome
from server.domain.errors import UserError
from server.domain.offices import DEFAULT_TITLES, PositionRole
from server.domain.permissions import is_program, require
from server.services import org, passwords
from server.services.context import Context
from server.services.links import clean_code, hash_token, issue_link
from server.storage import accounts as rows
from server.storage import org as org_rows
from server.storage.audit import log_event
from server.storage.history import load_actor, record
from server.storage.models import Account, OneTimeLink, Session, Unit

FIRST_LOGIN = "admin"


@dataclass(frozen=True)
class Viewer:
    """The person behind a session, with the posts open now."""

    account_id: int
    name: str
    title: str
    unit: str
    unit_id: int | None
    posts: tuple[Post, ...]


@dataclass(frozen=True)
class SignedIn:
    """A session that was just begun; `token` goes into the cookie and nowhere else."""

    account_id: int
    token: str


@dataclass(frozen=True)
class OpenLink:
    """A one-time link that can be used: whose, and what for."""

    login: str
    name: str
    purpose: LinkPurpose
    expires_at: datetime


def viewer_of_session(ctx: Context, token: str) -> Viewer | None:
    """Who holds this session token; None when it is unknown, ended or revoked."""
    with ctx.db.read() as session:
        found = rows.live_session(session, hash_token(token), ctx.now)
        if found is None or found.seen_at + SESSION_IDLE <= ctx.now:
            return None
        viewer = _viewer(session, found.account_id, ctx.now)
        stale = found.seen_at + SEEN_STEP <= ctx.now
        session_id = found.id
    if viewer is not None and stale:
        _see_session(ctx, session_id)
    return viewer


def session_holds(ctx: Context, token: str) -> bool:
    """Whether the session still holds. Unlike `viewer_of_session` this is no use of it: a page left
    open keeps nobody signed in.
    """
    with ctx.db.read() as session:
        return rows.live_session(session, hash_token(token), ctx.now) is not None


def _viewer(session: DbSession, account_id: int, now: datetime) -> Viewer | None:
    try:
        actor = load_actor(session, Caller(account_id=account_id), now)
    except UserError:
        return None
    first = actor.posts[0] if actor.posts else None
    unit = session.get(Unit, first.unit_id) if first else None
    return Viewer(
        account_id,
        actor.name,
        first.title if first else "",
        unit.short_name if unit else "",
        unit.id if unit else None,
        actor.posts,
    )


def _see_session(ctx: Context, session_id: int) -> None:
    with ctx.db.write() as session:
        found = session.get(Session, session_id)
        if found is not None and found.revoked_at is None and found.seen_at < ctx.now:
            found.seen_at = ctx.now
            found.expires_at = ctx.now + SESSION_IDLE


def sign_in(ctx: Context, login: str, password: str, origin: Origin) -> SignedIn:
    """Begin a session with name and password.

    `sign_in_failed` says nothing about which of the two was wrong; `throttled` (with `n` seconds)
    after LOGIN_TRIES failures of a name or ADDRESS_TRIES of an address in one window; `locked`.
    """
    keys = {f"login:{login_key(login)[:64]}": LOGIN_TRIES}
    _count_try(ctx, keys | _address_key(origin), origin)
    with ctx.db.read() as session:
        account = rows.account_of_login(session, login)
        account_id = account.id if account else None
        stored = account.password_hash if account else None
    right = passwords.matches(stored, password)
    rehashed = (
        passwords.hash_password(password) if right and passwords.outdated(stored or "") else None
    )
    failure: UserError
    with ctx.write() as (session, actor):
        account = session.get(Account, account_id) if account_id else None
        try:
            if account is None or not right or account.password_hash != stored:
                raise UserError("sign_in_failed")
            ACCOUNT_TABLE.move("sign_in", account.state)
        except UserError as error:
            # The refusal itself is kept, so it is raised after the transaction.
            failure = error
            log_event(
                session,
                AuditEvent.SIGN_IN,
                Outcome.REFUSED,
                actor=actor,
                now=ctx.now,
                origin=origin,
                subject=("account", account.id) if account else None,
                code=error.code,
            )
        else:
            if rehashed is not None:
                account.password_hash = rehashed
            _forgive(ctx, session, keys, origin)
            return _begin_session(ctx, session, account, origin)
    raise failure


def _address_key(origin: Origin) -> dict[str, int]:
    return {f"address:{origin.address}": ADDRESS_TRIES}


def _count_try(ctx: Context, keys: dict[str, int], origin: Origin) -> None:
    """Count a try before it is made, so that many at once cannot outrun the count; a success takes
    it back.
    """
    window = window_of(ctx.now)
    with ctx.write() as (session, actor):
        rows.forget_old_tries(session, window - THROTTLE_WINDOW)
        counts = {key: rows.count_try(session, key, window) for key in keys}
        over = [key for key, most in keys.items() if counts[key] > most]
        if any(counts[key] == keys[key] + 1 for key in over):
            log_event(
                session,
                AuditEvent.SIGN_IN,
                Outcome.THROTTLED,
                actor=actor,
                now=ctx.now,
                origin=origin,
                keys=over,
            )
    if over:
        raise UserError("throttled", n=seconds_left(window, ctx.now))


def _forgive(ctx: Context, session: DbSession, keys: dict[str, int], origin: Origin) -> None:
    for key in keys:
        rows.forget_tries(session, key)
    for key in _address_key(origin):
        rows.take_back_try(session, key, window_of(ctx.now))


def _begin_session(ctx: Context, session: DbSession, account: Account, origin: Origin) -> SignedIn:
    token = secrets.token_urlsafe(32)
    session.add(
        Session(
            token_hash=hash_token(token),
            account_id=account.id,
            created_at=ctx.now,
            seen_at=ctx.now,
            expires_at=ctx.now + SESSION_IDLE,
            address=origin.address,
            agent=origin.agent[:300],
        )
    )
    account.last_sign_in_at = ctx.now
    log_event(
        session,
        AuditEvent.SIGN_IN,
        Outcome.DONE,
        actor=load_actor(session, Caller(account_id=account.id), ctx.now),
        now=ctx.now,
        origin=origin,
        subject=("account", account.id),
    )
    return SignedIn(account.id, token)


def sign_out(ctx: Context, token: str, origin: Origin) -> None:
    """End this session; an unknown or ended one is fine."""
    with ctx.write() as (session, actor):
        found = rows.live_session(session, hash_token(token), ctx.now)
        if found is None:
            return
        found.revoked_at = ctx.now
        log_event(
            session,
            AuditEvent.SIGN_OUT,
            Outcome.DONE,
            actor=actor,
            now=ctx.now,
            origin=origin,
            subject=("account", found.account_id),
        )


def open_link(ctx: Context, code: str) -> OpenLink:
    """What a one-time link opens; `link_used` when it is unknown, used, ended or expired."""
    with ctx.db.read() as session:
        link, account = _usable(session, code, ctx.now)
        return OpenLink(account.login, account.display_name, link.purpose, link.expires_at)


def _usable(session: DbSession, code: str, now: datetime) -> tuple[OneTimeLink, Account]:
    link = rows.live_link(session, hash_token(clean_code(code)), now)
    account = session.get(Account, link.account_id) if link else None
    if link is None or account is None:
        raise UserError("link_used")
    ACCOUNT_TABLE.move(_use_action(link), account.state)
    return link, account


def _use_action(link: OneTimeLink) -> str:
    return "use_first_link" if link.purpose is LinkPurpose.FIRST_SIGN_IN else "use_reset"


def find_reset_code(ctx: Context, login: str, code: str, origin: Origin) -> OpenLink:
    """Check a code that was read out over the telephone, with the name it was given for.

    Throttled like signing in; `link_used` for any wrong pair.
    """
    _count_try(ctx, {f"login:{login_key(login)[:64]}": LOGIN_TRIES} | _address_key(origin), origin)
    link = open_link(ctx, code)
    if login_key(link.login) != login_key(login):
        raise UserError("link_used")
    return link


def use_link(ctx: Context, code: str, password: str, origin: Origin) -> SignedIn:
    """Set the password by a one-time link and begin a session; a reset ends all older sessions.

    `weak_password` (`rules`: those it breaks) leaves the link usable; `link_used`.
    """
    missing = missing_password_rules(password)
    if missing:
        raise UserError("weak_password", rules=" ".join(missing))
    stored = passwords.hash_password(password)
    with ctx.write() as (session, program):
        link, account = _usable(session, code, ctx.now)
        if not rows.claim_link(session, link.id, ctx.now):
            raise UserError("link_used")
        move = ACCOUNT_TABLE.move(_use_action(link), account.state)
        account.state = move.new
        account.password_hash = stored
        account.must_change = False
        account.version += 1
        session.flush()
        actor = load_actor(session, Caller(account.id, None, program.request_id), ctx.now)
        _log_password(ctx, session, actor, account, origin, link.purpose)
        record(
            session,
            ("account", account.id),
            move.action,
            actor=actor,
            now=ctx.now,
            old=move.old.value,
            new=move.new.value,
        )
        _forgive(ctx, session, {f"login:{account.login_key[:64]}": LOGIN_TRIES}, origin)
        return _begin_session(ctx, session, account, origin)


def _log_password(
    ctx: Context,
    session: DbSession,
    actor: Actor,
    account: Account,
    origin: Origin,
    purpose: LinkPurpose,
) -> None:
    ended = rows.end_sessions(session, account.id, ctx.now)
    events: dict[AuditEvent, dict[str, Any]] = {
        AuditEvent.LINK_USED: {"purpose": purpose.value},
        AuditEvent.PASSWORD_SET: {},
    }
    if ended:
        events[AuditEvent.SESSIONS_ENDED] = {"sessions": ended}
    for event, data in events.items():
        log_event(
            session,
            event,
            Outcome.DONE,
            actor=actor,
            now=ctx.now,
            origin=origin,
            subject=("account", account.id),
            **data,
        )


def issue_reset(ctx: Context, login: str) -> str:
    """A new way in for somebody: a reset link, or a new first link when none was used yet; returns
    its path. Administrator or setup only; `not_found` for an unknown login.
    """
    with ctx.write() as (session, actor):
        post = None if is_program(actor, "setup") else require(actor, PositionRole.ADMINISTRATOR)
        account = rows.account_of_login(session, login)
        if account is None:
            raise UserError("not_found")
        first = account.state is AccountState.INVITED
        purpose = LinkPurpose.FIRST_SIGN_IN if first else LinkPurpose.RESET
        return issue_link(ctx, session, actor, account, purpose, post)


def first_administrator_link(ctx: Context) -> str | None:
    """The path of a link for the first administrator, until one can sign in; then None.

    Makes the account `admin` with a post in the Office when it is missing; every call ends the
    link of the call before. No default password exists at any time.
    """
    with ctx.read() as (session, _actor):
        if rows.administrators_who_can_sign_in(session, ctx.now):
            return None
        office = org_rows.office_unit(session) or org_rows.province_unit(session)
        if office is None:
            raise UserError("invalid_field", field="units", problem="no_province")
        unit_code = office.code
        known = rows.account_of_login(session, FIRST_LOGIN) is not None
    if known:
        return issue_reset(ctx, FIRST_LOGIN)
    role = PositionRole.ADMINISTRATOR
    made = org.add_user(ctx, FIRST_LOGIN, name=DEFAULT_TITLES[role], unit_code=unit_code, role=role)
    return made.link
