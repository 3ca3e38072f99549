"""The worker as a program with the carried demo model; web's link is faked on real sockets."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.spoken_track import Spoken, spoken_track
from tests.fakes.web_link import Job, WebLink
from tests.integration.transcription.programs import Program
from transcription.contract.clips import ClipPlan, ClipState, StoredClip
from transcription.contract.link import Claim, Hello, Started, Work
from transcription.settings import DEMO_MODEL

HEALTH = "Giao Sở Y tế chuẩn bị thuốc và vật tư y tế, trước ngày mùng mười tháng mười một."
BRIDGE = "Yêu cầu xã Trần Văn Thời báo cáo tiến độ xây dựng cầu, chậm nhất thứ sáu tuần này."
LETTERS = "Giao cho phường Bạc Liêu xử lý đơn thư khiếu nại tố cáo, trong vòng mười ngày."


class WorkerProcess(Program):
    """`python -m transcription worker`."""

    def __init__(self, link: WebLink, folder: Path, model: str | None = "demo") -> None:
        given = {
            "GIAOBAN_WEB_URL": link.url,
            "GIAOBAN_WORKER_TOKEN": link.token,
            "GIAOBAN_HOME": str(folder),
        }
        chosen = {"GIAOBAN_ASR_MODEL": model} if model else {}
        super().__init__("worker", folder, **given, **chosen)

    async def __aenter__(self) -> WorkerProcess:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert await self.end(signal.SIGTERM) in (0, -signal.SIGKILL)

    def kill_child(self) -> bool:
        """Kills the recognition process, as a fault in the engine would; False if there is none."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        pids = [int(pid) for pid in children.read_text().split()]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return bool(pids)


@pytest.fixture
async def worker(link: WebLink, tmp_path: Path) -> AsyncIterator[WorkerProcess]:
    async with WorkerProcess(link, tmp_path) as worker:
        yield worker


def plain(sentence: str) -> str:
    return sentence.lower().replace(",", "").replace(".", "")


def transcribe_job(link: WebLink, spoken: Spoken) -> Job:
    return link.add_job(Job(1, "transcribe", spoken.payload, needs="model"))


async def test_speech_becomes_text_with_words_on_the_meeting_clock(
    link: WebLink, worker: WorkerProcess, tmp_path: Path
) -> None:
    spoken = spoken_track(link, tmp_path, [[HEALTH, BRIDGE], [LETTERS]], hotwords=("Đầm Dơi",))
    job = transcribe_job(link, spoken)
    await link.until(lambda: job.state == "done", "the job done")
    assert link.hellos[0].model is not None
    segments = [s for key in job.clips for s in job.results[key].segments]
    assert [s.text for s in segments] == [plain(HEALTH), plain(BRIDGE), plain(LETTERS)]
    for segment, start_ms in zip(segments, spoken.starts_ms, strict=True):
        assert segment.flag is None
        assert abs(segment.words[0].start_ms - start_ms) <= 250
        assert [word.text for word in segment.words] == segment.text.split()
        assert all(0 <= word.confidence <= 100 for word in segment.words)
        starts = [word.start_ms for word in segment.words]
        assert starts == sorted(starts)
    assert job.plan is not None
    assert job.plan.hotwords == ""
    assert job.plan.engine == "faster-whisper"
    assert {clip.state for clip in job.clips.values()} == {ClipState.DONE}


async def test_silence_in_the_recording_gives_a_finished_job_without_text(
    link: WebLink, worker: WorkerProcess, tmp_path: Path
) -> None:
    spoken = spoken_track(link, tmp_path, [[HEALTH]])
    spoken.payload["chunks"] = []
    job = transcribe_job(link, spoken)
    await link.until(lambda: job.state == "done", "the job done")
    assert job.results == {}


async def test_a_dead_child_is_charged_to_its_clips_and_the_job_goes_on(
    link: WebLink, worker: WorkerProcess, tmp_path: Path
) -> None:
    job = transcribe_job(link, spoken_track(link, tmp_path, [[HEALTH], [LETTERS]]))
    await link.until(lambda: link.messages(Started), "a clip started")
    assert worker.kill_child()
    await link.until(lambda: job.state == "done", "the job done")
    texts = [s.text for key in job.clips for s in job.results[key].segments]
    assert texts == [plain(HEALTH), plain(LETTERS)]
    assert all(clip.crashes <= 1 for clip in job.clips.values())
    assert any(clip.crashes == 1 for clip in job.clips.values())


async def test_a_clip_that_killed_twice_is_flagged_and_passed(
    link: WebLink, worker: WorkerProcess, tmp_path: Path
) -> None:
    spoken = spoken_track(link, tmp_path, [[HEALTH], [LETTERS]])
    job = Job(1, "transcribe", spoken.payload, needs="model")
    # An earlier attempt left these: the first was started, charged once, started again.
    spans = [chunk["voiced"][0] for chunk in spoken.payload["chunks"]]
    bad, good = (
        StoredClip(start, end, ClipState.TODO, crashes)
        for (start, end), crashes in zip(spans, (1, 0), strict=True)
    )
    job.plan = ClipPlan(1, "faster-whisper", "demo", "00" * 32, {}, "", ())
    job.clips = {clip.key: clip for clip in (bad, good)}
    job.marked.add(bad.key)
    link.add_job(job)
    await link.tell(Work())
    await link.until(lambda: job.state == "done", "the job done")
    assert job.clips[bad.key].state is ClipState.FLAGGED
    assert list(job.results) == [good.key]
    assert [s.text for s in job.results[good.key].segments] == [plain(LETTERS)]


async def test_a_lost_lease_drops_the_results(
    link: WebLink, worker: WorkerProcess, tmp_path: Path
) -> None:
    job = transcribe_job(link, spoken_track(link, tmp_path, [[HEALTH], [LETTERS]]))
    await link.until(lambda: link.messages(Started), "a clip started")
    job.state, job.lease = "elsewhere", 999
    await link.until(lambda: "dropped" in worker.log(), "the job dropped")
    results = dict(job.results)
    other = link.add_job(Job(2, "transcribe", job.payload, needs="model"))
    await link.tell(Work())
    await link.until(lambda: other.state == "done", "the next job done")
    assert job.results == results
    assert job.failure is None


async def test_an_ordered_end_gives_the_job_back(
    link: WebLink, worker: WorkerProcess, tmp_path: Path
) -> None:
    job = transcribe_job(link, spoken_track(link, tmp_path, [[HEALTH, BRIDGE, LETTERS] * 3]))
    await link.until(lambda: link.messages(Started), "a clip started")
    assert await worker.end(signal.SIGTERM) == 0
    assert job.state == "waiting"
    assert ("POST", "/worker/jobs/1/release") in link.requests


async def test_a_later_attempt_goes_on_from_what_web_has(link: WebLink, tmp_path: Path) -> None:
    job = transcribe_job(link, spoken_track(link, tmp_path, [[LETTERS]] * 5))
    async with WorkerProcess(link, tmp_path) as first:
        await link.until(lambda: job.results, "the first result")
        await first.end(signal.SIGKILL)
    kept = dict(job.results)
    link.expire(job)
    async with WorkerProcess(link, tmp_path):
        await link.until(lambda: job.state == "done", "the job done")
    assert len(job.results) == 5
    for key, result in kept.items():
        assert job.results[key] is result


async def test_without_a_model_the_worker_says_so_and_claims_other_jobs_only(
    link: WebLink, tmp_path: Path
) -> None:
    spoken = spoken_track(link, tmp_path, [[HEALTH]])
    job = transcribe_job(link, spoken)
    async with WorkerProcess(link, tmp_path, model=None) as worker:
        claims = await link.until(lambda: link.messages(Claim), "a claim")
        assert claims[0].able == ()
        assert link.messages(Hello)[0].model is None
        assert job.state == "waiting"
    assert "there is no speech model" in worker.log()


async def test_a_model_that_lacks_a_file_is_named_and_not_used(
    link: WebLink, tmp_path: Path
) -> None:
    model = tmp_path / "broken"
    shutil.copytree(DEMO_MODEL, model)
    (model / "tokenizer.json").unlink()
    async with WorkerProcess(link, tmp_path, model=str(model)) as worker:
        await link.until(lambda: link.messages(Claim), "a claim")
        assert link.messages(Hello)[0].model is None
    assert "lacks tokenizer.json" in worker.log()


async def test_a_chunk_that_never_has_its_hash_fails_the_job_for_another_try(
    link: WebLink, worker: WorkerProcess, tmp_path: Path
) -> None:
    spoken = spoken_track(link, tmp_path, [[HEALTH]])
    spoken.track.chunks[0].data = spoken.track.chunks[0].data[:-10]
    job = transcribe_job(link, spoken)
    await link.until(lambda: job.failure is not None, "the failure")
    assert job.failure is not None
    assert job.failure.code == "file_corrupt"
    assert not job.failure.permanent


async def test_an_unknown_kind_of_job_fails_for_good(link: WebLink, worker: WorkerProcess) -> None:
    job = link.add_job(Job(1, "mix", {}))
    await link.until(lambda: job.failure is not None, "the failure")
    assert job.state == "failed"


async def test_extraction_fetches_its_input_and_brings_candidates(
    link: WebLink, worker: WorkerProcess
) -> None:
    unit = {"code": "32152", "kind": "commune", "name": "Ủy ban nhân dân xã Đầm Dơi"}
    text = "Giao Ủy ban nhân dân xã Đầm Dơi rà soát hộ nghèo, báo cáo trước ngày 15 tháng 10."
    segment = {"track": 1, "start_ms": 1000, "end_ms": 6000, "text": text, "words": []}
    lane = {"lane": "seat:1", "unit": None, "speaker_role": "chair", "segments": [segment]}
    given = {
        "conference": 7,
        "held_on": "2025-09-24",
        "calendar": {"holidays": [], "working": []},
        "roster": {"units": [{**unit, "short_name": "xã Đầm Dơi", "aliases": []}], "groups": []},
        "floor": [],
        "lanes": [lane],
    }
    job = link.add_job(Job(1, "extract", {"conference": 7}, extraction_input=given))
    await link.until(lambda: job.state != "waiting" and job.state != "leased", "the job ended")
    assert job.failure is None
    assert job.extraction is not None
    [task] = job.extraction["tasks"]
    assert task["deadline"]["due_on"] == "2025-10-15"
    assert job.extraction["requests"] == []
