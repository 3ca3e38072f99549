"""Deadlines: kinds, precision, and the instants they mean."""

from __future__ import annotations

from enum import StrEnum


class DeadlineKind(StrEnum):
    """Kind of a deadline: có hạn, thường xuyên, định kỳ, theo sự kiện, không thời hạn."""

    DATED = "dated"
    STANDING = "standing"
    RECURRING = "recurring"
    EVENT = "event"
    NONE = "none"


class Precision(StrEnum):
    """How exactly the date was said."""

    MINUTE = "minute"
    DAY = "day"
    WEEK = "week"
    PART_OF_MONTH = "part_of_month"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Counted(StrEnum):
    """A date that was counted ("trong vòng N ngày")."""

    DAYS = "days"
    WORKING_DAYS = "working_days"


class DeadlineReason(StrEnum):
    """Why a deadline row was written."""

    ISSUED = "issued"
    AMENDED = "amended"
    EXTENSION = "extension"
    EVENT_KNOWN = "event_known"
    RESUMED = "resumed"
    CALENDAR = "calendar"
