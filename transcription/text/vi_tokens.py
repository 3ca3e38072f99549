"""Words and signs of a text with their places in it.

Rules look at `low` (the form of comparison) and answer with `start` and `end`, code points of the
text as given, so a quote can always be cut out verbatim. Letters followed by combining marks are
one word, so decomposed input keeps its offsets too.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from transcription.text.vi_normalize import lowered

# 1.000.000 is one number, 15.10.2025 and 17h00 are several tokens.
_TOKEN = re.compile(
    r"\d{1,3}(?:[.,]\d{3})+(?![\d])|\d+|(?:[^\W\d_][\u0300-\u036f]*)+|\n+|[^\s\w]|_"
)


class Token(NamedTuple):
    low: str
    start: int
    end: int
    upper: bool
    word: bool


def tokenize(text: str) -> list[Token]:
    tokens = []
    for match in _TOKEN.finditer(text):
        raw, start, end = match[0], match.start(), match.end()
        first = raw[0]
        if first.isalnum():
            tokens.append(Token(lowered(raw), start, end, first.isupper(), True))
        elif first == "\n":
            tokens.append(Token("\n" if len(raw) == 1 else "\n\n", start, end, False, False))
        else:
            tokens.append(Token(raw, start, end, False, False))
    return tokens


def lows(tokens: list[Token]) -> list[str]:
    return [token.low for token in tokens]
