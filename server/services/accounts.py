"""Accounts: signing in and out, one-time links, who is looking."""

from __future__ import annotations

from dataclasses import dataclass

from server.domain.actors import Post
from server.services.context import Context


@dataclass(frozen=True)
class Viewer:
    """The person behind a session, with the posts open now."""

    account_id: int
    name: str
    title: str
    unit: str
    unit_id: int | None
    posts: tuple[Post, ...]


def viewer_of_session(ctx: Context, token: str) -> Viewer | None:
    """Who holds this session token; None when it is unknown, ended or revoked."""
    raise RuntimeError("written with the accounts")
