"""Accounts, posts, units and tokens, called as services."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import transcription
from server.domain.actors import Caller
from server.domain.errors import CallerError, UserError
from server.domain.offices import PositionRole
from server.services import accounts, org, tokens
from server.services.context import Context
from server.storage.engine import Database
from server.storage.files import FileStore
from server.storage.history import load_actor
from server.storage.migrate import migrate
from server.storage.models import Account, ApiToken, Change, Tenure, Unit
from tests.people import DAM_DOI, ORIGIN, PASSWORD, RECORDER_TOKEN, START, WORKER_TOKEN, House
from transcription.text import roster_from_csv

R = PositionRole


@pytest.fixture
def bare(tmp_path: Path) -> Context:
    """A first start: an empty database."""
    url = f"sqlite:///{tmp_path}/bare.db"
    migrate(url)
    return Context(Database(url), FileStore(tmp_path), Caller(agent="setup"), START)


def code_of(refused: pytest.ExceptionInfo[UserError]) -> tuple[str, object]:
    return refused.value.code, refused.value.params.get("problem")


def test_a_first_start_gets_units_and_a_link_until_it_is_used(bare: Context) -> None:
    with pytest.raises(UserError):
        accounts.first_administrator_link(bare)  # no unit to belong to yet
    assert org.import_shipped_units(bare).made == 92
    assert org.import_shipped_units(bare).made == 0
    first = accounts.first_administrator_link(bare)
    second = accounts.first_administrator_link(bare)
    assert first is not None
    assert second is not None
    assert first != second
    with pytest.raises(UserError, match="link_used"):
        accounts.use_link(bare, first.removeprefix("/link/"), PASSWORD, ORIGIN)
    accounts.use_link(bare, second.removeprefix("/link/"), PASSWORD, ORIGIN)
    assert accounts.first_administrator_link(bare) is None
    signed_in = accounts.sign_in(bare, "admin", PASSWORD, ORIGIN)
    viewer = accounts.viewer_of_session(bare, signed_in.token)
    assert viewer is not None
    assert viewer.posts[0].role is R.ADMINISTRATOR
    assert viewer.unit == "Văn phòng UBND tỉnh"
    bare.db.close()


def test_importing_again_updates_and_tells_what_changed(house: House) -> None:
    ctx = house.context("dung")
    text = "code,name,division_type\n32152,Xã Đầm Dơi Mới,xã\n99999,Xã Tân Lập,xã\n"
    done = org.import_unit_files(ctx, [("new.csv", text)])
    assert (done.made, done.changed, done.same) == (1, 1, 0)
    assert org.import_unit_files(ctx, [("new.csv", text)]).same == 2
    with house.db.read() as session:
        unit = session.scalars(sa.select(Unit).where(Unit.code == DAM_DOI)).one()
        assert unit.short_name == "xã Đầm Dơi Mới"
        assert unit.version == 2
        change = session.scalars(sa.select(Change).where(Change.subject_kind == "unit")).one()
        assert change.data["short_name"] == ["xã Đầm Dơi", "xã Đầm Dơi Mới"]
        assert change.by_account_id == house.account_id("dung")
        child = session.scalars(sa.select(Unit).where(Unit.code == "99999")).one()
        assert child.path == f"/1/{child.id}/"


def test_groups_are_named_as_the_extraction_reads_them_and_counted_anew(house: House) -> None:
    folder = Path(transcription.__file__).parent / "data"
    shipped = roster_from_csv(*((folder / name).read_text("utf-8") for name in org.SHIPPED))
    groups = {group.code: group for group in org.list_groups(house.context("hoa"))}
    assert {code: (group.name, group.phrases) for code, group in groups.items()} == {
        group.code: (group.name, group.phrases) for group in shipped.groups
    }
    assert "cấp xã" in groups["communes_wards"].phrases
    assert len(groups["communes_wards"].unit_ids) == 64
    text = "code,name,division_type\n99999,Xã Tân Lập,xã\n"
    org.import_unit_files(house.context("dung"), [("new.csv", text)])
    again = {group.code: group for group in org.list_groups(house.context("hoa"))}
    assert again["communes_wards"].id == groups["communes_wards"].id
    assert again["communes_wards"].name == "65 xã, phường"


def test_a_wrong_line_imports_nothing(house: House) -> None:
    text = "code,name,division_type\n99999,Xã Tân Lập,xã\n99998,Xã B,thôn\n"
    with pytest.raises(UserError) as refused:
        org.import_unit_files(house.context("dung"), [("new.csv", text)])
    assert refused.value.code == "import_rows"
    assert "99999" not in {unit.code for unit in org.list_units(house.context("dung"))}


def test_only_an_administrator_makes_accounts_units_and_links(house: House) -> None:
    for who in ("hoa", "minh", "anh", "khai", "thu"):
        ctx = house.context(who)
        with pytest.raises(UserError, match="forbidden"):
            org.add_user(ctx, "moi", name="Mới", unit_code="VPUB", role=R.OFFICE_SECRETARY)
        with pytest.raises(UserError, match="forbidden"):
            org.import_unit_files(ctx, [("c.csv", "code,name,division_type\n1,Xã A,xã\n")])
        with pytest.raises(UserError, match="forbidden"):
            accounts.issue_reset(ctx, "hoa")


def test_a_post_without_a_title_gets_the_usual_one_numbered(house: House) -> None:
    ctx = house.context("dung")
    made = [
        org.add_user(ctx, f"moi{n}", name="Mới", unit_code="STC", role=R.UNIT_OFFICER).title
        for n in range(3)
    ]
    assert made == ["Chuyên viên", "Chuyên viên 2", "Chuyên viên 3"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"login": "HOA"}, "taken"),
        ({"login": "a b"}, "characters"),
        ({"name": "  "}, "empty"),
        ({"unit_code": "0"}, "unknown"),
        ({"title": "Chánh Văn phòng", "role": R.OFFICE_HEAD}, "held"),
    ],
)
def test_a_user_that_cannot_be_made_says_why(
    house: House, change: dict[str, object], problem: str
) -> None:
    wanted: dict[str, object] = {
        "login": "moi",
        "name": "Mới",
        "unit_code": "VPUB",
        "role": R.OFFICE_SECRETARY,
        "title": "Văn thư",
    }
    values = wanted | change
    with pytest.raises(UserError) as refused:
        org.add_user(house.context("dung"), values.pop("login"), **values)  # type: ignore[arg-type]
    assert code_of(refused) == ("invalid_field", problem)
    with house.db.read() as session:
        assert session.scalar(sa.select(Account).where(Account.login == "moi")) is None


def test_a_left_post_gives_nothing_at_the_next_call(house: House) -> None:
    token = house.session_token("khai")
    with house.db.write() as session:
        account_id = house.account_id("khai")
        tenure = session.scalars(sa.select(Tenure).where(Tenure.account_id == account_id)).one()
        tenure.to_at = house.now + timedelta(hours=1)
    assert viewer_posts(house, token) == 1
    house.clock.forward(hours=1)
    assert viewer_posts(house, token) == 0  # signs in, sees only his own profile


def viewer_posts(house: House, token: str) -> int:
    viewer = accounts.viewer_of_session(house.program("session"), token)
    assert viewer is not None
    return len(viewer.posts)


def test_a_disabled_account_is_signed_out_at_once(house: House) -> None:
    token = house.session_token("khai")
    with house.db.write() as session:
        session.execute(sa.update(Account).where(Account.login == "khai").values(state="disabled"))
    assert accounts.viewer_of_session(house.program("session"), token) is None
    with house.db.read() as session, pytest.raises(UserError, match="signed_out"):
        load_actor(session, Caller(account_id=house.account_id("khai")), house.now)
    with pytest.raises(UserError, match="sign_in_failed"):
        house.session_token("khai")


def test_of_two_who_open_one_link_exactly_one_gets_in(house: House) -> None:
    link = accounts.issue_reset(house.context("dung"), "khai").removeprefix("/link/")

    def use(password: str) -> str:
        try:
            accounts.use_link(house.program("session"), link, password, ORIGIN)
        except UserError as error:
            return error.code
        return "in"

    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(use, [f"Mat-Khau-{n}" for n in range(4)]))
    assert sorted(got) == ["in", "link_used", "link_used", "link_used"]


def test_tries_at_once_are_all_counted(house: House) -> None:
    def attempt(_n: int) -> str:
        try:
            accounts.sign_in(house.program("session"), "khai", "wrong", ORIGIN)
        except UserError as error:
            return error.code
        return "in"

    with ThreadPoolExecutor(4) as pool:
        got = sorted(pool.map(attempt, range(9)))
    assert got == ["sign_in_failed"] * 5 + ["throttled"] * 4


def test_programs_get_in_with_their_own_token_and_scope(house: House) -> None:
    ctx = house.program("session")
    worker = tokens.authenticate(ctx, WORKER_TOKEN, "worker")
    recorder = tokens.authenticate(ctx, RECORDER_TOKEN, "recorder")
    assert worker != recorder
    with pytest.raises(CallerError, match="scope_missing"):
        tokens.authenticate(ctx, WORKER_TOKEN, "recorder")
    for bearer in ("", "wrong", WORKER_TOKEN.upper()):
        with pytest.raises(CallerError, match="token_invalid"):
            tokens.authenticate(ctx, bearer, "worker")


def test_a_changed_secret_revokes_the_old_token(house: House) -> None:
    ctx = house.program("setup")
    before = tokens.authenticate(ctx, WORKER_TOKEN, "worker")
    tokens.ensure_program_tokens(ctx, WORKER_TOKEN, RECORDER_TOKEN)
    assert tokens.authenticate(ctx, WORKER_TOKEN, "worker") == before
    tokens.ensure_program_tokens(ctx, "another-worker-token", RECORDER_TOKEN)
    with pytest.raises(CallerError, match="token_invalid"):
        tokens.authenticate(ctx, WORKER_TOKEN, "worker")
    assert tokens.authenticate(ctx, "another-worker-token", "worker") != before


def test_a_program_is_seen_at_most_once_a_minute(house: House) -> None:
    token_id = tokens.authenticate(house.program("session"), WORKER_TOKEN, "worker")
    seen = [seen_at(house, token_id)]
    for seconds in (59, 1, 30, 60):
        house.clock.forward(seconds=seconds)
        tokens.note_presence(house.program("session"), token_id)
        seen.append(seen_at(house, token_id))
    assert [(at - START).total_seconds() for at in seen if at] == [0, 0, 60, 60, 150]


def seen_at(house: House, token_id: int) -> datetime | None:
    with house.db.read() as session:
        return session.scalar(sa.select(ApiToken.last_used_at).where(ApiToken.id == token_id))
