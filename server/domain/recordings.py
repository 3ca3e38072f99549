"""Tracks, chunks and gaps of a recording: the chunk table, when a track is closed, what nobody
recorded.

Pure. Times are ms on the meeting clock. It must not know files: that a chunk's bytes are what was
announced is found out by the service, which then applies `complete` or `complete_damaged`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from server.domain.actors import Actor, Post
from server.domain.errors import CallerError
from server.domain.meetings import ConferenceRole
from server.domain.offices import PositionRole
from server.domain.states import SAME, STAY, WRONG, StateTable, To, row
from transcription.contract.recording import ChunkState as ChunkState
from transcription.contract.recording import GapReason as GapReason

DISK_FLOOR: Final = 256 * 1024 * 1024
"""Free bytes below which no more sound is taken, so that the database does not suffer."""
MIN_BREAK_MS: Final = 3_000
"""Breaks shorter than this are the time a recorder needs to join, not a gap worth a row."""
GIVE_UP_S: Final = 600
"""How long after the end an absent recorder is waited for before its tracks are closed."""


class TrackSource(StrEnum):
    """Where a track's sound comes from."""

    RECORDER = "recorder"
    UPLOAD = "upload"
    MIX = "mix"
    TEXT = "text"


_ANNOUNCED, _RECEIVING = ChunkState.ANNOUNCED, ChunkState.RECEIVING

# Unknown has no row: announcing makes one, everything else there is `not_found`.
CHUNK = StateTable(
    "chunk",
    ChunkState,
    {
        "announce": row(ChunkState, SAME),
        "announce_other": row(ChunkState, "chunk_conflict"),
        "put": row(ChunkState, SAME, (_ANNOUNCED, To(_RECEIVING)), (_RECEIVING, STAY)),
        "put_elsewhere": row(
            ChunkState, SAME, (_ANNOUNCED, "offset_mismatch"), (_RECEIVING, "offset_mismatch")
        ),
        "complete": row(ChunkState, SAME, (_ANNOUNCED, WRONG), (_RECEIVING, To(ChunkState.STORED))),
        "complete_damaged": row(
            ChunkState, SAME, (_ANNOUNCED, WRONG), (_RECEIVING, To(_ANNOUNCED))
        ),
        "lose": row(ChunkState, SAME, (_ANNOUNCED, STAY), (_RECEIVING, STAY)),
    },
    error=CallerError,
)
SETTLED: Final = frozenset({ChunkState.STORED, ChunkState.EXPIRED})


def needs_room(state: ChunkState | None) -> bool:
    """Whether a message about a chunk in `state` (None: unknown) would fill the disk: then a disk
    below its floor refuses it with `disk_full`, and what was received so far is kept."""
    return state not in SETTLED


@dataclass(frozen=True)
class ChunkSpan:
    """What closing needs of a chunk."""

    seq: int
    start_ms: int
    end_ms: int
    state: ChunkState


@dataclass(frozen=True)
class GapSpan:
    """A gap's time; `end_ms` None: still open."""

    start_ms: int
    end_ms: int | None
    reason: GapReason


def unsettled(
    final_seq: int, start_ms: int, chunks: Sequence[ChunkSpan], gaps: Iterable[GapSpan]
) -> list[tuple[int, int, int | None]]:
    """(seq, from_ms, to_ms) of the chunks 0..final_seq that are neither stored nor told lost.

    A gap `chunk_lost` on the track is the mark of a lost chunk: it lies in the chunk's own time,
    or, where the chunk was never announced, in the hole between its neighbours (`to_ms` None:
    nothing known after it).
    """
    known = {chunk.seq: chunk for chunk in chunks}
    lost = [gap for gap in gaps if gap.reason is GapReason.CHUNK_LOST]
    out: list[tuple[int, int, int | None]] = []
    for seq in range(final_seq + 1):
        chunk = known.get(seq)
        if chunk is not None and chunk.state in SETTLED:
            continue
        if chunk is not None:
            begin: int = chunk.start_ms
            end: int | None = chunk.end_ms
        else:
            begin = max((c.end_ms for c in chunks if c.seq < seq), default=start_ms)
            end = min((c.start_ms for c in chunks if c.seq > seq), default=None)
        if not any(_meets(gap, begin, end) for gap in lost):
            out.append((seq, begin, end))
    return out


def is_closed(
    final_seq: int | None, start_ms: int, chunks: Sequence[ChunkSpan], gaps: Iterable[GapSpan]
) -> bool:
    """A track is closed when its last number is known and every chunk up to it is settled."""
    return final_seq is not None and not unsettled(final_seq, start_ms, chunks, gaps)


def _meets(gap: GapSpan, start_ms: int, end_ms: int | None) -> bool:
    ends = gap.end_ms if gap.end_ms is not None else gap.start_ms
    return ends >= start_ms and (end_ms is None or gap.start_ms < max(end_ms, start_ms + 1))


class RecorderEvent(StrEnum):
    """What is remembered in a conference's history about its recorder (actions of `change`)."""

    RECORDING = "recorder_writes"
    LOST = "recorder_lost"
    STOPPED = "recorder_stopped"
    GIVEN_UP = "recorder_given_up"
    """Web waited for it in vain."""


@dataclass(frozen=True)
class RecorderFact:
    """One such event at a time of the meeting clock."""

    event: RecorderEvent
    at_ms: int


def unrecorded(
    facts: Sequence[RecorderFact], heard_until_ms: int, end_ms: int
) -> list[tuple[int, int]]:
    """Stretches of the conference [0, end_ms) in which no recorder wrote, by what it told.

    `recorder_writes` at t says: writing without a break since t, so a line that broke after t and
    came back cost nothing. A break that never ended runs to the end; a recorder that went without
    a word is believed until `heard_until_ms`, the end of the last sound that it sent.
    """
    breaks: list[tuple[int, int]] = []
    silent_since: int | None = 0
    for fact in facts:
        match fact.event:
            case RecorderEvent.RECORDING:
                if silent_since is not None and fact.at_ms > silent_since:
                    breaks.append((silent_since, fact.at_ms))
                silent_since = None
            case RecorderEvent.LOST:
                silent_since = fact.at_ms if silent_since is None else silent_since
            case RecorderEvent.STOPPED | RecorderEvent.GIVEN_UP:
                pass
    told_end = bool(facts) and facts[-1].event is RecorderEvent.STOPPED
    if silent_since is not None:
        # Lost and never back, or back only when all was over. What was written after the line
        # broke came through all the same.
        breaks.append((max(silent_since, heard_until_ms), end_ms))
    elif not told_end:
        breaks.append((heard_until_ms, end_ms))
    return [(a, min(b, end_ms)) for a, b in breaks if min(b, end_ms) - a >= MIN_BREAK_MS]


def not_told(
    stretches: Iterable[tuple[int, int]], gaps: Sequence[GapSpan]
) -> list[tuple[int, int]]:
    """Those stretches of which no gap tells anything yet (the recorder's own gaps come first)."""
    return [
        (a, b)
        for a, b in stretches
        if not any(g.start_ms < b and (g.end_ms is None or g.end_ms > a) for g in gaps)
    ]


_HEARS_MEETING = frozenset(
    {ConferenceRole.CHAIR, ConferenceRole.CO_CHAIR, ConferenceRole.SECRETARY}
)
_HEARS_ALL = (PositionRole.OFFICE_SECRETARY, PositionRole.OFFICE_HEAD, PositionRole.LEADER)


def listener_post(actor: Actor, roles: Iterable[tuple[int, ConferenceRole]]) -> Post | None:
    """The post by which this person may hear the recording and read the transcript (model §4.1):
    a role at the chair's table of this conference, else the Office or a leader. None: he may not,
    and does not learn that there is one.
    """
    table = {position for position, role in roles if role in _HEARS_MEETING}
    for post in actor.posts:
        if post.position_id in table:
            return post
    return actor.post_with(*_HEARS_ALL)
