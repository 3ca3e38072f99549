"""Extraction under recogniser noise: 5,000 generated items each at 0, 10, 20 and 30 % of syllables.

    python tests/bench/bench_extraction_stress.py [items 5000] [seed 1]

Prints one JSON line, figures named NOISE.FIGURE, and exits with 1 when a target (from 10 % up) is
missed:
- `found`: demands paired with a candidate by task overlap ≥ 0.5 (no target: a lost verb of demand
  is the noise's fault);
- `deadline`: of paired demands whose deadline words were untouched, those with the right date and
  kind (a demand without a deadline must get none);
- `unit`: of all leads' names as misheard, those the matcher resolves alone or has among its three;
- `lead`: the same of the paired demands' leads, in the whole sentence (no target);
- `wrong_sure`: candidates with confidence ≥ 0.9 that name, as lead or co-ordinator, a unit nobody
  said, over all candidates.
Slips of one unit's name into another's (tone noise can do that) count as wrong: no allowance.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.extraction_scorer import SURE, pairs, rate, roster
from tests.bench.extraction_stress import FIRST_DAY, Generator, StressItem, Wanted
from tests.bench.extraction_targets import at_least, at_most, report
from transcription.contract.candidates import LEAD, Candidate
from transcription.extraction.extract import Extractor, text_passage
from transcription.text.unit_matcher import UnitMatcher

RATES = (0.0, 0.1, 0.2, 0.3)


def judge(count: Counter[str], item: StressItem, tasks: list[Candidate]) -> None:
    """Count what one item's candidates got right."""
    meant = {code for wanted in item.wanted for code in (wanted.lead, wanted.other)}
    count["demands"] += len(item.wanted)
    count["candidates"] += len(tasks)
    for task in tasks:
        wrong = any(unit.code is not None and unit.code not in meant for unit in task.units)
        count["wrong_sure"] += wrong and task.confidence >= SURE
    matched = pairs([wanted.task for wanted in item.wanted], [task.task for task in tasks])
    for i, j in matched:
        judge_pair(count, item.wanted[i], tasks[j])


def judge_pair(count: Counter[str], wanted: Wanted, task: Candidate) -> None:
    count["paired"] += 1
    count["lead"] += any(
        wanted.lead in (unit.code, *(code for code, _ in unit.choices))
        for unit in task.of_role(LEAD)
    )
    if wanted.due_touched:
        return
    due, kind = (wanted.due.due, wanted.due.kind) if wanted.due else (None, "none")
    count["readable"] += 1
    count["deadline"] += (task.deadline.due_on, task.deadline.kind) == (due, kind)


def measure(noise: float, items: int, seed: int) -> dict[str, float]:
    matcher, extractor = UnitMatcher(roster()), Extractor(FIRST_DAY, roster())
    generator = Generator(roster(), noise, seed)
    count: Counter[str] = Counter()
    for _ in range(items):
        item = generator.item()
        reading = extractor.at(item.held_on).read(text_passage(item.text, None, "chair"))
        judge(count, item, reading.tasks)
        for wanted in item.wanted:
            match = matcher.match(wanted.lead_said)
            count["unit"] += wanted.lead in (match.code, *(code for code, _ in match.choices[:3]))
            count["unit_wrong"] += match.code not in (None, wanted.lead)
    return {
        "found": rate(count["paired"], count["demands"]),
        "deadline": rate(count["deadline"], count["readable"]),
        "unit": rate(count["unit"], count["demands"]),
        "unit_wrong": rate(count["unit_wrong"], count["demands"]),
        "lead": rate(count["lead"], count["paired"]),
        "wrong_sure": rate(count["wrong_sure"], count["candidates"]),
    }


def main() -> int:
    items, seed = (*map(int, sys.argv[1:3]), *(5000, 1)[len(sys.argv) - 1 :])
    figures: dict[str, float] = {"items": items, "seed": seed}
    for noise in RATES:
        measured = measure(noise, items, seed)
        figures |= {f"{noise:.0%}.{name}": value for name, value in measured.items()}
    names = [f"{noise:.0%}" for noise in RATES if noise]
    targets = [
        *at_least(**{f"{name}.deadline": 0.97 for name in names}, **{"20%.unit": 0.98}),
        *at_most(**{f"{name}.wrong_sure": 0.003 for name in names}),
    ]
    return report("extraction_stress", figures, targets)


if __name__ == "__main__":
    sys.exit(main())
