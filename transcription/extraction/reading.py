"""One passage read: its sentences in order, what each demands, asks or takes back, and what the
next one may go on with.

Sentences → anchors → drafts → refused or kept → candidates with evidence and confidence. The way in
is `extract`; no rule about words lives here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from transcription.contract.candidates import (
    ASSIGNMENT,
    COORDINATING,
    FROM,
    LEAD,
    REPORTED_ASSIGNMENT,
    REQUEST,
    TO,
    Candidate,
    CandidateDeadline,
    CandidateUnit,
)
from transcription.extraction.clauses import Sentence, sentences, without_wraps
from transcription.extraction.demands.anchors import find_anchors
from transcription.extraction.demands.announced import Table, announced, is_head, only_announces
from transcription.extraction.demands.carrying import (
    carry,
    due_for_all,
    due_of_items,
    listed_on,
    mark_told,
    share_over_points,
    to_the_floor,
)
from transcription.extraction.demands.confidence import confidence
from transcription.extraction.demands.coordination import helpers_told
from transcription.extraction.demands.spans import Draft, drafts_of
from transcription.extraction.demands.titles import title_of, title_with_topic
from transcription.extraction.mentions.hailing import hailed_in
from transcription.extraction.mentions.mention import UNIT, Mention
from transcription.extraction.mentions.mention_lists import MentionReader
from transcription.extraction.mentions.misheard import Misheard, less_sure
from transcription.extraction.mentions.names import Names
from transcription.extraction.passages import Passage
from transcription.extraction.refusals.fulfilment import met_later
from transcription.extraction.refusals.reasons import refusal
from transcription.extraction.refusals.taken_back import withdrawn_later
from transcription.extraction.refusals.unanchored import why_none
from transcription.extraction.requests.drafts import RequestDraft
from transcription.extraction.requests.settled import RequestsTold
from transcription.extraction.scene import Anchor, Scene
from transcription.text.vi_deadlines import DeadlineFound, find_deadlines
from transcription.text.vi_time_words import Reference
from transcription.text.vi_tokens import tokenize


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A passage that is no task, and the name of the reason; `quote_start` and `quote_end` are code
    points of the passage as given. What sounded like a demand has a reason of `reasons`."""

    quote: str
    reason: str
    quote_start: int = 0
    quote_end: int = 0


@dataclass(slots=True)
class Reading:
    """What one passage gave."""

    tasks: list[Candidate] = field(default_factory=list)
    requests: list[Candidate] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)


_MOST_RECENT = 4


class PassageReading:
    def __init__(self, names: Names, reference: Reference, passage: Passage) -> None:
        self.passage = passage
        self.misheard = Misheard(names, without_wraps(tokenize(passage.text)))
        self.tokens = self.misheard.tokens
        self.reader = MentionReader(names, passage.text, self.tokens)
        self.reference = reference
        self.names = names
        self.result = Reading()
        self.drafts: list[tuple[Scene, Draft]] = []
        self.series: list[Draft] = []
        self.asked = RequestsTold()
        self.recent: list[Draft] = []
        self.told = False
        self.above: DeadlineFound | None = None
        self.table = Table()
        self.hailed: tuple[Mention, ...] = ()

    def read(self) -> Reading:
        before: list[Draft] = []
        for scene in self._scenes():
            before = self._sentence(scene, before)
        for scene, draft in _merged(self.drafts):
            self.result.tasks.append(self._task(scene, draft))
        self.result.requests += [self._request(*asked) for asked in self.asked.kept]
        for request, reason in self.asked.fallen:
            self.result.not_taken.append(self._not_taken(request.start, request.end, reason))
        return self.result

    def _scenes(self) -> Iterator[Scene]:
        soft = self.passage.soft_breaks(self.tokens)
        for sentence in sentences(self.tokens, soft):
            found = find_deadlines(
                self.passage.text, self.tokens, self.reference, sentence.start, sentence.end
            )
            yield self._scene(sentence, found)

    def _scene(self, sentence: Sentence, found: list[DeadlineFound]) -> Scene:
        now = hailed_in(self.reader, sentence.start, sentence.end)
        self.hailed = (*self.hailed[-1:], *now)
        return Scene(
            self.reader,
            sentence,
            found,
            self.passage.speaker_role,
            self._floor_mention(),
            self.hailed,
            self.passage.unit,
            demanded=bool(self.recent),
            told=self.told and sentence.joined,
            held_on=self.reference.held_on,
            speaking=self.asked.speaking,
        )

    def _floor_mention(self) -> Mention | None:
        code = self.passage.floor_unit
        if code is None or self.names.roster.unit(code) is None:
            return None
        return Mention(0, 0, UNIT, code, score=100)

    def _sentence(self, scene: Scene, before: list[Draft]) -> list[Draft]:
        """Reads one sentence; answers with the drafts that the next one may go on with."""
        if self._says_nothing(scene.sentence):
            return before
        if due_for_all(scene, self.series) or due_for_all(scene, self.recent):
            return before
        if before and (helping := helpers_told(scene)):
            before[-1].coordinating += helping
            return before
        if (row := self.table.row(scene, before)) is not None:
            self._keep(row[0], [row[1]])
            return [row[1]]
        if is_head(scene):
            return before
        requests = self.asked.read(scene)
        anchors = [
            anchor
            for anchor in find_anchors(scene)
            if not any(request.start <= anchor.start < request.until for request in requests)
        ]
        drafts = [
            (draft, None if only_announces(scene, draft) else refusal(scene, draft))
            for draft in drafts_of(scene, anchors)
        ]
        made = [draft.anchor for draft, reason in drafts if reason is None]
        standing = self._still_standing(scene, before, made)
        spoke_of_them, before = len(standing) < len(before), standing
        kept: list[Draft] = []
        for draft, reason in drafts:
            if reason is None:
                kept.append(draft)
            else:
                self.result.not_taken.append(self._not_taken(draft.start, draft.end, reason))
        mark_told(scene, before, kept)
        self._due_above(scene, kept)
        self.told = not kept and any(reason == "report" for _, reason in drafts)
        if not kept and (coming := announced(scene)) is not None:
            return [coming]
        if not anchors and not requests:
            return before if spoke_of_them else self._carried(scene, before)
        self._keep(scene, kept)
        return kept

    def _says_nothing(self, sentence: Sentence) -> bool:
        """Fewer than two words: signs, numbers, an interjection."""
        tokens = self.tokens[sentence.start : sentence.end]
        return len([True for token in tokens if token.word and token.low.isalpha()]) < 2

    def _due_above(self, scene: Scene, kept: list[Draft]) -> None:
        """ "Chậm nhất ngày 31/7, các cơ quan sau có trách nhiệm:": the date of the whole list."""
        end = scene.sentence.end
        if not kept and scene.reader.words[end - 1 : end + 1].count(":") and scene.deadlines:
            self.above = next((d for d in scene.deadlines if d.strength >= 2), None)
        elif not scene.sentence.headed and not scene.sentence.joined:
            self.above = due_of_items(scene, kept)
        for draft in kept:
            if self.above is not None and draft.deadline is None:
                draft.deadline = self.above
                draft.reasons.append("deadline.shared")

    def _keep(self, scene: Scene, kept: list[Draft]) -> None:
        for draft in kept:
            draft.announces = only_announces(scene, draft)
        self.drafts += [(scene, draft) for draft in kept if not draft.announces]
        share_over_points(scene, self.series, kept)
        self.series = [*self.series, *kept] if scene.sentence.joined else kept
        self.recent = [*self.recent, *kept][-_MOST_RECENT:]

    def _still_standing(
        self, scene: Scene, before: list[Draft], anchors: list[Anchor]
    ) -> list[Draft]:
        """The demands `before` without those that this sentence takes back or tells are met."""
        stop = anchors[0].start if anchors else scene.sentence.end
        gone = [(draft, "withdrawn") for draft in withdrawn_later(scene, before, stop)]
        if not gone and not anchors:  # none that stands
            gone = [(draft, "fulfilled") for draft in met_later(scene, before)]
        for draft, reason in gone:
            self.drafts = [pair for pair in self.drafts if pair[1] is not draft]
            self.result.not_taken.append(self._not_taken(draft.start, draft.end, reason))
        return [draft for draft in before if all(draft is not lost for lost, _ in gone)]

    def _carried(self, scene: Scene, before: list[Draft]) -> list[Draft]:
        told = [(len(draft.reasons), draft.end) for draft in before]
        new = carry(scene, before)
        went_on = told != [(len(draft.reasons), draft.end) for draft in before]
        went_on = went_on or (not new and listed_on(scene, before))
        if not new and not went_on and (draft := to_the_floor(scene)) is not None:
            if refusal(scene, draft) is None:
                new = [draft]
        if not new and not went_on:
            start, end = scene.sentence.start, scene.sentence.end
            self.result.not_taken.append(self._not_taken(start, end, why_none(scene)))
        self.drafts += [(scene, draft) for draft in new]
        return new or (before if went_on or scene.sentence.joined or _near(scene, before) else [])

    def _not_taken(self, start: int, end: int, reason: str) -> NotTaken:
        first, last = self.tokens[start].start, self.tokens[end - 1].end
        return NotTaken(self.passage.text[first:last], reason, first, last)

    # --- candidates --------------------------------------------------------------------------

    def _quote(self, start: int, end: int) -> str:
        return self.passage.text[self.tokens[start].start : self.tokens[end - 1].end]

    def _task(self, scene: Scene, draft: Draft) -> Candidate:
        task = draft.task if draft.task[1] > draft.task[0] else draft.topic or draft.task
        topic = draft.topic if task is draft.task else None
        end = max(draft.end, task[1], draft.deadline_end or 0)
        deadline = draft.deadline
        start = draft.start
        if deadline is not None and deadline.end <= scene.sentence.end and deadline.start < start:
            start = deadline.start
        units = [self._unit(mention, LEAD) for mention in draft.leads]
        units += [self._unit(mention, COORDINATING) for mention in draft.coordinating]
        misheard = self.misheard.reasons(draft.start, max(draft.anchor.body, draft.task[0]) + 1)
        if deadline is not None:
            misheard += self.misheard.reasons(deadline.start, deadline.end)
        reasons = list(dict.fromkeys((*draft.reasons, *misheard)))
        if deadline is not None:
            reasons.append(f"deadline.{deadline.deadline.rule}")
        first, last = self.tokens[start].start, self.tokens[end - 1].end
        return Candidate(
            lane=self.passage.lane,
            kind=REPORTED_ASSIGNMENT if draft.anchor.reported else ASSIGNMENT,
            task=self._quote(*task),
            title=title_with_topic(self.reader, topic, *task),
            units=_once(units),
            deadline=deadline.deadline if deadline is not None else CandidateDeadline(),
            evidence=self.passage.evidence(first, last),
            confidence=less_sure(confidence(scene, draft), misheard),
            reasons=tuple(reasons),
            quote=self.passage.text[first:last],
            quote_start=first,
            quote_end=last,
        )

    def _unit(self, mention: Mention, role: str) -> CandidateUnit:
        return mention.as_unit(role, self.reader.phrase(mention))

    def _request(self, scene: Scene, request: RequestDraft) -> Candidate:
        units = [self._unit(mention, TO) for mention in request.to]
        sender = self._sender(request)
        misheard = self.misheard.reasons(request.start, request.span[0] + 1)
        first, last = self.tokens[request.start].start, self.tokens[request.end - 1].end
        return Candidate(
            lane=self.passage.lane,
            kind=REQUEST,
            task=self._quote(*request.span),
            title=title_of(self.reader, *request.span),
            units=(*((sender,) if sender else ()), *units),
            deadline=CandidateDeadline(),
            evidence=self.passage.evidence(first, last),
            confidence=less_sure(request.confidence, misheard),
            reasons=(*request.reasons, *misheard),
            quote=self.passage.text[first:last],
            quote_start=first,
            quote_end=last,
        )

    def _sender(self, request: RequestDraft) -> CandidateUnit | None:
        """The unit named as asking; else the speaker's own, from the seat or the floor."""
        if request.sender is not None:
            return self._unit(request.sender, FROM)
        code = self.passage.unit if self.passage.speaker_role == "unit" else None
        code = code or self.passage.floor_unit
        unit = self.names.roster.unit(code) if code else None
        if unit is None:
            return None
        return CandidateUnit(FROM, unit.short_name or unit.name, unit.code, None, 100)


def _once(units: list[CandidateUnit]) -> tuple[CandidateUnit, ...]:
    """Each body once in each role, by the words it was first named with."""
    seen: dict[tuple[str, str], CandidateUnit] = {}
    for unit in units:
        seen.setdefault((unit.role, unit.code or unit.group or unit.phrase), unit)
    return tuple(seen.values())


def _near(scene: Scene, before: list[Draft]) -> bool:
    """A demand may be gone on with over one short sentence that says nothing of it."""
    return bool(before) and scene.sentence.end - scene.sentence.start <= 4


def _merged(drafts: list[tuple[Scene, Draft]]) -> Iterator[tuple[Scene, Draft]]:
    """One candidate for each set of leads and deadline: neighbours that share both are one."""
    waiting: tuple[Scene, Draft] | None = None
    for scene, draft in drafts:
        if waiting is not None and _one(waiting[1], draft):
            first = waiting[1]
            first.task = (first.task[0], max(first.task[1], draft.task[1]))
            first.end = max(first.end, draft.end)
            first.coordinating += draft.coordinating
            continue
        if waiting is not None:
            yield waiting
        waiting = (scene, draft)
    if waiting is not None:
        yield waiting


def _one(first: Draft, second: Draft) -> bool:
    same_leads = {_who(m) for m in first.leads} == {_who(m) for m in second.leads}
    same_due = _due(first) == _due(second)
    nearby = second.start - first.end <= 3 and first.task[1] > first.task[0]
    return same_leads and same_due and nearby and all(_who(m)[0] for m in first.leads)


def _who(mention: Mention) -> tuple[str | None, str]:
    return mention.code or mention.group, mention.kind


def _due(draft: Draft) -> tuple[str, date | None]:
    if draft.deadline is None:
        return ("none", None)
    return (draft.deadline.deadline.kind, draft.deadline.deadline.due_on)
