"""Lists of mentions: joined by commas and "và", with a shared head ("các xã A, B và C"), classes
("các sở, ngành, địa phương").

A list is a chain of links, each read once for its place, so that a text of nothing but names costs
no more than its length.
"""

from __future__ import annotations

from typing import NamedTuple

from transcription.extraction import lexicon as lx
from transcription.extraction.mentions import body_words as bw
from transcription.extraction.mentions import names as nm
from transcription.extraction.mentions.bodies import BodyReader
from transcription.extraction.mentions.mention import BODY, CLASS, GROUP, UNIT, Mention, mention_of
from transcription.extraction.mentions.names import Names
from transcription.extraction.mentions.places import SHARED_HEADS
from transcription.text.unit_matcher import UnitFound
from transcription.text.vi_tokens import Token

_BEFORE_EXAMPLES = frozenset("như gồm là : ( xã phường sở các".split())
_MOST_MENTIONS = 70  # all communes of a province, named one by one
_BETWEEN_HEAD_AND_NAMES = frozenset("xã phường sở , : và là gồm như (".split())
_SPOKEN_JOINTS = frozenset(("với", "rồi"))  # "xã A với lại xã B", "xã A rồi đến xã B"
_BEHIND_JOINT = (["lại"], ["đến"], ["tới"], ["cả"])
_HEADS = frozenset(("xã", "phường", "sở", "ubnd", "ủy", "ban", "công", "chi", "trung", "các"))


class ListEnd(NamedTuple):
    """Index after a list and how many mentions it holds."""

    end: int
    size: int


class MentionReader(BodyReader):
    """Reads mentions and lists of them in one text."""

    def __init__(self, names: Names, text: str, tokens: list[Token]) -> None:
        super().__init__(names, text, tokens)
        self._shared_at: dict[int, list[Mention]] = {}
        self._links: dict[bool, dict[int, list[Mention]]] = {False: {}, True: {}}
        self._ends: dict[int, ListEnd] = {}

    def read_list(self, i: int, *, addressed: bool = False) -> tuple[list[Mention], int]:
        """Mentions joined by commas, "và" or nothing, from word `i`; and the index after them.
        A list longer than any that is said is none."""
        if self.list_end(i, addressed=addressed).size > _MOST_MENTIONS:
            return [], i
        found: list[Mention] = []
        place, link = i, self._link(i, addressed)
        while link:
            found += link
            place = self._after_joint(link[-1].end)
            link = self._next_link(place)
        return found, (found[-1].end if found else i)

    def list_end(self, i: int, *, addressed: bool = False) -> ListEnd:
        """Where `read_list` ends, without making the list."""
        first = self._link(i, addressed)
        if not first:
            return ListEnd(i, 0)
        place = self._after_joint(first[-1].end)
        rest = self._ends.get(place) or self._rest_end(place)
        return ListEnd(rest.end if rest.size else first[-1].end, rest.size + len(first))

    def _rest_end(self, i: int) -> ListEnd:
        """The end of the rest of a list from `i`; kept for every link on the way."""
        way: list[tuple[int, list[Mention]]] = []
        place = i
        while place not in self._ends:
            link = self._next_link(place)
            if not link:
                self._ends[place] = ListEnd(place, 0)
                break
            way.append((place, link))
            place = self._after_joint(link[-1].end)
        known = self._ends[place]
        for start, link in reversed(way):
            end = known.end if known.size else link[-1].end
            known = self._ends[start] = ListEnd(end, known.size + len(link))
        return known

    def _next_link(self, i: int) -> list[Mention]:
        """The link that goes on with a list at `i`: none that begins a new subject."""
        link = self._link(i, True)
        if link and i and self.words[i - 1] not in (",", "và", "với"):
            plain = self.cased and not self.tokens[i].upper  # "Thanh tra tỉnh | thanh tra việc …"
            acts = link[0].kind == BODY and lx.VERBS.at(self.words, i)
            if plain and link[0].kind == BODY or acts:
                return []
        if link and (self.words[i] == "mỗi" or self.words[link[0].end - 1] in ("này", "đó")):
            return []
        return link

    def _link(self, i: int, addressed: bool) -> list[Mention]:
        known = self._links[addressed]
        if i not in known:
            known[i] = self._items(i, addressed=addressed)
        return known[i]

    def _after_joint(self, place: int) -> int:
        words = self.words
        while place < len(words) and words[place] in (",", "và"):
            place += 1
        if (
            place < len(words) - 1
            and words[place] in ("ờ", "à")
            and words[place - 1] in (",", "và")
        ):
            return place + 1 if self._goes_on(place + 1) else place
        if place < len(words) and words[place] in _SPOKEN_JOINTS:
            further = place + 1 + (words[place + 1 : place + 2] in _BEHIND_JOINT)
            return further if self._goes_on(further) else place
        return place

    def _goes_on(self, i: int) -> bool:
        """Is another body named at `i`, behind "với" or "gồm"?"""
        if i >= len(self.words) or self.words[i] not in self.opening:
            return False
        named = self.read(i)
        return named is not None and named.kind in (UNIT, BODY)

    def _items(self, i: int, *, addressed: bool) -> list[Mention]:
        shared = self._shared_at.get(i)
        if shared is None:
            shared = self._shared_at[i] = self._shared_list(i)
        if shared:
            return shared
        one = self.read(i, addressed=addressed)
        if one is None:
            return []
        if one.kind in (GROUP, CLASS):
            return self._examples(one) or [one, *self._class_tail(one.end)]
        if one.kind != UNIT:
            return [one]
        head = next((w for w in self.words[one.start : one.end] if w in SHARED_HEADS), None)
        if head is None:
            return [one]
        return [one, *self._shared_tail(one.end, head)]

    def _examples(self, one: Mention) -> list[Mention]:
        """ "các địa phương ven biển như: Đất Mũi, Năm Căn": the units that a class is told by."""
        words, place = self.words, one.end
        if words[place : place + 1] not in (["như"], ["gồm"], ["là"], [":"], ["("]):
            return []
        while words[place : place + 1] and words[place] in _BEFORE_EXAMPLES:
            place += 1
        head = "sở" if "sở" in words[one.start : one.end] else "xã"
        first = self.matcher.shared(words, place, head)
        if first is None or not self.name_like(first.start, first.end):
            return []
        begun = mention_of(one.start, first.end, UNIT, first.match)
        return [begun, *self._shared_tail(first.end, head)]

    def _class_tail(self, end: int) -> list[Mention]:
        """ "các sở, ngành, địa phương": class nouns that share the first one's "các"."""
        found: list[Mention] = []
        while self.words[end : end + 1] in ([","], ["và"]):
            size = bw.CLASS_NOUNS.at(self.words, end + 1)
            if not size or self.words[end + 1] in SHARED_HEADS:
                break
            phrase = ("các", *self.words[end + 1 : end + 1 + size])
            group = next((c for words, c in self.names.groups if words == phrase), None)
            kind = GROUP if group else CLASS
            found.append(Mention(end + 1, end + 1 + size, kind, group=group))
            end = found[-1].end
        return found

    def _shared_tail(self, end: int, head: str) -> list[Mention]:
        """Names behind a first one with their head left out."""
        found: list[Mention] = []
        while True:
            place = self._after_joint(end)
            item = self.matcher.shared(self.words, place, head)
            if item is not None and place == end and lx.VERBS.at(self.words, place):
                return found  # "… du lịch | xây dựng kế hoạch"
            if item is None and head != "sở" and self._may_go_on(place):
                item = self._between_names(place, joined=place > end)
            if item is None or not self.name_like(item.start, item.end):
                return found
            found.append(mention_of(item.start, item.end, UNIT, item.match))
            end = item.end

    def _between_names(self, i: int, *, joined: bool) -> UnitFound | None:
        """A misheard name of a list; without a joint before it only when one more name follows."""
        item = self.matcher.sounding(self.words, i)
        if item is None or joined:
            return item
        following = self.matcher.shared(self.words, self._after_joint(item.end), "xã")
        return item if following is not None and not self.cased else None

    def _may_go_on(self, i: int) -> bool:
        words = self.words
        if i >= len(words) or words[i] in _HEADS:
            return False
        return not (lx.VERBS.at(words, i) or lx.MUST.at(words, i))

    def _shared_list(self, i: int) -> list[Mention]:
        """ "các xã A, B và C", "các xã, phường: A, B", "hai sở Nội vụ, Tài chính"."""
        words = self.words
        if i >= len(words) or not self.names.kinds[words[i]] & (nm.POST | nm.CLASSED):
            return []
        place = self.skip_posts(i)
        head_end, headed = self.matcher.head(words, place)
        if headed and words[head_end - 1] not in SHARED_HEADS:
            place = head_end
        opener = bw.CLASS_OPENERS.at(words, place)
        number = self.number_at(place) if not opener else None
        if not opener and (number is None or number[0] > 70):
            return []
        place = place + opener if opener else (number[1] if number else place)
        head = words[place] if place < len(words) else ""
        if head not in SHARED_HEADS:
            return []
        while place < len(words) and words[place] in _BETWEEN_HEAD_AND_NAMES:
            place += 1
        first = self.matcher.shared(words, place, head)
        if first is None or not self.name_like(first.start, first.end):
            return []
        begun = mention_of(i, first.end, UNIT, first.match)
        return [begun, *self._shared_tail(first.end, head)]
