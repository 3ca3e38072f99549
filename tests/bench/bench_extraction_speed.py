"""Speed of extraction on one core, memory over many sentences, and the worst hostile inputs.

    python tests/bench/bench_extraction_speed.py [--million] [--inputs]

Prints one JSON line and exits with 1 when a target is missed. Times are CPU time of this process:
- `sentences_per_second`: the labelled passages (`sentence` = what a full stop, semicolon, question
  or exclamation mark ends; a passage without signs is one), best of three rounds;
- `stress_sentences_per_second`: misheard generated demands, all of them different;
- `memory_growth_mb`: resident memory after 50,000 different sentences (a million with
  `--million`) less that after the first tenth: caches must be bounded;
- `worst_ms`: the slowest of the 20,000-character inputs below, each the better of two readings;
  `worst_growth`: the most that twice the length multiplies its time (2 is linear); `--inputs`
  prints each of them first.
"""

from __future__ import annotations

import os
import random
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.extraction_scorer import Item, load, roster
from tests.bench.extraction_stress import FIRST_DAY, Generator
from tests.bench.extraction_targets import at_least, at_most, report
from transcription.extraction.extract import Extractor, text_passage

LENGTH = 20_000
SENTENCE_END = re.compile(r"[.;?!](?:\s|$)")
REPEATED = (
    "a", "1", " ", "\n", ",", ".", "(", "😀", "漢", "\u0301", "trước ", "ngày ", "trước ngày ",
    "ngày mười ", "15/10 ", "31/2, ", "tháng mười năm ", "hai ", "hai mươi mốt nghìn ", "thứ hai ",
    "giao ", "giao xã ", "yêu cầu ", "đề nghị ", "kiến nghị tỉnh ", "phối hợp với ", "và ", "là ",
    "xã ", " xã", "xã tân ", "sở ", "sở tài chính, ", "xã đầm dơi và ", ", xã đầm dơi và",
    "các xã tân thuận, tân tiến, ", "ủy ban nhân dân ", "ũy bang nhâng dâng ", "đồng chí ",
    "chủ tịch ", "à không ", "không phải ", "khi có ", "kể từ ngày ", "định kỳ ", "từ ngày đến ",
    "giao xã đầm dơi rà soát trước ngày mười ", "Giao xã Đầm Dơi rà soát hộ nghèo. ",
    "ba xã tân thuận tân tiến thanh tùng ", "nếu ", "(i) ", "thứ nhất ", "việc này ",
    "xã đầm giơi nạo vét kênh trước ngày mười lăm tháng mười ",
)  # fmt: skip


def sentences_in(text: str) -> int:
    return max(1, len(SENTENCE_END.findall(text)))


def labelled_speed(extractor: Extractor, items: list[Item]) -> float:
    count = sum(sentences_in(item["text"]) for item in items)
    readers = {day: extractor.at(date.fromisoformat(day)) for day in {i["held_on"] for i in items}}
    best = 0.0
    for _ in range(3):
        began = process_time()
        for item in items:
            passage = text_passage(item["text"], item.get("floor"), item.get("speaker_role"))
            readers[item["held_on"]].read(passage)
        best = max(best, count / (process_time() - began))
    return best


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def many(extractor: Extractor, sentences: int) -> tuple[float, float]:
    """Sentences a second, and the growth of memory in MB."""
    generator = Generator(roster(), 0.2, 7)
    read, spent, early = 0, 0.0, 0.0
    while read < sentences:
        item = generator.item()
        began = process_time()
        extractor.read(text_passage(item.text, None, "chair"))
        spent += process_time() - began
        read += len(item.wanted)
        if not early and read >= sentences / 10:
            early = resident_mb()
    return read / spent, resident_mb() - early


def reading_ms(extractor: Extractor, text: str) -> float:
    times = []
    for _ in range(2):
        began = process_time()
        extractor.read(text_passage(text, None, None))
        times.append(process_time() - began)
    return 1000 * min(times)


def hostile_inputs() -> Iterator[str]:
    """Each piece over and over, and seeded mixtures of all of them."""
    for piece in REPEATED:
        yield piece * (LENGTH // len(piece) + 1)
    for seed in range(5):
        rng = random.Random(seed)
        yield "".join(rng.choices(REPEATED, k=LENGTH))
        yield "".join(rng.choices("aăđ ơ,.1/0🙂\n", k=LENGTH))


def hostile(read: Callable[[str], float]) -> dict[str, float]:
    """The slowest input's time, and the steepest growth from half the length."""
    worst = growth = 0.0
    slow = 0
    for whole in hostile_inputs():
        text = whole[:LENGTH]
        took, half = read(text), read(text[: LENGTH // 2])
        worst = max(worst, took)
        slow += took > 50
        growth = max(growth, took / half if half > 5 else 0.0)
        if "--inputs" in sys.argv[1:]:
            print(f"{took:8.1f} ms {took / half:5.2f} {text[:24]!r}")
    return {"worst_ms": round(worst, 1), "slow_inputs": slow, "worst_growth": round(growth, 2)}


def main() -> int:
    extractor = Extractor(FIRST_DAY, roster())
    items = load()
    labelled_speed(extractor, items[:50])
    speed = labelled_speed(extractor, items)
    figures = hostile(lambda text: reading_ms(extractor, text))
    sentences = 1_000_000 if "--million" in sys.argv[1:] else 50_000
    stressed, growth = many(extractor, sentences)
    figures |= {
        "sentences_per_second": round(speed),
        "stress_sentences_per_second": round(stressed),
        "memory_sentences": sentences,
        "memory_growth_mb": round(growth, 1),
    }
    targets = [
        *at_least(sentences_per_second=2000),
        *at_most(worst_ms=50, worst_growth=3, memory_growth_mb=10),
    ]
    return report("extraction_speed", figures, targets)


if __name__ == "__main__":
    sys.exit(main())
