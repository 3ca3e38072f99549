"""Password rules, logins, the throttle's arithmetic and the account's state table."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.accounts import (
    ACCOUNT_TABLE,
    PASSWORD_RULES,
    THROTTLE_WINDOW,
    AccountState,
    login_key,
    login_problem,
    missing_password_rules,
    seconds_left,
    window_of,
)
from server.domain.errors import UserError
from server.services.links import clean_code
from tests.people import START

S = AccountState


@pytest.mark.parametrize(
    ("password", "missing"),
    [
        ("Rạch-Gốc 25", ()),
        ("Đầm_Dơi9", ()),
        ("Ab1!", ("length",)),
        ("abcdefg1!", ("upper",)),
        ("ABCDEFG1!", ("lower",)),
        ("Abcdefgh!", ("digit",)),
        ("Abcdefg1", ("special",)),
        ("Abcdefg1 ", ("special",)),
        ("", PASSWORD_RULES),
        ("Aa1!" * 51, ("length",)),
    ],
)
def test_a_password_names_the_rules_it_breaks(password: str, missing: tuple[str, ...]) -> None:
    assert missing_password_rules(password) == missing


def test_logins_that_look_the_same_are_the_same() -> None:
    assert login_key(" ĐỨC ") == login_key("đức") == login_key("đức")
    assert login_key("duc") != login_key("đức")


@pytest.mark.parametrize("login", ["x", "a b", "a/b", "", "x" * 65, "<b>", "a\n"])
def test_a_login_that_cannot_be_typed_is_refused(login: str) -> None:
    assert login_problem(login.replace("\n", "\nb")) == "characters"


@pytest.mark.parametrize("login", ["hoa", "đức.nv", "hoa@camau.gov.vn", "xa_dam-doi"])
def test_a_usual_login_is_fine(login: str) -> None:
    assert login_problem(login) is None


@given(st.integers(min_value=0, max_value=10**6))
def test_a_window_holds_its_instant_and_ends(seconds: int) -> None:
    now = START + timedelta(seconds=seconds)
    window = window_of(now)
    assert window <= now < window + THROTTLE_WINDOW
    assert 1 <= seconds_left(window, now) <= THROTTLE_WINDOW.total_seconds()
    assert window_of(window + THROTTLE_WINDOW) == window + THROTTLE_WINDOW


@pytest.mark.parametrize(
    ("action", "state", "code"),
    [
        ("use_first_link", S.ACTIVE, "link_used"),
        ("use_first_link", S.DISABLED, "link_used"),
        ("issue_first_link", S.ACTIVE, "wrong_state"),
        ("sign_in", S.INVITED, "sign_in_failed"),
        ("sign_in", S.LOCKED, "locked"),
        ("sign_in", S.DISABLED, "sign_in_failed"),
        ("issue_reset", S.INVITED, "wrong_state"),
        ("issue_reset", S.DISABLED, "wrong_state"),
        ("use_reset", S.INVITED, "link_used"),
    ],
)
def test_an_account_refuses_what_its_state_forbids(
    action: str, state: AccountState, code: str
) -> None:
    with pytest.raises(UserError) as refused:
        ACCOUNT_TABLE.move(action, state)
    assert refused.value.code == code


def test_a_first_link_opens_and_a_reset_unlocks() -> None:
    assert ACCOUNT_TABLE.move("use_first_link", S.INVITED).new is S.ACTIVE
    assert ACCOUNT_TABLE.move("use_reset", S.LOCKED).new is S.ACTIVE
    assert ACCOUNT_TABLE.move("use_reset", S.ACTIVE).new is S.ACTIVE


def test_a_code_is_read_however_it_was_typed() -> None:
    assert clean_code(" 7k2m-9xq4–tb3d ") == "7K2M9XQ4TB3D"
    assert clean_code("O1l0-iiii") == "01101111"
