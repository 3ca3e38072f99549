"""Words and signs of a text with their places in it.

Rules look at `low` (the form of comparison) and answer with `start` and `end`, code points of the
text as given, so a quote can always be cut out verbatim. Letters followed by combining marks are
one word, so decomposed input keeps its offsets too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from transcription.text.vi_normalize import lowered

# 1.000.000 is one number, 15.10.2025 and 17h00 are several tokens.
_TOKEN = re.compile(
    r"([^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*"
    r"|\d{1,3}(?:[.,]\d{3})+(?![\d])|\d+|\n+|[^\s\w]|_)"
)


class Token(NamedTuple):
    low: str
    start: int
    end: int
    upper: bool
    word: bool


def tokenize(text: str) -> list[Token]:
    """The tokens of `text` in order."""
    parts = _TOKEN.split(text)  # what lies between, a token, what lies between …
    raws = parts[1::2]
    forms = {raw: _form(raw) for raw in set(raws)}
    tokens: list[Token] = []
    end = 0
    for between, raw in zip(parts[::2], raws, strict=False):
        low, upper, word = forms[raw]
        start = end + len(between)
        end = start + len(raw)
        tokens.append(_token(Token, (low, start, end, upper, word)))
    return tokens


_token = tuple.__new__  # what `Token(…)` does, without the call around it


def _form(raw: str) -> tuple[str, bool, bool]:
    """`low`, `upper` and `word` of a token."""
    if raw[0].isalnum():
        return lowered(raw), raw[0].isupper(), True
    if raw[0] == "\n":
        return "\n" if len(raw) == 1 else "\n\n", False, False
    return raw, False, False


def lows(tokens: list[Token]) -> list[str]:
    return [token.low for token in tokens]


def is_cased(tokens: Sequence[Token]) -> bool:
    """Is it text with capitals, as people write it, not as recognisers do?"""
    return len([True for token in tokens if token.upper]) * 20 > len(tokens)
