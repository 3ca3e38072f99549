"""The scorer of the labelled set, with its matching rules written down; it reads no rule's inside.

Data: `tests/data/directives.jsonl`, one passage a line, annotated by the project's annotation rules
(what is a task, what is a request, how each field is written). Fields of an item: `id`, `class`
(assign, request, no_request or the reason why nothing is assigned), `style` (written, recognised),
`held_on`, `text`, optionally `floor` and `speaker_role`, `tasks`, `requests`. A body is a unit
code, a group code, or the words as said.

Split, once and for all: ids in `g…` were written while the rules were, so they are development;
of the others (`n…`) those whose SHA-256 of the id begins with an even byte are development, the
rest are the test half. Nobody mends a rule by looking at single items of the test half.

Matching rules:
1.  Overlap of two spans = tokens they share (as multisets, after `norm`) over the tokens of the
    longer. Tasks are paired one to one, best overlap first, from 0.5 up. So are requests.
2.  Task F1 = 2·pairs / (gold + found). A passage without gold tasks is clean when none is found.
3.  On pairs: `lead` is right when the set of leads equals the gold's: the same codes or groups, or
    for bodies outside the roster the same words, a spoken "bên" or "phía" before them left away.
    `deadline` is counted on gold tasks with a date and is right when the date is the same; `kind`
    compares deadline kind and assignment kind; `time` and `precision` are counted where annotated.
4.  Co-ordinators: micro F1 over the single bodies of all pairs.
5.  Requests, on pairs: `from` right when the same body or both none; `to` when the same set. A
    request is taken for a task when some found task overlaps it from 0.5 up.
6.  Calibration: a task candidate is right when it is paired and its leads, date and kinds are the
    gold's; `sure` are those with confidence ≥ 0.9.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from transcription.contract.candidates import COORDINATING, FROM, LEAD, TO, Candidate
from transcription.contract.roster import Roster
from transcription.extraction.extract import Extractor, text_passage
from transcription.extraction.reading import Reading
from transcription.text import norm
from transcription.text.vi_units import roster_from_csv

ROOT = Path(__file__).resolve().parents[2]
DIRECTIVES = ROOT / "tests" / "data" / "directives.jsonl"
DEMO = ROOT / "tests" / "data" / "extraction" / "demo.jsonl"
PAIRED_FROM = 0.5
SURE = 0.9

Item = dict[str, Any]


@cache
def roster() -> Roster:
    """The shipped roster: departments and the 64 communes."""
    names = ("departments.csv", "camau_units.csv")
    folder = ROOT / "transcription" / "data"
    return roster_from_csv(*((folder / name).read_text("utf-8") for name in names))


def load(path: Path = DIRECTIVES) -> list[Item]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def half_of(item_id: str) -> str:
    """`dev` or `test`; see the module's text."""
    if item_id.startswith("g"):
        return "dev"
    return "test" if hashlib.sha256(item_id.encode()).digest()[0] % 2 else "dev"


def overlap(first: str, second: str) -> float:
    a, b = Counter(norm(first).split()), Counter(norm(second).split())
    longer = max(a.total(), b.total())
    return (a & b).total() / longer if longer else 0.0


def pairs(gold: Sequence[str], found: Sequence[str]) -> list[tuple[int, int]]:
    """One to one, best overlap first; indices into `gold` and `found`."""
    ranked = sorted(
        ((overlap(g, f), -i, -j) for i, g in enumerate(gold) for j, f in enumerate(found)),
        reverse=True,
    )
    used_gold: set[int] = set()
    used_found: set[int] = set()
    out = []
    for value, minus_i, minus_j in ranked:
        i, j = -minus_i, -minus_j
        if value >= PAIRED_FROM and i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            out.append((i, j))
    return out


def bodies(candidate: Candidate, role: str) -> list[str]:
    return sorted(u.code or u.group or _as_said(u.phrase) for u in candidate.of_role(role))


def expected(names: Iterable[str]) -> list[str]:
    return sorted(name if name in _codes() else _as_said(name) for name in names)


def _as_said(phrase: str) -> str:
    return norm(phrase).removeprefix("bên ").removeprefix("phía ")


@cache
def _codes() -> frozenset[str]:
    known = roster()
    return frozenset(u.code for u in known.units) | frozenset(g.code for g in known.groups)


@dataclass
class Score:
    """Counts over passages, and what went wrong in words."""

    gold: int = 0
    found: int = 0
    paired: int = 0
    lead: int = 0
    dated: int = 0
    deadline: int = 0
    kind: int = 0
    timed: int = 0
    time: int = 0
    precise: int = 0
    precision: int = 0
    clean: int = 0
    clean_of: int = 0
    co_gold: int = 0
    co_found: int = 0
    co_right: int = 0
    sure: int = 0
    sure_right: int = 0
    right: int = 0
    requests: int = 0
    requests_found: int = 0
    requests_paired: int = 0
    requests_from: int = 0
    requests_to: int = 0
    requests_as_tasks: int = 0
    misses: list[tuple[str, str]] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """Rates, rounded to a thousandth; a rate of nothing is 1."""
        return {
            "task_f1": rate(2 * self.paired, self.gold + self.found),
            "lead": rate(self.lead, self.paired),
            "deadline": rate(self.deadline, self.dated),
            "kind": rate(self.kind, self.paired),
            "time": rate(self.time, self.timed),
            "precision": rate(self.precision, self.precise),
            "clean": rate(self.clean, self.clean_of),
            "coordinators_f1": rate(2 * self.co_right, self.co_gold + self.co_found),
            "sure_right": rate(self.sure_right, self.sure),
            "sure_share": rate(self.sure, self.found),
            "request_f1": rate(2 * self.requests_paired, self.requests + self.requests_found),
            "request_from": rate(self.requests_from, self.requests_paired),
            "request_to": rate(self.requests_to, self.requests_paired),
            "requests_as_tasks": rate(self.requests_as_tasks, self.requests, of_none=0.0),
        }

    def miss(self, item: Item, what: str) -> None:
        self.misses.append((item["id"], f"{what} <- {item['text']}"))


def rate(part: int, whole: int, of_none: float = 1.0) -> float:
    return round(part / whole, 4) if whole else of_none


def run(items: Iterable[Item], units: Roster | None = None) -> Score:
    """Read every item and score it."""
    score = Score()
    extractor = Extractor(date(2025, 9, 24), roster() if units is None else units)
    for item in items:
        passage = text_passage(item["text"], item.get("floor"), item.get("speaker_role"))
        reading = extractor.at(date.fromisoformat(item["held_on"])).read(passage)
        _score_tasks(score, item, reading)
        _score_requests(score, item, reading)
    return score


def _score_tasks(score: Score, item: Item, reading: Reading) -> None:
    tasks, gold = reading.tasks, item["tasks"]
    matched = pairs([g["task"] for g in gold], [t.task for t in tasks])
    score.gold += len(gold)
    score.found += len(tasks)
    score.paired += len(matched)
    right = {j for i, j in matched if _score_pair(score, item, gold[i], tasks[j])}
    sure = {j for j, task in enumerate(tasks) if task.confidence >= SURE}
    score.right += len(right)
    score.sure += len(sure)
    score.sure_right += len(sure & right)
    for j in sorted(sure - right):
        score.miss(item, f"sure ({tasks[j].confidence:.2f}) but wrong: {tasks[j].task!r}")
    if len(matched) < max(len(gold), len(tasks)):
        score.miss(item, f"tasks found: {[t.task for t in tasks]}")
    if not gold:
        score.clean_of += 1
        score.clean += not tasks


def _score_pair(score: Score, item: Item, gold: Item, got: Candidate) -> bool:
    """Whether leads, date and kinds are right."""
    lead = bodies(got, LEAD) == expected(gold["lead"])
    due = (str(got.deadline.due_on) if got.deadline.due_on else None) == gold["deadline"]
    kind = got.deadline.kind == gold["deadline_kind"] and got.kind == gold["kind"]
    dated = gold["deadline_kind"] == "dated"
    helpers, others = bodies(got, COORDINATING), expected(gold["coordinating"])
    score.lead += lead
    score.dated += dated
    score.deadline += dated and due
    score.kind += kind
    score.timed += "deadline_time" in gold
    score.time += gold.get("deadline_time", "") == got.deadline.due_time
    score.precise += "precision" in gold
    score.precision += gold.get("precision", "") == got.deadline.precision
    score.co_gold += len(others)
    score.co_found += len(helpers)
    score.co_right += (Counter(helpers) & Counter(others)).total()
    if not (lead and due and kind):
        score.miss(
            item, f"{bodies(got, LEAD)} {got.deadline.kind} {got.deadline.due_on} {got.kind}"
        )
    if helpers != others:
        score.miss(item, f"co-ordinators {helpers} for {others}")
    return lead and due and kind


def _score_requests(score: Score, item: Item, reading: Reading) -> None:
    requests, gold = reading.requests, item["requests"]
    matched = pairs([g["request"] for g in gold], [r.task for r in requests])
    score.requests += len(gold)
    score.requests_found += len(requests)
    score.requests_paired += len(matched)
    for i, j in matched:
        sender = [gold[i]["from"]] if gold[i]["from"] else []
        from_right = bodies(requests[j], FROM) == expected(sender)
        to_right = bodies(requests[j], TO) == expected(gold[i]["to"])
        score.requests_from += from_right
        score.requests_to += to_right
        if not (from_right and to_right):
            score.miss(item, f"from {bodies(requests[j], FROM)} to {bodies(requests[j], TO)}")
    for wanted in gold:
        if any(overlap(wanted["request"], t.task) >= PAIRED_FROM for t in reading.tasks):
            score.requests_as_tasks += 1
            score.miss(item, "a request taken for a task")
    if len(matched) < max(len(gold), len(requests)):
        score.miss(item, f"requests found: {[r.task for r in requests]}")
