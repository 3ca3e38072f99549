"""Web's side of the worker link, in memory, over real HTTP and WebSocket on loopback.

Follows the tables of chunk and job (model.md 2.6, 2.8) as far as worker and recorder can see them.
Faults are asked for by name: `fail_next(...)`, `alter_next_part`, `cut()`, `refuse_with`.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any

from aiohttp import WSMsgType, web

from transcription.contract import link
from transcription.contract.clips import (
    ClipPlan,
    ClipResult,
    ClipState,
    SegmentFlag,
    StoredClip,
    StoredClips,
    stretch_from_clip_key,
)
from transcription.contract.jobs import JobEnd, JobFailure
from transcription.contract.reading import fields_from_text
from transcription.contract.recording import (
    Announce,
    ChunkAnswer,
    ChunkState,
    FinalSeq,
    GapReport,
    OpenTrack,
    TrackOpened,
)
from transcription.contract.refusal import Refusal
from transcription.settings import LinkSettings

WAIT_SECONDS = 20.0


@dataclass
class Chunk:
    announce: Announce
    data: bytes = b""
    state: ChunkState = ChunkState.ANNOUNCED


@dataclass
class Track:
    id: int
    opened: OpenTrack
    chunks: dict[int, Chunk] = field(default_factory=dict)
    final_seq: int | None = None

    @property
    def closed(self) -> bool:
        return self.final_seq is not None and all(
            n in self.chunks and self.chunks[n].state is ChunkState.STORED
            for n in range(self.final_seq + 1)
        )


@dataclass
class Job:
    id: int
    kind: str
    payload: dict[str, Any]
    needs: str = "none"
    state: str = "waiting"
    lease: int = 0
    plan: ClipPlan | None = None
    clips: dict[str, StoredClip] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)
    results: dict[str, ClipResult] = field(default_factory=dict)
    extraction_input: dict[str, Any] | None = None
    extraction: dict[str, Any] | None = None
    failure: JobFailure | None = None
    progress: list[link.JobProgress] = field(default_factory=list)
    cancelled: bool = False


class RefusedError(Exception):
    def __init__(self, status: int, refusal: Refusal) -> None:
        self.status, self.refusal = status, refusal


def refuse(status: int, code: str, received: int | None = None) -> RefusedError:
    return RefusedError(status, Refusal(code, code, received))


class WebLink:
    """`async with WebLink() as web:`; state is read straight from its attributes."""

    def __init__(self, token: str = "token-of-the-link") -> None:
        self.token = token
        self.tracks: dict[int, Track] = {}
        self.gaps: list[GapReport] = []
        self.jobs: dict[int, Job] = {}
        self.hellos: list[link.Hello] = []
        self.heard: list[link.WorkerMessage] = []
        self.records: dict[int, link.Record] = {}
        self.stops: set[int] = set()
        self.requests: list[tuple[str, str]] = []
        self.close_with: int | None = None
        self.alter_next_part = False
        self._failures: dict[str, list[int]] = defaultdict(list)
        self._sockets: list[web.WebSocketResponse] = []
        self._changed = asyncio.Event()
        self._leases = 100
        self._runner: web.AppRunner | None = None
        self.port = 0

    # --- for tests ---

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> LinkSettings:
        return LinkSettings(self.url, self.token, "test")

    def fail_next(self, path_part: str, *statuses: int) -> None:
        """The next requests whose path holds `path_part` are answered with these statuses."""
        self._failures[path_part] += statuses

    async def record(self, conference: int, url: str, token: str, zero_at: datetime) -> None:
        """The conference is live: told now and after every hello."""
        self.records[conference] = link.Record(conference, url, token, zero_at)
        await self.tell(self.records[conference])

    async def stop(self, conference: int) -> None:
        """The conference has ended: told now and after every hello, until `stopped`."""
        self.records.pop(conference, None)
        self.stops.add(conference)
        await self.tell(link.Stop(conference))

    async def tell(self, message: link.WebMessage) -> None:
        for socket in self._sockets:
            with contextlib.suppress(ConnectionError):
                await socket.send_str(link.text_of(message))

    async def cut(self) -> None:
        """Breaks every socket without a close."""
        for socket in list(self._sockets):
            transport = socket._req.transport if socket._req is not None else None
            if transport is not None:
                transport.abort()

    async def until(self, good: Any, what: str, seconds: float = WAIT_SECONDS) -> Any:
        """Waits until `good()` is true, woken by every request and message."""
        try:
            async with asyncio.timeout(seconds):
                while not (value := good()):
                    self._changed.clear()
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(0.25):
                            await self._changed.wait()
                return value
        except TimeoutError:
            raise AssertionError(f"never came: {what}") from None

    def messages(self, kind: type) -> list[Any]:
        return [message for message in self.heard if isinstance(message, kind)]

    def add_job(self, job: Job) -> Job:
        self.jobs[job.id] = job
        return job

    def expire(self, job: Job) -> None:
        """The lease lapsed; another worker may claim."""
        job.state, job.lease = "waiting", 0

    # --- server ---

    async def __aenter__(self) -> WebLink:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.shut()

    async def start(self) -> None:
        """Listens; on the port of an earlier start when there was one."""
        app = web.Application(middlewares=[self._middleware], client_max_size=8 * 2**20)
        tracks, jobs = "/worker/tracks", "/worker/jobs"
        app.add_routes(
            [
                web.get("/worker/socket", self._socket),
                web.post(tracks, self._open_track),
                web.post(tracks + "/{track}/chunks/{seq}", self._announce),
                web.put(tracks + "/{track}/chunks/{seq}", self._part),
                web.get(tracks + "/{track}/chunks/{seq}", self._chunk),
                web.post(tracks + "/{track}/final", self._final),
                web.post("/worker/gaps", self._gap),
                web.put(jobs + "/{job}/clips", self._plan),
                web.put(jobs + "/{job}/clips/{key}", self._result),
                web.get(jobs + "/{job}/extraction", self._extraction_input),
                web.put(jobs + "/{job}/extraction", self._extraction),
                web.post(jobs + "/{job}/{end:finish|fail|release}", self._end),
            ]
        )
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        assert site._server is not None
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]

    async def shut(self) -> None:
        await self.cut()
        assert self._runner is not None
        await self._runner.cleanup()

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            if request.path != "/worker/socket":
                return self._refusal(refuse(401, "token_invalid"))
        self.requests.append((request.method, request.path))
        for part, statuses in self._failures.items():
            if part in request.path and statuses:
                await request.read()
                return web.Response(status=statuses.pop(0), text="out of order")
        try:
            response: web.StreamResponse = await handler(request)
            return response
        except RefusedError as error:
            return self._refusal(error)
        finally:
            self._changed.set()

    def _refusal(self, error: RefusedError) -> web.Response:
        return web.json_response(error.refusal.to_json(), status=error.status)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=link.PING_S)
        await socket.prepare(request)
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            await socket.close(code=link.CLOSE_TOKEN)
            return socket
        if self.close_with is not None:
            await socket.close(code=self.close_with)
            return socket
        try:
            async for raw in socket:
                if raw.type is not WSMsgType.TEXT:
                    break
                message = link.worker_message(raw.data)
                self.heard.append(message)
                await self._answer(socket, message)
                self._changed.set()
        finally:
            if socket in self._sockets:
                self._sockets.remove(socket)
            self._changed.set()
        return socket

    async def _answer(self, socket: web.WebSocketResponse, message: link.WorkerMessage) -> None:
        match message:
            case link.Hello():
                self.hellos.append(message)
                await socket.send_str(link.text_of(link.Welcome(1, datetime.now(UTC))))
                self._sockets.append(socket)
                for record in self.records.values():
                    await socket.send_str(link.text_of(record))
                for conference in self.stops:
                    await socket.send_str(link.text_of(link.Stop(conference)))
            case link.Stopped():
                self.stops.discard(message.conference)
            case link.Claim():
                await socket.send_str(link.text_of(self._offer(message)))
            case link.Beat():
                answers = tuple(self._beat(job) for job in message.jobs)
                await socket.send_str(link.text_of(link.BeatAnswer(answers)))
            case link.Started():
                await socket.send_str(link.text_of(self._started(message)))
            case link.Recording():
                pass

    def _offer(self, claim: link.Claim) -> link.WebMessage:
        for job in self.jobs.values():
            if job.state == "waiting" and (job.needs == "none" or job.needs in claim.able):
                self._leases += 1
                job.state, job.lease = "leased", self._leases
                until = datetime.now(UTC) + timedelta(seconds=link.LEASE_S)
                return link.JobOffer(job.id, job.kind, job.lease, until, job.payload)
        return link.NoJob()

    def _beat(self, progress: link.JobProgress) -> link.JobBeat:
        job = self.jobs[progress.job]
        job.progress.append(progress)
        if job.cancelled:
            return link.JobBeat(progress.job, link.BeatState.CANCELLED)
        held = job.state == "leased" and job.lease == progress.lease
        return link.JobBeat(progress.job, link.BeatState.OK if held else link.BeatState.LOST)

    def _started(self, started: link.Started) -> link.WebMessage:
        job = self.jobs[started.job]
        clip = job.clips[started.clip]
        if job.lease != started.lease or clip.state is not ClipState.TODO:
            return link.Skip(started.job, started.clip)
        if started.clip in job.marked:
            clip = StoredClip(clip.start_ms, clip.end_ms, clip.state, clip.crashes + 1)
            if clip.crashes >= 2:
                clip = StoredClip(clip.start_ms, clip.end_ms, ClipState.FLAGGED, clip.crashes)
            job.clips[started.clip] = clip
        if clip.state is ClipState.FLAGGED:
            return link.Skip(started.job, started.clip)
        job.marked.add(started.clip)
        return link.Go(started.job, started.clip)

    # --- tracks ---

    async def _open_track(self, request: web.Request) -> web.Response:
        body = OpenTrack.parse(fields_from_text(await request.read()))
        for track in self.tracks.values():
            if (track.opened.conference, track.opened.track_key) == (
                body.conference,
                body.track_key,
            ):
                break
        else:
            track = self.tracks[len(self.tracks) + 1] = Track(len(self.tracks) + 1, body)
        answer = TrackOpened(track.id, max(track.chunks, default=-1) + 1)
        return web.json_response(answer.to_json())

    def _track(self, request: web.Request) -> Track:
        try:
            return self.tracks[int(request.match_info["track"])]
        except KeyError:
            raise refuse(404, "not_found") from None

    async def _announce(self, request: web.Request) -> web.Response:
        track, seq = self._track(request), int(request.match_info["seq"])
        announce = Announce.parse(fields_from_text(await request.read()))
        chunk = track.chunks.setdefault(seq, Chunk(announce))
        if chunk.announce.sha256 != announce.sha256:
            raise refuse(409, "chunk_conflict")
        return self._chunk_answer(chunk)

    async def _part(self, request: web.Request) -> web.Response:
        track, seq = self._track(request), int(request.match_info["seq"])
        part = await request.read()
        chunk = track.chunks.get(seq)
        if chunk is None:
            raise refuse(404, "not_found")
        if chunk.state is ChunkState.STORED:
            return self._chunk_answer(chunk)
        if int(request.query["offset"]) != len(chunk.data):
            raise refuse(409, "offset_mismatch", len(chunk.data))
        if self.alter_next_part:
            self.alter_next_part = False
            part = bytes([part[0] ^ 1]) + part[1:]
        chunk.data += part
        chunk.state = ChunkState.RECEIVING
        if len(chunk.data) >= chunk.announce.bytes:
            if hashlib.sha256(chunk.data).hexdigest() != chunk.announce.sha256:
                chunk.data, chunk.state = b"", ChunkState.ANNOUNCED
                raise refuse(422, "hash_mismatch")
            chunk.state = ChunkState.STORED
        return self._chunk_answer(chunk)

    def _chunk_answer(self, chunk: Chunk) -> web.Response:
        stored = chunk.announce.sha256 if chunk.state is ChunkState.STORED else None
        return web.json_response(ChunkAnswer(chunk.state, len(chunk.data), stored).to_json())

    async def _chunk(self, request: web.Request) -> web.Response:
        track = self._track(request)
        held = any(
            job.state == "leased" and job.payload.get("track") == track.id
            for job in self.jobs.values()
        )
        chunk = track.chunks.get(int(request.match_info["seq"]))
        if not held or chunk is None:
            raise refuse(404, "not_found")
        return web.Response(body=chunk.data, headers={"ETag": f'"{chunk.announce.sha256}"'})

    async def _final(self, request: web.Request) -> web.Response:
        track = self._track(request)
        track.final_seq = FinalSeq.parse(fields_from_text(await request.read())).final_seq
        return web.json_response({})

    async def _gap(self, request: web.Request) -> web.Response:
        gap = GapReport.parse(fields_from_text(await request.read()))
        if gap not in self.gaps:
            self.gaps.append(gap)
        return web.json_response({})

    # --- jobs ---

    def _job(self, request: web.Request, lease: int) -> Job:
        job = self.jobs.get(int(request.match_info["job"]))
        if job is None:
            raise refuse(404, "not_found")
        if job.state != "leased" or job.lease != lease:
            raise refuse(409, "lease_lost")
        return job

    async def _plan(self, request: web.Request) -> web.Response:
        plan = ClipPlan.parse(fields_from_text(await request.read()))
        job = self._job(request, plan.lease)
        if job.plan is None:
            job.plan = plan
            clips = [StoredClip(start, end, ClipState.TODO) for start, end in plan.clips]
            job.clips = {clip.key: clip for clip in clips}
        return web.json_response(StoredClips(tuple(job.clips.values())).to_json())

    async def _result(self, request: web.Request) -> web.Response:
        result = ClipResult.parse(fields_from_text(await request.read()))
        job = self._job(request, result.lease)
        key = request.match_info["key"]
        stretch_from_clip_key(key)
        job.results[key] = result
        job.marked.discard(key)
        clip = job.clips[key]
        state = ClipState.FLAGGED if result.flag is SegmentFlag.CRASHED_CLIP else ClipState.DONE
        job.clips[key] = StoredClip(clip.start_ms, clip.end_ms, state, clip.crashes)
        return web.json_response({})

    async def _extraction_input(self, request: web.Request) -> web.Response:
        job = self.jobs[int(request.match_info["job"])]
        return web.json_response(job.extraction_input)

    async def _extraction(self, request: web.Request) -> web.Response:
        body = await request.json()
        job = self._job(request, body["lease"])
        job.extraction, job.state = body, "done"
        return web.json_response({})

    async def _end(self, request: web.Request) -> web.Response:
        fields = fields_from_text(await request.read())
        job = self.jobs[int(request.match_info["job"])]
        end = request.match_info["end"]
        if job.state == "done" and end == "finish":
            return web.json_response({})
        self._job(request, JobEnd.parse(fields).lease)
        if end == "finish":
            if any(clip.state is ClipState.TODO for clip in job.clips.values()):
                raise refuse(409, "clips_missing")
            job.state = "done"
        elif end == "fail":
            job.failure = JobFailure.parse(fields)
            job.state = "failed" if job.failure.permanent else "held"
        else:
            job.state = "waiting"
            job.marked.clear()
        return web.json_response({})
