"""Review over real HTTP: deciding candidates, refusals at their field, hiding."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from server.domain.review import CandidateKind
from server.storage.models import Assignment, Candidate
from tests.integration.conftest import Browser, Served
from tests.integration.directives.conftest import Journey, words_of
from tests.people import DAM_DOI, NAM_CAN


def candidate_form(journey: Journey, version: int = 1, **more: object) -> list[tuple[str, object]]:
    values: dict[str, object] = {
        "conference": journey.conference.id,
        "version": version,
        "seconds": 12,
        "title": "Rà soát hộ nghèo",
        "leads": f"u{journey.house.unit_id(DAM_DOI)}",
        "deadline": "trước ngày 15/10",
        "deadline_kind": "",
    }
    return list((values | more).items())


async def test_accepting_leads_to_the_next_open_one(
    journey: Journey, served: Served, hoa: Browser
) -> None:
    first = journey.conference.candidate("Rà soát hộ nghèo")
    second = journey.conference.candidate("Báo cáo tàu cá")
    url = f"/conferences/{journey.conference.id}/review"
    page = await hoa.get(url)
    assert page.status == 200
    assert f'action="/candidates/{first}/acceptance"' in page.text
    done = await hoa.post(f"/candidates/{first}/acceptance", candidate_form(journey))
    assert (done.status, done.location) == (303, f"{url}?after={first}&done=accepted")
    page = await hoa.get(done.location)
    assert f'action="/candidates/{second}/acceptance"' in page.text
    assert "Đã nhận dự thảo 1" in words_of(page)
    assert journey.decisions(first)[0].seconds == 12
    undone = await hoa.post(
        f"/candidates/{first}/undo", {"conference": journey.conference.id, "version": 2}
    )
    assert undone.location == f"{url}?c={first}&done=undone"


async def test_the_last_decision_leads_to_issuing(
    journey: Journey, served: Served, hoa: Browser
) -> None:
    key = journey.conference.candidate("Rà soát hộ nghèo")
    done = await hoa.post(f"/candidates/{key}/acceptance", candidate_form(journey))
    page = await hoa.get(done.location)
    drafts = f"/conferences/{journey.conference.id}/review/drafts"
    assert (page.status, page.location) == (303, drafts)
    page = await hoa.get(drafts)
    assert "Giao các nhiệm vụ đã chọn" in words_of(page)
    [draft] = re.findall(r'name="draft" value="(\d+:\d+)"', page.text)
    [leader] = re.findall(r'<option value="(\d+)" selected>Phó Chủ tịch UBND tỉnh', page.text)
    issue = f"/conferences/{journey.conference.id}/review/issues"
    sent = await hoa.post(issue, {"draft": draft, "leader": leader})
    assert sent.location == f"/directives?conference={journey.conference.id}&done=issued"
    desk = words_of(await hoa.get(sent.location))
    assert "NV 2025/0001" in desk
    assert "Đã giao nhiệm vụ" in desk
    again = await hoa.post(issue, {"draft": draft, "leader": leader})
    assert again.location == sent.location


@pytest.mark.parametrize(
    ("more", "status", "where"),
    [
        ({"leads": ""}, 422, "Chưa có cơ quan chủ trì."),
        ({"deadline": "sớm"}, 422, "Chọn thời hạn, hoặc ghi rõ"),
        ({"deadline": "01/08/2025"}, 422, "Hạn 01/08/2025 đã qua."),
        ({"title": " "}, 422, "Nội dung"),
        ({"leads": "x9"}, 422, "Đơn vị"),
        ({"version": 9}, 409, "vừa sửa"),
    ],
)
async def test_a_refusal_stands_at_its_field_and_loses_nothing(
    journey: Journey, served: Served, hoa: Browser, more: dict[str, object], status: int, where: str
) -> None:
    key = journey.conference.candidate("Rà soát hộ nghèo")
    typed = {"title": "Lời tôi gõ"} | more
    answer = await hoa.post(f"/candidates/{key}/acceptance", candidate_form(journey, **typed))
    assert answer.status == status
    text = words_of(answer)
    assert where in text
    assert "Lời tôi gõ" in text or "title" in more
    row = journey.row(Candidate, key)
    assert isinstance(row, Candidate)
    assert row.version == 1


async def test_the_loser_of_two_secretaries_sees_both_texts_and_may_keep_his(
    journey: Journey, served: Served, hoa: Browser
) -> None:
    key = journey.conference.candidate("Rà soát hộ nghèo")
    lan = await served.as_("lan")
    url = f"/candidates/{key}/edit"
    assert (await lan.post(url, candidate_form(journey, title="Lời của Lan"))).status == 303
    lost = await hoa.post(url, candidate_form(journey, title="Lời của Hoa"))
    assert lost.status == 409
    text = words_of(lost)
    assert "Phạm Ngọc Lan vừa sửa lúc 08:00 24/09/2025" in text
    assert "Lời của Lan" in text
    assert "Lời của Hoa" in text
    assert 'name="version" value="2"' in lost.text
    kept = await hoa.post(url, candidate_form(journey, 2, title="Lời của Hoa"))
    assert kept.status == 303
    row = journey.row(Candidate, key)
    assert isinstance(row, Candidate)
    assert row.title == "Lời của Hoa"


async def test_units_of_a_group_are_unticked_in_the_form(
    journey: Journey, served: Served, hoa: Browser
) -> None:
    key = journey.conference.candidate("Rà soát", ["communes_wards"])
    page = await hoa.get(f"/conferences/{journey.conference.id}/review?c={key}")
    [group] = re.findall(r'<option value="g(\d+)" selected[^>]*>64 xã, phường', page.text)
    shown = re.findall(rf'name="shown" value="({group}:\d+)"', page.text)
    assert len(shown) == 64
    out = f"{group}:{journey.house.unit_id(NAM_CAN)}"
    form = candidate_form(journey, leads=f"g{group}")
    form += [("shown", value) for value in shown]
    form += [("in", value) for value in shown if value != out]
    assert (await hoa.post(f"/candidates/{key}/acceptance", form)).status == 303
    with journey.house.db.read() as session:
        leads = set(session.scalars(sa.select(Assignment.lead_unit_id)))
    assert len(leads) == 63
    assert journey.house.unit_id(NAM_CAN) not in leads


async def test_rejecting_wants_a_reason(journey: Journey, served: Served, hoa: Browser) -> None:
    key = journey.conference.candidate("Xin kinh phí", kind=CandidateKind.REQUEST)
    form = {"conference": journey.conference.id, "version": 1}
    page = await hoa.get(f"/conferences/{journey.conference.id}/review")
    assert "Đây là kiến nghị của một đơn vị." in words_of(page)
    missing = await hoa.post(f"/candidates/{key}/rejection", form)
    assert missing.status == 422
    assert "Hãy ghi lý do." in words_of(missing)
    done = await hoa.post(f"/candidates/{key}/rejection", form | {"reason": "request"})
    assert done.status == 303
    page = await hoa.get(f"/conferences/{journey.conference.id}/review?c={key}")
    assert "Trần Thị Hoa, 08:00 24/09/2025" in words_of(page)


@pytest.mark.parametrize("who", ["khai", "tai", "anh", "thu", "dung"])
async def test_what_one_does_not_review_is_not_there(
    journey: Journey, served: Served, who: str
) -> None:
    key = journey.conference.candidate("Rà soát hộ nghèo")
    browser = await served.as_(who)
    missing = await browser.get("/conferences/999/review")
    page = await browser.get(f"/conferences/{journey.conference.id}/review")
    assert (page.status, words_of(page)) == (404, words_of(missing))
    for act in ("acceptance", "edit", "rejection", "undo"):
        answer = await browser.post(
            f"/candidates/{key}/{act}", candidate_form(journey, reason="other")
        )
        assert answer.status == 404, act
    assert journey.decisions(key) == []


async def test_typed_words_are_read_while_typing(
    journey: Journey, served: Served, hoa: Browser
) -> None:
    async def read(words: str, url: str = "/deadline?on=2025-09-24") -> tuple[str, str]:
        answer = await hoa.get(f"{url}{'&' if '?' in url else '?'}text={quote(words)}")
        assert answer.status == 200
        return answer.json()["read"], answer.json()["note"]

    assert await read("thứ sáu tuần sau") == ("Thứ Sáu 03/10/2025", "")
    assert await read("trước 17 giờ ngày 30/9") == ("Thứ Ba 30/09/2025, 17:00", "")
    assert await read("hằng tháng") == ("Định kỳ hằng tháng", "")
    counted = await read("trong vòng 10 ngày")
    assert counted[0] == "Thứ Bảy 04/10/2025"
    assert "Thứ Hai 06/10/2025" in counted[1]
    assert (await read("sau vụ lúa"))[0] == ""
    assert (await read("hôm nay", "/day"))[0] == "24/09/2025"
    assert (await read("30/9", "/day"))[0] == "30/09/2024"
    assert (await hoa.get("/deadline?on=x&text=1")).status == 422
    assert (await served.visitor().get("/deadline?text=1")).status == 303
