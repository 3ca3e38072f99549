"""Machine work: leased jobs, their attempts and clips; the job table and what an attempt costs.

Pure. A lease is the id of an attempt: it fences off whoever held the job before.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from server.domain.errors import CallerError
from server.domain.states import SAME, STAY, WRONG, StateTable, To, row
from transcription.contract.clips import ClipState as ClipState
from transcription.contract.jobs import JobKind as JobKind
from transcription.contract.jobs import Need as Need

LEASE: Final = timedelta(seconds=60)
"""How long a lease runs from the claim and from each beat."""
MAX_CRASHES: Final = 2
"""A clip that killed its child this often is flagged and passed."""


class JobState(StrEnum):
    """State of a job (model §2.8)."""

    WAITING = "waiting"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class AttemptOutcome(StrEnum):
    """How an attempt ended."""

    OK = "ok"
    CRASHED = "crashed"
    FAILED = "failed"
    EXPIRED = "expired"
    RELEASED = "released"
    CANCELLED = "cancelled"


_WAITING, _LEASED, _DONE = JobState.WAITING, JobState.LEASED, JobState.DONE
_FAILED, _CANCELLED = JobState.FAILED, JobState.CANCELLED

# Every row but enqueue, claim, retry and cancel is for the current lease; an older one is
# `lease_lost` before the table is asked.
JOB = StateTable(
    "job",
    JobState,
    {
        "enqueue": row(JobState, SAME),
        "claim": row(JobState, WRONG, (_WAITING, To(_LEASED))),
        "progress": row(JobState, "lease_lost", (_WAITING, WRONG), (_LEASED, STAY)),
        "finish": row(
            JobState, "lease_lost", (_WAITING, WRONG), (_LEASED, To(_DONE)), (_DONE, SAME)
        ),
        "fail": row(JobState, SAME, (_LEASED, To(_WAITING))),
        "fail_last": row(JobState, SAME, (_LEASED, To(_FAILED))),
        "fail_permanent": row(JobState, SAME, (_LEASED, To(_FAILED))),
        "release": row(JobState, SAME, (_LEASED, To(_WAITING))),
        "retry": row(
            JobState,
            To(_WAITING),
            (_WAITING, STAY),
            (_LEASED, SAME),
            (_DONE, WRONG),
        ),
        "cancel": row(JobState, To(_CANCELLED), ((_DONE, _CANCELLED), SAME)),
    },
    error=CallerError,
)


def passing_failure(attempts: int, max_attempts: int) -> str:
    """The action for passing trouble or a lapsed lease: the last attempt ends the job."""
    return "fail_last" if attempts >= max_attempts else "fail"


def next_try(now: datetime, attempts: int) -> datetime:
    """When a job may be claimed again after its n-th attempt: 30 s · 4^(n−1) later."""
    return now + timedelta(seconds=30 * 4 ** max(0, attempts - 1))


def charge(crashes: int, started_before: bool) -> tuple[int, ClipState]:
    """A clip about to be decoded: one that was started before without a result since has killed
    its child (or its worker), is charged, and flagged at the last charge it may have."""
    charged = crashes + 1 if started_before else crashes
    return charged, ClipState.FLAGGED if charged >= MAX_CRASHES else ClipState.TODO
