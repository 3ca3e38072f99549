"""Every error that a person, a program or an operator can be told, by who must act.

    GiaoBanError
    ├── UserError      the person at the screen can do something about it
    ├── CallerError    the calling program is at fault (worker, recorder, API client)
    └── OperatorError  whoever runs the installation must act

An error is a stable `code` and the values of its sentence; the sentence itself is in the catalogue
under `error:<code>` and says what to do next. One function (`status_of`) turns a code into an HTTP
status.
"""

from __future__ import annotations

from typing import Final


class GiaoBanError(Exception):
    """A refusal with a stable code; `params` fill the sentence of the catalogue."""

    codes: dict[str, int] = {}

    def __init__(self, code: str, **params: object) -> None:
        if code not in self.codes:
            raise ValueError(f"undeclared error code {code!r} for {type(self).__name__}")
        self.code = code
        self.params = params
        super().__init__(code, params)

    @property
    def status(self) -> int:
        """HTTP status of this error."""
        return self.codes[self.code]


class UserError(GiaoBanError):
    """The person at the screen can act."""

    codes = {
        "not_found": 404,
        "forbidden": 403,
        "separation": 403,
        "not_your_unit": 403,
        "not_your_floor": 403,
        "wrong_state": 409,
        "already_issued": 409,
        "stale_version": 409,
        "invalid_field": 422,
        "reason_missing": 422,
        "result_missing": 422,
        "lead_missing": 422,
        "lead_duplicate": 409,
        "deadline_missing": 422,
        "deadline_past": 422,
        "text_missing": 422,
        "evidence_flagged": 422,
        "upload_type": 415,
        "upload_too_large": 413,
        "import_rows": 422,
        "classified": 422,
        "no_invited_unit": 422,
        "chair_missing": 422,
        "in_past": 422,
        "notice_required": 403,
        "wrong_seat": 403,
        "removed": 403,
        "not_admitted": 403,
        "room_closed": 409,
        "seat_absent": 409,
        "nothing_recorded": 409,
        "sign_in_failed": 401,
        "signed_out": 401,
        "locked": 423,
        "throttled": 429,
        "link_used": 410,
        "weak_password": 422,
        "csrf": 403,
        "last_administrator": 409,
    }


class CallerError(GiaoBanError):
    """The calling program is at fault."""

    codes = {
        "bad_request": 400,
        "not_found": 404,
        "token_invalid": 401,
        "scope_missing": 403,
        "rate_limited": 429,
        "too_large": 413,
        "idempotency_mismatch": 422,
        "lease_lost": 409,
        "clips_missing": 409,
        "wrong_state": 409,
        "chunk_conflict": 409,
        "offset_mismatch": 409,
        "hash_mismatch": 422,
    }


class OperatorError(GiaoBanError):
    """Whoever runs the installation must act."""

    codes = {
        "model_missing": 503,
        "model_broken": 503,
        "media_unreachable": 503,
        "database_busy": 503,
        "disk_full": 507,
        "file_corrupt": 500,
        "internal": 500,
    }


ALL_CODES: Final = (
    frozenset(UserError.codes) | frozenset(CallerError.codes) | frozenset(OperatorError.codes)
)
