"""Was a demand already met, as the speaker tells it? No demand is made then, one is reported on.

Two ways of telling: of an assignment that is spoken of ("đã giao …", "nhiệm vụ giao Sở …", "tuần
trước …") any word of completion behind it; of any demand at all only a closing "… xong rồi". A
completion that only describes what the task is about ("các công trình đã hoàn thành") is none.
"""

from __future__ import annotations

from collections.abc import Sequence

from transcription.extraction import lexicon as lx
from transcription.extraction.demands.spans import Draft
from transcription.extraction.mentions.mention import UNIT
from transcription.extraction.phrases import phrases
from transcription.extraction.scene import BARE, GIVEN, MUST, Scene

_EARLIER = phrases("earlier")
_TASK_NOUNS = phrases("task_nouns")
_THINGS = phrases("spoken_things")
_LINKS = frozenset("thì và mà nay hiện giờ qua , kia nhưng nhưng rồi kết".split())
_SHORT_BODIES = frozenset("sở xã phường ngành đơn vị phương công an ban huyện trường".split())
_NAMES_MANY = frozenset("các những cơ trụ của mỗi từng".split())
_NOT_DONE = frozenset("không chưa chậm trễ quá bị yêu giao chỉ nhắc".split())
_CONDITION = frozenset("nếu khi hễ sau".split())
_GOES_ON = frozenset("thì mới phải báo là để".split())
_TAIL = frozenset("ạ nhé nha đó đấy nghe , . : anh chị đồng chí dạ vậy".split())
_TOLD_NOW = ("được giao", "được phân công", "được yêu cầu")
_NOW = frozenset("đến tới nay giờ hiện hôm thì là dạ , và rồi vừa bữa".split())
_SHORT = 22
_FAR = 40


def fulfilled(scene: Scene, draft: Draft) -> bool:
    words = scene.reader.words
    start, stop = draft.anchor.body, next_giving(scene, draft)
    if _closes_done(words, start, stop) or _told_behind_sign(scene, start, stop):
        return True
    if draft.anchor.shape == BARE and draft.deadline is None and _finished(words, start, stop):
        return True
    if words[draft.task[0] : draft.task[0] + 1] == ["đã"] and lx.DONE.at(words, draft.task[0]):
        return True  # "việc … do Sở X chủ trì đã hoàn tất"
    if not spoken_of(scene, draft):
        return False
    if _answered(words, start, min(stop, draft.end)):
        return True
    return _told_done_within(scene, draft, stop)


def _told_behind_sign(scene: Scene, start: int, end: int) -> bool:
    """ "2. Giao UBND xã Vĩnh Lộc sửa cống: đã hoàn thành …", "…, đã được thực hiện xong …"."""
    words = scene.reader.words
    for i in range(start, end - 1):
        if words[i] == ":" and words[i + 1] == "đã":
            return True
        if words[i] == "," and words[i + 1] == "đã" and lx.DONE.at(words, i + 1):
            return True
    return False


def _told_done_within(scene: Scene, draft: Draft, stop: int) -> bool:
    words, start = scene.reader.words, draft.anchor.body
    bound = draft.deadline
    pressed = bound is not None and bound.deadline.kind == "dated" and bound.strength >= 2
    noun = is_noun(scene, draft)
    for i in range(start, stop):
        if lx.DONE.at(words, i) and not _opens_condition(words, i):
            if (
                (noun and (not pressed or words[i] == "đã"))
                or _told_anew(scene, i)
                or (not pressed and _ends_act(words, i, stop))
            ):
                return True
        if words[i] == "đã" and _told_anew(scene, i) and _acts(words, i + 1):
            return True
        if words[i] == "đã" and not pressed and _again(scene, draft, i):
            return True
    return False


def next_giving(scene: Scene, draft: Draft) -> int:
    """Where the next demand of the sentence opens, or its end, at most `_FAR` words on."""
    words = scene.reader.words
    end = min(scene.sentence.end, draft.end + _FAR)
    for i in range(draft.anchor.body + 1, end):
        size = lx.GIVE.at(words, i) if words[i] in lx.GIVE.first_words else 0
        if not size or words[i - 1] == "đã" or lx.NOT_GIVE_AFTER.before(words, i):
            continue
        if scene.reader.read(i + size, addressed=True) is not None:
            return i
    return end


def spoken_of(scene: Scene, draft: Draft) -> bool:
    """Is the assignment told of, not made: reported, a noun, or dated back?"""
    words, anchor = scene.reader.words, draft.anchor
    if anchor.reported or is_noun(scene, draft):
        return True
    if anchor.shape == MUST and " ".join(words[anchor.start : anchor.body + 3]).find("được ") > 0:
        return any(told in " ".join(words[anchor.start : anchor.body + 3]) for told in _TOLD_NOW)
    near = draft.start if scene.reader.cased else max(draft.start, anchor.start - _SHORT)
    if _EARLIER.inside(words, near, anchor.start) is not None:
        return True
    return _EARLIER.inside(words, anchor.body, min(anchor.body + 4, draft.end)) is not None


def is_noun(scene: Scene, draft: Draft) -> bool:
    """ "nhiệm vụ giao Sở …", "số vốn giao xã …": the giving only says which."""
    words, i = scene.reader.words, draft.anchor.start
    if draft.anchor.shape != GIVEN or i == scene.sentence.start:
        return False
    start = scene.sentence.start
    if _TASK_NOUNS.at(words, start) and "mà" in words[start:i]:
        return True  # "Nhiệm vụ rà soát … mà Chủ tịch UBND tỉnh giao UBND xã X …"
    i -= words[i - 1] == "tôi"
    if words[i - 1] == "tỉnh":  # "nhiệm vụ UBND tỉnh giao …"
        i -= next((n for n in (1, 2, 3, 4) if _TASK_NOUNS.before(words, i - n)), 0)
    return bool(_TASK_NOUNS.before(words, i))


def _closes_done(words: Sequence[str], start: int, stop: int) -> bool:
    """ "… làm xong rồi", "… thì hôm qua sở trả lời rồi" at the very end."""
    last = stop - 1
    while last > start and words[last] in _TAIL:
        last -= 1
    if words[last : last + 1] != ["rồi"] or last - start < 3:
        return False
    if any(word in _CONDITION for word in words[start:last]):
        return False
    if words[last - 1] in ("xong", "đủ", "hết", "thành", "tất"):
        return True
    return any(word in ("thì", "nay") for word in words[max(start + 1, last - 10) : last])


def _finished(words: Sequence[str], start: int, stop: int) -> bool:
    """ "kéo dây xong rồi để đó": behind a bare verb, a completion anywhere tells of the past."""
    done = lx.DONE.inside(words, start, stop)
    return done is not None and words[done] != "đã" and not _opens_condition(words, done)


def _opens_condition(words: Sequence[str], i: int) -> bool:
    size = lx.DONE.at(words, i)
    follows = words[i + size : i + size + 1]
    supposed = any(word in _CONDITION for word in words[max(i - 5, 0) : i])
    return supposed or (words[i + size - 1] == "rồi" and bool(follows) and follows[0] in _GOES_ON)


def _told_anew(scene: Scene, i: int) -> bool:
    """Does word `i` begin a new statement: behind a link word or a body just named?"""
    words = scene.reader.words
    if words[i - 1] in _LINKS:
        return True
    if words[i - 1] in _SHORT_BODIES:
        return words[i - 2] not in _NAMES_MANY  # "các xã đã có điện" describes
    for size in range(2, 9):
        if i - size <= scene.sentence.start:
            return False
        named = scene.reader.read(i - size)
        if named is not None and named.end == i and named.kind == UNIT:
            return words[i - size - 1] not in ("của", "cho", "tại", "với", "ở", "do")
    return False


def _ends_act(words: Sequence[str], i: int, stop: int) -> bool:
    """The completion closes the statement: nothing or only its time or praise follows."""
    place = i + lx.DONE.at(words, i)
    closing = ("từ", "hôm", "ngày", "vào", "đúng", "tuần", "tháng", ",", "rồi", "và", "xong", "dân")
    return place >= stop or words[place] in closing or words[place] in _TAIL


def _again(scene: Scene, draft: Draft, i: int) -> bool:
    """Is the task's own act or object told as past at "đã": "truy quét cát lậu đã truy quét xong",
    "lập đề án và đề án đã được thông qua"?"""
    words, first = scene.reader.words, draft.task[0]
    size = max(lx.VERBS.at(words, first), 2)
    if i >= first and words[i + 1 : i + 1 + size] == words[first : first + size]:
        return True
    object_again = words[i - 2 : i]
    return words[i + 1 : i + 2] == ["được"] and any(
        words[place : place + 2] == object_again for place in range(first, i - 3)
    )


def _answered(words: Sequence[str], start: int, stop: int) -> bool:
    """ "… thì bên xã nộp đủ hồ sơ": what came of it is told behind "thì"."""
    for i in range(start + 1, stop):
        if words[i] == "thì":
            behind = words[i + 1 : min(i + 9, stop)]
            pressed = any(word in ("phải", "chưa", "không", "cần", "trước") for word in behind)
            return not pressed and any(word in ("đủ", "xong", "hết", "rồi") for word in behind)
    return False


def _acts(words: Sequence[str], i: int) -> bool:
    if i >= len(words) or words[i] in _NOT_DONE:
        return False
    return bool(lx.VERBS.at(words, i)) or words[i] in ("được", "có", "tuyển", "mua", "đủ", "trả")


# --- told in the sentence behind it --------------------------------------------------------------


def met_later(scene: Scene, before: Sequence[Draft]) -> list[Draft]:
    """Of the demands `before`, those that this sentence tells are met ("Việc này đã xong.")."""
    words, sentence = scene.reader.words, scene.sentence
    if _pointed_done(words, sentence.start, min(sentence.end, sentence.start + _FAR)):
        return list(before)
    if "chưa" in words[sentence.start : sentence.end]:
        return []
    place = sentence.start
    while place < sentence.end and (words[place] in _NOW or lx.OPENERS.at(words, place)):
        place += 1
    if (day := scene.deadline_from(sentence.start)) is not None:
        place = day.end + (words[day.end : day.end + 1] == [","])
    elif words[sentence.start] in ("đến", "tới", "ngày", "sau", "tính"):
        signs = (k for k in range(place, min(place + 9, sentence.end)) if words[k] == ",")
        place = next(signs, place - 1) + 1
    behind = words[min(place, sentence.end) : sentence.end]
    if (behind.index(",") if "," in behind else len(behind)) > _SHORT:
        return []
    if words[place : place + 1] == ["việc"] and _told_done(scene, place + 1):
        return list(before)  # "Ngày 12/11, việc bàn giao đã hoàn tất"
    subject, meant = _subject(scene, place, before)
    if not meant or not _told_done(scene, subject):
        return []
    return meant


def _pointed_done(words: Sequence[str], start: int, end: int) -> bool:
    """ "…, xã cũng đã xác nhận, việc đó coi như xong"."""
    for i in range(start, end):
        size = _THINGS.at(words, i) if words[i] in _THINGS.first_words else 0
        if size and words[i + size : i + size + 1] in (["này"], ["đó"], ["ấy"]):
            place = i + size + 1
            place += words[place : place + 1] != [] and words[place] in _SHORT_BODIES
            if lx.DONE.at(words, place) and not _opens_condition(words, place):
                return True
    return False


def _subject(scene: Scene, place: int, before: Sequence[Draft]) -> tuple[int, list[Draft]]:
    """The index behind the sentence's subject, and the demands it may speak of."""
    words = scene.reader.words
    size = _THINGS.at(words, place)
    if size and words[place + size : place + size + 1] in (["này"], ["đó"], ["trên"]):
        place += size + 1
        named = scene.reader.read(place)
        short = words[place : place + 1] and words[place] in _SHORT_BODIES
        return named.end if named is not None and named.code else place + bool(short), list(before)
    if size and lx.DONE.at(words, place + size):
        return place + size, list(before)  # "Nhiệm vụ được kết thúc."
    named = scene.reader.read(place) if place < scene.sentence.end else None
    if named is not None and named.code is not None:
        theirs = [d for d in before if any(lead.code == named.code for lead in d.leads)]
        return named.end, theirs
    if words[place : place + 1] and words[place] in _SHORT_BODIES:
        return place + 1, list(before)
    return place, list(before)


def _told_done(scene: Scene, place: int) -> bool:
    words, end = scene.reader.words, scene.sentence.end
    for i in range(place, min(place + 6, end)):
        if lx.DONE.at(words, i) and not _opens_condition(words, i):
            return True
    while place < end and words[place] in _NOW:
        place += 1
    return words[place : place + 1] == ["đã"] and _acts(words, place + 1)
