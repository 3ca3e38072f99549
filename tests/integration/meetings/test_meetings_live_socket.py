"""The live socket: what it tells, who may follow, and that it ends with the session."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiohttp import WSServerHandshakeError

from server.services import accounts
from server.web.live_socket import SIGNED_OUT
from tests.integration.conftest import Served
from tests.meeting import join, live, seat_id
from tests.people import DAM_DOI


async def test_the_live_socket_tells_whole_then_changes_and_the_whole_again_when_asked(
    served: Served,
) -> None:
    house = served.house
    made = live(house)
    join(house, made, DAM_DOI, "khai")
    khai, anh = await served.as_("khai"), await served.as_("anh")
    async with khai.socket(f"/conferences/{made}/live") as socket:
        whole = await socket.receive_json(timeout=5)
        assert whole["type"] == "state"
        assert [seat["presence"] for seat in whole["seats"]] == ["expected", "in", "expected"]
        seat = seat_id(house, made, DAM_DOI)
        granted = await anh.post_json(f"/conferences/{made}/grant", {"seat": seat})
        assert granted.status == 200
        change = await socket.receive_json(timeout=5)
        while not change["meeting"]["turns"]:  # media's silence may be told first
            change = await socket.receive_json(timeout=5)
        assert change["meeting"]["turns"][0]["seat"] == seat
        await socket.send_str('{"type": "whole"}')
        await socket.send_str("nonsense")
        again = await socket.receive_json(timeout=5)
        assert (again["type"], again["version"]) == ("state", change["version"])


async def test_the_live_socket_is_for_own_pages_and_for_who_may_see(served: Served) -> None:
    made = live(served.house, DAM_DOI)
    khai, tam = await served.as_("khai"), await served.as_("tam")
    path = f"/conferences/{made}/live"
    with pytest.raises(WSServerHandshakeError) as caught:
        await khai.socket(path, headers={"Origin": "https://elsewhere.example"})
    assert caught.value.status == 403
    with pytest.raises(WSServerHandshakeError) as caught:
        await tam.socket(path)
    assert caught.value.status == 404


async def close_code(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    """Read what is still told, until the server closes."""
    async with asyncio.timeout(5):
        while (await socket.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
    return socket.close_code


async def test_signing_out_ends_the_live_socket_and_no_other_ones(served: Served) -> None:
    path = f"/conferences/{live(served.house)}/live"
    khai, anh = await served.as_("khai"), await served.as_("anh")
    async with khai.socket(path) as his, anh.socket(path) as other:
        await his.receive_json(timeout=5)
        await other.receive_json(timeout=5)
        assert (await khai.post("/sign-out")).status == 303
        assert await close_code(his) == SIGNED_OUT
        await other.send_str('{"type": "whole"}')
        told = await other.receive_json(timeout=5)
        while told["type"] != "state":
            told = await other.receive_json(timeout=5)


async def test_a_new_password_ends_the_live_sockets_of_older_sessions(served: Served) -> None:
    path = f"/conferences/{live(served.house)}/live"
    khai, visitor = await served.as_("khai"), served.visitor()
    link = accounts.issue_reset(served.house.context("dung"), "khai")
    async with khai.socket(path) as socket:
        await socket.receive_json(timeout=5)
        form = {"password": "Mat-khau-moi-2025", "again": "Mat-khau-moi-2025"}
        assert (await visitor.post(link, form)).location == "/reset/done"
        assert await close_code(socket) == SIGNED_OUT


async def test_a_session_that_expires_ends_its_live_socket(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.web.live_socket.RECHECK_S", 0.05)
    khai = await served.as_("khai")
    async with khai.socket(f"/conferences/{live(served.house)}/live") as socket:
        await socket.receive_json(timeout=5)
        served.house.clock.forward(hours=13)
        assert await close_code(socket) == SIGNED_OUT


async def test_a_look_at_the_session_that_fails_is_not_the_last(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = iter([RuntimeError("the database is busy"), False])

    def holds(*_: object) -> bool:
        look = next(looks)
        if isinstance(look, Exception):
            raise look
        return look

    monkeypatch.setattr("server.web.live_socket.RECHECK_S", 0.05)
    monkeypatch.setattr("server.web.live_socket.session_holds", holds)
    khai = await served.as_("khai")
    async with khai.socket(f"/conferences/{live(served.house)}/live") as socket:
        assert await close_code(socket) == SIGNED_OUT
