"""The cast: the same people in every test, in a small house of their own.

    anh   leader, chair of conferences (Phó Chủ tịch UBND tỉnh, UBT)
    hoa, lan   office secretaries; minh   office head; dung   administrator; thu   auditor (VPUB)
    khai  head, bich  officer of xã Đầm Dơi · tam  head of xã Năm Căn · sau  head of phường An
    Xuyên · tai  head of Sở Tài chính

A `House` is a migrated SQLite database in a temporary folder with the shipped units and these
accounts. Every test starts from a copy of one that was built once.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import argon2
import sqlalchemy as sa
from aiohttp import web

import server.settings
from server.domain.actors import Caller
from server.domain.audit import Origin
from server.domain.offices import PositionRole
from server.services import accounts, org, passwords, tokens
from server.services.context import Context
from server.storage.engine import Database
from server.storage.files import FileStore
from server.storage.migrate import migrate
from server.storage.models import Account, Unit
from server.web.app import make_app

START = datetime(2025, 9, 24, 1, 0, tzinfo=UTC)  # 08:00 in Cà Mau, a Wednesday
PASSWORD = "Rach-Goc 2025"
WORKER_TOKEN = "worker-token-of-the-tests-0123456789abcdef"
RECORDER_TOKEN = "recorder-token-of-the-tests-0123456789abcdef"
LIVEKIT_SECRET = "livekit-secret-of-the-tests-0123456789abcdef"
ORIGIN = Origin("203.0.113.7", "Chromium")

DAM_DOI, NAM_CAN, AN_XUYEN = "32152", "32191", "32002"


@dataclass(frozen=True)
class Person:
    """One of the cast as it is written here."""

    login: str
    name: str
    unit_code: str
    role: PositionRole
    title: str


R = PositionRole
CAST = (
    Person("anh", "Nguyễn Việt Anh", "UBT", R.LEADER, "Phó Chủ tịch UBND tỉnh"),
    Person("minh", "Lê Quang Minh", "VPUB", R.OFFICE_HEAD, "Chánh Văn phòng"),
    Person("hoa", "Trần Thị Hoa", "VPUB", R.OFFICE_SECRETARY, "Thư ký Văn phòng"),
    Person("lan", "Phạm Ngọc Lan", "VPUB", R.OFFICE_SECRETARY, "Chuyên viên tổng hợp"),
    Person("dung", "Võ Tấn Dũng", "VPUB", R.ADMINISTRATOR, "Quản trị hệ thống"),
    Person("thu", "Đặng Minh Thư", "VPUB", R.AUDITOR, "Thanh tra, kiểm tra"),
    Person("khai", "Huỳnh Văn Khải", DAM_DOI, R.UNIT_HEAD, "Chủ tịch UBND xã"),
    Person("bich", "Lý Ngọc Bích", DAM_DOI, R.UNIT_OFFICER, "Chuyên viên Văn phòng"),
    Person("tam", "Dương Văn Tám", NAM_CAN, R.UNIT_HEAD, "Chủ tịch UBND xã"),
    Person("sau", "Ngô Thị Sáu", AN_XUYEN, R.UNIT_HEAD, "Chủ tịch UBND phường"),
    Person("tai", "Bùi Đức Tài", "STC", R.UNIT_HEAD, "Giám đốc Sở"),
)


@dataclass
class TestClock:
    """A clock that stands still until a test moves it."""

    __test__ = False
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **much: float) -> datetime:
        """Move on by timedelta arguments; returns the new instant."""
        self.now += timedelta(**much)
        return self.now


@dataclass
class House:
    """A province in a folder."""

    settings: server.settings.Settings
    db: Database
    files: FileStore
    clock: TestClock = field(default_factory=TestClock)

    @property
    def now(self) -> datetime:
        """The instant of the house's clock."""
        return self.clock.now

    def account_id(self, login: str) -> int:
        """The account of one of the cast."""
        with self.db.read() as session:
            found = session.scalar(sa.select(Account.id).where(Account.login == login))
            assert found is not None, login
            return found

    def unit_id(self, code: str) -> int:
        """The unit with this code."""
        with self.db.read() as session:
            found = session.scalar(sa.select(Unit.id).where(Unit.code == code))
            assert found is not None, code
            return found

    def context(self, who: str, now: datetime | None = None) -> Context:
        """A call by one of the cast (`hoa`), or by a program (`agent:worker:1`)."""
        caller = (
            Caller(agent=who.removeprefix("agent:"), request_id="test")
            if who.startswith("agent:")
            else Caller(account_id=self.account_id(who), request_id="test")
        )
        return Context(self.db, self.files, caller, now or self.now)

    def program(self, agent: str, now: datetime | None = None) -> Context:
        """A call by a program: `setup`, `scheduler`, `media`, `worker:<token id>`."""
        return self.context(f"agent:{agent}", now)

    def session_token(self, login: str) -> str:
        """A new session of one of the cast, as if just signed in."""
        return accounts.sign_in(self.program("session"), login, PASSWORD, ORIGIN).token

    def app(self) -> web.Application:
        """The web application on this house's database and clock."""
        return make_app(self.settings, self.clock)

    def close(self) -> None:
        """Close the database."""
        self.db.close()


def open_house(folder: Path) -> House:
    """A house in `folder`: the cast and the units are there."""
    shutil.copytree(_template(), folder, dirs_exist_ok=True)
    settings = settings_of(folder)
    return House(settings, Database(settings.database_url), FileStore(settings.files))


def house_in(folder: Path) -> Iterator[House]:
    """The body of the `house` fixture."""
    house = open_house(folder)
    try:
        yield house
    finally:
        house.close()


def settings_of(home: Path, **more: str) -> server.settings.Settings:
    """Settings of a test: everything on loopback, known secrets."""
    environ = {
        "GIAOBAN_HOME": str(home),
        "GIAOBAN_LIVEKIT_SECRET": LIVEKIT_SECRET,
        "GIAOBAN_WORKER_TOKEN": WORKER_TOKEN,
        "GIAOBAN_RECORDER_TOKEN": RECORDER_TOKEN,
        "GIAOBAN_DUTY_PHONE": "0290 3831 234",
        **{f"GIAOBAN_{name}": value for name, value in more.items()},
    }
    return server.settings.load(environ)


def cheap_passwords() -> None:
    """Argon2 with the smallest parameters, so that tests don't spend their time hashing."""
    passwords.hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="giaoban-house-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    cheap_passwords()
    settings = settings_of(folder)
    migrate(settings.database_url)
    db = Database(settings.database_url)
    try:
        ctx = Context(db, FileStore(settings.files), Caller(agent="setup"), START)
        furnish(ctx)
    finally:
        db.close()  # the last connection empties the write-ahead log: one file to copy
    return folder


def furnish(ctx: Context) -> None:
    """Units, the programs' tokens and the cast, everybody with PASSWORD."""
    cheap_passwords()
    org.import_shipped_units(ctx)
    tokens.ensure_program_tokens(ctx, WORKER_TOKEN, RECORDER_TOKEN)
    for person in CAST:
        made = org.add_user(
            ctx,
            person.login,
            name=person.name,
            unit_code=person.unit_code,
            role=person.role,
            title=person.title,
        )
        accounts.use_link(ctx, made.link.removeprefix("/link/"), PASSWORD, ORIGIN)
