"""Accounts, their links, sessions, the sign-in throttle, tokens of programs, the security log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from server.domain.accounts import AccountState, LinkPurpose, Locale
from server.storage.models.base import ActorColumns, Base, enum_column, fk, pk
from server.storage.types import Json


class Account(Base):
    """One person's account (tài khoản). Never deleted."""

    __tablename__ = "account"
    id: Mapped[int] = pk()
    login: Mapped[str]
    login_key: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    password_hash: Mapped[str | None]
    state: Mapped[AccountState] = enum_column(AccountState)
    must_change: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[Locale] = enum_column(Locale, default=Locale.VI)
    last_sign_in_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class OneTimeLink(ActorColumns, Base):
    """A link that lets its receiver set a password once."""

    __tablename__ = "one_time_link"
    id: Mapped[int] = pk()
    account_id: Mapped[int] = fk("account", index=True)
    purpose: Mapped[LinkPurpose] = enum_column(LinkPurpose)
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Session(Base):
    """A signed-in browser (phiên)."""

    __tablename__ = "session"
    id: Mapped[int] = pk()
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = fk("account")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    address: Mapped[str]
    agent: Mapped[str]
    revoked_at: Mapped[datetime | None]
    __table_args__ = (sa.Index("ix_session_account", "account_id", "revoked_at"),)


class Throttle(Base):
    """Failed sign-ins per key and window; keys are `login:…` and `address:…`."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(primary_key=True)
    window_at: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


class ApiToken(ActorColumns, Base):
    """A program's token with its scopes (`worker`, `recorder`, …)."""

    __tablename__ = "api_token"
    id: Mapped[int] = pk()
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[Any] = mapped_column(Json)
    unit_id: Mapped[int | None] = fk("unit")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class Audit(ActorColumns, Base):
    """The security log: sign-ins, accounts, rights, tokens. Append-only."""

    __tablename__ = "audit"
    id: Mapped[int] = pk()
    at: Mapped[datetime] = mapped_column(index=True)
    event: Mapped[str]
    outcome: Mapped[str]
    address: Mapped[str]
    agent: Mapped[str]
    subject_kind: Mapped[str | None]
    subject_id: Mapped[int | None]
    data: Mapped[Any] = mapped_column(Json, default=dict)
