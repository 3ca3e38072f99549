"""Bodies outside the roster, and persons: named as they were said, or standing for the unit behind
them ("anh Xây dựng", "đồng chí Khải xã Đầm Dơi").

Where a name ends is told by capitals; in text without them by what stops a name.
"""

from __future__ import annotations

from transcription.extraction import lexicon as lx
from transcription.extraction.mentions import body_words as bw
from transcription.extraction.mentions.mention import BODY, UNIT, Mention, mention_of
from transcription.extraction.mentions.places import SHARED_HEADS, PlaceReader

_BEFORE_NAME_PARTS = bw.NAMED_BY_ACT | bw.NAME_PART_ENDS
_OFFICE_SCORE = 96  # "Văn phòng" with no more said
_MAX_BODY_WORDS = 12
_TIME_UNITS = (["ngày"], ["tuần"], ["tháng"], ["giờ"], ["hôm"])


class BodyReader(PlaceReader):
    """Reads one mention at a place of one text; lists of them are read in `mention_lists`."""

    def _named_person(self, i: int, place: int) -> Mention | None:
        named = self._of_sector(i, place) or self._person(i)
        return named or self._person_of_unit(i, place)

    def _body(self, i: int, *, addressed: bool) -> Mention | None:
        known, head = bw.KNOWN_BODIES.at(self.words, i), bw.BODY_HEADS.at(self.words, i)
        if self.words[i] == "bộ" and (sector := self.matcher.sector(self.words, i + 1)):
            return Mention(i, sector.end, BODY)  # a ministry is named as its department is
        longer = head and self._name_part(i, i + head)
        if known and not (longer and head + longer > known):
            known += self._name_part(i, i + known)
            return Mention(i, self._body_place(i + known), BODY)
        if not head or i + head >= len(self.words) or not self._opens_name(i, head, addressed):
            return None
        place = self._name_end(i, i + head)
        if place > i + head:
            return Mention(i, place, BODY)
        if self.words[i:place] == ["văn", "phòng"] and self.names.office:
            return Mention(i, place, UNIT, self.names.office, None, _OFFICE_SCORE)
        return Mention(i, place, BODY) if head > 1 and addressed else None

    def _opens_name(self, i: int, head: int, addressed: bool) -> bool:
        """May a body's name begin with the head at `i`?"""
        if head == 1 and self.words[i + 1] in bw.NOT_BODY.get(self.words[i], ()):
            return False
        division = self.words[i] in ("xã", "phường")
        if not self.cased and division and lx.VERBS.at(self.words, i + head):
            return False  # "bây giờ phường | dọn sạch bãi rác"
        if not self.cased:  # every commune is in the roster
            return addressed or self.words[i] not in ("xã", "phường")
        if self.words[i] in SHARED_HEADS and not self.tokens[i + 1].upper:
            return False  # "Sở lồng ghép …", "Xã dọn sạch …"
        return addressed or self.tokens[i].upper

    def _name_end(self, i: int, place: int) -> int:
        """Index after the name that goes on at `place` behind the head at `i`."""
        while place < len(self.words) and place - i < _MAX_BODY_WORDS:
            if (part := self._name_part(i, place)) > 0:
                place += part
                if not self.cased and self.words[place - 1] not in bw.NAME_PART_ENDS:
                    return self._body_place(place)
                continue
            if self.words[place] == "các" and (many := self._class_noun(place + 1)) is not None:
                return many  # "Hội đồng nghĩa vụ quân sự các xã, phường"
            whole = self._capital_word(place) or int(self._joins_name(place))
            if not whole and (not self.tokens[place].word or self._name_stops(place)):
                break
            place += whole or 1
        return place

    def _capital_word(self, i: int) -> int:
        """Words at `i` that end one begun with a capital: "Bộ Xây | dựng"; 0 when there are none"""
        if not self.cased or not self.tokens[i - 1].upper or self.tokens[i].upper:
            return 0
        return max(lx.VERBS.at(self.words, i - 1) - 1, 0)

    def _joins_name(self, i: int) -> bool:
        """ "Trung tâm Nước sạch | và | Vệ sinh môi trường": is the name gone on with?"""
        if not self.cased or i + 1 >= len(self.tokens) or self.words[i] not in ("và", "-", "–"):
            return False
        if self.words[i] != "và" and not self.tokens[i - 1].upper:
            return False
        return self.tokens[i + 1].upper and self.words[i + 1] not in self.opening

    def _name_part(self, head: int, i: int) -> int:
        """Length of a part of a body's name at `i` that is no act, 0 if there is none."""
        if i >= len(self.words) or self.words[i - 1] not in _BEFORE_NAME_PARTS:
            return 0
        return bw.NAME_PARTS.at(self.words, i) if i - head < _MAX_BODY_WORDS else 0

    def _body_place(self, end: int) -> int:
        """A known body's end with its place: "tỉnh", "xã Năm Căn", "Cà Mau"."""
        if self.words[end : end + 1] == ["các"]:  # "Hội đồng nghĩa vụ quân sự các xã, phường"
            return self._class_noun(end + 1) or end
        end = self._numbered(end)
        if self.words[end : end + 2] == ["trên", "địa"]:
            end += 3  # "đồn biên phòng trên địa bàn"
        if self.words[end : end + 1] == ["tỉnh"]:
            end += 1
        for place in (("cà", "mau"), ("mũi", "cà", "mau"), ("u", "minh", "hạ")):
            if tuple(self.words[end : end + len(place)]) == place:
                return end + len(place)
        if self.words[end : end + 1] in (["xã"], ["phường"]):
            return self._of_commune(end)
        if self.cased:
            while end < len(self.tokens) and (self.tokens[end].upper or self._inside_name(end)):
                end += 1
            return end
        placed = self.matcher.at(self.words, end, bare=True)
        return placed.end if placed is not None and placed.match.score == 100 else end

    def _numbered(self, end: int) -> int:
        """The end behind "chi nhánh", "khu vực XX"."""
        if self.words[end : end + 2] == ["chi", "nhánh"]:
            end += 2
        if self.words[end : end + 2] == ["khu", "vực"] and end + 2 < len(self.words):
            number = self.number_at(end + 2)
            numbered = number[1] if number else end + 3
            roman = not set(self.words[end + 2]) - set("ivx")
            end = numbered if number or roman else end
        return end

    def _of_commune(self, i: int) -> int:
        """ "trạm y tế xã Trí Phải", "trạm y tế xã | phát tờ rơi": the end, from "xã" at `i`."""
        inner = self.named_at(i)
        if inner is not None:
            return inner.end
        acts = lx.VERBS.at(self.words, i + 1) or lx.MUST.at(self.words, i + 1)
        return i + 1 if acts else i

    def _inside_name(self, i: int) -> bool:
        """ "Trường Cao đẳng Cộng đồng Cà Mau": a small word between two large ones."""
        around = self.tokens[i - 1 : i + 2]
        large = len(around) == 3 and around[0].upper and around[2].upper
        return large and around[1].word and not self._name_stops(i)

    def _name_stops(self, i: int) -> bool:
        """Does a body's name end before word `i`?"""
        if self.cased and self.tokens[i].upper:
            return False
        if self.words[i] in bw.NAME_STOPS or lx.VERBS.at(self.words, i):
            return True
        number = None if self.cased else self.number_at(i)
        if number is not None and self.words[number[1] : number[1] + 1] in _TIME_UNITS:
            return True  # "… ở từng trạm | hai ngày nữa phải có"
        unit = self.named_at(i) if self.words[i] in SHARED_HEADS else None
        return unit is not None and unit.match.code is not None and unit.match.score == 100

    def _of_sector(self, i: int, place: int) -> Mention | None:
        """ "anh Y tế": the department; in speech "anh xây dựng …" may be an act."""
        found = self.matcher.sector(self.words, place)
        if found is None or not self.name_like(found.start, found.end):
            return None
        acts = not self.cased and lx.VERBS.at(self.words, place)
        return None if acts else mention_of(i, found.end, UNIT, found.match)

    def _misheard_name(self, i: int, place: int) -> Mention | None:
        """ "đồng chí chủ tịch đầm giơi": a commune's misheard name right behind its post."""
        if self.cased or place >= len(self.words) or self.words[place - 1] not in ("tịch", "thư"):
            return None
        found = self.matcher.sounding(self.words, place)
        return mention_of(i, found.end, UNIT, found.match) if found is not None else None

    def _person_of_unit(self, i: int, place: int) -> Mention | None:
        """ "đồng chí khải xã đầm dơi" in text without capitals: the unit behind a short name."""
        if self.cased:
            return None
        if self.words[place : place + 1] in (["ở"], ["dưới"], ["bên"]):
            there = self.matcher.at(self.words, place + 1, bare=True)
            if there is not None and there.match.score == 100 and there.match.code:
                return mention_of(i, there.end, UNIT, there.match)  # "đồng chí ở Cái Nước"
        for k in range(place + 1, min(place + 4, len(self.words))):
            if self._name_stops(k - 1) or not self.tokens[k - 1].word:
                return None
            if lx.LEADS.at(self.words, k - 1) or lx.COOPERATE.at(self.words, k - 1):
                return None  # "đồng chí chủ trì cùng Sở Tài chính …"
            unit = self.named_at(k)
            if unit is not None and unit.match.score == 100 and unit.match.code:
                return mention_of(i, unit.end, UNIT, unit.match)
        return None

    def _person(self, i: int) -> Mention | None:
        """A named person in text with capitals, with the body behind the name if it follows."""
        place = i + bw.HONORIFICS.at(self.words, i)
        if bw.TITLES.at(self.words, place):
            return None  # "Đồng chí Giám đốc": a post, no name
        while place < len(self.tokens) and self.tokens[place].upper and self.cased:
            place += 1
        if place == i + bw.HONORIFICS.at(self.words, i):
            return None
        after = place + (self.words[place : place + 1] in ([","], ["-"], ["–"], ["("]))
        post = self.skip_posts(after)
        if post > after:
            body = self._unit(post, bare=True) or self._body(post, addressed=True)
            if body is not None:
                return body._replace(start=i)
        return Mention(i, place, BODY)
