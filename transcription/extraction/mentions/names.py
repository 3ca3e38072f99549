"""A roster made ready for reading: its unit matcher, its groups by first word, the words that may
open a mention. Made once for a roster; holds no text.
"""

from __future__ import annotations

from functools import lru_cache

from transcription.contract.roster import Roster
from transcription.extraction import lexicon as lx
from transcription.extraction.mentions import body_words as bw
from transcription.text.unit_matcher import UnitMatcher
from transcription.text.vi_numbers import starts_number
from transcription.text.vi_tokens import lows, tokenize

POST, GROUPED, NAMED, CLASSED, BODIED, ADDRESSED, WHICH = 1, 2, 4, 8, 16, 32, 64
_QUANTIFIERS = ("tất", "toàn", "cả")
_MOST_KEPT = 1 << 14

# First words of bodies, posts and addresses; those of the roster come with it.
_OPENING = frozenset(
    "ủy ubnd ub đảng hội hđnd xã phường sở ban chi cục trung công kho bộ văn phòng mặt thanh đoàn "
    "liên ngân các tất toàn đồng chủ bí giám bên ngành đặc điểm địa chính lãnh anh chị ông bà hai "
    "ba bốn năm mỗi thủ tập tỉnh điện viễn bưu nhà đơn cơ bệnh trường những tổ lực mấy hạt "
    "quản chánh trưởng phó cảng bệnh tòa viện vườn hợp thi hải đồn".split()
)


class _Kinds(dict[str, int]):
    """By word what may begin with it: POST, GROUPED, NAMED …, summed."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, word: str) -> int:
        if len(self) > _MOST_KEPT:
            self.clear()
        kinds = self[word] = self._names.kinds_of(word)
        return kinds


class Names:
    """The roster made ready: unit matcher and the phrases of its groups."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self.matcher = UnitMatcher(roster)
        self.groups: list[tuple[tuple[str, ...], str]] = []
        for group in roster.groups:
            for phrase in (group.name, *group.phrases):
                words = tuple(w for w in lows(tokenize(phrase)) if w not in (",", "và"))
                self.groups.append((words, group.code))
        self.groups.sort(key=lambda entry: -len(entry[0]))
        self.counted: dict[int, list[tuple[tuple[str, ...], str]]] = {}
        self.worded: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for entry in self.groups:
            if entry[0] and entry[0][0].isdigit():
                self.counted.setdefault(int(entry[0][0]), []).append((entry[0][1:], entry[1]))
            elif entry[0]:
                self.worded.setdefault(entry[0][0], []).append(entry)
        # "100 % xã, phường": the groups' plain nouns, without "các"
        self.whole = [(words[1:], code) for words, code in self.groups if words[:1] == ("các",)]
        opening = {words[0] for words, _ in self.groups if words}
        known = bw.KNOWN_BODIES.first_words
        self.opening = _OPENING | opening | self.matcher.first_words | known
        self.naming = self.opening | self.matcher.bare_words
        self.kinds = _Kinds(self)
        offices = [unit.code for unit in roster.units if unit.kind == "office"]
        self.office = offices[0] if len(offices) == 1 else None
        self.province = [unit.code for unit in roster.units if unit.kind == "province"]

    def kinds_of(self, word: str) -> int:
        named, number = self.matcher.may_open(word), starts_number(word)
        headed = self.matcher.may_head(word)
        post = bw.HONORIFICS.opens(word) or bw.TITLES.opens(word)
        grouped = headed or number or word in self.worded or word in _QUANTIFIERS
        classed = headed or number or bw.CLASS_OPENERS.opens(word)
        which = word in ("các", "những") or bw.CLASS_NOUNS.opens(word)
        bodied = bw.KNOWN_BODIES.opens(word) or bw.BODY_HEADS.opens(word)
        flags = (
            (POST, post), (GROUPED, grouped), (NAMED, named), (CLASSED, classed),
            (BODIED, bodied), (ADDRESSED, lx.YOU.opens(word)), (WHICH, which),
        )  # fmt: skip
        return sum(flag for flag, holds in flags if holds)


@lru_cache(maxsize=4)
def names_of(roster: Roster) -> Names:
    """The roster made ready; kept, since conferences of one office share theirs."""
    return Names(roster)
