"""A task that comes again: said, stored, reviewed, issued and shown with its period."""

from __future__ import annotations

import json
import re
from datetime import date
from urllib.parse import quote

import pytest

from server.domain.deadlines import DeadlineKind, Period, period_of
from server.services.deadlines import read_words
from server.storage.models import Candidate, Directive
from server.storage.workdays import load_calendar
from tests.integration.conftest import Served
from tests.integration.directives.conftest import Journey
from tests.people import DAM_DOI

SAID = [
    ("báo cáo hằng ngày", Period.DAY, "Định kỳ hằng ngày"),
    ("định kỳ hằng tuần", Period.WEEK, "Định kỳ hằng tuần"),
    ("định kỳ 6 tháng", Period.HALF, "Định kỳ sáu tháng"),
    ("báo cáo định kỳ", None, "Định kỳ"),
]


@pytest.mark.parametrize(("words", "period", "shown"), SAID)
async def test_a_period_is_kept_from_the_words_to_the_units_page(
    journey: Journey, served: Served, words: str, period: Period | None, shown: str
) -> None:
    key = journey.conference.candidate("Trực cống Cái Lớn", words=words)
    candidate = journey.row(Candidate, key)
    assert isinstance(candidate, Candidate)
    assert candidate.deadline_kind is DeadlineKind.RECURRING
    assert period_of(candidate.recurrence) is period
    hoa = await served.as_("hoa")
    url = f"/conferences/{journey.conference.id}/review"
    page = await hoa.get(f"{url}?c={key}")
    [chosen] = re.findall(r'<option value="([^"]*)" selected>', page.text.split("deadline_kind")[1])
    assert chosen == (f"recurring:{period}" if period else "")
    form = {
        "conference": journey.conference.id,
        "version": 1,
        "seconds": 3,
        "title": "Trực cống Cái Lớn",
        "leads": f"u{journey.house.unit_id(DAM_DOI)}",
        "deadline": words,
        "deadline_kind": chosen,
    }
    accepted = await hoa.post(f"/candidates/{key}/acceptance", list(form.items()))
    assert accepted.status == 303, accepted.text
    drafts = await hoa.get(f"{url}/drafts")
    [(draft, directive_id)] = re.findall(r'name="draft" value="((\d+):\d+)"', drafts.text)
    assert shown in drafts.text
    [leader] = re.findall(r'<option value="(\d+)" selected>Phó Chủ tịch UBND tỉnh', drafts.text)
    issued = await hoa.post(f"{url}/issues", {"draft": draft, "leader": leader})
    assert issued.status == 303
    directive = journey.row(Directive, int(directive_id))
    assert isinstance(directive, Directive)
    assert period_of(directive.recurrence) is period
    assert shown in (await hoa.get(f"/directives/{directive_id}")).text
    assert shown in (await hoa.get("/directives")).text
    khai = await served.as_("khai")
    assert shown in (await khai.get("/work")).text


@pytest.mark.parametrize(("words", "period", "shown"), SAID)
async def test_the_form_answers_with_the_period_while_one_types(
    journey: Journey, served: Served, words: str, period: Period | None, shown: str
) -> None:
    hoa = await served.as_("hoa")
    answer = await hoa.get(f"/deadline?text={quote(words)}&on=2025-09-24")
    assert json.loads(answer.text)["read"] == shown


def test_every_period_of_the_reader_is_one_of_ours(journey: Journey) -> None:
    with journey.house.db.read() as session:
        calendar = load_calendar(session)
    said = ("hằng ngày", "hằng tuần", "hằng tháng", "hằng quý", "6 tháng một lần", "hằng năm")
    found = [read_words(words, date(2025, 9, 24), calendar) for words in said]
    assert [deadline and deadline.period for deadline in found] == list(Period)
