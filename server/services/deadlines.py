"""Deadlines as people type them: words read at once, or a kind chosen on purpose."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from server.domain.deadlines import Counted, DeadlineKind, DeadlineSet, Period, Precision, period_of
from server.domain.errors import UserError
from server.domain.workdays import Calendar
from server.services.context import Context
from server.storage.workdays import load_calendar
from transcription.contract.candidates import CandidateDeadline, WorkCalendar
from transcription.text import read_deadline

WHOLE_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
AS_SAID = ""
RECURRING_PREFIX = "recurring:"
KIND_CHOICES = (
    AS_SAID,
    DeadlineKind.STANDING.value,
    DeadlineKind.EVENT.value,
    *(RECURRING_PREFIX + period for period in Period),
    DeadlineKind.NONE.value,
)


@dataclass(frozen=True)
class TypedDeadline:
    """A deadline as a form gives it: `words` as typed, `choice` one of KIND_CHOICES ('' = what the
    words say).
    """

    words: str = ""
    choice: str = AS_SAID


@dataclass(frozen=True)
class Understood:
    """What words were understood as. `moved_to`: the working day that a counted period ends on;
    `past`, `day_off`: what the reader should be told, never silently changed.
    """

    deadline: DeadlineSet | None
    past: bool = False
    day_off: bool = False
    moved_to: date | None = None


def understand(ctx: Context, words: str, held_on: date | None = None) -> Understood:
    """Read a person's words, counted from `held_on` (today when not given)."""
    with ctx.read() as (session, _):
        calendar = load_calendar(session)
    return understand_with(words, held_on or ctx.today, ctx.today, calendar)


def understand_with(words: str, held_on: date, today: date, calendar: Calendar) -> Understood:
    """`understand` with the calendar at hand."""
    return understood(read_words(words, held_on, calendar), today, calendar)


def understood(found: DeadlineSet | None, today: date, calendar: Calendar) -> Understood:
    """A deadline with what its reader should be told: past, a day off, moved."""
    due = found.due_at(calendar) if found else None
    if found is None or found.due_on is None or due is None:
        return Understood(found)
    due_day = calendar.day_of(due)
    return Understood(
        found,
        past=due_day < today,
        day_off=not calendar.is_working(found.due_on),
        moved_to=due_day if due_day != found.due_on else None,
    )


def typed(deadline: DeadlineSet, chosen: bool) -> TypedDeadline:
    """A stored deadline as the form shows it."""
    kind = deadline.kind
    if kind is DeadlineKind.DATED:
        return TypedDeadline(deadline.phrase or f"{deadline.due_on:%d/%m/%Y}")
    words = deadline.phrase or deadline.event_text or ""
    if kind is DeadlineKind.NONE:
        return TypedDeadline(words, DeadlineKind.NONE.value if chosen else AS_SAID)
    if kind is DeadlineKind.RECURRING:
        every = deadline.period
        return TypedDeadline(words, f"{RECURRING_PREFIX}{every}" if every else AS_SAID)
    return TypedDeadline(words, kind.value)


def deadline_of(
    entry: TypedDeadline, held_on: date, calendar: Calendar
) -> tuple[DeadlineSet, bool]:
    """The deadline set that a form means, and whether its kind was chosen on purpose. Words not
    understood stay as the phrase of a deadline of kind none, not chosen.
    """
    words, choice = entry.words.strip(), entry.choice
    if choice not in KIND_CHOICES:
        raise UserError("invalid_field", field="deadline", problem="unknown")
    phrase = words or None
    if choice == DeadlineKind.EVENT:
        if not words:
            raise UserError("invalid_field", field="deadline", problem="event_missing")
        return DeadlineSet(DeadlineKind.EVENT, phrase=phrase, event_text=words), True
    if choice.startswith(RECURRING_PREFIX):
        found = read_words(words, held_on, calendar)
        rule = found.recurrence if found and found.kind is DeadlineKind.RECURRING else None
        every = choice.removeprefix(RECURRING_PREFIX)
        recurrence = {**(rule or {}), "every": every}
        return DeadlineSet(DeadlineKind.RECURRING, phrase=phrase, recurrence=recurrence), True
    if choice != AS_SAID:
        return DeadlineSet(DeadlineKind(choice), phrase=phrase), True
    found = read_words(words, held_on, calendar)
    if found is None:
        return DeadlineSet(phrase=phrase), False
    return found, True


def read_words(words: str, held_on: date, calendar: Calendar) -> DeadlineSet | None:
    """What the deadline reader makes of words; None when it finds no deadline."""
    words = words.strip()
    work = WorkCalendar(calendar.holidays, calendar.working)
    found = read_deadline(words, held_on, work) if words else None
    if found is not None:
        return replace(set_from_contract(found), phrase=words)
    # The reader looks ahead only; a whole date behind us is understood, so that it is refused as
    # past and not as unreadable.
    whole = WHOLE_DATE.search(words)
    try:
        due_on = date(*(int(part) for part in whole.group(3, 2, 1))) if whole else None
    except ValueError:
        due_on = None
    if due_on is None:
        return None
    return DeadlineSet(DeadlineKind.DATED, due_on, precision=Precision.DAY, phrase=words)


def set_from_contract(found: CandidateDeadline) -> DeadlineSet:
    """The worker's deadline as ours. What it leaves unsaid is not made up: a date without a day is
    no deadline, an event without its words keeps the phrase. ValueError: an unknown word.
    """
    kind = DeadlineKind(found.kind)
    dated = kind is DeadlineKind.DATED and found.due_on is not None
    event_text = found.event_text
    if kind is DeadlineKind.EVENT:
        event_text = event_text or found.phrase or ""
    recurrence = dict(found.recurrence) if found.recurrence is not None else None
    if kind is DeadlineKind.RECURRING:
        recurrence = recurrence or {}
        period_of(recurrence)
    return DeadlineSet(
        kind=DeadlineKind.NONE if kind is DeadlineKind.DATED and not dated else kind,
        due_on=found.due_on if dated else None,
        due_time=found.due_time if dated else None,
        precision=Precision(found.precision) if found.precision else None,
        counted=Counted(found.counted) if found.counted else None,
        phrase=found.phrase,
        rule=found.rule,
        event_text=event_text,
        recurrence=recurrence,
    )
