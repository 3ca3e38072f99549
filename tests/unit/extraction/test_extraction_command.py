"""`python -m transcription extract`: its contract, and bad input."""

from __future__ import annotations

import io
import json

import pytest

from transcription.commands.extract import MAX_BYTES, main


class Streams:
    def __init__(self, monkeypatch, capsys):
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def run(self, *arguments, given=b""):
        stream = io.TextIOWrapper(io.BytesIO(given), encoding="utf-8")
        self._monkeypatch.setattr("sys.stdin", stream)
        status = main(list(arguments))
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err


@pytest.fixture
def streams(monkeypatch, capsys):
    return Streams(monkeypatch, capsys)


TEXT = "Giao UBND xã Đầm Dơi rà soát hộ nghèo, báo cáo trước 17 giờ ngày 15 tháng 10."


def test_a_text_gives_one_json_list_of_tasks(streams):
    status, out, err = streams.run("--held-on", "2025-09-24", given=TEXT.encode())
    assert (status, err) == (0, "")
    (task,) = json.loads(out)
    assert task["lead"] == ["Ủy ban nhân dân xã Đầm Dơi"]
    assert task["task"] == "rà soát hộ nghèo, báo cáo"
    assert (task["deadline"], task["deadline_time"]) == ("2025-10-15", "17:00")
    assert (task["deadline_kind"], task["precision"]) == ("dated", "minute")
    assert task["deadline_text"] == "trước 17 giờ ngày 15 tháng 10"
    assert (task["kind"], task["class"]) == ("assignment", None)
    assert TEXT[task["quote_start"] : task["quote_end"]] == task["quote"]
    assert task["coordinating"] == []
    assert 0 < task["confidence"] <= 1
    assert task["reasons"]


def test_a_class_is_told_by_its_group_and_kept_as_said(streams):
    text = "Yêu cầu các xã, phường báo cáo trước ngày 1/10."
    _, out, _ = streams.run("--held-on", "2025-09-24", given=text.encode())
    (task,) = json.loads(out)
    assert (task["lead"], task["class"]) == (["các xã, phường"], "communes_wards")


def test_another_roster_replaces_the_shipped_ones(streams, tmp_path):
    units = tmp_path / "units.csv"
    units.write_text("code,name,division_type\n1,Xã Đồng Xanh,xã\n", encoding="utf-8")
    text = "Giao xã Đồng Xanh rà soát. Giao xã Đầm Dơi rà soát."
    _, out, _ = streams.run("--held-on", "2025-09-24", "--units", str(units), given=text.encode())
    leads = [task["lead"] for task in json.loads(out)]
    assert leads[0] == ["Ủy ban nhân dân xã Đồng Xanh"]
    assert leads[1] == ["xã Đầm Dơi"]


def test_requests_are_printed_when_asked_for(streams):
    text = "UBND xã Đất Mới kiến nghị Sở Tài chính hỗ trợ kinh phí nạo vét kênh."
    _, out, _ = streams.run("--held-on", "2025-09-24", "--requests", given=text.encode())
    (request,) = json.loads(out)
    assert request["from"] == "Ủy ban nhân dân xã Đất Mới"
    assert request["to"] == ["Sở Tài chính"]
    assert request["request"] == "hỗ trợ kinh phí nạo vét kênh"


def test_explain_says_why_a_sentence_was_not_taken(streams):
    text = TEXT + " Đề nghị các xã giữ trật tự."
    _, out, _ = streams.run("--held-on", "2025-09-24", "--explain", given=text.encode())
    assert "assignment 0.9" in out
    assert "not taken: conduct: Đề nghị các xã giữ trật tự" in out


def test_a_file_is_read_like_standard_input(streams, tmp_path):
    file = tmp_path / "text.txt"
    file.write_text(TEXT, encoding="utf-8")
    status, out, _ = streams.run("--held-on", "2025-09-24", str(file))
    assert status == 0
    assert len(json.loads(out)) == 1


def test_an_empty_text_gives_an_empty_list(streams):
    assert streams.run("--held-on", "2025-09-24")[:2] == (0, "[]\n")


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        ((), b"x", "held_on is missing"),
        (("--held-on", "24/9/2025"), b"x", "YYYY-MM-DD"),
        (("--held-on", "2025-09-24"), b"\xff\xfe\x00", "not UTF-8"),
        (("--held-on", "2025-09-24"), b"a\x00b", "NUL"),
        (("--held-on", "2025-09-24"), b"x" * (MAX_BYTES + 1), "split the text"),
        (("--held-on", "2025-09-24", "/nowhere/text"), b"", "cannot read"),
        (("--held-on", "2025-09-24", "--units", "/nowhere/units.csv"), b"x", "roster"),
    ],
)
def test_unusable_input_is_told_with_what_to_do(streams, arguments, given, said):
    status, out, err = streams.run(*arguments, given=given)
    assert (status, out) == (2, "")
    assert said in err


def test_a_roster_without_its_columns_names_them(streams, tmp_path):
    units = tmp_path / "units.csv"
    units.write_text("ma;ten\n1;A\n", encoding="utf-8")
    status, _, err = streams.run("--held-on", "2025-09-24", "--units", str(units), given=b"x")
    assert status == 2
    assert "code, name and division_type" in err


def test_a_stream_answers_line_by_line_and_goes_on_after_a_bad_one(streams):
    lines = [
        json.dumps({"id": 1, "text": TEXT, "held_on": "2025-09-24"}).encode(),
        b"{",
        b"[]",
        json.dumps({"id": 4, "text": "x"}).encode(),
        json.dumps({"id": 5, "held_on": "2025-09-24"}).encode(),
        json.dumps({"id": 6, "text": "x", "held_on": "2025-09-24", "speaker_role": "x"}).encode(),
        b"\xff\xff",
        b'"' + b"x" * (MAX_BYTES * 2) + b'"',
        b"",
        json.dumps(
            {
                "id": "z",
                "text": "đề nghị tỉnh sớm hướng dẫn chế độ",
                "held_on": "2025-09-24",
                "floor": "xã Năm Căn",
                "speaker_role": "unit",
            }
        ).encode(),
    ]
    status, out, _ = streams.run("--jsonl", given=b"\n".join(lines) + b"\n")
    answers = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [answer["id"] for answer in answers] == [1, None, None, 4, 5, 6, *[None] * 3, "z"]
    assert all("error" in answer for answer in answers[1:-1])
    assert len(answers[0]["tasks"]) == 1
    (request,) = answers[-1]["requests"]
    assert request["from"] == "Ủy ban nhân dân xã Năm Căn"
    assert request["to"] == ["Ủy ban nhân dân tỉnh Cà Mau"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"", "empty line"),
        (b'{"id": 2, "text": " ", "held_on": "2025-09-24"}', "text is empty"),
        (b'{"id": 2, "text": "x", "held_on": "9999-12-31"}', "no meeting's day"),
        (b'{"id": 2, "text": "x", "held_on": "2025-02-30"}', "no day"),
        (b'{"id": 2, "text": "x \\ud800", "held_on": "2025-09-24"}', "surrogates"),
        (b'{"id": 2, "text": 5, "held_on": "2025-09-24"}', "as a string"),
        (b'{"id": 2, "text": "x", "held_on": "2025-09-24", "floor": 5}', "floor"),
        (b'{"id": NaN}', "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"\x7fELF\x02\x01\x00\x00", "NUL"),
        (b'{"id": 2, "text": "' + b"x" * 10_000_000 + b'"}', "split the text"),
    ],
)
def test_a_bad_line_gets_its_error_and_the_next_one_its_answer(streams, line, said):
    good = json.dumps({"id": 3, "text": TEXT, "held_on": "2025-09-24"}).encode()
    status, out, _ = streams.run("--jsonl", given=line + b"\n" + good + b"\n")
    bad, answer = (json.loads(each) for each in out.splitlines())
    assert status == 0
    assert said in bad["error"]
    assert (answer["id"], len(answer["tasks"])) == (3, 1)


def test_an_answer_tells_which_request_it_answers(streams):
    text = (
        "Xã Đầm Dơi kiến nghị Sở Tài chính bố trí kinh phí sửa cầu kênh Ba. "
        "Giao Sở Tài chính giải quyết kiến nghị của xã Đầm Dơi về kinh phí sửa cầu kênh Ba."
    )
    line = json.dumps({"id": 1, "text": text, "held_on": "2025-09-24"}).encode()
    _, out, _ = streams.run("--jsonl", given=line)
    answer = json.loads(out)
    assert len(answer["requests"]) == 1
    assert [task["answers"] for task in answer["tasks"]] == [0]
