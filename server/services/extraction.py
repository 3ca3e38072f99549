"""Extraction: what it is given of a conference, and how its candidates are taken in.

The machine proposes, people decide: a candidate that a person decided or edited is only noted as
seen again (model §2.9). Everything is stored in the transaction that makes the job done.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from server.domain.actors import Actor
from server.domain.candidates import Effect, Known, action_of, match
from server.domain.deadlines import DeadlineSet
from server.domain.errors import CallerError
from server.domain.jobs import JOB, AttemptOutcome, JobKind
from server.domain.review import CANDIDATES, CandidateKind, CandidateState, CandidateUnitRole
from server.services.context import Context
from server.services.deadlines import set_from_contract
from server.services.extraction_input import input_of
from server.services.jobs import end_attempt, held_job
from server.services.queueing import extraction_number
from server.storage import candidates as rows
from server.storage import recordings, transcripts
from server.storage.directives import deadline_columns
from server.storage.history import record
from server.storage.models import Candidate, CandidateUnit, Conference, Evidence, Job
from server.storage.org import groups_in_order, units_by_code
from server.storage.queue import attempt_of
from transcription.contract import candidates as told
from transcription.text.vi_normalize import norm

log = logging.getLogger(__name__)

QUOTE_SLACK_MS = 2_000


@dataclass(frozen=True)
class Taken:
    """What one extraction changed, by effect."""

    counts: dict[str, int]


@dataclass(frozen=True)
class _Intake:
    """What taking in one candidate needs."""

    ctx: Context
    session: Session
    actor: Actor
    conference: Conference
    run: int
    unit_ids: dict[str, int]
    group_ids: dict[str, int]


def extraction_input(ctx: Context, token_id: int, job_id: int) -> dict[str, Any]:
    """`GET …/extraction`, for the worker that holds the job; else `not_found`. The runs that it
    reads are kept with the job, so that a later transcription is known to be newer.
    """
    with ctx.write() as (session, _):
        job = session.get(Job, job_id)
        attempt = attempt_of(session, job.lease_id) if job and job.lease_id else None
        if job is None or job.kind is not JobKind.EXTRACT or attempt is None:
            raise CallerError("not_found")
        if attempt.token_id != token_id:
            raise CallerError("not_found")
        JOB.move("progress", job.state)
        conference = session.get_one(Conference, job.conference_id)
        runs = transcripts.current_runs(session, conference.id)
        job.payload = {**job.payload, "runs": sorted(run.id for run in runs)}
        return input_of(session, conference, ctx.today).to_json()


def store_extraction(
    ctx: Context, token_id: int, job_id: int, lease: int, result: told.ExtractionResult
) -> Taken:
    """`PUT …/extraction`: match, store, and make the job done. Again after that: nothing."""
    with ctx.write() as (session, actor):
        job = held_job(session, job_id, lease, token_id)
        if job.kind is not JobKind.EXTRACT:
            raise CallerError("not_found")
        if not JOB.move("finish", job.state).changed:
            return Taken({})
        conference = session.get_one(Conference, job.conference_id)
        counts = _take_in(ctx, session, actor, conference, extraction_number(job), result)
        end_attempt(ctx, session, job, "finish", AttemptOutcome.OK)
        return Taken(counts)


def _take_in(
    ctx: Context,
    session: Session,
    actor: Actor,
    conference: Conference,
    run: int,
    result: told.ExtractionResult,
) -> dict[str, int]:
    stored = {c.stable_key: c for c in rows.candidates_of_conference(session, conference.id)}
    if any(candidate.seen_run > run for candidate in stored.values()):
        return {}  # a newer extraction was through before this one
    found = _by_key(_heard(session, conference, [*result.tasks, *result.requests]))
    known = [Known(c.stable_key, c.state, tuple(c.edited)) for c in stored.values()]
    codes = {u.code for c in found.values() for u in c.units if u.code}
    intake = _Intake(
        ctx,
        session,
        actor,
        conference,
        run,
        {code: unit.id for code, unit in units_by_code(session, codes).items()},
        {group.code: group.id for group in groups_in_order(session)},
    )
    counts: dict[str, int] = {}
    for key, effect in match(known, found).items():
        counts[effect.value] = counts.get(effect.value, 0) + 1
        _apply(intake, effect, stored.get(key), found.get(key))
    session.flush()
    return counts


def _by_key(candidates: list[told.Candidate]) -> dict[str, told.Candidate]:
    found = {candidate.stable_key: candidate for candidate in candidates}
    if "" in found or len(found) != len(candidates):
        raise CallerError("bad_request", detail="stable_key is missing or comes twice")
    return found


def _heard(
    session: Session, conference: Conference, candidates: list[told.Candidate]
) -> list[told.Candidate]:
    """Those that rest on words which are there, unflagged (invariant I15); others are left out and
    named in the log. Evidence from another conference's track is `bad_request`.
    """
    spoken = rows.Spoken.of(transcripts.current_segments(session, conference.id))
    tracks = {track.id for track in recordings.tracks_of(session, conference.id)}
    heard = []
    for candidate in candidates:
        evidence = candidate.evidence
        if not evidence or any(e.track not in tracks for e in evidence):
            raise CallerError("bad_request", detail="evidence names no track of this conference")
        if all(
            norm(e.quote) in norm(spoken.around(e.track or 0, e.start_ms, e.end_ms, QUOTE_SLACK_MS))
            for e in evidence
        ):
            heard.append(candidate)
        else:
            log.warning(
                "conference %d: a candidate of %s at %d ms is left out, its quote was not said",
                conference.id,
                candidate.lane,
                evidence[0].start_ms,
            )
    return heard


def _apply(
    intake: _Intake, effect: Effect, row: Candidate | None, found: told.Candidate | None
) -> None:
    if row is None:
        assert found is not None
        _add(intake, found)
        return
    old = row.state
    row.state = CANDIDATES.move(action_of(effect), old).new
    if found is not None:
        row.seen_run = intake.run
    if effect is Effect.NOTE_NEWER and found is not None:
        row.newer = found.to_json()
    if effect is Effect.REPLACE and found is not None and row.proposal != found.to_json():
        _fill(intake, row, found)
        row.version += 1
    if row.state is not old:
        row.version += 1
        _record(intake, row, action_of(effect), old)


def _add(intake: _Intake, found: told.Candidate) -> None:
    row = Candidate(
        conference_id=intake.conference.id,
        stable_key=found.stable_key,
        lane=found.lane,
        state=CandidateState.OPEN,
        edited=[],
        first_run=intake.run,
        seen_run=intake.run,
    )
    _set_fields(row, found)
    intake.session.add(row)
    intake.session.flush()
    _set_parts(intake, row, found)
    _record(intake, row, "extract", None)


def _fill(intake: _Intake, row: Candidate, found: told.Candidate) -> None:
    _set_fields(row, found)
    rows.drop_parts(intake.session, row.id)
    _set_parts(intake, row, found)


def _set_fields(row: Candidate, found: told.Candidate) -> None:
    request = found.kind == told.REQUEST
    row.proposal = found.to_json()
    row.newer = None
    row.kind = CandidateKind.REQUEST if request else CandidateKind.TASK
    row.title = found.title or found.task
    row.task = found.task
    row.confidence = found.confidence
    row.reasons = list(found.reasons)
    row.start_ms = min(piece.start_ms for piece in found.evidence)
    for name, value in deadline_columns(deadline_from_told(found.deadline)).items():
        setattr(row, name, value)


def deadline_from_told(deadline: told.CandidateDeadline) -> DeadlineSet:
    """The machine's deadline as ours; `bad_request` for an unknown word."""
    try:
        return set_from_contract(deadline)
    except ValueError as error:
        raise CallerError("bad_request", detail=f"deadline: {error}") from error


def _set_parts(intake: _Intake, row: Candidate, found: told.Candidate) -> None:
    for unit in found.units:
        intake.session.add(
            CandidateUnit(
                candidate_id=row.id,
                role=_role(unit.role),
                phrase=unit.phrase,
                unit_id=intake.unit_ids.get(unit.code or ""),
                group_id=intake.group_ids.get(unit.group or ""),
                score=None if unit.score is None else float(unit.score),
                choices=[[code, score] for code, score in unit.choices],
            )
        )
    for n, piece in enumerate(found.evidence, 1):
        intake.session.add(
            Evidence(
                candidate_id=row.id,
                n=n,
                track_id=piece.track,
                start_ms=piece.start_ms,
                end_ms=piece.end_ms,
                quote=piece.quote,
            )
        )


def _role(role: str) -> CandidateUnitRole:
    try:
        return CandidateUnitRole(role)
    except ValueError as error:
        raise CallerError("bad_request", detail=f"units: {error}") from error


def _record(intake: _Intake, row: Candidate, action: str, old: CandidateState | None) -> None:
    record(
        intake.session,
        ("candidate", row.id),
        action,
        actor=intake.actor,
        now=intake.ctx.now,
        parent=("conference", row.conference_id),
        old=old.value if old else None,
        new=row.state.value,
        data={"run": intake.run},
    )
