"""From the transcript to candidates and back again: what extraction is given, and taking it in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server.domain.deadlines import DeadlineKind
from server.domain.errors import GiaoBanError
from server.domain.jobs import JobState
from server.domain.review import CandidateKind, CandidateState, CandidateUnitRole
from server.services.extraction import extraction_input, store_extraction
from server.services.processing import extract_again, transcribe_again
from server.storage.models import (
    Candidate,
    CandidateUnit,
    Change,
    Evidence,
    FloorTurn,
    Job,
    Unit,
    UnitGroup,
)
from tests.integration.speech.speech_cast import Speech, segment
from tests.people import DAM_DOI, NAM_CAN
from transcription.contract.candidates import (
    Candidate as Told,
)
from transcription.contract.candidates import (
    CandidateDeadline,
    CandidateEvidence,
    ExtractionInput,
    ExtractionResult,
)
from transcription.contract.candidates import CandidateUnit as ToldUnit
from transcription.contract.clips import SegmentFlag
from transcription.contract.link import JobOffer
from transcription.extraction.extract import extract

ORDER = "giao ủy ban nhân dân xã đầm dơi rà soát hộ nghèo báo cáo trước ngày mười lăm tháng mười"


def refused(code: str):
    return pytest.raises(GiaoBanError, check=lambda error: error.code == code)


def spoken(speech: Speech, *texts: str) -> JobOffer:
    """The chair has said these texts, the conference is over, its extraction is claimed."""
    speech.closed_track("VPUB")
    speech.transcribe(*texts)
    speech.house.clock.forward(seconds=60)
    speech.end()
    from server.services.jobs import queue_due_extractions

    queue_due_extractions(speech.house.program("worker"))
    return speech.claim("none")


def given(speech: Speech, offer: JobOffer) -> ExtractionInput:
    return ExtractionInput.from_json(extraction_input(speech.worker, speech.worker_id, offer.job))


def store(speech: Speech, offer: JobOffer, *found: Told, requests: tuple[Told, ...] = ()) -> Any:
    result = ExtractionResult(found, requests)
    return store_extraction(speech.worker, speech.worker_id, offer.job, offer.lease, result)


def told(speech: Speech, key: str = "k1", quote: str = "rà soát hộ nghèo", **more: Any) -> Told:
    track = speech.all(Job)[0].track_id
    values: dict[str, Any] = {
        "lane": f"seat:{speech.seats['VPUB']}",
        "kind": "assignment",
        "task": quote,
        "title": "Rà soát hộ nghèo",
        "units": (ToldUnit("lead", "xã đầm dơi", code=DAM_DOI, score=100),),
        "deadline": CandidateDeadline(),
        "evidence": (CandidateEvidence(track, 1_000, 4_000, quote),),
        "confidence": 0.9,
        "reasons": ("giao",),
        "stable_key": key,
    }
    return Told(**{**values, **more})


def again(speech: Speech) -> JobOffer:
    """The secretary has the transcript read again; the job is claimed."""
    assert extract_again(speech.house.context("hoa"), speech.conference_id).jobs == 1
    return speech.claim("none")


def edit(speech: Speech, **values: Any) -> None:
    with speech.rows() as session:
        candidate = session.get_one(Candidate, speech.one(Candidate).id)
        for name, value in values.items():
            setattr(candidate, name, value)


# --- what it is given ----------------------------------------------------------------------------


def test_the_real_extraction_finds_the_task_and_it_is_stored(speech: Speech) -> None:
    offer = spoken(speech, ORDER)
    store(speech, offer, *extract(given(speech, offer)).tasks)
    candidate = speech.one(Candidate)
    assert (candidate.state, candidate.kind) == (CandidateState.OPEN, CandidateKind.TASK)
    assert (candidate.deadline_kind, str(candidate.due_on)) == (DeadlineKind.DATED, "2025-10-15")
    assert (candidate.first_run, candidate.seen_run) == (1, 1)
    lead = speech.one(CandidateUnit)
    assert (lead.role, lead.unit_id) == (CandidateUnitRole.LEAD, speech.house.unit_id(DAM_DOI))
    evidence = speech.one(Evidence)
    assert evidence.quote in ORDER
    assert 1_000 <= evidence.start_ms < evidence.end_ms
    assert speech.job(f"extract:{speech.conference_id}:1").state is JobState.DONE
    change = speech.one(Change, Change.subject_kind == "candidate")
    assert (change.old_state, change.new_state) == (None, "open")


def test_a_group_that_is_said_is_resolved_to_the_group(speech: Speech) -> None:
    offer = spoken(speech, "giao 64 xã, phường báo cáo kết quả trước ngày 15 tháng 10")
    store(speech, offer, *extract(given(speech, offer)).tasks)
    group = speech.one(UnitGroup, UnitGroup.code == "communes_wards")
    assert speech.one(CandidateUnit).group_id == group.id


def test_the_input_names_lanes_roles_floor_and_roster(speech: Speech) -> None:
    with speech.rows() as session:
        session.add(
            FloorTurn(
                conference_id=speech.conference_id,
                seat_id=speech.seats[DAM_DOI],
                exclusive=True,
                granted_at=speech.house.now,
                start_ms=500,
                end_ms=9_000,
                soft_s=240,
                hard_s=300,
                by_agent="media",
            )
        )
    speech.closed_track(DAM_DOI)
    speech.transcribe("xã đầm dơi kiến nghị hỗ trợ kinh phí")
    offer = spoken(speech, ORDER)
    found = given(speech, offer)
    assert found.conference == speech.conference_id
    assert found.held_on.isoformat() == "2025-09-24"
    assert [(t.start_ms, t.end_ms, t.unit) for t in found.floor] == [(500, 9_000, DAM_DOI)]
    lanes = {lane.lane: lane for lane in found.lanes}
    centre = lanes[f"seat:{speech.seats['VPUB']}"]
    assert (centre.unit, centre.speaker_role) == ("VPUB", "chair")
    commune = lanes[f"seat:{speech.seats[DAM_DOI]}"]
    assert (commune.unit, commune.speaker_role) == (DAM_DOI, "unit")
    assert commune.segments[0].words[0].text == "xã"
    units = speech.all(Unit)
    assert len(found.roster.units) == len(units)
    assert found.roster.unit(NAM_CAN) is not None
    assert found.roster.group("communes_wards").kinds == ("commune", "ward")
    assert found.calendar.holidays or found.calendar.working is not None


def test_flagged_segments_are_left_out(speech: Speech) -> None:
    speech.closed_track("VPUB")
    offer = speech.claim()
    speech.plan(offer)
    speech.store_clip(
        offer, segment(0, 1_000, ORDER), segment(1, 5_000, "bịa ra", SegmentFlag.LOGPROB)
    )
    speech.finish(offer)
    speech.house.clock.forward(seconds=60)
    speech.end()
    from server.services.jobs import queue_due_extractions

    queue_due_extractions(speech.house.program("worker"))
    lane = given(speech, speech.claim("none")).lanes[0]
    assert [s.text for s in lane.segments] == [ORDER]


def test_what_two_devices_of_a_seat_heard_is_given_once(speech: Speech) -> None:
    speech.closed_track(DAM_DOI, "TR_1")
    speech.transcribe("chúng tôi đã báo cáo")
    speech.closed_track(DAM_DOI, "TR_2")
    speech.transcribe("chúng tôi đã báo cáo")
    offer = spoken(speech, ORDER)
    (lane,) = (lane for lane in given(speech, offer).lanes if lane.unit == DAM_DOI)
    assert [s.text for s in lane.segments] == ["chúng tôi đã báo cáo"]


def test_the_input_is_only_for_the_worker_that_holds_the_job(speech: Speech) -> None:
    offer = spoken(speech, ORDER)
    with refused("not_found"):
        extraction_input(speech.worker, speech.recorder_id, offer.job)


# --- taking it in --------------------------------------------------------------------------------


def test_the_same_again_adds_nothing_and_notes_that_it_was_seen(speech: Speech) -> None:
    offer = spoken(speech, ORDER)
    store(speech, offer, told(speech))
    before = speech.one(Candidate)
    store(speech, again(speech), told(speech))
    after = speech.one(Candidate)
    assert (after.id, after.first_run, after.seen_run) == (before.id, 1, 2)
    assert after.version == before.version
    assert len(speech.all(CandidateUnit)) == len(speech.all(Evidence)) == 1


def test_an_untouched_candidate_becomes_what_the_machine_says_now(speech: Speech) -> None:
    store(speech, spoken(speech, ORDER), told(speech))
    newer = told(speech, confidence=0.5, title="Rà soát lại")
    store(speech, again(speech), newer)
    row = speech.one(Candidate)
    assert (row.title, row.confidence, row.version) == ("Rà soát lại", 0.5, 2)
    assert row.proposal == newer.to_json()


def test_an_edited_candidate_keeps_its_fields_and_gets_a_newer_reading(speech: Speech) -> None:
    store(speech, spoken(speech, ORDER), told(speech))
    edit(speech, title="Do thư ký viết", edited=["title"])
    before = speech.one(Candidate)
    newer = told(speech, title="Máy viết")
    store(speech, again(speech), newer)
    row = speech.one(Candidate)
    assert row.newer == newer.to_json()
    assert (row.title, row.proposal, row.version) == (
        "Do thư ký viết",
        before.proposal,
        before.version,
    )


@pytest.mark.parametrize("state", [CandidateState.ACCEPTED, CandidateState.REJECTED])
def test_a_decided_candidate_is_only_seen_again(speech: Speech, state: CandidateState) -> None:
    store(speech, spoken(speech, ORDER), told(speech))
    edit(speech, state=state)
    store(speech, again(speech), told(speech, title="Khác"))
    row = speech.one(Candidate)
    assert (row.state, row.title, row.newer, row.seen_run) == (state, "Rà soát hộ nghèo", None, 2)


def test_a_candidate_not_found_any_more_is_hidden_and_comes_back(speech: Speech) -> None:
    store(speech, spoken(speech, ORDER), told(speech))
    store(speech, again(speech))
    assert speech.one(Candidate).state is CandidateState.STALE
    store(speech, again(speech), told(speech))
    assert speech.one(Candidate).state is CandidateState.OPEN
    moves = [
        (c.action, c.old_state, c.new_state)
        for c in speech.all(Change)
        if c.subject_kind == "candidate"
    ]
    assert moves == [
        ("extract", None, "open"),
        ("not_matched", "open", "stale"),
        ("matched_again", "stale", "open"),
    ]


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"edited": ["title"]}, CandidateState.OPEN),
        ({"state": CandidateState.ACCEPTED}, CandidateState.ACCEPTED),
        ({"state": CandidateState.REJECTED}, CandidateState.REJECTED),
    ],
)
def test_what_a_person_touched_is_never_hidden(
    speech: Speech, values: dict[str, Any], state: CandidateState
) -> None:
    store(speech, spoken(speech, ORDER), told(speech))
    edit(speech, **values)
    store(speech, again(speech))
    row = speech.one(Candidate)
    assert (row.state, row.seen_run) == (state, 1)


def test_a_retranscription_is_read_again_and_doubles_nothing(speech: Speech) -> None:
    offer = spoken(speech, ORDER)
    store(speech, offer, *extract(given(speech, offer)).tasks)
    edit(speech, edited=["title"])
    before = speech.one(Candidate)
    transcribe_again(speech.house.context("hoa"), speech.conference_id)
    speech.transcribe(ORDER)
    second = speech.claim("none")
    assert speech.one(Job, Job.id == second.job).key.endswith(":2")
    store(speech, second, *extract(given(speech, second)).tasks)
    after = speech.one(Candidate)
    assert (after.id, after.stable_key, after.seen_run) == (before.id, before.stable_key, 2)


def test_requests_are_stored_as_requests(speech: Speech) -> None:
    offer = spoken(speech, ORDER)
    request = told(
        speech,
        kind="request",
        units=(ToldUnit("from", "xã đầm dơi", code=DAM_DOI), ToldUnit("to", "sở tài chính")),
    )
    store(speech, offer, requests=(request,))
    assert speech.one(Candidate).kind is CandidateKind.REQUEST
    assert [(u.role.value, u.unit_id is None) for u in speech.all(CandidateUnit)] == [
        ("from", False),
        ("to", True),
    ]


def test_a_quote_that_nobody_said_is_left_out(speech: Speech) -> None:
    offer = spoken(speech, ORDER)
    store(speech, offer, told(speech), told(speech, "k2", "xây cầu mới"))
    assert [c.stable_key for c in speech.all(Candidate)] == ["k1"]


def test_words_of_a_flagged_segment_are_no_evidence(speech: Speech) -> None:
    speech.closed_track("VPUB")
    offer = speech.claim()
    speech.plan(offer)
    speech.store_clip(offer, segment(0, 1_000, ORDER, SegmentFlag.REPEAT))
    speech.finish(offer)
    speech.house.clock.forward(seconds=60)
    speech.end()
    from server.services.jobs import queue_due_extractions

    queue_due_extractions(speech.house.program("worker"))
    store(speech, speech.claim("none"), told(speech))
    assert not speech.all(Candidate)


@pytest.mark.parametrize(
    "change",
    [
        {"stable_key": ""},
        {"evidence": ()},
        {"evidence": (CandidateEvidence(99, 0, 1, "rà soát"),)},
        {"deadline": CandidateDeadline(kind="someday")},
        {"units": (ToldUnit("boss", "ai đó"),)},
    ],
)
def test_a_result_of_the_wrong_shape_changes_nothing(
    speech: Speech, change: dict[str, Any]
) -> None:
    offer = spoken(speech, ORDER)
    with refused("bad_request"):
        store(speech, offer, replace(told(speech), **change))
    assert not speech.all(Candidate)
    assert speech.job(f"extract:{speech.conference_id}:1").state is JobState.LEASED


def test_one_key_twice_is_refused(speech: Speech) -> None:
    offer = spoken(speech, ORDER)
    with refused("bad_request"):
        store(speech, offer, told(speech), told(speech))


@pytest.mark.parametrize(
    ("deadline", "kind", "text"),
    [
        (CandidateDeadline(kind="dated"), DeadlineKind.NONE, None),
        (CandidateDeadline(kind="event", phrase="sau bão"), DeadlineKind.EVENT, "sau bão"),
        (CandidateDeadline(kind="recurring"), DeadlineKind.RECURRING, None),
    ],
)
def test_what_a_deadline_leaves_unsaid_is_not_made_up(
    speech: Speech, deadline: CandidateDeadline, kind: DeadlineKind, text: str | None
) -> None:
    store(speech, spoken(speech, ORDER), told(speech, deadline=deadline))
    row = speech.one(Candidate)
    assert (row.deadline_kind, row.event_text, row.due_on) == (kind, text, None)


def test_a_repeated_delivery_changes_nothing(speech: Speech) -> None:
    offer = spoken(speech, ORDER)
    store(speech, offer, told(speech))
    assert store(speech, offer, told(speech), told(speech, "k2")).counts == {}
    assert len(speech.all(Candidate)) == 1
    speech.finish(offer)


def test_an_extraction_is_not_finished_without_its_result(speech: Speech) -> None:
    offer = spoken(speech, ORDER)
    with refused("wrong_state"):
        speech.finish(offer)


def test_an_old_lease_stores_nothing(speech: Speech) -> None:
    offer = spoken(speech, ORDER)
    with refused("lease_lost"):
        store(speech, replace(offer, lease=offer.lease + 7), told(speech))
    assert not speech.all(Candidate)
