"""The names of the rules, what each is about, and its examples: data in `rules/*.toml`.

A candidate's `reasons` and the reasons for what was not taken are names of rules. Each rule has two
passages where it fires and one where it must not; the tests hold them to it. No rule lives here:
the code of a rule is where its name is given out.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "rules"
FAMILIES = ("demands", "refusals", "deadlines")
HELD_ON = date(2025, 9, 24)  # the meeting of the examples, a Wednesday
# Names that end in the words that fired ("given.giao_cho") are of the rule before the dot.
_WORDED = ("given", "misheard", "request")


@dataclass(frozen=True, slots=True)
class Rule:
    """`fires` and `silent`: passages said at a meeting on `held_on`."""

    name: str
    family: str
    about: str
    fires: tuple[str, ...]
    silent: tuple[str, ...]
    held_on: date = HELD_ON


@cache
def rules() -> dict[str, Rule]:
    """All rules by name; those of the deadline reader are named "deadline.RULE" in reasons."""
    found: dict[str, Rule] = {}
    for family in FAMILIES:
        with open(FOLDER / f"{family}.toml", "rb") as file:
            for name, entry in tomllib.load(file).items():
                full = f"deadline.{name}" if family == "deadlines" else name
                found[full] = Rule(
                    full,
                    family,
                    entry["about"],
                    tuple(entry["fires"]),
                    tuple(entry["silent"]),
                    entry.get("held_on", HELD_ON),
                )
    return found


def rule_of(reason: str) -> Rule | None:
    """The rule that a reason names ("given.giao_cho" → "given"); None for a name nobody knows."""
    head = reason.split(".", 1)[0]
    return rules().get(head if head in _WORDED else reason)
