"""Conferences over HTTP: the form, the acts, the door, webhooks."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import timedelta

import pytest
from livekit import api

from server.services.attendance import NOTICE_VERSION
from tests.integration.conftest import Browser, Served
from tests.meeting import identity, join, live, position_id, presence, scheduled, seat_id
from tests.people import DAM_DOI, LIVEKIT_SECRET, House

FORM = {
    "title": "Giao ban tháng 10",
    "day": "2025-10-01",
    "hour": "08:00",
    "minutes": "120",
    "place": "",
    "strategy": "",
    "turn": "300",
    "classified": "no",
    "act": "schedule",
}


def form(house: House, **changes: str) -> dict[str, str]:
    return {
        **FORM,
        "host": str(house.unit_id("UBT")),
        "chair": str(position_id(house, "Phó Chủ tịch UBND tỉnh", "UBT")),
        "units": "group:communes_wards",
        **changes,
    }


async def test_the_form_makes_a_meeting_with_all_64_and_shows_it(served: Served) -> None:
    hoa = await served.as_("hoa")
    assert (await hoa.get("/conferences/new")).status == 200
    made = await hoa.post("/conferences/new", form(served.house))
    assert (made.status, made.location) == (303, "/conferences/1")
    page = await hoa.get(made.location)
    assert page.status == 200
    assert "64 đơn vị" in page.text
    assert "Xã Đầm Dơi" in page.text
    assert "08:00 Thứ Tư 01/10/2025" in page.text
    assert "Giao ban tháng 10" in (await hoa.get("/conferences")).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"classified": "yes"}, "Không tổ chức nội dung mật trên hệ thống này"),
        ({"units": ""}, "Chưa mời đơn vị nào"),
        ({"chair": ""}, "Chưa có chủ trì"),
        ({"day": "2025-09-01"}, "Thời gian đã qua"),
        ({"day": "hôm nay"}, "Ngày"),
        ({"units": "x1"}, "Điểm cầu"),
    ],
)
async def test_a_refused_form_comes_back_with_its_reason_and_what_was_typed(
    served: Served, change: dict[str, str], words: str
) -> None:
    hoa = await served.as_("hoa")
    answer = await hoa.post("/conferences/new", form(served.house, **change))
    assert answer.status == 422
    assert words in answer.text
    assert 'value="Giao ban tháng 10"' in answer.text


async def test_a_draft_is_kept_and_scheduled_later(served: Served) -> None:
    hoa = await served.as_("hoa")
    made = await hoa.post("/conferences/new", form(served.house, act="draft"))
    assert "Lên lịch và mời" in (await hoa.get(made.location)).text
    assert (await hoa.post(f"{made.location}/schedule")).status == 303
    assert "Mở phòng chờ" not in (await hoa.get(made.location)).text.split("<main")[0]


async def test_editing_shows_groups_whole_and_tells_the_slower_writer(served: Served) -> None:
    hoa, lan = await served.as_("hoa"), await served.as_("lan")
    made = (await hoa.post("/conferences/new", form(served.house))).location
    page = (await hoa.get(f"{made}/edit")).text
    assert re.search(r'<option value="group:communes_wards" selected', page)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    first = form(served.house, title="Tên mới", version=version[1])
    assert (await lan.post(f"{made}/edit", first)).status == 303
    second = await hoa.post(f"{made}/edit", form(served.house, title="Tên tôi", version=version[1]))
    assert second.status == 409
    assert "Phạm Ngọc Lan" in second.text
    assert 'value="Tên tôi"' in second.text


async def test_pages_are_not_found_for_who_may_not_see_them(served: Served) -> None:
    made = scheduled(served.house, DAM_DOI)
    tam = await served.as_("tam")
    for path in ("", "/door", "/room", "/edit"):
        assert (await tam.get(f"/conferences/{made}{path}")).status == 404, path
    assert (await tam.post(f"/conferences/{made}/start")).status == 404
    assert (await served.visitor().get(f"/conferences/{made}")).location.startswith("/sign-in")


async def test_the_waiting_room_does_not_open_while_media_is_silent(served: Served) -> None:
    made = scheduled(served.house)
    anh = await served.as_("anh")
    answer = await anh.post_json(f"/conferences/{made}/open_lobby")
    assert (answer.status, answer.json()["code"]) == (503, "media_unreachable")
    page = await anh.get(f"/conferences/{made}")
    assert "Mở phòng chờ" in page.text


async def test_an_act_while_media_is_silent_is_stored_and_said(served: Served) -> None:
    made = scheduled(served.house)
    anh = await served.as_("anh")
    answer = await anh.post_json(f"/conferences/{made}/start")
    assert answer.status == 200
    assert (answer.json()["state"], answer.json()["media"]) == ("live", False)


async def knock(browser: Browser, made: int, **body: object) -> tuple[int, str]:
    await browser.get(f"/conferences/{made}/door")
    answer = await browser.post_json(f"/conferences/{made}/knock", body)
    value = answer.json()
    return answer.status, value.get("code") or value["presence"]


async def test_the_door_lets_in_with_the_notice_and_gives_a_token(served: Served) -> None:
    made = live(served.house)
    khai = await served.as_("khai")
    door = (await khai.get(f"/conferences/{made}/door")).text
    assert "được ghi âm và chép lời" in door
    assert "điểm cầu Xã Đầm Dơi" in door
    assert await knock(khai, made) == (403, "notice_required")
    assert (await khai.post_json(f"/conferences/{made}/token")).json()["code"] == "notice_required"
    assert await knock(khai, made, notice=NOTICE_VERSION) == (200, "in")
    access = (await khai.post_json(f"/conferences/{made}/token")).json()
    claims = api.TokenVerifier("giaoban", LIVEKIT_SECRET).verify(access["token"])
    assert claims.identity == access["identity"]
    assert claims.identity.startswith(f"{DAM_DOI}/{served.house.account_id('khai')}/")
    assert claims.attributes == {"seat": str(access["seat"]), "role": "unit"}
    assert claims.name == "Xã Đầm Dơi"
    assert claims.video is not None
    assert claims.video.can_publish_sources == ["camera"]
    assert claims.video.room == f"c-{made}"


async def test_the_chairs_token_allows_microphone_and_screen(served: Served) -> None:
    made = live(served.house)
    anh = await served.as_("anh")
    await knock(anh, made, notice=NOTICE_VERSION)
    token = (await anh.post_json(f"/conferences/{made}/token")).json()["token"]
    claims = api.TokenVerifier("giaoban", LIVEKIT_SECRET).verify(token)
    assert claims.attributes is not None
    assert claims.attributes["role"] == "chair"
    assert claims.video is not None
    assert set(claims.video.can_publish_sources or ()) == {
        "camera",
        "microphone",
        "screen_share",
        "screen_share_audio",
    }


async def test_refusals_at_the_door_are_in_words(served: Served) -> None:
    house = served.house
    made = scheduled(house)
    khai, lan = await served.as_("khai"), await served.as_("lan")
    assert await knock(khai, made, notice=NOTICE_VERSION) == (409, "room_closed")
    running = live(house)
    assert await knock(lan, running, notice=NOTICE_VERSION) == (403, "wrong_seat")
    assert await knock(khai, running, notice=NOTICE_VERSION) == (200, "in")
    anh = await served.as_("anh")
    seat = seat_id(house, running, DAM_DOI)
    out = await anh.post_json(f"/conferences/{running}/remove", {"seat": seat})
    assert out.status == 200
    refused = await khai.post_json(f"/conferences/{running}/token")
    assert refused.status == 403
    assert "Chủ tọa đã mời ra" in refused.json()["title"]
    bare = await served.as_("khai")
    answer = await bare.post_json(f"/conferences/{running}/knock", {"notice": NOTICE_VERSION})
    assert answer.status == 400


async def test_the_chair_gets_the_console_and_a_commune_one_button(served: Served) -> None:
    made = live(served.house)
    chair = (await (await served.as_("anh")).get(f"/conferences/{made}/room")).text
    assert 'data-do="end"' in chair
    assert 'data-do="mute-all"' in chair
    secretary = (await (await served.as_("hoa")).get(f"/conferences/{made}/room")).text
    assert 'data-do="mute-all"' in secretary
    commune = (await (await served.as_("khai")).get(f"/conferences/{made}/room")).text
    assert 'data-do="end"' not in commune
    assert 'id="speak"' in commune


@pytest.mark.parametrize("body", [{}, {"seat": "1"}, {"seat": None}, {"seat": True}])
async def test_an_act_on_a_seat_names_one(served: Served, body: dict[str, object]) -> None:
    made = live(served.house)
    anh = await served.as_("anh")
    answer = await anh.post_json(f"/conferences/{made}/grant", body)
    assert (answer.status, answer.json()["code"]) == (400, "bad_request")


def signed(body: str, secret: str = LIVEKIT_SECRET) -> dict[str, str]:
    digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
    token = api.AccessToken("giaoban", secret).with_sha256(digest).to_jwt()
    return {"Authorization": token, "Content-Type": "application/webhook+json"}


def webhook(house: House, made: int, who: str, event_id: str = "EV_1") -> str:
    return json.dumps(
        {
            "event": "participant_joined",
            "id": event_id,
            "createdAt": str(int((house.now + timedelta(0)).timestamp())),
            "room": {"name": f"c-{made}"},
            "participant": {"identity": identity(house, DAM_DOI, who), "sid": "PA_1"},
        }
    )


async def test_a_signed_webhook_brings_a_seat_in_and_its_repeat_changes_nothing(
    served: Served,
) -> None:
    house = served.house
    made = live(house)
    media = served.visitor()
    body = webhook(house, made, "khai")
    for _ in range(2):
        answer = await media._send(
            "POST", "/livekit/webhook", data=body.encode(), headers=signed(body)
        )
        assert answer.status == 200
    assert presence(house, made, DAM_DOI) == "in"


async def test_an_unsigned_or_altered_webhook_is_refused(served: Served) -> None:
    house = served.house
    made = live(house)
    media = served.visitor()
    body = webhook(house, made, "khai")
    for sent, headers in (
        (body, {}),
        (body, signed(body, "another-secret-of-enough-characters-012345")),
        (body.replace("PA_1", "PA_2"), signed(body)),
    ):
        answer = await media._send(
            "POST", "/livekit/webhook", data=sent.encode(), headers={**headers}
        )
        assert answer.status == 401
    assert presence(house, made, DAM_DOI) == "expected"


async def test_unknown_events_are_fine(served: Served) -> None:
    body = json.dumps({"event": "room_painted", "id": "EV_9", "room": {"name": "c-77"}})
    answer = await served.visitor()._send(
        "POST", "/livekit/webhook", data=body.encode(), headers=signed(body)
    )
    assert answer.status == 200


async def test_after_the_end_the_page_shows_attendance_and_turns(served: Served) -> None:
    house = served.house
    made = live(house)
    join(house, made, DAM_DOI, "khai")
    anh = await served.as_("anh")
    seat = seat_id(house, made, DAM_DOI)
    await anh.post_json(f"/conferences/{made}/grant", {"seat": seat})
    house.clock.forward(minutes=12)
    assert (await anh.post(f"/conferences/{made}/end")).status == 303
    page = (await anh.get(f"/conferences/{made}")).text
    assert "có mặt 1, muộn 0, rời sớm 0, vắng 1" in page
    assert "12 phút" in page
    assert "00:12:00" in page
