"""From candidates to a closed directive, clicked and typed through by a secretary and a commune."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.async_api import Page, Route, expect

from server.domain.directives import AssignmentState, DirectiveState
from server.domain.review import CandidateKind
from server.services import workdays
from server.storage.models import Assignment, Decision, Directive
from tests.e2e.conftest import PHONE, People
from tests.fakes.spoken_conference import spoken_conference
from tests.integration.conftest import Served
from tests.people import DAM_DOI

pytestmark = pytest.mark.browser
PDF = b"%PDF-1.7\n" + b"0" * 2_000


async def fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, f"{page.url} is {width} px too wide"


async def test_a_task_goes_from_review_to_closed(
    served: Served, people: People, tmp_path: Path
) -> None:
    house = served.house
    workdays.seed_workdays(house.program("setup"))
    conference = spoken_conference(house)
    conference.say("Tôi kết luận mấy việc như sau.")
    conference.candidate("Báo cáo tiến độ nạo vét kênh", [], unresolved=["đầm rơi"], words="sớm")
    conference.candidate("Rà soát hộ nghèo", ["communes_wards"], words="cuối tháng này")
    conference.candidate("Xin kinh phí sửa cầu", kind=CandidateKind.REQUEST, words="")

    hoa = await people.page("hoa", f"/conferences/{conference.id}/review")
    await review(hoa)
    await issue(hoa)

    bich = await people.page("bich", "/work", PHONE)
    await receive_and_report(bich, tmp_path)

    await confirm(hoa)
    await bich.goto(f"{served.base}/work?view=done")
    await expect(bich.get_by_text("Báo cáo đúng tiến độ nạo vét kênh")).to_be_visible()
    await expect(bich.get_by_text("Đúng hạn")).to_be_visible()

    with house.db.read() as session:
        closed = session.scalars(sa.select(Directive).where(Directive.closed_at.is_not(None))).one()
        assert (closed.state, closed.text) == (
            DirectiveState.ISSUED,
            "Báo cáo đúng tiến độ nạo vét kênh",
        )
        states = session.scalars(sa.select(Assignment.state)).all()
        assert states.count(AssignmentState.DONE) == 1
        assert states.count(AssignmentState.NEW) == 63
        actions = session.scalars(sa.select(Decision.action).order_by(Decision.id)).all()
        assert actions == ["edit", "accept", "accept", "undo", "accept", "reject"]


async def review(page: Page) -> None:
    """Thirty seconds of a secretary's keyboard."""
    await expect(page.get_by_role("heading", name="Dự thảo 1")).to_be_visible()
    await fits(page)
    await page.keyboard.press("e")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("Báo cáo đúng tiến độ nạo vét kênh")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Ủy ban nhân dân xã Đầm Dơi", exact=True).click()
    await page.keyboard.press("h")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("thứ sáu tuần sau")
    await expect(page.locator(".due output")).to_have_text("Thứ Sáu 03/10/2025")
    await page.keyboard.press("Escape")
    accept = page.get_by_role("button", name="Chấp nhận")
    await expect(accept).to_be_in_viewport(ratio=1)
    await page.keyboard.press("a")

    await expect(page.get_by_role("heading", name="Dự thảo 2")).to_be_visible()
    await expect(page.get_by_text("Đã nhận dự thảo 1")).to_be_visible()
    await page.get_by_text("giao cho 64 đơn vị").click()
    await page.get_by_role("checkbox", name="phường Bạc Liêu").uncheck()
    await page.keyboard.press("Escape")
    await page.keyboard.press("a")

    await expect(page.get_by_role("heading", name="Dự thảo 3: kiến nghị")).to_be_visible()
    await page.keyboard.press("u")  # the last one, accepted too quickly
    await expect(page.get_by_text("Dự thảo 2 đã mở lại")).to_be_visible()
    await page.get_by_text("giao cho 64 đơn vị").click()
    await page.get_by_role("checkbox", name="phường Bạc Liêu").uncheck()
    await page.keyboard.press("a")
    await expect(page.get_by_role("heading", name="Dự thảo 3: kiến nghị")).to_be_visible()
    await page.keyboard.press("r")
    await page.keyboard.press("5")


async def issue(page: Page) -> None:
    """The last decision leads here; everything is chosen, one button is left."""
    await expect(page.get_by_role("heading", name="Giao nhiệm vụ")).to_be_visible()
    await fits(page)
    await expect(page.get_by_text("63 đơn vị")).to_be_visible()
    await page.get_by_role("button", name="Giao các nhiệm vụ đã chọn").click()
    await expect(page.get_by_text("NV 2025/0001")).to_be_visible()
    await fits(page)


async def receive_and_report(page: Page, folder: Path) -> None:
    """A commune officer with a phone: receive, type, add the file, lose the page, send."""
    await expect(page.get_by_role("heading", name="Việc của xã Đầm Dơi")).to_be_visible()
    await fits(page)
    await page.get_by_role("button", name="Tiếp nhận: Báo cáo đúng tiến độ").click()
    await page.get_by_role("link", name="Báo cáo: Báo cáo đúng tiến độ").click()
    await fits(page)
    await page.get_by_label("Kết quả, viết ngắn gọn").fill("Đã nạo vét 3,2 km kênh")
    await page.get_by_label("Số văn bản").fill("45/BC-UBND")
    await page.get_by_label("Ngày văn bản").fill("hôm nay")
    await expect(page.locator(".due output")).to_have_text("24/09/2025")
    wrong = folder / "anh.jpg"
    wrong.write_bytes(b"MZ not a picture")
    await page.set_input_files("input[type=file]", str(wrong))
    await expect(page.get_by_text("Không nhận loại tệp")).to_be_visible()
    await page.get_by_role("button", name="Bỏ anh.jpg").click()
    report = folder / "BC 45.pdf"
    report.write_bytes(PDF)
    async with page.expect_response(lambda answer: answer.url.endswith("/draft")) as saved:
        await page.set_input_files("input[type=file]", str(report))
        await expect(page.get_by_text("đã tải lên")).to_be_visible()
    assert (await saved.value).ok
    await page.reload()
    await expect(page.get_by_label("Kết quả, viết ngắn gọn")).to_have_value(
        "Đã nạo vét 3,2 km kênh"
    )
    await expect(page.get_by_text("BC 45.pdf")).to_be_visible()
    await page.get_by_role("button", name="Gửi kết quả").click()
    await expect(page.get_by_text("Kết quả đang ở Văn phòng.")).to_be_visible()


async def confirm(page: Page) -> None:
    """The Office finds the result in its view, reads the file's name, confirms."""
    await page.get_by_role("link", name="Chờ xác nhận").first.click()
    await page.get_by_role("link", name="Báo cáo đúng tiến độ nạo vét kênh").click()
    await expect(page.get_by_text("45/BC-UBND, 24/09/2025")).to_be_visible()
    await fits(page)
    async with page.expect_download() as download:
        await page.get_by_role("link", name="BC 45.pdf").click()
    assert Path(await (await download.value).path()).read_bytes() == PDF
    await page.get_by_role("button", name="Xác nhận hoàn thành").click()
    await expect(page.get_by_text("Đã xác nhận hoàn thành")).to_be_visible()
    await expect(page.get_by_text("xác nhận hoàn thành").last).to_be_visible()


async def test_two_secretaries_at_one_candidate_lose_no_words(
    served: Served, people: People
) -> None:
    conference = spoken_conference(served.house)
    conference.candidate("Rà soát hộ nghèo", [DAM_DOI])
    path = f"/conferences/{conference.id}/review"
    hoa, lan = await people.page("hoa", path), await people.page("lan", path)
    for page, words in ((lan, "Lời của Lan"), (hoa, "Lời của Hoa")):
        await page.get_by_label("Nội dung").fill(words)
    await lan.get_by_role("button", name="Lưu").click()
    await expect(lan.get_by_text("Đã lưu thay đổi")).to_be_visible()
    await hoa.get_by_role("button", name="Lưu").click()
    await expect(hoa.get_by_text("Phạm Ngọc Lan vừa sửa lúc")).to_be_visible()
    await expect(hoa.get_by_text("Nội dung đang lưu: Lời của Lan")).to_be_visible()
    await expect(hoa.get_by_label("Nội dung")).to_have_value("Lời của Hoa")
    await hoa.get_by_role("button", name="Lưu").click()
    await expect(hoa.get_by_text("Đã lưu thay đổi")).to_be_visible()


async def test_a_key_pressed_before_the_scripts_run_still_counts(
    served: Served, people: People
) -> None:
    conference = spoken_conference(served.house)
    conference.candidate("Rà soát hộ nghèo", [DAM_DOI])
    conference.candidate("Nạo vét kênh", [DAM_DOI])
    hoa = await people.page("hoa", "/conferences")
    pressed = asyncio.Event()

    async def slow(route: Route) -> None:
        await pressed.wait()
        await route.continue_()

    for late in ("ui/page.js", "review/*"):
        await hoa.route(f"**/js/{late}", slow)
    await hoa.goto(str(served.base / f"conferences/{conference.id}/review"), wait_until="commit")
    await expect(hoa.get_by_role("heading", name="Dự thảo 1")).to_be_visible()
    await hoa.keyboard.press("j")
    pressed.set()
    await expect(hoa.get_by_role("heading", name="Dự thảo 2")).to_be_visible()
