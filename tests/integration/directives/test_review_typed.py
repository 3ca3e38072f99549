"""What a secretary typed on the review page outlives a reload, in Chromium."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import chromium
from tests.integration.conftest import Served
from tests.integration.directives.conftest import Journey
from tests.people import NAM_CAN

pytestmark = pytest.mark.browser


async def test_typed_words_and_units_are_there_after_a_reload_until_they_are_stored(
    journey: Journey, served: Served
) -> None:
    key = journey.conference.candidate("Rà soát hộ nghèo")
    path = f"/conferences/{journey.conference.id}/review?c={key}"
    async with chromium(served) as people:
        page = await people.page("hoa", path)
        await page.locator("#task").fill("Rà soát hộ nghèo, hộ cận nghèo")
        await page.locator("#leads-input").fill("nam can")
        await page.locator("#leads-input").press("Enter")
        await page.locator("#due").fill("trước ngày 20/10")
        await expect(page.locator("[data-saved]")).to_have_text("Đã giữ trong máy này")
        await page.goto("about:blank")  # as after a crash: nothing is sent, the form is gone
        await page.goto(str(served.base).rstrip("/") + path)
        await expect(page.locator("[data-saved]")).to_contain_text("đã có lại")
        await expect(page.locator("#task")).to_have_value("Rà soát hộ nghèo, hộ cận nghèo")
        await expect(page.locator("#due")).to_have_value("trước ngày 20/10")
        await expect(page.locator(".picker").first).to_contain_text("Năm Căn")
        await page.get_by_role("button", name="Lưu").click()
        await page.wait_for_url("**done=saved*")
        await expect(page.locator("#task")).to_have_value("Rà soát hộ nghèo, hộ cận nghèo")
        await expect(page.locator("[data-saved]")).to_have_text("")
        chosen = await page.locator("#leads").evaluate(
            "s => [...s.selectedOptions].map(o => o.value)"
        )
        assert f"u{journey.house.unit_id(NAM_CAN)}" in chosen
        left = await page.evaluate("Object.keys(localStorage).filter(k => k.includes('review/'))")
        assert left == []
