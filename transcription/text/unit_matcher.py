"""Which unit of the roster is meant by what was said or heard.

Exact names first; else sound-alikes on text with its diacritics: one unit alone only where its
score is high and the next far behind (`unit_names`), else up to three choices for the secretary and
no unit. A name of a commune needs "xã", "phường", "UBND", "Đảng ủy" … before it, unless the caller
says that a unit is expected there (`bare`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from transcription.contract.roster import Roster, RosterUnit
from transcription.text.unit_names import (
    ACCEPT_SCORE,
    OFFER_SCORE,
    Named,
    UnitMatch,
    best_of,
    by_sector,
    named,
    shorter_forms,
    southern,
)
from transcription.text.vi_heard import HeardPhrases
from transcription.text.vi_likeness import ONE_SLIP, distance, rough_key
from transcription.text.vi_phrases import Phrases, text_phrases
from transcription.text.vi_tokens import lows, tokenize
from transcription.text.vi_units import COMMUNE, WARD

__all__ = ["UnitFound", "UnitMatch", "UnitMatcher"]

Words = Sequence[str]
_Form = tuple[tuple[str, ...], str]  # a name's words and its unit's code

_AUTHORITIES = text_phrases("authorities")
_DIVISIONS = ("xã", "phường", "đặc khu")
_HEARD_AUTHORITIES = HeardPhrases(phrase.split() for phrase in _AUTHORITIES.phrases)
_LONG_NAME = 3  # syllables by which a body is known without one of them right
_MOST_OFF = 0.8  # a division's only syllable, misheard
_NOT_BARE_HEADS = frozenset(
    "sở ban bên ngành lực văn ủy ubnd công bộ tỉnh trung báo đài thuế cơ cục bảo thống mặt bqlda "
    "bql tt vp bhxh mttq thanh biên".split()
)
_ONLY_ADDRESSED = {("thanh", "tra"), ("biên", "phòng"), ("báo", "đài")}
_MAX_WORDS, _MOST_BODY_WORDS = 4, 8
_MOST_STRETCHES = 1 << 12
_PUNCTUATION = frozenset(",.;:?!()\"'–-/\n")


class UnitFound(NamedTuple):
    """A match at words [start, end) (of `find`: code points of the text)."""

    start: int
    end: int
    match: UnitMatch


class _Forms:
    """Names by their first word, the longest first."""

    def __init__(self) -> None:
        self.by_first: dict[str, list[_Form]] = defaultdict(list)
        self._by_second: dict[str, dict[str, list[_Form]]] = {}

    def add(self, words: tuple[str, ...], code: str) -> None:
        self.by_first[words[0]].append((words, code))

    def order(self) -> None:
        """To be called once, when all are added."""
        for first, entries in self.by_first.items():
            entries.sort(key=lambda entry: -len(entry[0]))
            seconds = {form[1] for form, _ in entries if len(form) > 1} | {""}
            self._by_second[first] = {
                second: [e for e in entries if len(e[0]) == 1 or e[0][1] == second]
                for second in seconds
            }
            self._by_second[first] |= dict.fromkeys((",", "&"), entries)  # a sign may be said

    def begun(self, first: str, second: str) -> Sequence[_Form]:
        """The names that may stand where these two words do."""
        known = self._by_second.get(first)
        if known is None:
            return ()
        return known[second] if second in known else known[""]


def _plain_words(text: str) -> tuple[str, ...]:
    return tuple(word for word in lows(tokenize(text)) if word not in _PUNCTUATION)


class UnitMatcher:
    """Made once for a roster, used for many texts; holds no state but a cache of scores."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self._full = _Forms()
        self._communes = _Forms()
        self._commune_names: list[Named] = []
        self._body_names: list[Named] = []
        self._shared = _Forms()
        self._sectors = _Forms()
        self._exact = {unit.code: UnitMatch(unit.code, 100, 100) for unit in roster.units}
        self._cache: dict[tuple[str, bool], UnitMatch] = {}
        self._stretches: dict[tuple[str, ...], tuple[int, UnitMatch] | None] = {}
        for unit in roster.units:
            if unit.kind in (COMMUNE, WARD):
                self._add_commune(unit)
            else:
                self._add_body(unit)
        for index in (self._full, self._communes, self._shared, self._sectors):
            index.order()

        self.first_words = frozenset(self._full.by_first)
        self.bare_words = self.first_words | frozenset(self._communes.by_first)
        forms = [form for entries in self._full.by_first.values() for form, _ in entries]
        communes = [name for name, _, _ in self._commune_names]
        self.spelt = Phrases([*(" ".join(form) for form in forms if len(form) > 1), *communes])
        self._sized: dict[tuple[bool, int], list[Named]] = defaultdict(list)
        for are_communes, names in ((True, self._commune_names), (False, self._body_names)):
            for entry in names:
                self._sized[are_communes, len(entry[0].split())].append(entry)
        self._heard_bodies = HeardPhrases(form for form in forms if len(form) >= _LONG_NAME)
        self._heard_short = HeardPhrases(
            (form for form in forms if len(form) == _LONG_NAME - 1), ONE_SLIP
        )
        self.heard_keys = self._heard_bodies.first_keys
        self._heard_communes = HeardPhrases(name.split() for name in communes)

    def _add_commune(self, unit: RosterUnit) -> None:
        for spelled in (unit.short_name or unit.name, *unit.aliases):
            words = _plain_words(spelled)
            words = words[_AUTHORITIES.at(words, 0) :]
            bare = words[1:] if words and words[0] in _DIVISIONS else words
            if bare:
                self._communes.add(bare, unit.code)
                self._commune_names.append(named(bare, unit.code))

    def _add_body(self, unit: RosterUnit) -> None:
        seen = set()
        for spelled in (unit.name, unit.short_name, *unit.aliases):
            words = _plain_words(spelled)
            shorter = () if unit.kind == "province" else shorter_forms(words)
            said = (words, *shorter, *by_sector(words))
            for form in (*said, *(other for one in said for other in southern(one))):
                if form and form not in seen and len("".join(form)) > 2:
                    seen.add(form)
                    self._full.add(form, unit.code)
                    self._body_names.append(named(form, unit.code))
                    if form[0] == "sở" and len(form) > 1:
                        self._shared.add(form[1:], unit.code)
                    if form[0] in ("sở", "ngành") and len(form) > 2:
                        self._sectors.add(form[1:], unit.code)

    # --- words -------------------------------------------------------------------------------

    def at(self, words: Words, i: int, *, bare: bool = False) -> UnitFound | None:
        """The unit that starts at word `i`, or None. `bare`: names without a head count too."""
        full = self._longest(self._full, words, i, skip_commas=True)
        if full is not None and (bare or self._has_head(words, i, full[0])):
            longer = self._longer_heard(words, i, full[0])
            return longer or UnitFound(i, full[0], full[1])
        place, headed = self.head(words, i)
        if headed or bare:
            exact = self._longest(self._communes, words, place)
            if exact is not None:
                return UnitFound(i, exact[0], exact[1])
        if headed and words[place - 1] in _DIVISIONS:
            return self._sounding(words, i, place)
        if place == i and i < len(words) and rough_key(words[i]) in self.heard_keys:
            heard = self._heard_body(words, i)
            if heard is not None:
                return heard
        short = self._heard_short.at(words, i) if bare else None
        if short is not None:
            match = self._score(" ".join(words[i : short.end]), communes=False, size=2)
            return UnitFound(i, short.end, match)
        return None

    def may_open(self, word: str) -> bool:
        """May a unit's name, its head, or what sounds like a body begin with this word?"""
        if word in self.bare_words or word in _DIVISIONS:
            return True
        return _AUTHORITIES.opens(word) or rough_key(word) in self.heard_keys

    def may_head(self, word: str) -> bool:
        """May what stands before a commune's name begin with this word?"""
        return word in _DIVISIONS or _AUTHORITIES.opens(word)

    def head(self, words: Words, i: int) -> tuple[int, bool]:
        """Index after "UBND xã", "Đảng ủy phường", "xã" … at `i`, and whether there was one."""
        opens = i < len(words) and words[i] in _AUTHORITIES.first_words
        authority = _AUTHORITIES.at(words, i) if opens else 0
        place = i + authority
        if place < len(words) and words[place] in _DIVISIONS:
            return place + 1, True
        return place, authority > 0

    def body_heard(self, words: Words, i: int) -> tuple[str, ...]:
        """The body's name that plainly sounds like what stands at `i`; () when none does."""
        heard = self._heard_bodies.at(words, i)
        return heard.phrase if heard is not None and heard.phrase[0] in _NOT_BARE_HEADS else ()

    def commune_heard(self, words: Words, i: int) -> bool:
        """Does a commune's name without its head stand at `i`, or what plainly sounds like one?"""
        return self._heard_communes.at(words, i, expected=True) is not None

    def shared(self, words: Words, i: int, head: str) -> UnitFound | None:
        """A name whose head was said before: "Sở Tài chính, *Nội vụ*", "các xã A, *B* và *C*"."""
        index = self._shared if head == "sở" else self._communes
        found = self._longest(index, words, i, skip_commas=head == "sở")
        return UnitFound(i, found[0], found[1]) if found is not None else None

    def sector(self, words: Words, i: int) -> UnitFound | None:
        """A department called by its sector: "anh *Xây dựng*", "chị *Nội vụ*"."""
        found = self._longest(self._sectors, words, i)
        return UnitFound(i, found[0], found[1]) if found is not None else None

    def sounding(self, words: Words, i: int) -> UnitFound | None:
        """A commune that sounds like what stands at `i`, its head said before."""
        found = self._sounding(words, i, i)
        return found if found is not None and found.match.code else None

    def _has_head(self, words: Words, i: int, end: int) -> bool:
        return words[i] in _NOT_BARE_HEADS and tuple(words[i:end]) not in _ONLY_ADDRESSED

    def _longest(
        self, index: _Forms, words: Words, i: int, *, skip_commas: bool = False
    ) -> tuple[int, UnitMatch] | None:
        if i >= len(words):
            return None
        forms = index.begun(words[i], words[i + 1] if i + 1 < len(words) else "")
        if not forms:
            return None
        best_end = 0
        codes: list[str] = []
        for form, code in forms:
            end = _ends(words, i, form, skip_commas)
            if end is None or end < best_end:
                continue
            codes = [code] if end > best_end else [*codes, code]
            best_end = end
        if not codes:
            return None
        distinct = codes if len(codes) == 1 else list(dict.fromkeys(codes))
        if len(distinct) > 1:  # two units of one name: a person must choose
            return best_end, UnitMatch(None, 100, 0, tuple((code, 100) for code in distinct[:3]))
        return best_end, self._exact[distinct[0]]

    # --- sound-alikes ------------------------------------------------------------------------

    def _sounding(self, words: Words, start: int, place: int) -> UnitFound | None:
        """The stretch of 1–4 words after a head that fits a commune's name best."""
        division = words[place - 1] if place > start else ""
        key = (division, *words[place : place + _MAX_WORDS])
        if key not in self._stretches:
            self._keep(key, self._best_commune(key[1:], division))
        best = self._stretches[key]
        return None if best is None else UnitFound(start, place + best[0], best[1])

    def _keep(self, key: tuple[str, ...], best: tuple[int, UnitMatch] | None) -> None:
        if len(self._stretches) > _MOST_STRETCHES:
            self._stretches.clear()
        self._stretches[key] = best

    def _best_commune(self, words: Words, division: str) -> tuple[int, UnitMatch] | None:
        """How many of `words` name a commune best, and which; None when they name none."""
        best: tuple[int, UnitMatch] | None = None
        for size, word in enumerate(words, 1):
            if not word[0].isalpha():
                break
            match = self._score(" ".join(words[:size]), communes=True, size=size)
            if best is None or match.score > best[1].score:
                best = size, match
        if best is None or best[1].score < OFFER_SCORE:
            return None
        return best[0], self._of_division(best[1], division)

    def _of_division(self, match: UnitMatch, division: str) -> UnitMatch:
        """A sound-alike that is a ward where a commune was said is only offered."""
        unit = self.roster.unit(match.code) if match.code and match.score < 100 else None
        said = {"xã": COMMUNE, "phường": WARD}.get(division)
        if unit is None or said is None or unit.kind == said:
            return match
        return UnitMatch(None, match.score, match.margin, ((unit.code, match.score),))

    def _longer_heard(self, words: Words, i: int, end: int) -> UnitFound | None:
        """A body's longer name of which only the beginning is spelt right."""
        size = len(self.body_heard(words, i))
        found = self._heard_body(words, i) if i + size > end else None
        return found if found is not None and found.match.score >= ACCEPT_SCORE else None

    def _heard_body(self, words: Words, i: int) -> UnitFound | None:
        size = len(self.body_heard(words, i))
        if size:
            match = self._score(" ".join(words[i : i + size]), communes=False, size=size)
            return UnitFound(i, i + size, match)
        return self._sounding_body(words, i) if words[i] == "sở" else None

    def _sounding_body(self, words: Words, i: int) -> UnitFound | None:
        key = ("", "", *words[i : i + _MOST_BODY_WORDS])  # no commune's: its second word is one
        if key not in self._stretches:
            self._keep(key, self._best_body(key[2:]))
        best = self._stretches[key]
        return None if best is None else UnitFound(i, i + best[0], best[1])

    def _best_body(self, words: Words) -> tuple[int, UnitMatch] | None:
        """How many of `words` name a body best, and which; None when they name none."""
        best: tuple[int, UnitMatch] | None = None
        for size in range(2, len(words) + 1):
            if words[size - 1] in ".;?!\n":
                break
            match = self._score(" ".join(words[:size]), communes=False, size=size)
            if best is None or match.score > best[1].score:
                best = size, match
        return best if best is not None and best[1].score >= 75 else None

    def _score(self, spoken: str, *, communes: bool, size: int) -> UnitMatch:
        key = (spoken, communes)
        if key not in self._cache:
            if len(self._cache) > 20_000:
                self._cache.clear()
            self._cache[key] = best_of(spoken, self._sized.get((communes, size), ()))
        return self._cache[key]

    # --- texts -------------------------------------------------------------------------------

    def match(self, phrase: str) -> UnitMatch:
        """The unit that `phrase` as a whole names, with or without its head."""
        words = [word for word in lows(tokenize(phrase)) if word not in _PUNCTUATION]
        found = self.at(words, 0, bare=True) if words else None
        if found is not None and found.end == len(words) and found.match.score == 100:
            return found.match
        words = with_plain_head(words)
        place, headed = self.head(words, 0)
        rest = " ".join(words[place:])
        spoken = " ".join(words)
        commune = best_of(rest, self._commune_names) if rest else UnitMatch(None, 0, 0)
        if headed and words[place - 1 : place] != [] and words[place - 1] in _DIVISIONS:
            return self._of_division(commune, words[place - 1])
        body = best_of(spoken, self._body_names)
        return body if body.score > commune.score else commune

    def find(self, text: str) -> list[UnitFound]:
        """Every unit named in `text` with its head, in code points; unsure ones have choices."""
        tokens = tokenize(text)
        words = lows(tokens)
        found: list[UnitFound] = []
        i = 0
        while i < len(words):
            at = self.at(words, i)
            if at is None:
                i += 1
                continue
            found.append(UnitFound(tokens[at.start].start, tokens[at.end - 1].end, at.match))
            i = at.end
        return found


def with_plain_head(words: Words) -> list[str]:
    """`words`, which name a unit, with a misheard head as it is spelt: "ũy bang sã …"."""
    plain = list(words)
    heard = _HEARD_AUTHORITIES.at(plain, 0, expected=True)
    place = 0
    if heard is not None:
        plain[: heard.end] = heard.phrase
        place = heard.end
    if place + 1 < len(plain):
        near = min(_DIVISIONS[:2], key=lambda division: distance(plain[place], division))
        if distance(plain[place], near) <= _MOST_OFF:
            plain[place] = near
    return plain


def _ends(words: Words, i: int, form: tuple[str, ...], skip_commas: bool) -> int | None:
    """Index after `form` at `i`; commas inside an official name may be left out or said."""
    place = i
    for n, word in enumerate(form):
        if skip_commas and n and place < len(words) and words[place] in (",", "&"):
            place += 1
        if place >= len(words) or words[place] != word:
            return None
        place += 1
    return place
