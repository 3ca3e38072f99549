"""Why something that sounds like a demand is none: one small rule a reason.

Each rule takes the scene and the draft and answers True when its reason holds; `refusal` gives the
first that does. The names are what the review page and `--explain` may say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from transcription.extraction import lexicon as lx
from transcription.extraction.demands.spans import Draft
from transcription.extraction.mentions.mention import UNIT, Mention
from transcription.extraction.phrases import phrases
from transcription.extraction.refusals.fulfilment import fulfilled, is_noun
from transcription.extraction.refusals.suppositions import condition, hedge, question, rule_of_law
from transcription.extraction.refusals.taken_back import withdrawn
from transcription.extraction.requests.askers import rank
from transcription.extraction.scene import BARE, GIVEN, MUST, URGENT, Scene
from transcription.text.vi_deadline_context import MARKED
from transcription.text.vi_numbers import read_number

_ANSWERING = phrases("answering")
_ON_THE_SPOT = phrases("on_the_spot")
_RATED = phrases("rated")
_SPEAKS = phrases("speaks")
_TELLS = phrases("tells")
_COUNTS = frozenset("đạt vượt được là mới còn tăng ước".split())
_MANY = frozenset("các những số hộ hồ".split())
_PLAIN_DEGREE = frozenset(("rất",))
_KEEPS_FROM = [[w] for w in "cho cấp nhận ban tổ tiếp sử giao đưa thu điều bố".split()]
_SET_APART = frozenset("lắm quá rồi thì tôi".split())
_NEXT_IN_TURN = {"tiếp", "kế"}
_FEW, _NEAR = 5, 8
_SENDS = frozenset("cử bố điều phân dành".split())  # "cử một cán bộ …"
_MANNER = 5  # so few words behind an exhortation only say in what manner
Rule = Callable[[Scene, Draft], bool]


def warning(scene: Scene, draft: Draft) -> bool:
    words, body = scene.reader.words, draft.anchor.body
    found = lx.WARNING.inside(words, max(body - 3, draft.anchor.start), body + 3)
    conditional = lx.IF_NOT.inside(words, body, draft.end)
    dated = draft.deadline is not None and draft.deadline.deadline.kind == "dated"
    answers = "chịu trách nhiệm" in " ".join(words[max(body - 3, 0) : body + 3])
    if answers and conditional is not None and not dated:
        return True
    return (found is not None and not dated) or (
        conditional is not None and lx.WARNING.inside(words, body, draft.end) is not None
        and draft.deadline is None
    )  # fmt: skip


def plan(scene: Scene, draft: Draft) -> bool:
    words, i = scene.reader.words, draft.anchor.start
    plan_at = lx.BY_PLAN.inside(words, draft.start, i)
    planned = plan_at is not None
    due = draft.deadline
    pressed = due is not None and due.strength == MARKED and due.start > draft.anchor.body
    pressed = pressed and plan_at is not None and words[plan_at] in ("sắp", "tới")
    if planned and draft.anchor.shape in (BARE, URGENT) and not pressed:
        return True
    if draft.anchor.shape == BARE and _on_that_day(draft):
        return True
    i -= lx.REPORTED.before(words, i)  # "sẽ có văn bản đề nghị …"
    return bool(lx.FUTURE.before(words, i)) and words[i - 1] != "xin"


def _on_that_day(draft: Draft) -> bool:
    """ "Ngày 20/10, Sở … tổ chức", "sáng nay Sở … công bố": when it is or was, no due day."""
    found = draft.deadline
    if found is None or found.start >= draft.anchor.start or found.deadline.kind != "dated":
        return False
    today = (found.deadline.phrase or "").lower().split()[-1:] == ["nay"]
    return found.strength < 2 or (today and found.deadline.due_time is None)


def own_promise(scene: Scene, draft: Draft) -> bool:
    words, anchor = scene.reader.words, draft.anchor
    if anchor.shape == GIVEN:
        return False
    own = scene.speaker_role == "unit" and scene.unit is not None
    if own and all(lead.code == scene.unit for lead in draft.leads):
        return True
    return bool(lx.SELF.at(words, anchor.start)) or words[anchor.body : anchor.body + 1] == ["xin"]


def first_act(scene: Scene, draft: Draft) -> int:
    """Index of the demand's first verb behind modals and urgency."""
    words, i = scene.reader.words, draft.task[0]
    while i < draft.task[1]:
        size = lx.URGENT.at(words, i) or lx.TASK_OPENERS.at(words, i)
        if not size or lx.EXHORTING.at(words, i) or lx.MEETING.at(words, i) > size:
            break
        i += size
    return i


def meeting(scene: Scene, draft: Draft) -> bool:
    """Conduct of the meeting: an answer wanted on the spot."""
    words, i = scene.reader.words, first_act(scene, draft)
    due = draft.deadline
    if due is not None and due.deadline.kind == "dated" and due.strength >= 2:
        today = due.deadline.rule == "day.relative" and due.start < i
        return bool(today and lx.MEETING.at(words, i))  # "hôm nay Sở … trình bày"
    if (
        _ANSWERING.at(words, i)
        and _ON_THE_SPOT.inside(words, i + 1, scene.sentence.end) is not None
    ):
        return True
    if words[i : i + 2] == ["chuẩn", "bị"] and _NEXT_IN_TURN & set(
        words[max(draft.anchor.start - 4, 0) : draft.anchor.start]
    ):
        return True  # "tiếp theo, xã Hưng Mỹ chuẩn bị"
    if lx.MEETING.at(words, i):
        return not lx.VERBS.at(words, i) or lx.MEETING.at(words, i) > lx.VERBS.at(words, i)
    rest = words[i : draft.task[1]]
    return rest in (["báo", "cáo"], ["báo", "cáo", "rõ"], ["trả", "lời"], ["giải", "trình"])


def _acts_besides(words: Sequence[str], start: int, end: int) -> bool:
    """Is there an act that is no exhortation itself?"""
    return any(lx.VERBS.at(words, i) and not lx.EXHORTING.at(words, i) for i in range(start, end))


def exhortation(scene: Scene, draft: Draft) -> bool:
    words, i = scene.reader.words, first_act(scene, draft)
    size = lx.EXHORTING.at(words, i)
    if size and words[i + size : i + size + 1] == ["tôi"]:
        return True  # "các xã cứ yên tâm, tôi sẽ …"
    if draft.deadline is not None and draft.deadline.deadline.kind == "dated":
        return False
    if size:
        behind, end = i + size, draft.task[1]
        acts = end - behind > _MANNER and _acts_besides(words, behind, end)
        return not acts or draft.anchor.shape != GIVEN
    if words[draft.task[0] : draft.task[0] + 1] == ["không"] and draft.anchor.shape != GIVEN:
        keeps_from = words[draft.task[0] + 1 : draft.task[0] + 2] in _KEEPS_FROM
        return not keeps_from  # "không cho xuất bến tàu nào thiếu giấy tờ"
    return i >= draft.task[1] and draft.task[0] < draft.task[1]


def missed(scene: Scene, draft: Draft) -> bool:
    """An earlier demand that was missed is told as a complaint, not made again."""
    words, body = scene.reader.words, draft.anchor.body
    if draft.anchor.reported:
        return False
    if lx.SHOULD_HAVE.inside(words, draft.start, draft.anchor.start) is not None:
        return True
    if draft.anchor.shape == GIVEN and words[body : body + 1] == ["mà"]:
        return True
    complained = lx.COMPLAINT.inside(words, body, draft.end)
    if complained is None or _describes(scene, draft, complained):
        return False
    return not _made_again(scene, draft, complained)


def _describes(scene: Scene, draft: Draft, i: int) -> bool:
    """ "rà soát các hộ đã nhận hỗ trợ nhưng chưa khởi công, … trước thứ sáu": of whom it tells."""
    due = draft.deadline
    if due is None or due.deadline.kind != "dated" or due.start < i:
        return False
    return not _MANY.isdisjoint(scene.reader.words[draft.anchor.body : i])


def _made_again(scene: Scene, draft: Draft, i: int) -> bool:
    """ "… mà chưa xong, lần này phải xong trước ngày mười"."""
    due = draft.deadline
    if due is None or due.deadline.kind != "dated" or due.start < i:
        return False
    return lx.MUST.inside(scene.reader.words, i, due.start) is not None


def not_entitled(scene: Scene, draft: Draft) -> bool:
    """People, voters, firms demand, or a unit of those above or beside it: no assignment."""
    if _of_those_above(scene, draft):
        return True
    i = draft.anchor.start
    words = scene.reader.words[max(i - 6, scene.sentence.start) : i]
    return draft.anchor.shape == GIVEN and lx.NOT_ENTITLED.inside(words, 0, len(words)) is not None


def _of_those_above(scene: Scene, draft: Draft) -> bool:
    if scene.speaker_role != "unit" or scene.unit is None or not draft.leads:
        return False
    if draft.anchor.reported:
        return False  # it tells what those above assigned
    own = rank(scene, Mention(0, 0, UNIT, scene.unit))
    ranks = [rank(scene, lead) for lead in draft.leads]
    return own is not None and all(r is not None and r <= own for r in ranks)


def praise(scene: Scene, draft: Draft) -> bool:
    words, shape = scene.reader.words, draft.anchor.shape
    if shape == GIVEN:
        return False
    near = draft.start if scene.reader.cased else max(draft.start, draft.anchor.start - _NEAR)
    praised = lx.PRAISE.inside(words, near, draft.anchor.start)
    if praised is not None and words[praised - 1] in ("việc", "về", "tác", "sơ", "đua"):
        praised = None  # "Việc khen thưởng thi đua đợt 6 tháng, Sở Nội vụ thẩm định …"
    if praised is not None and _SET_APART.isdisjoint(words[praised : draft.anchor.start]):
        return True
    behind = lx.PRAISE.inside(words, draft.anchor.body, draft.end)
    return shape == BARE and behind is not None and draft.deadline is None


def notice(scene: Scene, draft: Draft) -> bool:
    """ "… thông báo đến các đơn vị biết, thực hiện": a letter's closing words."""
    return lx.FOR_NOTICE.inside(scene.reader.words, draft.task[0], draft.end) is not None


def empty(scene: Scene, draft: Draft) -> bool:
    """Nothing is demanded: an addressee and no words behind it."""
    if draft.task[1] > draft.task[0]:
        return False
    attends = draft.topic and scene.reader.words[draft.topic[0] : draft.topic[0] + 2]
    return draft.topic is None or attends in (["về", "dự"], ["tham", "dự"])


def _at_once(scene: Scene, draft: Draft) -> bool:
    """ "sở tài chính chi liền đợt một, khổ người ta lắm": pressed, whatever is said behind."""
    words, first = scene.reader.words, draft.task[0]
    place = first + lx.VERBS.at(words, first)
    return first < place < draft.task[1] and words[place] in _AT_ONCE


_AT_ONCE = ("liền", "ngay", "gấp")


def assessment(scene: Scene, draft: Draft) -> bool:
    """ "Sở X thực hiện rất tốt …": how it is done is told."""
    words, (first, end) = scene.reader.words, draft.task
    if draft.anchor.shape == URGENT and draft.deadline is None and "trong" in words[first:end]:
        within = words.index("trong", first)  # "chủ động, trách nhiệm trong tham mưu …"
        return "," in words[first:within] and lx.VERBS.inside(words, first + 2, within) is None
    if draft.anchor.shape != BARE or _at_once(scene, draft):
        return False
    if draft.deadline is None and not _PLAIN_DEGREE.isdisjoint(words[first:end]):
        return True
    verb = lx.VERBS.at(words, first)
    rated = verb and (_RATED.at(words, first + verb) or _RATED.at(words, draft.task[1] - 1))
    return bool(rated) and not (draft.deadline and draft.deadline.deadline.kind == "dated")


def of_the_province(scene: Scene, draft: Draft) -> bool:
    """ "UBND tỉnh nghiêm túc rút kinh nghiệm": the province orders nobody, it tells of itself."""
    province = scene.reader.province
    own = all(lead.code in province for lead in draft.leads)
    return draft.anchor.shape in (BARE, URGENT) and own and bool(province)


def _told_as_result(scene: Scene, draft: Draft) -> bool:
    """ "… thu ngân sách vượt hai mươi phần trăm", "… mấy bữa nay cực lắm"."""
    words, (first, end) = scene.reader.words, draft.task
    if _TELLS.inside(words, first, end) is not None:
        return True
    counted = (i + 1 for i in range(first, end - 1) if words[i] in _COUNTS)
    return any(read_number(words, i) is not None for i in counted)


def _tells_figure(scene: Scene, first: int, i: int) -> bool:
    """Does a number at `i`, behind the act at `first`, make a figure of it? Not in "cử một cán bộ",
    nor is "tạm ứng hai tỷ" in a chair's speech."""
    words = scene.reader.words
    number = read_number(words, i)
    if number is None or (number[0] <= _FEW and words[first] in _SENDS):
        return False
    listed = scene.demanded or scene.sentence.headed or ":" in words[scene.sentence.start : first]
    if listed and scene.reader.cased and scene.speaker_role != "unit":
        return False
    if scene.speaker_role == "chair" and not scene.reader.cased:
        behind = words[number[1] : number[1] + 1]
        return behind in (["phần"], ["%"]) or "được" in words[first : first + 4]
    return True


def _spoke(scene: Scene, draft: Draft) -> bool:
    """ "Anh báo cáo hồ sơ tồn 312 cái …", "xã hỏi …": what was just said is told."""
    words, i = scene.reader.words, draft.anchor.start
    spoken_to = lx.YOU.at(words, i) or "same_again" in draft.anchor.reasons
    spoken_to = spoken_to or (not scene.reader.cased and draft.anchor.shape == BARE)
    if words[draft.task[0] - 1] == "về":
        return False  # "đồng chí về giải thích với từng hộ"
    told = words[draft.end - 1 : draft.end] == ["rồi"]
    return bool(spoken_to) and (told or _SPEAKS.at(words, draft.task[0]) > 0)


def _allotted(scene: Scene, draft: Draft) -> bool:
    """ "năm rồi giao xã … hai mươi tỷ", "số vốn giao xã … là …", "nhờ Sở … hướng dẫn nên …"."""
    words, first = scene.reader.words, draft.task[0]
    if draft.anchor.verb == "nhờ" and "nên" in words[first : draft.task[1]]:
        return True
    if read_number(words, first) is not None:
        return True
    if not is_noun(scene, draft):
        return False
    counted = any(read_number(words, i) is not None for i in range(first, draft.task[1]))
    return counted or _told_as_result(scene, draft)


def _told_of_itself(scene: Scene, draft: Draft) -> bool:
    """ "(Sở …) đã cắm biển báo tại 12 vị trí, phân công lực lượng trực": one more thing done."""
    words, i = scene.reader.words, draft.anchor.start
    if words[i - 1 : i] not in ([","], ["và"]) or draft.anchor.reported:
        return False
    start = scene.sentence.start
    if words[start] == "đã" and start + 1 < i:
        return True
    outside = draft.deadline is None and draft.leads[0].kind != UNIT
    return outside and any(words[k] == "đã" and lx.VERBS.at(words, k + 1) for k in range(start, i))


def _gone_by(scene: Scene, draft: Draft) -> bool:
    """ "Từ ngày 20/8 đến ngày 03/9, Công an tỉnh tổ chức …", said on 5 September."""
    due = draft.deadline
    if due is None or due.start > draft.anchor.start or scene.held_on is None:
        return False
    return due.deadline.due_on is not None and due.deadline.due_on < scene.held_on


def _looks_back(scene: Scene, draft: Draft) -> bool:
    """ "Thời gian qua, các xã tích cực …", "… tổ chức thành công": told, not demanded."""
    words, first = scene.reader.words, draft.task[0]
    coming = draft.deadline is not None and draft.deadline.strength >= 2
    if draft.anchor.shape == MUST or coming:
        return False
    place = draft.anchor.start - (words[draft.anchor.start - 1 : draft.anchor.start] == [","])
    if place > draft.start and lx.TIME_PAST.before(words, place):
        return True
    verb = lx.VERBS.at(words, first)
    return words[first + verb : first + verb + 2] == ["thành", "công"]


def report(scene: Scene, draft: Draft) -> bool:
    """A unit tells of itself: a bare verb without a deadline, or the past behind it."""
    words, anchor = scene.reader.words, draft.anchor
    if anchor.shape == GIVEN:
        return _told_of_itself(scene, draft) or (draft.deadline is None and _allotted(scene, draft))
    dated = draft.deadline is not None and "deadline.shared" not in draft.reasons
    states = lx.STATES.at(words, draft.task[0])
    if not dated and anchor.shape == BARE and states > lx.VERBS.at(words, draft.task[0]):
        return True  # "sở X thì đổ cho xã"
    if not dated and anchor.shape != MUST and not _at_once(scene, draft):
        if _told_as_result(scene, draft) or _spoke(scene, draft):
            return True
    if (scene.speaker_role == "unit" and anchor.shape == BARE) or _looks_back(scene, draft):
        return True
    verb = lx.VERBS.at(words, draft.task[0])
    return anchor.shape == BARE and verb > 0 and _acted(scene, draft, verb)


def _acted(scene: Scene, draft: Draft, verb: int) -> bool:
    """Is a bare act of `verb` words told as something done?"""
    words, (first, end) = scene.reader.words, draft.task
    if words[first + verb : first + verb + 1] in (["là"], ["rằng"], [":"]):
        return True  # "Sở trả lời là chưa có hướng dẫn", "Sở báo cáo: tiến độ đạt 65%"
    if scene.told and draft.deadline is None or _gone_by(scene, draft):
        return True
    if draft.deadline is not None and draft.deadline.strength >= 2:
        if draft.deadline.start > first:  # "trong quý III, Sở … tiếp nhận 45 hồ sơ" still tells
            return False
    if lx.AT_A_MEETING.inside(words, draft.start, draft.anchor.start) is not None:
        return True
    verb += words[first + verb : first + verb + 1] == ["mới"]
    verb += 2 * (words[first + verb : first + verb + 2] == ["trực", "tiếp"])
    figure = _tells_figure(scene, first, first + verb)
    return figure or (draft.deadline is None and "được" in words[first : min(end, first + 4)])


REASONS: tuple[tuple[str, Rule], ...] = (
    ("empty", empty),
    ("question", question),
    ("hedge", hedge),
    ("condition", condition),
    ("warning", warning),
    ("rule", rule_of_law),
    ("plan", plan),
    ("promise", own_promise),
    ("withdrawn", withdrawn),
    ("fulfilled", fulfilled),
    ("missed", missed),
    ("not_entitled", not_entitled),
    ("praise", praise),
    ("conduct", meeting),
    ("exhortation", exhortation),
    ("assessment", assessment),
    ("of_the_province", of_the_province),
    ("report", report),
    ("notice", notice),
)


def refusal(scene: Scene, draft: Draft) -> str | None:
    """The first reason why the draft is no task, or None."""
    return next((name for name, rule in REASONS if rule(scene, draft)), None)
