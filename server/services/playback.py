"""Hearing a stretch of a recording again: any span of a track on the meeting clock."""

from __future__ import annotations

from server.domain.errors import UserError
from server.services.context import Context
from server.services.recordings import load_track
from server.storage import recordings as rows
from server.storage.sound import StoredSound, wav_of_span

LONGEST_MS = 10 * 60 * 1000


def track_audio(ctx: Context, track_id: int, from_ms: int, to_ms: int) -> bytes:
    """[from_ms, to_ms) of a track as a WAV file of exactly that length, silent where nobody spoke.
    `not_found` for who may not hear it; `invalid_field` for a span that is none or too long.
    """
    if not 0 <= from_ms < to_ms or to_ms - from_ms > LONGEST_MS:
        raise UserError("invalid_field", field="span", problem="range")
    with ctx.read() as (session, actor):
        track = load_track(session, actor, track_id)
        chunks = [
            StoredSound(ctx.files.path(chunk.path), [(a, b) for a, b in chunk.voiced])
            for chunk in rows.stored_chunks(session, track.id)
            if chunk.start_ms < to_ms and chunk.start_ms + chunk.length_ms > from_ms
        ]
    return wav_of_span(chunks, from_ms, to_ms)
