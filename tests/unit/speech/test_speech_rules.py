"""The rules of recordings, jobs, processing and re-extraction: every row of their tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server.domain.candidates import Effect, Known, action_of, match
from server.domain.errors import CallerError
from server.domain.jobs import (
    JOB,
    ClipState,
    JobKind,
    JobState,
    Need,
    charge,
    next_try,
    passing_failure,
)
from server.domain.processing import Facts, JobFact, Stage, percent_of, stage_of
from server.domain.recordings import (
    CHUNK,
    ChunkSpan,
    ChunkState,
    GapReason,
    GapSpan,
    RecorderEvent,
    RecorderFact,
    is_closed,
    needs_room,
    not_told,
    unrecorded,
    unsettled,
)
from server.domain.review import CANDIDATES, CandidateState
from server.domain.states import StateTable
from server.domain.transcripts import RunState, Spoken, run_after_finish, without_doubles

NOW = datetime(2025, 9, 24, 1, 0, tzinfo=UTC)


def row_of(table: StateTable, action: str) -> str:
    """A row of a table as the model writes it: → with the new state, ● stays, = nothing, or the
    error.
    """
    cells = []
    for state in table.states:
        try:
            move = table.move(action, state)
        except CallerError as error:
            cells.append("x" if error.code == "wrong_state" else error.code)
            continue
        cells.append(
            "=" if not move.changed else "●" if move.new is state else f"→{move.new.value}"
        )
    return " ".join(cells)


@pytest.mark.parametrize(
    ("action", "cells"),  # announced receiving stored expired
    [
        ("announce", "= = = ="),
        ("announce_other", "chunk_conflict chunk_conflict chunk_conflict chunk_conflict"),
        ("put", "→receiving ● = ="),
        ("put_elsewhere", "offset_mismatch offset_mismatch = ="),
        ("complete", "x →stored = ="),
        ("complete_damaged", "x →announced = ="),
        ("lose", "● ● = ="),
    ],
)
def test_the_chunk_table_holds(action: str, cells: str) -> None:
    assert row_of(CHUNK, action) == cells


def test_the_chunk_table_has_no_further_action() -> None:
    assert len(CHUNK.rules) == 7


@pytest.mark.parametrize(
    ("state", "needs"),
    [
        (None, True),
        (ChunkState.ANNOUNCED, True),
        (ChunkState.RECEIVING, True),
        (ChunkState.STORED, False),
        (ChunkState.EXPIRED, False),
    ],
)
def test_a_full_disk_refuses_only_what_would_fill_it(state: ChunkState | None, needs: bool) -> None:
    assert needs_room(state) is needs


@pytest.mark.parametrize(
    ("action", "cells"),  # waiting leased done failed cancelled
    [
        ("enqueue", "= = = = ="),
        ("claim", "→leased x x x x"),
        ("progress", "x ● lease_lost lease_lost lease_lost"),
        ("finish", "x →done = lease_lost lease_lost"),
        ("fail", "= →waiting = = ="),
        ("fail_last", "= →failed = = ="),
        ("fail_permanent", "= →failed = = ="),
        ("release", "= →waiting = = ="),
        ("retry", "● = x →waiting →waiting"),
        ("cancel", "→cancelled →cancelled = →cancelled ="),
    ],
)
def test_the_job_table_holds(action: str, cells: str) -> None:
    assert row_of(JOB, action) == cells


def test_the_job_table_has_no_further_action() -> None:
    assert len(JOB.rules) == 10


def test_each_try_waits_four_times_longer() -> None:
    waits = [(next_try(NOW, n) - NOW) / timedelta(seconds=1) for n in (1, 2, 3)]
    assert waits == [30, 120, 480]


@pytest.mark.parametrize(("attempts", "action"), [(1, "fail"), (2, "fail"), (3, "fail_last")])
def test_the_last_attempt_ends_the_job(attempts: int, action: str) -> None:
    assert passing_failure(attempts, 3) == action


@pytest.mark.parametrize(
    ("crashes", "started", "after"),
    [
        (0, False, (0, ClipState.TODO)),
        (0, True, (1, ClipState.TODO)),
        (1, False, (1, ClipState.TODO)),
        (1, True, (2, ClipState.FLAGGED)),
    ],
)
def test_a_clip_is_charged_for_a_start_without_a_result(
    crashes: int, started: bool, after: tuple[int, ClipState]
) -> None:
    assert charge(crashes, started) == after


# --- tracks --------------------------------------------------------------------------------------


def chunk(seq: int, state: ChunkState = ChunkState.STORED) -> ChunkSpan:
    return ChunkSpan(seq, seq * 10, seq * 10 + 10, state)


def lost(start: int, end: int) -> GapSpan:
    return GapSpan(start, end, GapReason.CHUNK_LOST)


@pytest.mark.parametrize(
    ("final", "chunks", "gaps", "closed"),
    [
        (None, [chunk(0)], [], False),
        (-1, [], [], True),
        (0, [], [], False),
        (0, [chunk(0)], [], True),
        (1, [chunk(0), chunk(1, ChunkState.RECEIVING)], [], False),
        (1, [chunk(0), chunk(1, ChunkState.EXPIRED)], [], True),
        (1, [chunk(0), chunk(1, ChunkState.ANNOUNCED)], [lost(10, 20)], True),
        (1, [chunk(0), chunk(1, ChunkState.ANNOUNCED)], [lost(20, 30)], False),
        (2, [chunk(0), chunk(2)], [], False),
        (2, [chunk(0), chunk(2)], [lost(10, 20)], True),
        (2, [chunk(0), chunk(2)], [GapSpan(10, 20, GapReason.NETWORK)], False),
        (1, [chunk(0)], [lost(15, 15)], True),
    ],
)
def test_a_track_is_closed_when_every_chunk_is_stored_or_told_lost(
    final: int | None, chunks: list[ChunkSpan], gaps: list[GapSpan], closed: bool
) -> None:
    assert is_closed(final, 0, chunks, gaps) is closed


def test_a_missing_chunk_lies_between_its_neighbours() -> None:
    assert unsettled(3, 0, [chunk(1)], []) == [(0, 0, 10), (2, 20, None), (3, 20, None)]


# --- what nobody recorded ------------------------------------------------------------------------

WRITES, LOST = RecorderEvent.RECORDING, RecorderEvent.LOST
STOPPED, GIVEN_UP = RecorderEvent.STOPPED, RecorderEvent.GIVEN_UP


@pytest.mark.parametrize(
    ("facts", "heard", "stretches"),
    [
        ([], 0, [(0, 100_000)]),
        ([(WRITES, 0), (STOPPED, 100_000)], 100_000, []),
        ([(WRITES, 2_000), (STOPPED, 100_000)], 100_000, []),
        ([(WRITES, 9_000), (STOPPED, 100_000)], 100_000, [(0, 9_000)]),
        ([(WRITES, 0), (LOST, 30_000), (WRITES, 0), (STOPPED, 100_000)], 90_000, []),
        (
            [(WRITES, 0), (LOST, 30_000), (WRITES, 45_000), (STOPPED, 100_000)],
            90_000,
            [(30_000, 45_000)],
        ),
        ([(WRITES, 0), (LOST, 30_000), (GIVEN_UP, 700_000)], 28_000, [(30_000, 100_000)]),
        ([(WRITES, 0), (LOST, 30_000), (STOPPED, 100_000)], 70_000, [(70_000, 100_000)]),
        ([(WRITES, 0), (GIVEN_UP, 700_000)], 60_000, [(60_000, 100_000)]),
        (
            [(WRITES, 0), (LOST, 10_000), (LOST, 20_000), (WRITES, 50_000), (STOPPED, 100_000)],
            100_000,
            [(10_000, 50_000)],
        ),
    ],
)
def test_breaks_of_the_recorder_are_found(
    facts: list[tuple[RecorderEvent, int]], heard: int, stretches: list[tuple[int, int]]
) -> None:
    told = [RecorderFact(event, at_ms) for event, at_ms in facts]
    assert unrecorded(told, heard, 100_000) == stretches


@pytest.mark.parametrize(
    ("gap", "left"),
    [
        (GapSpan(5, 8, GapReason.RECORDER_DOWN), []),
        (GapSpan(0, None, GapReason.NETWORK), []),
        (GapSpan(0, 4, GapReason.RECORDER_DOWN), [(5, 9)]),
        (GapSpan(9, 12, GapReason.RECORDER_DOWN), [(5, 9)]),
    ],
)
def test_what_a_gap_tells_already_is_not_told_again(
    gap: GapSpan, left: list[tuple[int, int]]
) -> None:
    assert not_told([(5, 9)], [gap]) == left


# --- processing ----------------------------------------------------------------------------------


def job(
    state: JobState, kind: JobKind = JobKind.TRANSCRIBE, done: int = 0, total: int = 10
) -> JobFact:
    needs = Need.MODEL if kind is JobKind.TRANSCRIBE else Need.NONE
    return JobFact(kind, state, needs, done, total)


W, L, D, F = JobState.WAITING, JobState.LEASED, JobState.DONE, JobState.FAILED
EXTRACT = JobKind.EXTRACT


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        (Facts(False, 0, 0, [], False, True), Stage.NONE),
        (Facts(True, 0, 0, [], False, True), Stage.NONE),
        (Facts(True, 1, 1, [job(L)], False, True), Stage.RECORDING),
        (Facts(False, 2, 1, [job(D)], False, True), Stage.UPLOADING),
        (Facts(False, 2, 0, [job(F), job(D)], False, True), Stage.FAILED),
        (Facts(False, 2, 0, [job(F), job(D), job(D, EXTRACT)], True, True), Stage.FAILED),
        (Facts(False, 2, 0, [job(F), job(W)], False, True), Stage.RECORDED),
        (Facts(False, 1, 0, [job(W)], False, True), Stage.RECORDED),
        (Facts(False, 1, 0, [job(W)], False, False), Stage.WAITING_MODEL),
        (Facts(False, 1, 0, [job(L)], False, False), Stage.TRANSCRIBING),
        (Facts(False, 2, 0, [job(L), job(W)], False, True), Stage.TRANSCRIBING),
        (Facts(False, 2, 0, [job(D), job(W)], False, True), Stage.TRANSCRIBING),
        (Facts(False, 2, 0, [job(D), job(W)], False, False), Stage.WAITING_MODEL),
        (Facts(False, 1, 0, [job(W, done=4)], False, True), Stage.TRANSCRIBING),
        (Facts(False, 1, 0, [job(D), job(W, EXTRACT)], False, False), Stage.EXTRACTING),
        (Facts(False, 1, 0, [job(D), job(L, EXTRACT)], False, True), Stage.EXTRACTING),
        (Facts(False, 1, 0, [job(D), job(F, EXTRACT)], False, True), Stage.FAILED),
        (Facts(False, 1, 0, [job(D), job(D, EXTRACT)], True, False), Stage.READY),
        (Facts(False, 1, 0, [job(D), job(D, EXTRACT)], False, True), Stage.RECORDED),
        (Facts(False, 1, 0, [], False, True), Stage.RECORDED),
    ],
)
def test_the_first_stage_that_matches_is_shown(facts: Facts, stage: Stage) -> None:
    assert stage_of(facts) is stage


@pytest.mark.parametrize(
    ("jobs", "percent"),
    [
        ([], 0),
        ([job(W)], 0),
        ([job(L, done=43, total=100)], 43),
        ([job(L, done=999, total=1000)], 99),
        ([job(D, done=3, total=10), job(W, total=10)], 50),
        ([job(D, total=0)], 100),
        ([job(D), job(W, EXTRACT, total=90)], 100),
    ],
)
def test_percent_is_the_share_of_speech_done(jobs: list[JobFact], percent: int) -> None:
    assert percent_of(jobs) == percent


# --- transcripts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("run", "current", "state"),
    [
        (1, None, RunState.CURRENT),
        (2, 1, RunState.CURRENT),
        (1, 2, RunState.SUPERSEDED),
    ],
)
def test_a_finished_run_is_read_unless_a_newer_one_is(
    run: int, current: int | None, state: RunState
) -> None:
    assert run_after_finish(run, current) is state


def said(key: int, track: int, start: int, end: int, confidence: float = 0.5) -> Spoken:
    return Spoken(key, track, start, end, confidence)


@pytest.mark.parametrize(
    ("segments", "kept"),
    [
        ([said(1, 1, 0, 100, 0.4), said(2, 2, 5, 100, 0.9)], [2]),
        ([said(1, 1, 0, 100), said(2, 2, 90, 200)], [1, 2]),
        ([said(1, 1, 0, 100), said(2, 1, 0, 100)], [1, 2]),
        ([said(1, 1, 0, 1000, 0.9), said(2, 2, 100, 200, 0.1), said(3, 2, 2000, 2100)], [1, 3]),
        ([], []),
    ],
)
def test_of_what_two_devices_heard_the_surer_stays(segments: list[Spoken], kept: list[int]) -> None:
    assert [segment.segment_id for segment in without_doubles(segments)] == kept


# --- re-extraction -------------------------------------------------------------------------------

S = CandidateState


@pytest.mark.parametrize(
    ("state", "edited", "found", "effect"),
    [
        (S.OPEN, (), True, Effect.REPLACE),
        (S.OPEN, ("title",), True, Effect.NOTE_NEWER),
        (S.ACCEPTED, (), True, Effect.SEEN),
        (S.ACCEPTED, ("title",), True, Effect.SEEN),
        (S.REJECTED, (), True, Effect.SEEN),
        (S.MERGED, (), True, Effect.SEEN),
        (S.SPLIT, (), True, Effect.SEEN),
        (S.STALE, (), True, Effect.REPLACE),
        (S.OPEN, (), False, Effect.HIDE),
        (S.OPEN, ("title",), False, Effect.KEEP),
        (S.ACCEPTED, (), False, Effect.KEEP),
        (S.REJECTED, (), False, Effect.KEEP),
        (S.MERGED, (), False, Effect.KEEP),
        (S.SPLIT, (), False, Effect.KEEP),
        (S.STALE, (), False, Effect.KEEP),
    ],
)
def test_re_extraction_meets_each_state_as_the_table_says(
    state: CandidateState, edited: tuple[str, ...], found: bool, effect: Effect
) -> None:
    assert match([Known("k", state, edited)], {"k"} if found else set()) == {"k": effect}
    after = CANDIDATES.move(action_of(effect), state).new
    wanted = {(S.STALE, Effect.REPLACE): S.OPEN, (S.OPEN, Effect.HIDE): S.STALE}
    assert after is wanted.get((state, effect), state)


def test_a_key_that_is_new_makes_a_candidate() -> None:
    assert match([], {"k"}) == {"k": Effect.ADD}
