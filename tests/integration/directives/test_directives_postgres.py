"""The same rules on PostgreSQL, where writers really meet: numbers, reports, decisions."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.domain.actors import Caller
from server.domain.deadlines import Lateness
from server.domain.directives import AssignmentState
from server.services import assignments, candidates, directives, home, work, workdays
from server.services.assignments import ResultFields
from server.services.context import Context
from server.storage.engine import Database
from server.storage.files import FileStore
from server.storage.migrate import migrate
from tests.fakes.spoken_conference import spoken_conference
from tests.integration.directives.conftest import Journey
from tests.people import DAM_DOI, NAM_CAN, START, House, furnish, settings_of
from tests.postgres import postgres


@pytest.fixture
def journey(tmp_path: Path) -> Iterator[Journey]:
    """The cast and a conference in a PostgreSQL of their own."""
    with postgres() as url:
        migrate(url)
        settings = settings_of(tmp_path, DATABASE_URL=url)
        house = House(settings, Database(url), FileStore(settings.files))
        try:
            furnish(Context(house.db, house.files, Caller(agent="setup"), START))
            workdays.seed_workdays(house.program("setup"))
            yield Journey(house, spoken_conference(house))
        finally:
            house.close()


def test_writers_that_meet_leave_one_truth(journey: Journey) -> None:
    house = journey.house
    hoa, khai = house.context("hoa"), house.context("khai")
    drafts = [journey.draft(f"Việc {n}", DAM_DOI, NAM_CAN, helpers=["STC"]) for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        numbers = sorted(item.number for item in pool.map(journey.issue, drafts))
    assert numbers == [f"NV 2025/{n:04d}" for n in range(1, 5)]

    key, fields = journey.assignment(drafts[0]), ResultFields("Xong", no_document=True)
    with ThreadPoolExecutor(4) as pool:
        sent = list(
            pool.map(lambda _: assignments.submit_result(khai, key, "k" * 30, fields), range(4))
        )
    assert sum(item.changed for item in sent) == 1
    assert len({item.report_id for item in sent}) == 1
    counts = {"open": 8, "new": 7, "submitted": 1, "in_time": 8}
    assert directives.desk(hoa, directives.Filter()).counts == counts
    assert work.unit_work(khai).counts["lead"] == 4
    assert directives.desk(hoa, directives.Filter(lateness=Lateness.LATE)).lines == ()
    waiting = directives.Filter(state=AssignmentState.SUBMITTED)
    lines = directives.desk(house.context("anh"), waiting).lines
    assert [item.assignment_id for item in lines] == [key]
    done = assignments.confirm_result(hoa, key, sent[0].report_id or 0)
    assert done.state is AssignmentState.DONE

    candidate = journey.conference.candidate("Rà soát", ["communes_wards"])
    with ThreadPoolExecutor(2) as pool:
        accepted = list(
            pool.map(
                lambda who: candidates.accept_candidate(house.context(who), candidate, 1),
                ["hoa", "lan"],
            )
        )
    assert sorted(item.changed for item in accepted) == [False, True]
    day = home.day_of(hoa)
    assert isinstance(day, home.OfficeDay)
    assert (day.drafts, day.reviews, day.confirm.number) == (1, (), 0)
