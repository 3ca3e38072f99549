"""Parts of a week, month, quarter or year: "đầu", "giữa", "nửa đầu", "cuối", "hết" before it."""

from __future__ import annotations

from collections.abc import Sequence

from transcription.text.vi_time_words import at, starts

Words = Sequence[str]

_PARTS = {
    ("những", "ngày", "cuối"): "end",
    ("ngày", "cuối", "cùng", "của"): "end",
    ("ngày", "cuối", "cùng"): "end",
    ("ngày", "cuối"): "end",
    ("thượng", "tuần"): "start",
    ("trung", "tuần"): "middle",
    ("hạ", "tuần"): "end",
    ("nửa", "đầu"): "first_half",
    ("nửa", "cuối"): "end",
    ("đầu",): "start",
    ("giữa",): "middle",
    ("cuối",): "end",
    ("hết",): "whole",
}


_PART_FIRST = frozenset(phrase[0] for phrase in _PARTS)


def part_of(words: Words, i: int) -> tuple[str, int]:
    if at(words, i) not in _PART_FIRST:
        return "whole", i
    for phrase, part in _PARTS.items():
        if starts(words, i, phrase):
            return part, i + len(phrase)
    return "whole", i
