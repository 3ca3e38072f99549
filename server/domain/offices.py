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
