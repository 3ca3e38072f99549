"""Fits the weights of `transcription/extraction/demands/confidence.py` on the development half.

    python tests/bench/fit_confidence.py

Rows: every task candidate found in the development passages as they are (weight 1), in lower case
without signs (1), and misheard in one (0.5) or two (0.25) syllables of ten; right or wrong as the
scorer says. Logistic regression by gradient descent with a ridge towards nought on all weights but
the first. Prints the weights to be rounded into the table, and the calibration they give on the
rows. Signs that fewer than five rows tell of keep the weight they have. The test half is not read.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from math import exp
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.extraction_noise import noisy
from tests.bench.extraction_scorer import (
    SURE,
    Item,
    Score,
    _score_pair,
    half_of,
    load,
    pairs,
    roster,
)
from transcription.extraction.demands.confidence import WEIGHTS, confidence, signs
from transcription.extraction.demands.spans import Draft
from transcription.extraction.extract import Extractor, text_passage
from transcription.extraction.scene import Scene

STEPS, RATE, RIDGE, FEW = 400, 0.5, 2.0, 5


class Row(NamedTuple):
    source: str
    weight: float
    signs: frozenset[str]
    right: bool
    confidence: float


def spoken(item: Item) -> Item | None:
    """Without capitals and signs, when that leaves one readable sentence."""
    if re.search(r"\d[/.]\d|[.;?!] \S", item["text"]):
        return None
    return {**item, "text": re.sub(r"[,.;:?!]", "", item["text"].lower())}


def misheard(item: Item, share: float) -> Item:
    words = noisy(item["text"].split(), share, random.Random(f"{item['id']} {share}"))
    return {**item, "text": " ".join(word for word, _ in words)}


def variants() -> Iterator[tuple[str, float, Item]]:
    for item in load():
        if half_of(item["id"]) != "dev":
            continue
        yield "as it is", 1.0, item
        heard = item if item["style"] == "recognised" else spoken(item)
        if heard is None:
            continue
        if heard is not item:
            yield "spoken", 1.0, heard
        yield "misheard 0.1", 0.5, misheard(heard, 0.1)
        yield "misheard 0.2", 0.25, misheard(heard, 0.2)


def rows() -> list[Row]:
    seen: list[tuple[Scene, Draft]] = []

    def noted(scene: Scene, draft: Draft) -> float:
        seen.append((scene, draft))
        return confidence(scene, draft)

    import_module("transcription.extraction.reading").__dict__["confidence"] = noted
    extractor, found = Extractor(date(2025, 9, 24), roster()), []
    for source, weight, item in variants():
        seen.clear()
        passage = text_passage(item["text"], item.get("floor"), item.get("speaker_role"))
        tasks = extractor.at(date.fromisoformat(item["held_on"])).read(passage).tasks
        gold = item["tasks"]
        right = {
            j
            for i, j in pairs([g["task"] for g in gold], [t.task for t in tasks])
            if _score_pair(Score(), item, gold[i], tasks[j])
        }
        for j, (task, (scene, draft)) in enumerate(zip(tasks, seen, strict=True)):
            held = frozenset({"always", *signs(scene, draft)})
            found.append(Row(source, weight, held, j in right, task.confidence))
    return found


def fitted(given: list[Row]) -> dict[str, float]:
    told = Counter(sign for row in given for sign in row.signs)
    free = [sign for sign in WEIGHTS if told[sign] >= FEW]
    weights = dict(WEIGHTS)
    total = sum(row.weight for row in given)
    for _ in range(STEPS):
        slope = dict.fromkeys(free, 0.0)
        for row in given:
            off = row.right - 1 / (1 + exp(-sum(weights[sign] for sign in row.signs)))
            for sign in row.signs & slope.keys():
                slope[sign] += row.weight * off
        for sign in free:
            pull = 0.0 if sign == "always" else RIDGE * weights[sign]
            scale = sum(row.weight for row in given if sign in row.signs) ** 0.5
            weights[sign] += RATE * (slope[sign] - pull) / (total**0.5 * scale) * 2
    return weights


def calibration(given: list[Row], weights: dict[str, float]) -> Iterator[str]:
    for source in dict.fromkeys(row.source for row in given):
        mine = [row for row in given if row.source == source]
        value = {row: 1 / (1 + exp(-sum(weights[s] for s in row.signs))) for row in mine}
        sure = [row for row in mine if value[row] >= SURE]
        rate = sum(row.right for row in sure) / len(sure) if sure else 1.0
        all_right = sum(row.right for row in mine) / len(mine)
        yield (
            f"{source}: {len(mine)} candidates, {all_right:.3f} right; "
            f"sure {len(sure) / len(mine):.3f} of them, {rate:.3f} right"
        )


def main() -> int:
    given = rows()
    weights = fitted(given)
    told = Counter(sign for row in given for sign in row.signs)
    for sign, weight in weights.items():
        print(f"{sign:18} {weight:5.2f}  was {WEIGHTS[sign]:5.2f}  rows {told[sign]}")
    print("as the table is:", *calibration(given, WEIGHTS), sep="\n  ")
    print("as fitted:", *calibration(given, weights), sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
