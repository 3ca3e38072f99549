"""The security log's words: what is logged, how it came out, and where it came from.

No secret is ever put into a row: no password, no token, no link.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AuditEvent(StrEnum):
    """What happened (QCVN 12:2026, 3.7.2.4: sign-in, sign-out, failure, account, rights)."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    LINK_ISSUED = "link_issued"
    LINK_USED = "link_used"
    PASSWORD_SET = "password_set"  # noqa: S105 - an event's name
    SESSIONS_ENDED = "sessions_ended"
    ACCOUNT_MADE = "account_made"
    TENURE_BEGUN = "tenure_begun"
    TOKEN_MADE = "token_made"  # noqa: S105 - an event's name
    UNITS_IMPORTED = "units_imported"


class Outcome(StrEnum):
    """How it came out."""

    DONE = "done"
    REFUSED = "refused"
    THROTTLED = "throttled"


@dataclass(frozen=True)
class Origin:
    """Where a call came from: the address, and what the browser calls itself."""

    address: str = ""
    agent: str = ""


HERE = Origin("local", "giaoban")
