"""One spelling for comparison: Unicode form, case, tone placement, numbers, punctuation.

`norm` is the normal form of keys and of exact search (model §5.2), `fold` drops diacritics for
search without them. Neither changes what a person reads: spans always refer to the text as given.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from transcription.text.vi_numbers import digits_for_words

_MARKS = "\u0300\u0301\u0303\u0309\u0323"
_LETTERS = {"o": "oòóõỏọ", "a": "aàáãảạ", "e": "eèéẽẻẹ", "u": "uùúũủụ", "y": "yỳýỹỷỵ"}


def _placements() -> dict[str, str]:
    pairs = {}
    for first, second in (("o", "a"), ("o", "e"), ("u", "y")):
        for n in range(1, len(_MARKS) + 1):
            pairs[first + _LETTERS[second][n]] = _LETTERS[first][n] + second
    return pairs


_NEW_TO_OLD = _placements()
# The tone moves only in an open syllable, and "qu" is a consonant: "hoàn" and "quý" stay.
_NEW_PLACEMENT = re.compile(r"(?<!q)(" + "|".join(_NEW_TO_OLD) + r")(?![^\W\d_])")
_PUNCTUATION = re.compile(r"[^\w\s]|_")
_LONGEST_KEPT = 24  # a language has few words: their forms are kept, those of texts are not
_SPACES = re.compile(r"\s+")


def tone_placed(text: str) -> str:
    """`text` (lower case) with the tone of open oa, oe, uy on the first vowel: hoà → hòa."""
    return _NEW_PLACEMENT.sub(lambda match: _NEW_TO_OLD[match.group()], text)


def lowered(text: str) -> str:
    """NFC, case-folded, one tone placement; spaces and punctuation stay."""
    return _lowered_word(text) if len(text) <= _LONGEST_KEPT else _lowered(text)


@lru_cache(maxsize=1 << 14)
def _lowered_word(word: str) -> str:
    return _lowered(word)


def _lowered(text: str) -> str:
    return tone_placed(unicodedata.normalize("NFC", text).casefold())


def norm(text: str) -> str:
    """The normal form of model §5.2: NFC, case, tone placement, numbers to digits, no punctuation.

    Diacritics stay: "Tân An" and "Tân Ân" differ. Idempotent.
    """
    plain = _PUNCTUATION.sub(" ", lowered(text))
    return _SPACES.sub(" ", digits_for_words(plain)).strip()


def fold(text: str) -> str:
    """Lower case without diacritics, đ → d, for search by people who type none."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d")
