"""The stable key of a candidate (model §5.1): the same words give the same key in every run."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from transcription.contract.candidates import LEAD, REQUEST, TO, Candidate
from transcription.text.vi_normalize import norm

_SEPARATOR = "\u241f"


def with_keys(conference: int | None, candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidates, in time order, each with its key; without a conference there are no keys."""
    seen: dict[tuple[str, ...], int] = defaultdict(int)
    keyed = []
    for candidate in candidates:
        if conference is None:
            keyed.append(candidate)
            continue
        parts = (
            str(conference),
            candidate.lane,
            norm(candidate.task),
            ",".join(_addressees(candidate)),
            _due(candidate),
        )
        seen[parts] += 1
        text = _SEPARATOR.join(("c1", *parts, str(seen[parts])))
        key = hashlib.sha256(text.encode()).hexdigest()
        keyed.append(replace(candidate, stable_key=key))
    return tuple(keyed)


def _addressees(candidate: Candidate) -> list[str]:
    role = TO if candidate.kind == REQUEST else LEAD
    units = candidate.of_role(role)
    return sorted(unit.code or unit.group or norm(unit.phrase) for unit in units)


def _due(candidate: Candidate) -> str:
    due = candidate.deadline.due_on
    return due.isoformat() if due is not None else candidate.deadline.kind
