"""Issuing, work and judging over real HTTP: forms, files, refusals at their field, hiding."""

from __future__ import annotations

import io
import re
import uuid
from datetime import timedelta
from urllib.parse import quote

import aiohttp
import pytest

from server.domain.directives import AssignmentState
from server.services import candidates
from server.storage.models import Assignment, Directive
from tests.integration.conftest import Browser, Served
from tests.integration.directives.conftest import Journey, words_of
from tests.people import NAM_CAN

PDF = b"%PDF-1.7\n" + b"0" * 60


async def test_a_draft_is_saved_issued_and_discarded_on_its_page(
    journey: Journey, served: Served, hoa: Browser
) -> None:
    key = journey.draft()
    form = {
        "version": 1,
        "title": "Rà soát hộ nghèo",
        "text": "Rà soát toàn bộ hộ nghèo",
        "expected_result": "báo cáo",
        "leads": f"u{journey.house.unit_id(NAM_CAN)}",
        "coordinating": f"u{journey.house.unit_id('STC')}",
        "deadline": "20/10",
        "deadline_kind": "",
        "leader": 1,
    }
    assert (await hoa.get(f"/directives/{key}")).status == 200
    bad = await hoa.post(f"/directives/{key}/edit", form | {"deadline": "sớm"})
    assert (bad.status, "Rà soát toàn bộ hộ nghèo" in bad.text) == (422, True)
    stale = await hoa.post(f"/directives/{key}/edit", form | {"version": 7})
    assert stale.status == 409
    done = await hoa.post(f"/directives/{key}/issue", form)
    assert done.location == f"/directives/{key}?done=issued"
    page = words_of(await hoa.get(done.location))
    assert "NV 2025/0001" in page
    assert "Rà soát toàn bộ hộ nghèo" in page
    assert "Thứ Hai 20/10/2025" in page
    row = journey.row(Assignment, journey.assignment(key, NAM_CAN))
    assert isinstance(row, Assignment)
    assert row.state is AssignmentState.NEW
    other = journey.draft("Việc khác")
    gone = await hoa.post(f"/directives/{other}/discard", {"version": 1})
    assert gone.location == f"/conferences/{journey.conference.id}/review"
    late = await hoa.post(f"/directives/{key}/discard", {"version": 9})
    assert late.status == 409


async def test_a_commune_receives_reports_with_a_file_and_reads_the_answer(
    journey: Journey, served: Served
) -> None:
    key = journey.assigned()
    khai = await served.as_("khai")
    listed = await khai.get("/work")
    assert f'href="/work/{key}"' in listed.text
    assert "Nghe" not in words_of(await khai.get(f"/work/{key}"))
    got = await khai.post(f"/assignments/{key}/reception", {"back": "list"})
    assert got.location == "/work?done=received"
    page = await khai.get(f"/work/{key}")
    [client_key] = re.findall(r'name="client_key" value="([^"]+)"', page.text)
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("upload", PDF, filename="BC 214.pdf", content_type="application/pdf")
    kept = await khai.post("/attachments", form, headers={"Accept": "application/json"})
    assert kept.status == 201
    fields = {
        "client_key": client_key,
        "text": "Đã rà soát 120 hộ",
        "number": "214/BC-UBND",
        "result_on": "hôm nay",
        "file": kept.json()["id"],
    }
    saved = await khai.post(f"/assignments/{key}/draft", fields)
    assert saved.status == 200
    assert "Đã rà soát 120 hộ" in (await (await served.as_("bich")).get(f"/work/{key}")).text
    sent = await khai.post(f"/assignments/{key}/submission", fields)
    assert sent.location == f"/work/{key}?done=sent"
    again = await khai.post(f"/assignments/{key}/submission", fields)
    assert again.location == sent.location
    hoa = await served.as_("hoa")
    row = journey.row(Assignment, key)
    assert isinstance(row, Assignment)
    seen = await hoa.get(f"/directives/{row.directive_id}?share={key}")
    assert "214/BC-UBND, 24/09/2025" in words_of(seen)
    [report] = re.findall(r'name="report" value="(\d+)"', seen.text)[:1]
    file = await hoa.get(f"/attachments/{kept.json()['id']}")
    assert (file.body, file.headers["Content-Type"]) == (PDF, "application/pdf")
    assert "BC%20214.pdf" in file.headers["Content-Disposition"]
    back = f"/assignments/{key}/return"
    judged = {"report": report, "directive": row.directive_id}
    assert (await hoa.post(back, judged)).status == 422
    done = await hoa.post(back, judged | {"reason": "Thiếu phụ lục"})
    assert done.location == f"/directives/{row.directive_id}?share={key}&done=returned"
    assert "Thiếu phụ lục" in words_of(await khai.get(f"/work/{key}"))


async def test_a_result_without_script_carries_its_file_in_the_form(
    journey: Journey, served: Served
) -> None:
    key = journey.assigned()
    khai = await served.as_("khai")
    form = aiohttp.FormData()
    form.add_field("csrf", await khai.csrf())
    form.add_field("client_key", str(uuid.uuid4()))
    form.add_field("text", "Đã làm")
    form.add_field("upload", PDF, filename="kq.pdf", content_type="application/pdf")
    assert (await khai.post(f"/assignments/{key}/submission", form)).status == 303
    assert "kq.pdf" in (await khai.get(f"/work/{key}")).text


@pytest.mark.parametrize(
    ("name", "data", "status", "code"),
    [
        ("virus.pdf", b"MZ\x90\x00", 415, "upload_type"),
        ("trang.html", b"<html><script>alert(1)</script>", 415, "upload_type"),
        pytest.param(
            "to.pdf", b"%PDF-" + bytes(25 * 1024**2), 413, "upload_too_large", id="too large"
        ),
    ],
)
async def test_a_wrong_file_is_refused_by_its_content(
    journey: Journey, served: Served, name: str, data: bytes, status: int, code: str
) -> None:
    khai = await served.as_("khai")
    form = aiohttp.FormData()
    form.add_field("upload", io.BytesIO(data), filename=name, content_type="application/pdf")
    answer = await khai.post("/attachments", form, headers={"Accept": "application/json"})
    assert (answer.status, answer.json()["code"]) == (status, code)


async def test_an_incomplete_result_comes_back_with_everything_typed(
    journey: Journey, served: Served
) -> None:
    key = journey.assigned()
    khai = await served.as_("khai")
    fields = {"client_key": str(uuid.uuid4()), "text": "Đã làm xong hết"}
    answer = await khai.post(f"/assignments/{key}/submission", fields)
    assert answer.status == 422
    assert "Đã làm xong hết" in answer.text
    assert "Hãy nhập kết quả" in words_of(answer)
    assert fields["client_key"] in answer.text
    unread = await khai.post(
        f"/assignments/{key}/submission", fields | {"number": "1/BC", "result_on": "bữa nọ"}
    )
    assert (unread.status, "bữa nọ" in unread.text) == (422, True)


async def test_another_units_work_is_not_found_and_ones_own_view_is_forbidden_to_act_on(
    journey: Journey, served: Served
) -> None:
    key = journey.assigned()
    report = journey.submitted(key)
    row = journey.row(Assignment, key)
    assert isinstance(row, Assignment)
    tam, khai, tai = [await served.as_(who) for who in ("tam", "khai", "tai")]
    for path in (f"/work/{key}", f"/directives/{row.directive_id}", "/work/999999999999999999999"):
        assert (await tam.get(path)).status == 404, path
    assert (await tam.post(f"/assignments/{key}/reception")).status == 404
    assert (await tam.post(f"/assignments/{key}/confirmation", {"report": report})).status == 404
    assert (await khai.post(f"/assignments/{key}/confirmation", {"report": report})).status == 403
    assert (await tai.get("/directives")).location == "/work"
    hoa = await served.as_("hoa")
    assert (await hoa.post(f"/assignments/{key}/reception")).status == 403
    lan = await served.as_("lan")
    done = await lan.post(f"/assignments/{key}/confirmation", {"report": report})
    assert done.status == 303
    assert "Đã hoàn thành" in words_of(await lan.get(done.location))


async def test_overdue_shows_once_its_day_has_passed(journey: Journey, served: Served) -> None:
    key = journey.assigned()
    journey.house.clock.forward(days=21)
    khai, hoa = await served.as_("khai"), await served.as_("hoa")
    assert "Hạn hôm nay" in words_of(await khai.get("/work"))
    assert "Không có mục nào" in words_of(await hoa.get("/directives?lateness=late"))
    journey.house.clock.forward(days=2)
    khai, hoa = await served.as_("khai"), await served.as_("hoa")
    assert "Quá hạn 2 ngày" in words_of(await khai.get(f"/work/{key}"))
    late = words_of(await hoa.get("/directives?lateness=late"))
    assert "1 phần việc của 1 đơn vị" in late
    assert "Quá hạn 2 ngày" in late


async def test_sixty_four_shares_are_shown_in_the_official_order(
    journey: Journey, served: Served, hoa: Browser
) -> None:
    key = journey.conference.candidate("Rà soát", ["communes_wards"])
    made = candidates.accept_candidate(journey.house.context("hoa"), key, 1)
    assert made.directive_id is not None
    journey.issue(made.directive_id)
    page = await hoa.get(f"/directives/{made.directive_id}")
    assert page.text.count('class="cell') == 64
    assert page.text.index("Bạc Liêu") < page.text.index("Đầm Dơi") < page.text.index("Đất Mũi")
    khai = await served.as_("khai")
    assert 'class="cell' not in (await khai.get(f"/directives/{made.directive_id}")).text
    with journey.house.db.write() as session:
        session.get_one(Directive, made.directive_id).title = "Tên mới"
    filtered = await hoa.get(f"/directives?q={quote('tên mới')}&state=new&unit=abc&offset=50")
    assert filtered.status == 200
    assert filtered.text.count('href="/directives/1?share=') == 14


async def test_a_day_between_two_looks_moves_nothing_stored(
    journey: Journey, served: Served
) -> None:
    key = journey.assigned()
    before = journey.row(Assignment, key)
    journey.house.clock.forward(days=30)
    await (await served.as_("khai")).get(f"/work/{key}")
    after = journey.row(Assignment, key)
    assert isinstance(before, Assignment)
    assert isinstance(after, Assignment)
    assert before.version == after.version
    assert after.issued_at == journey.house.now - timedelta(days=30)
