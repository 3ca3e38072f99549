"""The worker's half of the link: a job from claim to finish, and what is refused."""

from __future__ import annotations

import asyncio

import pytest

from server.domain.jobs import JobState
from server.storage.models import Attempt, Job, Segment
from tests.integration.conftest import Served
from tests.integration.speech.speech_cast import CHUNK, SHA, Speech, announce, segment, sha
from tests.integration.speech.speech_line import (
    MODEL,
    heard,
    in_line,
    post,
    put,
)
from tests.people import RECORDER_TOKEN, WORKER_TOKEN


async def test_a_job_from_claim_to_finish(served: Served, live: Speech) -> None:
    track = live.closed_track()
    worker = served.program(WORKER_TOKEN)
    async with in_line(worker, MODEL) as ws:
        await ws.send_json({"type": "claim", "able": ["model"]})
        offer = await heard(ws, "job")
        assert (offer["kind"], offer["payload"]["track"]) == ("transcribe", track)
        lease, job = offer["lease"], f"/worker/jobs/{offer['job']}"
        chunk = await worker.get(
            f"/worker/tracks/{track}/chunks/0", headers={"Range": "bytes=10-19"}
        )
        assert (chunk.status, chunk.body) == (206, CHUNK[10:20])
        assert chunk.headers["ETag"] == f'"{sha(CHUNK)}"'
        plan = {
            "lease": lease,
            "engine": "faster-whisper",
            "model": "demo",
            "model_sha256": SHA,
            "params": {},
            "hotwords": "",
            "clips": [[0, 10_000]],
        }
        stored = await put(worker, f"{job}/clips", json=plan)
        assert stored.json()["clips"] == [
            {"start_ms": 0, "end_ms": 10_000, "state": "todo", "crashes": 0}
        ]
        await ws.send_json(
            {"type": "started", "job": offer["job"], "lease": lease, "clip": "0-10000"}
        )
        assert await heard(ws) == {"type": "go", "job": offer["job"], "clip": "0-10000"}
        early = await post(worker, f"{job}/finish", {"lease": lease}, "e")
        assert (early.status, early.json()["code"], early.json()["n"]) == (409, "clips_missing", 1)
        said = segment(0, 1_000, "đề nghị xã Đầm Dơi báo cáo").to_json()
        result = {"lease": lease, "flag": None, "segments": [said]}
        for _ in range(2):
            assert (await put(worker, f"{job}/clips/0-10000", json=result)).status == 200
        await ws.send_json(
            {
                "type": "beat",
                "jobs": [{"job": offer["job"], "lease": lease, "done_ms": 9, "total_ms": 9}],
            }
        )
        beaten = await heard(ws, "beat")
        assert beaten["jobs"] == [{"job": offer["job"], "state": "ok"}]
        for _ in range(2):
            assert (await post(worker, f"{job}/finish", {"lease": lease}, "f")).status == 200
    assert live.one(Segment).text == "đề nghị xã Đầm Dơi báo cáo"
    assert live.one(Job).state is JobState.DONE


async def test_two_workers_that_claim_at_once_get_different_jobs(
    served: Served, live: Speech
) -> None:
    live.closed_track()
    worker = served.program(WORKER_TOKEN)
    async with in_line(worker, MODEL, "a") as a, in_line(worker, MODEL, "b") as b:
        await asyncio.gather(*(ws.send_json({"type": "claim", "able": ["model"]}) for ws in (a, b)))
        answers = await asyncio.gather(heard(a), heard(b))
        assert sorted(answer["type"] for answer in answers) == ["job", "none"]


async def test_a_lost_lease_is_told_on_every_way(served: Served, live: Speech) -> None:
    live.closed_track()
    offer = live.claim()
    live.plan(offer)
    with live.rows() as session:
        session.get_one(Job, offer.job).lease_id = None
    worker = served.program(WORKER_TOKEN)
    job = f"/worker/jobs/{offer.job}"
    result = {"lease": offer.lease, "flag": None, "segments": []}
    answers = [
        await put(worker, f"{job}/clips/0-10000", json=result),
        await post(worker, f"{job}/finish", {"lease": offer.lease}, "1"),
        await post(worker, f"{job}/release", {"lease": offer.lease}, "2"),
        await put(worker, f"{job}/extraction", json={"lease": offer.lease, "tasks": []}),
    ]
    assert {(a.status, a.json()["code"]) for a in answers} == {(409, "lease_lost")}
    async with in_line(worker, MODEL) as ws:
        beat = {"job": offer.job, "lease": offer.lease, "done_ms": 0, "total_ms": 0}
        await ws.send_json({"type": "beat", "jobs": [beat]})
        assert (await heard(ws))["jobs"] == [{"job": offer.job, "state": "lost"}]


async def test_a_broken_worker_line_keeps_its_lease(served: Served, live: Speech) -> None:
    live.closed_track()
    worker = served.program(WORKER_TOKEN)
    async with in_line(worker, MODEL) as ws:
        await ws.send_json({"type": "claim", "able": ["model"]})
        offer = await heard(ws, "job")
    async with in_line(worker, MODEL) as ws:
        beat = {"job": offer["job"], "lease": offer["lease"], "done_ms": 0, "total_ms": 0}
        await ws.send_json({"type": "beat", "jobs": [beat]})
        assert (await heard(ws, "beat"))["jobs"][0]["state"] == "ok"
    assert live.one(Attempt).ended_at is None


async def test_a_restarted_web_goes_on_with_tracks_and_jobs(live: Speech, served: Served) -> None:
    from aiohttp import web

    track = live.open_track()
    recorder = served.program(RECORDER_TOKEN)
    address = f"/worker/tracks/{track}/chunks/0"
    await post(recorder, address, announce().to_json())
    await put(recorder, f"{address}?offset=0", data=CHUNK[:100])
    runner = web.AppRunner(live.house.app(), shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        recorder.base = type(recorder.base)(f"http://{host}:{port}")
        told = await post(recorder, address, announce().to_json())
        assert told.json() == {"state": "receiving", "received": 100}
        done = await put(recorder, f"{address}?offset=100", data=CHUNK[100:])
        assert done.json()["state"] == "stored"
        async with in_line(recorder) as ws:
            assert (await heard(ws))["type"] == "record"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    "path",
    ["/worker/tracks/1/chunks/0", "/worker/jobs/1/extraction"],
)
async def test_reading_is_for_workers_and_only_under_a_lease(
    served: Served, live: Speech, path: str
) -> None:
    live.closed_track()
    forbidden = await served.program(RECORDER_TOKEN).get(path)
    assert (forbidden.status, forbidden.json()["code"]) == (403, "scope_missing")
    hidden = await served.program(WORKER_TOKEN).get(path)
    assert (hidden.status, hidden.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("end", ["finish", "fail", "release"])
async def test_a_job_that_never_was_is_not_found(served: Served, live: Speech, end: str) -> None:
    body = {"lease": 1, "permanent": False, "code": "x", "detail": ""}
    answer = await post(served.program(WORKER_TOKEN), f"/worker/jobs/99/{end}", body)
    assert (answer.status, answer.json()["code"]) == (404, "not_found")
