"""Storing a recorder's chunks: complete or not at all, and once."""

from __future__ import annotations

import pytest

from server.domain.errors import CallerError, GiaoBanError, OperatorError
from server.domain.recordings import ChunkState, GapReason
from server.services.recordings import (
    announce_chunk,
    chunk_file,
    close_track,
    open_track,
    put_chunk,
    report_gap,
)
from server.storage.models import Chunk, Gap, Job, Track
from server.storage.received import Delivery
from tests.integration.speech.speech_cast import CHUNK, Speech, announce, sha
from tests.people import DAM_DOI, NAM_CAN
from transcription.contract.recording import ChunkState as Told
from transcription.contract.recording import GapReason as ToldReason
from transcription.contract.recording import GapReport, OpenTrack


def refused(code: str):
    return pytest.raises(GiaoBanError, check=lambda error: error.code == code)


def test_a_track_belongs_to_the_seat_that_its_identity_names(speech: Speech) -> None:
    track = speech.one(Track, Track.id == speech.open_track(NAM_CAN))
    assert track.seat_id == speech.seats[NAM_CAN]


def test_the_same_track_key_gives_the_same_track(speech: Speech) -> None:
    first = speech.open_track()
    speech.store_chunk(first, 0)
    body = OpenTrack(
        speech.conference_id,
        speech.one(Track).track_key,
        f"{DAM_DOI}/1/pc",
        "opus",
        0,
    )
    assert open_track(speech.recorder, body, None).answer == {"track": first, "next_seq": 1}


@pytest.mark.parametrize("identity", ["99999/1/pc", "", "recorder/1"])
def test_a_track_of_no_seat_of_the_conference_is_not_found(speech: Speech, identity: str) -> None:
    body = OpenTrack(speech.conference_id, "k", identity, "opus", 0)
    with refused("not_found"):
        open_track(speech.recorder, body, None)


def test_a_conference_that_never_was_is_not_found(speech: Speech) -> None:
    with refused("not_found"):
        open_track(speech.recorder, OpenTrack(9_999, "k", f"{DAM_DOI}/1/pc", "opus", 0), None)


def test_a_chunk_in_parts_is_stored_with_its_last_octet(speech: Speech) -> None:
    track = speech.open_track()
    assert announce_chunk(speech.recorder, track, 0, announce()).state is Told.ANNOUNCED
    half = put_chunk(speech.recorder, track, 0, 0, CHUNK[:700]).answer
    assert half == {"state": "receiving", "received": 700}
    whole = put_chunk(speech.recorder, track, 0, 700, CHUNK[700:]).answer
    assert whole == {"state": "stored", "received": len(CHUNK), "sha256": sha(CHUNK)}
    chunk = speech.one(Chunk)
    assert speech.house.files.path(chunk.path).read_bytes() == CHUNK
    assert not list(speech.house.files.root.rglob("*.part"))


def test_announcing_again_tells_how_far_it_is(speech: Speech) -> None:
    track = speech.open_track()
    announce_chunk(speech.recorder, track, 0, announce())
    put_chunk(speech.recorder, track, 0, 0, CHUNK[:10])
    again = announce_chunk(speech.recorder, track, 0, announce())
    assert (again.state, again.received) == (Told.RECEIVING, 10)
    put_chunk(speech.recorder, track, 0, 10, CHUNK[10:])
    assert announce_chunk(speech.recorder, track, 0, announce()).sha256 == sha(CHUNK)


@pytest.mark.parametrize("received", [None, 10, len(CHUNK)])
def test_another_hash_for_a_known_chunk_is_a_conflict(speech: Speech, received: int | None) -> None:
    track = speech.open_track()
    announce_chunk(speech.recorder, track, 0, announce())
    if received:
        put_chunk(speech.recorder, track, 0, 0, CHUNK[:received])
    with refused("chunk_conflict"):
        announce_chunk(speech.recorder, track, 0, announce(sha256="0" * 64))


def test_other_times_for_a_known_chunk_are_refused(speech: Speech) -> None:
    track = speech.open_track()
    announce_chunk(speech.recorder, track, 0, announce())
    with refused("idempotency_mismatch"):
        announce_chunk(speech.recorder, track, 0, announce(length_ms=9_000))


@pytest.mark.parametrize("offset", [5, 700])
def test_octets_at_a_wrong_offset_are_refused_with_the_right_one(
    speech: Speech, offset: int
) -> None:
    track = speech.open_track()
    announce_chunk(speech.recorder, track, 0, announce())
    if offset == 5:
        put_chunk(speech.recorder, track, 0, 0, CHUNK[:100])
    with refused("offset_mismatch") as caught:
        put_chunk(speech.recorder, track, 0, offset, CHUNK[offset:])
    assert caught.value.params["received"] == (100 if offset == 5 else 0)


def test_altered_octets_begin_again_from_nothing(speech: Speech) -> None:
    track = speech.open_track()
    announce_chunk(speech.recorder, track, 0, announce())
    with refused("hash_mismatch"):
        put_chunk(speech.recorder, track, 0, 0, b"x" + CHUNK[1:])
    chunk = speech.one(Chunk)
    assert (chunk.state, chunk.received) == (ChunkState.ANNOUNCED, 0)
    assert put_chunk(speech.recorder, track, 0, 0, CHUNK).answer["state"] == "stored"


def test_more_octets_than_announced_are_refused(speech: Speech) -> None:
    track = speech.open_track()
    announce_chunk(speech.recorder, track, 0, announce())
    with refused("bad_request"):
        put_chunk(speech.recorder, track, 0, 0, CHUNK + b"x")


def test_octets_of_an_unknown_chunk_are_not_found(speech: Speech) -> None:
    with refused("not_found"):
        put_chunk(speech.recorder, speech.open_track(), 3, 0, CHUNK)


def test_octets_of_a_stored_chunk_change_nothing(speech: Speech) -> None:
    track = speech.open_track()
    speech.store_chunk(track)
    assert put_chunk(speech.recorder, track, 0, 0, b"other").answer["sha256"] == sha(CHUNK)
    assert speech.house.files.path(speech.one(Chunk).path).read_bytes() == CHUNK


def test_a_part_that_a_crash_lost_begins_again(speech: Speech) -> None:
    track = speech.open_track()
    announce_chunk(speech.recorder, track, 0, announce())
    put_chunk(speech.recorder, track, 0, 0, CHUNK[:500])
    next(speech.house.files.root.rglob("*.part")).write_bytes(CHUNK[:200])
    with refused("offset_mismatch") as caught:
        put_chunk(speech.recorder, track, 0, 500, CHUNK[500:])
    assert caught.value.params["received"] == 0
    assert put_chunk(speech.recorder, track, 0, 0, CHUNK).answer["state"] == "stored"


def test_a_part_written_but_not_committed_is_written_over(speech: Speech) -> None:
    track = speech.open_track()
    announce_chunk(speech.recorder, track, 0, announce())
    put_chunk(speech.recorder, track, 0, 0, CHUNK[:500])
    next(speech.house.files.root.rglob("*.part")).write_bytes(CHUNK[:500] + b"uncommitted")
    assert put_chunk(speech.recorder, track, 0, 500, CHUNK[500:]).answer["state"] == "stored"


def test_a_disk_below_its_floor_takes_nothing_and_keeps_what_is_there(
    speech: Speech, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = speech.open_track()
    announce_chunk(speech.recorder, track, 0, announce())
    put_chunk(speech.recorder, track, 0, 0, CHUNK[:100])
    speech.store_chunk(track, 1)
    monkeypatch.setattr(type(speech.house.files), "free_bytes", lambda self: 1024)
    with pytest.raises(OperatorError, match="disk_full"):
        announce_chunk(speech.recorder, track, 2, announce(start_ms=20_000))
    with pytest.raises(OperatorError, match="disk_full"):
        put_chunk(speech.recorder, track, 0, 100, CHUNK[100:])
    assert speech.all(Chunk)[0].received == 100
    stored = announce_chunk(speech.recorder, track, 1, announce(start_ms=10_000))
    assert stored.sha256 == sha(CHUNK)


def test_a_track_closes_with_its_last_chunk_and_its_transcription_waits(speech: Speech) -> None:
    track = speech.open_track()
    speech.store_chunk(track, 0)
    assert not close_track(speech.recorder, track, 1, None).queued
    assert not speech.all(Job)
    announce_chunk(speech.recorder, track, 1, announce(start_ms=10_000))
    assert put_chunk(speech.recorder, track, 1, 0, CHUNK).queued
    job = speech.job(f"transcribe:{track}:1")
    assert [chunk["seq"] for chunk in job.payload["chunks"]] == [0, 1]
    assert job.payload["seat"] == speech.seats[DAM_DOI]
    assert job.total_ms == 20_000


def test_an_empty_track_closes_without_a_job(speech: Speech) -> None:
    track = speech.open_track()
    assert not close_track(speech.recorder, track, -1, None).queued
    assert not speech.all(Job)


def test_a_silent_track_needs_no_transcription(speech: Speech) -> None:
    track = speech.open_track()
    speech.store_chunk(track, 0, body=announce(voiced=()))
    close_track(speech.recorder, track, 0, None)
    assert not speech.all(Job)


def test_another_last_number_is_refused(speech: Speech) -> None:
    track = speech.closed_track()
    close_track(speech.recorder, track, 0, None)
    with refused("idempotency_mismatch"):
        close_track(speech.recorder, track, 1, None)


def test_a_chunk_after_the_last_is_refused(speech: Speech) -> None:
    with refused("wrong_state"):
        announce_chunk(speech.recorder, speech.closed_track(), 1, announce(start_ms=10_000))


def test_a_track_published_again_under_its_name_goes_on(speech: Speech) -> None:
    track = speech.closed_track()
    assert speech.open_track(start_ms=15_000) == track
    speech.store_chunk(track, 1, body=announce(start_ms=15_000))
    assert close_track(speech.recorder, track, 1, None).queued
    assert speech.job(f"transcribe:{track}:2").payload["run"] == 2


def test_a_lost_chunk_is_a_gap_and_closes_the_track(speech: Speech) -> None:
    track = speech.open_track()
    speech.store_chunk(track, 0)
    announce_chunk(speech.recorder, track, 1, announce(start_ms=10_000))
    close_track(speech.recorder, track, 1, None)
    gap = GapReport(speech.conference_id, track, 10_000, 20_000, ToldReason.CHUNK_LOST, "disk")
    assert report_gap(speech.recorder, gap, None).queued
    row = speech.one(Gap)
    assert (row.reason, row.seat_id) == (GapReason.CHUNK_LOST, speech.seats[DAM_DOI])
    assert speech.job(f"transcribe:{track}:1").payload["chunks"][0]["seq"] == 0


def test_a_gap_told_twice_is_one(speech: Speech) -> None:
    gap = GapReport(speech.conference_id, None, 1_000, 5_000, ToldReason.NETWORK, "")
    report_gap(speech.recorder, gap, None)
    report_gap(speech.recorder, gap, None)
    assert len(speech.all(Gap)) == 1
    other = GapReport(speech.conference_id, None, 1_000, 6_000, ToldReason.NETWORK, "")
    with refused("idempotency_mismatch"):
        report_gap(speech.recorder, other, None)


def test_a_gap_of_another_conferences_track_is_not_found(speech: Speech) -> None:
    gap = GapReport(9_999, speech.open_track(), 0, 1_000, ToldReason.NETWORK, "")
    with refused("not_found"):
        report_gap(speech.recorder, gap, None)


def test_one_message_id_has_one_effect(speech: Speech) -> None:
    track = speech.open_track()
    speech.store_chunk(track, 0)
    once = Delivery("token:1", "k-1", "h")
    assert close_track(speech.recorder, track, 0, once).queued
    assert not close_track(speech.recorder, track, 0, once).queued
    with pytest.raises(CallerError, match="idempotency_mismatch"):
        close_track(speech.recorder, track, 0, Delivery("token:1", "k-1", "other"))


def test_a_chunk_is_read_only_under_a_lease_on_its_track(speech: Speech) -> None:
    track = speech.closed_track()
    with refused("not_found"):
        chunk_file(speech.worker, speech.worker_id, track, 0)
    offer = speech.claim()
    path, sha256 = chunk_file(speech.worker, speech.worker_id, track, 0)
    assert sha256 == sha(CHUNK)
    assert speech.house.files.path(path).read_bytes() == CHUNK
    with refused("not_found"):
        chunk_file(speech.worker, speech.recorder_id, track, 0)
    speech.plan(offer)
    speech.store_clip(offer)
    speech.finish(offer)
    with refused("not_found"):
        chunk_file(speech.worker, speech.worker_id, track, 0)
