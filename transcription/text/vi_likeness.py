"""How far a syllable as heard is from one that is known: what a recogniser really confuses.

A syllable is an initial, vowels, a final and a tone. `rough_key` is one for all syllables that may
be confused at all, so that known ones can be kept by it; `distance` then says how far two are, 0 to
`UNLIKE`. Northern and southern confusions both count (l/n, ch/tr, s/x, d/gi/v/r, r/g, n/ng, t/c).
Nothing is decided here about which words may stand for which.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

UNLIKE = 9.0
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_HEIGHTS = "\u0302\u0306\u031b"  # hat, horn, breve: another vowel
_HOI_NGA = frozenset("\u0303\u0309")
_INITIALS = (
    ("ngh", "ng"), ("ng", "ng"), ("gh", "g"), ("gi", "gi"), ("kh", "kh"), ("ch", "ch"),
    ("tr", "tr"), ("th", "th"), ("ph", "ph"), ("nh", "nh"), ("qu", "kw"), ("c", "k"), ("k", "k"),
)  # fmt: skip
_FINALS = ("ng", "nh", "ch", "n", "m", "c", "t", "p")
# Initials of one group may be confused; r and g only with each other (southern).
_GROUPS = {"ch": "C", "tr": "C", "s": "X", "x": "X", "l": "L", "n": "L"}
_GROUPS |= dict.fromkeys(("d", "gi", "v", "r", "g"), "Z")
_FINAL_GROUPS = {"ng": "n", "nh": "n", "n": "n", "ch": "t", "c": "t", "t": "t", "p": "t"}
_VOWEL_GROUPS = {
    **dict.fromkeys(("a", "ă", "â", "ơ", "ư"), "a"),
    **dict.fromkeys(("o", "ô", "u"), "o"),
    **dict.fromkeys(("e", "ê", "i", "y"), "e"),
}
_TONE_COST, _NEAR_TONE_COST, _INITIAL_COST, _FINAL_COST = 0.4, 0.25, 0.35, 0.3
_HEIGHT_COST, _VOWEL_COST = 0.45, 0.6
ONE_SLIP = 0.4

Parts = tuple[str, str, str, str]


@lru_cache(maxsize=1 << 13)
def parts(word: str) -> Parts:
    """(initial, vowels without tone, final, tone) of a lower-case syllable."""
    marks = unicodedata.normalize("NFD", word)
    tone = next((c for c in marks if c in _TONES), "")
    bare = unicodedata.normalize("NFC", "".join(c for c in marks if c not in _TONES))
    initial, rest = _initial(bare)
    final = next((f for f in _FINALS if rest.endswith(f) and len(rest) > len(f)), "")
    vowels = rest[: len(rest) - len(final)].replace("y", "i")
    return initial, vowels, final, tone


def _initial(bare: str) -> tuple[str, str]:
    for spelled, sound in _INITIALS:
        rest = bare[len(spelled) :]
        if bare.startswith(spelled) and (rest or spelled == "gi"):
            if spelled == "gi" and (not rest or rest[0] not in "aăâeêioôơuưy"):
                rest = "i" + rest  # "gì", "gìn"
            return sound, rest
    if bare[:1] and _plain(bare[0]) not in "aeiouy" and len(bare) > 1:
        return bare[0], bare[1:]
    return "", bare


def _plain(letter: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", letter) if c not in _HEIGHTS)


@lru_cache(maxsize=1 << 14)
def rough_key(word: str) -> str:
    """The same for all syllables that may be confused with one another."""
    initial, vowels, final, _ = parts(word)
    merged = ""
    for vowel in vowels:
        group = _VOWEL_GROUPS.get(vowel, vowel)
        merged += group if merged[-1:] != group else ""
    return f"{_GROUPS.get(initial, initial)}{merged}{_FINAL_GROUPS.get(final, final)}"


@lru_cache(maxsize=1 << 14)
def distance(heard: str, known: str) -> float:
    """0 for the same syllable; `UNLIKE` when nobody confuses them."""
    if heard == known:
        return 0.0
    if rough_key(heard) != rough_key(known):
        return UNLIKE
    (i1, v1, f1, t1), (i2, v2, f2, t2) = parts(heard), parts(known)
    if {i1, i2} != {"g", "r"} and "g" in (i1, i2) and i1 != i2:
        return UNLIKE
    cost = _INITIAL_COST * (i1 != i2) + _FINAL_COST * (f1 != f2)
    if v1 != v2:
        cost += _HEIGHT_COST if _plain_all(v1) == _plain_all(v2) else _VOWEL_COST
    if t1 != t2:
        cost += _NEAR_TONE_COST if {t1, t2} == _HOI_NGA else _TONE_COST
    return cost


def _plain_all(vowels: str) -> str:
    return "".join(_plain(letter) for letter in vowels)


def one_slip(heard: str, known: str) -> bool:
    """Are two names the same but for one tone, initial or final that is easily misheard (of names
    of three syllables and more: one in three)? Another vowel is another name: Tân An, Tân Ân."""
    spoken, spelt = heard.split(), known.split()
    if len(spoken) != len(spelt):
        return False
    touched = [(a, b) for a, b in zip(spoken, spelt, strict=True) if a != b]
    if len(touched) > max(len(spelt) // 3, 1):
        return False
    return all(parts(a)[1] == parts(b)[1] and distance(a, b) <= ONE_SLIP for a, b in touched)


def one_vowel(heard: str, known: str) -> bool:
    """Are two names the same but for one vowel's height (o/ô, a/ă/â), and maybe its final, or a
    glide left out: "Sông Đóc", "Biển Bặc", "An Xiên" for An Xuyên?"""
    spoken, spelt = heard.split(), known.split()
    if len(spoken) != len(spelt):
        return False
    touched = [(a, b) for a, b in zip(spoken, spelt, strict=True) if a != b]
    if len(touched) != 1:
        return False
    a, b = touched[0]
    (i1, v1, f1, t1), (i2, v2, f2, t2) = parts(a), parts(b)
    if i1 != i2 or t1 != t2:
        return False
    if f1 == f2 and len(v2) > 2 and v2[0] in "uo" and v1 == v2[1:]:
        return True
    return _plain_all(v1) == _plain_all(v2) and distance(a, b) < UNLIKE
