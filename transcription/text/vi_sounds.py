"""How alike two names sound: what recognisers and people confuse, as data.

`sound_key` merges ch/tr, s/x, d/gi/v/r, l/n at the start, n/ng at the end and the tones hỏi/ngã;
it keeps every vowel and the other tones, so "Tân An" and "Tân Ân" stay different.
"""

from __future__ import annotations

import unicodedata

_FIRST = (
    ("ngh", "ng"), ("gh", "g"), ("gi", "z"), ("tr", "c"), ("ch", "c"), ("qu", "kw"),
    ("d", "z"), ("v", "z"), ("r", "z"), ("s", "x"), ("k", "c"),
)  # fmt: skip
_LAST = (("ng", "n"), ("nh", "n"), ("ch", "t"), ("c", "t"), ("p", "t"), ("y", "i"))
_TONES = {"\u0303": "\u0309"}  # ngã → hỏi


def _syllable(word: str) -> str:
    for spelled, sound in _FIRST:
        if word.startswith(spelled) and len(word) > len(spelled):
            word = sound + word[len(spelled) :]
            break
    for spelled, sound in _LAST:
        if word.endswith(spelled) and len(word) > len(spelled) + 1:
            word = word[: -len(spelled)] + sound
            break
    return word


def sound_key(text: str) -> str:
    """The sound of lower-case `text`, syllable by syllable."""
    merged = "".join(_TONES.get(c, c) for c in unicodedata.normalize("NFD", text))
    plain = unicodedata.normalize("NFC", merged)
    return " ".join(_syllable(word) for word in plain.split())
