"""Rights come from posts; refusals say whose job it is."""

from __future__ import annotations

import pytest

from server.domain.actors import Actor, Caller, Post
from server.domain.errors import UserError
from server.domain.offices import DEFAULT_TITLES, RANKS, PositionRole, TenureKind
from server.domain.permissions import OFFICE, is_program, may, require, require_in

R = PositionRole


def post(role: PositionRole, unit_id: int = 1, tenure_id: int = 1) -> Post:
    return Post(tenure_id, 1, unit_id, f"/{unit_id}/", role, TenureKind.HOLDER, role.value)


def person(*posts: Post) -> Actor:
    return Actor(7, None, "Hoa", posts=posts)


def test_the_narrowest_post_gives_the_right() -> None:
    both = person(post(R.OFFICE_HEAD, tenure_id=1), post(R.OFFICE_SECRETARY, tenure_id=2))
    assert require(both, *OFFICE).tenure_id == 2
    assert require(both, R.OFFICE_HEAD).tenure_id == 1


def test_without_the_post_the_refusal_names_the_roles() -> None:
    with pytest.raises(UserError) as refused:
        require(person(post(R.UNIT_HEAD)), *OFFICE)
    assert refused.value.code == "forbidden"
    assert refused.value.params["role"] == "office_secretary office_head"


def test_a_post_counts_in_its_own_unit_only() -> None:
    khai = person(post(R.UNIT_HEAD, unit_id=3))
    assert require_in(khai, 3, R.UNIT_OFFICER, R.UNIT_HEAD).unit_id == 3
    with pytest.raises(UserError) as refused:
        require_in(khai, 4, R.UNIT_HEAD)
    assert refused.value.code == "forbidden"


def test_programs_hold_no_post_and_people_are_no_program() -> None:
    worker = Actor(None, "worker:3", "worker:3")
    assert is_program(worker, "worker", "setup")
    assert not is_program(worker, "setup")
    assert not is_program(person(), "worker")
    assert not may(worker, *R)


def test_a_caller_is_an_account_or_a_program() -> None:
    with pytest.raises(ValueError):
        Caller()
    with pytest.raises(ValueError):
        Caller(account_id=1, agent="setup")


def test_every_role_has_a_usual_title_and_a_rank() -> None:
    assert set(DEFAULT_TITLES) == set(RANKS) == set(R)
