"""What a further extraction does to the candidates that are there (model §2.9 last rows, §5.1 ①).

Pure. Equal keys pair; a re-run never makes a second row of a candidate, and never touches what a
person decided or edited, except to note that it was seen again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from server.domain.review import CandidateState

_OPEN, _STALE = CandidateState.OPEN, CandidateState.STALE


@dataclass(frozen=True)
class Known:
    """A stored candidate. `edited`: names of the fields that a person set."""

    stable_key: str
    state: CandidateState
    edited: tuple[str, ...] = ()


class Effect(StrEnum):
    """What happens to one candidate."""

    ADD = "add"
    """A new row, open."""
    REPLACE = "replace"
    """Proposal and working fields become what the machine says now."""
    NOTE_NEWER = "note_newer"
    """A person had touched it: what the machine says now is kept beside it as `newer`."""
    SEEN = "seen"
    """Decided by a person: only that it was seen is noted."""
    HIDE = "hide"
    """Open, untouched and not found any more: stale."""
    KEEP = "keep"
    """Not found any more, but edited or decided: nothing is written (`seen_run` tells)."""


def match(known: Iterable[Known], found: Collection[str]) -> dict[str, Effect]:
    """The effect for every key, of stored candidates and of those found now."""
    stored = {candidate.stable_key: candidate for candidate in known}
    effects = {key: _unpaired(candidate) for key, candidate in stored.items() if key not in found}
    for key in found:
        candidate = stored.get(key)
        effects[key] = Effect.ADD if candidate is None else _paired(candidate)
    return effects


def action_of(effect: Effect) -> str:
    """The action of `review.CANDIDATES` that an effect is (ADD makes a row, which starts open)."""
    match effect:
        case Effect.HIDE:
            return "not_matched"
        case Effect.KEEP:
            return "not_matched_edited"
        case _:
            return "matched_again"


def _paired(candidate: Known) -> Effect:
    if candidate.state not in (_OPEN, _STALE):
        return Effect.SEEN
    return Effect.NOTE_NEWER if candidate.edited else Effect.REPLACE


def _unpaired(candidate: Known) -> Effect:
    if candidate.state is _OPEN and not candidate.edited:
        return Effect.HIDE
    return Effect.KEEP
