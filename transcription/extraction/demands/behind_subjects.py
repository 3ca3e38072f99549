"""What stands between a subject and its act: "(xã A) thì", "với sự phối hợp của …", "vì … nên", the
date ahead of the act.
"""

from __future__ import annotations

from typing import NamedTuple

from transcription.extraction import lexicon as lx
from transcription.extraction.phrases import phrases
from transcription.extraction.scene import Scene

_BY_DUTY = phrases("by_duty")


class NamedSubject(NamedTuple):
    """A subject at words [i, end); `place` is behind what only goes with it, and behind a time that
    begins at `time` ("sở Y trước ngày 20 phải …"), None without one."""

    i: int
    end: int
    place: int
    time: int | None


def behind(scene: Scene, end: int) -> tuple[int, int | None]:
    words, place = scene.reader.words, end
    while place < scene.sentence.end and scene.deadline_from(place) is None:
        size = (
            _BY_DUTY.at(words, place)
            or lx.EACH.at(words, place)
            or int(words[place] in _AFTER_SUBJECT)
        )
        size += words[place : place + 2] == ["thì", "là"]
        size = size or 2 * (words[place : place + 2] in (["một", "là"], ["từ", "nay"]))
        if not size or words[place] in ("cùng", "đều") and not lx.MUST.at(words, place + 1):
            break
        place += size
    place = _behind_grounds(scene, _behind_aside(scene, place))
    time = scene.deadline_from(place)
    if time is None or time.deadline.kind == "standing":
        return place, None
    return time.end + (time.end < scene.sentence.end and words[time.end] == ","), place


_GROUNDS_WORDS, _APPOSED_WORDS = 20, 9


def _behind_aside(scene: Scene, place: int) -> int:
    """ "phường A, với sự phối hợp của Công ty B, hoàn thành …": the place behind the aside."""
    words = scene.reader.words
    if words[place : place + 1] == ["là"]:  # "phường A với phường B là hai phường trung tâm phải …"
        stop = min(place + _APPOSED_WORDS, scene.sentence.end)
        apposed = scene.reader.number_at(place + 1) or words[place + 1 : place + 2] == ["những"]
        must = (i for i in range(place + 2, stop) if words[i] in ("phải", "cần"))
        return next(must, place) if apposed else place
    if words[place : place + 2] in (["trong", "khi"], ["trong", "lúc"]):
        stop = min(place + _APPOSED_WORDS, scene.sentence.end)
        then = next((k for k in range(place + 2, stop) if words[k] == "thì"), None)
        return place if then is None else then + 1  # "xã A trong khi chờ thì chở nước …"
    with_aside = words[place : place + 2] in (["với", "sự"], ["với", "vai"], ["với", "tư"])
    if not with_aside or lx.COOPERATE.at(words, place):
        return place
    for i in range(place + 2, min(place + _GROUNDS_WORDS, scene.sentence.end)):
        if words[i] == ",":
            return i + 1
    return place


def _behind_grounds(scene: Scene, place: int) -> int:
    """ "xã Vĩnh Mỹ vì còn nợ chỉ tiêu nên phải …": the place behind "nên"."""
    words = scene.reader.words
    if lx.GROUNDS.at(words, place):  # "UBND các xã căn cứ danh sách đó vận động …"
        stop = min(place + _GROUNDS_WORDS, scene.sentence.end)
        verb = lx.VERBS.inside(words, place + 2, stop)
        return verb if verb is not None and not scene.reader.cased else place
    if words[place : place + 1] not in (["vì"], ["do"]):
        return place
    for i in range(place + 2, min(place + _GROUNDS_WORDS, scene.sentence.end)):
        if words[i] == "nên":
            return i + 1 + (words[i + 1 : i + 2] == [","])
    return place


_AFTER_SUBJECT = frozenset(
    ", thì về này ạ cũng : – - à ờ ừ ừm ấy ơi nghe đây cứ nè nha ha nhé".split()
)
