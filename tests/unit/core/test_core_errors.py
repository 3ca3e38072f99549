"""Every error has a Vietnamese sentence; its values are words of the catalogue."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiohttp import web

from server.domain.accounts import PASSWORD_RULES
from server.domain.errors import ALL_CODES, GiaoBanError, UserError
from server.domain.offices import PositionRole
from server.domain.states import StateTable
from server.web.catalogue import CATALOGUES, Catalogues
from server.web.errors import error_text, fields_of
from server.web.keys import SETTINGS

WORDS = Catalogues().words["vi"]


def sentence(error: GiaoBanError, phone: str = "") -> str:
    config = {CATALOGUES: Catalogues(), SETTINGS: SimpleNamespace(duty_phone=phone)}
    return error_text(cast(web.Request, cast(Any, SimpleNamespace(config_dict=config))), error)


@pytest.mark.parametrize("code", sorted(ALL_CODES))
def test_every_code_has_a_sentence(code: str) -> None:
    assert WORDS.get(f"error:{code}")
    named = fields_of(WORDS[f"error:{code}"]) - {"phone", "contact", "n"}
    always = {"rules", "scope", "request_id", "field", "problem"}
    # What a raiser may leave out needs the plainer sister.
    assert named <= always or f"error:{code}.plain" in WORDS


def test_roles_and_rules_are_words() -> None:
    assert {f"role:{role.value}" for role in PositionRole} <= set(WORDS)
    assert {f"rule:{rule}" for rule in PASSWORD_RULES} <= set(WORDS)
    refusal = UserError("forbidden", role="office_secretary office_head")
    assert sentence(refusal) == (
        "Việc này dành cho thư ký Văn phòng hoặc Chánh, Phó Chánh Văn phòng;"
        " hãy liên hệ trực Văn phòng UBND tỉnh."
    )


def test_a_state_is_told_in_the_words_of_its_object() -> None:
    refusal = UserError("wrong_state", object="conference", state="ended", action="start")
    assert sentence(refusal) == (
        "Hội nghị đang “đã kết thúc”, không thể bắt đầu."
        " Hãy tải lại trang để xem tình trạng mới nhất."
    )


def test_an_unknown_word_still_reads_as_vietnamese() -> None:
    refusal = UserError("wrong_state", object="thing", state="odd", action="juggle")
    assert sentence(refusal).startswith("Mục này đang “khác trước”, không thể làm việc này.")


def test_instants_are_told_in_local_time() -> None:
    when = datetime(2025, 9, 24, 1, 5, tzinfo=UTC)
    refusal = UserError("stale_version", who="Trần Thị Hoa", when=when)
    assert sentence(refusal).startswith("Trần Thị Hoa vừa sửa lúc 08:05 24/09/2025.")
    assert sentence(UserError("stale_version")).startswith("Người khác vừa sửa mục này.")


def test_the_duty_phone_is_named_where_it_is_known() -> None:
    assert sentence(UserError("removed"), "0290").endswith("liên hệ thư ký 0290.")
    assert sentence(UserError("removed")).endswith("liên hệ thư ký cuộc họp.")


def test_braces_in_a_value_are_only_text() -> None:
    assert sentence(UserError("upload_type", type="{phone}")) == "Không nhận loại tệp {phone}."


def test_every_state_a_table_can_refuse_in_has_a_word() -> None:
    import importlib
    import pkgutil

    import server.domain

    missing = []
    for info in pkgutil.iter_modules(server.domain.__path__):
        module = importlib.import_module(f"server.domain.{info.name}")
        for table in vars(module).values():
            if isinstance(table, StateTable):
                if f"object:{table.name}" not in WORDS:
                    missing.append(f"object:{table.name}")
                missing += [
                    f"state:{table.name}.{state.value}"
                    for state in table.states
                    if f"state:{table.name}.{state.value}" not in WORDS
                ]
    assert missing == []


def test_an_undeclared_code_cannot_be_raised() -> None:
    with pytest.raises(ValueError):
        UserError("no_such_code")
