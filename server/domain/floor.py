"""The floor (quyền phát biểu): who may speak, and why a turn ended."""

from __future__ import annotations

from enum import StrEnum


class TurnEnd(StrEnum):
    """Why a floor turn ended."""

    DONE = "done"
    TAKEN_BACK = "taken_back"
    TIMEOUT = "timeout"
    LEFT = "left"
    REPLACED = "replaced"
    OVERRIDE = "override"
    ENDED = "ended"
