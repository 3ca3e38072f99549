"""The recorder's half of the fake link: tracks, chunks in parts, gaps."""

from __future__ import annotations

import hashlib

from aiohttp import web

from tests.fakes.web_link_state import Chunk, Job, Track, refuse
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

TRACKS = "/worker/tracks"


class TrackSide:
    """Handlers of `/worker/tracks` and `/worker/gaps`. `alter_next_part`: one bit flips on the way.
    `jobs` is the other half's: a chunk is read by whoever holds a job about its track.
    """

    jobs: dict[int, Job]

    def __init__(self) -> None:
        super().__init__()
        self.tracks: dict[int, Track] = {}
        self.gaps: list[GapReport] = []
        self.alter_next_part = False

    def track_routes(self) -> list[web.RouteDef]:
        chunk = TRACKS + "/{track}/chunks/{seq}"
        return [
            web.post(TRACKS, self._open_track),
            web.post(chunk, self._announce),
            web.put(chunk, self._part),
            web.get(chunk, self._chunk),
            web.post(TRACKS + "/{track}/final", self._final),
            web.post("/worker/gaps", self._gap),
        ]

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
