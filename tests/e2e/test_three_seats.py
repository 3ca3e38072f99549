"""Three seats in real browsers: they see each other move; the chair gives and takes the word."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from server.services import meetings_pages
from tests.e2e.conftest import PHONE, People
from tests.meeting import live, scheduled, seat_id
from tests.people import AN_XUYEN, DAM_DOI, NAM_CAN
from tests.running import Running, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Pictures decoded so far, by the name on the plate of the tile.
FRAMES = """() => Object.fromEntries([...document.querySelectorAll("video")].map((video) => {
    const box = video.parentElement;
    const name = box.querySelector(":scope > .plate")?.textContent
        ?? box.querySelector(":scope > .name b")?.textContent;
    return [name, video.getVideoPlaybackQuality().totalVideoFrames];
}))"""


async def walk_in(page: Page) -> None:
    """Through the door as a person does: read the notice, agree, go in."""
    await page.check("#known")
    await page.click("#go")
    await page.wait_for_url("**/room")


async def sees_moving(page: Page, *names: str) -> None:
    """Every named tile goes on decoding pictures."""
    first = await until(f"pictures of {names}", lambda: _has(page, names))

    async def moved() -> bool:
        now = await page.evaluate(FRAMES)
        return all(now.get(name, 0) >= first[name] + 5 for name in names)

    await until(f"{names} moving", moved)


async def _has(page: Page, names: tuple[str, ...]) -> dict[str, int] | None:
    found: dict[str, int] = await page.evaluate(FRAMES)
    return found if all(found.get(name) for name in names) else None


async def hears(page: Page) -> float:
    """The loudest sound that the page plays, 0 … 1 (WebRTC's audio level)."""
    level: float = await page.evaluate("""async () => {
        let loudest = 0;
        for (const element of document.querySelectorAll("#sounds audio")) {
            const context = new AudioContext();
            const analyser = context.createAnalyser();
            context.createMediaStreamSource(element.srcObject).connect(analyser);
            const samples = new Float32Array(analyser.fftSize);
            for (let look = 0; look < 30; look += 1) {
                await new Promise((done) => setTimeout(done, 50));
                analyser.getFloatTimeDomainData(samples);
                for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
            }
            await context.close();
        }
        return loudest;
    }""")
    return level


async def test_three_seats_meet_and_the_chair_gives_the_word(
    running: Running, meeting_people: People
) -> None:
    house, people = running.house, meeting_people
    made = live(house, DAM_DOI, NAM_CAN)
    dam_doi = f'[data-seat="{seat_id(house, made, DAM_DOI)}"]'
    door = f"/conferences/{made}/door"
    anh, khai = await people.page("anh", door), await people.page("khai", door)
    tam = await people.page("tam", door, PHONE)
    for page in (anh, khai, tam):
        await walk_in(page)
    await sees_moving(anh, "Đầm Dơi", "Năm Căn")
    await sees_moving(khai, "Chủ trì", "Năm Căn", "Xã Đầm Dơi (mình)")
    await sees_moving(tam, "Chủ trì")

    # Locked until invited; the invitation asks for one press.
    assert (
        await khai.locator("#mic").inner_text() == "Micro đang khóa\nChưa ai nghe thấy phòng mình"
    )
    await anh.click(f"#roster {dam_doi} [data-act=grant]")
    await khai.get_by_role("alert").get_by_text("Chủ trì mời điểm cầu của mình").wait_for()
    await khai.click("#speak")
    await khai.get_by_text("Đến lượt mình, mọi người đang nghe").wait_for()
    await tam.locator(".floor .name b").get_by_text("Xã Đầm Dơi").wait_for()
    await sees_moving(tam, "Xã Đầm Dơi")
    await anh.locator(f"#roster {dam_doi}.on").wait_for()
    assert await until("sound at the chair", lambda: hears(anh)) > 0.01

    # Muted by the chair, said so at the seat.
    await anh.click(f"#roster {dam_doi} [data-act=mute]")
    await khai.locator("#mic:not(.open)").wait_for()
    await anh.locator(f"#roster {dam_doi} [data-act=mute]").wait_for(state="detached")

    # The turn ends: locked again.
    await anh.keyboard.press("l")
    await khai.get_by_text("Micro đang khóa").wait_for()
    assert await khai.locator("#speak").is_hidden()

    # The end, asked for once more, takes everybody out.
    await anh.click("[data-do=end]")
    await anh.click("dialog .danger.solid")
    for page in (khai, tam):
        await page.get_by_text("Cảm ơn anh/chị. Có thể đóng trang này.").wait_for()
    after = meetings_pages.see_conference(house.context("hoa"), made)
    assert {seat.code for seat, line in after.attendance if line.first_at} == {
        "UBT",
        DAM_DOI,
        NAM_CAN,
    }


async def test_the_waiting_room_becomes_the_meeting_by_itself(
    running: Running, meeting_people: People
) -> None:
    people = meeting_people
    made = scheduled(running.house, DAM_DOI, AN_XUYEN)
    khai = await people.page("khai", f"/conferences/{made}/door")
    await khai.get_by_text("Có tiếng").wait_for()
    await khai.check("#known")
    await khai.click("#go")
    await khai.locator("#refusal").get_by_text("Phòng chờ chưa mở").wait_for()
    anh = await people.page("anh", f"/conferences/{made}")
    await anh.get_by_role("button", name="Mở phòng chờ").click()
    await khai.locator("#go").get_by_text("Vào phòng chờ").wait_for()
    await khai.click("#go")
    await khai.get_by_text("Mình đang ở phòng chờ").wait_for()
    await anh.get_by_role("link", name="Vào họp").click()
    await walk_in(anh)
    await anh.get_by_role("button", name="Bắt đầu họp").click()
    await sees_moving(khai, "Chủ trì")
    await sees_moving(anh, "Đầm Dơi")
