"""The requests of a passage, sentence by sentence: those told as settled or taken back fall away.

"Tại hội nghị tháng 7, xã có kiến nghị … Việc này đã được giải quyết dứt điểm." tells of a request,
"xã xin rút cái kiến nghị đó" takes one back. What the speaker has done itself ("xã thì đã lo xong
phần đo đạc") settles none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from transcription.extraction import lexicon as lx
from transcription.extraction.mentions.mention import UNIT, Mention
from transcription.extraction.phrases import phrases
from transcription.extraction.requests import askers
from transcription.extraction.requests.drafts import RequestDraft, find_requests
from transcription.extraction.requests.request_lists import note_list
from transcription.extraction.requests.senders import note_speaker
from transcription.extraction.scene import Scene
from transcription.extraction.speaking import Speaking

_TAKEN_BACK = phrases("request_withdrawn")
_SETTLED = phrases("request_settled")
_EARLIER = phrases("asked_earlier")
_THINGS = phrases("spoken_things")
_THING_NOUNS = frozenset("kiến đề vấn việc nội chuyện vụ cái điều khoản những các hai cả".split())
_POINTING = frozenset("này đó ấy kia trên".split())
_NOW = frozenset("đến tới nay giờ hiện hôm thì là dạ , và rồi vừa bữa qua sau xin báo cáo".split())
_UNDONE = frozenset("chưa chậm nhưng song mới không vẫn".split())
_BEFORE_DONE = frozenset("thì và mà nay giờ , rồi qua sở tỉnh nhưng này đó trên xong".split())
_OWN = frozenset("xã phường tôi em mình".split())
_SHORT_SENTENCE = 26
_NEAR = 10
_LOOK_BACK = 20
_FIRST = 3


@dataclass(slots=True)
class RequestsTold:
    """`kept` and `fallen` (with the reason) as far as the passage was read."""

    speaking: Speaking = field(default_factory=Speaking)
    kept: list[tuple[Scene, RequestDraft]] = field(default_factory=list)
    fallen: list[tuple[RequestDraft, str]] = field(default_factory=list)
    _last: list[RequestDraft] = field(default_factory=list)

    def read(self, scene: Scene) -> list[RequestDraft]:
        """The requests that the sentence tells, also those that it tells as settled."""
        note_speaker(scene)
        found = find_requests(scene)
        gone = self._gone_before(scene, found)
        back = _taken_back_at(scene) if found else -1
        stand = []
        for n, request in enumerate(found):
            stop = found[n + 1].start if n + 1 < len(found) else scene.sentence.end
            reason = _gone_within(scene, request, stop, back)
            if reason is None:
                stand.append(request)
            else:
                self.fallen.append((request, reason))
        for request, reason in gone:
            self.kept = [pair for pair in self.kept if pair[1] is not request]
            self.fallen.append((request, reason))
        self.kept += [(scene, request) for request in stand]
        if found or not _goes_on(scene):
            self._last = stand
        self._note_sender(scene, found)
        note_list(scene)
        self.speaking.asked = bool(stand)
        return found

    def _note_sender(self, scene: Scene, found: Sequence[RequestDraft]) -> None:
        if found and found[-1].sender is not None and scene.speaker_role is None:
            self.speaking.sender = found[-1].sender

    def _gone_before(
        self, scene: Scene, found: Sequence[RequestDraft]
    ) -> list[tuple[RequestDraft, str]]:
        if not self._last:
            return []
        first = found[0].span[0] if found else scene.sentence.end
        if taken_back(scene, scene.sentence.start, first):
            return [(request, "withdrawn") for request in self._meant(scene, first)]
        if found or not settled_later(scene, self._last):
            return []
        return [(request, "fulfilled") for request in self._meant(scene, first)]

    def _meant(self, scene: Scene, stop: int) -> list[RequestDraft]:
        """Those to a body that the sentence names, else all of the sentence before."""
        codes = {mention.code for mention in _named(scene, stop) if mention.code}
        meant = [r for r in self._last if any(to.code in codes for to in r.to)]
        return meant or list(self._last)


def _goes_on(scene: Scene) -> bool:
    """A short sentence that says little does not end what was asked."""
    return scene.sentence.end - scene.sentence.start <= _FIRST


def _named(scene: Scene, stop: int) -> list[Mention]:
    found, i, opening = [], scene.sentence.start, scene.reader.opening
    while i < stop:
        mention = scene.reader.read(i) if scene.reader.words[i] in opening else None
        if mention is not None:
            found.append(mention)
        i = max(mention.end, i + 1) if mention is not None else i + 1
    return found


def taken_back(scene: Scene, start: int, stop: int) -> bool:
    """ "xin rút cái kiến nghị đó", "không xin nữa" inside [start, stop)."""
    words = scene.reader.words
    place = _TAKEN_BACK.inside(words, start, stop)
    if place is None or words[place - 1] in ("nếu", "chưa"):
        return False
    behind = words[place + _TAKEN_BACK.at(words, place)] if place + 4 < len(words) else ""
    return behind not in ("ngắn", "gọn", "kinh", "vốn", "tiền")


def _taken_back_at(scene: Scene) -> int:
    """The last place of the sentence where a request is taken back; -1 when nowhere."""
    start, end = scene.sentence.start, scene.sentence.end
    if _TAKEN_BACK.first_words.isdisjoint(scene.said):
        return -1
    return max((i for i in range(start, end) if taken_back(scene, i, i + 1)), default=-1)


def _gone_within(scene: Scene, request: RequestDraft, stop: int, back: int) -> str | None:
    """Is the request told as taken back or settled behind its own words, in the same sentence?"""
    first = request.span[0] + 1
    if back >= first:
        return "withdrawn"
    words = scene.reader.words
    low = max(scene.sentence.start, request.span[0] - _LOOK_BACK)
    earlier = _EARLIER.inside(words, low, request.span[0]) is not None
    for i in range(first + 1, stop):
        if _done(scene, i, request, earlier) and not _undone(words, i, stop):
            return "fulfilled"
    return None


def _undone(words: Sequence[str], i: int, stop: int) -> bool:
    return any(word in ("chưa", "nhưng", "nếu") for word in words[i:stop])


def _done(scene: Scene, i: int, request: RequestDraft, earlier: bool) -> bool:
    """`earlier`: the request was made at a meeting before."""
    words = scene.reader.words
    if _SETTLED.at(words, i) and _subject_done(scene, i, request):
        return True
    if not earlier or words[i - 1] in _OWN:
        return False
    if words[i] == "rồi":  # "… giờ chạy êm rồi"
        return any(word in ("giờ", "nay", "thì") for word in words[max(i - _NEAR, 0) : i])
    done = _SETTLED.at(words, i) or lx.DONE.at(words, i)
    return bool(done) or (words[i] == "đã" and _repeats(scene, i + 1, [request]))


def _subject_done(scene: Scene, i: int, request: RequestDraft) -> bool:
    """Does a new statement begin at `i`, of the body asked or of nobody: "thì sở đã …"?"""
    words = scene.reader.words
    if words[i] in ("coi", "xem"):
        return True
    named = askers.asker_ending(scene, i)
    if named is not None and named.kind == UNIT:
        asked = any(named.code == to.code for to in request.to)
        return asked and named.start >= request.span[0] or words[named.start - 1] in ("thì", ",")
    if words[i - 1] in ("sở", "tỉnh"):
        return words[i - 2] not in ("trụ", "cơ", "cấp", "các", "ủy", "ubnd", "toàn", "của", "cho")
    return words[i - 1] in _BEFORE_DONE


# --- told in the sentence behind it --------------------------------------------------------------


def settled_later(scene: Scene, before: Sequence[RequestDraft]) -> bool:
    """ "Việc này đã được Sở giải quyết.", "Đến nay Sở đã sửa xong." """
    words, sentence = scene.reader.words, scene.sentence
    if sentence.end - sentence.start > _SHORT_SENTENCE:
        return False
    place = _behind_subject(scene, before)
    if place is None:
        return False
    for i in range(place, min(place + _NEAR, sentence.end)):
        if words[i] in _UNDONE:
            return False
        if _SETTLED.at(words, i) or (words[i] == "đã" and _repeats(scene, i + 1, before)):
            return not _UNDONE & set(words[i + 1 : sentence.end])
    return False


def _repeats(scene: Scene, i: int, before: Sequence[RequestDraft]) -> bool:
    """ "… kiến nghị Sở sửa cống. Sở đã sửa": the act asked for is told as done."""
    words = scene.reader.words
    i += words[i : i + 1] == ["được"]
    size = lx.VERBS.at(words, i)
    return bool(size) and any(
        words[i : i + size] == words[r.span[0] : r.span[0] + size] for r in before
    )


def _behind_subject(scene: Scene, before: Sequence[RequestDraft]) -> int | None:
    """Index behind the thing asked for or the body asked, at the sentence's beginning; None when
    the sentence is about another one."""
    words, sentence = scene.reader.words, scene.sentence
    place = sentence.start
    opened = False
    while place < sentence.end and (words[place] in _NOW or lx.OPENERS.at(words, place)):
        if deadline := scene.deadline_from(place):
            place = deadline.end
        else:
            place += max(lx.OPENERS.at(words, place), 1)
        opened = True
    stop = min(place + 8, sentence.end)
    if place < sentence.end and (words[place] in _THING_NOUNS or _THINGS.at(words, place)):
        pointing = next((k for k in range(place, stop) if words[k] in _POINTING), None)
        noun = _SETTLED.inside(words, place, stop)
        return pointing + 1 if pointing is not None else (noun if opened else None)
    named = scene.reader.read(place) if place < sentence.end else None
    if named is not None and named.code is not None:
        return named.end if any(named.code == to.code for r in before for to in r.to) else None
    if words[place : place + 1] in (["sở"], ["tỉnh"]):
        return place + 1
    return place if words[place : place + 1] in (["đã"], ["cơ"], ["coi"]) else None
