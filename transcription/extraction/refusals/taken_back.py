"""Is a demand taken back again, in its own sentence or in the one behind it?

Words that take back whatever stands around them are data (`withdrawn`). "bỏ", "hủy", "dừng" are
tasks of their own too: they take back only with a pointing word ("bỏ cái này", "nội dung này hủy").
A changed date ("thôi để ngày hai mươi") is a correction, no withdrawal.
"""

from __future__ import annotations

from collections.abc import Sequence

from transcription.extraction import lexicon as lx
from transcription.extraction.demands.spans import Draft
from transcription.extraction.phrases import phrases
from transcription.extraction.refusals.fulfilment import next_giving
from transcription.extraction.scene import Scene, named_before

_TAKE_BACK = phrases("take_back")
_THINGS = phrases("spoken_things")
_POINTING = frozenset("này đó ấy kia trên vừa nêu".split())
_BETWEEN = frozenset(
    "thì đã được tạm thời tôi đề nghị xin cho thôi nên phải sẽ cũng , ờ à là".split()
)
_BEHIND = frozenset("đi nghe nha nhé lại do vì không khỏi nữa , ạ luôn để chưa được ra".split())
_CLOSING = frozenset("nghe nha nhé luôn ạ đi , . các đồng chí".split())
_GOES_ON = frozenset("để được bàn chờ chậm kéo cho có lùi tái vi còn xảy ai".split())
_OUT_OF = frozenset("ra thoát rời tránh qua lọt vượt".split())
_NO_MORE = 5
_CARRIES_OUT = (("thực", "hiện"), ("triển", "khai"), ("tiến", "hành"))
_NEED = frozenset("cần phải yêu đặt phải nên phát lập".split())


def withdrawn(scene: Scene, draft: Draft) -> bool:
    first = max(draft.anchor.body, draft.task[0])  # the task itself may be to stop something
    start = first + max(lx.VERBS.at(scene.reader.words, first), 1)
    stop = max(next_giving(scene, draft), draft.end)
    return _cancelled_before(scene, draft) or _inside(scene, start, min(stop, scene.sentence.end))


def _cancelled_before(scene: Scene, draft: Draft) -> bool:
    """ "Hủy bỏ việc giao …", "tạm dừng nhiệm vụ đã giao …"."""
    words, i = scene.reader.words, draft.anchor.start
    i -= words[i - 1] == "đã" and i > draft.start
    thing = _THINGS.before(words, i)
    size = _TAKE_BACK.before(words, i - thing) if thing else 0
    return bool(size) and i - thing - size >= draft.start


def withdrawn_later(scene: Scene, before: Sequence[Draft], stop: int) -> list[Draft]:
    """Of the demands `before`, those that this sentence takes back ahead of word `stop`, where a
    demand of its own opens. A body named with it narrows what is meant."""
    sentence = scene.sentence
    if not before or not _inside(scene, sentence.start, stop):
        return []
    if _spares_another(scene, before):
        return []
    codes = _named(scene, sentence.start, stop)
    meant = [d for d in before if any(lead.code in codes for lead in d.leads)]
    return meant or list(before)


def _spares_another(scene: Scene, before: Sequence[Draft]) -> bool:
    """ "Xã khỏi phải làm tờ trình.": it takes nothing from who leads, only from the commune."""
    start = scene.sentence.start
    if scene.reader.words[start] not in ("xã", "phường", "sở"):
        return False
    spared, _ = named_before(scene, start)
    codes = {lead.code for draft in before for lead in draft.leads}
    return bool(spared) and spared[0].code not in codes


def _named(scene: Scene, start: int, stop: int) -> set[str]:
    found, i = set(), start
    while i < stop:
        mention = scene.reader.read(i)
        if mention is not None and mention.code is not None:
            found.add(mention.code)
        i = max(mention.end, i + 1) if mention is not None else i + 1
    return found


_SIGNS = lx.WITHDRAWN.first_words | _TAKE_BACK.first_words | {"không", "khỏi", "thôi"}
_BEGINNINGS = _SIGNS | _THINGS.first_words | {"đó", "này"}  # of what takes back, with its thing


_TIME_UNITS = ("ngày", "tuần", "tháng", "giờ", "hôm", "bữa")


def _inside(scene: Scene, start: int, stop: int) -> bool:
    words = scene.reader.words
    if _SIGNS.isdisjoint(words[start:stop]):
        return False
    return any(_at(scene, i, stop) for i in range(start, stop) if words[i] in _BEGINNINGS)


def _at(scene: Scene, i: int, stop: int) -> bool:
    words = scene.reader.words
    size = lx.WITHDRAWN.at(words, i)
    if size and words[i] == "thôi" and words[i - 1] in _TIME_UNITS:
        return False  # "bốn tuần thôi, không hơn"
    if size:
        return i + size <= stop and scene.deadline_from(i + size) is None
    return (
        _points_behind(words, i)
        or _pointed_before(scene, i, stop)
        or _no_more(scene, i, stop)
        or _enough(scene, i, stop)
    )


def _points_behind(words: Sequence[str], i: int) -> bool:
    """ "bỏ cái này", "hủy nội dung vừa rồi"."""
    size = _TAKE_BACK.at(words, i)
    if not size:
        return False
    size += 2 * (tuple(words[i + size : i + size + 2]) in _CARRIES_OUT)
    thing = _THINGS.at(words, i + size)
    behind = words[i + size + thing : i + size + thing + 1]
    return bool(thing) and bool(behind) and behind[0] in _POINTING


def _pointed_before(scene: Scene, i: int, stop: int) -> bool:
    """ "nội dung này thôi bỏ", "cái đó tạm gác lại"."""
    words = scene.reader.words
    if words[i] in ("đó", "này") and _TAKE_BACK.at(words, i + 1):
        place = i + 1 + _TAKE_BACK.at(words, i + 1)
        return all(word in _CLOSING for word in words[place:stop])
    thing = _THINGS.at(words, i)
    place = i + thing
    if not thing or words[place : place + 1] == [] or words[place] not in _POINTING:
        return False
    place += 1
    while place < stop and words[place] in _BETWEEN and not _TAKE_BACK.at(words, place):
        place += 1
    size = _TAKE_BACK.at(words, place)
    if not size or place >= stop:
        return False
    place += size
    return place >= stop or words[place] in _BEHIND


def _no_more(scene: Scene, i: int, stop: int) -> bool:
    """ "không nghỉ nữa", "… khỏi mở"; "không để tái diễn nữa" is part of a task."""
    words = scene.reader.words
    if words[i] == "khỏi" and words[i - 1] not in _OUT_OF and i + 4 >= stop:
        return bool(lx.VERBS.at(words, i + 1)) and i + 1 < stop
    if words[i] != "không" or i + 2 >= stop or words[i + 1] in _GOES_ON:
        return False
    if not lx.VERBS.at(words, i + 1) and words[i + 1] not in _NEED:
        return False  # "không né nữa", "không chờ nữa" press
    return "nữa" in words[i + 2 : min(i + 2 + _NO_MORE, stop)]


def _enough(scene: Scene, i: int, stop: int) -> bool:
    """ "à mà thôi …" breaks off; with a date or a body behind it, it corrects."""
    words = scene.reader.words
    if words[i] != "thôi" or i + 1 >= stop:
        return False
    broken = words[i - 1] == "à" or words[i - 2 : i] in (["à", "mà"], ["ờ", "mà"])
    dated = any(scene.deadline_from(place) for place in range(i + 1, min(i + 10, stop)))
    dated = dated or any(d.start < i < d.end for d in scene.deadlines)  # a date said anew
    corrected = dated or scene.reader.read(i + 1)
    return broken and not corrected and not lx.GIVE.at(words, i + 1)
