"""The transcript of a conference as a page shows it: who said what when, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from server.domain.recordings import GapReason
from server.domain.transcripts import SegmentFlag
from server.services.context import Context
from server.services.recordings import load_recorded
from server.storage import recordings
from server.storage.meetings import seats_of
from server.storage.transcripts import current_segments


@dataclass(frozen=True)
class Line:
    """A stretch on the meeting clock. `text` None: `missing` says why there are no words."""

    start_ms: int
    end_ms: int
    seat: str | None
    track_id: int | None
    text: str | None
    missing: str | None = None


@dataclass(frozen=True)
class Transcript:
    """`hidden`: segments that the recogniser doubts, which are not shown."""

    conference_id: int
    title: str
    lines: tuple[Line, ...]
    hidden: int


def transcript_of(ctx: Context, conference_id: int) -> Transcript:
    """The current transcript in time order, doubted segments hidden, gaps and unreadable stretches
    in their place; `not_found` for who may not read it.
    """
    with ctx.read() as (session, actor):
        conference = load_recorded(session, actor, conference_id)
        seats = {seat.id: seat.name for seat in seats_of(session, conference_id)}
        lines, hidden = [], 0
        for segment, track in current_segments(session, conference_id):
            seat = seats.get(track.seat_id or 0)
            if segment.flag is None:
                span = (segment.start_ms, segment.end_ms)
                lines.append(Line(*span, seat, track.id, segment.text))
            elif segment.flag is SegmentFlag.CRASHED_CLIP:
                span = (segment.start_ms, segment.end_ms)
                lines.append(Line(*span, seat, track.id, None, segment.flag.value))
            else:
                hidden += 1
        for gap in recordings.gaps_of(session, conference_id):
            if gap.reason is not GapReason.CHUNK_LOST or gap.track_id is None:
                end_ms = gap.end_ms if gap.end_ms is not None else gap.start_ms
                seat = seats.get(gap.seat_id or 0)
                lines.append(Line(gap.start_ms, end_ms, seat, None, None, gap.reason.value))
        lines.sort(key=lambda line: (line.start_ms, line.end_ms))
        return Transcript(conference_id, conference.title, tuple(lines), hidden)
