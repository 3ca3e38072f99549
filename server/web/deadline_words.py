"""A deadline in words: the date it means, and what the reader should be told about it.

The templates say the same by `directives/parts.html`; this is for the field that answers while one
types.
"""

from __future__ import annotations

from aiohttp import web

from server.domain.deadlines import DeadlineKind, DeadlineSet, Period
from server.services.deadlines import Understood
from server.web.catalogue import CATALOGUES, DEFAULT
from server.web.render import RENDERER

KIND_WORDS = {
    DeadlineKind.STANDING: "Standing",
    DeadlineKind.RECURRING: "Recurring",
    DeadlineKind.EVENT: "Bound to an event",
    DeadlineKind.NONE: "No deadline",
}
PERIOD_WORDS = {
    Period.DAY: "Recurring daily",
    Period.WEEK: "Recurring weekly",
    Period.MONTH: "Recurring monthly",
    Period.QUARTER: "Recurring quarterly",
    Period.HALF: "Recurring half-yearly",
    Period.YEAR: "Recurring yearly",
}


def deadline_answer(request: web.Request, found: Understood) -> dict[str, str]:
    """`read`: the date or kind, '' when not understood; `note`: past, day off, or moved."""
    if found.deadline is None:
        return {"read": "", "note": _say(request, "Type a date, or choose a kind of deadline.")}
    return {"read": read_text(request, found.deadline), "note": note_text(request, found)}


def read_text(request: web.Request, deadline: DeadlineSet) -> str:
    """`Thứ Sáu 04/12/2026, 17:00`, or the kind."""
    if deadline.period is not None:
        return _say(request, PERIOD_WORDS[deadline.period])
    if deadline.due_on is None:
        return _say(request, KIND_WORDS[deadline.kind])
    day = request.config_dict[RENDERER].day(deadline.due_on)
    return f"{day}, {deadline.due_time}" if deadline.due_time else day


def note_text(request: web.Request, found: Understood) -> str:
    """What is said aloud and never silently changed."""
    if found.past:
        return _say(request, "This date has passed.")
    if found.moved_to is not None:
        day = request.config_dict[RENDERER].day(found.moved_to)
        return _say(request, "Counted days end on a day off: due until {day}.", day=day)
    if found.day_off:
        return _say(request, "This is a day off.")
    return ""


def _say(request: web.Request, msgid: str, **values: object) -> str:
    return request.config_dict[CATALOGUES].translate(DEFAULT, msgid, **values)
