"""The people of the demo: accounts with posts and one password that the terminal prints.

They live in the demo's own home on this machine only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from server.demo.script import AN_XUYEN, DAM_DOI, FINANCE, NAM_CAN
from server.domain.audit import Origin
from server.domain.errors import UserError
from server.domain.offices import PositionRole
from server.services import accounts, org
from server.services.context import Context
from server.storage.models import Account

PASSWORD = "Giao-Ban 2026"  # noqa: S105 - printed on purpose, for a demo on this machine
ORIGIN = Origin("127.0.0.1", "giaoban demo")


@dataclass(frozen=True)
class Player:
    """One account of the demo."""

    login: str
    name: str
    unit: str
    role: PositionRole
    title: str


CHAIR = Player("anh", "Nguyễn Việt Anh", "UBT", PositionRole.LEADER, "Phó Chủ tịch UBND tỉnh")
SECRETARY = Player("hoa", "Trần Thị Hoa", "VPUB", PositionRole.OFFICE_SECRETARY, "Thư ký Văn phòng")
SECOND_SECRETARY = Player(
    "lan", "Phạm Ngọc Lan", "VPUB", PositionRole.OFFICE_SECRETARY, "Chuyên viên tổng hợp"
)
OFFICE_HEAD = Player("minh", "Lê Quang Minh", "VPUB", PositionRole.OFFICE_HEAD, "Chánh Văn phòng")
COMMUNES = (
    Player("khai", "Huỳnh Văn Khải", DAM_DOI, PositionRole.UNIT_HEAD, "Chủ tịch UBND xã"),
    Player("tam", "Dương Văn Tám", NAM_CAN, PositionRole.UNIT_HEAD, "Chủ tịch UBND xã"),
    Player("sau", "Ngô Thị Sáu", AN_XUYEN, PositionRole.UNIT_HEAD, "Chủ tịch UBND phường"),
    Player("tai", "Bùi Đức Tài", FINANCE, PositionRole.UNIT_HEAD, "Giám đốc Sở"),
)
CAST = (CHAIR, OFFICE_HEAD, SECRETARY, SECOND_SECRETARY, *COMMUNES)


def invite_cast(ctx: Context) -> dict[str, int]:
    """Make the accounts that are missing and set their password; login → account id of all."""
    for player in CAST:
        try:
            made = org.add_user(
                ctx,
                player.login,
                name=player.name,
                unit_code=player.unit,
                role=player.role,
                title=player.title,
            )
        except UserError as error:
            if error.params.get("problem") != "taken":
                raise
            continue
        accounts.use_link(ctx, made.link.removeprefix("/link/"), PASSWORD, ORIGIN)
    with ctx.db.read() as session:
        rows = session.query(Account.login, Account.id).filter(
            Account.login.in_([player.login for player in CAST])
        )
        return dict(rows)


def as_account(ctx: Context, account_id: int) -> Context:
    """The same call by a person of the cast."""
    return replace(ctx, caller=replace(ctx.caller, account_id=account_id, agent=None))
