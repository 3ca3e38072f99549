"""Positions (chức vụ) and who holds them (tenure): the only source of rights."""

from __future__ import annotations

from enum import StrEnum


class PositionRole(StrEnum):
    """What a position may do (model: permissions)."""

    LEADER = "leader"
    OFFICE_HEAD = "office_head"
    OFFICE_SECRETARY = "office_secretary"
    UNIT_HEAD = "unit_head"
    UNIT_OFFICER = "unit_officer"
    TECHNICIAN = "technician"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class TenureKind(StrEnum):
    """How a position is held."""

    HOLDER = "holder"
    ACTING = "acting"
    DELEGATE = "delegate"


# What a post is called when nobody says its title.
DEFAULT_TITLES = {
    PositionRole.LEADER: "Lãnh đạo",
    PositionRole.OFFICE_HEAD: "Chánh Văn phòng",
    PositionRole.OFFICE_SECRETARY: "Thư ký Văn phòng",
    PositionRole.UNIT_HEAD: "Thủ trưởng đơn vị",
    PositionRole.UNIT_OFFICER: "Chuyên viên",
    PositionRole.TECHNICIAN: "Kỹ thuật viên",
    PositionRole.ADMINISTRATOR: "Quản trị hệ thống",
    PositionRole.AUDITOR: "Thanh tra, kiểm tra",
}

# Order of a person's posts and of a unit's positions in lists, lowest first.
RANKS = {
    PositionRole.LEADER: 10,
    PositionRole.OFFICE_HEAD: 20,
    PositionRole.UNIT_HEAD: 30,
    PositionRole.OFFICE_SECRETARY: 40,
    PositionRole.UNIT_OFFICER: 50,
    PositionRole.TECHNICIAN: 60,
    PositionRole.AUDITOR: 70,
    PositionRole.ADMINISTRATOR: 80,
}
