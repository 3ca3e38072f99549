"""When to try again, and what is final. Pure.

Broken line, 5xx, 408, 429: the same again after 1 s · 2ⁿ, at most 60 s, for ever; any other 4xx is
final.
"""

from __future__ import annotations

from transcription.contract.link import CLOSE_TOKEN, CLOSE_VERSION
from transcription.contract.refusal import Refusal

FIRST_S = 1.0
LONGEST_S = 60.0


class LinkRefused(Exception):
    """Web refuses this program for good; the operator must act. The message says what to do."""


class Refused(Exception):
    """Web refused one request for good (4xx)."""

    def __init__(self, status: int, refusal: Refusal, what: str) -> None:
        super().__init__(f"{what}: {status} {refusal.code} {refusal.message}".rstrip())
        self.status = status
        self.refusal = refusal


class LeaseLost(Refused):
    """The job has gone to another worker: drop it and its results."""


def backoff_s(failures: int) -> float:
    """Seconds to wait after the nth failure in a row (from 1)."""
    return min(LONGEST_S, FIRST_S * 2.0 ** min(failures - 1, 16))


def may_pass(status: int) -> bool:
    """True when the same request may succeed later."""
    return status >= 500 or status in (408, 429)


def refused(status: int, refusal: Refusal, what: str) -> Refused:
    """The error for a final answer."""
    kind = LeaseLost if refusal.code == "lease_lost" else Refused
    return kind(status, refusal, what)


def refusal_of_close(code: int) -> LinkRefused | None:
    """The error for a close code that is final, else None."""
    if code == CLOSE_VERSION:
        return LinkRefused(
            "web speaks another version of the worker link: install the same release on both"
        )
    if code == CLOSE_TOKEN:
        return LinkRefused(
            "web does not accept the token: it is wrong, ended, or of another scope; set the one "
            "that `giaoban serve` keeps in its home folder"
        )
    return None
