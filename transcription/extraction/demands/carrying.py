"""What a sentence says of the demand before it: a deadline told later, one more act.

"Việc này xong trước ngày 20." gives the demand before its date; "Báo cáo kết quả về Văn phòng trước
ngày 30." is one more act of the same lead. What takes a demand back is read in `taken_back`.
"""

from __future__ import annotations

from dataclasses import replace

from transcription.extraction import lexicon as lx
from transcription.extraction.clauses import item_at
from transcription.extraction.demands.spans import Draft, task_span
from transcription.extraction.phrases import phrases
from transcription.extraction.scene import GIVEN, MUST, URGENT, Anchor, Scene
from transcription.text.vi_deadlines import DeadlineFound, choose

_MAX_WORDS = 45
_NUMERALS = ("i", "ii", "iii", "iv", "v", "a", "b", "c", "d", "đ", "1", "2", "3", "4", "5")
_SAME_SUBJECT = phrases("same_subject")


def carry(scene: Scene, before: list[Draft]) -> list[Draft]:
    """New drafts made from a sentence without an addressee; may change the drafts `before` it."""
    if not before or scene.speaker_role == "unit" or scene.sentence.question:
        return []
    words, sentence = scene.reader.words, scene.sentence
    deadline = _deadline(scene)
    if (altered := _altered(scene)) is not None:
        _set_deadline(before[-1:], altered)
        return []
    if deadline is not None and _tells_due(scene, deadline):
        _set_deadline(before, deadline)
        return []
    place = _act_start(scene)
    if place is None:
        return []
    task = task_span(scene, place, sentence.end)
    conduct = lx.MEETING.at(words, task[0]) and deadline is None
    if task[1] - task[0] < 2 or conduct or _tells_past(scene, task):
        return []
    last = before[-1]
    if "tabled" in last.reasons:
        return []  # the next row
    point = words[sentence.start] in ("thứ", "việc") or words[sentence.start + 1] == "là"
    point = point or item_at(scene.reader.tokens, sentence.start) > sentence.start
    if last.announces or (last.listed and point):
        return [_one_more(last, sentence.start, sentence.end, task, deadline, listed=True)]
    behind = deadline is not None and deadline.start >= task[0]
    if scene.sentence.joined and last.deadline is None and deadline is not None and behind:
        last.deadline, last.deadline_end = deadline, deadline.end  # one list, its date at the end
        _go_on(before, task, sentence.end)
        return []
    anew = last.deadline is not None and not sentence.joined and _hands_in(scene, place)
    if (deadline is None and not anew) or (deadline and _same(deadline, last.deadline)):
        _go_on(before, task, sentence.end)
        return []
    return [_one_more(last, sentence.start, sentence.end, task, deadline)]


def _tells_due(scene: Scene, deadline: DeadlineFound) -> bool:
    """Is the sentence only about the date of the demand before?"""
    pointed = _points_back(scene, deadline) or _changes_date(scene, deadline)
    return pointed or _only_tells_deadline(scene, deadline)


def to_the_floor(scene: Scene) -> Draft | None:
    """ "Làm lại bảng tổng hợp …, gửi Văn phòng trước ngày mai.": said by the chair to who has the
    floor, nobody named."""
    if scene.floor is None or scene.speaker_role not in ("chair", "co_chair"):
        return None
    deadline, place = _deadline(scene), _act_start(scene)
    if place is None or deadline is None or deadline.strength < 2 or scene.sentence.question:
        return None
    task = task_span(scene, place, scene.sentence.end)
    if task[1] - task[0] < 2 or _tells_past(scene, task) or deadline.start < place:
        return None
    floor = scene.floor._replace(start=place, end=place)
    reasons = ("subject.carried",)
    anchor = Anchor(place, place, URGENT, (floor,), reasons=reasons)
    return Draft(
        scene.sentence.start, scene.sentence.end, task, anchor, (floor,), (), deadline,
        reasons=list(reasons),
    )  # fmt: skip


def listed_on(scene: Scene, before: list[Draft]) -> bool:
    """ "… tham mưu: (1) đề án …; (2) kế hoạch …": one more item of the list that a task opened."""
    if not before or not scene.sentence.joined:
        return False
    words, last = scene.reader.words, before[-1]
    if ":" not in words[last.task[0] : last.task[1]]:
        return False
    last.task = task_span(scene, last.task[0], scene.sentence.end)
    last.end = max(last.end, last.task[1])
    return True


def mark_told(scene: Scene, before: list[Draft], kept: list[Draft]) -> None:
    """ "… đã giao Sở A rà soát; đồng thời giao Sở B …": one more of what is reported."""
    start = scene.sentence.start
    also = scene.sentence.joined and scene.reader.words[start : start + 2] == ["đồng", "thời"]
    if also and before and before[-1].anchor.reported:
        for draft in kept:
            draft.anchor = replace(draft.anchor, reported=True)


def due_of_items(scene: Scene, kept: list[Draft]) -> DeadlineFound | None:
    """ "Hai việc sau phải xong trước ngày 20/10: A làm …; B làm …": the date of the heading that
    the first item shares a sentence with."""
    deadline = kept[0].deadline if kept else None
    if deadline is None:
        return None
    between = scene.reader.words[deadline.end : kept[0].anchor.start]
    return deadline if ":" in between and deadline.start >= scene.sentence.start else None


def due_for_all(scene: Scene, series: list[Draft]) -> bool:
    """ "Cả hai Sở báo cáo trước ngày 27/10.", "cùng xong trước …": a date for a whole list of
    demands; sets it and answers True."""
    waiting = [draft for draft in series if draft.deadline is None]
    if len(waiting) < 2 or not scene.deadlines:
        return False
    words, place = scene.reader.words, scene.sentence.start
    while place < scene.sentence.end and words[place] in lx.FILLERS:
        place += 1
    deadline = _deadline(scene)
    size = lx.SHARED_BY_ALL.at(words, place)
    if deadline is None or not size:
        return False
    said = words[place : place + size]
    head = next((word for word in ("xã", "phường", "sở") if word in said), None)
    alike = [draft for draft in waiting if head is not None and _headed(scene, draft, head)]
    waiting = alike or waiting
    _set_deadline(waiting[-2:] if "hai" in said else waiting, deadline)
    return True


def _headed(scene: Scene, draft: Draft, head: str) -> bool:
    return any(head in scene.reader.words[lead.start : lead.end] for lead in draft.leads)


def share_over_points(scene: Scene, series: list[Draft], kept: list[Draft]) -> None:
    """ "một là giao A …, hai là giao B …, đều báo cáo trước ngày 30": the last point's date, said
    for all of them."""
    deadline = kept[-1].deadline if kept else None
    if not scene.sentence.joined or deadline is None or deadline.start < kept[-1].task[0]:
        return
    words = scene.reader.words
    shared = lx.SHARED_BY_ALL.inside(words, kept[-1].task[0], deadline.start)
    if shared is not None and words[shared] != "cùng":
        _set_deadline([d for d in series if d.deadline is None], deadline)


def _deadline(scene: Scene) -> DeadlineFound | None:
    usable = [d for d in scene.deadlines if not d.horizon]
    return choose(usable) if usable else None


def _only_tells_deadline(scene: Scene, deadline: DeadlineFound) -> bool:
    words, sentence = scene.reader.words, scene.sentence
    inside: set[int] = set()
    for found in scene.deadlines:
        inside |= set(range(found.start, found.end))
    rest = [words[i] for i in range(sentence.start, sentence.end) if i not in inside]
    strange = [word for word in rest if word not in lx.DEADLINE_SHELL and word not in lx.FILLERS]
    said = scene.reader.words[deadline.start : deadline.end]
    handing_in = "báo cáo" in " ".join(rest[:3]) and rest[0] in ("báo", "phải", "cần")
    handing_in = handing_in or "trình" in said
    return not strange and not handing_in


_POINTED_WORDS, _POINTED_AT = 24, 5


def _points_back(scene: Scene, deadline: DeadlineFound) -> bool:
    """ "Văn bản đó phải ra trong 3 ngày", "việc này dài hơn, tôi cho đến hết quý III"."""
    words, (start, end) = scene.reader.words, (scene.sentence.start, scene.sentence.end)
    dated = deadline.deadline.kind == "dated" and deadline.strength >= 2
    if not dated or end - start > _POINTED_WORDS:
        return False
    head = words[start : min(start + _POINTED_AT, deadline.start)]
    points = next((n for n, word in enumerate(head) if word in ("này", "đó", "ấy")), 0)
    return points > 0 and lx.VERBS.inside(words, start, start + points) is None


_CHANGES = phrases("changes_date")
_CHANGING_WORDS = 16


def _changes_date(scene: Scene, deadline: DeadlineFound) -> bool:
    """ "Mà thôi, mười lăm vẫn trễ, chốt ngày 12/12.", "Tôi chờ tới hết ngày 5."."""
    words, (start, end) = scene.reader.words, (scene.sentence.start, scene.sentence.end)
    dated = deadline.deadline.kind == "dated" and end - start <= _CHANGING_WORDS
    return dated and bool(_CHANGES.at(words, start))


_ALTERED_TO = phrases("altered_to")
_DATES = frozenset("thời hạn ngày mốc".split())


def _altered(scene: Scene) -> DeadlineFound | None:
    """ "Thời hạn ngày 15/12 ghi trong dự thảo được sửa thành ngày 31/12.": the new date."""
    words, start = scene.reader.words, scene.sentence.start
    if words[start] not in _DATES:
        return None
    dated = (d for d in scene.deadlines if d.deadline.kind == "dated" and d.start > start)
    return next((d for d in dated if _ALTERED_TO.before(words, d.start)), None)


def _set_deadline(before: list[Draft], deadline: DeadlineFound) -> None:
    """Every demand of the sentence before that has none; else the last one's is changed."""
    open_ones = [draft for draft in before if draft.deadline is None]
    for draft in open_ones or before[-1:]:
        draft.reasons.append("deadline.next_sentence" if open_ones else "deadline.changed")
        draft.deadline = deadline
        draft.deadline_end = deadline.end


_RESULTS = (
    ["kết", "quả"], ["hồ", "sơ"], ["danh", "sách"], ["phương", "án"], ["dự", "thảo"], ["số", "liệu"]
)  # fmt: skip


def _hands_in(scene: Scene, i: int) -> bool:
    """ "…; kết quả báo cáo Chủ tịch UBND tỉnh trước ngày 15/5": what is handed in goes first."""
    words = scene.reader.words
    if not scene.reader.cased or words[i : i + 2] not in _RESULTS:
        return False
    i += 2 + 2 * (words[i + 2 : i + 4] == ["tổng", "hợp"])
    late = words[i + 1 : i + 2] in (["sau"], ["chậm"], ["muộn"], ["trễ"])
    return words[i : i + 1] in (["trình"], ["gửi"], ["báo"], ["nộp"]) and not late


def _act_start(scene: Scene) -> int | None:
    """Where the act of a sentence without a subject begins: a verb or "phải" at its start."""
    words, sentence = scene.reader.words, scene.sentence
    if sentence.end - sentence.start > _MAX_WORDS or lx.CLOSERS.at(words, sentence.start):
        return None
    place = sentence.start
    while place < sentence.end:
        size = lx.OPENERS.at(words, place)
        deadline = scene.deadline_from(place)
        if deadline is None and place > sentence.start and words[place - 1] == "là":
            deadline = scene.deadline_from(place - 1)  # "hai là trước mùng mười …"
        if deadline is not None:
            place = deadline.end
        elif words[place] in lx.FILLERS or words[place] in _NUMERALS:
            place += 1
        elif size and not lx.VERBS.at(words, place):
            place += size
        else:
            break
    if _hands_in(scene, place):
        return place
    subject = _SAME_SUBJECT.at(words, place)
    if subject and lx.MUST.at(words, place + subject):
        return place + subject
    must = lx.MUST.at(words, place) or lx.URGENT.at(words, place)
    if lx.EXHORTING.at(words, place + must):
        return None
    return place if must or lx.VERBS.at(words, place) else None


_TELLING = frozenset("đã đang vừa sẽ tôi đạt còn".split())
_MANY = frozenset("các những số phần hộ".split())


def _tells_past(scene: Scene, task: tuple[int, int]) -> bool:
    words = scene.reader.words[task[0] : task[1]]
    if words[lx.VERBS.at(words, 0) :][:1] == ["là"]:
        return True  # "cưỡng chế là chuyện sau cùng"
    told = next((n for n, word in enumerate(words[:10]) if word in _TELLING), None)
    return told is not None and _MANY.isdisjoint(words[:told])  # not "số lợn đã tiêu hủy"


def _same(deadline: DeadlineFound, other: DeadlineFound | None) -> bool:
    return other is not None and deadline.deadline.due_on == other.deadline.due_on


def _go_on(before: list[Draft], task: tuple[int, int], end: int) -> None:
    last = before[-1]
    start = last.task[0] if last.task[0] < last.task[1] else task[0]
    last.task = (start, task[1])
    last.end = max(last.end, end)
    last.reasons.append("act.carried")


def _one_more(
    last: Draft,
    start: int,
    end: int,
    task: tuple[int, int],
    deadline: DeadlineFound | None,
    *,
    listed: bool = False,
) -> Draft:
    shape = last.anchor.shape if last.anchor.shape in (GIVEN, MUST) else MUST
    anchor: Anchor = replace(last.anchor, start=start, body=start, shape=shape)
    return Draft(
        start=start,
        end=end,
        task=task,
        anchor=anchor,
        leads=last.leads,
        coordinating=(),
        deadline=deadline,
        carried=True,
        listed=listed,
        reasons=["subject.carried", *(["announced"] if listed else [])],
    )
