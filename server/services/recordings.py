"""Recordings: what the recorder sends is stored, and what nobody recorded is said.

A chunk is complete when its file is synced and renamed and its row committed, in this order; only
then does the recorder hear `stored` and delete its own. Nothing here knows sockets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from server.domain.actors import Actor
from server.domain.errors import CallerError, OperatorError, UserError
from server.domain.jobs import JobKind
from server.domain.recordings import (
    CHUNK,
    DISK_FLOOR,
    SETTLED,
    ChunkState,
    TrackSource,
    listener_post,
    needs_room,
)
from server.services.context import Context
from server.services.queueing import announce_from_row, queue_transcription
from server.storage import recordings as rows
from server.storage.meetings import seat_of_code
from server.storage.models import Chunk, Conference, Track
from server.storage.queue import leased_by
from server.storage.received import Delivery, once
from transcription.contract.recording import Announce, ChunkAnswer, GapReport, OpenTrack

MAX_CHUNK = 64 * 1024 * 1024
"""Bytes of one chunk at most: five minutes of Opus are about one MiB."""


@dataclass(frozen=True)
class Taken:
    """An answer to the recorder, and whether it closed a track (then work may wait)."""

    answer: dict[str, Any]
    queued: bool = False


def load_recorded(session: Session, actor: Actor, conference_id: int) -> Conference:
    """A conference whose recording this person may hear; else `not_found`."""
    conference = rows.conference_row(session, conference_id)
    if conference is None:
        raise UserError("not_found")
    if listener_post(actor, rows.roles_in(session, conference_id)) is None:
        raise UserError("not_found")
    return conference


def load_track(session: Session, actor: Actor, track_id: int) -> Track:
    """A track that this person may hear; else `not_found`."""
    track = session.get(Track, track_id)
    if track is None:
        raise UserError("not_found")
    load_recorded(session, actor, track.conference_id)
    return track


def open_track(ctx: Context, body: OpenTrack, delivery: Delivery | None) -> Taken:
    """`POST /worker/tracks`: make a recorder's track, or find it by its key. The seat comes from
    the identity's first part; a conference that never began, or a seat that it does not have, is
    `not_found`.
    """
    with ctx.write() as (session, _):

        def effect() -> dict[str, Any]:
            track = rows.track_of_key(session, body.conference, body.track_key)
            if track is None:
                track = _new_track(session, body)
            elif track.start_ms != body.start_ms:
                # Published again under its old name: it goes on, and ends with another `final`.
                track.final_seq = None
            seqs = [chunk.seq for chunk in rows.chunks_of(session, track.id)]
            # Not the first missing number: one that was announced keeps its hash for good.
            return {"track": track.id, "next_seq": max(seqs, default=-1) + 1}

        return Taken(once(session, delivery, ctx.now, effect))


def _new_track(session: Session, body: OpenTrack) -> Track:
    conference = rows.conference_row(session, body.conference)
    seat = seat_of_code(session, body.conference, body.identity.partition("/")[0])
    if conference is None or conference.clock_zero_at is None or seat is None:
        raise CallerError("not_found")
    track = Track(
        conference_id=body.conference,
        seat_id=seat.id,
        source=TrackSource.RECORDER,
        track_key=body.track_key,
        codec=body.codec,
        start_ms=body.start_ms,
    )
    session.add(track)
    session.flush()
    return track


def announce_chunk(ctx: Context, track_id: int, seq: int, body: Announce) -> ChunkAnswer:
    """`POST …/chunks/N`: what is to come. Again with the same content: how far it is."""
    with ctx.write() as (session, _):
        track = _recorder_track(session, track_id)
        chunk = rows.chunk_of(session, track_id, seq)
        if chunk is not None:
            if chunk.sha256 != body.sha256:
                CHUNK.move("announce_other", chunk.state)
            CHUNK.move("announce", chunk.state)
            if announce_from_row(chunk) != body:
                raise CallerError("idempotency_mismatch")
            _guard_disk(ctx, chunk.state)
            return _answer(chunk)
        if body.bytes > MAX_CHUNK:
            raise CallerError("too_large", limit="64 MiB")
        if _beyond_final(session, track, seq):
            raise CallerError("wrong_state", object="track", state="closed", action="announce")
        _guard_disk(ctx, None)
        chunk = Chunk(
            track_id=track_id,
            seq=seq,
            start_ms=body.start_ms,
            length_ms=body.length_ms,
            bytes=body.bytes,
            sha256=body.sha256,
            voiced=[list(stretch) for stretch in body.voiced],
            state=ChunkState.ANNOUNCED,
            path=rows.chunk_path(track, seq),
        )
        session.add(chunk)
        session.flush()
        return _answer(chunk)


def put_chunk(ctx: Context, track_id: int, seq: int, offset: int, data: bytes) -> Taken:
    """`PUT …/chunks/N?offset=B`: the next octets; the last one completes the chunk."""
    refusal: CallerError | None = None
    with ctx.write() as (session, _):
        track = _recorder_track(session, track_id)
        chunk = rows.chunk_of(session, track_id, seq)
        if chunk is None:
            raise CallerError("not_found")
        if chunk.state in SETTLED:
            return Taken(_answer(chunk).to_json())
        _guard_disk(ctx, chunk.state)
        _mend_received(ctx, track, chunk)
        refusal = _refusal_of_part(chunk, offset, len(data))
        if refusal is None:
            refusal = _take_part(ctx, track, chunk, data)
        # What was mended or set back is kept, so the refusal is raised after the commit.
        answer = _answer(chunk).to_json()
        queued = chunk.state is ChunkState.STORED and _queue_if_closed(ctx, session, track)
    if refusal is not None:
        raise refusal
    return Taken(answer, queued)


def _mend_received(ctx: Context, track: Track, chunk: Chunk) -> None:
    """A part that is shorter than its row says was lost with a crash: begin again."""
    path = ctx.files.path(rows.part_path(track, chunk.seq))
    here = path.stat().st_size if path.exists() else 0
    if here < chunk.received:
        chunk.received = 0


def _refusal_of_part(chunk: Chunk, offset: int, length: int) -> CallerError | None:
    if offset != chunk.received:
        try:
            CHUNK.move("put_elsewhere", chunk.state)
        except CallerError as error:
            return CallerError(error.code, received=chunk.received, n=chunk.received)
    if offset + length > chunk.bytes or length == 0:
        return CallerError("bad_request", detail="not the octets that were announced")
    return None


def _take_part(ctx: Context, track: Track, chunk: Chunk, data: bytes) -> CallerError | None:
    part = rows.part_path(track, chunk.seq)
    chunk.received = ctx.files.append(part, chunk.received, data)
    chunk.state = CHUNK.move("put", chunk.state).new
    if chunk.received < chunk.bytes:
        return None
    if ctx.files.sha256(part) != chunk.sha256:
        chunk.state = CHUNK.move("complete_damaged", chunk.state).new
        chunk.received = 0
        ctx.files.remove(part)
        return CallerError("hash_mismatch", received=0)
    ctx.files.finish(part, chunk.path)
    chunk.state = CHUNK.move("complete", chunk.state).new
    return None


def close_track(ctx: Context, track_id: int, final_seq: int, delivery: Delivery | None) -> Taken:
    """`POST …/T/final`: the last number. Another number than before is `idempotency_mismatch`,
    unless web itself had closed the track because its recorder was away.
    """
    queued = False
    with ctx.write() as (session, _):

        def effect() -> dict[str, Any]:
            nonlocal queued
            track = _recorder_track(session, track_id)
            if track.final_seq is not None and track.final_seq != final_seq:
                if not rows.was_given_up(session, track_id):
                    raise CallerError("idempotency_mismatch")
            track.final_seq = final_seq
            session.flush()
            queued = _queue_if_closed(ctx, session, track)
            return {}

        answer = once(session, delivery, ctx.now, effect)
    return Taken(answer, queued)


def report_gap(ctx: Context, body: GapReport, delivery: Delivery | None) -> Taken:
    """`POST /worker/gaps`: a stretch that was not recorded, of a track or of the conference."""
    queued = False
    with ctx.write() as (session, _):

        def effect() -> dict[str, Any]:
            nonlocal queued
            track = _recorder_track(session, body.track) if body.track is not None else None
            conference = rows.conference_row(session, body.conference)
            if conference is None or (track and track.conference_id != conference.id):
                raise CallerError("not_found")
            _keep_gap(session, body, track)
            queued = track is not None and _queue_if_closed(ctx, session, track)
            return {}

        answer = once(session, delivery, ctx.now, effect)
    return Taken(answer, queued)


def _keep_gap(session: Session, body: GapReport, track: Track | None) -> None:
    reason, detail = body.reason, body.detail or None
    if rows.add_gap(session, body.conference, track, body.start_ms, body.end_ms, reason, detail):
        return
    known = rows.gap_at(session, body.conference, body.track, body.start_ms)
    if known is None or (known.end_ms, known.reason) != (body.end_ms, reason):
        raise CallerError("idempotency_mismatch")


def chunk_file(ctx: Context, token_id: int, track_id: int, seq: int) -> tuple[str, str]:
    """(path in the file store, SHA-256) of a stored chunk, for a worker that holds a transcription
    of its track; else `not_found`.
    """
    with ctx.read() as (session, _):
        chunk = rows.chunk_of(session, track_id, seq)
        if chunk is None or chunk.state is not ChunkState.STORED:
            raise CallerError("not_found")
        if leased_by(session, token_id, JobKind.TRANSCRIBE, track_id) is None:
            raise CallerError("not_found")
        return chunk.path, chunk.sha256


def _recorder_track(session: Session, track_id: int) -> Track:
    track = session.get(Track, track_id)
    if track is None or track.source is not TrackSource.RECORDER:
        raise CallerError("not_found")
    return track


def _beyond_final(session: Session, track: Track, seq: int) -> bool:
    final = track.final_seq
    return final is not None and seq > final and not rows.was_given_up(session, track.id)


def _guard_disk(ctx: Context, state: ChunkState | None) -> None:
    if needs_room(state):
        free = ctx.files.free_bytes()
        if free < DISK_FLOOR:
            raise OperatorError("disk_full", free=f"{free // 2**20} MiB")


def _answer(chunk: Chunk) -> ChunkAnswer:
    """How far the chunk is; its hash once it is stored (an expired one was, and says so too)."""
    if chunk.state in SETTLED:
        return ChunkAnswer(ChunkState.STORED, chunk.bytes, chunk.sha256)
    return ChunkAnswer(chunk.state, chunk.received)


def _queue_if_closed(ctx: Context, session: Session, track: Track) -> bool:
    session.flush()
    gaps = rows.gaps_of(session, track.conference_id)
    if not rows.closed(track, rows.chunks_of(session, track.id), gaps):
        return False
    return queue_transcription(session, ctx.now, track) is not None
