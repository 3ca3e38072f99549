"""The forms of a unit's name, and how well a name as said fits each: the matcher's scores.

One unit alone only at a score of at least 90 and 8 ahead of the next, or at one a little lower that
leaves every other far behind; else up to three choices and no unit. Where a name stands in a text
is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from transcription.text.vi_likeness import one_slip, one_vowel
from transcription.text.vi_normalize import lowered
from transcription.text.vi_phrases import text_phrases
from transcription.text.vi_sounds import sound_key

Words = Sequence[str]
Named = tuple[str, str, str]  # a unit's name in words, its code, the name's sound

ACCEPT_SCORE = 90
ACCEPT_MARGIN = 8
OFFER_SCORE = 60
SOUND_SCORE = 94  # given to names that differ only in sounds everyone confuses
VOWEL_SCORE = 90  # … and to those that differ in the height of one vowel: "Sông Đóc"
# Nothing else in the roster is like it: "Dành Hào" at 88, the next below 60.
_FAR_AHEAD = ((87, 25), (82, 38))
_OTHER_PLACES = frozenset(text_phrases("other_places").phrases)


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """`code` when one unit alone is meant. `margin`: points ahead of the next other unit."""

    code: str | None
    score: int
    margin: int
    choices: tuple[tuple[str, int], ...] = ()


def by_sector(words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """ "Sở Giáo dục và Đào tạo" is also called "bên giáo dục", "ngành giáo dục"."""
    if len(words) < 3 or words[0] != "sở":
        return ()
    stops = [i for i, word in enumerate(words) if word in ("và", ",", "&")]
    first = words[1 : stops[0] if stops else len(words)]
    return (("bên", *first), ("ngành", *first)) if 2 <= len(first) <= 3 else ()


def southern(words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """ "Sở Tài chính" is "sở tài chánh" in the south."""
    if "chính" not in words:
        return ()
    return (tuple("chánh" if word == "chính" else word for word in words),)


def shorter_forms(words: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """Forms without the country's name and the province's at the end: "Thuế tỉnh Cà Mau" → "Thuế
    tỉnh", "Mặt trận Tổ quốc Việt Nam tỉnh" → "Mặt trận Tổ quốc tỉnh"."""
    if ("việt", "nam") in zip(words, words[1:], strict=False):
        if (brief := _abbreviated(words)) != words:
            yield brief  # "Ủy ban MTTQ Việt Nam tỉnh"
        at = words.index("việt")
        words = (*words[:at], *words[at + 2 :])
        yield words
    short = _abbreviated(words)
    if short != words:
        yield short
    if words[:4] == ("ban", "quản", "lý", "dự"):
        yield ("ban", *words[3:])  # "ban dự án …"
        if words[5:9] == ("xây", "dựng", "công", "trình"):
            yield (*words[:5], *words[7:])
            words = (*words[:5], *words[7:])
            yield (*words[:5], "các", *words[5:])
    if len(words) > 3 and words[-2:] == ("cà", "mau"):
        words = words[:-2]
        yield words
    if len(words) > 3 and words[-1] == "tỉnh":
        yield words[:-1]


_ABBREVIATIONS = (
    ("ủy ban nhân dân", "ubnd"), ("hội đồng nhân dân", "hđnd"), ("mặt trận tổ quốc", "mttq"),
    ("bảo hiểm xã hội", "bhxh"), ("ban quản lý", "bql"), ("bộ chỉ huy quân sự", "bộ chqs"),
    ("trung tâm phục vụ hành chính công", "trung tâm pvhcc"),
)  # fmt: skip


def _abbreviated(words: tuple[str, ...]) -> tuple[str, ...]:
    text = " ".join(words)
    for long, short in _ABBREVIATIONS:
        text = text.replace(long, short)
    return tuple(text.split())


def named(words: Words, code: str) -> Named:
    name = " ".join(words)
    return name, code, sound_key(name)


def best_of(spoken: str, names: Sequence[Named]) -> UnitMatch:
    """Scores 0–100 against every name; one unit alone by the rule of this module."""
    sound = sound_key(lowered(spoken))
    scores: dict[str, tuple[float, float]] = {}
    for name, code, name_sound in names:
        plain = fuzz.ratio(spoken, name)
        if plain < 40:
            continue
        heard = fuzz.ratio(sound, name_sound)
        accepted = max(plain, _slipped(spoken, name, sure=heard == 100))
        rank = max(accepted, (plain + heard) / 2)
        old = scores.get(code)
        if old is None or (accepted, rank) > old:
            scores[code] = (accepted, rank)
    if not scores:
        return UnitMatch(None, 0, 0)
    order = sorted(scores.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))
    code, (score, _) = order[0]
    margin = score - (order[1][1][0] if len(order) > 1 else 0)
    ranked = sorted(scores.items(), key=lambda item: (-item[1][1], item[0]))[:3]
    choices = tuple((c, round(rank)) for c, (_, rank) in ranked if rank >= OFFER_SCORE)
    alone = score >= ACCEPT_SCORE and margin >= ACCEPT_MARGIN
    alone = alone or any(score >= least and margin >= ahead for least, ahead in _FAR_AHEAD)
    alone = alone and (score == 100 or spoken not in _OTHER_PLACES)
    return UnitMatch(code if alone else None, round(score), round(margin), () if alone else choices)


def _slipped(spoken: str, name: str, *, sure: bool) -> int:
    """The score for what a recogniser is known to confuse; 0 when it is something else."""
    if sure or one_slip(spoken, name):
        return SOUND_SCORE
    return VOWEL_SCORE if one_vowel(spoken, name) else 0
