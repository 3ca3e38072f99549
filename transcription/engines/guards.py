"""Flags what the engine made up. Pure; flags and splits, never deletes.

Order and thresholds are measured ones (a phrase list alone catches nothing, the confidence guard
after voice detection leaves 8 % of invented text): no speech, compression, low probability, a
phrase repeated three times, then the list of known inventions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from transcription.contract.clips import SegmentFlag

NO_SPEECH = 0.6
NO_SPEECH_LOGPROB = -1.0
COMPRESSION = 2.4
LOGPROB = -1.3
REPEATS = 3
PHRASE_WORDS = range(3, 7)
SHORT_ANSWERS = frozenset(
    ("vâng", "dạ", "rõ", "có", "không", "đồng ý", "nhất trí", "vâng ạ", "dạ có", "dạ vâng", "dạ rõ")
)
"""Answers so short that the engine's measures say nothing about them: never flagged by those."""

_LETTERS = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """Lower-case words without punctuation."""
    return _LETTERS.findall(text.casefold())


def flag_by_measures(
    text: str, avg_logprob: float, no_speech: float, compression: float
) -> SegmentFlag | None:
    """The flag that the engine's own figures and a repeated phrase give a segment."""
    words = words_of(text)
    if " ".join(words) in SHORT_ANSWERS:
        return None
    if no_speech > NO_SPEECH and avg_logprob < NO_SPEECH_LOGPROB:
        return SegmentFlag.NO_SPEECH
    if compression > COMPRESSION:
        return SegmentFlag.COMPRESSION
    if avg_logprob < LOGPROB:
        return SegmentFlag.LOGPROB
    return SegmentFlag.REPEAT if repeats_phrase(words) else None


def repeats_phrase(words: Sequence[str]) -> bool:
    """True when a phrase of three to six words comes three times in a row. Apart from each other
    they are speech: three communes named in full share "ủy ban nhân dân"."""
    for size in PHRASE_WORDS:
        for start in range(len(words) - size * REPEATS + 1):
            phrase = words[start : start + size]
            if all(
                words[start + size * n : start + size * (n + 1)] == phrase
                for n in range(1, REPEATS)
            ):
                return True
    return False


def invented_stretches(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Which of a segment's words (as written, one a text) belong to known inventions: [from, to) of
    the list. An invention is often glued before true speech, so the rest stays unflagged."""
    joined, owners = "", []
    for n, text in enumerate(texts):
        for word in words_of(text):
            joined += f"{word} "
            owners += [n] * (len(word) + 1)
    found: list[tuple[int, int]] = []
    for pattern in _inventions():
        for match in pattern.finditer(joined):
            found.append((owners[match.start()], owners[match.end() - 1] + 1))
    return _merged(found)


def _merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@cache
def _inventions() -> tuple[re.Pattern[str], ...]:
    lines = (Path(__file__).parent / "invented_vi.txt").read_text(encoding="utf-8").splitlines()
    return tuple(
        re.compile(rf"(?<!\S)(?:{line})(?!\S)") for line in lines if line and line[0] != "#"
    )
