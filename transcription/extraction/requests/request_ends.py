"""Where a request's words begin and end in speech that has no signs.

A request ends before the next one with what leads to it ("còn bên công an thì xã xin …"), before
thanks and closings, and before what the speaker goes on to tell of itself ("xã thì đã lo xong …",
"số còn lại thì sở tự …").
"""

from __future__ import annotations

from transcription.extraction import lexicon as lx
from transcription.extraction.phrases import phrases
from transcription.extraction.requests import askers
from transcription.extraction.scene import Scene, topic_before

_NEXT_STATEMENT = phrases("next_statement")
_OWN_ACT = phrases("own_act")
_LEADS_ON = phrases("leads_on")
_OWN = frozenset("xã phường sở đơn vị phương tôi em mình".split())
_NO_SUBJECT_AFTER = frozenset(
    "cho để của với các toàn trong ở tại về giúp từng mỗi cấp trụ công giữa hai ba những cùng và "
    "địa theo do từ như là rằng mà nếu khi ủy cơ y tế đường ban liên sở nhà".split()
)
_REST = frozenset("phần số mấy chỗ".split())
_REST_WORDS = 5
_CLOSING = frozenset("xin cảm cám tôi chúc dạ trân".split())
_MOST_STEPS = 6


def clause_start(scene: Scene, i: int) -> int:
    """Where the clause of the verb of asking at `i` begins: its subject, what leads on to it."""
    words, start = scene.reader.words, scene.sentence.start
    asked = askers.topic_asked(scene, i)
    place = asked.start if asked is not None else askers.asker_start(scene, i)
    for _ in range(_MOST_STEPS):
        size = _LEADS_ON.before(words, place)
        topic = topic_before(words, place)
        if topic < place:
            place = max(topic, start)
        elif size and place - size >= start:
            place -= size
        else:
            break
    return max(place, start)


def request_end(scene: Scene, place: int, stop: int) -> int:
    """The end of the request whose words begin at `place`, at most `stop`."""
    words = scene.reader.words
    for i in range(place + 1, stop):
        if words[i] in _CLOSING and lx.CLOSERS.at(words, i) and words[i - 1] != "kính":
            return i - _own_before(scene, i, place)
        if i > place + 1 and _told_next(scene, i):
            return i
    return stop


def _own_before(scene: Scene, i: int, place: int) -> int:
    """ "… xã xin hết": the subject belongs to the closing."""
    size = lx.SELF.before(scene.reader.words, i) or scene.reader.words[i - 1] in _OWN
    return int(size) if i - size > place else 0


def _told_next(scene: Scene, i: int) -> bool:
    """Does a statement of its own begin at word `i`?"""
    words = scene.reader.words
    if _NEXT_STATEMENT.at(words, i):
        return True
    if words[i] in _REST and words[i - 1] not in ("một", "của", "cho", "các", "những", "và"):
        return _rest(scene, i)
    size = lx.SELF.at(words, i) or (words[i] in ("xã", "phường", "sở") and words[i - 1] != "nhà")
    if not size or words[i - 1] in _NO_SUBJECT_AFTER:
        return False
    return bool(_OWN_ACT.at(words, i + size))


def _rest(scene: Scene, i: int) -> bool:
    """ "số còn lại thì sở tự …", "phần còn lại Sở vận động …"."""
    words = scene.reader.words
    for k in range(i + 1, min(i + _REST_WORDS, scene.sentence.end - 2)):
        if words[k] == "thì" or words[k : k + 2] == ["còn", "lại"]:
            behind = k + 1 if words[k] == "thì" else k + 2
            behind += words[behind : behind + 1] in (["thì"], [","])
            own = words[behind : behind + 1]
            return own in (["xã"], ["phường"], ["sở"], ["dân"]) or bool(lx.SELF.at(words, behind))
    return False
