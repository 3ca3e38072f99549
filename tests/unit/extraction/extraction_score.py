"""The scorer of the labelled set, with its matching rules written down.

A task matches the gold one to one, best token overlap first, when the overlap (shared tokens over
the longer of both) is at least 0.5. Lead, co-ordinators and deadline are compared on matched pairs.
A lead is right when its codes, groups or (case-folded) phrases are the gold's, in any order.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from transcription.extraction.extract import Extractor, text_passage
from transcription.text import norm

DATA = Path(__file__).resolve().parents[2] / "data" / "extraction"


def load(name):
    with open(DATA / name, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def overlap(first, second):
    a, b = Counter(norm(first).split()), Counter(norm(second).split())
    longer = max(sum(a.values()), sum(b.values()))
    return sum((a & b).values()) / longer if longer else 0.0


def bodies(candidate, role):
    return sorted(u.code or u.group or norm(u.phrase) for u in candidate.of_role(role))


def expected(names):
    return sorted(n if n.isupper() or n.isdigit() or "_" in n or n == "departments" else norm(n)
                  for n in names)  # fmt: skip


@dataclass
class Score:
    gold: int = 0
    found: int = 0
    matched: int = 0
    lead: int = 0
    coordinating: int = 0
    dated: int = 0
    deadline: int = 0
    kind: int = 0
    clean: int = 0
    clean_of: int = 0
    sure: int = 0
    sure_right: int = 0
    requests: int = 0
    requests_found: int = 0
    requests_matched: int = 0
    requests_from: int = 0
    requests_to: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def f1(self):
        return 2 * self.matched / (self.gold + self.found) if self.gold + self.found else 1.0

    @property
    def requests_f1(self):
        total = self.requests + self.requests_found
        return 2 * self.requests_matched / total if total else 1.0


def pairs(gold, found, text_of):
    ranked = sorted(
        (
            (overlap(g[text_of], f.task), i, j)
            for i, g in enumerate(gold)
            for j, f in enumerate(found)
        ),
        reverse=True,
    )
    used_gold, used_found, out = set(), set(), []
    for value, i, j in ranked:
        if value >= 0.5 and i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            out.append((gold[i], found[j]))
    return out


def _score_tasks(score, item, tasks):
    matched = pairs(item["tasks"], tasks, "task")
    score.gold += len(item["tasks"])
    score.found += len(tasks)
    score.matched += len(matched)
    right = set()
    for gold, got in matched:
        lead = bodies(got, "lead") == expected(gold["lead"])
        due = (str(got.deadline.due_on) if got.deadline.due_on else None) == gold["deadline"]
        kind = got.deadline.kind == gold["deadline_kind"]
        score.lead += lead
        score.coordinating += bodies(got, "coordinating") == expected(gold["coordinating"])
        score.dated += gold["deadline_kind"] == "dated"
        score.deadline += due and gold["deadline_kind"] == "dated"
        score.kind += kind and got.kind == gold["kind"]
        if lead and due and kind:
            right.add(id(got))
        else:
            score.misses.append(f"{item['id']} {bodies(got, 'lead')} {got.deadline.due_on} "
                                f"{got.deadline.kind} <- {item['text']}")  # fmt: skip
    for got in tasks:
        score.sure += got.confidence >= 0.9
        score.sure_right += got.confidence >= 0.9 and id(got) in right
    if len(matched) < max(len(item["tasks"]), len(tasks)):
        score.misses.append(f"{item['id']} found {[t.task for t in tasks]} <- {item['text']}")
    if not item["tasks"]:
        score.clean_of += 1
        score.clean += not tasks


def _score_requests(score, item, requests):
    matched = pairs(item["requests"], requests, "request")
    score.requests += len(item["requests"])
    score.requests_found += len(requests)
    score.requests_matched += len(matched)
    for gold, got in matched:
        score.requests_from += bodies(got, "from") == expected(
            [gold["from"]] if gold["from"] else []
        )
        score.requests_to += bodies(got, "to") == expected(gold["to"])
    if len(matched) < max(len(item["requests"]), len(requests)):
        score.misses.append(f"{item['id']} requests {[r.task for r in requests]} <- {item['text']}")


def run(items, roster):
    score = Score()
    extractor = Extractor(date(2025, 9, 24), roster)
    for item in items:
        passage = text_passage(item["text"], item.get("floor"), item.get("speaker_role"))
        reading = extractor.at(date.fromisoformat(item["held_on"])).read(passage)
        _score_tasks(score, item, reading.tasks)
        _score_requests(score, item, reading.requests)
    return score
