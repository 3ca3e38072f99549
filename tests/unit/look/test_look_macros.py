"""Macros give names that readers hear: labels and errors tied to fields, states in words."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

UNITS = [
    {
        "value": "32152",
        "label": "Ủy ban nhân dân xã Đầm Dơi",
        "aliases": ["Đầm Dơi", "UBND Đầm Dơi"],
    },
    {"value": "sxd", "label": "Sở Xây dựng"},
]


class Elements(HTMLParser):
    """The elements of a fragment as (tag, attributes)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def one(self, tag: str, **wanted: str) -> dict[str, str | None]:
        found = [
            attrs
            for name, attrs in self.all
            if name == tag and all(attrs.get(key) == value for key, value in wanted.items())
        ]
        assert len(found) == 1, (tag, wanted, found)
        return found[0]


def macro(templates: Any, file: str, name: str) -> Any:
    return getattr(templates.get_template(f"macros/{file}.html").module, name)


def test_a_field_is_named_by_its_label_and_described_by_its_error(templates: Any) -> None:
    field = Elements(
        macro(templates, "fields", "input")(
            "count", "Số đại biểu", "mười", error="Viết số.", hint="Cả dự thay."
        )
    )
    control = field.one("input")
    assert field.one("label")["for"] == control["id"] == "f-count"
    assert control["aria-describedby"] == "f-count-e f-count-h"
    assert control["aria-invalid"] == "true"
    assert control["value"] == "mười"


def test_a_good_field_is_not_marked_wrong(templates: Any) -> None:
    control = Elements(macro(templates, "fields", "input")("no", "Số văn bản")).one("input")
    assert "aria-invalid" not in control
    assert "aria-describedby" not in control


def test_only_an_optional_field_says_so(templates: Any) -> None:
    field = macro(templates, "fields", "textarea")
    assert "nếu có" in field("note", "Ghi chú", optional=True)
    assert "nếu có" not in field("note", "Ghi chú")


def test_what_was_typed_is_text_and_never_markup(templates: Any) -> None:
    typed = '</textarea><script>alert("x")</script>'
    page = macro(templates, "fields", "textarea")("task", "Nội dung", typed)
    assert "<script>" not in page
    assert [tag for tag, _ in Elements(page).all].count("textarea") == 1


def test_a_select_keeps_a_number_chosen(templates: Any) -> None:
    page = macro(templates, "fields", "select")(
        "len", "Thời lượng", [(60, "60 phút"), (150, "150 phút")], 150
    )
    assert "selected" in Elements(page).one("option", value="150")
    assert "selected" not in Elements(page).one("option", value="60")


def test_a_disabled_button_has_its_reason_beside_it(templates: Any) -> None:
    page = macro(templates, "buttons", "button")("Lên lịch", why_not="Còn thiếu chủ trì.")
    assert "disabled" in Elements(page).one("button")
    assert "Còn thiếu chủ trì." in page


def test_a_lone_icon_has_a_name_and_a_decoration_has_none(templates: Any) -> None:
    icon = macro(templates, "icons", "icon")
    assert Elements(icon("user", "Tài khoản")).one("svg")["aria-label"] == "Tài khoản"
    assert Elements(icon("user")).one("svg")["aria-hidden"] == "true"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("new", "Chưa tiếp nhận"),
        ("received", "Đã tiếp nhận"),
        ("in_progress", "Đang thực hiện"),
        ("submitted", "Chờ xác nhận"),
        ("returned", "Thực hiện lại"),
        ("done", "Đã hoàn thành"),
        ("refused", "Từ chối nhiệm vụ"),
        ("suspended", "Tạm hoãn"),
        ("withdrawn", "Đã thu hồi"),
        ("merged", "Đã gộp"),
        ("draft", "Nháp"),
    ],
)
def test_a_status_says_its_state_and_its_lateness_in_words(
    templates: Any, state: str, words: str
) -> None:
    page = macro(templates, "status", "st")(state, "late", "Quá hạn 12 ngày")
    assert words in page
    assert "Quá hạn 12 ngày" in page


def test_every_state_of_the_domain_has_its_word(templates: Any) -> None:
    from server.domain.directives import AssignmentState
    from server.domain.meetings import ConferenceState

    word = macro(templates, "status", "state_word")
    assert [state for state in AssignmentState if not word(state.value).strip()] == []
    word = macro(templates, "status", "conference_word")
    assert [state for state in ConferenceState if not word(state.value).strip()] == []


def test_a_picker_is_a_native_select_before_any_script(templates: Any) -> None:
    page = Elements(
        macro(templates, "units", "picker")("lead", "Cơ quan chủ trì", UNITS, ["32152"])
    )
    assert page.one("label")["for"] == page.one("select")["id"]
    option = page.one("option", value="32152")
    assert "selected" in option
    assert option["data-aliases"] == "Đầm Dơi|UBND Đầm Dơi"
    assert "selected" not in page.one("option", value="sxd")


def test_the_rule_of_units_is_one_picture_with_one_sentence(templates: Any) -> None:
    units = [{"name": "Đầm Dơi", "state": ""}, {"name": "Tân Tiến", "state": "x"}]
    rule = Elements(macro(templates, "units", "r64")(units, "2 điểm cầu: 1 có sự cố")).one("div")
    assert (rule["role"], rule["aria-label"]) == ("img", "2 điểm cầu: 1 có sự cố")


def test_a_dialog_names_its_loss_and_puts_the_safe_answer_first(templates: Any) -> None:
    page = macro(templates, "feedback", "dialog")(
        "end", "Kết thúc hội nghị?", "Ghi âm dừng lại.", "Họp tiếp", "Kết thúc"
    )
    assert Elements(page).one("dialog")["aria-labelledby"] == "end-t"
    assert page.index("Họp tiếp") < page.index('type="submit"')


def test_the_frame_marks_where_one_is_and_offers_the_way_out(
    templates: Any, frame: dict[str, Any]
) -> None:
    page = templates.get_template("errors/error.html").render(
        text="Không tìm thấy.", code="not_found", request_id="ab12", **frame
    )
    assert page.count('aria-current="page"') == 2
    assert 'action="/sign-out"' in page
    assert "Không tìm thấy." in page
    assert "ab12" in page


def test_before_sign_in_the_frame_has_no_places(templates: Any, frame: dict[str, Any]) -> None:
    frame["me"] = None
    page = templates.get_template("errors/error.html").render(
        text="Phiên đã hết.", code="signed_out", request_id="ab12", **frame
    )
    assert "sign-out" not in page
    assert "<nav" not in page
    assert 'href="/sign-in"' in page
