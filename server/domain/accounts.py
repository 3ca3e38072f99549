"""Accounts: states, one-time links, password rules, the throttle's arithmetic."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from server.domain.states import STAY, WRONG, StateTable, To, row


class AccountState(StrEnum):
    """State of an account: đã mời, hoạt động, tạm khóa, vô hiệu."""

    INVITED = "invited"
    ACTIVE = "active"
    LOCKED = "locked"
    DISABLED = "disabled"


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    FIRST_SIGN_IN = "first_sign_in"
    RESET = "reset"


class Locale(StrEnum):
    """Language of the screen."""

    VI = "vi"
    EN = "en"


_S = AccountState

# Model §2.14, the rows the main job has. Locking after five failures, unlocking and disabling come
# with their issue; until then the throttle holds back whoever guesses.
ACCOUNT_TABLE = StateTable(
    "account",
    AccountState,
    {
        "use_first_link": row(_S, "link_used", (_S.INVITED, To(_S.ACTIVE))),
        "issue_first_link": row(_S, WRONG, (_S.INVITED, STAY)),
        "sign_in": row(_S, "sign_in_failed", (_S.ACTIVE, STAY), (_S.LOCKED, "locked")),
        "issue_reset": row(_S, WRONG, (_S.ACTIVE, STAY), (_S.LOCKED, STAY)),
        "use_reset": row(_S, "link_used", (_S.ACTIVE, STAY), (_S.LOCKED, To(_S.ACTIVE))),
    },
)

LINK_LIFE = {
    LinkPurpose.FIRST_SIGN_IN: timedelta(days=7),
    LinkPurpose.RESET: timedelta(hours=24),
}
SESSION_IDLE = timedelta(hours=12)
# `seen_at` is not written at every request: once in this long is enough to measure idleness.
SEEN_STEP = timedelta(minutes=5)

THROTTLE_WINDOW = timedelta(minutes=15)
# Failures in one window; a commune's whole office may sit behind one address.
LOGIN_TRIES = 5
ADDRESS_TRIES = 50

PASSWORD_MIN = 8
PASSWORD_MAX = 200  # Argon2 takes any length; a megabyte of it would only cost us time
PASSWORD_RULES = ("length", "lower", "upper", "digit", "special")

_LOGIN = re.compile(r"[\w.@-]{2,64}", re.UNICODE)


def login_key(login: str) -> str:
    """What makes two logins the same one: NFC, casefold, no spaces around."""
    return unicodedata.normalize("NFC", login.strip()).casefold()


def login_problem(login: str) -> str | None:
    """Why a login cannot be given (`characters`), None when it can."""
    return None if _LOGIN.fullmatch(login.strip()) else "characters"


def missing_password_rules(password: str) -> tuple[str, ...]:
    """The rules a password breaks (QCVN 12:2026, 3.7.2.6), in the order of PASSWORD_RULES."""
    kept = {
        "length": PASSWORD_MIN <= len(password) <= PASSWORD_MAX,
        "lower": any(char.islower() for char in password),
        "upper": any(char.isupper() for char in password),
        "digit": any(char.isdigit() for char in password),
        "special": any(not char.isalnum() and not char.isspace() for char in password),
    }
    return tuple(rule for rule in PASSWORD_RULES if not kept[rule])


def window_of(now: datetime) -> datetime:
    """The start of the throttle's window that `now` lies in."""
    length = int(THROTTLE_WINDOW.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // length * length, UTC)


def seconds_left(window: datetime, now: datetime) -> int:
    """Whole seconds until the window that began at `window` ends, at least 1."""
    return max(1, int((window + THROTTLE_WINDOW - now).total_seconds()))
