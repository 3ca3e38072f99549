"""Demands that are only supposed, weighed, asked about or told of as a rule of law.

One small rule a reason, used by `reasons`. The words are data; here stands only where they must
stand to speak against a demand.
"""

from __future__ import annotations

from collections.abc import Sequence

from transcription.extraction import lexicon as lx
from transcription.extraction.demands.spans import Draft
from transcription.extraction.mentions.mention import UNIT
from transcription.extraction.phrases import phrases
from transcription.extraction.scene import BARE, GIVEN, MUST, Scene

_WEIGHING = phrases("weighing")
_ASKING_WHEN = phrases("asking_when")
_INQUIRING = phrases("inquiring")
_BETWEEN = frozenset("việc chuyện cho là phải , sẽ cái lại".split())
_CLOSING = frozenset("ạ , nhỉ vậy rồi hả ta anh đồng chí ha".split())
# Said to press a command, not to ask: "rõ chưa", "nghe không".
_PRESSING = frozenset("rõ nghe hiểu nhớ thấy".split())
_ASKING_ENDS = (
    ["được", "không"], ["kịp", "không"], ["nổi", "không"], ["phải", "không"], ["đúng", "không"],
    ["hay", "không"], ["hay", "chưa"],
)  # fmt: skip
_SPANS = ("days.", "weeks.", "months.", "hours.", "working")
_GROUNDS = frozenset("cứ hiện khai hành".split())  # "căn cứ Luật …", "thực hiện Nghị định …"
_LAWS = frozenset("luật nghị pháp thông điều khoản".split())


def question(scene: Scene, draft: Draft) -> bool:
    words, sentence = scene.reader.words, scene.sentence
    if sentence.question:
        return True
    last = sentence.end - 1
    while last > sentence.start and words[last] in _CLOSING:
        last -= 1
    if "chứ" in words[draft.anchor.body + 1 : last]:  # "… chứ vớt lên rồi để đâu"
        last = words.index("chứ", draft.anchor.body + 1) - 1
    denied = words[last] in ("nào", "gì", "sao", "ai") and _denies(words, draft.anchor.body, last)
    if words[last] in lx.QUESTION_END and words[last - 1] not in _PRESSING and not denied:
        if words[last - 1 : last + 1] in _ASKING_ENDS:
            return True
        if words[last] in ("không", "chưa") and _yes_or_no(scene, draft, last):
            return True
        if draft.deadline is None and words[last - 1 : last + 1] != ["nếu", "không"]:
            return True
    if draft.anchor.shape != GIVEN and words[last - 1] == "mấy" and last > draft.anchor.body:
        return True  # "… xử lý mấy vụ rồi"
    return _asks_before(scene, draft) or _asks_inside(scene, draft)


def _denies(words: Sequence[str], start: int, last: int) -> bool:
    """ "… vẫn chưa ai nói lại với tôi câu nào": no question."""
    return any(word in ("chưa", "không", "chẳng") for word in words[max(start, last - 12) : last])


def _asks_before(scene: Scene, draft: Draft) -> bool:
    """ "liệu sở … cấp kịp không", "đến ngày nào thì xã … phải nộp"."""
    words, i = scene.reader.words, draft.anchor.start
    if "liệu" in words[draft.start : i] and "tài" not in words[draft.start : i]:
        return "số" not in words[draft.start : i]
    if draft.anchor.shape == GIVEN:
        whether = words[i - 1 : i] == ["có"] and "hay" in words[i : draft.end]
        return whether and "không" in words[i : draft.end]
    i -= words[i - 1] in ("thì", "là")
    due = draft.deadline
    if words[i - 1] == "sao" and due is not None and due.strength > 2 and due.start > i:
        return False  # "… không biết trả lời sao | sở X khảo sát … trước ngày năm"
    return i > draft.start and bool(_ASKING_WHEN.before(words, i))


def _yes_or_no(scene: Scene, draft: Draft, last: int) -> bool:
    """ "xã … trước ngày hai mươi có làm kịp không": with a date it still asks."""
    if draft.anchor.shape == GIVEN:
        return False
    return "có" in scene.reader.words[max(draft.anchor.start, last - 8) : last]


def _asks_inside(scene: Scene, draft: Draft) -> bool:
    """ "bên sở tài chính chừng nào mới cấp vốn" without a question mark."""
    if draft.anchor.shape == GIVEN:
        return False
    words, start, due = scene.reader.words, draft.anchor.body, draft.deadline
    if draft.anchor.shape == MUST and due is not None and due.strength > 2 and due.start > start:
        return False  # "phải lập hồ sơ từng chiếc, ai chủ, neo ở đâu, xong trước …"
    stop = min(draft.end, start + 12)
    asked = lx.QUESTION.inside(words, start, stop)
    if asked is None or _INQUIRING.inside(words, start, asked) is not None:
        return False
    behind = asked + lx.QUESTION.at(words, asked)
    supposes = "thì" in words[behind : behind + 6]  # "khi nào xong thì báo cáo"
    return not supposes and words[asked - 1] not in ("bất", "bất kỳ", "dù")


def hedge(scene: Scene, draft: Draft) -> bool:
    words = scene.reader.words
    start, anchor = draft.start, draft.anchor
    inside = lx.HEDGE.inside(words, start, draft.end)
    if inside is not None and (inside < anchor.start or inside <= anchor.body + 8):
        return True
    return _weighed(scene, draft)


def _weighed(scene: Scene, draft: Draft) -> bool:
    """ "có thể tính đến việc giao …": the words just before the demand only weigh it."""
    if draft.anchor.shape != GIVEN:
        return False
    words, place = scene.reader.words, draft.anchor.start
    while place > draft.start and words[place - 1] in _BETWEEN:
        place -= 1
    size = _WEIGHING.before(words, place)
    if size == 1 and words[place - 1] == "nên" and words[place - 2 : place - 1] == ["cho"]:
        return False  # "cho nên giao …"
    return bool(size) and place - size >= draft.start


def condition(scene: Scene, draft: Draft) -> bool:
    """ "nếu xã X phải …", "trường hợp Sở Y cần …", "khi giao …" only suppose."""
    words = scene.reader.words
    before = words[max(draft.anchor.start - 3, scene.sentence.start) : draft.anchor.start]
    if any(word in ("nếu", "giả") for word in before) or before[-2:] == ["trường", "hợp"]:
        return True
    due, i = draft.deadline, draft.anchor.start
    if words[draft.start] == "nếu" and words[i - 1] == "thì" and (due is None or due.start < i):
        return True  # "nếu xã X không hoàn thành trước ngày 30/9 thì Chủ tịch xã phải …"
    # "đơn vị nào chậm thì giám đốc đơn vị đó phải kiểm điểm"
    pointed = words[draft.leads[0].end - 1] in ("đó", "ấy") if draft.leads else False
    return pointed and "nào" in words[draft.start : draft.anchor.start]


def _stated(scene: Scene, draft: Draft) -> int | None:
    """Where a law is said to rule, before the demand; in a list of clauses also in its first."""
    words, anchor = scene.reader.words, draft.anchor
    told = scene.sentence.joined or (anchor.shape == BARE and not scene.reader.cased)
    begin = _series_start(scene) if told else draft.start
    stated = lx.RULE.inside(words, begin, anchor.start)
    if stated is None or words[stated + 1 : stated + 2] == ["sư"]:  # a lawyer
        return None
    rules = lx.RULE.at(words, stated) > 1 or "định" in words[stated : stated + _AT_FIRST]
    if stated < draft.start and not (rules and stated - begin <= _AT_FIRST):
        return None  # only mentioned in a clause before
    return stated


def rule_of_law(scene: Scene, draft: Draft) -> bool:
    """Laws speak of classes and posts, rarely of one unit, and never by a day of this year."""
    words, anchor = scene.reader.words, draft.anchor
    stated = _stated(scene, draft)
    if stated is not None and words[stated - 1] in _GROUNDS:
        return False
    if stated is None:
        stated = _article(words, draft.start, anchor.start)
    if _on_a_day(draft) and (_general(draft) or anchor.shape == GIVEN):
        return False
    if anchor.shape == GIVEN:
        by_law = stated is not None and words[stated] in _LAWS
        return by_law and _general(draft) and _told_by_law(scene, stated or 0, anchor.start)
    if stated is not None:
        return draft.deadline is None or _general(draft)
    behind = lx.RULE.inside(words, anchor.body, draft.end) if anchor.shape == MUST else None
    return behind is not None and words[behind] == "theo" and _general(draft)


_SERIES_WORDS, _AT_FIRST = 60, 8


def _series_start(scene: Scene) -> int:
    """Where the list of clauses joined by semicolons begins, so far back as anybody remembers."""
    words, i = scene.reader.words, scene.sentence.start
    lowest = max(i - _SERIES_WORDS, 0)
    while i > lowest and words[i - 1] not in (".", "?", "!", "\n"):
        i -= 1
    return i


def _article(words: Sequence[str], start: int, stop: int) -> int | None:
    """ "Khoản 3 Điều 10 quy định": where the article that says it is named."""
    for i in range(start, stop - 1):
        if words[i] in ("khoản", "điều", "điểm") and words[i + 1].isdigit():
            behind = words[i + 2 : min(i + 12, stop)]
            if not behind or "quy" in behind or "luật" in behind:
                return i
    return None


def _told_by_law(scene: Scene, stated: int, anchor: int) -> bool:
    """ "Nghị định 118 giao …": the law itself is who gives; "căn cứ Luật …, giao" is a ground."""
    words = scene.reader.words
    grounds = words[max(stated - 3, 0) : stated]
    return anchor - stated <= 8 and "," not in words[stated:anchor] and "cứ" not in grounds


def _general(draft: Draft) -> bool:
    return not any(lead.kind == UNIT and lead.code for lead in draft.leads)


def _on_a_day(draft: Draft) -> bool:
    """Is a day of the calendar named, not a span of time?"""
    found = draft.deadline
    if found is None or found.deadline.kind != "dated":
        return False
    return not (found.deadline.rule or "").startswith(_SPANS)
