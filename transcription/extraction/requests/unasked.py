"""Words of asking that ask for nothing: nouns, courtesies, what is denied, planned or supposed.

"kiến nghị của xã đã được trả lời" speaks of a request, "xin phép được trình bày" only is polite,
"xã không có kiến nghị gì thêm" and "nếu xã kiến nghị thì …" make none.
"""

from __future__ import annotations

from transcription.extraction import lexicon as lx
from transcription.extraction.phrases import phrases
from transcription.extraction.requests import askers
from transcription.extraction.scene import Scene

_POLITE = phrases("not_asked_for")
_NOUN_BEHIND = phrases("not_request_behind")
_DENIED = phrases("not_request_denied")
_NOUNS = phrases("request_nouns")
_POLITE_OPENS = frozenset("xin kính trân".split())
_POLITE_BETWEEN = frozenset(
    "xin phép được cho kính trân trọng chân thành một lần nữa lại tôi em và thay mặt cũng".split()
)
_FORBEARANCE = phrases("forbearance")
_MAY_BE_NOUNS = frozenset("kiến đề mong xin".split())
_SUPPOSED = frozenset("nếu khi hễ như lúc theo mỗi".split())
_MOST_POLITE = 8


def asks_nothing(scene: Scene, i: int, size: int) -> bool:
    """Do the words of asking [i, i + size) ask for nothing?"""
    return (
        polite(scene, i) or _denied(scene, i) or _noun(scene, i, size) or _supposed(scene, i, size)
    )


def polite(scene: Scene, i: int) -> bool:
    """ "xin phép được trình bày", "xin kính chúc", "xin trân trọng cảm ơn"."""
    words = scene.reader.words
    if words[i] not in _POLITE_OPENS:
        return False
    place, stop = i, min(i + _MOST_POLITE, scene.sentence.end)
    while place < stop:
        if place > i and _POLITE.at(words, place):
            return True
        if words[place] not in _POLITE_BETWEEN:
            return False
        place += 1
    return place >= scene.sentence.end


def _denied(scene: Scene, i: int) -> bool:
    """ "xã không có kiến nghị gì thêm", "chưa dám xin", "sẽ có văn bản đề nghị"."""
    words = scene.reader.words
    if _DENIED.before(words, i):
        return True
    subject = askers.subject_end(scene, i)
    return subject < i and bool(_DENIED.before(words, subject))


def _noun(scene: Scene, i: int, size: int) -> bool:
    """ "kiến nghị mà xã nêu", "kiến nghị, phản ánh của người dân", "mong muốn của địa phương"."""
    words = scene.reader.words
    if words[i] not in _MAY_BE_NOUNS or words[i + size - 1] in ("xin", "mong"):
        return False
    place = i + size
    if _NOUN_BEHIND.at(words, place):
        return True
    listed = words[place : place + 1] in ([","], ["và"], ["/"], ["hay"], ["hoặc"])
    if listed and (noun := _NOUNS.at(words, place + 1)):
        return not _asks_body(scene, place + 1 + noun)
    if words[i - 1 : i] in ([","], ["và"], ["/"], ["hay"], ["hoặc"]) and i > scene.sentence.start:
        return bool(_NOUNS.before(words, i - 1)) and not _asks_body(scene, place)
    return False


def _asks_body(scene: Scene, i: int) -> bool:
    return bool(askers.targets(scene, askers.target_place(scene, i))[0])


def _supposed(scene: Scene, i: int, size: int) -> bool:
    """ "khi xã đề nghị, Sở phải trả lời", "những việc mà xã kiến nghị"."""
    words = scene.reader.words
    start = askers.asker_start(scene, i)
    if start <= scene.sentence.start or words[i] == "mong":
        return False
    if words[start - 1] in _SUPPOSED:
        return words[start - 2 : start - 1] not in (["sau"], ["hàng"])
    return words[start - 1] == "mà" and words[i] in ("kiến", "đề") and start < i


def only_wished(scene: Scene, i: int, span: tuple[int, int], addressed: bool) -> bool:
    """ "mong các đồng chí thông cảm", "xã đã đề xuất danh sách …": nothing is asked of a body."""
    words = scene.reader.words
    if _FORBEARANCE.at(words, span[0]):
        return True
    if words[i] == "nhờ" and not askers.speaks_of_itself(scene, i):
        return "nên" in words[span[0] : span[1]]  # "nhờ Sở Y tế hướng dẫn nên …"
    told = words[i - 1 : i] in (["đã"], ["vừa"]) and i > scene.sentence.start
    own = words[i : i + 2] in (["đề", "xuất"], ["xin", "được"])
    return told and own and not addressed


def under_rule(scene: Scene, i: int) -> bool:
    """ "Theo quy định, …": nobody asks, a rule is told."""
    words, start = scene.reader.words, scene.sentence.start
    return lx.RULE.inside(words, start, min(start + 4, i)) is not None
