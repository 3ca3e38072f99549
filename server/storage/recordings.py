"""Tracks, chunks and gaps in rows, and where their files lie."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.meetings import IN_SESSION, ConferenceRole, ConferenceState
from server.domain.recordings import (
    ChunkSpan,
    ChunkState,
    GapReason,
    GapSpan,
    RecorderEvent,
    RecorderFact,
    is_closed,
)
from server.storage.meetings import roles_of
from server.storage.models import Change, Chunk, Conference, Gap, Track

OVER = (ConferenceState.ENDED, ConferenceState.MINUTED, ConferenceState.CONCLUDED)


def chunk_path(track: Track, seq: int) -> str:
    """Where a stored chunk lies, relative to the file store."""
    return f"recordings/{track.conference_id}/{track.id}/{seq:05d}.ogg"


def part_path(track: Track, seq: int) -> str:
    """Where a chunk grows until it is complete."""
    return f"{chunk_path(track, seq)}.part"


def conference_row(session: Session, conference_id: int) -> Conference | None:
    """The conference, unchecked: the caller decides who may know of it."""
    return session.get(Conference, conference_id)


def roles_in(session: Session, conference_id: int) -> list[tuple[int, ConferenceRole]]:
    """(position, role) of everybody who has a role in this conference."""
    return [(row.position_id, row.role) for row in roles_of(session, conference_id)]


def track_of_key(session: Session, conference_id: int, track_key: str) -> Track | None:
    """The track that a recorder named so."""
    return session.scalar(
        sa.select(Track).where(Track.conference_id == conference_id, Track.track_key == track_key)
    )


def tracks_of(session: Session, conference_id: int) -> list[Track]:
    """Every track of the conference, in order of beginning."""
    query = sa.select(Track).where(Track.conference_id == conference_id)
    return list(session.scalars(query.order_by(Track.start_ms, Track.id)))


def chunk_of(session: Session, track_id: int, seq: int) -> Chunk | None:
    """One chunk; None: unknown."""
    return session.scalar(sa.select(Chunk).where(Chunk.track_id == track_id, Chunk.seq == seq))


def chunks_of(session: Session, track_id: int) -> list[Chunk]:
    """The track's chunks in order."""
    return list(
        session.scalars(sa.select(Chunk).where(Chunk.track_id == track_id).order_by(Chunk.seq))
    )


def stored_chunks(session: Session, track_id: int) -> list[Chunk]:
    """The track's chunks whose files are here, in order."""
    return [chunk for chunk in chunks_of(session, track_id) if chunk.state is ChunkState.STORED]


def chunks_of_conference(session: Session, conference_id: int) -> dict[int, list[Chunk]]:
    """Chunks of every track of the conference, by track."""
    query = (
        sa.select(Chunk)
        .join(Track, Chunk.track_id == Track.id)
        .where(Track.conference_id == conference_id)
        .order_by(Chunk.track_id, Chunk.seq)
    )
    out: dict[int, list[Chunk]] = {}
    for chunk in session.scalars(query):
        out.setdefault(chunk.track_id, []).append(chunk)
    return out


def gaps_of(session: Session, conference_id: int) -> list[Gap]:
    """The conference's gaps in time order."""
    query = sa.select(Gap).where(Gap.conference_id == conference_id)
    return list(session.scalars(query.order_by(Gap.start_ms, Gap.id)))


def gap_at(session: Session, conference_id: int, track_id: int | None, start_ms: int) -> Gap | None:
    """The gap with this address (its unique key)."""
    return session.scalar(
        sa.select(Gap).where(
            Gap.conference_id == conference_id,
            sa.func.coalesce(Gap.track_id, 0) == (track_id or 0),
            Gap.start_ms == start_ms,
        )
    )


def add_gap(
    session: Session,
    conference_id: int,
    track: Track | None,
    start_ms: int,
    end_ms: int | None,
    reason: GapReason,
    detail: str | None,
) -> bool:
    """Add a gap unless one with its address is there; whether it was added."""
    track_id = track.id if track else None
    if gap_at(session, conference_id, track_id, start_ms) is not None:
        return False
    session.add(
        Gap(
            conference_id=conference_id,
            track_id=track_id,
            seat_id=track.seat_id if track else None,
            start_ms=start_ms,
            end_ms=end_ms,
            reason=reason,
            detail=detail,
        )
    )
    session.flush()
    return True


def chunk_span(chunk: Chunk) -> ChunkSpan:
    """The row as the rules see it."""
    return ChunkSpan(chunk.seq, chunk.start_ms, chunk.start_ms + chunk.length_ms, chunk.state)


def gap_span(gap: Gap) -> GapSpan:
    """The row as the rules see it."""
    return GapSpan(gap.start_ms, gap.end_ms, gap.reason)


def closed(track: Track, chunks: Iterable[Chunk], gaps: Iterable[Gap]) -> bool:
    """Whether the track is closed, by the rows of its conference."""
    spans = [chunk_span(chunk) for chunk in chunks]
    own = [gap_span(gap) for gap in gaps if gap.track_id == track.id]
    return is_closed(track.final_seq, track.start_ms, spans, own)


def open_tracks(session: Session, conference_id: int) -> list[Track]:
    """The conference's tracks that are not closed."""
    chunks = chunks_of_conference(session, conference_id)
    gaps = gaps_of(session, conference_id)
    return [
        track
        for track in tracks_of(session, conference_id)
        if not closed(track, chunks.get(track.id, ()), gaps)
    ]


def recorder_facts(session: Session, conference_id: int) -> list[RecorderFact]:
    """What the recorder told about this conference, oldest first."""
    rows = session.scalars(
        sa.select(Change)
        .where(
            Change.subject_kind == "conference",
            Change.subject_id == conference_id,
            Change.action.in_([event.value for event in RecorderEvent]),
        )
        .order_by(Change.id)
    )
    return [RecorderFact(RecorderEvent(row.action), int(row.data["at_ms"])) for row in rows]


def was_given_up(session: Session, track_id: int) -> bool:
    """Whether web closed this track because its recorder did not come back."""
    query = sa.select(Change.id).where(
        Change.subject_kind == "track",
        Change.subject_id == track_id,
        Change.action == "give_up",
    )
    return session.scalar(query.limit(1)) is not None


def conferences_in_session(session: Session) -> list[Conference]:
    """Live or paused, oldest first."""
    query = sa.select(Conference).where(Conference.state.in_(IN_SESSION))
    return list(session.scalars(query.order_by(Conference.id)))


def conferences_ended_since(session: Session, since: datetime) -> list[Conference]:
    """Ended, drafted or concluded, with an end after `since`, oldest first."""
    query = sa.select(Conference).where(Conference.state.in_(OVER), Conference.ended_at > since)
    return list(session.scalars(query.order_by(Conference.id)))
