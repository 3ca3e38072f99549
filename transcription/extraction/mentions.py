"""Who is named at a place of the text: units of the roster, classes, bodies outside it, posts.

A post or person stands for the body behind it ("đồng chí Chủ tịch UBND xã Năm Căn"). A body the
roster does not hold is kept as it was said. Nothing is decided here about who must do what.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from transcription.contract.candidates import CandidateUnit
from transcription.extraction import body_words as bw
from transcription.extraction import lexicon as lx
from transcription.extraction.names import Names
from transcription.text.unit_matcher import UnitMatch
from transcription.text.vi_numbers import read_number
from transcription.text.vi_tokens import Token, lows

UNIT, GROUP, CLASS, BODY, YOU = "unit", "group", "class", "body", "you"
_SHARED_HEADS = ("xã", "phường", "sở")
_MAX_BODY_WORDS = 12
_MOST_MENTIONS = 70


@dataclass(frozen=True, slots=True)
class Mention:
    """A body at tokens [start, end)."""

    start: int
    end: int
    kind: str
    code: str | None = None
    group: str | None = None
    score: int | None = None
    choices: tuple[tuple[str, int], ...] = ()

    def as_unit(self, role: str, phrase: str) -> CandidateUnit:
        return CandidateUnit(role, phrase, self.code, self.group, self.score, self.choices)


class MentionReader:
    """Reads mentions in one text."""

    def __init__(self, names: Names, text: str, tokens: list[Token]) -> None:
        self._names = names
        self._matcher = names.matcher
        self.province = names.province
        self.opening = names.opening
        self.text = text
        self.tokens = tokens
        self.words = lows(tokens)
        self._read: dict[tuple[int, bool], Mention | None] = {}
        self._shared_at: dict[int, list[Mention]] = {}
        # Text with capitals writes names with capitals; recogniser output has none.
        self.cased = sum(token.upper for token in tokens) * 20 > len(tokens)

    def phrase(self, mention: Mention) -> str:
        return self.text[self.tokens[mention.start].start : self.tokens[mention.end - 1].end]

    def official(self, code: str, first_word: str) -> str:
        """How the unit is written: in short when it was named in short."""
        unit = self._names.roster.unit(code)
        if unit is None:
            return first_word
        short = first_word in _SHARED_HEADS and unit.short_name
        return unit.short_name if short and first_word != "sở" else unit.name

    def read_list(self, i: int, *, addressed: bool = False) -> tuple[list[Mention], int]:
        """Mentions joined by commas, "và" or nothing, from word `i`; and the index after them."""
        found: list[Mention] = []
        place = i
        while True:
            items = self._items(place, addressed=addressed or bool(found))
            again = bool(found) and bool(items) and self.words[items[0].end - 1] in ("này", "đó")
            if not items or again or len(found) > _MOST_MENTIONS:
                return found, (found[-1].end if found else i)
            found += items
            place = self._after_joint(found[-1].end)

    def _after_joint(self, place: int) -> int:
        words = self.words
        while place < len(words) and words[place] in (",", "và"):
            place += 1
        if words[place : place + 1] == ["với"] and self._matcher.at(words, place + 1) is not None:
            return place + 1
        return place

    def _items(self, i: int, *, addressed: bool) -> list[Mention]:
        shared = self._shared_at.get(i)
        if shared is None:
            shared = self._shared_at[i] = self._shared_list(i)
        if shared:
            return shared
        one = self.read(i, addressed=addressed)
        if one is None:
            return []
        head = next((w for w in self.words[one.start : one.end] if w in _SHARED_HEADS), None)
        if one.kind in (GROUP, CLASS):
            return [one, *self._class_tail(one.end)]
        if one.kind != UNIT or head is None:
            return [one]
        return [one, *self._shared_tail(one.end, head)]

    def _class_tail(self, end: int) -> list[Mention]:
        """ "các sở, ngành, địa phương": class nouns that share the first one's "các"."""
        found: list[Mention] = []
        while self.words[end : end + 1] in ([","], ["và"]):
            size = bw.CLASS_NOUNS.at(self.words, end + 1)
            if not size or self.words[end + 1] in _SHARED_HEADS:
                break
            phrase = ("các", *self.words[end + 1 : end + 1 + size])
            group = next((c for words, c in self._names.groups if words == phrase), None)
            kind = GROUP if group else CLASS
            found.append(Mention(end + 1, end + 1 + size, kind, group=group))
            end = found[-1].end
        return found

    def _shared_tail(self, end: int, head: str) -> list[Mention]:
        """Names behind a first one with their head left out."""
        found: list[Mention] = []
        while True:
            place = self._after_joint(end)
            item = self._matcher.shared(self.words, place, head)
            if item is None and place > end and head != "sở" and not self._starts_other(place):
                item = self._matcher.sounding(self.words, place)
            if item is None or not self._name_like(item.start, item.end):
                return found
            found.append(_mention(item.start, item.end, UNIT, item.match))
            end = item.end

    def _starts_other(self, i: int) -> bool:
        return bool(lx.VERBS.at(self.words, i) or lx.MUST.at(self.words, i))

    def _shared_list(self, i: int) -> list[Mention]:
        """ "các xã A, B và C", "các xã, phường: A, B", "hai sở Nội vụ, Tài chính"."""
        place = self._skip_posts(i)
        words = self.words
        head_end, headed = self._matcher.head(words, place)
        if headed and words[head_end - 1] not in _SHARED_HEADS:
            place = head_end
        opener = bw.CLASS_OPENERS.at(words, place)
        number = read_number(words, place) if not opener else None
        if not opener and (number is None or number[0] > 70):
            return []
        place = place + opener if opener else (number[1] if number else place)
        head = words[place] if place < len(words) else ""
        if head not in _SHARED_HEADS:
            return []
        while place < len(words) and words[place] in (
            "xã",
            "phường",
            "sở",
            ",",
            ":",
            "và",
            "là",
            "gồm",
        ):
            place += 1
        first = self._matcher.shared(words, place, head)
        if first is None or not self._name_like(first.start, first.end):
            return []
        begun = _mention(i, first.end, UNIT, first.match)
        return [begun, *self._shared_tail(first.end, head)]

    def read(self, i: int, *, addressed: bool = False) -> Mention | None:
        """The mention that starts at word `i`. `addressed`: one is expected there."""
        key = (i, addressed)
        if key not in self._read:
            self._read[key] = self._read_at(i, addressed)
        return self._read[key]

    def _read_at(self, i: int, addressed: bool) -> Mention | None:
        if i >= len(self.words) or not self.tokens[i].word:
            return None
        place = self._skip_posts(i)
        posted = place > i
        found = self._heads_of_communes(i, place) or (
            self._group(place)
            or self._unit(place, bare=addressed or posted)
            or self._class(place)
            or self._body(place, addressed=addressed or posted)
        )
        if found is not None:
            return replace(found, start=i)
        if posted and bw.HONORIFICS.at(self.words, i):
            return self._person(i) or Mention(i, i + bw.HONORIFICS.at(self.words, i), YOU)
        you = lx.YOU.at(self.words, i)
        return Mention(i, i + you, YOU) if you else None

    def _heads_of_communes(self, i: int, place: int) -> Mention | None:
        """ "các đồng chí chủ tịch xã": the heads of all communes, so the communes."""
        if place == i or self.words[i] != "các":
            return None
        named = self._matcher.at(self.words, place)
        if named is not None and named.match.score == 100:
            return None
        end = place
        while self.words[end : end + 1] in (["xã"], ["phường"]):
            end += 1 + (self.words[end + 1 : end + 2] == [","])
        known = any(code == "communes_wards" for _, code in self._names.groups)
        return Mention(i, end, GROUP, group="communes_wards") if end > place and known else None

    def _skip_posts(self, i: int) -> int:
        """Index after honorifics and posts: "đồng chí Bí thư, Chủ tịch UBND" leaves "UBND …"."""
        place = i
        while True:
            if place > i + _MAX_BODY_WORDS:
                return place
            size = bw.HONORIFICS.at(self.words, place) or bw.TITLES.at(self.words, place)
            if size == 1 and self.words[place] in ("bên", "phía") and place > i:
                return place
            if size and self._matcher.at(self.words, place) is not None:
                return place
            if not size:
                return place
            place += size
            joint = self.words[place] if place < len(self.words) else ""
            if joint in (",", "và") and bw.TITLES.at(self.words, place + 1):
                place += 1

    # --- the kinds ---------------------------------------------------------------------------

    def _unit(self, i: int, *, bare: bool) -> Mention | None:
        found = self._matcher.at(self.words, i, bare=bare)
        if found is None or not self._name_like(found.start, found.end):
            return None
        end = found.end
        following = self.words[end : end + 2]
        if following[:1] in (["xã"], ["phường"]) and len(following) > 1:
            inner = self._matcher.at(self.words, end)
            if inner is not None and inner.match.code and self.words[i] in ("trung", "công", "bộ"):
                return Mention(i, inner.end, BODY)  # a body inside the commune, not the province's
        if self.words[end : end + 1] == ["tỉnh"] and self.words[end - 1] != "tỉnh":
            end += 1
        if self.words[end : end + 2] == ["cà", "mau"]:
            end += 2
        return _mention(i, end, UNIT, found.match)

    def _name_like(self, start: int, end: int) -> bool:
        """In text with capitals a name has them; "năm căn nhà" is no commune either way."""
        if self.words[end : end + 1] in (["nhà"], ["hộ"]) and end - start < 3:
            return False
        return not self.cased or any(token.upper for token in self.tokens[start:end])

    def _group(self, i: int) -> Mention | None:
        place, headed = self._matcher.head(self.words, i)
        start = place if headed and self.words[place - 1] not in _SHARED_HEADS else i
        for quantifier in (("tất", "cả"), ("toàn", "thể"), ("toàn", "bộ"), ("cả",)):
            if tuple(self.words[start : start + len(quantifier)]) == quantifier:
                start += len(quantifier)
                break
        for phrase, code in self._group_phrases(start):
            end = self._group_end(start, phrase)
            if end is not None:
                return self._classed(i, end, code)
        return None

    def _group_phrases(self, i: int) -> list[tuple[tuple[str, ...], str]]:
        if i >= len(self.words):
            return []
        worded = self._names.worded.get(self.words[i])
        if worded is not None:
            return worded
        return self._names.counted if read_number(self.words, i) is not None else []

    def _group_end(self, i: int, phrase: tuple[str, ...]) -> int | None:
        place = i
        for n, word in enumerate(phrase):
            if n and self.words[place : place + 1] in ([","], ["và"], ["/"], ["-"]):
                place += 1
            if word.isdigit():
                number = read_number(self.words, place)
                if number is None or number[0] != int(word):
                    return None
                place = number[1]
            elif self.words[place : place + 1] == [word]:
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
        end += restricted
        while end < len(self.words) and self.tokens[end].word and not self._name_stops(end):
            end += 1
        return Mention(i, end, CLASS)

    def _class(self, i: int) -> Mention | None:
        """các đơn vị liên quan, các sở, ngành, 5 xã ven biển."""
        place, headed = self._matcher.head(self.words, i)
        place = place if headed and self.words[place - 1] not in _SHARED_HEADS else i
        opener = bw.CLASS_OPENERS.at(self.words, place)
        number = read_number(self.words, place) if not opener else None
        if not opener and number is None:
            return None
        place = place + opener if opener else (number[1] if number else place)
        noun = self._class_noun(place)
        if noun is None or (number is not None and self.words[place] not in ("xã", "phường")):
            return None
        return self._classed(i, noun, None)

    def _class_noun(self, i: int) -> int | None:
        """Index after the class noun; its parts may be joined by commas ("sở, ban, ngành")."""
        end = None
        place = i
        while True:
            size = bw.CLASS_NOUNS.at(self.words, place)
            if not size:
                return end
            end = place + size
            place = end + (self.words[end : end + 1] in ([","], ["và"]))
            if place > end and not bw.CLASS_NOUNS.at(self.words, place):
                return end
            if self._matcher.at(self.words, place) is not None:
                return end

    def _body(self, i: int, *, addressed: bool) -> Mention | None:
        known = bw.KNOWN_BODIES.at(self.words, i)
        if known:
            return Mention(i, self._body_place(i + known), BODY)
        head = bw.BODY_HEADS.at(self.words, i)
        if not head or i + head >= len(self.words):
            return None
        second = self.words[i + 1]
        if second in bw.NOT_BODY.get(self.words[i], ()) and head == 1:
            return None
        if not addressed and self.cased and not self.tokens[i].upper:
            return None
        place = i + head
        while place < len(self.words) and place - i < _MAX_BODY_WORDS:
            if not self.tokens[place].word or self._name_stops(place):
                break
            place += 1
        if place == i + head and head == 1:
            return None
        return Mention(i, place, BODY)

    def _body_place(self, end: int) -> int:
        """A known body's end with its place: "tỉnh", "xã Năm Căn", "Cà Mau"."""
        if self.words[end : end + 1] == ["tỉnh"]:
            end += 1
        if self.words[end : end + 2] == ["cà", "mau"]:
            return end + 2
        if self.words[end : end + 1] in (["xã"], ["phường"]):
            inner = self._matcher.at(self.words, end)
            return inner.end if inner is not None else end
        if self.cased:
            while end < len(self.tokens) and self.tokens[end].upper:
                end += 1
        return end

    def _name_stops(self, i: int) -> bool:
        """Does a body's name end before word `i`?"""
        if self.cased and self.tokens[i].upper:
            return False
        return self.words[i] in bw.NAME_STOPS or bool(lx.VERBS.at(self.words, i))

    def _person(self, i: int) -> Mention | None:
        """A named person in text with capitals, with the body behind the name if it follows."""
        place = i + bw.HONORIFICS.at(self.words, i)
        while place < len(self.tokens) and self.tokens[place].upper and self.cased:
            place += 1
        if place == i + bw.HONORIFICS.at(self.words, i):
            return None
        after = place + (self.words[place : place + 1] in ([","], ["-"], ["–"], ["("]))
        post = self._skip_posts(after)
        if post > after:
            body = self._unit(post, bare=True) or self._body(post, addressed=True)
            if body is not None:
                return replace(body, start=i)
        return Mention(i, place, BODY)


def _mention(start: int, end: int, kind: str, match: UnitMatch) -> Mention:
    return Mention(start, end, kind, match.code, None, match.score, match.choices)
