"""Files are known by content, results are complete or refused, words become deadlines."""

from __future__ import annotations

from datetime import date

import pytest

from server.domain.deadlines import DeadlineKind
from server.domain.errors import UserError
from server.domain.reports import (
    DOCX,
    JPEG,
    PDF,
    PNG,
    XLSX,
    file_name,
    guard_result,
    media_type_of,
    split_number,
)
from server.domain.workdays import Calendar
from server.services.deadlines import TypedDeadline, deadline_of, typed, understand_with

HELD = date(2025, 9, 24)
CAL = Calendar()


@pytest.mark.parametrize(
    ("head", "members", "kind"),
    [
        (b"%PDF-1.7", (), PDF),
        (b"\x89PNG\r\n\x1a\n", (), PNG),
        (b"\xff\xd8\xff\xe0", (), JPEG),
        (b"PK\x03\x04", ("[Content_Types].xml", "word/document.xml"), DOCX),
        (b"PK\x03\x04", ("[Content_Types].xml", "xl/workbook.xml"), XLSX),
        (
            b"PK\x03\x04",
            ("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            None,
        ),
        (b"PK\x03\x04", ("a.txt",), None),
        (b"MZ\x90\x00", (), None),
        (b"<html>", (), None),
        (b"", (), None),
    ],
)
def test_a_file_is_what_it_holds(head: bytes, members: tuple[str, ...], kind: str | None) -> None:
    assert media_type_of(head, members) == kind


def test_a_name_keeps_its_words_and_gets_the_suffix_of_its_content() -> None:
    assert file_name("C:\\tệp\\Báo cáo.pdf", PDF) == "Báo cáo.pdf"
    assert file_name("../../etc/passwd", PDF) == "passwd.pdf"
    assert file_name("ảnh.JPEG", JPEG) == "ảnh.JPEG"
    assert file_name("x\n\x00.exe", PNG) == "x.exe.png"
    assert file_name("...", PDF) == "tep.pdf"


def test_a_result_needs_words_and_a_proof() -> None:
    guard_result("xong", "214", True, 0, none=False)
    guard_result("xong", None, False, 1, none=False)
    guard_result("xong", None, False, 0, none=True)
    for text, number, day, files, none in [
        ("", "214", True, 1, True),
        ("xong", "214", False, 0, False),
        ("xong", None, True, 0, False),
    ]:
        with pytest.raises(UserError) as refused:
            guard_result(text, number, day, files, none)
        assert refused.value.code == "result_missing"


def test_number_and_symbol_are_split_at_the_first_stroke() -> None:
    assert split_number(" 214/BC-UBND ") == ("214", "BC-UBND")
    assert split_number("214") == ("214", None)
    assert split_number("") == (None, None)


@pytest.mark.parametrize(
    ("words", "choice", "kind", "due_on", "chosen"),
    [
        ("trước ngày 15/10", "", DeadlineKind.DATED, date(2025, 10, 15), True),
        ("trong vòng 10 ngày", "", DeadlineKind.DATED, date(2025, 10, 4), True),
        ("01/08/2025", "", DeadlineKind.DATED, date(2025, 8, 1), True),
        ("thường xuyên", "", DeadlineKind.STANDING, None, True),
        ("hằng quý", "", DeadlineKind.RECURRING, None, True),
        ("", "recurring:month", DeadlineKind.RECURRING, None, True),
        ("sau khi có nghị quyết", "event", DeadlineKind.EVENT, None, True),
        ("", "none", DeadlineKind.NONE, None, True),
        ("sớm", "", DeadlineKind.NONE, None, False),
        ("31/02/2025", "", DeadlineKind.NONE, None, False),
        ("", "", DeadlineKind.NONE, None, False),
    ],
)
def test_typed_words_become_a_deadline(
    words: str, choice: str, kind: DeadlineKind, due_on: date | None, chosen: bool
) -> None:
    deadline, on_purpose = deadline_of(TypedDeadline(words, choice), HELD, CAL)
    assert (deadline.kind, deadline.due_on, on_purpose) == (kind, due_on, chosen)
    again, still = deadline_of(typed(deadline, chosen), HELD, CAL)
    assert (typed(again, still), again.due_on) == (typed(deadline, chosen), deadline.due_on)


@pytest.mark.parametrize(
    ("words", "choice", "problem"), [("", "event", "event_missing"), ("x", "soon", "unknown")]
)
def test_a_choice_that_means_nothing_is_refused(words: str, choice: str, problem: str) -> None:
    with pytest.raises(UserError) as refused:
        deadline_of(TypedDeadline(words, choice), HELD, CAL)
    assert refused.value.params["problem"] == problem


def test_the_reader_is_told_what_a_date_means() -> None:
    counted = understand_with("trong vòng 10 ngày", HELD, HELD, CAL)
    assert counted.moved_to == date(2025, 10, 6)
    assert counted.day_off
    past = understand_with("trước ngày 25/9", HELD, date(2025, 9, 26), CAL)
    assert past.past
    assert understand_with("sau vụ lúa", HELD, HELD, CAL).deadline is None
