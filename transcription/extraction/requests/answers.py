"""Which task answers which request: "giao Sở Tài chính giải quyết kiến nghị của xã Đầm Dơi".

The two are linked by unit and words: the one asked is the one told, the one who asks is named, and
they speak of the same thing. Only what was asked before can be answered; a request has one answer
or several, a task answers one request at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transcription.contract.candidates import COORDINATING, FROM, LEAD, TO, Candidate
from transcription.contract.roster import Roster
from transcription.extraction.phrases import phrases
from transcription.text.vi_normalize import norm

_EMPTY = frozenset(phrases("empty_words").phrases)
_ASKED = ("kiến nghị", "đề nghị", "đề xuất", "xin")
_ENOUGH = 0.5
_SAME_WORDS, _NAMED, _TOLD = 1.0, 0.35, 0.25


@dataclass(frozen=True, slots=True)
class Answer:
    """Places in the tasks and in the requests; `score` 0–1.6, from 0.5 up it is a link."""

    task: int
    request: int
    score: float


def answers(
    tasks: Sequence[Candidate], requests: Sequence[Candidate], roster: Roster
) -> tuple[Answer, ...]:
    """The best request that each task answers, in the order of the tasks."""
    found = []
    for n, task in enumerate(tasks):
        scored = [
            Answer(n, m, round(_score(task, request, roster), 2))
            for m, request in enumerate(requests)
            if _before(request, task)
        ]
        best = max(scored, key=lambda answer: answer.score, default=None)
        if best is not None and best.score >= _ENOUGH:
            found.append(best)
    return tuple(found)


def _before(request: Candidate, task: Candidate) -> bool:
    """In one lane by place, between two by time; without evidence nothing is known."""
    if not request.evidence or not task.evidence:
        return False
    if request.lane == task.lane and request.evidence[0].track is None:
        return request.quote_start <= task.quote_start
    return request.evidence[0].start_ms <= task.evidence[0].start_ms


def _score(task: Candidate, request: Candidate, roster: Roster) -> float:
    asked, told = _content(request.task), _content(f"{task.title} {task.task}")
    alike = len(asked & told) / len(asked) if asked else 0.0
    named = _names_sender(task, request, roster)
    both = {unit.code for role in (LEAD, COORDINATING) for unit in task.of_role(role)}
    wanted = {unit.code for unit in request.of_role(TO)}
    same_body = bool(both & wanted - {None})
    if not alike and not named:
        return 0.0
    return _SAME_WORDS * alike + _NAMED * named + _TOLD * same_body


def _content(text: str) -> frozenset[str]:
    return frozenset(norm(text).split()) - _EMPTY


def _names_sender(task: Candidate, request: Candidate, roster: Roster) -> bool:
    """ "… kiến nghị của xã Đầm Dơi …": who asked is named as one who asks."""
    quote = norm(task.quote)
    if not any(word in quote for word in _ASKED):
        return False
    for sender in request.of_role(FROM):
        unit = roster.unit(sender.code) if sender.code else None
        name = norm(unit.short_name or unit.name) if unit is not None else norm(sender.phrase)
        if name and name in quote:
            return True
    return False
