"""A figure against its target, and the one line of JSON a benchmark prints. No measuring here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

AT_LEAST, AT_MOST = ">=", "<="


@dataclass(frozen=True, slots=True)
class Target:
    figure: str
    sense: str
    bound: float

    def missed(self, figures: Mapping[str, float]) -> bool:
        value = figures[self.figure]
        return value < self.bound if self.sense == AT_LEAST else value > self.bound


def at_least(**bounds: float) -> list[Target]:
    return [Target(name, AT_LEAST, bound) for name, bound in bounds.items()]


def at_most(**bounds: float) -> list[Target]:
    return [Target(name, AT_MOST, bound) for name, bound in bounds.items()]


def report(bench: str, figures: Mapping[str, float], targets: list[Target]) -> int:
    """Print the line; 1 when a target is missed, else 0."""
    missed = [target.figure for target in targets if target.missed(figures)]
    line = {
        "bench": bench,
        "figures": dict(figures),
        "targets": {target.figure: f"{target.sense} {target.bound:g}" for target in targets},
        "missed": missed,
    }
    print(json.dumps(line, ensure_ascii=False))
    return 1 if missed else 0
