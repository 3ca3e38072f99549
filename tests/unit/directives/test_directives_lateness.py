"""Due instants, working days and lateness: the worked table of model §3.3, and its SQL twin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from server.domain.deadlines import (
    Counted,
    DeadlineKind,
    DeadlineSet,
    Lateness,
    days_left,
    due_instant,
    guard_deadline,
    lateness,
    soon_until,
    worst,
)
from server.domain.directives import AssignmentState as S
from server.domain.errors import UserError
from server.domain.workdays import VIETNAM, Calendar
from server.storage.directives import lateness_sql
from server.storage.models import Assignment

CAL = Calendar(holidays=frozenset({date(2025, 9, 2)}), working=frozenset({date(2025, 10, 11)}))
PLAIN = Calendar()
DUE = due_instant(date(2025, 10, 15), None, None, PLAIN)


def local(day: int, month: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2025, month, day, hour, minute, second, tzinfo=VIETNAM)


def late_at(state: S, now: datetime, handed: datetime | None = None) -> Lateness:
    return lateness(state, DUE, handed, now, soon_until(PLAIN.day_of(now), PLAIN))


def test_a_day_ends_with_its_last_millisecond() -> None:
    assert datetime(2025, 10, 15, 16, 59, 59, 999_000, tzinfo=UTC) == DUE


def test_an_hour_lasts_through_its_minute() -> None:
    due = due_instant(date(2025, 10, 15), "17:00", None, PLAIN)
    assert due == datetime(2025, 10, 15, 10, 0, 59, 999_000, tzinfo=UTC)
    handed = local(15, 10, 17, 0, 30)
    assert lateness(S.SUBMITTED, due, handed, local(20, 10), due) is Lateness.IN_TIME


def test_a_counted_period_ends_on_a_working_day_and_a_named_date_never_moves() -> None:
    saturday = date(2025, 10, 4)
    counted = due_instant(saturday, None, Counted.DAYS, PLAIN)
    assert PLAIN.day_of(counted) == date(2025, 10, 6)
    assert PLAIN.day_of(due_instant(saturday, None, None, PLAIN)) == saturday


def test_working_days_are_counted_after_the_first_and_through_the_last() -> None:
    assert CAL.working_days(date(2025, 10, 9), date(2025, 10, 15)) == 5  # 10, 11 (made up), 13–15
    assert CAL.working_days(date(2025, 10, 15), date(2025, 10, 9)) == -5
    assert CAL.working_days(date(2025, 9, 1), date(2025, 9, 3)) == 1  # the 2nd is a holiday
    assert PLAIN.working_days(date(2025, 10, 4), date(2025, 10, 5)) == 0


@pytest.mark.parametrize(
    ("state", "now", "handed", "expected"),
    [
        (S.NEW, local(9, 10), None, Lateness.IN_TIME),
        (S.NEW, local(10, 10), None, Lateness.DUE_SOON),
        (S.SUBMITTED, local(20, 10), local(15, 10, 23, 59, 59), Lateness.IN_TIME),
        (S.DONE, local(20, 10), local(15, 10, 23, 59, 59), Lateness.DONE_IN_TIME),
        (S.RETURNED, local(16, 10), None, Lateness.LATE),
        (S.DONE, local(20, 10), local(17, 10), Lateness.DONE_LATE),
        (S.SUSPENDED, local(20, 10), None, Lateness.NOT_COUNTED),
        (S.REFUSED, local(17, 10), local(10, 10), Lateness.IN_TIME),
        (S.NEW, local(15, 10, 23, 59, 59), None, Lateness.DUE_SOON),
        (S.NEW, local(16, 10, 0, 0, 0), None, Lateness.LATE),
    ],
)
def test_lateness_as_worked_in_the_model(
    state: S, now: datetime, handed: datetime | None, expected: Lateness
) -> None:
    assert late_at(state, now, handed) is expected


def test_days_left_and_late_are_working_days() -> None:
    assert days_left(DUE, None, local(10, 10), PLAIN) == 3
    assert days_left(DUE, None, local(20, 10), PLAIN) == -3
    assert days_left(DUE, local(17, 10), local(30, 10), PLAIN) == -2


def test_no_deadline_is_no_lateness_and_the_worst_share_counts() -> None:
    assert lateness(S.NEW, None, None, local(1, 1), DUE) is Lateness.NO_DEADLINE
    shares = [Lateness.DONE_IN_TIME, Lateness.IN_TIME, Lateness.LATE]
    assert worst(shares) is Lateness.LATE
    assert worst([]) is Lateness.NOT_COUNTED


def test_a_deadline_is_dated_or_chosen_and_not_past() -> None:
    today = date(2025, 10, 16)
    dated = DeadlineSet(DeadlineKind.DATED, date(2025, 10, 15))
    with pytest.raises(UserError) as past:
        guard_deadline(dated, True, today, PLAIN, past_confirmed=False)
    assert past.value.code == "deadline_past"
    guard_deadline(dated, True, today, PLAIN, past_confirmed=True)
    guard_deadline(DeadlineSet(DeadlineKind.STANDING), False, today, PLAIN, past_confirmed=False)
    guard_deadline(DeadlineSet(DeadlineKind.NONE), True, today, PLAIN, past_confirmed=False)
    with pytest.raises(UserError) as missing:
        guard_deadline(DeadlineSet(DeadlineKind.NONE), False, today, PLAIN, past_confirmed=False)
    assert missing.value.code == "deadline_missing"


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """One table of assignments, without what they point to."""
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        Assignment.__table__.create(connection)  # type: ignore[attr-defined]
        with Session(connection) as session:
            yield session
    engine.dispose()


moments = st.datetimes(datetime(2025, 9, 1), datetime(2025, 11, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)
rows = st.tuples(st.sampled_from(S), st.none() | moments, st.none() | moments)


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, min_size=1, max_size=30), moments)
def test_sql_and_python_agree_on_every_row(
    session: Session, found: list[tuple[S, datetime | None, datetime | None]], now: datetime
) -> None:
    soon = soon_until(CAL.day_of(now), CAL)
    ms = timedelta(milliseconds=1)
    near = [now, now - ms, now + ms, now - timedelta(minutes=1), soon, soon + ms]
    found = found + [(state, at, at) for state in S for at in near]
    session.execute(sa.delete(Assignment))
    session.execute(
        sa.insert(Assignment),
        [
            {
                "id": n,
                "directive_id": n,
                "lead_unit_id": 1,
                "period_key": "",
                "state": state,
                "deadline_kind": DeadlineKind.NONE,
                "judged_at": judged,
                "handed_at": handed,
                "deadline_seq": 1,
                "returns": 0,
                "extensions": 0,
                "version": 1,
            }
            for n, (state, judged, handed) in enumerate(found)
        ],
    )
    by_sql = dict(session.execute(sa.select(Assignment.id, lateness_sql(now, soon))).all())
    by_python = {
        n: lateness(state, judged, handed, now, soon).value
        for n, (state, judged, handed) in enumerate(found)
    }
    assert by_sql == by_python
