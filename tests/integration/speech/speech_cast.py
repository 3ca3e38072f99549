"""A conference in session with a recorder and a worker that speak the link's own contract."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.meetings import ConferenceRole, ConferenceState, SeatKind, Strategy
from server.services.context import Context
from server.services.tokens import authenticate
from server.storage.models import Conference, ConferenceRoleRow, Job, Seat, Tenure, Unit
from tests.people import DAM_DOI, NAM_CAN, RECORDER_TOKEN, WORKER_TOKEN, House
from transcription.contract.clips import ClipPlan, ClipResult, Segment, Word, clip_key
from transcription.contract.link import JobOffer, Started
from transcription.contract.recording import Announce, OpenTrack

CHUNK = b"OggS and what was said in five minutes" * 40
SHA = "ab" * 32


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def announce(
    data: bytes = CHUNK, start_ms: int = 0, length_ms: int = 10_000, **more: Any
) -> Announce:
    voiced = more.pop("voiced", ((start_ms, start_ms + length_ms),))
    return Announce(start_ms, length_ms, len(data), more.pop("sha256", sha(data)), voiced)


def segment(
    n: int, start_ms: int, text: str, flag: Any = None, end_ms: int | None = None
) -> Segment:
    words = tuple(Word(word, start_ms + 300 * k, 250, 90) for k, word in enumerate(text.split()))
    return Segment(
        n,
        start_ms,
        end_ms or start_ms + 300 * max(1, len(words)),
        text,
        words,
        0.9,
        -0.2,
        0.01,
        1.2,
        flag,
    )


@dataclass
class Speech:
    """One conference of the house: chair Anh, secretary Hoa, the seats of the centre, Đầm Dơi and
    Năm Căn; in session from the start of the house's clock.
    """

    house: House
    conference_id: int
    seats: dict[str, int]
    recorder_id: int
    worker_id: int
    tracks: dict[str, int] = field(default_factory=dict)

    @property
    def recorder(self) -> Context:
        return self.house.program(f"worker:{self.recorder_id}")

    @property
    def worker(self) -> Context:
        return self.house.program(f"worker:{self.worker_id}")

    @contextmanager
    def rows(self) -> Iterator[Session]:
        with self.house.db.write() as session:
            yield session

    def all(self, kind: Any, *where: Any) -> list[Any]:
        with self.house.db.read() as session:
            found = list(session.scalars(sa.select(kind).where(*where).order_by(kind.id)))
            session.expunge_all()
            return found

    def one(self, kind: Any, *where: Any) -> Any:
        (found,) = self.all(kind, *where)
        return found

    def end(self) -> None:
        """The conference is over at the house's instant."""
        with self.rows() as session:
            conference = session.get_one(Conference, self.conference_id)
            conference.state = ConferenceState.ENDED
            conference.ended_at = self.house.now

    def open_track(self, code: str = DAM_DOI, sid: str = "TR_1", start_ms: int = 0) -> int:
        from server.services.recordings import open_track

        account = self.house.account_id({DAM_DOI: "khai", NAM_CAN: "tam", "VPUB": "anh"}[code])
        identity = f"{code}/{account}/pc"
        body = OpenTrack(self.conference_id, f"{identity}#{sid}", identity, "opus", start_ms)
        return int(open_track(self.recorder, body, None).answer["track"])

    def store_chunk(
        self, track: int, seq: int = 0, data: bytes = CHUNK, body: Announce | None = None
    ) -> None:
        from server.services.recordings import announce_chunk, put_chunk

        announce_chunk(self.recorder, track, seq, body or announce(data, seq * 10_000))
        put_chunk(self.recorder, track, seq, 0, data)

    def closed_track(self, code: str = DAM_DOI, sid: str = "TR_1", data: bytes = CHUNK) -> int:
        """A track of one chunk, stored and closed: its transcription waits."""
        from server.services.recordings import close_track

        track = self.open_track(code, sid)
        self.store_chunk(track, 0, data)
        close_track(self.recorder, track, 0, None)
        return track

    def claim(self, *able: str) -> JobOffer:
        from server.services.jobs import claim_job

        offer = claim_job(self.worker, self.worker_id, able or ("model",))
        assert offer is not None, "no job waits"
        return offer

    def plan(self, offer: JobOffer, *clips: tuple[int, int]) -> Any:
        from server.services.transcripts import plan_clips

        body = ClipPlan(
            offer.lease, "faster-whisper", "demo", SHA, {"beam": 5}, "", clips or ((0, 10_000),)
        )
        return plan_clips(self.worker, self.worker_id, offer.job, body)

    def start_clip(self, offer: JobOffer, start: int = 0, end: int = 10_000) -> str:
        from server.services.transcripts import start_clip

        said = start_clip(
            self.worker, self.worker_id, Started(offer.job, offer.lease, clip_key(start, end))
        )
        return said.type

    def store_clip(
        self,
        offer: JobOffer,
        *segments: Segment,
        clip: tuple[int, int] = (0, 10_000),
        flag: Any = None,
    ) -> None:
        from server.services.transcripts import store_clip

        result = ClipResult(offer.lease, flag, segments)
        store_clip(self.worker, self.worker_id, offer.job, clip_key(*clip), result)

    def finish(self, offer: JobOffer) -> Any:
        from server.services.transcripts import finish_job

        return finish_job(self.worker, self.worker_id, offer.job, offer.lease, None)

    def transcribe(self, *texts: str) -> JobOffer:
        """Claim the next transcription and say it heard these texts, a segment each, from 1 s."""
        offer = self.claim()
        assert offer.kind == "transcribe"
        self.plan(offer)
        self.store_clip(offer, *(segment(n, 1000 + 3000 * n, t) for n, t in enumerate(texts)))
        self.finish(offer)
        return offer

    def job(self, key: str) -> Job:
        job = self.one(Job, Job.key == key)
        assert isinstance(job, Job)
        return job


def begin(
    house: House, state: ConferenceState = ConferenceState.LIVE, title: str = "Giao ban"
) -> Speech:
    """A conference made of rows, in session."""
    with house.db.write() as session:
        units = {
            code: session.scalars(sa.select(Unit).where(Unit.code == code)).one()
            for code in ("VPUB", DAM_DOI, NAM_CAN)
        }
        conference = Conference(
            host_unit_id=units["VPUB"].id,
            title=title,
            starts_at=house.now,
            planned_end_at=house.now + timedelta(hours=2),
            state=state,
            strategy=Strategy.MODERATED,
            room_name=f"c-test-{uuid.uuid4()}",
            clock_zero_at=house.now,
        )
        session.add(conference)
        session.flush()
        conference.room_name = f"c-{conference.id}"
        for login, role in (("anh", ConferenceRole.CHAIR), ("hoa", ConferenceRole.SECRETARY)):
            position = session.scalars(
                sa.select(Tenure.position_id).where(Tenure.account_id == house.account_id(login))
            ).one()
            session.add(
                ConferenceRoleRow(conference_id=conference.id, position_id=position, role=role)
            )
        seats = {}
        for sort, (code, unit) in enumerate(units.items()):
            kind = SeatKind.CENTRE if code == "VPUB" else SeatKind.UNIT
            name = "Trung tâm" if code == "VPUB" else unit.short_name.capitalize()
            seat = Seat(
                conference_id=conference.id, unit_id=unit.id, name=name, kind=kind, sort=sort
            )
            session.add(seat)
            session.flush()
            seats[code] = seat.id
        conference_id = conference.id
    ctx = house.program("setup")
    return Speech(
        house,
        conference_id,
        seats,
        authenticate(ctx, RECORDER_TOKEN, "recorder"),
        authenticate(ctx, WORKER_TOKEN, "worker"),
    )
