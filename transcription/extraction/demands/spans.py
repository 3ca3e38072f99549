"""Where a demand begins and ends, by when it is due, and where its own words (the task) lie.

Input are the anchors of a sentence; output are drafts: one for each set of leads and deadline. The
task is one verbatim stretch from the first verb behind the addressees to the end of the demand,
without a deadline at its ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from transcription.extraction import lexicon as lx
from transcription.extraction.demands.due_dates import own_deadlines, parts_of
from transcription.extraction.mentions.mention import Mention
from transcription.extraction.phrases import phrases
from transcription.extraction.scene import ELLIPSIS, Anchor, Scene, topic_before
from transcription.text.vi_deadlines import DeadlineFound

_TOPICS = phrases("topics")
_TOPIC_NEAR = 12
_GOES_ON = frozenset(
    "cho về với tại ở của đến tới lên xuống vào qua từ trên để theo và cùng các những toàn số "
    "việc phần hai ba bốn năm một mười".split()
)
_SAME_DUE = phrases("same_due")
_AFTER_DUE = phrases("after_due")
_SIGNS = (",", ":", "-", "–", "(", ")")


@dataclass(slots=True)
class Draft:
    """A demand in the making. Token places; `task` (start, end) is empty when nothing was said."""

    start: int
    end: int
    task: tuple[int, int]
    anchor: Anchor
    leads: tuple[Mention, ...]
    coordinating: tuple[Mention, ...]
    deadline: DeadlineFound | None
    topic: tuple[int, int] | None = None
    carried: bool = False
    announces: bool = False  # tasks that come in the sentences behind
    listed: bool = False  # one of tasks announced before
    deadline_end: int | None = None  # token after a deadline told in a later sentence
    reasons: list[str] = field(default_factory=list)


def drafts_of(scene: Scene, anchors: Sequence[Anchor]) -> list[Draft]:
    """The drafts of one sentence, in order."""
    found: list[Draft] = []
    starts: list[int] = []
    for n in range(len(anchors)):
        starts.append(_prefix_start(scene, anchors, n, starts))
    for n, anchor in enumerate(anchors):
        end = starts[n + 1] if n + 1 < len(anchors) else scene.sentence.end
        end = _closed(scene, anchor.body, end, reported=anchor.reported)
        own = own_deadlines(scene, starts[n], anchor, end)
        for body, part_end, deadline in parts_of(scene, anchor, end, own):
            draft = _draft(scene, anchor, starts[n], body, part_end, deadline)
            if ELLIPSIS in anchor.reasons and found:
                draft.task = found[-1].task
            found.append(draft)
    _due_as_before(scene, found)
    _share_with_those_before(scene, found)
    _share_last_deadline(scene, found, anchors)
    if found and anchors:
        found[0].coordinating += _helpers_first(scene, anchors[0].start)
    return found


def _helpers_first(scene: Scene, end: int) -> tuple[Mention, ...]:
    """ "Phối hợp với Công an tỉnh, Sở C xác minh …": who helps, said before who leads."""
    words, start = scene.reader.words, scene.sentence.start
    signs = (k for k in range(start, min(start + _TOPIC_NEAR, end)) if words[k] == ":")
    start = next(signs, start - 1) + 1
    size = lx.COOPERATE.at(words, start)
    if not size or words[start] not in ("phối", "chủ", "cùng"):
        return ()
    others, _ = scene.reader.read_list(start + size, addressed=True)
    return tuple(other for other in others if other.end < end)


def _draft(
    scene: Scene, anchor: Anchor, start: int, body: int, end: int, deadline: DeadlineFound | None
) -> Draft:
    task = task_span(scene, body, end)
    deadline = _as_passed(deadline) if anchor.reported and deadline is not None else deadline
    return Draft(
        start=start if body == anchor.body else body,
        end=max(end, task[1]),
        task=task,
        anchor=anchor,
        leads=anchor.leads,
        coordinating=anchor.coordinating + inner_coordination(scene, task),
        deadline=deadline,
        topic=_topic(scene, start, anchor.start),
        reasons=list(anchor.reasons),
    )


def _as_passed(deadline: DeadlineFound) -> DeadlineFound:
    """ "Tháng trước tôi giao … trước ngày 15/12": a date just gone by is not next year's."""
    passed = next((d for d in deadline.others if d.rule == "date.just_passed"), None)
    return deadline if passed is None else deadline._replace(deadline=passed)


def inner_coordination(scene: Scene, task: tuple[int, int]) -> tuple[Mention, ...]:
    """Bodies after "phối hợp với" inside the task."""
    words = scene.reader.words
    i = task[0]
    while i < task[1]:
        size = lx.COOPERATE.at(words, i) if words[i] in ("phối", "kết", "cùng") else 0
        if size and (words[i] != "cùng" or size > 1):
            others, _ = scene.reader.read_list(i + size, addressed=words[i] != "cùng")
            inside = tuple(m for m in others if m.end <= task[1])
            if inside:
                return inside
        i += max(size, 1)
    return ()


def _prefix_start(scene: Scene, anchors: Sequence[Anchor], n: int, starts: Sequence[int]) -> int:
    """The first anchor owns the sentence's beginning; a later one its opener and, when a sign or
    another deadline stands before it, the deadline just before it."""
    if n == 0:
        return scene.sentence.start
    words, place = scene.reader.words, anchors[n].start
    low = anchors[n - 1].body
    while place > low:
        size = lx.OPENERS.before(words, place)
        if size and place - size >= low:
            place -= size
            continue
        if words[place - 1] in ("tôi", "cho"):
            place -= 1
            continue
        topic = topic_before(words, place)
        if low <= topic < place:
            place = topic
            continue
        before = scene.deadline_to(place) or scene.deadline_to(place - 1)
        if before is None or before.start <= low:
            break
        leads = _date_first(scene, anchors[n - 1].start, starts[n - 1])
        if not leads and not _belongs_to_next(scene, before, low):
            break
        place = before.start
    return place


_BEFORE_DATE = 14


def _date_first(scene: Scene, i: int, start: int) -> bool:
    """Does the demand anchored at `i` say its date before its subject? So will the next then."""
    before = scene.deadline_to(i) or scene.deadline_to(i - 1)
    near = before is not None and 0 <= before.start - start <= _BEFORE_DATE
    return near and before is not None and before.strength >= 2


def _belongs_to_next(scene: Scene, deadline: DeadlineFound, low: int) -> bool:
    earlier = any(d.strength >= 2 for d in scene.deadlines_in(low, deadline.start))
    words = scene.reader.words
    if deadline.deadline.kind == "event" and words[deadline.end : deadline.end + 1] == ["thì"]:
        return True  # "khi nhận đủ hồ sơ thì sở thẩm định"
    if deadline.deadline.kind == "recurring" and "cứ" in words[deadline.start - 1 : deadline.end]:
        return True
    sounded = words[deadline.start - 1] in _SOUNDS
    if sounded and words[deadline.end : deadline.end + 1] == ["thì"]:
        return True  # "… ờ trước ngày hai mươi thì kho bạc …"
    if words[deadline.start - 1] in ("ờ", "à") and not scene.reader.cased:
        return True  # "… chưa yên tâm đâu ờ tuần sau anh kiểm tra lại"
    sign_before = scene.reader.words[deadline.start - 1] in (",", ":", "\n", "và", "còn")
    sign_behind = scene.reader.words[deadline.end : deadline.end + 1] == [","]
    return earlier or (sign_before and sign_behind)


_SOUNDS = ("ờ", "à", "rồi", "và", "còn", ",")
_CLOSING = lx.CLOSERS.first_words - {"báo"}
_LONGEST_TIME = 16  # tokens of a deadline


def _closed(scene: Scene, body: int, end: int, *, reported: bool) -> int:
    """The demand ends where thanks, invitations or the next address begin; a reported one where
    the complaint does that it was missed."""
    words = scene.reader.words
    for i in range(body + 2, end):
        if reported and words[i] in lx.COMPLAINT.first_words and lx.COMPLAINT.at(words, i):
            return i
        if words[i : i + 2] == ["chúc", "tết"]:
            continue
        if (
            words[i] in _CLOSING
            and lx.CLOSERS.at(words, i)
            and words[i - 1] not in ("kính", "đã", "được", "sự", "cho")
        ):
            if words[i] in ("hết", "mời", "thưa", "kết") and words[i - 1] not in (",", "nhé", "ạ"):
                continue
            if any(time.end > i for time in scene.deadlines_in(i - _LONGEST_TIME, i)):
                continue  # "ngay sau cuộc họp này"
            return i
    return end


# --- deadlines -----------------------------------------------------------------------------------


def _share_with_those_before(scene: Scene, drafts: list[Draft]) -> None:
    """ "A lo phần quét sổ, B lo đối chiếu, cả hai việc xong trong tháng mười, C …"."""
    words = scene.reader.words
    for n, draft in enumerate(drafts[1:], 1):
        if draft.deadline is None or draft.deadline.start < draft.task[0]:
            continue
        shared = lx.SHARED_BY_ALL.inside(words, draft.task[0] + 1, draft.deadline.start)
        if shared is None or words[shared] == "cùng":
            continue
        draft.task = task_span(scene, draft.task[0], min(draft.task[1], shared))
        for other in drafts[:n]:
            if other.deadline is None:
                other.deadline = draft.deadline
                other.reasons.append("deadline.shared")


_LONGEST_SHARED = 14  # words of a spoken act that shares a date with the next


def _due_as_before(scene: Scene, drafts: list[Draft]) -> None:
    """ "… lập tổ canh lửa cũng hạn đó luôn": the date of the demand before."""
    for before, draft in zip(drafts, drafts[1:], strict=False):
        place = _SAME_DUE.inside(scene.reader.words, *draft.task)
        if place is not None and draft.deadline is None and before.deadline is not None:
            draft.deadline = before.deadline
            draft.task = task_span(scene, draft.task[0], place)
            draft.reasons.append("deadline.shared")


def _share_last_deadline(scene: Scene, drafts: list[Draft], anchors: Sequence[Anchor]) -> None:
    """ "Giao Sở A rà soát, Sở B thẩm định, trước ngày 20/10": said once, meant for each."""
    if len(anchors) < 2 or len(drafts) != len(anchors) or drafts[-1].deadline is None:
        return
    last = drafts[-1].deadline
    if last.start < anchors[-1].body or any(d.deadline is not None for d in drafts[:-1]):
        return
    words = scene.reader.words
    if drafts[-1].topic is not None or words[drafts[-1].start] == "còn":
        return  # another matter
    for draft in drafts[:-1]:
        alike = draft.anchor.shape == anchors[-1].shape and draft.anchor.verb == ""
        alike = alike and (scene.reader.cased or draft.task[1] - draft.task[0] <= _LONGEST_SHARED)
        if alike:
            draft.deadline = last
            draft.reasons.append("deadline.shared")


# --- the task's words ----------------------------------------------------------------------------


def task_span(scene: Scene, start: int, end: int) -> tuple[int, int]:
    """[start, end) without openers, edge deadlines and closing particles; (x, x) when empty."""
    words = scene.reader.words
    start = _skip_openers(scene, start, end)
    end = _pressed(scene, start, _talked_on(scene, start, end))
    while end > start:
        trailing = scene.deadline_to(end)
        standing = trailing is None or trailing.deadline.kind == "standing"
        if trailing is not None and trailing.start >= start and not standing:
            end = trailing.start
        elif size := lx.SIGN_OFFS.before(words, end):
            end -= size
        elif words[end - 1] in lx.TAIL or words[end - 1] in _SIGNS:
            end -= 1
        else:
            break
    return start, max(end, start)


def _talked_on(scene: Scene, start: int, end: int) -> int:
    """The end at a date behind which the speaker only talks on: "… trước ngày mười quá ngày đó là
    hội đồng không xét"."""
    words = scene.reader.words
    for deadline in scene.deadlines_in(start + 1, end):
        if deadline.strength < 2 or deadline.end >= end:
            continue
        place = deadline.end
        while place < end and (words[place] in lx.FILLERS or words[place] in ("nha", "nghe", "đi")):
            place += 1
        counted = scene.reader.number_at(place) if place < end else None
        told = counted is not None and "là" in words[counted[1] : counted[1] + 2]
        talks = place < end and (
            told or _AFTER_DUE.at(words, place) or _only_talk(scene, place, end)
        )
        if talks and (told or _AFTER_DUE.at(words, place) or deadline.strength > 2):
            return deadline.end
    return end


def _only_talk(scene: Scene, start: int, end: int) -> bool:
    """Speech without signs: words behind a date that hold no act and go on with no object of the
    act before it ("… trước ngày mười không bàn lùi gì nữa hết")."""
    words = scene.reader.words
    if scene.reader.cased:
        return False
    named = scene.reader.read(start)
    if named is not None and lx.STATES.at(words, named.end):
        return True  # "… các doanh nghiệp kêu khó thì tôi biết"
    if words[start] in _GOES_ON:
        return False
    return lx.VERBS.inside(words, start, end) is None and scene.deadline_from(start) is None


def _pressed(scene: Scene, start: int, end: int) -> int:
    """The end without what only presses a deadline before it ("… phải xong")."""
    words = scene.reader.words
    stop = end
    while stop > start and words[stop - 1] in lx.TAIL and words[stop - 1] != "xong":
        stop -= 1
    size = lx.AFTER_DEADLINE.before(words, stop)
    place = stop - size
    while place > start and words[place - 1] in _SIGNS:
        place -= 1
    return place if size and scene.deadline_to(place) is not None else end


def _skip_grounds(scene: Scene, start: int, end: int) -> int:
    """ "căn cứ Nghị định số … ngày … tham mưu": the task begins at its own verb."""
    words = scene.reader.words
    if not lx.GROUNDS.at(words, start) or lx.VERBS.at(words, start) > lx.GROUNDS.at(words, start):
        return start
    verb = lx.VERBS.inside(words, start + 2, end)
    return verb if verb is not None and verb - start > 3 else start


def _skip_openers(scene: Scene, start: int, end: int) -> int:
    words = scene.reader.words
    while start < end:
        deadline = scene.deadline_from(start)
        standing = deadline is None or deadline.deadline.kind == "standing"
        if deadline is not None and not standing and deadline.end < end:
            start = deadline.end
        elif words[start] in lx.FILLERS:
            start += 1
        elif (size := lx.TASK_OPENERS.at(words, start)) and start + size < end:
            start += size
        else:
            break
    return _skip_grounds(scene, start, end)


def _topic(scene: Scene, start: int, end: int) -> tuple[int, int] | None:
    """ "Về đề án chuyển đổi số, giao …": what the demand is about, said before it."""
    words = scene.reader.words
    place = start
    while size := lx.OPENERS.at(words, place):
        place += size
    while place < end and words[place] in _SIGNS:
        place += 1
    timed = bool(scene.deadlines_in(place, end))
    heads = words[end - 1 : end] == [":"] and lx.VERBS.at(words, place)  # "Xây dựng kịch bản …: Sở"
    if not heads and (timed or not _TOPICS.at(words, place)):
        return None
    stop = end
    while stop > place and (words[stop - 1] == "tôi" or words[stop - 1] in lx.FILLERS):
        stop -= 1
    return (place, stop) if stop > place + 1 else None
