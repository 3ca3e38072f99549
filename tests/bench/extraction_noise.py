"""What a recogniser does to Vietnamese syllables, seeded: the noise of the stress benchmark.

A touched syllable gets one confusion: another tone (hỏi and ngã most of all), ch/tr, s/x, d/gi/v/r
at its start, n/ng at its end. Fillers may be dropped. No word is made up and none of the product's
own sound rules is used here, so that the benchmark cannot agree with them by construction.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

GRAVE, ACUTE, TILDE, HOOK, DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_TONES = (GRAVE, ACUTE, TILDE, HOOK, DOT)
_NEAR_TONES = {
    "": (GRAVE, ACUTE),
    GRAVE: ("", DOT),
    ACUTE: ("", TILDE),
    TILDE: (HOOK, HOOK, HOOK, ACUTE),
    HOOK: (TILDE, TILDE, TILDE, ""),
    DOT: (GRAVE, ACUTE),
}
_NEAR_STARTS = {
    "ch": ("tr",), "tr": ("ch",), "s": ("x",), "x": ("s",),
    "gi": ("d", "r"), "d": ("gi", "v"), "v": ("d", "r"), "r": ("g", "d"),
}  # fmt: skip
_STOPS = ("c", "ch", "p", "t")
_BACK_VOWELS = "aăâoôơuư"
FILLERS = frozenset({"ờ", "à", "thì", "là", "ừ"})


def confused(syllable: str, rng: random.Random) -> str:
    """Another syllable that sounds like `syllable` (lower case); the same if nothing applies."""
    ways: list[Callable[[str, random.Random], str | None]] = [_tone, _tone, _start, _end]
    rng.shuffle(ways)
    for way in ways:
        other = way(syllable, rng)
        if other is not None and other != syllable:
            return other
    return syllable


def noisy(words: list[str], rate: float, rng: random.Random) -> list[tuple[str, bool]]:
    """Each word as heard and whether it was touched; a dropped filler is left out."""
    heard = []
    for word in words:
        touched = rng.random() < rate
        if touched and word in FILLERS:
            continue
        other = confused(word, rng) if touched else word
        heard.append((other, other != word))
    return heard


def _tone(syllable: str, rng: random.Random) -> str | None:
    parts = unicodedata.normalize("NFD", syllable)
    mark = next((c for c in parts if c in _TONES), "")
    bare = parts.replace(mark, "", 1) if mark else parts
    if syllable.endswith(_STOPS):
        new = DOT if mark == ACUTE else ACUTE
    else:
        new = rng.choice(_NEAR_TONES[mark])
    place = _tone_place(bare)
    if place is None:
        return None
    return unicodedata.normalize("NFC", bare[: place + 1] + new + bare[place + 1 :])


def _tone_place(bare: str) -> int | None:
    """Index in NFD text of the letter (or its hat, horn, breve) that carries the tone."""
    plain = [i for i, c in enumerate(bare) if c in "aeiouy"]
    if bare.startswith(("gi", "qu")) and len(plain) > 1:
        plain = plain[1:]
    if not plain:
        return None
    marked = [i for i, c in enumerate(bare) if c in "\u0302\u0306\u031b"]
    if marked:
        return marked[-1]
    closed = bare[-1] not in "aeiouy"
    return plain[1] if closed and len(plain) > 1 else plain[max(0, len(plain) - 2)]


def _start(syllable: str, rng: random.Random) -> str | None:
    for start in sorted(_NEAR_STARTS, key=len, reverse=True):
        rest = syllable[len(start) :]
        if syllable.startswith(start) and rest and _vowel(rest[0]):
            other = rng.choice(_NEAR_STARTS[start])
            return other[:1] + rest if other == "gi" and _plain(rest[0]) == "i" else other + rest
    return None


def _end(syllable: str, rng: random.Random) -> str | None:
    if syllable.endswith("ng") and len(syllable) > 2:
        return syllable[:-1]
    if syllable.endswith("n") and len(syllable) > 1 and _plain(syllable[-2]) in _BACK_VOWELS:
        return syllable + "g"
    return None


def _vowel(letter: str) -> bool:
    return _plain(letter)[:1] in tuple("aăâeêioôơuưy")


def _plain(letter: str) -> str:
    """The letter without its tone."""
    parts = "".join(c for c in unicodedata.normalize("NFD", letter) if c not in _TONES)
    return unicodedata.normalize("NFC", parts)
