"""Conferences of the tests: one call makes a meeting with seats and roles of the cast."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from server.domain.meetings import Strategy
from server.rtc.webhooks import MediaEvent
from server.services import attendance, meetings
from server.services.meetings_form import ConferenceForm, make_conference
from server.storage.models import Position, Seat, Unit
from tests.people import DAM_DOI, NAM_CAN, House

DEVICE = "device-1"


def position_id(house: House, title: str, unit_code: str) -> int:
    """A position by title and unit."""
    with house.db.read() as session:
        found = session.scalar(
            sa.select(Position.id)
            .join(Unit, Unit.id == Position.unit_id)
            .where(Position.title == title, Unit.code == unit_code)
        )
    assert found is not None, title
    return found


def form_for(house: House, *codes: str, **changes: object) -> ConferenceForm:
    """A form: chair anh, secretary hoa, host UBT, the given units (Đầm Dơi and Năm Căn by
    default), two hours from now, moderated.
    """
    form = ConferenceForm(
        title="Giao ban tháng 9",
        starts_at=house.now + timedelta(hours=2),
        minutes=120,
        host_unit_id=house.unit_id("UBT"),
        chair_position_id=position_id(house, "Phó Chủ tịch UBND tỉnh", "UBT"),
        secretary_position_ids=(position_id(house, "Thư ký Văn phòng", "VPUB"),),
        unit_ids=tuple(house.unit_id(code) for code in codes or (DAM_DOI, NAM_CAN)),
        strategy=Strategy.MODERATED,
    )
    return replace(form, **changes)  # type: ignore[arg-type]


def scheduled(house: House, *codes: str, **changes: object) -> int:
    """A scheduled conference, made by hoa."""
    return make_conference(house.context("hoa"), form_for(house, *codes, **changes), True)


def live(house: House, *codes: str, **changes: object) -> int:
    """A conference in session, started by anh."""
    made = scheduled(house, *codes, **changes)
    meetings.open_lobby(house.context("hoa"), made)
    meetings.start_conference(house.context("anh"), made)
    return made


def seat_id(house: House, conference_id: int, code: str) -> int:
    """The seat of a unit."""
    with house.db.read() as session:
        found = session.scalar(
            sa.select(Seat.id)
            .join(Unit, Unit.id == Seat.unit_id)
            .where(Seat.conference_id == conference_id, Unit.code == code)
        )
    assert found is not None, code
    return found


def presence(house: House, conference_id: int, code: str) -> str:
    """The presence of a unit's seat."""
    with house.db.read() as session:
        return session.get_one(Seat, seat_id(house, conference_id, code)).presence.value


def knock(house: House, conference_id: int, who: str, device: str = DEVICE) -> attendance.Knocked:
    """Come to the door, accepting the notice."""
    return attendance.knock(
        house.context(who), conference_id, device, notice=attendance.NOTICE_VERSION
    )


def event(house: House, kind: str, conference_id: int, identity: str, **more: str) -> MediaEvent:
    """A webhook event about a participant, as of now."""
    sid = more.pop("sid", "PA_1")
    key = more.pop("id", f"EV_{kind}_{identity}_{sid}_{house.now.isoformat()}")
    reason = more.pop("reason", "UNKNOWN_REASON")
    return MediaEvent(key, kind, f"c-{conference_id}", identity, sid, reason, house.now)


def identity(house: House, code: str, who: str, device: str = DEVICE) -> str:
    """The identity of somebody's device at a unit's seat."""
    return f"{code}/{house.account_id(who)}/{device}"


def join(
    house: House, conference_id: int, code: str, who: str, sid: str = "PA_1", device: str = DEVICE
) -> attendance.Heard:
    """The media server says that somebody came into the room."""
    told = event(
        house, "participant_joined", conference_id, identity(house, code, who, device), sid=sid
    )
    return attendance.take_event(house.program("media"), told)


def leave(
    house: House,
    conference_id: int,
    code: str,
    who: str,
    reason: str,
    sid: str = "PA_1",
    device: str = DEVICE,
) -> attendance.Heard:
    """The media server says that somebody left the room."""
    told = event(
        house,
        "participant_left",
        conference_id,
        identity(house, code, who, device),
        sid=sid,
        reason=reason,
    )
    return attendance.take_event(house.program("media"), told)
