"""Quality of extraction on the labelled set: both halves, written and recogniser style.

    python tests/bench/bench_extraction.py [--misses]

Prints one JSON line: figures named HALF.STYLE.FIGURE (matching rules: `extraction_scorer`), the
targets, which stand for the test half only, and those missed; exit status 1 when one is. Requests,
co-ordinators and calibration are few by style, so they are taken over both styles (HALF.all).
`dev_fresh` is the development half without the passages written while the rules were (ids g…).
`--misses` prints before it what went wrong on the development half, never on the test half.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.extraction_scorer import half_of, load, run
from tests.bench.extraction_targets import Target, at_least, at_most, report

STYLES = ("written", "recognised")


def targets() -> list[Target]:
    return [
        *at_least(
            **{
                "test.written.task_f1": 0.92,
                "test.written.lead": 0.94,
                "test.written.deadline": 0.98,
                "test.written.clean": 0.94,
                "test.recognised.task_f1": 0.88,
                "test.recognised.lead": 0.90,
                "test.recognised.deadline": 0.96,
                "test.recognised.clean": 0.92,
                "test.all.coordinators_f1": 0.90,
                "test.all.sure_right": 0.90,
                "test.all.sure_share": 0.60,
                "test.all.request_f1": 0.85,
                "test.all.request_from": 0.95,
                "test.all.request_to": 0.85,
            }
        ),
        *at_most(**{"test.all.requests_as_tasks": 0.03}),
    ]


def main() -> int:
    items = load()
    figures: dict[str, float] = {}
    for half in ("dev", "test"):
        mine = [item for item in items if half_of(item["id"]) == half]
        if half == "dev":
            fresh = run([item for item in mine if not item["id"].startswith("g")])
            figures |= {f"dev_fresh.{name}": value for name, value in fresh.figures().items()}
        whole = run(mine)
        figures |= {f"{half}.all.{name}": value for name, value in whole.figures().items()}
        for style in STYLES:
            score = run([item for item in mine if item["style"] == style])
            named = {f"{half}.{style}.{name}": value for name, value in score.figures().items()}
            figures |= {f"{half}.{style}.tasks": score.gold} | named
        if half == "dev" and "--misses" in sys.argv[1:]:
            for item_id, what in whole.misses:
                print(item_id, what)
    return report("extraction", figures, targets())


if __name__ == "__main__":
    sys.exit(main())
