"""A sentence being read, and the anchor of a demand: what the rules speak to each other about."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from transcription.extraction import body_words as bw
from transcription.extraction.clauses import Sentence
from transcription.extraction.mention import BODY, UNIT, YOU, Mention
from transcription.extraction.mention_lists import MentionReader
from transcription.text.vi_deadlines import DeadlineFound

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
    unit: str | None = None  # code of the speaker's own unit
    blocked: list[tuple[int, str]] = field(default_factory=list)
    no_subject_before: int = 0  # a list of bodies that ends here was tried
    _from: dict[int, DeadlineFound] = field(default_factory=dict)
    _to: dict[int, DeadlineFound] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)
    _said: frozenset[str] | None = None
    # What was found at a place before: whom a verb of asking asks, and who asks there.
    asked: dict[int, tuple[tuple[Mention, ...], int]] = field(default_factory=dict)
    asking: dict[int, Mention | None] = field(default_factory=dict)

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
            out.append(lead)
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


_BACK = 80


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
    if last is None or last.start <= i - _BACK:
        return [], opened
    return [last._replace(start=opened, end=i + 1)], i + 1


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
