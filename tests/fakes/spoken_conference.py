"""A conference that is over, with its words and candidates, written straight into the rows.

What recorder, recogniser and extraction leave behind, without any of them: for tests of review,
directives and work.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from server.domain.meetings import ConferenceRole, ConferenceState, SeatKind, Strategy
from server.domain.recordings import TrackSource
from server.domain.review import CandidateKind, CandidateState, CandidateUnitRole
from server.domain.transcripts import RunState, SegmentFlag
from server.services.deadlines import TypedDeadline, deadline_of
from server.storage.directives import deadline_columns
from server.storage.models import (
    Candidate,
    CandidateUnit,
    Conference,
    ConferenceRoleRow,
    Evidence,
    Position,
    Seat,
    Segment,
    Tenure,
    Track,
    TranscriptRun,
    Unit,
    UnitGroup,
)
from server.storage.workdays import load_calendar
from tests.people import DAM_DOI, House

LEAD, HELP = CandidateUnitRole.LEAD, CandidateUnitRole.COORDINATING


@dataclass
class SpokenConference:
    """The rows' ids, and how to add a candidate to them."""

    house: House
    id: int
    track_id: int
    run_id: int
    held_at: datetime
    spoken_ms: int = 0
    count: int = 0

    def say(self, text: str, *, flag: SegmentFlag | None = None, seconds: int = 12) -> int:
        """One more segment on the chair's track; returns its start on the meeting clock."""
        start = self.spoken_ms
        with self.house.db.write() as session:
            session.add(
                Segment(
                    run_id=self.run_id,
                    clip_key=f"{start}-{start + seconds * 1000}",
                    n=0,
                    start_ms=start,
                    end_ms=start + seconds * 1000,
                    text=text,
                    words=[],
                    confidence=0.9,
                    avg_logprob=-0.2,
                    no_speech=0.01,
                    compression=1.4,
                    flag=flag,
                )
            )
        self.spoken_ms += (seconds + 3) * 1000
        return start

    def candidate(
        self,
        title: str,
        leads: Iterable[str] = (DAM_DOI,),
        *,
        words: str = "trước ngày 15/10",
        helpers: Iterable[str] = (),
        kind: CandidateKind = CandidateKind.TASK,
        said: str | None = None,
        flag: SegmentFlag | None = None,
        confidence: float = 0.95,
        score: float | None = 100,
        unresolved: Iterable[str] = (),
        chosen: bool = False,
    ) -> int:
        """A candidate with its evidence. `leads` and `helpers`: unit codes, or group codes."""
        quote = said or f"Giao thực hiện: {title}, {words}."
        start = self.say(quote, flag=flag)
        self.count += 1
        with self.house.db.write() as session:
            deadline, _ = deadline_of(
                TypedDeadline(words), self.held_at.date(), load_calendar(session)
            )
            row = Candidate(
                conference_id=self.id,
                stable_key=f"key-{self.count}",
                lane="seat:1",
                state=CandidateState.OPEN,
                proposal={"title": title},
                kind=kind,
                title=title,
                task=title.lower(),
                deadline_chosen=chosen,
                confidence=confidence,
                reasons=["lead.giao"],
                edited=[],
                first_run=1,
                seen_run=1,
                start_ms=start,
                **deadline_columns(deadline),
            )
            session.add(row)
            session.flush()
            session.add(
                Evidence(
                    candidate_id=row.id,
                    n=1,
                    track_id=self.track_id,
                    start_ms=start,
                    end_ms=start + 12_000,
                    quote=quote,
                )
            )
            first = CandidateUnitRole.FROM if kind is CandidateKind.REQUEST else LEAD
            for role, codes in ((first, leads), (HELP, helpers)):
                for code in codes:
                    unit = session.scalar(sa.select(Unit).where(Unit.code == code))
                    group = session.scalar(sa.select(UnitGroup).where(UnitGroup.code == code))
                    assert unit or group, code
                    session.add(
                        CandidateUnit(
                            candidate_id=row.id,
                            role=role,
                            phrase=unit.short_name if unit else group.name,
                            unit_id=unit.id if unit else None,
                            group_id=group.id if group and not unit else None,
                            score=score,
                            choices=[],
                        )
                    )
            for phrase in unresolved:
                session.add(
                    CandidateUnit(
                        candidate_id=row.id,
                        role=LEAD,
                        phrase=phrase,
                        score=55,
                        choices=[[DAM_DOI, 55]],
                    )
                )
            return row.id


def spoken_conference(
    house: House,
    title: str = "Giao ban trực tuyến tháng 9",
    *,
    chair: str = "anh",
    secretary: str = "hoa",
    held_at: datetime | None = None,
) -> SpokenConference:
    """A conference that ended an hour before the house's clock, chaired by `chair`."""
    held_at = held_at or house.now - timedelta(hours=2)
    with house.db.write() as session:
        host = session.scalar(sa.select(Unit).where(Unit.code == "UBT"))
        guest = session.scalar(sa.select(Unit).where(Unit.code == DAM_DOI))
        assert host
        assert guest
        conference = Conference(
            host_unit_id=host.id,
            title=title,
            starts_at=held_at,
            planned_end_at=held_at + timedelta(hours=1),
            state=ConferenceState.ENDED,
            strategy=Strategy.MODERATED,
            room_name=f"room-{title}-{held_at.timestamp()}",
            clock_zero_at=held_at,
            ended_at=held_at + timedelta(hours=1),
        )
        session.add(conference)
        session.flush()
        for login, role in ((chair, ConferenceRole.CHAIR), (secretary, ConferenceRole.SECRETARY)):
            position = session.scalar(
                sa.select(Position.id)
                .join(Tenure, Tenure.position_id == Position.id)
                .where(Tenure.account_id == house.account_id(login))
            )
            session.add(
                ConferenceRoleRow(conference_id=conference.id, position_id=position, role=role)
            )
        seat = Seat(
            conference_id=conference.id,
            unit_id=host.id,
            name="Trung tâm",
            kind=SeatKind.CENTRE,
            sort=0,
        )
        session.add(seat)
        session.add(
            Seat(
                conference_id=conference.id,
                unit_id=guest.id,
                name=guest.short_name,
                kind=SeatKind.UNIT,
                sort=1,
            )
        )
        session.flush()
        track = Track(
            conference_id=conference.id,
            seat_id=seat.id,
            source=TrackSource.RECORDER,
            track_key=f"key-{conference.id}",
            codec="opus",
            start_ms=0,
            final_seq=0,
        )
        session.add(track)
        session.flush()
        run = TranscriptRun(
            track_id=track.id,
            run=1,
            engine="rows",
            model="rows",
            model_sha256="0" * 64,
            params={},
            hotwords="",
            state=RunState.CURRENT,
            at=held_at,
        )
        session.add(run)
        session.flush()
        return SpokenConference(house, conference.id, track.id, run.id, held_at)
