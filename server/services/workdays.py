"""The work calendar's first filling."""

from __future__ import annotations

from datetime import date

from server.domain.workdays import WorkDayKind
from server.services.context import Context
from server.storage.workdays import add_missing, years_with_days

SHIPPED_YEARS = (2025, 2026, 2027)


def seed_workdays(ctx: Context) -> int:
    """Enter the public holidays and make-up working days of the shipped years; days already there
    stay as they are. Returns how many were added; at once when every year is there.
    """
    with ctx.read() as (session, _):
        if set(SHIPPED_YEARS) <= years_with_days(session):
            return 0
    days = shipped_days()
    with ctx.write() as (session, _):
        return add_missing(session, days)


def shipped_days() -> list[tuple[date, WorkDayKind, str]]:
    """Vietnam's holidays, their substitutes, and the weekend days worked in exchange."""
    from holidays import country_holidays  # a tenth of a second to import, needed once

    listed = country_holidays("VN", years=SHIPPED_YEARS, language="vi")
    out = [(day, WorkDayKind.HOLIDAY, str(name)) for day, name in sorted(listed.items())]
    out += [
        (day, WorkDayKind.WORKING, "Làm bù")
        for day in sorted(listed.weekend_workdays)
        if day.year in SHIPPED_YEARS
    ]
    return out
