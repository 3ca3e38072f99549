"""A conference with words, and the steps from a candidate to a result, for tests that start
later on the way.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from server.services import assignments, candidates, drafts, issuing, workdays
from server.services.assignments import ResultFields
from server.storage.models import Assignment, Change, Decision
from tests.fakes.spoken_conference import SpokenConference, spoken_conference
from tests.integration.conftest import Answer, Browser, Served
from tests.people import DAM_DOI, House


@dataclass
class Journey:
    """A house with one conference, and shortcuts along the way of a directive."""

    house: House
    conference: SpokenConference

    def draft(self, title: str = "Rà soát hộ nghèo", *leads: str, **more: object) -> int:
        """A candidate that Hoa accepted; returns the draft directive."""
        key = self.conference.candidate(title, leads or (DAM_DOI,), **more)  # type: ignore[arg-type]
        made = candidates.accept_candidate(self.house.context("hoa"), key, 1)
        assert made.directive_id is not None
        return made.directive_id

    def issue(self, directive_id: int, who: str = "hoa") -> issuing.Issued:
        """Issue a draft by order of the chair."""
        page = drafts.drafts_page(self.house.context("hoa"), self.conference.id)
        draft = next(line for line in page.drafts if line.directive_id == directive_id)
        assert page.leader_id is not None
        ctx = self.house.context(who)
        return issuing.issue_directive(ctx, directive_id, draft.version, page.leader_id)

    def assigned(self, title: str = "Rà soát hộ nghèo", *leads: str, **more: object) -> int:
        """An issued directive; returns the assignment of its first lead."""
        directive_id = self.draft(title, *leads, **more)
        self.issue(directive_id)
        return self.assignment(directive_id, (leads or (DAM_DOI,))[0])

    def assignment(self, directive_id: int, unit_code: str = DAM_DOI) -> int:
        """The assignment of one unit."""
        with self.house.db.read() as session:
            found = session.scalar(
                sa.select(Assignment.id).where(
                    Assignment.directive_id == directive_id,
                    Assignment.lead_unit_id == self.house.unit_id(unit_code),
                )
            )
            assert found is not None
            return found

    def submitted(self, assignment_id: int, who: str = "bich") -> int:
        """A result without a document; returns the report."""
        ctx = self.house.context(who)
        fields = ResultFields("Đã rà soát 120 hộ", no_document=True)
        done = assignments.submit_result(ctx, assignment_id, str(uuid.uuid4()), fields)
        assert done.report_id is not None
        return done.report_id

    def row(self, kind: type, key: int) -> object:
        """A fresh look at one row."""
        with self.house.db.read() as session:
            found = session.get(kind, key)
            assert found is not None
            session.expunge(found)
            return found

    def changes(self, subject_kind: str, subject_id: int) -> list[tuple[str, str, str]]:
        """(action, old, new) of a subject's history."""
        with self.house.db.read() as session:
            rows = session.scalars(
                sa.select(Change)
                .where(Change.subject_kind == subject_kind, Change.subject_id == subject_id)
                .order_by(Change.id)
            )
            return [(c.action, c.old_state or "", c.new_state or "") for c in rows]

    def decisions(self, candidate_id: int) -> list[Decision]:
        """The decisions about a candidate."""
        with self.house.db.read() as session:
            rows = session.scalars(
                sa.select(Decision)
                .where(Decision.candidate_id == candidate_id)
                .order_by(Decision.id)
            ).all()
            for row in rows:
                session.expunge(row)
            return list(rows)


@pytest.fixture
def journey(house: House) -> Journey:
    """A conference of this morning, with the work calendar there."""
    workdays.seed_workdays(house.program("setup"))
    return Journey(house, spoken_conference(house))


@pytest.fixture
async def hoa(served: Served) -> Browser:
    """Hoa's browser."""
    return await served.as_("hoa")


def words_of(answer: Answer) -> str:
    """The page's text without markup, in one line."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.text, flags=re.S)
    text = " ".join(re.sub(r"<[^>]+>", " ", body).split())
    return re.sub(r"đọc mã này: [0-9a-f]+", "", text)
