"""Tokens of programs: recorder and worker sign in with one each, made on the first start.

Only hashes are stored. A token opens what its scopes name and nothing else.
"""

from __future__ import annotations

from datetime import timedelta

from server.domain.audit import AuditEvent, Outcome
from server.domain.errors import CallerError
from server.services.context import Context
from server.services.links import hash_token
from server.storage import accounts as rows
from server.storage.audit import log_event
from server.storage.history import actor_columns
from server.storage.models import ApiToken

WORKER, RECORDER = "worker", "recorder"
# `last_used_at` is for people ("seen a minute ago"); a write at every call would be waste.
SEEN_STEP = timedelta(minutes=1)


def ensure_program_tokens(ctx: Context, worker_token: str, recorder_token: str) -> None:
    """Make the tokens that this installation's settings name known; a replaced one is revoked."""
    for scope, token in ((WORKER, worker_token), (RECORDER, recorder_token)):
        _ensure(ctx, scope, hash_token(token))


def _ensure(ctx: Context, scope: str, token_hash: str) -> None:
    with ctx.write() as (session, actor):
        # The same secret in both settings would need two rows of one hash: scopes are joined.
        known = rows.token_of_hash(session, token_hash)
        if known is not None and scope in known.scopes and known.revoked_at is None:
            return
        for old in rows.tokens_named(session, scope):
            old.revoked_at = ctx.now
        if known is None:
            known = ApiToken(
                name=scope,
                token_hash=token_hash,
                scopes=[scope],
                created_at=ctx.now,
                **actor_columns(actor),
            )
            session.add(known)
        else:
            known.scopes = sorted({*known.scopes, scope})
            known.revoked_at = None
        session.flush()
        log_event(
            session,
            AuditEvent.TOKEN_MADE,
            Outcome.DONE,
            actor=actor,
            now=ctx.now,
            subject=("api_token", known.id),
            scope=scope,
        )


def authenticate(ctx: Context, bearer: str, scope: str) -> int:
    """The id of the token `bearer` if it has `scope`: `token_invalid` when it is unknown, revoked
    or expired, `scope_missing` when it may not do this.
    """
    with ctx.db.read() as session:
        token = rows.token_of_hash(session, hash_token(bearer)) if bearer else None
        if token is None or token.revoked_at is not None:
            raise CallerError("token_invalid")
        if token.expires_at is not None and token.expires_at <= ctx.now:
            raise CallerError("token_invalid")
        if scope not in token.scopes:
            raise CallerError("scope_missing", scope=scope)
        token_id = token.id
    note_presence(ctx, token_id)
    return token_id


def note_presence(ctx: Context, token_id: int) -> None:
    """A program with this token is there; written at most once in SEEN_STEP. A line that stays open
    calls it now and then, so that people see that the program is alive.
    """
    with ctx.db.read() as session:
        seen = rows.token_seen_at(session, token_id)
    if seen is None or seen + SEEN_STEP <= ctx.now:
        with ctx.db.write() as session:
            rows.see_token(session, token_id, ctx.now)
