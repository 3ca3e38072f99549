"""Passages: what one seat said in one floor turn, as one text that knows where each word came from.

Spans found in the passage are turned back into evidence: verbatim words of a segment and their time
on the meeting clock (of a text lane: code points).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transcription.contract.candidates import (
    CandidateEvidence,
    ExtractionInput,
    InputFloor,
    InputLane,
    InputSegment,
)
from transcription.text.vi_tokens import Token

_PASSAGE_PAUSE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment at code points [start, end) of the passage."""

    start: int
    end: int
    segment: InputSegment


@dataclass(frozen=True, slots=True)
class Passage:
    lane: str
    text: str
    pieces: tuple[Piece, ...]
    unit: str | None = None
    speaker_role: str | None = None
    floor_unit: str | None = None

    def soft_breaks(self, tokens: Sequence[Token]) -> frozenset[int]:
        """Indices of the tokens that open a segment after the first."""
        if len(self.pieces) < 2:
            return frozenset()
        opens = [piece.start for piece in self.pieces[1:]]
        found, n = set(), 0
        for i, token in enumerate(tokens):
            if n < len(opens) and token.start >= opens[n]:
                found.add(i)
                while n < len(opens) and token.start >= opens[n]:
                    n += 1
        return frozenset(found)

    def evidence(self, start: int, end: int) -> tuple[CandidateEvidence, ...]:
        """Evidence for code points [start, end), one a segment."""
        found = []
        for piece in self.pieces:
            first, last = max(start, piece.start), min(end, piece.end)
            quote = self.text[first:last].strip()
            if first < last and quote:
                first += len(self.text[first:last]) - len(self.text[first:last].lstrip())
                last = first + len(quote)
                found.append(_evidence(piece, first - piece.start, last - piece.start, quote))
        return tuple(found)


def _evidence(piece: Piece, start: int, end: int, quote: str) -> CandidateEvidence:
    segment = piece.segment
    if segment.track is None and not segment.words:
        shift = segment.start_ms
        return CandidateEvidence(None, shift + start, shift + end, quote)
    times = [
        (a, b) for a, b, w_start, w_end in _word_times(segment) if w_start < end and w_end > start
    ]
    if times:
        first = max(min(a for a, _ in times), segment.start_ms)
        last = min(max(b for _, b in times), max(segment.end_ms, first))
        return CandidateEvidence(segment.track, first, max(last, first), quote)
    length = max(len(segment.text), 1)
    spoken = segment.end_ms - segment.start_ms
    return CandidateEvidence(
        segment.track,
        segment.start_ms + spoken * start // length,
        segment.start_ms + spoken * end // length,
        quote,
    )


def _word_times(segment: InputSegment) -> Iterator[tuple[int, int, int, int]]:
    """(start_ms, end_ms, first code point, last + 1) of each word found in the segment's text."""
    place = 0
    for word in segment.words:
        text = word.text.strip()
        found = segment.text.find(text, place) if text else -1
        if found < 0:
            continue
        place = found + len(text)
        yield word.start_ms, word.start_ms + word.length_ms, found, place


def passages_of(given: ExtractionInput) -> Iterator[Passage]:
    """The passages of every lane in time order."""
    for lane in given.lanes:
        run: list[InputSegment] = []
        turn: InputFloor | None = None
        for segment in lane.segments:
            here = _turn_at(given.floor, segment)
            pause = segment.start_ms - run[-1].end_ms if run else 0
            if run and (here != turn or pause > _PASSAGE_PAUSE_MS):
                yield _passage(lane, run, turn)
                run = []
            turn = here
            run.append(segment)
        if run:
            yield _passage(lane, run, turn)


def _turn_at(floor: Sequence[InputFloor], segment: InputSegment) -> InputFloor | None:
    middle = (segment.start_ms + segment.end_ms) // 2
    for turn in floor:
        if turn.start_ms <= middle and (turn.end_ms is None or middle < turn.end_ms):
            return turn
    return None


def _passage(lane: InputLane, run: Sequence[InputSegment], turn: InputFloor | None) -> Passage:
    pieces, place, texts = [], 0, []
    for segment in run:
        pieces.append(Piece(place, place + len(segment.text), segment))
        texts.append(segment.text)
        place += len(segment.text) + 1
    return Passage(
        lane=lane.lane,
        text=" ".join(texts),
        pieces=tuple(pieces),
        unit=lane.unit,
        speaker_role=lane.speaker_role,
        floor_unit=turn.unit if turn is not None else None,
    )
