"""Subjects that no sign marks, in speech: "… chậm quá rồi | sở xây dựng kiểm tra …", a body set off
by "thì", the next unit behind a date; and which words make a body no subject.
"""

from __future__ import annotations

from transcription.extraction import lexicon as lx
from transcription.extraction.demands.behind_subjects import NamedSubject
from transcription.extraction.demands.subject_shapes import after_deadline, contrasted, timed
from transcription.extraction.mentions import body_words as bw
from transcription.extraction.mentions.mention import BODY, CLASS, GROUP, UNIT, YOU
from transcription.extraction.scene import Scene

# Words before which a body is no subject: "tại xã X", "của Sở Y".
_OBLIQUE = frozenset(
    (
        "tại trong quanh gần dọc cạnh ven khắp ngoài của với ở từ cho về theo qua giúp để mời "
        "thuộc đến gửi trình cùng bởi trên như cáo dân tỉnh thưa nghị nghênh dương ơn gồm và hợp "
        "nhận vào đối giữa làm khen trì bị được ra sang phục kiến đạo cầu lên hoặc trụ cơ tận "
    ).split()
)


def oblique(scene: Scene, i: int) -> bool:
    """Does the word before `i` make its body no subject: "tại xã X", "dân xã X"?"""
    words = scene.reader.words
    before = words[i - 1]
    if before == "được" and "không" in words[max(i - 4, 0) : i]:
        return False  # "như vậy là không được sở y tế …"
    if words[i - 1 : i + 1] == ["dân", "sở"]:
        return False
    if before == "lên" and words[i - 2] in ("lẹ", "nhanh", "mau", "gấp"):
        return False
    if before in _SET_OFF_BEHIND and not scene.reader.cased:
        end = scene.reader.list_end(i).end
        return words[end : end + 1] != ["thì"]  # "… ra vào | sở công thương thì kiểm tra"
    return before in _OBLIQUE or (scene.reader.cased and before == "việc")


_SET_OFF_BEHIND = frozenset("và cầu vào ra lên sang trên trong gần cạnh ngoài quanh".split())

_LEAST_WORDS = 3


def next_in_turn(scene: Scene, i: int, place: int) -> bool:
    """Speech without signs: "… trước ngày hai mươi | sở y tế cân đói thuốc …": right behind the
    date of a demand a unit by its whole name is told its own, though its verb is not known."""
    words, end = scene.reader.words, scene.sentence.end
    if scene.reader.cased or scene.speaker_role == "unit" or place + _LEAST_WORDS > end:
        return False
    if not after_deadline(scene, i) or not sure_unit(scene, i):
        return False
    if lx.STATES.at(words, place) or not scene.reader.tokens[place].word:
        return False
    return _LOOKS_BACK.isdisjoint(words[place : min(place + _FEW_WORDS, end)])


_TAKES_OBJECT = _OBLIQUE | frozenset(
    "đốc dẫn thúc nhắc tra sát ý hỏi nhờ chờ đợi gọi xin giao đẩy thay phần nộp chuyển tháo gỡ "
    "đưa các thấy nói biết nghĩ".split()
)


def sure_unit(scene: Scene, i: int) -> bool:
    """In speech without signs, a unit by its whole name behind no word that would take it as an
    object."""
    words = scene.reader.words
    if scene.reader.cased or words[i - 1] in _TAKES_OBJECT:
        return False
    named = scene.reader.read(i)
    if named is not None and named.kind == BODY and words[i - 1] in ("rồi", "còn"):
        return bw.KNOWN_BODIES.at(words, i) > 1
    return named is not None and named.kind == UNIT and (named.score or 0) >= 90


def unmarked(scene: Scene, i: int, place: int) -> bool:
    """Speech without signs: "… chậm quá rồi sở xây dựng kiểm tra … trước thứ sáu": a unit known by
    its name, an act and a marked date make a clause of their own."""
    words = scene.reader.words
    lets = place < scene.sentence.end and words[place] == "cho"
    if scene.reader.cased or not (lx.VERBS.at(words, place) or lets):
        return False
    named = scene.reader.read(i)
    if named is None:
        return False
    if not timed(scene, place):
        return _commanded(scene, i, place) or _behind_event(scene, i)
    if named.kind == YOU:
        known = scene.floor is not None or any(hailed.end <= i for hailed in scene.hailed)
        return known and not _taken_by(scene, i)
    sure = named.kind == UNIT and named.code is not None and (named.score or 0) >= 90
    pointed = named.kind == CLASS and words[named.end - 1] in ("này", "đó")
    known = named.kind == BODY and bw.KNOWN_BODIES.at(scene.reader.words, i) > 2
    sure = sure or pointed or (known and _word_before(scene, i) not in ("một", "1"))
    return sure or (named.kind == GROUP and not _taken_by(scene, i))


def _taken_by(scene: Scene, i: int) -> bool:
    """Does the word before `i` take the body there as its object?"""
    word = _word_before(scene, i)
    return word in _TAKES_OBJECT and (word not in _OBLIQUE or oblique(scene, i))


_LOOKS_BACK = frozenset("đã đang vừa mới được bị là không chưa rồi lắm quá rất sẽ".split())

_FEW_WORDS = 8


def _commanded(scene: Scene, i: int, place: int) -> bool:
    """Without a date: only a chair's, of a unit by its whole name, and nothing that tells."""
    words = scene.reader.words
    if scene.speaker_role not in ("chair", "secretary") or not lx.VERBS.at(words, place):
        return False
    if not _LOOKS_BACK.isdisjoint(words[place : min(place + _FEW_WORDS, scene.sentence.end)]):
        return False
    return _word_before(scene, i) not in _OWNED_BY | _TAKES_OBJECT and sure_unit(scene, i)


def _behind_event(scene: Scene, i: int) -> bool:
    """ "khi có hướng dẫn của trung ương | sở nội vụ tham mưu …": an event before a unit, with no
    sign between them."""
    told = any(d.deadline.kind == "event" and d.start < i < d.end for d in scene.deadlines)
    return told and _word_before(scene, i) not in _OWNED_BY | _TAKES_OBJECT and sure_unit(scene, i)


def set_off(scene: Scene, named: NamedSubject) -> bool:
    """Speech without signs: "thì" behind a body sets it off as a subject, wherever it stands."""
    words = scene.reader.words
    if scene.reader.cased or words[named.end : named.end + 1] != ["thì"]:
        return False
    acts = lx.VERBS.at(words, named.place) if named.place < scene.sentence.end else 0
    first = scene.reader.read(named.i)
    known = first is not None and (first.kind != UNIT or (first.code or "") != "")
    return bool(acts) and known


def anew(scene: Scene, i: int, place: int) -> bool:
    """Speech without signs: "… mua sắm tập trung sở tài chính bố trí tiền": behind a demand, a unit
    by its whole name and an act open the next one, unless the word before owns it."""
    words = scene.reader.words
    if place >= scene.sentence.end:
        return False
    acts = lx.VERBS.at(words, place)
    if acts and bw.KNOWN_BODIES.at(words, i) > 1 and timed(scene, place):
        return _word_before(scene, i) not in _OWNED_BY | _TAKES_OBJECT
    if acts and words[i - 1] == "rồi" and timed(scene, place) and _is_you(scene, i):
        return True  # "… đủ người trực rồi anh báo lại cho văn phòng trước thứ hai"
    return (
        bool(acts or contrasted(scene, place))
        and _word_before(scene, i) not in _OWNED_BY
        and sure_unit(scene, i)
    )


def _is_you(scene: Scene, i: int) -> bool:
    named = scene.reader.read(i)
    return scene.floor is not None and named is not None and named.kind == YOU


_OWNED_BY = frozenset(
    "bàn bộ dân đốc đạo sở tịch thư trưởng viên người hộ ấp tuyến đường cầu kênh kinh đê rừng chợ "
    "trường trạm hội đoàn phòng ban tổ giới ranh đất vùng tâm cống các hai ba bốn những mấy liệu "
    "khác".split()
)


def _word_before(scene: Scene, i: int) -> str:
    return scene.reader.words[i - 1] if i > scene.sentence.start else ""
