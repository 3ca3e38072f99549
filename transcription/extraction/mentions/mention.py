"""A body as a text names it: of the roster, a group or class of it, one outside it, "you"."""

from __future__ import annotations

from typing import NamedTuple

from transcription.contract.candidates import CandidateUnit
from transcription.text.unit_matcher import UnitMatch

UNIT, GROUP, CLASS, BODY, YOU = "unit", "group", "class", "body", "you"


class Mention(NamedTuple):
    """A body at tokens [start, end)."""

    start: int
    end: int
    kind: str
    code: str | None = None
    group: str | None = None
    score: int | None = None
    choices: tuple[tuple[str, int], ...] = ()

    def as_unit(self, role: str, phrase: str) -> CandidateUnit:
        return CandidateUnit(role, phrase, self.code, self.group, self.score, self.choices)


def mention_of(start: int, end: int, kind: str, match: UnitMatch) -> Mention:
    return Mention(start, end, kind, match.code, None, match.score, match.choices)
