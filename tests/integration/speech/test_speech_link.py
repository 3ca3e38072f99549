"""The worker link over real sockets and HTTP: hello, what is told, what is refused."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import Any

import pytest

from server.domain.jobs import JobState
from server.domain.recordings import ChunkState
from server.storage.models import ApiToken, Change, Chunk, Job
from server.web.worker_link import socket as line
from tests.integration.conftest import Served
from tests.integration.speech.speech_cast import CHUNK, Speech, announce, begin, sha
from tests.integration.speech.speech_line import (
    MODEL,
    closed,
    heard,
    in_line,
    link_of,
    post,
    put,
    until,
)
from tests.people import DAM_DOI, RECORDER_TOKEN, WORKER_TOKEN
from transcription.contract.link import SOCKET_LIMIT

# --- hello ---------------------------------------------------------------------------------------


async def test_a_wrong_version_is_closed_with_4400(served: Served) -> None:
    worker = served.program(WORKER_TOKEN)
    async with in_line(worker, greet=False) as ws:
        await ws.send_json({"type": "hello", "v": 99, "name": "new", "model": None})
        assert await closed(ws) == 4400


@pytest.mark.parametrize("token", ["", "not-a-token"])
async def test_an_unknown_token_is_closed_with_4401(served: Served, token: str) -> None:
    async with in_line(served.program(token), greet=False) as ws:
        assert await closed(ws) == 4401


async def test_a_token_that_ends_in_between_is_closed_with_4401(
    served: Served, live: Speech
) -> None:
    async with in_line(served.program(WORKER_TOKEN)) as ws:
        with live.rows() as session:
            session.get_one(ApiToken, live.worker_id).revoked_at = live.house.now
        await ws.send_json({"type": "claim", "able": []})
        assert await closed(ws) == 4401


async def test_a_recorder_may_not_claim(served: Served) -> None:
    async with in_line(served.program(RECORDER_TOKEN)) as ws:
        await ws.send_json({"type": "claim", "able": ["model"]})
        assert await closed(ws) == 4401


async def test_a_line_without_hello_is_closed(served: Served) -> None:
    async with in_line(served.program(WORKER_TOKEN), greet=False) as ws:
        await ws.send_str("not json")
        assert await closed(ws) == 1008


async def test_messages_of_a_newer_side_are_passed_over(served: Served) -> None:
    async with in_line(served.program(WORKER_TOKEN)) as ws:
        await ws.send_json({"type": "dance"})
        await ws.send_json({"type": "claim", "able": [], "mood": "good"})
        assert (await heard(ws))["type"] == "none"


async def test_a_message_over_the_limit_ends_the_line(served: Served) -> None:
    async with in_line(served.program(WORKER_TOKEN)) as ws:
        await ws.send_str("x" * (SOCKET_LIMIT + 1))
        assert await closed(ws) == 1009


async def test_a_line_that_is_not_heard_is_dead(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line.link, "DEAD_S", 0.2)
    monkeypatch.setattr(line.link, "PING_S", 30)
    async with in_line(served.program(WORKER_TOKEN), MODEL) as ws:
        assert link_of(served).model_ready()
        assert await closed(ws) == 1001
        assert not link_of(served).model_ready()


async def test_pings_keep_a_silent_line_alive(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line.link, "DEAD_S", 0.3)
    monkeypatch.setattr(line.link, "PING_S", 0.05)
    async with in_line(served.program(WORKER_TOKEN), MODEL) as ws:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ws.receive(), 0.8)  # answers the pings meanwhile
        assert link_of(served).model_ready()


# --- recorder ------------------------------------------------------------------------------------


async def test_a_recorder_is_told_to_record_what_is_live(served: Served, live: Speech) -> None:
    async with in_line(served.program(RECORDER_TOKEN)) as ws:
        told = await heard(ws, "record")
        assert told["conference"] == live.conference_id
        assert told["url"].startswith("ws")
        assert told["clock_zero_at"] == "2025-09-24T01:00:00.000Z"
        assert told["token"].count(".") == 2
        assert link_of(served).recorder_present(live.conference_id)


async def test_a_conference_that_begins_is_told_at_once(served: Served) -> None:
    async with in_line(served.program(RECORDER_TOKEN)) as ws:
        live = begin(served.house)
        link_of(served).poke()
        assert (await heard(ws, "record"))["conference"] == live.conference_id


async def test_a_second_recorder_waits_while_the_first_is_in_line(
    served: Served, live: Speech
) -> None:
    recorder = served.program(RECORDER_TOKEN)
    async with in_line(recorder, name="first") as first:
        await heard(first, "record")
        async with in_line(recorder, name="second") as second:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(second.receive(), 0.2)
            assert link_of(served).recorder_present(live.conference_id)


async def test_a_second_recorder_does_not_take_over_from_a_broken_line(
    served: Served, live: Speech
) -> None:
    recorder = served.program(RECORDER_TOKEN)
    async with in_line(recorder, name="first") as first:
        await heard(first, "record")
        async with in_line(recorder, name="second") as second:
            await first.close()
            await until(lambda: not link_of(served).recorder_present(live.conference_id))
            link_of(served).poke()
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(second.receive(), 0.3)
            async with in_line(recorder, name="first") as back:
                assert (await heard(back))["type"] == "record"


async def test_a_broken_line_is_told_at_once_and_mended_by_the_next(
    served: Served, live: Speech
) -> None:
    told: list[tuple[int, bool]] = []
    link_of(served).listen(lambda conference, present: told.append((conference, present)))
    recorder = served.program(RECORDER_TOKEN)
    async with in_line(recorder) as ws:
        await heard(ws, "record")
        await ws.send_json({"type": "recording", "conference": live.conference_id, "at_ms": 1200})
        await until(lambda: bool(live.all(Change, Change.action == "recorder_writes")))
    await until(lambda: bool(live.all(Change, Change.action == "recorder_lost")))
    assert told == [(live.conference_id, True), (live.conference_id, False)]
    async with in_line(recorder) as ws:
        await heard(ws, "record")
        await ws.send_json({"type": "recording", "conference": live.conference_id, "at_ms": 2400})
        await until(lambda: len(told) == 3)
    assert told[2] == (live.conference_id, True)


async def test_the_same_recorder_again_takes_the_place_of_its_old_line(
    served: Served, live: Speech
) -> None:
    recorder = served.program(RECORDER_TOKEN)
    async with in_line(recorder, name="same") as old, in_line(recorder, name="same") as new:
        assert (await heard(new, "record"))["conference"] == live.conference_id
        assert await closed(old) is not None
        assert link_of(served).recorder_present(live.conference_id)


async def test_an_ended_conference_is_told_stop_until_stopped(served: Served, live: Speech) -> None:
    recorder = served.program(RECORDER_TOKEN)
    async with in_line(recorder) as ws:
        await heard(ws, "record")
        await ws.send_json({"type": "recording", "conference": live.conference_id, "at_ms": 0})
        await until(lambda: bool(live.all(Change, Change.action == "recorder_writes")))
        live.house.clock.forward(minutes=5)
        live.end()
        link_of(served).poke()
        assert (await heard(ws, "stop"))["conference"] == live.conference_id
    async with in_line(recorder) as ws:
        assert (await heard(ws))["type"] == "stop"
        await ws.send_json({"type": "stopped", "conference": live.conference_id})
        await until(lambda: bool(live.all(Change, Change.action == "recorder_stopped")))
    async with in_line(recorder) as ws:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ws.receive(), 0.2)


async def test_a_whole_track_over_http(served: Served, live: Speech) -> None:
    recorder = served.program(RECORDER_TOKEN)
    identity = f"{DAM_DOI}/{live.house.account_id('khai')}/pc"
    opened = await post(
        recorder,
        "/worker/tracks",
        {
            "conference": live.conference_id,
            "track_key": f"{identity}#TR_9",
            "identity": identity,
            "codec": "opus",
            "start_ms": 500,
        },
        "t1",
    )
    track = opened.json()["track"]
    address = f"/worker/tracks/{track}/chunks/0"
    body = announce(start_ms=500).to_json()
    told = await post(recorder, address, body, None)
    assert told.json() == {"state": "announced", "received": 0}
    half = await put(recorder, f"{address}?offset=0", data=CHUNK[:600])
    assert half.json() == {"state": "receiving", "received": 600}
    wrong = await put(recorder, f"{address}?offset=0", data=CHUNK)
    assert wrong.status == 409
    assert wrong.headers["Content-Type"].startswith("application/problem+json")
    assert (wrong.json()["code"], wrong.json()["received"]) == ("offset_mismatch", 600)
    done = await put(recorder, f"{address}?offset=600", data=CHUNK[600:])
    assert done.json() == {"state": "stored", "received": len(CHUNK), "sha256": sha(CHUNK)}
    async with in_line(served.program(WORKER_TOKEN), MODEL) as ws:
        for _ in range(2):
            final = await post(recorder, f"/worker/tracks/{track}/final", {"final_seq": 0}, "f1")
            assert (final.status, final.json()) == (200, {})
        assert (await heard(ws))["type"] == "work"
    assert live.one(Chunk).state is ChunkState.STORED
    assert live.one(Job).state is JobState.WAITING


async def test_an_altered_chunk_is_refused_and_begins_again(served: Served, live: Speech) -> None:
    recorder = served.program(RECORDER_TOKEN)
    address = f"/worker/tracks/{live.open_track()}/chunks/0"
    await post(recorder, address, announce().to_json())
    damaged = await put(recorder, f"{address}?offset=0", data=CHUNK[::-1])
    assert (damaged.status, damaged.json()["code"]) == (422, "hash_mismatch")
    again = await put(recorder, f"{address}?offset=0", data=CHUNK)
    assert again.json()["state"] == "stored"


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [("", 401, "token_invalid"), ("x", 401, "token_invalid"), (WORKER_TOKEN, 403, "scope_missing")],
)
async def test_tracks_are_for_recorders(
    served: Served, live: Speech, token: str, status: int, code: str
) -> None:
    answer = await post(served.program(token), "/worker/tracks", {})
    assert (answer.status, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("path", "body", "key"),
    [
        ("/worker/tracks", {"conference": "one"}, "k"),
        ("/worker/tracks", [1, 2], "k"),
        ("/worker/gaps", {"conference": 1, "track": None, "start_ms": 5, "end_ms": 1}, "k"),
        ("/worker/gaps", {}, None),
        ("/worker/tracks/1/final", {"final_seq": -2}, "k"),
        ("/worker/tracks/1/chunks/0", {"start_ms": 0}, None),
    ],
)
async def test_what_has_the_wrong_shape_is_a_bad_request(
    served: Served, live: Speech, path: str, body: Any, key: str | None
) -> None:
    answer = await post(served.program(RECORDER_TOKEN), path, body, key)
    assert (answer.status, answer.json()["code"]) == (400, "bad_request")


async def test_one_key_for_two_messages_is_a_mismatch(served: Served, live: Speech) -> None:
    recorder = served.program(RECORDER_TOKEN)
    gap = {"conference": live.conference_id, "track": None, "start_ms": 1, "reason": "network"}
    assert (await post(recorder, "/worker/gaps", {**gap, "end_ms": 9}, "g")).status == 200
    other = await post(recorder, "/worker/gaps", {**gap, "end_ms": 10}, "g")
    assert (other.status, other.json()["code"]) == (422, "idempotency_mismatch")


async def test_limits_hold(served: Served, live: Speech) -> None:
    recorder, worker = served.program(RECORDER_TOKEN), served.program(WORKER_TOKEN)
    address = f"/worker/tracks/{live.open_track()}/chunks/0"
    part = await put(recorder, f"{address}?offset=0", data=BytesIO(b"x" * (1024 * 1024 + 1)))
    assert (part.status, part.json()["code"]) == (413, "too_large")
    body = await put(worker, "/worker/jobs/1/clips", data=BytesIO(b"{" + b" " * 2**23))
    assert (body.status, body.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("offset", ["", "-1", "one", "9" * 30])
async def test_an_offset_that_is_no_number_is_a_bad_request(
    served: Served, live: Speech, offset: str
) -> None:
    answer = await put(
        served.program(RECORDER_TOKEN), f"/worker/tracks/1/chunks/0?offset={offset}", data=b"x"
    )
    assert (answer.status, answer.json()["code"]) == (400, "bad_request")
