"""The shared widgets in a real browser: picker, type size, keys; nothing scrolls sideways."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

pytestmark = pytest.mark.browser


async def opened(browser: Browser, url: str, width: int = 1366, height: int = 768) -> Page:
    context = await browser.new_context(viewport={"width": width, "height": height})
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    await page.goto(url)
    await expect(page.get_by_role("combobox", name="Cơ quan phối hợp")).to_be_visible()
    assert complaints == []
    return page


async def test_the_picker_takes_a_unit_typed_without_diacritics(
    browser: Browser, showcase: str
) -> None:
    page = await opened(browser, showcase)
    box = page.get_by_role("combobox", name="Cơ quan phối hợp")
    values = "[...document.getElementById('f-co').selectedOptions].map(o => o.value)"
    await box.fill("tan tien")
    await expect(page.get_by_role("option", name="Tân Tiến")).to_be_visible()
    await box.press("Enter")
    assert sorted(await page.evaluate(values)) == ["32152", "32158", "sxd"]
    await expect(page.get_by_role("button", name="Bỏ Ủy ban nhân dân xã Tân Tiến")).to_be_visible()
    await page.get_by_role("button", name="Bỏ Sở Xây dựng").click()
    await box.press("Backspace")
    assert await page.evaluate(values) == ["32152"]


async def test_the_picker_says_when_no_unit_has_this_name(browser: Browser, showcase: str) -> None:
    page = await opened(browser, showcase)
    box = page.get_by_role("combobox", name="Cơ quan phối hợp")
    await box.fill("sài gòn")
    await expect(page.get_by_text("Không có đơn vị tên này")).to_be_visible()
    await box.press("Enter")
    assert await page.evaluate("document.getElementById('f-co').selectedOptions.length") == 2


async def test_a_picker_of_one_replaces_its_unit(browser: Browser, showcase: str) -> None:
    page = await opened(browser, showcase)
    box = page.get_by_role("combobox", name="Cơ quan chủ trì").first
    for typed, value in (("dam doi", "32152"), ("tan th", "32155")):
        await box.fill(typed)
        await box.press("Enter")
        assert await page.evaluate("document.getElementById('f-lead').value") == value


async def test_type_size_grows_and_is_there_before_the_next_paint(
    browser: Browser, showcase: str
) -> None:
    page = await opened(browser, showcase)
    await page.get_by_role("button", name="Cỡ chữ").click()
    await page.get_by_role("button", name="Cỡ chữ").click()
    assert await page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20.8px"
    reply = await page.goto(showcase)
    assert reply is not None
    assert 'data-size="130"' in await reply.text()


async def test_keys_are_listed_and_keep_out_of_fields(browser: Browser, showcase: str) -> None:
    page = await opened(browser, showcase)
    await page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Phím tắt ở trang này")
    await expect(sheet).to_contain_text("Chấp nhận")
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    field = page.get_by_label("Nội dung")
    await field.fill("")
    await field.press("?")
    await expect(field).to_have_value("?")
    await expect(sheet).to_be_hidden()


async def test_a_deadline_is_shown_as_understood_while_one_types(
    browser: Browser, showcase: str
) -> None:
    page = await opened(browser, showcase)
    field = page.locator("#f-due")
    box = page.locator(".due", has=field)
    for typed, shown in (("mai", "Thứ Năm 26/11"), ("sau vụ lúa", "Chưa hiểu ngày")):
        await field.fill(typed)
        await expect(box.locator("output")).to_have_text(shown)
    await field.fill("chủ nhật")
    await expect(page.get_by_text("Ngày nghỉ.")).to_be_visible()
    await field.fill("")
    await expect(box.locator("output")).to_be_hidden()


async def test_chosen_files_are_listed_and_can_be_taken_back(
    browser: Browser, showcase: str
) -> None:
    page = await opened(browser, showcase)
    files: list[FilePayload] = [
        {"name": name, "mimeType": "application/pdf", "buffer": b"x" * 1200}
        for name in ("BC-214.pdf", "PL-1.pdf")
    ]
    await page.locator("#f-files").set_input_files(files)
    await expect(page.get_by_text("PL-1.pdf")).to_be_visible()
    await page.get_by_role("button", name="Bỏ BC-214.pdf").click()
    names = "[...document.getElementById('f-files').files].map(f => f.name)"
    assert await page.evaluate(names) == ["PL-1.pdf"]


async def test_a_dialog_opens_on_its_safe_answer_and_escape_is_safe(
    browser: Browser, showcase: str
) -> None:
    page = await opened(browser, showcase)
    opener = page.get_by_role("button", name="Gỡ, hủy")
    await opener.click()
    asking = page.get_by_role("dialog", name="Kết thúc hội nghị cho cả 64 điểm cầu?")
    await expect(asking.get_by_role("button", name="Họp tiếp")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(asking).to_be_hidden()
    await expect(opener).to_be_focused()


@pytest.mark.parametrize(("width", "size"), [(390, ""), (390, "130"), (683, ""), (1024, "")])
async def test_nothing_scrolls_sideways(
    browser: Browser, showcase: str, width: int, size: str
) -> None:
    page = await opened(browser, showcase, width, 844)
    await page.evaluate("size => { document.documentElement.dataset.size = size }", size)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
