"""What is known of a conference's recorder: that it writes, that its line broke, that it is done.

Each is a row of the conference's history, so that a restarted web knows it too. When the recorder
is done, or was waited for in vain, the recording is settled: tracks that were left open are closed
with what is stored, and every stretch that nobody recorded becomes a gap, so that nothing waits
for ever. A recorder that comes back later may still send what it has: its track is closed again,
and transcribed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.domain.actors import Actor
from server.domain.errors import CallerError
from server.domain.meetings import clock_ms
from server.domain.recordings import (
    GIVE_UP_S,
    ChunkState,
    GapReason,
    RecorderEvent,
    not_told,
    unrecorded,
    unsettled,
)
from server.services.context import Context
from server.services.queueing import queue_extraction, queue_transcription
from server.storage import recordings as rows
from server.storage.history import record
from server.storage.models import Conference, Track

REMEMBERED = timedelta(days=2)
"""How long after its end a conference is still told `stop`, until `stopped` came."""


@dataclass(frozen=True)
class Wanted:
    """What recorders are to do now: conferences to record, and ended ones to bring to an end."""

    record: tuple[int, ...]
    stop: tuple[int, ...]


def recorder_writes(ctx: Context, conference_id: int, at_ms: int) -> None:
    """`recording`: in the room, writing without a break since `at_ms`."""
    _note(ctx, conference_id, RecorderEvent.RECORDING, at_ms)


def recorder_lost(ctx: Context, conference_id: int) -> None:
    """The recorder's line broke; whether sound was lost shows when it is back, or never comes."""
    _note(ctx, conference_id, RecorderEvent.LOST, None)


def recorder_stopped(ctx: Context, conference_id: int) -> bool:
    """`stopped`: all is sent. The recording is settled; whether work was queued by that."""
    with ctx.write() as (session, actor):
        conference = _begun(session, conference_id)
        _write(session, ctx, actor, conference, RecorderEvent.STOPPED, None)
        return _settle(session, ctx, actor, conference)


def wanted(ctx: Context) -> Wanted:
    """What is to be recorded, and what recorders have not yet said `stopped` of."""
    with ctx.read() as (session, _):
        live = rows.conferences_in_session(session)
        ended = rows.conferences_ended_since(session, ctx.now - REMEMBERED)
        return Wanted(
            record=tuple(c.id for c in live if c.clock_zero_at is not None),
            stop=tuple(c.id for c in ended if _unfinished(session, c)),
        )


def give_up(ctx: Context, recorder_away: bool, gone: frozenset[int] = frozenset()) -> bool:
    """Settle what ended GIVE_UP_S ago and has no recorder that could still bring it to an end: all
    of it when no recorder was in line for as long (`recorder_away`), else the conferences whose own
    recorder was not (`gone`), and what none ever began. Returns whether work was queued by that.
    """

    def hopeless(session: Session, conference: Conference) -> bool:
        return _hopeless(session, conference, recorder_away or conference.id in gone)

    with ctx.read() as (session, _):
        found = [c.id for c in _waited_for(session, ctx.now) if hopeless(session, c)]
    if not found:
        return False
    queued = False
    with ctx.write() as (session, actor):
        for conference_id in found:
            conference = session.get_one(Conference, conference_id)
            if hopeless(session, conference):
                _write(session, ctx, actor, conference, RecorderEvent.GIVEN_UP, None)
                queued = _settle(session, ctx, actor, conference) or queued
    return queued


def _waited_for(session: Session, now: datetime) -> list[Conference]:
    return [
        conference
        for conference in rows.conferences_ended_since(session, now - REMEMBERED)
        if conference.clock_zero_at is not None
        and conference.ended_at is not None
        and now - conference.ended_at >= timedelta(seconds=GIVE_UP_S)
    ]


def _hopeless(session: Session, conference: Conference, recorder_away: bool) -> bool:
    facts = rows.recorder_facts(session, conference.id)
    if facts and facts[-1].event in (RecorderEvent.STOPPED, RecorderEvent.GIVEN_UP):
        return False
    return recorder_away or not (facts or rows.open_tracks(session, conference.id))


def _unfinished(session: Session, conference: Conference) -> bool:
    """A recorder began it and has not said `stopped` (one that was given up may come back)."""
    facts = rows.recorder_facts(session, conference.id)
    if facts and {f.event for f in facts} != {RecorderEvent.GIVEN_UP}:
        return facts[-1].event is not RecorderEvent.STOPPED
    return bool(rows.open_tracks(session, conference.id))


def _note(ctx: Context, conference_id: int, event: RecorderEvent, at_ms: int | None) -> None:
    with ctx.write() as (session, actor):
        _write(session, ctx, actor, _begun(session, conference_id), event, at_ms)


def _write(
    session: Session,
    ctx: Context,
    actor: Actor,
    conference: Conference,
    event: RecorderEvent,
    at_ms: int | None,
) -> None:
    at_ms = at_meeting(conference, ctx.now) if at_ms is None else at_ms
    facts = rows.recorder_facts(session, conference.id)
    if facts and (facts[-1].event, facts[-1].at_ms) == (event, at_ms):
        return
    record(
        session,
        ("conference", conference.id),
        event.value,
        actor=actor,
        now=ctx.now,
        data={"at_ms": at_ms},
    )
    session.flush()


def _begun(session: Session, conference_id: int) -> Conference:
    conference = rows.conference_row(session, conference_id)
    if conference is None or conference.clock_zero_at is None:
        raise CallerError("not_found")
    return conference


def at_meeting(conference: Conference, at: datetime) -> int:
    """An instant on the meeting clock of a conference that has begun."""
    assert conference.clock_zero_at is not None
    return clock_ms(conference.clock_zero_at, at)


def _settle(session: Session, ctx: Context, actor: Actor, conference: Conference) -> bool:
    queued = False
    for track in rows.open_tracks(session, conference.id):
        _close_with_stored(session, ctx, actor, track)
        queued = queue_transcription(session, ctx.now, track) is not None or queued
    _say_unrecorded(session, conference, ctx.now)
    return queue_extraction(session, ctx.now, conference) is not None or queued


def _close_with_stored(session: Session, ctx: Context, actor: Actor, track: Track) -> None:
    chunks = rows.chunks_of(session, track.id)
    stored = [chunk.seq for chunk in chunks if chunk.state is ChunkState.STORED]
    if track.final_seq is None:
        track.final_seq = max(stored, default=-1)
    spans = [rows.chunk_span(chunk) for chunk in chunks]
    gaps = [rows.gap_span(g) for g in rows.gaps_of(session, track.conference_id)]
    reach = max([track.final_seq, *(chunk.seq for chunk in chunks)])
    for _, begin, end in unsettled(reach, track.start_ms, spans, gaps):
        rows.add_gap(
            session, track.conference_id, track, begin, end or begin, GapReason.CHUNK_LOST, None
        )
    record(
        session,
        ("track", track.id),
        "give_up",
        actor=actor,
        now=ctx.now,
        parent=("conference", track.conference_id),
        data={"final_seq": track.final_seq},
    )
    session.flush()


def _say_unrecorded(session: Session, conference: Conference, now: datetime) -> None:
    chunks = rows.chunks_of_conference(session, conference.id)
    heard = [
        chunk.start_ms + chunk.length_ms
        for some in chunks.values()
        for chunk in some
        if chunk.state is ChunkState.STORED
    ]
    end_ms = at_meeting(conference, conference.ended_at or now)
    facts = rows.recorder_facts(session, conference.id)
    known = [rows.gap_span(g) for g in rows.gaps_of(session, conference.id) if g.track_id is None]
    silent = unrecorded(facts, max(heard, default=0), end_ms)
    for begin, end in not_told(silent, known):
        rows.add_gap(session, conference.id, None, begin, end, GapReason.RECORDER_DOWN, None)
