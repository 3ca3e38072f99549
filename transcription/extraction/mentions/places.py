"""Who is named at a place of the text: units of the roster, classes, bodies outside it, posts.

A post or person stands for the body behind it ("đồng chí Chủ tịch UBND xã Năm Căn"). A body the
roster does not hold is kept as it was said. Nothing is decided here about who must do what.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from transcription.extraction import lexicon as lx
from transcription.extraction.mentions import body_words as bw
from transcription.extraction.mentions import names as nm
from transcription.extraction.mentions.mention import (
    BODY,
    CLASS,
    GROUP,
    UNIT,
    YOU,
    Mention,
    mention_of,
)
from transcription.extraction.mentions.names import Names
from transcription.text.unit_matcher import UnitFound
from transcription.text.vi_numbers import read_number, starts_number
from transcription.text.vi_tokens import Token, is_cased, lows

_POSTS = bw.HONORIFICS.first_words | bw.TITLES.first_words
SHARED_HEADS = ("xã", "phường", "sở")
# Posts whose holder stands for the body; a standing board is one itself.
_OF_ONE_PERSON = bw.HONORIFICS.first_words | frozenset(
    "giám phó chủ trưởng hiệu tổng chi cục chánh viện bí lãnh thủ người".split()
)
_PEOPLE = frozenset((("bà", "con"), ("anh", "em"), ("chị", "em"), ("ông", "bà"), ("cô", "bác")))
_MAX_BODY_WORDS = 12
_RELATIVE = frozenset(("chưa", "có", "còn", "không", "đang", "đạt", "chậm", "để", "bị"))
_HEADED = (
    ("communes_wards", frozenset(("xã", "phường"))),
    ("departments", frozenset(("sở", "ban", "ngành"))),
)


_LEADS_WITH = frozenset(("cùng", "phối", "với", "xây", "việc"))


def _is_the_chair(words: list[str], i: int) -> bool:
    """ "đồng chí chủ trì đã giao …": who speaks, nobody spoken to."""
    end = i + bw.HONORIFICS.at(words, i) + 2
    if end < len(words) and words[end] in _LEADS_WITH:
        return False  # "đồng chí chủ trì cùng Sở Tài chính …" tells who leads
    return words[end - 2 : end] in (["chủ", "trì"], ["chủ", "tọa"])


class PlaceReader(ABC):
    """Reads one mention at a place of one text; bodies outside the roster are read in `bodies`."""

    def __init__(self, names: Names, text: str, tokens: list[Token]) -> None:
        self.names = names
        self.matcher = names.matcher
        self.province = names.province
        self.opening = names.opening
        self.text = text
        self.tokens = tokens
        self.words = lows(tokens)
        self._groups: dict[int, tuple[Mention | None, int]] = {}
        self._numbers: dict[int, tuple[int, int] | None] = {}
        self._named: dict[int, UnitFound | None] = {}
        self.last_named: dict[str, tuple[int, Mention | None]] = {}
        self._read: dict[bool, dict[int, Mention | None]] = {False: {}, True: {}}
        # Text with capitals writes names with capitals; recogniser output has none.
        self.cased = is_cased(tokens)

    @abstractmethod
    def _body(self, i: int, *, addressed: bool) -> Mention | None:
        """The body outside the roster at word `i`."""

    @abstractmethod
    def _named_person(self, i: int, place: int) -> Mention | None:
        """The person named at word `i`, whose honorifics and posts end before `place`."""

    @abstractmethod
    def _misheard_name(self, i: int, place: int) -> Mention | None:
        """A commune's misheard name at `place`, behind the posts at `i`."""

    @abstractmethod
    def _name_stops(self, i: int) -> bool:
        """Does a body's name end before word `i`?"""

    def phrase(self, mention: Mention) -> str:
        """As it was said; of a body outside the roster without the post of who heads it."""
        start = mention.start
        if mention.kind in (BODY, CLASS) and self.words[start] in _OF_ONE_PERSON:
            start = self.skip_posts(start)
        if mention.kind in (BODY, CLASS):
            if mention.kind == CLASS:
                start = max(start, self._behind_authority(start))
            start = start if start < mention.end else mention.start
        return self.text[self.tokens[start].start : self.tokens[mention.end - 1].end]

    def _behind_authority(self, i: int) -> int:
        """ "UBND các xã ven biển": the index of "các"."""
        place, headed = self.matcher.head(self.words, i)
        return place if headed and bw.CLASS_OPENERS.at(self.words, place) else i

    def official(self, code: str, first_word: str) -> str:
        """How the unit is written: in short when it was named in short."""
        unit = self.names.roster.unit(code)
        if unit is None:
            return first_word
        short = first_word in SHARED_HEADS and unit.short_name
        return unit.short_name if short and first_word != "sở" else unit.name

    def read(self, i: int, *, addressed: bool = False) -> Mention | None:
        """The mention that starts at word `i`. `addressed`: one is expected there."""
        known = self._read[addressed]
        if i not in known:
            known[i] = self._read_at(i, addressed)
        return known[i]

    def _read_at(self, i: int, addressed: bool) -> Mention | None:
        if i >= len(self.words) or not self.names.kinds[self.words[i]] or not self.tokens[i].word:
            return None
        if i not in self._groups:
            self._groups[i] = self._group_or_post(i)
        found, place = self._groups[i]
        posted = place > i
        found = found or self._single(place, expected=addressed or posted)
        found = found or (self._misheard_name(i, place) if posted else None)
        if found is not None:
            return found if found.start == i else found._replace(start=i)
        if tuple(self.words[i : i + 2]) in _PEOPLE or _is_the_chair(self.words, i):
            return None
        if posted and bw.HONORIFICS.at(self.words, i):
            named = self._named_person(i, place)
            headed = self.words[place : place + 1] in (["xã"], ["phường"])  # "đồng chí chủ tịch xã"
            return named or Mention(i, place + headed, YOU)
        you = lx.YOU.at(self.words, i) if self.words[i] in lx.YOU.first_words else 0
        return Mention(i, i + you, YOU) if you else None

    def _group_or_post(self, i: int) -> tuple[Mention | None, int]:
        """A group at word `i`, and the index behind honorifics and posts."""
        kinds = self.names.kinds[self.words[i]]
        if not kinds & (nm.POST | nm.GROUPED | nm.WHICH):
            return None, i
        place = self.skip_posts(i) if kinds & nm.POST else i
        if place > i:
            kinds = self.names.kinds[self.words[place]] if place < len(self.words) else 0
        group = (kinds & nm.WHICH and self._whichever(place)) or self._heads_of_communes(i, place)
        return group or (self._group(place) if kinds & nm.GROUPED else None), place

    def _single(self, i: int, *, expected: bool) -> Mention | None:
        """A unit, a class or another body at word `i`."""
        kinds = self.names.kinds[self.words[i]] if i < len(self.words) else 0
        unit = self._unit(i, bare=expected) if kinds & nm.NAMED else None
        found = unit or (self._class(i, expected) if kinds & nm.CLASSED else None)
        return found or (self._body(i, addressed=expected) if kinds & nm.BODIED else None)

    def _heads_of_communes(self, i: int, place: int) -> Mention | None:
        """ "các đồng chí chủ tịch xã", "các đồng chí giám đốc sở": a whole group."""
        pair = self.words[i : i + 2] if self.words[i] in ("tất", "toàn") else []
        if pair in (["tất", "cả"], ["toàn", "thể"]):
            start = self.skip_posts(i + 2)
            place = start if start > i + 2 else i
        if place == i or not self._plural(i):
            return None
        named = self.named_at(place)
        if named is not None and named.match.score == 100:
            return None
        start, headed = self.matcher.head(self.words, place)
        start -= headed and self.words[start - 1] in SHARED_HEADS
        for group, heads in _HEADED:
            end = start
            while self.words[end : end + 1] and self.words[end] in heads:
                end += 1
                joint = self.words[end : end + 1] in ([","], ["và"])
                end += (
                    joint and self.words[end + 1 : end + 2] != [] and (self.words[end + 1] in heads)
                )
            if end > start and any(code == group for _, code in self.names.groups):
                return Mention(i, end, GROUP, group=group)
        return None

    def _plural(self, i: int) -> bool:
        """ "các …", or a further post of a list that "các" opened."""
        if self.words[i] in ("các", "tất", "toàn"):
            return True
        return self.words[i - 1 : i] in ([","], ["và"]) and "các" in self.words[max(i - 10, 0) : i]

    def skip_posts(self, i: int) -> int:
        """Index after honorifics and posts: "đồng chí Bí thư, Chủ tịch UBND" leaves "UBND …"."""
        place = i
        while place <= i + _MAX_BODY_WORDS:
            if place >= len(self.words) or self.words[place] not in _POSTS:
                return place
            size = bw.HONORIFICS.at(self.words, place) or bw.TITLES.at(self.words, place)
            if not size or size == 1 and self.words[place] in ("bên", "phía") and place > i:
                return place
            if self.named_at(place) is not None or bw.KNOWN_BODIES.at(self.words, place) > size:
                return place
            place += size
            joint = self.words[place] if place < len(self.words) else ""
            if joint in (",", "và") and bw.TITLES.at(self.words, place + 1):
                place += 1

        return place

    def number_at(self, i: int) -> tuple[int, int] | None:
        """A number at word `i` and the index after it."""
        if i >= len(self.words) or not starts_number(self.words[i]):
            return None
        if i not in self._numbers:
            self._numbers[i] = read_number(self.words, i)
        return self._numbers[i]

    def counts_bodies(self, i: int) -> bool:
        """Do bodies stand behind the number at word `i` ("64 xã", "hai sở")?"""
        number = self.number_at(i)
        after = number[1] if number is not None else len(self.words)
        return after < len(self.words) and bw.CLASS_NOUNS.opens(self.words[after])

    def named_at(self, i: int) -> UnitFound | None:
        """The unit named with its head at word `i`."""
        if i not in self._named:
            self._named[i] = self.matcher.at(self.words, i)
        return self._named[i]

    # --- the kinds ---------------------------------------------------------------------------

    def _unit(self, i: int, *, bare: bool) -> Mention | None:
        found = self.matcher.at(self.words, i, bare=bare)
        if found is None or not self.name_like(found.start, found.end):
            return None
        others = bw.NOT_BODY.get(self.words[i], frozenset())
        if found.match.code is None and not others.isdisjoint(self.words[i + 1 : i + 2]):
            return None  # "phường xin tiếp thu …" only sounds like a ward's name
        if found.match.code is None and self._acts_behind_head(i):
            return None  # "UBND xã khẩn trương …"
        end = found.end
        following = self.words[end : end + 2]
        if following[:1] in (["xã"], ["phường"]) and len(following) > 1:
            inner = self.named_at(end)
            if inner is not None and inner.match.code and self.words[i] in ("trung", "công", "bộ"):
                return Mention(i, inner.end, BODY)  # a body inside the commune, not the province's
        if self.words[end : end + 1] == ["tỉnh"] and self.words[end - 1] != "tỉnh":
            end += 1
        if self.words[end : end + 2] == ["cà", "mau"]:
            end += 2
        return mention_of(i, end, UNIT, found.match)

    def _acts_behind_head(self, i: int) -> bool:
        """Does an act, not a name, stand behind the head at word `i`?"""
        place, headed = self.matcher.head(self.words, i)
        if not headed or place >= len(self.words):
            return False
        pressed = lx.URGENT.at(self.words, place) or lx.MUST.at(self.words, place)
        return bool(pressed) or (self.cased and not self.tokens[place].upper)

    def name_like(self, start: int, end: int) -> bool:
        """In text with capitals a name has them; "năm căn nhà" is no commune either way."""
        if self.words[end : end + 1] in (["nhà"], ["hộ"]) and end - start < 3:
            return False
        return not self.cased or any(token.upper for token in self.tokens[start:end])

    def _group(self, i: int) -> Mention | None:
        place, headed = self.matcher.head(self.words, i)
        start = place if headed and self.words[place - 1] not in SHARED_HEADS else i
        if start < len(self.words) and self.words[start] in ("tất", "toàn", "cả"):
            pair = self.words[start : start + 2]
            two = pair in (["tất", "cả"], ["toàn", "thể"], ["toàn", "bộ"])
            start += 2 if two else pair[0] == "cả"
        if start >= len(self.words):
            return None
        phrases = self.names.worded.get(self.words[start], [])
        place = start
        if not phrases and (number := self.number_at(start)) is not None:
            phrases, place = self.names.counted.get(number[0], []), number[1]
            if number[0] == 100 and self.words[place : place + 1] == ["%"]:
                phrases, place = self.names.whole, place + 1
        for phrase, code in phrases:
            end = self._group_end(place, phrase)
            if end is not None:
                return self._classed(i, end, code)
        return None

    def _group_end(self, i: int, phrase: tuple[str, ...]) -> int | None:
        place = i
        for n, word in enumerate(phrase):
            if n and self.words[place : place + 1] in ([","], ["và"], ["/"], ["-"]):
                place += 1
            if self.words[place : place + 1] == [word]:
                place += 1
            else:
                return None
        return place

    def _classed(self, i: int, end: int, code: str | None) -> Mention:
        """A class with what restricts it: then it is no longer the whole group."""
        neutral = bw.NEUTRAL_ENDS.at(self.words, end)
        if neutral:
            return Mention(i, end + neutral, GROUP if code else CLASS, group=code)
        restricted = bw.RESTRICTED.at(self.words, end)
        if not restricted or lx.MUST.at(self.words, end) or lx.VERBS.at(self.words, end):
            return Mention(i, end, GROUP if code else CLASS, group=code)
        relative = self._relative_end(end)
        if relative is not None:
            return Mention(i, relative, CLASS)
        end += restricted
        farthest = end + _MAX_BODY_WORDS
        while (
            end < farthest
            and end < len(self.words)
            and self.tokens[end].word
            and not self._name_stops(end)
        ):
            end += 1
        return Mention(i, end, CLASS)

    def _relative_end(self, i: int) -> int | None:
        """ "các đơn vị chưa phân bổ hết vốn phải …": the clause that tells which, up to what they
        must."""
        if self.words[i] not in _RELATIVE:
            return None
        for k in range(i + 2, min(i + _MAX_BODY_WORDS, len(self.words))):
            if not self.tokens[k].word:
                return None
            if lx.MUST.at(self.words, k) or lx.URGENT.at(self.words, k):
                return k
        return None

    def _class(self, i: int, expected: bool) -> Mention | None:
        """các đơn vị liên quan, các sở, ngành, 5 xã ven biển."""
        place, headed = self.matcher.head(self.words, i)
        place = place if headed and self.words[place - 1] not in SHARED_HEADS else i
        opener = bw.CLASS_OPENERS.at(self.words, place)
        number = self.number_at(place) if not opener else None
        if not opener and number is None:
            return None
        place = place + opener if opener else (number[1] if number else place)
        noun = self._class_noun(place)
        counted = number is not None and self.words[place : place + 1] not in (
            ["xã"],
            ["phường"],
        )
        pointed = noun is not None and self.words[noun : noun + 1] in (["này"], ["đó"], ["ấy"])
        if noun is None or (counted and not (expected or pointed)):
            return None
        return self._classed(i, noun, None)

    def _whichever(self, i: int) -> Mention | None:
        """ "xã nào chưa xong thì nộp ngay …": those the clause before "thì" tells of."""
        place = i + (self.words[i] in ("các", "những"))
        noun = bw.CLASS_NOUNS.at(self.words, place)
        if not noun or self.words[place + noun : place + noun + 1] != ["nào"]:
            return None
        must = lx.MUST.at(self.words, place + noun + 2)
        if must and self.words[place + noun + 1] in ("cũng", "đều"):
            phrase = ("các", *self.words[place : place + noun])
            group = next((c for words, c in self.names.groups if words == phrase), None)
            return Mention(i, place + noun + 2, GROUP if group else CLASS, group=group)
        for k in range(place + noun + 2, min(place + noun + _MAX_BODY_WORDS, len(self.words))):
            if self.words[k] == "thì":
                return Mention(i, k, CLASS)
            if not self.tokens[k].word:
                return None
        return None

    def _class_noun(self, i: int) -> int | None:
        """Index after the class noun; its parts may be joined by commas ("sở, ban, ngành")."""
        end = None
        place = i
        while True:
            size = bw.CLASS_NOUNS.at(self.words, place)
            acts = end == place and lx.VERBS.at(self.words, place)  # "các đơn vị | tổ chức …"
            if not size or acts:
                return end
            end = place + size
            place = end + (self.words[end : end + 1] in ([","], ["và"]))
            if place > end and not bw.CLASS_NOUNS.at(self.words, place):
                return end
            if self.named_at(place) is not None:
                return end
