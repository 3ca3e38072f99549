"""A sentence being read, and the anchor of a demand: what the rules speak to each other about."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from transcription.extraction.clauses import Sentence
from transcription.extraction.mentions import body_words as bw
from transcription.extraction.mentions.mention import BODY, CLASS, UNIT, YOU, Mention
from transcription.extraction.mentions.mention_lists import MentionReader
from transcription.extraction.speaking import Speaking
from transcription.text.vi_deadlines import DeadlineFound

CHAIRS = ("chair", "co_chair", "secretary")  # who runs the meeting and assigns
ELLIPSIS = "subject.ellipsis"
GIVEN, MUST, URGENT, BARE = "given", "must", "urgent", "bare"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A demand opened at token `start`; `body` is the first token behind addressee and modal.

    `verb` is the word of giving ("giao", "đề"), empty for subjects. `reasons` name what fired.
    """

    start: int
    body: int
    shape: str
    leads: tuple[Mention, ...]
    coordinating: tuple[Mention, ...] = ()
    verb: str = ""
    reported: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Scene:
    """A sentence being read: the reader, the deadlines found in it, who may be meant by "you"."""

    reader: MentionReader
    sentence: Sentence
    deadlines: list[DeadlineFound]
    speaker_role: str | None = None
    floor: Mention | None = None
    hailed: tuple[Mention, ...] = ()  # the bodies spoken to so far, this sentence included
    unit: str | None = None  # code of the speaker's own unit
    demanded: bool = False  # something was demanded just before
    told: bool = False  # an item of a list that tells what was done
    held_on: date | None = None
    blocked: list[tuple[int, str]] = field(default_factory=list)
    no_subject_before: int = 0  # a list of bodies that ends here was tried
    _from: dict[int, DeadlineFound] = field(default_factory=dict)
    _to: dict[int, DeadlineFound] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)
    _said: frozenset[str] | None = None
    # What was found at a place before: whom a verb of asking asks, and who asks there.
    asked: dict[int, tuple[tuple[Mention, ...], int]] = field(default_factory=dict)
    asking: dict[int, Mention | None] = field(default_factory=dict)
    asks_from: dict[int, int] = field(default_factory=dict)  # and where who asks begins
    speaking: Speaking = field(default_factory=Speaking)  # who speaks, by the sentences before

    def __post_init__(self) -> None:
        self._from = {deadline.start: deadline for deadline in self.deadlines}
        self._starts = [deadline.start for deadline in self.deadlines]
        self._to = {deadline.end: deadline for deadline in self.deadlines}

    @property
    def said(self) -> frozenset[str]:
        """The sentence's words, each once."""
        if self._said is None:
            words = self.reader.words[self.sentence.start : self.sentence.end]
            self._said = frozenset(words)
        return self._said

    def deadlines_in(self, start: int, end: int) -> list[DeadlineFound]:
        """The deadlines that begin in [start, end), in order."""
        starts = self._starts
        return self.deadlines[bisect_left(starts, start) : bisect_left(starts, end)]

    def deadline_from(self, i: int) -> DeadlineFound | None:
        return self._from.get(i)

    def deadline_to(self, i: int) -> DeadlineFound | None:
        return self._to.get(i)


def resolved(scene: Scene, leads: list[Mention]) -> tuple[Mention, ...]:
    """ "đồng chí", "các anh" mean who has the floor; without one nobody is addressed."""
    out: list[Mention] = []
    for lead in leads:
        if lead.kind != YOU:
            out += _told_before(scene, lead)
        elif (heads := _head_of_named(scene, lead)) is not None:
            out.append(heads)
        elif (meant := _spoken_to(scene, lead.start)) is not None:
            out.append(meant)
        elif scene.floor is not None:
            floor = scene.floor
            out.append(
                Mention(
                    lead.start, lead.end, floor.kind, floor.code, floor.group, floor.score,
                    floor.choices,
                )
            )  # fmt: skip
        elif any(bw.TITLES.at(scene.reader.words, i) for i in range(lead.start + 1, lead.end)):
            out.append(lead._replace(kind=BODY))  # an office-holder, though nobody knows of what
    return tuple(out)


def _head_of_named(scene: Scene, lead: Mention) -> Mention | None:
    """ "đồng chí chủ tịch phường": of the ward named before."""
    words = scene.reader.words
    if words[lead.end - 1] not in ("xã", "phường") or lead.end - 1 == lead.start:
        return None
    leads, _ = named_before(scene, lead.end - 1)
    return leads[0]._replace(start=lead.start, end=lead.end) if leads else None


def _spoken_to(scene: Scene, i: int) -> Mention | None:
    """The body hailed last before word `i`."""
    return next((named for named in reversed(scene.hailed) if named.end <= i), None)


def _told_before(scene: Scene, lead: Mention) -> list[Mention]:
    """ "công ty" behind "Công ty Khai thác thủy lợi", "hai xã này" behind their names: the bodies
    as they were named before; else the lead itself."""
    words = scene.reader.words
    if lead.kind == BODY and bw.BODY_HEADS.at(words, lead.start) == lead.end - lead.start:
        size = lead.end - lead.start
        for place in range(lead.start - 1, max(lead.start - _BACK, -1), -1):
            if words[place : place + size] == words[lead.start : lead.end]:
                named = scene.reader.read(place)
                if named is not None and named.kind == BODY and named.end > place + size:
                    return [named]
    pointed = words[lead.end - 1] in ("này", "đó", "trên", "ấy", "nêu")
    counted = words[lead.start] in ("hai", "ba", "bốn", "2", "3", "02", "03", "4")
    if lead.kind == CLASS and (pointed or (counted and lead.end <= lead.start + 3)):
        return _named_list_before(scene, lead) or [lead]
    return [lead]


def _named_list_before(scene: Scene, lead: Mention) -> list[Mention]:
    """The last list of units named before; of as many as the lead says, when it says a number."""
    reader, place = scene.reader, max(lead.start - _BACK, 0)
    said = next((n for i in range(lead.start, lead.end) if (n := reader.number_at(i))), None)
    found: list[Mention] = []
    apart: dict[str, Mention] = {}  # "xã A còn mười căn, xã B còn chín căn, hai xã này …"
    while place < lead.start:
        listed, end = reader.read_list(place)
        units = [named for named in listed if named.kind == UNIT and named.code]
        if end <= lead.start and len(units) > 1 and (said is None or said[0] == len(units)):
            found = units
        if end <= lead.start:
            apart |= {named.code: named for named in units if named.code}
        place = max(end, place + 1)
    return found or (list(apart.values()) if said and said[0] == len(apart) else [])


_BACK = 80


_HEAD_OF = {"commune": "xã", "ward": "phường"}


def named_before(scene: Scene, i: int) -> tuple[list[Mention], int]:
    """ "giao Sở triển khai …": the body of that head that was named last."""
    words, reader = scene.reader.words, scene.reader
    opened = i
    i = reader.skip_posts(i)
    headed, found = reader.matcher.head(words, i)
    if found and words[headed - 1] in ("xã", "phường"):
        i = headed - 1  # "giao Chủ tịch UBND phường": the ward named before
    if words[i : i + 1] == [] or words[i] not in ("sở", "xã", "phường", "ban", "chi"):
        return [], opened
    seen, last = reader.last_named.get(words[i], (0, None))
    if seen > i:
        seen, last = 0, None
    for place in range(max(seen, i - _BACK), i):  # what was looked at before is remembered
        if words[place] == words[i]:
            named = reader.read(place)
            if named is not None and named.kind in (UNIT, BODY) and named.end <= i:
                last = named
    reader.last_named[words[i]] = (i, last)
    if last is None and scene.floor is not None:
        unit = reader.names.roster.unit(scene.floor.code or "")
        if unit is not None and _HEAD_OF.get(unit.kind, unit.name.split()[0].lower()) == words[i]:
            return [scene.floor._replace(start=opened, end=i + 1)], i + 1
    if last is None or last.start <= i - _BACK:
        return [], opened
    end = i + 1 + 2 * (words[i + 1 : i + 3] == ["chúng", "tôi"])
    return [last._replace(start=opened, end=end)], end


_TOPIC_OPENS = frozenset(("về", "còn", "riêng", "chuyện", "phần", "đối"))
_TOPIC_WORDS = 9


def topic_before(words: Sequence[str], i: int) -> int:
    """ "… về kinh phí thì sở tài chính …": where the topic before word `i` begins, else `i`."""
    if words[i - 1 : i] != ["thì"]:
        return i
    for k in range(i - 2, max(i - _TOPIC_WORDS, 0), -1):
        if words[k] in _TOPIC_OPENS:
            return k
    return i
