"""The work calendar."""

from __future__ import annotations

from enum import StrEnum


class WorkDayKind(StrEnum):
    """An exception to Monday–Friday."""

    HOLIDAY = "holiday"
    WORKING = "working"
