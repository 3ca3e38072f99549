"""Signing in, one-time links and resets, as a browser meets them."""

from __future__ import annotations

import sqlalchemy as sa

from server.domain.accounts import LOGIN_TRIES, SESSION_IDLE, THROTTLE_WINDOW
from server.services import accounts, org
from server.storage.models import Audit, Change
from server.web.auth import SESSION_COOKIE
from tests.integration.conftest import Served
from tests.people import PASSWORD, House

NEW = "Sông-Đốc 2026"


def audit_rows(house: House) -> list[tuple[str, str]]:
    with house.db.read() as session:
        rows = session.execute(sa.select(Audit.event, Audit.outcome).order_by(Audit.id))
        return [(event, outcome) for event, outcome in rows]


async def test_a_person_signs_in_and_lands_where_he_was_going(served: Served) -> None:
    browser = served.visitor()
    page = await browser.get("/sign-in?next=/conferences%3Ftab%3Dended%26page%3D2")
    assert 'value="/conferences?tab=ended&amp;page=2"' in page.text
    answer = await browser.post(
        "/sign-in",
        {"login": " HOA ", "password": PASSWORD, "next": "/conferences?tab=ended&page=2"},
    )
    assert (answer.status, answer.location) == (303, "/conferences?tab=ended&page=2")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie  # plain HTTP on loopback
    assert (await browser.get("/sign-in")).location == "/"


async def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(served: Served) -> None:
    browser = served.visitor()
    unknown = await browser.post("/sign-in", {"login": "nobody", "password": PASSWORD})
    wrong = await browser.post("/sign-in", {"login": "hoa", "password": "wrong"})
    assert unknown.status == wrong.status == 401
    assert "Sai tên hoặc mật khẩu." in unknown.text
    strip = {"nobody": "", "hoa": ""}
    texts = [answer.text for answer in (unknown, wrong)]
    for name in strip:
        texts = [text.replace(name, "") for text in texts]
    assert texts[0] == texts[1]
    assert 'value="hoa"' in wrong.text  # what was typed is kept, the password is not
    assert "wrong" not in wrong.text


async def test_a_guesser_is_held_back_and_the_window_ends(served: Served) -> None:
    browser = served.visitor()
    for _ in range(LOGIN_TRIES):
        await browser.post("/sign-in", {"login": "hoa", "password": "wrong"})
    held = await browser.post("/sign-in", {"login": "hoa", "password": PASSWORD})
    assert held.status == 429
    seconds = int(held.headers["Retry-After"])
    assert 0 < seconds <= THROTTLE_WINDOW.total_seconds()
    assert f"Thử lại sau {seconds} giây." in held.text
    other = await browser.post("/sign-in", {"login": "lan", "password": PASSWORD})
    assert other.status == 303  # the address alone may try more often
    served.house.clock.forward(seconds=seconds)
    again = served.visitor()
    assert (await again.post("/sign-in", {"login": "hoa", "password": PASSWORD})).status == 303


async def test_signing_in_makes_a_new_session_and_signing_out_ends_it(served: Served) -> None:
    browser = await served.as_("hoa")
    old = served.house.session_token("hoa")
    assert (await browser.get("/sign-in")).status == 303
    out = await browser.post("/sign-out")
    assert out.location == "/sign-in"
    assert (await browser.get("/sign-in")).status == 200
    # Another session of the same person goes on.
    other = served.visitor()
    other.http.cookie_jar.update_cookies({SESSION_COOKIE: old}, other.base)
    assert (await other.get("/sign-in")).status == 303


async def test_a_session_ends_after_idle_hours_only(served: Served) -> None:
    browser = await served.as_("hoa")
    for _ in range(3):
        served.house.clock.forward(hours=SESSION_IDLE.total_seconds() / 3600 - 1)
        assert (await browser.get("/sign-in")).status == 303
    served.house.clock.now += SESSION_IDLE
    assert (await browser.get("/sign-in")).status == 200


async def test_a_form_without_the_token_is_refused(served: Served) -> None:
    browser = await served.as_("hoa")
    answer = await browser._send("POST", "/sign-out", data={})
    assert answer.status == 403
    assert "Trang đã cũ; tải lại." in answer.text
    assert (await browser.get("/sign-in")).status == 303


async def test_a_target_outside_is_not_followed(served: Served) -> None:
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "evil"):
        browser = served.visitor()
        answer = await browser.post(
            "/sign-in", {"login": "hoa", "password": PASSWORD, "next": target}
        )
        assert (answer.status, answer.location) == (303, "/")


async def test_the_first_link_sets_a_password_once(served: Served) -> None:
    house = served.house
    made = org.add_user(
        house.context("dung"),
        "út",
        name="Út",
        unit_code="32152",
        role=org.PositionRole.UNIT_OFFICER,
    )
    browser = served.visitor()
    page = await browser.get(made.link)
    assert page.status == 200
    assert "Chào Út" in page.text
    weak = await browser.post(made.link, {"password": "abcdefgh", "again": "abcdefgh"})
    assert weak.status == 422
    assert "Mật khẩu cần chữ HOA, chữ số, ký tự đặc biệt." in weak.text
    different = await browser.post(made.link, {"password": NEW, "again": NEW + "!"})
    assert different.status == 422
    assert "Mật khẩu: hai lần nhập khác nhau." in different.text
    done = await browser.post(made.link, {"password": NEW, "again": NEW})
    assert (done.status, done.location) == (303, "/")
    assert (await browser.get("/sign-in")).status == 303  # signed in
    again = await served.visitor().get(made.link)
    assert again.status == 410
    assert "Đường dẫn đã dùng hoặc hết hạn." in again.text
    with house.db.read() as session:
        moves = session.execute(
            sa.select(Change.action, Change.old_state, Change.new_state)
            .where(Change.subject_kind == "account", Change.subject_id == made.account_id)
            .order_by(Change.id)
        )
        assert [tuple(row) for row in moves] == [
            ("make", None, "invited"),
            ("issue_first_link", "invited", "invited"),
            ("use_first_link", "invited", "active"),
        ]
    other = served.visitor()
    assert (await other.post("/sign-in", {"login": "Út", "password": NEW})).status == 303


async def test_an_expired_or_unknown_link_opens_nothing(served: Served) -> None:
    link = accounts.issue_reset(served.house.context("dung"), "hoa")
    served.house.clock.forward(hours=25)
    for path in (link, "/link/0000-0000-0000"):
        answer = await served.visitor().get(path)
        assert answer.status == 410
    posted = await served.visitor().post(link, {"password": NEW, "again": NEW})
    assert posted.status == 410


async def test_a_reset_code_read_out_over_the_telephone(served: Served) -> None:
    house = served.house
    lost = await served.as_("khai")
    older = accounts.issue_reset(house.context("dung"), "khai")
    link = accounts.issue_reset(house.context("dung"), "khai")
    code = link.removeprefix("/link/").lower().replace("0", "o")
    browser = served.visitor()
    assert "0290\u00a03831\u00a0234" in (await browser.get("/reset")).text
    wrong = await browser.post("/reset", {"login": "tam", "code": code})
    assert wrong.status == 410
    answer = await browser.post("/reset", {"login": "khai", "code": code})
    assert answer.status == 303
    done = await browser.post(answer.location, {"password": NEW, "again": NEW})
    assert done.location == "/reset/done"
    assert "Đã đổi mật khẩu" in (await browser.get("/reset/done")).text
    assert (await lost.get("/sign-in")).status == 200  # signed out everywhere else
    assert (await served.visitor().get(older)).status == 410
    old = await served.visitor().post("/sign-in", {"login": "khai", "password": PASSWORD})
    assert old.status == 401


async def test_codes_cannot_be_guessed_at_leisure(served: Served) -> None:
    browser = served.visitor()
    for _ in range(LOGIN_TRIES):
        assert (await browser.post("/reset", {"login": "khai", "code": "x"})).status == 410
    assert (await browser.post("/reset", {"login": "khai", "code": "x"})).status == 429


async def test_the_audit_log_tells_what_happened_and_no_secret(served: Served) -> None:
    before = len(audit_rows(served.house))
    browser = served.visitor()
    await browser.post("/sign-in", {"login": "hoa", "password": "wrong"})
    await browser.post("/sign-in", {"login": "hoa", "password": PASSWORD})
    await browser.post("/sign-out")
    link = accounts.issue_reset(served.house.context("dung"), "hoa")
    await browser.post(link, {"password": NEW, "again": NEW})
    assert audit_rows(served.house)[before:] == [
        ("sign_in", "refused"),
        ("sign_in", "done"),
        ("sign_out", "done"),
        ("link_issued", "done"),
        ("link_used", "done"),
        ("password_set", "done"),
        ("sessions_ended", "done"),  # the one the account was made with
        ("sign_in", "done"),
    ]
    with served.house.db.read() as session:
        found = session.scalars(sa.select(Audit)).all()
        written = " ".join(f"{row.data} {row.agent} {row.event}" for row in found)
        assert found[-1].address == "127.0.0.1"
        assert found[-1].by_account_id == served.house.account_id("hoa")
    for secret in (PASSWORD, NEW, link.removeprefix("/link/"), "wrong"):
        assert secret not in written


async def test_a_proxy_names_the_visitor_and_nobody_else_may(served: Served) -> None:
    browser = served.visitor()
    claim = {"X-Forwarded-For": "198.51.100.9, 203.0.113.5"}
    await browser.post("/sign-in", {"login": "hoa", "password": PASSWORD}, headers=claim)
    with served.house.db.read() as session:
        last = session.scalars(sa.select(Audit).order_by(Audit.id.desc())).first()
        assert last is not None
        assert last.address == "203.0.113.5"
